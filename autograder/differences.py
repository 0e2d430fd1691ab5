"""Whose points have changed between two times, or between two folders, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.basis import last_flaw, touched
from autograder.entries import Entry, Override
from autograder.errors import GradebookError
from autograder.feedback import number
from autograder.gradebook import Gradebook
from autograder.model import StepVerdict
from autograder.rows_of_gradebook import Graded, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """A step that has other points, or has lost them for another reason; None where there is none."""

    step: str
    before: float | None
    after: float | None
    reason_before: str = ""
    reason_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A question of a submission, or all of it (`""`), that has other points or says something else.

    `before` and `after` are the points that count, None where there is no such question. `why` says what
    has led to it: the file, an edit of the master, a version, or what was given by hand.
    """

    submission: str
    student: str
    question: str
    before: float | None
    after: float | None
    steps: tuple[StepChange, ...] = ()
    misconceptions_before: tuple[str, ...] = ()
    misconceptions_after: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What has changed: `points`, and of what has the same points, `feedback`; by submission.

    `new` and `gone` are the submissions that there are on one side alone.
    """

    points: tuple[Change, ...]
    feedback: tuple[Change, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    same: int


def run_before(gradebook: Gradebook, since: int | None = None) -> Run | None:
    """Return the run to compare with: the one that is named, or the last that ended before the latest one.

    Raises:
        GradebookError: if there is no run of that number.
    """
    runs = gradebook.runs()
    if since is None:
        return next((run for run in reversed(runs[:-1]) if run.finished), None)
    found = next((run for run in runs if run.id == since), None)
    if found is None:
        known = ", ".join(f"{run.id} ({run.started[:16].replace('T', ' ')})" for run in runs[-20:]) or "none"
        raise GradebookError(
            f"there is no run {since} in this gradebook", next_step=f"Its runs are: {known}."
        )
    return found


def differences(before: Iterable[Graded], after: Iterable[Graded]) -> Differences:
    """Return what is different between two states of a class, each sorted by submission."""
    points, feedback = list[Change](), list[Change]()
    new, gone, same = list[str](), list[str](), 0
    for was, now in _pairs(before, after):
        if was is None or now is None:
            new += [now.entry.result.submission] if now else []
            gone += [was.entry.result.submission] if was else []
            continue
        changes = list(_changes(was, now)) if was.entry != now.entry else []
        moved = [change for change in changes if change.before != change.after]
        points += moved
        feedback += [change for change in changes if change.before == change.after]
        same += not moved
    return Differences(
        points=tuple(points), feedback=tuple(feedback), new=tuple(new), gone=tuple(gone), same=same
    )


def _pairs(
    before: Iterable[Graded], after: Iterable[Graded]
) -> Iterator[tuple[Graded | None, Graded | None]]:
    """Yield the two states of each submission, None where it is missing; both sides are sorted."""
    left, right = iter(before), iter(after)
    was, now = next(left, None), next(right, None)
    while was is not None or now is not None:
        order = (_name(was) > _name(now)) - (_name(was) < _name(now)) if was and now else 0
        take_left = was is not None and (now is None or order <= 0)
        take_right = now is not None and (was is None or order >= 0)
        yield was if take_left else None, now if take_right else None
        was = next(left, None) if take_left else was
        now = next(right, None) if take_right else now


def _name(graded: Graded) -> str:
    return graded.entry.result.submission


def _changes(was: Graded, now: Graded) -> Iterator[Change]:
    """Yield the questions of a submission that are not as they were; of all of it, if given by hand."""
    old = {verdict.question: verdict for verdict in was.entry.result.verdicts}
    new = {verdict.question: verdict for verdict in now.entry.result.verdicts}
    judged = _why_judged(was, now)
    for question in dict.fromkeys((*new, *old)):
        one, other = old.get(question), new.get(question)
        by_hand = _why_by_hand(was.entry, now.entry, question)
        if one == other and not by_hand:
            continue
        yield Change(
            submission=_name(now),
            student=now.entry.student.name,
            question=question,
            before=was.entry.questions.get(question),
            after=now.entry.questions.get(question),
            steps=tuple(_steps(one.steps if one else (), other.steps if other else ())),
            misconceptions_before=one.misconceptions if one else (),
            misconceptions_after=other.misconceptions if other else (),
            why=(judged if one != other else ()) + by_hand,
        )
    if by_hand := _why_by_hand(was.entry, now.entry, ""):
        yield Change(
            submission=_name(now),
            student=now.entry.student.name,
            question="",
            before=was.entry.points,
            after=now.entry.points,
            why=by_hand,
        )


def _given(entry: Entry, question: str) -> Override | None:
    return next((each for each in entry.overrides if each.question == question), None)


def _steps(before: Iterable[StepVerdict], after: Iterable[StepVerdict]) -> Iterator[StepChange]:
    old, new = ({step.name: step for step in steps} for steps in (before, after))
    for name in dict.fromkeys((*new, *old)):
        one, other = old.get(name), new.get(name)
        if one != other:
            yield StepChange(
                step=name,
                before=one.points if one else None,
                after=other.points if other else None,
                reason_before=one.reason if one else "",
                reason_after=other.reason if other else "",
            )


def _why_judged(was: Graded, now: Graded) -> tuple[str, ...]:
    """Return what has led to another verdict."""
    if was.entry.digest != now.entry.digest:
        return ("the file changed",)
    unreadable = now.entry.result.unreadable and was.entry.result.unreadable
    flaw = max(last_flaw(was.entry.result), last_flaw(now.entry.result))
    reasons = touched(flaw, unreadable=unreadable, before=was.run.basis, now=now.run.basis)
    return reasons or ("graded again",)


def _why_by_hand(was: Entry, now: Entry, question: str) -> tuple[str, ...]:
    before, after = _given(was, question), _given(now, question)
    if before == after:
        return ()
    if after is None:
        return ("override taken back",)
    return (f"override: {number(after.points)} ({after.reason})",)
