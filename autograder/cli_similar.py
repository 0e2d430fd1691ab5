"""The command `similar`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich import box
from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from autograder import inbox, master
from autograder.console import Bar, console_for, course_option, explained, warn
from autograder.files import write_whole
from autograder.leads import leads
from autograder.report.similar_csv import SIMILAR, similar_csv
from autograder.similar import Pair
from autograder.wire import plain

MAX_PAIRS = 20
MAX_LINES = 3
MAX_NAMES = 8
MAX_CHARACTERS = 100

FEW = 20
"""Of fewer submissions it cannot be said what is usual."""


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write similar.csv, which has all pairs.",
)
@course_option
@explained
def similar(name: str, paths: tuple[Path, ...], output: Path | None, course: Path) -> None:
    """Show which submissions of the assignment NAME are more alike than chance makes them.

    Each PATH is as for `grade`. The code is read, not run; what all students got is left out, and what
    many of them wrote counts for nothing. A pair is a lead, not a verdict: look at both notebooks.
    """
    console = console_for()
    loaded = master.load(name, master.find_course(course))
    with inbox.received(paths) as received, Bar() as bar:
        warn(received.warnings)
        found = leads(loaded, received.files, advance=bar.show)
    if output is not None:
        write_whole(output / SIMILAR, similar_csv(found.pairs))
    print_pairs(console, found.pairs)
    console.print(_summary(len(received.files), found.pairs))
    if found.unreadable:
        console.print(f"{len(found.unreadable)} could not be read, and are compared with none")
    if len(received.files) < FEW:
        console.print(f"with fewer than {FEW} submissions it is hard to say what is usual")
    if output is not None:
        console.print(f"wrote {escape(str(output / SIMILAR))}")


def print_pairs(console: Console, pairs: Sequence[Pair]) -> None:
    """Print the strongest pairs, group by group, with their most telling lines side by side."""
    group: tuple[str, ...] = ()
    for pair in pairs[:MAX_PAIRS]:
        if pair.group != group and len(pair.group) > 2:
            console.print(f"[bold]{len(pair.group)} are linked:[/bold] {escape(_names(pair.group))}\n")
        group = pair.group
        console.print(
            f"[bold]{escape(_shown(pair.first))}[/bold] and [bold]{escape(_shown(pair.second))}[/bold]: "
            f"{pair.similarity:.0%} alike"
            + (f" in {escape(', '.join(pair.questions))}" if pair.questions else "")
        )
        console.print(Padding(Group(escape(plain(pair.reason, 1000)), _side_by_side(pair)), (0, 0, 0, 4)))
    if len(pairs) > MAX_PAIRS:
        console.print(f"... and {len(pairs) - MAX_PAIRS} more pairs\n")


def _side_by_side(pair: Pair) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    for line in pair.lines[:MAX_LINES]:
        table.add_row(escape(_shown(line.first)), escape(_shown(line.second)))
    return table


def _shown(text: str) -> str:
    return plain(text, MAX_CHARACTERS)


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(_shown(name) for name in names[:MAX_NAMES]) + more


def _summary(compared: int, pairs: Sequence[Pair]) -> str:
    if not pairs:
        return f"{compared} submissions: no two are more alike than chance makes them"
    groups = len({pair.group for pair in pairs})
    return (
        f"{compared} submissions: {len(pairs)} pair{'s' * (len(pairs) > 1)} in "
        f"{groups} group{'s' * (groups > 1)}. Each is a lead and no verdict: look at both notebooks."
    )
