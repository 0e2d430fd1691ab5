"""What a line of code asks of NumPy and Python that they do not do, where its exception says too little."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

import numpy as np

from autograder import cells
from autograder.model import Problem
from autograder.operands import ENTRYWISE, quoted

_ALIASES = {"np": "numpy", "plt": "matplotlib.pyplot"}
_MODULES = frozenset(
    ["math", "cmath", "random", "itertools", "functools", "collections", "copy", "numpy", "matplotlib"]
)
_OTHERS = frozenset(["scipy", "torch", "tf", "tensorflow", "pd", "pandas", "sklearn", "jax", "jnp"])
_JOINING = frozenset(["concatenate", "stack"])
_FUNCTIONS = frozenset(name for name, value in vars(np).items() if callable(value) and name.islower())
ONLY = "the grader has only NumPy, Matplotlib and what the assignment asks for"

_TUPLE_COMPUTED_WITH = re.compile(
    r"ValueError: (operands could not be broadcast|matmul)|"
    r"TypeError: (unsupported operand.*'tuple'|can't multiply)"
)


def misused(problem: Problem, statement: ast.stmt | None, sources: Sequence[str]) -> str:
    """Return what a line takes for what it is not, in a sentence or two; or nothing.

    Args:
        problem: the exception that it raised.
        statement: the line's, if it is known.
        sources: the submission's code cells.
    """
    told = f"{problem.type}: {problem.message}"
    if match := re.match(r"NameError: name '(\w{1,60})' is not defined", told):
        return _undefined(match[1], problem.cause, statement, sources)
    if match := re.match(r"AttributeError: 'numpy\.ndarray' object has no attribute '(\w{1,60})'", told):
        return _no_method(match[1])
    if match := re.match(
        r"TypeError: (?:\w+\.)*_?(\w{1,60})\(\) got an unexpected keyword argument '(dim|keepdim)'", told
    ):
        return _other_keyword(match[2]) if is_numpys(match[1]) else ""
    if re.match(r"TypeError: only (integer scalar|length-1|size-1|0-dimensional) arrays", told):
        return _joined_one_by_one(statement)
    return _whole_shape(statement) if _TUPLE_COMPUTED_WITH.match(told) else ""


def is_numpys(name: str) -> bool:
    """Return whether NumPy has a function of this name, or arrays have such a method."""
    return name in _FUNCTIONS or callable(getattr(np.ndarray, name, None))


# ---------------------------------------------------------------- names that are not there


def _undefined(name: str, cause: str, statement: ast.stmt | None, sources: Sequence[str]) -> str:
    if match := re.match(r"ModuleNotFoundError: No module named '([\w.]{1,60})'", cause):
        return (
            f"`{name}` is not there, since the import from `{match[1]}` failed: {ONLY}. "
            "Do without that package."
        )
    if match := re.match(r"ImportError: cannot import name '\w+' from '([\w.]{1,60})'", cause):
        return f"`{name}` is not there, since its import failed: `{match[1]}` has nothing of that name."
    trees = [tree for source in sources if (tree := cells.parse(source)) is not None]
    imported = dict(each for tree in trees for each in cells.imported(tree))
    if name in imported.values():
        return f"The import of `{name}` has not run when this does: it belongs into a cell that runs before."
    module = _ALIASES.get(name, name)
    if not _used_as(ast.Attribute, name, statement):
        calls = _used_as(ast.Call, name, statement) and cells.definition_of(sources, name) is None
        own = f"NumPy has a function of that name: by itself it is not known, but as `np.{name}`."
        return own if calls and name in _FUNCTIONS else ""
    if module in imported:
        own = "its own name" if imported[module] == module else f"the name `{imported[module]}`"
        return f"`{module}` is imported under {own} here, and not as `{name}`."
    if name in _ALIASES:
        return f"`{name}` is not imported: `import {module} as {name}` must run before."
    if name in _MODULES:
        return f"`{name}` is not imported: an `import` of it must run before."
    return f"`{name}` is not there: {ONLY}." if name in _OTHERS else ""


def _used_as(kind: type[ast.Attribute] | type[ast.Call], name: str, statement: ast.stmt | None) -> bool:
    """Return whether a name stands on a line as a module does, `name.x`, or as a function, `name(x)`."""
    for node in ast.walk(statement) if statement is not None else ():
        match node:
            case ast.Attribute(value=ast.Name(id=used)) | ast.Call(func=ast.Name(id=used)) if used == name:
                if isinstance(node, kind):
                    return True
    return False


# ---------------------------------------------------------------- what another library would do


def _no_method(name: str) -> str:
    if name in _FUNCTIONS:
        return f"An array has no method `{name}`: NumPy has a function for that, `np.{name}(x)`."
    return (
        f"An array has nothing called `{name}`, nor has NumPy a function of that name: is it one of another "
        "library, such as PyTorch, or of your notebook?"
    )


def _other_keyword(keyword: str) -> str:
    ours = {"dim": "axis", "keepdim": "keepdims"}[keyword]
    return f"`{keyword}=` is PyTorch's word: NumPy's functions that work along an axis say `{ours}=`."


def _joined_one_by_one(statement: ast.stmt | None) -> str:
    for node in ast.walk(statement) if statement is not None else ():
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[_, _, *_]):
                if name in _JOINING:
                    return (
                        f"The second argument of `np.{name}` is an axis: all the arrays belong into one list "
                        "or tuple, which is the first."
                    )
    return ""


# ---------------------------------------------------------------- shapes taken for numbers


def _whole_shape(statement: ast.stmt | None) -> str:
    """Say so if a whole `x.shape` is computed with."""
    for node in ast.walk(statement) if statement is not None else ():
        if isinstance(node, ast.BinOp) and not isinstance(node.right, ast.Tuple):
            found = _shape_in(node.left) or _shape_in(node.right)
            if found is not None:
                return (
                    f"`{quoted(found)}` is a tuple of all sizes of the array, and only one of them can be "
                    "meant here: which one is it, the number of rows or of columns?"
                )
    return ""


def _shape_in(node: ast.expr) -> ast.Attribute | None:
    match node:
        case ast.Attribute(attr="shape"):
            return node
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[argument]) if (
            name in ENTRYWISE
        ):
            return _shape_in(argument)
        case ast.BinOp(left=left):
            return _shape_in(left)
    return None
