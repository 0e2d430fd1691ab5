"""How many hints of each question a student has opened, as the notebook tells: counted, never charged for.

A notebook tells it twice: by the outputs that hints were shown in, and by its calls of `hint`. A student can
take both out, so nothing may rest on the numbers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from autograder import cells
from autograder.model import Assignment, Verdict
from autograder.submission import Submission


def opened(assignment: Assignment, submission: Submission) -> Mapping[str, int]:
    """Return how many hints were opened of each question that has some; nothing if that is not counted.

    A hint is opened after those before it, so the last one says how many. What the assignment has not, is
    passed over.
    """
    if not assignment.count_hints:
        return {}
    found = {question.name: 0 for question in assignment.questions if question.hints}
    most = {question.name: len(question.hints) for question in assignment.questions}
    for question, number in told(submission):
        if question in found and found[question] < number <= most[question]:
            found[question] = number
    return found


def told(submission: Submission) -> Iterator[tuple[str, int]]:
    """Yield question and number of each hint that a notebook tells was opened, there or not."""
    yield from submission.hints
    yield from _called(submission.cells)


def _called(sources: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield question and number of each call such as `grader.hint("softmax", 2)` in some cells."""
    for source in sources:
        tree = cells.parse(source) if "hint" in source else None
        for node in ast.walk(tree) if tree is not None else ():
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "hint"
            ):
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                values = [each.value for each in given if isinstance(each, ast.Constant)]
                names = [value for value in values if isinstance(value, str)]
                numbers = [value for value in values if type(value) is int]
                if names and numbers:
                    yield names[0], numbers[0]


def with_hints(
    verdicts: Sequence[Verdict], assignment: Assignment, count: Mapping[str, int]
) -> tuple[Verdict, ...]:
    """Return verdicts that say how many hints were opened, also to the student, where that is counted."""
    most = {question.name: len(question.hints) for question in assignment.questions}
    return tuple(
        _with_hints(verdict, count[verdict.question], most[verdict.question])
        if verdict.question in count
        else verdict
        for verdict in verdicts
    )


def _with_hints(verdict: Verdict, number: int, most: int) -> Verdict:
    told = f"\nHints opened: {number} of {most}; they cost no points." if number else ""
    return replace(verdict, hints=number, feedback=verdict.feedback + told)
