"""What all sets of mistakes make of a question's cases, looked up by an answer."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.compare import SINGLE_RTOL, Difference, accept
from autograder.model import CallCase, Function, Mistakes, Problem, Question, Tolerance
from autograder.outcomes import NOTHING, called, matches

MAX_SETS = 20_000
"""How many sets of one size are looked at."""
KEPT = 512
PICKED = 8
"""By how many of its numbers an answer is looked up; what is found is compared in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a function answered to a case: a value, or a problem; `wrong` if it is not the reference's."""

    value: Any = None
    problem: Problem | None = None
    wrong: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The sets whose outcome is an array of one shape, a few numbers of each, and what may be off."""

    example: NDArray[Any]
    indices: NDArray[Any]
    picked: NDArray[Any]
    numbers: NDArray[Any]
    scale: NDArray[Any]

    def near(self, value: Any, tolerance: Tolerance, *, vector: bool) -> list[int]:
        """Return the sets that an answer may be that of."""
        taken = accept(value, self.example, vector=vector)
        if isinstance(taken, Difference):
            return []
        numbers = taken.value.reshape(-1)[self.picked].astype(float)
        allowed: Any = self.scale * (2 * max(tolerance.rtol, SINGLE_RTOL))
        if tolerance.decimals is not None:
            allowed = 10.0**-tolerance.decimals
        with np.errstate(all="ignore"):
            close = np.abs(self.numbers - numbers) <= allowed
            close |= (self.numbers == numbers) | (np.isnan(self.numbers) & np.isnan(numbers))
        return [int(index) for index in self.indices[close.all(axis=1)]]


@dataclass(slots=True)
class Level:
    """All sets of one size, by their outcome for one case."""

    sets: list[Mistakes] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    raising: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    nones: list[int] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)

    def near(self, told: Told, case: CallCase, *, vector: bool) -> list[int]:
        """Return the sets that an answer may be that of, in their order."""
        if told.problem is not None:
            return self.raising.get(told.problem.type, [])
        if told.value is None:
            return self.nones
        found = [
            index for group in self.groups for index in group.near(told.value, case.tolerance, vector=vector)
        ]
        return sorted(found + self.lists)


class Table:
    """All sets of mistakes out of a `pool`, each with those of a `base`, for one question."""

    def __init__(self, question: Question, base: Mistakes, pool: Mistakes) -> None:
        self._question = question
        self._base = base
        self._pool = pool
        self._first = next(index for index, case in enumerate(question.cases) if not case.hidden)
        self._levels: dict[int, Level] = {}
        self._functions: dict[Mistakes, Function | None] = {}
        self._outcomes: dict[tuple[Mistakes, int], Any] = {}

    def explaining(self, size: int, answers: Sequence[Told | None]) -> list[Mistakes]:
        """Return the sets of `size` mistakes, those of the base not counted, whose outcomes are the answers.

        A case whose answer is None is passed over: not the first public one.
        """
        if size not in self._levels:
            self._levels[size] = self._level(size)
        level, first = self._levels[size], answers[self._first]
        assert first is not None
        near = level.near(first, self._question.cases[self._first], vector=self._question.vector)
        return [level.sets[index] for index in near if self._explains(level.sets[index], answers)]

    def outcomes(self, mistakes: Mistakes) -> list[Any]:
        """Return the outcomes of a set for all cases."""
        return [self._outcome(mistakes, index) for index in range(len(self._question.cases))]

    def _level(self, size: int) -> Level:
        level = Level()
        arrays: dict[tuple[int, ...], list[int]] = defaultdict(list)
        values: list[Any] = []
        for own in itertools.islice(itertools.combinations(self._pool, size), MAX_SETS):
            value = self._outcome(self._base + own, self._first, keep=False)
            if value is NOTHING:
                continue
            index = len(level.sets)
            level.sets.append(self._base + own)
            values.append(value)
            if value is None:
                level.nones.append(index)
            elif isinstance(value, Exception):
                level.raising[type(value).__name__].append(index)
            elif isinstance(value, list):
                level.lists.append(index)
            else:
                arrays[value.shape].append(index)
        level.groups = [_group([values[index] for index in indices], indices) for indices in arrays.values()]
        return level

    def _explains(self, mistakes: Mistakes, answers: Sequence[Told | None]) -> bool:
        """Return whether all answers are the outcomes. An exception has many causes: where there is
        nothing else that is wrong, it must say the same."""
        evidence = alike = False
        for index, (case, told) in enumerate(zip(self._question.cases, answers, strict=True)):
            if told is None:
                continue
            outcome = self._outcome(mistakes, index)
            if not matches(told.value, told.problem, outcome, case.tolerance, vector=self._question.vector):
                return False
            if told.problem is None:
                evidence |= told.wrong
            elif _complaint(told.problem.message) != _complaint(str(outcome)):
                alike = True
        return evidence or not alike

    def _outcome(self, mistakes: Mistakes, index: int, *, keep: bool = True) -> Any:
        key = (mistakes, index)
        if key in self._outcomes:
            return self._outcomes[key]
        outcome = called(self.function(mistakes), self._question.cases[index].arguments)
        if keep:
            self._outcomes[key] = outcome
        return outcome

    def function(self, mistakes: Mistakes) -> Function | None:
        """Return the question's function with mistakes."""
        if mistakes not in self._functions:
            if len(self._functions) >= KEPT:
                self._functions.clear()
            assert self._question.variant is not None
            self._functions[mistakes] = self._question.variant(mistakes)
        return self._functions[mistakes]


def _group(values: list[NDArray[Any]], indices: list[int]) -> Group:
    flat = np.array([value.reshape(-1) for value in values])
    picked = np.unique(np.linspace(0, max(flat.shape[1] - 1, 0), PICKED).astype(int))[: flat.shape[1]]
    magnitude = np.where(np.isfinite(flat), np.abs(flat), 0.0)
    scale = magnitude + 0.01 * magnitude.max(axis=1, initial=0.0)[:, np.newaxis]
    return Group(
        example=values[0],
        indices=np.array(indices),
        picked=picked,
        numbers=flat[:, picked],
        scale=scale[:, picked],
    )


def _complaint(message: str) -> str:
    """Return what an exception says, the same for all ways to multiply two matrices."""
    sizes = re.search(r"\(size (\d+) is different from (\d+)\)|: (\d+) \(dim \d+\) != (\d+) \(dim", message)
    return " ".join(sorted(filter(None, sizes.groups()))) if sizes else message
