"""Fixtures: this repository's course, and a judge for each assignment with limits that suit a test."""

from __future__ import annotations

import functools
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from autograder import kit, master
from autograder.judge import Judge
from autograder.model import Limits, Result
from autograder.sandbox import Sandbox
from autograder.submission import Submission

if TYPE_CHECKING:
    from playwright.sync_api import Browser

hypothesis.settings.register_profile("steady", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
QUICK = Limits(cell_seconds=2, call_seconds=2, total_seconds=30)

JudgeCells = Callable[..., Result]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write what is got as what is expected")


@pytest.fixture(scope="session")
def update_goldens(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-goldens"))


@pytest.fixture(scope="session")
def masters() -> dict[str, master.Master]:
    return {name: master.load(name, ROOT) for name in master.master_names(ROOT)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium, which Playwright drives."""
    from playwright.sync_api import sync_playwright  # few tests need it

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture(scope="session")
def judges(masters: dict[str, master.Master], sandbox: Sandbox) -> dict[str, Judge]:
    return {
        name: Judge(replace(loaded.assignment, limits=QUICK), sandbox, kit.student_cells(loaded))
        for name, loaded in masters.items()
    }


@pytest.fixture(scope="session")
def judge_cells(judges: dict[str, Judge]) -> JudgeCells:
    """Judge code cells as a submission of an assignment."""

    def judge(name: str, *cells: str) -> Result:
        return judges[name].judge(Submission(name="test", cells=cells))

    return judge


@pytest.fixture(scope="session")
def judge_once(judge_cells: JudgeCells) -> JudgeCells:
    """The same for what several tests look at: the same cells are judged once."""
    return functools.cache(judge_cells)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return an empty course."""
    (tmp_path / "solutions").mkdir()
    return tmp_path


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Return whether something holds before long, asked again and again."""
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return held
