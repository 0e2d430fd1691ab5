"""Cells that are run as they are, without IPython taking them apart: it would not have changed them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from autograder.errors import SubmissionError
from autograder.model import Limits
from autograder.running import is_plain
from autograder.sandbox import Sandbox
from autograder.session import Session
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
    assert not is_plain(source) or unchanged(source)


def test_most_cells_of_real_notebooks_are_plain() -> None:
    cells = []
    for path in FILES:
        try:
            cells += read_submission(path).cells
        except SubmissionError:
            continue
    several = [cell for cell in cells if len(cell.splitlines()) > 1]
    plain = [cell for cell in several if is_plain(cell)]
    assert len(plain) > len(several) / 2
    assert all(map(unchanged, plain))


@pytest.mark.parametrize("name", ["input_transformers_cleanup", "input_transformers_post"])
def test_a_notebook_may_change_how_cells_are_read(sandbox: Sandbox, name: str) -> None:
    adding = f"shell = get_ipython()\nshell.{name}.append(lambda lines: [line.replace('1', '2') for line in lines])"
    with Session(sandbox, [adding, "a = 1\nb = 11"], Limits()) as session:
        assert (session.value("a").value, session.value("b").value) == (2, 22)


SAME_AS_IPYTHON = [
    ("x = 1\nx + 1", "repr(_)", "'2'"),
    ("x = 1\n(x,\n 2)", "repr(_)", "'(1, 2)'"),
    ("x = 1\n1 / 0\nx = 2", "x", "2"),
    ("x = 1\nreturn 3", "x", "1"),
    ("x = 1\nglobal x\nx = 2", "x", "2"),
    ("a = 1000\nb = 1000\nc = a is b", "c", "False"),
    ("from __future__ import annotations\ndef f(a: unknown): pass", "f.__annotations__", "{'a': 'unknown'}"),
    ("import asyncio\nx = await asyncio.sleep(0, 3)", "x", "3"),
    ("x = 1\n'a' is x", "x", "1"),
    ("def f():\n    return 1\n", "__import__('inspect').getsource(f)", repr("def f():\n    return 1\n")),
    ("import sys\nsys.displayhook = print\n3", "x", None),
    ("get_ipython().ast_node_interactivity = 'all'\n7", "get_ipython().ast_node_interactivity", "'all'"),
]


@pytest.mark.parametrize(("cell", "asked", "answer"), SAME_AS_IPYTHON)
def test_a_plain_cell_does_what_it_does_in_jupyter(
    sandbox: Sandbox, cell: str, asked: str, answer: str | None
) -> None:
    seen = []
    for source in (cell, f"{cell}\n%matplotlib inline"):  # the second is for IPython to run
        with Session(sandbox, ["x = 0\ny = 0", source, f"asked = repr({asked})"], Limits()) as session:
            problems = [(noted.problem.type, noted.problem.message) for noted in session.problems]
            seen.append((session.value("asked").value, problems))
    assert answer is None or seen[0][0] == answer
    if "_" not in asked and "%" not in asked and "source" not in asked:
        assert seen[0] == seen[1]
