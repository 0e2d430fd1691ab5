"""The worked examples among the hints on backpropagation: the reference finds the numbers that they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.master import Master

from .test_staged_hints import assert_written, numbers, questions, table
from .test_staged_hints import reference as found_by

NAME = "backpropagation"


def reference(question: str, masters: dict[str, Master]) -> Any:
    return found_by(NAME, question, masters)


def network_of(rows: dict[str, list[list[str]]], examples: str) -> tuple[Any, ...]:
    """Return the examples and the four parameters of a table."""
    last = "last biases" if "last biases" in rows else "last bias"
    names = (examples, "first weights", "first biases", "last weights", last)
    return tuple(numbers(rows[name]) for name in names)


def test_the_example_of_forward(masters: dict[str, Master]) -> None:
    rows = table("forward", masters)
    X, omega_1, beta_1, omega_2, beta_2 = network_of(rows, "examples")  # noqa: N806
    assert_written(rows["A"], omega_1 @ X + beta_1)
    assert_written(rows["H"], np.maximum(omega_1 @ X + beta_1, 0))
    scores = reference("forward", masters)(X, omega_1, beta_1, omega_2, beta_2)
    assert_written(rows["scores"], scores)
    assert scores[0, 0] == beta_2[0, 0]


def test_the_example_of_the_scores_gradient(masters: dict[str, Master]) -> None:
    rows = table("scores_gradient", masters)
    scores, labels = numbers(rows["scores"]), numbers(rows["labels"])
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=0)
    assert_written(rows["probabilities"], probabilities)
    assert_written(rows["difference"], probabilities - labels)
    assert_written(rows["gradient"], reference("scores_gradient", masters)(scores, labels))


@pytest.mark.parametrize(("question", "given"), [("weights_gradient", ["G", "Z"]), ("bias_gradient", ["G"])])
def test_the_examples_of_a_layer(masters: dict[str, Master], question: str, given: list[str]) -> None:
    rows = table(question, masters)
    result = reference(question, masters)(*(numbers(rows[name]) for name in given))
    assert result.shape == np.shape(rows["result"])
    assert_written(rows["result"], result)


def test_what_the_example_of_biases_is_not(masters: dict[str, Master]) -> None:
    (text,) = (each.hints[2] for each in questions(masters) if each.name == "bias_gradient")
    assert "that would be 1.67 and 0.67" in text
    assert_written([["1.67"], ["0.67"]], numbers(table("bias_gradient", masters)["G"]).mean(axis=1))


def test_the_example_of_the_hidden_gradient(masters: dict[str, Master]) -> None:
    rows = table("hidden_gradient", masters)
    names = ("gradient of the scores", "weights", "pre-activations")
    given, weights, before = (numbers(rows[name]) for name in names)
    assert_written(rows["product"], weights.T @ given)
    assert_written(rows["result"], reference("hidden_gradient", masters)(given, weights, before))


def test_the_example_of_all_the_way_back(masters: dict[str, Master]) -> None:
    rows = table("backward", masters)
    network = network_of(rows, "example")
    X, omega_1, beta_1, omega_2, _ = network  # noqa: N806
    labels = np.array([[1.0], [0.0]])
    assert_written(rows["A"], omega_1 @ X + beta_1)
    assert_written(rows["H"], np.maximum(omega_1 @ X + beta_1, 0))
    scores = reference("forward", masters)(*network)
    of_scores = reference("scores_gradient", masters)(scores, labels)
    assert_written(rows["scores"], scores)
    assert_written(rows["of the scores"], of_scores)
    assert_written(rows["of H"], omega_2.T @ of_scores)
    assert_written(
        rows["of A"], reference("hidden_gradient", masters)(of_scores, omega_2, omega_1 @ X + beta_1)
    )
    names = ["of first weights", "of first biases", "of last weights", "of last biases"]
    gradients = reference("backward", masters)(X, labels, *network[1:])
    for name, gradient in zip(names, gradients, strict=True):
        assert_written(rows[name], gradient)


def test_the_example_of_a_step(masters: dict[str, Master]) -> None:
    """It goes on where the one before it ends."""
    rows, before = table("gradient_step", masters), table("backward", masters)
    network = network_of(before, "example")
    labels = np.array([[1.0], [0.0]])
    assert (rows["weights"], rows["biases"]) == (before["last weights"], before["last biases"])
    assert (rows["gradient"], rows["its gradient"]) == (before["of last weights"], before["of last biases"])
    made = reference("gradient_step", masters)(network[0], labels, *network[1:], 0.2)
    assert_written(rows["step"], 0.2 * numbers(rows["gradient"]))
    assert_written(rows["new weights"], made[2])
    assert_written(rows["new biases"], made[3])
