"""What a check shows a student: what was tried, how it differs, which mistake it is, and what to try next.

The source of all here goes into students' notebooks: see `hint_reader`. Whatever comes from a student's
code is cut and escaped.
"""

from __future__ import annotations

import ast
import base64
import html
import inspect
import linecache
import re
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from autograder.heat_maps import LARGEST, as_matrix, in_words, picture, worst
from autograder.hint_reader import FOLLOWS, named

HIDDEN_REMAIN = "Hidden cases, with other numbers and sizes, are run when you hand in."
AGAIN = "run its cell, then this one again."
POINTERS = re.compile(r"(?:Look|Check|Read|Compare|Follow|Go|Print|Ask|Try|Think|Count|Take|Write|See|Put)\b")
MANY = 64
"""Up to how many numbers are shown as text."""


class Seen(NamedTuple):
    """What became of one case, as a student reads it.

    `kind` is right, wrong, unfinished, blank or missing; `alt` says what a picture shows, if there is one;
    `numbers` are arrays by what they are called.
    """

    kind: str
    tried: str = ""
    told: str = ""
    said: str = ""
    todo: str = ""
    alt: str = ""
    numbers: Mapping[str, Any] = MappingProxyType({})


# ---------------------------------------------------------------- what a case showed


def see(case: dict[str, Any], title: str, mistakes: str = "", blanks: int = 0, earlier: str = "") -> Seen:
    """Return what became of a case of ours.

    Args:
        case: what its test has noted down.
        title: the name of the case.
        mistakes: the packed mistakes of the question.
        blanks: how many blanks its function had.
        earlier: a question before it that is not right, or an empty text.
    """
    name, error = case["name"], case.get("error")
    tried, numbers = _call(name, case["arguments"] or {})
    if "function" not in case:
        todo = f"Run the cell that defines `{name}`. If it stops with an error, look at that first."
        return Seen("missing", said=f"`{name}` is not there.", todo=todo)
    if error is None and not case["problem"]:
        return Seen("right", tried)
    if _is_blank(case.get("answer")) or "ellipsis" in cut(error):
        return _blank(case, tried, blank_lines(source_of(case["function"])), blanks)
    phrases: list[str] = []
    with suppress(Exception):  # such as a damaged text
        phrases = named(case["fitting"] if error is None else error, title, mistakes, case["vector"])
    told, todo = _mistake(phrases, earlier)
    if error is not None:
        line = line_of(error)
        where = f" (in the line `{line}`)" if line else ""
        said = f"It stops with {type(error).__name__}: {cut(error)}{where}"
        return Seen("wrong", tried, told, said, todo or _after(error, line), numbers=numbers)
    said = f"{_what(case)} {cut(case['problem'])}"
    seen = Seen("wrong", tried, told, said if said[-1] == "?" else f"{said}.", todo, numbers=numbers)
    with suppress(Exception), np.errstate(all="ignore"):
        seen = seen if case["fitting"] is None else _compared(case, seen)
    return seen if seen.todo else seen._replace(todo=_last_resort(case))


def _what(case: dict[str, Any]) -> str:
    return f"`{case['name']}`" if case["arguments"] is None else f"The result of `{case['name']}`"


def _compared(case: dict[str, Any], seen: Seen) -> Seen:
    """Return what was seen, and how an answer differs from the expected one, where both are numbers."""
    listed = isinstance(case["expected"], list)
    yours, expected = as_matrix(case["fitting"], listed=listed), as_matrix(case["expected"], listed=listed)
    if case["vector"] and yours.size == expected.size == max(yours.shape):
        yours = yours.reshape(expected.shape)
    wrong, said = None, seen.said
    todo = "Print the shape of each array on the way: which is the first that it should not have?"
    if yours.shape == expected.shape:
        single = getattr(case["fitting"], "dtype", None) == np.float32
        rtol = max(case["rtol"], 1e-4) if single and case["rtol"] else case["rtol"]
        wrong = ~np.isclose(yours, expected, rtol, case["atol"], equal_nan=True)
        said = _differs(_what(case), yours, expected, wrong, listed)
        todo = _by_hand(case)
    seen = seen._replace(said=said, todo=seen.todo or todo)
    if yours.size < 2 or max(yours.shape) > LARGEST or max(expected.shape) > LARGEST:
        return seen
    numbers = {**seen.numbers, "yours": yours, "expected": expected}
    return seen._replace(alt=in_words(yours, expected, wrong), numbers=numbers)


def _call(name: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return how a function was called, and the arguments by name."""
    if not arguments:
        return "", {}
    shapes: dict[str, list[str]] = {}
    for each, value in arguments.items():
        if isinstance(value, list):  # of arrays of several shapes, perhaps
            kind = f", a list of {len(value)}"
        else:
            kind = f" of shape {np.shape(value)}" if np.shape(value) else f" = {value}"
        shapes.setdefault(kind, []).append(f"`{each}`")
    told = "; ".join(f"{', '.join(names)}{kind}" for kind, names in shapes.items())
    first, *others = arguments
    passed = f"{first}, ..., {others[-1]}" if len(others) > 3 else ", ".join(arguments)
    return f"`{name}({passed})` with {told}", dict(arguments)


def _differs(what: str, yours: Any, expected: Any, wrong: Any, listed: bool) -> str:
    place = worst(yours, expected)
    there = f"at [{', '.join(map(str, place[1:] if yours.shape[0] == 1 else place))}]"
    there = f"in row {place[0]} of item {place[1]}" if listed else there
    return (
        f"{what} differs in {wrong.sum()} of {wrong.size} numbers, most {there}: "
        f"{yours[place]:.6g}, expected {expected[place]:.6g}.{' Below, each item is a column.' * listed}"
    )


def _by_hand(case: dict[str, Any]) -> str:
    if case["arguments"] is None:
        return "Compute one of its numbers by hand, and compare: which line of its cell gives another one?"
    return f"Call `{case['name']}` with a few small numbers, compute each step by hand, and compare."


def _last_resort(case: dict[str, Any]) -> str:
    if case["answer"] is None and case["arguments"] is not None:
        return f"Let `{case['name']}` end with a `return`, {AGAIN}"
    return "Print it, its `type`, and the shape of each array on the way: which should it not have?"


def _is_blank(answer: Any) -> bool:
    return answer is ... or (
        isinstance(answer, list) and bool(answer) and all(each is ... for each in answer)
    )


def _blank(case: dict[str, Any], tried: str, left: list[str], blanks: int) -> Seen:
    if 0 < len(left) < blanks:
        lines = ", ".join(f"`{cut(line, 80)}`" for line in left)
        said = f"{len(left)} of {blanks} blanks are still there: {lines}."
        return Seen("unfinished", tried, said=said, todo=f"Fill in `{cut(left[0], 80)}`, {AGAIN}")
    said = f"`{case['name']}` " + (
        "is still `...`." if case["arguments"] is None else "still has its blanks."
    )
    return Seen("blank", said=said, todo=f"Replace each `...` by your own code, {AGAIN}")


def _mistake(phrases: list[str], earlier: str) -> tuple[str, str]:
    """Return which mistake leads to an answer, and what to do, as far as it is known."""
    if phrases and phrases[0].startswith(FOLLOWS):
        phrases = [f"{FOLLOWS}`{earlier}`."] if f"`{earlier}`" in phrases[0] else phrases[1:]
    if earlier and (not phrases or phrases[0].startswith(FOLLOWS)):
        return " ".join(phrases), f"Mend `{earlier}` first: this may follow from it."
    *first, last = re.split(r"(?<=[.?!]) ", phrases[0]) if len(phrases) == 1 else [""]
    if first and (POINTERS.match(last) or last[-1] == "?"):
        return " ".join(first), last
    return " ".join(
        phrases
    ), f"Find the line of your code that does this and mend it, {AGAIN}" if phrases else ""


def _after(error: Exception, line: str) -> str:
    at = f"`{line}`" if line else "the line that it names"
    if isinstance(error, NameError):
        return f"Look at {at}: is the name spelled right, and was the cell run that defines it?"
    if re.search(r"shape|dimension|\(dim |broadcast|align|mismatch|size", str(error)):
        return f"Print the `.shape` of each array in {at}, right before it: which is not as the text says?"
    return f"Look at {at}: print what stands in it, right before it. Is each what you think it is?"


def line_of(error: BaseException) -> str:
    """Return the innermost line of the notebook that an exception came from, or an empty text."""
    line, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == "__main__":
            line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip() or line
        trace = trace.tb_next
    return cut(line, 120)


def source_of(function: Any) -> str:
    """Return the source of a function, as far as it can be found."""
    with suppress(Exception):
        return textwrap.dedent(inspect.getsource(function))
    return ""


def blank_lines(source: str) -> list[str]:
    """Return each line of a source that is still a blank: `name = ...`, `return ...` or `...`."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    kinds = (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)
    found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    blank = [node for node in found if isinstance(node.value, ast.Constant) and node.value.value is ...]
    lines = source.split("\n")
    return [lines[number - 1].strip() for number in sorted(node.lineno for node in blank)]


# ---------------------------------------------------------------- as a text and as HTML

SIGNS = {
    "wrong": ("✗", "not right yet", "#d9480f"),
    "unfinished": ("○", "not finished", "#868e96"),
    "missing": ("○", "not there yet", "#868e96"),
    "blank": ("○", "not attempted", "#868e96"),
    "right": ("✓", "right on what is public", "#2b8a3e"),
}
"""What is said of a question: of what became of its cases, what stands first here. A colour adds nothing."""
CODE = '<code style="white-space: pre-wrap; overflow-wrap: anywhere">'
COMPARED = ("yours", "expected")


class Page:
    """What a check shows: as a text, and as HTML where that can be seen. It begins with a sign and words."""

    def __init__(self, question: str, seen: list[tuple[str, Seen]], stuck: str = "") -> None:
        """Take what became of each case of a question, by title, and what to say to who is stuck."""
        kinds = {each.kind for _, each in seen}
        self.kind = next((kind for kind in SIGNS if kind in kinds), "right")
        if self.kind == "blank" and "right" in kinds:
            self.kind = "unfinished"
        self.question, self._seen, self._stuck = question, seen, stuck
        self._todo = next((each.todo for _, each in seen if each.todo), "")

    def __repr__(self) -> str:
        sign, words, _ = SIGNS[self.kind]
        parts = [textwrap.indent(part, "  ") for part in self._parts(plain=True)]
        return "\n".join([f"{sign} {self.question}: {words}", *parts])

    def _repr_html_(self) -> str:
        sign, words, colour = SIGNS[self.kind]
        head = f"<p><strong>{sign} {CODE}{html.escape(self.question)}</code>: {words}</strong></p>"
        body = "".join(self._parts(plain=False))
        style = f"border-left: 4px solid {colour}; padding-left: 12px; max-width: 60em"
        return f'<div style="{style}">{head}{body}</div>'

    def _parts(self, *, plain: bool) -> Iterator[str]:
        """Yield the parts of a page; what several cases have in common is said once."""
        say = plain_text if plain else paragraph
        open_ = ("blank", "missing")
        for text in dict.fromkeys(each.said for _, each in self._seen if each.kind in open_):
            yield say(text)
        for title, each in self._seen:
            if each.kind in ("wrong", "unfinished"):
                case = f"Case “{title}”. " if len(self._seen) > 1 else ""
                tried = f"Tried: {each.tried}." if each.tried else ""
                yield from (say(text) for text in (case + tried, each.told, each.said) if text)
                yield from _texts(each) if plain else _pictures(each)
        right = [(title, each) for title, each in self._seen if each.kind == "right"]
        if self.kind == "right":
            yield from (say(f"Tried: {each.tried}.") for _, each in right if each.tried)
            yield say(HIDDEN_REMAIN)
            return
        if right:
            yield say(f"Right so far: {'; '.join(title for title, _ in right)}.")
        yield say(f"Try next: {self._todo}", "Try next:")
        if self._stuck:
            yield say(self._stuck)


def _pictures(seen: Seen) -> Iterator[str]:
    image = b""
    with suppress(Exception), np.errstate(all="ignore"):  # whatever Matplotlib was told to do by others
        image = picture(seen.numbers["yours"], seen.numbers["expected"]) if seen.alt else image
    if image:
        data = base64.b64encode(image).decode()
        style = "max-width: 100%; border-radius: 6px; margin: 4px 0"
        yield f'<img src="data:image/png;base64,{data}" alt="{html.escape(seen.alt)}" style="{style}">'
    shown = {name: value for name, value in seen.numbers.items() if _size(value) <= MANY}
    if sum(map(_size, shown.values())) > 10 * MANY:
        shown = {name: value for name, value in shown.items() if name in COMPARED}
    text = html.escape("\n".join(_numbers(name, value) for name, value in shown.items()))
    if text:
        head = '<details style="margin: 4px 0 12px"><summary>The numbers</summary>'
        yield f"{head}<pre>{text}</pre></details>"


def _texts(seen: Seen) -> Iterator[str]:
    for name in COMPARED:
        if np.size(seen.numbers.get(name, ())) in range(1, MANY + 1):
            yield _numbers(name, seen.numbers[name])


def _size(value: Any) -> int:
    """Return how many numbers there are, also in a list of arrays of several shapes."""
    with suppress(ValueError):
        return np.size(value)
    return sum(map(_size, value))


def _numbers(name: str, value: Any) -> str:
    try:
        array = np.asarray(value, dtype=float)
    except Exception:
        array = np.asarray(value, dtype=object)
    text = np.array2string(array, precision=5, suppress_small=True, max_line_width=100)
    return cut(f"{name}:\n{textwrap.indent(text, '  ')}", 4000)


def cut(text: Any, most: int = 400) -> str:
    """Return a text that others wrote, no longer than `most`, and without control characters."""
    try:
        shown = str(text)[: most + 1]
    except Exception:
        shown = "(it cannot be shown)"
    shown = "".join(sign if sign.isprintable() or sign == "\n" else "?" for sign in shown)
    return shown if len(shown) <= most else shown[: most - 3] + "..."


def plain_text(text: str, *_: str) -> str:
    """Return a paragraph for a terminal."""
    return textwrap.fill(text, 96, break_long_words=False)


def paragraph(text: str, strong: str = "") -> str:
    """Return a paragraph as HTML: escaped, with what stands between backticks as code."""
    text = re.sub(r"`([^`]+)`", rf"{CODE}\1</code>", html.escape(text))
    text = re.sub(r"(?<![\w*])\*(\w[^*<>]*)\*(?!\w)", r"<em>\1</em>", text)
    return f"<p>{text.replace(strong, f'<strong>{strong}</strong>', 1) if strong else text}</p>"
