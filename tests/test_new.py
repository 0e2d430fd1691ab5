"""`autograder new`: what it writes works, and it writes over nothing."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder import author, master, skeleton
from autograder.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def test_an_empty_folder_becomes_a_course_whose_assignment_verifies(tmp_path: Path) -> None:
    course = tmp_path / "deep" / "course"
    done = run("new", "first_steps", "--course", course)
    assert done.exit_code == 0, done.output
    assert "autograder watch first_steps --course" in done.output
    verified = run("verify", "--course", course)
    assert verified.exit_code == 0, verified.output
    assert "no " not in [line[:3] for line in verified.output.splitlines()]
    notebook = json.loads((course / "assignments" / "first_steps" / "first_steps.ipynb").read_text())
    texts = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert texts[0].startswith("# First steps\n"), "what teaches authors is private"
    assert not any("master" in text or "SOLUTION" in text for text in texts)


def test_the_course_above_is_taken(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (course / "notes").mkdir()
    monkeypatch.chdir(course / "notes")
    done = run("new", "units", "--title", 'Units, "scaled" \\ é, by NAME')
    assert done.exit_code == 0, done.output
    assert "wrote ../solutions/units.py" in done.output
    assert "autograder watch units\n" in done.output
    assert master.load("units", course).assignment.title == 'Units, "scaled" \\ é, by NAME'


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("taken", "there is a `solutions/taken.py` already"),
        ("handed_out", "there is a `assignments/handed_out` already"),
        ("../elsewhere", "no assignment can be called `../elsewhere`"),
        ("__init__", "no assignment can be called `__init__`"),
        ("x" * 61, "at most 60"),
    ],
)
def test_nothing_that_is_there_is_changed(name: str, says: str, course: Path) -> None:
    (course / "solutions" / "taken.py").write_text("mine")
    (course / "assignments" / "handed_out").mkdir(parents=True)
    done = run("new", name, "--course", course)
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())
    assert [path.name for path in (course / "solutions").iterdir()] == ["taken.py"]
    assert (course / "solutions" / "taken.py").read_text() == "mine"


@pytest.mark.parametrize("title", ["", "two\nlines"])
def test_a_title_is_a_line(title: str, course: Path) -> None:
    done = run("new", "units", "--title", title, "--course", course)
    assert done.exit_code == 2
    assert "the title is empty, or more than one line" in done.output
    assert not list((course / "solutions").iterdir())


def test_the_skeleton_shows_what_most_masters_need() -> None:
    """A new word of the vocabulary is in the skeleton, or is one that a first master does without."""
    used = {
        node.attr
        for node in ast.walk(ast.parse(skeleton.skeleton("a", "A")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "author"
    }
    rare = {"rate_limit", "printed", "test", "test_case", "equivalent", "given"}
    words = {
        name
        for name, thing in vars(author).items()
        if callable(thing)
        and not name.startswith("_")
        and name.islower()
        and thing.__module__ == "autograder.author"
    }
    assert words - rare - {"field", "listening", "drafted", "with_names"} <= used
