"""What one submission costs from a cold start: a fresh process that imports the grader, judges, and ends.

Processor time counts all processes. The floor, measured in turns with it, is two processes that
import NumPy, the second one IPython too. Run it with `python tests/benchmarks/bench_start.py`.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from autograder import master

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 10
FLOOR = "import subprocess, sys, numpy; subprocess.run([sys.executable, '-c', 'import numpy, IPython'], check=True)"
GRADE = "from autograder import grade; result = grade({!r}, {!r}); assert result.points == result.possible"


def milliseconds(code: str) -> tuple[float, float]:
    """Return processor time and wall time of a fresh Python with all that it starts."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), 1000 * wall


def main() -> None:
    """Print a line an assignment."""
    print("assignment            floor: cpu  wall ms  graded: cpu  wall ms  cpu ratio")
    for name in master.master_names(ROOT):
        (path,) = (ROOT / "tests" / "submissions" / name / "right").glob("*.ipynb")
        rounds = [(*milliseconds(FLOOR), *milliseconds(GRADE.format(name, str(path)))) for _ in range(ROUNDS)]
        least, floor, cpu, wall = map(statistics.median, zip(*rounds, strict=True))
        print(f"{name:20}  {least:10.0f}  {floor:7.0f}  {cpu:11.0f}  {wall:7.0f}  {cpu / least:9.1f}")


if __name__ == "__main__":
    main()
