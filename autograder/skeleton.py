"""The first text of a master: the skeleton that `new` writes, and where a new master may be written."""

from __future__ import annotations

import json
import re
from pathlib import Path

from autograder import master
from autograder.errors import CourseError
from autograder.files import write_whole

LONGEST = 60
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def course_for(start: Path) -> Path:
    """Return the course that a folder is in; one that is in none, or not there yet, becomes one itself."""
    if not start.exists():
        return start.resolve()
    try:
        return master.find_course(start)
    except CourseError:
        return start.resolve()


def title_of(name: str) -> str:
    """Return a title that an assignment may have by its name: `matrix_powers` is Matrix powers."""
    words = re.sub(r"[_-]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def skeleton(name: str, title: str) -> str:
    """Return a master that passes `verify`, and whose comments teach the format.

    Args:
        name: the assignment's name.
        title: what students read over it, in one line.
    """
    text = Path(__file__).with_name("skeleton_master.txt").read_text(encoding="utf-8")
    text = text.replace("NAME", name)  # before the title, which may be about a NAME
    text = text.replace('"TITLE"', json.dumps(title, ensure_ascii=False))
    return text.replace("# # TITLE", f"# # {title}")


def place_for(name: str, course: Path) -> Path:
    """Return where the master of a new assignment is to be written.

    Raises:
        CourseError: if no assignment can be called so, or one is.
    """
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise CourseError(
            f"no assignment can be called `{name}`",
            next_step=f"Take letters of English, digits, `_` and `-`, a letter first, and at most {LONGEST} "
            "of them: files are called so.",
        )
    path = course / "solutions" / f"{name}.py"
    for taken in (path, course / "assignments" / name):
        if taken.exists() or taken.is_symlink():
            raise CourseError(
                f"there is a `{taken.relative_to(course)}` already, and nothing was written",
                where=str(course),
                next_step="Take another name, or move it away.",
            )
    return path


def write_master(path: Path, text: str) -> None:
    """Write a new master, and the folders of a course if they are not there."""
    for folder in ("solutions", "assignments"):
        (path.parent.parent / folder).mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
