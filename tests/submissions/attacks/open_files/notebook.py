# %%
# Opens as many files as it can.
try:
    kept = []
    for number in range(5000): kept.append(open("/dev/null"))
    print("BREACH")
except Exception as error:
    print(type(error).__name__)
