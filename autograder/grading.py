"""A class of submissions: find the files, judge them, and write what instructors get."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import kit, master
from autograder.errors import AuthoringError, CourseError, SandboxError, SubmissionError
from autograder.judge import Judge
from autograder.master import Master
from autograder.model import Assignment, Result
from autograder.sandbox import Sandbox
from autograder.submission import SUFFIXES, read_submission
from autograder.surroundings import PRELOADED, mentioned

if TYPE_CHECKING:
    from packaging.requirements import Requirement

MAX_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A submitted file, and how its submission is called."""

    path: Path
    name: str


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
    hidden = any(part.startswith((".", "__")) for part in file.relative_to(root).parts)
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


@contextmanager
def judging(
    name: str,
    course: Path,
    python: Path | None = None,
    *,
    hidden: Sequence[Path] = (),
    preload: Sequence[str] = PRELOADED,
    sandboxed: bool = True,
) -> Iterator[Judge]:
    """Give a judge for an assignment, with its sandbox started.

    Args:
        name: the assignment.
        course: the course's folder.
        python: the interpreter that runs notebooks; by default this one.
        hidden: what no notebook may read, beside `solutions/`.
        preload: modules that are loaded once for all notebooks; as `Sandbox`.
        sandboxed: whether notebooks are sealed off.

    Raises:
        GraderError: if the course, the master or this machine is not fit for it.
    """
    loaded = master.load(name, course)
    private = [course / "solutions", *hidden]
    with judge_of(loaded, python, hidden=private, preload=preload, sandboxed=sandboxed) as judge:
        yield judge


@contextmanager
def judge_of(
    loaded: Master,
    python: Path | None = None,
    *,
    hidden: Sequence[Path] = (),
    preload: Sequence[str] = PRELOADED,
    sandboxed: bool = True,
) -> Iterator[Judge]:
    """Give a judge for a master, with its sandbox started; for the arguments see `judging`."""
    packages = ["numpy", *(each.name for each in requirements(loaded.assignment))]
    with Sandbox(
        python,
        tuple(dict.fromkeys(packages)),
        hidden=hidden,
        programs=loaded.assignment.programs,
        preload=preload,
        sandboxed=sandboxed,
    ) as sandbox:
        yield Judge(loaded.assignment, sandbox, kit.student_cells(loaded))


def requirements(assignment: Assignment) -> list[Requirement]:
    """Return what notebooks of an assignment run with.

    Raises:
        AuthoringError: if the master says it in a way that pip would not understand.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return [Requirement(text) for text in assignment.environment]
    except InvalidRequirement as error:
        raise AuthoringError(
            f"the environment of `{assignment.name}` holds what is no requirement: {error}",
            where=f"solutions/{assignment.name}.py",
            next_step='Write requirements as pip does: "numpy>=2.0,<2.4".',
        ) from None


def warnings(judge: Judge) -> list[str]:
    """Return what to know before grades are used: no sandbox, or other packages than asked for."""
    warnings = []
    if not judge.sandboxed:
        warnings.append("notebooks run unprotected: each can read and change your files")
    for wanted in requirements(judge.assignment):
        version = judge.versions.get(wanted.name, "")
        if not version:
            warnings.append(f"`{wanted}` is what the assignment asks for, and it is not installed")
        elif not wanted.specifier.contains(version, prereleases=True):
            warnings.append(f"`{wanted}` is what the assignment asks for; notebooks run with {version}")
    return warnings


def judge_file(judge: Judge, file: File) -> Result:
    """Return the result of one file, readable or not."""
    try:
        submission = read_submission(file.path, file.name, assignment=judge.assignment.name)
    except SubmissionError as error:
        return judge.refused(file.name, error)
    return judge.judge(submission)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A file that could not be graded through a fault of ours: it has no points, and has lost none."""

    file: File
    error: Exception


def grade_files(
    judge: Judge,
    files: Sequence[File],
    *,
    jobs: int | None = None,
    when_done: Callable[[Result], None] = lambda _: None,
) -> tuple[list[Result], list[Fault]]:
    """Return the results of many files, in their order; `when_done` hears of each as it comes.

    An unexpected error with one file is returned as a fault, and the others are graded.

    Raises:
        SandboxError: if notebooks cannot be run at all.
    """
    from concurrent.futures import ThreadPoolExecutor

    def one(file: File) -> Result | Fault:
        try:
            result = judge_file(judge, file)
            when_done(result)
        except SandboxError:
            raise
        except Exception as error:
            return Fault(file=file, error=error)
        return result

    with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as pool:
        try:
            outcomes = list(pool.map(one, files))
        except BaseException:  # Ctrl-C: finish what has begun, begin nothing more
            pool.shutdown(cancel_futures=True)
            raise
    results = [outcome for outcome in outcomes if isinstance(outcome, Result)]
    return results, [outcome for outcome in outcomes if isinstance(outcome, Fault)]


def grade(
    assignment: str, submission: Path | str, *, course: Path | str = ".", sandboxed: bool = True
) -> Result:
    """Grade one submission and return its result: for notebooks and scripts.

    Args:
        assignment: the assignment's name, e.g. `"multihead_attention"`.
        submission: the path of a `.ipynb` or `.py` file, or of a `.zip` of one.
        course: the course's folder, or one inside it.
        sandboxed: whether the notebook is sealed off: without, it can read and change your files.

    Raises:
        GraderError: if the course or the assignment is not there, or notebooks cannot be run.
    """
    path = Path(submission)
    preload: tuple[str, ...] = ()
    with suppress(SubmissionError):
        preload = mentioned(read_submission(path).cells)
    with judging(
        assignment,
        master.find_course(Path(course)),
        hidden=[path],
        preload=preload,
        sandboxed=sandboxed,
    ) as judge:
        return judge_file(judge, File(path=path, name=path.stem))
