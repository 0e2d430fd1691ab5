"""Notebooks of students for the masters that have no corpus: right in many styles, and wrong, written from the
student notebooks alone."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """What a student wrote: cells by the question that they answer; other questions are answered rightly.

    Attributes:
        name: what is particular about it.
        assignment: the assignment that it is for.
        answers: source by question.
        loses: the steps that it loses, by question; of a wrong one, what it loses is not looked at.
        named: for each question with a mistake, the names that a teacher could give to it, or none if
            nobody can be expected to know it.
    """

    name: str
    assignment: str
    answers: dict[str, str]
    loses: dict[str, set[str]] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=dict)
