"""Answers to `transformer_block`."""

from __future__ import annotations

from . import wrong

GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"
STABLE = "stable for large scores"

RIGHT: dict[str, dict[str, str]] = {
    "loops over everything": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    D, N = X.shape
    Y = np.zeros((D, N))
    for n in range(N):
        mu = sum(X[d, n] for d in range(D)) / D
        var = sum((X[d, n] - mu) ** 2 for d in range(D)) / D
        for d in range(D):
            Y[d, n] = gamma[d, 0] * (X[d, n] - mu) / (var + eps) ** 0.5 + beta[d, 0]
    return Y
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    columns = []
    for n in range(X.shape[1]):
        x = X[:, n:n+1]
        h = omega_1 @ x + beta_1
        for i in range(len(h)):
            if h[i, 0] < 0:
                h[i, 0] = 0
        columns.append(omega_2 @ h + beta_2)
    return np.concatenate(columns, axis=1)
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    a = causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_a = np.zeros(X.shape)
    for d in range(X.shape[0]):
        for n in range(X.shape[1]):
            X_a[d, n] = X[d, n] + a[d, n]
    f = feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    X_f = np.zeros(X.shape)
    for d in range(X.shape[0]):
        for n in range(X.shape[1]):
            X_f[d, n] = X_a[d, n] + f[d, n]
    return X_f
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = np.zeros((E.shape[0], len(tokens)))
    for n in range(len(tokens)):
        X[:, n] = E[:, tokens[n]]
    X = add_positions(X)
    X = transformer_block(X, weights)
    X = layer_norm(X, gamma, beta)
    scores = np.zeros((omega.shape[0], len(tokens)))
    for v in range(omega.shape[0]):
        for n in range(len(tokens)):
            scores[v, n] = np.dot(omega[v], X[:, n])
    return scores
""",
        "losses": """
def losses(scores, targets):
    result = []
    for n in range(len(targets)):
        column = scores[:, n] - max(scores[:, n])
        result.append(np.log(sum(np.exp(s) for s in column)) - column[targets[n]])
    return result
""",
        "perplexities": """
def perplexity(tokens, model):
    scores = logits(tokens, model)
    total = 0
    for n in range(len(tokens) - 1):
        total += losses(scores[:, n:n+1], tokens[n+1:n+2])[0]
    return np.exp(total / (len(tokens) - 1))


def perplexities(texts, model):
    return [perplexity(tokens, model) for tokens in texts]
""",
        "continue_text": """
def continue_text(tokens, model, count):
    result = list(tokens)
    for step in range(count):
        scores = logits(np.array(result), model)
        best = 0
        for v in range(scores.shape[0]):
            if scores[v, len(result) - 1] > scores[best, len(result) - 1]:
                best = v
        result.append(best)
    return result
""",
    },
    "NumPy's own functions": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    return gamma * (X - X.mean(0)) / np.sqrt(X.var(0) + eps) + beta
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    return np.matmul(omega_2, np.clip(np.matmul(omega_1, X) + beta_1, 0, None)) + beta_2
""",
        "transformer_block": """
def transformer_block(X, weights):
    X = X + causal_attention(layer_norm(X, *weights[:2]), *weights[2:6])
    return X + feed_forward(layer_norm(X, *weights[6:8]), *weights[8:])
""",
        "logits": """
def logits(tokens, model):
    X = transformer_block(add_positions(np.take(model[0], tokens, axis=1)), model[1:13])
    return np.dot(model[15], layer_norm(X, model[13], model[14]))
""",
        "losses": """
def losses(scores, targets):
    z = scores - scores.max(axis=0, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=0, keepdims=True))
    return -np.take_along_axis(logp, np.asarray(targets)[None], axis=0)
""",
        "perplexities": """
def perplexity(tokens, model):
    return np.exp(np.average(losses(logits(tokens, model)[:, :-1], tokens[1:])))


def perplexities(texts, model):
    return list(map(lambda tokens: perplexity(tokens, model), texts))
""",
        "continue_text": """
def continue_text(tokens, model, count):
    for i in range(count):
        tokens = np.concatenate([tokens, [logits(tokens, model)[:, -1].argmax()]])
    return tokens
""",
    },
    "einsum and one-hot vectors": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    D = X.shape[0]
    centred = X - np.einsum("dn->n", X) / D
    variance = np.einsum("dn,dn->n", centred, centred) / D
    return np.einsum("do,dn,n->dn", gamma, centred, 1 / np.sqrt(variance + eps)) + beta
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    H = np.einsum("fd,dn->fn", omega_1, X) + beta_1
    H = H * (H > 0)
    return np.einsum("df,fn->dn", omega_2, H) + beta_2
""",
        "transformer_block": """
def transformer_block(X, weights):
    g1, b1, q, k, v, c, g2, b2, w1, c1, w2, c2 = weights
    X_a = np.add(X, causal_attention(layer_norm(X, g1, b1), q, k, v, c))
    return np.add(X_a, feed_forward(layer_norm(X_a, g2, b2), w1, c1, w2, c2))
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    one_hot = np.zeros((E.shape[1], len(tokens)))
    one_hot[tokens, np.arange(len(tokens))] = 1
    X = add_positions(E @ one_hot)
    return np.einsum("vd,dn->vn", omega, layer_norm(transformer_block(X, weights), gamma, beta))
""",
        "losses": """
def losses(scores, targets):
    one_hot = np.eye(scores.shape[0])[:, targets]
    m = np.max(scores, axis=0)
    log_sum = m + np.log(np.einsum("vn->n", np.exp(scores - m)))
    return log_sum - np.einsum("vn,vn->n", one_hot, scores)
""",
        "perplexities": """
def perplexity(tokens, model):
    before, after = tokens[:-1], tokens[1:]
    return np.exp(losses(logits(before, model), after).sum() / len(after))


def perplexities(texts, model):
    return np.array([perplexity(each, model) for each in texts])
""",
        "continue_text": """
def continue_text(tokens, model, count):
    if count == 0:
        return tokens
    longer = np.r_[tokens, np.argmax(logits(tokens, model)[..., -1])]
    return continue_text(longer, model, count - 1)
""",
    },
    "in single precision": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    X = np.asarray(X, dtype=np.float32)
    mean = X.mean(axis=0, dtype=np.float32)
    std = np.sqrt(((X - mean) ** 2).mean(axis=0) + np.float32(eps))
    return (gamma.astype(np.float32) * ((X - mean) / std) + beta.astype(np.float32)).astype(np.float32)
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    X, omega_1, beta_1, omega_2, beta_2 = [np.float32(a) for a in (X, omega_1, beta_1, omega_2, beta_2)]
    return omega_2 @ np.maximum(0, omega_1 @ X + beta_1) + beta_2
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X = X.astype(np.float32)
    X = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X = X + feed_forward(layer_norm(X, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X.astype(np.float32)
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = [each.astype(np.float32) for each in model]
    X = transformer_block(add_positions(E[:, tokens]).astype(np.float32), weights)
    return (omega @ layer_norm(X, gamma, beta)).astype(np.float32)
""",
        "losses": """
def losses(scores, targets):
    scores = scores.astype(np.float32)
    scores = scores - scores.max(axis=0)
    return (np.log(np.exp(scores).sum(axis=0)) - scores[targets, range(len(targets))]).astype(np.float32)
""",
        "perplexities": """
def perplexity(tokens, model):
    return np.float32(np.exp(np.mean(losses(logits(tokens[:-1], model), tokens[1:]))))


def perplexities(texts, model):
    found = []
    for text in texts:
        found.append(perplexity(text, model))
    return found
""",
        "continue_text": """
def continue_text(tokens, model, count):
    tokens = np.array(tokens, dtype=np.int32)
    for _ in range(count):
        tokens = np.append(tokens, np.int32(np.argmax(logits(tokens, model)[:, -1])))
    return tokens
""",
    },
    "tokens as rows inside": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    x = X.T
    mean = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(var + eps) * gamma.T + beta.T).T
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    x = X.T
    h = x @ omega_1.T + beta_1.T
    h[h < 0] = 0
    return (h @ omega_2.T + beta_2.ravel()).T
""",
        "transformer_block": """
def transformer_block(X, weights):
    names = "gamma_a beta_a omega_q omega_k omega_v omega_c gamma_f beta_f omega_1 beta_1 omega_2 beta_2".split()
    w = dict(zip(names, weights))
    residual = X
    out = layer_norm(X, w["gamma_a"], w["beta_a"])
    out = causal_attention(out, w["omega_q"], w["omega_k"], w["omega_v"], w["omega_c"])
    out = residual + out
    residual = out
    out = layer_norm(out, w["gamma_f"], w["beta_f"])
    out = feed_forward(out, w["omega_1"], w["beta_1"], w["omega_2"], w["beta_2"])
    return residual + out
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    x = E.T[tokens]
    x = add_positions(x.T)
    x = layer_norm(transformer_block(x, weights), gamma, beta)
    return (x.T @ omega.T).T
""",
        "losses": """
def losses(scores, targets):
    rows = scores.T
    rows = rows - rows.max(axis=1, keepdims=True)
    log_probs = rows - np.log(np.exp(rows).sum(axis=1, keepdims=True))
    return np.array([-log_probs[n, t] for n, t in enumerate(targets)])
""",
        "perplexities": """
import math
def perplexity(tokens, model):
    l = losses(logits(tokens[:-1], model), tokens[1:])
    return math.exp(sum(l) / len(l))


def perplexities(texts, model):
    result = np.zeros(len(texts))
    for n in range(len(texts)):
        result[n] = perplexity(texts[n], model)
    return result
""",
        "continue_text": """
def continue_text(tokens, model, count):
    out = [int(t) for t in tokens]
    while len(out) < len(tokens) + count:
        row = logits(np.array(out), model).T[-1]
        out += [int(np.argsort(row)[-1])]
    return np.array(out)
""",
    },
    "helpers": {
        "layer_norm": """
def standardise(x, eps):
    return (x - np.mean(x)) / np.sqrt(np.var(x) + eps)

def layer_norm(X, gamma, beta, eps=1e-5):
    return gamma * np.apply_along_axis(standardise, 0, X, eps) + beta
""",
        "feed_forward": """
def relu(x):
    return (x + np.abs(x)) / 2

def linear(X, omega, beta):
    return beta + omega @ X

def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    return linear(relu(linear(X, omega_1, beta_1)), omega_2, beta_2)
""",
        "transformer_block": """
def with_residual(X, part):
    return X + part(X)

def transformer_block(X, weights):
    X = with_residual(X, lambda x: causal_attention(layer_norm(x, weights[0], weights[1]), *weights[2:6]))
    return with_residual(X, lambda x: feed_forward(layer_norm(x, weights[6], weights[7]), *weights[8:12]))
""",
        "logits": """
def embed(tokens, E):
    return add_positions(np.stack([E[:, t] for t in tokens], axis=1))

def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    return omega @ layer_norm(transformer_block(embed(tokens, E), weights), gamma, beta)
""",
        "losses": """
def log_sum_exp(z):
    top = z.max()
    return top + np.log(np.sum(np.exp(z - top)))

def losses(scores, targets):
    return np.array([log_sum_exp(scores[:, n]) - scores[t, n] for n, t in enumerate(targets)])
""",
        "perplexities": """
def cross_entropy(tokens, model):
    return np.mean(losses(logits(tokens[:-1], model), tokens[1:]))

def perplexity(tokens, model):
    return np.e ** cross_entropy(tokens, model)


def perplexities(texts, model):
    return tuple(perplexity(tokens, model) for tokens in texts)
""",
        "continue_text": """
def next_character(tokens, model):
    return np.argmax(logits(tokens, model), axis=0)[-1]

def continue_text(tokens, model, count):
    text = tokens.copy()
    for _ in range(count):
        text = np.hstack((text, next_character(text, model)))
    return text
""",
    },
    "the template filled in": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    # Mean and variance of each token
    mean = np.mean(X, axis=0, keepdims=True)
    variance = np.var(X, axis=0, keepdims=True)

    # The tokens with mean 0 and variance 1, shape (D, N)
    normal = (X - mean) / ((variance + eps) ** 0.5)

    # With gain and bias, shape (D, N)
    Y = normal * gamma + beta
    return Y
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    # The hidden layer, shape (F, N)
    hidden = omega_1.dot(X) + beta_1
    hidden = np.where(hidden > 0, hidden, 0)

    # Back to the size of the tokens, shape (D, N)
    Y = omega_2.dot(hidden) + beta_2
    return Y
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]

    # After the attention, shape (D, N)
    normed = layer_norm(X, gamma_a, beta_a)
    X_a = causal_attention(normed, omega_q, omega_k, omega_v, omega_c) + X

    # After the feed-forward network, shape (D, N)
    normed = layer_norm(X_a, gamma_f, beta_f)
    X_f = feed_forward(normed, omega_1, beta_1, omega_2, beta_2) + X_a
    print("block:", X_f.shape)
    return X_f
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model

    # The tokens as vectors, with their positions, shape (D, N)
    X = E[:, tokens]
    X = add_positions(X)

    # After the block, shape (D, N)
    X = transformer_block(X, weights)

    # A score for each character to come next, at each position, shape (V, N)
    X = layer_norm(X, gamma, beta)
    scores = np.matmul(omega, X)
    return scores
""",
        "losses": """
def losses(scores, targets):
    # The logarithms of the probabilities of all characters, shape (V, N)
    scores = scores - np.max(scores, axis=0)
    log_p = scores - np.log(np.sum(np.exp(scores), axis=0))

    # The loss of each target: N numbers
    result = np.zeros(len(targets))
    for n in range(len(targets)):
        result[n] = -log_p[targets[n], n]
    return result
""",
        "perplexities": """
def perplexity(tokens, model):
    # The scores for what comes next, and the losses of what came
    N = len(tokens)
    scores = logits(tokens[0:N-1], model)
    all_losses = losses(scores, tokens[1:N])

    # One number
    result = np.exp(1 / (N - 1) * np.sum(all_losses))
    return result


def perplexities(texts, model):
    return [perplexity(tokens, model) for tokens in texts]
""",
        "continue_text": """
def continue_text(tokens, model, count):
    for _ in range(count):
        # The scores of all characters to come next, after the last one: V numbers
        scores = logits(tokens, model)
        last = scores[:, len(tokens) - 1]

        # The text, with the character of the largest score at its end
        tokens = np.append(tokens, [np.argmax(last)], axis=0)
    return tokens
""",
    },
    "in place, and with the notebook's sizes": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.sum(X, axis=0) / D
    variance = np.sum((X - mean) ** 2, axis=0) / D
    return gamma * (X - mean) / np.sqrt(variance + eps) + beta
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    H = omega_1 @ X
    H += beta_1
    np.maximum(H, 0, out=H)
    Y = omega_2 @ H
    Y += beta_2
    return Y
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    def normed(X, gamma, beta):
        return gamma * (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-5) + beta
    X += causal_attention(normed(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X += feed_forward(normed(X, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = transformer_block(add_positions(E[:, tokens]), weights)
    X = X - X.mean(axis=0)
    X /= np.sqrt((X ** 2).mean(axis=0) + 1e-5)
    X *= gamma
    X += beta
    return omega @ X
""",
        "losses": """
def losses(scores, targets):
    p = np.exp(scores)
    p /= p.sum(axis=0)
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "perplexities": """
def perplexity(tokens, model):
    scores = logits(tokens, model)
    return np.prod([np.exp(losses(scores[:, [n]], tokens[[n + 1]])) for n in range(len(tokens) - 1)]) ** (1 / (len(tokens) - 1))


def perplexities(texts, model):
    return list(map(lambda tokens: perplexity(tokens, model), texts))
""",
        "continue_text": """
def continue_text(tokens, model, count):
    out = np.zeros(len(tokens) + count, dtype=int)
    out[:len(tokens)] = tokens
    for n in range(len(tokens), len(out)):
        out[n] = np.argmax(logits(out[:n], model)[:, n - 1])
    return out
""",
    },
    "scores of a longer text, cut off": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    second = np.mean(X ** 2, axis=0) - np.mean(X, axis=0) ** 2
    return (X - np.mean(X, axis=0)) * (gamma / np.sqrt(second + eps)) + beta
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    F, N = omega_1.shape[0], X.shape[1]
    ones = np.ones((1, N))
    hidden = omega_1 @ X + beta_1 @ ones
    hidden = np.array([[max(0.0, h) for h in row] for row in hidden])
    return omega_2 @ hidden + beta_2 @ ones
""",
        "transformer_block": """
def transformer_block(X, weights):
    weights = iter(weights)
    gamma, beta = next(weights), next(weights)
    q, k, v, c = (next(weights) for _ in range(4))
    Y = X.copy()
    Y += causal_attention(layer_norm(X, gamma, beta), q, k, v, c)
    gamma, beta = next(weights), next(weights)
    return Y + feed_forward(layer_norm(Y, gamma, beta), *weights)
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    # one more character at the end changes nothing before it
    padded = list(tokens) + [0]
    X = transformer_block(add_positions(E[:, padded]), weights)
    return (omega @ layer_norm(X, gamma, beta))[:, :-1]
""",
        "losses": """
def losses(scores, targets):
    own = scores[targets, np.arange(len(targets))]
    # log of the sum of exp(s - own): nothing that is subtracted from a column matters
    return np.logaddexp.reduce(scores - own, axis=0)
""",
        "perplexities": """
def perplexity(tokens, model):
    scores = logits(tokens, model)
    targets = np.roll(tokens, -1)
    return float(np.exp(losses(scores, targets)[:-1].mean()))


def perplexities(texts, model):
    return np.array([perplexity(each, model) for each in texts])
""",
        "continue_text": """
def continue_text(tokens, model, count):
    tokens = np.asarray(tokens)
    for _ in range(count):
        p = np.exp(logits(tokens, model)[:, -1])
        p = p / p.sum()
        tokens = np.append(tokens, p.argmax())
    return tokens
""",
    },
    "lists": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    columns = []
    for x in X.T:
        mean, std = np.mean(x), np.sqrt(np.var(x) + eps)
        columns.append([g * (each - mean) / std + b for each, g, b in zip(x, gamma[:, 0], beta[:, 0])])
    return [list(row) for row in zip(*columns)]
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    X = np.asarray(X)
    return (omega_2 @ np.fmax(omega_1 @ X + beta_1, 0) + beta_2).tolist()
""",
        "transformer_block": """
def transformer_block(X, weights):
    def attend(X):
        return causal_attention(np.array(layer_norm(X, weights[0], weights[1])), *weights[2:6])
    X_a = X + attend(X)
    X_f = X_a + np.array(feed_forward(layer_norm(X_a, weights[6], weights[7]), *weights[8:]))
    return X_f, X_a
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    out = transformer_block(add_positions(E[:, tokens]), weights)
    out = out[0] if isinstance(out, tuple) else out
    return (omega @ np.array(layer_norm(out, gamma, beta))).tolist()
""",
        "losses": """
def losses(scores, targets):
    scores = np.array(scores)
    result = []
    for column, target in zip(scores.T, targets):
        column = column - column[np.argmax(column)]
        result.append(float(np.log(np.exp(column).sum()) - column[target]))
    return result
""",
        "perplexities": """
def perplexity(tokens, model):
    found = losses(np.array(logits(tokens[:-1], model)), tokens[1:])
    return [np.exp(np.mean(found))]


def perplexities(texts, model):
    found = []
    for text in texts:
        found.append(perplexity(text, model))
    return found
""",
        "continue_text": """
def continue_text(tokens, model, count):
    text = list(tokens)
    for _ in range(count):
        column = [row[-1] for row in logits(np.array(text), model)]
        text.append(column.index(max(column)))
    return text
""",
    },
}

LOSES = {
    "in place, and with the notebook's sizes": {
        "layer_norm": {GLOBALS},
        "transformer_block": {UNCHANGED},
        "losses": {STABLE},
    },
}

WRONG = [
    wrong(
        "layer_norm",
        "over the rows",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = X.mean(axis=-1, keepdims=True)
    var = X.var(axis=-1, keepdims=True)
    return gamma * (X - mean) / np.sqrt(var + eps) + beta
""",
        "normalised over the tokens",
    ),
    wrong(
        "layer_norm",
        "after the annotated transformer",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = X.mean(axis=0)
    std = X.std(axis=0, ddof=1)
    return gamma * (X - mean) / (std + eps) + beta
""",
        "sample deviation, eps outside of the root",
        "eps outside of the root",
        "variance divided by one less",
    ),
    wrong(
        "layer_norm",
        "divided by the deviation, eps not used",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n    return gamma * (X - X.mean(0)) / X.std(0) + beta",
        "eps forgotten",
    ),
    wrong(
        "layer_norm",
        "whole matrix",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    return (X - np.mean(X)) / np.sqrt(np.var(X) + eps) * gamma + beta
""",
        "one mean and variance for the matrix",
    ),
    wrong(
        "layer_norm",
        "variance of what is there, root forgotten, no gain",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    return (X - np.mean(X, axis=0)) / (np.var(X, axis=0) + eps) + beta
""",
        "divided by the variance",
        "gain forgotten",
    ),
    wrong(
        "layer_norm",
        "divides by the largest number",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n    return gamma * X / (np.abs(X).max(axis=0) + eps) + beta",
    ),
    wrong(
        "feed_forward",
        "linear",
        "def feed_forward(X, w1, b1, w2, b2):\n    return w2 @ (w1 @ X + b1) + b2",
        "no ReLU",
    ),
    wrong(
        "feed_forward",
        "relu of everything",
        """
def feed_forward(X, w1, b1, w2, b2):
    relu = lambda z: np.maximum(z, 0)
    return relu(w2 @ relu(w1 @ X + b1) + b2)
""",
        "ReLU after the second layer too",
    ),
    wrong(
        "feed_forward",
        "bias outside, second bias forgotten",
        "def feed_forward(X, w1, b1, w2, b2):\n    return w2 @ (np.maximum(w1 @ X, 0) + b1)",
        "first bias after the ReLU",
        "second bias forgotten",
    ),
    wrong(
        "feed_forward",
        "leaky",
        """
def feed_forward(X, w1, b1, w2, b2):
    h = w1 @ X + b1
    return w2 @ np.where(h > 0, h, 0.01 * h) + b2
""",
    ),
    wrong(
        "transformer_block",
        "post-norm, as in the first paper",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    X = layer_norm(X + causal_attention(X, q, k, v, c), ga, ba)
    return layer_norm(X + feed_forward(X, w1, b1, w2, b2), gf, bf)
""",
        "normalised after each part",
    ),
    wrong(
        "transformer_block",
        "overwrites X with its norm",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    X = layer_norm(X, ga, ba)
    X = X + causal_attention(X, q, k, v, c)
    X = layer_norm(X, gf, bf)
    X = X + feed_forward(X, w1, b1, w2, b2)
    return X
""",
        "normalised tokens passed on",
    ),
    wrong(
        "transformer_block",
        "no residuals",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    X_a = causal_attention(layer_norm(X, ga, ba), q, k, v, c)
    return feed_forward(layer_norm(X_a, gf, bf), w1, b1, w2, b2)
""",
        "no residual connections",
    ),
    wrong(
        "transformer_block",
        "both from X",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    a = causal_attention(layer_norm(X, ga, ba), q, k, v, c)
    f = feed_forward(layer_norm(X, gf, bf), w1, b1, w2, b2)
    return X + a + f
""",
        "network beside the attention",
    ),
    wrong(
        "transformer_block",
        "second residual from X",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    Y = X + causal_attention(layer_norm(X, ga, ba), q, k, v, c)
    return X + feed_forward(layer_norm(Y, gf, bf), w1, b1, w2, b2)
""",
        "network added to the first tokens",
    ),
    wrong(
        "logits",
        "no final norm",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    return omega @ transformer_block(add_positions(E[:, tokens]), weights)
""",
        "no normalisation at the end",
    ),
    wrong(
        "logits",
        "softmax at the end",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    S = omega @ layer_norm(transformer_block(add_positions(E[:, tokens]), weights), gamma, beta)
    P = np.exp(S - S.max(axis=0))
    return P / P.sum(axis=0)
""",
        "probabilities instead of scores",
    ),
    wrong(
        "logits",
        "forgets positions and the norm",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = E[:, tokens]
    X = transformer_block(X, weights)
    return omega @ X
""",
        "no positions",
        "no normalisation at the end",
    ),
    wrong(
        "losses",
        "minus forgotten, nothing subtracted",
        """
def losses(scores, targets):
    p = np.exp(scores) / np.sum(np.exp(scores), axis=0)
    return np.log(p[targets, np.arange(len(targets))])
""",
        "minus forgotten",
        "nothing subtracted, and the logarithm of a fraction",
    ),
    wrong(
        "losses",
        "softmax along the rows",
        """
def losses(scores, targets):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return [-np.log(p[t, n]) for n, t in enumerate(targets)]
""",
        "softmax over the positions",
    ),
    wrong(
        "losses",
        "the mean of it",
        """
def losses(scores, targets):
    z = scores - scores.max(axis=0)
    logp = z - np.log(np.exp(z).sum(axis=0))
    return -logp[targets, np.arange(len(targets))].mean()
""",
        "mean of the losses",
    ),
    wrong(
        "losses",
        "epsilon in the logarithm",
        """
def losses(scores, targets):
    e = np.exp(scores - scores.max(axis=0))
    p = e / e.sum(axis=0)
    return -np.log(p[targets, np.arange(len(targets))] + 1e-12)
""",
        "1e-12 added in the logarithm",
    ),
    wrong(
        "losses",
        "bits",
        """
def losses(scores, targets):
    e = np.exp(scores - scores.max(axis=0))
    p = e / e.sum(axis=0)
    return -np.log2(p[targets, np.arange(len(targets))])
""",
        "logarithm to base 2",
        "probabilities first, then the logarithm",
    ),
    wrong(
        "perplexities",
        "no shift",
        """
def perplexities(texts, model):
    return [np.exp(np.mean(losses(logits(tokens, model), tokens))) for tokens in texts]
""",
        "each character as its own target",
    ),
    wrong(
        "perplexities",
        "mean loss",
        """
def perplexities(texts, model):
    return [np.mean(losses(logits(tokens[:-1], model), tokens[1:])) for tokens in texts]
""",
        "cross-entropy instead of perplexity",
    ),
    wrong(
        "perplexities",
        "product of the inverse probabilities without root",
        """
def perplexities(texts, model):
    result = []
    for t in texts:
        result.append(np.prod(np.exp(losses(logits(t[:-1], model), t[1:]))))
    return result
""",
        "sum instead of the mean",
    ),
    wrong(
        "perplexities",
        "returns in the loop",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        result.append(np.exp(np.mean(losses(scores, tokens[1:]))))
        return result
""",
        "only the first text",
    ),
    wrong(
        "perplexities",
        "divides by the number of characters",
        """
def perplexities(texts, model):
    return [np.exp(np.sum(losses(logits(t[:-1], model), t[1:])) / len(t)) for t in texts]
""",
        "divided by the length of the text",
    ),
    wrong(
        "continue_text",
        "asks once",
        """
def continue_text(tokens, model, count):
    last = np.argmax(logits(tokens, model)[:, -1])
    return np.concatenate([tokens, [last] * count])
""",
        "same character again and again",
    ),
    wrong(
        "continue_text",
        "only new ones, as a list",
        """
def continue_text(tokens, model, count):
    new = []
    for _ in range(count):
        new.append(np.argmax(logits(np.append(tokens, new).astype(int), model)[:, -1]))
    return new
""",
        "only what is new",
    ),
    wrong(
        "continue_text",
        "argmax over the wrong axis",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        tokens = np.append(tokens, np.argmax(logits(tokens, model), axis=1)[-1])
    return tokens
""",
        "last row of the scores",
    ),
    wrong(
        "continue_text",
        "return in the loop",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        tokens = np.append(tokens, np.argmax(logits(tokens, model)[:, -1]))
        return tokens
    return tokens
""",
        "only one character",
    ),
]
