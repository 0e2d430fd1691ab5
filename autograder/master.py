"""Find, read, validate and execute masters: the only module that runs a file of `solutions/`."""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import io
import json
import re
import sys
import traceback
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder import author, blanks, cells, patience
from autograder.cells import DATA
from autograder.environment import check
from autograder.errors import AuthoringError, CourseError
from autograder.model import SEED_SHIFT, Assignment, Data
from autograder.otter_classes import otter_names
from autograder.prepare import prepare
from autograder.rehearse import Stage, defined_by
from autograder.staged_hints import SHORTEST, check_silent
from autograder.store import Store, cached
from autograder.variants import Variants

TAGS = ("given", "show", "private")
PACKED = Path("files", "true-values", "assignment.json")
"""Where a packed master lies in the zip for graders."""
_CELL_SECONDS = re.compile(r"\bcell_seconds\s*=\s*(\d+\.?\d*)")
TRIED = "tried"
"""What is kept of a master whose misconceptions were tried, each alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a master.

    `role` is `text`, `given`, `question` or `private`; a `show` cell is given, and only displays:
    the judge does not run it. `line` is where its source begins in the master, from 1.
    """

    role: str
    source: str
    line: int
    question: str = ""
    show: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """A master, read and executed, and its notebook with mistakes in it.

    `given` are, by question, the lines of its solution that students may read; `lines` says where each
    misconception is described.
    """

    path: Path
    cells: tuple[Cell, ...]
    assignment: Assignment
    variants: Variants
    given: Mapping[str, tuple[author.Given, ...]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


# ---------------------------------------------------------------- finding


def find_course(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that has a `solutions/` folder.

    Raises:
        CourseError: if there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "solutions").is_dir():
            return folder
    raise CourseError(
        f"`{start}` is in no course: there is no `solutions/` folder in it or above it",
        next_step="Change to the course's folder, or name it with --course DIR.",
    )


def master_names(course: Path) -> list[str]:
    """Return the names of all assignments of a course, sorted."""
    return sorted(path.stem for path in (course / "solutions").glob("*.py") if path.stem != "__init__")


def load(
    name: str, course: Path, *, trying: bool = True, waiting: patience.Waiting = lambda *_: None
) -> Master:
    """Return the master of an assignment, executed, its cases answered by its reference.

    Args:
        name: the assignment.
        course: the course that it belongs to.
        trying: whether misconceptions and hints are looked at too, which takes ten times as long. Without,
            those that cannot be meant are found when they are used, or by nobody.
        waiting: told what takes long, and for how many seconds it has been run.

    Raises:
        CourseError: if there is no such master.
        AuthoringError: if the master cannot be meant as it stands.
    """
    path = course / "solutions" / f"{name}.py"
    if name not in master_names(course):
        known = ", ".join(f"`{known}`" for known in master_names(course)) or "none"
        raise CourseError(
            f"there is no assignment `{name}` in this course",
            where=str(course),
            next_step=f"Its assignments are: {known}.",
        )
    master_cells = read_cells(path.read_text(encoding="utf-8"), f"solutions/{path.name}")
    return _loaded(path, master_cells, trying=trying, waiting=waiting)


def tried(loaded: Master, *, waiting: patience.Waiting = lambda *_: None) -> Master:
    """Return a master that was loaded without `trying` with its misconceptions and hints looked at too.

    It is the text that was loaded, whatever its file holds by now.

    Raises:
        AuthoringError: if they cannot be meant as they stand.
    """
    return _loaded(loaded.path, loaded.cells, trying=True, waiting=waiting)


def _loaded(path: Path, master_cells: tuple[Cell, ...], *, trying: bool, waiting: patience.Waiting) -> Master:
    kept = cached(path.stem, _packed(path.stem, master_cells))
    was_tried = kept.get(TRIED) is not None
    allowed = [float(said) for cell in master_cells for said in _CELL_SECONDS.findall(cell.source)]
    with patience.limited(f"solutions/{path.name}", max(allowed, default=0), waiting):
        loaded = _executed(path, master_cells, kept, tried=was_tried or not trying)
    if trying and not was_tried:
        kept.put(TRIED, b"")
    return loaded


def pack(master: Master) -> bytes:
    """Return a master as JSON: what `unpack` needs to give the same master where there is no course."""
    return _packed(master.path.stem, master.cells)


def _packed(name: str, master_cells: Iterable[Cell]) -> bytes:
    content = {"name": name, "cells": [asdict(cell) for cell in master_cells]}
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def unpack(content: bytes, folder: Path | None = None) -> Master:
    """Return the master that `pack` has packed, executed; what was computed of it may lie in a folder.

    Raises:
        AuthoringError: if the master does not run here as it did where it was packed.
    """
    packed = json.loads(content)
    return _executed(
        Path("solutions") / f"{packed['name']}.py",
        tuple(Cell(**cell) for cell in packed["cells"]),
        Store(folder, content, writable=False),
        tried=True,
    )


def read_packed(zipped: Path) -> Master:
    """Return the packed master in a folder that a zip for graders was unpacked to.

    Raises:
        CourseError: if it is not there, or not whole.
        AuthoringError: if it does not run here as it did where it was packed.
    """
    try:
        return unpack((zipped / PACKED).read_bytes(), (zipped / PACKED).parent)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"the zip does not hold the assignment that it should ({type(error).__name__}: {error})",
            where=PACKED.as_posix(),
            next_step="Make the zip again with `autograder build`, and upload it whole.",
        ) from None


def _executed(path: Path, master_cells: tuple[Cell, ...], kept: Store, *, tried: bool) -> Master:
    where = f"solutions/{path.name}"
    drafts, namespace = _execute(master_cells, where)
    if not tried:
        _check_given(drafts, master_cells, where)
        _check_hints(drafts, master_cells, where)
    _check_environment(drafts, master_cells, where)
    cells_of = {cell.question: cell.line for cell in reversed(master_cells) if cell.question}
    reruns = Reruns(master_cells, where)
    stage = Stage(
        where=where,
        sources={cell.line: cell.source for cell in master_cells if cell.role != "text" and not cell.show},
        defined=defined_by([cell.source for cell in reruns.cells], namespace),
    )
    sources = [(cell.question, cell.source) for cell in reruns.cells]
    variants = Variants(sources, namespace, tried=tried, lines=[cell.line for cell in reruns.cells])
    assignment = prepare(path.stem, drafts, cells_of, namespace, reruns, stage, variants)
    assignment = replace(assignment, kept=kept)
    return Master(
        path=path,
        cells=master_cells,
        assignment=assignment,
        variants=variants,
        given={draft.name: draft.given for draft in drafts.questions},
        lines={each.name: each.line for draft in drafts.questions for each in draft.misconceptions},
    )


def _check_environment(drafts: author.Drafts, master_cells: Sequence[Cell], where: str) -> None:
    """Refuse what pip would not understand."""
    for draft in drafts.assignments:
        for text in draft.environment:
            line = said_at(master_cells, text)
            check(text, f"{where}:{line}" if line else where)


def _check_given(drafts: author.Drafts, master_cells: Sequence[Cell], where: str) -> None:
    """Refuse as given what is no line of a question's solution."""
    for draft in drafts.questions:
        solved = "\n".join(
            text
            for cell in master_cells
            if cell.question == draft.name and (tree := cells.parse(cell.source)) is not None
            for text in map(blanks.normalised, (ast.unparse(tree), blanks.unmarked(cell.source)))
        )
        for each in draft.given:
            if not any(piece in solved for piece in each.pieces.split("\n") if piece):
                raise AuthoringError(
                    f"`{each.text}`, which `author.given` names, is no part of question `{draft.name}`",
                    where=f"{where}:{said_at(master_cells, each.text) or draft.line}",
                    next_step="Copy it from the question's solved cell, or take it out.",
                )


def said_at(master_cells: Iterable[Cell], text: str) -> int:
    """Return the line of a master's private code on which a text begins, or 0 if it is put together there."""
    for cell in master_cells:
        tree = cells.parse(cell.source) if cell.role == "private" else None
        for node in ast.walk(tree) if tree is not None else ():
            match node:
                case ast.Constant(value=str(value)) if text in (value, inspect.cleandoc(value).rstrip()):
                    return cell.line + node.lineno - 1
    return 0


def _check_hints(drafts: author.Drafts, master_cells: Iterable[Cell], where: str) -> None:
    """Refuse hints that tell a solution, of their own question or of another."""
    hinted = [draft for draft in drafts.questions if draft.hints]
    solutions = [
        statement
        for cell in (master_cells if hinted else ())
        if cell.role == "question"
        for statement in blanks.solution_statements(cell.source, where, cell.line, shortest=SHORTEST)
    ]
    excused = [each.pieces for draft in drafts.questions for each in draft.given]
    solutions = [each for each in solutions if not any(each in pieces for pieces in excused)]
    for draft in hinted:
        for number, hint in enumerate(draft.hints, start=1):
            line = said_at(master_cells, hint) or draft.line
            check_silent(hint, number, draft.name, solutions, f"{where}:{line}")


# ---------------------------------------------------------------- reading


def read_cells(text: str, where: str) -> tuple[Cell, ...]:
    """Return the cells of a master in percent format, but for the texts that are for authors alone.

    Raises:
        AuthoringError: if a cell is marked in a way that is not known.
    """
    import jupytext  # costs as much as judging a notebook, which needs it only where a master is read

    notebook = jupytext.reads(text, fmt="py:percent")
    found, position = [], 0
    for cell in notebook.cells:
        line, position = _line_of(cell.source, text, position)
        read = _cell(cell, line, where)
        if cell.cell_type == "code" or read.role == "text":
            found.append(read)
    return tuple(found)


def _line_of(source: str, text: str, position: int) -> tuple[int, int]:
    """Return the line of a cell's source in the master, and where to look for the next one."""
    first = next((line for line in source.splitlines() if line.strip()), "")
    at = text.find(source, position) if source.strip() else -1
    if at < 0:  # markdown stands in the master as comments
        at = text.find(f"# {first}" if first else "# %%", position)
    at = max(at, position)
    return text.count("\n", 0, at) + 1, at


def _cell(cell: Any, line: int, where: str) -> Cell:
    metadata = {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
    tags = metadata.pop("tags", [])
    question = metadata.pop("question", "")
    place = f"{where}:{line}"
    if metadata or any(tag not in TAGS for tag in tags):
        odd = [*metadata, *(tag for tag in tags if tag not in TAGS)]
        raise AuthoringError(
            f"a cell is marked with `{odd[0]}`, which means nothing",
            where=place,
            next_step='Known are tags=["given"], ["given", "show"], ["private"], and question="NAME".',
        )
    if cell.cell_type != "code":
        role = "private" if "private" in tags else "text"
        if role == "text" and question:
            raise AuthoringError("a text cell belongs to no question", where=place)
        return Cell(role=role, source=cell.source, line=line)
    if question and tags:
        raise AuthoringError(f"a cell of question `{question}` has tags too", where=place)
    if "show" in tags and "given" not in tags:
        raise AuthoringError('a `show` cell must be given too: tags=["given", "show"]', where=place)
    if "given" in tags and "private" in tags:
        raise AuthoringError("a cell is both given and private", where=place)
    if "given" in tags:
        blanks.refuse_marks(cell.source, where, line)
    role = "question" if question else "given" if "given" in tags else "private"
    return Cell(role=role, source=cell.source, line=line, question=question, show="show" in tags)


# ---------------------------------------------------------------- executing


def _execute(master_cells: Iterable[Cell], where: str) -> tuple[author.Drafts, dict[str, Any]]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with otter_names(), author.listening() as drafts, _figures_closed():
        for cell in master_cells:
            if cell.role != "text" and not cell.show:
                patience.turn(f"the cell of line {cell.line}")
                _run(cell.source, namespace, where, cell.line)
    return drafts, namespace


@contextlib.contextmanager
def _figures_closed() -> Iterator[None]:
    """Close the figures that a master draws: each time that it is run, it draws them again."""
    before = set(_figures())
    try:
        yield
    finally:
        for number in set(_figures()) - before:
            sys.modules["matplotlib.pyplot"].close(number)


def _figures() -> list[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return list(pyplot.get_fignums()) if pyplot is not None else []


def _run(source: str, namespace: dict[str, Any], where: str, line: int) -> None:
    try:
        code = _compiled(source, where, line)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, namespace)
    except AuthoringError as error:
        if error.where:
            raise
        raise AuthoringError(
            error.what, where=f"{where}:{_failing_line(error, where)}", next_step=error.next_step
        ) from None
    except SyntaxError as error:
        raise AuthoringError(f"not valid Python: {error.msg}", where=f"{where}:{error.lineno}") from None
    except Exception as error:
        advice = "A master must run from top to bottom: run it as a notebook to see."
        if isinstance(error, ModuleNotFoundError) and error.name:
            advice = (
                f"Install what has `{error.name}` beside this package, e.g. with `pip install`; if students "
                "need it, name it in `environment` of `author.assignment` too."
            )
        raise AuthoringError(
            f"the master stops with {type(error).__name__}: {error}",
            where=f"{where}:{_failing_line(error, where)}",
            next_step=advice,
        ) from error


@functools.lru_cache(maxsize=512)
def _compiled(source: str, where: str, line: int) -> types.CodeType:
    return compile("\n" * (line - 1) + source, where, "exec")


@functools.lru_cache(maxsize=512)
def _statements(source: str) -> tuple[str, ...]:
    return tuple(ast.unparse(statement) for statement in ast.parse(source).body)


def _failing_line(error: BaseException, where: str) -> int:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == where]
    return lines[-1] if lines and lines[-1] is not None else 0


def _line_before(rebound: str, source: str, line: int) -> int:
    """Return which line of a cell stands at a line, or above it, when lines have been added to the cell."""
    lines, found = source.split("\n"), 0
    for each in rebound.split("\n")[:line]:
        found += found < len(lines) and each == lines[found]
    return max(found, 1)


class Reruns:
    """A master's notebook run again, solved: as it is, with other data, or with other seeds; once for each.

    With `forgiving`, a statement that raises does not end it, as when a submission is run.
    """

    def __init__(self, master_cells: tuple[Cell, ...], where: str, *, forgiving: bool = False) -> None:
        self.cells = [cell for cell in master_cells if cell.role in ("given", "question") and not cell.show]
        self._where = where
        self._forgiving = forgiving
        self._known: dict[str, tuple[Data | None, dict[str, Any]]] = {}

    def as_it_is(self) -> dict[str, Any]:
        """Return what the cells define."""
        return self._once("", None)

    def with_data(self, data: Data) -> dict[str, Any]:
        """Return what the cells define with other data."""
        namespace = self._once(f"data {data.name}", data)
        if self._known[f"data {data.name}"][0] is not data:
            raise AuthoringError(f"two `author.data` are called `{data.name}`", where=self._where)
        return namespace

    def reseeded(self) -> dict[str, Any]:
        """Return what the cells define with other seeds."""
        original: Any = np.random.seed
        np.random.seed = lambda seed=None: original(seed if seed is None else seed + SEED_SHIFT)  # type: ignore[operator]
        try:
            return self._once("seeds", None)
        finally:
            np.random.seed = original

    def run_cell(self, source: str, namespace: dict[str, Any], line: int = 1) -> None:
        """Run the source of a cell in a notebook that has run."""
        if not self._forgiving:
            _run(source, namespace, self._where, line)
            return
        for statement in _statements(source):
            with contextlib.suppress(AuthoringError):
                _run(statement, namespace, self._where, line)

    def _run_with_data(self, cell: Cell, data: Data, namespace: dict[str, Any]) -> None:
        """Run a cell with other data; an error is told by the line of the master that it is on."""
        rebound = cells.rebind(cell.source, data.values, DATA)
        try:
            self.run_cell(rebound, namespace)
        except AuthoringError as error:
            line = error.where.rpartition(":")[2]
            at = (
                _line_before(rebound, cell.source, int(line)) + cell.line - 1
                if line.isdecimal()
                else cell.line
            )
            raise AuthoringError(
                f"with other data, `{data.name}`: {error.what}",
                where=f"{self._where}:{at}",
                next_step="The notebook is run again with these in the place of its own: they must fit it.",
            ) from error

    def _once(self, key: str, data: Data | None) -> dict[str, Any]:
        if key not in self._known:
            namespace: dict[str, Any] = {"__name__": "__main__"}
            with _figures_closed():
                for cell in self.cells:
                    patience.turn(
                        f"the cell of line {cell.line}, run again" + (f" with {key}" if key else "")
                    )
                    if data is None:
                        self.run_cell(cell.source, namespace, cell.line)
                    else:
                        namespace[DATA] = data.values
                        self._run_with_data(cell, data, namespace)
            self._known[key] = (data, namespace)
        return self._known[key][1]
