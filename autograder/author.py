"""The vocabulary of a master: assignment, question, step, case, data, property, test, misconception.

A master says `from autograder import author` in a private cell and calls these functions. They
check what they are given and remember it for whoever loads the master; when a master is run as a
plain notebook, nothing remembers, and nothing else happens.
"""

from __future__ import annotations

import ast
import contextvars
import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder import blanks, cells
from autograder.errors import AuthoringError
from autograder.model import Data, Detects, Equivalent, Form, Limits, RateLimit, Step, Tolerance
from autograder.otter_classes import test_case as test_case
from autograder.own_tests import TestDraft, drafted, with_names
from autograder.staged_hints import cleaned

Draw = Callable[[np.random.Generator], Any]
Sizes = Callable[..., Mapping[str, int] | Sequence[Mapping[str, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """Values as a notebook prints them, and the number of decimals they were printed to."""

    values: NDArray[Any]
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A case before the reference has answered it."""

    name: str
    hidden: bool
    steps: tuple[str, ...] | None
    arguments: tuple[Any, ...] | None
    variable: str
    data: Data | None
    expected: Printed | None
    tolerance: Tolerance
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyDraft:
    """A property before its default steps are known."""

    name: str
    hidden: bool
    steps: tuple[str, ...] | None
    arguments: tuple[Any, ...]
    holds: Callable[..., bool]
    feedback: str | Callable[..., str]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MisconceptionDraft:
    """A misconception before its edits are looked for in the question's cells."""

    name: str
    edits: tuple[tuple[str, str], ...]
    function: Callable[..., Any] | None
    steps: tuple[str, ...]
    feedback: str
    rare: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A line of a solution that students may read, and why."""

    text: str
    reason: str

    @property
    def pieces(self) -> str:
        """The line as solutions are searched for: without white space, as Python writes it, and as it is."""
        tree = cells.parse(self.text)
        unparsed = "" if tree is None else ast.unparse(tree)
        return "\n".join(map(blanks.normalised, (unparsed, self.text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """A question before the reference has answered its cases."""

    name: str
    steps: tuple[Step, ...]
    cases: tuple[CaseDraft, ...]
    properties: tuple[PropertyDraft, ...]
    tests: tuple[TestDraft, ...]
    sizes: Sizes | None
    forms: tuple[Form, ...]
    vector: bool
    call_seconds: float | None
    misconceptions: tuple[MisconceptionDraft, ...]
    equivalents: tuple[Equivalent, ...]
    equation: str
    hints: tuple[str, ...]
    given: tuple[Given, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDraft:
    """What a master says of the assignment as a whole."""

    title: str
    environment: tuple[str, ...]
    limits: Limits
    programs: bool
    rate_limit: RateLimit | None
    leaderboard: bool
    partial_credit: bool
    count_hints: bool


@dataclass(slots=True)
class Drafts:
    """What a master has said so far."""

    assignments: list[AssignmentDraft] = field(default_factory=list)
    questions: list[QuestionDraft] = field(default_factory=list)


_listening: contextvars.ContextVar[Drafts | None] = contextvars.ContextVar("_listening", default=None)


@contextmanager
def listening() -> Iterator[Drafts]:
    """Collect what is said while a master is executed."""
    drafts = Drafts()
    token = _listening.set(drafts)
    try:
        yield drafts
    finally:
        _listening.reset(token)


# ---------------------------------------------------------------- the vocabulary


def assignment(
    title: str,
    *,
    environment: Sequence[str] = (),
    cell_seconds: float = Limits().cell_seconds,
    call_seconds: float = Limits().call_seconds,
    total_seconds: float = Limits().total_seconds,
    memory_bytes: int = Limits().memory_bytes,
    programs: bool = False,
    rate_limit: RateLimit | None = None,
    leaderboard: bool = False,
    partial_credit: bool = True,
    count_hints: bool = False,
) -> None:
    """Describe the assignment; to be said once in a master.

    Args:
        title: what students read, e.g. `"Multi-head self-attention"`.
        environment: what notebooks run with, as pip requirements, e.g. `"numpy>=2.0,<2.4"`.
        cell_seconds: how long one cell may run before it is interrupted, in seconds.
        call_seconds: how long one call of a student's function may take, in seconds.
        total_seconds: how long a submission may take in all, in seconds.
        memory_bytes: how much address space a notebook may use, in bytes.
        programs: whether notebooks may start programs (`!ls`, `subprocess`); they stay sealed off.
        rate_limit: on Gradescope: how often a student may hand in, e.g. `author.rate_limit(5, hours=24)`.
        leaderboard: on Gradescope: whether to show the points of all students, under names they choose.
        partial_credit: whether an answer keeps the points of the steps that are right; if not, a wrong
            answer loses its question.
        count_hints: whether results say how many hints of each question a student has opened. It costs
            no points, and is what the notebook tells: a fresh copy of it has none open.
    """
    limits = Limits(
        cell_seconds=_positive("cell_seconds", cell_seconds),
        call_seconds=_positive("call_seconds", call_seconds),
        total_seconds=_positive("total_seconds", total_seconds),
        memory_bytes=int(_positive("memory_bytes", memory_bytes)),
    )
    drafts = _listening.get()
    if drafts is not None:
        drafts.assignments.append(
            AssignmentDraft(
                title=title,
                environment=tuple(environment),
                limits=limits,
                programs=programs,
                rate_limit=rate_limit,
                leaderboard=leaderboard,
                partial_credit=partial_credit,
                count_hints=count_hints,
            )
        )


def rate_limit(submissions: int, *, hours: float) -> RateLimit:
    """Return how often a student may hand in on Gradescope.

    A submission beyond it is not graded and keeps the points of the one before.

    Args:
        submissions: how many are graded.
        hours: within how many hours: a submission counts for so long after it was handed in.
    """
    if isinstance(submissions, bool) or not isinstance(submissions, int) or submissions < 1:
        raise AuthoringError(f"submissions must be a whole number above 0, not `{submissions!r}`")
    return RateLimit(submissions=submissions, hours=_positive("hours", hours))


def step(name: str, points: float, *, minor: bool = False, hint: str = "") -> Step:
    """Return a part of a question that carries points.

    Args:
        name: what is done in it, e.g. `"softmax over the keys"`.
        points: what it is worth.
        minor: whether an answer that lacks only this still passes.
        hint: what to think about, for a student whose answer passes and lacks this.
    """
    return Step(name=name, points=_positive(f"the points of step `{name}`", points), minor=minor, hint=hint)


def arguments_only(points: float) -> Step:
    """Return the minor step that a function loses by leaning on the notebook's global sizes."""
    return Step(
        name="depends only on its arguments",
        points=_positive("points", points),
        minor=True,
        detects=Detects.GLOBALS,
    )


def arguments_unchanged(points: float) -> Step:
    """Return the minor step that a function loses by changing its arguments in place."""
    return Step(
        name="leaves its arguments unchanged",
        points=_positive("points", points),
        minor=True,
        detects=Detects.MUTATION,
    )


def data(name: str, draw: Callable[[np.random.Generator], Mapping[str, Any]]) -> Data:
    """Return other values for variables that the notebook draws.

    Args:
        name: what they are; it also seeds the generator.
        draw: returns the values by name; they must have the shapes that the notebook's own have.
    """
    return Data(name=name, values=dict(draw(_generator(name))))


def printed(text: str, *, decimals: int) -> Printed:
    """Return the numbers in a text that NumPy or Python printed, `decimals` digits after the point.

    Without brackets, one number is a number; in single brackets, they are a vector; else, rows of a matrix.
    """
    vector = re.match(r"\s*\[(?!\s*\[)", text)  # which NumPy breaks into lines where it is long
    lines = [" ".join(text.split())] if vector else text.splitlines()
    rows = [re.sub(r"[\[\],]", " ", line).split() for line in lines]
    try:
        values = np.array([[float(number) for number in row] for row in rows if row])
    except ValueError as error:
        raise AuthoringError(f"the printed values are no matrix: {error}") from None
    if vector:
        values = values.reshape(-1)
    elif values.size == 1 and "[" not in text:
        values = values.reshape(())
    return Printed(values=values, decimals=decimals)


def redrawn(rng: np.random.Generator, value: Any) -> Any:
    """Return a value with other numbers in it, of the same kinds and shapes, to draw hidden inputs from.

    What is positive stays positive; whole numbers are the same ones in another order, and single ones,
    which are sizes as a rule, stay as they are; so does what is no number.

    Args:
        rng: the generator that a case or data is given.
        value: a number, an array, or a list, tuple or dict of them.
    """
    match value:
        case dict():
            return {key: redrawn(rng, each) for key, each in value.items()}
        case list() | tuple():
            return type(value)([redrawn(rng, each) for each in value])
        case float() | np.floating():
            return type(value)(value * rng.uniform(0.5, 1.5))
        case np.ndarray(dtype=dtype) if dtype.kind == "f":
            if np.all(value > 0):
                return value * rng.uniform(0.5, 1.5, size=value.shape)
            return rng.normal(value.mean(), value.std() or 1.0, size=value.shape)
        case np.ndarray(dtype=dtype) if dtype.kind in "iub":
            return rng.permuted(value)
    return value


def case(
    name: str,
    *,
    hidden: bool,
    args: Draw | Sequence[Any] | None = None,
    variable: str = "",
    data: Data | None = None,
    expected: Printed | None = None,
    steps: Sequence[str] | None = None,
    rtol: float = 1e-6,
    decimals: int | None = None,
) -> CaseDraft:
    """Return an input for a function, or a variable to be looked at.

    Args:
        name: what is particular about it; it also seeds the generator, and students may read it.
        hidden: whether students do not get to see its input and the expected value.
        args: for a function: its arguments, or a function that draws them from a generator.
        variable: for a variable: its name in the notebook.
        data: for a variable: run the notebook again with these data.
        expected: the printed values that a variable must have, or that a function must return; by default
            what the master computes.
        steps: what a wrong answer costs; by default all steps that are not minor.
        rtol: how near a number must be, relative to the expected one.
        decimals: instead, to how many decimals a number must be right.
    """
    if (args is None) == (not variable):
        raise AuthoringError(
            f"case `{name}` has neither or both of `args` and `variable`",
            next_step="Give `args` to call the question's function, or `variable` to look at a variable.",
        )
    drawn = args(_generator(name)) if callable(args) else args
    if drawn is not None and not isinstance(drawn, list | tuple):
        raise AuthoringError(f"`args` of case `{name}` is a {type(drawn).__name__}, not a tuple of arguments")
    if expected is not None and (data is not None or callable(args)):
        raise AuthoringError(f"case `{name}` has printed values for data that the notebook does not show")
    return CaseDraft(
        name=name,
        hidden=hidden,
        steps=None if steps is None else tuple(steps),
        arguments=None if drawn is None else tuple(drawn),
        variable=variable,
        data=data,
        expected=expected,
        tolerance=Tolerance(rtol=rtol, decimals=expected.decimals if expected else decimals),
        line=_line(),
    )


def property(
    name: str,
    *,
    hidden: bool,
    args: Draw | Sequence[Any],
    holds: Callable[..., bool],
    feedback: str | Callable[..., str],
    steps: Sequence[str] | None = None,
) -> PropertyDraft:
    """Return something that must hold for the student's function, whatever the reference says.

    Args:
        name: what holds, e.g. `"columns sum to 1"`; it also seeds the generator.
        hidden: whether students are not shown it.
        args: the arguments, or a function that draws them from a generator.
        holds: `holds(function, *arguments)` returns whether it does; `function` returns arrays, or lists of
            them where the reference does.
        feedback: what a student reads who lacks it: a sentence, or a function like `holds` that returns
            one, and says what the result does instead: of a hidden one, no numbers.
        steps: what its lack costs; by default all steps that are not minor.
    """
    drawn = args(_generator(name)) if callable(args) else args
    return PropertyDraft(
        name=name,
        hidden=hidden,
        steps=None if steps is None else tuple(steps),
        arguments=tuple(drawn),
        holds=holds,
        feedback=feedback,
        line=_line(),
    )


def test(function: Any, *, steps: Sequence[str]) -> TestDraft:
    """Return a test with the steps that a student loses who fails it.

    A test is a function that raises where the notebook is not as it should be, decorated as in an
    Otter test file with `test_case`, which is `from otter.test_files import test_case` or
    `author.test_case`:

        @test_case(name="a single column", hidden=True, failure_message="...")
        def test_single_column(softmax_cols):
            assert softmax_cols(np.zeros((3, 1))).shape == (3, 1)

    A parameter called `env` is given all names of the student's notebook; any other, what it
    defines under that name, or None. The test runs beside the reference: a student's function is
    called in its own process, gets copies of the arguments, and answers with numbers, texts, arrays
    and lists of these. An exception that it raises can be caught; a hang or a crash fails the test.
    The reference must pass. A test should do the same each time: no random numbers without a seed,
    and no size that is taken from an answer.

    A hidden test tells students its name and its `failure_message`, and nothing else. A public one
    stands in their notebook too: it may use its parameters, builtins, `np`, and what it imports from
    Python's own library, and nothing else.

    A failed test costs what is said here, or, in the list of `question`, all steps that are not
    minor; with `points`, it is a minor step of its own, called by its name: an answer that lacks
    nothing else passes.

    Args:
        function: a function decorated with `test_case`, without `points`.
        steps: what failing it costs.
    """
    return drafted(function, steps)


def misconception(
    name: str,
    *,
    step: str | Sequence[str],
    feedback: str,
    old: str | None = None,
    new: str | None = None,
    edits: Sequence[tuple[str, str]] = (),
    function: Callable[..., Any] | None = None,
    rare: bool = False,
) -> MisconceptionDraft:
    """Return a mistake that students make in a question's function.

    A wrong answer that is the one of the reference with this mistake, for every case, loses the
    mistake's step and no other. Mistakes are found alone, or two or three together.

    Args:
        name: what is wrong, e.g. `"weights not transposed"`; unique in the assignment.
        step: the step that it loses, or several: what an answer with it shows nothing of.
        feedback: what a student reads who makes it: what the result shows, why, and where to look, in
            20 to 80 words; not the line that would be right.
        old: what the question's solved cells contain, exactly once.
        new: what stands there instead.
        edits: instead of one `old` and `new`, several pairs of them.
        function: instead of edits, a wrong function in the place of the question's. Where it calls the
            question's function by its name, it gets the reference, or the reference with other mistakes.
        rare: whether it is looked for by itself only: not in pairs or triples, nor beside the mistakes of
            another question.
    """
    pairs = [*([] if old is None or new is None else [(old, new)]), *edits]
    given = (old is not None or new is not None, bool(edits), function is not None)
    if sum(given) != 1 or (old is None) != (new is None):
        raise AuthoringError(
            f"misconception `{name}` is not said in one way",
            next_step="Give it `old` and `new`, or `edits`, or a `function`.",
        )
    return MisconceptionDraft(
        name=name,
        edits=tuple((str(before), str(after)) for before, after in pairs),
        function=function,
        steps=(step,) if isinstance(step, str) else tuple(step),
        feedback=" ".join(feedback.split()),
        rare=rare,
        line=_line(),
    )


def equivalent(*changes: str, reason: str) -> tuple[Equivalent, ...]:
    """Return mutants of the reference that are right too, so that no case can tell them from it.

    Args:
        changes: each as `autograder verify` prints it, e.g. `"K.shape[0] -> Q.shape[0]"`.
        reason: why each is right for all inputs that a student may be given.
    """
    for change in changes:
        if change.count(" -> ") != 1:
            raise AuthoringError(
                f"`{change}` is no change of code",
                next_step='Write it as `autograder verify` prints it: "OLD -> NEW".',
            )
    if not changes or not reason.strip():
        raise AuthoringError("an equivalent has no change, or no reason")
    return tuple(Equivalent(change=change, reason=reason) for change in changes)


def given(*lines: str, reason: str) -> tuple[Given, ...]:
    """Return lines of a solution that students may read, or are given: `verify` minds them no more.

    Args:
        lines: each a line of the question's solved cells, or what one computes, e.g.
            `"beta_0 + omega_0 * x"`, that also stands in a given cell, in a hint or in the feedback of a
            misconception; or a line without a mark that misconceptions edit.
        reason: why students may read it.
    """
    if not lines or not all(line.strip() for line in lines) or not reason.strip():
        raise AuthoringError(
            "`author.given` has no line, or no reason",
            next_step='Write `author.given("beta_0 + omega_0 * x", reason="It stands in the book.")`.',
        )
    return tuple(Given(text=line, reason=reason) for line in lines)


def question(
    name: str,
    *,
    steps: Sequence[Step],
    cases: Sequence[CaseDraft],
    properties: Sequence[PropertyDraft] = (),
    tests: Sequence[Any] = (),
    sizes: Sizes | None = None,
    forms: Mapping[str, Callable[..., tuple[Any, ...]]] | None = None,
    vector: bool = False,
    call_seconds: float | None = None,
    misconceptions: Sequence[MisconceptionDraft] = (),
    equivalents: Sequence[Sequence[Equivalent]] = (),
    equation: str = "",
    hints: Sequence[str] = (),
    given: Sequence[Sequence[Given]] = (),
) -> None:
    """Describe a question.

    Args:
        name: the function that it asks for; for variables, any name.
        steps: what carries its points.
        cases: the inputs, or the variables; at least one public and one hidden.
        properties: what must hold for the function.
        tests: functions decorated with `test_case`, for what cases and properties cannot say.
        sizes: for a function: from the arguments, the notebook's globals as they would be for them
            (`{"D": ..., "N": ...}`), or a list of several ways to see them: an answer that is right
            with these costs one minor step.
        forms: for a function: other ways to pass the arguments, by name; each returns them all. The
            first that is right for a public case is used for the hidden ones.
        vector: whether the shape of the answer, a list of numbers, does not matter.
        call_seconds: how long one call of this function may take, in seconds; by default what the
            assignment says.
        misconceptions: the mistakes that are named; of a question for variables, edits of its cells.
        equivalents: the mutants that `autograder verify` need not see caught.
        equation: which shapes the equation has, in words: for who has others, or an exception about shapes.
        hints: what a student may open in the notebook, one after the other, with `grader.hint`: say a nudge,
            a pointer to the equation and a small example with numbers. Each is markdown (paragraphs, `code`,
            $math$) of 5 to 120 words, and none has a line of the solution.
        given: the lines of its solution that students may read, as `author.given` returns them.
    """
    if call_seconds is not None:
        _positive(f"call_seconds of question `{name}`", call_seconds)
    own = with_names(tests, name)
    staged = cleaned(hints, name)
    drafts = _listening.get()
    if drafts is not None:
        drafts.questions.append(
            QuestionDraft(
                name=name,
                steps=tuple(steps),
                cases=tuple(cases),
                properties=tuple(properties),
                tests=own,
                sizes=sizes,
                forms=tuple(Form(name=each, make=make) for each, make in (forms or {}).items()),
                vector=vector,
                call_seconds=call_seconds,
                misconceptions=tuple(misconceptions),
                equivalents=tuple(each for group in equivalents for each in group),
                equation=equation,
                hints=staged,
                given=tuple(each for group in given for each in group),
                line=_line(),
            )
        )


def _generator(name: str) -> np.random.Generator:
    return np.random.default_rng(list(name.encode()))


def _line() -> int:
    """Return the line of the master that has called one of these words, or a function that does."""
    frame: types.FrameType | None = sys._getframe(2)
    assert frame is not None
    line, file = frame.f_lineno, frame.f_code.co_filename
    while (frame := frame.f_back) is not None:
        if frame.f_code.co_filename == file:
            line = frame.f_lineno
    return line


def _positive(what: str, number: float) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float) or not number > 0:
        raise AuthoringError(f"{what} must be a number above 0, not `{number!r}`")
    return number
