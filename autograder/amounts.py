"""Answers that are off by a factor, an amount, an argument or a function."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.likeness import Array, Look, Pair, Pairs


def scaled(pairs: Pairs) -> Look | None:
    """Say so of answers that are off by the same factor everywhere, or by one for each case."""
    factors = [factor for pair in pairs if (factor := _factor(pair)) is not None]
    if len(factors) < len(pairs) or sum(pair.expected.size for pair in pairs) < 2:
        return None
    first = next((each for each, pair in zip(factors, pairs, strict=True) if not pair.hidden), None)
    if first is not None and all(pair.is_near(pair.answer / first) for pair in pairs):
        return _scaled_by(first)
    if any(pair.expected.size < 2 for pair in pairs):
        return None
    same = all(pair.is_near(pair.answer / factors[0]) for pair in pairs)
    told = "the same for each input" if same else "and the factor differs from input to input"
    return Look(
        short="a factor too many or too few",
        text=(
            f"Your result is the right one times a factor, {told}: is it divided by a size or a sum that "
            "does not belong there, or is such a division missing?"
        ),
    )


def _scaled_by(factor: float) -> Look:
    if np.isclose(factor, -1):
        return Look(
            short="the wrong sign", text="Your result is the right one with the wrong sign everywhere."
        )
    if factor < 0:
        return Look(
            short="a wrong factor",
            text=f"Your result is {factor:.4g} times the right one: is a sign wrong?",
        )
    size, how = (factor, "large") if factor > 1 else (1 / factor, "small")
    told = f"{size:.4g}" if size > 1.01 else f"{size:.7g}"
    return Look(short="a wrong factor", text=f"Your result is {told} times too {how}, everywhere.")


def _factor(pair: Pair) -> float | None:
    """Return by which factor an answer is off, if it is the same everywhere."""
    if not pair.fits or not pair.expected.size:
        return None
    factor = float((pair.answer * pair.expected).sum() / (pair.expected * pair.expected).sum())
    if not np.isfinite(factor) or factor == 0 or not pair.is_near(pair.answer / factor):
        return None
    return factor


def shifted(pairs: Pairs) -> Look | None:
    """Say so of answers that are off by the same number everywhere, or by one for each case."""
    if not all(pair.fits and pair.expected.size for pair in pairs):
        return None
    offsets = [float((pair.answer - pair.expected).mean()) for pair in pairs]
    if not all(pair.is_near(pair.answer - offset) for pair, offset in zip(pairs, offsets, strict=True)):
        return None
    if sum(pair.expected.size for pair in pairs) < 2:
        return None
    first = next((each for each, pair in zip(offsets, pairs, strict=True) if not pair.hidden), None)
    if first is not None and all(pair.is_near(pair.answer - first) for pair in pairs):
        how = "large" if first > 0 else "small"
        return Look(short="a number too many", text=f"Your result is {abs(first):.4g} too {how}, everywhere.")
    if any(pair.expected.size < 2 for pair in pairs):
        return None
    same = all(pair.is_near(pair.answer - offsets[0]) for pair in pairs)
    told = "which is the same for each input" if same else "and the amount differs from input to input"
    return Look(short="a number too many", text=f"All of your result is off by the same amount, {told}.")


def argument_added(pairs: Pairs) -> Look | None:
    """Say so of answers that are the right ones plus or less an argument."""
    for name in pairs[0].arguments:
        for sign, short, what in (
            (1, f"`{name}` added", "plus its argument `{}`, which is added once too often."),
            (-1, f"`{name}` missing", "less its argument `{}`, which is missing or taken away."),
        ):
            if all(_is_off_by(pair, name, sign) for pair in pairs):
                return Look(short=short, text=f"Your result is the right one {what.format(name)}")
    return None


def _is_off_by(pair: Pair, name: str, sign: int) -> bool:
    argument = pair.arguments.get(name)
    if argument is None or not pair.fits or argument.ndim > pair.answer.ndim:
        return False
    try:
        return pair.is_near(pair.answer - sign * argument)
    except ValueError:
        return False


def scaled_by_lines(pairs: Pairs) -> Look | None:
    """Say so of matrices whose columns or rows are each off by a factor of their own."""
    return _by_lines(
        pairs,
        lambda pair, axis: (
            pair.answer
            / (
                (pair.answer * pair.expected).sum(axis=axis, keepdims=True)
                / (pair.expected**2).sum(axis=axis, keepdims=True)
            )
        ),
        "a factor for each {}",
        "Each {0} of your result is the right one times a factor of its own: is it divided by what does not "
        "belong to this {0}, or not divided at all?",
    )


def shifted_by_lines(pairs: Pairs) -> Look | None:
    """Say so of matrices whose rows or columns are each off by a number of their own."""
    return _by_lines(
        pairs,
        lambda pair, axis: pair.answer - (pair.answer - pair.expected).mean(axis=axis, keepdims=True),
        "a number too many in each {}",
        "In each {0} of your result, all numbers are off by the same amount, another one for each {0}: "
        "is a bias missing, or added twice or in the wrong place?",
    )


def _by_lines(pairs: Pairs, mended: Callable[[Pair, int], Array], short: str, text: str) -> Look | None:
    if not all(pair.fits and pair.expected.ndim == 2 and not pair.listed for pair in pairs):
        return None
    for axis, noun in ((0, "column"), (1, "row")):
        if all(pair.expected.shape[axis] > 1 and pair.is_near(mended(pair, axis)) for pair in pairs):
            return Look(short=short.format(noun), text=text.format(noun))
    return None


def mapped(pairs: Pairs) -> Look | None:
    """Say so of answers that are a function of the right ones, number by number."""
    for what, back in _MAPS:
        if all(pair.fits and pair.is_near(back(pair.answer)) for pair in pairs):
            return Look(
                short=f"the {what} of the result",
                text=f"Each number of your result is the {what} of the right one.",
            )
    if all(pair.fits and np.allclose(pair.answer, np.abs(pair.expected), rtol=1e-6) for pair in pairs):
        return Look(short="signs lost", text="Your result has the right numbers, without their signs.")
    return None


_MAPS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("logarithm", np.exp),
    ("exponential", np.log),
    ("square", np.sqrt),
    ("square root", np.square),
    ("reciprocal", np.reciprocal),
)

ALL = frozenset({scaled, shifted, argument_added, scaled_by_lines, shifted_by_lines, mapped})
"""What is said of numbers only: a mask of zeros and ones is right or wrong at each place."""
