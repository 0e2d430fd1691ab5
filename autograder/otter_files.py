"""Otter's test files: the public cases of a question as code that runs beside a student's own.

They need NumPy and otter-grader alone, and hold no reference: the inputs and the expected values
of public cases are written into them as numbers. Hidden cases stay with the judge.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.feedback import number
from autograder.model import CallCase, Question, Tolerance, ValueCase

HIDDEN_REMAIN = (
    "Right on what is public. Hidden cases, with other numbers and sizes, are run when you hand in."
)

_HEAD = '''\
"""The public checks of `{name}`: what `grader.check("{name}")` runs."""

import numpy as np
from numpy import array
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points}


def difference(answer, expected, rtol, atol, vector={vector}):
    """Return in words how an answer differs from the expected value, or an empty text."""
    if answer is ... or (isinstance(answer, list) and answer and all(item is ... for item in answer)):
        return "is still `...`: fill in the blank, run its cell, then check again"
    if answer is None:
        return "is None: does the function end without a `return`?"
    if isinstance(expected, list):
        if not hasattr(answer, "__len__") or len(answer) != len(expected):
            return f"should be a list of {{len(expected)}} arrays"
        found = [difference(*pair, rtol, atol) for pair in zip(answer, expected)]
        return next((f"is wrong in item {{n}}: it {{text}}" for n, text in enumerate(found) if text), "")
    if isinstance(answer, (list, tuple)) and expected.ndim > 1:  # such as (X_prime, attention)
        arrays = [item for item in answer if isinstance(item, np.ndarray) and item.shape == expected.shape]
        answer = arrays[0] if arrays else answer
    if np.iscomplexobj(answer):
        return "holds complex numbers"
    try:
        answer = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return f"is a {{type(answer).__name__}} that cannot be read as numbers"
    if vector and answer.size == expected.size == max(answer.shape, default=1):
        answer = answer.reshape(expected.shape)
    if answer.shape != expected.shape:
        return f"has shape {{answer.shape}}, expected {{expected.shape}}"
    if np.allclose(answer, expected, rtol=rtol, atol=atol):
        return ""
    worst = np.unravel_index(np.argmax(np.abs(answer - expected)), expected.shape)
    place = ", ".join(str(int(index)) for index in worst)
    return f"is wrong, most at [{{place}}]: {{answer[worst]:.6g}}, expected {{expected[worst]:.6g}}"


def look_up(env, wanted):
    """Return what the notebook defines under a name."""
    assert wanted in env, f"`{{wanted}}` is not there yet: run the cell that defines it, then check again"
    return env[wanted]
'''

_CALL = """

@test_case(name={title!r}, hidden=False, success_message={success!r})
def {function}(env):
    function = look_up(env, {name!r})
    arguments = {arguments}
    expected = {expected}
    problem = difference(function(*arguments), expected, rtol={rtol!r}, atol={atol!r})
    assert not problem, f"the result of `{name}` {{problem}}"
"""

_VALUE = """

@test_case(name={title!r}, hidden=False, success_message={success!r})
def {function}(env):
    answer = look_up(env, {variable!r})
    expected = {expected}
    problem = difference(answer, expected, rtol={rtol!r}, atol={atol!r})
    assert not problem, f"`{variable}` {{problem}}"
"""


def public_tests(question: Question) -> str:
    """Return the source of a question's Otter test file, with its public cases alone."""
    parts = [_HEAD.format(name=question.name, points=number(question.possible), vector=question.vector)]
    cases: list[CallCase | ValueCase] = [*question.values, *question.cases]
    public = [case for case in cases if not case.hidden]
    for position, case in enumerate(public, start=1):
        parts.append(_test(case, question, position, last=case is public[-1]))
    return "".join([*parts, *own_tests(question)])


def own_tests(question: Question) -> list[str]:
    """Return the source of each public test that the author wrote."""
    return [f"\n\n{test.source}\n" for test in question.tests if test.source]


def _test(case: CallCase | ValueCase, question: Question, position: int, *, last: bool) -> str:
    rtol, atol = _tolerances(case.tolerance, case.expected)
    common = {
        "title": f"{question.name}: {case.name}",
        "function": f"test_{position}",
        "success": HIDDEN_REMAIN if last else None,
        "expected": _literal(_rounded(case.expected)),
        "rtol": rtol,
        "atol": atol,
    }
    if isinstance(case, ValueCase):
        return _VALUE.format(variable=case.variable, **common)
    arguments = "[" + ", ".join(_literal(argument) for argument in case.arguments) + "]"
    return _CALL.format(name=question.name, arguments=arguments, **common)


def _tolerances(tolerance: Tolerance, expected: Any) -> tuple[float, float]:
    if tolerance.decimals is not None:
        return 0.0, 0.500001 * 10.0**-tolerance.decimals
    largest = max(
        float(np.max(np.abs(part))) for part in (expected if isinstance(expected, list) else [expected])
    )
    return tolerance.rtol, float(f"{0.01 * tolerance.rtol * largest:.1e}")


def _rounded(value: Any) -> Any:
    """Return computed numbers to 12 digits: the last ones differ from processor to processor."""
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.array([float(f"{number:.12g}") for number in value.flat]).reshape(value.shape)
    return value


def _literal(value: Any) -> str:
    """Return Python code for an argument or an expected value, its numbers to the last digit."""
    if isinstance(value, np.ndarray):
        with np.printoptions(floatmode="unique", threshold=10**9, linewidth=100, suppress=True):
            return repr(value)
    if isinstance(value, list | tuple):
        items = ", ".join(_literal(item) for item in value)
        return f"[{items}]" if isinstance(value, list) else f"({items},)"
    return repr(value)
