"""What has changed in a class, for a terminal: a row a question, and a row a step below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from autograder.differences import Change, Differences, StepChange
from autograder.feedback import number


def differences_table(found: Differences, since: str, *, feedback: bool) -> Iterable[RenderableType]:
    """Yield what to print; changes of feedback alone are counted, and shown if asked for."""
    shown = (*found.points, *found.feedback) if feedback else found.points
    if shown:
        table = Table(title=f"since {escape(since)}", title_justify="left", box=box.SIMPLE_HEAD)
        students = any(change.student for change in shown)
        for name in ("submission", *(["student"] if students else []), "question, step"):
            table.add_column(name, overflow="fold")
        table.add_column("points", no_wrap=True)
        table.add_column("reasons", overflow="fold")
        table.add_column("why", overflow="fold")
        last = ""
        for change in sorted(shown, key=lambda change: change.submission):
            first = change.submission != last
            if first and last:
                table.add_section()
            last = change.submission
            who = [change.submission, *([change.student] if students else [])]
            _add(table, change, who if first else [""] * len(who))
        yield table
    submissions = len({change.submission for change in found.points})
    told = [f"{submissions} submission{'s' * (submissions != 1)} with other points"]
    only = {change.submission for change in found.feedback} - {change.submission for change in found.points}
    if only:
        told.append(
            f"{len(only)} with other feedback alone" + ("" if feedback else " (--feedback shows them)")
        )
    told += [f"{len(found.new)} new"] if found.new else []
    told += [f"{len(found.gone)} gone"] if found.gone else []
    told.append(f"{found.same - len(only)} the same")
    yield escape(f"since {since}: {', '.join(told)}")


def _add(table: Table, change: Change, who: Sequence[str]) -> None:
    before, after = change.misconceptions_before, change.misconceptions_after
    named = _moved(" | ".join(before), " | ".join(after)) if before != after else ""
    table.add_row(
        *map(escape, who),
        escape(change.question or "all of it"),
        _points(change.before, change.after),
        escape(named),
        escape("; ".join(change.why)),
    )
    for step in change.steps:
        table.add_row(
            *([""] * len(who)), f"  {escape(step.step)}", _points(step.before, step.after), _reasons(step), ""
        )


def _reasons(step: StepChange) -> str:
    return escape(_moved(step.reason_before, step.reason_after))


def _moved(before: str, after: str) -> str:
    """Return a text that has changed; where it comes or goes, what it is or was."""
    if before == after:
        return before
    if before and after:
        return f"{before} -> {after}"
    return after or f"was: {before}"


def _points(before: float | None, after: float | None) -> str:
    one, other = ("-" if points is None else number(points) for points in (before, after))
    if before == after:
        return one
    colour = "red" if (after or 0.0) < (before or 0.0) else "green"
    return f"{one} -> [{colour}]{other}[/]"
