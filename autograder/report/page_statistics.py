"""What a class shows as a whole: its points, how hard its questions are, what was mistaken and lost.

A file that could not be read shows nothing of the questions: it has points, and counts in nothing else.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.entries import Entry
from autograder.model import Assignment, Misconception, Question, Status, Verdict

MAX_BARS = 24
_WIDTHS = (0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100)
SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How many have points from `low` to below `high`, or up to it in the last bar."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question, as the class shows it.

    Attributes:
        question: its name.
        possible: its points.
        difficulty: the mean share of the points that was earned, 0 to 1: a high one is an easy question.
        discrimination: see `point_biserial`; None where it is not defined.
        counts: how many there are of each status.
        hints: how many have opened its first hint, its second, and so on; nothing if that is not counted.
    """

    question: str
    possible: float
    difficulty: float | None
    discrimination: float | None
    counts: dict[Status, int]
    hints: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistaken:
    """A misconception, and the places in the class of who has it."""

    misconception: Misconception
    who: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A step, how many have lost points of it, how many points on average, and the most frequent reasons."""

    question: str
    step: str
    count: int
    share: float
    points: float
    reasons: tuple[tuple[str, int], ...]


def readable(entries: Sequence[Entry]) -> list[Entry]:
    """Return those that say something of the questions."""
    return [entry for entry in entries if not entry.result.unreadable]


def histogram(points: Sequence[float], possible: float) -> list[Bar]:
    """Return bars of one width from no points to all; what lies outside is counted in the nearest."""
    width = next((each for each in _WIDTHS if possible / each <= MAX_BARS), possible / MAX_BARS) or 1
    count = max(1, math.ceil(possible / width - SAME))
    bars = Counter(min(max(math.floor(each / width + SAME), 0), count - 1) for each in points)
    return [Bar(low=at * width, high=(at + 1) * width, count=bars[at]) for at in range(count)]


def spread(points: Sequence[float]) -> float | None:
    """Return the standard deviation of a class, or None of fewer than two."""
    return statistics.stdev(points) if len(points) > 1 else None


def point_biserial(right: Sequence[bool], rest: Sequence[float]) -> float | None:
    """Return how well a question tells the strong from the weak: -1 to 1, or None where it is not defined.

    It is `(M1 - M0) / s * sqrt(p * q)`: the mean points in the other questions of those who are right, less
    those of the wrong, over the standard deviation of all (with n below), times the root of the shares of
    both. That is Pearson's correlation of being right (1 or 0) with the points (Lord and Novick, Statistical
    Theories of Mental Test Scores, 1968, ch. 15). The question's own points are left out of the total,
    else it would correlate with itself (Henrysson, Psychometrika 28, 1963, p. 211). It is not defined where
    all are right or none, or where all have the same points in the rest.
    """
    ones = [total for total, is_right in zip(rest, right, strict=True) if is_right]
    zeros = [total for total, is_right in zip(rest, right, strict=True) if not is_right]
    deviation = statistics.pstdev(rest) if rest else 0.0
    if not ones or not zeros or deviation < SAME:
        return None
    share = len(ones) / len(rest)
    apart = statistics.fmean(ones) - statistics.fmean(zeros)
    return max(-1.0, min(1.0, apart / deviation * math.sqrt(share * (1 - share))))


def items(assignment: Assignment, entries: Sequence[Entry]) -> list[Item]:
    """Return the questions in their order; points given by hand for a question count as such."""
    found = []
    classed = [_by_question(entry) for entry in readable(entries)]
    for question in assignment.questions:
        rows = [(points, points[question.name]) for points in classed if question.name in points]
        counts = Counter(status for _, (_, status) in rows)
        rest = [
            sum(each for name, (each, _) in points.items() if name != question.name) for points, _ in rows
        ]
        right = [status is Status.PASSED for _, (_, status) in rows]
        earned = [points for _, (points, _) in rows]
        has_mean = bool(rows) and question.possible > 0
        found.append(
            Item(
                question=question.name,
                possible=question.possible,
                difficulty=statistics.fmean(earned) / question.possible if has_mean else None,
                discrimination=point_biserial(right, rest),
                counts={status: counts[status] for status in Status},
                hints=_opened(question, entries),
            )
        )
    return found


def _opened(question: Question, entries: Sequence[Entry]) -> tuple[int, ...]:
    verdicts = (verdict for entry in entries for verdict in entry.result.verdicts)
    found = [each.hints for each in verdicts if each.question == question.name and each.hints is not None]
    stages = range(1, len(question.hints) + 1) if found else ()
    return tuple(sum(number >= stage for number in found) for stage in stages)


def counted(entry: Entry, verdict: Verdict) -> tuple[float, Status]:
    """Return the points of a question that count, and its status: passed with all points given by hand."""
    given = next((each.points for each in entry.overrides if each.question == verdict.question), None)
    if given is None:
        return verdict.points, verdict.status
    return given, Status.PASSED if given >= verdict.possible - SAME else verdict.status


def _by_question(entry: Entry) -> dict[str, tuple[float, Status]]:
    return {verdict.question: counted(entry, verdict) for verdict in entry.result.verdicts}


def mistaken(assignment: Assignment, entries: Sequence[Entry]) -> list[Mistaken]:
    """Return the misconceptions that somebody has, the most frequent first; each counts once a submission."""
    who: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        told = (name for verdict in entry.result.verdicts for name in verdict.misconceptions)
        for name in dict.fromkeys(told):
            who[name].append(place)
    known = [Mistaken(misconception=each, who=tuple(who[each.id])) for each in assignment.misconceptions]
    return sorted((each for each in known if each.who), key=lambda each: -len(each.who))


def losses(entries: Sequence[Entry]) -> list[Loss]:
    """Return the steps that somebody has lost points of by their answers, the most frequent first."""
    seen: Counter[tuple[str, str]] = Counter()
    lost: dict[tuple[str, str], list[float]] = defaultdict(list)
    reasons: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for entry in readable(entries):
        for verdict in entry.result.verdicts:
            for step in verdict.steps:
                key = verdict.question, step.name
                seen[key] += 1
                if step.possible - step.points > SAME:
                    lost[key].append(step.possible - step.points)
                    reasons[key][step.reason or "no reason was noted"] += 1
    found = [
        Loss(
            question=question,
            step=step,
            count=len(points),
            share=len(points) / seen[question, step],
            points=sum(points) / seen[question, step],
            reasons=tuple(sorted(reasons[question, step].items(), key=lambda each: (-each[1], each[0]))[:3]),
        )
        for (question, step), points in lost.items()
    ]
    return sorted(found, key=lambda each: -each.count)
