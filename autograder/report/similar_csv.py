"""Pairs of similar submissions as a table: a row a pair, the strongest group first."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.report.sheets import text_cell, text_of
from autograder.similar import Pair

SIMILAR = "similar.csv"

COLUMNS = (
    "group",
    "group_size",
    "first",
    "second",
    "similarity",
    "same_lines",
    "bits",
    "identical_files",
    "questions",
    "reason",
    "lines_of_first",
    "lines_of_second",
)


def similar_csv(pairs: Sequence[Pair]) -> bytes:
    """Return the content of similar.csv; what two share stands in its last two columns, line by line.

    A name or a line that a spreadsheet would take for a formula has a `'` before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    numbers: dict[tuple[str, ...], int] = {}
    for pair in pairs:
        row = [
            numbers.setdefault(pair.group, len(numbers) + 1),
            len(pair.group),
            pair.first,
            pair.second,
            f"{pair.similarity:.2f}",
            f"{pair.same_lines:.2f}",
            f"{pair.bits:.0f}",
            "yes" if pair.identical else "no",
            " ".join(pair.questions),
            pair.reason,
            "\n".join(line.first for line in pair.lines),
            "\n".join(line.second for line in pair.lines),
        ]
        writer.writerow([text_cell(value) if isinstance(value, str) else value for value in row])
    return text.getvalue().encode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarPair:
    """A row of the table: two submissions, how alike they are (0 to 1), and why somebody should look."""

    first: str
    second: str
    similarity: float
    reason: str


def read_similar(path: Path) -> list[SimilarPair]:
    """Return the pairs of a similar.csv; none if there is no such file, or it is no such table."""
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
        return [
            SimilarPair(
                first=text_of(row["first"]),
                second=text_of(row["second"]),
                similarity=_share(row["similarity"]),
                reason=text_of(row["reason"]),
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return []


def _share(cell: str) -> float:
    share = float(cell)
    if not 0 <= share <= 1:
        raise ValueError(cell)
    return share
