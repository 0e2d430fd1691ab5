"""Answers to `backpropagation`."""

from __future__ import annotations

from . import wrong

GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"
LARGE = "large scores"

RIGHT: dict[str, dict[str, str]] = {
    "loops over everything": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    N = X.shape[1]
    F = np.zeros((len(omega_2), N))
    for n in range(N):
        h = []
        for j in range(len(omega_1)):
            a = beta_1[j, 0]
            for d in range(len(X)):
                a += omega_1[j, d] * X[d, n]
            h.append(a if a > 0 else 0)
        for k in range(len(omega_2)):
            F[k, n] = beta_2[k, 0] + sum(omega_2[k, j] * h[j] for j in range(len(h)))
    return F
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    K, N = F.shape
    d_F = np.zeros((K, N))
    for n in range(N):
        e = [np.exp(F[k, n] - max(F[:, n])) for k in range(K)]
        for k in range(K):
            d_F[k, n] = (e[k] / sum(e) - Y[k, n]) / N
    return d_F
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    d_omega = np.zeros((G.shape[0], Z.shape[0]))
    for i in range(G.shape[0]):
        for j in range(Z.shape[0]):
            for n in range(G.shape[1]):
                d_omega[i, j] += G[i, n] * Z[j, n]
    return d_omega
""",
        "bias_gradient": """
def bias_gradient(G):
    d_beta = np.zeros((len(G), 1))
    for i in range(len(G)):
        for n in range(G.shape[1]):
            d_beta[i] += G[i, n]
    return d_beta
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    d_A = np.zeros(A.shape)
    for j in range(A.shape[0]):
        for n in range(A.shape[1]):
            if A[j, n] > 0:
                for k in range(d_F.shape[0]):
                    d_A[j, n] += omega_2[k, j] * d_F[k, n]
    return d_A
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    N = X.shape[1]
    d_omega_1, d_beta_1 = np.zeros(omega_1.shape), np.zeros(beta_1.shape)
    d_omega_2, d_beta_2 = np.zeros(omega_2.shape), np.zeros(beta_2.shape)
    for n in range(N):
        x, y = X[:, [n]], Y[:, [n]]
        a = omega_1 @ x + beta_1
        h = relu(a)
        g = scores_gradient(omega_2 @ h + beta_2, y) / N
        d_omega_2 += g @ h.T
        d_beta_2 += g
        back = (omega_2.T @ g) * (a > 0)
        d_omega_1 += back @ x.T
        d_beta_1 += back
    return [d_omega_1, d_beta_1, d_omega_2, d_beta_2]
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    new_parameters = []
    for i in range(len(parameters)):
        new_parameters.append(parameters[i] - learning_rate * gradients[i])
    return new_parameters
""",
    },
    "einsum": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    A = np.einsum("md,dn->mn", omega_1, X) + beta_1
    return np.einsum("km,mn->kn", omega_2, relu(A)) + beta_2
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    return np.einsum("kn,->kn", softmax_cols(F) - Y, 1 / F.shape[1])
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    return np.einsum("in,jn->ij", G, Z)
""",
        "bias_gradient": """
def bias_gradient(G):
    return np.einsum("in->i", G)[:, None]
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    return np.einsum("km,kn,mn->mn", omega_2, d_F, np.heaviside(A, 0.5))
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = np.einsum("md,dn->mn", omega_1, X) + beta_1
    F = forward(X, omega_1, beta_1, omega_2, beta_2)
    G = scores_gradient(F, Y)
    B = hidden_gradient(G, omega_2, A)
    return (weights_gradient(B, X), bias_gradient(B), weights_gradient(G, relu(A)), bias_gradient(G))
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    d1, e1, d2, e2 = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    a = learning_rate
    return omega_1 - a * d1, beta_1 - a * e1, omega_2 - a * d2, beta_2 - a * e2
""",
    },
    "np.dot and reshape": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    ones = np.ones((1, X.shape[1]))
    A = np.dot(omega_1, X) + np.dot(beta_1, ones)
    H = np.where(A > 0, A, 0)
    F = np.dot(omega_2, H) + np.dot(beta_2, ones)
    return F
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    P = softmax_cols(F)
    P[Y == 1] -= 1
    return P / P.shape[1]
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    return np.dot(Z, G.T).T
""",
        "bias_gradient": """
def bias_gradient(G):
    return np.sum(G, axis=1).reshape(-1, 1)
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    d_A = np.dot(omega_2.T, d_F)
    d_A[A <= 0] = 0
    return d_A
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = np.dot(omega_1, X) + beta_1
    H = np.maximum(0, A)
    F = np.dot(omega_2, H) + beta_2
    d_F = scores_gradient(F, Y)
    d_H = np.dot(omega_2.T, d_F)
    d_A = d_H * (H > 0)
    grads = {}
    grads["W1"] = np.dot(d_A, X.T)
    grads["b1"] = d_A.sum(axis=1, keepdims=True)
    grads["W2"] = np.dot(d_F, H.T)
    grads["b2"] = d_F.sum(axis=1, keepdims=True)
    return [grads["W1"], grads["b1"], grads["W2"], grads["b2"]]
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    grads = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    new = [p.copy() for p in (omega_1, beta_1, omega_2, beta_2)]
    for p, g in zip(new, grads):
        p -= learning_rate * g
    return new
""",
    },
    "ones as a matrix": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    N = X.shape[1]
    X1 = np.vstack([X, np.ones((1, N))])
    H = np.hstack([omega_1, beta_1]) @ X1
    H = H * (H > 0)
    return np.hstack([omega_2, beta_2]) @ np.vstack([H, np.ones((1, N))])
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    ones = np.ones((F.shape[1], 1))
    return (softmax_cols(F) - Y) / np.sum(ones)
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    return sum(np.outer(G[:, n], Z[:, n]) for n in range(G.shape[1]))
""",
        "bias_gradient": """
def bias_gradient(G):
    return G @ np.ones((G.shape[1], 1))
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    return np.where(A > 0, (d_F.T @ omega_2).T, 0.0)
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    Z1 = np.vstack([X, np.ones((1, X.shape[1]))])
    Z2 = np.vstack([relu(A), np.ones((1, X.shape[1]))])
    G2 = scores_gradient(np.hstack([omega_2, beta_2]) @ Z2, Y)
    G1 = hidden_gradient(G2, omega_2, A)
    first, second = weights_gradient(G1, Z1), weights_gradient(G2, Z2)
    return [first[:, :-1], first[:, -1:], second[:, :-1], second[:, -1:]]
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    g = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    omega_1 = omega_1 - learning_rate * g[0]
    beta_1 = beta_1 - learning_rate * g[1]
    omega_2 = omega_2 - learning_rate * g[2]
    beta_2 = beta_2 - learning_rate * g[3]
    return [omega_1, beta_1, omega_2, beta_2]
""",
    },
    "a softmax of its own": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    return omega_2 @ np.clip(omega_1 @ X + beta_1, 0, None) + beta_2
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    e = np.exp(F)
    P = e / e.sum(axis=0, keepdims=True)
    return (P - Y) / Y.shape[1]
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    return np.matmul(G, np.transpose(Z))
""",
        "bias_gradient": """
def bias_gradient(G):
    return np.array([[sum(row)] for row in G])
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    mask = np.zeros_like(A)
    mask[A > 0] = 1
    return np.multiply(np.matmul(np.transpose(omega_2), d_F), mask)
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    z = omega_1 @ X + beta_1
    h = relu(z)
    s = omega_2 @ h + beta_2
    s = s - s.max(axis=0)
    p = np.exp(s) / np.exp(s).sum(axis=0)
    ds = (p - Y) / len(X.T)
    dz = omega_2.T @ ds * (z >= 0)
    return [dz @ X.T, dz.sum(1, keepdims=True), ds @ h.T, ds.sum(1, keepdims=True)]
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    p = [omega_1, beta_1, omega_2, beta_2]
    g = backward(X, Y, *p)
    return list(map(lambda old, d: old - d * learning_rate, p, g))
""",
    },
    "the Jacobian of the softmax": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    columns = []
    for x in X.T:
        h = relu(omega_1 @ x + beta_1.ravel())
        columns.append(omega_2 @ h + beta_2.ravel())
    return np.array(columns).T
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    P = softmax_cols(F)
    d_F = np.zeros(F.shape)
    for n in range(F.shape[1]):
        p, k = P[:, n], np.argmax(Y[:, n])
        jacobian = np.diag(p) - np.outer(p, p)
        d_F[:, n] = -jacobian[k] / max(p[k], 1e-300) / F.shape[1]
    return d_F
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    return (G[:, None, :] * Z[None, :, :]).sum(axis=2)
""",
        "bias_gradient": """
def bias_gradient(G):
    return np.expand_dims(G.sum(axis=-1), 1)
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    return np.stack([(omega_2.T @ g) * (a > 0) for g, a in zip(d_F.T, A.T)], axis=1)
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    def layer(G, Z):
        return weights_gradient(G, Z), bias_gradient(G)
    A = omega_1 @ X + beta_1
    H = relu(A)
    G = scores_gradient(omega_2 @ H + beta_2, Y)
    last = layer(G, H)
    first = layer(hidden_gradient(G, omega_2, A), X)
    return [*first, *last]
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    names = ["omega_1", "beta_1", "omega_2", "beta_2"]
    old = dict(zip(names, [omega_1, beta_1, omega_2, beta_2]))
    step = dict(zip(names, backward(X, Y, **old)))
    new = {}
    for name in names:
        new[name] = np.subtract(old[name], np.multiply(learning_rate, step[name]))
    return list(new.values())
""",
    },
    "single precision": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    X, omega_1, beta_1, omega_2, beta_2 = (np.float32(a) for a in (X, omega_1, beta_1, omega_2, beta_2))
    return omega_2 @ relu(omega_1 @ X + beta_1) + beta_2
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    return ((softmax_cols(F) - Y) / F.shape[1]).astype(np.float32)
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    return G.astype("float32") @ Z.T.astype("float32")
""",
        "bias_gradient": """
def bias_gradient(G):
    return np.float32(np.sum(G, axis=1, keepdims=True))
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    return ((omega_2.T @ d_F) * (A > 0)).astype(np.float32)
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    d_F = scores_gradient(omega_2 @ H + beta_2, Y)
    d_A = hidden_gradient(d_F, omega_2, A)
    found = [weights_gradient(d_A, X), bias_gradient(d_A), weights_gradient(d_F, H), bias_gradient(d_F)]
    return [each.astype(np.float32) for each in found]
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, *parameters)
    return [np.float32(p - learning_rate * g) for p, g in zip(parameters, gradients)]
""",
    },
    "lists as results": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = [[max(0, a) for a in row] for row in (omega_1 @ X + beta_1).tolist()]
    return (omega_2 @ np.array(hidden) + beta_2).tolist()
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    N = len(F[0])
    return [[(p - y) / N for p, y in zip(ps, ys)] for ps, ys in zip(softmax_cols(F), Y)]
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    return [[float(np.dot(g, z)) for z in Z] for g in G]
""",
        "bias_gradient": """
def bias_gradient(G):
    return [[np.sum(row)] for row in G]
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    d_H = (omega_2.T @ np.array(d_F)).tolist()
    return [[g if a > 0 else 0.0 for g, a in zip(gs, As)] for gs, As in zip(d_H, A.tolist())]
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    d_F = np.array(scores_gradient(omega_2 @ H + beta_2, Y))
    d_A = np.array(hidden_gradient(d_F, omega_2, A))
    return [weights_gradient(d_A, X), bias_gradient(d_A), weights_gradient(d_F, H), bias_gradient(d_F)]
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    result = []
    for p, g in zip([omega_1, beta_1, omega_2, beta_2], backward(X, Y, omega_1, beta_1, omega_2, beta_2)):
        result.append((p - learning_rate * np.array(g)).tolist())
    return result
""",
    },
    "in place, on what is its own": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X
    A += beta_1
    A[A < 0] = 0
    F = omega_2 @ A
    F += beta_2
    print(F.shape)
    return F
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    d_F = softmax_cols(F)
    d_F -= Y
    d_F /= d_F.shape[1]
    return d_F
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    d_omega = 0
    for g, z in zip(G.T, Z.T):
        d_omega = d_omega + g[:, np.newaxis] * z
    return d_omega
""",
        "bias_gradient": """
def bias_gradient(G):
    total = G[:, :1].copy()
    for n in range(1, G.shape[1]):
        total += G[:, n:n + 1]
    return total
""",
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    d_A = omega_2.T @ d_F
    d_A *= A > 0
    return d_A
""",
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    F = omega_2 @ H + beta_2
    G = scores_gradient(F, Y)
    result = [None] * 4
    result[2] = weights_gradient(G, H)
    result[3] = bias_gradient(G)
    G = hidden_gradient(G, omega_2, A)
    result[0] = weights_gradient(G, X)
    result[1] = bias_gradient(G)
    return result
""",
        "gradient_step": """
import copy
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = copy.deepcopy([omega_1, beta_1, omega_2, beta_2])
    gradients = backward(X, Y, *parameters)
    for i in range(4):
        parameters[i] -= learning_rate * gradients[i]
    return parameters
""",
    },
    "helpers and other names": {
        "forward": """
def linear(W, b, Z):
    return W @ Z + b

def forward(inputs, W1, b1, W2, b2):
    return linear(W2, b2, relu(linear(W1, b1, inputs)))
""",
        "scores_gradient": """
def one_hot_loss_gradient(scores, targets):
    batch = scores.shape[-1]
    return np.divide(np.subtract(softmax_cols(scores), targets), batch)

scores_gradient = one_hot_loss_gradient
""",
        "weights_gradient": """
weights_gradient = lambda dout, inputs: np.tensordot(dout, inputs, axes=([1], [1]))
""",
        "bias_gradient": """
def bias_gradient(dout):
    return np.add.reduce(dout, axis=1, keepdims=True)
""",
        "hidden_gradient": """
def relu_derivative(z):
    return (z > 0).astype(float)

def hidden_gradient(dscores, W2, z):
    return relu_derivative(z) * np.dot(dscores.T, W2).T
""",
        "backward": """
def backward(X, Y, W1, b1, W2, b2):
    # TODO: put it together
    z = W1 @ X + b1
    dscores = scores_gradient(forward(X, W1, b1, W2, b2), Y)
    dz = hidden_gradient(dscores, W2, z)
    dW2, db2 = weights_gradient(dscores, relu(z)), bias_gradient(dscores)
    dW1, db1 = weights_gradient(dz, X), bias_gradient(dz)
    assert dW1.shape == W1.shape and db1.shape == b1.shape
    return [dW1, db1, dW2, db2]
""",
        "gradient_step": """
def update(p, g, lr):
    return p + (-lr) * g

def gradient_step(X, Y, W1, b1, W2, b2, lr=0.1):
    dW1, db1, dW2, db2 = backward(X, Y, W1, b1, W2, b2)
    return [update(W1, dW1, lr), update(b1, db1, lr), update(W2, dW2, lr), update(b2, db2, lr)]
""",
    },
    "sizes of the notebook": {
        "scores_gradient": """
def scores_gradient(F, Y):
    return (softmax_cols(F) - Y) / N
""",
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, *parameters)
    for i in range(4):
        parameters[i] -= learning_rate * gradients[i]
    return parameters
""",
    },
    "one subtracted at the class": {
        "scores_gradient": """
def scores_gradient(F, Y):
    P = softmax_cols(F)
    d_F = P.copy()
    d_F[np.argmax(Y, axis=0), np.arange(F.shape[1])] -= 1
    d_F /= F.shape[1]
    return d_F
""",
    },
    "outer products, example by example": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    columns = []
    for n in range(X.shape[1]):
        a = omega_1 @ X[:, [n]] + beta_1
        h = relu(a)
        columns.append(omega_2 @ h + beta_2)
    return np.concatenate(columns, axis=1)
""",
        "scores_gradient": """
def scores_gradient(F, Y):
    d_F = np.zeros(F.shape)
    for n in range(F.shape[1]):
        p = np.exp(F[:, n] - np.max(F[:, n]))
        p = p / np.sum(p)
        d_F[:, n] = (p - Y[:, n]) / F.shape[1]
    return d_F
""",
        "weights_gradient": """
def weights_gradient(G, Z):
    d_omega = np.zeros((G.shape[0], Z.shape[0]))
    for n in range(G.shape[1]):
        d_omega += np.outer(G[:, n], Z[:, n])
    return d_omega
""",
        "bias_gradient": """
def bias_gradient(G):
    d_beta = np.zeros((G.shape[0], 1))
    for n in range(G.shape[1]):
        d_beta[:, 0] += G[:, n]
    return d_beta
""",
    },
    "products with ones, and ReLU as a product": {
        "forward": """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    one = np.ones((1, X.shape[1]))
    A = omega_1 @ X + beta_1 @ one
    H = A * (A > 0)
    F = omega_2 @ H + beta_2 @ one
    return F
""",
        "bias_gradient": """
def bias_gradient(G):
    return G @ np.ones((G.shape[1], 1))
""",
    },
    "mask of the signs of ReLU": {
        "hidden_gradient": """
def hidden_gradient(d_F, omega_2, A):
    mask = np.sign(relu(A))
    return np.multiply((d_F.T @ omega_2).T, mask.astype(float))
""",
    },
    "backward written out": {
        "backward": """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = np.maximum(0, A)
    F = omega_2 @ H + beta_2
    P = np.exp(F - F.max(0)) / np.exp(F - F.max(0)).sum(0)
    d_F = (P - Y) / X.shape[1]
    d_A = (omega_2.T @ d_F) * (H > 0)
    return [d_A @ X.T, d_A.sum(1, keepdims=True), d_F @ H.T, d_F.sum(1, keepdims=True)]
""",
    },
    "copies changed in a loop": {
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    new_parameters = []
    for i in range(len(parameters)):
        new = np.array(parameters[i])
        new -= learning_rate * gradients[i]
        new_parameters.append(new)
    return new_parameters
""",
    },
    "step written out, as a tuple": {
        "gradient_step": """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    d1, db1, d2, db2 = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    omega_1 = omega_1 - learning_rate * d1
    beta_1 = beta_1 - learning_rate * db1
    omega_2 = omega_2 - learning_rate * d2
    beta_2 = beta_2 - learning_rate * db2
    return omega_1, beta_1, omega_2, beta_2
""",
    },
}

LOSES: dict[str, dict[str, set[str]]] = {
    "a softmax of its own": {"scores_gradient": {LARGE}},
    "sizes of the notebook": {"scores_gradient": {GLOBALS}, "gradient_step": {UNCHANGED}},
}

WRONG = [
    wrong(
        "forward",
        "a linear network: relu computed and not used",
        """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    A = np.dot(omega_1, X) + beta_1
    H = relu(A)
    F = np.dot(omega_2, A) + beta_2
    return F
""",
        "ReLU forgotten",
    ),
    wrong(
        "forward",
        "biases left out of both layers",
        """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    return omega_2 @ np.maximum(omega_1 @ X, 0)
""",
        "bias of the hidden layer forgotten",
        "bias of the output layer forgotten",
    ),
    wrong(
        "forward",
        "relu in every layer",
        """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    Z = X
    for omega, beta in [(omega_1, beta_1), (omega_2, beta_2)]:
        Z = relu(omega @ Z + beta)
    return Z
""",
        "ReLU of the scores",
    ),
    wrong(
        "scores_gradient",
        "no mean",
        """
def scores_gradient(F, Y):
    P = np.exp(F - F.max(axis=0)) / np.exp(F - F.max(axis=0)).sum(axis=0)
    for n in range(F.shape[1]):
        P[np.argmax(Y[:, n]), n] -= 1
    return P
""",
        "sum over the examples instead of the mean",
    ),
    wrong(
        "scores_gradient",
        "len of the matrix for the number of examples",
        """
def scores_gradient(F, Y):
    return (softmax_cols(F) - Y) / len(F)
""",
        "divided by the number of classes",
    ),
    wrong(
        "scores_gradient",
        "softmax along the rows",
        """
def scores_gradient(F, Y):
    e = np.exp(F - np.max(F, axis=1, keepdims=True))
    return (e / np.sum(e, axis=1, keepdims=True) - Y) / F.shape[1]
""",
        "softmax over the examples",
    ),
    wrong(
        "scores_gradient",
        "minus sign of the loss once more",
        """
def scores_gradient(F, Y):
    return -1 / F.shape[1] * (softmax_cols(F) - Y)
""",
        "labels less probabilities",
    ),
    wrong(
        "scores_gradient",
        "derivative of the logarithm only",
        """
def scores_gradient(F, Y):
    P = softmax_cols(F)
    return -(1 / F.shape[1]) * Y / P
""",
        "gradient with respect to the probabilities",
    ),
    wrong(
        "weights_gradient",
        "mean, as in many courses",
        """
def weights_gradient(G, Z):
    m = Z.shape[1]
    return 1 / m * np.dot(G, Z.T)
""",
        "gradient of the weights divided by the number of examples",
    ),
    wrong(
        "weights_gradient",
        "for examples as rows",
        """
def weights_gradient(G, Z):
    return np.dot(Z, G.T)
""",
        "gradient of the weights transposed",
    ),
    wrong(
        "weights_gradient",
        "assigned instead of added in a loop",
        """
def weights_gradient(G, Z):
    for n in range(G.shape[1]):
        d_omega = np.outer(G[:, n], Z[:, n])
    return d_omega
""",
        "only the last example",
    ),
    wrong(
        "weights_gradient",
        "nothing turned",
        """
def weights_gradient(G, Z):
    return np.matmul(G, Z)
""",
        "inputs not transposed",
    ),
    wrong(
        "bias_gradient",
        "axis 0",
        """
def bias_gradient(G):
    return G.sum(axis=0)
""",
        "biases: summed over the outputs",
    ),
    wrong(
        "bias_gradient",
        "no keepdims",
        """
def bias_gradient(G):
    return np.sum(G, 1)
""",
        "biases: no column",
    ),
    wrong(
        "bias_gradient",
        "mean",
        """
def bias_gradient(G):
    return G.mean(axis=1, keepdims=True)
""",
        "biases: mean instead of sum",
    ),
    wrong(
        "bias_gradient",
        "mean without a column",
        """
def bias_gradient(G):
    return np.mean(G, axis=1)
""",
        "biases: mean instead of sum",
        "biases: no column",
    ),
    wrong(
        "hidden_gradient",
        "no mask",
        """
def hidden_gradient(d_F, omega_2, A):
    return np.dot(omega_2.T, d_F)
""",
        "derivative of ReLU forgotten",
    ),
    wrong(
        "hidden_gradient",
        "mask of the wrong matrix",
        """
def hidden_gradient(d_F, omega_2, A):
    d_A = omega_2.T @ d_F
    d_A[d_A < 0] = 0
    return d_A
""",
        "ReLU of the gradient",
    ),
    wrong(
        "hidden_gradient",
        "times relu itself",
        """
def hidden_gradient(d_F, omega_2, A):
    return np.dot(omega_2.T, d_F) * relu(A)
""",
        "multiplied by the activations",
    ),
    wrong(
        "hidden_gradient",
        "weights not turned",
        """
def hidden_gradient(d_F, omega_2, A):
    d_H = np.dot(omega_2, d_F)
    return np.where(A > 0, d_H, 0)
""",
        "weights not turned on the way back",
    ),
    wrong(
        "backward",
        "inputs of the output layer before relu",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    F = forward(X, omega_1, beta_1, omega_2, beta_2)
    d_F = scores_gradient(F, Y)
    d_A = hidden_gradient(d_F, omega_2, A)
    return [weights_gradient(d_A, X), bias_gradient(d_A), weights_gradient(d_F, A), bias_gradient(d_F)]
""",
        "pre-activations as inputs of the output layer",
    ),
    wrong(
        "backward",
        "in the order in which they are found",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    gradients = []
    G = scores_gradient(omega_2 @ H + beta_2, Y)
    gradients += [weights_gradient(G, H), bias_gradient(G)]
    G = hidden_gradient(G, omega_2, A)
    gradients += [weights_gradient(G, X), bias_gradient(G)]
    return gradients
""",
        "output layer before hidden layer",
    ),
    wrong(
        "backward",
        "no relu on the way back",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    H = relu(omega_1 @ X + beta_1)
    d_F = scores_gradient(omega_2 @ H + beta_2, Y)
    d_H = omega_2.T @ d_F
    return [d_H @ X.T, bias_gradient(d_H), d_F @ H.T, bias_gradient(d_F)]
""",
        "derivative of ReLU left out of backward",
    ),
    wrong(
        "backward",
        "the mean once more, for all four",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    m = X.shape[1]
    A = omega_1 @ X + beta_1
    H = relu(A)
    d_F = scores_gradient(omega_2 @ H + beta_2, Y)
    d_A = hidden_gradient(d_F, omega_2, A)
    four = [weights_gradient(d_A, X), bias_gradient(d_A), weights_gradient(d_F, H), bias_gradient(d_F)]
    return [each / m for each in four]
""",
        "gradients divided by the number of examples twice",
    ),
    wrong(
        "backward",
        "the mean once more, for the weights alone",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    m = X.shape[1]
    A = omega_1 @ X + beta_1
    H = relu(A)
    d_F = scores_gradient(omega_2 @ H + beta_2, Y)
    d_A = hidden_gradient(d_F, omega_2, A)
    return [d_A @ X.T / m, bias_gradient(d_A), d_F @ H.T / m, bias_gradient(d_F)]
""",
    ),
    wrong(
        "gradient_step",
        "plus",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    g = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    return [p + learning_rate * d for p, d in zip([omega_1, beta_1, omega_2, beta_2], g)]
""",
        "uphill",
    ),
    wrong(
        "gradient_step",
        "each gradient computed when it is needed",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    omega_1 = omega_1 - learning_rate * backward(X, Y, omega_1, beta_1, omega_2, beta_2)[0]
    beta_1 = beta_1 - learning_rate * backward(X, Y, omega_1, beta_1, omega_2, beta_2)[1]
    omega_2 = omega_2 - learning_rate * backward(X, Y, omega_1, beta_1, omega_2, beta_2)[2]
    beta_2 = beta_2 - learning_rate * backward(X, Y, omega_1, beta_1, omega_2, beta_2)[3]
    return [omega_1, beta_1, omega_2, beta_2]
""",
        "each gradient after the steps before it",
    ),
    wrong(
        "gradient_step",
        "updates the output layer first, then goes back through it",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    A = omega_1 @ X + beta_1
    H = relu(A)
    d_F = scores_gradient(omega_2 @ H + beta_2, Y)
    omega_2 = omega_2 - learning_rate * weights_gradient(d_F, H)
    beta_2 = beta_2 - learning_rate * bias_gradient(d_F)
    d_A = hidden_gradient(d_F, omega_2, A)
    omega_1 = omega_1 - learning_rate * weights_gradient(d_A, X)
    beta_1 = beta_1 - learning_rate * bias_gradient(d_A)
    return [omega_1, beta_1, omega_2, beta_2]
""",
        "new weights on the way back",
    ),
    wrong(
        "gradient_step",
        "a loop that gives a name to something new",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    for p, g in zip(parameters, backward(X, Y, *parameters)):
        p = p - learning_rate * g
    return parameters
""",
        "nothing updated",
    ),
    wrong(
        "gradient_step",
        "learning rate of the notebook's last cell",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    return [p - 0.1 * g for p, g in zip(parameters, backward(X, Y, *parameters))]
""",
        "always the same learning rate",
    ),
    wrong(
        "gradient_step",
        "the learning rate of Adam, and no biases",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    d_omega_1, _, d_omega_2, _ = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    return [omega_1 - learning_rate * d_omega_1, beta_1, omega_2 - learning_rate * d_omega_2, beta_2]
""",
        "only the weights updated",
    ),
    wrong(
        "forward",
        "sigmoid for ReLU",
        """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = 1 / (1 + np.exp(-A))
    F = omega_2 @ H + beta_2
    return F
""",
        "sigmoid instead of ReLU",
    ),
    wrong(
        "forward",
        "ReLU with the absolute value",
        """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = np.abs(A)
    F = omega_2 @ H + beta_2
    return F
""",
        "absolute values instead of ReLU",
    ),
    wrong(
        "forward",
        "softmax of the scores returned",
        """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    F = softmax_cols(omega_2 @ H + beta_2)
    return F
""",
        "probabilities instead of scores",
    ),
    wrong(
        "forward",
        "minimum instead of maximum",
        """
def forward(X, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = np.minimum(A, 0)
    F = omega_2 @ H + beta_2
    return F
""",
        "negative part kept instead of the positive",
    ),
    wrong(
        "scores_gradient",
        "divided by 6",
        """
def scores_gradient(F, Y):
    P = softmax_cols(F)
    d_F = (P - Y) / 6
    return d_F
""",
        "always divided by six",
    ),
    wrong(
        "scores_gradient",
        "softmax forgotten",
        """
def scores_gradient(F, Y):
    P = F
    d_F = (P - Y) / F.shape[1]
    return d_F
""",
        "scores less labels",
    ),
    wrong(
        "scores_gradient",
        "divided by all entries (mean over matrix)",
        """
def scores_gradient(F, Y):
    P = softmax_cols(F)
    d_F = (P - Y) / F.size
    return d_F
""",
        "divided by the number of all entries",
    ),
    wrong(
        "scores_gradient",
        "exponentials not normalised",
        """
def scores_gradient(F, Y):
    P = np.exp(F)
    d_F = (P - Y) / F.shape[1]
    return d_F
""",
        "exponentials that are no probabilities",
    ),
    wrong(
        "scores_gradient",
        "gradient times P(1-P)",
        """
def scores_gradient(F, Y):
    P = softmax_cols(F)
    d_F = (P - Y) * P * (1 - P) / F.shape[1]
    return d_F
""",
        "multiplied by the slope of a sigmoid",
    ),
    wrong(
        "weights_gradient",
        "outer product of sums",
        """
def weights_gradient(G, Z):
    d_omega = np.outer(G.sum(axis=1), Z.sum(axis=1))
    return d_omega
""",
        "summed before multiplied",
    ),
    wrong(
        "weights_gradient",
        "minus sign",
        """
def weights_gradient(G, Z):
    d_omega = -G @ Z.T
    return d_omega
""",
        "gradient of the weights with the wrong sign",
    ),
    wrong(
        "bias_gradient",
        "a row, not a column",
        """
def bias_gradient(G):
    d_beta = np.sum(G, axis=1)[None, :]
    return d_beta
""",
        "biases: a row",
    ),
    wrong(
        "bias_gradient",
        "sum of everything",
        """
def bias_gradient(G):
    d_beta = np.sum(G)
    return d_beta
""",
        "biases: summed over everything",
    ),
    wrong(
        "bias_gradient",
        "wrong axis, as a column",
        """
def bias_gradient(G):
    d_beta = np.sum(G, axis=0).reshape(-1, 1)
    return d_beta
""",
        "biases: a row",
        "biases: summed over the outputs",
    ),
    wrong(
        "bias_gradient",
        "G itself, not summed",
        """
def bias_gradient(G):
    d_beta = G
    return d_beta
""",
        "biases: not summed",
    ),
    wrong(
        "hidden_gradient",
        "mask inverted",
        """
def hidden_gradient(d_F, omega_2, A):
    d_H = omega_2.T @ d_F
    d_A = d_H * (A < 0)
    return d_A
""",
        "derivative of ReLU the wrong way around",
    ),
    wrong(
        "hidden_gradient",
        "multiplied by A",
        """
def hidden_gradient(d_F, omega_2, A):
    d_H = omega_2.T @ d_F
    d_A = d_H * A
    return d_A
""",
        "multiplied by the pre-activations",
    ),
    wrong(
        "hidden_gradient",
        "sigmoid's derivative",
        """
def hidden_gradient(d_F, omega_2, A):
    d_H = omega_2.T @ d_F
    d_A = d_H * A * (1 - A)
    return d_A
""",
        "derivative of a sigmoid, from pre-activations",
    ),
    wrong(
        "hidden_gradient",
        "sign of A: -1 for negative",
        """
def hidden_gradient(d_F, omega_2, A):
    d_H = omega_2.T @ d_F
    d_A = d_H * np.sign(A)
    return d_A
""",
        "mask of signs",
    ),
    wrong(
        "backward",
        "ReLU of the examples",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    F = omega_2 @ H + beta_2
    d_F = scores_gradient(F, Y)
    d_omega_2 = weights_gradient(d_F, H)
    d_beta_2 = bias_gradient(d_F)
    d_A = hidden_gradient(d_F, omega_2, A)
    d_omega_1 = weights_gradient(d_A, relu(X))
    d_beta_1 = bias_gradient(d_A)
    return [d_omega_1, d_beta_1, d_omega_2, d_beta_2]
""",
    ),
    wrong(
        "backward",
        "weights first then biases",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    F = omega_2 @ H + beta_2
    d_F = scores_gradient(F, Y)
    d_omega_2 = weights_gradient(d_F, H)
    d_beta_2 = bias_gradient(d_F)
    d_A = hidden_gradient(d_F, omega_2, A)
    d_omega_1 = weights_gradient(d_A, X)
    d_beta_1 = bias_gradient(d_A)
    return [d_omega_1, d_omega_2, d_beta_1, d_beta_2]
""",
        "weights before biases of both layers",
    ),
    wrong(
        "backward",
        "no ReLU in the forward pass",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = A
    F = omega_2 @ H + beta_2
    d_F = scores_gradient(F, Y)
    d_omega_2 = weights_gradient(d_F, H)
    d_beta_2 = bias_gradient(d_F)
    d_A = hidden_gradient(d_F, omega_2, A)
    d_omega_1 = weights_gradient(d_A, X)
    d_beta_1 = bias_gradient(d_A)
    return [d_omega_1, d_beta_1, d_omega_2, d_beta_2]
""",
        "ReLU forgotten on the way forward",
    ),
    wrong(
        "backward",
        "bias gradient of the hidden layer from d_F's sum",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    F = omega_2 @ H + beta_2
    d_F = scores_gradient(F, Y)
    d_omega_2 = weights_gradient(d_F, H)
    d_beta_2 = bias_gradient(d_F)
    d_A = hidden_gradient(d_F, omega_2, A)
    d_omega_1 = weights_gradient(d_A, X)
    d_beta_1 = bias_gradient(omega_2.T @ d_F)
    return [d_omega_1, d_beta_1, d_omega_2, d_beta_2]
""",
        "derivative of ReLU left out for the first biases",
    ),
    wrong(
        "backward",
        "scores of the pre-activations",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    F = omega_2 @ A + beta_2
    d_F = scores_gradient(F, Y)
    d_omega_2 = weights_gradient(d_F, H)
    d_beta_2 = bias_gradient(d_F)
    d_A = hidden_gradient(d_F, omega_2, A)
    d_omega_1 = weights_gradient(d_A, X)
    d_beta_1 = bias_gradient(d_A)
    return [d_omega_1, d_beta_1, d_omega_2, d_beta_2]
""",
        "scores of pre-activations",
    ),
    wrong(
        "backward",
        "biases forgotten forward",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X
    H = relu(A)
    F = omega_2 @ H
    d_F = scores_gradient(F, Y)
    d_omega_2 = weights_gradient(d_F, H)
    d_beta_2 = bias_gradient(d_F)
    d_A = hidden_gradient(d_F, omega_2, A)
    d_omega_1 = weights_gradient(d_A, X)
    d_beta_1 = bias_gradient(d_A)
    return [d_omega_1, d_beta_1, d_omega_2, d_beta_2]
""",
        "first bias forgotten on the way forward",
        "last bias forgotten on the way forward",
    ),
    wrong(
        "backward",
        "Y and F exchanged",
        """
def backward(X, Y, omega_1, beta_1, omega_2, beta_2):
    A = omega_1 @ X + beta_1
    H = relu(A)
    F = omega_2 @ H + beta_2
    d_F = scores_gradient(Y, F)
    d_omega_2 = weights_gradient(d_F, H)
    d_beta_2 = bias_gradient(d_F)
    d_A = hidden_gradient(d_F, omega_2, A)
    d_omega_1 = weights_gradient(d_A, X)
    d_beta_1 = bias_gradient(d_A)
    return [d_omega_1, d_beta_1, d_omega_2, d_beta_2]
""",
        "scores and labels exchanged",
    ),
    wrong(
        "gradient_step",
        "no learning rate",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    new_parameters = [p - d for p, d in zip(parameters, gradients)]
    return new_parameters
""",
        "learning rate forgotten",
    ),
    wrong(
        "gradient_step",
        "gradients returned times rate, not parameters",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    new_parameters = [learning_rate * d for p, d in zip(parameters, gradients)]
    return new_parameters
""",
        "uphill changes returned instead of parameters",
    ),
    wrong(
        "gradient_step",
        "minus rate times gradient returned: only the step",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    new_parameters = [-learning_rate * d for p, d in zip(parameters, gradients)]
    return new_parameters
""",
        "changes returned instead of parameters",
    ),
    wrong(
        "gradient_step",
        "parameters changed in place",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    for p, d in zip(parameters, gradients):
        p -= learning_rate * d
    return parameters
""",
    ),
    wrong(
        "gradient_step",
        "learning rate divided by N",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    new_parameters = [p - learning_rate / X.shape[1] * d for p, d in zip(parameters, gradients)]
    return new_parameters
""",
        "step divided by the number of examples",
    ),
    wrong(
        "gradient_step",
        "output layer only",
        """
def gradient_step(X, Y, omega_1, beta_1, omega_2, beta_2, learning_rate):
    parameters = [omega_1, beta_1, omega_2, beta_2]
    gradients = backward(X, Y, omega_1, beta_1, omega_2, beta_2)
    new_parameters = [omega_1, beta_1, omega_2 - learning_rate * gradients[2], beta_2 - learning_rate * gradients[3]]
    return new_parameters
""",
        "only the output layer updated",
    ),
]
