"""An explanation as the sentences that a student reads."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.explain import MAX_ALTERNATIVES, Explanation
from autograder.model import Mistakes

BESIDE = "Beside that, there is"


def explained(explanation: Explanation) -> list[str]:
    """Return the feedback of the mistakes, and where those of earlier questions were counted."""
    own = _own(explanation, explanation.mistakes)
    lines = []
    each = (_own(explanation, mistakes) for mistakes in explanation.alternatives)
    tied = list(dict.fromkeys(filter(None, each)))
    if own and len(tied) > 1:
        common, apart = parted(tied)
        lines += common
        lines.append(f"{BESIDE if common else 'Your answers are those of'} one of these mistakes:")
        lines += [f"- {' And: '.join(texts)}" for texts in apart[:MAX_ALTERNATIVES]]
        more = len(tied) - MAX_ALTERNATIVES
        lines += [f"- {more} more would give the same answers."] if more > 0 else []
    elif len(own) > 1:
        lines.append(f"Your answers are those of {_COUNTS[len(own)]} mistakes together:")
        lines += [f"- {text}" for text in own]
    else:
        lines += own
    names = ", ".join(f"`{name}`" for name in explanation.inherited)
    if names and own:
        lines.append(
            f"What is wrong in {names} shows here too: it was counted there, and costs nothing here."
        )
    elif names:
        free = ": it was counted there, and costs nothing here" if explanation.proven else ""
        lines.append(f"Your result is the one that follows from what is wrong in {names}{free}.")
    if not explanation.proven:
        lines.append("Nothing of the other steps can be seen in such an answer: they earn nothing yet.")
    return lines


def parted(sets: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Return the texts that are in all of several sets, and of each set the others."""
    common = [each for each in sets[0] if all(each in other for other in sets)]
    return common, [[each for each in one if each not in common] for one in sets]


def replaced(earlier: Sequence[str], *, right: bool) -> str:
    """Return what to know of an answer that was judged with those of earlier questions replaced."""
    names = " and ".join(f"`{name}`" for name in earlier)
    counted = "what is wrong there was counted there, and costs nothing here."
    if right:
        return f"Your answer would be right if {names} were: {counted}"
    return f"It was judged as if {names} were right: {counted}"


def leaning_through(earlier: Sequence[str]) -> str:
    """Return what to know of an answer that leans on the notebook's sizes only through earlier ones."""
    names = " and ".join(f"`{name}`" for name in earlier)
    take = "takes" if len(earlier) == 1 else "take"
    counted = "that was counted there, and costs nothing here."
    return f"It needs sizes of the notebook because {names} {take} them: {counted}"


_COUNTS = {2: "two", 3: "three"}


def _own(explanation: Explanation, mistakes: Mistakes) -> tuple[str, ...]:
    return tuple(each.feedback for each in mistakes if each.question == explanation.question)
