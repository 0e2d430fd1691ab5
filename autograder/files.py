"""Write files whole or not at all; remove folders whatever is in them."""

from __future__ import annotations

import errno
import os
import secrets
import tempfile
from pathlib import Path

UNFINISHED = ".true-values-"


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file so that it is never seen half-written: to a temporary one, then renamed.

    With `private`, nobody else may read it.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(descriptor, 0o600 if private else 0o644)
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:  # the disk is full: where, writing says not
            error.filename = temporary
        raise


def remove_unfinished(folder: Path) -> None:
    """Remove what `write_whole` had not finished in a folder when it was killed."""
    for path in folder.glob(f"{UNFINISHED}*"):
        path.unlink(missing_ok=True)


def remove_folder(folder: Path | str) -> None:
    """Remove a folder that a stranger has filled: deeply nested, or with no right to read parts of it.

    What lies in a subfolder is moved up before it is removed, so that depth does not matter; links
    are removed, never followed. A folder that is not there is no error.

    Raises:
        OSError: if it cannot be removed.
    """
    try:
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    moved = 0
    prefix = secrets.token_hex(8)
    try:
        while names := os.listdir(top):  # noqa: PTH208
            for name in names:
                if _unlinked(name, top):
                    continue
                inner = _opened(name, top)
                try:
                    for each in os.listdir(inner):  # noqa: PTH208
                        if not _unlinked(each, inner):
                            os.close(_opened(each, inner))
                            os.rename(each, f"{prefix}-{moved}", src_dir_fd=inner, dst_dir_fd=top)
                            moved += 1
                finally:
                    os.close(inner)
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)
    os.rmdir(folder)  # noqa: PTH106


def _unlinked(name: str, folder: int) -> bool:
    """Remove a file or a link; return False for a folder."""
    try:
        os.unlink(name, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.EISDIR, errno.EPERM):
            return False
        raise
    return True


def _opened(name: str, folder: int) -> int:
    """Open a folder, after giving ourselves the right to."""
    os.chmod(name, 0o700, dir_fd=folder)
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
