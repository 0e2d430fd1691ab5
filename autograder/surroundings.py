"""What the warm parent of the workers is surrounded by: variables, libraries to load, a list of fonts."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

PRELOADED = ("matplotlib.pyplot",)
"""What notebooks import that takes long to load."""


def mentioned(sources: Iterable[str]) -> tuple[str, ...]:
    """Return those of `PRELOADED` that a notebook's code names, or may load in another way."""
    code = "\n".join(sources)
    return PRELOADED if any(word in code for word in ("matplotlib", "pylab", "plt", "plot")) else ()


def variables(home: Path) -> dict[str, str]:
    """Return an environment with nothing of ours in it, in which libraries are fast and repeatable."""
    single = {f"{name}_THREADS": "1" for name in ("OPENBLAS_NUM", "OMP_NUM", "MKL_NUM", "VECLIB_MAXIMUM")}
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "USER": "student",
        "IPYTHONDIR": str(home),
        "MPLCONFIGDIR": str(home),
        "MPLBACKEND": "agg",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        **single,
    }


def bring_fonts(home: Path) -> None:
    """Copy Matplotlib's list of this machine's fonts, if the user has one: making it takes as long as
    judging two notebooks."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    for path in Path(os.environ.get("MPLCONFIGDIR") or cache).glob("fontlist-v*.json"):
        with contextlib.suppress(OSError):
            shutil.copy(path, home)
