"""Answers to `masked_attention`."""

from __future__ import annotations

from . import wrong

STABLE = "stable for large scores"
GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"

RIGHT: dict[str, dict[str, str]] = {
    "loops everywhere": {
        "causal_mask": """
def causal_mask(N):
    mask = np.zeros((N, N))
    for key in range(N):
        for query in range(N):
            if key <= query:
                mask[key, query] = True
    return mask == 1
""",
        "padding_mask": """
def padding_mask(tokens, N):
    mask = np.zeros((len(tokens), N), dtype=bool)
    for m, token in enumerate(tokens):
        for n in range(N):
            mask[m][n] = token != 0
    return mask
""",
        "masked_softmax": """
def masked_softmax(scores, allowed):
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
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
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
    },
    "indices compared by broadcasting": {
        "causal_mask": """
def causal_mask(N):
    i = np.arange(N)
    return i[:, None] <= i[None, :]
""",
        "padding_mask": """
def padding_mask(tokens, N):
    return np.broadcast_to((np.asarray(tokens) != PAD)[:, None], (len(tokens), N))
""",
        "masked_softmax": """
def masked_softmax(scores, allowed):
    s = np.where(allowed, scores, -np.inf)
    m = s.max(axis=0, keepdims=True)
    m[~np.isfinite(m)] = 0
    e = np.exp(s - m)
    z = e.sum(axis=0, keepdims=True)
    z[z == 0] = 1.0
    return e / z
""",
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    d = Q.shape[0]
    S = np.einsum("dm,dn->mn", K, Q) / d**0.5
    return np.einsum("vm,mn->vn", V, masked_softmax(S, allowed))
""",
    },
    "numbers instead of truth values": {
        "causal_mask": """
def causal_mask(N):
    return np.triu(np.ones((N, N)))
""",
        "padding_mask": """
def padding_mask(tokens, N):
    return np.repeat((tokens > 0).astype(float).reshape(-1, 1), N, axis=1)
""",
        "masked_softmax": """
def masked_softmax(scores, allowed):
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
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    n = X.shape[1]
    both = causal_mask(n) * padding_mask(tokens, n)
    q, k, v = (omega @ X + beta for omega, beta in
               [(omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)])
    return masked_attention(q, k, v, both)
""",
    },
    "queries in the rows, turned at the end": {
        "causal_mask": """
def causal_mask(N):
    return np.tril(np.ones((N, N), dtype=int)).T
""",
        "padding_mask": """
def padding_mask(tokens, N):
    per_query = np.zeros((N, len(tokens)), dtype=bool)
    per_query[:, tokens != PAD] = True
    return per_query.transpose()
""",
        "masked_softmax": """
def masked_softmax(scores, allowed):
    rows = scores.T.copy()
    rows[~allowed.T] = -np.inf
    top = np.max(rows, axis=1, keepdims=True)
    top = np.nan_to_num(top, neginf=0.0)
    rows = np.exp(rows - top)
    with np.errstate(invalid="ignore"):
        rows = rows / np.sum(rows, axis=1, keepdims=True)
    return np.nan_to_num(rows).T
""",
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    attention = masked_softmax((Q.T @ K).T / np.sqrt(Q.shape[0]), allowed).T
    return (attention @ V.T).T
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Xr = X.T
    Q = (Xr @ omega_q.T + beta_q.T).T
    K = (Xr @ omega_k.T + beta_k.T).T
    V = (Xr @ omega_v.T + beta_v.T).T
    N = len(Xr)
    return masked_attention(Q, K, V, np.logical_and(causal_mask(N), padding_mask(tokens, N)))
""",
    },
    "a very negative number, and zeros afterwards": {
        "masked_softmax": """
def masked_softmax(scores, allowed):
    s = np.where(allowed, scores, -1e30)
    e = np.exp(s - np.max(s, axis=0))
    w = e / np.sum(e, axis=0)
    return w * allowed
""",
        "causal_mask": """
def causal_mask(N):
    return ~np.tri(N, k=-1, dtype=bool)
""",
        "padding_mask": """
def padding_mask(tokens, N):
    return np.stack([tokens != PAD] * N, axis=1)
""",
    },
    "masked arrays": {
        "masked_softmax": """
def masked_softmax(scores, allowed):
    s = np.ma.masked_array(scores, mask=~allowed)
    s = s - s.max(axis=0)
    e = np.ma.exp(s)
    w = e / e.sum(axis=0)
    return w.filled(0)
""",
        "padding_mask": """
def padding_mask(tokens, N):
    return np.column_stack([np.not_equal(tokens, PAD) for _ in range(N)])
""",
    },
    "sums and maxima with where": {
        "masked_softmax": """
def masked_softmax(scores, allowed):
    top = np.max(scores, axis=0, where=allowed, initial=-1e308)
    e = np.exp(scores - top, where=allowed, out=np.zeros(scores.shape))
    total = np.sum(e, axis=0)
    return np.divide(e, total, where=total > 0, out=np.zeros_like(e))
""",
        "causal_mask": """
def causal_mask(N):
    return np.array([[m <= n for n in range(N)] for m in range(N)])
""",
        "padding_mask": """
def padding_mask(tokens, N):
    return [[bool(t != PAD)] * N for t in tokens]
""",
    },
    "no maximum subtracted": {
        "masked_softmax": """
def masked_softmax(scores, allowed):
    # TODO maybe make this more stable later
    e = np.exp(scores) * allowed
    s = e.sum(0)
    s = np.where(s == 0, 1, s)
    return e / s
""",
    },
    "in place": {
        "masked_softmax": """
def masked_softmax(scores, allowed):
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
    },
    "the notebook's sizes": {
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    return V @ masked_softmax(K.T @ Q / np.sqrt(D_q), allowed)
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    allowed = causal_mask(N) & padding_mask(tokens, N)
    return masked_attention(Q, K, V, allowed)
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_q + beta_q
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_kv + beta_v
    return masked_attention(Q, K, V, padding_mask(tokens_kv, N))
""",
    },
    "in single precision": {
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    Q, K, V = Q.astype(np.float32), K.astype(np.float32), V.astype(np.float32)
    return V @ masked_softmax(K.T @ Q / np.float32(np.sqrt(Q.shape[0])), allowed).astype(np.float32)
""",
    },
    "one helper for all": {
        "causal_self_attention": """
def project(A, B, omegas, betas):
    return [o @ Y + b for o, Y, b in zip(omegas, (A, B, B), betas)]

def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q, K, V = project(X, X, (omega_q, omega_k, omega_v), (beta_q, beta_k, beta_v))
    length = tokens.size
    allowed = np.minimum(causal_mask(length), padding_mask(tokens, length))
    return masked_attention(Q, K, V, allowed.astype(bool))
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q, K, V = project(X_q, X_kv, (omega_q, omega_k, omega_v), (beta_q, beta_k, beta_v))
    return masked_attention(Q, K, V, padding_mask(tokens_kv, Q.shape[1])), K
""",
    },
    "each query by itself": {
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
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
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    words = np.flatnonzero(tokens_kv)
    Q = omega_q.dot(X_q) + beta_q
    if not words.size:
        return np.zeros((omega_v.shape[0], X_q.shape[1]))
    K = omega_k.dot(X_kv[:, words]) + beta_k
    V = omega_v.dot(X_kv[:, words]) + beta_v
    return masked_attention(Q, K, V, np.ones((words.size, X_q.shape[1]), dtype=bool))
""",
    },
    "a small number added to the sum": {
        "masked_softmax": """
def masked_softmax(scores, allowed):
    e = np.exp(scores - scores.max(axis=0)) * allowed
    return e / (e.sum(axis=0) + 1e-12)
""",
    },
    "indices of NumPy": {
        "causal_mask": """
def causal_mask(N):
    mask = np.zeros((N, N), dtype=bool)
    mask[np.triu_indices(N)] = True
    return mask
""",
        "padding_mask": """
def padding_mask(tokens, N):
    rows = np.where(tokens == PAD)[0]
    mask = np.full((len(tokens), N), True)
    mask[rows] = False
    return mask
""",
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    scale = 1 / np.sqrt(K.shape[0])
    attention = masked_softmax(scale * np.matmul(K.T, Q), allowed)
    return np.matmul(V, attention)
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = len(tokens)
    keys, queries = np.indices((N, N))
    allowed = (keys <= queries) & (tokens[keys] != PAD)
    return masked_attention(omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v, allowed)
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N, M = X_q.shape[1], X_kv.shape[1]
    allowed = np.ones((M, N), dtype=bool)
    allowed[tokens_kv == PAD] = False
    return masked_attention(omega_q @ X_q + beta_q, omega_k @ X_kv + beta_k, omega_v @ X_kv + beta_v, allowed)
""",
    },
    "column by column": {
        "causal_mask": """
def causal_mask(N):
    mask = np.zeros((N, N), bool)
    for n in range(N):
        mask[: n + 1, n] = 1
    return mask
""",
        "padding_mask": """
def padding_mask(tokens, N):
    mask = np.zeros((tokens.shape[0], N))
    for n in range(N):
        mask[:, n] = tokens != PAD
    return mask.astype(bool)
""",
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    out = []
    for n in range(Q.shape[1]):
        see = allowed[:, n]
        if not np.any(see):
            out.append(np.zeros(V.shape[0]))
        else:
            s = K[:, see].T @ Q[:, n] / np.sqrt(Q.shape[0])
            e = np.exp(s - s.max())
            out.append(V[:, see] @ (e / e.sum()))
    return np.stack(out, axis=1)
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
    result = np.zeros((V.shape[0], X.shape[1]))
    for n in range(X.shape[1]):
        words = (tokens != PAD)[: n + 1].reshape(-1, 1)
        result[:, n] = masked_attention(Q[:, n : n + 1], K[:, : n + 1], V[:, : n + 1], words)[:, 0]
    return result
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_kv + beta_v
    words = (tokens_kv != PAD)[:, None]
    columns = [masked_attention(omega_q @ X_q[:, [n]] + beta_q, K, V, words) for n in range(X_q.shape[1])]
    return np.hstack(columns)
""",
    },
    "a large negative number, cleared in the end": {
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    scores = np.dot(K.T, Q) / np.sqrt(Q.shape[0])
    scores = np.where(allowed, scores, -1e9)
    weights = np.exp(scores - scores.max(axis=0, keepdims=True))
    weights = weights / weights.sum(axis=0, keepdims=True) * allowed
    return np.dot(V, weights)
""",
        "causal_mask": """
def causal_mask(N):
    return np.cumsum(np.eye(N), axis=1) > 0
""",
        "padding_mask": """
def padding_mask(tokens, N):
    return np.kron((tokens != PAD).reshape(-1, 1), np.ones((1, N))).astype(bool)
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    bias = np.where(causal_mask(N), 0, -1e9) + np.where(padding_mask(tokens, N), 0, -1e9)
    q, k, v = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
    s = k.T @ q / np.sqrt(len(q)) + bias
    w = np.exp(s - s.max(0))
    w = w / w.sum(0)
    w[bias < 0] = 0
    return v @ w
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    q, k, v = omega_q @ X_q + beta_q, omega_k @ X_kv + beta_k, omega_v @ X_kv + beta_v
    s = k.T @ q / np.sqrt(len(q))
    s[tokens_kv == PAD] = -1e9
    w = np.exp(s - s.max(0))
    w /= w.sum(0)
    w[tokens_kv == PAD] = 0
    return v @ w
""",
    },
    "rows as in libraries": {
        "causal_mask": """
def causal_mask(N):
    return np.tril(np.ones((N, N), dtype=bool)).transpose()
""",
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    q, k, v, mask = Q.T, K.T, V.T, allowed.T
    scores = q @ k.T / np.sqrt(q.shape[-1])
    scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    top = np.where(np.isneginf(top), 0, top)
    weights = np.exp(scores - top)
    total = weights.sum(axis=-1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total != 0)
    return (weights @ v).T
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    rows_q, rows_kv = X_q.T, X_kv.T
    q = rows_q @ omega_q.T + beta_q.ravel()
    k = rows_kv @ omega_k.T + beta_k.ravel()
    v = rows_kv @ omega_v.T + beta_v.ravel()
    mask = np.tile(tokens_kv != PAD, (len(rows_q), 1))
    return masked_attention(q.T, k.T, v.T, mask.T)
""",
    },
    "in one line": {
        "causal_mask": """
causal_mask = lambda N: np.fromfunction(lambda m, n: m <= n, (N, N))
""",
        "padding_mask": """
padding_mask = lambda tokens, N: np.array([tokens != PAD] * N).T
""",
        "masked_attention": """
masked_attention = lambda Q, K, V, allowed: V @ masked_softmax(K.T @ Q / len(Q) ** 0.5, allowed)
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    return masked_attention(omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v, causal_mask(len(tokens)) & padding_mask(tokens, len(tokens)))
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    return masked_attention(omega_q @ X_q + beta_q, omega_k @ X_kv + beta_k, omega_v @ X_kv + beta_v, padding_mask(tokens_kv, X_q.shape[1]))
""",
    },
    "sums of products": {
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    s = np.einsum("im,in->mn", K, Q) / np.sqrt(Q.shape[0])
    return np.einsum("dm,mn->dn", V, masked_softmax(s, allowed))
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = np.einsum("ij,jn->in", omega_q, X) + beta_q
    K = np.einsum("ij,jn->in", omega_k, X) + beta_k
    V = np.einsum("ij,jn->in", omega_v, X) + beta_v
    mask = causal_mask(X.shape[1])
    mask[tokens == PAD, :] = False
    return masked_attention(Q, K, V, mask)
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = np.einsum("ij,jn->in", omega_q, X_q) + np.repeat(beta_q, X_q.shape[1], axis=1)
    K, V = (np.einsum("ij,jm->im", o, X_kv) + b for o, b in ((omega_k, beta_k), (omega_v, beta_v)))
    return masked_attention(Q, K, V, padding_mask(tokens_kv, Q.shape[1]))
""",
    },
    "prints and early returns": {
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    # TODO
    Q = np.matmul(omega_q, X) + beta_q
    K = np.matmul(omega_k, X) + beta_k
    V = np.matmul(omega_v, X) + beta_v
    print(Q.shape, K.shape, V.shape)
    allowed = np.logical_and(causal_mask(Q.shape[1]), padding_mask(tokens, Q.shape[1]))
    print(allowed)
    if not allowed.any():
        return np.zeros_like(X)
    return masked_attention(Q, K, V, allowed)
""",
        "cross_attention": """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    if (tokens_kv == PAD).all():
        return np.zeros((len(beta_v), X_q.shape[1]))
    Q = np.matmul(omega_q, X_q) + beta_q
    K = np.matmul(omega_k, X_kv) + beta_k
    V = np.matmul(omega_v, X_kv) + beta_v
    print(Q.shape, K.shape, V.shape)
    return masked_attention(Q, K, V, padding_mask(tokens_kv, Q.shape[1]))
""",
    },
    "masks of numbers, multiplied": {
        "causal_mask": """
def causal_mask(N):
    return np.triu(np.ones((N, N)))
""",
        "padding_mask": """
def padding_mask(tokens, N):
    return np.outer(tokens != PAD, np.ones(N))
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    allowed = causal_mask(N) * padding_mask(tokens, N)
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
    },
    "tile and transpose, masks multiplied": {
        "padding_mask": """
def padding_mask(tokens, N):
    is_word = np.array(tokens) > PAD
    mask = np.tile(is_word, (N, 1)).T
    return mask
""",
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    one = np.ones((1, N))
    Q = np.matmul(beta_q, one) + np.matmul(omega_q, X)
    K = np.matmul(beta_k, one) + np.matmul(omega_k, X)
    V = np.matmul(beta_v, one) + np.matmul(omega_v, X)
    allowed = causal_mask(N) * padding_mask(tokens, N)
    return masked_attention(Q, K, V, allowed)
""",
    },
    "maximum where allowed, divided where there is a sum": {
        "masked_softmax": """
def masked_softmax(scores, allowed):
    largest = np.max(scores, axis=0, where=allowed, initial=-np.inf)
    largest = np.where(np.isfinite(largest), largest, 0.0)
    exp_values = np.where(allowed, np.exp(np.where(allowed, scores - largest, 0)), 0)
    denom = exp_values.sum(axis=0)
    return np.divide(exp_values, denom, out=np.zeros_like(exp_values), where=denom > 0)
""",
    },
    "any of the mask chooses maximum and sum": {
        "masked_softmax": """
def masked_softmax(scores, allowed):
    masked_scores = np.where(allowed, scores, -np.inf)
    nothing = ~np.any(allowed, axis=0)
    largest = np.where(nothing, 0, np.max(masked_scores, axis=0))
    exp_values = np.exp(masked_scores - largest)
    denom = np.sum(exp_values, axis=0)
    weights = exp_values / np.where(nothing, 1, denom)
    return weights
""",
    },
    "token by token over the words before it": {
        "causal_self_attention": """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    X_prime = np.zeros((omega_v.shape[0], X.shape[1]))
    for n in range(X.shape[1]):
        words = [m for m in range(n + 1) if tokens[m] != PAD]
        if len(words) == 0:
            continue
        q = omega_q @ X[:, n:n+1] + beta_q
        K = omega_k @ X[:, words] + beta_k
        V = omega_v @ X[:, words] + beta_v
        s = K.T @ q / np.sqrt(q.shape[0])
        e = np.exp(s - s.max())
        X_prime[:, n:n+1] = V @ (e / e.sum())
    return X_prime
""",
    },
    "scores turned in between, then back": {
        "masked_attention": """
def masked_attention(Q, K, V, allowed):
    scores = (Q.T @ K) / np.sqrt(K.shape[0])
    weights = masked_softmax(scores.T, allowed)
    outputs = (weights.T @ V.T).T
    return outputs
""",
    },
}

LOSES: dict[str, dict[str, set[str]]] = {
    "no maximum subtracted": {"masked_softmax": {STABLE}},
    "in place": {"masked_softmax": {UNCHANGED}},
    "the notebook's sizes": {
        "masked_attention": {GLOBALS},
        "causal_self_attention": {GLOBALS},
        "cross_attention": {GLOBALS},
    },
    "a small number added to the sum": {"masked_softmax": {STABLE}},
}

WRONG = [
    wrong(
        "causal_mask",
        "the mask of the pictures",
        """
def causal_mask(N):
    return np.tril(np.ones((N, N))).astype(bool)
""",
        "the other triangle",
    ),
    wrong(
        "causal_mask",
        "PyTorch's mask of what is forbidden",
        """
def causal_mask(N):
    return np.triu(np.full((N, N), True), 1)
""",
        "the token itself hidden",
    ),
    wrong(
        "causal_mask",
        "loop with a strict inequality",
        """
def causal_mask(N):
    return np.array([[m < n for n in range(N)] for m in range(N)])
""",
        "the token itself hidden",
    ),
    wrong(
        "causal_mask",
        "minus infinity as a mask, and it is added",
        """
def causal_mask(N):
    mask = np.zeros((N, N))
    mask[np.tril_indices(N, -1)] = -np.inf
    return mask
""",
        "mask to be added to the scores",
    ),
    wrong(
        "masked_softmax",
        "minus infinity as a mask, and it is added",
        """
def masked_softmax(scores, allowed):
    s = scores + np.where(allowed, 0, -np.inf)
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0)
""",
        "nan where nothing is allowed",
    ),
    wrong(
        "padding_mask",
        "padding of rows and columns",
        """
def padding_mask(tokens, N):
    real = (tokens != PAD).astype(int)
    return np.outer(real, real) > 0
""",
        "padding hidden as a query too",
    ),
    wrong(
        "padding_mask",
        "padding mask for queries in rows, and equality",
        """
def padding_mask(tokens, N):
    return np.tile(tokens == PAD, (N, 1))
""",
        "queries in the rows",
        "words and padding swapped",
    ),
    wrong(
        "padding_mask",
        "padding mask that is a vector",
        """
def padding_mask(tokens, N):
    return tokens != PAD
""",
        "no entry for each query",
    ),
    wrong(
        "padding_mask",
        "number of words counted",
        """
def padding_mask(tokens, N):
    mask = np.zeros((len(tokens), N), dtype=bool)
    words = np.count_nonzero(tokens)
    mask[:words] = True
    return mask
""",
        "padding expected at the end",
    ),
    wrong(
        "masked_softmax",
        "weights multiplied by the mask",
        """
def masked_softmax(scores, allowed):
    e = np.exp(scores - scores.max(axis=0))
    w = e / e.sum(axis=0)
    w[np.logical_not(allowed)] = 0
    return w
""",
        "masked after the softmax",
    ),
    wrong(
        "masked_softmax",
        "scores multiplied by the mask",
        """
def masked_softmax(scores, allowed):
    s = scores * allowed
    e = np.exp(s - np.max(s, axis=0))
    return e / np.sum(e, axis=0)
""",
        "zero in place of forbidden scores",
    ),
    wrong(
        "masked_softmax",
        "large negative number added",
        """
def masked_softmax(scores, allowed):
    s = scores + (1 - allowed) * -1e9
    e = np.exp(s - np.max(s, axis=0))
    return e / np.sum(e, axis=0)
""",
        "as if unmasked where nothing is allowed",
    ),
    wrong(
        "masked_softmax",
        "large negative number put in",
        """
def masked_softmax(scores, allowed):
    s = np.array(scores)
    s[allowed == False] = -1e9
    e = np.exp(s - np.max(s, axis=0))
    return e / np.sum(e, axis=0)
""",
        "equal weights where nothing is allowed",
    ),
    wrong(
        "masked_softmax",
        "axis of rows, and nan",
        """
def masked_softmax(scores, allowed):
    s = np.where(allowed, scores, -np.inf)
    e = np.exp(s - np.max(s, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)
""",
        "nan where nothing is allowed",
        "softmax over the queries",
    ),
    wrong(
        "masked_softmax",
        "no maximum, and nan",
        """
def masked_softmax(scores, allowed):
    s = np.where(allowed, scores, float("-inf"))
    return np.exp(s) / np.exp(s).sum(axis=0)
""",
        "nan where nothing is allowed",
    ),
    wrong(
        "masked_softmax",
        "mask with branches the wrong way round",
        """
def masked_softmax(scores, allowed):
    s = scores.copy()
    s[allowed] = -np.inf
    top = np.where(np.isinf(s.max(0)), 0, s.max(0))
    e = np.exp(s - top)
    z = e.sum(0)
    z[z == 0] = 1
    return e / z
""",
        "mask used the wrong way round",
    ),
    wrong(
        "masked_attention",
        "attention in the form of the rows",
        """
def masked_attention(Q, K, V, allowed):
    scores = Q.T @ K / np.sqrt(Q.shape[0])
    return V @ masked_softmax(scores, allowed)
""",
        "dot products the other way round",
    ),
    wrong(
        "masked_attention",
        "number of queries in the root",
        """
def masked_attention(Q, K, V, allowed):
    return V @ masked_softmax((K.T @ Q) / np.sqrt(Q.shape[-1]), allowed)
""",
        "scaled by the number of queries",
    ),
    wrong(
        "masked_attention",
        "no root, and the mask is forgotten",
        """
def masked_attention(Q, K, V, allowed):
    s = K.T @ Q / Q.shape[0]
    w = np.exp(s - s.max(axis=0)) / np.exp(s - s.max(axis=0)).sum(axis=0)
    return V @ w
""",
        "mask not used",
        "root of the scale forgotten",
    ),
    wrong(
        "masked_attention",
        "values with the mask instead of the weights",
        """
def masked_attention(Q, K, V, allowed):
    s = K.T @ Q / np.sqrt(Q.shape[0])
    w = masked_softmax(s, allowed | True)
    return V @ w
""",
        "mask not used",
    ),
    wrong(
        "causal_self_attention",
        "only the causal mask",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    return masked_attention(Q, K, V, causal_mask(X.shape[1]))
""",
        "padding not hidden",
    ),
    wrong(
        "causal_self_attention",
        "masks added",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    allowed = (causal_mask(N) + padding_mask(tokens, N)) > 0
    return masked_attention(omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v, allowed)
""",
        "what one of the masks allows",
    ),
    wrong(
        "causal_self_attention",
        "padding of the outputs set to zero",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    out = masked_attention(omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v, causal_mask(N))
    out[:, tokens == PAD] = 0
    return out
""",
        "padding hidden as a query",
        "padding hidden as key and query",
    ),
    wrong(
        "causal_self_attention",
        "arguments of the attention in another order",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    q = omega_q @ X + beta_q
    k = omega_k @ X + beta_k
    v = omega_v @ X + beta_v
    allowed = causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])
    return masked_attention(k, q, v, allowed)
""",
        "queries and keys swapped",
    ),
    wrong(
        "cross_attention",
        "keys and values of the wrong sentence",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_kv + beta_q
    K = omega_k @ X_q + beta_k
    V = omega_v @ X_q + beta_v
    return masked_attention(Q, K, V, padding_mask(tokens_kv, X_q.shape[1]))
""",
        "queries and keys from the wrong sentences",
    ),
    wrong(
        "cross_attention",
        "self-attention once more",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    return causal_self_attention(X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k)
""",
        "causal self-attention of those who answer",
    ),
    wrong(
        "cross_attention",
        "cross-attention without a mask",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_q + beta_q
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_kv + beta_v
    s = K.T @ Q / np.sqrt(K.shape[0])
    e = np.exp(s - s.max(0))
    return V @ (e / e.sum(0))
""",
        "padding of the keys not hidden",
    ),
    wrong(
        "cross_attention",
        "mask with the number of keys",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_q + beta_q
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_kv + beta_v
    return masked_attention(Q, K, V, padding_mask(tokens_kv, len(tokens_kv)))
""",
        "mask as wide as the keys",
    ),
    wrong(
        "cross_attention",
        "values from the queries' sentence",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_q + beta_q
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_q + beta_v
    return masked_attention(Q, K, V, padding_mask(tokens_kv, X_q.shape[1]))
""",
        "values from those who ask",
    ),
    wrong(
        "masked_softmax",
        "minus infinity as a factor",
        """
def masked_softmax(scores, allowed):
    s = scores * np.where(allowed, 1, -np.inf)
    e = np.exp(s - s.max(0))
    return e / e.sum(0)
""",
        "scores multiplied by minus infinity",
    ),
    wrong(
        "masked_softmax",
        "rows, and a large negative number",
        """
def masked_softmax(scores, allowed):
    s = np.where(allowed, scores, -1e9)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
        "equal weights where nothing is allowed",
        "softmax over the queries",
    ),
    wrong(
        "masked_softmax",
        "a large number subtracted where it is allowed",
        """
def masked_softmax(scores, allowed):
    s = scores - 1e9 * allowed
    e = np.exp(s - np.max(s, axis=0))
    return e / e.sum(axis=0)
""",
        "mask used the wrong way round",
    ),
    wrong(
        "masked_attention",
        "a softmax of its own in the attention",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q / np.sqrt(Q.shape[0])
    scores = np.where(allowed, scores, -1e9)
    e = np.exp(scores - scores.max(0))
    return V @ (e / e.sum(0))
""",
        "equal weights in attention where nothing is allowed",
    ),
    wrong(
        "causal_self_attention",
        "vectors of padding cleared",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    X = X * (tokens != PAD)
    Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
    return masked_attention(Q, K, V, causal_mask(X.shape[1]))
""",
        "vectors of padding set to zero",
    ),
    wrong(
        "causal_self_attention",
        "a mask of numbers and one of truth values, which cannot be combined",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
    allowed = np.triu(np.ones((X.shape[1], X.shape[1]))) & padding_mask(tokens, X.shape[1])
    return masked_attention(Q, K, V, allowed)
""",
        "masks of numbers combined",
    ),
    wrong(
        "causal_mask",
        "one diagonal too many, turned",
        """
def causal_mask(N):
    return np.tril(np.ones((N, N)), k=1).T
""",
        "one later token allowed",
    ),
    wrong(
        "causal_mask",
        "the loop of a lower triangle",
        """
def causal_mask(N):
    mask = np.ones((N, N), dtype=bool)
    for i in range(N):
        for j in range(N):
            if i < j:
                mask[i, j] = False
    return mask
""",
        "the other triangle",
    ),
    wrong(
        "causal_mask",
        "the upper triangle without diagonal, inverted",
        """
def causal_mask(N):
    mask = np.triu(np.ones((N, N)), k=1)
    return mask == 0
""",
        "the other triangle",
    ),
    wrong(
        "padding_mask",
        "length by argmax",
        """
def padding_mask(tokens, N):
    length = np.argmax(tokens == PAD)
    mask = np.zeros((len(tokens), N), dtype=bool)
    mask[:length] = True
    return mask
""",
        "length taken from the first padding",
    ),
    wrong(
        "padding_mask",
        "a vector times ones",
        """
def padding_mask(tokens, N):
    is_word = tokens != PAD
    return is_word * np.ones((len(tokens), N))
""",
        "truth values along the columns",
    ),
    wrong(
        "masked_softmax",
        "sum without an axis",
        """
def masked_softmax(scores, allowed):
    masked = np.where(allowed, scores, -np.inf)
    largest = np.max(masked, axis=0)
    largest = np.where(np.isfinite(largest), largest, 0)
    e = np.exp(masked - largest)
    denom = np.sum(e)
    return e / denom
""",
        "one sum for all queries",
    ),
    wrong(
        "masked_softmax",
        "one added against a division by zero",
        """
def masked_softmax(scores, allowed):
    masked = np.where(allowed, scores, -np.inf)
    largest = np.max(masked, axis=0)
    largest = np.where(np.isfinite(largest), largest, 0)
    e = np.exp(masked - largest)
    denom = np.sum(e, axis=0) + 1
    return e / denom
""",
        "one added to the sum",
    ),
    wrong(
        "masked_softmax",
        "ones in place of nan",
        """
def masked_softmax(scores, allowed):
    masked = np.where(allowed, scores, -np.inf)
    largest = np.max(masked, axis=0)
    e = np.exp(masked - largest)
    w = e / np.sum(e, axis=0)
    w[np.isnan(w)] = 1
    return w
""",
    ),
    wrong(
        "masked_softmax",
        "zeros before and after",
        """
def masked_softmax(scores, allowed):
    s = np.where(allowed, scores, 0)
    e = np.exp(s - s.max(axis=0))
    w = e / e.sum(axis=0)
    return w * allowed
""",
        "zeros before and after the softmax",
    ),
    wrong(
        "masked_attention",
        "times the root",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q * np.sqrt(Q.shape[0])
    return V @ masked_softmax(scores, allowed)
""",
        "multiplied by the scale",
    ),
    wrong(
        "masked_attention",
        "a softmax of its own that gives nan",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q / np.sqrt(Q.shape[0])
    scores = np.where(allowed, scores, -np.inf)
    w = np.exp(scores) / np.exp(scores).sum(axis=0)
    return V @ w
""",
        "nan in attention where nothing is allowed",
    ),
    wrong(
        "causal_self_attention",
        "masks inverted",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    allowed = causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])
    return masked_attention(Q, K, V, ~allowed)
""",
        "masks turned round",
    ),
    wrong(
        "causal_self_attention",
        "letters of the matrices mixed up",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_k @ X + beta_q
    K = omega_q @ X + beta_k
    V = omega_v @ X + beta_v
    return masked_attention(Q, K, V, causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1]))
""",
        "matrices of queries and keys swapped",
    ),
    wrong(
        "cross_attention",
        "first size of the keys' tokens",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_q + beta_q
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_kv + beta_v
    allowed = padding_mask(tokens_kv, X_kv.shape[0])
    return masked_attention(Q, K, V, allowed)
""",
        "mask as wide as a token",
    ),
    wrong(
        "cross_attention",
        "no biases and no mask",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_q
    K = omega_k @ X_kv
    V = omega_v @ X_kv
    return masked_attention(Q, K, V, np.ones((X_kv.shape[1], X_q.shape[1]), dtype=bool))
""",
        "padding of the keys not hidden",
        "all biases forgotten",
    ),
    wrong(
        "causal_mask",
        "True where it is forbidden",
        """
def causal_mask(N):
    mask = np.tril(np.ones((N, N), dtype=bool), k=-1)
    return mask
""",
        "mask says what is forbidden",
    ),
    wrong(
        "causal_mask",
        "all True",
        """
def causal_mask(N):
    mask = np.ones((N, N), dtype=bool)
    return mask
""",
        "everything allowed",
    ),
    wrong(
        "padding_mask",
        "one column only, not repeated for the queries",
        """
def padding_mask(tokens, N):
    mask = (tokens != PAD)[:, None]
    return mask
""",
        "a single column",
    ),
    wrong(
        "padding_mask",
        "the first word taken for padding",
        """
def padding_mask(tokens, N):
    mask = np.tile((tokens > 1)[:, None], (1, N))
    return mask
""",
    ),
    wrong(
        "masked_softmax",
        "maximum over all scores, not the allowed ones",
        """
def masked_softmax(scores, allowed):
    masked_scores = np.where(allowed, scores, -np.inf)
    largest = np.max(scores, axis=0)
    exp_values = np.exp(masked_scores - largest)
    denom = np.sum(exp_values, axis=0)
    weights = exp_values / np.where(denom == 0, 1, denom)
    return weights
""",
        "maximum of forbidden scores subtracted",
    ),
    wrong(
        "masked_softmax",
        "nothing subtracted: overflow",
        """
def masked_softmax(scores, allowed):
    masked_scores = np.where(allowed, scores, -np.inf)
    largest = 0
    exp_values = np.exp(masked_scores - largest)
    denom = np.sum(exp_values, axis=0)
    weights = exp_values / np.where(denom == 0, 1, denom)
    return weights
""",
        "no maximum subtracted",
    ),
    wrong(
        "masked_softmax",
        "one maximum of the whole matrix",
        """
def masked_softmax(scores, allowed):
    masked_scores = np.where(allowed, scores, -np.inf)
    largest = np.max(masked_scores)
    exp_values = np.exp(masked_scores - largest)
    denom = np.sum(exp_values, axis=0)
    weights = exp_values / np.where(denom == 0, 1, denom)
    return weights
""",
        "one maximum for all queries, nan without any key",
    ),
    wrong(
        "masked_softmax",
        "one sum of the whole matrix",
        """
def masked_softmax(scores, allowed):
    masked_scores = np.where(allowed, scores, -np.inf)
    largest = np.max(masked_scores, axis=0)
    largest = np.where(np.isinf(largest), 0, largest)
    exp_values = np.exp(masked_scores - largest)
    denom = np.sum(exp_values)
    weights = exp_values / denom
    return weights
""",
        "one sum for all queries, nan without any key",
    ),
    wrong(
        "masked_softmax",
        "exponentials not divided",
        """
def masked_softmax(scores, allowed):
    masked_scores = np.where(allowed, scores, -np.inf)
    largest = np.max(masked_scores, axis=0)
    largest = np.where(np.isinf(largest), 0, largest)
    exp_values = np.exp(masked_scores - largest)
    denom = np.sum(exp_values, axis=0)
    weights = exp_values
    return weights
""",
        "not divided by the sum",
    ),
    wrong(
        "masked_attention",
        "not scaled",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q
    weights = masked_softmax(scores, allowed)
    outputs = V @ weights
    return outputs
""",
        "not scaled",
    ),
    wrong(
        "masked_attention",
        "scaled by the size of the values",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q / np.sqrt(V.shape[0])
    weights = masked_softmax(scores, allowed)
    outputs = V @ weights
    return outputs
""",
        "scaled by the size of the values",
    ),
    wrong(
        "masked_attention",
        "scaled by the number of keys",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q / np.sqrt(K.shape[1])
    weights = masked_softmax(scores, allowed)
    outputs = V @ weights
    return outputs
""",
        "scaled by the number of keys",
    ),
    wrong(
        "masked_attention",
        "scale of this notebook, sqrt(3)",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q / np.sqrt(3)
    weights = masked_softmax(scores, allowed)
    outputs = V @ weights
    return outputs
""",
        "scale of this notebook",
    ),
    wrong(
        "masked_attention",
        "scores transposed, softmax over the queries",
        """
def masked_attention(Q, K, V, allowed):
    scores = Q.T @ K / np.sqrt(Q.shape[0])
    weights = masked_softmax(scores, allowed.T)
    outputs = V @ weights.T
    return outputs
""",
        "softmax over the queries in attention",
    ),
    wrong(
        "masked_attention",
        "mask inverted in attention",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q / np.sqrt(Q.shape[0])
    weights = masked_softmax(scores, ~allowed)
    outputs = V @ weights
    return outputs
""",
        "mask handed on the wrong way round",
    ),
    wrong(
        "masked_attention",
        "output transposed",
        """
def masked_attention(Q, K, V, allowed):
    scores = K.T @ Q / np.sqrt(Q.shape[0])
    weights = masked_softmax(scores, allowed)
    outputs = (V @ weights).T
    return outputs
""",
        "outputs transposed",
    ),
    wrong(
        "causal_self_attention",
        "only the padding mask",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    allowed = padding_mask(tokens, N)
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "later tokens not hidden",
    ),
    wrong(
        "causal_self_attention",
        "no biases",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    Q = omega_q @ X
    K = omega_k @ X
    V = omega_v @ X
    allowed = causal_mask(N) & padding_mask(tokens, N)
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "biases forgotten",
    ),
    wrong(
        "causal_self_attention",
        "no bias in the queries",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    Q = omega_q @ X
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    allowed = causal_mask(N) & padding_mask(tokens, N)
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "bias of the queries forgotten",
    ),
    wrong(
        "causal_self_attention",
        "causal mask transposed in self-attention",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    allowed = causal_mask(N).T & padding_mask(tokens, N)
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "causal mask turned",
    ),
    wrong(
        "causal_self_attention",
        "values are the tokens themselves",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = X
    allowed = causal_mask(N) & padding_mask(tokens, N)
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "tokens instead of values",
    ),
    wrong(
        "causal_self_attention",
        "attention of X added (residual)",
        """
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    N = X.shape[1]
    Q = omega_q @ X + beta_q
    K = omega_k @ X + beta_k
    V = omega_v @ X + beta_v
    allowed = causal_mask(N) & padding_mask(tokens, N)
    X_prime = X + masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "tokens added to the result",
    ),
    wrong(
        "cross_attention",
        "all from X_kv: self-attention",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_kv + beta_q
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_kv + beta_v
    allowed = padding_mask(tokens_kv, X_kv.shape[1])
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "mask as wide as the keys",
        "self-attention of those who answer",
    ),
    wrong(
        "cross_attention",
        "causal as well",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_q + beta_q
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_kv + beta_v
    allowed = padding_mask(tokens_kv, X_q.shape[1]) & (np.arange(X_kv.shape[1])[:, None] <= np.arange(X_q.shape[1]))
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "cross-attention made causal",
    ),
    wrong(
        "cross_attention",
        "values without a bias",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_q @ X_q + beta_q
    K = omega_k @ X_kv + beta_k
    V = omega_v @ X_kv
    allowed = padding_mask(tokens_kv, X_q.shape[1])
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "bias of the values left out",
    ),
    wrong(
        "cross_attention",
        "matrices of queries and keys swapped",
        """
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    Q = omega_k @ X_q + beta_k
    K = omega_q @ X_kv + beta_q
    V = omega_v @ X_kv + beta_v
    allowed = padding_mask(tokens_kv, X_q.shape[1])
    X_prime = masked_attention(Q, K, V, allowed)
    return X_prime
""",
        "queries from the matrix of the keys",
    ),
]
