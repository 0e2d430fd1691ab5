"""What students do with a notebook, whatever they run it in: fill its blanks, run it, hand it in."""

from __future__ import annotations

import ast
import csv
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import kit
from autograder.master import Master
from tests.conftest import ROOT

NOT_ATTEMPTED = re.compile(r"not attempted.*Replace each", re.DOTALL)
PASSED = re.compile(r"✓.*: right.*Hidden cases", re.DOTALL)
UNSAVED = re.compile(r"save the notebook", re.IGNORECASE)
"""The words of a notebook, which the tests of each front end look for."""

RIGHT_LINE, WRONG_LINE, MISTAKE = "head = V @ weights", "head = V @ weights.T", "weights transposed"
"""A mistake of multi-head attention, as a student would type it, and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A line of a student's notebook, `weights = ...`, and what it says when it is filled."""

    line: str
    filled: str


def blanks(given: str, solved: str) -> list[Blank]:
    """Return the blanks of a cell, in order, from the cell that students get and the solved one.

    What is filled in is on one line, however the master breaks it.
    """
    pairs = zip(_assignments(given), _assignments(solved), strict=True)
    return [
        Blank(line=ast.unparse(one), filled=ast.unparse(other))
        for one, other in pairs
        if isinstance(one.value, ast.Constant) and one.value.value is ...
    ]


def _assignments(source: str) -> list[ast.Assign]:
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assign))
    return sorted(found, key=lambda node: node.lineno)


def question_cells(loaded: Master) -> dict[str, str]:
    """Return the cells with blanks as students get them, each with its solution."""
    return {
        given: cell.source
        for cell, given in zip(
            (cell for cell in loaded.cells if cell.role in ("given", "question")),
            kit.student_cells(loaded),
            strict=True,
        )
        if cell.role == "question"
    }


def feedback_of(loaded: Master, misconception: str) -> str:
    """Return how the text on a misconception begins."""
    (found,) = (each for each in loaded.assignment.misconceptions if each.id == misconception)
    return found.feedback.split(". ")[0]


def write_notebook(loaded: Master, path: Path, cells: dict[str, str]) -> Path:
    """Write the student's notebook, as built, with the source of some cells replaced."""
    notebook: dict[str, Any] = json.loads(kit.student_notebook(loaded))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        cell["source"] = cells.get(source, source)
    path.write_text(json.dumps(notebook))
    return path


def graded(assignment: str, submissions: Path, output: Path) -> dict[str, dict[str, str]]:
    """Return the rows of grades.csv, by submission, that the real command gives."""
    command = [Path(sys.executable).with_name("autograder"), "grade", assignment, submissions, "-o", output]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with (output / "grades.csv").open() as file:
        return {row["submission"]: row for row in csv.DictReader(file)}
