# %%
# Reads the tests and the grader's own modules, wherever they may be.
import os, sys
up = []
for base in [os.getcwd(), *sys.path]:
    for _ in range(6):
        base = os.path.dirname(base)
        up.append(base)
seen = [base + '/' + d for base in up for d in ('tests/test_*.py', 'autograder/*.py', 'results/*')]
import glob
for path in {p for s in seen for p in glob.glob(s)}:
    try:
        open(path).read()
        if '/tests/test_attacks' in path or '/results/' in path: print('BREACH', path)
    except OSError: pass
try:
    import autograder.judge
    print('BREACH import')
except (ImportError, OSError) as error: print(type(error).__name__)
