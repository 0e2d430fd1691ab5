"""What functions return that are wrong by their kind: nothing, too many things, complex numbers."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from autograder import cells
from autograder.compare import as_array, compare
from autograder.finding import Finding
from autograder.likeness import Look
from autograder.model import Case, Question

MAX_ITEMS = 8


def is_none(finding: Finding) -> bool:
    """Return whether the answer is None."""
    answer = finding.answer
    return answer is not None and answer.found and answer.problem is None and answer.value is None


def returns_nothing(function: str, sources: Sequence[str]) -> Look | None:
    """Say what a function that returns None lacks, and whether it prints instead."""
    definition = cells.definition_of(sources, function)
    if definition is None:
        return None
    nodes = list(ast.walk(definition))
    if any(isinstance(node, ast.Return) and node.value is not None for node in nodes):
        return None
    prints = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        for node in nodes
    )
    if prints:
        text = f"`{function}` prints and returns nothing: what it prints is lost to whoever calls it."
        return Look(short="prints and returns nothing", text=text)
    text = f"`{function}` computes and returns nothing: is its last line a `return`?"
    return Look(short="returns nothing", text=text)


def several_values(asked: Sequence[Finding], question: Question) -> Look | None:
    """Say so of a function's answers that hold the right one beside others."""
    if question.values:
        return None
    values: list[Any] = [finding.answer.value if finding.answer is not None else None for finding in asked]
    if not all(isinstance(value, list | tuple) and 2 <= len(value) <= MAX_ITEMS for value in values):
        return None
    for index in range(min(map(len, values))):
        if all(
            _is_right(value[index], finding, question) for value, finding in zip(values, asked, strict=True)
        ):
            return Look(
                short="returns several values",
                text=(
                    f"Your function returns several values, and number {index + 1} of them is the right "
                    "one: return that alone."
                ),
            )
    return None


def list_too_long(asked: Sequence[Finding], question: Question) -> Look | None:
    """Say so of lists that end with the right items."""
    for finding in asked:
        case, value = finding.case, finding.answer.value if finding.answer is not None else None
        if not isinstance(case, Case) or not isinstance(case.expected, list):
            return None
        count = len(case.expected)
        if not isinstance(value, list) or len(value) <= count or not count:
            return None
        if not (_is_right(value[-count:], finding, question) or _is_right(value[:count], finding, question)):
            return None
    return Look(
        short="too many items",
        text=(
            "Your list has the right items, and others too: a list that is not emptied before the loop "
            "that fills it grows with each run of the cell."
        ),
    )


def complex_numbers(asked: Sequence[Finding]) -> Look | None:
    """Say so of answers with complex numbers."""
    arrays = [as_array(finding.answer.value) if finding.answer is not None else None for finding in asked]
    if not any(array is not None and array.dtype.kind == "c" for array in arrays):
        return None
    return Look(
        short="complex numbers",
        text=(
            "Your result has complex numbers: they come of the root or the power of a negative number, or "
            "of a function for complex matrices."
        ),
    )


def _is_right(value: Any, finding: Finding, question: Question) -> bool:
    case = finding.case
    if not isinstance(case, Case):
        return False
    return compare(value, case.expected, case.tolerance, vector=question.vector)[0] is None
