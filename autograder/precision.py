"""Answers that have lost digits, or whatever makes them different numbers."""

from __future__ import annotations

import numpy as np

from autograder.likeness import Array, Look, Pair, Pairs

MOST_DECIMALS = 6
NEARLY = 1e-3
COARSELY = 1e-2


def half_precision(pairs: Pairs) -> Look | None:
    """Say so of answers in float16 that are right otherwise."""
    if all(pair.dtype == "f2" and pair.is_within(COARSELY) for pair in pairs):
        return Look(
            short="half precision",
            text=(
                "Your result is right to three digits only: it is float16. Leave out that `dtype`, or use "
                "float64."
            ),
        )
    return None


def rounded(pairs: Pairs) -> Look | None:
    """Say so of answers that are right and rounded, or cut off to whole numbers."""
    if not all(pair.fits and pair.expected.any() for pair in pairs):
        return None
    for decimals in range(MOST_DECIMALS + 1):
        if all(_is_near_rounded(pair, np.round(pair.expected, decimals)) for pair in pairs):
            return Look(
                short=f"rounded to {decimals} decimals" if decimals else "rounded to whole numbers",
                text=f"Your result is rounded to {f'{decimals} decimals' if decimals else 'whole numbers'}: "
                "return it as it was computed.",
            )
    if all(any(_is_near_rounded(pair, cut(pair.expected)) for cut in (np.trunc, np.floor)) for pair in pairs):
        return _WHOLE
    return None


_WHOLE = Look(
    short="cut off to whole numbers",
    text=(
        "Your result is cut off to whole numbers: is there an integer division `//`, an `int`, or an array "
        "made for whole numbers, which cuts off what is put into it?"
    ),
)


def _is_near_rounded(pair: Pair, expected: Array) -> bool:
    return np.allclose(pair.answer, expected, rtol=1e-12, atol=1e-12)


def nearly(pairs: Pairs) -> Look | None:
    """Say so of answers that are right to a few digits."""
    if not all(pair.is_within(NEARLY) for pair in pairs):
        return None
    if all(np.array_equal(pair.answer, pair.answer.astype(np.float32)) for pair in pairs):
        return Look(
            short="single precision",
            text=(
                "Your result is right to a few digits only, and each number is one of single precision: is "
                "a float32 array filled on the way?"
            ),
        )
    return Look(
        short="not precise enough",
        text=(
            "Your result is right to a few digits only: is something rounded or computed in float32 on the "
            "way, or a small number added, as to a denominator?"
        ),
    )


def not_finite(pairs: Pairs) -> Look | None:
    """Say so of answers that are wrong where they are no finite numbers."""
    wrong = [pair for pair in pairs if not pair.right]
    if not wrong or any(np.isfinite(pair.answer).all() for pair in wrong):
        return None
    nan = any(np.isnan(pair.answer).any() for pair in wrong)
    cause = (
        "`nan` comes of 0/0, inf/inf or inf - inf: is the exponential of a large number infinite "
        "before it is divided, or a sum zero?"
        if nan
        else "`inf` comes of a division by zero, or of the exponential of a large number."
    )
    rest = all(
        pair.fits and pair.is_near(np.where(np.isfinite(pair.answer), pair.answer, pair.expected))
        for pair in wrong
    )
    lead = (
        f"Where your result is not `{'nan' if nan else 'inf'}`, it is right. "
        if rest and _some(wrong)
        else ""
    )
    return Look(short="`nan`" if nan else "`inf`", text=lead + cause)


def _some(pairs: Pairs) -> bool:
    return all(np.isfinite(pair.answer).any() for pair in pairs)


def whole_numbers(pairs: Pairs) -> Look | None:
    """Say so of answers that are all whole, where the right ones are not."""
    if all(
        pair.fits
        and (pair.answer == np.round(pair.answer)).all()
        and (np.abs(pair.expected % 1 - 0.5) < 0.49).any()
        for pair in pairs
    ):
        return Look(
            short="whole numbers only",
            text=(
                "Your result has whole numbers only: is there an integer division `//`, an `int`, a "
                "comparison, or an array made for whole numbers, which cuts off what is put into it?"
            ),
        )
    return None


def one_number(pairs: Pairs) -> Look | None:
    """Say so of answers that are zeros, or the same number, everywhere."""
    if any(pair.answer.size < 2 or (pair.answer != pair.answer.reshape(-1)[0]).any() for pair in pairs):
        return None
    if not any(pair.answer.any() for pair in pairs):
        return Look(
            short="all zeros",
            text="Your result is zero everywhere: what it was made with. Is it filled before it is returned?",
        )
    if all(np.ptp(pair.expected) == 0 for pair in pairs):
        return None
    return Look(
        short="the same number everywhere",
        text=(
            "Your result is the same number everywhere: is one number computed where each place has its own?"
        ),
    )
