"""The least that grading a notebook can take: a warm process for each core forks, runs the cells, returns the arrays.

    python tests/benchmarks/floor.py CORES NOTEBOOK...

No sandbox, no IPython, no judging. The process has loaded what notebooks run with: NumPy and Matplotlib.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot  # noqa: F401
import numpy as np


def fork_and_exec(notebook: Path) -> dict[str, Any]:
    """Return the arrays that a notebook defines, run cell by cell in a fork: no sandbox, no judging."""
    cells = json.loads(notebook.read_bytes())["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for source in sources:
            if "grader" not in source:
                try:
                    exec(compile(source, "<cell>", "exec"), namespace)
                except Exception:
                    continue
        packed = io.BytesIO()
        arrays = {name: value for name, value in namespace.items() if isinstance(value, np.ndarray)}
        for value in arrays.values():
            np.save(packed, value, allow_pickle=False)
        header = json.dumps(list(arrays)).encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(header + b"\n" + packed.getvalue())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        names, content = json.loads(pipe.readline()), io.BytesIO(pipe.read())
    os.waitpid(pid, 0)
    return {name: np.load(content, allow_pickle=False) for name in names}


if __name__ == "__main__":
    jobs, paths = int(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
    children = []
    for job in range(jobs):
        child = os.fork()
        if child == 0:
            for path in paths[job::jobs]:
                fork_and_exec(path)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
