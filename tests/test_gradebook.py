"""What a gradebook keeps, what an edit touches, and what is said of points that changed."""

from __future__ import annotations

import errno
import math
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy

from autograder import master, outbox, overrides, parts
from autograder.basis import Basis, last_flaw, touched
from autograder.differences import differences, run_before
from autograder.entries import Entry, Override, Student
from autograder.errors import GradebookError
from autograder.gradebook import Gradebook, address, opened
from autograder.inbox import File
from autograder.model import CaseVerdict, Result, Status, StepVerdict, Verdict
from autograder.regrading import planned
from autograder.rows_of_gradebook import decoded, encoded
from autograder.tables_of_gradebook import ABOUT

TRIPLING = (Path(__file__).parent / "course" / "solutions" / "tripling.py").read_text()
RUNTIME = {"numpy": "2.3.0"}
BASIS = Basis(
    assignment="tripling", title="Tripling", questions=(("triple", 2.0), ("shift", 3.0)), points="p"
)


def result(name: str, *points: float, unreadable: bool = False, said: str = "Right.") -> Result:
    """Return a result with so many points of 2 and of 3."""
    return Result(
        assignment="tripling",
        submission=name,
        unreadable=unreadable,
        verdicts=tuple(
            Verdict(
                question=question,
                status=Status.PASSED if earned == possible else Status.FAILED,
                steps=(
                    StepVerdict(
                        name="all",
                        points=earned,
                        possible=possible,
                        reason="" if earned == possible else "no",
                    ),
                ),
                cases=(
                    CaseVerdict(
                        name="own",
                        hidden=False,
                        status=Status.PASSED if earned == possible else Status.FAILED,
                    ),
                ),
                feedback=said,
            )
            for earned, (question, possible) in zip(points, BASIS.questions, strict=True)
        ),
    )


def entry(name: str, *points: float, digest: str = "d", **more: object) -> Entry:
    return Entry(file=f"in/{name}.py", digest=digest, result=result(name, *points, **more))  # type: ignore[arg-type]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook(*address(tmp_path), "tripling") as made:
        yield made


# ---------------------------------------------------------------- kept as it was


def test_a_result_comes_back_as_it_was(book: Gradebook) -> None:
    odd = replace(
        result("ada", 0.1 + 0.2, math.nan, said='\0 \ud800 é "\n'),
        printed="\udcff\0printed",
        environment={"numpy": "2"},
    )
    given = Entry(
        file="in/ada.py",
        digest="d",
        result=odd,
        student=Student(id="1", name="Ada Łoś", email="a@b"),
        submitted="2026-01-01",
    )
    book.record(given, book.begin(BASIS))
    (back,) = book.entries()
    assert repr(back) == repr(given)  # NaN equals nothing
    assert back.result.verdicts[0].points == 0.1 + 0.2


def test_numbers_that_are_none_survive() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Shown:
        rows: tuple[tuple[float, ...], ...] = ()

    import json

    import msgspec

    kept = Shown(rows=((math.nan, math.inf), (-math.inf, 1e300)))
    assert repr(msgspec.convert(json.loads(json.dumps(msgspec.to_builtins(kept))), Shown)) == repr(kept)


def test_a_field_that_came_later_has_its_default() -> None:
    old = encoded(result("ada", 2, 3)).replace('"sandboxed": true, ', "")
    assert decoded(old) == result("ada", 2, 3)


def test_entries_are_sorted_and_students_kept(book: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.gradebook.AT_ONCE", 2)
    run = book.begin(BASIS)
    for name in ("c", "a", "é", "B", "b"):
        book.record(entry(name, 2, 3), run)
    assert [each.result.submission for each in book.entries()] == ["B", "a", "b", "c", "é"]
    assert [each.entry.result.submission for each in book.graded_at(run.id)] == ["B", "a", "b", "c", "é"]


@pytest.mark.parametrize("folder", ["a?mode=memory", "50%20", "a%41", "file:x?y#z", "a b;c"])
def test_a_gradebook_lies_in_its_folder_whatever_that_is_called(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    with Gradebook(*address(tmp_path / folder), "tripling"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [folder]
    assert (tmp_path / folder / "gradebook.db").is_file()
    with opened(tmp_path / folder) as book:
        assert book.assignment == "tripling"


@pytest.mark.parametrize("name", ["../../up", "/abs", "a/b", "a\0b"])
def test_a_gradebook_of_a_stranger_names_no_file_elsewhere(
    name: str, book: Gradebook, tmp_path: Path
) -> None:
    hostile = entry(name, 2, 3)
    folder = tmp_path / "a" / "grades"
    for attempt in (
        lambda: outbox.write(folder, hostile),
        lambda: outbox.restore(folder, hostile),
        lambda: outbox.remove(folder, name),
    ):
        with pytest.raises(GradebookError, match="no file can be called so"):
            attempt()
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "change",
    [
        "update results set content='{}'",
        "update results set content='[1'",
        "update results set content=x'ff'",
        "update results set printed='{'",
        "update results set run=99",
        "update results set submission=x'00' where submission='ada'",
        "update runs set basis='[]'",
        "delete from runs",
        "insert into overrides values(9, 'ada', '', 1e999, 'x', 'x', 0, null)",
        "insert into overrides values(9, 'ada', '', 'many', 'x', 'x', 0, null)",
    ],
)
def test_a_gradebook_that_somebody_else_has_written_is_told(change: str, tmp_path: Path) -> None:
    with Gradebook(*address(tmp_path), "tripling") as book:
        run = book.begin(BASIS)
        book.record(entry("ada", 2, 3), run)
        book.record(entry("bob", 2, 3), run)
    with sqlite3.connect(tmp_path / "gradebook.db") as connection:
        connection.execute(change)
    connection.close()

    def read_all(book: Gradebook) -> None:
        list(book.standings())
        list(book.entries())

    with opened(tmp_path) as book, pytest.raises(GradebookError, match=r"cannot be read.*\n.*another folder"):
        read_all(book)


def test_a_full_disk_is_told_with_the_folder_that_is_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")  # as the system says it: without a name

    monkeypatch.setattr("os.fchmod", full)
    with pytest.raises(OSError, match="No space") as caught:
        outbox.write(tmp_path, entry("ada", 2, 3))
    assert Path(caught.value.filename).parent == tmp_path / "results"
    assert list((tmp_path / "results").iterdir()) == []


# ---------------------------------------------------------------- whose database it is


def test_a_gradebook_of_another_assignment_is_refused(book: Gradebook, tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="is of the assignment `tripling`, not of `doubling`"):
        Gradebook(*address(tmp_path), "doubling")


def test_a_newer_gradebook_is_refused(book: Gradebook, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "gradebook.db") as connection:
        connection.execute("update true_values set value = '7' where name = 'version'")
    with pytest.raises(GradebookError, match="has version 7 of its tables; this program knows version 1"):
        Gradebook(*address(tmp_path), "tripling")


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "gradebook.db") as connection:
        connection.execute("create table accounts (id integer)")
    with pytest.raises(GradebookError, match="is no gradebook: it has a table `accounts`"):
        Gradebook(*address(tmp_path), "tripling")
    (tmp_path / "gradebook.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(GradebookError, match="database fails: file is not a database"):
        Gradebook(*address(tmp_path), "tripling")


def test_a_gradebook_whose_maker_was_killed_is_made(tmp_path: Path) -> None:
    engine = sqlalchemy.create_engine(address(tmp_path)[0])
    with engine.begin() as connection:
        ABOUT.create(connection)
    engine.dispose()
    with Gradebook(*address(tmp_path), "tripling") as made:
        assert list(made.entries()) == []


def test_an_address_that_is_none_is_explained(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="is no address of a database"):
        Gradebook("nonsense", "nonsense", "tripling")
    with pytest.raises(GradebookError, match="is no address of a database"):
        Gradebook("nosuch+driver://host/db", "x", "tripling")
    with pytest.raises(GradebookError, match="there is no gradebook in"), opened(tmp_path):
        pass
    (tmp_path / "gradebook.db").write_bytes(b"")
    with pytest.raises(GradebookError, match="this database is empty"), opened(tmp_path):
        pass


@pytest.fixture
def postgresql() -> Iterator[str]:
    """Return the address of a database of a server that lives as long as the test."""
    (pg_ctl,) = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1:] or [None]
    if pg_ctl is None:
        pytest.skip("there is no PostgreSQL here")
    folder = Path(tempfile.mkdtemp())
    as_user = []
    if os.getuid() == 0:  # the server refuses to be root
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    options = f"-c listen_addresses= -c fsync=off -k {folder}"

    def run(*command: object) -> None:
        told = [*as_user, *map(str, command)]
        subprocess.run(told, check=True, cwd=folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    try:
        run(pg_ctl.with_name("initdb"), "-D", folder / "data", "-U", "grader", "-A", "trust", "-E", "UTF8")
        run(pg_ctl, "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql+psycopg://grader@/postgres?host={folder}"
        finally:
            run(pg_ctl, "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
def test_postgresql_can_take_its_place(postgresql: str, tmp_path: Path) -> None:
    url, where = address(tmp_path, postgresql)
    with Gradebook(url, where, "tripling") as book:
        run = book.begin(BASIS)
        odd = replace(result("ada", 0, 3, said="\0 \ud800"), printed="\0")
        book.record(Entry(file="in/\udcff.py", digest="d", result=odd), run)
        book.record(entry("B", 2, 3), run)
        book.finish(run)
        book.record(entry("ada", 2, 3), book.begin(replace(BASIS, points="q")))
        overrides.give(book, tmp_path, "ada", Override(points=1, reason="x"))
    with opened(tmp_path, postgresql) as book:
        assert [(each.result.submission, each.points) for each in book.entries()] == [("B", 5), ("ada", 1)]
        assert [each.entry.result for each in book.graded_at(1)] == [
            result("B", 2, 3),
            replace(odd, printed=""),
        ]
        assert planned(book, [], BASIS).gone == ("B", "ada")
    with pytest.raises(GradebookError, match="is of the assignment `tripling`"):
        Gradebook(url, where, "doubling")


# ---------------------------------------------------------------- what an edit touches


@pytest.fixture(scope="module")
def basis_of(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Return what gives the basis of a master with an edit."""
    course = tmp_path_factory.mktemp("course")
    (course / "solutions").mkdir()

    def basis(old: str = "", new: str = "", **more: object) -> Basis:
        assert TRIPLING.count(old) == 1 or not old
        (course / "solutions" / "tripling.py").write_text(TRIPLING.replace(old, new) if old else TRIPLING)
        loaded = master.load("tripling", course)
        return parts.read_basis(loaded.assignment, course, RUNTIME, sandboxed=True)

    return basis


ALL = ["wrong early", "wrong late", "right", "unreadable"]
EDITS = [
    ("# # Tripling", "# # Tripling, with care", "", []),
    ("    return result", "    # what it says\n    return (result)", "", []),
    ("equivalents=[],", 'equivalents=[author.equivalent("7 -> 8", reason="no")],', "", []),
    ('"Tripling", environment', '"Tripling", leaderboard=True, environment', "", []),
    ("so something is added", "so something was added", "the edit of the mistakes of `triple`", ALL[:2]),
    ("What is three times", "What then is three times", "the edit of the mistakes of `triple`", ALL[:2]),
    ("return X**2", "return X * X", "the edit of the mistakes of `triple`", ALL[:2]),
    ("so it is subtracted", "so it was subtracted", "the edit of the mistakes of `shift`", ALL[1:2]),
    ("X + 7  # SOL", "7 + X  # SOL", "the edit of `shift`", ALL[:3]),
    ("    result = 3 * X  # SOLUTION", "    result = 3 * X  # SOLUTION NO PROMPT", "the edit of `triple`", ALL[:3]),
    ("author.step(\"shifting\", 3)", "author.step(\"shifting\", 4)", "the edit of `shift`", ALL[:3]),
    ("seed(1)", "seed(2)", "the edit of what belongs to no question", ALL[:3]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "why", "who"), EDITS)
def test_an_edit_touches_what_it_may_change(
    old: str, new: str, why: str, who: list[str], basis_of: object
) -> None:
    if "7 + X" in new:  # the edit of a misconception must still fit
        old, new = "return X + 7  # SOLUTION", "return (X + 7) * 1  # SOLUTION"
    before, now = basis_of(), basis_of(old, new)  # type: ignore[operator]
    results = [result("a", 0, 3), result("a", 2, 0), result("a", 2, 3), result("a", 0, 0, unreadable=True)]
    found = [touched(last_flaw(each), unreadable=each.unreadable, before=before, now=now) for each in results]
    by_points = ["unreadable"] if "shifting" in new else []
    assert [name for name, reasons in zip(ALL, found, strict=True) if reasons] == [*who, *by_points]
    assert all(any(why in reason for reason in reasons) for reasons in found[:3] if reasons)


def test_another_runtime_touches_all() -> None:
    now = replace(BASIS, runtime={"numpy": "2.3.0"})
    before = replace(BASIS, runtime={"numpy": "2.2.0"})
    for unreadable in (True, False):
        assert touched(-1, unreadable=unreadable, before=before, now=now) == ("numpy 2.2.0 -> 2.3.0",)


def test_what_decides_grades_is_in_our_digest() -> None:
    """Nothing that a judge, a worker or a master uses is left out."""
    import ast

    package = Path(parts.__file__).parent
    pending, reached = ["judge", "kit", "submission", "sandbox", "warm", "worker", "syscalls"], set[str]()
    while pending:
        name = pending.pop()
        if name in reached or not (package / f"{name}.py").exists():
            continue
        reached.add(name)
        for node in ast.walk(ast.parse((package / f"{name}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
                inner = (node.module or "").removeprefix("autograder").lstrip(".")
                pending += [inner] if inner else [each.name for each in node.names]
    assert {"feedback", "compare", "author", "landlock"} <= reached
    assert not reached & parts.DECIDE_NOTHING


# ---------------------------------------------------------------- what is planned


def test_only_what_is_new_changed_or_touched_is_planned(book: Gradebook, tmp_path: Path) -> None:
    files = [File(path=tmp_path / f"{name}.py", name=name) for name in ("a", "b", "c", "d")]
    for file in files:
        file.path.write_text(file.name)
    plan = planned(book, files[:3], BASIS)
    assert plan.said() == "3 new"
    run = book.begin(BASIS)
    for file, points in zip(files[:3], ((2, 3), (0, 3), (0, 0)), strict=True):
        book.record(
            replace(entry(file.name, *points), file=str(file.path), digest=plan.digests[file.name]), run
        )
    book.finish(run)
    assert planned(book, files[:3], BASIS).said() == "3 as they were"
    files[2].path.write_text("changed")
    now = replace(BASIS, explaining={"triple": "x"})
    plan = planned(book, files, now)
    assert (
        plan.said() == "1 new, 1 changed file, 1 touched by the edit of the mistakes of `triple`, 1 as it was"
    )
    assert [file.name for file in plan.files] == ["b", "c", "d"]
    plan = planned(book, files[:2], BASIS, again=True)
    assert (plan.said(), plan.gone) == ("2 again", ("c",))


def test_all_again_goes_on_where_it_was_stopped(book: Gradebook, tmp_path: Path) -> None:
    files = [File(path=tmp_path / f"{name}.py", name=name) for name in ("a", "b")]
    run = book.begin(BASIS)
    for file in files:
        book.record(replace(entry(file.name, 2, 3), file=str(file.path), digest=""), run)
    book.finish(run)
    assert planned(book, files, BASIS, again=True).said() == "2 again"
    again = book.begin(BASIS, again=True)
    book.record(replace(entry("a", 2, 3), file=str(files[0].path), digest=""), again)
    assert book.begin(BASIS, again=True) == again
    assert planned(book, files, BASIS, again=True).said() == "1 again, 1 as it was"
    book.finish(again)
    assert planned(book, files, BASIS, again=True).said() == "2 again"


def test_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "a.py").symlink_to(tmp_path / "secret")
    from autograder.regrading import digest_of_file

    assert digest_of_file(tmp_path / "a.py") == digest_of_file(tmp_path / "gone.py") == ""
    assert len(digest_of_file(tmp_path / "secret")) == 64


# ---------------------------------------------------------------- what has changed, and why


def test_differences_say_whose_points_changed_and_why(book: Gradebook) -> None:
    first = book.begin(BASIS)
    for each in (entry("a", 2, 3), entry("b", 0, 3), entry("c", 2, 3), entry("d", 2, 0), entry("gone", 2, 3)):
        book.record(each, first)
    book.finish(first)
    now = replace(BASIS, judging={"triple": "x"}, runtime={"numpy": "2.3.0"})
    second = book.begin(now)
    book.record(entry("a", 0, 3), second)
    book.record(entry("b", 2, 3, digest="e"), second)
    book.record(entry("d", 2, 0, said="Other words."), second)
    book.record(entry("new", 2, 3), second)
    book.remove("gone", second)
    book.finish(second)
    book.override("c", Override(points=1, reason="late", question="shift"))
    before = run_before(book)
    assert before is not None
    assert before.id == first.id
    found = differences(book.graded_at(before.id), book.graded())
    assert [(each.submission, each.question, each.before, each.after, each.why) for each in found.points] == [
        ("a", "triple", 2, 0, ("numpy  -> 2.3.0", "the edit of `triple`")),
        ("b", "triple", 0, 2, ("the file changed",)),
        ("c", "shift", 3, 1, ("override: 1 (late)",)),
    ]
    (step,) = found.points[0].steps
    assert (step.before, step.after, step.reason_before, step.reason_after) == (2, 0, "", "no")
    assert [each.submission for each in found.feedback] == ["d", "d"]
    assert (found.new, found.gone, found.same) == (("new",), ("gone",), 1)
    book.take_back("c", "shift")
    assert [each.submission for each in differences(book.graded_at(before.id), book.graded()).points] == [
        "a",
        "b",
    ]
    with pytest.raises(GradebookError, match="there is no run 9 in this gradebook"):
        run_before(book, 9)


def test_an_override_is_of_the_time_when_it_was_given(book: Gradebook) -> None:
    run = book.begin(BASIS)
    book.record(entry("a", 2, 3), run)
    book.finish(run)
    book.override("a", Override(points=1, reason="late"))
    assert [each.entry.points for each in book.graded_at(1)] == [5]
    later = book.begin(replace(BASIS, points="q"))
    book.finish(later)
    assert [each.entry.points for each in book.graded_at(2)] == [1]
    book.override("a", Override(points=2, reason="less late"))
    assert [each.entry.points for each in book.graded_at(2)] == [1]
    assert [each.points for each in book.entries()] == [2]
    book.take_back("a")
    assert [each.entry.points for each in book.graded_at(2)] == [1]
    assert [each.points for each in book.entries()] == [5]


# ---------------------------------------------------------------- overrides


@pytest.mark.parametrize(
    ("name", "override", "said"),
    [
        ("adda", Override(points=1, reason="x"), "there is no submission `adda` .*\n.*`ada`"),
        ("lovelace", Override(points=1, reason="x"), "there is no submission `lovelace` .*\n.*`ada`"),
        ("ada", Override(points=1, reason="x", question="tripple"), "has no question `tripple`"),
        ("ada", Override(points=6, reason="x"), "6 points are more than the 5 of the assignment"),
        ("ada", Override(points=3, reason="x", question="triple"), "more than the 2 of question `triple`"),
        ("ada", Override(points=-1, reason="x"), "-1 are no points"),
        ("ada", Override(points=math.nan, reason="x"), "nan are no points"),
        ("ada", Override(points=1, reason=" "), "an override needs a reason"),
    ],
)
def test_an_override_is_checked(
    name: str, override: Override, said: str, book: Gradebook, tmp_path: Path
) -> None:
    given = replace(entry("ada", 2, 3), student=Student(name="Ada Lovelace"))
    book.record(given, book.begin(BASIS))
    with pytest.raises(GradebookError, match=said):
        overrides.give(book, tmp_path, name, override)
    assert not book.overrides()


def test_a_bonus_is_meant(book: Gradebook, tmp_path: Path) -> None:
    book.record(entry("=ada", 2, 3), book.begin(BASIS))
    override = Override(points=6, reason="=a bonus", question="shift")
    assert overrides.give(book, tmp_path, "=ada", override, bonus=True).points == 8
    table = (tmp_path / "grades.csv").read_text().splitlines()
    assert table == [
        "submission,status,points,possible,triple,shift,override",
        "'=ada,passed,8,5,2,6,shift 6: =a bonus",
    ]
    with pytest.raises(GradebookError, match="nothing was given by hand to `=ada`\n.*`shift`"):
        overrides.take_back(book, tmp_path, "=ada")
    assert overrides.take_back(book, tmp_path, "=ada", "shift").points == 5
    assert "override" not in (tmp_path / "grades.csv").read_text()


# ---------------------------------------------------------------- the folder


def test_a_file_that_is_not_as_it_should_be_is_written_anew(tmp_path: Path) -> None:
    made = replace(entry("ada", 2, 3), result=replace(result("ada", 2, 3), printed="hello"))
    outbox.restore(tmp_path, made)
    path, printed = tmp_path / "results" / "ada.json", tmp_path / "printed" / "ada.txt"
    good = path.read_bytes()
    path.write_bytes(b"{")
    printed.unlink()
    outbox.restore(tmp_path, made)
    assert (path.read_bytes(), printed.read_text()) == (good, "hello")
    outbox.restore(tmp_path, replace(made, result=result("ada", 2, 3)))
    assert not printed.exists()
