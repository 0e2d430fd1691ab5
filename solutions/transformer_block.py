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
# sizes from the arguments, not from `D` and `N` of this notebook, and leave the arguments as they are: change copies.

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


# %%
author.question(
    "layer_norm",
    hints=[
        "Take one column by itself. What is its mean, and how far are its numbers from it? NumPy does that for all columns "
        "at once if you say along which axis it should run.",
        "Three equations of section 1, three lines: means, then variances, then the fraction with what stands around it. "
        "Means and variances are N numbers. The root stands over a sum of two terms.",
        "A token with the numbers 1, 3, 8 has the mean 4 and the variance (9 + 1 + 16) / 3 = 8.667, whose root is 2.944. "
        "Normalised it is -1.019, -0.34, 1.359. With gain 2 and bias 1 everywhere: -1.038, 0.321, 3.717.",
    ],
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
            old="variance = ",
            new="variance = len(X) / (len(X) - 1) * ",
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
            old="np.sqrt",
            new="",
            step="eps under the root",
            feedback="You divide by the variance itself. Tokens with large numbers come out too small, and those with small "
            "numbers too large: their variances are not 1. A root is missing in the denominator.",
        ),
        author.misconception(
            "mean not subtracted",
            old="(X - mean) /",
            new="X /",
            step="mean of each token",
            feedback="The columns of your result have the right spread, but not the mean 0: it was taken for the variance and "
            "not subtracted from the tokens themselves. Look at the numerator of the equation.",
        ),
        author.misconception(
            "brackets around the numerator forgotten",
            old="(X - mean) /",
            new="X - mean /",
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
            edits=[("(X - mean) ** 2", "X ** 2"), ("(X - mean) /", "X /")],
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
        author.misconception(
            "mean of the rows",
            old="np.mean(X, axis=0)",
            new="np.mean(X, axis=1, keepdims=True)",
            step="mean of each token",
            feedback="What you subtract from a token is not its own mean: it is that of a row, of one dimension over all tokens, and "
            "the variance is taken around it. The axis that you name is the one that disappears; N means should be left.",
        ),
        author.misconception(
            "mean of the rows subtracted",
            function=lambda X, gamma, beta, eps=1e-5: (
                layer_norm(X, gamma, beta, eps)
                + gamma * (X.mean(axis=0) - X.mean(axis=1, keepdims=True)) / np.sqrt(X.var(axis=0) + eps)
            ),
            step="mean of each token",
            feedback="You divide by the right deviation of each token, but what you subtract is the mean of a row, of one dimension "
            "over all tokens. In the equation mean and variance have the same index: that of the token.",
            rare=True,
        ),
        author.misconception(
            "mean of the whole matrix",
            old="np.mean(X, axis=0)",
            new="np.mean(X)",
            step="mean of each token",
            feedback="You subtract one mean, that of the whole matrix, from all tokens, and take the variances around it. Each token "
            "has a mean of its own: tell NumPy along which axis it should go.",
            rare=True,
        ),
        author.misconception(
            "mean of the whole matrix subtracted",
            function=lambda X, gamma, beta, eps=1e-5: (
                layer_norm(X, gamma, beta, eps)
                + gamma * (X.mean(axis=0) - X.mean()) / np.sqrt(X.var(axis=0) + eps)
            ),
            step="mean of each token",
            feedback="You divide by the right deviation of each token, but subtract one mean from all of them, that of the whole "
            "matrix. So the columns of your normalised tokens do not have the mean 0. A mean for each column is needed.",
            rare=True,
        ),
        author.misconception(
            "variance of the rows",
            old="np.mean((X - mean) ** 2, axis=0)",
            new="np.var(X, axis=1, keepdims=True)",
            step="variance of each token",
            feedback="Your numbers are centred token by token, and then divided by the deviations of the *rows*. The variance of a "
            "token runs over its own D numbers, as its mean does: look at the axis of the second line.",
        ),
        author.misconception(
            "variance of the rows, around the means of the tokens",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma
                * (X - X.mean(axis=0))
                / np.sqrt(np.mean((X - X.mean(axis=0)) ** 2, axis=1, keepdims=True) + eps)
                + beta
            ),
            step="variance of each token",
            feedback="Your squared distances are right, and then averaged along the rows, over the tokens. A variance for each token "
            "is the mean of what stands in its column: look at the axis of the second line.",
            rare=True,
        ),
        author.misconception(
            "variance of the whole matrix",
            old="np.mean((X - mean) ** 2, axis=0)",
            new="np.var(X)",
            step="variance of each token",
            feedback="You divide all tokens by the same number, the standard deviation of the whole matrix, so that a token with large "
            "numbers makes the others small. Each token has a variance of its own.",
        ),
        author.misconception(
            "one variance for all tokens, around their means",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * (X - X.mean(axis=0)) / np.sqrt(np.mean((X - X.mean(axis=0)) ** 2) + eps) + beta
            ),
            step="variance of each token",
            feedback="Each token has its own mean in your result, but all are divided by the same number: the squared distances of all "
            "tokens are averaged together. The second line needs an axis, as the first one does.",
            rare=True,
        ),
        author.misconception(
            "1e-6 instead of eps",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, gamma, beta, 1e-6),
            step="eps under the root",
            feedback="A number of your own, about 1e-6 or less, stands where eps belongs. It does not change when the function is "
            "given another eps, and for the default your result is slightly off. Use the argument.",
            rare=True,
        ),
        author.misconception(
            "1e-8 instead of eps",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, gamma, beta, 1e-8),
            step="eps under the root",
            feedback="A number of your own, about 1e-8 or less, stands where eps belongs. It does not change when the function is "
            "given another eps, and for the default your result is slightly off. Use the argument.",
            rare=True,
        ),
        author.misconception(
            "eps squared",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, gamma, beta, eps**2),
            step="eps under the root",
            feedback="Your eps acts too weakly: it is squared before it is added to the variance. Under the root of the equation stand "
            "the variance, which is a square already, and eps as it is.",
            rare=True,
        ),
        author.misconception(
            "eps subtracted",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, gamma, beta, -eps),
            step="eps under the root",
            feedback="You take eps away from the variance. For a token whose numbers are all equal, the root is then that of a "
            "negative number. Look at the sign under the root of the equation.",
            rare=True,
        ),
        author.misconception(
            "eps added to the quotient",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, gamma, beta, 0) + eps * gamma,
            step="eps under the root",
            feedback="All of your normalised numbers are larger by eps: it is added after the division. The root, and what is divided "
            "by, end too early: look at your brackets, and at what stands under the root in the equation.",
            rare=True,
        ),
        author.misconception(
            "multiplied by the root",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * (X - X.mean(axis=0)) * np.sqrt(X.var(axis=0) + eps) + beta
            ),
            step="variance of each token",
            feedback="Tokens with large numbers get even larger in your result: the distances from the mean are *multiplied* by the "
            "standard deviation. To bring the variance to 1 they have to be divided by it.",
            rare=True,
        ),
        author.misconception(
            "bias of the normalisation subtracted",
            old="* normal + beta",
            new="* normal - beta",
            step="gain and bias",
            feedback="Each row of your result is off by twice its bias: the bias is taken away instead of added. Look at the sign "
            "before the beta at the end of the equation in section 1.",
        ),
        author.misconception(
            "gain added",
            function=lambda X, gamma, beta, eps=1e-5: gamma + layer_norm(X, 1, beta, eps),
            step="gain and bias",
            feedback="Your gain is added to the normalised tokens. It is a factor: in the equation of section 1 it stands before the "
            "fraction with no sign between them, and only the bias is added.",
            rare=True,
        ),
        author.misconception(
            "divided by the gain",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, 1 / gamma, beta, eps),
            step="gain and bias",
            feedback="Rows with a large gain come out too small in your result: you divide by the gain. In the equation it multiplies "
            "the fraction; what is divided by is the root alone.",
            rare=True,
        ),
        author.misconception(
            "gain of one more",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, 1 + gamma, beta, eps),
            step="gain and bias",
            feedback="Your result contains the normalised tokens once too often: you multiply by one more than the gain. Some models "
            "keep their gains like that, as distances from 1. Here the gain itself is the factor.",
            rare=True,
        ),
        author.misconception(
            "mean added",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * (X + X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps) + beta
            ),
            step="mean of each token",
            feedback="Your columns have the right spread, but their mean is about twice as far from 0 as it was: the mean of each "
            "token is added to it instead of subtracted. Look at the sign in the numerator.",
            rare=True,
        ),
        author.misconception(
            "not divided by the root",
            function=lambda X, gamma, beta, eps=1e-5: gamma * (X - X.mean(axis=0)) + beta,
            step="variance of each token",
            feedback="The columns of your result have mean 0 before gain and bias, but not variance 1: nothing is divided by the "
            "standard deviation. In the equation there is a denominator.",
            rare=True,
        ),
        author.misconception(
            "mean of the squares minus the mean",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * (X - X.mean(axis=0)) / np.sqrt(np.mean(X**2 - X, axis=0) + eps) + beta
            ),
            step="variance of each token",
            feedback="Your variance is the mean of the squares minus the *mean*. Who computes it in this way has to subtract the "
            "square of the mean; as it stands, it can even be negative. The equation of section 1 has another form, which is "
            "safer.",
            rare=True,
        ),
        author.misconception(
            "mean of the distances, not squared",
            function=lambda X, gamma, beta, eps=1e-5: gamma * (X - X.mean(axis=0)) / np.sqrt(eps) + beta,
            step="variance of each token",
            feedback="Your numbers are enormous: what you divide by is little more than the root of eps. The mean of the distances "
            "from the mean is always 0, also if it is squared afterwards. Each distance has to be squared before the mean is "
            "taken.",
            rare=True,
        ),
        author.misconception(
            "absolute distances instead of squares",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * (X - X.mean(axis=0)) / np.sqrt(np.abs(X - X.mean(axis=0)).mean(axis=0) + eps) + beta
            ),
            step="variance of each token",
            feedback="Under your root stands the mean of the *absolute* distances from the mean. In a variance the distances are "
            "squared; that they lose their signs is not enough.",
            rare=True,
        ),
        author.misconception(
            "sum of the token instead of its mean",
            old="np.mean(X, axis=0)",
            new="np.sum(X, axis=0)",
            step="mean of each token",
            feedback="You subtract the sum of each token's numbers, not their mean, so that the columns are far from mean 0, and their "
            "variances are taken around the wrong point. Something is missing before the first sum of section 1.",
        ),
        author.misconception(
            "mean divided by the number of tokens",
            old="np.mean(X, axis=0)",
            new="np.sum(X, axis=0) / X.shape[1]",
            step="mean of each token",
            feedback="Your mean is the sum of a token's numbers, divided by how many *tokens* there are. A token has D numbers, and so "
            "many are summed: which of the two sizes of the matrix is that?",
        ),
        author.misconception(
            "variance divided by the number of tokens",
            old="np.mean((X - mean) ** 2, axis=0)",
            new="np.sum((X - mean) ** 2, axis=0) / X.shape[1]",
            step="variance of each token",
            feedback="Your variance is a sum of squares divided by how many *tokens* there are, so that the columns of the result are "
            "too large or too small. It is the numbers of one token that are summed, and there are D of them.",
        ),
        author.misconception(
            "mean divided by one less",
            old="np.mean(X, axis=0)",
            new="np.sum(X, axis=0) / (len(X) - 1)",
            step="mean of each token",
            feedback="Your mean is a little too large: the sum is divided by one less than there are numbers. That belongs, if "
            "anywhere, to the variance of a sample. A mean is divided by how many numbers there are.",
        ),
        author.misconception(
            "tokens subtracted from their means",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, -gamma, beta, eps),
            step="mean of each token",
            feedback="Before the bias is added, each of your numbers has the wrong sign: the token is subtracted from its mean. In the "
            "numerator of the equation it is the other way round, so that what is larger than the mean stays positive.",
            rare=True,
        ),
        author.misconception(
            "square of the variance",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) ** 2 + eps) + beta
            ),
            step="variance of each token",
            feedback="You divide by a number that is about the variance itself: what stands under your root is squared once too often. "
            "A variance is a mean of squares already; the root makes a standard deviation of it.",
            rare=True,
        ),
        author.misconception(
            "only the mean divided, after the gain",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * X - X.mean(axis=0) / np.sqrt(X.var(axis=0) + eps) + beta
            ),
            step="mean of each token",
            feedback="Your tokens are multiplied by the gain and keep their size: only the mean is divided by the root, and the gain "
            "does not reach it. The difference in the numerator needs brackets, for products and divisions bind more "
            "strongly.",
            rare=True,
        ),
        author.misconception(
            "length of the token instead of its deviation",
            function=lambda X, gamma, beta, eps=1e-5: gamma * X / (np.linalg.norm(X, axis=0) + eps) + beta,
            step=["mean of each token", "variance of each token"],
            feedback="You divide each token by its length, the root of the sum of its squares, and subtract no mean. Its direction is "
            "kept, and its numbers have neither mean 0 nor variance 1: both are in the equations of section 1.",
            rare=True,
        ),
        author.misconception(
            "between 0 and 1",
            function=lambda X, gamma, beta, eps=1e-5: (
                gamma * (X - X.min(axis=0)) / (np.ptp(X, axis=0) + eps) + beta
            ),
            step=["mean of each token", "variance of each token"],
            feedback="Your normalised tokens lie between 0 and 1: the smallest number of each is subtracted, and divided by the range. "
            "That is another normalisation. Here each token gets mean 0 and variance 1, by the equations of section 1.",
            rare=True,
        ),
        author.misconception(
            "gain and bias before the normalisation",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(gamma * X + beta, 1, 0, eps),
            step="gain and bias",
            feedback="You apply the gain and the bias to the tokens first, and normalise what comes out: most of what they do is "
            "undone by that. In the equation of section 1 they stand outside of the fraction, so they come last.",
            rare=True,
        ),
        author.misconception(
            "normalised tokens in rows",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, gamma, beta, eps).T,
            step="gain and bias",
            feedback="Your result has a row for each token: it is transposed. Here tokens are columns, before the normalisation and "
            "after it, so that the shape stays (D, N).",
            rare=True,
        ),
        author.misconception(
            "gain and bias without their second axis",
            function=lambda X, gamma, beta, eps=1e-5: layer_norm(X, gamma.ravel(), beta.ravel(), eps),
            step="gain and bias",
            feedback="Your gain and bias have one axis, and NumPy puts it along the columns: then it needs N numbers, and they have D. "
            "As they are given, with the shape (D, 1), each of their numbers belongs to a row.",
            rare=True,
        ),
    ],
)


# %%
def other_activations():
    """Yield what students put in the place of the ReLU."""
    named = {
        **{
            f"leaky ReLU of {slope}": (
                lambda h, slope=slope: np.where(h > 0, h, slope * h),
                f"Your hidden layer lets some of what is negative pass, {slope} of it, as a leaky ReLU does. The ReLU of section 2 puts "
                "0 for it, whatever its size.",
            )
            for slope in (0.05, 0.1, 0.2, 0.3, 0.5)
        },
        "ELU instead of ReLU": (
            lambda h: np.where(h > 0, h, np.exp(np.minimum(h, 0)) - 1),
            "Your hidden layer follows an exponential function below zero, down to -1: that is an ELU. A ReLU leaves positive "
            "numbers alone as well, and puts 0 for negative ones.",
        ),
        "SiLU instead of ReLU": (
            lambda h: h / (1 + np.exp(-h)),
            "Your hidden numbers are multiplied by their sigmoids: that is a SiLU, also called swish, which newer models use. The model of "
            "this notebook was trained with ReLU: what is negative becomes 0, and what is positive stays.",
        ),
        "GELU, by a sigmoid": (
            lambda h: h / (1 + np.exp(-1.702 * h)),
            "You use GELU, in an approximate form with a sigmoid. It lets a little of what is negative pass. The model of this "
            "notebook was trained with ReLU, which is simpler: negative numbers become 0.",
        ),
        "softplus instead of ReLU": (
            lambda h: np.log(1 + np.exp(h)),
            "Your hidden numbers are all positive, and near zero your activation is rounded off: it is a softplus. The ReLU has a "
            "corner: exactly 0 for what is negative, and the number itself for what is positive.",
        ),
        "softmax over the hidden numbers": (
            lambda h: np.exp(h - np.max(h, axis=0)) / np.sum(np.exp(h - np.max(h, axis=0)), axis=0),
            "Your hidden numbers sum to 1 for each token: you have used a softmax. It belongs to weights and probabilities. Here "
            "each number is treated by itself: a ReLU puts 0 for what is negative.",
        ),
        "softmax of the hidden layer over the tokens": (
            lambda h: (
                np.exp(h - np.max(h, axis=1, keepdims=True))
                / np.sum(np.exp(h - np.max(h, axis=1, keepdims=True)), axis=1, keepdims=True)
            ),
            "Each row of your hidden layer sums to 1: a softmax runs over the tokens there, so that they depend on each other. Here "
            "each number is treated by itself: a ReLU puts 0 for what is negative.",
        ),
        "ReLU up to 6": (
            lambda h: np.clip(h, 0, 6),
            "Your hidden numbers never exceed 6: they are cut off there, as in a variant called ReLU6. The ReLU leaves positive "
            "numbers as they are, however large.",
        ),
        "cut off at 0 and 1": (
            lambda h: np.clip(h, 0, 1),
            "Your hidden numbers lie between 0 and 1: what is larger is cut off. The ReLU has a lower bound alone, and leaves positive "
            "numbers as they are, however large.",
        ),
        "squared ReLU": (
            lambda h: np.maximum(h, 0) ** 2,
            "Your hidden numbers are squared after the ReLU. Some newer models do that. In the equation of section 2 what is positive "
            "stays as large as it is.",
        ),
        "squares instead of ReLU": (
            lambda h: h**2,
            "Your hidden numbers are squared, so that -3 becomes 9. A ReLU leaves positive numbers as they are, and puts 0 for "
            "what is negative.",
        ),
        "ReLU of the negative": (
            lambda h: np.maximum(-h, 0),
            "In your hidden layer, what was negative is kept with the other sign, and what was positive is 0. The ReLU is taken "
            "of the sum itself: what is positive stays.",
        ),
        "ReLU with a minus": (
            lambda h: -np.maximum(h, 0),
            "Your hidden layer has the wrong sign: it has no positive numbers. What is positive should stay as it is, and what is "
            "negative becomes 0.",
        ),
        "ones for what is negative": (
            lambda h: np.where(h < 0, 1, h),
            "Where your hidden numbers are negative, you put 1. What is negative should have no effect on the next layer: the ReLU "
            "puts 0 for it.",
        ),
        "signs instead of ReLU": (
            lambda h: np.sign(h),
            "Of your hidden layer only the signs are left, 1 and -1. The ReLU keeps what is positive as large as it is, and puts 0 for "
            "what is negative.",
        ),
    }
    for name, (activation, feedback) in named.items():
        yield author.misconception(
            name,
            function=lambda X, omega_1, beta_1, omega_2, beta_2, activation=activation: (
                omega_2 @ activation(omega_1 @ X + beta_1) + beta_2
            ),
            step="ReLU",
            feedback=feedback,
            rare=True,
        )


author.question(
    "feed_forward",
    hints=[
        "Two layers, one after the other, of the kind that you know from queries and keys: a matrix, and a bias. Between "
        "them something happens to each number by itself.",
        "In the first equation of section 2, the ReLU has all of the sum in its brackets, the bias too. In the second there "
        "is no ReLU. NumPy has a function for the larger one of two numbers, entry by entry.",
        "A token (2, -1), omega_1 with rows (1, 1) and (-1, 3), beta_1 = (0.5, 1): the sums are 1.5 and -4, the hidden layer "
        "is 1.5 and 0. With omega_2 = (2, 7) in one row and beta_2 = -1 the result is 2 * 1.5 + 0 - 1 = 2.",
    ],
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
            edits=[("np.maximum(", "("), (", 0)", ")")],
            step="ReLU",
            feedback="Nothing happens between your two layers, so that they are together no more than a single matrix: the "
            "negative numbers of the hidden layer go on as they are. Section 2 says what becomes of them.",
        ),
        author.misconception(
            "ReLU after the second layer too",
            old="return Y",
            new="return np.maximum(Y, 0)",
            step="output layer",
            feedback="Your result has no negative numbers: there is a ReLU at the end. What this network computes is added to the "
            "tokens, and must be able to make numbers smaller too. The second equation has no ReLU.",
        ),
        author.misconception(
            "ReLU after the second layer only",
            edits=[("np.maximum(", "("), (", 0)", ")"), ("return Y", "return np.maximum(Y, 0)")],
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
            edits=[("np.maximum(", "np.abs("), (", 0)", ")")],
            step="ReLU",
            feedback="You take the absolute values of the hidden layer, so that -3 becomes 3. A ReLU puts 0 for what is "
            "negative.",
        ),
        author.misconception(
            "whether positive instead of the numbers",
            edits=[("np.maximum(", "1.0 * ("), (", 0)", " > 0)")],
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
            old="np.maximum",
            new="(lambda h, _: h / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (h + 0.044715 * h**3))))",
            step="ReLU",
            feedback="You use GELU, in its approximate form with tanh. It lets a little of what is negative pass. The model of "
            "this notebook was trained with ReLU, which is simpler: negative numbers become 0.",
        ),
        author.misconception(
            "sigmoid instead of ReLU",
            old="np.maximum",
            new="(lambda h, _: 1 / (1 + np.exp(-h)))",
            step="ReLU",
            feedback="Your hidden numbers all lie between 0 and 1: you have used a sigmoid. A ReLU leaves positive numbers as "
            "large as they are, and puts 0 for negative ones.",
        ),
        author.misconception(
            "tanh instead of ReLU",
            old="np.maximum",
            new="(lambda h, _: np.tanh(h))",
            step="ReLU",
            feedback="Your hidden numbers all lie between -1 and 1: you have used a tanh. A ReLU leaves positive numbers as "
            "large as they are, and puts 0 for negative ones.",
        ),
        author.misconception(
            "tokens added in the network",
            old="Y = ",
            new="Y = X + ",
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
        author.misconception(
            "first bias subtracted",
            old="X + beta_1",
            new="X - beta_1",
            step="hidden layer",
            feedback="Your first bias is subtracted: the hidden numbers cross zero at the wrong places. In the brackets of the ReLU in "
            "section 2 stands a sum. Look at the sign before its beta.",
        ),
        author.misconception(
            "second bias subtracted",
            old="hidden + beta_2",
            new="hidden - beta_2",
            step="output layer",
            feedback="Each row of your result is off by twice its bias: the second bias is taken away. What the second equation of "
            "section 2 ends with is added.",
        ),
        author.misconception(
            "leaky ReLU",
            old="np.maximum",
            new="(lambda h, _: np.where(h > 0, h, 0.01 * h))",
            step="ReLU",
            feedback="Your hidden layer lets a hundredth of what is negative pass, as a leaky ReLU does. The ReLU of section 2 puts 0 "
            "for it, whatever its size.",
        ),
        *other_activations(),
        author.misconception(
            "threshold of 1",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2 @ np.maximum(omega_1 @ X + beta_1, 1) + beta_2
            ),
            step="ReLU",
            feedback="The numbers of your hidden layer are never below 1: it is 1 that you compare them to, and put in their place. A "
            "ReLU puts 0 for what is negative.",
            rare=True,
        ),
        author.misconception(
            "ReLU of the tokens",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2 @ (omega_1 @ np.maximum(X, 0) + beta_1) + beta_2
            ),
            step=["hidden layer", "ReLU"],
            feedback="Your ReLU comes first: the tokens lose what is negative in them before the first layer sees it, and the hidden "
            "numbers stay as they are. In the equation the first layer stands within the brackets of the ReLU.",
            rare=True,
        ),
        author.misconception(
            "ReLU of the second product alone",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                np.maximum(feed_forward(X, omega_1, beta_1, omega_2, 0), 0) + beta_2
            ),
            step="output layer",
            feedback="A second ReLU stands in your output layer, around the product, before its bias is added. The second equation of "
            "section 2 has none: the result must be able to have either sign.",
            rare=True,
        ),
        author.misconception(
            "tokens normalised in the network",
            function=lambda X, *weights: feed_forward(layer_norm(X, 1, 0), *weights),
            step="hidden layer",
            feedback="Your network normalises the tokens before its first layer. In section 3 that is done outside of it, with a gain "
            "and a bias that this function is not even given. Its two equations begin with the tokens as they come.",
            rare=True,
        ),
        author.misconception(
            "matrix transposed, or in the place of the other",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: omega_1.T @ X,
            step=["hidden layer", "output layer"],
            feedback="One of your products cannot be computed: a matrix is transposed, or stands where the other one belongs, so that "
            "F numbers meet D. In a product the first factor has as many columns as the second has rows.",
            rare=True,
        ),
        author.misconception(
            "entry by entry instead of a matrix product",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: omega_1 * X,
            step="hidden layer",
            feedback="You multiply a matrix and the tokens entry by entry, and their shapes do not go together. What section 2 writes "
            "side by side is a matrix product, for which Python has an operator of its own.",
            rare=True,
        ),
        author.misconception(
            "first bias in the second layer",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2 @ np.maximum(omega_1 @ X, 0) + beta_1
            ),
            step=["hidden layer", "output layer"],
            feedback="Your second layer is given the first bias, which has F numbers, while its result has D rows. Each layer has a "
            "bias of its own, in section 2 with the same index as its matrix.",
            rare=True,
        ),
        author.misconception(
            "second bias before its matrix",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2 @ (np.maximum(omega_1 @ X + beta_1, 0) + beta_2)
            ),
            step="output layer",
            feedback="You add the second bias, of D numbers, to the hidden layer, which has F rows. In the second equation of section "
            "2 it is added to the product; if there are brackets around the sum, they are too many.",
            rare=True,
        ),
        author.misconception(
            "bias without its second axis",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: feed_forward(
                X, omega_1, beta_1.ravel(), omega_2, beta_2
            ),
            step=["hidden layer", "output layer"],
            feedback="Your bias has one axis, and NumPy puts it along the columns: then it needs as many numbers as there are tokens. "
            "As it is given, with one column, each of its numbers belongs to a row.",
            rare=True,
        ),
        author.misconception(
            "second bias twice",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: feed_forward(
                X, omega_1, beta_1, omega_2, 2 * beta_2
            ),
            step="output layer",
            feedback="Each row of your result is off by its second bias: it is added twice. The second equation of section 2 has it "
            "once, at the end. Look for a second plus.",
            rare=True,
        ),
        author.misconception(
            "divided by a root",
            function=lambda X, omega_1, beta_1, omega_2, beta_2: (
                omega_2 @ np.maximum(omega_1 @ X + beta_1, 0) / np.sqrt(len(omega_1)) + beta_2
            ),
            step="output layer",
            feedback="Your result is too small, because something in it is divided by the root of a size. Such a division belongs to "
            "the products of queries and keys. In the equations of section 2 nothing is divided.",
            rare=True,
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


def feed_forward_first_in_order(X, weights):
    """The two parts in the other order, the normalisations not."""
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c, gamma_f, beta_f, *network = weights
    X = X + feed_forward(layer_norm(X, gamma_a, beta_a), *network)
    return X + causal_attention(layer_norm(X, gamma_f, beta_f), omega_q, omega_k, omega_v, omega_c)


def normalised_around(X, weights):
    """A normalisation before each part, and one after it."""
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c, gamma_f, beta_f, *network = weights
    attention = causal_attention(layer_norm(X, gamma_a, beta_a), omega_q, omega_k, omega_v, omega_c)
    X = X + layer_norm(attention, gamma_a, beta_a)
    return X + layer_norm(feed_forward(layer_norm(X, gamma_f, beta_f), *network), gamma_f, beta_f)


def without_mask(X, weights):
    """A block whose attention looks ahead."""
    gamma_a, beta_a, omega_q, omega_k, omega_v, omega_c, gamma_f, beta_f, *network = weights
    normal = layer_norm(X, gamma_a, beta_a)
    products = (omega_k @ normal).T @ (omega_q @ normal) / np.sqrt(len(omega_q))
    X = X + omega_c @ omega_v @ normal @ softmaxed(products)
    return X + feed_forward(layer_norm(X, gamma_f, beta_f), *network)


def attention_twice(X, weights):
    """A block whose first part is done twice."""
    first = first_part(X, weights)
    second = first + causal_attention(layer_norm(first, *weights[:2]), *weights[2:6])
    return second + feed_forward(layer_norm(second, *weights[6:8]), *weights[8:])


def network_twice(X, weights):
    """A block whose second part is done twice."""
    X = transformer_block(X, weights)
    return X + feed_forward(layer_norm(X, *weights[6:8]), *weights[8:])


def first_part(X, weights):
    """Return what comes out of the attention, with the tokens."""
    return X + causal_attention(layer_norm(X, *weights[:2]), *weights[2:6])


def products(X, weights):
    """A block that multiplies where it should add."""
    first = X * causal_attention(layer_norm(X, *weights[:2]), *weights[2:6])
    return first * feed_forward(layer_norm(first, *weights[6:8]), *weights[8:])


def attention_multiplied(X, weights):
    """A block whose first part multiplies."""
    first = X * causal_attention(layer_norm(X, *weights[:2]), *weights[2:6])
    return first + feed_forward(layer_norm(first, *weights[6:8]), *weights[8:])


def other_orders():
    """Yield orders in which the weights of the attention are handed to it by mistake."""
    for name, order in {
        "keys and values exchanged in the call": (2, 4, 3, 5),
        "queries and values exchanged in the call": (4, 3, 2, 5),
        "values and the last matrix exchanged in the call": (2, 3, 5, 4),
        "keys, values, queries in the call": (3, 4, 2, 5),
        "last matrix first in the call": (5, 2, 3, 4),
    }.items():
        yield author.misconception(
            name,
            function=lambda X, weights, order=order: transformer_block(
                X, [*weights[:2], *(weights[place] for place in order), *weights[6:]]
            ),
            step="attention",
            feedback="The weights of your attention are handed over in another order than it takes them, so that each matrix does "
            f"the work of another ({name.removesuffix(' in the call')}). Compare your call with the first line of the attention, "
            "in the cell above yours.",
            rare=True,
        )


author.question(
    "transformer_block",
    hints=[
        "Read the two equations of section 3 from the inside out: what is computed first? What is added to what, and is it "
        "normalised when it is added?",
        "In each equation the same letter stands twice on the right: alone, and within the layer normalisation. In the second "
        "equation it is what came out of the first.",
        "Say the tokens are 10, the first part computes 2 from the normalised tokens, and the second computes 5 from what it "
        "is given, normalised. Then the tokens are 12 after the first part, the second part is given 12, and the result is "
        "17.",
    ],
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
            old="X_a = X + ",
            new="X_a = ",
            step="residual connections",
            feedback="The tokens are lost at the attention: what it computes replaces them instead of being added to them. Look at "
            "the first equation of section 3, at what stands before the plus.",
        ),
        author.misconception(
            "no residual connection around the network",
            old="X_f = X_a + ",
            new="X_f = ",
            step="residual connections",
            feedback="What the feed-forward network computes replaces the tokens, instead of being added to what came out of the "
            "first part. Look at the second equation of section 3, at what stands before the plus.",
        ),
        author.misconception(
            "no residual connections",
            edits=[("X_a = X + ", "X_a = "), ("X_f = X_a + ", "X_f = ")],
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
            old="layer_norm(X_a,",
            new="layer_norm(X,",
            step="feed-forward network",
            feedback="Your feed-forward network works on the tokens as they came in, beside the attention. Some large models do "
            "that. Here it comes after it: it is given what the first equation results in.",
        ),
        author.misconception(
            "network added to the first tokens",
            old="X_f = X_a + ",
            new="X_f = X + ",
            step="residual connections",
            feedback="At the end you add to the tokens as they came in, so that the output of the attention is lost: it only serves "
            "the feed-forward network. The second connection starts from what the first equation results in.",
        ),
        author.misconception(
            "network of the attention's output alone",
            old="layer_norm(X_a,",
            new="layer_norm(X_a - X,",
            step="residual connections",
            feedback="Your feed-forward network is given what the attention computes alone, without the tokens. First the tokens "
            "are added to it; this sum is what the second part works on.",
        ),
        author.misconception(
            "normalised tokens passed on",
            edits=[
                ("X_a = X + ", "X_a = layer_norm(X, gamma_a, beta_a) + "),
                ("X_f = X_a + ", "X_f = layer_norm(X_a, gamma_f, beta_f) + "),
            ],
            step="residual connections",
            feedback="You add what each part computes to the *normalised* tokens. The normalisation is meant for the part alone: in "
            "the equations, what stands before the plus is not normalised. If you reuse a variable, look at what is in it "
            "when you add.",
        ),
        author.misconception(
            "normalised tokens passed on by the first part",
            old="X_a = X + ",
            new="X_a = layer_norm(X, gamma_a, beta_a) + ",
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
            old="gamma_f, beta_f)",
            new="gamma_a, beta_a)",
            step="normalisation before each part",
            feedback="Both of your parts are normalised with the same gain and bias, those of the attention. The feed-forward "
            "network has its own: they stand among the weights just before it.",
        ),
        author.misconception(
            "normalisations exchanged",
            edits=[
                ("gamma_a, beta_a)", "gamma_f, beta_f)"),
                ("gamma_f, beta_f)", "gamma_a, beta_a)"),
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
            old="), omega_q, omega_k,",
            new="), omega_k, omega_q,",
            step="attention",
            feedback="The weights of queries and keys have changed places on their way to the attention. Look at the order of its "
            "arguments, in the cell above yours.",
        ),
        author.misconception(
            "tokens added once too often",
            old="X_f = X_a + ",
            new="X_f = X + X_a + ",
            step="residual connections",
            feedback="The tokens are contained twice in your result: once through the first connection, and once because you add "
            "them again at the end. The second connection starts from the result of the first part alone.",
        ),
        author.misconception(
            "sum of the first part normalised",
            old="omega_v, omega_c)",
            new="omega_v, omega_c)\n    X_a = layer_norm(X_a, gamma_a, beta_a)",
            step="normalisation before each part",
            feedback="What comes out of your first part is normalised with its gain and bias before it goes on. In the first equation "
            "the sum is not normalised: the tokens pass it as they are, and only the second part sees them normalised.",
        ),
        author.misconception(
            "normalised tokens passed on by the second part",
            old="X_f = X_a + ",
            new="X_f = layer_norm(X_a, gamma_f, beta_f) + ",
            step="residual connections",
            feedback="In the second equation you add what the network computes to the *normalised* tokens. The normalisation is meant "
            "for the network alone: what stands before the plus is what came out of the first part.",
        ),
        author.misconception(
            "second normalisation used twice",
            old="gamma_a, beta_a)",
            new="gamma_f, beta_f)",
            step="normalisation before each part",
            feedback="Both of your parts are normalised with the same gain and bias, those of the feed-forward network. The attention "
            "has its own: they are the first two of the weights.",
        ),
        author.misconception(
            "gain and bias exchanged before the attention",
            old="gamma_a, beta_a)",
            new="beta_a, gamma_a)",
            step="normalisation before each part",
            feedback="Before your attention, the tokens are multiplied by the bias, and the gain is added. Look at the order in which "
            "your function of section 1 takes the two.",
            rare=True,
        ),
        author.misconception(
            "gain and bias exchanged before the network",
            old="gamma_f, beta_f)",
            new="beta_f, gamma_f)",
            step="normalisation before each part",
            feedback="Before your feed-forward network, the tokens are multiplied by the bias, and the gain is added. Look at the "
            "order in which your function of section 1 takes the two.",
            rare=True,
        ),
        author.misconception(
            "gains and biases exchanged before both parts",
            function=lambda X, weights: transformer_block(
                X, [weights[1], weights[0], *weights[2:6], weights[7], weights[6], *weights[8:]]
            ),
            step="normalisation before each part",
            feedback="Before both of your parts, the tokens are multiplied by the bias, and the gain is added. Look at the order in "
            "which your function of section 1 takes the two.",
            rare=True,
        ),
        author.misconception(
            "normalised without gain and bias",
            function=lambda X, weights: transformer_block(X, [1, 0, *weights[2:6], 1, 0, *weights[8:]]),
            step="normalisation before each part",
            feedback="Your tokens are normalised before both parts, but with a gain of 1 and a bias of 0: the four gains and biases "
            "among the weights are not used. They have been learned like all other weights.",
            rare=True,
        ),
        author.misconception(
            "normalised before the attention without gain and bias",
            function=lambda X, weights: transformer_block(X, [1, 0, *weights[2:]]),
            step="normalisation before each part",
            feedback="Before the attention your tokens are normalised with a gain of 1 and a bias of 0. The first two of the weights "
            "are the gain and the bias that belong there.",
            rare=True,
        ),
        author.misconception(
            "normalised before the network without gain and bias",
            function=lambda X, weights: transformer_block(X, [*weights[:6], 1, 0, *weights[8:]]),
            step="normalisation before each part",
            feedback="Before the feed-forward network your tokens are normalised with a gain of 1 and a bias of 0. The gain and the "
            "bias that belong there stand among the weights.",
            rare=True,
        ),
        author.misconception(
            "normalised once more at the end, as before the attention",
            old="return X_f",
            new="return layer_norm(X_f, gamma_a, beta_a)",
            step="normalisation before each part",
            feedback="Your result is normalised once more, with the gain and bias of the attention. In a pre-norm block the last thing "
            "is the sum: the second equation of section 3 has nothing around it.",
        ),
        *other_orders(),
        author.misconception(
            "keys with the weights of the queries",
            function=lambda X, weights: transformer_block(X, [*weights[:3], weights[2], *weights[4:]]),
            step="attention",
            feedback="Your keys are computed with the weights of the queries, and the weights of the keys are not used. The attention "
            "is given four different matrices. Look at what you hand over twice.",
            rare=True,
        ),
        author.misconception(
            "twice what came out of the first part",
            function=lambda X, weights: transformer_block(X, weights) + first_part(X, weights),
            step="residual connections",
            feedback="What came out of the first part is contained twice in your result. The second equation of section 3 has it once "
            "before the plus, and once within the normalisation.",
            rare=True,
        ),
        author.misconception(
            "tokens missing in the sum",
            function=lambda X, weights: transformer_block(X, weights) - X,
            step="residual connections",
            feedback="Your result is the sum of what the two parts compute, without the tokens themselves. The second part sees the "
            "right thing, but what it computes has to be added to all that came out of the first, and the tokens are in "
            "there.",
            rare=True,
        ),
        author.misconception(
            "attention subtracted",
            function=lambda X, weights: transformer_block(X, [*weights[:5], -weights[5], *weights[6:]]),
            step="residual connections",
            feedback="What the attention computes is taken away from the tokens. In the first equation of section 3 it is added to "
            "them. Look at the sign between the two.",
            rare=True,
        ),
        author.misconception(
            "network subtracted",
            function=lambda X, weights: transformer_block(X, [*weights[:10], -weights[10], -weights[11]]),
            step="residual connections",
            feedback="What the feed-forward network computes is taken away in your second part. In the second equation of section 3 it "
            "is added. Look at the sign between the two.",
            rare=True,
        ),
        author.misconception(
            "products instead of sums",
            function=products,
            step="residual connections",
            feedback="You multiply the tokens by what each part computes, number by number. A residual connection is a sum: both "
            "equations of section 3 have a plus there.",
            rare=True,
        ),
        author.misconception(
            "normalised before each part and after it",
            function=normalised_around,
            step="normalisation before each part",
            feedback="You normalise what each part is given, and what it computes once more, before it is added. Some models do both. "
            "In the equations of section 3 the result of a part is added as it is.",
            rare=True,
        ),
        author.misconception(
            "network before the attention, normalisations in their order",
            function=feed_forward_first_in_order,
            step=["attention", "feed-forward network"],
            feedback="In your block the feed-forward network comes first and the attention after it, each with the gain and bias of "
            "the other. First tokens look at each other, then each works on what it has seen: the equations of section 3 are "
            "in this order.",
            rare=True,
        ),
        author.misconception(
            "attention without a mask",
            function=without_mask,
            step="attention",
            feedback="Your tokens attend to those behind them too. The attention that is given hides these, for they are what a "
            "language model is to predict. If you have written an attention of your own, a mask is missing.",
            rare=True,
        ),
        author.misconception(
            "attention twice",
            function=attention_twice,
            step="attention",
            feedback="Your tokens go through the attention twice before they come to the feed-forward network. A block has each of its "
            "two parts once: look at how often you call it.",
            rare=True,
        ),
        author.misconception(
            "network twice",
            function=network_twice,
            step="feed-forward network",
            feedback="Your tokens go through the feed-forward network twice. A block has each of its two parts once: look at how often "
            "you call it, and what you add last.",
            rare=True,
        ),
        author.misconception(
            "block's result transposed",
            function=lambda X, weights: transformer_block(X, weights).T,
            step="residual connections",
            feedback="Your result has a row for each token: it is transposed. Tokens are columns here, in what goes into the block and "
            "in what comes out of it.",
            rare=True,
        ),
        author.misconception(
            "layers of the network exchanged in the call",
            function=lambda X, weights: transformer_block(X, [*weights[:8], *weights[10:], *weights[8:10]]),
            step="feed-forward network",
            feedback="The two layers of your feed-forward network have changed places on their way to it, so that a matrix meets "
            "tokens that do not fit. Compare your call with the order of the arguments of your function of section 2.",
            rare=True,
        ),
        author.misconception(
            "biases of the network exchanged in the call",
            function=lambda X, weights: transformer_block(
                X, [*weights[:8], weights[8], weights[11], weights[10], weights[9]]
            ),
            step="feed-forward network",
            feedback="The two biases of your feed-forward network have changed places on their way to it: one has F numbers, the other "
            "D. Compare your call with the order of the arguments of your function of section 2.",
            rare=True,
        ),
        author.misconception(
            "normalisation without its arguments",
            function=lambda X, weights: layer_norm(X),
            step="normalisation before each part",
            feedback="You call your layer normalisation with the tokens alone. It needs a gain and a bias too, and each part has a "
            "pair of its own among the weights.",
            rare=True,
        ),
        author.misconception(
            "attention multiplied",
            function=attention_multiplied,
            step="residual connections",
            feedback="You multiply the tokens by what the attention computes, number by number. A residual connection is a sum: the "
            "first equation of section 3 has a plus there.",
            rare=True,
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


def without_positions(tokens, model):
    """Embedded characters multiplied by the root of D, without positions."""
    E, *weights, gamma, beta, omega = model
    return omega @ layer_norm(transformer_block(np.sqrt(len(E)) * E[:, tokens], weights), gamma, beta)


def normalised_scores(tokens, model):
    """Scores that are normalised."""
    E, *weights, gamma, beta, omega = model
    return layer_norm(omega @ transformer_block(add_positions(E[:, tokens]), weights), gamma, beta)


author.question(
    "logits",
    hints=[
        "Three lines for the three points of section 4. The first looks up columns: an array of numbers can be an index in "
        "NumPy. Everything else are functions that you have.",
        "The equation of section 4, from the inside out: columns of E, positions, block, layer normalisation, matrix product. "
        "The last two have parameters of their own, which stand at the end of the model.",
        "Let E have the columns (1, 2), (3, 4), (5, 6). The text 2, 0, 0 becomes the columns (5, 6), (1, 2), (1, 2), in a "
        "matrix of shape (2, 3): D = 2 numbers for each of N = 3 characters. Only the positions make the last two "
        "different.",
    ],
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
            "positions of the alphabet",
            old="add_positions(E[:, tokens])",
            new="add_positions(E)[:, tokens]",
            step="embedding with positions",
            rare=True,
            feedback="The same character gets the same position wherever it stands: positions are added to the columns of the "
            "table, where they count through the alphabet. First look up the characters of the text, then say where "
            "in the text each of them is.",
        ),
        author.misconception(
            "rows of the embedding reshaped",
            old="add_positions(E[:, tokens])",
            new="add_positions(np.reshape(E.T[tokens], (len(E), len(tokens))))",
            step="embedding with positions",
            rare=True,
            feedback="Your vectors are scrambled: what is looked up has one character per row, and a reshape to (D, N) cuts "
            "the rows in pieces instead of turning them. Look up columns, or transpose.",
        ),
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
            old="gamma, beta)",
            new="beta, gamma)",
            step="normalisation at the end",
            feedback="In the last normalisation, the gain and the bias have changed places: look at the order in which your function "
            "of section 1 takes them.",
        ),
        author.misconception(
            "embedding not scaled",
            old="E[:, tokens]",
            new="E[:, tokens] / np.sqrt(len(E))",
            step="embedding with positions",
            feedback="Your positions are added to the columns as they are. The model was trained with columns that are multiplied by "
            "the root of D before: the function for it is given, and does both.",
        ),
        author.misconception(
            "no positions, but scaled",
            function=without_positions,
            step="embedding with positions",
            feedback="Your characters go into the block multiplied by the root of D, and without their positions, so that the "
            "attention cannot tell where they stand. The first point of section 4 names the function that adds them.",
            rare=True,
        ),
        author.misconception(
            "columns added to themselves with positions",
            function=lambda tokens, model: logits(
                tokens, [model[0] * (1 + 1 / np.sqrt(len(model[0]))), *model[1:]]
            ),
            step="embedding with positions",
            feedback="You add the columns to what the given function returns, which contains them already: it gives back tokens with "
            "their positions, not the positions alone. So each character counts once too often.",
            rare=True,
        ),
        author.misconception(
            "positions along the wrong axis",
            old="add_positions(E[:, tokens])",
            new="add_positions(E[:, tokens].T).T",
            step="embedding with positions",
            feedback="You add the positions to the transposed columns: so each of the D numbers of a character counts as a place in "
            "the text. The function takes tokens as columns, with the shape (D, N).",
            rare=True,
        ),
        author.misconception(
            "last normalisation with the attention's gain and bias",
            old="gamma, beta)",
            new="weights[0], weights[1])",
            step="normalisation at the end",
            feedback="In the last normalisation you use the gain and bias of the block, those before its attention. The model has "
            "another pair for the end: it stands after the weights of the block.",
        ),
        author.misconception(
            "last normalisation with the network's gain and bias",
            old="gamma, beta)",
            new="weights[6], weights[7])",
            step="normalisation at the end",
            feedback="In the last normalisation you use the gain and bias of the block, those before its feed-forward network. The "
            "model has another pair for the end: it stands after the weights of the block.",
            rare=True,
        ),
        author.misconception(
            "last normalisation without gain and bias",
            function=lambda tokens, model: logits(tokens, [*model[:-3], 1, 0, model[-1]]),
            step="normalisation at the end",
            feedback="Your last normalisation has a gain of 1 and a bias of 0. The model has a gain and a bias for it, which were "
            "learned: they stand near its end.",
            rare=True,
        ),
        author.misconception(
            "last normalisation without its bias",
            function=lambda tokens, model: logits(tokens, [*model[:-2], 0, model[-1]]),
            step="normalisation at the end",
            feedback="Each row of your scores is off by a constant: the last normalisation has no bias. The model has one, right after "
            "the last gain; it is a vector of D numbers.",
            rare=True,
        ),
        author.misconception(
            "last normalisation before the block too",
            old="transformer_block(X, weights)",
            new="transformer_block(layer_norm(X, gamma, beta), weights)",
            step="normalisation at the end",
            feedback="You apply the last normalisation twice: to what goes into the block, and to what comes out of it. It belongs to "
            "the end alone; the block normalises for itself what each of its parts is given.",
            rare=True,
        ),
        author.misconception(
            "normalised twice at the end",
            old="layer_norm(X, gamma, beta)",
            new="layer_norm(layer_norm(X, gamma, beta), gamma, beta)",
            step="normalisation at the end",
            feedback="At the end your tokens are normalised twice, the second time with what gain and bias have made of them. The "
            "equation of section 4 has one layer normalisation after the block.",
            rare=True,
        ),
        author.misconception(
            "tokens added to the block's result",
            old="= transformer_block(",
            new="= X + transformer_block(",
            step="the block, once",
            feedback="You add what goes into the block to what comes out of it. The block has its residual connections within it: its "
            "result contains the tokens already.",
            rare=True,
        ),
        author.misconception(
            "attention of the block alone",
            old="transformer_block(X, weights)",
            new="X + causal_attention(layer_norm(X, *weights[:2]), *weights[2:6])",
            step="the block, once",
            feedback="Of the block, only the attention is at work in your scores: its feed-forward network is missing. The second "
            "point of section 4 asks for the whole transformer block, as your function of section 3 computes it.",
            rare=True,
        ),
        author.misconception(
            "network of the block alone",
            old="transformer_block(X, weights)",
            new="X + feed_forward(layer_norm(X, *weights[6:8]), *weights[8:])",
            step="the block, once",
            feedback="Of the block, only the feed-forward network is at work in your scores: no character looks at another. The second "
            "point of section 4 asks for the whole transformer block, as your function of section 3 computes it.",
            rare=True,
        ),
        author.misconception(
            "block three times",
            old="transformer_block(X, weights)",
            new="transformer_block(transformer_block(transformer_block(X, weights), weights), weights)",
            step="the block, once",
            feedback="Your characters go through the block three times. Larger models do have several blocks, each with weights of its "
            "own. This one has a single block.",
            rare=True,
        ),
        author.misconception(
            "scores divided by the root of D",
            function=lambda tokens, model: logits(tokens, model) / np.sqrt(len(model[0])),
            step="scores of the next characters",
            feedback="Your scores are too small by a factor, the root of D. Such a division belongs to queries and keys in the "
            "attention. Here the last matrix is multiplied by the normalised tokens, and that is all.",
            rare=True,
        ),
        author.misconception(
            "shares over the positions",
            function=lambda tokens, model: softmaxed(logits(tokens, model).T).T,
            step="scores of the next characters",
            feedback="The rows of your result sum to 1: a softmax runs over the positions. What is asked for are the scores "
            "themselves, numbers of any size. The softmax comes later, in the loss, and runs over the characters.",
            rare=True,
        ),
        author.misconception(
            "best characters instead of scores",
            function=lambda tokens, model: np.argmax(logits(tokens, model), axis=0),
            step="scores of the next characters",
            feedback="You return the number of the most likely character at each position. The scores of *all* characters are asked "
            "for, a column for each position. Which of them to take is decided in section 7.",
            rare=True,
        ),
        author.misconception(
            "largest score of each column subtracted",
            function=lambda tokens, model: logits(tokens, model) - logits(tokens, model).max(axis=0),
            step="scores of the next characters",
            feedback="The largest score in each of your columns is 0: it has been subtracted everywhere. That is a step of a stable "
            "softmax, which comes in section 5. Here the scores are asked for as the matrix product gives them.",
            rare=True,
        ),
        author.misconception(
            "last row only",
            function=lambda tokens, model: logits(tokens, model)[-1],
            step="scores of the next characters",
            feedback="You return one row of the scores: those of the last character of the alphabet, at all positions. Characters are "
            "rows and positions are columns, and all of them are asked for.",
            rare=True,
        ),
        author.misconception(
            "embedding with the last matrix",
            function=lambda tokens, model: logits(tokens, [model[-1].T, *model[1:]]),
            step="embedding with positions",
            feedback="You look your characters up in the rows of the last matrix, the one for the scores. Models with tied weights do "
            "that. This one has a matrix of its own for the embedding, the first of its parameters.",
            rare=True,
        ),
        author.misconception(
            "rows of the embedding",
            old="E[:, tokens]",
            new="E[tokens]",
            step="embedding with positions",
            feedback="You look up *rows* of the matrix E, of which there are only D, so that larger numbers of characters find "
            "nothing. Each character is a column of it: in an index, what stands before the comma counts rows.",
            rare=True,
        ),
        author.misconception(
            "characters as rows",
            old="E[:, tokens]",
            new="E.T[tokens]",
            step="embedding with positions",
            feedback="Your characters are looked up as rows, in a matrix of shape (N, D), and nothing that follows can be done with it "
            "as it is. In this course a token is a column: (D, N).",
            rare=True,
        ),
        author.misconception(
            "embedding of the numbers before",
            function=lambda tokens, model: logits(tokens - 1, model),
            step="embedding with positions",
            feedback="Each of your characters is looked up one column too far to the left, so that the first one of the alphabet gets "
            "the last column. The numbers of characters begin with 0, as columns do in NumPy.",
            rare=True,
        ),
        author.misconception(
            "without the last character",
            function=lambda tokens, model: logits(tokens[:-1], model),
            step="embedding with positions",
            feedback="Your scores have a column too few: the last character does not go into the model. What to leave out is decided "
            "in section 6, by the caller. Here all characters that are given are looked up.",
            rare=True,
        ),
        author.misconception(
            "without the first character",
            function=lambda tokens, model: logits(tokens[1:], model),
            step="embedding with positions",
            feedback="Your scores have a column too few: the first character does not go into the model. Here all characters that are "
            "given are looked up; shifting texts against each other comes in section 6.",
            rare=True,
        ),
        author.misconception(
            "each character by itself",
            function=lambda tokens, model: np.hstack(
                [logits(tokens[n : n + 1], model) for n in range(len(tokens))]
            ),
            step="the block, once",
            feedback="Each of your characters goes through the model alone, so that none sees those before it, and each has the first "
            "position. All columns go into the block together: only its attention connects them.",
            rare=True,
        ),
        author.misconception(
            "rows of the embedding, transposed",
            function=lambda tokens, model: model[0][tokens].T,
            step="embedding with positions",
            feedback="You look up *rows* of the matrix E, of which there are only D, and transpose what you find. Each character is a "
            "column of it: in an index, what stands before the comma counts rows.",
            rare=True,
        ),
        author.misconception(
            "last matrix transposed",
            function=lambda tokens, model: logits(tokens, [*model[:-1], model[-1].T]),
            step="scores of the next characters",
            feedback="Your last product cannot be computed: the matrix is transposed. It has a row for each character of the alphabet, "
            "and D columns, as many as the tokens have rows.",
            rare=True,
        ),
        author.misconception(
            "normalised after the last matrix",
            function=normalised_scores,
            step="normalisation at the end",
            feedback="You normalise the scores, and gain and bias do not fit them: these have D numbers, the scores V rows. In the "
            "equation of section 4 the normalisation stands within the product: first it, then the matrix.",
            rare=True,
        ),
        author.misconception(
            "largest scores",
            function=lambda tokens, model: logits(tokens, model).max(axis=0),
            step="scores of the next characters",
            feedback="You return the largest score of each position. The scores of *all* characters are asked for, a column for each "
            "position. Which of them to take is decided in section 7.",
            rare=True,
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
            old="shifted - np.log(",
            new=f"np.log({number} + np.exp(shifted) / ",
            step="stable for large scores",
            feedback=f"A very unlikely target never costs more than about {-np.log(float(number)):.0f} in your result: a small "
            "number is added to the probabilities, or they are kept above it, so that the logarithm is not infinite. It hides how wrong the model is. If "
            "the logarithm of the fraction is written as a difference, nothing has to be added.",
        )


def shares_of(losses, scores):
    """Return the probabilities of all characters, as these losses see them."""
    return np.exp(-of_all(losses, scores))


def of_all(losses, scores):
    """Return what each character would have cost at each position."""
    return np.array([losses(scores, np.full(scores.shape[1], row)) for row in range(len(scores))])


def squared_distances(scores, targets):
    """Squared distances of the probabilities from 1 for the target and 0 for the others."""
    return np.sum((shares_of(losses, scores) - np.eye(len(scores))[:, targets]) ** 2, axis=0)


def each_judged(scores, targets):
    """The loss of yes-or-no questions, one for each character."""
    shares, came = shares_of(losses, scores), np.eye(len(scores))[:, targets]
    return -np.sum(np.log(np.where(came, shares, 1 - shares)), axis=0)


def by_character(scores, targets):
    """The losses of each character, summed over the positions."""
    return np.bincount(targets, losses(scores, targets), len(scores))


def without_target(scores, targets):
    """Minus the logarithm of the target's exponential, divided by those of the others."""
    shares = np.exp(-losses(scores, targets))
    return -np.log(shares / (1 - shares))


def cut_off():
    """Yield probabilities that are kept above some number, of which each is usual."""
    for number in (1e-7, 1e-8):
        yield author.misconception(
            f"probabilities of at least {number:.0e}".replace("e-0", "e-"),
            function=lambda scores, targets, number=number: (
                -np.log(np.maximum(np.exp(-losses(scores, targets)), number))
            ),
            step="stable for large scores",
            feedback=f"A very unlikely target never costs more than about {-np.log(number):.0f} in your result: probabilities are cut "
            "off below, so that the logarithm is not infinite. It hides how wrong the model is. If the logarithm of the fraction is "
            "written as a difference, nothing has to be cut off.",
            rare=True,
        )


author.question(
    "losses",
    hints=[
        "First make a table of logarithms of probabilities, as large as the scores. Then take one number out of each column: "
        "which row is it in?",
        "The logarithm of a fraction is a difference: the score of the target, minus the logarithm of the sum over its "
        "column. Both may have the largest score of the column subtracted before.",
        "A column of scores 2, 0, 1: the exponentials are 7.389, 1, 2.718, and their sum is 11.107, whose logarithm is 2.408. "
        "The losses of the three characters would be 0.408, 2.408 and 1.408. If the target is 1, it is 2.408.",
    ],
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
                ("shifted - np.log(", "np.log(np.exp(shifted) / "),
            ],
            step="stable for large scores",
            feedback="For large scores your losses are infinite or `nan`, however right they are for moderate ones: the "
            "exponential of 710 is too large for a floating-point number, and the logarithm of a probability that was "
            "rounded to 0 is infinite. The text of section 5 says how to avoid both.",
        ),
        author.misconception(
            "probabilities first, then the logarithm",
            old="shifted - np.log(",
            new="np.log(np.exp(shifted) / ",
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
            old="result = ",
            new="result = 1 / np.log(10) * ",
            step="logarithm of the target's",
            feedback="Your losses are all too small by the same factor of 2.303: they are logarithms to base 10. The text of section 5 "
            "says which logarithm is meant, and NumPy has a function for each.",
        ),
        author.misconception(
            "logarithm to base 2",
            old="result = ",
            new="result = 1 / np.log(2) * ",
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
            step=["probabilities of the characters", "stable for large scores"],
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
        author.misconception(
            "mean of the exponentials in the softmax",
            old="np.sum(",
            new="np.mean(",
            step="probabilities of the characters",
            feedback="Your losses are all off by the same amount, the logarithm of V: the exponentials of a column are averaged "
            "instead of summed. So the probabilities do not sum to 1, and a loss can be negative. The denominator of the "
            "fraction is a sum.",
        ),
        author.misconception(
            "exponentials of the losses",
            function=lambda scores, targets: np.exp(losses(scores, targets)),
            step="logarithm of the target's",
            feedback="Your numbers are at least 1: they are the exponentials of the losses, that is 1 divided by the probabilities. "
            "Such an exponential comes in section 6, of the mean. The loss is minus the logarithm of the probability.",
        ),
        author.misconception(
            "weighted by the target's probability",
            function=lambda scores, targets: losses(scores, targets) * np.exp(-losses(scores, targets)),
            step="logarithm of the target's",
            feedback="Your loss is multiplied by the probability of the target, so that a very unlikely target costs nearly nothing. "
            "That is a term of an entropy. The equation of section 5 has minus the logarithm alone.",
        ),
        author.misconception(
            "logarithm of what is missing to 1",
            function=lambda scores, targets: -np.log(1 - np.exp(-losses(scores, targets))),
            step="logarithm of the target's",
            feedback="Your loss is large where the model was right: you take the logarithm of 1 minus the probability. That is the "
            "surprise at the target *not* coming. It came, so its own probability counts.",
        ),
        author.misconception(
            "square of what is missing to 1",
            function=lambda scores, targets: (1 - np.exp(-losses(scores, targets))) ** 2,
            step="logarithm of the target's",
            feedback="You square how much the probability of the target lacks to 1. So no surprise costs more than 1. The equation of "
            "section 5 has minus the logarithm of the probability, which grows without a limit.",
        ),
        author.misconception(
            "squared distances from the target",
            function=squared_distances,
            step="logarithm of the target's",
            feedback="You sum the squared distances of all probabilities from 1 for the target and 0 for the rest. That measures "
            "something similar, but is bounded. The loss of section 5 takes one probability alone, and its logarithm.",
        ),
        author.misconception(
            "all characters judged by themselves",
            function=each_judged,
            step="logarithm of the target's",
            feedback="Your loss also has terms for the characters that did not come, with the logarithm of 1 minus their "
            "probabilities. That belongs to yes-or-no questions. Of a softmax, only the probability of the target counts.",
        ),
        author.misconception(
            "divided by the size of the alphabet",
            function=lambda scores, targets: losses(scores, targets) / len(scores),
            step="logarithm of the target's",
            feedback="Your losses are too small by the factor V: a mean runs over all characters, though all of its terms but one are "
            "0. The loss is that one term, as it is.",
        ),
        author.misconception(
            "divided by the number of positions",
            function=lambda scores, targets: losses(scores, targets) / len(targets),
            step="logarithm of the target's",
            feedback="Each of your losses is divided by the number of positions. That would belong to their mean, the cross-entropy. "
            "Here the loss at each position is asked for by itself.",
        ),
        author.misconception(
            "summed for each character",
            function=by_character,
            step="logarithm of the target's",
            feedback="Your result has a number for each character of the alphabet: the losses of all positions at which it was the "
            "target are summed. A number for each *position* is asked for, so what is summed over must be the other axis.",
        ),
        author.misconception(
            "softmax twice",
            function=lambda scores, targets: losses(softmaxed(scores), targets),
            step="probabilities of the characters",
            feedback="Your probabilities are too much alike: the softmax has been applied to probabilities, not to scores. The scores "
            "are numbers of any size; one softmax makes probabilities of them, and a second one evens these out.",
        ),
        author.misconception(
            "softmax twice, nothing subtracted",
            function=lambda scores, targets: losses(np.exp(scores) / np.exp(scores).sum(axis=0), targets),
            step=["probabilities of the characters", "stable for large scores"],
            feedback="Your probabilities are too much alike: the softmax has been applied to probabilities, not to scores, and nothing "
            "was subtracted from the scores, so that large ones give `nan`. One softmax makes probabilities of them, and a "
            "second one evens these out.",
        ),
        author.misconception(
            "exponentials not divided by their sum",
            function=lambda scores, targets: -np.log(np.exp(scores)[targets, np.arange(len(targets))]),
            step=["probabilities of the characters", "stable for large scores"],
            feedback="Your losses can be negative: they are minus the scores of the targets, since an exponential and a logarithm "
            "cancel each other. In the fraction of section 5 the exponential is divided by the sum of those of its column.",
        ),
        author.misconception(
            "largest scores of the rows subtracted",
            old="np.max(scores, axis=0)",
            new="np.max(scores, axis=1, keepdims=True)",
            step="probabilities of the characters",
            feedback="You subtract from each *row* its largest score, so that the scores of one column do not all lose the same, and "
            "their probabilities change. What may be subtracted is one number for each column.",
        ),
        author.misconception(
            "sums over the positions",
            old="np.sum(np.exp(shifted), axis=0)",
            new="np.sum(np.exp(shifted), axis=1, keepdims=True)",
            step="probabilities of the characters",
            feedback="The sums of your exponentials run along the rows, over the positions. It is the characters at one position that "
            "compete with each other: their sum runs down a column. Look at the axis.",
        ),
        author.misconception(
            "largest scores and sums of the rows, without their axis",
            edits=[
                ("np.max(scores, axis=0)", "np.max(scores, axis=1)"),
                ("np.sum(np.exp(shifted), axis=0)", "np.sum(np.exp(shifted), axis=1)"),
            ],
            step="probabilities of the characters",
            feedback="Your largest scores, or your sums, are V numbers, one for each row, and cannot be combined with a table that has "
            "a column for each position. A number for each column is needed: the axis that you name is the one that "
            "disappears.",
        ),
        author.misconception(
            "another score than the largest subtracted",
            old="np.max(scores, axis=0)",
            new="np.mean(scores, axis=0)",
            step="stable for large scores",
            feedback="For large scores your losses are infinite or `nan`. What you subtract from each column, its mean or its smallest "
            "score, does not change the softmax, but the exponentials of scores far above it are still infinite. Which number "
            "of the column makes sure that none is above 0?",
            rare=True,
        ),
        author.misconception(
            "shares of the scores themselves",
            function=lambda scores, targets: (
                -np.log((scores / scores.sum(axis=0))[targets, np.arange(len(targets))])
            ),
            step="probabilities of the characters",
            feedback="You divide the scores by their sum, without exponentials. So a negative score has a negative share, of which "
            "there is no logarithm. The fraction of section 5 has an exponential above and below.",
        ),
        author.misconception(
            "softmax of the negative scores",
            function=lambda scores, targets: losses(-scores, targets),
            step="probabilities of the characters",
            feedback="A character with a high score is unlikely in your probabilities: the scores have a minus in the exponential. The "
            "minus of section 5 stands before the logarithm alone.",
        ),
        author.misconception(
            "logarithm of the sum added",
            old=" - np.log(",
            new=" + np.log(",
            step="probabilities of the characters",
            feedback="You add the logarithm of the sum to the score of the target. The logarithm of a fraction is that of its "
            "numerator *minus* that of its denominator. Look at the sign between the two.",
        ),
        author.misconception(
            "divided by the logarithm of the sum",
            old=" - np.log(",
            new=" / np.log(",
            step="probabilities of the characters",
            feedback="You divide the score by the logarithm of the sum. The logarithm of a fraction is no fraction of logarithms: it "
            "is a difference. Which two terms has it?",
        ),
        author.misconception(
            "largest score subtracted in the sum alone",
            old="log_p = shifted - ",
            new="log_p = scores - ",
            step="probabilities of the characters",
            feedback="You subtract the largest score of a column from those in the sum, but not from that of the target. It may only "
            "be subtracted because it is subtracted everywhere, or else has to be added to the logarithm again.",
        ),
        author.misconception(
            "largest score subtracted twice",
            old="log_p = shifted - ",
            new="log_p = shifted - np.max(scores, axis=0) - ",
            step="probabilities of the characters",
            feedback="Your losses are too large by the largest score of each column. It has been subtracted from the target's score, "
            "and added to the logarithm of the sum too: one of the two is enough.",
        ),
        author.misconception(
            "sum of the logarithms",
            old="np.log(np.sum(np.exp(shifted), axis=0))",
            new="np.sum(shifted, axis=0)",
            step="probabilities of the characters",
            feedback="You subtract the sum of the logarithms, which is the sum of the scores. What is needed is the logarithm of the "
            "sum: first the exponentials are summed, then one logarithm is taken.",
        ),
        author.misconception(
            "sigmoid instead of softmax",
            function=lambda scores, targets: (
                -np.log(1 / (1 + np.exp(-scores[targets, np.arange(len(targets))])))
            ),
            step="probabilities of the characters",
            feedback="Each of your probabilities comes from one score alone, by a sigmoid, so that those of a column do not sum to 1. "
            "In a softmax the characters compete: the exponential of the target is divided by the sum of all.",
        ),
        author.misconception(
            "target left out of the sum",
            function=without_target,
            step="probabilities of the characters",
            feedback="Some of your losses are negative: the sum in the denominator leaves the target out, so that the fraction can be "
            "larger than 1. The sum of section 5 runs over all characters, the target too.",
        ),
        *cut_off(),
        author.misconception(
            "targets one further",
            function=lambda scores, targets: losses(scores[:, :-1], targets[1:]),
            step="logarithm of the target's",
            feedback="Your result has one loss too few: you shift the targets once more. They come as they belong to the columns: the "
            "target of the first column is the first of them. The shift is made in section 6.",
        ),
        author.misconception(
            "row above the target",
            function=lambda scores, targets: losses(scores, targets - 1),
            step="logarithm of the target's",
            feedback="Your losses are those of the characters one row above the targets. The numbers of characters begin with 0, as "
            "rows do in NumPy, so nothing has to be subtracted from them.",
        ),
        author.misconception(
            "row and column exchanged",
            old="-log_p[targets, np.arange(len(targets))]",
            new="-log_p[np.arange(len(targets)), targets]",
            step="logarithm of the target's",
            feedback="Your index has row and column exchanged: the targets stand where positions belong, so that it reaches out of the "
            "table, or into wrong columns. In the scores, characters are rows and positions are columns.",
        ),
        author.misconception(
            "columns of the targets",
            old="-log_p[targets, np.arange(len(targets))]",
            new="-log_p[:, targets]",
            step="logarithm of the target's",
            feedback="You take whole columns of the table, and those whose numbers are the targets. A target is the number of a *row*; "
            "and of each column one number alone is needed.",
        ),
        author.misconception(
            "all characters summed",
            function=lambda scores, targets: of_all(losses, scores).sum(axis=0),
            step="logarithm of the target's",
            feedback="You sum the logarithms of all characters of a column, so that your losses do not depend on the targets. Only the "
            "target's probability counts: one number out of each column.",
        ),
        author.misconception(
            "mean of all characters",
            function=lambda scores, targets: of_all(losses, scores).mean(axis=0),
            step="logarithm of the target's",
            feedback="You average the logarithms of all characters of a column, so that your losses do not depend on the targets. Only "
            "the target's probability counts: one number out of each column.",
        ),
        author.misconception(
            "losses of all characters",
            function=lambda scores, targets: of_all(losses, scores),
            step="logarithm of the target's",
            feedback="Your result is a matrix: it says what each character would have cost at each position. The targets tell which of "
            "them came. Of each column one number is needed.",
        ),
        author.misconception(
            "only the first loss",
            function=lambda scores, targets: losses(scores, targets)[:1],
            step="logarithm of the target's",
            feedback="You return the loss at the first position alone. There is one for each target. If there is a loop, look at how "
            "far `return` is indented.",
        ),
        author.misconception(
            "running sums",
            function=lambda scores, targets: np.cumsum(losses(scores, targets)),
            step="logarithm of the target's",
            feedback="Your losses grow from position to position: each is added to those before it. The loss at each position is asked "
            "for by itself; sums, and means, come in section 6.",
            rare=True,
        ),
        author.misconception(
            "only the last loss",
            function=lambda scores, targets: losses(scores, targets)[-1:],
            step="logarithm of the target's",
            feedback="You return the loss at the last position alone. There is one for each target: if there is a loop, look at what "
            "is kept from each of its rounds.",
            rare=True,
        ),
        author.misconception(
            "squares of the losses",
            function=lambda scores, targets: losses(scores, targets) ** 2,
            step="logarithm of the target's",
            feedback="You return the squares of the losses. Squares belong to distances between numbers. The equation of section 5 has "
            "minus the logarithm, as it is. Nothing else is done to it.",
            rare=True,
        ),
        author.misconception(
            "powers of two in the softmax",
            function=lambda scores, targets: losses(np.log(2) * scores, targets),
            step="probabilities of the characters",
            feedback="Your probabilities come from powers of 2. The softmax of section 5 has the exponential function, whose base is "
            "e: with another base all scores count less or more.",
            rare=True,
        ),
        author.misconception(
            "powers of two and logarithms to base 2",
            function=lambda scores, targets: losses(np.log(2) * scores, targets) / np.log(2),
            step=["probabilities of the characters", "logarithm of the target's"],
            feedback="Your probabilities come from powers of 2, and your logarithms have the base 2 as well. That is consistent, but "
            "another loss: in section 5 both the exponential and the logarithm are the natural ones.",
            rare=True,
        ),
        author.misconception(
            "targets of the positions after",
            function=lambda scores, targets: losses(scores, np.roll(targets, -1)),
            step="logarithm of the target's",
            feedback="Your targets are rotated by one position, so that each column is compared to the next one's target. They come as "
            "they belong to the columns; the shift is made in section 6.",
            rare=True,
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


def by_one_before(texts, model):
    """Perplexities where each character is predicted from the one before, by itself."""
    scores = [np.hstack([logits(np.array([token]), model) for token in tokens[:-1]]) for tokens in texts]
    return [np.exp(np.mean(losses(each, tokens[1:]))) for each, tokens in zip(scores, texts, strict=True)]


def of_losses(texts, model, one_number):
    """What becomes of the losses of each text."""
    return [one_number(losses(logits(tokens[:-1], model), tokens[1:])) for tokens in texts]


author.question(
    "perplexities",
    hints=[
        "Write down a text of four characters, and below each of them the one that comes after it. For which of them is there "
        "none?",
        "In section 6, the model predicts the second character from the first, and so on: what goes into `logits` has one "
        "character less than the text, and so have the targets. But not the same one.",
        "A text 3, 1, 4, 1: the model is given 3, 1, 4, and the targets are 1, 4, 1. If their losses are 0.5, 2 and 0.2, the "
        "mean is 0.9 and the perplexity is the exponential of it, 2.46.",
    ],
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
            old="np.mean(",
            new="np.sum(",
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
            old="np.exp(",
            new="(",
            step="exponential of the mean",
            feedback="You return the mean loss itself, the cross-entropy. The perplexity is its exponential: look at what stands around the "
            "sum in the equation of section 6.",
        ),
        author.misconception(
            "power of two",
            old="np.exp(",
            new="2 ** (",
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
            old="np.exp(",
            new="np.exp(-",
            step="exponential of the mean",
            feedback="Your result lies between 0 and 1: it is the mean probability of the characters (their geometric mean). A perplexity is "
            "1 divided by it. There is no minus in the equation, since the losses have one already.",
        ),
        author.misconception(
            "first prediction left out",
            old="(all_losses)",
            new="(all_losses[1:])",
            step="exponential of the mean",
            feedback="The first prediction does not count in your perplexity: its loss is left out. There is nothing to predict the "
            "first *character* from, but the second is predicted from the first. All losses belong to the mean.",
        ),
        author.misconception(
            "last prediction left out",
            old="(all_losses)",
            new="(all_losses[:-1])",
            step="exponential of the mean",
            feedback="The last prediction does not count in your perplexity: its loss is left out. A text of N characters has N - 1 "
            "losses, and all of them belong to the mean.",
            rare=True,
        ),
        author.misconception(
            "only the last prediction",
            function=lambda texts, model: of_losses(texts, model, lambda each: np.exp(each[-1])),
            step="exponential of the mean",
            feedback="Your perplexity takes the last prediction alone. The equation of section 6 has the mean of all losses of the "
            "text: one for each character but the first.",
            rare=True,
        ),
        author.misconception(
            "only the first prediction",
            function=lambda texts, model: of_losses(texts, model, lambda each: np.exp(each[0])),
            step="exponential of the mean",
            feedback="Your perplexity takes the first prediction alone. The equation of section 6 has the mean of all losses of the "
            "text: one for each character but the first.",
            rare=True,
        ),
        author.misconception(
            "divided by two less",
            function=lambda texts, model: of_losses(
                texts, model, lambda each: np.exp(each.sum() / (len(each) - 1))
            ),
            step="exponential of the mean",
            feedback="You divide the sum of the losses by two less than there are characters. There is one loss less than characters, "
            "since the first is not predicted: that is how many are summed, and divided by.",
            rare=True,
        ),
        author.misconception(
            "median of the losses",
            function=lambda texts, model: of_losses(texts, model, lambda each: np.exp(np.median(each))),
            step="exponential of the mean",
            feedback="You take the median of the losses, so that it does not matter how large the largest surprises were. In the "
            "equation of section 6 all losses are summed, and divided by how many there are.",
            rare=True,
        ),
        author.misconception(
            "largest loss",
            function=lambda texts, model: of_losses(texts, model, lambda each: np.exp(each.max())),
            step="exponential of the mean",
            feedback="Your perplexity is that of the largest surprise alone. In the equation of section 6 all losses of a text are "
            "summed, and divided by how many there are.",
            rare=True,
        ),
        author.misconception(
            "power of ten",
            function=lambda texts, model: ([10 ** np.log(each) for each in perplexities(texts, model)]),
            step="exponential of the mean",
            feedback="You raise 10 to the power of the mean loss. That belongs to logarithms to base 10. Ours are natural, so what "
            "undoes them is the exponential function.",
            rare=True,
        ),
        author.misconception(
            "logarithm instead of the exponential",
            function=lambda texts, model: ([np.log(np.log(each)) for each in perplexities(texts, model)]),
            step="exponential of the mean",
            feedback="You take the logarithm of the mean loss. The loss is a logarithm already, and the perplexity undoes it: look at "
            "what stands around the sum in the equation of section 6.",
            rare=True,
        ),
        author.misconception(
            "minus the cross-entropy",
            function=lambda texts, model: ([-np.log(each) for each in perplexities(texts, model)]),
            step="exponential of the mean",
            feedback="You return the mean loss with a minus, which is the mean logarithm of the probabilities. The perplexity is the "
            "exponential of the mean loss, and the minus is in the losses already.",
            rare=True,
        ),
        author.misconception(
            "sum of the exponentials",
            function=lambda texts, model: of_losses(texts, model, lambda each: np.exp(each).sum()),
            step="exponential of the mean",
            feedback="You sum the exponentials of all losses. In the equation of section 6 it is the other way round, and it is a "
            "mean: the losses are averaged first, and one exponential is taken at the end.",
            rare=True,
        ),
        author.misconception(
            "exponential of the sum, divided",
            function=lambda texts, model: of_losses(
                texts, model, lambda each: np.exp(each.sum()) / len(each)
            ),
            step="exponential of the mean",
            feedback="Your perplexity is enormous: the exponential is taken of the sum of all losses, and divided by their number "
            "afterwards. In the equation of section 6 the division stands within the exponential.",
            rare=True,
        ),
        author.misconception(
            "1 divided by the mean probability",
            function=lambda texts, model: of_losses(texts, model, lambda each: 1 / np.exp(-each).mean()),
            step="exponential of the mean",
            feedback="You average the probabilities of the characters, and divide 1 by that. So it hardly matters how unlikely the "
            "unlikely ones were. In section 6 the losses are averaged, which are logarithms.",
            rare=True,
        ),
        author.misconception(
            "two characters ahead",
            edits=[
                ("tokens[:-1]", "tokens[:-2]"),
                ("tokens[1:])", "tokens[2:])"),
            ],
            step="each next character as the target",
            feedback="Your targets are two characters ahead of the scores. Column n is about the character that comes right after "
            "character n. Write a short text twice, one below the other, and shift it.",
            rare=True,
        ),
        author.misconception(
            "each character as its own target, without the first",
            old="tokens[:-1]",
            new="tokens[1:]",
            step="each next character as the target",
            feedback="The model is given the text without its first character, and is compared to the same: so each character is its "
            "own target. What goes into the model lacks the last character, the targets lack the first.",
            rare=True,
        ),
        author.misconception(
            "characters before as targets",
            edits=[
                ("logits(tokens[:-1], model)", "logits(tokens, model)[:, 1:]"),
                ("tokens[1:])", "tokens[:-1])"),
            ],
            step="each next character as the target",
            feedback="Your targets are shifted the wrong way: what the model expects after a character is compared to the one *before* "
            "it. It is to predict what comes next, so the targets begin with the second character, and the scores with the "
            "first.",
            rare=True,
        ),
        author.misconception(
            "as many targets as characters",
            old="tokens[1:])",
            new="tokens)",
            step="each next character as the target",
            feedback="You have one target more than columns of scores: the model is given the text without its last character, and the "
            "targets are all of it. The first character is no target: nothing predicts it.",
            rare=True,
        ),
        author.misconception(
            "best characters as targets",
            old="tokens[1:])",
            new="np.argmax(scores, axis=0))",
            step="each next character as the target",
            feedback="Your targets are the characters that the model thinks most likely, so that it seems to foresee everything. What "
            "counts is what came: the text itself, shifted by one.",
            rare=True,
        ),
        author.misconception(
            "probabilities given to the losses",
            old="losses(scores,",
            new="losses(np.exp(scores) / np.sum(np.exp(scores), axis=0),",
            step="each next character as the target",
            feedback="You make probabilities of the scores before you hand them to `losses`, which does the same once more, so that "
            "all characters seem nearly equally likely. It takes the scores as they come out of the model.",
            rare=True,
        ),
        author.misconception(
            "each character predicted by the one before alone",
            function=by_one_before,
            step="each next character as the target",
            feedback="Each of your predictions knows only the one character before it, and takes it for the first of a text. The model "
            "is given the text in one call: the causal mask sees to it that each column knows what came before.",
            rare=True,
        ),
        author.misconception(
            "only the last text",
            function=lambda texts, model: perplexities(texts[-1:], model),
            step="exponential of the mean",
            feedback="Your result has a number for the last text only. Each text in the list has a perplexity of its own: if there is "
            "a loop, look at what belongs into it.",
            rare=True,
        ),
        author.misconception(
            "sum of the perplexities",
            function=lambda texts, model: np.sum(perplexities(texts, model)),
            step="exponential of the mean",
            feedback="You return one number for all texts, the sum of their perplexities. A list is asked for, with a number for each "
            "text, in the order of the texts.",
            rare=True,
        ),
        author.misconception(
            "one perplexity for all texts",
            function=lambda texts, model: all_together(texts, model)[-1],
            step="exponential of the mean",
            feedback="You return one number for all texts: the losses of all of them are put together. Each text has a perplexity of "
            "its own, and a list of these is asked for.",
            rare=True,
        ),
        author.misconception(
            "mean of the texts' losses",
            function=lambda texts, model: np.exp(np.mean(np.log(perplexities(texts, model)))),
            step="exponential of the mean",
            feedback="You return one number for all texts: the exponential of the mean of their mean losses. Each text has a "
            "perplexity of its own, and a list of these is asked for. If there is a loop, look at what belongs into it.",
            rare=True,
        ),
        author.misconception(
            "texts put together",
            function=lambda texts, model: perplexities([np.concatenate(texts)], model),
            step="exponential of the mean",
            feedback="You put all texts together to one long text, and return one number for it: so the model also has to foresee how "
            "the next text begins. Each text goes through the model by itself, and has a perplexity of its own.",
            rare=True,
        ),
        author.misconception(
            "divided by the number of texts",
            function=lambda texts, model: of_losses(
                texts, model, lambda each: np.exp(each.sum() / len(texts))
            ),
            step="exponential of the mean",
            feedback="You divide the sum of a text's losses by the number of texts. In the equation of section 6 it is divided by how "
            "many predictions there are in this text.",
            rare=True,
        ),
        author.misconception(
            "divided by the size of the alphabet in the mean",
            function=lambda texts, model: of_losses(
                texts, model, lambda each: np.exp(each.sum() / len(model[-1]))
            ),
            step="exponential of the mean",
            feedback="You divide the sum of a text's losses by the size of the alphabet. In the equation of section 6 it is divided by "
            "how many predictions there are in the text.",
            rare=True,
        ),
        author.misconception(
            "divided by the length of the first text",
            function=lambda texts, model: of_losses(
                texts, model, lambda each: np.exp(each.sum() / (len(texts[0]) - 1))
            ),
            step="exponential of the mean",
            feedback="Your first number is right, and the sums of all other texts are divided by how many predictions the first one "
            "has. Each text has a length of its own.",
            rare=True,
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
    hints=[
        "What do you know about the next character when you have all the scores of a text? Most of its columns are about "
        "characters that are there already.",
        "As section 7 says: ask the model, take the number of the largest score, put it at the end, ask again for the longer "
        "text. In the scores, which column is about what comes after the last character?",
        "The text is 5, 2 and the last column of its scores is 0.1, 3, -7, 2. The largest stands in row 1, so the text becomes "
        "5, 2, 1. In the next round the model is given these three, and a fourth is found.",
    ],
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
        author.case("another model, 8 characters more", hidden=True, args=varied(11, 8, 6, 5, 8)),
        author.case("one character, 7 more", hidden=True, args=varied(13, 6, 9, 1, 7)),
        author.case("one more", hidden=True, args=lambda rng: (*texts(7, 4, 6, 3)(rng), 1)),
        author.case("the trained model", hidden=True, args=(encode("a rat "), model, 9)),
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
            old="logits(tokens, model)",
            new="logits(tokens[: len(tokens) - _], model)",
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
        author.misconception(
            "last column but one",
            old="[:, -1]",
            new="[:, -2]",
            step="scores after the last character",
            feedback="You look at the last column but one of the scores: it is about what comes after the last character but one, and "
            "that is there already. Which column is about the end of the text?",
            rare=True,
        ),
        author.misconception(
            "last character not given to the model",
            old="logits(tokens, model)",
            new="logits(tokens[:-1], model)",
            step="scores after the last character",
            feedback="The model is not given the last character of the text, so that its last column is about that one again. In "
            "`perplexities` it was left out, since nothing follows it; here you want to know what does.",
            rare=True,
        ),
        author.misconception(
            "first character not given to the model",
            old="logits(tokens, model)",
            new="logits(tokens[1:], model)",
            step="scores after the last character",
            feedback="The model is not given the first character of the text, so that all others seem to stand one place earlier. To "
            "foresee the next character it needs all of them.",
            rare=True,
        ),
        author.misconception(
            "text given backwards",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argmax(logits(t[::-1], model)[:, -1])), count
            ),
            step="scores after the last character",
            feedback="The model is given the text backwards, so that its last column is about what comes after the *first* character. "
            "It reads as it has learned to: from the first character to the last.",
            rare=True,
        ),
        author.misconception(
            "scores of all positions together",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argmax(logits(t, model).sum(axis=1))), count
            ),
            step="scores after the last character",
            feedback="You add the scores of all positions up, or average them, so that what was expected in the middle of the text "
            "counts as much as what is expected at its end. Only the last column is about the next character.",
            rare=True,
        ),
        author.misconception(
            "first row of the scores",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argmax(logits(t, model)[0])), count
            ),
            step="scores after the last character",
            feedback="You take the first *row* of the scores: that is one character of the alphabet at all positions. What is needed "
            "are all characters at one position, the last: a column.",
            rare=True,
        ),
        author.misconception(
            "probabilities over the positions",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argmax(softmaxed(logits(t, model).T)[-1])), count
            ),
            step="scores after the last character",
            feedback="You make probabilities of the scores first, along the rows, so that a character is compared to itself at other "
            "positions. The largest score in the last column is what counts; no softmax is needed for it.",
            rare=True,
        ),
        author.misconception(
            "second best character",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argsort(logits(t, model)[:, -1])[-2]), count
            ),
            step="the character with the largest score",
            feedback="Your characters are those with the second largest score. Who sorts in ascending order finds the largest at the "
            "very end. NumPy has a function that tells the place of the largest number without sorting.",
            rare=True,
        ),
        author.misconception(
            "one character too few",
            old="range(count)",
            new="range(count - 1)",
            step="a text that grows",
            feedback="Your result has one character too few. How often does your loop run for a count of 1, and how often should it? "
            "Look at where its counting begins and ends.",
            rare=True,
        ),
        author.misconception(
            "last character replaced",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t[:-1], np.argmax(logits(t, model)[:, -1])), count
            ),
            step="a text that grows",
            feedback="Your text keeps its length: each new character takes the place of the last one. It has to be put behind it, so "
            "that the text gets longer with each round.",
            rare=True,
        ),
        author.misconception(
            "each character put twice",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, [np.argmax(logits(t, model)[:, -1])] * 2), count
            ),
            step="a text that grows",
            feedback="Your text grows by two characters in each round: the new one is put there twice. In each round the model is "
            "asked once, and one character is added.",
            rare=True,
        ),
        author.misconception(
            "put before the last character",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.insert(t, -1, np.argmax(logits(t, model)[:, -1])), count
            ),
            step="a text that grows",
            feedback="Your new characters are put before the last one of the text, which stays at the end. A text goes on behind its "
            "last character. Look at the place at which you insert.",
            rare=True,
        ),
        author.misconception(
            "cut off after count characters",
            function=lambda tokens, model, count: continue_text(tokens, model, count)[:count],
            step="a text that grows",
            feedback="You return the first characters of the text, as many as `count` says. It is the number of characters to be "
            "added: all of the text is asked for, what was given and what is new.",
            rare=True,
        ),
        author.misconception(
            "only the last new character",
            function=lambda tokens, model, count: continue_text(tokens, model, count)[-1],
            step="a text that grows",
            feedback="You return one character, the last one that was found. The whole text is asked for: what was given, and all that "
            "is new behind it.",
            rare=True,
        ),
        author.misconception(
            "first character lost",
            function=lambda tokens, model, count: continue_text(tokens, model, count)[1:],
            step="a text that grows",
            feedback="Your result lacks the first character of the text. What was given comes first, from its beginning, and then what "
            "is new. Look at what you return.",
            rare=True,
        ),
        author.misconception(
            "text returned as it came",
            function=lambda tokens, model, count: tokens,
            step=[
                "scores after the last character",
                "the character with the largest score",
                "a text that grows",
            ],
            feedback="You return the text as it was given: nothing is added to it. NumPy's functions do not change an array, they "
            "return a longer one, which has to be kept under a name and used in the next round.",
            rare=True,
        ),
        author.misconception(
            "text that was given twice",
            function=lambda tokens, model, count: np.append(tokens, continue_text(tokens, model, count)),
            step="a text that grows",
            feedback="The text that was given stands twice in your result: what you have put together contains it already, and you put "
            "it before that once more.",
            rare=True,
        ),
        author.misconception(
            "new characters from one call",
            function=lambda tokens, model, count: np.append(
                tokens, np.argmax(logits(tokens, model)[:, len(tokens) - min(count, len(tokens)) :], axis=0)
            ),
            step="a text that grows",
            feedback="You ask the model once and take the best characters of its last columns. These are about characters that are "
            "there already, but for the last. Each new character needs a call of its own, with the text as it is by then.",
            rare=True,
        ),
        author.misconception(
            "window of the first length",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argmax(logits(t[-len(tokens) :], model)[:, -1])), count
            ),
            step="scores after the last character",
            feedback="The model is given only as many of the last characters as the text had at the beginning, so that it forgets how "
            "it began. It has to be given the whole text in each round.",
            rare=True,
        ),
        author.misconception(
            "only the last two characters are seen",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argmax(logits(t[-2:], model)[:, -1])), count
            ),
            step="scores after the last character",
            feedback="You give the model only the last two characters, so that it knows little of what came before, and nothing of "
            "their positions. It has to be given the whole text.",
            rare=True,
        ),
        author.misconception(
            "only new characters are seen",
            function=lambda tokens, model, count: continued(
                tokens,
                lambda t: np.append(
                    t, np.argmax(logits(t[len(tokens) :] if len(t) > len(tokens) else t, model)[:, -1])
                ),
                count,
            ),
            step="scores after the last character",
            feedback="After the first round, your model is given the new characters alone, so that it does not know how the text "
            "began. In each round it has to be given the whole text: what was given, and what is new.",
            rare=True,
        ),
        author.misconception(
            "column of the round",
            old="[:, -1]",
            new="[:, _]",
            step="scores after the last character",
            feedback="In each round you look at another column of the scores, the first one in the first round. It is about what comes "
            "after the *first* character. However long the text is, only its last column is about what comes next.",
            rare=True,
        ),
        author.misconception(
            "no character twice",
            function=lambda tokens, model, count: continued(
                tokens,
                lambda t: np.append(
                    t,
                    np.argmax(
                        np.where(np.isin(np.arange(len(model[-1])), t), -np.inf, logits(t, model)[:, -1])
                    ),
                ),
                count,
            ),
            step="the character with the largest score",
            feedback="Your text never has a character again that it already has. The model may repeat characters, as all texts do: the "
            "largest score wins, whichever it belongs to.",
            rare=True,
        ),
        author.misconception(
            "column of the largest of all scores",
            function=lambda tokens, model, count: continued(
                tokens, lambda t: np.append(t, np.argmax(logits(t, model)) % len(model[-1])), count
            ),
            step="scores after the last character",
            feedback="You look for the largest score in the whole table, and take its place in a row for a character. Rows are "
            "characters, columns are positions, and only the last column is about what comes next.",
            rare=True,
        ),
    ],
)
