"""A roster: who is in a course, read from a CSV file as a platform exports it, or as a person writes it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError

_IDS = (
    *("id", "student id", "sid", "student number", "id number", "user id", "userid", "username", "user name"),
    *("login", "login id", "sis user id", "sis login id", "sis id", "identifier", "participant", "canvas id"),
    *("orgdefinedid", "matriculation number", "matrikelnummer"),
)
_NAMES = ("name", "full name", "fullname", "student", "student name", "display name", "user full name")
_FIRST = ("first name", "firstname", "first", "given name", "given names", "forename")
_LAST = ("last name", "lastname", "last", "surname", "family name")
_EMAILS = ("email", "e mail", "email address", "e mail address", "mail")
MAX_BYTES = 50 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a course: all that they are known by. `row` is their row in the roster; -1 without one."""

    ids: tuple[str, ...] = ()
    name: str = ""
    first: str = ""
    last: str = ""
    email: str = ""
    row: int = -1

    @property
    def id(self) -> str:
        """The first of their ids."""
        return self.ids[0] if self.ids else ""

    @property
    def names(self) -> tuple[str, str]:
        """The first and the last name, as far as they can be told apart: by a comma, or the last word."""
        if self.first or self.last:
            return self.first, self.last
        if "," in self.name:
            last, _, first = self.name.partition(",")
            return first.strip(), last.strip()
        first, _, last = self.name.strip().rpartition(" ")
        return first.strip(), last

    @property
    def called(self) -> str:
        """The person, for a person."""
        ident = self.id or self.email
        return (
            f"{self.name} ({ident})"
            if self.name and ident
            else self.name or ident or "somebody without a name"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A CSV file with a row for each person; `platform` is whose it looks like: canvas, moodle or none.

    Rows that are nobody's, as those of Canvas that say what is possible, are in `rows` alone.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    people: tuple[Person, ...]
    platform: str = ""
    marked: bool = False
    delimiter: str = ","

    def cell(self, row: int, column: str) -> str:
        """Return what is in a cell of a column that there is."""
        cells = self.rows[row]
        place = self.columns.index(column)
        return cells[place] if place < len(cells) else ""


def read_roster(path: Path) -> Roster:
    """Return the roster in a CSV file, with commas, semicolons or tabs, in UTF-8 or UTF-16.

    Raises:
        CourseError: if it cannot be read, or has no column that says who somebody is.
    """
    content = _content(path)
    text = _text(content, path)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        rows = [
            tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ]
    except csv.Error as error:
        raise CourseError(f"the roster is not a CSV file: {error}", where=str(path)) from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    columns = tuple(cell.strip() for cell in rows[0]) if rows else ()
    found = _Columns.of(columns)
    if not (found.ids or found.emails or found.names or found.last):
        raise CourseError(
            f"the roster has no column with an id, a name or an e-mail address: it has {_listed(columns)}",
            where=str(path),
            next_step="Its first line must name them, e.g. `id,name,email`; or take the file that Canvas, "
            "Moodle or Gradescope export.",
        )
    body = tuple(rows[1:])
    platform = "canvas" if {"Student", "ID", "Section"} <= set(columns) else ""
    platform = "moodle" if {"Identifier", "Full name"} <= set(columns) else platform
    people = tuple(
        person
        for number, row in enumerate(body)
        if (person := found.person(row, number)) and not (platform == "canvas" and not person.ids)
    )
    return Roster(
        path=path,
        columns=columns,
        rows=body,
        people=people,
        platform=platform,
        marked=content.startswith(b"\xef\xbb\xbf"),
        delimiter=delimiter,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Which columns say what, by their places."""

    ids: Sequence[int]
    names: Sequence[int]
    first: Sequence[int]
    last: Sequence[int]
    emails: Sequence[int]

    @classmethod
    def of(cls, columns: Sequence[str]) -> _Columns:
        spelled = [" ".join(re.split(r"[\W_]+", column.casefold())).strip() for column in columns]

        def places(known: Sequence[str]) -> list[int]:
            return [place for place, name in enumerate(spelled) if name in known]

        return cls(
            ids=places(_IDS),
            names=places(_NAMES),
            first=places(_FIRST),
            last=places(_LAST),
            emails=places(_EMAILS),
        )

    def person(self, row: Sequence[str], number: int) -> Person | None:
        def cell(places: Sequence[int]) -> str:
            found = [row[place].strip() for place in places if place < len(row)]
            return next(filter(None, found), "")

        ids = [row[place].strip() for place in self.ids if place < len(row)]
        ids = [re.sub(r"^participant\s+(?=\d)", "", ident, flags=re.IGNORECASE) for ident in ids]
        first, last = cell(self.first), cell(self.last)
        name = cell(self.names) or f"{first} {last}".strip()
        email = cell(self.emails)
        ids = list(dict.fromkeys(filter(None, ids)))
        if not (ids or name or email):
            return None
        return Person(ids=tuple(ids), name=name, first=first, last=last, email=email, row=number)


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise CourseError(f"the roster `{path}` does not exist", next_step="Name a CSV file.")
    if path.stat().st_size > MAX_BYTES:
        raise CourseError(f"the roster is larger than {MAX_BYTES // 2**20} MB", where=str(path))
    return path.read_bytes()


def _text(content: bytes, path: Path) -> str:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return unicodedata.normalize("NFC", content.decode("utf-16" if utf16 else "utf-8-sig"))
    except UnicodeDecodeError:
        raise CourseError(
            "the roster is not text in UTF-8",
            where=str(path),
            next_step="Save it as `CSV UTF-8`: an .xlsx file is no CSV file.",
        ) from None


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"`{column[:40]}`" for column in columns[:8]) or "no columns"
