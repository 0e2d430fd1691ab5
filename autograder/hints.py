"""What goes into a student's notebook to name mistakes by: fingerprints of wrong answers to public cases.

They hold neither code nor anything of a right answer or a hidden case; and they are packed by bz2, whose
bytes are the same everywhere.
"""

from __future__ import annotations

import base64
import bz2
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.explain import MAX_ALTERNATIVES
from autograder.fingerprints import Told
from autograder.hint_reader import FOLLOWS, fingerprint, unpacked
from autograder.model import Assignment, Case, Misconception, Mistakes, Question
from autograder.naming import BESIDE, parted
from autograder.outcomes import NOTHING, called, matches, outcome_of
from autograder.tables import combinations, shows_something

LARGEST = 34_000
"""By how many bytes hints may make a notebook grow."""
SENTENCES = (99, 2, 1)
"""With how many sentences rare mistakes are tried."""
IN_FULL = 30
"""What is said of so many mistakes of a question is never shortened."""
MAX_PAIRS = 500
"""How many pairs of mistakes are tried for a question: those of misconceptions that stand first."""
MAX_TIED = MAX_ALTERNATIVES + 1
"""How many pairs are kept that lead to the same answer."""

KINDS = (
    ALONE := "mistakes",
    "mistakes where a later question shows them",
    PAIRS := "pairs of mistakes",
)

Print = tuple[str, tuple[int, ...]]
"""The shape of an answer, and its fingerprint; of an exception, what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Mistakes, of a kind, that lead to a wrong answer to some public cases, each by its fingerprint.

    `cost` is what they lose of their question's points.
    """

    kind: int
    rank: int
    question: str
    mistakes: Mistakes
    prints: Mapping[str, Print]
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The hints of a notebook, packed, by question; `left_out` counts those for which there was no room."""

    packed: Mapping[str, str]
    left_out: Mapping[str, int]


def hints(assignment: Assignment, largest: int = LARGEST) -> Hints:
    """Return the hints of all questions, the most common first, as far as they fit.

    Where not all mistakes fit, what is said of rare ones is shortened first.
    """
    found = [hint for question in assignment.questions for hint in _hints(question, assignment)]
    found.sort(key=lambda hint: (hint.kind, hint.rank))
    common = {each.id for question in assignment.questions for each in question.misconceptions[:IN_FULL]}
    for sentences in SENTENCES:
        shortened = [_shortened(hint, sentences, common) for hint in found]
        fitting = _fitting(shortened, largest)
        if ALONE not in fitting.left_out:
            break
    return fitting


def _fitting(found: Sequence[Hint], largest: int) -> Hints:
    fit, too_many = 0, len(found) + 1
    packed: dict[str, str] = {}
    trying = len(found)
    while fit < too_many - 1:
        tried = _packed(found[:trying])
        if sum(map(len, tried.values())) <= largest:
            fit, packed = trying, tried
        else:
            too_many = trying
        trying = (fit + too_many) // 2
    counted = Counter(KINDS[hint.kind] for hint in found[fit:])
    return Hints(packed=packed, left_out={kind: counted[kind] for kind in KINDS if counted[kind]})


def _shortened(hint: Hint, sentences: int, common: set[str]) -> Hint:
    """Return a hint with no more than the first sentences on mistakes that are rare."""

    def short(mistake: Misconception) -> Misconception:
        if mistake.id in common:
            return mistake
        parts = re.split(r"(?<=[.?!]) ", mistake.feedback)
        return replace(mistake, feedback=" ".join(parts[:sentences]))

    return replace(hint, mistakes=tuple(map(short, hint.mistakes)))


# ---------------------------------------------------------------- what mistakes lead to


def _hints(question: Question, assignment: Assignment) -> Iterator[Hint]:
    """Yield the hints of a question, mistakes alone first; of an answer, only the fewest that lead to it."""
    seen: Counter[tuple[str, Print]] = Counter()
    inherited: set[tuple[str, str, Print]] = set()
    for kind, rank, mistakes in _sets(question, assignment):
        prints = dict(_prints(question, assignment, mistakes, alone=kind == 0))
        if kind == 1:
            new = {(mistakes[0].question, *each) for each in prints.items()} - inherited
            inherited |= new
            prints = {case: print_ for _, case, print_ in sorted(new)}
        elif kind == 2:
            prints = {each: prints[each] for each in prints if 0 <= seen[each, prints[each]] < MAX_TIED}
        for each in prints.items():
            seen[each] = -1 if kind == 0 else seen[each] + (kind == 2)
        if prints:
            lost = {step for mistake in mistakes for step in mistake.steps}
            cost = sum(step.points for step in question.steps if step.name in lost)
            yield Hint(
                kind=kind, rank=rank, question=question.name, mistakes=mistakes, prints=prints, cost=cost
            )


def _sets(question: Question, assignment: Assignment) -> Iterator[tuple[int, int, Mistakes]]:
    """Yield sets of mistakes, each with its kind and rank in it."""
    names = [each.name for each in assignment.questions]
    before = assignment.questions[: names.index(question.name)]
    earlier = (each for asked in before for each in asked.misconceptions)
    together = [each for each in question.misconceptions if not each.rare]
    kinds: Sequence[Iterable[Mistakes]] = (
        ((each,) for each in question.misconceptions),
        ((each,) for each in earlier),
        itertools.islice(combinations(together, 2), MAX_PAIRS),
    )
    for kind, sets in enumerate(kinds):
        for rank, mistakes in enumerate(sets):
            yield kind, rank, mistakes


def _prints(
    question: Question, assignment: Assignment, mistakes: Mistakes, *, alone: bool
) -> Iterator[tuple[str, Print]]:
    """Yield each public case to which mistakes give a wrong answer, and its fingerprint.

    What shows nothing, as exceptions do, has too many causes to look for one that is not `alone`.
    """
    for case, outcome in _outcomes(question, assignment, mistakes):
        if outcome is NOTHING or matches(
            outcome, None, case.expected, case.tolerance, vector=question.vector
        ):
            continue
        shows = not isinstance(outcome, Exception) and shows_something([Told(value=outcome)], [case])
        found = _print(outcome, question) if alone or shows else None
        if found is not None and not _alike(found, _print(case.expected, question)):
            yield case.name, found


def _outcomes(question: Question, assignment: Assignment, mistakes: Mistakes) -> Iterator[tuple[Case, Any]]:
    if question.values:
        assert assignment.rerun is not None
        defined = assignment.rerun(mistakes, None, question.name)
        for value in question.values:
            if not value.hidden and value.data is None:
                yield value, outcome_of(defined.get(value.variable, NOTHING))
        return
    function = question.variant(mistakes) if question.variant else None
    for case in question.cases:
        if not case.hidden:
            yield case, called(function, case.arguments)


def _print(outcome: Any, question: Question) -> Print | None:
    """Return the fingerprint of an outcome, if it has more than one number or is an exception."""
    if outcome is None:
        return None
    try:
        shape, numbers = fingerprint(outcome, question.vector)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if not isinstance(outcome, Exception) and _says_little(outcome) else (shape, tuple(numbers))


def _says_little(outcome: Any) -> bool:
    """Return whether anything could give an outcome: a single number, or a few that are zeros or ones."""
    size = _size(outcome)
    if size < 2 or size >= 5:
        return size < 2
    parts = outcome if isinstance(outcome, list) else [outcome]
    return {float(number) for part in parts for number in np.ravel(part)} <= {0.0, 1.0}


def _size(outcome: Any) -> int:
    return sum(map(_size, outcome)) if isinstance(outcome, list) else int(outcome.size)


def _alike(one: Print, other: Print | None) -> bool:
    """Return whether an answer near to one could be near to the other too."""
    return (
        other is not None
        and one[0] == other[0]
        and all(abs(a - b) <= 10 for a, b in zip(one[1], other[1], strict=True))
    )


# ---------------------------------------------------------------- packing

_ONE = "one of these mistakes."
_OTHERS = "Others lead to it too."
_TOGETHER = "Two mistakes together lead to your result."
_FOLLOWS = FOLLOWS + "{names}: check that first."
_BOTH = f"{_FOLLOWS} If that is right:"


def _packed(found: Sequence[Hint]) -> dict[str, str]:
    """Return for each question its hints as `hint_reader` unpacks them."""
    by_question: dict[str, list[Hint]] = {}
    for hint in found:
        by_question.setdefault(hint.question, []).append(hint)
    return {name: _blob(each) for name, each in by_question.items()}


def _blob(found: Sequence[Hint]) -> str:
    ways: dict[tuple[str, Print], list[Hint]] = {}
    for hint in found:
        for each in hint.prints.items():
            ways.setdefault(each, []).append(hint)
    phrases: dict[str, int] = {}
    cases: dict[str, dict[str, list[Any]]] = {}
    for (case, (shape, numbers)), hints in ways.items():
        said = [phrases.setdefault(phrase, len(phrases)) for phrase in _phrases(hints)]
        cases.setdefault(case, {}).setdefault(shape, []).append([*numbers, said])
    content = json.dumps({"phrases": list(phrases), "cases": cases}, separators=(",", ":"))
    return packed_text(content)


def packed_text(content: str) -> str:
    """Return JSON as `hint_reader` unpacks it."""
    return base64.b85encode(bz2.compress(content.encode())).decode()


def texts_in(packed: str) -> list[str]:
    """Return each text that is packed into a notebook, for who looks for what must not be there."""
    return list(_texts(unpacked(packed)))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list | dict):
        for each in content if isinstance(content, list) else itertools.chain(*content.items()):
            yield from _texts(each)


def _phrases(hints: Sequence[Hint]) -> Iterator[str]:
    """Yield what is said of an answer to which all these lead, in pieces that are shared."""
    own = [hint for hint in hints if hint.kind != 1]
    least = min((hint.cost for hint in own), default=0.0)
    sets = [tuple(each.feedback for each in hint.mistakes) for hint in own if hint.cost == least]
    sets = list(dict.fromkeys(sets))
    earlier = dict.fromkeys(f"`{hint.mistakes[0].question}`" for hint in hints if hint.kind == 1)
    if earlier:
        yield (_BOTH if sets else _FOLLOWS).format(names=" or ".join(earlier))
    if len(sets) > 1:
        common, apart = parted(sets)
        yield from (*common, f"{BESIDE} {_ONE}") if common else (f"Your result is that of {_ONE}",)
        for number, texts in enumerate(apart[:MAX_ALTERNATIVES], start=1):
            yield f"({number})"
            yield from (texts[0], *(part for text in texts[1:] for part in ("And:", text)))
        if len(sets) > MAX_ALTERNATIVES:
            yield _OTHERS
    elif sets and len(sets[0]) == 2:
        yield from (_TOGETHER, "(1)", sets[0][0], "(2)", sets[0][1])
    elif sets:
        yield sets[0][0]
