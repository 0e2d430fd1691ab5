"""From an author's own tests to those of a question: each is tried on the reference first."""

from __future__ import annotations

import ast
import contextlib
import io
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder import cells, patience, stand_ins, wire
from autograder.errors import AuthoringError
from autograder.model import OwnTest, Problem, ProblemKind, Step
from autograder.own_tests import Source, TestDraft, public_source


class Reference:
    """The master's notebook as tests see it: what crosses to a student's, and nothing else."""

    def __init__(self, defined: Mapping[str, Any], test: str, place: str) -> None:
        self._defined = defined
        self._test = test
        self._place = place
        self.largest = 0
        self.refused: AuthoringError | None = None

    def value(self, name: str) -> Any:
        """Return a variable as plain data, or a function."""
        value = self._defined[name]
        return stand_ins.Function(self, name) if callable(value) else self._seen(value)

    def call(self, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """Return what the reference's function answers.

        Raises:
            AuthoringError: if it is given something that could not be sent to a student's.
        """
        plain = crossed([*arguments, *keywords.values()])
        for sent, value in zip([*arguments, *keywords.values()], plain, strict=True):
            if _is_opaque(value):
                self.refused = AuthoringError(
                    f"test `{self._test}` hands `{name}` a {type(sent).__name__}, which cannot be sent",
                    where=self._place,
                    next_step="A student's function can be given numbers, texts, arrays, and lists of these.",
                )
                raise self.refused
        first = len(arguments)
        named = dict(zip(keywords, plain[first:], strict=True))
        try:
            answer = self._defined[name](*plain[:first], **named)
        except Exception as error:
            raise stand_ins.raised(_problem(error), name) from error
        return self._seen(answer)

    def _seen(self, value: Any) -> Any:
        seen = stand_ins.seen(crossed([value])[0])
        self.largest = max(self.largest, stand_ins.size_of(seen))
        return seen


def crossed(values: Sequence[Any]) -> list[Any]:
    """Return values as they are on the other side of the wire."""
    frame = memoryview(wire.pack({}, values if isinstance(values, list) else list(values)))
    first = wire.LENGTHS.size
    end = first + wire.LENGTHS.unpack_from(frame)[0]
    return wire.unpack(frame[first:end], frame[end:]).values


def _problem(error: Exception) -> Problem:
    bases = tuple(base.__name__ for base in type(error).__mro__[1:])
    return Problem(kind=ProblemKind.EXCEPTION, type=type(error).__name__, bases=bases, message=str(error))


def _is_opaque(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_is_opaque, value))
    return isinstance(value, wire.Opaque)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What tests are rehearsed on.

    Attributes:
        where: the master, for errors.
        sources: its code cells, by the line on which each begins.
        defined: what the cells that students get define in it.
    """

    where: str
    sources: Mapping[int, str]
    defined: Mapping[str, Any]


def defined_by(sources: Sequence[str], namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a namespace these cells define."""
    names: set[str] = set()
    for _, statement in cells.statements(sources):
        names |= cells.defined_by(statement)
        if isinstance(statement, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in statement.names}
    return {name: namespace[name] for name in names if name in namespace}


def rehearsed(
    drafts: Sequence[TestDraft], question: str, main: tuple[str, ...], stage: Stage, line: int
) -> tuple[OwnTest, ...]:
    """Return the tests of a question, each passed by the reference.

    Args:
        drafts: the tests as the author wrote them.
        question: the question's name.
        main: the steps that a test costs by default.
        stage: the master, and what it defines.
        line: the line of the question, for tests that do not stand in the master.

    Raises:
        AuthoringError: if the reference fails one, or a public one would not run at a student's.
    """
    functions = frozenset(name for name, value in stage.defined.items() if callable(value))
    return tuple(
        _rehearsed(draft, f"own_test_{position}", question, main, functions, stage, line)
        for position, draft in enumerate(drafts, start=1)
    )


def _rehearsed(
    draft: TestDraft,
    function: str,
    question: str,
    main: tuple[str, ...],
    functions: frozenset[str],
    stage: Stage,
    line: int,
) -> OwnTest:
    code = draft.function.__code__
    place = f"{stage.where}:{code.co_firstlineno if code.co_filename == stage.where else line}"
    source = Source() if draft.hidden else public_source(draft, function, stage.sources, place)
    steps = main if draft.steps is None else draft.steps
    if draft.points is not None:
        steps = tuple(step.name for step in own_steps([draft]))
    return OwnTest(
        name=draft.name,
        hidden=draft.hidden,
        steps=steps,
        parameters=draft.parameters,
        function=draft.function,
        functions=functions,
        largest=_try(draft, question, stage, place),
        success_message=draft.success_message,
        failure_message=draft.failure_message,
        source=source.text,
        assertions=source.assertions,
    )


def own_steps(drafts: Sequence[TestDraft]) -> tuple[Step, ...]:
    """Return the steps that tests with points are: minor, for an answer that lacks only them passes."""
    return tuple(Step(name=draft.name, points=draft.points, minor=True) for draft in drafts if draft.points)


def _try(draft: TestDraft, question: str, stage: Stage, place: str) -> int:
    """Try a test on the reference; return how large its largest answer is."""
    for parameter in draft.parameters:
        if parameter != "env" and parameter not in stage.defined:
            raise AuthoringError(
                f"test `{draft.name}` asks for `{parameter}`, which the notebook does not define",
                where=place,
                next_step="Its parameters are names that the cells for students define, or `env`.",
            )
    reference = Reference(stage.defined, draft.name, place)
    patience.turn(f"test `{draft.name}` of question `{question}`", place)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            stand_ins.run(draft.function, draft.parameters, reference)
    except (Exception, stand_ins.NoValue) as error:
        if reference.refused is not None:
            raise reference.refused from None
        lines = [
            each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == stage.where
        ]
        told = f"{type(error).__name__}: {error}".rstrip(": ")
        if isinstance(error, stand_ins.NoValue):
            told = str(error)
        raise AuthoringError(
            f"test `{draft.name}` of question `{question}` fails on the reference: {told}",
            where=f"{stage.where}:{lines[-1]}" if lines else place,
            next_step="Mend the test, or the reference: a right answer must pass.",
        ) from error
    if reference.refused is not None:  # the test itself has caught it
        raise reference.refused
    return reference.largest
