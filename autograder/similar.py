"""Which submissions of a class have more in common than chance gives: leads for a person, never a verdict.

What every student got is taken off, what many wrote weighs nothing, and the code is read but not executed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.rarity import PRIOR, Floats, Rarity, ids_of
from autograder.telling import SharedLine, compared, questions_of, reason, telling_lines
from autograder.traces import ANSWER, Own, Trace, own_cells, template_lines, traces_of

CHANCE = 8
"""How many bits more than the best of all pairs by chance a pair must share that shares everything."""

PARTIAL = 26
"""How many bits more if it shares next to nothing: there are many parts in which two can be alike."""

COMPANY = 6
"""A student's sixth nearest is taken for one who has worked alone: what they share is usual in this class."""

OUTLIER = 6
"""How many standard deviations above what is usual a pair must be, as estimated from the median deviation."""

MAX_PARTNERS = 5
"""How many leads to the same submission are kept: the strongest."""

MAX_PAIRS = 500
"""How many leads are kept in all, beside identical files: nobody looks at more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A submission, as far as it is compared.

    Attributes:
        name: how it is called.
        cells: the source of its code cells.
        digest: what only identical files have in common; empty if it is not known.
        student: whose it is: two of the same student are not compared. Empty if it is not known.
        answers: what its wrong answers are, as texts that are equal for equal answers.
    """

    name: str
    cells: Sequence[str]
    digest: str = ""
    student: str = ""
    answers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two submissions that somebody should look at side by side; it proves nothing.

    Attributes:
        first: the name of one of them.
        second: the name of the other.
        similarity: how much of the smaller one's own code is in the other, weighed by how rare it is, 0 to 1.
        bits: how surprising it is what they share: each bit halves the chance that two share it by chance.
        same_lines: which part of the shorter one's own lines is in the other word for word, 0 to 1.
        identical: whether the files are the same, byte for byte.
        questions: in which questions they are alike.
        reason: why it is a lead, in a sentence or two.
        lines: the most telling lines, side by side.
        group: the names of all who are linked with these two by leads, themselves included.
    """

    first: str
    second: str
    similarity: float
    bits: float
    same_lines: float
    identical: bool
    questions: tuple[str, ...]
    reason: str
    lines: tuple[SharedLine, ...]
    group: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a submission: its own cells, and no more."""

    name: str
    student: str
    digest: str
    own: tuple[Own, ...]
    answers: tuple[str, ...]

    def traces(self) -> dict[Trace, tuple[int, int]]:
        """Return its traces with their places; answers have none."""
        return {**traces_of(self.own), **{(ANSWER, answer): (-1, -1) for answer in self.answers}}


def pairs(
    template: Sequence[str],
    submissions: Iterable[Handed],
    *,
    solved: Sequence[str] = (),
    questions: Mapping[str, Collection[str]] | None = None,
) -> list[Pair]:
    """Return the pairs that stand out of their class, groups of linked ones together, the strongest first.

    The order of the submissions makes no difference. One that is untouched is compared with none.

    Args:
        template: the code cells that every student got.
        submissions: the class; it is gone through once.
        solved: the same cells with their solutions: what is in them is no lead.
        questions: for each question the names that it asks for.
    """
    lines = template_lines(template)
    kept = [
        _Kept(each.name, each.student, each.digest, own, tuple(each.answers))
        for each in sorted(submissions, key=lambda each: each.name)
        if (own := own_cells(each.cells, lines))
    ]
    usual = traces_of(own_cells(solved, lines)).keys() | traces_of(own_cells(template, ())).keys()
    rarity = Rarity([ids_of(each.traces()) for each in kept], ids_of(usual))
    leads = _alike(kept, rarity) | _identical(kept)
    found = [
        _pair(
            kept[first], kept[second], rarity, min(rarity.total(first), rarity.total(second)), questions or {}
        )
        for first, second in sorted(leads)
    ]
    return _grouped(found)


def _alike(kept: Sequence[_Kept], rarity: Rarity) -> set[tuple[int, int]]:
    """Return which pairs share more than the class's own distribution explains."""
    population = len(kept) + PRIOR
    chance = math.log2(population * (population - 1) / 2) + CHANCE
    company, candidates = [], []
    of_student = defaultdict(list)
    for number, each in enumerate(kept):
        of_student[each.student].append(number)
    for first, row in enumerate(rarity.rows()):
        if kept[first].student:
            row[of_student[kept[first].student]] = 0
        company.append(_largest(row, COMPANY))
        above = np.flatnonzero(row >= max(chance, _largest(row, MAX_PARTNERS + 1)))
        candidates += [(first, int(second), float(row[second])) for second in above[:MAX_PARTNERS]]
    totals = [rarity.total(number) for number in range(len(kept))]
    usual = _unusual_from(np.array(company)) if len(kept) >= PRIOR else 0.0
    found: dict[tuple[int, int], float] = {}
    for first, second, bits in candidates:
        similarity = bits / min(totals[first], totals[second])
        if bits >= max(chance + PARTIAL * (1 - similarity), usual):
            found[min(first, second), max(first, second)] = round(bits, 6)
    return set(sorted(found, key=lambda pair: (-found[pair], pair))[:MAX_PAIRS])


def _same_student(one: _Kept, other: _Kept) -> bool:
    return one.student != "" and one.student == other.student


def _largest(values: Floats, number: int) -> float:
    """Return the `number`th largest of some values, or 0 if there are fewer."""
    return float(np.partition(values, -number)[-number]) if len(values) >= number else 0.0


def _unusual_from(values: Floats) -> float:
    """Return from where on a value stands out of some: robust against those that do."""
    middle = float(np.median(values))
    deviation = 1.4826 * float(np.median(np.abs(values - middle)))
    return middle + OUTLIER * deviation


def _identical(kept: Sequence[_Kept]) -> set[tuple[int, int]]:
    """Return the pairs of identical files: each with the first of its kind."""
    first: dict[str, int] = {}
    found = set()
    for number, each in enumerate(kept):
        if each.digest:
            other = first.setdefault(each.digest, number)
            if other != number and not _same_student(kept[other], each):
                found.add((other, number))
    return found


def _pair(
    one: _Kept, other: _Kept, rarity: Rarity, total: float, questions: Mapping[str, Collection[str]]
) -> Pair:
    """Return what is to be said of a lead; `total` is what the smaller one's own traces weigh."""
    likeness = compared(one.traces(), other.traces(), rarity)
    identical = one.digest != "" and one.digest == other.digest
    asked = questions_of(likeness, one.own, questions)
    return Pair(
        first=one.name,
        second=other.name,
        similarity=1.0 if identical else min(1.0, likeness.bits / total) if total else 0.0,
        bits=likeness.bits,
        same_lines=likeness.same_share,
        identical=identical,
        questions=asked,
        reason=reason(likeness, identical=identical),
        lines=telling_lines(likeness, one.own, other.own),
    )


def _grouped(found: Sequence[Pair]) -> list[Pair]:
    """Return the pairs with their groups, the strongest group first and its strongest pair first."""
    leader: dict[str, str] = {}

    def led_by(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            leader[name] = name = leader[above]
        return name

    for pair in found:
        leader[led_by(pair.first)] = led_by(pair.second)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(leader):
        members[led_by(name)].append(name)
    strongest: defaultdict[str, float] = defaultdict(float)
    for pair in found:
        strongest[led_by(pair.first)] = max(strongest[led_by(pair.first)], pair.bits)
    ranked = sorted(
        found,
        key=lambda pair: (
            -strongest[led_by(pair.first)],
            led_by(pair.first),
            -pair.bits,
            pair.first,
            pair.second,
        ),
    )
    return [replace(pair, group=tuple(members[led_by(pair.first)])) for pair in ranked]
