"""The wrong answers of the corpus get the name of their mistake, as the tables `names_*` of the corpus say."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest

from autograder.master import Master

from . import corpus
from .conftest import JudgeCells
from .corpus import MISTAKES, WRONG, Wrong
from .corpus.entries import ASSIGNMENTS

LEAST = 0.95
"""The share of wrong answers that get a right name and no other."""

TABLES = [
    importlib.import_module(f"{corpus.__name__}.{module.name}")
    for module in pkgutil.iter_modules(corpus.__path__)
    if module.name.startswith("names_")
]
NAMES = {key: names for table in TABLES for key, names in table.NAMES.items()}
DETECTED = {key: sentence for table in TABLES for key, sentence in table.DETECTED.items()}
QUESTIONS = list(dict.fromkeys(question for question, _ in NAMES))
ONE_OF_EACH = {(each.question, each.mistake): each for each in reversed(WRONG)}
"""For each mistake the style in which it comes first to mind."""


def _misnamed(judge_once: JudgeCells, answers: Iterable[Wrong]) -> list[str]:
    """Return the answers that get no name, or a wrong one, with what they were told instead."""

    def one(answer: Wrong) -> str:
        result = judge_once(answer.assignment, *answer.cells)
        (found,) = (verdict for verdict in result.verdicts if verdict.question == answer.question)
        key = (answer.question, answer.mistake)
        named = frozenset(found.misconceptions)
        if named and named <= NAMES.get(key, frozenset()):
            return ""
        if not named and key in DETECTED and re.search(DETECTED[key], found.feedback):
            return ""
        return f"{answer.name}: {sorted(named) or found.feedback}"

    with ThreadPoolExecutor(2) as pool:
        return list(filter(None, pool.map(one, answers)))


def _hold(judge_once: JudgeCells, answers: list[Wrong]) -> None:
    misnamed = _misnamed(judge_once, answers)
    assert answers
    assert len(misnamed) <= (1 - LEAST) * len(answers), "\n".join(misnamed)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_mistake_gets_its_name(judge_once: JudgeCells, question: str) -> None:
    _hold(judge_once, [each for each in ONE_OF_EACH.values() if each.question == question])


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_each_mistake_gets_its_name_in_all_styles(judge_once: JudgeCells, question: str) -> None:
    _hold(judge_once, [each for each in WRONG if each.question == question])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__.rpartition(".")[2])
def test_the_table_has_all_mistakes_of_its_questions(table: ModuleType) -> None:
    questions = {question for question, _ in (*table.NAMES, *table.DETECTED)}
    mistakes = {(question, slug) for question in questions for slug in MISTAKES[question]}
    assert set(table.NAMES) | set(table.DETECTED) == mistakes


def test_names_are_the_masters(masters: dict[str, Master]) -> None:
    known = {
        (question.name, each.id)
        for loaded in masters.values()
        for question in loaded.assignment.questions
        for each in question.misconceptions
    }
    named = {(question, name) for (question, _), names in NAMES.items() for name in names}
    assert sorted(named - known) == []


def test_all_questions_of_their_masters_have_names(masters: dict[str, Master]) -> None:
    asked = {each.name for name in set(ASSIGNMENTS.values()) for each in masters[name].assignment.questions}
    assert set(QUESTIONS) == asked
