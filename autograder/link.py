"""Frames on a socket: sent whole, received piece by piece.

The other side is untrusted: a frame's size is checked before anything is kept for it, memory grows
only with what has arrived, and what has arrived survives a time-out.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

from autograder import wire

CHUNK = 2**20
AHEAD = 2**16


class Disconnected(Exception):
    """The other side is gone."""


class Link:
    """One end of a connection that carries frames; `received` are the bytes of all that have come."""

    def __init__(
        self,
        connection: socket.socket,
        wait: Callable[[float | None], None] | None = None,
        *,
        ahead: bool = False,
    ) -> None:
        """Take over a connected socket.

        Args:
            connection: a stream socket; from now on it belongs to this link, and does not block.
            wait: returns when there is something to read, and raises `TimeoutError` at the
                deadline that it is given; by default it does nothing else meanwhile.
            ahead: whether what follows a frame is taken with it: no descriptors may come then.
        """
        self._ahead = AHEAD if ahead else 0
        self._connection = connection
        self._connection.setblocking(False)
        self._wait = wait or self._wait_for_it
        self._arrived = bytearray()
        self.received = 0

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        return self._connection.fileno()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def send(
        self,
        head: dict[str, Any],
        values: wire.Packed | list[Any] | tuple[Any, ...] = (),
        *,
        deadline: float | None = None,
    ) -> None:
        """Send one frame.

        Raises:
            TimeoutError: if the other side does not take it until `deadline` on the monotonic clock.
            Disconnected: if the other side is gone.
        """
        self.send_frame(wire.pack(head, values), deadline)

    def send_frame(self, frame: bytes, deadline: float | None = None) -> None:
        """Send what `wire.pack` made; as `send`."""
        view = memoryview(frame)
        try:
            while view:
                try:
                    view = view[self._connection.send(view) :]
                except BlockingIOError:
                    self._wait_for(select.POLLOUT, deadline)
        except TimeoutError:
            raise
        except OSError as error:
            raise Disconnected from error

    def send_descriptors(self, descriptors: Sequence[int]) -> None:
        """Send open files to the other side, with a byte that carries them.

        Raises:
            Disconnected: if the other side is gone.
        """
        try:
            socket.send_fds(self._connection, [b"f"], descriptors)
        except OSError as error:
            raise Disconnected from error

    def receive_descriptors(self, most: int, deadline: float | None = None) -> list[int]:
        """Return the files that the other side sends with one `send_descriptors`.

        Raises:
            TimeoutError: at the deadline.
            Disconnected: if the other side is gone.
        """
        self._wait_for(select.POLLIN, deadline)
        try:
            carrier, descriptors, _, _ = socket.recv_fds(self._connection, 1, most)
        except OSError as error:
            raise Disconnected from error
        if not carrier:
            raise Disconnected
        return list(descriptors)

    def receive(self, deadline: float | None = None) -> wire.Message:
        """Return the next message; wait until `deadline` on the monotonic clock, or for ever.

        Raises:
            TimeoutError: at the deadline; call again to go on with the same frame.
            Disconnected: if the other side is gone.
            WireError: if what comes is not a frame, or one too large. Nothing can be received then.
        """
        prefix = wire.LENGTHS.size
        self._gather(prefix, deadline)
        head_size, body_size = wire.LENGTHS.unpack_from(self._arrived)
        if head_size > wire.MAX_HEAD or body_size > wire.MAX_BODY:
            raise wire.WireError("a frame is larger than may be sent")
        size = prefix + head_size + body_size
        self._gather(size, deadline)
        frame, self._arrived = self._arrived, bytearray()
        if len(frame) > size:
            self._arrived = frame[size:]
            del frame[size:]
        self.received += len(frame)
        view = memoryview(frame)
        return wire.unpack(view[prefix : prefix + head_size], view[prefix + head_size :])

    def pending(self) -> bool:
        """Return whether something has come that no `receive` has taken."""
        if self._arrived:
            return True
        try:
            return bool(self._connection.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def _gather(self, size: int, deadline: float | None) -> None:
        while len(self._arrived) < size:
            if not self._arrived:
                self._wait(deadline)
            try:
                piece = self._connection.recv(max(min(size - len(self._arrived), CHUNK), self._ahead))
            except BlockingIOError:
                self._wait(deadline)
                continue
            except OSError as error:
                raise Disconnected from error
            if not piece:
                raise Disconnected
            self._arrived += piece
            if deadline is not None and len(self._arrived) < size and time.monotonic() > deadline:
                raise TimeoutError

    def _wait_for_it(self, deadline: float | None) -> None:
        self._wait_for(select.POLLIN, deadline)

    def _wait_for(self, event: int, deadline: float | None) -> None:
        seconds = None if deadline is None else max(deadline - time.monotonic(), 0)
        poller = select.poll()
        poller.register(self._connection, event)
        if not poller.poll(None if seconds is None else 1000 * seconds):
            raise TimeoutError
