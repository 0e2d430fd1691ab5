"""Wrong answers get the name of the mistake, on a miniature master: tests/course/solutions/mixing.py."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from autograder import kit, master, recognition, tables
from autograder.explain import Explainer, Explanation
from autograder.fingerprints import Told
from autograder.judge import Judge
from autograder.model import Mistakes, Problem, ProblemKind, Question, Result, Status, Verdict
from autograder.naming import explained
from autograder.sandbox import Sandbox
from autograder.submission import Submission

from .conftest import QUICK, ROOT

COURSE = ROOT / "tests" / "course"
JudgeEdited = Callable[..., Result]


@pytest.fixture(scope="module")
def mixing() -> master.Master:
    return master.load("mixing", COURSE)


@pytest.fixture(scope="module")
def judge(mixing: master.Master, sandbox: Sandbox) -> Judge:
    return Judge(replace(mixing.assignment, limits=QUICK), sandbox, kit.student_cells(mixing))


@pytest.fixture(scope="module")
def edited(mixing: master.Master, judge: Judge) -> JudgeEdited:
    """Judge the solved notebook with edits."""

    def judged(*edits: tuple[str, str], by: Judge = judge) -> Result:
        text = "\n# %%\n".join(kit.solved_cells(mixing))
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        return by.judge(Submission(name="test", cells=tuple(text.split("\n# %%\n"))))

    return judged


def verdict(result: Result, question: str) -> Verdict:
    return next(verdict for verdict in result.verdicts if verdict.question == question)


def lost(found: Verdict) -> list[str]:
    return [step.name for step in found.steps if step.points < step.possible]


EXP2 = ("np.exp(shifted)", "np.exp2(shifted)")
UNSTABLE = ("scores - np.max(scores, axis=0)", "scores")
EVERYTHING = ("axis=0, keepdims=True)", ")")
UNSCALED = ("scores / np.sqrt(X.shape[0])", "scores")
OMEGA = ("omega @ X", "omega.T @ X")
TURNED = ("values @ weights", "values @ weights.T")
LOOKS_OF_D = ("np.sqrt(X.shape[0])", "np.sqrt(D)")


def test_each_misconception_is_told_and_loses_its_step(mixing: master.Master, judge: Judge) -> None:
    assert list(recognition.wrongly_judged(mixing, judge)) == []


def test_each_pair_and_triple_is_diagnosed_as_itself(mixing: master.Master) -> None:
    shares, missed = recognition.recognised(mixing.assignment)
    assert missed == ()
    assert shares.startswith("alone 15 of 15, 2 as one of several; in pairs ")


@pytest.mark.parametrize(
    ("edits", "question", "names", "steps"),
    [
        ([EXP2], "softmax_cols", ["powers of two"], ["exponentials"]),
        ([EXP2, EVERYTHING], "softmax_cols", ["powers of two", "softmax over everything"], None),
        ([UNSTABLE], "softmax_cols", ["no maximum subtracted"], ["stable for large scores"]),
        (
            [UNSTABLE, EXP2],
            "softmax_cols",
            ["no maximum subtracted", "powers of two"],
            ["exponentials", "stable for large scores"],
        ),
        ([UNSCALED], "mix", ["no scaling"], ["scaling"]),
        ([("return values @ weights", "return X")], "mix", ["tokens returned"], None),
        ([UNSCALED, OMEGA], "mix", ["no scaling", "omega transposed"], ["values", "scaling"]),
        (
            [UNSCALED, OMEGA, ("return values @ weights", "return (values @ weights).T")],
            "mix",
            ["no scaling", "omega transposed", "result transposed"],
            ["values", "scaling", "weighting"],
        ),
    ],
    ids=[
        "one", "all main steps", "NaN", "NaN and another", "single", "all steps", "pair", "triple",
    ],
)  # fmt: skip
def test_the_smallest_explanation_is_told(
    edited: JudgeEdited,
    mixing: master.Master,
    edits: list[tuple[str, str]],
    question: str,
    names: list[str],
    steps: list[str] | None,
) -> None:
    result = edited(*edits)
    found = verdict(result, question)
    assert sorted(found.misconceptions) == names, found.feedback
    assert lost(found) == ([step.name for step in found.steps] if steps is None else steps)
    texts = {each.id: each.feedback for each in mixing.assignment.misconceptions}
    assert all(texts[name] in found.feedback for name in names)
    assert (
        f"Your answers are those of {('', 'two', 'three')[len(names) - 1]} mistakes together:"
        in found.feedback
    ) is (len(names) > 1)
    for other in result.verdicts:
        if other.question != question:
            assert (other.status, other.points) == (Status.PASSED, other.possible), other.feedback


def test_the_mistake_comes_first_then_the_case_then_the_points(edited: JudgeEdited) -> None:
    found = verdict(edited(UNSCALED), "mix")
    lines = found.feedback.splitlines()
    assert found.status is Status.FAILED
    assert lines[0] == "Not right yet."
    assert lines[1].startswith("Your scores go into the softmax as they are")
    assert lines[2].startswith('In the case "own", your result differs in 12 of 12 numbers')
    assert lines[3].startswith("Points: values 1/1; scores 1/1; scaling 0/2 (no scaling);")
    assert len(lines) == 4


def test_ties_are_told_as_ties_and_cost_the_least(edited: JudgeEdited) -> None:
    found = verdict(edited(TURNED), "mix")
    assert set(found.misconceptions) == {"weights transposed", "weights and weights transposed"}
    assert "Your answers are those of one of these mistakes:\n- This is the first mistake" in found.feedback
    assert lost(found) == ["values"]


def test_an_earlier_mistake_is_counted_once(edited: JudgeEdited) -> None:
    result = edited(EXP2)
    assert lost(verdict(result, "softmax_cols")) == ["exponentials"]
    for name in ("mix", "mixed"):
        found = verdict(result, name)
        assert (found.status, found.points) == (Status.PASSED, found.possible)
        assert found.misconceptions == ("powers of two",)
        assert found.feedback.startswith(
            "Right, given what went before.\nYour result is the one that follows"
        )
        assert "`softmax_cols`: it was counted there, and costs nothing here." in found.feedback


def test_an_earlier_mistake_and_a_new_one(edited: JudgeEdited) -> None:
    result = edited(EXP2, OMEGA)
    found = verdict(result, "mix")
    assert lost(found) == ["values"]
    assert "What is wrong in `softmax_cols` shows here too: it was counted there" in found.feedback
    carried = verdict(result, "mixed")
    assert carried.points == carried.possible
    assert "what is wrong in `softmax_cols`, `mix`" in carried.feedback


def test_a_mistake_in_the_call_on_top_of_an_earlier_one(edited: JudgeEdited) -> None:
    found = verdict(edited(UNSCALED, ("mixed = mix(X, omega)", "mixed = mix(X, omega.T)")), "mixed")
    assert set(found.misconceptions) == {"no scaling", "matrix transposed in the call"}
    assert lost(found) == ["the result"]


def test_an_earlier_mistake_may_be_found_where_it_is_used(edited: JudgeEdited) -> None:
    """`softmax_cols` is wrong in a way of its own, and `mix` uses a helper with a known mistake."""
    helper = "def helper(s):\n    e = 2 ** (s - s.max(axis=0))\n    return e / e.sum(axis=0)\n\ndef mix(X"
    result = edited(
        ("return exponentials / sums", "return np.cos(exponentials / sums)"),
        ("def mix(X", helper),
        ("weights = softmax_cols", "weights = helper"),
    )
    assert verdict(result, "softmax_cols").points == 0
    assert verdict(result, "mix").misconceptions == ("powers of two",)


def test_a_typed_in_variable_is_not_carried_forward(edited: JudgeEdited, mixing: master.Master) -> None:
    mistake = next(each for each in mixing.assignment.misconceptions if each.id == "no scaling")
    assert mixing.assignment.rerun is not None
    value = mixing.assignment.rerun((mistake,), None, "mixed")["mixed"].tolist()
    found = verdict(edited(UNSCALED, ("mixed = mix(X, omega)", f"mixed = np.array({value})")), "mixed")
    assert (found.points, found.misconceptions) == (0, ())


@pytest.mark.parametrize(
    "edits",
    [[("X.T @ X", "X @ X.T")], [("X.T @ X", "np.dot(X, X.T)")], [("X.T @ X", "X @ X.T"), OMEGA]],
    ids=["exception", "exception in another style", "exception hides another"],
)
def test_an_exception_is_named_and_shows_nothing_of_the_rest(
    edited: JudgeEdited, edits: list[tuple[str, str]]
) -> None:
    result = edited(*edits)
    found = verdict(result, "mix")
    assert found.misconceptions == ("attention over dimensions",)
    assert (found.status, found.points) == (Status.FAILED, 0)
    assert "Nothing of the other steps can be seen in such an answer" in found.feedback
    carried = verdict(result, "mixed")
    assert (carried.points, carried.misconceptions) == (carried.possible, ())
    assert "Your answer would be right if `mix` were" in carried.feedback


def test_several_steps_may_be_lost(edited: JudgeEdited) -> None:
    found = verdict(edited(("return values @ weights", "return np.tile(values.mean(axis=1, keepdims=True), X.shape[1])")), "mix")  # fmt: skip
    assert found.misconceptions == ("all tokens weighted alike",)
    assert lost(found) == ["scores", "scaling"]


def test_what_is_not_there_is_still_not_attempted(edited: JudgeEdited) -> None:
    nothing = edited(("mixed = mix", "other = mix"), ("sums = np.sum(mixed", "other = np.sum(other"))
    assert verdict(nothing, "mixed").status is Status.NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("raise ValueError('shapes')", ()),
        ("return X.T @ np.ones((7, 7))", ()),
        ("return None", ()),
        ("return np.full(X.shape, np.nan)", ()),
    ],
)
def test_an_exception_or_nothing_alone_is_no_evidence(
    edited: JudgeEdited, body: str, names: tuple[str, ...]
) -> None:
    found = verdict(edited(("return values @ weights", body)), "mix")
    assert (found.misconceptions, found.points) == (names, 0), found.feedback


def test_leaning_and_wrong(edited: JudgeEdited) -> None:
    """Wrong for the public case already, so that leaning alone does not make it right."""
    found = verdict(edited(LOOKS_OF_D, OMEGA), "mix")
    assert found.misconceptions == ("omega transposed",)
    assert lost(found) == ["values", "depends only on its arguments"]
    assert "It takes `D` from the notebook instead of from its arguments" in found.feedback


def test_without_partial_credit_a_wrong_answer_loses_its_question(
    edited: JudgeEdited, mixing: master.Master, sandbox: Sandbox
) -> None:
    assignment = replace(mixing.assignment, limits=QUICK, partial_credit=False)
    strict = Judge(assignment, sandbox, kit.student_cells(mixing))
    result = edited(UNSCALED, by=strict)
    assert (verdict(result, "mix").points, verdict(result, "mix").misconceptions) == (0, ("no scaling",))
    assert verdict(result, "mixed").points == 3
    assert verdict(edited(UNSTABLE, by=strict), "softmax_cols").points == 3.5
    assert list(recognition.wrongly_judged(replace_assignment(mixing, assignment), strict)) == []


def replace_assignment(loaded: master.Master, assignment: object) -> master.Master:
    return replace(loaded, assignment=assignment)  # type: ignore[arg-type]


STYLES = [
    """
def mix(X, omega):
    D, N = X.shape
    out = np.zeros((D, N))
    for n in range(N):
        s = [X[:, m] @ X[:, n] for m in range(N)]
        w = softmax_cols(np.array(s)[:, None])
        for m in range(N):
            out[:, n] += w[m, 0] * (omega.T @ X[:, m])
    return out
""",
    """
def mix(X, omega):
    w = softmax_cols(np.einsum("dm,dn->mn", X, X))
    return np.einsum("ed,em,mn->dn", omega, X, w).tolist()
""",
    """
def mix(X, omega):
    X = X.T.astype(np.float32)
    return ((softmax_cols((X @ X.T).T)).T @ (X @ omega)).T, 3
""",
]


@pytest.mark.parametrize("source", STYLES, ids=["loops", "einsum", "rows, float32, a tuple"])
def test_a_mistake_is_the_same_in_every_style(judge: Judge, mixing: master.Master, source: str) -> None:
    cells = (*kit.solved_cells(mixing), source)
    found = verdict(judge.judge(Submission(name="test", cells=cells)), "mix")
    assert set(found.misconceptions) == {"no scaling", "omega transposed"}, found.feedback


def question(mixing: master.Master, name: str) -> Question:
    return next(each for each in mixing.assignment.questions if each.name == name)


def test_no_mistake_is_named_for_unrelated_answers(mixing: master.Master) -> None:
    explainer, rng = Explainer(mixing.assignment), np.random.default_rng(0)
    for asked in mixing.assignment.questions[:2]:
        for _ in range(500):
            kind = rng.integers(3)
            answers = [
                Told(
                    value=rng.normal(size=case.expected.shape)
                    if kind
                    else np.round(case.expected * rng.normal(), 2)
                )
                for case in asked.cases
            ]
            assert explainer.sets(asked, answers, {}) == ()


def test_all_cases_must_agree(mixing: master.Master) -> None:
    explainer, asked = Explainer(mixing.assignment), question(mixing, "mix")
    (mistake,) = [each for each in asked.misconceptions if each.id == "no scaling"]
    answers = recognition.told_by((mistake,), asked, explainer)
    assert explainer.sets(asked, answers, {}) == ((mistake,),)
    for index, answer in enumerate(answers):
        other = [*answers]
        other[index] = Told(value=answer.value + 1e-3)
        assert explainer.sets(asked, other, {}) == ()
        other[index] = Told(problem=Problem(kind=ProblemKind.EXCEPTION, type="ValueError"))
        assert explainer.sets(asked, other, {}) == ()


def named(mixing: master.Master, *names: str) -> Mistakes:
    return tuple(each for name in names for each in mixing.assignment.misconceptions if each.id == name)


def test_two_earlier_mistakes_and_a_new_one_are_looked_for_within_limits(
    mixing: master.Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    explainer, asked = Explainer(mixing.assignment), question(mixing, "mix")
    base = named(mixing, "powers of two", "softmax over everything")
    all_three = (*base, *named(mixing, "omega transposed"))
    earlier = {"softmax_cols": Explanation(question="softmax_cols", alternatives=(base,))}
    answers = recognition.told_by(all_three, asked, explainer)
    assert explainer.sets(asked, answers, earlier) == (all_three,)
    monkeypatch.setattr(tables, "MAX_TRIED", {False: 0, True: 0})
    assert Explainer(mixing.assignment).sets(asked, answers, earlier) == ()


def test_what_is_remembered_depends_on_all_that_is_looked_at(mixing: master.Master) -> None:
    """The same answers after other mistakes, or with another text of an exception, are looked for anew."""
    explainer, asked = Explainer(mixing.assignment), question(mixing, "mix")
    base = named(mixing, "powers of two", "softmax over everything")
    after = {"softmax_cols": Explanation(question="softmax_cols", alternatives=(base,))}
    answers = recognition.told_by((*base, *named(mixing, "omega transposed")), asked, explainer)
    for _ in range(2):
        assert explainer.sets(asked, answers, {}) == ()
        assert explainer.sets(asked, answers, after) != ()
        assert explainer.sets(asked, [None, *answers[1:]], after) == explainer.sets(asked, answers, after)


def test_an_earlier_mistake_that_changes_nothing_here_is_left_out(mixing: master.Master) -> None:
    explainer, asked = Explainer(mixing.assignment), question(mixing, "mix")
    shows = named(mixing, "powers of two")
    base = named(mixing, "no maximum subtracted", "powers of two")
    earlier = {"softmax_cols": Explanation(question="softmax_cols", alternatives=(base,))}
    answers = recognition.told_by(shows, asked, explainer)
    assert explainer.sets(asked, answers, earlier) == (shows,)


def test_many_threads_find_the_same(mixing: master.Master) -> None:
    explainer, asked = Explainer(mixing.assignment), question(mixing, "mix")
    told = {
        each: recognition.told_by((each,), asked, Explainer(mixing.assignment))
        for each in asked.misconceptions
    }
    wrong: list[str] = []

    def look() -> None:
        for each, answers in told.items():
            if (each,) not in explainer.sets(asked, answers, {}):
                wrong.append(each.id)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_argument_that_some_cases_leave_out_may_be_handed_over(mixing: master.Master) -> None:
    tokens = np.arange(6.0).reshape(2, 3)
    case = question(mixing, "mix").cases[0]
    cases = [replace(case, arguments=(tokens, 2 * tokens)), replace(case, arguments=(tokens,))]
    assert not tables.shows_something([Told(value=tokens), Told(value=tokens)], cases)
    assert tables.shows_something([Told(value=2 * tokens), Told(value=tokens)], cases)
    assert tables.shows_something([Told(value=2 * tokens), Told(value=2 * tokens)], cases)


def test_nearly_the_same_numbers_show_nothing(mixing: master.Master) -> None:
    tokens = np.arange(6.0).reshape(2, 3)
    case = question(mixing, "mix").cases[0]
    cases = [replace(case, arguments=(tokens,))]
    noise = 1e-9 * tokens
    rounded = [replace(cases[0], tolerance=replace(case.tolerance, decimals=3))]
    assert not tables.shows_something([Told(value=1 + noise)], cases)
    assert not tables.shows_something([Told(value=tokens + noise)], cases)
    assert not tables.shows_something([Told(value=1e-4 * tokens)], rounded)
    assert tables.shows_something([Told(value=2e-2 * tokens)], rounded)
    assert tables.shows_something([Told(value=1e-9 * tokens)], cases)


def test_a_tie_with_an_earlier_mistake_has_no_empty_line(mixing: master.Master) -> None:
    own, earlier = named(mixing, "no scaling"), named(mixing, "powers of two")
    for alternatives in ((own, earlier), (own,)):
        assert explained(Explanation(question="mix", alternatives=alternatives)) == [own[0].feedback]


def test_a_property_that_warns_can_be_accounted_for(mixing: master.Master) -> None:
    def holds(function: object, *arguments: object) -> bool:
        warnings.warn("an old function", DeprecationWarning, stacklevel=1)
        return True

    told = replace(question(mixing, "softmax_cols").properties[0], holds=holds)
    explanation = Explanation(question="softmax_cols", alternatives=(named(mixing, "powers of two"),))
    assert not Explainer(mixing.assignment).accounts_for(explanation, told)
