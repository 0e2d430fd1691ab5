"""The corpus of answers against the judge, against numbers, and against the masters' names of steps."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from autograder.master import Master
from autograder.model import Status, Verdict

from .conftest import JudgeCells
from .corpus import MISTAKES, RIGHT, SAME, SIGNATURES, WRONG, Right, Wrong, random_functions
from .corpus.answers import alike, called, function_of, inputs, outputs
from .corpus.entries import ASSIGNMENTS, BEFORE
from .corpus.wrong import straight_on

QUESTIONS = list(MISTAKES)
FUNCTIONS = list(SIGNATURES)


ATTENTION = ("multihead_scaled_self_attention", "scaled_dot_product_self_attention", "self_attention")


def _few() -> Iterator[Wrong]:
    """Yield a wrong answer for each mistake in one style; mistakes of attention in one of its questions only,
    those of orientation in all."""
    everywhere = {slug for group in SAME["self_attention"][:3] for slug in group}
    done: set[tuple[str, str]] = set()
    for wrong in sorted(WRONG, key=lambda each: each.question):  # the multi-head function comes first
        shared = wrong.question in ATTENTION and wrong.mistake not in everywhere
        key = ("attention" if shared else wrong.question, wrong.mistake)
        if key not in done:
            done.add(key)
            yield wrong


FEW = list(_few())
"""What is judged in a few seconds."""


def _judged(judge_once: JudgeCells, answers: Iterable[Right | Wrong]) -> list[tuple[Right | Wrong, Verdict]]:
    def one(answer: Right | Wrong) -> tuple[Right | Wrong, Verdict]:
        result = judge_once(answer.assignment, *answer.cells)
        (found,) = (verdict for verdict in result.verdicts if verdict.question == answer.question)
        return answer, found

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, answers))


def _lost(found: Verdict) -> set[str]:
    return {step.name for step in found.steps if step.points < step.possible}


def _is_as_expected(answer: Right | Wrong, found: Verdict) -> bool:
    if isinstance(answer, Right):
        return (found.status is Status.PASSED) == answer.passed and _lost(found) == answer.loses
    attempted = found.status in (Status.FAILED, Status.ERROR)
    # to which step a mistake is counted is for the master to say, where it names the mistake
    counted = bool(_lost(found) & answer.steps) or bool(found.misconceptions)
    return attempted and found.points < found.possible and counted


def _hold(judge_once: JudgeCells, answers: Iterable[Right | Wrong]) -> None:
    """Assert that the judge says of all answers what is expected, but for what is known."""
    for answer, found in _judged(judge_once, answers):
        told = f"{answer.question}: {answer.name}: {found.status}, lost {_lost(found)}\n{found.feedback}"
        assert _is_as_expected(answer, found) != bool(answer.disagrees), f"{told}\n{answer.code}"


# ---------------------------------------------------------------- against the judge


@pytest.mark.parametrize("question", QUESTIONS)
def test_right_answers_get_exactly_what_is_expected(judge_once: JudgeCells, question: str) -> None:
    _hold(judge_once, [answer for answer in RIGHT if answer.question == question])


@pytest.mark.parametrize("question", QUESTIONS)
def test_wrong_answers_lose_points(judge_once: JudgeCells, question: str) -> None:
    _hold(judge_once, [answer for answer in FEW if answer.question == question])


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_wrong_answers_in_all_styles_lose_points(judge_once: JudgeCells, question: str) -> None:
    _hold(judge_once, [answer for answer in WRONG if answer.question == question])


def _unrelated(question: str, count: int) -> list[Wrong]:
    steps = frozenset(mistake.step for mistake in MISTAKES[question].values())
    make = partial(Wrong, mistake="none", question=question, style="random", says="", labels=frozenset())
    return [make(code=source, steps=steps) for source in random_functions(question, count)]


@pytest.mark.parametrize("question", FUNCTIONS)
def test_random_functions_lose_points(judge_once: JudgeCells, question: str) -> None:
    _hold(judge_once, _unrelated(question, 10))


@pytest.mark.slow
@pytest.mark.parametrize("question", FUNCTIONS)
def test_many_random_functions_lose_points(judge_once: JudgeCells, question: str) -> None:
    _hold(judge_once, _unrelated(question, 100))


# ---------------------------------------------------------------- against numbers


@pytest.mark.parametrize("question", QUESTIONS)
def test_mistakes_are_as_different_as_they_are_said_to_be(question: str) -> None:
    """All styles of a mistake give the same, which is wrong; and two mistakes the same where that is said."""
    right = outputs(question, straight_on(question))
    found: dict[str, list] = {}
    for wrong in (each for each in WRONG if each.question == question):
        given = outputs(question, wrong.code)
        assert not alike(given, right), f"{wrong.name} is right"
        assert alike(given, found.setdefault(wrong.mistake, given)), f"{wrong.name} is another mistake"
        assert wrong.runs == (not any(isinstance(each, str) for each in given)), wrong.name
    groups = SAME.get(question, ())
    comparable = [slug for slug in found if MISTAKES[question][slug].runs]
    for one, other in itertools.combinations(comparable, 2):
        said = any({one, other} <= group for group in groups)
        assert alike(found[one], found[other]) == said, f"{question}: {one}, {other}"


@pytest.mark.parametrize("question", ["self_attention", "scaled_dot_product_self_attention"])
def test_what_is_turned_round_comes_in_pairs(question: str) -> None:
    """Softmax is scores and weights, scores are softmax and weights, weights are scores and softmax."""
    pairs = [
        {"softmax-over-queries", "scores-and-weights-transposed"},
        {"queries-and-keys-swapped", "softmax-over-queries-and-weights-transposed"},
        {"weights-transposed", "scores-transposed-and-softmax-over-queries"},
    ]
    for pair in pairs:
        labels = {wrong.labels for wrong in WRONG if wrong.question == question and wrong.mistake in pair}
        assert labels == {frozenset(pair)}


def _are_unrelated(question: str, count: int) -> None:
    """Assert that random functions are as many as asked, give numbers, and differ from each other and the right one."""
    sources = list(random_functions(question, count))
    assert len(sources) == len(set(sources)) == count
    right = function_of(question, straight_on(question))
    given = inputs(question)
    expected = [called(right, *arguments) for arguments in given]
    seen = set()
    for source in sources:
        function = function_of(question, source)
        found = [called(function, *arguments) for arguments in given]
        assert [each.shape for each in found] == [each.shape for each in expected], source
        assert all(np.isfinite(each).all() for each in found), source
        assert not alike(found, expected), source
        seen.add(b"".join(each.tobytes() for each in found))
    assert len(seen) == count


@pytest.mark.parametrize("question", FUNCTIONS)
def test_random_functions_are_unrelated(question: str) -> None:
    _are_unrelated(question, 100)
    assert list(random_functions(question, 20)) == list(random_functions(question, 20))
    assert set(random_functions(question, 20)).isdisjoint(random_functions(question, 20, seed=1))


@pytest.mark.slow
@pytest.mark.parametrize("question", FUNCTIONS)
def test_ten_thousand_random_functions_are_unrelated(question: str) -> None:
    _are_unrelated(question, 10_000)


# ---------------------------------------------------------------- in itself


def test_there_is_enough() -> None:
    assert len({answer.name for answer in RIGHT}) >= 190
    assert {answer.question for answer in RIGHT} == {answer.question for answer in WRONG} == set(BEFORE)
    assert len({(answer.question, answer.mistake) for answer in WRONG}) >= 400
    styles = Counter((answer.question, answer.mistake) for answer in WRONG)
    assert sum(count > 1 for count in styles.values()) >= 0.8 * len(styles)


def test_names_are_unique() -> None:
    names = [f"{answer.question}/{answer.name}" for answer in RIGHT] + [answer.name for answer in WRONG]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_steps_are_the_masters(masters: dict[str, Master]) -> None:
    loaded = [masters[name] for name in set(ASSIGNMENTS.values())]
    questions = {each.name: each for name in loaded for each in name.assignment.questions}
    assert set(questions) == set(BEFORE) == set(ASSIGNMENTS)
    for answer in WRONG:
        main = {step.name for step in questions[answer.question].steps if not step.minor}
        assert answer.steps, answer.name
        assert answer.steps <= main, answer.name
        assert answer.mistake.split(":")[0] in answer.labels
    for answer in RIGHT:
        minor = {step.name for step in questions[answer.question].steps if step.minor}
        assert answer.loses <= minor, answer.name
