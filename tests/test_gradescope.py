"""Gradescope's contract: what is read of an upload, and what results.json says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from autograder import gradescope
from autograder.author import rate_limit
from autograder.errors import AuthoringError, SubmissionError
from autograder.gradescope import Upload, read_upload
from autograder.model import Assignment, RateLimit
from autograder.report import gradescope_json
from tests.conftest import JudgeCells

ZONE = timezone(timedelta(hours=-7))
NOW = datetime(2026, 11, 24, 14, 22, 32, 365935, tzinfo=ZONE)


def metadata(*hours_ago: float, **more: Any) -> dict[str, Any]:
    """Return submission_metadata.json, with submissions that were graded so many hours ago."""
    return {
        "id": 123456,
        "created_at": NOW.isoformat(),
        "assignment": {"due_date": "2026-12-01T00:00:00.000000-07:00", "id": 25828, "title": "Attention"},
        "submission_method": "upload",
        "users": [{"email": "ada@example.edu", "id": 1, "name": "Ada Lovelace"}],
        "previous_submissions": [
            {
                "submission_time": (NOW - timedelta(hours=hours)).isoformat(),
                "score": 12.0,
                "results": {
                    "score": 12.0,
                    "tests": [{"name": "softmax", "score": 1.5, "max_score": 3.0}],
                    "extra_data": {"graded": True},
                },
            }
            for hours in hours_ago
        ],
        **more,
    }


@pytest.fixture
def upload(tmp_path: Path) -> Iterator[Any]:
    def read(told: Any) -> Upload:
        path = tmp_path / "submission_metadata.json"
        path.write_text(told if isinstance(told, str) else json.dumps(told))
        return read_upload(path)

    return read


def test_people_and_times_are_read(upload: Any) -> None:
    found = upload(
        metadata(5, 1, users=[{"name": "Ada  Lovelace"}, {"name": "Grace Hopper"}, {"email": "x"}, 3])
    )
    assert found.people == ("Ada Lovelace", "Grace Hopper")
    assert found.submitted == NOW
    assert [each.submitted for each in found.earlier] == [NOW - timedelta(hours=5), NOW - timedelta(hours=1)]


@pytest.mark.parametrize(
    "told",
    [
        "", "{", "[]", "null", {}, {"users": 3, "previous_submissions": {}}, {"created_at": 7, "users": [None]},
        {"created_at": "yesterday", "previous_submissions": [None, {}, {"submission_time": 3, "results": []}]},
    ],
)  # fmt: skip
def test_odd_metadata_tell_nothing_and_do_no_harm(told: Any, upload: Any) -> None:
    assert upload(told) == Upload()


def test_missing_metadata_tell_nothing(tmp_path: Path) -> None:
    assert read_upload(tmp_path / "none.json") == Upload()


# ---------------------------------------------------------------- the rate limit

LIMIT = RateLimit(submissions=2, hours=24)


@pytest.mark.parametrize(
    ("hours_ago", "again"),
    [
        ((), None),
        ((1,), None),
        ((1, 30), None),
        ((1, 2), 22),
        ((1, 2, 3), 22),
        ((5, 23.5, 40), 0.5),
        ((24, 1), None),
    ],
)
def test_the_oldest_submission_in_the_window_makes_room(
    hours_ago: tuple[float, ...], again: float | None, upload: Any
) -> None:
    expected = None if again is None else NOW + timedelta(hours=again)
    assert gradescope.not_before(upload(metadata(*hours_ago)), LIMIT) == expected


def test_without_a_time_there_is_none(upload: Any) -> None:
    assert gradescope.not_before(upload(metadata(1, 2, 3, created_at=None)), LIMIT) is None


def test_what_was_refused_or_failed_by_our_fault_does_not_count(upload: Any) -> None:
    told = metadata(1, 2, 3)
    told["previous_submissions"][0]["results"] = json.loads(gradescope_json.failed_json())
    told["previous_submissions"][1]["results"]["extra_data"]["graded"] = False
    found = upload(told)
    assert gradescope.not_before(found, LIMIT) is None
    assert found.last_graded.submitted == NOW - timedelta(hours=3)


def test_what_came_later_is_not_earlier(upload: Any) -> None:
    """An instructor grades again what was handed in before others."""
    found = upload(metadata(2, -1, -3))
    assert [each.submitted for each in found.earlier] == [NOW - timedelta(hours=2)]
    assert gradescope.not_before(found, LIMIT) is None


def test_beyond_the_limit_the_last_result_is_kept(upload: Any) -> None:
    found = upload(metadata(1, 2))
    again = gradescope.not_before(found, LIMIT)
    assert again is not None
    content = json.loads(gradescope_json.limited_json(found, LIMIT, again))
    assert content["score"] == 12.0
    assert content["tests"] == [{"name": "softmax", "score": 1.5, "max_score": 3.0}]
    assert content["extra_data"] == {"graded": False}
    assert content["output"] == (
        "Not graded: this assignment takes 2 submissions in 24 hours. Hand in again at 2026-11-25 12:23 "
        "(UTC-07:00), or later. Until then, what you see is the result of your last graded submission."
    )


@pytest.mark.parametrize(("submissions", "hours"), [(0, 1), (1.5, 1), (True, 1), (1, 0), (1, -3)])
def test_a_limit_that_cannot_be_meant_is_refused(submissions: Any, hours: Any) -> None:
    with pytest.raises(AuthoringError, match="must be a"):
        rate_limit(submissions, hours=hours)


# ---------------------------------------------------------------- results.json

ALLOWED = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
ALLOWED_IN_TESTS = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip


@pytest.fixture
def assignment(masters: Any) -> Assignment:
    found: Assignment = masters["self_attention"].assignment
    return found


def test_a_result_keeps_to_the_contract(judge_cells: JudgeCells, assignment: Assignment, upload: Any) -> None:
    result = judge_cells(
        "self_attention", "import numpy as np", "def softmax(x):\n    e = np.exp(x)\n    return e / sum(e)"
    )
    people = [{"name": "Ada"}, {"name": "Grace"}, {"name": "Joan"}]
    content = json.loads(
        gradescope_json.graded_json(result, assignment, upload(metadata(1, users=people)), 0.51234)
    )
    assert set(content) <= ALLOWED
    assert all(set(test) <= ALLOWED_IN_TESTS for test in content["tests"])
    assert {test["visibility"] for test in content["tests"]} == {"visible"}, "one hidden test hides the total"
    assert content["stdout_visibility"] == "hidden"
    assert content["execution_time"] == 0.5
    assert content["score"] == sum(test["score"] for test in content["tests"]) == result.points > 0
    assert content["output"].splitlines() == [
        f"Points: {result.points:g} of 20.",
        "Handed in by Ada, Grace and Joan.",
        f"Since your last graded submission: `softmax` 1.5 -> {content['tests'][1]['score']:g}.",
    ]
    assert "leaderboard" not in content


def test_a_file_that_cannot_be_read_does_not_use_up_an_attempt(assignment: Assignment, judges: Any) -> None:
    result = judges["self_attention"].refused("x", SubmissionError("the file is empty"))
    content = json.loads(gradescope_json.graded_json(result, assignment, Upload(), 1))
    assert content["extra_data"]["graded"] is False
    assert content["score"] == 0


@pytest.mark.parametrize(
    "tests", [3, [3], [{}], [{"name": ["softmax"], "score": 1}], [{"name": "softmax", "score": "1"}]]
)
def test_odd_earlier_results_tell_nothing(
    tests: Any, judge_cells: JudgeCells, assignment: Assignment, upload: Any
) -> None:
    told = metadata(1)
    told["previous_submissions"][0]["results"]["tests"] = tests
    result = judge_cells("self_attention", "x = 1")
    content = json.loads(gradescope_json.graded_json(result, assignment, upload(told), 1))
    assert content["output"] == "Points: 0 of 20."


def test_a_leaderboard_if_the_assignment_asks_for_one(judge_cells: JudgeCells, masters: Any) -> None:
    from dataclasses import replace

    assignment = replace(masters["self_attention"].assignment, leaderboard=True)
    result = judge_cells("self_attention", "x = 1")
    content = json.loads(gradescope_json.graded_json(result, assignment, Upload(), 1))
    assert content["leaderboard"] == [{"name": "Points", "value": 0.0, "order": "desc"}]


def test_a_fault_of_ours_has_no_score_anywhere() -> None:
    content = json.loads(gradescope_json.failed_json())
    assert "score" not in content
    assert [set(test) & {"score", "max_score", "status"} for test in content["tests"]] == [set()]
    assert "not your fault" in content["output"]
    assert content["stdout_visibility"] == "hidden"
