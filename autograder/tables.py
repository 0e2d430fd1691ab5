"""What all sets of mistakes make of a question's cases, looked up by an answer."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.compare import SINGLE_RTOL, Difference, accept, as_array
from autograder.model import CallCase, Mistakes, Problem, Tolerance, ValueCase
from autograder.outcomes import NOTHING, matches

MAX_SETS = {1: 10_000, 2: 6_000, 3: 2_000}
"""How many sets of each size are looked at: those of misconceptions that stand first come first. One
takes half a millisecond, once."""
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
    """The sets whose outcome is an array of one shape, or `items` such arrays: a few numbers of each, and
    what may be off."""

    example: NDArray[Any]
    items: int
    indices: NDArray[Any]
    picked: NDArray[Any]
    numbers: NDArray[Any]
    scale: NDArray[Any]

    def near(self, value: Any, tolerance: Tolerance, *, vector: bool) -> list[int]:
        """Return the sets that an answer may be that of."""
        flat = self._flat(value, vector=vector)
        if flat is None:
            return []
        numbers = flat[self.picked].astype(float)
        allowed: Any = self.scale * (2 * max(tolerance.rtol, SINGLE_RTOL))
        if tolerance.decimals is not None:
            allowed = 10.0**-tolerance.decimals
        with np.errstate(all="ignore"):
            close = np.abs(self.numbers - numbers) <= allowed
            close |= (self.numbers == numbers) | (np.isnan(self.numbers) & np.isnan(numbers))
        return [int(index) for index in self.indices[close.all(axis=1)]]

    def _flat(self, value: Any, *, vector: bool) -> NDArray[Any] | None:
        if not self.items:
            taken = accept(value, self.example, vector=vector)
            return None if isinstance(taken, Difference) else taken.value.reshape(-1)
        array = as_array(value)
        if array is None or array.dtype.kind == "c" or array.size != self.items * self.example.size:
            return None
        return (array.T if array.ndim == 2 and len(array) != self.items else array).reshape(-1)


@dataclass(slots=True)
class Level:
    """All sets of one size, by their outcome for one case."""

    sets: list[Mistakes] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    raising: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    nones: list[int] = field(default_factory=list)

    def near(self, told: Told, case: CallCase | ValueCase, *, vector: bool) -> list[int]:
        """Return the sets that an answer may be that of, in their order."""
        if told.problem is not None:
            return self.raising.get((told.problem.type, _complaint(told.problem.message)), [])
        if told.value is None:
            return self.nones
        return sorted(
            index for group in self.groups for index in group.near(told.value, case.tolerance, vector=vector)
        )


class Table:
    """All sets of mistakes out of a `pool`, each with those of a `base`, for the cases of one question.

    `outcome` returns what a set makes of a case.
    """

    def __init__(
        self,
        cases: Sequence[CallCase | ValueCase],
        base: Mistakes,
        pool: Mistakes,
        outcome: Callable[[Mistakes, CallCase | ValueCase], Any],
        *,
        vector: bool,
    ) -> None:
        self._cases = cases
        self._base = base
        self._pool = pool
        self._make = outcome
        self._vector = vector
        self._levels: dict[tuple[int, int], Level] = {}
        self._outcomes: dict[tuple[Mistakes, int], Any] = {}

    def explaining(self, size: int, answers: Sequence[Told | None]) -> list[Mistakes]:
        """Return the sets of `size` mistakes, those of the base not counted, whose outcomes are the answers.

        A case whose answer is None is passed over.
        """
        asked = [(index, told) for index, told in enumerate(answers) if told is not None]
        asked.sort(key=lambda each: (not each[1].wrong, each[1].problem is not None))
        first, told = asked[0]  # an exception only where nothing else is wrong: then it must say the same
        if (size, first) not in self._levels:
            self._levels[size, first] = self._level(size, first)
        level = self._levels[size, first]
        near = level.near(told, self._cases[first], vector=self._vector)
        return [level.sets[index] for index in near if self._explains(level.sets[index], answers)]

    def outcomes(self, mistakes: Mistakes) -> list[Any]:
        """Return the outcomes of a set for all cases."""
        return [self._outcome(mistakes, index) for index in range(len(self._cases))]

    def _level(self, size: int, first: int) -> Level:
        level = Level()
        arrays: dict[tuple[int, tuple[int, ...]], list[tuple[int, Any]]] = defaultdict(list)
        for own in combinations(self._pool, size):
            value = self._outcome(self._base + own, first, keep=size < 2)
            if value is NOTHING:
                continue
            index = len(level.sets)
            level.sets.append(self._base + own)
            if value is None:
                level.nones.append(index)
            elif isinstance(value, Exception):
                level.raising[type(value).__name__, _complaint(str(value))].append(index)
            elif isinstance(value, list):
                arrays[len(value), np.shape(value[0])].append((index, value))
            else:
                arrays[0, value.shape].append((index, value))
            if len(level.sets) >= MAX_SETS.get(size, 1):
                break
        level.groups = [_group(items, found) for (items, _), found in arrays.items()]
        return level

    def _explains(self, mistakes: Mistakes, answers: Sequence[Told | None]) -> bool:
        """Return whether all answers are the outcomes. An exception has many causes: where there is
        nothing else that is wrong, it must say the same."""
        evidence = alike = False
        for index, (case, told) in enumerate(zip(self._cases, answers, strict=True)):
            if told is None:
                continue
            outcome = self._outcome(mistakes, index)
            if not matches(told.value, told.problem, outcome, case.tolerance, vector=self._vector):
                return False
            if isinstance(told.value, list) and not told.value and mistakes != self._base:
                return False  # an empty list shows no mistake of its own
            if told.problem is None:
                evidence |= told.wrong
            elif _complaint(told.problem.message) != _complaint(str(outcome)):
                alike = True
        return evidence or not alike

    def _outcome(self, mistakes: Mistakes, index: int, *, keep: bool = True) -> Any:
        key = (mistakes, index)
        if key in self._outcomes:
            return self._outcomes[key]
        outcome = self._make(mistakes, self._cases[index])
        if keep:
            self._outcomes[key] = outcome
        return outcome


def combinations(pool: Mistakes, size: int) -> Iterator[Mistakes]:
    """Yield all sets of a size: first those of misconceptions that stand first."""
    if size == 0:
        yield ()
    for last in range(len(pool)) if size else ():
        for others in itertools.combinations(pool[:last], size - 1):
            yield (*others, pool[last])


def _group(items: int, found: list[tuple[int, Any]]) -> Group:
    flat = np.array([np.array(value).reshape(-1) for _, value in found])
    picked = np.unique(np.linspace(0, max(flat.shape[1] - 1, 0), PICKED).astype(int))[: flat.shape[1]]
    magnitude = np.where(np.isfinite(flat), np.abs(flat), 0.0)
    scale = magnitude + 0.01 * magnitude.max(axis=1, initial=0.0)[:, np.newaxis]
    return Group(
        example=found[0][1][0] if items else found[0][1],
        items=items,
        indices=np.array([index for index, _ in found]),
        picked=picked,
        numbers=flat[:, picked],
        scale=scale[:, picked],
    )


def _complaint(message: str) -> str:
    """Return what an exception says, the same for all ways to multiply two matrices."""
    sizes = re.search(r"\(size (\d+) is different from (\d+)\)|: (\d+) \(dim \d+\) != (\d+) \(dim", message)
    return " ".join(sorted(filter(None, sizes.groups()))) if sizes else message


def shows_something(answers: Sequence[Told | None], cases: Sequence[CallCase]) -> bool:
    """Return whether there are two different numbers in the answers, and not just what was handed over."""
    values = [told.value for told in answers if told is not None and told.problem is None]
    numbers = {number for value in values for number in _extremes(value)}
    asked = [(told, case) for told, case in zip(answers, cases, strict=False) if told is not None]
    handed_over = any(
        all(_is_same(told.value, case.arguments[position]) for told, case in asked)
        for position in range(len(cases[0].arguments) if cases else 0)
    )
    return len(numbers) > 1 and not handed_over


def _extremes(value: Any) -> set[float]:
    """Return the smallest and the largest number of a value that are finite."""
    array = as_array(value)
    if array is None and isinstance(value, list | tuple):
        return {number for item in value for number in _extremes(item)}
    if array is None or array.dtype.kind == "c":
        return set()
    finite = array[np.isfinite(array)]
    return {float(finite.min()), float(finite.max())} if finite.size else set()


def _is_same(value: Any, argument: Any) -> bool:
    one, other = as_array(value), as_array(argument)
    return one is not None and other is not None and np.array_equal(one, other)
