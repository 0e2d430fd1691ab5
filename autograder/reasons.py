"""Why steps have lost their points, in a few words each.

Nothing of a hidden case is told but that it is wrong, and nothing that a student's code says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from autograder import shapes
from autograder.explain import Explanation, leans
from autograder.feedback import sizes_read
from autograder.finding import Finding, costs
from autograder.functions import UNSTEADY
from autograder.likeness import Look
from autograder.model import (
    Case,
    Detects,
    OwnTest,
    ProblemKind,
    Property,
    Question,
    Status,
    Step,
    StepVerdict,
)
from autograder.returned import is_none
from autograder.variables import UNMOVED

_STOPPED = {
    ProblemKind.TIMEOUT: "no answer in time",
    ProblemKind.DIED: "its process ended",
    ProblemKind.LIMIT: "it was stopped",
    ProblemKind.REPLY: "no answer that can be read",
}


def stated(
    verdicts: Sequence[StepVerdict],
    question: Question,
    found: Sequence[Finding],
    sources: Sequence[str],
    status: Status,
    explanation: Explanation | None,
    look: Look | None,
) -> tuple[StepVerdict, ...]:
    """Return the steps of a question with the reasons for what they have lost.

    Args:
        verdicts: the steps' points.
        question: the question.
        found: what its cases showed.
        sources: the submission's code cells.
        status: what became of it.
        explanation: the misconceptions that explain the answers.
        look: what the answers look like where nothing explains them.
    """

    def reason(step: Step) -> str:
        if status is Status.NOT_ATTEMPTED:
            return "not attempted"
        if step.detects is Detects.GLOBALS and leans(found, explanation):
            return f"reads {sizes_read(question, found, sources)} from the notebook"
        if step.detects is Detects.MUTATION and any(finding.changed for finding in found):
            return "changes its arguments"
        mistakes = _mistakes(explanation, step.name)
        if mistakes:
            return mistakes
        if not any(step.name in costs(finding) for finding in found if not finding.right):
            return "nothing without the rest"
        if explanation is not None and not explanation.proven and not step.minor:
            return "cannot be seen in such an answer"
        if look is not None and not step.minor:
            return look.short
        return _seen(step, found)

    return tuple(
        verdict if verdict.points == verdict.possible else replace(verdict, reason=reason(step))
        for verdict, step in zip(verdicts, question.steps, strict=True)
    )


def _mistakes(explanation: Explanation | None, step: str) -> str:
    """Return the names of the misconceptions that cost a step: those of one set, or of another."""
    told = []
    for mistakes in explanation.alternatives if explanation is not None else ():
        own = [each for each in mistakes if explanation is not None and each.question == explanation.question]
        told.append(" and ".join(each.id for each in own if step in each.steps))
    return " or ".join(dict.fromkeys(filter(None, told)))


def _seen(step: Step, found: Sequence[Finding]) -> str:
    """Return what the wrong findings of a step have in common."""
    asked = [finding for finding in found if step.name in costs(finding)]
    wrong = [finding for finding in asked if not finding.right]
    cases = [finding for finding in wrong if isinstance(finding.case, Case)]
    if not cases:
        return _apart(wrong[0])
    kinds = {finding.problem.kind for finding in cases if finding.problem}
    stopped = next((_STOPPED[kind] for kind in ProblemKind if kind in kinds and kind in _STOPPED), "")
    if stopped:
        return stopped
    judged = [finding for finding in cases if not finding.skipped]
    if not judged:
        missing = any(finding.missing for finding in found)
        return "not defined" if missing else "not asked, since another case is wrong"
    public = next((each.problem for each in judged if each.problem and not each.case.hidden), None)
    if public is not None and all(finding.problem for finding in judged):
        return shapes.raised(public)
    for word, holds in _KINDS:
        if all(holds(finding) for finding in judged):
            return word
    count = sum(isinstance(finding.case, Case) and not finding.skipped for finding in asked)
    alone = f'the case "{judged[0].case.name}" is wrong' if len(judged) == 1 else ""
    return alone or f"{len(judged)} of {count} cases wrong"


def _is_kind(kind: str) -> Callable[[Finding], bool]:
    return lambda finding: finding.difference is not None and finding.difference.kind == kind


_KINDS: tuple[tuple[str, Callable[[Finding], bool]], ...] = (
    ("not defined", lambda finding: finding.missing),
    ("returns nothing", is_none),
    ("stays the same for other data", lambda finding: finding.said == UNMOVED),
    ("not the same each time", lambda finding: UNSTEADY in finding.said),
    ("still open", lambda finding: finding.blank),
    ("raises an exception", lambda finding: finding.problem is not None),
    ("no array of numbers", _is_kind("kind")),
    ("the wrong shape", _is_kind("shape")),
    ("`nan` or `inf`", _is_kind("nonfinite")),
)


def _apart(finding: Finding) -> str:
    """Return which property or test it is that is not fulfilled."""
    name = finding.case.name
    if isinstance(finding.case, OwnTest):
        return f'test "{name}" fails'
    assert isinstance(finding.case, Property)
    return f"not so: {name}"
