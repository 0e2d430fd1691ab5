"""What two submissions have in common, in words and lines that a person can look up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder import cells
from autograder.rarity import Rarity, id_of
from autograder.traces import ANSWER, COMMENT, LINE, NAME, RUN_OF_TOKENS, TEXT, Own, Trace
from autograder.wire import plain

Places = Mapping[Trace, tuple[int, int]]
"""Traces, each with the own cell and the line where it is."""

MAX_LINES = 6
MAX_LINE = 200
MAX_NAMED = 3
MAX_SHOWN = 60

WORD_FOR_WORD = 0.8
"""From which share of equal lines on two are alike word for word."""

_KINDS = {NAME: "name", COMMENT: "comment", TEXT: "text", ANSWER: "wrong answer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLine:
    """A line of one notebook, and the one of the other it has most in common with: printable, and cut."""

    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two submissions share that is not usual.

    Attributes:
        bits: how surprising it is, in all.
        lines: how many different lines the one has added to the template that has added fewer.
        same_lines: how many of these are in the other, word for word.
        weights: what each shared trace weighs.
        others: how many others have it.
        places: for each trace that has one, its cell and line in the first and in the second.
    """

    bits: float
    lines: int
    same_lines: int
    weights: Mapping[Trace, float]
    others: Mapping[Trace, int]
    places: Mapping[Trace, tuple[tuple[int, int], tuple[int, int]]]

    @property
    def same_share(self) -> float:
        """Which part of the lines is in the other, 0 to 1."""
        return self.same_lines / self.lines if self.lines else 0.0


def compared(one: Places, other: Places, rarity: Rarity) -> Likeness:
    """Return what two submissions of a class have in common."""
    shared = sorted(one.keys() & other.keys())
    ids = np.array([id_of(trace) for trace in shared], dtype=np.uint64)
    weights = dict(zip(shared, rarity.weights(ids).tolist(), strict=True))
    lines = [{trace for trace in places if trace[0] == LINE} for places in (one, other)]
    return Likeness(
        bits=sum(weights.values()),
        lines=min(len(each) for each in lines),
        same_lines=len(lines[0] & lines[1]),
        weights={trace: weight for trace, weight in weights.items() if weight > 0},
        others=dict(zip(shared, rarity.others(ids).tolist(), strict=True)),
        places={trace: (one[trace], other[trace]) for trace in shared if trace[0] != ANSWER},
    )


def telling_lines(likeness: Likeness, one: Sequence[Own], other: Sequence[Own]) -> tuple[SharedLine, ...]:
    """Return the lines that say most, side by side, in the order of the first notebook."""
    weights: defaultdict[tuple[int, int], float] = defaultdict(float)
    partners: dict[tuple[int, int], defaultdict[tuple[int, int], float]] = {}
    for trace, weight in likeness.weights.items():
        if trace in likeness.places:
            here, there = likeness.places[trace]
            weights[here] += weight
            partners.setdefault(here, defaultdict(float))[there] += weight
    heaviest = sorted(weights, key=lambda place: (-weights[place], place))[:MAX_LINES]
    return tuple(
        SharedLine(
            first=_line(one, here),
            second=_line(other, max(partners[here], key=lambda place: (partners[here][place], place))),
        )
        for here in sorted(heaviest)
    )


def _line(own: Sequence[Own], place: tuple[int, int]) -> str:
    return plain(own[place[0]].text.split("\n")[place[1]], MAX_LINE)


def questions_of(
    likeness: Likeness, own: Sequence[Own], asked: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """Return in which questions two submissions are alike, in the order of the assignment.

    A line belongs to the question whose names its statement, or else its cell, defines.
    """
    alike: defaultdict[int, set[int]] = defaultdict(set)
    for trace in likeness.weights:
        if trace in likeness.places:
            cell, line = likeness.places[trace][0]
            alike[cell].add(line + 1)
    found = {
        question for cell, lines in alike.items() for question in _asked_on(own[cell].source, lines, asked)
    }
    return tuple(question for question in asked if question in found)


def _asked_on(source: str, lines: Collection[int], asked: Mapping[str, Collection[str]]) -> set[str]:
    """Return the questions that the statements on some lines answer, or else all of the cell."""
    here, anywhere = set[str](), set[str]()
    for _, statement in cells.statements([source]):
        defined = cells.defined_by(statement)
        answered = {question for question, names in asked.items() if not defined.isdisjoint(names)}
        anywhere |= answered
        if not answered <= here and any(line in cells.lines_of(statement) for line in lines):
            here |= answered
    return here or anywhere


def reason(likeness: Likeness, *, identical: bool) -> str:
    """Return why two submissions are a lead, for a person who will look at them."""
    lines = f"{likeness.same_lines} of the {likeness.lines} lines that the shorter one added"
    if identical:
        said = ["The two files are the same, byte for byte."]
        if not likeness.weights:
            said.append("What is in them is usual: if the answers are short, that can be chance.")
    elif likeness.same_share >= WORD_FOR_WORD:
        said = [f"Word for word, {lines} are in the other."]
    elif any(kind == RUN_OF_TOKENS for kind, _ in likeness.weights):
        said = [
            f"Code is built the same way: word for word, {lines} are in the other; "
            "elsewhere names, comments or layout differ."
        ]
    else:
        said = [f"The code is built differently: word for word, {lines} are in the other."]
    common = [phrase for kind in _KINDS if (phrase := _in_common(likeness, kind))]
    if common:
        said.append(f"In common, and rare in this class: {'; '.join(common)}.")
    return " ".join(said)


def _in_common(likeness: Likeness, kind: str) -> str:
    """Return how many traces of a kind are shared, and the rarest of them; nothing if there is none."""
    shared = sorted(
        (trace for trace in likeness.weights if trace[0] == kind),
        key=lambda trace: (likeness.others[trace], trace),
    )
    if not shared:
        return ""
    named = ", ".join(f"`{plain(what, MAX_SHOWN)}`" for _, what in shared[:MAX_NAMED])
    more = f" and {len(shared) - MAX_NAMED} more" if len(shared) > MAX_NAMED else ""
    return f"{_KINDS[kind]}{'s' * (len(shared) > 1)} {named}{more}"
