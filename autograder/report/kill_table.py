"""A kill matrix as tables for a terminal: a row a kind of mutation, a column a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.markup import escape
from rich.table import Table

from autograder.model import Question
from autograder.mutation import Fate, KillMatrix, Trial, count
from autograder.replacements import KINDS
from autograder.trials import Case, cases_of

_FIXED, _COLUMN = 50, 13
"""Columns of text that a table needs, and those that each named case needs."""


def kill_tables(matrix: KillMatrix, width: int) -> Iterator[Table | str]:
    """Yield a table for each question, and a legend below it if `width` is too small for the cases' names.

    A number says how many mutants a case kills; the last column, how many are killed by any hidden one.
    """
    for question in matrix.assignment.questions:
        found, own = matrix.of(question), cases_of(question)
        short = _FIXED + _COLUMN * len(own) > width
        table = Table(
            title=question.name,
            title_justify="left",
            box=box.SIMPLE_HEAD,
            collapse_padding=short,
            pad_edge=not short,
        )
        table.add_column("mutation", no_wrap=True, vertical="bottom")
        for position, case in enumerate(own, start=1):
            header = str(position) if short else escape(_name(case))
            table.add_column(header, justify="right", style="" if case.hidden else "dim")
        for header in (
            ("others", "equiv.", "killed") if short else ("other questions", "equivalent", "killed")
        ):
            table.add_column(header, justify="right", no_wrap=True)
        for kind in KINDS:
            of_kind = tuple(trial for trial in found if trial.mutant.kind == kind)
            if of_kind:
                table.add_row(kind, *_kills(of_kind, question, own))
        table.add_section()
        table.add_row("all", *_kills(found, question, own), style="bold")
        yield table
        if short:
            yield "; ".join(f"{at} {escape(_name(case))}" for at, case in enumerate(own, start=1)) + "\n"


def _name(case: Case) -> str:
    return case.name if case.hidden else f"{case.name} (public)"


def _kills(found: tuple[Trial, ...], question: Question, own: Sequence[Case]) -> list[str]:
    """Return a row: how many each case kills, hidden cases of other questions, and any hidden one."""
    by_case = [sum(trial.killed_by.get((question.name, case.name), False) for trial in found) for case in own]
    numbers = [*by_case, sum(trial.killed_elsewhere for trial in found), count(found, Fate.EQUIVALENT)]
    total = f"{count(found, Fate.KILLED)}/{len(found)}"
    shown = f"[red]{total}[/red]" if count(found, Fate.SURVIVOR) else total
    return [*(str(number or "-") for number in numbers), shown]
