"""The student's own notebook names mistakes: its generated checks, run by Otter in this process, and read."""

from __future__ import annotations

import ast
import functools
import json
import pickle
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograder import build, kit, master
from autograder.check_page import see
from autograder.hint_reader import named
from autograder.hints import ALONE, LARGEST, hints, texts_in
from autograder.master import Master
from autograder.model import Misconception, Question, ValueCase
from autograder.otter_files import public_tests
from autograder.outcomes import called, matches, outcome_of
from autograder.verify import leaks

from .conftest import ROOT, JudgeCells
from .corpus.answers import function_of
from .corpus.answers import run as names_of
from .corpus.random_functions import random_functions
from .corpus.right import RIGHT
from .corpus.wrong import WRONG

pytestmark = pytest.mark.filterwarnings("ignore")  # Otter's own, and those of wrong answers

MIXING = ROOT / "tests" / "course" / "solutions" / "mixing.py"
FUNCTIONS = ("softmax", "self_attention", "scaled_dot_product_self_attention",
             "softmax_cols", "multihead_scaled_self_attention")  # fmt: skip


class Checks(NamedTuple):
    """What a notebook has of a question: its public checks, and packed mistakes."""

    source: str
    mistakes: str


@pytest.fixture(scope="module")
def checks(masters: dict[str, Master]) -> dict[str, Checks]:
    """The public checks of all questions, as they stand in the notebooks."""
    metadata = [json.loads(kit.student_notebook(loaded))["metadata"] for loaded in masters.values()]
    return {
        name: Checks(source, each["true_values"]["mistakes"][name])
        for each in metadata
        for name, source in each["otter"]["tests"].items()
    }


@pytest.fixture(scope="module")
def questions(masters: dict[str, Master]) -> dict[str, Question]:
    return {
        question.name: question for loaded in masters.values() for question in loaded.assignment.questions
    }


def run(source: str, env: dict[str, Any]) -> Any:
    """Return a test file of Otter's after it has run in a notebook."""
    from otter.test_files import ExceptionTestFile

    file = ExceptionTestFile.from_string(source)
    with np.errstate(all="ignore"):
        file.run(env)
    return file


def said(checks: Checks, env: dict[str, Any], earlier: str = "") -> list[str]:
    """Return what a student reads of each case that failed: a mistake, else how the answer differs."""
    texts = []
    for number, result in enumerate(run(checks.source, env).test_case_results):
        if not result.passed:
            tried = result.test_case.body.test_func.__globals__["tried"][number]
            seen = see(tried, result.test_case.name.partition(": ")[2], checks.mistakes, earlier=earlier)
            pointer = (
                "" if seen.todo.startswith("Find the line of your code that does this") else f" {seen.todo}"
            )
            texts.append(
                f"Not right yet. {seen.told}{pointer}" if seen.told else f"Not right yet: {seen.said}"
            )
    return texts


def notebook_with(loaded: Master, question: Question, *mistakes: Any) -> dict[str, Any]:
    """Return what the notebook of a student defines who makes mistakes, as far as a question needs it."""
    if question.values:
        assert loaded.assignment.rerun is not None
        return dict(loaded.assignment.rerun(mistakes, None, question.name))
    assert question.variant is not None
    return {question.name: question.variant(mistakes)}


def is_wrong(question: Question, env: dict[str, Any]) -> bool:
    """Return whether an answer to a public case is not the reference's."""
    for case in (*question.values, *question.cases):
        if not case.hidden:
            value = isinstance(case, ValueCase)
            outcome = (
                outcome_of(env.get(case.variable)) if value else called(env[question.name], case.arguments)
            )
            if not matches(outcome, None, case.expected, case.tolerance, vector=question.vector):
                return True
    return False


def by_name(loaded: Master, name: str) -> Any:
    return next(each for each in loaded.assignment.misconceptions if each.id == name)


# ---------------------------------------------------------------- what is named


def costs_less(question: Question, one: Misconception, other: Misconception) -> bool:
    points = {step.name: step.points for step in question.steps}
    return sum(points[step] for step in one.steps) < sum(points[step] for step in other.steps)


def test_what_is_authored_is_named(masters: dict[str, Master], checks: dict[str, Checks]) -> None:
    """All but those whose answer is a single number, which anything could give."""
    told, missed = 0, []
    for loaded in masters.values():
        for question in loaded.assignment.questions:
            texts: dict[str, list[str]] = {}
            for mistake in question.misconceptions:
                env = notebook_with(loaded, question, mistake)
                if is_wrong(question, env):
                    texts[mistake.id] = said(checks[question.name], env)
            for mistake in question.misconceptions:
                alike = [
                    each
                    for each in question.misconceptions
                    if texts.get(each.id) == texts.get(mistake.id)
                    and (each is mistake or costs_less(question, each, mistake))
                ]
                begins = [each.feedback.split(". ")[0] for each in alike]  # rare ones may be shortened
                right = any(begin in text for begin in begins for text in texts.get(mistake.id, []))
                told += right
                missed += [] if right or mistake.id not in texts else [f"{question.name}: {mistake.id}"]
    share = f"{told} of {told + len(missed)} are named; not {missed}"
    sys.stdout.write(share)
    assert told >= 0.95 * (told + len(missed)), share


def test_answers_that_others_wrote_are_named(
    checks: dict[str, Checks], questions: dict[str, Question]
) -> None:
    """They were written without the masters, in several styles."""
    told, missed = 0, []
    for wrong in WRONG:
        if wrong.question in FUNCTIONS:
            env = {wrong.question: function_of(wrong.question, wrong.code)}
            if is_wrong(questions[wrong.question], env):
                (text,) = said(checks[wrong.question], env)
                told += text.startswith("Not right yet. ")
                missed += [] if text.startswith("Not right yet. ") else [f"{wrong.question}: {wrong.name}"]
    share = f"{told} of {told + len(missed)} are named; not {missed}"
    sys.stdout.write(share)
    assert told >= 0.7 * (told + len(missed)), share


def test_ties_and_pairs_are_told(masters: dict[str, Master], checks: dict[str, Checks]) -> None:
    texts = texts_in(checks["multihead_scaled_self_attention"].mistakes)
    assert "Your result is that of one of these mistakes." in texts
    loaded = masters["multihead_attention"]
    question = loaded.assignment.questions[1]
    pair = [by_name(loaded, name) for name in ("weights transposed", "result transposed")]
    (text,) = said(checks[question.name], notebook_with(loaded, question, *pair))
    assert text.startswith("Not right yet. ")
    assert all(each.feedback in text for each in pair)


def test_an_earlier_mistake_is_told_as_one(masters: dict[str, Master], checks: dict[str, Checks]) -> None:
    loaded = masters["multihead_attention"]
    question = loaded.assignment.questions[1]
    envs = [notebook_with(loaded, question, each) for each in loaded.assignment.questions[0].misconceptions]
    following = "Not right yet. Your result is one that follows from a mistake in `softmax_cols`. Mend `softmax_cols` first"
    told = [text for env in envs for text in said(checks[question.name], env, "softmax_cols")]
    assert sum(text.startswith(following) for text in told) > 0.8 * len(told), told
    told = [text for env in envs for text in said(checks[question.name], env)]
    assert not any("softmax_cols`" in text and "follows from" in text for text in told), told
    assert any(text.startswith("Not right yet. ") and len(text) > 200 for text in told)


def test_an_exception_is_named(masters: dict[str, Master]) -> None:
    """However the two matrices were multiplied; an exception of another kind, or of other sizes, is not."""
    assignment = masters["multihead_attention"].assignment
    question = assignment.questions[0]
    mistake = Misconception(
        id="four columns",
        question=question.name,
        steps=("exponentials",),
        feedback="There are six columns, not four.",
        function=lambda data_in: np.ones((6, 4)) @ data_in,
    )
    question = replace(question, misconceptions=(mistake,))
    packed = hints(replace(assignment, questions=(question,))).packed
    checks = Checks(public_tests(question), packed[question.name])
    for told, function in {
        "Not right yet. There are six columns, not four.": lambda data_in: np.dot(np.ones((7, 4)), data_in),
        "Not right yet: It stops with ValueError: matmul": lambda data_in: np.ones((6, 5)) @ data_in,
        "Not right yet: It stops with ValueError: invalid literal": lambda _: int("4 6"),
        "Not right yet: It stops with KeyError: ": lambda _: {}["4 6"],
    }.items():
        (text,) = said(checks, {question.name: function})
        assert text.startswith(told), text


# ---------------------------------------------------------------- what is not named

FORMS: dict[str, Callable[[Any], Any]] = {
    "float32": lambda answer: answer.astype(np.float32),
    "a list": lambda answer: answer.tolist(),
    "a matrix": np.matrix,
    "Fortran order": np.asfortranarray,
    "a tuple": lambda answer: (answer, np.eye(3)),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_right_answer_passes_silently(
    checks: dict[str, Checks], questions: dict[str, Question], form: str
) -> None:
    for name in FUNCTIONS:
        if name == "softmax" and form == "a tuple":
            continue
        (case,) = (case for case in questions[name].cases if not case.hidden)
        answer = FORMS[form](np.array(case.expected))
        file = run(checks[name].source, {name: lambda *_, answer=answer: answer})
        assert file.passed_all, file.summary()


OTHER_FORMS = {"wants an array", "wants arrays of shape (1, 1)"}
"""Right in another form than that in which the check passes its arguments."""
NOT_AS_PLAIN_CODE = {"run before it is defined", "magics and shell", "if name is main"}


def test_right_answers_in_many_styles_pass_silently(checks: dict[str, Checks]) -> None:
    """In notebooks of their own, and those that ask for variables too."""
    left_out = OTHER_FORMS | NOT_AS_PLAIN_CODE
    tried = [each for each in RIGHT if each.passed and not each.disagrees and each.name not in left_out]
    for right in tried:
        file = run(checks[right.question].source, names_of(right.cells))
        assert file.passed_all, (right.name, file.summary())
    assert len(tried) > 30


def test_nothing_of_the_right_answer_is_in_it(
    checks: dict[str, Checks], questions: dict[str, Question]
) -> None:
    for name, question in questions.items():
        for case in (*question.values, *question.cases):
            if not case.hidden:
                assert named(case.expected, case.name, checks[name].mistakes, question.vector) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_random_answers_are_never_named(
    checks: dict[str, Checks], questions: dict[str, Question], name: str
) -> None:
    (case,) = (case for case in questions[name].cases if not case.hidden)
    for code in random_functions(name, count=100, seed=5):
        function = function_of(name, code)
        if np.ptp(called(function, case.arguments)) == 0:  # zeros are told as zeros, whoever returns them
            continue
        (text,) = said(checks[name], {name: function})
        assert text.startswith("Not right yet: The result of"), (text, code)


@pytest.mark.parametrize("factor", [1 + 1e-5, 1 - 1e-4, 2, -1.7])
def test_what_is_nearly_right_is_not_named(
    checks: dict[str, Checks], questions: dict[str, Question], factor: float
) -> None:
    for name in ("softmax_cols", "self_attention"):
        (case,) = (case for case in questions[name].cases if not case.hidden)
        texts = said(checks[name], {name: lambda *_, case=case: case.expected * factor})
        assert [text[:27] for text in texts] == ["Not right yet: The result o"]


# ---------------------------------------------------------------- what it is made of


@pytest.mark.parametrize("damage", ["", "x", "c-rh%", None])
def test_damaged_hints_leave_the_check_as_it_was(
    masters: dict[str, Master], checks: dict[str, Checks], damage: str | None
) -> None:
    loaded = masters["multihead_attention"]
    question = loaded.assignment.questions[0]
    mistake = by_name(loaded, "softmax over the rows")
    env = notebook_with(loaded, question, mistake)
    read = checks[question.name]
    assert mistake.feedback in said(read, env)[0]
    damaged = read._replace(mistakes=read.mistakes[:-60] if damage is None else damage)
    (text,) = said(damaged, env)
    assert text.startswith(
        "Not right yet: The result of `softmax_cols` differs in 30 of 36 numbers, most at "
    )


def test_otter_can_copy_and_pickle_the_results(masters: dict[str, Master], checks: dict[str, Checks]) -> None:
    """It keeps them in its log."""
    loaded = masters["multihead_attention"]
    question = loaded.assignment.questions[0]
    mistake = by_name(loaded, "softmax over the rows")
    file = run(checks[question.name].source, notebook_with(loaded, question, mistake))
    assert (
        file.to_dict()["test_case_results"] == pickle.loads(pickle.dumps(file)).to_dict()["test_case_results"]
    )


def test_it_is_for_old_pythons_too(checks: dict[str, Checks]) -> None:
    for source in [kit.checks(), *(each.source for each in checks.values())]:
        ast.parse(source, feature_version=(3, 9))


def test_the_notebook_does_not_grow_beyond_its_limit(masters: dict[str, Master]) -> None:
    for loaded in masters.values():
        notebook = json.loads(kit.student_notebook(loaded))
        assert len(json.dumps(notebook["metadata"]["true_values"]["checks"])) < 40_000
        packed = kit.hints_of(loaded).packed
        assert packed == notebook["metadata"]["true_values"]["mistakes"]
        assert 10_000 < sum(map(len, packed.values())) <= LARGEST
        tests = notebook["metadata"]["otter"]["tests"].values()
        assert all(len(source) < 25_000 for source in tests)


def test_what_has_no_room_is_left_out_from_the_end(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(MIXING, course / "solutions")
    loaded = master.load("mixing", course)
    largest = 1500
    monkeypatch.setattr(kit, "hints", functools.partial(hints, largest=largest))
    found = kit.hints_of(loaded)
    assert sum(map(len, found.packed.values())) <= largest
    assert 0 < found.left_out[ALONE] < len(loaded.assignment.misconceptions)
    assert build.warnings(loaded)[0] == (
        f"`mixing`: there is no room in the notebook to name {found.left_out[ALONE]} mistakes, the last ones"
    )
    packed = json.loads(kit.student_notebook(loaded))["metadata"]["true_values"]["mistakes"]
    texts = [text for each in packed.values() for text in texts_in(each)]
    question = loaded.assignment.questions[0]
    assert question.misconceptions[0].feedback in texts
    assert question.misconceptions[-1].feedback not in texts


def test_what_has_room_is_not_warned_of(masters: dict[str, Master]) -> None:
    assert [build.warnings(loaded) for loaded in masters.values()] == [[] for _ in masters]


def test_a_solution_in_the_hints_is_found(course: Path) -> None:
    text = MIXING.read_text()
    feedback = "Look at `exponentials = np.exp(shifted)`, then at "
    changed = re.sub(r'(old="omega @ X".*?feedback=f?")', rf"\1{feedback}", text, count=1, flags=re.DOTALL)
    assert changed != text
    (course / "solutions" / "mixing.py").write_text(changed)
    loaded = master.load("mixing", course)
    assert feedback not in kit.student_notebook(loaded).decode()
    line = changed[: changed.index(feedback)].count("\n") + 1
    told = next(leaks(loaded))
    assert " contains `exponentials=np.exp(shifted)`, of the solution of `softmax_cols`" in told
    where = int(told.removeprefix("solutions/mixing.py:").split(":")[0])
    assert where < line < where + 9
    name = told.split("the feedback of misconception `")[1].split("`")[0]
    assert f'"{name}"' in changed.split("\n")[where]


def test_rare_mistakes_are_told_in_fewer_words_before_one_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("autograder.hints.IN_FULL", 1)
    loaded = master.load("mixing", ROOT / "tests" / "course")
    sizes = range(1500, 12_000, 100)
    found = next(each for size in sizes if ALONE not in (each := hints(loaded.assignment, size)).left_out)
    assert found.left_out
    texts = [text for packed in found.packed.values() for text in texts_in(packed)]
    question = loaded.assignment.questions[0]
    first, *rare = (mistake.feedback for mistake in question.misconceptions)
    assert first in texts
    shortened = [each for each in rare if each not in texts]
    assert any(each.startswith(text) for each in shortened for text in texts if len(text) > 20)


def test_what_all_alternatives_have_in_common_is_said_once_and_first(
    judge_cells: JudgeCells, masters: dict[str, Master]
) -> None:
    """Without the largest score, and with the sum over the rows: the first has several likely causes."""
    source = "import numpy as np\ndef softmax_cols(data_in):\n    e = np.exp(data_in)\n    return e / np.sum(e, axis=1)"
    result = judge_cells("multihead_attention", source)
    (verdict,) = [each for each in result.verdicts if each.question == "softmax_cols"]
    assert verdict.feedback.count("by the sums of the *rows*") == 1
    texts = texts_in(kit.hints_of(masters["multihead_attention"]).packed["softmax_cols"])
    assert "Beside that, there is one of these mistakes." in texts
