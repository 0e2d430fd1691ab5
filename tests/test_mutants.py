"""Which mutants are made of a cell, and how each is called."""

from __future__ import annotations

import ast

import pytest

from autograder.master import read_cells
from autograder.mutants import mutants_of


def made(body: str, *, before: str = "") -> set[tuple[str, str]]:
    """Return kind and change of the mutants of a cell, dropped statements and mistaken names aside."""
    cells = read_cells(f'{before}\n# %% question="q"\n{body}\n', "solutions/q.py")
    found = mutants_of(cells)
    assert len({mutant.source for mutant in found}) == len(found)
    for mutant in found:
        ast.parse(mutant.source)
    return {(mutant.kind, mutant.change) for mutant in found if mutant.kind not in ("statement", "name")}


def of_function(expression: str) -> set[tuple[str, str]]:
    return made(f"def q(a, b):\n    print({expression}, 3)\n    return [{expression}]")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", {("operator", "a - b"), ("operator", "a * b"), ("operands", "a"), ("operands", "b")}),
        ("a / b", {("operator", "a * b"), ("operator", "a - b"), ("operands", "b / a"), ("operands", "a"), ("operands", "b")}),
        ("a @ b", {("operator", "a * b"), ("operands", "b @ a"), ("operands", "a"), ("operands", "b"),
                   ("transpose", "a.T @ b"), ("transpose", "a @ b.T")}),
        ("a.T", {("transpose", "a")}),
        ("a < b", {("comparison", "a <= b"), ("comparison", "a > b")}),
        ("a and b", {("condition", "a or b")}),
        ("-a", {("operator", "a")}),
        ("not a", {("operator", "a")}),
        ("a if b else 3", {("condition", "a if not b else 3"), *(("constant", f"a if b else {n}") for n in (4, 2, 0, 1, -3, 6))}),
        ("np.sum(a, axis=0)", {("axis", "np.sum(a, axis=1)"), ("axis", "np.sum(a)"), ("function", "np.mean(a, axis=0)"), ("call", "a")}),
        ("a.max(axis=1)", {("axis", "a.max(axis=0)"), ("axis", "a.max()"), ("function", "a.min(axis=1)"), ("call", "a")}),
        ("a.sum(axis=-1)", {("axis", "a.sum(axis=0)"), ("axis", "a.sum()"), ("function", "a.mean(axis=-1)"), ("call", "a")}),
        ("np.exp(a)", {("function", "np.exp2(a)"), ("call", "a")}),
        ("np.vstack(a)", {("function", "np.hstack(a)"), ("call", "a")}),
        ("np.sqrt(a)", {("call", "a")}),
        ("max(a)", {("function", "min(a)"), ("call", "a")}),
        ("f(a, b, c)", {("arguments", "f(b, a, c)"), ("arguments", "f(a, c, b)"), ("arguments", "f(a, b)"), ("call", "a")}),
        ("f(a, keepdims=True)", {("arguments", "f(a)"), ("constant", "f(a, keepdims=False)"), ("call", "a")}),
        ("a[b]", {("slice", "a")}),
        ("a[b:]", {("slice", "a[:]"), ("slice", "a")}),
        ("a + 0.5", {("operator", "a - 0.5"), ("operator", "a * 0.5"), ("operands", "a"), ("operands", "0.5"),
                     *(("constant", f"a + {n}") for n in ("1.5", "-0.5", "0", "1"))}),
        ("'text'", set()),
        ("f'{a + 1}'", set()),
        ("True", {("constant", "[False]")}),
    ],
)  # fmt: skip
def test_expressions(expression: str, expected: set[tuple[str, str]]) -> None:
    """What is printed is no part of it, and a change is called by what is left of the expression."""
    found = {(kind, change.split(" -> ")[1]) for kind, change in of_function(expression)}
    assert found == expected


def test_statements_and_names() -> None:
    cells = read_cells(
        '# %% question="q"\ndef q(a, b=2):\n    """A text."""\n    c = a\n    for d in c:\n        c += d\n'
        "    print(d)\n    return c\n",
        "solutions/q.py",
    )
    found = {mutant.change for mutant in mutants_of(cells) if mutant.kind in ("statement", "name")}
    assert found == {
        "c = a -> pass", "for d in c: -> pass", "c += d -> pass", "return c -> pass",
        "c = a -> c = b", "c = a -> c = d", "for d in c: -> for d in d:", "for d in c: -> for d in b:",
        "c += d -> c += a", "c += d -> c += c", "return c -> return d", "return c -> return b",
    }  # fmt: skip
    assert {mutant.line for mutant in mutants_of(cells)} == {4, 5, 6, 8}


def test_an_assignment_with_an_operator() -> None:
    found = made("def q(a):\n    a += 1\n    return a")
    assert {change for kind, change in found if kind == "operator"} == {
        "a += 1 -> a -= 1",
        "a += 1 -> a *= 1",
        "a += 1 -> a = 1",
    }


def test_what_is_assigned_or_returned_is_transposed() -> None:
    found = made("def q(a):\n    b = a.T\n    c = f(b)\n    d = []\n    return c")
    assert {change for kind, change in found if kind == "transpose"} == {
        "a.T -> a",
        "f(b) -> f(b).T",
        "return c -> return c.T",
    }


def test_variables_are_mistaken_for_those_of_the_notebook() -> None:
    cells = read_cells(
        '# %% tags=["given"]\nimport numpy as np\nx = 1\ny = 2\n# %% question="q"\nq = np.exp(x)\n', "s"
    )
    found = {mutant.change for mutant in mutants_of(cells) if mutant.kind == "name"}
    assert found == {"np.exp(x) -> np.exp(y)", "np.exp(x) -> np.exp(q)"}


def test_two_changes_of_one_text_are_called_by_more_of_it() -> None:
    found = made("def q(a):\n    return f(a) + g(f(a))")
    assert ("call", "f(a) + g(f(a)) -> a + g(f(a))") in found
    assert ("call", "g(f(a)) -> g(a)") in found


def test_a_long_list_is_shown_where_it_differs() -> None:
    names = ", ".join(f"argument_{number}" for number in range(9))
    found = {change for kind, change in made(f"def q():\n    return f({names})") if kind == "arguments"}
    assert (
        "..., argument_3, argument_4, argument_5, argument_6, ... -> ..., argument_3, argument_5, argument_4, argument_6, ..."
        in found
    )
    assert "f(argument_0, argument_1, argument_2, ... -> f(argument_1, argument_0, argument_2, ..." in found


def test_what_is_no_python_has_no_mutants() -> None:
    assert mutants_of(read_cells('# %% question="q"\n???\n', "s")) == ()
