# %%
# Makes symbolic and hard links to files outside, and reads through them.
import os
for number, path in enumerate(("../.judge", "/etc/shadow", "/etc/hostname", "/proc/1/environ")):
    for make in (os.symlink, os.link):
        try:
            name = f"{make.__name__}{number}"
            make(path, name); open(name, "rb").read(); print("BREACH", name)
        except OSError as error: print(type(error).__name__)
