"""Grades as Moodle's offline grading worksheet, with feedback."""

from __future__ import annotations

import html

from autograder.feedback import number
from autograder.grades import Class, Line
from autograder.report.sheets import key_cell, table, text_cell
from autograder.roster import Roster

_COLUMNS = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments"),
)
_WRITTEN = ("Grade", "Feedback comments")


def moodle_csv(graded: Class) -> bytes:
    """Return the worksheet to upload.

    With a roster that is Moodle's own worksheet, it is that one with grades and feedback filled in; a
    person without a submission keeps what is there.
    """
    roster = graded.roster
    if roster is not None and roster.platform == "moodle":
        return _filled(graded, roster)
    rows = [list(_COLUMNS)]
    for line in graded.lines:
        handed_in = "Submitted for grading" if line.grade else "No submission"
        rows.append(
            [
                f"Participant {_number(line)}",
                text_cell(line.person.name),
                key_cell(line.person.email),
                handed_in,
                graded.points(line),
                number(graded.possible),
                "Yes",
                "",
                "",
                _feedback(line),
            ]
        )
    return table(rows)


def no_id(line: Line) -> bool:
    """Return whether Moodle could not know whose a line of ours is: it wants the number that it gave."""
    return not _number(line)


def _number(line: Line) -> str:
    """Return the number that Moodle knows a participant by, from the name of a file that it gave out."""
    return line.grade.student.id if line.grade and line.grade.platform == "moodle" else ""


def _feedback(line: Line) -> str:
    """Return what the student reads. Moodle shows comments as HTML, in which this is but text."""
    if line.grade is None:
        return ""
    return text_cell(html.escape(line.grade.feedback, quote=False).replace("\n", "<br>"))


def _filled(graded: Class, roster: Roster) -> bytes:
    columns = [*roster.columns, *(column for column in _WRITTEN if column not in roster.columns)]
    rows = [[*row, *[""] * (len(columns) - len(row))] for row in roster.rows]
    for line in graded.lines:
        row = rows[line.person.row]
        for column, content in zip(_WRITTEN, (graded.points(line), _feedback(line)), strict=True):
            row[columns.index(column)] = content or row[columns.index(column)]
    name = columns.index("Full name")
    for row in rows:
        row[:] = [text_cell(cell) if at == name else key_cell(cell) for at, cell in enumerate(row)]
    return table([columns, *rows], marked=roster.marked, delimiter=roster.delimiter)


def points_possible(roster: Roster) -> str:
    """Return what Moodle says is possible, if it does."""
    if "Maximum Grade" not in roster.columns or not roster.rows:
        return ""
    return roster.cell(0, "Maximum Grade").strip()
