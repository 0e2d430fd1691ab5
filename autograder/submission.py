"""Read what a student handed in, as cells of code: a notebook of any version, a Python file, or a zip of one.

Nothing is unpacked to the disk, and no more is read than a submission may have.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, TypeVar

from autograder import cells, set_up
from autograder.errors import SubmissionError
from autograder.wire import plain

SUFFIXES = (".ipynb", ".py", ".zip")

_Path = TypeVar("_Path", bound=PurePath)
MAX_BYTES = 20 * 2**20
"""JSON of this size may take thirty times as much memory, and a container has 768 MB."""
MAX_CODE = 300_000
MAX_CELLS = 2_000
MAX_HINTS = 1_000

MAX_NAME = 100

_SCRIPT_CELL = re.compile(r"^# (?:%%.*|In\s?\[[ \d]*\]:.*)$", re.MULTILINE)
_OTHER_KIND = re.compile(r"^# %%.*\[(?:markdown|md|raw)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The code of one submission.

    Attributes:
        name: how it is called in reports.
        cells: the source of each code cell, in the order of the file.
        hints: those that its outputs tell were opened: the question, and which of its hints, from 1.
    """

    name: str
    cells: tuple[str, ...]
    hints: tuple[tuple[str, int], ...] = ()


def read_submission(path: Path, name: str = "", *, assignment: str = "") -> Submission:
    """Return the code cells of a `.ipynb` or `.py` file, or of the one in a `.zip` file.

    Args:
        path: the file.
        name: how the submission is called; by default as the file, without its suffix.
        assignment: which notebook of a zip is meant if it holds several: the one of this name.

    Raises:
        SubmissionError: if the file is missing, too large, not text, or no notebook.
    """
    content, inner = _read(path), PurePath(path.name)
    if path.suffix.lower() == ".zip":
        content, inner = _unzipped(content, path, assignment)
    return submission_in(content, inner, name or path.stem)


def submission_in(content: bytes, inner: PurePath, name: str) -> Submission:
    """Return the code cells in what a `.ipynb` or `.py` file of some path holds.

    Raises:
        SubmissionError: if it is too large, not text, or no notebook.
    """
    text = _text(content, inner)
    is_notebook = inner.suffix.lower() == ".ipynb"
    code = _code_cells(text, inner) if is_notebook else []
    sources = list(filter(str.strip, map(_source, code))) if is_notebook else _script_cells(text)
    if sum(map(len, sources)) > MAX_CODE or len(sources) > MAX_CELLS:
        raise SubmissionError(
            f"the notebook has more than {MAX_CODE // 1000} kB of code, or more than {MAX_CELLS} cells of it",
            where=inner.name,
            next_step="Data belong in a file beside the notebook: hand in a notebook without them.",
        )
    return Submission(name=name, cells=tuple(map(set_up.left_out, sources)), hints=_hints(code))


def all_cells(path: Path) -> list[tuple[str, str]]:
    """Return the kind (`code`, `markdown`, `raw`) and the source of every cell of a notebook.

    Raises:
        SubmissionError: if the file is missing, too large, not text, or no notebook.
    """
    found = _cells(_text(_read(path), path), path)
    sources = [(str(cell.get("cell_type")), _source(cell)) for cell in found]
    if sum(len(source) for _, source in sources) > MAX_CODE or len(sources) > MAX_CELLS:
        raise SubmissionError(
            f"the notebook has more than {MAX_CODE // 1000} kB of text and code, or {MAX_CELLS} cells",
            where=path.name,
        )
    return sources


def find_upload(folder: Path, assignment: str) -> Path:
    """Return the file to be graded in a folder that one student has filled.

    It is the only notebook, or the one called as the assignment; without a notebook, the zip file,
    and without one, the Python file.

    Raises:
        SubmissionError: if there is none, or if it is not clear which.
    """
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink()]
    return folder / _the_one([path.relative_to(folder) for path in paths], assignment)


def is_hidden(path: PurePath) -> bool:
    """Return whether a file is one that programs leave behind: in `.ipynb_checkpoints`, `__MACOSX`, ..."""
    return any(part.startswith((".", "__")) for part in path.parts)


def _the_one(paths: Iterable[_Path], assignment: str) -> _Path:
    """Return which of some paths is to be graded."""
    paths = [path for path in paths if not is_hidden(path)]
    for suffix in (".ipynb", ".zip", ".py"):
        found = [path for path in paths if path.suffix.lower() == suffix]
        meant = [path for path in found if path.stem == assignment] if len(found) > 1 else found
        if len(meant) == 1:
            return meant[0]
        if found:
            names = ", ".join(f"`{plain(str(path), MAX_NAME)}`" for path in found[:5])
            raise SubmissionError(
                f"{len(found)} files could be the submission: {names}",
                next_step=f"Hand in one of them, or call it `{assignment}{suffix}`.",
            )
    raise SubmissionError(
        "there is no notebook (.ipynb) and no Python file (.py)",
        next_step="Hand in the notebook as Jupyter saves it, or the zip file that its last cell makes.",
    )


def _read(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise SubmissionError(
                "the file is a link to another", where=path.name, next_step="Hand in the file itself."
            )
        if not path.is_file():
            raise SubmissionError("there is no such file", where=str(path))
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path)
        return path.read_bytes()
    except OSError as error:
        raise SubmissionError(f"the file cannot be read: {error.strerror}", where=path.name) from None


def _unzipped(content: bytes, path: Path, assignment: str) -> tuple[bytes, PurePath]:
    """Return what the submission in a zip file holds, and its path there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {PurePosixPath(name): name for name in archive.namelist() if not name.endswith("/")}
            inner = _the_one([name for name in names if name.suffix.lower() != ".zip"], assignment)
            with archive.open(names[inner]) as file:
                unzipped = file.read(MAX_BYTES + 1)
    except SubmissionError as error:
        raise SubmissionError(error.what, where=path.name, next_step=error.next_step) from None
    except Exception:  # whatever a damaged zip file makes the unpacking do
        raise SubmissionError(
            "the zip file cannot be unpacked: it is damaged, locked with a password, or of a rare kind",
            where=path.name,
            next_step="Hand in the notebook itself, or make the zip file again.",
        ) from None
    if len(unzipped) > MAX_BYTES:
        raise _too_large(inner)
    return unzipped, inner


def _too_large(path: PurePath) -> SubmissionError:
    return SubmissionError(
        f"the file is larger than {MAX_BYTES // 2**20} MB",
        where=path.name,
        next_step="Clear the outputs (Edit > Clear All Outputs), save, and hand in again.",
    )


def _text(content: bytes, path: PurePath) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SubmissionError(
            "the file is not text in UTF-8",
            where=path.name,
            next_step="Hand in the notebook file (.ipynb) itself, as Jupyter saves it.",
        ) from None
    if not text.strip():
        raise SubmissionError(
            "the file is empty",
            where=path.name,
            next_step="Save the notebook in Jupyter and hand in the saved file.",
        )
    return text


def _script_cells(text: str) -> list[str]:
    """Split a script at `# %%` or `# In[1]:`; one without them is a single cell."""
    found = []
    marks = [0, *(match.start() for match in _SCRIPT_CELL.finditer(text)), len(text)]
    for start, end in itertools.pairwise(marks):
        cell = text[start:end]
        if cell.strip() and not _OTHER_KIND.match(cell):
            found.append(cell)
    return found


def _code_cells(text: str, path: PurePath) -> list[dict[str, Any]]:
    return [cell for cell in _cells(text, path) if cell.get("cell_type") == "code"]


def _cells(text: str, path: PurePath) -> list[dict[str, Any]]:
    notebook = _upgraded(_parse_json(text, path), path)
    found = notebook.get("cells")
    if not isinstance(found, list):
        raise _not_a_notebook(path)
    return [cell for cell in found if isinstance(cell, dict)]


def _parse_json(text: str, path: PurePath) -> dict[str, Any]:
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        raise SubmissionError(
            f"the file is not valid JSON: {what} at line {error.lineno}, column {error.colno}",
            where=path.name,
            next_step="The file may be cut off: open it in Jupyter, save it, and hand in again.",
        ) from None
    except (RecursionError, ValueError):
        raise SubmissionError("the file is not a notebook that can be read", where=path.name) from None
    if not isinstance(notebook, dict):
        raise _not_a_notebook(path)
    return notebook


def _not_a_notebook(path: PurePath) -> SubmissionError:
    return SubmissionError(
        "the file is JSON, but not a notebook: it has no list of `cells`",
        where=path.name,
        next_step="Hand in the .ipynb file that Jupyter saved.",
    )


def _upgraded(notebook: dict[str, Any], path: PurePath) -> dict[str, Any]:
    """Return a notebook of format 3 or older as format 4; newer ones are taken as they are."""
    if "cells" in notebook or "worksheets" not in notebook:
        return notebook
    import nbformat

    try:
        with cells.one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            old = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, **notebook})
            return dict(nbformat.reads(old, as_version=4))  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever a malformed old notebook makes the converter do
        raise SubmissionError(
            f"the notebook's old format cannot be upgraded ({type(error).__name__})",
            where=path.name,
            next_step="Open it in a current Jupyter, save it, and hand in again.",
        ) from None


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _hints(code_cells: Iterable[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    """Return the hints that were shown in outputs, whose metadata say
    `{"true_values": {"hint": ["softmax", 2]}}`."""
    found: dict[tuple[str, int], None] = {}
    for cell in code_cells:
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else ():
            match output:
                case {"metadata": {"true_values": {"hint": [str(question), int(number)]}}} if (
                    len(question) <= MAX_NAME and number is not True and 0 < number <= MAX_HINTS
                ):
                    found[question, number] = None
    return tuple(itertools.islice(found, MAX_HINTS))
