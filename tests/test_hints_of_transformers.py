"""The worked examples among the hints on masks, heads, positions and blocks: the references find what they say."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from autograder.master import Master

from .test_staged_hints import assert_written, numbers, reference, table


def example(name: str, question: str, masters: dict[str, Master]) -> str:
    (text,) = (each.hints[-1] for each in masters[name].assignment.questions if each.name == question)
    return text


def assert_said(text: str, written: str, values: Any) -> None:
    """A text says these numbers in this order, and they are the values, to the last digit that is written."""
    position = 0
    for number in written.split():
        found = re.compile(rf"(?<![\w.-]){re.escape(number)}(?![\w]|\.\d)").search(text, position)
        assert found, (number, text)
        position = found.end()
    assert_written([written.split()], np.ravel(values))


def marks(text: str) -> Any:
    """Return the T and dots of the lines of an example, as True and False."""
    rows = [[sign == "T" for sign in line.split() if sign in "T."] for line in indented(text)]
    return np.array([row for row in rows if row])


def grid(text: str) -> Any:
    """Return the numbers of the lines of an example, less which row, head or token they are of."""
    return np.array([re.sub(r"[a-z]+ \d", "", line).split() for line in indented(text)], dtype=float)


def indented(text: str) -> list[str]:
    return re.findall(r"^    (.*)$", text, re.MULTILINE)


# ---------------------------------------------------------------- masks


def test_the_examples_of_masks(masters: dict[str, Master]) -> None:
    causal, padding = (
        reference("masked_attention", each, masters) for each in ("causal_mask", "padding_mask")
    )
    np.testing.assert_array_equal(marks(example("masked_attention", "causal_mask", masters)), causal(3))
    shown = marks(example("masked_attention", "padding_mask", masters))
    np.testing.assert_array_equal(shown, padding(np.array([5, 0, 3]), 2))
    both = marks(example("masked_attention", "causal_self_attention", masters))
    one, other = causal(3), padding(np.array([0, 5, 3]), 3)
    np.testing.assert_array_equal(both, np.hstack([one, other, one & other]))


def test_the_example_of_masked_softmax(masters: dict[str, Master]) -> None:
    text = example("masked_attention", "masked_softmax", masters)
    scores, allowed = (
        np.array([[1.0, 0], [2, 5], [9, 3]]),
        np.array([[True, False], [True, False], [False] * 2]),
    )
    assert_said(text, "1 0 2 5 9 3", scores)
    np.testing.assert_array_equal(marks(text), allowed)
    weights = reference("masked_attention", "masked_softmax", masters)(scores, allowed)
    assert_said(text[text.index("weights") :], "0.269 0 0.731 0 0 0", weights)


def test_the_example_of_masked_attention(masters: dict[str, Master]) -> None:
    text = example("masked_attention", "masked_attention", masters)
    queries, keys = np.eye(4)[:, :1], np.zeros((4, 3))
    keys[0] = (2, 6, 10)
    allowed, values = np.array([[True], [True], [False]]), np.array([[10.0, 20, 70]])
    assert_said(text, "2 6 10", keys[0])
    assert_said(text, "10 20 70", values)
    np.testing.assert_array_equal(marks(text), allowed.T)
    attention = reference("masked_attention", "masked_attention", masters)
    assert_said(text, "0.119 0.881 0", attention(queries, keys, np.eye(3), allowed))
    assert_said(text, "18.81", attention(queries, keys, values, allowed))


def test_the_shapes_of_cross_attention(masters: dict[str, Master]) -> None:
    ones = [np.ones(shape) for shape in ((6, 6), (3, 6), (3, 6), (6, 1), (3, 1), (3, 1))]
    attention = reference("masked_attention", "cross_attention", masters)
    result = attention(np.ones((6, 2)), np.ones((6, 3)), np.array([4, 5, 6]), *ones)
    assert f"result   {result.shape}" in example("masked_attention", "cross_attention", masters)


# ---------------------------------------------------------------- heads


@pytest.mark.parametrize(("question", "parted"), [("split_heads", True), ("merge_heads", False)])
def test_the_examples_of_heads(question: str, parted: bool, masters: dict[str, Master]) -> None:
    one, other = np.hsplit(grid(example("multihead_general", question, masters)), 2)
    given = (one[None], 2) if parted else (one.reshape(1, 2, 2, 3),)
    expected = other.reshape(1, 2, 2, 3) if parted else other[None]
    np.testing.assert_array_equal(reference("multihead_general", question, masters)(*given), expected)


@pytest.mark.parametrize(("question", "parted"), [("split_rows", True), ("merge_rows", False)])
def test_the_examples_of_heads_in_rows(question: str, parted: bool, masters: dict[str, Master]) -> None:
    one, other = np.hsplit(grid(example("multihead_general", question, masters)), 2)
    heads = np.array([np.hsplit(other if parted else one, 2)])
    given, expected = ((one[None], 2), heads) if parted else ((heads,), other[None])
    np.testing.assert_array_equal(reference("multihead_general", question, masters)(*given), expected)


def test_the_example_of_softmax_over_keys(masters: dict[str, Master]) -> None:
    rows = table("softmax_keys", masters)
    scores = numbers(rows["scores"])
    assert_written(rows["exponentials"], np.exp(scores - scores.max(axis=0)))
    weights = reference("multihead_general", "softmax_keys", masters)(scores[None, None])
    assert_written(rows["weights"], weights[0, 0])


def test_the_shapes_of_heads(masters: dict[str, Master]) -> None:
    queries, keys = np.ones((2, 3, 4, 5)), np.ones((2, 3, 4, 7))
    outputs = reference("multihead_general", "attend", masters)(queries, keys, keys)
    assert f"outputs      {outputs.shape}" in example("multihead_general", "attend", masters)
    square, column = np.ones((6, 6)), np.ones((6, 1))
    attention = reference("multihead_general", "multihead_attention", masters)
    result = attention(np.ones((2, 6, 5)), 3, *[square] * 3, *[column] * 3, square, column)
    assert f"result             {result.shape}" in example(
        "multihead_general", "multihead_attention", masters
    )


# ---------------------------------------------------------------- positions


def test_the_examples_of_positions(masters: dict[str, Master]) -> None:
    def text(question: str) -> str:
        return example("positional_encoding", question, masters)

    def found(question: str, *arguments: Any) -> Any:
        return reference("positional_encoding", question, masters)(*arguments)

    assert_said(text("frequencies"), "1 0.0464 0.00215", found("frequencies", 6))
    assert_said(text("sinusoidal"), "0.909 -0.416 0.02 0.9998", found("sinusoidal", 4, 3)[:, 2])
    assert_said(text("add_positions"), "4.243 8.071", found("add_positions", np.array([[3.0], [5.0]])))
    moved = found("shift_matrix", 4, 3)
    said = [moved[at] for at in ((0, 0), (0, 1), (1, 0), (2, 2), (2, 3), (3, 2))]
    assert_said(text("shift_matrix"), "-0.99 0.141 -0.141 1.0 0.03 -0.03", said)
    turned = found("rotate", np.array([[3.0], [4.0]]), np.array([2]))
    assert_said(text("rotate"), "-4.886 1.063", turned)
    tokens = np.array(
        [[1.0, 1], [0, 0], [1, 0], [0, 1]]
    )  # the last two rows are the values: weights come out
    first, last = np.eye(4)[:2], np.eye(4)[2:]
    weights = found("rotary_self_attention", tokens, np.array([0, 2]), first, first, last)
    assert_said(text("rotary_self_attention"), "0.731 0.269", weights[:, 0])


# ---------------------------------------------------------------- blocks


def test_the_examples_of_a_block(masters: dict[str, Master]) -> None:
    def text(question: str) -> str:
        return example("transformer_block", question, masters)

    def found(question: str, *arguments: Any) -> Any:
        return reference("transformer_block", question, masters)(*map(np.array, arguments))

    normalised = found("layer_norm", [[1.0], [3], [8]], [[2.0]] * 3, [[1.0]] * 3)
    assert_said(text("layer_norm"), "-1.038 0.321 3.717", normalised)
    fed = found("feed_forward", [[2.0], [-1]], [[1.0, 1], [-1, 3]], [[0.5], [1]], [[2.0, 7]], [[-1.0]])
    assert_said(text("feed_forward"), "2 1.5 0 1 2", [2, 1.5, 0, 1, fed.item()])
    scores = np.array([[2.0, 0, 1]] * 3).T
    assert_said(text("losses"), "0.408 2.408 1.408", found("losses", scores, [0, 1, 2]))
    assert_said(text("perplexities"), "0.5 2 0.2 0.9 2.46", [0.5, 2, 0.2, 0.9, np.exp(0.9)])
