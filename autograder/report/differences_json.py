"""What has changed in a class, for scripts: one JSON object."""

from __future__ import annotations

import json
from typing import Any

from autograder.differences import Change, Differences
from autograder.report.results_json import rounded


def differences_json(found: Differences, since: str, *, feedback: bool) -> str:
    """Return the object: `since`, `counts`, `points`, `new`, `gone` and, if asked for, `feedback`."""
    content: dict[str, Any] = {
        "since": since,
        "counts": {
            "points": len({change.submission for change in found.points}),
            "feedback": len({change.submission for change in found.feedback}),
            "new": len(found.new),
            "gone": len(found.gone),
            "same": found.same,
        },
        "points": [_change(change) for change in found.points],
        "new": list(found.new),
        "gone": list(found.gone),
    }
    if feedback:
        content["feedback"] = [_change(change) for change in found.feedback]
    return json.dumps(content, indent=1)


def _change(change: Change) -> dict[str, Any]:
    return {
        "submission": change.submission,
        "student": change.student,
        "question": change.question,
        "before": _points(change.before),
        "after": _points(change.after),
        "why": list(change.why),
        "misconceptions": {
            "before": list(change.misconceptions_before),
            "after": list(change.misconceptions_after),
        },
        "steps": [
            {
                "step": step.step,
                "before": _points(step.before),
                "after": _points(step.after),
                "reason": {"before": step.reason_before, "after": step.reason_after},
            }
            for step in change.steps
        ],
    }


def _points(points: float | None) -> float | None:
    return None if points is None else rounded(points)
