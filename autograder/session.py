"""One submission in a worker: run its cells, survive their errors, and start again after a kill."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from autograder import cells, wire
from autograder.cells import DATA
from autograder.model import Limits, Problem, ProblemKind
from autograder.remote import Answers, Reply, Worker
from autograder.sandbox import Sandbox

MAX_STARTS = 5
MAX_ARGUMENTS = 64
QUICK_SECONDS = 1.0
"""How long a notebook may take to be run once more beside its first run: it saves a slow one nothing."""
MAX_LOST = 10
"""How often a worker may be killed by somebody else: out of memory, or a careless person."""

_ASKS_FOR_DISPLAYED = re.compile(r"\b_\b|displayhook|get_ipython|globals|locals|vars|exec|eval")
"""What a notebook may ask for the value with that was displayed last: `_`, as Jupyter calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a submission returned for one request.

    Attributes:
        found: whether the notebook defines the name at all.
        value: plain data: numbers, arrays, lists, `wire.Opaque`; meaningless after a `problem`.
        notes: kinds of the value that do not survive the way here, e.g. `matrix`.
        changed: positions of the arguments that the function changed in place.
        problem: what kept it from answering.
    """

    found: bool
    value: Any = None
    notes: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """A problem while the notebook ran, and the names that are not there, or wrong, because of it."""

    problem: Problem
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a notebook is run with, in the place of its own: values of variables, and functions by name, for
    which the judge `answers`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    answers: Answers | None = None


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something that a notebook is asked for: a variable (`get`), or what a function returns (`call`), within
    `seconds`, or what the limits say."""

    operation: str
    name: str
    seconds: float | None = None


class Clock:
    """The wall time that judging one submission may take in all, however often its notebook is run."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """Give back time that the judge has used for itself."""
        self._end += seconds

    def left(self) -> float:
        """Return the seconds that are left; none are if it is negative."""
        return self._end - time.monotonic()


class Session:
    """A notebook that was run, top to bottom, and can be asked for variables and functions.

    A statement that raises ends neither its notebook nor its cell: what follows is run, so that
    all that does not depend on it can be judged. A cell that kills its worker is left out when the
    notebook is run again in a new one.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        sources: Sequence[str],
        limits: Limits,
        given: Given = NOTHING_GIVEN,
        clock: Clock | None = None,
    ) -> None:
        """Prepare to run a notebook.

        Args:
            sandbox: where it is run.
            sources: its cells.
            limits: what it may use.
            given: what takes the place of its own variables and functions wherever it makes them.
            clock: that of the submission, where it is not the first time that its notebook is run.
        """
        self._sandbox = sandbox
        self._sources = _runnable(sources, given)
        self._displayed = any(_ASKS_FOR_DISPLAYED.search(source) for source in self._sources)
        self._limits = limits
        self._given = given
        self.clock = clock or Clock(limits.total_seconds)
        self._starts = 0
        self._lost = 0
        self._suspects: set[object] = set()
        self._worker: Worker | None = None
        self._closing = contextlib.ExitStack()
        self._printed = ""
        self._asked = False
        self._ran = 0.0
        self._one_by_one = False
        self.problems: list[CellProblem] = []

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    @property
    def sources(self) -> tuple[str, ...]:
        """The cells as they can be run: without the statements that hung or killed the worker."""
        return tuple(self._sources)

    def value(self, name: str) -> Answer:
        """Return a variable of the notebook."""
        return self._answer(self._ask("get", self._limits.call_seconds, name=name))

    def second_run(self, sources: Sequence[str], given: Given, names: Sequence[str]) -> dict[str, Answer]:
        """Return variables of the notebook run once more, beside its first run and in the same process.

        Only a right answer says something: what is missing or wrong may have suffered from the first run,
        and has to be looked at in a `Session` of its own. It is empty where anything went wrong.

        Args:
            sources: its cells.
            given: what takes the place of its own variables and functions wherever it makes them.
            names: the variables that are wanted.
        """
        seconds = min(self._limits.cell_seconds, 3 * QUICK_SECONDS, self.clock.left())
        if self._worker is None or not self._asked or self._ran > QUICK_SECONDS or seconds <= 0:
            return {}
        self._worker.answers = given.answers
        reply = self._worker.ask(
            "second",
            list(given.values.values()),
            seconds=seconds,
            name=DATA,
            keys=list(given.values),
            functions=list(given.functions),
            sources=_runnable(sources, given),
            displayed=self._displayed,
            wanted=list(names),
        )
        self._worker.answers = self._given.answers
        if reply.gone:
            self._stop()
            self._is_forgiven(reply, "second")
        found = reply.head.get("found")
        if reply.problem is not None or reply.notes or not isinstance(found, list):
            return {}
        known = [name for name in names if name in found]
        if known != found or len(found) != len(reply.values):
            return {}
        return {
            name: Answer(found=True, value=value) for name, value in zip(known, reply.values, strict=True)
        }

    def call(
        self,
        name: str,
        arguments: wire.Packed | Sequence[Any],
        seconds: float | None = None,
        keywords: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Return what a function of the notebook answers, within `seconds`, or what the limits say.

        Packed `arguments` go without keywords. The positions of arguments that it `changed` go on with those
        of the keywords.
        """
        named = keywords or {}
        values = arguments if isinstance(arguments, wire.Packed) else [*arguments, *named.values()]
        seconds = seconds or self._limits.call_seconds
        reply = self._ask("call", seconds, values, name=name, keywords=list(named))
        return self._answer(reply, positions=len(values))

    def several(self, requests: Sequence[Request], arguments: wire.Packed) -> list[Answer]:
        """Return the answers to one request after the other, each within its time.

        They are fewer if one took too long or the worker has not come to the end: then those that are not
        there are to be asked for by `value` and `call`.

        Args:
            requests: what is asked for.
            arguments: a list for each.
        """
        if self._worker is None:
            self._start()
        left = self.clock.left()
        if self._worker is None or left <= 0 or not requests:
            return []
        self._asked = True
        self._worker.printed.keeps = False
        replies = self._worker.ask_several(
            [{"op": each.operation, "name": each.name} for each in requests],
            arguments,
            seconds=[min(each.seconds or self._limits.call_seconds, left) for each in requests],
            in_all=left,
        )
        if not replies:
            self._stop()
            self._starts -= 1
            return []
        if self.over is not None and replies[-1].problem is not None:
            replies.pop()  # how much was left is not told
        return [self._answer(reply, positions=MAX_ARGUMENTS) for reply in replies]

    def _answer(self, reply: Reply, positions: int = 0) -> Answer:
        found = reply.head.get("found", True) is not False
        if reply.problem is not None or not found:
            return Answer(found=found, problem=reply.problem and self._with_cause(reply.problem))
        if len(reply.values) != 1:
            odd = Problem(kind=ProblemKind.REPLY, message="it answered with another number of values")
            return Answer(found=True, problem=odd)
        told = reply.head.get("changed", [])
        told = told[:MAX_ARGUMENTS] if isinstance(told, list) else []
        changed = tuple(index for index in range(positions) if index in told)
        return Answer(found=True, value=reply.values[0], notes=tuple(reply.notes), changed=changed)

    def _ask(
        self,
        operation: str,
        seconds: float,
        values: wire.Packed | list[Any] | tuple[Any, ...] = (),
        **head: Any,
    ) -> Reply:
        """Ask the worker, in a new one if there is none; once more if somebody else killed it meanwhile."""
        while True:
            if self._worker is None:
                self._start()
            seconds = min(seconds, self.clock.left())
            if self._worker is None or seconds <= 0:
                return _over(self._limits, self._starts)
            self._asked = True  # from here on, what the notebook says could tell of hidden inputs
            self._worker.printed.keeps = False
            reply = self._worker.ask(operation, values, seconds=seconds, **head)
            if reply.problem is not None and self.over is not None:
                reply = replace(reply, problem=self.over)  # how much was left is not told
            if not reply.gone:
                return reply
            self._stop()
            if not self._is_forgiven(reply, (operation, head["name"])):
                return reply

    def _is_forgiven(self, reply: Reply, suspect: object) -> bool:
        """Return whether a worker's end may not be the notebook's fault: the first time that it is killed
        there, by something else."""
        if not reply.killed or suspect in self._suspects or self._lost >= MAX_LOST:
            return False
        self._suspects.add(suspect)
        self._lost += 1
        self._starts -= 1
        return True

    @property
    def over(self) -> Problem | None:
        """What is wrong with all that has not been answered yet, once the time in all is used up."""
        return _over(self._limits, 0).problem if self.clock.left() <= 0 else None

    @property
    def printed(self) -> str:
        """What the cells printed, when the notebook was last run."""
        return self._printed

    def _stop(self) -> None:
        self._closing.close()
        self._worker = None

    # ------------------------------------------------------------ running the notebook

    def _start(self) -> None:
        """Run the notebook in a new worker; without a worker left if it cannot be run to its end."""
        while self._starts < MAX_STARTS and self.clock.left() > 0:
            self._starts += 1
            self._worker = self._closing.enter_context(self._sandbox.worker(self._limits, self._sources))
            self._worker.answers = self._given.answers
            if not self._asked:
                self.problems = [
                    noted for noted in self.problems if noted.problem.kind is not ProblemKind.EXCEPTION
                ]
            began = time.monotonic()
            whole = self._give() and self._run_cells()
            self._ran = time.monotonic() - began
            if not self._asked:
                self._printed = self._worker.printed.text
            if whole:
                return
            self._stop()

    def _give(self) -> bool:
        given = self._given
        if not (given.values or given.functions) or self._worker is None:
            return True
        reply = self._worker.ask(
            "given",
            list(given.values.values()),
            seconds=self._limits.call_seconds,
            name=DATA,
            keys=list(given.values),
            functions=list(given.functions),
        )
        if reply.gone:
            self._is_forgiven(reply, DATA)
        return not reply.gone

    def _run_cells(self) -> bool:
        """Run all cells, as many at a time as do not raise; return whether the worker survived them."""
        left = [index for index, source in enumerate(self._sources) if source.strip()]
        while left and self._worker is not None and self.clock.left() > 0:
            replies = [] if self._one_by_one else self._run_together(left)
            if not replies and not self._one_by_one:
                self._one_by_one = True  # in the next worker: which cell it was is not known
                self._starts -= 1
                return False
            done, left = left[: len(replies) or 1], left[len(replies) or 1 :]
            rest = self._sources[done[-1]]
            if replies:
                if replies[-1].problem is None:
                    continue
                rest = self._after_problem(done[-1], rest, replies[-1])
            if not self._run_cell(done[-1], rest):
                return False
        return True

    def _run_together(self, indices: Sequence[int]) -> list[Reply]:
        """Return the replies to cells that are run one after the other, up to one that raises; none if the
        worker is to be given up."""
        assert self._worker is not None
        left = self.clock.left()
        return self._worker.ask_several(
            [
                {"op": "run", "cell": index + 1, "source": self._sources[index], "displayed": self._displayed}
                for index in indices
            ],
            seconds=[min(self._limits.cell_seconds, left)] * len(indices),
            in_all=left,
        )

    def _run_cell(self, index: int, source: str) -> bool:
        """Run a cell, statement after failing statement; return whether the worker survived it."""
        while source.strip() and self._worker is not None:
            seconds = min(self._limits.cell_seconds, self.clock.left())
            if seconds <= 0:
                return True
            reply = self._worker.ask(
                "run", seconds=seconds, cell=index + 1, source=source, displayed=self._displayed
            )
            if reply.problem is None:
                return True
            if reply.gone and self._is_forgiven(reply, index):
                return False
            source = self._after_problem(index, source, reply)
            if reply.gone:
                self._sources[index] = ""
                return False
        return True

    def problem_with(self, name: str) -> Problem | None:
        """Return the first problem of the notebook that a name suffers from."""
        noted = next((noted for noted in self.problems if name in noted.names), None)
        return noted.problem if noted else None

    def _with_cause(self, problem: Problem) -> Problem:
        """Return a problem with a name that is not there, with what its import said if that failed."""
        missing = re.match(r"name '(\w+)' is not defined", problem.message)
        cause = self.problem_with(missing.group(1)) if problem.type == "NameError" and missing else None
        if cause is None or cause.type not in ("ModuleNotFoundError", "ImportError"):
            return problem
        return replace(problem, cause=f"{cause.type}: {cause.message}")

    def _note(self, problem: Problem, names: set[str]) -> None:
        """Note a problem; a name that is not there because of an earlier one is no problem of its own.

        What goes wrong when the notebook is run again after hidden inputs went out is not noted: word
        of them may have come from one worker to the next, by a clock or a counter.
        """
        if self._asked:
            return
        missing = re.match(r"name '(\w+)' is not defined", problem.message)
        if problem.type == "NameError" and missing:
            names = names - {missing.group(1)}
            for index, earlier in enumerate(self.problems):
                if missing.group(1) in earlier.names:
                    merged = CellProblem(problem=earlier.problem, names=earlier.names | names)
                    self.problems[index] = merged
                    return
        self.problems.append(CellProblem(problem=problem, names=frozenset(names)))

    def _after_problem(self, index: int, source: str, reply: Reply) -> str:
        """Note what happened, and return what of the cell is still to be run."""
        assert reply.problem is not None
        problem, line = reply.problem, reply.outer_line
        if problem.cell == 0:
            problem = replace(problem, cell=index + 1)
        statement = None if reply.gone else cells.statement_at(source, line)
        names = _words(source) if statement is None else cells.defined_by(statement)
        names |= {name for _, name in cells.imported(statement)} if statement is not None else set()
        self._note(problem, names)
        if statement is None:
            return ""
        if problem.kind is ProblemKind.TIMEOUT:
            self._sources[index] = cells.without(self._sources[index], line)
        return cells.after(source, line)


def _runnable(sources: Sequence[str], given: Given) -> list[str]:
    """Return cells in which what is given takes the place of what they make themselves."""
    names = {*given.values, *given.functions}
    rebound = [cells.rebind(source, names, DATA) for source in sources] if names else sources
    return [cells.with_first_line(source) for source in rebound]


def _words(source: str) -> set[str]:
    """Return every word of a cell, which need not be valid code."""
    return set(re.findall(r"\w+", source))


def _over(limits: Limits, starts: int) -> Reply:
    message = f"no answer: the notebook used up the {limits.total_seconds:g} seconds it may take in all"
    if starts >= MAX_STARTS:
        message = f"no answer: the notebook ended the process that ran it {starts} times"
    problem = Problem(kind=ProblemKind.TIMEOUT, message=message)
    return Reply(head={}, values=[], notes=[], problem=problem, gone=True)
