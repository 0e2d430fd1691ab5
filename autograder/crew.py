"""A crew of processes that all do the same with one of many things at a time.

A thing whose process dies is done by another one; one that takes two with it is given up. Nothing
is left behind when the crew is closed, or the process that called it is killed: see `foreman`. Pickle
carries things and answers: both sides are ours, and no student's code runs in either.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import socket
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from autograder import foreman
from autograder.errors import SandboxError

MAX_DEATHS = 2
"""How many processes one thing may cost."""
MAX_FAILED_STARTS = 3
AHEAD = 2
"""How many things a process has at a time: the one that it does, and the next."""
END_SECONDS = 30.0
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""So that libraries start none in the foreman, which forks; and the processes fill the cores as it is."""

Start = Callable[[], AbstractContextManager[Callable[[Any], Any]]]
"""Gives, in each process, what does one thing."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A thing that was not done: each process that tried ended."""

    thing: Any


@dataclass(slots=True, eq=False)
class _Task:
    thing: Any
    deaths: int = 0


@dataclass(slots=True, eq=False)
class _Member:
    """A process of the crew: what it has been given, in this order, and has not answered yet."""

    connection: Connection
    core: int | None
    ready: bool = False
    tasks: deque[_Task] = field(default_factory=deque)


class Crew:
    """Processes of a foreman, that are started when there is work for them."""

    def __init__(self, prepare: Callable[[], Start], size: int, cores: Sequence[int] = ()) -> None:
        """Prepare to work.

        Args:
            prepare: run once, in a process of its own that has no threads, and then forked. It is pickled,
                as are the things and what is made of them.
            size: how many processes there are at most.
            cores: the processors that they keep to, one each; they go where the system puts them without. A
                process and those that it starts, and waits for, are woken faster on the same one.
        """
        self._cores = tuple(cores)
        self._prepare = prepare
        self._size = size
        self._foreman: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._members: list[_Member] = []
        self._again: deque[_Task] = deque()
        self._failed_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def work(self, things: Iterable[Any]) -> Iterator[Any]:
        """Yield what is made of each thing as it comes, in any order, or that it is `Lost`.

        No more things are taken than are being done, and one more for each process.

        Raises:
            SandboxError: if processes die as soon as they are started.
            Exception: what `prepare` or a process has raised.
        """
        left = map(_Task, things)
        first = list(itertools.islice(left, self._size))
        coming = itertools.chain(first, left)
        for _ in first:
            self._hire()
        while first and (self._hand_out(coming) or any(member.tasks for member in self._members)):
            ready = wait([member.connection for member in self._members])
            for member in [each for each in self._members if each.connection in ready]:
                yield from self._heard(member)

    def _hand_out(self, coming: Iterator[_Task]) -> bool:
        """Give each process that has started what it has room for, first one thing each, then the next one;
        return whether there may be more."""
        for room in range(1, AHEAD + 1):
            for member in [each for each in self._members if each.ready and len(each.tasks) < room]:
                task = self._again.popleft() if self._again else next(coming, None)
                if task is None:
                    return False
                member.tasks.append(task)
                with contextlib.suppress(OSError):  # it is gone: that is seen when it is listened to
                    member.connection.send(task.thing)
        return True

    def _heard(self, member: _Member) -> Iterator[Any]:
        """Take what a process says; yield what it has done, or given up by its death."""
        try:
            kind, said = member.connection.recv()
        except (EOFError, OSError):
            yield from self._buried(member)
            return
        if kind == "raised":
            raise said
        member.ready = True
        self._failed_starts = 0
        if kind == "done":
            member.tasks.popleft()
            yield said

    def _buried(self, member: _Member) -> Iterator[Any]:
        """Hire another for a process that has died; yield what it was at, if not the first."""
        self._members.remove(member)
        member.connection.close()
        if not member.ready:
            self._failed_starts += 1
            if self._failed_starts > MAX_FAILED_STARTS:
                raise SandboxError(
                    "the processes that judge are killed as soon as they start",
                    next_step="Is memory short? `--jobs 1` needs the least.",
                )
        self._hire()
        if not member.tasks:
            return
        task = member.tasks.popleft()
        task.deaths += 1
        self._again.extend(member.tasks)
        if task.deaths < MAX_DEATHS:
            self._again.append(task)
        else:
            yield Lost(task.thing)

    # ---------------------------------------------------------------- processes

    def _hire(self) -> None:
        """Have the foreman start a process, and another foreman if that one was killed."""
        ours, theirs = socket.socketpair()
        taken = Counter(member.core for member in self._members)
        core = min(self._cores, key=taken.__getitem__, default=None)
        with theirs:
            for _ in range(2):
                if self._control is None:
                    self._start_foreman()
                assert self._control is not None
                try:
                    place = (0 if core is None else core + 1).to_bytes(foreman.PLACE_BYTES)
                    socket.send_fds(self._control, [place], [theirs.fileno()])
                    break
                except OSError:
                    self._end_foreman()
        self._members.append(_Member(Connection(ours.detach()), core))

    def _start_foreman(self) -> None:
        ours, theirs = socket.socketpair()
        # as here, but for the folder that one is in: files of students may lie there
        paths = [path for path in sys.path if path]
        code = f"import sys; sys.path[:] = {paths!r}; from autograder import foreman; foreman.main()"
        with theirs:
            self._foreman = subprocess.Popen(
                [sys.executable, "-P", "-c", code, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **ONE_THREAD},
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the caller, who then closes the crew
            )
        self._control = ours
        content = pickle.dumps(self._prepare)
        with contextlib.suppress(OSError):
            ours.sendall(len(content).to_bytes(8) + content)

    def _end_foreman(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._foreman is not None:
            try:
                self._foreman.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._foreman.kill()
                self._foreman.wait()
            self._foreman = None

    def close(self) -> None:
        """End all processes; what they had begun is dropped."""
        for member in self._members:
            member.connection.close()
        self._members = []
        self._end_foreman()
