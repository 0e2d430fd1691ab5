"""The judge's end of one worker: ask it something, within a time, and believe nothing it says."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import folders, wire
from autograder.link import Disconnected, Link
from autograder.model import Problem, ProblemKind
from autograder.printed import Printed

HELLO_SECONDS = 30.0
GRACE_SECONDS = 1.0
LOOK_SECONDS = 0.25
MAX_BASES = 10
MAX_SHAPES = 64
MAX_NAME = 40
MAX_AXES = 8
MAX_TOGETHER = 16 * 2**20
"""How many bytes are kept of answers to calls that were asked for together: each may have 64 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back from a worker.

    After a `problem` with `gone`, the worker is no more. `killed` says that it did not end itself:
    something else did, which need not be the student's fault.
    """

    head: dict[str, Any]
    values: list[Any]
    notes: list[str]
    problem: Problem | None = None
    outer_line: int = 0
    gone: bool = False
    killed: bool = False


Answers = Callable[[wire.Message], tuple[dict[str, Any], list[Any]]]
"""Answers a worker that asks for what a function would return."""


class Worker:
    """The judge's end of one worker: ask it something, within a time.

    With `answers`, the worker may ask too, while it is being asked.
    """

    def __init__(self, connection: socket.socket, output: int, process: Process, folder: Path) -> None:
        self._link = Link(connection, self._wait, ahead=True)
        self._process = process
        self._folder = folder
        self._next_look = time.monotonic() + LOOK_SECONDS
        self.printed = Printed(output)
        self.answers: Answers | None = None
        self._poller = select.poll()
        self._poller.register(connection, select.POLLIN)
        self._poller.register(output, select.POLLIN)

    def hello(self) -> dict[str, Any]:
        """Return what the worker says once it is confined."""
        return self._link.receive(time.monotonic() + HELLO_SECONDS).head

    def ask(
        self,
        operation: str,
        values: wire.Packed | list[Any] | tuple[Any, ...] = (),
        *,
        seconds: float,
        **head: Any,
    ) -> Reply:
        """Return the worker's reply, or the `Problem` that kept it from giving one.

        At the end of its time it is interrupted, as Jupyter's stop button does; if that does not
        help, it is given up as gone, and `Sandbox.worker` kills it.
        """
        number = secrets.randbits(53)  # nobody can answer what has not been asked yet
        seconds = max(seconds, 0.001)
        deadline = time.monotonic() + seconds
        try:
            if self._link.pending():
                return _gone(ProblemKind.REPLY, "it answered something that was not asked")
            self._link.send({"op": operation, "id": number, **head}, values, deadline=deadline)
            try:
                return self._reply(number, deadline)
            except TimeoutError:
                return self._interrupted(number, seconds)
        except TimeoutError:
            return _gone(ProblemKind.TIMEOUT, f"no answer within {seconds:g} seconds")
        except Disconnected:
            if self._process.was_killed():
                return _gone(ProblemKind.LIMIT, "it was killed, as when memory runs out", killed=True)
            return _gone(ProblemKind.DIED, "the process that ran the notebook ended")
        except wire.WireError as error:
            return _gone(ProblemKind.REPLY, str(error))
        except folders.TooFull as error:
            return _gone(ProblemKind.LIMIT, str(error))

    def ask_several(
        self,
        asked: Sequence[Mapping[str, Any]],
        values: wire.Packed = wire.NOTHING,
        *,
        seconds: Sequence[float],
        in_all: float,
    ) -> list[Reply]:
        """Return the replies to one request after the other; fewer if one took too long, or ended them.

        Args:
            asked: what `ask` says of each: its `op`, and the rest.
            values: a list for each; or nothing.
            seconds: what each may take.
            in_all: what they may take together.

        Returns:
            The replies; none if it has not come to its end, if one took too long and was not ended by the
            interrupt, or if they are large: the worker is to be given up then.
        """
        numbers = [secrets.randbits(53) for _ in asked]
        replies: list[Reply] = []
        end = time.monotonic() + in_all
        deadline = min(time.monotonic() + max(seconds[0], 0.001), end)
        before, late = self._link.received, False
        try:
            if self._link.pending():
                return []
            each = [{**head, "id": number} for head, number in zip(asked, numbers, strict=True)]
            self._link.send({"op": "several", "id": 0, "each": each}, values, deadline=deadline)
            while not replies or replies[-1].head.get("last") is not True:
                try:
                    replies.append(self._reply(numbers[len(replies)], deadline, more=True))
                    if self._link.received - before > MAX_TOGETHER:
                        return []
                    if not late and len(replies) < len(numbers):
                        deadline = min(time.monotonic() + max(seconds[len(replies)], 0.001), end)
                except TimeoutError:
                    if late:
                        return []
                    late, deadline = True, time.monotonic() + GRACE_SECONDS
                    self._process.signal(signal.SIGINT)
            if self._link.pending():
                return []
        except (TimeoutError, Disconnected, wire.WireError, folders.TooFull, IndexError):
            return []
        if late:
            interrupted = replies[-1].problem
            if interrupted is None or interrupted.type != "KeyboardInterrupt":
                return []  # it went on after the interrupt
            message = f"no answer within {max(seconds[len(replies) - 1], 0.001):g} seconds"
            problem = replace(
                interrupted, kind=ProblemKind.TIMEOUT, message=message, type="", bases=(), shapes=()
            )
            replies[-1] = replace(replies[-1], problem=problem)
        return [] if any(reply.gone for reply in replies) else replies

    def _interrupted(self, number: int, seconds: float) -> Reply:
        self._process.signal(signal.SIGINT)
        reply = self._reply(number, time.monotonic() + GRACE_SECONDS)
        if reply.gone:
            return reply
        late = Problem(
            kind=ProblemKind.TIMEOUT,
            message=f"no answer within {seconds:g} seconds",
            cell=reply.problem.cell if reply.problem else 0,
            line=reply.problem.line if reply.problem else 0,
        )
        return Reply(head={}, values=[], notes=[], problem=late, outer_line=reply.outer_line)

    def _reply(self, number: int, deadline: float, *, more: bool = False) -> Reply:
        message = self._received(deadline)
        while self.answers is not None and message.head.get("re") == number and "asks" in message.head:
            head, values = self.answers(message)
            self._link.send(head, values, deadline=deadline)
            if time.monotonic() > deadline:  # what comes without a pause is received even then
                raise TimeoutError
            message = self._received(deadline)
        if message.head.get("re") != number:
            return _gone(ProblemKind.REPLY, "it answered something that was not asked")
        if not more and self._link.pending():
            return _gone(ProblemKind.REPLY, "it answered twice")
        told = message.head.get("problem")
        if told is None:
            return Reply(head=message.head, values=message.values, notes=message.notes)
        problem, outer = _problem(told)
        return Reply(head=message.head, values=[], notes=[], problem=problem, outer_line=outer)

    def _received(self, deadline: float) -> wire.Message:
        """Return the next message, once what was printed before it has been taken."""
        message = self._link.receive(deadline)
        self.printed.take_all()
        return message

    def _wait(self, deadline: float | None) -> None:
        """Return when there is something to receive; meanwhile take what is printed, look at the folder."""
        while True:
            now = time.monotonic()
            if now > self._next_look:
                folders.look_at(self._folder)
                self._next_look = time.monotonic() + LOOK_SECONDS
            left = LOOK_SECONDS if deadline is None else min(LOOK_SECONDS, max(deadline - now, 0))
            ready = dict(self._poller.poll(1000 * left))
            if self._link.fileno() in ready:  # also after the deadline: it may be the judge who was slow
                return
            if ready and self.printed.take() == 0:
                self._poller.unregister(self.printed.descriptor)
            if deadline is not None and now > deadline:
                raise TimeoutError


def _problem(told: Any) -> tuple[Problem, int]:
    """Return what a worker told of an exception, each part checked to be what it should be."""

    def number(key: str) -> int:
        value = told.get(key, 0)
        return value if type(value) is int and 0 <= value < 10**7 else 0

    def text(key: str, longest: int) -> str:
        value = told.get(key, "")
        return wire.plain(value, longest).replace("`", "'") if isinstance(value, str) else ""

    if not isinstance(told, dict):
        raise wire.WireError("it described an exception in a way that cannot be read")
    told_bases = told.get("bases", [])
    whole = isinstance(told_bases, list) and all(isinstance(base, str) for base in told_bases)
    bases = tuple(wire.plain(base, 100) for base in told_bases[:MAX_BASES]) if whole else ()
    problem = Problem(
        kind=ProblemKind.EXCEPTION,
        type=text("type", 100),
        bases=bases,
        message=text("message", 300),
        cell=number("cell"),
        line=number("line"),
        shapes=tuple(_shapes(told.get("shapes"))),
    )
    return problem, number("outer")


def _shapes(told: Any) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the names and shapes of a worker's list, as far as they are such."""
    for each in told[:MAX_SHAPES] if isinstance(told, list) else ():
        match each:
            case [str(name), [*sizes]] if (
                len(name) <= MAX_NAME and name.isidentifier() and len(sizes) <= MAX_AXES
            ):
                if all(type(size) is int and 0 <= size < 10**9 for size in sizes):
                    yield name, tuple(sizes)


def _gone(kind: ProblemKind, message: str, *, killed: bool = False) -> Reply:
    problem = Problem(kind=kind, message=message)
    return Reply(head={}, values=[], notes=[], problem=problem, gone=True, killed=killed)


class Process:
    """A worker's process, by a descriptor that never comes to mean another one, where there is such."""

    def __init__(self, pid: int, handle: int | None, end: Callable[[int], int]) -> None:
        self.pid = pid
        self._handle = handle
        self._end = end
        self._status: int | None = None

    def signal(self, number: int) -> None:
        """Send it a signal."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._handle is not None:
                signal.pidfd_send_signal(self._handle, number)
            else:
                os.kill(self.pid, number)

    def was_killed(self) -> bool:
        """Return whether it has ended, and not by itself."""
        if self._handle is not None:
            ended = select.poll()
            ended.register(self._handle, select.POLLIN)
            if not ended.poll(1000 * GRACE_SECONDS):
                return False  # it lives, and has closed its connection itself
        status = self.end()
        return status < 0 or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)

    def end(self) -> int:
        """Kill it with all that it started; return its wait status if it had ended before, else -1."""
        if self._status is None:
            self._status = self._end(self.pid)
            if self._status < 0:
                self.signal(signal.SIGKILL)
        return self._status

    def close(self) -> None:
        """End it, and let go of it."""
        self.end()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
