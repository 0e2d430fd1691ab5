"""What grading a class costs: `autograder grade` against a bare fork, `otter run` and `nbgrader autograde`.

    python tests/benchmarks/bench_class.py [--size 400] [--quick] [--otter PYTHON] [--nbgrader PYTHON]
    python tests/benchmarks/bench_class.py --growth

The first grades the same drawn multi-head submissions (`tests/classroom`: right, wrong and unfinished ones, all
different) in four ways, in one run: by `autograder grade` with all layers of the sandbox, and by a floor that nothing
can beat by much: a warm process for each core forks, runs the cells with `exec`, and sends the arrays through a pipe.
Otter and nbgrader get the first of them, as many as take a minute. Where no Python with them is named, virtual
environments are made for the time of the run; name one with little else in it, for `otter run` takes twice as long
where JupyterLab is installed too. The second grades 100 to 10,000 submissions.

Both print what they found, keep it in tests/readme/throughput.json, and write README's table and picture from it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "benchmarks")]

import baselines  # noqa: E402
import throughput  # noqa: E402
from baselines import Used  # noqa: E402

from autograder import master  # noqa: E402
from tests.classroom import make_class, write_class  # noqa: E402

NAME = "multihead_attention"
ORDINARY = {
    "right": 0.36, "one mistake": 0.34, "two mistakes": 0.14, "three mistakes": 0.05, "unfinished": 0.11,
}  # fmt: skip
"""What students hand in who break nothing."""
SIZES = (100, 300, 1_000, 3_000, 10_000)
CHUNK = 1_000
"""How many submissions are drawn at a time and lie in one folder."""


def drawn(size: int, seed: int, folder: Path) -> Path:
    """Write a class and return the folder of its submissions."""
    return write_class(folder, make_class(size, seed, calm=True, shares=ORDINARY))


def grade(paths: list[Path], count: int, cores: int, folder: Path) -> Used:
    """Measure the command of an instructor."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        command = (
            Path(sys.executable).with_name("autograder"), "grade", NAME, *paths, "-o", Path(out) / "grades", "--course", ROOT,
        )  # fmt: skip
        wall, cpu = baselines.run(*command, cwd=Path(out))
        if (written := len(list((Path(out) / "grades" / "results").iterdir()))) != count:
            sys.exit(f"`autograder grade` has written {written} results for {count} submissions")
    return Used(count=count, wall=wall, cpu=cpu, cores=cores)


def compare(options: argparse.Namespace, folder: Path) -> None:
    """Measure all four in turns, and write what was found."""
    cores = os.cpu_count() or 1
    loaded = master.load(NAME, ROOT)
    programs = {}
    for name, python, packages in (
        ("otter", options.otter, baselines.OTTER),
        ("nbgrader", options.nbgrader, baselines.NBGRADER),
    ):
        (folder / name).mkdir()
        programs[name] = baselines.environment(python, packages, folder / name)
    submissions = drawn(options.size, 1, folder / "class")
    notebooks = sorted(submissions.iterdir())
    few = notebooks[: options.baseline]
    grade(few, len(few), cores, folder)  # what mistakes lead to is computed, and kept
    measures = {
        "floor": lambda: baselines.floor(notebooks, cores, folder),
        "autograder grade": lambda: grade([submissions], len(notebooks), cores, folder),
        "nbgrader autograde": lambda: baselines.nbgrader_autograde(
            loaded, few, programs["nbgrader"], folder / "nbgrader"
        ),
        "otter run": lambda: baselines.otter_run(loaded, few, cores, programs["otter"], folder / "otter"),
    }
    found = {}
    for name, measure in measures.items():
        found[name] = used = measure()
        print(f"{name}: {used.count} in {used.wall:.1f} s, {used.cpu:.1f} s of CPU", flush=True)
    throughput.keep("compared", {name: _figures(used) for name, used in found.items()}, cores)


def _figures(used: Used) -> dict[str, float]:
    """Return seconds a submission: of wall, of processors, and of cores that were occupied."""
    return {
        "count": used.count,
        "wall": used.wall / used.count,
        "cpu": used.cpu / used.count,
        "core": used.wall * used.cores / used.count,
    }


def grow(options: argparse.Namespace, folder: Path) -> None:
    """Grade ever more submissions; note time and memory."""
    cores = os.cpu_count() or 1
    rows = []
    paths: list[Path] = []
    have = 0
    for size in [size for size in SIZES if size <= options.largest]:
        while have < size:
            number = min(CHUNK, size - have)
            paths.append(drawn(number, len(paths), folder / f"class-{len(paths)}"))
            have += number
        if not rows:
            grade(paths, size, cores, folder)
        with memory_of_children() as most:
            used = grade(paths, size, cores, folder)
        rows.append({**_figures(used), "memory": most[0]})
        print(
            f"{size:6} submissions: {used.wall:7.1f} s, {used.cpu:7.1f} s of CPU, {most[0]:4.0f} MB",
            flush=True,
        )
    throughput.keep("growth", rows, cores)


@contextmanager
def memory_of_children() -> Iterator[list[float]]:
    """Give a list whose one number is, at the end, the most MB that all our descendants held together, shared pages
    counted once."""
    most, done = [0.0], Event()

    def sample() -> None:
        while not done.wait(0.5):
            most[0] = max(most[0], sum(map(_proportional, _descendants(os.getpid()))) / 1000)

    sampling = Thread(target=sample)
    sampling.start()
    try:
        yield most
    finally:
        done.set()
        sampling.join()


def _descendants(ancestor: int) -> list[int]:
    parents = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended
    found = [ancestor]
    for each in found:
        found += [pid for pid, parent in parents.items() if parent == each]
    return found[1:]


def _proportional(pid: int) -> int:
    """Return the kilobytes of a process, of shared pages its share."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def main() -> None:
    """Measure, print, and write what README shows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=400, help="how many the floor and we grade")
    parser.add_argument("--baseline", type=int, default=16, help="how many Otter and nbgrader grade")
    parser.add_argument("--quick", action="store_true", help="40 and 4 of them")
    parser.add_argument("--otter", type=Path, help="a Python with otter-grader[grading]")
    parser.add_argument("--nbgrader", type=Path, help="a Python with nbgrader")
    parser.add_argument("--growth", action="store_true", help="grade 100 to 10,000 instead")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="of these, the largest")
    options = parser.parse_args()
    if options.quick:
        options.size, options.baseline = 40, 4
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        (grow if options.growth else compare)(options, Path(temporary))
    print(f"\nmeasured in {time.monotonic() - began:.0f} s")
    throughput.show()


if __name__ == "__main__":
    main()
