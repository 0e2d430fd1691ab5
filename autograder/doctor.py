"""Which layers of the sandbox hold on this machine: told by trying to break each one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder import confine
from autograder.layers import FILE_LAYERS, Layer, lacking
from autograder.model import Limits, ProblemKind
from autograder.remote import Worker
from autograder.sandbox import Sandbox

MARK = "TRUE_VALUES_DOCTOR"
_LIMITS = Limits(memory_bytes=2 * 2**30)

_CALL = """
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
column = 0 if platform.machine() == "x86_64" else 1  # as most others count them
def call(number, *arguments):
    if libc.syscall(number if isinstance(number, int) else number[column], *arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A way to break in: a cell that gets to its end only if it succeeds.

    `stopped_by` are the layers that each stop it alone; `source` finds what to reach in `target`.
    """

    what: str
    stopped_by: tuple[Layer, ...]
    source: str


ATTEMPTS = (
    Attempt(what="read a file of yours", stopped_by=FILE_LAYERS, source="open(target['secret']).read()"),
    Attempt(what="list a folder of yours", stopped_by=FILE_LAYERS, source="import os\nos.listdir(target['folder'])"),
    Attempt(what="change a file of yours", stopped_by=FILE_LAYERS, source="open(target['secret'], 'a').write('x')"),
    Attempt(what="be the user who grades", stopped_by=(Layer.USER,), source="import os\nif os.getuid() != target['user']: raise PermissionError('another')"),
    Attempt(
        what="leave a file in /tmp", stopped_by=(Layer.LANDLOCK, Layer.BUBBLEWRAP),
        source="import os, tempfile\nhandle = open('/tmp/true-values-doctor-' + str(os.getpid()), 'x')\nos.remove(handle.name)",
    ),
    Attempt(what="see other processes", stopped_by=(Layer.LANDLOCK, Layer.BUBBLEWRAP), source="open('/proc/' + str(target['judge']) + '/cmdline').read()"),
    Attempt(what="read a list of users", stopped_by=(Layer.LANDLOCK, Layer.BUBBLEWRAP), source="open('/etc/passwd').read()"),
    Attempt(what="change the mode of a file of yours", stopped_by=(Layer.USER, Layer.SECCOMP, Layer.BUBBLEWRAP),
        source="import os\nbefore = os.stat(target['open']).st_mode\nos.chmod(target['open'], 0o604)\nif os.stat(target['open']).st_mode == before: raise PermissionError('unchanged')"),
    Attempt(what="open a TCP connection", stopped_by=(Layer.SECCOMP,), source="import socket\nsocket.socket(socket.AF_INET)"),
    Attempt(what="send a UDP packet", stopped_by=(Layer.SECCOMP,), source="import socket\nsocket.socket(socket.AF_INET6, socket.SOCK_DGRAM)"),
    Attempt(what="reach a service of this machine", stopped_by=(Layer.SECCOMP,), source="import socket\nsocket.socket(socket.AF_UNIX)"),
    Attempt(what="watch the network", stopped_by=(Layer.SECCOMP,), source="import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
    Attempt(what="start a process", stopped_by=(Layer.SECCOMP,), source="import os\nif os.fork() == 0: os._exit(0)"),
    Attempt(what="start a program", stopped_by=(Layer.SECCOMP, Layer.LANDLOCK), source="import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''])"),
    Attempt(what="signal the judge", stopped_by=(Layer.SECCOMP, Layer.USER), source="import os\nos.kill(target['judge'], 0)"),
    Attempt(what="trace a process", stopped_by=(Layer.SECCOMP,), source=_CALL + "try:\n    call((101, 117), 0x4201, 0, 0, 0)\nexcept ProcessLookupError:\n    pass"),
    Attempt(what="read another process's memory", stopped_by=(Layer.SECCOMP,), source=_CALL + "call((310, 270), os.getpid(), 0, 0, 0, 0, 0)"),
    Attempt(what="use io_uring", stopped_by=(Layer.SECCOMP,), source=_CALL + "call(425, 1, bytes(120))"),
    Attempt(what="keep a secret in the kernel's keys", stopped_by=(Layer.SECCOMP,), source=_CALL + "call((250, 219), 6, -3, 0, 0, 0)"),
    Attempt(what="share memory with another worker", stopped_by=(Layer.SECCOMP,), source=_CALL + "call((29, 194), 0, 4096, 0o1600)"),
    Attempt(what="make a namespace", stopped_by=(Layer.SECCOMP,), source=_CALL + "call((272, 97), 0)"),
    Attempt(what="gain privileges", stopped_by=(Layer.PRIVILEGES,), source=_CALL + "if libc.prctl(39, 0, 0, 0, 0) == 1: raise PermissionError('none to gain')"),
    Attempt(what="take more memory than it may", stopped_by=(Layer.LIMITS,), source="import numpy\nnumpy.empty(target['memory'] // 8)"),
    Attempt(what="write a file without end", stopped_by=(Layer.LIMITS,), source="with open('large', 'wb') as file:\n    file.seek(target['file'])\n    file.write(bytes(10))"),
    Attempt(what="open files without end", stopped_by=(Layer.LIMITS,), source="kept = [open('/dev/null') for _ in range(target['files'])]\ndel kept"),
    Attempt(what="leave a core dump", stopped_by=(Layer.LIMITS,), source="import resource\nif resource.getrlimit(resource.RLIMIT_CORE)[1] == 0: raise PermissionError('none')"),
    Attempt(what="outlive its parent", stopped_by=(Layer.PARENT,), source=_CALL + "told = ctypes.c_int()\nlibc.prctl(2, ctypes.byref(told), 0, 0, 0)\nif told.value == 9: raise PermissionError('cannot')"),
    Attempt(what="use a file that another has opened", stopped_by=(Layer.DESCRIPTORS,), source="import os\nfor number in range(4, 1024):\n    try:\n        os.fstat(number)\n        break\n    except OSError:\n        pass\nelse:\n    raise PermissionError('none is open')"),
    Attempt(what="read your environment variables", stopped_by=(Layer.ENVIRONMENT,), source="import os\nif target['mark'] not in os.environ: raise PermissionError('not there')"),
)  # fmt: skip

_REFUSALS = ("PermissionError", "OSError", "FileNotFoundError", "BlockingIOError", "MemoryError")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A layer: the reason why this machine has it not, or the attempts that it did not stop."""

    layer: Layer
    missing: str = ""
    tried: int = 0
    broken: tuple[str, ...] = ()


def examine(python: Path | None = None) -> list[Finding]:
    """Try to break each layer of this machine, and return what was found.

    Raises:
        SandboxError: if the layers are not enough to run a notebook.
    """
    reasons = lacking()
    with marked(), Sandbox(python) as sandbox:
        succeeded = break_in(sandbox)
    findings = []
    for layer in Layer:
        relevant = [attempt for attempt in ATTEMPTS if layer in attempt.stopped_by]
        broken = tuple(attempt.what for attempt in relevant if attempt in succeeded)
        if layer in sandbox.layers:
            findings.append(Finding(layer=layer, tried=len(relevant), broken=broken))
        else:
            findings.append(Finding(layer=layer, missing=reasons.get(layer, "switched off")))
    return findings


def break_in(sandbox: Sandbox, attempts: Sequence[Attempt] = ATTEMPTS) -> list[Attempt]:
    """Return the attempts that succeed."""
    with _targets() as names, sandbox.worker(_LIMITS) as worker:
        worker.ask("given", list(names.values()), seconds=5, name="target", keys=list(names))
        return [attempt for attempt in attempts if _succeeds(worker, attempt.source)]


def _succeeds(worker: Worker, source: str) -> bool:
    reply = worker.ask("run", seconds=10, cell=1, source=source)
    if reply.problem is None:
        return True
    return reply.problem.kind is not ProblemKind.EXCEPTION or reply.problem.type not in _REFUSALS


@contextmanager
def marked() -> Iterator[None]:
    """Set an environment variable that no worker must see; to be done before the sandbox starts."""
    os.environ[MARK] = "seen"
    try:
        yield
    finally:
        del os.environ[MARK]


@contextmanager
def _targets() -> Iterator[dict[str, object]]:
    """Make what is to be reached: files that only we may read, or everybody."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        secret, everybodys = Path(folder, "secret"), Path(folder, "open")
        for path in (secret, everybodys):
            path.write_text("secret\n")
        secret.chmod(0o600)
        everybodys.chmod(0o644)
        Path(folder).chmod(0o711)
        yield {
            "secret": str(secret),
            "folder": folder,
            "user": os.getuid(),
            "open": str(everybodys),
            "judge": os.getpid(),
            "memory": _LIMITS.memory_bytes,
            "file": confine.MAX_FILE_BYTES,
            "files": confine.MAX_OPEN_FILES,
            "mark": MARK,
        }
