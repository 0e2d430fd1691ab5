"""A class of submissions, judged on many machines: the tasks of a Dask cluster, few of them on their way.

Whatever happens to workers, each submission has exactly one outcome: the one that it has on any machine.
"""

from __future__ import annotations

import contextlib
import itertools
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import cluster_worker
from autograder.cluster_connection import LOCAL, connected
from autograder.cluster_members import Lost, Members
from autograder.cluster_order import Fault, Order, Refusal, of_notebooks, order_for, packed
from autograder.errors import GraderError
from autograder.grading import Outcome
from autograder.inbox import File
from autograder.master import Master
from autograder.tabulate import Advance, tabulated

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["LOCAL", "Cluster", "grading_on"]

BATCH = 8
"""How many submissions are sent together: a task costs the scheduler and both ends some milliseconds."""
PER_THREAD = 2
"""How many batches are on their way for each thread of a worker: one is judged, one waits."""
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
        advance: hears what is waited for, and how much of it is done.

    Raises:
        ClusterError: if there is no such cluster, it has no workers, or their versions are not those of here.
        SandboxError: if notebooks cannot be run on any worker.
    """
    tables = tabulated(loaded, advance)
    order = order_for(loaded, secrets.token_hex(8), tables, hidden, sandboxed=sandboxed)
    with connected(address, jobs) as client:
        members = Members(client, order, warn)
        try:
            members.get_ready(advance)
            yield Cluster(members, loaded, order)
        finally:
            members.dismiss()


@dataclass(slots=True)
class _Task:
    """A submission, and how often the workers that judged it were lost."""

    file: File
    losses: int = 0


@dataclass(slots=True, kw_only=True)
class _Batch:
    """Submissions that were sent together, and the workers that may judge them."""

    tasks: list[_Task]
    future: Future[Any]
    workers: frozenset[str]


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
        self._flying: dict[str, _Batch] = {}
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
        unread = (_Task(file) for file in files)
        try:
            while True:
                yield from self._left_behind(self._members.look())
                while self._has_room() and (tasks := self._next(unread)):
                    self._send(tasks)
                if self._has_room() and not self._flying:
                    return
                future = self._members.answered()
                if future is not None and str(future.key) in self._flying:
                    yield from self._outcomes(self._flying.pop(str(future.key)))
        finally:
            for batch in self._flying.values():
                _call_back(batch)
            self._flying.clear()

    def _has_room(self) -> bool:
        """Return whether more may be sent: nothing is beside a submission that has lost its workers."""
        batches = self._flying.values()
        return len(batches) < PER_THREAD * sum(self._members.threads.values()) and not any(
            task.losses for batch in batches for task in batch.tasks
        )

    def _next(self, unread: Iterator[_Task]) -> list[_Task]:
        """Return what is sent next, the suspects last and each alone."""
        tasks = self._again[:BATCH]
        del self._again[:BATCH]
        tasks += itertools.islice(unread, BATCH - len(tasks))
        if not tasks and self._suspects and not self._flying:
            return [self._suspects.pop()]
        return tasks

    def _send(self, tasks: list[_Task]) -> None:
        submissions = packed((task.file for task in tasks), self.assignment.name)
        workers = frozenset(self._members.threads)
        future = self._members.ask(workers, cluster_worker.judge_packed, self._run, submissions)
        self._flying[str(future.key)] = _Batch(tasks=tasks, future=future, workers=workers)

    def _outcomes(self, batch: _Batch) -> Iterator[Outcome]:
        """Yield what submissions have come to, and keep those that are to be sent again."""
        try:
            replies = self._members.reply(batch.future)
        except Lost:
            yield from self._lost(batch)
            return
        except GraderError:
            raise
        except Exception as error:
            replies = [Fault(why=f"{type(error).__name__}: {error}")] * len(batch.tasks)
        for task, reply in zip(batch.tasks, replies, strict=False):
            if isinstance(reply, Refusal):
                self._members.refuse(reply)
                self._again.append(task)
            elif isinstance(reply, Fault):
                yield Outcome(file=task.file, fault=reply.why)
            else:
                yield Outcome(file=task.file, result=reply)
        self._again += batch.tasks[len(replies) :]

    def _left_behind(self, present: Collection[str]) -> Iterator[Outcome]:
        """Take back the submissions of which all workers are gone: the scheduler would keep them."""
        for key, batch in list(self._flying.items()):
            if batch.workers.isdisjoint(present):
                _call_back(self._flying.pop(key))
                yield from self._lost(batch)

    def _lost(self, batch: _Batch) -> Iterator[Outcome]:
        for task in batch.tasks:
            task.losses += 1
            if task.losses < MAX_LOSSES:
                self._suspects.append(task)
            else:
                yield Outcome(file=task.file, fault=f"what graded it has ended {task.losses} times")


def _call_back(batch: _Batch) -> None:
    with contextlib.suppress(Exception):  # the scheduler may be gone too
        batch.future.cancel()
