"""Ask a submission's function for the cases and properties of a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder import ahead, wire
from autograder.compare import as_asked, part_of
from autograder.finding import Finding, Log, judged, stopped
from autograder.model import CallCase, Form, Problem, ProblemKind, Property, Question
from autograder.reruns import Reruns
from autograder.session import Answer, Session

UNSTEADY = (
    "is another one when the same input comes again: does it draw random numbers, or keep something "
    "between calls"
)


LONGEST = 500
"""How many characters are shown of what an author's function says of a property."""


class _Unanswered(Exception):
    """The student's function gave a property no array; what it gave instead, if there are words for it."""


class Asking:
    """One function of one submission, asked case by case.

    First the public cases, then the rest: what a student's code says after it has seen a hidden
    input is not shown. No process is asked twice for the same hidden input: a function that
    remembers could try one guess after the other.
    """

    def __init__(
        self, question: Question, session: Session, reruns: Reruns, log: Log, gone: dict[str, Problem]
    ) -> None:
        self._question = question
        self._session = session
        self._reruns = reruns
        self._log = log
        self._gone = gone
        self._form = question.forms[0]
        self._part: int | None = None
        self._leaned = False
        self._found: dict[str, Finding] = {}
        self._last = b""
        self._ahead: dict[str | bytes, Answer] = {}
        self._answers: dict[str, bytes] = {}
        self._resized: dict[tuple[str, int], Finding] = {}

    def take(self, about: str, answer: Answer) -> None:
        """Take an answer that was asked for ahead, together with others."""
        self._ahead[about] = answer

    def ask_public(self) -> None:
        """Ask for the public cases; the form of input that is right there is used from then on."""
        for case in self._question.cases:
            if not case.hidden and not self._given_up():
                self._found[case.name] = self._public(case)

    @property
    def found(self) -> list[Finding]:
        """What the cases that were asked have shown so far."""
        return list(self._found.values())

    def ask_hidden(self) -> list[Finding]:
        """Ask for the hidden cases and the properties; return what all of them showed.

        After a function that is missing, hangs or kills its worker, it is not asked again.
        """
        right_before = all(finding.right for finding in self._found.values())
        self._call_ahead()
        for case in self._question.cases:
            if case.hidden and not self._given_up():
                self._found[case.name] = self._hidden(case, right_before=right_before)
        self._ask_again()
        findings = [
            self._found.get(case.name) or Finding(case=case, skipped=True, problem=self._last_problem())
            for case in self._question.cases
        ]
        return findings + [self._asked_property(each, findings) for each in self._question.properties]

    def _call_ahead(self) -> None:
        """Call for all that is hidden, and once more for the first public case, together: it is quicker."""
        if self._given_up():
            return
        again = [case for case in self._question.cases if case.name in self._answers][:1]
        together = ahead.hidden(self._question, again, self._form)
        answers = self._session.several(together.requests, together.arguments)
        self._ahead = {about: answer for (_, about), answer in zip(together.about, answers, strict=False)}

    def _asked_property(self, each: Property, cases: Sequence[Finding]) -> Finding:
        """Ask for a property, unless no case gave an answer that could have it; nobody escapes one by
        stopping in a cheap case before."""
        if self._given_up():
            return Finding(case=each, skipped=True, problem=self._last_problem())
        if not any(_is_sound(finding) for finding in cases):
            return Finding(case=each, skipped=True)
        return self._property(each)

    def _ask_again(self) -> None:
        """Ask once more for the first public case: a function must answer the same input the same way.

        What it says is not shown: it has seen hidden inputs by now.
        """
        case = next((case for case in self._question.cases if case.name in self._answers), None)
        if case is None or self._given_up():
            return
        first = self._found[case.name]
        again = self._ahead.get(case.name) or self._call(self._session, ahead.arguments(case, self._form))
        if again.problem is not None and self._session.over is not None:
            return  # it had no time to answer once more: the first answer stands
        if wire.pack({}, [again.value]) == self._answers[case.name] and again.problem is None:
            return
        if first.right and not judged(case, self._question, again).right:
            self._found[case.name] = Finding(case=case, said=f"{UNSTEADY}?")
        else:
            unsteady = f"The result {UNSTEADY}?"
            self._found[case.name] = replace(first, remarks=(*first.remarks, unsteady))

    def _given_up(self) -> bool:
        if self._question.name in self._gone:
            return True
        return any(finding.missing or stopped(finding) for finding in self._found.values())

    def _last_problem(self) -> Problem | None:
        problems = [finding.problem for finding in self._found.values() if finding.problem]
        return problems[-1] if problems else self._gone.get(self._question.name)

    def _public(self, case: CallCase) -> Finding:
        """Return the first right answer of all forms of the input, else the first answer."""
        first: Finding | None = None
        for form in self._question.forms:
            finding = self._ask(case, form, self._session)
            if finding.problem is None and not finding.missing and form is self._form:
                self._answers[case.name] = self._last
            if finding.missing:
                return replace(finding, problem=self._session.problem_with(self._question.name))
            if finding.right:
                self._form, self._answers[case.name] = form, self._last
                return _with_form(finding, form)
            first = first or finding
            if stopped(finding) or _has_wrong_numbers(finding):
                break
        assert first is not None
        return first

    def _hidden(self, case: CallCase, *, right_before: bool) -> Finding:
        """Return the answer; a function that was right for public cases and is wrong here may lean on
        sizes of the notebook, so it is asked again in one that was run with the sizes of this case."""
        finding = self._ask(case, self._form, self._session)
        if finding.right or stopped(finding) or not right_before:
            return finding
        for way in range(len(case.sizes)):
            again = self._with_sizes(case, way)
            if again.right:
                self._leaned = True
                return replace(again, leaned=True)
        return finding

    def _with_sizes(self, case: CallCase, way: int) -> Finding:
        if (case.name, way) not in self._resized:
            again = self._ask(case, self._form, self._reruns.with_sizes(case.sizes[way]))
            self._resized[case.name, way] = again
        return self._resized[case.name, way]

    def resized(self, way: int) -> list[Finding]:
        """Return what all cases show, the hidden ones asked in a notebook that was run with their sizes.

        There may be several ways to see what these are. It is for a function that is wrong, whether it
        leans on sizes or not.
        """
        return [
            self._with_sizes(case, way) if case.hidden and not found.leaned else found
            for case in self._question.cases
            if (found := self._found.get(case.name)) is not None
        ]

    def _ask(self, case: CallCase, form: Form, session: Session) -> Finding:
        known = self._ahead.pop(case.name, None) if session is self._session else None
        answer = known or self._call(session, ahead.arguments(case, form))
        if session is self._session:
            self._log.add(answer)
        finding = judged(case, self._question, answer)
        self._last = b"" if case.hidden or answer.problem else wire.pack({}, [answer.value])
        if finding.right and not isinstance(case.expected, list):
            self._part = part_of(answer.value, np.asarray(case.expected), vector=self._question.vector)
        return finding

    def _call(self, session: Session, arguments: wire.Packed | tuple[Any, ...]) -> Answer:
        return session.call(self._question.name, arguments, self._question.call_seconds)

    def _property(self, each: Property) -> Finding:
        """Ask where the cases were right: in the notebook as it is, or run with other sizes."""
        sessions = [self._session]
        if self._leaned:
            sessions += [self._reruns.with_sizes(sizes) for sizes in each.sizes]
        held = [self._holds(each, session) for session in sessions]
        if True in held:
            return Finding(case=each)
        if False in held:
            return Finding(case=each, said=self._said(each))
        if self._session.over is not None:
            return Finding(case=each, problem=self._session.over)
        return Finding(case=each, said=f"It gives {held[0]} when it is tried whether {each.name}.")

    def _said(self, each: Property) -> str:
        """Return what is said to who lacks a property, in words that may depend on the answers."""
        if isinstance(each.feedback, str):
            return each.feedback
        try:
            with np.errstate(all="ignore"):
                return wire.plain(str(each.feedback(self._caller(self._session), *each.arguments)), LONGEST)
        except Exception:  # what the author's function cannot take, or an answer that is none
            return f"It should be so, and is not: {each.name}."

    def _holds(self, each: Property, session: Session) -> bool | str:
        """Return whether it holds, or what the function gives that is no array of a likely size."""
        try:
            with np.errstate(all="ignore"):
                return bool(each.holds(self._caller(session), *each.arguments))
        except _Unanswered as error:
            return str(error) or "no array of numbers"
        except Exception:  # a shape or a number that the predicate cannot take
            return False

    def _caller(self, session: Session) -> Callable[..., Any]:
        """Return a function that answers with the submission's arrays, or with lists of them."""
        expected = [case.expected for case in self._question.cases]
        usual = max(map(_size, expected))

        def function(*arguments: Any) -> Any:
            largest = 10 * max(usual, *map(_size, arguments), 1)
            given = self._form.make(*arguments)
            known = self._ahead.pop(ahead.call_key(given), None) if session is self._session else None
            answer = known or self._call(session, given)
            if answer.problem is not None:
                late = answer.problem.kind is ProblemKind.TIMEOUT
                raise _Unanswered("no answer in time" if late else "")
            value = answer.value if self._part is None else _item(answer.value, self._part)
            made = as_asked(value, expected[0])
            if made is None or _size(made) > largest:
                raise _Unanswered
            return made

        return function


def _is_sound(finding: Finding) -> bool:
    """Return whether there is an array of the right shape, right or wrong."""
    if finding.problem is not None or finding.missing or finding.skipped:
        return False
    return finding.difference is None or finding.difference.comparable


def _has_wrong_numbers(finding: Finding) -> bool:
    """Return whether it took the input in this form, and is wrong: no other form makes that good."""
    return finding.difference is not None and finding.difference.comparable


def _size(value: Any) -> int:
    """Return how many numbers there are in an array, or in a list of arrays."""
    return sum(map(np.size, value)) if isinstance(value, list) else int(np.size(value))


def _item(value: Any, part: int) -> Any:
    if isinstance(value, list | tuple) and part < len(value):
        return value[part]
    raise _Unanswered


def _with_form(finding: Finding, form: Form) -> Finding:
    if not form.name:
        return finding
    return replace(finding, remarks=(*finding.remarks, f"It was given {form.name}."))
