"""A zip file of submissions: listed, and unpacked as far as it is needed, into a folder of ours.

No name in a zip decides where something is written, and no more is written than was allowed.
"""

from __future__ import annotations

import lzma
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

from autograder import folders
from autograder.errors import CourseError
from autograder.submission import MAX_BYTES
from autograder.wire import plain

MAX_UNPACKED = 20 * 2**30
"""How much may be unpacked of all zips of a command, in bytes."""
MAX_ENTRIES = 200_000
MAX_DIRECTORY = 64 * 2**20
"""A zip's table of contents is read at once, and takes some ten times as much memory."""
MAX_RATIO = 200
ALWAYS_UNPACKED = 100 * 2**20
"""What is no larger is unpacked however well it is packed: pictures of one colour are packed well."""
_LONGEST_NAME = 200
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError, MemoryError)


class Unpackable(Exception):
    """A zip, or a file in it, cannot be unpacked; the text says why."""


class Bomb(Unpackable):
    """A zip is made, or would be used, to fill a disk or memory."""


class Room:
    """A private folder that zips are unpacked into, up to a size."""

    def __init__(self, limit: int = MAX_UNPACKED) -> None:
        self.limit = limit
        self._left = limit
        self._count = 0
        self._root: folders.Root | None = None

    def reserve(self, size: int) -> None:
        """Take room for so many bytes.

        Raises:
            Unpackable: if that is more than may be unpacked, or than there is.
        """
        if size > self._left:
            needed = (self.limit - self._left + size) // 2**30 + 1
            raise Bomb(
                f"it unpacks to {megabytes(size)}, and only {megabytes(self._left)} may be: "
                f"`--max-unpacked {needed}` allows more, in GB"
            )
        free = shutil.disk_usage(tempfile.gettempdir()).free
        if size > free:
            raise Unpackable(
                f"it unpacks to {megabytes(size)}, and `{tempfile.gettempdir()}` has only {megabytes(free)}: "
                "make room, or name another folder in TMPDIR"
            )
        self._left -= size

    @property
    def folder(self) -> Path | None:
        """Where it is, if anything was unpacked."""
        return self._root.path if self._root is not None else None

    def place(self, name: str) -> Path:
        """Return where to write a file: in a folder of its own, with a name that looks like its own."""
        if self._root is None:
            folders.sweep()
            self._root = folders.Root(open_to_all=False)
        self._count += 1
        folder = self._root.path / f"{self._count:06}"
        folder.mkdir(mode=0o700)
        return folder / name

    def remove(self) -> None:
        """Remove all that was unpacked."""
        if self._root is not None:
            self._root.remove()


@contextmanager
def room(limit: int = MAX_UNPACKED) -> Iterator[Room]:
    """Give room to unpack; it is gone afterwards, and if the process is killed, with the next one."""
    made = Room(limit)
    try:
        yield made
    finally:
        made.remove()


class Zip:
    """The files of a zip file."""

    def __init__(self, where: Path, place: Room) -> None:
        """Read a zip's table of contents.

        Raises:
            Unpackable: if it is no zip, damaged, or a bomb.
        """
        self.where = where
        self.refused: list[str] = []
        self._room = place
        self._archive = _opened(where)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        try:
            infos = [info for info in self._archive.infolist() if not info.is_dir()]
            if len(infos) > MAX_ENTRIES:
                raise Bomb(f"it holds {len(infos)} files, more than {MAX_ENTRIES}")
            if _overlap(self._archive.infolist()):
                raise Bomb("files overlap in it, as in a bomb that unpacks without end")
        except Unpackable:
            self.close()
            raise
        for info in infos:
            name = _name(info)
            if flaw := _flaw(info, name):
                self.refused.append(f"`{plain(name, _LONGEST_NAME)}`: {flaw}")
                continue
            path = "/".join(part for part in name.split("/") if part not in ("", "."))
            if path in self._entries:
                self.refused.append(
                    f"`{plain(path, _LONGEST_NAME)}`: it is there twice; the last one is taken"
                )
            self._entries[path] = info
        self.paths = sorted(self._entries)

    def head(self, path: str, size: int) -> bytes:
        """Return the first bytes of a file; nothing if it cannot be read."""
        try:
            with self._archive.open(self._entries[path]) as file:
                return file.read(size)
        except (*_DAMAGE, OSError):
            return b""

    def time(self, path: str) -> float:
        """Return when a file was changed last, as the zip says."""
        year, month, day, hour, minute, second = self._entries[path].date_time
        return float(((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60 + second)

    def source(self, path: str) -> str:
        """Return the zip's path, and the file's in it."""
        return f"{self.where}/{path}"

    def reserve(self, paths: Iterable[str]) -> None:
        """Take room for some files.

        Raises:
            Unpackable: if there is not so much, or if the zip is a bomb.
        """
        infos = [self._entries[path] for path in paths]
        size, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
        if size > ALWAYS_UNPACKED and size > MAX_RATIO * packed:
            raise Bomb(
                f"{megabytes(packed)} in it unpack to {megabytes(size)}: it is refused as a bomb; "
                "if it is none, unpack it yourself and name the folder"
            )
        self._room.reserve(sum(min(info.file_size, MAX_BYTES) for info in infos))

    def file(self, path: str) -> Path:
        """Unpack a file and return it; of one that is too large for a submission, only the size is unpacked.

        Raises:
            Unpackable: if it is damaged.
        """
        info = self._entries[path]
        target = self._room.place(_file_name(path))
        with target.open("xb") as file:
            if info.file_size > MAX_BYTES:
                file.truncate(MAX_BYTES + 1)
                return target
            try:
                with self._archive.open(info) as packed:
                    shutil.copyfileobj(packed, file, 2**16)
            except _DAMAGE:
                raise Unpackable("it is damaged") from None
            except OSError as error:
                if error.errno is not None:  # ours: the disk is full
                    raise
                raise Unpackable("it is damaged") from None
        return target

    def close(self) -> None:
        """Close the file."""
        self._archive.close()


def refused(where: Path, why: Unpackable) -> CourseError:
    """Return the error for a zip that cannot be taken."""
    return CourseError(f"the zip file is not taken: {why}", where=str(where))


def megabytes(size: float) -> str:
    """Return a size for a person."""
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.1f} MB"


def _opened(where: Path) -> zipfile.ZipFile:
    try:
        if _directory_size(where) > MAX_DIRECTORY:
            raise Bomb(f"its table of contents is larger than {megabytes(MAX_DIRECTORY)}")
        return zipfile.ZipFile(where)
    except (*_DAMAGE, NotImplementedError, struct.error):
        raise Unpackable("it is damaged, or no zip file at all") from None


def _directory_size(where: Path) -> int:
    """Return what a zip says of the size of its table of contents."""
    with where.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 2**17))
        tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or end + 22 > len(tail):
        return 0
    (told,) = struct.unpack_from("<L", tail, end + 12)
    large = tail.rfind(b"PK\6\6", 0, end)
    if large >= 0 and large + 56 <= len(tail):
        told = max(told if told != 0xFFFFFFFF else 0, *struct.unpack_from("<Q", tail, large + 40))
    return min(int(told), size)


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Return whether two files share bytes: one that is packed once can be unpacked again and again."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    return any(
        one.header_offset + 30 + one.compress_size > two.header_offset for one, two in pairwise(ordered)
    )


def _name(info: zipfile.ZipInfo) -> str:
    """Return a file's path in a zip as it was meant: in UTF-8 even if the zip does not say so, with `/`."""
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _flaw(info: zipfile.ZipInfo, name: str) -> str:
    """Return why a file of a zip is not taken, if it is not."""
    parts = name.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in parts or "\0" in name:
        return "its name leads out of the zip"
    if len(name) > 2000 or any(len(part.encode("utf-8", "replace")) > 255 for part in parts):
        return "its name is too long"
    if kind not in (0, stat.S_IFREG):
        return "it is a link, or another special file"
    if info.flag_bits & 1:
        return "it is locked with a password"
    if info.compress_type not in _METHODS:
        return f"it is packed by a method that is not known here ({info.compress_type})"
    return ""


def _file_name(path: str) -> str:
    """Return the last part of a path, as a file can be called."""
    return path.rsplit("/", 1)[-1].encode("utf-8", "replace").decode()
