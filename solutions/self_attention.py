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
# # Self-attention
#
# A sentence is a list of tokens, and what a token means depends on the others: in *"the bank of the river"*,
# the word *river* decides which bank is meant. Self-attention lets every token look at all tokens, decide how
# much each of them matters to it, and take away a mixture of what they have to say.
#
# In this notebook you build self-attention in NumPy, first token by token, with one small step at a time, and
# then for all tokens at once with three matrix products. The notation is that of chapter 12 of
# S. J. D. Prince, *Understanding Deep Learning* (MIT Press, 2023); the text and the code are our own.
#
# **How to work.** Wherever you see `...`, replace it by your own code. Then run the cell, and the cell with
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too.

# %% [markdown]
# ## The inputs
#
# We have $N$ tokens, and each is a column vector $\mathbf{x}_n$ with $D$ numbers. There is no text in this
# exercise: the inputs are random, but the same for everybody.

# %% tags=["given"]
import numpy as np

# Number of tokens, and number of dimensions of each
N = 3
D = 4

# The tokens: a list of N column vectors of shape (D, 1)
np.random.seed(3)
all_x = []
for n in range(N):
    all_x.append(np.random.normal(size=(D, 1)))

print(all_x)

# %% [markdown]
# Each token plays three parts, and for each part it is transformed by a matrix $\boldsymbol\Omega$ of shape
# $(D, D)$ and a vector $\boldsymbol\beta$ of shape $(D, 1)$ that a network would learn. Ours are random.

# %% tags=["given"]
np.random.seed(0)

# Weights of the queries, the keys and the values
omega_q = np.random.normal(size=(D, D))
omega_k = np.random.normal(size=(D, D))
omega_v = np.random.normal(size=(D, D))

# Biases of the queries, the keys and the values
beta_q = np.random.normal(size=(D, 1))
beta_k = np.random.normal(size=(D, 1))
beta_v = np.random.normal(size=(D, 1))

# %% [markdown]
# ## 1. Queries, keys and values
#
# The **query** $\mathbf{q}_n$ says what token $n$ is looking for, the **key** $\mathbf{k}_n$ says what it has to
# offer to others, and the **value** $\mathbf{v}_n$ is what it hands over to those who are interested:
#
# $$
# \mathbf{q}_n = \boldsymbol\beta_q + \boldsymbol\Omega_q \mathbf{x}_n \qquad
# \mathbf{k}_n = \boldsymbol\beta_k + \boldsymbol\Omega_k \mathbf{x}_n \qquad
# \mathbf{v}_n = \boldsymbol\beta_v + \boldsymbol\Omega_v \mathbf{x}_n
# $$
#
# Compute the three for each token. Each of them is a column vector of shape `(D, 1)`.

# %% question="queries_keys_values"
all_queries = []
all_keys = []
all_values = []

for x in all_x:
    query = omega_q @ x + beta_q  # SOLUTION
    key = omega_k @ x + beta_k  # SOLUTION
    value = omega_v @ x + beta_v  # SOLUTION

    all_queries.append(query)
    all_keys.append(key)
    all_values.append(value)

# %% [markdown]
# ## 2. From scores to weights: softmax
#
# Token $n$ compares its query to every key. The comparison yields one number per token, its score, which can be
# negative or large. To mix the values we need weights instead: positive numbers that sum to one. The softmax
# function makes the one from the other:
#
# $$
# \operatorname{softmax}_m[\mathbf{z}] = \frac{\exp(z_m)}{\sum_{m'} \exp(z_{m'})}
# $$
#
# The input is a list of $N$ numbers, and so is the result (a list or an array, as you like).
#
# One thing to take care of: $\exp(710)$ is too large for a floating-point number, so large scores would give
# `inf / inf`, which is `nan`. Softmax does not change if the same number is subtracted from all scores (try to
# prove it: what happens to numerator and denominator?). Which number would keep all exponentials small?


# %% question="softmax"
def softmax(items_in):
    exponentials = np.exp(np.array(items_in) - np.max(items_in))  # SOLUTION
    items_out = exponentials / np.sum(exponentials)  # SOLUTION
    return items_out


# %% [markdown]
# Try it: the weights should be positive, sum to one, and favour the largest score.

# %% tags=["given"]
print(softmax([1.0, 2.0, 4.0]))

# %% [markdown]
# ## 3. One output per token
#
# Now for the attention itself. Output $n$ is a sum of *all* values, each weighted by how much token $n$ attends
# to that token (equation 12.3 of the book):
#
# $$
# \mathbf{x}'_n = \sum_{m=1}^{N} a[\mathbf{x}_m, \mathbf{x}_n]\, \mathbf{v}_m
# \qquad\text{with}\qquad
# a[\mathbf{x}_m, \mathbf{x}_n] = \operatorname{softmax}_m\bigl[\mathbf{k}_1^T\mathbf{q}_n, \ldots,
# \mathbf{k}_N^T\mathbf{q}_n\bigr]
# $$
#
# So for each token $n$: take the dot product of its query with each of the $N$ keys, turn these $N$ numbers into
# weights, and sum up the values with these weights.
#
# A dot product such as `k.T @ q` is an array of shape `(1, 1)`. To get the number that is in it, write
# `(k.T @ q).item()`.

# %% question="all_x_prime"
all_x_prime = []

for n in range(N):
    # A list of N numbers: the dot product of query n with each key
    all_km_qn = [(key.T @ all_queries[n]).item() for key in all_keys]  # SOLUTION

    # How much token n attends to each token
    attention = softmax(all_km_qn)
    print(f"Attention of token {n}:", attention)

    # The sum of all values, weighted by attention: a column vector of shape (D, 1)
    x_prime = sum(attention[m] * all_values[m] for m in range(N))  # SOLUTION

    all_x_prime.append(x_prime)

# %% [markdown]
# Compare your result to the true values:

# %% tags=["given"]
for n, x_prime in enumerate(all_x_prime):
    print(f"x_prime_{n}_calculated:", np.ravel(x_prime))
print()
print("x_prime_0_true:       [ 0.94744244 -0.24348429 -0.91310441 -0.44522983]")
print("x_prime_1_true:       [ 1.64201168 -0.08470004  4.02764044  2.18690791]")
print("x_prime_2_true:       [ 1.61949281 -0.06641533  3.96863308  2.15858316]")

# %% [markdown]
# ## 4. All tokens at once
#
# A loop over tokens is slow, and matrices say the same in three lines. Put the tokens side by side as the columns
# of a matrix $\mathbf{X}$ of shape $(D, N)$. Then queries, keys and values are matrices of the same shape,
#
# $$
# \mathbf{Q} = \boldsymbol\beta_q\mathbf{1}^T + \boldsymbol\Omega_q\mathbf{X} \qquad
# \mathbf{K} = \boldsymbol\beta_k\mathbf{1}^T + \boldsymbol\Omega_k\mathbf{X} \qquad
# \mathbf{V} = \boldsymbol\beta_v\mathbf{1}^T + \boldsymbol\Omega_v\mathbf{X}
# $$
#
# (NumPy repeats a column vector for every column of the matrix it is added to, so there is no need for the
# $\mathbf{1}^T$), all $N \times N$ dot products are one matrix product, and so is the weighting of the values:
#
# $$
# \mathbf{X}' = \mathbf{V}\cdot\operatorname{Softmax}\bigl[\mathbf{K}^T\mathbf{Q}\bigr]
# $$
#
# In $\mathbf{K}^T\mathbf{Q}$, **column** $n$ belongs to query $n$ and row $m$ to key $m$. So the softmax has to be
# applied to each column on its own: every column of the attention matrix sums to one.

# %% [markdown]
# First, your softmax for each column of a matrix. That is given:


# %% tags=["given"]
def softmax_cols(data_in):
    """Return a matrix of the same shape: your softmax of each column on its own."""
    return np.apply_along_axis(softmax, 0, data_in)


# %% [markdown]
# Now write the function. It gets everything that it needs as arguments, and has to work for any number of tokens
# and of dimensions: take sizes from the shapes of the arguments, not from `N` and `D` of this notebook.


# %% question="self_attention"
def self_attention(X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    # Queries, keys and values of all tokens, each of shape (D, N)
    Q = omega_q @ X + beta_q  # SOLUTION
    K = omega_k @ X + beta_k  # SOLUTION
    V = omega_v @ X + beta_v  # SOLUTION

    # All dot products of keys and queries, shape (N, N)
    dot_products = K.T @ Q  # SOLUTION

    # The attention matrix, shape (N, N)
    attention = softmax_cols(dot_products)  # SOLUTION

    # The values, weighted by attention, shape (D, N)
    X_prime = V @ attention  # SOLUTION
    return X_prime


# %% tags=["given"]
X = np.hstack(all_x)
X_prime = self_attention(X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k)

print("Your answer:")
print(X_prime)
print("\nTrue values:")
print("[[ 0.94744244  1.64201168  1.61949281]")
print(" [-0.24348429 -0.08470004 -0.06641533]")
print(" [-0.91310441  4.02764044  3.96863308]")
print(" [-0.44522983  2.18690791  2.15858316]]")

# %% [markdown]
# ## 5. Scaled dot products
#
# Look at the attention weights that you printed above: nearly all of the weight goes to a single token. Dot
# products of long vectors tend to be large, and for large scores the softmax is almost a step function, through
# which hardly any gradient flows. If the entries of $\mathbf{q}$ and $\mathbf{k}$ are independent with variance
# one, their dot product has variance $D$. So it is divided by its standard deviation, the square root of the
# number $D_q$ of entries of a query:
#
# $$
# \mathbf{X}' = \mathbf{V}\cdot\operatorname{Softmax}\left[\frac{\mathbf{K}^T\mathbf{Q}}{\sqrt{D_q}}\right]
# $$
#
# Write the function of the last section once more, with the scaling.


# %% question="scaled_dot_product_self_attention"
def scaled_dot_product_self_attention(X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    # Queries, keys and values of all tokens
    Q = omega_q @ X + beta_q  # SOLUTION
    K = omega_k @ X + beta_k  # SOLUTION
    V = omega_v @ X + beta_v  # SOLUTION

    # All dot products, scaled
    scaled_dot_products = K.T @ Q / np.sqrt(K.shape[0])  # SOLUTION

    # The attention matrix
    attention = softmax_cols(scaled_dot_products)  # SOLUTION

    # The values, weighted by attention
    X_prime = V @ attention  # SOLUTION
    return X_prime


# %% tags=["given"]
X_prime_scaled = scaled_dot_product_self_attention(X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k)

print("Your answer:")
print(X_prime_scaled)
print("\nTrue values:")
print("[[ 0.97411966  1.59622051  1.32638014]")
print(" [-0.23738409 -0.09516106  0.13062402]")
print(" [-0.72333202  3.70194096  3.02371664]")
print(" [-0.34413007  2.01339538  1.6902419 ]]")

# %% [markdown]
# ## To think about
#
# * The order of the tokens plays no part: shuffle the columns of `X`, and the columns of the result are shuffled
#   in the same way. Is that what you want for a sentence? (This is why transformers add a positional encoding.)
# * How does the number of dot products grow with the number of tokens?
# * What would change if the softmax were applied to the rows instead of the columns?

# %% [markdown] tags=["private"]
# # How it is judged

# %%
from autograder import author

author.assignment("Self-attention", environment=["numpy>=2.0,<2.4", "matplotlib>=3.8"])

OTHER_NUMBERS = author.data(
    "other numbers",
    lambda rng: {
        "all_x": [rng.normal(size=(D, 1)) for _ in range(N)],
        **{name: 0.5 * rng.normal(size=(D, D)) for name in ("omega_q", "omega_k", "omega_v")},
        **{name: rng.normal(size=(D, 1)) for name in ("beta_q", "beta_k", "beta_v")},
    },
)

# %%
author.question(
    "queries_keys_values",
    vector=True,
    steps=[author.step("queries", 1), author.step("keys", 1), author.step("values", 1)],
    cases=[
        author.case(
            f"{part} of {whose}", hidden=data is not None, variable=f"all_{part}", data=data, steps=[part]
        )
        for part in ("queries", "keys", "values")
        for whose, data in (("the notebook's tokens", None), ("other tokens", OTHER_NUMBERS))
    ],
    equivalents=[
        author.equivalent(
            "omega_v @ x + beta_v -> (omega_v @ x + beta_v).T",
            reason="a value may be a row: the shape of a vector does not matter",
        )
    ],
)

# %%
ARRAYS = {
    "an array of numbers": lambda items: (np.array(items),),
    "an array of shape (n, 1)": lambda items: (np.array(items)[:, np.newaxis],),
    "a list of (1, 1) arrays": lambda items: ([np.array([[item]]) for item in items],),
}
OTHER_LENGTH = ["depends only on its arguments"]

author.question(
    "softmax",
    vector=True,
    forms=ARRAYS,
    sizes=lambda items: {"N": len(items)},
    steps=[
        author.step("exponentials", 1),
        author.step("normalisation", 1),
        author.step(
            "stable for large scores",
            0.5,
            minor=True,
            hint="The exponential of a large number is infinite, and those of very small ones are all 0. What can be "
            "subtracted from all scores without changing the weights?",
        ),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    cases=[
        author.case("three scores", hidden=False, args=([2.0, -1.0, 0.5],)),
        author.case("as many as tokens", hidden=True, args=lambda rng: (list(rng.normal(size=3)),)),
        author.case("negative scores", hidden=True, args=([-1.5, -7.0, -0.25],)),
        author.case("equal scores", hidden=True, args=([0.7, 0.7, 0.7],)),
        author.case(
            "seven scores",
            hidden=True,
            args=lambda rng: (list(3 * rng.normal(size=7)),),
            steps=OTHER_LENGTH,
        ),
        author.case("two scores", hidden=True, args=([-0.5, 1.25],), steps=OTHER_LENGTH),
        author.case(
            "scores of some thousands",
            hidden=True,
            args=([10000.0, 9998.5, -10000.0],),
            steps=["stable for large scores"],
        ),
        author.case(
            "scores far below zero",
            hidden=True,
            args=([-2000.0, -2001.0, -1999.5],),
            steps=["stable for large scores"],
        ),
    ],
    properties=[
        author.property(
            "weights sum to 1",
            hidden=True,
            args=lambda rng: (list(rng.normal(size=3)),),
            holds=lambda softmax, items: abs(softmax(items).sum() - 1) < 1e-6,
            feedback="Your weights do not sum to 1: each exponential has to be divided by the sum of all of them.",
        ),
        author.property(
            "the same for shifted scores",
            hidden=True,
            args=lambda rng: (list(rng.normal(size=3)),),
            holds=lambda softmax, items: np.allclose(softmax([item + 2 for item in items]), softmax(items)),
            feedback="Your weights change if the same number is added to all scores: those of softmax do not.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "np.exp(np.array(items_in) - np.max(items_in)) -> np.exp(np.array(items_in) - np.max(items_in)).T",
            "exponentials / np.sum(exponentials) -> (exponentials / np.sum(exponentials)).T",
            "return items_out -> return items_out.T",
            reason="a list has one dimension, so there is nothing to transpose",
        ),
        author.equivalent(
            "np.array(items_in) -> items_in",
            reason="NumPy makes an array of a list from which a NumPy number, the maximum, is subtracted",
        ),
    ],
)

# %%
author.question(
    "all_x_prime",
    vector=True,
    steps=[
        author.step("dot products of keys and query", 1),
        author.step("softmax over the keys", 1),
        author.step("sum of weighted values", 2),
    ],
    cases=[
        author.case("the notebook's tokens", hidden=False, variable="all_x_prime"),
        author.case("other tokens", hidden=True, variable="all_x_prime", data=OTHER_NUMBERS),
    ],
    equivalents=[
        author.equivalent(
            "for n in range(N): -> for n in range(D):",
            reason="the loop stops with an error when there is no token left, and all outputs are there by then",
        ),
        author.equivalent(
            "(key.T @ all_queries[n]).item() -> key.T @ all_queries[n]",
            reason="softmax may take scores of shape (1, 1), and weights of that shape weigh the values as well",
        ),
        author.equivalent(
            "softmax(all_km_qn) -> softmax(all_km_qn).T",
            reason="the weights of a token have one dimension, so there is nothing to transpose",
        ),
        author.equivalent(
            "sum((attention[m] * all_values[m] for m in range(N))) -> "
            "sum((attention[m] * all_values[m] for m in range(N))).T",
            reason="an output may be a row: the shape of a vector does not matter",
        ),
    ],
)


# %%
def inputs(D, N, spread=0.5):
    """Return a function that draws all arguments of self-attention for N tokens of D dimensions."""

    def draw(rng):
        X = rng.normal(size=(D, N))
        omegas = [spread * rng.normal(size=(D, D)) for _ in range(3)]
        betas = [rng.normal(size=(D, 1)) for _ in range(3)]
        return (X, *omegas, *betas)

    return draw


def all_negative(D, N):
    """Return a function that draws arguments for which every dot product is below zero."""

    def draw(rng):
        X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k = inputs(D, N, spread=0.1)(rng)
        return X, omega_v, omega_q, omega_k, beta_v, 1 + np.abs(beta_q), -1 - np.abs(beta_k)

    return draw


def sizes_of(X, *parameters):
    return {"D": X.shape[0], "N": X.shape[1]}


def equivariant(attention, X, *parameters):
    """Whether shuffling the tokens shuffles the outputs in the same way."""
    order = np.roll(np.arange(X.shape[1]), 2)
    return np.allclose(attention(X[:, order], *parameters), attention(X, *parameters)[:, order])


def attention_cases(other_sizes):
    """Return the cases of both functions; `other_sizes` is what an answer loses that is wrong for other sizes."""
    own = (X, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k)
    return [
        author.case("the notebook's tokens", hidden=False, args=own),
        author.case("other tokens", hidden=True, args=inputs(4, 3)),
        author.case("tokens with large scores", hidden=True, args=inputs(4, 3, spread=1.5)),
        author.case("tokens with negative scores", hidden=True, args=all_negative(4, 3)),
        author.case("another number of tokens", hidden=True, args=inputs(4, 5), steps=other_sizes),
        author.case("more dimensions, more tokens", hidden=True, args=inputs(5, 7), steps=other_sizes),
        author.case("many dimensions", hidden=True, args=inputs(13, 6, spread=0.4), steps=other_sizes),
    ]


EQUIVARIANT = author.property(
    "shuffled tokens give shuffled outputs",
    hidden=True,
    args=inputs(4, 3),
    holds=equivariant,
    feedback="If the tokens are shuffled, your outputs are not shuffled in the same way: an output must depend on "
    "its own query and on all keys and values, whatever their order.",
)

KEY_BIAS = author.equivalent(
    "omega_k @ X + beta_k -> omega_k @ X - beta_k",
    "omega_k @ X + beta_k -> omega_k @ X",
    "omega_k @ X + beta_k -> omega_k @ X + beta_q",
    reason="the bias of the keys adds the same number to all scores of a query, and softmax takes it away again",
)

# %%
author.question(
    "self_attention",
    sizes=sizes_of,
    steps=[
        author.step("queries, keys and values", 1),
        author.step("dot products of keys and queries", 1),
        author.step("softmax over the keys", 1),
        author.step("weighting of the values", 1),
        author.arguments_only(0.5),
        author.arguments_unchanged(0.5),
    ],
    cases=attention_cases(["depends only on its arguments"]),
    properties=[EQUIVARIANT],
    equivalents=[KEY_BIAS],
)

# %%
author.question(
    "scaled_dot_product_self_attention",
    sizes=sizes_of,
    steps=[
        author.step("queries, keys and values", 0.5),
        author.step("dot products of keys and queries", 0.5),
        author.step("scaling", 2),
        author.step("softmax over the keys", 0.5),
        author.step("weighting of the values", 0.5),
        author.arguments_only(0.5),
        author.arguments_unchanged(0.5),
    ],
    cases=attention_cases(["scaling", "depends only on its arguments"]),
    properties=[EQUIVARIANT],
    equivalents=[
        KEY_BIAS,
        author.equivalent(
            "K.shape -> V.shape",
            "K.shape -> Q.shape",
            reason="queries, keys and values have the same shape",
        ),
    ],
)
