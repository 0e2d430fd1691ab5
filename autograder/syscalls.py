"""The system calls that a worker may make: a list of what may be, compiled by libseccomp.

What is not listed is refused with `EPERM`. The compiled filter is handed to the workers, whose
Python need not have libseccomp.
"""

from __future__ import annotations

import errno
import os
from types import ModuleType

from autograder.errors import SandboxError

ALLOWED = """
    brk mmap mmap2 munmap mremap mprotect madvise msync membarrier rseq
    read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek _llseek
    open openat openat2 creat close close_range fsync fdatasync ftruncate ftruncate64 truncate truncate64
    sendfile sendfile64 copy_file_range dup dup2 dup3 pipe pipe2 eventfd eventfd2
    stat stat64 fstat fstat64 lstat lstat64 newfstatat fstatat64 statx statfs statfs64 fstatfs fstatfs64
    access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd chdir fchdir
    mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat
    clock_getres clock_getres_time64 clock_nanosleep clock_nanosleep_time64
    nanosleep gettimeofday time times getitimer setitimer alarm
    timer_create timer_settime timer_settime64 timer_gettime timer_gettime64 timer_getoverrun timer_delete
    timerfd_create timerfd_settime timerfd_settime64 timerfd_gettime timerfd_gettime64
    rt_sigaction rt_sigprocmask rt_sigreturn sigreturn rt_sigpending rt_sigtimedwait rt_sigtimedwait_time64
    rt_sigsuspend sigaltstack pause restart_syscall
    futex futex_time64 futex_waitv set_robust_list get_robust_list set_tid_address gettid sched_yield
    arch_prctl set_thread_area exit exit_group wait4 waitid
    getpid getppid getpgid getpgrp getsid getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32
    getresuid getresuid32 getresgid getresgid32 getgroups getgroups32 capget
    uname sysinfo getrusage getcpu getrandom getrlimit ugetrlimit getpriority
    sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min
    poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64
    epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
    send sendto sendmsg recv recvfrom recvmsg shutdown getsockopt getsockname getpeername
""".split()

WITH_PROGRAMS = "fork vfork execve execveat".split()
"""Calls that are allowed too where an assignment lets notebooks start programs."""

PRETENDED = """
    chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 lchown lchown32 fchownat
    utime utimes utimensat utimensat_time64 futimesat flock umask
""".split()
"""Calls that do nothing and say that they did: file modes, owners, times and locks.

Landlock does not watch them, so with them a worker could harm files that it may not open, or pass
word to another one; libraries that copy files call them, and would stop if they were refused.
"""

UNSUPPORTED = {
    errno.ENOTSUP: """
        getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
        setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
    """.split(),
    errno.ENOSYS: ["clone3"],  # its flags are behind a pointer: libraries then use `clone`
}

_PRCTL = (2, 3, 15, 16, 21, 23, 39, 0x53564D41)
"""Names of threads and of memory, and questions."""
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032, 1034)
"""Copies of descriptors, and their flags; questions."""
_FCNTL_LOCKS = (5, 6, 7, 36, 37, 38)
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Terminal or not, its size, bytes to read, blocking or not, closed by exec or not."""

_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020080
_NEGATIVE = 0x80000000
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE = 1, 1, 0xF


def compiled(*, programs: bool, signals: bool) -> bytes:
    """Return the filter as BPF instructions for this machine's kernel.

    Args:
        programs: whether workers may start processes and programs.
        signals: whether, if they may, they may signal them too: only where another layer keeps
            signals from everyone else.

    Raises:
        SandboxError: if libseccomp is not installed.
    """
    library = _library()
    rules = library.SyscallFilter(library.ERRNO(errno.EPERM))
    rules.set_attr(library.Attr.CTL_OPTIMIZE, 2)  # a binary tree, not a list
    for name in ALLOWED + (WITH_PROGRAMS if programs else []):
        _add(library, rules, library.ALLOW, name)
    if programs and signals:
        for name in ("kill", "tgkill"):
            _add(library, rules, library.ALLOW, name)
    for name in PRETENDED:
        _add(library, rules, library.ERRNO(0), name)
    for number, names in UNSUPPORTED.items():
        for name in names:
            _add(library, rules, library.ERRNO(number), name)
    equal, masked = library.EQ, library.MASKED_EQ
    for name, position, values in (("prctl", 0, _PRCTL), ("fcntl", 1, _FCNTL), ("fcntl64", 1, _FCNTL)):
        for value in values:
            _add(library, rules, library.ALLOW, name, library.Arg(position, equal, value))
    for name in ("fcntl", "fcntl64"):
        for value in _FCNTL_LOCKS:
            _add(library, rules, library.ERRNO(0), name, library.Arg(1, equal, value))
    for value in _IOCTL:
        _add(library, rules, library.ALLOW, "ioctl", library.Arg(1, equal, value))
    # questions only: who lowers its own limits could be ended by them, and seem to be killed by somebody else
    no_new_limit = library.Arg(2, equal, 0)
    _add(library, rules, library.ALLOW, "prlimit64", library.Arg(0, equal, 0), no_new_limit)
    # with other modes, it takes room on the disk without a file's size telling of it
    _add(library, rules, library.ALLOW, "fallocate", library.Arg(1, equal, 0))
    for name in ("clock_gettime", "clock_gettime64"):  # negative: another process's
        _add(library, rules, library.ALLOW, name, library.Arg(0, masked, _NEGATIVE, 0))
    _add(
        library, rules, library.ALLOW, "socketpair",
        library.Arg(0, equal, _AF_UNIX), library.Arg(1, masked, _SOCK_TYPE, _SOCK_STREAM),
    )  # fmt: skip
    if programs:
        no_namespace = library.Arg(0, masked, _CLONE_NAMESPACES, 0)
        _add(library, rules, library.ALLOW, "clone", no_namespace)
    else:
        a_thread = library.Arg(0, masked, _CLONE_THREAD, _CLONE_THREAD)
        _add(library, rules, library.ALLOW, "clone", a_thread)
    return _exported(rules)


def _library() -> ModuleType:
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError) as error:
        raise SandboxError(
            f"system calls cannot be filtered: {error}",
            next_step="Install libseccomp: `apt-get install libseccomp2` or `dnf install libseccomp`.",
        ) from None
    return pyseccomp  # type: ignore[no-any-return]


def _add(library: ModuleType, rules: object, action: int, name: str, *arguments: object) -> None:
    """Add a rule, unless this machine or its libseccomp has no such call."""
    number = library.resolve_syscall(library.Arch.NATIVE, name)
    if number >= 0:
        rules.add_rule(action, number, *arguments)  # type: ignore[attr-defined]


def _exported(rules: object) -> bytes:
    with os.fdopen(os.memfd_create("filter"), "r+b") as file:
        rules.export_bpf(file)  # type: ignore[attr-defined]
        file.seek(0)
        return file.read()
