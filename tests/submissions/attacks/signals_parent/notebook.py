# %%
# Kills the warm parent.
try:
    import os, signal
    os.kill(os.getppid(), signal.SIGKILL)
    print("BREACH")
except Exception as error:
    print(type(error).__name__)
