"""Whether misconceptions are told apart: fed to the judge as answers, and as submissions."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from autograder.explain import MAX_OF_VARIABLES, Explainer
from autograder.fingerprints import MAX_TOGETHER, Told
from autograder.judge import Judge
from autograder.master import Master
from autograder.model import (
    Assignment,
    Case,
    Misconception,
    Mistakes,
    Problem,
    ProblemKind,
    Question,
    Result,
)
from autograder.outcomes import NOTHING, matches
from autograder.submission import Submission
from autograder.tables import shows_something

MAX_TRIED = 400
"""How many sets of one size are tried for a question, spread over all of them."""
MAX_NAMED = 10


@dataclass(slots=True)
class Recognised:
    """How sets of one size fared: those whose answers no smaller set gives."""

    told: int = 0
    tied: int = 0
    missed: list[str] = field(default_factory=list)


def recognised(
    assignment: Assignment, advance: Callable[[int, int], None] = lambda *_: None, *, question: str = ""
) -> tuple[str, tuple[str, ...]]:
    """Return how many misconceptions, pairs and triples are told by their answers, and which of the first
    two are not: of triples, not all are looked for. `advance` is told how many questions are done: all,
    or the one that is named."""
    explainer = Explainer(assignment)
    sizes = {size: Recognised() for size in range(1, MAX_TOGETHER + 1)}
    asked = [each for each in assignment.questions if question in ("", each.name)]
    for done, each in enumerate(asked):
        advance(done, len(asked))
        for size, counted in sizes.items():
            if size > (MAX_OF_VARIABLES if each.values else MAX_TOGETHER):
                continue
            for mistakes in _spread(each.misconceptions, size):
                _try(mistakes, each, explainer, counted)
    advance(len(asked), len(asked))
    names = ("alone", "in pairs", "in triples")
    shares = [
        f"{name} {counted.told} of {counted.told + len(counted.missed)}"
        + (f", {counted.tied} as one of several" if counted.tied else "")
        for name, counted in zip(names, sizes.values(), strict=True)
        if counted.told or counted.missed
    ]
    missed = [each for size in (1, 2) for each in sizes[size].missed]
    return "; ".join(shares), tuple(missed[:MAX_NAMED])


def _spread(misconceptions: Mistakes, size: int) -> list[Mistakes]:
    made = misconceptions if size == 1 else [each for each in misconceptions if not each.rare]
    every = list(itertools.combinations(made, size))
    return every[:: len(every) // MAX_TRIED + 1]


def _try(mistakes: Mistakes, question: Question, explainer: Explainer, counted: Recognised) -> None:
    answers = told_by(mistakes, question, explainer)
    if not any(answer.wrong for answer in answers):
        return
    if len(mistakes) > 1 and not shows_something(answers, question.values or question.cases):
        return
    sets = explainer.sets(question, answers, {})
    if sets and len(sets[0]) < len(mistakes):
        return
    if set(mistakes) in map(set, sets):
        counted.told += 1
        counted.tied += len(sets) > 1
    else:
        counted.missed.append(f"question `{question.name}`: {_named(mistakes)} is not recognised")


def told_by(mistakes: Mistakes, question: Question, explainer: Explainer) -> list[Told]:
    """Return what a student would answer who makes these mistakes, or nothing if they cannot be made."""
    outcomes = explainer.table(question).outcomes(mistakes)
    if any(outcome is NOTHING for outcome in outcomes):
        return []
    answers = []
    cases: Sequence[Case] = question.values or question.cases
    for case, outcome in zip(cases, outcomes, strict=True):
        if isinstance(outcome, Exception):
            kind = ProblemKind.EXCEPTION
            problem = Problem(kind=kind, type=type(outcome).__name__, message=str(outcome))
            answers.append(Told(problem=problem))
            continue
        right = matches(outcome, None, case.expected, case.tolerance, vector=question.vector)
        answers.append(Told(value=outcome, wrong=not right))
    return answers


def wrongly_judged(
    master: Master,
    judge: Judge,
    advance: Callable[[int, int], None] = lambda *_: None,
    *,
    question: str = "",
) -> Iterator[str]:
    """Yield each misconception that, handed in, does not lose its step alone or is not told in its words.

    `advance` is told how many were judged, and of how many: of all questions, or of one.
    """
    edited = [
        mistake
        for mistake in master.assignment.misconceptions
        if mistake.edits and question in ("", mistake.question)
    ]
    explainer = Explainer(master.assignment)
    questions = {question.name: question for question in master.assignment.questions}

    def handed_in(mistake: Misconception) -> Result:
        cells = tuple(master.variants.sources((mistake,)))
        return judge.judge(Submission(name=mistake.id, cells=cells))

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        results = threads.map(handed_in, edited)
        for done, (mistake, result) in enumerate(zip(edited, results, strict=True), start=1):
            advance(done, len(edited))
            asked = questions[mistake.question]
            for problem in _problems(mistake, asked, result, master.assignment, explainer):
                yield f"question `{mistake.question}`: `{mistake.id}` {problem}"


def _problems(
    mistake: Misconception, question: Question, result: Result, assignment: Assignment, explainer: Explainer
) -> Iterator[str]:
    verdict = next(each for each in result.verdicts if each.question == question.name)
    lost = {step.name for step in verdict.steps if step.points < step.possible}
    minor = {step.name for step in question.steps if step.minor}
    main = {step.name for step in question.steps} - minor
    expected = set(mistake.steps)
    if main <= expected or (expected & main and not assignment.partial_credit):
        expected = main | minor
    if mistake.id not in verdict.misconceptions or mistake.feedback not in verdict.feedback:
        yield f"is not named: {verdict.feedback.splitlines()[0]}"
    elif not shows_something(told_by((mistake,), question, explainer), question.values or question.cases):
        return
    elif len(verdict.misconceptions) == 1 and lost != expected:
        yield f"loses {_listed(sorted(lost))}, not {_listed(sorted(expected))}"
    for other in result.verdicts:
        if other.question != question.name and other.points < other.possible:
            yield f"costs points in question `{other.question}` too"


def _named(mistakes: Sequence[Misconception]) -> str:
    return " with ".join(f"`{each.id}`" for each in mistakes)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"
