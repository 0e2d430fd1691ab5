"""How long a master's code may run: what runs is told now and then, and ended if it takes far too long.

A master is run in the process that reads it. A timer interrupts its Python; what is written in C and never
ends is not ended.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType

from autograder.errors import AuthoringError

SECONDS = 60.0
"""How long a cell, or a call of the reference, may take, unless the assignment allows a cell more."""
FIRST_TOLD = 3.0
TICK = 1.0

Waiting = Callable[[str, float], None]
"""Told what is being run, with its line, and for how many seconds."""


class _TooLong(BaseException):
    """Code of the master has run for too long; it may catch any `Exception`."""


@dataclass(slots=True)
class _Running:
    file: str
    seconds: float
    what: str = "its code"
    place: str = ""
    times: int = 1
    began: float = field(default_factory=time.monotonic)

    def lasted(self) -> float:
        return time.monotonic() - self.began


_running: _Running | None = None


def turn(what: str, place: str = "", *, times: int = 1) -> None:
    """Say what the master's code is run for from now on: it has all the time anew.

    Args:
        what: the cell, case or mistake.
        place: its file and line, where the line that is being run would not tell.
        times: how many times longer than a cell it may take.
    """
    if _running is not None and threading.current_thread() is threading.main_thread():
        _running.what, _running.place, _running.times = what, place, times
        _running.began = time.monotonic()


@contextlib.contextmanager
def limited(file: str, seconds: float, waiting: Waiting = lambda *_: None) -> Iterator[None]:
    """Run code of a master within limits of time; without any if somebody else uses the timer.

    Args:
        file: what the code is compiled as.
        seconds: how long each turn may take.
        waiting: told now and then what takes so long; from within a signal handler.

    Raises:
        AuthoringError: if a turn takes too long.
        KeyboardInterrupt: which says where the code was.
    """
    global _running
    main = threading.current_thread() is threading.main_thread()
    if not main or _running is not None or signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        yield
        return
    running = _running = _Running(file=file, seconds=max(seconds, SECONDS))
    line = 0

    def tick(_number: int, frame: FrameType | None) -> None:
        nonlocal line
        line = _line_of(frame, file) or line
        if running.lasted() > running.times * running.seconds:
            raise _TooLong
        if running.lasted() >= FIRST_TOLD:
            waiting(f"{running.what}, {running.place or f'{file}:{line}'}", running.lasted())

    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    try:
        yield
    except _TooLong:
        raise AuthoringError(
            f"{running.what} has not ended after {running.lasted():.0f} seconds",
            where=running.place or (f"{file}:{line}" if line else file),
            next_step="Is there a loop that never ends? If it needs so long, raise `cell_seconds` of "
            "`author.assignment`.",
        ) from None
    except KeyboardInterrupt as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == file]
        place = running.place or (f"{file}:{lines[-1]}" if lines else file)
        raise KeyboardInterrupt(f"{place}: {running.what} was being run") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        _running = None


def _line_of(frame: FrameType | None, file: str) -> int:
    """Return the line of a file that is being run, or 0."""
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    return frame.f_lineno if frame is not None else 0
