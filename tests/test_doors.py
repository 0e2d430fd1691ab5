"""The same points through every door: `otter grade` and Gradescope's contract in Docker, and `otter run`."""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder import bundle
from autograder.master import Master
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

BASE = os.environ.get("TRUE_VALUES_BASE_IMAGE", "true-values-base:bookworm")
SUBMISSIONS = ROOT / "tests" / "submissions"
OTTER = Path(sys.executable).with_name("otter")
AUTOGRADER = Path(sys.executable).with_name("autograder")
CORES = os.cpu_count() or 1

REFUSED_BY_OTTER = {"binary_file", "empty_file", "malformed_json", "not_a_notebook", "right_without_metadata"}
"""No valid notebooks: `otter run` reads them before any plugin is asked, and stops."""

ASSIGNMENTS = {"attacks": "multihead_attention"}


@dataclass(frozen=True)
class Class:
    """The submissions of an assignment by name, and what `autograder grade` gives each."""

    assignment: str
    zipped: Path
    files: dict[str, Path]
    results: dict[str, dict[str, Any]]

    def points(self, name: str) -> dict[str, float]:
        return {test["name"]: test["score"] for test in self.results[name]["tests"]}


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-5000:]}\n{done.stderr[-5000:]}"
    return done


def submissions(assignment: str) -> dict[str, Path]:
    """Return the file of each behaviour of an assignment, and of each attack."""
    return {
        folder.name: path
        for folder in sorted(SUBMISSIONS.glob("*/*"))
        if ASSIGNMENTS.get(folder.parent.name, folder.parent.name) == assignment
        for path in folder.iterdir()
        if path.name != "expected.json"
    }


@pytest.fixture(scope="module", params=["multihead_attention", "self_attention"])
def graded(
    request: pytest.FixtureRequest, masters: dict[str, Master], tmp_path_factory: pytest.TempPathFactory
) -> Class:
    """Give a class, graded by `autograder grade`."""
    folder = tmp_path_factory.mktemp(request.param)
    zipped = folder / bundle.zip_name(request.param)
    zipped.write_bytes(bundle.autograder_zip(masters[request.param]))
    (folder / "submissions").mkdir()
    files = {}
    for name, path in submissions(request.param).items():
        files[name] = Path(shutil.copy(path, folder / "submissions" / f"{name}{path.suffix}"))
    run(AUTOGRADER, "grade", request.param, folder / "submissions", "-o", folder / "grades", cwd=ROOT)
    results = {path.stem: json.loads(path.read_bytes()) for path in (folder / "grades" / "results").iterdir()}
    assert set(results) == set(files)
    return Class(request.param, zipped, files, results)


# ---------------------------------------------------------------- Docker


@pytest.fixture(scope="module")
def docker() -> str:
    found = shutil.which("docker")
    if found is None or subprocess.run([found, "info"], capture_output=True, check=False).returncode:
        pytest.skip("there is no Docker engine")
    for asked, missing in (
        (["buildx", "version"], "Docker has no buildx"),
        (["image", "inspect", BASE], f"there is no image {BASE}"),
    ):
        if subprocess.run([found, *asked], capture_output=True, check=False).returncode:
            pytest.skip(f"{missing}: .ci/docker makes it")
    return found


def rows(text: str) -> dict[str, dict[str, str]]:
    return {Path(row["file"]).stem: row for row in csv.DictReader(io.StringIO(text))}


def exported(notebook: Path, zipped: Path, folder: Path) -> None:
    """Zip a notebook as `grader.export()` does, the last cell of what students get."""
    folder.mkdir()
    shutil.copy(notebook, folder / "mine.ipynb")
    run(
        sys.executable,
        "-W",
        "ignore",
        "-c",
        "import otter; otter.Notebook('mine.ipynb').export(pdf=False)",
        cwd=folder,
    )
    (made,) = folder.glob("*.zip")
    made.rename(zipped)


@pytest.mark.usefixtures("docker")
def test_otter_grade_gives_the_same_points(graded: Class, tmp_path: Path) -> None:
    zips = tmp_path / "zips"
    zips.mkdir()
    for name in ("right", "untouched"):
        exported(graded.files[name], zips / f"{name}.zip", tmp_path / f"export {name}")
    for suffix, folder in (("ipynb", None), ("py", None), ("zip", zips)):
        output = tmp_path / suffix
        output.mkdir()
        folder = folder or next(iter(graded.files.values())).parent
        if not list(folder.glob(f"*.{suffix}")):
            continue
        run(
            OTTER, "grade", "-n", f"true-values-test-{graded.assignment}", "-a", graded.zipped, "--image", BASE,
            "--ext", suffix, "--containers", str(CORES), "--timeout", "300", "--no-network", "-o", output, folder,
        )  # fmt: skip
        found = rows((output / "final_grades.csv").read_text())
        assert found.pop("points-per-question")["total_points_earned"] == "20.0"
        assert set(found) == {path.stem for path in folder.glob(f"*.{suffix}")}
        for name, row in found.items():
            assert row["grading_status"] == "Completed", (name, row)
            points = {question: float(row[question]) for question in graded.points(name)}
            assert points == graded.points(name), name
            assert float(row["total_points_earned"]) == graded.results[name]["score"], name


@pytest.fixture(scope="module")
def gradescope(docker: str, graded: Class, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give an image as Gradescope builds it: all of the zip in its place, then setup.sh on the bare base."""
    folder, tag = tmp_path_factory.mktemp("image"), f"true-values-gradescope:{graded.assignment}"
    zipfile.ZipFile(graded.zipped).extractall(folder / "source")
    (folder / "Dockerfile").write_text(
        "ARG BASE\nFROM ${BASE}\nADD source /autograder/source\n"
        "RUN cp /autograder/source/run_autograder /autograder/ && chmod +x /autograder/run_autograder && "
        "bash /autograder/source/setup.sh && mkdir -p /autograder/submission /autograder/results\n"
    )
    run(docker, "buildx", "build", "--load", "--build-arg", f"BASE={BASE}", "-t", tag, folder)
    yield tag
    subprocess.run([docker, "image", "rm", "-f", tag], capture_output=True, check=False)


Graded = tuple[dict[str, Any], Any]
Container = Callable[..., Graded]


@pytest.fixture
def container(docker: str, gradescope: str, tmp_path: Path) -> Container:
    """Grade an upload in a container with half a processor and 768 MB, as Gradescope does by default."""

    def grade(path: Path, prepare: Sequence[str] = (), options: Sequence[str] = ()) -> Graded:
        command = ["sh", "-c", "; ".join([*prepare, "/autograder/run_autograder"])]
        limits = ["--cpus", "0.5", "--memory", "768m", "--memory-swap", "768m", "--network", "none"]
        identifier = run(docker, "create", *limits, *options, gradescope, *command).stdout.strip()
        folder = tmp_path / identifier
        folder.mkdir()
        try:
            run(docker, "cp", path, f"{identifier}:/autograder/submission/{path.name}")
            log = subprocess.run(
                [docker, "start", "-a", identifier], capture_output=True, text=True, check=False
            )
            run(docker, "cp", f"{identifier}:/autograder/results", folder)
        finally:
            subprocess.run([docker, "rm", "-f", identifier], capture_output=True, check=False)
        written = json.loads((folder / "results" / "results.json").read_bytes())
        return written, (log, folder / "results" / "results.pkl")

    return grade


def test_gradescopes_contract_gives_the_same_points(graded: Class, container: Container) -> None:
    with ThreadPoolExecutor(2 * CORES) as pool:
        found = dict(zip(graded.files, pool.map(container, graded.files.values()), strict=True))
    different = {}
    for name, (written, (log, _)) in found.items():
        assert log.returncode == 0, (name, log)
        assert written["score"] == sum(test["score"] for test in written["tests"])
        assert {test["visibility"] for test in written["tests"]} == {"visible"}
        assert written["extra_data"]["sandbox"] == "on"
        points = {test["name"]: test["score"] for test in written["tests"]}
        if points != graded.points(name):
            different[name] = (points, graded.points(name))
    assert different == {}


EVERYBODYS = re.compile(r"BREACH (/proc/\d+/cmdline|symlink2$)")
"""What every user of a machine may read, and holds no secret: command lines, /etc/hostname."""

NO_LANDLOCK = {
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [
        {
            "names": ["landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"],
            "action": "SCMP_ACT_ERRNO",
            "errnoRet": 38,
        }
    ],
}


def test_attacks_gain_nothing_on_a_kernel_without_landlock(
    graded: Class, container: Container, tmp_path: Path
) -> None:
    """Gradescope's kernels may be older: then it is the change of user that keeps files closed."""
    (tmp_path / "profile.json").write_text(json.dumps(NO_LANDLOCK))
    options = ["--security-opt", f"seccomp={tmp_path / 'profile.json'}"]
    attacks = {name: path for name, path in graded.files.items() if (SUBMISSIONS / "attacks" / name).is_dir()}
    if not attacks:
        return  # all are of the other assignment

    def one(path: Path) -> Graded:
        return container(path, options=options)

    with ThreadPoolExecutor(2 * CORES) as pool:
        found = dict(zip(attacks, pool.map(one, attacks.values()), strict=True))
    breaches = {}
    for name, (written, (log, _)) in found.items():
        assert log.returncode == 0, (name, log)
        assert written["score"] == 0, name
        told = re.findall("BREACH.*", json.dumps(written) + log.stdout + log.stderr)
        told = [each for each in told if not EVERYBODYS.search(each)]
        breaches |= {name: told} if told else {}
    assert breaches == {}


def test_a_killed_grader_gives_no_points(graded: Class, container: Container) -> None:
    find = "grep -qs 'autograder[.]container' $p/cmdline && kill -9 ${p#/proc/}"
    kill = f"(sleep 0.3; for p in /proc/[0-9]*; do {find}; done) & true"
    written, (log, _) = container(graded.files["right"], prepare=[kill])
    assert log.returncode != 0
    assert "score" not in written
    assert "no points" in written["output"]


# ---------------------------------------------------------------- otter run


def otter_run(graded: Class, path: Path, folder: Path) -> Any:
    """Return the results.json that `otter run` writes, or None if Otter refuses the file."""
    folder.mkdir()
    command = [OTTER, "run", "-a", graded.zipped, "-o", folder, path]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode and re.search(r"nbformat.*Error|UnicodeDecodeError", done.stderr, re.DOTALL):
        return None
    assert done.returncode == 0, f"{path.name}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return json.loads((folder / "results.json").read_bytes())


def test_otter_run_gives_the_same_points(graded: Class, tmp_path: Path) -> None:
    names = [name for name in graded.files if (SUBMISSIONS / graded.assignment / name).is_dir()]
    names += [
        name for name in graded.files if name.startswith(("patches_otter", "shadows", "writes_results"))
    ]

    def one(name: str) -> dict[str, float] | None:
        written = otter_run(graded, graded.files[name], tmp_path / name)
        return written and {test["name"]: test["score"] for test in written["tests"] if "score" in test}

    with ThreadPoolExecutor(CORES) as pool:
        found = dict(zip(names, pool.map(one, names), strict=True))
    assert {name for name, points in found.items() if points is None} == REFUSED_BY_OTTER & set(names)
    different = {name: points for name, points in found.items() if points not in (None, graded.points(name))}
    assert different == {}


class Opened:
    """Unpickled, it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return Path.write_text, (self.mark, "BREACH")


def test_nothing_in_a_zip_is_run_by_otter_itself(graded: Class, tmp_path: Path) -> None:
    """A zip may hold a log, which Otter unpickles, and files that shadow what its kernel imports."""
    mark = tmp_path / "mark"
    shadow = f"open({str(mark)!r}, 'a').write('BREACH')\n"
    with zipfile.ZipFile(tmp_path / "hostile.zip", "w") as file:
        file.write(graded.files["right"], "right.ipynb")
        file.writestr(".OTTER_LOG", pickle.dumps(Opened(mark)))
        for name in (
            "ipykernel_launcher", "numpy/__init__", "otter/__init__", "sitecustomize", "usercustomize", "IPython/__init__",
            "tests/softmax", "conftest", "autograder/__init__", "dill", "nbformat/__init__",
        ):  # fmt: skip
            file.writestr(f"{name}.py", shadow)
    names = [name for name in zipfile.ZipFile(tmp_path / "hostile.zip").namelist() if name.endswith(".ipynb")]
    assert names == ["right.ipynb"]
    written = otter_run(graded, tmp_path / "hostile.zip", tmp_path / "out")
    assert sum(test.get("score", 0) for test in written["tests"]) == 20
    assert not mark.exists()
