"""Answers to `multihead_general`."""

from __future__ import annotations

from . import wrong

STABLE = "stable for large scores"
GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"

RIGHT: dict[str, dict[str, str]] = {
    "loops over sentences and heads": {
        "split_heads": """
def split_heads(Y, H):
    B, D, N = Y.shape
    size = int(D / H)
    heads = np.zeros((B, H, size, N))
    for b in range(B):
        for h in range(H):
            heads[b, h] = Y[b, h * size : (h + 1) * size]
    return heads
""",
        "merge_heads": """
def merge_heads(heads):
    out = []
    for sentence in heads:
        out.append(np.vstack(list(sentence)))
    return np.array(out)
""",
        "softmax_keys": """
def softmax_keys(data_in):
    weights = np.empty_like(data_in)
    for b in range(data_in.shape[0]):
        for h in range(data_in.shape[1]):
            s = data_in[b, h]
            e = np.exp(s - s.max(axis=0))
            weights[b, h] = e / e.sum(axis=0)
    return weights
""",
        "attend": """
def attend(Q, K, V):
    B, H, size, N = Q.shape
    outputs = np.zeros((B, H, size, N))
    for b in range(B):
        for h in range(H):
            s = K[b, h].T @ Q[b, h] / np.sqrt(size)
            w = softmax_keys(s[None, None])[0, 0]
            outputs[b, h] = V[b, h] @ w
    return outputs
""",
        "split_rows": """
def split_rows(Y, H):
    B, N, D = Y.shape
    d = D // H
    heads = np.zeros((B, H, N, d))
    for b in range(B):
        for n in range(N):
            for h in range(H):
                heads[b, h, n, :] = Y[b, n, h * d : h * d + d]
    return heads
""",
        "merge_rows": """
def merge_rows(heads):
    return np.array([np.hstack([head for head in sentence]) for sentence in heads])
""",
    },
    "parts that are split and stacked": {
        "split_heads": """
def split_heads(Y, H):
    return np.stack(np.split(Y, H, axis=1), axis=1)
""",
        "merge_heads": """
def merge_heads(heads):
    return np.concatenate([heads[:, h] for h in range(heads.shape[1])], axis=1)
""",
        "split_rows": """
def split_rows(Y, H):
    return np.stack(np.split(Y, H, axis=-1), axis=1)
""",
        "merge_rows": """
def merge_rows(heads):
    return np.concatenate(list(np.moveaxis(heads, 1, 0)), axis=-1)
""",
    },
    "sums of products": {
        "attend": """
def attend(Q, K, V):
    s = np.einsum("bhdm,bhdn->bhmn", K, Q) / np.sqrt(Q.shape[-2])
    return np.einsum("bhdm,bhmn->bhdn", V, softmax_keys(s))
""",
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    q = np.einsum("ed,bdn->ben", omega_q, X) + beta_q
    k = np.einsum("ed,bdn->ben", omega_k, X) + beta_k
    v = np.einsum("ed,bdn->ben", omega_v, X) + beta_v
    o = merge_heads(attend(split_heads(q, H), split_heads(k, H), split_heads(v, H)))
    return np.einsum("ed,bdn->ben", omega_c, o) + beta_c[None, :, :]
""",
    },
    "axes counted from the end": {
        "softmax_keys": """
def softmax_keys(data_in):
    shifted = data_in - data_in.max(-2)[..., np.newaxis, :]
    e = np.exp(shifted)
    return e / e.sum(axis=-2, keepdims=True)
""",
        "attend": """
def attend(Q, K, V):
    return V @ softmax_keys(np.swapaxes(K, -1, -2) @ Q * Q.shape[-2] ** -0.5)
""",
        "split_heads": """
def split_heads(Y, H):
    return Y.reshape(len(Y), H, -1, Y.shape[-1])
""",
        "merge_heads": """
def merge_heads(heads):
    return heads.reshape(heads.shape[0], -1, heads.shape[-1])
""",
        "split_rows": """
def split_rows(Y, H):
    return np.swapaxes(Y.reshape(*Y.shape[:2], H, -1), 1, 2)
""",
        "merge_rows": """
def merge_rows(heads):
    h = np.moveaxis(heads, 1, 2)
    return h.reshape(*h.shape[:2], -1)
""",
    },
    "queries in the rows, turned at the end": {
        "attend": """
def attend(Q, K, V):
    scores = (Q.transpose(0, 1, 3, 2) @ K) / np.sqrt(Q.shape[2])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    attention = e / e.sum(axis=-1, keepdims=True)
    return (attention @ V.transpose(0, 1, 3, 2)).transpose(0, 1, 3, 2)
""",
        "split_heads": """
def split_heads(Y, H):
    B, D, N = Y.shape
    return Y.transpose(0, 2, 1).reshape(B, N, H, D // H).transpose(0, 2, 3, 1)
""",
        "merge_heads": """
def merge_heads(heads):
    B, H, d, N = heads.shape
    return heads.transpose(0, 3, 1, 2).reshape(B, N, H * d).transpose(0, 2, 1)
""",
    },
    "one head after the other": {
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    size = X.shape[1] // H
    outputs = []
    for h in range(H):
        rows = slice(h * size, (h + 1) * size)
        q = omega_q[rows] @ X + beta_q[rows]
        k = omega_k[rows] @ X + beta_k[rows]
        v = omega_v[rows] @ X + beta_v[rows]
        s = np.matmul(k.transpose(0, 2, 1), q) / np.sqrt(size)
        s = np.exp(s - s.max(axis=1, keepdims=True))
        outputs.append(v @ (s / s.sum(axis=1, keepdims=True)))
    return omega_c @ np.concatenate(outputs, axis=1) + beta_c
""",
    },
    "one sentence after the other": {
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    result = []
    for x in X:
        q, k, v = (split_heads((o @ x + b)[np.newaxis], H) for o, b in
                   ((omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)))
        result.append(omega_c @ merge_heads(attend(q, k, v))[0] + beta_c)
    return result
""",
    },
    "as in the libraries": {
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    def apart(Y):
        return Y.reshape(Y.shape[0], Y.shape[1], H, -1).transpose(0, 2, 1, 3)

    rows = X.transpose(0, 2, 1)
    Q, K = apart(rows @ omega_q.T + beta_q.T), apart(rows @ omega_k.T + beta_k.T)
    V = apart(rows @ omega_v.T + beta_v.T)
    scores = Q @ np.swapaxes(K, 2, 3) / np.sqrt(Q.shape[-1])
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    merged = (weights @ V).transpose(0, 2, 1, 3).reshape(rows.shape)
    return (merged @ omega_c.T + beta_c.T).transpose(0, 2, 1)
""",
    },
    "no maximum subtracted": {
        "softmax_keys": """
def softmax_keys(data_in):
    e = np.exp(data_in)
    return e / np.expand_dims(e.sum(axis=2), 2)
""",
    },
    "in place": {
        "softmax_keys": """
def softmax_keys(data_in):
    data_in -= data_in.max(axis=2, keepdims=True)
    np.exp(data_in, out=data_in)
    data_in /= data_in.sum(axis=2, keepdims=True)
    return data_in
""",
        "attend": """
def attend(Q, K, V):
    Q /= np.sqrt(Q.shape[2])
    return V @ softmax_keys(K.transpose(0, 1, 3, 2) @ Q)
""",
    },
    "the notebook's sizes": {
        "split_heads": """
def split_heads(Y, H):
    return Y.reshape(B, H, D // H, N)
""",
        "merge_heads": """
def merge_heads(heads):
    return heads.reshape(B, D, N)
""",
        "attend": """
def attend(Q, K, V):
    scores = np.matmul(np.transpose(K, (0, 1, 3, 2)), Q) / np.sqrt(D / H)
    return np.matmul(V, softmax_keys(scores))
""",
        "merge_rows": """
def merge_rows(heads):
    return heads.transpose(0, 2, 1, 3).reshape(B, N, D)
""",
    },
    "in single precision, with the weights": {
        "attend": """
def attend(Q, K, V):
    Q, K, V = (np.asarray(each, dtype=np.float32) for each in (Q, K, V))
    weights = softmax_keys(K.swapaxes(2, 3) @ Q / np.sqrt(np.float32(Q.shape[2])))
    return V @ weights, weights
""",
    },
    "logarithms, and powers of e": {
        "softmax_keys": """
def softmax_keys(data_in):
    return np.exp(data_in - np.logaddexp.reduce(data_in, axis=2, keepdims=True))
""",
        "merge_rows": """
def merge_rows(heads):
    return np.einsum('bhni->bnhi', heads).reshape(heads.shape[0], heads.shape[2], -1)
""",
    },
    "slices that are filled": {
        "split_heads": """
def split_heads(Y, H):
    size = Y.shape[1] // H
    out = np.empty((Y.shape[0], H, size, Y.shape[2]))
    for h in range(H):
        out[:, h] = Y[:, h * size : (h + 1) * size, :]
    return out
""",
        "merge_heads": """
def merge_heads(heads):
    B, H, d, N = heads.shape
    out = np.zeros((B, H * d, N))
    for h in range(H):
        out[:, h * d : (h + 1) * d] = heads[:, h]
    return out
""",
        "softmax_keys": """
def softmax_keys(data_in):
    out = np.zeros(data_in.shape)
    total = np.exp(data_in - data_in.max(axis=2, keepdims=True)).sum(axis=2)
    for m in range(data_in.shape[2]):
        out[:, :, m] = np.exp(data_in[:, :, m] - data_in.max(axis=2)) / total
    return out
""",
        "attend": """
def attend(Q, K, V):
    out = np.zeros(Q.shape)
    for h in range(Q.shape[1]):
        s = K[:, h].swapaxes(1, 2) @ Q[:, h] / np.sqrt(Q.shape[2])
        out[:, h] = V[:, h] @ softmax_keys(s[:, np.newaxis])[:, 0]
    return out
""",
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    B, D, N = X.shape
    result = np.zeros((B, D, N))
    for b in range(B):
        x = X[b : b + 1]
        q, k, v = omega_q @ x + beta_q, omega_k @ x + beta_k, omega_v @ x + beta_v
        o = attend(split_heads(q, H), split_heads(k, H), split_heads(v, H))
        result[b] = omega_c @ merge_heads(o)[0] + beta_c
    return result
""",
        "split_rows": """
def split_rows(Y, H):
    size = Y.shape[2] // H
    out = np.empty((Y.shape[0], H, Y.shape[1], size))
    for h in range(H):
        out[:, h] = Y[:, :, h * size : (h + 1) * size]
    return out
""",
        "merge_rows": """
def merge_rows(heads):
    B, H, N, d = heads.shape
    out = np.zeros((B, N, H * d))
    for h in range(H):
        out[:, :, h * d : (h + 1) * d] = heads[:, h]
    return out
""",
    },
    "lists": {
        "split_heads": """
def split_heads(Y, H):
    return [[part for part in np.split(sentence, H)] for sentence in Y]
""",
        "merge_heads": """
def merge_heads(heads):
    return [np.concatenate(list(sentence)) for sentence in heads]
""",
        "softmax_keys": """
def softmax_keys(data_in):
    def column(s):
        s = np.exp(s - np.max(s))
        return s / s.sum()
    return np.apply_along_axis(column, 2, data_in)
""",
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    parts = []
    for omega, beta in ((omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)):
        parts.append(np.array(split_heads(np.array([omega @ x + beta for x in X]), H)))
    merged = merge_heads(attend(*parts))
    return np.array([omega_c @ m + beta_c for m in merged])
""",
        "split_rows": """
def split_rows(Y, H):
    return [[sentence[:, h * (Y.shape[2] // H) : (h + 1) * (Y.shape[2] // H)] for h in range(H)] for sentence in Y]
""",
        "merge_rows": """
def merge_rows(heads):
    return [[[x for head in sentence for x in head[n]] for n in range(heads.shape[2])] for sentence in heads]
""",
    },
    "indices": {
        "split_heads": """
def split_heads(Y, H):
    rows = np.arange(Y.shape[1]).reshape(H, -1)
    return Y[:, rows, :]
""",
        "merge_heads": """
def merge_heads(heads):
    B, H, d, N = heads.shape
    r = np.arange(H * d)
    return heads[:, r // d, r % d, :]
""",
        "softmax_keys": """
def softmax_keys(data_in):
    x = np.moveaxis(data_in, 2, 0)
    x = np.exp(x - x.max(0))
    return np.moveaxis(x / x.sum(0), 0, 2)
""",
        "attend": """
def attend(Q, K, V):
    scores = np.matmul(np.moveaxis(K, 2, 3), Q)
    scores = scores / np.sqrt(np.size(Q, 2))
    return np.matmul(V, softmax_keys(scores))
""",
        "split_rows": """
def split_rows(Y, H):
    numbers = np.arange(Y.shape[2]).reshape(H, -1)
    return Y[:, :, numbers].swapaxes(1, 2)
""",
        "merge_rows": """
def merge_rows(heads):
    B, H, N, d = heads.shape
    r = np.arange(H * d)
    return heads[:, r // d, :, r % d].transpose(1, 2, 0)
""",
    },
    "with einops in mind": {
        "split_heads": """
def split_heads(Y, H):
    b, d, n = np.shape(Y)
    assert d % H == 0
    return np.reshape(Y, (b, H, d // H, n))
""",
        "merge_heads": """
def merge_heads(heads):
    b, h, d, n = np.shape(heads)
    return np.reshape(heads, (b, h * d, n))
""",
        "softmax_keys": """
def softmax_keys(data_in):
    z = data_in - np.amax(data_in, axis=-2, keepdims=True)
    p = np.exp(z)
    return p / np.einsum('bhmn->bhn', p)[:, :, None]
""",
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    d = X.shape[1] // H
    q = np.einsum("hid,bdn->bhin", omega_q.reshape(H, d, -1), X) + beta_q.reshape(H, d, 1)
    k = np.einsum("hid,bdn->bhin", omega_k.reshape(H, d, -1), X) + beta_k.reshape(H, d, 1)
    v = np.einsum("hid,bdn->bhin", omega_v.reshape(H, d, -1), X) + beta_v.reshape(H, d, 1)
    s = np.einsum("bhim,bhin->bhmn", k, q) / np.sqrt(d)
    w = np.exp(s - s.max(axis=2, keepdims=True))
    w /= w.sum(axis=2, keepdims=True)
    o = np.einsum("bhim,bhmn->bhin", v, w)
    return np.einsum("ehi,bhin->ben", omega_c.reshape(-1, H, d), o) + beta_c
""",
        "split_rows": """
def split_rows(Y, H):
    return np.einsum('bnhi->bhni', Y.reshape(Y.shape[0], Y.shape[1], H, -1))
""",
        "merge_rows": """
def merge_rows(heads):
    b, h, n, d = np.shape(heads)
    return np.reshape(np.transpose(heads, (0, 2, 1, 3)), (b, n, h * d))
""",
    },
    "checked, with a helper": {
        "split_heads": """
def turned(Y):
    return np.transpose(Y, (0, 2, 1))

def split_heads(Y, H):
    rows = turned(Y)
    B, N, D = rows.shape
    heads = rows.reshape(B, N, H, D // H).transpose(0, 2, 1, 3)
    heads = np.array([[turned(h[None])[0] for h in sentence] for sentence in heads])
    assert heads.shape == (B, H, D // H, N)
    return heads
""",
        "merge_heads": """
def merge_heads(heads):
    return np.hstack([heads[:, h] for h in range(heads.shape[1])])
""",
        "attend": """
def attend(Q, K, V):
    assert Q.shape[:3] == K.shape[:3]
    K_turned = np.einsum("abcd->abdc", K)
    dot_products = K_turned @ Q
    scaled = dot_products / np.sqrt(Q[0, 0].shape[0])
    return V @ softmax_keys(scaled)
""",
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    def heads_of(omega, beta):
        return split_heads(np.matmul(omega, X) + beta, H)

    Q = heads_of(omega_q, beta_q)
    K = heads_of(omega_k, beta_k)
    V = heads_of(omega_v, beta_v)
    X_prime = np.matmul(omega_c, merge_heads(attend(Q, K, V)))
    X_prime += beta_c
    return X_prime
""",
        "split_rows": """
def split_rows(Y, H):
    return split_heads(Y.transpose(0, 2, 1), H).transpose(0, 1, 3, 2)
""",
        "merge_rows": """
def merge_rows(heads):
    return merge_heads(heads.transpose(0, 1, 3, 2)).transpose(0, 2, 1)
""",
    },
    "everything projected at once": {
        "softmax_keys": """
def softmax_keys(data_in):
    B, H, M, N = data_in.shape
    flat = data_in.transpose(2, 0, 1, 3).reshape(M, -1)
    flat = np.exp(flat - np.max(flat, axis=0))
    flat = flat / np.sum(flat, axis=0)
    return flat.reshape(M, B, H, N).transpose(1, 2, 0, 3)
""",
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    D = X.shape[1]
    omega, beta = np.vstack([omega_q, omega_k, omega_v]), np.vstack([beta_q, beta_k, beta_v])
    qkv = omega @ X + beta
    q, k, v = (split_heads(qkv[:, i * D : (i + 1) * D], H) for i in range(3))
    return omega_c @ merge_heads(attend(q, k, v)) + beta_c
""",
        "split_rows": """
def split_rows(Y, H):
    B, N, D = Y.shape
    heads = np.zeros((B, N, H, D // H))
    heads[:] = Y.reshape(B, N, H, -1)
    return np.rollaxis(heads, 2, 1)
""",
    },
    "biases by repetition": {
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    B, D, N = X.shape
    ones = np.ones((1, N))
    Q = omega_q @ X + beta_q @ ones
    K = omega_k @ X + beta_k @ ones
    V = omega_v @ X + beta_v @ ones
    heads = attend(split_heads(Q, H), split_heads(K, H), split_heads(V, H))
    return np.tensordot(omega_c, merge_heads(heads), axes=(1, 1)).swapaxes(0, 1) + np.outer(beta_c, ones)
""",
        "split_rows": """
def split_rows(Y, H):
    return np.array([np.split(sentence, H, axis=1) for sentence in Y])
""",
    },
    "parts stacked, parts concatenated": {
        "split_heads": """
def split_heads(Y, H):
    return np.stack(np.split(Y, H, axis=1), axis=1)
""",
        "merge_heads": """
def merge_heads(heads):
    return np.concatenate([heads[:, h] for h in range(heads.shape[1])], axis=1)
""",
        "split_rows": """
def split_rows(Y, H):
    return np.stack(np.split(Y, H, axis=2), axis=1)
""",
        "merge_rows": """
def merge_rows(heads):
    return np.concatenate(list(np.moveaxis(heads, 1, 0)), axis=-1)
""",
    },
    "sentences in a list": {
        "merge_heads": """
def merge_heads(heads):
    return np.array([np.vstack(list(sentence)) for sentence in heads])
""",
        "merge_rows": """
def merge_rows(heads):
    return np.array([np.hstack(list(sentence)) for sentence in heads])
""",
    },
    "rows through the functions for columns": {
        "split_rows": """
def split_rows(Y, H):
    return split_heads(Y.transpose(0, 2, 1), H).transpose(0, 1, 3, 2)
""",
        "merge_rows": """
def merge_rows(heads):
    return merge_heads(heads.transpose(0, 1, 3, 2)).transpose(0, 2, 1)
""",
    },
    "slices of the matrices for each sentence and head": {
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    B, D, N = X.shape
    d = D // H
    out = []
    for x in X:
        heads = []
        for h in range(H):
            r = slice(h * d, (h + 1) * d)
            q = omega_q[r] @ x + beta_q[r]
            k = omega_k[r] @ x + beta_k[r]
            v = omega_v[r] @ x + beta_v[r]
            s = k.T @ q / np.sqrt(d)
            e = np.exp(s - np.max(s, axis=0))
            heads.append(v @ (e / e.sum(axis=0)))
        out.append(omega_c @ np.concatenate(heads, axis=0) + beta_c)
    return np.array(out)
""",
    },
    "scores of a library, turned twice": {
        "attend": """
def attend(Q, K, V):
    scores = (Q.transpose(0, 1, 3, 2) @ K) / np.sqrt(K.shape[2])
    weights = softmax_keys(scores.transpose(0, 1, 3, 2))
    outputs = (weights.transpose(0, 1, 3, 2) @ V.transpose(0, 1, 3, 2)).transpose(0, 1, 3, 2)
    return outputs
""",
    },
    "an inner function for projections": {
        "multihead_attention": """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    def heads_of(omega, beta):
        return split_heads(np.einsum('ij,bjn->bin', omega, X) + beta[None, :, :], H)
    Q, K, V = heads_of(omega_q, beta_q), heads_of(omega_k, beta_k), heads_of(omega_v, beta_v)
    return omega_c @ merge_heads(attend(Q, K, V)) + beta_c
""",
    },
}

LOSES: dict[str, dict[str, set[str]]] = {
    "no maximum subtracted": {"softmax_keys": {STABLE}},
    "in place": {"softmax_keys": {UNCHANGED}, "attend": {UNCHANGED}},
    "the notebook's sizes": {
        "split_heads": {GLOBALS},
        "merge_heads": {GLOBALS},
        "attend": {GLOBALS},
        "merge_rows": {GLOBALS},
    },
}

WRONG = [
    wrong(
        "split_heads",
        "a list of parts",
        """
def split_heads(Y, H):
    return np.array(np.split(Y, H, axis=1))
""",
        "heads before sentences",
    ),
    wrong(
        "split_heads",
        "sizes the other way round, then turned",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    return Y.reshape(B, D // H, H, N).transpose(0, 2, 1, 3)
""",
        "rows dealt out to the heads in turn",
    ),
    wrong(
        "split_heads",
        "every third row",
        """
def split_heads(Y, H):
    return np.stack([Y[:, h::H] for h in range(H)], axis=1)
""",
        "rows dealt out to the heads in turn",
    ),
    wrong(
        "split_heads",
        "as in a library, for the columns",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    Y = np.swapaxes(Y, 1, 2)
    return Y.reshape(B, N, H, D // H)
""",
        "heads in a list for each token",
    ),
    wrong(
        "merge_heads",
        "merged as in a library",
        """
def merge_heads(heads):
    B, H, d, N = heads.shape
    return heads.transpose(0, 2, 1, 3).reshape(B, d * H, N)
""",
        "rows of the heads in turn",
    ),
    wrong(
        "merge_heads",
        "heads side by side",
        """
def merge_heads(heads):
    return np.concatenate([heads[:, h] for h in range(heads.shape[1])], axis=-1)
""",
        "heads beside each other",
    ),
    wrong(
        "merge_heads",
        "stack of the first axis",
        """
def merge_heads(heads):
    return np.vstack([np.vstack(list(sentence)) for sentence in heads]).ravel().reshape(-1, heads.shape[3])
""",
        "sentences below each other",
    ),
    wrong(
        "softmax_keys",
        "the last axis",
        """
def softmax_keys(data_in):
    e = np.exp(data_in - data_in.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
""",
        "softmax over the queries",
    ),
    wrong(
        "softmax_keys",
        "the axis of the notebooks before",
        """
def softmax_keys(data_in):
    return np.exp(data_in) / np.sum(np.exp(data_in), axis=0)
""",
        "no maximum subtracted",
        "softmax over the sentences",
    ),
    wrong(
        "softmax_keys",
        "axis one, counted from one",
        """
def softmax_keys(data_in):
    m = np.max(data_in, axis=1, keepdims=True)
    e = np.exp(data_in - m)
    return e / np.sum(e, axis=1, keepdims=True)
""",
        "softmax over the heads",
    ),
    wrong(
        "softmax_keys",
        "axes not kept",
        """
def softmax_keys(data_in):
    e = np.exp(data_in - data_in.max(axis=2))
    return e / e.sum(axis=2)
""",
        "axes of maximum and sum lost",
    ),
    wrong(
        "attend",
        "the transpose of before",
        """
def attend(Q, K, V):
    return V @ softmax_keys(K.T @ Q / np.sqrt(Q.shape[2]))
""",
        "all axes reversed",
    ),
    wrong(
        "attend",
        "the scale of before",
        """
def attend(Q, K, V):
    scores = K.swapaxes(2, 3) @ Q
    weights = softmax_keys(scores / np.sqrt(K.shape[0]))
    return V @ weights
""",
        "scaled by the number of sentences",
    ),
    wrong(
        "attend",
        "the scale of a library",
        """
def attend(Q, K, V):
    return V @ softmax_keys(K.swapaxes(-1, -2) @ Q / np.sqrt(Q.shape[-1]))
""",
        "scaled by the number of tokens",
    ),
    wrong(
        "attend",
        "the scale of the model",
        """
def attend(Q, K, V):
    B, H, d, N = Q.shape
    return V @ softmax_keys(K.swapaxes(-1, -2) @ Q / np.sqrt(H * d))
""",
        "scaled by the size of all heads",
    ),
    wrong(
        "attend",
        "scores of a library, and no scale",
        """
def attend(Q, K, V):
    return V @ softmax_keys(Q.transpose(0, 1, 3, 2) @ K)
""",
        "dot products the other way round",
        "not scaled",
    ),
    wrong(
        "attend",
        "weights of a library",
        """
def attend(Q, K, V):
    s = np.einsum("bhdn,bhdm->bhnm", Q, K) / np.sqrt(Q.shape[2])
    w = softmax_keys(s)
    return np.einsum("bhdm,bhnm->bhdn", V, w)
""",
        "dot products the other way round",
        "softmax of the turned scores",
        "weights transposed",
    ),
    wrong(
        "multihead_attention",
        "no bias in the end, and no mixing",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
    heads = attend(split_heads(Q, H), split_heads(K, H), split_heads(V, H))
    return merge_heads(heads)
""",
        "output projection forgotten",
    ),
    wrong(
        "multihead_attention",
        "heads that are not split",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
    heads = attend(Q[:, None], K[:, None], V[:, None])
    return omega_c @ heads[:, 0] + beta_c
""",
        "a single head whatever H is",
    ),
    wrong(
        "multihead_attention",
        "tokens in the rows, and the matrix from the right",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Xt = X.transpose(0, 2, 1)
    q = split_heads((Xt @ omega_q).transpose(0, 2, 1) + beta_q, H)
    k = split_heads((Xt @ omega_k).transpose(0, 2, 1) + beta_k, H)
    v = split_heads((Xt @ omega_v).transpose(0, 2, 1) + beta_v, H)
    return omega_c @ merge_heads(attend(q, k, v)) + beta_c
""",
        "matrices of queries, keys and values transposed",
    ),
    wrong(
        "multihead_attention",
        "result as a library gives it, bias forgotten",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    q = split_heads(omega_q @ X + beta_q, H)
    k = split_heads(omega_k @ X + beta_k, H)
    v = split_heads(omega_v @ X + beta_v, H)
    return (omega_c @ merge_heads(attend(q, k, v))).transpose(0, 2, 1)
""",
        "bias of the output forgotten",
        "result transposed",
    ),
    wrong(
        "multihead_attention",
        "bias inside",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    q = split_heads(omega_q @ X + beta_q, H)
    k = split_heads(omega_k @ X + beta_k, H)
    v = split_heads(omega_v @ X + beta_v, H)
    merged = merge_heads(attend(q, k, v))
    merged = merged + beta_c
    return np.matmul(omega_c, merged)
""",
        "bias added before the last matrix",
    ),
    wrong(
        "multihead_attention",
        "matrices split, not the queries",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    outputs = []
    for h in range(H):
        q = omega_q[h::H] @ X + beta_q[h::H]
        k = omega_k[h::H] @ X + beta_k[h::H]
        v = omega_v[h::H] @ X + beta_v[h::H]
        outputs.append(attend(q[:, None], k[:, None], v[:, None])[:, 0])
    return omega_c @ np.concatenate(outputs, axis=1) + beta_c
""",
        "heads not split but interleaved",
    ),
    wrong(
        "multihead_attention",
        "columns of the matrices instead of rows",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    d = X.shape[1] // H
    outputs = []
    for h in range(H):
        q = omega_q[:, h * d : (h + 1) * d].T @ X + beta_q[h * d : (h + 1) * d]
        k = omega_k[:, h * d : (h + 1) * d].T @ X + beta_k[h * d : (h + 1) * d]
        v = omega_v[:, h * d : (h + 1) * d].T @ X + beta_v[h * d : (h + 1) * d]
        outputs.append(attend(q[:, None], k[:, None], v[:, None])[:, 0])
    return omega_c @ np.concatenate(outputs, axis=1) + beta_c
""",
    ),
    wrong(
        "split_rows",
        "a reshape alone, both ways",
        """
def split_rows(Y, H):
    B, N, D = Y.shape
    return np.reshape(Y, (B, H, N, -1))
""",
        "split by a reshape alone",
    ),
    wrong(
        "merge_rows",
        "a reshape alone, both ways",
        """
def merge_rows(heads):
    B, H, N, d = heads.shape
    return np.reshape(heads, (B, N, -1))
""",
        "merged by a reshape alone",
    ),
    wrong(
        "split_rows",
        "the transpose forgotten",
        """
def split_rows(Y, H):
    heads = Y.reshape(Y.shape[0], Y.shape[1], H, -1)
    heads.transpose(0, 2, 1, 3)
    return heads
""",
        "cut, but not turned",
    ),
    wrong(
        "split_rows",
        "other axes",
        """
def split_rows(Y, H):
    B, N, D = Y.shape
    return np.transpose(Y.reshape(B, N, H, D // H), (0, 2, 3, 1))
""",
        "tokens in the columns of each head",
    ),
    wrong(
        "merge_rows",
        "other axes",
        """
def merge_rows(heads):
    B, H, N, d = heads.shape
    return np.transpose(heads, (0, 2, 3, 1)).reshape(B, N, d * H)
""",
        "heads interleaved in a row",
    ),
    wrong(
        "split_heads",
        "copied from code for rows",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    return Y.reshape(B, N, H, D // H).transpose(0, 2, 3, 1)
""",
        "code for rows used for columns",
    ),
    wrong(
        "split_heads",
        "slices that begin one row further",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    d = D // H
    heads = np.zeros((B, H, d, N))
    for h in range(H):
        heads[:, h] = Y[:, h : h + d]
    return heads
""",
        "heads that overlap",
    ),
    wrong(
        "split_heads",
        "a division that gives no integer",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    size = D / H
    return Y.reshape(B, H, size, N)
""",
        "size of a head with a decimal point",
    ),
    wrong(
        "attend",
        "the product for matrices",
        """
def attend(Q, K, V):
    s = np.dot(K.swapaxes(2, 3), Q) / np.sqrt(Q.shape[2])
    return np.dot(V, softmax_keys(s))
""",
        "np.dot everywhere",
    ),
    wrong(
        "multihead_attention",
        "the notebook's number of heads",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
    heads = attend(split_heads(Q, 3), split_heads(K, 3), split_heads(V, 3))
    return omega_c @ merge_heads(heads) + beta_c
""",
        "three heads whatever H is",
    ),
    wrong(
        "split_heads",
        "every H-th row, in a list",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    return np.array([Y[:, i::H, :] for i in range(H)])
""",
        "rows dealt out to the heads in turn",
        "heads before sentences",
    ),
    wrong(
        "merge_heads",
        "tokens first, as for rows",
        """
def merge_heads(heads):
    B, H, size, N = heads.shape
    return heads.transpose(0, 3, 1, 2).reshape(B, H * size, N)
""",
        "tokens moved, then forced back",
    ),
    wrong(
        "softmax_keys",
        "sum without an axis",
        """
def softmax_keys(data_in):
    e = np.exp(data_in - np.max(data_in, axis=2, keepdims=True))
    return e / np.sum(e)
""",
        "one sum for all queries",
    ),
    wrong(
        "attend",
        "a typed-in root",
        """
def attend(Q, K, V):
    scores = K.transpose(0, 1, 3, 2) @ Q / np.sqrt(2)
    return V @ softmax_keys(scores)
""",
        "scale of this notebook",
    ),
    wrong(
        "attend",
        "scale of the model, weights turned",
        """
def attend(Q, K, V):
    scores = K.transpose(0, 1, 3, 2) @ Q / np.sqrt(Q.shape[1] * Q.shape[2])
    return V @ softmax_keys(scores).transpose(0, 1, 3, 2)
""",
        "scaled by the size of all heads",
        "weights transposed",
    ),
    wrong(
        "multihead_attention",
        "combined before merging",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X + beta_q, H)
    K = split_heads(omega_k @ X + beta_k, H)
    V = split_heads(omega_v @ X + beta_v, H)
    return merge_heads(omega_c @ attend(Q, K, V)) + beta_c
""",
    ),
    wrong(
        "multihead_attention",
        "no projections",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(X, H)
    K = split_heads(X, H)
    V = split_heads(X, H)
    return omega_c @ merge_heads(attend(Q, K, V)) + beta_c
""",
        "tokens split instead of projected",
    ),
    wrong(
        "multihead_attention",
        "a bias copied from the line above",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X + beta_q, H)
    K = split_heads(omega_k @ X + beta_k, H)
    V = split_heads(omega_v @ X + beta_k, H)
    return omega_c @ merge_heads(attend(Q, K, V)) + beta_c
""",
        "values with the bias of the keys",
    ),
    wrong(
        "multihead_attention",
        "heads from the last to the first",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X + beta_q, H)
    K = split_heads(omega_k @ X + beta_k, H)
    V = split_heads(omega_v @ X + beta_v, H)
    return omega_c @ merge_heads(attend(Q, K, V)[:, ::-1]) + beta_c
""",
        "heads taken in reversed order",
    ),
    wrong(
        "split_rows",
        "the first axis for the third",
        """
def split_rows(Y, H):
    B, N, D = Y.shape
    return Y.reshape(B, N, H, D // H).swapaxes(0, 2)
""",
        "sentences and heads of rows exchanged",
    ),
    wrong(
        "merge_rows",
        "shape of columns",
        """
def merge_rows(heads):
    B, H, N, size = heads.shape
    return heads.transpose(0, 2, 1, 3).reshape(B, H * size, N)
""",
        "turned rightly, then forced into columns",
    ),
    wrong(
        "split_heads",
        "axes in the order (B, D/H, H, N)",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    heads = Y.reshape(B, D // H, H, N)
    return heads
""",
        "axes of heads and rows swapped",
    ),
    wrong(
        "split_heads",
        "tokens before rows: reshaped to (B, H, N, D/H)",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    heads = Y.reshape(B, H, N, D // H)
    return heads
""",
        "numbers forced into the shape of rows",
    ),
    wrong(
        "split_heads",
        "the tokens are split, not the rows",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    heads = Y.transpose(0, 2, 1).reshape(B, H, D // H, N)
    return heads
""",
        "turned before it is split",
    ),
    wrong(
        "split_heads",
        "the three heads of this notebook",
        """
def split_heads(Y, H):
    B, D, N = Y.shape
    heads = Y.reshape(B, 3, D // 3, N)
    return heads
""",
        "always three heads",
    ),
    wrong(
        "merge_heads",
        "heads added up",
        """
def merge_heads(heads):
    B, H, size, N = heads.shape
    merged = heads.sum(axis=1)
    return merged
""",
        "heads added up",
    ),
    wrong(
        "merge_heads",
        "heads in reverse order",
        """
def merge_heads(heads):
    B, H, size, N = heads.shape
    merged = heads[:, ::-1].reshape(B, H * size, N)
    return merged
""",
        "heads merged in reversed order",
    ),
    wrong(
        "merge_heads",
        "merged as rows (B, N, D)",
        """
def merge_heads(heads):
    B, H, size, N = heads.shape
    merged = heads.transpose(0, 3, 1, 2).reshape(B, N, H * size)
    return merged
""",
        "merged heads transposed",
    ),
    wrong(
        "softmax_keys",
        "softmax over each whole matrix",
        """
def softmax_keys(data_in):
    exp_values = np.exp(data_in - np.max(data_in, axis=(2, 3), keepdims=True))
    denom = np.sum(exp_values, axis=(2, 3), keepdims=True)
    weights = exp_values / denom
    return weights
""",
        "one softmax for each matrix",
    ),
    wrong(
        "softmax_keys",
        "one sum over everything",
        """
def softmax_keys(data_in):
    exp_values = np.exp(data_in - np.max(data_in))
    denom = np.sum(exp_values)
    weights = exp_values / denom
    return weights
""",
        "one softmax for everything",
    ),
    wrong(
        "softmax_keys",
        "one maximum of everything",
        """
def softmax_keys(data_in):
    exp_values = np.exp(data_in - np.max(data_in))
    denom = np.sum(exp_values, axis=2, keepdims=True)
    weights = exp_values / denom
    return weights
""",
        "one maximum for everything",
    ),
    wrong(
        "softmax_keys",
        "keepdims forgotten in the sum",
        """
def softmax_keys(data_in):
    exp_values = np.exp(data_in - np.max(data_in, axis=2, keepdims=True))
    denom = np.sum(exp_values, axis=2)
    weights = exp_values / denom
    return weights
""",
        "axis of the sum lost",
    ),
    wrong(
        "softmax_keys",
        "not divided",
        """
def softmax_keys(data_in):
    exp_values = np.exp(data_in - np.max(data_in, axis=2, keepdims=True))
    denom = np.sum(exp_values, axis=2, keepdims=True)
    weights = exp_values
    return weights
""",
        "exponentials not divided",
    ),
    wrong(
        "softmax_keys",
        "minimum subtracted",
        """
def softmax_keys(data_in):
    exp_values = np.exp(data_in - np.min(data_in, axis=2, keepdims=True))
    denom = np.sum(exp_values, axis=2, keepdims=True)
    weights = exp_values / denom
    return weights
""",
        "minimum subtracted",
    ),
    wrong(
        "attend",
        "scaled by the number of heads",
        """
def attend(Q, K, V):
    scores = K.swapaxes(2, 3) @ Q / np.sqrt(Q.shape[1])
    weights = softmax_keys(scores)
    outputs = V @ weights
    return outputs
""",
        "scaled by the number of heads",
    ),
    wrong(
        "attend",
        "scaled by D/H without root",
        """
def attend(Q, K, V):
    scores = K.swapaxes(2, 3) @ Q / Q.shape[2]
    weights = softmax_keys(scores)
    outputs = V @ weights
    return outputs
""",
        "root of the scale forgotten",
    ),
    wrong(
        "attend",
        "no softmax",
        """
def attend(Q, K, V):
    scores = K.swapaxes(2, 3) @ Q / np.sqrt(Q.shape[2])
    weights = scores
    outputs = V @ weights
    return outputs
""",
        "scores used as weights",
    ),
    wrong(
        "attend",
        "result as rows",
        """
def attend(Q, K, V):
    scores = K.swapaxes(2, 3) @ Q / np.sqrt(Q.shape[2])
    weights = softmax_keys(scores)
    outputs = (V @ weights).swapaxes(2, 3)
    return outputs
""",
        "outputs transposed",
    ),
    wrong(
        "attend",
        "scaled after the softmax",
        """
def attend(Q, K, V):
    scores = K.swapaxes(2, 3) @ Q
    weights = softmax_keys(scores) / np.sqrt(Q.shape[2])
    outputs = V @ weights
    return outputs
""",
        "scaled after the softmax",
    ),
    wrong(
        "attend",
        "multiplied by the root",
        """
def attend(Q, K, V):
    scores = K.swapaxes(2, 3) @ Q * np.sqrt(Q.shape[2])
    weights = softmax_keys(scores)
    outputs = V @ weights
    return outputs
""",
        "multiplied by the scale",
    ),
    wrong(
        "multihead_attention",
        "no biases for the heads",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X, H)
    K = split_heads(omega_k @ X, H)
    V = split_heads(omega_v @ X, H)
    all_heads = merge_heads(attend(Q, K, V))
    X_prime = omega_c @ all_heads + beta_c
    return X_prime
""",
        "biases forgotten",
    ),
    wrong(
        "multihead_attention",
        "omega_c transposed",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X + beta_q, H)
    K = split_heads(omega_k @ X + beta_k, H)
    V = split_heads(omega_v @ X + beta_v, H)
    all_heads = merge_heads(attend(Q, K, V))
    X_prime = omega_c.T @ all_heads + beta_c
    return X_prime
""",
        "last matrix transposed",
    ),
    wrong(
        "multihead_attention",
        "keys and values swapped",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X + beta_q, H)
    K = split_heads(omega_k @ X + beta_k, H)
    V = split_heads(omega_v @ X + beta_v, H)
    all_heads = merge_heads(attend(Q, V, K))
    X_prime = omega_c @ all_heads + beta_c
    return X_prime
""",
        "keys and values handed on in exchanged places",
    ),
    wrong(
        "multihead_attention",
        "queries and keys swapped",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X + beta_q, H)
    K = split_heads(omega_k @ X + beta_k, H)
    V = split_heads(omega_v @ X + beta_v, H)
    all_heads = merge_heads(attend(K, Q, V))
    X_prime = omega_c @ all_heads + beta_c
    return X_prime
""",
        "queries and keys swapped",
    ),
    wrong(
        "multihead_attention",
        "heads forced into rows, then turned",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X + beta_q, H)
    K = split_heads(omega_k @ X + beta_k, H)
    V = split_heads(omega_v @ X + beta_v, H)
    all_heads = attend(Q, K, V).reshape(X.shape[0], X.shape[2], X.shape[1]).transpose(0, 2, 1)
    X_prime = omega_c @ all_heads + beta_c
    return X_prime
""",
    ),
    wrong(
        "multihead_attention",
        "residual added",
        """
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    Q = split_heads(omega_q @ X + beta_q, H)
    K = split_heads(omega_k @ X + beta_k, H)
    V = split_heads(omega_v @ X + beta_v, H)
    all_heads = merge_heads(attend(Q, K, V))
    X_prime = X + omega_c @ all_heads + beta_c
    return X_prime
""",
        "tokens added to the result",
    ),
    wrong(
        "split_rows",
        "interleaved in the row",
        """
def split_rows(Y, H):
    B, N, D = Y.shape
    heads = Y.reshape(B, N, D // H, H).transpose(0, 3, 1, 2)
    return heads
""",
        "numbers of a row dealt out in turn",
    ),
    wrong(
        "split_rows",
        "tokens split as rows are in section 1",
        """
def split_rows(Y, H):
    B, N, D = Y.shape
    heads = Y.reshape(B, D, N).reshape(B, H, D // H, N).transpose(0, 1, 3, 2)
    return heads
""",
    ),
    wrong(
        "merge_rows",
        "merge not joined (B, N, H, size)",
        """
def merge_rows(heads):
    B, H, N, size = heads.shape
    merged = heads.transpose(0, 2, 1, 3)
    return merged
""",
        "turned, but not merged",
    ),
    wrong(
        "merge_rows",
        "merge as columns (B, D, N)",
        """
def merge_rows(heads):
    B, H, N, size = heads.shape
    merged = heads.transpose(0, 1, 3, 2).reshape(B, H * size, N)
    return merged
""",
        "tokens turned into columns",
    ),
    wrong(
        "merge_rows",
        "merge: one below the other (B, H*N, size)",
        """
def merge_rows(heads):
    B, H, N, size = heads.shape
    merged = np.concatenate([heads[:, h] for h in range(H)], axis=1)
    return merged
""",
        "heads below each other",
    ),
]
