"""Hints as a master says them, checked: short, one after the other, and no line of a solution in them."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from autograder import blanks
from autograder.errors import AuthoringError

MOST = 5
"""How many hints a question may have."""
FEWEST_WORDS, MOST_WORDS = 5, 120
SHORTEST = 5
"""How long a piece of a solution is that no hint may contain: `K.T @ Q` says it all, in five characters."""


def cleaned(hints: Any, question: str) -> tuple[str, ...]:
    """Return a question's hints without the indentation that they have in the master.

    Raises:
        AuthoringError: if they are no list of texts, too many, too short, too long, or twice the same.
    """
    if isinstance(hints, str) or not all(isinstance(hint, str) for hint in hints):
        raise AuthoringError(
            f"the `hints` of question `{question}` are no list of texts",
            next_step='Write `hints=["a nudge", "a pointer to the equation", "a small example"]`.',
        )
    texts = tuple(inspect.cleandoc(hint).rstrip() for hint in hints)
    if len(texts) > MOST:
        raise AuthoringError(
            f"question `{question}` has {len(texts)} hints, more than {MOST}",
            next_step="Each should take a student further than the one before: leave some out.",
        )
    for number, text in enumerate(texts, start=1):
        words, named = len(text.split()), f"hint {number} of question `{question}`"
        if not FEWEST_WORDS <= words <= MOST_WORDS:
            raise AuthoringError(
                f"{named} has {words} words, not {FEWEST_WORDS} to {MOST_WORDS}",
                next_step="Say one thing: what to think of, where it stands, or an example that is worked.",
            )
        if text in texts[: number - 1]:
            raise AuthoringError(f"{named} says the same as one before it")
    return texts


def check_silent(hint: str, number: int, question: str, solutions: Iterable[str], place: str) -> None:
    """Refuse a hint that contains a piece of a solution.

    Args:
        hint: what it says.
        number: which of its question's hints it is.
        question: what it is a hint to.
        solutions: the solutions' statements and what these compute, normalised.
        place: where it stands, for errors.

    Raises:
        AuthoringError: if it does.
    """
    told = blanks.first_told(hint, solutions)
    if told:
        raise AuthoringError(
            f"hint {number} of question `{question}` contains the solution `{told}`",
            where=place,
            next_step="Say where to look, or show it with other numbers and names.",
        )
