# %%
# Asks whether it could signal all processes, its group, and single ones.
import os
for pid in (-1, 1, os.getppid()):
    try: os.kill(pid, 0); print("BREACH", pid)
    except OSError as error: print(type(error).__name__)
