"""What is kept of each submission of a class: whose it is, its result, and what a person decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from autograder.model import Result

_BETWEEN = "; "


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """Who handed in, as far as the source of a submission tells; what it does not tell is empty.

    `id` is what the source calls the person: a Canvas or Moodle number, an e-mail address, a login.
    Those of a group stand one after the other in each, with `; ` between them: see `together`.
    """

    id: str = ""
    name: str = ""
    email: str = ""

    @property
    def members(self) -> tuple[Student, ...]:
        """The people of a group, or the student alone."""
        parts = ([part.strip() for part in text.split(";")] for text in (self.id, self.name, self.email))
        return tuple(
            Student(id=ident, name=name, email=email)
            for ident, name, email in zip_longest(*parts, fillvalue="")
        )


NOBODY = Student()


def together(people: Sequence[Student]) -> Student:
    """Return some people as one: `members` gives them back."""
    texts = zip(*((each.id, each.name, each.email) for each in people), strict=True)
    ident, name, email = (
        (_BETWEEN.join(each) if any(each) else "" for each in texts) if people else ("", "", "")
    )
    return Student(id=ident, name=name, email=email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Points that a person has given by hand, for a question or for all (`""`), and why."""

    points: float
    reason: str
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A submission in the gradebook.

    Attributes:
        file: its path as it was found.
        digest: SHA-256 of the file, as 64 hexadecimal digits; empty if it could not be read.
        student: who handed it in.
        submitted: when, as an ISO 8601 time, or empty.
        result: what grading it has yielded.
        overrides: what a person has decided instead.
    """

    file: str
    digest: str
    result: Result
    student: Student = NOBODY
    submitted: str = ""
    overrides: tuple[Override, ...] = ()

    @property
    def points(self) -> float:
        """The points that count: those given by hand where there are such."""
        of_all = next((override.points for override in self.overrides if not override.question), None)
        return sum(self.questions.values()) if of_all is None else of_all

    @property
    def questions(self) -> dict[str, float]:
        """The same for each question that it was asked, by name."""
        by_hand = {override.question: override.points for override in self.overrides}
        return {
            verdict.question: by_hand.get(verdict.question, verdict.points)
            for verdict in self.result.verdicts
        }
