"""What was computed of a master before, kept for the next process.

Whatever is amiss with it, a file is as if it were not there: it can be computed again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from autograder.files import remove_folder, write_whole

MADE_BY = (
    "author",
    "blanks",
    "cells",
    "compare",
    "environment",
    "errors",
    "explain",
    "fingerprints",
    "master",
    "misconceptions",
    "model",
    "otter_classes",
    "outcomes",
    "own_tests",
    "patience",
    "prepare",
    "rehearse",
    "staged_hints",
    "stand_ins",
    "store",
    "tables",
    "variants",
    "wire",
)
"""The modules on which it depends what is computed, and whether a master is sound."""
MAX_FOLDERS = 24
"""How many masters are kept, those that were written last."""
_NAME = re.compile(r".+-[0-9a-f]{16}-python\d+\.\d+", re.DOTALL)
"""How the folder of a master is called: nothing else is ever removed."""


class Store:
    """The files of one master in a folder, under a seal that no other master's, NumPy's or code's files have.

    What cannot be written is remembered as long as the process lives.
    """

    def __init__(self, folder: Path | None, master: bytes, *, writable: bool) -> None:
        """Prepare to read and write.

        Args:
            folder: where the files lie, or None if they lie nowhere.
            master: its content.
            writable: whether files may be written, and must be ours alone.
        """
        self._folder = folder
        self._key = hashlib.sha256(b"\0".join([master, np.__version__.encode(), _sources()])).digest()
        self._writable = writable
        self._written: dict[str, bytes] = {}
        self.advance: Callable[[str, int, int], None] = lambda *_: None

    def get(self, name: str) -> bytes | None:
        """Return what was put under a name, or None."""
        if name in self._written or self._folder is None:
            return self._written.get(name)
        try:
            if self._writable and not _is_ours(self._folder):
                return None
            sealed = (self._folder / name).read_bytes()
        except OSError:
            return None
        content = sealed[hashlib.sha256().digest_size :]
        return content if sealed == self.sealed(name, content) else None

    def put(self, name: str, content: bytes) -> None:
        """Keep a content under a name, if it can be kept."""
        try:
            if self._folder is None or not self._writable:
                raise PermissionError
            for folder in (self._folder.parent, self._folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(self._folder):
                raise PermissionError
            write_whole(self._folder / name, self.sealed(name, content), private=True)
        except OSError:
            self._written[name] = content
        else:
            _remove_oldest(self._folder.parent)

    def sealed(self, name: str, content: bytes) -> bytes:
        """Return a content as it is written to a file."""
        return hashlib.sha256(b"\0".join([self._key, name.encode(), content])).digest() + content


def cached(name: str, master: bytes) -> Store:
    """Return the store of an assignment's master in the user's cache folder."""
    digest = hashlib.sha256(master).hexdigest()[:16]
    root = os.environ.get("XDG_CACHE_HOME", "")
    try:
        cache = Path(root) if Path(root).is_absolute() else Path.home() / ".cache"
    except RuntimeError:  # nobody's home
        return Store(None, master, writable=False)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Store(cache / "true-values" / f"{name}-{digest}-python{version}", master, writable=True)


def _is_ours(folder: Path) -> bool:
    """Return whether nobody else may write to a folder, or to the one above it; neither may be a link."""
    found = [each.lstat() for each in (folder, folder.parent)]
    return all(
        stat.S_ISDIR(each.st_mode)
        and each.st_uid == os.getuid()
        and not each.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        for each in found
    )


def _remove_oldest(cache: Path) -> None:
    with contextlib.suppress(OSError):
        kept = [folder for folder in cache.iterdir() if _NAME.fullmatch(folder.name)]
        for folder in sorted(kept, key=lambda folder: folder.lstat().st_mtime)[:-MAX_FOLDERS]:
            remove_folder(folder)


@functools.cache
def _sources() -> bytes:
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for name in MADE_BY:
        digest.update((here / f"{name}.py").read_bytes())
    return digest.digest()
