"""The command line: the only module that prints, but for `container`, whose output is a log."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from autograder import build as building
from autograder import master
from autograder.cli_export import export
from autograder.cli_grade import grade
from autograder.cli_gradebook import diff, override
from autograder.cli_import import import_
from autograder.cli_new import new
from autograder.cli_report import report
from autograder.cli_similar import similar
from autograder.cli_watch import watch
from autograder.console import (
    Bar,
    console_for,
    course_option,
    explained,
    no_sandbox_option,
    python_option,
    waiting,
    warn,
)
from autograder.doctor import examine
from autograder.errors import SandboxError
from autograder.feedback import number
from autograder.files import write_whole
from autograder.layers import WHAT, lacking
from autograder.mutation import KillMatrix
from autograder.remarks import edited_though_given
from autograder.report.kill_picture import kill_picture
from autograder.report.kill_table import kill_tables
from autograder.report.mutants_csv import mutants_csv
from autograder.verify import Check
from autograder.verify import verify as verify_master


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="true-values")
def main() -> None:
    """True Values grades numerical notebooks, step by step.

    An assignment is one file, solutions/NAME.py: a solved notebook that also says how it is judged.
    """


main.add_command(new)
main.add_command(import_)
main.add_command(watch)
main.add_command(grade)
main.add_command(similar)
main.add_command(export)
main.add_command(diff)
main.add_command(override)
main.add_command(report)


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if assignments/ is out of date.")
@course_option
@explained
def build(names: tuple[str, ...], check: bool, course: Path) -> None:
    """Make the student notebooks and the grading zips of the assignments NAME, or of all.

    A notebook is written to assignments/NAME/NAME.ipynb, with its solutions taken out and its public
    checks put in. The zip, dist/NAME-autograder.zip, is for Gradescope, `otter grade` and `otter run`:
    it holds the solutions, so keep it to yourself. Building again gives the same bytes.
    """
    console = console_for()
    root = master.find_course(course)
    problems = [] if names else building.without_master(root)
    for name in _chosen(names, root):
        loaded = master.load(name, root, waiting=waiting())
        if check:
            problems += building.out_of_date(loaded, root)
            continue
        up_to_date = True
        with Bar() as bar:
            for path in building.build(loaded, root, bar.show):
                points = f" ({number(loaded.assignment.possible)} points)" if path.suffix == ".zip" else ""
                console.print(f"wrote {escape(str(path.relative_to(root)))}{points}")
                up_to_date = False
        warn(building.warnings(loaded))
        warn(edited_though_given(loaded))
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
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write NAME-mutants.csv and NAME-mutants.svg: which case kills which mutant.",
)
@no_sandbox_option
@python_option
@course_option
@explained
def verify(
    names: tuple[str, ...], output: Path | None, no_sandbox: bool, python: Path | None, course: Path
) -> None:
    """Prove that the assignments NAME, or all, can be handed out.

    The reference gets full points, the untouched notebook none, nothing of a solution is in what
    students get, and what is in assignments/ is up to date. If all that holds, small mistakes are
    put into the reference, one at a time: each such mutant must be killed by a hidden case, or be
    justified in the master as equivalent. Exits with 1 if something fails.
    """
    console = console_for()
    root = master.find_course(course)
    failed = 0
    for name in _chosen(names, root):
        with Bar() as bar:
            for check in verify_master(
                name, root, python, sandboxed=not no_sandbox, advance=bar.show, waiting=waiting()
            ):
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
    for remark in check.remarks:
        said = textwrap.indent(escape(remark), " " * 5).lstrip()
        console.print(f"     [yellow]remark:[/yellow] {said}", soft_wrap=True)
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
@python_option
@explained
def doctor(python: Path | None) -> None:
    """Show which layers of the sandbox hold here, by trying to break each.

    A layer that this machine has not is no fault, as long as the others are enough. Exits with 1
    if one is broken, or if they are not enough to grade.
    """
    console = console_for()
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
