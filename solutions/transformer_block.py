# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A transformer block, and a model that writes
#
# Attention lets tokens exchange what they know. To make a model of it, four things are missing: a normalisation that
# keeps the numbers in a range where learning works, a small network that works on each token by itself, connections
# around both of them, and a way from tokens to a prediction.
#
# In this notebook you build them, and put them together to a language model that predicts the next character of a text.
# It is tiny, less than three thousand numbers, but it has been trained: at the end, your functions run it, and it writes.
# The notation is that of chapter 12 of S. J. D. Prince, *Understanding Deep Learning* (MIT Press, 2023); the text and
# the code are our own.
#
# **How to work.** Wherever you see `...`, replace it by your own code. Then run the cell, and the cell with
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too: take
# sizes from the arguments, not from `D` and `N` of this notebook.

# %% [markdown]
# ## The inputs
#
# There are $N$ tokens of $D$ numbers each, side by side as the columns of a matrix $\mathbf{X}$ of shape $(D, N)$. For
# the first three sections they are random, and so are all weights.

# %% tags=["given"]
import base64

import numpy as np

# Number of dimensions of each token, and number of tokens
D = 6
N = 4

# The tokens, one in each column
np.random.seed(3)
X = 2 + np.random.normal(size=(D, N)) * np.array([1, 3, 0.5, 10])

np.set_printoptions(precision=3, suppress=True)
print(X)

# %% [markdown]
# ## 1. Layer normalisation
#
# If the numbers grow or shrink from layer to layer, a deep network does not learn. So each token is brought to mean 0
# and variance 1, **for itself**, over its $D$ numbers $x_{1n}, \ldots, x_{Dn}$:
#
# $$
# \mu_n = \frac{1}{D}\sum_{d} x_{dn} \qquad
# \sigma_n^2 = \frac{1}{D}\sum_{d} (x_{dn} - \mu_n)^2 \qquad
# y_{dn} = \gamma_d\,\frac{x_{dn} - \mu_n}{\sqrt{\sigma_n^2 + \epsilon}} + \beta_d
# $$
#
# The variance is divided by $D$, not by $D - 1$. The small number $\epsilon$ under the root keeps a token whose numbers
# are all equal from a division by zero. The gain $\boldsymbol\gamma$ and the bias $\boldsymbol\beta$, of shape
# $(D, 1)$, are learned: they let the network undo what it has no use for.


# %% question="layer_norm"
def layer_norm(X, gamma, beta, eps=1e-5):
    # Mean and variance of each token
    mean = np.mean(X, axis=0)  # SOLUTION
    variance = np.mean((X - mean) ** 2, axis=0)  # SOLUTION

    # The tokens with mean 0 and variance 1, shape (D, N)
    normal = (X - mean) / np.sqrt(variance + eps)  # SOLUTION

    # With gain and bias, shape (D, N)
    Y = gamma * normal + beta  # SOLUTION
    return Y


# %% [markdown]
# The columns of `X` differ much in size. Normalised, with a gain of 1 and a bias of 0, they should not:

# %% tags=["given", "show"]
print("Your answer:")
print(layer_norm(X, np.ones((D, 1)), np.zeros((D, 1))))
print("\nTrue values:")
print("[[ 1.73   0.515 -0.121 -1.564]")
print(" [-0.391 -0.285 -0.324 -0.167]")
print(" [-0.151 -0.409 -1.719  1.54 ]")
print(" [ 0.799  1.802 -0.173  0.084]")
print(" [-0.666 -1.49   0.883 -0.702]")
print(" [-1.322 -0.134  1.454  0.809]]")

# %% [markdown]
# ## 2. The feed-forward network
#
# After tokens have looked at each other, each of them is worked on by itself, by a network with one hidden layer of $F$
# numbers, usually more than $D$:
#
# $$
# \mathbf{H} = \operatorname{ReLU}\bigl[\boldsymbol\Omega_1\mathbf{X} + \boldsymbol\beta_1\mathbf{1}^T\bigr] \qquad
# \mathbf{Y} = \boldsymbol\Omega_2\mathbf{H} + \boldsymbol\beta_2\mathbf{1}^T
# $$
#
# with $\boldsymbol\Omega_1$ of shape $(F, D)$, $\boldsymbol\beta_1$ $(F, 1)$, $\boldsymbol\Omega_2$ $(D, F)$ and
# $\boldsymbol\beta_2$ $(D, 1)$. The ReLU keeps what is positive and puts 0 for what is negative. (Newer models like to
# use GELU, which is smoother; ours was trained with ReLU.)


# %% question="feed_forward"
def feed_forward(X, omega_1, beta_1, omega_2, beta_2):
    # The hidden layer, shape (F, N)
    hidden = np.maximum(omega_1 @ X + beta_1, 0)  # SOLUTION

    # Back to the size of the tokens, shape (D, N)
    Y = omega_2 @ hidden + beta_2  # SOLUTION
    return Y


# %% [markdown]
# ## 3. The block
#
# A transformer block has two parts, attention and feed-forward network. Neither replaces the tokens: what it computes is
# **added** to them. Through these residual connections the tokens, and in learning the gradients, find a straight way
# through the network. And each part sees the tokens normalised. Where the normalisation is put has changed since the
# first transformers; ours stands *before* each part (**pre-norm**), within the connection around it:
#
# $$
# \mathbf{X}_a = \mathbf{X} + \operatorname{Attention}\bigl[\operatorname{LayerNorm}_a[\mathbf{X}]\bigr] \qquad
# \mathbf{X}_f = \mathbf{X}_a + \operatorname{FeedForward}\bigl[\operatorname{LayerNorm}_f[\mathbf{X}_a]\bigr]
# $$
#
# The attention is given. It is the scaled self-attention of the notebooks before, with an $\boldsymbol\Omega_c$ at its
# end, and with a causal mask: a token attends to itself and to the tokens before it, for those behind it are what a
# language model is to predict.


# %% tags=["given"]
def causal_attention(X, omega_q, omega_k, omega_v, omega_c):
    """Return, for tokens (D, N), what each takes from itself and the tokens before it, shape (D, N)."""
    Q, K, V = omega_q @ X, omega_k @ X, omega_v @ X
    products = K.T @ Q / np.sqrt(Q.shape[0])
    products[np.tril_indices(len(products), -1)] = -np.inf  # a key, in row m, that is behind query n
    exponentials = np.exp(products - np.max(products, axis=0))
    return omega_c @ V @ (exponentials / np.sum(exponentials, axis=0))


# The twelve parameters of a block, in the order in which they are used: here, random ones with F = 10
np.random.seed(0)
F = 10
block = [
    1 + 0.3 * np.random.normal(size=(D, 1)),  # gamma_a: gain and bias before the attention
    0.3 * np.random.normal(size=(D, 1)),  # beta_a
    np.random.normal(size=(D, D)),  # omega_q: the attention
    np.random.normal(size=(D, D)),  # omega_k
    np.random.normal(size=(D, D)),  # omega_v
    np.random.normal(size=(D, D)),  # omega_c
    1 + 0.3 * np.random.normal(size=(D, 1)),  # gamma_f: gain and bias before the feed-forward network
    0.3 * np.random.normal(size=(D, 1)),  # beta_f
    np.random.normal(size=(F, D)),  # omega_1: the feed-forward network
    np.random.normal(size=(F, 1)),  # beta_1
    np.random.normal(size=(D, F)),  # omega_2
    np.random.normal(size=(D, 1)),  # beta_2
]

# %% [markdown]
# Put the block together, with your functions `layer_norm` and `feed_forward`, and with `causal_attention`.


# %% question="transformer_block"
def transformer_block(X, weights):
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c = weights[:6]
    gamma_f, beta_f, omega_1, beta_1, omega_2, beta_2 = weights[6:]

    # After the attention, shape (D, N)
    X_a = X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)  # SOLUTION

    # After the feed-forward network, shape (D, N)
    X_f = X_a + feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)  # SOLUTION
    return X_f


# %% tags=["given", "show"]
print("Your answer:")
print(transformer_block(X, block))
print("\nTrue values:")
print("[[  1.741   0.659   0.764 -13.941]")
print(" [ -9.069 -11.166   3.522 -14.53 ]")
print(" [  1.593   0.957   2.798  15.932]")
print(" [  7.484   6.334   1.712   1.545]")
print(" [  2.464   0.668   6.547  -2.524]")
print(" [  1.84    0.595   6.054   5.857]]")

# %% [markdown]
# ## 4. From characters to scores
#
# Now for the model. Its tokens are characters: the $V = 20$ of them that it knows, as numbers from 0 to 19. Here are
# its parameters, as they came out of a training on some thousand short sentences (about cats, dogs and where they sat).
# You need not read the letters below: they are 2832 small whole numbers, written as text.

# %% tags=["given"]
CHARACTERS = " .acdefghilmnoprstwx"


def encode(text):
    """Return the numbers of the characters of a text."""
    return np.array([CHARACTERS.index(character) for character in text])


def decode(tokens):
    """Return the text whose characters have these numbers."""
    return "".join(CHARACTERS[token] for token in tokens)


LEARNED = """
AAIGEAwE+QHy/OnzAuHkBQQZCAMBAvwCAwDq8AT3/gsFCw0KAwr47gQDBAEIBwP/CAQK/wULCAcEBQf+/v79/AUB/wMPAQoEAAX/
AwEFCgL+AQT7EQP9BCIDFxH6BAoDBQwPBgYDB/8EBwgD/QAD9wwHAwMIAQf//v4E+gbyCgbw9P/vEfcDAfv4BgP0Du0XEfIQ/PwJ
BgLzCu8W+vv5+gD5BAAFCQTn+PgE+OIHCwEG8+njAwrz+ggADv0K2RPt/Ory9gIEDvfrCO34+AHv9/oIAe0ACub7CQIH9/MBEuwQ
DOsI/Pzu+AkUAgkeGw4LB/8U8P0Q+/wGDQLvCRb/7+wKCff+5fsPARn98Qr7Cw8SAAAX/+307wIeDP/uFfofAf0HAwP4BQkC/xsY
H+voCunp/vz+Duz3/Q3wEgUN9fUVGDIyJTYnGyMeIRUaFxsX/v39DvrtBQIKAP0JCAP/Bg0FFv36D+0LBPIF7/LyCP4KAvER/fQH
9gMN+v4X5AH6CQMM+/D8+BT7C/0Q8vz3AgD/BeYICQoD6QMD8grxIP4ACtoG/ucTCPLy/BD9DQUM8AEHAvwI/AnuAP8FAAQDBvYB
DewRAPEG8gH2FBD2CQoN/PL1FAP8+PwSAQEEDP8F9wT59wQB7vzzGRT5/Qru+PXs7QHyAAMCC/wHBvL97QHsAureCvwAEQv79wL9
CfgCBfwPHvIH+f37Du4R6/72/xUCCOkUJwL1DgkG6vvy9fMDDfUX8A/48Q/xDuMB+f76CPwW/vgB/P77B/8IBhrq9/kUFf4EBP3z
CQj/Bv38+/8KDBj6DCDp+uwG5gH7CQkAAALzFfAHCPYMCxL++wD59/oFEe71/w34BPb27PzxEAb0/AHeCQ7qCwAP+gwG/P398Qjl
Bu7eE/8LBQcFDf4LBAbxEvf+9gMD///99fP/CQD3+AvdB+kYBf4GCv3/Bwb6Bgrn7wf5E/gK8w789fwKAPL97/0OIPjyDAf/9/fz
/BH/7uYI8g39Afv78fcG/vz/9/Xh3Q/6Dgj3+QMCCQ8ABAoGGRLh+wz5C/YM/vfyB/4CBAT3DyvnCfH9+QD8/AIDAwr3HAYj7Qj3
/+gC+An7/gkHE/n49gP+AAYLAPcF9gj1/xADBAv+BQD4Aw4AAQIBAQb0Cvf+/gP06gsP6P39CvUJ/fzzA/wdARIQAP8KDf7vAwP5
CAIIAf34Be7/IPb3Ef35AfcGCAMPCOUCAPkZBxMIBAcP/BAL6wj78wT18goFBfr4DQbuEPUZEBbu7QLu+PT3BQ78+xYLBgHwAv0H
IQoC/PgI/BTu8wMNBP3+7Br8+wMBAwT88AXwCQgG/f0O/fr/Bgv4AfoEBvz6J+jy+gQG9wQF9vDnDBj8/gwQEOb+EQX4EfXw6BUJ
/vcHAxoFCw/8/fwG+A756gQLF/L9Be8PAgT4/gLz+SAE+v3vABb6BAYD/g/29eX/DvcUCRQHBvr8/PED+QgKFBUKBfwT/PMFDAMV
7R4J+/3t6vn7AvcF9PH2FAjvDQcX7ecQ9/P+Ghb0//0WCPn84vgCA/7xH+YKG/IBBOnx+/oLDPD6BAr7/Pga9OTy+wL+DQv++vf/
9gED+A76Fgz8E/wM7g3mA/wD9wUF+ADvA/78BBD1BOrs9eUW+A316/0LEgb2BgAL/QMDAvb0DfoFBPoDBf8J9P78A/YJ8gT/Cwb3
AA0DAxAK8wD1+fv2BAHy//YD8PX5Bw0R5/75/ez9Cwn/+/8REPwE/QUP+/wD+Aj//QYGEAEBBAD3Cv3xBwL/8vYJDf70APP08Ab9
ChQWBv8SAxMXCQr/BfgG/wkL++D7++4HAPQZGzckNjc+LCcvNCwxMTsrA//+9O8BCP4CBQsD+A0F+/IKCwwJDdUX8QX92QEEEgUD
/Of8AfIM/BAKBgoJ8wr4+gANA+39/SDu8w8DDOMY+wIC5gkiEwL88wgR9/r8C/zzACL+Bf/3DATh/vkT6wQJ7vwQJtn55/7w+QsM
+vn1EAbw+BIGHP///AEGGAH17Oj/CCAG4wMGAPH9Agv47QDpBxH99/oHEegFE/76+OvsBhMLFP7mGwYPCv8J9+AI8PQH+/n6AeYH
+AYPBd7o7AX9APz5CQn3BR3/C/ELBtzo8fn2+Q72/Pne7QUMBQkDDwz5BfwQ7hn8HwDsCeMDBgzdBvgNAvn07vrxBgj+FBsPFvwP
+xAP9O4F9+wM9A8R6Qb76/kW+d/8A/QDLA/y8vz8EBPw/f0SDO4V7Q3uFwb68O4A+QEY+QAE7/z2AQr1Dv3s6wAXAvQL9RP27gkL
BfYPDAEL+ugA9vLo7ysL/f318REB+gIM+vcAAe4QDOv95BMJ7gIpAvHf+woW9RkX9BYO+Q3+AAcS7Qbs9w8JAhTcBfPr/v7vCx35
/vMFEwIBD/ALCgb5AAf9DPgH8PIJ9/kVBPbsD/0YHQLn8/T69ecXB/v7FBUDDt4N8eUcDO/kAer5BOz/BuvxAw4A/v70/wcG+A4X
+AEGCgD6FPDzHQnw9wcI6goOCO/8CAMYC+rzD+0DCw0PLPzv/QvyBgcB7/bc+gPy7vn3Bub++vwD8/QG//oB/v8S9PH8Bfjy8/7v
/e0F/P4NCAD++/MCD+r6AADx8fMQFPEBCgkABQMIBxkB9vwCBwj/9hLr+AH2EQAFERUB5gD2CPr6+hP17wv1A/zh8RX+9PL9+fIB
5OcQAQr+CvgBBQwBA/0FDeruFQvoCfDpB/8MAxL78fftEfz4+AwACwH2/goC+wcEBg769QAL+PkAAg3w/P39EhD1/fwBCQX6+/gD
Au8T9OgOABn6Bf32/f3nFfMA/e7++hARCxb8Cgn/AvkH7x0D/fr2/P8L2wEP8gbuCPwH+QsM9gUGBQsFEO4F7PESAvIKAv/tAvES
AQb35Q8V/vDwCgUJBxzsAf/iAwMFAwj1+Qfu/QD9+fgAA/jo/xAMDRAAAv3wAPYQ9BD+DPf9//YA+hAL4AAAABf/+Pz0AxISCfkd
/BD8Cvf1/wsHAfwY5ugO7BH2DOsD/ez9DQbgBP8aAg4M8fAe8BTuAA4C/gYD/QcE7wsGA/4FG/3xDQscBQgCBgfxB+QOAP/8AQb9
CfLs8/UN2AABBA3xDf7xBeLl+/3r+hD7EPD0FgcFCinv/QIKDPUEBvv0EQ7/9+0C+AASAQ7u+APy+PwAEQIL7hP89QH2AQwP9AkP
Cg8NEQXn++8P8/8P99/8DgH44gILBQMF+v8KEO8BA+rzD/0X+/TkAPz2AA7qG+/p8Q/+GAvvGPr5CPwFBh8G9AYF/f7/Av8A+wED
/P77BgcgNTdCPkFNQlNRPD9ISEVG9AIE+wLzAfzxBBIHAhIN/voUJ+n08hv04CgP8xIWCev4GPUj+PoQ5eYRCAjyyhvfCPDn9wDr
CQ4YBQgZ6RnrDAAA+gj1CPMV8/ne7A3jBAf5Aeka2gb1DuXy+/gc+Qcc+gMD8QkQ/C/jFucm6Cce2wUFAAn3C/UY9/zh7g3lBQfw
Miwf5Q/dGe7nD/n57eD4Cwv/+hvm7f7m8ff+EeYRExL/8eoTGvbwEuMKHe737f7+6wwN6fPt8vATG/TxAwkgCAcICgkD5Oz56gD1
Bu8HFvjpEfX+ItQBBwAr7ScN5woRCN/zABgaCyoO/e3e6d7zFPQlDggT6vjs4g/58fvy2vAE+wUS/f8J9Ofh4gTl/QkA+QEGEPr0
+gnKBeYPFBcACeT2B/HuDvkwFuwfChbq/hP0AwjT+PcUMP0VGAL45+wDIRIR8DXg+Un0//X9+fns
"""
SHAPES = [
    (16, 20),  # E: a column for each character
    (16, 1),  # the twelve parameters of the block, from gamma_a ...
    (16, 1),
    (16, 16),
    (16, 16),
    (16, 16),
    (16, 16),
    (16, 1),
    (16, 1),
    (32, 16),
    (32, 1),
    (16, 32),
    (16, 1),  # ... to beta_2
    (16, 1),  # gamma: the gain and the bias at the end
    (16, 1),  # beta
    (20, 16),  # omega: a row for each character
]

# The whole numbers are 32 times the parameters, one parameter after the other
numbers = np.frombuffer(base64.b64decode(LEARNED), dtype=np.int8) / 32
model = []
for rows, columns in SHAPES:
    parameter, numbers = numbers[: rows * columns], numbers[rows * columns :]
    model.append(parameter.reshape(rows, columns))


def add_positions(X):
    """Return tokens (D, N), times the root of D, with the sinusoidal encoding of their positions."""
    rows, positions = np.arange(X.shape[0])[:, None], np.arange(X.shape[1])
    angles = positions / 10000 ** (rows // 2 * 2 / X.shape[0])
    return np.sqrt(X.shape[0]) * X + np.where(rows % 2, np.cos(angles), np.sin(angles))


print(encode("the cat sat."))

# %% [markdown]
# What happens to a text, given as a vector of $N$ numbers of characters:
#
# * **Embedding.** Each character is looked up: number $t$ stands for column $t$ of $\mathbf{E}$, which has the shape
#   $(D, V)$. That gives a matrix of shape $(D, N)$, to which `add_positions`, given above, adds the positions.
# * **Block.** It goes through the transformer block. (A large model has a hundred of them, one after the other.)
# * **Scores.** It is normalised a last time, with a gain $\boldsymbol\gamma$ and a bias $\boldsymbol\beta$ of its own,
#   and multiplied by $\boldsymbol\Omega$ of shape $(V, D)$:
#
# $$
# \mathbf{S} = \boldsymbol\Omega\,\operatorname{LayerNorm}\bigl[\operatorname{Block}\bigl[
# \operatorname{AddPositions}[\mathbf{E}_{t_1}, \ldots, \mathbf{E}_{t_N}]\bigr]\bigr]
# $$
#
# Column $n$ of $\mathbf{S}$, of shape $(V, N)$, has a score for each character to be the **next** one, after character
# $n$. Such scores are called logits: they are numbers of any size, and the softmax comes later.


# %% question="logits"
def logits(tokens, model):
    E, *weights, gamma, beta, omega = model

    # The tokens as vectors, with their positions, shape (D, N)
    X = add_positions(E[:, tokens])  # SOLUTION

    # After the block, shape (D, N)
    X = transformer_block(X, weights)  # SOLUTION

    # A score for each character to come next, at each position, shape (V, N)
    scores = omega @ layer_norm(X, gamma, beta)  # SOLUTION
    return scores


# %% [markdown]
# What does the model expect after each character of a text? The three most probable ones:

# %% tags=["given", "show"]
text = "the cat"
scores = logits(encode(text), model)
for n, column in enumerate([] if scores is ... else np.transpose(scores)):
    shares = np.exp(column - max(column)) / sum(np.exp(column - max(column)))
    best = np.argsort(-shares)[:3]
    print(f"after {text[: n + 1]!r:10}", *(f"{CHARACTERS[each]!r}: {shares[each]:4.0%}  " for each in best))

# %% [markdown]
# ## 5. How surprised is the model?
#
# A model is good if it gave a high probability to what really came. At position $n$ let $t$ be the number of the
# character that came: the **target**. The softmax of column $n$ makes probabilities of the scores, and the loss is minus
# the logarithm of that of the target:
#
# $$
# p_{vn} = \frac{\exp(s_{vn})}{\sum_{v'} \exp(s_{v'n})} \qquad\qquad \ell_n = -\log p_{tn}
# $$
#
# The logarithm is the natural one. The loss is 0 if the model was certain and right, and large if it thought the target
# very unlikely. Return the losses at all positions, a vector of $N$ numbers. (Their mean is called the cross-entropy:
# it is what training makes small.)
#
# Take care: `exp` of a large score is infinite, and the logarithm of a probability that was rounded to 0 is too. Both are
# avoided if you simplify the logarithm of the fraction before you compute it, and subtract from each column what does
# not change the softmax.


# %% question="losses"
def losses(scores, targets):
    # The logarithms of the probabilities of all characters, shape (V, N)
    shifted = scores - np.max(scores, axis=0)  # SOLUTION
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0))  # SOLUTION

    # The loss of each target: N numbers
    result = -log_p[targets, np.arange(len(targets))]  # SOLUTION
    return result


# %% [markdown]
# Where is the model surprised? At the beginning of a word it can hardly know which one comes; within it, it should.

# %% tags=["given", "show"]
before, after = "the fox sat on a log", "he fox sat on a log."
found = losses(logits(encode(before), model), encode(after))
for n, loss in enumerate([] if found is ... else found):
    print(f"{after[n]!r} {loss:6.3f} {'#' * int(10 * loss)}")

# %% [markdown]
# ## 6. Perplexity
#
# The losses of a whole text come down to one number. In a text $t_1, \ldots, t_N$ the model predicts $t_2$ from $t_1$,
# then $t_3$ from $t_1, t_2$, and so on up to $t_N$: these are $N - 1$ predictions, and thanks to the causal mask all of them
# come out of one call of `logits`. The **perplexity** is the exponential of their mean loss:
#
# $$
# \operatorname{perplexity} = \exp\left[\frac{1}{N-1}\sum_{n=1}^{N-1} \ell_n\right]
# $$
#
# It is 1 if the model foresaw everything; if it had to guess among $V$ equal chances each time, it is $V$. Write a
# function that takes a list of texts, each a vector of numbers of characters, and returns a list of their perplexities.


# %% question="perplexities"
def perplexities(texts, model):
    result = []
    for tokens in texts:
        # The scores for what comes next, and the losses of what came
        scores = logits(tokens[:-1], model)  # SOLUTION
        all_losses = losses(scores, tokens[1:])  # SOLUTION

        # One number for this text
        perplexity = np.exp(np.mean(all_losses))  # SOLUTION
        result.append(perplexity)
    return result


# %% [markdown]
# Which of these texts does the model find natural?

# %% tags=["given", "show"]
texts = [
    "the cat sat on the mat.",
    "a hen met the fox.",
    "the mat sat on the cat.",
    "mat the on sat cat the.",
    ".tam eht no tas tac eht",
]
true_values = [1.302, 1.512, 2.567, 39.28, 1519892.748]
found = perplexities([encode(text) for text in texts], model)
for n, text in enumerate(texts):
    print(f"{text}  your answer: {found[n]}  true value: {true_values[n]}")

# %% [markdown]
# ## 7. The model writes
#
# To write, the model is asked what comes next, the character is put at the end of the text, and the model is asked again,
# for the longer text. Which character to take? We are **greedy**: always the one with the largest score.
#
# Write a function that continues a text, given as a vector of numbers, by `count` characters, and returns all of it:
# what was given, and what is new.


# %% question="continue_text"
def continue_text(tokens, model, count):
    for _ in range(count):
        # The scores of all characters to come next, after the last one: V numbers
        last = logits(tokens, model)[:, -1]  # SOLUTION

        # The text, with the character of the largest score at its end
        tokens = np.append(tokens, np.argmax(last))  # SOLUTION
    return tokens


# %% tags=["given", "show"]
for start in ["t", "a c", "the dog ", "the fox saw "]:
    tokens = continue_text(encode(start), model, 36 - len(start))
    print(tokens if tokens is ... else decode(tokens))

# %% [markdown]
# You should read four texts like `the cow sat on the hill. the cow sat`. The words are right, and what they say is dull:
# being greedy, the model always takes what is most usual. To draw the next character by its probability makes livelier
# texts.

# %% [markdown]
# ## To think about
#
# * Which parts of the model let characters learn of each other, and which work on each character by itself?
# * The model was trained on texts of up to 40 characters. What could go wrong with longer ones?
# * For a long text, `continue_text` computes everything anew for each character. What of it could be kept?

# %% [markdown] tags=["private"]
# # How it is judged

# %%
# The parameters of the model come from `tests/train_characters.py`.
from math import erf

from autograder import author

author.assignment("A transformer block", environment=["numpy>=2.0,<2.4", "matplotlib>=3.8"])


def near(one, other):
    """Whether two arrays are the same, in single precision too."""
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-3, atol=1e-3)


def small_block(rng, D, F):
    """Return random parameters of a block."""

    def matrix(rows, columns):
        return rng.normal(size=(rows, columns))

    before = [[1 + 0.3 * matrix(D, 1), 0.3 * matrix(D, 1)] for _ in range(2)]
    attention = [matrix(D, D) for _ in range(4)]
    return [*before[0], *attention, *before[1], matrix(F, D), matrix(F, 1), matrix(D, F), matrix(D, 1)]


def small_model(rng, D, F, V):
    """Return random parameters of a model."""
    ends = [1 + 0.3 * rng.normal(size=(D, 1)), 0.3 * rng.normal(size=(D, 1))]
    return [rng.normal(size=(D, V)), *small_block(rng, D, F), *ends, rng.normal(size=(V, D))]


HINTS = {
    "layer_norm": [
        "Take one column by itself. What is its mean, and how far are its numbers from it? NumPy does that for all columns "
        "at once if you say along which axis it should run.",
        "Three equations of section 1, three lines: means, then variances, then the fraction with what stands around it. "
        "Means and variances are N numbers. The root stands over a sum of two terms.",
        "A token with the numbers 1, 3, 8 has the mean 4 and the variance (9 + 1 + 16) / 3 = 8.667, whose root is 2.944. "
        "Normalised it is -1.019, -0.34, 1.359. With gain 2 and bias 1 everywhere: -1.038, 0.321, 3.717.",
    ],
    "feed_forward": [
        "Two layers, one after the other, of the kind that you know from queries and keys: a matrix, and a bias. Between "
        "them something happens to each number by itself.",
        "In the first equation of section 2, the ReLU has all of the sum in its brackets, the bias too. In the second there "
        "is no ReLU. NumPy has a function for the larger one of two numbers, entry by entry.",
        "A token (2, -1), omega_1 with rows (1, 1) and (-1, 3), beta_1 = (0.5, 1): the sums are 1.5 and -4, the hidden layer "
        "is 1.5 and 0. With omega_2 = (2, 7) in one row and beta_2 = -1 the result is 2 * 1.5 + 0 - 1 = 2.",
    ],
    "transformer_block": [
        "Read the two equations of section 3 from the inside out: what is computed first? What is added to what, and is it "
        "normalised when it is added?",
        "In each equation the same letter stands twice on the right: alone, and within the layer normalisation. In the second "
        "equation it is what came out of the first.",
        "Say the tokens are 10, the first part computes 2 from the normalised tokens, and the second computes 5 from what it "
        "is given, normalised. Then the tokens are 12 after the first part, the second part is given 12, and the result is "
        "17.",
    ],
    "logits": [
        "Three lines for the three points of section 4. The first looks up columns: an array of numbers can be an index in "
        "NumPy. Everything else are functions that you have.",
        "The equation of section 4, from the inside out: columns of E, positions, block, layer normalisation, matrix product. "
        "The last two have parameters of their own, which stand at the end of the model.",
        "Let E have the columns (1, 2), (3, 4), (5, 6). The text 2, 0, 0 becomes the columns (5, 6), (1, 2), (1, 2), in a "
        "matrix of shape (2, 3): D = 2 numbers for each of N = 3 characters. Only the positions make the last two "
        "different.",
    ],
    "losses": [
        "First make a table of logarithms of probabilities, as large as the scores. Then take one number out of each column: "
        "which row is it in?",
        "The logarithm of a fraction is a difference: the score of the target, minus the logarithm of the sum over its "
        "column. Both may have the largest score of the column subtracted before.",
        "A column of scores 2, 0, 1: the exponentials are 7.389, 1, 2.718, and their sum is 11.107, whose logarithm is 2.408. "
        "The losses of the three characters would be 0.408, 2.408 and 1.408. If the target is 1, it is 2.408.",
    ],
    "perplexities": [
        "Write down a text of four characters, and below each of them the one that comes after it. For which of them is there "
        "none?",
        "In section 6, the model predicts the second character from the first, and so on: what goes into `logits` has one "
        "character less than the text, and so have the targets. But not the same one.",
        "A text 3, 1, 4, 1: the model is given 3, 1, 4, and the targets are 1, 4, 1. If their losses are 0.5, 2 and 0.2, the "
        "mean is 0.9 and the perplexity is the exponential of it, 2.46.",
    ],
    "continue_text": [
        "What do you know about the next character when you have all the scores of a text? Most of its columns are about "
        "characters that are there already.",
        "As section 7 says: ask the model, take the number of the largest score, put it at the end, ask again for the longer "
        "text. In the scores, which column is about what comes after the last character?",
        "The text is 5, 2 and the last column of its scores is 0.1, 3, -7, 2. The largest stands in row 1, so the text becomes "
        "5, 2, 1. In the next round the model is given these three, and a fourth is found.",
    ],
}

# %%
author.question(
    "layer_norm",
    hints=HINTS["layer_norm"],
    sizes=lambda X, *_: {"D": X.shape[0], "N": X.shape[1]},
    steps=[
        author.step("mean of each token", 0.75),
        author.step("variance of each token", 0.75),
        author.step("eps under the root", 0.5),
        author.step("gain and bias", 0.5),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="X and the result are (D, N); there is one mean and one variance for each of the N columns; gamma and beta are "
    "(D, 1), one number for each row.",
    cases=[
        author.case("the notebook's tokens", hidden=False, args=(X, block[0], block[1])),
        author.case("the notebook's tokens, a larger eps", hidden=False, args=(X, block[6], block[7], 0.5)),
        author.case(
            "more tokens than numbers",
            hidden=True,
            args=lambda rng: (3 * rng.normal(size=(5, 9)) - 2, *rng.normal(size=(2, 5, 1))),
        ),
        author.case(
            "longer tokens, eps of 0.2",
            hidden=True,
            args=lambda rng: (rng.normal(size=(10, 3)), *rng.normal(size=(2, 10, 1)), 0.2),
        ),
        author.case(
            "equal numbers in a token",
            hidden=True,
            args=lambda rng: (
                np.outer(np.ones(4), [1.0, 0, -3]) + np.diag([0, 5, 0, 0])[:, :3],
                *rng.normal(size=(2, 4, 1)),
            ),
            steps=["eps under the root"],
        ),
    ],
    properties=[
        author.property(
            "tokens do not depend on each other",
            hidden=True,
            args=lambda rng: (rng.normal(size=(6, 4)), np.ones((6, 1)), np.zeros((6, 1))),
            holds=lambda layer_norm, X, gamma, beta: near(
                layer_norm(X * [1, 1, 1, 9], gamma, beta)[:, :3], layer_norm(X, gamma, beta)[:, :3]
            ),
            feedback="If the numbers of one token grow, the other tokens of your result change. Each token is normalised for "
            "itself.",
        ),
        author.property(
            "mean 0 and variance 1",
            hidden=True,
            args=lambda rng: (4 + 3 * rng.normal(size=(7, 5)), np.ones((7, 1)), np.zeros((7, 1))),
            holds=lambda layer_norm, X, gamma, beta: (
                near(layer_norm(X, gamma, beta).mean(axis=0), np.zeros(5))
                and near(layer_norm(X, gamma, beta).var(axis=0), np.ones(5))
            ),
            feedback="With a gain of 1 and a bias of 0, each column of the result should have mean 0 and variance 1.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "np.mean(X, axis=0) -> np.mean(X, axis=0).T",
            "np.mean((X - mean) ** 2, axis=0) -> np.mean((X - mean) ** 2, axis=0).T",
            reason="the means and variances have one dimension, so there is nothing to transpose",
        ),
        author.equivalent(
            "(X - mean) ** 2 -> (mean - X) ** 2", reason="the square of a number is that of its negative"
        ),
    ],
    misconceptions=[
        author.misconception(
            "normalised over the tokens",
            edits=[
                ("np.mean(X, axis=0)", "np.mean(X, axis=1, keepdims=True)"),
                ("** 2, axis=0)", "** 2, axis=1, keepdims=True)"),
            ],
            step=["mean of each token", "variance of each token"],
            feedback="In your result the *rows* have mean 0 and variance 1: you normalise each dimension over all tokens, so "
            "that tokens depend on each other. That is nearly what batch normalisation does. Here each token, a column, is "
            "normalised for itself: along which axis does the mean run?",
        ),
        author.misconception(
            "means and variances of rows, without their axis",
            edits=[("np.mean(X, axis=0)", "np.mean(X, axis=1)"), ("** 2, axis=0)", "** 2, axis=1)")],
            step=["mean of each token", "variance of each token"],
            feedback="Your means are D numbers, one for each row, and cannot be subtracted from a matrix with N columns. It is "
            "the columns, the tokens, of which a mean is needed. The axis that you give is the one that disappears.",
        ),
        author.misconception(
            "one mean and variance for the matrix",
            edits=[("np.mean(X, axis=0)", "np.mean(X)"), ("** 2, axis=0)", "** 2)")],
            step=["mean of each token", "variance of each token"],
            feedback="You take one mean and one variance of the whole matrix, so that a token with large numbers makes all "
            "others small. Each token has a mean and a variance of its own: tell NumPy along which axis to go.",
        ),
        author.misconception(
            "variance divided by one less",
            old="variance + eps",
            new="variance * len(X) / (len(X) - 1) + eps",
            step="variance of each token",
            feedback="Your result is a little too small everywhere: the variance was divided by one less than there are "
            "numbers. That is right for estimating from a sample (and what some libraries do by default). Here the "
            "equation divides by D.",
        ),
        author.misconception(
            "eps outside of the root",
            old="np.sqrt(variance + eps)",
            new="(np.sqrt(variance) + eps)",
            step="eps under the root",
            feedback="You add eps to the standard deviation, after the root. With a tiny eps that is nearly the same, with a "
            "larger one it is not. In the equation the root goes over both, the variance and eps.",
        ),
        author.misconception(
            "sample deviation, eps outside of the root",
            old="np.sqrt(variance + eps)",
            new="(np.sqrt(variance * len(X) / (len(X) - 1)) + eps)",
            step=["variance of each token", "eps under the root"],
            feedback="You divide by a standard deviation that counts one number less, and add eps to it after the root. So it "
            "stands in a well-known tutorial. In the equation here, the variance is divided by D, and the root goes over the "
            "variance and eps.",
        ),
        author.misconception(
            "eps forgotten",
            old="variance + eps",
            new="variance",
            step="eps under the root",
            feedback="The small number eps plays no part in your result. A token whose numbers are all equal has the variance "
            "0, and you divide 0 by 0. In the equation, eps stands beside the variance.",
        ),
        author.misconception(
            "an eps of one's own",
            old="variance + eps",
            new="variance + 1e-5",
            step="eps under the root",
            feedback="You use 0.00001 as eps, whatever eps the function is given. That is its default, but another value may "
            "be passed: then the result has to change.",
        ),
        author.misconception(
            "divided by the variance",
            old="np.sqrt(variance + eps)",
            new="(variance + eps)",
            step="eps under the root",
            feedback="You divide by the variance itself. Tokens with large numbers come out too small, and those with small "
            "numbers too large: their variances are not 1. A root is missing in the denominator.",
        ),
        author.misconception(
            "mean not subtracted",
            old="(X - mean) / np",
            new="X / np",
            step="mean of each token",
            feedback="The columns of your result have the right spread, but not the mean 0: it was taken for the variance and "
            "not subtracted from the tokens themselves. Look at the numerator of the equation.",
        ),
        author.misconception(
            "brackets around the numerator forgotten",
            old="(X - mean) / np",
            new="X - mean / np",
            step="mean of each token",
            feedback="Only the mean is divided by the root, and the tokens themselves keep their size: a division binds more "
            "strongly than a difference. The numerator of the equation, with its difference, needs brackets.",
        ),
        author.misconception(
            "mean square instead of the variance",
            old="(X - mean) ** 2",
            new="X ** 2",
            step="variance of each token",
            feedback="The columns of your result have the mean 0, but they are too small: what you divide by comes from the squares of the "
            "numbers themselves. A variance is the mean of squared *distances from the mean*.",
        ),
        author.misconception(
            "root of the standard deviation",
            old="np.mean((X - mean) ** 2, axis=0)",
            new="np.std(X, axis=0)",
            step="variance of each token",
            feedback="You take two roots: one is in the standard deviation already, and the second stands in the "
            "fraction. Tokens with large numbers stay too large. What belongs under the root is the variance, the square of that.",
        ),
        author.misconception(
            "root mean square",
            edits=[("(X - mean) ** 2", "X ** 2"), ("(X - mean) / np", "X / np")],
            step=["mean of each token", "variance of each token"],
            feedback="You divide by the root of the mean square, and no mean is subtracted anywhere. That is another "
            "normalisation, called RMSNorm, which newer models use. In a layer normalisation the mean is subtracted, in the "
            "variance and in the numerator.",
        ),
        author.misconception(
            "gain and bias exchanged",
            old="gamma * normal + beta",
            new="beta * normal + gamma",
            step="gain and bias",
            feedback="Your result is multiplied by what should be added, and the other way round. Which of the two Greek "
            "letters stands before the fraction in the equation, and which after it?",
        ),
        author.misconception(
            "no gain and no bias",
            old="gamma * normal + beta",
            new="normal",
            step="gain and bias",
            feedback="You return the tokens with mean 0 and variance 1. The last step is missing: what was learned, the gain and "
            "the bias of each row. As long as the gain is 1 and the bias 0, nobody notices.",
        ),
        author.misconception(
            "bias of the normalisation forgotten",
            old="* normal + beta",
            new="* normal",
            step="gain and bias",
            feedback="Your rows are off by a constant each: the bias is not added. The equation of section 1 ends with a beta, one number for each row.",
        ),
        author.misconception(
            "gain forgotten",
            old="gamma * normal",
            new="normal",
            step="gain and bias",
            feedback="The rows of your result have the wrong scale: the gain is missing. In the equation there is a factor "
            "before the fraction, one number for each row.",
        ),
        author.misconception(
            "bias multiplied by the gain",
            old="gamma * normal + beta",
            new="gamma * (normal + beta)",
            step="gain and bias",
            feedback="You add the bias before you multiply, so that the gain multiplies it too. In the equation the gain "
            "stands before the fraction alone.",
        ),
        author.misconception(
            "sum of squares instead of their mean",
            old="np.mean((X",
            new="np.sum((X",
            step="variance of each token",
            feedback="Your numbers are too small: each column has the length 1 instead of the variance 1. You divide by the root "
            "of the *sum* of the squares. The variance is their mean: something is missing before the sum.",
        ),
        author.misconception(
            "mean deviation",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * (X - X.mean(axis=0)) / (np.abs(X - X.mean(axis=0)).mean(axis=0) + eps) + beta
            ),
            step=["variance of each token", "eps under the root"],
            feedback="You divide by the mean of the absolute deviations. The variance is the mean of their *squares*, and what is "
            "divided by is the root of it.",
        ),
    ],
)

# %%
author.question(
    "feed_forward",
    hints=HINTS["feed_forward"],
    sizes=lambda X, omega_1, *_: {"D": X.shape[0], "N": X.shape[1], "F": omega_1.shape[0]},
    steps=[
        author.step("hidden layer", 0.75),
        author.step("ReLU", 0.75),
        author.step("output layer", 0.5),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="X is (D, N), omega_1 (F, D), beta_1 (F, 1), so the hidden layer is (F, N); omega_2 is (D, F) and beta_2 (D, 1), "
    "so the result is (D, N).",
    cases=[
        author.case("the notebook's tokens", hidden=False, args=(X, *block[8:])),
        author.case(
            "other tokens",
            hidden=True,
            args=lambda rng: (rng.normal(size=(6, 4)), *small_block(rng, 6, 10)[8:]),
        ),
        author.case(
            "8 numbers, 5 tokens, 13 hidden",
            hidden=True,
            args=lambda rng: (rng.normal(size=(8, 5)), *small_block(rng, 8, 13)[8:]),
        ),
        author.case(
            "fewer hidden numbers",
            hidden=True,
            args=lambda rng: (rng.normal(size=(5, 7)), *small_block(rng, 5, 3)[8:]),
        ),
    ],
    properties=[
        author.property(
            "each token by itself",
            hidden=True,
            args=lambda rng: (rng.normal(size=(6, 5)), *small_block(rng, 6, 7)[8:]),
            holds=lambda feed_forward, X, *weights: near(
                feed_forward(X[:, [2]], *weights), feed_forward(X, *weights)[:, [2]]
            ),
            feedback="A token alone should give the same as among others: this network does not look from one to another.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "np.maximum(omega_1 @ X + beta_1, 0) -> np.maximum(0, omega_1 @ X + beta_1)",
            reason="the larger of two numbers is the same in either order",
        ),
    ],
    misconceptions=[
        author.misconception(
            "no ReLU",
            old="np.maximum(omega_1 @ X + beta_1, 0)",
            new="omega_1 @ X + beta_1",
            step="ReLU",
            feedback="Nothing happens between your two layers, so that they are together no more than a single matrix: the "
            "negative numbers of the hidden layer go on as they are. Section 2 says what becomes of them.",
        ),
        author.misconception(
            "ReLU after the second layer too",
            old="omega_2 @ hidden + beta_2",
            new="np.maximum(omega_2 @ hidden + beta_2, 0)",
            step="output layer",
            feedback="Your result has no negative numbers: there is a ReLU at the end. What this network computes is added to the "
            "tokens, and must be able to make numbers smaller too. The second equation has no ReLU.",
        ),
        author.misconception(
            "ReLU after the second layer only",
            edits=[
                ("np.maximum(omega_1 @ X + beta_1, 0)", "omega_1 @ X + beta_1"),
                ("omega_2 @ hidden + beta_2", "np.maximum(omega_2 @ hidden + beta_2, 0)"),
            ],
            step=["ReLU", "output layer"],
            feedback="Your ReLU stands at the end, so that the result has no negative numbers, and the two layers before it are "
            "together no more than one. It belongs between them: look at the first equation of section 2.",
        ),
        author.misconception(
            "smaller instead of larger",
            old="np.maximum",
            new="np.minimum",
            step="ReLU",
            feedback="You keep the negative numbers of the hidden layer and put 0 for the positive ones. It is the other way "
            "round: of 0 and the number, the larger one.",
        ),
        author.misconception(
            "absolute values instead of ReLU",
            old="np.maximum(omega_1 @ X + beta_1, 0)",
            new="np.abs(omega_1 @ X + beta_1)",
            step="ReLU",
            feedback="You take the absolute values of the hidden layer, so that -3 becomes 3. A ReLU puts 0 for what is "
            "negative.",
        ),
        author.misconception(
            "whether positive instead of the numbers",
            old="np.maximum(omega_1 @ X + beta_1, 0)",
            new="1.0 * (omega_1 @ X + beta_1 > 0)",
            step="ReLU",
            feedback="Your hidden layer is made of zeros and ones: it tells only *whether* each number is positive. The ReLU keeps "
            "what is positive as large as it is, and puts 0 for the rest.",
        ),
        author.misconception(
            "first bias forgotten",
            old="omega_1 @ X + beta_1",
            new="omega_1 @ X",
            step="hidden layer",
            feedback="The first layer has no bias in your function, so that all hidden numbers cross zero at the wrong place. The "
            "equation has a beta in the brackets of the ReLU.",
        ),
        author.misconception(
            "second bias forgotten",
            old="hidden + beta_2",
            new="hidden",
            step="output layer",
            feedback="Each row of your result is off by a constant: the bias of the second layer is missing. Look at "
            "what the second equation of section 2 ends with.",
        ),
        author.misconception(
            "first bias after the ReLU",
            old="np.maximum(omega_1 @ X + beta_1, 0)",
            new="np.maximum(omega_1 @ X, 0) + beta_1",
            step="hidden layer",
            feedback="You add the first bias after the ReLU. It belongs in its brackets: the bias decides from where on a hidden "
            "number counts as positive.",
        ),
        author.misconception(
            "GELU",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2 @ (lambda h: h * 0.5 * (1 + np.vectorize(erf)(h / np.sqrt(2))))(omega_1 @ X + beta_1)
                + beta_2
            ),
            step="ReLU",
            feedback="You use GELU, as many newer models do. It is smooth and lets a little of what is negative pass. The model "
            "of this notebook was trained with ReLU, which is simpler: negative numbers become 0.",
        ),
        author.misconception(
            "GELU, approximately",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2
                @ (lambda h: 0.5 * h * (1 + np.tanh(np.sqrt(2 / np.pi) * (h + 0.044715 * h**3))))(
                    omega_1 @ X + beta_1
                )
                + beta_2
            ),
            step="ReLU",
            feedback="You use GELU, in its approximate form with tanh. It lets a little of what is negative pass. The model of "
            "this notebook was trained with ReLU, which is simpler: negative numbers become 0.",
        ),
        author.misconception(
            "sigmoid instead of ReLU",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2 @ (1 / (1 + np.exp(-(omega_1 @ X + beta_1)))) + beta_2
            ),
            step="ReLU",
            feedback="Your hidden numbers all lie between 0 and 1: you have used a sigmoid. A ReLU leaves positive numbers as "
            "large as they are, and puts 0 for negative ones.",
        ),
        author.misconception(
            "tanh instead of ReLU",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2 @ np.tanh(omega_1 @ X + beta_1) + beta_2
            ),
            step="ReLU",
            feedback="Your hidden numbers all lie between -1 and 1: you have used a tanh. A ReLU leaves positive numbers as "
            "large as they are, and puts 0 for negative ones.",
        ),
        author.misconception(
            "tokens added in the network",
            old="omega_2 @ hidden + beta_2",
            new="omega_2 @ hidden + beta_2 + X",
            step="output layer",
            feedback="You add the tokens to what the network computes. This residual connection comes, but around the network, in "
            "section 3: if it were here too, the tokens would be added twice.",
        ),
        author.misconception(
            "hidden layer returned",
            old="return Y",
            new="return hidden",
            step="output layer",
            feedback="Your result has F rows: it is the hidden layer. The second layer brings it back to the size of the tokens, "
            "so that it can be added to them.",
        ),
        author.misconception(
            "network's result transposed",
            old="return Y",
            new="return Y.T",
            step="output layer",
            feedback="Your result has a row for each token. Here tokens are columns, in the result as in the argument: the shape "
            "is (D, N).",
        ),
    ],
)


# %%
ATTENTION = "causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)"
NETWORK = "feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)"


def feed_forward_first(X, weights):
    """The two parts of a block in the other order."""
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c, gamma_f, beta_f, *network = weights
    X = X + feed_forward(layer_norm(X, gamma_f, beta_f), *network)
    return X + causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)


author.question(
    "transformer_block",
    hints=HINTS["transformer_block"],
    sizes=lambda X, weights: {"D": X.shape[0], "N": X.shape[1], "F": weights[8].shape[0]},
    steps=[
        author.step("attention", 0.5),
        author.step("feed-forward network", 0.5),
        author.step("normalisation before each part", 1),
        author.step("residual connections", 1),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="All that stands in the two equations of section 3 is (D, N): the tokens, what each part computes, and the result.",
    cases=[
        author.case("the notebook's tokens", hidden=False, args=(X, block)),
        author.case(
            "other tokens",
            hidden=True,
            args=lambda rng: (2 * rng.normal(size=(6, 4)) + 1, small_block(rng, 6, 10)),
        ),
        author.case(
            "8 numbers, 5 tokens, 11 hidden",
            hidden=True,
            args=lambda rng: (3 * rng.normal(size=(8, 5)), small_block(rng, 8, 11)),
        ),
        author.case(
            "a single token",
            hidden=True,
            args=lambda rng: (rng.normal(size=(4, 1)) - 1, small_block(rng, 4, 7)),
        ),
    ],
    properties=[
        author.property(
            "later tokens do not change earlier outputs",
            hidden=True,
            args=lambda rng: (rng.normal(size=(6, 5)), small_block(rng, 6, 8)),
            holds=lambda transformer_block, X, weights: near(
                transformer_block(X * [1, 1, 1, -2, 3], weights)[:, :3], transformer_block(X, weights)[:, :3]
            ),
            feedback="If the last tokens change, your outputs for the first ones change too. Only the attention lets tokens see "
            "each other, and it looks back only: which other part of yours mixes the columns?",
        ),
        author.property(
            "tokens pass where the parts compute nothing",
            hidden=True,
            args=lambda rng: (rng.normal(size=(6, 5)), [0 * each for each in small_block(rng, 6, 8)]),
            holds=lambda transformer_block, X, weights: near(transformer_block(X, weights), X),
            feedback="With weights that are all 0, both parts compute 0, and the tokens should come out as they went in, through "
            "the residual connections.",
            steps=["residual connections"],
        ),
    ],
    equivalents=[
        author.equivalent(
            "weights[:6] -> weights[:-6]",
            "weights[6:] -> weights[-6:]",
            reason="a block has twelve parameters, so the sixth from the end is the sixth",
        ),
    ],
    misconceptions=[
        author.misconception(
            "normalised after each part",
            edits=[
                (
                    f"X + {ATTENTION}",
                    "layer_norm(X + causal_attention(X, omega_q, omega_k, omega_v, omega_c), gamma_a, beta_a)",
                ),
                (
                    f"X_a + {NETWORK}",
                    "layer_norm(X_a + feed_forward(X_a, omega_1, beta_1, omega_2, beta_2), gamma_f, beta_f)",
                ),
            ],
            step="normalisation before each part",
            feedback="You normalise the sums, after each part. So it was in the first transformers (post-norm). In the equations "
            "of section 3 the normalisation stands within the connection, *before* each part: the sum itself is not "
            "normalised, so that tokens find a straight way through.",
        ),
        author.misconception(
            "no residual connection around the attention",
            old="X_a = X + causal",
            new="X_a = causal",
            step="residual connections",
            feedback="The tokens are lost at the attention: what it computes replaces them instead of being added to them. Look at "
            "the first equation of section 3, at what stands before the plus.",
        ),
        author.misconception(
            "no residual connection around the network",
            old="X_f = X_a + feed",
            new="X_f = feed",
            step="residual connections",
            feedback="What the feed-forward network computes replaces the tokens, instead of being added to what came out of the "
            "first part. Look at the second equation of section 3, at what stands before the plus.",
        ),
        author.misconception(
            "no residual connections",
            edits=[("X_a = X + causal", "X_a = causal"), ("X_f = X_a + feed", "X_f = feed")],
            step="residual connections",
            feedback="Each part of your block replaces the tokens by what it computes. Both equations of section 3 are sums: what "
            "a part computes is added to what it was given, before that was normalised.",
        ),
        author.misconception(
            "attention of tokens that are not normalised",
            old="layer_norm(X, gamma_a, beta_a)",
            new="X",
            step="normalisation before each part",
            feedback="The attention is given the tokens as they are. In the first equation of section 3 they are normalised before "
            "it, with the first gain and bias.",
        ),
        author.misconception(
            "network of tokens that are not normalised",
            old="layer_norm(X_a, gamma_f, beta_f)",
            new="X_a",
            step="normalisation before each part",
            feedback="The feed-forward network is given what came out of the first part as it is. In the second equation of "
            "section 3 that is normalised before, with the second gain and bias.",
        ),
        author.misconception(
            "nothing normalised",
            edits=[("layer_norm(X, gamma_a, beta_a)", "X"), ("layer_norm(X_a, gamma_f, beta_f)", "X_a")],
            step="normalisation before each part",
            feedback="Your block has both parts and both connections, but nothing is normalised: the four gains and biases play no "
            "part in it. In both equations of section 3, what a part is given is normalised before.",
        ),
        author.misconception(
            "network beside the attention",
            old="layer_norm(X_a, gamma_f",
            new="layer_norm(X, gamma_f",
            step="feed-forward network",
            feedback="Your feed-forward network works on the tokens as they came in, beside the attention. Some large models do "
            "that. Here it comes after it: it is given what the first equation results in.",
        ),
        author.misconception(
            "network added to the first tokens",
            old="X_f = X_a + feed",
            new="X_f = X + feed",
            step="residual connections",
            feedback="At the end you add to the tokens as they came in, so that the output of the attention is lost: it only serves "
            "the feed-forward network. The second connection starts from what the first equation results in.",
        ),
        author.misconception(
            "network of the attention's output alone",
            old="layer_norm(X_a, gamma_f",
            new="layer_norm(X_a - X, gamma_f",
            step="residual connections",
            feedback="Your feed-forward network is given what the attention computes alone, without the tokens. First the tokens "
            "are added to it; this sum is what the second part works on.",
        ),
        author.misconception(
            "normalised tokens passed on",
            edits=[
                ("X_a = X + causal", "X_a = layer_norm(X, gamma_a, beta_a) + causal"),
                ("X_f = X_a + feed", "X_f = layer_norm(X_a, gamma_f, beta_f) + feed"),
            ],
            step="residual connections",
            feedback="You add what each part computes to the *normalised* tokens. The normalisation is meant for the part alone: in "
            "the equations, what stands before the plus is not normalised. If you reuse a variable, look at what is in it "
            "when you add.",
        ),
        author.misconception(
            "normalised tokens passed on by the first part",
            old="X_a = X + causal",
            new="X_a = layer_norm(X, gamma_a, beta_a) + causal",
            step="residual connections",
            feedback="In the first equation you add what the attention computes to the *normalised* tokens. The normalisation is "
            "meant for the attention alone: what stands before the plus are the tokens as they came in.",
        ),
        author.misconception(
            "what the parts compute is normalised",
            edits=[
                (
                    "causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)",
                    "layer_norm(causal_attention(X, omega_q, omega_k, omega_v, omega_c), gamma_a, beta_a)",
                ),
                (
                    "feed_forward(layer_norm(X_a, gamma_f, beta_f), omega_1, beta_1, omega_2, beta_2)",
                    "layer_norm(feed_forward(X_a, omega_1, beta_1, omega_2, beta_2), gamma_f, beta_f)",
                ),
            ],
            step="normalisation before each part",
            feedback="You normalise what each part *computes*. In the equations the normalisation stands innermost: the tokens are "
            "normalised, the part works on that, and its result is added as it is.",
        ),
        author.misconception(
            "first normalisation used twice",
            old="layer_norm(X_a, gamma_f, beta_f)",
            new="layer_norm(X_a, gamma_a, beta_a)",
            step="normalisation before each part",
            feedback="Both of your parts are normalised with the same gain and bias, those of the attention. The feed-forward "
            "network has its own: they stand among the weights just before it.",
        ),
        author.misconception(
            "normalisations exchanged",
            edits=[
                ("layer_norm(X, gamma_a, beta_a)", "layer_norm(X, gamma_f, beta_f)"),
                ("layer_norm(X_a, gamma_f, beta_f)", "layer_norm(X_a, gamma_a, beta_a)"),
            ],
            step="normalisation before each part",
            feedback="The two gains and biases have changed places: those of the feed-forward network are used before the "
            "attention, and the other way round. Their names end in a and f.",
        ),
        author.misconception(
            "network before the attention",
            function=feed_forward_first,
            step=["attention", "feed-forward network"],
            feedback="In your block the feed-forward network comes first and the attention after it. First tokens look at each "
            "other, then each of them works on what it has seen: the equations of section 3 are in this order.",
        ),
        author.misconception(
            "normalised once more at the end",
            old="return X_f",
            new="return layer_norm(X_f, gamma_f, beta_f)",
            step="normalisation before each part",
            feedback="Your result is normalised once more. In a pre-norm block the last thing is the sum. A normalisation at the "
            "very end of the model comes in section 4, with a gain and bias of its own.",
        ),
        author.misconception(
            "attention alone",
            old="return X_f",
            new="return X_a",
            step="feed-forward network",
            feedback="You return what comes out of the first part: the feed-forward network is missing in the result. "
            "Section 3 has a second equation, which goes on from there.",
        ),
        author.misconception(
            "feed-forward network alone",
            old=f"X + {ATTENTION}",
            new="X",
            step="attention",
            feedback="There is no attention in your result: each token goes through the feed-forward network by itself, and none "
            "looks at another. The first equation of section 3 comes before the second.",
        ),
        author.misconception(
            "queries and keys exchanged in the call",
            old="beta_a), omega_q, omega_k,",
            new="beta_a), omega_k, omega_q,",
            step="attention",
            feedback="The weights of queries and keys have changed places on their way to the attention. Look at the order of its "
            "arguments, in the cell above yours.",
        ),
        author.misconception(
            "tokens added once too often",
            old="X_f = X_a + feed",
            new="X_f = X + X_a + feed",
            step="residual connections",
            feedback="The tokens are contained twice in your result: once through the first connection, and once because you add "
            "them again at the end. The second connection starts from the result of the first part alone.",
        ),
    ],
)


# %%
def texts(V, D, F, N):
    """Return a function that draws a text of N characters and a model."""

    def draw(rng):
        return rng.integers(V, size=N), small_model(rng, D, F, V)

    return draw


def softmaxed(scores):
    return np.exp(scores - scores.max(axis=0)) / np.exp(scores - scores.max(axis=0)).sum(axis=0)


def positions_last(tokens, model):
    """Positions added to what comes out of the block."""
    E, *weights, gamma, beta, omega = model
    return omega @ layer_norm(add_positions(transformer_block(E[:, tokens], weights)), gamma, beta)


author.question(
    "logits",
    hints=HINTS["logits"],
    sizes=lambda tokens, model: {"D": model[0].shape[0], "N": len(tokens), "V": model[0].shape[1]},
    steps=[
        author.step("embedding with positions", 1),
        author.step("the block, once", 0.5),
        author.step("normalisation at the end", 0.5),
        author.step("scores of the next characters", 0.5),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="E is (D, V), the columns that are looked up in it are (D, N), omega is (V, D), and the scores are (V, N): a "
    "column for each character of the text.",
    cases=[
        author.case("a small model, 5 characters", hidden=False, args=texts(5, 4, 6, 5)),
        author.case("another small model", hidden=True, args=texts(5, 4, 6, 5)),
        author.case("9 characters of 7", hidden=True, args=texts(7, 8, 5, 9)),
        author.case("6 characters of 11", hidden=True, args=texts(11, 6, 9, 6)),
        author.case("the trained model", hidden=True, args=(encode("a rat hid in the hat."), model)),
    ],
    properties=[
        author.property(
            "the future is not seen",
            hidden=True,
            args=texts(7, 6, 8, 6),
            holds=lambda logits, tokens, model: near(
                logits(np.append(tokens[:4], [0, 3]), model)[:, :4], logits(tokens, model)[:, :4]
            ),
            feedback="If the last characters of a text change, your scores for what comes after the first ones change too: the "
            "model would know what it is to predict.",
        ),
        author.property(
            "positions matter",
            hidden=True,
            args=texts(7, 6, 8, 6),
            holds=lambda logits, tokens, model: (
                not near(logits(np.array([2, 2]), model)[:, 0], logits(np.array([2, 2]), model)[:, 1])
            ),
            steps=["embedding with positions"],
            feedback="The same character gives the same scores at each position of a text that repeats it: the positions are not "
            "seen.",
        ),
    ],
    misconceptions=[
        author.misconception(
            "no positions",
            old="add_positions(E[:, tokens])",
            new="E[:, tokens]",
            step="embedding with positions",
            feedback="Your characters go into the block without their positions, so that the attention cannot tell where they "
            "stand. The first point of section 4 names the function that adds them.",
        ),
        author.misconception(
            "no normalisation at the end",
            old="layer_norm(X, gamma, beta)",
            new="X",
            step="normalisation at the end",
            feedback="What comes out of the block goes into the scores as it is. It has a last layer normalisation before it, with "
            "a gain and a bias of its own: they stand near the end of the model.",
        ),
        author.misconception(
            "no block",
            old="transformer_block(X, weights)",
            new="X",
            step="the block, once",
            feedback="Your characters do not go through the transformer block: each score depends on one character and its position "
            "alone. The second point of section 4 is missing.",
        ),
        author.misconception(
            "block twice",
            old="transformer_block(X, weights)",
            new="transformer_block(transformer_block(X, weights), weights)",
            step="the block, once",
            feedback="Your characters go through the block twice. Larger models do have several, each with weights of its own. "
            "This one has a single block.",
        ),
        author.misconception(
            "probabilities instead of scores",
            old="return scores",
            new="return np.exp(scores) / np.sum(np.exp(scores), axis=0)",
            step="scores of the next characters",
            feedback="The columns of your result are probabilities: they sum to 1. What is asked for are the scores themselves, "
            "numbers of any size. The softmax comes later, in the loss.",
        ),
        author.misconception(
            "logarithms of probabilities instead of scores",
            function=lambda tokens, model: np.log(softmaxed(logits(tokens, model))),
            step="scores of the next characters",
            feedback="Your columns are logarithms of probabilities: each is shifted by a number of its own. What is asked for are "
            "the scores themselves, as the matrix product gives them. Softmax and logarithm come in section 5.",
        ),
        author.misconception(
            "only the last column",
            old="return scores",
            new="return scores[:, -1]",
            step="scores of the next characters",
            feedback="You return the scores of what comes after the last character alone. They are wanted after *each* character: "
            "a column for every one of them.",
        ),
        author.misconception(
            "only the last column, as a matrix",
            old="return scores",
            new="return scores[:, -1:]",
            step="scores of the next characters",
            feedback="You return the scores of what comes after the last character alone. They are wanted after *each* character: "
            "a column for every one of them.",
        ),
        author.misconception(
            "scores transposed for characters in rows",
            old="return scores",
            new="return scores.T",
            step="scores of the next characters",
            feedback="Your result has a row for each position. In this course positions are columns: the shape is (V, N), with a "
            "row for each character of the alphabet.",
        ),
        author.misconception(
            "positions after the block",
            function=positions_last,
            step="embedding with positions",
            feedback="You add the positions to what comes out of the block. By then the attention has done its work, without a "
            "chance to see where characters stand: positions are added before, right after looking up the columns.",
        ),
        author.misconception(
            "scores with the embedding",
            old="omega @ ",
            new="E.T @ ",
            step="scores of the next characters",
            feedback="You compute the scores with the matrix of the embedding, transposed. Many models do that, to save parameters "
            "(their weights are tied). This one has a matrix of its own for it, the last of its parameters.",
        ),
        author.misconception(
            "embedding scaled once more",
            old="add_positions(E[:, tokens])",
            new="add_positions(np.sqrt(len(E)) * E[:, tokens])",
            step="embedding with positions",
            feedback="You multiply the columns by the root of D before you add the positions. The function that is given does that "
            "already: read what it returns.",
        ),
        author.misconception(
            "positions added twice",
            old="add_positions(E[:, tokens])",
            new="add_positions(add_positions(E[:, tokens]))",
            step="embedding with positions",
            feedback="The positions are contained twice in your tokens, and the columns are too large: the function for it was "
            "applied to its own result.",
        ),
        author.misconception(
            "last normalisation before the block",
            edits=[
                ("transformer_block(X, weights)", "transformer_block(layer_norm(X, gamma, beta), weights)"),
                ("omega @ layer_norm(X, gamma, beta)", "omega @ X"),
            ],
            step="normalisation at the end",
            feedback="You normalise the tokens before they go into the block, and not after it. Within the block, each part "
            "normalises what it is given. The gain and bias of the model itself belong to the end, before the last matrix.",
        ),
        author.misconception(
            "gain and bias of the end exchanged",
            old="layer_norm(X, gamma, beta)",
            new="layer_norm(X, beta, gamma)",
            step="normalisation at the end",
            feedback="In the last normalisation, the gain and the bias have changed places: look at the order in which your function "
            "of section 1 takes them.",
        ),
    ],
)


# %%
def table(V, N, scale=2.0):
    """Return a function that draws scores of V characters at N positions, and targets."""
    return lambda rng: (scale * rng.normal(size=(V, N)), rng.integers(V, size=N))


def by_position(scores, targets):
    """Losses where the softmax runs over the positions."""
    shares = softmaxed(scores.T).T
    return -np.log(shares[targets, np.arange(len(targets))])


def small_number_added():
    """Yield what students do against the logarithm of 0, with the numbers that are usual."""
    for number in ("1e-8", "1e-9", "1e-10", "1e-12"):
        yield author.misconception(
            f"{number} added in the logarithm",
            old="shifted - np.log(np.sum(np.exp(shifted), axis=0))",
            new=f"np.log(np.exp(shifted) / np.sum(np.exp(shifted), axis=0) + {number})",
            step="stable for large scores",
            feedback=f"A very unlikely target never costs more than about {-np.log(float(number)):.0f} in your result: a small "
            "number is added to the probabilities, so that the logarithm is not infinite. It hides how wrong the model is. If "
            "the logarithm of the fraction is written as a difference, nothing has to be added.",
        )


author.question(
    "losses",
    hints=HINTS["losses"],
    vector=True,
    sizes=lambda scores, targets: {"N": len(targets), "V": len(scores)},
    steps=[
        author.step("probabilities of the characters", 1),
        author.step("logarithm of the target's", 1),
        author.step(
            "stable for large scores",
            0.5,
            minor=True,
            hint="The exponential of 1000 is infinite, and that of -1000 is 0, whose logarithm is infinite. Write the logarithm "
            "of the fraction as a difference, and subtract the largest score of each column before.",
        ),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The scores are (V, N), a column for each position; targets are N row numbers; the result is N numbers, one out of "
    "each column.",
    cases=[
        author.case("5 characters, 6 positions", hidden=False, args=table(5, 6)),
        author.case("5 other characters, 6 positions", hidden=True, args=table(5, 6)),
        author.case("9 characters, 4 positions", hidden=True, args=table(9, 4)),
        author.case("3 characters, 8 positions", hidden=True, args=table(3, 8)),
        author.case(
            "large scores", hidden=True, args=table(6, 5, scale=1500.0), steps=["stable for large scores"]
        ),
        author.case(
            "columns of very different size",
            hidden=True,
            args=lambda rng: (
                np.array([0, 3000, -3000, 800]) + rng.normal(size=(5, 4)),
                np.array([4, 0, 1, 1]),
            ),
            steps=["stable for large scores"],
        ),
    ],
    properties=[
        author.property(
            "the same for shifted columns",
            hidden=True,
            args=table(5, 4),
            holds=lambda losses, scores, targets: near(
                losses(scores + np.array([1, -2, 3, 0.5]), targets), losses(scores, targets)
            ),
            feedback="Your losses change if the same number is added to all scores of a column: probabilities do not.",
        ),
        author.property(
            "never negative",
            hidden=True,
            args=table(5, 7),
            holds=lambda losses, scores, targets: np.all(losses(scores, targets) >= 0),
            feedback="Some of your losses are negative. A probability is at most 1, so minus its logarithm is at least 0.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "-log_p[targets, np.arange(len(targets))] -> (-log_p[targets, np.arange(len(targets))]).T",
            "return result -> return result.T",
            reason="the losses have one dimension, so there is nothing to transpose",
        ),
    ],
    misconceptions=[
        author.misconception(
            "largest score not subtracted",
            old="scores - np.max(scores, axis=0)",
            new="scores",
            step="stable for large scores",
            feedback="For large scores your losses are infinite or `nan`, however right they are for moderate ones: the "
            "exponential of 710 is too large for a floating-point number. The text of section 5 says what may be subtracted "
            "before.",
        ),
        author.misconception(
            "one largest score for all columns",
            old="np.max(scores, axis=0)",
            new="np.max(scores)",
            step="stable for large scores",
            feedback="You subtract the largest score of the whole table. In a column with much smaller scores, all exponentials "
            "become 0, and the logarithm of 0 is infinite. Each column has to lose its own largest score.",
        ),
        author.misconception(
            "nothing subtracted, and the logarithm of a fraction",
            edits=[
                ("scores - np.max(scores, axis=0)", "scores"),
                (
                    "shifted - np.log(np.sum(np.exp(shifted), axis=0))",
                    "np.log(np.exp(shifted) / np.sum(np.exp(shifted), axis=0))",
                ),
            ],
            step="stable for large scores",
            feedback="For large scores your losses are infinite or `nan`, however right they are for moderate ones: the "
            "exponential of 710 is too large for a floating-point number, and the logarithm of a probability that was "
            "rounded to 0 is infinite. The text of section 5 says how to avoid both.",
        ),
        author.misconception(
            "probabilities first, then the logarithm",
            old="shifted - np.log(np.sum(np.exp(shifted), axis=0))",
            new="np.log(np.exp(shifted) / np.sum(np.exp(shifted), axis=0))",
            step="stable for large scores",
            feedback="A very unlikely target has an infinite loss in your result: its probability is rounded to 0 before the "
            "logarithm is taken. The logarithm of the fraction is a difference of two terms, and both can be computed without "
            "it.",
        ),
        *small_number_added(),
        author.misconception(
            "minus forgotten",
            old="-log_p[",
            new="log_p[",
            step="logarithm of the target's",
            feedback="Your losses have the wrong sign: they are negative. The logarithm of a probability is never above 0, and the "
            "equation turns its sign, so that a loss is the larger the worse the model was.",
        ),
        author.misconception(
            "probabilities of the targets",
            old="-log_p[targets, np.arange(len(targets))]",
            new="np.exp(log_p[targets, np.arange(len(targets))])",
            step="logarithm of the target's",
            feedback="You return the probabilities of the targets: they are large where the model was right. The loss is minus "
            "their logarithm, which is 0 for a probability of 1.",
        ),
        author.misconception(
            "minus the probabilities of the targets",
            old="-log_p[targets, np.arange(len(targets))]",
            new="-np.exp(log_p[targets, np.arange(len(targets))])",
            step="logarithm of the target's",
            feedback="You return the probabilities of the targets with a minus. The logarithm is missing: it makes a probability "
            "near 0 a large loss, and a probability of 1 a loss of 0.",
        ),
        author.misconception(
            "one minus the probabilities of the targets",
            old="-log_p[targets, np.arange(len(targets))]",
            new="1 - np.exp(log_p[targets, np.arange(len(targets))])",
            step="logarithm of the target's",
            feedback="You return how much is missing from the probabilities of the targets to 1. So no surprise costs more than 1, "
            "however unlikely the target was. The equation has minus the logarithm, which grows without a limit.",
        ),
        author.misconception(
            "logarithm to base 10",
            old="-log_p[targets, np.arange(len(targets))]",
            new="-log_p[targets, np.arange(len(targets))] / np.log(10)",
            step="logarithm of the target's",
            feedback="Your losses are all too small by the same factor of 2.303: they are logarithms to base 10. The text of section 5 "
            "says which logarithm is meant, and NumPy has a function for each.",
        ),
        author.misconception(
            "logarithm to base 2",
            old="-log_p[targets, np.arange(len(targets))]",
            new="-log_p[targets, np.arange(len(targets))] / np.log(2)",
            step="logarithm of the target's",
            feedback="Your losses are all too large by the same factor of 1.443: they are logarithms to base 2, and so tell bits. The "
            "text of section 5 says which logarithm is meant.",
        ),
        author.misconception(
            "softmax over the positions",
            function=by_position,
            step="probabilities of the characters",
            feedback="Your probabilities sum to 1 over all positions, for each character. It is the characters that compete with "
            "each other, at each position: the sum runs down a column. Look at your axis.",
        ),
        author.misconception(
            "largest scores and sums over the positions",
            edits=[
                ("np.max(scores, axis=0)", "np.max(scores, axis=1, keepdims=True)"),
                ("np.sum(np.exp(shifted), axis=0)", "np.sum(np.exp(shifted), axis=1, keepdims=True)"),
            ],
            step="probabilities of the characters",
            feedback="Your probabilities sum to 1 over all positions, for each character. It is the characters that compete with "
            "each other, at each position: both the largest score and the sum are those of a column. Look at your axis.",
        ),
        author.misconception(
            "sum of exponentials of the scores as they were",
            old="np.sum(np.exp(shifted)",
            new="np.sum(np.exp(scores)",
            step="probabilities of the characters",
            feedback="You subtract the largest score of a column from the score of the target, but not from those in the sum. It may "
            "only be subtracted because it is subtracted everywhere: numerator and denominator both lose the same factor.",
        ),
        author.misconception(
            "shifted scores of the targets, not normalised",
            old=" - np.log(np.sum(np.exp(shifted), axis=0))",
            new="",
            step="probabilities of the characters",
            feedback="Your loss is how far the target's score lies below the largest of its column. So the best character costs "
            "nothing, however close the others are. Of the logarithm of the fraction, the denominator is missing: the sum of "
            "the exponentials.",
        ),
        author.misconception(
            "one sum for all positions",
            old="np.sum(np.exp(shifted), axis=0)",
            new="np.sum(np.exp(shifted))",
            step="probabilities of the characters",
            feedback="You divide by the exponentials of the whole table, so that each position gets only a share of the "
            "probability. Each column has a sum of its own.",
        ),
        author.misconception(
            "scores of the targets, not normalised",
            function=lambda scores, targets: -scores[targets, np.arange(len(targets))],
            step="probabilities of the characters",
            feedback="You return the targets' scores with a minus. A score says nothing by itself: it has to be compared to the "
            "others of its column. What is subtracted from it is the logarithm of the sum of their exponentials.",
        ),
        author.misconception(
            "logarithm of the sum forgotten",
            old="np.log(np.sum(np.exp(shifted), axis=0))",
            new="np.sum(np.exp(shifted), axis=0)",
            step="probabilities of the characters",
            feedback="You subtract the sum of the exponentials itself from the score. The logarithm of a fraction is the difference of "
            "*two logarithms*: that of the numerator is the score, and the denominator has one too.",
        ),
        author.misconception(
            "mean of the losses",
            old="return result",
            new="return np.mean(result)",
            step="logarithm of the target's",
            feedback="You return one number, the mean of the losses. It is called cross-entropy, and comes in section 6. Here the loss "
            "at each position is asked for: a vector.",
        ),
        author.misconception(
            "sum of the losses",
            old="return result",
            new="return np.sum(result)",
            step="logarithm of the target's",
            feedback="You return one number, the sum of all losses. The loss at each position is asked for: a vector with as many "
            "numbers as there are targets.",
        ),
        author.misconception(
            "whole rows instead of single numbers",
            old="-log_p[targets, np.arange(len(targets))]",
            new="-log_p[targets]",
            step="logarithm of the target's",
            feedback="Your result is a matrix with a whole row for each target. Of the column at position n you need one number "
            "alone, the one in the row of target n. If two lists of numbers are given as an index, NumPy takes them in pairs.",
        ),
        author.misconception(
            "best character instead of the target",
            old="-log_p[targets, np.arange(len(targets))]",
            new="-np.max(log_p, axis=0)",
            step="logarithm of the target's",
            feedback="Your losses are those of the characters that the model thinks most likely, so that they do not depend on what "
            "came. The loss is that of the target: the row number is given.",
        ),
        author.misconception(
            "expected loss",
            old="-log_p[targets, np.arange(len(targets))]",
            new="-np.sum(np.exp(log_p) * log_p, axis=0)",
            step="logarithm of the target's",
            feedback="You return how uncertain the model is at each position (the entropy of its probabilities), whatever came. Only "
            "the target counts in the loss: of the sum over all characters, one term is left, without a factor.",
        ),
    ],
)


# %%
def several(V, D, F, *lengths):
    """Return a function that draws texts of these lengths, and a model."""

    def draw(rng):
        return [rng.integers(V, size=N) for N in lengths], small_model(rng, D, F, V)

    return draw


def all_together(texts, model):
    """Perplexities where the losses of a text are put to those of the texts before it."""
    found, all_losses = [], []
    for tokens in texts:
        all_losses += list(losses(logits(tokens[:-1], model), tokens[1:]))
        found.append(np.exp(np.mean(all_losses)))
    return found


author.question(
    "perplexities",
    hints=HINTS["perplexities"],
    vector=True,
    sizes=lambda texts, model: {"N": len(texts[0]), "D": model[0].shape[0]},
    steps=[
        author.step("each next character as the target", 1),
        author.step("exponential of the mean", 0.75),
        author.arguments_only(0.25),
    ],
    equation="A text of N characters has N - 1 predictions: so many columns of scores, and so many targets. The result has one "
    "number for each text.",
    cases=[
        author.case("three texts", hidden=False, args=several(5, 4, 6, 7, 4, 9)),
        author.case("three other texts", hidden=True, args=several(5, 4, 6, 7, 4, 9)),
        author.case("four texts of nine characters", hidden=True, args=several(9, 6, 7, 3, 11, 5, 6)),
        author.case("the shortest texts", hidden=True, args=several(6, 8, 4, 2, 2, 3)),
        author.case(
            "the trained model",
            hidden=True,
            args=([encode("a cow saw the hen."), encode("the rat slept.")], model),
        ),
    ],
    equivalents=[
        author.equivalent(
            "tokens[:-1] -> tokens",
            "tokens[:-1] -> tokens[:]",
            reason="then there are scores for what comes after the last character too, but no target asks for them",
        ),
        author.equivalent(
            "losses(scores, tokens[1:]) -> losses(scores, tokens[1:]).T",
            "np.exp(np.mean(all_losses)) -> np.exp(np.mean(all_losses)).T",
            reason="numbers and vectors have no second dimension, so there is nothing to transpose",
        ),
    ],
    misconceptions=[
        author.misconception(
            "each character as its own target",
            edits=[
                ("logits(tokens[:-1], model)", "logits(tokens, model)"),
                ("scores, tokens[1:]", "scores, tokens"),
            ],
            step="each next character as the target",
            feedback="You ask how likely each character is after itself: column n of the scores is compared to character n, which "
            "the model was just given. Column n is about what comes *next*, so the targets are shifted by one.",
        ),
        author.misconception(
            "previous characters as targets",
            edits=[
                ("logits(tokens[:-1], model)", "logits(tokens[1:], model)"),
                ("scores, tokens[1:]", "scores, tokens[:-1]"),
            ],
            step="each next character as the target",
            feedback="Your targets are shifted the wrong way: the model is given the text without its first character, and compared to "
            "what came before. It is to predict what comes after.",
        ),
        author.misconception(
            "each character as its own target, but for the last",
            old="scores, tokens[1:]",
            new="scores, tokens[:-1]",
            step="each next character as the target",
            feedback="You ask how likely each character is after itself: scores and targets both begin with the first character. Column "
            "n of the scores is about what comes *next*, so the targets begin with the second.",
        ),
        author.misconception(
            "each character as its own target, but for the first",
            old="logits(tokens[:-1], model)",
            new="logits(tokens, model)[:, 1:]",
            step="each next character as the target",
            feedback="You leave out the first column of the scores instead of the last. So each target is compared to the scores that "
            "came after the model had been given it. What comes after the last character is what nobody knows.",
        ),
        author.misconception(
            "first character after the last",
            edits=[
                ("logits(tokens[:-1], model)", "logits(tokens, model)"),
                ("scores, tokens[1:]", "scores, np.roll(tokens, -1)"),
            ],
            step="each next character as the target",
            feedback="Your text goes round in a circle: after the last character you expect the first. What comes after the last is not "
            "known, so there is one prediction less than there are characters.",
        ),
        author.misconception(
            "sum instead of the mean",
            old="np.mean(all_losses)",
            new="np.sum(all_losses)",
            step="exponential of the mean",
            feedback="Your perplexity is enormous, and the larger the longer the text is: you take the exponential of the *sum* of the "
            "losses. A perplexity tells how many equal chances there were for each character, so it needs their mean.",
        ),
        author.misconception(
            "divided by the length of the text",
            old="np.mean(all_losses)",
            new="np.sum(all_losses) / len(tokens)",
            step="exponential of the mean",
            feedback="You divide the sum of the losses by the number of characters, but there is one prediction less than that: the first "
            "character is not predicted by anything.",
        ),
        author.misconception(
            "cross-entropy instead of perplexity",
            old="np.exp(np.mean(all_losses))",
            new="np.mean(all_losses)",
            step="exponential of the mean",
            feedback="You return the mean loss itself, the cross-entropy. The perplexity is its exponential: look at what stands around the "
            "sum in the equation of section 6.",
        ),
        author.misconception(
            "power of two",
            old="np.exp(np.mean(all_losses))",
            new="2 ** np.mean(all_losses)",
            step="exponential of the mean",
            feedback="You raise 2 to the power of the mean loss. That belongs to losses in bits. Ours have the natural logarithm, so what "
            "undoes it is the exponential function.",
        ),
        author.misconception(
            "mean of the exponentials",
            old="np.exp(np.mean(all_losses))",
            new="np.mean(np.exp(all_losses))",
            step="exponential of the mean",
            feedback="You take the exponentials of all losses first and then their mean, so that one bad surprise outweighs all that was "
            "foreseen. In the equation the mean is inside.",
        ),
        author.misconception(
            "losses of the texts before counted too",
            function=all_together,
            step="exponential of the mean",
            feedback="Your first number is right, and the others are mixed with those before them: the losses of all texts are "
            "collected in one list. For each text, start anew.",
        ),
        author.misconception(
            "only the first text",
            function=lambda texts, model: perplexities(texts[:1], model),
            step="exponential of the mean",
            feedback="Your result has a number for the first text only. Each text in the list has a perplexity of its own: if there "
            "is a loop, look at how far `return` is indented.",
        ),
        author.misconception(
            "mean of the perplexities",
            old="return result",
            new="return np.mean(result)",
            step="exponential of the mean",
            feedback="You return one number for all texts, the mean of their perplexities. A list is asked for, with a number for each "
            "text, in the order of the texts.",
        ),
        author.misconception(
            "exponential of minus the loss",
            old="np.exp(np.mean(all_losses))",
            new="np.exp(-np.mean(all_losses))",
            step="exponential of the mean",
            feedback="Your result lies between 0 and 1: it is the mean probability of the characters (their geometric mean). A perplexity is "
            "1 divided by it. There is no minus in the equation, since the losses have one already.",
        ),
    ],
)


# %%
def continued(tokens, step, count):
    """Return a text to which `count` characters are put, each as `step` says."""
    for _ in range(count):
        tokens = step(tokens)
    return tokens


def varied(V, D, F, N, count):
    """Return a function that draws a text, a model that does not go on with one character for ever, and a count."""

    def draw(rng):
        while True:
            tokens, model = texts(V, D, F, N)(rng)
            if len(set(continue_text(tokens, model, count)[N:])) > 3:
                return tokens, model, count

    return draw


author.question(
    "continue_text",
    hints=HINTS["continue_text"],
    vector=True,
    sizes=lambda tokens, model, count: {"N": len(tokens), "D": model[0].shape[0]},
    steps=[
        author.step("scores after the last character", 0.75),
        author.step("the character with the largest score", 0.75),
        author.step("a text that grows", 1),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The scores of a text of N characters are (V, N), and those of the next character are V numbers, one column of them. The "
    "result has as many characters as the text, and count more.",
    cases=[
        author.case("a small model, 9 characters more", hidden=False, args=varied(9, 6, 8, 4, 9)),
        author.case("another model, 12 characters more", hidden=True, args=varied(11, 8, 6, 5, 12)),
        author.case("one character, 7 more", hidden=True, args=varied(13, 6, 9, 1, 7)),
        author.case("one more", hidden=True, args=lambda rng: (*texts(7, 4, 6, 3)(rng), 1)),
        author.case("the trained model", hidden=True, args=(encode("a rat "), model, 18)),
    ],
    properties=[
        author.property(
            "what was given comes first",
            hidden=True,
            args=lambda rng: (*texts(9, 6, 8, 6)(rng), 3),
            holds=lambda continue_text, tokens, model, count: (
                np.size(continue_text(tokens, model, count)) == 9
                and np.array_equal(np.ravel(continue_text(tokens, model, count))[:6], tokens)
            ),
            steps=["a text that grows"],
            feedback="The result should begin with the text that was given, and have as many characters more as was asked for.",
        ),
        author.property(
            "nothing is added for a count of 0",
            hidden=True,
            args=lambda rng: (*texts(7, 4, 6, 3)(rng), 0),
            holds=lambda continue_text, tokens, model, count: np.array_equal(
                np.ravel(continue_text(tokens, model, count)), tokens
            ),
            steps=["a text that grows"],
            feedback="If no characters are to be added, the result should be the text that was given.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "logits(tokens, model)[:, -1] -> logits(tokens, model)[:, -1].T",
            "np.append(tokens, np.argmax(last)) -> np.append(tokens, np.argmax(last)).T",
            "return tokens -> return tokens.T",
            reason="these have one dimension, so there is nothing to transpose",
        ),
    ],
    misconceptions=[
        author.misconception(
            "first column of the scores",
            old="[:, -1]",
            new="[:, 0]",
            step="scores after the last character",
            feedback="You look at the first column of the scores: they are about what comes after the *first* character, which has been "
            "there from the start. So you get the same character again and again. Which column is about the end of the text?",
        ),
        author.misconception(
            "last row of the scores",
            old="[:, -1]",
            new="[-1]",
            step="scores after the last character",
            feedback="You take the last *row* of the scores: that is one character of the alphabet at all positions. What is needed are all "
            "characters at one position, the last: a column.",
        ),
        author.misconception(
            "largest of all scores",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argmax(logits(t, model)) // len(t)), count
            ),
            step="scores after the last character",
            feedback="You look for the largest score among all positions, so that a place in the middle of the text can decide. Only the "
            "column after the last character is about what comes next.",
        ),
        author.misconception(
            "place in the whole table",
            old="logits(tokens, model)[:, -1]",
            new="logits(tokens, model)",
            step="scores after the last character",
            feedback="You look for the place of the largest score in the whole table, and NumPy counts all its entries through, row by row. "
            "That number can be larger than the alphabet. Look in one column only.",
        ),
        author.misconception(
            "smallest score",
            old="np.argmax",
            new="np.argmin",
            step="the character with the largest score",
            feedback="You take the character with the smallest score, the one that the model thinks the least likely. It is the largest that "
            "is asked for.",
        ),
        author.misconception(
            "largest absolute score",
            old="np.argmax(last)",
            new="np.argmax(np.abs(last))",
            step="the character with the largest score",
            feedback="You look for the largest absolute value, so that a character with a very negative score can win. A negative score "
            "means that the character is unlikely.",
        ),
        author.misconception(
            "score instead of its place",
            old="np.argmax(last)",
            new="np.max(last)",
            step="the character with the largest score",
            feedback="You put the largest score itself at the end of the text. What is needed is the number of its row, for that is the number "
            "of the character.",
        ),
        author.misconception(
            "same character again and again",
            function=lambda tokens, model, count: np.append(
                tokens, np.repeat(np.argmax(logits(tokens, model)[:, -1]), count)
            ),
            step="a text that grows",
            feedback="Your first new character is right, and then it is repeated: the model is asked about the same text each time. It has to "
            "be given the longer text in each round, with what was found before.",
        ),
        author.misconception(
            "only what is new",
            old="return tokens",
            new="return tokens[len(tokens) - count :]",
            step="a text that grows",
            feedback="You return the new characters alone. The whole text is asked for: what was given, and what is new behind it.",
        ),
        author.misconception(
            "only one character",
            old="range(count)",
            new="range(min(count, 1))",
            step="a text that grows",
            feedback="Your text has only one character more than the one that was given. If there is a loop, look at where it ends: a "
            "`return` that is indented too far ends it in the first round.",
        ),
        author.misconception(
            "only the last character is seen",
            old="logits(tokens, model)",
            new="logits(tokens[-1:], model)",
            step="scores after the last character",
            feedback="You give the model only the last character, so that it knows nothing of what came before, nor of the position. It has to "
            "be given the whole text.",
        ),
        author.misconception(
            "put in front",
            old="np.append(tokens, np.argmax(last))",
            new="np.append(np.argmax(last), tokens)",
            step="a text that grows",
            feedback="Your new characters stand in front of the text, the newest first. A text goes on at its end, and the "
            "model has only learned what comes after something, not before.",
        ),
        author.misconception(
            "count as the length of the whole text",
            old="range(count)",
            new="range(count - len(tokens))",
            step="a text that grows",
            feedback="Your result is too short: you stop when the whole text has `count` characters. That is the number of characters to be "
            "added.",
        ),
        author.misconception(
            "one character too many",
            old="range(count)",
            new="range(count + 1)",
            step="a text that grows",
            feedback="Your result has one character too many. How often does your loop run for a count of 0, and how often "
            "should it?",
        ),
        author.misconception(
            "length kept",
            old="np.append(tokens, np.argmax(last))",
            new="np.append(tokens[1:], np.argmax(last))",
            step="a text that grows",
            feedback="Your text keeps its length: for each new character, one is lost at the beginning. The text grows; nothing of it is taken "
            "away.",
        ),
    ],
)
