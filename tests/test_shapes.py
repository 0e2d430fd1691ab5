"""Exceptions explained by the shapes on the line where they arose."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import kit, master
from autograder.feedback import problem_text
from autograder.judge import Judge
from autograder.model import Problem, ProblemKind, Verdict
from autograder.sandbox import Sandbox
from autograder.shapes import explained
from autograder.submission import Submission
from autograder.verify import leaks
from autograder.worker import Worker

from .conftest import QUICK, ROOT, JudgeCells

GIVEN = {
    "np": np,
    "K": np.ones((4, 6)),
    "Q": np.ones((4, 6)),
    "W": np.ones((8, 8)),
    "b": np.ones((4, 1)),
    "v": np.ones(6),
    "cube": np.ones((2, 3, 4)),
    "tokens": [np.ones((4, 1))] * 3,
    "N": 6,
}


class Described(Worker):
    """Describes exceptions as a worker does, without a shell."""

    def __init__(self) -> None:
        self.cell = 1


def problem_of(code: str) -> Problem:
    """Return the problem of a cell that raises, as the judge hears of it."""
    try:
        exec(compile(code, "<cell 1>", "exec"), dict(GIVEN))
    except Exception as error:
        told: Any = Described().describe(error)
        return Problem(
            kind=ProblemKind.EXCEPTION,
            type=told["type"],
            message=told["message"],
            cell=told["cell"],
            line=told["line"],
            shapes=tuple((name, tuple(shape)) for name, shape in told["shapes"]),
        )
    raise AssertionError("it does not raise")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("K @ Q", "In `K @ Q` (code cell 1, line 1), `K` is (4, 6) and `Q` is (4, 6): the columns of the first (6) must be as many as the rows of the second (4)."),
        ("x = 1\nif x:\n    y = np.exp(W @ np.sqrt(K.T @ Q))", "In `W @ np.sqrt(K.T @ Q)` (code cell 1, line 3), `W` is (8, 8) and `np.sqrt(K.T @ Q)` is (6, 6)"),
        ("def f(a, c):\n    for i in range(3):\n        a = a @ c\nf(K, K)", "In `a @ c` (code cell 1, line 3), `a` is (4, 6) and `c` is (4, 6)"),
        ("[k @ K for k in (K,)]", "In `k @ K` (code cell 1, line 1), `k` is (4, 6)"),
        ("np.dot(K, Q)", "In `np.dot(K, Q)` (code cell 1, line 1), `K` is (4, 6)"),
        ("K.dot(Q)", "In `K.dot(Q)` (code cell 1, line 1), `K` is (4, 6)"),
        ("np.matmul(K, K)", "In `np.matmul(K, K)`"),
        ("K.T @ v", "the last size of the first (4) must be that of the rows of the second"),
        ("K @ N", "`N` is a single number: a matrix product takes no single numbers; `*` does."),
        ("(W @ W) @ tokens[0]", "each row of the first matrix has 8 numbers, and each column of the second has 4"),
        ("(\n  K\n  @\n  Q)", "In `K @ Q`"),
        ("K + W", "In `K + W` (code cell 1, line 1), `K` is (4, 6) and `W` is (8, 8): entry by entry, sizes must be equal or 1"),
        ("K * tokens[0].T", "Arrays of the shapes (4, 6) and (1, 4) are combined entry by entry, which cannot be"),
        ("v * np.ones(2)", "Arrays of the shapes (6,) and (2,)"),
        ("b += K", "In `b += K` (code cell 1, line 1), `b` is (4, 1) and `K` is (4, 6)"),
        ("b[...] += K", "An array of shape (4, 1) is changed in place, and the result has shape (4, 6)"),
        ("K[:, 0] = b", "What is put into the array has shape (4, 1), and the place where it goes has shape (4,)"),
        ("np.einsum('ij,jk', K, Q)", "A letter of `np.einsum` stands for axes of different lengths"),
        ("np.einsum('ijk,jk', K, Q)", "as many letters for an operand as that has axes"),
        ("np.vstack((K, W))", "along axis 1 one has size 6 and another 8: are they joined along the other axis? On its line, `K` is (4, 6) and `W` is (8, 8)."),
        ("np.concatenate((K, v))", "must have the same number of axes"),
        ("np.stack((K, W))", "must all have the same shape"),
        ("np.concatenate(())", "The list of what is joined is empty."),
        ("np.concatenate((1, 2))", "Single numbers cannot be joined"),
        ("K.reshape(6, 6)", "The array has 24 numbers, and the shape (6, 6) has place for 36"),
        ("np.array([K, v])", "An array is made of things of different shapes"),
        ("v[0] = K", "A whole array is put where a single number goes."),
        ("K[:, 6]", "Axis 1 has 6 places, and they are numbered from 0 to 5: 6 is none of them. On its line, `K` is (4, 6)."),
        ("tokens[3]", "The list is shorter than that"),
        ("v[0, 0]", "The array has 1 axes, and 2 indices are given."),
        ("v.sum(axis=1)", "The array has 1 axes, counted from 0, so that there is no axis 1."),
        ("cube.transpose(0, 1)", "A transposition must name each axis"),
        ("if K > 0: pass", "A condition is about a whole array"),
        ("def g(a): return a\ng(1, 2)", "Compare that call of `g` with its `def` line"),
        ("def g(a): return a\ng()", "In that call of `g`, nothing is given for `a`"),
        ("D, N, H = K.shape", "There are 3 names on the left of `=`"),
        ("D, N = cube.shape", "There are 2 names on the left of `=`"),
        ("tokens.T", "That is a Python list, not an array"),
        ("tokens[0, 1]", "That is a Python list, not an array"),
        ("tokens @ tokens", "A list cannot be computed with as a whole"),
        ("None + K", "is `None`"),
        ("np.sort_(K)", ""),
        ("1 / 0", ""),
    ],
)  # fmt: skip
def test_what_an_exception_is_about(code: str, words: str) -> None:
    said = explained(problem_of(code), [code])
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("Q @ K", "With one of them transposed, the sizes would fit: whether the equation asks for that, tell from what"),
        ("wide = np.ones((6, 8))\nW @ wide", "With the second transposed, or in the other order, the sizes would fit"),
        ("np.ones((3, 3)) @ np.ones((4, 3))", ""),
        ("a = np.ones((3, 3)); b = np.ones((4, 3))\na @ b", "With the second transposed, or in the other order, the sizes"),
        ("a = np.ones((6, 8)); b = np.ones((4, 8))\na @ b", "With the second transposed, the sizes would fit"),
        ("a = np.ones((6, 8)); b = np.ones((6, 4))\na @ b", "With the first transposed, the sizes would fit"),
        ("a = np.ones((6, 8)); b = np.ones((5, 6))\na @ b", "In the other order, the sizes would fit"),
        ("a = np.ones((6, 8)); b = np.ones((5, 7))\na @ b", "as the rows of the second (5)."),
        ("a = np.ones((6, 8)); b = np.ones((1, 7))\na @ b", "as the rows of the second (1)."),
        ("wide = np.hstack((K, Q))\nW @ wide", "it looks as if arrays were put side by side that belong on top of each other."),
        ("X = np.ones((8, 6))\nX.T, W @ (K + Q)", "The second has only 4 of 8 rows: is only a part of it there, e.g. because of a `return` or this product inside of a loop, or of a sum where arrays should be stacked?"),
        ("odd = np.ones((4, 5))\nW @ odd", "is only a part of it there"),
        ("exp(K)", "NumPy has a function of that name: by itself it is not known, but as `np.exp`."),
        ("math.exp(1)", "`math` is not imported: an `import` of it must run before."),
        ("plt.plot(v)", "`plt` is not imported: `import matplotlib.pyplot as plt` must run before."),
        ("if N > 6: import numpy as nump\nnumpy.exp(K)", "`numpy` is imported under the name `nump` here, and not as `numpy`."),
        ("if N > 6: import math\nmath.exp(1)", "The import of `math` has not run when this does"),
        ("torch.tensor(K)", "`torch` is not there: the grader has only NumPy, Matplotlib"),
        ("math.x = math", "`math` is not imported"),
        ("x = heads.T", ""),
        ("softmax_cols(K)", ""),
        ("np.zeros(K.shape + (2,)) * v[:5]", "Arrays of the shapes (4, 6, 2) and (5,)"),
        ("K + heads", ""),
        ("K.exp()", "An array has no method `exp`: NumPy has a function for that, `np.exp(x)`."),
        ("K.softmax()", "An array has nothing called `softmax`, nor has NumPy a function of that name"),
        ("K.sum(dim=0)", "`dim=` is PyTorch's word: NumPy's functions that work along an axis say `axis=`."),
        ("np.sum(K, dim=0)", "say `axis=`."),
        ("np.exp(K, dim=0)", "say `axis=`."),
        ("np.max(K, axis=0, keepdim=True)", "`keepdim=` is PyTorch's word: NumPy's functions that work along an axis say `keepdims=`."),
        ("def g(a): return a\ng(1, dim=0)", "`g` has no argument called `dim`: compare that call with its `def` line."),
        ("np.vstack(K, Q)", "`np.vstack` takes one list or tuple of all the arrays, and here 2 things are handed over one by one."),
        ("np.hstack(K, Q, K)", "`np.hstack` takes one list or tuple of all the arrays, and here 3 things"),
        ("np.concatenate(K, Q)", "The second argument of `np.concatenate` is an axis: all the arrays belong into one list or tuple"),
        ("np.stack(K, Q)", "The second argument of `np.stack` is an axis"),
        ("range(K)", "An array stands where a whole number is needed"),
        ("np.zeros(3, 4)", "All sizes of an array belong into one tuple"),
        ("K / np.sqrt(Q.shape)", "`Q.shape` is a tuple of all sizes of the array, and only one of them can be meant here"),
        ("K.T @ Q / np.sqrt(Q.shape)", "`Q.shape` is a tuple of all sizes"),
        ("N / Q.shape", "`Q.shape` is a tuple of all sizes"),
        ("s = Q.shape\nN / s", "A tuple, such as a shape, cannot be computed with as a whole"),
        ("tokens - 0.5", "A list cannot be computed with as a whole: turn it into an array, or go through it item by item."),
        ("tokens / tokens", "A list cannot be computed with as a whole"),
        ("-tokens", "A list cannot be computed with as a whole"),
        ("tokens * 0.5", "A list cannot be computed with as a whole"),
        ("tokens + 0.5", "With a list, `+` puts another list at its end"),
        ("import math\nmath.exp([1.0])", "The functions of `math` take one number, and this is a list"),
        ("random(K)", ""),
        ("def g(a, c, d): return a\ng(1)", "In that call of `g`, nothing is given for `c` and `d`: compare it with its `def` line."),
        ("def g(*, a): return a\ng()", "In that call of `g`, nothing is given for `a`"),
        ("np.dot(K)", "In that call of `dot`, nothing is given for `b`: compare it with what NumPy says about `dot`."),
        ("def g(a): return a\ng(1, a=2)", "`g` gets `a` twice, by its place and by its name"),
        ("... * tokens", "A blank is still open"),
        ("(...).shape", "A blank is still open"),
    ],
)  # fmt: skip
def test_what_an_exception_says_of_the_next_step(code: str, words: str) -> None:
    problem = problem_of(code)
    assert words in explained(problem, [code])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import no_such_package", "The grader has only NumPy, Matplotlib and what the assignment asks for: do without"),
        ("from numpy import softmax", "`numpy` has nothing called `softmax` here: is it spelled so"),
        ("np.softmax(K)", "nothing called `softmax`: is it a function of another package or of your notebook"),
        ("heads", "That name does not exist when the code runs"),
        ("K(0)", "round brackets stand where square ones"),
        ("import math\nmath.exp(K)", "take arrays, entry by entry."),
    ],
)  # fmt: skip
def test_what_is_said_beside_an_exception(code: str, words: str) -> None:
    assert words in problem_text(problem_of(code), [code])
    assert words not in problem_text(problem_of(code), [code], hidden=True)


@pytest.mark.parametrize(
    "code",
    ["... * tokens", "(...).shape", "exp(K)", "b = None\nb()", "tokens - 0.5", "np.concatenate(K, Q)", "K @ Q"],
)  # fmt: skip
def test_an_exception_is_put_into_words_once(code: str) -> None:
    problem = problem_of(code)
    assert explained(problem, [code])
    assert problem_text(problem, [code]).endswith(f"(code cell 1, line {problem.line}).")


def test_without_a_place_or_shapes_the_message_has_to_do() -> None:
    whole = problem_of("K @ Q")
    for problem, source in (
        (replace(whole, cell=0), "K @ Q"),
        (replace(whole, cell=7), "K @ Q"),
        (replace(whole, line=9), "K @ Q"),
        (replace(whole, shapes=()), "K @ Q"),
        (whole, "K @"),
        (whole, "K" + ".T" * 30000 + " @ Q"),
        (replace(whole, shapes=(("K", (4, 4)), ("Q", (4, 6)))), "K @ Q"),
    ):
        assert explained(problem, [source]).startswith("In that product, each row of the first matrix has 6")
    assert explained(replace(whole, kind=ProblemKind.TIMEOUT), ["K @ Q"]) == ""


@pytest.fixture(scope="module")
def mix(sandbox: Sandbox) -> Any:
    """Judge a body of the function `mix` of the small course."""
    loaded = master.load("mixing", ROOT / "tests" / "course")
    questions = tuple(
        replace(question, equation="The values are (D, N).") for question in loaded.assignment.questions
    )
    judge = Judge(
        replace(loaded.assignment, limits=QUICK, questions=questions), sandbox, kit.student_cells(loaded)
    )

    def judged(body: str) -> Verdict:
        cells = [cell for cell in kit.solved_cells(loaded) if "def mix" not in cell]
        cells.insert(1, f"def mix(X, omega):\n    {body}")
        return judge.judge(Submission(name="test", cells=tuple(cells))).verdicts[1]

    return judged


def test_a_public_case_tells_the_shapes_and_the_equation(mix: Any) -> None:
    found = mix("values = omega @ X\n    return values + values.T")
    assert (
        "In `values + values.T` (code cell 2, line 3), `values` is (4, 3) and `values.T` is (3, 4): entry by entry, "
        "sizes must be equal or 1, counted from the last one. Is a matrix product meant, or is one of them "
        "transposed? The values are (D, N).\n"
    ) in found.feedback
    assert {step.reason for step in found.steps if not step.points} >= {"shapes do not fit"}


def test_shapes_are_told_beside_a_misconception_that_raises(mix: Any) -> None:
    found = mix("values = omega @ X\n    return values @ values")
    assert found.misconceptions == ("attention over dimensions",)
    assert "In `values @ values` (code cell 2, line 3), `values` is (4, 3)" in found.feedback


def test_an_equation_must_not_be_the_solution() -> None:
    loaded = master.load("mixing", ROOT / "tests" / "course")
    questions = tuple(
        replace(question, equation="First comes values = omega @ X.")
        for question in loaded.assignment.questions
    )
    told = list(leaks(replace(loaded, assignment=replace(loaded.assignment, questions=questions))))
    assert "students can read `values=omega@X` in the equation of `mix`" in "\n".join(told)


def test_a_wrong_shape_tells_the_equation(mix: Any) -> None:
    found = mix("return (omega @ X)[1:]")
    assert found.feedback.splitlines()[1] == "The values are (D, N)."
    assert found.steps[0].reason == "the wrong shape"


def test_wrong_arguments_are_told_in_their_order(mix: Any) -> None:
    found = mix("return 0\ndef mix(X): return X")
    assert "`mix` is called with 2 arguments, in this order: `X`, `omega`." in found.feedback


def test_a_hidden_case_tells_no_shapes(mix: Any) -> None:
    found = mix("return X[:3] @ X if X.shape[1] == 5 else omega @ X")
    assert "(3, 5)" not in found.feedback
    found = mix("softmax_cols(X) if X[0, 0] == globals()['X'][0, 0] else X @ X\n    return X + 0 * X[0]")
    assert not re.search(r"\(4, 3\)|line|matmul|The values", found.feedback.replace("`X`", ""))


@pytest.mark.parametrize(
    ("imports", "words"),
    [
        ("from scipy_.special import softmax", "`softmax` is not there, since the import from `scipy_` failed: the grader has only"),
        ("from numpy import softmax", "`softmax` is not there, since its import failed: `numpy` has nothing of that name."),
        ("import numpy", "`numpy` is imported under its own name here, and not as `np`."),
    ],
)  # fmt: skip
def test_a_name_is_not_there_because_its_import_failed(
    judge_cells: JudgeCells, imports: str, words: str
) -> None:
    used = "softmax(d)" if "softmax" in imports else "np.exp(d)"
    found = judge_cells("multihead_attention", imports, f"def softmax_cols(d):\n    return {used}").verdicts[
        0
    ]
    assert words in found.feedback
    assert "That name does not exist" not in found.feedback


FORGING = """import sys
def softmax(items_in):
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Worker":
        frame = frame.f_back
    frame.f_locals["self"].describe = lambda error: {FORGED}
    return items_in @ bad
bad = [1]
"""
MESSAGE = "matmul: (size 4 is different from 6)"
SHAPES: list[Any] = [
    None, 7, {"a": 1}, ["x"] * 3, [["items_in"]], [["items_in", [-1]]], [["items_in", [10**30, 2]]],
    [["items_in", ["a"]]], [["items_in", [True]]], [["items_in", [1] * 9]], [["**bold** `", [3]]], [["a" * 500, [3]]],
    [["\x1b[31m", [3]]], [["items_in", [3]]] * 1000, [["items_in", [2, 3]], ["bad", [2, 3]], ["bad\n", [1]]],
]  # fmt: skip


@pytest.mark.parametrize("shapes", SHAPES)
def test_forged_shapes_say_nothing_that_is_not_on_the_line(judge_cells: JudgeCells, shapes: Any) -> None:
    forged = {"type": "ValueError", "message": MESSAGE, "cell": 1, "line": 7, "shapes": shapes}
    result = judge_cells("self_attention", FORGING.replace("{FORGED}", repr(forged)))
    found = result.verdicts[1]
    assert found.points == 0
    told = found.feedback + "".join(step.reason for step in found.steps)
    assert "**" not in told
    assert "aaaa" not in told
    assert "\x1b" not in told
    assert "True" not in told
    assert len(told) < 3000


def test_a_forged_exception_has_no_words_in_the_reasons(judge_cells: JudgeCells) -> None:
    forged = {"type": "X" * 90, "message": "`**reason**`\n" * 50, "cell": 1, "line": 7}
    found = judge_cells("self_attention", FORGING.replace("{FORGED}", repr(forged))).verdicts[1]
    assert {step.reason for step in found.steps} <= {"raises an exception", "nothing without the rest"}
