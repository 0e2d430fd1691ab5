"""What the commands share: the console, a bar of progress, options, and how errors are told."""

from __future__ import annotations

import contextlib
import functools
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.errors import ClusterError, GraderError, SandboxError
from autograder.files import UNFINISHED

WIDE = 160
"""Columns of a table that goes to a file."""
SECONDS_BETWEEN_LINES = 10
"""How often something slow tells, where there is no terminal, how far it is."""


def console_for(*, stderr: bool = False) -> Console:
    """Return the console of a stream: as wide as the terminal, or as a file takes."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, emoji=False, width=None if stream.isatty() else WIDE)


def warn(warnings: Iterable[str]) -> None:
    """Tell what to know, on the stream for errors."""
    for warning in warnings:
        console_for(stderr=True).print(f"[yellow]warning:[/yellow] {escape(warning)}")


def explained(command: Callable[..., None]) -> Callable[..., None]:
    """Show what is wrong, where, and what to do next, instead of a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except GraderError as error:
            console_for(stderr=True).print(f"[red]error:[/red] {escape(str(error))}")
            sys.exit(1 if isinstance(error, SandboxError | ClusterError) else 2)
        except OSError as error:
            console_for(stderr=True).print(f"[red]error:[/red] {escape(_said_by_system(error))}")
            sys.exit(2)
        except KeyboardInterrupt as stop:
            console_for(stderr=True).print(escape(f"stopped: {stop}" if stop.args else "stopped"))
            sys.exit(130)

    return run


def _said_by_system(error: OSError) -> str:
    """Return what went wrong with a file, and what to do; where one was being written, its folder."""
    path = Path(error.filename or ".")
    path = path.parent if path.name.startswith(UNFINISHED) else path
    question = "Is it a folder that you may write to, on a disk that is not full?"
    return f"`{path}`: {error.strerror or error}\n  {question}"


course_option = click.option(
    "--course",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    show_default="the folder you are in",
    help="The course: a folder with solutions/ in it, or a folder inside one.",
)
no_sandbox_option = click.option(
    "--no-sandbox",
    is_flag=True,
    help="Run notebooks unprotected: each can read and change your files. Every result records it.",
)
gradebook_option = click.option(
    "--gradebook",
    metavar="URL",
    show_default="DIR/gradebook.db",
    help="The database of the gradebook, e.g. postgresql+psycopg://USER@HOST/DATABASE.",
)
python_option = click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_default="the one that runs this command",
    help="The Python that runs notebooks, e.g. one with another NumPy.",
)


def waiting() -> Callable[[str, float], None]:
    """Return what tells, now and then, which code of a master takes long."""
    said: float | None = None

    def tell(what: str, seconds: float) -> None:
        nonlocal said
        now = time.monotonic()
        if said is None or now - said >= SECONDS_BETWEEN_LINES:
            said = now
            line = f"still running: {what} ({seconds:.0f} s; Ctrl-C ends it)"
            with contextlib.suppress(RuntimeError):  # it has interrupted somebody who writes there
                console_for(stderr=True).print(escape(line))

    return tell


class Bar:
    """A bar on a terminal, once it is shown; elsewhere a line now and then while something takes long."""

    def __init__(self) -> None:
        self._console = console_for(stderr=True)
        self._said: float | None = None
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task("", total=0)

    def __enter__(self) -> Self:
        return self

    def show(self, what: str, done: int, total: int) -> None:
        """Show how many are done; the bar is gone when all are."""
        if self._progress.disable:
            self._say(f"{what}: {done} of {total}")
            return
        self._progress.start()
        self._progress.update(self._task, description=what, completed=done, total=total)
        if done == total:
            self._progress.stop()

    def _say(self, line: str) -> None:
        now = time.monotonic()
        if self._said is None or now - self._said >= SECONDS_BETWEEN_LINES:
            if self._said is not None:
                self._console.print(escape(line))
            self._said = now

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
