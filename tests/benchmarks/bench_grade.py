"""What grading a submission costs, as ratios to a floor that is measured in the same run.

The floor: a process with NumPy loaded (and Matplotlib, if the notebook mentions it) forks, runs the
same cells with plain `exec`, and ends. No IPython, no sandbox, no pipe, no judging.

    python tests/benchmarks/bench_grade.py [--class SIZE]

One thread judges: the solved notebooks and the wrong ones among the tests'. With `--class`, a drawn class of
multi-head submissions (`tests/classroom`), by what was put into each; the forks of a submission are counted too.
"""

from __future__ import annotations

import contextlib
import csv
import gc
import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.judge import Judge
    from autograder.submission import Submission

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 20
BATCHES = 5
TOO_LONG_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds a submission: of the processor's time in each process, and on the clock."""

    judge: float
    parent: float
    workers: float
    wall: float

    @property
    def processor(self) -> float:
        """All processor time."""
        return self.judge + self.parent + self.workers


def measured(action: Callable[[], object], count: int, parents: Callable[[], Sequence[int]]) -> Cost:
    """Return what an action costs that judges `count` submissions: of several batches, the cheapest."""
    action()
    costs = []
    for _ in range(BATCHES):
        before = (*_processor(parents()), time.perf_counter())
        rounds = max(1, ROUNDS // count)
        for _ in range(rounds):
            action()
        after = (*_processor(parents()), time.perf_counter())
        costs.append(Cost(*(1000 * (b - a) / rounds / count for a, b in zip(before, after, strict=True))))
    return min(costs, key=lambda cost: cost.processor)


def _processor(parents: Sequence[int]) -> tuple[float, float, float]:
    """Return the seconds that this process has used, the warm parents, and their workers that have ended."""
    own = children = 0.0
    for pid in parents:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks = [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:15]]
        own, children = own + ticks[0] + ticks[1], children + ticks[2] + ticks[3]
    return time.process_time(), own, children


def floor(notebooks: list[list[str]], modules: list[str]) -> Cost:
    """Return what the floor costs for the cells of some notebooks, measured in a fresh process."""
    asked = json.dumps([notebooks, modules])
    told = subprocess.run(
        [sys.executable, __file__, "--floor"],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},  # as warm parents have it
    )
    return Cost(*json.loads(told.stdout))


def _be_the_floor() -> None:
    notebooks, modules = json.load(sys.stdin)
    rounds = max(1, ROUNDS // len(notebooks))
    for module in ("numpy", "numpy.random", *modules):
        importlib.import_module(module)
    gc.freeze()

    def used() -> tuple[float, float, float, float]:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time(), 0.0, children.ru_utime + children.ru_stime, time.perf_counter()

    costs = []
    for _ in range(BATCHES):
        before = used()
        for cells in rounds * notebooks:
            _fork_and_exec(cells)
        count = rounds * len(notebooks)
        costs.append(Cost(*(1000 * (b - a) / count for a, b in zip(before, used(), strict=True))))
    print(json.dumps(astuple(min(costs, key=lambda cost: cost.processor))))


def _fork_and_exec(cells: list[str]) -> None:
    pid = os.fork()
    if pid == 0:
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
        namespace: dict[str, object] = {"__name__": "__main__"}
        for cell in cells:
            with contextlib.suppress(Exception):
                exec(cell, namespace)
        os._exit(0)
    os.waitpid(pid, 0)


HEAD = "milliseconds a submission                  floor   judge  parent  workers     cpu   ratio    wall   forks"


def main() -> None:
    """Print two lines an assignment: for the solved notebook, and for the wrong ones among the tests'."""
    from autograder import grading, kit, master
    from autograder.submission import Submission, read_submission

    print(HEAD)
    for name in master.master_names(ROOT):
        right = [Submission(name="solved", cells=tuple(kit.solved_cells(master.load(name, ROOT))))]
        with grading.judging(name, ROOT) as judge:
            wrong = []
            for expected in sorted((ROOT / "tests" / "submissions" / name).glob("*/expected.json")):
                if json.loads(expected.read_text())["status"] != "failed":
                    continue
                for path in expected.parent.glob("notebook.*"):
                    submission = read_submission(path, expected.parent.name, assignment=name)
                    if _seconds(judge, submission) < TOO_LONG_SECONDS:
                        wrong.append(submission)
            for kind, chosen in (("right", right), ("wrong", wrong)):
                if chosen:
                    _tell(f"{name:22} {kind}", judge, chosen)


def main_class(size: int) -> None:
    """Print a line for each kind of submission in a drawn class, and one for all."""
    sys.path.insert(0, str(ROOT))
    from bench_class import NAME, ORDINARY

    from autograder import grading
    from autograder.submission import read_submission
    from tests.classroom import make_class, write_class

    kinds: dict[str, list[Submission]] = {}
    with tempfile.TemporaryDirectory() as folder, grading.judging(NAME, ROOT) as judge:
        submissions = write_class(Path(folder), make_class(size, 1, calm=True, shares=ORDINARY))
        with (Path(folder) / "truth.csv").open() as truth:
            rows = list(csv.DictReader(truth))
        for row in rows:
            mistakes = len(row["misconceptions"].split(";")) if row["misconceptions"] else 0
            submission = read_submission(submissions / row["file"], row["file"], assignment=NAME)
            judge.judge(submission)
            kinds.setdefault(f"{mistakes} mistakes" if mistakes else row["kind"], []).append(submission)
        print(HEAD)
        for kind, chosen in kinds.items():
            _tell(f"{len(chosen):4} {kind}", judge, chosen)
        _tell("     all", judge, [each for chosen in kinds.values() for each in chosen])


def _seconds(judge: Judge, submission: Submission) -> float:
    judge.judge(submission)  # what is made once, is made now
    start = time.perf_counter()
    judge.judge(submission)
    return time.perf_counter() - start


def _tell(called: str, judge: Judge, chosen: list[Submission]) -> None:
    """Print what some submissions cost, beside the floor."""
    from autograder.surroundings import mentioned

    gc.collect()
    gc.freeze()  # as in the processes that judge a class
    notebooks = [[cell for cell in each.cells if "grader" not in cell] for each in chosen]  # no Otter
    lowest = floor(notebooks, list(mentioned(chain.from_iterable(notebooks))))
    forks = 0
    worker = judge._sandbox.worker

    def counting(*arguments: Any, **named: Any) -> Any:
        nonlocal forks
        forks += 1
        return worker(*arguments, **named)

    judge._sandbox.worker = counting
    cost = measured(lambda: [judge.judge(each) for each in chosen], len(chosen), judge._sandbox.parents)
    del judge._sandbox.worker
    rounds = 1 + BATCHES * max(1, ROUNDS // len(chosen))
    print(
        f"{called:38} {lowest.processor:9.1f} {cost.judge:7.1f} {cost.parent:7.1f} {cost.workers:8.1f} "
        f"{cost.processor:7.1f} {cost.processor / lowest.processor:7.1f} {cost.wall:7.1f} "
        f"{forks / rounds / len(chosen):7.2f}",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["--floor"]:
        _be_the_floor()
    elif sys.argv[1:2] == ["--class"]:
        main_class(int(sys.argv[2]))
    else:
        main()
