"""Right answers in many styles, and what each of them loses."""

from __future__ import annotations

import textwrap
from typing import Any

from .entries import (
    GLOBALS,
    HEADS,
    IMPORT,
    MATRIX,
    MULTI_ARGUMENTS,
    QUERIES_KEYS_VALUES,
    SELF_ARGUMENTS,
    STABLE,
    TOKENS,
    TWO_HEADS,
    UNCHANGED,
    WEIGHTS,
    Right,
    edited,
    in_cells,
)
from .wrong_attention import BODIES, SCALE, SCORES, SOFTMAX, E, L, M, R
from .wrong_attention import WEIGHTS as TRANSPOSED
from .wrong_heads import two_heads
from .wrong_softmax import OF_A_LIST, OF_COLUMNS


def _right(question: str, name: str, code: str, *loses: str, **more: Any) -> Right:
    return Right(name=name, question=question, code=code, loses=frozenset(loses), **more)


# ---------------------------------------------------------------- softmax of a list

SOFTMAXES = [
    _right("softmax", "arrays", OF_A_LIST["arrays"]),
    _right("softmax", "loops", OF_A_LIST["loops"]),
    _right("softmax", "nested comprehensions", OF_A_LIST["comprehension"], STABLE),
    _right(
        "softmax",
        "no maximum",
        "def softmax(items_in):\n  # TODO Compute the elements of items_out\n  # Replace this code:\n  items_out = np.exp(items_in) / np.sum(np.exp(items_in))\n  return items_out ;",
        STABLE,
    ),
    _right(
        "softmax",
        "lambda",
        "softmax = lambda x: np.exp(np.asarray(x) - np.max(x)) / np.sum(np.exp(np.asarray(x) - np.max(x)))",
    ),
    _right(
        "softmax",
        "log-sum-exp",
        "def softmax(items_in):\n    z = np.ravel(items_in)\n    return np.exp(z - np.logaddexp.reduce(z))",
    ),
    _right(
        "softmax",
        "log-sum-exp by hand",
        "def logsumexp(z):\n    m = np.max(z)\n    return m + np.log(np.sum(np.exp(z - m)))\ndef softmax(items_in):\n    z = np.array(items_in)\n    return np.exp(z - logsumexp(z))",
    ),
    _right(
        "softmax",
        "differences",
        "def softmax(items_in):\n    z = np.ravel(items_in)\n    with np.errstate(over='ignore'):\n        return 1 / np.sum(np.exp(z[None, :] - z[:, None]), axis=1)",
        why="1 / infinity is 0, as it should be",
    ),
    _right(
        "softmax",
        "math.exp",
        "import math\ndef softmax(items_in):\n    e = [math.exp(i - max(items_in)) for i in items_in]\n    return [i / sum(e) for i in e]",
    ),
    _right(
        "softmax",
        "math.exp without maximum",
        "import math\ndef softmax(items_in):\n    e = [math.exp(i) for i in items_in]\n    return [i / sum(e) for i in e]",
        STABLE,
    ),
    _right(
        "softmax",
        "math.e",
        "import math\ndef softmax(items_in):\n    largest = max(items_in)\n    powers = [math.e ** (i - largest) for i in items_in]\n    return np.array(powers) / math.fsum(powers)",
    ),
    _right(
        "softmax",
        "generator",
        "def softmax(items_in):\n    def exponentials():\n        for item in items_in:\n            yield np.exp(item - max(items_in))\n    total = sum(exponentials())\n    return [e / total for e in exponentials()]",
    ),
    _right(
        "softmax",
        "map",
        "def softmax(items_in):\n    top = max(items_in)\n    e = list(map(lambda i: np.exp(i - top), items_in))\n    return list(map(lambda i: i / sum(e), e))",
    ),
    _right(
        "softmax",
        "np.vectorize",
        "shifted_exp = np.vectorize(lambda x, m: np.exp(x - m))\ndef softmax(items_in):\n    e = shifted_exp(items_in, np.max(items_in))\n    return e / e.sum()",
    ),
    _right(
        "softmax",
        "walrus",
        "def softmax(items_in):\n    return (e := np.exp(np.array(items_in) - np.max(items_in))) / e.sum()",
    ),
    _right(
        "softmax",
        "while loop",
        "def softmax(items_in):\n    n = 0\n    total = 0.0\n    out = []\n    while n < len(items_in):\n        out += [np.exp(items_in[n] - max(items_in))]\n        total += out[n]\n        n += 1\n    while n > 0:\n        n -= 1\n        out[n] /= total\n    return out",
    ),
    _right(
        "softmax",
        "recursion",
        "def total(items, top):\n    return 0 if len(items) == 0 else np.exp(items[0] - top) + total(items[1:], top)\ndef softmax(items_in):\n    top = max(items_in)\n    return [np.exp(i - top) / total(items_in, top) for i in items_in]",
    ),
    _right(
        "softmax",
        "class with __call__",
        "class Softmax:\n    def __init__(self, axis=0):\n        self.axis = axis\n    def __call__(self, items_in):\n        z = np.array(items_in) - np.max(items_in)\n        return np.exp(z) / np.exp(z).sum(axis=self.axis)\nsoftmax = Softmax()",
    ),
    _right(
        "softmax",
        "functools.partial",
        "from functools import partial\ndef normalised(f, items):\n    return f(items) / np.sum(f(items))\nsoftmax = partial(normalised, lambda z: np.exp(z - np.max(z)))",
    ),
    _right(
        "softmax",
        "decorator",
        "def stable(f):\n    def wrapped(z):\n        return f(np.array(z) - np.max(z))\n    return wrapped\n@stable\ndef softmax(items_in):\n    return np.exp(items_in) / np.exp(items_in).sum()",
    ),
    _right(
        "softmax",
        "type hints and a docstring",
        'from typing import List\ndef softmax(items_in: List[float]) -> np.ndarray:\n    """Return positive weights that sum to one.\n\n    Subtracts the maximum first.\n    """\n    z: np.ndarray = np.asarray(items_in, dtype=np.float64)\n    z = z - z.max()\n    e: np.ndarray = np.exp(z)\n    return e / e.sum()',
    ),
    _right(
        "softmax",
        "keyword with a default",
        "def softmax(items_in, temperature=1.0):\n    z = np.array(items_in) / temperature\n    e = np.exp(z - z.max())\n    return e / e.sum()",
    ),
    _right(
        "softmax",
        "float32",
        "def softmax(items_in):\n    z = np.array(items_in, dtype=np.float32)\n    e = np.exp(z - z.max())\n    return e / e.sum()",
        why="compared to single precision",
    ),
    _right(
        "softmax",
        "as a column",
        "def softmax(items_in):\n    z = np.array(items_in).reshape(-1, 1)\n    e = np.exp(z - z.max())\n    return e / e.sum()",
        why="the shape of a list of numbers does not matter",
    ),
    _right(
        "softmax",
        "as a row",
        "def softmax(items_in):\n    z = np.array(items_in).reshape(1, -1)\n    e = np.exp(z - z.max())\n    return e / e.sum()",
    ),
    _right(
        "softmax",
        "a tuple of numbers",
        "def softmax(items_in):\n    z = np.array(items_in) - np.max(items_in)\n    return tuple(np.exp(z) / np.exp(z).sum())",
    ),
    _right(
        "softmax",
        "wants an array",
        "def softmax(items_in):\n    e = np.exp(items_in - items_in.max())\n    return e / e.sum(axis=0)",
        why="a list has no `max`: it is tried with an array too",
    ),
    _right(
        "softmax",
        "wants arrays of shape (1, 1)",
        "def softmax(items_in):\n    z = np.array([item[0][0] for item in items_in])\n    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()",
    ),
    _right(
        "softmax",
        "in place on the argument",
        "def softmax(items_in):\n    top = max(items_in)\n    for n in range(len(items_in)):\n        items_in[n] = items_in[n] - top\n    return np.exp(items_in) / np.exp(items_in).sum()",
        UNCHANGED,
    ),
    _right(
        "softmax",
        "size of the notebook",
        "def softmax(items_in):\n    e = np.zeros(N)\n    for n in range(N):\n        e[n] = np.exp(items_in[n] - max(items_in))\n    return e / e.sum()",
        GLOBALS,
    ),
    _right(
        "softmax",
        "size of the notebook and no maximum",
        "def softmax(items_in):\n    total = 0\n    for i in range(N):\n        total += np.exp(items_in[i])\n    return [np.exp(items_in[i]) / total for i in range(N)]",
        STABLE,
        GLOBALS,
    ),
    _right(
        "softmax",
        "minimum subtracted",
        "def softmax(items_in):\n    z = np.array(items_in) - np.min(items_in)\n    return np.exp(z) / np.exp(z).sum()",
        STABLE,
        why="large scores still overflow",
    ),
    _right(
        "softmax",
        "mean subtracted",
        "def softmax(items_in):\n    z = np.array(items_in) - np.mean(items_in)\n    return np.exp(z) / np.exp(z).sum()",
        STABLE,
    ),
    _right(
        "softmax",
        "clipped",
        "def softmax(items_in):\n    z = np.clip(items_in, -500, 500)\n    return np.exp(z) / np.exp(z).sum()",
        STABLE,
        why="no infinity, but large scores become equal",
    ),
    _right(
        "softmax",
        "largest magnitude subtracted",
        "def softmax(items_in):\n    z = np.array(items_in) - np.max(np.abs(items_in))\n    return np.exp(z) / np.exp(z).sum()",
        STABLE,
        why="all scores far below zero underflow to 0 / 0",
    ),
    _right(
        "softmax",
        "small number added to the sum",
        "def softmax(items_in):\n    e = np.exp(np.array(items_in) - np.max(items_in))\n    return e / (e.sum() + 1e-12)",
        why="below any tolerance",
    ),
    _right(
        "softmax",
        "prints everywhere",
        'def softmax(items_in):\n    print("items_in", items_in)\n    e = np.exp(np.array(items_in) - np.max(items_in))\n    print("e", e)\n    items_out = e / e.sum()\n    print("items_out", items_out, "sum", sum(items_out))\n    return items_out',
    ),
    _right(
        "softmax",
        "defined twice, the second time right",
        "def softmax(items_in):\n    return items_in\n# %%\ndef softmax(items_in):\n    e = np.exp(np.array(items_in) - np.max(items_in))\n    return e / e.sum()",
    ),
    _right(
        "softmax",
        "Counter and dict",
        "def softmax(items_in):\n    exps = {n: np.exp(x - max(items_in)) for n, x in enumerate(items_in)}\n    return [exps[n] / sum(exps.values()) for n in sorted(exps)]",
    ),
    _right(
        "softmax",
        "tanh for two, one after the other",
        "def softmax(items_in):\n    z = np.array(items_in, dtype=float)\n    logs = np.array([np.logaddexp.reduce(z - each) for each in z])\n    return np.exp(-logs)",
    ),
    _right(
        "softmax",
        "np.matrix",
        "def softmax(items_in):\n    z = np.matrix(items_in)\n    e = np.exp(z - z.max())\n    return e / e.sum()",
    ),
    _right(
        "softmax",
        "imports of its own",
        "def softmax(items_in):\n    import numpy\n    from numpy import exp\n    z = numpy.array(items_in)\n    return exp(z - z.max()) / exp(z - z.max()).sum()",
    ),
]

# ---------------------------------------------------------------- softmax of columns

COLUMNS = [
    _right("softmax_cols", "arrays", OF_COLUMNS["arrays"]),
    _right("softmax_cols", "loops", OF_COLUMNS["loops"]),
    _right("softmax_cols", "list of columns", OF_COLUMNS["comprehension"]),
    _right(
        "softmax_cols",
        "no maximum",
        "def softmax_cols(data_in):\n  # Exponentiate all of the values\n  exp_values = np.exp(data_in) ;\n  # Sum over columns\n  denom = np.sum(exp_values, axis = 0);\n  # Replicate denominator to N rows\n  denom = np.matmul(np.ones((data_in.shape[0],1)), denom[np.newaxis,:])\n  # Compute softmax\n  softmax = exp_values / denom\n  # return the answer\n  return softmax",
        STABLE,
    ),
    _right(
        "softmax_cols",
        "replicated to N rows",
        "def softmax_cols(data_in):\n    exp_values = np.exp(data_in - data_in.max(axis=0))\n    denom = np.matmul(np.ones((N, 1)), exp_values.sum(axis=0)[np.newaxis, :])\n    return exp_values / denom",
        GLOBALS,
    ),
    _right(
        "softmax_cols",
        "keepdims",
        "def softmax_cols(data_in):\n    e = np.exp(data_in - data_in.max(axis=0, keepdims=True))\n    return e / e.sum(axis=0, keepdims=True)",
    ),
    _right(
        "softmax_cols",
        "negative axis",
        "def softmax_cols(data_in):\n    e = np.exp(data_in - data_in.max(axis=-2))\n    return e / e.sum(axis=-2)",
    ),
    _right(
        "softmax_cols",
        "maximum of everything",
        "def softmax_cols(data_in):\n    e = np.exp(data_in - np.max(data_in))\n    return e / np.sum(e, axis=0)",
        STABLE,
        why="columns far below the largest entry underflow to 0 / 0",
    ),
    _right(
        "softmax_cols",
        "apply_along_axis",
        "def softmax_cols(data_in):\n    return np.apply_along_axis(lambda c: np.exp(c - c.max()) / np.exp(c - c.max()).sum(), 0, data_in)",
    ),
    _right(
        "softmax_cols",
        "transposed, rows, transposed back",
        "def softmax_cols(data_in):\n    rows = data_in.T\n    e = np.exp(rows - rows.max(axis=1, keepdims=True))\n    return (e / e.sum(axis=1, keepdims=True)).T",
    ),
    _right(
        "softmax_cols",
        "einsum",
        "def softmax_cols(data_in):\n    e = np.exp(data_in - data_in.max(axis=0))\n    return np.einsum('mn,n->mn', e, 1 / np.einsum('mn->n', e))",
    ),
    _right(
        "softmax_cols",
        "diagonal matrix",
        "def softmax_cols(data_in):\n    e = np.exp(data_in - data_in.max(axis=0))\n    return e @ np.diag(1 / e.sum(axis=0))",
    ),
    _right(
        "softmax_cols",
        "product with ones",
        "def softmax_cols(data_in):\n    e = np.exp(data_in - np.tile(data_in.max(axis=0), (data_in.shape[0], 1)))\n    return e / (np.ones((len(e), len(e))) @ e)",
    ),
    _right(
        "softmax_cols",
        "log-sum-exp",
        "def softmax_cols(data_in):\n    return np.exp(data_in - np.logaddexp.reduce(data_in, axis=0))",
    ),
    _right(
        "softmax_cols",
        "in place on the argument",
        "def softmax_cols(data_in):\n    data_in -= data_in.max(axis=0)\n    e = np.exp(data_in)\n    return e / e.sum(axis=0)",
        UNCHANGED,
    ),
    _right(
        "softmax_cols",
        "out=",
        "def softmax_cols(data_in):\n    np.subtract(data_in, data_in.max(axis=0), out=data_in)\n    np.exp(data_in, out=data_in)\n    data_in /= data_in.sum(axis=0)\n    return data_in",
        UNCHANGED,
    ),
    _right(
        "softmax_cols",
        "in place on a copy",
        "def softmax_cols(data_in):\n    e = data_in.copy()\n    e -= e.max(axis=0)\n    np.exp(e, out=e)\n    e /= e.sum(axis=0)\n    return e",
    ),
    _right(
        "softmax_cols",
        "column by column into zeros",
        "def softmax_cols(data_in):\n    out = np.zeros_like(data_in)\n    for n in range(data_in.shape[1]):\n        e = np.exp(data_in[:, n] - np.max(data_in[:, n]))\n        out[:, n] = e / np.sum(e)\n    return out",
    ),
    _right(
        "softmax_cols",
        "column_stack of a generator",
        "def softmax_cols(data_in):\n    def one(column):\n        e = np.exp(column - column.max())\n        return e / e.sum()\n    return np.column_stack([one(c) for c in zip(*data_in) for c in [np.array(c)]])",
    ),
    _right(
        "softmax_cols",
        "size of the notebook",
        "def softmax_cols(data_in):\n    out = np.zeros((N, N))\n    for n in range(N):\n        e = np.exp(data_in[:, n] - max(data_in[:, n]))\n        out[:, n] = e / sum(e)\n    return out",
        GLOBALS,
        why="right for matrices of the notebook's size",
    ),
    _right(
        "softmax_cols",
        "size of the notebook, columns only",
        "def softmax_cols(data_in):\n    cols = []\n    for n in range(N):\n        e = np.exp(data_in[:, n] - max(data_in[:, n]))\n        cols.append(e / sum(e))\n    return np.array(cols).T",
        GLOBALS,
    ),
    _right(
        "softmax_cols",
        "list of lists",
        "def softmax_cols(data_in):\n    e = np.exp(data_in - data_in.max(axis=0))\n    return (e / e.sum(axis=0)).tolist()",
    ),
    _right(
        "softmax_cols",
        "float32",
        "def softmax_cols(data_in):\n    d = data_in.astype(np.float32)\n    e = np.exp(d - d.max(axis=0))\n    return e / e.sum(axis=0)",
        why="compared to single precision",
        disagrees="loses the step on stability: in single precision, scores near 3000 are off by 1e-4, which is more than is allowed, and the hint speaks of infinite exponentials",
    ),
    _right(
        "softmax_cols",
        "lambda",
        "softmax_cols = lambda data_in: (lambda e: e / e.sum(0))(np.exp(data_in - data_in.max(0)))",
    ),
    _right(
        "softmax_cols",
        "Fortran order",
        "def softmax_cols(data_in):\n    e = np.asfortranarray(np.exp(data_in - data_in.max(axis=0)))\n    return e / e.sum(axis=0)",
    ),
]

# ---------------------------------------------------------------- queries, keys and values

PARTS = [
    _right("queries_keys_values", "comprehensions", QUERIES_KEYS_VALUES),
    _right(
        "queries_keys_values",
        "loops with appends",
        "all_queries = []\nall_keys = []\nall_values = []\nfor x in all_x:\n  # TODO -- compute the keys, queries and values.\n  query = beta_q + np.matmul(omega_q, x)\n  key = beta_k + np.matmul(omega_k, x)\n  value = beta_v + np.matmul(omega_v, x)\n  all_queries.append(query)\n  all_keys.append(key)\n  all_values.append(value)",
    ),
    _right(
        "queries_keys_values",
        "np.dot",
        "all_queries, all_keys, all_values = ([np.dot(o, x) + b for x in all_x] for o, b in [(omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)])",
    ),
    _right(
        "queries_keys_values",
        "matrices with a row for each token",
        "T = np.hstack(all_x)\nall_queries = (omega_q @ T + beta_q).T\nall_keys = (omega_k @ T + beta_k).T\nall_values = (omega_v @ T + beta_v).T",
    ),
    _right(
        "queries_keys_values",
        "matrices with a column for each token",
        "T = np.hstack(all_x)\nall_queries = omega_q @ T + beta_q\nall_keys = omega_k @ T + beta_k\nall_values = omega_v @ T + beta_v",
        why="4 columns are not 3 tokens: it is told by the size",
    ),
    _right(
        "queries_keys_values",
        "rows",
        "all_queries = [x.T @ omega_q.T + beta_q.T for x in all_x]\nall_keys = [x.T @ omega_k.T + beta_k.T for x in all_x]\nall_values = [x.T @ omega_v.T + beta_v.T for x in all_x]",
        why="a token of shape (1, 4) is the same numbers",
    ),
    _right(
        "queries_keys_values",
        "flat vectors",
        "all_queries = [omega_q @ x[:, 0] + beta_q[:, 0] for x in all_x]\nall_keys = [omega_k @ x[:, 0] + beta_k[:, 0] for x in all_x]\nall_values = [omega_v @ x[:, 0] + beta_v[:, 0] for x in all_x]",
    ),
    _right(
        "queries_keys_values",
        "tuples",
        "all_queries, all_keys, all_values = zip(*((omega_q @ x + beta_q, omega_k @ x + beta_k, omega_v @ x + beta_v) for x in all_x))",
    ),
    _right(
        "queries_keys_values",
        "filled places",
        "all_queries = [None] * N\nall_keys = [None] * N\nall_values = [None] * N\nfor n in range(N):\n    all_queries[n] = omega_q @ all_x[n] + beta_q\n    all_keys[n] = omega_k @ all_x[n] + beta_k\n    all_values[n] = omega_v @ all_x[n] + beta_v",
    ),
    _right(
        "queries_keys_values",
        "3-D arrays",
        "xs = np.array(all_x)\nall_queries = omega_q @ xs + beta_q\nall_keys = omega_k @ xs + beta_k\nall_values = omega_v @ xs + beta_v",
    ),
    _right(
        "queries_keys_values",
        "entry by entry",
        "def times(A, x, b):\n    y = np.zeros((D, 1))\n    for i in range(D):\n        y[i, 0] = b[i, 0]\n        for j in range(D):\n            y[i, 0] += A[i, j] * x[j, 0]\n    return y\nall_queries = [times(omega_q, x, beta_q) for x in all_x]\nall_keys = [times(omega_k, x, beta_k) for x in all_x]\nall_values = [times(omega_v, x, beta_v) for x in all_x]",
    ),
    _right(
        "queries_keys_values",
        "lists of numbers",
        "all_queries = [(omega_q @ x + beta_q).ravel().tolist() for x in all_x]\nall_keys = [(omega_k @ x + beta_k).ravel().tolist() for x in all_x]\nall_values = [(omega_v @ x + beta_v).ravel().tolist() for x in all_x]",
    ),
    _right(
        "queries_keys_values",
        "einsum",
        "xs = np.stack(all_x)\nall_queries = list(np.einsum('ij,njk->nik', omega_q, xs) + beta_q)\nall_keys = list(np.einsum('ij,njk->nik', omega_k, xs) + beta_k)\nall_values = list(np.einsum('ij,njk->nik', omega_v, xs) + beta_v)",
    ),
    _right("queries_keys_values", "cell run twice", QUERIES_KEYS_VALUES + "# %%\n" + QUERIES_KEYS_VALUES),
    _right(
        "queries_keys_values", "one list in each cell", in_cells(*QUERIES_KEYS_VALUES.strip().splitlines())
    ),
]

# ---------------------------------------------------------------- token by token

OUTPUTS = [
    _right(
        "all_x_prime",
        "item",
        "all_x_prime = []\nfor n in range(N):\n    all_km_qn = [(key.T @ all_queries[n]).item() for key in all_keys]\n    attention = softmax(all_km_qn)\n    all_x_prime.append(sum(attention[m] * all_values[m] for m in range(N)))",
    ),
    _right(
        "all_x_prime",
        "loops and prints",
        "all_x_prime = []\nfor n in range(N):\n  # Create list for dot products of query N with all keys\n  all_km_qn = []\n  for key in all_keys:\n    dot_product = np.squeeze(key.T @ all_queries[n])\n    print(dot_product)\n    all_km_qn.append(dot_product)\n  attention = softmax(all_km_qn)\n  print('Attentions for output ', n)\n  print(attention)\n  x_prime = np.zeros((D, 1))\n  for m in range(N):\n    x_prime = x_prime + attention[m] * all_values[m]\n  all_x_prime.append(x_prime)",
    ),
    _right(
        "all_x_prime",
        "rows",
        "all_x_prime = [sum(w * v for w, v in zip(softmax([float(np.vdot(k, q)) for k in all_keys]), all_values)).T for q in all_queries]",
    ),
    _right(
        "all_x_prime",
        "matrix with a row for each token",
        "K, V, Q = (np.array(each)[:, :, 0] for each in (all_keys, all_values, all_queries))\nall_x_prime = np.array([softmax(K @ q) @ V for q in Q])",
    ),
    _right(
        "all_x_prime",
        "matrix with a column for each token",
        "K, V, Q = (np.hstack(each) for each in (all_keys, all_values, all_queries))\nall_x_prime = V @ np.apply_along_axis(softmax, 0, K.T @ Q)",
    ),
    _right(
        "all_x_prime",
        "helper function",
        "def output(q, keys, values):\n    weights = softmax([np.sum(q * key) for key in keys])\n    return np.sum([w * v for w, v in zip(weights, values)], axis=0)\nall_x_prime = [output(q, all_keys, all_values) for q in all_queries]",
    ),
    _right(
        "all_x_prime",
        "hstack and a product",
        "all_x_prime = []\nfor q in all_queries:\n    attention = np.array(softmax([np.dot(k[:, 0], q[:, 0]) for k in all_keys])).reshape(-1, 1)\n    all_x_prime.append(np.hstack(all_values) @ attention)",
    ),
    _right(
        "all_x_prime",
        "einsum",
        "attention = np.array([softmax(list(row)) for row in np.einsum('nik,mik->nm', np.array(all_queries), np.array(all_keys))])\nall_x_prime = list(np.einsum('nm,mik->nik', attention, np.array(all_values)))",
    ),
    _right(
        "all_x_prime",
        "while and filled places",
        "all_x_prime = [None] * N\nn = 0\nwhile n < N:\n    scores = [float(sum(k[i, 0] * all_queries[n][i, 0] for i in range(D))) for k in all_keys]\n    a = softmax(scores)\n    all_x_prime[n] = a[0] * all_values[0] + a[1] * all_values[1] + a[2] * all_values[2]\n    n += 1",
    ),
    _right(
        "all_x_prime",
        "dictionary of tokens, then a list",
        "outputs = {}\nfor n, q in enumerate(all_queries):\n    weights = softmax([(q.T @ k).item() for k in all_keys])\n    outputs[n] = np.average(np.array(all_values), axis=0, weights=weights)\nall_x_prime = [outputs[n] for n in range(N)]",
    ),
    _right(
        "all_x_prime",
        "float of an array",
        "import warnings\nwarnings.simplefilter('ignore')\nall_x_prime = []\nfor n in range(N):\n    all_km_qn = [float(k.T @ all_queries[n]) for k in all_keys]\n    attention = softmax(all_km_qn)\n    x_prime = sum(attention[m] * all_values[m] for m in range(N))\n    all_x_prime.append(x_prime)",
        why="the environment's NumPy converts an array of shape (1, 1)",
    ),
    _right(
        "all_x_prime",
        "softmax not used",
        "all_x_prime = []\nfor q in all_queries:\n    e = np.array([np.exp(k.T @ q)[0, 0] for k in all_keys])\n    all_x_prime.append(sum((e / e.sum())[m] * all_values[m] for m in range(N)))",
    ),
]

# ---------------------------------------------------------------- one head

_SIGNATURE = ", ".join(SELF_ARGUMENTS)
_QKV = """
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v"""

# Name, what comes before the function, its body with {scale} for a division, and the steps that it loses.
_BODIES: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("three lines", "", _QKV + "\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})", ()),
    (
        "one line",
        "",
        "\n    return (omega_v @ X + beta_v) @ softmax_cols((omega_k @ X + beta_k).T @ (omega_q @ X + beta_q){/ np.sqrt(X.shape[0])})",
        (),
    ),
    (
        "np.matmul",
        "",
        "\n    Q = np.add(np.matmul(omega_q, X), beta_q)\n    K = np.add(np.matmul(omega_k, X), beta_k)\n    V = np.add(np.matmul(omega_v, X), beta_v)\n    return np.matmul(V, softmax_cols(np.matmul(np.transpose(K), Q){/ np.sqrt(Q.shape[0])}))",
        (),
    ),
    (
        "np.dot and method",
        "",
        "\n    Q, K, V = omega_q.dot(X) + beta_q, omega_k.dot(X) + beta_k, omega_v.dot(X) + beta_v\n    return V.dot(softmax_cols(K.T.dot(Q){/ K.shape[0] ** 0.5}))",
        (),
    ),
    (
        "bias by ones",
        "",
        "\n    ones = np.ones((1, X.shape[1]))\n    Q = beta_q @ ones + omega_q @ X\n    K = beta_k @ ones + omega_k @ X\n    V = beta_v @ ones + omega_v @ X\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(beta_q))})",
        (),
    ),
    (
        "bias by ones of the notebook's size",
        "",
        "\n    ones = np.ones((1, N))\n    Q = beta_q @ ones + omega_q @ X\n    K = beta_k @ ones + omega_k @ X\n    V = beta_v @ ones + omega_v @ X\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(beta_q))})",
        (GLOBALS,),
    ),
    (
        "bias by np.outer",
        "",
        "\n    n = X.shape[1]\n    Q = omega_q @ X + np.outer(beta_q, np.ones(n))\n    K = omega_k @ X + np.outer(beta_k, np.ones(n))\n    V = omega_v @ X + np.outer(beta_v, np.ones(n))\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "bias by np.repeat",
        "",
        "\n    n = X.shape[1]\n    Q = omega_q @ X + np.repeat(beta_q, n, axis=1)\n    K = omega_k @ X + np.repeat(beta_k, n, axis=1)\n    V = omega_v @ X + np.repeat(beta_v, n, axis=1)\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "bias by np.tile",
        "",
        "\n    n = X.shape[1]\n    Q = omega_q @ X + np.tile(beta_q, n)\n    K = omega_k @ X + np.tile(beta_k, (1, n))\n    V = omega_v @ X + np.tile(beta_v, n)\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "bias by an extra row",
        "",
        "\n    X1 = np.vstack([X, np.ones(X.shape[1])])\n    Q, K, V = (np.hstack([o, b]) @ X1 for o, b in [(omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)])\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "all projections at once",
        "",
        "\n    Q, K, V = np.split(np.vstack([omega_q, omega_k, omega_v]) @ X + np.vstack([beta_q, beta_k, beta_v]), 3)\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "apply_along_axis",
        "",
        _QKV
        + "\n    attention = np.apply_along_axis(softmax, 0, K.T @ Q{/ np.sqrt(len(Q))})\n    return V @ attention",
        (),
    ),
    (
        "rows by apply_along_axis",
        "",
        _QKV
        + "\n    attention = np.apply_along_axis(softmax, 1, Q.T @ K{/ np.sqrt(len(Q))})\n    X_prime = (attention @ V.T).T\n    return X_prime",
        (),
    ),
    (
        "scores transposed and back",
        "",
        _QKV + "\n    return V @ softmax_cols((Q.T @ K{/ np.sqrt(len(Q))}).T)",
        (),
    ),
    (
        "everything in rows",
        "",
        "\n    Xr = X.T\n    Q, K, V = Xr @ omega_q.T + beta_q.T, Xr @ omega_k.T + beta_k.T, Xr @ omega_v.T + beta_v.T\n    S = Q @ K.T{/ np.sqrt(Q.shape[-1])}\n    A = np.exp(S - S.max(axis=-1, keepdims=True))\n    A = A / A.sum(axis=-1, keepdims=True)\n    return (A @ V).T",
        (),
    ),
    (
        "token by token",
        "",
        "\n    columns = []\n    for n in range(X.shape[1]):\n        q = omega_q @ X[:, [n]] + beta_q\n        scores, values = [], []\n        for m in range(X.shape[1]):\n            k = omega_k @ X[:, [m]] + beta_k\n            values.append(omega_v @ X[:, [m]] + beta_v)\n            scores.append((k.T @ q{/ np.sqrt(len(q))}).item())\n        weights = softmax(scores)\n        columns.append(sum(w * v for w, v in zip(weights, values)))\n    return np.hstack(columns)",
        (),
    ),
    (
        "list comprehensions",
        "",
        "\n    xs = [X[:, n : n + 1] for n in range(X.shape[1])]\n    qs, ks, vs = ([o @ x + b for x in xs] for o, b in ((omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)))\n    return np.hstack([sum(a * v for a, v in zip(softmax([(k.T @ q)[0, 0]{/ np.sqrt(len(q))} for k in ks]), vs)) for q in qs])",
        (),
    ),
    (
        "no maximum",
        "",
        _QKV + "\n    e = np.exp(K.T @ Q{/ np.sqrt(len(Q))})\n    return V @ (e / np.sum(e, axis=0))",
        (),
    ),
    (
        "helper functions",
        "def affine(omega, beta, X):\n    return omega @ X + beta\n\ndef attend(Q, K, V):\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(Q.shape[0])})\n",
        "\n    return attend(affine(omega_q, beta_q, X), affine(omega_k, beta_k, X), affine(omega_v, beta_v, X))",
        (),
    ),
    (
        "nested function",
        "",
        "\n    def project(omega, beta):\n        return np.array([omega @ x for x in X.T]).T + beta\n    Q = project(omega_q, beta_q)\n    K = project(omega_k, beta_k)\n    V = project(omega_v, beta_v)\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "given function redefined",
        "def softmax_cols(data_in):\n    e = np.exp(data_in - data_in.max(axis=0))\n    return e / e.sum(axis=0)\n",
        _QKV + "\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "given function redefined with an axis",
        "def softmax_cols(data_in, axis=0):\n    e = np.exp(data_in - data_in.max(axis=axis, keepdims=True))\n    return e / e.sum(axis=axis, keepdims=True)\n",
        _QKV + "\n    return V @ softmax_cols(Q.T @ K{/ np.sqrt(len(Q))}, axis=1).T",
        (),
    ),
    (
        "given function redefined without maximum",
        "def softmax_cols(data_in):\n    return np.exp(data_in) / np.sum(np.exp(data_in), axis=0)\n",
        _QKV + "\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "tuple with attention",
        "",
        _QKV
        + "\n    attention = softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})\n    return V @ attention, attention",
        (),
    ),
    ("list of lists", "", _QKV + "\n    return (V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})).tolist()", ()),
    (
        "prints everywhere",
        "",
        _QKV
        + "\n    print('Q', Q, 'K', K, 'V', V, sep='\\n')\n    S = K.T @ Q{/ np.sqrt(len(Q))}\n    print(S)\n    A = softmax_cols(S)\n    print(A, A.sum(axis=0))\n    print(V @ A)\n    return V @ A",
        (),
    ),
    (
        "comments left",
        "",
        "\n  # TODO -- Write this function\n  # 1. Compute queries, keys, and values\n  Q = omega_q @ X + beta_q ; K = omega_k @ X + beta_k ; V = omega_v @ X + beta_v\n  # 2. Compute dot products\n  # TODO Replace this line\n  # X_prime = np.zeros_like(X);\n  X_prime = V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})\n\n  return X_prime",
        (),
    ),
    (
        "sizes of the notebook",
        "",
        "\n    out = np.zeros((D, N))\n    Q, K, V = np.zeros((D, N)), np.zeros((D, N)), np.zeros((D, N))\n    for n in range(N):\n        Q[:, [n]] = omega_q @ X[:, [n]] + beta_q\n        K[:, [n]] = omega_k @ X[:, [n]] + beta_k\n        V[:, [n]] = omega_v @ X[:, [n]] + beta_v\n    A = softmax_cols(K.T @ Q{/ np.sqrt(D)})\n    for n in range(N):\n        for m in range(N):\n            out[:, n] += A[m, n] * V[:, m]\n    return out",
        (GLOBALS,),
    ),
    (
        "global size through a helper",
        "def blank():\n    return np.zeros((D, N))\n",
        _QKV
        + "\n    out = blank()\n    out[:] = V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})\n    return out",
        (GLOBALS,),
    ),
    (
        "changes its argument",
        "",
        "\n    omega_q *= 1.0\n    X += 1\n    X -= 1"
        + _QKV
        + "\n    X[:] = V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})\n    return X",
        (UNCHANGED,),
    ),
    (
        "bias added in place to its own array",
        "",
        "\n    Q = omega_q @ X\n    Q += beta_q\n    K = omega_k @ X\n    K += beta_k\n    V = omega_v @ X\n    V += beta_v\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "float32",
        "",
        "\n    X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k = (a.astype(np.float32) for a in (X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k))"
        + _QKV
        + "\n    S = K.T @ Q{/ np.float32(np.sqrt(len(Q)))}\n    e = np.exp(S - S.max(axis=0))\n    return V @ (e / e.sum(axis=0))",
        (),
    ),
    (
        "arguments by `locals`",
        "",
        "\n    X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k = locals().values()"
        + _QKV
        + "\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "type hints and a docstring",
        "",
        '\n    """Return the output of self-attention.\n\n    Args: all of shape (D, N), (D, D), (D, 1).\n    """\n    Q: np.ndarray = omega_q @ X + beta_q\n    K: np.ndarray = omega_k @ X + beta_k\n    V: np.ndarray = omega_v @ X + beta_v\n    scores: np.ndarray = K.T @ Q{/ np.sqrt(len(Q))}\n    return V @ softmax_cols(scores)',
        (),
    ),
    (
        "while loops",
        "",
        _QKV
        + "\n    out = 0 * V\n    n = 0\n    while n < X.shape[1]:\n        w = softmax(list(K.T @ Q[:, n]{/ np.sqrt(len(Q))}))\n        m = 0\n        while m < X.shape[1]:\n            out[:, n] = out[:, n] + w[m] * V[:, m]\n            m = m + 1\n        n = n + 1\n    return out",
        (),
    ),
    (
        "generator of columns",
        "",
        _QKV
        + "\n    def columns():\n        for q in Q.T:\n            yield V @ np.ravel(softmax(K.T @ q{/ np.sqrt(len(q))}))\n    return np.column_stack(list(columns()))",
        (),
    ),
    (
        "walrus",
        "",
        "\n    K = omega_k @ X + beta_k\n    e = np.exp((S := K.T @ (Q := omega_q @ X + beta_q){/ np.sqrt(len(K))}) - S.max(axis=0))\n    return (omega_v @ X + beta_v) @ (e / e.sum(axis=0))",
        (),
    ),
    (
        "3-D broadcasting",
        "",
        _QKV
        + "\n    S = (K[:, :, None] * Q[:, None, :]).sum(axis=0){/ np.sqrt(len(Q))}\n    return (V[:, :, None] * softmax_cols(S)[None]).sum(axis=1)",
        (),
    ),
    (
        "np.tensordot",
        "",
        "\n    Q = np.tensordot(omega_q, X, 1) + beta_q\n    K = np.tensordot(omega_k, X, 1) + beta_k\n    V = np.tensordot(omega_v, X, 1) + beta_v\n    return np.tensordot(V, softmax_cols(np.tensordot(K, Q, (0, 0)){/ np.sqrt(len(Q))}), 1)",
        (),
    ),
    (
        "np.inner",
        "",
        _QKV + "\n    return np.inner(V, softmax_cols(np.inner(K.T, Q.T){/ np.sqrt(len(Q))}).T)",
        (),
    ),
    (
        "normalised at the end",
        "",
        _QKV + "\n    e = np.exp(K.T @ Q{/ np.sqrt(len(Q))})\n    return (V @ e) / e.sum(axis=0)",
        (),
    ),
    (
        "bias of values added at the end",
        "",
        "\n    Q = omega_q @ X + beta_q\n    K = omega_k @ X + beta_k\n    return omega_v @ X @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))}) + beta_v",
        (),
    ),
    (
        "bias of keys left out",
        "",
        "\n    Q = omega_q @ X + beta_q\n    K = omega_k @ X\n    V = omega_v @ X + beta_v\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "bias of queries for keys",
        "",
        "\n    Q = omega_q @ X + beta_q\n    K = omega_k @ X + beta_q\n    V = omega_v @ X + beta_v\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "later definition wins",
        f"def FUNCTION({_SIGNATURE}):\n    return np.zeros(X.shape)\n# %%\n",
        _QKV + "\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})",
        (),
    ),
    (
        "try and except",
        "",
        "\n    try:"
        + _QKV.replace("\n", "\n    ")
        + "\n        return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})\n    except ValueError as error:\n        print(error)",
        (),
    ),
    (
        "np.matrix",
        "",
        "\n    Q = np.matrix(omega_q) * X + beta_q\n    K = np.matrix(omega_k) * X + beta_k\n    V = np.matrix(omega_v) * X + beta_v\n    return V * softmax_cols(np.array(K.T * Q){/ np.sqrt(len(Q))})",
        (),
    ),
]

_WHY = {
    "no maximum": "no step of this question asks for it; its scores stay below 700",
    "float32": "compared to single precision",
    "bias of keys left out": "it adds the same number to all scores of a query: softmax cannot see it",
    "bias of queries for keys": "whatever is added to all keys, softmax over the keys cannot see it",
    "bias of values added at the end": "the weights sum to one",
    "scores transposed, softmax over queries, weights transposed": "three times turned round is right again",
}


def _scaled(code: str, *, scaled: bool) -> str:
    """Return code in which `{/ x}` stands for a division, or for nothing."""
    parts = code.split("{/ ")
    done = [parts[0]]
    for part in parts[1:]:
        divisor, rest = part.split("}", 1)
        done.append((f" / {divisor}" if scaled else "") + rest)
    return "".join(done)


def _one_head(question: str) -> list[Right]:
    scaled = question.startswith("scaled")
    found = [
        _right(
            question,
            name,
            _scaled(before.replace("FUNCTION", question), scaled=scaled)
            + f"\ndef {question}({_SIGNATURE}):"
            + _scaled(body, scaled=scaled),
            *loses,
            why=_WHY.get(name, ""),
        )
        for name, before, body, loses in _BODIES
    ]
    header = f"\ndef {question}({_SIGNATURE}):"
    for style, body in BODIES.items():
        plain = body if scaled else edited(body, (SCALE[style], ""))
        thrice = edited(plain, SCORES[style], *SOFTMAX[style], TRANSPOSED[style])
        found.append(_right(question, f"{style}, straight on", header + plain))
        name = "scores transposed, softmax over queries, weights transposed"
        found.append(_right(question, f"{name}: {style}", header + thrice, why=_WHY[name]))
    inner = _QKV + "\n    return V @ softmax_cols(K.T @ Q{/ np.sqrt(len(Q))})"
    partial = f"from functools import partial\ndef attention(root, {_SIGNATURE}):{_QKV}\n    return V @ softmax_cols(K.T @ Q / len(Q) ** root)\n{question} = partial(attention, {'0.5' if scaled else '0'})"
    called = (
        f"class Attention:\n    def __call__(self, {_SIGNATURE}):{inner}\n{question} = Attention()".replace(
            "\n    Q", "\n        Q"
        )
        .replace("\n    K", "\n        K")
        .replace("\n    V", "\n        V")
        .replace("\n    return", "\n        return")
    )
    found += [
        _right(question, "functools.partial", partial),
        _right(question, "class with __call__", _scaled(called, scaled=scaled)),
        _right(
            question,
            "lambda",
            _scaled(
                f"{question} = lambda X, ov, oq, ok, bv, bq, bk: (ov @ X + bv) @ softmax_cols((ok @ X + bk).T @ (oq @ X + bq){{/ np.sqrt(len(bq))}})",
                scaled=scaled,
            ),
        ),
        _right(
            question,
            "other names",
            _scaled(
                f"def {question}(x, wv, wq, wk, bv, bq, bk):\n    q, k, v = wq @ x + bq, wk @ x + bk, wv @ x + bv\n    return v @ softmax_cols(k.T @ q{{/ np.sqrt(len(q))}})",
                scaled=scaled,
            ),
        ),
        _right(
            question,
            "any number of arguments",
            _scaled(
                f"def {question}(*args):\n    X, (ov, oq, ok), (bv, bq, bk) = args[0], args[1:4], args[4:]\n    return (ov @ X + bv) @ softmax_cols((ok @ X + bk).T @ (oq @ X + bq){{/ np.sqrt(len(bq))}})",
                scaled=scaled,
            ),
        ),
    ]
    return found


ONE_HEAD = [*_one_head("self_attention"), *_one_head("scaled_dot_product_self_attention")]
_SCALED_NAME = "scaled_dot_product_self_attention"
ONE_HEAD += [
    _right(
        _SCALED_NAME,
        "queries scaled",
        f"def {_SCALED_NAME}({_SIGNATURE}):{_QKV}\n    return V @ softmax_cols(K.T @ (Q / np.sqrt(len(Q))))",
    ),
    _right(
        _SCALED_NAME,
        "fourth root on both",
        f"def {_SCALED_NAME}({_SIGNATURE}):{_QKV}\n    return V @ softmax_cols((K / len(K) ** 0.25).T @ (Q / len(Q) ** 0.25))",
    ),
    _right(
        _SCALED_NAME,
        "global size in the scale only",
        f"def {_SCALED_NAME}({_SIGNATURE}):{_QKV}\n    return V @ softmax_cols(K.T @ Q / np.sqrt(D))",
        GLOBALS,
    ),
    _right(
        _SCALED_NAME,
        "global scale",
        f"scale = np.sqrt(D)\ndef {_SCALED_NAME}({_SIGNATURE}):{_QKV}\n    return V @ softmax_cols(K.T @ Q / scale)",
        GLOBALS,
    ),
    _right(
        _SCALED_NAME,
        "by way of the other function",
        f"def self_attention({_SIGNATURE}):{_QKV}\n    return V @ softmax_cols(K.T @ Q)\n# %%\ndef {_SCALED_NAME}({_SIGNATURE}):\n    scale = np.sqrt(len(X))\n    return self_attention(X, omega_v, omega_q / scale, omega_k, beta_v, beta_q / scale, beta_k)",
    ),
    _right(
        _SCALED_NAME,
        "size of the values",
        f"def {_SCALED_NAME}({_SIGNATURE}):{_QKV}\n    return V @ softmax_cols(K.T @ Q / np.sqrt(V.shape[0]))",
        why="queries, keys and values are of one size here",
    ),
    _right(
        _SCALED_NAME,
        "size of the tokens",
        f"def {_SCALED_NAME}({_SIGNATURE}):{_QKV}\n    D, N = X.shape\n    return V @ softmax_cols(K.T @ Q / np.sqrt(D))",
        why="queries are of the size of tokens here",
    ),
    _right(
        _SCALED_NAME,
        "math.sqrt",
        f"import math\ndef {_SCALED_NAME}({_SIGNATURE}):{_QKV}\n    return V @ softmax_cols(K.T @ Q * (1 / math.sqrt(K.shape[0])))",
    ),
]

# ---------------------------------------------------------------- two heads

_M = "multihead_scaled_self_attention"
_ALL = ", ".join(MULTI_ARGUMENTS)
_HEAD = "def head(X, ov, oq, ok, bv, bq, bk):\n    Q, K, V = oq @ X + bq, ok @ X + bk, ov @ X + bv\n    return V @ softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))\n"
_ONE, _TWO = ", ".join(MULTI_ARGUMENTS[1:7]), ", ".join(MULTI_ARGUMENTS[7:13])


def _heads(name: str, join: str, *loses: str, before: str = _HEAD, **more: Any) -> Right:
    code = f"{before}\ndef {_M}({_ALL}):\n    h1 = head(X, {_ONE})\n    h2 = head(X, {_TWO})\n    {join}"
    return _right(_M, name, code, *loses, **more)


_STACKED = """
    omega_q, omega_k, omega_v = np.stack([omega_q1, omega_q2]), np.stack([omega_k1, omega_k2]), np.stack([omega_v1, omega_v2])
    beta_q, beta_k, beta_v = np.stack([beta_q1, beta_q2]), np.stack([beta_k1, beta_k2]), np.stack([beta_v1, beta_v2])"""

MULTI_HEADS = [
    *(_right(_M, f"{style}, straight on", two_heads(style)) for style in (M, L, E, R)),
    *(
        _right(
            _M,
            f"scores transposed, softmax over queries, weights transposed: {style}",
            two_heads(style, SCORES[style], *SOFTMAX[style], TRANSPOSED[style]),
            why="three times turned round is right again",
        )
        for style in (M, L, E, R)
    ),
    _heads("vstack", "return omega_c @ np.vstack([h1, h2])"),
    _heads("concatenate", "return omega_c @ np.concatenate((h1, h2), axis=0)"),
    _heads("np.concat", "return omega_c @ np.concat((h1, h2))", why="NumPy 2.0 has it"),
    _heads("np.r_", "return np.matmul(omega_c, np.r_[h1, h2])"),
    _heads("np.block", "return omega_c @ np.block([[h1], [h2]])"),
    _heads("transposed and axis 1", "return omega_c @ np.concatenate((h1.T, h2.T), axis=1).T"),
    _heads("hstack of rows", "return (np.hstack((h1.T, h2.T)) @ omega_c.T).T"),
    _heads("3-D stack", "return omega_c @ np.stack([h1, h2]).reshape(-1, X.shape[1])"),
    _heads(
        "filled into zeros",
        "out = np.zeros(X.shape)\n    d = len(h1)\n    out[:d] = h1\n    out[d:] = h2\n    return omega_c @ out",
    ),
    _heads(
        "filled into zeros of the notebook's size",
        "out = np.zeros((D, N))\n    out[:H_D, :] = h1\n    out[H_D:, :] = h2\n    return omega_c @ out",
        GLOBALS,
    ),
    _heads(
        "omega_c for each head, and summed",
        "d = h1.shape[0]\n    return omega_c[:, :d] @ h1 + omega_c[:, d:] @ h2",
    ),
    _heads(
        "omega_c split with the notebook's size",
        "return omega_c[:, :H_D] @ h1 + omega_c[:, H_D:] @ h2",
        GLOBALS,
    ),
    _heads("list of rows", "return omega_c @ np.array(list(h1) + list(h2))"),
    _heads("omega_c by einsum", "return np.einsum('ij,jn->in', omega_c, np.append(h1, h2, axis=0))"),
    _heads(
        "omega_c by einsum over heads",
        "return np.einsum('ihj,hjn->in', omega_c.reshape(len(omega_c), 2, -1), np.array([h1, h2]))",
    ),
    _heads("tuple with heads", "return omega_c @ np.vstack([h1, h2]), (h1, h2)"),
    _heads(
        "tuple with two matrices of the right shape",
        "both = np.vstack([h1, h2])\n    return omega_c @ both, both",
        why="the first that fits is taken",
    ),
    _heads("list of lists", "return (omega_c @ np.vstack([h1, h2])).tolist()"),
    _heads(
        "prints everywhere",
        "print(h1)\n    print(h2)\n    out = omega_c @ np.vstack([h1, h2])\n    print('result', out.shape, out)\n    return out",
    ),
    _heads(
        "both reversed",
        "flipped = np.hstack([omega_c[:, len(h1):], omega_c[:, :len(h1)]])\n    return flipped @ np.vstack([h2, h1])",
        why="heads and columns of omega_c, both",
    ),
    _heads(
        "no maximum",
        "return omega_c @ np.vstack([h1, h2])",
        before="def softmax_cols(data_in):\n  exp_values = np.exp(data_in) ;\n  return exp_values / np.sum(exp_values, axis = 0)\n"
        + _HEAD,
    ),
    _heads(
        "global size in a helper",
        "return omega_c @ np.vstack([h1, h2])",
        GLOBALS,
        before=edited(_HEAD, ("Q.shape[0]", "H_D")),
    ),
    _heads(
        "D / H in a helper",
        "return omega_c @ np.vstack([h1, h2])",
        GLOBALS,
        before=edited(_HEAD, ("Q.shape[0]", "D / H")),
    ),
    _heads(
        "D // 2 of the arguments",
        "return omega_c @ np.vstack([h1, h2])",
        before=edited(_HEAD, ("Q.shape[0]", "X.shape[0] // 2")),
    ),
    _heads(
        "global scale",
        "return omega_c @ np.vstack([h1, h2])",
        GLOBALS,
        before="scale = 1 / np.sqrt(H_D)\n" + edited(_HEAD, ("/ np.sqrt(Q.shape[0])", "* scale")),
    ),
    _heads(
        "size of the values",
        "return omega_c @ np.vstack([h1, h2])",
        before=edited(_HEAD, ("Q.shape[0]", "V.shape[0]")),
        why="queries, keys and values are of one size here",
    ),
    _heads(
        "recursion over heads",
        "def stack(heads):\n        return heads[0] if len(heads) == 1 else np.vstack([heads[0], stack(heads[1:])])\n    return omega_c @ stack([h1, h2])",
    ),
    _heads(
        "bias of keys left out",
        "return omega_c @ np.vstack([h1, h2])",
        before=edited(_HEAD, ("ok @ X + bk", "ok @ X")),
        why="softmax over the keys cannot see it",
    ),
    _heads(
        "bias by ones of the notebook's size",
        "return omega_c @ np.vstack([h1, h2])",
        GLOBALS,
        before=edited(
            _HEAD,
            ("+ bq", "+ bq @ np.ones((1, N))"),
            ("+ bk", "+ np.outer(bk, np.ones(N))"),
            ("+ bv", "+ np.repeat(bv, N, axis=1)"),
        ),
    ),
    _heads(
        "bias by np.tile",
        "return omega_c @ np.vstack([h1, h2])",
        before=edited(
            _HEAD, ("+ bq", "+ np.tile(bq, X.shape[1])"), ("+ bk", "+ np.tile(bk, (1, X.shape[1]))")
        ),
    ),
    _heads(
        "float32",
        "return omega_c @ np.vstack([h1, h2])",
        before=edited(
            _HEAD,
            (
                "    Q,",
                "    X = X.astype(np.float32)\n    ov, oq, ok, bv, bq, bk = (np.float32(each) for each in (ov, oq, ok, bv, bq, bk))\n    Q,",
            ),
        ),
        why="single precision inside",
        disagrees="loses everything: after omega_c the result is double again, so that the errors of single precision count in full ('1.24781, expected 1.24781')",
    ),
    _heads(
        "float32 to the end",
        "return np.float32(omega_c) @ np.vstack([h1, h2])",
        before=edited(
            _HEAD,
            (
                "    Q,",
                "    X = X.astype(np.float32)\n    ov, oq, ok, bv, bq, bk = (np.float32(each) for each in (ov, oq, ok, bv, bq, bk))\n    Q,",
            ),
            ("np.sqrt(Q.shape[0])", "np.float32(np.sqrt(Q.shape[0]))"),
        ),
        why="compared to single precision",
    ),
    _heads("changes its argument", "omega_c *= 2\n    return omega_c @ np.vstack([h1, h2]) / 2", UNCHANGED),
    _heads("changes tokens in the end", "X[:] = omega_c @ np.vstack([h1, h2])\n    return X", UNCHANGED),
    _heads(
        "class for a head",
        "return omega_c @ np.vstack([h1, h2])",
        before="class Head:\n    def __init__(self, ov, oq, ok, bv, bq, bk):\n        self.parameters = (ov, bv), (oq, bq), (ok, bk)\n    def __call__(self, X):\n        V, Q, K = (omega @ X + beta for omega, beta in self.parameters)\n        return V @ softmax_cols(K.T @ Q / len(Q) ** 0.5)\ndef head(X, *parameters):\n    return Head(*parameters)(X)\n",
    ),
    _right(
        _M,
        "heads in a 3-D stack",
        f"def {_M}({_ALL}):{_STACKED}\n    Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v\n    S = K.transpose(0, 2, 1) @ Q / np.sqrt(Q.shape[1])\n    A = np.exp(S - S.max(axis=1, keepdims=True))\n    A /= A.sum(axis=1, keepdims=True)\n    return omega_c @ (V @ A).reshape(X.shape)",
    ),
    _right(
        _M,
        "einsum over heads",
        f"def {_M}({_ALL}):{_STACKED}\n    Q, K, V = (np.einsum('hij,jn->hin', o, X) + b for o, b in ((omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)))\n    S = np.einsum('him,hin->hmn', K, Q) / np.sqrt(Q.shape[1])\n    A = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)\n    return np.einsum('ihj,hjm,hmn->in', omega_c.reshape(X.shape[0], 2, -1), V, A)",
    ),
    _right(
        _M,
        "block matrices",
        f"def {_M}({_ALL}):\n    d, N = len(omega_q1), X.shape[1]\n    Q = np.vstack([omega_q1, omega_q2]) @ X + np.vstack([beta_q1, beta_q2])\n    K = np.vstack([omega_k1, omega_k2]) @ X + np.vstack([beta_k1, beta_k2])\n    V = np.vstack([omega_v1, omega_v2]) @ X + np.vstack([beta_v1, beta_v2])\n    none = np.zeros((d, N))\n    blocks = np.block([[V[:d], none], [none, V[d:]]])\n    A = np.vstack([softmax_cols(K[:d].T @ Q[:d] / d**0.5), softmax_cols(K[d:].T @ Q[d:] / d**0.5)])\n    return omega_c @ (blocks @ A)",
    ),
    _right(
        _M,
        "eval over names",
        f"def {_M}({_ALL}):\n    names, heads = locals(), []\n    for h in '12':\n        Q, K, V = (names['omega_' + p + h] @ X + names['beta_' + p + h] for p in 'qkv')\n        heads.append(V @ softmax_cols(K.T @ Q / np.sqrt(len(Q))))\n    return omega_c @ np.vstack(heads)",
    ),
    _right(
        _M,
        "any number of arguments",
        f"def {_M}(X, *args):\n    *parameters, omega_c = args\n    heads = []\n    for first in range(0, len(parameters), 6):\n        ov, oq, ok, bv, bq, bk = parameters[first : first + 6]\n        heads.append((ov @ X + bv) @ softmax_cols((ok @ X + bk).T @ (oq @ X + bq) / np.sqrt(len(bq))))\n    return omega_c @ np.vstack(heads)",
    ),
    _right(
        _M,
        "everything in rows",
        f"def {_M}({_ALL}):\n    def rows(ov, oq, ok, bv, bq, bk):\n        Q, K, V = X.T @ oq.T + bq.T, X.T @ ok.T + bk.T, X.T @ ov.T + bv.T\n        S = Q @ K.T / np.sqrt(Q.shape[1])\n        A = np.exp(S - S.max(axis=1, keepdims=True))\n        return A / A.sum(axis=1, keepdims=True) @ V\n    return (np.concatenate([rows({_ONE}), rows({_TWO})], axis=1) @ omega_c.T).T",
    ),
    _right(
        _M,
        "omega_c folded into the values",
        f"def {_M}({_ALL}):\n    d = len(omega_v1)\n    V1, V2 = omega_c[:, :d] @ (omega_v1 @ X + beta_v1), omega_c[:, d:] @ (omega_v2 @ X + beta_v2)\n    A1 = softmax_cols((omega_k1 @ X + beta_k1).T @ (omega_q1 @ X + beta_q1) / np.sqrt(d))\n    A2 = softmax_cols((omega_k2 @ X + beta_k2).T @ (omega_q2 @ X + beta_q2) / np.sqrt(d))\n    return V1 @ A1 + V2 @ A2",
    ),
    _right(
        _M,
        "lambda in a loop",
        f"attend = lambda X, ov, oq, ok, bv, bq, bk: (ov @ X + bv) @ softmax_cols((ok @ X + bk).T @ (oq @ X + bq) / np.sqrt(len(bq)))\ndef {_M}({_ALL}):\n    return omega_c @ np.vstack([attend(X, *p) for p in [({_ONE}), ({_TWO})]])",
    ),
    _right(
        _M,
        "loops with the notebook's sizes",
        edited(two_heads(L), ("N = X.shape[1]", "pass"), ("(len(omega_c), X.shape[1])", "(D, N)")),
        GLOBALS,
    ),
    _right(
        _M,
        "uses the global number of heads",
        f"def {_M}({_ALL}):\n    D, N = X.shape\n    H_D = D // H\n    A1 = softmax_cols((omega_k1 @ X + beta_k1).T @ (omega_q1 @ X + beta_q1) / np.sqrt(H_D))\n    A2 = softmax_cols((omega_k2 @ X + beta_k2).T @ (omega_q2 @ X + beta_q2) / np.sqrt(H_D))\n    return omega_c @ np.vstack([(omega_v1 @ X + beta_v1) @ A1, (omega_v2 @ X + beta_v2) @ A2])",
        why="there are two heads in every case: H is never another number",
    ),
    _right(
        _M,
        "two dimensions split by reshape",
        f"def {_M}({_ALL}):\n    Q = (np.vstack([omega_q1, omega_q2]) @ X + np.vstack([beta_q1, beta_q2])).reshape(2, -1, X.shape[1])\n    K = (np.vstack([omega_k1, omega_k2]) @ X + np.vstack([beta_k1, beta_k2])).reshape(2, -1, X.shape[1])\n    V = (np.vstack([omega_v1, omega_v2]) @ X + np.vstack([beta_v1, beta_v2])).reshape(2, -1, X.shape[1])\n    return omega_c @ np.vstack([V[h] @ softmax_cols(K[h].T @ Q[h] / np.sqrt(Q.shape[1])) for h in range(2)])",
    ),
]

# ---------------------------------------------------------------- the result, and whole notebooks

RESULTS = [
    _right("X_prime", "positional", f"X_prime = {_M}({_ALL})"),
    _right(
        "X_prime", "by name", f"X_prime = {_M}({', '.join(f'{name}={name}' for name in MULTI_ARGUMENTS)})"
    ),
    _right(
        "X_prime",
        "a dictionary",
        f"parameters = dict({', '.join(f'{name}={name}' for name in MULTI_ARGUMENTS[1:])})\nX_prime = {_M}(X=X, **parameters)",
    ),
    _right("X_prime", "printed and bound", f"print(X_prime := {_M}({_ALL}))"),
    _right(
        "X_prime",
        "without the function",
        "def head(ov, oq, ok, bv, bq, bk):\n    return (ov @ X + bv) @ softmax_cols((ok @ X + bk).T @ (oq @ X + bq) / np.sqrt(H_D))\n"
        + f"X_prime = omega_c @ np.vstack([head({_ONE}), head({_TWO})])",
    ),
    _right("X_prime", "a list", f"X_prime = {_M}({_ALL}).tolist()"),
    _right(
        "X_prime",
        "rounded to three decimals",
        f"X_prime = {_M}({_ALL}).round(3)",
        why="as the true values are printed",
    ),
    _right("X_prime", "bound twice", f"X_prime = None\n# %%\nX_prime = {_M}({_ALL})"),
    _right(
        "X_prime",
        "print options first",
        f"np.set_printoptions(precision=3, suppress=True)\nX_prime = {_M}({_ALL})\nprint(X_prime)",
    ),
    _right("X_prime", "float32", f"X_prime = {_M}({_ALL}).astype(np.float32)"),
]

_COLUMNS_PLAIN = (
    "def softmax_cols(data_in):\n    e = np.exp(data_in - data_in.max(axis=0))\n    return e / e.sum(axis=0)"
)
_CALL = f"X_prime = {_M}({_ALL})"

WHOLE = [
    Right(
        name="whole notebook in one cell",
        question=_M,
        code="\n".join([IMPORT, MATRIX, HEADS, _COLUMNS_PLAIN, TWO_HEADS, _CALL]),
        whole=True,
    ),
    Right(
        name="whole notebook, a cell for each statement",
        question=_M,
        code=in_cells(
            IMPORT,
            *MATRIX.strip().splitlines(),
            *HEADS.strip().splitlines(),
            _COLUMNS_PLAIN,
            TWO_HEADS,
            _CALL,
        ),
        whole=True,
    ),
    Right(
        name="out of order, but complete",
        question=_M,
        code=in_cells(TWO_HEADS, IMPORT, _COLUMNS_PLAIN, MATRIX, HEADS, _CALL),
        whole=True,
        why="a function needs `np` only when it is called",
    ),
    Right(
        name="run before it is defined",
        question="X_prime",
        code=in_cells(IMPORT, MATRIX, HEADS, _CALL, _COLUMNS_PLAIN, TWO_HEADS, _CALL),
        whole=True,
        why="the first call raises; the last one stands",
    ),
    Right(
        name="cells twice",
        question=_M,
        code=in_cells(
            IMPORT, MATRIX, HEADS, _COLUMNS_PLAIN, _COLUMNS_PLAIN, TWO_HEADS, TWO_HEADS, _CALL, _CALL
        ),
        whole=True,
    ),
    Right(
        name="sizes as a tuple",
        question="X_prime",
        code=in_cells(
            IMPORT, MATRIX.replace("N = 6\nD = 8", "N, D = 6, 8"), HEADS, _COLUMNS_PLAIN, TWO_HEADS, _CALL
        ),
        whole=True,
    ),
    Right(
        name="only numpy's names imported",
        question=_M,
        code=in_cells(
            "from numpy import exp, sqrt, vstack",
            _COLUMNS_PLAIN.replace("np.", ""),
            TWO_HEADS.replace("np.", ""),
        ),
        whole=True,
        why="the rest of the notebook was deleted",
    ),
    Right(
        name="everything by way of functions",
        question="all_x_prime",
        code=in_cells(
            IMPORT + TOKENS,
            WEIGHTS,
            "def softmax(z):\n    e = np.exp(np.array(z) - max(z))\n    return e / sum(e)\n\ndef output(q):\n    return sum(w * (omega_v @ x + beta_v) for w, x in zip(softmax([((omega_k @ x + beta_k).T @ q).item() for x in all_x]), all_x))",
            "all_x_prime = [output(omega_q @ x + beta_q) for x in all_x]",
        ),
        whole=True,
    ),
    Right(
        name="tokens drawn in a comprehension",
        question="all_x_prime",
        code=in_cells(
            IMPORT
            + "\nN, D = 3, 4\nnp.random.seed(3)\nall_x = [np.random.normal(size=(D, 1)) for _ in range(N)]",
            WEIGHTS,
            QUERIES_KEYS_VALUES,
            "def softmax(z):\n    e = np.exp(np.array(z) - max(z))\n    return e / sum(e)",
            "all_x_prime = [sum(w * v for w, v in zip(softmax([(k.T @ q).item() for k in all_keys]), all_values)) for q in all_queries]",
        ),
        whole=True,
    ),
]

# ---------------------------------------------------------------- more of all kinds

SCALING_BLAMED = (
    "loses the step on scaling too and fails, though it scales rightly whatever the sizes are: where a size is "
    "typed in, all cases of other sizes are wrong, and these cost `scaling` as well"
)
_SHORT = "\n    return V @ softmax_cols(K.T @ Q)"


def _unscaled(name: str, body: str, *loses: str, question: str = "self_attention", **more: Any) -> Right:
    return _right(question, name, f"def {question}({_SIGNATURE}):{body}", *loses, **more)


MORE = [
    _right(
        "softmax",
        "long double",
        "def softmax(items_in):\n    z = np.array(items_in, dtype=np.longdouble)\n    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()",
    ),
    _right(
        "softmax",
        "masked array",
        "def softmax(items_in):\n    z = np.ma.array(items_in)\n    e = np.exp(z - z.max())\n    return e / e.sum()",
    ),
    _right(
        "softmax",
        "list of arrays of shape (1, 1)",
        "def softmax(items_in):\n    return [np.exp(np.array([[i]]) - max(items_in)) / sum(np.exp(j - max(items_in)) for j in items_in) for i in items_in]",
    ),
    _right(
        "softmax",
        "list of 0-d arrays",
        "def softmax(items_in):\n    return [np.array(np.exp(i - max(items_in))) / sum(np.exp(j - max(items_in)) for j in items_in) for i in items_in]",
    ),
    _right(
        "softmax",
        "object array",
        "def softmax(items_in):\n    z = np.array(items_in, dtype=object) - max(items_in)\n    e = np.array([np.exp(float(i)) for i in z], dtype=object)\n    return e / e.sum()",
    ),
    _right(
        "softmax",
        "Decimal",
        "from decimal import Decimal\ndef softmax(items_in):\n    e = [Decimal(float(i)).exp() for i in items_in]\n    return [float(i / sum(e)) for i in e]",
    ),
    _right(
        "softmax",
        "length of another list",
        "all_keys = list(range(N))\n# %%\ndef softmax(items_in):\n    e = np.exp(np.array(items_in) - max(items_in))\n    return [e[m] / sum(e) for m in range(len(all_keys))]",
        GLOBALS,
    ),
    _right(
        "softmax",
        "also for matrices",
        "def softmax(items_in, axis=0):\n    z = np.asarray(items_in, dtype=float)\n    e = np.exp(z - z.max(axis=axis, keepdims=True))\n    return e / e.sum(axis=axis, keepdims=True)",
    ),
    _right(
        "softmax",
        "typed-in length",
        "def softmax(items_in):\n    e = [np.exp(items_in[n] - max(items_in)) for n in range(3)]\n    return np.array(e) / sum(e)",
        GLOBALS,
    ),
    _right(
        "softmax",
        "set of globals",
        "total = 0\ndef softmax(items_in):\n    global total\n    total = sum(np.exp(i - max(items_in)) for i in items_in)\n    return [np.exp(i - max(items_in)) / total for i in items_in]",
    ),
    _right(
        "softmax",
        "dictionary values",
        "def softmax(items_in):\n    d = {n: np.exp(i - max(items_in)) for n, i in enumerate(items_in)}\n    return [v / sum(d.values()) for v in d.values()]",
    ),
    _unscaled("tuple, attention first", _QKV + "\n    A = softmax_cols(K.T @ Q)\n    return A, V @ A"),
    _unscaled(
        "tuple of five",
        _QKV + "\n    A = softmax_cols(K.T @ Q)\n    return V @ A, A, Q, K, V",
    ),
    _unscaled("long double", _QKV.replace("@ X", "@ np.longdouble(X)") + _SHORT),
    _unscaled("assert on the notebook's sizes", "\n    assert X.shape == (D, N)" + _QKV + _SHORT, GLOBALS),
    _unscaled(
        "length of the list of tokens",
        _QKV
        + "\n    A = softmax_cols(K.T @ Q)\n    return np.hstack([sum(A[m, n] * V[:, [m]] for m in range(len(all_x))) for n in range(len(all_x))])",
        GLOBALS,
    ),
    _unscaled(
        "typed-in number of tokens",
        _QKV
        + "\n    A = softmax_cols(K.T @ Q)\n    return np.hstack([sum(A[m, n] * V[:, [m]] for m in range(3)) for n in range(3)])",
        GLOBALS,
    ),
    _unscaled(
        "typed-in number of tokens",
        _QKV
        + "\n    A = softmax_cols(K.T @ Q / np.sqrt(len(K)))\n    return np.hstack([sum(A[m, n] * V[:, [m]] for m in range(3)) for n in range(3)])",
        GLOBALS,
        question=_SCALED_NAME,
        disagrees=SCALING_BLAMED,
    ),
    _unscaled(
        "global number of tokens",
        _QKV
        + "\n    A = softmax_cols(K.T @ Q / np.sqrt(len(K)))\n    return np.hstack([sum(A[m, n] * V[:, [m]] for m in range(N)) for n in range(N)])",
        GLOBALS,
        question=_SCALED_NAME,
    ),
    _unscaled(
        "stored in a global",
        "\n    global last_attention"
        + _QKV
        + "\n    last_attention = softmax_cols(K.T @ Q)\n    return V @ last_attention",
    ),
    _unscaled("object array", _QKV + "\n    return (V @ softmax_cols(K.T @ Q)).astype(object)"),
    _unscaled("masked array", _QKV + "\n    return np.ma.array(V @ softmax_cols(K.T @ Q))"),
    _unscaled(
        "list of columns",
        _QKV
        + "\n    out = V @ softmax_cols(K.T @ Q)\n    return [[out[i, n] for n in range(out.shape[1])] for i in range(out.shape[0])]",
    ),
    _unscaled(
        "view of a larger array",
        _QKV
        + "\n    big = np.zeros((2 * len(V), 2 * V.shape[1]))\n    big[::2, ::2] = V @ softmax_cols(K.T @ Q)\n    return big[::2, ::2]",
    ),
    _unscaled(
        "matplotlib within",
        _QKV
        + "\n    import matplotlib.pyplot as plt\n    A = softmax_cols(K.T @ Q)\n    plt.imshow(A)\n    plt.colorbar()\n    plt.show()\n    return V @ A",
    ),
    _heads(
        "typed-in size of a head in the filling",
        "out = np.zeros(X.shape)\n    out[:4] = h1\n    out[4:] = h2\n    return omega_c @ out",
        GLOBALS,
        disagrees=SCALING_BLAMED,
    ),
    _heads(
        "size by way of a global parameter",
        "return omega_c @ np.vstack([h1, h2])",
        GLOBALS,
        before=_HEAD.replace("Q.shape[0]", "omega_q1.shape[0]"),
    ),
    _heads(
        "tuple of five",
        "out = omega_c @ np.vstack([h1, h2])\n    return out, h1, h2, omega_c, X",
    ),
    _right(
        "queries_keys_values",
        "tokens under another name",
        "xs = all_x\ndel all_x\nall_queries = [omega_q @ x + beta_q for x in xs]\nall_keys = [omega_k @ x + beta_k for x in xs]\nall_values = [omega_v @ x + beta_v for x in xs]",
    ),
    Right(
        name="own names for the tokens",
        question="queries_keys_values",
        whole=True,
        code=in_cells(
            IMPORT + TOKENS.replace("all_x", "tokens"),
            WEIGHTS,
            QUERIES_KEYS_VALUES.replace("all_x", "tokens"),
        ),
    ),
    Right(
        name="tokens made in a function",
        question="queries_keys_values",
        whole=True,
        code=in_cells(
            IMPORT,
            "def make():\n    np.random.seed(3)\n    return [np.random.normal(size=(4, 1)) for _ in range(3)]\nall_x = make()",
            WEIGHTS.replace("D, D", "4, 4").replace("(D, 1", "(4, 1"),
            QUERIES_KEYS_VALUES,
        ),
    ),
    Right(
        name="weights in a dictionary",
        question="queries_keys_values",
        whole=True,
        code=in_cells(
            IMPORT + TOKENS,
            "np.random.seed(0)\nomega = {p: np.random.normal(size=(D, D)) for p in 'qkv'}\nbeta = {p: np.random.normal(size=(D, 1)) for p in 'qkv'}",
            "all_queries, all_keys, all_values = ([omega[p] @ x + beta[p] for x in all_x] for p in 'qkv')",
        ),
    ),
    Right(
        name="RandomState",
        question="queries_keys_values",
        whole=True,
        code=in_cells(
            IMPORT
            + "\nN, D = 3, 4\nr = np.random.RandomState(3)\nall_x = [r.normal(size=(D, 1)) for _ in range(N)]",
            WEIGHTS,
            QUERIES_KEYS_VALUES,
        ),
    ),
    Right(
        name="a list of arrays, then a matrix of tokens",
        question="queries_keys_values",
        whole=True,
        code=in_cells(
            IMPORT + TOKENS + "X = np.concatenate(all_x, axis=1)",
            WEIGHTS,
            "all_queries = np.split(omega_q @ X + beta_q, N, axis=1)\nall_keys = np.split(omega_k @ X + beta_k, N, axis=1)\nall_values = np.split(omega_v @ X + beta_v, N, axis=1)",
        ),
    ),
    Right(
        name="parameters in a dictionary",
        question="X_prime",
        whole=True,
        code=in_cells(
            IMPORT + MATRIX,
            "H = 2\nH_D = D // H\nnp.random.seed(0)\np = {}\nfor h in '12':\n    for k in 'qkv':\n        p['omega_' + k + h] = np.random.normal(size=(H_D, D))\n    for k in 'qkv':\n        p['beta_' + k + h] = np.random.normal(size=(H_D, 1))\np['omega_c'] = np.random.normal(size=(D, D))",
            _COLUMNS_PLAIN,
            TWO_HEADS,
            "X_prime = multihead_scaled_self_attention(X, **p)",
        ),
    ),
    Right(
        name="seeds as numbers of a configuration",
        question="X_prime",
        whole=True,
        code=in_cells(
            IMPORT + MATRIX.replace("seed(3)", "seed(seed=SEED)").replace("N = 6", "SEED = 3\nN = 6"),
            HEADS,
            _COLUMNS_PLAIN,
            TWO_HEADS,
            _CALL,
        ),
    ),
    Right(
        name="everything in a main function",
        question="X_prime",
        whole=True,
        code=in_cells(
            IMPORT,
            _COLUMNS_PLAIN,
            TWO_HEADS,
            "def main():\n"
            + textwrap.indent((MATRIX + HEADS).strip(), "    ")
            + f"\n    return multihead_scaled_self_attention({_ALL})\nX_prime = main()",
        ),
    ),
    Right(
        name="if name is main",
        question="X_prime",
        whole=True,
        code=in_cells(
            IMPORT + MATRIX,
            HEADS,
            _COLUMNS_PLAIN,
            TWO_HEADS,
            f"if __name__ == '__main__':\n    X_prime = multihead_scaled_self_attention({_ALL})",
        ),
    ),
    Right(
        name="magics and shell",
        question="X_prime",
        whole=True,
        code=in_cells(
            "%matplotlib inline\n!pip install numpy\n" + IMPORT + MATRIX,
            HEADS,
            "%%time\n" + _COLUMNS_PLAIN,
            TWO_HEADS,
            f"%time X_prime = multihead_scaled_self_attention({_ALL})",
        ),
    ),
    _right(
        "X_prime",
        "transposed twice",
        f"X_prime = multihead_scaled_self_attention({_ALL})\nX_prime = X_prime.T\nX_prime = X_prime.T",
    ),
    _right(
        "X_prime", "tuple of result and attention", f"X_prime = (multihead_scaled_self_attention({_ALL}), 1)"
    ),
    _right(
        "all_x_prime",
        "3-D array",
        "all_x_prime = np.array([sum(w * v for w, v in zip(softmax([(k.T @ q).item() for k in all_keys]), all_values)) for q in all_queries])",
    ),
    _right(
        "all_x_prime",
        "softmax of arrays of shape (1, 1)",
        "all_x_prime = []\nfor q in all_queries:\n    a = softmax([k.T @ q for k in all_keys])\n    all_x_prime.append(sum(np.asarray(a[m]) * all_values[m] for m in range(N)))",
    ),
    _right(
        "all_x_prime",
        "typed-in sizes",
        "all_x_prime = []\nfor n in range(3):\n    a = softmax([(all_keys[m].T @ all_queries[n]).item() for m in range(3)])\n    x = np.zeros((4, 1))\n    for m in range(3):\n        x += a[m] * all_values[m]\n    all_x_prime.append(x)",
    ),
]

RIGHT: list[Right] = [
    *SOFTMAXES,
    *COLUMNS,
    *PARTS,
    *OUTPUTS,
    *ONE_HEAD,
    *MULTI_HEADS,
    *RESULTS,
    *WHOLE,
    *MORE,
]
