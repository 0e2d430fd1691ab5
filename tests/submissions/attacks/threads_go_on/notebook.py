# %%
# Starts threads that go on after the cell.
import threading, time
def on():
    for _ in range(100): time.sleep(0.1)
for _ in range(5): threading.Thread(target=on).start()
