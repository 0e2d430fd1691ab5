"""What a result rests on: parts of a master, as digests, and what ran it; and what an edit of them touches.

Markdown, comments and formatting are no part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.model import Result, Status, Verdict

GIVEN = ""
"""The key of what belongs to no question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What results of an assignment rest on: digests, by what they are of.

    Attributes:
        assignment: its name.
        title: what students read.
        questions: their names and possible points, in their order.
        points: the digest of all steps: what an unreadable file loses.
        judging: by question, the digest of its cells, steps and cases; under `GIVEN`, of all else.
        explaining: by question, the digest of what only a wrong answer to it, or to a later one, meets.
        runtime: by name, the versions of what judges and of what runs notebooks.
    """

    assignment: str
    title: str = ""
    questions: tuple[tuple[str, float], ...] = ()
    points: str = ""
    judging: Mapping[str, str] = field(default_factory=dict)
    explaining: Mapping[str, str] = field(default_factory=dict)
    runtime: Mapping[str, str] = field(default_factory=dict)

    @property
    def possible(self) -> float:
        """The points that a full submission earns."""
        return sum(points for _, points in self.questions)


def touched(flaw: int, *, unreadable: bool, before: Basis, now: Basis) -> tuple[str, ...]:
    """Return what has changed that a result may depend on, in words; nothing if it would be the same.

    Args:
        flaw: the place of the last question that is not right in all that was asked; see `last_flaw`.
        unreadable: whether the file could not be read.
        before: what the result rests on.
        now: what it would rest on.
    """
    runtime = tuple(
        f"{name} {before.runtime.get(name, '')} -> {now.runtime.get(name, '')}"
        for name in _differing(before.runtime, now.runtime)
    )
    if unreadable:
        return runtime + (("the edit of its points",) if before.points != now.points else ())
    judging = _differing(before.judging, now.judging)
    edits = [_edit_of(name) for name in judging]
    if before.points != now.points and not judging:
        edits.append("the edit of its points")
    places = {name: place for place, (name, _) in enumerate(now.questions)}
    edits += [
        f"the edit of the mistakes of `{name}`"
        for name in _differing(before.explaining, now.explaining)
        if places.get(name, -1) <= flaw and name not in judging
    ]
    return (*runtime, *edits)


def last_flaw(result: Result) -> int:
    """Return the place of the last question that is not right in all that was asked; -1 if all are."""
    flawed = [place for place, verdict in enumerate(result.verdicts) if not _is_right(verdict)]
    return max(flawed, default=-1)


def _is_right(verdict: Verdict) -> bool:
    """Return whether nothing was wrong, not even where it costs nothing: then nothing had to be explained."""
    return (
        verdict.status is Status.PASSED
        and verdict.points == verdict.possible
        and all(case.status is Status.PASSED for case in verdict.cases)
        and not verdict.misconceptions
    )


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in {**now, **before} if before.get(name) != now.get(name)]


def _edit_of(name: str) -> str:
    return f"the edit of `{name}`" if name != GIVEN else "the edit of what belongs to no question"


def digest_of(parts: Iterable[str]) -> str:
    """Return the digest of some texts in their order, as 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "backslashreplace")
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:16]
