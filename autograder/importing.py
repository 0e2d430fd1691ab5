"""From a notebook with blanks and printed true values to the draft of a master: nothing of it is run."""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograder import blanks, cells, describing
from autograder.describing import TODO, Asked
from autograder.errors import AuthoringError
from autograder.master import read_cells
from autograder.placeholders import Blank, blanks_of, body_of, repaired, tree_of
from autograder.plain_cells import (
    Remark,
    as_note,
    plain_python,
    plain_source,
    text_lines,
    without_what_only_they_can_do,
)
from autograder.printed_values import Check, checks_of
from autograder.skeleton import title_of

_TITLE = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)
LONGEST_TITLE = 100
NOT_VALID, KEPT = "not valid Python", ": the cell is kept as a note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A master that is to be finished.

    Attributes:
        text: the master.
        questions: their names.
        to_do: what its author has to do, by line of the master.
        remarks: what could not be taken over, by cell and line of the notebook.
    """

    text: str
    questions: tuple[str, ...]
    to_do: tuple[tuple[int, str], ...]
    remarks: tuple[Remark, ...]


@dataclass(slots=True)
class _Piece:
    """What becomes one cell of the master."""

    kind: str
    """`text`, `given`, `note` (for the author alone) or the name of a question."""
    lines: list[str]
    cell: int
    question: str = ""


@dataclass(slots=True)
class _Code:
    """A code cell that is valid Python: its blanks, and the number of the notebook's cell."""

    cell: int
    source: str
    tree: ast.Module
    blanks: list[Blank] = field(default_factory=list)
    marked: bool = False


def draft_of(notebook: Sequence[tuple[str, str]], name: str) -> Draft:
    """Return a draft of a master.

    Args:
        notebook: the kind and the source of each cell.
        name: what the assignment is to be called.

    Raises:
        AuthoringError: if there is no blank in the notebook, and no true value that says where one was.
    """
    try:
        return _draft_of(notebook, name)
    except RecursionError:
        raise AuthoringError(
            "the code of the notebook is nested too deeply to be read",
            where=f"`{name}`",
            next_step="Take out the cell that no person wrote, and import again.",
        ) from None


def _draft_of(notebook: Sequence[tuple[str, str]], name: str) -> Draft:
    remarks: list[Remark] = []
    notebook = [
        (kind, plain_source(number, kind, source, remarks))
        for number, (kind, source) in enumerate(notebook, start=1)
    ]
    read = [
        (number, kind, plain_python(number, source, remarks) if kind == "code" else source)
        for number, (kind, source) in enumerate(notebook, start=1)
    ]
    of_colab: set[str] = set()
    code = {
        number: _code(number, source, of_colab, remarks) for number, kind, source in read if kind == "code"
    }
    valid = [each for each in code.values() if each is not None]
    checks = checks_of([(each.cell, each.tree) for each in valid])
    if not any(each.blanks or each.marked for each in valid):
        _blanks_where_checked(valid, checks)
    if not any(each.blanks or each.marked for each in valid):
        raise _no_blank(name, remarks)
    trees = {each.cell: each.tree for each in valid}
    pieces: list[_Piece] = []
    asked: dict[str, Asked] = {}
    for number, kind, source in read:
        each = code.get(number)
        if each is not None:
            pieces += _pieces(each, asked, checks, trees, remarks)
        elif kind == "code" and source.strip():
            pieces.append(_Piece(kind="note", lines=as_note(number, source), cell=number))
        elif kind == "markdown" and source.strip():
            pieces.append(_Piece(kind="text", lines=text_lines(number, source, remarks), cell=number))
        elif kind not in ("code", "markdown"):
            remarks.append(
                Remark(cell=number, line=1, what="a cell that is neither text nor code is left out")
            )
    described, more = describing.described(_title(notebook, name), asked, checks, list(trees.values()))
    remarks += [Remark(cell=cell, line=line, what=what) for cell, line, what in more]
    return _written(pieces, described, asked, remarks)


def _no_blank(name: str, remarks: Sequence[Remark]) -> AuthoringError:
    broken = [each for each in remarks if each.what.startswith(NOT_VALID)]
    if not broken:
        return AuthoringError(
            "the notebook has no blank that could be seen",
            where=f"`{name}`",
            next_step="Mark each in a comment over it, `# TODO: ...`, or put `...` in its place.",
        )
    first = broken[0]
    what = f"cell {first.cell}, line {first.line} is {first.what.removesuffix(KEPT)}"
    return AuthoringError(
        f"{what}, and no blank that could be seen is in another cell",
        where=f"`{name}`",
        next_step="Correct the cell in Jupyter, save the notebook, and import again.",
    )


# ---------------------------------------------------------------- cells


def _code(number: int, source: str, of_colab: set[str], remarks: list[Remark]) -> _Code | None:
    """Return a code cell with its blanks, or None if it is empty or no valid Python."""
    if not source.strip():
        return None
    mended = repaired(source) if tree_of(source) is None else source
    tree = tree_of(mended)
    if tree is None:
        try:
            ast.parse(mended)
            what, line = "", 1
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            what = getattr(error, "msg", None) or str(error) or type(error).__name__
            line = getattr(error, "lineno", None) or 1
        remarks.append(Remark(cell=number, line=line, what=f"{NOT_VALID} ({what}){KEPT}"))
        return None
    mended = without_what_only_they_can_do(number, mended, tree, of_colab, remarks)
    tree = tree_of(mended) or tree
    if not mended.strip():
        return None
    marked = blanks.has_marks(mended)
    if marked and not re.search(r"#\s*(?:END )?SOLUTION", mended):
        marked = False
    return _Code(
        cell=number, source=mended, tree=tree, blanks=[] if marked else blanks_of(mended), marked=marked
    )


def _blanks_where_checked(valid: Sequence[_Code], checks: Sequence[Check]) -> None:
    """Take for blanks, in a notebook that has none, what computes the values that true ones stand beside."""
    functions = {
        statement.name: (each, statement)
        for each in valid
        for statement in each.tree.body
        if isinstance(statement, ast.FunctionDef)
    }
    for check in checks:
        value = check.yours
        if isinstance(value, ast.Name):
            value = describing.assigned(value.id, [each.tree for each in valid]) or value
        called = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
        if called in functions:
            code, function = functions[called]
            blank = body_of(function, code.source)
            if blank not in code.blanks:
                code.blanks.append(blank)


def _title(notebook: Sequence[tuple[str, str]], name: str) -> str:
    for kind, source in notebook:
        found = _TITLE.search(source) if kind == "markdown" else None
        if found:
            title = re.sub(r"<[^>]*>|[*`]|[^\x20-\uffff]", "", found[1]).strip()[:LONGEST_TITLE]
            if title.isprintable() and title:
                return title
    return title_of(name)


# ---------------------------------------------------------------- questions


def _pieces(
    code: _Code,
    asked: dict[str, Asked],
    checks: Sequence[Check],
    trees: Mapping[int, ast.Module],
    remarks: list[Remark],
) -> Iterator[_Piece]:
    """Yield the parts of a code cell: each function with blanks by itself."""
    lines = _without_likely_marks(code, remarks)
    parts = list(_parts(code))
    for first, last, function in parts:
        inside = [blank for blank in code.blanks if first <= blank.first <= last + 1 and blank.last <= last]
        part = lines[first - 1 : last]
        marked = code.marked and blanks.has_marks("\n".join(part))
        if not (inside or marked) or not "".join(part).strip():
            if "".join(part).strip():
                yield _Piece(kind="given", lines=part, cell=code.cell)
            continue
        question = function or describing.variable_asked(
            code.tree, inside, code.cell, first, last, checks, asked, trees
        )
        name = question.name if isinstance(question, Asked) else question
        known = asked.setdefault(
            name,
            question
            if isinstance(question, Asked)
            else Asked(name=name, cell=code.cell, function=describing.parameters(code.tree, name)),
        )
        known.blanks += inside
        if isinstance(question, Asked) and question is not known:
            known.made = tuple(dict.fromkeys((*known.made, *question.made)))
        if not code.marked:
            part = _with_marks(part, inside, first, name)
        yield _Piece(kind="question", lines=part, cell=code.cell, question=name)


def _parts(code: _Code) -> Iterator[tuple[int, int, str]]:
    """Yield first and last line of each part of a cell, and the function with blanks that it is, if one."""
    lines = code.source.split("\n")
    body = code.tree.body
    starts, names = [], []
    end = 0
    for statement in body:
        first = cells.lines_of(statement).start
        while first - 1 > end and lines[first - 2].lstrip().startswith("#"):
            first -= 1
        last = statement.end_lineno or statement.lineno
        is_function = isinstance(statement, ast.FunctionDef)
        holds = code.marked or any(
            first <= blank.first <= last + 1 and blank.last <= last for blank in code.blanks
        )
        names.append(
            statement.name if is_function and holds and isinstance(statement, ast.FunctionDef) else ""
        )
        starts.append(first)
        end = last
    groups: list[tuple[int, str]] = []
    for start, name in zip(starts, names, strict=True):
        if not groups or groups[-1][1] != name or name:
            groups.append((start, name))
    if not groups:
        groups = [(1, "")]
    for position, (start, name) in enumerate(groups):
        last = groups[position + 1][0] - 1 if position + 1 < len(groups) else len(lines)
        yield (1 if position == 0 else start), last, name


def _without_likely_marks(code: _Code, remarks: list[Remark]) -> list[str]:
    """Return the lines of a cell without the comments that a master would take for marks."""
    lines = code.source.split("\n")
    for number, comment in blanks.like_marks(code.source):
        remarks.append(
            Remark(
                cell=code.cell,
                line=number,
                what=f"`{comment[:60]}` is left out: it reads like a mark of a solution",
            )
        )
        at = lines[number - 1].rfind(comment)
        lines[number - 1] = lines[number - 1][:at].rstrip()
    return lines


def _with_marks(part: Sequence[str], inside: Sequence[Blank], first: int, name: str) -> list[str]:
    """Return the lines of a question's cell with marks for its blanks, and what is to do in them."""
    found: list[str] = []
    position = first
    for blank in inside:
        found += part[position - first : blank.first - first]
        held = part[blank.first - first : blank.last - first + 1]
        position = max(blank.last + 1, blank.first)
        indent = blank.indent
        content = held if "".join(held).strip() else [f"{indent}..."]
        prompt = [f"{indent}{line}" for line in _left_open(content)]
        if prompt != [f"{indent}..."]:
            prompt = [f'{indent}""" # BEGIN PROMPT', *prompt, f'{indent}"""; # END PROMPT']
        else:
            prompt = []  # what students get anyway
        if blank.solved and _is_simple(content):
            found.append(f"{content[0].rstrip()}  # SOLUTION")
        elif blank.solved:
            found += [f"{indent}# BEGIN SOLUTION", *content, f"{indent}# END SOLUTION"]
        else:
            wanted = f"{indent}# {TODO}: solve this blank of `{name}`, in the place of what follows"
            found += [f"{indent}# BEGIN SOLUTION", wanted, *content, f"{indent}# END SOLUTION", *prompt]
    return [*found, *part[position - first :]]


def _left_open(content: Sequence[str]) -> list[str]:
    """Return what students get for placeholders: `x = ...`, by which an untouched blank is known."""
    tree = tree_of("def f():\n" + textwrap.indent(textwrap.dedent("\n".join(content)), " ") + "\n")
    function = tree.body[0] if tree is not None else None
    found = []
    for statement in function.body if isinstance(function, ast.FunctionDef) else ():
        match statement:
            case ast.Assign(targets=targets):
                found.append(" = ".join([*map(ast.unparse, targets), "..."]))
            case ast.Return():
                found.append("return ...")
            case _:
                found.append("...")
    return found if set(found) - {"..."} else ["..."]


def _is_simple(content: Sequence[str]) -> bool:
    """Return whether a blank is one statement on one line, without a comment."""
    tree = tree_of(content[0].strip()) if len(content) == 1 and "#" not in content[0] else None
    if tree is None:  # such as `return x`, which is valid in a function
        return len(content) == 1 and bool(re.fullmatch(r"\s*return [^#;]+", content[0]))
    return len(tree.body) == 1 and not hasattr(tree.body[0], "body")


# ---------------------------------------------------------------- the master


def _unreadable(text: str, meant: Sequence[tuple[str, str]], count: int) -> Iterator[tuple[int, str]]:
    """Yield what `build` would refuse before anything of the draft is run.

    Args:
        text: the draft.
        meant: the role and the question of each cell that it should have.
        count: how many these are, with the notes for the author.

    Raises:
        AuthoringError: if it has others.
    """
    where = "draft"
    try:
        different = [(cell.role, cell.question) for cell in read_cells(text, where)] != list(meant)
    except AuthoringError:  # it is told below
        different = sum(line.startswith("# %%") for line in text.splitlines()) != count
    if different:
        raise AuthoringError(
            "the lines of the notebook would make other cells in a master than it has",
            next_step="Look for texts over several lines that hold `# %%`, take these out, and import again.",
        )
    try:
        for cell in read_cells(text, where):
            if cell.role == "question":
                blanks.strip(cell.source, where, cell.line)
            elif cell.role == "given":
                blanks.refuse_marks(cell.source, where, cell.line)
    except AuthoringError as error:
        line = error.where.rpartition(":")[2]
        yield int(line) if line.isdecimal() else 1, error.what
    except SyntaxError as error:
        yield 1, f"a cell is not valid Python any more: {error.msg}"


def _written(
    pieces: Sequence[_Piece], described: str, asked: dict[str, Asked], remarks: list[Remark]
) -> Draft:
    lines: list[str] = []
    opening = {
        "text": "# %% [markdown]",
        "given": '# %% tags=["given"]',
        "note": '# %% [markdown] tags=["private"]',
    }
    for piece in pieces:
        lines.append(f"# %% question={json.dumps(piece.question)}" if piece.question else opening[piece.kind])
        content = "\n".join(piece.lines).strip("\n").split("\n")
        if piece.kind in ("text", "note"):
            content = [f"# {line}".rstrip() for line in content]
        lines += [*(line.rstrip() for line in content), ""]
    text = "\n".join([*lines, described])
    private = len(re.findall(r"^# %%$", described, re.MULTILINE))
    meant = [(piece.kind, piece.question) for piece in pieces if piece.kind != "note"]
    meant += [("private", "")] * private
    to_do = [
        (number, line.partition(f"{TODO}: ")[2].strip())
        for number, line in enumerate(text.split("\n"), start=1)
        if f"# {TODO}: " in line
    ]
    return Draft(
        text=text,
        questions=tuple(asked),
        to_do=tuple(sorted({*to_do, *_unreadable(text, meant, len(pieces) + private)})),
        remarks=tuple(sorted(set(remarks), key=lambda each: (each.cell, each.line, each.what))),
    )
