"""The student's own notebook names mistakes: the generated checks, run by Otter in this process."""

from __future__ import annotations

import base64
import bz2
import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import build, kit, master
from autograder.hint_reader import named
from autograder.hints import KINDS, hints
from autograder.master import Master
from autograder.model import Mistakes, Question, ValueCase
from autograder.outcomes import called, matches, outcome_of
from autograder.otter_files import all_tests, public_tests
from autograder.verify import leaks

from .conftest import ROOT
from .corpus.random_functions import random_functions

pytestmark = pytest.mark.filterwarnings("ignore")  # Otter's own, and those of wrong answers

ROOM = 50_000
"""By how many bytes a notebook may grow."""


@pytest.fixture(scope="module")
def sources(masters: dict[str, Master]) -> dict[str, dict[str, str]]:
    """The public checks of each assignment, as they stand in its notebook."""
    notebooks = {name: json.loads(kit.student_notebook(loaded)) for name, loaded in masters.items()}
    return {name: notebook["metadata"]["otter"]["tests"] for name, notebook in notebooks.items()}


def checked(source: str, env: dict[str, Any]) -> Any:
    """Return a test file of Otter's that was run in a notebook."""
    from otter.test_files import ExceptionTestFile

    file = ExceptionTestFile.from_string(source)
    with np.errstate(all="ignore"):
        file.run(env)
    return file


def said(source: str, env: dict[str, Any]) -> list[str]:
    """Return what Otter says first of each case that failed."""
    failed = [result for result in checked(source, env).test_case_results if not result.passed]
    return [str(result.test_case.failure_message) for result in failed]


def notebook_with(loaded: Master, question: Question, mistakes: Mistakes) -> dict[str, Any]:
    """Return what the notebook of a student defines who makes mistakes, as far as a question needs it."""
    if question.values:
        assert loaded.assignment.rerun is not None
        return dict(loaded.assignment.rerun(mistakes, None, question.name))
    assert question.variant is not None
    return {question.name: question.variant(mistakes)}


def wrong_in_public(question: Question, env: dict[str, Any]) -> bool:
    for case in (*question.values, *question.cases):
        if not case.hidden:
            is_value = isinstance(case, ValueCase)
            outcome = (
                outcome_of(env.get(case.variable)) if is_value else called(env[question.name], case.arguments)
            )
            if not matches(outcome, None, case.expected, case.tolerance, vector=question.vector):
                return True
    return False


def test_what_is_authored_is_named(masters: dict[str, Master], sources: dict[str, dict[str, str]]) -> None:
    named_, missed = 0, []
    for name, loaded in masters.items():
        for question in loaded.assignment.questions:
            for mistake in question.misconceptions:
                env = notebook_with(loaded, question, (mistake,))
                if wrong_in_public(question, env):
                    told = any(mistake.feedback in each for each in said(sources[name][question.name], env))
                    named_ += told
                    missed += (
                        [] if told else [(question.name, mistake.id, said(sources[name][question.name], env))]
                    )
    print(f"{named_} of {named_ + len(missed)}", missed)
    assert named_ > 0.95 * (named_ + len(missed))
