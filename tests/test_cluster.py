"""Grading on a cluster: every submission once, with the result that it has here, whatever happens to workers."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder import cluster, cluster_connection, cluster_order, cluster_worker, grading, inbox, kit, master
from autograder.cluster_members import Lost
from autograder.errors import ClusterError, SandboxError, SubmissionError
from autograder.model import Result
from autograder.report.results_json import results_json
from autograder.tabulate import tabulated

COURSE = Path(__file__).parent / "course"
ROOT = COURSE.parent.parent
BIN = Path(sys.executable).parent
FAR = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}

pytestmark = pytest.mark.filterwarnings("default")  # Dask's are not ours to mend


@pytest.fixture(scope="module")
def loaded() -> master.Master:
    return master.load("mixing", COURSE)


def submissions(folder: Path, loaded: master.Master, count: int) -> list[inbox.File]:
    """Write right, wrong and unreadable submissions, and return them."""
    solved = "\n\n# %%\n".join(kit.solved_cells(loaded))
    kinds = [solved, solved.replace("axis=0", "axis=1"), solved.replace("weights", "weights.T"), ""]
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"student{number:03}.py").write_text(kinds[number % len(kinds)])
    return inbox.find_files([folder])


def graded_here(loaded: master.Master, files: list[inbox.File]) -> dict[str, bytes]:
    with grading.judge_of(loaded) as judge:
        return by_name(list(grading.grade_all(judge, files)))


def by_name(outcomes: list[grading.Outcome]) -> dict[str, bytes]:
    """Return what is written of each result; each must have come once."""
    assert len({outcome.file.name for outcome in outcomes}) == len(outcomes)
    return {each.file.name: results_json(each.result) if each.result else b"" for each in outcomes}


FATAL = """
# %% [markdown]
# # Doubling

# %% tags=["given"]
import numpy as np

# %% question="double"
def double(X):
    return 2 * X  # SOLUTION

# %%
import os
from autograder import author

author.assignment("Doubling", environment=["numpy>=2.0"])

def answers(double):
    return len(double(np.ones(2))) == 2 or os.kill(os.getpid(), 9)

author.question(
    "double",
    steps=[author.step("doubled", 1)],
    cases=[
        author.case("public", hidden=False, args=lambda rng: (rng.normal(size=3),)),
        author.case("hidden", hidden=True, args=lambda rng: (rng.normal(size=(2, 2)),)),
    ],
    properties=[author.property("answers", hidden=True, args=[], holds=answers, feedback="It does not.")],
)
"""


class Machines:
    """A scheduler, and workers that are processes of their own, with their nannies."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self._folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", self.address.split(":")[-1])

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [BIN / "dask", *command, "--no-dashboard"],
                cwd=self._folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        return process

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        return self.start("worker", self.address, "--nthreads", "1", *options)

    def odd_worker(self, patch: str) -> None:
        """Start a worker in which something of the package is another thing."""
        code = f"{patch}\nfrom distributed.cli.dask_worker import main\nmain()"
        command = [sys.executable, "-c", code, self.address, "--no-nanny", "--no-dashboard"]
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=self._folder, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process and its children, as when a machine is gone."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    started = Machines(tmp_path)
    yield started
    for process in list(started.running):
        started.kill(process)


# ---------------------------------------------------------------- without a cluster


def test_what_is_sent_arrives(tmp_path: Path, loaded: master.Master) -> None:
    files = submissions(tmp_path, loaded, 4)
    right, _, _, empty = cluster_order.unpacked(cluster_order.packed(files, "mixing"))
    assert right == cluster_order.read_submission(files[0].path, files[0].name)
    assert isinstance(empty, cluster_order.Unreadable)
    with pytest.raises(SubmissionError) as expected:
        cluster_order.read_submission(files[3].path)
    assert str(empty.error) == str(expected.value)


def test_a_class_is_small_on_its_way(tmp_path: Path, loaded: master.Master) -> None:
    files = submissions(tmp_path, loaded, 8)
    assert len(cluster_order.packed(files, "mixing")) < sum(file.path.stat().st_size for file in files) / 3


def test_an_order_can_be_sent(loaded: master.Master) -> None:
    order = cluster_order.order_for(loaded, "run", {"a": b"b"}, [Path("here")], sandboxed=True)
    assert pickle.loads(pickle.dumps(order)) == order
    assert order.hidden == (str(Path("here").absolute()),)


def test_a_worker_with_another_version_of_the_package_refuses(loaded: master.Master) -> None:
    order = cluster_order.order_for(loaded, "run", {}, [], sandboxed=True)
    other = replace(order, versions={**order.versions, "true-values": "0.0.1"})
    refusal = cluster_worker.prepare(other)
    assert refusal is not None
    assert refusal.differs
    assert "another version of this package" in refusal.why


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mixing", "neither the address of a scheduler"),
        ("tcp://127.0.0.1:1", "cannot be reached"),
        ("tls://127.0.0.1:1", "asks for TLS, and there is no key"),
        ("{folder}", "neither the address"),
        ("{file}", "neither the address"),
    ],
)
def test_an_address_where_nobody_is(
    address: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_connection, "CONNECT_SECONDS", 0.5)
    (tmp_path / "file").write_text("no JSON")
    address = address.format(folder=tmp_path, file=tmp_path / "file")
    with pytest.raises(ClusterError, match=said), cluster_connection.connected(address):
        pass


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match="pip install"), cluster_connection.connected("local"):
        pass


# ---------------------------------------------------------------- a worker, without a cluster


@pytest.fixture
def in_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_worker, "_own_folder", lambda: tmp_path)
    monkeypatch.setattr(cluster_worker, "_address", lambda: "here")


@pytest.mark.usefixtures("in_a_worker")
def test_a_worker_judges_as_this_machine_does(tmp_path: Path, loaded: master.Master) -> None:
    files = submissions(tmp_path / "class", loaded, 4)
    order = cluster_order.order_for(loaded, "run", tabulated(loaded), [], sandboxed=True)
    packed = cluster_order.packed(files, "mixing")
    (refusal,) = cluster_worker.judge_packed("run", packed)
    assert isinstance(refusal, cluster_order.Refusal)
    assert refusal.forgotten
    assert cluster_worker.prepare(order) is None
    assert cluster_worker.prepare(order) is None
    replies = pickle.loads(pickle.dumps(cluster_worker.judge_packed("run", packed)))
    cluster_worker.dismiss("run")
    (refusal,) = cluster_worker.judge_packed("run", packed)
    assert isinstance(refusal, cluster_order.Refusal)
    here = graded_here(loaded, files)
    assert {reply.submission: results_json(reply) for reply in replies} == here


@pytest.mark.usefixtures("in_a_worker")
def test_a_run_that_is_over_leaves_no_judge(loaded: master.Master) -> None:
    cluster_worker.dismiss("over")
    cluster_worker.prepare(cluster_order.order_for(loaded, "over", {}, [], sandboxed=True))
    assert "over" not in cluster_worker._benches


def test_a_judge_in_use_is_not_closed(tmp_path: Path, loaded: master.Master, in_a_worker: None) -> None:
    order = cluster_order.order_for(loaded, "run", {}, [], sandboxed=True)
    bench = cluster_worker._Bench(order)
    folder = bench.judge._sandbox._folder.path
    with bench.used():
        bench.dismiss()
        assert folder.exists()
    assert not folder.exists()


# ---------------------------------------------------------------- the client, without a cluster


class Scripted:
    """Members that answer as a script says: what a batch gets, by the names in it."""

    def __init__(self, script: Callable[[list[str], int], object]) -> None:
        self.threads = {"one": 1, "two": 1}
        self.refused: list[str] = []
        self.sent: list[list[str]] = []
        self._script = script
        self._asked: list[SimpleNamespace] = []

    def look(self) -> set[str]:
        return set(self.threads)

    def ask(self, *arguments: Any) -> SimpleNamespace:
        names = [each.name for each in cluster_order.unpacked(arguments[-1])]
        self.sent.append(names)
        future = SimpleNamespace(key=f"batch {len(self.sent)}", names=names, cancel=lambda: None)
        self._asked.append(future)
        return future

    def answered(self) -> SimpleNamespace | None:
        return self._asked.pop(0) if self._asked else None

    def reply(self, future: SimpleNamespace) -> object:
        reply = self._script(future.names, len(self.sent))
        if isinstance(reply, Exception):
            raise reply
        return reply

    def refuse(self, refusal: cluster_order.Refusal) -> None:
        self.refused.append(refusal.worker)


def outcomes_of(
    folder: Path, loaded: master.Master, script: Callable[[list[str], int], object], count: int = 40
) -> tuple[list[grading.Outcome], Scripted]:
    members = Scripted(script)
    order = cluster_order.order_for(loaded, "run", {}, [], sandboxed=True)
    graders = cluster.Cluster(members, loaded, order)  # type: ignore[arg-type]
    outcomes = list(graders.grade_all(iter(submissions(folder, loaded, count))))
    assert len({outcome.file.name for outcome in outcomes}) == len(outcomes) == count
    return outcomes, members


def fine(names: list[str]) -> list[Result]:
    return [Result(assignment="mixing", submission=name, verdicts=()) for name in names]


def test_few_are_on_their_way(tmp_path: Path, loaded: master.Master) -> None:
    done, ahead = 0, []

    def script(names: list[str], sent: int) -> object:
        nonlocal done
        ahead.append(sent - done)
        done += 1
        return fine(names)

    outcomes, _ = outcomes_of(tmp_path, loaded, script, count=100)
    assert all(outcome.result for outcome in outcomes)
    assert max(ahead) == cluster.PER_THREAD * 2


def test_what_a_worker_had_no_time_for_is_sent_again(tmp_path: Path, loaded: master.Master) -> None:
    outcomes, _ = outcomes_of(tmp_path, loaded, lambda names, _: fine(names[:1]))
    assert all(outcome.result for outcome in outcomes)


def test_what_is_refused_is_sent_again(tmp_path: Path, loaded: master.Master) -> None:
    refusal = cluster_order.Refusal(why="no sandbox", worker="two")

    def script(names: list[str], sent: int) -> object:
        return [*fine(names[:2]), refusal] if sent < 6 else fine(names)

    outcomes, members = outcomes_of(tmp_path, loaded, script)
    assert all(outcome.result for outcome in outcomes)
    assert set(members.refused) == {"two"}


def test_one_that_kills_is_found_out_alone(tmp_path: Path, loaded: master.Master) -> None:
    outcomes, members = outcomes_of(
        tmp_path, loaded, lambda names, _: Lost() if "student007" in names else fine(names)
    )
    assert [outcome.file.name for outcome in outcomes if outcome.fault] == ["student007"]
    assert sum("student007" in names for names in members.sent) == cluster.MAX_LOSSES
    assert members.sent[-1] == ["student007"] or all(len(names) == 1 for names in members.sent[-8:])


def test_an_unexpected_error_is_a_fault_of_its_batch(tmp_path: Path, loaded: master.Master) -> None:
    outcomes, _ = outcomes_of(
        tmp_path, loaded, lambda names, _: ValueError("odd") if "student007" in names else fine(names)
    )
    assert {outcome.fault for outcome in outcomes} == {"", "ValueError: odd"}
    assert sum(bool(outcome.fault) for outcome in outcomes) == cluster.BATCH


# ---------------------------------------------------------------- with one


@pytest.fixture
def fatal(tmp_path: Path) -> master.Master:
    """Return a master whose judge is killed by an answer, as when it takes all memory."""
    solutions = tmp_path / "course" / "solutions"
    solutions.mkdir(parents=True)
    (solutions / "doubling.py").write_text(FATAL)
    return master.load("doubling", tmp_path / "course")


@pytest.mark.slow
def test_on_this_machine_by_the_command(tmp_path: Path, loaded: master.Master) -> None:
    files = submissions(tmp_path / "class", loaded, 12)
    command = [BIN / "autograder", "grade", "mixing", tmp_path / "class", "--course", COURSE]
    options = ["-o", tmp_path / "out", "--cluster", "local", "-j", "1"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    results = {path.stem: path.read_bytes() for path in (tmp_path / "out" / "results").iterdir()}
    assert results == graded_here(loaded, files)


@pytest.mark.slow
def test_two_workers_are_killed_and_nothing_is_lost(
    tmp_path: Path, loaded: master.Master, machines: Machines
) -> None:
    workers = [machines.worker() for _ in range(3)]
    files = submissions(tmp_path / "class", loaded, 72)
    with cluster.grading_on(machines.address, loaded) as graders:
        while len(graders._members.threads) < 3:
            graders._members.look()
            graders._members.answered()
        outcomes = []
        for outcome in graders.grade_all(iter(files)):
            outcomes.append(outcome)
            if len(outcomes) == 20:
                machines.kill(workers[0])
            if len(outcomes) == 30:
                machines.kill(workers[1])
    assert not [outcome.fault for outcome in outcomes if outcome.fault]
    assert by_name(outcomes) == graded_here(loaded, files)


@pytest.mark.slow
def test_a_submission_that_ends_its_worker_is_a_fault(
    tmp_path: Path, fatal: master.Master, machines: Machines
) -> None:
    """And those that were on their way with it are graded."""
    machines.worker("--nworkers", "2")
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(20):
        value = "2 * X if X.ndim != 1 or len(X) != 2 else [0.0]" if number == 5 else "2 * X"
        (folder / f"student{number:02}.py").write_text(f"def double(X):\n    return {value}\n")
    with cluster.grading_on(machines.address, fatal) as graders:
        outcomes = list(graders.grade_all(inbox.find_files([folder])))
    assert [each.file.name for each in outcomes if each.fault] == ["student05"]
    assert len(by_name(outcomes)) == 20
    assert all(each.result.points == 1 for each in outcomes if each.result)


@pytest.mark.slow
def test_the_scheduler_is_killed(tmp_path: Path, loaded: master.Master, machines: Machines) -> None:
    machines.worker()
    files = submissions(tmp_path / "class", loaded, 60)
    outcomes = []

    def grade() -> None:
        with cluster.grading_on(machines.address, loaded) as graders:
            for outcome in graders.grade_all(files):
                outcomes.append(outcome)
                if len(outcomes) == 10:
                    machines.kill(machines.scheduler)

    with pytest.raises(ClusterError, match="connection to the scheduler"):
        grade()
    assert 10 <= len(outcomes) < 60


NO_SANDBOX = """
from autograder import errors, layers
def require(*_):
    raise errors.SandboxError("notebooks cannot be sealed off", next_step="Install it.")
layers.require = require
"""
OTHER_NUMPY = """
from autograder import cluster_worker
cluster_worker.differing = lambda *_: "numpy 1.26.4, here 2.3.5"
"""
NOT_INSTALLED = """
import sys
sys.modules["autograder"] = None
"""


@pytest.mark.slow
def test_a_worker_that_is_not_fit_takes_no_part(
    tmp_path: Path, loaded: master.Master, machines: Machines
) -> None:
    files = submissions(tmp_path / "class", loaded, 8)
    machines.odd_worker(NO_SANDBOX)
    with (
        pytest.raises(SandboxError, match=r"no worker .*\n?.*sealed off"),
        cluster.grading_on(machines.address, loaded),
    ):
        pass
    machines.worker()
    machines.odd_worker(NOT_INSTALLED)
    heard: list[str] = []
    with cluster.grading_on(machines.address, loaded, warn=heard.append) as graders:
        outcomes = list(graders.grade_all(files))
    assert by_name(outcomes) == graded_here(loaded, files)
    assert any("cannot be sealed off" in line for line in heard)
    machines.odd_worker(OTHER_NUMPY)
    time.sleep(5)
    with pytest.raises(ClusterError, match=r"numpy 1\.26\.4"), cluster.grading_on(machines.address, loaded):
        pass
