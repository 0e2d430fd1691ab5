"""A function that returns several arrays, of several shapes: judged item by item, explained, named in the notebook."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import kit, master
from autograder.hint_reader import fingerprint, named
from autograder.hints import hints
from autograder.judge import Judge
from autograder.model import Result, Status
from autograder.sandbox import Sandbox
from autograder.submission import Submission
from autograder.verify import verify

from .conftest import QUICK

FITTING = """\
# %% tags=["given"]
import numpy as np

matrix = np.array([[1.0, 2.0, 6.0], [0.0, 4.0, 5.0]])

# %% question="moments"
def moments(X):
    center = np.mean(X, axis=1, keepdims=True)  # SOLUTION
    products = (X - center) @ (X - center).T  # SOLUTION
    return [center, products]

# %% question="whitened"
def whitened(X):
    center, products = moments(X)
    result = np.linalg.solve(products, X - center)  # SOLUTION
    return result

# %%
from autograder import author

author.assignment("Moments")
CASES = [
    author.case("the matrix", hidden=False, args=(matrix,)),
    author.case("another", hidden=True, args=lambda rng: (rng.normal(size=(2, 5)),)),
    author.case("three rows", hidden=True, args=lambda rng: (rng.normal(size=(3, 7)),)),
]
author.question(
    "moments",
    steps=[author.step("centre", 1), author.step("sum of products", 2)],
    cases=CASES,
    properties=[
        author.property(
            "the products are symmetric",
            hidden=True,
            args=lambda rng: (rng.normal(size=(3, 4)),),
            holds=lambda moments, X: len(moments(X)) == 2 and np.allclose(moments(X)[1], moments(X)[1].T),
            feedback="The second matrix should be symmetric.",
        )
    ],
    misconceptions=[
        author.misconception(
            "centre not subtracted",
            old="(X - center) @ (X - center).T",
            new="X @ X.T",
            step="sum of products",
            feedback="Your products are those of the numbers as they are: the centre is not subtracted from them, so that "
            "they grow with the distance from zero.",
        ),
        author.misconception(
            "centre of the columns",
            old="axis=1",
            new="axis=0",
            step="centre",
            feedback="Your centre has a number for each column: you go down the columns. Each row has a mean of its own, and "
            "together they are a column.",
        ),
        author.misconception(
            "centre and products swapped",
            old="[center, products]",
            new="[products, center]",
            step=["centre", "sum of products"],
            feedback="The two parts of your result have changed places. The centre comes first, and is a column; the products "
            "come after it, and are a square matrix.",
        ),
    ],
)
author.question("whitened", steps=[author.step("whitening", 1)], cases=CASES)
"""
BODY = "[center, products]"

JudgeEdited = Callable[..., Result]


@pytest.fixture(scope="module")
def fitting(tmp_path_factory: pytest.TempPathFactory) -> master.Master:
    course = tmp_path_factory.mktemp("course")
    (course / "solutions").mkdir()
    (course / "assignments").mkdir()
    (course / "solutions" / "fitting.py").write_text(FITTING)
    return master.load("fitting", course)


@pytest.fixture(scope="module")
def judged(fitting: master.Master, sandbox: Sandbox) -> JudgeEdited:
    judge = Judge(replace(fitting.assignment, limits=QUICK), sandbox, kit.student_cells(fitting))

    def edited(*edits: tuple[str, str]) -> Result:
        cells = kit.solved_cells(fitting)
        for old, new in edits:
            assert any(old in cell for cell in cells)
            cells = tuple(cell.replace(old, new) for cell in cells)
        return judge.judge(Submission(name="test", cells=tuple(cells)))

    return edited


@pytest.mark.parametrize(
    "right",
    [
        BODY,
        "center, products",
        "[center.tolist(), products.tolist()]",
        "np.array([center, products, None], dtype=object)[:2]",
        "[center.astype(np.float32), products]",
        "[np.matrix(center), products]",
    ],
)
def test_right_in_many_forms(judged: JudgeEdited, right: str) -> None:
    result = judged((BODY, right))
    assert [verdict.points for verdict in result.verdicts] == [3, 1], result.verdicts[0].feedback


@pytest.mark.parametrize(
    ("edits", "names"),
    [
        ([("(X - center) @ (X - center).T", "X @ X.T")], ["centre not subtracted"]),
        ([("axis=1", "axis=0")], ["centre of the columns"]),
        ([(BODY, "products, center")], ["centre and products swapped"]),
        (
            [("(X - center) @ (X - center).T", "X @ X.T"), ("axis=1", "axis=0")],
            ["centre not subtracted", "centre of the columns"],
        ),
    ],
)
def test_mistakes_are_named(judged: JudgeEdited, edits: list[tuple[str, str]], names: list[str]) -> None:
    verdict = judged(*edits).verdicts[0]
    assert sorted(verdict.misconceptions) == names
    assert verdict.points < 3


def test_a_later_question_is_asked_with_the_list_of_the_reference(judged: JudgeEdited) -> None:
    moments, whitened = judged((BODY, "[2 * center, 3 * products]")).verdicts
    assert moments.points == 0
    assert moments.misconceptions == ()
    assert whitened.points == whitened.possible


@pytest.mark.parametrize(
    "wrong",
    [
        "center",
        "7",
        "None",
        "'text'",
        "np.float64(3)",
        "np.array(5.0)",
        "[center]",
        "[products, 'text']",
        "{1: 2}",
    ],
)
def test_what_is_no_such_list_is_wrong_and_no_fault_of_ours(judged: JudgeEdited, wrong: str) -> None:
    verdict = judged((BODY, wrong)).verdicts[0]
    assert (verdict.status, verdict.points) == (Status.FAILED, 0)
    assert re.search("array|None|items|is wrong in item 0: it has shape", verdict.feedback), verdict.feedback


def test_only_the_property_is_wrong(judged: JudgeEdited) -> None:
    """It is given the list: of the public and hidden cases, none has three rows and four columns."""
    odd = "[center, products + (np.arange(3) if X.shape == (3, 4) else 0)]"
    assert "The second matrix should be symmetric." in judged((BODY, odd)).verdicts[0].feedback


def test_the_notebook_names_them_too(fitting: master.Master) -> None:
    packed = hints(fitting.assignment).packed["moments"]
    matrix = np.array([[1.0, 2.0, 6.0], [0.0, 4.0, 5.0]])
    center = matrix.mean(axis=1, keepdims=True)
    for answer in ([center, matrix @ matrix.T], (center, (matrix @ matrix.T).tolist())):
        (told,) = named(answer, "the matrix", packed, False)
        assert "the centre is not subtracted" in told
    assert named([center, center @ center.T], "the matrix", packed, False) == []


@pytest.mark.parametrize(
    "other", [[np.ones((2, 3)), np.ones((1, 2))], [np.ones((1, 2)), 2 * np.ones((2, 3))]]
)
def test_fingerprints_tell_shapes_and_numbers_apart(other: Any) -> None:
    one = [np.ones((1, 2)), np.ones((2, 3))]
    assert fingerprint(one, False) == fingerprint(tuple(one), False)
    assert fingerprint(one, False) != fingerprint(other, False)


def test_the_master_is_verified(fitting: master.Master) -> None:
    """But for what is up to date: this course has no files for students."""
    course: Path = fitting.path.parent.parent
    found = {check.claim: (check.skipped, check.problems) for check in verify("fitting", course)}
    wrong = {claim for claim, (_, problems) in found.items() if problems}
    assert wrong == {"assignments/ is up to date"}
