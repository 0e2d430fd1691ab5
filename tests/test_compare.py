"""What is accepted as right, what is not, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder import wire
from autograder.compare import compare
from autograder.model import Tolerance

EXACT = Tolerance()
A = np.array([[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]])
VECTOR = np.array([0.2, 0.5, 0.3])

FINITE = hnp.arrays(
    np.float64,
    hnp.array_shapes(max_dims=3, max_side=4),
    elements=st.floats(-1e6, 1e6).filter(lambda number: number == 0 or abs(number) > 1e-6),
)


@given(FINITE)
def test_an_array_equals_itself(array: Any) -> None:
    assert compare(array.copy(), array, EXACT) == (None, ())


@given(FINITE, st.data())
def test_a_change_above_the_tolerance_is_always_seen(array: Any, data: st.DataObject) -> None:
    place = tuple(data.draw(st.integers(0, size - 1)) for size in array.shape)
    changed = array.copy()
    changed[place] += 1e-4 * max(1.0, float(np.abs(array).max()))
    difference, _ = compare(changed, array, EXACT)
    assert difference is not None
    assert difference.kind == "values"


@pytest.mark.parametrize(
    ("answer", "remark"),
    [
        (A * (1 + 1e-8), ""),
        (A.tolist(), ""),
        (tuple(map(tuple, A)), ""),
        (A.astype(int), ""),
        (A.astype(object), ""),
        (np.asfortranarray(A), ""),
        (A.astype(np.float32), "single precision"),
        ((A, np.eye(3)), "tuple of several values"),
        ((np.eye(3), A), "tuple of several values"),
        ([A, np.eye(3)], "tuple of several values"),
    ],
)
def test_a_matrix_is_accepted_as(answer: Any, remark: str) -> None:
    difference, remarks = compare(answer, A, EXACT)
    assert difference is None
    assert remark in " ".join(remarks)
    assert bool(remarks) == bool(remark)


@pytest.mark.parametrize(
    "answer",
    [
        VECTOR.tolist(),
        tuple(VECTOR),
        VECTOR[None, :],
        VECTOR[:, None],
        VECTOR[:, None, None],
        [np.array([[number]]) for number in VECTOR],
        np.array([np.array([[number]]) for number in VECTOR], dtype=object),
    ],
)
def test_a_vector_is_accepted_in_any_shape(answer: Any) -> None:
    assert compare(answer, VECTOR, EXACT, vector=True)[0] is None


def test_a_vector_in_a_matrix_is_not_accepted() -> None:
    difference, _ = compare(np.full((2, 2), 0.25), np.full(4, 0.25), EXACT, vector=True)
    assert difference is not None
    assert difference.text == "has shape (2, 2), expected (4,)"


def test_a_list_of_vectors_is_compared_item_by_item() -> None:
    expected = [np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]]), np.array([[5.0], [6.0]])]
    assert compare([item.T for item in expected], expected, EXACT, vector=True)[0] is None
    assert compare(np.array(expected), expected, EXACT, vector=True)[0] is None
    difference, remarks = compare(np.hstack(expected), expected, EXACT, vector=True)
    assert difference is None
    assert remarks[0] == "It is a matrix, not a list: its columns were judged."
    difference, _ = compare(expected[:2], expected, EXACT, vector=True)
    assert difference is not None
    assert difference.text == "has 2 items, expected 3"
    difference, _ = compare([expected[0], expected[0], expected[2]], expected, EXACT, vector=True)
    assert difference is not None
    assert difference.text.startswith(
        "is wrong in item 1: it differs in 2 of 2 numbers, most at [0, 0]: 1, expected 3"
    )


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        (None, "kind", "is None where an array of shape (2, 3) was expected"),
        (..., "kind", "is still `...`"),
        ("12", "kind", "is a str where"),
        (wire.Opaque("dict"), "kind", "is `dict` where an array of shape (2, 3) was expected"),
        ([[1.0, 2.0], [3.0]], "kind", "is a list whose items do not form an array of numbers"),
        ([wire.Opaque("dict")], "kind", "is a list whose items do not form an array of numbers"),
        ([10**400], "kind", "is a list whose items do not form an array of numbers"),
        (10**400, "kind", "is a int where"),
        (A.T, "shape", "has shape (3, 2), expected (2, 3)"),
        (1.0, "shape", "has shape (), expected (2, 3)"),
        (np.zeros((0, 3)), "shape", "has shape (0, 3), expected (2, 3)"),
        (A + 0j, "dtype", "holds complex numbers"),
        (A.astype(np.float16), "dtype", "half precision"),
        (A * np.nan, "nonfinite", "has NaN in 6 of 6 places"),
        (np.full((2, 3), np.inf), "nonfinite", "has infinity in 6 of 6 places"),
        (A * 1.001, "values", "differs in 6 of 6 numbers, most at [1, 2]: 6.006, expected 6"),
    ],
)
def test_a_wrong_answer_is_told_in_words(answer: Any, kind: str, text: str) -> None:
    difference, _ = compare(answer, A, EXACT)
    assert difference is not None
    assert difference.kind == kind
    assert text in difference.text
    assert not any(char.isdigit() for char in difference.brief.replace("float16", "")), (
        "hidden cases tell no numbers"
    )


def test_single_precision_is_no_excuse_for_a_wrong_value() -> None:
    assert compare((A * 1.01).astype(np.float32), A, EXACT)[0] is not None


def test_not_a_number_where_it_is_expected() -> None:
    expected = np.array([1.0, np.nan, np.inf])
    assert compare(expected.copy(), expected, EXACT)[0] is None
    for answer in ([1.0, 2.0, np.inf], [1.0, np.nan, -np.inf], [1.0, np.nan, 3.0]):
        difference, _ = compare(answer, expected, EXACT)
        assert difference is not None
        assert difference.kind == "nonfinite"


def test_printed_values_are_compared_to_the_printed_precision() -> None:
    printed = Tolerance(decimals=3)
    assert compare(np.array([1.2345]), np.array([1.234]), printed)[0] is None
    assert compare(np.array([1.2346]), np.array([1.234]), printed)[0] is not None


def test_only_one_value_of_a_tuple_is_judged() -> None:
    """Returning many guesses gains nothing: the first with the right shape is the answer."""
    difference, _ = compare((A + 1, A), A, EXACT)
    assert difference is not None
    assert compare((A, A + 1), A, EXACT)[0] is None
