"""Every folder of tests/submissions/ASSIGNMENT/ is a behaviour: a submission and the result it must get.

Those in attacks/ must all get nothing: `test_attacks` sees to them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.grading import judge_file
from autograder.inbox import File
from autograder.judge import Judge
from autograder.model import Result
from autograder.report.results_json import results_json

FOLDERS = sorted(
    path
    for path in Path(__file__).with_name("submissions").glob("*/*")
    if path.is_dir() and path.parent.name != "attacks"
)


def digest(result: Result) -> dict[str, Any]:
    """Return of a result what must stay as it is."""
    content = json.loads(results_json(result))
    return {
        "status": content["extra_data"]["status"],
        "points": content["score"],
        "output": content["output"].splitlines(),
        "questions": {
            test["name"]: {
                "status": test["extra_data"]["status"],
                "points": test["score"],
                "lost": {
                    name: step["reason"]
                    for name, step in test["extra_data"]["steps"].items()
                    if step["points"] < step["possible"]
                },
                "feedback": test["output"].splitlines(),
            }
            for test in content["tests"]
        },
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_gets_its_result(folder: Path, judges: dict[str, Judge], update_goldens: bool) -> None:
    (path,) = (path for path in folder.iterdir() if path.name != "expected.json")
    result = judge_file(judges[folder.parent.name], File(path=path, name=folder.name))
    expected = folder / "expected.json"
    if update_goldens:
        expected.write_text(json.dumps(digest(result), indent=1) + "\n")
    assert digest(result) == json.loads(expected.read_text())


def test_there_are_behaviours_of_all_kinds() -> None:
    kinds = {json.loads((folder / "expected.json").read_text())["status"] for folder in FOLDERS}
    assert kinds == {"passed", "failed", "error", "not attempted"}
