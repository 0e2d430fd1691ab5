"""What an instructor has of a class: which files are submissions, and whose they are."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder import piles, zips
from autograder.choosing import chosen
from autograder.entries import NOBODY, Student
from autograder.errors import CourseError
from autograder.piles import LAYOUTS as LAYOUTS
from autograder.piles import Found
from autograder.submission import SUFFIXES
from autograder.trees import Folder
from autograder.zips import MAX_UNPACKED, Bomb, Room, Unpackable, Zip

MAX_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A submitted file, how its submission is called, and what its source tells of it.

    Attributes:
        path: where it can be read, while the inbox is open.
        name: how the submission is called.
        student: who handed it in.
        submitted: when it came, as an ISO 8601 time, or empty.
        source: where it was found, if that is another place than `path`, e.g. in a zip file.
    """

    path: Path
    name: str
    student: Student = NOBODY
    submitted: str = ""
    source: str = ""

    @property
    def found_at(self) -> str:
        """Where the file was found: the same in every run, also if it has to be unpacked."""
        return self.source or str(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Submissions that were found, what they were taken for, and what to know of all others.

    `places` are the folders and files in which they lie.
    """

    files: tuple[File, ...]
    places: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@contextmanager
def received(
    paths: Sequence[Path],
    *,
    layout: str = "",
    assignment: str = "",
    all_submissions: bool = False,
    max_unpacked: int = MAX_UNPACKED,
) -> Iterator[Inbox]:
    """Give the submissions at some paths; what had to be unpacked is gone afterwards.

    Args:
        paths: files, and folders or zip files as platforms make them.
        layout: one of `LAYOUTS`, for all folders and zip files; by default, as they look.
        assignment: which of a student's notebooks is meant: the one of this name.
        all_submissions: whether to take what a student has handed in before, too.
        max_unpacked: how many bytes may be unpacked.

    Raises:
        CourseError: if a path does not exist, is of another kind, or there is no file at all.
    """
    with ExitStack() as closing:
        room = closing.enter_context(zips.room(max_unpacked))
        search = _Search(room=room, layout=layout, assignment=assignment, closing=closing)
        for path in paths:
            search.look_into(path)
        yield search.inbox(all_submissions=all_submissions)


def find_files(paths: Sequence[Path]) -> list[File]:
    """Return the submissions at some paths that hold no zip of several: by name. See `received`."""
    with received(paths) as inbox:
        return list(inbox.files)


@dataclass(slots=True, kw_only=True)
class _Search:
    """What was found so far."""

    room: Room
    layout: str
    assignment: str
    closing: ExitStack
    found: dict[str, Found] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    looked_into: list[Path] = field(default_factory=list)
    refusals: list[CourseError] = field(default_factory=list)
    classes: list[Path] = field(default_factory=list)
    own: list[Path] = field(default_factory=list)

    def look_into(self, path: Path) -> None:
        """Add what is at a path."""
        _check(path)
        self.looked_into.append(path)
        if path.is_dir():
            self._add(Folder(path), path.resolve().name)
        elif path.suffix.lower() != ".zip" or path.is_symlink() or not self._look_into_zip(path):
            self._keep(
                Found(tree=Folder(path.parent, [path.name]), path=path.name, root=path.resolve().parent.name)
            )

    def _look_into_zip(self, path: Path) -> bool:
        """Add what is in a zip file, unless it is one student's submission."""
        try:
            archive = Zip(path, self.room)
        except Unpackable as error:
            if self.layout or isinstance(error, Bomb):
                self._refuse(path, error)
                return True
            self.warnings.append(f"`{path}` cannot be read as a zip of submissions: it is graded as one")
            return False
        self.closing.callback(archive.close)
        if not piles.is_class(archive, self.layout):
            self.own.append(path)
            return False
        self.classes.append(path)
        self._add(archive, path.stem)
        return True

    def _refuse(self, path: Path, error: Unpackable) -> None:
        self.refusals.append(zips.refused(path, error))
        self.warnings.append(str(self.refusals[-1]))

    def _add(self, tree: Folder | Zip, root: str) -> None:
        reading = piles.read(tree, self.layout, self.assignment, root)
        self.notes += reading.notes
        self.warnings += reading.warnings
        for each in reading.found:
            self._keep(each)

    def _keep(self, found: Found) -> None:
        self.found.setdefault(str(Path(found.tree.source(found.path)).absolute()), found)

    def inbox(self, *, all_submissions: bool) -> Inbox:
        """Return the submissions that count, each where it can be read."""
        found = [self.found[place] for place in sorted(self.found)]
        counting, told = chosen(found, self.assignment, all_submissions=all_submissions)
        self.warnings += told
        if self.classes and self.own:
            self.warnings.append(_taken_for(self.classes, self.own))
        counting = list(self._with_room(counting))
        files = []
        for each, name in zip(counting, _names(counting), strict=True):
            try:
                path = each.tree.file(each.path)
            except Unpackable as error:
                self.warnings.append(f"`{each.tree.source(each.path)}` is not graded: {error}")
                continue
            student = each.handed.student if each.handed else NOBODY
            submitted = each.handed.submitted if each.handed else ""
            source = each.tree.source(each.path) if isinstance(each.tree, Zip) else ""
            files.append(File(path=path, name=name, student=student, submitted=submitted, source=source))
        if not files:
            raise self._nothing()
        ordered = tuple(sorted(files, key=lambda file: file.name))
        places = (*self.looked_into, *filter(None, [self.room.folder]))
        return Inbox(files=ordered, places=places, notes=tuple(self.notes), warnings=tuple(self.warnings))

    def _with_room(self, counting: Sequence[Found]) -> Iterator[Found]:
        """Yield what there is room for: all of a zip, or nothing of it."""
        archives = {each.tree.where: each.tree for each in counting if isinstance(each.tree, Zip)}
        for where, archive in archives.items():
            try:
                archive.reserve(each.path for each in counting if each.tree is archive)
            except Unpackable as error:
                self._refuse(where, error)
                counting = [each for each in counting if each.tree is not archive]
        yield from counting

    def _nothing(self) -> CourseError:
        if self.refusals:
            return self.refusals[0]
        listed = ", ".join(f"`{path}`" for path in self.looked_into)
        said = f" ({'; '.join(self.warnings[:3])})" if self.warnings else ""
        return CourseError(
            f"there is no notebook (.ipynb) and no Python file (.py) in {listed}{said}",
            next_step="Name the folder that the submissions were unpacked to, or the zip of them.",
        )


def _taken_for(classes: Sequence[Path], own: Sequence[Path]) -> str:
    """Return what to know where some zips are read as of a class, and some as one student's: a student can
    make a zip that looks like a download, with the name of another in it."""
    return (
        f"{piles.listed(list(map(str, classes)))}: read as a zip of several students, and "
        f"{piles.listed(list(map(str, own)))} as one student's: if all are, name the folder that they are in"
    )


def _check(path: Path) -> None:
    next_step = "Name notebooks, .py files, .zip files or folders of them."
    if not path.is_dir() and not path.exists() and not path.is_symlink():
        raise CourseError(f"`{path}` does not exist", next_step=next_step)
    if not path.is_dir() and path.suffix.lower() not in SUFFIXES:
        raise CourseError(
            f"`{path}` is neither a notebook (.ipynb), nor a Python file (.py), nor a .zip of one",
            next_step=next_step,
        )


# ---------------------------------------------------------------- names


def _names(found: Sequence[Found]) -> list[str]:
    """Give each file the best of its names that no other has, or a number; case does not tell two apart."""
    candidates = [[_readable(name) for name in each.names()] for each in found]
    wanted = Counter(name.casefold() for each in candidates for name in dict.fromkeys(each))
    taken: set[str] = set()
    names = []
    for each in candidates:
        name = next((name for name in each if wanted[name.casefold()] == 1), each[-1])
        number, base = 2, name
        while name.casefold() in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _readable(name: str) -> str:
    """Return a name that can be shown, stored and used for a file on any machine."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    text = "".join(char if char.isprintable() and char != "/" else "?" for char in text)
    if len(text.encode()) <= MAX_NAME:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{text.encode()[: MAX_NAME - 9].decode('utf-8', 'ignore')}-{digest}"
