"""The judge's end of a warm parent: start it, have it fork workers and end them, and stop it.

A parent that is killed is replaced by the next one that is needed; the workers of the old one end
with it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder import layers, surroundings, wire
from autograder.errors import SandboxError
from autograder.layers import Layer
from autograder.link import Disconnected, Link
from autograder.remote import GRACE_SECONDS

START_SECONDS = 120.0
CONTROL_SECONDS = 30.0
MAX_STARTS = 4

_WARM = Path(__file__).with_name("warm.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a warm parent is started with.

    Attributes:
        python: the interpreter that runs notebooks.
        packages: whose versions are to be told.
        preload: modules that are loaded once for all of its workers, beside NumPy and IPython.
        hidden: files and folders that no worker may read.
        programs: whether notebooks may start programs.
        layers: the walls that its workers put up.
        program: the compiled filter of system calls.
        sandboxed: whether any are wanted.
    """

    python: str
    packages: tuple[str, ...]
    preload: tuple[str, ...]
    hidden: tuple[str, ...]
    programs: bool
    layers: frozenset[Layer]
    program: bytes
    sandboxed: bool


class Parent:
    """A warm parent, started when it is first needed; safe to use from many threads."""

    def __init__(self, setup: Setup, folder: Path) -> None:
        """Prepare to start it.

        Args:
            setup: what it is started with.
            folder: of this judge: what is written lies below it, and it goes when the judge is gone.
        """
        self._setup = setup
        self._folder = folder
        self._lock = threading.Lock()
        self._control: Link | None = None
        self._last_status: int | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.told: Mapping[str, Any] = {}

    def start(self) -> Mapping[str, Any]:
        """Start it unless it has been, and return what it told when it was ready.

        Raises:
            SandboxError: if it cannot be started.
        """
        with self._lock:
            self._started()
        return self.told

    def fork(self, head: dict[str, Any], connection: int, output: int) -> tuple[int, int | None, Link]:
        """Have it fork a worker; return its process id, a handle where the system has such, and what `end`
        knows this parent by.

        Args:
            head: the request; see `confine.confine`.
            connection: the worker's end of its connection.
            output: where it prints to.

        Raises:
            OSError, Disconnected, WireError: if it does not answer; it is replaced then.
            SandboxError: if it cannot be started.
        """
        with self._lock:
            control = self._started()
            deadline = time.monotonic() + CONTROL_SECONDS
            try:
                control.send(head, deadline=deadline)
                control.send_descriptors([connection, output])
                pid = control.receive(deadline).head["pid"]
                handles = control.receive_descriptors(1, deadline)
            except (OSError, Disconnected, wire.WireError):
                self._stop()
                raise
        return pid, handles[0] if handles else None, control

    def end(self, pid: int, control: Link) -> int | None:
        """Have it kill and reap a worker; return its wait status, None if it is no more this parent's."""
        with self._lock:
            if self._control is not None and self._control is control:
                deadline = time.monotonic() + CONTROL_SECONDS
                try:
                    control.send({"op": "end", "pid": pid}, deadline=deadline)
                    return int(control.receive(deadline).head["status"])
                except (OSError, Disconnected, wire.WireError):
                    self._stop()
        return None

    def stop(self, *, last: bool = False) -> None:
        """End it. The last one hears no good-bye: it removes the folder, should we be killed."""
        with self._lock:
            self._stop(last=last)

    def _started(self) -> Link:
        """Return the connection to it, started again if somebody kills it while it starts."""
        if self._control is not None:
            return self._control
        for _ in range(MAX_STARTS):
            with contextlib.suppress(Disconnected):
                return self._start_once()
        raise SandboxError("the process that starts notebooks is killed again and again: is memory short?")

    def _start_once(self) -> Link:
        setup = self._setup
        ours, theirs = socket.socketpair()
        home = self._folder / "-".join(["parent", *setup.preload])
        home.mkdir(mode=0o700, exist_ok=True)
        self._control = Link(ours)
        if any(name.startswith("matplotlib") for name in setup.preload):
            surroundings.bring_fonts(home)
        environment = surroundings.variables(home)
        if setup.sandboxed and Layer.ENVIRONMENT not in setup.layers:
            environment = {**os.environ, **environment}
        command = [setup.python, "-sP", str(_WARM), str(theirs.fileno()), str(self._folder)]
        if Layer.BUBBLEWRAP in setup.layers:
            command = layers.wrapped(command, self._folder, environment)
        asked = {
            "layers": sorted(setup.layers),
            "hidden": setup.hidden,
            "programs": setup.programs,
            "packages": setup.packages,
            "preload": setup.preload,
            "needed": surroundings.PRELOADED,
        }
        try:
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                env=environment,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            theirs.close()
            self._control.send(asked, [np.frombuffer(setup.program, dtype=np.uint8)])
            told = self._control.receive(time.monotonic() + START_SECONDS).head
        except Disconnected:
            error = self._cannot_start("it ended at once")
            if self._last_status == -signal.SIGKILL:
                raise
            raise error from None
        except (OSError, wire.WireError) as error:
            raise self._cannot_start(str(error)) from None
        finally:
            theirs.close()
        if "readable" in told:
            raise not_confined(told)
        if not told.get("ready"):
            raise self._cannot_start(str(told.get("error")))
        self.told = told
        return self._control

    def _cannot_start(self, reason: str) -> SandboxError:
        said = ""
        if self.process is not None and self.process.stderr is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=GRACE_SECONDS)
            self._last_status = self.process.returncode
            self.process.kill()
            said = self.process.stderr.read().decode(errors="replace").strip()
        self._stop()
        last = said.splitlines()[-1] if said else reason
        return SandboxError(
            f"`{self._setup.python}` cannot run notebooks: {last}",
            next_step="It needs numpy, ipython and matplotlib: install them there, or choose another Python "
            "with --python.",
        )

    def _stop(self, *, last: bool = False) -> None:
        if self._control is not None:
            if not last:
                with contextlib.suppress(OSError, Disconnected):
                    self._control.send({"op": "bye"}, deadline=time.monotonic() + GRACE_SECONDS)
            self._control.close()
            self._control = None
        if self.process is not None:
            if not _has_ended(self.process, 5):
                self.process.kill()
            self.process.wait()
            if self.process.stderr is not None:
                self.process.stderr.close()
            self.process = None


def _has_ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the end of a process; `Popen.wait` with a time-out sleeps up to 50 ms too long."""
    with contextlib.suppress(AttributeError, OSError):
        handle = os.pidfd_open(process.pid)
        try:
            poller = select.poll()
            poller.register(handle, select.POLLIN)
            return bool(poller.poll(1000 * seconds))
        finally:
            os.close(handle)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def not_confined(told: Mapping[str, Any]) -> SandboxError:
    """Return what is wrong with a worker, or a parent, that a layer has left open."""
    if "readable" in told:
        return SandboxError(
            f"a notebook could read `{told['readable']}`: nothing was run",
            next_step="Keep it outside the folders of Python, and where other users cannot read it: "
            "`chmod -R go-rwx` it, or a folder above it.",
        )
    return SandboxError(
        f"a layer of the sandbox does not hold: {told.get('error', 'a worker ended at once')}",
        next_step="`autograder doctor` shows which hold. Temporary files must lie where every user may go: "
        "is TMPDIR set?",
    )
