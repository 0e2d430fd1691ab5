"""Which calls of a function stand in a notebook, and what they hand over."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from autograder import cells


def all_calls(name: str, trees: Sequence[ast.Module]) -> list[ast.Call]:
    """Return the calls of a function that stand outside of functions."""
    return [call for tree in trees for call in _calls_outside_functions(tree, name)]


def passes_function(call: ast.Call, trees: Sequence[ast.Module]) -> bool:
    """Return whether a function, a class or an object of one of the notebook's is among the arguments."""
    functions = {
        each.name for tree in trees for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)
    }
    classes = {each.name for tree in trees for each in tree.body if isinstance(each, ast.ClassDef)}
    for tree in trees:
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_function(value, functions):
                    functions.add(name)
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=made))) if (
                    made in classes
                ):
                    functions.add(name)
    return any(_is_function(each, functions) for each in (*call.args, *(one.value for one in call.keywords)))


def _is_function(argument: ast.expr, functions: Collection[str]) -> bool:
    match argument:
        case ast.Lambda():
            return True
        case ast.Name(id=name):
            return name in functions
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Dict(values=elements):
            return any(_is_function(each, functions) for each in elements)
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name):
            return callable(getattr(np, name, None))
    return False


def global_names(trees: Sequence[ast.Module]) -> set[str]:
    """Return the names that the cells of a notebook define at their top, and Python's own."""
    found = set(dir(builtins))
    for tree in trees:
        found |= {bound for _, bound in cells.imported(tree)}
        for statement in tree.body:
            found |= cells.defined_by(statement)
            if isinstance(
                statement, ast.Assign | ast.AnnAssign | ast.For | ast.With | ast.If | ast.AugAssign
            ):
                found |= {
                    node.id
                    for node in ast.walk(statement)
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                }
    return found


def is_call_of(call: ast.Call, name: str) -> bool:
    """Return whether it is a function of this name that is called."""
    return isinstance(call.func, ast.Name) and call.func.id == name


def _calls_outside_functions(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.comprehension
        ):
            continue
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        if isinstance(node, ast.Call) and is_call_of(node, name):
            yield node
        yield from _calls_outside_functions(node, name)


def in_order(call: ast.Call, names: Sequence[str]) -> tuple[ast.expr, ...] | None:
    """Return the arguments of a call by position, or None if they are not written one by one."""
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    arguments = list(call.args)
    named = {each.arg: each.value for each in call.keywords}
    for name in names[len(arguments) :]:
        if name not in named:
            break
        arguments.append(named.pop(name))
    return None if named else tuple(arguments)
