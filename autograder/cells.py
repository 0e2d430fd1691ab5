"""The source of notebook cells, read and rewritten as text and syntax trees; never executed here."""

from __future__ import annotations

import ast
import functools
import hashlib
import re
import textwrap
import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

DATA = "__data_of_this_run__"
"""The variable that holds the data of a run with other data."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


one_at_a_time = threading.RLock()
"""Python's filters of warnings and NumPy's random numbers belong to the process, not to a thread."""


MAX_KEPT = 200_000
"""How many characters of source are kept with their trees, which take up to 250 times as much memory."""

MAX_BLOCKS = 20
"""How deep blocks may be nested to be looked into: a chain of `elif` is as deep as it is long."""

Made = TypeVar("Made")


def _kept(make: Callable[[str], Made]) -> Callable[[str], Made]:
    """Keep what is made of the last sources: `MAX_KEPT` characters of them, whoever wrote them."""
    known: dict[str, tuple[Made]] = {}
    lengths: list[int] = []

    def look_up(source: str) -> Made:
        if len(source) > MAX_KEPT:
            return make(source)
        found = known.get(source)
        if found is None:
            found = (make(source),)
            lengths.append(len(source))
            if sum(lengths) > MAX_KEPT:
                known.clear()
                lengths[:] = [len(source)]
            known[source] = found
        return found[0]

    return look_up


def parse(source: str) -> ast.Module | None:
    """Return a cell's syntax tree, its magics left out, or None if it is not valid Python.

    The tree's line numbers are those of the cell. It is shared: not to be changed.
    """
    return _parsed(source)


@_kept
def _parsed(source: str) -> ast.Module | None:
    try:
        with one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's "\d" is not ours to warn about
            try:
                return ast.parse(source)
            except SyntaxError:
                return ast.parse(_without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_CELL_MAGIC = re.compile(r"\A(\s*)%%(?:time|timeit|capture|prun)\b.*")
# Within a line, and without two ways to match the same: a hostile cell must not take time that is squared.
_ASSIGNED_MAGIC = re.compile(r"^([ \t]*[\w.,][\w., ]*=[ \t]*)[%!].*$", re.MULTILINE)
_LINE_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)


def _without_magics(source: str) -> str:
    """Return a cell with something harmless where IPython's own syntax stands, line by line."""
    source = _CELL_MAGIC.sub(r"\1pass", source)
    if source.lstrip().startswith("%%"):
        raise ValueError("the cell is in another language")
    return _LINE_MAGIC.sub(r"\1pass", _ASSIGNED_MAGIC.sub(r"\1None", source))


def with_first_line(source: str) -> str:
    """Return a cell as IPython would read it, on the same lines: it drops empty ones at the beginning,
    and counts without them."""
    lines = source.replace("\r\n", "\n").split("\n")
    empty = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[empty].startswith("%%"):
        return "\n".join(lines[empty:])
    indent = len(lines[empty]) - len(lines[empty].lstrip())
    if indent:  # a cell that is indented as a whole, as Jupyter accepts it
        lines = textwrap.dedent("\n".join(lines)).split("\n")
    return "\n".join(["#"] * empty + lines[empty:])


def statements(sources: Sequence[str]) -> Iterator[tuple[int, ast.stmt]]:
    """Yield every top-level statement of valid cells, with the number of its cell from 1."""
    for number, source in enumerate(sources, start=1):
        tree = parse(source)
        for statement in tree.body if tree else ():
            yield number, statement


def lines_of(statement: ast.stmt) -> range:
    """Return the lines of a statement, from 1, its decorators included."""
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    return range(first, (statement.end_lineno or statement.lineno) + 1)


def statement_at(source: str, line: int) -> ast.stmt | None:
    """Return the top-level statement on a line, counted from 1."""
    for _, statement in statements([source]):
        if line in lines_of(statement):
            return statement
    return None


def after(source: str, line: int) -> str:
    """Return what follows the top-level statement at `line`, on the lines where it stood."""
    return _without_statements(source, line, also_before=True)


def without(source: str, line: int) -> str:
    """Return a cell less the top-level statement at `line`, the rest on the lines where it stood."""
    return _without_statements(source, line, also_before=False)


def _without_statements(source: str, line: int, *, also_before: bool) -> str:
    tree = parse(source)
    if tree is None:
        return ""
    lines = source.split("\n")
    for statement in tree.body:
        here = lines_of(statement)
        if line in here or (also_before and here.start <= line):
            for number in here:
                lines[number - 1] = "#"
    return "\n".join(lines) if any(line.strip() not in ("", "#") for line in lines) else ""


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


def defined_by(statement: ast.stmt) -> set[str]:
    """Return the names that are not there, or not as meant, if a top-level statement fails."""
    if isinstance(statement, Definition):
        return {statement.name}
    return created_by(statement) | _targets(statement)


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what a piece of code imports, and the names that it gets: `numpy` and `np`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                yield module + alias.name, alias.asname or alias.name.split(".")[0]


def _targets(statement: ast.stmt) -> set[str]:
    nodes = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {node.id for node in nodes if isinstance(node.ctx, ast.Store)}


def rebind(source: str, names: Collection[str], holder: str) -> str:
    """Return a cell in which `names` take their values from the mapping `holder`.

    After each statement that makes, fills or defines one of the names, at the top or in a block that runs
    once, it is bound to a fresh copy of the held value: so a notebook that draws its data, in one
    statement or in a loop, computes with other data from there on.
    """
    return _rebinding(frozenset(names), holder)(source)


@functools.lru_cache(maxsize=16)
def _rebinding(names: frozenset[str], holder: str) -> Callable[[str], str]:
    return _kept(functools.partial(_rebound, names=names, holder=holder))


def _rebound(source: str, names: Collection[str], holder: str) -> str:
    tree = parse(source)
    if tree is None:
        return source
    lines = source.split("\n")
    mentioning = {number for number, line in enumerate(lines, start=1) if _may_mention(line, names)}
    added: dict[int, list[str]] = {}
    for statement, column in _run_once(tree.body):
        last = statement.end_lineno or statement.lineno
        if mentioning.isdisjoint(range(statement.lineno, last + 1)):
            continue
        indent = " " * column
        made = {statement.name} if isinstance(statement, Definition) else created_by(statement)
        for name in sorted(made & set(names)):
            added.setdefault(last, []).append(
                f"{indent}{name} = __import__('copy').deepcopy({holder}[{name!r}])"
            )
    rebound: list[str] = []
    for number, line in enumerate(lines, start=1):
        rebound += [line, *added.get(number, [])]
    return "\n".join(rebound)


def _may_mention(line: str, names: Collection[str]) -> bool:
    """Return whether one of some names may stand on a line: in other letters, several spell the same name."""
    return not line.isascii() or any(name in line for name in names)


def _run_once(body: Sequence[ast.stmt], depth: int = 0) -> Iterator[tuple[ast.stmt, int]]:
    """Yield statements, inner ones first, of blocks that run once from top to bottom, and how far in each is.

    That is its block's first statement's column: others may follow it on a line, after a `;`.
    """
    for statement in body:
        if isinstance(statement, ast.If | ast.With | ast.Try) and depth < MAX_BLOCKS:
            for block in ("body", "orelse", "finalbody"):
                inner = getattr(statement, block, [])
                yield from _run_once([each for each in inner if each.lineno > statement.lineno], depth + 1)
        yield statement, body[0].col_offset


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
    first, second = (
        [each for source in sources for each in _outlines(source) if each.definition == name][-1:]
        for sources in (one, other)
    )
    if not first or not second:
        return first == second
    return first[0].digest is not None and first[0].digest == second[0].digest


def left_open(sources: Sequence[str], template: Sequence[str], names: Collection[str]) -> bool:
    """Return whether a notebook makes `names` as the template does, whose blanks for them are open.

    White space, comments, copies of a cell and statements around it make no difference. Where the
    template makes them without a blank, those of the functions that this uses count.
    """
    names = frozenset(names) | _left_to(template, names)
    own = [statement for source in sources for statement in _outlines(source)]
    there, asked, blank = set(), set(), False
    for source in template:
        here = _outlines(source)
        making = [statement for statement in here if not statement.defines.isdisjoint(names)]
        there |= {statement.digest for statement in making}
        asked |= {statement.digest for statement in here if making}
        blank = blank or any(statement.blank for statement in making)
    made = {statement.digest for statement in own if not statement.defines.isdisjoint(names)}
    return blank and None not in asked and asked <= {each.digest for each in own} and made <= there


def _left_to(template: Sequence[str], names: Collection[str]) -> set[str]:
    """Return the functions with blanks that make `names` in the template, unless a blank of its own does."""
    outlines = [each for source in template for each in _outlines(source)]
    if any(each.blank and not each.defines.isdisjoint(names) for each in outlines):
        return set()
    used = {
        name
        for _, statement in statements(template)
        if not defined_by(statement).isdisjoint(names)
        for name in read_by(statement)
    }
    return {each.definition for each in outlines if each.blank and each.definition in used}


@dataclass(frozen=True, slots=True)
class _Outline:
    """What is asked of a top-level statement again and again: which code is equal to it, the name if it
    is a definition, what it defines, and whether a blank is open in it."""

    digest: bytes | None
    definition: str
    defines: frozenset[str]
    blank: bool


def _outlines(source: str) -> tuple[_Outline, ...]:
    """Return the outline of each statement of a cell."""
    return _outlined(source)


@_kept
def _outlined(source: str) -> tuple[_Outline, ...]:
    outlines = []
    for _, statement in statements([source]):
        dumped = _dump(statement)
        digest = None if dumped is None else hashlib.sha256(dumped.encode("utf-8", "surrogatepass")).digest()
        name = statement.name if isinstance(statement, Definition) else ""
        defines = frozenset(defined_by(statement))
        outlines.append(_Outline(digest, name, defines, has_open_blank(statement)))
    return tuple(outlines)


def _dump(node: ast.AST) -> str | None:
    """Return what is the same for equal code, or None of code that cannot be written down."""
    try:
        return ast.dump(node)
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        return None


def calls_math(sources: Sequence[str], cell: int, line: int) -> bool:
    """Return whether a function of `math` is called on a line; cell and line count from 1, 0 is unknown."""
    lines = sources[cell - 1].split("\n") if 0 < cell <= len(sources) else []
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    functions = {
        name
        for _, statement in statements(sources)
        if isinstance(statement, ast.ImportFrom)
        for what, name in imported(statement)
        if what.startswith("math.")
    }
    called = re.findall(r"(?<![\w.])(math\.)?(\w+)[ \t]*\(", text)
    return any(module or name in functions for module, name in called)


def globals_read(sources: Sequence[str], function: str, names: Collection[str]) -> list[str]:
    """Return which of `names` a function, or a function that it uses, reads without binding it."""
    definitions = {each.name: each for _, each in statements(sources) if isinstance(each, Definition)}
    read: set[str] = set()
    pending = [function]
    while pending:
        definition = definitions.pop(pending.pop(), None)
        if definition is not None:
            free = _free_names(definition)
            read |= free
            pending += sorted(free)
    return sorted(read & set(names))


def numbers_written(sources: Sequence[str], function: str) -> set[float]:
    """Return the numbers in a function where a size may stand: no axes, places in a sequence and powers."""
    found: set[float] = set()
    definitions = [each for _, each in statements(sources) if isinstance(each, Definition)]
    pending: list[ast.AST] = [*[each for each in definitions if each.name == function][-1:]]
    while pending:
        match node := pending.pop():
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                found.add(value)
            case ast.Subscript(value=inner) | ast.BinOp(left=inner, op=ast.Pow()):
                pending.append(inner)
            case ast.Call(func=func, args=arguments, keywords=named):
                called = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
                pending += [func, *([] if called in _TAKES_AXES else arguments)]
                pending += [each.value for each in named if each.arg not in ("axis", "axes", "ddof")]
            case _:
                pending += ast.iter_child_nodes(node)
    return found


def read_by(statement: ast.stmt) -> set[str]:
    """Return the names of the notebook that a top-level statement reads, or a function in it when called."""
    if isinstance(statement, Definition):
        return _free_names(statement)
    nodes = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {node.id for node in nodes if isinstance(node.ctx, ast.Load)}


_TAKES_AXES = frozenset({
    "transpose", "swapaxes", "moveaxis", "expand_dims", "squeeze", "stack", "concatenate",
    "sum", "mean", "max", "min", "amax", "amin", "argmax", "std", "var",
})  # fmt: skip


def _free_names(definition: Definition) -> set[str]:
    arguments = {part.arg for part in ast.walk(definition) if isinstance(part, ast.arg)}
    used = [part for part in ast.walk(definition) if isinstance(part, ast.Name)]
    stored = {part.id for part in used if isinstance(part.ctx, ast.Store)}
    return {part.id for part in used} - stored - arguments
