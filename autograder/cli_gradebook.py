"""The commands on a gradebook: `diff` and `override`."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import click
from rich import box
from rich.markup import escape
from rich.table import Table

from autograder import outbox
from autograder.console import console_for, explained, gradebook_option
from autograder.differences import differences, run_before
from autograder.entries import Override
from autograder.feedback import number
from autograder.gradebook import Gradebook, opened
from autograder.overrides import give, take_back
from autograder.report.differences_json import differences_json
from autograder.report.differences_table import differences_table
from autograder.report.results_json import rounded

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.argument("other", metavar="[OTHER_DIR]", type=_FOLDER, required=False)
@click.option("--since", type=int, metavar="RUN", help="Compare with what stood after this run.")
@click.option("--feedback", is_flag=True, help="Show also what has the same points and other feedback.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@gradebook_option
@explained
def diff(
    folder: Path, other: Path | None, since: int | None, feedback: bool, as_json: bool, gradebook: str | None
) -> None:
    """Show whose points changed since the run before, and why.

    DIR is a folder that `autograder grade` has written to. With OTHER_DIR, show how that one differs
    from DIR instead.
    """
    if other is not None and (since is not None or gradebook is not None):
        raise click.UsageError("two folders are compared as they are: leave out --since and --gradebook")
    with ExitStack() as closing:
        book = closing.enter_context(opened(folder, gradebook))
        if other is not None:
            label = str(folder)
            found = differences(book.graded(), closing.enter_context(opened(other)).graded())
        else:
            run = run_before(book, since)
            runs = book.runs()
            label = f"run {run.id} ({run.started[:16].replace('T', ' ')} UTC)" if run else "the first run"
            first = run.id if run else min((each.id for each in runs), default=0)
            found = differences(book.graded_at(first), book.graded())
    if as_json:
        click.echo(differences_json(found, label, feedback=feedback))
        return
    console = console_for()
    for part in differences_table(found, label, feedback=feedback):
        console.print(part)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.argument("submission", metavar="[SUBMISSION", required=False)
@click.argument("points", metavar="POINTS]", type=float, required=False)
@click.option("--question", default="", metavar="QUESTION", help="The question; by default all of it.")
@click.option("--reason", default="", help="Why: it stands in the results.")
@click.option("--remove", is_flag=True, help="Take back what was given by hand.")
@click.option("--bonus", is_flag=True, help="Allow more points than are possible.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as one JSON object.")
@gradebook_option
@explained
def override(
    folder: Path,
    submission: str | None,
    points: float | None,
    question: str,
    reason: str,
    remove: bool,
    bonus: bool,
    as_json: bool,
    gradebook: str | None,
) -> None:
    """Give a submission POINTS by hand, whatever it is graded to, or list what was given.

    DIR is a folder that `autograder grade` has written to. Points given by hand stay when the class
    is graded again, also when the file changes.
    """
    if submission is not None and (points is None) != remove:
        raise click.UsageError("give either POINTS or --remove")
    with ExitStack() as closing:
        if submission is None:
            _list(closing.enter_context(opened(folder, gradebook)), as_json=as_json)
            return
        closing.enter_context(outbox.locked(folder))
        book = closing.enter_context(opened(folder, gradebook))
        if points is None:
            entry = take_back(book, folder, submission, question)
        else:
            given = Override(points=points, reason=reason, question=question)
            entry = give(book, folder, submission, given, bonus=bonus)
        possible, judged = number(entry.result.possible), number(entry.result.points)
        console_for().print(
            f"`{escape(submission)}` has {number(entry.points)} of {possible} points ({judged} as graded); "
            "grades.csv and its result are written anew"
        )


def _list(book: Gradebook, *, as_json: bool) -> None:
    given = [(name, each) for name, all_of in book.overrides().items() for each in all_of]
    if as_json:
        content = [
            {"submission": name, "question": each.question, "points": rounded(each.points)}
            | {"reason": each.reason}
            for name, each in given
        ]
        click.echo(json.dumps({"overrides": content}, indent=1))
        return
    if not given:
        console_for().print("no points were given by hand")
        return
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("submission", "question", "points", "reason"):
        table.add_column(column, justify="right" if column == "points" else "left", overflow="fold")
    for name, each in given:
        table.add_row(escape(name), escape(each.question or "all"), number(each.points), escape(each.reason))
    console_for().print(table)
