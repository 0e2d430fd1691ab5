"""The generated class: the same for the same seed, as platforms hand it out, and graded as its truth says."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from autograder import inbox
from autograder.errors import SubmissionError
from autograder.grading import judge_file
from autograder.judge import Judge
from autograder.report.results_json import results_json
from autograder.submission import read_submission
from tests.benchmarks import throughput
from tests.classroom import KINDS, Submitted, make_class, write_class
from tests.classroom.__main__ import main
from tests.classroom.audit import audited, differences
from tests.classroom.layouts import LAYOUTS
from tests.classroom.trouble import BROKEN, READABLE

SMALL = dict.fromkeys(("right", "one mistake", "two mistakes", "other mistake", "unfinished", "raising", "raising markup", "markup", "attacking", "broken", "identical copy", "disguised copy"), 1 / 12)  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> list[Submitted]:
    return make_class(60, 2, layout="canvas")


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name, seed in (("one", 3), ("other", 3), ("another", 4)):
        write_class(tmp_path / name, make_class(20, seed))
        written.append(files(tmp_path / name))
    assert written[0] == written[1]
    assert written[0] != written[2]


def test_a_class_has_all_kinds(drawn: list[Submitted]) -> None:
    assert sum(KINDS.values()) == pytest.approx(1)
    assert {each.work.kind for each in make_class(250, 1)} >= {
        "right", "mistakes", "other_mistake", "unfinished", "untouched", "raises", "ends", "loud", "hangs", "markup", "attack",
        "broken",
    }  # fmt: skip
    assert not any(each.work.kind == "hangs" for each in make_class(250, 1, calm=True))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_are_legal_and_the_truth_knows_each_file(
    layout: str, drawn: list[Submitted], tmp_path: Path
) -> None:
    submissions = write_class(tmp_path, drawn, layout=layout)
    truth = table(tmp_path / "truth.csv")
    there = {name for name in files(submissions) if name.endswith(".ipynb")}
    assert len(truth) == len(there) == len(drawn)
    assert {row["file"] for row in truth} == there
    assert all(len(part.encode()) <= 255 for name in there for part in Path(name).parts)
    counting = [row["login"] for row in truth if row["counts"] == "yes"]
    assert sorted(counting) == sorted(row["login"] for row in table(tmp_path / "roster.csv"))
    assert len(set(counting)) == len(counting) == 60
    with inbox.received([submissions], all_submissions=True) as received:
        named = sum(
            len(warning.split("`, `")) for warning in received.warnings
        )  # nbgrader keeps one file each
        assert len(received.files) == (60 if layout == "nbgrader" else len(drawn)) == len(drawn) - named


def test_gradescopes_metadata_say_who_handed_in_what(drawn: list[Submitted], tmp_path: Path) -> None:
    submissions = write_class(tmp_path, drawn, layout="gradescope")
    told = yaml.safe_load((submissions / "submission_metadata.yml").read_text(encoding="utf-8"))
    for row in table(tmp_path / "truth.csv"):
        about = told[row["file"].split("/")[0]]
        assert about[":submitters"] == [{":name": row["name"], ":sid": row["id"], ":email": row["email"]}]
        assert about[":created_at"].isoformat() == row["submitted"]


def test_copies_are_known(tmp_path: Path) -> None:
    submitted = make_class(100, 5)
    write_class(tmp_path, submitted)
    copied = [row for row in table(tmp_path / "truth.csv") if row["copied_from"]]
    assert len(copied) == 3
    for row in copied:
        same = [(tmp_path / "submissions" / row[name]).read_bytes() for name in ("file", "copied_from")]
        assert (same[0] == same[1]) == ("identical" in row["note"])


def test_a_file_is_broken_as_its_kind_says(tmp_path: Path) -> None:
    content = make_class(1, 1)[0].work.content
    read = set()
    for what, breaks in BROKEN.items():
        path = tmp_path / "notebook.ipynb"
        path.write_bytes(breaks(content))
        with contextlib.suppress(SubmissionError):
            if read_submission(path).cells:
                read.add(what)
    assert read == set(READABLE)


def test_the_command_writes_a_zip(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [str(tmp_path), "--size", "5", "--layout", "moodle", "--zip"])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["roster.csv", "submissions.zip", "truth.csv"]


def test_a_small_class_is_graded_as_its_truth_says(judges: dict[str, Judge], tmp_path: Path) -> None:
    submissions = write_class(tmp_path, make_class(12, 1, calm=True, shares=SMALL))
    truth = {row["file"]: row for row in table(tmp_path / "truth.csv")}
    assert len(truth) == 12
    for file in inbox.find_files([submissions]):
        result = json.loads(results_json(judge_file(judges["multihead_attention"], file)))
        row = truth[file.path.name]
        assert list(differences(row, result)) == [], row


@pytest.mark.parametrize("more", [[], ["--zip"]])
def test_the_audit_finds_the_results_of_a_class(more: list[str], tmp_path: Path) -> None:
    CliRunner().invoke(main, [str(tmp_path), "--size", "5", "--calm", *more], catch_exceptions=False)
    results = tmp_path / "grades" / "results"
    results.mkdir(parents=True)
    missing = list(audited(tmp_path, tmp_path / "grades"))
    assert [what for what, _, _ in missing] == ["no result"] * 5
    submissions = tmp_path / ("submissions.zip" if more else "submissions")
    with inbox.received([submissions]) as received:
        for file in received.files:
            (results / f"{file.name}.json").write_text(json.dumps({"score": -1.0, "tests": []}))
    assert "no result" not in [what for what, _, _ in audited(tmp_path, tmp_path / "grades")]


# ---------------------------------------------------------------- what the benchmark shows


FIGURES = {
    "compared": {
        name: {"count": 10, "wall": seconds, "cpu": seconds, "core": seconds}
        for name, seconds in zip(throughput.CALLED, (0.02, 0.04, 3, 8), strict=True)
    },
    "growth": [{"count": count, "wall": 0.02, "memory": 300.0} for count in (100, 1000)],
}


def test_readme_shows_what_was_measured_last() -> None:
    readme = throughput.README.read_text()
    shown = throughput.table(throughput.kept())
    assert throughput.with_table(readme, shown) == readme
    assert str(throughput.PICTURE.relative_to(throughput.ROOT)) in readme


def test_the_table_and_the_picture_of_figures(tmp_path: Path) -> None:
    shown = throughput.table(FIGURES)
    assert "| `otter run` | 0.125 | 8.0 s | 200 x |" in shown
    assert "| memory, all processes | 300 MB | 300 MB |" in shown
    throughput.draw(FIGURES, tmp_path / "one.svg")
    throughput.draw(FIGURES, tmp_path / "other.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()
    assert "autograder grade" in (tmp_path / "one.svg").read_text()
