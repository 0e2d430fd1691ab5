"""A class of submissions, judged."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from autograder import kit, master
from autograder.crew import MAX_DEATHS, Crew, Lost
from autograder.environment import mismatches, requirements
from autograder.errors import SandboxError, SubmissionError
from autograder.judge import Judge, Recipe
from autograder.master import Master
from autograder.model import Assignment, Result
from autograder.sandbox import Sandbox
from autograder.submission import Submission, read_submission
from autograder.surroundings import mentioned

if TYPE_CHECKING:
    from autograder.inbox import File  # it loads what a container has not

FEW = 30
"""So many files are worth processes, which take a second or two to start; threads wait for each other."""


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
    with judge_of(loaded, python, hidden=[*private(course), *hidden], sandboxed=sandboxed) as judge:
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
        recipe = Recipe(
            master=master.pack(loaded),
            python=python,
            hidden=tuple(hidden),
            preload=tuple(preload),
            sandboxed=sandboxed,
        )
        yield Judge(loaded.assignment, sandbox, kit.student_cells(loaded), recipe)


class Terms(Protocol):
    """What is graded, and what notebooks run with: of a judge, or of a cluster of them."""

    @property
    def assignment(self) -> Assignment:
        """The assignment."""

    @property
    def versions(self) -> Mapping[str, str]:
        """What notebooks run with: versions by package."""

    @property
    def sandboxed(self) -> bool:
        """Whether they are sealed off."""


def warnings(judge: Terms) -> list[str]:
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


def cores() -> int:
    """Return how many cores this process may use."""
    return len(_own_cores()) or os.cpu_count() or 1


def _own_cores() -> list[int]:
    """Return the cores that this process may use, by their numbers, where the system tells."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def grade_all(judge: Judge, files: Iterable[File], *, jobs: int | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each file as it comes, in any order; when closed early, drop what has begun.

    More than a few files are judged by `jobs` processes, by default one a core, each with a sandbox of its
    own. An unexpected error with one file is a fault, and the others are graded.

    Raises:
        SandboxError: if notebooks cannot be run at all.
    """
    jobs = jobs or cores()
    left = iter(files)
    first = list(itertools.islice(left, FEW))
    if jobs == 1 or judge.recipe is None:
        yield from (grade_one(judge, file) for file in itertools.chain(first, left))
    elif len(first) < FEW:
        yield from _grade_few(judge, first, jobs)
    else:
        tables = judge.tables()
        judge.rest()
        own = _own_cores()
        places = own if jobs == len(own) else []  # with fewer, or more, the system knows better
        with Crew(functools.partial(_prepared, judge.recipe, tables), jobs, places) as crew:
            for done in crew.work(itertools.chain(first, left)):
                yield _given_up(done.thing) if isinstance(done, Lost) else done


def _grade_few(judge: Judge, files: Sequence[File], jobs: int) -> Iterator[Outcome]:
    """Grade as many at a time in threads: to start processes would take longer."""
    from concurrent.futures import ThreadPoolExecutor, as_completed

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        pending = [pool.submit(grade_one, judge, file) for file in files]
        try:
            for done in as_completed(pending):
                yield done.result()
        except BaseException:  # Ctrl-C: finish what has begun, begin nothing more
            pool.shutdown(cancel_futures=True)
            raise


def _given_up(file: File) -> Outcome:
    return Outcome(
        file=file, fault=f"the process that judged it was killed {MAX_DEATHS} times: is memory short?"
    )


def _prepared(
    recipe: Recipe, tables: Mapping[str, bytes]
) -> Callable[[], AbstractContextManager[Callable[[File], Outcome]]]:
    """Return what makes a judge that grades files, in each process of a crew."""
    loaded = master.unpack(recipe.master)
    assert loaded.assignment.kept is not None
    for name, content in tables.items():
        loaded.assignment.kept.put(name, content)
    return functools.partial(_at_work, loaded, recipe)


@contextmanager
def _at_work(loaded: Master, recipe: Recipe) -> Iterator[Callable[[File], Outcome]]:
    with judge_of(
        loaded, recipe.python, hidden=recipe.hidden, preload=recipe.preload, sandboxed=recipe.sandboxed
    ) as judge:
        yield functools.partial(grade_one, judge)


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
        hidden=[*private(root), path],
        sandboxed=sandboxed,
    )


def private(course: Path) -> list[Path]:
    """Return what of a course no notebook may read."""
    return [course / "solutions", course / "dist"]
