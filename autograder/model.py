"""What an assignment is, and what grading it yields: frozen data, no input or output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

SEED_SHIFT = 1000
"""What is added to NumPy's seeds when a notebook is run again with other random numbers."""

# ---------------------------------------------------------------- what an assignment is


class Detects(StrEnum):
    """What a step watches in every case of its question, beside the value that is returned."""

    ANSWER = "answer"
    GLOBALS = "globals"
    MUTATION = "mutation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of a question that carries points.

    A `minor` step (stability, reading globals, ...) can be lost by an answer that still passes.
    `hint` is what to think about, for who lost it.
    """

    name: str
    points: float
    minor: bool = False
    hint: str = ""
    detects: Detects = Detects.ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How near to the expected value an answer must be.

    Either `decimals` (the expected value was printed to so many decimals: half a unit in the last
    place), or relative to each expected entry, `rtol`.
    """

    rtol: float = 1e-6
    decimals: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to pass the same input, e.g. as a list of numbers or as a list of (1, 1) arrays.

    `make` returns the arguments as they are passed.
    """

    name: str
    make: Callable[..., tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCase:
    """An input for the student's function, and what the reference returns for it.

    `sizes` are the notebook's globals (`N`, `D`, ...) as they would be for this input; there may be
    several ways to see it. A wrong answer costs `steps`.
    """

    name: str
    hidden: bool
    steps: tuple[str, ...]
    arguments: tuple[Any, ...]
    sizes: tuple[Mapping[str, int], ...]
    expected: Any
    tolerance: Tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Other values for variables that the notebook draws: it is run again with them."""

    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCase:
    """A variable of the student's notebook, and the value that it must have.

    With `data`, it is the value after the notebook was run again with those data; `reseeded` is
    the one after it was run again with other seeds.
    """

    name: str
    hidden: bool
    steps: tuple[str, ...]
    variable: str
    data: Data | None
    expected: Any
    reseeded: Any
    tolerance: Tolerance


Case = CallCase | ValueCase

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A piece of a master's cell, from character `start` to `end`, and what stands there instead."""

    cell: int
    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """A mistake in a question, which costs steps: edits of its reference, or a function in its place.

    `id` is unique in the assignment. One that is `rare` is looked for by itself, not together with others.
    """

    id: str
    question: str
    steps: tuple[str, ...]
    feedback: str
    edits: tuple[Edit, ...] = ()
    function: Function | None = None
    rare: bool = False


Mistakes = tuple[Misconception, ...]
"""Misconceptions that are held together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A predicate over the student's function, asked with inputs of its own.

    `holds(function, *arguments)` runs in the judge; `function` calls into the worker. `feedback` may be
    a function of the same arguments, which says what the answers are instead.
    """

    name: str
    hidden: bool
    steps: tuple[str, ...]
    arguments: tuple[Any, ...]
    sizes: tuple[Mapping[str, int], ...]
    holds: Callable[..., bool]
    feedback: str | Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTest:
    """A test function of an author's own: it passes unless it raises.

    It runs in the judge, and is given stand-ins for what a student's notebook defines under the
    names of its `parameters`. `functions` are the names that are functions in the reference's
    notebook, and `largest` is the size of the largest answer that the reference gave to it.
    `source` is a public test as students get it, and `assertions` are its own by the lines of the
    master that they stand on.
    """

    name: str
    hidden: bool
    steps: tuple[str, ...]
    parameters: tuple[str, ...]
    function: Function
    functions: frozenset[str] = frozenset()
    largest: int = 0
    success_message: str = ""
    failure_message: str = ""
    source: str = ""
    assertions: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A change of the reference, `old -> new`, that no case can notice: a right answer too, and why."""

    change: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A function or one or more variables that the student's notebook has to define.

    `parameters` are those of the reference's function. A function may take its input in one of
    `forms`: the first that is right for a public case.
    A call may take `call_seconds`, by default what the assignment's limits say. `sizes` returns,
    from a function's arguments, the notebook's globals as they would be for them. `variant` returns
    the function as somebody writes it who makes mistakes, in this question or in earlier ones; None if
    these cannot be made together. `equation` says which shapes its equation has, for who has others.
    `hints` are what a student may open in the notebook, one after the other, as markdown.
    """

    name: str
    steps: tuple[Step, ...]
    cases: tuple[CallCase, ...] = ()
    values: tuple[ValueCase, ...] = ()
    properties: tuple[Property, ...] = ()
    tests: tuple[OwnTest, ...] = ()
    sizes: Callable[..., tuple[Mapping[str, int], ...]] | None = None
    parameters: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    vector: bool = False
    call_seconds: float | None = None
    misconceptions: Mistakes = ()
    variant: Callable[[Mistakes], Function | None] | None = None
    equivalents: tuple[Equivalent, ...] = ()
    equation: str = ""
    hints: tuple[str, ...] = ()

    @property
    def possible(self) -> float:
        """The points that a full answer earns."""
        return sum(step.points for step in self.steps)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a student's notebook must define for this question."""
        if self.values:
            return tuple(dict.fromkeys(case.variable for case in self.values))
        return (self.name,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a submission may use: seconds of wall time, and bytes of memory."""

    cell_seconds: float = 10.0
    call_seconds: float = 5.0
    total_seconds: float = 180.0
    memory_bytes: int = 4 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How many submissions of a student are graded in so many hours, where the door knows of earlier ones."""

    submissions: int
    hours: float


class Kept(Protocol):
    """What was computed of a master, kept by name; `advance` hears what is computed, and how much is done."""

    advance: Callable[[str, int, int], None]

    def get(self, name: str) -> bytes | None:
        """Return what is kept under a name, or None."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a content under a name, if it can be kept."""

    def sealed(self, name: str, content: bytes) -> bytes:
        """Return a content as it is written to a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A master, loaded: what students get and how their answers are judged.

    `rate_limit` and `leaderboard` are for Gradescope. Without `partial_credit`, a wrong answer loses
    its question. With `count_hints`, results say how many hints were opened. `rerun` returns what the
    master's cells define, up to those of a question, with mistakes in them, and with other data; a name
    that is not there because of an exception has the exception. `kept` holds what was computed of it before.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    environment: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    programs: bool = False
    rate_limit: RateLimit | None = None
    leaderboard: bool = False
    partial_credit: bool = True
    count_hints: bool = False
    rerun: Callable[[Mistakes, Data | None, str], Mapping[str, Any]] | None = None
    kept: Kept | None = None

    @property
    def misconceptions(self) -> Mistakes:
        """Those of all questions."""
        return tuple(each for question in self.questions for each in question.misconceptions)

    @property
    def possible(self) -> float:
        """The points that a full submission earns."""
        return sum(question.possible for question in self.questions)


# ---------------------------------------------------------------- what grading yields


class Status(StrEnum):
    """What became of a question, a case or a submission."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    NOT_ATTEMPTED = "not attempted"


class ProblemKind(StrEnum):
    """What kept a worker from answering."""

    EXCEPTION = "exception"
    TIMEOUT = "timeout"
    DIED = "died"
    REPLY = "reply"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An exception, a time-out or the end of the worker, while it ran a student's code.

    `kind` is what the judge saw. `type`, its `bases` and `message` of an exception are what the
    worker told: text that a student may have written. `cell` and `line` count from 1; 0 means
    unknown. `shapes` are those of the arrays that the code had names for where it arose, as told by
    the worker too. `cause` is what a failed import said, of a name that is not there because of it.
    """

    kind: ProblemKind
    type: str = ""
    bases: tuple[str, ...] = ()
    message: str = ""
    cell: int = 0
    line: int = 0
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """An array, or a list of arrays of one shape, as plain data: `values` in C order, to six digits."""

    shape: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVerdict:
    """What became of one case, property or test.

    `problem` is what kept the submission from answering. An `unsteady` answer was another one when the
    same input came again. `answer` is a wrong answer to a public case, if it is numbers and not many;
    never one to a hidden case.
    """

    name: str
    hidden: bool
    status: Status
    said: str = ""
    problem: ProblemKind | None = None
    unsteady: bool = False
    answer: Numbers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepVerdict:
    """The points of one step, and in a few words why it has lost them, if it has."""

    name: str
    points: float
    possible: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one question.

    `hints` is how many of its hints were opened, as the notebook tells; None if that is not counted.
    """

    question: str
    status: Status
    steps: tuple[StepVerdict, ...]
    cases: tuple[CaseVerdict, ...]
    feedback: str
    remarks: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    hints: int | None = None

    @property
    def points(self) -> float:
        """The points that were earned."""
        return sum(step.points for step in self.steps)

    @property
    def possible(self) -> float:
        """The points that a full answer earns."""
        return sum(step.possible for step in self.steps)


class ConcernKind(StrEnum):
    """What of a notebook as a whole a person should look at."""

    TIMEOUT = "timeout"
    DIED = "died"
    LIMIT = "limit"
    REPLY = "reply"
    FORBIDDEN = "forbidden"
    REACHES_OUT = "reaches out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something in a notebook that a person should look at, and in which cell, from 1; 0 means unknown.

    The first four kinds are those of a `Problem` while the cells ran. `forbidden` is something that the
    sandbox does not allow, and `reaches out` is code that mentions the network, processes or memory.
    """

    kind: ConcernKind
    cell: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """All verdicts of a submission, and what was noticed about it as a whole.

    `concerns` are for a person to look at: they cost nothing.
    `printed` is what its cells printed, for the instructor: no notebook prints the same twice.
    """

    assignment: str
    submission: str
    verdicts: tuple[Verdict, ...]
    remarks: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    unreadable: bool = False
    sandboxed: bool = True
    printed: str = ""
    concerns: tuple[Concern, ...] = ()

    @property
    def hints(self) -> dict[str, int]:
        """How many hints were opened, by question: of those of which that is counted."""
        return {each.question: each.hints for each in self.verdicts if each.hints is not None}

    @property
    def points(self) -> float:
        """The points that were earned."""
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def possible(self) -> float:
        """The points that a full submission earns."""
        return sum(verdict.possible for verdict in self.verdicts)

    @property
    def status(self) -> Status:
        """`error` if nothing could be judged, else `passed` or `not attempted` if all were, else `failed`."""
        found = {verdict.status for verdict in self.verdicts}
        if self.unreadable or found == {Status.ERROR}:
            return Status.ERROR
        if len(found) == 1:
            return found.pop()
        return Status.FAILED
