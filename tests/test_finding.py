"""What is kept of an answer: enough to explain it, and nothing that would fill memory or take long."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.finding import MOST_KEPT, judged
from autograder.master import Master
from autograder.model import CallCase, Question
from autograder.session import Answer

EXPECTED = np.zeros((4, 3))


@pytest.fixture
def question(masters: dict[str, Master]) -> Question:
    return masters["multihead_attention"].assignment.questions[0]


def nested(depth: int) -> Any:
    value: Any = [1.0]
    for _ in range(depth):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        (np.ones((3, 4)), True),
        ([[1.0] * 3] * 4, True),
        ((np.ones((4, 3)), np.ones((100, 100))), True),
        (None, True),
        (np.ones(MOST_KEPT + 1000), False),
        ((np.ones((4, 3)), np.ones(MOST_KEPT + 1000)), False),
        ([0.5] * 5000, False),
        (nested(11), False),
        (np.array([[1.0, 2.0]] * 5000, dtype=object), False),
    ],
)
def test_an_answer_is_kept_unless_it_is_far_too_large(value: Any, is_kept: bool, question: Question) -> None:
    case: CallCase = question.cases[0]
    finding = judged(case, question, Answer(found=True, value=value), expected=EXPECTED)
    assert not finding.right
    assert (finding.answer is not None) is is_kept
