"""The process that looks at a master again and again, and the caller's end of it.

It is told to look by a line with a number, and answers in lines of JSON. While it is at it, a signal has
it drop that and begin anew; what hears no signal is killed, and another process started.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from autograder.errors import GraderError
from autograder.forks import command
from autograder.watching import Standing, Watched

PATIENCE = 3.0
"""How many seconds a look that is to be dropped may go on."""
END_SECONDS = 2.0

Hear = Callable[[int, Standing | str], None]
"""Told how a claim stands in the look of a number, that this is `done`, or why the process has ended."""


class _Dropped(BaseException):
    """The master has been saved again: what is being found out is out of date."""


class Looker:
    """A process that looks at one master, started when it is first asked, and anew if it was lost."""

    def __init__(self, name: str, course: Path, python: Path | None, *, sandboxed: bool, hear: Hear) -> None:
        """Prepare to look.

        Args:
            name: the assignment.
            course: its course.
            python: the Python that runs notebooks.
            sandboxed: whether notebooks are sealed off.
            hear: called from a thread of its own.
        """
        self._arguments = [name, str(course), str(python or ""), "sandboxed" if sandboxed else ""]
        self._hear = hear
        self._process: subprocess.Popen[str] | None = None
        self._listening: threading.Thread | None = None
        self._began = 0
        self._asked = 0
        self._asked_at = 0.0
        self._idle = True

    def look(self, number: int) -> None:
        """Look at the master; whatever look goes on is dropped."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        self._asked, self._asked_at = number, time.monotonic()
        with contextlib.suppress(OSError):
            if not self._idle:
                self._process.send_signal(signal.SIGUSR1)
            self._idle = False
            self._process.stdin.write(f"{number}\n")
            self._process.stdin.flush()

    def insist(self) -> None:
        """Kill the process if it has not begun to look for too long after it was asked to."""
        late = time.monotonic() - self._asked_at > PATIENCE
        if self._process is not None and self._began < self._asked and late:
            number = self._asked
            self.close()
            self.look(number)

    def close(self) -> None:
        """End the process and what it has started."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            assert process.stdin is not None
            process.stdin.close()
        if not self._idle:
            process.send_signal(signal.SIGUSR1)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if self._listening is not None:
            self._listening.join(END_SECONDS)

    def _start(self) -> None:
        arguments, environment = command(__name__, *self._arguments)
        said = tempfile.TemporaryFile()  # noqa: SIM115 closed by who listens, when all is said
        self._idle = True
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment,
            text=True,
            start_new_session=True,  # Ctrl-C is for the caller, who then ends it
        )
        self._listening = threading.Thread(target=self._listen, args=(self._process, said), daemon=True)
        self._listening.start()

    def _listen(self, process: subprocess.Popen[str], said: Any) -> None:
        assert process.stdout is not None
        with process.stdout, said:
            for line in process.stdout:
                told = json.loads(line)
                number = told.pop("look")
                if process is not self._process:
                    continue
                self._began = max(self._began, number)
                if "done" in told:
                    self._idle = self._idle or number == self._asked
                    self._hear(number, str(told["done"]))
                elif told:
                    texts = {each: tuple(told[each]) for each in ("problems", "remarks")}
                    self._hear(number, Standing(**{**told, **texts}))
            if process is self._process:
                process.wait()
                said.seek(0)
                last = said.read().decode(errors="replace").strip().split("\n")[-1]
                self._hear(self._asked, f"the process that looks at the master has ended: {last}")


# ---------------------------------------------------------------- the process itself


def main() -> None:
    """Look at a master whenever a line says so, until there are no more."""
    output, sys.stdout = sys.stdout, sys.stderr
    name, course, python, sandboxed = sys.argv[1:]
    asked: queue.SimpleQueue[int] = queue.SimpleQueue()
    latest, looking, depth = 0, False, 0

    def read() -> None:
        nonlocal latest
        for line in sys.stdin:
            latest = int(line)
            asked.put(latest)
        latest = sys.maxsize
        asked.put(latest)
        time.sleep(2 * END_SECONDS)  # who asked is gone, and a master that never ends is still looked at
        os._exit(1)

    def drop(_number: int, _frame: FrameType | None) -> None:
        if looking and not depth:
            raise _Dropped

    @contextlib.contextmanager
    def whole() -> Iterator[None]:
        """Put off a signal until it does no harm, or something is told."""
        nonlocal depth
        depth += 1
        try:
            yield
        finally:
            depth -= 1
        if looking and not depth and number < latest:
            raise _Dropped

    def tell(number: int, **said: Any) -> None:
        if looking and number < latest:
            raise _Dropped
        with whole():
            output.write(json.dumps({"look": number, **said}) + "\n")
            output.flush()

    watched = Watched(
        name,
        Path(course),
        Path(python) if python else None,
        sandboxed=sandboxed == "sandboxed",
        whole=whole,
    )
    signal.signal(signal.SIGUSR1, drop)
    threading.Thread(target=read, daemon=True).start()
    try:
        while (number := asked.get()) < sys.maxsize:
            if number < latest:
                continue
            tell(number)
            with contextlib.suppress(_Dropped):
                try:
                    looking = True
                    watched.look(lambda standing, number=number: tell(number, **_plain(standing)))  # type: ignore[misc]
                    said = ""
                except GraderError as error:
                    said = str(error)
                finally:
                    looking = False
                tell(number, done=said)
    finally:
        watched.close()


def _plain(standing: Standing) -> dict[str, Any]:
    return {
        "claim": standing.claim,
        "problems": list(standing.problems),
        "progress": standing.progress,
        "tried": standing.tried,
        "remarks": list(standing.remarks),
    }


if __name__ == "__main__":
    main()
