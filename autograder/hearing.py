"""Ask one submission all the questions, and note what each case showed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from autograder import ahead
from autograder.explain import Explainer, Explanation
from autograder.finding import Finding, Log, stopped
from autograder.functions import Asking
from autograder.model import Assignment, Problem
from autograder.reruns import Reruns
from autograder.sandbox import Sandbox
from autograder.session import NOTHING_GIVEN, Clock, Given, Session
from autograder.testing import Testing
from autograder.variables import Looking, followed


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a submission showed, by question: of its cases, properties and tests; digests of the
    answers to some; and what explains those that are wrong, or None if nothing does."""

    found: Mapping[str, list[Finding]]
    digests: Mapping[str, str]
    explanations: Mapping[str, Explanation | None]


def hear(
    assignment: Assignment,
    sandbox: Sandbox,
    session: Session,
    explainer: Explainer | None = None,
    *,
    sources: Sequence[str] | None = None,
    given: Callable[[str], Given] = lambda _: NOTHING_GIVEN,
    digested: Collection[str] = (),
) -> Heard:
    """Return what a submission shows, asked all questions.

    Variables are looked at before any function is called, which may change them; and all that is
    public is asked before anything hidden, so that no text that is shown can hold a hidden input.
    What the notebook has to be run again for comes last: if its time is used up, no more than that is lost.
    It is run again with `sources`, by default the session's, and with what is `given` by the name of data.
    The answers to the `digested` questions are told as digests too.
    """
    gone: dict[str, Problem] = {}
    limits, clock = assignment.limits, session.clock
    with Reruns(sandbox, sources or session.sources, limits, clock, given, session) as reruns:
        logs = {question.name: Log(question.name in digested) for question in assignment.questions}
        testing = {
            question.name: Testing(question, session, reruns, gone) for question in assignment.questions
        }
        hearings: dict[str, Looking | Asking] = {
            question.name: Looking(question, session, reruns, logs[question.name], followed(assignment))
            if question.values
            else Asking(question, session, reruns, logs[question.name], gone)
            for question in sorted(assignment.questions, key=lambda question: not question.values)
        }
        together = ahead.public(assignment.questions)
        answers = session.several(together.requests, together.arguments)
        for (name, about), answer in zip(together.about, answers, strict=False):
            hearings[name].take(str(about), answer)
        for hearing in hearings.values():
            hearing.ask_public()
        for name, hearing in hearings.items():
            _note_stopped(gone, name, hearing.found)
        for name, hearing in hearings.items():
            testing[name].ask_public(hearing.found)
        asked = {name: each for name, each in hearings.items() if isinstance(each, Asking)}
        found = {name: asked[name].ask_hidden() for name in reversed(asked)}
        explanations: dict[str, Explanation | None] = {}
        if explainer is not None:
            explanations = _explain_functions(assignment, explainer, found, asked, session.clock)
        for name, hearing in reversed(hearings.items()):
            if isinstance(hearing, Looking):
                found[name] = hearing.ask_hidden(follows=explainer is not None and explainer.active)
        for name, findings in found.items():
            _note_stopped(gone, name, findings)
        for name, findings in found.items():
            findings += testing[name].ask_hidden(findings)
        if explainer is not None:
            _explain_variables(assignment, explainer, found, explanations, hearings)
    return Heard(
        found=found,
        digests={name: log.digest.hexdigest() for name, log in logs.items() if log.wanted},
        explanations=explanations,
    )


def _explain_functions(
    assignment: Assignment,
    explainer: Explainer,
    found: Mapping[str, list[Finding]],
    asked: Mapping[str, Asking],
    clock: Clock,
) -> dict[str, Explanation | None]:
    """Return what explains the answers of functions that are wrong, each by what went before it."""
    explanations: dict[str, Explanation | None] = {}
    for question in assignment.questions if explainer.active else ():
        findings = found.get(question.name, [])
        wrong = any(not each.right for each in findings)
        if wrong and not any(each.missing or each.blank for each in findings):
            asking = asked[question.name]
            left = clock.left()

            def resized(way: int, asking: Asking = asking) -> list[Finding]:
                nonlocal left
                before = clock.left()
                again = asking.resized(way)
                left -= before - clock.left()
                return again

            explanations[question.name] = explainer.explain(question, findings, dict(explanations), resized)
            clock.extend(left - clock.left())
    return explanations


def _explain_variables(
    assignment: Assignment,
    explainer: Explainer,
    found: dict[str, list[Finding]],
    explanations: dict[str, Explanation | None],
    hearings: Mapping[str, Looking | Asking],
) -> None:
    """Add what explains variables: mistakes of their own, and what was asked for before them."""
    earlier: dict[str, Explanation | None] = {}
    for question in assignment.questions:
        looking = hearings[question.name]
        if isinstance(looking, Looking):
            explanation = explainer.explain(question, found[question.name], earlier)
            if explanation is None and looking.look_anew():
                found[question.name] = looking.found
                explanation = explainer.explain(question, found[question.name], earlier)
            explanations[question.name] = explanation
        if question.name in explanations:
            earlier[question.name] = explanations[question.name]


def _note_stopped(gone: dict[str, Problem], name: str, findings: list[Finding]) -> None:
    """Note why a question was given up, if it was: its function is not to be called again."""
    for finding in findings:
        if finding.problem is not None and stopped(finding):
            gone.setdefault(name, finding.problem)
