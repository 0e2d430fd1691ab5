"""The references on gradients of a network, against PyTorch's automatic differentiation.

PyTorch is large, so only the slow suite asks for it: where it is missing, these tests are skipped, and say so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.master import Master

torch = pytest.importorskip("torch", reason="PyTorch is not installed: `pip install -e '.[pytorch]'`")
pytestmark = pytest.mark.slow

Reference = Callable[..., Any]
SIZES = [(3, 5, 4, 6), (6, 4, 2, 9), (2, 7, 3, 1), (5, 5, 5, 5)]


def reference(masters: dict[str, Master], question: str) -> Reference:
    (asked,) = (each for each in masters["backpropagation"].assignment.questions if each.name == question)
    assert asked.variant is not None
    function = asked.variant(())
    assert function is not None
    return function


def network(sizes: tuple[int, int, int, int]) -> tuple[Any, ...]:
    """Return examples, labels and parameters, drawn."""
    rng, (D, M, K, N) = np.random.default_rng(1), sizes  # noqa: N806
    shapes = [(M, D), (M, 1), (K, M), (K, 1)]
    labels = np.eye(K)[:, rng.integers(K, size=N)]
    return rng.normal(size=(D, N)), labels, *(rng.normal(size=shape) for shape in shapes)


def modules(parameters: tuple[Any, ...]) -> Any:
    """Return the network in PyTorch: it has examples as rows, and biases without a second axis."""
    layers = [torch.nn.Linear(*weights.shape[::-1], dtype=torch.float64) for weights in parameters[::2]]
    with torch.no_grad():
        for layer, weights, biases in zip(layers, parameters[::2], parameters[1::2], strict=True):
            layer.weight.copy_(torch.from_numpy(weights))
            layer.bias.copy_(torch.from_numpy(biases.ravel()))
    return torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1])


def columns(tensor: Any) -> Any:
    """Return a matrix with a column for each row, or a column for a vector."""
    array = tensor.detach().numpy()
    return array.T if array.ndim == 2 else array[:, None]


def loss_of(scores: Any, labels: Any) -> Any:
    return torch.nn.functional.cross_entropy(scores, torch.from_numpy(labels.argmax(axis=0)))


@pytest.mark.parametrize("sizes", SIZES)
def test_forward(masters: dict[str, Master], sizes: tuple[int, int, int, int]) -> None:
    examples, _, *parameters = network(sizes)
    expected = modules(tuple(parameters))(torch.from_numpy(examples.T))
    np.testing.assert_allclose(reference(masters, "forward")(examples, *parameters), columns(expected))


@pytest.mark.parametrize("sizes", SIZES)
def test_the_gradients_of_scores_and_hidden_units(
    masters: dict[str, Master], sizes: tuple[int, int, int, int]
) -> None:
    examples, labels, *parameters = network(sizes)
    first, relu, last = modules(tuple(parameters))
    hidden = first(torch.from_numpy(examples.T))
    scores = last(relu(hidden))
    of_scores, of_hidden = torch.autograd.grad(loss_of(scores, labels), [scores, hidden])
    found = reference(masters, "scores_gradient")(columns(scores), labels)
    np.testing.assert_allclose(found, columns(of_scores), atol=1e-12)
    found = reference(masters, "hidden_gradient")(columns(of_scores), parameters[2], columns(hidden))
    np.testing.assert_allclose(found, columns(of_hidden), atol=1e-12)


def test_large_scores(masters: dict[str, Master]) -> None:
    scores, labels = np.array([[4000.0, -3.0], [3999.0, 2000.0], [-4000.0, 2001.0]]), np.eye(3)[:, [1, 2]]
    rows = torch.from_numpy(scores.T).requires_grad_()
    loss_of(rows, labels).backward()
    np.testing.assert_allclose(
        reference(masters, "scores_gradient")(scores, labels), columns(rows.grad), atol=1e-12
    )


@pytest.mark.parametrize("sizes", SIZES)
def test_the_gradients_of_a_layer(masters: dict[str, Master], sizes: tuple[int, int, int, int]) -> None:
    examples, _, weights, biases, *_ = network(sizes)
    gradient = np.random.default_rng(2).normal(size=(len(weights), examples.shape[1]))
    omega, beta = (torch.from_numpy(each).requires_grad_() for each in (weights, biases))
    (omega @ torch.from_numpy(examples) + beta).backward(torch.from_numpy(gradient))
    np.testing.assert_allclose(reference(masters, "weights_gradient")(gradient, examples), omega.grad.numpy())
    np.testing.assert_allclose(reference(masters, "bias_gradient")(gradient), beta.grad.numpy())


@pytest.mark.parametrize("sizes", SIZES)
def test_backward(masters: dict[str, Master], sizes: tuple[int, int, int, int]) -> None:
    examples, labels, *parameters = network(sizes)
    module = modules(tuple(parameters))
    loss_of(module(torch.from_numpy(examples.T)), labels).backward()
    found = reference(masters, "backward")(examples, labels, *parameters)
    for gradient, each in zip(found, module.parameters(), strict=True):
        expected = each.grad.numpy()
        np.testing.assert_allclose(gradient, expected.reshape(gradient.shape), atol=1e-12)


@pytest.mark.parametrize("rate", [0.1, 2.5])
def test_a_step(masters: dict[str, Master], rate: float) -> None:
    """Five steps beside PyTorch's own gradient descent."""
    examples, labels, *parameters = network(SIZES[0])
    module = modules(tuple(parameters))
    descent = torch.optim.SGD(module.parameters(), lr=rate)
    for _ in range(5):
        descent.zero_grad()
        loss_of(module(torch.from_numpy(examples.T)), labels).backward()
        descent.step()
        parameters = reference(masters, "gradient_step")(examples, labels, *parameters, rate)
    for parameter, each in zip(parameters, module.parameters(), strict=True):
        np.testing.assert_allclose(parameter, each.detach().numpy().reshape(parameter.shape), rtol=1e-9)
