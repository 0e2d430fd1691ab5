"""What can take the place of a node of a syntax tree: a small mistake of each kind."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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


def replacements(spot: Spot, names: Sequence[str]) -> Iterator[tuple[str, ast.AST]]:
    """Yield the kind of each mistake, and what stands in the place of the node then.

    Args:
        spot: the node.
        names: what a name in it may be mistaken for: those that stand next to it.
    """
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
