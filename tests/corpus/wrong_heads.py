"""Mistakes with two heads: what becomes of their parameters, how they are put together, and what `omega_c` does.

The right answer is written four times: both heads written out, a function for one head with loops in it, a loop over the
parameters of the heads, and a function inside the function. The mistakes of one head go into both.
"""

from __future__ import annotations

import re

from .entries import MULTI_ARGUMENTS, Mistake, edited
from .wrong_attention import BODIES, PROJECTING, SCALE, SCALING, WEIGHTING, E, L, M, R

JOINING = "concatenation of the heads"
COMBINING = "output projection"

_ALL = ", ".join(MULTI_ARGUMENTS)
_ONE = ", ".join(name[:-1] for name in MULTI_ARGUMENTS[1:7])
_FIRST = ", ".join(MULTI_ARGUMENTS[1:7])
_SECOND = ", ".join(MULTI_ARGUMENTS[7:13])
_NUMBERED = r"\b(Q|K|V|dot_products|scores|attention|result|(?:omega|beta)_[vqk])\b"


def two_heads(style: str, *pairs: tuple[str, str]) -> str:
    """Return the right multi-head function in a style, with changes to each head."""
    body = edited(BODIES[style], *pairs)
    if style == M:
        body = body.replace("        return result\n", "        break\n").replace(
            "\n    return result\n", "\n"
        )
        body = body.replace("\n    return ", "\n    result = ")
        heads = "".join(re.sub(_NUMBERED, rf"\g<1>{number}", body) for number in (1, 2))
        return f"""
def multihead_scaled_self_attention({_ALL}):{heads}
    heads = np.vstack((result1, result2))
    combined = omega_c @ heads
    return combined
"""
    if style == L:
        return f"""
def one_head(X, {_ONE}):{body}

def multihead_scaled_self_attention({_ALL}):
    first = one_head(X, {_FIRST})
    second = one_head(X, {_SECOND})
    heads = np.concatenate([first, second], axis=0)
    combined = np.zeros((len(omega_c), X.shape[1]))
    for i in range(combined.shape[0]):
        for n in range(combined.shape[1]):
            for j in range(len(heads)):
                combined[i, n] += omega_c[i, j] * heads[j, n]
    return combined
"""
    if style == E:
        inner = body.replace("    return result\n", "    outputs.append(result)\n").replace(
            "\n    ", "\n        "
        )
        return f"""
def multihead_scaled_self_attention({_ALL}):
    outputs = []
    for {_ONE} in (
        ({_FIRST}),
        ({_SECOND}),
    ):{inner}
    heads = np.array(outputs).reshape(-1, X.shape[1])
    combined = np.einsum("ij,jn->in", omega_c, heads)
    return combined
"""
    inner = body.replace("\n    ", "\n        ")
    return f"""
def multihead_scaled_self_attention({_ALL}):
    def head({_ONE}):{inner}
    first = head({_FIRST})
    second = head({_SECOND})
    heads = np.hstack([first.T, second.T])
    combined = np.dot(heads, omega_c.T)
    return combined.T
"""


def _first_for_second(*parts: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the changes that give head 2 some parameters of head 1."""
    again = _SECOND
    for part in parts:
        again = again.replace(f"{part}2", f"{part}1")
    written = tuple(
        (f"{part}2 @", f"{part}1 @") if "omega" in part else (f"+ {part}2", f"+ {part}1") for part in parts
    )
    return {
        M: written,
        L: ((f"X, {_SECOND})", f"X, {again})"),),
        E: ((f"({_SECOND})", f"({again})"),),
        R: ((f"head({_SECOND})", f"head({again})"),),
    }


HEADS = [
    Mistake(
        slug="first-head-twice",
        says="the first head is put in both places",
        step=JOINING,
        codes={
            M: (("np.vstack((result1, result2))", "np.vstack((result1, result1))"),),
            L: (("[first, second]", "[first, first]"),),
            E: (("np.array(outputs)", "np.array([outputs[0], outputs[0]])"),),
            R: (("[first.T, second.T]", "[first.T, first.T]"),),
        },
    ),
    Mistake(
        slug="parameters-of-head-1-for-both",
        says="both heads use the parameters of head 1",
        step=PROJECTING,
        codes=_first_for_second("omega_v", "omega_q", "omega_k", "beta_v", "beta_q", "beta_k"),
    ),
    Mistake(
        slug="second-head-twice",
        says="the second head is put in both places",
        step=JOINING,
        codes={
            M: (("np.vstack((result1, result2))", "np.vstack((result2, result2))"),),
            E: (("np.array(outputs)", "np.array([result, result])"),),
            R: (("[first.T, second.T]", "[second.T] * 2"),),
        },
    ),
    Mistake(
        slug="parameters-of-head-2-for-both",
        says="both heads use the parameters of head 2",
        step=PROJECTING,
        codes={L: ((f"X, {_FIRST})", f"X, {_SECOND})"),), R: ((f"head({_FIRST})", f"head({_SECOND})"),)},
    ),
    Mistake(
        slug="omega-q1-for-both",
        says="head 2 makes its queries with the weights of head 1",
        step=PROJECTING,
        codes=_first_for_second("omega_q"),
    ),
    Mistake(
        slug="omega-k1-for-both",
        says="head 2 makes its keys with the weights of head 1",
        step=PROJECTING,
        codes=_first_for_second("omega_k"),
    ),
    Mistake(
        slug="omega-v1-for-both",
        says="head 2 makes its values with the weights of head 1",
        step=PROJECTING,
        codes=_first_for_second("omega_v"),
    ),
    Mistake(
        slug="omegas-of-head-1-for-both",
        says="head 2 uses the weights of head 1, with biases of its own",
        step=PROJECTING,
        codes=_first_for_second("omega_v", "omega_q", "omega_k"),
    ),
    Mistake(
        slug="beta-q1-for-both",
        says="the queries of head 2 get the bias of head 1",
        step=PROJECTING,
        codes=_first_for_second("beta_q"),
    ),
    Mistake(
        slug="beta-v1-for-both",
        says="the values of head 2 get the bias of head 1",
        step=PROJECTING,
        codes=_first_for_second("beta_v"),
    ),
    Mistake(
        slug="biases-of-head-1-for-both",
        says="head 2 uses the biases of head 1, with weights of its own",
        step=PROJECTING,
        codes=_first_for_second("beta_v", "beta_q", "beta_k"),
    ),
    Mistake(
        slug="queries-of-head-1-for-both",
        says="the keys of head 2 are compared with the queries of head 1",
        step="dot products of keys and queries",
        codes={
            M: (("K2.T @ Q2", "K2.T @ Q1"),),
            E: (
                ("scores = ", "first_Q = first_Q if outputs else Q\n        scores = "),
                ("K, Q)", "K, first_Q)"),
            ),
        },
    ),
    Mistake(
        slug="keys-of-head-1-for-both",
        says="the queries of head 2 are compared with the keys of head 1",
        step="dot products of keys and queries",
        codes={M: (("K2.T @ Q2", "K1.T @ Q2"),)},
    ),
    Mistake(
        slug="scores-of-head-1-for-both",
        says="the scores of head 1 are used in both heads",
        step="dot products of keys and queries",
        codes={M: (("dot_products2 / ", "dot_products1 / "),)},
    ),
    Mistake(
        slug="weights-of-head-1-for-both",
        says="the attention weights of head 1 are used in both heads",
        step=WEIGHTING,
        codes={
            M: (("V2 @ attention2", "V2 @ attention1"),),
            E: (
                (
                    "        result = ",
                    "        if outputs:\n            attention = kept\n        kept = attention\n        result = ",
                ),
            ),
        },
    ),
    Mistake(
        slug="values-of-head-1-for-both",
        says="the values of head 1 are weighted in both heads",
        step=WEIGHTING,
        codes={M: (("V2 @ attention2", "V1 @ attention2"),)},
    ),
    Mistake(
        slug="values-of-the-other-head",
        says="each head weights the values of the other",
        step=WEIGHTING,
        codes={
            M: (
                ("V1 @ attention1", "PLACE"),
                ("V2 @ attention2", "V1 @ attention2"),
                ("    result1 = PLACE\n", ""),
                ("    heads", "    result1 = V2 @ attention1\n    heads"),
            )
        },
    ),
    Mistake(
        slug="weights-averaged-over-heads",
        says="the attention weights of both heads are averaged",
        step=WEIGHTING,
        codes={
            M: (
                (
                    "    heads",
                    "    shared = (attention1 + attention2) / 2\n    result1, result2 = V1 @ shared, V2 @ shared\n    heads",
                ),
            )
        },
    ),
    Mistake(
        slug="scores-summed-over-heads",
        says="the scores of both heads are summed",
        step="dot products of keys and queries",
        codes={
            M: (
                (
                    "    heads",
                    "    shared = softmax_cols(scores1 + scores2)\n    result1, result2 = V1 @ shared, V2 @ shared\n    heads",
                ),
            )
        },
    ),
    Mistake(
        slug="one-large-head",
        says="both heads are made one, with the root of its size: one attention for all",
        step="dot products of keys and queries",
        codes={
            M: (
                (
                    "    heads",
                    "    Q, K, V = (np.vstack(pair) for pair in ((Q1, Q2), (K1, K2), (V1, V2)))\n    heads",
                ),
                ("np.vstack((result1, result2))", "V @ softmax_cols(K.T @ Q / np.sqrt(K.shape[0]))"),
            )
        },
    ),
    Mistake(
        slug="one-large-head:scale of a head",
        says="both heads are made one, with the scale of a small one",
        step="dot products of keys and queries",
        codes={
            M: (
                (
                    "    heads",
                    "    Q, K, V = (np.vstack(pair) for pair in ((Q1, Q2), (K1, K2), (V1, V2)))\n    heads",
                ),
                ("np.vstack((result1, result2))", "V @ softmax_cols(K.T @ Q / np.sqrt(K1.shape[0]))"),
            )
        },
    ),
    Mistake(
        slug="one-softmax-for-both-heads",
        says="the scores of both heads are stacked and go into one softmax",
        step="softmax over the keys",
        codes={
            M: (
                (
                    "    heads",
                    "    both = softmax_cols(np.vstack((scores1, scores2)))\n    N = X.shape[1]\n    result1, result2 = V1 @ both[:N], V2 @ both[N:]\n    heads",
                ),
            ),
        },
    ),
    Mistake(
        slug="heads-reversed",
        says="the second head is put on top of the first",
        step=JOINING,
        codes={
            M: (("(result1, result2)", "(result2, result1)"),),
            L: (("[first, second]", "[second, first]"),),
            E: (("np.array(outputs)", "np.array(outputs[::-1])"),),
            R: (("[first.T, second.T]", "[second.T, first.T]"),),
        },
    ),
    Mistake(
        slug="blocks-of-omega-c-swapped",
        says="the first head is multiplied by the second half of the columns of omega_c, and the second by the first",
        step=COMBINING,
        codes={
            M: (("omega_c @ heads", "omega_c[:, len(V1) :] @ result1 + omega_c[:, : len(V1)] @ result2"),),
            R: (
                (
                    "np.dot(heads, omega_c.T)",
                    "np.dot(first.T, omega_c[:, len(first) :].T) + np.dot(second.T, omega_c[:, : len(first)].T)",
                ),
            ),
        },
    ),
    Mistake(
        slug="heads-side-by-side",
        says="the heads are put side by side and forced into shape",
        step=JOINING,
        codes={
            M: (("np.vstack((result1, result2))", "np.hstack((result1, result2)).reshape(X.shape)"),),
            L: (
                (
                    "np.concatenate([first, second], axis=0)",
                    "np.concatenate([first, second], axis=1).reshape(X.shape)",
                ),
            ),
        },
    ),
    Mistake(
        slug="heads-side-by-side:tokens as rows",
        says="the heads, with a row for each token, are put on top of each other and forced into shape",
        step=JOINING,
        codes={
            R: (("np.hstack([first.T, second.T])", "np.vstack([first.T, second.T]).reshape(X.shape[::-1])"),)
        },
    ),
    Mistake(
        slug="heads-side-by-side:not reshaped",
        says="the heads are put side by side, which does not fit omega_c",
        step=JOINING,
        codes={M: (("np.vstack", "np.hstack"),), R: (("np.hstack", "np.vstack"),)},
        runs=False,
    ),
    Mistake(
        slug="heads-interleaved",
        says="the rows of the heads alternate",
        step=JOINING,
        codes={
            M: (("np.vstack((result1, result2))", "np.stack((result1, result2), axis=1).reshape(X.shape)"),),
            E: (("np.array(outputs)", "np.array(outputs).transpose(1, 0, 2)"),),
            L: (
                (
                    "np.concatenate([first, second], axis=0)",
                    "np.array([row for pair in zip(first, second) for row in pair])",
                ),
            ),
        },
    ),
    Mistake(
        slug="heads-reshaped-in-the-wrong-order",
        says="the heads are put together by a reshape that mixes tokens and dimensions",
        step=JOINING,
        codes={
            E: (
                (
                    "np.array(outputs).reshape(-1, X.shape[1])",
                    "np.array(outputs).transpose(2, 0, 1).reshape(-1, X.shape[1])",
                ),
            ),
            M: (("np.vstack((result1, result2))", "np.hstack((result1.T, result2.T)).reshape(X.shape)"),),
        },
    ),
    Mistake(
        slug="heads-summed",
        says="the heads are summed, and the sum is put in both places",
        step=JOINING,
        codes={
            M: (("(result1, result2)", "(result1 + result2, result1 + result2)"),),
            E: (("np.array(outputs)", "np.array([sum(outputs)] * 2)"),),
            L: (("[first, second]", "[first + second] * 2"),),
        },
    ),
    Mistake(
        slug="heads-averaged",
        says="the heads are averaged, and the mean is put in both places",
        step=JOINING,
        codes={
            M: (("(result1, result2)", "2 * ((result1 + result2) / 2,)"),),
            E: (("np.array(outputs)", "np.array([np.mean(outputs, axis=0)] * 2)"),),
        },
    ),
    Mistake(
        slug="second-head-left-out",
        says="zeros stand where the second head should be",
        step=JOINING,
        codes={
            M: (("(result1, result2)", "(result1, np.zeros(result2.shape))"),),
            L: (("[first, second]", "[first, 0 * second]"),),
            R: (("np.dot(heads, omega_c.T)", "np.dot(first.T, omega_c[:, : len(first)].T)"),),
        },
    ),
    Mistake(
        slug="first-head-left-out",
        says="zeros stand where the first head should be",
        step=JOINING,
        codes={
            M: (("(result1, result2)", "(np.zeros(result1.shape), result2)"),),
            R: (("np.dot(heads, omega_c.T)", "np.dot(second.T, omega_c[:, len(first) :].T)"),),
        },
    ),
    Mistake(
        slug="omega-c-forgotten",
        says="the heads are not multiplied by omega_c",
        step=COMBINING,
        codes={
            M: (("omega_c @ heads", "heads"),),
            L: (("return combined", "return heads"),),
            E: (('np.einsum("ij,jn->in", omega_c, heads)', "heads"),),
            R: (("return combined.T", "return heads.T"),),
        },
    ),
    Mistake(
        slug="omega-c-transposed",
        says="omega_c is used transposed",
        step=COMBINING,
        codes={
            M: (("omega_c @ heads", "omega_c.T @ heads"),),
            L: (("omega_c[i, j]", "omega_c[j, i]"),),
            E: (('"ij,jn->in", omega_c', '"ji,jn->in", omega_c'),),
            R: (("omega_c.T", "omega_c"),),
        },
    ),
    Mistake(
        slug="omega-c-twice",
        says="the heads are multiplied by omega_c twice",
        step=COMBINING,
        codes={
            M: (("return combined", "return omega_c @ combined"),),
            E: (("return combined", "return np.dot(omega_c, combined)"),),
        },
    ),
    Mistake(
        slug="omega-c-block-by-block",
        says="each head is multiplied by its own diagonal block of omega_c only",
        step=COMBINING,
        codes={
            M: (
                (
                    "omega_c @ heads",
                    "np.vstack((omega_c[: len(V1), : len(V1)] @ result1, omega_c[len(V1) :, len(V1) :] @ result2))",
                ),
            ),
            L: (
                (
                    "for j in range(len(heads))",
                    "for j in (range(len(first)) if i < len(first) else range(len(first), len(heads)))",
                ),
            ),
        },
    ),
    Mistake(
        slug="omega-c-elementwise",
        says="`*` where `@` was meant: the diagonal of omega_c, entry by entry",
        step=COMBINING,
        codes={
            M: (("omega_c @ heads", "np.diag(omega_c)[:, None] * heads"),),
            E: (("ij,jn->in", "ij,jn->in"), ('"ij,jn->in", omega_c, heads', '"ii,in->in", omega_c, heads')),
        },
    ),
    Mistake(
        slug="result-transposed",
        says="the result is returned transposed: a row for each token",
        step=COMBINING,
        codes={
            M: (("return combined", "return combined.T"),),
            L: (
                (
                    "return combined",
                    "return np.array([[row[n] for row in combined] for n in range(X.shape[1])])",
                ),
            ),
            E: (('"ij,jn->in", omega_c', '"ij,jn->ni", omega_c'),),
            R: (("return combined.T", "return combined"),),
        },
    ),
    Mistake(
        slug="omega-c-transposed:result in rows",
        says="the row convention at the end: omega_c is used transposed, and the result is left in rows",
        step=COMBINING,
        codes={
            M: (("omega_c @ heads", "heads.T @ omega_c"),),
            R: (("omega_c.T", "omega_c"), ("return combined.T", "return combined")),
        },
    ),
    Mistake(
        slug="tokens-added",
        says="the tokens are added to the result",
        step=COMBINING,
        codes={
            M: (("return combined", "return X + combined"),),
            R: (("return combined.T", "return X + combined.T"),),
        },
    ),
    Mistake(
        slug="zeros-returned",
        says="what was computed is not what is returned: zeros",
        step=COMBINING,
        codes={
            M: (("    combined = omega_c @ heads", "    combined = np.zeros(X.shape)\n    omega_c @ heads"),),
            L: (("combined[i, n] += omega_c[i, j] * heads[j, n]", "total = omega_c[i, j] * heads[j, n]"),),
        },
    ),
    Mistake(
        slug="nothing-returned",
        says="the result is computed and not returned",
        step=COMBINING,
        codes={
            M: (("    return combined\n", "    print(combined.shape)\n"),),
            R: (("    return combined.T\n", ""),),
        },
        runs=False,
    ),
    Mistake(
        slug="returns-in-first-round:combining",
        says="the function returns in the first round of its loop",
        step=COMBINING,
        codes={
            L: (("    return combined", "        return combined"),),
            M: (("    return combined", "    combined[1:] = 0\n    return combined"),),
        },
    ),
    Mistake(
        slug="one-head-returned",
        says="the function returns the output of its first head",
        step=JOINING,
        codes={
            M: (("return combined", "return result1"),),
            E: (("outputs.append(result)", "return result"),),
        },
    ),
    Mistake(
        slug="arguments-in-another-order",
        says="the function takes its arguments in another order than it is called with: q, k, v",
        step=PROJECTING,
        codes={
            style: tuple(
                (
                    f"{kind}_v{number}, {kind}_q{number}, {kind}_k{number}, ",
                    f"{kind}_q{number}, {kind}_k{number}, {kind}_v{number}, ",
                )
                for kind in ("omega", "beta")
                for number in (1, 2)
            )
            for style in (M,)
        },
    ),
    Mistake(
        slug="omega-q-instead-of-omega-v:head 2",
        says="the values of head 2 are made with the weights of its queries",
        step=PROJECTING,
        codes={M: (("omega_v2 @", "omega_q2 @"),)},
    ),
    Mistake(
        slug="values-of-head-1-from-omega-v2",
        says="head 1 makes its values with the weights of head 2",
        step=PROJECTING,
        codes={
            M: (("omega_v1 @", "omega_v2 @"),),
            L: ((f"X, {_FIRST})", f"X, {_FIRST.replace('omega_v1', 'omega_v2')})"),),
        },
    ),
]

MODEL_SCALES = [
    Mistake(
        slug=slug,
        says=says,
        step=SCALING,
        codes={style: ((SCALE[style], text),) for style in (M, L, E, R)},
    )
    for slug, says, text in [
        (
            "scale-by-sqrt-of-model-size",
            "divided by the root of the size of the tokens",
            " / np.sqrt(X.shape[0])",
        ),
        ("scale-by-model-size", "divided by the size of the tokens", " / X.shape[0]"),
        ("scale-by-number-of-heads", "divided by the number of heads", " / (X.shape[0] // len(omega_v))"),
        ("scale-by-sqrt-of-number-of-heads", "divided by the root of the number of heads", " / np.sqrt(2)"),
        (
            "scale-by-quarter-of-model-size",
            "divided by a quarter of the size of the tokens",
            " / (X.shape[0] / 4)",
        ),
        (
            "scale-typed-in",
            "divided by the root of the notebook's size of a query, typed in",
            " / np.sqrt(4)",
        ),
    ]
]

ONE_HEAD_IN_TWO = [
    Mistake(
        slug="softmax-over-queries:head 2 only",
        says="the softmax of head 2 is taken over the queries",
        step="softmax over the keys",
        codes={M: (("softmax_cols(scores2)", "softmax_cols(scores2.T).T"),)},
    ),
    Mistake(
        slug="weights-transposed:head 2 only",
        says="the weights of head 2 are transposed",
        step=WEIGHTING,
        codes={M: (("V2 @ attention2", "V2 @ attention2.T"),)},
    ),
    Mistake(
        slug="queries-and-keys-swapped:head 1 only",
        says="in head 1, queries and keys have changed places",
        step="dot products of keys and queries",
        codes={M: (("K1.T @ Q1", "Q1.T @ K1"),)},
    ),
    Mistake(
        slug="scale-forgotten:head 2 only",
        says="the dot products of head 2 are not scaled",
        step=SCALING,
        codes={M: (("dot_products2 / np.sqrt(K2.shape[0])", "dot_products2"),)},
    ),
]
