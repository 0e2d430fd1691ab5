"""What is sent to the workers of a cluster, and what may come back instead of a result: plain data."""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import master
from autograder.environment import requirements
from autograder.errors import SubmissionError
from autograder.inbox import File
from autograder.master import Master
from autograder.model import Assignment
from autograder.submission import read_content

OURS = "true-values"
"""What this package is called among versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a worker needs to judge the submissions of one run, without a course.

    Attributes:
        run: what the run is called: no other has the name.
        packed: the master, as `master.pack` gives it.
        tables: what was computed of it, by the names it is kept under.
        versions: what judges and notebooks must run with, by name.
        hidden: files and folders that no notebook may read, where there are such.
        sandboxed: whether notebooks are sealed off.
    """

    run: str
    packed: bytes
    tables: Mapping[str, bytes]
    versions: Mapping[str, str]
    hidden: tuple[str, ...]
    sandboxed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A submission on its way: its name, its file's, and what is in that or why it cannot be read."""

    name: str
    filename: str
    content: bytes | SubmissionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a worker, which is called by its address, judges nothing.

    It is `forgotten` if it only has to be prepared again; it `differs` if it runs with other versions.
    """

    why: str
    worker: str = ""
    forgotten: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An unexpected error of ours with one submission."""

    why: str


def order_for(
    loaded: Master, run: str, tables: Mapping[str, bytes], hidden: Iterable[Path], *, sandboxed: bool
) -> Order:
    """Return what workers need for a run."""
    return Order(
        run=run,
        packed=master.pack(loaded),
        tables=dict(tables),
        versions=versions(loaded.assignment),
        hidden=tuple(str(path.absolute()) for path in hidden),
        sandboxed=sandboxed,
    )


def upload(file: File) -> Upload:
    """Return a file as it is sent: what is in it, for no worker sees this machine's files."""
    content: bytes | SubmissionError
    try:
        content = read_content(file.path)
    except SubmissionError as error:
        content = error
    return Upload(name=file.name, filename=file.path.name, content=content)


def versions(assignment: Assignment) -> dict[str, str]:
    """Return what submissions are graded with here, by name: this package, Python, and what notebooks use."""
    names = dict.fromkeys(["numpy", *(each.name for each in requirements(assignment))])
    found = {OURS: package_version(), "python": sys.version.split()[0]}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ""
    return found


def of_notebooks(found: Mapping[str, str]) -> dict[str, str]:
    """Return those of some versions that notebooks run with."""
    return {name: version for name, version in found.items() if name != OURS}


def package_version() -> str:
    """Return the version of this package, with a digest of its modules: two clones are seldom alike."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{importlib.metadata.version(OURS)}+{digest.hexdigest()[:12]}"


def differing(wanted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Return which versions that were found are not those that are wanted, in words, or nothing."""
    return ", ".join(
        f"{name} {version or '(not installed)'}, here {wanted.get(name) or '(not installed)'}"
        for name, version in found.items()
        if version != wanted.get(name, "")
    )
