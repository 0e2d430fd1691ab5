"""An author's own tests, as they stand in a master: read, checked, and copied for students."""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import re
import symtable
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import FunctionType
from typing import Any, Protocol

from autograder import cells
from autograder.errors import AuthoringError
from autograder.otter_classes import ARGUMENTS

_HEAD = "@test_case(name={name!r}, hidden=False, success_message={success!r}, failure_message={failure!r})\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestDraft:
    """A test as its author wrote it; `steps` and `points` are None where nothing is said."""

    name: str
    points: float | None
    hidden: bool
    success_message: str
    failure_message: str
    steps: tuple[str, ...] | None
    function: FunctionType

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the test asks the notebook for."""
        return tuple(inspect.signature(self.function).parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A public test as students get it, and its assertions by the lines of the master they are on."""

    text: str = ""
    assertions: Mapping[int, str] = field(default_factory=dict)


def drafted(thing: Any, steps: Sequence[str] | None = None) -> TestDraft:
    """Return what a decorated function says: made by Otter's `test_case`, or by our stand-in.

    Raises:
        AuthoringError: if it is something else, or says something that cannot be meant.
    """
    if isinstance(thing, TestDraft):
        return thing
    if not all(hasattr(thing, name) for name in (*ARGUMENTS, "test_func")):
        raise AuthoringError(
            f"`{getattr(thing, '__name__', thing)!s:.60}` is no test",
            next_step="Decorate a function with `@test_case(...)`, and give that.",
        )
    if callable(thing.name):
        raise AuthoringError(
            f"`@test_case` of `{getattr(thing.name, '__name__', '')}` has no brackets",
            next_step="Write `@test_case()`.",
        )
    function = thing.test_func
    if not isinstance(function, FunctionType):
        raise AuthoringError(
            f"test `{thing.name}` decorates a {type(function).__name__}, not a function",
            next_step="`@test_case(...)` stands right above a `def`.",
        )
    named = thing.name or function.__name__
    for name in ("name", "success_message", "failure_message"):
        if not isinstance(getattr(thing, name), str | None):
            raise AuthoringError(f"`{name}` of test `{named}` is no text")
    if steps is not None and thing.points is not None:
        raise AuthoringError(
            f"test `{named}` has both `points` and `steps`",
            next_step="With `points` it is a step of its own; with `steps` it costs these.",
        )
    _check_parameters(function, named)
    return TestDraft(
        name=thing.name or "",
        points=_points(thing.points, named),
        hidden=bool(thing.hidden),
        success_message=thing.success_message or "",
        failure_message=thing.failure_message or "",
        steps=None if steps is None else tuple(steps),
        function=function,
    )


def with_names(things: Sequence[Any], question: str) -> tuple[TestDraft, ...]:
    """Return the tests of a question, each with a name: by default, that which Otter gives it."""
    drafts = map(drafted, things)
    return tuple(
        replace(draft, name=draft.name or f"{question} - {position}")
        for position, draft in enumerate(drafts, start=1)
    )


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def check_names(
    tests: Sequence[TestDraft], question: str, others: Mapping[str, Sequence[_Named]], place: str
) -> None:
    """Check that each test has a name of its own.

    Args:
        tests: the tests of a question.
        question: the question's name.
        others: what else has a name there, by what it is: case, property, step.
        place: the question's place in the master.

    Raises:
        AuthoringError: if two things have one name.
    """
    taken = {thing.name: kind for kind, things in others.items() for thing in things}
    for test in tests:
        if taken.get(test.name) is not None:
            raise AuthoringError(
                f"test `{test.name}` of question `{question}` has the same name as a {taken[test.name]}",
                where=place,
                next_step='Give it another name: `@test_case(name="...")`.',
            )
        taken[test.name] = "test"


def _points(points: Any, named: str) -> float | None:
    if points is None:
        return None
    number = isinstance(points, int | float) and not isinstance(points, bool)
    if not number or not math.isfinite(points) or points < 0:
        raise AuthoringError(f"the points of test `{named}` must be a number, not `{points!r}`")
    return float(points)


def _check_parameters(function: FunctionType, named: str) -> None:
    for parameter in inspect.signature(function).parameters.values():
        plain = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        if not plain or parameter.default is not parameter.empty:
            raise AuthoringError(
                f"the parameter `{parameter}` of test `{named}` is more than a name",
                next_step="Each parameter gets what the notebook defines under its name; `env`, all of it.",
            )


# ---------------------------------------------------------------- for students


def public_source(draft: TestDraft, function: str, sources: Mapping[int, str], place: str) -> Source:
    """Return a public test as code that needs NumPy and Otter alone.

    Args:
        draft: the test.
        function: what its function is called in a student's test file.
        sources: the code cells of the master, by the line on which each begins.
        place: the test's place in the master, for errors.

    Raises:
        AuthoringError: if it would not run in a student's notebook.
    """
    line, source, found = _definition(draft, sources, place)
    block = source.split("\n")[found.lineno - 1 : found.end_lineno]
    body = textwrap.dedent("\n".join(block))
    for unknown in _needs(body):
        raise AuthoringError(
            f"the public test `{draft.name}` uses `{unknown}`, which is not there in a student's notebook",
            where=place,
            next_step="It may use its parameters, builtins, `np`, and what it imports itself from Python's "
            "own library. Write the value into the test, or make the test hidden.",
        )
    success, failure = draft.success_message or None, draft.failure_message or None
    head = _HEAD.format(name=draft.name, success=success, failure=failure)
    renamed = re.sub(rf"def\s+{found.name}", f"def {function}", body, count=1)
    return Source(text=head + renamed, assertions=dict(_assertions(found, line)))


def _definition(draft: TestDraft, sources: Mapping[int, str], place: str) -> tuple[int, str, ast.FunctionDef]:
    """Return the cell in which a test stands, its line and source, and the test's definition."""
    code = draft.function.__code__
    for line, source in sources.items():
        tree = cells.parse(source)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1:
                begins = node.decorator_list[0].lineno + line - 1
                if (code.co_name, code.co_firstlineno) == (node.name, begins):
                    return line, source, node
    raise AuthoringError(
        f"the public test `{draft.name}` cannot be copied for students",
        where=place,
        next_step="Write it in the master, as a `def` with `@test_case(...)` as its only decorator.",
    )


def _needs(definition: str) -> Iterator[str]:
    """Yield each name that a definition takes from outside, and each package that it imports."""
    there = {*dir(builtins), "np"}
    pending = [symtable.symtable(definition, "<test>", "exec")]
    while pending:
        table = pending.pop()
        pending += table.get_children()
        for symbol in table.get_symbols():
            free = symbol.is_global() or (table.get_type() == "module" and not symbol.is_assigned())
            if free and symbol.is_referenced() and symbol.get_name() not in there:
                yield symbol.get_name()
    for node in ast.walk(ast.parse(definition)):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        for imported in names:
            if imported.split(".")[0] not in {"numpy", *sys.stdlib_module_names}:
                yield imported


def _assertions(definition: ast.FunctionDef, first_line: int) -> Iterator[tuple[int, str]]:
    for node in ast.walk(definition):
        if isinstance(node, ast.Assert):
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                yield line + first_line - 1, ast.unparse(node.test)
