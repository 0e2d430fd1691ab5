"""The command `grade`."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape

from autograder import grading, inbox, master, outbox, parts, zips
from autograder.class_report import write_report
from autograder.class_run import Done, run_class
from autograder.console import (
    Bar,
    console_for,
    course_option,
    explained,
    gradebook_option,
    no_sandbox_option,
    python_option,
    warn,
)
from autograder.entries import Entry
from autograder.files import write_whole
from autograder.gradebook import Gradebook, address
from autograder.judge import Judge
from autograder.leads import leads, wrong_answers
from autograder.master import Master
from autograder.progress import ClassProgress
from autograder.regrading import Plan, planned
from autograder.report.class_json import ClassJson
from autograder.report.class_table import ClassTable
from autograder.report.similar_csv import SIMILAR, read_similar, similar_csv
from autograder.tabulate import Advance

if TYPE_CHECKING:
    from autograder.cluster import Cluster

MAX_NAMED = 10


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write grades.csv, report.html, results/SUBMISSION.json and printed/SUBMISSION.txt, and "
    "to keep the gradebook.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), show_default="one a core", help="How many at a time."
)
@click.option("--again", is_flag=True, help="Grade all again, not only what is new, changed or touched.")
@click.option("--prune", is_flag=True, help="Take out the submissions whose files are not there any more.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option(
    "--layout",
    type=click.Choice(inbox.LAYOUTS),
    show_default="what it looks like",
    help="What folders and zips in PATH are: of which platform, or simply files.",
)
@click.option("--all-submissions", is_flag=True, help="Grade what students handed in before, too.")
@click.option(
    "--max-unpacked",
    type=click.FloatRange(min=0, min_open=True),
    default=zips.MAX_UNPACKED / 2**30,
    show_default=True,
    metavar="GB",
    help="How much may be unpacked of zips, into a temporary folder (see TMPDIR).",
)
@click.option(
    "--similar",
    is_flag=True,
    help="Compare the submissions with each other too, for similar.csv and the report: see `similar`.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    is_flag=False,
    flag_value="local",
    help="Grade on the workers of a Dask cluster: the address of its scheduler (tcp://HOST:8786, or tls://), "
    "its scheduler file, or `local` for one that is started here.",
)
@gradebook_option
@no_sandbox_option
@python_option
@course_option
@explained
def grade(
    name: str,
    paths: tuple[Path, ...],
    output: Path,
    jobs: int | None,
    again: bool,
    prune: bool,
    as_json: bool,
    layout: str | None,
    all_submissions: bool,
    max_unpacked: float,
    similar: bool,
    cluster: str | None,
    gradebook: str | None,
    no_sandbox: bool,
    python: Path | None,
    course: Path,
) -> None:
    """Grade submissions of the assignment NAME.

    Each PATH is a notebook (.ipynb), a Python file (.py), a .zip of one, or a folder or a zip of
    them: as you have them, or as Gradescope, Canvas, Moodle or nbgrader hand them out. Only what is
    missing in DIR is graded: what is new or changed, and what an edit of the master touches.
    Stopped or killed, the same command goes on. The exit code is 0 when everything was graded,
    however wrong it is.
    """
    started = time.monotonic()
    with _stoppable(output) as consoles, ExitStack() as closing:
        received = closing.enter_context(
            inbox.received(
                paths,
                layout=layout or "",
                assignment=name,
                all_submissions=all_submissions,
                max_unpacked=int(max_unpacked * 2**30),
            )
        )
        for note in received.notes:
            console_for(stderr=True).print(escape(note))
        hidden = [*received.places, output]
        root = master.find_course(course)
        loaded = master.load(name, root)
        judge = closing.enter_context(
            _judging(
                loaded,
                root,
                python,
                jobs,
                cluster,
                hidden=hidden,
                sandboxed=not no_sandbox,
                advance=closing.enter_context(Bar()).show,
            )
        )
        warnings = [*received.warnings, *grading.warnings(judge)]
        warn(warnings)
        closing.enter_context(outbox.locked(output))
        book = closing.enter_context(Gradebook(*address(output, gradebook), judge.assignment.name))
        basis = parts.read_basis(judge.assignment, root, judge.versions, sandboxed=judge.sandboxed)
        plan = planned(book, received.files, basis, again=again)
        if not as_json:
            console_for().print(f"{escape(plan.said())}")
        with ClassProgress(len(plan.files)) as progress:
            consoles.append(progress.console)
            if judge.assignment.kept is not None:
                judge.assignment.kept.advance = progress.add
            outcomes = (
                grading.grade_all(judge, plan.files, jobs=jobs)
                if isinstance(judge, Judge)
                else judge.grade_all(plan.files)
            )
            done = run_class(
                book, output, plan, basis, outcomes, again=again, prune=prune, heard=progress.heard
            )
        notes = [*done.notes, *_about_gone(plan, pruned=prune)]
        warn(notes)
        answers: dict[str, tuple[str, ...]] = {}
        told, table = ClassJson(plan), ClassTable(judge.assignment.title, basis.questions)
        printed = 0

        def listed() -> Iterator[Entry]:
            nonlocal printed
            for entry in outbox.restored(output, book.entries()):
                printed += bool(entry.result.printed)
                (told if as_json else table).add(entry)
                if similar:
                    answers[entry.result.submission] = wrong_answers(entry.result)
                yield entry

        outbox.write_grades(output, [question for question, _ in basis.questions], listed())
        if similar:
            _compare(loaded, received.files, answers, output)
        pairs = read_similar(output / SIMILAR)
        write_report(output, judge.assignment, book.entries(), faults=done.faults, pairs=pairs)
        count = len(book.names())
    if as_json:
        seconds = time.monotonic() - started
        text = told.text(name, output, done, seconds=seconds, warnings=[*warnings, *notes])
        click.echo(text)
    else:
        console = console_for()
        for part in table.parts(console.width):
            console.print(part)
        console.print(
            f"\nwrote {escape(str(output / 'grades.csv'))}, report.html, results/ ({count} files) "
            f"and printed/ ({printed} files)"
        )
    _tell_faults(done)
    sys.exit(1 if done.faults else 0)


def _judging(
    loaded: Master,
    root: Path,
    python: Path | None,
    jobs: int | None,
    address: str | None,
    *,
    hidden: Sequence[Path],
    sandboxed: bool,
    advance: Advance,
) -> AbstractContextManager[Judge | Cluster]:
    """Return what grades: a judge on this machine, or those of a cluster."""
    if address is None:
        private = grading.private(root)
        return grading.judge_of(loaded, python, hidden=[*private, *hidden], sandboxed=sandboxed)
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
        loaded,
        hidden=[*grading.private(root), *hidden],
        sandboxed=sandboxed,
        jobs=jobs,
        warn=lambda warning: warn([warning]),
        advance=advance,
    )


def _compare(
    loaded: Master, files: Sequence[inbox.File], answers: Mapping[str, tuple[str, ...]], output: Path
) -> None:
    with Bar() as bar:
        found = leads(loaded, files, answers=answers, advance=bar.show)
    write_whole(output / SIMILAR, similar_csv(found.pairs))


def _about_gone(plan: Plan, *, pruned: bool) -> list[str]:
    if not plan.gone:
        return []
    named = ", ".join(f"`{name}`" for name in plan.gone[:MAX_NAMED])
    more = f" and {len(plan.gone) - MAX_NAMED} more" if len(plan.gone) > MAX_NAMED else ""
    if pruned:
        return [f"taken out, for their files are not there: {named}{more}"]
    return [
        f"graded before, and not among the files now: {named}{more}; their results stay as they are "
        "(--prune takes them out)"
    ]


def _tell_faults(done: Done) -> None:
    for outcome in done.faults:
        said = (
            f"{outcome.file.name}: not graded, by a fault of the grader ({outcome.fault}): please report it"
        )
        console_for(stderr=True).print(f"[red]error:[/red] {escape(said)}")


@contextmanager
def _stoppable(output: Path) -> Iterator[list[Console]]:
    """Let Ctrl-C end a run with what was graded kept; a second one ends it at once, which breaks nothing.

    It is as if we were killed: an exception in the middle of cleaning up would be worse. What is said goes
    to the last of the consoles that are given: the one that has a bar on it, if there is one.
    """
    consoles = [console_for(stderr=True)]

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, give_up)
        consoles[-1].print("\nstopping: what has begun is finished (Ctrl-C again: at once)")
        raise KeyboardInterrupt

    def give_up(_number: int, _frame: FrameType | None) -> None:
        shown_again = "\x1b[?25h" if os.isatty(2) else ""  # the bar hides the cursor
        os.write(2, f"{shown_again}\n{told}\n".encode("utf-8", "replace"))
        os._exit(130)

    told = f"stopped: what was graded is kept in {output}; the same command goes on from there"
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield consoles
    except KeyboardInterrupt:
        console_for(stderr=True).print(escape(told))
        sys.exit(130)
    except BaseException:
        signal.signal(signal.SIGINT, before)
        raise
    signal.signal(signal.SIGINT, before)
