"""How far a class is: a bar on a terminal, with its speed, the time that is left and failures."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from autograder.console import console_for
from autograder.grading import Outcome
from autograder.model import Status

_WORDS = {"error": "error", "unreadable": "unreadable", "fault": "fault of the grader"}
_STYLES = {"error": "yellow", "unreadable": "yellow", "fault": "red"}


class _PerSecond(ProgressColumn):
    """How many a second, of late; nothing for what is no class."""

    def render(self, task: Task) -> Text:
        """Return the column's text."""
        speed = task.finished_speed or task.speed
        if not task.fields.get("of_class") or not speed:
            return Text("")
        return Text(f"{speed:.{1 if speed < 10 else 0}f}/s", style="cyan")


class _Left(TimeRemainingColumn):
    """The time that is left, in words that say so; how long it has taken for what is no class."""

    def render(self, task: Task) -> Text:
        """Return the column's text."""
        if not task.fields.get("of_class"):
            return TimeElapsedColumn().render(task)
        return Text.assemble(super().render(task), (" left", "progress.remaining"))


class ClassProgress:
    """A bar on a terminal, and nothing elsewhere; other bars below it for what is waited for meanwhile."""

    def __init__(self, total: int) -> None:
        """Prepare a bar for a class of so many submissions."""
        self._shown = sys.stderr.isatty() and total > 0
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _PerSecond(),
            _Left(compact=True),
            TextColumn("{task.fields[failures]}"),
            console=console_for(stderr=True),
            transient=True,
            disable=not self._shown,
            speed_estimate_period=15,
        )
        self._task = self._progress.add_task("grading", total=total, failures="", of_class=True)
        self._added: dict[str, TaskID] = {}
        self._failures: Counter[str] = Counter()

    @property
    def console(self) -> Console:
        """Where to print while the bar is shown: above it."""
        return self._progress.console

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def heard(self, outcome: Outcome) -> None:
        """One more is done: show it, and how many have failed."""
        if outcome.result is None:
            self._failures["fault"] += 1
        elif outcome.result.unreadable:
            self._failures["unreadable"] += 1
        elif outcome.result.status is Status.ERROR:
            self._failures["error"] += 1
        self._progress.update(self._task, advance=1, failures=self._told())

    def _told(self) -> str:
        return "  ".join(
            f"[{_STYLES[kind]}]{number} {word}{'s' * (kind == 'error' and number != 1)}[/]"
            for kind, word in _WORDS.items()
            if (number := self._failures[kind])
        )

    def add(self, what: str, done: int, total: int) -> None:
        """Show another bar below, for something that is waited for, until it is done."""
        if what not in self._added:
            self._added[what] = self._progress.add_task(what, failures="", of_class=False)
        self._progress.update(
            self._added[what], completed=done, total=total, visible=done < total, refresh=True
        )
