"""What an instructor has of a class: which files are submissions, and whose they are."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.entries import NOBODY, Student
from autograder.errors import CourseError
from autograder.submission import SUFFIXES, is_hidden

MAX_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A submitted file, how its submission is called, and what its source tells of it.

    `submitted` is when it came, as an ISO 8601 time, or empty.
    """

    path: Path
    name: str
    student: Student = NOBODY
    submitted: str = ""


def find_files(paths: Sequence[Path]) -> list[File]:
    """Return the notebooks, Python and zip files among `paths` and in the folders of `paths`, by name.

    A file is called by its name without suffix; in a subfolder of a path, the path from there goes
    before it (`/` written as `__`), and the only file of a subfolder is called by that path alone.
    Where that gives two files the same name, the folder goes before it, then the suffix after it.

    Raises:
        CourseError: if a path does not exist, is of another kind, or there is no file at all.
    """
    found: dict[Path, _Found] = {}
    for path in paths:
        if not path.is_dir() and not path.exists() and not path.is_symlink():
            raise CourseError(
                f"`{path}` does not exist",
                next_step="Name notebooks, .py files, .zip files or folders of them.",
            )
        if not path.is_dir() and path.suffix.lower() not in SUFFIXES:
            raise CourseError(
                f"`{path}` is neither a notebook (.ipynb), nor a Python file (.py), nor a .zip of one",
                next_step="Name notebooks, .py files, .zip files or folders of them.",
            )
        for each in (
            _in_folder(path) if path.is_dir() else [_Found(path, path.resolve().parent.name, Path(path.name))]
        ):
            found.setdefault(each.path.absolute(), each)
    if not found:
        listed = ", ".join(f"`{path}`" for path in paths)
        raise CourseError(
            f"there is no notebook (.ipynb) and no Python file (.py) in {listed}",
            next_step="Name the folder that the submissions were unpacked to.",
        )
    return _named([found[path] for path in sorted(found)])


@dataclass(frozen=True, slots=True)
class _Found:
    """A file, the name of the folder in which it was looked for, and the path that it is called by."""

    path: Path
    root: str
    relative: Path

    def names(self) -> list[str]:
        """Return what it could be called, the best first."""
        short = _readable("__".join(self.relative.with_suffix("").parts))
        return [
            short,
            f"{self.root}__{short}",
            f"{short}{self.path.suffix}",
            f"{self.root}__{short}{self.path.suffix}",
        ]


def _readable(name: str) -> str:
    """Return a name that can be shown, stored and used for a file on any machine."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = "".join(char if char.isprintable() else "?" for char in text)
    if len(text.encode()) <= MAX_NAME:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{text.encode()[: MAX_NAME - 9].decode('utf-8', 'ignore')}-{digest}"


def _in_folder(folder: Path) -> list[_Found]:
    files = [file for file in folder.rglob("*") if _is_submission(file, folder)]
    together = Counter(file.parent for file in files)
    found = []
    for file in files:
        relative = file.relative_to(folder)
        alone = together[file.parent] == 1 and file.parent != folder
        called = relative.parent.with_name(relative.parent.name + file.suffix) if alone else relative
        found.append(_Found(file, folder.resolve().name, called))
    return found


def _is_submission(file: Path, root: Path) -> bool:
    hidden = is_hidden(file.relative_to(root))
    return file.suffix.lower() in SUFFIXES and (file.is_file() or file.is_symlink()) and not hidden


def _named(found: Sequence[_Found]) -> list[File]:
    """Give each file the best of its names that no other has, or a number."""
    wanted = Counter(name for each in found for name in each.names())
    taken: set[str] = set()
    files = []
    for each in found:
        name = next((name for name in each.names() if wanted[name] == 1), each.names()[-1])
        number, base = 2, name
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        files.append(File(path=each.path, name=name))
    return sorted(files, key=lambda file: file.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Submissions that were found, and what to know of those that were not taken."""

    files: tuple[File, ...]
    warnings: tuple[str, ...] = ()


@contextmanager
def received(paths: Sequence[Path]) -> Iterator[Inbox]:
    """Give the submissions at some paths; what had to be unpacked is gone afterwards.

    Raises:
        CourseError: if a path does not exist, is of another kind, or there is no file at all.
    """
    yield Inbox(files=tuple(find_files(paths)))
