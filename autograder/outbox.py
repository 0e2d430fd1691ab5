"""The folder that a class is graded into: a file a submission, a table of all, and who is at work in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from autograder.entries import Entry
from autograder.errors import GradebookError
from autograder.files import remove_unfinished, write_whole
from autograder.report.grades_csv import grades_csv
from autograder.report.results_json import content_of_entry, encoded
from autograder.wire import plain

LOCK = ".true-values.lock"
MAX_NAME = 120
RESULTS, PRINTED, GRADES = "results", "printed", "grades.csv"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make a folder if it is not there, and keep others from grading into it at the same time.

    The lock is the system's: it is gone with the process that holds it, however that ends.

    Raises:
        GradebookError: if another process is at work in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = _taken(folder)
    while not _is_there(descriptor, folder / LOCK):  # whoever had it has just removed it
        os.close(descriptor)
        descriptor = _taken(folder)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        for each in (folder, folder / RESULTS, folder / PRINTED):
            remove_unfinished(each)
        yield
    finally:
        (folder / LOCK).unlink(missing_ok=True)
        os.close(descriptor)


def _taken(folder: Path) -> int:
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise GradebookError(
            f"another `autograder` is at work in `{folder}`" + (f": process {holder}" if holder else ""),
            next_step="Wait until it is done, or write to another folder.",
        ) from None
    return descriptor


def _is_there(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def write(folder: Path, entry: Entry) -> None:
    """Write the files of a submission."""
    results, printed = _paths(folder, entry.result.submission)
    write_whole(results, _results(entry))
    if entry.result.printed:
        write_whole(printed, _printed(entry))
    else:
        printed.unlink(missing_ok=True)


def restore(folder: Path, entry: Entry) -> None:
    """Write the files of a submission anew where they are not as they should be."""
    results, printed = _paths(folder, entry.result.submission)
    if _content(results) != _results(entry) or _content(printed) != (_printed(entry) or None):
        write(folder, entry)


def remove(folder: Path, name: str) -> None:
    """Remove the files of a submission."""
    for path in _paths(folder, name):
        path.unlink(missing_ok=True)


def restored(folder: Path, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield entries, each when its files are as they should be."""
    for entry in entries:
        restore(folder, entry)
        yield entry


def write_grades(folder: Path, questions: Sequence[str], entries: Iterable[Entry]) -> None:
    """Write the table of all submissions."""
    write_whole(folder / GRADES, grades_csv(questions, entries))


def _paths(folder: Path, name: str) -> tuple[Path, Path]:
    """Return the files of a submission.

    Raises:
        GradebookError: if its name leads elsewhere: ours never do, but a gradebook may be a stranger's.
    """
    if "/" in name or "\0" in name:
        raise GradebookError(
            f"the gradebook has a submission called `{plain(name, MAX_NAME)}`, and no file can be called so",
            where=str(folder),
            next_step="It was not made by `autograder grade`: do not use it, and grade into another folder.",
        )
    return folder / RESULTS / f"{name}.json", folder / PRINTED / f"{name}.txt"


def _results(entry: Entry) -> bytes:
    """Return the content of a submission's file: what `encoded` gives, in a tenth of the time."""
    content = content_of_entry(entry)
    try:
        return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
    except UnicodeEncodeError:  # half a character, which a student's code has made
        return encoded(content)


def _printed(entry: Entry) -> bytes:
    return entry.result.printed.encode("utf-8", "replace")


def _content(path: Path) -> bytes | None:
    with suppress(OSError):
        return path.read_bytes()
    return None
