"""Start and always kill workers: a warm parent, started by exec, forks one for each run of a notebook.

Our own faults are `SandboxError`; what a student's code does to its worker is a `Problem`. Nothing
is left of a worker, whoever is killed: the judge ends it, or the warm parent when the judge is gone,
or the kernel when that is gone too; a folder that outlives all three is removed by the next judge.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder import folders, landlock, layers, surroundings, syscalls, wire
from autograder.errors import SandboxError
from autograder.files import remove_folder
from autograder.layers import Layer
from autograder.link import Disconnected, Link
from autograder.model import Limits
from autograder.parents import MAX_STARTS, Parent, Setup, not_confined
from autograder.remote import Process, Worker


class Sandbox:
    """Workers for many submissions, forked from warm parents; safe to use from many threads.

    What a parent has loaded makes each fork slower: so there are two, with Matplotlib and without.

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
        preload: Sequence[str] = (),
        wanted: Sequence[Layer] = tuple(Layer),
        sandboxed: bool = True,
    ) -> None:
        """Find out what this machine has.

        Args:
            python: the interpreter that runs notebooks; by default this one.
            packages: whose versions are to be told.
            hidden: files and folders that no worker may read: each tries before it serves.
            programs: whether notebooks may start programs.
            preload: modules that the first warm parent loads, beside NumPy and IPython. Another is
                started when first a notebook mentions others: see `surroundings.mentioned`.
            wanted: the layers to use of those that this machine has.
            sandboxed: whether to use any.

        Raises:
            SandboxError: if the layers of this machine are not enough.
        """
        self.layers = layers.require(wanted) if sandboxed else frozenset[Layer]()
        self.sandboxed = sandboxed
        self._programs = programs
        self._abi = landlock.landlock_abi() if Layer.LANDLOCK in self.layers else 0
        self._setup = Setup(
            python=str(python or sys.executable),
            packages=tuple(packages),
            preload=tuple(preload),
            hidden=tuple(str(path.absolute()) for path in hidden) if sandboxed else (),
            programs=programs,
            layers=self.layers,
            program=self._compiled_filter(),
            sandboxed=sandboxed,
        )
        self._search = False
        self._lock = threading.Lock()
        self._taken: set[int] = set()
        self._parents: dict[tuple[str, ...], Parent] = {}
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
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm parents, their workers with them, and remove their folders."""
        for parent in self._parents.values():
            parent.stop(last=True)
        self._folder.remove()

    def rest(self) -> None:
        """End the warm parents; the next worker starts another one. No worker may be there."""
        for parent in self._parents.values():
            parent.stop()

    def parents(self) -> list[int]:
        """Return the process ids of the warm parents that run now."""
        return [parent.process.pid for parent in self._parents.values() if parent.process is not None]

    def _start(self) -> None:
        told = self._parent(self._setup.preload).start()
        self.versions = {str(name): str(version) for name, version in told["versions"].items()}
        self._search = Layer.USER in self.layers and not told["for_all"]
        if self._search and Layer.LANDLOCK not in self.layers:
            raise SandboxError(
                f"`{self._setup.python}` lies where only root can read, and this kernel has no Landlock",
                next_step="Install Python and its virtual environment where every user may read them.",
            )

    def _parent(self, preload: tuple[str, ...]) -> Parent:
        """Return the warm parent for notebooks that need these modules; it starts when it is needed."""
        with self._lock:
            if preload not in self._parents:
                self._parents[preload] = Parent(replace(self._setup, preload=preload), self._folder.path)
            return self._parents[preload]

    @contextlib.contextmanager
    def worker(self, limits: Limits, sources: Sequence[str] = ()) -> Iterator[Worker]:
        """Give a fresh worker in a private folder; it is dead and its folder gone afterwards.

        Args:
            limits: what it may use.
            sources: the cells that it is to run: what they mention and takes long to load is loaded.

        Raises:
            SandboxError: if the warm parent cannot be started, or a layer does not hold.
        """
        parent = self._parent(surroundings.mentioned(sources))
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
                "hidden": self._setup.hidden,
            }
            with self._started(parent, head, folder) as worker:
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
    def _started(self, parent: Parent, head: dict[str, Any], folder: Path) -> Iterator[Worker]:
        """Give a worker that has been forked and is confined."""
        with contextlib.ExitStack() as closing:
            for attempt in range(1, MAX_STARTS + 1):
                attempted = closing.enter_context(contextlib.ExitStack())
                try:
                    worker = self._forked(parent, head, folder, attempted)
                    hello = worker.hello()
                    break
                except (OSError, Disconnected, wire.WireError) as error:
                    attempted.close()
                    if attempt == MAX_STARTS:
                        raise SandboxError(f"no worker could be started: {error}") from error
            if not hello.get("confined"):
                raise not_confined(hello)
            yield worker

    def _forked(
        self, parent: Parent, head: dict[str, Any], folder: Path, closing: contextlib.ExitStack
    ) -> Worker:
        ours, theirs = socket.socketpair()
        output, printing = os.pipe()
        closing.callback(ours.close)
        closing.callback(os.close, output)
        try:
            pid, handle, control = parent.fork(head, theirs.fileno(), printing)
        finally:
            theirs.close()
            os.close(printing)
        process = Process(pid, handle, lambda pid: self._end(pid, parent, control))
        closing.callback(process.close)
        return Worker(ours, output, process, folder)

    def _end(self, pid: int, parent: Parent, control: Link) -> int:
        """Have the parent that forked a worker kill and reap it; return its wait status, -1 if unknown."""
        status = parent.end(pid, control)
        if status is not None:
            return status
        # What a worker could start gets no signal of its parent's death; bubblewrap's have their own ids.
        if (self._programs or Layer.SECCOMP not in self.layers) and Layer.BUBBLEWRAP not in self.layers:
            folders.kill_session(pid)
        return -1
