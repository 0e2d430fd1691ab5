"""Notebooks copied from somebody else: as they are, or made to look different."""

from __future__ import annotations

import random
import re

from .answers import Work
from .notebooks import Cells, Template, as_bytes, in_own_style

REMARKS = (
    "# my own solution",
    "# see the lecture",
    "# works!",
    "# TODO clean up",
    "# same as above",
    "# step by step",
)


def identical(original: Work) -> Work:
    """Return the same file."""
    return _copy(original, original.content, "identical", original.cells)


def disguised(template: Template, name: str, original: Work, rng: random.Random) -> Work:
    """Return the answers of a notebook with other names, comments and blank lines, sometimes with a cell moved or split."""
    cells: Cells = in_own_style(list(original.cells), template.name, rng)
    cells = [(question, _remarked(source, rng) if question else source) for question, source in cells]
    how = "renamed and commented"
    functions = [index for index, (_, source) in enumerate(cells) if source.lstrip().startswith("def ")]
    if len(functions) > 1 and rng.random() < 0.5:  # definitions may stand in any order
        one, other = functions[:2]
        if other == one + 1:
            cells[one], cells[other] = ("", cells[other][1]), ("", cells[one][1])
            how += ", cells moved"
    content = as_bytes(template.notebook(cells, name=name))
    return _copy(original, content, how, tuple(cells))


def _copy(original: Work, content: bytes, how: str, cells: tuple[tuple[str, str], ...]) -> Work:
    return Work(
        content=content,
        kind=original.kind,
        misconceptions=original.misconceptions,
        points=original.points,
        note=f"copy: {how}" + (f"; {original.note}" if original.note else ""),
        cells=cells,
    )


def _remarked(source: str, rng: random.Random) -> str:
    """Return a cell with its comments replaced, and others and blank lines put in between."""
    source = re.sub(r"^\s*#.*\n", "", source, flags=re.MULTILINE)
    lines = source.split("\n")
    found: list[str] = []
    for index, line in enumerate(lines):
        if (
            index
            and re.match(r"\s+(\w+ = |return )", line)
            and line.startswith("    ")
            and rng.random() < 0.4
        ):
            indent = line[: len(line) - len(line.lstrip())]
            found.append(indent + rng.choice(REMARKS))
        found.append(line)
    return "\n".join(found)
