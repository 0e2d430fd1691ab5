"""An earlier error carried forward: a question asked again, with earlier answers those of the reference.

For functions, the reference is called here, in the judge: its code never gets to a worker. What a worker
hands to it is untrusted: numbers, and not too many of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder import cells, wire
from autograder.explain import Explainer, Explanation
from autograder.finding import Finding
from autograder.hearing import hear
from autograder.model import Assignment, Data, Function, Problem, ProblemKind, Question
from autograder.sandbox import Sandbox
from autograder.session import Given, Session
from autograder.variants import quietly

MAX_NUMBERS = 40_000
MAX_LENGTH = 250
MAX_ROOM = MAX_LENGTH**2
"""How many numbers a result may have if, by broadcasting, each of its axes becomes the longest."""
MAX_MESSAGE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What a question showed with earlier answers replaced by the reference's.

    `earlier` are the questions, of those that its code calls if it calls some.
    """

    earlier: tuple[str, ...]
    found: list[Finding]
    explanation: Explanation | None


def again(
    question: Question,
    earlier: Sequence[Question],
    assignment: Assignment,
    sandbox: Sandbox,
    session: Session,
    sources: Sequence[str],
    explainer: Explainer,
) -> Again:
    """Return what a question shows if the earlier ones had been answered as the reference does.

    Args:
        question: the question.
        earlier: those before it whose answers are wrong.
        assignment: the assignment.
        sandbox: where the notebook is run again.
        session: the notebook as it is, asked all questions.
        sources: its cells, with what hung or killed a worker: that may have been an earlier answer.
        explainer: explains what is wrong even so.
    """
    references = References(assignment, earlier)
    own = replace(assignment, questions=(question,))
    for tried in (sources, session.sources):
        given = references.given("")
        with Session(sandbox, tried, assignment.limits, given, session.clock) as replaced:
            if tried is sources and any(
                noted.problem.kind is not ProblemKind.EXCEPTION for noted in replaced.problems
            ):
                continue
            heard = hear(own, sandbox, replaced, explainer, sources=tried, given=references.given)
            break
    names = [each.name for each in earlier]
    read = cells.globals_read(sources, question.name, names)
    return Again(
        earlier=tuple(name for name in names if name in read or not read),
        found=[_unsaid(finding) for finding in heard.found[question.name]],
        explanation=heard.explanations.get(question.name),
    )


def _unsaid(finding: Finding) -> Finding:
    """Return a finding without what a student's code says: it may have seen hidden inputs before."""
    problem, difference = finding.problem, finding.difference
    return replace(
        finding,
        problem=problem and Problem(kind=problem.kind, type=problem.type and "Exception"),
        difference=difference and replace(difference, text=difference.brief),
        remarks=(),
    )


class References:
    """The reference's answers to some questions."""

    def __init__(self, assignment: Assignment, questions: Sequence[Question]) -> None:
        self._assignment = assignment
        self._functions: dict[str, Function] = {}
        self._variables = [question for question in questions if question.values]
        for question in questions:
            function = question.variant(()) if question.variant else None
            if function is not None:
                self._functions[question.name] = function

    def given(self, data: str) -> Given:
        """Return what a notebook gets that is run with the data of this name, or with its own."""
        values: dict[str, Any] = {}
        for question in self._variables:
            values.update(self._values(question, data))
        return Given(values=values, functions=tuple(self._functions), answers=self.answer)

    def _values(self, question: Question, data: str) -> Mapping[str, Any]:
        known: dict[str, Data | None] = {"": None}
        for each in self._assignment.questions:
            known.update((case.data.name, case.data) for case in each.values if case.data)
        assert self._assignment.rerun is not None
        defined = self._assignment.rerun((), known[data], question.name)
        return {name: defined[name] for name in question.names}

    def answer(self, asked: wire.Message) -> tuple[dict[str, Any], list[Any]]:
        """Return what a function of the reference answers, or raises."""
        try:
            return {}, [self._called(asked.head["asks"], asked.head.get("keywords"), asked.values)]
        except Exception as error:
            return {"raises": type(error).__name__, "message": str(error)[:MAX_MESSAGE]}, []

    def _called(self, name: Any, keywords: Any, values: list[Any]) -> Any:
        if not isinstance(name, str) or name not in self._functions:
            raise NameError("there is no such function")
        if not isinstance(keywords, list) or not all(isinstance(each, str) for each in keywords):
            raise TypeError("arguments are named by texts")
        if len(keywords) > len(values) or sum(map(_numbers, values)) > MAX_NUMBERS:
            raise ValueError(f"`{name}` is called with more numbers than belong to this exercise")
        if max(map(_longest, values), default=0) ** max(map(_axes, values), default=0) > MAX_ROOM:
            raise ValueError(f"`{name}` is called with more axes than belong to this exercise")
        if max(map(_size, values), default=0) > MAX_LENGTH:
            raise ValueError(f"`{name}` is called with a larger size than belongs to this exercise")
        first = len(values) - len(keywords)
        with quietly():
            named = dict(zip(keywords, values[first:], strict=True))
            return self._functions[name](*values[:first], **named)


def _numbers(value: Any) -> int:
    """Return how many numbers there are in a value.

    Raises:
        TypeError, ValueError: if there is something else in it, or a length is larger than in any exercise.
    """
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        if max(value.shape, default=0) > MAX_LENGTH:
            raise ValueError("an array is larger than belongs to this exercise")
        return value.size
    if isinstance(value, list | tuple):
        if len(value) > MAX_LENGTH:
            raise ValueError("a list is longer than belongs to this exercise")
        return sum(map(_numbers, value))
    if isinstance(value, bool | int | float):
        return 1
    raise TypeError("arguments are numbers, arrays of them, and lists")


def _size(value: Any) -> float:
    """Return the number that a value is, since the reference may make an array of that length; else 0."""
    return 0.0 if isinstance(value, list | tuple) or np.size(value) != 1 else float(np.asarray(value).item())


def _axes(value: Any) -> int:
    """Return how many axes an array has, or would have if it were made of a list."""
    if isinstance(value, list | tuple):
        return 1 + max(map(_axes, value), default=0)
    return int(np.ndim(value))


def _longest(value: Any) -> int:
    """Return the length of the longest axis or list in a value."""
    if isinstance(value, list | tuple):
        return max(len(value), max(map(_longest, value), default=0))
    return max(np.shape(value), default=0)
