"""Arguments and expected values as Python code."""

from __future__ import annotations

from typing import Any

import numpy as np


def rounded(value: Any) -> Any:
    """Return computed numbers to 12 digits: the last ones differ from processor to processor."""
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.array([float(f"{number:.12g}") for number in value.flat]).reshape(value.shape)
    return value


def literal(value: Any, column: int) -> str:
    """Return Python code for an argument or an expected value that begins in a column."""
    if isinstance(value, np.ndarray):
        with np.printoptions(floatmode="unique", threshold=10**9, linewidth=100 - column, suppress=True):
            return repr(value).replace("\n", "\n" + " " * column)
    if isinstance(value, list | tuple):
        inner = " " * (column + 1)
        items = [literal(item, column + 1) for item in value]
        together = ", ".join(items)
        if "\n" in together or len(together) > 100 - column:
            together = f",\n{inner}".join(items)
        return f"[{together}]" if isinstance(value, list) else f"({together},)"
    return repr(value.item() if isinstance(value, np.generic) else value)
