"""Which files of a folder or a zip could be submissions, and which platform it is from, if from one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder import layout_gradescope, layouts
from autograder.errors import CourseError
from autograder.layouts import Handed, Reading, gradable
from autograder.trees import Folder
from autograder.wire import plain
from autograder.zips import Zip

LAYOUTS = ("gradescope", "canvas", "moodle", "nbgrader", "files")
_TITLES = {
    "gradescope": "an export from Gradescope",
    "canvas": "a download from Canvas",
    "moodle": "a download from Moodle",
    "nbgrader": "nbgrader's folder of submissions",
}
_DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".html", ".pages", ".7z", ".rar", ".gz", ".tar")
"""What students hand in instead: a plain folder may hold other things, of which nothing has to be said."""
_NOT_IN_FILES = frozenset('/\\:*?"<>|')
MAX_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that could be a submission.

    Attributes:
        tree: what it is in.
        path: its path there.
        root: how the folder, or the zip, is called in which it was looked for.
        short: the path that it is called by, where no platform says whose it is.
        handed: what the platform tells of it.
        layout: which platform's it is.
    """

    tree: Folder | Zip
    path: str
    root: str
    short: str = ""
    handed: Handed | None = None
    layout: str = ""

    def names(self) -> list[str]:
        """Return what it could be called, the best first."""
        if self.handed is not None:
            file, name = PurePosixPath(self.path), _as_file_name(self.handed.name)
            return [name, f"{name}__{file.stem}", f"{name}__{file.name}"]
        path = PurePosixPath(self.short or self.path)
        short = "__".join(path.with_suffix("").parts)
        return [short, f"{self.root}__{short}", f"{short}{path.suffix}", f"{self.root}__{short}{path.suffix}"]


def _as_file_name(name: str) -> str:
    """Return what a student is called, such that a file can be called so on any machine."""
    return "".join("-" if char in _NOT_IN_FILES else char for char in name).lstrip(".-= ") or "submission"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """What was read from a folder or a zip."""

    found: Sequence[Found]
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()


def is_class(archive: Zip, layout: str) -> bool:
    """Return whether a zip holds the submissions of a class, and not the one of a student."""
    if layout or _recognised(archive)[0] != "files":
        return True
    found = [path for path in archive.paths if gradable(path)]
    kinds = Counter(PurePosixPath(path).suffix.lower() for path in found)
    return next((kinds[kind] > 1 for kind in layouts.BEST_FIRST if kinds[kind]), False)


def read(tree: Folder | Zip, layout: str, assignment: str, root: str) -> Pile:
    """Return the files of a tree that could be submissions, read as a layout or as what it looks like.

    Raises:
        CourseError: if it holds several assignments of nbgrader, and not the one that is meant.
    """
    name, where = _recognised(tree, layout)
    paths = _below(tree, where)
    warnings = _listed("not unpacked:", tree.refused, quoted=False)
    if name == "files":
        return _files(tree, where, root, warnings)
    reading = _read(name, tree, where, paths, assignment)
    found = [
        Found(tree=tree, path=where + each.path, root=root, handed=each, layout=name)
        for each in reading.handed
    ]
    strays = [path for path in reading.others if gradable(path) and name in ("canvas", "moodle")]
    found += [Found(tree=tree, path=where + path, root=root, short=path) for path in strays]
    students = len({each.key for each in reading.handed})
    counted = f"{_count(len(reading.handed), 'file')} of {_count(students, 'student')}"
    note = f"`{tree.where}` is read as {_TITLES[name]}: {counted}"
    warnings += reading.warnings
    warnings += _listed("graded, though nothing says whose they are:", strays)
    warnings += _listed("handed in nothing that can be graded:", reading.empty, quoted=False)
    others = sorted(set(reading.others) - set(strays))
    warnings += _listed("passed over, since they are no notebooks:", others)
    return Pile(found=found, notes=[note], warnings=[f"`{tree.where}`: {each}" for each in warnings])


def _recognised(tree: Folder | Zip, layout: str = "") -> tuple[str, str]:
    """Return the layout of a tree, and the folder in which it begins, which may be the only one in it."""
    where, name = "", tree.where.resolve().name
    paths = _below(tree, where)
    while True:
        for each, fits in (
            ("gradescope", layout_gradescope.is_gradescope(paths)),
            ("moodle", layouts.is_moodle(paths)),
            ("nbgrader", layouts.is_nbgrader(paths, name)),
            ("canvas", layouts.is_canvas(paths)),
        ):
            if fits and layout in ("", each):
                return each, where
        course = [path for path in paths if path.startswith("submitted/")]
        inner = {path.split("/", 1)[0] for path in paths if "/" in path}
        only = inner if len(inner) == 1 and all("/" in path for path in paths) else set()
        if not only and course and layout in ("", "nbgrader"):
            only = (
                {"submitted"} if layouts.is_nbgrader([path[10:] for path in course], "submitted") else set()
            )
        if not only:
            break
        name = only.pop()
        where += f"{name}/"
        paths = _below(tree, where)
    if layout in _TITLES:
        raise CourseError(
            f"`{tree.where}` does not look like {_TITLES[layout]}",
            next_step="Leave out --layout: what it is can be seen by the names in it.",
        )
    return "files", where if isinstance(tree, Zip) else ""


def _below(tree: Folder | Zip, where: str) -> list[str]:
    """Return the paths in a folder of a tree, without what programs leave behind."""
    paths = (path[len(where) :] for path in tree.paths if path.startswith(where))
    return [path for path in paths if not layouts.left_behind(path)]


def _read(name: str, tree: Folder | Zip, where: str, paths: Sequence[str], assignment: str) -> Reading:
    if name == "gradescope":
        return layout_gradescope.read_gradescope(tree, paths, where)
    if name == "canvas":
        return layouts.read_canvas(paths)
    if name == "moodle":
        return layouts.read_moodle(tree, paths, where)
    several = layouts.assignments(paths)
    if len(several) > 1:
        if assignment not in several:
            raise CourseError(
                f"`{tree.where}` holds {len(several)} assignments of nbgrader, none of them `{assignment}`",
                next_step=f"Name the folders of one, e.g. {tree.where}/{where}*/{plain(several[0], 80)}",
            )
        paths = [path for path in paths if path.split("/")[1:2] == [assignment]]
    return layouts.read_nbgrader(tree, paths, where)


def _files(tree: Folder | Zip, where: str, root: str, warnings: Sequence[str]) -> Pile:
    """Return the files of a plain folder: the only one of a subfolder is called by that."""
    paths = _below(tree, where)
    found = [path for path in paths if gradable(path)]
    together = Counter(path.rpartition("/")[0] for path in found)
    piled = []
    for path in found:
        folder = path.rpartition("/")[0]
        alone = folder and together[folder] == 1
        short = folder + PurePosixPath(path).suffix if alone else path
        piled.append(Found(tree=tree, path=where + path, root=root, short=short))
    lone = [
        path
        for path in paths
        if path.lower().endswith(_DOCUMENTS) and ("/" not in path or not together[path.rpartition("/")[0]])
    ]
    told = [*warnings, *_listed("passed over, since they are no notebooks:", lone)]
    notes = [f"`{tree.where}` is read as a folder of notebooks: {_count(len(found), 'file')}"]
    return Pile(
        found=piled,
        notes=notes if isinstance(tree, Zip) else [],
        warnings=[f"`{tree.where}`: {each}" for each in told],
    )


def _listed(said: str, names: Sequence[str], *, quoted: bool = True) -> list[str]:
    """Return a warning about some names, if there are any."""
    return [f"{said} {listed(names, quoted=quoted)}"] if names else []


def listed(names: Sequence[str], *, quoted: bool = True) -> str:
    """Return a few of some names, and how many more there are."""
    mark = "`" if quoted else ""
    shown = ", ".join(f"{mark}{plain(name, 200)}{mark}" for name in names[:MAX_NAMED])
    more = len(names) - MAX_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
