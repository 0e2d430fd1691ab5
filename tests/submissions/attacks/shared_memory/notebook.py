# %%
# Passes word by System V shared memory, POSIX queues and locks.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
parent = os.getppid()
import fcntl
for call in (lambda: libc.shmget(7319, 4096, 0o1666), lambda: libc.semget(7319, 1, 0o1666), lambda: libc.msgget(7319, 0o1666)):
    if call() >= 0: print("BREACH")
if libc.syscall(240, b"/planted", 0o102, 0o666, None) >= 0: print("BREACH")
