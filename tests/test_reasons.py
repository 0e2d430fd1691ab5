"""Why points are lost: a few words a step, in the feedback, in results.json and in Otter's results."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import kit, master
from autograder.feedback import points_text
from autograder.finding import Finding
from autograder.finding import judged as judged_case
from autograder.judge import Judge
from autograder.model import Result, Status, Step, StepVerdict, Verdict
from autograder.reasons import stated
from autograder.report import otter_results
from autograder.report.otter_results import Classes
from autograder.report.results_json import results_json
from autograder.sandbox import Sandbox
from autograder.session import Answer
from autograder.submission import Submission

from .conftest import QUICK, ROOT

Judged = Callable[..., Result]


@pytest.fixture(scope="module")
def mixing() -> master.Master:
    return master.load("mixing", ROOT / "tests" / "course")


@pytest.fixture(scope="module")
def judged(mixing: master.Master, sandbox: Sandbox) -> Judged:
    """Judge the solved notebook with other bodies of its functions."""

    def judge(softmax: str = "", mix: str = "", feedback: Any = None) -> Result:
        questions = list(mixing.assignment.questions)
        if feedback is not None:
            told = replace(questions[0].properties[0], feedback=feedback)
            questions[0] = replace(questions[0], properties=(told,))
        assignment = replace(mixing.assignment, limits=QUICK, questions=tuple(questions))
        cells = [*kit.solved_cells(mixing)]
        for index, cell in enumerate(cells):
            if softmax and "def softmax_cols" in cell:
                cells[index] = f"def softmax_cols(scores):\n    {softmax}"
            if mix and "def mix" in cell:
                cells[index] = f"def mix(X, omega):\n    {mix}"
        judge = Judge(assignment, sandbox, kit.student_cells(mixing))
        return judge.judge(Submission(name="test", cells=tuple(cells)))

    return judge


def reasons(verdict: Verdict) -> dict[str, str]:
    return {step.name: step.reason for step in verdict.steps if step.reason}


EXP = "e = np.exp(scores - scores.max(axis=0)); "
STEPS = ("exponentials", "normalisation", "stable for large scores", "depends only on its arguments")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"{EXP}return e / e.sum(axis=0)", {}),
        ("e = np.exp(scores); return e / e.sum(axis=0)", {"stable for large scores": "no maximum subtracted"}),
        (f"{EXP}return e / e.sum()", {"normalisation": "softmax over everything"}),
        (f"{EXP}return -e / e.sum(axis=0)", dict.fromkeys(STEPS[:2], "the wrong sign")),
        (f"{EXP}return (e / e.sum(axis=0)).T", dict.fromkeys(STEPS[:2], "the result transposed")),
        (f"{EXP}return (e / e.sum(axis=0))[1:]", dict.fromkeys(STEPS[:2], "the wrong shape")),
        ("return scores ** 3 - 0.3", dict.fromkeys(STEPS[:2], "3 of 3 cases wrong")),
        (f"{EXP}return e / e.sum(axis=0) if len(scores) == len(scores.T) else scores", dict.fromkeys(STEPS[:2], 'the case "wide" is wrong')),
        (f"{EXP}return e / e.sum(axis=0) if len(scores) == 3 else scores", dict.fromkeys(STEPS[:2], "3 written instead of `N`")),
        ("return scores @ scores.T @ np.ones(7)", dict.fromkeys(STEPS[:2], "shapes do not fit")),
        ("return 1 / 0", dict.fromkeys(STEPS[:2], "raises `ZeroDivisionError`") | {STEPS[2]: "raises an exception"}),
        ("raise type('Sneaky', (Exception,), {})", dict.fromkeys(STEPS[:3], "raises an exception")),
        ("print(scores)", dict.fromkeys(STEPS[:2], "prints and returns nothing")),
        ("if len(scores): return None", dict.fromkeys(STEPS[:2], "returns nothing")),
        ("return 'text'", dict.fromkeys(STEPS[:2], "no array of numbers")),
        ("return ...", dict.fromkeys(STEPS[:2], "still open")),
        ("import os; os._exit(0)", dict.fromkeys(STEPS[:2], "its process ended")),
        ("while True: pass", dict.fromkeys(STEPS[:2], "no answer in time")),
        ("return scores + np.nan", dict.fromkeys(STEPS[:2], "`nan`")),
        (f"CALLS.append(1); {EXP}return e / e.sum(axis=0) + (len(CALLS) > 3)\nCALLS = []", dict.fromkeys(STEPS[:2], "not the same each time")),
    ],
)  # fmt: skip
def test_each_step_that_is_lost_has_its_reason(judged: Judged, body: str, expected: dict[str, str]) -> None:
    verdict = judged(softmax=body).verdicts[0]
    found = reasons(verdict)
    assert set(found) == {step.name for step in verdict.steps if step.points < step.possible}
    assert expected.items() <= found.items()
    assert bool(found) == bool(expected)


def test_reasons_of_habits(judged: Judged) -> None:
    source = (
        "scores = X.T @ X / np.sqrt(D); X *= 1; X += 0 * X + 1; return omega @ (X - 1) @ softmax_cols(scores)"
    )
    found = reasons(judged(mix=source).verdicts[1])
    assert found["depends only on its arguments"] == "reads `D` from the notebook"


def test_a_variable_that_does_not_follow_its_data(
    judged: Judged, mixing: master.Master, sandbox: Sandbox
) -> None:
    typed = f"mixed = np.array({np.asarray(mixing.assignment.questions[2].values[0].expected).tolist()})"
    cells = [cell.replace("mixed = mix(X, omega)", typed) for cell in kit.solved_cells(mixing)]
    assert typed in "\n".join(cells)
    judge = Judge(replace(mixing.assignment, limits=QUICK), sandbox, kit.student_cells(mixing))
    verdict = judge.judge(Submission(name="test", cells=tuple(cells))).verdicts[2]
    assert reasons(verdict)["the result"] == "stays the same for other data"


def test_of_several_values_no_other_than_the_right_one_is_explained(judged: Judged) -> None:
    verdict = judged(softmax=f"{EXP}return e / e.sum(), e / e.sum(axis=0)").verdicts[0]
    assert verdict.misconceptions == ()
    assert "number 2 of them is the right one" in verdict.feedback
    assert reasons(verdict) == {"normalisation": "returns several values"}


def test_what_was_not_asked_is_not_called_undefined(mixing: master.Master) -> None:
    question = mixing.assignment.questions[2]
    own, other = (
        replace(case, steps=(step,)) for case, step in zip(question.values, ("a", "b"), strict=False)
    )
    found = [
        judged_case(own, question, Answer(found=True, value=own.expected + 1)),
        Finding(case=other, skipped=True),
    ]
    steps = tuple(Step(name=name, points=1) for name in "ab")
    lost = [StepVerdict(name=name, points=0, possible=1) for name in "ab"]
    told = stated(lost, replace(question, steps=steps), found, (), Status.FAILED, None, None)
    assert [step.reason for step in told] == [
        'the case "own" is wrong',
        "not asked, since another case is wrong",
    ]


def test_what_is_not_there_or_not_attempted(judged: Judged, mixing: master.Master, sandbox: Sandbox) -> None:
    judge = Judge(replace(mixing.assignment, limits=QUICK), sandbox, kit.student_cells(mixing))
    untouched = judge.judge(Submission(name="test", cells=tuple(kit.student_cells(mixing))))
    assert {step.reason for verdict in untouched.verdicts for step in verdict.steps} == {"not attempted"}
    broken = judge.judge(Submission(name="test", cells=("def mix(:",)))
    assert set(reasons(broken.verdicts[1]).values()) == {"raises `SyntaxError`", "nothing without the rest"}


def test_they_stand_in_all_that_is_told(judged: Judged) -> None:
    result = judged(softmax=f"{EXP}return e / e.sum()")
    told = "exponentials 1/1; normalisation 0/2 (softmax over everything)"
    assert told in result.verdicts[0].feedback
    written = json.loads(results_json(result))["tests"][0]["extra_data"]["steps"]
    assert written["normalisation"] == {"points": 0, "possible": 2, "reason": "softmax over everything"}
    assert written["exponentials"]["reason"] == ""

    def made(**attributes: Any) -> Any:
        return type("Made", (), attributes)()

    files = otter_results.test_files(result, Classes(case=made, case_result=made, file=made))
    messages = [case.message for case in files["softmax_cols"].test_case_results]
    assert "0 of 2 points: softmax over everything" in messages
    assert "1 of 1 points" in messages


def test_points_in_one_line() -> None:
    steps = [
        StepVerdict(name="scaling", points=2, possible=2),
        StepVerdict(name="concatenation", points=0, possible=2, reason="heads in reversed order"),
    ]
    assert points_text(steps) == "scaling 2/2; concatenation 0/2 (heads in reversed order)"


@pytest.mark.parametrize(
    ("feedback", "words"),
    [
        ("Not so.", "Not so."),
        (
            lambda softmax, scores: f"It is {'large' if softmax(scores).sum() > 0 else 'small'}.",
            "It is small.",
        ),
        (lambda *_: 1 / 0, "It should be so, and is not: columns sum to 1."),
        (lambda softmax, _: softmax("text"), "It should be so, and is not: columns sum to 1."),
        (lambda *_: "long " * 1000, "long long long"),
    ],
)
def test_a_property_says_what_is_so_instead(judged: Judged, feedback: Any, words: str) -> None:
    verdict = judged(softmax="return -scores ** 2 - 0.3", feedback=feedback).verdicts[0]
    assert words in verdict.feedback
    assert len(verdict.feedback) < 1500


def test_a_property_of_an_explained_answer_is_not_repeated(judged: Judged) -> None:
    verdict = judged(softmax=f"{EXP}return e / e.sum()", feedback="Not so.").verdicts[0]
    assert verdict.misconceptions == ("softmax over everything",)
    assert "Not so." not in verdict.feedback


def test_masters_say_what_weights_sum_to_instead(masters: dict[str, master.Master]) -> None:
    questions = {
        question.name: question
        for loaded in masters.values()
        for question in loaded.assignment.questions
        if question.properties
    }

    def said(name: str, function: Callable[..., Any], index: int = 0) -> str:
        each = questions[name].properties[index]
        assert callable(each.feedback)
        assert not each.holds(function, *each.arguments)
        return str(each.feedback(function, *each.arguments))

    exp = np.exp
    assert "over each row, that is over the queries" in said(
        "softmax_cols", lambda scores: exp(scores) / exp(scores).sum(axis=1, keepdims=True)
    )
    assert "All of your weights together" in said(
        "softmax_cols", lambda scores: exp(scores) / exp(scores).sum()
    )
    assert "do not sum to 1" in said("softmax_cols", exp)
    assert "sum to more than 1" in said("softmax", lambda items: exp(items))
    assert "sum to less than 1" in said("softmax", lambda _: np.zeros(3))
    for name in ("self_attention", "multihead_scaled_self_attention"):
        fixed = np.random.default_rng(0).normal(size=questions[name].properties[0].arguments[0].shape)
        assert "stay as they are" in said(name, lambda *_, fixed=fixed: fixed)
        assert "not shuffled in the same way" in said(
            name, lambda tokens, *_: tokens * np.arange(tokens.shape[1])
        )
