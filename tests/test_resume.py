"""Grading that goes on: killed or stopped at any moment, after an edit, beside another one."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from autograder import grading, inbox, outbox
from autograder.cli import main

TRIPLING = (Path(__file__).parent / "course" / "solutions" / "tripling.py").read_text()
RIGHT = """\
import numpy as np

np.random.seed(1)
matrix = np.random.normal(size=(2, 3))


def triple(X):
    return X * 3


def shift(X):
    return X + 7
"""
ADDED = RIGHT.replace("X * 3", "X + 3")
SUBTRACTED = RIGHT.replace("X + 7", "X - 7")
BROKEN = "{"
SLOW = "import time\ntime.sleep(0.15)\nprint('hello')\n"


class Class:
    """A course with one assignment, and a folder of submissions."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.submissions, self.out = folder, folder / "in", folder / "out"
        for path in (folder / "solutions", self.submissions, folder / "temporary"):
            path.mkdir()
            path.chmod(0o711)
        self.master = folder / "solutions" / "tripling.py"
        self.master.write_text(TRIPLING)

    def edit(self, old: str, new: str) -> None:
        text = self.master.read_text()
        assert text.count(old) == 1
        self.master.write_text(text.replace(old, new))

    def hand_in(self, **sources: str) -> None:
        for name, source in sources.items():
            suffix = "ipynb" if source == BROKEN else "py"
            (self.submissions / f"{name}.{suffix}").write_text(source)

    def arguments(self, *more: object, out: Path | None = None) -> list[str]:
        told = ["tripling", self.submissions, "-o", out or self.out, "--course", self.folder, *more]
        return ["grade", *map(str, told)]

    def grade(self, *more: object, out: Path | None = None) -> Result:
        return CliRunner().invoke(main, self.arguments(*more, out=out), catch_exceptions=False)

    def counts(self, *more: object) -> dict[str, Any]:
        done = self.grade("--json", *more)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)["counts"]  # type: ignore[no-any-return]

    def start(self, *more: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [Path(sys.executable).with_name("autograder"), *self.arguments(*more)],
            env={**os.environ, "TMPDIR": str(self.folder / "temporary")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str, *arguments: object) -> Result:
        given = [command, str(self.out), *map(str, arguments)]
        return CliRunner().invoke(main, given, catch_exceptions=False)

    def files(self, out: Path | None = None) -> dict[str, bytes]:
        """Return all that is written, but for the gradebook and what hides."""
        folder = out or self.out
        paths = [path for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in paths
            if not path.name.startswith("gradebook.db")
        }

    def written(self) -> int:
        return len(list((self.out / "results").glob("[!.]*")))


@pytest.fixture
def classroom() -> Iterator[Class]:
    folder = Path(tempfile.mkdtemp())  # not `tmp_path`: every worker must be able to go there
    folder.chmod(0o711)
    try:
        yield Class(folder)
    finally:
        shutil.rmtree(folder)


def until(process: subprocess.Popen[str], holds: Any) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and not holds() and time.monotonic() < deadline:
        time.sleep(0.005)


@pytest.mark.parametrize("kills", [[2], pytest.param([0, 0, *range(1, 15)], marks=pytest.mark.slow)])
def test_killed_at_any_moment_it_grades_what_is_missing(kills: list[int], classroom: Class) -> None:
    chance = random.Random(1)
    many = len(kills) + 4
    wrong = {1: ADDED, 2: SUBTRACTED, 3: BROKEN}
    classroom.hand_in(**{f"s{index:02}": wrong.get(index % 5, SLOW + RIGHT) for index in range(many)})
    expected = classroom.grade(out=classroom.folder / "whole")
    assert expected.exit_code == 0
    for wanted in kills:
        with classroom.start("--jobs", 1) as judge:
            if wanted:
                until(judge, lambda wanted=wanted: classroom.written() >= wanted)
            time.sleep(chance.uniform(0, 0.02 if wanted else 2.0))
            os.kill(judge.pid, signal.SIGKILL)
            judge.wait()
    before = classroom.written()
    assert before >= max(kills)
    counts = classroom.counts()
    assert counts["submissions"] == many
    assert before - 1 <= counts["kept"] <= before  # one may be in its file and not yet in the gradebook
    assert counts["graded"] == counts["new"] == many - counts["kept"]
    assert classroom.files() == classroom.files(classroom.folder / "whole")
    assert classroom.counts()["graded"] == 0


def test_stopped_it_says_how_to_go_on(classroom: Class) -> None:
    classroom.hand_in(**{f"s{index}": SLOW + RIGHT for index in range(6)})
    classroom.grade(out=classroom.folder / "whole")
    with classroom.start("--jobs", 1) as judge:
        until(judge, lambda: classroom.written() >= 2)
        os.kill(judge.pid, signal.SIGINT)
        told = judge.communicate(timeout=60)[1]
        assert judge.returncode == 130
    assert "stopping: what has begun is finished" in told
    assert "the same command goes on from there" in " ".join(told.split())
    assert "Traceback" not in told
    assert 1 <= classroom.counts()["kept"] < 6
    assert classroom.files() == classroom.files(classroom.folder / "whole")


@pytest.mark.slow
def test_stopped_twice_it_ends_at_once_and_breaks_nothing(classroom: Class) -> None:
    chance = random.Random(2)
    classroom.hand_in(**{f"s{index:02}": SLOW + RIGHT for index in range(12)})
    classroom.grade(out=classroom.folder / "whole")
    for wanted in (0, 0, 1, 3, 5, 6):
        (classroom.out / outbox.LOCK).unlink(missing_ok=True)
        with classroom.start("--jobs", 1, "--json") as judge:
            until(judge, (classroom.out / outbox.LOCK).exists)
            until(judge, lambda wanted=wanted: classroom.written() >= wanted)
            time.sleep(chance.uniform(0, 0.05))
            for _ in range(2):
                os.kill(judge.pid, signal.SIGINT)
                time.sleep(chance.uniform(0, 0.05))
            output, told = judge.communicate(timeout=60)
            # the second one may come when Python is ending, and listens no more
            assert judge.returncode in (130, -signal.SIGINT)
        assert output == ""
        assert "stopped: what was graded is kept" in " ".join(told.split())
        assert "Traceback" not in told
    assert 6 <= classroom.counts()["kept"] < 12
    assert classroom.files() == classroom.files(classroom.folder / "whole")


def test_only_what_an_edit_touches_is_graded_again(classroom: Class) -> None:
    classroom.hand_in(right=RIGHT, added=ADDED, subtracted=SUBTRACTED, broken=BROKEN)
    assert classroom.grade().output.startswith("4 new\n")
    classroom.edit("so something is added", "so something was added")
    done = classroom.grade()
    assert "2 touched by the edit of the mistakes of `triple`, 2 as they were" in done.output
    assert b"something was added" in classroom.files()["results/added.json"]
    whole = classroom.folder / "whole"
    classroom.grade(out=whole)
    assert classroom.files() == classroom.files(whole)
    told = classroom.run("diff", "--feedback").output
    assert "1 with other feedback alone" in told
    assert "0 submissions with other points" in told
    classroom.edit('author.step("shifting", 3)', 'author.step("shifting", 4)')
    classroom.hand_in(added=RIGHT, late=RIGHT)
    done = classroom.grade()
    assert done.output.startswith(
        "1 new, 1 changed file, 2 touched by the edit of `shift`, 1 touched by the edit of its points\n"
    ), done.output
    shutil.rmtree(whole)
    classroom.grade(out=whole)
    assert classroom.files() == classroom.files(whole)
    (classroom.out / "results" / "right.json").unlink()
    (classroom.out / "results" / "late.json").write_text("{}")
    assert classroom.counts()["graded"] == 0
    assert classroom.files() == classroom.files(whole)
    found = json.loads(classroom.run("diff", "--json").stdout)
    assert found["counts"] == {"points": 2, "feedback": 2, "new": 1, "gone": 0, "same": 2}
    (row,) = [each for each in found["points"] if each["submission"] == "right"]
    assert (row["question"], row["before"], row["after"]) == ("shift", 3, 4)
    assert row["why"] == ["the edit of `shift`"]
    told = classroom.run("diff").output
    assert "the file changed" in told
    assert "was: added instead of multiplied" in " ".join(told.split())
    assert classroom.run("diff", whole).output.startswith(f"since {classroom.out}: 0 submissions")
    assert classroom.run("diff", "--since", 7).exit_code == 2


def test_an_override_survives_a_regrade(classroom: Class) -> None:
    classroom.hand_in(ada=ADDED, bob=RIGHT)
    classroom.grade()
    done = classroom.run("override", "ada", "1.5", "--question", "triple", "--reason", "orally")
    assert "`ada` has 4.5 of 5 points (3 as graded)" in done.output
    before = classroom.files()
    content = json.loads(before["results/ada.json"])
    assert content["score"] == content["extra_data"]["points"] == 4.5
    assert content["tests"][0]["score"] == 1.5
    assert content["extra_data"]["override"] == [
        {"question": "triple", "points": 1.5, "reason": "orally", "judged": 0}
    ]
    assert before["grades.csv"].decode().splitlines()[1:] == [
        "ada,failed,4.5,5,1.5,3,triple 1.5: orally",
        "bob,passed,5,5,2,3,",
    ]
    assert classroom.grade("--again").output.startswith("2 again\n")
    after = classroom.files()
    assert b"orally" in after.pop("report.html")  # which `override` leaves to `report`
    assert after == {name: content for name, content in before.items() if name != "report.html"}
    classroom.hand_in(ada=RIGHT)
    done = classroom.grade()
    said = "`ada` for `triple`: 0 -> 2 points, but the 1.5 given by hand (orally) still count"
    assert said in " ".join(done.stderr.split())
    assert "1.5*" in done.output
    assert "given by hand (1 submission)" in done.output
    assert "orally" in classroom.run("override").output
    assert json.loads(classroom.run("override", "--json").stdout)["overrides"][0]["submission"] == "ada"
    assert classroom.run("override", "ada", "--remove", "--question", "triple").exit_code == 0
    assert "no points were given by hand" in classroom.run("override").output
    assert json.loads(classroom.files()["results/ada.json"])["score"] == 5
    for arguments in (["ada"], ["ada", "1", "--remove"]):
        assert classroom.run("override", *arguments).exit_code == 2


def test_files_that_are_gone_are_told_of_and_taken_out_if_asked(classroom: Class) -> None:
    classroom.hand_in(ada=RIGHT, bob=SLOW + RIGHT)
    classroom.grade()
    (classroom.submissions / "bob.py").unlink()
    done = classroom.grade()
    assert "graded before, and not among the files now: `bob`" in done.stderr
    assert "bob" in (classroom.out / "grades.csv").read_text()
    done = classroom.grade("--prune")
    assert "taken out, for their files are not there: `bob`" in done.stderr
    assert sorted(classroom.files()) == ["grades.csv", "report.html", "results/ada.json"]
    assert json.loads(classroom.run("diff", "--json").stdout)["gone"] == ["bob"]
    classroom.hand_in(bob=RIGHT)
    assert classroom.counts()["new"] == 1


def test_json_is_all_that_scripts_read(classroom: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    classroom.hand_in(ada=ADDED, bob=BROKEN, eve=RIGHT)
    real = grading.judge_file

    def faulty(judge: Any, file: inbox.File) -> Any:
        if file.name == "eve":
            raise RuntimeError("oh")
        return real(judge, file)

    monkeypatch.setattr(grading, "judge_file", faulty)
    done = classroom.grade("--json")
    assert done.exit_code == 1
    content = json.loads(done.stdout)
    assert content["complete"] is False
    assert content["faults"] == [{"submission": "eve", "fault": "RuntimeError: oh"}]
    assert content["counts"]["status"] == {"error": 1, "failed": 1}
    assert Path(content["paths"]["report"]).is_file()
    assert "similar" not in content["paths"]
    ada, bob = content["submissions"]
    assert (ada["submission"], ada["points"], ada["possible"], ada["graded"]) == ("ada", 3, 5, ["new"])
    assert ada["misconceptions"] == ["added instead of multiplied"]
    assert (bob["unreadable"], bob["status"]) == (True, "error")
    monkeypatch.setattr(grading, "judge_file", real)
    assert classroom.counts()["graded"] == 1


def test_an_old_comparison_is_called_old(classroom: Class) -> None:
    classroom.hand_in(ada=RIGHT)
    first = json.loads(classroom.grade("--json", "--similar").stdout)
    assert Path(first["paths"]["similar"]).is_file()
    assert json.loads(classroom.grade("--json").stdout)["warnings"] == []
    classroom.hand_in(bob=RIGHT)
    (warning,) = json.loads(classroom.grade("--json").stdout)["warnings"]
    assert "similar.csv` is of an earlier run" in warning
    assert json.loads(classroom.grade("--json", "--similar").stdout)["warnings"] == []


def test_two_at_once_in_one_folder(classroom: Class) -> None:
    classroom.hand_in(ada=RIGHT)
    classroom.grade()
    code = (
        "import sys, pathlib\nfrom autograder.outbox import locked\nwith locked(pathlib.Path(sys.argv[1])):\n"
    )
    code += "    print(flush=True)\n    sys.stdin.read()"
    command = [sys.executable, "-c", code, str(classroom.out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        for done in (classroom.grade(), classroom.run("override", "ada", "1", "--reason", "x")):
            assert done.exit_code == 2
            assert f"is at work in `{classroom.out}`: process {other.pid}" in " ".join(done.stderr.split())
        other.kill()
    assert (classroom.out / outbox.LOCK).exists()  # what a process that is dead has left is no obstacle
    assert classroom.grade().exit_code == 0
    assert not (classroom.out / outbox.LOCK).exists()
