"""Ask a submission an author's own tests: a test runs here, the student's functions in the worker."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder import wire
from autograder.finding import Finding, stopped
from autograder.model import OwnTest, Problem, ProblemKind, Question
from autograder.reruns import Reruns
from autograder.session import Answer, Session
from autograder.stand_ins import Function, NoValue, Stopped, StudentError, raised, run, seen, size_of

LARGER = 10
SMALL = 1000
MAX_TOLD = 300


class Testing:
    """The tests of one question of one submission.

    A function that is in `gone` hung or killed its worker when its own question was asked: no test
    calls it again. After a test in which the question's own function did, none is run.
    """

    def __init__(
        self, question: Question, session: Session, reruns: Reruns, gone: dict[str, Problem]
    ) -> None:
        self._question = question
        self._session = session
        self._reruns = reruns
        self._gone = gone
        self._hung_here: dict[str, Problem] = {}
        self._found: dict[str, Finding] = {}

    def ask_public(self, cases: Sequence[Finding]) -> None:
        """Run the public tests; `cases` is what has been found of the question so far."""
        self._ask(cases, hidden=False)

    def ask_hidden(self, cases: Sequence[Finding]) -> list[Finding]:
        """Run the hidden tests; return what all tests showed, in the author's order."""
        self._ask(cases, hidden=True)
        return [self._found[test.name] for test in self._question.tests]

    def _ask(self, cases: Sequence[Finding], *, hidden: bool) -> None:
        """Run each test, unless there is nothing to test, or the question was given up."""
        asked = [finding for finding in cases if not finding.skipped]
        nothing = any(finding.missing for finding in asked) or all(finding.blank for finding in asked)
        for test in self._question.tests:
            if test.hidden is not hidden:
                continue
            own = self._question.name
            if nothing or own in self._gone:
                # nobody must escape a test by hanging in an earlier one: then it costs what it can
                cause = self._hung_here.get(own) or self._gone.get(own)
                self._found[test.name] = Finding(case=test, skipped=True, problem=cause)
                continue
            finding = self._try(test, right_before=all(each.right for each in cases))
            self._found[test.name] = finding
            if finding.problem is not None and stopped(finding):
                self._hung_here[finding.asked] = finding.problem
                if finding.asked == own:
                    self._gone[own] = finding.problem

    def _try(self, test: OwnTest, *, right_before: bool) -> Finding:
        """Run a test; where only the question's function may be to blame, and it was right before, also
        in a notebook with the sizes of what the test asks."""
        gone = {**self._gone, **self._hung_here}
        notebook = Asked(self._question, test, self._session, gone)
        finding = _outcome(test, notebook)
        if finding.right or stopped(finding) or not right_before or notebook.called != {self._question.name}:
            return finding
        ways = notebook.ways if all(notebook.ways) else [0]  # where one call has no sizes, none has
        for way in range(max(ways)):
            sized = Asked(self._question, test, self._session, gone, (self._reruns, way))
            again = _outcome(test, sized)
            if again.right:
                return replace(again, leaned=True)
        return finding


class Asked:
    """A student's notebook as a test sees it, and what the test has asked of it.

    With `sized`, the question's function is called in notebooks that were run with other sizes.
    """

    def __init__(
        self,
        question: Question,
        test: OwnTest,
        session: Session,
        gone: Mapping[str, Problem],
        sized: tuple[Reruns, int] | None = None,
    ) -> None:
        self._question = question
        self._test = test
        self._session = session
        self._gone = gone
        self._sized = sized
        self.called: set[str] = set()
        self.missing: list[str] = []
        self.changed = False
        self.ways: list[int] = []
        self.stopped: Stopped | None = None

    def value(self, name: str) -> Any:
        """Return a variable as plain data, or a function."""
        answer = self._session.value(name)
        if not answer.found:
            self.missing.append(name)
            raise KeyError(name)
        if answer.problem is not None and answer.problem.kind is ProblemKind.EXCEPTION:
            raise StudentError(answer.problem, name)  # a KeyError would say that it is not there
        value = self._checked(answer, name)
        return (
            Function(self, name)
            if name in self._test.functions or isinstance(value, wire.Opaque)
            else seen(value)
        )

    def call(self, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """Return what a student's function answers.

        Raises:
            StudentError: if it raises.
            Stopped: if it gives no answer.
        """
        if name in self._gone:
            self._stop(Stopped(self._gone[name], name))
        own = name == self._question.name
        session = self._session_for(arguments, keywords) if own else self._session
        self.called.add(name)
        seconds = self._question.call_seconds if own else None
        answer = session.call(name, arguments, seconds, keywords)
        self.changed = self.changed or bool(answer.changed)
        return seen(self._checked(answer, name))

    def _session_for(self, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Session:
        """Return where to call the question's function; note in how many ways its sizes can be seen."""
        sizes = () if self._question.sizes is None else _ways(self._question, arguments, keywords)
        self.ways.append(len(sizes))
        if self._sized is None or not sizes:
            return self._session
        reruns, way = self._sized
        return reruns.with_sizes(sizes[min(way, len(sizes) - 1)])

    def _checked(self, answer: Answer, name: str) -> Any:
        """Return a value, if there is one, of a size that need not be feared."""
        if not answer.found:
            raise TypeError(f"`{name}` is not there")
        if answer.problem is not None:
            error = raised(answer.problem, name)
            if isinstance(error, Stopped):
                self._stop(error)
            raise error
        if size_of(answer.value) > max(SMALL, LARGER * self._test.largest):
            raise TypeError(f"`{name}` is far larger than what was asked for")
        return answer.value

    def _stop(self, error: Stopped) -> None:
        self.stopped = self.stopped or error
        raise self.stopped


def _ways(
    question: Question, arguments: tuple[Any, ...], keywords: Mapping[str, Any]
) -> tuple[Mapping[str, int], ...]:
    assert question.sizes is not None
    try:
        return question.sizes(*arguments, **keywords)
    except Exception:  # made for the inputs of cases: a test may ask for others
        return ()


# ---------------------------------------------------------------- what it showed


def _outcome(test: OwnTest, notebook: Asked) -> Finding:
    """Run a test, and return what it showed: a test that swallows a hang has not passed."""
    error: BaseException | None = None
    try:
        run(test.function, test.parameters, notebook)
    except (Exception, Stopped, NoValue) as caught:
        error = caught
    error = notebook.stopped or error
    finding = Finding(case=test, changed=notebook.changed)
    if error is None:
        return finding
    if isinstance(error, StudentError | Stopped):
        return replace(finding, problem=error.problem, asked=error.asked, said=test.failure_message)
    told = "" if test.hidden else _told(error, test, notebook)
    return replace(finding, said=f"{test.failure_message} {told}".strip() or "It does not pass.")


def _told(error: BaseException, test: OwnTest, notebook: Asked) -> str:
    """Return why a public test fails: what is not there, the assertion's text or its code."""
    wanted = (*test.parameters, *error.args[:1]) if isinstance(error, KeyError) else test.parameters
    missing = [name for name in notebook.missing if name in wanted]
    if missing:
        return f"`{missing[0]}` is not there."
    text = wire.plain(str(error), MAX_TOLD)
    if isinstance(error, NoValue):
        return f"It cannot be judged: {text}."
    if not isinstance(error, AssertionError):
        return f"It stops with `{type(error).__name__}: {text}`."
    if text:
        return f"({text.rstrip('.')})" if test.failure_message else f"{text.rstrip('.')}."
    here = test.function.__code__.co_filename
    lines = [each.lineno or 0 for each in traceback.extract_tb(error.__traceback__) if each.filename == here]
    assertion = test.assertions.get(lines[-1], "") if lines else ""
    return f"`{assertion}` does not hold." if assertion else "An assertion does not hold."
