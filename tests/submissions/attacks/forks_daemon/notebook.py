# %%
# Forks twice to leave a daemon behind.
try:
    import os, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: time.sleep(8)
        os._exit(0)
    print("BREACH")
except Exception as error:
    print(type(error).__name__)
