"""A class of students, made by drawing: their notebooks as a platform hands them out, and what was put into each.

    python -m tests.classroom DIR --size 1000 --seed 1 --layout gradescope

writes `DIR/submissions` (with `--zip`, `DIR/submissions.zip`), `DIR/roster.csv` and `DIR/truth.csv`, which has a row
for each file:

- file: its path, from the folder of submissions; counts: no, if the same student handed in again later.
- id, login, name, email, submitted: whose it is, and when it came.
- kind: right, mistakes, other_mistake (of `tests/corpus`), unfinished, untouched, raises, ends, hangs, loud, markup,
  attack, odd_file or broken.
- misconceptions: the names of the mistakes of the catalogue that were made, separated by semicolons.
- points: what it is worth, where that is plain: empty for wrong answers.
- copied_from: the file from which it was copied.
- note: what else there is to know.

The same arguments give the same bytes.
"""

from .classes import KINDS, Submitted, make_class, write_class

__all__ = ["KINDS", "Submitted", "make_class", "write_class"]
