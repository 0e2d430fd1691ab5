"""README's pictures and code, against what the commands really give."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import bundle, grading, inbox
from autograder.entries import Entry
from autograder.gradescope import Upload
from autograder.judge import Judge
from autograder.master import Master
from autograder.report.class_table import ClassTable
from autograder.report.gradescope_json import graded_json

from . import pictures

ROOT = Path(__file__).resolve().parent.parent
SUBMISSIONS = ROOT / "tests" / "submissions" / "multihead_attention"
SHOWN = [
    "right",
    "right_in_rows",
    "leans_on_globals",
    "softmax_not_stable",
    "literal_two",
    "original_weights_not_transposed",
    "typed_in_true_values",
    "raises",
    "endless_function",
    "unfinished",
    "untouched",
    "malformed_json",
]

GIVEN = "original_weights_not_transposed"
"""The answer that the seed document prints: wrong, and what is wrong is told through each door."""


def test_the_picture_shows_what_the_command_prints(judges: dict[str, Judge], update_goldens: bool) -> None:
    judge = judges["multihead_attention"]
    files = inbox.find_files([SUBMISSIONS])
    outcomes = list(grading.grade_all(judge, [file for file in files if file.name in SHOWN]))
    results = [each.result for each in sorted(outcomes, key=lambda each: each.file.name) if each.result]
    console = pictures.terminal()
    questions = [(question.name, question.possible) for question in judge.assignment.questions]
    table = ClassTable(judge.assignment.title, questions)
    for result in results:
        table.add(Entry(file="", digest="", result=result))
    for part in table.parts(console.width):
        console.print(part)
    pictures.hold(console, "grade", "autograder grade multihead_attention", update_goldens)


def test_the_picture_of_gradescope_has_the_words_of_its_results(
    judges: dict[str, Judge], update_goldens: bool
) -> None:
    """Its own page is not to be had: what it is told is shown as text, with the headings that it makes."""
    judge = judges["multihead_attention"]
    (file,) = inbox.find_files([SUBMISSIONS / GIVEN])
    result = grading.judge_file(judge, file)
    told = json.loads(graded_json(result, judge.assignment, Upload(), 0.6))
    console = pictures.terminal()
    console.print(f"[bold]Autograder Results[/]  {told['score']:g} / {judge.assignment.possible:g}")
    console.print(told["output"], markup=False)
    for test in told["tests"]:
        colour = "green" if test["status"] == "passed" else "red"
        points = f"({test['score']:g}/{test['max_score']:g})"
        console.print(f"\n[bold {colour}]{test['number']}) {test['name']} {points}[/]")
        console.print(test["output"], markup=False)
    pictures.hold(console, "gradescope", "results.json, as text", update_goldens)


@pytest.mark.slow
def test_the_picture_of_otter_shows_what_it_prints(
    masters: dict[str, Master], tmp_path: Path, update_goldens: bool
) -> None:
    zipped = tmp_path / bundle.zip_name("multihead_attention")
    zipped.write_bytes(bundle.autograder_zip(masters["multihead_attention"]))
    command = [Path(sys.executable).with_name("otter"), "run", "-a", zipped, "-o", tmp_path]
    notebook = SUBMISSIONS / GIVEN / "notebook.ipynb"
    done = subprocess.run([*command, notebook], capture_output=True, text=True, check=True, cwd=tmp_path)
    console = pictures.terminal()
    console.print("[...]", markup=False)  # what it says of each question: the second will do
    console.print(done.stdout[done.stdout.index("multihead_scaled_self_attention: ") :].strip(), markup=False)
    pictures.hold(console, "otter", "otter run -a dist/multihead_attention-autograder.zip", update_goldens)


def test_the_feedback_that_is_quoted_is_what_a_student_reads() -> None:
    readme = (ROOT / "README.md").read_text().split("#### What a student reads")[1]
    quoted = re.findall(r"^> (.*)$", readme, re.MULTILINE)
    folder = SUBMISSIONS / "original_weights_not_transposed"
    expected = json.loads((folder / "expected.json").read_text())["questions"]
    told = " ".join(expected["multihead_scaled_self_attention"]["feedback"])
    pieces = " ".join(itertools.takewhile(lambda line: line, quoted)).split("[...]")
    assert len(pieces) > 2
    assert [piece for piece in pieces if piece.strip() not in told] == []


def test_the_two_commands_are_those_of_ci() -> None:
    readme = (ROOT / "README.md").read_text()
    commands = re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text()
    arguments = shlex.split(commands[0].split("&&")[-1])
    assert (ROOT / arguments[3]).is_dir()


def test_the_api_example_runs() -> None:
    readme = (ROOT / "README.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    submission = ROOT / "tests" / "submissions" / "multihead_attention" / "right" / "notebook.ipynb"
    exec(example.replace("submissions/ada.ipynb", str(submission)), {})
