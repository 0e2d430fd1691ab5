"""How learning platforms lay out what was handed in: recognised by its names, and read for whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.entries import Student
from autograder.submission import SUFFIXES
from autograder.trees import Tree

BEST_FIRST = (".ipynb", ".zip", ".py")
assert sorted(BEST_FIRST) == sorted(SUFFIXES)

_CANVAS = re.compile(r"(?P<who>[^/]+?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<id>\d+)_(?P<file>[^/]+)")
_CANVAS_TEXT = re.compile(r"(?P<who>[^/]+?)(?:_LATE)?_(?P<user>\d+)_(?:\d+_)?(?:text|link)\.html")
_AGAIN = re.compile(r"(?P<base>.*?)(?:-(?P<number>\d{1,4}))?")
_MOODLE = re.compile(
    r"(?P<who>[^/]+?)_(?P<user>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>[^/]*))?(?:/(?P<inner>.+))?",
    re.DOTALL,
)
_ASSIGNED = "_assignsubmission_"
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?\s*(\S*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file that could be a submission, and whose.

    Attributes:
        path: where it is in its tree.
        key: what the platform knows the student, or the group, by.
        name: how the submission is called.
        student: who handed it in.
        submitted: when, as an ISO 8601 time in UTC, or empty.
        order: the larger, the later, for files of the same key and kind.
        part: files with the same one were handed in together: one of them is the submission.
    """

    path: str
    key: str
    name: str
    student: Student
    submitted: str = ""
    order: tuple[str | int | float, ...] = ()
    part: str = ""

    @property
    def kind(self) -> int:
        """How good a file it is to grade: a notebook before a zip before a Python file."""
        return -BEST_FIRST.index(f".{self.path.lower().rpartition('.')[2]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a tree was read as: `empty` are the students without anything to grade, `others` other files."""

    handed: Sequence[Handed]
    empty: Sequence[str] = ()
    others: Sequence[str] = ()
    warnings: Sequence[str] = ()


def student(ident: str = "", name: str = "", email: str = "") -> Student:
    """Return who handed in, each text as one clean line."""
    return Student(id=cleaned(ident), name=cleaned(name), email=cleaned(email))


def cleaned(text: str) -> str:
    """Return a text of a stranger as one line that can be shown, its letters written in one way (NFC).

    A `;` is a `,`: it stands between the members of a group.
    """
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode()).replace(";", ",")
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]


def called(person: Student) -> str:
    """Return how a student's submission is called: by name and id."""
    ident = person.id or person.email
    return f"{person.name}_{ident}" if person.name and ident else person.name or ident


def gradable(path: str) -> bool:
    """Return whether a file may be a submission: by its suffix, and not one that programs leave behind."""
    return path.lower().endswith(SUFFIXES) and not left_behind(path)


def left_behind(path: str) -> bool:
    """Return whether a file is one that programs leave behind: as `submission.is_hidden`, for many."""
    return path.startswith((".", "__")) or "/." in path or "/__" in path


def in_utc(text: str) -> str:
    """Return a time as ISO 8601 in UTC; one without a zone as it is, and what is no time as nothing."""
    match = _TIME.match(text.strip())
    if not match:
        return ""
    date, clock, fraction, zone = match.groups()
    try:
        time = datetime.fromisoformat(f"{date}T{clock}").replace(
            microsecond=int((fraction or "0").ljust(6, "0"))
        )
        if not zone:
            return time.isoformat()
        if zone in ("Z", "UTC"):
            return time.replace(tzinfo=UTC).isoformat()
        if re.fullmatch(r"[+-]\d\d:?\d\d", zone):
            return datetime.fromisoformat(f"{time.isoformat()}{zone}").astimezone(UTC).isoformat()
        return time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        return ""


def platform_of(file: str) -> str:
    """Return whose number the id of a submission is, as its file is called: `canvas`, `moodle` or nothing."""
    if "_assignsubmission_file_" in file:
        return "moodle"
    return "canvas" if _CANVAS.fullmatch(PurePosixPath(file).name) else ""


# ---------------------------------------------------------------- Canvas


def is_canvas(paths: Sequence[str]) -> bool:
    """Return whether most files to grade are called as in a download from Canvas, in one folder."""
    found = [path for path in paths if gradable(path)]
    return _most(found, lambda path: bool(_CANVAS.fullmatch(path)))


def read_canvas(paths: Sequence[str]) -> Reading:
    """Read `lastnamefirstname_[LATE_]USERID_SUBMISSIONID_name[-N].ipynb`."""
    handed, others = [], []
    seen: dict[str, str] = {}
    for path in paths:
        match = _CANVAS.fullmatch(path) or _CANVAS_TEXT.fullmatch(path)
        if match:
            person = student(match["user"].lstrip("0") or "0", match["who"])
            seen.setdefault(key_of(person), called(person))
        if not match or match.re is _CANVAS_TEXT or not gradable(path):
            others.append(path)
            continue
        again = _AGAIN.fullmatch(PurePosixPath(match["file"]).stem)
        number = int(again["number"] or 0) if again else 0
        handed.append(
            Handed(
                path=path,
                key=key_of(person),
                name=called(person),
                student=person,
                order=(int(match["id"][:18]), number),
                part=path,
            )
        )
    return Reading(handed=handed, others=others, empty=_without(seen, handed), warnings=two_names(handed))


# ---------------------------------------------------------------- Moodle


def is_moodle(paths: Sequence[str]) -> bool:
    """Return whether most files to grade lie where a Moodle download has them."""
    found = [path for path in paths if gradable(path) or "_assignsubmission_" in path]
    return _most(found, lambda path: bool(_MOODLE.fullmatch(path)))


def read_moodle(tree: Tree, paths: Sequence[str], where: str) -> Reading:
    """Read `Full Name_ID_assignsubmission_file_/name.ipynb`, or all of that in one file name."""
    handed, others = [], []
    seen: dict[str, str] = {}
    for path in paths:
        match = _MOODLE.fullmatch(path)
        if match and _ASSIGNED in (match["file"] or ""):  # whose name, or file, has this in it is not sure
            match = None
        if match:
            person = student(match["user"].lstrip("0") or "0", match["who"])
            seen.setdefault(key_of(person), called(person))
        if match and match["kind"] == "file" and gradable(path) and (match["inner"] or match["file"]):
            handed.append(
                Handed(
                    path=path,
                    key=key_of(person),
                    name=called(person),
                    student=person,
                    order=(tree.time(where + path),),
                    part=path,
                )
            )
        elif not (match and match["kind"] == "onlinetext"):
            others.append(path)
    return Reading(handed=handed, others=others, empty=_without(seen, handed), warnings=two_names(handed))


# ---------------------------------------------------------------- nbgrader


def is_nbgrader(paths: Sequence[str], folder: str) -> bool:
    """Return whether files lie as in nbgrader's `submitted`: by student and assignment."""
    found = [path for path in paths if gradable(path)]
    stamped = any(path.count("/") == 2 and path.endswith("/timestamp.txt") for path in paths)
    return (folder == "submitted" or stamped) and _most(found, lambda path: path.count("/") >= 2)


def read_nbgrader(tree: Tree, paths: Sequence[str], where: str) -> Reading:
    """Read `STUDENT/ASSIGNMENT/NOTEBOOK.ipynb`, with `timestamp.txt` beside it, in a folder `where`."""
    handed, others = [], []
    seen: dict[str, str] = {}
    stamps: dict[str, str] = {}
    there = set(paths)
    for path in paths:
        parts = path.split("/")
        person = student(parts[0])
        folder = "/".join(parts[:2])
        if len(parts) > 2 and gradable(path):
            if folder not in stamps:
                stamp = f"{folder}/timestamp.txt"
                told = tree.head(where + stamp, 100) if stamp in there else b""
                stamps[folder] = in_utc(told.decode("utf-8", "replace"))
            handed.append(
                Handed(
                    path=path,
                    key=parts[0],
                    name=person.id,
                    student=person,
                    submitted=stamps[folder],
                    order=(stamps[folder],),
                    part=folder,
                )
            )
        elif parts[-1] != "timestamp.txt":
            others.append(path)
        if len(parts) > 2:
            seen.setdefault(parts[0], person.id)
    return Reading(handed=handed, others=others, empty=_without(seen, handed))


def assignments(paths: Sequence[str]) -> list[str]:
    """Return the assignments in an nbgrader tree."""
    return sorted({path.split("/")[1] for path in paths if gradable(path) and path.count("/") >= 2})


def key_of(person: Student) -> str:
    """Return what tells people apart: with the name and the address, for some can choose theirs so that
    another's number is read in it, and nobody's submission shall take the place of another's."""
    return f"{person.id} {called_by(person)}".strip().casefold()


def called_by(person: Student) -> str:
    """Return the name and the address of a person, as far as they are known."""
    return f"{person.name} {person.email}".strip()


def two_names(handed: Sequence[Handed]) -> list[str]:
    """Return what to know of numbers under which several names hand in."""
    names: dict[str, dict[str, str]] = {}
    for each in handed:
        names.setdefault(each.student.id, {})[each.key] = called_by(each.student)
    return [
        f"number {ident} hands in under several names, and each counts: {', '.join(theirs.values())}"
        for ident, theirs in names.items()
        if ident and len(theirs) > 1
    ]


def _most(paths: Sequence[str], fits: Callable[[str], bool]) -> bool:
    """Return whether a condition holds for most of some paths."""
    return 2 * sum(map(fits, paths)) > len(paths)


def _without(seen: dict[str, str], handed: Sequence[Handed]) -> list[str]:
    """Return the names of the students, by their keys, who handed in nothing to grade."""
    keys = {each.key for each in handed}
    return [name for key, name in seen.items() if key not in keys]
