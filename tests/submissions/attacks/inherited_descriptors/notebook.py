# %%
# Looks for open files that it has inherited.
import os
for number in range(4, 1024):
    try: kind = os.fstat(number).st_mode >> 12
    except OSError: continue
    try: print(number, kind, b"MARKER" in os.pread(number, 100_000, 0))
    except OSError: pass
