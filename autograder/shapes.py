"""Exceptions in student code, explained by the shapes of what they are about.

What a worker tells of shapes and messages may be forged: it is told back to the student it came
from, for public cases, and names only what stands on that student's own line.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence

from autograder import cells, usage
from autograder.complaints import COMPLAINTS, listed
from autograder.model import Problem, ProblemKind
from autograder.operands import Clash, Shape, clash_on, names_on, statement_on

MAX_TOLD = 4

_FITTING = re.compile(
    r"ValueError: (matmul|shapes .* not aligned|operands could not|non-broadcastable|inconsistent shapes)"
)


def place(problem: Problem) -> str:
    """Return where a problem arose, in brackets, if that is known."""
    if not problem.cell:
        return ""
    line = f", line {problem.line}" if problem.line else ""
    return f" (code cell {problem.cell}{line})"


def raised(problem: Problem) -> str:
    """Return that an exception was raised, and which one, if it is one of Python's own."""
    kind = getattr(builtins, problem.type, None)
    own = isinstance(kind, type) and issubclass(kind, Exception)
    return f"raises `{problem.type}`" if own else "raises an exception"


def explained(problem: Problem, sources: Sequence[str]) -> str:
    """Return which shapes do not fit, or what an exception means, in sentences; or nothing.

    Args:
        problem: an exception, of a public case: what it says is told.
        sources: the submission's code cells.
    """
    if problem.kind is not ProblemKind.EXCEPTION:
        return ""
    told = f"{problem.type}: {problem.message}"
    try:
        statement = _statement(problem, sources)
        clash, names = _on_its_line(problem, statement)
        misused = usage.misused(problem, statement, sources)
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        clash, names, misused = None, [], ""
    if clash is not None and _FITTING.match(told):
        return _clashing(clash, problem)
    if misused:
        return misused
    for pattern, say, shaped in COMPLAINTS:
        if match := re.match(pattern, told):
            return f"{say(match)} {_named(names) if shaped else ''}".rstrip()
    return ""


def is_about_shapes(problem: Problem) -> bool:
    """Return whether an exception is one of shapes that do not fit."""
    told = f"{problem.type}: {problem.message}"
    return bool(_FITTING.match(told)) or any(
        shaped and re.match(pattern, told) for pattern, _, shaped in COMPLAINTS
    )


def _statement(problem: Problem, sources: Sequence[str]) -> ast.stmt | None:
    if not 0 < problem.cell <= len(sources):
        return None
    tree = cells.parse(cells.with_first_line(sources[problem.cell - 1]))
    return None if tree is None else statement_on(tree, problem.line)


def _on_its_line(
    problem: Problem, statement: ast.stmt | None
) -> tuple[Clash | None, list[tuple[str, Shape]]]:
    """Return what clashes on a problem's line, and the arrays that it names, with their shapes."""
    if statement is None:
        return None, []
    shapes = dict(problem.shapes)
    return clash_on(statement, shapes), [
        (name, shapes[name]) for name in names_on(statement) if name in shapes
    ]


def _named(names: Sequence[tuple[str, Shape]]) -> str:
    told = [f"`{name}` is {_shape(shape)}" for name, shape in names if shape][:MAX_TOLD]
    return f"On its line, {listed(told)}." if told else ""


def _shape(shape: Shape) -> str:
    return str(shape) if shape else "a single number"


def _clashing(clash: Clash, problem: Problem) -> str:
    where = place(problem)
    (one, first), (other, second) = clash.first, clash.second
    lead = f"In `{clash.whole}`{where}, `{one}` is {_shape(first)} and `{other}` is {_shape(second)}: "
    if not clash.product:
        return (
            f"{lead}entry by entry, sizes must be equal or 1, counted from the last one. Is a matrix product "
            "meant, or is one of them transposed?"
        )
    if not first or not second:
        return f"{lead}a matrix product takes no single numbers; `*` does."
    if len(first) == len(second) == 2:
        return (
            f"{lead}the columns of the first ({first[1]}) must be as many as the rows of the second "
            f"({second[0]}). {_next_step(first, second, [shape for _, shape in problem.shapes])}"
        ).rstrip()
    return f"{lead}the last size of the first ({first[-1]}) must be that of the rows of the second."


def _next_step(first: Shape, second: Shape, all_shapes: Sequence[Shape]) -> str:
    """Return with which change the sizes of two matrices would fit, or what the second one looks like."""
    (rows, columns), (rows_then, columns_then) = first, second
    fits = [word for word, fit in (("first", rows == rows_then), ("second", columns_then == columns)) if fit]
    ways = [f"with {'one of them' if len(fits) == 2 else f'the {fits[0]}'} transposed"] if fits else []
    ways += ["in the other order"] if columns_then == rows else []
    if ways:
        way = ", or ".join(ways)
        return (
            f"{way[:1].upper()}{way[1:]}, the sizes would fit: whether the equation asks for that, tell from "
            "what the rows and columns of each stand for."
        )
    times = columns // rows_then if rows_then > 1 and columns % rows_then == 0 else 0
    if times < 2:
        return ""
    lead = f"The second has only {rows_then} of {columns} rows"
    usual = any(len(shape) == 2 and shape[1] == columns_then and shape != second for shape in all_shapes)
    if columns_then % times == 0 and not usual:
        return f"{lead}: it looks as if arrays were put side by side that belong on top of each other."
    return (
        f"{lead}: is only a part of it there, e.g. because of a `return` or "
        "this product inside of a loop, or of a sum where arrays should be stacked?"
    )
