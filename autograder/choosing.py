"""Which of the files that a student has handed in counts: the latest, and of several at once the notebook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePosixPath

from autograder.piles import Found, listed


def chosen(
    found: Sequence[Found], assignment: str, *, all_submissions: bool = False
) -> tuple[list[Found], list[str]]:
    """Return the files that count, and what to know of those that do not.

    Of what a student has handed in at once, a notebook counts before a zip, and that before a Python
    file, and one called as the assignment before others; then the latest does. Files of which no
    platform says whose they are count, all of them.
    """
    counting = [each for each in found if each.handed is None]
    earlier: list[Found] = []
    beside: list[Found] = []
    known = sorted((each for each in found if each.handed is not None), key=_whose)
    for _, files in groupby(known, key=_whose):
        ranked = sorted(files, key=lambda each: _rank(each, assignment), reverse=True)
        latest = ranked[0]
        best = latest.handed.kind if latest.handed else 0
        parts: set[str] = set()
        for each in ranked:
            assert each.handed is not None
            if each is latest or (
                all_submissions and each.handed.kind == best and each.handed.part not in parts
            ):
                counting.append(each)
            elif latest.handed and (each.handed.part == latest.handed.part or each.handed.kind != best):
                beside.append(each)
            else:
                earlier.append(each)
            parts.add(each.handed.part)
    told = []
    if earlier:
        count = f"{len(earlier)} earlier submissions are" if len(earlier) > 1 else "an earlier submission is"
        told.append(
            f"{count} left out, since the latest of each student counts (--all-submissions takes all): "
            f"{listed(sorted(each.path for each in earlier))}"
        )
    if beside:
        count = f"{len(beside)} files are" if len(beside) > 1 else "a file is"
        told.append(
            f"{count} left out, since one notebook of each student counts: "
            f"{listed(sorted(each.path for each in beside))}"
        )
    return counting, told


def _whose(found: Found) -> tuple[str, str]:
    return (found.layout, found.handed.key) if found.handed else ("", "")


def _rank(found: Found, assignment: str) -> tuple[object, ...]:
    """Return what is larger for the file of a student that counts."""
    assert found.handed is not None
    meant = PurePosixPath(found.path).stem == assignment
    if found.layout in ("gradescope", "nbgrader"):
        return (*found.handed.order, found.handed.kind, meant, found.path)
    return (found.handed.kind, *found.handed.order, meant, found.path)
