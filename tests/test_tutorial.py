"""CONTRIBUTING's tutorial, run block by block: files are written and edited, commands print what stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE = "## From an empty file to a graded class\n"


def test_from_an_empty_file_to_a_graded_class(tmp_path: Path) -> None:
    tutorial = (ROOT / "CONTRIBUTING.md").read_text().split(TITLE)[1].split("\n## ")[0]
    printed = ""
    kinds: set[str] = set()
    for kind, name, block in BLOCK.findall(tutorial):
        kinds.add(kind)
        if kind == "python":
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            before = path.read_text() + "\n" if path.exists() else ""
            path.write_text(before + block)
        elif kind == "diff":
            apply(block, tmp_path / name)
        elif kind == "sh":
            printed = run(block, tmp_path)
        else:
            assert kind == "text"
            lines = printed.splitlines()
            missing = [line for line in block.splitlines() if line not in lines]
            assert not missing, printed
    assert kinds == {"python", "diff", "sh", "text"}


def apply(block: str, path: Path) -> None:
    """Make the edit that a block shows; it must fit in one place, its last line as far as it goes."""
    lines = [(line[:1], line[1:]) for line in block.splitlines()]
    old = "\n".join(line for mark, line in lines if mark != "+")
    new = "\n".join(line for mark, line in lines if mark != "-")
    text = path.read_text()
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new))


def run(commands: str, folder: Path) -> str:
    """Return what commands print, all of them, whether they fail or not: `verify` does in the middle."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["/bin/sh", "-c", commands], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr
