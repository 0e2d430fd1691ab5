"""The instructor's report beside the results of a class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.entries import Entry
from autograder.files import write_whole
from autograder.grading import Outcome
from autograder.model import Assignment
from autograder.report.page_html import Lead, page_html

REPORT = "report.html"


def write_report(
    folder: Path,
    assignment: Assignment,
    entries: Iterable[Entry],
    *,
    faults: Sequence[Outcome] = (),
    pairs: Sequence[Lead] = (),
) -> Path:
    """Write the report of a class into the folder of its results, and return its path.

    Args:
        folder: where the class was graded into.
        assignment: what was asked.
        entries: the class, in the order in which it is listed.
        faults: what was not graded.
        pairs: similar submissions, the strongest lead first.
    """
    told = [(outcome.file.name, outcome.fault) for outcome in faults]
    path = folder / REPORT
    write_whole(path, page_html(assignment, entries, faults=told, pairs=pairs))
    return path
