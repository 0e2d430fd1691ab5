"""From what a master says to an assignment: checked, and every case answered by the reference."""

from __future__ import annotations

import copy
import difflib
import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograder import author, misconceptions, patience
from autograder.errors import AuthoringError
from autograder.model import Assignment, CallCase, Data, Detects, Form, Property, Question, ValueCase
from autograder.outcomes import plain
from autograder.own_tests import TestDraft, check_names
from autograder.rehearse import Stage, own_steps, rehearsed
from autograder.variants import Variants

AS_IT_IS = Form(name="", make=lambda *arguments: arguments)

Namespace = Mapping[str, Any]


class Reruns(Protocol):
    """What a master's cells define when they are run again."""

    def with_data(self, data: Data) -> Namespace:
        """Return what they define with other data."""

    def reseeded(self) -> Namespace:
        """Return what they define with other seeds."""


def prepare(
    name: str,
    drafts: author.Drafts,
    cells_of: Mapping[str, int],
    namespace: Namespace,
    reruns: Reruns,
    stage: Stage,
    variants: Variants,
) -> Assignment:
    """Return the assignment that a master describes.

    Args:
        name: the assignment's name.
        drafts: what the master said while it was executed.
        cells_of: the questions that its cells belong to, and the line of the first cell of each.
        namespace: what the master's cells defined.
        reruns: returns what they define when they are run again.
        stage: the master, for errors, and what an author's own tests are tried on.
        variants: the master's notebook with mistakes in it.

    Raises:
        AuthoringError: if something cannot be meant as it stands.
    """
    where = stage.where
    if not drafts.assignments:
        raise AuthoringError(
            "`author.assignment` is not called",
            where=where,
            next_step="Say in a private cell: `from autograder import author`, and `author.assignment("
            '"Its title")`. `autograder new NAME` writes a master that works.',
        )
    if len(drafts.assignments) > 1:
        raise AuthoringError(
            f"`author.assignment` is called {len(drafts.assignments)} times, not once", where=where
        )
    if not drafts.questions:
        raise AuthoringError(
            "there is no question",
            where=where,
            next_step="Call `author.question` for each cell that is marked "
            '`# %% question="NAME"`. `autograder new NAME` writes a master that works.',
        )
    _check_cells(drafts, cells_of, where)
    draft = drafts.assignments[0]
    if draft.count_hints and not any(question.hints for question in drafts.questions):
        raise AuthoringError(
            "the assignment counts hints, and no question has any",
            where=where,
            next_step="Give `author.question` some `hints`, or leave `count_hints` out.",
        )
    variants.asks_for(
        frozenset(
            question.name
            for question in drafts.questions
            if not any(case.variable for case in question.cases)
        )
    )
    questions = tuple(
        _question(question, namespace, reruns, stage, variants) for question in drafts.questions
    )
    misconceptions.check_unique(drafts.questions, where)
    return Assignment(
        name=name,
        title=draft.title,
        questions=questions,
        environment=draft.environment,
        limits=draft.limits,
        programs=draft.programs,
        rate_limit=draft.rate_limit,
        leaderboard=draft.leaderboard,
        partial_credit=draft.partial_credit,
        count_hints=draft.count_hints,
        rerun=variants.rerun,
    )


def _check_cells(drafts: author.Drafts, cells_of: Mapping[str, int], where: str) -> None:
    described = [question.name for question in drafts.questions]
    for duplicate in _duplicates(described):
        raise AuthoringError(f"there are two questions `{duplicate}`", where=where)
    for question in drafts.questions:
        if question.name not in cells_of:
            known = ", ".join(f"`{name}`" for name in cells_of if name not in described)
            near = difflib.get_close_matches(question.name, [*cells_of], n=1)
            raise AuthoringError(
                f"question `{question.name}` has no cell",
                where=f"{where}:{question.line}",
                next_step=(f"Is it `{near[0]}`? Else mark " if near and near[0] not in described else "Mark ")
                + f'its cell with `# %% question="{question.name}"`. '
                + (f"Cells of no question that is described: {known}." if known else ""),
            )
    for name, line in cells_of.items():
        if name not in described:
            raise AuthoringError(
                f"a cell belongs to question `{name}`, which no `author.question` describes",
                where=f"{where}:{line}",
                next_step=f"Described are: {', '.join(f'`{known}`' for known in described)}.",
            )


def _parameters(reference: Any) -> tuple[str, ...]:
    """Return the names of a function's positional parameters."""
    try:
        parameters = inspect.signature(reference).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD)


def _question(
    draft: author.QuestionDraft, namespace: Namespace, reruns: Reruns, stage: Stage, variants: Variants
) -> Question:
    place = f"{stage.where}:{draft.line}"
    _check_question(draft, place)
    main = tuple(step.name for step in draft.steps if not step.minor and step.detects is Detects.ANSWER)
    calls, values = [], []
    for case in draft.cases:
        steps = main if case.steps is None else case.steps
        if case.variable:
            values.append(_value_case(case, steps, namespace, reruns, f"{stage.where}:{case.line}"))
        else:
            calls.append(_call_case(case, steps, draft, namespace, stage.where))
    properties = tuple(
        Property(
            name=each.name,
            hidden=each.hidden,
            steps=main if each.steps is None else each.steps,
            arguments=each.arguments,
            sizes=_sizes(draft, each.arguments, place),
            holds=each.holds,
            feedback=each.feedback,
        )
        for each in draft.properties
    )
    return Question(
        name=draft.name,
        steps=(*draft.steps, *own_steps(draft.tests)),
        cases=tuple(calls),
        values=tuple(values),
        properties=properties,
        parameters=_parameters(namespace.get(draft.name)) if calls else (),
        tests=rehearsed(draft.tests, draft.name, main, stage, draft.line),
        sizes=None
        if draft.sizes is None
        else lambda *arguments, **keywords: _sizes(draft, arguments, place, keywords),
        forms=(AS_IT_IS, *draft.forms),
        vector=draft.vector,
        call_seconds=draft.call_seconds,
        misconceptions=misconceptions.found(draft, calls or values, variants, stage.where),
        variant=partial(variants.function, draft.name) if calls else None,
        equivalents=draft.equivalents,
        equation=draft.equation,
        hints=draft.hints,
    )


def _check_question(draft: author.QuestionDraft, place: str) -> None:
    names = [step.name for step in draft.steps]
    things: list[author.CaseDraft | author.PropertyDraft | TestDraft] = [*draft.cases, *draft.properties]
    for duplicate in _duplicates(names):
        raise AuthoringError(f"question `{draft.name}` has two steps `{duplicate}`", where=place)
    for duplicate in _duplicates(thing.name for thing in things):
        raise AuthoringError(
            f"question `{draft.name}` has two cases or properties `{duplicate}`", where=place
        )
    check_names(
        draft.tests,
        draft.name,
        {"case": draft.cases, "property": draft.properties, "step": draft.steps},
        place,
    )
    things += [test for test in draft.tests if test.points is None]
    if all(step.minor for step in draft.steps):
        raise AuthoringError(f"question `{draft.name}` has no step that is not minor", where=place)
    file = place.rpartition(":")[0]
    for thing in things:
        for name in thing.steps or ():
            if name not in names:
                raise AuthoringError(
                    f"`{thing.name}` of question `{draft.name}` costs step `{name}`, which it has not",
                    where=place if isinstance(thing, TestDraft) else f"{file}:{thing.line}",
                    next_step=f"Its steps are: {', '.join(f'`{known}`' for known in names)}.",
                )
    for hidden, kind in ((False, "public"), (True, "hidden")):
        if not any(case.hidden is hidden for case in draft.cases):
            raise AuthoringError(
                f"question `{draft.name}` has no {kind} case",
                where=place,
                next_step="Students check against public cases; hidden ones keep them from fitting these.",
            )
    if len({bool(case.variable) for case in draft.cases}) > 1:
        raise AuthoringError(f"question `{draft.name}` asks for variables and a function", where=place)
    if draft.sizes is None and any(step.detects is Detects.GLOBALS for step in draft.steps):
        raise AuthoringError(
            f"question `{draft.name}` has a step for leaning on globals, and no `sizes`",
            where=place,
            next_step="Give `sizes`: from the arguments, the notebook's globals as they would be for them.",
        )
    for case in draft.cases:
        if case.variable and case.hidden and case.data is None:
            raise AuthoringError(
                f"hidden case `{case.name}` looks at a variable without other data",
                where=f"{file}:{case.line}",
                next_step="Give it `data`: on the notebook's own data, the public case has looked at it.",
            )
    by_default = any(thing.steps is None for thing in things)
    watched = {name for thing in things for name in thing.steps or ()}
    for step in draft.steps:
        costed = step.name in watched or (by_default and not step.minor)
        if step.detects is Detects.ANSWER and not costed:
            raise AuthoringError(
                f"nothing can cost step `{step.name}` of question `{draft.name}`",
                where=place,
                next_step="Name it in the `steps` of a case, property or test.",
            )


def _duplicates(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


def _sizes(
    draft: author.QuestionDraft,
    arguments: tuple[Any, ...],
    place: str,
    keywords: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[Mapping[str, int], ...]:
    try:
        sizes = () if draft.sizes is None else draft.sizes(*arguments, **keywords)
    except Exception as error:
        raise AuthoringError(
            f"`sizes` of question `{draft.name}` stops with {type(error).__name__}: {error}", where=place
        ) from error
    return (dict(sizes),) if isinstance(sizes, Mapping) else tuple(map(dict, sizes))


def _value_case(
    case: author.CaseDraft,
    steps: tuple[str, ...],
    namespace: Namespace,
    reruns: Reruns,
    place: str,
) -> ValueCase:
    for name in case.data.values if case.data is not None else ():
        if name not in namespace:
            raise AuthoringError(
                f"the master defines no variable `{name}`",
                where=place,
                next_step="`author.data` replaces variables that the notebook's given cells define.",
            )
    values = namespace if case.data is None else reruns.with_data(case.data)
    if case.variable not in values:
        near = difflib.get_close_matches(case.variable, [str(each) for each in values], n=1)
        raise AuthoringError(
            f"the master defines no variable `{case.variable}`, which case `{case.name}` looks at",
            where=place,
            next_step=f"Is it `{near[0]}`?" if near else "Name one that the cells for students define.",
        )
    expected = case.expected.values if case.expected else values[case.variable]
    numbers = _numbers(expected, case.variable, place)
    _check_numbers(numbers, case, place)
    return ValueCase(
        name=case.name,
        hidden=case.hidden,
        steps=steps,
        variable=case.variable,
        data=case.data,
        expected=numbers,
        reseeded=None if case.data is None else plain(reruns.reseeded()[case.variable]),
        tolerance=case.tolerance,
    )


def _call_case(
    case: author.CaseDraft,
    steps: tuple[str, ...],
    draft: author.QuestionDraft,
    namespace: Namespace,
    where: str,
) -> CallCase:
    place, described = f"{where}:{case.line}", f"{where}:{draft.line}"
    function = namespace.get(draft.name)
    if not callable(function):
        raise AuthoringError(
            f"the master defines no function `{draft.name}`",
            where=described,
            next_step="A case with `args` calls a function of the question's name; one with `variable` looks "
            "at a variable.",
        )
    arguments = case.arguments or ()
    if any(map(callable, arguments)):
        raise AuthoringError(
            f"case `{case.name}` of question `{draft.name}` passes a function: it cannot be sent",
            where=place,
            next_step="Ask for a variable that the notebook computes with it, or write a test of your own.",
        )
    patience.turn(f"the reference of question `{draft.name}`, asked for case `{case.name}`")
    try:
        expected = plain(function(*copy.deepcopy(arguments)))
        for form in draft.forms:
            form.make(*copy.deepcopy(arguments))
    except Exception as error:
        raise AuthoringError(
            f"case `{case.name}` of question `{draft.name}` stops with {type(error).__name__}: {error}",
            where=place,
            next_step="The solution is called with the `args` of the case: mend these, or the solution.",
        ) from error
    _check_numbers(expected, case, place)
    return CallCase(
        name=case.name,
        hidden=case.hidden,
        steps=steps,
        arguments=arguments,
        sizes=_sizes(draft, arguments, described),
        expected=case.expected.values if case.expected else expected,
        tolerance=case.tolerance,
    )


def _check_numbers(expected: Any, case: author.CaseDraft, place: str) -> None:
    """Refuse a case whose expected values are all NaN."""
    values = [each for each in _flat(expected) if each.size]
    if values and all(np.isnan(each).all() for each in values):
        raise AuthoringError(
            f"the solution's answer to case `{case.name}` is nothing but NaN, which shows no mistake",
            where=place,
            next_step="Give it inputs for which the solution computes numbers: no 0/0, and no overflow.",
        )


def _flat(expected: Any) -> Iterator[NDArray[Any]]:
    for each in expected if isinstance(expected, list) else [expected]:
        yield from _flat(each) if isinstance(each, list) else [np.asarray(each)]


def _numbers(value: Any, name: str, place: str) -> Any:
    try:
        return plain(value)
    except (TypeError, ValueError):
        raise AuthoringError(
            f"the variable `{name}` is a {type(value).__name__}, not numbers", where=place
        ) from None
