"""The command `report`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from autograder import master, outbox
from autograder.class_report import write_report
from autograder.console import console_for, course_option, explained, gradebook_option
from autograder.gradebook import opened
from autograder.report.similar_csv import SIMILAR, read_similar


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@gradebook_option
@course_option
@explained
def report(folder: Path, gradebook: str | None, course: Path) -> None:
    """Write DIR/report.html anew: the class on one page, for the instructor.

    DIR is a folder that `autograder grade` has written to. The page needs no network; it has the
    feedback and the wrong answers of every student, so keep it to yourself. Pairs of similar submissions
    are taken from DIR/similar.csv, if it is there.
    """
    with outbox.locked(folder), opened(folder, gradebook) as book:
        loaded = master.load(book.assignment, master.find_course(course))
        pairs = read_similar(folder / SIMILAR)
        path = write_report(folder, loaded.assignment, book.entries(), pairs=pairs)
        count = len(book.names())
    console_for().print(f"wrote {escape(str(path))} ({count} submission{'s' * (count != 1)})")
