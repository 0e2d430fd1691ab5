"""README's picture and code, against what the commands really give."""

from __future__ import annotations

import html
import io
import re
import shlex
from pathlib import Path

from rich.console import Console

from autograder import grading, inbox
from autograder.entries import Entry
from autograder.judge import Judge
from autograder.report.class_table import ClassTable

ROOT = Path(__file__).resolve().parent.parent
PICTURE = Path(__file__).parent / "readme" / "grade.svg"
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

_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def words(svg: str) -> list[str]:
    return html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", svg, flags=re.DOTALL)).split()


def test_the_picture_shows_what_the_command_prints(judges: dict[str, Judge], update_goldens: bool) -> None:
    judge = judges["multihead_attention"]
    folder = Path(__file__).parent / "submissions" / "multihead_attention"
    files = inbox.find_files([folder])
    outcomes = list(grading.grade_all(judge, [file for file in files if file.name in SHOWN]))
    results = [each.result for each in sorted(outcomes, key=lambda each: each.file.name) if each.result]
    console = Console(record=True, width=90, file=io.StringIO(), force_terminal=True, highlight=False)
    questions = [(question.name, question.possible) for question in judge.assignment.questions]
    table = ClassTable(judge.assignment.title, questions)
    for result in results:
        table.add(Entry(file="", digest="", result=result))
    for part in table.parts(console.width):
        console.print(part)
    console.print()
    svg = console.export_svg(
        title="autograder grade multihead_attention", code_format=_SVG, unique_id="grade"
    )
    if update_goldens:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(svg)
    assert words(svg) == words(PICTURE.read_text())


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
