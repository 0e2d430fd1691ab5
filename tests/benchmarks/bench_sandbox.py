"""What all layers of the sandbox cost: judging a solved notebook with them, and with none of them.

The rounds of both are interleaved, so that whatever else the machine does slows both alike. The
warm parents are started before, and not counted. Run it with `python tests/benchmarks/bench_sandbox.py`.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from autograder import kit, master
from autograder.judge import Judge
from autograder.sandbox import Sandbox
from autograder.submission import Submission

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 40


def milliseconds(judge: Judge, submission: Submission) -> float:
    """Return how long judging a submission takes, once."""
    start = time.perf_counter()
    judge.judge(submission)
    return 1000 * (time.perf_counter() - start)


def medians(judges: list[Judge], submission: Submission) -> list[float]:
    """Return the median time of each judge, after a first round that does not count; they take turns."""
    rounds = [[milliseconds(judge, submission) for judge in judges] for _ in range(1 + ROUNDS)]
    return [statistics.median(times) for times in zip(*rounds[1:], strict=True)]


def main() -> None:
    """Print a line an assignment."""
    with Sandbox(sandboxed=True) as closed, Sandbox(sandboxed=False) as bare:
        print("layers:", ", ".join(sorted(closed.layers)))
        print("assignment            all ms  none ms  difference ms  ratio")
        for name in master.master_names(ROOT):
            loaded = master.load(name, ROOT)
            judges = [
                Judge(loaded.assignment, sandbox, kit.student_cells(loaded)) for sandbox in (closed, bare)
            ]
            submission = Submission(name="solved", cells=tuple(kit.solved_cells(loaded)))
            on, off = medians(judges, submission)
            print(f"{name:20}  {on:6.1f}  {off:7.1f}  {on - off:13.1f}  {on / off:5.2f}")


if __name__ == "__main__":
    main()
