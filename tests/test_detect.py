"""What wrong answers look like where no misconception explains them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from autograder import kit, master
from autograder.detect import detected, one_of_several
from autograder.finding import judged
from autograder.judge import Judge
from autograder.likeness import Look
from autograder.model import CallCase, Problem, ProblemKind, Question, Step, Tolerance, ValueCase
from autograder.sandbox import Sandbox
from autograder.session import Answer
from autograder.submission import Submission

from .conftest import QUICK, ROOT

RNG = np.random.default_rng(0)
SHAPES = [(3, 4), (3, 4), (4, 5), (4, 4)]
CASES = tuple(
    CallCase(
        name=str(index),
        hidden=index > 0,
        steps=("all",),
        arguments=(RNG.normal(size=shape), RNG.normal(size=(shape[0], 1))),
        sizes=(),
        expected=RNG.normal(size=shape),
        tolerance=Tolerance(),
    )
    for index, shape in enumerate(SHAPES)
)
QUESTION = Question(
    name="f",
    steps=(Step(name="all", points=1),),
    cases=CASES,
    parameters=("X", "beta"),
    equation="V is (D, N).",
)
LISTS = replace(
    QUESTION,
    cases=tuple(replace(case, expected=[item.reshape(-1, 1) for item in case.expected]) for case in CASES),
    equation="",
)


def look(answers: Sequence[object], source: str = "", question: Question = QUESTION) -> Look | None:
    found = []
    for case, value in zip(question.cases, answers, strict=True):
        answer = value if isinstance(value, Answer) else Answer(found=True, value=value)
        found.append(judged(case, question, answer))
    return detected(question, found, [source])


def told(answers: Sequence[object], source: str = "", question: Question = QUESTION) -> str:
    found = look(answers, source, question)
    return found.text if found is not None else ""


def with_(right: NDArray[np.float64], index: object, value: object) -> NDArray[np.float64]:
    changed = right.copy()
    changed[index] = value
    return changed


def jitter(right: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1e-4 * np.cos(np.arange(right.size)).reshape(right.shape)


def filled(right: NDArray[np.float64]) -> NDArray[np.float64]:
    return RNG.normal(size=right.shape)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda right: right.T, "the right one, transposed"),
        (lambda right: right[:, ::-1], "the right columns, in reversed order"),
        (lambda right: right[::-1], "the right rows, in reversed order"),
        (lambda right: np.roll(right, 1, axis=1), "the right columns, in another order"),
        (lambda right: right[[1, 0, *range(2, len(right))]], "the right rows, in another order"),
        (lambda right: 2 * right, "2 times too large, everywhere"),
        (lambda right: right / 3, "3 times too small, everywhere"),
        (lambda right: np.float32(right / 3), "3 times too small, everywhere"),
        (lambda right: -right, "with the wrong sign everywhere"),
        (lambda right: -2 * right, "is -2 times the right one: is a sign wrong?"),
        (lambda right: right * right.shape[1], "times a factor, and the factor differs from input to input"),
        (lambda right: right + 0.5, "0.5 too large, everywhere"),
        (lambda right: right - 0.25, "0.25 too small, everywhere"),
        (lambda right: right - right.shape[1], "off by the same amount, and the amount differs"),
        (lambda right: right * (1 + np.arange(right.shape[1])), "Each column of your result is the right one times"),
        (lambda right: right * (1 + np.arange(len(right))[:, None]), "Each row of your result is the right one times"),
        (lambda right: right + np.arange(right.shape[1]), "In each column of your result, all numbers are off"),
        (lambda right: right + np.arange(len(right))[:, None], "In each row of your result, all numbers are off"),
        (lambda right: np.round(right, 2), "rounded to 2 decimals"),
        (lambda right: np.round(5 * right), "whole numbers only"),
        (lambda right: np.round(right), "rounded to whole numbers"),
        (lambda right: right.astype(int), "cut off to whole numbers"),
        (lambda right: np.floor(right), "cut off to whole numbers"),
        (lambda right: np.float32(right * (1 + jitter(right) / 10)), ""),
        (lambda right: np.float32(right * (1 + jitter(right))).astype(float), "one of single precision"),
        (lambda right: right * (1 + jitter(right)), "right to a few digits only: is something"),
        (lambda right: np.float16(right), "it is float16"),
        (lambda _: CASES[0].expected, "the same whatever the input"),
        (lambda _: np.round(CASES[0].expected, 2), "the same whatever the input"),
        (lambda right: np.zeros(right.shape), "zero everywhere"),
        (lambda right: np.full(right.shape, 0.7), "the same number everywhere"),
        (lambda right: np.exp(right), "is the exponential of the right one"),
        (lambda right: np.abs(right), "without their signs"),
        (lambda right: with_(right, slice(1, None), filled(right[1:])), "only the first row is right"),
        (lambda right: with_(right, (slice(None), slice(-1)), 0), "only the last column is right"),
        (lambda right: with_(right, 0, 7), "right but for its first row: does a loop begin"),
        (lambda right: with_(right, (slice(None), -1), 7), "right but for its last column: does a loop end"),
        (lambda right: right.reshape(-1), "but flattened: give"),
        (lambda right: right.T.reshape(-1), "flattened column by column"),
        (lambda right: right[None], "an axis of length 1 too many"),
        (lambda right: right.reshape(2, -1), "in another shape"),
        (lambda right: right.T.reshape(right.shape), "all the right numbers, at other places"),
        (lambda right: right + 0j, "complex numbers"),
        (lambda right: with_(right, (0, 0), np.nan), "Where your result is not `nan`, it is right"),
        (lambda right: with_(right, (0, 0), np.inf), "Where your result is not `inf`, it is right"),
        (lambda right: np.full(right.shape, np.nan), "0/0, inf/inf"),
        (lambda right: (np.ones((2, 2)), right), ""),
        (lambda right: (2 * right, right), "number 2 of them is the right one"),
        (lambda right: (2 * right, right[0]), "2 times too large"),
        (lambda _: RNG.normal(size=(2, 7)), "V is (D, N)."),
        (lambda right: right, ""),
        (lambda right: filled(right), ""),
        (lambda _: np.zeros(0), "V is (D, N)."),
        (lambda _: "text", ""),
        (lambda _: [[1], [2, 3]], ""),
    ],
)  # fmt: skip
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
    said = told([None] * len(CASES), source)
    assert words in said
    assert bool(said) == bool(words)


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


def test_what_is_made_of_arguments_is_named() -> None:
    assert "returns its argument `X` as it came" in told([case.arguments[0] for case in CASES])
    for sign, words in ((1, "plus its argument `beta`"), (-1, "less its argument `beta`")):
        assert words in told([case.expected + sign * case.arguments[1] for case in CASES])


def test_a_diagonal_is_told_of_square_matrices() -> None:
    square = replace(QUESTION, cases=tuple(replace(case, expected=RNG.normal(size=(4, 4))) for case in CASES))
    answers = [case.expected + np.eye(4) * np.arange(4) + np.eye(4) for case in square.cases]
    assert told(answers, question=square) == "Your result is right but for its diagonal."
    answers = [np.diag(np.diag(case.expected)) for case in square.cases]
    assert told(answers, question=square) == "Of your result, only the diagonal is right."


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda items: items[::-1], "the right items, in reversed order"),
        (lambda items: [2 * item for item in items], "2 times too large"),
        (lambda items: [items[0]] * len(items), "only the first item is right"),
        (lambda items: [items[-1]] * len(items), "only the last item is right"),
        (lambda items: items + items, "grows with each run of the cell"),
        (lambda items: items[:1], ""),
        (lambda _: [], ""),
        (lambda items: [filled(item) for item in items], ""),
    ],
)
def test_lists_are_looked_at_item_by_item(make: Callable[[list[object]], object], words: str) -> None:
    said = told([make(list(case.expected)) for case in LISTS.cases], question=LISTS)
    assert words in said
    assert bool(said) == bool(words)


def test_nothing_is_said_of_a_function_where_variables_are_asked_for() -> None:
    right = [case.expected for case in LISTS.cases]
    variables = replace(
        LISTS,
        cases=(),
        values=tuple(
            ValueCase(
                name=case.name,
                hidden=case.hidden,
                steps=case.steps,
                variable="v",
                data=None,
                expected=case.expected,
                reseeded=None,
                tolerance=case.tolerance,
            )
            for case in LISTS.cases
        ),
    )
    of_function = look([(each, None) for each in right], question=LISTS)
    of_variables = [
        judged(case, variables, Answer(found=True, value=[each, each]))
        for case, each in zip(variables.values, right, strict=True)
    ]
    assert of_function is not None
    assert of_function.short == "returns several values"
    assert one_of_several(variables, of_variables) is None


def test_a_number_is_told_only_if_a_public_case_shows_it() -> None:
    hidden = replace(QUESTION, cases=tuple(replace(case, hidden=True) for case in CASES))
    for make in (lambda right: 3 * right, lambda right: right + 3):
        said = told([make(case.expected) for case in hidden.cases], question=hidden)
        assert "for each input" in said
        assert "3" not in said


def test_globals_that_a_function_reads_are_named_where_it_is_right_for_the_notebook_alone() -> None:
    source = "omega, EPS = 1, 2\ndef f(X, beta):\n    return g(X) + beta\ndef g(X):\n    return omega * X"
    answers = [CASES[0].expected, *(filled(case.expected) for case in CASES[1:])]
    found = look(answers, source)
    assert found is not None
    assert found.short == "reads `omega` from the notebook"
    assert "reads `omega` from the notebook: is that" in found.text
    assert told(answers, source.replace("omega *", "3 *")) == ""
    assert told([filled(case.expected) for case in CASES], source) == ""


SIZED = replace(
    QUESTION,
    cases=tuple(
        replace(case, sizes=({"D": shape[0], "N": shape[1], "H": 2},))
        for case, shape in zip(CASES, SHAPES, strict=True)
    ),
)


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("return np.ones((3, 4)) * X", "3 and 4 written instead of `D` and `N`"),
        ("return X / np.sqrt(3)", "3 written instead of `D`"),
        ("return X / 3.0", "3 written instead of `D`"),
        ("return X.sum(3, keepdims=True) + X[3] + X ** 3 + X.mean(axis=3)", ""),
        ("return X / 5", ""),
        ("return X / 2", ""),  # there are two heads everywhere
    ],
)
def test_a_size_that_is_written_as_a_number_is_named_where_only_other_sizes_are_wrong(
    code: str, short: str
) -> None:
    source = f"def f(X, beta):\n    {code}"
    answers = [*(case.expected for case in CASES[:2]), *(filled(case.expected) for case in CASES[2:])]
    found = look(answers, source, SIZED)
    assert (found.short if found else "") == short
    assert found is None or "is right for the notebook's sizes and wrong for others" in found.text
    for others in (
        [CASES[0].expected, filled(CASES[1].expected), *answers[2:]],  # of the notebook's sizes, and wrong
        [filled(CASES[0].expected), *answers[1:]],
    ):
        found = look(others, source, SIZED)
        assert found is None or "written" not in found.short
    found = look(answers, source)
    assert found is None or "written" not in found.short


def test_a_size_that_is_written_as_a_number_is_named_where_others_raise() -> None:
    problem = Problem(kind=ProblemKind.EXCEPTION, type="ValueError", message="cannot reshape")
    raised = Answer(found=True, problem=problem)
    answers = [*(case.expected for case in CASES[:2]), raised, raised]
    found = look(answers, "def f(X, beta):\n    return X.reshape(3, -1)", SIZED)
    assert found is not None
    assert found.short == "3 written instead of `D`"


def test_where_a_result_comes_from_that_is_always_the_same() -> None:
    answers = [CASES[0].expected] * len(CASES)
    assert "is it typed in" in told(answers, "def f(X, beta):\n    return [[1, 2], [3, 4]]")
    source = "tokens = 1\ndef f(X, beta):\n    return 2 * tokens"
    assert "it is computed from `tokens` of the notebook, and not from the arguments" in told(answers, source)


def test_nothing_is_said_of_answers_that_are_like_nothing() -> None:
    for _ in range(100):
        assert told([filled(case.expected) for case in CASES]) == ""
        assert told([[filled(item) for item in case.expected] for case in LISTS.cases], question=LISTS) == ""


def test_a_mask_is_not_off_by_an_amount() -> None:
    for top, said in ((1, False), (2, True)):
        cases = [replace(case, expected=np.full(case.expected.shape, 0.0)) for case in CASES]
        for case in cases:
            case.expected[:2] = top
        wrong = [with_(case.expected, 0, 0) for case in cases]
        text = told(wrong, question=replace(QUESTION, cases=tuple(cases)))
        assert ("off by the same amount" in text) is said, text


def test_single_numbers_are_never_taken_for_scaled_ones() -> None:
    case = replace(CASES[0], expected=2.0, arguments=())
    single = replace(QUESTION, cases=(case,), equation="")
    assert told([7.0], question=single) == ""


def test_a_function_of_one_argument_is_called_with_one() -> None:
    message = "f() takes 0 positional arguments but 1 was given"
    problem = Problem(kind=ProblemKind.EXCEPTION, type="TypeError", message=message)
    answers = [Answer(found=True, problem=problem)] * len(CASES)
    assert (
        told(answers, question=replace(QUESTION, parameters=("X",)))
        == "`f` is called with one argument: `X`."
    )
