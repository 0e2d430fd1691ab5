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
# # Multi-head self-attention
#
# Self-attention lets each token look at all others and mix what they have to say. But a token has more than one
# reason to look around: a verb looks for its subject, for its object, and for a *not* that turns it into its
# opposite. One set of weights per token cannot serve them all. So there are several **heads**: each computes an
# attention of its own, with queries, keys and values of its own, and in the end their results are put together.
#
# In this notebook you build scaled dot-product self-attention with two heads in NumPy. The notation is that of
# chapter 12 of S. J. D. Prince, *Understanding Deep Learning* (MIT Press, 2023); the text and the code are our own.
#
# **How to work.** Wherever you see `...`, replace it by your own code. Then run the cell, and the cell with
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too.

# %% [markdown]
# ## The inputs
#
# There are $N$ tokens of $D$ numbers each, side by side as the columns of a matrix $\mathbf{X}$ of shape $(D, N)$.
# They are random, but the same for everybody.

# %% tags=["given"]
import numpy as np

# Number of tokens, and number of dimensions of each
N = 6
D = 8

# The tokens, one in each column
np.random.seed(3)
X = np.random.normal(size=(D, N))

np.set_printoptions(precision=3, suppress=True)
print(X)

# %% [markdown]
# With $H$ heads, each works with vectors of only $D/H$ numbers, so that all heads together cost as much as one of
# full size. Head $h$ has three matrices $\boldsymbol\Omega_{qh}, \boldsymbol\Omega_{kh}, \boldsymbol\Omega_{vh}$ of
# shape $(D/H, D)$ and three biases of shape $(D/H, 1)$. A last matrix $\boldsymbol\Omega_c$ of shape $(D, D)$
# combines the heads. A network would learn all of these; ours are random.

# %% tags=["given"]
# Number of heads, and number of dimensions of the queries, keys and values of each
H = 2
H_D = D // H

np.random.seed(0)

# Weights and biases of head 1
omega_q1 = np.random.normal(size=(H_D, D))
omega_k1 = np.random.normal(size=(H_D, D))
omega_v1 = np.random.normal(size=(H_D, D))
beta_q1 = np.random.normal(size=(H_D, 1))
beta_k1 = np.random.normal(size=(H_D, 1))
beta_v1 = np.random.normal(size=(H_D, 1))

# Weights and biases of head 2
omega_q2 = np.random.normal(size=(H_D, D))
omega_k2 = np.random.normal(size=(H_D, D))
omega_v2 = np.random.normal(size=(H_D, D))
beta_q2 = np.random.normal(size=(H_D, 1))
beta_k2 = np.random.normal(size=(H_D, 1))
beta_v2 = np.random.normal(size=(H_D, 1))

# Weights that combine the heads
omega_c = np.random.normal(size=(D, D))

# %% [markdown]
# ## 1. Softmax for columns
#
# The attention weights of a token are the softmax of its scores: positive numbers that sum to one. With one token
# per column, we need a function that applies it to each column of a matrix on its own:
#
# $$
# \operatorname{softmax\_cols}[\mathbf{Z}]_{mn} = \frac{\exp(z_{mn})}{\sum_{m'} \exp(z_{m'n})}
# $$
#
# Subtracting the same number from all entries of a column does not change the result. Make use of that, so that
# large scores do not end in `inf / inf`.


# %% question="softmax_cols"
def softmax_cols(data_in):
    # The exponential of every entry
    exp_values = np.exp(data_in - np.max(data_in, axis=0))  # SOLUTION

    # The sum over each column
    denom = np.sum(exp_values, axis=0)  # SOLUTION

    # What each entry contributes to the sum of its column
    weights = exp_values / denom  # SOLUTION
    return weights


# %% [markdown]
# ## 2. Two heads
#
# Each head computes its queries, keys and values from all tokens,
#
# $$
# \mathbf{Q}_h = \boldsymbol\beta_{qh}\mathbf{1}^T + \boldsymbol\Omega_{qh}\mathbf{X} \qquad
# \mathbf{K}_h = \boldsymbol\beta_{kh}\mathbf{1}^T + \boldsymbol\Omega_{kh}\mathbf{X} \qquad
# \mathbf{V}_h = \boldsymbol\beta_{vh}\mathbf{1}^T + \boldsymbol\Omega_{vh}\mathbf{X},
# $$
#
# and from these its own scaled dot-product self-attention (equation 12.12 of the book):
#
# $$
# \mathbf{Sa}_h[\mathbf{X}] =
# \mathbf{V}_h\cdot\operatorname{Softmax}\left[\frac{\mathbf{K}_h^T\mathbf{Q}_h}{\sqrt{D_q}}\right]
# $$
#
# Four things to watch, and you write each of them on its own:
#
# * **Scaling.** The dot products are divided by the square root of $D_q$, which is the number of entries of *one
#   head's* queries: not of the tokens.
# * **Softmax.** In $\mathbf{K}_h^T\mathbf{Q}_h$, row $m$ belongs to key $m$ and column $n$ to query $n$. The weights
#   with which one query attends to all the keys have to sum to one.
# * **Weighting.** Output $n$ is the sum of all values, each times the weight that query $n$ gives to it. Both
#   outputs and values are columns.
# * **Putting the heads together.** The outputs of the heads, each of shape $(D/H, N)$, are stacked on top of each
#   other, which gives a matrix of shape $(D, N)$ again. This is multiplied by $\boldsymbol\Omega_c$ from the left:
#
# $$
# \mathbf{MhSa}[\mathbf{X}] = \boldsymbol\Omega_c
# \begin{bmatrix} \mathbf{Sa}_1[\mathbf{X}] \\ \mathbf{Sa}_2[\mathbf{X}] \end{bmatrix}
# $$
#
# The function gets everything that it needs as arguments and has to work for any number of tokens and of
# dimensions: take sizes from the shapes of the arguments, not from `N`, `D` and `H_D` of this notebook.


# %% question="multihead_scaled_self_attention"
def multihead_scaled_self_attention(
    X,
    omega_v1,
    omega_q1,
    omega_k1,
    beta_v1,
    beta_q1,
    beta_k1,
    omega_v2,
    omega_q2,
    omega_k2,
    beta_v2,
    beta_q2,
    beta_k2,
    omega_c,
):
    heads = []
    for omega_v, omega_q, omega_k, beta_v, beta_q, beta_k in [
        (omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1),
        (omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2),
    ]:
        # Queries, keys and values of this head, each of shape (D/H, N)
        Q = omega_q @ X + beta_q
        K = omega_k @ X + beta_k
        V = omega_v @ X + beta_v

        # All dot products, shape (N, N): row m belongs to key m, column n to query n
        dot_products = K.T @ Q

        # The dot products, scaled
        scores = dot_products / np.sqrt(Q.shape[0])  # SOLUTION

        # The attention weights, shape (N, N)
        weights = softmax_cols(scores)  # SOLUTION

        # The weighted values: the output of this head, shape (D/H, N)
        head = V @ weights  # SOLUTION
        heads.append(head)

    # The outputs of both heads in one matrix of shape (D, N)
    all_heads = np.vstack(heads)  # SOLUTION

    # The heads, combined by omega_c, shape (D, N)
    X_prime = omega_c @ all_heads  # SOLUTION
    return X_prime


# %% [markdown]
# ## 3. The result
#
# Run your function on the tokens of this notebook:

# %% question="X_prime"
X_prime = multihead_scaled_self_attention(  # SOLUTION
    X,
    omega_v1,
    omega_q1,
    omega_k1,
    beta_v1,
    beta_q1,
    beta_k1,
    omega_v2,
    omega_q2,
    omega_k2,
    beta_v2,
    beta_q2,
    beta_k2,
    omega_c,
)

# %% [markdown]
# Compare your result to the true values:

# %% tags=["given"]
print("Your answer:")
print(X_prime)
print("\nTrue values:")
print("[[-21.207  -5.373 -20.933  -9.179 -11.319 -17.812]")
print(" [ -1.995   7.906 -10.516   3.452   9.863  -7.24 ]")
print(" [  5.479   1.115   9.244   0.453   5.656   7.089]")
print(" [ -7.413  -7.416   0.363  -5.573  -6.736  -0.848]")
print(" [-11.261  -9.937  -4.848  -8.915 -13.378  -5.761]")
print(" [  3.548  10.036  -2.244   1.604  12.113  -2.557]")
print(" [  4.888  -5.814   2.407   3.228  -4.232   3.71 ]")
print(" [  1.248  18.894  -6.409   3.224  19.717  -5.629]]")

# %% [markdown]
# ## To think about
#
# * How many numbers does a network learn for two heads of size $D/2$, and how many for one head of size $D$?
# * Would the result be another one if the two heads were stacked the other way round? Could the network make up for
#   that?
# * What would be lost if $\boldsymbol\Omega_c$ were left out?

# %% [markdown] tags=["private"]
# # How it is judged

# %%
from autograder import author

author.assignment("Multi-head self-attention", environment=["numpy>=2.0,<2.4", "matplotlib>=3.8"])

# %%
author.question(
    "softmax_cols",
    sizes=lambda data_in: [{"N": data_in.shape[1]}, {"N": data_in.shape[0]}],
    steps=[
        author.step("exponentials", 1.5),
        author.step("normalisation of each column", 1.5),
        author.step(
            "stable for large scores",
            0.5,
            minor=True,
            hint="The exponential of a large number is infinite, and those of very small ones are all 0. What can be "
            "subtracted from all entries of a column without changing the result?",
        ),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    cases=[
        author.case(
            "six rows, six columns", hidden=False, args=(np.arange(36.0).reshape(6, 6) % 7 - np.eye(6),)
        ),
        author.case("other scores", hidden=True, args=lambda rng: (rng.normal(size=(6, 6)),)),
        author.case("negative scores", hidden=True, args=lambda rng: (-1 - 5 * rng.uniform(size=(6, 6)),)),
        author.case(
            "more columns than rows",
            hidden=True,
            args=lambda rng: (2 * rng.normal(size=(5, 7)),),
            steps=["depends only on its arguments"],
        ),
        author.case(
            "more rows than columns",
            hidden=True,
            args=lambda rng: (2 * rng.normal(size=(8, 3)),),
            steps=["depends only on its arguments"],
        ),
        author.case(
            "scores of some thousands",
            hidden=True,
            args=lambda rng: (5000 * rng.normal(size=(6, 6)),),
            steps=["stable for large scores"],
        ),
        author.case(
            "columns of very different size",
            hidden=True,
            args=lambda rng: (rng.normal(size=(6, 6)) + np.linspace(-3000, 3000, 6),),
            steps=["stable for large scores"],
        ),
    ],
    properties=[
        author.property(
            "columns sum to 1",
            hidden=True,
            args=lambda rng: (rng.normal(size=(6, 6)),),
            holds=lambda softmax_cols, scores: np.allclose(softmax_cols(scores).sum(axis=0), 1),
            feedback="The columns of your result do not sum to 1: each entry has to be divided by the sum over its own "
            "column.",
        ),
        author.property(
            "the same for shifted columns",
            hidden=True,
            args=lambda rng: (rng.normal(size=(6, 6)),),
            holds=lambda softmax_cols, scores: np.allclose(
                softmax_cols(scores + np.array([1.0, -2.0, 3.0, 0.0, 0.5, -1.0])), softmax_cols(scores)
            ),
            feedback="Your result changes if the same number is added to all scores of a column: softmax does not.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "np.sum(exp_values, axis=0) -> np.sum(exp_values, axis=0).T",
            reason="the sums have one dimension, so there is nothing to transpose",
        )
    ],
)


# %%
def inputs(D, N, spread=0.5):
    """Return a function that draws all arguments for N tokens of D dimensions and two heads."""

    def draw(rng):
        def head():
            omegas = [spread * rng.normal(size=(D // 2, D)) for _ in range(3)]
            return [*omegas, *(rng.normal(size=(D // 2, 1)) for _ in range(3))]

        return (rng.normal(size=(D, N)), *head(), *head(), rng.normal(size=(D, D)))

    return draw


def all_negative(D, N):
    """Return a function that draws arguments for which every dot product is below zero."""

    def draw(rng):
        arguments = list(inputs(D, N, spread=0.1)(rng))
        for head in (0, 6):
            arguments[5 + head] = 1 + np.abs(arguments[5 + head])
            arguments[6 + head] = -1 - np.abs(arguments[6 + head])
        return arguments

    return draw


def sizes_of(X, *parameters):
    return {"D": X.shape[0], "N": X.shape[1], "H": 2, "H_D": X.shape[0] // 2}


def equivariant(attention, X, *parameters):
    """Whether shuffling the tokens shuffles the outputs in the same way."""
    order = np.roll(np.arange(X.shape[1]), 2)
    return np.allclose(attention(X[:, order], *parameters), attention(X, *parameters)[:, order])


PARAMETERS = {
    "omega_v1": omega_v1, "omega_q1": omega_q1, "omega_k1": omega_k1,
    "beta_v1": beta_v1, "beta_q1": beta_q1, "beta_k1": beta_k1,
    "omega_v2": omega_v2, "omega_q2": omega_q2, "omega_k2": omega_k2,
    "beta_v2": beta_v2, "beta_q2": beta_q2, "beta_k2": beta_k2,
    "omega_c": omega_c,
}  # fmt: skip
OTHER_SIZES = ["scaling", "depends only on its arguments"]
KEY_BIAS = "the bias of the keys adds the same number to all scores of a query, and softmax takes it away again"

# %%
author.question(
    "multihead_scaled_self_attention",
    sizes=sizes_of,
    steps=[
        author.step("queries, keys and values", 1),
        author.step("dot products of keys and queries", 1),
        author.step("scaling", 2),
        author.step("softmax over the keys", 2),
        author.step("weighting of the values", 2),
        author.step("concatenation of the heads", 1.5),
        author.step("output projection", 1.5),
        author.arguments_only(0.5),
        author.arguments_unchanged(0.5),
    ],
    cases=[
        author.case("the notebook's tokens", hidden=False, args=(X, *PARAMETERS.values())),
        author.case("other tokens", hidden=True, args=inputs(8, 6)),
        author.case("tokens with large scores", hidden=True, args=inputs(8, 6, spread=1.0)),
        author.case("tokens with negative scores", hidden=True, args=all_negative(8, 6)),
        author.case("another number of tokens", hidden=True, args=inputs(8, 5), steps=OTHER_SIZES),
        author.case("more dimensions, more tokens", hidden=True, args=inputs(10, 7), steps=OTHER_SIZES),
        author.case(
            "many dimensions, few tokens", hidden=True, args=inputs(14, 3, spread=0.4), steps=OTHER_SIZES
        ),
    ],
    properties=[
        author.property(
            "shuffled tokens give shuffled outputs",
            hidden=True,
            args=inputs(8, 6),
            holds=equivariant,
            feedback="If the tokens are shuffled, your outputs are not shuffled in the same way: an output must depend "
            "on its own query and on all keys and values, whatever their order.",
        )
    ],
    equivalents=[
        author.equivalent(
            "..., beta_q1, beta_k1) -> ..., beta_q1, beta_q1)",
            "..., beta_q2, beta_k2) -> ..., beta_q2, beta_q2)",
            "omega_k @ X + beta_k -> omega_k @ X - beta_k",
            "omega_k @ X + beta_k -> omega_k @ X",
            "omega_k @ X + beta_k -> omega_k @ X + beta_q",
            reason=KEY_BIAS,
        ),
        author.equivalent(
            "Q.shape -> K.shape",
            "Q.shape -> beta_k.shape",
            reason="queries, keys and their biases have the same number of rows",
        ),
    ],
)

# %%
TRUE_VALUES = author.printed(
    """
    [[-21.207  -5.373 -20.933  -9.179 -11.319 -17.812]
     [ -1.995   7.906 -10.516   3.452   9.863  -7.24 ]
     [  5.479   1.115   9.244   0.453   5.656   7.089]
     [ -7.413  -7.416   0.363  -5.573  -6.736  -0.848]
     [-11.261  -9.937  -4.848  -8.915 -13.378  -5.761]
     [  3.548  10.036  -2.244   1.604  12.113  -2.557]
     [  4.888  -5.814   2.407   3.228  -4.232   3.71 ]
     [  1.248  18.894  -6.409   3.224  19.717  -5.629]]
    """,
    decimals=3,
)

OTHER_NUMBERS = author.data(
    "other numbers", lambda rng: dict(zip(["X", *PARAMETERS], inputs(8, 6)(rng), strict=True))
)

author.question(
    "X_prime",
    steps=[author.step("the result for the notebook's tokens", 4)],
    cases=[
        author.case("the true values", hidden=False, variable="X_prime", expected=TRUE_VALUES),
        author.case("other tokens", hidden=True, variable="X_prime", data=OTHER_NUMBERS, decimals=3),
    ],
    equivalents=[
        author.equivalent(
            "..., beta_q1, beta_k1, omega_v2, ... -> ..., beta_q1, beta_v1, omega_v2, ...",
            "..., beta_q1, beta_k1, omega_v2, ... -> ..., beta_q1, beta_q1, omega_v2, ...",
            "..., beta_q2, beta_k2, omega_c) -> ..., beta_q2, beta_v2, omega_c)",
            "..., beta_q2, beta_k2, omega_c) -> ..., beta_q2, beta_q2, omega_c)",
            reason=KEY_BIAS,
        )
    ],
)
