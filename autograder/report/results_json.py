"""A result as Gradescope's results.json, one test a question, with our own fields in `extra_data`."""

from __future__ import annotations

import json
from typing import Any

from autograder.model import Result, Status, Verdict


def results_json(result: Result) -> bytes:
    """Return the file's content: the same bytes for the same result.

    Each of `tests` is a question: `extra_data` has `question`, `status` (`passed`, `failed`,
    `error`, `not attempted`), `steps` (name -> `points`, `possible`), `misconceptions` (ids),
    `remarks` and `cases` (name -> status).
    """
    content = {
        "score": _points(result.points),
        "output": "\n".join(result.remarks),
        "output_format": "text",
        "tests": [_test(verdict, index) for index, verdict in enumerate(result.verdicts, start=1)],
        "extra_data": {
            "assignment": result.assignment,
            "submission": result.submission,
            "status": result.status.value,
            "points": _points(result.points),
            "possible": _points(result.possible),
            "environment": dict(result.environment),
            "sandbox": "on" if result.sandboxed else "off",
        },
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _test(verdict: Verdict, index: int) -> dict[str, Any]:
    return {
        "name": verdict.question,
        "number": str(index),
        "score": _points(verdict.points),
        "max_score": _points(verdict.possible),
        "status": "passed" if verdict.status is Status.PASSED else "failed",
        "output": verdict.feedback,
        "output_format": "text",
        "visibility": "visible",
        "extra_data": {
            "question": verdict.question,
            "status": verdict.status.value,
            "steps": {
                step.name: {"points": _points(step.points), "possible": _points(step.possible)}
                for step in verdict.steps
            },
            "misconceptions": list(verdict.misconceptions),
            "remarks": list(verdict.remarks),
            "cases": {case.name: case.status.value for case in verdict.cases},
        },
    }


def _points(points: float) -> float:
    """Return points without the noise of sums in floating point."""
    return round(float(points), 6)
