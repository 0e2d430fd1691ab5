"""What sets of mistakes make of a few cases, as a few numbers each: looked up by an answer, kept as bytes.

What is found is a guess, to be looked at in full. Never pickle.
"""

from __future__ import annotations

import functools
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.compare import SINGLE_RTOL, Difference, accept, as_array, is_sequence
from autograder.model import Case, Problem, Tolerance
from autograder.outcomes import NOTHING

PICKED = 4
"""By how many of its numbers an outcome is looked up."""
MAX_TOGETHER = 3
"""How many mistakes a set may hold."""
_NOBODY = np.iinfo(np.uint16).max

Row = tuple[int, ...]
"""A set of mistakes: where each stands among those that may be made."""
Kind = tuple[Any, ...]
"""What an outcome is: an array, or a list of arrays, of a shape; arrays of several shapes; an exception and
what it says; None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a function answered to a case: a value, or a problem; `wrong` if it is not the reference's."""

    value: Any = None
    problem: Problem | None = None
    wrong: bool = True


@dataclass(frozen=True, slots=True)
class Sought:
    """An answer to a case, as it would be if it were of each kind: whether it can be, and its numbers."""

    column: int
    fits: NDArray[np.bool_]
    numbers: NDArray[np.float32]
    tolerance: Tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """The outcomes of many sets of mistakes, by the level that they belong to.

    `cases` are those that are looked at, `kinds` what their outcomes are. Of n sets, `rows` is
    (n, 3), filled up with a number that nobody has; `kind` is (n, cases); `numbers` is (n, cases, 5):
    the largest, then those picked.
    """

    cases: tuple[int, ...]
    kinds: tuple[Kind, ...]
    levels: Mapping[str, tuple[int, int]]
    rows: NDArray[np.uint16]
    kind: NDArray[np.uint16]
    numbers: NDArray[np.float32]

    def sought(
        self,
        answers: Sequence[Told | None],
        cases: Sequence[Case],
        *,
        vector: bool,
    ) -> list[Sought]:
        """Return what to look for: the answers to the cases that are looked at, unless they are None."""
        evidence = any(told is not None and told.wrong and told.problem is None for told in answers)
        found = []
        for column, index in enumerate(self.cases):
            told = answers[index]
            if told is not None:
                numbers = np.zeros((len(self.kinds), PICKED), np.float32)
                fits = np.zeros(len(self.kinds), np.bool_)
                for each, kind in enumerate(self.kinds):
                    picked = _as_if(kind, told, vector=vector, says_the_same=not evidence)
                    if picked is not None:
                        fits[each] = True
                        with np.errstate(over="ignore"):
                            numbers[each] = picked
                found.append(Sought(column, fits, numbers, cases[index].tolerance))
        return found

    def near(self, level: str, sought: Iterable[Sought]) -> list[Row]:
        """Return the sets of a level that the answers may be those of, in their order."""
        start, end = self.levels[level]
        rows = np.arange(start, end)
        with np.errstate(all="ignore"):
            for each in sought:
                chosen = slice(start, end) if len(rows) == end - start else rows
                for picked in (slice(1), slice(1, PICKED)):  # nearly all differ in the first number already
                    kind, numbers = self.kind[chosen, each.column], self.numbers[chosen, each.column]
                    wanted = each.numbers[:, picked][kind]
                    close = _close(numbers[:, 0], numbers[:, 1:][:, picked], wanted, each.tolerance)
                    rows = chosen = rows[each.fits[kind] & close]
        return [tuple(int(index) for index in row if index != _NOBODY) for row in self.rows[rows]]

    def all_of(self, level: str) -> list[Row]:
        """Return all sets of a level."""
        return self.near(level, ())

    def to_bytes(self) -> bytes:
        """Return them as bytes, the same for the same content."""
        about = {"cases": self.cases, "kinds": self.kinds, "levels": self.levels}
        told = np.frombuffer(json.dumps(about).encode(), np.uint8)
        content = io.BytesIO()
        np.savez(content, about=told, rows=self.rows, kind=self.kind, numbers=self.numbers)
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Fingerprints:
        """Return what `to_bytes` has written."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes())
            return cls(
                cases=tuple(about["cases"]),
                kinds=tuple((name, *map(_untold, rest)) for name, *rest in about["kinds"]),
                levels={name: (start, end) for name, (start, end) in about["levels"].items()},
                rows=arrays["rows"],
                kind=arrays["kind"],
                numbers=arrays["numbers"],
            )


def fingerprints(
    levels: Mapping[str, tuple[int, Iterable[Row]]],
    cases: Sequence[int],
    outcomes: Callable[[Row], Iterable[Any]],
) -> Fingerprints:
    """Return the fingerprints of sets that can be made: of each level, so many at most.

    `outcomes` tells what a set makes of the cases.
    """
    kinds: dict[Kind, int] = {}
    bounds: dict[str, tuple[int, int]] = {}
    rows: list[Row] = []
    kind: list[list[int]] = []
    numbers: list[list[list[float]]] = []
    for level, (most, sets) in levels.items():
        start = len(rows)
        for row in sets if most else ():
            made = [_fingerprint(outcome) for outcome in outcomes(row)]
            if any(one[0] != "nothing" for one, _ in made):
                rows.append((*row, *[_NOBODY] * (MAX_TOGETHER - len(row))))
                kind.append([kinds.setdefault(one, len(kinds)) for one, _ in made])
                numbers.append([each for _, each in made])
            if len(rows) - start >= most:
                break
        bounds[level] = (start, len(rows))
    with np.errstate(over="ignore"):
        return Fingerprints(
            cases=tuple(cases),
            kinds=tuple(kinds),
            levels=bounds,
            rows=np.array(rows, np.uint16).reshape(-1, MAX_TOGETHER),
            kind=np.array(kind, np.uint16).reshape(-1, len(cases)),
            numbers=np.array(numbers).reshape(-1, len(cases), 1 + PICKED).astype(np.float32),
        )


def gist(message: str) -> str:
    """Return what an exception says, the same for all ways to multiply two matrices."""
    sizes = re.search(r"\(size (\d+) is different from (\d+)\)|: (\d+) \(dim \d+\) != (\d+) \(dim", message)
    return " ".join(sorted(filter(None, sizes.groups()))) if sizes else " ".join(message.split())


def _fingerprint(outcome: Any) -> tuple[Kind, list[float]]:
    """Return what an outcome is, its largest number, and those by which it is looked up."""
    nothing = [0.0] * (1 + PICKED)
    if outcome is NOTHING:
        return ("nothing",), nothing
    if outcome is None:
        return ("none",), nothing
    if isinstance(outcome, Exception):
        return ("raises", type(outcome).__name__, gist(str(outcome))), nothing
    kind: Kind
    if isinstance(outcome, list):
        if not outcome or not all(isinstance(item, np.ndarray) for item in outcome):
            return ("nothing",), nothing
        shapes = tuple(item.shape for item in outcome)
        kind = ("list", len(outcome), shapes[0]) if len(set(shapes)) == 1 else ("shapes", *shapes)
        flat = np.concatenate([item.reshape(-1) for item in outcome])
    else:
        kind = ("array", outcome.shape)
        flat = outcome.reshape(-1)
    largest = float(np.abs(flat[np.isfinite(flat)]).max(initial=0.0))
    return kind, [largest, *_picked(flat).tolist()]


def _picked(flat: NDArray[Any]) -> NDArray[Any]:
    """Return some of the numbers, spread over all; zeros if there are none."""
    if not flat.size:
        return np.zeros(PICKED)
    return np.asarray(flat[_SPREAD * (flat.size - 1) // (PICKED - 1)])


_SPREAD = np.arange(PICKED)


def _as_if(kind: Kind, told: Told, *, vector: bool, says_the_same: bool) -> Any:
    """Return the numbers by which an answer is looked up if it is of a kind, or None if it cannot be."""
    if told.problem is not None:
        alike = kind[:2] == ("raises", told.problem.type)
        return 0.0 if alike and (not says_the_same or gist(told.problem.message) == kind[2]) else None
    if told.value is None:
        return 0.0 if kind[0] == "none" else None
    if kind[0] == "array":
        taken = accept(told.value, _example(kind[1]), vector=vector)
        return None if isinstance(taken, Difference) else _picked(taken.value.reshape(-1))
    if kind[0] == "shapes":
        return _of_several(told.value, kind[1:], vector=vector)
    if kind[0] != "list":
        return None
    array = as_array(told.value)
    items = int(kind[1])
    if array is None or array.dtype.kind == "c" or array.size != items * int(np.prod(kind[2])):
        return None
    return _picked((array.T if array.ndim == 2 and len(array) != items else array).reshape(-1))


def _of_several(value: Any, shapes: Sequence[tuple[int, ...]], *, vector: bool) -> NDArray[Any] | None:
    """Return the numbers by which arrays of these shapes are looked up, or None if a value is not that."""
    if not is_sequence(value) or len(value) != len(shapes):
        return None
    taken = [accept(item, _example(shape), vector=vector) for item, shape in zip(value, shapes, strict=True)]
    arrays = [each.value.reshape(-1) for each in taken if not isinstance(each, Difference)]
    return _picked(np.concatenate(arrays)) if len(arrays) == len(taken) else None


@functools.lru_cache(maxsize=256)
def _example(shape: tuple[int, ...]) -> NDArray[Any]:
    return np.broadcast_to(0.0, shape)


def _close(
    largest: NDArray[np.float32],
    found: NDArray[np.float32],
    wanted: NDArray[np.float32],
    tolerance: Tolerance,
) -> NDArray[np.bool_]:
    """Return for each of n sets whether the numbers that were picked, (n, m), may be those that are wanted,
    (n, m); `largest`, (n,), are the largest of all of its numbers."""
    allowed: Any = 2 * max(tolerance.rtol, SINGLE_RTOL) * (np.abs(found) + 0.01 * largest[:, None])
    if tolerance.decimals is not None:
        allowed = 10.0**-tolerance.decimals
    close = np.abs(found - wanted) <= allowed
    close |= (found == wanted) | (np.isnan(found) & np.isnan(wanted))
    return np.asarray(close.all(axis=1), np.bool_)


def _untold(part: Any) -> Any:
    return tuple(part) if isinstance(part, list) else part
