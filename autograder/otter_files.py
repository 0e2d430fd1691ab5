"""Otter's test files: the cases of a question as code that runs beside a student's own.

They need NumPy and otter-grader alone, and hold no reference: inputs and expected values are
written into them as numbers. Students get the public cases; hidden ones are in the zip for graders.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.check_page import HIDDEN_REMAIN
from autograder.compare import SINGLE_RTOL
from autograder.feedback import number
from autograder.literals import literal, rounded
from autograder.model import CallCase, Case, Question, Tolerance, ValueCase

_HEAD = '''\
"""{about}"""

import numpy as np
from numpy import array, float32, inf, nan
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points}
tried = []  # what each case was tried with, and what came of it
'''

_PUBLIC = 'What `grader.check("{name}")` runs, on inputs that everybody may see.'
_ALL = "The cases of `{name}`: the public ones, then hidden ones that one call can show."

_TEST = """

@test_case(name={title!r}, hidden={hidden}{success})
def {function}(env):
{arguments}
    expected = {expected}
    check(env, {name!r}, arguments, expected, rtol={rtol!r}, atol={atol!r})
"""

_HELPERS = '''

def check(env, name, arguments, expected, rtol, atol, vector={vector}):
    """Fail with a sentence on how a variable, or a function's result, differs from the expected value."""
    case = dict(name=name, arguments=arguments, expected=expected, rtol=rtol, atol=atol, vector=vector)
    tried.append(case)
    assert name in env, f"`{{name}}` is not there: its cell was not run, or stopped with an error"
    answer = case["function"] = env[name]
    what = f"`{{name}}`" if arguments is None else f"the result of `{{name}}`"
    try:
        if arguments is not None:
            answer = answer(*arguments.values())
        problem = difference(answer, expected, rtol, atol, vector)
        case.update(answer=answer, fitting=first_fitting(answer, expected), problem=problem)
    except Exception as error:
        case["error"] = error
        raise
    assert not problem, f"{{what}} {{problem}}"


def first_fitting(answer, expected):
    """Return an answer; of several, such as (X_prime, attention), the first array of the expected shape."""
    if isinstance(expected, list):  # or a matrix, with a column for each item
        turned = isinstance(answer, np.ndarray) and answer.ndim == 2 and len(answer) != len(expected)
        return answer.T if turned else answer
    if not isinstance(answer, (list, tuple)) or expected.ndim < 2:
        return answer
    arrays = [item for item in answer if isinstance(item, np.ndarray)]
    fitting = [item for item in arrays if item.shape == expected.shape]
    return (fitting or (arrays if isinstance(answer, tuple) else []) or [answer])[0]


def difference(answer, expected, rtol, atol, vector={vector}):
    """Return in words how an answer differs from the expected value, or an empty text."""
    if answer is ... or (isinstance(answer, list) and answer and all(item is ... for item in answer)):
        return "is still `...`: fill in the blank, run its cell, then check again"
    if answer is None:
        return "is None: does the function end without a `return`?"
    answer = first_fitting(answer, expected)
    if isinstance(expected, list):
        if not hasattr(answer, "__len__") or len(answer) != len(expected):
            return f"should be a list of {{len(expected)}} arrays"
        found = [difference(*pair, rtol, atol, vector) for pair in zip(answer, expected)]
        return next((f"is wrong in item {{n}}: it {{text}}" for n, text in enumerate(found) if text), "")
    if np.iscomplexobj(answer):
        return "holds complex numbers"
    if rtol and getattr(answer, "dtype", None) == np.float32:  # as exact as single precision allows
        rtol, atol = max(rtol, {single!r}), max(atol, 0.01 * {single!r} * np.max(np.abs(expected)))
    try:
        answer = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return f"is a {{type(answer).__name__}} that cannot be read as numbers"
    if vector and answer.size == expected.size == max(answer.shape, default=1):
        answer = answer.reshape(expected.shape)
    if answer.shape != expected.shape:
        return f"has shape {{answer.shape}}, expected {{expected.shape}}"
    if np.allclose(answer, expected, rtol=rtol, atol=atol, equal_nan=True):
        return ""
    worst = np.unravel_index(np.argmax(np.abs(answer - expected)), expected.shape)
    place = ", ".join(str(int(index)) for index in worst)
    return f"is wrong, most at [{{place}}]: {{answer[worst]:.6g}}, expected {{expected[worst]:.6g}}"
'''


def public_tests(question: Question) -> str:
    """Return the source of a question's Otter test file: its public cases alone."""
    public = [case for case in _cases(question) if not case.hidden]
    return _file(question, public, _PUBLIC, last_says=f"Right on what is public. {HIDDEN_REMAIN}")


def own_tests(question: Question) -> list[str]:
    """Return the source of each public test that the author wrote."""
    return [f"\n\n{test.source}\n" for test in question.tests if test.source]


def all_tests(question: Question) -> str:
    """Return the same with all cases that need no other run of the notebook: not for students.

    An author's own tests are those that are public: hidden ones may use what only the master has.
    """
    cases = _cases(question)
    return _file(question, [case for case in cases if getattr(case, "data", None) is None], _ALL)


def _cases(question: Question) -> list[Case]:
    cases: list[Case] = [*question.values, *question.cases]
    return sorted(cases, key=lambda case: case.hidden)


def _file(question: Question, cases: Sequence[Case], about: str, last_says: str | None = None) -> str:
    head = _HEAD.format(
        about=about.format(name=question.name),
        name=question.name,
        points=number(question.possible),
    )
    functions: list[str] = []
    parts = [head]
    for case in cases:
        functions.append(_function(case.name, functions))
        says = last_says if case is cases[-1] else None
        parts.append(_test(case, question, functions[-1], says))
    return "".join(
        [*parts, *own_tests(question), _HELPERS.format(vector=question.vector, single=SINGLE_RTOL)]
    )


def _function(name: str, taken: Sequence[str]) -> str:
    """Return the name of a test function for a case."""
    words = re.sub(r"\W+", "_", name.lower().replace("'", ""), flags=re.ASCII).strip("_") or "case"
    base = f"test_{words}"
    return base if base not in taken else f"{base}_{len(taken)}"


def _test(case: Case, question: Question, function: str, says: str | None) -> str:
    rtol, atol = _tolerances(case.tolerance, case.expected)
    arguments = "    arguments = None"
    if isinstance(case, CallCase):
        pairs = zip(_names(question, case), case.arguments, strict=True)
        lines = (
            f"        {(key := f'{name!r}: ')}{literal(value, 8 + len(key))},\n" for name, value in pairs
        )
        arguments = f"    arguments = {{\n{''.join(lines)}    }}"
    return _TEST.format(
        title=f"{question.name}: {case.name}",
        hidden=case.hidden,
        function=function,
        success=f", success_message={says!r}" if says else "",
        name=case.variable if isinstance(case, ValueCase) else question.name,
        arguments=arguments,
        expected=literal(rounded(case.expected), len("    expected = ")),
        rtol=rtol,
        atol=atol,
    )


def _names(question: Question, case: CallCase) -> list[str]:
    """Return names for the arguments of a case: those of the reference's parameters, where it has them."""
    plain = len(question.parameters) >= len(case.arguments)
    return [
        question.parameters[index] if plain else f"argument_{index}" for index in range(len(case.arguments))
    ]


def _tolerances(tolerance: Tolerance, expected: Any) -> tuple[float, float]:
    if tolerance.decimals is not None:
        return 0.0, 0.500001 * 10.0**-tolerance.decimals
    largest = max(
        float(np.max(np.abs(part))) for part in (expected if isinstance(expected, list) else [expected])
    )
    return tolerance.rtol, float(f"{0.01 * tolerance.rtol * largest:.1e}")
