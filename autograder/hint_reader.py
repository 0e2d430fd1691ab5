"""How a notebook names a mistake by itself: by the fingerprint of what an answer to a public case is.

The source of all here goes into students' notebooks: it runs without this package, on Python 3.9 and
NumPy 1.24 too, and is short.
"""

from __future__ import annotations

import base64
import bz2
import json
import re
from typing import Any

import numpy as np


def fingerprint(answer: Any, vector: bool) -> tuple[str, list[int]]:
    """Return an answer's shape, and its size and direction times 100000; or what an exception says."""
    if isinstance(answer, Exception):
        sizes = re.search(r"size (\d+) is different from (\d+)|: (\d+) \(dim \d+\) != (\d+)", str(answer))
        text = " ".join(sorted(filter(None, sizes.groups()))) if sizes else str(answer)
        return f"{type(answer).__name__}: {text}", []
    try:
        array = np.asarray(answer, dtype=float)
        shape = str(array.squeeze().shape if vector else array.shape)
    except ValueError:  # arrays of several shapes
        array = np.concatenate([np.ravel(part) for part in answer]).astype(float)
        shape = str([np.shape(part) for part in answer])
    flat = np.nan_to_num(array.ravel()[:5000], nan=7.0, posinf=11.0, neginf=-13.0)
    length = np.linalg.norm(flat)
    if length < 1e-12:
        return shape, [0, 0, 0]
    direction = np.random.RandomState(7).normal(size=(2, flat.size)) @ flat / length
    return shape, [round(float(number) * 100000) for number in (np.log(length), *direction)]


FOLLOWS = "Your result is one that follows from a mistake in "
"""What is said first of an answer to which a mistake in an earlier question leads."""


def named(answer: Any, case: str, mistakes: str, vector: bool) -> list[str]:
    """Return in words which mistake leads to an answer to a case: one phrase or several, or none."""
    read = unpacked(mistakes)
    shape, numbers = fingerprint(answer, vector)
    for *known, phrases in read["cases"][case].get(shape, []):
        if all(abs(one - other) <= 5 for one, other in zip(known, numbers)):
            return [read["phrases"][index] for index in phrases]
    return []


def unpacked(text: str) -> Any:
    """Return what was packed, so that nobody reads it by accident: JSON, by bz2 and in base 85."""
    return json.loads(bz2.decompress(base64.b85decode(text)))
