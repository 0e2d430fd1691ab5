# %%
# Puts modules and IPython's start files in the home of the warm parent.
import os
for path in ("../parent/numpy.py", "../parent/profile_default/startup/0.py", os.path.expanduser("~root/.ipython/0.py"), "../numpy.py"):
    try: open(path, "x").close(); print("BREACH", path)
    except OSError as error: print(type(error).__name__)
