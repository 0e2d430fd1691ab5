"""The files of a folder, by their paths in it; a zip is such a tree, too."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Tree(Protocol):
    """Files by their paths, with `/` between the parts, whatever they lie in.

    `where` is the folder or the zip file, `paths` the files in it, sorted, and `refused` says what is
    in it and was not taken.
    """

    where: Path
    paths: list[str]
    refused: list[str]

    def head(self, path: str, size: int) -> bytes:
        """Return the first bytes of a file; nothing if it cannot be read."""

    def time(self, path: str) -> float:
        """Return when a file was changed last, in seconds: only to compare with others of the tree."""

    def source(self, path: str) -> str:
        """Return where a file is, for a person: the same in every run."""

    def file(self, path: str) -> Path:
        """Return where a file can be read."""


class Folder:
    """The files of a folder; links to files are among them, folders that are links are not followed."""

    def __init__(self, where: Path, paths: Sequence[str] | None = None) -> None:
        """Find all files of a folder, or name some of them."""
        self.where = where
        self.refused: list[str] = []
        self.paths = sorted(paths or ())
        for folder, _, names in os.walk(where) if paths is None else ():
            relative = os.path.relpath(folder, where)
            front = "" if relative == "." else f"{relative.replace(os.sep, '/')}/"
            self.paths += [front + name for name in names]
        self.paths.sort()

    def head(self, path: str, size: int) -> bytes:
        """Return the first bytes of a file; nothing of a link, or of what cannot be read."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(self.file(path), flags), "rb") as file:
                return file.read(size)
        except OSError:
            return b""

    def time(self, path: str) -> float:
        """Return when a file was changed last."""
        try:
            return self.file(path).lstat().st_mtime
        except OSError:
            return 0.0

    def source(self, path: str) -> str:
        """Return its path."""
        return str(self.file(path))

    def file(self, path: str) -> Path:
        """Return a file as it lies there."""
        return self.where / path
