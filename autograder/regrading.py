"""Which submissions of a class have to be graded, and why: what is new, changed or touched by an edit."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.basis import Basis, touched
from autograder.gradebook import Gradebook
from autograder.inbox import File
from autograder.rows_of_gradebook import Run, Standing

NEW, CHANGED, AGAIN = "new", "changed file", "again"
MAX_BYTES = 200 * 2**20
"""A file that is larger is refused whatever is in it: it is not read to see whether it has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run has to do.

    Attributes:
        files: what is to be graded.
        why: by submission, why: `NEW`, `CHANGED`, `AGAIN`, or what has touched it.
        digests: by submission, the SHA-256 of each file, or nothing where it cannot be read.
        kept: the submissions that stay as they are.
        moved: those among them of which the source tells something else now.
        gone: the submissions in the gradebook whose files were not found.
    """

    files: tuple[File, ...]
    why: Mapping[str, tuple[str, ...]]
    digests: Mapping[str, str]
    kept: int
    moved: tuple[File, ...]
    gone: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many are `new`, `changed`, `touched`, graded `again`, `kept` and `gone`."""
        kinds = Counter(_kind(why) for why in self.why.values())
        return {
            **{kind: kinds[kind] for kind in ("new", "changed", "touched", "again")},
            "kept": self.kept,
            "gone": len(self.gone),
        }

    def said(self) -> str:
        """Return in words what is graded, and why."""
        counts = self.counts
        told = [f"{counts['new']} new"] if counts["new"] else []
        if changed := counts["changed"]:
            told.append(f"{changed} changed file{'s' * (changed != 1)}")
        touches = Counter(why for why in self.why.values() if _kind(why) == "touched")
        told += [f"{number} touched by {' and '.join(why)}" for why, number in touches.most_common()]
        if counts["again"]:
            told.append(f"{counts['again']} again")
        if self.kept:
            told.append(f"{self.kept} as {'they were' if self.kept != 1 else 'it was'}")
        return ", ".join(told)


def _kind(why: tuple[str, ...]) -> str:
    return {NEW: "new", CHANGED: "changed", AGAIN: "again"}.get(why[0], "touched")


def planned(gradebook: Gradebook, files: Sequence[File], basis: Basis, *, again: bool = False) -> Plan:
    """Return what has to be graded of some files.

    Args:
        gradebook: what there is.
        files: the submissions.
        basis: what results rest on now.
        again: whether to grade what would be the same, too; a run that did and was stopped goes on.
    """
    standings = gradebook.standings()
    runs = {run.id: run for run in gradebook.runs()}
    stopped = gradebook.stopped(basis, again=True) if again else None
    digests = {file.name: digest_of_file(file.path) for file in files}
    why: dict[str, tuple[str, ...]] = {}
    for file in files:
        standing = standings.get(file.name)
        if standing is None:
            why[file.name] = (NEW,)
        elif (standing.digest, Path(standing.file).name) != (digests[file.name], _written(file.path.name)):
            why[file.name] = (CHANGED,)
        elif reasons := _touching(standing, runs, basis):
            why[file.name] = reasons
        elif again and (stopped is None or standing.run != stopped.id):
            why[file.name] = (AGAIN,)
    kept = [file for file in files if file.name not in why]
    return Plan(
        files=tuple(file for file in files if file.name in why),
        why=why,
        digests=digests,
        kept=len(kept),
        moved=tuple(file for file in kept if _has_moved(file, standings[file.name])),
        gone=tuple(sorted(standings.keys() - digests.keys())),
    )


def _touching(standing: Standing, runs: Mapping[int, Run], basis: Basis) -> tuple[str, ...]:
    before = runs[standing.run].basis
    return touched(standing.flaw, unreadable=standing.unreadable, before=before, now=basis)


def _written(name: str) -> str:
    """Return a file's name as a gradebook has it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _has_moved(file: File, standing: Standing) -> bool:
    told = (_written(str(file.path)), file.student, file.submitted[:40])
    return told != (standing.file, standing.student, standing.submitted)


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits; of a link, or what cannot be read, nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_BYTES:
            return ""
        try:
            return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""
