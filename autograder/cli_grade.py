"""The command `grade`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
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
from autograder.stopping import stoppable
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
    with stoppable(output) as consoles, ExitStack() as closing:
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
        root = master.find_course(course)
        loaded = master.load(name, root)
        judge = closing.enter_context(
            _judging(
                loaded,
                python,
                jobs,
                cluster,
                hidden=[*grading.private(root), *received.places, output],
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
            outcomes = _outcomes(judge, plan, jobs, progress)
            done = run_class(
                book, output, plan, basis, outcomes, again=again, prune=prune, heard=progress.heard
            )
        notes = [*done.notes, *_about_gone(plan, pruned=prune)]
        if done.graded and not similar and (output / SIMILAR).is_file():
            notes.append(
                f"`{output / SIMILAR}` is of an earlier run: --similar compares the submissions again"
            )
        warn(notes)
        told, table = ClassJson(plan), ClassTable(judge.assignment.title, basis.questions)
        listing = _Listing(told if as_json else table, with_answers=similar)
        questions = [question for question, _ in basis.questions]
        outbox.write_grades(output, questions, listing.of(outbox.restored(output, book.entries())))
        if similar:
            _compare(loaded, received.files, listing.answers, output)
        pairs = read_similar(output / SIMILAR)
        write_report(output, judge.assignment, book.entries(), faults=done.faults, pairs=pairs)
    if as_json:
        seconds = time.monotonic() - started
        warnings += notes
        click.echo(told.text(name, output, done, seconds=seconds, warnings=warnings, similar=similar))
    else:
        _print_table(table, output, listing)
    _tell_faults(done)
    sys.exit(1 if done.faults else 0)


def _judging(
    loaded: Master,
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
        return grading.judge_of(loaded, python, hidden=hidden, sandboxed=sandboxed)
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
        hidden=hidden,
        sandboxed=sandboxed,
        jobs=jobs,
        warn=lambda warning: warn([warning]),
        advance=advance,
    )


def _outcomes(
    judge: Judge | Cluster, plan: Plan, jobs: int | None, progress: ClassProgress
) -> Iterator[grading.Outcome]:
    """Return what grades a plan's files, one after the other, when it is asked for the next."""
    if judge.assignment.kept is not None:
        judge.assignment.kept.advance = progress.add
    if isinstance(judge, Judge):
        return grading.grade_all(judge, plan.files, jobs=jobs)
    return judge.grade_all(plan.files)


class _Listing:
    """The class, as it passes by on its way to grades.csv: nothing of it is kept that is not needed."""

    def __init__(self, shown: ClassJson | ClassTable, *, with_answers: bool) -> None:
        self._shown = shown
        self._with_answers = with_answers
        self.count = 0
        self.printed = 0
        self.answers: dict[str, tuple[str, ...]] = {}

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Yield the entries, each when it is listed."""
        for entry in entries:
            self.count += 1
            self.printed += bool(entry.result.printed)
            self._shown.add(entry)
            if self._with_answers:
                self.answers[entry.result.submission] = wrong_answers(entry.result)
            yield entry


def _compare(
    loaded: Master, files: Sequence[inbox.File], answers: Mapping[str, tuple[str, ...]], output: Path
) -> None:
    with Bar() as bar:
        found = leads(loaded, files, answers=answers, advance=bar.show)
    write_whole(output / SIMILAR, similar_csv(found.pairs))


def _print_table(table: ClassTable, output: Path, listing: _Listing) -> None:
    console = console_for()
    for part in table.parts(console.width):
        console.print(part)
    console.print(
        f"\nwrote {escape(str(output / 'grades.csv'))}, report.html, results/ ({listing.count} files) "
        f"and printed/ ({listing.printed} files)"
    )


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
