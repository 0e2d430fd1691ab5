"""Grades as `nbgrader export` writes them."""

from __future__ import annotations

from autograder.feedback import number
from autograder.grades import Class
from autograder.report.sheets import key_cell, table, text_cell

_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score"),
    *("late_submission_penalty", "score", "max_score"),
)


def nbgrader_csv(graded: Class) -> bytes:
    """Return the table: a row a person; points are never taken off for being late."""
    rows = [list(_COLUMNS)]
    for line in graded.lines:
        first, last = line.person.names
        points = graded.points(line)
        rows.append(
            [
                graded.assignment,
                "",
                _time(line.grade.submitted) if line.grade else "",
                key_cell(line.person.id),
                text_cell(last),
                text_cell(first),
                key_cell(line.person.email),
                points,
                "0.0" if points else "",
                points,
                number(graded.possible),
            ]
        )
    return table(rows)


def _time(submitted: str) -> str:
    """Return a time as nbgrader writes it: in UTC, without a zone."""
    return submitted.removesuffix("+00:00").replace("T", " ")
