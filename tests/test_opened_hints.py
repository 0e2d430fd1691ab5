"""Hints that were opened, as notebooks tell: counted where the assignment wants that, through every door."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder import bundle, cluster_order, container, grading, inbox, master, parts
from autograder.basis import touched
from autograder.cli import main
from autograder.master import Master
from autograder.model import Result
from autograder.opened_hints import opened, told
from autograder.report.results_json import content_of
from autograder.submission import Submission, read_submission

from .conftest import ROOT

TRIPLING = (ROOT / "tests" / "course" / "solutions" / "tripling.py").read_text()
HINTS = """hints=[
        "What is three times a number, if not the number itself?",
        "See the equation in the first line of the section.",
        "Of 2 and 5 come 6 and 15, whatever stands beside them.",
    ],"""
PLAIN = TRIPLING.replace(
    '    steps=[author.step("tripling"', f'    {HINTS}\n    steps=[author.step("tripling"'
)
COUNTING = PLAIN.replace('"Tripling", environment', '"Tripling", count_hints=True, environment')
RIGHT = """\
import numpy as np

np.random.seed(1)
matrix = np.random.normal(size=(2, 3))


def triple(X):
    return X * 3


def shift(X):
    return X + 7
"""


def shown(*hint: Any) -> dict[str, Any]:
    metadata = {"true_values": {"hint": list(hint)}}
    return {"output_type": "display_data", "data": {"text/markdown": "..."}, "metadata": metadata}


def notebook(*outputs: Any, cell: str = "") -> bytes:
    code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None}
    cells = [{**code, "source": RIGHT, "outputs": []}, {**code, "source": cell, "outputs": list(outputs)}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}).encode()


def load(folder: Path, text: str = COUNTING) -> Master:
    (folder / "solutions").mkdir(exist_ok=True)
    (folder / "solutions" / "tripling.py").write_text(text)
    return master.load("tripling", folder)


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Master:
    return load(tmp_path_factory.mktemp("course"))


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (notebook(), 0),
        (notebook(shown("triple", 1)), 1),
        (notebook(shown("triple", 2), shown("triple", 1)), 2),
        (notebook(shown("triple", 1), cell='grader.hint("triple", 3)'), 3),
        (notebook(cell="if True:\n    grader.hint(question='triple', number=2)"), 2),
        (notebook(cell="%matplotlib inline\ngrader.hint('triple', 2)"), 2),
        # what opens none
        (notebook(cell='grader.hint("triple")'), 0),
        (notebook(cell='# grader.hint("triple", 2)'), 0),
        (notebook(cell='print("grader.hint(\'triple\', 2)")'), 0),
        (notebook(cell='grader.hint("triple", 4), grader.hint("triple", 0), grader.hint("triple", -1)'), 0),
        (notebook(cell='grader.hint("triple", True), grader.hint(q, n), hint("triple", 1)'), 0),
        (notebook(cell='grader.hint("triple", 2'), 0),
        (notebook(shown("shift", 1), shown("gone", 1), cell='grader.hint("shift", 1)'), 0),
        # what nobody of ours has written
        (notebook(shown("triple", 4), shown("triple", 10**400), shown("triple", -1), shown("triple", 0)), 0),
        (notebook(shown("triple", True), shown("triple", "2"), shown("triple", 1.0), shown("triple")), 0),
        (notebook(shown(["triple"], 1), shown("triple", 1, 1), shown({}, {}), shown("t" * 10**6, 1)), 0),
        (notebook(None, 3, "odd", [], {}, {"metadata": None}, {"metadata": {"true_values": 3}}), 0),
        (notebook({"metadata": {"true_values": {"hint": {"triple": 1}}}}), 0),
        (notebook(*(shown(f"q{number}", 1) for number in range(5000)), shown("triple", 1)), 0),
    ],
)  # fmt: skip
def test_outputs_and_calls_tell(content: bytes, number: int, counting: Master, tmp_path: Path) -> None:
    path = tmp_path / "ada.ipynb"
    path.write_bytes(content)
    assert opened(counting.assignment, read_submission(path)) == {"triple": number}


def test_a_script_tells_by_its_calls(counting: Master, tmp_path: Path) -> None:
    path = tmp_path / "ada.py"
    path.write_text(f'{RIGHT}\n\ngrader.hint("triple", 2)\n')
    assert opened(counting.assignment, read_submission(path)) == {"triple": 2}


def test_an_old_notebook_tells_too(counting: Master, tmp_path: Path) -> None:
    cell = {"cell_type": "code", "input": RIGHT, "outputs": [shown("triple", 2)], "language": "python"}
    path = tmp_path / "ada.ipynb"
    path.write_text(json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [cell]}]}))
    assert opened(counting.assignment, read_submission(path)) == {"triple": 2}


def judged(loaded: Master, content: bytes, folder: Path) -> Result:
    (folder / "ada.ipynb").write_bytes(content)
    return grading.judge_alone(loaded, lambda: read_submission(folder / "ada.ipynb"), "ada", hidden=[])


def test_it_is_told_and_costs_nothing(counting: Master, tmp_path: Path) -> None:
    none, two = (judged(counting, notebook(*each), tmp_path) for each in ((), (shown("triple", 2),)))
    assert [verdict.hints for verdict in none.verdicts] == [0, None]
    assert [verdict.hints for verdict in two.verdicts] == [2, None]
    assert [verdict.feedback for verdict in none.verdicts] == ["Right.", "Right."]
    assert two.verdicts[0].feedback == "Right.\nHints opened: 2 of 3; they cost no points."
    assert two.points == none.points == two.possible
    told = [test["extra_data"].get("hints") for test in content_of(two)["tests"]]
    assert told == [2, None]


def test_without_counting_nothing_is_told(tmp_path: Path) -> None:
    result = judged(load(tmp_path, PLAIN), notebook(shown("triple", 2)), tmp_path)
    assert [verdict.hints for verdict in result.verdicts] == [None, None]
    assert "hint" not in str(content_of(result)).lower()


def test_a_file_that_cannot_be_read_has_opened_none_that_is_known(counting: Master, tmp_path: Path) -> None:
    result = judged(counting, b"{", tmp_path)
    assert [verdict.hints for verdict in result.verdicts] == [None, None]


# ---------------------------------------------------------------- doors


def test_a_container_counts_too(counting: Master, tmp_path: Path) -> None:
    for name in ("source", "submission", "results"):
        (tmp_path / name).mkdir()
    packed = tmp_path / "source" / master.PACKED
    packed.parent.mkdir(parents=True)
    packed.write_bytes(master.pack(counting))
    (tmp_path / "submission" / "ada.ipynb").write_bytes(notebook(shown("triple", 2)))
    container.main(str(tmp_path))
    first, second = json.loads((tmp_path / "results" / "results.json").read_bytes())["tests"]
    assert first["extra_data"]["hints"] == 2
    assert "Hints opened: 2 of 3" in first["output"]
    assert "hints" not in second["extra_data"]


@pytest.mark.slow
def test_otter_run_counts_too(counting: Master, tmp_path: Path) -> None:
    (tmp_path / "zip.zip").write_bytes(bundle.autograder_zip(counting))
    (tmp_path / "ada.ipynb").write_bytes(notebook(shown("triple", 2)))
    otter = Path(sys.executable).with_name("otter")
    command = [otter, "run", "-a", tmp_path / "zip.zip", "-o", tmp_path, tmp_path / "ada.ipynb"]
    subprocess.run(command, check=True, capture_output=True)
    assert "Hints opened: 2 of 3" in (tmp_path / "results.json").read_text()


def test_a_cluster_is_sent_what_was_opened(tmp_path: Path) -> None:
    (tmp_path / "ada.ipynb").write_bytes(notebook(shown("triple", 2)))
    files = inbox.find_files([tmp_path])
    (sent,) = cluster_order.unpacked(cluster_order.packed(files, "tripling"))
    assert isinstance(sent, Submission)
    assert sent == read_submission(tmp_path / "ada.ipynb")
    assert set(told(sent)) == {("triple", 2)}


def grade(course: Path, *more: str) -> dict[str, Any]:
    arguments = ["grade", "tripling", str(course / "in"), "-o", str(course / "out"), "--course", str(course)]
    done = CliRunner().invoke(main, [*arguments, "--json", *more], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def rows(course: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((course / "out" / "grades.csv").read_text().splitlines()))


def test_a_class_is_told_in_all_its_files(course: Path) -> None:
    load(course)
    (course / "in").mkdir()
    (course / "in" / "ada.ipynb").write_bytes(notebook(shown("triple", 3)))
    (course / "in" / "bob.ipynb").write_bytes(notebook(cell='grader.hint("triple", 1)'))
    (course / "in" / "cem.ipynb").write_bytes(b"{")
    content = grade(course)
    assert [each.get("hints") for each in content["submissions"]] == [{"triple": 3}, {"triple": 1}, None]
    table = rows(course)
    assert list(table[0]) == ["submission", "status", "points", "possible", "triple", "shift", "triple hints"]
    assert [row["triple hints"] for row in table] == ["3", "1", ""]
    page = (course / "out" / "report.html").read_text()
    assert "hints opened</th>" in page
    assert "<td>2, 1, 1</td>" in page
    assert "Hints opened: 3 of 3" in page
    export = ["export", str(course / "out"), "--to", "csv", "-o", str(course / "all.csv")]
    assert CliRunner().invoke(main, export).exit_code == 0
    people = list(csv.DictReader((course / "all.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["triple hints"] for row in people] == ["3", "1", ""]
    override = ["override", str(course / "out"), "ada", "--question", "triple", "1", "--reason", "late"]
    assert CliRunner().invoke(main, override).exit_code == 0
    assert list(rows(course)[0])[-2:] == ["triple hints", "override"]
    assert rows(course)[0]["override"] == "triple 1: late"


def test_a_class_without_counting_has_nothing_of_it(course: Path) -> None:
    load(course, PLAIN)
    (course / "in").mkdir()
    (course / "in" / "ada.ipynb").write_bytes(notebook(shown("triple", 3)))
    assert "hints" not in grade(course)["submissions"][0]
    written = [path for path in (course / "out").rglob("*") if path.suffix in (".csv", ".json")]
    assert [path for path in written if "hint" in path.read_text().lower()] == []
    assert "Hints opened" not in (course / "out" / "report.html").read_text()


FOURTH = ("hints=[\n", 'hints=[\n        "Do not read the others before this one.",\n')


@pytest.mark.parametrize(
    ("text", "old", "new", "touches"),
    [
        (PLAIN, *FOURTH, False),
        (PLAIN, "whatever stands", "whatever else stands", False),
        (COUNTING, "whatever stands", "whatever else stands", False),
        (COUNTING, *FOURTH, True),
        (COUNTING, "count_hints=True, ", "", True),
    ],
)
def test_an_edit_of_hints_touches_only_what_counts_them(
    text: str, old: str, new: str, touches: bool, tmp_path: Path
) -> None:
    assert old in text
    before, now = (
        parts.read_basis(load(tmp_path, each).assignment, tmp_path, {}, sandboxed=True)
        for each in (text, text.replace(old, new))
    )
    assert bool(touched(-1, unreadable=False, before=before, now=now)) is touches
