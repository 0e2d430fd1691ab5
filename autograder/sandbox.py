"""Start, question and always kill workers: a warm parent, started by exec, forks one a submission.

Our own faults are `SandboxError`; what a student's code does to its worker is a `Problem`. Nothing
is left of a worker, whoever is killed: the judge ends it, or the warm parent when the judge is gone,
or the kernel when that is gone too; a folder that outlives all three is removed by the next judge.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from autograder import folders, landlock, layers, surroundings, syscalls, wire
from autograder.errors import SandboxError
from autograder.files import remove_folder
from autograder.layers import Layer
from autograder.link import Disconnected, Link
from autograder.model import Limits
from autograder.remote import GRACE_SECONDS, Process, Worker

START_SECONDS = 120.0
CONTROL_SECONDS = 30.0
MAX_STARTS = 4

_WARM = Path(__file__).with_name("warm.py")


class Sandbox:
    """Workers for many submissions, all forked from one warm parent; safe to use from many threads.

    `python` is the interpreter that runs the notebooks: it needs NumPy, IPython and Matplotlib,
    and need not be the judge's own. `versions` tells its version and those of `packages`; `layers`
    which walls are up, none without `sandboxed`.
    """

    def __init__(
        self,
        python: Path | None = None,
        packages: Sequence[str] = ("numpy",),
        *,
        hidden: Sequence[Path] = (),
        programs: bool = False,
        preload: Sequence[str] = surroundings.PRELOADED,
        wanted: Sequence[Layer] = tuple(Layer),
        sandboxed: bool = True,
    ) -> None:
        """Find out what this machine has.

        Args:
            python: the interpreter that runs notebooks; by default this one.
            packages: whose versions are to be told.
            hidden: files and folders that no worker may read: each tries before it serves.
            programs: whether notebooks may start programs.
            preload: modules that are loaded once for all notebooks, beside NumPy and IPython. It
                pays for a class; for a single notebook, see `surroundings.mentioned`.
            wanted: the layers to use of those that this machine has.
            sandboxed: whether to use any.

        Raises:
            SandboxError: if the layers of this machine are not enough.
        """
        self._python = str(python or sys.executable)
        self._packages = tuple(packages)
        self._hidden = [str(path.absolute()) for path in hidden] if sandboxed else []
        self._programs = programs
        self._preload = tuple(preload)
        self.layers = layers.require(wanted) if sandboxed else frozenset[Layer]()
        self.sandboxed = sandboxed
        self._abi = landlock.landlock_abi() if Layer.LANDLOCK in self.layers else 0
        self._filter = self._compiled_filter()
        self._search = False
        self._lock = threading.Lock()
        self._taken: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._last_status: int | None = None
        self._control: Link | None = None
        self.versions: dict[str, str] = {}

    def _compiled_filter(self) -> bytes:
        if Layer.SECCOMP not in self.layers:
            return b""
        alone = Layer.USER in self.layers or self._abi >= landlock.SCOPED_SIGNALS_ABI
        return syscalls.compiled(programs=self._programs, signals=alone)

    def __enter__(self) -> Self:
        folders.sweep()
        self._folder = folders.Root(open_to_all=Layer.USER in self.layers)
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
        self._stop_parent(last=True)
        self._folder.remove()

    def rest(self) -> None:
        """End the warm parent; the next worker starts another one. No worker may be there."""
        with self._lock:
            self._stop_parent()

    @contextlib.contextmanager
    def worker(self, limits: Limits) -> Iterator[Worker]:
        """Give a fresh worker in a private folder; it is dead and its folder gone afterwards.

        Raises:
            SandboxError: if the warm parent cannot be started, or a layer does not hold.
        """
        folder = Path(tempfile.mkdtemp(dir=self._folder.path))
        user = self._user()
        try:
            if Layer.USER in self.layers:
                os.chown(folder, user, user)
            head = {
                "op": "fork",
                "folder": str(folder),
                "uid": user,
                "gid": user,
                "memory": limits.memory_bytes,
                "cpu": int(limits.total_seconds) + 1,
                "search": self._search,
                "abi": self._abi,
                "hidden": self._hidden,
            }
            with self._started(head, folder) as worker:
                yield worker
        finally:
            with contextlib.suppress(OSError):
                remove_folder(folder)
            if Layer.USER in self.layers and Layer.LANDLOCK not in self.layers:
                folders.remove_files_of(user)
            self._taken.discard(user)

    def _user(self) -> int:
        if Layer.USER not in self.layers:
            return os.getuid()
        with self._lock:
            user = layers.draw_id(self._taken)
            self._taken.add(user)
        return user

    @contextlib.contextmanager
    def _started(self, head: dict[str, Any], folder: Path) -> Iterator[Worker]:
        """Give a worker that has been forked and is confined."""
        with contextlib.ExitStack() as closing:
            for attempt in range(1, MAX_STARTS + 1):
                attempted = closing.enter_context(contextlib.ExitStack())
                try:
                    worker = self._forked(head, folder, attempted)
                    hello = worker.hello()
                    break
                except (OSError, Disconnected, wire.WireError) as error:
                    attempted.close()
                    if attempt == MAX_STARTS:
                        raise SandboxError(f"no worker could be started: {error}") from error
            if not hello.get("confined"):
                raise _not_confined(hello)
            yield worker

    def _forked(self, head: dict[str, Any], folder: Path, closing: contextlib.ExitStack) -> Worker:
        ours, theirs = socket.socketpair()
        output, printing = os.pipe()
        closing.callback(ours.close)
        closing.callback(os.close, output)
        try:
            with self._lock:
                if self._control is None:
                    self._start_parent()  # a killed one is replaced: a new one serves the others
                control = self._control
                try:
                    pid, handle = self._fork(head, theirs.fileno(), printing)
                except (OSError, Disconnected, wire.WireError):
                    self._stop_parent()
                    raise
        finally:
            theirs.close()
            os.close(printing)
        process = Process(pid, handle, lambda pid: self._end(pid, control))
        closing.callback(process.close)
        return Worker(ours, output, process, folder)

    def _fork(self, head: dict[str, Any], connection: int, output: int) -> tuple[int, int | None]:
        assert self._control is not None
        deadline = time.monotonic() + CONTROL_SECONDS
        self._control.send(head, deadline=deadline)
        self._control.send_descriptors([connection, output])
        pid = self._control.receive(deadline).head["pid"]
        handles = self._control.receive_descriptors(1, deadline)
        return pid, handles[0] if handles else None

    def _end(self, pid: int, control: Link | None) -> int:
        """Have the parent that forked a worker kill and reap it; return its wait status, -1 if unknown."""
        with self._lock:
            if self._control is not None and self._control is control:
                deadline = time.monotonic() + CONTROL_SECONDS
                try:
                    self._control.send({"op": "end", "pid": pid}, deadline=deadline)
                    return int(self._control.receive(deadline).head["status"])
                except (OSError, Disconnected, wire.WireError):
                    self._stop_parent()
        # What a worker could start gets no signal of its parent's death; bubblewrap's have their own ids.
        if (self._programs or Layer.SECCOMP not in self.layers) and Layer.BUBBLEWRAP not in self.layers:
            folders.kill_session(pid)
        return -1

    def _start_parent(self) -> None:
        """Start the warm parent, again if somebody kills it while it starts."""
        for _ in range(MAX_STARTS):
            with contextlib.suppress(Disconnected):
                self._start_parent_once()
                return
        raise SandboxError("the process that starts notebooks is killed again and again: is memory short?")

    def _start_parent_once(self) -> None:
        ours, theirs = socket.socketpair()
        home = self._folder.path / "parent"
        home.mkdir(mode=0o700, exist_ok=True)
        self._control = Link(ours)
        if any(name.startswith("matplotlib") for name in self._preload):
            surroundings.bring_fonts(home)
        environment = surroundings.variables(home)
        if self.sandboxed and Layer.ENVIRONMENT not in self.layers:
            environment = {**os.environ, **environment}
        command = [self._python, "-sP", str(_WARM), str(theirs.fileno()), str(self._folder.path)]
        if Layer.BUBBLEWRAP in self.layers:
            command = layers.wrapped(command, self._folder.path, environment)
        asked = {
            "layers": sorted(self.layers),
            "hidden": self._hidden,
            "programs": self._programs,
            "packages": list(self._packages),
            "preload": list(self._preload),
        }
        try:
            self._process = subprocess.Popen(
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
            self._control.send(asked, [np.frombuffer(self._filter, dtype=np.uint8)])
            ready = self._control.receive(time.monotonic() + START_SECONDS).head
        except Disconnected:
            error = self._cannot_start("it ended at once")
            if self._last_status == -signal.SIGKILL:
                raise
            raise error from None
        except (OSError, wire.WireError) as error:
            raise self._cannot_start(str(error)) from None
        finally:
            theirs.close()
        if "readable" in ready:
            raise _not_confined(ready)
        if not ready.get("ready"):
            raise self._cannot_start(str(ready.get("error")))
        self.versions = {str(name): str(version) for name, version in ready["versions"].items()}
        self._search = Layer.USER in self.layers and not ready["for_all"]
        if self._search and Layer.LANDLOCK not in self.layers:
            raise SandboxError(
                f"`{self._python}` lies where only root can read, and this kernel has no Landlock",
                next_step="Install Python and its virtual environment where every user may read them.",
            )

    def _cannot_start(self, reason: str) -> SandboxError:
        said = ""
        if self._process is not None and self._process.stderr is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=GRACE_SECONDS)
            self._last_status = self._process.returncode
            self._process.kill()
            said = self._process.stderr.read().decode(errors="replace").strip()
        self._stop_parent()
        last = said.splitlines()[-1] if said else reason
        return SandboxError(
            f"`{self._python}` cannot run notebooks: {last}",
            next_step="It needs numpy, ipython and matplotlib: install them there, or choose another Python "
            "with --python.",
        )

    def _stop_parent(self, *, last: bool = False) -> None:
        """End the warm parent. The last one hears no good-bye: it removes the folder, should we be killed."""
        if self._control is not None:
            if not last:
                with contextlib.suppress(OSError, Disconnected):
                    self._control.send({"op": "bye"}, deadline=time.monotonic() + GRACE_SECONDS)
            self._control.close()
            self._control = None
        if self._process is not None:
            if not _has_ended(self._process, 5):
                self._process.kill()
            self._process.wait()
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None


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


def _not_confined(hello: dict[str, Any]) -> SandboxError:
    """Return what is wrong with a worker that a layer has left open."""
    if "readable" in hello:
        return SandboxError(
            f"a notebook could read `{hello['readable']}`: nothing was run",
            next_step="Keep it outside the folders of Python, and where other users cannot read it: "
            "`chmod -R go-rwx` it, or a folder above it.",
        )
    return SandboxError(
        f"a layer of the sandbox does not hold: {hello.get('error', 'a worker ended at once')}",
        next_step="`autograder doctor` shows which hold. Temporary files must lie where every user may go: "
        "is TMPDIR set?",
    )
