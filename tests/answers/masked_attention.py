"""Notebooks for `masked_attention`."""

from __future__ import annotations

import textwrap

from . import Notebook

MASK = "causal_mask"
PADDING = "padding_mask"
SOFTMAX = "masked_softmax"
ATTENTION = "masked_attention"
CAUSAL = "causal_self_attention"
CROSS = "cross_attention"
STABLE = "stable for large scores"
GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"

SIGNATURES = {
    MASK: "N",
    PADDING: "tokens, N",
    SOFTMAX: "scores, allowed",
    ATTENTION: "Q, K, V, allowed",
    CAUSAL: "X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k",
    CROSS: "X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k",
}


def _cell(question: str, body: str) -> str:
    """Return a cell: the body of the question's function, or a whole cell if it defines that itself."""
    body = textwrap.dedent(body).strip()
    if f"def {question}(" in body or body.startswith(question):
        return body
    return f"def {question}({SIGNATURES[question]}):\n" + textwrap.indent(body, "    ")


def _right(name: str, loses: dict[str, set[str]] | None = None, **bodies: str) -> Notebook:
    answers = {question: _cell(question, body) for question, body in bodies.items()}
    return Notebook(name=name, assignment="masked_attention", answers=answers, loses=loses or {})


def _wrong(name: str, named: dict[str, set[str]], **bodies: str) -> Notebook:
    answers = {question: _cell(question, body) for question, body in bodies.items()}
    return Notebook(name=name, assignment="masked_attention", answers=answers, named=named)


RIGHT = [
    _right(
        "loops everywhere",
        causal_mask="""
            mask = np.zeros((N, N))
            for key in range(N):
                for query in range(N):
                    if key <= query:
                        mask[key, query] = True
            return mask == 1
        """,
        padding_mask="""
            mask = np.zeros((len(tokens), N), dtype=bool)
            for m, token in enumerate(tokens):
                for n in range(N):
                    mask[m][n] = token != 0
            return mask
        """,
        masked_softmax="""
            M, N = scores.shape
            weights = np.zeros((M, N))
            for n in range(N):
                seen = [m for m in range(M) if allowed[m, n]]
                if not seen:
                    continue
                top = max(scores[m, n] for m in seen)
                total = 0.0
                for m in seen:
                    weights[m, n] = np.exp(scores[m, n] - top)
                    total += weights[m, n]
                for m in seen:
                    weights[m, n] /= total
            return weights
        """,
        masked_attention="""
            M = K.shape[1]
            N = Q.shape[1]
            scores = np.zeros((M, N))
            for m in range(M):
                for n in range(N):
                    scores[m, n] = np.dot(K[:, m], Q[:, n]) / np.sqrt(len(Q))
            w = masked_softmax(scores, allowed)
            out = np.zeros((V.shape[0], N))
            for n in range(N):
                for m in range(M):
                    out[:, n] += w[m, n] * V[:, m]
            return out
        """,
    ),
    _right(
        "indices compared by broadcasting",
        causal_mask="i = np.arange(N)\nreturn i[:, None] <= i[None, :]",
        padding_mask="return np.broadcast_to((np.asarray(tokens) != PAD)[:, None], (len(tokens), N))",
        masked_softmax="""
            s = np.where(allowed, scores, -np.inf)
            m = s.max(axis=0, keepdims=True)
            m[~np.isfinite(m)] = 0
            e = np.exp(s - m)
            z = e.sum(axis=0, keepdims=True)
            z[z == 0] = 1.0
            return e / z
        """,
        masked_attention="""
            d = Q.shape[0]
            S = np.einsum("dm,dn->mn", K, Q) / d**0.5
            return np.einsum("vm,mn->vn", V, masked_softmax(S, allowed))
        """,
    ),
    _right(
        "numbers instead of truth values",
        causal_mask="return np.triu(np.ones((N, N)))",
        padding_mask="return np.repeat((tokens > 0).astype(float).reshape(-1, 1), N, axis=1)",
        masked_softmax="""
            allowed = np.asarray(allowed) > 0
            weights = np.zeros_like(scores)
            for column in range(scores.shape[1]):
                keep = allowed[:, column]
                if keep.any():
                    part = scores[keep, column]
                    part = np.exp(part - part.max())
                    weights[keep, column] = part / part.sum()
            return weights
        """,
        causal_self_attention="""
            n = X.shape[1]
            both = causal_mask(n) * padding_mask(tokens, n)
            q, k, v = (omega @ X + beta for omega, beta in
                       [(omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)])
            return masked_attention(q, k, v, both)
        """,
    ),
    _right(
        "queries in the rows, turned at the end",
        causal_mask="return np.tril(np.ones((N, N), dtype=int)).T",
        padding_mask="""
            per_query = np.zeros((N, len(tokens)), dtype=bool)
            per_query[:, tokens != PAD] = True
            return per_query.transpose()
        """,
        masked_softmax="""
            rows = scores.T.copy()
            rows[~allowed.T] = -np.inf
            top = np.max(rows, axis=1, keepdims=True)
            top = np.nan_to_num(top, neginf=0.0)
            rows = np.exp(rows - top)
            with np.errstate(invalid="ignore"):
                rows = rows / np.sum(rows, axis=1, keepdims=True)
            return np.nan_to_num(rows).T
        """,
        masked_attention="""
            attention = masked_softmax((Q.T @ K).T / np.sqrt(Q.shape[0]), allowed).T
            return (attention @ V.T).T
        """,
        causal_self_attention="""
            Xr = X.T
            Q = (Xr @ omega_q.T + beta_q.T).T
            K = (Xr @ omega_k.T + beta_k.T).T
            V = (Xr @ omega_v.T + beta_v.T).T
            N = len(Xr)
            return masked_attention(Q, K, V, np.logical_and(causal_mask(N), padding_mask(tokens, N)))
        """,
    ),
    _right(
        "a very negative number, and zeros afterwards",
        masked_softmax="""
            s = np.where(allowed, scores, -1e30)
            e = np.exp(s - np.max(s, axis=0))
            w = e / np.sum(e, axis=0)
            return w * allowed
        """,
        causal_mask="return ~np.tri(N, k=-1, dtype=bool)",
        padding_mask="return np.stack([tokens != PAD] * N, axis=1)",
    ),
    _right(
        "masked arrays",
        masked_softmax="""
            s = np.ma.masked_array(scores, mask=~allowed)
            s = s - s.max(axis=0)
            e = np.ma.exp(s)
            w = e / e.sum(axis=0)
            return w.filled(0)
        """,
        padding_mask="return np.column_stack([np.not_equal(tokens, PAD) for _ in range(N)])",
    ),
    _right(
        "sums and maxima with where",
        masked_softmax="""
            top = np.max(scores, axis=0, where=allowed, initial=-1e308)
            e = np.exp(scores - top, where=allowed, out=np.zeros(scores.shape))
            total = np.sum(e, axis=0)
            return np.divide(e, total, where=total > 0, out=np.zeros_like(e))
        """,
        causal_mask="return np.array([[m <= n for n in range(N)] for m in range(N)])",
        padding_mask="return [[bool(t != PAD)] * N for t in tokens]",
    ),
    _right(
        "no maximum subtracted",
        loses={SOFTMAX: {STABLE}},
        masked_softmax="""
            # TODO maybe make this more stable later
            e = np.exp(scores) * allowed
            s = e.sum(0)
            s = np.where(s == 0, 1, s)
            return e / s
        """,
    ),
    _right(
        "in place",
        loses={SOFTMAX: {UNCHANGED}},
        masked_softmax="""
            scores[~allowed] = -np.inf
            largest = scores.max(axis=0)
            largest[largest == -np.inf] = 0
            scores -= largest
            np.exp(scores, out=scores)
            total = scores.sum(axis=0)
            total[total == 0] = 1
            scores /= total
            return scores
        """,
    ),
    _right(
        "the notebook's sizes",
        loses={ATTENTION: {GLOBALS}, CAUSAL: {GLOBALS}, CROSS: {GLOBALS}},
        masked_attention="""
            return V @ masked_softmax(K.T @ Q / np.sqrt(D_q), allowed)
        """,
        causal_self_attention="""
            Q = omega_q @ X + beta_q
            K = omega_k @ X + beta_k
            V = omega_v @ X + beta_v
            allowed = causal_mask(N) & padding_mask(tokens, N)
            return masked_attention(Q, K, V, allowed)
        """,
        cross_attention="""
            Q = omega_q @ X_q + beta_q
            K = omega_k @ X_kv + beta_k
            V = omega_v @ X_kv + beta_v
            return masked_attention(Q, K, V, padding_mask(tokens_kv, N))
        """,
    ),
    _right(
        "in single precision",
        masked_attention="""
            Q, K, V = Q.astype(np.float32), K.astype(np.float32), V.astype(np.float32)
            return V @ masked_softmax(K.T @ Q / np.float32(np.sqrt(Q.shape[0])), allowed).astype(np.float32)
        """,
    ),
    _right(
        "one helper for all",
        causal_self_attention="""
            def project(A, B, omegas, betas):
                return [o @ Y + b for o, Y, b in zip(omegas, (A, B, B), betas)]

            def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
                Q, K, V = project(X, X, (omega_q, omega_k, omega_v), (beta_q, beta_k, beta_v))
                length = tokens.size
                allowed = np.minimum(causal_mask(length), padding_mask(tokens, length))
                return masked_attention(Q, K, V, allowed.astype(bool))
        """,
        cross_attention="""
            Q, K, V = project(X_q, X_kv, (omega_q, omega_k, omega_v), (beta_q, beta_k, beta_v))
            return masked_attention(Q, K, V, padding_mask(tokens_kv, Q.shape[1])), K
        """,
    ),
    _right(
        "each query by itself",
        causal_self_attention="""
            columns = []
            for n in range(X.shape[1]):
                seen = [m for m in range(n + 1) if tokens[m] != PAD]
                if len(seen) == 0:
                    columns.append(np.zeros(omega_v.shape[0]))
                    continue
                q = omega_q @ X[:, [n]] + beta_q
                k = omega_k @ X[:, seen] + beta_k
                v = omega_v @ X[:, seen] + beta_v
                s = (k.T @ q / np.sqrt(q.size)).ravel()
                w = np.exp(s - s.max())
                columns.append(v @ (w / w.sum()))
            return np.array(columns).T
        """,
        cross_attention="""
            words = np.flatnonzero(tokens_kv)
            Q = omega_q.dot(X_q) + beta_q
            if not words.size:
                return np.zeros((omega_v.shape[0], X_q.shape[1]))
            K = omega_k.dot(X_kv[:, words]) + beta_k
            V = omega_v.dot(X_kv[:, words]) + beta_v
            return masked_attention(Q, K, V, np.ones((words.size, X_q.shape[1]), dtype=bool))
        """,
    ),
    _right(
        "a small number added to the sum",
        loses={SOFTMAX: {STABLE}},
        masked_softmax="e = np.exp(scores - scores.max(axis=0)) * allowed\nreturn e / (e.sum(axis=0) + 1e-12)",
    ),
]

WRONG = [
    _wrong(
        "the mask of the pictures",
        {MASK: {"the other triangle"}},
        causal_mask="return np.tril(np.ones((N, N))).astype(bool)",
    ),
    _wrong(
        "PyTorch's mask of what is forbidden",
        {MASK: {"the token itself hidden"}},
        causal_mask="return np.triu(np.full((N, N), True), 1)",
    ),
    _wrong(
        "loop with a strict inequality",
        {MASK: {"the token itself hidden"}},
        causal_mask="return np.array([[m < n for n in range(N)] for m in range(N)])",
    ),
    _wrong(
        "minus infinity as a mask, and it is added",
        {MASK: {"mask to be added to the scores"}, SOFTMAX: {"nan where nothing is allowed"}},
        causal_mask="""
            mask = np.zeros((N, N))
            mask[np.tril_indices(N, -1)] = -np.inf
            return mask
        """,
        masked_softmax="""
            s = scores + np.where(allowed, 0, -np.inf)
            e = np.exp(s - s.max(axis=0))
            return e / e.sum(axis=0)
        """,
    ),
    _wrong(
        "padding of rows and columns",
        {PADDING: {"padding hidden as a query too"}},
        padding_mask="real = (tokens != PAD).astype(int)\nreturn np.outer(real, real) > 0",
    ),
    _wrong(
        "padding mask for queries in rows, and equality",
        {PADDING: {"queries in the rows", "words and padding swapped"}},
        padding_mask="return np.tile(tokens == PAD, (N, 1))",
    ),
    _wrong(
        "padding mask that is a vector",
        {PADDING: {"no entry for each query"}},
        padding_mask="return tokens != PAD",
    ),
    _wrong(
        "number of words counted",
        {PADDING: {"padding expected at the end"}},
        padding_mask="""
            mask = np.zeros((len(tokens), N), dtype=bool)
            words = np.count_nonzero(tokens)
            mask[:words] = True
            return mask
        """,
    ),
    _wrong(
        "weights multiplied by the mask",
        {SOFTMAX: {"masked after the softmax"}},
        masked_softmax="""
            e = np.exp(scores - scores.max(axis=0))
            w = e / e.sum(axis=0)
            w[np.logical_not(allowed)] = 0
            return w
        """,
    ),
    _wrong(
        "scores multiplied by the mask",
        {SOFTMAX: {"zero in place of forbidden scores"}},
        masked_softmax="s = scores * allowed\ne = np.exp(s - np.max(s, axis=0))\nreturn e / np.sum(e, axis=0)",
    ),
    _wrong(
        "large negative number added",
        {SOFTMAX: {"as if unmasked where nothing is allowed"}},
        masked_softmax="""
            s = scores + (1 - allowed) * -1e9
            e = np.exp(s - np.max(s, axis=0))
            return e / np.sum(e, axis=0)
        """,
    ),
    _wrong(
        "large negative number put in",
        {SOFTMAX: {"equal weights where nothing is allowed"}},
        masked_softmax="""
            s = np.array(scores)
            s[allowed == False] = -1e9
            e = np.exp(s - np.max(s, axis=0))
            return e / np.sum(e, axis=0)
        """,
    ),
    _wrong(
        "axis of rows, and nan",
        {SOFTMAX: {"softmax over the queries", "nan where nothing is allowed"}},
        masked_softmax="""
            s = np.where(allowed, scores, -np.inf)
            e = np.exp(s - np.max(s, axis=1, keepdims=True))
            return e / np.sum(e, axis=1, keepdims=True)
        """,
    ),
    _wrong(
        "no maximum, and nan",
        {SOFTMAX: {"nan where nothing is allowed"}},
        masked_softmax="""
            s = np.where(allowed, scores, float("-inf"))
            return np.exp(s) / np.exp(s).sum(axis=0)
        """,
    ),
    _wrong(
        "mask with branches the wrong way round",
        {SOFTMAX: {"mask used the wrong way round"}},
        masked_softmax="""
            s = scores.copy()
            s[allowed] = -np.inf
            top = np.where(np.isinf(s.max(0)), 0, s.max(0))
            e = np.exp(s - top)
            z = e.sum(0)
            z[z == 0] = 1
            return e / z
        """,
    ),
    _wrong(
        "attention in the form of the rows",
        {ATTENTION: {"dot products the other way round"}},
        masked_attention="""
            scores = Q.T @ K / np.sqrt(Q.shape[0])
            return V @ masked_softmax(scores, allowed)
        """,
    ),
    _wrong(
        "number of queries in the root",
        {ATTENTION: {"scaled by the number of queries"}},
        masked_attention="return V @ masked_softmax((K.T @ Q) / np.sqrt(Q.shape[-1]), allowed)",
    ),
    _wrong(
        "no root, and the mask is forgotten",
        {ATTENTION: {"root of the scale forgotten", "mask not used"}},
        masked_attention="""
            s = K.T @ Q / Q.shape[0]
            w = np.exp(s - s.max(axis=0)) / np.exp(s - s.max(axis=0)).sum(axis=0)
            return V @ w
        """,
    ),
    _wrong(
        "values with the mask instead of the weights",
        {ATTENTION: {"mask not used"}},
        masked_attention="""
            s = K.T @ Q / np.sqrt(Q.shape[0])
            w = masked_softmax(s, allowed | True)
            return V @ w
        """,
    ),
    _wrong(
        "only the causal mask",
        {CAUSAL: {"padding not hidden"}},
        causal_self_attention="""
            Q = omega_q @ X + beta_q
            K = omega_k @ X + beta_k
            V = omega_v @ X + beta_v
            return masked_attention(Q, K, V, causal_mask(X.shape[1]))
        """,
    ),
    _wrong(
        "masks added",
        {CAUSAL: {"what one of the masks allows"}},
        causal_self_attention="""
            N = X.shape[1]
            allowed = (causal_mask(N) + padding_mask(tokens, N)) > 0
            return masked_attention(omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v, allowed)
        """,
    ),
    _wrong(
        "padding of the outputs set to zero",
        {CAUSAL: {"padding hidden as key and query", "padding hidden as a query"}},
        causal_self_attention="""
            N = X.shape[1]
            out = masked_attention(omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v, causal_mask(N))
            out[:, tokens == PAD] = 0
            return out
        """,
    ),
    _wrong(
        "arguments of the attention in another order",
        {CAUSAL: {"queries and keys swapped"}},
        causal_self_attention="""
            q = omega_q @ X + beta_q
            k = omega_k @ X + beta_k
            v = omega_v @ X + beta_v
            allowed = causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])
            return masked_attention(k, q, v, allowed)
        """,
    ),
    _wrong(
        "keys and values of the wrong sentence",
        {CROSS: {"queries and keys from the wrong sentences"}},
        cross_attention="""
            Q = omega_q @ X_kv + beta_q
            K = omega_k @ X_q + beta_k
            V = omega_v @ X_q + beta_v
            return masked_attention(Q, K, V, padding_mask(tokens_kv, X_q.shape[1]))
        """,
    ),
    _wrong(
        "self-attention once more",
        {CROSS: {"causal self-attention of those who answer"}},
        cross_attention="return causal_self_attention(X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k)",
    ),
    _wrong(
        "cross-attention without a mask",
        {CROSS: {"padding of the keys not hidden"}},
        cross_attention="""
            Q = omega_q @ X_q + beta_q
            K = omega_k @ X_kv + beta_k
            V = omega_v @ X_kv + beta_v
            s = K.T @ Q / np.sqrt(K.shape[0])
            e = np.exp(s - s.max(0))
            return V @ (e / e.sum(0))
        """,
    ),
    _wrong(
        "mask with the number of keys",
        {CROSS: {"mask as wide as the keys"}},
        cross_attention="""
            Q = omega_q @ X_q + beta_q
            K = omega_k @ X_kv + beta_k
            V = omega_v @ X_kv + beta_v
            return masked_attention(Q, K, V, padding_mask(tokens_kv, len(tokens_kv)))
        """,
    ),
    _wrong(
        "values from the queries' sentence",
        {CROSS: {"values from those who ask"}},
        cross_attention="""
            Q = omega_q @ X_q + beta_q
            K = omega_k @ X_kv + beta_k
            V = omega_v @ X_q + beta_v
            return masked_attention(Q, K, V, padding_mask(tokens_kv, X_q.shape[1]))
        """,
    ),
    _wrong(
        "minus infinity as a factor",
        {SOFTMAX: {"scores multiplied by minus infinity"}},
        masked_softmax="""
            s = scores * np.where(allowed, 1, -np.inf)
            e = np.exp(s - s.max(0))
            return e / e.sum(0)
        """,
    ),
    _wrong(
        "rows, and a large negative number",
        {SOFTMAX: {"equal weights where nothing is allowed", "softmax over the queries"}},
        masked_softmax="""
            s = np.where(allowed, scores, -1e9)
            e = np.exp(s - s.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)
        """,
    ),
    _wrong(
        "a large number subtracted where it is allowed",
        {SOFTMAX: {"mask used the wrong way round"}},
        masked_softmax="s = scores - 1e9 * allowed\ne = np.exp(s - np.max(s, axis=0))\nreturn e / e.sum(axis=0)",
    ),
    _wrong(
        "a softmax of its own in the attention",
        {ATTENTION: {"equal weights in attention where nothing is allowed"}},
        masked_attention="""
            scores = K.T @ Q / np.sqrt(Q.shape[0])
            scores = np.where(allowed, scores, -1e9)
            e = np.exp(scores - scores.max(0))
            return V @ (e / e.sum(0))
        """,
    ),
    _wrong(
        "vectors of padding cleared",
        {CAUSAL: {"vectors of padding set to zero"}},
        causal_self_attention="""
            X = X * (tokens != PAD)
            Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
            return masked_attention(Q, K, V, causal_mask(X.shape[1]))
        """,
    ),
    _wrong(
        "a mask of ones, which cannot be combined",
        {CAUSAL: {"masks of numbers combined"}},
        causal_mask="return np.triu(np.ones((N, N)))",
    ),
]
