"""A class of submissions, judged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder import kit, master
from autograder.environment import mismatches, requirements
from autograder.errors import SandboxError, SubmissionError
from autograder.inbox import File
from autograder.judge import Judge
from autograder.master import Master
from autograder.model import Result
from autograder.sandbox import Sandbox
from autograder.submission import Submission, read_submission
from autograder.surroundings import mentioned


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
    preload: Sequence[str] = (),
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
class Outcome:
    """What became of a file: a result, or a fault of ours: then it has no points, and has lost none."""

    file: File
    result: Result | None = None
    fault: str = ""


def grade_all(judge: Judge, files: Iterable[File], *, jobs: int | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each file as it comes, in any order; when closed early, begin no more.

    An unexpected error with one file is a fault, and the others are graded.

    Raises:
        SandboxError: if notebooks cannot be run at all.
    """
    from concurrent.futures import ThreadPoolExecutor, as_completed

    with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as pool:
        pending = [pool.submit(grade_one, judge, file) for file in files]
        try:
            for done in as_completed(pending):
                yield done.result()
        except BaseException:  # Ctrl-C: finish what has begun, begin nothing more
            pool.shutdown(cancel_futures=True)
            raise


def grade_one(judge: Judge, file: File) -> Outcome:
    """Return the outcome of one file.

    Raises:
        SandboxError: if notebooks cannot be run at all.
    """
    try:
        return Outcome(file=file, result=judge_file(judge, file))
    except SandboxError:
        raise
    except Exception as error:
        return Outcome(file=file, fault=f"{type(error).__name__}: {error}")


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
