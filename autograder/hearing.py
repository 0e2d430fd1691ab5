"""Ask one submission all the questions, and note what each case showed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder import wire
from autograder.compare import Difference, as_array, compare
from autograder.model import (
    Assignment,
    CallCase,
    Data,
    Form,
    Problem,
    Property,
    Question,
    ValueCase,
)
from autograder.sandbox import Sandbox
from autograder.session import LEFT_OUT, Answer, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one case or property showed: right if it has neither difference, problem nor `missing`.

    `leaned` says that it is right only with the notebook's sizes set to the case's. A case that
    was `skipped` was not asked, since an earlier one had already failed it; it has nothing to say.
    """

    case: CallCase | ValueCase | Property
    difference: Difference | None = None
    problem: Problem | None = None
    missing: bool = False
    leaned: bool = False
    changed: bool = False
    skipped: bool = False
    blank: bool = False
    said: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the answer was the expected one."""
        return (
            self.difference is None
            and self.problem is None
            and not (self.missing or self.skipped or self.said)
        )


@dataclass(slots=True)
class Log:
    """The answers of one question, as a digest: equal for equal behaviour."""

    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, answer: Answer) -> Answer:
        problem = answer.problem
        told = (answer.found, problem and (problem.type, problem.message))
        value = b"" if problem else wire.pack({}, [answer.value])
        self.digest.update(repr(told).encode() + value)
        return answer


class _Unanswered(Exception):
    """The student's function gave a property no array."""


class Hearing:
    """One submission, run once on its own data, and again for each of the hidden data."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox, session: Session) -> None:
        self._assignment = assignment
        self._sandbox = sandbox
        self._session = session
        self._reruns: dict[str, dict[str, Answer]] = {}
        self.digests: dict[str, str] = {}

    def all_findings(self) -> dict[str, list[Finding]]:
        """Return what each question's cases and properties showed, in the assignment's order.

        Variables are looked at first: a function that is called may change them.
        """
        found = {}
        for question in sorted(self._assignment.questions, key=lambda question: not question.values):
            log = Log()
            found[question.name] = (
                self._values(question, log) if question.values else self._calls(question, log)
            )
            self.digests[question.name] = log.digest.hexdigest()
        return {question.name: found[question.name] for question in self._assignment.questions}

    # ------------------------------------------------------------ variables

    def _values(self, question: Question, log: Log) -> list[Finding]:
        own = {name: log.add(self._session.value(name)) for name in question.names}
        wrong = set()
        found = []
        for case in sorted(question.values, key=lambda case: case.data is not None):
            answer = own[case.variable]
            if case.data is None:
                finding = self._value(case, question, answer)
            elif case.variable in wrong:
                finding = Finding(case=case, skipped=True)
            else:
                finding = self._value_again(case, question, case.data, answer)
            if not finding.right:
                wrong.add(case.variable)
            found.append(finding)
        return found

    def _value(self, case: ValueCase, question: Question, answer: Answer) -> Finding:
        if not answer.found:
            return Finding(case=case, missing=True, problem=self._problem_with(case.variable))
        finding = _judged(case, question, answer)
        if finding.right or finding.problem is not None:
            return finding
        return replace(finding, problem=self._problem_with(case.variable), blank=_is_blank(answer.value))

    def _value_again(self, case: ValueCase, question: Question, data: Data, own: Answer) -> Finding:
        finding = _judged(case, question, self._answers_with(data)[case.variable])
        if finding.right:
            return finding
        again = self._answers_with(data)[case.variable]
        if not again.found:
            return replace(finding, missing=True)
        if again.problem is None and wire.pack({}, [again.value]) == wire.pack({}, [own.value]):
            said = "does not follow the data: with other numbers drawn, it stays as it was. Is it typed in?"
            return Finding(case=case, said=said)
        return finding

    def _answers_with(self, data: Data) -> dict[str, Answer]:
        """Return the variables of all questions after the notebook was run with other data."""
        if data.name not in self._reruns:
            names = {
                name for question in self._assignment.questions if question.values for name in question.names
            }
            sources, limits = self._session.sources, self._assignment.limits
            with Session(self._sandbox, sources, limits, data.values) as session:
                self._reruns[data.name] = {name: session.value(name) for name in sorted(names)}
        return self._reruns[data.name]

    def _problem_with(self, name: str) -> Problem | None:
        """Return the first problem of the notebook in a statement that mentions a name."""
        noted = next((noted for noted in self._session.problems if name in noted.names), None)
        return noted.problem if noted else None

    # ------------------------------------------------------------ functions

    def _calls(self, question: Question, log: Log) -> list[Finding]:
        found: list[Finding] = []
        for case in question.cases:
            if found and (found[0].missing or _stopped(found[-1])):
                found.append(Finding(case=case, skipped=True, problem=found[-1].problem))
                continue
            found.append(self._call(case, question, log))
        comparable = found[0].difference is None or found[0].difference.kind in ("values", "nonfinite")
        if comparable and not found[0].missing and not _stopped(found[-1]):
            leaned = any(finding.leaned for finding in found)
            found += [self._property(each, question, leaned) for each in question.properties]
        else:
            found += [Finding(case=each, skipped=True) for each in question.properties]
        return found

    def _call(self, case: CallCase, question: Question, log: Log) -> Finding:
        """Ask for one case in each of its forms, as it is, then with the notebook's sizes set to its own."""
        first: Finding | None = None
        for sizes in ({}, case.sizes) if case.sizes else ({},):
            for form in case.forms:
                answer = log.add(self._session.call(question.name, form.arguments, sizes))
                finding = replace(_judged(case, question, answer), leaned=bool(sizes))
                if finding.missing:
                    return replace(finding, problem=self._problem_with(question.name))
                if finding.right:
                    return _with_form(finding, form)
                if _stopped(finding):
                    return replace(finding, leaned=False)
                first = first or finding
        assert first is not None
        return first

    def _property(self, each: Property, question: Question, leaned: bool) -> Finding:
        def function(*arguments: Any) -> Any:
            answer = self._session.call(question.name, arguments, each.sizes if leaned else None)
            array = None if answer.problem or not answer.found else _array_of(answer.value)
            if array is None:
                raise _Unanswered
            return array

        try:
            with np.errstate(all="ignore"):
                holds = bool(each.holds(function, *each.arguments))
        except _Unanswered:
            return Finding(case=each, skipped=True)
        except (ValueError, IndexError, TypeError):  # a result of a shape the predicate cannot take
            holds = False
        return Finding(case=each, said="" if holds else each.feedback)


def _array_of(value: Any) -> Any:
    """Return the array in an answer, or the first of several, or None."""
    whole = as_array(value)
    if whole is None and isinstance(value, list | tuple) and value:
        whole = as_array(value[0])
    return whole


def _judged(case: CallCase | ValueCase, question: Question, answer: Answer) -> Finding:
    if not answer.found:
        return Finding(case=case, missing=True)
    if answer.problem is not None:
        return Finding(case=case, problem=answer.problem)
    difference, remarks = compare(answer.value, case.expected, case.tolerance, vector=question.vector)
    notes = tuple(f"It is a `{note}`; its numbers were judged." for note in answer.notes)
    return Finding(
        case=case,
        difference=difference,
        changed=bool(answer.changed),
        blank=difference is not None and _is_blank(answer.value),
        remarks=notes + remarks,
    )


def _is_blank(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(map(_is_blank, value))
    return value is Ellipsis


def _stopped(finding: Finding) -> bool:
    return finding.problem is not None and finding.problem.type in LEFT_OUT


def _with_form(finding: Finding, form: Form) -> Finding:
    if not form.name:
        return finding
    return replace(finding, remarks=(*finding.remarks, f"It works when it is given {form.name}."))
