"""A result as Otter's own objects: one test file a question, one test case a step, points to the last digit.

`otter grade` unpickles them on the instructor's machine; where they are made, Otter need not be
installed. Never call this on anything but a `Result`: what is pickled here must be ours.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograder.feedback import number
from autograder.model import Result, StepVerdict, Verdict
from autograder.otter_classes import otter_names

_PACKAGE = "otter.test_files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Otter's classes, or stand-ins that are pickled under their names."""

    case: Callable[..., Any]
    case_result: Callable[..., Any]
    file: Callable[..., Any]


def test_files(result: Result, classes: Classes) -> dict[str, Any]:
    """Return Otter's test files with their results, by question."""
    reasons = result.remarks if result.unreadable else ()
    return {verdict.question: _test_file(verdict, classes, reasons) for verdict in result.verdicts}


def result_pickle(result: Result) -> bytes:
    """Return results.pkl: Otter's `GradingResults`, pickled."""
    with _stand_ins() as (classes, make):
        results = make()
        results.results = test_files(result, classes)
        results.output = "\n".join(result.remarks) or None
        return pickle.dumps(results, protocol=4)


def failed_pickle(reason: str) -> bytes:
    """Return results.pkl for a fault of ours: Otter shows the reason as `grading_status`."""
    with _stand_ins() as (_, make):
        results = make()
        results._catastrophic_error = RuntimeError(reason)
        return pickle.dumps(results, protocol=4)


def _test_file(verdict: Verdict, classes: Classes, reasons: tuple[str, ...]) -> Any:
    """Return a question with its feedback as a first case, worth nothing, and its steps as the others."""
    told = "\n".join([verdict.feedback, *reasons])
    feedback = _case(classes, verdict.question, 0.0, verdict.points == verdict.possible, told)
    steps = [
        _case(classes, step.name, step.possible, step.points == step.possible, _told(step))
        for step in verdict.steps
    ]
    cases = [feedback, *steps]
    file = classes.file(
        name=verdict.question,
        path=f"tests/{verdict.question}.py",
        test_cases=[each.test_case for each in cases],
        all_or_nothing=False,
    )
    file.test_case_results = cases
    file._score = verdict.points
    return file


def _case(classes: Classes, name: str, points: float, passed: bool, message: str) -> Any:
    case = classes.case(
        name=name,
        body="",
        hidden=False,
        points=points,
        success_message=message if not points and passed else None,  # of what has passed, Otter shows no more
        failure_message=None,
    )
    return classes.case_result(test_case=case, message=message, passed=passed)


def _told(step: StepVerdict) -> str:
    reason = f": {step.reason}" if step.reason else ""
    return f"{number(step.points)} of {number(step.possible)} points{reason}"


class _StandIn:
    """Holds what it is given, as Otter's classes of data do."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


def _stand_in(module: str, name: str) -> type[_StandIn]:
    return type(name, (_StandIn,), {"__module__": module})


@contextmanager
def _stand_ins() -> Iterator[tuple[Classes, Callable[[], Any]]]:
    """Give classes that are pickled under the names of Otter's, and what makes `GradingResults`."""
    results = _stand_in(_PACKAGE, "GradingResults")
    case = _stand_in(f"{_PACKAGE}.abstract_test", "TestCase")
    case_result = _stand_in(f"{_PACKAGE}.abstract_test", "TestCaseResult")
    file = _stand_in(f"{_PACKAGE}.ottr_test", "OttrTestFile")

    def make() -> Any:
        return results(
            results={},
            output=None,
            all_hidden=False,
            pdf_error=None,
            notebook=None,
            _catastrophic_error=None,
            _plugin_data={},
        )

    content: dict[str, dict[str, Any]] = {}
    for each in (results, case, case_result, file):
        content.setdefault(each.__module__, {})[each.__name__] = each
    with otter_names(content):
        yield Classes(case=case, case_result=case_result, file=file), make
