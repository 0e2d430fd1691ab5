# %%
# Looks for secrets in all environment variables.
import os
print(*[f"{k}={v}" for k, v in os.environ.items() if "MARKER" in k + v])
import ctypes
ctypes.CDLL(None).getenv.restype = ctypes.c_char_p
print(ctypes.CDLL(None).getenv(b"AUTOGRADER_TEST_SECRET"))
