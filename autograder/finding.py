"""What one case showed: an answer, held against the expected one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder import wire
from autograder.compare import Difference, compare
from autograder.model import Case, OwnTest, Problem, ProblemKind, Property, Question
from autograder.session import Answer

MOST_KEPT = 20_000
"""How large an answer may be to be looked at again, beside ten times what was expected; an item of a list
counts as much as ten numbers of an array, for it takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one case, property or test showed: right if it has neither difference, problem nor `missing`.

    `leaned` says that it is right only with the notebook's sizes set to the case's. A case that
    was `skipped` was not asked, since an earlier one had already failed it; it has nothing to say. `asked`
    is the name with which a test had its problem. `answer` is what was judged, unless that is far too large:
    of a hidden case, never shown.
    """

    case: Case | Property | OwnTest
    difference: Difference | None = None
    problem: Problem | None = None
    missing: bool = False
    leaned: bool = False
    changed: bool = False
    skipped: bool = False
    blank: bool = False
    said: str = ""
    asked: str = ""
    answer: Answer | None = None
    remarks: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the answer was the expected one."""
        return (
            self.difference is None
            and self.problem is None
            and not (self.missing or self.skipped or self.said)
        )


_JUST_WRONG = Difference(kind="values", text="is wrong", brief="is wrong")


def without_kinds(found: Sequence[Finding]) -> list[Finding]:
    """Return findings in which hidden cases that are wrong in different ways are just wrong.

    A function can choose how it goes wrong by what it is handed: to tell it would tell of hidden inputs.
    """
    hidden = [
        each
        for each in found
        if isinstance(each.case, Case) and each.case.hidden
        if each.problem is not None or each.difference is not None
    ]
    kinds = {
        (each.problem and (each.problem.kind, each.missing), each.difference and each.difference.brief)
        for each in hidden
    }
    if len(kinds) < 2:
        return list(found)
    told = {id(each) for each in hidden}
    return [
        replace(each, problem=None, difference=_JUST_WRONG, missing=False, blank=False)
        if id(each) in told
        else each
        for each in found
    ]


@dataclass(slots=True)
class Log:
    """The answers of one question, as a digest: equal for equal behaviour. It is taken only if `wanted`."""

    wanted: bool = True
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, answer: Answer) -> Answer:
        """Take note of an answer, and return it."""
        if not self.wanted:
            return answer
        problem = answer.problem
        told = (answer.found, problem and (problem.type, problem.message))
        value = b"" if problem else wire.pack({}, [answer.value])
        self.digest.update(repr(told).encode() + value)
        return answer


def judged(case: Case, question: Question, answer: Answer, expected: Any = None) -> Finding:
    """Return what an answer shows, held against the case's expected value, or another one."""
    if not answer.found:
        return Finding(case=case, missing=True, answer=answer)
    if answer.problem is not None:
        return Finding(case=case, problem=answer.problem, answer=answer)
    wanted = case.expected if expected is None else expected
    difference, remarks = compare(answer.value, wanted, case.tolerance, vector=question.vector)
    notes = tuple(f"It is a `{note}`: its numbers were judged." for note in answer.notes)
    return Finding(
        case=case,
        difference=difference,
        changed=bool(answer.changed),
        blank=difference is not None and is_blank(answer.value),
        answer=kept(answer, wanted),
        remarks=notes + remarks,
    )


def kept(answer: Answer, expected: Any) -> Answer | None:
    """Return an answer, or None if it is far larger than what was expected: it would take memory, and time
    to look for what explains it."""
    return answer if _size(answer.value) <= MOST_KEPT + 10 * _size(expected) else None


def _size(value: Any) -> int:
    if isinstance(value, list | tuple):
        return sum(10 + _size(item) for item in value)
    if isinstance(value, np.ndarray):
        return value.size if value.dtype != object else _size(value.reshape(-1).tolist())
    return 1


def is_blank(value: Any) -> bool:
    """Return whether a value is `...`, or a list of nothing else."""
    if isinstance(value, list | tuple):
        return bool(value) and all(map(is_blank, value))
    return value is Ellipsis


def costs(finding: Finding) -> tuple[str, ...]:
    """Return what a wrong finding costs: a property or a test that could not be asked, nothing more,
    unless that was because the function hung or died."""
    free = isinstance(finding.case, Property | OwnTest) and not finding.problem
    return () if finding.skipped and free else finding.case.steps


def stopped(finding: Finding) -> bool:
    """Return whether the answer was cut off: the function hung, or killed its worker."""
    return finding.problem is not None and finding.problem.kind is not ProblemKind.EXCEPTION
