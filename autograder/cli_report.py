"""The command `report`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from autograder import master, outbox
from autograder.console import console_for, course_option, explained, gradebook_option
from autograder.files import write_whole
from autograder.gradebook import opened
from autograder.report.page_html import page_html

REPORT = "report.html"


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@gradebook_option
@course_option
@explained
def report(folder: Path, gradebook: str | None, course: Path) -> None:
    """Write DIR/report.html anew: the class on one page, for the instructor.

    DIR is a folder that `autograder grade` has written to. The page needs no network; it has the
    feedback and the wrong answers of every student, so keep it to yourself.
    """
    with outbox.locked(folder), opened(folder, gradebook) as book:
        loaded = master.load(book.assignment, master.find_course(course))
        entries = list(book.entries())
        write_whole(folder / REPORT, page_html(loaded.assignment, entries))
    count = f"{len(entries)} submission" + "s" * (len(entries) != 1)
    console_for().print(f"wrote {escape(str(folder / REPORT))} ({count})")
