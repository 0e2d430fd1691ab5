"""Whoever is killed, and when: results stay as they are, and no process, folder or half file is left."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder import confine, folders, kit, master
from autograder.grading import judge_file
from autograder.inbox import File
from autograder.judge import Judge
from autograder.model import Limits, Status
from autograder.report.results_json import results_json
from autograder.sandbox import Sandbox

from .conftest import within

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

ROOT = Path(__file__).resolve().parent.parent
NAME = "multihead_attention"
RIGHT = ROOT / "tests" / "submissions" / NAME / "right" / "notebook.ipynb"
COPIES = 12
LEFT_SECONDS = 3.0
FEW_OR_MANY = pytest.mark.parametrize("kills", [5, pytest.param(40, marks=pytest.mark.slow)])

Processes = frozenset[tuple[int, int]]
"""Process ids with the times at which they started: a pair never comes to mean another process."""


def stat(pid: int) -> list[str]:
    """Return the fields of a process after its name: state, parent, ..."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def children(parent: int) -> Processes:
    """Return the children of a process, also those that have ended and were not reaped."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = stat(int(path.name))
            if int(fields[1]) == parent:
                found.add((int(path.name), int(fields[19])))
    return frozenset(found)


def descendants(parent: int) -> Processes:
    found = children(parent)
    return found.union(*(descendants(pid) for pid, _ in found))


def alive(process: tuple[int, int]) -> bool:
    """Return whether a process runs; one that only waits to be reaped does not."""
    try:
        fields = stat(process[0])
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(fields[19]) == process[1] and fields[0] not in "ZX"


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def mentioning(text: str) -> list[int]:
    """Return the processes that have a text in their arguments, environment or folder, where we may look."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if stat(int(path.name))[0] in "ZX":
                continue
            told = (path / "cmdline").read_bytes()
            with contextlib.suppress(PermissionError):
                told += (path / "environ").read_bytes() + os.fsencode((path / "cwd").readlink())
            if os.fsencode(text) in told:
                found.append(int(path.name))
    return found


# ---------------------------------------------------------------- the warm parent, or a worker, is killed


@pytest.fixture
def killed_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture
def judged(killed_sandbox: Sandbox) -> Callable[[], bytes]:
    loaded = master.load(NAME, ROOT)
    judge = Judge(loaded.assignment, killed_sandbox, kit.student_cells(loaded))
    return lambda: results_json(judge_file(judge, File(path=RIGHT, name="right")))


def usual(action: Callable[[], object]) -> float:
    """Return how long something takes that nobody disturbs."""
    action()
    start = time.monotonic()
    action()
    return time.monotonic() - start


def test_undisturbed_it_is_right(judges: dict[str, Judge]) -> None:
    assert judge_file(judges[NAME], File(path=RIGHT, name="right")).status is Status.PASSED


@FEW_OR_MANY
def test_a_killed_warm_parent_changes_no_result(
    kills: int, killed_sandbox: Sandbox, judged: Callable[[], bytes]
) -> None:
    chance = random.Random(1)
    expected, seconds, starts = judged(), usual(judged), 0
    with ThreadPoolExecutor(1) as pool:
        for index in range(kills):
            result = pool.submit(judged)
            time.sleep(chance.uniform(0, seconds))
            process = killed_sandbox._parents[()].process
            if process is not None:
                kill(process.pid)
            if index % 4 == 3:
                starts += killed_as_it_starts(killed_sandbox, process, chance.uniform(0, 0.4), result)
            assert result.result() == expected
    assert starts > 0 or kills < 20
    assert judged() == expected


def killed_as_it_starts(sandbox: Sandbox, old: object, delay: float, result: Future[bytes]) -> bool:
    """Kill the replacement of a warm parent, too, unless it has workers already; return whether it was.

    The notebook that a worker runs when it is killed for a second time is blamed, and rightly so.
    """
    within(5, lambda: result.done() or sandbox._parents[()].process not in (None, old))
    time.sleep(delay)
    new = sandbox._parents[()].process
    if new is None or new is old or result.done() or children(new.pid):
        return False
    kill(new.pid)
    return True


@FEW_OR_MANY
def test_a_killed_worker_changes_no_result(
    kills: int, killed_sandbox: Sandbox, judged: Callable[[], bytes]
) -> None:
    chance = random.Random(2)
    expected, seconds, killed = judged(), usual(judged), 0
    parent = killed_sandbox._parents[()].process
    assert parent is not None
    with ThreadPoolExecutor(1) as pool:
        for _ in range(20 * kills):
            result = pool.submit(judged)
            time.sleep(chance.uniform(0, seconds))
            workers = sorted(children(parent.pid))
            if workers and not result.done():
                kill(chance.choice(workers)[0])
                killed += 1
            assert result.result() == expected
            if killed == kills:
                break
    assert killed == kills
    assert killed_sandbox._parents[()].process is parent
    assert not children(parent.pid)


@pytest.mark.parametrize(("programs", "sandboxed"), [(True, True), (False, False)])
def test_what_workers_started_dies_though_their_warm_parent_was_killed(
    programs: bool, sandboxed: bool, adopting: None
) -> None:
    before = descendants(os.getpid())
    start = "import os, time\nif os.fork() == 0:\n    time.sleep(60)"
    with Sandbox(programs=programs, sandboxed=sandboxed) as sandbox:
        with sandbox.worker(Limits()) as first, sandbox.worker(Limits()) as second:
            for worker in (first, second):
                worker.ask("run", seconds=5, cell=1, source=f"{start}\nelse:\n    done = True")
                assert worker.ask("get", seconds=5, name="done").values == [True]
            parent = sandbox._parents[()].process
            assert parent is not None
            started = descendants(parent.pid)
            assert len(started) == 4
            kill(parent.pid)
        assert within(LEFT_SECONDS, lambda: not any(map(alive, started)))
    assert not orphans(before)


# ---------------------------------------------------------------- the judge is killed


@pytest.fixture
def adopting() -> Iterator[None]:
    """Make this process the one that orphans come to, so that it sees all that a killed judge leaves."""
    set_child_subreaper = 36
    confine.prctl(set_child_subreaper, 1)
    yield
    confine.prctl(set_child_subreaper, 0)


class Course:
    """A folder of right submissions, graded by `autograder grade` with temporary files of its own."""

    def __init__(self, folder: Path) -> None:
        self.temporary, self.out, submissions = folder / "temporary", folder / "out", folder / "submissions"
        for path in (self.temporary, submissions):
            path.mkdir()
            path.chmod(0o711)
        for index in range(COPIES):
            shutil.copy(RIGHT, submissions / f"student{index}.ipynb")
        self.command = [
            Path(sys.executable).with_name("autograder"), "grade", NAME, submissions,
            "--output", self.out, "--course", ROOT,
        ]  # fmt: skip

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            env={**os.environ, "TMPDIR": str(self.temporary)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(self) -> None:
        with self.start() as process:
            assert process.wait() == 0

    def left(self) -> list[Path]:
        return list(self.temporary.glob(f"{folders.PREFIX}*"))

    def results(self) -> dict[str, bytes]:
        """Return all that has been written under a final name."""
        files = (
            path
            for path in self.out.glob("**/*")
            if path.is_file() and path.name[0] != "." and "gradebook.db" not in path.name
        )
        return {str(path.relative_to(self.out)): path.read_bytes() for path in files}


@pytest.fixture
def graded() -> Iterator[Course]:
    folder = Path(tempfile.mkdtemp())  # not `tmp_path`: every worker must be able to go there
    folder.chmod(0o711)
    try:
        yield Course(folder)
    finally:
        shutil.rmtree(folder)


def orphans(before: Processes) -> Processes:
    """Return what has come to this process since, with all below it, and reap what has ended."""
    ours = descendants(os.getpid()) - before
    for pid, _ in ours:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
    return frozenset(process for process in ours if alive(process))


def killed_judge(course: Course, delay: float) -> bool:
    """Kill a judge; return whether it had started its warm parent. Nothing of it lives on."""
    before = descendants(os.getpid())
    with course.start() as judge:
        time.sleep(delay)
        below = descendants(judge.pid)
        kill(judge.pid)
        judge.wait()
    had = bool(below or (descendants(os.getpid()) - before))
    assert within(LEFT_SECONDS, lambda: not orphans(before) and not any(map(alive, below)))
    assert within(LEFT_SECONDS, lambda: not mentioning(str(course.temporary)))
    return had


@FEW_OR_MANY
def test_a_killed_judge_leaves_nothing_but_whole_results(kills: int, graded: Course, adopting: None) -> None:
    chance = random.Random(3)
    seconds = usual(lambda: (shutil.rmtree(graded.out, ignore_errors=True), graded.run()))
    expected = graded.results()
    scores = [json.loads(text)["score"] for name, text in expected.items() if name.endswith(".json")]
    possible = master.load(NAME, ROOT).assignment.possible
    assert scores == [possible] * COPIES
    shutil.rmtree(graded.out)
    counts = set()
    for index in range(kills):
        # some of them anywhere, some of them where it starts its warm parent, and some where it judges
        first, last = [(0, 1), (0.15, 0.4), (0.7, 1)][index % 3]
        delay = chance.uniform(first, last) * seconds
        if killed_judge(graded, delay):
            assert not graded.left()
        for path in graded.left():  # it was killed between two lines: nobody else was there yet
            shutil.rmtree(path)
        results = graded.results()
        assert results.items() <= expected.items()
        counts.add(len(results))
        if index % 10 == 9:
            shutil.rmtree(graded.out, ignore_errors=True)
    assert len(counts) > 1 or kills < 20
    graded.run()
    assert graded.results() == expected
    assert not graded.left()


@pytest.mark.parametrize("kills", [5, pytest.param(25, marks=pytest.mark.slow)])
def test_judge_and_warm_parent_killed_at_once_leave_a_folder_for_the_next(
    kills: int, graded: Course, adopting: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(4)
    for index in range(kills):
        before = descendants(os.getpid())
        shutil.rmtree(graded.out, ignore_errors=True)  # else all is graded at last
        for path in graded.left():
            os.utime(path)  # however slow the machine is, none is old enough for the next judge to remove
        with graded.start() as judge:
            assert within(30, lambda judge=judge: bool(below_the_warm_parent(judge.pid)))
            time.sleep(chance.uniform(0, 0.03))
            (warm,) = children(judge.pid)
            for pid in (judge.pid, warm[0]):
                os.kill(pid, signal.SIGSTOP)
            for pid in (judge.pid, warm[0]):
                kill(pid)
            judge.wait()
        assert within(LEFT_SECONDS, lambda before=before: not orphans(before))
        assert len(graded.left()) == index + 1
    monkeypatch.setattr(tempfile, "tempdir", str(graded.temporary))
    with Sandbox():
        assert len(graded.left()) == kills + 1  # they might still be made
    monkeypatch.setattr(folders, "_SETTLED_SECONDS", 0)
    with Sandbox():
        assert len(graded.left()) == 1
    assert not graded.left()


def below_the_warm_parent(judge: int) -> Processes:
    """Return what a judge's children have started; what the judge itself asks of the system is not in it."""
    return frozenset(process for pid, _ in children(judge) for process in descendants(pid))
