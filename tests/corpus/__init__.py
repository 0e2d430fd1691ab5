"""Answers to this repository's assignments, right and wrong, to judge the judge by.

Everything here is data: code as a student could have handed it in, and what must become of it. Nothing is taken from
a master, neither code nor the names of mistakes, so that what is found wrong with an answer can be held against
somebody else's opinion.

- `RIGHT`: right answers in many styles. Each says which minor steps it loses; nothing else may be lost. Some are right
  although something is missing or doubled: the bias of the keys, for one, adds the same number to all scores of a query,
  so that no softmax over the keys can see it.
- `WRONG`: wrong answers, each in several styles of coding. A mistake has a name, its slug, and where one slug has
  several forms that give different numbers, the form follows after a colon: `softmax-over-everything`,
  `attention-over-features:both`. `labels` are all slugs that name an answer rightly: mistakes that give the same
  numbers for all inputs cannot be told apart, and each is as good a name as the other. `steps` are the steps, by their
  names in the master, that these mistakes belong to: the answer should lose one of them.
- `random_functions(question, count)`: functions that are wrong and have nothing to do with any mistake: no name fits.
- `random_lines(count)`: the same for a token's query, key and value.

Orientation, to have it in one place. Let S = K^T Q, with a row for each key and a column for each query, and V
softmax(S) the right answer, the softmax over the keys. There are three things that can be turned round: the scores
(Q^T K), the softmax (over the queries, the axis that is not meant) and the weights (transposed before V is multiplied).
Of the eight combinations two are right and six are wrong, and these are the same in pairs:

| turned round | is the same as |
|---|---|
| softmax | scores and weights |
| scores | softmax and weights |
| weights | scores and softmax |
| all three | nothing turned round: right |

`tests/test_corpus.py` holds these and all other equivalences against numbers, and every answer against the judge.
"""

from .entries import MULTI, SELF, Right, Wrong
from .random_functions import SIGNATURES, random_functions, random_lines
from .right import RIGHT
from .wrong import MISTAKES, SAME, WRONG

__all__ = [
    "MISTAKES",
    "MULTI",
    "RIGHT",
    "SAME",
    "SELF",
    "SIGNATURES",
    "WRONG",
    "Right",
    "Wrong",
    "random_functions",
    "random_lines",
]
