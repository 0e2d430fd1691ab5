"""Mistakes in one head of attention, in the column convention: for `self_attention` and its scaled twin, and for each
head of the multi-head function.

The right answer is written four times, straight on: with matrices, with loops over entries, with `einsum`, and with
`np.dot` on rows. A mistake is a change to these.
"""

from __future__ import annotations

from .entries import Mistake

PROJECTING = "queries, keys and values"
COMPARING = "dot products of keys and queries"
SCALING = "scaling"
NORMALISING = "softmax over the keys"
WEIGHTING = "weighting of the values"

BODIES = {
    "matrices": """
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    dot_products = K.T @ Q
    scores = dot_products / np.sqrt(K.shape[0])
    attention = softmax_cols(scores)
    result = V @ attention
    return result
""",
    "loops": """
    N = X.shape[1]
    Q = np.zeros((len(omega_q), N))
    K = np.zeros((len(omega_k), N))
    V = np.zeros((len(omega_v), N))
    for n in range(N):
        Q[:, n] = omega_q @ X[:, n] + beta_q[:, 0]
        K[:, n] = omega_k @ X[:, n] + beta_k[:, 0]
        V[:, n] = omega_v @ X[:, n] + beta_v[:, 0]
    scores = np.zeros((N, N))
    for m in range(N):
        for n in range(N):
            scores[m, n] = sum(K[i, m] * Q[i, n] for i in range(len(Q))) / np.sqrt(len(K))
    attention = np.zeros((N, N))
    for n in range(N):
        exponentials = np.exp(scores[:, n] - max(scores[:, n]))
        attention[:, n] = exponentials / sum(exponentials)
    result = np.zeros(V.shape)
    for n in range(N):
        for m in range(N):
            result[:, n] += attention[m, n] * V[:, m]
    return result
""",
    "einsum": """
    Q = np.einsum("ij,jn->in", omega_q, X) + beta_q
    K = np.einsum("ij,jn->in", omega_k, X) + beta_k
    V = np.einsum("ij,jn->in", omega_v, X) + beta_v
    scores = np.einsum("dm,dn->mn", K, Q) / len(Q) ** 0.5
    exponentials = np.exp(scores - scores.max(axis=0, keepdims=True))
    attention = exponentials / exponentials.sum(axis=0, keepdims=True)
    result = np.einsum("dm,mn->dn", V, attention)
    return result
""",
    "np.dot on rows": """
    rows = X.T
    queries = np.dot(rows, omega_q.T) + beta_q.T
    keys = np.dot(rows, omega_k.T) + beta_k.T
    values = np.dot(rows, omega_v.T) + beta_v.T
    scores = np.dot(queries, keys.T) / np.sqrt(queries.shape[1])
    attention = softmax_cols(scores.T).T
    result = np.dot(attention, values)
    return result.T
""",
}

SCALE = {
    "matrices": " / np.sqrt(K.shape[0])",
    "loops": " / np.sqrt(len(K))",
    "einsum": " / len(Q) ** 0.5",
    "np.dot on rows": " / np.sqrt(queries.shape[1])",
}
"""The scaling as each style writes it: left out in `self_attention`."""

M, L, E, R = BODIES

# How each style writes what is turned round.
SCORES = {
    M: ("K.T @ Q", "Q.T @ K"),
    L: ("K[i, m] * Q[i, n]", "Q[i, m] * K[i, n]"),
    E: ('"dm,dn->mn", K, Q', '"dm,dn->mn", Q, K'),
    R: ("np.dot(queries, keys.T)", "np.dot(keys, queries.T)"),
}
SOFTMAX = {
    M: (("softmax_cols(scores)", "softmax_cols(scores.T).T"),),
    L: (("scores[:, n]", "scores[n]"), ("attention[:, n] =", "attention[n] =")),
    E: (("axis=0", "axis=1"),),
    R: (("softmax_cols(scores.T).T", "softmax_cols(scores)"),),
}
WEIGHTS = {
    M: ("V @ attention", "V @ attention.T"),
    L: ("attention[m, n] *", "attention[n, m] *"),
    E: ("dm,mn->dn", "dm,nm->dn"),
    R: ("np.dot(attention, values)", "np.dot(attention.T, values)"),
}

ORIENTATION = [
    Mistake(
        slug="softmax-over-queries",
        says="the softmax is taken over the queries, not over the keys",
        step=NORMALISING,
        codes=SOFTMAX,
    ),
    Mistake(
        slug="queries-and-keys-swapped",
        says="the scores are Q^T K where K^T Q was meant: queries and keys have changed places",
        step=COMPARING,
        codes={style: (SCORES[style],) for style in BODIES},
    ),
    Mistake(
        slug="weights-transposed",
        says="the attention weights are transposed before the values are multiplied by them",
        step=WEIGHTING,
        codes={style: (WEIGHTS[style],) for style in BODIES},
    ),
    Mistake(
        slug="scores-transposed-and-softmax-over-queries",
        says="the scores are transposed, and the softmax is taken over the queries",
        step=WEIGHTING,
        codes={style: (SCORES[style], *SOFTMAX[style]) for style in BODIES},
    ),
    Mistake(
        slug="softmax-over-queries-and-weights-transposed",
        says="the softmax is taken over the queries, and the weights are transposed",
        step=NORMALISING,
        codes={style: (*SOFTMAX[style], WEIGHTS[style]) for style in BODIES},
    ),
    Mistake(
        slug="scores-and-weights-transposed",
        says="the scores are transposed, and the weights are transposed back after the softmax",
        step=COMPARING,
        codes={style: (SCORES[style], WEIGHTS[style]) for style in BODIES},
    ),
    Mistake(
        slug="attention-over-features",
        says="features are compared with features, and weighted",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "K @ Q.T"), ("V @ attention", "attention.T @ V")),
            L: (
                ("np.zeros((N, N))", "np.zeros((len(Q), len(Q)))"),
                (
                    "for m in range(N):\n        for n in range(N):\n            scores",
                    "for m in range(len(Q)):\n        for n in range(len(Q)):\n            scores",
                ),
                ("K[i, m] * Q[i, n] for i in range(len(Q))", "K[m, i] * Q[n, i] for i in range(N)"),
                ("for n in range(N):\n        exponentials", "for n in range(len(Q)):\n        exponentials"),
                (
                    "for n in range(N):\n        for m in range(N):\n            result[:, n] += attention[m, n] * V[:, m]",
                    "for n in range(len(V)):\n        for m in range(len(V)):\n            result[n] += attention[m, n] * V[m]",
                ),
            ),
            E: (("dm,dn->mn", "dm,em->de"), ("dm,mn->dn", "dm,de->em")),
            R: (
                ("np.dot(queries, keys.T)", "np.dot(queries.T, keys)"),
                ("np.dot(attention, values)", "np.dot(attention, values.T).T"),
            ),
        },
    ),
    Mistake(
        slug="attention-over-features:weights transposed",
        says="features are compared with features, and the weights are transposed",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "K @ Q.T"), ("V @ attention", "attention @ V")),
            E: (("dm,dn->mn", "dm,em->de"), ("dm,mn->dn", "dm,ed->em")),
        },
    ),
    Mistake(
        slug="attention-over-features:queries first",
        says="features are compared with features, queries first",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "Q @ K.T"), ("V @ attention", "attention @ V")),
            R: (
                ("np.dot(queries, keys.T)", "np.dot(queries.T, keys)"),
                ("softmax_cols(scores.T).T", "softmax_cols(scores)"),
                ("np.dot(attention, values)", "np.dot(values, attention.T)"),
            ),
        },
    ),
]

OTHERS = [
    Mistake(
        slug="omega-q-for-keys",
        says="the keys are made with the weights of the queries",
        step=PROJECTING,
        codes={
            M: (("omega_k @ X", "omega_q @ X"),),
            L: (("omega_k @ X", "omega_q @ X"),),
            E: (('"ij,jn->in", omega_k', '"ij,jn->in", omega_q'),),
            R: (("omega_k.T", "omega_q.T"),),
        },
    ),
    Mistake(
        slug="omega-k-for-queries",
        says="the queries are made with the weights of the keys",
        step=PROJECTING,
        codes={
            M: (("omega_q @ X", "omega_k @ X"),),
            E: (('"ij,jn->in", omega_q', '"ij,jn->in", omega_k'),),
            R: (("omega_q.T", "omega_k.T"),),
        },
    ),
    Mistake(
        slug="omega-k-for-values",
        says="the values are made with the weights of the keys",
        step=PROJECTING,
        codes={
            M: (("omega_v @ X", "omega_k @ X"),),
            L: (("omega_v @ X", "omega_k @ X"),),
            E: (('"ij,jn->in", omega_v', '"ij,jn->in", omega_k'),),
            R: (("omega_v.T", "omega_k.T"),),
        },
    ),
    Mistake(
        slug="omega-q-for-values",
        says="the values are made with the weights of the queries",
        step=PROJECTING,
        codes={
            M: (("omega_v @ X", "omega_q @ X"),),
            R: (("omega_v.T", "omega_q.T"),),
        },
    ),
    Mistake(
        slug="beta-k-for-queries",
        says="the queries get the bias of the keys",
        step=PROJECTING,
        codes={
            M: (("X + beta_q", "X + beta_k"),),
            L: (("beta_q[:, 0]", "beta_k[:, 0]"),),
            E: (("X) + beta_q", "X) + beta_k"),),
            R: (("beta_q.T", "beta_k.T"),),
        },
    ),
    Mistake(
        slug="beta-k-for-values",
        says="the values get the bias of the keys",
        step=PROJECTING,
        codes={
            M: (("X + beta_v", "X + beta_k"),),
            L: (("beta_v[:, 0]", "beta_k[:, 0]"),),
            E: (("X) + beta_v", "X) + beta_k"),),
            R: (("beta_v.T", "beta_k.T"),),
        },
    ),
    Mistake(
        slug="beta-q-for-all",
        says="queries, keys and values all get the bias of the queries",
        step=PROJECTING,
        codes={
            M: (("X + beta_v", "X + beta_q"), ("X + beta_k", "X + beta_q")),
            L: (("beta_v[:, 0]", "beta_q[:, 0]"), ("beta_k[:, 0]", "beta_q[:, 0]")),
            R: (("beta_v.T", "beta_q.T"), ("beta_k.T", "beta_q.T")),
        },
    ),
    Mistake(
        slug="beta-q-for-values",
        says="the values get the bias of the queries",
        step=PROJECTING,
        codes={
            M: (("X + beta_v", "X + beta_q"),),
            E: (("X) + beta_v", "X) + beta_q"),),
        },
    ),
    Mistake(
        slug="biases-forgotten",
        says="none of the biases is added",
        step=PROJECTING,
        codes={
            M: ((" + beta_q", ""), (" + beta_k", ""), (" + beta_v", "")),
            L: ((" + beta_q[:, 0]", ""), (" + beta_k[:, 0]", ""), (" + beta_v[:, 0]", "")),
            E: ((" + beta_q", ""), (" + beta_k", ""), (" + beta_v", "")),
            R: ((" + beta_q.T", ""), (" + beta_k.T", ""), (" + beta_v.T", "")),
        },
    ),
    Mistake(
        slug="bias-of-queries-forgotten",
        says="the bias of the queries is not added",
        step=PROJECTING,
        codes={M: ((" + beta_q", ""),), L: ((" + beta_q[:, 0]", ""),), R: ((" + beta_q.T", ""),)},
    ),
    Mistake(
        slug="bias-of-queries-and-keys-forgotten",
        says="the biases of queries and keys are not added",
        step=PROJECTING,
        codes={M: ((" + beta_q", ""), (" + beta_k", "")), E: ((" + beta_q", ""), (" + beta_k", ""))},
    ),
    Mistake(
        slug="bias-of-queries-and-values-forgotten",
        says="the biases of queries and values are not added",
        step=PROJECTING,
        codes={M: ((" + beta_q", ""), (" + beta_v", "")), E: ((" + beta_q", ""), (" + beta_v", ""))},
    ),
    Mistake(
        slug="bias-of-values-forgotten",
        says="the bias of the values is not added",
        step=PROJECTING,
        codes={M: ((" + beta_v", ""),), L: ((" + beta_v[:, 0]", ""),), R: ((" + beta_v.T", ""),)},
    ),
    Mistake(
        slug="biases-subtracted",
        says="the biases are subtracted",
        step=PROJECTING,
        codes={
            M: ((" + beta_", " - beta_"),),
            L: ((" + beta_", " - beta_"),),
            E: ((" + beta_", " - beta_"),),
            R: ((" + beta_", " - beta_"),),
        },
    ),
    Mistake(
        slug="biases-twice",
        says="the biases are added twice",
        step=PROJECTING,
        codes={
            M: (("+ beta_", "+ 2 * beta_"),),
            R: (
                ("beta_q.T", "beta_q.T + beta_q.T"),
                ("beta_k.T", "beta_k.T + beta_k.T"),
                ("beta_v.T", "beta_v.T + beta_v.T"),
            ),
        },
    ),
    Mistake(
        slug="biases-summed-to-a-number",
        says="the biases are summed to one number each",
        step=PROJECTING,
        codes={
            M: (
                ("+ beta_q", "+ np.sum(beta_q)"),
                ("+ beta_k", "+ np.sum(beta_k)"),
                ("+ beta_v", "+ np.sum(beta_v)"),
            ),
            E: (
                ("+ beta_q", "+ np.sum(beta_q)"),
                ("+ beta_k", "+ np.sum(beta_k)"),
                ("+ beta_v", "+ np.sum(beta_v)"),
            ),
        },
    ),
    Mistake(
        slug="only-first-entry-of-biases",
        says="only the first number of each bias is added, to all entries",
        step=PROJECTING,
        codes={
            L: (
                ("beta_q[:, 0]", "beta_q[0, 0]"),
                ("beta_k[:, 0]", "beta_k[0, 0]"),
                ("beta_v[:, 0]", "beta_v[0, 0]"),
            ),
            M: (("+ beta_q", "+ beta_q[0]"), ("+ beta_k", "+ beta_k[0]"), ("+ beta_v", "+ beta_v[0]")),
        },
    ),
    Mistake(
        slug="values-and-keys-swapped",
        says="values and keys have changed places",
        step=PROJECTING,
        codes={
            M: (("K.T @ Q", "V.T @ Q"), ("V @ attention", "K @ attention")),
            L: (("K[i, m]", "V[i, m]"), ("* V[:, m]", "* K[:, m]")),
            E: (('"dm,dn->mn", K', '"dm,dn->mn", V'), ('"dm,mn->dn", V', '"dm,mn->dn", K')),
            R: (
                ("keys = np.dot(rows, omega_k.T) + beta_k.T", "keys = np.dot(rows, omega_v.T) + beta_v.T"),
                (
                    "values = np.dot(rows, omega_v.T) + beta_v.T",
                    "values = np.dot(rows, omega_k.T) + beta_k.T",
                ),
            ),
        },
    ),
    Mistake(
        slug="values-and-queries-swapped",
        says="values and queries have changed places",
        step=PROJECTING,
        codes={
            M: (("K.T @ Q", "K.T @ V"), ("V @ attention", "Q @ attention")),
            E: (('"dm,dn->mn", K, Q', '"dm,dn->mn", K, V'), ('"dm,mn->dn", V', '"dm,mn->dn", Q')),
        },
    ),
    Mistake(
        slug="keys-as-values",
        says="the keys are weighted, not the values",
        step=WEIGHTING,
        codes={
            M: (("V @ attention", "K @ attention"),),
            L: (("* V[:, m]", "* K[:, m]"),),
            E: (('"dm,mn->dn", V', '"dm,mn->dn", K'),),
            R: (("np.dot(attention, values)", "np.dot(attention, keys)"),),
        },
    ),
    Mistake(
        slug="queries-as-values",
        says="the queries are weighted, not the values",
        step=WEIGHTING,
        codes={
            M: (("V @ attention", "Q @ attention"),),
            L: (("* V[:, m]", "* Q[:, m]"),),
            R: (("np.dot(attention, values)", "np.dot(attention, queries)"),),
        },
    ),
    Mistake(
        slug="queries-with-queries",
        says="queries are compared with queries",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "Q.T @ Q"),),
            L: (("K[i, m] *", "Q[i, m] *"),),
            E: (('"dm,dn->mn", K, Q', '"dm,dn->mn", Q, Q'),),
            R: (("np.dot(queries, keys.T)", "np.dot(queries, queries.T)"),),
        },
    ),
    Mistake(
        slug="keys-with-keys",
        says="keys are compared with keys",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "K.T @ K"),),
            L: (("* Q[i, n]", "* K[i, n]"),),
            E: (('"dm,dn->mn", K, Q', '"dm,dn->mn", K, K'),),
            R: (("np.dot(queries, keys.T)", "np.dot(keys, keys.T)"),),
        },
    ),
    Mistake(
        slug="values-for-keys",
        says="values are compared with queries",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "V.T @ Q"),),
            E: (('"dm,dn->mn", K, Q', '"dm,dn->mn", V, Q'),),
            R: (("keys.T)", "values.T)"),),
        },
    ),
    Mistake(
        slug="values-for-queries",
        says="keys are compared with values",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "K.T @ V"),),
            L: (("* Q[i, n]", "* V[i, n]"),),
            R: (("np.dot(queries, keys.T)", "np.dot(values, keys.T)"),),
        },
    ),
    Mistake(
        slug="no-softmax",
        says="the scores are used as weights as they are",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "scores"),),
            L: (("exponentials / sum(exponentials)", "scores[:, n]"),),
            E: (("exponentials / exponentials.sum(axis=0, keepdims=True)", "scores"),),
            R: (("softmax_cols(scores.T).T", "scores"),),
        },
    ),
    Mistake(
        slug="exponentials-not-normalised",
        says="the exponentials are not divided by their sum",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "np.exp(scores)"),),
            L: (("exponentials / sum(exponentials)", "np.exp(scores[:, n])"),),
            R: (("softmax_cols(scores.T).T", "np.exp(scores)"),),
        },
    ),
    Mistake(
        slug="exponentials-not-normalised:maximum subtracted",
        says="the exponentials are not divided by their sum, the maximum of each column subtracted",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "np.exp(scores - np.max(scores, axis=0))"),),
            L: (("exponentials / sum(exponentials)", "exponentials"),),
            E: ((" / exponentials.sum(axis=0, keepdims=True)", ""),),
        },
    ),
    Mistake(
        slug="softmax-over-everything",
        says="the softmax is taken over the whole matrix: the exponentials are summed without an axis",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "np.exp(scores) / np.sum(np.exp(scores))"),),
            L: (
                (
                    "    for n in range(N):\n        exponentials = np.exp(scores[:, n] - max(scores[:, n]))\n        attention[:, n] = exponentials / sum(exponentials)",
                    "    total = sum(np.exp(scores[m, n]) for m in range(N) for n in range(N))\n    for n in range(N):\n        attention[:, n] = np.exp(scores[:, n]) / total",
                ),
            ),
            E: (
                ("scores.max(axis=0, keepdims=True)", "scores.max()"),
                ("exponentials.sum(axis=0, keepdims=True)", "exponentials.sum()"),
            ),
            R: (
                (
                    "softmax_cols(scores.T).T",
                    "np.exp(scores - np.max(scores)) / np.sum(np.exp(scores - np.max(scores)))",
                ),
            ),
        },
    ),
    Mistake(
        slug="maximum-of-each-key-subtracted",
        says="the maximum over the queries is subtracted before the softmax over the keys",
        step=NORMALISING,
        codes={
            E: (("scores.max(axis=0, keepdims=True)", "scores.max(axis=1, keepdims=True)"),),
            M: (("softmax_cols(scores)", "softmax_cols(scores - np.max(scores, axis=1)[:, None])"),),
        },
    ),
    Mistake(
        slug="softmax-twice",
        says="the softmax is taken twice",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "softmax_cols(softmax_cols(scores))"),),
            R: (("softmax_cols(scores.T).T", "softmax_cols(softmax_cols(scores.T)).T"),),
        },
    ),
    Mistake(
        slug="softmax-over-both-axes",
        says="the softmax over the queries is taken of the softmax over the keys",
        step=NORMALISING,
        codes={M: (("softmax_cols(scores)", "softmax_cols(softmax_cols(scores).T).T"),)},
    ),
    Mistake(
        slug="negative-exponents",
        says="the exponents have the wrong sign",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "softmax_cols(-scores)"),),
            L: (("np.exp(scores[:, n] - max(scores[:, n]))", "np.exp(min(scores[:, n]) - scores[:, n])"),),
            E: (("np.exp(scores - scores.max(axis=0, keepdims=True))", "np.exp(-scores)"),),
            R: (("softmax_cols(scores.T).T", "softmax_cols(-scores.T).T"),),
        },
    ),
    Mistake(
        slug="base-two",
        says="powers of two take the place of the exponential",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "2**scores / np.sum(2**scores, axis=0)"),),
            L: (("np.exp(scores[:, n] - max(scores[:, n]))", "2.0 ** (scores[:, n] - max(scores[:, n]))"),),
            E: (("np.exp(", "np.exp2("),),
        },
    ),
    Mistake(
        slug="sigmoid",
        says="a sigmoid takes the place of the softmax",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "1 / (1 + np.exp(-scores))"),),
            L: (("exponentials / sum(exponentials)", "1 / (1 + np.exp(-scores[:, n]))"),),
        },
    ),
    Mistake(
        slug="divided-by-sum-without-exponential",
        says="the scores are divided by their sum, without an exponential",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "scores / np.sum(scores, axis=0)"),),
            L: (("exponentials / sum(exponentials)", "scores[:, n] / sum(scores[:, n])"),),
        },
    ),
    Mistake(
        slug="log-softmax",
        says="the logarithms of the weights are used",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "scores - np.log(np.sum(np.exp(scores), axis=0))"),),
            E: (
                (
                    "exponentials / exponentials.sum(axis=0, keepdims=True)",
                    "scores - np.log(np.exp(scores).sum(axis=0))",
                ),
            ),
        },
    ),
    Mistake(
        slug="mean-instead-of-sum",
        says="the exponentials are divided by their mean, not by their sum",
        step=NORMALISING,
        codes={
            M: (("softmax_cols(scores)", "np.exp(scores) / np.mean(np.exp(scores), axis=0)"),),
            E: (("exponentials.sum(", "exponentials.mean("),),
        },
    ),
    Mistake(
        slug="mean-of-weighted-values",
        says="the weighted values are averaged, not summed",
        step=WEIGHTING,
        codes={
            M: (("V @ attention", "V @ attention / X.shape[1]"),),
            L: (("* V[:, m]", "* V[:, m] / N"),),
        },
    ),
    Mistake(
        slug="hard-attention",
        says="each query takes the value of its best key",
        step=NORMALISING,
        codes={
            M: (("V @ attention", "V[:, np.argmax(attention, axis=0)]"),),
            L: (("exponentials / sum(exponentials)", "exponentials == 1"),),
        },
    ),
    Mistake(
        slug="uniform-weights",
        says="all values are weighted the same",
        step=NORMALISING,
        codes={
            M: (("V @ attention", "np.repeat(V.mean(axis=1, keepdims=True), X.shape[1], axis=1)"),),
            L: (("exponentials / sum(exponentials)", "1 / N"),),
        },
    ),
    Mistake(
        slug="dot-product-summed-over-everything",
        says="one number for all pairs: products summed without an axis",
        step=COMPARING,
        codes={
            L: (("sum(K[i, m] * Q[i, n] for i in range(len(Q)))", "np.sum(K * Q)"),),
            E: (('np.einsum("dm,dn->mn", K, Q)', "np.sum(K * Q) * np.ones((X.shape[1], X.shape[1]))"),),
        },
    ),
    Mistake(
        slug="elementwise-product-of-keys-and-queries",
        says="`*` where `@` was meant: keys and queries, and the weighting, entry by entry",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "K * Q"), ("V @ attention", "V * attention")),
            E: (("dm,dn->mn", "dn,dn->dn"), ("dm,mn->dn", "dn,dn->dn")),
            R: (
                ("np.dot(queries, keys.T)", "queries * keys"),
                ("np.dot(attention, values)", "attention * values"),
            ),
        },
    ),
    Mistake(
        slug="last-query-for-all",
        says="a loop variable has leaked: the query of the last token is used for all",
        step=COMPARING,
        codes={
            L: (
                (
                    "    for m in range(N):\n        for n in range(N):\n            scores[m, n] = sum(K[i, m] * Q[i, n]",
                    "    for m in range(N):\n        for j in range(N):\n            scores[m, j] = sum(K[i, m] * Q[i, n]",
                ),
            ),
            M: (("K.T @ Q", "K.T @ np.repeat(Q[:, -1:], X.shape[1], axis=1)"),),
        },
    ),
    Mistake(
        slug="last-value-for-all",
        says="a loop variable has leaked: the value of the last token is used for all",
        step=WEIGHTING,
        codes={
            L: (
                (
                    "        for m in range(N):\n            result[:, n] += attention[m, n] * V[:, m]",
                    "        for j in range(N):\n            result[:, n] += attention[j, n] * V[:, m]",
                ),
            ),
            M: (("V @ attention", "np.repeat(V[:, -1:], X.shape[1], axis=1) @ attention"),),
        },
    ),
    Mistake(
        slug="returns-in-first-round",
        says="the function returns in the first round of its loop: only the first output is there",
        step=WEIGHTING,
        codes={
            L: (("V[:, m]\n    return result", "V[:, m]\n        return result"),),
            M: (
                (
                    "    result = V @ attention\n    return result",
                    "    result = np.zeros(V.shape)\n    for n in range(X.shape[1]):\n        result[:, n] = V @ attention[:, n]\n        return result",
                ),
            ),
        },
    ),
    Mistake(
        slug="overwritten-instead-of-summed",
        says="the weighted values are not summed: each takes the place of the one before",
        step=WEIGHTING,
        codes={
            L: (("result[:, n] += attention", "result[:, n] = attention"),),
            E: (('np.einsum("dm,mn->dn", V, attention)', 'np.einsum("d,n->dn", V[:, -1], attention[-1])'),),
        },
    ),
    Mistake(
        slug="zeros-returned",
        says="what was computed is not what is returned: zeros",
        step=WEIGHTING,
        codes={
            M: (("    result = V @ attention\n", "    result = np.zeros(V.shape)\n    V @ attention\n"),),
            L: (("result[:, n] += attention[m, n] * V[:, m]", "output = attention[m, n] * V[:, m]"),),
            R: (
                (
                    "    result = np.dot(attention, values)",
                    "    result = np.zeros(values.shape)\n    computed = np.dot(attention, values)",
                ),
            ),
        },
    ),
    Mistake(
        slug="values-returned",
        says="the values are returned without any attention",
        step=WEIGHTING,
        codes={
            M: (("return result", "return V"),),
            L: (("return result", "return V"),),
            R: (("return result.T", "return values.T"),),
        },
    ),
    Mistake(
        slug="distance-for-dot-product",
        says="the negative squared distance of key and query takes the place of their dot product",
        step=COMPARING,
        codes={
            L: (("sum(K[i, m] * Q[i, n] for", "-sum((K[i, m] - Q[i, n]) ** 2 for"),),
            M: (("K.T @ Q", "-np.sum((K[:, :, None] - Q[:, None, :]) ** 2, axis=0)"),),
        },
    ),
    Mistake(
        slug="cosine-for-dot-product",
        says="keys and queries are divided by their lengths",
        step=COMPARING,
        codes={
            M: (("K.T @ Q", "(K / np.linalg.norm(K, axis=0)).T @ (Q / np.linalg.norm(Q, axis=0))"),),
            E: (
                (
                    '"dm,dn->mn", K, Q',
                    '"dm,dn->mn", K / np.linalg.norm(K, axis=0), Q / np.linalg.norm(Q, axis=0)',
                ),
            ),
        },
    ),
    Mistake(
        slug="later-tokens-masked",
        says="a query attends to no later token, where no mask was asked for",
        step=NORMALISING,
        codes={
            M: (
                (
                    "softmax_cols(scores)",
                    "softmax_cols(np.where(np.triu(np.ones(scores.shape)) == 1, scores, -1e9))",
                ),
            ),
            L: (
                (
                    "    for n in range(N):\n        exponentials",
                    "    for n in range(N):\n        scores[n + 1 :, n] = -np.inf\n        exponentials",
                ),
            ),
        },
    ),
    Mistake(
        slug="values-reshaped",
        says="the values are brought into shape by a reshape that mixes tokens and dimensions",
        step=WEIGHTING,
        codes={
            M: (("V @ attention", "(attention.T @ V.reshape(X.shape[1], -1)).T"),),
            R: (("np.dot(attention, values)", "np.dot(attention, values.T.reshape(values.shape))"),),
        },
    ),
    Mistake(
        slug="weighted-twice",
        says="the values are multiplied by the matrix of weights twice",
        step=WEIGHTING,
        codes={
            M: (("V @ attention", "V @ attention @ attention"),),
            R: (("np.dot(attention, values)", "np.dot(attention, np.dot(attention, values))"),),
        },
    ),
]

OF_ONE_HEAD = [
    Mistake(
        slug="result-transposed",
        says="the result is returned transposed: a row for each token",
        step=WEIGHTING,
        codes={
            M: (("return result", "return result.T"),),
            L: (("np.zeros(V.shape)", "np.zeros((N, len(V)))"), ("result[:, n]", "result[n]")),
            E: (("dm,mn->dn", "dm,mn->nd"),),
            R: (("return result.T", "return result"),),
        },
    ),
    Mistake(
        slug="omegas-transposed",
        says="tokens as rows are multiplied by the weights from the right: the weights are used transposed",
        step=PROJECTING,
        codes={
            M: (("omega_q @", "omega_q.T @"), ("omega_k @", "omega_k.T @"), ("omega_v @", "omega_v.T @")),
            L: (
                ("omega_q @ X[:, n]", "X[:, n] @ omega_q"),
                ("omega_k @ X[:, n]", "X[:, n] @ omega_k"),
                ("omega_v @ X[:, n]", "X[:, n] @ omega_v"),
            ),
            E: (("ij,jn->in", "ij,in->jn"),),
            R: (("omega_q.T", "omega_q"), ("omega_k.T", "omega_k"), ("omega_v.T", "omega_v")),
        },
    ),
    Mistake(
        slug="omegas-transposed:result in rows",
        says="tokens as rows are multiplied by the weights from the right, and the result is left in rows",
        step=PROJECTING,
        codes={
            R: (
                ("omega_q.T", "omega_q"),
                ("omega_k.T", "omega_k"),
                ("omega_v.T", "omega_v"),
                ("return result.T", "return result"),
            )
        },
    ),
    Mistake(
        slug="rows-convention",
        says="columns are taken for rows: X @ omega, which only works for as many tokens as dimensions",
        step=PROJECTING,
        codes={
            M: (
                ("omega_q @ X + beta_q", "X @ omega_q + beta_q.T"),
                ("omega_k @ X + beta_k", "X @ omega_k + beta_k.T"),
                ("omega_v @ X + beta_v", "X @ omega_v + beta_v.T"),
                ("K.T @ Q", "Q @ K.T"),
                ("softmax_cols(scores)", "softmax_cols(scores.T).T"),
                ("V @ attention", "attention @ V"),
            ),
            R: (
                ("rows = X.T", "rows = X"),
                ("omega_q.T", "omega_q"),
                ("omega_k.T", "omega_k"),
                ("omega_v.T", "omega_v"),
                ("return result.T", "return result"),
            ),
        },
        runs=False,
    ),
    Mistake(
        slug="rows-convention:projections only",
        says="X @ omega where omega @ X was meant, which only works for as many tokens as dimensions",
        step=PROJECTING,
        codes={
            M: (
                ("omega_q @ X", "X @ omega_q"),
                ("omega_k @ X", "X @ omega_k"),
                ("omega_v @ X", "X @ omega_v"),
            ),
        },
        runs=False,
    ),
    Mistake(
        slug="elementwise-product-of-weights-and-tokens",
        says="`*` where `@` was meant: weights and tokens, entry by entry",
        step=PROJECTING,
        codes={
            M: (
                ("omega_q @ X", "omega_q * X"),
                ("omega_k @ X", "omega_k * X"),
                ("omega_v @ X", "omega_v * X"),
            )
        },
        runs=False,
    ),
    Mistake(
        slug="bias-along-the-tokens",
        says="the biases are added along the tokens, not along the dimensions",
        step=PROJECTING,
        codes={
            M: (
                ("+ beta_q", "+ beta_q.ravel()"),
                ("+ beta_k", "+ beta_k.ravel()"),
                ("+ beta_v", "+ beta_v.ravel()"),
            )
        },
        runs=False,
    ),
    Mistake(
        slug="tokens-as-values",
        says="the tokens themselves are weighted, not the values",
        step=WEIGHTING,
        codes={
            M: (("V @ attention", "X @ attention"),),
            L: (("* V[:, m]", "* X[:, m]"),),
            R: (("np.dot(attention, values)", "np.dot(attention, rows)"),),
        },
    ),
    Mistake(
        slug="no-projections",
        says="the tokens themselves are queries, keys and values",
        step=PROJECTING,
        codes={
            M: (("omega_q @ X + beta_q", "X"), ("omega_k @ X + beta_k", "X"), ("omega_v @ X + beta_v", "X")),
            R: (
                ("np.dot(rows, omega_q.T) + beta_q.T", "rows"),
                ("np.dot(rows, omega_k.T) + beta_k.T", "rows"),
                ("np.dot(rows, omega_v.T) + beta_v.T", "rows"),
            ),
        },
    ),
    Mistake(
        slug="tokens-added",
        says="the tokens are added to the result",
        step=WEIGHTING,
        codes={
            M: (("return result", "return X + result"),),
            R: (("return result.T", "return (result + rows).T"),),
        },
    ),
    Mistake(
        slug="queries-added",
        says="the queries are added to the result",
        step=WEIGHTING,
        codes={M: (("return result", "return Q + result"),), E: (("return result", "return Q + result"),)},
    ),
    Mistake(
        slug="weights-returned",
        says="the attention weights are returned, not the weighted values",
        step=WEIGHTING,
        codes={M: (("return result", "return attention"),), L: (("return result", "return attention"),)},
    ),
    Mistake(
        slug="scores-returned",
        says="the scores are returned",
        step=WEIGHTING,
        codes={M: (("return result", "return scores"),), E: (("return result", "return scores"),)},
    ),
    Mistake(
        slug="weights-times-scores",
        says="the weights are multiplied by the scores, not by the values",
        step=WEIGHTING,
        codes={
            M: (("V @ attention", "scores @ attention"),),
            R: (("np.dot(attention, values)", "np.dot(attention, scores)"),),
        },
    ),
    Mistake(
        slug="nothing-returned",
        says="the result is computed and not returned",
        step=WEIGHTING,
        codes={M: (("    return result\n", ""),), L: (("    return result\n", ""),)},
        runs=False,
    ),
    Mistake(
        slug="one-column-returned",
        says="only the output of the last token is returned",
        step=WEIGHTING,
        codes={
            L: (("return result", "return result[:, [n]]"),),
            M: (("return result", "return result[:, -1:]"),),
        },
    ),
    Mistake(
        slug="arguments-in-another-order",
        says="the function takes its arguments in another order than it is called with: q, k, v",
        step=PROJECTING,
        codes={
            M: (
                (
                    "omega_v, omega_q, omega_k, beta_v, beta_q, beta_k",
                    "omega_q, omega_k, omega_v, beta_q, beta_k, beta_v",
                ),
            ),
            E: (
                (
                    "omega_v, omega_q, omega_k, beta_v, beta_q, beta_k",
                    "omega_q, omega_k, omega_v, beta_q, beta_k, beta_v",
                ),
            ),
        },
    ),
    Mistake(
        slug="first-token-only",
        says="the loop variable is not used: every output is computed for the first token",
        step=COMPARING,
        codes={L: (("* Q[i, n]", "* Q[i, 0]"),), M: (("K.T @ Q", "K.T @ Q[:, [0] * X.shape[1]]"),)},
    ),
]


def _scaled(slug: str, says: str, scale: dict[str, str]) -> Mistake:
    codes = {style: ((SCALE[style], scale[style]),) for style in scale}
    return Mistake(slug=slug, says=says, step=SCALING, codes=codes)


SCALES = [
    _scaled("scale-forgotten", "the dot products are not scaled", dict.fromkeys(BODIES, "")),
    _scaled(
        "scale-by-number-of-tokens",
        "divided by the number of tokens",
        {M: " / X.shape[1]", L: " / N", E: " / X.shape[1]", R: " / len(rows)"},
    ),
    _scaled(
        "scale-by-sqrt-of-number-of-tokens",
        "divided by the root of the number of tokens",
        {
            M: " / np.sqrt(X.shape[1])",
            L: " / np.sqrt(N)",
            E: " / X.shape[1] ** 0.5",
            R: " / np.sqrt(rows.shape[0])",
        },
    ),
    _scaled(
        "scale-without-root",
        "divided by the size of a query, not by its root",
        {M: " / K.shape[0]", L: " / len(K)", E: " / len(Q)", R: " / queries.shape[1]"},
    ),
    _scaled("scale-by-two", "divided by 2, typed in", dict.fromkeys(BODIES, " / 2")),
    _scaled(
        "scale-multiplied",
        "multiplied by the root of the size of a query",
        {
            M: " * np.sqrt(K.shape[0])",
            L: " * np.sqrt(len(K))",
            E: " / len(Q) ** -0.5",
            R: " * np.sqrt(queries.shape[1])",
        },
    ),
    _scaled(
        "scale-fourth-root",
        "divided by the fourth root of the size of a query",
        {M: " / K.shape[0] ** 0.25", L: " / np.sqrt(np.sqrt(len(K)))", E: " / len(Q) ** 0.25"},
    ),
    _scaled(
        "scale-truncated",
        "divided by the root cut off to a whole number",
        {
            M: " / int(np.sqrt(K.shape[0]))",
            L: " / int(len(K) ** 0.5)",
            E: " / (len(Q) ** 0.5 // 1)",
            R: " / int(np.sqrt(queries.shape[1]))",
        },
    ),
    _scaled(
        "scale-half-the-size",
        "divided by half the size of a query",
        {M: " / (K.shape[0] // 2)", L: " / (len(K) // 2)"},
    ),
    _scaled(
        "scale-precedence",
        "`d ** 1 / 2` is d / 2, and `x / d ** 1 / 2` is x / d / 2",
        {M: " / K.shape[0] ** 1 / 2", E: " / len(Q) ** 1 / 2"},
    ),
    _scaled(
        "scale-squared",
        "divided by the square of the size of a query",
        {M: " / K.shape[0] ** 2", L: " / len(K) ** 2"},
    ),
    _scaled(
        "scale-floor-division",
        "`//` where `/` was meant: the scores are cut off to whole numbers",
        {M: " // np.sqrt(K.shape[0])", E: " // len(Q) ** 0.5"},
    ),
    _scaled(
        "scale-by-logarithm",
        "divided by the logarithm of the size of a query",
        {M: " / np.log(K.shape[0])", L: " / np.log(len(K))"},
    ),
    _scaled(
        "scale-by-standard-deviation",
        "divided by the standard deviation of all dot products",
        {M: " / np.std(dot_products)", R: " / np.std(np.dot(queries, keys.T))"},
    ),
    _scaled(
        "scale-by-sqrt-of-size-minus-one",
        "divided by the root of the size of a query less one",
        {M: " / np.sqrt(K.shape[0] - 1)", E: " / (len(Q) - 1) ** 0.5"},
    ),
    Mistake(
        slug="scale-after-softmax",
        says="the weights are scaled after the softmax, not the scores before it",
        step=SCALING,
        codes={
            M: ((SCALE[M], ""), ("softmax_cols(scores)", "softmax_cols(scores) / np.sqrt(K.shape[0])")),
            L: ((SCALE[L], ""), ("/ sum(exponentials)", "/ sum(exponentials) / np.sqrt(len(K))")),
            E: ((SCALE[E], ""), ("keepdims=True)\n    result", "keepdims=True) / len(Q) ** 0.5\n    result")),
            R: ((SCALE[R], ""), ("return result.T", "return result.T / np.sqrt(queries.shape[1])")),
        },
    ),
    Mistake(
        slug="scale-on-values",
        says="the values are scaled, not the scores",
        step=SCALING,
        codes={
            M: ((SCALE[M], ""), ("V @ attention", "V / np.sqrt(K.shape[0]) @ attention")),
            L: ((SCALE[L], ""), ("* V[:, m]", "* V[:, m] / np.sqrt(len(V))")),
        },
    ),
    Mistake(
        slug="scale-on-queries-and-keys",
        says="both queries and keys are divided by the root: scaled twice",
        step=SCALING,
        codes={
            M: ((SCALE[M], ""), ("K.T @ Q", "(K / np.sqrt(K.shape[0])).T @ (Q / np.sqrt(Q.shape[0]))")),
            R: (("+ beta_k.T", "+ beta_k.T\n    keys = keys / np.sqrt(keys.shape[1])"),),
        },
    ),
    Mistake(
        slug="scale-before-and-after",
        says="scaled before the softmax and once more after it",
        step=SCALING,
        codes={
            M: (("softmax_cols(scores)", "softmax_cols(scores) / np.sqrt(K.shape[0])"),),
            R: (("return result.T", "return result.T / np.sqrt(queries.shape[1])"),),
        },
    ),
]

NOT_ASKED = [
    Mistake(
        slug="scaled-though-not-asked",
        says="the dot products are scaled, where no scaling was asked for",
        step=COMPARING,
        codes=dict.fromkeys(BODIES, ()),
    ),
    Mistake(
        slug="scaled-though-not-asked:by size",
        says="the dot products are divided by the size of a query, where no scaling was asked for",
        step=COMPARING,
        codes={M: ((SCALE[M], " / K.shape[0]"),), L: ((SCALE[L], " / len(K)"),)},
    ),
    Mistake(
        slug="scaled-though-not-asked:by number of tokens",
        says="the dot products are divided by the number of tokens",
        step=COMPARING,
        codes={M: ((SCALE[M], " / X.shape[1]"),), E: ((SCALE[E], " / X.shape[1]"),)},
    ),
]
