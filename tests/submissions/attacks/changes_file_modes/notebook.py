# %%
# Changes modes, times and attributes of files that are not its own.
import os, sys
places = {os.path.dirname(os.__file__), *sys.path} - {""}
try:
    import numpy
    for path in (numpy.__file__, "..", os.__file__, "/tmp"):
        for change in (lambda: os.chmod(path, os.stat(path).st_mode & 0o7777), lambda: os.setxattr(path, "user.mark", b"1")):
            try: change()
            except OSError as error: print(type(error).__name__)
except Exception as error:
    print(type(error).__name__)
