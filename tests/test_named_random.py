"""No misconception is named for functions that have nothing to do with one: a wrong name is worse than none.

Answers are made here and shown to the explainer, without a worker: what is judged is the naming alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder.explain import Explainer
from autograder.master import Master
from autograder.model import Mistakes, Question
from autograder.outcomes import called, matches
from autograder.tables import Told

from .corpus import SIGNATURES, random_functions
from .corpus.answers import alike, function_of, inputs
from .corpus.answers import called as answered
from .corpus.entries import ASSIGNMENTS

MANY = dict.fromkeys(SIGNATURES, 2500)
"""12,500 in all."""
QUICK = ("softmax", "softmax_cols", "self_attention")
"""Those for which all sets of mistakes are made in a few seconds."""


@pytest.fixture(scope="module")
def explainers(masters: dict[str, Master]) -> dict[str, Explainer]:
    return {name: Explainer(master.assignment) for name, master in masters.items()}


def _named(master: Master, explainer: Explainer, name: str, count: int) -> Iterator[str]:
    """Yield the random functions that get the name of a mistake which they are not, with this name."""
    question = next(each for each in master.assignment.questions if each.name == name)
    for source in random_functions(name, count):
        function = function_of(name, source)
        answers = []
        for case in question.cases:
            value = called(function, case.arguments)
            assert isinstance(value, np.ndarray), source
            right = matches(value, None, case.expected, case.tolerance, vector=question.vector)
            answers.append(Told(value=value, wrong=not right))
        assert any(told.wrong for told in answers), source
        for mistakes in explainer.sets(question, answers, {}):
            if not _is_this_mistake(question, mistakes, source):
                yield f"{[each.id for each in mistakes]}\n{source}"


def _is_this_mistake(question: Question, mistakes: Mistakes, source: str) -> bool:
    """Return whether a random function is the mistake by chance: with inputs of other sizes too, it gives the same."""
    assert question.variant is not None
    made, function = question.variant(mistakes), function_of(question.name, source)
    assert made is not None
    given = inputs(question.name)
    return alike(
        [answered(made, *each) for each in given],
        [answered(function, *each) for each in given],
    )


def _hold(masters: dict[str, Master], explainers: dict[str, Explainer], name: str, count: int) -> None:
    assignment = ASSIGNMENTS[name]
    assert list(_named(masters[assignment], explainers[assignment], name, count)) == []


@pytest.mark.parametrize("question", QUICK)
def test_random_functions_get_no_name(
    masters: dict[str, Master], explainers: dict[str, Explainer], question: str
) -> None:
    _hold(masters, explainers, question, 40)


@pytest.mark.slow
@pytest.mark.parametrize(("question", "count"), MANY.items())
def test_ten_thousand_random_functions_get_no_name(
    masters: dict[str, Master], explainers: dict[str, Explainer], question: str, count: int
) -> None:
    _hold(masters, explainers, question, count)
