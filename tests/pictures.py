"""README's pictures of terminals, held against what is really shown."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

from rich.console import Console

FOLDER = Path(__file__).parent / "readme"

_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def terminal() -> Console:
    """Return a console that keeps what is printed to it."""
    return Console(record=True, width=90, file=io.StringIO(), force_terminal=True, highlight=False)


def hold(console: Console, name: str, title: str, update: bool) -> None:
    """Assert that a picture has the words that were printed, or draw it anew if so asked."""
    console.print()  # room below the last line
    svg = console.export_svg(title=title, code_format=_SVG, unique_id=name)
    path = FOLDER / f"{name}.svg"
    if update:
        path.write_text(svg)
    assert _words(svg) == _words(path.read_text())


def _words(svg: str) -> list[str]:
    return html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", svg, flags=re.DOTALL)).split()
