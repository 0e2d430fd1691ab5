"""What instructors have: exports of platforms, as folders and as zips, and whose the files in them are."""

from __future__ import annotations

import os
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder import inbox, layout_gradescope
from autograder.choosing import chosen
from autograder.entries import Student, together
from autograder.errors import CourseError
from autograder.inbox import Inbox
from autograder.layouts import in_utc

Files = Mapping[str, str]

CANVAS = {
    "lovelaceada_101_9001_notebook.ipynb": "old",
    "lovelaceada_101_9007_notebook-2.ipynb": "new",
    "lovelaceada_101_9006_notebook-1.ipynb": "older",
    "李小龙_LATE_102_9002_my_notebook.ipynb": "li",
    "obriensmithsean_103_9003_essay.pdf": "pdf",
    "hoppergrace_104_text.html": "a text",
    "curiemarie_105_9004_notebook.ipynb": "curie",
    "curiemarie_105_9009_helper.py": "x = 1",
}
MOODLE = {
    "Ólafur Þór_201_assignsubmission_file_/a.ipynb": "olafur",
    "محمد_202_assignsubmission_file_/deep/b.ipynb": "m",
    "Nguyễn Thị Ánh_203_assignsubmission_file_c.ipynb": "anh",
    "Nguyễn Thị Ánh_203_assignsubmission_onlinetext_/onlinetext.html": "text",
    "O'Brien-Smith, Seán_204_assignsubmission_file_/x.docx": "docx",
}
METADATA = """\
---
submission_301:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0017'
    :email: ada@x.edu
  :created_at: 2024-11-01 10:00:00.000000000 Z
  :results:
    :tests:
    - :name: "a\\n  :submitters: []"
      :output: !ruby/object:Kernel {}
  :history:
  - :id: 300
    :created_at: 2024-10-01 10:00:00.000000000 Z
submission_302:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0017'
    :email: ada@x.edu
  :created_at: 2024-11-02 11:30:00.5 +01:00
submission_303:
  :submitters:
  - :name: 李 小龙
    :sid: '18'
    :email: li@x.edu
  - :name: "=cmd|'/C calc'!A0; O'Brien"
    :sid:
    :email: ob@x.edu
  :created_at: 2024-11-02 09:00:00.000000000 Z
submission_304:
  :submitters:
  - :name: محمد
    :sid: '19'
    :email: m@x.edu
  :created_at: 2024-11-02 09:00:00.000000000 Z
"""
GRADESCOPE = {
    "submission_metadata.yml": METADATA,
    "submission_301/notebook.ipynb": "old",
    "submission_302/notebook.ipynb": "new",
    "submission_303/hw.ipynb": "group",
    "submission_303/other.ipynb": "not this",
    "submission_304/report.pdf": "pdf",
}
NBGRADER = {
    "ada/hw/hw.ipynb": "ada",
    "ada/hw/timestamp.txt": "2024-11-02 11:30:00.123456 America/New_York",
    "ada/other/x.ipynb": "other assignment",
    "olafur/hw/hw.ipynb": "olafur",
    "olafur/hw/timestamp.txt": "2024-11-02 11:30:00 UTC",
    "lazy/hw/timestamp.txt": "2024-11-02 11:30:00 UTC",
}


def in_folder(files: Files, folder: Path) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    return folder


def in_zip(files: Files, path: Path, wrapper: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(wrapper + name, content)
    return path


def told(box: Inbox) -> list[tuple[str, Student, str, str, str]]:
    return [
        (each.name, each.student, each.submitted, each.path.name, each.path.read_text()) for each in box.files
    ]


@pytest.fixture(params=["folder", "zip", "zip with a folder"])
def packed(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    def pack(files: Files, name: str = "class") -> Path:
        if request.param == "folder":
            return in_folder(files, tmp_path / name)
        wrapper = "" if request.param == "zip" else f"{name}/"
        return in_zip(files, tmp_path / f"{name}.zip", wrapper)

    return pack


def test_canvas(packed) -> None:
    with inbox.received([packed(CANVAS)], assignment="hw") as box:
        assert told(box) == [
            (
                "curiemarie_105",
                Student(id="105", name="curiemarie"),
                "",
                "curiemarie_105_9004_notebook.ipynb",
                "curie",
            ),
            (
                "lovelaceada_101",
                Student(id="101", name="lovelaceada"),
                "",
                "lovelaceada_101_9007_notebook-2.ipynb",
                "new",
            ),
            (
                "李小龙_102",
                Student(id="102", name="李小龙"),
                "",
                "李小龙_LATE_102_9002_my_notebook.ipynb",
                "li",
            ),
        ]
        assert "a download from Canvas: 6 files of 3 students" in box.notes[0]
        said = " ".join(box.warnings)
        assert "2 earlier submissions are left out" in said
        assert "a file is left out, since one notebook of each student counts" in said
        assert "helper.py" in said
        assert "handed in nothing that can be graded: hoppergrace_104, obriensmithsean_103" in said
        assert "`obriensmithsean_103_9003_essay.pdf`" in said


def test_moodle(packed) -> None:
    with inbox.received([packed(MOODLE)]) as box:
        assert [(each.name, each.student) for each in box.files] == [
            ("Nguyễn Thị Ánh_203", Student(id="203", name="Nguyễn Thị Ánh")),
            ("Ólafur Þór_201", Student(id="201", name="Ólafur Þór")),
            ("محمد_202", Student(id="202", name="محمد")),
        ]
        said = " ".join(box.warnings)
        assert "nothing that can be graded: O'Brien-Smith, Seán_204" in said
        assert "x.docx" in said
        assert "onlinetext" not in said


def test_of_moodles_repeated_files_the_newest_counts(tmp_path: Path) -> None:
    folder = in_folder(
        {f"A B_1_assignsubmission_file_/{name}.ipynb": name for name in ("a", "b", "c")}, tmp_path / "in"
    )
    for age, name in enumerate(("b", "c", "a")):
        os.utime(folder / f"A B_1_assignsubmission_file_/{name}.ipynb", (10**9 - age, 10**9 - age))
    with inbox.received([folder]) as box:
        assert [each.path.read_text() for each in box.files] == ["b"]


def test_a_name_with_the_number_of_another_takes_nobodys_place(tmp_path: Path) -> None:
    """Some can choose how they are called."""
    files = {
        "Jane Doe_777_assignsubmission_file_/a.ipynb": "of 777",
        "Jane Doe_777_assignsubmission_file_x_888_assignsubmission_file_/a.ipynb": "of 888",
        "Jane Doe_777_assignsubmission_file_x_889_assignsubmission_file_a.ipynb": "of 889",
        "Eve_777_assignsubmission_file_/a.ipynb": "of somebody",
    }
    with inbox.received([in_folder(files, tmp_path / "in")]) as box:
        found = {each.path.read_text(): each.student for each in box.files}
        said = " ".join(box.warnings)
    assert found == {
        "of 777": Student(id="777", name="Jane Doe"),
        "of 888": Student(),
        "of 889": Student(),
        "of somebody": Student(id="777", name="Eve"),
    }
    assert "nothing says whose they are" in said
    assert "number 777 hands in under several names, and each counts: Eve, Jane Doe" in said


def test_in_canvas_too_a_number_with_two_names_is_told(tmp_path: Path) -> None:
    files = {"doejane_777_9001_a.ipynb": "of 777", "doe_777_9002_999_1_a.ipynb": "of somebody"}
    with inbox.received([in_folder(files, tmp_path / "in")]) as box:
        assert {each.path.read_text() for each in box.files} == set(files.values())
        assert "number 777 hands in under several names" in " ".join(box.warnings)


def test_a_students_zip_that_looks_like_a_download_is_told(tmp_path: Path) -> None:
    """It could be read as another's: among the zips that are named, and not in a folder of them."""
    (tmp_path / "in").mkdir()
    named = [
        in_zip({"doejane_777_9001_a.ipynb": "x"}, tmp_path / "in" / "eve.zip", ""),
        in_zip({"a.ipynb": "x"}, tmp_path / "in" / "bob.zip", ""),
    ]
    with inbox.received(named) as box:
        assert "if all are, name the folder that they are in" in " ".join(box.warnings)
    with inbox.received([tmp_path / "in"]) as box:
        assert [(each.name, each.student) for each in box.files] == [("bob", Student()), ("eve", Student())]
        assert not box.warnings


def test_gradescope(packed) -> None:
    with inbox.received([packed(GRADESCOPE)], assignment="hw") as box:
        first, group = box.files
        assert told(box)[0] == (
            "Ada Lovelace_0017",
            Student(id="0017", name="Ada Lovelace", email="ada@x.edu"),
            "2024-11-02T10:30:00.500000+00:00",
            "notebook.ipynb",
            "new",
        )
        assert group.name == "李 小龙_18 + =cmd-'-C calc'!A0, O'Brien_ob@x.edu"
        assert group.path.read_text() == "group"
        assert group.student.members == (
            Student(id="18", name="李 小龙", email="li@x.edu"),
            Student(id="ob@x.edu", name="=cmd|'/C calc'!A0, O'Brien", email="ob@x.edu"),
        )
        said = " ".join(box.warnings)
        assert "an earlier submission is left out" in said
        assert "handed in nothing that can be graded: محمد_19" in said
        assert first.found_at.endswith("submission_302/notebook.ipynb")


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (None, "there is no submission_metadata.yml"),
        ("a: [", "cannot be read"),
        ("- 1", "cannot be read"),
        ("submission_9: 3", "does not say whose these are: submission_1"),
        ("submission_1: !ruby/object:Gem::Requirement {a: b}", ""),
        ("a: &a [x, x]\nb: &b [*a, *a]\nsubmission_1: [*b, *b]", ""),
    ],
)
def test_odd_metadata_spoil_nothing(metadata: str | None, said: str, tmp_path: Path) -> None:
    files = {"submission_1/a.ipynb": "x", "submission_2/a.ipynb": "x"}
    folder = in_folder(
        files | ({} if metadata is None else {"submission_metadata.yml": metadata}), tmp_path / "in"
    )
    with inbox.received([folder]) as box:
        assert [each.name for each in box.files] == ["submission_1", "submission_2"]
        assert said in " ".join(box.warnings)


def test_what_a_student_has_printed_does_not_reach_the_metadata() -> None:
    lines = [
        b"submission_1:",
        b"  :created_at: 2026-01-01",
        b"  :results:",
        b"    output: |-",
        b"",
        b"      x: y",
    ]
    assert list(layout_gradescope._wanted_lines(b"\n".join(lines))) == lines[:2]


def test_nbgrader(tmp_path: Path) -> None:
    in_folder(NBGRADER, tmp_path / "course" / "submitted")
    in_folder({"hw/hw.ipynb": "source"}, tmp_path / "course" / "source")
    expected = [
        ("ada", Student(id="ada"), "2024-11-02T15:30:00.123456+00:00", "hw.ipynb", "ada"),
        ("olafur", Student(id="olafur"), "2024-11-02T11:30:00+00:00", "hw.ipynb", "olafur"),
    ]
    packed = in_zip({f"submitted/{path}": content for path, content in NBGRADER.items()}, tmp_path / "x.zip")
    for path in (tmp_path / "course" / "submitted", tmp_path / "course", packed):
        with inbox.received([path], assignment="hw") as box:
            assert told(box) == expected
            assert "nothing that can be graded: lazy" in " ".join(box.warnings)
    with (
        pytest.raises(CourseError, match="2 assignments of nbgrader, none of them `hw3`"),
        inbox.received([packed], assignment="hw3"),
    ):
        pass


def test_all_submissions(tmp_path: Path) -> None:
    folder = in_folder(CANVAS, tmp_path / "in")
    with inbox.received([folder], all_submissions=True) as box:
        names = [each.name for each in box.files]
        assert len(names) == 5
        assert len({each.casefold() for each in names}) == 5
    with inbox.received(
        [in_folder(GRADESCOPE, tmp_path / "g")], assignment="hw", all_submissions=True
    ) as box:
        assert sorted(each.path.read_text() for each in box.files) == ["group", "new", "old"]


def test_a_layout_can_be_told(tmp_path: Path) -> None:
    folder = in_folder(CANVAS, tmp_path / "in")
    with inbox.received([folder], layout="files") as box:
        assert len(box.files) == 6
        assert {each.student for each in box.files} == {Student()}
    with (
        pytest.raises(CourseError, match="does not look like an export from Gradescope"),
        inbox.received([folder], layout="gradescope"),
    ):
        pass


def test_a_plain_zip_has_the_names_of_its_folder(packed) -> None:
    files = {"ada.ipynb": "a", "x/n.ipynb": "x", "y/n.ipynb": "y", "bob.pdf": "", "__MACOSX/._ada.ipynb": ""}
    with inbox.received([packed(files)]) as box:
        assert [(each.name, each.path.read_text()) for each in box.files] == [
            ("ada", "a"),
            ("x", "x"),
            ("y", "y"),
        ]
        assert "passed over, since they are no notebooks: `bob.pdf`" in box.warnings[0]


def test_a_zip_of_one_notebook_is_a_submission(tmp_path: Path) -> None:
    one = in_zip({"n.ipynb": "a", "helper.py": "", "data.csv": ""}, tmp_path / "ada.zip")
    with inbox.received([one]) as box:
        assert [(each.name, each.path, each.found_at) for each in box.files] == [("ada", one, str(one))]


def test_names_are_the_same_however_they_are_written(tmp_path: Path) -> None:
    """A Mac writes letters and accents apart, an old zip has no mark that names are UTF-8."""
    files = {"Nguyễn Ánh_3_assignsubmission_file_/a.ipynb": "x", "Þór_4_assignsubmission_file_/a.ipynb": "y"}
    names = []
    for form in ("NFC", "NFD"):
        apart = {unicodedata.normalize(form, path): content for path, content in files.items()}
        with inbox.received([in_folder(apart, tmp_path / form)]) as box:
            names.append([each.name for each in box.files])
        packed = in_zip(apart, tmp_path / f"{form}.zip")
        with inbox.received([packed]) as box:
            names.append([each.name for each in box.files])
        packed.write_bytes(unmarked(packed.read_bytes()))
        with inbox.received([packed]) as box:
            names.append([each.name for each in box.files])
    assert all(each == ["Nguyễn Ánh_3", "Þór_4"] for each in names)


def unmarked(content: bytes) -> bytes:
    """Return a zip without its marks of UTF-8."""
    for mark, offset in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content = content[: start + offset] + b"\0" + content[start + offset + 1 :]
            start += 4
    return content


def test_nobody_takes_the_place_of_another_by_a_number_on_gradescope(tmp_path: Path) -> None:
    """Where students may set their own student id, one can set another's, and hand in later."""
    told = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: '17'\n    :email: {email}\n"
        f"  :created_at: 2024-11-0{number} 10:00:00 Z\n"
        for number, (name, email) in enumerate(
            [("Ada", "ada@x.edu"), ("Mallory", "m@x.edu"), ("Ada", "evil@x.edu"), ("ADA", "ada@x.edu")],
            start=1,
        )
    )
    files = {f"submission_{number}/n.ipynb": str(number) for number in range(1, 5)}
    with inbox.received([in_folder({**files, "submission_metadata.yml": told}, tmp_path / "in")]) as box:
        assert sorted(each.path.read_text() for each in box.files) == ["2", "3", "4"]
        (warned,) = [each for each in box.warnings if "number 17" in each]
    assert "Mallory m@x.edu" in warned
    assert "evil@x.edu" in warned


def test_hostile_names_stay_one_line_and_one_file(tmp_path: Path) -> None:
    names = ["=1+1", "../up", "a\nb", "<script>x", "con", "x" * 300, "A", "a", "\u202eevil", ""]
    told = "---\n" + "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: {ascii_yaml(name)}\n    :sid:\n    :email:\n"
        for number, name in enumerate(names)
    )
    files = {f"submission_{number}/n.ipynb": "" for number in range(len(names))}
    with inbox.received([in_folder({**files, "submission_metadata.yml": told}, tmp_path / "in")]) as box:
        found = [each.name for each in box.files]
    assert len(found) == len(names)
    assert len({each.casefold() for each in found}) == len(names)
    for name in found:
        assert name.isprintable()
        assert len(name.encode()) < 150
        assert not set(name) & set('/\\:*?"<>|')
        assert not name.startswith((".", "-", "="))


def ascii_yaml(text: str) -> str:
    return '"' + text.encode("unicode_escape").decode().replace('"', '\\"') + '"'


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-11-02 11:30:00.123456789 Z", "2024-11-02T11:30:00.123456+00:00"),
        ("2024-11-02T11:30:00 +0100", "2024-11-02T10:30:00+00:00"),
        ("2024-11-02 11:30:00 Europe/Berlin", "2024-11-02T10:30:00+00:00"),
        ("2024-11-02 11:30:00", "2024-11-02T11:30:00"),
        ("2024-13-02 11:30:00 UTC", ""),
        ("2024-11-02 11:30:00 ../../etc/passwd", ""),
        ("0001-01-01 00:00:00 +1400", ""),
        ("yesterday", ""),
    ],
)
def test_times(text: str, time: str) -> None:
    assert in_utc(text) == time


def test_a_group_is_its_members() -> None:
    people = (Student(id="1", name="A B"), Student(name="C", email="c@x"), Student(id="3"))
    assert together(people).members == people
    assert together(()).members == (Student(),)
    assert chosen([], "") == ([], [])
