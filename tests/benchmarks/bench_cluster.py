"""What a cluster adds to grading: milliseconds of a submission, memory, and the size of what is sent and kept.

Two workers on this machine. Run it with `python tests/benchmarks/bench_cluster.py [SUBMISSIONS]`. What the
cluster itself costs is seen of submissions that cannot be read: they are sent, and judged in no time.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from autograder import cluster, cluster_order, grading, kit, master
from autograder.inbox import File
from autograder.report.results_json import results_json

ROOT = Path(__file__).resolve().parent.parent.parent
JOBS = 2

Grade = Callable[[list[File]], Iterable[grading.Outcome]]


def processes() -> list[psutil.Process]:
    """Return this process and those that it has started."""
    return [psutil.Process(), *psutil.Process().children(recursive=True)]


def measured(what: str, grade: Grade, files: list[File]) -> list[grading.Outcome]:
    """Grade, and print what a submission takes: processor time is that of processes that are left."""

    def used() -> float:
        return sum(sum(process.cpu_times()[:4]) for process in processes())

    start, before = time.perf_counter(), used()
    outcomes = list(grade(files))
    seconds, processor = time.perf_counter() - start, used() - before
    memory = sum(process.memory_full_info().pss for process in processes()) / 2**20
    print(
        f"{what:32}  {1000 * seconds / len(files):7.2f}  {1000 * processor / len(files):7.2f}  {memory:6.0f}"
    )
    return outcomes


def main() -> None:
    """Print a line for each way to grade, then what is sent and kept."""
    count = int(sys.argv[1]) if sys.argv[1:] else 200
    loaded = master.load("multihead_attention", ROOT)
    solved = "\n\n# %%\n".join(kit.solved_cells(loaded))
    kinds = [solved, solved.replace("weights.T", "weights"), solved.replace("np.sqrt", ""), solved]
    with tempfile.TemporaryDirectory() as folder:
        files, unreadable = [], []
        for number, kind in zip(range(count), itertools.cycle(kinds), strict=False):
            files.append(File(path=Path(folder) / f"{number}.py", name=f"{number}"))
            files[-1].path.write_text(f"{kind}\n# {number}\n")
            unreadable.append(File(path=Path(folder) / f"{number}.ipynb", name=f"{number}"))
            unreadable[-1].path.write_text('{"cells": "' + "x" * 50_000)
        print(f"{count} submissions, {JOBS} at a time    wall ms   CPU ms     MB")
        with cluster.grading_on(cluster.LOCAL, loaded, jobs=JOBS) as graders:
            measured("cluster, started", graders.grade_all, files)
            measured("cluster, unreadable", graders.grade_all, unreadable)
            there = measured("cluster", graders.grade_all, files)
        with grading.judge_of(loaded) as judge:

            def here(some: list[File]) -> Iterable[grading.Outcome]:
                return grading.grade_all(judge, some, jobs=JOBS)

            measured("here, started", here, files)
            measured("here, unreadable", here, unreadable)
            measured("here", here, files)
        batches = [files[at : at + cluster.BATCH] for at in range(0, count, cluster.BATCH)]
        sent = sum(len(cluster_order.packed(batch, loaded.assignment.name)) for batch in batches)
    kept = [len(results_json(outcome.result)) for outcome in there if outcome.result]
    print(f"a submission is sent as {sent / count:.0f} bytes; its result is kept in {sum(kept) / count:.0f}")


if __name__ == "__main__":
    main()
