"""What a run of `grade` has done, for scripts: one JSON object."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.class_run import Done
from autograder.entries import Entry
from autograder.regrading import Plan
from autograder.report.results_json import rounded
from autograder.report.similar_csv import SIMILAR


class ClassJson:
    """What is told of a class, one submission after the other."""

    def __init__(self, plan: Plan) -> None:
        """Begin with no submission; `plan` says what is graded, and why."""
        self._plan = plan
        self._submissions: list[dict[str, Any]] = []

    def add(self, entry: Entry) -> None:
        """Add a submission."""
        result = entry.result
        why = self._plan.why.get(result.submission, ())
        told: dict[str, Any] = {
            "submission": result.submission,
            "file": entry.file,
            "student": {
                "id": entry.student.id,
                "name": entry.student.name,
                "email": entry.student.email,
            },
            "status": result.status.value,
            "points": rounded(entry.points),
            "possible": rounded(result.possible),
            "unreadable": result.unreadable,
            "misconceptions": list(
                dict.fromkeys(each for verdict in result.verdicts for each in verdict.misconceptions)
            ),
            "graded": list(why),
        }
        if result.hints:
            told["hints"] = result.hints
        if entry.overrides:
            told["override"] = [
                {"question": each.question, "points": rounded(each.points), "reason": each.reason}
                for each in entry.overrides
            ]
        self._submissions.append(told)

    def text(
        self,
        assignment: str,
        folder: Path,
        done: Done,
        *,
        seconds: float,
        warnings: Sequence[str],
        similar: bool = False,
    ) -> str:
        """Return the whole object: see README for its fields; `similar`: were submissions compared?"""
        statuses = Counter(each["status"] for each in self._submissions)
        content = {
            "assignment": assignment,
            "complete": not done.faults,
            "seconds": round(seconds, 3),
            "counts": {
                "submissions": len(self._submissions),
                "graded": done.graded,
                **self._plan.counts,
                "faults": len(done.faults),
                "status": dict(sorted(statuses.items())),
            },
            "paths": {
                "output": str(folder),
                "grades": str(folder / "grades.csv"),
                "results": str(folder / "results"),
                "printed": str(folder / "printed"),
                "report": str(folder / "report.html"),
                **({"similar": str(folder / SIMILAR)} if similar else {}),
            },
            "submissions": self._submissions,
            "faults": [{"submission": each.file.name, "fault": each.fault} for each in done.faults],
            "warnings": list(warnings),
        }
        return json.dumps(content, indent=1)
