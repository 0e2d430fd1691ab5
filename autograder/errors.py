"""What can go wrong and is not a student's answer: what is wrong, where, and what to do next."""

from __future__ import annotations


class GraderError(Exception):
    """A problem to be shown to a person, without a traceback.

    Attributes:
        what: what is wrong, with names in backticks.
        where: the file, and the line or cell if known; may be empty.
        next_step: what to do next; may be empty.
    """

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  {self.next_step}" if self.next_step else text


class AuthoringError(GraderError):
    """A master says something that cannot be meant: its author has to mend it."""


class CourseError(GraderError):
    """A course, an assignment or a path that a command names is not there."""


class SubmissionError(GraderError):
    """A submitted file cannot be read as a notebook or as Python."""


class SandboxError(GraderError):
    """Workers cannot be run on this machine: our fault or the machine's, never the student's."""


class GradebookError(GraderError):
    """A gradebook is not there, is not ours, or is in use; or what is asked of it does not fit."""


class ClusterError(GraderError):
    """A cluster cannot be reached, has no machine that can grade, or was lost."""
