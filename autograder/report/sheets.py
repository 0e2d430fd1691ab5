"""Tables as CSV files that spreadsheets and platforms read: no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_HARMLESS = re.compile(r"[+-]?[\w.@ -]*")


def text_cell(text: str) -> str:
    """Return a text that a person reads, such that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def text_of(cell: str) -> str:
    """Return the text that `text_cell` has made a cell of."""
    return cell[1:] if cell.startswith("'") and text_cell(cell[1:]) == cell else cell


def key_cell(text: str) -> str:
    """Return an id or an address that a platform looks up: as it is, unless it could do something."""
    return text if _HARMLESS.fullmatch(text) else text_cell(text)


def table(rows: Iterable[Sequence[str]], *, marked: bool = False, delimiter: str = ",") -> bytes:
    """Return rows as a CSV file in UTF-8; `marked` begins it with a mark by which Excel sees that."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n", delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8-sig" if marked else "utf-8", "replace")
