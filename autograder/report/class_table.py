"""A class for a terminal: a row a submission, with the mean and the possible points below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from autograder.entries import Entry
from autograder.feedback import number
from autograder.model import Status

MAX_ROWS = 60

STYLE = {Status.PASSED: "green", Status.FAILED: "yellow", Status.ERROR: "red", Status.NOT_ATTEMPTED: "dim"}
_BY_HAND = "magenta"


class ClassTable:
    """A table that is told of one submission after the other, and keeps no more than it shows."""

    def __init__(self, title: str, questions: Sequence[tuple[str, float]]) -> None:
        """Begin a table of no submissions; `questions` are names and possible points."""
        self._title = title
        self._questions = tuple(questions)
        self._shown: list[Entry] = []
        self._count = 0
        self._overridden = 0
        self._sums = [0.0] * (1 + len(self._questions))

    def add(self, entry: Entry) -> None:
        """Add a submission."""
        if self._count < MAX_ROWS:
            self._shown.append(entry)
        self._count += 1
        self._overridden += bool(entry.overrides)
        points = [entry.points, *_points(entry, [name for name, _ in self._questions])]
        self._sums = [total + (each or 0.0) for total, each in zip(self._sums, points, strict=True)]

    def parts(self, width: int) -> Iterable[RenderableType]:
        """Yield what to print on a terminal of so many columns: nothing for no submissions."""
        if not self._shown:
            return
        names = [name for name, _ in self._questions]
        longest = max(len(entry.result.submission) for entry in self._shown)
        short = longest + sum(len(name) + 3 for name in names) + 30 > width
        table = Table(title=escape(self._title), title_justify="left", box=box.SIMPLE_HEAD)
        table.add_column("submission", overflow="fold")
        table.add_column("status", no_wrap=True)
        table.add_column("points", justify="right", no_wrap=True)
        for position, name in enumerate(names, start=1):
            table.add_column(f"Q{position}" if short else name, justify="right", no_wrap=True)
        for entry in self._shown:
            table.add_row(*_row(entry, names))
        if self._count > MAX_ROWS:
            table.add_row(f"... and {self._count - MAX_ROWS} more")
        table.add_section()
        means = [f"{total / self._count:.2f}" for total in self._sums]
        table.add_row("mean", "", *means, style="bold")
        possible = [points for _, points in self._questions]
        table.add_row("possible", "", number(sum(possible)), *map(number, possible))
        yield table
        if short:
            yield "  ".join(f"Q{position} {name}" for position, name in enumerate(names, start=1))
        if self._overridden:
            many = f"{self._overridden} submission{'s' * (self._overridden != 1)}"
            yield f"[{_BY_HAND}]*[/] given by hand ({many}): `autograder override DIR` lists them"


def _points(entry: Entry, names: Sequence[str]) -> list[float | None]:
    """Return the points of the questions as they count; None for one that was not there."""
    points = entry.questions
    return [points.get(name) for name in names]


def _row(entry: Entry, names: Sequence[str]) -> list[str]:
    result = entry.result
    statuses = {verdict.question: verdict.status for verdict in result.verdicts}
    by_hand = {override.question for override in entry.overrides}
    cells = [
        escape(result.submission),
        _styled(result.status, result.status.value),
        f"[{_BY_HAND}]{number(entry.points)}*[/]" if by_hand else number(entry.points),
    ]
    for name, points in zip(names, _points(entry, names), strict=True):
        if points is None:
            cells.append("")
        elif name in by_hand:
            cells.append(f"[{_BY_HAND}]{number(points)}*[/]")
        else:
            cells.append(_styled(statuses[name], number(points)))
    return cells


def _styled(status: Status, text: str) -> str:
    return f"[{STYLE[status]}]{text}[/]"
