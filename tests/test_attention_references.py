"""The references of attention against PyTorch's own functions and modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.master import Master

torch = pytest.importorskip("torch", reason="PyTorch is not installed: `pip install -e '.[pytorch]'`")
pytestmark = pytest.mark.slow
MASKED = "masked_attention"
GENERAL = "multihead_general"


def _reference(masters: dict[str, Master], assignment: str, question: str) -> Callable[..., Any]:
    (found,) = (each for each in masters[assignment].assignment.questions if each.name == question)
    assert found.variant is not None
    function = found.variant(())
    assert function is not None
    return function


def _tensor(array: Any) -> Any:
    return torch.from_numpy(np.ascontiguousarray(array))


def _one_head(omegas: list[Any], betas: list[Any]) -> Any:
    """Return PyTorch's attention with one head and these matrices and biases (queries, keys, values)."""
    size = len(omegas[0])
    module = torch.nn.MultiheadAttention(size, 1, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        module.in_proj_weight.copy_(_tensor(np.vstack(omegas)))
        module.in_proj_bias.copy_(_tensor(np.vstack(betas).ravel()))
        module.out_proj.weight.copy_(torch.eye(size))
        module.out_proj.bias.zero_()
    return module


def _parameters(rng: np.random.Generator, size: int) -> tuple[list[Any], list[Any]]:
    """Return matrices and biases for queries, keys and values."""
    return [rng.normal(size=(size, size)) for _ in "qkv"], [rng.normal(size=(size, 1)) for _ in "qkv"]


def _in_order(omegas: list[Any], betas: list[Any]) -> list[Any]:
    """Return them as the masters take them: values, queries, keys."""
    return [group[index] for group in (omegas, betas) for index in (2, 0, 1)]


@pytest.mark.parametrize("shape", [(7, 5), (3, 8), (4, 4)])
def test_masked_softmax(masters: dict[str, Master], shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    scores, allowed = 5 * rng.normal(size=shape), rng.uniform(size=shape) < 0.5
    allowed[:, 1] = False
    hidden = _tensor(scores).masked_fill(~_tensor(allowed), -torch.inf)
    expected = torch.softmax(hidden, dim=0).nan_to_num(0.0).numpy()
    np.testing.assert_allclose(_reference(masters, MASKED, "masked_softmax")(scores, allowed), expected)


@pytest.mark.parametrize("sizes", [(3, 6, 5, 7), (7, 3, 8, 2), (4, 4, 4, 4)])
def test_masked_attention(masters: dict[str, Master], sizes: tuple[int, int, int, int]) -> None:
    rng, (of_key, of_value, asked, answering) = np.random.default_rng(1), sizes
    queries, keys = rng.normal(size=(of_key, asked)), rng.normal(size=(of_key, answering))
    values, allowed = rng.normal(size=(of_value, answering)), rng.uniform(size=(answering, asked)) < 0.5
    allowed[:, 0], allowed[0, 1:] = False, True
    rows = [_tensor(each.T)[None] for each in (queries, keys, values)]
    found = torch.nn.functional.scaled_dot_product_attention(*rows, attn_mask=_tensor(allowed.T)[None])
    answer = _reference(masters, MASKED, "masked_attention")(queries, keys, values, allowed)
    np.testing.assert_allclose(answer, found[0].nan_to_num(0.0).numpy().T)


@pytest.mark.parametrize("tokens", [[3, 1, 4, 1, 5], [2, 7, 1, 8, 0, 0], [9, 0, 4, 0, 6, 6, 2]])
def test_causal_self_attention(masters: dict[str, Master], tokens: list[int]) -> None:
    rng, count = np.random.default_rng(1), len(tokens)
    vectors, parameters = rng.normal(size=(4, count)), _parameters(rng, 4)
    rows, padding = _tensor(vectors.T)[None], torch.tensor([tokens]) == 0
    later = torch.ones((count, count), dtype=torch.bool).triu(1)
    found, _ = _one_head(*parameters)(rows, rows, rows, key_padding_mask=padding, attn_mask=later)
    attention = _reference(masters, MASKED, "causal_self_attention")
    answer = attention(vectors, np.array(tokens), *_in_order(*parameters))
    np.testing.assert_allclose(answer, found[0].detach().numpy().T)


@pytest.mark.parametrize(("asked", "tokens"), [(5, [3, 8, 5, 9, 2, 0, 0]), (8, [0, 9, 1]), (4, [2, 0, 6, 1])])
def test_cross_attention(masters: dict[str, Master], asked: int, tokens: list[int]) -> None:
    rng = np.random.default_rng(1)
    asking, answering = rng.normal(size=(6, asked)), rng.normal(size=(6, len(tokens)))
    parameters, padding = _parameters(rng, 6), torch.tensor([tokens]) == 0
    queries, keys = _tensor(asking.T)[None], _tensor(answering.T)[None]
    found, _ = _one_head(*parameters)(queries, keys, keys, key_padding_mask=padding)
    attention = _reference(masters, MASKED, "cross_attention")
    answer = attention(asking, answering, np.array(tokens), *_in_order(*parameters))
    np.testing.assert_allclose(answer, found[0].detach().numpy().T)


# ---------------------------------------------------------------- many heads


@pytest.mark.parametrize(("heads", "size", "batch", "count"), [(3, 2, 4, 5), (1, 6, 2, 3), (4, 3, 1, 7)])
def test_multihead_attention(
    masters: dict[str, Master], heads: int, size: int, batch: int, count: int
) -> None:
    rng, width = np.random.default_rng(1), heads * size
    sentences, parameters = rng.normal(size=(batch, width, count)), _parameters(rng, width)
    omega_c, beta_c = rng.normal(size=(width, width)), rng.normal(size=(width, 1))
    module = _one_head(*parameters)
    module.num_heads, module.head_dim = heads, size
    with torch.no_grad():
        module.out_proj.weight.copy_(_tensor(omega_c))
        module.out_proj.bias.copy_(_tensor(beta_c.ravel()))
    rows = _tensor(sentences.transpose(0, 2, 1))
    expected = module(rows, rows, rows)[0].detach().numpy().transpose(0, 2, 1)
    attention = _reference(masters, GENERAL, "multihead_attention")
    answer = attention(sentences, heads, *_in_order(*parameters), omega_c, beta_c)
    np.testing.assert_allclose(answer, expected)


@pytest.mark.parametrize(("asked", "answering"), [(5, 7), (4, 4), (6, 2)])
def test_attend(masters: dict[str, Master], asked: int, answering: int) -> None:
    rng = np.random.default_rng(1)
    queries = rng.normal(size=(4, 3, 2, asked))
    keys, values = (rng.normal(size=(4, 3, 2, answering)) for _ in "kv")
    rows = [_tensor(each.swapaxes(2, 3)) for each in (queries, keys, values)]
    expected = torch.nn.functional.scaled_dot_product_attention(*rows).numpy().swapaxes(2, 3)
    np.testing.assert_allclose(_reference(masters, GENERAL, "attend")(queries, keys, values), expected)


def test_softmax_keys(masters: dict[str, Master]) -> None:
    scores = 50 * np.random.default_rng(1).normal(size=(2, 3, 5, 4))
    expected = torch.softmax(_tensor(scores), dim=2).numpy()
    np.testing.assert_allclose(_reference(masters, GENERAL, "softmax_keys")(scores), expected)


def test_heads_are_split_and_merged_as_by_pytorch(masters: dict[str, Master]) -> None:
    columns, rows = (np.random.default_rng(1).normal(size=shape) for shape in ((4, 6, 5), (4, 5, 6)))
    of_columns, of_rows = _tensor(columns).unflatten(1, (3, 2)), _tensor(rows).unflatten(2, (3, 2))
    expected = {"split_heads": of_columns.numpy(), "split_rows": of_rows.transpose(1, 2).numpy()}
    for (name, answer), given in zip(expected.items(), (columns, rows), strict=True):
        np.testing.assert_array_equal(_reference(masters, GENERAL, name)(given, 3), answer)
        merged = _reference(masters, GENERAL, name.replace("split", "merge"))(answer)
        np.testing.assert_array_equal(merged, given)
