"""A class of submissions, judged on many machines: the tasks of a Dask cluster, few of them on their way.

Whatever happens to workers, each submission has exactly one outcome: the one that it has on any machine.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import cluster_worker
from autograder.cluster_connection import LOCAL, connected
from autograder.cluster_members import Lost, Members
from autograder.cluster_order import Fault, Order, Refusal, Upload, of_notebooks, order_for, upload
from autograder.errors import GraderError
from autograder.grading import Outcome
from autograder.inbox import File
from autograder.master import Master
from autograder.tabulate import Advance, tabulated

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["LOCAL", "Cluster", "grading_on"]

PER_THREAD = 2
"""How many submissions are on their way for each thread of a worker: one is judged, one waits."""
MAX_BYTES = 256 * 2**20
"""How much of them may be on its way, should some be large."""
MAX_LOSSES = 3
"""How often the workers of a submission may be lost, from the second time on with nothing else in hand."""


@contextmanager
def grading_on(
    address: str,
    loaded: Master,
    *,
    hidden: Sequence[Path] = (),
    sandboxed: bool = True,
    jobs: int | None = None,
    warn: Callable[[str], None] = lambda _: None,
    advance: Advance = lambda *_: None,
) -> Iterator[Cluster]:
    """Give a cluster whose workers have a judge of a master, with its sandbox started.

    Args:
        address: as for `cluster_connection.connected`.
        loaded: the master.
        hidden: what no notebook may read, on machines where it is.
        sandboxed: whether notebooks are sealed off.
        jobs: how many workers to start on this machine, for the address `local`.
        warn: hears of a worker that is not fit.
        advance: hears what is computed of the master, and how much is done.

    Raises:
        ClusterError: if there is no such cluster, it has no workers, or their versions are not those of here.
        SandboxError: if notebooks cannot be run on any worker.
    """
    tables = tabulated(loaded, advance)
    order = order_for(loaded, secrets.token_hex(8), tables, hidden, sandboxed=sandboxed)
    with connected(address, jobs) as client:
        members = Members(client, order, warn)
        try:
            members.get_ready()
            yield Cluster(members, loaded, order)
        finally:
            members.dismiss()


@dataclass(slots=True, eq=False)
class _Task:
    """A submission, and while it is on its way its future and the workers that may judge it."""

    file: File
    upload: Upload
    losses: int = 0
    future: Future[Any] | None = None
    workers: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many bytes are sent."""
        return len(self.upload.content) if isinstance(self.upload.content, bytes) else 0


class Cluster:
    """The submissions that are on their way to workers, and those that were lost with theirs.

    `assignment`, `versions` and `sandboxed` are as those of a `Judge`.
    """

    def __init__(self, members: Members, loaded: Master, order: Order) -> None:
        """Prepare to grade: see `grading_on`."""
        self.assignment = loaded.assignment
        self.versions: Mapping[str, str] = of_notebooks(order.versions)
        self.sandboxed = order.sandboxed
        self._members = members
        self._run = order.run
        self._flying: dict[str, _Task] = {}
        self._again: list[_Task] = []
        self._suspects: list[_Task] = []

    def grade_all(self, files: Iterable[File]) -> Iterator[Outcome]:
        """Yield the outcome of each file as it comes, in any order; when closed early, call back the others.

        A file is read when its turn comes. It is graded by other workers if its own are lost; if that
        happens again and again, then with nothing else in hand, it is a fault.

        Raises:
            ClusterError: if the scheduler is lost, or all workers are.
            SandboxError: if notebooks cannot be run on any worker.
        """
        unread = iter(files)
        try:
            while True:
                yield from self._left_behind(self._members.look())
                while self._has_room() and (task := self._next(unread)) is not None:
                    self._send(task)
                if self._has_room() and not self._flying:
                    return
                future = self._members.answered()
                if future is not None and str(future.key) in self._flying:
                    yield from self._outcomes(self._flying.pop(str(future.key)))
        finally:
            for task in self._flying.values():
                _call_back(task)

    def _has_room(self) -> bool:
        """Return whether another submission may be sent; one that lost its workers is alone on its way."""
        tasks = self._flying.values()
        return (
            len(tasks) < PER_THREAD * sum(self._members.threads.values())
            and sum(task.size for task in tasks) < MAX_BYTES
            and not any(task.losses for task in tasks)
        )

    def _next(self, unread: Iterator[File]) -> _Task | None:
        if self._again:
            return self._again.pop()
        for file in unread:
            return _Task(file=file, upload=upload(file))
        return self._suspects.pop() if self._suspects and not self._flying else None

    def _send(self, task: _Task) -> None:
        task.workers = frozenset(self._members.threads)
        task.future = self._members.ask(task.workers, cluster_worker.judge_upload, self._run, task.upload)
        self._flying[str(task.future.key)] = task

    def _outcomes(self, task: _Task) -> Iterator[Outcome]:
        """Yield what a submission has come to, or nothing if it is to be sent again."""
        assert task.future is not None
        try:
            reply = self._members.reply(task.future)
        except Lost:
            yield from self._lost(task)
            return
        except GraderError:
            raise
        except Exception as error:
            reply = Fault(why=f"{type(error).__name__}: {error}")
        if isinstance(reply, Refusal):
            self._members.refuse(reply)
            self._again.append(task)
        elif isinstance(reply, Fault):
            yield Outcome(file=task.file, fault=reply.why)
        else:
            yield Outcome(file=task.file, result=reply)

    def _left_behind(self, present: Collection[str]) -> Iterator[Outcome]:
        """Take back the submissions of which all workers are gone: the scheduler would keep them."""
        for key, task in list(self._flying.items()):
            if task.workers.isdisjoint(present):
                _call_back(self._flying.pop(key))
                yield from self._lost(task)

    def _lost(self, task: _Task) -> Iterator[Outcome]:
        task.losses += 1
        if task.losses < MAX_LOSSES:
            self._suspects.append(task)
        else:
            yield Outcome(file=task.file, fault=f"what graded it has ended {task.losses} times")


def _call_back(task: _Task) -> None:
    if task.future is not None:
        with contextlib.suppress(Exception):  # the scheduler may be gone too
            task.future.cancel()
