"""Answers to `positional_encoding`."""

from __future__ import annotations

from . import wrong

GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"
ODD = "the last row of an odd number"

RIGHT: dict[str, dict[str, str]] = {
    "loops over everything": {
        "frequencies": """
def frequencies(D):
    result = []
    j = 0
    while j < D:
        result.append(10000 ** (-j / D))
        j += 2
    return result
""",
        "sinusoidal": """
import math
def sinusoidal(D, N):
    P = np.zeros((D, N))
    for n in range(N):
        for d in range(D):
            w = 1 / math.pow(10000, 2 * (d // 2) / D)
            if d % 2 == 0:
                P[d, n] = math.sin(w * n)
            else:
                P[d, n] = math.cos(w * n)
    return P
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    P = sinusoidal(D, N)
    out = np.zeros((D, N))
    for d in range(D):
        for n in range(N):
            out[d][n] = X[d][n] * D ** 0.5 + P[d][n]
    return out
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    w = frequencies(D)
    for i in range(D // 2):
        R[2*i, 2*i] = np.cos(k * w[i])
        R[2*i, 2*i+1] = np.sin(k * w[i])
        R[2*i+1, 2*i] = -np.sin(k * w[i])
        R[2*i+1, 2*i+1] = np.cos(k * w[i])
    return R
""",
        "rotate": """
def rotate(X, positions):
    D, N = X.shape
    w = frequencies(D)
    X_rotated = np.zeros((D, N))
    for n in range(N):
        for i in range(D // 2):
            a = positions[n] * w[i]
            X_rotated[2*i, n] = np.cos(a) * X[2*i, n] - np.sin(a) * X[2*i+1, n]
            X_rotated[2*i+1, n] = np.sin(a) * X[2*i, n] + np.cos(a) * X[2*i+1, n]
    return X_rotated
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(np.dot(omega_q, X), positions)
    K = rotate(np.dot(omega_k, X), positions)
    V = np.dot(omega_v, X)
    N = X.shape[1]
    out = np.zeros((V.shape[0], N))
    for n in range(N):
        scores = np.array([np.dot(K[:, m], Q[:, n]) for m in range(N)]) / np.sqrt(len(Q))
        e = np.exp(scores - scores.max())
        a = e / e.sum()
        for m in range(N):
            out[:, n] += a[m] * V[:, m]
    return out
""",
    },
    "einsum": {
        "frequencies": """
def frequencies(D):
    return np.exp(-np.arange(0, D, 2) * np.log(10000.0) / D)
""",
        "sinusoidal": """
def sinusoidal(D, N):
    ang = np.einsum("i,n->in", frequencies(D), np.arange(N))
    P = np.empty((D, N))
    P[::2, :] = np.sin(ang)
    P[1::2, :] = np.cos(ang)[: P[1::2].shape[0]]
    return P
""",
        "add_positions": """
def add_positions(X):
    return X * np.sqrt(X.shape[0]) + sinusoidal(*X.shape)
""",
        "shift_matrix": """
def shift_matrix(D, k):
    a = k * np.asarray(frequencies(D))
    return np.kron(np.diag(np.cos(a)), np.eye(2)) + np.kron(np.diag(np.sin(a)), np.array([[0, 1], [-1, 0]]))
""",
        "rotate": """
def rotate(X, positions):
    a = np.einsum("i,n->in", frequencies(len(X)), positions)
    R = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    pairs = X.reshape(len(X) // 2, 2, -1)
    return np.einsum("rcin,icn->irn", R, pairs).reshape(X.shape)
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    q, k = (rotate(np.einsum("qd,dn->qn", w, X), positions) for w in (omega_q, omega_k))
    scores = np.einsum("dm,dn->mn", k, q) / len(q) ** 0.5
    return np.einsum("vd,dm,mn->vn", omega_v, X, softmax_cols(scores))
""",
    },
    "complex numbers": {
        "frequencies": """
def frequencies(D):
    pairs = -(-D // 2)
    return np.power(10000.0, -2 * np.arange(pairs) / D)
""",
        "sinusoidal": """
def sinusoidal(D, N):
    z = np.exp(1j * np.outer(frequencies(D), np.arange(N)))
    return np.stack([z.imag, z.real], axis=1).reshape(-1, N)[:D]
""",
        "add_positions": """
def add_positions(X):
    d = X.shape[0]
    encoded = X.copy()
    encoded *= np.sqrt(d)
    encoded += sinusoidal(d, X.shape[1])
    return encoded
""",
        "shift_matrix": """
def shift_matrix(D, k):
    z = np.exp(1j * k * np.asarray(frequencies(D)))
    R = np.zeros((D, D))
    even = np.arange(0, D, 2)
    odd = even + 1
    R[even, even] = R[odd, odd] = z.real
    R[even, odd] = z.imag
    R[odd, even] = -z.imag
    return R
""",
        "rotate": """
def rotate(X, positions):
    z = X[0::2] + 1j * X[1::2]
    z = z * np.exp(1j * np.outer(frequencies(X.shape[0]), positions))
    out = np.empty_like(X)
    out[0::2] = z.real
    out[1::2] = z.imag
    return out
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = rotate(omega_k @ X, positions)
    A = softmax_cols(K.T.dot(Q) / np.sqrt(K.shape[0]))
    return (omega_v @ X) @ A
""",
    },
    "in single precision": {
        "frequencies": """
def frequencies(D):
    i = np.arange(0, (D + 1) // 2, dtype=np.float32)
    return (1.0 / 10000 ** (2 * i / D)).astype(np.float32)
""",
        "sinusoidal": """
def sinusoidal(D, N):
    P = np.zeros((D, N), dtype=np.float32)
    position = np.arange(N, dtype=np.float32)
    for i, w in enumerate(frequencies(D)):
        P[2 * i] = np.sin(position * w)
        if 2 * i + 1 < D:
            P[2 * i + 1] = np.cos(position * w)
    return P
""",
        "add_positions": """
def add_positions(X):
    X = X.astype(np.float32)
    return X * np.float32(np.sqrt(X.shape[0])) + sinusoidal(X.shape[0], X.shape[1])
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = np.zeros((D, D), dtype=np.float32)
    for i, w in enumerate(frequencies(D)):
        R[2*i:2*i+2, 2*i:2*i+2] = [[np.cos(k*w), np.sin(k*w)], [-np.sin(k*w), np.cos(k*w)]]
    return R
""",
        "rotate": """
def rotate(X, positions):
    X = np.asarray(X, dtype=np.float32)
    theta = np.outer(frequencies(X.shape[0]), positions).astype(np.float32)
    cos, sin = np.cos(theta), np.sin(theta)
    x_even, x_odd = X[0::2, :], X[1::2, :]
    return np.stack((x_even * cos - x_odd * sin, x_even * sin + x_odd * cos), axis=1).reshape(X.shape)
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate((omega_q @ X).astype(np.float32), positions)
    K = rotate((omega_k @ X).astype(np.float32), positions)
    V = (omega_v @ X).astype(np.float32)
    return V @ softmax_cols(K.T @ Q / np.float32(np.sqrt(Q.shape[0])))
""",
    },
    "lists": {
        "frequencies": """
def frequencies(D):
    return [1 / (10000 ** (2 * i / D)) for i in range((D + 1) // 2)]
""",
        "sinusoidal": """
def sinusoidal(D, N):
    rows = []
    for w in frequencies(D):
        rows.append([np.sin(w * n) for n in range(N)])
        rows.append([np.cos(w * n) for n in range(N)])
    return rows[:D]
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    P = sinusoidal(D, N)
    return [[np.sqrt(D) * x + p for x, p in zip(xs, ps)] for xs, ps in zip(X, P)]
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = [[0.0] * D for _ in range(D)]
    for i, w in enumerate(frequencies(D)):
        c, s = float(np.cos(k * w)), float(np.sin(k * w))
        R[2 * i][2 * i] = c
        R[2 * i + 1][2 * i + 1] = c
        R[2 * i][2 * i + 1] = s
        R[2 * i + 1][2 * i] = -s
    return R
""",
        "rotate": """
def rotate(X, positions):
    rows = []
    for i, w in enumerate(frequencies(X.shape[0])):
        c = [np.cos(p * w) for p in positions]
        s = [np.sin(p * w) for p in positions]
        rows += [list(c * X[2 * i] - s * X[2 * i + 1]), list(s * X[2 * i] + c * X[2 * i + 1])]
    return rows
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q, K = np.array(rotate(omega_q @ X, positions)), np.array(rotate(omega_k @ X, positions))
    V = omega_v @ X
    columns = []
    for q in Q.T:
        a = softmax_cols((K.T @ q / np.sqrt(len(q)))[:, None])
        columns.append(V @ a)
    return np.hstack(columns).tolist()
""",
    },
    "column vectors and broadcasting": {
        "frequencies": """
def frequencies(D):
    i = np.arange(np.ceil(D / 2)).reshape(-1, 1)
    return 1 / np.power(10000, 2 * i / D)
""",
        "sinusoidal": """
def sinusoidal(D, N):
    rows = np.arange(D)[:, None]
    pos = np.arange(N)[None, :]
    angles = pos / 10000 ** (2 * (rows // 2) / D)
    return np.where(rows % 2 == 0, np.sin(angles), np.cos(angles))
""",
        "add_positions": """
def add_positions(X):
    scale = np.full((X.shape[0], 1), X.shape[0] ** 0.5)
    return np.add(np.multiply(scale, X), sinusoidal(X.shape[0], X.shape[1]))
""",
        "shift_matrix": """
def shift_matrix(D, k):
    w = np.repeat(np.ravel(frequencies(D)), 2)
    R = np.diag(np.cos(k * w))
    s = np.sin(k * w)[:-1]
    s[1::2] = 0
    return R + np.diag(s, 1) - np.diag(s, -1)
""",
        "rotate": """
def rotate(X, positions):
    w = np.repeat(np.ravel(frequencies(X.shape[0])), 2).reshape(-1, 1)
    angles = w * np.reshape(positions, (1, -1))
    partner = np.empty(X.shape)
    partner[0::2] = -X[1::2]
    partner[1::2] = X[0::2]
    return X * np.cos(angles) + partner * np.sin(angles)
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = rotate(omega_k @ X, positions)
    S = Q.T @ K / np.sqrt(Q.shape[0])          # here a row for each query
    S = np.exp(S - S.max(axis=1, keepdims=True))
    A = S / S.sum(axis=1, keepdims=True)
    return omega_v @ X @ A.T
""",
    },
    "matrices from earlier answers": {
        "frequencies": """
def frequencies(D):
    omega = np.ones((D + 1) // 2)
    for i in range(1, len(omega)):
        omega[i] = omega[i - 1] / 10000 ** (2 / D)
    return omega
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)
    angles = np.arange(N).reshape(N, 1) * omega.reshape(1, -1)     # (N, pairs)
    P = np.zeros((N, D))
    P[:, 0::2] = np.sin(angles)
    P[:, 1::2] = np.cos(angles)[:, : D // 2]
    return P.T
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    X_pos = np.sqrt(D) * X
    for n in range(N):
        X_pos[:, n] += sinusoidal(D, N)[:, n]
    return X_pos
""",
        "shift_matrix": """
def shift_matrix(D, k):
    one = np.zeros((D, D))
    for i, w in enumerate(frequencies(D)):
        one[2*i:2*i+2, 2*i:2*i+2] = np.array([[np.cos(w), np.sin(w)], [-np.sin(w), np.cos(w)]])
    return np.linalg.matrix_power(one, k) if k >= 0 else np.linalg.matrix_power(one.T, -k)
""",
        "rotate": """
def rotate(X, positions):
    X_rotated = np.zeros_like(X)
    for n, p in enumerate(positions):
        X_rotated[:, n] = shift_matrix(X.shape[0], p).T @ X[:, n]
    return X_rotated
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = omega_q @ X
    K = omega_k @ X
    V = omega_v @ X
    d_q = omega_q.shape[0]
    scores = np.zeros((X.shape[1], X.shape[1]))
    for m in range(X.shape[1]):
        for n in range(X.shape[1]):
            # only the distance matters, so the query alone may be turned, by the difference
            turned = rotate(Q[:, [n]], np.array([positions[n] - positions[m]]))
            scores[m, n] = (K[:, [m]].T @ turned).item() / np.sqrt(d_q)
    return V @ softmax_cols(scores)
""",
    },
    "helpers and early returns": {
        "frequencies": """
BASE = 10000
def _frequency(pair, D):
    return BASE ** -(2 * pair / D)

def frequencies(D):
    if D == 1:
        return np.array([1.0])
    return np.fromiter((_frequency(i, D) for i in range((D + 1) // 2)), dtype=float)
""",
        "sinusoidal": """
def encode_position(n, D):
    v = np.zeros(D)
    for j in range(D):
        f = _frequency(j // 2, D)
        v[j] = np.cos(f * n) if j % 2 else np.sin(f * n)
    return v

def sinusoidal(D, N):
    return np.column_stack([encode_position(n, D) for n in range(N)])
""",
        "add_positions": """
def add_positions(X):
    def scaled(x):
        return x * np.sqrt(x.shape[0])
    D, N = X.shape
    return np.column_stack([scaled(X[:, n]) + encode_position(n, D) for n in range(N)])
""",
        "shift_matrix": """
def block(angle):
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])

def shift_matrix(D, k):
    if k == 0:
        return np.eye(D)
    R = np.zeros((D, D))
    for i in range(0, D, 2):
        R[i:i+2, i:i+2] = block(k * _frequency(i // 2, D))
    return R
""",
        "rotate": """
def rotate_one(x, p):
    result = x.copy()
    for i in range(0, len(x), 2):
        result[i:i+2] = block(p * _frequency(i // 2, len(x))).T @ x[i:i+2]
    return result

def rotate(X, positions):
    return np.array([rotate_one(x, p) for x, p in zip(X.T, positions)]).T
""",
        "rotary_self_attention": """
def attention(Q, K, V):
    return V @ softmax_cols((K.T @ Q) / np.sqrt(Q.shape[0]))

def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    return attention(rotate(omega_q @ X, positions), rotate(omega_k @ X, positions), omega_v @ X)
""",
    },
    "the template filled in": {
        "frequencies": """
def frequencies(D):
    # The number i of each pair
    i = np.arange(0, D, 2) // 2

    # The frequency of each pair
    omega = 1 / (10000 ** ((2 * i) / D))
    return omega
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)

    # The angle of each pair of rows at each position
    angles = np.outer(omega, np.arange(N))

    # Sines and cosines, shape (D, N)
    P = np.zeros((D, N))
    for row in range(D):
        P[row] = np.sin(angles[row // 2]) if row % 2 == 0 else np.cos(angles[row // 2])
    print(P.shape)
    return P
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape

    # The tokens, scaled, and their positions, shape (D, N)
    X_pos = X * (D ** (1/2))
    X_pos = X_pos + sinusoidal(D, N)
    return X_pos
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = np.zeros((D, D))

    # A block of shape (2, 2) for each pair of rows
    angles = np.array(frequencies(D)) * k
    for i in range(len(angles)):
        R[2*i][2*i] = R[2*i+1][2*i+1] = np.cos(angles[i])
        R[2*i][2*i+1] = np.sin(angles[i])
        R[2*i+1][2*i] = -R[2*i][2*i+1]
    return R
""",
        "rotate": """
def rotate(X, positions):
    # The angle of each pair of rows in each column
    angles = np.outer(frequencies(X.shape[0]), positions)

    # The two rows of all pairs, turned, shape (D, N)
    X_rotated = np.zeros(X.shape)
    for i in range(X.shape[0] // 2):
        upper = X[2*i].copy()
        lower = X[2*i+1].copy()
        X_rotated[2*i] = np.cos(angles[i]) * upper - np.sin(angles[i]) * lower
        X_rotated[2*i+1] = np.sin(angles[i]) * upper + np.cos(angles[i]) * lower
    return X_rotated
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    # Queries, keys and values, with what the positions do to them
    Q = omega_q @ X
    K = omega_k @ X
    V = omega_v @ X
    Q = rotate(Q, positions)
    K = rotate(K, positions)

    # The attention weights, shape (N, N)
    scores = K.T @ Q
    scores = scores / np.sqrt(Q.shape[0])
    weights = softmax_cols(scores)

    # The values, weighted, shape (D, N)
    X_prime = np.matmul(V, weights)
    return X_prime
""",
    },
    "in place, and with the notebook's sizes": {
        "frequencies": """
def frequencies(d_model):
    w = np.arange((d_model + 1) // 2, dtype=float)
    w *= -2 / d_model
    np.power(10000.0, w, out=w)
    return w
""",
        "sinusoidal": """
def sinusoidal(D, N):
    P = np.arange(N) * np.ones((D, 1))
    P[0::2] *= frequencies(D)[:, None]
    P[1::2] *= frequencies(D)[: D // 2, None]
    np.sin(P[0::2], out=P[0::2])
    np.cos(P[1::2], out=P[1::2])
    return P
""",
        "add_positions": """
def add_positions(X):
    return np.sqrt(D) * X + sinusoidal(D, N)
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = np.eye(D)
    for i, w in enumerate(frequencies(D)):
        at = slice(2 * i, 2 * i + 2)
        R[at, at] *= np.cos(k * w)
        R[2 * i, 2 * i + 1] += np.sin(k * w)
        R[2 * i + 1, 2 * i] -= np.sin(k * w)
    return R
""",
        "rotate": """
def rotate(X, positions):
    for i, w in enumerate(frequencies(X.shape[0])):
        c, s = np.cos(positions * w), np.sin(positions * w)
        X[2 * i], X[2 * i + 1] = c * X[2 * i] - s * X[2 * i + 1], s * X[2 * i] + c * X[2 * i + 1]
    return X
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q, K, V = rotate(omega_q @ X, positions), rotate(omega_k @ X, positions), omega_v @ X
    return V @ softmax_cols(K.T @ Q / np.sqrt(len(Q)))
""",
    },
    "from a tutorial, with tokens as rows": {
        "frequencies": """
def frequencies(D):
    div_term = np.exp(np.arange(0, D, 2) * (-np.log(10000.0) / D))
    return div_term
""",
        "sinusoidal": """
def sinusoidal(D, N):
    # after a tutorial for PyTorch
    pe = np.zeros((N, D))
    position = np.arange(0, N)[:, np.newaxis]
    div_term = np.exp(np.arange(0, D, 2) * (-np.log(10000.0) / D))
    pe[:, 0::2] = np.sin(position * div_term)
    pe[:, 1::2] = np.cos(position * div_term[: D // 2])
    return pe.transpose()
""",
        "add_positions": """
import math
def add_positions(X):
    x = X.T * math.sqrt(X.shape[0])
    x = x + np.array(sinusoidal(X.shape[0], X.shape[1])).T
    return x.T
""",
        "shift_matrix": """
def shift_matrix(D, k):
    # least squares: which matrix takes the encoding k positions on?
    M = 4 * D
    w = np.asarray(frequencies(D))
    def at(p):
        return np.stack([np.sin(np.outer(w, p)), np.cos(np.outer(w, p))], axis=1)
    p = np.array([0.0, 1.0])
    R = np.zeros((D, D))
    for i, (now, later) in enumerate(zip(at(p / w.min()), at(p / w.min() + k))):
        start = np.array([0.0, np.pi / 2]) / w[i]
        now = np.array([np.sin(w[i] * start), np.cos(w[i] * start)])
        later = np.array([np.sin(w[i] * (start + k)), np.cos(w[i] * (start + k))])
        R[2*i:2*i+2, 2*i:2*i+2] = later @ np.linalg.inv(now)
    return R
""",
        "rotate": """
def rotate(X, positions):
    # after the code of a well-known model, with tokens as rows
    x = X.T
    theta = 1.0 / (10000.0 ** (np.arange(0, x.shape[1], 2) / x.shape[1]))
    m_theta = np.outer(positions, theta)
    cos = np.repeat(np.cos(m_theta), 2, axis=1)
    sin = np.repeat(np.sin(m_theta), 2, axis=1)
    rotated_half = np.stack([-x[:, 1::2], x[:, ::2]], axis=-1).reshape(x.shape)
    return (x * cos + rotated_half * sin).T
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    q = rotate(omega_q @ X, positions).T
    k = rotate(omega_k @ X, positions).T
    v = (omega_v @ X).T
    att = (q @ k.T) * q.shape[-1] ** -0.5
    att = softmax_cols(att.T).T
    return (att @ v).T
""",
    },
    "the log trick of the PyTorch tutorial, outer products, strided rows": {
        "frequencies": """
def frequencies(D):
    # The number i of each pair
    i = np.arange(0, D, 2)

    # The frequency of each pair
    omega = np.exp(i * (-np.log(10000.0) / D))
    return omega
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)

    # The angle of each pair of rows at each position
    angles = np.outer(omega, np.arange(N))

    P = np.zeros((D, N))
    P[0::2] = np.sin(angles)
    P[1::2] = np.cos(angles)[: D // 2]
    return P
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    X_pos = X * np.sqrt(D)
    X_pos += sinusoidal(D, N)
    return X_pos
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    w = k * frequencies(D)
    even = np.arange(0, D, 2)
    odd = even + 1
    R[even, even] = np.cos(w)
    R[even, odd] = np.sin(w)
    R[odd, even] = -np.sin(w)
    R[odd, odd] = np.cos(w)
    return R
""",
        "rotate": """
def rotate(X, positions):
    angles = np.outer(frequencies(X.shape[0]), positions)
    X_rotated = np.zeros_like(X, dtype=float)
    X_rotated[0::2] = X[0::2] * np.cos(angles) - X[1::2] * np.sin(angles)
    X_rotated[1::2] = X[0::2] * np.sin(angles) + X[1::2] * np.cos(angles)
    return X_rotated
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = rotate(omega_k @ X, positions)
    V = omega_v @ X
    weights = softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
    X_prime = V @ weights
    return X_prime
""",
    },
    "plain Python loops and math": {
        "frequencies": """
import math

def frequencies(D):
    omega = []
    i = 0
    while 2 * i < D:
        omega.append(1 / math.pow(10000, 2 * i / D))
        i += 1
    return omega
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)
    P = np.zeros((D, N))
    for n in range(N):
        for row in range(D):
            if row % 2 == 0:
                P[row][n] = math.sin(omega[row // 2] * n)
            else:
                P[row][n] = math.cos(omega[row // 2] * n)
    return P
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    P = sinusoidal(D, N)
    X_pos = np.zeros((D, N))
    for d in range(D):
        for n in range(N):
            X_pos[d, n] = math.sqrt(D) * X[d, n] + P[d][n]
    return X_pos
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = [[0.0] * D for _ in range(D)]
    omega = frequencies(D)
    for i in range(D // 2):
        c, s = math.cos(k * omega[i]), math.sin(k * omega[i])
        R[2 * i][2 * i] = c
        R[2 * i][2 * i + 1] = s
        R[2 * i + 1][2 * i] = -s
        R[2 * i + 1][2 * i + 1] = c
    return R
""",
        "rotate": """
def rotate(X, positions):
    D, N = np.shape(X)
    omega = frequencies(D)
    out = [[0] * N for _ in range(D)]
    for i in range(D // 2):
        for n in range(N):
            a = positions[n] * omega[i]
            out[2 * i][n] = math.cos(a) * X[2 * i][n] - math.sin(a) * X[2 * i + 1][n]
            out[2 * i + 1][n] = math.sin(a) * X[2 * i][n] + math.cos(a) * X[2 * i + 1][n]
    return out
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    D, N = X.shape
    Q = np.array(rotate(np.dot(omega_q, X), positions))
    K = np.array(rotate(np.dot(omega_k, X), positions))
    V = np.dot(omega_v, X)
    weights = np.zeros((N, N))
    for m in range(N):
        for n in range(N):
            weights[m, n] = np.dot(K[:, m], Q[:, n]) / math.sqrt(Q.shape[0])
    weights = softmax_cols(weights)
    X_prime = np.zeros(V.shape)
    for n in range(N):
        for m in range(N):
            X_prime[:, n] = X_prime[:, n] + weights[m, n] * V[:, m]
    return X_prime
""",
    },
    "complex numbers and Euler's formula": {
        "frequencies": """
def frequencies(D):
    i = np.arange(-(-D // 2))
    return 10000.0 ** (-2 * i / D)
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)
    z = np.exp(1j * omega[:, np.newaxis] * np.arange(N))
    P = np.empty((2 * len(omega), N))
    P[0::2, :] = z.imag
    P[1::2, :] = z.real
    return P[:D]
""",
        "add_positions": """
def add_positions(X):
    return X * len(X) ** 0.5 + sinusoidal(*X.shape)
""",
        "shift_matrix": """
def shift_matrix(D, k):
    z = np.exp(1j * k * frequencies(D))
    R = np.diag(np.repeat(z.real, 2))
    for i, each in enumerate(z):
        R[2 * i, 2 * i + 1] = each.imag
        R[2 * i + 1, 2 * i] = -each.imag
    return R
""",
        "rotate": """
def rotate(X, positions):
    angles = frequencies(len(X))[:, None] * np.asarray(positions)[None, :]
    points = X[::2] + 1j * X[1::2]
    turned = points * np.exp(1j * angles)
    return np.stack([turned.real, turned.imag], axis=1).reshape(X.shape)
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q, K = (rotate(omega @ X, positions) for omega in (omega_q, omega_k))
    return omega_v @ X @ softmax_cols(K.T @ Q * len(Q) ** -0.5)
""",
    },
    "matrices of whole rows: repeat, where, rotate half with the sign": {
        "frequencies": """
def frequencies(D):
    i = np.arange((D + 1) // 2)
    omega = 1.0 / (10000 ** (2 * i / D))
    print("omega", omega)
    return omega
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)
    angles = np.repeat(omega, 2)[:D].reshape(D, 1) @ np.arange(N).reshape(1, N)
    even = (np.arange(D) % 2 == 0).reshape(-1, 1)
    P = np.where(even, np.sin(angles), np.cos(angles))
    return P
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    # The tokens, scaled, and their positions, shape (D, N)
    X_pos = np.add(np.multiply(np.sqrt(D), X), sinusoidal(D, N))
    return X_pos
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    for r in range(D):
        w = frequencies(D)[r // 2]
        R[r, r] = np.cos(k * w)
        if r % 2 == 0:
            R[r, r + 1] = np.sin(k * w)
        else:
            R[r, r - 1] = -np.sin(k * w)
    return R
""",
        "rotate": """
def rotate(X, positions):
    D, N = X.shape
    angles = np.repeat(frequencies(D), 2)[:, None] * positions
    half = np.zeros((D, N))
    half[0::2] = -X[1::2]
    half[1::2] = X[0::2]
    X_rotated = X * np.cos(angles) + half * np.sin(angles)
    return X_rotated
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = omega_q.dot(X)
    K = omega_k.dot(X)
    V = omega_v.dot(X)
    Q = rotate(Q, positions)
    K = rotate(K, positions)
    D_q, _ = Q.shape
    scores = K.T.dot(Q)
    scores = scores / np.sqrt(D_q)
    weights = softmax_cols(scores)
    X_prime = V.dot(weights)
    return X_prime
""",
    },
    "a matrix for each column, kron and block matrices": {
        "frequencies": """
def frequencies(D):
    i = np.array([j for j in range(D) if j % 2 == 0]) / 2
    omega = np.power(10000, -(2 * i) / D)
    return omega
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)
    columns = []
    for n in range(N):
        column = []
        for w in omega:
            column += [np.sin(w * n), np.cos(w * n)]
        columns.append(column[:D])
    return np.array(columns).T
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    X_pos = np.sqrt(D) * np.eye(D) @ X + sinusoidal(D, N)
    return X_pos
""",
        "shift_matrix": """
def shift_matrix(D, k):
    omega = frequencies(D)
    R = np.zeros((D, D))
    for i in range(len(omega)):
        block = np.array([[np.cos(k * omega[i]), np.sin(k * omega[i])],
                          [-np.sin(k * omega[i]), np.cos(k * omega[i])]])
        R[2 * i:2 * i + 2, 2 * i:2 * i + 2] = block
    return R
""",
        "rotate": """
def rotate(X, positions):
    X_rotated = np.zeros(X.shape)
    for n, p in enumerate(positions):
        # the matrix of section 4 turns the other way round
        X_rotated[:, n] = shift_matrix(X.shape[0], p).T @ X[:, n]
    return X_rotated
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    q = [shift_matrix(len(omega_q), -p) @ omega_q @ x for p, x in zip(positions, X.T)]
    k = [shift_matrix(len(omega_k), -p) @ omega_k @ x for p, x in zip(positions, X.T)]
    Q = np.column_stack(q)
    K = np.column_stack(k)
    V = omega_v @ X
    weights = softmax_cols((K.T @ Q) / np.sqrt(len(Q)))
    X_prime = V @ weights
    return X_prime
""",
    },
    "einsum, broadcasting, meshgrid": {
        "frequencies": """
def frequencies(D):
    n_pairs = int(np.ceil(D / 2))
    i = np.linspace(0, n_pairs - 1, n_pairs)
    omega = np.reciprocal(10000 ** (2 * i / D))
    return omega
""",
        "sinusoidal": """
def sinusoidal(D, N):
    n, row = np.meshgrid(np.arange(N), np.arange(D))
    angles = frequencies(D)[row // 2] * n
    return np.sin(angles + (row % 2) * np.pi / 2)
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    X_pos = np.sqrt(X.shape[0]) * X.copy()
    X_pos = X_pos + sinusoidal(X.shape[0], X.shape[1])
    return X_pos
""",
        "shift_matrix": """
def shift_matrix(D, k):
    c, s = np.cos(k * frequencies(D)), np.sin(k * frequencies(D))
    blocks = np.array([[c, s], [-s, c]])  # (2, 2, D/2)
    pairs = D // 2
    R = np.einsum("abi,ij->iajb", blocks, np.eye(pairs)).reshape(D, D)
    return R
""",
        "rotate": """
def rotate(X, positions):
    D, N = X.shape
    a = np.einsum("i,n->in", frequencies(D), positions)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    pairs = X.reshape(D // 2, 2, N)
    return np.einsum("abin,ibn->ian", turn, pairs).reshape(D, N)
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(np.einsum("ed,dn->en", omega_q, X), positions)
    K = rotate(np.einsum("ed,dn->en", omega_k, X), positions)
    V = np.einsum("ed,dn->en", omega_v, X)
    weights = softmax_cols(np.einsum("dm,dn->mn", K, Q) / np.sqrt(Q.shape[0]))
    return np.einsum("dm,mn->dn", V, weights)
""",
    },
    "rows for tokens inside, transposed back": {
        "frequencies": """
def frequencies(D):
    # each is slower by the same factor
    factor = 10000 ** (-2 / D)
    omega = np.cumprod(np.concatenate([[1.0], np.full((D - 1) // 2, factor)]))
    return omega
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)
    position = np.arange(N)[:, np.newaxis]
    pe = np.zeros((N, D))
    pe[:, 0::2] = np.sin(position * omega)
    pe[:, 1::2] = np.cos(position * omega[:D // 2])
    return pe.T
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    tokens = [np.sqrt(D) * X[:, n] + sinusoidal(D, N)[:, n] for n in range(N)]
    return np.stack(tokens, axis=1)
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = np.eye(D)
    if k == 0:
        return R
    w = frequencies(D)
    for i in range(D // 2):
        a = w[i] * k
        R[2 * i, 2 * i:2 * i + 2] = np.cos(a), np.sin(a)
        R[2 * i + 1, 2 * i:2 * i + 2] = -np.sin(a), np.cos(a)
    return R
""",
        "rotate": """
def rotate(X, positions):
    rows = X.T
    angles = np.array(positions).reshape(-1, 1) * frequencies(X.shape[0]).reshape(1, -1)
    x1, x2 = rows[:, 0::2], rows[:, 1::2]
    cos, sin = np.cos(angles), np.sin(angles)
    out = np.zeros(rows.shape)
    out[:, 0::2] = x1 * cos - x2 * sin
    out[:, 1::2] = x1 * sin + x2 * cos
    return out.T
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate((X.T @ omega_q.T).T, positions).T
    K = rotate((X.T @ omega_k.T).T, positions).T
    V = X.T @ omega_v.T
    # here a row per query
    weights = softmax_cols((Q @ K.T / np.sqrt(Q.shape[1])).T).T
    X_prime = weights @ V
    return X_prime.T
""",
    },
    "helper functions, own softmax, copies": {
        "frequencies": """
def one_frequency(i, D):
    return 1 / 10000 ** (2 * i / D)

def frequencies(D):
    pairs = D // 2 + D % 2
    return np.array([one_frequency(i, D) for i in range(pairs)])
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)
    def entry(d, n):
        wave = np.sin if d % 2 == 0 else np.cos
        return wave(omega[d // 2] * n)
    return np.array([[entry(d, n) for n in range(N)] for d in range(D)])
""",
        "add_positions": """
def scale(X):
    return np.sqrt(X.shape[0]) * X

def add_positions(X):
    D, N = X.shape
    X = scale(X)
    X_pos = X + sinusoidal(D, N)
    return X_pos
""",
        "shift_matrix": """
def turn(angle):
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])

def shift_matrix(D, k):
    blocks = [turn(k * w) for w in frequencies(D)]
    R = np.block([[b if i == j else np.zeros((2, 2)) for j in range(len(blocks))] for i, b in enumerate(blocks)])
    return R
""",
        "rotate": """
def rotate(X, positions):
    X = np.array(X, dtype=float)
    w = frequencies(X.shape[0])
    for i in range(len(w)):
        for n in range(X.shape[1]):
            X[2 * i:2 * i + 2, n] = turn(-w[i] * positions[n]) @ X[2 * i:2 * i + 2, n]
    return X
""",
        "rotary_self_attention": """
def attend(Q, K, V):
    s = K.T @ Q / np.sqrt(Q.shape[0])
    e = np.exp(s - s.max(axis=0, keepdims=True))
    return V @ (e / e.sum(axis=0, keepdims=True))

def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    return attend(rotate(omega_q @ X, positions), rotate(omega_k @ X, positions), omega_v @ X)
""",
    },
    "diagonals, polar coordinates, relative angles": {
        "frequencies": """
def frequencies(D):
    i = np.arange(D)[::2] // 2
    omega = 1 / np.power(10000.0, 2.0 * i / D)
    return omega.flatten()
""",
        "sinusoidal": """
def sinusoidal(D, N):
    omega = frequencies(D)
    angles = omega.reshape(-1, 1) * range(N)
    P = np.zeros((D, N))
    for r in range(D):
        P[r, :] = np.sin(angles[r // 2]) if not r & 1 else np.cos(angles[r // 2])
    return P
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    P = sinusoidal(D, N)
    X_pos = P + X * (D ** (1 / 2))
    return X_pos
""",
        "shift_matrix": """
def shift_matrix(D, k):
    omega = frequencies(D)
    main = np.repeat(np.cos(k * omega), 2)
    side = np.zeros(D)
    side[::2] = np.sin(k * omega)
    R = np.diag(main) + np.diag(side[:-1], 1) - np.diag(side[:-1], -1)
    return R
""",
        "rotate": """
def rotate(X, positions):
    D, N = X.shape
    angles = frequencies(D)[:, None] * positions[None, :]
    r = np.hypot(X[0::2], X[1::2])
    phi = np.arctan2(X[1::2], X[0::2]) + angles
    X_rotated = np.zeros((D, N))
    X_rotated[0::2] = r * np.cos(phi)
    X_rotated[1::2] = r * np.sin(phi)
    return X_rotated
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    D, N = X.shape
    Q = omega_q @ X
    K = omega_k @ X
    V = omega_v @ X
    w = np.zeros((N, N))
    for m in range(N):
        for n in range(N):
            # only the distance counts
            moved = rotate(Q[:, [n]], np.array([positions[n] - positions[m]]))
            w[m, n] = (K[:, m] @ moved[:, 0]) / np.sqrt(len(Q))
    weights = softmax_cols(w)
    X_prime = V @ weights
    return X_prime
""",
    },
    "in a hurry: a lambda, np.matrix, rows stacked, a tuple": {
        "frequencies": """
frequencies = lambda D: np.array([10000 ** (-d / D) for d in range(0, D, 2)])
""",
        "sinusoidal": """
def sinusoidal(D, N):
    w = frequencies(D); n = np.arange(N)
    rows = []
    for i in range(len(w)):
        rows.append(np.sin(w[i] * n))
        rows.append(np.cos(w[i] * n))
    if D % 2: rows.pop()
    return np.vstack(rows)
""",
        "add_positions": """
def add_positions(X):
    return np.matrix(X) * np.sqrt(X.shape[0]) + sinusoidal(X.shape[0], X.shape[1])
""",
        "shift_matrix": """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    for i, w in enumerate(frequencies(D)):
        R[2*i:2*i+2, 2*i:2*i+2] = [[np.cos(k*w), np.sin(k*w)], [-np.sin(k*w), np.cos(k*w)]]
    return np.matrix(R)
""",
        "rotate": """
def rotate(X, positions):
    w = frequencies(len(X)); rows = []
    for i in range(0, len(X), 2):
        a = w[i // 2] * positions
        rows.append(X[i] * np.cos(a) - X[i + 1] * np.sin(a))
        rows.append(X[i] * np.sin(a) + X[i + 1] * np.cos(a))
    return np.vstack(rows)
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions); K = rotate(omega_k @ X, positions)
    s = np.exp(K.T @ Q / np.sqrt(len(Q)))
    return omega_v @ X @ (s / s.sum(0)), s
""",
    },
    "tensordot, a matrix solved for, sums of outer products": {
        "frequencies": """
def frequencies(D):
    i = np.arange(0, D / 2)
    omega = 1 / 10000 ** (2 * i / D)
    return omega.astype(np.float64)
""",
        "sinusoidal": """
def sinusoidal(D, N):
    w = np.array(frequencies(D))
    P = np.zeros((D, N))
    P[::2] = np.sin(np.tensordot(w, np.arange(N), axes=0))
    P[1::2] = np.sqrt(1.0) * np.cos(np.tensordot(w[: D // 2], np.arange(N), axes=0))
    return P
""",
        "add_positions": """
def add_positions(X):
    D, N = X.shape
    X_pos = np.array([[np.sqrt(D) * X[d, n] for n in range(N)] for d in range(D)])
    X_pos += sinusoidal(D, N)
    return X_pos.tolist()
""",
        "shift_matrix": """
def shift_matrix(D, k):
    # find the matrix from the encoding itself: R P_n = P_{n+k} for D columns, pair by pair
    R = np.zeros((D, D))
    for i, w in enumerate(frequencies(D)):
        before = np.array([[np.sin(0), np.sin(1)], [np.cos(0), np.cos(1)]])
        after = np.array([[np.sin(k * w), np.sin(1 + k * w)], [np.cos(k * w), np.cos(1 + k * w)]])
        R[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = after @ np.linalg.inv(before)
    return R
""",
        "rotate": """
def rotate(X, positions):
    D, N = X.shape
    angles = frequencies(D)[:, np.newaxis] * np.tile(positions, (D // 2, 1))
    X_rotated = np.zeros((D, N))
    for i in range(D // 2):
        top, bottom = X[2 * i, :], X[2 * i + 1, :]
        X_rotated[2 * i, :] = np.cos(angles[i]) * top - np.sin(angles[i]) * bottom
        X_rotated[2 * i + 1, :] = np.sin(angles[i]) * top + np.cos(angles[i]) * bottom
    return X_rotated
""",
        "rotary_self_attention": """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(np.matmul(omega_q, X), positions)
    K = rotate(np.matmul(omega_k, X), positions)
    V = np.matmul(omega_v, X)
    weights = softmax_cols(np.matmul(np.transpose(K), Q) / np.power(Q.shape[0], 0.5))
    return sum(np.outer(V[:, m], weights[m]) for m in range(V.shape[1]))
""",
    },
}

LOSES = {
    "in place, and with the notebook's sizes": {"add_positions": {GLOBALS}, "rotate": {UNCHANGED}},
}

WRONG = [
    wrong(
        "frequencies",
        "i runs over even rows and is doubled",
        """
def frequencies(D):
    result = []
    for i in range(0, D, 2):
        result.append(1 / 10000 ** (2 * i / D))
    return np.array(result)
""",
        "exponent doubled twice",
    ),
    wrong(
        "frequencies",
        "exp with the sign forgotten",
        "def frequencies(D):\n    return np.exp(np.arange(0, D, 2) / D * np.log(10000))",
        "upside down",
    ),
    wrong(
        "frequencies",
        "a frequency for each dimension",
        "def frequencies(D):\n    dim = np.arange(D)\n    return 1 / np.power(10000, 2 * (dim // 2) / D)",
        "each frequency twice",
    ),
    wrong(
        "frequencies",
        "half of D rounded down",
        "def frequencies(D):\n    return np.array([10000 ** (-2 * i / D) for i in range(int(D / 2))])",
        "last row of an odd number forgotten",
    ),
    wrong(
        "frequencies",
        "brackets forgotten",
        "def frequencies(D):\n    i = np.arange((D + 1) // 2)\n    return 1 / 10000 ** 2 * i / D",
        "brackets around the exponent forgotten",
    ),
    wrong(
        "sinusoidal",
        "concatenated",
        """
def sinusoidal(D, N):
    omega = frequencies(D)
    angles = np.outer(omega, np.arange(N))
    return np.concatenate([np.sin(angles), np.cos(angles)[:D // 2]], axis=0)
""",
        "sines above, cosines below",
    ),
    wrong(
        "sinusoidal",
        "rows as positions",
        """
def sinusoidal(D, N):
    pe = np.zeros((N, D))
    for n in range(N):
        for i, w in enumerate(frequencies(D)):
            pe[n, 2 * i] = np.sin(w * n)
            if 2 * i + 1 < D:
                pe[n, 2 * i + 1] = np.cos(w * n)
    return pe
""",
        "encoding returned transposed",
    ),
    wrong(
        "sinusoidal",
        "frequency from the row itself",
        """
def sinusoidal(D, N):
    P = np.zeros((D, N))
    for d in range(D):
        for n in range(N):
            if d % 2 == 0:
                P[d, n] = np.sin(n / 10000 ** (d / D))
            else:
                P[d, n] = np.cos(n / 10000 ** (d / D))
    return P
""",
        "a frequency of its own for each row",
    ),
    wrong(
        "sinusoidal",
        "from 1 to N, and odd D forgotten",
        """
def sinusoidal(D, N):
    P = np.zeros((D, N))
    for pos in range(1, N + 1):
        for i in range(D // 2):
            P[2 * i, pos - 1] = np.sin(pos * frequencies(D)[i])
            P[2 * i + 1, pos - 1] = np.cos(pos * frequencies(D)[i])
    return P
""",
        "positions from 1",
        "last row of an odd number left empty",
    ),
    wrong(
        "sinusoidal",
        "returns in the loop",
        """
def sinusoidal(D, N):
    P = np.zeros((D, N))
    for i, w in enumerate(frequencies(D)):
        P[2 * i] = np.sin(w * np.arange(N))
        if 2 * i + 1 < D:
            P[2 * i + 1] = np.cos(w * np.arange(N))
        return P
""",
        "only the first pair filled",
    ),
    wrong(
        "sinusoidal",
        "P[1::2] = cos(angles) as everybody writes it",
        """
def sinusoidal(D, N):
    angles = frequencies(D)[:, np.newaxis] * np.arange(N)[np.newaxis, :]
    P = np.zeros((D, N))
    P[0::2, :] = np.sin(angles)
    P[1::2, :] = np.cos(angles)
    return P
""",
        "as many cosines as sines",
    ),
    wrong(
        "add_positions",
        "no scaling",
        "def add_positions(X):\n    return X + sinusoidal(X.shape[0], X.shape[1])",
        "tokens not scaled",
    ),
    wrong(
        "add_positions",
        "everything scaled",
        "def add_positions(X):\n    Y = X + sinusoidal(*X.shape)\n    Y *= X.shape[0] ** 0.5\n    return Y",
        "encoding scaled too",
    ),
    wrong(
        "add_positions",
        "sizes the wrong way round, with N",
        "def add_positions(X):\n    N, D = X.shape\n    return np.sqrt(D) * X + sinusoidal(N, D)",
        "root of the number of tokens",
    ),
    wrong(
        "add_positions",
        "stacked",
        "def add_positions(X):\n    return np.concatenate((np.sqrt(X.shape[0]) * X, sinusoidal(*X.shape)))",
        "encoding below the tokens",
    ),
    wrong(
        "shift_matrix",
        "the rotation from linear algebra",
        """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    for i, w in enumerate(frequencies(D)):
        R[2*i:2*i+2, 2*i:2*i+2] = [[np.cos(k*w), -np.sin(k*w)], [np.sin(k*w), np.cos(k*w)]]
    return R
""",
        "steps the other way",
    ),
    wrong(
        "shift_matrix",
        "index i instead of 2i",
        """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    for i in range(D // 2):
        a = k * frequencies(D)[i]
        R[i:i+2, i:i+2] = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    return R
""",
        "blocks that overlap",
    ),
    wrong(
        "shift_matrix",
        "k forgotten",
        """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    for i, w in enumerate(frequencies(D)):
        R[2*i, 2*i] = R[2*i+1, 2*i+1] = np.cos(w)
        R[2*i, 2*i+1] = np.sin(w)
        R[2*i+1, 2*i] = -np.sin(w)
    return R
""",
        "one position, whatever k is",
    ),
    wrong(
        "shift_matrix",
        "sines added to the diagonal of an identity",
        """
def shift_matrix(D, k):
    R = np.eye(D)
    for i, w in enumerate(frequencies(D)):
        R[2*i, 2*i+1] = np.sin(k * w)
        R[2*i+1, 2*i] = -np.sin(k * w)
    return R
""",
        "ones on the diagonal",
    ),
    wrong(
        "rotate",
        "rotate_half as in a popular model",
        """
def rotate(X, positions):
    h = X.shape[0] // 2
    a = np.outer(frequencies(X.shape[0]), positions)
    cos = np.concatenate([np.cos(a), np.cos(a)])
    sin = np.concatenate([np.sin(a), np.sin(a)])
    half = np.concatenate([-X[h:], X[:h]])
    return X * cos + half * sin
""",
        "distant rows paired",
    ),
    wrong(
        "rotate",
        "overwrites the even rows of its own copy",
        """
def rotate(X, positions):
    a = np.outer(frequencies(X.shape[0]), positions)
    Y = X.copy()
    Y[0::2] = np.cos(a) * Y[0::2] - np.sin(a) * Y[1::2]
    Y[1::2] = np.sin(a) * Y[0::2] + np.cos(a) * Y[1::2]
    return Y
""",
        "first row overwritten too early",
    ),
    wrong(
        "rotate",
        "with the matrix of section 4",
        """
def rotate(X, positions):
    return np.stack([shift_matrix(len(X), p) @ x for p, x in zip(positions, X.T)], axis=1)
""",
        "turned backwards",
    ),
    wrong(
        "rotate",
        "by the number of the column",
        """
def rotate(X, positions):
    out = np.zeros(X.shape)
    for n in range(X.shape[1]):
        for i, w in enumerate(frequencies(X.shape[0])):
            c, s = np.cos(n * w), np.sin(n * w)
            out[2*i, n] = c * X[2*i, n] - s * X[2*i+1, n]
            out[2*i+1, n] = s * X[2*i, n] + c * X[2*i+1, n]
    return out
""",
        "given positions not used",
    ),
    wrong(
        "rotate",
        "adds",
        """
def rotate(X, positions):
    a = np.outer(frequencies(X.shape[0]), positions)
    out = X.copy()
    out[0::2] += np.sin(a)
    out[1::2] += np.cos(a)
    return out
""",
        "encoding added instead",
    ),
    wrong(
        "rotary_self_attention",
        "rotates the tokens once",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    X = rotate(X, positions)
    Q, K, V = omega_q @ X, omega_k @ X, omega_v @ X
    return V @ softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
""",
        "all from turned tokens",
    ),
    wrong(
        "rotary_self_attention",
        "rotates all three",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q, K, V = [rotate(w @ X, positions) for w in (omega_q, omega_k, omega_v)]
    return V @ softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
""",
        "values turned too",
    ),
    wrong(
        "rotary_self_attention",
        "scores with rows for queries, softmax of columns",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q, K, V = rotate(omega_q @ X, positions), rotate(omega_k @ X, positions), omega_v @ X
    A = softmax_cols(Q.T @ K / np.sqrt(Q.shape[0]))
    return V @ A.T
""",
        "softmax over the queries",
    ),
    wrong(
        "rotary_self_attention",
        "forgets scale and rotates queries only",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = omega_k @ X
    V = omega_v @ X
    return V @ softmax_cols(K.T @ Q)
""",
        "keys not turned",
        "scores not scaled",
    ),
    wrong(
        "rotary_self_attention",
        "rotates the scores",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q, K, V = omega_q @ X, omega_k @ X, omega_v @ X
    S = K.T @ Q / np.sqrt(Q.shape[0])
    angles = positions[:, None] - positions[None, :]
    return V @ softmax_cols(S * np.cos(angles))
""",
    ),
    wrong(
        "frequencies",
        "exponent divided by the number of pairs",
        """
def frequencies(D):
    n = (D + 1) // 2
    i = np.arange(n)
    omega = 1 / 10000 ** (2 * i / n)
    return omega
""",
        "divided by the number of pairs",
    ),
    wrong(
        "sinusoidal",
        "odd rows left at zero",
        """
def sinusoidal(D, N):
    omega = frequencies(D)
    angles = np.outer(omega, np.arange(N))
    P = np.zeros((D, N))
    for i in range(len(omega)):
        P[2 * i] = np.sin(angles[i])
    return P
""",
        "odd rows left empty",
    ),
    wrong(
        "sinusoidal",
        "row i and i+1 rather than 2i and 2i+1: pairs overlap",
        """
def sinusoidal(D, N):
    omega = frequencies(D)
    P = np.zeros((D, N))
    for i in range(D // 2):
        for n in range(N):
            P[i, n] = np.sin(omega[i] * n)
            P[i + 1, n] = np.cos(omega[i] * n)
    return P
""",
        "pairs of rows that overlap",
    ),
    wrong(
        "shift_matrix",
        "ones instead of zeros outside of the blocks",
        """
def shift_matrix(D, k):
    R = np.ones((D, D))
    for i, w in enumerate(frequencies(D)):
        c, s = np.cos(k * w), np.sin(k * w)
        R[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    return R
""",
        "ones around the blocks",
    ),
    wrong(
        "shift_matrix",
        "k times the pair's number for k times the frequency",
        """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    for i in range(D // 2):
        c, s = np.cos(k * i), np.sin(k * i)
        R[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    return R
""",
        "number of the pair as its frequency",
    ),
    wrong(
        "shift_matrix",
        "last block forgotten: range one too short",
        """
def shift_matrix(D, k):
    R = np.zeros((D, D))
    w = frequencies(D)
    for i in range(D // 2 - 1):
        c, s = np.cos(k * w[i]), np.sin(k * w[i])
        R[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    return R
""",
        "last block missing",
    ),
    wrong(
        "rotate",
        "second row has the cosine and the sine exchanged",
        """
def rotate(X, positions):
    D, N = X.shape
    a = np.outer(frequencies(D), positions)
    X_rotated = np.zeros((D, N))
    X_rotated[0::2] = X[0::2] * np.cos(a) - X[1::2] * np.sin(a)
    X_rotated[1::2] = X[1::2] * np.sin(a) + X[0::2] * np.cos(a)
    return X_rotated
""",
        "rows exchanged in the lower row",
    ),
    wrong(
        "rotate",
        "each round of the loop overwrites all columns",
        """
def rotate(X, positions):
    D, N = X.shape
    w = frequencies(D)
    X_rotated = np.zeros((D, N))
    for p in positions:
        for i in range(D // 2):
            a = p * w[i]
            X_rotated[2 * i] = X[2 * i] * np.cos(a) - X[2 * i + 1] * np.sin(a)
            X_rotated[2 * i + 1] = X[2 * i] * np.sin(a) + X[2 * i + 1] * np.cos(a)
    return X_rotated
""",
        "all at the last position",
    ),
    wrong(
        "rotary_self_attention",
        "scaled after the softmax",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = rotate(omega_k @ X, positions)
    V = omega_v @ X
    weights = softmax_cols(K.T @ Q) / np.sqrt(Q.shape[0])
    X_prime = V @ weights
    return X_prime
""",
        "scaled after the softmax",
    ),
    wrong(
        "rotary_self_attention",
        "values computed with omega_k",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = rotate(omega_k @ X, positions)
    V = omega_k @ X
    weights = softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
    X_prime = V @ weights
    return X_prime
""",
        "values made as keys",
    ),
    wrong(
        "rotary_self_attention",
        "X times the weights: no values",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = rotate(omega_k @ X, positions)
    V = omega_v @ X
    weights = softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
    X_prime = X @ weights
    return X_prime
""",
        "tokens weighted instead of values",
    ),
    wrong(
        "rotary_self_attention",
        "returned transposed",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = rotate(omega_k @ X, positions)
    V = omega_v @ X
    weights = softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))
    X_prime = (V @ weights).T
    return X_prime
""",
        "outputs transposed",
    ),
    wrong(
        "rotary_self_attention",
        "exponentials, not divided by their sum",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q = rotate(omega_q @ X, positions)
    K = rotate(omega_k @ X, positions)
    V = omega_v @ X
    weights = np.exp(K.T @ Q / np.sqrt(Q.shape[0]))
    X_prime = V @ weights
    return X_prime
""",
        "exponentials without their sum",
    ),
    wrong(
        "frequencies",
        "base of e",
        """
def frequencies(D):
    return np.exp(-2*np.arange((D+1)//2)/D)
""",
        "base of e",
    ),
    wrong(
        "frequencies",
        "base of 100000",
        """
def frequencies(D):
    return 1/100000**(2*np.arange((D+1)//2)/D)
""",
        "base of 100000",
    ),
    wrong(
        "frequencies",
        "one frequency too many",
        """
def frequencies(D):
    return 1/10000**(np.arange(0,D+2,2)/D)
""",
        "one frequency too many",
    ),
    wrong(
        "frequencies",
        "one frequency too few",
        """
def frequencies(D):
    return 1/10000**(2*np.arange((D+1)//2-1)/D)
""",
        "one frequency too few",
    ),
    wrong(
        "frequencies",
        "slowest hand first",
        """
def frequencies(D):
    return (1/10000**(2*np.arange((D+1)//2)/D))[::-1]
""",
        "slowest hand first",
    ),
    wrong(
        "frequencies",
        "wavelengths instead of frequencies",
        """
def frequencies(D):
    return 2*np.pi*10000**(2*np.arange((D+1)//2)/D)
""",
        "wavelengths instead of frequencies",
    ),
    wrong(
        "frequencies",
        "divided by one less than the rows",
        """
def frequencies(D):
    return 1/10000**(2*np.arange((D+1)//2)/(D-1))
""",
        "divided by one less than the rows",
    ),
    wrong(
        "frequencies",
        "evenly spaced frequencies",
        """
def frequencies(D):
    return np.linspace(1,1/10000,(D+1)//2)
""",
        "evenly spaced frequencies",
    ),
    wrong(
        "frequencies",
        "negative frequencies",
        """
def frequencies(D):
    return -1/10000**(2*np.arange((D+1)//2)/D)
""",
        "negative frequencies",
    ),
    wrong(
        "frequencies",
        "exponents of the frequencies",
        """
def frequencies(D):
    return np.arange(0,D,2)/D
""",
        "exponents of the frequencies",
    ),
    wrong(
        "sinusoidal",
        "positions in the opposite order",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]*np.arange(N)[::-1]
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:D//2])
    return P
""",
        "positions in the opposite order",
    ),
    wrong(
        "sinusoidal",
        "sines with a minus",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=-w[:,None]*np.arange(N)
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:D//2])
    return P
""",
        "sines with a minus",
    ),
    wrong(
        "sinusoidal",
        "cosines with a minus",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]*np.arange(N)
    P[0::2]=np.sin(a)
    P[1::2]=-np.cos(a[:D//2])
    return P
""",
        "cosines with a minus",
    ),
    wrong(
        "sinusoidal",
        "the same in all columns",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]*np.ones(N)
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:D//2])
    return P
""",
        "the same in all columns",
    ),
    wrong(
        "sinusoidal",
        "frequencies and positions added",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]+np.arange(N)
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:D//2])
    return P
""",
        "frequencies and positions added",
    ),
    wrong(
        "sinusoidal",
        "powers of the frequencies",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]**np.arange(N)
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:D//2])
    return P
""",
        "powers of the frequencies",
    ),
    wrong(
        "sinusoidal",
        "without the first position",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]*np.arange(1,N)
    P=np.zeros((D,N-1))
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:D//2])
    return P
""",
        "without the first position",
    ),
    wrong(
        "sinusoidal",
        "without the last position",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]*np.arange(N-1)
    P=np.zeros((D,N-1))
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:D//2])
    return P
""",
        "without the last position",
    ),
    wrong(
        "sinusoidal",
        "one position too many",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]*np.arange(N+1)
    P=np.zeros((D,N+1))
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:D//2])
    return P
""",
        "one position too many",
    ),
    wrong(
        "sinusoidal",
        "rows and positions exchanged",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    w=frequencies(N)
    a=w[:,None]*np.arange(D)
    P=np.zeros((N,D))
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:N//2])
    return P
""",
        "rows and positions exchanged",
    ),
    wrong(
        "sinusoidal",
        "pairs of positions",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    w=frequencies(N)
    a=w[:,None]*np.arange(D)
    P=np.zeros((N,D))
    P[0::2]=np.sin(a)
    P[1::2]=np.cos(a[:N//2])
    return P.T
""",
        "pairs of positions",
    ),
    wrong(
        "sinusoidal",
        "angles instead of sines and cosines",
        """
def sinusoidal(D, N):
    w=frequencies(D)
    P=np.zeros((D,N))
    a=w[:,None]*np.arange(N)
    P[0::2]=a
    P[1::2]=a[:D//2]
    return P
""",
        "angles instead of sines and cosines",
    ),
    wrong(
        "add_positions",
        "root added",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return np.sqrt(D)+X+P
""",
        "root added",
    ),
    wrong(
        "add_positions",
        "encoding divided by the root",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return np.sqrt(D)*X+P/np.sqrt(D)
""",
        "encoding divided by the root",
    ),
    wrong(
        "add_positions",
        "encoding divided, tokens as they are",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return X+P/np.sqrt(D)
""",
        "encoding divided, tokens as they are",
    ),
    wrong(
        "add_positions",
        "half of the sum",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return (np.sqrt(D)*X+P)/2
""",
        "half of the sum",
    ),
    wrong(
        "add_positions",
        "encoding twice",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return np.sqrt(D)*X+2*P
""",
        "encoding twice",
    ),
    wrong(
        "add_positions",
        "sum transposed",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return (np.sqrt(D)*X+P).T
""",
        "sum transposed",
    ),
    wrong(
        "add_positions",
        "encoding in the opposite order",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return np.sqrt(D)*X+P[:,::-1]
""",
        "encoding in the opposite order",
    ),
    wrong(
        "add_positions",
        "root of the number of all numbers",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return np.sqrt(X.size)*X+P
""",
        "root of the number of all numbers",
    ),
    wrong(
        "add_positions",
        "numbers of the positions added",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return np.sqrt(D)*X+np.arange(N)
""",
        "numbers of the positions added",
    ),
    wrong(
        "add_positions",
        "tokens not scaled and subtracted",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return X-P
""",
        "tokens not scaled",
        "subtracted",
    ),
    wrong(
        "add_positions",
        "sum divided by the root",
        """
def add_positions(X):
    D,N=X.shape
    P=sinusoidal(D,N)
    return (X+P)/np.sqrt(D)
""",
        "sum divided by the root",
    ),
    wrong(
        "shift_matrix",
        "frequencies and steps added",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=k+w[i]
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=c,s,-s,c
    return R
""",
        "frequencies and steps added",
    ),
    wrong(
        "shift_matrix",
        "frequencies to the power of the steps",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=w[i]**float(k)
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=c,s,-s,c
    return R
""",
        "frequencies to the power of the steps",
    ),
    wrong(
        "shift_matrix",
        "identity added",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=k*w[i]
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=c,s,-s,c
    return R+np.eye(D)
""",
        "identity added",
    ),
    wrong(
        "shift_matrix",
        "minus before the cosines",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=k*w[i]
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=-c,s,-s,-c
    return R
""",
        "minus before the cosines",
    ),
    wrong(
        "shift_matrix",
        "one cosine with a minus",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=k*w[i]
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=c,s,-s,-c
    return R
""",
        "one cosine with a minus",
    ),
    wrong(
        "shift_matrix",
        "angles of a step in degrees",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=np.deg2rad(k*w[i])
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=c,s,-s,c
    return R
""",
        "angles of a step in degrees",
    ),
    wrong(
        "shift_matrix",
        "steps as full turns",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=2*np.pi*k*w[i]
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=c,s,-s,c
    return R
""",
        "steps as full turns",
    ),
    wrong(
        "shift_matrix",
        "one step too many",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=(k+1)*w[i]
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=c,s,-s,c
    return R
""",
        "one step too many",
    ),
    wrong(
        "shift_matrix",
        "always forwards",
        """
def shift_matrix(D, k):
    w=frequencies(D)
    R=np.zeros((D,D))
    for i in range(D//2):
        a=abs(k)*w[i]
        c,s=np.cos(a),np.sin(a)
        p,q=2*i,2*i+1
        R[p,p],R[p,q],R[q,p],R[q,q]=c,s,-s,c
    return R
""",
        "always forwards",
    ),
    wrong(
        "rotate",
        "frequencies and positions summed",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]+positions
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=c*x-s*y
    Y[1::2]=s*x+c*y
    return Y
""",
        "frequencies and positions summed",
    ),
    wrong(
        "rotate",
        "rotation in degrees",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=np.deg2rad(w[:,None]*positions)
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=c*x-s*y
    Y[1::2]=s*x+c*y
    return Y
""",
        "rotation in degrees",
    ),
    wrong(
        "rotate",
        "rotation in full turns",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=2*np.pi*w[:,None]*positions
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=c*x-s*y
    Y[1::2]=s*x+c*y
    return Y
""",
        "rotation in full turns",
    ),
    wrong(
        "rotate",
        "lower rows as they were",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]*positions
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=c*x-s*y
    Y[1::2]=y
    return Y
""",
        "lower rows as they were",
    ),
    wrong(
        "rotate",
        "upper rows as they were",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]*positions
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=x
    Y[1::2]=s*x+c*y
    return Y
""",
        "upper rows as they were",
    ),
    wrong(
        "rotate",
        "lower rows left empty",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]*positions
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=c*x-s*y
    Y[1::2]=0
    return Y
""",
        "lower rows left empty",
    ),
    wrong(
        "rotate",
        "no cosines",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]*positions
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=-s*y
    Y[1::2]=s*x
    return Y
""",
        "no cosines",
    ),
    wrong(
        "rotate",
        "turned tokens added",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]*positions
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=c*x-s*y
    Y[1::2]=s*x+c*y
    return X+Y
""",
        "turned tokens added",
    ),
    wrong(
        "rotate",
        "tokens of the rotation scaled",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]*positions
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=c*x-s*y
    Y[1::2]=s*x+c*y
    return np.sqrt(D)*Y
""",
        "tokens of the rotation scaled",
    ),
    wrong(
        "rotate",
        "multiplied by the encoding's sines and cosines",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    return X*sinusoidal(D,max(positions)+1)[:,positions]
""",
        "multiplied by the encoding's sines and cosines",
    ),
    wrong(
        "rotate",
        "inplace lower first",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]*positions
    Y=X.copy()
    Y[1::2]=np.sin(a)*Y[::2]+np.cos(a)*Y[1::2]
    Y[::2]=np.cos(a)*Y[::2]-np.sin(a)*Y[1::2]
    return Y
""",
        "lower row overwritten too early",
    ),
    wrong(
        "rotate",
        "neighbouring angles, distant partners",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=np.repeat(w,2)[:,None]*positions
    return X*np.cos(a)+np.concatenate([-X[D//2:],X[:D//2]])*np.sin(a)
""",
        "neighbouring angles, distant partners",
    ),
    wrong(
        "rotate",
        "neighbouring partners, distant angles",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=np.concatenate([w,w])[:,None]*positions
    o=np.zeros(X.shape)
    o[::2]=-X[1::2]
    o[1::2]=X[::2]
    return X*np.cos(a)+o*np.sin(a)
""",
        "neighbouring partners, distant angles",
    ),
    wrong(
        "rotate",
        "positions from the first one on",
        """
def rotate(X, positions):
    D,N=X.shape
    w=frequencies(D)
    a=w[:,None]*(positions-positions[0])
    c,s=np.cos(a),np.sin(a)
    x,y=X[::2],X[1::2]
    Y=np.zeros(X.shape)
    Y[::2]=c*x-s*y
    Y[1::2]=s*x+c*y
    return Y
""",
        "positions from the first one on",
    ),
    wrong(
        "rotary_self_attention",
        "positions ignored in the keys",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,positions)
    K=rotate(omega_k@X,np.arange(X.shape[1]))
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return V@W
""",
        "positions ignored in the keys",
    ),
    wrong(
        "rotary_self_attention",
        "softmax over the whole table",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,positions)
    K=rotate(omega_k@X,positions)
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=np.exp(S)/np.exp(S).sum()
    return V@W
""",
        "softmax over the whole table",
    ),
    wrong(
        "rotary_self_attention",
        "multiplied by the root in the scores",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,positions)
    K=rotate(omega_k@X,positions)
    V=omega_v@X
    S=K.T@Q*np.sqrt(len(Q))
    W=softmax_cols(S)
    return V@W
""",
        "multiplied by the root in the scores",
    ),
    wrong(
        "rotary_self_attention",
        "later tokens masked",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,positions)
    K=rotate(omega_k@X,positions)
    V=omega_v@X
    S=np.where(np.tril(np.ones((X.shape[1],)*2),-1),-np.inf,K.T@Q/np.sqrt(len(Q)))
    W=softmax_cols(S)
    return V@W
""",
        "later tokens masked",
    ),
    wrong(
        "rotary_self_attention",
        "attention weights returned",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,positions)
    K=rotate(omega_k@X,positions)
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return W
""",
        "attention weights returned",
    ),
    wrong(
        "rotary_self_attention",
        "values made as queries",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,positions)
    K=rotate(omega_k@X,positions)
    V=omega_q@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return V@W
""",
        "values made as queries",
    ),
    wrong(
        "rotary_self_attention",
        "keys made as queries",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,positions)
    K=rotate(omega_q@X,positions)
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return V@W
""",
        "keys made as queries",
    ),
    wrong(
        "rotary_self_attention",
        "queries made as keys",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_k@X,positions)
    K=rotate(omega_k@X,positions)
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return V@W
""",
        "queries made as keys",
    ),
    wrong(
        "rotary_self_attention",
        "turned twice",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(rotate(omega_q@X,positions),positions)
    K=rotate(rotate(omega_k@X,positions),positions)
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return V@W
""",
        "turned twice",
    ),
    wrong(
        "rotary_self_attention",
        "queries turned the other way",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,-positions)
    K=rotate(omega_k@X,positions)
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return V@W
""",
        "queries turned the other way",
    ),
    wrong(
        "rotary_self_attention",
        "both turned the other way",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,-positions)
    K=rotate(omega_k@X,-positions)
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return V@W
""",
        "both turned the other way",
    ),
    wrong(
        "rotary_self_attention",
        "weights of the tokens transposed",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q.T@X,positions)
    K=rotate(omega_k.T@X,positions)
    V=omega_v.T@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return V@W
""",
        "weights of the tokens transposed",
    ),
    wrong(
        "rotary_self_attention",
        "tokens added to the outputs",
        """
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    Q=rotate(omega_q@X,positions)
    K=rotate(omega_k@X,positions)
    V=omega_v@X
    S=K.T@Q/np.sqrt(Q.shape[0])
    W=softmax_cols(S)
    return X+V@W
""",
        "tokens added to the outputs",
    ),
]
