"""What variants of the reference give, and which answers are the same."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.model import Problem, ProblemKind, Tolerance
from autograder.outcomes import NOTHING, matches, outcome_of


def test_of_a_list_of_arrays_each_is_compared_whatever_its_shape() -> None:
    assert [item.shape for item in outcome_of([np.ones((4, 1)), np.ones((4, 4))])] == [(4, 1), (4, 4)]
    assert len(outcome_of([np.ones((4, 1)), np.zeros((4, 1))])) == 2


@pytest.mark.parametrize(
    "value", [[[1.0], [2.0, 3.0]], [np.ones(2), [np.ones(1), 3.0]], [np.ones(2), "text"]]
)
def test_a_ragged_list_that_is_none_of_arrays_is_nothing_to_compare(value: object) -> None:
    assert outcome_of(value) is NOTHING


@pytest.mark.parametrize(("raised", "outcome", "same"), [
    ("OverflowError", np.array([np.inf, 0.0]), True),
    ("ZeroDivisionError", np.array([np.nan, 0.5]), True),
    ("ZeroDivisionError", np.array([0.5, 0.5]), False),
    ("ValueError", np.array([np.nan, 0.5]), False),
    ("OverflowError", OverflowError(), True),
    ("OverflowError", ValueError(), False),
    ("OverflowError", None, False),
])  # fmt: skip
def test_where_numpy_has_no_finite_number_python_raises(raised: str, outcome: object, same: bool) -> None:
    problem = Problem(kind=ProblemKind.EXCEPTION, type=raised, message="")
    assert matches(None, problem, outcome, Tolerance()) == same


def test_a_call_that_takes_too_long_is_no_infinite_number() -> None:
    problem = Problem(kind=ProblemKind.TIMEOUT, type="OverflowError", message="")
    assert not matches(None, problem, np.array([np.inf]), Tolerance())
