"""What wrong answers look like where no misconception explains them: it says where to look."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder import cells
from autograder.compare import as_array, compare
from autograder.finding import Finding
from autograder.model import CallCase, ProblemKind, Question, Tolerance, ValueCase

MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An answer, and what was expected."""

    answer: NDArray[np.float64]
    expected: NDArray[np.float64]
    tolerance: Tolerance
    hidden: bool
    right: bool

    def is_near(self, answer: NDArray[np.float64]) -> bool:
        """Return whether something made of the answer is what was expected."""
        if answer.shape != self.expected.shape:
            return False
        return compare(answer, self.expected, self.tolerance)[0] is None


Pairs = Sequence[Pair]


def detected(question: Question, found: Sequence[Finding], sources: Sequence[str]) -> str:
    """Return what the answers to a question look like, in a sentence, or nothing."""
    asked = [each for each in found if isinstance(each.case, CallCase | ValueCase) and not each.skipped]
    if not any(not finding.right for finding in asked):
        return ""
    if asked and all(_is_none(finding) for finding in asked):
        return returns_nothing(question.name, sources)
    pairs = list(map(_pair, asked))
    whole = [pair for pair in pairs if pair is not None]
    if len(whole) == len(pairs):
        with np.errstate(all="ignore"):
            return next(filter(None, (look(whole) for look in LOOKS)), "")
    return next(filter(None, (clashing_shapes(_message(each)) for each in asked)), "")


def transposed(pairs: Pairs) -> str:
    """Say so of answers that are right when they are transposed."""
    if all(pair.answer.ndim == 2 and pair.is_near(pair.answer.T) for pair in pairs):
        return "Your result is the right one, transposed: rows and columns have changed places."
    return ""


def permuted(pairs: Pairs) -> str:
    """Say so of answers that have the right columns, rows or numbers in another order."""
    matrices = all(pair.expected.ndim == 2 for pair in pairs)
    if matrices and all(_reordered(pair.answer.T, pair.expected.T) for pair in pairs):
        return "Your result has the right columns, in another order."
    if all(_reordered(pair.answer, pair.expected) for pair in pairs):
        return f"Your result has the right {'rows' if matrices else 'numbers'}, in another order."
    return ""


def scaled(pairs: Pairs) -> str:
    """Say so of answers that are off by the same factor everywhere."""
    first = pairs[0]
    if first.answer.shape != first.expected.shape or not first.expected.size:
        return ""
    largest = np.unravel_index(np.argmax(np.abs(first.expected)), first.expected.shape)
    factor = float(first.answer[largest] / first.expected[largest])
    if not np.isfinite(factor) or factor == 0:
        return ""
    if not all(pair.is_near(pair.answer / factor) for pair in pairs):
        return ""
    if factor < 0:
        return f"Your result is {factor:.4g} times the right one: is a sign wrong?"
    size, how = (factor, "large") if factor > 1 else (1 / factor, "small")
    return f"Your result is {size:.4g} times too {how}, everywhere."


def shifted(pairs: Pairs) -> str:
    """Say so of answers that are off by the same number everywhere."""
    first = pairs[0]
    if first.answer.shape != first.expected.shape or not first.expected.size:
        return ""
    offset = float((first.answer - first.expected).reshape(-1)[0])
    if not np.isfinite(offset) or not all(pair.is_near(pair.answer - offset) for pair in pairs):
        return ""
    return f"Your result is {abs(offset):.4g} too {'large' if offset > 0 else 'small'}, everywhere."


def rounded(pairs: Pairs) -> str:
    """Say so of answers that are right and rounded."""
    for decimals in range(MOST_DECIMALS + 1):
        if all(
            pair.answer.shape == pair.expected.shape
            and np.allclose(pair.answer, np.round(pair.expected, decimals), rtol=1e-12, atol=1e-12)
            and pair.expected.any()
            for pair in pairs
        ):
            return f"Your result is rounded to {decimals} decimals: return it as it was computed."
    return ""


def constant(pairs: Pairs) -> str:
    """Say so of answers that are right for what is public, and the same for everything else."""
    hidden = [pair for pair in pairs if pair.hidden]
    public = [pair for pair in pairs if not pair.hidden]
    if len(hidden) < 2 or not public or not all(pair.right for pair in public):
        return ""
    if any(pair.right or not np.array_equal(pair.answer, public[0].answer) for pair in hidden):
        return ""
    return (
        "Your result is the same whatever the input: is it typed in, or computed from variables of the "
        "notebook instead of the arguments?"
    )


LOOKS: tuple[Callable[[Pairs], str], ...] = (transposed, scaled, shifted, permuted, rounded, constant)


def returns_nothing(function: str, sources: Sequence[str]) -> str:
    """Say what a function that returns None lacks, and whether it prints instead."""
    definition = cells.definition_of(sources, function)
    if definition is None:
        return ""
    nodes = list(ast.walk(definition))
    if any(isinstance(node, ast.Return) and node.value is not None for node in nodes):
        return ""
    prints = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        for node in nodes
    )
    if prints:
        return f"`{function}` prints and returns nothing: what it prints is lost to whoever calls it."
    return f"`{function}` computes and returns nothing: is its last line a `return`?"


_MATMUL = re.compile(r"matmul: .*\(size (\d+) is different from (\d+)\)")
_DOT = re.compile(r"shapes \((\d+),(\d*)\) and \((\d+),(\d*)\) not aligned: (\d+) \(dim \d\) != (\d+) \(dim")
_BROADCAST = re.compile(r"operands could not be broadcast together with shapes \(([\d,]+)\) \(([\d,]+)\)")


def clashing_shapes(message: str) -> str:
    """Say which sizes do not go together, where an exception has them."""
    if match := _MATMUL.search(message):
        second, first = match.groups()
        return _product(first, second)
    if match := _DOT.search(message):
        return _product(match.group(5), match.group(6))
    if match := _BROADCAST.search(message):
        one, other = (group.strip(",").replace(",", ", ") for group in match.groups())
        return (
            f"Arrays of the shapes ({one}) and ({other}) are combined entry by entry, which cannot be: is a "
            "matrix product meant, or is one of them transposed?"
        )
    return ""


def _product(first: str, second: str) -> str:
    return (
        f"In that product, each row of the first matrix has {first} numbers, and each column of the second "
        f"has {second}: is one of them transposed, or do they stand in the wrong order?"
    )


def _message(finding: Finding) -> str:
    problem = finding.problem
    if problem is None or problem.kind is not ProblemKind.EXCEPTION or finding.case.hidden:
        return ""
    return problem.message


def _is_none(finding: Finding) -> bool:
    answer = finding.answer
    return answer is not None and answer.found and answer.problem is None and answer.value is None


def _pair(finding: Finding) -> Pair | None:
    case, answer = finding.case, finding.answer
    if not isinstance(case, CallCase | ValueCase) or answer is None or not answer.found or answer.problem:
        return None
    array = as_array(answer.value)
    if array is None or array.dtype.kind == "c" or isinstance(case.expected, list):
        return None
    return Pair(
        answer=array.astype(float),
        expected=np.asarray(case.expected, dtype=float),
        tolerance=case.tolerance,
        hidden=case.hidden,
        right=finding.right,
    )


def _reordered(answer: NDArray[np.float64], expected: NDArray[np.float64]) -> bool:
    """Return whether two arrays have the same items along their first axis, in whatever order."""
    if answer.shape != expected.shape or answer.ndim == 0:
        return False
    left = list(expected)
    for item in answer:
        match = next((index for index, each in enumerate(left) if np.allclose(item, each, rtol=1e-6)), None)
        if match is None:
            return False
        del left[match]
    return True
