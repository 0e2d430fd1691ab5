# %%
# Makes folders within folders without end.
try:
    import os
    for _ in range(900):
        os.mkdir("d"); os.chdir("d")
except Exception as error:
    print(type(error).__name__)
