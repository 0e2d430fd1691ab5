"""A student's own functions, there when they are called although a given cell has taken their names.

Answers are asked for when all of a notebook has been run. By then `for step in range(200):` of a given
cell has made a number of a helper called `step`, which no student can foresee.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence

from autograder import cells

_KEPT = "_own_"


def with_own_helpers(sources: Sequence[str], template: Sequence[str]) -> tuple[str, ...]:
    """Return a notebook's code cells in which, at the end, names stand for the student's functions again.

    Args:
        sources: the code cells of a submission.
        template: those of the notebook that students get; what is equal to one of them was given.

    Returns:
        The same cells if nothing was lost. Else a line more at the end of each that defines such a
        function, so that all others stay where they are, and one more cell.
    """
    taken = _taken(tuple(template))
    found = list(sources)
    own: dict[str, int] = {}
    lost: dict[str, int] = {}
    for number, source in enumerate(sources):
        names = taken.get(source.strip())
        if names is None:
            for name in _functions(source):
                own[name] = number
                lost.pop(name, None)
        else:
            lost |= {name: own[name] for name in names if name in own}
    for name, number in lost.items():
        found[number] += f"\n{_KEPT}{name} = {name}"
    if lost:
        found.append("\n".join(f"if {_KEPT + name!r} in dir(): {name} = {_KEPT}{name}" for name in lost))
    return tuple(found)


def _functions(source: str) -> list[str]:
    """Return the functions that a cell defines at its top."""
    tree = cells.parse(source)
    found = []
    for statement in tree.body if tree else ():
        match statement:
            case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
                found.append(name)
    return found


@functools.lru_cache(maxsize=16)
def _taken(template: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Return the names that each cell of a template binds to anything but a function."""
    found = {}
    for source in template:
        tree = cells.parse(source)
        made = [each for each in (tree.body if tree else ()) if not isinstance(each, cells.Definition)]
        found[source.strip()] = frozenset(
            node.id
            for statement in made
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )
    return found
