"""Write what students get into `assignments/` and what graders get into `dist/`, or say how it differs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from autograder import bundle, kit
from autograder.feedback import number
from autograder.files import write_whole
from autograder.hints import ALONE
from autograder.master import Master, master_names
from autograder.tabulate import Advance

MAX_DIFF_LINES = 20
_PACKED = re.compile(r'"[^"\s]{60,}"')
"""What no person reads in a notebook: names of mistakes, and what they lead to."""
GRADESCOPE_SECONDS = 280.0
"""Up to here, a submission and the untouched notebook that it may be held against fit into 10 minutes."""


def built_files(master: Master, course: Path) -> dict[Path, bytes]:
    """Return the files of an assignment's folder and their contents."""
    name = master.assignment.name
    return {course / "assignments" / name / f"{name}.ipynb": kit.student_notebook(master)}


def build(master: Master, course: Path, advance: Advance = lambda *_: None) -> Iterator[Path]:
    """Write the files that are not there or differ, then the zip for graders; yield each that was written.

    `advance` is told what is computed for the zip, and how much of it is done.

    Raises:
        AuthoringError: if a solution cannot be taken out cleanly, or the zip cannot be made.
    """
    yield from write_notebook(master, course)
    zipped = course / "dist" / bundle.zip_name(master.assignment.name)
    yield from _written({zipped: bundle.autograder_zip(master, advance)}, private=True)


def write_notebook(master: Master, course: Path) -> list[Path]:
    """Write what students get, where it is not there or differs; return what was written."""
    return list(_written(built_files(master, course), private=False))


def _written(files: Mapping[Path, bytes], *, private: bool) -> Iterator[Path]:
    for path, content in files.items():
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content, private=private)
            yield path


def warnings(master: Master) -> list[str]:
    """Return what to know before the notebook and the zip are used."""
    assignment, name = master.assignment, f"`{master.assignment.name}`"
    left_out = kit.hints_of(master).left_out
    told = []
    if ALONE in left_out:
        told = [f"{name}: there is no room in the notebook to name {left_out[ALONE]} {ALONE}, the last ones"]
    allowed = assignment.limits.total_seconds
    if allowed > GRADESCOPE_SECONDS:
        what = f"{name} allows a submission {number(allowed)} seconds"
        told.append(f"{what}: Gradescope ends one after 10 minutes, with 0 points")
    if assignment.misconceptions and not bundle.has_our_numpy(assignment):
        told.append(
            f"the zip of {name} pins another NumPy than {np.__version__}, which runs here: what "
            "mistakes lead to is computed anew for each wrong submission, which takes seconds; build it with "
            "the NumPy that is pinned"
        )
    return told


def out_of_date(master: Master, course: Path) -> list[str]:
    """Return, for each file that is not as it would be built, what differs."""
    problems = []
    for path, content in built_files(master, course).items():
        shown = path.relative_to(course)
        if not path.is_file():
            problems.append(f"{shown} is missing: run `autograder build {master.assignment.name}`")
        elif path.read_bytes() != content:
            difference = _difference(path.read_text(encoding="utf-8", errors="replace"), content.decode())
            command = f"run `autograder build {master.assignment.name}`"
            problems.append(f"{shown} is out of date: {command}\n{difference}")
    return problems


def _difference(committed: str, built: str) -> str:
    """Return the lines that differ; of what is packed, only that it does."""
    lines = list(
        difflib.unified_diff(
            committed.splitlines(), built.splitlines(), "committed", "built", n=1, lineterm=""
        )
    )
    readable = [line for line in lines if not _PACKED.search(line)]
    if len(readable) < len(lines):
        lines = [*(readable if any(line[0] in "+-" for line in readable[2:]) else []), "packed data differs"]
    shown = [line if len(line) <= 160 else line[:157] + "..." for line in lines[:MAX_DIFF_LINES]]
    if len(lines) > MAX_DIFF_LINES:
        shown.append(f"... and {len(lines) - MAX_DIFF_LINES} more lines")
    return "\n".join(f"    {line}" for line in shown)


def without_master(course: Path) -> list[str]:
    """Return a line for each folder of `assignments/` whose master is gone."""
    folder = course / "assignments"
    known = set(master_names(course))
    return [
        f"assignments/{path.name} has no master: delete it, or bring back solutions/{path.name}.py"
        for path in sorted(folder.iterdir() if folder.is_dir() else ())
        if path.is_dir() and path.name not in known
    ]
