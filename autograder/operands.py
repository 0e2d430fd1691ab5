"""The shapes on a line of code: worked out from those of its names, to find what does not fit together."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from autograder import wire

Shape = tuple[int, ...]
LONGEST = 60
"""How much of an operand is quoted, in characters."""

_PRODUCTS = frozenset(["matmul", "dot"])
ENTRYWISE = frozenset(
    [
        "exp",
        "sqrt",
        "log",
        "abs",
        "tanh",
        "square",
        "negative",
        "array",
        "asarray",
        "copy",
        "round",
        "float64",
    ]
)
"""Functions that leave a shape as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two operands that do not go together; `product` says whether they are multiplied as matrices."""

    whole: str
    first: tuple[str, Shape]
    second: tuple[str, Shape]
    product: bool


def clash_on(statement: ast.stmt, shapes: Mapping[str, Shape]) -> Clash | None:
    """Return the first operation of a statement whose operands cannot go together.

    Args:
        statement: the statement; of a loop or a branch, only its first line counts.
        shapes: those of the arrays among its names, as they were when it ran.
    """
    reader = _Reader(shapes)
    for node in _parts(statement):
        reader.shape(node)
        if reader.clash is not None:
            return reader.clash
    if isinstance(statement, ast.AugAssign):
        return reader.added(statement)
    return None


def statement_on(tree: ast.Module, line: int) -> ast.stmt | None:
    """Return the innermost statement on a line, counted from 1."""
    found = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            found = node
    return found


def names_on(statement: ast.stmt) -> list[str]:
    """Return the names that a statement reads, in their order."""
    nodes = [part for node in _parts(statement) for part in ast.walk(node)]
    names = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    return list(dict.fromkeys(node.id for node in names))


def quoted(node: ast.AST) -> str:
    """Return a piece of code as one short line that ends no quotation."""
    return wire.plain(ast.unparse(node), LONGEST).replace("`", "'")


def _parts(statement: ast.stmt) -> Iterator[ast.AST]:
    return (node for node in ast.iter_child_nodes(statement) if not isinstance(node, ast.stmt))


class _Reader:
    """Works out shapes from inside to outside, in the order in which Python does, up to the first clash."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._shapes = shapes
        self.clash: Clash | None = None

    def shape(self, node: ast.AST) -> Shape | None:
        """Return the shape of an expression, or None if it is unknown."""
        if self.clash is not None:
            return None
        match node:
            case ast.Name(id=name):
                return self._shapes.get(name)
            case ast.Constant(value=int() | float()):
                return ()
            case ast.UnaryOp(operand=operand):
                return self.shape(operand)
            case ast.Attribute(value=value, attr="T"):
                return _reversed(self.shape(value))
            case ast.BinOp(left=left, op=operator, right=right):
                return self._combined(node, left, right, product=isinstance(operator, ast.MatMult))
            case ast.Call():
                return self._called(node)
        for child in ast.iter_child_nodes(node):
            self.shape(child)
        return None

    def added(self, statement: ast.AugAssign) -> Clash | None:
        """Return what does not go together in `a += b`, which must leave `a` its shape."""
        target, value = self.shape(statement.target), self.shape(statement.value)
        if target is None or value is None or isinstance(statement.op, ast.MatMult):
            return None
        if _broadcast(target, value) == target:
            return None
        return _clash(statement, (statement.target, target), (statement.value, value), product=False)

    def _called(self, call: ast.Call) -> Shape | None:
        match call.func:
            case ast.Attribute(value=value, attr="dot") if len(call.args) == 1 and not _is_module(value):
                return self._combined(call, value, call.args[0], product=True)
            case ast.Attribute(value=value, attr="transpose") if not call.args and not call.keywords:
                return _reversed(self.shape(value))
            case ast.Attribute(attr=name) | ast.Name(id=name):
                if name in _PRODUCTS and len(call.args) == 2:
                    return self._combined(call, *call.args, product=True)
                if name == "transpose" and len(call.args) == 1 and not call.keywords:
                    return _reversed(self.shape(call.args[0]))
                if name in ENTRYWISE and len(call.args) == 1:
                    return self.shape(call.args[0])
        for child in ast.iter_child_nodes(call):
            self.shape(child)
        return None

    def _combined(self, whole: ast.AST, left: ast.AST, right: ast.AST, *, product: bool) -> Shape | None:
        first, second = self.shape(left), self.shape(right)
        if self.clash is not None or first is None or second is None:
            return None
        entrywise = not product or (isinstance(whole, ast.Call) and not (first and second))
        result = _broadcast(first, second) if entrywise else _product(first, second)
        if result is None:
            self.clash = _clash(whole, (left, first), (right, second), product=product)
        return result


def _is_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def _clash(
    whole: ast.AST, first: tuple[ast.AST, Shape], second: tuple[ast.AST, Shape], *, product: bool
) -> Clash:
    return Clash(
        whole=quoted(whole),
        first=(quoted(first[0]), first[1]),
        second=(quoted(second[0]), second[1]),
        product=product,
    )


def _reversed(shape: Shape | None) -> Shape | None:
    return None if shape is None else shape[::-1]


def _broadcast(first: Shape, second: Shape) -> Shape | None:
    try:
        return np.broadcast_shapes(first, second)
    except ValueError:
        return None


def _product(first: Shape, second: Shape) -> Shape | None:
    if not first or not second or first[-1] != second[-2 if len(second) > 1 else 0]:
        return None
    rows = first[-2:-1] if len(first) > 1 else ()
    batch = _broadcast(first[:-2], second[:-2])
    return None if batch is None else (*batch, *rows, *(second[-1:] if len(second) > 1 else ()))
