"""Otter's plugin: the judge grades first, and Otter is handed a notebook with no student's code in it.

`otter run` runs notebooks in a kernel of its own, reads a log that lies beside them by unpickling
it, and imports what it finds there: nothing a student has handed in may be left when it begins.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4
from otter.plugins import AbstractOtterPlugin
from otter.test_files.abstract_test import TestCase, TestCaseResult
from otter.test_files.ottr_test import OttrTestFile

from autograder import grading, master
from autograder.errors import GraderError
from autograder.files import remove_folder
from autograder.model import Result
from autograder.report.otter_results import Classes, test_files
from autograder.submission import read_submission

_TESTS = "tests"
"""Otter's folder of tests, which it has just put there itself."""


class TrueValues(AbstractOtterPlugin):  # type: ignore[misc]
    """Judges a submission before Otter does, and puts the verdicts in the place of Otter's results."""

    _result: Result | None = None

    def before_grading(self, _: Any) -> None:
        """Judge the submission, then leave an empty notebook in its place, and nothing beside it.

        Raises:
            SystemExit: if it could not be graded, by a fault of ours: there are no points then.
        """
        submission = Path(self.submission_path)
        source = submission.parent.parent / "source"
        try:
            loaded = master.read_packed(source)
            self._result = grading.judge_alone(
                loaded,
                lambda: read_submission(submission),
                submission.stem,
                hidden=[submission.parent.parent],
            )
        except GraderError as error:
            raise SystemExit(f"not graded, by no fault of the submission: {error}") from None
        _clear(submission.parent)
        empty = nbformat.writes(_empty()) if submission.suffix == ".ipynb" else ""  # type: ignore[no-untyped-call]
        submission.write_text(empty, encoding="utf-8")

    def before_execution(self, _: Any) -> Any:
        """Return an empty notebook, whatever Otter has read."""
        return _empty()

    def after_grading(self, results: Any) -> None:
        """Put the verdicts in the place of what Otter found in the empty notebook."""
        assert self._result is not None
        classes = Classes(case=TestCase, case_result=TestCaseResult, file=OttrTestFile)
        results.results = test_files(self._result, classes)
        if self._result.remarks:
            results.set_output("\n".join(self._result.remarks))

    def generate_report(self) -> str:
        """Return the feedback on each question, for whoever reads Otter's output."""
        assert self._result is not None
        told = [
            f"{verdict.question}: {verdict.points:g} of {verdict.possible:g} points\n{verdict.feedback}"
            for verdict in self._result.verdicts
        ]
        return "\n\n".join([*told, *self._result.remarks])


def _empty() -> Any:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(metadata={"kernelspec": kernel})  # type: ignore[no-untyped-call]


def _clear(folder: Path) -> None:
    """Remove what a student has put into a folder."""
    for entry in os.scandir(folder):
        if entry.name == _TESTS:
            continue
        if entry.is_dir(follow_symlinks=False):
            remove_folder(entry.path)
        else:
            Path(entry.path).unlink()
