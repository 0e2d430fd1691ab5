"""How long an author waits: from a save to what `autograder watch` says, for each master of this course.

`python tests/benchmarks/bench_watch.py [--saves N]`, on a quiet machine. Half of the saves write the file in
place, half move another one there, as editors do.
"""

from __future__ import annotations

import argparse
import queue
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from autograder import skeleton

ROOT = Path(__file__).resolve().parent.parent.parent
LOADS, REFERENCE, BROKEN = "yes  it loads", "yes  the reference gets full points", "no   it loads"
SECONDS = 300


class Watch:
    """The command, and its lines with the time at which each came."""

    def __init__(self, name: str, course: Path) -> None:
        command = "from autograder.cli import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", command, "watch", name, "--course", str(course)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[tuple[float, str]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put((time.monotonic(), line))

    def forget(self) -> None:
        while not self._lines.empty():
            self._lines.get()

    def until(self, start: str) -> float:
        """Return when the next line came that starts so."""
        while True:
            at, line = self._lines.get(timeout=SECONDS)
            if line.startswith(start):
                return at


def measured(name: str, course: Path, saves: int) -> dict[str, list[float]]:
    path = course / "solutions" / f"{name}.py"
    text = path.read_text()
    watch = Watch(name, course)
    seconds: dict[str, list[float]] = {"it loads": [], "the reference": [], "a syntax error": []}
    try:
        watch.until(REFERENCE)
        for number in range(saves):
            time.sleep(1)
            watch.forget()
            edited, beside = f"{text}\n# {number}\n", path.with_suffix(".beside")
            saved = time.monotonic()
            if number % 2:
                path.write_text(edited)
            else:
                beside.write_text(edited)
                beside.replace(path)
            seconds["it loads"].append(watch.until(LOADS) - saved)
            seconds["the reference"].append(watch.until(REFERENCE) - saved)
            saved = time.monotonic()
            path.write_text(f"{text}\nx = = 1\n")
            seconds["a syntax error"].append(watch.until(BROKEN) - saved)
    finally:
        watch.process.send_signal(signal.SIGINT)
        watch.process.wait()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--saves", type=int, default=10)
    saves = parser.parse_args().saves
    with tempfile.TemporaryDirectory() as folder:
        solutions = Path(folder) / "solutions"
        solutions.mkdir()
        (solutions / "skeleton.py").write_text(skeleton.skeleton("skeleton", "Skeleton"))
        for path in sorted((ROOT / "solutions").glob("*.py")):
            (solutions / path.name).write_text(path.read_text())
        for path in sorted(solutions.glob("*.py")):
            lines = len(path.read_text().splitlines())
            for what, seconds in measured(path.stem, Path(folder), saves).items():
                middle, most = statistics.median(seconds), max(seconds)
                print(f"{path.stem:20} {lines:5} lines  {what:15} median {middle:.2f} s, most {most:.2f} s")


if __name__ == "__main__":
    main()
