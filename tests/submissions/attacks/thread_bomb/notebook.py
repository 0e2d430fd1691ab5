# %%
# Starts as many threads as it can.
import threading
stop = threading.Event()
try:
    for _ in range(2000): threading.Thread(target=stop.wait, daemon=True).start()
except (RuntimeError, MemoryError) as error: print(error)
stop.set()
