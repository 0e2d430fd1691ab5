"""The command line as instructors use it."""

from __future__ import annotations

import csv
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

import autograder
from autograder import console, grading, inbox, master
from autograder.cli import main
from autograder.judge import Judge
from autograder.model import Result as Judged
from autograder.verify import verify

ROOT = Path(__file__).resolve().parent.parent
SUBMISSIONS = Path(__file__).with_name("submissions")
MULTIHEAD = SUBMISSIONS / "multihead_attention"
MIXING = (ROOT / "tests" / "course" / "solutions" / "mixing.py").read_text()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def grade(*arguments: object) -> Result:
    return run("grade", "--course", ROOT, *arguments)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what has been written, but for the gradebook, which knows when."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "gradebook.db")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_folder_is_graded(tmp_path: Path) -> None:
    class_folder = tmp_path / "class"
    for name in ("right", "original_weights_not_transposed", "malformed_json", "untouched"):
        shutil.copytree(MULTIHEAD / name, class_folder / name, ignore=shutil.ignore_patterns("expected.json"))
    result = grade("multihead_attention", class_folder, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader((tmp_path / "out" / "grades.csv").read_text().splitlines()))
    questions = ["softmax_cols", "multihead_scaled_self_attention", "X_prime"]
    assert list(rows[0]) == ["submission", "status", "points", "possible", *questions]
    assert [[row["submission"], row["status"], row["points"], row["possible"]] for row in rows] == [
        ["malformed_json", "error", "0", "20"],
        ["original_weights_not_transposed", "failed", "17.5", "20"],
        ["right", "passed", "20", "20"],
        ["untouched", "not attempted", "0", "20"],
    ]
    content = json.loads((tmp_path / "out" / "results" / "right.json").read_text())
    assert [test["name"] for test in content["tests"]] == questions
    data = content["tests"][1]["extra_data"]
    assert data["question"] == "multihead_scaled_self_attention"
    assert data["status"] == "passed"
    assert data["steps"]["scaling"] == {"points": 2, "possible": 2, "reason": ""}
    assert data["misconceptions"] == []
    assert "original_weights_not_transposed" in result.output
    assert "mean" in result.output


def test_grading_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    names = (
        "right_in_rows",
        "raises",
        "deep_recursion",
        "reads_the_reference",
        "lots_of_memory",
        "typed_in_true_values",
    )
    paths = [MULTIHEAD / name for name in names]
    for out in ("one", "two"):
        assert grade("multihead_attention", *paths, "-o", tmp_path / out).exit_code == 0
    one, two = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    assert one == two
    assert len(one) == 2 + 2 * len(names)  # grades.csv and report.html


def test_the_order_and_the_number_of_jobs_do_not_matter(tmp_path: Path) -> None:
    paths = [MULTIHEAD / "right", MULTIHEAD / "raises", MULTIHEAD / "literal_two"]
    grade("multihead_attention", *paths, "-o", tmp_path / "one", "--jobs", 1)
    grade("multihead_attention", *reversed(paths), "-o", tmp_path / "two", "--jobs", 3)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_files_with_the_same_name_get_names_of_their_own(tmp_path: Path) -> None:
    for path in (
        "a/x.py",
        "a/y.py",
        "b/x.ipynb",
        "x.py",
        "x.ipynb",
        ".hidden/z.py",
        "__pycache__/z.py",
        "c/d/only.py",
    ):
        (tmp_path / "in" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / path).write_text("x = 1\n")
    assert grade("multihead_attention", tmp_path / "in", "-o", tmp_path / "out").exit_code == 0
    names = sorted(path.name for path in (tmp_path / "out" / "results").iterdir())
    assert names == ["a__x.json", "a__y.json", "b.json", "c__d.json", "x.ipynb.json", "x.py.json"]
    paths = sorted((tmp_path / "in").glob("[a-c]"))
    assert grade("multihead_attention", *paths, "-o", tmp_path / "more").exit_code == 0
    names = sorted(path.name for path in (tmp_path / "more" / "results").iterdir())
    assert names == ["a__x.json", "b__x.json", "d.json", "y.json"]


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    """Not even what a grader that was killed had begun."""
    (tmp_path / "out" / "results").mkdir(parents=True)
    (tmp_path / "out" / "results" / ".true-values-abc").write_text("{")
    grade("multihead_attention", MULTIHEAD / "right", "-o", tmp_path / "out")
    assert sorted(files_of(tmp_path / "out")) == [
        "grades.csv",
        "printed/notebook.txt",
        "report.html",
        "results/notebook.json",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade", "multihead_attention", "right.py"], "Missing option '-o'"),
        (["grade", "multihead_attention", "-o", "out"], "Missing argument 'PATH...'"),
        (["grade", "multihead_attention", "gone.ipynb", "-o", "out"], "`gone.ipynb` does not exist"),
        (["grade", "multihead_attention", "README.md", "-o", "out"], "`README.md` is neither a notebook"),
        (["grade", "multihead_attention", "assignments/empty", "-o", "out"], "there is no notebook (.ipynb) and no Python file"),
        (["grade", "gone", "right.py", "-o", "out"], "there is no assignment `gone` in this course"),
        (["grade", "gone", "right.py", "-o", "out", "--course", "/"], "`/` is in no course"),
        (["grade", "broken", "right.py", "-o", "out"], "solutions/broken.py:2: the master stops with ZeroDivisionError"),
        (["build", "gone"], "there is no assignment `gone`"),
        (["verify", "gone"], "there is no assignment `gone`"),
    ],
)  # fmt: skip
def test_misuse_is_explained(
    arguments: list[str], message: str, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / "right.py").write_text("x = 1\n")
    (course / "README.md").write_text("# A course\n")
    (course / "assignments" / "empty").mkdir(parents=True)
    (course / "solutions" / "broken.py").write_text("# %%\n1 / 0\n")
    if arguments[1] == "multihead_attention":
        shutil.copy(ROOT / "solutions" / "multihead_attention.py", course / "solutions")
    monkeypatch.chdir(course)
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_a_python_without_numpy_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    result = grade("multihead_attention", MULTIHEAD / "right", "-o", tmp_path / "out", "--python", fake)
    assert result.exit_code == 1
    assert "It needs numpy, ipython and matplotlib" in " ".join(result.output.split())


def test_another_environment_is_warned_of(course: Path) -> None:
    text = (ROOT / "solutions" / "multihead_attention.py").read_text()
    changed = text.replace('"numpy>=2.0,<2.4"', '"numpy>=9", "nosuchpackage"')
    (course / "solutions" / "multihead_attention.py").write_text(changed)
    result = run(
        "grade", "--course", course, "multihead_attention", MULTIHEAD / "untouched", "-o", course / "out"
    )
    assert result.exit_code == 0
    assert "`numpy>=9` is what the assignment asks for; notebooks run with" in result.output
    assert "`nosuchpackage` is what the assignment asks for, and it is not installed" in result.output


def test_an_environment_that_is_none_is_refused(course: Path) -> None:
    text = (ROOT / "solutions" / "multihead_attention.py").read_text()
    (course / "solutions" / "multihead_attention.py").write_text(
        text.replace('"numpy>=2.0,<2.4"', '"numpy >=> 2"')
    )
    result = run(
        "grade", "--course", course, "multihead_attention", MULTIHEAD / "right", "-o", course / "out"
    )
    assert result.exit_code == 2
    assert "holds what is no requirement" in result.output


def test_build_and_check(course: Path) -> None:
    shutil.copy(ROOT / "solutions" / "self_attention.py", course / "solutions")
    built = course / "assignments" / "self_attention" / "self_attention.ipynb"
    result = run("build", "--check", "--course", course)
    assert result.exit_code == 1
    assert "self_attention.ipynb is missing: run `autograder build self_attention`" in result.output
    assert "wrote assignments/self_attention/self_attention.ipynb" in run("build", "--course", course).output
    first = built.read_bytes()
    assert "is up to date" in run("build", "self_attention", "--course", course).output
    assert run("build", "--check", "--course", course).exit_code == 0
    built.write_bytes(first.replace(b"The inputs", b"Inputs"))
    result = run("build", "--check", "--course", course)
    assert result.exit_code == 1
    assert "is out of date" in result.output
    assert '+    "## The inputs' in result.output
    (course / "assignments" / "old").mkdir()
    run("build", "--course", course)
    assert built.read_bytes() == first
    result = run("build", "--check", "--course", course)
    assert result.exit_code == 1
    assert "assignments/old has no master" in result.output


def test_what_is_committed_is_up_to_date() -> None:
    assert run("build", "--check", "--course", ROOT).exit_code == 0


@pytest.mark.slow
def test_verify_proves_the_masters() -> None:
    result = run("verify", "--course", ROOT)
    assert result.exit_code == 0, result.output
    hinted = result.output.count("no hint is open")
    assert result.output.count("yes ") == 7 * len(master.master_names(ROOT)) + hinted


@pytest.mark.parametrize("name", master.master_names(ROOT))
def test_what_is_quickly_proved_of_the_masters_holds(name: str) -> None:
    for check in itertools.islice(verify(name, ROOT), 5):
        assert check.problems == (), check.claim


def test_verify_tries_what_takes_long_if_the_rest_holds(course: Path) -> None:
    (course / "solutions" / "mixing.py").write_text(MIXING)
    run("build", "--course", course)
    result = run("verify", "--course", course)
    assert result.output.count("yes  mixing: ") == 6
    assert "no   mixing: every mutant of the reference is killed" in result.output
    assert "not tried" not in result.output
    assert result.exit_code == 1


RIGHT_SUMS = """sums = np.sum(mixed, axis=0)  # SOLUTION
if sums is ...:
    e = np.exp(X.T @ X / 2 - (X.T @ X / 2).max(axis=0))
    sums = (omega @ X @ (e / e.sum(axis=0))).sum(axis=0)"""


@pytest.mark.parametrize(
    ("old", "new", "claim"),
    [
        ('variable="mixed", decimals=3,', 'variable="mixed", expected=author.printed("[[1.]]", decimals=0),',
         "the reference gets full points"),
        ("sums = np.sum(mixed, axis=0)  # SOLUTION", RIGHT_SUMS,
         "the untouched notebook gets no points"),
        ("# # Mixing", "# # Mixing\n# Use `exponentials = np.exp(shifted)`.",
         "no line of a solution is in what students get"),
    ],
    ids=["reference", "untouched", "leak"],
)  # fmt: skip
def test_verify_finds_what_is_wrong(course: Path, old: str, new: str, claim: str) -> None:
    assert old in MIXING
    (course / "solutions" / "mixing.py").write_text(MIXING.replace(old, new))
    result = run("verify", "--course", course)
    assert f"no   mixing: {claim}" in result.output, result.output
    assert "-    mixing: every mutant of the reference is killed" in result.output
    leak = claim.startswith("no line")  # then it is of no use to say that the notebook is out of date
    assert result.output.count("(not tried: see above)") == 3 + leak
    assert ("is missing: run" in result.output) is not leak
    assert result.exit_code == 1


def test_verify_finds_what_is_out_of_date(course: Path) -> None:
    (course / "solutions" / "mixing.py").write_text(MIXING)
    result = run("verify", "--course", course)
    assert result.exit_code == 1
    assert "no   mixing: assignments/ is up to date" in result.output
    assert result.output.count("(not tried: see above)") == 3


def test_one_call_from_python_gives_a_result() -> None:
    result = autograder.grade("multihead_attention", MULTIHEAD / "right" / "notebook.ipynb", course=ROOT)
    assert (result.points, result.possible, result.status) == (20, 20, autograder.Status.PASSED)
    broken = autograder.grade("multihead_attention", MULTIHEAD / "empty_file" / "notebook.ipynb", course=ROOT)
    assert broken.status is autograder.Status.ERROR
    with pytest.raises(AttributeError, match="no attribute `nothing`"):
        _ = autograder.nothing


def test_the_installed_command_says_its_version() -> None:
    command = Path(sys.executable).with_name("autograder")
    told = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert "version" in told.stdout


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Neither another student's file nor the master can be handed in by a link to it."""
    folder = tmp_path / "class"
    folder.mkdir()
    shutil.copy(MULTIHEAD / "right" / "notebook.ipynb", folder / "alice.ipynb")
    (folder / "bob.ipynb").symlink_to("alice.ipynb")
    (folder / "carl.py").symlink_to(ROOT / "solutions" / "multihead_attention.py")
    (folder / "dora.py").symlink_to("gone.py")
    assert grade("multihead_attention", folder, "-o", tmp_path / "out").exit_code == 0
    rows = csv.DictReader((tmp_path / "out" / "grades.csv").read_text().splitlines())
    assert {row["submission"]: (row["status"], row["points"]) for row in rows} == {
        "alice": ("passed", "20"),
        "bob": ("error", "0"),
        "carl": ("error", "0"),
        "dora": ("error", "0"),
    }
    assert (
        "the file is a link to another".capitalize()
        in (tmp_path / "out" / "results" / "bob.json").read_text()
    )


def test_odd_names_of_files(tmp_path: Path) -> None:
    names = [
        "-rf.py",
        "a b.py",
        "=1+1.py",
        "[red]x.py",
        ":bomb:.py",
        "ü\u202e.py",
        "line\nbreak.py",
        "UPPER.PY",
        "x" * 200 + ".py",
    ]
    folder = tmp_path / "in"
    folder.mkdir()
    for name in [*map(os.fsencode, names), b"caf\xe9.py"]:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("x = 1\n")
    (folder / "smith.john").mkdir()
    (folder / "smith.john" / "hw.py").write_text("x = 1\n")
    result = grade("multihead_attention", folder, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader((tmp_path / "out" / "grades.csv").read_text().splitlines()))
    told = {row["submission"] for row in rows}
    assert len(told) == len(names) + 2
    assert {
        "a b",
        "'=1+1",
        "'-rf",
        "[red]x",
        ":bomb:",
        "line?break",
        "UPPER",
        "caf\ufffd",
        "smith.john",
    } <= told
    assert "[red]x" in result.output
    assert ":bomb:" in result.output
    assert len(list((tmp_path / "out" / "results").iterdir())) == len(told)


def test_a_fault_of_ours_stays_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives and costs no points, the others are graded, and the exit code tells."""
    judge_file = grading.judge_file

    def faulty(judge: Judge, file: inbox.File) -> Judged:
        if file.name == "raises__notebook":
            raise LookupError("a fault")
        return judge_file(judge, file)

    monkeypatch.setattr(grading, "judge_file", faulty)
    result = grade("multihead_attention", MULTIHEAD / "raises", MULTIHEAD / "right", "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "raises__notebook: not graded, by a fault of the grader (LookupError: a fault)" in result.output
    assert (tmp_path / "out" / "grades.csv").read_text().splitlines()[1:] == [
        "right__notebook,passed,20,20,4,12,4"
    ]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = grade("multihead_attention", MULTIHEAD / "untouched", "-o", tmp_path / "file" / "out")
    assert result.exit_code != 0
    assert "Not a directory" in result.output
    assert "Traceback" not in result.output


def test_build_warns_of_what_outlasts_gradescope(course: Path) -> None:
    patient = MIXING.replace('author.assignment("Mixing",', 'author.assignment("It", total_seconds=900,')
    for name, content in (("quick", MIXING), ("patient", patient)):
        (course / "solutions" / f"{name}.py").write_text(content)
    assert "allows a submission" not in run("build", "quick", "--course", course).output
    output = " ".join(run("build", "patient", "--course", course).output.split())
    assert "`patient` allows a submission 900 seconds: Gradescope ends one after 10 minutes" in output


def test_what_is_slow_tells_now_and_then_how_far_it_is_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([0.0, 4.0, 11.0, 12.0, 30.0])
    monkeypatch.setattr(console, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    with console.Bar() as bar:
        for done in range(5):
            bar.show("mistakes", done, 4)
    assert capsys.readouterr() == ("", "mistakes: 2 of 4\nmistakes: 4 of 4\n")
