"""What the reference, or a variant of it, makes of an input: a plain value, None, or an exception."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.compare import compare
from autograder.model import Function, Problem, ProblemKind, Tolerance
from autograder.variants import copied, quietly


class Nothing:
    """An outcome that no answer is compared with."""


NOTHING = Nothing()
RAISED_BY_PYTHON = ("OverflowError", "ZeroDivisionError")


def plain(value: Any) -> Any:
    """Return an expected value as an array of numbers, or a list of them.

    Raises:
        TypeError, ValueError: if it is neither.
    """
    if isinstance(value, list) and any(isinstance(item, np.ndarray) for item in value):
        return [plain(item) for item in value]
    return np.array(value, dtype=float)


def outcome_of(value: Any) -> Any:
    """Return what can be compared of a value: it may be an exception, or None; nothing of a ragged list of
    numbers."""
    if value is NOTHING:
        return NOTHING
    if value is None or isinstance(value, Exception):
        return value
    try:
        outcome = plain(value)
    except (TypeError, ValueError):
        return NOTHING
    listed = isinstance(outcome, list) and any(isinstance(item, list) for item in outcome)
    return NOTHING if listed else outcome


def called(function: Function | None, arguments: Sequence[Any]) -> Any:
    """Return the outcome of a call, on copies of its arguments; its warnings are not heard."""
    if function is None:
        return NOTHING
    with quietly():
        try:
            return outcome_of(function(*copied(arguments)))
        except Exception as error:
            return error.with_traceback(None)


def matches(
    value: Any, problem: Problem | None, outcome: Any, tolerance: Tolerance, *, vector: bool = False
) -> bool:
    """Return whether an answer, or what became of it, is the outcome.

    Python's numbers raise where NumPy's become infinite or NaN.
    """
    if outcome is NOTHING:
        return False
    if problem is not None and problem.type in RAISED_BY_PYTHON and isinstance(outcome, np.ndarray):
        return problem.kind is ProblemKind.EXCEPTION and not np.isfinite(outcome).all()
    if problem is not None or isinstance(outcome, Exception):
        return (
            problem is not None
            and problem.kind is ProblemKind.EXCEPTION
            and isinstance(outcome, Exception)
            and problem.type == type(outcome).__name__
        )
    if value is None or outcome is None:
        return value is outcome
    return compare(value, outcome, tolerance, vector=vector)[0] is None
