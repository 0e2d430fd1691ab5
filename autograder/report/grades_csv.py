"""All results of an assignment as a table: a row a submission, a column a question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.entries import Entry
from autograder.feedback import number
from autograder.report.sheets import text_cell


def grades_csv(questions: Sequence[str], entries: Iterable[Entry]) -> bytes:
    """Return the content of grades.csv: `submission,status,points,possible`, then the questions.

    Points are those that count. If hints are counted, a column more for each question that has some, such as
    `softmax hints`, says how many were opened. If points were given by hand, a last column, `override`, says
    which and why.
    """
    rows = [(_row(entry, questions), entry.result.hints, _by_hand(entry)) for entry in entries]
    counted = [name for name in questions if any(name in hints for _, hints, _ in rows)]
    last = ["override"] if any(told for _, _, told in rows) else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    hinted = [f"{name} hints" for name in counted]
    writer.writerow(["submission", "status", "points", "possible", *questions, *hinted, *last])
    writer.writerows(
        [*row, *(hints.get(name, "") for name in counted), *([told] if last else [])]
        for row, hints, told in rows
    )
    return text.getvalue().encode("utf-8", "replace")


def _row(entry: Entry, questions: Sequence[str]) -> list[str]:
    result = entry.result
    points = entry.questions
    return [
        text_cell(result.submission),
        result.status.value,
        number(entry.points),
        number(result.possible),
        *(number(points[name]) if name in points else "" for name in questions),
    ]


def _by_hand(entry: Entry) -> str:
    """Return what was given by hand, and why, in one line."""
    told = (
        f"{override.question or 'all'} {number(override.points)}: {override.reason}"
        for override in entry.overrides
    )
    return text_cell("; ".join(told))
