"""What a forked worker does to itself before a student's code runs: one layer of its sandbox after another.

Loaded in the worker by path, with nothing but the standard library. Every function raises `OSError`
where its layer does not hold: a worker that is not confined as planned ends before it has served.
Sources: landlock(7), seccomp(2), capabilities(7), prctl(2).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.landlock import LIBC, Readable, checked

MAX_FILE_BYTES = 32 * 2**20
MAX_OPEN_FILES = 96
MAX_TASKS = 256

# ---------------------------------------------------------------- users and capabilities

_CAPABILITY_VERSION = 0x20080522
_CAP_DAC_READ_SEARCH = 2
_PR_SET_KEEPCAPS = 8


def _set_capabilities(kept: int) -> None:
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    low, high = kept & 0xFFFFFFFF, kept >> 32
    data = struct.pack("=6I", low, low, 0, high, high, 0)
    checked(LIBC.capset(header, data), "capset")


def drop_privileges(uid: int | None, gid: int, *, may_search: bool) -> None:
    """Become another user for good, or at least a root without any power.

    Args:
        uid: the user to become; None stays the same user.
        gid: the only group to be in.
        may_search: whether to keep the right to read any file. It is of use where the Python that
            runs notebooks lies in root's own home, and only if Landlock limits what is read.
    """
    if uid is not None:
        if may_search:
            prctl(_PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    if os.geteuid() == 0 or uid is not None:
        _set_capabilities(1 << _CAP_DAC_READ_SEARCH if may_search else 0)


def prctl(option: int, value: int) -> None:
    """Set a property of this process.

    Raises:
        OSError: if the kernel refuses it.
    """
    zero = ctypes.c_ulong(0)
    checked(LIBC.prctl(option, ctypes.c_ulong(value), zero, zero, zero), f"prctl {option}")


PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38


# ---------------------------------------------------------------- system calls and limits


def filter_system_calls(program: bytes) -> None:
    """Load a seccomp filter, as `seccomp_export_bpf` of libseccomp wrote it: 8 bytes an instruction."""
    code = ctypes.create_string_buffer(program, len(program))
    loaded = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    set_seccomp, mode_filter, zero = 22, ctypes.c_ulong(2), ctypes.c_ulong(0)
    checked(LIBC.prctl(set_seccomp, mode_filter, loaded, zero, zero), "seccomp")


def limit(memory_bytes: int, cpu_seconds: int, *, own_user: bool) -> None:
    """Limit memory, files, processor time and the number of tasks.

    The kernel counts the tasks of a user over the whole machine. A worker that shares its user with
    others may add its share to those of all users together, which is the least that is safe to say.
    """
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: MAX_FILE_BYTES,
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_NPROC: MAX_TASKS if own_user else MAX_TASKS + _tasks_of_all(),
    }
    if sys.platform == "linux":
        limits |= {resource.RLIMIT_MEMLOCK: 0, resource.RLIMIT_MSGQUEUE: 0}
    for what, amount in limits.items():
        _, most = resource.getrlimit(what)
        least = amount if most == resource.RLIM_INFINITY else min(amount, most)
        if what == resource.RLIMIT_CPU and most in (resource.RLIM_INFINITY, max(most, amount + 5)):
            most = amount + 5  # the first signal is SIGXCPU, which nobody else sends
        else:
            most = least
        with contextlib.suppress(ValueError):  # macOS has no limit on addresses
            resource.setrlimit(what, (least, most))


def _tasks_of_all() -> int:
    try:
        return int(Path("/proc/loadavg").read_text().split()[3].split("/")[1])
    except (OSError, ValueError, IndexError):
        return 4096


# ---------------------------------------------------------------- bubblewrap's extra walls

_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_MS_NOSUID, _MS_NODEV = 2, 4


def _private_mount(folder: str) -> None:
    """Mount an empty file system over the folder that all workers share, and make this worker's in it."""
    uid, gid = os.getuid(), os.getgid()
    checked(LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNS), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    options = b"size=256m,nr_inodes=20k,mode=700"
    flags = ctypes.c_ulong(_MS_NOSUID | _MS_NODEV)
    checked(LIBC.mount(b"tmpfs", os.fsencode(Path(folder).parent), b"tmpfs", flags, options), "mount")
    Path(folder).mkdir()
    _set_capabilities(0)


# ---------------------------------------------------------------- all of it

CONNECTION = 3


def take_descriptors(connection: int, output: int) -> None:
    """Make the connection descriptor 3, and the output 1 and 2."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2), (connection, CONNECTION)):
        os.dup2(source, target)


def close_other_descriptors() -> None:
    """Close all but 0 to 3."""
    os.closerange(CONNECTION + 1, 4096)


def confine(
    layers: frozenset[str], head: Mapping[str, Any], readable: Readable | None, program: bytes, parent: int
) -> None:
    """Put on every layer, in an order in which none needs what an earlier one took away.

    Args:
        layers: names of the layers of this machine.
        head: the judge's request: `folder`, `uid`, `gid`, `memory`, `cpu`, `search`, `abi`.
        readable: what may be read; needed for Landlock.
        program: the seccomp filter.
        parent: the process id of the warm parent: if that is gone, so is this process.

    Raises:
        OSError: if one of them does not hold.
    """
    uid = head["uid"] if "user" in layers else None
    with contextlib.suppress(OSError):  # the first to go when memory runs out
        descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(descriptor, b"1000")
        os.close(descriptor)
    if "limits" in layers:
        limit(head["memory"], head["cpu"], own_user=uid is not None)
    if "bubblewrap" in layers:
        _private_mount(head["folder"])
    os.chdir(head["folder"])
    os.umask(0o077)
    drop_privileges(uid, head["gid"], may_search=bool(head["search"]))
    if "parent" in layers:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which clears it
        if os.getppid() != parent:
            raise OSError("the warm parent is gone")
    if "privileges" in layers:
        prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if "landlock" in layers and readable is not None:
        readable.restrict(head["folder"], head["abi"])
    if "descriptors" in layers:
        close_other_descriptors()
    if "seccomp" in layers:
        filter_system_calls(program)
    _check(layers, head["hidden"])


def _check(layers: frozenset[str], hidden: Sequence[str]) -> None:
    """Try the doors that must be closed.

    Raises:
        OSError: if one is open.
    """
    if "seccomp" in layers:
        with contextlib.suppress(PermissionError), socket.socket():
            raise OSError("a worker can reach the network")
    for path in hidden:
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_RDONLY))
            raise LookupError(path)
