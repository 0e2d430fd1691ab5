"""The command line: the only module that prints, but for `container`, whose output is a log."""

from __future__ import annotations

import functools
import statistics
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder import build as building
from autograder import grading, master
from autograder.doctor import examine
from autograder.errors import GraderError, SandboxError
from autograder.feedback import number
from autograder.files import UNFINISHED, remove_unfinished, write_whole
from autograder.layers import WHAT, lacking
from autograder.model import Assignment, Result, Status
from autograder.mutation import KillMatrix
from autograder.report.gradebook_csv import gradebook_csv
from autograder.report.kill_picture import kill_picture
from autograder.report.kill_table import kill_tables
from autograder.report.mutants_csv import mutants_csv
from autograder.report.results_json import results_json
from autograder.verify import Check
from autograder.verify import verify as verify_master

MAX_ROWS = 60
WIDE = 160
"""Columns of a table that goes to a file."""

_STYLE = {Status.PASSED: "green", Status.FAILED: "yellow", Status.ERROR: "red", Status.NOT_ATTEMPTED: "dim"}


def _console(*, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, emoji=False, width=None if stream.isatty() else WIDE)


def _explained(command: Callable[..., None]) -> Callable[..., None]:
    """Show what is wrong, where, and what to do next, instead of a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except GraderError as error:
            _console(stderr=True).print(f"[red]error:[/red] {escape(str(error))}")
            sys.exit(1 if isinstance(error, SandboxError) else 2)
        except OSError as error:
            _console(stderr=True).print(f"[red]error:[/red] {escape(_said_by_system(error))}")
            sys.exit(2)
        except KeyboardInterrupt:
            _console(stderr=True).print("stopped")
            sys.exit(130)

    return run


def _said_by_system(error: OSError) -> str:
    """Return what went wrong with a file, and what to do; where one was being written, its folder."""
    path = Path(error.filename or ".")
    path = path.parent if path.name.startswith(UNFINISHED) else path
    question = "Is it a folder that you may write to, on a disk that is not full?"
    return f"`{path}`: {error.strerror or error}\n  {question}"


_course = click.option(
    "--course",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    show_default="the folder you are in",
    help="The course: a folder with solutions/ in it, or a folder inside one.",
)
_no_sandbox = click.option(
    "--no-sandbox",
    is_flag=True,
    help="Run notebooks unprotected: each can read and change your files. Every result records it.",
)
_python = click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_default="the one that runs this command",
    help="The Python that runs notebooks, e.g. one with another NumPy.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="true-values")
def main() -> None:
    """True Values grades numerical notebooks, step by step.

    An assignment is one file, solutions/NAME.py: a solved notebook that also says how it is judged.
    """


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if assignments/ is out of date.")
@_course
@_explained
def build(names: tuple[str, ...], check: bool, course: Path) -> None:
    """Make the student notebooks and the grading zips of the assignments NAME, or of all.

    A notebook is written to assignments/NAME/NAME.ipynb, with its solutions taken out and its public
    checks put in. The zip, dist/NAME-autograder.zip, is for Gradescope, `otter grade` and `otter run`:
    it holds the solutions, so keep it to yourself. Building again gives the same bytes.
    """
    console = _console()
    root = master.find_course(course)
    problems = [] if names else building.without_master(root)
    for name in _chosen(names, root):
        loaded = master.load(name, root)
        if check:
            problems += building.out_of_date(loaded, root)
            continue
        up_to_date = True
        with _Bar() as bar:
            for path in building.build(loaded, root, bar.show):
                points = f" ({number(loaded.assignment.possible)} points)" if path.suffix == ".zip" else ""
                console.print(f"wrote {escape(str(path.relative_to(root)))}{points}")
                up_to_date = False
        for warning in building.warnings(loaded):
            _console(stderr=True).print(f"[yellow]warning:[/yellow] {escape(warning)}")
        if up_to_date:
            console.print(f"assignments/{name}/ is up to date, and so is its zip in dist/")
    for problem in problems:
        console.print(escape(problem))
    if check and not problems:
        console.print("assignments/ is up to date")
    sys.exit(1 if problems and check else 0)


def _chosen(names: Sequence[str], root: Path) -> list[str]:
    return list(names) or master.master_names(root)


@main.command()
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
@_no_sandbox
@_python
@_course
@_explained
def grade(
    name: str,
    paths: tuple[Path, ...],
    output: Path,
    jobs: int | None,
    no_sandbox: bool,
    python: Path | None,
    course: Path,
) -> None:
    """Grade submissions of the assignment NAME.

    Each PATH is a notebook (.ipynb), a Python file (.py), a .zip of one, or a folder of them. The
    exit code is 0 when everything was graded, however wrong it is.
    """
    console = _console()
    files = grading.find_files(paths)
    with grading.judging(
        name, master.find_course(course), python, hidden=[*paths, output], sandboxed=not no_sandbox
    ) as judge:
        for warning in grading.warnings(judge):
            _console(stderr=True).print(f"[yellow]warning:[/yellow] {escape(warning)}")
        for folder in (output, output / "results", output / "printed"):
            remove_unfinished(folder)
        with _Bar() as bar:
            bar.show("grading", 0, len(files))
            if judge.assignment.kept is not None:
                judge.assignment.kept.advance = bar.add

            def done(result: Result) -> None:
                write_whole(output / "results" / f"{result.submission}.json", results_json(result))
                if result.printed:
                    printed = result.printed.encode("utf-8", "replace")
                    write_whole(output / "printed" / f"{result.submission}.txt", printed)
                bar.advance()

            try:
                results, faults = grading.grade_files(judge, files, jobs=jobs, when_done=done)
            except KeyboardInterrupt:
                where = escape(str(output / "results"))
                _console(stderr=True).print(
                    f"stopped: what was graded is in {where}, and there is no grades.csv"
                )
                sys.exit(130)
        write_whole(output / "grades.csv", gradebook_csv(judge.assignment, results))
        if results:
            print_results(console, judge.assignment, results)
    printed = sum(bool(result.printed) for result in results)
    console.print(
        f"\nwrote {escape(str(output / 'grades.csv'))}, results/ ({len(results)} files) "
        f"and printed/ ({printed} files)"
    )
    for fault in faults:
        reason = f"{type(fault.error).__name__}: {fault.error}"
        said = f"{fault.file.name}: not graded, by a fault of the grader ({reason}): please report it"
        _console(stderr=True).print(f"[red]error:[/red] {escape(said)}")
    sys.exit(1 if faults else 0)


class _Bar:
    """A bar on a terminal, and nothing elsewhere, from the first time that it is shown."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=_console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task("", total=0)
        self._added: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def show(self, what: str, done: int, total: int) -> None:
        """Show how many are done; the bar is gone when all are."""
        self._progress.start()
        self._progress.update(self._task, description=what, completed=done, total=total)
        if done == total:
            self._progress.stop()

    def add(self, what: str, done: int, total: int) -> None:
        """Show another bar below, for something that is waited for, until it is done."""
        if what not in self._added:
            self._added[what] = self._progress.add_task(what)
        self._progress.update(
            self._added[what], completed=done, total=total, visible=done < total, refresh=True
        )

    def advance(self) -> None:
        """One more is done."""
        self._progress.advance(self._task)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


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


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write NAME-mutants.csv and NAME-mutants.svg: which case kills which mutant.",
)
@_no_sandbox
@_python
@_course
@_explained
def verify(
    names: tuple[str, ...], output: Path | None, no_sandbox: bool, python: Path | None, course: Path
) -> None:
    """Prove that the assignments NAME, or all, can be handed out.

    The reference gets full points, the untouched notebook none, nothing of a solution is in what
    students get, and what is in assignments/ is up to date. If all that holds, small mistakes are
    put into the reference, one at a time: each such mutant must be killed by a hidden case, or be
    justified in the master as equivalent. Exits with 1 if something fails.
    """
    console = _console()
    root = master.find_course(course)
    failed = 0
    for name in _chosen(names, root):
        with _Bar() as bar:
            for check in verify_master(name, root, python, sandboxed=not no_sandbox, advance=bar.show):
                _print_check(console, check)
                failed += bool(check.problems)
                if check.matrix is not None and output is not None:
                    _write_matrix(console, check.matrix, output)
    sys.exit(1 if failed else 0)


def _print_check(console: Console, check: Check) -> None:
    mark = "[red]no[/red] " if check.problems else "[green]yes[/green]"
    if check.skipped:
        console.print(f"[yellow]-[/yellow]    {check.assignment}: {check.claim} (not tried: see above)")
        return
    console.print(f"{mark}  {check.assignment}: {check.claim}")
    for problem in check.problems:
        console.print(textwrap.indent(escape(problem), " " * 5), soft_wrap=True)
    if check.matrix is not None:
        for part in kill_tables(check.matrix, console.width):
            console.print(part)


def _write_matrix(console: Console, matrix: KillMatrix, output: Path) -> None:
    name = matrix.assignment.name
    for suffix, content in (("csv", mutants_csv(matrix)), ("svg", kill_picture(matrix))):
        path = output / f"{name}-mutants.{suffix}"
        write_whole(path, content)
        console.print(f"wrote {escape(str(path))}")


@main.command()
@_python
@_explained
def doctor(python: Path | None) -> None:
    """Show which layers of the sandbox hold here, by trying to break each.

    A layer that this machine has not is no fault, as long as the others are enough. Exits with 1
    if one is broken, or if they are not enough to grade.
    """
    console = _console()
    try:
        findings = examine(python)
    except SandboxError:
        for layer, reason in lacking().items():
            console.print(f"[yellow]not here[/yellow]  {layer:12}{escape(reason)}")
        raise
    width = max(len(finding.layer) for finding in findings)
    for finding in findings:
        said = f"a notebook {WHAT[finding.layer]}"
        if finding.missing:
            mark, said = "[yellow]not here[/yellow]", finding.missing
        elif finding.broken:
            mark, said = "[red]broken[/red]  ", f"a notebook can {', '.join(finding.broken)}"
        else:
            mark = "[green]holds[/green]   "
            said += f" ({finding.tried} attempt{'s' * (finding.tried != 1)} stopped)"
        console.print(f"{mark}  {finding.layer:{width}}  {escape(said)}")
    broken = [finding.layer for finding in findings if finding.broken]
    told = (
        f"[red]{', '.join(broken)} must be mended before you grade[/red]"
        if broken
        else "notebooks are sealed off"
    )
    console.print(f"\n{told}")
    sys.exit(1 if broken else 0)
