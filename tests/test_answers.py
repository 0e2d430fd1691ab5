"""Notebooks written from the student notebooks alone, judged: right ones are right, wrong ones are named."""

from __future__ import annotations

import pytest

from autograder import kit
from autograder.master import Master
from autograder.model import Result

from .answers import Notebook, masked_attention, multihead_general
from .conftest import JudgeCells

NOTEBOOKS = [masked_attention, multihead_general]
ASSIGNMENTS = ["masked_attention", "multihead_general"]
RIGHT = [notebook for module in NOTEBOOKS for notebook in module.RIGHT]
WRONG = [notebook for module in NOTEBOOKS for notebook in module.WRONG]


def _cells(master: Master, notebook: Notebook) -> list[str]:
    """Return the cells of a notebook: the solved one, with the answers in place of the master's."""
    cells = list(kit.solved_cells(master))
    for question, source in notebook.answers.items():
        (place,) = (index for index, cell in enumerate(cells) if f"def {question}(" in cell)
        cells[place] = source
    return cells


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_question_is_answered_wrongly_by_somebody(masters: dict[str, Master], assignment: str) -> None:
    named = [each.named for each in WRONG if each.assignment == assignment]
    for question in masters[assignment].assignment.questions:
        names = set().union(*(each.get(question.name, set()) for each in named))
        assert names, question.name
        assert names <= {each.id for each in question.misconceptions}


def _judged(judge_once: JudgeCells, masters: dict[str, Master], notebook: Notebook) -> Result:
    return judge_once(notebook.assignment, *_cells(masters[notebook.assignment], notebook))


@pytest.mark.parametrize("notebook", RIGHT, ids=lambda each: f"{each.assignment}: {each.name}")
def test_right_notebooks_lose_no_more_than_they_should(
    judge_once: JudgeCells, masters: dict[str, Master], notebook: Notebook
) -> None:
    result = _judged(judge_once, masters, notebook)
    lost = {
        verdict.question: {step.name for step in verdict.steps if step.points < step.possible}
        for verdict in result.verdicts
        if verdict.points < verdict.possible
    }
    assert lost == notebook.loses, [verdict.feedback for verdict in result.verdicts]


@pytest.mark.parametrize("notebook", WRONG, ids=lambda each: f"{each.assignment}: {each.name}")
def test_wrong_notebooks_lose_points_where_they_are_wrong_and_the_mistake_is_named(
    judge_once: JudgeCells, masters: dict[str, Master], notebook: Notebook
) -> None:
    result = _judged(judge_once, masters, notebook)
    wrong = {verdict.question for verdict in result.verdicts if verdict.points < verdict.possible}
    assert wrong == set(notebook.named)
    for verdict in result.verdicts:
        names = notebook.named.get(verdict.question, set())
        if names:
            assert set(verdict.misconceptions) & names, verdict.feedback
