"""From a master to the notebook that students get: fail-closed, and byte-identical when rebuilt."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from autograder import blanks
from autograder.hints import Hints, hints
from autograder.master import Cell, Master
from autograder.otter_files import public_tests
from autograder.variants import Variants

_SETUP = """\
# Run this cell first: it makes `grader.check` work.
# Where Otter is missing (on Colab, for one), run this before:  %pip install -q otter-grader
import otter

grader = otter.Notebook("{name}.ipynb")"""

_HAND_IN = """\
## Hand in

Restart the kernel and run all cells, top to bottom; then save the notebook. The cell below packs it into a
zip file: hand in that file, or the notebook itself. The checks above have used public inputs only. Your
answers are graded on others too: other numbers and other sizes."""

_EXPORT = """\
grader.export(pdf=False)"""


def student_cells(master: Master) -> list[str]:
    """Return the code cells that students get, the checks left out."""
    return [_for_students(cell, master) for cell in master.cells if cell.role in ("given", "question")]


def solved_cells(master: Master) -> list[str]:
    """Return the same cells with their solutions: never to be given to anybody."""
    return [cell.source for cell in master.cells if cell.role in ("given", "question")]


def _for_students(cell: Cell, master: Master) -> str:
    if cell.role == "question":
        return blanks.strip(cell.source, f"solutions/{master.path.name}", cell.line)
    return cell.source


def code_cells(master: Master) -> list[str]:
    """Return all code cells of the student's notebook, set-up and checks too."""
    return [source for kind, source in _notebook_cells(master) if kind == "code"]


def student_notebook(master: Master) -> bytes:
    """Return the student's notebook as the bytes of an `.ipynb` file.

    Raises:
        AuthoringError: if a solution cannot be taken out cleanly.
    """
    import nbformat
    from nbformat import v4

    name = master.assignment.name
    cells = list(_with_ids(_notebook_cells(master)))
    packed = hints_of(master).packed
    tests = {
        question.name: public_tests(question, packed.get(question.name, ""))
        for question in master.assignment.questions
    }
    notebook: Any = v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "otter": {"OK_FORMAT": False, "assignment_name": name, "tests": tests},
        },
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return (text.rstrip("\n") + "\n").encode()


_HINTS: WeakKeyDictionary[Variants, Hints] = WeakKeyDictionary()


def hints_of(master: Master) -> Hints:
    """Return what the notebook's checks name mistakes by: it takes seconds, once."""
    if master.variants not in _HINTS:
        _HINTS[master.variants] = hints(master.assignment)
    return _HINTS[master.variants]


def _notebook_cells(master: Master) -> Iterator[tuple[str, str]]:
    """Yield kind and source of each cell: the master's own, set-up, checks, and how to hand in."""
    public = [cell for cell in master.cells if cell.role != "private"]
    set_up = False
    for position, cell in enumerate(public):
        if cell.role == "text":
            yield "markdown", cell.source
            continue
        if not set_up:
            yield "code", _SETUP.format(name=master.assignment.name)
            set_up = True
        yield "code", _for_students(cell, master)
        if cell.question and not any(later.question == cell.question for later in public[position + 1 :]):
            yield "code", f'grader.check("{cell.question}")'
    yield "markdown", _HAND_IN
    yield "code", _EXPORT


def _with_ids(parts: Iterator[tuple[str, str]]) -> Iterator[Any]:
    """Yield notebook cells whose ids depend on what each begins with, so that edits elsewhere keep them."""
    from nbformat import v4

    seen: Counter[str] = Counter()
    for kind, source in parts:
        first = source.strip().splitlines()[0] if source.strip() else ""
        seen[kind + first] += 1
        digest = hashlib.sha256(f"{kind}\n{first}\n{seen[kind + first]}".encode()).hexdigest()[:12]
        make: Any = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
        yield make(source, id=digest)
