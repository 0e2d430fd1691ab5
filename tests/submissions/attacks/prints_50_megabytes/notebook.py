# %%
# Prints 50 MB.
for _ in range(50): print("x" * 2**20)
