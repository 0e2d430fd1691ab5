"""Which steps of a question are lost, by what its cases showed and what explains them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from autograder.explain import Explainer, Explanation, leans
from autograder.finding import Finding, costs
from autograder.model import Detects, OwnTest, Property, Question, StepVerdict


def lost_steps(
    question: Question,
    found: Sequence[Finding],
    explanation: Explanation | None,
    explainer: Explainer,
    *,
    partial_credit: bool,
) -> set[str]:
    """Return the names of the steps that are lost; all, if no main step is left.

    Args:
        question: the question.
        found: what its cases showed.
        explanation: the misconceptions that explain the answers, if some do.
        explainer: says which properties and tests fail for these too.
        partial_credit: whether a question that loses a main step keeps the others.
    """
    wrong = [finding for finding in found if not finding.right]
    if explanation is None or not explanation.proven:
        lost = {step for finding in wrong for step in costs(finding)}
    else:
        minor = {step.name for step in question.steps if step.minor}
        left = [finding for finding in wrong if not _follows(finding, explanation, explainer)]
        lost = set(explanation.steps) | {step for each in left for step in costs(each)} & minor
    for detects, seen in (
        (Detects.GLOBALS, leans(found, explanation)),
        (Detects.MUTATION, any(finding.changed for finding in found)),
    ):
        lost |= {step.name for step in question.steps if seen and step.detects is detects}
    main = {step.name for step in question.steps if not step.minor}
    if main <= lost or (main & lost and not partial_credit):
        return {step.name for step in question.steps}
    return lost


def _follows(finding: Finding, explanation: Explanation, explainer: Explainer) -> bool:
    """Return whether what is wrong follows from an explanation, which gives the answers to all cases."""
    if isinstance(finding.case, Property | OwnTest):
        return explainer.accounts_for(explanation, finding.case)
    return True


def loses_main(question: Question, lost: Collection[str]) -> bool:
    """Return whether a step is lost that is not minor."""
    return any(not step.minor and step.name in lost for step in question.steps)


def loses_by_leaning(question: Question, lost: Collection[str]) -> bool:
    """Return whether a step is lost that is there for functions which depend on their arguments alone."""
    return any(step.detects is Detects.GLOBALS and step.name in lost for step in question.steps)


def paid(question: Question, lost: Collection[str]) -> tuple[StepVerdict, ...]:
    """Return the points of a question's steps: none for those that are lost."""
    return tuple(
        StepVerdict(name=step.name, points=0.0 if step.name in lost else step.points, possible=step.points)
        for step in question.steps
    )


def unpaid(question: Question, reason: str) -> tuple[StepVerdict, ...]:
    """Return the steps of a question that has lost all of them, for a reason."""
    return tuple(
        StepVerdict(name=step.name, points=0.0, possible=step.points, reason=reason)
        for step in question.steps
    )
