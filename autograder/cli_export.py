"""The command `export`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.markup import escape

from autograder.console import console_for, explained, gradebook_option, warn
from autograder.errors import CourseError
from autograder.feedback import number
from autograder.files import write_whole
from autograder.gradebook import opened
from autograder.grades import Class, Line, grade_of, matched, singles, without_roster
from autograder.report.canvas_csv import canvas_csv, column_of
from autograder.report.canvas_csv import no_id as no_canvas_id
from autograder.report.canvas_csv import points_possible as possible_in_canvas
from autograder.report.gradescope_csv import gradescope_csv
from autograder.report.moodle_csv import moodle_csv
from autograder.report.moodle_csv import no_id as no_moodle_id
from autograder.report.moodle_csv import points_possible as possible_in_moodle
from autograder.report.nbgrader_csv import nbgrader_csv
from autograder.report.people_csv import people_csv
from autograder.roster import Roster, read_roster

PLATFORMS = ("canvas", "moodle", "gradescope", "nbgrader", "csv")
_ITS_ROSTER = {"canvas": "gradebook", "moodle": "worksheet"}
_NO_ID: dict[str, Callable[[Line], bool]] = {"canvas": no_canvas_id, "moodle": no_moodle_id}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "platform", required=True, type=click.Choice(PLATFORMS), help="Who reads the file.")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The CSV file to write.",
)
@click.option(
    "--roster",
    "roster_path",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A CSV file of who is in the course: Canvas's gradebook, Moodle's worksheet, Gradescope's roster, "
    "or any with columns like id, name, email. Everybody in it gets a row.",
)
@click.option("--missing-as-zero", is_flag=True, help="Give 0 points to who has no submission.")
@click.option("--allow-unmatched", is_flag=True, help="Exit with 0 although some are left out.")
@click.option(
    "--column",
    default="",
    metavar="NAME",
    show_default="the one called as the assignment",
    help="Canvas: the column of the assignment, as in its gradebook: `Homework 3 (12345)`.",
)
@gradebook_option
@explained
def export(
    folder: Path,
    platform: str,
    output: Path,
    roster_path: Path | None,
    missing_as_zero: bool,
    allow_unmatched: bool,
    column: str,
    gradebook: str | None,
) -> None:
    """Write the grades in DIR as a CSV file that a platform takes.

    DIR is a folder that `autograder grade` has written to. Points given by hand count, and each member
    of a group gets the group's. Students are found in the roster by id, then by e-mail, then by name.
    Whoever cannot be found, or is found twice, is left out and named; then the exit code is 1.
    """
    if column and platform != "canvas":
        raise click.UsageError("--column is for `--to canvas`")
    roster = read_roster(roster_path) if roster_path else None
    with opened(folder, gradebook) as book:
        basis = book.basis
        grades = (grade_of(entry) for entry in book.entries())
        lines, problems = matched(grades, roster) if roster else (without_roster(grades), [])
    if platform != "csv" and roster is None:  # there, it is a row a submission
        lines, problems = singles(lines)
    if platform in _NO_ID and (roster is None or roster.platform != platform):
        lines, told = _with_id(lines, platform)
        problems += told
    graded = Class(
        assignment=basis.assignment,
        title=basis.title,
        questions=basis.questions,
        lines=tuple(lines),
        roster=roster,
        missing=0.0 if missing_as_zero else None,
    )
    content = _content(platform, graded, column)
    warn(_to_know(platform, graded, column))
    write_whole(output, content)
    with_grade = sum(line.grade is not None for line in lines)
    without = f", {len(lines) - with_grade} without a submission" if len(lines) > with_grade else ""
    console_for().print(f"wrote {escape(str(output))}: {with_grade} with a grade{without}")
    for problem in problems:
        console_for(stderr=True).print(f"[red]left out:[/red] {escape(problem)}", soft_wrap=True)
    sys.exit(1 if problems and not allow_unmatched else 0)


def _with_id(lines: Sequence[Line], platform: str) -> tuple[list[Line], list[str]]:
    """Leave out whom a platform could not tell from others, for want of its id."""
    unknown = [line for line in lines if _NO_ID[platform](line)]
    named = platform.capitalize()
    wanted = f"{named}'s own {_ITS_ROSTER[platform]} as --roster"
    if lines and len(unknown) == len(lines):
        raise CourseError(f"nothing says who anybody is in {named}", next_step=f"Name {wanted}.")
    said = f"nothing says who that is in {named}: name {wanted}"
    told = [f"`{line.grade.submission}`: {said}" for line in unknown if line.grade]
    return [line for line in lines if not _NO_ID[platform](line)], told


def _content(platform: str, graded: Class, column: str) -> bytes:
    if platform == "canvas":
        return canvas_csv(graded, column)
    writers = {
        "moodle": moodle_csv,
        "gradescope": gradescope_csv,
        "nbgrader": nbgrader_csv,
        "csv": people_csv,
    }
    return writers[platform](graded)


def _to_know(platform: str, graded: Class, column: str) -> list[str]:
    """Return what an instructor should know before the file is uploaded."""
    roster: Roster | None = graded.roster
    if roster is None or roster.platform != platform:
        return []
    told = []
    if platform == "canvas":
        name = column or column_of(graded)
        possible = possible_in_canvas(roster, name)
        if name not in roster.columns:
            told.append(
                f"no column of the roster is called `{graded.assignment}` or `{graded.title}`: Canvas will "
                f"offer to make a new assignment, `{name}`; --column names one that is there"
            )
    else:
        possible = possible_in_moodle(roster)
    try:
        differs = bool(possible) and float(possible) != graded.possible
    except ValueError:
        differs = False
    if differs:
        told.append(
            f"{platform.capitalize()} has {possible} points as possible, and the assignment "
            f"{number(graded.possible)}: points are written as they are"
        )
    return told
