"""A class graded into a gradebook: what has to be, each result kept as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder import outbox
from autograder.basis import Basis
from autograder.entries import Entry
from autograder.feedback import number
from autograder.gradebook import Gradebook
from autograder.grading import Outcome
from autograder.model import Result
from autograder.regrading import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run has yielded: how many results, the faults of ours, and what a person should look at."""

    graded: int
    faults: tuple[Outcome, ...]
    notes: tuple[str, ...]


def run_class(
    gradebook: Gradebook,
    folder: Path,
    plan: Plan,
    basis: Basis,
    outcomes: Iterable[Outcome],
    *,
    again: bool = False,
    prune: bool = False,
    heard: Callable[[Outcome], None] = lambda _: None,
) -> Done:
    """Keep the outcome of each file of a plan as it comes: in a file, then in the gradebook.

    Whoever is stopped in between finds it to be graded once more.

    Args:
        gradebook: where results are kept.
        folder: where their files are written.
        plan: what is graded.
        basis: what results rest on.
        outcomes: those of the plan's files, in any order.
        again: whether all is graded again.
        prune: whether to take out the submissions whose files are gone.
        heard: told of each outcome when it is kept.
    """
    for file in plan.moved:
        digest = plan.digests[file.name]
        gradebook.note(file.name, file.found_at, digest, file.student, file.submitted)
    pruned = plan.gone if prune else ()
    run = None
    if plan.files or pruned or not gradebook.runs() or gradebook.stopped(basis, again=again):
        run = gradebook.begin(basis, again=again)
    overrides, faults, notes, graded = gradebook.overrides(), [], [], 0
    for outcome in outcomes if run else ():
        assert run is not None
        file = outcome.file
        if outcome.result is None:
            faults.append(outcome)
        else:
            entry = Entry(
                file=file.found_at,
                digest=plan.digests[file.name],
                result=outcome.result,
                student=file.student,
                submitted=file.submitted,
                overrides=overrides.get(file.name, ()),
            )
            before = gradebook.entry(file.name) if entry.overrides else None
            notes += _under_overrides(before, entry)
            outbox.write(folder, entry)
            gradebook.record(entry, run)
            graded += 1
        heard(outcome)
    for name in pruned:
        assert run is not None
        gradebook.remove(name, run)
        outbox.remove(folder, name)
    if run is not None:
        gradebook.finish(run)
    return Done(graded=graded, faults=tuple(faults), notes=tuple(sorted(notes)))


def _under_overrides(before: Entry | None, now: Entry) -> list[str]:
    """Return where the points have changed that points given by hand stand in the place of."""
    notes = []
    for override in now.overrides:
        old = _judged(before.result, override.question) if before else None
        new = _judged(now.result, override.question)
        of = f"`{now.result.submission}`" + (f" for `{override.question}`" if override.question else "")
        if new is None:
            notes.append(
                f"{of}: the question is not there any more; what was given by hand counts for nothing"
            )
        elif old is not None and old != new:
            kept = f"the {number(override.points)} given by hand ({override.reason}) still count"
            notes.append(f"{of}: {number(old)} -> {number(new)} points, but {kept}")
    return notes


def _judged(result: Result, question: str) -> float | None:
    """Return the points that were judged for a question, or for all (`""`)."""
    if not question:
        return result.points
    return next((each.points for each in result.verdicts if each.question == question), None)
