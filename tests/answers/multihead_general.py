"""Notebooks for `multihead_general`."""

from __future__ import annotations

import textwrap

from . import Notebook

SPLIT = "split_heads"
MERGE = "merge_heads"
SOFTMAX = "softmax_keys"
ATTEND = "attend"
ALL = "multihead_attention"
SPLIT_ROWS = "split_rows"
MERGE_ROWS = "merge_rows"
STABLE = "stable for large scores"
GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"

SIGNATURES = {
    SPLIT: "Y, H",
    MERGE: "heads",
    SOFTMAX: "data_in",
    ATTEND: "Q, K, V",
    ALL: "X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c",
    SPLIT_ROWS: "Y, H",
    MERGE_ROWS: "heads",
}


def _cell(question: str, body: str) -> str:
    """Return a cell: the body of the question's function, or a whole cell if it defines that itself."""
    body = textwrap.dedent(body).strip()
    if f"def {question}(" in body:
        return body
    return f"def {question}({SIGNATURES[question]}):\n" + textwrap.indent(body, "    ")


def _right(name: str, loses: dict[str, set[str]] | None = None, **bodies: str) -> Notebook:
    answers = {question: _cell(question, body) for question, body in bodies.items()}
    return Notebook(name=name, assignment="multihead_general", answers=answers, loses=loses or {})


def _wrong(name: str, named: dict[str, set[str]], **bodies: str) -> Notebook:
    answers = {question: _cell(question, body) for question, body in bodies.items()}
    return Notebook(name=name, assignment="multihead_general", answers=answers, named=named)


RIGHT = [
    _right(
        "loops over sentences and heads",
        split_heads="""
            B, D, N = Y.shape
            size = int(D / H)
            heads = np.zeros((B, H, size, N))
            for b in range(B):
                for h in range(H):
                    heads[b, h] = Y[b, h * size : (h + 1) * size]
            return heads
        """,
        merge_heads="""
            out = []
            for sentence in heads:
                out.append(np.vstack(list(sentence)))
            return np.array(out)
        """,
        softmax_keys="""
            weights = np.empty_like(data_in)
            for b in range(data_in.shape[0]):
                for h in range(data_in.shape[1]):
                    s = data_in[b, h]
                    e = np.exp(s - s.max(axis=0))
                    weights[b, h] = e / e.sum(axis=0)
            return weights
        """,
        attend="""
            B, H, size, N = Q.shape
            outputs = np.zeros((B, H, size, N))
            for b in range(B):
                for h in range(H):
                    s = K[b, h].T @ Q[b, h] / np.sqrt(size)
                    w = softmax_keys(s[None, None])[0, 0]
                    outputs[b, h] = V[b, h] @ w
            return outputs
        """,
        split_rows="""
            B, N, D = Y.shape
            d = D // H
            heads = np.zeros((B, H, N, d))
            for b in range(B):
                for n in range(N):
                    for h in range(H):
                        heads[b, h, n, :] = Y[b, n, h * d : h * d + d]
            return heads
        """,
        merge_rows="return np.array([np.hstack([head for head in sentence]) for sentence in heads])",
    ),
    _right(
        "parts that are split and stacked",
        split_heads="return np.stack(np.split(Y, H, axis=1), axis=1)",
        merge_heads="return np.concatenate([heads[:, h] for h in range(heads.shape[1])], axis=1)",
        split_rows="return np.stack(np.split(Y, H, axis=-1), axis=1)",
        merge_rows="return np.concatenate(list(np.moveaxis(heads, 1, 0)), axis=-1)",
    ),
    _right(
        "sums of products",
        attend="""
            s = np.einsum("bhdm,bhdn->bhmn", K, Q) / np.sqrt(Q.shape[-2])
            return np.einsum("bhdm,bhmn->bhdn", V, softmax_keys(s))
        """,
        multihead_attention="""
            q = np.einsum("ed,bdn->ben", omega_q, X) + beta_q
            k = np.einsum("ed,bdn->ben", omega_k, X) + beta_k
            v = np.einsum("ed,bdn->ben", omega_v, X) + beta_v
            o = merge_heads(attend(split_heads(q, H), split_heads(k, H), split_heads(v, H)))
            return np.einsum("ed,bdn->ben", omega_c, o) + beta_c[None, :, :]
        """,
    ),
    _right(
        "axes counted from the end",
        softmax_keys="""
            shifted = data_in - data_in.max(-2)[..., np.newaxis, :]
            e = np.exp(shifted)
            return e / e.sum(axis=-2, keepdims=True)
        """,
        attend="return V @ softmax_keys(np.swapaxes(K, -1, -2) @ Q * Q.shape[-2] ** -0.5)",
        split_heads="return Y.reshape(len(Y), H, -1, Y.shape[-1])",
        merge_heads="return heads.reshape(heads.shape[0], -1, heads.shape[-1])",
        split_rows="return np.swapaxes(Y.reshape(*Y.shape[:2], H, -1), 1, 2)",
        merge_rows="h = np.moveaxis(heads, 1, 2)\nreturn h.reshape(*h.shape[:2], -1)",
    ),
    _right(
        "queries in the rows, turned at the end",
        attend="""
            scores = (Q.transpose(0, 1, 3, 2) @ K) / np.sqrt(Q.shape[2])
            e = np.exp(scores - scores.max(axis=-1, keepdims=True))
            attention = e / e.sum(axis=-1, keepdims=True)
            return (attention @ V.transpose(0, 1, 3, 2)).transpose(0, 1, 3, 2)
        """,
        split_heads="""
            B, D, N = Y.shape
            return Y.transpose(0, 2, 1).reshape(B, N, H, D // H).transpose(0, 2, 3, 1)
        """,
        merge_heads="""
            B, H, d, N = heads.shape
            return heads.transpose(0, 3, 1, 2).reshape(B, N, H * d).transpose(0, 2, 1)
        """,
    ),
    _right(
        "one head after the other",
        multihead_attention="""
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
    ),
    _right(
        "one sentence after the other",
        multihead_attention="""
            result = []
            for x in X:
                q, k, v = (split_heads((o @ x + b)[np.newaxis], H) for o, b in
                           ((omega_q, beta_q), (omega_k, beta_k), (omega_v, beta_v)))
                result.append(omega_c @ merge_heads(attend(q, k, v))[0] + beta_c)
            return result
        """,
    ),
    _right(
        "as in the libraries",
        multihead_attention="""
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
    ),
    _right(
        "no maximum subtracted",
        loses={SOFTMAX: {STABLE}},
        softmax_keys="e = np.exp(data_in)\nreturn e / np.expand_dims(e.sum(axis=2), 2)",
    ),
    _right(
        "in place",
        loses={SOFTMAX: {UNCHANGED}, ATTEND: {UNCHANGED}},
        softmax_keys="""
            data_in -= data_in.max(axis=2, keepdims=True)
            np.exp(data_in, out=data_in)
            data_in /= data_in.sum(axis=2, keepdims=True)
            return data_in
        """,
        attend="""
            Q /= np.sqrt(Q.shape[2])
            return V @ softmax_keys(K.transpose(0, 1, 3, 2) @ Q)
        """,
    ),
    _right(
        "the notebook's sizes",
        loses={SPLIT: {GLOBALS}, MERGE: {GLOBALS}, ATTEND: {GLOBALS}, MERGE_ROWS: {GLOBALS}},
        split_heads="return Y.reshape(B, H, D // H, N)",
        merge_heads="return heads.reshape(B, D, N)",
        attend="""
            scores = np.matmul(np.transpose(K, (0, 1, 3, 2)), Q) / np.sqrt(D / H)
            return np.matmul(V, softmax_keys(scores))
        """,
        merge_rows="return heads.transpose(0, 2, 1, 3).reshape(B, N, D)",
    ),
    _right(
        "in single precision, with the weights",
        attend="""
            Q, K, V = (np.asarray(each, dtype=np.float32) for each in (Q, K, V))
            weights = softmax_keys(K.swapaxes(2, 3) @ Q / np.sqrt(np.float32(Q.shape[2])))
            return V @ weights, weights
        """,
    ),
    _right(
        "logarithms, and powers of e",
        softmax_keys="return np.exp(data_in - np.logaddexp.reduce(data_in, axis=2, keepdims=True))",
        merge_rows="return np.einsum('bhni->bnhi', heads).reshape(heads.shape[0], heads.shape[2], -1)",
    ),
]

WRONG = [
    _wrong(
        "a list of parts",
        {SPLIT: {"heads before sentences"}},
        split_heads="return np.array(np.split(Y, H, axis=1))",
    ),
    _wrong(
        "sizes the other way round, then turned",
        {SPLIT: {"rows dealt out to the heads in turn"}},
        split_heads="B, D, N = Y.shape\nreturn Y.reshape(B, D // H, H, N).transpose(0, 2, 1, 3)",
    ),
    _wrong(
        "every third row",
        {SPLIT: {"rows dealt out to the heads in turn"}},
        split_heads="return np.stack([Y[:, h::H] for h in range(H)], axis=1)",
    ),
    _wrong(
        "as in a library, for the columns",
        {SPLIT: {"heads in a list for each token"}},
        split_heads="""
            B, D, N = Y.shape
            Y = np.swapaxes(Y, 1, 2)
            return Y.reshape(B, N, H, D // H)
        """,
    ),
    _wrong(
        "merged as in a library",
        {MERGE: {"rows of the heads in turn"}},
        merge_heads="B, H, d, N = heads.shape\nreturn heads.transpose(0, 2, 1, 3).reshape(B, d * H, N)",
    ),
    _wrong(
        "heads side by side",
        {MERGE: {"heads beside each other"}},
        merge_heads="return np.concatenate([heads[:, h] for h in range(heads.shape[1])], axis=-1)",
    ),
    _wrong(
        "stack of the first axis",
        {MERGE: {"sentences below each other"}},
        merge_heads="return np.vstack([np.vstack(list(sentence)) for sentence in heads]).ravel().reshape(-1, heads.shape[3])",
    ),
    _wrong(
        "the last axis",
        {SOFTMAX: {"softmax over the queries"}},
        softmax_keys="e = np.exp(data_in - data_in.max(-1, keepdims=True))\nreturn e / e.sum(-1, keepdims=True)",
    ),
    _wrong(
        "the axis of the notebooks before",
        {SOFTMAX: {"softmax over the sentences", "no maximum subtracted"}},
        softmax_keys="return np.exp(data_in) / np.sum(np.exp(data_in), axis=0)",
    ),
    _wrong(
        "axis one, counted from one",
        {SOFTMAX: {"softmax over the heads"}},
        softmax_keys="""
            m = np.max(data_in, axis=1, keepdims=True)
            e = np.exp(data_in - m)
            return e / np.sum(e, axis=1, keepdims=True)
        """,
    ),
    _wrong(
        "axes not kept",
        {SOFTMAX: {"axes of maximum and sum lost"}},
        softmax_keys="e = np.exp(data_in - data_in.max(axis=2))\nreturn e / e.sum(axis=2)",
    ),
    _wrong(
        "the transpose of before",
        {ATTEND: {"all axes reversed"}},
        attend="return V @ softmax_keys(K.T @ Q / np.sqrt(Q.shape[2]))",
    ),
    _wrong(
        "the scale of before",
        {ATTEND: {"scaled by the number of sentences"}},
        attend="""
            scores = K.swapaxes(2, 3) @ Q
            weights = softmax_keys(scores / np.sqrt(K.shape[0]))
            return V @ weights
        """,
    ),
    _wrong(
        "the scale of a library",
        {ATTEND: {"scaled by the number of tokens"}},
        attend="return V @ softmax_keys(K.swapaxes(-1, -2) @ Q / np.sqrt(Q.shape[-1]))",
    ),
    _wrong(
        "the scale of the model",
        {ATTEND: {"scaled by the size of all heads"}},
        attend="B, H, d, N = Q.shape\nreturn V @ softmax_keys(K.swapaxes(-1, -2) @ Q / np.sqrt(H * d))",
    ),
    _wrong(
        "scores of a library, and no scale",
        {ATTEND: {"dot products the other way round", "not scaled"}},
        attend="return V @ softmax_keys(Q.transpose(0, 1, 3, 2) @ K)",
    ),
    _wrong(
        "weights of a library",
        {ATTEND: {"softmax of the turned scores", "weights transposed", "dot products the other way round"}},
        attend="""
            s = np.einsum("bhdn,bhdm->bhnm", Q, K) / np.sqrt(Q.shape[2])
            w = softmax_keys(s)
            return np.einsum("bhdm,bhnm->bhdn", V, w)
        """,
    ),
    _wrong(
        "no bias in the end, and no mixing",
        {ALL: {"output projection forgotten"}},
        multihead_attention="""
            Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
            heads = attend(split_heads(Q, H), split_heads(K, H), split_heads(V, H))
            return merge_heads(heads)
        """,
    ),
    _wrong(
        "heads that are not split",
        {ALL: {"a single head whatever H is"}},
        multihead_attention="""
            Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
            heads = attend(Q[:, None], K[:, None], V[:, None])
            return omega_c @ heads[:, 0] + beta_c
        """,
    ),
    _wrong(
        "tokens in the rows, and the matrix from the right",
        {ALL: {"matrices of queries, keys and values transposed"}},
        multihead_attention="""
            Xt = X.transpose(0, 2, 1)
            q = split_heads((Xt @ omega_q).transpose(0, 2, 1) + beta_q, H)
            k = split_heads((Xt @ omega_k).transpose(0, 2, 1) + beta_k, H)
            v = split_heads((Xt @ omega_v).transpose(0, 2, 1) + beta_v, H)
            return omega_c @ merge_heads(attend(q, k, v)) + beta_c
        """,
    ),
    _wrong(
        "result as a library gives it, bias forgotten",
        {ALL: {"result transposed", "bias of the output forgotten"}},
        multihead_attention="""
            q = split_heads(omega_q @ X + beta_q, H)
            k = split_heads(omega_k @ X + beta_k, H)
            v = split_heads(omega_v @ X + beta_v, H)
            return (omega_c @ merge_heads(attend(q, k, v))).transpose(0, 2, 1)
        """,
    ),
    _wrong(
        "bias inside",
        {ALL: {"bias added before the last matrix"}},
        multihead_attention="""
            q = split_heads(omega_q @ X + beta_q, H)
            k = split_heads(omega_k @ X + beta_k, H)
            v = split_heads(omega_v @ X + beta_v, H)
            merged = merge_heads(attend(q, k, v))
            merged = merged + beta_c
            return np.matmul(omega_c, merged)
        """,
    ),
    _wrong(
        "matrices split, not the queries",
        {ALL: {"heads not split but interleaved"}},
        multihead_attention="""
            outputs = []
            for h in range(H):
                q = omega_q[h::H] @ X + beta_q[h::H]
                k = omega_k[h::H] @ X + beta_k[h::H]
                v = omega_v[h::H] @ X + beta_v[h::H]
                outputs.append(attend(q[:, None], k[:, None], v[:, None])[:, 0])
            return omega_c @ np.concatenate(outputs, axis=1) + beta_c
        """,
    ),
    _wrong(
        "columns of the matrices instead of rows",
        {ALL: set()},
        multihead_attention="""
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
    _wrong(
        "a reshape alone, both ways",
        {SPLIT_ROWS: {"split by a reshape alone"}, MERGE_ROWS: {"merged by a reshape alone"}},
        split_rows="B, N, D = Y.shape\nreturn np.reshape(Y, (B, H, N, -1))",
        merge_rows="B, H, N, d = heads.shape\nreturn np.reshape(heads, (B, N, -1))",
    ),
    _wrong(
        "the transpose forgotten",
        {SPLIT_ROWS: {"cut, but not turned"}},
        split_rows="heads = Y.reshape(Y.shape[0], Y.shape[1], H, -1)\nheads.transpose(0, 2, 1, 3)\nreturn heads",
    ),
    _wrong(
        "other axes",
        {SPLIT_ROWS: {"tokens in the columns of each head"}, MERGE_ROWS: {"heads interleaved in a row"}},
        split_rows="B, N, D = Y.shape\nreturn np.transpose(Y.reshape(B, N, H, D // H), (0, 2, 3, 1))",
        merge_rows="B, H, N, d = heads.shape\nreturn np.transpose(heads, (0, 2, 3, 1)).reshape(B, N, d * H)",
    ),
    _wrong(
        "copied from code for rows",
        {SPLIT: {"code for rows used for columns"}},
        split_heads="B, D, N = Y.shape\nreturn Y.reshape(B, N, H, D // H).transpose(0, 2, 3, 1)",
    ),
    _wrong(
        "slices that begin one row further",
        {SPLIT: {"heads that overlap"}},
        split_heads="""
            B, D, N = Y.shape
            d = D // H
            heads = np.zeros((B, H, d, N))
            for h in range(H):
                heads[:, h] = Y[:, h : h + d]
            return heads
        """,
    ),
    _wrong(
        "a division that gives no integer",
        {SPLIT: {"size of a head with a decimal point"}},
        split_heads="B, D, N = Y.shape\nsize = D / H\nreturn Y.reshape(B, H, size, N)",
    ),
    _wrong(
        "the product for matrices",
        {ATTEND: {"np.dot everywhere"}},
        attend="s = np.dot(K.swapaxes(2, 3), Q) / np.sqrt(Q.shape[2])\nreturn np.dot(V, softmax_keys(s))",
    ),
    _wrong(
        "the notebook's number of heads",
        {ALL: {"three heads whatever H is"}},
        multihead_attention="""
            Q, K, V = omega_q @ X + beta_q, omega_k @ X + beta_k, omega_v @ X + beta_v
            heads = attend(split_heads(Q, 3), split_heads(K, 3), split_heads(V, 3))
            return omega_c @ merge_heads(heads) + beta_c
        """,
    ),
]
