"""What others take for the same notebooks: a bare fork, `otter run`, `nbgrader autograde`.

Each function returns seconds of wall and of all processors, children included. A notebook is graded by public and
hidden cases in nbgrader, by the public ones alone in Otter: what both of them do beside that is what takes their time.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import kit, master
from autograder.literals import literal
from autograder.model import CallCase
from autograder.otter_files import public_tests

OTTER = ("otter-grader[grading]>=7,<8", "numpy<2.4", "matplotlib")
NBGRADER = ("nbgrader==0.9.6", "numpy<2.4", "matplotlib")


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What grading `count` submissions took: seconds of wall on `cores` cores, and seconds of processors."""

    count: int
    wall: float
    cpu: float
    cores: int


def run(*command: str | Path, cwd: Path) -> tuple[float, float]:
    """Run a command; return seconds of wall, and of processors with all descendants that were waited for."""
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls what lies beside it
    with (cwd / "output.txt").open("w") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)), cwd=cwd, stdout=output, stderr=output, env={**os.environ, "PATH": path}
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # Ctrl-C
            process.terminate()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = (cwd / "output.txt").read_text(errors="replace")
        sys.exit(f"{command[0]} ended with {process.returncode}:\n{said[-3000:]}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def environment(python: Path | None, packages: Sequence[str], folder: Path) -> Path:
    """Return the folder of programs of a Python, or of a new virtual environment with some packages."""
    if python is not None:
        return python.absolute().parent
    print(f"installing {packages[0]} ...", flush=True)
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    run(folder / "venv" / "bin" / "python", "-m", "pip", "install", "-q", *packages, cwd=folder)
    return folder / "venv" / "bin"


# ---------------------------------------------------------------- the floor


def floor(notebooks: Sequence[Path], cores: int, folder: Path) -> Used:
    """Measure `floor.py`: a bare fork for each notebook."""
    wall, cpu = run(sys.executable, Path(__file__).with_name("floor.py"), str(cores), *notebooks, cwd=folder)
    return Used(count=len(notebooks), wall=wall, cpu=cpu, cores=cores)


# ---------------------------------------------------------------- Otter


def stock_zip(loaded: master.Master) -> bytes:
    """Return an autograder as `otter generate` makes it: test files, a configuration, no plugin of ours."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("otter_config.json", "{}")
        for question in loaded.assignment.questions:
            archive.writestr(f"tests/{question.name}.py", public_tests(question))
    return packed.getvalue()


def otter_run(
    loaded: master.Master, notebooks: Sequence[Path], cores: int, programs: Path, folder: Path
) -> Used:
    """Measure `otter run`, one notebook a process, as many at a time as there are cores."""
    (folder / "stock.zip").write_bytes(stock_zip(loaded))

    def graded(index: int, notebook: Path) -> float:
        out = folder / str(index)
        out.mkdir()
        shutil.copy(notebook, out / f"{loaded.assignment.name}.ipynb")
        command = (
            programs / "otter", "run", "-a", folder / "stock.zip", "-o", out, out / f"{loaded.assignment.name}.ipynb",
        )  # fmt: skip
        _, cpu = run(*command, cwd=out)
        if not json.loads((out / "results.json").read_bytes())["tests"]:
            sys.exit(f"`otter run` has graded nothing of {notebook}")
        return cpu

    began = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        cpu = sum(pool.map(graded, range(len(notebooks)), notebooks))
    return Used(count=len(notebooks), wall=time.perf_counter() - began, cpu=cpu, cores=cores)


# ---------------------------------------------------------------- nbgrader


def nbgrader_autograde(
    loaded: master.Master, notebooks: Sequence[Path], programs: Path, folder: Path
) -> Used:
    """Measure `nbgrader autograde`, all notebooks in one batch: it uses one core."""
    name = loaded.assignment.name
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    source = folder / "source" / name / f"{name}.ipynb"
    _write(source, _assigned(loaded, kit.solved_cells(loaded)))
    run(programs / "nbgrader", "generate_assignment", name, "--force", cwd=folder)
    for index, notebook in enumerate(notebooks):
        cells = json.loads(notebook.read_bytes())["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        answers = [source for source in sources if "grader" not in source]
        path = folder / "submitted" / f"student{index}" / name / f"{name}.ipynb"
        _write(path, _assigned(loaded, answers))
    wall, cpu = run(programs / "nbgrader", "autograde", name, cwd=folder)
    graded = list((folder / "autograded").rglob("*.ipynb"))
    if len(graded) != len(notebooks):
        sys.exit(f"`nbgrader autograde` has graded {len(graded)} of {len(notebooks)}")
    return Used(count=len(notebooks), wall=wall, cpu=cpu, cores=1)


def _assigned(loaded: master.Master, answers: Sequence[str]) -> dict[str, Any]:
    """Return an nbgrader notebook: the code cells, and below each question's last a cell that tests it."""
    cells = []
    roles = [cell for cell in loaded.cells if cell.role in ("given", "question")]
    for index, (role, source) in enumerate(zip(roles, answers, strict=True)):
        if role.role == "given":
            cells.append(_cell(source, None))
            continue
        cells.append(_cell(source, {"grade_id": f"answer-{index}", "solution": True, "grade": False}))
        if not any(later.question == role.question for later in roles[index + 1 :]):
            test = {"grade_id": role.question, "solution": False, "grade": True, "points": 4}
            cells.append(_cell(_test(loaded, role.question), test))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}, "cells": cells}


def _cell(source: str, about: dict[str, Any] | None) -> dict[str, Any]:
    metadata = (
        {} if about is None else {"nbgrader": {"schema_version": 3, "task": False, "locked": False, **about}}
    )
    return {
        "cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": source,
    }  # fmt: skip


def _test(loaded: master.Master, name: str) -> str:
    """Return what tests a question: all its cases, with their inputs and expected values as numbers."""
    question = next(each for each in loaded.assignment.questions if each.name == name)
    lines = ["from numpy import array"]
    for case in (*question.cases, *question.values):
        if isinstance(case, CallCase):
            answer = f"{name}(*{literal(case.arguments, 4)})"
        elif case.data is None:
            answer = case.variable
        else:
            continue
        lines.append(
            f"np.testing.assert_allclose({answer}, {literal(case.expected, 4)}, rtol=1e-6, atol=6e-4)"
        )
    return "\n".join(lines)


def _write(path: Path, notebook: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
