"""What a notebook prints: the beginning of it is kept, the rest is taken and counted."""

from __future__ import annotations

import os

KEPT_BYTES = 20_000
CHUNK = 2**16
_MOST_AT_ONCE = 64


class Printed:
    """The judge's end of a worker's standard output and error, a pipe."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.keeps = True
        self._kept = bytearray()
        self._cut = 0
        os.set_blocking(descriptor, False)

    def take(self) -> int | None:
        """Take what is there; return how many bytes, 0 if no more can come, None if there are none now."""
        try:
            piece = os.read(self.descriptor, CHUNK)
        except BlockingIOError:
            return None
        if self.keeps:
            room = KEPT_BYTES - len(self._kept)
            self._kept += piece[:room]
            self._cut += max(len(piece) - room, 0)
        return len(piece)

    def take_all(self) -> None:
        """Take what was printed until now; a notebook that never stops printing is not waited for."""
        for _ in range(_MOST_AT_ONCE):
            if not self.take():
                return

    @property
    def text(self) -> str:
        """What was printed, without characters that steer a terminal, and a notice of what was cut."""
        text = self._kept.decode("utf-8", "replace")
        if not text.replace("\n", "").replace("\t", "").isprintable():
            text = "".join(
                char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text
            )
        return f"{text}\n[{self._cut} more bytes were cut]\n" if self._cut else text
