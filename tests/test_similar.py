"""Similar submissions: what is told as a lead, and what is not."""

from __future__ import annotations

import ast
import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat import v4

from autograder import kit, master
from autograder import similar as similarity
from autograder.cli import main
from autograder.report.similar_csv import similar_csv
from autograder.similar import Handed, Pair, pairs
from autograder.traces import MAX_CHARACTERS, MAX_TRACES, own_cells, template_lines, traces_of
from tests import students

ROOT = Path(__file__).resolve().parent.parent
NAME = "multihead_attention"
LITTLE = ["x = 1\n", "def f(x):\n    return ...\n"]


@cache
def loaded(name: str) -> master.Master:
    return master.load(name, ROOT)


@cache
def handed(name: str) -> tuple[Handed, ...]:
    return tuple(
        Handed(name=each.name, cells=students.cells(each))
        for each in students.STUDENTS
        if each.assignment == name
    )


def compared(submissions: Sequence[Handed], name: str = NAME) -> list[Pair]:
    master_ = loaded(name)
    questions = {question.name: question.names for question in master_.assignment.questions}
    solved = kit.solved_cells(master_)
    return pairs(kit.code_cells(master_), submissions, solved=solved, questions=questions)


def names(found: Sequence[Pair]) -> set[tuple[str, str]]:
    return {(pair.first, pair.second) for pair in found}


# ---------------------------------------------------------------- who is a lead, in a class of students

SAME_BY_HAND = {("arvid", "bianca"), ("dina", "erik"), ("xaver", "yvonne")}
"""Students of `tests.students` who were written by copying a dozen lines from another."""


@pytest.mark.parametrize(("name", "known"), [(NAME, SAME_BY_HAND), ("self_attention", set())])
def test_students_who_worked_alone_are_no_leads(name: str, known: set[tuple[str, str]]) -> None:
    assert names(compared(handed(name), name)) == known


def own_of(cells: Sequence[str]) -> list[int]:
    own = template_lines(kit.code_cells(loaded(NAME)))
    return [at for at, cell in enumerate(cells) if own_cells([cell], own)]


def renamed(source: str) -> str:
    bound = {
        part.id
        for part in ast.walk(ast.parse(source))
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    new = {name: f"thing{number}" for number, name in enumerate(sorted(bound - {"X_prime"}))}
    return re.sub(r"[A-Za-z_]\w*", lambda word: new.get(word[0], word[0]), source)


CHANGES: dict[str, Callable[[str], str]] = {
    "nothing": str,
    "names": renamed,
    "comments": lambda source: re.sub(r"#.*", "# my own words about this", source),
    "layout": lambda source: ast.unparse(ast.parse(source)),
    "names and layout": lambda source: ast.unparse(ast.parse(renamed(source))),
}


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "moved"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_is_found(change: str, order: int) -> None:
    original = next(each for each in handed(NAME) if each.name == "asta")
    cells = list(original.cells)
    own = own_of(cells)
    for at, source in zip(own, [CHANGES[change](cells[at]) for at in own][::order], strict=True):
        cells[at] = source
    found = compared([*handed(NAME), Handed(name="the copy", cells=cells)])
    assert names(found) == SAME_BY_HAND | {("asta", "the copy")}
    pair = next(pair for pair in found if pair.second == "the copy")
    assert "multihead_scaled_self_attention" in pair.questions
    assert pair.same_lines == 1 or change != "nothing"
    assert ("built the same way" in pair.reason) == (pair.same_lines < 0.8)
    assert pair.similarity > 0.5


def test_what_the_solution_says_is_no_lead() -> None:
    right = kit.solved_cells(loaded(NAME))
    two = [Handed(name="ada", cells=right), Handed(name="bob", cells=right)]
    assert compared(two) == []
    assert compared([*handed(NAME)[:20], *two]) == []


# ---------------------------------------------------------------- a class that is made up


def answer(number: int) -> str:
    """Return what nobody else has written."""
    lines = [
        f"    value_{number}_{line} = np.{'abcdefgh'[line]}{number}(x, axis={number}) * {number}"
        for line in range(8)
    ]
    return "\n".join(
        ["def f(x):", f"    # this is what number {number} thinks", *lines, f"    return {number}"]
    )


def made_up(size: int) -> list[Handed]:
    return [Handed(name=f"s{number:03}", cells=[LITTLE[0], answer(number)]) for number in range(size)]


def test_what_many_wrote_is_no_lead() -> None:
    others = made_up(60)
    some = [Handed(name=f"x{number}", cells=[answer(1000)]) for number in range(4)]
    many = [Handed(name=f"x{number}", cells=[answer(1000)]) for number in range(36)]
    found = pairs(LITTLE, [*others, *some])
    assert {pair.group for pair in found} == {("x0", "x1", "x2", "x3")}
    assert len(found) == 6
    assert pairs(LITTLE, [*others, *many]) == []


def test_rare_comments_and_names_are_told() -> None:
    one, other = (
        answer(1),
        answer(2).replace("number 2 thinks", "number 1 thinks").replace("value_2_", "value_1_"),
    )
    quips = "# not sure about this one\n# ask Magda again\n"
    one, other = quips + one, quips + other
    found = pairs(
        LITTLE, [*made_up(40)[3:], Handed(name="one", cells=[one]), Handed(name="other", cells=[other])]
    )
    assert names(found) == {("one", "other")}
    assert "comments `ask magda again`, `not sure about this one`, `this is what" in found[0].reason
    assert "names `value_1_0`" in found[0].reason
    assert found[0].same_lines < 0.5


def test_the_lines_stand_side_by_side() -> None:
    copy = answer(5).replace("value_5_", "w")
    (pair,) = pairs(
        LITTLE, [*made_up(40), Handed(name="t", cells=["y = 2", copy])], questions={"q": ["f"], "p": ["g"]}
    )
    assert (pair.first, pair.second, pair.questions) == ("s005", "t", ("q",))
    assert pair.lines
    for line in pair.lines:
        assert line.first.replace("value_5_", "w") == line.second


def test_equal_wrong_answers_are_told() -> None:
    class_ = [replace(each, answers=[f"q: wrong in way {at}"]) for at, each in enumerate(made_up(40))]
    copy = Handed(name="t", cells=[answer(5).replace("value_5_", "w")], answers=["q: wrong in way 5"])
    (pair,) = pairs(LITTLE, [*class_, copy])
    assert "wrong answer `q: wrong in way 5`" in pair.reason


def test_identical_files_are_a_lead_unless_untouched() -> None:
    usual = [LITTLE[0], "def f(x):\n    return x"]
    same = [Handed(name=name, cells=usual, digest="d") for name in "abc"]
    found = pairs(LITTLE, same, solved=usual)
    assert names(found) == {("a", "b"), ("a", "c")}
    assert {pair.group for pair in found} == {("a", "b", "c")}
    assert all(
        pair.identical and "byte for byte" in pair.reason and "chance" in pair.reason for pair in found
    )
    assert pairs(LITTLE, [replace(each, cells=LITTLE) for each in same]) == []


def test_a_student_is_not_compared_with_himself() -> None:
    twice = [Handed(name=f"t{number}", cells=[answer(5)], digest="d", student="t") for number in range(2)]
    assert names(pairs(LITTLE, [*made_up(40), *twice])) == {("s005", "t0"), ("s005", "t1")}


def test_the_order_makes_no_difference() -> None:
    class_ = [*made_up(30), *(replace(each, name=f"copy of {each.name}") for each in made_up(4))]
    found = pairs(LITTLE, class_)
    assert len(found) == 4
    assert pairs(LITTLE, class_[::-1]) == found


def test_every_process_says_the_same() -> None:
    class_ = [(each.name, each.cells) for each in [*made_up(25), Handed(name="t", cells=[answer(5)])]]
    script = (
        "import sys\nfrom autograder.report.similar_csv import similar_csv\nfrom autograder.similar import Handed, pairs\n"
        f"found = pairs({LITTLE!r}, [Handed(name=name, cells=cells) for name, cells in {class_!r}])\n"
        "sys.stdout.buffer.write(similar_csv(found))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert b"s005" in said.pop()


# ---------------------------------------------------------------- hostile ones

HOSTILE = {
    "deep": "(" * 100_000 + ")" * 100_000,
    "long line": "a=1;" * 75_000,
    "no Python": "def (:\n\t  '''" * 5_000,
    "quotes": "f'{" * 100_000,
    "odd characters": "x = '\0\x1b[31m\ud800\u202e'\n" * 1_000,
    "numbers": "1" * 300_000,
    "nothing": "\n" * 300_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_code_is_read_as_far_as_it_may_be(kind: str) -> None:
    own = own_cells([HOSTILE[kind]] * 3, template_lines(LITTLE))
    assert sum(len(cell.text) for cell in own) <= MAX_CHARACTERS
    assert len(traces_of(own)) <= MAX_TRACES
    found = pairs(LITTLE, [Handed(name=str(at), cells=[HOSTILE[kind]], digest="d") for at in range(2)])
    text = similar_csv(found).decode()
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_code_is_not_executed(tmp_path: Path) -> None:
    source = f"open({str(tmp_path / 'written')!r}, 'w').write('x')\n" * 5
    pairs(LITTLE, [Handed(name=str(at), cells=[source]) for at in range(3)])
    assert list(tmp_path.iterdir()) == []


def test_no_more_leads_than_a_person_can_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "MAX_PAIRS", 7)
    ring = [Handed(name=f"x{number}", cells=[answer(1000)]) for number in range(12)]
    assert len(pairs(LITTLE, [*made_up(60), *ring])) == 7


def test_no_submission_or_one_gives_no_pair() -> None:
    assert pairs(LITTLE, []) == []
    assert pairs(LITTLE, made_up(1)) == []


# ---------------------------------------------------------------- what is written


def test_the_table_is_safe_in_a_spreadsheet() -> None:
    copy = [Handed(name=name, cells=["=1+1\n" + answer(5)]) for name in ("=cmd()", "@x")]
    (row,) = csv.DictReader(io.StringIO(similar_csv(pairs(LITTLE, [*made_up(30)[6:], *copy])).decode()))
    assert (row["first"], row["second"]) == ("'=cmd()", "'@x")
    assert (row["group"], row["group_size"], row["identical_files"]) == ("1", "2", "no")
    assert float(row["similarity"]) == 1
    assert not row["lines_of_first"].startswith("=")


def write(folder: Path, name: str, cells: Sequence[str]) -> None:
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell, id=str(at)) for at, cell in enumerate(cells)])
    (folder / f"{name}.ipynb").write_text(nbformat.writes(notebook))


def test_the_command_shows_pairs_and_writes_them(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    class_ = [each for each in handed(NAME) if each.name not in ("bianca", "erik", "yvonne")][:25]
    for each in class_:
        write(folder, each.name, each.cells)
    asta = next(each for each in handed(NAME) if each.name == "asta")
    write(folder, "asta", asta.cells)
    write(folder, "[red]zoe", asta.cells)
    (folder / "broken.ipynb").write_text("{")
    result = CliRunner().invoke(
        main, ["similar", NAME, str(folder), "-o", str(tmp_path / "out"), "--course", str(ROOT)]
    )
    assert result.exit_code == 0, result.output
    assert "[red]zoe and asta: 100% alike" in result.output
    assert "1 pair in 1 group. Each is a lead and no verdict" in result.output
    assert "1 could not be read" in result.output
    (row,) = csv.DictReader(io.StringIO((tmp_path / "out" / "similar.csv").read_text()))
    assert (row["first"], row["second"], row["identical_files"]) == ("[red]zoe", "asta", "yes")


def test_the_command_says_when_a_class_is_small(tmp_path: Path) -> None:
    write(tmp_path, "ada", kit.solved_cells(loaded(NAME)))
    result = CliRunner().invoke(main, ["similar", NAME, str(tmp_path), "--course", str(ROOT)])
    assert result.exit_code == 0
    assert "no two are more alike than chance makes them" in result.output
    assert "hard to say what is usual" in result.output
