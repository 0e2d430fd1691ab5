"""What every submission is asked, packed once, and asked together: a message costs more than most calls.

What is kept depends on the assignment alone, and is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from autograder import wire
from autograder.model import CallCase, Form, Property, Question
from autograder.session import Request
from autograder.variants import quietly

MAX_KNOWN = 1000

T = TypeVar("T")

_known: dict[tuple[Any, ...], tuple[Any, Any]] = {}


def _once(key: tuple[Any, ...], things: object, make: Callable[[], T]) -> T:
    """Return what was made for a key, which holds the ids of these things: while it is kept, so are they."""
    if key not in _known:
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        _known[key] = things, make()
    found: T = _known[key][1]
    return found


def arguments(case: CallCase, form: Form) -> wire.Packed:
    """Return the arguments of a case as they are sent."""
    return _once(("one", id(case), form.name), case, lambda: wire.packed(form.make(*case.arguments)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Requests that are sent in one message: as many as are `whole` in it, or none.

    `about` says what each is for: a question, and a variable, a case, or a property's call by its `call_key`.
    """

    requests: tuple[Request, ...]
    arguments: wire.Packed
    about: tuple[tuple[str, str | bytes], ...]


def public(questions: Sequence[Question]) -> Together:
    """Return all that is public in these questions: variables, then functions, in their first form."""

    def make() -> Together:
        asked: list[_Asked] = []
        for question in questions:
            for name in question.names if question.values else ():
                asked.append((Request(operation="get", name=name), (question.name, name), ()))
        for question in questions:
            for case in question.cases:
                if not case.hidden:
                    asked.append(_call(question, case.name, question.forms[0].make(*case.arguments)))
        return _together(asked)

    return _once(("public", *map(id, questions)), tuple(questions), make)


def hidden(question: Question, again: Sequence[CallCase], form: Form) -> Together:
    """Return all that is hidden in a question for a function: its cases, public ones that are asked `again`,
    and what its properties ask of the reference."""

    def make() -> Together:
        cases = [*(case for case in question.cases if case.hidden), *again]
        asked = [_call(question, case.name, form.make(*case.arguments)) for case in cases]
        for each in question.properties:
            asked += [_call(question, call_key(made), made) for made in _rehearsed(question, each, form)]
        return _together(asked)

    key = ("hidden", id(question), form.name, *map(id, again))
    return _once(key, (question, tuple(again)), make)


_Asked = tuple[Request, tuple[str, str | bytes], tuple[Any, ...]]


def _call(question: Question, about: str | bytes, made: tuple[Any, ...]) -> _Asked:
    request = Request(operation="call", name=question.name, seconds=question.call_seconds)
    return request, (question.name, about), made


def _together(asked: Sequence[_Asked]) -> Together:
    """Return requests as one message: as many as it may have, and none if there is more room one by one."""
    asked = asked[: wire.MAX_VALUES]
    packed = wire.packed([list(made) for _, _, made in asked])
    if not packed.is_whole:
        return Together(requests=(), arguments=wire.NOTHING, about=())
    return Together(
        requests=tuple(request for request, _, _ in asked),
        arguments=packed,
        about=tuple(about for _, about, _ in asked),
    )


def call_key(made: tuple[Any, ...]) -> bytes:
    """Return what arguments are recognised by."""
    packed = wire.packed(made)
    return packed.described + packed.body


def _rehearsed(question: Question, each: Property, form: Form) -> list[tuple[Any, ...]]:
    """Return the arguments with which a property calls the reference: most likely, any other function too."""
    made: list[tuple[Any, ...]] = []
    reference = question.variant(()) if question.variant else None

    def function(*given: Any) -> Any:
        made.append(form.make(*given))
        assert reference is not None
        return reference(*given)

    if reference is not None:
        try:
            with quietly(), np.errstate(all="ignore"):
                each.holds(function, *each.arguments)
        except Exception:  # it is not known then
            return []
    return made
