# %%
# Fills the disk with many files.
try:
    for number in range(30000): open(f"f{number}", "x").close()
except Exception as error:
    print(type(error).__name__)
