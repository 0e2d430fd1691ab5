"""What of a notebook's cells a master can hold: plain Python and text; what is left out is told."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from autograder import cells

_MAGIC = re.compile(r"^[ \t]*(?:[%!].*|[\w.]+\?{1,2}[ \t]*|\?{1,2}[\w.]+[ \t]*|#\s*[%!]\s*\w.*)$")
_AROUND_PYTHON = re.compile(r"^[ \t]*%%(?:time|timeit|capture|prun)\b")
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
    if _AROUND_PYTHON.match(lines[0]):
        told = f"`{lines[0].strip()[:40]}` is left out: a master is plain Python"
        remarks.append(Remark(cell=number, line=1, what=told))
        lines[0] = ""
    elif lines[0].lstrip().startswith("%%"):
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


def without_what_only_they_can_do(
    number: int, source: str, tree: ast.Module, of_colab: set[str], remarks: list[Remark]
) -> str:
    """Return a cell without the statements that need Colab or somebody who types, each line where it was.

    A condition or a `try` on Colab stays: it is there for those who are elsewhere.

    Args:
        number: the number of the cell.
        source: its code.
        tree: the syntax tree of its code.
        of_colab: the names that cells have imported from Colab; those of this one are added.
        remarks: what is left out is added here.
    """
    lines = source.encode().split(b"\n")
    of_colab |= {
        bound
        for statement in tree.body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name, bound in cells.imported(statement)
        if name.startswith("google.colab")
    }
    for statement in tree.body:
        why = _why_left_out(statement, of_colab)
        if not why:
            continue
        first, last = statement.lineno - 1, (statement.end_lineno or statement.lineno) - 1
        remarks.append(
            Remark(cell=number, line=first + 1, what=f"`{_in_short(statement)}` is left out: {why}")
        )
        before = lines[first][: statement.col_offset]
        after = lines[last][statement.end_col_offset :]
        alone = not before.strip() and not after.split(b"#")[0].strip(b" \t;")
        lines[first : last + 1] = [b"" if alone else before + b"pass" + after, *[b""] * (last - first)]
    return b"\n".join(lines).decode()


def _why_left_out(statement: ast.stmt, of_colab: set[str]) -> str:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return ""
    called = {
        node.func.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    if "input" in called:
        made = sorted(cells.created_by(statement))
        unset = f", and {', '.join(f'`{name}`' for name in made)} is not set" if made else ""
        return f"nobody is there to type when a notebook is graded{unset}"
    if isinstance(statement, ast.If | ast.Try | ast.With):
        return ""
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    imports = isinstance(statement, ast.Import | ast.ImportFrom) and any(
        name.startswith("google.colab") for name, _ in cells.imported(statement)
    )
    return "it needs Colab" if imports or names & of_colab else ""


def _in_short(statement: ast.stmt) -> str:
    return " ".join(ast.unparse(statement).split())[:60]


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
