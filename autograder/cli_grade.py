"""The command `grade`."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder import grading, inbox, master
from autograder.console import Bar, console_for, course_option, explained, no_sandbox_option, python_option
from autograder.feedback import number
from autograder.files import remove_unfinished, write_whole
from autograder.judge import Judge
from autograder.model import Assignment, Result, Status
from autograder.report.gradebook_csv import gradebook_csv
from autograder.report.results_json import results_json
from autograder.tabulate import Advance

if TYPE_CHECKING:
    from autograder.cluster import Cluster

MAX_ROWS = 60

_STYLE = {Status.PASSED: "green", Status.FAILED: "yellow", Status.ERROR: "red", Status.NOT_ATTEMPTED: "dim"}


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write grades.csv, results/SUBMISSION.json and printed/SUBMISSION.txt.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), show_default="one a core", help="How many at a time."
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    is_flag=False,
    flag_value="local",
    help="Grade on the workers of a Dask cluster: the address of its scheduler (tcp://HOST:8786, or tls://), "
    "its scheduler file, or `local` for one that is started here.",
)
@no_sandbox_option
@python_option
@course_option
@explained
def grade(
    name: str,
    paths: tuple[Path, ...],
    output: Path,
    jobs: int | None,
    cluster: str | None,
    no_sandbox: bool,
    python: Path | None,
    course: Path,
) -> None:
    """Grade submissions of the assignment NAME.

    Each PATH is a notebook (.ipynb), a Python file (.py), a .zip of one, or a folder of them. The
    exit code is 0 when everything was graded, however wrong it is.
    """
    console = console_for()
    with ExitStack() as closing:
        received = closing.enter_context(inbox.received(paths))
        hidden = [*paths, output, *(file.path for file in received.files)]
        judge = closing.enter_context(
            _judging(
                name,
                course,
                python,
                jobs,
                cluster,
                hidden=hidden,
                sandboxed=not no_sandbox,
                advance=closing.enter_context(Bar()).show,
            )
        )
        for warning in (*received.warnings, *grading.warnings(judge)):
            _warn(warning)
        for folder in (output, output / "results", output / "printed"):
            remove_unfinished(folder)
        results, faults = _graded(judge, received.files, output, jobs)
        write_whole(output / "grades.csv", gradebook_csv(judge.assignment, results))
        if results:
            print_results(console, judge.assignment, results)
    printed = sum(bool(result.printed) for result in results)
    console.print(
        f"\nwrote {escape(str(output / 'grades.csv'))}, results/ ({len(results)} files) "
        f"and printed/ ({printed} files)"
    )
    for outcome in faults:
        said = (
            f"{outcome.file.name}: not graded, by a fault of the grader ({outcome.fault}): please report it"
        )
        console_for(stderr=True).print(f"[red]error:[/red] {escape(said)}")
    sys.exit(1 if faults else 0)


def _judging(
    name: str,
    course: Path,
    python: Path | None,
    jobs: int | None,
    address: str | None,
    *,
    hidden: Sequence[Path],
    sandboxed: bool,
    advance: Advance,
) -> AbstractContextManager[Judge | Cluster]:
    """Return what grades: a judge on this machine, or those of a cluster."""
    root = master.find_course(course)
    if address is None:
        return grading.judging(name, root, python, hidden=hidden, sandboxed=sandboxed)
    from autograder import cluster  # loads Dask

    if python is not None:
        raise click.UsageError(
            "--python is for this machine: a cluster's workers run notebooks with their own"
        )
    if jobs is not None and address != cluster.LOCAL:
        raise click.UsageError(
            "--jobs is for this machine: a cluster has as many as its workers have threads"
        )
    return cluster.grading_on(
        address,
        master.load(name, root),
        hidden=[*grading.private(root), *hidden],
        sandboxed=sandboxed,
        jobs=jobs,
        warn=_warn,
        advance=advance,
    )


def _warn(warning: str) -> None:
    console_for(stderr=True).print(f"[yellow]warning:[/yellow] {escape(warning)}")


def _graded(
    judge: Judge | Cluster, files: Sequence[inbox.File], output: Path, jobs: int | None
) -> tuple[list[Result], list[grading.Outcome]]:
    """Write each result as it comes; return all in the order of the files, and what was not graded."""
    outcomes = []
    with Bar() as bar:
        bar.show("grading", 0, len(files))
        if judge.assignment.kept is not None:
            judge.assignment.kept.advance = bar.add
        try:
            outcomes_as_they_come = (
                grading.grade_all(judge, files, jobs=jobs)
                if isinstance(judge, Judge)
                else judge.grade_all(files)
            )
            for outcome in outcomes_as_they_come:
                outcomes.append(outcome)
                if outcome.result is not None:
                    _write(outcome.result, output)
                    bar.advance()
        except KeyboardInterrupt:
            where = escape(str(output / "results"))
            console_for(stderr=True).print(
                f"stopped: what was graded is in {where}, and there is no grades.csv"
            )
            sys.exit(130)
    outcomes.sort(key=lambda outcome: outcome.file.name)
    results = [outcome.result for outcome in outcomes if outcome.result is not None]
    return results, [outcome for outcome in outcomes if outcome.result is None]


def _write(result: Result, output: Path) -> None:
    write_whole(output / "results" / f"{result.submission}.json", results_json(result))
    if result.printed:
        printed = result.printed.encode("utf-8", "replace")
        write_whole(output / "printed" / f"{result.submission}.txt", printed)


def print_results(console: Console, assignment: Assignment, results: Sequence[Result]) -> None:
    """Print a table: a row a submission, with the mean and the possible points below."""
    names = [question.name for question in assignment.questions]
    longest = max(len(result.submission) for result in results)
    short = longest + sum(len(name) + 3 for name in names) + 30 > console.width
    table = Table(title=assignment.title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("submission", overflow="fold")
    table.add_column("status", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    for position, name in enumerate(names, start=1):
        table.add_column(f"Q{position}" if short else name, justify="right", no_wrap=True)
    for result in results[:MAX_ROWS]:
        table.add_row(
            escape(result.submission),
            _styled(result.status, result.status.value),
            number(result.points),
            *(_styled(verdict.status, number(verdict.points)) for verdict in result.verdicts),
        )
    if len(results) > MAX_ROWS:
        table.add_row(f"... and {len(results) - MAX_ROWS} more")
    table.add_section()
    table.add_row("mean", "", _mean([result.points for result in results]), *_means(results), style="bold")
    table.add_row(
        "possible", "", number(assignment.possible), *(number(each.possible) for each in assignment.questions)
    )
    console.print(table)
    if short:
        console.print("  ".join(f"Q{position} {name}" for position, name in enumerate(names, start=1)))


def _styled(status: Status, text: str) -> str:
    return f"[{_STYLE[status]}]{text}[/]"


def _mean(points: Sequence[float]) -> str:
    return f"{statistics.fmean(points):.2f}"


def _means(results: Sequence[Result]) -> list[str]:
    columns = zip(*(result.verdicts for result in results), strict=True)
    return [_mean([verdict.points for verdict in column]) for column in columns]
