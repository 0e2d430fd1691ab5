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
    "np.mean and np.var, one step a line": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    # Mean and variance of each token
    mean = np.mean(X, axis=0, keepdims=True)
    variance = np.var(X, axis=0, keepdims=True)

    # The tokens with mean 0 and variance 1, shape (D, N)
    normal = (X - mean) / np.sqrt(variance + eps)

    # With gain and bias, shape (D, N)
    Y = gamma * normal + beta
    return Y
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(0, omega_1 @ X + beta_1)
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "losses": """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "continue_text": """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)[:, -1]
        tokens = np.append(tokens, np.argmax(last))
    return tokens
""",
    },
    "plain loops": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    D, N = X.shape
    Y = np.zeros((D, N))
    for n in range(N):
        mean = 0
        for d in range(D):
            mean += X[d, n] / D
        variance = 0
        for d in range(D):
            variance += (X[d, n] - mean) ** 2 / D
        for d in range(D):
            Y[d, n] = gamma[d, 0] * (X[d, n] - mean) / (variance + eps) ** 0.5 + beta[d, 0]
    return Y
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    F, D = omega_1.shape
    N = X.shape[1]
    Y = np.zeros((omega_2.shape[0], N))
    for n in range(N):
        h = []
        for f in range(F):
            value = beta_1[f, 0]
            for d in range(D):
                value += omega_1[f, d] * X[d, n]
            h.append(value if value > 0 else 0.0)
        for d in range(omega_2.shape[0]):
            Y[d, n] = beta_2[d, 0] + sum(omega_2[d, f] * h[f] for f in range(F))
    return Y
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    normal = layer_norm(X, gamma_a, beta_a)
    attention = causal_attention(normal, omega_q, omega_k, omega_v, omega_c)
    X_a = np.zeros(X.shape)
    for d in range(X.shape[0]):
        for n in range(X.shape[1]):
            X_a[d, n] = X[d, n] + attention[d, n]
    normal = layer_norm(X_a, gamma_f, beta_f)
    X_f = np.zeros(X.shape)
    for n in range(X.shape[1]):
        column = feed_forward(normal[:, [n]], omega_1, beta_1, omega_2, beta_2)
        X_f[:, n] = X_a[:, n] + column[:, 0]
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
    for n in range(len(tokens)):
        scores[:, n] = omega @ X[:, n]
    return scores
""",
        "losses": """
def losses(scores, targets):
    result = []
    for n in range(scores.shape[1]):
        top = max(scores[:, n])
        total = 0
        for v in range(scores.shape[0]):
            total += np.exp(scores[v, n] - top)
        result.append(np.log(total) + top - scores[targets[n], n])
    return result
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens, model)
        total = 0
        for n in range(len(tokens) - 1):
            total += losses(scores[:, n:n + 1], tokens[n + 1:n + 2])[0]
        result.append(np.exp(total / (len(tokens) - 1)))
    return result
""",
        "continue_text": """
def continue_text(tokens, model, count):
    tokens = list(tokens)
    for _ in range(count):
        scores = logits(np.array(tokens), model)
        last = scores[:, len(tokens) - 1]
        best = 0
        for v in range(len(last)):
            if last[v] > last[best]:
                best = v
        tokens.append(best)
    return tokens
""",
    },
    "methods, where, all in one line": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    return gamma * ((X - X.mean(0)) / np.sqrt(X.var(0) + eps)) + beta
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1.dot(X) + beta_1
    return omega_2.dot(np.where(h > 0, h, 0)) + beta_2
""",
        "transformer_block": """
def transformer_block(X, weights):
    X = X + causal_attention(layer_norm(X, *weights[:2]), *weights[2:6])
    return X + feed_forward(layer_norm(X, *weights[6:8]), *weights[8:])
""",
        "logits": """
def logits(tokens, model):
    return model[-1] @ layer_norm(transformer_block(add_positions(model[0][:, tokens]), model[1:-3]), *model[-3:-1])
""",
        "losses": """
def losses(scores, targets):
    s = scores - scores.max(0)
    return np.log(np.exp(s).sum(0)) - s[targets, range(s.shape[1])]
""",
        "perplexities": """
def perplexities(texts, model):
    return [np.exp(losses(logits(t, model)[:, :-1], t[1:]).mean()) for t in texts]
""",
        "continue_text": """
def continue_text(tokens, model, count):
    while count > 0:
        tokens = np.concatenate([tokens, [logits(tokens, model)[:, -1].argmax()]])
        count -= 1
    return tokens
""",
    },
    "sums by hand, one-hot matrices": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    D, N = X.shape
    ones = np.ones((1, D))
    mean = ones @ X / D
    centred = X - mean
    variance = ones @ (centred * centred) / D
    normal = centred / np.sqrt(variance + eps)
    Y = np.diag(gamma[:, 0]) @ normal + beta @ np.ones((1, N))
    return Y
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    ones = np.ones((1, X.shape[1]))
    hidden = omega_1 @ X + beta_1 @ ones
    hidden = hidden * (hidden > 0)
    Y = omega_2 @ hidden + beta_2 @ ones
    return Y
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    def part_a(X):
        return causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    def part_f(X):
        return feed_forward(layer_norm(X, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    X_a = X + part_a(X)
    X_f = X_a + part_f(X_a)
    return X_f
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    one_hot = np.eye(E.shape[1])[:, tokens]
    X = E @ one_hot
    X = add_positions(X)
    X = transformer_block(X, weights)
    X = layer_norm(X, gamma, beta)
    return np.matmul(omega, X)
""",
        "losses": """
def losses(scores, targets):
    V, N = scores.shape
    shifted = scores - np.max(scores, axis=0, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    one_hot = np.zeros((V, N))
    one_hot[targets, np.arange(N)] = 1
    result = -np.sum(one_hot * log_p, axis=0)
    return result
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        N = len(tokens)
        scores = logits(tokens[0:N - 1], model)
        all_losses = losses(scores, tokens[1:N])
        perplexity = np.exp(1 / (N - 1) * np.sum(all_losses))
        result.append(perplexity)
    return np.array(result)
""",
        "continue_text": """
def continue_text(tokens, model, count):
    out = np.zeros(len(tokens) + count, dtype=int)
    out[: len(tokens)] = tokens
    for i in range(len(tokens), len(out)):
        last = logits(out[:i], model)[:, -1]
        out[i] = np.argmax(last)
    return out
""",
    },
    "std and power, explicit reshape; geometric mean": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = X.mean(axis=0).reshape(1, -1)
    variance = (X ** 2).mean(axis=0).reshape(1, -1) - mean ** 2
    normal = (X - mean) * (variance + eps) ** -0.5
    Y = normal * gamma.reshape(-1, 1)
    Y = Y + beta.reshape(-1, 1)
    return Y
""",
        "feed_forward": """
def relu(x):
    return (x + abs(x)) / 2

def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = relu(np.matmul(omega_1, X) + beta_1)
    Y = np.matmul(omega_2, hidden) + beta_2
    return Y
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X.copy()
    X_a += causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a.copy()
    X_f += feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = np.take(E, tokens, axis=1)
    X = add_positions(X)
    X = transformer_block(X, weights)
    X = layer_norm(X, gamma, beta)
    scores = omega.dot(X)
    return scores
""",
        "losses": """
def losses(scores, targets):
    shifted = scores - np.amax(scores, axis=0)
    e = np.exp(shifted)
    log_p = shifted - np.log(np.sum(e, axis=0))
    result = np.array([-log_p[t, n] for n, t in enumerate(targets)])
    return result
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens, model)
        all_losses = losses(scores[:, :-1], tokens[1:])
        perplexity = np.prod(np.exp(all_losses / len(all_losses)))
        result.append(perplexity)
    return result
""",
        "continue_text": """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model).T[-1]
        new = np.argsort(last)[-1]
        tokens = np.hstack((tokens, new))
    return tokens
""",
    },
    "row convention inside; transposed embeddings": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    rows = X.T
    mean = np.mean(rows, axis=1)[:, None]
    variance = np.mean((rows - mean) ** 2, axis=1)[:, None]
    normal = (rows - mean) / np.sqrt(variance + eps)
    return (normal * gamma.T + beta.T).T
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = X.T @ omega_1.T + beta_1.T
    hidden[hidden < 0] = 0
    Y = hidden @ omega_2.T + beta_2.T
    return Y.T
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    N1 = layer_norm(X, gamma_a, beta_a)
    A = causal_attention(N1, omega_q, omega_k, omega_v, omega_c)
    X_a = np.add(A, X)
    N2 = layer_norm(X_a, gamma_f, beta_f)
    Fd = feed_forward(N2, omega_1, beta_1, omega_2, beta_2)
    X_f = np.add(Fd, X_a)
    return X_f
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = E.T[tokens].T
    X = add_positions(X)
    X = transformer_block(X, weights)
    scores = (layer_norm(X, gamma, beta).T @ omega.T).T
    return scores
""",
        "losses": """
def losses(scores, targets):
    rows = scores.T
    shifted = rows - rows.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    result = -log_p[np.arange(len(rows)), targets]
    return result
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        before, after = tokens[:-1], tokens[1:]
        scores = logits(before, model)
        all_losses = losses(scores, after)
        perplexity = np.e ** (sum(all_losses) / len(all_losses))
        result += [perplexity]
    return result
""",
        "continue_text": """
def continue_text(tokens, model, count):
    for _ in range(count):
        scores = np.transpose(logits(tokens, model))
        last = scores[-1, :]
        tokens = np.r_[tokens, last.argmax()]
    return tokens
""",
    },
    "column by column, list comprehensions and column_stack": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    columns = []
    for n in range(X.shape[1]):
        x = X[:, n:n + 1]
        mean = np.sum(x) / len(x)
        variance = np.sum((x - mean) ** 2) / len(x)
        columns.append(gamma * (x - mean) / np.sqrt(variance + eps) + beta)
    return np.concatenate(columns, axis=1)
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    ys = []
    for x in X.T:
        h = omega_1 @ x + beta_1.flatten()
        h = np.clip(h, 0, None)
        ys.append(omega_2 @ h + beta_2.ravel())
    return np.column_stack(ys)
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(
        X=layer_norm(X=X, gamma=gamma_a, beta=beta_a),
        omega_q=omega_q, omega_k=omega_k, omega_v=omega_v, omega_c=omega_c,
    )
    X_f = X_a + feed_forward(
        X=layer_norm(X=X_a, gamma=gamma_f, beta=beta_f),
        omega_1=omega_1, beta_1=beta_1, omega_2=omega_2, beta_2=beta_2,
    )
    return X_f
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = np.column_stack([E[:, t] for t in tokens])
    X = add_positions(X)
    X = transformer_block(X, weights)
    normal = layer_norm(X, gamma, beta)
    scores = np.stack([omega @ normal[:, n] for n in range(len(tokens))], axis=-1)
    return scores
""",
        "losses": """
def log_sum_exp(column):
    top = np.max(column)
    return top + np.log(np.sum(np.exp(column - top)))

def losses(scores, targets):
    return np.array([log_sum_exp(s) - s[t] for s, t in zip(scores.T, targets)])
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens, model)
        all_losses = []
        for n, t in enumerate(tokens[1:]):
            column = scores[:, [n]]
            all_losses.append(losses(column, np.array([t])))
        perplexity = float(np.exp(np.mean(all_losses)))
        result.append(perplexity)
    return result
""",
        "continue_text": """
def continue_text(tokens, model, count):
    if count == 0:
        return tokens
    last = logits(tokens, model)[:, -1]
    return continue_text(np.append(tokens, last.argmax()), model, count - 1)
""",
    },
    "helpers: softmax pieces, sublayers, log-softmax by logaddexp": {
        "layer_norm": """
def standardise(x, eps):
    m = x.mean()
    return (x - m) / np.sqrt(((x - m) ** 2).mean() + eps)

def layer_norm(X, gamma, beta, eps=1e-5):
    normal = np.apply_along_axis(standardise, 0, X, eps)
    return gamma * normal + beta
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    relu = np.vectorize(lambda x: max(x, 0.0))
    hidden = relu(omega_1 @ X + np.tile(beta_1, X.shape[1]))
    Y = omega_2 @ hidden + np.tile(beta_2, X.shape[1])
    return Y
""",
        "transformer_block": """
def residual(X, gamma, beta, part, parameters):
    return X + part(layer_norm(X, gamma, beta), *parameters)

def transformer_block(X, weights):
    X_a = residual(X, weights[0], weights[1], causal_attention, weights[2:6])
    X_f = residual(X_a, weights[6], weights[7], feed_forward, weights[8:12])
    return X_f
""",
        "logits": """
def embed(tokens, E):
    return E[:, np.asarray(tokens)]

def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    return omega @ layer_norm(transformer_block(add_positions(embed(tokens, E)), weights), gamma, beta)
""",
        "losses": """
def losses(scores, targets):
    log_p = scores - np.logaddexp.reduce(scores, axis=0)
    return -log_p[targets, np.arange(scores.shape[1])]
""",
        "perplexities": """
def perplexity_of(tokens, model):
    return np.exp(np.average(losses(logits(tokens, model)[:, : len(tokens) - 1], tokens[1:])))

def perplexities(texts, model):
    return list(map(lambda tokens: perplexity_of(tokens, model), texts))
""",
        "continue_text": """
def next_token(tokens, model):
    scores = logits(tokens, model)
    last = scores[:, scores.shape[1] - 1]
    return int(np.argmax(last))

def continue_text(tokens, model, count):
    for i in range(count):
        tokens = np.array(list(tokens) + [next_token(tokens, model)])
    return tokens
""",
    },
    "einsum, diag of fancy index, slices of the vectors": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    D = X.shape[0]
    mean = np.einsum("dn->n", X) / D
    centred = X - mean[np.newaxis, :]
    variance = np.einsum("dn,dn->n", centred, centred) / D
    return np.einsum("di,dn->dn", gamma, centred / np.sqrt(variance + eps)) + beta
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.einsum("fd,dn->fn", omega_1, X) + beta_1
    hidden = np.fmax(hidden, 0)
    return np.einsum("df,fn->dn", omega_2, hidden) + beta_2
""",
        "transformer_block": """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    stream = np.array(X, dtype=float)
    for gamma, beta, part in [
        (gamma_a, beta_a, lambda Z: causal_attention(Z, omega_q, omega_k, omega_v, omega_c)),
        (gamma_f, beta_f, lambda Z: feed_forward(Z, omega_1, beta_1, omega_2, beta_2)),
    ]:
        stream = stream + part(layer_norm(stream, gamma, beta))
    return stream
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = E[:, tokens]
    X = add_positions(X)
    X = transformer_block(X, weights)
    X = layer_norm(X, gamma, beta)
    return np.einsum("vd,dn->vn", omega, X)
""",
        "losses": """
def losses(scores, targets):
    shifted = scores - scores.max()
    shifted = scores - np.max(scores, 0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), 0))
    return -np.diag(log_p[targets])
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for i in range(len(texts)):
        tokens = texts[i]
        targets = np.roll(tokens, -1)
        all_losses = losses(logits(tokens, model), targets)
        result.append(np.exp(np.mean(all_losses[:-1])))
    return result
""",
        "continue_text": """
def continue_text(tokens, model, count):
    tokens = np.copy(tokens)
    for _ in range(count):
        last = logits(tokens, model)[:, -1]
        best = np.where(last == last.max())[0][0]
        tokens = np.insert(tokens, len(tokens), best)
    return tokens
""",
    },
    "take_along_axis, tuples, prints": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.std(X, axis=0) ** 2
    normal = np.divide(X - mean, np.sqrt(variance + eps))
    Y = np.multiply(gamma, normal) + beta
    print("mean after:", normal.mean(axis=0))
    return Y
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    pre = omega_1 @ X + beta_1
    mask = (pre > 0).astype(float)
    hidden = mask * pre
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "transformer_block": """
def transformer_block(X, weights):
    (gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c,
     gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2) = weights
    h = layer_norm(X, gamma_a, beta_a)
    h = causal_attention(h, omega_q, omega_k, omega_v, omega_c)
    X = h + X
    h = layer_norm(X, gamma_f, beta_f)
    h = feed_forward(h, omega_1, beta_1, omega_2, beta_2)
    X = h + X
    return X
""",
        "logits": """
def logits(tokens, model):
    E = model[0]
    weights = model[1:13]
    gamma, beta, omega = model[13], model[14], model[15]
    X = E[:, list(tokens)]
    X = add_positions(X)
    X = transformer_block(X, weights)
    X = layer_norm(X, gamma, beta)
    scores = omega @ X
    return scores
""",
        "losses": """
def losses(scores, targets):
    m = np.max(scores, axis=0, keepdims=True)
    shifted = scores - m
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))
    targets = np.array(targets)
    result = -np.take_along_axis(log_p, targets[None, :], axis=0)
    return result[0]
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens, model)[:, :-1]
        log_p = scores - np.max(scores, axis=0)
        log_p = log_p - np.log(np.sum(np.exp(log_p), axis=0))
        p = np.exp(np.array([log_p[tokens[n + 1], n] for n in range(len(tokens) - 1)]))
        result.append(1 / np.exp(np.mean(np.log(p))))
    return tuple(result)
""",
        "continue_text": """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)[:, [-1]]
        tokens = np.append(tokens, [np.argmax(last, axis=0)])
    return tokens
""",
    },
    "broadcast by hand, stacked ones, lists": {
        "layer_norm": """
def layer_norm(X, gamma, beta, eps=1e-5):
    D = len(X)
    mean = X.sum(axis=0) / D
    variance = np.sum(np.square(X - mean), axis=0) / D
    sigma = np.sqrt(variance + eps)
    normal = np.array([[(X[d, n] - mean[n]) / sigma[n] for n in range(X.shape[1])] for d in range(D)])
    Y = np.repeat(gamma, X.shape[1], axis=1) * normal + np.repeat(beta, X.shape[1], axis=1)
    return Y
""",
        "feed_forward": """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    XB = np.vstack([X, np.ones(X.shape[1])])
    hidden = np.hstack([omega_1, beta_1]) @ XB
    hidden = np.maximum(hidden, np.zeros(hidden.shape))
    Y = np.hstack([omega_2, beta_2]) @ np.vstack([hidden, np.ones(X.shape[1])])
    return Y
""",
        "transformer_block": """
def transformer_block(X, weights):
    weights = iter(weights)
    take = lambda n: [next(weights) for _ in range(n)]
    X_a = X + causal_attention(layer_norm(X, *take(2)), *take(4))
    return X_a + feed_forward(layer_norm(X_a, *take(2)), *take(4))
""",
        "logits": """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = np.array([E[:, t] for t in tokens]).T
    X = add_positions(X)
    X = transformer_block(X, weights)
    scores = omega @ (layer_norm(X, gamma, beta))
    return scores.tolist()
""",
        "losses": """
def losses(scores, targets):
    scores = np.asarray(scores)
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = []
    n = 0
    for t in targets:
        result.append(-float(log_p[t][n]))
        n = n + 1
    return result
""",
        "perplexities": """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        total = 0
        for n in range(1, len(tokens)):
            # only what was before
            scores = np.asarray(logits(tokens[:n], model))
            total += losses(scores[:, -1:], tokens[n:n + 1])[0]
        result.append(np.exp(total / (len(tokens) - 1)))
    return result
""",
        "continue_text": """
def continue_text(tokens, model, count):
    tokens = [int(t) for t in tokens]
    for _ in range(count):
        last = [row[-1] for row in logits(tokens, model)]
        tokens = tokens + [last.index(max(last))]
    return np.array(tokens)
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
    wrong(
        "layer_norm",
        "standard deviation under the root: double root",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.std(X, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "root of the standard deviation",
    ),
    wrong(
        "layer_norm",
        "variance not centred: mean of squares",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean(X ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "mean square instead of the variance",
    ),
    wrong(
        "layer_norm",
        "operator precedence: only the mean is divided",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.var(X, axis=0)
    normal = X - mean / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "brackets around the numerator forgotten",
    ),
    wrong(
        "feed_forward",
        "step function for ReLU",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = (omega_1 @ X + beta_1 > 0) * 1.0
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "whether positive instead of the numbers",
    ),
    wrong(
        "transformer_block",
        "the normalised tokens are added",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = layer_norm(X, gamma_a, beta_a) + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "normalised tokens passed on by the first part",
    ),
    wrong(
        "transformer_block",
        "normalises what the attention returned",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + layer_norm(causal_attention(X, omega_q, omega_k, omega_v, omega_c), gamma_a, beta_a)
    X_f = X_a + layer_norm(feed_forward(X_a, omega_1, beta_1, omega_2, beta_2), gamma_f, beta_f)
    return X_f
""",
        "what the parts compute is normalised",
    ),
    wrong(
        "logits",
        "only the last column",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = (omega @ layer_norm(X, gamma, beta))[:, -1:]
    return scores
""",
        "only the last column, as a matrix",
    ),
    wrong(
        "losses",
        "softmax over the rows",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "largest scores and sums over the positions",
    ),
    wrong(
        "losses",
        "probability in place of its logarithm",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = np.exp(shifted) / np.sum(np.exp(shifted), axis=0)
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "minus the probabilities of the targets",
    ),
    wrong(
        "losses",
        "1 - p",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = np.exp(shifted) / np.sum(np.exp(shifted), axis=0)
    result = 1 - log_p[targets, np.arange(len(targets))]
    return result
""",
        "one minus the probabilities of the targets",
    ),
    wrong(
        "losses",
        "log of the sum forgotten",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "shifted scores of the targets, not normalised",
    ),
    wrong(
        "losses",
        "log10",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = (shifted - np.log(np.sum(np.exp(shifted), axis=0))) / np.log(10)
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "logarithm to base 10",
    ),
    wrong(
        "losses",
        "log of the sum of the unshifted",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(scores), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "sum of exponentials of the scores as they were",
    ),
    wrong(
        "losses",
        "sum over all characters of p log p (entropy)",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -np.sum(np.exp(log_p) * log_p, axis=0)
    return result
""",
        "expected loss",
    ),
    wrong(
        "perplexities",
        "scores of the text without its first",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens, model)[:, 1:]
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "each character as its own target, but for the first",
    ),
    wrong(
        "perplexities",
        "targets are all but the last",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[:-1])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "each character as its own target, but for the last",
    ),
    wrong(
        "perplexities",
        "the mean of all texts",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        result.append(np.exp(np.mean(all_losses)))
    return np.mean(result)
""",
        "mean of the perplexities",
    ),
    wrong(
        "layer_norm",
        "mean of rows, variance of columns",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=1, keepdims=True)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "mean of the rows",
    ),
    wrong(
        "layer_norm",
        "only the variance over the rows",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.var(X, axis=1, keepdims=True)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "variance of the rows",
    ),
    wrong(
        "layer_norm",
        "mean of the matrix, var of column",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "mean of the whole matrix",
    ),
    wrong(
        "layer_norm",
        "mean of matrix, np.var of column",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X)
    variance = np.var(X, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "mean of the whole matrix subtracted",
    ),
    wrong(
        "layer_norm",
        "mean of rows, np.var of columns",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=1, keepdims=True)
    variance = np.var(X, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "mean of the rows subtracted",
    ),
    wrong(
        "layer_norm",
        "variance of the matrix, mean of column",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.var(X)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "variance of the whole matrix",
    ),
    wrong(
        "layer_norm",
        "variance global of centred",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "one variance for all tokens, around their means",
    ),
    wrong(
        "layer_norm",
        "eps 1e-8 hard coded",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + 1e-8)
    Y = gamma * normal + beta
    return Y
""",
        "1e-8 instead of eps",
    ),
    wrong(
        "layer_norm",
        "eps 1e-6 hard coded",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + 1e-6)
    Y = gamma * normal + beta
    return Y
""",
        "1e-6 instead of eps",
    ),
    wrong(
        "layer_norm",
        "eps squared",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps ** 2)
    Y = gamma * normal + beta
    return Y
""",
        "eps squared",
    ),
    wrong(
        "layer_norm",
        "eps subtracted",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance - eps)
    Y = gamma * normal + beta
    return Y
""",
        "eps subtracted",
    ),
    wrong(
        "layer_norm",
        "eps after division (brackets)",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance) + eps
    Y = gamma * normal + beta
    return Y
""",
        "eps added to the quotient",
    ),
    wrong(
        "layer_norm",
        "times the root",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) * np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "multiplied by the root",
    ),
    wrong(
        "layer_norm",
        "beta subtracted",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal - beta
    return Y
""",
        "bias of the normalisation subtracted",
    ),
    wrong(
        "layer_norm",
        "gain added",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma + normal + beta
    return Y
""",
        "gain added",
    ),
    wrong(
        "layer_norm",
        "divided by gain",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = normal / gamma + beta
    return Y
""",
        "divided by the gain",
    ),
    wrong(
        "layer_norm",
        "gain of one more",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = (1 + gamma) * normal + beta
    return Y
""",
        "gain of one more",
    ),
    wrong(
        "layer_norm",
        "mean added",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X + mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "mean added",
    ),
    wrong(
        "layer_norm",
        "unit length, raw",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = X / (np.linalg.norm(X, axis=0) + eps)
    Y = gamma * normal + beta
    return Y
""",
        "length of the token instead of its deviation",
    ),
    wrong(
        "layer_norm",
        "between 0 and 1",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0) + eps)
    Y = gamma * normal + beta
    return Y
""",
        "between 0 and 1",
    ),
    wrong(
        "layer_norm",
        "mean of squares minus mean",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean(X ** 2, axis=0) - mean
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "mean of the squares minus the mean",
    ),
    wrong(
        "layer_norm",
        "square of the mean of differences",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean(X - mean, axis=0) ** 2
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "mean of the distances, not squared",
    ),
    wrong(
        "layer_norm",
        "abs deviations",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean(np.abs(X - mean), axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "absolute distances instead of squares",
    ),
    wrong(
        "layer_norm",
        "sum of the token instead of its mean",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.sum(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "sum of the token instead of its mean",
    ),
    wrong(
        "layer_norm",
        "sum of squares instead of their mean and sum of the token instead of its mean",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.sum(X, axis=0)
    variance = np.sum((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y
""",
        "sum of squares instead of their mean",
        "sum of the token instead of its mean",
    ),
    wrong(
        "layer_norm",
        "divided by N (tokens)",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    N = X.shape[1]
    mean = X.sum(axis=0) / N
    var = ((X - mean) ** 2).sum(axis=0) / N
    return gamma * (X - mean) / np.sqrt(var + eps) + beta
""",
        "mean divided by the number of tokens",
        "variance divided by the number of tokens",
    ),
    wrong(
        "layer_norm",
        "variance divided by N (tokens)",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    N = X.shape[1]
    mean = X.mean(axis=0)
    var = ((X - mean) ** 2).sum(axis=0) / N
    return gamma * (X - mean) / np.sqrt(var + eps) + beta
""",
        "variance divided by the number of tokens",
    ),
    wrong(
        "layer_norm",
        "variance divided by one less and mean divided by one less",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    D = X.shape[0]
    mean = X.sum(axis=0) / (D - 1)
    var = ((X - mean) ** 2).sum(axis=0) / (D - 1)
    return gamma * (X - mean) / np.sqrt(var + eps) + beta
""",
        "variance divided by one less",
        "mean divided by one less",
    ),
    wrong(
        "layer_norm",
        "gain and bias before",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    X = gamma * X + beta
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = normal
    return Y
""",
        "gain and bias before the normalisation",
    ),
    wrong(
        "layer_norm",
        "normalised tokens in rows",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma * normal + beta
    return Y.T
""",
        "normalised tokens in rows",
    ),
    wrong(
        "layer_norm",
        "gamma flattened",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / np.sqrt(variance + eps)
    Y = gamma.flatten() * normal + beta.flatten()
    return Y
""",
        "gain and bias without their second axis",
    ),
    wrong(
        "layer_norm",
        "std + eps, RMS",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = X / (np.sqrt(np.mean(X**2, axis=0)) + eps)
    Y = gamma * normal + beta
    return Y
""",
        "eps outside of the root",
        "root mean square",
    ),
    wrong(
        "layer_norm",
        "not divided by the root",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = X - mean
    Y = gamma * normal + beta
    return Y
""",
        "not divided by the root",
    ),
    wrong(
        "layer_norm",
        "root missing, eps out",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    mean = np.mean(X, axis=0)
    variance = np.mean((X - mean) ** 2, axis=0)
    normal = (X - mean) / variance
    Y = gamma * normal + beta
    return Y
""",
        "eps forgotten",
        "divided by the variance",
    ),
    wrong(
        "layer_norm",
        "gain outside all, minus",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    return gamma*(X.mean(0)-X)/np.sqrt(X.var(0)+eps)+beta
""",
        "tokens subtracted from their means",
    ),
    wrong(
        "layer_norm",
        "squared std missing: var**2",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    return gamma*(X-X.mean(0))/np.sqrt(X.var(0)**2+eps)+beta
""",
        "square of the variance",
    ),
    wrong(
        "layer_norm",
        "only the mean divided, after the gain",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    return gamma*X-X.mean(0)/np.sqrt(X.var(0)+eps)+beta
""",
        "only the mean divided, after the gain",
    ),
    wrong(
        "layer_norm",
        "ddof and no eps",
        """
def layer_norm(X, gamma, beta, eps=1e-5):
    return gamma*(X-X.mean(0))/X.std(0,ddof=1)+beta
""",
        "variance divided by one less",
        "eps forgotten",
    ),
    wrong(
        "feed_forward",
        "leaky ReLU",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.where(h > 0, h, 0.01 * h)
    return omega_2 @ a + beta_2
""",
        "leaky ReLU",
    ),
    wrong(
        "feed_forward",
        "leaky ReLU of 0.1",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.maximum(h, 0.1 * h)
    return omega_2 @ a + beta_2
""",
        "leaky ReLU of 0.1",
    ),
    wrong(
        "feed_forward",
        "leaky ReLU of 0.2",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.where(h >= 0, h, 0.2 * h)
    return omega_2 @ a + beta_2
""",
        "leaky ReLU of 0.2",
    ),
    wrong(
        "feed_forward",
        "ELU instead of ReLU",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.where(h > 0, h, np.exp(np.minimum(h, 0)) - 1)
    return omega_2 @ a + beta_2
""",
        "ELU instead of ReLU",
    ),
    wrong(
        "feed_forward",
        "softplus instead of ReLU",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.log(1 + np.exp(h))
    return omega_2 @ a + beta_2
""",
        "softplus instead of ReLU",
    ),
    wrong(
        "feed_forward",
        "SiLU instead of ReLU",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = h / (1 + np.exp(-h))
    return omega_2 @ a + beta_2
""",
        "SiLU instead of ReLU",
    ),
    wrong(
        "feed_forward",
        "GELU, by a sigmoid",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = h / (1 + np.exp(-1.702 * h))
    return omega_2 @ a + beta_2
""",
        "GELU, by a sigmoid",
    ),
    wrong(
        "feed_forward",
        "softmax over hidden",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.exp(h - h.max(axis=0)) / np.exp(h - h.max(axis=0)).sum(axis=0)
    return omega_2 @ a + beta_2
""",
        "softmax over the hidden numbers",
    ),
    wrong(
        "feed_forward",
        "softmax over tokens",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)
    return omega_2 @ a + beta_2
""",
        "softmax of the hidden layer over the tokens",
    ),
    wrong(
        "feed_forward",
        "ReLU up to 6",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.clip(h, 0, 6)
    return omega_2 @ a + beta_2
""",
        "ReLU up to 6",
    ),
    wrong(
        "feed_forward",
        "cut off at 0 and 1",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.clip(h, 0, 1)
    return omega_2 @ a + beta_2
""",
        "cut off at 0 and 1",
    ),
    wrong(
        "feed_forward",
        "threshold of 1",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.maximum(h, 1)
    return omega_2 @ a + beta_2
""",
        "threshold of 1",
    ),
    wrong(
        "feed_forward",
        "squared ReLU",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.maximum(h, 0) ** 2
    return omega_2 @ a + beta_2
""",
        "squared ReLU",
    ),
    wrong(
        "feed_forward",
        "squares instead of ReLU",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = h ** 2
    return omega_2 @ a + beta_2
""",
        "squares instead of ReLU",
    ),
    wrong(
        "feed_forward",
        "ReLU with a minus",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = -np.maximum(h, 0)
    return omega_2 @ a + beta_2
""",
        "ReLU with a minus",
    ),
    wrong(
        "feed_forward",
        "ReLU of the negative",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.maximum(-h, 0)
    return omega_2 @ a + beta_2
""",
        "ReLU of the negative",
    ),
    wrong(
        "feed_forward",
        "negatives to 1",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.where(h < 0, 1, h)
    return omega_2 @ a + beta_2
""",
        "ones for what is negative",
    ),
    wrong(
        "feed_forward",
        "signs instead of ReLU",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    h = omega_1 @ X + beta_1
    a = np.sign(h)
    return omega_2 @ a + beta_2
""",
        "signs instead of ReLU",
    ),
    wrong(
        "feed_forward",
        "first bias subtracted",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X - beta_1, 0)
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "first bias subtracted",
    ),
    wrong(
        "feed_forward",
        "second bias subtracted",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X + beta_1, 0)
    Y = omega_2 @ hidden - beta_2
    return Y
""",
        "second bias subtracted",
    ),
    wrong(
        "feed_forward",
        "both biases subtracted",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X - beta_1, 0)
    Y = omega_2 @ hidden - beta_2
    return Y
""",
        "first bias subtracted",
        "second bias subtracted",
    ),
    wrong(
        "feed_forward",
        "ReLU of the tokens",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = omega_1 @ np.maximum(X, 0) + beta_1
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "ReLU of the tokens",
    ),
    wrong(
        "feed_forward",
        "second bias before the matrix",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X + beta_1, 0)
    Y = omega_2 @ (hidden + beta_2)
    return Y
""",
        "second bias before its matrix",
    ),
    wrong(
        "feed_forward",
        "first bias used twice",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X + beta_1, 0)
    Y = omega_2 @ hidden + beta_1
    return Y
""",
        "first bias in the second layer",
    ),
    wrong(
        "feed_forward",
        "omega_1 transposed",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1.T @ X + beta_1, 0)
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "matrix transposed, or in the place of the other",
    ),
    wrong(
        "feed_forward",
        "entry by entry instead of a matrix product",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 * X + beta_1, 0)
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "entry by entry instead of a matrix product",
    ),
    wrong(
        "feed_forward",
        "one layer only",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X + beta_1, 0)
    Y = omega_2 @ (omega_1 @ X) + beta_2
    return Y
""",
        "no ReLU",
        "first bias forgotten",
    ),
    wrong(
        "feed_forward",
        "biases flattened",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X + beta_1.flatten(), 0)
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "bias without its second axis",
    ),
    wrong(
        "feed_forward",
        "second bias twice",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X + beta_1, 0)
    Y = omega_2 @ hidden + 2 * beta_2
    return Y
""",
        "second bias twice",
    ),
    wrong(
        "feed_forward",
        "second bias relu'd separately",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ X + beta_1, 0)
    Y = np.maximum(omega_2 @ hidden, 0) + beta_2
    return Y
""",
        "ReLU of the second product alone",
    ),
    wrong(
        "feed_forward",
        "normalised input",
        """
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    hidden = np.maximum(omega_1 @ layer_norm(X, 1, 0) + beta_1, 0)
    Y = omega_2 @ hidden + beta_2
    return Y
""",
        "tokens normalised in the network",
    ),
    wrong(
        "feed_forward",
        "no biases no relu",
        """
def feed_forward(X, w1, b1, w2, b2):
    return w2@(w1@X)
""",
        "no ReLU",
        "first bias forgotten",
        "second bias forgotten",
    ),
    wrong(
        "feed_forward",
        "second bias forgotten and tanh instead of ReLU",
        """
def feed_forward(X, w1, b1, w2, b2):
    return w2@np.tanh(w1@X+b1)
""",
        "second bias forgotten",
        "tanh instead of ReLU",
    ),
    wrong(
        "feed_forward",
        "scaled hidden",
        """
def feed_forward(X, w1, b1, w2, b2):
    h=np.maximum(0,w1@X+b1)
    return w2@h/np.sqrt(len(h))+b2
""",
        "divided by a root",
    ),
    wrong(
        "transformer_block",
        "post-norm attention only",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = layer_norm(X + causal_attention(X, omega_q, omega_k, omega_v, omega_c), gamma_a, beta_a)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "attention of tokens that are not normalised",
        "sum of the first part normalised",
    ),
    wrong(
        "transformer_block",
        "second normalised passed on",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = layer_norm(X_a, gamma_f, beta_f) + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "normalised tokens passed on by the second part",
    ),
    wrong(
        "transformer_block",
        "second norm used twice",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_f, beta_f), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "second normalisation used twice",
    ),
    wrong(
        "transformer_block",
        "gamma beta swapped a",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, beta_a, gamma_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "gain and bias exchanged before the attention",
    ),
    wrong(
        "transformer_block",
        "gamma beta swapped f",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, beta_f, gamma_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "gain and bias exchanged before the network",
    ),
    wrong(
        "transformer_block",
        "gamma beta swapped both",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, beta_a, gamma_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, beta_f, gamma_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "gains and biases exchanged before both parts",
    ),
    wrong(
        "transformer_block",
        "no gain and bias",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, 1, 0), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, 1, 0), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "normalised without gain and bias",
    ),
    wrong(
        "transformer_block",
        "once more with a",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return layer_norm(X_f, gamma_a, beta_a)
""",
        "normalised once more at the end, as before the attention",
    ),
    wrong(
        "transformer_block",
        "k v exchanged",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_v, omega_k, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "keys and values exchanged in the call",
    ),
    wrong(
        "transformer_block",
        "q v exchanged",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_v, omega_k, omega_q, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "queries and values exchanged in the call",
    ),
    wrong(
        "transformer_block",
        "v c exchanged",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_c, omega_v)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "values and the last matrix exchanged in the call",
    ),
    wrong(
        "transformer_block",
        "keys with the weights of the queries",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_q, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "keys with the weights of the queries",
    ),
    wrong(
        "transformer_block",
        "last matrix first in the call",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_c, omega_q, omega_k, omega_v)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "last matrix first in the call",
    ),
    wrong(
        "transformer_block",
        "twice what came out of the first part",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "twice what came out of the first part",
    ),
    wrong(
        "transformer_block",
        "norm around, with the inner too (sandwich)",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + layer_norm(causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c), gamma_a, beta_a)
    X_f = X_a + layer_norm(feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2), gamma_f, beta_f)
    return X_f
""",
        "normalised before each part and after it",
    ),
    wrong(
        "transformer_block",
        "pre and post norm",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = layer_norm(X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c), gamma_a, beta_a)
    X_f = layer_norm(X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2), gamma_f, beta_f)
    return X_f
""",
        "normalised once more at the end",
        "sum of the first part normalised",
    ),
    wrong(
        "transformer_block",
        "attention twice",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_a = X_a + causal_attention(layer_norm(X_a, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "attention twice",
    ),
    wrong(
        "transformer_block",
        "network twice",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f + feed_forward(layer_norm(X_f, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
""",
        "network twice",
    ),
    wrong(
        "transformer_block",
        "attention subtracted",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X - causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "attention subtracted",
    ),
    wrong(
        "transformer_block",
        "network subtracted",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a - feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "network subtracted",
    ),
    wrong(
        "transformer_block",
        "attention multiplied",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X * causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "attention multiplied",
    ),
    wrong(
        "transformer_block",
        "multiply both",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X * causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a * feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "products instead of sums",
    ),
    wrong(
        "transformer_block",
        "network on LN_a(X)",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X, gamma_a, beta_a), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "network beside the attention",
        "first normalisation used twice",
    ),
    wrong(
        "transformer_block",
        "norm without args",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f
""",
        "normalisation without its arguments",
    ),
    wrong(
        "transformer_block",
        "betas exchanged in call of ffn",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_2, omega_2, beta_1)
    return X_f
""",
        "biases of the network exchanged in the call",
    ),
    wrong(
        "transformer_block",
        "omegas exchanged in call of ffn",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_2, beta_2, omega_1, beta_1)
    return X_f
""",
        "layers of the network exchanged in the call",
    ),
    wrong(
        "transformer_block",
        "returns tuple-like X transposed",
        """
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)
    return X_f.T
""",
        "block's result transposed",
    ),
    wrong(
        "transformer_block",
        "own attention without mask",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    Z = layer_norm(X, ga, ba)
    S = (k @ Z).T @ (q @ Z) / np.sqrt(len(q))
    A = np.exp(S - S.max(axis=0)); A = A / A.sum(axis=0)
    X = X + c @ v @ Z @ A
    return X + feed_forward(layer_norm(X, gf, bf), w1, b1, w2, b2)
""",
        "attention without a mask",
    ),
    wrong(
        "transformer_block",
        "post-norm with a's for both",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    X = layer_norm(X + causal_attention(X, q, k, v, c), gf, bf)
    return layer_norm(X + feed_forward(X, w1, b1, w2, b2), ga, ba)
""",
        "attention of tokens that are not normalised",
        "normalised tokens passed on by the second part",
        "normalised once more at the end, as before the attention",
    ),
    wrong(
        "transformer_block",
        "network first, then attention, post",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    X = X + feed_forward(layer_norm(X, ga, ba), w1, b1, w2, b2)
    return X + causal_attention(layer_norm(X, gf, bf), q, k, v, c)
""",
        "network before the attention, normalisations in their order",
    ),
    wrong(
        "transformer_block",
        "sum of a and f without X",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    X_a = X + causal_attention(layer_norm(X, ga, ba), q, k, v, c)
    f = feed_forward(layer_norm(X_a, gf, bf), w1, b1, w2, b2)
    return X_a - X + f
""",
        "tokens missing in the sum",
    ),
    wrong(
        "transformer_block",
        "post-norm w/o residual",
        """
def transformer_block(X, weights):
    ga, ba, q, k, v, c, gf, bf, w1, b1, w2, b2 = weights
    X = layer_norm(causal_attention(X, q, k, v, c), ga, ba)
    return layer_norm(feed_forward(X, w1, b1, w2, b2), gf, bf)
""",
        "no residual connections",
        "what the parts compute is normalised",
    ),
    wrong(
        "logits",
        "own positions, no root",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = E[:, tokens]
    D, N = X.shape
    r, p = np.arange(D)[:, None], np.arange(N)
    a = p / 10000 ** (r // 2 * 2 / D)
    X = X + np.where(r % 2, np.cos(a), np.sin(a))
    return omega @ layer_norm(transformer_block(X, weights), gamma, beta)
""",
        "embedding not scaled",
    ),
    wrong(
        "logits",
        "last norm with a's",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, weights[0], weights[1])
    return scores
""",
        "last normalisation with the attention's gain and bias",
    ),
    wrong(
        "logits",
        "last norm with f's",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, weights[6], weights[7])
    return scores
""",
        "last normalisation with the network's gain and bias",
    ),
    wrong(
        "logits",
        "last norm without gain",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, 1, 0)
    return scores
""",
        "last normalisation without gain and bias",
    ),
    wrong(
        "logits",
        "last normalisation without its bias",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, 0)
    return scores
""",
        "last normalisation without its bias",
    ),
    wrong(
        "logits",
        "normalised before and after",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(layer_norm(X, gamma, beta), weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "last normalisation before the block too",
    ),
    wrong(
        "logits",
        "normalised twice",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(layer_norm(X, gamma, beta), gamma, beta)
    return scores
""",
        "normalised twice at the end",
    ),
    wrong(
        "logits",
        "scaled scores",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta) / np.sqrt(len(E))
    return scores
""",
        "scores divided by the root of D",
    ),
    wrong(
        "logits",
        "softmax axis 1",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
""",
        "shares over the positions",
    ),
    wrong(
        "logits",
        "best characters instead of scores",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return np.argmax(scores, axis=0)
""",
        "best characters instead of scores",
    ),
    wrong(
        "logits",
        "largest scores",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return np.max(scores, axis=0)
""",
        "largest scores",
    ),
    wrong(
        "logits",
        "last row only",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores[-1]
""",
        "last row only",
    ),
    wrong(
        "logits",
        "rows of the embedding",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "rows of the embedding",
    ),
    wrong(
        "logits",
        "characters as rows",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E.T[tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "characters as rows",
    ),
    wrong(
        "logits",
        "positions of transposed",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens].T).T
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "positions along the wrong axis",
    ),
    wrong(
        "logits",
        "residual around the block",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = X + transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "tokens added to the block's result",
    ),
    wrong(
        "logits",
        "embedding from omega",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(omega[tokens].T)
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "embedding with the last matrix",
    ),
    wrong(
        "logits",
        "tokens shifted",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens[1:]])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "without the first character",
    ),
    wrong(
        "logits",
        "tokens without last",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens[:-1]])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "without the last character",
    ),
    wrong(
        "logits",
        "last matrix transposed",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega.T @ layer_norm(X, gamma, beta)
    return scores
""",
        "last matrix transposed",
    ),
    wrong(
        "logits",
        "largest score of each column subtracted",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores - scores.max(axis=0)
""",
        "largest score of each column subtracted",
    ),
    wrong(
        "logits",
        "norm after omega",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = transformer_block(X, weights)
    scores = layer_norm(omega @ X, gamma, beta)
    return scores
""",
        "normalised after the last matrix",
    ),
    wrong(
        "logits",
        "no positions scaled",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = np.sqrt(len(E)) * E[:, tokens]
    X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "no positions, but scaled",
    ),
    wrong(
        "logits",
        "loop over block 3 times",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    for _ in range(3):
        X = transformer_block(X, weights)
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "block three times",
    ),
    wrong(
        "logits",
        "feed forward only",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = X + feed_forward(layer_norm(X, weights[6], weights[7]), *weights[8:])
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "network of the block alone",
    ),
    wrong(
        "logits",
        "attention only",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = add_positions(E[:, tokens])
    X = X + causal_attention(layer_norm(X, weights[0], weights[1]), *weights[2:6])
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "attention of the block alone",
    ),
    wrong(
        "logits",
        "each character alone",
        """
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model
    X = np.hstack([transformer_block(add_positions(E[:, [t]]), weights) for t in tokens])
    scores = omega @ layer_norm(X, gamma, beta)
    return scores
""",
        "each character by itself",
    ),
    wrong(
        "logits",
        "x + pos twice",
        """
def logits(tokens, model):
    E,*w,g,b,o=model
    X=E[:,tokens]
    return o@layer_norm(transformer_block(X+add_positions(X),w),g,b)
""",
        "columns added to themselves with positions",
    ),
    wrong(
        "losses",
        "mean instead of sum of exps",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.mean(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "mean of the exponentials in the softmax",
    ),
    wrong(
        "losses",
        "exponentials of the losses",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = 1 / np.exp(log_p[targets, np.arange(len(targets))])
    return result
""",
        "exponentials of the losses",
    ),
    wrong(
        "losses",
        "weighted by the target's probability",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -np.exp(log_p[targets, np.arange(len(targets))]) * log_p[targets, np.arange(len(targets))]
    return result
""",
        "weighted by the target's probability",
    ),
    wrong(
        "losses",
        "logarithm of what is missing to 1",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -np.log(1 - np.exp(log_p[targets, np.arange(len(targets))]))
    return result
""",
        "logarithm of what is missing to 1",
    ),
    wrong(
        "losses",
        "squared error",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = (1 - np.exp(log_p[targets, np.arange(len(targets))])) ** 2
    return result
""",
        "square of what is missing to 1",
    ),
    wrong(
        "losses",
        "squared error to one hot",
        """
def losses(scores, targets):
    p = np.exp(scores) / np.exp(scores).sum(axis=0)
    y = np.eye(len(scores))[:, targets]
    return np.sum((p - y) ** 2, axis=0)
""",
        "nothing subtracted, and the logarithm of a fraction",
        "squared distances from the target",
    ),
    wrong(
        "losses",
        "one-hot mean over V",
        """
def losses(scores, targets):
    z = scores - scores.max(axis=0)
    logp = z - np.log(np.exp(z).sum(axis=0))
    y = np.eye(len(scores))[:, targets]
    return -np.mean(y * logp, axis=0)
""",
        "divided by the size of the alphabet",
    ),
    wrong(
        "losses",
        "one-hot sum over positions",
        """
def losses(scores, targets):
    z = scores - scores.max(axis=0)
    logp = z - np.log(np.exp(z).sum(axis=0))
    y = np.eye(len(scores))[:, targets]
    return -np.sum(y * logp, axis=1)
""",
        "summed for each character",
    ),
    wrong(
        "losses",
        "softmax twice",
        """
def softmax(x):
    e = np.exp(x - x.max(axis=0))
    return e / e.sum(axis=0)
def losses(scores, targets):
    p = softmax(softmax(scores))
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "softmax twice",
    ),
    wrong(
        "losses",
        "max over positions subtracted",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "largest scores of the rows subtracted",
    ),
    wrong(
        "losses",
        "min subtracted",
        """
def losses(scores, targets):
    shifted = scores - np.min(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "another score than the largest subtracted",
    ),
    wrong(
        "losses",
        "linear shares",
        """
def losses(scores, targets):
    p = scores / scores.sum(axis=0)
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "shares of the scores themselves",
    ),
    wrong(
        "losses",
        "negative scores",
        """
def losses(scores, targets):
    e = np.exp(-scores)
    p = e / e.sum(axis=0)
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "nothing subtracted, and the logarithm of a fraction",
        "softmax of the negative scores",
    ),
    wrong(
        "losses",
        "logarithm of the sum added",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted + np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "logarithm of the sum added",
    ),
    wrong(
        "losses",
        "ratio of logs",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted / np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "divided by the logarithm of the sum",
    ),
    wrong(
        "losses",
        "max not put back to target",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = scores - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result
""",
        "largest score subtracted in the sum alone",
    ),
    wrong(
        "losses",
        "max added twice",
        """
def losses(scores, targets):
    m = scores.max(axis=0)
    z = scores - m
    lse = m + np.log(np.exp(z).sum(axis=0))
    return lse - z[targets, np.arange(len(targets))]
""",
        "largest score subtracted twice",
    ),
    wrong(
        "losses",
        "sigmoid instead of softmax",
        """
def losses(scores, targets):
    p = 1 / (1 + np.exp(-scores))
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "sigmoid instead of softmax",
    ),
    wrong(
        "losses",
        "probabilities of at least 1e-7",
        """
def losses(scores, targets):
    e = np.exp(scores - scores.max(axis=0))
    p = np.clip(e / e.sum(axis=0), 1e-7, 1)
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "probabilities of at least 1e-7",
    ),
    wrong(
        "losses",
        "targets shifted",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets[1:], np.arange(len(targets) - 1)]
    return result
""",
        "targets one further",
    ),
    wrong(
        "losses",
        "targets rolled",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[np.roll(targets, -1), np.arange(len(targets))]
    return result
""",
        "targets of the positions after",
    ),
    wrong(
        "losses",
        "targets minus one",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets - 1, np.arange(len(targets))]
    return result
""",
        "row above the target",
    ),
    wrong(
        "losses",
        "indices swapped",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[np.arange(len(targets)), targets]
    return result
""",
        "row and column exchanged",
    ),
    wrong(
        "losses",
        "columns of targets",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[:, targets]
    return result
""",
        "columns of the targets",
    ),
    wrong(
        "losses",
        "all characters summed",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -np.sum(log_p, axis=0)
    return result
""",
        "all characters summed",
    ),
    wrong(
        "losses",
        "mean of all characters",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -np.mean(log_p, axis=0)
    return result
""",
        "mean of all characters",
    ),
    wrong(
        "losses",
        "losses of all characters",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p
    return result
""",
        "losses of all characters",
    ),
    wrong(
        "losses",
        "divided by the number of positions",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result / len(targets)
""",
        "divided by the number of positions",
    ),
    wrong(
        "losses",
        "running sums",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return np.cumsum(result)
""",
        "running sums",
    ),
    wrong(
        "losses",
        "only the first loss",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result[0]
""",
        "only the first loss",
    ),
    wrong(
        "losses",
        "only the last loss",
        """
def losses(scores, targets):
    shifted = scores - np.max(scores, axis=0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    result = -log_p[targets, np.arange(len(targets))]
    return result[-1]
""",
        "only the last loss",
    ),
    wrong(
        "losses",
        "sum without target",
        """
def losses(scores, targets):
    e = np.exp(scores - scores.max(axis=0))
    n = np.arange(len(targets))
    return -np.log(e[targets, n] / (e.sum(axis=0) - e[targets, n]))
""",
        "target left out of the sum",
    ),
    wrong(
        "losses",
        "exp only, not normalised",
        """
def losses(scores, targets):
    e = np.exp(scores)
    return -np.log(e[targets, np.arange(len(targets))])
""",
        "exponentials not divided by their sum",
    ),
    wrong(
        "losses",
        "axis 1 no keepdims",
        """
def losses(scores, targets):
    e = np.exp(scores - scores.max(axis=1))
    p = e / e.sum(axis=1)
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "largest scores and sums of the rows, without their axis",
    ),
    wrong(
        "losses",
        "log of sum over axis 1 keepdims only",
        """
def losses(scores, targets):
    z = scores - scores.max(axis=0)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -lp[targets, np.arange(len(targets))]
""",
        "sums over the positions",
    ),
    wrong(
        "losses",
        "p first, mean of exps",
        """
def losses(scores, targets):
    e = np.exp(scores)
    p = e / np.mean(e, axis=0)
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "nothing subtracted, and the logarithm of a fraction",
        "mean of the exponentials in the softmax",
    ),
    wrong(
        "losses",
        "p first, axis 1, nothing subtracted",
        """
def losses(scores, targets):
    e = np.exp(scores)
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "nothing subtracted, and the logarithm of a fraction",
        "sums over the positions",
    ),
    wrong(
        "losses",
        "p first, global sum",
        """
def losses(scores, targets):
    e = np.exp(scores - scores.max())
    p = e / e.sum()
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "one largest score for all columns",
        "probabilities first, then the logarithm",
        "one sum for all positions",
    ),
    wrong(
        "losses",
        "p first, (1-p)^2",
        """
def losses(scores, targets):
    e = np.exp(scores)
    p = e / np.sum(e, axis=0)
    return (1 - p[targets, np.arange(len(targets))]) ** 2
""",
        "nothing subtracted, and the logarithm of a fraction",
        "square of what is missing to 1",
    ),
    wrong(
        "losses",
        "nothing subtracted, and the logarithm of a fraction and exponentials of the losses",
        """
def losses(scores, targets):
    e = np.exp(scores)
    p = e / np.sum(e, axis=0)
    return 1 / p[targets, np.arange(len(targets))]
""",
        "nothing subtracted, and the logarithm of a fraction",
        "exponentials of the losses",
    ),
    wrong(
        "losses",
        "p first, softmax twice unstable",
        """
def losses(scores, targets):
    p = np.exp(scores) / np.sum(np.exp(scores), axis=0)
    p = np.exp(p) / np.sum(np.exp(p), axis=0)
    return -np.log(p[targets, np.arange(len(targets))])
""",
        "softmax twice, nothing subtracted",
    ),
    wrong(
        "losses",
        "nothing subtracted, and the logarithm of a fraction and one sum for all positions",
        """
def losses(scores, targets):
    N=len(targets)
    e=np.exp(scores)
    p=e/e.sum()
    return -np.log(p[targets,np.arange(N)])
""",
        "nothing subtracted, and the logarithm of a fraction",
        "one sum for all positions",
    ),
    wrong(
        "losses",
        "squares of the losses",
        """
def losses(scores, targets):
    N=len(targets)
    z=scores-scores.max(axis=0)
    lp=z-np.log(np.exp(z).sum(axis=0))
    return lp[targets,np.arange(N)]**2
""",
        "squares of the losses",
    ),
    wrong(
        "perplexities",
        "first prediction left out",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses[1:]))
        result.append(perplexity)
    return result
""",
        "first prediction left out",
    ),
    wrong(
        "perplexities",
        "last prediction left out",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses[:-1]))
        result.append(perplexity)
    return result
""",
        "last prediction left out",
    ),
    wrong(
        "perplexities",
        "divided by two less",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.sum(all_losses) / (len(tokens) - 2))
        result.append(perplexity)
    return result
""",
        "divided by two less",
    ),
    wrong(
        "perplexities",
        "last prediction only",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(all_losses[-1])
        result.append(perplexity)
    return result
""",
        "only the last prediction",
    ),
    wrong(
        "perplexities",
        "first prediction only",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(all_losses[0])
        result.append(perplexity)
    return result
""",
        "only the first prediction",
    ),
    wrong(
        "perplexities",
        "median of the losses",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.median(all_losses))
        result.append(perplexity)
    return result
""",
        "median of the losses",
    ),
    wrong(
        "perplexities",
        "largest loss",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.max(all_losses))
        result.append(perplexity)
    return result
""",
        "largest loss",
    ),
    wrong(
        "perplexities",
        "power of ten",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = 10 ** np.mean(all_losses)
        result.append(perplexity)
    return result
""",
        "power of ten",
    ),
    wrong(
        "perplexities",
        "logarithm instead of the exponential",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.log(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "logarithm instead of the exponential",
    ),
    wrong(
        "perplexities",
        "sum of losses",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.sum(all_losses)
        result.append(perplexity)
    return result
""",
        "sum instead of the mean",
        "cross-entropy instead of perplexity",
    ),
    wrong(
        "perplexities",
        "exp of the sum, divided",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.sum(all_losses)) / (len(tokens) - 1)
        result.append(perplexity)
    return result
""",
        "exponential of the sum, divided",
    ),
    wrong(
        "perplexities",
        "sum of the exponentials",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.sum(np.exp(all_losses))
        result.append(perplexity)
    return result
""",
        "sum of the exponentials",
    ),
    wrong(
        "perplexities",
        "two characters ahead",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-2], model)
        all_losses = losses(scores, tokens[2:])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "two characters ahead",
    ),
    wrong(
        "perplexities",
        "tokens[1:] both",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[1:], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "each character as its own target, without the first",
    ),
    wrong(
        "perplexities",
        "single characters",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = np.hstack([logits(tokens[n:n+1], model) for n in range(len(tokens) - 1)])
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "each character predicted by the one before alone",
    ),
    wrong(
        "perplexities",
        "softmax before losses",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        scores = np.exp(scores) / np.exp(scores).sum(axis=0)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "probabilities given to the losses",
    ),
    wrong(
        "perplexities",
        "argmax as targets",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, np.argmax(scores, axis=0))
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result
""",
        "best characters as targets",
    ),
    wrong(
        "perplexities",
        "last text only",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return result[-1]
""",
        "only the last text",
    ),
    wrong(
        "perplexities",
        "sum of perplexities",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.exp(np.mean(all_losses))
        result.append(perplexity)
    return sum(result)
""",
        "sum of the perplexities",
    ),
    wrong(
        "perplexities",
        "one text joined",
        """
def perplexities(texts, model):
    tokens = np.concatenate(texts)
    return np.exp(np.mean(losses(logits(tokens[:-1], model), tokens[1:])))
""",
        "texts put together",
    ),
    wrong(
        "perplexities",
        "pooled losses, one number",
        """
def perplexities(texts, model):
    everything = []
    for t in texts:
        everything.extend(losses(logits(t[:-1], model), t[1:]))
    return np.exp(np.mean(everything))
""",
        "one perplexity for all texts",
    ),
    wrong(
        "perplexities",
        "first text's length for all",
        """
def perplexities(texts, model):
    N = len(texts[0])
    return [np.exp(np.sum(losses(logits(t[:-1], model), t[1:])) / (N - 1)) for t in texts]
""",
        "divided by the length of the first text",
    ),
    wrong(
        "perplexities",
        "divided by number of texts",
        """
def perplexities(texts, model):
    return [np.exp(np.sum(losses(logits(t[:-1], model), t[1:])) / len(texts)) for t in texts]
""",
        "divided by the number of texts",
    ),
    wrong(
        "perplexities",
        "divided by the size of the alphabet in the mean",
        """
def perplexities(texts, model):
    return [np.exp(np.sum(losses(logits(t[:-1], model), t[1:])) / model[0].shape[1]) for t in texts]
""",
        "divided by the size of the alphabet in the mean",
    ),
    wrong(
        "perplexities",
        "mean prob inverse",
        """
def perplexities(texts, model):
    return [1 / np.mean(np.exp(-losses(logits(t[:-1], model), t[1:]))) for t in texts]
""",
        "1 divided by the mean probability",
    ),
    wrong(
        "perplexities",
        "minus cross entropy",
        """
def perplexities(texts, model):
    return [-np.mean(losses(logits(t[:-1], model), t[1:])) for t in texts]
""",
        "minus the cross-entropy",
    ),
    wrong(
        "perplexities",
        "shape: all tokens scores, targets short",
        """
def perplexities(texts, model):
    return [np.exp(np.mean(losses(logits(t[:-1], model), t))) for t in texts]
""",
        "as many targets as characters",
    ),
    wrong(
        "perplexities",
        "mean not exp, sum / len",
        """
def perplexities(texts, model):
    result = []
    for tokens in texts:
        scores = logits(tokens[:-1], model)
        all_losses = losses(scores, tokens[1:])
        perplexity = np.sum(all_losses) / len(tokens)
        result.append(perplexity)
    return result
""",
        "divided by the length of the text",
        "cross-entropy instead of perplexity",
    ),
    wrong(
        "perplexities",
        "exp of the mean of all",
        """
def perplexities(texts, model):
    r=[]
    for t in texts:
        r.append(losses(logits(t[:-1],model),t[1:]).mean())
    return np.exp(np.mean(r))
""",
        "mean of the texts' losses",
    ),
    wrong(
        "perplexities",
        "without first, ce",
        """
def perplexities(texts, model):
    return [losses(logits(t[:-1],model),t[1:])[1:].mean() for t in texts]
""",
        "cross-entropy instead of perplexity",
        "first prediction left out",
    ),
    wrong(
        "continue_text",
        "last but one column",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)[:, -2]
        tokens = np.append(tokens, np.argmax(last))
    return tokens
""",
        "last column but one",
    ),
    wrong(
        "continue_text",
        "second best character",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)[:, -1]
        tokens = np.append(tokens, np.argsort(last)[-2])
    return tokens
""",
        "second best character",
    ),
    wrong(
        "continue_text",
        "one character too few",
        """
def continue_text(tokens, model, count):
    for _ in range(count - 1):
        last = logits(tokens, model)[:, -1]
        tokens = np.append(tokens, np.argmax(last))
    return tokens
""",
        "one character too few",
    ),
    wrong(
        "continue_text",
        "mean over columns",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model).mean(axis=1)
        tokens = np.append(tokens, np.argmax(last))
    return tokens
""",
        "scores of all positions together",
    ),
    wrong(
        "continue_text",
        "softmax along the rows then last col",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)
        last = (np.exp(last) / np.exp(last).sum(axis=1, keepdims=True))[:, -1]
        tokens = np.append(tokens, np.argmax(last))
    return tokens
""",
        "probabilities over the positions",
    ),
    wrong(
        "continue_text",
        "replaces the last",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)[:, -1]
        tokens = np.append(tokens[:-1], np.argmax(last))
    return tokens
""",
        "last character replaced",
    ),
    wrong(
        "continue_text",
        "one given to the model shorter",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens[:-1], model)[:, -1]
        tokens = np.append(tokens, np.argmax(last))
    return tokens
""",
        "last character not given to the model",
    ),
    wrong(
        "continue_text",
        "text given backwards",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens[::-1], model)[:, -1]
        tokens = np.append(tokens, np.argmax(last))
    return tokens
""",
        "text given backwards",
    ),
    wrong(
        "continue_text",
        "without the first",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens[1:], model)[:, -1]
        tokens = np.append(tokens, np.argmax(last))
    return tokens
""",
        "first character not given to the model",
    ),
    wrong(
        "continue_text",
        "truncated to count",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)[:, -1]
        tokens = np.append(tokens, np.argmax(last))
    return tokens[:count]
""",
        "cut off after count characters",
    ),
    wrong(
        "continue_text",
        "last new only",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)[:, -1]
        tokens = np.append(tokens, np.argmax(last))
    return tokens[-1]
""",
        "only the last new character",
    ),
    wrong(
        "continue_text",
        "appended twice",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        last = logits(tokens, model)[:, -1]
        tokens = np.append(tokens, [np.argmax(last)] * 2)
    return tokens
""",
        "each character put twice",
    ),
    wrong(
        "continue_text",
        "all in one go",
        """
def continue_text(tokens, model, count):
    s = logits(tokens, model)
    return np.append(tokens, np.argmax(s[:, -count:], axis=0))
""",
        "new characters from one call",
    ),
    wrong(
        "continue_text",
        "window of the first length",
        """
def continue_text(tokens, model, count):
    N = len(tokens)
    for _ in range(count):
        tokens = np.append(tokens, np.argmax(logits(tokens[-N:], model)[:, -1]))
    return tokens
""",
        "window of the first length",
    ),
    wrong(
        "continue_text",
        "only new context",
        """
def continue_text(tokens, model, count):
    new = []
    context = tokens
    for _ in range(count):
        t = np.argmax(logits(np.array(context), model)[:, -1])
        new.append(t)
        context = new
    return np.append(tokens, new)
""",
        "only new characters are seen",
    ),
    wrong(
        "continue_text",
        "column of loop counter",
        """
def continue_text(tokens, model, count):
    for i in range(count):
        tokens = np.append(tokens, np.argmax(logits(tokens, model)[:, i]))
    return tokens
""",
        "column of the round",
    ),
    wrong(
        "continue_text",
        "text that was given twice",
        """
def continue_text(tokens, model, count):
    text = tokens
    for i in range(count):
        text = np.append(text, np.argmax(logits(text, model)[:, -1]))
    return np.append(tokens, text)
""",
        "text that was given twice",
    ),
    wrong(
        "continue_text",
        "unchanged text returned",
        """
def continue_text(tokens, model, count):
    text = list(tokens)
    for i in range(count):
        text.append(np.argmax(logits(np.array(text), model)[:, -1]))
    return tokens
""",
        "text returned as it came",
    ),
    wrong(
        "continue_text",
        "new ones, of the first text only",
        """
def continue_text(tokens, model, count):
    new = []
    for i in range(count):
        new.append(np.argmax(logits(tokens, model)[:, -1]))
    return new
""",
        "same character again and again",
        "only what is new",
    ),
    wrong(
        "continue_text",
        "first row of the scores",
        """
def continue_text(tokens, model, count):
    for i in range(count):
        tokens = np.append(tokens, np.argmax(logits(tokens, model)[0]))
    return tokens
""",
        "first row of the scores",
    ),
    wrong(
        "continue_text",
        "inserts before the last",
        """
def continue_text(tokens, model, count):
    for i in range(count):
        tokens = np.insert(tokens, -1, np.argmax(logits(tokens, model)[:, -1]))
    return tokens
""",
        "put before the last character",
    ),
    wrong(
        "continue_text",
        "only last two chars given",
        """
def continue_text(tokens, model, count):
    for i in range(count):
        tokens = np.append(tokens, np.argmax(logits(tokens[-2:], model)[:, -1]))
    return tokens
""",
        "only the last two characters are seen",
    ),
    wrong(
        "continue_text",
        "prob of last column minus previous",
        """
def continue_text(tokens, model, count):
    for i in range(count):
        s = logits(tokens, model)[:, -1]
        s[tokens] = -np.inf
        tokens = np.append(tokens, np.argmax(s))
    return tokens
""",
        "no character twice",
    ),
    wrong(
        "continue_text",
        "first char dropped at return",
        """
def continue_text(tokens, model, count):
    for i in range(count):
        s = logits(tokens, model)[:, -1]
        tokens = np.append(tokens, np.argmax(s))
    return tokens[1:]
""",
        "first character lost",
    ),
    wrong(
        "continue_text",
        "column of the largest of all scores",
        """
def continue_text(tokens, model, count):
    for _ in range(count):
        tokens=np.append(tokens,np.argmax(logits(tokens,model))%len(model[-1]))
    return tokens
""",
        "column of the largest of all scores",
    ),
]
