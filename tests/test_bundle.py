"""The zip for Otter and Gradescope: what is in it, byte for byte, and that its test files are real ones."""

from __future__ import annotations

import importlib.metadata
import io
import os
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from otter.test_files.exception_test import ExceptionTestFile
from packaging.requirements import Requirement

from autograder import bundle, grading, kit, master
from autograder.build import build
from autograder.errors import AuthoringError
from autograder.master import Master
from tests.conftest import ROOT

Write = Callable[[str], Master]

MINIMAL = """\
# %% question="double"
def double(x):
    return 2 * x  # SOLUTION

# %%
from autograder import author
author.assignment("Small"{more})
author.question(
    "double",
    steps=[author.step("it", 1)],
    cases=[author.case("public", hidden=False, args=(1.0,)), author.case("hidden", hidden=True, args=(3.0,))],
)
"""


@pytest.fixture
def write(course: Path) -> Write:
    """Write a small master that says something more of its assignment, and load it."""

    def written(more: str) -> Master:
        (course / "solutions" / "small.py").write_text(MINIMAL.format(more=more and f", {more}"))
        return master.load("small", course)

    return written


def opened(loaded: Master) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(bundle.autograder_zip(loaded)))


@pytest.mark.parametrize("name", master.master_names(ROOT))
def test_the_zip_holds_what_otter_and_gradescope_want(name: str, masters: dict[str, Master]) -> None:
    archive = opened(masters[name])
    names = set(archive.namelist())
    wanted = {
        "run_autograder",
        "setup.sh",
        "environment.yml",
        "requirements.txt",
        "otter_config.json",
        "run_otter.py",
    }
    assert wanted <= names
    questions = {f"tests/{question.name}.py" for question in masters[name].assignment.questions}
    assert {each for each in names if each.startswith("tests/")} == questions
    for each in ("run_autograder", "setup.sh"):
        assert stat.S_IMODE(archive.getinfo(each).external_attr >> 16) == 0o755
        assert archive.read(each).startswith(b"#!/")
    top = {each for each in names if each.startswith("files/") and each.count("/") == 1}
    assert top == set(), "Otter copies these beside the submission"


def test_the_zip_is_the_same_when_rebuilt_elsewhere_and_later(tmp_path: Path) -> None:
    built = []
    for number, zone in enumerate(("UTC", "Asia/Tokyo")):
        course = tmp_path / str(number)
        (course / "solutions").mkdir(parents=True)
        copied = course / "solutions" / "self_attention.py"
        copied.write_bytes((ROOT / "solutions" / "self_attention.py").read_bytes())
        os.utime(copied, (time.time() - 10**8 * number,) * 2)
        command = [
            sys.executable,
            "-c",
            "from autograder.cli import main; main()",
            "build",
            "--course",
            str(course),
        ]
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number)},
        )
        built.append((course / "dist" / "self_attention-autograder.zip").read_bytes())
    assert built[0] == built[1]


def test_the_package_in_the_zip_is_ours(masters: dict[str, Master]) -> None:
    inner = zipfile.ZipFile(io.BytesIO(opened(masters["self_attention"]).read("requirements.package.zip")))
    ours = {
        f"autograder/{path.relative_to(ROOT / 'autograder')}" for path in (ROOT / "autograder").rglob("*.py")
    }
    assert set(inner.namelist()) == ours
    assert inner.read("autograder/judge.py") == (ROOT / "autograder" / "judge.py").read_bytes()


@pytest.mark.parametrize("name", master.master_names(ROOT))
def test_a_packed_master_is_the_same_master(name: str, masters: dict[str, Master], tmp_path: Path) -> None:
    packed = opened(masters[name]).read("files/true-values/assignment.json")
    (tmp_path / master.PACKED).parent.mkdir(parents=True)
    (tmp_path / master.PACKED).write_bytes(packed)
    again = master.read_packed(tmp_path)
    assert again.cells == masters[name].cells
    assert master.pack(again) == packed
    for ours, theirs in zip(masters[name].assignment.questions, again.assignment.questions, strict=True):
        assert [case.name for case in ours.cases] == [case.name for case in theirs.cases]
        for one, other in zip(ours.cases, theirs.cases, strict=True):
            np.testing.assert_equal(one.expected, other.expected)


# ---------------------------------------------------------------- the test files


def outcome(source: str, name: str, env: dict[str, Any]) -> dict[str, bool]:
    file = ExceptionTestFile.from_string(source, path=f"tests/{name}.py")
    file.run(env)
    return {result.test_case.name: result.passed for result in file.test_case_results}


def notebook(cells: list[str]) -> dict[str, Any]:
    env: dict[str, Any] = {}
    for cell in cells:
        try:
            exec(cell, env)
        except Exception:  # the untouched notebook runs into its blanks
            continue
    return env


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", master.master_names(ROOT))
def test_otter_passes_the_reference_and_nothing_untouched(name: str, masters: dict[str, Master]) -> None:
    archive, questions = opened(masters[name]), masters[name].assignment.questions
    solved, untouched = notebook(kit.solved_cells(masters[name])), notebook(kit.student_cells(masters[name]))
    for question in questions:
        source = archive.read(f"tests/{question.name}.py").decode()
        right, blank = outcome(source, question.name, solved), outcome(source, question.name, untouched)
        assert right, question.name
        assert set(right.values()) == {True}, (question.name, right)
        assert set(blank.values()) == {False}, (question.name, blank)
        assert len(right) == sum(
            getattr(case, "data", None) is None for case in (*question.cases, *question.values)
        )


def test_hidden_cases_are_marked_as_hidden(masters: dict[str, Master]) -> None:
    question = masters["multihead_attention"].assignment.questions[0]
    source = opened(masters["multihead_attention"]).read(f"tests/{question.name}.py").decode()
    file = ExceptionTestFile.from_string(source)
    marked = {case.name: case.hidden for case in file.test_cases}
    assert marked == {f"{question.name}: {case.name}": case.hidden for case in question.cases}


# ---------------------------------------------------------------- versions


def pins(loaded: Master) -> dict[str, str]:
    lines = opened(loaded).read("requirements.txt").decode().splitlines()
    found = [Requirement(text) for text in (line.split("#")[0].strip() for line in lines) if text]
    assert all(len(each.specifier) == 1 and str(each.specifier).startswith("==") for each in found)
    return {
        each.name: str(each.specifier)[2:] for each in found if each.marker is None or each.marker.evaluate()
    }


def test_all_versions_are_pinned_and_meet_what_the_assignment_asks_for(masters: dict[str, Master]) -> None:
    for loaded in masters.values():
        found = pins(loaded)
        assert {"numpy", "ipython", "matplotlib", "pyseccomp"} <= set(found)
        for text in loaded.assignment.environment:
            wanted = Requirement(text)
            assert wanted.specifier.contains(found[wanted.name])


def test_what_an_assignment_asks_for_beyond_is_pinned_with_all_that_it_needs(write: Write) -> None:
    loaded = write('environment=["rich>=13"]')
    assert pins(loaded)["rich"] == importlib.metadata.version("rich")
    assert pins(loaded)["markdown-it-py"] == importlib.metadata.version("markdown-it-py")


def test_another_version_than_ours_is_taken_if_it_is_installed(write: Write) -> None:
    version = importlib.metadata.version("packaging")
    loaded = write(f'environment=["packaging=={version}"]')
    assert pins(loaded)["packaging"] == version


@pytest.mark.parametrize(
    "wanted", ["numpy<2", "no-such-package", "nbconvert[webpdf]", "rich; python_version < '4'"]
)
def test_what_cannot_be_pinned_is_refused(wanted: str, write: Write) -> None:
    with pytest.raises(AuthoringError, match="its version cannot be pinned") as caught:
        bundle.autograder_zip(write(f'environment=["{wanted}"]'))
    assert str(Requirement(wanted)) in str(caught.value)
    assert caught.value.next_step


def test_only_who_built_the_zip_may_read_it_and_no_notebook(course: Path, write: Write) -> None:
    write("")
    (written,) = [path for path in build(master.load("small", course), course) if path.suffix == ".zip"]
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    with grading.judging("small", course) as judge:
        assert {str(course / "solutions"), str(course / "dist")} <= set(judge._sandbox._setup.hidden)
