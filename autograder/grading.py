"""A class of submissions: find the files, and judge them."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder import kit, master
from autograder.environment import mismatches, requirements
from autograder.errors import CourseError, SandboxError, SubmissionError
from autograder.judge import Judge
from autograder.master import Master
from autograder.model import Result
from autograder.sandbox import Sandbox
from autograder.submission import SUFFIXES, Submission, is_hidden, read_submission
from autograder.surroundings import PRELOADED, mentioned

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


@contextmanager
def judging(
    name: str,
    course: Path,
    python: Path | None = None,
    *,
    hidden: Sequence[Path] = (),
    sandboxed: bool = True,
) -> Iterator[Judge]:
    """Give a judge for an assignment, with its sandbox started.

    Args:
        name: the assignment.
        course: the course's folder.
        python: the interpreter that runs notebooks; by default this one.
        hidden: what no notebook may read, beside `solutions/` and `dist/`.
        sandboxed: whether notebooks are sealed off.

    Raises:
        GraderError: if the course, the master or this machine is not fit for it.
    """
    loaded = master.load(name, course)
    with judge_of(loaded, python, hidden=[*_private(course), *hidden], sandboxed=sandboxed) as judge:
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
    """Give a judge for a master, with its sandbox started; `preload` is as for `Sandbox`, all else as here:
    see `judging`."""
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


def warnings(judge: Judge) -> list[str]:
    """Return what to know before grades are used: no sandbox, or other packages than asked for."""
    unprotected = ["notebooks run unprotected: each can read and change your files"]
    return (unprotected if not judge.sandboxed else []) + mismatches(judge.assignment, judge.versions)


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


def judge_alone(
    loaded: Master,
    read: Callable[[], Submission],
    name: str,
    *,
    hidden: Sequence[Path],
    sandboxed: bool = True,
    warn: Callable[[str], None] = lambda _: None,
) -> Result:
    """Judge a single submission, with no more loaded for it than it mentions.

    Args:
        loaded: the master.
        read: returns the submission, or raises `SubmissionError`.
        name: how it is called if it cannot be read.
        hidden: what it may not read.
        sandboxed: whether it is sealed off.
        warn: hears what to know before its grade is used.

    Raises:
        GraderError: if notebooks cannot be run.
    """
    submission: Submission | None = None
    refusal: SubmissionError | None = None
    preload: tuple[str, ...] = ()
    try:
        submission = read()
        preload = mentioned(submission.cells)
    except SubmissionError as error:
        refusal = error
    with judge_of(loaded, hidden=hidden, preload=preload, sandboxed=sandboxed) as judge:
        for warning in warnings(judge):
            warn(warning)
        if refusal is not None:
            return judge.refused(name, refusal)
        assert submission is not None
        return judge.judge(submission)


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
    path, root = Path(submission), master.find_course(Path(course))
    return judge_alone(
        master.load(assignment, root),
        lambda: read_submission(path, assignment=assignment),
        path.stem,
        hidden=[*_private(root), path],
        sandboxed=sandboxed,
    )


def _private(course: Path) -> list[Path]:
    """Return what of a course no notebook may read."""
    return [course / "solutions", course / "dist"]
