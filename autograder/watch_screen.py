"""What `watch` shows: what holds of a master since it was saved last; lines where there is no terminal."""

from __future__ import annotations

import textwrap
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from autograder.watching import LOADS, Standing

FEWEST_LINES = 4
"""So many lines of problems are shown, however low the terminal is."""


@dataclass(slots=True)
class Look:
    """What one look at a master has shown so far.

    `claims` are those of the look before, as long as nothing is known of them.
    """

    number: int
    saved_at: float
    clock: str
    standings: dict[str, Standing] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    first_after: float | None = None
    done_after: float | None = None
    fault: str = ""

    def order(self) -> tuple[str, ...]:
        """Return the claims in their order, those that the look has not come to as in the one before."""
        cut_short = self.done_after is None or len(self.standings) <= 1
        return tuple(dict.fromkeys((*(self.claims if cut_short else ()), *self.standings)))


class Screen:
    """The screen of `watch`; a context manager, which leaves the last state below the prompt."""

    def __init__(self, console: Console, title: str) -> None:
        """Prepare to show.

        Args:
            console: where.
            title: what is watched.
        """
        self._console = console
        self._title = title
        self._live = Live(console=console, screen=True, auto_refresh=False) if console.is_terminal else None
        self.look: Look | None = None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)
            if self.look is not None:
                self._console.print(self._rendered())

    def begin(self, number: int) -> None:
        """Begin to show a look, at a master that was saved just now."""
        claims = self.look.order() if self.look is not None else ()
        self.look = Look(
            number=number, saved_at=time.monotonic(), clock=time.strftime("%H:%M:%S"), claims=claims
        )
        if self._live is None:
            self._console.print(f"saved at {self.look.clock}")
        self._refresh()

    def found(self, number: int, standing: Standing) -> None:
        """Show how a claim stands in the look that goes on; those of earlier ones are passed over."""
        look = self.look
        if look is None or number != look.number:
            return
        look.standings[standing.claim] = standing
        # that it loads is no verdict yet, if it does
        if look.first_after is None and (standing.problems or standing.claim != LOADS):
            look.first_after = time.monotonic() - look.saved_at
        if self._live is None and not standing.progress:
            mark = "-  " if not standing.tried else "no " if standing.problems else "yes"
            told = (*standing.problems, *map(_remark, standing.remarks))
            problems = (textwrap.indent(problem, " " * 5) for problem in told)
            self._console.print(Text("\n".join([f"{mark}  {standing.claim}", *problems])), soft_wrap=True)
        self._refresh()

    def ended(self, number: int, fault: str) -> None:
        """Show that a look is over, and the fault that has ended it, if one has."""
        look = self.look
        if look is None or number != look.number:
            return
        look.done_after, look.fault = time.monotonic() - look.saved_at, fault
        if self._live is None:
            self._console.print(self._footer(look))
        self._refresh()

    def gone(self, name: str) -> None:
        """Show that the master is not there now."""
        if self.look is not None:
            self.look.fault = f"{name} is gone: waiting for it to come back"
        self._refresh()

    def _refresh(self) -> None:
        if self._live is not None:
            self._live.update(self._rendered(), refresh=True)

    def _rendered(self) -> RenderableType:
        look = self.look
        if look is None:
            return Text(self._title)
        table = Table.grid(padding=(0, 1))
        claims = look.order()
        for claim in claims:
            standing = look.standings.get(claim)
            table.add_row(*_row(claim, standing))
        problems = [problem for each in look.standings.values() for problem in each.problems]
        problems += [_remark(remark) for each in look.standings.values() for remark in each.remarks]
        room = max(FEWEST_LINES, self._console.height - len(claims) - 7)
        return Group(
            Rule(self._title, align="left", style="dim"),
            table,
            Text(),
            *_fitting(problems, room, self._console.width),
            self._footer(look),
        )

    def _footer(self, look: Look) -> Text:
        if look.fault:
            return Text(look.fault, style="red")
        said = f"saved at {look.clock}"
        if look.first_after is not None:
            said += f", first verdict after {look.first_after:.2f} s"
        if look.done_after is not None:
            said += f", all after {look.done_after:.1f} s"
        if self._live is not None:
            said += ". Ctrl-C ends"
        return Text(said, style="dim")


def _row(claim: str, standing: Standing | None) -> tuple[Text, Text]:
    if standing is None:
        return Text("·", style="dim"), Text(claim, style="dim")
    if not standing.tried:
        return Text("-", style="yellow"), Text(f"{claim} (not tried: see above)", style="dim")
    if standing.progress:
        return Text("…", style="cyan"), Text(f"{claim} ({standing.progress})")
    if standing.problems:
        return Text("✗", style="bold red"), Text(claim, style="red")
    return Text("✓", style="green"), Text(claim)


def _remark(remark: str) -> str:
    return f"remark: {remark}"


def _fitting(problems: list[str], room: int, width: int) -> list[RenderableType]:
    """Return as many problems as there is room for, and how many there are more."""
    shown: list[RenderableType] = []
    for position, problem in enumerate(problems):
        lines = sum(1 + len(line) // max(width, 1) for line in problem.split("\n")) + 1
        if lines > room and position:
            left = len(problems) - position
            return [*shown, Text(f"... and {left} more: `autograder verify` shows all", style="dim"), Text()]
        room -= lines
        shown += [Text(problem, overflow="fold"), Text()]
    return shown
