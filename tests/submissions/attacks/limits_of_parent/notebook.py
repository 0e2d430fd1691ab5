# %%
# Reads and sets limits of the warm parent.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
parent = os.getppid()
if libc.prlimit(parent, 7, None, buffer) == 0: print("BREACH")
