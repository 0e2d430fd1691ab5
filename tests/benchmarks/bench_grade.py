"""What grading a submission costs, as ratios to a floor that is measured in the same run.

The floor: a process with NumPy loaded forks, runs the same cells with plain `exec`, and ends. No
IPython, no pipe, no judging. Run it with `python tests/benchmarks/bench_grade.py`.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy  # noqa: F401

from autograder import grading, kit, master
from autograder.submission import Submission

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 30

mpl.use("Agg")


def milliseconds(action: Callable[[], object]) -> float:
    """Return the median time of an action, after a first one that does not count."""
    action()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def fork_and_exec(cells: list[str]) -> None:
    """Run cells in a forked child, and wait for its end."""
    pid = os.fork()
    if pid == 0:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
        namespace: dict[str, object] = {"__name__": "__main__"}
        for cell in cells:
            exec(cell, namespace)
        os._exit(0)
    os.waitpid(pid, 0)


def main() -> None:
    """Print a line an assignment."""
    print("assignment            floor ms  judged ms  ratio")
    for name in master.master_names(ROOT):
        cells = kit.solved_cells(master.load(name, ROOT))
        floor = milliseconds(lambda cells=cells: fork_and_exec(cells))
        submission = Submission(name="solved", cells=tuple(cells))
        with grading.judging(name, ROOT) as judge:
            judged = milliseconds(lambda judge=judge, submission=submission: judge.judge(submission))
        print(f"{name:20}  {floor:8.1f}  {judged:9.1f}  {judged / floor:5.1f}")


if __name__ == "__main__":
    main()
