"""Notebooks run by another Python than the judge's: other versions of NumPy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder import kit
from autograder.grading import judge_file
from autograder.inbox import File
from autograder.judge import Judge
from autograder.master import Master
from autograder.model import Result, Status
from autograder.sandbox import Sandbox
from autograder.submission import Submission

pytestmark = pytest.mark.slow

SUBMISSIONS = Path(__file__).with_name("submissions")


def environment(folder: Path, *packages: str) -> Path:
    """Return the Python of a new virtual environment with these packages."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin" / "pip", "install", "-q", "ipython", "matplotlib", *packages], check=True)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("newer"), "numpy>=2.4")


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("older"), "numpy<2")


def judged(python: Path, loaded: Master, behaviour: str) -> Result:
    path = next((SUBMISSIONS / loaded.assignment.name / behaviour).glob("notebook.*"))
    with Sandbox(python) as sandbox:
        judge = Judge(loaded.assignment, sandbox, kit.student_cells(loaded))
        return judge_file(judge, File(path=path, name=behaviour))


def points(result: Result) -> dict[str, Any]:
    return {verdict.question: verdict.points for verdict in result.verdicts}


@pytest.mark.parametrize("behaviour", ["original_one_cell", "float_of_an_array"])
def test_newer_numpy_costs_only_what_depends_on_the_float(
    newer: Path, masters: dict[str, Master], behaviour: str
) -> None:
    result = judged(newer, masters["self_attention"], behaviour)
    expected = json.loads((SUBMISSIONS / "self_attention" / behaviour / "expected.json").read_text())
    kept = {name: question["points"] for name, question in expected["questions"].items()}
    assert points(result) == {**kept, "all_x_prime": 0}
    (loop,) = (verdict for verdict in result.verdicts if verdict.question == "all_x_prime")
    assert loop.status is Status.ERROR
    assert "Since NumPy 2.4, `float(a)` and `int(a)` refuse an array of shape (1, 1)" in loop.feedback
    assert any("Since NumPy 2.4" in remark for remark in result.remarks)


@pytest.mark.parametrize(
    "name", ["self_attention", "multihead_attention", "masked_attention", "multihead_general"]
)
def test_the_references_are_right_with_each_numpy(
    newer: Path, older: Path, masters: dict[str, Master], name: str
) -> None:
    for python in (newer, older):
        with Sandbox(python) as sandbox:
            loaded = masters[name]
            judge = Judge(loaded.assignment, sandbox, kit.student_cells(loaded))
            result = judge.judge(Submission(name="solved", cells=tuple(kit.solved_cells(loaded))))
            assert (result.status, result.points) == (Status.PASSED, 20)


def test_older_numpy_runs_the_first_notebook(older: Path, masters: dict[str, Master]) -> None:
    assert judged(older, masters["self_attention"], "original_one_cell").points == 19.5
