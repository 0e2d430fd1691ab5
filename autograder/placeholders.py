"""What a notebook leaves to be filled in: its blanks, by the comments over them and by what stands there."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder import cells

_ASKS = re.compile(
    r"(?<!\w)to-?do(?!\w)|\b(?:your|own)\s+code\b|\bcode\s+(?:goes\s+)?here"
    r"|\breplace\s+(?:this|me|(?:these|the|it)\b[^.\n]{0,60}\b(?:lines?|code|below|body|placeholder|dots|none))\b"
    r"|^(?:fill\s+(?:this\s+|me\s+)?in|complete\s+(?:this|the))\b"
    r".{0,60}\b(?:below|here|code|blanks?|line|function)\b",
    re.IGNORECASE,
)
_TO_BE_REPLACED = re.compile(r"\breplace\s+(?:this|me|these|the|it)\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:I|we)\b[^.\n]{0,20}\b(?:done|did|given|gave|written|wrote|filled)\s+(?:in\s+)?(?:the\s+)?first\s+(\w+)?",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\b(begin|start)\b.*\b(to-?do|code|answer|solution)\b", re.IGNORECASE)
_ENDS = re.compile(r"\bend\b.*\b(to-?do|code|answer|solution)\b", re.IGNORECASE)
_LINES = re.compile(
    r"replace\s+(?:this|these|the)?\s*(?:following\s+|next\s+)?(?:(\w+)\s+)??(?:single\s+|whole\s+)?line(s?)\b",
    re.IGNORECASE,
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_EMPTY = {"zeros", "zeros_like", "ones", "ones_like", "empty", "empty_like", "full", "full_like", "eye"}
_NOT_SAID = re.compile(
    r"^\W*(to-?do)?\W*|\s*\(?replace\s+(this|these|the)\b.*$|^\W*(your|write)\b.*code.*$|[\s.,;:!?*=#/-]+$",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_THE_TASK = re.compile(
    r"^\W*(?:to-?do\b)?\W*(?:you\s+)?(?:please\s+|should\s+)?(?:replace\s+(?:this|these|the|it)\b[^.]{0,60}?"
    r"|(?:write|add|insert|put)\s+(?:(?:your|some|the|own)\s+){0,2}code(?:\s+here|\s+below)?)\s+to\s+(?=\w)",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?:])\s+(?=[A-Z(])|\n")
_GOES_ON = re.compile(r"(?<![.:!?])\n(?=[a-z(]|\d+(?!\d*[.)]))")
_HALF_WRITTEN = re.compile(
    r"^(\s*(?:return\b|[\w.\[\]:, ]+=(?!=)))[ \t]*(?:\?+|<[^<>]*>|\[?\s*your\s+code(?:\s+here)?\s*\]?)?"
    r"[ \t]*(#.*)?$",
    re.IGNORECASE,
)
_OPENS_BLOCK = re.compile(r"^(\s*)(def|class|for|while|if|elif|else|with|try)\b.*:\s*(#.*)?$")

MAX_COMMENT = 300
"""How much of a comment is read."""
MAX_LINES, MAX_LINE = 400, 300
"""Up to how many lines, and how long, a cell that is no valid Python has that is searched for blanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Lines of a cell that students fill in.

    Attributes:
        first: the first line of it, from 1.
        last: the last one; one before `first` where nothing stands there.
        indent: how far its lines are indented.
        asked: what the comment over it asks for; may be empty.
        solved: whether what stands there is no mere placeholder.
        makes: the variables that it is there to set.
    """

    first: int
    last: int
    indent: str
    asked: str
    solved: bool
    makes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Comments on adjacent lines of their own, or one at the end of a line of code."""

    first: int
    last: int
    column: int
    text: str
    alone: bool


def repaired(source: str) -> str:
    """Return a cell that is no valid Python with `...` where nothing but a blank is missing, if that helps.

    No line moves, but for a block without statements, which gets one behind its comments.
    """
    if source.count("\n") > MAX_LINES or max(map(len, source.split("\n"))) > MAX_LINE:
        return source
    lines = [
        f"{half[1].rstrip()} ...  {half[2] or ''}".rstrip()
        if (half := _HALF_WRITTEN.match(line)) and line.strip() != "return"
        else line
        for line in source.split("\n")
    ]
    for candidate in (lines, _with_bodies(lines)):
        text = "\n".join(candidate)
        if tree_of(text) is not None:
            return text
    return source


def _with_bodies(lines: Sequence[str]) -> list[str]:
    """Return lines in which a block that holds nothing but comments holds `...` after them."""
    found: list[str] = []
    for position, line in enumerate(lines):
        found.append(line)
        opens = [(n, each) for n in range(position, -1, -1) if (each := _OPENS_BLOCK.match(lines[n]))]
        if not opens or any(
            lines[n].strip() and not lines[n].lstrip().startswith("#")
            for n in range(opens[0][0] + 1, position + 1)
        ):
            continue
        outer = len(opens[0][1][1])
        following = next((each for each in lines[position + 1 :] if each.strip()), "")
        depth = len(following) - len(following.lstrip())
        if depth <= outer and (line.strip() or not following):
            inner = [each for each in lines[opens[0][0] + 1 : position + 1] if each.strip()]
            indent = len(inner[-1]) - len(inner[-1].lstrip()) if inner else 0
            found.append(" " * max(indent, outer + 2) + "...")
    return found


def tree_of(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, or None if it is no valid Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def blanks_of(source: str) -> list[Blank]:
    """Return the blanks of a cell that is valid Python, from top to bottom; none overlaps another."""
    tree = ast.parse(source)
    lines = source.split("\n")
    comments = list(_comments(source))
    found = list(_regions(comments, tree))
    for comment in comments:
        if _ASKS.search(comment.text) and not (_BEGINS.search(comment.text) or _ENDS.search(comment.text)):
            found += _asked_for(comment, tree, lines)
    for body in _bodies(tree):
        found += _bare(body, comments)
    for body in _function_bodies(tree):
        if isinstance(body[-1], ast.Pass) and all(isinstance(each, ast.Pass | ast.Expr) for each in body):
            found.append(_over(body[-1:], lines, ""))
    return _merged(found)


def body_of(function: ast.FunctionDef | ast.AsyncFunctionDef, source: str) -> Blank:
    """Return the whole body of a function, less its docstring, as a blank that is solved."""
    body = function.body
    statements = body[1:] if ast.get_docstring(function) is not None and len(body) > 1 else body
    return _over(statements, source.split("\n"), "")


# ---------------------------------------------------------------- where they are


def _comments(source: str) -> Iterator[Comment]:
    lines = source.split("\n")
    block: Comment | None = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        (line, column), text = token.start, token.string.lstrip("# \t").rstrip()[:MAX_COMMENT]
        alone = not lines[line - 1][:column].strip()
        below = block and alone and block.alone and (block.last + 1, block.column) == (line, column)
        apart = _ENDS.search(text) or _BEGINS.search(text) or (block and _ENDS.search(block.text))
        if block and below and not apart:
            block = replace(block, last=line, text=f"{block.text}\n{text}")
            continue
        if block:
            yield block
        block = Comment(first=line, last=line, column=column, text=text, alone=alone)
    if block:
        yield block


def _function_bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.body


def _bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield body


def _regions(comments: Sequence[Comment], tree: ast.AST) -> Iterator[Blank]:
    """Yield what stands between a comment that begins a blank and the next one that ends it."""
    for begin in comments:
        end = next((each for each in comments if each.first > begin.last and _ENDS.search(each.text)), None)
        if not _BEGINS.search(begin.text) or end is None:
            continue
        inside = [
            statement
            for body in _bodies(tree)
            for statement in body
            if begin.last < statement.lineno and (statement.end_lineno or 0) < end.first
        ]
        outermost = [each for each in inside if each.col_offset == min(one.col_offset for one in inside)]
        indent = " " * (outermost[0].col_offset if outermost else begin.column)
        yield Blank(
            first=begin.last + 1,
            last=end.first - 1,
            indent=indent,
            asked=_asked(begin.text.partition("\n")[2]),
            solved=any(not is_placeholder(each) for each in outermost),
            makes=_makes(outermost),
        )


def _asked_for(comment: Comment, tree: ast.AST, lines: Sequence[str]) -> Iterator[Blank]:
    bodies = list(_bodies(tree))
    if not comment.alone:
        on_line = [
            each for body in bodies for each in body if each.lineno <= comment.first <= (each.end_lineno or 0)
        ]
        if on_line:  # the innermost comes last
            blank = _over(_inner([on_line[-1]]), lines, comment.text)
            yield replace(blank, solved=blank.solved and not _TO_BE_REPLACED.search(comment.text))
        return
    for body in bodies:
        after = [each for each in body if _first(each) > comment.last]
        if after and after[0].col_offset == comment.column and _nothing_between(comment, after[0], lines):
            meant = _inner(_how_many(after, comment))
            blank = _over(meant, lines, comment.text)
            replaced = _TO_BE_REPLACED.search(comment.text) and all(map(_hands_back, meant))
            yield replace(blank, solved=blank.solved and not replaced)
            return
    indent = " " * _column_at(comment, bodies)
    yield Blank(
        first=comment.last + 1, last=comment.last, indent=indent, asked=_asked(comment.text), solved=False
    )


def _column_at(comment: Comment, bodies: Iterable[list[ast.stmt]]) -> int:
    """Return how far a statement would be indented in the place of a comment, last in its block."""
    before = [each for body in bodies for each in body if each.lineno < comment.first]
    columns = [(each.lineno, each.col_offset) for each in before if each.col_offset <= comment.column]
    return max(columns)[1] if columns else 0


def _nothing_between(comment: Comment, statement: ast.stmt, lines: Sequence[str]) -> bool:
    between = lines[comment.last : _first(statement) - 1]
    return all(not line.strip() or line.lstrip().startswith("#") for line in between)


def _inner(statements: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    """Return what is meant by a comment over a function: its body."""
    first = statements[0]
    if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef):
        return first.body[1:] if ast.get_docstring(first) is not None and len(first.body) > 1 else first.body
    return statements


def _how_many(after: Sequence[ast.stmt], comment: Comment) -> Sequence[ast.stmt]:
    done = _DONE.search(comment.text)
    if done:
        word = (done[1] or "").lower()
        count = _NUMBERS.get(word, 1)
        if not any(map(is_placeholder, after[:count])):
            after = after[count:] or after
    said = _LINES.search(comment.text)
    if said:
        word = (said[1] or "").lower()
        count = _NUMBERS.get(word, int(word) if word.isdecimal() and len(word) < 3 else 0)
        if count or not said[2]:
            return after[: count or 1]
    placeholder = is_placeholder(after[0])
    run = [after[0]]
    for statement in after[1:]:
        adjacent = _first(statement) == (run[-1].end_lineno or 0) + 1
        returned = isinstance(statement, ast.Return) and isinstance(statement.value, ast.Name)
        if not adjacent or returned or _prints(statement) or (placeholder and not is_placeholder(statement)):
            break
        run.append(statement)
    return run


def _prints(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"


def _bare(body: Sequence[ast.stmt], comments: Sequence[Comment]) -> Iterator[Blank]:
    """Yield placeholders that need no comment to be seen as such."""
    for statement in body:
        value = getattr(statement, "value", None)
        bare = isinstance(value, ast.Constant) and value.value is ...
        bare = bare or (isinstance(value, ast.Name) and len(value.id) > 1 and not value.id.strip("_"))
        bare = bare or _not_implemented(statement)
        if bare and isinstance(statement, ast.Assign | ast.Return | ast.Expr | ast.Raise | ast.AnnAssign):
            over = [each.text for each in comments if each.alone and each.last == statement.lineno - 1]
            yield Blank(
                first=statement.lineno,
                last=statement.end_lineno or statement.lineno,
                indent=" " * statement.col_offset,
                asked=_asked(over[-1] if over else ""),
                solved=False,
                makes=_makes([statement]),
            )


def _not_implemented(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Raise) and "NotImplemented" in ast.unparse(statement)


def is_placeholder(statement: ast.stmt) -> bool:
    """Return whether a statement is what stands in a blank before it is filled in."""
    if isinstance(statement, ast.Pass) or _not_implemented(statement):
        return True
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr):
        return False
    value = statement.value
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr="copy"), args=[]):
            return True
        case None:
            return True
        case ast.Constant():
            return True
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return all(isinstance(each, ast.Constant) for each in elements)
        case ast.Dict(keys=keys):
            return not keys
        case ast.Name():
            return isinstance(statement, ast.Assign) or not value.id.strip("_")
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name in _EMPTY
    return False


def _hands_back(statement: ast.stmt) -> bool:
    """Return whether a statement computes nothing: a placeholder, or a name that is returned as it is."""
    returned = isinstance(statement, ast.Return) and isinstance(statement.value, ast.Name)
    return returned or is_placeholder(statement)


# ---------------------------------------------------------------- putting them together


def _first(statement: ast.stmt) -> int:
    return cells.lines_of(statement).start


def _over(statements: Sequence[ast.stmt], lines: Sequence[str], text: str) -> Blank:
    first = _first(statements[0])
    line = lines[first - 1]
    return Blank(
        first=first,
        last=statements[-1].end_lineno or first,
        indent=line[: len(line) - len(line.lstrip())],
        asked=_asked(text),
        solved=not all(map(is_placeholder, statements)),
        makes=_makes(statements),
    )


def _asked(comment: str) -> str:
    """Return what a comment asks for, its first sentence that says more than that it asks."""
    for sentence in _SENTENCE_ENDS.split(_GOES_ON.sub(" ", comment)):
        if _DONE.search(sentence):
            continue
        said = _NOT_SAID.sub("", _BEFORE_THE_TASK.sub("", sentence)).strip()
        said = _with_whole_brackets(said)
        if len(said.split()) > 1:
            return said[:1].lower() + said[1:] if said[1:2].islower() else said
    return ""


def _with_whole_brackets(text: str) -> str:
    """Return a text up to a bracket that is not closed; nothing if one is closed that was not opened."""
    opened: list[int] = []
    for position, letter in enumerate(text):
        if letter in "([{":
            opened.append(position)
        elif letter in ")]}" and not opened:
            return ""
        elif letter in ")]}":
            opened.pop()
    return text[: opened[0]].rstrip(" ,;:") if opened else text


def _makes(statements: Iterable[ast.stmt]) -> tuple[str, ...]:
    """Return the variables that statements are there to set, as they are written."""
    found: dict[str, None] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=targets):
                parts = targets
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                parts = [target]
            case _:
                parts = []
        for part in parts:
            for each in part.elts if isinstance(part, ast.Tuple | ast.List) else [part]:
                if isinstance(each, ast.Name | ast.Attribute):
                    found[ast.unparse(each)] = None
    return tuple(found)


def _merged(found: Iterable[Blank]) -> list[Blank]:
    merged: list[Blank] = []
    for blank in sorted(found, key=lambda each: (each.first, -each.last)):
        before = merged[-1] if merged else None
        if before and blank.first <= max(before.last, before.first):
            merged[-1] = replace(
                before,
                last=max(before.last, blank.last),
                asked=before.asked or blank.asked,
                makes=tuple(dict.fromkeys((*before.makes, *blank.makes))),
                solved=before.solved and (blank.solved or blank.last < before.last),
            )
        else:
            merged.append(blank)
    return merged
