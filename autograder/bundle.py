"""From a master to the zip for `otter grade`, `otter run` and Gradescope: byte-identical when rebuilt.

It holds the master with its solutions, so it is for graders only. What `setup.sh` needs is at the
top, where Otter's image build finds it; all else is read when a submission is graded.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import Requirement

from autograder import grading, master
from autograder.container import ASSIGNMENT
from autograder.errors import AuthoringError
from autograder.master import Master
from autograder.model import Assignment
from autograder.otter_files import all_tests

_HERE = Path(__file__).parent
_EXECUTABLE = ("run_autograder", "setup.sh")

_ENVIRONMENT = """\
# Otter's image build wants this file. What is installed is in requirements.txt: setup.sh uses pip, not conda.
name: true-values
"""

_RUN_OTTER = '''\
"""Otter's image build wants this file: grading is done by `run_autograder`."""

import os

os.execv("/autograder/run_autograder", ["/autograder/run_autograder"])
'''

_CONFIG = {"plugins": ["autograder.otter_plugin.TrueValues"], "show_all_public": True}


def zip_name(name: str) -> str:
    """Return how the zip of an assignment is called."""
    return f"{name}-autograder.zip"


def autograder_zip(loaded: Master) -> bytes:
    """Return the zip of an assignment.

    Raises:
        AuthoringError: if what notebooks run with cannot be pinned to versions.
    """
    files = {
        "environment.yml": _ENVIRONMENT.encode(),
        "otter_config.json": (json.dumps(_CONFIG, indent=1) + "\n").encode(),
        "requirements.package.zip": _zipped(dict(_package())),
        "requirements.txt": _requirements(loaded.assignment).encode(),
        "run_autograder": (_HERE / "run_autograder").read_bytes(),
        "run_otter.py": _RUN_OTTER.encode(),
        "setup.sh": (_HERE / "setup.sh").read_bytes(),
        ASSIGNMENT.as_posix(): master.pack(loaded),
    }
    for question in loaded.assignment.questions:
        files[f"tests/{question.name}.py"] = all_tests(question).encode()
    return _zipped(files)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file that depends on nothing but what is in it: no times, no machine's compression."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = (0o100755 if name in _EXECUTABLE else 0o100644) << 16
            archive.writestr(entry, files[name])
    return content.getvalue()


def _package() -> Iterator[tuple[str, bytes]]:
    for path in sorted(_HERE.rglob("*.py")):
        yield (Path("autograder") / path.relative_to(_HERE)).as_posix(), path.read_bytes()


# ---------------------------------------------------------------- versions


def _requirements(assignment: Assignment) -> str:
    """Return what pip is to install: our own pins, and what the assignment asks for beyond them."""
    lines = (_HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = {_key(Requirement(text).name): text for text in map(_without_comment, lines) if text}
    more: dict[str, str] = {}
    for wanted in grading.requirements(assignment):
        key = _key(wanted.name)
        pinned = [Requirement(text) for text in map(_without_comment, lines) if text and _key_of(text) == key]
        if not pinned or not all(_meets(pin, wanted) for pin in pinned):
            lines = [line for line in lines if not pinned or _key_of(_without_comment(line)) != key]
            more |= _installed(wanted, assignment, (set(pins) - {key}) | set(more))
    if more:
        lines += ["", "# what the assignment asks for"]
        lines += [f"{name}=={version}" for name, version in sorted(more.items())]
    return "\n".join(lines) + "\n"


def _meets(pin: Requirement, wanted: Requirement) -> bool:
    return all(wanted.specifier.contains(each.version) for each in pin.specifier)


def _key_of(text: str) -> str:
    return _key(Requirement(text).name) if text else ""


def _without_comment(line: str) -> str:
    return line.split("#")[0].strip()


def _key(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _installed(wanted: Requirement, assignment: Assignment, known: set[str]) -> dict[str, str]:
    """Return versions for a requirement and for what it needs in turn: those that are installed here."""
    try:
        version = importlib.metadata.version(wanted.name)
        needs = importlib.metadata.requires(wanted.name) or []
    except importlib.metadata.PackageNotFoundError:
        version, needs = "", []
    if not version or not wanted.specifier.contains(version, prereleases=True):
        raise AuthoringError(
            f"`{assignment.name}` asks for `{wanted}`, and {f'{version} is' if version else 'none is'} "
            "installed here: its version cannot be pinned",
            where=f"solutions/{assignment.name}.py",
            next_step=f"Install it where you run `autograder build`: pip install '{wanted}'.",
        )
    found = {_key(wanted.name): version}
    for need in map(Requirement, needs):
        if _key(need.name) not in known | set(found) and (need.marker is None or need.marker.evaluate()):
            found |= _installed(need, assignment, known | set(found))
    return found
