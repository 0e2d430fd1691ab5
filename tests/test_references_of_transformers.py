"""The references of the masters on positions and transformer blocks, against PyTorch's own modules.

PyTorch is large, so only the slow suite asks for it: where it is missing, these tests are skipped, and say so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.master import Master

torch = pytest.importorskip("torch", reason="PyTorch is not installed: `pip install -e '.[pytorch]'`")
pytestmark = pytest.mark.slow

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


# ---------------------------------------------------------------- the transformer block


def column(rows: int) -> Any:
    return RNG.normal(size=(rows, 1))


@pytest.mark.parametrize(("D", "N", "eps"), [(6, 4, 1e-5), (5, 9, 0.3), (12, 1, 1e-3)])
def test_layer_norm(reference: Reference, D: int, N: int, eps: float) -> None:  # noqa: N803
    X, gamma, beta = 3 * RNG.normal(size=(D, N)) - 1, column(D), column(D)  # noqa: N806
    module = torch.nn.LayerNorm(D, eps=eps, dtype=torch.float64)
    with torch.no_grad():
        module.weight.copy_(tensor(gamma[:, 0]))
        module.bias.copy_(tensor(beta[:, 0]))
        expected = module(tensor(X).T).numpy().T
    found = reference("transformer_block", "layer_norm")(X, gamma, beta, eps)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize(("D", "N", "F"), [(6, 4, 10), (8, 7, 3), (4, 1, 16)])
def test_the_block_is_an_encoder_layer(reference: Reference, D: int, N: int, F: int) -> None:  # noqa: N803
    """With a causal mask, one head, the normalisation first, and no biases in the attention."""
    layer = torch.nn.TransformerEncoderLayer(
        D, nhead=1, dim_feedforward=F, dropout=0.0, norm_first=True, dtype=torch.float64
    ).eval()
    X = 2 * RNG.normal(size=(D, N)) + 1  # noqa: N806
    omegas = [RNG.normal(size=(D, D)) for _ in range(4)]
    network = [RNG.normal(size=(F, D)), column(F), RNG.normal(size=(D, F)), column(D)]
    norms = [column(D) for _ in range(4)]
    with torch.no_grad():
        layer.self_attn.in_proj_weight.copy_(tensor(np.vstack(omegas[:3])))
        layer.self_attn.in_proj_bias.zero_()
        layer.self_attn.out_proj.weight.copy_(tensor(omegas[3]))
        layer.self_attn.out_proj.bias.zero_()
        for module, (weight, bias) in [(layer.linear1, network[:2]), (layer.linear2, network[2:])]:
            module.weight.copy_(tensor(weight))
            module.bias.copy_(tensor(bias[:, 0]))
        for module, (gain, bias) in [(layer.norm1, norms[:2]), (layer.norm2, norms[2:])]:
            module.weight.copy_(tensor(gain[:, 0]))
            module.bias.copy_(tensor(bias[:, 0]))
        mask = torch.full((N, N), -math.inf, dtype=torch.float64).triu(1)
        expected = layer(tensor(X).T[:, None], src_mask=mask)[:, 0].numpy().T
    weights = [*norms[:2], *omegas, *norms[2:], *network]
    found = reference("transformer_block", "transformer_block")(X, weights)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_losses_are_cross_entropies(reference: Reference) -> None:
    scores, targets = 5 * RNG.normal(size=(7, 9)), RNG.integers(7, size=9)
    expected = torch.nn.functional.cross_entropy(tensor(scores).T, torch.tensor(targets), reduction="none")
    found = reference("transformer_block", "losses")(scores, targets)
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-10)


def test_the_trained_model_is_the_one_that_was_trained(
    masters: dict[str, Master], reference: Reference
) -> None:
    """Its scores are those of the code that it was trained with, and it knows how sentences are written."""
    from tests import train_characters

    loaded = masters["transformer_block"]
    (case,) = (
        case
        for question in loaded.assignment.questions
        if question.name == "logits"
        for case in question.cases
        if case.name == "the trained model"
    )
    tokens, model = case.arguments
    names = train_characters.parameters(model[0].shape[1])
    learned = {name: tensor(value) for name, value in zip(names, model, strict=True)}
    expected = train_characters.scores(learned, torch.tensor(tokens)[None])[0]
    np.testing.assert_allclose(case.expected, expected.numpy(), rtol=1e-6, atol=1e-6)
    there, back = reference("transformer_block", "perplexities")([tokens, tokens[::-1]], model)
    assert there < 2
    assert back > 100
