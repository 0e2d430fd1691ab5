"""Which submissions need a person, and why: each is told once a reason, with where it was seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from autograder.entries import Entry
from autograder.model import CaseVerdict, ConcernKind, ProblemKind, Result, Status, Verdict


class Need(StrEnum):
    """Why a person should look, the most pressing first."""

    FAULT = "fault of the grader"
    UNREADABLE = "cannot be read"
    FORBIDDEN = "tried what is forbidden"
    REACHES_OUT = "reaches out of the notebook"
    DIED = "its process ended"
    LIMIT = "went over a limit"
    REPLY = "sends no readable answer"
    TIMEOUT = "no answer in time"
    UNSTEADY = "answers change"
    UNPROTECTED = "ran without a sandbox"
    ERROR = "raises an exception"
    UNEXPLAINED = "wrong, and nothing explains it"


SAID = {
    Need.FAULT: "It was not graded, by a fault of the grader: it has no points, and lost none.",
    Need.UNREADABLE: "The file is no notebook or Python file that can be read.",
    Need.FORBIDDEN: "A cell was refused something by the sandbox. It may be innocent.",
    Need.REACHES_OUT: "A cell mentions the network, other processes, system files or the inside of Python.",
    Need.DIED: "The process that ran the notebook ended: it was left, killed, or crashed.",
    Need.LIMIT: "It used too much memory or disk, or its answer was too large.",
    Need.REPLY: "What came back was not in the form of an answer, or nobody had asked for it.",
    Need.TIMEOUT: "It may hang, or only be slow.",
    Need.UNSTEADY: "The same input was answered in two ways: it may draw random numbers, or remember.",
    Need.UNPROTECTED: "Its code could have changed files, results among them.",
    Need.ERROR: "All that was asked of the question ended in an exception.",
    Need.UNEXPLAINED: "No misconception of the assignment gives these answers.",
}
"""What each means, for the instructor."""

_OF_PROBLEM = {
    ProblemKind.TIMEOUT: Need.TIMEOUT,
    ProblemKind.DIED: Need.DIED,
    ProblemKind.LIMIT: Need.LIMIT,
    ProblemKind.REPLY: Need.REPLY,
}
_OF_CONCERN = {
    ConcernKind.TIMEOUT: Need.TIMEOUT,
    ConcernKind.DIED: Need.DIED,
    ConcernKind.LIMIT: Need.LIMIT,
    ConcernKind.REPLY: Need.REPLY,
    ConcernKind.FORBIDDEN: Need.FORBIDDEN,
    ConcernKind.REACHES_OUT: Need.REACHES_OUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A reason to look at a submission, by its place in the class, and where: `cell 3`, questions."""

    who: int
    need: Need
    where: tuple[str, ...]


def attention(entries: Sequence[Entry]) -> list[Call]:
    """Return which submissions need a person, the most pressing reason first, then in the class's order."""
    calls = []
    for place, entry in enumerate(entries):
        seen: dict[Need, list[str]] = {}
        for need, where in _needs(entry.result):
            seen.setdefault(need, []).append(where)
        calls += [
            Call(who=place, need=need, where=tuple(dict.fromkeys(filter(None, where))))
            for need, where in seen.items()
        ]
    order = list(Need)
    return sorted(calls, key=lambda call: (order.index(call.need), call.who))


def _needs(result: Result) -> Iterator[tuple[Need, str]]:
    if not result.sandboxed:
        yield Need.UNPROTECTED, ""
    if result.unreadable:
        yield Need.UNREADABLE, ""
        return
    for concern in result.concerns:
        yield _OF_CONCERN[concern.kind], f"cell {concern.cell}" if concern.cell else ""
    for verdict in result.verdicts:
        for case in verdict.cases:
            for need in _of_case(case):
                yield need, verdict.question
        for need in _of_question(verdict):
            yield need, verdict.question


def _of_case(case: CaseVerdict) -> Iterator[Need]:
    if case.problem in _OF_PROBLEM:
        yield _OF_PROBLEM[case.problem]
    if case.unsteady:
        yield Need.UNSTEADY


def _of_question(verdict: Verdict) -> Iterator[Need]:
    if any(case.problem in _OF_PROBLEM for case in verdict.cases):
        return  # that is why
    if verdict.status is Status.FAILED and not verdict.misconceptions:
        yield Need.UNEXPLAINED
    if verdict.status is Status.ERROR:
        yield Need.ERROR
