"""Points that a person gives by hand: checked, kept in the gradebook, and shown in all files at once."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from pathlib import Path

from autograder import outbox
from autograder.entries import Entry, Override
from autograder.errors import GradebookError
from autograder.feedback import number
from autograder.gradebook import Gradebook

MAX_REASON = 1000


def give(gradebook: Gradebook, folder: Path, name: str, override: Override, *, bonus: bool = False) -> Entry:
    """Give points by hand for a question of a submission, or for all of it; return what counts now.

    Args:
        gradebook: where it is kept.
        folder: whose files are written anew.
        name: the submission.
        override: what is given, and why.
        bonus: whether it may be more than is possible.

    Raises:
        GradebookError: if there is no such submission or question, or points or reason cannot be meant.
    """
    entry = _known(gradebook, name)
    possible = {verdict.question: verdict.possible for verdict in entry.result.verdicts}
    if override.question and override.question not in possible:
        raise GradebookError(
            f"the assignment has no question `{override.question}`",
            next_step=f"Its questions are: {', '.join(f'`{known}`' for known in possible)}.",
        )
    most = possible[override.question] if override.question else entry.result.possible
    of = f"question `{override.question}`" if override.question else "the assignment"
    if not math.isfinite(override.points) or override.points < 0:
        raise GradebookError(f"{override.points:g} are no points", next_step="Give a number from 0 upwards.")
    if override.points > most and not bonus:
        raise GradebookError(
            f"{number(override.points)} points are more than the {number(most)} of {of}",
            next_step="If that is meant, say so with --bonus.",
        )
    if not override.reason.strip() or len(override.reason) > MAX_REASON:
        raise GradebookError(
            "an override needs a reason, in a few words",
            next_step='Say why with --reason "...": it stands in the results, and in `autograder diff`.',
        )
    gradebook.override(name, override)
    return _shown(gradebook, folder, name)


def take_back(gradebook: Gradebook, folder: Path, name: str, question: str = "") -> Entry:
    """Take back what was given by hand for a question, or for all (`""`); return what counts now.

    Raises:
        GradebookError: if nothing was.
    """
    given = gradebook.overrides().get(name, ())
    if question not in {override.question for override in given}:
        if not given:
            _known(gradebook, name)
        of = f" for question `{question}`" if question else ""
        others = ", ".join(f"`{each.question}`" if each.question else "all of it" for each in given)
        raise GradebookError(
            f"nothing was given by hand to `{name}`{of}",
            next_step=f"There is something for {others}: name it with --question, or leave that out for all."
            if given
            else "`autograder override DIR` lists what was.",
        )
    gradebook.take_back(name, question)
    return _shown(gradebook, folder, name)


def _known(gradebook: Gradebook, name: str) -> Entry:
    entry = gradebook.entry(name)
    if entry is not None:
        return entry
    raise GradebookError(
        f"there is no submission `{name}` in this gradebook", next_step=_near(name, gradebook)
    )


def _near(name: str, gradebook: Gradebook) -> str:
    """Return which submissions may be meant: called like it, or of a student called so."""
    called: dict[str, set[str]] = {}
    for submission, standing in gradebook.standings().items():
        for word in (submission, standing.student.name, standing.student.id, standing.student.email):
            if word:
                called.setdefault(word.casefold(), set()).add(submission)
    near = difflib.get_close_matches(name.casefold(), list(called), n=5, cutoff=0.5)
    near += [word for word in called if name and name.casefold() in word and word not in near]
    found = list(dict.fromkeys(each for word in near for each in sorted(called[word])))[:5]
    if not found:
        return "grades.csv lists the submissions."
    return f"Is one of these meant? {', '.join(f'`{each}`' for each in found)}."


def _shown(gradebook: Gradebook, folder: Path, name: str) -> Entry:
    """Write the submission's file and the table anew; return the entry."""
    entry = gradebook.entry(name)
    if entry is None:
        raise GradebookError(f"`{name}` is not there any more: nothing of it is shown")
    outbox.write(folder, entry)
    write_grades(gradebook, folder)
    return entry


def write_grades(gradebook: Gradebook, folder: Path, entries: Iterable[Entry] | None = None) -> None:
    """Write the table of all submissions, from their entries if these are at hand."""
    questions = [name for name, _ in gradebook.basis.questions]
    outbox.write_grades(folder, questions, gradebook.entries() if entries is None else entries)
