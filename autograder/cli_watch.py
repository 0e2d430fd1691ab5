"""The command `watch`: a master is built and checked whenever it is saved."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder import master
from autograder.console import console_for, course_option, explained, no_sandbox_option, python_option
from autograder.errors import CourseError

if TYPE_CHECKING:  # all commands load this module, and this one alone needs these
    from autograder.watch_process import Looker
    from autograder.watch_screen import Screen
    from autograder.watching import Standing

    Event = tuple[int, Standing | str] | None
    """What a look has told, by its number; None: the master was saved."""

SETTLED = 20
"""For how many milliseconds a file must be left alone: an editor may write it in pieces."""
LATEST = 200
"""After how many milliseconds it is looked at anyway."""
TICK = 0.5


@click.command()
@click.argument("name")
@no_sandbox_option
@python_option
@course_option
@explained
def watch(name: str, no_sandbox: bool, python: Path | None, course: Path) -> None:
    """Build and check the assignment NAME whenever its master is saved.

    What is soon found out is shown within a second, each problem with its line of the master. Then
    misconceptions and mutants are tried as `verify` does, of the questions that the edit touches.
    The notebook in assignments/ and the zip in dist/ are written while no solution is in what
    students get. Ctrl-C ends it.
    """
    from autograder.watch_process import Looker
    from autograder.watch_screen import Screen

    root = master.find_course(course)
    path = root / "solutions" / f"{name}.py"
    if not path.is_file():
        known = ", ".join(f"`{each}`" for each in master.master_names(root)) or "none"
        raise CourseError(
            f"there is no assignment `{name}` in this course",
            where=str(root),
            next_step=f"Its assignments are: {known}. `autograder new {name}` begins one.",
        )
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    looker = Looker(
        name, root, python, sandboxed=not no_sandbox, hear=lambda number, said: events.put((number, said))
    )
    screen = Screen(console_for(), f"solutions/{path.name}")
    with suppress(KeyboardInterrupt), screen, _saves(path, events):
        try:
            _follow(path, looker, screen, events)
        finally:
            looker.close()


@contextmanager
def _saves(path: Path, events: queue.SimpleQueue[Event]) -> Iterator[None]:
    """Put a None into `events` whenever a file is written, or another one moved to its place."""
    from watchfiles import watch as watch_files  # takes a tenth of a second, which `grade` need not wait

    ended = threading.Event()

    def listen() -> None:
        for _ in watch_files(
            path.parent,  # not the file: it is another one after an editor has saved it
            watch_filter=lambda _change, changed: Path(changed).name == path.name,
            step=SETTLED,
            debounce=LATEST,
            stop_event=ended,
            rust_timeout=int(1000 * TICK),
            recursive=False,
            raise_interrupt=False,
        ):
            events.put(None)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()


def _follow(path: Path, looker: Looker, screen: Screen, events: queue.SimpleQueue[Event]) -> None:
    """Look at a master now and whenever it is saved with another content, until Ctrl-C."""
    content: bytes | None = None
    number = 0
    events.put(None)
    while True:
        try:
            event = events.get(timeout=TICK)
        except queue.Empty:
            looker.insist()
            continue
        if event is not None:
            _show(screen, *event)
            continue
        try:
            written = path.read_bytes()
        except OSError:
            screen.gone(f"solutions/{path.name}")
            content = None
            continue
        if written != content:
            content, number = written, number + 1
            screen.begin(number)
            looker.look(number)


def _show(screen: Screen, number: int, said: Standing | str) -> None:
    if isinstance(said, str):
        screen.ended(number, said)
    else:
        screen.found(number, said)
