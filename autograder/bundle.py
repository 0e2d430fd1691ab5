"""From a master to the zip for `otter grade`, `otter run` and Gradescope: byte-identical when rebuilt.

It holds the master with its solutions, so it is for graders only. What `setup.sh` needs is at the
top, where Otter's image build finds it; all else is read when a submission is graded.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from packaging.requirements import Requirement

from autograder import master
from autograder.environment import pinned
from autograder.errors import AuthoringError
from autograder.master import Master
from autograder.model import Assignment
from autograder.otter_files import all_tests
from autograder.tabulate import Advance, tabulated

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


def autograder_zip(loaded: Master, advance: Advance = lambda *_: None) -> bytes:
    """Return the zip of an assignment; `advance` is told what is computed for it, and how much is done.

    Raises:
        AuthoringError: if what notebooks run with cannot be pinned to versions.
        SandboxError: if what mistakes lead to cannot be computed.
    """
    files = {
        "environment.yml": _ENVIRONMENT.encode(),
        "otter_config.json": (json.dumps(_CONFIG, indent=1) + "\n").encode(),
        "requirements.package.zip": _zipped(dict(_package())),
        "requirements.txt": _requirements(loaded).encode(),
        "run_autograder": (_HERE / "run_autograder").read_bytes(),
        "run_otter.py": _RUN_OTTER.encode(),
        "setup.sh": (_HERE / "setup.sh").read_bytes(),
        master.PACKED.as_posix(): master.pack(loaded),
    }
    for question in loaded.assignment.questions:
        files[f"tests/{question.name}.py"] = all_tests(question).encode()
    kept = loaded.assignment.kept
    if kept is not None and has_our_numpy(loaded.assignment):
        folder = master.PACKED.parent
        for name, content in tabulated(loaded, advance).items():
            files[(folder / name).as_posix()] = kept.sealed(name, content)
    return _zipped(files)


def _requirements(loaded: Master) -> str:
    """Return what a container installs; what cannot be pinned is told by its line of the master."""
    try:
        return pinned(loaded.assignment)
    except AuthoringError as error:
        asked = (text for text in loaded.assignment.environment if f"`{Requirement(text)}`" in error.what)
        line = next((found for text in asked if (found := master.said_at(loaded.cells, text))), 0)
        if not line:
            raise
        raise AuthoringError(error.what, where=f"{error.where}:{line}", next_step=error.next_step) from None


def has_our_numpy(assignment: Assignment) -> bool:
    """Return whether the containers of an assignment have the NumPy that runs here."""
    lines = pinned(assignment).splitlines()
    return f"numpy=={np.__version__}" in (line.split("#")[0].strip() for line in lines)


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
