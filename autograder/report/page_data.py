"""What the report knows of each student, as plain data: sections are made of it when somebody opens them.

What many have in common is there once, and meant by its place: answers of a class repeat themselves.
Of hidden cases there is the name and what became of them, and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.concerns import numbers
from autograder.entries import Entry
from autograder.model import Assignment, Case, CaseVerdict, Numbers, Question, Verdict
from autograder.report.page_text import LONGEST_NAME, name, shown

Plain = dict[str, Any]


class _Table:
    """Values, each once, known by their places."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._places: dict[Hashable, int] = {}

    def place(self, key: Hashable, row: Callable[[], Any]) -> int:
        if key not in self._places:
            self._places[key] = len(self.rows)
            self.rows.append(row())
        return self._places[key]


class _Page:
    """What is told of a class."""

    def __init__(self, assignment: Assignment) -> None:
        self.arrays = _Table()
        self.verdicts = _Table()
        self._feedback = {each.id: each.feedback for each in assignment.misconceptions}
        self._expected = {
            (question.name, case.name): found
            for question in assignment.questions
            for case in _cases(question)
            if not case.hidden and (found := numbers(case.expected)) is not None
        }

    def student(self, entry: Entry) -> Plain:
        result = entry.result
        who = {
            "submission": result.submission,
            "name": entry.student.name,
            "id": entry.student.id,
            "email": entry.student.email,
            "submitted": entry.submitted,
        }
        told: Plain = {key: shown(text, LONGEST_NAME) for key, text in who.items() if text}
        told |= {"title": title(entry), "points": entry.points, "status": result.status.value}
        if entry.overrides:
            told["judged"] = result.points
            told["overrides"] = [
                {"question": each.question, "points": each.points, "reason": shown(each.reason)}
                for each in entry.overrides
            ]
        if result.remarks:
            told["remarks"] = [shown(remark) for remark in result.remarks]
        told["verdicts"] = [
            self.verdicts.place(id(verdict), partial(self._verdict, verdict)) for verdict in result.verdicts
        ]
        return told

    def _verdict(self, verdict: Verdict) -> Plain:
        return {
            "question": shown(verdict.question),
            "status": verdict.status.value,
            "points": verdict.points,
            "possible": verdict.possible,
            "feedback": shown(verdict.feedback),
            "steps": [
                [shown(step.name), step.points, step.possible, shown(step.reason)] for step in verdict.steps
            ],
            "misconceptions": [
                [shown(each), shown(self._feedback.get(each, ""))] for each in verdict.misconceptions
            ],
            "remarks": [shown(remark) for remark in verdict.remarks],
            "cases": [self._case(verdict, case) for case in verdict.cases],
        }

    def _case(self, verdict: Verdict, case: CaseVerdict) -> Plain:
        told: Plain = {"name": shown(case.name), "status": case.status.value}
        if case.hidden:
            return told | {"hidden": True}
        expected = self._expected.get((verdict.question, case.name))
        if case.answer is not None and expected is not None:
            told |= {"answer": self._array(case.answer), "expected": self._array(expected)}
        return told

    def _array(self, found: Numbers) -> int:
        return self.arrays.place(repr(found), partial(_array, found))


def compact(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries with equal verdicts there once, and without what was printed: a class fits in memory."""
    verdicts: dict[str, Verdict] = {}
    return [
        replace(
            entry,
            result=replace(
                entry.result,
                printed="",
                verdicts=tuple(verdicts.setdefault(repr(each), each) for each in entry.result.verdicts),
            ),
        )
        for entry in entries
    ]


def title(entry: Entry) -> str:
    """Return how a submission is called in the report: by its student, or else as its file is."""
    return name(entry.student.name or entry.result.submission)


def page_data(assignment: Assignment, entries: Sequence[Entry]) -> Plain:
    """Return all that the sections of students are made of, as plain data without NaN and infinity.

    The entries are `compact`: what is the same verdict is told once.
    """
    page = _Page(assignment)
    students = [page.student(entry) for entry in entries]
    return {
        "possible": assignment.possible,
        "students": students,
        "verdicts": page.verdicts.rows,
        "arrays": page.arrays.rows,
    }


def _cases(question: Question) -> tuple[Case, ...]:
    return (*question.cases, *question.values)


def _array(found: Numbers) -> Plain:
    return {"shape": list(found.shape), "values": [_finite(each) for each in found.values]}


def _finite(value: float) -> float | str:
    """Return a number as JSON knows it; what is none, as text."""
    if math.isfinite(value):
        return int(value) if value == int(value) and abs(value) < 2**53 else value
    return "NaN" if math.isnan(value) else "∞" if value > 0 else "-∞"
