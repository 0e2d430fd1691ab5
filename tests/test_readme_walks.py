"""README's walks, for a student and for an instructor, against what is really printed.

`pytest --update-goldens` writes the outputs anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import kit
from autograder.master import Master

from .test_student_grader import SOFTMAX, Desk

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLANKS = (
    "def softmax_cols(data_in):\n    exp_values = ...\n    denom = ...\n    weights = ...\n    return weights"
)
MARK = "=== a command ==="


def held(old: str, new: str, update: bool) -> None:
    """Assert that a piece of README is as it should be, or put that into its place if so asked."""
    text = README.read_text()
    assert text.count(old) == 1
    if update:
        README.write_text(text.replace(old, new))
    else:
        assert new == old


def course(folder: Path) -> Path:
    """Return what of a clone an instructor's walk needs, with this environment in the place of its own."""
    for part in ("assignments", "solutions", "tests"):
        (folder / part).symlink_to(ROOT / part)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "activate").write_text(f'PATH="{Path(sys.executable).parent}:$PATH"\n')
    return folder


def printed(commands: list[str], folder: Path) -> list[str]:
    """Return what each of some commands prints in one shell."""
    script = "\n".join(f"echo '{MARK}'\n{command} 2>&1" for command in commands)
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    return [text.strip("\n") for text in lines.split(MARK)[1:]]


def test_an_instructors_walk_prints_what_readme_says(tmp_path: Path, update_goldens: bool) -> None:
    (walk,) = re.findall(r"<!-- walk -->\n(.*?)<!-- walk -->", README.read_text(), re.DOTALL)
    blocks = re.findall(r"```console\n(.*?)```", walk, re.DOTALL)
    commands = re.findall(r"^\$ (.*)$", walk, re.MULTILINE)
    told = iter(zip(commands, printed(commands, course(tmp_path)), strict=True))
    for block in blocks:
        lines = [next(told) for _ in re.findall(r"^\$ ", block, re.MULTILINE)]
        new = "".join(f"$ {command}\n" + (f"{text}\n" if text else "") for command, text in lines)
        held(block, new, update_goldens)
    grades = (tmp_path / "first" / "grades" / "grades.csv").read_text()
    assert grades.count("\n") == 4


@pytest.mark.filterwarnings("ignore")  # Otter's own
@pytest.mark.parametrize(("state", "source"), [("open", BLANKS), ("right", SOFTMAX)])
def test_a_check_prints_what_readme_says(
    masters: dict[str, Master],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    update_goldens: bool,
    state: str,
    source: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path, kit.student_notebook(masters["multihead_attention"]))
    desk.run(source)
    (old,) = re.findall(rf"<!-- check {state} -->\n+ *```\n(.*?) *```", README.read_text(), re.DOTALL)
    new = "".join(f"   {line}\n" for line in repr(desk.check()).strip().splitlines())
    held(old, new, update_goldens)
