"""No misconception is named for functions that have nothing to do with one: a wrong name is worse than none.

Answers are made here and shown to the explainer, without a worker: what is judged is the naming alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from autograder.explain import Explainer
from autograder.fingerprints import Told
from autograder.master import Master
from autograder.model import Data, Mistakes, Question, Tolerance
from autograder.outcomes import called, matches, outcome_of

from .corpus import SIGNATURES, random_functions, random_lines
from .corpus.answers import alike, function_of, inputs
from .corpus.answers import called as answered
from .corpus.entries import ASSIGNMENTS, SELF

Lines = Mapping[str, str]

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
        if not any(told.value.any() for told in answers):
            continue  # that they are nothing but zeros is true of them
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


LINES = {
    "query": "omega_q @ X + beta_q",
    "key": "omega_k @ X + beta_k",
    "value": "omega_v @ X + beta_v",
}
PARTS = {"all_queries": "query", "all_keys": "key", "all_values": "value"}


def _lists(lines: Lines, notebook: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the three lists of a notebook in which some of the lines are others."""
    return {
        variable: [eval({**LINES, **lines}[part], {"np": np, **notebook, "X": x}) for x in notebook["all_x"]]
        for variable, part in PARTS.items()
    }


def _misnamed_lines(master: Master, explainer: Explainer, count: int) -> Iterator[str]:
    """Yield the random lines that get the name of a mistake which they are not, with this name."""
    question = next(each for each in master.assignment.questions if each.name == "queries_keys_values")
    notebook = master.variants.rerun((), None, question.name)
    for lines in random_lines(count):
        answers = []
        for case in question.values:
            value = _lists(lines, {**notebook, **(case.data.values if case.data else {})})[case.variable]
            right = matches(value, None, case.expected, case.tolerance, vector=True)
            answers.append(Told(value=value, wrong=not right))
        if not any(told.wrong for told in answers):
            continue  # moving a column along its second axis leaves it right
        for mistakes in explainer.sets(question, answers, {}):
            if not _are_this_mistake(master, mistakes, lines):
                yield f"{[each.id for each in mistakes]}\n{lines}"


def _are_this_mistake(master: Master, mistakes: Mistakes, lines: Lines) -> bool:
    """Return whether random lines are the mistake by chance: with other numbers too, they give the same."""
    rng = np.random.default_rng(5)
    values: dict[str, Any] = {f"omega_{letter}": rng.normal(size=(4, 4)) for letter in "qkv"}
    values |= {f"beta_{letter}": rng.normal(size=(4, 1)) for letter in "qkv"}
    values["all_x"] = [rng.normal(size=(4, 1)) for _ in range(3)]
    made = master.variants.rerun(mistakes, Data(name="fresh", values=values), "queries_keys_values")
    return all(
        matches(given, None, outcome_of(made[variable]), Tolerance(), vector=True)
        for variable, given in _lists(lines, values).items()
    )


@pytest.mark.slow
def test_random_queries_keys_and_values_get_no_name(
    masters: dict[str, Master], explainers: dict[str, Explainer]
) -> None:
    with np.errstate(all="ignore"):
        assert list(_misnamed_lines(masters[SELF], explainers[SELF], 2_500)) == []
