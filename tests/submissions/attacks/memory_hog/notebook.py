# %%
# Takes as much memory as it can.
try:
    kept = [bytearray(0) for _ in range(3)]
    kept.append(bytearray(64 * 2**30))
    print("BREACH")
except MemoryError as error:
    print(type(error).__name__)
