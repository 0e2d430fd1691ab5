"""A student without JupyterLab: plain Jupyter with Colab's older NumPy, and the notebook as a Python file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder import master
from autograder.master import Master

from . import a_student

pytestmark = pytest.mark.slow

NAMES = master.master_names(a_student.ROOT)
PROGRAMS = Path(sys.executable).parent
OLDER = ["numpy<2", "pandas<3"]
"""What a student has on Colab's older machines: Otter wants Pandas, and Pandas 3 a newer NumPy."""


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the Python of a virtual environment with an older NumPy before all that this one has."""
    folder = tmp_path_factory.mktemp("older")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    command = [PROGRAMS / "pip", "--python", python, "install", "-q", "--no-compile", *OLDER]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{' '.join(OLDER)} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
    site, ours = sysconfig.get_path("purelib", vars={"base": str(folder)}), sysconfig.get_path("purelib")
    Path(site, "rest.pth").write_text(ours)
    yield python
    shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class Run:
    """A notebook that was run, and the folder that it was run in."""

    notebook: dict[str, Any]
    folder: Path

    def shown(self, source: str) -> str:
        """Return what the cell with this source shows, as text and as HTML."""
        (cell,) = (cell for cell in self.notebook["cells"] if "".join(cell["source"]) == source)
        texts = [output.get("text") or list(output.get("data", {}).values()) for output in cell["outputs"]]
        return re.sub(r"\s+", " ", " ".join("".join(part) for text in texts for part in text))

    def check(self, question: str) -> str:
        return self.shown(f'grader.check("{question}")')

    def complaints(self) -> list[Any]:
        """Return the tracebacks and the warnings that are to be seen."""
        outputs = (output for cell in self.notebook["cells"] for output in cell.get("outputs", []))
        return [each for each in outputs if each["output_type"] == "error" or each.get("name") == "stderr"]


def run_notebook(python: Path, loaded: Master, folder: Path, cells: dict[str, str]) -> Run:
    """Run the student's notebook from top to bottom, and keep it as it is then, as Jupyter does."""
    folder.mkdir()
    path = a_student.write_notebook(loaded, folder / f"{loaded.assignment.name}.ipynb", cells)
    command = [python, PROGRAMS / "jupyter-execute", "--allow-errors", "--inplace", path.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Run(json.loads(path.read_text()), folder)


def names(loaded: Master) -> list[str]:
    return [question.name for question in loaded.assignment.questions]


@pytest.mark.parametrize("name", NAMES)
def test_with_older_numpy_from_untouched_to_full_points(
    older: Path, masters: dict[str, Master], name: str, tmp_path: Path
) -> None:
    loaded = masters[name]
    untouched = run_notebook(older, loaded, tmp_path / "untouched", {})
    assert untouched.complaints() == []
    for question in names(loaded):
        assert a_student.NOT_ATTEMPTED.search(untouched.check(question))
    solved = run_notebook(older, loaded, tmp_path / "solved", a_student.question_cells(loaded))
    assert solved.complaints() == []
    for question in names(loaded):
        assert a_student.PASSED.search(solved.check(question))
    handed_in = tmp_path / "handed_in"
    handed_in.mkdir()
    for run in (untouched, solved):
        (zipped,) = run.folder.glob("*.zip")
        shutil.copy(zipped, handed_in / f"{run.folder.name}.zip")
    rows = a_student.graded(name, handed_in, tmp_path / "grades")
    assert rows["solved"]["points"] == rows["solved"]["possible"]
    assert (rows["untouched"]["status"], rows["untouched"]["points"]) == ("not attempted", "0")


def test_with_older_numpy_the_mistake_is_named(
    older: Path, masters: dict[str, Master], tmp_path: Path
) -> None:
    loaded = masters["multihead_attention"]
    wrong = {
        given: solved.replace(a_student.RIGHT_LINE, a_student.WRONG_LINE)
        for given, solved in a_student.question_cells(loaded).items()
    }
    (last,) = (given for given in wrong if given.startswith("X_prime ="))
    wrong[last] = f"{last}\nprint(np.__version__)"
    run = run_notebook(older, loaded, tmp_path / "wrong", wrong)
    assert run.shown(wrong[last]).startswith("1.26.")
    assert run.complaints() == []
    assert a_student.feedback_of(loaded, a_student.MISTAKE) in run.check("multihead_scaled_self_attention")


@pytest.mark.parametrize("name", NAMES)
def test_as_a_python_file(masters: dict[str, Master], name: str, tmp_path: Path) -> None:
    """Saved as a script, a notebook is graded as it is itself, and beside it its checks say the same."""
    loaded, handed_in = masters[name], tmp_path / "handed_in"
    handed_in.mkdir()
    made = {"untouched": {}, "solved": a_student.question_cells(loaded)}
    for folder, cells in made.items():
        (tmp_path / folder).mkdir()
        a_student.write_notebook(loaded, tmp_path / folder / f"{name}.ipynb", cells)
    convert = [PROGRAMS / "jupyter-nbconvert", "--to", "script"]
    notebooks = [f"{folder}/{name}.ipynb" for folder in made]
    subprocess.run([*convert, *notebooks], cwd=tmp_path, check=True, capture_output=True)
    for folder, expected in (("untouched", a_student.NOT_ATTEMPTED), ("solved", a_student.PASSED)):
        shutil.copy(tmp_path / folder / f"{name}.py", handed_in / f"{folder}.py")
        command = [sys.executable, f"{name}.py"]
        done = subprocess.run(command, cwd=tmp_path / folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        told = re.split(r"^(?=[○✗✓] )", done.stdout, flags=re.MULTILINE)[1:]
        assert [text.split(":")[0][2:] for text in told] == names(loaded)
        assert all(expected.search(text) for text in told), done.stdout
    rows = a_student.graded(name, handed_in, tmp_path / "grades")
    assert rows["solved"]["points"] == rows["solved"]["possible"]
    assert (rows["untouched"]["status"], rows["untouched"]["points"]) == ("not attempted", "0")
