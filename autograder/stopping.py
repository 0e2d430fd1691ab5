"""Ctrl-C: a run ends with what was graded kept, and says how to go on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.markup import escape

from autograder.console import console_for


@contextmanager
def stoppable(output: Path) -> Iterator[list[Console]]:
    """Let Ctrl-C end a run with what was graded kept; a second one ends it at once, which breaks nothing.

    It is as if we were killed: an exception in the middle of cleaning up would be worse. What is said goes
    to the last of the consoles that are given: the one that has a bar on it, if there is one.
    """
    consoles = [console_for(stderr=True)]

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, give_up)
        consoles[-1].print("\nstopping: what has begun is finished (Ctrl-C again: at once)")
        raise KeyboardInterrupt

    def give_up(_number: int, _frame: FrameType | None) -> None:
        shown_again = "\x1b[?25h" if os.isatty(2) else ""  # the bar hides the cursor
        os.write(2, f"{shown_again}\n{told}\n".encode("utf-8", "replace"))
        os._exit(130)

    told = f"stopped: what was graded is kept in {output}; the same command goes on from there"
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield consoles
    except KeyboardInterrupt:
        console_for(stderr=True).print(escape(told))
        sys.exit(130)
    except BaseException:
        signal.signal(signal.SIGINT, before)
        raise
    signal.signal(signal.SIGINT, before)
