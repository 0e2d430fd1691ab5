"""Try a master's mutants on its cases, in a process of its own: each in a fork that is killed if it hangs.

A master is trusted, and so is a mutant of it as far as malice goes: what is met here are accidents.
Answers cross the wire as a student's do, and are compared by the same code with the same tolerance.
"""

from __future__ import annotations

import contextlib
import copy
import gc
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder import cells, master, stand_ins, wire
from autograder.compare import as_array
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
from autograder.mutants import mutants_of
from autograder.rehearse import Reference, crossed
from autograder.session import Answer

REFERENCE_SECONDS = 600.0
PATIENCE = 2.0
"""How many seconds a mutant may always take, of the processor's time."""
SLOWER = 20
"""How many times longer than the reference it may take before it counts as hanging."""
IDLE = 10
"""How many times longer than that it may take of wall time: the machine may be busy."""

Case = CallCase | ValueCase | Property | OwnTest
Outcome = tuple[str, str, bool]
"""A question, one of its cases, and whether that found something wrong."""


class _Unanswered(Exception):
    """A mutant gave a property no array."""


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
            array = None if answer.problem is not None else as_array(answer.value)
            if array is None:
                raise _Unanswered
            return array

        try:
            return bool(each.holds(function, *each.arguments))
        except Exception:  # a shape or a number that the predicate cannot take
            return False

    def _passes(self, test: OwnTest) -> bool:
        reference = Reference(self._namespace, test.name, self._where)
        try:
            stand_ins.run(test.function, test.parameters, reference)
        except (Exception, stand_ins.NoValue, stand_ins.Stopped):
            return False
        return True


# ---------------------------------------------------------------- the process of its own


def main() -> None:
    """Read a packed master; write a line of JSON for each question's reference, then for each mutant.

    Each line is a list of outcomes; what is not in it was not asked. The argument is the patience.
    """
    patience = float(sys.argv[1])
    output, sys.stdout = sys.stdout, sys.stderr
    loaded = master.unpack(sys.stdin.buffer.read())
    namespace = master.Reruns(loaded.cells, f"solutions/{loaded.path.name}").as_it_is()
    gc.collect()
    gc.freeze()  # a fork need not copy what its collector would touch
    using = {question.name: _using(question, loaded) for question in loaded.assignment.questions}
    seconds = {}

    def tell(outcomes: Sequence[Outcome]) -> None:
        output.write(json.dumps(outcomes) + "\n")
        output.flush()

    for name, questions in using.items():
        place = next((at, cell.source) for at, cell in enumerate(loaded.cells) if cell.question == name)
        started = time.monotonic()
        tell(_tried(loaded, namespace, questions, place, REFERENCE_SECONDS))
        seconds[name] = max(patience, SLOWER * (time.monotonic() - started))
    for mutant in mutants_of(loaded.cells):
        place = (mutant.cell, mutant.source)
        tell(_tried(loaded, namespace, using[mutant.question], place, seconds[mutant.question]))


def _using(question: Question, loaded: master.Master) -> list[Question]:
    """Return a question, and those that use what it defines."""
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
    others = [each for each in assignment.questions if each is not question]
    return [question, *(each for each in others if used[each.name].intersection(question.names))]


def _order(questions: Sequence[Question], *, hidden_only: bool) -> list[tuple[Question, Case]]:
    """Return what is asked: functions before variables, since these need the notebook to be run again."""
    return [
        (question, case)
        for question in sorted(questions, key=lambda question: bool(question.values))
        for case in cases_of(question)
        if case.hidden or not hidden_only
    ]


def _tried(
    loaded: master.Master,
    namespace: dict[str, Any],
    questions: Sequence[Question],
    place: tuple[int, str],
    seconds: float,
) -> list[Outcome]:
    """Return the outcomes with other source in one cell.

    The case that it hangs in, or does not survive, is no right answer, and the last one asked; but
    if that is a public case, the hidden ones are asked alone.
    """
    outcomes: list[Outcome] = []
    for hidden_only in (False, True):
        asked = _order(questions, hidden_only=hidden_only)
        told, ended = _forked(loaded, namespace, asked, place, seconds)
        found = [*told, *([] if ended else [True])][: len(asked)]
        outcomes += [
            (question.name, case.name, wrong) for (question, case), wrong in zip(asked, found, strict=False)
        ]
        if ended or any(case.hidden for _, case in asked[: len(found)]):
            break
    return outcomes


def _forked(
    loaded: master.Master,
    namespace: dict[str, Any],
    asked: Sequence[tuple[Question, Case]],
    place: tuple[int, str],
    seconds: float,
) -> tuple[list[bool], bool]:
    """Return what a fork tells in some seconds, and whether it came to its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.close(reading)
            for timer, number, limit in (
                (signal.ITIMER_PROF, signal.SIGPROF, seconds),
                (signal.ITIMER_REAL, signal.SIGALRM, IDLE * seconds),
            ):
                signal.signal(number, signal.SIG_DFL)  # ends it, whatever it is doing
                signal.setitimer(timer, limit)
            memory = loaded.assignment.limits.memory_bytes
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for descriptor in (1, 2):
                os.dup2(nowhere, descriptor)
            notebook = Notebook(loaded, namespace)
            notebook.replace(*place)
            for wrong in notebook.ask(asked):
                os.write(writing, b"1" if wrong else b"0")
            os._exit(0)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        answers = [byte == ord("1") for byte in told.read()]
    _, status = os.waitpid(child, 0)
    return answers, status == 0


if __name__ == "__main__":
    main()
