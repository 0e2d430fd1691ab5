"""The words of a master, as CONTRIBUTING lists them: made from the docstrings of `autograder.author`.

`python -m tests.vocabulary` writes them anew; `test_quality` fails while they differ.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder import author

DOCUMENT = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"
MARK = "<!-- vocabulary -->\n"


def words() -> list[Callable[..., Any]]:
    """Return the functions that a master calls, in the order of the module."""
    found = [
        thing
        for name, thing in vars(author).items()
        if inspect.isfunction(thing) and not name.startswith("_") and thing.__module__ == author.__name__
    ]
    return sorted(
        (each for each in found if each is not author.listening),
        key=lambda each: each.__code__.co_firstlineno,
    )


def reference() -> str:
    """Return all words, what each is for, and its arguments."""
    return "\n".join(line for word in words() for line in _described(word))


def _described(word: Callable[..., Any]) -> Iterator[str]:
    text, _, arguments = inspect.cleandoc(word.__doc__ or "").partition("\nArgs:\n")
    parameters = inspect.signature(word).parameters
    shown = ", ".join(_shown(each) for each in parameters.values())
    yield from [f"### `author.{word.__name__}({shown})`", "", text.strip(), ""]
    said = dict(re.findall(r"^    (\w+): (.*?)(?=^    \w+: |\Z)", arguments, re.MULTILINE | re.DOTALL))
    assert list(said) in ([], list(parameters)), f"author.{word.__name__}: {list(said)}"
    if said:
        yield from ["| argument | default | what it is |", "|---|---|---|"]
    for name, what in said.items():
        default = parameters[name].default
        default = "" if default is inspect.Parameter.empty else f"`{default!r}`"
        yield f"| `{name}` | {default} | {' '.join(what.split())} |".replace("  |", " |")
    yield from [""] if said else []


def _shown(parameter: inspect.Parameter) -> str:
    star = "*" if parameter.kind is inspect.Parameter.VAR_POSITIONAL else ""
    optional = parameter.default is not inspect.Parameter.empty
    return f"{star}{parameter.name}{'=...' if optional else ''}"


def written(document: str) -> str:
    """Return the document with the reference as it is now."""
    before, _, after = document.split(MARK)
    return f"{before}{MARK}\n{reference()}\n{MARK}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text()))
