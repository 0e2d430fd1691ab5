"""Mutants of a master: its solved cells with one small mistake each; made as text, never executed here."""

from __future__ import annotations

import ast
import copy
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from autograder import blanks, cells
from autograder.changes import Change, changes
from autograder.errors import AuthoringError
from autograder.master import Cell

MAX_TEXT = 50
"""The characters of code above which only the items that differ are shown."""
SEEN = "_true_values_seen"
"""What the value of an expression is given to that a mutant transposes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A solved cell with one small mistake in it.

    `old` and `new` are the code before and after, no longer than it takes to tell the mutant from all
    others of its question. `cell` is the position of its cell in the master, and `source` what
    stands there instead. `line` counts in the master, from 1. Of one that puts or drops a `.T`, `seen`
    is the cell as it was, but for a call of `SEEN` around what is, or is not, transposed.
    """

    question: str
    cell: int
    line: int
    kind: str
    old: str
    new: str
    source: str
    seen: str = ""

    @property
    def change(self) -> str:
        """The change as authors read and write it."""
        return f"{self.old} -> {self.new}"


def mutants_of(master_cells: Sequence[Cell]) -> tuple[Mutant, ...]:
    """Return the mutants of all questions, by question and line: the same each time.

    Those in lines that students are given are left out: nobody writes these. A question that has no
    others keeps them.
    """
    return _divided(master_cells)[0]


def given_changes(master_cells: Sequence[Cell]) -> frozenset[tuple[str, str]]:
    """Return the question and the change of each mutant that is left out."""
    return frozenset((each.question, each.change) for each in _divided(master_cells)[1])


def _divided(master_cells: Sequence[Cell]) -> tuple[tuple[Mutant, ...], tuple[Mutant, ...]]:
    """Return the mutants that are tried, and those that are left out."""
    solved = {
        cell.line + number - 1
        for cell in master_cells
        if cell.question and cells.parse(cell.source) is not None
        for number in _solution_lines(cell)
    }
    tried: list[Mutant] = []
    left_out: list[Mutant] = []
    for mutants in _by_question(master_cells):
        written = [each for each in mutants if each.line in solved] or mutants
        tried += written
        left_out += [each for each in mutants if each not in written]
    return tuple(tried), tuple(left_out)


def _solution_lines(cell: Cell) -> set[int]:
    try:
        return blanks.solution_lines(cell.source)
    except AuthoringError:  # told when the notebook is made
        return set()


def _by_question(master_cells: Sequence[Cell]) -> Iterator[list[Mutant]]:
    variables = _variables(master_cells)
    for question in dict.fromkeys(cell.question for cell in master_cells if cell.question):
        drafts = [
            draft
            for position, cell in enumerate(master_cells)
            if cell.question == question
            for draft in _drafts(cell, position, variables)
        ]
        yield list(_named(drafts, question))


def _variables(master_cells: Sequence[Cell]) -> list[str]:
    """Return the variables of the notebook, in the order in which they are first bound."""
    sources = [cell.source for cell in master_cells if cell.role in ("given", "question")]
    names: dict[str, None] = {}
    for _, statement in cells.statements(sources):
        if not isinstance(statement, cells.Definition):
            names |= dict.fromkeys(sorted(cells.defined_by(statement)))
    return list(names)


# ---------------------------------------------------------------- making


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A mutant before its name is known: texts from the shortest to the whole statement."""

    cell: int
    line: int
    kind: str
    texts: tuple[tuple[str, str], ...]
    source: str
    seen: str


def _drafts(cell: Cell, position: int, variables: Sequence[str]) -> Iterator[_Draft]:
    """Yield the mutants of a cell that compile and differ, from it and from each other."""
    tree = copy.deepcopy(cells.parse(cell.source))
    if tree is None:
        return
    seen = {ast.unparse(tree)}
    for change in changes(tree, variables):
        before = [_text(node) for node in change.around]
        with change:
            source = ast.unparse(tree)
            after = [_text(change.new if node is change.spot.node else node) for node in change.around]
        if source not in seen and _compiles(source):
            seen.add(source)
            yield _Draft(
                seen=_watched(tree, change),
                cell=position,
                line=cell.line + change.line - 1,
                kind=change.kind,
                texts=(*map(_shortened, before, after), (before[-1], after[-1])),
                source=source,
            )


def _watched(tree: ast.Module, change: Change) -> str:
    """Return a cell in which the value is seen that a change transposes, or no longer does."""
    if change.kind != "transpose":
        return ""
    node, new = change.spot.node, change.new
    put = isinstance(new, ast.Attribute) and new.value is node
    value = node if put else new
    call: ast.expr = ast.Call(
        func=ast.Name(id=SEEN, ctx=ast.Load()), args=[cast("ast.expr", value)], keywords=[]
    )
    watched = call if put else ast.Attribute(value=call, attr="T", ctx=ast.Load())
    with Change(kind=change.kind, spot=change.spot, new=watched):
        return ast.unparse(tree)


def _text(node: ast.AST) -> str:
    """Return code on one line; of a statement with a block, its first."""
    if hasattr(node, "body") and isinstance(node, ast.stmt):
        node = copy.copy(node)
        for block, kept in (("body", [ast.Pass()]), ("orelse", []), ("handlers", []), ("finalbody", [])):
            if hasattr(node, block):
                setattr(node, block, kept)
        return ast.unparse(ast.fix_missing_locations(node)).split("\n")[0]
    return " ".join(line.strip() for line in ast.unparse(node).split("\n"))


def _shortened(old: str, new: str) -> tuple[str, str]:
    """Return long texts without the items of a list that they have in common, but for the nearest ones."""
    if max(len(old), len(new)) <= MAX_TEXT:
        return old, new
    before, after = old.split(", "), new.split(", ")
    shorter = min(len(before), len(after))
    same = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    first = max(same - 1, 0)
    same_end = next((at for at in range(shorter - same) if before[-1 - at] != after[-1 - at]), shorter - same)
    last = max(same_end - 1, 0)
    kept = [items[first : len(items) - last] for items in (before, after)]
    front, back = (["..."] if first else []), (["..."] if last else [])
    short = [", ".join([*front, *items, *back]) for items in kept]
    return short[0], short[1]


def _compiles(source: str) -> bool:
    with cells.one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "mutant", "exec")
        except (SyntaxError, ValueError):
            return False
    return True


def _named(drafts: Sequence[_Draft], question: str) -> Iterator[Mutant]:
    """Yield mutants with the shortest texts that tell them apart."""
    levels = [0] * len(drafts)
    while True:
        texts = [draft.texts[level] for draft, level in zip(drafts, levels, strict=True)]
        times: Mapping[tuple[str, str], int] = Counter(texts)
        longer = [
            level + (times[text] > 1 and level + 1 < len(draft.texts))
            for draft, level, text in zip(drafts, levels, texts, strict=True)
        ]
        if longer == levels:
            break
        levels = longer
    for draft, (old, new) in zip(drafts, texts, strict=True):
        yield Mutant(
            question=question,
            cell=draft.cell,
            line=draft.line,
            kind=draft.kind,
            old=old,
            new=new,
            source=draft.source,
            seen=draft.seen,
        )
