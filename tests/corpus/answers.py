"""What answers give, found by running them here, without the judge: for numbers, not for points."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .entries import ARGUMENTS, BEFORE, IMPORT, SOFTMAX_COLS, VARIABLES, cells_of

Arguments = tuple[Any, ...]

_ATTENTION_SIZES = ((4, 3), (5, 5), (4, 6), (8, 8), (9, 4), (13, 7))
_MULTI_SIZES = ((8, 6), (6, 6), (10, 7), (14, 3), (20, 9))


def inputs(question: str) -> list[Arguments]:
    """Return inputs of different sizes on which different functions differ."""
    rng = np.random.default_rng(20)
    if question == "softmax":
        return [(list(rng.normal(size=n)),) for n in (3, 5, 2, 3)] + [
            ([-1.5, -7.0, -0.25],),
            ([3.0, 0.0, 50.0],),
        ]
    if question == "softmax_cols":
        return [(rng.normal(size=shape),) for shape in ((6, 6), (5, 7), (8, 3))] + [
            (-1 - 5 * rng.uniform(size=(6, 6)),),
            (40 * rng.normal(size=(6, 6)),),
        ]
    draw = _multi if question == "multihead_scaled_self_attention" else _single
    sizes = _MULTI_SIZES if question == "multihead_scaled_self_attention" else _ATTENTION_SIZES
    return [draw(rng, size, tokens) for size, tokens in sizes]


def _single(rng: np.random.Generator, size: int, tokens: int) -> Arguments:
    omegas = [0.5 * rng.normal(size=(size, size)) for _ in range(3)]
    return (rng.normal(size=(size, tokens)), *omegas, *(rng.normal(size=(size, 1)) for _ in range(3)))


def _multi(rng: np.random.Generator, size: int, tokens: int) -> Arguments:
    def head() -> list[Any]:
        omegas = [0.5 * rng.normal(size=(size // 2, size)) for _ in range(3)]
        return [*omegas, *(rng.normal(size=(size // 2, 1)) for _ in range(3))]

    return (rng.normal(size=(size, tokens)), *head(), *head(), rng.normal(size=(size, size)))


def run(cells: Sequence[str], seed_shift: int = 0) -> dict[str, Any]:
    """Return the names of a notebook after its cells have run, with other random numbers if seeds are shifted."""
    namespace: dict[str, Any] = {"__name__": "notebook"}
    with _quiet():
        for cell in cells:
            for seed in (3, 0):
                cell = cell.replace(f"seed({seed})", f"seed({seed + seed_shift})")
            exec(compile(cell, "<answer>", "exec"), namespace)
    return namespace


def function_of(question: str, code: str) -> Callable[..., Any]:
    """Return the function that an answer defines, beside the given ones; it does not see a notebook's sizes."""
    before = [SOFTMAX_COLS] if question != "softmax_cols" else []
    function = run([IMPORT, *before, *cells_of(code)])[question]
    assert callable(function)
    return function


def outputs(question: str, code: str) -> list[Any]:
    """Return what an answer gives for all inputs: arrays, or the kind of the exception that is raised.

    For variables: what they are in notebooks with different random numbers.
    """
    if question in ARGUMENTS:
        function = function_of(question, code)
        return [called(function, *arguments) for arguments in inputs(question)]
    found = []
    for shift in (0, 100, 200):
        with contextlib.suppress(Exception):
            names = run((*BEFORE[question], *cells_of(code)), shift)
            found += [_plain(names[name]) for name in VARIABLES[question]]
    if question != "X_prime":  # whether a token is a row or a column does not matter there
        found = [each if isinstance(each, str) else each.squeeze() for each in found]
    return found


def called(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function gives for copies of arguments, as an array, or the kind of the exception."""
    with _quiet():
        try:
            copies = [each.copy() if hasattr(each, "copy") else each for each in arguments]
            return _plain(function(*copies))
        except Exception as error:
            return type(error).__name__


def _plain(value: Any) -> Any:
    if value is not None:
        with contextlib.suppress(Exception):
            return np.asarray(value, dtype=float)
    return type(value).__name__


@contextlib.contextmanager
def _quiet() -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def alike(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Return whether two answers give the same for all inputs."""
    return len(one) == len(other) and all(map(_equal, one, other))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str)
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-7, atol=1e-9, equal_nan=True)
