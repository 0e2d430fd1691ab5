"""Notebooks that raise, hang, end their process, print too much or attack the grader; and files that are none."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

from .answers import Work, finished, replaced
from .notebooks import Cells, Template, as_bytes, code_cell

ATTACKS = Path(__file__).resolve().parents[1] / "submissions" / "attacks"
SLOW_ATTACKS = (
    "fork_bomb", "limits_of_parent", "many_files", "memory_hog", "open_files", "oracle_queries", "prints_50_megabytes",
    "searches_memory_by_gc", "signals_everybody", "signals_parent", "thread_bomb", "threads_go_on", "frame_huge", "deep_directories",
    "forks_daemon",
)  # fmt: skip
"""Attacks that hang, or take seconds to be stopped."""

FIRST = {"multihead_attention": "softmax_cols(data_in)", "self_attention": "softmax(items_in)"}
"""The first function that each assignment asks for."""

RAISES = {
    "a name that is not there": "    return np.exp(scores_) / total",
    "shapes that do not fit": "    return np.ones((3, 5)) @ np.ones((3, 5))",
    "an index out of range": "    return [1.0][len(np.shape({0})) + 3]",
    "a syntax error": "    return np.exp({0}",
    "an indentation error": "  weights = 1\n    return weights",
    "a module that is not there": "    import torch\n    return torch.softmax(torch.tensor({0}), 0).numpy()",
    "an attribute that is not there": "    return np.softmax({0})",
    "no end of calls": "    return {1}({0})",
    "an exception of its own": "    raise Exception('I give up')",
    "SystemExit": "    raise SystemExit('done')",
}
"""Bodies of the first function that raise; `{0}` is its argument, `{1}` its name."""

ENDS = {
    "os._exit in a cell": "import os\nos._exit(0)",
    "sys.exit in a cell": "import sys\nsys.exit(1)",
    "quit in a cell": "quit()",
    "killed by itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "a crash": "import ctypes\nctypes.string_at(0)",
}
"""Last cells that end the process: what came before has been answered."""

IN_A_CALL = "an endless loop in the first function"
HANGS = {
    "an endless loop in a cell": "while True:\n    pass",
    "sleeps": "import time\ntime.sleep(10_000)",
    "waits for a lock": "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "an endless loop that catches all": "while True:\n    try:\n        while True:\n            pass\n"
    "    except BaseException:\n        pass",
}
"""Last cells that never end."""

LOUD = {
    "prints 5 MB": "print('spam ' * 1_000_000)",
    "prints 20,000 lines": "for i in range(20_000):\n    print('line', i)",
    "prints binary": "import sys\nsys.stdout.write(''.join(map(chr, range(32))) + '\\ud800')",
    "has saved 3 MB of output": "print('see above')",
    "has saved a picture": "print('see above')",
}
"""Last cells, or what is beside them, that are too much."""

PWNED = "document.title='PWNED'"
MARKUP = (
    f"<script>{PWNED}</script>", f"<img src=x onerror={PWNED}>", f'"><svg onload="{PWNED}">', f"</pre></script><script>{PWNED}</script>",
    f"[click](javascript:{PWNED})", "{{7*7}} ${7*7}", f"<!-- --><iframe srcdoc='<script>parent.{PWNED}</script>'></iframe>",
    "=HYPERLINK(\"http://127.0.0.1/\",\"grades\")", "\x1b[2J\x1b]0;PWNED\x07", "</textarea><style>*{display:none}</style>", "\u202egnp.exe\u2028",
)  # fmt: skip
"""Texts that run or show where nobody expects it; what a browser runs sets the title to PWNED."""


def raising(template: Template, name: str, rng: random.Random, what: str) -> Work:
    """Return a notebook whose first function raises."""
    function, argument = FIRST[template.name].rstrip(")").split("(")
    code = f"def {function}({argument}):\n{RAISES[what].format(argument, function)}"
    cells = replaced(template.solved(), function, code)
    return finished(template, cells, name, rng, kind="raises", note=what)


def ending(template: Template, name: str, rng: random.Random, what: str) -> Work:
    """Return a right notebook that ends its process in its last cell."""
    return _with_last(template, name, rng, "ends", what, ENDS[what])


def hanging(template: Template, name: str, rng: random.Random, what: str) -> Work:
    """Return a right notebook with a cell that never ends, or a first function that never returns."""
    if what in HANGS:
        return _with_last(template, name, rng, "hangs", what, HANGS[what])
    head = f"def {FIRST[template.name]}:\n    while True:\n        pass"
    cells = replaced(template.solved(), FIRST[template.name].split("(")[0], head)
    return finished(template, cells, name, rng, kind="hangs", note=what)


def loud(template: Template, name: str, rng: random.Random, what: str) -> Work:
    """Return a right notebook that prints much, or has saved much output."""
    work = _with_last(template, name, rng, "loud", what, LOUD[what])
    if "saved" not in what:
        return work
    notebook = json.loads(work.content)
    big = [{"output_type": "stream", "name": "stdout", "text": ["0.123 " * 500_000]}]
    picture = [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo=" * 40_000}}
    ]
    notebook["cells"].append(code_cell("X", big if "3 MB" in what else picture))
    return Work(
        content=as_bytes(notebook), kind=work.kind, points=work.points, note=work.note, cells=work.cells
    )


def marked_up(template: Template, name: str, rng: random.Random, what: str) -> Work:
    """Return a right notebook that prints, raises and defines markup that must not run where it is shown."""
    text, other = what, rng.choice(MARKUP)
    last = (
        f"print({text!r})\nfrom IPython.display import HTML, display\ndisplay(HTML({text!r}))\n"
        f"raise type({other!r}, (Exception,), {{}})({text!r})"
    )
    notebook = template.notebook([*template.solved(), ("", last)], name=text)
    html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": [text]}}
    notebook["cells"].append(code_cell(f"# {other}", [html]))
    notebook["metadata"]["kernelspec"]["display_name"] = text
    return Work(
        content=as_bytes(notebook),
        kind="markup",
        points=template.assignment.possible,
        note=f"{text!r}, {other!r}",
    )


def raising_markup(template: Template, name: str, rng: random.Random, what: str) -> Work:
    """Return a notebook whose first function raises an exception with markup for a message."""
    code = f"def {FIRST[template.name]}:\n    raise ValueError({what!r})"
    cells = replaced(template.solved(), FIRST[template.name].split("(")[0], code)
    return finished(template, cells, name, rng, kind="raises", note=f"markup: {what!r}")


def attacking(template: Template, name: str, rng: random.Random, what: str) -> Work:
    """Return an untouched notebook with one of the attacks in `tests/submissions/attacks` at its end."""
    parts = (ATTACKS / what / "notebook.py").read_text().split("# %%\n")
    cells: Cells = [*template.untouched, *(("", part.strip("\n")) for part in parts if part.strip())]
    return Work(
        content=as_bytes(template.notebook(cells, name=name)),
        kind="attack",
        points=0.0,
        note=what,
        cells=tuple(cells),
    )


def broken(template: Template, name: str, rng: random.Random, what: str) -> Work:
    """Return a file that cannot be read as it should, or only just."""
    content = as_bytes(template.notebook(template.solved(), name=name))
    readable = what in READABLE
    points = float(template.assignment.possible) if readable else 0.0
    return Work(
        content=BROKEN[what](content), kind="odd_file" if readable else "broken", points=points, note=what
    )


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("notebook.ipynb", (2024, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def _version_3(content: bytes) -> bytes:
    notebook = json.loads(content)
    cells = []
    for cell in notebook["cells"]:
        source = cell.pop("source")
        if cell["cell_type"] == "code":
            cell = {
                "cell_type": "code", "input": source, "language": "python", "collapsed": False, "outputs": [], "metadata": {},
            }  # fmt: skip
            cells.append(cell)
        else:
            cells.append({"cell_type": "markdown", "source": source, "metadata": {}})
    worksheets = [{"cells": cells, "metadata": {}}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": worksheets}
    return json.dumps(old).encode()


def _with_output(content: bytes, size: int) -> bytes:
    notebook = json.loads(content)
    text = {"output_type": "stream", "name": "stdout", "text": ["x" * size]}
    notebook["cells"].append(code_cell("X", [text]))
    return as_bytes(notebook)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "truncated": lambda content: content[: len(content) // 2],
    "a list": lambda _: b"[1, 2, 3]",
    "no cells": lambda _: b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells that are none": lambda _: b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1, null, "x"]}',
    "a page that asks for a login": lambda _: b"<!doctype html><title>Log in</title><form>password</form>",
    "a PDF": lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
    "UTF-16": lambda content: content.decode("utf-8", "replace").encode("utf-16"),
    "Latin-1": lambda content: content.decode("utf-8", "replace").replace("Name:", "Prénom:").encode("latin-1", "replace"),
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "Windows line ends": lambda content: content.replace(b"\n", b"\r\n"),
    "a zip": _zipped,
    "version 3 of the format": _version_3,
    "a version to come": lambda content: content.replace(b'"nbformat": 4', b'"nbformat": 9'),
    "25 MB": lambda content: _with_output(content, 25_000_000),
    "deeply nested": lambda _: b"[" * 100_000 + b"]" * 100_000,
    "a conflict of merging": lambda content: content.replace(b' "cells"', b'<<<<<<< HEAD\n "cells"', 1),
    "NaN for a cell": lambda content: content.replace(b'"execution_count": 1,', b'"execution_count": NaN,'),
}  # fmt: skip
"""What can become of a file."""

READABLE = (
    "a byte order mark",
    "Windows line ends",
    "version 3 of the format",
    "a version to come",
    "NaN for a cell",
)
"""Of these, those from which the answers can still be read."""


def _with_last(template: Template, name: str, rng: random.Random, kind: str, what: str, last: str) -> Work:
    cells = [*template.solved(), ("", last)]
    return finished(template, cells, name, rng, kind=kind, points=template.assignment.possible, note=what)


def attacks(*, calm: bool) -> list[str]:
    """Return the names of the attacks, or of those that take no time."""
    names = sorted(each.name for each in ATTACKS.iterdir() if (each / "notebook.py").exists())
    return [each for each in names if not (calm and each in SLOW_ATTACKS)]
