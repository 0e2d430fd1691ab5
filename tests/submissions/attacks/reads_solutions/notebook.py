# %%
# Reads the reference in every solutions folder above it.
import os, sys
up = []
for base in [os.getcwd(), *sys.path]:
    for _ in range(6):
        base = os.path.dirname(base)
        up.append(base)

import glob, os
places = [base + "/solutions/*.py" for base in up] + ["/tmp/*/*/*/solutions/*.py", "/proc/self/cwd/../../*/solutions/*"]
for place in places:
    for path in glob.glob(place)[:40]:
        try:
            with open(path, "rb") as file:
                text = file.read(1_000_000)
            if b"MARKER" in text:
                print("BREACH", text[text.index(b"MARKER"):][:80])
        except OSError as error:
            print(type(error).__name__)
