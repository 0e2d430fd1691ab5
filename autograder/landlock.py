"""What a worker may read, and that it can open nothing else: Landlock's part of the sandbox.

Loaded in the worker by path, with nothing but the standard library. Source: landlock(7).
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ = READ_FILE | READ_DIR
_SPECIAL_FILES = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11
"""Making devices, sockets and pipes: allowed nowhere."""
SCOPED_SIGNALS_ABI = 6

_SYSTEM = (
    "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/share", "/lib", "/lib64", "/nix/store", "/gnu/store",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/mime.types", "/sys/devices/system/cpu",
)  # fmt: skip
_PROGRAMS = ("/usr/bin", "/bin", "/usr/local/bin")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

LIBC = ctypes.CDLL(None, use_errno=True)
"""The C library."""
LIBC.syscall.restype = ctypes.c_long


def checked(result: int, what: str) -> int:
    """Return the result of a call to the kernel.

    Raises:
        OSError: if it failed.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def landlock_abi() -> int:
    """Return the version of Landlock that this kernel has, 0 if it has none."""
    return max(int(LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))), 0)


def _rights(abi: int) -> int:
    """Return all that can be refused for files."""
    return (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1


class Readable:
    """The folders and files that a worker may read, opened once by the warm parent.

    Those are the Python that runs notebooks and the system's libraries. A folder above one of the
    `hidden` paths is not among them.
    """

    def __init__(self, hidden: Sequence[str], *, programs: bool) -> None:
        """Open them.

        Raises:
            LookupError: with a hidden path that lies in Python's own folders.
        """
        secret = [os.path.realpath(path) for path in hidden]
        self._opened: list[tuple[int, int]] = []
        homes = {os.path.realpath(path) for path in (sys.prefix, sys.exec_prefix, sys.base_prefix)}
        execute = EXECUTE if programs else 0
        for path in sorted(homes):
            for each in secret:
                if _is_above(path, [each]):
                    raise LookupError(each)
            self._open(path, _READ | execute)
        for path in (*sys.path, *_SYSTEM, *(_PROGRAMS if programs else ())):
            real = os.path.realpath(path)
            if path and not any(_is_above(home, [real]) for home in homes) and _may_be_read(real, secret):
                self._open(real, _READ | execute)
        for path in _DEVICES:
            self._open(path, READ_FILE | WRITE_FILE)

    def _open(self, path: str, rights: int) -> None:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            descriptor = keep_apart(os.open(path, os.O_PATH | os.O_CLOEXEC))
            self._opened.append((descriptor, rights if Path(path).is_dir() else rights & ~READ_DIR))

    def restrict(self, folder: str, abi: int) -> None:
        """Refuse this process, for ever, all files but these and all that is in `folder`."""
        rights = _rights(abi)
        attributes = struct.pack(
            "=QQQ", rights, 0b11 if abi >= 4 else 0, 0b11 if abi >= SCOPED_SIGNALS_ABI else 0
        )
        size = 8 if abi < 4 else 16 if abi < SCOPED_SIGNALS_ABI else 24
        rules = checked(
            LIBC.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0)), "landlock"
        )
        own = os.open(folder, os.O_PATH)
        try:
            for descriptor, allowed in [*self._opened, (own, rights & ~EXECUTE & ~_SPECIAL_FILES)]:
                rule = struct.pack("=Qi", allowed & rights, descriptor)
                checked(
                    LIBC.syscall(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(1), rule, ctypes.c_uint32(0)),
                    "landlock",
                )
            checked(LIBC.syscall(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0)), "landlock")
        finally:
            os.close(own)
            os.close(rules)


def python_is_for_all() -> bool:
    """Return whether every user of this machine may read the Python that runs this."""
    needed = {sys.prefix, sys.exec_prefix, sys.base_prefix, *sys.path}
    return all(_is_for_all(Path(os.path.realpath(path))) for path in needed if path and Path(path).exists())


def _is_for_all(path: Path) -> bool:
    readable = path.stat().st_mode & 0o004 != 0
    return readable and all(folder.stat().st_mode & 0o001 != 0 for folder in path.parents)


def _is_above(path: str, others: Sequence[str]) -> bool:
    return any(os.path.commonpath([path, other]) == path for other in others)


def _may_be_read(path: str, secret: Sequence[str]) -> bool:
    return not _is_above(path, secret) and not any(_is_above(each, [path]) for each in secret)


def keep_apart(descriptor: int) -> int:
    """Return a descriptor for the same file that no worker's own will take the place of."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 64)
    os.close(descriptor)
    return moved
