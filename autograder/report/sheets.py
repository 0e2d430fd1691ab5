"""Tables as CSV files that spreadsheets and platforms read: no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_INNER = re.compile(r"([;\t\r\n] *)('*[=+@-])")
_INNER_MADE = re.compile(r"([;\t\r\n] *)'('*[=+@-])")
_HARMLESS = re.compile(r"[+-]?[\w.@ -]*")


def text_cell(text: str) -> str:
    """Return a text that a person reads, such that no spreadsheet takes it, or a part of it, for a formula.

    Where a comma is for decimals, spreadsheets begin a cell after each semicolon, and a row after each line.
    """
    made = _INNER.sub(r"\1'\2", text)
    return f"'{made}" if text.lstrip(" ").startswith(_FORMULA) else made


def text_of(cell: str) -> str:
    """Return the text that `text_cell` has made a cell of."""
    quoted = cell.startswith("'") and cell[1:].lstrip(" ").startswith(_FORMULA)
    return _INNER_MADE.sub(r"\1\2", cell[1:] if quoted else cell)


def key_cell(text: str) -> str:
    """Return an id or an address that a platform looks up: as it is, unless it could do something."""
    return text if _HARMLESS.fullmatch(text) else text_cell(text)


def table(rows: Iterable[Sequence[str]], *, marked: bool = False, delimiter: str = ",") -> bytes:
    """Return rows as a CSV file in UTF-8; `marked` begins it with a mark by which Excel sees that."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n", delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8-sig" if marked else "utf-8", "replace")
