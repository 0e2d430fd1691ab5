"""Cells that are run as they are, without IPython taking them apart: it would not have changed them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from autograder.errors import SubmissionError
from autograder.model import Limits
from autograder.sandbox import Sandbox
from autograder.session import Session
from autograder.shell import _is_plain
from autograder.submission import read_submission

FILES = [
    path for path in (Path(__file__).parent / "submissions").rglob("*") if path.suffix in (".ipynb", ".py")
]

LINES = [
    "x = 1", "  x = 1", "", "   ", "\t", "#", "# %matplotlib inline", "%time x = 1", "  %time x = 1", "%%time",
    "!ls", "y = !ls", "y = %pwd", "y =\\", "!ls", "x?", "??x", "x = 7 % 3", "x = (7", "% 3)", "print('100 %')",
    ">>> x = 1", "... x", "...", "    ...", "In [1]: x = 1", "   ...: y", "Out[1]: 3", "In = 1", "x != y", "x /= 2",
    "/f x", "f(a, /, b)", ",f a b", ";f a b", "'''", '"""', "def f(x):", "    return x", "    '''?'''", "x \\", "a = b = %pwd",
    "x: int =%pwd", "async def f(): pass", "\u00e9 = 1", "\x0c", "x\r", "if x:", "    !ls", "x; y", "f'{x!r}'", "@a", "print 1",
]  # fmt: skip


def unchanged(source: str) -> bool:
    """Return whether IPython runs a cell as it is, or none of the two can."""
    whole = source if source.endswith("\n") else source + "\n"
    try:
        return TransformerManager().transform_cell(source) == whole
    except SyntaxError:  # of several errors in a cell, IPython may tell another one than Python
        with pytest.raises(SyntaxError):
            compile(whole, "", "exec")
        return True


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=6))
def test_what_is_plain_is_not_changed_by_ipython(lines: list[str]) -> None:
    source = "\n".join(lines)
    assert not _is_plain(source) or unchanged(source)


def test_most_cells_of_real_notebooks_are_plain() -> None:
    cells = []
    for path in FILES:
        try:
            cells += read_submission(path).cells
        except SubmissionError:
            continue
    several = [cell for cell in cells if len(cell.splitlines()) > 1]
    plain = [cell for cell in several if _is_plain(cell)]
    assert len(plain) > len(several) / 2
    assert all(map(unchanged, plain))


@pytest.mark.parametrize("name", ["input_transformers_cleanup", "input_transformers_post"])
def test_a_notebook_may_change_how_cells_are_read(sandbox: Sandbox, name: str) -> None:
    adding = f"shell = get_ipython()\nshell.{name}.append(lambda lines: [line.replace('1', '2') for line in lines])"
    with Session(sandbox, [adding, "a = 1\nb = 11"], Limits()) as session:
        assert (session.value("a").value, session.value("b").value) == (2, 22)
