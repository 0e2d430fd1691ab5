"""The rows of a gradebook: results as JSON, whose they are, and what is known without reading them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Integer, bindparam, insert, select, update

from autograder.basis import Basis
from autograder.entries import Entry, Student
from autograder.model import Result
from autograder.tables_of_gradebook import REPLACED, RESULTS

_KEPT = ("submission", "run", "file", "digest", "content")
_KEY = RESULTS.c.submission == bindparam("key")
_COLUMNS: dict[str, Any] = {name: bindparam(name) for name in RESULTS.c.keys() if name != "submission"}  # noqa: SIM118
REPLACE = insert(REPLACED).from_select(
    [*_KEPT, "replaced_in"],
    select(*(RESULTS.c[name] for name in _KEPT), bindparam("by", type_=Integer)).where(_KEY),
)
"""These three are made once: it takes longer than to carry them out."""
UPDATE = update(RESULTS).where(_KEY).values(_COLUMNS)
INSERT = insert(RESULTS).values(submission=bindparam("key"), **_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A class, graded once: when, on what basis, whether to the end, and whether all of it `again`."""

    id: int
    started: str
    finished: str
    again: bool
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What there is of a submission: enough to know whether it has to be graded again."""

    run: int
    file: str
    digest: str
    flaw: int
    unreadable: bool
    student: Student
    submitted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """An entry as it stood at some time, and the run that graded it."""

    entry: Entry
    run: Run


def encoded(result: Result) -> str:
    """Return a result as JSON, in ASCII: no database has trouble with it. NaN is `NaN`."""
    return json.dumps(msgspec.to_builtins(result))


def decoded(content: str) -> Result:
    """Return a result from its JSON, checked."""
    return msgspec.convert(json.loads(content), Result)


def clean(text: str) -> str:
    """Return a text as every database takes it: no half characters, and no zeros."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "�")


def told(file: str, digest: str, student: Student, submitted: str) -> dict[str, str]:
    """Return where a submission is and what is told of it, by column."""
    values = {
        "file": file,
        "digest": digest,
        "student_id": student.id,
        "student_name": student.name,
        "student_email": student.email,
        "submitted": submitted[:40],
    }
    return {name: clean(text) for name, text in values.items()}


def student_of(row: Any) -> Student:
    """Return whose submission a row is."""
    return Student(id=row.student_id, name=row.student_name, email=row.student_email)


def standing_of(row: Any) -> Standing:
    """Return what a row says without its result."""
    return Standing(
        run=row.run,
        file=row.file,
        digest=row.digest,
        flaw=row.flaw,
        unreadable=row.unreadable,
        student=student_of(row),
        submitted=row.submitted,
    )
