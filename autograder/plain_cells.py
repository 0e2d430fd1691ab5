"""What of a notebook's cells a master can hold: plain Python and text; what is left out is told."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from autograder import cells

_MAGIC = re.compile(r"^[ \t]*(?:[%!].*|[\w.]+\?{1,2}[ \t]*|\?{1,2}[\w.]+[ \t]*|#\s*[%!]\s*\w.*)$")
_MAGIC_VALUE = re.compile(r"^[ \t]*[\w, ]+=[ \t]*[%!]\w.*$")
_GRADER = re.compile(r"\s*(?:#.*|import otter.*|grader\s*=\s*otter\..*|grader\.\w+\(.*\))?\s*")
_CELL_LINE = re.compile(r"^#\s*(?:%%|<codecell>|<markdowncell>|In\s*\[)", re.IGNORECASE)
_ATTACHED = re.compile(r"\(attachment:")
_LINE_ENDS = re.compile(r"\r\n?")
_OTHER_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_ENDS_IN_CODE = re.compile(rf"(^[ \t]*)?[{_OTHER_LINE_ENDS}]", re.MULTILINE)
_ENDS_IN_TEXT = re.compile(f"[{_OTHER_LINE_ENDS}]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something of the notebook that is not in the draft as it stood: where, and what became of it."""

    cell: int
    line: int
    what: str

    def __str__(self) -> str:
        return f"cell {self.cell}, line {self.line}: {self.what}"


def plain_source(number: int, kind: str, source: str, remarks: list[Remark]) -> str:
    """Return the source of a cell with one kind of line ends, and nothing that steers a terminal.

    What ends a line in other programs, but not in Python, becomes a space where it stands in code.
    """
    source = _LINE_ENDS.sub("\n", source)
    if kind == "code":
        source = _ENDS_IN_CODE.sub(lambda found: " " if found[1] is None else found[1], source)
    else:
        source = _ENDS_IN_TEXT.sub("\n", source)
    odd = _NO_TEXT.search(source)
    if odd is None:
        return source
    line = source.count("\n", 0, odd.start()) + 1
    remarks.append(Remark(cell=number, line=line, what="characters that no text has are replaced"))
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", source)


def plain_python(number: int, source: str, remarks: list[Remark]) -> str:
    """Return a code cell without what Python does not know, each line where it was."""
    lines = re.sub(r"^[ \t]+", lambda found: found[0].expandtabs(4), source, flags=re.M).split("\n")
    if lines[0].lstrip().startswith("%%"):
        remarks.append(
            Remark(
                cell=number, line=1, what=f"`{lines[0].strip()[:40]}`: the cell is no Python, and left out"
            )
        )
        return ""
    if "grader" in source and all(_GRADER.fullmatch(line) for line in lines):
        remarks.append(Remark(cell=number, line=1, what="what calls another grader is left out"))
        return ""
    plain = "\n".join(lines)
    in_text = _lines_in_texts(plain)
    for at, line in enumerate(lines, start=1):
        if at in in_text:
            continue
        if _MAGIC.match(line) or _MAGIC_VALUE.match(line):
            remarks.append(
                Remark(
                    cell=number, line=at, what=f"`{line.strip()[:60]}` is left out: a master is plain Python"
                )
            )
            lines[at - 1] = ""
        elif _CELL_LINE.match(line):
            lines[at - 1] = line.replace("%%", "", 1).replace("<", "", 1).replace("In", "in", 1)
            remarks.append(
                Remark(cell=number, line=at, what=f"`{line.strip()[:60]}` would begin a cell: changed")
            )
    return "\n".join(lines)


def _lines_in_texts(source: str) -> set[int]:
    """Return the lines of a cell on which a text of several lines goes on."""
    tree = cells.parse(source)
    return {
        line
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def text_lines(number: int, source: str, remarks: list[Remark]) -> list[str]:
    """Return the lines of a text cell, those that would begin a cell of a master changed."""
    lines = source.rstrip().split("\n")
    for at, line in enumerate(lines, start=1):
        if _ATTACHED.search(line):
            remarks.append(
                Remark(
                    cell=number,
                    line=at,
                    what="a picture in the notebook itself is left out: only its name stays",
                )
            )
    return [re.sub(r"^(\s*)(%%)", r"\1\\\2", line) for line in lines]


def as_note(number: int, source: str) -> list[str]:
    """Return the lines of a text for authors that holds a cell which is no valid Python."""
    return [
        f"Cell {number} of the notebook is no valid Python:",
        "",
        *(f"    {line}" for line in source.split("\n")),
    ]
