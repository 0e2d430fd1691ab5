"""Every mutant of a reference is killed by a hidden case, or its master says why it need not be."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from autograder import author, master
from autograder.cli import main
from autograder.errors import AuthoringError, SandboxError
from autograder.mutation import FLAT, Fate, KillMatrix, kill_matrix, problems
from autograder.report.kill_picture import kill_picture
from autograder.report.kill_table import kill_tables
from autograder.report.mutants_csv import mutants_csv

HEAD = """\
# %% [markdown]
# # A tiny one

# %% tags=["given"]
import os
import numpy as np

number = 3.0
"""
TWICE = """
# %% question="twice"
def twice(x):
    return 2 * x  # SOLUTION
"""
JUDGED = """
# %%
from autograder import author
author.assignment("Tiny", environment=["numpy"])
STEPS = [author.step("all of it", 1)]
def question(name, public, hidden, **more):
    cases = [author.case(f"public {i}", hidden=False, args=(x,)) for i, x in enumerate(public)]
    cases += [author.case(f"hidden {i}", hidden=True, args=(x,)) for i, x in enumerate(hidden)]
    author.question(name, steps=STEPS, cases=cases, **more)
"""
SURVIVES = JUDGED + 'question("twice", [1.5], [2.0]{more})\n'


def load(course: Path, text: str) -> master.Master:
    (course / "solutions" / "tiny.py").write_text(HEAD + text)
    return master.load("tiny", course)


def tried(course: Path, text: str) -> KillMatrix:
    return kill_matrix(load(course, text), patience=0.2)


def fates(matrix: KillMatrix, fate: Fate) -> list[str]:
    return [trial.mutant.change for trial in matrix.trials if trial.fate is fate]


def killers(matrix: KillMatrix, change: str) -> list[str]:
    (trial,) = [trial for trial in matrix.trials if trial.mutant.change == change]
    return [case for (_, case), killed in trial.killed_by.items() if killed]


def test_a_survivor_is_named_with_what_to_do(course: Path) -> None:
    """A public case alone is not enough: it can be fitted."""
    matrix = tried(course, TWICE + SURVIVES.replace("{more}", ""))
    assert fates(matrix, Fate.SURVIVOR) == ["2 * x -> 2 + x"]
    assert killers(matrix, "2 * x -> 2 + x") == ["public 0"]
    assert killers(matrix, "2 * x -> 2 / x") == ["public 0", "hidden 0"]
    assert sorted(fates(matrix, Fate.KILLED)) == sorted(
        [
            "2 * x -> 2 / x", "2 * x -> 2", "2 * x -> x",
            "return 2 * x -> pass", *(f"2 * x -> {n} * x" for n in (3, 1, 0, -2, 4)), "2 * x -> (2 * x).T",
        ]
    )  # fmt: skip
    assert list(problems(matrix, "solutions/tiny.py")) == [
        "solutions/tiny.py:12: `2 * x -> 2 + x` survives: no hidden case of `twice` notices it, only the public "
        "`public 0`\n"
        "  Add a hidden case that does; or, if it is right for all inputs, say so in the question:\n"
        '  equivalents=[author.equivalent("2 * x -> 2 + x", reason="...")]'
    ]


def test_a_justification_holds_for_its_survivor_alone(course: Path) -> None:
    more = ', equivalents=[author.equivalent("2 * x -> 2 + x", reason="only 2 is asked")]'
    matrix = tried(course, TWICE + SURVIVES.replace("{more}", more))
    assert fates(matrix, Fate.EQUIVALENT) == ["2 * x -> 2 + x"]
    assert [trial.reason for trial in matrix.trials if trial.reason] == ["only 2 is asked"]
    assert list(problems(matrix, "solutions/tiny.py")) == []


def test_a_justification_can_be_out_of_date(course: Path) -> None:
    more = ', equivalents=[author.equivalent("2 * x -> 2 + x", "2 * x -> 2 / x", "2 * x -> 2 ** x", reason="so")]'
    matrix = tried(course, TWICE + SURVIVES.replace("{more}", more))
    assert list(problems(matrix, "solutions/tiny.py")) == [
        f"solutions/tiny.py: the equivalent `{change}` of question `twice` is out of date: {told}\n"
        "  Take it out, or write the change as it is printed for a survivor."
        for change, told in (
            ("2 * x -> 2 / x", "it is killed by `public 0`, `hidden 0`"),
            ("2 * x -> 2 ** x", "there is no such mutant"),
        )
    ]


ROWS = """
# %% question="rows"
def rows(x):
    total = np.zeros(3)
    for row in x:
        total = total + row  # SOLUTION
    return total
"""


def test_what_has_one_dimension_is_its_own_transpose(course: Path) -> None:
    """As the reference's own values have it: a matrix is not, and a line that no case comes to is not known."""
    text = """
# %% question="rows"
def rows(x):
    # BEGIN SOLUTION
    if len(x) > 9:
        x = np.abs(x).T
    turned = np.sort(x)
    return np.sum(turned, axis=0) + np.ones(3).T
    # END SOLUTION
"""
    symmetric = "np.diag([1.0, 2.0, 4.0])"
    matrix = tried(
        course, text + JUDGED + f'question("rows", [{symmetric}], [np.arange(6.0).reshape(2, 3)])\n'
    )
    reasons = {
        trial.mutant.change: trial.reason for trial in matrix.trials if trial.mutant.kind == "transpose"
    }
    assert reasons == {
        "np.abs(x).T -> np.abs(x)": "",
        "np.sort(x) -> np.sort(x).T": "",
        "np.sum(turned, axis=0) + np.ones(3).T -> (np.sum(turned, axis=0) + np.ones(3).T).T": FLAT,
        "np.ones(3).T -> np.ones(3)": FLAT,
    }
    survivors = fates(matrix, Fate.SURVIVOR)
    assert "np.abs(x).T -> np.abs(x)" in survivors
    assert "np.sort(x) -> np.sort(x).T" not in survivors
    assert not any("np.ones(3).T" in problem for problem in problems(matrix, ""))


def test_what_students_are_given_has_no_mutants(course: Path) -> None:
    """Unless that leaves none; a justification of one that was tried once is no fault."""
    cases = 'question("rows", [np.eye(3)], [np.arange(6.0).reshape(2, 3)]{more})\n'
    more = ', equivalents=[author.equivalent("for row in x: -> for row in total:", reason="so")]'
    matrix = tried(course, ROWS + JUDGED + cases.replace("{more}", more))
    assert {trial.mutant.line for trial in matrix.trials} == {14}
    assert list(problems(matrix, "")) == []
    everything = tried(course, ROWS.replace("  # SOLUTION", "") + JUDGED + cases.replace("{more}", ""))
    assert {trial.mutant.line for trial in everything.trials} == {12, 13, 14, 15}


def test_what_to_do_is_said_once(course: Path) -> None:
    matrix = tried(
        course, TWICE + JUDGED + 'question("twice", [1.5], [0.0, 2.0])\n'.replace("0.0, 2.0", "0.0")
    )
    told = list(problems(matrix, "solutions/tiny.py"))
    assert len(told) > 2
    assert ["Add hidden cases that do" in each for each in told] == [False] * (len(told) - 1) + [True]


def test_a_mutant_that_hangs_or_dies_is_killed(course: Path) -> None:
    """A hang in a public case does not keep a hidden one from being asked."""
    matrix = tried(
        course,
        """
# %% question="three"
def three(x):
    if x is None:
        os._exit(1)
    items = []
    while len(items) < 3:
        items.append(x)
    return items
"""
        + JUDGED
        + 'question("three", [1.5, 2.5], [2.0, 4.0])\n',
    )
    assert killers(matrix, "items.append(x) -> pass") == ["public 0", "hidden 0"]
    assert killers(matrix, "x is None -> x is not None") == ["public 0", "hidden 0"]
    assert killers(matrix, "len(items) < 3 -> len(items) < 4") == [
        "public 0",
        "public 1",
        "hidden 0",
        "hidden 1",
    ]
    assert set(fates(matrix, Fate.SURVIVOR)) == {
        "if x is None: -> pass",
        "os._exit(1) -> pass",
        "os._exit(1) -> os._exit(2)",
        "os._exit(1) -> os._exit(0)",
        "os._exit(1) -> os._exit(-1)",
    }


def test_another_shape_is_noticed(course: Path) -> None:
    matrix = tried(
        course,
        TWICE + JUDGED + 'question("twice", [np.eye(2)], [np.eye(2), np.arange(6.0).reshape(2, 3)])\n',
    )
    assert killers(matrix, "2 * x -> (2 * x).T") == ["hidden 1"]
    assert fates(matrix, Fate.SURVIVOR) == []


def test_changed_arguments_are_noticed_where_they_cost_a_step(course: Path) -> None:
    text = """
# %% question="first"
def first(x):
    y = x.copy()
    y[0] = 0.0
    return y
"""
    question = 'question("first", [np.ones(3)], [np.arange(3.0) - 4])\n'
    change = "x.copy() -> x"
    assert killers(tried(course, text + JUDGED + question), change) == []
    steps = JUDGED.replace("1)]", "1), author.arguments_unchanged(1)]")
    assert killers(tried(course, text + steps + question), change) == ["public 0", "hidden 0"]


def test_properties_tests_and_variables_kill_too(course: Path) -> None:
    """A mutant of a function is killed by a question that uses it, and by nothing that does not."""
    matrix = tried(
        course,
        TWICE
        + """
# %% question="half"
def half(x):
    return x / 4  # SOLUTION

# %% question="result"
result = twice(number)  # SOLUTION
"""
        + JUDGED
        + """
@author.test_case(name="not four", hidden=True)
def test_not_four(twice):
    assert twice(2.0) + twice(0.0) == 4
ODD = author.property("odd", hidden=True, args=(1.0,), holds=lambda f, x: f(-x) == -f(x), feedback="It is not.")
question("twice", [2.0], [2.0], properties=[ODD], tests=[test_not_four])
question("half", [2.0], [3.0])
OTHER = author.data("other", lambda rng: {"number": 7.0})
author.question("result", steps=STEPS, cases=[
    author.case("own", hidden=False, variable="result"),
    author.case("other", hidden=True, variable="result", data=OTHER),
])
""",
    )
    (trial,) = [trial for trial in matrix.trials if trial.mutant.change == "2 * x -> 2 + x"]
    assert trial.killed_by == {
        ("twice", "public 0"): False,
        ("twice", "hidden 0"): False,
        ("twice", "odd"): True,
        ("twice", "not four"): True,
        ("result", "own"): True,
        ("result", "other"): True,
    }
    assert trial.killed_elsewhere
    assert killers(matrix, "twice(number) -> number") == ["own", "other"]
    assert fates(matrix, Fate.SURVIVOR) == []


def test_any_form_of_the_input_is_right(course: Path) -> None:
    """As when a submission is judged: the form that is right for a public case is used for the hidden ones."""
    matrix = tried(
        course,
        """
# %% question="total"
def total(xs):
    return np.sum(np.array(xs))
"""
        + JUDGED
        + 'question("total", [[1.0, 2.0]], [[3.0, 5.0]], forms={"an array": lambda xs: (np.array(xs),)})\n',
    )
    assert killers(matrix, "np.array(xs) -> xs") == []
    assert killers(matrix, "np.sum(np.array(xs)) -> np.mean(np.array(xs))") == ["public 0", "hidden 0"]


def test_a_reference_that_is_never_the_same_is_refused(course: Path) -> None:
    text = '\n# %% question="draw"\ndef draw(x):\n    return np.random.default_rng().normal()\n'
    with pytest.raises(AuthoringError, match="the reference of question `draw` is wrong for `public 0`"):
        tried(course, text + JUDGED + 'question("draw", [1.0], [2.0])\n')


def test_a_process_that_ends_is_told(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(course, TWICE + SURVIVES.replace("{more}", ""))
    monkeypatch.setattr(master, "pack", lambda _: b"{}")
    with pytest.raises(SandboxError, match="the process that tries the mutants has ended: KeyError"):
        kill_matrix(loaded)


@pytest.mark.parametrize(
    ("changes", "reason", "message"),
    [
        (["a - b"], "so", "`a - b` is no change of code"),
        (["a -> b"], " ", "an equivalent has no change, or no reason"),
        ([], "so", "an equivalent has no change, or no reason"),
    ],
)
def test_a_justification_says_what_and_why(changes: Sequence[str], reason: str, message: str) -> None:
    with pytest.raises(AuthoringError, match=message):
        author.equivalent(*changes, reason=reason)


# ---------------------------------------------------------------- what is shown


@pytest.fixture
def matrix(course: Path) -> KillMatrix:
    more = ', equivalents=[author.equivalent("2 * x -> 2 + x", reason="only 2 is asked")]'
    return tried(course, TWICE + SURVIVES.replace("{more}", more))


def test_the_csv_has_a_row_for_each_mutant(matrix: KillMatrix) -> None:
    rows = list(csv.DictReader(io.StringIO(mutants_csv(matrix).decode())))
    assert len(rows) == len(matrix.trials)
    (row,) = [row for row in rows if row["new"] == "2 + x"]
    assert row == {
        "question": "twice",
        "line": "12",
        "kind": "operator",
        "old": "2 * x",
        "new": "2 + x",
        "twice: public 0 (public)": "killed",
        "twice: hidden 0": "survived",
        "status": "equivalent",
        "reason": "only 2 is asked",
    }
    assert {row["status"] for row in rows} == {"killed", "equivalent"}


def test_the_table_counts_by_kind_and_case(matrix: KillMatrix) -> None:
    (table,) = kill_tables(matrix, 160)
    assert not isinstance(table, str)
    cells = [list(column.cells) for column in table.columns]
    rows = {row[0]: row[1:] for row in zip(*cells, strict=True)}
    assert [column.header for column in table.columns] == [
        "mutation", "public 0 (public)", "hidden 0", "other questions", "equivalent", "killed",
    ]  # fmt: skip
    assert rows["operator"] == ("2", "1", "-", "1", "1/2")
    assert rows["constant"] == ("5", "5", "-", "-", "5/5")
    assert rows["all"] == ("11", "10", "-", "1", "10/11")


def test_a_narrow_table_has_a_legend(matrix: KillMatrix) -> None:
    table, legend = kill_tables(matrix, 40)
    assert not isinstance(table, str)
    assert [column.header for column in table.columns][1:3] == ["1", "2"]
    assert legend == "1 public 0 (public); 2 hidden 0\n"


def test_the_picture_is_the_same_each_time_and_can_be_searched(matrix: KillMatrix) -> None:
    picture = kill_picture(matrix)
    assert picture == kill_picture(matrix)
    texts = [element.text for element in ElementTree.fromstring(picture).iter() if element.text]
    for wanted in ("twice", "hidden 0", "public 0 (public)", "operator  2", "line 12:  2 * x  →  2 + x"):
        assert wanted in texts
    assert kill_picture(matrix, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("more", ["", ', equivalents=[author.equivalent("2 * x -> 2 + x", reason="so")]'])
def test_the_command_prints_and_writes_it(course: Path, more: str) -> None:
    load(course, TWICE + SURVIVES.replace("{more}", more))
    CliRunner().invoke(main, ["build", "--course", str(course)], catch_exceptions=False)
    output = course / "out"
    arguments = ["verify", "--course", str(course), "-o", str(output)]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == (0 if more else 1), result.output
    mark = "yes" if more else "no "
    assert (
        f"{mark}  tiny: every mutant of the reference is killed by a hidden case, or equivalent"
        in result.output
    )
    assert ('equivalents=[author.equivalent("2 * x -> 2 + x", reason="...")]' in result.output) is not bool(
        more
    )
    assert "other questions   equivalent" in result.output
    assert sorted(path.name for path in output.iterdir()) == ["tiny-mutants.csv", "tiny-mutants.svg"]
    assert f"wrote {output / 'tiny-mutants.csv'}" in result.output
