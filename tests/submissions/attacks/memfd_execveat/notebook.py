# %%
# Runs a program from memory.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
parent = os.getppid()
try:
    fd = os.memfd_create("program")
    os.write(fd, b"#!/bin/sh\necho BREACH\n")
    os.execve(fd, ["program"], {})
except Exception as error:
    print(type(error).__name__)
