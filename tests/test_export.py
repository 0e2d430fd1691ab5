"""Grades as platforms take them, matched with a roster: nobody is mistaken for somebody else."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.basis import Basis
from autograder.cli import main
from autograder.entries import Entry, Override, Student, together
from autograder.errors import CourseError
from autograder.gradebook import FILE, Gradebook, address
from autograder.grades import grade_of, matched
from autograder.model import CaseVerdict, Status, StepVerdict, Verdict
from autograder.model import Result as Graded
from autograder.report.sheets import key_cell, table, text_cell, text_of
from autograder.roster import Roster, read_roster

ADA = Student(id="101", name="Ada Lovelace", email="ada@x.edu")
LI = Student(id="102", name="李 小龙", email="li@x.edu")
ANH = Student(id="103", name="Nguyễn Thị Ánh", email="anh@x.edu")


def entry(name: str, student: Student, points: float = 3, file: str = "", **more: object) -> Entry:
    step = StepVerdict(name="step", points=points, possible=4)
    case = CaseVerdict(name="case", hidden=True, status=Status.FAILED)
    verdict = Verdict(
        question="double",
        status=Status.PASSED if points == 4 else Status.FAILED,
        steps=(step,),
        cases=(case,),
        feedback='=1+1 is <not> "right"\n& more',
        misconceptions=("added instead of multiplied",),
    )
    result = Graded(assignment="hw_one", submission=name, verdicts=(verdict,))
    return Entry(
        file=file or f"{name}.ipynb",
        digest="0" * 64,
        result=result,
        student=student,
        submitted="2024-11-02T10:30:00+00:00",
        **more,  # type: ignore[arg-type]
    )


def folder_of(path: Path, *entries: Entry) -> Path:
    """Return a folder with a gradebook of some submissions."""
    path.mkdir(exist_ok=True)
    basis = Basis(assignment="hw_one", title="Homework one", questions=(("double", 4.0),))
    with Gradebook(*address(path), "hw_one") as book:
        run = book.begin(basis)
        for each in entries:
            book.record(each, run)
            for override in each.overrides:
                book.override(each.result.submission, override)
        book.finish(run)
    assert (path / FILE).is_file()
    return path


def export(folder: Path, to: str, *options: str | Path) -> tuple[list[list[str]], Result]:
    output = folder / "export.csv"
    output.unlink(missing_ok=True)
    done = CliRunner().invoke(
        main, ["export", str(folder), "--to", to, "-o", str(output), *map(str, options)]
    )
    text = output.read_bytes().decode("utf-8-sig") if output.exists() else ""
    return list(csv.reader(io.StringIO(text))), done


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    by_hand = (Override(points=3.5, reason="=oral exam", question="double"),)
    return folder_of(
        tmp_path / "out",
        entry("ada", ADA, file="in/lovelaceada_101_9_n.ipynb", overrides=by_hand),
        entry("group", together([LI, ANH]), 4),
        entry("nobody", Student(), 1),
    )


def test_csv(graded: Path) -> None:
    rows, done = export(graded, "csv")
    assert done.exit_code == 0
    assert rows[0] == [
        *("id", "name", "email", "submission", "submitted", "status", "points", "possible"),
        *("double", "misconceptions", "override"),
    ]
    time, mistake = "2024-11-02T10:30:00+00:00", "added instead of multiplied"
    assert rows[1:] == [
        [
            "101",
            "Ada Lovelace",
            "ada@x.edu",
            "ada",
            time,
            "failed",
            "3.5",
            "4",
            "3.5",
            mistake,
            "double 3.5: =oral exam",
        ],
        ["102", "李 小龙", "li@x.edu", "group", time, "passed", "4", "4", "4", mistake, ""],
        ["103", "Nguyễn Thị Ánh", "anh@x.edu", "group", time, "passed", "4", "4", "4", mistake, ""],
        ["nobody", "", "", "nobody", time, "failed", "1", "4", "1", mistake, ""],
    ]


def test_gradescope_and_nbgrader(graded: Path) -> None:
    rows, done = export(graded, "gradescope")
    assert done.exit_code == 0
    assert rows[0][:6] == ["First Name", "Last Name", "SID", "Email", "Total Score", "Max Points"]
    assert rows[0][-1] == "1: double (4 pts)"
    assert rows[1][:7] == ["Ada", "Lovelace", "101", "ada@x.edu", "3.5", "4", "Graded"]
    rows, done = export(graded, "nbgrader")
    assert rows[0][:4] == ["assignment", "duedate", "timestamp", "student_id"]
    assert rows[0][-4:] == ["raw_score", "late_submission_penalty", "score", "max_score"]
    assert rows[1] == [
        *("hw_one", "", "2024-11-02 10:30:00", "101", "Lovelace", "Ada", "ada@x.edu"),
        *("3.5", "0.0", "3.5", "4"),
    ]


def test_canvas_by_its_own_numbers(graded: Path) -> None:
    rows, done = export(graded, "canvas")
    assert rows == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "hw_one"],
        ["    Points Possible", "", "", "", "", "4"],
        ["Lovelace, Ada", "101", "", "", "", "3.5"],
    ]
    assert done.exit_code == 1
    assert "`nobody`: nothing says who that is in Canvas" in done.output
    assert "`group`" in done.output
    assert export(graded, "canvas", "--allow-unmatched")[1].exit_code == 0


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (7),Homework One (8),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,10,100,(read only)
"Lovelace, Ada",101,s1,ada,A,5,1,50.0
"小龙, 李",900102,s2,li@x.edu,"A, B",6,2,60.0
"Ánh, Nguyễn Thị",900103,s3,anh,A,7,,70.0
"Student, Test",999,,,A,,9,
"""


def test_canvas_own_gradebook_is_kept(graded: Path, tmp_path: Path) -> None:
    roster = written(tmp_path / "r.csv", CANVAS, "utf-8-sig")
    rows, done = export(graded, "canvas", "--roster", roster, "--allow-unmatched")
    expected = list(csv.reader(io.StringIO(CANVAS)))
    for row, points in ((3, "3.5"), (4, "4"), (5, "4")):
        expected[row][6] = points
    assert rows == expected
    assert (graded / "export.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert done.exit_code == 0
    assert "Canvas has 100 points as possible, and the assignment 4" in done.output
    assert "left out: `nobody`" in done.output
    rows, _ = export(graded, "canvas", "--roster", roster, "--missing-as-zero", "--column", "Essay (7)")
    assert [row[5] for row in rows[3:]] == ["3.5", "4", "4", "0"]
    rows, done = export(graded, "canvas", "--roster", roster, "--column", "New")
    assert [row[-1] for row in rows] == ["New", "", "4", "3.5", "4", "4", ""]
    assert "offer to make a new assignment, `New`" in done.output.replace("\n", " ")


def test_canvas_with_a_list_of_the_university(graded: Path, tmp_path: Path) -> None:
    roster = written(
        tmp_path / "r.csv", "Student-ID;Login;Vorname;E-Mail;Name\n007;ada1;;ADA@x.edu;x\n8;z;;;Zoë Zed\n"
    )
    rows, done = export(graded, "canvas", "--roster", roster)
    assert rows[2:] == [["x", "101", "007", "ada1", "", "3.5"], ["Zed, Zoë", "", "8", "z", "", ""]]
    assert done.exit_code == 1
    numbers = written(tmp_path / "n.csv", "id,name\n101,Ada Lovelace\n555,Zoë Zed\n")
    rows, _ = export(graded, "canvas", "--roster", numbers)
    assert rows[2:] == [["Lovelace, Ada", "101", "", "", "", "3.5"], ["Zed, Zoë", "555", "", "", "", ""]]


MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments
Participant 5501,Lovelace Ada,ada@x.edu,Submitted,-,4.00,Yes,-,
Participant 5502,"O\u2019Brien-Smith, Seán",sean@x.edu,No submission,,4.00,Yes,-,was here
"""


def test_moodle(graded: Path, tmp_path: Path) -> None:
    rows, done = export(
        graded, "moodle", "--roster", written(tmp_path / "r.csv", MOODLE), "--allow-unmatched"
    )
    text = 'double: 3.5 of 4 points<br>=1+1 is &lt;not&gt; "right"<br>&amp; more<br><br>By hand: double 3.5: =oral exam'
    assert rows[1] == [
        "Participant 5501",
        "Lovelace Ada",
        "ada@x.edu",
        "Submitted",
        "3.5",
        "4.00",
        "Yes",
        "-",
        text,
    ]
    assert rows[2][4:] == ["", "4.00", "Yes", "-", "was here"]
    assert "points as possible" not in done.output
    from_moodle = folder_of(
        tmp_path / "m",
        entry("x", ADA, file="z.zip/Ada Lovelace_101_assignsubmission_file_/n.ipynb"),
        entry("y", LI),
    )
    rows, done = export(from_moodle, "moodle")
    assert rows[1][:6] == ["Participant 101", "Ada Lovelace", "ada@x.edu", "Submitted for grading", "3", "4"]
    assert len(rows) == 2
    assert done.exit_code == 1
    assert "`y`: nothing says who that is in Moodle" in done.output


@pytest.mark.parametrize("more", [(), ("--roster",)])
def test_a_class_that_moodle_cannot_know_is_said_once(
    graded: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    roster = [written(tmp_path / "r.csv", "id,name\n1,Ada Lovelace\n2,Li Wei\n")] if more else []
    _, done = export(graded, "moodle", *more, *roster)
    assert done.exit_code == 2
    assert done.output.count("nothing says who anybody is") == 1
    assert "Name Moodle's own worksheet as --roster." in done.output
    assert not (graded / "export.csv").exists()


def roster_of(tmp_path: Path, text: str, encoding: str = "utf-8") -> Roster:
    return read_roster(written(tmp_path / "roster.csv", text, encoding))


PEOPLE = """\
sid,name,mail
1,Ólafur Þór,olafur@x.edu
2,"O'Brien-Smith, Seán",sean@x.edu
3,Nguyễn Thị Ánh,anh@x.edu
4,محمد علي,
5,Jan Müller,jan1@x.edu
6,Jan Müller,jan2@x.edu
7,李 小龙,
7,李 大龙,
"""


@pytest.mark.parametrize(
    ("student", "found"),
    [
        (Student(id="1"), "1"),
        (Student(id="SEAN@x.edu"), "2"),
        (Student(id="?", email="Anh@X.edu"), "3"),
        (Student(name="Þór Ólafur"), "1"),
        (Student(name="O\u2019BRIEN SMITH seán"), "2"),
        (Student(name="thi anh nguyen"), "3"),
        (Student(name="Thor, Olafur"), "1"),
        (Student(name="علي محمد"), "4"),
        (Student(name="obriensmithsean"), "2"),
        (Student(id="7", name="李 小龙"), "7"),
        (Student(id="5", name="Jan Müller"), "5"),
        (Student(name="Jan Müller"), "matches 2 people by name"),
        (Student(id="7"), "matches 2 people by id"),
        (Student(id="1", name="Nguyễn Thị Ánh"), "is Ólafur Þór (1) by id, but Nguyễn Thị Ánh (3) by name"),
        (Student(id="5", email="jan2@x.edu"), "by id, but Jan Müller (6) by e-mail"),
        (Student(id="99", name="Somebody Else"), "is not in the roster"),
        (Student(name="محمد"), "is not in the roster"),
        (Student(name="!?"), "is not in the roster"),
    ],
)
def test_who_is_who(student: Student, found: str, tmp_path: Path) -> None:
    lines, problems = matched([grade_of(entry("s", student))], roster_of(tmp_path, PEOPLE))
    with_grade = [line.person.id for line in lines if line.grade]
    if problems:
        assert with_grade == []
        assert found in problems[0]
    else:
        assert with_grade == [found]
    assert len(lines) == 8


def test_a_submission_without_a_student_goes_by_its_name(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, PEOPLE)
    for name, number in (("3", "3"), ("sean@x.edu", "2"), ("Olafur_Thor", "1")):
        lines, problems = matched([grade_of(entry(name, Student()))], roster)
        assert [line.person.id for line in lines if line.grade] == [number], problems


def test_two_submissions_of_one_person_give_none(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, PEOPLE)
    grades = [grade_of(entry("a", Student(id="1"))), grade_of(entry("b", Student(name="Ólafur Þór")))]
    lines, problems = matched(grades, roster)
    assert problems == ["Ólafur Þór (1) has 2 submissions: `a`, `b`"]
    assert not any(line.grade for line in lines)
    folder = folder_of(tmp_path / "two", entry("a", ADA), entry("b", ADA))
    assert len(export(folder, "csv")[0]) == 3
    rows, done = export(folder, "nbgrader")
    assert (len(rows), done.exit_code) == (1, 1)
    assert "Ada Lovelace (101) has 2 submissions: `a`, `b`" in done.output


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16")])
def test_rosters_as_programs_write_them(delimiter: str, encoding: str, tmp_path: Path) -> None:
    text = "Student Number,First_Name,LAST NAME,E-mail Address\n\n007,Ada,Lovelace,a@x\n,,,\n".replace(
        ",", delimiter
    )
    (person,) = roster_of(tmp_path, text, encoding).people
    assert (person.id, person.name, person.names, person.email) == (
        "007",
        "Ada Lovelace",
        ("Ada", "Lovelace"),
        "a@x",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column with an id"),
        (b"colour,shape\n1,2\n", "it has `colour`, `shape`"),
        (b"id,name\n1,M\xfcller\n", "not text in UTF-8"),
        (b'id,name\n1,"x\n', "not a CSV file"),
        (b"PK\3\4\xff", "not text in UTF-8"),
    ],
)
def test_what_is_no_roster(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(content)
    with pytest.raises(CourseError, match=said):
        read_roster(tmp_path / "r.csv")
    with pytest.raises(CourseError, match="does not exist"):
        read_roster(tmp_path / "gone.csv")


def test_what_is_asked_for_must_fit(graded: Path, tmp_path: Path) -> None:
    assert "--column is for" in export(graded, "csv", "--column", "x")[1].output
    assert "there is no gradebook" in export(tmp_path, "csv")[1].output


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", " =1", "\r=1", "\n=1"])
def test_no_text_is_a_formula(text: str) -> None:
    assert text_cell(text).startswith("'")
    assert text_of(text_cell(text)) == text
    assert text_cell(f"a{text.strip()}") == f"a{text.strip()}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("0017", "0017"),
        ("-17", "-17"),
        ("+a@x.edu", "+a@x.edu"),
        ("@ada", "@ada"),
        ("=1", "'=1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+1", "'-1+1"),
    ],
)
def test_ids_are_kept_unless_they_act(text: str, cell: str) -> None:
    assert key_cell(text) == cell


def test_a_hostile_name_is_no_formula_anywhere(tmp_path: Path) -> None:
    evil = Student(id="=HYPERLINK(1)", name="=cmd|'/C calc'!A0", email="@SUM(1)")
    folder = folder_of(tmp_path / "out", entry("=2", evil, file="z/x_1_assignsubmission_file_/a.ipynb"))
    for to in ("csv", "gradescope", "nbgrader", "moodle"):
        rows, _ = export(folder, to)
        assert len(rows) == 2
        assert not [cell for cell in rows[1] if cell.startswith(("=", "@", "+"))], rows


@pytest.mark.parametrize("text", ["=1", " =1", "-x", "\n@x", "'", "'tis", "Ada = x", ""])
def test_a_cell_is_no_formula_and_gives_its_text_back(text: str) -> None:
    cell = text_cell(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert text_of(cell) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        " =1",
        "a;=1;b",
        "a; -1",
        "two\nlines",
        "x\n=1\n\n@a",
        "\t+1",
        "a;'=1",
        "a;''=1\n'b",
        "fine; really",
    ],
)
def test_no_part_of_a_text_is_a_formula_where_semicolons_part_cells(text: str) -> None:
    cell = text_cell(text)
    assert text_of(cell) == text
    content = table([["1", cell, "2"]]).decode()
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(content), delimiter=delimiter):
            assert not [each for each in row if each.lstrip(" ").startswith(("=", "+", "-", "@"))]
    for line in content.splitlines():
        assert not [each for each in line.split(";") if each.lstrip(" ").startswith(("=", "+", "-", "@"))]
