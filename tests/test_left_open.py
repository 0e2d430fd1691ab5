"""A question whose cells are the template's own was not attempted, whatever they do with what is around them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder import cells, kit
from autograder.master import Master
from autograder.model import Status

from .conftest import JudgeCells

QUESTIONS = [
    ("backpropagation", "forward"),
    ("backpropagation", "scores_gradient"),
    ("backpropagation", "weights_gradient"),
    ("backpropagation", "bias_gradient"),
    ("backpropagation", "hidden_gradient"),
    ("backpropagation", "backward"),
    ("backpropagation", "gradient_step"),
    ("multihead_attention", "softmax_cols"),
    ("multihead_attention", "multihead_scaled_self_attention"),
    ("multihead_attention", "X_prime"),
    *(
        ("masked_attention", question)
        for question in (
            "causal_mask",
            "padding_mask",
            "masked_softmax",
            "masked_attention",
            "causal_self_attention",
            "cross_attention",
        )
    ),
    *(
        ("multihead_general", question)
        for question in (
            "split_heads",
            "merge_heads",
            "softmax_keys",
            "attend",
            "multihead_attention",
            "split_rows",
            "merge_rows",
        )
    ),
    ("self_attention", "queries_keys_values"),
    ("self_attention", "softmax"),
    ("self_attention", "all_x_prime"),
    ("self_attention", "self_attention"),
    ("self_attention", "scaled_dot_product_self_attention"),
    ("positional_encoding", "frequencies"),
    ("positional_encoding", "sinusoidal"),
    ("positional_encoding", "add_positions"),
    ("positional_encoding", "shift_matrix"),
    ("positional_encoding", "rotate"),
    ("positional_encoding", "rotary_self_attention"),
    ("transformer_block", "layer_norm"),
    ("transformer_block", "feed_forward"),
    ("transformer_block", "transformer_block"),
    ("transformer_block", "logits"),
    ("transformer_block", "losses"),
    ("transformer_block", "perplexities"),
    ("transformer_block", "continue_text"),
]


FOLLOWS = {
    "scores_gradient": {"backward", "gradient_step"},
    "weights_gradient": {"backward", "gradient_step"},
    "bias_gradient": {"backward", "gradient_step"},
    "hidden_gradient": {"backward", "gradient_step"},
    "backward": {"gradient_step"},
    "softmax_cols": {"multihead_scaled_self_attention", "X_prime"},
    "multihead_scaled_self_attention": {"X_prime"},
    "causal_mask": {"causal_self_attention"},
    "padding_mask": {"causal_self_attention", "cross_attention"},
    "masked_softmax": {"masked_attention", "causal_self_attention", "cross_attention"},
    "masked_attention": {"causal_self_attention", "cross_attention"},
    "split_heads": {"multihead_attention"},
    "merge_heads": {"multihead_attention"},
    "softmax_keys": {"attend", "multihead_attention"},
    "attend": {"multihead_attention"},
    "queries_keys_values": {"all_x_prime"},
    "softmax": {"all_x_prime", "self_attention", "scaled_dot_product_self_attention"},
    "frequencies": {"sinusoidal", "add_positions", "shift_matrix", "rotate", "rotary_self_attention"},
    "sinusoidal": {"add_positions"},
    "rotate": {"rotary_self_attention"},
    "layer_norm": {"transformer_block", "logits", "perplexities", "continue_text"},
    "feed_forward": {"transformer_block", "logits", "perplexities", "continue_text"},
    "transformer_block": {"logits", "perplexities", "continue_text"},
    "logits": {"perplexities", "continue_text"},
    "losses": {"perplexities"},
}
"""Nobody gets a working function by leaving one out: what uses it does not work."""

TOGETHER = 'for _ in range(1):\n    print("a cell of my own")'


def _left(loaded: Master, question: str) -> list[str]:
    """Return the solved notebook with one question left as it was handed out."""
    pairs = zip(kit.solved_cells(loaded), kit.student_cells(loaded), strict=True)
    asked = [cell.question for cell in loaded.cells if cell.role in ("given", "question")]
    return [blank if name == question else solved for (solved, blank), name in zip(pairs, asked, strict=True)]


def test_all_questions_are_tried(masters: dict[str, Master]) -> None:
    asked = {(name, each.name) for name, loaded in masters.items() for each in loaded.assignment.questions}
    assert asked == set(QUESTIONS)


@pytest.mark.parametrize(("assignment", "question"), QUESTIONS)
def test_what_is_left_open_alone(
    judge_cells: JudgeCells, masters: dict[str, Master], assignment: str, question: str
) -> None:
    result = judge_cells(assignment, *_left(masters[assignment], question))
    for verdict in result.verdicts:
        if verdict.question == question:
            assert (verdict.status, verdict.points) == (Status.NOT_ATTEMPTED, 0)
        elif verdict.question in FOLLOWS.get(question, ()):
            assert verdict.status is not Status.NOT_ATTEMPTED
        else:
            assert verdict.points == verdict.possible, verdict.feedback


TEMPLATE = ["def f(x):\n    return ...", "y = f(1)\nprint(y)"]


@pytest.mark.parametrize(
    ("notebook", "is_open"),
    [
        (TEMPLATE, True),
        (["def f(x):\n    # mine\n    return ...", "y = f(1)\nprint(y)"], True),
        (["def f(x):\n    return 2", TEMPLATE[1]], False),
        ([TEMPLATE[0], "y = 2"], False),
        ([*TEMPLATE, "y = 2"], False),
        ([*TEMPLATE, "def f(x):\n    return 2"], False),
    ],
)
def test_a_variable_that_is_given_depends_on_the_functions_with_blanks(
    notebook: list[str], is_open: bool
) -> None:
    assert cells.left_open(notebook, TEMPLATE, ["y"]) is is_open


def test_a_variable_without_any_blank_is_never_open() -> None:
    given = ["def f(x):\n    return 1", "y = f(1)"]
    assert not cells.left_open(given, given, ["y"])


@pytest.fixture(scope="module")
def open_outputs(masters: dict[str, Master]) -> tuple[list[str], int]:
    """Return the notebook without the outputs per token, and which of its cells is theirs."""
    cells = _left(masters["self_attention"], "all_x_prime")
    (index,) = (number for number, cell in enumerate(cells) if "all_x_prime = []" in cell)
    return cells, index


@pytest.mark.parametrize(
    ("edit", "status"),
    [
        (
            lambda cell: f"# TODO\n\n{cell}\n\n# later".replace("\n    x_prime", "\n\n    x_prime"),
            Status.NOT_ATTEMPTED,
        ),
        (lambda cell: f"{cell}\n\n\n{cell}", Status.NOT_ATTEMPTED),
        (lambda cell: f"{TOGETHER}\n{cell}", Status.NOT_ATTEMPTED),
        (lambda cell: cell.replace("all_km_qn = ...", "all_km_qn = [1.0, 2.0, 3.0]"), Status.FAILED),
        (lambda cell: f"{cell}\nall_x_prime = [np.zeros((D, 1))] * N", Status.FAILED),
    ],
    ids=["comments", "copied", "joined", "half filled", "overwritten"],
)
def test_what_was_done_to_the_cell(
    judge_cells: JudgeCells, open_outputs: tuple[list[str], int], edit: Callable[[str], str], status: Status
) -> None:
    cells, index = open_outputs
    changed = edit(cells[index])
    assert changed != cells[index]
    result = judge_cells("self_attention", *cells[:index], changed, *cells[index + 1 :])
    (verdict,) = (each for each in result.verdicts if each.question == "all_x_prime")
    assert (verdict.status, verdict.points) == (status, 0)


def test_what_earlier_answers_make_of_it(
    judge_cells: JudgeCells, open_outputs: tuple[list[str], int]
) -> None:
    cells, _ = open_outputs
    wrong = [cell.replace("np.sum(exponentials)", "np.mean(exponentials)") for cell in cells]
    assert wrong != cells
    statuses = {each.question: each.status for each in judge_cells("self_attention", *wrong).verdicts}
    assert statuses["all_x_prime"] is Status.NOT_ATTEMPTED
    assert statuses["softmax"] is Status.FAILED
    assert statuses["self_attention"] is Status.PASSED
