"""What a worker of a cluster does: keep a judge of an assignment, and judge the submissions that it is sent.

All that it returns is plain data. Whatever it cannot do it says in a `Refusal`: then it has judged nothing.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from autograder import cells, grading, master
from autograder.cluster_order import (
    OURS,
    Fault,
    Order,
    Refusal,
    Unreadable,
    differing,
    package_version,
    unpacked,
)
from autograder.errors import GraderError, SandboxError
from autograder.judge import Judge
from autograder.model import Result
from autograder.submission import Submission

IDLE_SECONDS = 600.0
"""How long a judge is kept that nobody asks, should the one who had it started be gone."""
BATCH_SECONDS = 1.0
"""How long a worker has submissions in hand before it says what it has."""


class _Bench:
    """A judge with its sandbox, closed when it is dismissed or long unused, but never in use."""

    def __init__(self, order: Order) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._dismissed = False
        self._timer: threading.Timer | None = None
        self._closing = contextlib.ExitStack()
        with cells.one_at_a_time:
            loaded = master.unpack(order.packed)
        kept = loaded.assignment.kept
        for name, content in order.tables.items():
            assert kept is not None
            kept.put(name, content)
        hidden = [*(Path(path) for path in order.hidden), _own_folder()]
        self.judge = self._closing.enter_context(
            grading.judge_of(loaded, hidden=hidden, sandboxed=order.sandboxed)
        )
        self._wait()

    @contextlib.contextmanager
    def used(self) -> Iterator[Judge]:
        """Give the judge, which is there until it is given back."""
        with self._lock:
            self._users += 1
            self._wake()
        try:
            yield self.judge
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0 and self._dismissed:
                    self._closing.close()
                elif self._users == 0:
                    self._wait()

    def dismiss(self) -> None:
        """Close the judge, as soon as it is not in use."""
        with self._lock:
            self._wake()
            self._dismissed = True
            if self._users == 0:
                self._closing.close()

    @property
    def dismissed(self) -> bool:
        """Whether it serves nobody any more."""
        return self._dismissed

    def _wait(self) -> None:
        self._timer = threading.Timer(IDLE_SECONDS, self.dismiss)
        self._timer.daemon = True
        self._timer.start()

    def _wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


_benches: dict[str, _Bench] = {}
_over: set[str] = set()
"""The runs that are over: one may have ended while its judge was still being started."""
_changing = threading.Lock()


def prepare(order: Order) -> Refusal | None:
    """Start the judge of a run in this process, or return why it cannot be had here."""
    own = package_version()
    here = socket.gethostname()
    if own != order.versions[OURS]:
        return Refusal(
            why=f"{here} has another version of this package ({own}, here {order.versions[OURS]})",
            differs=True,
        )
    with _changing:
        if order.run in _benches and not _benches[order.run].dismissed:
            return None
        try:
            bench = _Bench(order)
        except GraderError as error:
            return Refusal(why=f"{here}: {error}")
        except Exception as error:
            return Refusal(why=f"{here}: {type(error).__name__}: {error}")
        different = differing(order.versions, bench.judge.versions)
        if different:
            bench.dismiss()
            return Refusal(why=f"{here} runs notebooks with {different}", differs=True)
        _benches[order.run] = bench
        if order.run in _over:
            dismiss(order.run)
    return None


def judge_packed(run: str, submissions: bytes) -> list[Result | Fault | Refusal]:
    """Return what has become of some submissions, in their order.

    After a while it returns what it has: so long does nobody wait for a result. A refusal is the last.
    """
    replies: list[Result | Fault | Refusal] = []
    until = time.monotonic() + BATCH_SECONDS
    for submission in unpacked(submissions):
        replies.append(_judged(run, submission))
        if isinstance(replies[-1], Refusal) or time.monotonic() > until:
            break
    return replies


def _judged(run: str, submission: Submission | Unreadable | Fault) -> Result | Fault | Refusal:
    if isinstance(submission, Fault):
        return submission
    bench = _benches.get(run)
    if bench is None or bench.dismissed:
        return Refusal(why="the worker has started anew", worker=_address(), forgotten=True)
    with bench.used() as judge:
        try:
            if isinstance(submission, Unreadable):
                return judge.refused(submission.name, submission.error)
            return judge.judge(submission)
        except SandboxError as error:
            return Refusal(why=f"{socket.gethostname()}: {error}", worker=_address())
        except Exception as error:
            return Fault(why=f"{type(error).__name__}: {error}")


def dismiss(run: str) -> None:
    """End the judge of a run in this process, as soon as it has no submission in hand."""
    _over.add(run)
    bench = _benches.pop(run, None)
    if bench is not None:  # not in the thread that calls, which is the worker's only one that hears messages
        threading.Thread(target=bench.dismiss, daemon=True).start()


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().contact_address)


def _own_folder() -> Path:
    """Return the folder in which this worker keeps what does not fit in its memory: submissions, for one."""
    from distributed import get_worker

    folder = Path(get_worker().local_directory)
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    return folder
