# %%
# Mounts file systems and changes its root.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
parent = os.getppid()
for done in (lambda: libc.mount(b"tmpfs", b".", b"tmpfs", 0, None), lambda: libc.chroot(b"."), lambda: libc.unshare(0x10020000)):
    if done() == 0: print("BREACH")
