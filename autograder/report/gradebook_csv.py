"""All results of an assignment as a table: a row a submission, a column a question."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from autograder.feedback import number
from autograder.model import Assignment, Result

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def gradebook_csv(assignment: Assignment, results: Sequence[Result]) -> bytes:
    """Return the content of grades.csv: `submission,status,points,possible`, then the questions."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["submission", "status", "points", "possible", *(question.name for question in assignment.questions)]
    )
    for result in results:
        points = {verdict.question: number(verdict.points) for verdict in result.verdicts}
        writer.writerow(
            [
                _cell(result.submission),
                result.status.value,
                number(result.points),
                number(result.possible),
                *(points[question.name] for question in assignment.questions),
            ]
        )
    return text.getvalue().encode()


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
