"""A master's notebook with other source in one cell, asked what a submission is asked.

Answers cross the wire as a student's do, and are compared by the same code with the same tolerance.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder import cells, master, stand_ins, wire
from autograder.compare import as_asked
from autograder.finding import judged
from autograder.model import (
    CallCase,
    Detects,
    Form,
    OwnTest,
    Problem,
    ProblemKind,
    Property,
    Question,
    ValueCase,
)
from autograder.rehearse import Reference, crossed
from autograder.session import Answer

Case = CallCase | ValueCase | Property | OwnTest


def cases_of(question: Question) -> list[Case]:
    """Return all that a question is judged by: public first, each kind in the master's order."""
    things: list[Case] = [*question.cases, *question.values, *question.properties, *question.tests]
    return sorted(things, key=lambda thing: thing.hidden)


class Notebook:
    """A master's notebook in which one cell was replaced, asked what a submission is asked."""

    def __init__(self, loaded: master.Master, namespace: dict[str, Any]) -> None:
        """Take over a notebook that has run.

        Args:
            loaded: the master.
            namespace: what the notebook defines; it is changed.
        """
        self._loaded = loaded
        self._where = f"solutions/{loaded.path.name}"
        self._namespace = namespace
        self._reruns = master.Reruns(loaded.cells, self._where, forgiving=True)
        self._form: dict[str, Form] = {}

    def replace(self, position: int, source: str) -> None:
        """Put other source into a cell."""
        line = self._loaded.cells[position].line
        changed = list(self._loaded.cells)
        changed[position] = replace(changed[position], source=source)
        self._reruns = master.Reruns(tuple(changed), self._where, forgiving=True)
        self._reruns.run_cell(source, self._namespace, line)

    def ask(self, asked: Sequence[tuple[Question, Case]]) -> Iterator[bool]:
        """Yield whether each case finds something wrong."""
        for question, case in asked:
            yield not self._right(question, case)

    def _right(self, question: Question, case: Case) -> bool:
        with np.errstate(all="ignore"):
            match case:
                case CallCase():
                    return self._answers(question, case)
                case ValueCase():
                    return self._has(question, case)
                case Property():
                    return self._holds(question, case)
                case OwnTest():
                    return self._passes(case)

    def _answers(self, question: Question, case: CallCase) -> bool:
        """Return whether a call is right: for a public case, in any form, which is used from then on."""
        if case.hidden:
            return self._is_right(question, case, self._form.get(question.name, question.forms[0]))
        for form in question.forms:
            if self._is_right(question, case, form):
                self._form[question.name] = form
                return True
        return False

    def _is_right(self, question: Question, case: CallCase, form: Form) -> bool:
        answer = self._call(question, form.make(*copy.deepcopy(case.arguments)))
        watched = any(step.detects is Detects.MUTATION for step in question.steps)
        return judged(case, question, answer).right and not (watched and answer.changed)

    def _call(self, question: Question, arguments: Sequence[Any]) -> Answer:
        if question.name not in self._namespace:
            return Answer(found=False)
        given = crossed(list(arguments))
        before = [wire.pack({}, [argument]) for argument in given]
        try:
            value = self._namespace[question.name](*given)
        except Exception as error:
            return Answer(found=True, problem=Problem(kind=ProblemKind.EXCEPTION, type=type(error).__name__))
        changed = tuple(
            position
            for position, (argument, was) in enumerate(zip(given, before, strict=True))
            if wire.pack({}, [argument]) != was
        )
        return Answer(found=True, value=crossed([value])[0], changed=changed)

    def _has(self, question: Question, case: ValueCase) -> bool:
        """Return whether a variable is right, with other data or at least with other seeds."""
        runs: list[tuple[Callable[[], dict[str, Any]], Any]] = [(self._reruns.as_it_is, case.expected)]
        if case.data is not None:
            data = case.data
            runs = [
                (lambda: self._reruns.with_data(data), case.expected),
                (self._reruns.reseeded, case.reseeded),
            ]
        for run, expected in runs:
            namespace = run()
            found = case.variable in namespace
            answer = Answer(found=found, value=crossed([namespace[case.variable]])[0] if found else None)
            if judged(case, question, answer, expected).right:
                return True
        return False

    def _holds(self, question: Question, each: Property) -> bool:
        form = self._form.get(question.name, question.forms[0])

        def function(*arguments: Any) -> Any:
            answer = self._call(question, form.make(*copy.deepcopy(arguments)))
            made = None if answer.problem is not None else as_asked(answer.value, question.cases[0].expected)
            if made is None:
                raise TypeError("no array")
            return made

        try:
            return bool(each.holds(function, *each.arguments))
        except Exception:  # no array, or a shape or a number that the predicate cannot take
            return False

    def _passes(self, test: OwnTest) -> bool:
        reference = Reference(self._namespace, test.name, self._where)
        try:
            stand_ins.run(test.function, test.parameters, reference)
        except (Exception, stand_ins.NoValue, stand_ins.Stopped):
            return False
        return True


def using_questions(loaded: master.Master) -> dict[str, list[Question]]:
    """Return, for each question, itself and those that use what it defines."""
    assignment, sources = loaded.assignment, [cell.source for cell in master.Reruns(loaded.cells, "").cells]
    reads: dict[str, set[str]] = {}
    for _, statement in cells.statements(sources):
        for name in cells.defined_by(statement):
            reads.setdefault(name, set()).update(cells.read_by(statement))
    used = {each.name: set[str]() for each in assignment.questions}
    for each in assignment.questions:
        pending = list(each.names)
        while pending:
            name = pending.pop()
            if name not in used[each.name]:
                used[each.name].add(name)
                pending += reads.get(name, ())
    return {
        question.name: [
            question,
            *(
                each
                for each in assignment.questions
                if each is not question and used[each.name].intersection(question.names)
            ),
        ]
        for question in assignment.questions
    }
