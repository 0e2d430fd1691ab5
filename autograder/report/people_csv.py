"""Grades with all that is known of them: a row a person, for people and for programs of their own."""

from __future__ import annotations

from autograder.feedback import number
from autograder.grades import Class
from autograder.report.sheets import key_cell, table, text_cell

_COLUMNS = ("id", "name", "email", "submission", "submitted", "status", "points", "possible")


def people_csv(graded: Class) -> bytes:
    """Return the table: a column a question, one for the hints opened of each of which that is counted,
    then `misconceptions` and `override`."""
    names = [name for name, _ in graded.questions]
    counted = [
        name for name in names if any(line.grade and name in line.grade.hints for line in graded.lines)
    ]
    hinted = [f"{name} hints" for name in counted]
    rows = [[*_COLUMNS, *names, *hinted, "misconceptions", "override"]]
    for line in graded.lines:
        grade = line.grade
        questions = [
            number(grade.questions[name]) if grade and name in grade.questions else "" for name in names
        ]
        hints = [str(grade.hints.get(name, "")) if grade else "" for name in counted]
        rows.append(
            [
                key_cell(line.person.id),
                text_cell(line.person.name),
                key_cell(line.person.email),
                text_cell(grade.submission) if grade else "",
                grade.submitted if grade else "",
                grade.status if grade else "missing",
                graded.points(line),
                number(graded.possible),
                *questions,
                *hints,
                text_cell("; ".join(grade.misconceptions)) if grade else "",
                text_cell(grade.override) if grade else "",
            ]
        )
    return table(rows, marked=True)
