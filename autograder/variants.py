"""The reference with mistakes in it: a master's cells edited and run again, in a namespace of their own."""

from __future__ import annotations

import ast
import contextlib
import copy
import itertools
import types
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import blanks, cells
from autograder.cells import DATA
from autograder.model import Data, Edit, Function, Mistakes

KEPT = 4096
"""How many edited cells are kept compiled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A cell of the master's notebook: its question's name, or none, and its code without marks."""

    question: str
    source: str


class Variants:
    """The master's notebook with mistakes, for whoever judges; safe to use from many threads.

    What it prints is not heard, nor what it warns of.
    """

    def __init__(
        self,
        sources: Sequence[tuple[str, str]],
        namespace: Mapping[str, Any],
        *,
        tried: bool = False,
        lines: Sequence[int] = (),
    ) -> None:
        """Prepare to make mistakes.

        Args:
            sources: for each cell of the notebook, its question's name, or none, and its source.
            namespace: what the whole master has defined.
            tried: whether each mistake was tried before: it is sound, and changes an answer.
            lines: where each cell begins in the master, for errors.
        """
        self._begins = tuple((source, line) for (_, source), line in zip(sources, lines, strict=False))
        self.tried = tried
        self.cells = tuple(
            Solved(question=question, source=blanks.unmarked(source) if question else source)
            for question, source in sources
        )
        self._namespace = namespace
        self._given = {
            name: value
            for name, value in namespace.items()
            if isinstance(value, types.FunctionType) and value.__globals__ is namespace
        }
        self._codes: dict[tuple[int, tuple[Edit, ...]], types.CodeType] = {}
        self._statements: dict[tuple[int, tuple[Edit, ...], str], list[tuple[types.CodeType, set[str]]]] = {}
        self._functions = frozenset[str]()

    def asks_for(self, functions: frozenset[str]) -> None:
        """Say which questions ask for a function: theirs are the cells in which mistakes are made."""
        self._functions = functions

    def places(self, question: str, old: str) -> list[tuple[int, int]]:
        """Return all places where a text stands in a question's solved cells: the cell, and the character."""
        found = []
        for index, cell in enumerate(self.cells):
            position = cell.source.find(old) if cell.question == question else -1
            while position >= 0:
                found.append((index, position))
                position = cell.source.find(old, position + 1)
        return found

    def line_of(self, cell: int, position: int) -> int:
        """Return on which line of the master a question's cell has a place."""
        source, line = self._begins[cell]
        return line + blanks.unmarked_lines(source)[self.cells[cell].source.count("\n", 0, position)] - 1

    def function(self, question: str, mistakes: Mistakes) -> Function | None:
        """Return a question's function with mistakes in it and in the earlier questions' functions.

        None if the mistakes cannot be made together, or leave no function.
        """
        if _clash(mistakes):
            return None
        namespace = {**self._namespace, "print": _silent}
        for name, given in self._given.items():  # a given function may call one of a question
            namespace[name] = _rebound(given, namespace)
        last = max(index for index, cell in enumerate(self.cells) if cell.question == question)
        with quietly():
            for index, cell in enumerate(self.cells[: last + 1]):
                if cell.question in self._functions and not self._define(index, mistakes, namespace):
                    return None
        function = namespace.get(question)
        return function if callable(function) else None

    def _define(self, index: int, mistakes: Mistakes, namespace: dict[str, Any]) -> bool:
        """Run a function's cell; what else stands in it may fail, for it may use what is wrong."""
        name = self.cells[index].question
        before = namespace.pop(name, None)
        try:
            exec(self._code(index, mistakes), namespace)
        except Exception:
            if name not in namespace:
                return False
        if sum(cell.question == name for cell in self.cells) > 1:
            namespace.setdefault(name, before)
        self._stand_in(index, mistakes, namespace)
        return True

    def _stand_in(self, index: int, mistakes: Mistakes, namespace: dict[str, Any]) -> None:
        """Put a wrong function in the place of a question's, after the last of its cells."""
        name = self.cells[index].question
        if any(cell.question == name for cell in self.cells[index + 1 :]):
            return
        for mistake in mistakes:
            if mistake.question == name and mistake.function is not None:
                namespace[name] = _rebound(mistake.function, dict(namespace))

    def _code(self, index: int, mistakes: Mistakes) -> types.CodeType:
        edits = _edits(index, mistakes)
        if (index, edits) not in self._codes:
            if len(self._codes) >= KEPT:
                self._codes.clear()
            source = edited(self.cells[index].source, edits)
            self._codes[index, edits] = compile(source, "<variant>", "exec")
        return self._codes[index, edits]

    def sources(self, mistakes: Mistakes) -> list[str]:
        """Return all cells, edited."""
        return [
            edited(cell.source, _edits(index, mistakes)) if cell.question else cell.source
            for index, cell in enumerate(self.cells)
        ]

    def rerun(self, mistakes: Mistakes, data: Data | None, question: str) -> Mapping[str, Any]:
        """Return what the notebook defines up to a question, with mistakes in it and with other data.

        Nothing, if the mistakes cannot be made together.
        A statement that raises does not end it; the names that it should have made have the exception.
        """
        if _clash(mistakes):
            return {}
        namespace: dict[str, Any] = {"__name__": "__main__", "print": _silent}
        last = max(index for index, cell in enumerate(self.cells) if cell.question == question)
        if data is not None:
            namespace[DATA] = data.values
        with quietly():
            state = np.random.get_state()
            try:
                for index in range(last + 1):
                    for code, names in self._compiled(index, mistakes, data):
                        _run(code, names, namespace)
                    if self.cells[index].question in self._functions:
                        self._stand_in(index, mistakes, namespace)
            finally:
                np.random.set_state(state)
        return namespace

    def _compiled(
        self, index: int, mistakes: Mistakes, data: Data | None
    ) -> list[tuple[types.CodeType, set[str]]]:
        """Return the statements of a cell, and the names that each defines."""
        edits = _edits(index, mistakes)
        key = (index, edits, data.name if data else "")
        if key not in self._statements:
            if len(self._statements) >= KEPT:
                self._statements.clear()
            source = edited(self.cells[index].source, edits)
            source = source if data is None else cells.rebind(source, data.values, DATA)
            self._statements[key] = [
                (compile(ast.Module([each], []), "<variant>", "exec"), cells.defined_by(each))
                for each in ast.parse(source).body
            ]
        return self._statements[key]


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Run code of a master: in one thread at a time, its warnings not heard."""
    with cells.one_at_a_time, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def edited(source: str, edits: Sequence[Edit]) -> str:
    """Return a cell with edits made, whose places are those in the cell as it is."""
    for edit in sorted(edits, key=lambda edit: -edit.start):
        source = source[: edit.start] + edit.new + source[edit.end :]
    return source


def copied(arguments: Sequence[Any]) -> list[Any]:
    """Return arguments that a function may change."""
    return [each.copy() if type(each) is np.ndarray else copy.deepcopy(each) for each in arguments]


def _clash(mistakes: Mistakes) -> bool:
    """Return whether two mistakes change the same place, or stand for the same function."""
    stand_ins = [mistake.question for mistake in mistakes if mistake.function is not None]
    spans = sorted((edit.cell, edit.start, edit.end) for mistake in mistakes for edit in mistake.edits)
    overlaps = any(one[0] == two[0] and two[1] < one[2] for one, two in itertools.pairwise(spans))
    return overlaps or len(set(stand_ins)) < len(stand_ins)


def _edits(index: int, mistakes: Mistakes) -> tuple[Edit, ...]:
    found = (edit for mistake in mistakes for edit in mistake.edits if edit.cell == index)
    return tuple(sorted(found, key=lambda edit: edit.start))


def _rebound(function: Function, namespace: dict[str, Any]) -> Function:
    """Return a function that looks its names up in a namespace, in which the reference is still itself."""
    if not isinstance(function, types.FunctionType):
        return function
    rebound = types.FunctionType(
        function.__code__, namespace, function.__name__, function.__defaults__, function.__closure__
    )
    rebound.__kwdefaults__ = function.__kwdefaults__
    return rebound


def _run(code: types.CodeType, names: set[str], namespace: dict[str, Any]) -> None:
    try:
        exec(code, namespace)
    except Exception as error:
        for name in names:  # what was there before, stays
            namespace.setdefault(name, error.with_traceback(None))


def _silent(*_: Any, **__: Any) -> None:
    """Print nothing."""
