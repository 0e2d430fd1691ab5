"""What is sent to the workers of a cluster, and what may come back instead of a result: plain data."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import master
from autograder.environment import requirements
from autograder.errors import SubmissionError
from autograder.inbox import File
from autograder.master import Master
from autograder.model import Assignment
from autograder.submission import Submission, read_submission

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
class Unreadable:
    """A submission that cannot be read, and why."""

    name: str
    error: SubmissionError


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


def packed(files: Iterable[File], assignment: str) -> bytes:
    """Return some submissions as they are sent: their code cells and the hints that were opened, for no
    worker sees this machine's files.

    Code of one class is much alike: together it is a fraction of its size.
    """
    return zlib.compress(json.dumps([_read(file, assignment) for file in files]).encode())


def unpacked(submissions: bytes) -> list[Submission | Unreadable | Fault]:
    """Return the submissions that `packed` has packed."""
    return [_made(each) for each in json.loads(zlib.decompress(submissions))]


def _made(sent: dict[str, Any]) -> Submission | Unreadable | Fault:
    if "fault" in sent:
        return Fault(why=sent["fault"])
    if "error" in sent:
        return Unreadable(name=sent["name"], error=SubmissionError(**sent["error"]))
    hints = tuple((question, number) for question, number in sent["hints"])
    return Submission(name=sent["name"], cells=tuple(sent["cells"]), hints=hints)


def _read(file: File, assignment: str) -> dict[str, Any]:
    try:
        submission = read_submission(file.path, file.name, assignment=assignment)
    except SubmissionError as error:
        told = {"what": error.what, "where": error.where, "next_step": error.next_step}
        return {"name": file.name, "error": told}
    except Exception as error:
        return {"name": file.name, "fault": f"{type(error).__name__}: {error}"}
    return {"name": submission.name, "cells": submission.cells, "hints": submission.hints}


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
