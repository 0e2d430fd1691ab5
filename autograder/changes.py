"""The small changes that can be made to a cell's syntax tree, each undone before the next is made."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from autograder.replacements import Spot, replacements


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What takes the place of a node, while this is entered."""

    kind: str
    spot: Spot
    new: ast.AST

    @property
    def line(self) -> int:
        """The line of the cell that it is on, from 1."""
        inner = (self.spot.node, *reversed(self.spot.above))
        return next(int(node.lineno) for node in inner if hasattr(node, "lineno"))

    @property
    def around(self) -> list[ast.AST]:
        """The nodes whose text can tell it: expressions, the innermost first, then its statement.

        A name or a number alone would tell nothing.
        """
        node = self.spot.node
        alone = isinstance(node, ast.Name | ast.Constant | ast.Slice)
        found: list[ast.AST] = []
        for each in (*(() if alone else (node,)), *reversed(self.spot.above)):
            if isinstance(each, ast.stmt):
                return [*found, each]
            if isinstance(each, ast.expr) and not isinstance(each, ast.Slice | ast.Starred):
                found.append(each)
        return found

    def __enter__(self) -> Self:
        self.spot.put(self.new)
        return self

    def __exit__(self, *_: object) -> None:
        self.spot.put(self.spot.node)


def changes(tree: ast.Module, variables: Sequence[str]) -> Iterator[Change]:
    """Yield each small change of a cell, from top to bottom; the tree must be left as it is in between.

    Args:
        tree: the cell.
        variables: the variables of the notebook that names outside of functions may be mistaken for.
    """
    for spot in list(_spots(tree)):
        for kind, new in replacements(spot, _names(spot, variables)):
            yield Change(
                kind=kind, spot=spot, new=ast.fix_missing_locations(ast.copy_location(new, spot.node))
            )


def _spots(node: ast.AST, above: tuple[ast.AST, ...] = ()) -> Iterator[Spot]:
    """Yield all nodes below one that take part in what is computed: no signatures, texts or prints."""
    below = (*above, node)
    for name, value in ast.iter_fields(node):
        if name in ("args", "decorator_list", "returns", "annotation") and isinstance(
            node, ast.FunctionDef | ast.ClassDef | ast.AnnAssign | ast.Lambda
        ):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not (_says(child) or _is_axis(child)):
                at = index if isinstance(value, list) else None
                yield Spot(node=child, above=below, field=name, index=at)
                yield from _spots(child, below)


def _says(node: ast.AST) -> bool:
    """Return whether a node only says something: a docstring, a text, a `print`."""
    match node:
        case ast.JoinedStr() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return True
    return False


def _is_axis(node: ast.AST) -> bool:
    """Return whether a node says which axis: the call that it belongs to has changes of its own for it."""
    return (
        isinstance(node, ast.keyword)
        and node.arg == "axis"
        and isinstance(node.value, ast.Constant | ast.UnaryOp)
    )


def _names(spot: Spot, variables: Sequence[str]) -> list[str]:
    """Return the names that can be mistaken for each other: those of the function, or of the notebook."""
    function = next((node for node in spot.above if isinstance(node, ast.FunctionDef)), None)
    if function is None:
        return list(variables)
    inner = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    stored = sorted(
        (node.lineno, node.col_offset, node.id) for node in inner if isinstance(node.ctx, ast.Store)
    )
    arguments = [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    return list(dict.fromkeys([*arguments, *(name for *_, name in stored)]))
