"""What an author may want to know of a master and that is no fault: lines given away, edits that overlap."""

from __future__ import annotations

import ast
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

from autograder import blanks
from autograder.errors import AuthoringError
from autograder.master import Master, Reruns
from autograder.model import Edit, Misconception

MAX_NAMED = 3
"""How many of several misconceptions, or pairs of them, are named."""
_WORD = re.compile(r"\w")
_COMPUTES = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Compare, ast.BoolOp)


def edited_though_given(master: Master) -> Iterator[str]:
    """Yield each line that students are given, computes something, and is all that misconceptions edit."""
    cells = Reruns(master.cells, "").cells
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for mistake in master.assignment.misconceptions:
        lines = {line for edit in mistake.edits for line in _lines(edit, master, cells[edit.cell].source)}
        try:
            written = {
                (at, number)
                for at in {edit.cell for edit in mistake.edits}
                for number in blanks.solution_lines(cells[at].source)
            }
        except AuthoringError:  # told when the notebook is made
            continue
        if not lines & written:
            for at, number in lines:
                if _computes(cells[at].source, number):
                    found[mistake.question, cells[at].line + number - 1].append(mistake.id)
    texts = {
        cell.line + number: line for cell in cells for number, line in enumerate(cell.source.split("\n"))
    }
    for (question, line), names in sorted(found.items(), key=lambda item: item[0][1]):
        text = texts[line].strip()
        if not any(blanks.normalised(text) in each.pieces for each in master.given.get(question, ())):
            yield (
                f"solutions/{master.path.name}:{line}: students are given `{text}`, which is all that "
                f"misconceptions edit: {_named([_with_line(name, master) for name in names])}\n"
                "  End it with `# SOLUTION` if students should write it. If it is given on purpose, say so "
                f'in the question: given=[author.given({_quoted(text)}, reason="...")]'
            )


def overlapping(master: Master) -> Iterator[str]:
    """Yield a remark if misconceptions never occur together, though they change different characters."""
    pairs = [
        (one, two)
        for question in master.assignment.questions
        for one, two in itertools.combinations([each for each in question.misconceptions if each.edits], 2)
        if _overlap(one.edits, two.edits)
        and not _overlap(_narrowed(one, master), _narrowed(two, master), touching=True)
    ]
    if pairs:
        told = [f"`{one.id}` and `{two.id}`" for one, two in pairs]
        what = "pair of misconceptions edits" if len(pairs) == 1 else "pairs of misconceptions edit"
        yield (
            f"{len(pairs)} {what} the same piece, so an answer with both is not told as such: "
            f"{_named(told, between='; ')}\n"
            "  They change different parts of it: where a student may make both, narrow the `old` of each."
        )


def _with_line(name: str, master: Master) -> str:
    line = master.lines.get(name)
    return f"`{name}` (line {line})" if line else f"`{name}`"


def _named(names: list[str], between: str = ", ") -> str:
    more = f"{between}and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return between.join(names[:MAX_NAMED]) + more


def _quoted(text: str) -> str:
    return repr(text) if '"' in text else f'"{text}"'


def _lines(edit: Edit, master: Master, source: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of a cell, with its marks, that an edit touches: the cell, and the number from 1."""
    unmarked = master.variants.cells[edit.cell].source
    first = unmarked.count("\n", 0, edit.start)
    last = unmarked.count("\n", 0, max(edit.end - 1, edit.start))
    for number in blanks.unmarked_lines(source)[first : last + 1]:
        yield edit.cell, number


def _computes(source: str, line: int) -> bool:
    """Return whether a line assigns or returns what is computed on it."""
    return any(
        isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return)
        and node.value is not None
        and node.lineno <= line <= (node.end_lineno or node.lineno)
        and any(isinstance(each, _COMPUTES) for each in ast.walk(node.value))
        for node in ast.walk(ast.parse(source))
    )


def _narrowed(mistake: Misconception, master: Master) -> list[Edit]:
    """Return edits without what their old and new text have in common at the ends; words stay whole."""
    return [_without_ends(edit, master.variants.cells[edit.cell].source) for edit in mistake.edits]


def _without_ends(edit: Edit, source: str) -> Edit:
    start, end, new = edit.start, edit.end, edit.new
    while start < end and new and source[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and source[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    while start > 0 and _WORD.match(source[start - 1]) and _WORD.match(new[:1] or source[start]):
        start, new = start - 1, source[start - 1] + new
    while end < len(source) and _WORD.match(source[end]) and _WORD.match(new[-1:] or source[end - 1]):
        end, new = end + 1, new + source[end]
    return Edit(cell=edit.cell, start=start, end=end, new=new)


def _overlap(
    ones: tuple[Edit, ...] | list[Edit], others: tuple[Edit, ...] | list[Edit], *, touching: bool = False
) -> bool:
    return any(
        one.cell == other.cell and (one.start < other.end + touching and other.start < one.end + touching)
        for one in ones
        for other in others
    )
