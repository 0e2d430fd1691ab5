"""Results as Gradescope shows them: questions visible, hidden cases by name, the log for instructors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from autograder.feedback import number
from autograder.gradescope import Earlier, Upload
from autograder.model import Assignment, RateLimit, Result
from autograder.report.results_json import content_of, encoded, rounded

FAILED = (
    "The grader failed: this is not your fault, and it has cost you no points. Nothing was graded. Your "
    "instructor finds the reason in the autograder's output; the same file can be graded again."
)

_SHOWN = {
    "visibility": "visible",
    "stdout_visibility": "hidden",
    "output_format": "text",
    "test_output_format": "text",
    "test_name_format": "text",
}


def graded_json(result: Result, assignment: Assignment, upload: Upload, seconds: float) -> bytes:
    """Return results.json for a submission that was graded in so many seconds."""
    content = content_of(result)
    told = [f"Points: {number(result.points)} of {number(result.possible)}."]
    if len(upload.people) > 1:
        told.append(f"Handed in by {', '.join(upload.people[:-1])} and {upload.people[-1]}.")
    if upload.last_graded is not None:
        told += _since(upload.last_graded, content)
    content |= {**_SHOWN, "output": "\n".join([*told, *result.remarks]), "execution_time": round(seconds, 1)}
    content["extra_data"] |= {"graded": not result.unreadable}
    if assignment.leaderboard:
        content["leaderboard"] = [{"name": "Points", "value": rounded(result.points), "order": "desc"}]
    return encoded(content)


def limited_json(upload: Upload, limit: RateLimit, again: datetime) -> bytes:
    """Return results.json for a submission beyond the rate limit: the points of the one before."""
    count = f"{limit.submissions} submissions" if limit.submissions > 1 else "one submission"
    hours = f"{number(limit.hours)} hours" if limit.hours != 1 else "an hour"
    told = (
        f"Not graded: this assignment takes {count} in {hours}. "
        f"Hand in again at {_minute_after(again):%Y-%m-%d %H:%M} ({again.tzname()}), or later."
    )
    kept = dict(upload.last_graded.results) if upload.last_graded is not None else {}
    content: dict[str, Any] = {name: kept[name] for name in ("score", "tests", "leaderboard") if name in kept}
    if content:
        told += " Until then, what you see is the result of your last graded submission."
    return encoded({**content, **_SHOWN, "output": told, "extra_data": {"graded": False}})


def _minute_after(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0) + timedelta(minutes=1)


def failed_json() -> bytes:
    """Return results.json for a fault of ours: no score, so that Gradescope gives none either."""
    test = {"name": "The grader failed", "output": FAILED, "output_format": "text", "visibility": "visible"}
    return encoded({**_SHOWN, "output": FAILED, "tests": [test], "extra_data": {"graded": False}})


def _since(last: Earlier, content: Mapping[str, Any]) -> list[str]:
    """Return what has changed since the last graded submission, if anything has: at most one line."""
    tests = last.results.get("tests")
    earlier = {
        test["name"]: test["score"]
        for test in (tests if isinstance(tests, list) else [])
        if isinstance(test, dict)
        and isinstance(test.get("name"), str)
        and isinstance(test.get("score"), int | float)
    }
    changes = [
        f"`{test['name']}` {number(earlier[test['name']])} -> {number(test['score'])}"
        for test in content["tests"]
        if earlier.get(test["name"], test["score"]) != test["score"]
    ]
    return [f"Since your last graded submission: {', '.join(changes)}."] if changes else []
