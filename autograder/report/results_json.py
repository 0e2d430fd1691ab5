"""A result as Gradescope's results.json, one test a question, with our own fields in `extra_data`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autograder.entries import Entry
from autograder.model import Result, Status, Verdict


def results_json(result: Result) -> bytes:
    """Return the file's content: the same bytes for the same result."""
    return encoded(content_of(result))


def content_of_entry(entry: Entry) -> dict[str, Any]:
    """Return what the file says of a submission in the gradebook, with the points that count.

    What was given by hand is told in `extra_data.override`: a list with the `question` (empty for all
    of the submission), its `points`, the `reason`, and how many points were `judged`.
    """
    content = content_of(entry.result)
    if entry.overrides:
        judged = {test["name"]: test["score"] for test in content["tests"]} | {"": content["score"]}
        counted = entry.questions
        content["score"] = content["extra_data"]["points"] = rounded(entry.points)
        for test in content["tests"]:
            test["score"] = rounded(counted[test["name"]])
        content["extra_data"]["override"] = [
            {
                "question": override.question,
                "points": rounded(override.points),
                "reason": override.reason,
                "judged": judged.get(override.question),
            }
            for override in entry.overrides
        ]
    return content


def encoded(content: Mapping[str, Any]) -> bytes:
    """Return the content of a results.json as the bytes of the file."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def content_of(result: Result) -> dict[str, Any]:
    """Return what results.json says.

    Each of `tests` is a question: `extra_data` has `question`, `status` (`passed`, `failed`,
    `error`, `not attempted`), `steps` (name -> `points`, `possible`, and the `reason` for which
    they are lost, or nothing), `misconceptions` (ids), `remarks` and `cases` (name -> status); if the
    assignment counts them, `hints` too: how many were opened.
    """
    return {
        "score": rounded(result.points),
        "output": "\n".join(result.remarks),
        "output_format": "text",
        "tests": [_test(verdict, index) for index, verdict in enumerate(result.verdicts, start=1)],
        "extra_data": {
            "assignment": result.assignment,
            "submission": result.submission,
            "status": result.status.value,
            "points": rounded(result.points),
            "possible": rounded(result.possible),
            "environment": dict(result.environment),
            "sandbox": "on" if result.sandboxed else "off",
        },
    }


def _test(verdict: Verdict, index: int) -> dict[str, Any]:
    return {
        "name": verdict.question,
        "number": str(index),
        "score": rounded(verdict.points),
        "max_score": rounded(verdict.possible),
        "status": "passed" if verdict.status is Status.PASSED else "failed",
        "output": verdict.feedback,
        "output_format": "text",
        "visibility": "visible",
        "extra_data": {
            "question": verdict.question,
            "status": verdict.status.value,
            "steps": {
                step.name: {
                    "points": rounded(step.points),
                    "possible": rounded(step.possible),
                    "reason": step.reason,
                }
                for step in verdict.steps
            },
            "misconceptions": list(verdict.misconceptions),
            "remarks": list(verdict.remarks),
            "cases": {case.name: case.status.value for case in verdict.cases},
            **({} if verdict.hints is None else {"hints": verdict.hints}),
        },
    }


def rounded(points: float) -> float:
    """Return points without the noise of sums in floating point."""
    return round(float(points), 6)
