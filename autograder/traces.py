"""What in a notebook's code could come from another's: runs of tokens, names, comments and texts.

Read as tokens, so that code which is no valid Python counts too; never executed.
"""

from __future__ import annotations

import builtins
import functools
import hashlib
import keyword
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Name, String, Token, Whitespace

RUN = 10
"""How many tokens a run has: about a short line."""

WINDOW = 4
"""Of so many runs that follow each other one at least is kept, as in winnowing (Schleimer, Wilkerson and
Aiken 2003): what two notebooks share in `RUN + WINDOW - 1` tokens is seen."""

MAX_TRACES = 1_000
"""How many of a notebook are looked at: an answer of a hundred lines has some 500."""

MAX_CHARACTERS = 20_000
"""How much of a notebook's own code is looked at."""

MIN_COMMENT, MIN_TEXT, MIN_NAME = 12, 8, 3
"""The shortest that say something about where they come from."""

KINDS = ("line", "run", "name", "comment", "text", "answer")
LINE, RUN_OF_TOKENS, NAME, COMMENT, TEXT, ANSWER = KINDS

Trace = tuple[str, str]
"""A kind, and what it is of that kind: `("name", "total")`; of a run, a digest."""

_QUOTES = re.compile(r"\"{3}|'{3}")
_LEXER = PythonLexer(stripnl=False, ensurenl=False)
_MODULES = frozenset(["np", "numpy", "math", "plt"])
_WORDS = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | _MODULES


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Own:
    """A cell as far as it is looked at, and its own text: the template's lines are empty there."""

    source: str
    text: str


def squeezed(line: str) -> str:
    """Return a line with its white space made the same everywhere."""
    return " ".join(line.split())


def template_lines(cells: Sequence[str]) -> frozenset[str]:
    """Return the lines of the cells that every student got, squeezed."""
    return frozenset(squeezed(line) for cell in cells for line in cell.split("\n")) | {""}


def own_cells(sources: Sequence[str], template: Collection[str]) -> tuple[Own, ...]:
    """Return the cells that have lines which are not the template's, with `MAX_CHARACTERS` of them in all."""
    found = []
    left = MAX_CHARACTERS
    for source in sources:
        lines = source[:left].split("\n")
        own = ["" if squeezed(line) in template and not _QUOTES.search(line) else line for line in lines]
        if any(squeezed(line) not in template for line in own):
            found.append(Own(source[:left], "\n".join(own)))
            left -= len(found[-1].text)
        if left <= 0:
            break
    return tuple(found)


@functools.lru_cache(maxsize=128)
def traces_of(own: tuple[Own, ...]) -> Mapping[Trace, tuple[int, int]]:
    """Return what own cells are made of, `MAX_TRACES` at most, each with the first cell and line of it."""
    found: dict[Trace, tuple[int, int]] = {}
    for number, cell in enumerate(own):
        for trace, line in _in_cell(cell.text):
            found.setdefault(trace, (number, line))
            if len(found) == MAX_TRACES:
                return MappingProxyType(found)
    return MappingProxyType(found)


def _in_cell(source: str) -> Iterator[tuple[Trace, int]]:
    """Yield each trace of a cell with its line."""
    for number, line in enumerate(source.split("\n")):
        if line.strip():
            yield (LINE, squeezed(line)), number
    code: list[tuple[str, int]] = []
    for token in _tokens(source):
        words = squeezed(token.text).casefold()
        if token.kind == COMMENT:
            if len(words) >= MIN_COMMENT:
                yield (COMMENT, words), token.line
            continue
        if token.kind == TEXT and len(words) >= MIN_TEXT:
            yield (TEXT, words), token.line
        elif token.kind == NAME and len(token.text) >= MIN_NAME:
            yield (NAME, token.text), token.line
        word = {NAME: "a name", TEXT: "a text"}.get(token.kind, token.text)
        if word != "a text" or not code or code[-1][0] != "a text":  # Pygments cuts a text at its escapes
            code.append((word, token.line))
    for digest, at in _winnowed([word for word, _ in code]):
        yield (RUN_OF_TOKENS, digest), code[at + RUN // 2][1]


def _tokens(source: str) -> Iterator[_Token]:
    """Yield what Pygments makes of a cell, white space left out."""
    starts = list(accumulate((len(line) + 1 for line in source.split("\n")), initial=0))
    before = ""
    for index, kind, text in _LEXER.get_tokens_unprocessed(source):
        if kind in Whitespace or kind is Token.Text or not text.strip():
            continue
        line = bisect_right(starts, index) - 1
        if kind in Comment:
            yield _Token(COMMENT, text.lstrip("#! "), line)
            continue
        if kind in String:
            yield _Token(TEXT, text, line)
        elif kind in Name and before != "." and text not in _WORDS:
            yield _Token(NAME, text, line)
        else:
            yield _Token("", text, line)
        before = text


def _winnowed(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield digests of runs of words, and where they begin: of each window, the smallest."""
    digests = [_digest(tuple(words[at : at + RUN])) for at in range(len(words) - RUN + 1)]
    chosen = -1
    for start in range(max(min(1, len(digests)), len(digests) - WINDOW + 1)):
        window = range(start, min(start + WINDOW, len(digests)))
        smallest = min(window, key=lambda at: (digests[at], -at))
        if smallest != chosen:
            chosen = smallest
            yield digests[chosen], chosen


@functools.lru_cache(maxsize=20_000)
def _digest(words: tuple[str, ...]) -> str:
    """Return a digest that is the same in every process, unlike `hash`."""
    return hashlib.blake2b("\0".join(words).encode(errors="replace"), digest_size=8).hexdigest()
