# %%
# Looks for secrets in the environment of all processes.
import glob, os
places = ["/proc/[0-9]*/environ", "/proc/self/environ", "/proc/self/task/*/environ"]
for place in places:
    for path in glob.glob(place)[:40]:
        try:
            with open(path, "rb") as file:
                text = file.read(1_000_000)
            if b"MARKER" in text:
                print("BREACH", text[text.index(b"MARKER"):][:80])
        except OSError as error:
            print(type(error).__name__)
