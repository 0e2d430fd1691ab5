"""The references of the masters on positions and transformer blocks, against PyTorch's own modules.

PyTorch is no dependency of ours, for it is large: where it is missing, these tests are skipped, and say so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.master import Master

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: `pip install torch`, best its build for CPUs alone"
)

RNG = np.random.default_rng(0)


@pytest.fixture
def reference(masters: dict[str, Master]) -> Callable[[str, str], Any]:
    """Return the function that a master has for a question."""

    def found(assignment: str, question: str) -> Any:
        (asked,) = (each for each in masters[assignment].assignment.questions if each.name == question)
        assert asked.variant is not None
        return asked.variant(())

    return found


def tensor(array: Any) -> Any:
    return torch.tensor(np.asarray(array), dtype=torch.float64)


Reference = Callable[[str, str], Any]

# ---------------------------------------------------------------- positions


def tutorial_encoding(D: int, N: int) -> Any:  # noqa: N803
    """The encoding of PyTorch's tutorial on language modelling, (N, D): it knows even D only."""
    position = torch.arange(N, dtype=torch.float64).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, D, 2, dtype=torch.float64) * (-math.log(10000.0) / D))
    pe = torch.zeros(N, D, dtype=torch.float64)
    pe[:, 0::2] = torch.sin(position * div_term)
    pe[:, 1::2] = torch.cos(position * div_term)
    return pe


@pytest.mark.parametrize(("D", "N"), [(8, 6), (12, 30), (2, 3)])
def test_sinusoids(reference: Reference, D: int, N: int) -> None:  # noqa: N803
    expected = tutorial_encoding(D, N).numpy().T
    np.testing.assert_allclose(reference("positional_encoding", "sinusoidal")(D, N), expected, atol=1e-12)


def test_tokens_with_positions(reference: Reference) -> None:
    X = RNG.normal(size=(10, 7))  # noqa: N806
    expected = tensor(X).T * math.sqrt(10) + tutorial_encoding(10, 7)
    found = reference("positional_encoding", "add_positions")(X)
    np.testing.assert_allclose(found, expected.numpy().T, atol=1e-12)


def rotary(x: Any, positions: Any) -> Any:
    """Rotary embeddings with complex numbers, (N, D), as published models compute them."""
    freqs = 1.0 / 10000.0 ** (torch.arange(0, x.shape[1], 2, dtype=torch.float64) / x.shape[1])
    angles = torch.outer(tensor(positions), freqs)
    turned = torch.view_as_complex(x.reshape(len(x), -1, 2).contiguous())
    turned = turned * torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(turned).flatten(1)


def test_rotation(reference: Reference) -> None:
    X, positions = RNG.normal(size=(12, 5)), np.array([3, 0, 7, 100, 1])  # noqa: N806
    found = reference("positional_encoding", "rotate")(X, positions)
    np.testing.assert_allclose(found, rotary(tensor(X).T, positions).numpy().T, atol=1e-12)


def test_rotary_attention(reference: Reference) -> None:
    X, positions = RNG.normal(size=(10, 7)), np.array([3, 0, 7, 4, 1, 2, 20])  # noqa: N806
    omegas = [RNG.normal(size=(rows, 10)) for rows in (6, 6, 4)]
    q, k, v = (tensor(X).T @ tensor(omega).T for omega in omegas)
    expected = torch.nn.functional.scaled_dot_product_attention(
        rotary(q, positions)[None], rotary(k, positions)[None], v[None]
    )
    found = reference("positional_encoding", "rotary_self_attention")(X, positions, *omegas)
    np.testing.assert_allclose(found, expected[0].numpy().T, rtol=1e-10)
