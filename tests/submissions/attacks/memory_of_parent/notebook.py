# %%
# Reads the memory, maps, descriptors and command line of its parent.
import os
for name in ("mem", "maps", "cmdline", "environ", "fd", "root/etc/shadow", "cwd", "stack"):
    for who in (str(os.getppid()), "1"):
        path = f"/proc/{who}/{name}"
        try:
            os.listdir(path) if name in ("fd", "cwd") else open(path, "rb").read(10)
            print("BREACH", path)
        except OSError as error: print(type(error).__name__)
