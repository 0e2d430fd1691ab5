"""What wrong answers look like where no misconception explains them: it says where to look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder import amounts, cells, places, precision, shapes
from autograder.compare import Accepted, accept, as_array, is_sequence
from autograder.complaints import listed
from autograder.finding import Finding
from autograder.likeness import Array, Look, Pair, Pairs
from autograder.model import CallCase, Case, Question
from autograder.returned import complex_numbers, is_none, list_too_long, returns_nothing, several_values

MANY = 3
"""How many answers must be the same before it is told."""
MAX_NAMES = 4
LONGEST_NAME = 40
LARGEST = 10_000
"""How many numbers an answer may have to be looked at."""


def detected(
    question: Question, found: Sequence[Finding], sources: Sequence[str], *, carried: bool = False
) -> Look | None:
    """Return what the answers to a question look like, if some are wrong.

    No number is told of answers that were `carried`: the code that gave them may have seen hidden inputs.
    """
    asked = _asked(found)
    if all(finding.right for finding in asked):
        return None
    if all(is_none(finding) for finding in asked):
        return returns_nothing(question.name, sources)
    if any(finding.problem and not finding.case.hidden for finding in asked):
        return complaint(question, asked, sources)
    return (
        one_of_several(question, asked)
        or list_too_long(asked, question)
        or complex_numbers(asked)
        or fixed_sizes(asked, question, sources)
        or _of_arrays(asked, question, sources, carried=carried)
        or reads_globals(asked, question, sources)
        or _wrong_shape(asked, question)
    )


def one_of_several(question: Question, found: Sequence[Finding]) -> Look | None:
    """Say so of answers of which another item than the one that is judged is right."""
    asked = _asked(found)
    return None if all(finding.right for finding in asked) else several_values(asked, question)


def _asked(found: Sequence[Finding]) -> list[Finding]:
    return [each for each in found if isinstance(each.case, Case) and not each.skipped]


def _of_arrays(
    asked: Sequence[Finding], question: Question, sources: Sequence[str], *, carried: bool
) -> Look | None:
    pairs: list[Pair] = []
    for finding in asked:
        pair = _pair(finding, question)
        if pair is None:
            return None
        pairs.append(replace(pair, hidden=True) if carried else pair)
    masks = all(np.isin(pair.expected, (0, 1)).all() for pair in pairs)
    looks = [look for look in LOOKS if not (masks and look in amounts.ALL)]
    with np.errstate(all="ignore"):
        look = next(filter(None, (look(pairs) for look in looks)), None)
    return _typed_in(question, sources) if look is SAME else look


def argument_returned(pairs: Pairs) -> Look | None:
    """Say so of answers that are an argument, as it came."""
    for name in pairs[0].arguments:
        if all(_is_argument(pair, name) for pair in pairs):
            return Look(
                short=f"returns `{name}` as it came",
                text=(
                    f"Your function returns its argument `{name}` as it came: nothing that was computed "
                    "gets into the result."
                ),
            )
    return None


def _is_argument(pair: Pair, name: str) -> bool:
    argument = pair.arguments.get(name)
    return argument is not None and argument.size > 1 and np.array_equal(pair.answer, argument)


def constant(pairs: Pairs) -> Look | None:
    """Say so of answers that are the same for all inputs, though the right ones differ."""
    first = pairs[0]
    if len(pairs) < MANY or not first.answer.size:
        return None
    if not all(np.array_equal(pair.answer, first.answer) for pair in pairs):
        return None
    if all(np.array_equal(pair.expected, first.expected) for pair in pairs):
        return None
    return SAME


SAME = Look(
    short="the same for every input",
    text=(
        "Your result is the same whatever the input: is it typed in, or computed from something else than "
        "the arguments?"
    ),
)


def _typed_in(question: Question, sources: Sequence[str]) -> Look:
    """Say where a result may come from that is the same for all inputs."""
    told = _variables_read(question, sources)
    if not told:
        return SAME
    return Look(
        short=f"computed from {told} of the notebook",
        text=(
            f"Your result is the same whatever the input: it is computed from {told} of the notebook, and "
            "not from the arguments."
        ),
    )


LOOKS: tuple[Callable[[Pairs], Look | None], ...] = (
    precision.half_precision,
    places.reshaped,
    precision.one_number,
    argument_returned,
    places.transposed,
    constant,
    amounts.scaled,
    amounts.shifted,
    amounts.argument_added,
    places.permuted,
    precision.rounded,
    precision.nearly,
    amounts.scaled_by_lines,
    amounts.shifted_by_lines,
    amounts.mapped,
    precision.not_finite,
    places.partly_right,
    places.scrambled,
    precision.whole_numbers,
)
"""The most specific first: one is told."""


def reads_globals(asked: Sequence[Finding], question: Question, sources: Sequence[str]) -> Look | None:
    """Say so of a function that is right for the notebook's own input only, and reads its variables."""
    public = [finding for finding in asked if not finding.case.hidden]
    if not public or not all(finding.right for finding in public) or question.values:
        return None
    told = _variables_read(question, sources)
    if not told:
        return None
    return Look(
        short=f"reads {told} from the notebook",
        text=(
            f"`{question.name}` is right for the notebook's own input, and reads {told} from the notebook: "
            "is that what belongs to other inputs too? Take from the arguments what depends on them."
        ),
    )


def fixed_sizes(asked: Sequence[Finding], question: Question, sources: Sequence[str]) -> Look | None:
    """Say so of a function that is right for the notebook's sizes only, and has one of them written in it."""
    public = [each for each in asked if not each.case.hidden]
    if not public or not all(each.right for each in public):
        return None
    known = [dict(sizes) for each in public for sizes in _sizes(each)]
    wrong = [_sizes(each) for each in asked if not each.right]
    if not known or any(sizes in known for each in wrong for sizes in map(dict, each)) or not all(wrong):
        return None
    written = cells.numbers_written(sources, question.name)
    told = {
        name: size
        for sizes in known
        for name, size in sizes.items()
        if size in written and size > 1 and any(each[0].get(name, size) != size for each in wrong)
    }
    if not told:
        return None
    values = listed(sorted({f"{size}" for size in told.values()}))
    names = listed([f"`{name}`" for name in sorted(told)])
    return Look(
        short=f"{values} written instead of {names}",
        text=(
            f"`{question.name}` is right for the notebook's sizes and wrong for others, and {values} "
            f"{'is' if len(set(told.values())) == 1 else 'are'} written in it: that is {names} there. Take "
            "sizes from the arguments."
        ),
    )


def _sizes(finding: Finding) -> tuple[Mapping[str, int], ...]:
    return finding.case.sizes if isinstance(finding.case, CallCase) else ()


def _variables_read(question: Question, sources: Sequence[str]) -> str:
    """Return the names of the notebook's variables that a function reads."""
    made = {name for _, statement in cells.statements(sources) for name in cells.created_by(statement)}
    names = cells.globals_read(sources, question.name, made)[:MAX_NAMES]
    return ", ".join(f"`{name[:LONGEST_NAME]}`" for name in names)


def _wrong_shape(asked: Sequence[Finding], question: Question) -> Look | None:
    wrong = [finding.difference for finding in asked if not finding.right]
    if question.equation and all(each is not None and each.kind == "shape" for each in wrong):
        return Look(short="the wrong shape", text=question.equation)
    return None


def complaint(question: Question, found: Sequence[Finding], sources: Sequence[str]) -> Look | None:
    """Say what the exception of a public case is about, if there is one; of a call with the wrong
    arguments, what is handed over."""
    problem = next((each.problem for each in found if each.problem and not each.case.hidden), None)
    if problem is None:
        return None
    text = shapes.explained(problem, sources)
    if (
        problem.type == "TypeError"
        and problem.message.startswith(f"{question.name}() ")
        and question.parameters
    ):
        names, count = ", ".join(f"`{name}`" for name in question.parameters), len(question.parameters)
        how = f"{count} arguments, in this order" if count > 1 else "one argument"
        text = f"`{question.name}` is called with {how}: {names}."
    if not text:
        return None
    about_shapes = shapes.is_about_shapes(problem)
    return Look(
        short="shapes do not fit" if about_shapes else shapes.raised(problem),
        text=f"{text} {question.equation if about_shapes else ''}".rstrip(),
    )


# ---------------------------------------------------------------- answers as arrays


def _pair(finding: Finding, question: Question) -> Pair | None:
    case, answer = finding.case, finding.answer
    if not isinstance(case, Case) or answer is None or not answer.found or answer.problem:
        return None
    listed = isinstance(case.expected, list)
    array = _rows(answer.value) if listed else _array(answer.value, case.expected, question)
    expected = _rows(case.expected) if listed else np.asarray(case.expected, dtype=float)
    if array is None or expected is None or array.dtype.kind == "c" or array.size > LARGEST:
        return None
    arguments = case.arguments if isinstance(case, CallCase) else ()
    named = zip(question.parameters, map(as_array, arguments), strict=False)
    return Pair(
        answer=array.astype(float),
        expected=expected.astype(float),
        tolerance=case.tolerance,
        hidden=case.hidden,
        right=finding.right,
        arguments={name: each for name, each in named if each is not None and each.ndim},
        dtype=array.dtype.str[1:],
        listed=listed,
    )


def _array(value: Any, expected: Any, question: Question) -> Array | None:
    """Return what is judged of an answer, in the shape that is asked for if that does not matter."""
    taken = accept(value, np.asarray(expected, dtype=float), vector=question.vector)
    return taken.value if isinstance(taken, Accepted) else as_array(value)


def _rows(value: Any) -> Array | None:
    """Return a list of arrays of the same size as a matrix, an item in each row."""
    items = [as_array(item) for item in value] if is_sequence(value) else []
    rows = [item.reshape(-1) for item in items if item is not None]
    if not rows or len(rows) != len(items) or len({row.size for row in rows}) > 1:
        return None
    return np.stack(rows)
