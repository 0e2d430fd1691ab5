"""Reading and rewriting cells as syntax trees."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from autograder import cells


def test_magics_are_translated() -> None:
    source = (
        "%%time\n%matplotlib inline\nfiles = !ls\nx = 1\nif x:\n    !pip install numpy\nx?\ny = await f()"
    )
    tree = cells.parse(source)
    assert tree is not None
    assert [statement.lineno for statement in tree.body] == [1, 2, 3, 4, 5, 7, 8]
    assert cells.after(source, 3) == "#\n#\n#\nx = 1\nif x:\n    !pip install numpy\nx?\ny = await f()"


def test_a_cell_in_another_language_has_no_tree() -> None:
    assert cells.parse("%%bash\nls -l") is None


def test_reading_takes_time_in_proportion() -> None:
    """Neither many magics nor deep expressions nor huge numbers stop the reader."""
    for source in ("x = (1, 2, 3)\n" * 8000 + "!ls\n" * 1000, "X = 1" + "+1" * 600, "X = 0x" + "f" * 5000):
        rebound = cells.rebind(source, ["X"], "HELD")
        assert rebound.count("HELD") == source.count("X = ")
        cells.same_definition([f"def f():\n    {source}"], [f"def f():\n    {source}"], "f")


@pytest.mark.parametrize(
    "source",
    [
        "a = 1; X = 2",
        "if True:\n    a = 1 ; X = 2 ; b = 3",
        "a = [1,\n     2]; X = 2; Y = 3",
        "if 1: a = 1; X = 2",
    ],
)
def test_statements_that_share_a_line_are_rebound_behind_it(source: str) -> None:
    namespace: dict[str, object] = {"HELD": {"X": 5}}
    exec(cells.rebind(source, ["X"], "HELD"), namespace)
    assert namespace["X"] == 5


@pytest.mark.parametrize("source", ["x = = 1", "def f(", "\0", "(" * 500, "x = '\ud800'"])
def test_what_is_not_valid_has_no_tree(source: str) -> None:
    assert cells.parse(source) is None
    assert cells.after(source, 1) == ""


def test_after_and_without_keep_the_lines() -> None:
    source = "a = 1\nb = [\n  2,\n]\n@f\ndef c():\n    pass\nd = 4"
    assert cells.after(source, 3) == "#\n#\n#\n#\n@f\ndef c():\n    pass\nd = 4"
    assert cells.without(source, 3) == "a = 1\n#\n#\n#\n@f\ndef c():\n    pass\nd = 4"
    assert cells.without(source, 5) == "a = 1\nb = [\n  2,\n]\n#\n#\n#\nd = 4"
    assert cells.after(source, 8) == ""


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("X = draw()", [7]),
        ("X, Y = draw(), 2", [7]),
        ("X = []\nfor i in range(3):\n    X.append(i)", [7]),
        ("X = [0]\nX[0] = 3", [7]),
        ("X = [1]\nX += [2]", [7]),
        ("X = draw()\nX = X + [8]", [7, 8]),
        ("X = draw()\nX.reverse()\nZ = X[0]", [7]),
        ("def f():\n    X = 3\nX = 'own'", [7]),
        ("if True:\n    X = draw()\n    Z = X[0]\nassert Z == 7", [7]),
        ("try:\n    X = draw()\nfinally:\n    pass", [7]),
        ("%%time\nX = draw()", [7]),
        ("Y = 3", None),
    ],
)
def test_data_are_replaced_where_a_notebook_makes_them(source: str, value: Any) -> None:
    namespace: dict[str, Any] = {"HELD": {"X": [7]}, "draw": lambda: [1, 2]}
    exec(cells.rebind(source, ["X"], "HELD").replace("%%time", ""), namespace)
    assert namespace.get("X") == value


def test_each_replacement_is_a_fresh_copy() -> None:
    held = {"X": [1]}
    namespace: dict[str, Any] = {"HELD": held}
    exec(cells.rebind("X = 0\nX.pop()", ["X"], "HELD"), namespace)
    assert held == {"X": [1]}


def test_invalid_code_is_left_as_it_is() -> None:
    assert cells.rebind("x = = 1", ["x"], "HELD") == "x = = 1"


NOTEBOOK = [
    "N = 3\nD = 4",
    "def helper(a):\n    return a * N",
    "def f(X):\n    D = X.shape[0]\n    return helper(X) / D",
    "def g(X):\n    return X / D",
]


@pytest.mark.parametrize(
    ("function", "read"), [("f", ["N"]), ("g", ["D"]), ("helper", ["N"]), ("absent", [])]
)
def test_globals_are_found_through_helpers(function: str, read: list[str]) -> None:
    assert cells.globals_read(NOTEBOOK, function, ["D", "N", "H"]) == read


def test_comments_do_not_make_another_definition() -> None:
    assert cells.same_definition(["def f(x):\n    return ..."], ["def f(x):  # todo\n    return ..."], "f")
    assert not cells.same_definition(["def f(x):\n    return ..."], ["def f(x):\n    return x"], "f")
    assert not cells.same_definition(["def f(x):\n    return ..."], [], "f")


@pytest.mark.parametrize(
    ("body", "is_open"),
    [
        ("x = ...", True),
        ("return ...", True),
        ("...", True),
        ("return x[..., 0]", False),
        ("return x", False),
    ],
)
def test_open_blanks(body: str, is_open: bool) -> None:
    definition = cells.definition_of([f"def f(x):\n    {body}"], "f")
    assert definition is not None
    assert cells.has_open_blank(definition) is is_open


@pytest.mark.parametrize(
    "hostile",
    [
        lambda n: cells.parse("1 1\n" + "\n" * n + "x y"),
        lambda n: cells.parse("1 1\n" + " " * n + "x y"),
        lambda n: cells.parse("1 1\n" + "x, " * n + "y"),
        lambda n: cells.rebind("Ox = 1\n" + ";".join(["Ox"] * (n // 10)), {"X"}, "D"),
        lambda n: cells.globals_read(
            ["def f():\n return " + "+".join(f"a{k}" for k in range(n // 100))] * 20, "f", {"N"}
        ),
    ],
)
def test_reading_a_hostile_cell_takes_time_in_proportion_to_its_size(
    hostile: Callable[[int], object],
) -> None:
    def seconds(n: int) -> float:
        started = time.perf_counter()
        hostile(n)
        return time.perf_counter() - started

    seconds(1000)
    assert min(seconds(80_000), seconds(80_000)) < 40 * max(
        seconds(10_000), 0.001
    )  # squared, it would be 64 times


@pytest.mark.parametrize("length", [100, 500, 1000, 1500, 2000])
def test_a_chain_of_elifs_can_be_read_however_long_it_is(length: int) -> None:
    chain = "X = 1\nif X == 0:\n    X = 1\n" + "elif X == 0:\n    X = 1\n" * length
    rebound = cells.rebind(chain, ["X"], "HELD").split("\n")
    assert rebound[1].startswith("X = __import__")
    assert rebound[4].startswith("    X = __import__")
    assert len(rebound) < len(chain.split("\n")) + 2 * cells.MAX_BLOCKS


@pytest.mark.parametrize(
    ("cell", "calls"),
    [
        ("import math\nmath.exp(a)", True),
        ("from math import exp\nexp(a)", True),
        ("from numpy import exp\nexp(a)", False),
        ("import math\nfloat(a)", False),
    ],
)
def test_a_line_that_calls_a_function_of_math(cell: str, calls: bool) -> None:
    assert cells.calls_math([cell], 1, 2) is calls
    assert not cells.calls_math([cell], 0, 0)


def test_few_trees_are_kept_whoever_wrote_the_cells() -> None:
    """A class of hostile notebooks shall not fill the judge's memory."""
    first = cells.parse("first = 1")
    assert cells.parse("first = 1") is first
    for number in range(1 + cells.MAX_KEPT // 10_000):
        cells.parse(f"a = {number}  #".ljust(10_000))
    assert cells.parse("first = 1") is not first
    assert cells.parse("a = 1  #".ljust(cells.MAX_KEPT + 1)) is not None
