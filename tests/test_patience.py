"""A master that does not end is told by its line, and ended; Ctrl-C says where it was."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import master, patience, skeleton
from autograder.cli import main
from autograder.errors import AuthoringError
from autograder.watching import LOADS, Standing, Watched

from .conftest import within

SKELETON = skeleton.skeleton("units", "Units")
FOREVER = "while True:\n    pass\n"
WAIT = 60


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.6)
    monkeypatch.setattr(patience, "FIRST_TOLD", 0.1)
    monkeypatch.setattr(patience, "TICK", 0.05)


def written(course: Path, old: str, new: str) -> int:
    """Write a master with an edit; return the line where it begins."""
    assert SKELETON.count(old) == 1, old
    (course / "solutions" / "units.py").write_text(SKELETON.replace(old, new))
    return SKELETON[: SKELETON.index(old)].count("\n") + 1


SEED = "np.random.seed(1)\n"
CENTRED = "    centred = X - np.mean(X, axis=1, keepdims=True)  # SOLUTION\n"
WRONG = 'new="np.mean(X, axis=0, keepdims=True)"'


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("old", "new", "further", "what"),
    [
        (SEED, SEED + FOREVER, 1, "the cell of line"),
        (CENTRED, CENTRED + "    while len(X) == 6: pass\n", 1, "asked for case `more rows`"),
        (WRONG, 'new="[0 for _ in iter(int, 1)]"', -3, "misconception `the mean of each column`"),
    ],
)
def test_what_does_not_end_is_ended_and_told_by_its_line(
    old: str, new: str, further: int, what: str, course: Path
) -> None:
    line = written(course, old, new) + further
    told: list[str] = []
    with pytest.raises(AuthoringError, match="has not ended after") as caught:
        master.load("units", course, waiting=lambda what, _: told.append(what))
    assert what in caught.value.what
    if further > 0:  # of a loop, either line
        assert caught.value.where in (f"solutions/units.py:{line}", f"solutions/units.py:{line + 1}")
        assert what in told[0]
        assert caught.value.where.rpartition(":")[0] in told[0]
    else:
        assert caught.value.where == f"solutions/units.py:{line}"
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


@pytest.mark.usefixtures("hurried")
def test_a_cell_may_take_as_long_as_the_assignment_says(course: Path) -> None:
    slow = f"{SEED}import time; time.sleep(1.2)\n"
    written(course, SEED, slow)
    with pytest.raises(AuthoringError, match="has not ended"):
        master.load("units", course)
    text = (course / "solutions" / "units.py").read_text()
    (course / "solutions" / "units.py").write_text(text.replace('("Units", ', '("Units", cell_seconds=30, '))
    assert master.load("units", course).assignment.limits.cell_seconds == 30


@pytest.mark.usefixtures("hurried")
def test_commands_say_what_takes_long(course: Path) -> None:
    line = written(course, SEED, SEED + FOREVER)
    output = CliRunner().invoke(main, ["build", "--course", str(course)]).output
    assert output.count("still running: the cell of line") == 1
    assert f"solutions/units.py:{line + 1}" in output or f"solutions/units.py:{line + 2}" in output
    assert "has not ended after" in output
    watched = Watched("units", course)
    found: queue.SimpleQueue[Standing] = queue.SimpleQueue()
    watched.look(found.put)
    assert found.get() == Standing(claim=LOADS, progress="running its cells")
    assert found.get().progress.startswith("running the cell of line")


def test_ctrl_c_says_where_it_was(course: Path) -> None:
    inside = course / "inside"
    line = written(course, SEED, f"{SEED}open({str(inside)!r}, 'w').close()\n{FOREVER}")
    command = [str(Path(sys.executable).parent / "autograder"), "build", "--course", str(course)]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"}
    )
    assert within(WAIT, inside.exists)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=WAIT)
    assert process.returncode == 130
    places = (f"stopped: solutions/units.py:{line + number}: the cell of line" for number in (2, 3))
    assert any(place in said for place in places), said
