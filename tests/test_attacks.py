"""Every folder of tests/submissions/attacks/ is a hostile submission: it gains, learns and leaves nothing."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from autograder import kit, master
from autograder.grading import judge_file
from autograder.inbox import File
from autograder.judge import Judge
from autograder.model import Assignment, Limits, Question
from autograder.report.results_json import results_json
from autograder.sandbox import Sandbox

HERE = Path(__file__).parent
ROOT = HERE.parent
NAME = "multihead_attention"
FOLDERS = sorted(path for path in (HERE / "submissions" / "attacks").iterdir() if path.is_dir())
SHARED = ("/tmp", "/var/tmp", "/dev/shm")
REFERENCE, SECRET, NUMBER = "MARKER_REFERENCE_c81f03", "MARKER_SECRET_59ae77", 7319.25461
TELLTALES = (REFERENCE, SECRET, "7319.25", "BREACH")
"""Markers that were planted, and what an attack prints when a door was open."""

Files = dict[str, tuple[int, int, bytes]]


@dataclass(frozen=True)
class Bench:
    """A judge of a course with planted markers."""

    judge: Judge
    sandbox: Sandbox
    course: Path


def planted(question: Question) -> Question:
    """Return a question with the number in one of its hidden inputs."""
    for index, case in enumerate(question.cases):
        if case.hidden:
            first = np.array(case.arguments[0], dtype=float)
            first[0, 0] = NUMBER
            marked = replace(case, arguments=(first, *case.arguments[1:]))
            return replace(question, cases=(*question.cases[:index], marked, *question.cases[index + 1 :]))
    return question


def quick(assignment: Assignment) -> Assignment:
    return replace(assignment, limits=Limits(cell_seconds=2, call_seconds=1, total_seconds=20))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    course = tmp_path_factory.mktemp("course")
    (course / "solutions").mkdir()
    copied = course / "solutions" / f"{NAME}.py"
    shutil.copy(ROOT / "solutions" / f"{NAME}.py", copied)
    with copied.open("a") as file:
        file.write(f"\n# {REFERENCE}\n")
    loaded = master.load(NAME, course)
    marked = replace(
        loaded.assignment, questions=tuple(planted(question) for question in loaded.assignment.questions)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_TEST_SECRET", SECRET)
        with Sandbox(hidden=[course / "solutions", ROOT / "solutions"]) as sandbox:
            yield Bench(Judge(quick(marked), sandbox, kit.student_cells(loaded)), sandbox, course)


def processes_of(sandbox: Sandbox) -> set[tuple[int, str]]:
    """Return the processes, with their start times, that descend from this one or were forked for a sandbox.

    A process that is forked keeps its command line, with the sandbox's folder in it, whoever adopts it.
    """
    found: dict[int, tuple[int, str]] = {}
    marked = os.fsencode(sandbox._folder.path)
    mine = {os.getpid()}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
            found[int(path.name)] = int(fields[1]), fields[19]
            if marked in (path / "cmdline").read_bytes():
                mine.add(int(path.name))
        except OSError:
            continue
    while more := {pid for pid, (parent, _) in found.items() if parent in mine} - mine:
        mine |= more
    return {(pid, found[pid][1]) for pid in mine if pid in found}


def files_in(*folders: Path) -> Files:
    return {
        str(path): (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes())
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def shared_entries() -> set[Path]:
    """Return what lies in folders that all may write to, without what tests and sandboxes make there."""
    found = {path for folder in SHARED if Path(folder).is_dir() for path in Path(folder).iterdir()}
    return {
        path
        for path in found
        if not path.name.startswith(("pytest-", "true-values-")) and not _is_another_programs(path)
    }


def _is_another_programs(path: Path) -> bool:
    """Return whether no worker can have made it: as root workers are other users, as anyone else they are us."""
    try:
        owner = path.lstat().st_uid
    except FileNotFoundError:
        return True
    return owner == 0 if os.geteuid() == 0 else owner != os.geteuid()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_attack_gains_learns_and_leaves_nothing(folder: Path, bench: Bench) -> None:
    (path,) = folder.iterdir()
    watched = (bench.course, ROOT / "autograder", ROOT / "solutions", folder)
    before, entries, processes = files_in(*watched), shared_entries(), processes_of(bench.sandbox)
    result = judge_file(bench.judge, File(path=path, name=folder.name))
    deadline = time.monotonic() + 2
    while processes_of(bench.sandbox) - processes and time.monotonic() < deadline:
        time.sleep(0.05)
    assert {verdict.question: verdict.points for verdict in result.verdicts if verdict.points} == {}
    told = results_json(result).decode() + result.printed
    assert [telltale for telltale in TELLTALES if telltale in told] == []
    assert processes_of(bench.sandbox) <= processes
    assert files_in(*watched) == before
    assert shared_entries() <= entries
    assert {path.name for path in bench.sandbox._folder.path.iterdir()} == {".judge", "parent"}


def test_the_sandbox_still_grades_an_honest_submission(bench: Bench) -> None:
    loaded = master.load(NAME, ROOT)
    judge = Judge(quick(loaded.assignment), bench.sandbox, kit.student_cells(loaded))
    (path,) = (HERE / "submissions" / NAME / "right").glob("notebook.*")
    result = judge_file(judge, File(path=path, name="right"))
    assert result.points == result.possible


def test_there_are_many_attacks() -> None:
    assert len(FOLDERS) >= 40
