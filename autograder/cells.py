"""The source of notebook cells, read and rewritten as text and syntax trees; never executed here."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator, Sequence

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def parse(source: str) -> tuple[str, ast.Module] | None:
    """Return a cell as plain Python (its magics translated) and its syntax tree; None if invalid."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's "\d" is not ours to warn about
            try:
                return source, ast.parse(source)
            except SyntaxError:
                source = _without_magics(source)
                return source, ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_magics(source: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager  # slow to import, rarely needed

    manager = TransformerManager()  # type: ignore[no-untyped-call]
    return manager.transform_cell(source)


def with_first_line(source: str) -> str:
    """Return a cell whose first line is not empty: IPython drops empty ones, and counts lines without."""
    lines = source.splitlines()
    empty = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines and lines[empty].startswith("%%"):
        return "\n".join(lines[empty:])
    return "\n".join(["#"] * empty + lines[empty:])


def statements(sources: Sequence[str]) -> Iterator[tuple[int, ast.stmt]]:
    """Yield every top-level statement of valid cells, with the number of its cell from 1."""
    for number, source in enumerate(sources, start=1):
        parsed = parse(source)
        for statement in parsed[1].body if parsed else ():
            yield number, statement


def _lines(statement: ast.stmt) -> range:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    return range(first, (statement.end_lineno or statement.lineno) + 1)


def statement_at(source: str, line: int) -> ast.stmt | None:
    """Return the top-level statement on a line, counted from 1."""
    for _, statement in statements([source]):
        if line in _lines(statement):
            return statement
    return None


def after(source: str, line: int) -> str:
    """Return what follows the top-level statement at `line`, on the lines where it stood."""
    return _without_statements(source, line, also_before=True)


def without(source: str, line: int) -> str:
    """Return a cell less the top-level statement at `line`, the rest on the lines where it stood."""
    return _without_statements(source, line, also_before=False)


def _without_statements(source: str, line: int, *, also_before: bool) -> str:
    parsed = parse(source)
    if parsed is None:
        return ""
    text, tree = parsed
    lines = text.splitlines()
    for statement in tree.body:
        here = _lines(statement)
        if line in here or (also_before and here.start <= line):
            for number in here:
                lines[number - 1] = "#"
    return "\n".join(lines) if any(line.strip() not in ("", "#") for line in lines) else ""


def names_in(node: ast.AST) -> set[str]:
    """Return every name that a piece of code mentions."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


_GROWING = frozenset(["append", "extend", "insert"])


def created_by(statement: ast.stmt) -> set[str]:
    """Return the names that a top-level statement makes or fills: `X = f()`, `xs.append(x)`, `X[0] = x`.

    A name that is bound to something computed from itself (`X = X.T`) is not made anew.
    """
    if isinstance(statement, Definition):
        return set()
    bound, read, filled = set(), set(), set()
    for part in ast.walk(statement):
        match part:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if attr in _GROWING:
                filled.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                filled.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                bound.add(name)
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
    return (bound - read) | filled


def rebind(source: str, names: Collection[str], holder: str) -> str:
    """Return a cell in which `names` take their values from the mapping `holder`.

    After each top-level statement that makes or fills one of the names, it is bound to a fresh
    copy of the held value: so a notebook that draws its data, in one statement or in a loop,
    computes with other data from there on.
    """
    parsed = parse(source)
    if parsed is None:
        return source
    body: list[ast.stmt] = []
    for statement in parsed[1].body:
        body.append(statement)
        for name in sorted(created_by(statement) & set(names)):
            taken = f"{name} = __import__('copy').deepcopy({holder}[{name!r}])"
            body.extend(ast.parse(taken).body)
    return ast.unparse(ast.Module(body=body, type_ignores=[]))


def definition_of(sources: Sequence[str], name: str) -> Definition | None:
    """Return the last top-level definition of a function or class of that name."""
    found = None
    for _, statement in statements(sources):
        if isinstance(statement, Definition) and statement.name == name:
            found = statement
    return found


def has_open_blank(node: ast.AST) -> bool:
    """Return whether `...` still stands where a value or a statement was to be filled in."""
    return any(
        isinstance(part, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr)
        and isinstance(part.value, ast.Constant)
        and part.value.value is Ellipsis
        for part in ast.walk(node)
    )


def same_definition(one: Sequence[str], other: Sequence[str], name: str) -> bool:
    """Return whether two notebooks define a function in the same way, comments aside; or neither does."""
    definitions = [definition_of(sources, name) for sources in (one, other)]
    first, second = (None if each is None else ast.dump(each) for each in definitions)
    return first == second


def globals_read(sources: Sequence[str], function: str, names: Collection[str]) -> list[str]:
    """Return which of `names` a function, or a function that it uses, reads without binding it."""
    read: set[str] = set()
    seen: set[str] = set()
    pending = [function]
    while pending:
        name = pending.pop()
        definition = None if name in seen else definition_of(sources, name)
        seen.add(name)
        if definition is not None:
            free = _free_names(definition)
            read |= free
            pending += sorted(free)
    return sorted(read & set(names))


def _free_names(definition: Definition) -> set[str]:
    arguments = {part.arg for part in ast.walk(definition) if isinstance(part, ast.arg)}
    used = [part for part in ast.walk(definition) if isinstance(part, ast.Name)]
    stored = {part.id for part in used if isinstance(part.ctx, ast.Store)}
    return {part.id for part in used} - stored - arguments
