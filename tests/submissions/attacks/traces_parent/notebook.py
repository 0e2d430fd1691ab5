# %%
# Reads its parent's memory by ptrace and process_vm_readv.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
parent = os.getppid()
libc.ptrace.restype = ctypes.c_long
if libc.ptrace(0x4206, parent, None, None) == 0:
    print("BREACH"); libc.ptrace(17, parent, None, None)
iov = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64)
remote = (ctypes.c_void_p * 2)(id(libc), 64)
if libc.process_vm_readv(parent, iov, 1, remote, 1, 0) > 0: print("BREACH")
