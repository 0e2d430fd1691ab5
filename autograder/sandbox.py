"""Start, question and always kill workers: a warm parent, started by exec, forks one a submission.

Our own faults are `SandboxError`; what a student's code does to its worker is a `Problem`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder import wire
from autograder.errors import SandboxError
from autograder.model import Problem, ProblemKind

START_SECONDS = 120.0
CONTROL_SECONDS = 30.0
GRACE_SECONDS = 1.0

_WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back from a worker. After a `problem` with `gone`, the worker is no more."""

    head: dict[str, Any]
    values: list[Any]
    notes: list[str]
    problem: Problem | None = None
    outer_line: int = 0
    gone: bool = False


class Worker:
    """The judge's end of one worker: ask it something, within a time."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self._connection = connection
        self._pid = pid
        self._asked = 0

    def ask(
        self, operation: str, values: list[Any] | tuple[Any, ...] = (), *, seconds: float, **head: Any
    ) -> Reply:
        """Return the worker's reply, or the `Problem` that kept it from giving one.

        At the end of its time it is interrupted, as Jupyter's stop button does; if that does not
        help, it is given up as gone, and `Sandbox.worker` kills it.
        """
        self._asked += 1
        seconds = max(seconds, 0.001)
        deadline = time.monotonic() + seconds
        try:
            self._connection.settimeout(seconds)
            wire.send(self._connection, {"op": operation, "id": self._asked, **head}, values)
            try:
                message = wire.receive(self._connection, deadline)
            except TimeoutError:
                return self._interrupted(seconds)
            return self._reply(message)
        except TimeoutError:
            return _gone(ProblemKind.TIMEOUT, f"no answer within {seconds:g} seconds")
        except wire.Disconnected:
            return _gone(ProblemKind.DIED, "the process that ran the notebook ended")
        except wire.WireError as error:
            return _gone(ProblemKind.REPLY, str(error))

    def _interrupted(self, seconds: float) -> Reply:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGINT)
        reply = self._reply(wire.receive(self._connection, time.monotonic() + GRACE_SECONDS))
        if reply.gone:
            return reply
        late = Problem(
            kind=ProblemKind.TIMEOUT,
            message=f"no answer within {seconds:g} seconds",
            cell=reply.problem.cell if reply.problem else 0,
            line=reply.problem.line if reply.problem else 0,
        )
        return Reply(head={}, values=[], notes=[], problem=late, outer_line=reply.outer_line)

    def _reply(self, message: wire.Message) -> Reply:
        if message.head.get("re") != self._asked:
            return _gone(ProblemKind.REPLY, "it answered something that was not asked")
        told = message.head.get("problem")
        if told is None:
            return Reply(head=message.head, values=message.values, notes=message.notes)
        problem, outer = _problem(told)
        return Reply(head=message.head, values=[], notes=[], problem=problem, outer_line=outer)


def _problem(told: Any) -> tuple[Problem, int]:
    """Return what a worker told of an exception, each part checked to be what it should be."""

    def number(key: str) -> int:
        value = told.get(key, 0)
        return value if type(value) is int and 0 <= value < 10**7 else 0

    if not isinstance(told, dict):
        raise wire.WireError("it described an exception in a way that cannot be read")
    problem = Problem(
        kind=ProblemKind.EXCEPTION,
        type=wire.plain(str(told.get("type", "")), 100),
        message=wire.plain(str(told.get("message", "")), 300),
        cell=number("cell"),
        line=number("line"),
    )
    return problem, number("outer")


def _gone(kind: ProblemKind, message: str) -> Reply:
    return Reply(head={}, values=[], notes=[], problem=Problem(kind=kind, message=message), gone=True)


class Sandbox:
    """Workers for many submissions, all forked from one warm parent; safe to use from many threads.

    `python` is the interpreter that runs the notebooks: it needs NumPy, IPython and Matplotlib,
    and need not be the judge's own. `versions` tells its version and those of `packages`.
    """

    def __init__(self, python: Path | None = None, packages: Sequence[str] = ("numpy",)) -> None:
        self._python = str(python or sys.executable)
        self._packages = tuple(packages)
        self._lock = threading.Lock()
        self._folder = Path(tempfile.mkdtemp(prefix="true-values-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.versions: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self._start_parent()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm parent, its workers with it, and remove their folders."""
        self._stop_parent()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextlib.contextmanager
    def worker(self, memory_bytes: int) -> Iterator[Worker]:
        """Give a fresh worker in a private folder; it is dead and its folder gone afterwards.

        Raises:
            SandboxError: if the warm parent cannot be started.
        """
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        ours, theirs = socket.socketpair()
        try:
            head = {"op": "fork", "folder": str(folder), "memory": memory_bytes}
            pid = self._fork(head, theirs)
            theirs.close()
            try:
                yield Worker(ours, pid)
            finally:
                ours.close()
                self._end(pid)
        finally:
            ours.close()
            theirs.close()
            shutil.rmtree(folder, ignore_errors=True)

    def _fork(self, head: dict[str, Any], connection: socket.socket) -> int:
        with self._lock:
            for attempt in (1, 2):
                try:
                    return self._fork_once(head, connection)
                except (OSError, wire.Disconnected, wire.WireError) as error:
                    if attempt == 2:
                        raise SandboxError(f"no worker could be started: {error}") from error
                    self._stop_parent()  # a notebook may have killed it: a new one serves the others
                    self._start_parent()
        raise AssertionError("unreachable")

    def _fork_once(self, head: dict[str, Any], connection: socket.socket) -> int:
        if self._control is None:
            raise wire.Disconnected
        self._control.settimeout(CONTROL_SECONDS)
        wire.send(self._control, head)
        socket.send_fds(self._control, [b"f"], [connection.fileno()])
        pid = wire.receive(self._control, time.monotonic() + CONTROL_SECONDS).head.get("pid")
        if not isinstance(pid, int):
            raise wire.WireError("the warm parent could not fork")
        return pid

    def _end(self, pid: int) -> None:
        """Have the parent kill and reap a worker; if the parent is gone, kill it from here."""
        with self._lock:
            try:
                if self._control is None:
                    raise wire.Disconnected
                self._control.settimeout(CONTROL_SECONDS)
                wire.send(self._control, {"op": "end", "pid": pid})
                if wire.receive(self._control, time.monotonic() + CONTROL_SECONDS).head.get("ended") == pid:
                    return
            except (OSError, wire.Disconnected, wire.WireError):
                pass
            self._stop_parent()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == pid:  # a worker leads its own session: nobody else has this number
                os.killpg(pid, signal.SIGKILL)

    def _start_parent(self) -> None:
        ours, theirs = socket.socketpair()
        home = self._folder / "parent"
        home.mkdir(exist_ok=True)
        self._control = ours
        try:
            self._process = subprocess.Popen(
                [self._python, "-sP", str(_WORKER), str(theirs.fileno()), *self._packages],
                pass_fds=[theirs.fileno()],
                env=_environment(home),
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            theirs.close()
            ready = wire.receive(ours, time.monotonic() + START_SECONDS).head
        except (OSError, wire.Disconnected, wire.WireError) as error:
            raise self._cannot_start(str(error)) from None
        finally:
            theirs.close()
        if not ready.get("ready"):
            raise self._cannot_start(str(ready.get("error")))
        self.versions = {str(name): str(version) for name, version in ready["versions"].items()}

    def _cannot_start(self, reason: str) -> SandboxError:
        said = ""
        if self._process is not None and self._process.stderr is not None:
            self._process.kill()
            said = self._process.stderr.read().decode(errors="replace").strip()
        self._stop_parent()
        last = said.splitlines()[-1] if said else reason
        return SandboxError(
            f"`{self._python}` cannot run notebooks: {last}",
            next_step="It needs numpy, ipython and matplotlib: install them there, or choose another Python "
            "with --python.",
        )

    def _stop_parent(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None


def _environment(home: Path) -> dict[str, str]:
    """Return an environment with nothing of ours in it, in which libraries are fast and repeatable."""
    single = {f"{name}_THREADS": "1" for name in ("OPENBLAS_NUM", "OMP_NUM", "MKL_NUM", "VECLIB_MAXIMUM")}
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "IPYTHONDIR": str(home),
        "MPLCONFIGDIR": str(home),
        "MPLBACKEND": "agg",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        **single,
    }
