"""Misconceptions as a master says them, found in its cells and checked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograder import author, blanks, cells, patience
from autograder.errors import AuthoringError
from autograder.model import CallCase, Case, Edit, Misconception, Step, ValueCase
from autograder.outcomes import NOTHING, called, matches, outcome_of
from autograder.variants import Variants

SHORTEST, LONGEST = 20, 80
"""How many words a feedback may have."""
NOTEBOOK = 3
"""How many times longer than a cell a mistake may take: for variables, the notebook is run with it."""


def found(
    draft: author.QuestionDraft, cases: Sequence[Case], variants: Variants, where: str
) -> tuple[Misconception, ...]:
    """Return a question's misconceptions, each with the places of its edits.

    Raises:
        AuthoringError: if one does not fit the question, or could not be told from a right answer.
    """
    return tuple(
        _checked(each, draft, cases, variants, f"{where}:{each.line}") for each in draft.misconceptions
    )


def check_unique(questions: Iterable[author.QuestionDraft], where: str) -> None:
    """Refuse two misconceptions of the same name.

    Raises:
        AuthoringError: if there are.
    """
    seen: dict[str, tuple[str, int]] = {}
    for question in questions:
        for each in question.misconceptions:
            if each.name in seen:
                other, line = seen[each.name]
                raise AuthoringError(
                    f"two misconceptions are called `{each.name}`, in questions `{other}` and "
                    f"`{question.name}`",
                    where=f"{where}:{each.line}",
                    next_step=f"The other one is on line {line}. Their names stand in the results: say in "
                    "each what is wrong where.",
                )
            seen[each.name] = (question.name, each.line)


def _checked(
    draft: author.MisconceptionDraft,
    question: author.QuestionDraft,
    cases: Sequence[Case],
    variants: Variants,
    place: str,
) -> Misconception:
    named = f"misconception `{draft.name}` of question `{question.name}`"
    if draft.function is not None and isinstance(cases[0], ValueCase):
        raise AuthoringError(
            f"{named} is a function, and the question asks for variables",
            where=place,
            next_step="Give it edits of the question's cells.",
        )
    edits = tuple(_edit(old, new, named, question.name, variants, place) for old, new in draft.edits)
    made = Misconception(
        id=draft.name,
        question=question.name,
        steps=draft.steps,
        feedback=draft.feedback,
        edits=edits,
        function=draft.function,
        rare=draft.rare,
    )
    if variants.tried:
        return made
    _check_step(draft, question.steps, named, place)
    _check_feedback(draft, edits, variants, named, place)
    for edit, (_, new) in zip(edits, draft.edits, strict=True):
        if sum(other.cell == edit.cell and _overlap(edit, other) for other in edits) > 1:
            raise AuthoringError(f"two edits of {named} overlap, one of them to `{new}`", where=place)
    patience.turn(named, place, times=NOTEBOOK)
    differ = _differ(made, cases, variants, vector=question.vector)
    patience.turn("its code")
    if differ is None:
        raise AuthoringError(
            f"{named} leaves nothing to judge: its edited code does not run",
            where=place,
            next_step="An edit must give valid Python: mind the indentation and brackets around it.",
        )
    if not differ:
        raise AuthoringError(
            f"{named} changes the answer of no case",
            where=place,
            next_step="Add a case whose answer it changes, or leave it out: nobody can be told of it.",
        )
    return made


def _differ(made: Misconception, cases: Sequence[Case], variants: Variants, *, vector: bool) -> bool | None:
    """Return whether a misconception changes the answer of a case, or None if its code does not run."""
    sources = variants.sources((made,))
    if any(cells.parse(sources[edit.cell]) is None for edit in made.edits):
        return None
    function = variants.function(made.question, (made,)) if isinstance(cases[0], CallCase) else None
    if function is None and isinstance(cases[0], CallCase):
        return None

    def outcome(case: Case) -> Any:
        if isinstance(case, CallCase):
            return called(function, case.arguments)
        defined = variants.rerun((made,), case.data, made.question)
        return outcome_of(defined.get(case.variable, NOTHING))

    return any(
        not matches(outcome(case), None, case.expected, case.tolerance, vector=vector) for case in cases
    )


def _check_step(draft: author.MisconceptionDraft, steps: Sequence[Step], named: str, place: str) -> None:
    names = [step.name for step in steps]
    for name in draft.steps:
        if name not in names:
            raise AuthoringError(
                f"{named} costs step `{name}`, and the question has none of that name",
                where=place,
                next_step=f"Its steps are: {', '.join(f'`{known}`' for known in names)}.",
            )
    if not draft.steps:
        raise AuthoringError(f"{named} costs no step", where=place)


def _edit(old: str, new: str, named: str, question: str, variants: Variants, place: str) -> Edit:
    places = variants.places(question, old) if old else []
    if len(places) != 1:
        raise AuthoringError(
            f"`{old}` of {named} stands {len(places)} times in the question's cells, not once",
            where=place,
            next_step=_where_it_stands(old, places, question, variants)
            + "Copy it from the solved cell without its marks, with enough around it to be unique.",
        )
    cell, start = places[0]
    return Edit(cell=cell, start=start, end=start + len(old), new=new)


def _where_it_stands(old: str, places: Sequence[tuple[int, int]], question: str, variants: Variants) -> str:
    """Return, as a sentence, on which lines a text stands, or which line is most like it."""
    lines = [str(variants.line_of(cell, position)) for cell, position in places]
    if lines:
        return f"It stands on lines {', '.join(dict.fromkeys(lines))}. "
    solved = {
        (number, position): line
        for number, cell in enumerate(variants.cells)
        if cell.question == question
        for position, line in _starts(cell.source)
        if line.strip()
    }
    wanted = old.strip().split("\n")[0].strip()
    likeness = {
        at: difflib.SequenceMatcher(None, wanted, line.strip()).find_longest_match().size
        for at, line in solved.items()
    }
    nearest = max(likeness, key=lambda at: likeness[at], default=None)
    if not wanted or nearest is None or likeness[nearest] < max(3, len(wanted) / 3):
        return ""
    return f"Line {variants.line_of(*nearest)} is most like it: `{solved[nearest].strip()}`. "


def _starts(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a source, and the position at which each begins."""
    position = 0
    for line in source.split("\n"):
        yield position, line
        position += len(line) + 1


def _overlap(one: Edit, other: Edit) -> bool:
    return one.start < other.end and other.start < one.end


def _check_feedback(
    draft: author.MisconceptionDraft, edits: Iterable[Edit], variants: Variants, named: str, place: str
) -> None:
    words = len(draft.feedback.split())
    if not SHORTEST <= words <= LONGEST:
        raise AuthoringError(
            f"the feedback of {named} has {words} words, not {SHORTEST} to {LONGEST}",
            where=place,
            next_step="Say what the result shows, why it is so, and where to look.",
        )
    lines = (line for edit in edits for line in _lines(variants.cells[edit.cell].source, edit))
    told = blanks.first_told(draft.feedback, (line for line in lines if len(line) >= blanks.SHORTEST))
    if told:
        raise AuthoringError(
            f"the feedback of {named} contains the solution `{told}`",
            where=place,
            next_step="Say where to look, not what to write.",
        )


def _lines(source: str, edit: Edit) -> list[str]:
    """Return the lines of the solution that an edit touches, without comments and white space."""
    begin = source.rfind("\n", 0, edit.start) + 1
    end = source.find("\n", edit.end)
    lines = source[begin : end if end >= 0 else len(source)].split("\n")
    return [blanks.normalised(re.sub(r"#.*", "", line)) for line in lines]
