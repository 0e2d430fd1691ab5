# %%
# Opens the files of Python and NumPy for writing, and makes new ones beside them.
import os, sys
places = {os.path.dirname(os.__file__), *sys.path} - {""}

import numpy
for path in (numpy.__file__, os.__file__, json_file := os.path.dirname(os.__file__) + "/json/__init__.py"):
    try: open(path, "r+b").close(); print("BREACH", path)
    except OSError as error: print(type(error).__name__)
for place in places:
    try:
        open(place + "/planted.pth", "x").close(); print("BREACH", place); os.unlink(place + "/planted.pth")
    except OSError: pass
