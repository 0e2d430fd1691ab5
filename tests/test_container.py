"""What a container does with one upload, on this machine: the contract of Gradescope, and Otter's pickle."""

from __future__ import annotations

import importlib
import io
import json
import pickle
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import bundle, container, grading, master
from autograder.errors import SubmissionError
from autograder.judge import Judge
from autograder.master import Master
from autograder.report.results_json import results_json
from autograder.submission import read_submission
from tests.conftest import ROOT

NAME = "multihead_attention"
SUBMISSIONS = ROOT / "tests" / "submissions" / NAME
RIGHT = SUBMISSIONS / "right" / "notebook.ipynb"

Grade = Callable[..., tuple[dict[str, Any], Any]]

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    otter_run: Any = importlib.import_module("otter.run")


@pytest.fixture(scope="module")
def zipped(masters: dict[str, Master]) -> bytes:
    return bundle.autograder_zip(masters[NAME])


@pytest.fixture
def autograder(zipped: bytes, tmp_path: Path) -> Path:
    """Return a folder as a container has it."""
    root = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    zipfile.ZipFile(io.BytesIO(zipped)).extractall(root / "source")
    return root


@pytest.fixture
def grade(autograder: Path) -> Grade:
    """Grade files, given as paths or as contents by name, and return results.json and Otter's results."""

    def graded(*paths: Path, metadata: Any = None, **contents: bytes) -> tuple[dict[str, Any], Any]:
        for path in paths:
            shutil.copy(path, autograder / "submission")
        for name, content in contents.items():
            (autograder / "submission" / name).write_bytes(content)
        if metadata is not None:
            (autograder / "submission_metadata.json").write_text(json.dumps(metadata))
        container.main(str(autograder))
        written = json.loads((autograder / "results" / "results.json").read_bytes())
        return written, pickle.loads((autograder / "results" / "results.pkl").read_bytes())

    return graded


def archive(**contents: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, each in contents.items():
            file.writestr(name, each)
    return content.getvalue()


@pytest.mark.parametrize(
    "behaviour", ["right", "original_weights_not_transposed", "malformed_json", "untouched"]
)
def test_it_gives_the_points_that_the_command_gives(behaviour: str, grade: Grade) -> None:
    (path,) = (path for path in (SUBMISSIONS / behaviour).iterdir() if path.suffix != ".json")
    written, results = grade(path)
    expected = grading.grade(NAME, path, course=ROOT)
    plain = json.loads(results_json(expected))
    assert written["tests"] == plain["tests"]
    assert written["score"] == plain["score"]
    assert written["output"].splitlines()[1:] == plain["output"].splitlines()
    assert written["execution_time"] > 0
    assert results.total == expected.points
    assert results.possible == expected.possible
    assert {name: file.score for name, file in results.results.items()} == {
        verdict.question: verdict.points for verdict in expected.verdicts
    }


def test_otters_results_are_otters_own(grade: Grade) -> None:
    written, results = grade(SUBMISSIONS / "original_weights_not_transposed" / "notebook.ipynb")
    test_files = importlib.import_module("otter.test_files")
    assert type(results) is test_files.GradingResults
    assert not results.has_catastrophic_failure()
    for test in written["tests"]:
        assert test["output"].splitlines()[0] in results.results[test["name"]].summary()
    assert results.to_dict()["softmax_cols"]["score"] == 3.5
    for_gradescope = results.to_gradescope_dict(otter_run.AutograderConfig({"show_all_public": True}))
    assert [test["score"] for test in for_gradescope["tests"][1:]] == [
        test["score"] for test in written["tests"]
    ]
    assert set(vars(results)) == set(vars(test_files.GradingResults([])))


def test_what_is_kept_private_while_it_grades(grade: Grade, autograder: Path) -> None:
    grade(RIGHT)
    assert {(autograder / name).stat().st_mode & 0o777 for name in ("source", "submission", "results")} == {
        0o700
    }


# ---------------------------------------------------------------- what is handed in


def test_a_zip_of_a_notebook_beside_other_files(grade: Grade) -> None:
    others = {"__MACOSX/._right.ipynb": b"x", ".OTTER_LOG": b"x", "notes.txt": b"", "helper.py": b"1 / 0"}
    written, _ = grade(**{"right_2026.zip": archive(**{"right.ipynb": RIGHT.read_bytes()}, **others)})
    assert written["score"] == 20
    assert written["extra_data"]["submission"] == "right_2026"


def test_a_python_file(grade: Grade) -> None:
    cells = nbformat.read(RIGHT, as_version=4).cells  # type: ignore[no-untyped-call]
    source = "\n\n".join(f"# %%\n{cell.source}" for cell in cells if cell.cell_type == "code")
    assert grade(**{"right.py": source.encode()})[0]["score"] == 20


def test_of_two_notebooks_the_one_called_as_the_assignment(grade: Grade) -> None:
    written, _ = grade(**{f"{NAME}.ipynb": RIGHT.read_bytes(), "draft.ipynb": b"{}"})
    assert written["score"] == 20


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ({}, "There is no notebook (.ipynb) and no Python file (.py)."),
        ({"a.ipynb": b"", "b.ipynb": b""}, "2 files could be the submission: `a.ipynb`, `b.ipynb`."),
        ({"a.zip": b"PK no zip"}, "The zip file cannot be unpacked"),
        ({"a.zip": archive(**{"b.txt": b""})}, "There is no notebook (.ipynb) and no Python file (.py)."),
        ({"a.zip": archive(**{"b.zip": archive(**{"c.ipynb": b""})})}, "There is no notebook"),
        ({"a.ipynb": b"\xff\xfe"}, "The file is not text in UTF-8."),
    ],
)
def test_what_cannot_be_graded_is_told_and_has_all_questions(
    contents: dict[str, bytes], said: str, grade: Grade
) -> None:
    written, results = grade(**contents)
    assert written["score"] == 0
    assert said in written["output"]
    assert {test["extra_data"]["status"] for test in written["tests"]} == {"error"}
    assert len(results.results) == len(written["tests"]) == 3


def test_a_zip_that_unpacks_to_gigabytes_is_not_unpacked(grade: Grade) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bomb.ipynb", b" " * (60 * 2**20))
    written, _ = grade(**{"bomb.zip": content.getvalue()})
    assert "The file is larger than 20 MB." in written["output"]


@pytest.mark.parametrize("name", ["./right.ipynb", "folder/right.ipynb", "ein Ordner/Lösung.ipynb"])
def test_names_in_a_zip_are_taken_as_they_are(name: str, grade: Grade) -> None:
    assert grade(**{"a.zip": archive(**{name: RIGHT.read_bytes()})})[0]["score"] == 20


def damaged(position: int) -> bytes:
    content = bytearray(archive(**{"right.ipynb": RIGHT.read_bytes()}))
    content[position] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize("position", [6, 8, 30, 2000, -12, -40, -50, -60, -62])
def test_a_damaged_zip_is_the_students_and_has_a_result(position: int, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(damaged(position))
    with suppress(SubmissionError):
        assert read_submission(tmp_path / "a.zip").cells


def test_a_folder_is_no_notebook(grade: Grade, autograder: Path) -> None:
    (autograder / "submission" / "folder.ipynb").mkdir()
    assert grade(RIGHT)[0]["score"] == 20


def test_a_link_is_not_followed(grade: Grade, autograder: Path) -> None:
    (autograder / "submission" / "mine.ipynb").symlink_to(RIGHT)
    written, _ = grade()
    assert written["score"] == 0
    assert "The file is a link to another." in written["output"]


# ---------------------------------------------------------------- groups, resubmissions, a rate limit


def test_a_group_that_hands_in_again(grade: Grade) -> None:
    earlier = {
        "submission_time": "2026-11-23T12:00:00.000000-08:00",
        "score": 4.0,
        "results": {
            "score": 4.0,
            "tests": [{"name": "softmax_cols", "score": 1.5}],
            "extra_data": {"graded": True},
        },
    }
    metadata = {
        "created_at": "2026-11-24T12:00:00.000000-08:00",
        "users": [{"name": "Ada Lovelace"}, {"name": "Grace Hopper"}],
        "previous_submissions": [earlier],
    }
    written, _ = grade(RIGHT, metadata=metadata)
    assert written["output"].splitlines() == [
        "Points: 20 of 20.",
        "Handed in by Ada Lovelace and Grace Hopper.",
        "Since your last graded submission: `softmax_cols` 1.5 -> 4.",
    ]


def test_the_masters_rate_limit_holds(autograder: Path, grade: Grade) -> None:
    packed = autograder / "source" / master.PACKED
    text = packed.read_text()
    assert text.count("author.assignment(") == 1
    packed.write_text(
        text.replace(
            "author.assignment(", "author.assignment(rate_limit=author.rate_limit(1, hours=24), title="
        )
    )
    now = datetime.now(UTC)
    first, _ = grade(RIGHT, metadata={"created_at": now.isoformat()})
    assert first["score"] == 20
    earlier = {"submission_time": now.isoformat(), "score": 20.0, "results": first}
    again = (now + timedelta(hours=1)).isoformat()
    second, _ = grade(metadata={"created_at": again, "previous_submissions": [earlier]})
    assert second["output"].startswith("Not graded: this assignment takes one submission in 24 hours.")
    assert (second["score"], second["tests"]) == (20, first["tests"])


# ---------------------------------------------------------------- faults of ours


@pytest.mark.parametrize("fault", ["no assignment", "a master that stops", "a judge that breaks"])
def test_a_fault_of_ours_costs_nothing_and_shows_nothing(
    fault: str,
    grade: Grade,
    autograder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    packed = autograder / "source" / master.PACKED
    if fault == "no assignment":
        packed.unlink()
    elif fault == "a master that stops":
        packed.write_bytes(packed.read_bytes().replace(b"import numpy as np", b"raise KeyError('SECRET')", 1))
    else:
        monkeypatch.setattr(Judge, "judge", lambda *_: {}["SECRET"])
    (autograder / "results" / "results.json").write_text('{"score": 20}')  # of an earlier run
    written, results = grade(RIGHT)
    assert "score" not in written
    assert all("score" not in test for test in written["tests"])
    assert "it has cost you no points" in written["output"]
    assert written["stdout_visibility"] == "hidden"
    assert results.has_catastrophic_failure()
    told = capsys.readouterr()
    assert ("SECRET" in told.out + told.err) == (fault != "no assignment")
    assert "SECRET" not in json.dumps(written)


def test_nothing_is_loaded_that_a_container_has_not() -> None:
    code = """
import sys
import autograder.container
files = {name.split(".")[0]: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
print(*(name for name, file in files.items() if "site-packages" in file and not name.startswith("_")))
"""
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    pinned = (ROOT / "autograder" / "requirements.txt").read_text()
    assert "numpy" in loaded
    assert [name for name in loaded if f"\n{name}==" not in pinned] == []
