"""Zips of submissions: nothing escapes, bombs are refused, what is broken spoils only itself."""

from __future__ import annotations

import io
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import inbox, zips
from autograder.errors import CourseError, SubmissionError
from autograder.submission import MAX_BYTES, read_submission


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def zipped(
    path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content, method)
    return path


GOOD = [("a.ipynb", b"a"), ("b.ipynb", b"b")]
HOSTILE = [
    "/etc/evil.ipynb",
    "../evil.ipynb",
    "x/../../evil.ipynb",
    "..\\evil.ipynb",
    "C:\\evil.ipynb",
    "c:evil.ipynb",
    "\\\\server\\evil.ipynb",
    "x/" + "n" * 300 + ".ipynb",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_lead_out_are_not_unpacked(name: str, tmp_path: Path, temporary: Path) -> None:
    path = zipped(tmp_path / "z.zip", *GOOD, (name, b"evil"))
    with inbox.received([path]) as box:
        assert [each.name for each in box.files] == ["a", "b"]
        assert "not unpacked" in box.warnings[0]
        assert all(each.path.is_relative_to(temporary) for each in box.files)
    assert list(temporary.iterdir()) == []
    assert not list(tmp_path.rglob("*evil*"))


def test_links_and_other_special_files_are_not_unpacked(tmp_path: Path) -> None:
    entries: list[tuple[str | zipfile.ZipInfo, bytes]] = [*GOOD]
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        info = zipfile.ZipInfo(f"{kind}.ipynb")
        info.external_attr = (kind | 0o777) << 16
        entries.append((info, b"/etc/passwd"))
    with inbox.received([zipped(tmp_path / "z.zip", *entries)]) as box:
        assert [each.path.read_bytes() for each in box.files] == [b"a", b"b"]
        assert box.warnings[0].count("it is a link, or another special file") == 3


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(["..", "/", "\\", "C:", ".", "~", "con", "a\0b", "A", "a", "é", "e\u0301"]),
        ),
        max_size=6,
    )
)
def test_no_name_escapes(tmp_path: Path, temporary: Path, parts: list[str]) -> None:
    name = "/".join(parts).encode("utf-8", "replace").decode() + ".ipynb"
    info = zipfile.ZipInfo("x")
    info.filename = name[:60000]
    path = tmp_path / "z.zip"
    with pytest.warns(UserWarning, match="Duplicate") if name in ("a.ipynb", "b.ipynb") else io.BytesIO():
        zipped(path, *GOOD, (info, b"more"))
    with inbox.received([path]) as box:
        names = [each.name for each in box.files]
        assert len({each.casefold() for each in names}) == len(names)
        for each in box.files:
            assert each.path.resolve().is_relative_to(temporary.resolve())
            assert each.path.is_file()
            assert each.name.isprintable()
            assert "/" not in each.name
    assert list(temporary.iterdir()) == []


def test_the_last_of_two_of_the_same_name_is_taken(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zipped(tmp_path / "z.zip", *GOOD, ("a.ipynb", b"again"))
    with inbox.received([path]) as box:
        assert [each.path.read_bytes() for each in box.files] == [b"again", b"b"]
        assert "it is there twice" in box.warnings[0]


def test_case_does_not_tell_names_apart(tmp_path: Path) -> None:
    with inbox.received([zipped(tmp_path / "z.zip", ("A.ipynb", b"1"), ("a.ipynb", b"2"))]) as box:
        assert len({each.name.casefold() for each in box.files}) == 2


def refused(path: Path, **options: int) -> str:
    with pytest.raises(CourseError) as caught, inbox.received([path], **options):
        pass
    return str(caught.value)


def test_bombs_are_refused(tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = b"\0" * 2**22
    path = zipped(tmp_path / "z.zip", *[(f"{number}.ipynb", zeros) for number in range(30)])
    assert "refused as a bomb" in refused(path)
    assert "--max-unpacked 1`" in refused(zipped(tmp_path / "y.zip", *GOOD), max_unpacked=1)
    monkeypatch.setattr(zips, "MAX_ENTRIES", 20)
    assert "it holds 30 files" in refused(path)
    monkeypatch.setattr(zips, "MAX_DIRECTORY", 100)
    assert "its table of contents is larger" in refused(path)
    assert list(temporary.iterdir()) == []


def test_overlapping_files_are_refused(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "z.zip", ("a.ipynb", b"a" * 50), ("b.ipynb", b"b" * 50), method=zipfile.ZIP_STORED
    )
    content = bytearray(path.read_bytes())
    second = content.rfind(b"PK\1\2")
    content[second + 42 : second + 46] = bytes(4)  # both are said to begin at the start
    path.write_bytes(content)
    assert "files overlap" in refused(path)


def test_a_file_that_says_it_is_small_is_not_unpacked_further(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", *GOOD, ("c.ipynb", b"\0" * 10**6))
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = content.rfind(mark) + offset
        content[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    with inbox.received([path]) as box:
        assert [each.name for each in box.files] == ["a", "b"]
        assert "c.ipynb` is not graded: it is damaged" in box.warnings[-1]


def test_of_what_is_too_large_only_the_size_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", *GOOD, ("c.ipynb", b"\0" * (MAX_BYTES + 1)))
    with inbox.received([path]) as box:
        large = box.files[-1].path
        assert large.stat().st_blocks * 512 < 10**6
        with pytest.raises(SubmissionError, match="larger than 20 MB"):
            read_submission(large)


def test_what_is_broken_spoils_only_itself(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "z.zip", *GOOD, ("c.ipynb", os.urandom(1000)), ("locked.ipynb", b"x"), ("odd.ipynb", b"x")
    )
    content = bytearray(path.read_bytes())
    content[content.find(b"c.ipynb") + 300] ^= 0xFF
    entry = content.find(b"locked.ipynb", content.find(b"PK\1\2")) - 46
    content[entry + 8] |= 1
    entry = content.find(b"odd.ipynb", content.find(b"PK\1\2")) - 46
    content[entry + 10] = 97
    path.write_bytes(content)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\3\4 not a zip")
    with inbox.received([path, broken]) as box:
        assert [each.name for each in box.files] == ["a", "b", "broken"]
        said = " ".join(box.warnings)
    assert "c.ipynb` is not graded: it is damaged" in said
    assert "`locked.ipynb`: it is locked with a password" in said
    assert "`odd.ipynb`: it is packed by a method that is not known here (97)" in said
    assert "broken.zip` cannot be read as a zip of submissions" in said


def test_students_zips_stay_packed(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", ("hw.ipynb", b'{"cells": []}'))
    path = zipped(tmp_path / "z.zip", ("ada_1_22_hw.zip", inner.read_bytes()), ("bob_2_23_hw.ipynb", b"{}"))
    with inbox.received([path]) as box:
        assert [each.name for each in box.files] == ["ada_1", "bob_2"]
        assert read_submission(box.files[0].path, "ada").cells == ()


CHILD = """
import signal, sys, tempfile, time
from pathlib import Path
from autograder import inbox
with inbox.received([Path(sys.argv[1])]) as box:
    print(len(box.files), flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_stays_after_a_kill(how: signal.Signals, tmp_path: Path, temporary: Path) -> None:
    path = zipped(tmp_path / "z.zip", *GOOD)
    command = [sys.executable, "-c", CHILD, str(path)]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"2\n"
        assert list(temporary.iterdir())
        child.send_signal(how)
        child.wait(30)
    if how is signal.SIGKILL:
        (left,) = temporary.iterdir()
        os.utime(left, (time.time() - 100,) * 2)
        with inbox.received([path]):
            assert not left.exists()
    assert list(temporary.iterdir()) == []
