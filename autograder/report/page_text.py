"""Texts that others wrote, made fit to be shown: nothing in them acts, hides or turns what is around it.

That is for the eye. That nothing runs is what escaping and the page's Content Security Policy are for.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from markupsafe import Markup, escape

LONGEST_NAME = 120
LONGEST_TEXT = 8_000

_CODE = re.compile(r"`([^`\n]+)`")
_STACKED = 4
"""How many accents one letter may bear: more of them cover the lines around it."""


def shown(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text with its control, format and half characters visible as `\\x1b` or `\\u202e`, and cut.

    Line ends and tabs stay as they are; so do the joiners that scripts and emoji need.
    """
    cut = text[:longest] + "…" if len(text) > longest else text
    if cut.isascii() and cut.isprintable():
        return cut
    shown, stacked = [], 0
    for letter in cut:
        kind = unicodedata.category(letter)
        stacked = stacked + 1 if kind in ("Mn", "Me") else 0
        if kind in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and letter not in "\n\t\u200c\u200d":
            shown.append(letter.encode("unicode_escape", "surrogatepass").decode())
        elif stacked <= _STACKED:
            shown.append(letter)
    return "".join(shown)


def name(text: str) -> str:
    """Return a name on one line, cut if it is long."""
    return " ".join(shown(text, LONGEST_NAME).split()) or "(no name)"


def with_code(text: str) -> Markup:
    """Return a text as HTML, escaped; what stands in backticks is code."""
    parts = _CODE.split(shown(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def identifier(text: str) -> Markup:
    """Return the name of a question as HTML, which may be broken after its underscores."""
    return Markup("_<wbr>").join(name(text).split("_"))


def inert_json(value: Any) -> Markup:
    """Return plain data as JSON that can stand in a `<script>`: in ASCII, without `<`, `>` and `&`."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704  (nothing in it can end the element or be an entity)
