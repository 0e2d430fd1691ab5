"""A class's files, compared with each other: from the inbox to pairs of similar submissions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder import kit
from autograder.errors import SubmissionError
from autograder.inbox import File
from autograder.master import Master
from autograder.model import Result, Status
from autograder.similar import Handed, Pair, pairs
from autograder.submission import read_submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """The pairs that somebody should look at, and the names of the files that could not be read."""

    pairs: tuple[Pair, ...]
    unreadable: tuple[str, ...]


def leads(
    loaded: Master,
    files: Sequence[File],
    *,
    answers: Mapping[str, tuple[str, ...]] | None = None,
    advance: Callable[[str, int, int], None] = lambda *_: None,
) -> Leads:
    """Compare the submissions of a class; a submission is read, and not run.

    Args:
        loaded: the assignment's master.
        files: the submissions.
        answers: the `wrong_answers` of those that were graded, by name: equal ones are told too.
        advance: hears what is done, how much of it, and of how much.
    """
    unreadable: list[str] = []

    def handed() -> Iterator[Handed]:
        for number, file in enumerate(files, start=1):
            advance("reading", number, len(files))
            try:
                submission = read_submission(file.path, file.name, assignment=loaded.assignment.name)
                digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
            except (SubmissionError, OSError):
                unreadable.append(file.name)
                continue
            yield Handed(
                name=file.name,
                cells=submission.cells,
                digest=digest,
                student=file.student.id,
                answers=(answers or {}).get(file.name, ()),
            )

    found = pairs(
        kit.code_cells(loaded),
        handed(),
        solved=kit.solved_cells(loaded),
        questions={question.name: question.names for question in loaded.assignment.questions},
    )
    return Leads(pairs=tuple(found), unreadable=tuple(unreadable))


def wrong_answers(result: Result) -> tuple[str, ...]:
    """Return what is equal for two submissions that have answered a question wrong in the same way.

    The feedback of a wrong answer names its mistakes, or the first of its numbers where nothing explains it.
    """
    return tuple(
        f"{verdict.question}: {verdict.feedback}"
        for verdict in result.verdicts
        if verdict.status is Status.FAILED
    )
