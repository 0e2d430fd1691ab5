# %%
# Makes system calls that open ways round: io_uring, keys, bpf, perf, namespaces (x86-64 numbers).
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
parent = os.getppid()
import platform
calls = {"io_uring_setup": (425, 4, buffer), "keyctl": (250, 0, -3, 0), "bpf": (321, 0, buffer, 48), "perf": (298, buffer, 0, -1, -1, 0), "unshare": (272, 0x10000000), "setns": (308, 0, 0), "userfaultfd": (323, 1), "pidfd_open": (434, parent, 0)}
if platform.machine() == "x86_64":
    for name, call in calls.items():
        if libc.syscall(*call) >= 0: print("BREACH", name)
