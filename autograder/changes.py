"""The small changes that can be made to a cell's syntax tree, each undone before the next is made."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

KINDS = (
    "axis", "transpose", "operator", "operands", "comparison", "condition", "function", "call",
    "arguments", "slice", "constant", "name", "statement",
)  # fmt: skip
"""What kinds of change there are, in the order in which reports show them."""

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.Sub),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
}
_ORDERED = (ast.Sub, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_PAIRS = (
    ("vstack", "hstack"), ("max", "min"), ("amax", "amin"), ("argmax", "argmin"), ("maximum", "minimum"),
    ("sum", "mean"), ("exp", "exp2"), ("log", "log2"), ("sin", "cos"), ("zeros", "ones"), ("std", "var"),
    ("cumsum", "cumprod"), ("any", "all"), ("floor", "ceil"), ("row_stack", "column_stack"),
)  # fmt: skip
_SIBLINGS = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])} | {
    "dot": "multiply",
    "matmul": "multiply",
    "prod": "sum",
}
_BUILTIN_SIBLINGS = {"max": "min", "min": "max", "any": "all", "all": "any"}
_KEPT = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)
_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.GeneratorExp, ast.JoinedStr)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A node where it stands: below which others, in which field of the last of them."""

    node: ast.AST
    above: tuple[ast.AST, ...]
    field: str
    index: int | None

    def put(self, node: ast.AST) -> None:
        """Let another node stand here."""
        if self.index is None:
            setattr(self.above[-1], self.field, node)
        else:
            getattr(self.above[-1], self.field)[self.index] = node


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
        for kind, new in _replacements(spot, _names(spot, variables)):
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


# ---------------------------------------------------------------- what can take a node's place


def _replacements(spot: Spot, names: Sequence[str]) -> Iterator[tuple[str, ast.AST]]:
    node, parent = spot.node, spot.above[-1]
    match node:
        case ast.Call():
            yield from _of_call(node)
            argument = None if isinstance(parent, ast.Expr) else _argument(node, names)
            if argument is not None:
                yield "call", argument
        case ast.BinOp() | ast.AugAssign() | ast.UnaryOp() | ast.Compare() | ast.BoolOp():
            yield from _of_operation(node)
        case ast.Constant():
            yield from _of_constant(node)
        case ast.Name(id=name, ctx=ast.Load()) if name in names and spot.field != "func":
            for step in (1, -1):
                yield "name", _with(node, id=names[(names.index(name) + step) % len(names)])
        case ast.Subscript(ctx=ast.Load()):
            yield "slice", node.value
        case ast.Slice():
            for part in ("lower", "upper", "step"):
                if getattr(node, part) is not None:
                    yield "slice", _with(node, **{part: None})
        case ast.Attribute(attr="T"):
            yield "transpose", node.value
        case ast.stmt() if not isinstance(node, _KEPT):
            yield "statement", ast.Pass()
    if isinstance(node, ast.expr) and spot.field == "test":
        yield "condition", ast.UnaryOp(op=ast.Not(), operand=node)
    if isinstance(node, ast.expr) and _can_be_transposed(spot):
        yield "transpose", ast.Attribute(value=node, attr="T", ctx=ast.Load())


def _of_operation(
    node: ast.BinOp | ast.AugAssign | ast.UnaryOp | ast.Compare | ast.BoolOp,
) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            for other in _OPERATORS.get(type(operator), ()):
                yield "operator", _with(node, op=other())
            if isinstance(operator, _ORDERED):
                yield "operands", _with(node, left=right, right=left)
            yield "operands", left
            yield "operands", right
        case ast.AugAssign(op=operator):
            for other in _OPERATORS.get(type(operator), ()):
                yield "operator", _with(node, op=other())
            yield "operator", ast.Assign(targets=[node.target], value=node.value)
            yield "statement", ast.Pass()
        case ast.UnaryOp():
            yield "operator", node.operand
        case ast.Compare(ops=[comparison]):
            for each in _COMPARISONS.get(type(comparison), ()):
                yield "comparison", _with(node, ops=[each()])
        case ast.BoolOp():
            yield "condition", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _can_be_transposed(spot: Spot) -> bool:
    """Return whether a node is an operand of `@`, or what is assigned or returned, and not turned already."""
    if isinstance(spot.node, _PLAIN) or (isinstance(spot.node, ast.Attribute) and spot.node.attr == "T"):
        return False
    match spot.above[-1]:
        case ast.BinOp(op=ast.MatMult()):
            return True
        case ast.Assign() | ast.Return():
            return spot.field == "value"
    return False


def _of_constant(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(value=not value)
    elif isinstance(value, int | float):
        for other in dict.fromkeys((value + 1, value - 1, 0, 1, -value, 2 * value)):
            if other != value:
                yield "constant", _number(other)


def _number(value: float) -> ast.expr:
    """Return a number as code; a negative one as Python reads it."""
    plain = ast.Constant(value=abs(value))
    return ast.UnaryOp(op=ast.USub(), operand=plain) if value < 0 else plain


def _of_call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    for position, keyword in enumerate(node.keywords):
        others = node.keywords[:position] + node.keywords[position + 1 :]
        kind = "axis" if keyword.arg == "axis" else "arguments"
        if kind == "axis" and isinstance(keyword.value, ast.Constant | ast.UnaryOp):
            turned = ast.Constant(value=int(ast.unparse(keyword.value) == "0"))
            new = ast.keyword(arg="axis", value=turned)
            yield kind, _with(node, keywords=[*node.keywords[:position], new, *node.keywords[position + 1 :]])
        yield kind, _with(node, keywords=others)
    for position in range(len(node.args) - 1):
        swapped = list(node.args)
        swapped[position : position + 2] = reversed(swapped[position : position + 2])
        yield "arguments", _with(node, args=swapped)
    if len(node.args) > 1:
        yield "arguments", _with(node, args=node.args[:-1])
    if isinstance(node.func, ast.Attribute) and node.func.attr in _SIBLINGS:
        yield "function", _with(node, func=_with(node.func, attr=_SIBLINGS[node.func.attr]))
    if isinstance(node.func, ast.Name) and node.func.id in _BUILTIN_SIBLINGS:
        yield "function", _with(node, func=_with(node.func, id=_BUILTIN_SIBLINGS[node.func.id]))


def _argument(node: ast.Call, names: Sequence[str]) -> ast.expr | None:
    """Return what a call is made on: the object of a method, else the first argument."""
    func = node.func
    if isinstance(func, ast.Attribute):
        root: ast.expr = func.value
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name) or root.id in names:
            return func.value
    first = node.args[0] if node.args else None
    return None if isinstance(first, ast.Starred) else first
