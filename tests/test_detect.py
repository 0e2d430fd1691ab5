"""What wrong answers look like where no misconception explains them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from autograder import kit, master
from autograder.detect import clashing_shapes, detected
from autograder.finding import judged
from autograder.judge import Judge
from autograder.model import CallCase, Problem, ProblemKind, Question, Step, Tolerance
from autograder.sandbox import Sandbox
from autograder.session import Answer
from autograder.submission import Submission

from .conftest import QUICK, ROOT

RNG = np.random.default_rng(0)
CASES = tuple(
    CallCase(
        name=str(index),
        hidden=index > 0,
        steps=("all",),
        arguments=(),
        sizes=(),
        expected=RNG.normal(size=shape),
        tolerance=Tolerance(),
    )
    for index, shape in enumerate([(3, 4), (3, 4), (4, 5)])
)
QUESTION = Question(name="f", steps=(Step(name="all", points=1),), cases=CASES)


def told(answers: list[object], source: str = "") -> str:
    found = []
    for case, value in zip(CASES, answers, strict=True):
        answer = value if isinstance(value, Answer) else Answer(found=True, value=value)
        found.append(judged(case, QUESTION, answer))
    return detected(QUESTION, found, [source])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda right: right.T, "the right one, transposed"),
        (lambda right: right[:, ::-1], "the right columns, in another order"),
        (lambda right: right[[1, 0, *range(2, len(right))]], "the right rows, in another order"),
        (lambda right: 2 * right, "2 times too large, everywhere"),
        (lambda right: right / 3, "3 times too small, everywhere"),
        (lambda right: -right, "is -1 times the right one: is a sign wrong?"),
        (lambda right: right + 0.5, "0.5 too large, everywhere"),
        (lambda right: right - 0.25, "0.25 too small, everywhere"),
        (lambda right: np.round(right, 2), "rounded to 2 decimals"),
        (lambda _: CASES[0].expected, "the same whatever the input"),
        (lambda right: right, ""),
        (lambda right: right * np.arange(right.size).reshape(right.shape), ""),
        (lambda right: np.zeros(right.shape), ""),
        (lambda right: right * right.shape[1], ""),
        (lambda right: np.full(right.shape, np.nan), ""),
        (lambda _: "text", ""),
        (lambda _: 7, ""),
    ],
)
def test_what_answers_look_like(make: Callable[[NDArray[np.float64]], object], words: str) -> None:
    said = told([make(case.expected) for case in CASES])
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(X):\n    print(X)", "`f` prints and returns nothing"),
        ("def f(X):\n    Y = 2 * X", "is its last line a `return`?"),
        ("def f(X):\n    if X is 0: return X", ""),
        ("f = print", ""),
    ],
)
@pytest.mark.filterwarnings("ignore:.*is.* with:SyntaxWarning")
def test_a_function_that_returns_nothing(source: str, words: str) -> None:
    said = told([None, None, None], source)
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("compute", "words"),
    [
        (lambda: np.ones((2, 3)) @ np.ones((4, 5)), "each row of the first matrix has 3 numbers, and each column of the second has 4"),
        (lambda: np.dot(np.ones((2, 3)), np.ones((4, 5))), "each row of the first matrix has 3 numbers, and each column of the second has 4"),
        (lambda: np.ones((2, 3)) + np.ones((3, 2)), "Arrays of the shapes (2, 3) and (3, 2) are combined entry by entry"),
        (lambda: np.ones(3) * np.ones(2), "Arrays of the shapes (3) and (2)"),
        (lambda: int("x"), ""),
    ],
)  # fmt: skip
def test_an_exception_is_explained_by_its_shapes(compute: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError) as raised:
        compute()
    assert words in clashing_shapes(str(raised.value))
    problem = Problem(kind=ProblemKind.EXCEPTION, type="ValueError", message=str(raised.value))
    failed = Answer(found=True, problem=problem)
    assert words in told([failed, failed, failed])
    right = Answer(found=True, value=CASES[0].expected)
    assert told([right, failed, failed]) == "", "of a hidden case, nothing is told"


def test_it_is_told_in_the_feedback_and_costs_as_before(sandbox: Sandbox) -> None:
    loaded = master.load("mixing", ROOT / "tests" / "course")
    judge = Judge(replace(loaded.assignment, limits=QUICK), sandbox, kit.student_cells(loaded))
    cells = [
        cell.replace("return values @ weights", "return 3 * (values @ weights)")
        for cell in kit.solved_cells(loaded)
    ]
    found = judge.judge(Submission(name="test", cells=tuple(cells))).verdicts[1]
    assert found.feedback.splitlines()[1] == "Your result is 3 times too large, everywhere."
    assert (found.points, found.misconceptions) == (0, ())
