# %%
# Forks again and again.
import os, time
for _ in range(20):
    try:
        if os.fork() == 0: time.sleep(3); os._exit(0)
        print("BREACH")
    except OSError: pass
