"""An error counts once: later questions are judged with the earlier answers replaced, whatever these were."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import kit, master, wire
from autograder.carried import MAX_LENGTH, MAX_NUMBERS, References
from autograder.judge import Judge
from autograder.model import ProblemKind, Status, Verdict
from autograder.sandbox import Sandbox
from autograder.session import Given, Session
from autograder.submission import Submission

from .classroom.answers import replaced
from .classroom.notebooks import Template
from .conftest import QUICK, ROOT, JudgeCells
from .corpus import RIGHT

COURSE = ROOT / "tests" / "course"
JudgeEdited = Callable[..., dict[str, Verdict]]


@pytest.fixture(scope="module")
def mixing() -> master.Master:
    return master.load("mixing", COURSE)


@pytest.fixture(scope="module")
def edited(mixing: master.Master, sandbox: Sandbox) -> JudgeEdited:
    """Judge the solved notebook with edits, by question."""
    judge = Judge(replace(mixing.assignment, limits=QUICK), sandbox, kit.student_cells(mixing))

    def judged(*edits: tuple[str, str]) -> dict[str, Verdict]:
        text = "\n# %%\n".join(kit.solved_cells(mixing))
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        result = judge.judge(Submission(name="test", cells=tuple(text.split("\n# %%\n"))))
        return {verdict.question: verdict for verdict in result.verdicts}

    return judged


ODD = ("np.exp(shifted)", "np.exp(shifted) + np.arange(len(shifted))[:, np.newaxis]")
RAISES = ("np.exp(shifted)", "np.exp(shifted).reshape(7, 7)")
CLIPPED = ("scores - np.max(scores, axis=0)", "np.clip(scores, -4, 4)")
HANGS = ("    shifted = scores", "    while True: pass\n    shifted = scores")
DIES = ("    shifted = scores", "    import os; os._exit(1)\n    shifted = scores")
NOTHING = ("    return exponentials / sums", "    exponentials / sums")
ZEROS = ("return exponentials / sums", "return 0 * exponentials")
UNSCALED = ("scores / np.sqrt(X.shape[0])", "scores")
COUNTED = "what is wrong there was counted there, and costs nothing here."


@pytest.mark.parametrize("wrong", [ODD, RAISES, NOTHING, ZEROS, HANGS, DIES])
def test_what_nothing_explains_counts_once(edited: JudgeEdited, wrong: tuple[str, str]) -> None:
    verdicts = edited(wrong)
    assert verdicts["softmax_cols"].points == 0
    for name in ("mix", "mixed"):
        assert verdicts[name].points == verdicts[name].possible, verdicts[name].feedback
        assert verdicts[name].status is Status.PASSED
    assert verdicts["mix"].feedback == (
        f"Right, given what went before.\nYour answer would be right if `softmax_cols` were: {COUNTED}"
    )


def test_what_cost_a_minor_step_counts_once_too(edited: JudgeEdited) -> None:
    verdicts = edited(CLIPPED)
    assert verdicts["softmax_cols"].status is Status.PASSED
    lost = [step.name for step in verdicts["softmax_cols"].steps if step.points < step.possible]
    assert lost == ["stable for large scores"]
    for name in ("mix", "mixed"):
        assert verdicts[name].points == verdicts[name].possible, verdicts[name].feedback
    assert f"Your answer would be right if `softmax_cols` were: {COUNTED}" in verdicts["mix"].feedback


def test_a_minor_step_alone_that_an_earlier_answer_cost_counts_once(
    masters: dict[str, master.Master], judges: dict[str, Judge]
) -> None:
    """Frequencies that are wrong for an odd number of rows alone cost the encoding made of them nothing."""
    name, asked = "positional_encoding", "frequencies"
    even = "def frequencies(D):\n    pairs = (D + 1) // 2\n    return 10000.0 ** -(np.arange(pairs) / pairs)"
    assert any(each.role == "question" and each.question == asked for each in masters[name].cells)
    cells = [
        even if cell.question == asked else cell.source
        for cell in masters[name].cells
        if cell.role in ("given", "question")
    ]
    verdicts = judges[name].judge(Submission(name="test", cells=tuple(cells))).verdicts
    lost = {verdict.question for verdict in verdicts if verdict.points < verdict.possible}
    assert lost == {asked}


def test_a_mistake_of_its_own_is_named_and_the_earlier_one_is_not_counted(edited: JudgeEdited) -> None:
    verdicts = edited(ODD, UNSCALED)
    assert verdicts["mix"].misconceptions == ("no scaling",)
    assert [step.name for step in verdicts["mix"].steps if step.points < step.possible] == ["scaling"]
    assert f"It was judged as if `softmax_cols` were right: {COUNTED}" in verdicts["mix"].feedback
    assert "shifted" not in verdicts["mix"].feedback


LEANS = (
    "np.sum(exponentials, axis=0, keepdims=True)",
    "np.array([sum(exponentials[:, n]) for n in range(N)])",
)
LEANS_TOO = ("np.sqrt(X.shape[0])", "np.sqrt(D)")
ARGUMENTS_ONLY = "depends only on its arguments"


def minus(verdict: Verdict) -> list[str]:
    """Return the steps that are lost."""
    return [step.name for step in verdict.steps if step.points < step.possible]


def test_leaning_on_sizes_counts_once(edited: JudgeEdited) -> None:
    first, *later = edited(LEANS).values()
    assert (first.status, minus(first)) == (Status.PASSED, [ARGUMENTS_ONLY])
    for verdict in later:
        assert (verdict.status, minus(verdict)) == (Status.PASSED, [])
    assert "needs sizes of the notebook because `softmax_cols` takes them" in later[0].feedback


def test_leaning_counts_once_where_other_sizes_do_not_help(judge_cells: JudgeCells) -> None:
    """A function for square matrices of the notebook's size: of other shapes, it is wrong whatever `N` is."""
    (square,) = [
        each for each in RIGHT if each.question == "softmax_cols" and each.name == "size of the notebook"
    ]
    template = Template("multihead_attention")
    cells = replaced(template.solved(), "softmax_cols", square.code)
    first, *later = judge_cells("multihead_attention", *(source for _, source in cells)).verdicts
    assert (first.status, minus(first)) == (Status.PASSED, [ARGUMENTS_ONLY])
    for verdict in later:
        assert (verdict.status, minus(verdict)) == (Status.PASSED, [])


def test_who_leans_by_itself_too_pays_for_it(edited: JudgeEdited) -> None:
    verdicts = edited(LEANS, LEANS_TOO)
    assert minus(verdicts["softmax_cols"]) == minus(verdicts["mix"]) == [ARGUMENTS_ONLY]
    assert "It takes `D`" in verdicts["mix"].feedback


def test_leaning_and_a_mistake_of_its_own(edited: JudgeEdited) -> None:
    verdicts = edited(LEANS, ("omega @ X", "omega.T @ X"))
    assert minus(verdicts["mix"]) == ["values"]
    assert verdicts["mix"].misconceptions == ("omega transposed",)


def test_what_is_not_attempted_is_not_replaced(edited: JudgeEdited) -> None:
    """Nobody gets a working function by leaving one out."""
    lines = (
        "scores - np.max(scores, axis=0)",
        "np.exp(shifted)",
        "np.sum(exponentials, axis=0, keepdims=True)",
        "exponentials / sums",
    )
    verdicts = edited(*((line, "...") for line in lines))
    assert verdicts["softmax_cols"].status is Status.NOT_ATTEMPTED
    assert verdicts["mix"].points == 0


def test_variables_are_replaced_with_other_data_too(edited: JudgeEdited) -> None:
    verdicts = edited(("return values @ weights", "return values @ weights + len(values)"))
    assert verdicts["mix"].points == 0
    assert verdicts["mixed"].points == verdicts["mixed"].possible


def test_what_is_right_only_beside_a_wrong_answer_is_wrong(edited: JudgeEdited) -> None:
    """With a softmax of zeros, a function of nothing would be consistent."""
    verdicts = edited(ZEROS, ("return values @ weights", "return 0 * X"))
    assert verdicts["mix"].points == 0


def test_a_wrong_call_stays_wrong(edited: JudgeEdited) -> None:
    verdicts = edited(ODD, ("mixed = mix(X, omega)", "mixed = mix(X, omega) - 5 * X"))
    assert verdicts["mixed"].points < verdicts["mixed"].possible


# ---------------------------------------------------------------- what a worker may ask


def asked(name: Any, values: Sequence[Any], keywords: Any = ()) -> wire.Message:
    return wire.Message(head={"asks": name, "keywords": list(keywords)}, values=list(values), notes=[])


@pytest.fixture(scope="module")
def references(mixing: master.Master) -> References:
    return References(mixing.assignment, mixing.assignment.questions[:2])


def test_the_reference_answers(references: References) -> None:
    scores = np.arange(6.0).reshape(2, 3)
    for message in (asked("softmax_cols", [scores]), asked("softmax_cols", [scores], ["scores"])):
        head, values = references.answer(message)
        assert head == {}
        assert np.allclose(values[0].sum(axis=0), 1)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (asked("no_such", [np.ones((2, 2))]), "NameError"),
        (asked(["softmax_cols"], [np.ones((2, 2))]), "NameError"),
        (asked("softmax_cols", [np.ones((2, MAX_LENGTH + 1))]), "ValueError"),
        (asked("softmax_cols", [[np.ones((MAX_LENGTH, 50))] * (MAX_NUMBERS // 5000)]), "ValueError"),
        (asked("softmax_cols", [[0.0] * (MAX_LENGTH + 1)]), "ValueError"),
        (asked("softmax_cols", [np.array(["a"])]), "TypeError"),
        (asked("softmax_cols", [wire.Opaque("module")]), "TypeError"),
        (asked("softmax_cols", []), "TypeError"),
        (asked("softmax_cols", [1.0], ["scores", "more"]), "ValueError"),
        (asked("softmax_cols", [1.0], [7]), "TypeError"),
        (asked("mix", [np.ones((2, 3)), np.ones((4, 5))]), "ValueError"),
    ],
)
def test_what_is_handed_to_the_reference_is_checked(
    references: References, message: wire.Message, kind: str
) -> None:
    head, values = references.answer(message)
    assert head["raises"] == kind
    assert values == []


def counting(seen: list[str]) -> Given:
    def answers(message: wire.Message) -> tuple[dict[str, Any], list[Any]]:
        seen.append(message.head["asks"])
        if message.values[0] < 0:
            return {"raises": "ValueError", "message": "negative"}, []
        return {}, [message.values[0] + 1]

    return Given(functions=("f",), answers=answers)


def test_a_function_of_the_notebook_is_answered_by_the_judge(sandbox: Sandbox) -> None:
    sources = ["def f(x):\n    return 0\na = f(1)", "def g(x):\n    return 10 * f(x)", "b = g(4)"]
    seen: list[str] = []
    with Session(sandbox, sources, QUICK, counting(seen)) as session:
        assert session.value("a").value == 2
        assert session.value("b").value == 50
        assert session.call("g", [2]).value == 30
        problem = session.call("g", [-1]).problem
        assert problem is not None
        assert (problem.type, problem.message) == ("ValueError", "negative")
    assert seen == ["f"] * 4


def test_who_asks_without_end_is_stopped(sandbox: Sandbox) -> None:
    forever = "def f(x):\n    return 0\ndef g(x):\n    while True:\n        f(x)\ndef h(x):\n    return f(x)"
    with Session(sandbox, [forever], QUICK, counting([])) as session:
        started = time.monotonic()
        problem = session.call("g", [1]).problem
        assert problem is not None
        assert problem.kind is ProblemKind.TIMEOUT
        assert time.monotonic() - started < QUICK.call_seconds + 3
        assert session.call("h", [1]).value == 2


def test_what_an_answer_looks_like_is_seen_behind_an_earlier_mistake(edited: JudgeEdited) -> None:
    verdicts = edited(ODD, ("return values @ weights", "return 7 * values @ weights"))
    assert "Your result is the right one times a factor, the same for each input" in verdicts["mix"].feedback


def test_only_what_lost_points_is_blamed(masters: dict[str, master.Master], judge_cells: JudgeCells) -> None:
    """The same mistake in the second question would explain its answers, and would be another one."""
    changed = (
        ("np.exp(data_in - np.max(data_in, axis=0))", "np.exp(data_in)"),
        ("np.sum(exp_values, axis=0)", "np.sum(exp_values, axis=1)"),
    )
    cells = []
    for source in kit.solved_cells(masters["multihead_attention"]):
        for old, new in changed:
            source = source.replace(old, new)
        cells.append(source)
    first, *later = judge_cells("multihead_attention", *cells).verdicts
    assert first.points < first.possible
    for verdict in later:
        assert verdict.points == verdict.possible
        assert "`softmax_cols`" in verdict.feedback
        assert "`multihead" not in verdict.feedback
        assert set(verdict.misconceptions) <= set(first.misconceptions)


@pytest.mark.parametrize("size", [MAX_LENGTH + 1, 10**20, 1e6, np.array(10**6), np.array([10**6])])
def test_no_more_can_be_made_of_it_by_a_size(references: References, size: Any) -> None:
    """A reference that makes a mask of N tokens would fill the judge's memory."""
    head, answers = references.answer(asked("softmax_cols", [size]))
    assert (head["message"], answers) == (
        "`softmax_cols` is called with a larger size than belongs to this exercise",
        [],
    )


@pytest.mark.parametrize("number", [MAX_LENGTH, -(10**6), 0.5, True, [10**6]])
def test_other_numbers_are_no_sizes(references: References, number: Any) -> None:
    head, _ = references.answer(asked("softmax_cols", [number]))
    assert "size" not in head.get("message", "")


def test_no_more_can_be_made_of_it_by_broadcasting(references: References) -> None:
    """A few hundred numbers along many axes would fill the judge's memory."""
    many = np.ones((1, 200, 1, 1, 1))
    for values in ([np.ones((200, 1, 1, 1, 1)), many], [[[[[1.0] * 200]]], np.ones((2, 2))]):
        head, answers = references.answer(asked("mix", values))
        assert "more axes than belong to this exercise" in head["message"]
        assert answers == []
