"""The folders that workers may write to: made, watched, and removed by whoever is still there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import tempfile
import time
from pathlib import Path

from autograder.files import remove_folder

PREFIX = "true-values-"
MAX_BYTES = 256 * 2**20
MAX_FILES = 20_000
MAX_DEPTH = 12
_SETTLED_SECONDS = 60
_OPEN_TO_ALL = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev/mqueue")  # noqa: S108


class TooFull(Exception):
    """A notebook has written more than it may."""


class Root:
    """The folder of one judge, with a folder for each worker in it.

    The judge holds a lock on it as long as it lives, so that others know when it is gone.
    """

    def __init__(self, *, open_to_all: bool) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.path.chmod(0o711 if open_to_all else 0o700)
        self._lock = os.open(self.path / ".judge", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Remove it."""
        with contextlib.suppress(OSError):
            remove_folder(self.path)
        os.close(self._lock)


def sweep() -> None:
    """Remove the folders of judges that were killed together with their warm parents."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            status = path.lstat()
            settled = time.time() - status.st_mtime > _SETTLED_SECONDS
            if status.st_uid == os.getuid() and settled and not path.is_symlink() and _is_left(path):
                remove_folder(path)


def _is_left(folder: Path) -> bool:
    try:
        lock = os.open(folder / ".judge", os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(lock)


def look_at(folder: Path) -> None:
    """Check how much a worker has written.

    Raises:
        TooFull: if it is more than it may.
    """
    files = size = 0
    pending = [(folder, 0)]
    while pending:
        inner, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise TooFull(f"it nested folders more than {MAX_DEPTH} deep")
        try:
            with os.scandir(inner) as entries:
                for entry in entries:
                    files += 1
                    with contextlib.suppress(FileNotFoundError):
                        size += 512 * entry.stat(follow_symlinks=False).st_blocks
                        if entry.is_dir(follow_symlinks=False):
                            pending.append((Path(entry.path), depth + 1))
                    if files > MAX_FILES:
                        raise TooFull(f"it made more than {MAX_FILES} files")
                    if size > MAX_BYTES:
                        raise TooFull(f"it wrote more than {MAX_BYTES // 2**20} MB of files")
        except (FileNotFoundError, NotADirectoryError):
            continue  # it is gone already
        except OSError:
            raise TooFull("it made a folder that cannot be looked into") from None


def remove_files_of(user: int) -> None:
    """Remove what a worker has left in folders that every user may write to."""
    for folder in _OPEN_TO_ALL:
        with contextlib.suppress(OSError):
            for entry in os.scandir(folder):
                with contextlib.suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_uid != user:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        remove_folder(entry.path)
                    else:
                        Path(entry.path).unlink()


def kill_session(leader: int) -> None:
    """Kill all processes of a session whose parent is gone."""
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if int((path / "stat").read_text().rsplit(")", 1)[1].split()[3]) == leader:
                os.kill(int(path.name), signal.SIGKILL)
