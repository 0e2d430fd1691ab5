"""What honest students hand in: right answers in many styles, mistakes from the catalogue, blanks left open."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

from autograder.model import Misconception, Mistakes
from tests.corpus import RIGHT, WRONG
from tests.corpus.entries import cells_of

from .notebooks import Cells, Template, as_bytes, in_own_style


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a student hands in, and what was put into it.

    Attributes:
        content: the file.
        kind: what it is: right, mistakes, unfinished, ...
        misconceptions: the names of the master's misconceptions that were made.
        points: what it is worth, or None where that is for the grader to say.
        note: what else to know of it.
        cells: the code cells, for whoever copies from it.
    """

    content: bytes
    kind: str
    misconceptions: tuple[str, ...] = ()
    points: float | None = None
    note: str = ""
    cells: tuple[tuple[str, str], ...] = ()


COMMON = {
    "transposed": 6, "softmax over the": 6, "other way round": 6, "over the rows": 6, "features": 4, "result": 3,
    "not scaled": 3, "scaled by": 3, "maximum": 4, "swapped": 3, "bias": 2,
}  # fmt: skip
"""Words in the names of mistakes that real classes make more often than others, and how much more."""


def weight(mistake: Misconception) -> int:
    """Return how often a mistake is made, compared with a rare one."""
    return max((often for word, often in COMMON.items() if word in mistake.id), default=1)


def right(template: Template, name: str, rng: random.Random) -> Work:
    """Return a right notebook, sometimes with an answer of the corpus in the place of one of the reference's."""
    cells, note = template.solved(), ""
    points: float | None = template.assignment.possible
    others = [each for each in RIGHT if _usable(each.question, each.code, template) and each.passed]
    others = [each for each in others if not each.whole and not each.disagrees]
    if rng.random() < 0.6:
        chosen = rng.choice(others)
        cells = replaced(cells, chosen.question, chosen.code)
        steps = {
            s.name: s.points
            for q in template.assignment.questions
            if q.name == chosen.question
            for s in q.steps
        }
        points = template.assignment.possible - sum(steps[step] for step in chosen.loses)
        if any(f"def {other}(" in chosen.code for other in template.questions if other != chosen.question):
            points = None  # it answers another question too
        note = chosen.name
    return finished(template, cells, name, rng, kind="right", points=points, note=note)


def wrong(template: Template, name: str, rng: random.Random, size: int) -> Work:
    """Return a notebook with some mistakes of the catalogue."""
    mistakes = drawn(template, rng, size)
    cells = template.solved(mistakes)
    ids = tuple(mistake.id for mistake in mistakes)
    return finished(template, cells, name, rng, kind="mistakes", misconceptions=ids)


def elsewise(template: Template, name: str, rng: random.Random) -> Work:
    """Return a notebook with a wrong answer of the corpus, which is no edit of the reference."""
    chosen = rng.choice([each for each in WRONG if _usable(each.question, each.code, template)])
    cells = replaced(template.solved(), chosen.question, chosen.code)
    note = f"{chosen.question}: {chosen.mistake}: {chosen.says}"
    return finished(template, cells, name, rng, kind="other_mistake", note=note)


def unfinished(template: Template, name: str, rng: random.Random) -> Work:
    """Return a notebook in which only the first questions are answered, or none."""
    done = rng.randrange(len(template.questions))
    answered = template.questions[:done]
    cells = [
        solved if solved[0] in answered else open_
        for solved, open_ in zip(template.solved(), template.untouched, strict=True)
    ]
    questions = template.assignment.questions[:done]
    points = float(sum(question.possible for question in questions))
    kind = "unfinished" if done else "untouched"
    return finished(template, cells, name, rng, kind=kind, points=points, note=f"{done} questions answered")


def finished(template: Template, cells: Cells, name: str, rng: random.Random, **about: object) -> Work:
    """Return the notebook with these cells in a style of one's own."""
    styled = in_own_style(cells, template.name, rng)
    content = as_bytes(template.notebook(styled, name=name))
    return Work(content=content, cells=tuple(styled), **about)  # type: ignore[arg-type]


def replaced(cells: Cells, question: str, code: str) -> Cells:
    """Return cells with another answer to a question, in as many cells as it has."""
    return [
        each
        for known, source in cells
        for each in (
            [(question, cell) for cell in cells_of(code)] if known == question else [(known, source)]
        )
    ]


def drawn(template: Template, rng: random.Random, size: int) -> Mistakes:
    """Draw mistakes that can be made together."""
    known = template.assignment.misconceptions
    catalogue = [mistake for mistake in known if mistake.edits and not (size > 1 and mistake.rare)]
    weights = [weight(mistake) for mistake in catalogue]
    while True:
        mistakes = tuple(rng.choices(catalogue, weights, k=size))
        if len({mistake.id for mistake in mistakes}) == size and not _clash(mistakes):
            return tuple(sorted(mistakes, key=lambda mistake: template.questions.index(mistake.question)))


def _clash(mistakes: Mistakes) -> bool:
    spans = sorted((edit.cell, edit.start, edit.end) for mistake in mistakes for edit in mistake.edits)
    return any(one[0] == two[0] and two[1] < one[2] for one, two in itertools.pairwise(spans))


def _usable(question: str, code: str, template: Template) -> bool:
    return question in template.questions and bool(code.strip())
