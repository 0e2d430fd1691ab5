"""The layers of the sandbox: which of them this machine has, and whether they are enough.

They overlap on purpose. Without a layer that closes the file system (another user, Landlock or
bubblewrap) or without seccomp, nothing is run: `require` fails closed.
"""

from __future__ import annotations

import functools
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from autograder import landlock, syscalls
from autograder.errors import SandboxError


class Layer(StrEnum):
    """One wall between a notebook and everything else."""

    USER = "user"
    LANDLOCK = "landlock"
    BUBBLEWRAP = "bubblewrap"
    SECCOMP = "seccomp"
    PRIVILEGES = "privileges"
    LIMITS = "limits"
    PARENT = "parent"
    DESCRIPTORS = "descriptors"
    ENVIRONMENT = "environment"


WHAT = {
    Layer.USER: "runs as a user of its own, drawn for each submission",
    Layer.LANDLOCK: "opens only Python's files, and its own folder",
    Layer.BUBBLEWRAP: "sees only Python's files, and its own folder",
    Layer.SECCOMP: "makes only listed system calls: no network, no programs, no signals",
    Layer.PRIVILEGES: "can gain no privileges, and has none",
    Layer.LIMITS: "is limited in memory, files, tasks and processor time",
    Layer.PARENT: "dies with its parent",
    Layer.DESCRIPTORS: "inherits no open files",
    Layer.ENVIRONMENT: "is told nothing by environment variables",
}

FILE_LAYERS = (Layer.USER, Layer.LANDLOCK, Layer.BUBBLEWRAP)
_CAPABILITIES = {"CAP_CHOWN": 0, "CAP_DAC_OVERRIDE": 1, "CAP_KILL": 5, "CAP_SETGID": 6, "CAP_SETUID": 7}
_FEWEST_IDS = 4096


def lacking() -> dict[Layer, str]:
    """Return the layers that this machine has not, each with the reason and what would help."""
    if sys.platform != "linux":
        return dict.fromkeys(Layer, f"{sys.platform} is not Linux")
    reasons = {
        Layer.USER: _why_no_user(),
        Layer.LANDLOCK: ""
        if landlock.landlock_abi()
        else "this kernel has no Landlock: it comes with Linux 5.13, if `landlock` is in its list of modules",
        Layer.SECCOMP: _why_no_seccomp(),
    }
    reasons[Layer.BUBBLEWRAP] = (
        _why_no_bubblewrap()
        if reasons[Layer.USER] and reasons[Layer.LANDLOCK]
        else "not needed: another layer closes the file system"
    )
    return {layer: reason for layer, reason in reasons.items() if reason}


def require(wanted: Collection[Layer] = tuple(Layer)) -> frozenset[Layer]:
    """Return those of the layers that this machine has, if they are enough.

    Raises:
        SandboxError: if they are not; it says why, and what to install.
    """
    if sys.platform != "linux":
        raise SandboxError(
            "notebooks are sealed off on Linux only",
            next_step="Use `otter grade`, whose container has all layers, or WSL on Windows. "
            "`--no-sandbox` runs notebooks unprotected: each can read and change your files.",
        )
    reasons = lacking()
    held = frozenset(layer for layer in wanted if layer not in reasons)
    if Layer.SECCOMP in reasons:
        raise SandboxError(f"notebooks cannot be sealed off: {reasons[Layer.SECCOMP]}", next_step=_UNSEALED)
    if not held & frozenset(FILE_LAYERS):
        told = "; ".join(f"{layer}: {reasons.get(layer, 'switched off')}" for layer in FILE_LAYERS)
        raise SandboxError(f"notebooks cannot be kept from your files ({told})", next_step=_UNSEALED)
    return held


_UNSEALED = (
    "Install what is missing (`apt-get install bubblewrap libseccomp2`), use `otter grade`, whose container "
    "has all layers, or run notebooks unprotected with `--no-sandbox`: each can read and change your files."
)


def _why_no_seccomp() -> str:
    try:
        syscalls.compiled(programs=False, signals=False)
    except SandboxError as error:
        return f"{error.what}. {error.next_step}"
    return ""


# ---------------------------------------------------------------- another user


def _why_no_user() -> str:
    if os.geteuid() != 0:
        return "only root can change to another user, and you are not root"
    effective = next(
        int(line.split()[1], 16)
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("CapEff")
    )
    missing = [name for name, bit in _CAPABILITIES.items() if not effective >> bit & 1]
    if missing:
        return f"this root lacks {', '.join(missing)}"
    if ids("uid")[1] < _FEWEST_IDS or ids("gid")[1] < _FEWEST_IDS:
        return "this root has no other users to change to: its user namespace maps too few"
    return ""


@functools.cache
def ids(kind: str) -> tuple[int, int]:
    """Return the first of the user or group ids that a worker may take, and how many there are.

    Ids at the end of the largest mapped range, where people's and services' are not.
    """
    ranges = [
        (int(first), int(count))
        for first, _, count in (
            line.split() for line in Path(f"/proc/self/{kind}_map").read_text().splitlines()
        )
    ]
    first, count = max(ranges, key=lambda each: each[1], default=(0, 0))
    last = min(first + count, 2**31 - 2)
    begin = (
        max(first + 60_000, 2**30) if last > 2**30 + _FEWEST_IDS else max(last - _FEWEST_IDS, first + 1000)
    )
    return begin, max(last - begin, 0)


def draw_id(taken: Collection[int]) -> int:
    """Return an id, of a user and of a group, that is not taken."""
    begin = max(ids("uid")[0], ids("gid")[0])
    count = min(sum(ids("uid")), sum(ids("gid"))) - begin
    while (drawn := begin + secrets.randbelow(count)) in taken:
        pass
    return drawn


# ---------------------------------------------------------------- bubblewrap

_TREES = ("/usr", "/lib", "/lib64", "/bin", "/nix/store", "/gnu/store")
_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/mime.types")
_UNSHARED = ("user", "ipc", "pid", "net", "uts")


def _why_no_bubblewrap() -> str:
    program = shutil.which("bwrap")
    if program is None:
        return "bubblewrap is not installed"
    unshared = [f"--unshare-{kind}" for kind in _UNSHARED]
    tried = subprocess.run(
        [program, *unshared, "--ro-bind", "/", "/", "--", "/bin/true"],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if tried.returncode == 0 else f"bubblewrap does not work: {tried.stderr.strip()}"


def wrapped(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> list[str]:
    """Return a command that runs another one in bubblewrap, where it sees Python, the system's libraries
    and one folder.

    Raises:
        SandboxError: if the Python of the command cannot be asked what it needs.
    """
    asked = "import sys; print('\\n'.join({sys.prefix, sys.exec_prefix, sys.base_prefix, *sys.path}))"
    told = subprocess.run(
        [command[0], "-sP", "-c", asked], capture_output=True, text=True, check=False, env=dict(environment)
    )
    if told.returncode:
        raise SandboxError(f"`{command[0]}` cannot be started: {told.stderr.strip()}")
    shown = [*told.stdout.splitlines(), *_TREES, *_FILES, str(Path(landlock.__file__).parent)]
    binds = [
        part for path in sorted(set(shown)) for part in ("--ro-bind-try", path, path) if Path(path).exists()
    ]
    return [
        "bwrap", *(f"--unshare-{kind}" for kind in _UNSHARED), *binds, "--dev", "/dev", "--proc", "/proc",
        "--bind", str(folder), str(folder), "--remount-ro", "/", "--chdir", str(folder), "--", *command,
    ]  # fmt: skip
