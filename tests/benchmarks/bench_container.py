"""An image and a container of ours against stock Otter's, on the same submissions.

    python tests/benchmarks/bench_container.py [--base IMAGE] [--rounds 3]

It needs Docker with buildx and a bare Debian or Ubuntu as base image (`.ci/docker` makes one). Stock is
what `otter generate` would zip, without conda, LaTeX and browser: the same `setup.sh` installs
`otter-grader[grading]` by pip, and `run_autograder` is Otter's own, on Otter's test files. Both grade the
same 20 submissions in turns, in fresh containers; ours is also tried with half a processor and 768 MB.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from autograder import bundle, master  # noqa: E402
from autograder.otter_files import public_tests  # noqa: E402

NAME = "multihead_attention"
SUBMISSIONS = ROOT / "tests" / "submissions" / NAME
CHOSEN = (
    "right", "right_float32", "right_in_rows", "right_list", "right_matrix", "right_reordered_and_duplicated",
    "right_with_helper", "right_with_loops_and_globals", "returns_none", "returns_a_tuple",
    "original_weights_not_transposed", "scaled_by_model_size", "softmax_not_stable", "transposed_result",
    "typed_in_true_values", "wrong_shape", "leans_on_globals", "literal_two", "raises", "untouched",
)  # fmt: skip
DOCKERFILE = """\
ARG BASE
FROM ${BASE}
ADD source /autograder/source
RUN cp /autograder/source/run_autograder /autograder/ && chmod +x /autograder/run_autograder && \
    bash /autograder/source/setup.sh && mkdir -p /autograder/submission /autograder/results && \
    echo '{}' >/autograder/submission_metadata.json
"""
STOCK_SETUP = """\
#!/usr/bin/env bash
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends python3 python3-venv
python3 -m venv /opt/otter
/opt/otter/bin/pip install -q --no-cache-dir -r /autograder/source/requirements.txt
apt-get clean
rm -rf /var/lib/apt/lists/*
"""
STOCK_RUN = """\
#!/bin/bash
export PATH=/opt/otter/bin:$PATH
exec python /autograder/source/run_otter.py
"""
STOCK_RUN_OTTER = """\
from otter.run.run_autograder import main

main("/autograder")
"""
USED = "/sys/fs/cgroup"
MEASURE = f"""\
/autograder/run_autograder >/log 2>&1
[ -s /autograder/results/results.json ] && echo graded || cat /log
sed -n 's/^the judge used \\([0-9.]*\\) of.*/judge \\1/p' /log
cat {USED}/cpuacct/cpuacct.usage 2>/dev/null || sed -n 's/usage_usec \\(.*\\)/\\1000/p' {USED}/cpu.stat
cat {USED}/memory/memory.max_usage_in_bytes {USED}/memory.peak 2>/dev/null
exit 0
"""


@dataclass(frozen=True)
class Image:
    """An image that was built, how long that took in seconds, and its size in MB."""

    tag: str
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Run:
    """One container: seconds of wall and processor, MB at its peak, and the judge's own seconds if it told."""

    wall: float
    cpu: float
    memory: float
    judge: float


def docker(*arguments: str | Path) -> str:
    return subprocess.run(
        ["docker", *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout.strip()


def built(tag: str, files: dict[str, bytes], base: str) -> Image:
    """Build an image as Gradescope does, without any cache."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "Dockerfile").write_text(DOCKERFILE)
        for name, content in files.items():
            path = folder / "source" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        began = time.monotonic()
        docker("buildx", "build", "--load", "--no-cache", "--build-arg", f"BASE={base}", "-t", tag, folder)
        seconds = time.monotonic() - began
    return Image(tag, seconds, int(docker("image", "inspect", "-f", "{{.Size}}", tag)) / 1e6)


def ours() -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(bundle.autograder_zip(master.load(NAME, ROOT))))
    return {name: archive.read(name) for name in archive.namelist()}


def stock() -> dict[str, bytes]:
    loaded = master.load(NAME, ROOT)
    tests = {f"tests/{each.name}.py": public_tests(each).encode() for each in loaded.assignment.questions}
    return {
        "setup.sh": STOCK_SETUP.encode(),
        "run_autograder": STOCK_RUN.encode(),
        "run_otter.py": STOCK_RUN_OTTER.encode(),
        "otter_config.json": b"{}",
        "requirements.txt": b"otter-grader[grading]==7.0.0\nnumpy<2.4\nmatplotlib\n",
        **tests,
    }


@contextmanager
def created(image: str, submission: Path, limits: list[str]) -> Iterator[str]:
    identifier = docker("create", *limits, image, "sh", "-c", MEASURE)
    try:
        docker("cp", submission, f"{identifier}:/autograder/submission/{submission.name}")
        yield identifier
    finally:
        docker("rm", "-f", identifier)


def measured(image: str, submission: Path, limits: list[str]) -> Run:
    """Grade a submission in a fresh container."""
    with created(image, submission, limits) as identifier:
        told = docker("start", "-a", identifier)
        began, ended = docker(
            "inspect", "-f", "{{.State.StartedAt}} {{.State.FinishedAt}}", identifier
        ).split()
    if "graded" not in told:
        sys.exit(f"{image} gave no results.json for {submission}: {told}")
    *judge, cpu, memory = re.findall(r"[\d.]+", told)
    return Run(
        wall=_seconds(ended) - _seconds(began),
        cpu=int(cpu) / 1e9,
        memory=int(memory) / 1e6,
        judge=float(judge[0]) if judge else float("nan"),
    )


def _seconds(stamp: str) -> float:
    """Return the seconds of a day in a time stamp of Docker's, which has nanoseconds."""
    hours, minutes, seconds = re.search(r"T(\d+):(\d+):([\d.]+)Z", stamp).groups()  # type: ignore[union-attr]
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def line(name: str, runs: list[Run]) -> str:
    def median(what: str) -> float:
        return statistics.median(getattr(run, what) for run in runs)

    return (
        f"{name:28} {median('wall'):6.2f} s wall  {median('cpu'):6.2f} s CPU  {median('memory'):6.0f} MB peak"
        f"  (slowest {max(run.wall for run in runs):.2f} s)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", default="true-values-base:bookworm")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    if shutil.which("docker") is None:
        sys.exit("this needs Docker")
    images = {
        name: built(f"true-values-bench:{name}", files, options.base)
        for name, files in (("ours", ours()), ("stock", stock()))
    }
    for name, image in images.items():
        print(f"image {name:22} {image.seconds:6.1f} s      {image.megabytes:6.0f} MB")
    print(
        f"image ratio                  {images['ours'].seconds / images['stock'].seconds:6.2f}        "
        f"{images['ours'].megabytes / images['stock'].megabytes:6.2f}\n"
    )
    half = ["--cpus", "0.5", "--memory", "768m", "--memory-swap", "768m"]
    runs: dict[str, list[Run]] = {"ours": [], "stock": [], "ours, ½ CPU, 768 MB": []}
    for _ in range(options.rounds):
        for name in CHOSEN:
            (path,) = (path for path in (SUBMISSIONS / name).iterdir() if path.name != "expected.json")
            for kind, found in runs.items():
                limits = half if "½" in kind else []
                found.append(measured(images[kind.split(",")[0]].tag, path, limits))
    for kind, found in runs.items():
        print(line(kind, found))
    for what in ("wall", "cpu", "memory"):
        one, other = (
            statistics.median(getattr(run, what) for run in runs[kind]) for kind in ("ours", "stock")
        )
        print(f"ours / stock, {what:14} {one / other:6.2f}")
    own = statistics.median(run.judge for run in runs["ours"])
    print(f"of ours, the judge's own part, imports not counted: {own:.3f} s of CPU")


if __name__ == "__main__":
    main()
