"""The folders and names in which learning platforms hand out what was handed in."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .people import Person

LAYOUTS = ("plain", "gradescope", "canvas", "moodle", "nbgrader")
DUE = datetime(2024, 11, 22, 23, 59, tzinfo=UTC)
LONGEST = 200
"""How many bytes of a person's name a file name takes."""


@dataclass(slots=True, kw_only=True)
class Handed:
    """One submission.

    Attributes:
        person: whose it is.
        submitted: when it came.
        content: the file.
        attempt: how many came before from the same person.
        counts: whether it is the last one.
        path: where it lies, from the folder of submissions, once it was written.
    """

    person: Person
    submitted: datetime
    content: bytes
    attempt: int = 0
    counts: bool = True
    path: str = ""


def write(handed: Sequence[Handed], layout: str, folder: Path, assignment: str, rng: random.Random) -> None:
    """Write submissions as a platform would, and note where each lies.

    Args:
        handed: the submissions; their `path` is set.
        layout: one of `LAYOUTS`.
        folder: where to write: it must not exist, or be empty.
        assignment: the name of the assignment.
        rng: draws the numbers that a platform gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    numbers = sorted(rng.sample(range(10_000_000, 10_000_000 + 50 * len(handed)), len(handed)))
    order = sorted(range(len(handed)), key=lambda index: handed[index].submitted)
    number_of = dict(zip(order, numbers, strict=True))
    taken: set[str] = set()
    for index, each in enumerate(handed):
        each.path = _PATHS[layout](each, number_of[index], assignment)
        if each.path in taken:
            path = Path(each.path)
            each.path = str(path.with_name(f"{path.stem} {each.person.login}{path.suffix}"))
        taken.add(each.path)
        path = folder / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each.content)
        if layout == "nbgrader":
            stamp = each.submitted.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
            (path.parent / "timestamp.txt").write_text(stamp)
    if layout == "gradescope":
        text = "".join(["---\n", *(_gradescope(each) for each in handed)])
        (folder / "submission_metadata.yml").write_text(text, encoding="utf-8")


def _plain(each: Handed, number: int, assignment: str) -> str:
    name = _cut(each.person.name.replace("/", "-").lstrip(".-")) or "student"
    return f"{name}.ipynb"


def _gradescope_path(each: Handed, number: int, assignment: str) -> str:
    return f"submission_{number}/{assignment}.ipynb"


def _canvas(each: Handed, number: int, assignment: str) -> str:
    """As Canvas names the files of `Download Submissions`: letters and digits of the sortable name, ids, and the file's
    name, with `-1` and so on behind it from the second attempt on."""
    name = _cut("".join(char for char in each.person.sortable if char.isalnum()).lower()) or "student"
    late = "LATE_" if each.submitted > DUE else ""
    again = f"-{each.attempt}" if each.attempt else ""
    return f"{name}_{late}{each.person.id}_{number}_{assignment}{again}.ipynb"


def _moodle(each: Handed, number: int, assignment: str) -> str:
    """As Moodle's `Download all submissions` with folders: the name cleaned as Moodle does, and an id."""
    name = re.sub(r"[\x00-\x1f\x7f&<>\"`|':\\/]", "", each.person.name)
    name = re.sub(r"\.\.+", "", name).strip() or "student"
    return f"{_cut(name)}_{each.person.id}_assignsubmission_file_/{assignment}.ipynb"


def _nbgrader(each: Handed, number: int, assignment: str) -> str:
    return f"{each.person.login}/{assignment}/{assignment}.ipynb"


_PATHS = {
    "plain": _plain,
    "gradescope": _gradescope_path,
    "canvas": _canvas,
    "moodle": _moodle,
    "nbgrader": _nbgrader,
}


def _gradescope(each: Handed) -> str:
    """Return what `submission_metadata.yml` says of a submission."""
    stamp = each.submitted.strftime("%Y-%m-%d %H:%M:%S.%f000 Z")
    return (
        f"{each.path.split('/')[0]}:\n"
        "  :submitters:\n"
        f"  - :name: {_yaml(each.person.name)}\n"
        f"    :sid: '{each.person.id}'\n"
        f"    :email: {each.person.email}\n"
        f"  :created_at: {stamp}\n"
        "  :score: 0.0\n"
        "  :status: processed\n"
        "  :results:\n"
        "    output_format: text\n"
        "    tests: []\n"
        "  :history: []\n"
    )


def _yaml(text: str) -> str:
    """Return a text as YAML, plain where that is what it says, as Ruby writes it."""
    if re.fullmatch(r"[^\W\d_][\w .'-]*", text) and text.lower() not in (
        "true",
        "null",
        "yes",
        "no",
        "n",
        "y",
    ):
        return text
    return json.dumps(text)


def _cut(name: str) -> str:
    return name.encode()[:LONGEST].decode("utf-8", "ignore")


def moments(rng: random.Random, count: int) -> list[datetime]:
    """Return when submissions came: most in the last hours, some late."""
    return [DUE - timedelta(seconds=round(rng.gammavariate(1.2, 40_000) - 7_000)) for _ in range(count)]
