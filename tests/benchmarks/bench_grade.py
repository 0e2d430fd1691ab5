"""What grading a submission costs, as ratios to a floor that is measured in the same run.

The floor: a process with NumPy loaded (and Matplotlib, if the notebook mentions it) forks, runs the
same cells with plain `exec`, and ends. No IPython, no sandbox, no pipe, no judging. Run it with
`python tests/benchmarks/bench_grade.py`; one thread judges.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

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


def floor(cells: list[str], modules: list[str]) -> Cost:
    """Return what the floor costs, measured in a fresh process."""
    asked = json.dumps([cells, modules])
    told = subprocess.run(
        [sys.executable, __file__, "--floor"], input=asked, capture_output=True, text=True, check=True
    )
    return Cost(*json.loads(told.stdout))


def _be_the_floor() -> None:
    cells, modules = json.load(sys.stdin)
    for module in ("numpy", "numpy.random", *modules):
        importlib.import_module(module)
    gc.freeze()

    def used() -> tuple[float, float, float, float]:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time(), 0.0, children.ru_utime + children.ru_stime, time.perf_counter()

    costs = []
    for _ in range(BATCHES):
        before = used()
        for _ in range(ROUNDS):
            _fork_and_exec(cells)
        costs.append(Cost(*(1000 * (b - a) / ROUNDS for a, b in zip(before, used(), strict=True))))
    print(json.dumps(astuple(min(costs, key=lambda cost: cost.processor))))


def _fork_and_exec(cells: list[str]) -> None:
    pid = os.fork()
    if pid == 0:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
        namespace: dict[str, object] = {"__name__": "__main__"}
        for cell in cells:
            exec(cell, namespace)
        os._exit(0)
    os.waitpid(pid, 0)


def main() -> None:
    """Print two lines an assignment: for the solved notebook, and for the wrong ones among the tests'."""
    from autograder import grading, kit, master
    from autograder.submission import Submission, read_submission
    from autograder.surroundings import mentioned

    print("milliseconds a submission              floor   judge  parent  workers     cpu   ratio    wall")
    for name in master.master_names(ROOT):
        cells = kit.solved_cells(master.load(name, ROOT))
        lowest = floor(cells, list(mentioned(cells)))
        right = [Submission(name="solved", cells=tuple(cells))]
        with grading.judging(name, ROOT) as judge:
            wrong = []
            for expected in sorted((ROOT / "tests" / "submissions" / name).glob("*/expected.json")):
                if json.loads(expected.read_text())["status"] != "failed":
                    continue
                for path in expected.parent.glob("notebook.*"):
                    submission = read_submission(path, expected.parent.name, assignment=name)
                    judge.judge(submission)  # what is made once, is made now
                    start = time.perf_counter()
                    judge.judge(submission)
                    if time.perf_counter() - start < TOO_LONG_SECONDS:
                        wrong.append(submission)
            for kind, chosen in (("right", right), ("wrong", wrong)):
                if not chosen:
                    continue
                cost = measured(
                    lambda judge=judge, chosen=chosen: [judge.judge(each) for each in chosen],
                    len(chosen),
                    judge._sandbox.parents,
                )
                print(
                    f"{name:22} {kind:5} {len(chosen):3}  {lowest.processor:9.1f} {cost.judge:7.1f} "
                    f"{cost.parent:7.1f} {cost.workers:8.1f} {cost.processor:7.1f} "
                    f"{cost.processor / lowest.processor:7.1f} {cost.wall:7.1f}"
                )


if __name__ == "__main__":
    _be_the_floor() if sys.argv[1:] == ["--floor"] else main()
