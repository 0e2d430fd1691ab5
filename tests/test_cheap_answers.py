"""One line that computes nearly nothing is no mistake of its own: it keeps only what it shows.

A mistake costs the steps that an answer with it shows nothing of. If it named its own step alone, values that
are returned as they are would keep the points of scores, scaling and softmax.
"""

from __future__ import annotations

import pytest

from autograder import kit
from autograder.master import Master
from tests.conftest import JudgeCells

VALUES = "np.vstack([omega_v1 @ X + beta_v1, omega_v2 @ X + beta_v2])"
MEANS = (
    "np.vstack([np.mean(omega_v1 @ X + beta_v1, axis=1, keepdims=True) + 0 * X[:1], "
    "np.mean(omega_v2 @ X + beta_v2, axis=1, keepdims=True) + 0 * X[:1]])"
)
HEAD = "(omega_v1 @ X + beta_v1) @ softmax_cols((omega_k1 @ X + beta_k1).T @ (omega_q1 @ X + beta_q1))"
ONE_HEAD = {
    "omega_q @ X + beta_q": 0.0,
    "omega_k @ X + beta_k": 0.0,
    "omega_v @ X + beta_v": 0.4,
    "(omega_v @ X + beta_v)[:, -1:] + 0 * X": 0.4,
    "(omega_v @ X + beta_v)[:, :1] + 0 * X": 0.4,
    "np.mean(omega_v @ X + beta_v, axis=1, keepdims=True) + 0 * X": 0.6,
    "np.sum(omega_v @ X + beta_v, axis=1, keepdims=True) + 0 * X": 0.6,
    "(omega_k @ X + beta_k).T @ (omega_q @ X + beta_q)": 0.6,
    "X": 0.0,
}
"""The part of the points that a function may keep which returns this."""
CHEAP = [
    ("multihead_attention", "softmax_cols", "np.ones(data_in.shape) / len(data_in)", 0.0),
    ("multihead_attention", "softmax_cols", "(data_in == data_in.max(axis=0)) * 1.0", 0.0),
    ("multihead_attention", "multihead_scaled_self_attention", f"omega_c @ {VALUES}", 0.42),
    ("multihead_attention", "multihead_scaled_self_attention", VALUES, 0.3),
    ("multihead_attention", "multihead_scaled_self_attention", "omega_c @ X", 0.34),
    ("multihead_attention", "multihead_scaled_self_attention", f"omega_c @ {MEANS}", 0.6),
    ("multihead_attention", "multihead_scaled_self_attention", HEAD, 0.6),
    ("self_attention", "softmax", "[1 / len(items_in)] * len(items_in)", 0.0),
    ("self_attention", "softmax", "(np.array(items_in) == max(items_in)) * 1.0", 0.0),
    *(("self_attention", "self_attention", returned, part) for returned, part in ONE_HEAD.items()),
    *(
        ("self_attention", "scaled_dot_product_self_attention", returned, part)
        for returned, part in ONE_HEAD.items()
    ),
    ("masked_attention", "causal_mask", "np.eye(N)", 0.5),
    ("masked_attention", "padding_mask", "np.repeat(np.array(tokens)[:, None], N, axis=1)", 0.5),
    ("masked_attention", "masked_softmax", "scores * allowed", 0.12),
    ("multihead_general", "softmax_keys", "np.exp(data_in)", 0.5),
    ("backpropagation", "scores_gradient", "F - Y", 0.6),
    ("backpropagation", "scores_gradient", "central_differences(lambda F: cross_entropy(F, Y), F)", 0.0),
    ("transformer_block", "losses", "-scores[targets, np.arange(len(targets))]", 0.5),
    ("transformer_block", "continue_text", "tokens if count == 1 else tokens[10**9]", 0.0),
]


@pytest.mark.parametrize(("name", "function", "returned", "part"), CHEAP)
def test_a_cheap_answer_keeps_only_what_it_shows(
    name: str, function: str, returned: str, part: float, masters: dict[str, Master], judge_cells: JudgeCells
) -> None:
    cell = next(cell for cell in kit.student_cells(masters[name]) if f"def {function}(" in cell)
    signature = cell[: cell.index("):\n") + 3]
    given = [other for other in masters[name].variants.sources(()) if f"def {function}(" not in other]
    result = judge_cells(name, *given, f"{signature}    return {returned}\n")
    (verdict,) = [each for each in result.verdicts if each.question == function]
    assert verdict.points <= part * verdict.possible


@pytest.mark.parametrize(
    ("outputs", "most"),
    [
        ("all_values", 0),
        ("all_x", 0),
        ("[all_values[-1]] * N", 0),
        ("[sum(all_values)] * N", 0),
        ("[sum(all_values) / N] * N", 2),
        ("[[(key.T @ query).item() for key in all_keys] for query in all_queries]", 1),
    ],
)
def test_cheap_outputs_keep_only_what_they_show(
    outputs: str, most: float, masters: dict[str, Master], judge_cells: JudgeCells
) -> None:
    given = [
        cell for cell in masters["self_attention"].variants.sources(()) if "all_x_prime = []" not in cell
    ]
    made = next(at for at, cell in enumerate(given) if "def softmax(" in cell)
    cells = [*given[: made + 1], f"all_x_prime = {outputs}", *given[made + 1 :]]
    result = judge_cells("self_attention", *cells)
    (verdict,) = [each for each in result.verdicts if each.question == "all_x_prime"]
    assert verdict.points <= most


@pytest.mark.parametrize(
    ("name", "earlier", "later", "most"),
    [
        (
            "positional_encoding",
            ("frequencies", "1e-8 * np.arange((D + 1) // 2) / D"),
            "rotary_self_attention",
            2.5,
        ),
        (
            "masked_attention",
            ("padding_mask", "np.full((len(tokens), N), True)"),
            "cross_attention",
            2.5,
        ),
    ],
)
def test_a_wrong_earlier_answer_makes_no_fake_later_one_free(
    name: str,
    earlier: tuple[str, str],
    later: str,
    most: float,
    masters: dict[str, Master],
    judge_cells: JudgeCells,
) -> None:
    """With it, who leaves out what the later question is about gets what an honest answer gets."""
    fakes = {
        "rotary_self_attention": "masked(omega_v @ X, omega_q @ X, omega_k @ X)",
        "cross_attention": (
            "masked_attention(omega_q @ X_q + beta_q, omega_k @ X_kv + beta_k, omega_v @ X_kv + beta_v, "
            "np.full((X_kv.shape[1], X_q.shape[1]), True))"
        ),
    }
    attention = """
def masked(V, Q, K):
    scores = np.exp(K.T @ Q / np.sqrt(len(Q)))
    return V @ (scores / scores.sum(axis=0))
"""

    def points(fake: bool) -> tuple[float, float]:
        cells = [attention, *masters[name].variants.sources(())]
        bodies = {earlier[0]: earlier[1], **({later: fakes[later]} if fake else {})}
        for function, value in bodies.items():
            at = next(at for at, cell in enumerate(cells) if f"def {function}(" in cell)
            signature = cells[at][cells[at].index(f"def {function}(") :]
            cells[at] = f"{signature[: signature.index('):') + 2]}\n    return {value}\n"
        verdicts = {each.question: each for each in judge_cells(name, "import numpy as np", *cells).verdicts}
        return verdicts[later].points, verdicts[later].possible

    honest, possible = points(False)
    assert honest == possible
    cheap, _ = points(True)
    assert cheap <= most


MEANS_OF_ONE = "np.mean(omega_v @ X + beta_v, axis=1, keepdims=True) + 0 * X"


@pytest.mark.parametrize(
    ("name", "earlier", "returned", "later", "most"),
    [
        (
            "multihead_attention",
            ("softmax_cols", "np.ones(data_in.shape) / len(data_in)"),
            f"omega_c @ {MEANS}",
            "multihead_scaled_self_attention",
            7,
        ),
        (
            "self_attention",
            ("softmax", "[1 / len(items_in)] * len(items_in)"),
            MEANS_OF_ONE,
            "self_attention",
            3,
        ),
    ],
)
def test_what_follows_from_a_cheap_answer_is_free_for_who_computes_it(
    name: str,
    earlier: tuple[str, str],
    returned: str,
    later: str,
    most: float,
    masters: dict[str, Master],
    judge_cells: JudgeCells,
) -> None:
    """Equal weights before, and means of the values now, look the same as the rest computed with equal weights:
    only one of them is right with the earlier question replaced."""

    def points(*bodies: tuple[str, str]) -> tuple[float, float]:
        cells = list(masters[name].variants.sources(()))
        for function, value in bodies:
            at = next(at for at, cell in enumerate(cells) if f"def {function}(" in cell)
            template = next(cell for cell in kit.student_cells(masters[name]) if f"def {function}(" in cell)
            cells[at] = f"{template[: template.index('):') + 3]}    return {value}\n"
        verdicts = {each.question: each for each in judge_cells(name, *cells).verdicts}
        return verdicts[later].points, verdicts[later].possible

    honest, possible = points(earlier)
    cheap, _ = points(earlier, (later, returned))
    assert honest == possible
    assert cheap <= most
