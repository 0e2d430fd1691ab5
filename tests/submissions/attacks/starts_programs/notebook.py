# %%
# Starts a program that goes on.
import os, subprocess
for start in (lambda: subprocess.Popen(["/bin/sleep", "8"]), lambda: os.posix_spawn("/bin/sleep", ["sleep", "8"], {}), lambda: os.execv("/bin/true", ["true"])):
    try:
        start(); print("BREACH")
    except OSError as error: print(type(error).__name__)
