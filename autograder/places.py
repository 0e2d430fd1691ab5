"""Answers with the right numbers at other places, or right in some places only."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from autograder.compare import compare
from autograder.likeness import Array, Look, Pair, Pairs, lines

MOST_LINES = 64
"""How many rows or columns are compared one by one."""


def reshaped(pairs: Pairs) -> Look | None:
    """Say so of answers with the right numbers, in order, in another shape."""
    if any(pair.fits or pair.answer.size != pair.expected.size or pair.expected.size < 2 for pair in pairs):
        return None
    if all(_is_near_flat(pair, pair.expected) for pair in pairs):
        if all(pair.answer.ndim == 1 for pair in pairs):
            return Look(
                short="flattened",
                text="Your result holds the right numbers, but flattened: give it its shape back.",
            )
        if all(_without_ones(pair.answer) == _without_ones(pair.expected) for pair in pairs):
            return Look(
                short="an axis of length 1",
                text=(
                    "Your result holds the right numbers, with an axis of length 1 too many or too few: "
                    "compare its shape with the one that is asked for."
                ),
            )
        return Look(
            short="another shape",
            text="Your result holds the right numbers, in the right order, in another shape.",
        )
    if all(pair.answer.ndim == 1 and _is_near_flat(pair, pair.expected.T) for pair in pairs):
        return Look(
            short="flattened",
            text=(
                "Your result holds the right numbers, but flattened column by column: give it its shape back."
            ),
        )
    return None


def _is_near_flat(pair: Pair, expected: Array) -> bool:
    return compare(pair.answer.reshape(-1), expected.reshape(-1), pair.tolerance)[0] is None


def _without_ones(array: Array) -> tuple[int, ...]:
    return tuple(size for size in array.shape if size != 1)


def transposed(pairs: Pairs) -> Look | None:
    """Say so of answers that are right when they are transposed."""
    if all(pair.answer.ndim == 2 and pair.is_near(pair.answer.T) for pair in pairs):
        return Look(
            short="the result transposed",
            text="Your result is the right one, transposed: rows and columns have changed places.",
        )
    return None


def permuted(pairs: Pairs) -> Look | None:
    """Say so of answers that have the right columns, rows or numbers in another order."""
    for noun, turned in lines(pairs):
        orders = list(itertools.takewhile(bool, itertools.starmap(_order, turned)))
        if len(orders) < len(pairs):
            continue
        if all(order == sorted(order, reverse=True) for order in orders):
            return Look(
                short=f"{noun} in reversed order",
                text=f"Your result has the right {noun}, in reversed order.",
            )
        return Look(
            short=f"{noun} in another order", text=f"Your result has the right {noun}, in another order."
        )
    return None


def _order(answer: Array, expected: Array) -> list[int]:
    """Return where the items of an answer stand among those expected, if they are the same; or nothing."""
    if not 2 <= len(expected) <= MOST_LINES:
        return []
    close = np.isclose(answer[:, np.newaxis], expected[np.newaxis], rtol=1e-6)
    same = np.all(close.reshape(len(answer), len(expected), -1), axis=2)
    order: list[int] = []
    for row in same:
        match = next((int(index) for index in np.flatnonzero(row) if int(index) not in order), None)
        if match is None:
            return []
        order.append(match)
    return order


def partly_right(pairs: Pairs) -> Look | None:
    """Say so of answers of which only the first or the last line is right, or all others, or the diagonal."""
    if any(pair.right for pair in pairs):
        return None
    square = all(
        pair.fits and pair.expected.ndim == 2 and len(set(pair.expected.shape)) == 1 for pair in pairs
    )
    if square:
        eyes = [np.eye(len(pair.expected), dtype=bool) for pair in pairs]
        for inside, text in (
            (True, "Your result is right but for its diagonal."),
            (False, "Of your result, only the diagonal is right."),
        ):
            if all(
                pair.is_near(np.where(eye == inside, pair.expected, pair.answer)) and len(pair.expected) > 1
                for pair, eye in zip(pairs, eyes, strict=True)
            ):
                return Look(short="the diagonal" if inside else "only the diagonal right", text=text)
    for noun, turned in lines(pairs):
        possible = list(_PARTS)
        for pair, both in zip(pairs, turned, strict=True):
            mask = _right_lines(pair, noun, *both) if possible else []
            possible = [each for each in possible if len(mask) > 1 and each[2](mask)]
        if possible:
            short, text, _ = possible[0]
            return Look(short=short.format(noun[:-1]), text=text.format(noun[:-1]))
    return None


def _right_lines(pair: Pair, noun: str, answer: Array, expected: Array) -> list[bool]:
    if len(expected) > MOST_LINES:
        return []
    found = []
    for index in range(len(expected)):
        mixed = expected.copy()
        mixed[index] = answer[index]
        found.append(pair.is_near(mixed.T if noun == "columns" else mixed))
    return found


_PARTS: tuple[tuple[str, str, Callable[[list[bool]], bool]], ...] = (
    (
        "only the first {} right",
        "Of your result, only the first {} is right: does a loop end in its first round, as by a "
        "`return` that is indented too far, or is the rest never filled?",
        lambda mask: mask[0] and not any(mask[1:]),
    ),
    (
        "only the last {} right",
        "Of your result, only the last {} is right: does each round of a loop overwrite what the others use?",
        lambda mask: mask[-1] and not any(mask[:-1]),
    ),
    (
        "all but the first {} right",
        "Your result is right but for its first {}: does a loop begin one too late?",
        lambda mask: not mask[0] and all(mask[1:]),
    ),
    (
        "all but the last {} right",
        "Your result is right but for its last {}: does a loop end one too early?",
        lambda mask: not mask[-1] and all(mask[:-1]),
    ),
)


def scrambled(pairs: Pairs) -> Look | None:
    """Say so of answers that have all the right numbers, at other places."""
    for pair in pairs:
        if pair.answer.size != pair.expected.size or pair.expected.size < 3:
            return None
        answer, expected = (np.sort(array.reshape(-1)) for array in (pair.answer, pair.expected))
        if not np.allclose(answer, expected, rtol=1e-6, atol=1e-12):
            return None
    return Look(
        short="the numbers at other places",
        text="Your result has all the right numbers, at other places: is something reshaped that is to be "
        "transposed, or the other way round?",
    )
