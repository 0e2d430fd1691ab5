"""Solutions out of code, fail-closed: what is left must be valid and hold no trace of a marker.

The marks are Otter Assign's: a statement that ends in `# SOLUTION` or `# SOLUTION NO PROMPT`; lines
between `# BEGIN SOLUTION` (or `# BEGIN SOLUTION NO PROMPT`) and `# END SOLUTION`; and what students
get instead of a block, between `\"\"\" # BEGIN PROMPT` and `\"\"\"; # END PROMPT`.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator

from autograder.errors import AuthoringError

PROMPT = "..."
SHORTEST = 10
"""Solutions of fewer characters (`return x`) may stand elsewhere by chance."""

_LINE = ("# SOLUTION", "# SOLUTION NO PROMPT")
_BEGIN = ("# BEGIN SOLUTION", "# BEGIN SOLUTION NO PROMPT")
_END = "# END SOLUTION"
_BEGIN_PROMPT = "# BEGIN PROMPT"
_END_PROMPT = "# END PROMPT"
_MARKS = (*_LINE, *_BEGIN, _END, _BEGIN_PROMPT, _END_PROMPT)
_IN_CAPITALS = re.compile(r"(?<![A-Z])(?:(?:BEGIN|START|END)_?)?SOLUT|(?<![A-Z])PROMPTS?(?![A-Z])")
_BEFORE_A_MARK = re.compile(
    r"(?:an?|the|this|that|is|are|here|my|our|your|one|no|of|to|do|todo|model|sample|example|reference|right|correct"
    r"|full|complete|official|instructors?|teachers?|authors?|s|q|part|task|question|exercise|problem|answer|and|or)"
)
"""What may stand before `solution` in a comment that is nothing else."""
_OPENING = re.compile(r"begin|begins|begn|bgin|beign|begg?ini?ng|starts?|ends?|ned|edn|stop|finish")
_NO_MARKS = re.compile("(?:resol|evol|pol|dil|devol)ution|pollution|volition")
"""English words that differ from `solution` in two letters."""
_MARKED_LINE = re.compile(r"^[ \t]*#\s*(BEGIN|END) SOLUTION.*\n?", re.MULTILINE)
_MARK_AT_END = re.compile(r"[ \t]*#\s*SOLUTION( NO PROMPT)?[ \t]*$", re.MULTILINE)
_PROMPT_BLOCK = re.compile(
    r'^[ \t]*""" # BEGIN PROMPT\n.*?"""; # END PROMPT[^\n]*\n?', re.MULTILINE | re.DOTALL
)
_MARK_ANYWHERE = re.compile(r"#\s*((begin|end)\s+)?(solution|prompt)\b", re.IGNORECASE)


def strip(source: str, where: str = "", first_line: int = 1) -> str:
    """Return a question's code as students get it.

    Args:
        source: the solved code of one cell.
        where: the master, for errors.
        first_line: the line of the master on which the code begins, from 1.

    Raises:
        AuthoringError: if a marker is unknown or unpaired, or what is left is no valid Python.
    """
    marks = _marks(source, where, first_line)
    if not any(mark in (*_LINE, *_BEGIN) for mark in marks.values()):
        raise AuthoringError(
            "a question's cell has no blank",
            where=f"{where}:{first_line}",
            next_step='Mark what students fill in with `# SOLUTION`, or tag the cell as ["given"].',
        )
    stripped = _stripped(source, marks, where, first_line)
    left = _MARK_ANYWHERE.search(stripped)
    if left:
        raise AuthoringError(
            f"`{left.group()}` is left for students: it stands where it is no comment",
            where=f"{where}:{first_line}",
        )
    try:
        ast.parse(stripped)
    except SyntaxError as error:
        raise AuthoringError(
            f"without its solutions the cell is not valid Python: {error.msg}",
            where=f"{where}:{first_line}",
            next_step="A block that was all of a function's body needs its prompt: drop `NO PROMPT`.",
        ) from None
    return stripped


def unmarked(source: str) -> str:
    """Return a question's solved code without its marks, and without what students get in its place."""
    source = _PROMPT_BLOCK.sub("", source)
    return _MARKED_LINE.sub("", _MARK_AT_END.sub("", source))


def unmarked_lines(source: str) -> list[int]:
    """Return, for each line of `unmarked`, which line of the source it is, from 1."""
    prompts = set[int]()
    for block in _PROMPT_BLOCK.finditer(source):
        first = source.count("\n", 0, block.start()) + 1
        prompts.update(range(first, first + block.group().rstrip("\n").count("\n") + 1))
    return [
        number
        for number, line in enumerate(source.split("\n"), start=1)
        if number not in prompts and not _MARKED_LINE.match(line)
    ]


def solution_lines(source: str, where: str = "", first_line: int = 1) -> set[int]:
    """Return the lines of a question's cell that students do not get, from 1.

    Raises:
        AuthoringError: as `strip`.
    """
    marks = _marks(source, where, first_line)
    taken = {number for number, _ in _replaced_statements(source, marks, where, first_line)}
    inside = False
    for number in range(1, source.count("\n") + 2):
        mark = marks.get(number, "")
        inside = (inside or mark in _BEGIN) and mark != _END
        if inside and mark not in _BEGIN:
            taken.add(number)
    return taken


def refuse_marks(source: str, where: str, first_line: int) -> None:
    """Refuse a given cell that has marks: it would leave as it is.

    Raises:
        AuthoringError: if there is anything like a mark in a comment.
    """
    for number, mark in _marks(source, where, first_line).items():
        raise AuthoringError(
            f"`{mark}` stands in a given cell, which students get as it is",
            where=f"{where}:{first_line + number - 1}",
            next_step='Give the cell a question instead: `# %% question="NAME"`.',
        )


def like_marks(source: str) -> list[tuple[int, str]]:
    """Return the comments of a cell that are no marks and would be refused as such, with their lines."""
    return [
        (number, comment)
        for number, comment in _comments(source, "", 1)
        if _squeezed(comment) not in _MARKS and _like_a_mark(comment)
    ]


def has_marks(source: str) -> bool:
    """Return whether a cell says by marks that are known what is to be taken out."""
    return any(_squeezed(comment) in _MARKS for _, comment in _comments(source, "", 1))


def _like_a_mark(comment: str) -> bool:
    """Return whether a comment may be meant as a mark: what it begins with, all of it, or a word in capitals.

    A sentence about the solution of an equation, or an absolute value, is none.
    """
    if _IN_CAPITALS.search(comment):
        return True
    for part in comment.split("#"):
        words = re.findall(r"[^\W\d_]+", part)
        if any(word.isupper() and _near_a_mark(word) for word in words):
            return True
        words = [word.lower() for word in words]
        if words and (
            _near_a_mark(words[0]) or (_OPENING.fullmatch(words[0]) and any(map(_near_a_mark, words[1:])))
        ):
            return True
    for part in re.split(r"[#:;.,]", comment):
        words = re.findall(r"[^\W\d_]+", part.lower())
        if words and _near_a_mark(words[-1]) and all(map(_BEFORE_A_MARK.fullmatch, words[:-1])):
            return True
    return False


def _near_a_mark(word: str) -> bool:
    """Return whether a word is `solution` or `prompt`, or may be one of them mistyped."""
    word = word.lower()
    if _NO_MARKS.fullmatch(word):
        return False
    joined = re.sub(r"^(?:begin|start|end)(?=.)", "", word)
    return joined.startswith("solut") or _mistyped(joined, "solution", 2) or _mistyped(joined, "prompt", 1)


def _mistyped(word: str, meant: str, most: int) -> bool:
    """Return whether at most so many letters are left out, added, replaced, or swapped with the next."""
    if abs(len(word) - len(meant)) > most:
        return False
    before: list[int] = []
    above = list(range(len(meant) + 1))
    for row, letter in enumerate(word, start=1):
        line = [row]
        for column, other in enumerate(meant, start=1):
            least = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            if before and column > 1 and (letter, word[row - 2]) == (meant[column - 2], other):
                least = min(least, before[column - 2] + 1)
            line.append(least)
        before, above = above, line
    return above[-1] <= most


def _squeezed(comment: str) -> str:
    """Return a comment as a mark is written, with single spaces."""
    return re.sub(r"\s+", " ", comment.strip())


def solution_statements(
    source: str, where: str = "", first_line: int = 1, *, shortest: int = SHORTEST
) -> list[str]:
    """Return what `strip` takes away: each simple statement, normalised, and what it computes.

    What has fewer than `shortest` characters is left out; all else is as for `strip`.
    """
    kept = _simple_statements(ast.parse(strip(source, where, first_line)))
    taken = Counter(_simple_statements(ast.parse(source)))
    taken.subtract(kept)
    return [text for text in sorted(taken) if taken[text] > 0 and len(text) >= shortest]


def first_told(text: str, solutions: Iterable[str]) -> str:
    """Return the first of some pieces of solutions, normalised, that a text contains, or nothing."""
    told = normalised(text)
    return next((solution for solution in solutions if solution in told), "")


def _simple_statements(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            found.append(normalised(ast.unparse(node)))
            value = getattr(node, "value", None)
            if isinstance(value, ast.BinOp | ast.Call | ast.Compare | ast.ListComp):
                found.append(normalised(ast.unparse(value)))
    return found


def normalised(text: str) -> str:
    """Return a text without white space and with one kind of quotes, to search in."""
    return re.sub(r"\s", "", text).replace('"', "'")


def _marks(source: str, where: str, first_line: int) -> dict[int, str]:
    """Return the marks by the number of their line, from 1."""
    marks = {}
    for number, comment in _comments(source, where, first_line):
        text = _squeezed(comment)
        if text in _MARKS:
            marks[number] = text
        elif _like_a_mark(text):
            raise AuthoringError(
                f"`{comment}` is not a mark that is known",
                where=f"{where}:{first_line + number - 1}",
                next_step=f"The marks are {', '.join(f'`{mark}`' for mark in _MARKS)}.",
            )
    return marks


def _comments(source: str, where: str, first_line: int) -> Iterator[tuple[int, str]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
            elif token.type == tokenize.STRING and token.string.startswith(f'""" {_BEGIN_PROMPT}\n'):
                yield token.start[0], _BEGIN_PROMPT
    except (tokenize.TokenError, SyntaxError) as error:
        raise AuthoringError(
            f"the cell is not valid Python: {error.args[0]}", where=f"{where}:{first_line}"
        ) from None


def _stripped(source: str, marks: dict[int, str], where: str, first_line: int) -> str:
    lines = source.split("\n")
    replaced = dict(_replaced_statements(source, marks, where, first_line))
    kept: list[str] = []
    inside, begun = "", 0  # the mark of the block that we are in, and its line
    for number, line in enumerate(lines, start=1):
        mark = marks.get(number, "")
        problem = _misplaced(mark, inside)
        if problem:
            missing = (
                f"The block of line {first_line + begun - 1} has no end above it: write `{_end(inside)}`."
            )
            raise AuthoringError(
                problem,
                where=f"{where}:{first_line + number - 1}",
                next_step=missing if inside in (*_BEGIN, _BEGIN_PROMPT) else "",
            )
        if mark in _BEGIN:
            inside, begun = mark, number
            if not mark.endswith("NO PROMPT") and not _prompt_follows(marks, number):
                kept.append(line[: len(line) - len(line.lstrip())] + PROMPT)
        elif mark == _BEGIN_PROMPT:
            inside, begun = mark, number
        elif mark in (_END, _END_PROMPT):
            inside = ""
        elif inside == _BEGIN_PROMPT or (not inside and number not in replaced):
            kept.append(line)
        elif not inside and replaced[number] is not None:
            kept.append(str(replaced[number]))
    if inside:
        raise AuthoringError(
            f"`{inside}` has no end",
            where=f"{where}:{first_line + begun - 1}",
            next_step=f"Write `{_end(inside)}` below its last line, in the same cell.",
        )
    return "\n".join(kept)


def _end(begin: str) -> str:
    return f'"""; {_END_PROMPT}' if begin == _BEGIN_PROMPT else _END


def _misplaced(mark: str, inside: str) -> str:
    if mark in (*_BEGIN, _BEGIN_PROMPT, *_LINE) and inside:
        return f"`{mark}` stands inside `{inside}`"
    if mark == _END and inside not in _BEGIN:
        return f"`{mark}` has no beginning"
    if mark == _END_PROMPT and inside != _BEGIN_PROMPT:
        return f"`{mark}` has no beginning"
    return ""


def _prompt_follows(marks: dict[int, str], begin: int) -> bool:
    """Return whether the mark after the end of the block at `begin` begins its prompt, right below."""
    later = sorted(number for number in marks if number > begin)
    if len(later) < 2:
        return False
    return marks[later[0]] == _END and marks[later[1]] == _BEGIN_PROMPT and later[1] == later[0] + 1


def _replaced_statements(
    source: str, marks: dict[int, str], where: str, first_line: int
) -> Iterator[tuple[int, str | None]]:
    """Yield, for each line of a statement that ends in a line mark, what replaces it, if anything."""
    for number, mark in marks.items():
        if mark not in _LINE:
            continue
        statement = _innermost_statement(source, number)
        if statement is None or not _alone_on_its_lines(statement, source):
            raise AuthoringError(
                f"`{mark}` must end one simple statement that stands alone on its lines",
                where=f"{where}:{first_line + number - 1}",
                next_step="For several statements, or one with a body, use `# BEGIN SOLUTION` and "
                "`# END SOLUTION`.",
            )
        indent = " " * statement.col_offset
        prompt = None if mark.endswith("NO PROMPT") else indent + _prompt_for(statement)
        for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
            yield line, prompt if line == statement.lineno else None


def _innermost_statement(source: str, line: int) -> ast.stmt | None:
    found = None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            found = node  # ast.walk goes from the outside in
    return None if found is None or hasattr(found, "body") else found


def _alone_on_its_lines(statement: ast.stmt, source: str) -> bool:
    here = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            same = (node.lineno, node.col_offset) == (statement.lineno, statement.col_offset)
            if not same and (node.lineno in here or (node.end_lineno or 0) in here):
                return False
    return not source.split("\n")[statement.lineno - 1][: statement.col_offset].strip()


def _prompt_for(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=targets):
            return " = ".join([*map(ast.unparse, targets), PROMPT])
        case ast.AnnAssign(target=target, annotation=annotation):
            return f"{ast.unparse(target)}: {ast.unparse(annotation)} = {PROMPT}"
        case ast.AugAssign(target=target):
            return f"{ast.unparse(target)} = {PROMPT}"
        case ast.Return():
            return f"return {PROMPT}"
    return PROMPT
