"""What Gradescope tells of an upload: when it came, who handed it in, and what they handed in before.

It is read forgivingly: an upload without it, or with half of it, is graded all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.model import RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A submission of the same people to the same assignment: when it came, and its results.json."""

    submitted: datetime
    results: Mapping[str, Any]

    @property
    def graded(self) -> bool:
        """Whether it got points of its own: neither refused by a rate limit, nor lost by a fault of ours."""
        extra = self.results.get("extra_data")
        told = extra.get("graded") if isinstance(extra, dict) else None
        return told is True or (told is None and self.results.get("score") is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One upload to Gradescope; `people` are the members of the group that handed it in."""

    submitted: datetime | None = None
    people: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()

    @property
    def last_graded(self) -> Earlier | None:
        """The latest of the earlier submissions that got points of its own."""
        return next((each for each in reversed(self.earlier) if each.graded), None)


def read_upload(path: Path) -> Upload:
    """Return what `submission_metadata.json` tells; of an empty, missing or odd file, nothing."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Upload()
    if not isinstance(told, dict):
        return Upload()
    earlier = [_earlier(each) for each in _list(told.get("previous_submissions"))]
    submitted = _time(told.get("created_at"))
    return Upload(
        submitted=submitted,
        people=tuple(filter(None, map(_person, _list(told.get("users"))))),
        earlier=tuple(
            sorted(
                (each for each in earlier if each and _before(each, submitted)),
                key=lambda each: each.submitted,
            )
        ),
    )


def not_before(upload: Upload, limit: RateLimit) -> datetime | None:
    """Return when the people of an upload may hand in again, or None if they may now."""
    if upload.submitted is None:
        return None
    window = timedelta(hours=limit.hours)
    recent = [
        each.submitted
        for each in upload.earlier
        if each.graded and upload.submitted - each.submitted < window
    ]
    return recent[-limit.submissions] + window if len(recent) >= limit.submissions else None


def _before(earlier: Earlier, submitted: datetime | None) -> bool:
    """Return whether a submission came before: when one is graded again, there may be later ones."""
    return submitted is None or earlier.submitted <= submitted


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _person(told: Any) -> str:
    name = told.get("name") if isinstance(told, dict) else None
    return " ".join(name.split()) if isinstance(name, str) else ""


def _time(told: Any) -> datetime | None:
    """Return a time that can be reckoned with, within some thousand years."""
    try:
        time = datetime.fromisoformat(told)
        return (time if time.tzinfo else time.astimezone()) if 1970 < time.year < 9000 else None
    except (TypeError, ValueError, OverflowError):
        return None


def _earlier(told: Any) -> Earlier | None:
    if not isinstance(told, dict):
        return None
    submitted, results = _time(told.get("submission_time")), told.get("results")
    if submitted is None:
        return None
    results = dict(results) if isinstance(results, dict) else {}
    if results.get("score") is None and told.get("score") is not None and not told.get("autograder_error"):
        results["score"] = told["score"]
    return Earlier(submitted=submitted, results=results)
