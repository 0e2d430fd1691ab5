"""What the mistakes of a question, and of those before it, make of its cases: looked up by an answer."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from autograder.compare import as_array
from autograder.fingerprints import MAX_TOGETHER, Fingerprints, Row, Sought, Told, fingerprints, gist
from autograder.model import CallCase, Case, Kept, Misconception, Mistakes, Question
from autograder.outcomes import matches

MAX_SETS = {1: 10_000, 2: 20_000, 3: 2_000}
"""How many sets of each size are looked at: those of misconceptions that stand first come first. One
takes a third of a millisecond, once."""
MAX_TRIED = {False: 300, True: 100}
"""How many sets that no fingerprint was taken of are tried for an answer; of variables, fewer: for each,
the whole notebook is run."""
MAX_REMEMBERED = 5_000
ALIKE = 1e-3
"""Up to what part of them two numbers are taken for the same: coarser than any comparison."""
ADVANCE = 100
"""After how many sets it is told how many were looked at."""

_WHAT = "mistakes of one question"

Make = Callable[[Mistakes], Callable[[Case], Any]]
"""From a set of mistakes to what it makes of a case."""
Item = TypeVar("Item")


class Table:
    """The sets of mistakes of one question, alone and with mistakes of earlier ones.

    The fingerprints of most sets are taken once, and kept; the few that they point to are tried in full.
    """

    def __init__(self, question: Question, earlier: Mistakes, make: Make, kept: Kept | None) -> None:
        """Prepare to look up answers.

        Args:
            question: whose cases they are.
            earlier: the mistakes of earlier questions, which may show in this one.
            make: tells what a set of mistakes makes of a case.
            kept: where fingerprints are kept.
        """
        self._name = question.name
        self._cases: Sequence[Case] = question.values or question.cases
        self._of_variables = bool(question.values)
        self._vector = question.vector
        self._pool = (*earlier, *question.misconceptions)
        self._places = {each.id: place for place, each in enumerate(self._pool)}
        self._earlier = range(len(earlier))
        self._own = range(len(earlier), len(self._pool))
        self._make = make
        self._kept = kept
        self._fingerprints: Fingerprints | None = None
        self._matter = frozenset[int]()
        self._known: dict[Row, dict[int, Any]] = {}
        self._levels: dict[str, list[Row]] = {}

    # ---------------------------------------------------------------- looking up

    def smallest(
        self,
        answers: Sequence[Told | None],
        together: int,
        bases: Sequence[Mistakes] = (),
        suspected: Iterable[str] = (),
    ) -> list[Mistakes]:
        """Return the sets with fewest mistakes of the question, up to `together`, that give the answers.

        Args:
            answers: to all cases; one that is None is passed over, but not to the first that is public.
            together: how many mistakes of this question may be made together.
            bases: what may be wrong before it, of which each mistake was counted there.
            suspected: the earlier questions of which it is not known what is wrong.
        """
        taken = self.fingerprints()
        sought = taken.sought(answers, self._cases, vector=self._vector)
        before = self._that_matter(bases)
        suspects = {place for place in self._earlier if self._pool[place].question in set(suspected)}
        for size in range(together + 1):
            found = [
                row
                for row in self._near(size, sought, before, suspects)
                if self._explains(row, answers, new=row not in before)
            ]
            if found:
                return [self._mistakes(row) for row in found]
        return []

    def outcomes(self, mistakes: Mistakes) -> list[Any]:
        """Return what a set makes of all cases."""
        return list(self._outcomes(self._row(mistakes), range(len(self._cases))))

    def _near(
        self, size: int, sought: Sequence[Sought], before: Sequence[Row], suspects: set[int]
    ) -> Iterator[Row]:
        """Yield the sets of a size, earlier mistakes that were counted not counted, that may be it."""
        taken = self.fingerprints()
        if size == 0:
            alone = set(taken.near("earlier", sought))
            yield from (row for row in before if len(row) > 1 or row in alone)
            return
        yield from taken.near(f"own {size}", sought)
        if size == 1:
            yield from (row for row in taken.near("earlier", sought) if row[0] in suspects)
            pairs = taken.near("earlier and own", sought) if before and not self._of_variables else []
            yield from (row for row in pairs if row[:1] in before)
            untaken = [
                row for row in before if len(row) < MAX_TOGETHER and (self._of_variables or len(row) > 1)
            ]
            tried = (row + own for row in untaken for own in self._all_of("own 1"))
            yield from itertools.islice(tried, MAX_TRIED[self._of_variables])
        elif size == 2 and suspects:
            yield from (row for row in taken.near("earlier and own", sought) if row[0] in suspects)

    def _all_of(self, level: str) -> list[Row]:
        if level not in self._levels:
            self._levels[level] = self.fingerprints().all_of(level)
        return self._levels[level]

    def _that_matter(self, bases: Sequence[Mistakes]) -> list[Row]:
        """Return the sets that are left of some if what changes nothing in this question is left out."""
        matter = {row[0] for row in self._all_of("earlier")} if bases else set()
        rows = (tuple(place for place in self._row(base) if place in matter) for base in bases)
        return [row for row in dict.fromkeys(rows) if row]

    def _explains(self, row: Row, answers: Sequence[Told | None], *, new: bool) -> bool:
        """Return whether all answers are the outcomes. An exception has many causes: where there is
        nothing else that is wrong, it must say the same."""
        asked = [(index, told) for index, told in enumerate(answers) if told is not None]
        asked.sort(key=lambda each: (not each[1].wrong, each[1].problem is not None))  # most telling first
        evidence = alike = False
        outcomes = self._outcomes(row, [index for index, _ in asked])
        for (index, told), outcome in zip(asked, outcomes, strict=True):
            tolerance = self._cases[index].tolerance
            if not matches(told.value, told.problem, outcome, tolerance, vector=self._vector):
                return False
            if isinstance(told.value, list) and not told.value and new:
                return False  # an empty list shows no mistake of its own
            if told.problem is None:
                evidence |= told.wrong
            elif gist(told.problem.message) != gist(str(outcome)):
                alike = True
        return evidence or not alike

    def _outcomes(self, row: Row, indices: Iterable[int], *, remember: bool = True) -> Iterator[Any]:
        """Yield what a set makes of cases, each when it is asked for."""
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        known = self._known.setdefault(row, {}) if remember else {}
        made: Callable[[Case], Any] | None = None
        for index in indices:
            if index not in known:
                made = made or self._make(self._mistakes(row))
                known[index] = made(self._cases[index])
            yield known[index]

    def _mistakes(self, row: Row) -> Mistakes:
        return tuple(self._pool[place] for place in row)

    def _row(self, mistakes: Iterable[Misconception]) -> Row:
        return tuple(self._places[each.id] for each in mistakes if each.id in self._places)

    # ---------------------------------------------------------------- taking fingerprints

    def fingerprints(self) -> Fingerprints:
        """Return the fingerprints of the sets: as they are kept, or taken now."""
        if self._fingerprints is None:
            content = self._kept.get(kept_as(self._name)) if self._kept else None
            self._fingerprints = Fingerprints.from_bytes(content) if content else self._taken()
            if content is None and self._kept is not None:
                self._kept.put(kept_as(self._name), self._fingerprints.to_bytes())
        return self._fingerprints

    def _taken(self) -> Fingerprints:
        differ = {place: self._differing(place) for place in range(len(self._pool))}
        matter = [place for place in self._earlier if differ[place]]
        own, others = (
            [each for each in places if not self._pool[each].rare] for places in (self._own, matter)
        )
        cases = self._telling([differ[place] for place in (*matter, *self._own)])
        pairs = itertools.product(others, own) if not self._of_variables else ()
        levels: dict[str, tuple[int, Iterable[Row]]] = {
            "own 1": (MAX_SETS[1], combinations(self._own, 1)),
            "own 2": (MAX_SETS[2], combinations(own, 2)),
            "own 3": (0 if self._of_variables else MAX_SETS[3], combinations(own, 3)),
            "earlier": (MAX_SETS[1], combinations(matter, 1)),
            "earlier and own": (MAX_SETS[2], sorted(pairs, key=sum)),
        }
        counts = [len(self._own), *(math.comb(len(own), size) for size in (2, 3))]
        counts += [len(matter), len(others) * len(own)]
        total = sum(min(count, most) for count, (most, _) in zip(counts, levels.values(), strict=True))
        done = itertools.count()

        def outcomes(row: Row) -> Iterator[Any]:
            if self._kept is not None and (number := next(done)) % ADVANCE == 0:
                self._kept.advance(_WHAT, min(number, total), total)
            return self._outcomes(row, cases, remember=len(row) == 1)

        found = fingerprints(levels, cases, outcomes)
        if self._kept is not None:
            self._kept.advance(_WHAT, total, total)
        return found

    def _differing(self, place: int) -> frozenset[int]:
        """Return the cases of which a mistake makes something else than the reference."""
        outcomes = self._outcomes((place,), range(len(self._cases)))
        return frozenset(
            index
            for index, (case, outcome) in enumerate(zip(self._cases, outcomes, strict=True))
            if not matches(outcome, None, case.expected, case.tolerance, vector=self._vector)
        )

    def _telling(self, differ: Sequence[frozenset[int]]) -> list[int]:
        """Return a few cases, the first that is public among them, of which each mistake changes one."""
        cases = [next(index for index, case in enumerate(self._cases) if not case.hidden)]
        while unseen := [each for each in differ if each and each.isdisjoint(cases)]:
            cases.append(
                max(range(len(self._cases)), key=lambda index: sum(index in each for each in unseen))
            )
        return cases


def kept_as(question: str) -> str:
    """Return the name under which the fingerprints of a question are kept."""
    return f"{question}.fingerprints"


def combinations(pool: Sequence[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Yield all sets of a size: first those of what stands first."""
    if size == 0:
        yield ()
    for last in range(len(pool)) if size else ():
        for others in itertools.combinations(pool[:last], size - 1):
            yield (*others, pool[last])


def shows_something(answers: Sequence[Told | None], cases: Sequence[Case]) -> bool:
    """Return whether there are two different numbers in the answers, and not just what was handed over.

    Numbers that no comparison tells apart are not different: who adds a little to zeros has shown nothing.
    """
    asked = [(told, case) for told, case in zip(answers, cases, strict=False) if told is not None]
    numbers = [number for told, _ in asked if told.problem is None for number in _extremes(told.value)]
    decimals = [case.tolerance.decimals for _, case in asked if case.tolerance.decimals is not None]
    least = max([ALIKE * max(map(abs, numbers), default=0.0), *(10.0**-each for each in decimals)])
    answered = [
        (told.value, case.arguments if isinstance(case, CallCase) else ())
        for told, case in asked
        if told.problem is None
    ]
    handed_over = any(
        all(_is_handed_over(value, arguments, position) for value, arguments in answered)
        for position in range(len(answered[0][1]) if answered else 0)
    )
    return max(numbers, default=0.0) - min(numbers, default=0.0) > least and not handed_over


def _extremes(value: Any) -> set[float]:
    """Return the smallest and the largest number of a value that are finite."""
    array = as_array(value)
    if array is None and isinstance(value, list | tuple):
        return {number for item in value for number in _extremes(item)}
    if array is None or array.dtype.kind == "c":
        return set()
    finite = array[np.isfinite(array)]
    return {float(finite.min()), float(finite.max())} if finite.size else set()


def _is_handed_over(value: Any, arguments: Sequence[Any], position: int) -> bool:
    if position >= len(arguments):  # its default is taken here
        return False
    one, other = as_array(value), as_array(arguments[position])
    if one is None or other is None or one.shape != other.shape:
        return False
    return bool(np.allclose(one, other, rtol=ALIKE, equal_nan=True))
