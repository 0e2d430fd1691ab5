"""An answer beside what was expected, and what can be said of the two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from autograder.compare import compare
from autograder.model import Tolerance

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What answers look like: in a few words, as a reason for points, and in sentences for a student."""

    short: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An answer, and what was expected.

    A list of arrays is a matrix here, an item in each row, and `listed`. `arguments` are the arrays
    that the function was given, by name; `dtype` is the kind and size that the answer had, e.g. `f4`.
    """

    answer: Array
    expected: Array
    tolerance: Tolerance
    hidden: bool
    right: bool
    arguments: dict[str, Array] = field(default_factory=dict)
    dtype: str = "f8"
    listed: bool = False

    @property
    def fits(self) -> bool:
        """Whether the answer has the right shape."""
        return self.answer.shape == self.expected.shape

    def is_near(self, answer: Array) -> bool:
        """Return whether something made of the answer is what was expected."""
        if answer.shape != self.expected.shape:
            return False
        made = answer.astype(np.float32) if self.dtype == "f4" else answer
        return compare(made, self.expected, self.tolerance)[0] is None

    def is_within(self, share: float) -> bool:
        """Return whether no number of the answer is off by more than a share of it."""
        return self.fits and compare(self.answer, self.expected, Tolerance(rtol=share))[0] is None


Pairs = Sequence[Pair]


def lines(pairs: Pairs) -> Iterator[tuple[str, list[tuple[Array, Array]]]]:
    """Yield what an answer is made of, and answers and expected values with it along their first axis."""
    if not all(pair.fits and pair.expected.ndim for pair in pairs):
        return
    if all(pair.expected.ndim == 2 for pair in pairs) and not pairs[0].listed:
        yield "columns", [(pair.answer.T, pair.expected.T) for pair in pairs]
        yield "rows", [(pair.answer, pair.expected) for pair in pairs]
    else:
        noun = "items" if pairs[0].listed else "numbers"
        yield noun, [(pair.answer, pair.expected) for pair in pairs]
