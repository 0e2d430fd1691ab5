"""The foreman of a crew: prepares the work once, forks a process for each place, and ends them all.

It has a single thread, so that it can be forked at any time. When its caller hangs up, for whatever
reason, it has its processes end what they are at, with all that they have started.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import pickle
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, NoReturn

END_SECONDS = 15.0
PLACE_BYTES = 2
"""What comes with each connection: the processor to keep to, counted from 1, or 0."""


def main() -> None:
    """Be the foreman until the caller hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    start = _prepared(control)
    gc.collect()
    gc.freeze()  # what is shared by all processes is no garbage of theirs
    members: set[int] = set()
    try:
        while place := _next_place(control):
            descriptor, core = place
            pid = os.fork()
            if pid == 0:
                control.close()
                _keep_to(core)
                _be_member(Connection(descriptor), start)
            os.close(descriptor)
            members.add(pid)
            _bury(members)
    finally:
        _end(members)


def _prepared(control: socket.socket) -> Callable[[], Any]:
    """Return what starts the work of a process; or raises there, if it could not be prepared."""
    try:
        size = int.from_bytes(_received(control, 8))
        prepare = pickle.loads(_received(control, size))  # noqa: S301 - from the process that started this one
        start: Callable[[], Any] = prepare()
    except Exception as error:
        return functools.partial(_failing, error)
    return start


def _received(control: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        piece = control.recv(size - len(content))
        if not piece:
            raise EOFError
        content += piece
    return bytes(content)


@contextlib.contextmanager
def _failing(error: Exception) -> Iterator[Any]:
    raise error
    yield


def _next_place(control: socket.socket) -> tuple[int, int] | None:
    """Return the connection of a process that is to be started and the processor that it keeps to, counted
    from 1, or None when the caller has hung up."""
    with contextlib.suppress(OSError):
        core, descriptors, _, _ = socket.recv_fds(control, PLACE_BYTES, 1)
        return (descriptors[0], int.from_bytes(core)) if descriptors else None
    return None


def _keep_to(core: int) -> None:
    """Keep this process and all that it starts to a processor, unless it has been taken away meanwhile."""
    with contextlib.suppress(OSError):
        if core:
            os.sched_setaffinity(0, [core - 1])


def _bury(members: set[int]) -> None:
    for pid in list(members):
        if os.waitpid(pid, os.WNOHANG)[0]:
            members.discard(pid)


def _end(members: set[int]) -> None:
    """Ask all processes to end, wait for them, and kill who does not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in members:
            os.kill(pid, number)
        until = time.monotonic() + END_SECONDS
        while members and time.monotonic() < until:
            _bury(members)
            time.sleep(0.005)


# ---------------------------------------------------------------- a process of the crew


def _be_member(connection: Connection, start: Callable[[], Any]) -> NoReturn:
    """Do what comes on a connection, and answer, until the other side hangs up."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        try:
            with start() as do:
                _say(connection, "ready", None)
                while True:
                    _say(connection, "done", do(_heard(connection)))
        except Exception as error:
            _say(connection, "raised", _sendable(error))
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os._exit(0)


def _heard(connection: Connection) -> Any:
    try:
        return connection.recv()
    except (EOFError, OSError):
        _leave()


def _say(connection: Connection, kind: str, said: Any) -> None:
    try:
        connection.send((kind, said))
    except OSError:
        _leave()


def _stop(number: int, frame: object) -> NoReturn:
    _leave()


def _leave() -> NoReturn:
    """End as soon as what was begun has been put away, which nobody is to interrupt."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit


def _sendable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - what was just made
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
