"""Grades as Gradescope's own export of scores has them."""

from __future__ import annotations

from autograder.feedback import number
from autograder.grades import Class
from autograder.report.sheets import key_cell, table, text_cell

_COLUMNS = (
    "First Name",
    "Last Name",
    "SID",
    "Email",
    "Total Score",
    "Max Points",
    "Status",
    "Submission Time",
)


def gradescope_csv(graded: Class) -> bytes:
    """Return the table: a row a person, and a column a question at the end."""
    questions = [
        f"{place}: {name} ({number(points)} pts)"
        for place, (name, points) in enumerate(graded.questions, start=1)
    ]
    rows = [[*_COLUMNS, *questions]]
    for line in graded.lines:
        first, last = line.person.names
        grade = line.grade
        rows.append(
            [
                text_cell(first),
                text_cell(last),
                key_cell(line.person.id),
                key_cell(line.person.email),
                graded.points(line),
                number(graded.possible),
                "Graded" if grade else "Missing",
                grade.submitted if grade else "",
                *(number(grade.questions.get(name, 0)) if grade else "" for name, _ in graded.questions),
            ]
        )
    return table(rows)
