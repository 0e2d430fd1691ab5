"""From a master to the notebook that students get: fail-closed, and byte-identical when rebuilt."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from weakref import WeakKeyDictionary

from autograder import blanks, set_up
from autograder.check_page import blank_lines
from autograder.hints import Hints, hints, packed_text
from autograder.master import Cell, Master
from autograder.otter_files import public_tests
from autograder.variants import Variants

_HAND_IN = """\
## Hand in

Restart the kernel and run all cells, top to bottom; then **save** the notebook (Ctrl+S, or Cmd+S), and run
the cell below once more. It packs the notebook as you have saved it into a zip file: hand in that file, or
the notebook itself. The checks above have used public inputs only. Your answers are graded on others too:
other numbers and other sizes."""

_EXPORT = "grader.export()"

IN_NOTEBOOK = ("hint_reader", "heat_maps", "check_page", "student_grader")
"""The modules whose source goes into notebooks, each with those that it needs before it."""


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
    """Return all code cells of the student's notebook, set-up and checks too, as a submission has them."""
    return [set_up.left_out(source) for kind, source in _notebook_cells(master) if kind == "code"]


def student_notebook(master: Master) -> bytes:
    """Return the student's notebook as the bytes of an `.ipynb` file.

    Raises:
        AuthoringError: if a solution cannot be taken out cleanly.
    """
    import nbformat
    from nbformat import v4

    name = master.assignment.name
    cells = list(_with_ids(_notebook_cells(master)))
    notebook: Any = v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
            "otter": {"OK_FORMAT": False, "assignment_name": name, "tests": _tests(master)},
            "true_values": _metadata(master),
        },
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return (text.rstrip("\n") + "\n").encode()


def set_up_cell(master: Master) -> str:
    """Return the source of the notebook's first cell, which runs what checks it, and nothing else."""
    return set_up.cell(master.assignment.name, checks(), _tests(master))


def _tests(master: Master) -> dict[str, str]:
    return {question.name: public_tests(question) for question in master.assignment.questions}


def _metadata(master: Master) -> dict[str, Any]:
    """Return what the notebook's grader is made of, and what it knows of each question."""
    assignment = master.assignment
    asked = [question for question in assignment.questions if question.hints]
    return {
        "assignment": assignment.name,
        "questions": [
            {"name": each.name, "defines": each.names, "blanks": _blanks(each.name, master)}
            for each in assignment.questions
        ],
        "checks": checks(),
        "mistakes": dict(hints_of(master).packed),
        "hints": {question.name: packed_text(json.dumps(question.hints)) for question in asked},
        "count_hints": assignment.count_hints,
    }


@functools.cache
def checks() -> str:
    """Return the source of what checks a notebook, as one module that needs nothing of this package."""
    sources = [files("autograder").joinpath(f"{name}.py").read_text("utf-8") for name in IN_NOTEBOOK]
    ours = re.compile(r"^from (?:autograder|__future__)[. ].*\n", re.MULTILINE)
    return "from __future__ import annotations\n\n" + "\n\n".join(ours.sub("", source) for source in sources)


def _blanks(question: str, master: Master) -> int:
    """Return how many blanks a question's function has."""
    for cell in master.cells:
        if cell.role == "question" and cell.question == question:
            source = _for_students(cell, master)
            for node in ast.parse(source).body:
                if isinstance(node, ast.FunctionDef) and node.name == question:
                    return len(blank_lines(ast.get_source_segment(source, node) or ""))
    return 0


_HINTS: WeakKeyDictionary[Variants, Hints] = WeakKeyDictionary()


def hints_of(master: Master) -> Hints:
    """Return what the notebook's checks name mistakes by: it takes seconds, once."""
    if master.variants not in _HINTS:
        _HINTS[master.variants] = hints(master.assignment)
    return _HINTS[master.variants]


def _notebook_cells(master: Master) -> Iterator[tuple[str, str]]:
    """Yield kind and source of each cell: the master's own, set-up, checks, and how to hand in."""
    public = [cell for cell in master.cells if cell.role != "private"]
    is_set_up = False
    for position, cell in enumerate(public):
        if cell.role == "text":
            yield "markdown", cell.source
            continue
        if not is_set_up:
            yield "code", set_up_cell(master)
            is_set_up = True
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
