"""The warm parent of all workers: loads the libraries once, forks a worker for each submission, and ends it.

Started by exec, never a fork of the judge, so that it holds no reference, no test, no case and no
secret. It runs no student's code. When the judge hangs up, for whatever reason, it kills the
workers, removes their folders and ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.metadata
import importlib.util
import io
import os
import signal
import socket
import sys
import time
import traceback
import types
from pathlib import Path
from typing import Any

OURS = ("files", "wire", "link", "landlock", "confine", "running", "shell", "worker", "exercise")
_REAPED_SECONDS = 1


def _load_ours() -> types.ModuleType:
    """Return a package of the modules that a worker needs, loaded by path.

    It is taken out of `sys.modules` again: a notebook must not import the grader, nor what lies
    beside it, as `import autograder` could make it.
    """
    package = types.ModuleType("autograder")
    package.__path__ = []
    sys.modules["autograder"] = package
    for name in OURS:
        spec = importlib.util.spec_from_file_location(
            f"autograder.{name}", Path(__file__).with_name(f"{name}.py")
        )
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        setattr(package, name, module)
    for name in [name for name in sys.modules if name.split(".")[0] == "autograder"]:
        del sys.modules[name]
    return package


class Parent:
    """Forks workers and ends them, as the judge asks on the control connection."""

    def __init__(self, ours: Any, control: Any, head: dict[str, Any], program: bytes) -> None:
        """Load the libraries, and open what workers may read."""
        self._ours = ours
        self._link = control
        self._layers = frozenset(head["layers"])
        self._program = program
        for name in head["needed"]:
            if importlib.util.find_spec(name.partition(".")[0]) is None:
                raise ModuleNotFoundError(f"No module named {name.partition('.')[0]!r}")
        self._shell = ours.shell.load_libraries(head["preload"], programs=head["programs"])
        self._readable = None
        if "landlock" in self._layers:
            self._readable = ours.landlock.Readable(head["hidden"], programs=head["programs"])
        self._workers: set[int] = set()
        ours.exercise.practise(ours.worker.Worker(self._shell))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a worker hears it

    def serve(self) -> None:
        """Do as asked until the judge says that it needs this parent no more.

        Raises:
            Disconnected: if the judge is gone.
        """
        while (head := self._link.receive().head)["op"] != "bye":
            if head["op"] == "fork":
                self._fork(head)
            else:
                self._link.send({"ended": head["pid"], "status": self._end(head["pid"])})

    def end_all(self) -> None:
        """Kill every worker, and reap what they had started: who adopts it, as in a container, might not."""
        for pid in list(self._workers):
            self._end(pid)
        deadline = time.monotonic() + _REAPED_SECONDS
        with contextlib.suppress(ChildProcessError):
            while time.monotonic() < deadline:
                if os.waitpid(-1, os.WNOHANG) == (0, 0):
                    time.sleep(0.001)

    def _fork(self, head: dict[str, Any]) -> None:
        """Fork a worker that answers on the connection the judge has sent along, and prints to its pipe.

        The reply is its process id, and a descriptor that stands for it where the system has such.
        """
        connection, output = self._link.receive_descriptors(2)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._become_worker(connection, output, head, parent)
            finally:
                os._exit(0)
        os.close(connection)
        os.close(output)
        self._workers.add(pid)
        self._link.send({"pid": pid})
        handles = [os.pidfd_open(pid)] if hasattr(os, "pidfd_open") else []
        self._link.send_descriptors(handles)
        for handle in handles:
            os.close(handle)

    def _become_worker(self, connection: int, output: int, head: dict[str, Any], parent: int) -> None:
        confine = self._ours.confine
        os.setsid()
        self._link.close()  # else the judge would not hear that this parent is gone
        confine.take_descriptors(connection, output)
        link = self._ours.link.Link(socket.socket(fileno=confine.CONNECTION))
        try:
            confine.confine(self._layers, head, self._readable, self._program, parent)
        except LookupError as error:
            link.send({"confined": False, "readable": str(error.args[0])})
            return
        except Exception as error:
            if os.getppid() == parent:  # else it was killed meanwhile: the judge starts another
                link.send({"confined": False, "error": f"{type(error).__name__}: {error}"})
            return
        _be_at_home(head["folder"])
        link.send({"confined": True})
        gc.enable()
        self._ours.worker.Worker(self._shell).serve(link)

    def _end(self, pid: int) -> int:
        """Kill a worker with all that it started, and reap it; return its wait status if it had ended before.

        A negative status means that it had not. None of its processes can leave its session.
        """
        if pid not in self._workers:
            return -1
        self._workers.discard(pid)
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        with contextlib.suppress(ChildProcessError):  # orphans of workers come to their subreaper
            while self._workers.isdisjoint(orphan := {_reapable()}) and orphan != {0}:
                os.waitpid(orphan.pop(), 0)
        return status if ended else -1


def _reapable() -> int:
    ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return ended.si_pid if ended else 0


def _prepare_home() -> None:
    """Have what workers begin with: NumPy's random numbers, and streams for their descriptors 1 and 2."""
    import numpy

    numpy.random.seed(0)
    for name, descriptor, at_once in (("stdout", 1, False), ("stderr", 2, True)):
        raw = io.FileIO(descriptor, "w", closefd=False)
        text = io.TextIOWrapper(
            io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=at_once
        )
        setattr(sys, name, text)
        setattr(sys, f"__{name}__", text)


def _be_at_home(folder: str) -> None:
    """Take a worker's own folder for its home, and for the first where modules are looked for."""
    import random

    random.seed(0)  # Python draws a new seed after each fork
    os.environ["HOME"] = os.environ["MPLCONFIGDIR"] = folder
    sys.path.insert(0, "")


def _versions(packages: list[str]) -> dict[str, str]:
    """Return the version of Python and of each package, empty where it is not installed."""
    versions = {"python": sys.version.split()[0]}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = ""
    return versions


def main() -> None:
    """Be the warm parent until the judge hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the judge, which then hangs up
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    gc.disable()  # nothing that is loaded here is ever garbage: a worker collects only what is its own
    ours = _load_ours()
    confine = ours.confine
    link = ours.link.Link(socket.socket(fileno=ours.landlock.keep_apart(int(sys.argv[1]))))
    for descriptor in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
    try:
        asked = link.receive()
        try:
            if sys.platform == "linux":
                confine.prctl(confine.PR_SET_CHILD_SUBREAPER, 1)
            parent = Parent(ours, link, asked.head, asked.values[0].tobytes())
        except LookupError as error:
            link.send({"ready": False, "readable": str(error.args[0])})
            return
        except Exception as error:
            link.send({"ready": False, "error": f"{type(error).__name__}: {error}"})
            return
        versions, for_all = _versions(asked.head["packages"]), ours.landlock.python_is_for_all()
        link.send({"ready": True, "versions": versions, "for_all": for_all})
        _prepare_home()
        gc.freeze()
        try:
            parent.serve()
        finally:
            parent.end_all()
    except ours.link.Disconnected:  # the judge was killed: nobody else is left to clean up
        with contextlib.suppress(OSError):
            ours.files.remove_folder(sys.argv[2])


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)  # taking the libraries apart would take as long as loading them
