"""Ways to break out of the sandbox, each with the layers that must stop it."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.layers import FILE_LAYERS, Layer

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
    Attempt(
        what="read a file of yours",
        stopped_by=FILE_LAYERS,
        source="""
open(target["secret"]).read()
""",
    ),
    Attempt(
        what="list a folder of yours",
        stopped_by=FILE_LAYERS,
        source="""
import os
os.listdir(target["folder"])
""",
    ),
    Attempt(
        what="change a file of yours",
        stopped_by=FILE_LAYERS,
        source="""
open(target["secret"], "a").write("x")
""",
    ),
    Attempt(
        what="be the user who grades",
        stopped_by=(Layer.USER,),
        source="""
import os
if os.getuid() != target["user"]:
    raise PermissionError("another")
""",
    ),
    Attempt(
        what="leave a file in /tmp",
        stopped_by=(Layer.LANDLOCK, Layer.BUBBLEWRAP),
        source="""
import os, tempfile
handle = open("/tmp/true-values-doctor-" + str(os.getpid()), "x")
os.remove(handle.name)
""",
    ),
    Attempt(
        what="see other processes",
        stopped_by=(Layer.LANDLOCK, Layer.BUBBLEWRAP),
        source="""
open("/proc/" + str(target["judge"]) + "/cmdline").read()
""",
    ),
    Attempt(
        what="read a list of users",
        stopped_by=(Layer.LANDLOCK, Layer.BUBBLEWRAP),
        source="""
open("/etc/passwd").read()
""",
    ),
    Attempt(
        what="change the mode of a file of yours",
        stopped_by=(Layer.USER, Layer.SECCOMP, Layer.BUBBLEWRAP),
        source="""
import os
before = os.stat(target["open"]).st_mode
os.chmod(target["open"], 0o604)
if os.stat(target["open"]).st_mode == before:
    raise PermissionError("unchanged")
""",
    ),
    Attempt(
        what="open a TCP connection",
        stopped_by=(Layer.SECCOMP,),
        source="""
import socket
socket.socket(socket.AF_INET)
""",
    ),
    Attempt(
        what="send a UDP packet",
        stopped_by=(Layer.SECCOMP,),
        source="""
import socket
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
""",
    ),
    Attempt(
        what="reach a service of this machine",
        stopped_by=(Layer.SECCOMP,),
        source="""
import socket
socket.socket(socket.AF_UNIX)
""",
    ),
    Attempt(
        what="watch the network",
        stopped_by=(Layer.SECCOMP,),
        source="""
import socket
socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
""",
    ),
    Attempt(
        what="start a process",
        stopped_by=(Layer.SECCOMP,),
        source="""
import os
if os.fork() == 0:
    os._exit(0)
""",
    ),
    Attempt(
        what="start a program",
        stopped_by=(Layer.SECCOMP, Layer.LANDLOCK),
        source="""
import subprocess, sys
subprocess.run([sys.executable, "-c", ""])
""",
    ),
    Attempt(
        what="signal the judge",
        stopped_by=(Layer.SECCOMP, Layer.USER),
        source="""
import os
os.kill(target["judge"], 0)
""",
    ),
    Attempt(
        what="trace a process",
        stopped_by=(Layer.SECCOMP,),
        source=_CALL
        + """
try:
    call((101, 117), 0x4201, 0, 0, 0)
except ProcessLookupError:
    pass
""",
    ),
    Attempt(
        what="read another process's memory",
        stopped_by=(Layer.SECCOMP,),
        source=_CALL
        + """
call((310, 270), os.getpid(), 0, 0, 0, 0, 0)
""",
    ),
    Attempt(
        what="lower its own limits, to be ended by them",
        stopped_by=(Layer.SECCOMP,),
        source=_CALL
        + """
call((302, 261), 0, 4, bytes(16), 0)
""",
    ),
    Attempt(
        what="take room on the disk beyond the size of its files",
        stopped_by=(Layer.SECCOMP,),
        source=_CALL
        + """
with open("file", "w") as file:
    call((285, 47), file.fileno(), 1, ctypes.c_long(0), ctypes.c_long(4096))
""",
    ),
    Attempt(
        what="read the clock of another process",
        stopped_by=(Layer.SECCOMP,),
        source="""
import os, time
time.clock_gettime((~os.getpid() << 3) | 2)
""",
    ),
    Attempt(
        what="use io_uring",
        stopped_by=(Layer.SECCOMP,),
        source=_CALL
        + """
call(425, 1, bytes(120))
""",
    ),
    Attempt(
        what="keep a secret in the kernel's keys",
        stopped_by=(Layer.SECCOMP,),
        source=_CALL
        + """
call((250, 219), 6, -3, 0, 0, 0)
""",
    ),
    Attempt(
        what="share memory with another worker",
        stopped_by=(Layer.SECCOMP,),
        source=_CALL
        + """
call((29, 194), 0, 4096, 0o1600)
""",
    ),
    Attempt(
        what="make a namespace",
        stopped_by=(Layer.SECCOMP,),
        source=_CALL
        + """
call((272, 97), 0)
""",
    ),
    Attempt(
        what="gain privileges",
        stopped_by=(Layer.PRIVILEGES,),
        source=_CALL
        + """
if libc.prctl(39, 0, 0, 0, 0) == 1:
    raise PermissionError("none to gain")
""",
    ),
    Attempt(
        what="take more memory than it may",
        stopped_by=(Layer.LIMITS,),
        source="""
import numpy
numpy.empty(target["memory"] // 8)
""",
    ),
    Attempt(
        what="write a file without end",
        stopped_by=(Layer.LIMITS,),
        source="""
with open("large", "wb") as file:
    file.seek(target["file"])
    file.write(bytes(10))
""",
    ),
    Attempt(
        what="open files without end",
        stopped_by=(Layer.LIMITS,),
        source="""
kept = [open("/dev/null") for _ in range(target["files"])]
del kept
""",
    ),
    Attempt(
        what="leave a core dump",
        stopped_by=(Layer.LIMITS,),
        source="""
import resource
if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
    raise PermissionError("none")
""",
    ),
    Attempt(
        what="outlive its parent",
        stopped_by=(Layer.PARENT,),
        source=_CALL
        + """
told = ctypes.c_int()
libc.prctl(2, ctypes.byref(told), 0, 0, 0)
if told.value == 9:
    raise PermissionError("cannot")
""",
    ),
    Attempt(
        what="use a file that another has opened",
        stopped_by=(Layer.DESCRIPTORS,),
        source="""
import os
for number in range(4, 1024):
    try:
        os.fstat(number)
        break
    except OSError:
        pass
else:
    raise PermissionError("none is open")
""",
    ),
    Attempt(
        what="read your environment variables",
        stopped_by=(Layer.ENVIRONMENT,),
        source="""
import os
if target["mark"] not in os.environ:
    raise PermissionError("not there")
""",
    ),
)
