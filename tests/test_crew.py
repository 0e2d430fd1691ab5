"""A crew of processes does all that it is given, whoever of it is killed, and leaves nothing behind."""

from __future__ import annotations

import functools
import itertools
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder import grading, inbox
from autograder.crew import AHEAD, Crew, Lost
from autograder.errors import SandboxError
from autograder.judge import Judge
from autograder.report.results_json import results_json

from .conftest import ROOT

Do = Callable[[int], tuple[int, int]]
Start = Callable[[], object]


@contextmanager
def at_work(folder: Path) -> Iterator[Do]:
    """Do numbers: 13 always kills its process, 7 does once; -1 hangs, 99 cannot be."""
    mark = folder / f"member-{os.getpid()}"
    mark.write_text("")

    def do(number: int) -> tuple[int, int]:
        once = folder / "seven"
        if number == 13 or (number == 7 and not once.exists()):
            once.write_text("")
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 99:
            raise SandboxError("nothing can be done", next_step="Go home.")
        if number == -1:
            (folder / "hanging").write_text("")
            time.sleep(1000)
        time.sleep(0.05)
        return number, os.getpid()

    try:
        yield do
    finally:
        mark.unlink()


def prepared(folder: Path) -> Start:
    (folder / f"foreman-{os.getpid()}").write_text("")
    return functools.partial(at_work, folder)


def crew_in(folder: Path, size: int = 2) -> Crew:
    return Crew(functools.partial(prepared, folder), size)


@contextmanager
def telling_cores() -> Iterator[Callable[[int], tuple[int, frozenset[int]]]]:
    """Tell which cores a process and its children may use."""

    def do(number: int) -> tuple[int, frozenset[int]]:
        time.sleep(0.05)
        code = "import os; print(*os.sched_getaffinity(0))"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return os.getpid(), frozenset(map(int, told.stdout.split()))

    yield do


def telling() -> Start:
    return telling_cores


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one core")
def test_each_process_keeps_to_a_core(tmp_path: Path) -> None:
    """And those that take the place of another, to one that is there."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    with Crew(telling, 2, cores) as crew:
        told = dict(crew.work(range(8)))
    assert sorted(told.values(), key=sorted) == [frozenset([core]) for core in cores]
    with Crew(telling, 2) as crew:
        assert {cores for _, cores in crew.work(range(8))} == {frozenset(os.sched_getaffinity(0))}
    gone = max(os.sched_getaffinity(0)) + 500
    with Crew(telling, 2, [gone]) as crew:
        assert {cores for _, cores in crew.work(range(2))} == {frozenset(os.sched_getaffinity(0))}


def done(things: Iterable[object]) -> list[int]:
    return sorted(thing.thing if isinstance(thing, Lost) else thing[0] for thing in things)  # type: ignore[index]


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return holds()


def foremen(folder: Path) -> list[int]:
    return [int(path.name.removeprefix("foreman-")) for path in folder.glob("foreman-*")]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def nothing_is_left(folder: Path) -> bool:
    """Return whether all processes have ended, and put away what they had begun."""
    return not list(folder.glob("member-*")) and not any(map(alive, foremen(folder)))


def test_all_is_done_by_several_processes(tmp_path: Path) -> None:
    with crew_in(tmp_path) as crew:
        answers = list(crew.work(range(20, 40)))
    assert done(answers) == list(range(20, 40))
    assert len({pid for _, pid in answers}) == 2
    assert os.getpid() not in {pid for _, pid in answers}
    assert len(foremen(tmp_path)) == 1
    assert nothing_is_left(tmp_path)


def test_nothing_to_do(tmp_path: Path) -> None:
    with crew_in(tmp_path) as crew:
        assert list(crew.work([])) == []
    assert not foremen(tmp_path)


def test_no_more_is_taken_than_is_being_done(tmp_path: Path) -> None:
    taken = itertools.count()
    with crew_in(tmp_path) as crew:
        for number, _ in enumerate(crew.work(next(taken) for _ in range(50)), start=1):
            assert next(taken) - number <= 2 * AHEAD + number  # each look takes a number too


def test_a_killed_process_is_replaced_and_its_thing_done_again(tmp_path: Path) -> None:
    with crew_in(tmp_path) as crew:
        answers = list(crew.work(range(10)))
    assert done(answers) == list(range(10))
    assert not [each for each in answers if isinstance(each, Lost)]
    assert len({pid for _, pid in answers}) == 3


def test_what_kills_two_is_given_up(tmp_path: Path) -> None:
    with crew_in(tmp_path) as crew:
        answers = list(crew.work(range(20)))
    assert done(answers) == list(range(20))
    assert [each.thing for each in answers if isinstance(each, Lost)] == [13]


def test_a_killed_foreman_is_replaced(tmp_path: Path) -> None:
    with crew_in(tmp_path) as crew:
        working = crew.work([*range(7), 7, *range(8, 12)])
        answers = [next(working)]
        os.kill(foremen(tmp_path)[0], signal.SIGKILL)
        answers += list(working)
    assert done(answers) == list(range(12))
    assert len(foremen(tmp_path)) == 2
    assert not any(alive(pid) for _, pid in answers)


def test_an_error_is_raised_in_the_caller(tmp_path: Path) -> None:
    with crew_in(tmp_path) as crew, pytest.raises(SandboxError, match="Go home") as raised:
        list(crew.work([1, 2, 99, *range(3, 9)]))
    assert raised.value.next_step == "Go home."
    assert nothing_is_left(tmp_path)


def unprepared() -> Start:
    raise SandboxError("not on this machine")


def test_an_error_before_the_work(tmp_path: Path) -> None:
    with Crew(unprepared, 2) as crew, pytest.raises(SandboxError, match="not on this machine"):
        list(crew.work(range(3)))


@contextmanager
def killed_at_once() -> Iterator[Do]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield lambda number: (number, 0)


def never_starting() -> Start:
    return killed_at_once


def test_processes_that_die_at_once(tmp_path: Path) -> None:
    with Crew(never_starting, 2) as crew, pytest.raises(SandboxError, match="Is memory short"):
        list(crew.work(range(3)))


def test_closed_early(tmp_path: Path) -> None:
    """What has begun is dropped, and put away."""
    with crew_in(tmp_path) as crew:
        working = crew.work([0, -1, *range(1, 100)])
        next(working)
        assert eventually((tmp_path / "hanging").exists)
        working.close()
    assert nothing_is_left(tmp_path)


def test_the_caller_is_killed(tmp_path: Path) -> None:
    """Nothing of it is left, not even in the middle of something."""
    code = f"""
        import sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from tests.test_crew import crew_in
        list(crew_in(Path({str(tmp_path)!r})).work([0, -1]))
    """
    caller = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)])
    try:
        assert eventually((tmp_path / "hanging").exists)
    finally:
        caller.kill()
        caller.wait()
    assert eventually(lambda: nothing_is_left(tmp_path))


# ---------------------------------------------------------------- grading with one

MULTIHEAD = ROOT / "tests" / "submissions" / "multihead_attention"
SOME = ("right", "raises", "untouched", "wrong_shape", "transposed_result", "malformed_json", "right_in_rows",
        "typed_in_true_values", "original_weights_not_transposed", "returns_none")  # fmt: skip


@pytest.fixture(scope="module")
def class_judge() -> Iterator[Judge]:
    with grading.judging("multihead_attention", ROOT) as judge:
        yield judge


def some_files() -> list[inbox.File]:
    return inbox.find_files([MULTIHEAD / name for name in SOME])


def graded(judge: Judge, jobs: int) -> dict[str, bytes]:
    outcomes = list(grading.grade_all(judge, some_files(), jobs=jobs))
    return {each.file.name: results_json(each.result) for each in outcomes if each.result is not None}


def test_results_do_not_depend_on_the_number_of_processes(
    class_judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_threads = graded(class_judge, 2)
    monkeypatch.setattr(grading, "FEW", 2)
    alone = graded(class_judge, 1)
    assert len(alone) == len(SOME)
    assert in_threads == alone
    assert graded(class_judge, 3) == alone
    assert graded(class_judge, 1) == alone, "a judge that has rested judges as before"


def test_a_file_that_no_process_survives_is_a_fault(
    class_judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives and costs no points. Few files do not need a process of their own."""
    monkeypatch.setattr(grading, "Crew", _LosingCrew)
    monkeypatch.setattr(grading, "FEW", 3)
    outcomes = list(grading.grade_all(class_judge, some_files(), jobs=2))
    assert [each.file.name for each in outcomes] == [file.name for file in some_files()]
    assert {each.fault for each in outcomes} == {
        "the process that judged it was killed 2 times: is memory short?"
    }
    few = list(grading.grade_all(class_judge, some_files()[:2], jobs=2))
    assert all(each.result is not None for each in few)


class _LosingCrew(Crew):
    def work(self, things: Iterable[object]) -> Iterator[Lost]:
        return map(Lost, things)
