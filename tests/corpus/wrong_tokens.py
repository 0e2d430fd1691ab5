"""Mistakes in what is asked for as variables: queries, keys and values, the outputs token by token, and `X_prime`."""

from __future__ import annotations

from .entries import MULTI_ARGUMENTS, Mistake

C, M, A = "loops", "comprehensions", "np.dot and np.array"

QUERIES_KEYS_VALUES = {
    C: """
all_queries = []
all_keys = []
all_values = []
for x in all_x:
    query = omega_q @ x + beta_q
    key = omega_k @ x + beta_k
    value = omega_v @ x + beta_v
    all_queries.append(query)
    all_keys.append(key)
    all_values.append(value)
""",
    M: """
all_queries = [beta_q + np.matmul(omega_q, x) for x in all_x]
all_keys = [beta_k + np.matmul(omega_k, x) for x in all_x]
all_values = [beta_v + np.matmul(omega_v, x) for x in all_x]
""",
}


def _one(part: str, old: str, new: str) -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        C: ((f"omega_{part} @ x + beta_{part}", f"omega_{part} @ x + beta_{part}".replace(old, new)),),
        M: (
            (
                f"beta_{part} + np.matmul(omega_{part}, x)",
                f"beta_{part} + np.matmul(omega_{part}, x)".replace(old, new),
            ),
        ),
    }


PARTS = [
    Mistake(
        slug="omega-q-for-keys",
        says="the keys are made with the weights of the queries",
        step="keys",
        codes=_one("k", "omega_k", "omega_q"),
    ),
    Mistake(
        slug="omega-k-for-values",
        says="the values are made with the weights of the keys",
        step="values",
        codes=_one("v", "omega_v", "omega_k"),
    ),
    Mistake(
        slug="omega-v-for-queries",
        says="the queries are made with the weights of the values",
        step="queries",
        codes=_one("q", "omega_q", "omega_v"),
    ),
    Mistake(
        slug="beta-q-for-keys",
        says="the keys get the bias of the queries",
        step="keys",
        codes=_one("k", "beta_k", "beta_q"),
    ),
    Mistake(
        slug="beta-k-for-values",
        says="the values get the bias of the keys",
        step="values",
        codes=_one("v", "beta_v", "beta_k"),
    ),
    Mistake(
        slug="beta-v-for-queries",
        says="the queries get the bias of the values",
        step="queries",
        codes=_one("q", "beta_q", "beta_v"),
    ),
    Mistake(
        slug="biases-forgotten",
        says="none of the biases is added",
        step="queries",
        codes={
            C: ((" + beta_q", ""), (" + beta_k", ""), (" + beta_v", "")),
            M: (("beta_q + ", ""), ("beta_k + ", ""), ("beta_v + ", "")),
        },
    ),
    Mistake(
        slug="bias-of-keys-forgotten",
        says="the bias of the keys is not added",
        step="keys",
        codes={C: ((" + beta_k", ""),), M: (("beta_k + ", ""),)},
    ),
    Mistake(
        slug="biases-subtracted",
        says="the biases are subtracted",
        step="queries",
        codes={C: (("+ beta", "- beta"),), M: (("[beta", "[-beta"),)},
    ),
    Mistake(
        slug="omegas-transposed",
        says="the weights are used transposed",
        step="queries",
        codes={
            C: (
                ("omega_q @ x", "omega_q.T @ x"),
                ("omega_k @ x", "omega_k.T @ x"),
                ("omega_v @ x", "omega_v.T @ x"),
            ),
            M: (
                ("np.matmul(omega_q, x)", "np.matmul(x.T, omega_q).T"),
                ("np.matmul(omega_k, x)", "np.matmul(x.T, omega_k).T"),
                ("np.matmul(omega_v, x)", "np.matmul(x.T, omega_v).T"),
            ),
        },
    ),
    Mistake(
        slug="rows-convention",
        says="x^T omega where omega x was meant, and the biases as rows",
        step="queries",
        codes={
            C: (
                ("omega_q @ x + beta_q", "x.T @ omega_q + beta_q.T"),
                ("omega_k @ x + beta_k", "x.T @ omega_k + beta_k.T"),
                ("omega_v @ x + beta_v", "x.T @ omega_v + beta_v.T"),
            )
        },
    ),
    Mistake(
        slug="biases-broadcast-to-a-matrix",
        says="a column and a row are added: a matrix for each token",
        step="queries",
        codes={
            C: (("+ beta_q", "+ beta_q.T"), ("+ beta_k", "+ beta_k.T"), ("+ beta_v", "+ beta_v.T")),
            M: (
                ("beta_q +", "beta_q.ravel() +"),
                ("beta_k +", "beta_k.ravel() +"),
                ("beta_v +", "beta_v.ravel() +"),
            ),
        },
    ),
    Mistake(
        slug="elementwise-product",
        says="`*` where `@` was meant: a matrix for each token",
        step="queries",
        codes={C: ((" @ x", " * x"),), M: (("np.matmul(", "np.multiply("),)},
    ),
    Mistake(
        slug="first-token-only",
        says="the loop variable is not used: the first token stands for all",
        step="queries",
        codes={C: (("@ x", "@ all_x[0]"),), M: ((", x)", ", all_x[0])"),)},
    ),
    Mistake(
        slug="last-token-for-all",
        says="a loop variable has leaked: the last token stands for all",
        step="queries",
        codes={
            C: (("for x in all_x:\n", "for x in all_x:\n    pass\nfor n in range(N):\n"),),
            M: ((", x) for x", ", all_x[-1]) for x"),),
        },
    ),
    Mistake(
        slug="appended-after-the-loop",
        says="only the last token is appended: the lists are filled after the loop",
        step="queries",
        codes={
            C: (
                ("    all_queries.append", "all_queries.append"),
                ("    all_keys.append", "all_keys.append"),
                ("    all_values.append", "all_values.append"),
            )
        },
    ),
    Mistake(
        slug="lists-mixed-up:values and keys",
        says="keys and values are appended to each other's list",
        step="keys",
        codes={
            C: (
                ("all_keys.append(key)", "all_keys.append(value)"),
                ("all_values.append(value)", "all_values.append(key)"),
            ),
            M: (
                ("all_keys =", "all_others ="),
                ("all_values =", "all_keys ="),
                ("all_others =", "all_values ="),
            ),
        },
    ),
    Mistake(
        slug="lists-mixed-up:queries everywhere",
        says="the queries are appended to all lists",
        step="keys",
        codes={C: (("append(key)", "append(query)"), ("append(value)", "append(query)"))},
    ),
    Mistake(
        slug="order-reversed",
        says="the tokens are in reversed order",
        step="queries",
        codes={C: (("in all_x:", "in all_x[::-1]:"),), M: (("in all_x]", "in reversed(all_x)]"),)},
    ),
    Mistake(
        slug="applied-twice",
        says="the keys are made of the queries, and the values of the keys",
        step="keys",
        codes={C: (("omega_k @ x", "omega_k @ query"), ("omega_v @ x", "omega_v @ key"))},
    ),
]

ALL_X_PRIME = {
    C: """
all_x_prime = []
for n in range(N):
    all_km_qn = []
    for m in range(N):
        all_km_qn.append(np.sum(all_keys[m] * all_queries[n]))
    attention = softmax(all_km_qn)
    x_prime = np.zeros((D, 1))
    for m in range(N):
        x_prime += attention[m] * all_values[m]
    all_x_prime.append(x_prime)
""",
    M: """
all_x_prime = []
for n in range(N):
    all_km_qn = [(key.T @ all_queries[n]).item() for key in all_keys]
    attention = softmax(all_km_qn)
    x_prime = sum(weight * value for weight, value in zip(attention, all_values))
    all_x_prime.append(x_prime)
""",
    A: """
K = np.array(all_keys)[:, :, 0]
V = np.array(all_values)[:, :, 0]
all_x_prime = []
for q in all_queries:
    all_km_qn = np.dot(K, q)[:, 0]
    attention = softmax(all_km_qn)
    x_prime = np.dot(attention, V)
    all_x_prime.append(x_prime)
""",
}

OUTPUTS = [
    Mistake(
        slug="queries-and-keys-swapped",
        says="the key of the token is compared with all queries",
        step="dot products of keys and query",
        codes={
            C: (("all_keys[m] * all_queries[n]", "all_queries[m] * all_keys[n]"),),
            M: (
                (
                    "(key.T @ all_queries[n]).item() for key in all_keys",
                    "(query.T @ all_keys[n]).item() for query in all_queries",
                ),
            ),
            A: (("np.array(all_keys)", "np.array(all_queries)"), ("in all_queries:", "in all_keys:")),
        },
    ),
    Mistake(
        slug="queries-with-queries",
        says="queries are compared with queries",
        step="dot products of keys and query",
        codes={
            C: (("all_keys[m]", "all_queries[m]"),),
            M: (("in all_keys]", "in all_queries]"),),
            A: (("np.array(all_keys)", "np.array(all_queries)"),),
        },
    ),
    Mistake(
        slug="keys-with-keys",
        says="keys are compared with keys",
        step="dot products of keys and query",
        codes={C: (("all_queries[n]", "all_keys[n]"),), M: (("all_queries[n]", "all_keys[n]"),)},
    ),
    Mistake(
        slug="own-key-only",
        says="the loop variable is not used: the key of the token itself stands for all",
        step="dot products of keys and query",
        codes={C: (("all_keys[m]", "all_keys[n]"),), M: (("key.T", "all_keys[n].T"),)},
    ),
    Mistake(
        slug="last-query-for-all",
        says="a loop variable has leaked: the query of the last token is used for all",
        step="dot products of keys and query",
        codes={
            C: (
                ("all_x_prime = []\n", "for j in range(N):\n    query = all_queries[j]\nall_x_prime = []\n"),
                ("all_queries[n]", "query"),
            ),
            M: (("all_queries[n]", "all_queries[-1]"),),
        },
    ),
    Mistake(
        slug="first-token-only",
        says="every output is computed for the first token",
        step="dot products of keys and query",
        codes={C: (("all_queries[n]", "all_queries[0]"),), M: (("all_queries[n]", "all_queries[0]"),)},
    ),
    Mistake(
        slug="no-softmax",
        says="the dot products are used as weights as they are",
        step="softmax over the keys",
        codes={
            C: (("softmax(all_km_qn)", "all_km_qn"),),
            M: (("softmax(all_km_qn)", "all_km_qn"),),
            A: (("softmax(all_km_qn)", "all_km_qn"),),
        },
    ),
    Mistake(
        slug="softmax-over-queries",
        says="the weights are normalised over the queries",
        step="softmax over the keys",
        codes={
            A: (
                (
                    "all_x_prime = []\n",
                    "E = np.exp(K @ np.array(all_queries)[:, :, 0].T - 30)\nE = E / E.sum(axis=1, keepdims=True)\nall_x_prime = []\n",
                ),
                ("for q in all_queries:", "for n in range(N):"),
                ("    all_km_qn = np.dot(K, q)[:, 0]\n", ""),
                ("softmax(all_km_qn)", "E[:, n]"),
            ),
            C: (
                (
                    "    attention = softmax(all_km_qn)\n",
                    "    attention = [softmax([np.sum(all_keys[m] * query) for query in all_queries])[n] for m in range(N)]\n",
                ),
            ),
        },
    ),
    Mistake(
        slug="weights-transposed",
        says="the weights of a token are those that the others give to it",
        step="sum of weighted values",
        codes={
            C: (
                (
                    "    attention = softmax(all_km_qn)\n",
                    "    attention = [softmax([np.sum(key * query) for key in all_keys])[n] for query in all_queries]\n",
                ),
            )
        },
    ),
    Mistake(
        slug="scaled-though-not-asked",
        says="the dot products are scaled, where no scaling was asked for",
        step="dot products of keys and query",
        codes={
            C: (("all_queries[n]))", "all_queries[n]) / np.sqrt(D))"),),
            M: ((".item()", ".item() / np.sqrt(D)"),),
            A: (("np.dot(K, q)[:, 0]", "np.dot(K, q)[:, 0] / len(q) ** 0.5"),),
        },
    ),
    Mistake(
        slug="keys-as-values",
        says="the keys are weighted, not the values",
        step="sum of weighted values",
        codes={
            C: (("all_values[m]", "all_keys[m]"),),
            M: (("zip(attention, all_values)", "zip(attention, all_keys)"),),
            A: (("np.dot(attention, V)", "np.dot(attention, K)"),),
        },
    ),
    Mistake(
        slug="tokens-as-values",
        says="the tokens themselves are weighted, not the values",
        step="sum of weighted values",
        codes={
            C: (("all_values[m]", "all_x[m]"),),
            M: (("zip(attention, all_values)", "zip(attention, all_x)"),),
        },
    ),
    Mistake(
        slug="own-value-only",
        says="the value of the token itself is multiplied by all weights",
        step="sum of weighted values",
        codes={C: (("all_values[m]", "all_values[n]"),), M: (("* value for", "* all_values[n] for"),)},
    ),
    Mistake(
        slug="own-weight-only",
        says="all values are multiplied by the weight of the token itself",
        step="sum of weighted values",
        codes={C: (("attention[m]", "attention[n]"),), M: (("weight * value", "attention[n] * value"),)},
    ),
    Mistake(
        slug="overwritten-instead-of-summed",
        says="the weighted values are not summed: each takes the place of the one before",
        step="sum of weighted values",
        codes={
            C: (("x_prime += attention", "x_prime = attention"),),
            M: (
                (
                    "sum(weight * value for weight, value in zip(attention, all_values))",
                    "attention[-1] * all_values[-1]",
                ),
            ),
        },
    ),
    Mistake(
        slug="sum-not-set-to-zero",
        says="the sum is not set to zero for each token",
        step="sum of weighted values",
        codes={
            C: (
                ("all_x_prime = []\n", "all_x_prime = []\nx_prime = np.zeros((D, 1))\n"),
                ("    x_prime = np.zeros((D, 1))\n", ""),
                (
                    "x_prime += attention[m] * all_values[m]",
                    "x_prime = x_prime + attention[m] * all_values[m]",
                ),
            )
        },
    ),
    Mistake(
        slug="same-array-in-all-places",
        says="one array is changed in place and appended each time: all outputs are the last",
        step="sum of weighted values",
        codes={
            C: (
                ("all_x_prime = []\n", "all_x_prime = []\nx_prime = np.zeros((D, 1))\n"),
                ("    x_prime = np.zeros((D, 1))\n", "    x_prime[:] = 0\n"),
            )
        },
    ),
    Mistake(
        slug="weighted-values-not-summed",
        says="the weighted values are not summed: a matrix for each token",
        step="sum of weighted values",
        codes={
            M: (
                (
                    "sum(weight * value for weight, value in zip(attention, all_values))",
                    "np.hstack([weight * value for weight, value in zip(attention, all_values)])",
                ),
            ),
            A: (("np.dot(attention, V)", "(np.asarray(attention)[:, None] * V).T"),),
        },
    ),
    Mistake(
        slug="sum-without-axis",
        says="everything is summed to one number",
        step="sum of weighted values",
        codes={
            A: (("np.dot(attention, V)", "np.sum(np.asarray(attention)[:, None] * V)"),),
            M: (("    all_x_prime.append(x_prime)", "    all_x_prime.append(np.sum(x_prime))"),),
        },
    ),
    Mistake(
        slug="mean-of-weighted-values",
        says="the weighted values are averaged",
        step="sum of weighted values",
        codes={
            A: (("np.dot(attention, V)", "np.mean(np.asarray(attention)[:, None] * V, axis=0)"),),
            C: (("append(x_prime)", "append(x_prime / N)"),),
        },
    ),
    Mistake(
        slug="zeros-returned",
        says="what was computed is not what is appended: zeros",
        step="sum of weighted values",
        codes={
            C: (("x_prime += attention", "result = attention"),),
            M: (("append(x_prime)", "append(np.zeros((D, 1)))"),),
        },
    ),
    Mistake(
        slug="weights-returned",
        says="the weights are appended, not the outputs",
        step="sum of weighted values",
        codes={
            C: (("append(x_prime)", "append(attention)"),),
            M: (("append(x_prime)", "append(attention)"),),
        },
    ),
    Mistake(
        slug="appended-after-the-loop",
        says="only the last output is appended",
        step="sum of weighted values",
        codes={
            C: (("    all_x_prime.append", "all_x_prime.append"),),
            M: (("    all_x_prime.append", "all_x_prime.append"),),
        },
    ),
    Mistake(
        slug="hard-attention",
        says="each token takes the value of its best key",
        step="softmax over the keys",
        codes={
            A: (("np.dot(attention, V)", "V[np.argmax(attention)]"),),
            M: (
                (
                    "sum(weight * value for weight, value in zip(attention, all_values))",
                    "all_values[all_km_qn.index(max(all_km_qn))]",
                ),
            ),
        },
    ),
    Mistake(
        slug="order-reversed",
        says="the outputs are in reversed order",
        step="sum of weighted values",
        codes={
            C: (("all_x_prime.append(x_prime)", "all_x_prime.insert(0, x_prime)"),),
            M: (("for n in range(N):", "for n in reversed(range(N)):"),),
        },
    ),
    Mistake(
        slug="outer-product",
        says="the key is not transposed, the query is: a matrix for each pair, of which the first entry is taken",
        step="dot products of keys and query",
        codes={
            M: (("(key.T @ all_queries[n]).item()", "(key @ all_queries[n].T)[0, 0]"),),
            C: (("np.sum(all_keys[m] * all_queries[n])", "all_keys[m][0, 0] * all_queries[n][0, 0]"),),
        },
    ),
    Mistake(
        slug="sum-of-keys-and-query",
        says="key and query are added where they were to be multiplied",
        step="dot products of keys and query",
        codes={
            C: (("all_keys[m] * all_queries[n]", "all_keys[m] + all_queries[n]"),),
            M: (("(key.T @ all_queries[n]).item()", "(key + all_queries[n]).sum()"),),
        },
    ),
]

_CALL = ", ".join(MULTI_ARGUMENTS)
X_PRIME = {C: f"\nX_prime = multihead_scaled_self_attention({_CALL})\n"}


def _called(*pairs: tuple[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    return {C: pairs}


RESULT = [
    Mistake(
        slug="heads-swapped",
        says="the parameters of the heads have changed places",
        step="the result for the notebook's tokens",
        codes={
            C: f"X_prime = multihead_scaled_self_attention(X, {', '.join(MULTI_ARGUMENTS[7:13])}, {', '.join(MULTI_ARGUMENTS[1:7])}, omega_c)"
        },
    ),
    Mistake(
        slug="head-1-twice",
        says="the parameters of head 1 are given for both heads",
        step="the result for the notebook's tokens",
        codes={
            C: f"X_prime = multihead_scaled_self_attention(X, {', '.join(MULTI_ARGUMENTS[1:7] * 2)}, omega_c)"
        },
    ),
    Mistake(
        slug="arguments-in-another-order",
        says="the arguments are given in another order: q, k, v",
        step="the result for the notebook's tokens",
        codes={
            C: f"X_prime = multihead_scaled_self_attention({_CALL.replace('omega_v1, omega_q1, omega_k1', 'omega_q1, omega_k1, omega_v1').replace('omega_v2, omega_q2, omega_k2', 'omega_q2, omega_k2, omega_v2')})"
        },
    ),
    Mistake(
        slug="letter-mixed-up",
        says="one argument is the wrong one",
        step="the result for the notebook's tokens",
        codes={C: f"X_prime = multihead_scaled_self_attention({_CALL.replace('beta_v2', 'beta_v1')})"},
    ),
    Mistake(
        slug="omega-c-transposed",
        says="omega_c is given transposed",
        step="the result for the notebook's tokens",
        codes=_called(("omega_c)", "omega_c.T)")),
    ),
    Mistake(
        slug="result-transposed",
        says="the result is transposed",
        step="the result for the notebook's tokens",
        codes=_called(("omega_c)", "omega_c).T")),
    ),
    Mistake(
        slug="rounded",
        says="the result is rounded to two decimals",
        step="the result for the notebook's tokens",
        codes=_called(("omega_c)", "omega_c).round(2)")),
    ),
    Mistake(
        slug="function-not-called",
        says="the function is not called",
        step="the result for the notebook's tokens",
        codes={C: "X_prime = multihead_scaled_self_attention"},
        runs=False,
    ),
    Mistake(
        slug="tokens-returned",
        says="the tokens stand where the result should be",
        step="the result for the notebook's tokens",
        codes={C: "X_prime = X"},
    ),
    Mistake(
        slug="tokens-added",
        says="the tokens are added to the result",
        step="the result for the notebook's tokens",
        codes=_called(("= multi", "= X + multi")),
    ),
    Mistake(
        slug="applied-twice",
        says="the function is applied twice",
        step="the result for the notebook's tokens",
        codes={
            C: f"X_prime = multihead_scaled_self_attention({_CALL})\nX_prime = multihead_scaled_self_attention({_CALL.replace('X,', 'X_prime,')})"
        },
    ),
    Mistake(
        slug="typed-in",
        says="the true values are typed in",
        step="the result for the notebook's tokens",
        codes={
            C: "X_prime = np.array([[-21.207, -5.373, -20.933, -9.179, -11.319, -17.812], [-1.995, 7.906, -10.516, 3.452, 9.863, -7.24], [5.479, 1.115, 9.244, 0.453, 5.656, 7.089], [-7.413, -7.416, 0.363, -5.573, -6.736, -0.848], [-11.261, -9.937, -4.848, -8.915, -13.378, -5.761], [3.548, 10.036, -2.244, 1.604, 12.113, -2.557], [4.888, -5.814, 2.407, 3.228, -4.232, 3.71], [1.248, 18.894, -6.409, 3.224, 19.717, -5.629]])"
        },
    ),
]
