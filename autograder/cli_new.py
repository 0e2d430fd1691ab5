"""The command `new`: a first master, which can be built, verified and handed out as it is."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.markup import escape

from autograder import build as building
from autograder import master
from autograder.console import Bar, console_for, explained
from autograder.errors import CourseError
from autograder.skeleton import course_for, place_for, skeleton, title_of, write_master

new_course_option = click.option(
    "--course",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="the folder you are in",
    help="The course, or a folder inside one; one that is in none becomes one.",
)


@click.command()
@click.argument("name")
@click.option("--title", help="What students read over it.  [default: NAME, in words]")
@new_course_option
@explained
def new(name: str, title: str | None, course: Path) -> None:
    """Begin an assignment NAME: write a master that works, to be made your own.

    The master, solutions/NAME.py, is a small assignment with all that one may have; its comments
    teach the format. It is built, and passes `autograder verify`. No file that is there is changed.
    """
    console = console_for()
    root = course_for(course)
    path = place_for(name, root)
    title = title_of(name) if title is None else title.strip()
    if not title or not title.isprintable():
        raise CourseError("the title is empty, or more than one line of text")
    write_master(path, skeleton(name, title))
    console.print(f"wrote {escape(shown(path))}")
    with Bar() as bar:
        for built in building.build(master.load(name, root), root, bar.show):
            console.print(f"wrote {escape(shown(built))}")
    where = course_as_typed(root)
    console.print(
        f"\nOpen {escape(shown(path))} in an editor, and beside it in a terminal:\n\n"
        f"    autograder watch {name}{escape(where)}\n\n"
        "It builds and checks with each save. Before you hand the notebook out:\n\n"
        f"    autograder verify {name}{escape(where)}",
        soft_wrap=True,
    )


def shown(path: Path) -> str:
    """Return a path as a person would type it here."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd().parent) else str(path)


def course_as_typed(root: Path) -> str:
    """Return the option for a course as a person would type it here; nothing if they are in it."""
    here = Path.cwd()
    return "" if root in (here, *here.parents) else f" --course {shown(root)}"
