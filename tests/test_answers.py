"""Right and wrong answers to the newer assignments against the judge: `tests/answers` says what they are."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from autograder.judge import Judge
from autograder.master import Master
from autograder.model import Result, Status
from autograder.submission import Submission

from .answers import Wrong, modules

MODULES = modules()
NAMED = 0.9
"""The least share of wrong answers that get a right name and no other."""


def judged(loaded: Master, judge: Judge, answers: Mapping[str, str]) -> Result:
    """Return the result of a solved notebook with these answers in the place of the master's."""
    sources, left = [], dict(answers)
    for cell in loaded.cells:
        if cell.role in ("given", "question"):
            given = answers.get(cell.question or "")
            sources.append(cell.source if given is None else left.pop(cell.question or "", ""))
    assert not left, f"there is no question {sorted(left)}"
    return judge.judge(Submission(name="answer", cells=tuple(sources)))


@pytest.mark.parametrize("name", MODULES)
def test_right_answers_lose_nothing_else(
    name: str, masters: dict[str, Master], judges: dict[str, Judge]
) -> None:
    answers: Any = MODULES[name]
    assert len(answers.RIGHT) >= 10
    asked = {question.name for question in masters[name].assignment.questions}
    for question in asked:
        assert sum(question in each for each in answers.RIGHT.values()) >= 10, question

    def one(style: str) -> str:
        result = judged(masters[name], judges[name], answers.RIGHT[style])
        lost = {
            verdict.question: {step.name for step in verdict.steps if step.points < step.possible}
            for verdict in result.verdicts
            if verdict.points < verdict.possible
        }
        told = "\n".join(verdict.feedback for verdict in result.verdicts if verdict.question in lost)
        passed = all(verdict.status is Status.PASSED for verdict in result.verdicts)
        return "" if passed and lost == answers.LOSES.get(style, {}) else f"{style}: {lost}\n{told}"

    with ThreadPoolExecutor(2) as pool:
        disagrees = list(filter(None, pool.map(one, answers.RIGHT)))
    assert not disagrees, "\n\n".join(disagrees)


@pytest.mark.parametrize("name", MODULES)
def test_wrong_answers_lose_points_and_are_named(
    name: str, masters: dict[str, Master], judges: dict[str, Judge]
) -> None:
    answers: Any = MODULES[name]
    assert len(answers.WRONG) >= 15
    asked = {question.name for question in masters[name].assignment.questions}
    assert {each.question for each in answers.WRONG} == asked
    known = {each.id for each in masters[name].assignment.misconceptions}

    def one(each: Wrong) -> tuple[bool, str]:
        assert each.names <= known, each.names - known
        result = judged(masters[name], judges[name], {each.question: each.code})
        (found,) = (verdict for verdict in result.verdicts if verdict.question == each.question)
        others = [v.question for v in result.verdicts if v is not found and v.points < v.possible]
        named = bool(found.misconceptions) and set(found.misconceptions) <= each.names
        told = f"{each.question}: {each.says}: {sorted(found.misconceptions)}\n{found.feedback}"
        assert found.points < found.possible, f"costs nothing: {told}"
        assert not others, f"costs points in {others} too: {told}"
        return named, "" if named else told

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one, answers.WRONG))
    told = "\n\n".join(text for named, text in results if not named)
    assert sum(named for named, _ in results) >= NAMED * len(results), told
