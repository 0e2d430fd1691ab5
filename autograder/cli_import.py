"""The command `import`: a first draft of a master from a notebook that has blanks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape

from autograder.cli_new import course_as_typed, new_course_option, shown
from autograder.console import console_for, explained
from autograder.errors import AuthoringError, SubmissionError
from autograder.skeleton import course_for, place_for, write_master
from autograder.submission import all_cells
from autograder.wire import plain

if TYPE_CHECKING:
    from autograder.importing import Draft

MAX_TOLD = 500
"""How much of a line is told that may have come from the notebook."""


@click.command("import")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--name", help="What the assignment is called.  [default: as the notebook]")
@new_course_option
@explained
def import_(notebook: Path, name: str | None, course: Path) -> None:
    """Draft a master from NOTEBOOK, a notebook with blanks.

    Blanks are seen by comments such as "TODO" and "Replace this line", and by `...`, `pass` or
    NotImplementedError. Values that are printed beside "true" ones become public cases, to the
    printed precision. What is left to do is told by line of solutions/NAME.py, and what could not
    be taken over, by cell and line of the notebook. Nothing of the notebook is run here; `build` and
    `watch` run its given cells, unprotected.
    """
    from autograder.importing import draft_of  # all commands load this module, and this one alone needs it

    console = console_for()
    root = course_for(course)
    name = plain("_".join(notebook.stem.split()), MAX_TOLD) if name is None else name
    path = place_for(name, root)
    draft = draft_of(_cells(notebook), name)
    write_master(path, draft.text)
    count = len(draft.questions)
    named = ", ".join(f"`{question}`" for question in draft.questions)
    console.print(f"wrote {escape(shown(path))}: {count} question{'s' * (count != 1)}, {escape(named)}")
    _tell(console, draft, shown(path))
    where = course_as_typed(root)
    console.print(
        "\n`build` and `watch` run the notebook's given cells unprotected on this machine: if it is not your "
        "own, read them first.",
        soft_wrap=True,
    )
    console.print(
        f"\nOpen it in an editor, and beside it in a terminal:\n\n    autograder watch {name}{escape(where)}"
    )


def _cells(notebook: Path) -> list[tuple[str, str]]:
    if not notebook.is_file():
        what = "it is a folder" if notebook.is_dir() else "there is no such file"
        raise AuthoringError(what, where=plain(str(notebook), MAX_TOLD))
    if notebook.suffix.lower() != ".ipynb":
        raise AuthoringError("only a notebook (.ipynb) can be imported", where=plain(notebook.name, MAX_TOLD))
    try:
        return all_cells(notebook)
    except SubmissionError as error:
        raise AuthoringError(
            error.what, where=error.where, next_step="Open it in Jupyter, save it, and import what was saved."
        ) from None


def _tell(console: Console, draft: Draft, path: str) -> None:
    if draft.to_do:
        console.print("\nLeft to do:")
    for line, what in draft.to_do:
        console.print(f"  {escape(path)}:{line}: {escape(plain(what, MAX_TOLD))}", soft_wrap=True)
    if draft.remarks:
        console.print("\nNot as in the notebook:")
    for remark in draft.remarks:
        console.print(f"  {escape(plain(str(remark), MAX_TOLD))}", soft_wrap=True)
