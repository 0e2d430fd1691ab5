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
# # Multi-head attention for any number of heads
#
# With two heads one can give each its own matrices, and compute one head after the other. Real models have 12 heads,
# or 96, and process many sentences at once. Nobody writes a loop for that: *one* matrix makes the queries of all
# heads of all sentences, and an array with more axes keeps them apart. What remains to be done is to split and to
# merge such arrays without mixing anything up.
#
# In this notebook you build multi-head attention as libraries have it, in NumPy: for any number of heads, for a batch
# of sentences, without a loop. The notation is that of chapter 12 of S. J. D. Prince, *Understanding Deep Learning*
# (MIT Press, 2023); the text and the code are our own.
#
# **How to work.** Wherever you see `...`, replace it by your own code. Then run the cell, and the cell with
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too: take
# all that a function needs from its arguments, and leave these as they are: change copies.

# %% [markdown]
# ## The inputs
#
# There are $B$ sentences of $N$ tokens, and each token is a column of $D$ numbers. So `X` has the shape $(B, D, N)$:
# `X[b]` is the matrix of sentence $b$, as in the notebooks before.
#
# There are $H$ heads, and each works with vectors of $D/H$ numbers. For the queries of all heads there is a single
# matrix $\boldsymbol\Omega_q$ of shape $(D, D)$: its first $D/H$ rows make the queries of head 0, the next $D/H$ rows
# those of head 1, and so on. The same goes for keys and values.

# %% tags=["given"]
import numpy as np

# Number of sentences, of dimensions of a token, of tokens, and of heads
B = 4
D = 6
N = 5
H = 3

# The tokens of all sentences
np.random.seed(3)
X = np.random.normal(size=(B, D, N))

# Weights and biases of all heads together
omega_v = np.random.normal(size=(D, D))
omega_q = np.random.normal(size=(D, D))
omega_k = np.random.normal(size=(D, D))
beta_v = np.random.normal(size=(D, 1))
beta_q = np.random.normal(size=(D, 1))
beta_k = np.random.normal(size=(D, 1))

# Weights and biases that combine the heads
omega_c = np.random.normal(size=(D, D))
beta_c = np.random.normal(size=(D, 1))

np.set_printoptions(precision=3, suppress=True)

# %% [markdown]
# ## 1. Splitting into heads
#
# `reshape` does not move a single number: it reads all of them in the order in which they lie, the last axis running
# fastest, and cuts them into another shape. An axis can be cut into two that stand side by side at its place: six
# rows are three groups of two rows.
#
# Write a function that splits the rows of each matrix in an array of shape $(B, D, N)$ into $H$ heads. The result has
# the shape $(B, H, D/H, N)$, and head $h$ has the rows from $h\,D/H$ up to, but not including, $(h+1)\,D/H$:
#
# $$
# \text{heads}[b, h, i, n] = \text{Y}[b,\; h\tfrac{D}{H} + i,\; n]
# $$


# %% question="split_heads"
def split_heads(Y, H):
    B, D, N = Y.shape

    # An axis for the heads, and one for the rows of each, shape (B, H, D/H, N)
    heads = Y.reshape(B, H, D // H, N)  # SOLUTION
    return heads


# %% [markdown]
# Try it with numbers that tell where they come from: 234 is in sentence 2, row 3, token 4. The heads of sentence 2
# should have the rows 20x and 21x, then 22x and 23x, then 24x and 25x.

# %% tags=["given"]
numbered = np.fromfunction(lambda b, d, n: 100 * b + 10 * d + n, (B, D, N))

# %% tags=["given", "show"]
print(split_heads(numbered[2:3], H))

# %% [markdown]
# ## 2. Merging the heads
#
# Later the heads have to become one matrix per sentence again: from the shape $(B, H, D/H, N)$ to $(B, D, N)$, the
# rows of head 0 first, below them those of head 1, and so on. This undoes what you did in section 1.


# %% question="merge_heads"
def merge_heads(heads):
    B, H, size, N = heads.shape

    # The heads of each sentence, one below the other, shape (B, D, N)
    merged = heads.reshape(B, H * size, N)  # SOLUTION
    return merged


# %% [markdown]
# Here 2103 is in sentence 2, head 1, row 0, token 3. The rows of sentence 2 should begin with 2000, 2010, 2100, 2110,
# 2200 and 2210.

# %% tags=["given"]
numbered_heads = np.fromfunction(lambda b, h, i, n: 1000 * b + 100 * h + 10 * i + n, (B, H, D // H, N))

# %% tags=["given", "show"]
print(merge_heads(numbered_heads[2:3]))

# %% [markdown]
# ## 3. Softmax over the keys
#
# The scores of all heads of all sentences are an array of shape $(B, H, M, N)$: for each sentence and each head a
# matrix with a row for each of $M$ keys and a column for each of $N$ queries. In each column of each of these
# matrices, the softmax makes weights that sum to one:
#
# $$
# w_{bhmn} = \frac{\exp(s_{bhmn})}{\sum_{m'} \exp(s_{bhm'n})}
# $$
#
# Subtract the largest score of each column first, so that large scores do no harm. A sum or a maximum over one axis
# makes that axis disappear; with `keepdims=True` it stays, with length one, so that what comes out still fits.


# %% question="softmax_keys"
def softmax_keys(data_in):
    # The exponentials
    exp_values = np.exp(data_in - np.max(data_in, axis=2, keepdims=True))  # SOLUTION

    # Their sum over the keys
    denom = np.sum(exp_values, axis=2, keepdims=True)  # SOLUTION

    # The weights, shape (B, H, M, N)
    weights = exp_values / denom  # SOLUTION
    return weights


# %% [markdown]
# ## 4. All heads at once
#
# For arrays with more than two axes, `@` multiplies the matrices in the *last two* axes, and goes through all others
# side by side: sentence by sentence, head by head. So scaled dot-product attention needs no loop:
#
# $$
# \mathbf{Sa}_{bh} = \mathbf{V}_{bh}\cdot\operatorname{Softmax}\left[\frac{\mathbf{K}_{bh}^T\mathbf{Q}_{bh}}{\sqrt{D/H}}\right]
# $$
#
# The queries have the shape $(B, H, D/H, N)$, the keys and the values $(B, H, D/H, M)$. Take care with the transpose:
# `.T` reverses the order of *all* axes, so that sentences would end up where tokens belong. Only the last two should
# change places. And the scale is the root of the number of entries of one head's query: on which axis is it?


# %% question="attend"
def attend(Q, K, V):
    # The scaled scores, shape (B, H, M, N)
    scores = K.transpose(0, 1, 3, 2) @ Q / np.sqrt(Q.shape[2])  # SOLUTION

    # The weights, shape (B, H, M, N)
    weights = softmax_keys(scores)  # SOLUTION

    # The weighted values, shape (B, H, D/H, N)
    outputs = V @ weights  # SOLUTION
    return outputs


# %% tags=["given"]
# Queries of N tokens, and keys and values of two more
np.random.seed(1)
some_queries = np.random.normal(size=(B, H, D // H, N))
some_keys = np.random.normal(size=(B, H, D // H, N + 2))
some_values = np.random.normal(size=(B, H, D // H, N + 2))

# %% tags=["given", "show"]
print(attend(some_queries[:1], some_keys[:1], some_values[:1]))

# %% [markdown]
# ## 5. Multi-head attention
#
# Put everything together:
#
# 1. Make the queries, keys and values of all heads at once, each of shape $(B, D, N)$:
#    $\;\boldsymbol\Omega_{q}\mathbf{X} + \boldsymbol\beta_q$, $\;\boldsymbol\Omega_{k}\mathbf{X} + \boldsymbol\beta_k\,$
#    and $\;\boldsymbol\Omega_{v}\mathbf{X} + \boldsymbol\beta_v$. A matrix in front of `X` is multiplied with the matrix
#    of each sentence.
# 2. Split each of them into $H$ heads, and let all heads attend.
# 3. Merge the heads, and combine them: $\boldsymbol\Omega_c$ times the merged heads, plus $\boldsymbol\beta_c$.
#
# The function has to work for other sizes and other numbers of heads too.


# %% question="multihead_attention"
def multihead_attention(X, H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c):
    # Queries, keys and values of all heads, each of shape (B, H, D/H, N)
    Q = split_heads(omega_q @ X + beta_q, H)  # SOLUTION
    K = split_heads(omega_k @ X + beta_k, H)  # SOLUTION
    V = split_heads(omega_v @ X + beta_v, H)  # SOLUTION

    # What all heads give, in one matrix per sentence, shape (B, D, N)
    all_heads = merge_heads(attend(Q, K, V))  # SOLUTION

    # The heads, combined, shape (B, D, N)
    X_prime = omega_c @ all_heads + beta_c  # SOLUTION
    return X_prime


# %% tags=["given", "show"]
print(multihead_attention(X[:1], H, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c))

# %% [markdown]
# ## 6. Tokens in the rows: splitting
#
# Most libraries have one token per *row*: their arrays have the shape $(B, N, D)$, and those of the heads
# $(B, H, N, D/H)$. Now a `reshape` is not enough. It can cut the last axis, of $D$ numbers, into $H$ and $D/H$, which
# gives $(B, N, H, D/H)$; but then the axis of the heads stands behind that of the tokens, and the two have to change
# places. If the shape is forced upon the numbers by a `reshape` alone, there is no error, and all heads get numbers
# of the wrong tokens. It is one of the most frequent mistakes in code for transformers.
#
# $$
# \text{heads}[b, h, n, i] = \text{Y}[b,\; n,\; h\tfrac{D}{H} + i]
# $$


# %% question="split_rows"
def split_rows(Y, H):
    B, N, D = Y.shape

    # The heads of tokens that are rows, shape (B, H, N, D/H)
    heads = Y.reshape(B, N, H, D // H).transpose(0, 2, 1, 3)  # SOLUTION
    return heads


# %% [markdown]
# Here 234 is in sentence 2, token 3, and is its number 4. The heads of sentence 2 should begin with 200, 202 and 204,
# and each should have all tokens: 20x, 21x, 22x, 23x and 24x.

# %% tags=["given"]
numbered_rows = np.fromfunction(lambda b, n, d: 100 * b + 10 * n + d, (B, N, D))

# %% tags=["given", "show"]
print(split_rows(numbered_rows[2:3], H))

# %% [markdown]
# ## 7. Tokens in the rows: merging
#
# And back again, from $(B, H, N, D/H)$ to $(B, N, D)$: in each row, the numbers of head 0 come first, then those of
# head 1, and so on.


# %% question="merge_rows"
def merge_rows(heads):
    B, H, N, size = heads.shape

    # The heads of each token, side by side in its row, shape (B, N, D)
    merged = heads.transpose(0, 2, 1, 3).reshape(B, N, H * size)  # SOLUTION
    return merged


# %% [markdown]
# Here 2143 is in sentence 2, head 1, token 4, and so on. The first row of sentence 2 should be 2000, 2001, 2100, 2101,
# 2200 and 2201.

# %% tags=["given"]
numbered_row_heads = np.fromfunction(lambda b, h, n, i: 1000 * b + 100 * h + 10 * n + i, (B, H, N, D // H))

# %% tags=["given", "show"]
print(merge_rows(numbered_row_heads[2:3]))

# %% [markdown]
# ## To think about
#
# * How many numbers does a network learn for 3 heads of size $D/3$, and how many for 1 head of size $D$?
# * If you split interleaved (head 0 gets rows 0, 3, 6, ...), and merged so as well: could a network learn the same?
#   Would the weights of a trained one still work?
# * PyTorch's `nn.MultiheadAttention` computes `x @ W.T + b` for tokens in rows. Which matrix here is its `W`?

# %% [markdown] tags=["private"]
# # How it is judged

# %%
from autograder import author

author.assignment(
    "Multi-head attention for any number of heads", environment=["numpy>=2.0,<2.4", "matplotlib>=3.8"]
)

# %%
FOUR_AXES = "the array has four axes, so the third is the last but one"


def sizes_of_columns(Y, H, *parameters):
    return {"B": Y.shape[0], "D": Y.shape[1], "N": Y.shape[2], "H": H}


def array(*shape):
    """Return a function that draws an array of this shape."""
    return lambda rng: (rng.normal(size=shape),)


def for_heads(H, *shape):
    """Return a function that draws an array of this shape, and gives the number of heads."""
    return lambda rng: (rng.normal(size=shape), H)


author.question(
    "split_heads",
    hints=[
        "Which axis is cut into two? And which of the two new axes counts the heads: the first or the second of them?",
        r"""
        In the equation of section 1, the number of the row is $h\,D/H + i$: with each step of $h$ it grows by $D/H$, with
        each step of $i$ by one. That is the order in which the rows lie already, so no number has to be moved. Look at the
        shape in the comment.
        """,
        """
        One sentence with four rows and three tokens, and two heads:

            row 0   0  1  2       head 0   0  1  2
            row 1  10 11 12               10 11 12
            row 2  20 21 22       head 1  20 21 22
            row 3  30 31 32               30 31 32

        The shape (1, 4, 3) has become (1, 2, 2, 3). Each head has rows that stand together.
        """,
    ],
    sizes=sizes_of_columns,
    steps=[
        author.step("an axis for the heads", 0.75),
        author.step("which rows each head gets", 0.75),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="Y is (B, D, N), and the result has four axes: (B, H, D/H, N).",
    cases=[
        author.case("numbered entries", hidden=False, args=(numbered, H)),
        author.case("another draw", hidden=True, args=for_heads(3, 4, 6, 5)),
        author.case("four heads", hidden=True, args=for_heads(4, 2, 12, 7)),
        author.case("as many of everything", hidden=True, args=for_heads(3, 3, 9, 3)),
        author.case("a single head", hidden=True, args=for_heads(1, 2, 4, 3)),
        author.case("heads of a single row", hidden=True, args=for_heads(5, 3, 5, 2)),
    ],
    misconceptions=[
        author.misconception(
            "rows dealt out to the heads in turn",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(B, D // H, H, N).swapaxes(1, 2)",
            step="which rows each head gets",
            feedback=(
                "The rows are dealt out like cards: head 0 gets row 0, row H and so on. Each head should get D/H "
                "rows that stand together. When an axis is cut into two, the first of the new ones counts the "
                "groups. In which order did you name them?"
            ),
        ),
        author.misconception(
            "axes of heads and rows swapped",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(B, D // H, H, N)",
            step="an axis for the heads",
            feedback="Your result has the shape (B, D/H, H, N): the second axis, that of the heads, and the third, that of "
            "their rows, are the other way round. See the shape in the comment, and which of the two should count the "
            "groups.",
        ),
        author.misconception(
            "numbers forced into the shape of rows",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(B, H, N, D // H)",
            step="an axis for the heads",
            feedback="Your result has the shape (B, H, N, D/H), but its numbers lie there as if by accident: a reshape does "
            "not move the tokens from one axis to another, it cuts the same sequence of numbers differently. Here the "
            "tokens stay on the last axis.",
        ),
        author.misconception(
            "tokens in the rows of each head",
            old="return heads",
            new="return heads.swapaxes(2, 3)",
            step="an axis for the heads",
            feedback=(
                "Each of your heads lies on its side: one token per row, shape (B, H, N, D/H). That is how "
                "libraries have it, and section 6 will come to that. Here each token is a column, in the heads "
                "too."
            ),
        ),
        author.misconception(
            "turned before it is split",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.swapaxes(1, 2).reshape(B, H, D // H, N)",
            step="which rows each head gets",
            feedback="You turn the matrices first, and then force the shape upon them. But a reshape moves nothing: it cuts what "
            "is now one token after the other, so that rows and tokens get mixed up. Here the rows lie side by side as they "
            "should from the beginning. Is there anything to turn?",
        ),
        author.misconception(
            "heads before sentences",
            old="return heads",
            new="return heads.swapaxes(0, 1)",
            step="an axis for the heads",
            feedback="Your first axis counts the heads and the second one the sentences. That is what a list of parts gives, "
            "as `np.split` returns it. The sentences should stay on the first axis: a stack of parts can be given another "
            "place for its new axis.",
        ),
        author.misconception(
            "heads and sentences mixed up",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(H, B, D // H, N)",
            step="an axis for the heads",
            feedback="You reshape as if the heads came before the sentences. The numbers are cut in the order in which they "
            "lie, one sentence after the other, so that parts of several sentences end up in one head. The axis of the "
            "sentences has to stay the first.",
        ),
        author.misconception(
            "split on one axis with the sentences",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(B * H, D // H, N)",
            step="an axis for the heads",
            feedback="Your result has three axes: sentences and heads share the first one, B times H long. Some libraries do "
            "that inside. But here heads have an axis of their own, so that there are four.",
        ),
        author.misconception(
            "always three heads",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(B, 3, D // 3, N)",
            step="which rows each head gets",
            feedback="You split into three heads, as many as this notebook has, however many are asked for. The number of heads is the second argument of "
            "the function, and the number of rows of each follows from it.",
        ),
        author.misconception(
            "heads split in reversed order",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(B, H, D // H, N)[:, ::-1]",
            step="which rows each head gets",
            feedback="The heads are in reversed order: the last rows of a sentence are in your first head. Head 0 should have "
            "the first D/H rows, head 1 the next, and so on, as the equation of section 1 says.",
        ),
        author.misconception(
            "heads in a list for each token",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.transpose(0, 2, 1).reshape(B, N, H, D // H)",
            step="an axis for the heads",
            feedback="Your result has the shape (B, N, H, D/H): for each token a list of heads. But each head has to be a "
            "matrix with all tokens in it, so the axis of the heads must stand before those of rows and tokens. Here no "
            "transpose is needed at all.",
        ),
        author.misconception(
            "size of a head with a decimal point",
            old="D // H",
            new="D / H",
            step=["an axis for the heads", "which rows each head gets"],
            feedback="The size of a head is D divided by H, and a single `/` gives a number with a decimal point, even if it is a whole one. "
            "NumPy takes no such number for the length of an axis. Python has another division, whose result is an integer.",
        ),
        author.misconception(
            "code for rows used for columns",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(B, N, H, D // H).transpose(0, 2, 3, 1)",
            step="which rows each head gets",
            feedback="The shape is right, but tokens and rows are mixed up: you cut the numbers as if each token were a row, and turn the axes "
            "then. Code for transformers often looks like that, for tokens in rows. Here they are columns, so the axis of the rows is "
            "where it is needed, and only has to be cut.",
        ),
        author.misconception(
            "code for rows copied",
            old="Y.reshape(B, H, D // H, N)",
            new="Y.reshape(B, N, H, D // H).swapaxes(1, 2)",
            step=["an axis for the heads", "which rows each head gets"],
            feedback="Your result has the shape (B, H, N, D/H), and tokens and rows are mixed up in it: this is how tokens that are rows are "
            "split. Here they are columns, so the axis of the rows is where it is needed, and only has to be cut.",
        ),
        author.misconception(
            "heads that overlap",
            function=lambda Y, H: np.stack([Y[:, h : h + Y.shape[1] // H] for h in range(H)], axis=1),
            step=["which rows each head gets"],
            feedback="Your heads overlap: head 1 begins only one row below head 0, so that most rows are in several heads and the last ones in "
            "none. Head h begins where h heads of D/H rows each have ended: see the bounds in section 1.",
        ),
        author.misconception(
            "sentences split instead of rows",
            function=lambda Y, H: np.split(Y, H),
            step=["an axis for the heads", "which rows each head gets"],
            feedback="You split the first axis, which counts the sentences: so each part has some of the sentences, with all of their rows, or "
            "the number does not come out even. The rows are on the second axis: which argument of the function says so?",
        ),
    ],
)

# %%
author.question(
    "merge_heads",
    hints=[
        "Two axes that stand side by side become one. How long is it?",
        "Section 2 undoes section 1. If no number had to be moved there, none has to be moved here: only the shape changes, and "
        "the axes of sentences and tokens stay what they are.",
        """
        Two heads of one sentence, with two rows and three tokens each:

            head 0   0  1  2       row 0   0  1  2
                    10 11 12       row 1  10 11 12
            head 1  20 21 22       row 2  20 21 22
                    30 31 32       row 3  30 31 32

        The shape (1, 2, 2, 3) has become (1, 4, 3): the heads stand one below the other.
        """,
    ],
    sizes=lambda heads: {
        "B": heads.shape[0],
        "D": heads.shape[1] * heads.shape[2],
        "N": heads.shape[3],
        "H": heads.shape[1],
    },
    steps=[
        author.step("one matrix for each sentence", 0.75),
        author.step("the heads one below the other", 0.75),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The heads are (B, H, D/H, N), and the result has three axes: (B, D, N).",
    cases=[
        author.case("numbered heads", hidden=False, args=(numbered_heads,)),
        author.case("another draw", hidden=True, args=array(4, 3, 2, 5)),
        author.case("four heads", hidden=True, args=array(2, 4, 3, 7)),
        author.case("as many of everything", hidden=True, args=array(3, 3, 3, 3)),
        author.case("a single head", hidden=True, args=array(2, 1, 4, 3)),
        author.case("heads of a single row", hidden=True, args=array(3, 5, 1, 2)),
    ],
    misconceptions=[
        author.misconception(
            "rows of the heads in turn",
            old="heads.reshape(B, H * size, N)",
            new="heads.swapaxes(1, 2).reshape(B, H * size, N)",
            step="the heads one below the other",
            feedback="The heads are interleaved: the first rows of all heads come first, then the second rows of all. They "
            "should stand one below the other, each as it is. Two axes side by side can become one without any change of "
            "their order.",
        ),
        author.misconception(
            "heads added up",
            old="heads.reshape(B, H * size, N)",
            new="heads.sum(axis=1)",
            step="the heads one below the other",
            feedback="You add the heads, so that what each has found is lost in a sum, and the result has only D/H rows. They "
            "should be kept, one below the other: it is the next matrix that will mix them.",
        ),
        author.misconception(
            "mean of the heads",
            old="heads.reshape(B, H * size, N)",
            new="heads.mean(axis=1)",
            step="the heads one below the other",
            feedback="You take the mean of the heads, so that what each has found is lost, and the result has only D/H rows. "
            "They should be kept, one below the other: it is the next matrix that will mix them.",
        ),
        author.misconception(
            "heads beside each other",
            old="heads.reshape(B, H * size, N)",
            new="heads.swapaxes(1, 2).reshape(B, size, H * N)",
            step="the heads one below the other",
            feedback="Your heads stand side by side, so that each sentence seems to have H times as many tokens. A token is "
            "one column, and what the heads say of it belongs into that column, one below the other.",
        ),
        author.misconception(
            "merged heads transposed",
            old="return merged",
            new="return merged.swapaxes(1, 2)",
            step="one matrix for each sentence",
            feedback="Each of your matrices lies on its side: one token per row, shape (B, N, D). Here each token is a column, "
            "before and after. Is there a transpose too many?",
        ),
        author.misconception(
            "rows and tokens exchanged before the reshape",
            old="heads.reshape(B, H * size, N)",
            new="heads.swapaxes(2, 3).reshape(B, H * size, N)",
            step="the heads one below the other",
            feedback="Your result has the right shape and scrambled numbers: the last two axes change places, and then the "
            "reshape cuts the tokens where it should find rows. In these arrays rows are before tokens already, in "
            "the heads and in the result, so nothing is to be turned.",
        ),
        author.misconception(
            "tokens brought to the front before the reshape",
            old="heads.reshape(B, H * size, N)",
            new="heads.transpose(0, 3, 1, 2).reshape(B, H * size, N)",
            step="the heads one below the other",
            feedback="Your result has the right shape and scrambled numbers: the tokens are brought before the heads, and then the "
            "reshape cuts them where it should find rows. Here the tokens are on the last axis, before and after, so "
            "nothing is to be turned.",
        ),
        author.misconception(
            "numbers forced into rows",
            old="heads.reshape(B, H * size, N)",
            new="heads.reshape(B, N, H * size)",
            step="one matrix for each sentence",
            feedback="Your result has the shape (B, N, D), but a reshape does not move the tokens to another axis: it cuts the "
            "same sequence of numbers differently, so that a row holds parts of several tokens. Here the tokens stay on the "
            "last axis.",
        ),
        author.misconception(
            "only the first head kept",
            old="heads.reshape(B, H * size, N)",
            new="heads[:, 0]",
            step="the heads one below the other",
            feedback="Your result is the first head alone. All H heads should be in it, one below the other, so that there are "
            "D rows.",
        ),
        author.misconception(
            "sentences joined instead of heads",
            old="heads.reshape(B, H * size, N)",
            new="np.concatenate(heads, axis=1)",
            step="one matrix for each sentence",
            rare=True,
            feedback="What you join are the sentences, not the heads: the first axis counts the sentences, and a function that joins a sequence of arrays goes through that one. Each sentence should stay for itself, with its heads one below the other.",
        ),
        author.misconception(
            "heads merged in reversed order",
            old="heads.reshape(B, H * size, N)",
            new="heads[:, ::-1].reshape(B, H * size, N)",
            step="the heads one below the other",
            feedback="The heads are one below the other, but in reversed order: the last one is on top. The columns of the next "
            "matrix expect head 0 first. Check how you go through the heads.",
        ),
        author.misconception(
            "sentences below each other",
            old="heads.reshape(B, H * size, N)",
            new="heads.reshape(B * H * size, N)",
            step="one matrix for each sentence",
            feedback="Your result has two axes: all heads of all sentences are one below the other in a single matrix. Each "
            "sentence should have a matrix of its own, so the first axis stays as it is.",
        ),
        author.misconception(
            "sentences and heads exchanged",
            old="heads.reshape(B, H * size, N)",
            new="heads.swapaxes(0, 1).reshape(B, H * size, N)",
            step="one matrix for each sentence",
            feedback="Your matrices hold heads of several sentences: the first two axes change places before two of them "
            "become one. Sentences are the first axis and stay there; the heads are the second, and the rows of each the "
            "third.",
        ),
        author.misconception(
            "sentences and heads on one axis",
            old="heads.reshape(B, H * size, N)",
            new="heads.reshape(B * H, size, N)",
            step="one matrix for each sentence",
            feedback="The first axis of your result counts the heads of all sentences, and each of its matrices is a single head still. That "
            "is what comes of joining a whole array along its first axis. Each sentence should keep its place, and its heads stand "
            "one below the other.",
        ),
        author.misconception(
            "tokens moved, then forced back",
            old="heads.reshape(B, H * size, N)",
            new="heads.transpose(0, 3, 1, 2).reshape(B, H * size, N)",
            step="the heads one below the other",
            feedback=(
                "Your result has the right shape, and tokens and rows are mixed up in it: you bring the tokens "
                "to the front, as code for tokens in rows does, and then force the shape of columns upon the "
                "numbers. Here the axes are in the right order from the start."
            ),
        ),
    ],
)


# %%
def whose_sums(softmax_keys, scores):
    """Over what the weights sum to 1 instead of over the keys."""
    weights = softmax_keys(scores)
    advice = (
        "it is the keys of each query, in each head of each sentence, that have to share a weight of one."
    )
    for axis, what in ((3, "the queries"), (1, "the heads"), (0, "the sentences")):
        if np.allclose(weights.sum(axis=axis), 1):
            return f"Your weights sum to one over {what}: {advice}"
    if np.allclose(weights.sum(axis=(2, 3)), 1):
        return f"All weights of a head together sum to one: {advice}"
    return f"Your weights do not sum to one over the keys: {advice}"


author.question(
    "softmax_keys",
    hints=[
        "There are four axes, and one of them belongs to the keys. Which number does NumPy give it, counting from zero?",
        r"""
        Look at the sum in the equation of section 3: the index that runs is $m'$, that of the keys; sentence, head and query
        stay the same. It is that axis along which the maximum is taken and the sum is made. Both have to fit on the scores
        afterwards: the last sentence of the section says how.
        """,
        """
        One sentence, one head, two keys (rows) and two queries (columns):

            scores        0      3
                          1      3
            largest       1      3
            exponentials  0.368  1
                          1      1
            sums          1.368  2
            weights       0.269  0.5
                          0.731  0.5

        The scores have the shape (1, 1, 2, 2), the maxima and the sums (1, 1, 1, 2).
        """,
    ],
    sizes=lambda scores: {
        "B": scores.shape[0],
        "H": scores.shape[1],
        "M": scores.shape[2],
        "N": scores.shape[3],
    },
    steps=[
        author.step("exponentials", 0.75),
        author.step("sums over the keys", 0.75),
        author.step(
            "stable for large scores",
            0.5,
            minor=True,
            hint="The exponential of a large number is infinite, and those of very small ones are all 0. What can be "
            "subtracted from all scores of one query without changing its weights?",
        ),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The scores are (B, H, M, N); a sum over the keys is (B, H, 1, N), and the weights are (B, H, M, N).",
    cases=[
        author.case(
            "numbers up to four", hidden=False, args=(np.arange(300.0).reshape(4, 3, 5, 5) * 7 % 41 / 10,)
        ),
        author.case("other scores", hidden=True, args=array(4, 3, 5, 5)),
        author.case("more queries than keys", hidden=True, args=array(2, 4, 3, 6)),
        author.case("as many of everything", hidden=True, args=array(3, 3, 3, 3)),
        author.case("a single head of a single sentence", hidden=True, args=array(1, 1, 4, 2)),
        author.case(
            "negative scores", hidden=True, args=lambda rng: (-1 - 5 * rng.uniform(size=(4, 3, 5, 5)),)
        ),
        author.case(
            "scores of some thousands",
            hidden=True,
            args=lambda rng: (5000 * rng.normal(size=(4, 3, 5, 5)),),
            steps=["stable for large scores"],
        ),
        author.case(
            "heads of very different size",
            hidden=True,
            args=lambda rng: (rng.normal(size=(4, 3, 5, 5)) + np.array([-3000, 0, 3000])[:, None, None],),
            steps=["stable for large scores"],
        ),
        author.case(
            "queries of very different size",
            hidden=True,
            args=lambda rng: (rng.normal(size=(4, 3, 5, 5)) + np.linspace(-3000, 3000, 5),),
            steps=["stable for large scores"],
        ),
    ],
    properties=[
        author.property(
            "the weights of the keys sum to one",
            hidden=True,
            args=array(4, 3, 5, 5),
            holds=lambda softmax_keys, scores: np.allclose(softmax_keys(scores).sum(axis=2), 1),
            feedback=whose_sums,
        ),
    ],
    misconceptions=[
        author.misconception(
            "one sum for each matrix",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.sum(exp_values, axis=(2, 3), keepdims=True)",
            step="sums over the keys",
            feedback="In each of your matrices all numbers together sum to one, instead of each column: the sum runs over keys and queries. Each query has a weight of one to share out on its own. Over which axis alone does it have to run?",
        ),
        author.misconception(
            "one sum for each sentence",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.sum(exp_values, axis=(1, 2, 3), keepdims=True)",
            step="sums over the keys",
            rare=True,
            feedback="All weights of a sentence together sum to one, those of all heads and queries. Each query of each head has a weight of one to share out on its own: the sum runs over the axis of the keys, and over no other.",
        ),
        author.misconception(
            "sum over the queries, maximum over the keys",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.sum(exp_values, axis=3, keepdims=True)",
            step="sums over the keys",
            rare=True,
            feedback="You divide by sums over the queries, so that the weights of a key sum to one, and not those of a query. On which axis are the keys, among which each query shares out?",
        ),
        author.misconception(
            "maximum subtracted above the fraction only",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.sum(np.exp(data_in), axis=2, keepdims=True)",
            step=["exponentials", "sums over the keys"],
            rare=True,
            feedback="The largest score is subtracted in the numerator, and the exponentials in the sum are those of the scores as they are: your weights sum to much less than one. What is subtracted leaves the fraction unchanged only if it is done above and below.",
        ),
        author.misconception(
            "maximum subtracted below the fraction only",
            old="exp_values / denom",
            new="np.exp(data_in) / denom",
            step=["exponentials", "sums over the keys"],
            rare=True,
            feedback="The exponentials in the sum have the largest score subtracted, and those that are divided by it do not: your weights sum to much more than one. What is subtracted leaves the fraction unchanged only if it is done above and below.",
        ),
        author.misconception(
            "scores with a minus",
            old="np.exp(data_in - np.max(data_in, axis=2, keepdims=True))",
            new="np.exp(np.min(data_in, axis=2, keepdims=True) - data_in)",
            step="exponentials",
            rare=True,
            feedback="The larger a score is, the smaller is the weight that you give it: there is a minus in your exponent that does not belong there. The key that fits best should get the most.",
        ),
        author.misconception(
            "powers of two",
            old="np.exp(data_in - np.max(data_in, axis=2, keepdims=True))",
            new="np.exp2(data_in - np.max(data_in, axis=2, keepdims=True))",
            step="exponentials",
            rare=True,
            feedback="Your weights sum to one but are too even: you take powers of 2, and the exponential has the base e. NumPy has a function for each of them.",
        ),
        author.misconception(
            "scores shared out without exponentials",
            old="np.exp(data_in - np.max(data_in, axis=2, keepdims=True))",
            new="data_in",
            step="exponentials",
            rare=True,
            feedback="You divide the scores themselves by their sum, and there is no exponential. Negative scores become negative weights, and nothing holds the sum away from 0.",
        ),
        author.misconception(
            "divided by the sum of the scores",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.sum(data_in, axis=2, keepdims=True)",
            step="sums over the keys",
            rare=True,
            feedback="Your exponentials are divided by the sum of the scores, and not by the sum of the exponentials: the weights of a query do not sum to one.",
        ),
        author.misconception(
            "divided by the largest exponential",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.max(exp_values, axis=2, keepdims=True)",
            step="sums over the keys",
            rare=True,
            feedback="The largest weight of each query is one, and so they sum to more: you divide by the largest exponential, where the sum of all belongs.",
        ),
        author.misconception(
            "one added to the sum",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="(np.sum(exp_values, axis=2, keepdims=True) + 1)",
            step="sums over the keys",
            rare=True,
            feedback="The weights of a query sum to less than one: something is added to the sum of the exponentials that does not belong there. Nothing can be divided by zero here, since the largest exponential is one.",
        ),
        author.misconception(
            "softmax of the softmax",
            old="return weights",
            new="return np.exp(weights) / np.sum(np.exp(weights), axis=2, keepdims=True)",
            step="sums over the keys",
            rare=True,
            feedback="Your weights sum to one and are nearly equal: a softmax was taken of what is a softmax already. The scores go through it once.",
        ),
        author.misconception(
            "logarithms of the weights",
            old="return weights",
            new="return np.log(weights)",
            step="sums over the keys",
            rare=True,
            feedback="Your numbers are negative: they are the logarithms of the weights. Some libraries have such a function beside the softmax, for a loss.",
        ),
        author.misconception(
            "everything to the largest score",
            old="exp_values / denom",
            new="(exp_values == 1) / np.sum(exp_values == 1, axis=2, keepdims=True)",
            step="exponentials",
            rare=True,
            feedback="Each query gives all its weight to the key that fits best. That is what a softmax comes near to for large scores, but here the others should get something too: there are no exponentials in your result.",
        ),
        author.misconception(
            "sigmoid of each score",
            old="return weights",
            new="return 1 / (1 + np.exp(-data_in))",
            step=["exponentials", "sums over the keys"],
            rare=True,
            feedback="Each of your weights depends on its own score alone, and they do not sum to one: that is a sigmoid. In a softmax the keys compete for a weight of one.",
        ),
        author.misconception(
            "softmax over the queries",
            edits=[
                (
                    "def softmax_keys(data_in):",
                    "def softmax_keys(data_in):\n    data_in = data_in.swapaxes(3, 2)",
                ),
                ("return weights", "return weights.swapaxes(3, 2)"),
            ],
            step="sums over the keys",
            feedback="Your weights sum to one over the last axis, that is over the queries. But each query has a weight of one "
            "to share out among the *keys*, which are on another axis. Libraries often use the last one, since their queries "
            "are rows: here they are columns.",
        ),
        author.misconception(
            "softmax over the heads",
            edits=[
                (
                    "def softmax_keys(data_in):",
                    "def softmax_keys(data_in):\n    data_in = data_in.swapaxes(1, 2)",
                ),
                ("return weights", "return weights.swapaxes(1, 2)"),
            ],
            step="sums over the keys",
            feedback="Your weights sum to one over the heads, as if these had to share something. Heads have nothing to do with "
            "each other: in each of them, every query shares out a weight of one among the keys. Count the axes from zero.",
        ),
        author.misconception(
            "softmax over the sentences",
            edits=[
                (
                    "def softmax_keys(data_in):",
                    "def softmax_keys(data_in):\n    data_in = data_in.swapaxes(0, 2)",
                ),
                ("return weights", "return weights.swapaxes(0, 2)"),
            ],
            step="sums over the keys",
            feedback="Your weights sum to one over the first axis, which was that of the keys as long as there was only one "
            "matrix. Now it counts the sentences, and these have nothing to share. On which axis are the keys?",
        ),
        author.misconception(
            "one softmax for each matrix",
            edits=[
                (
                    "def softmax_keys(data_in):",
                    "def softmax_keys(data_in):\n    shape, data_in = data_in.shape, data_in.reshape(*data_in.shape[:2], -1, 1)",
                ),
                ("return weights", "return weights.reshape(shape)"),
            ],
            step="sums over the keys",
            feedback="All weights of a head together sum to one, so that each query gets only a part of it. Every column has a "
            "sum of its own: the sum runs over the keys alone, not over keys and queries.",
        ),
        author.misconception(
            "one softmax for everything",
            edits=[
                (
                    "def softmax_keys(data_in):",
                    "def softmax_keys(data_in):\n    shape, data_in = data_in.shape, data_in.reshape(1, 1, -1, 1)",
                ),
                ("return weights", "return weights.reshape(shape)"),
            ],
            step="sums over the keys",
            feedback="All weights of all heads and sentences together sum to one. Each query, in each head of each sentence, has "
            "a weight of one to share out on its own. Did you name the axis of the sum?",
        ),
        author.misconception(
            "axis of the sum lost",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.sum(exp_values, axis=2)",
            step="sums over the keys",
            feedback="The sum runs over the right axis, but then this axis is gone, and what is left is laid beside the wrong "
            "axes, or does not fit at all. The last remark in section 3 says how an axis can be kept.",
        ),
        author.misconception(
            "axes of maximum and sum lost",
            edits=[
                ("np.max(data_in, axis=2, keepdims=True)", "np.max(data_in, axis=2)"),
                ("np.sum(exp_values, axis=2, keepdims=True)", "np.sum(exp_values, axis=2)"),
            ],
            step=["exponentials", "sums over the keys"],
            feedback="Maximum and sum run over the right axis, but then this axis is gone, and what is left is laid beside the "
            "wrong axes, or does not fit at all. For a single matrix that went well. The last remark in section 3 says how an "
            "axis can be kept.",
        ),
        author.misconception(
            "no maximum subtracted",
            old=" - np.max(data_in, axis=2, keepdims=True)",
            new="",
            step="stable for large scores",
            feedback=(
                "Scores of thousands turn your weights into `nan`: the exponential of 710 is too large for a "
                "floating-point number. Something has to be subtracted from each column first: see the text "
                "below the equation in section 3."
            ),
        ),
        author.misconception(
            "minimum subtracted",
            old="np.max(data_in",
            new="np.min(data_in",
            step="stable for large scores",
            feedback="You subtract the smallest score of each column. That changes no weight either, but the largest score is still "
            "far above zero if the two are thousands apart, and its exponential is infinite. Which number has to be subtracted so "
            "that nothing above zero remains?",
        ),
        author.misconception(
            "one maximum for everything",
            old="np.max(data_in, axis=2, keepdims=True)",
            new="np.max(data_in)",
            step="stable for large scores",
            feedback="You subtract the largest of all scores everywhere. If one query has much smaller scores than another, all "
            "its exponentials become 0, and 0 divided by 0 is `nan`. Each column has to be compared with a number of its own.",
        ),
        author.misconception(
            "one maximum for each matrix",
            old="np.max(data_in, axis=2, keepdims=True)",
            new="np.max(data_in, axis=(2, 3), keepdims=True)",
            step="stable for large scores",
            feedback="You subtract the largest score of each head. If one query of a head has much smaller scores than another, "
            "all its exponentials become 0, and 0 divided by 0 is `nan`. Each column has to be compared with a number of its "
            "own.",
        ),
        author.misconception(
            "maximum over the queries",
            old="np.max(data_in, axis=2, keepdims=True)",
            new="np.max(data_in, axis=3, keepdims=True)",
            step="exponentials",
            feedback="The number that you subtract differs from key to key: it is the maximum over the queries. Subtracting "
            "leaves the weights as they are only if all scores of one query lose the same number. Look at the axis of the "
            "maximum.",
        ),
        author.misconception(
            "exponentials not divided",
            old="exp_values / denom",
            new="exp_values",
            step="sums over the keys",
            feedback="You return the exponentials themselves: the largest of each query is one, but they do not sum to one. What "
            "is missing is the division by their sum over the keys.",
        ),
        author.misconception(
            "divided by the mean",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.mean(exp_values, axis=2, keepdims=True)",
            step="sums over the keys",
            feedback="Your weights are all too large by the number of keys: they sum to that number instead of one. Look at "
            "what you divide by.",
        ),
        author.misconception(
            "one sum for all queries",
            old="np.sum(exp_values, axis=2, keepdims=True)",
            new="np.sum(exp_values)",
            step="sums over the keys",
            feedback=(
                "Each query has its own maximum, but all are divided by one sum, that of all heads and "
                "sentences. So each query gets only a part of what it has to share out. Did you name the axis "
                "along which to add?"
            ),
        ),
    ],
)


# %%
def heads_of(B, H, size, N, M, spread=1.0):
    """Return a function that draws queries, keys and values."""
    return lambda rng: (
        spread * rng.normal(size=(B, H, size, N)),
        spread * rng.normal(size=(B, H, size, M)),
        rng.normal(size=(B, H, size, M)),
    )


def heads_apart(attend, Q, K, V):
    """Whether another last head leaves all others as they are."""
    other = [np.concatenate([each[:, :-1], 1 - each[:, -1:]], axis=1) for each in (Q, K, V)]
    return np.allclose(attend(*other)[:, :-1], attend(Q, K, V)[:, :-1])


def sentences_apart(attend, Q, K, V):
    """Whether another last sentence leaves all others as they are."""
    other = [np.concatenate([each[:-1], 1 - each[-1:]]) for each in (Q, K, V)]
    return np.allclose(attend(*other)[:-1], attend(Q, K, V)[:-1])


author.question(
    "attend",
    hints=[
        "Write down the shape of each factor: the last two axes have to fit as those of matrices do, and all others must be equal.",
        """
        Only the last two axes of the keys change places: NumPy can give the axes any new order, or swap two of them. The scale
        belongs to the entries of *one head's* query. They are rows, so they stand on the last axis but one, and neither on the
        first, as with a single matrix, nor on the last, as in libraries.
        """,
        """
        Two sentences, three heads, queries of 4 entries, 5 queries and 7 keys:

            queries      (2, 3, 4, 5)
            keys         (2, 3, 4, 7)
            keys turned  (2, 3, 7, 4)
            scores       (2, 3, 7, 5)
            weights      (2, 3, 7, 5)
            values       (2, 3, 4, 7)
            outputs      (2, 3, 4, 5)

        Each dot product is a sum of 4 products, so it is divided by 2.
        """,
    ],
    sizes=lambda Q, K, V: {
        "B": Q.shape[0],
        "H": Q.shape[1],
        "D": Q.shape[1] * Q.shape[2],
        "N": Q.shape[3],
        "M": K.shape[3],
    },
    steps=[
        author.step("dot products of keys and queries", 1),
        author.step("scaling", 1),
        author.step("softmax over the keys", 1),
        author.step("weighting of the values", 1),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="Queries are (B, H, D/H, N), keys and values (B, H, D/H, M), scores and weights (B, H, M, N), and the result is "
    "(B, H, D/H, N).",
    cases=[
        author.case("random queries", hidden=False, args=(some_queries, some_keys, some_values)),
        author.case("another draw", hidden=True, args=heads_of(4, 3, 2, 5, 7)),
        author.case("as many queries as keys", hidden=True, args=heads_of(4, 3, 2, 5, 5)),
        author.case("four heads, more queries than keys", hidden=True, args=heads_of(2, 4, 3, 7, 5)),
        author.case("as many of everything", hidden=True, args=heads_of(3, 3, 3, 3, 3)),
        author.case("a single head of a single sentence", hidden=True, args=heads_of(1, 1, 6, 4, 2)),
        author.case("larger scores", hidden=True, args=heads_of(4, 3, 2, 5, 7, spread=2)),
    ],
    properties=[
        author.property(
            "heads have nothing to do with each other",
            hidden=True,
            args=heads_of(4, 3, 2, 5, 7),
            holds=heads_apart,
            feedback="If only the last head is changed, your outputs of other heads change. Each head should attend by itself.",
        ),
        author.property(
            "sentences have nothing to do with each other",
            hidden=True,
            args=heads_of(4, 3, 2, 5, 7),
            holds=sentences_apart,
            feedback="If only the last sentence is changed, your outputs of other sentences change. Each sentence should be "
            "looked at by itself.",
        ),
    ],
    misconceptions=[
        author.misconception(
            "scaled by the number of keys",
            old="Q.shape[2]",
            new="K.shape[3]",
            step="scaling",
            feedback="You divide by the root of the number of keys. What the products grow with is the number of entries of a query, which the third axis counts here; the last one counts tokens.",
        ),
        author.misconception(
            "fourth root of the size",
            old="np.sqrt(Q.shape[2])",
            new="np.sqrt(np.sqrt(Q.shape[2]))",
            step="scaling",
            rare=True,
            feedback="Your scores are divided by the root of the root: only one of queries and keys was divided by it, or the root was taken twice.",
        ),
        author.misconception(
            "scaled by one entry less",
            old="np.sqrt(Q.shape[2])",
            new="np.sqrt(Q.shape[2] - 1 + (Q.shape[2] == 1))",
            step="scaling",
            rare=True,
            feedback="You divide by the root of a number that is one too small: a size is not the last index.",
        ),
        author.misconception(
            "queries added to the outputs",
            old="return outputs",
            new="return outputs + Q",
            step="weighting of the values",
            rare=True,
            feedback="Your outputs have the queries added to them. Such a residual connection comes later, and has the tokens in it; here the weighted values are all.",
        ),
        author.misconception(
            "not scaled",
            old=" / np.sqrt(Q.shape[2])",
            new="",
            step="scaling",
            feedback="Your weights are too extreme: nearly all of the attention goes to one key. That is what comes out "
            "without the scaling. Look at the denominator inside the square brackets of the equation in section 4.",
        ),
        author.misconception(
            "root of the scale forgotten",
            old="np.sqrt(Q.shape[2])",
            new="Q.shape[2]",
            step="scaling",
            feedback="You divide by the right size, but by all of it, so that the attention is too even. It is the *variance* "
            "of a dot product that grows with the number of entries, and scores are divided by a standard deviation. "
            "Something has to be done with that number first.",
        ),
        author.misconception(
            "scaled by the number of sentences",
            old="Q.shape[2]",
            new="Q.shape[0]",
            step="scaling",
            feedback="You divide by the root of the number of sentences. With a single matrix, the first number of its shape was "
            "the number of entries of a query; now the first axis counts the sentences. On which one are the entries?",
        ),
        author.misconception(
            "scaled by the number of heads",
            old="Q.shape[2]",
            new="Q.shape[1]",
            step="scaling",
            feedback="You divide by the root of the number of heads. A dot product is a sum of as many products as *one head's* "
            "query has entries, and its spread grows with that number. On which axis are these?",
        ),
        author.misconception(
            "scaled by the number of tokens",
            old="Q.shape[2]",
            new="Q.shape[3]",
            step="scaling",
            feedback="You divide by the root of the number of queries, N. Libraries, whose tokens are rows, find the entries of a "
            "query on the last axis; here the last axis counts the tokens. On which one are the entries?",
        ),
        author.misconception(
            "scaled by the size of all heads",
            old="Q.shape[2]",
            new="(Q.shape[1] * Q.shape[2])",
            step="scaling",
            feedback="You divide by the root of D, the size of all heads together. But each dot product is a sum of only D/H "
            "products, those of one head. So your scores are too small, and the attention too even.",
        ),
        author.misconception(
            "scaled after the softmax",
            edits=[(" / np.sqrt(Q.shape[2])", ""), ("outputs = V", "outputs = 1 / np.sqrt(Q.shape[2]) * V")],
            step="scaling",
            feedback="You divide by the right number, but after the softmax. There it makes the weights smaller, so that they "
            "do not sum to one any more, and does nothing against extreme scores. In the equation of section 4, is the "
            "fraction inside or outside the square brackets?",
        ),
        author.misconception(
            "all axes reversed",
            old="K.transpose(0, 1, 3, 2)",
            new="K.T",
            step="dot products of keys and queries",
            feedback="`.T` reverses the order of all four axes: the sentences come last, where tokens belong. Mostly the shapes "
            "do not fit any more; where they do, numbers of different sentences are multiplied. Only the last two axes should "
            "change places.",
        ),
        author.misconception(
            "dot products the other way round",
            old="K.transpose(0, 1, 3, 2) @ Q",
            new="Q.transpose(0, 1, 3, 2) @ K",
            step="dot products of keys and queries",
            feedback="Your matrices of dot products lie on their side: a row for each query and a column for each key, as in "
            "libraries. Softmax and weighting treat the columns as queries, so a token is found by what it offers, not by what "
            "it looks for. Which of the two factors has to be transposed?",
        ),
        author.misconception(
            "scores added up over the heads",
            old="softmax_keys(scores)",
            new="softmax_keys(scores.sum(axis=1, keepdims=True))",
            step="softmax over the keys",
            feedback="All heads have the same weights, made of the sum of their scores. Then there is little use in having "
            "several. Each head makes a softmax of its own scores: nothing is added up over the axis of the heads.",
        ),
        author.misconception(
            "softmax of the turned scores",
            old="softmax_keys(scores)",
            new="softmax_keys(scores.swapaxes(2, 3)).swapaxes(2, 3)",
            step="softmax over the keys",
            feedback="Your softmax runs over the queries: the weights with which all queries look at one key sum to one. But "
            "each query has to share out a weight of one among the *keys*. Which axis of your scores belongs to them?",
        ),
        author.misconception(
            "scores used as weights",
            old="softmax_keys(scores)",
            new="scores",
            step="softmax over the keys",
            feedback="The scores themselves weight the values: there is no softmax in between, or its result is not used. So "
            "there are negative weights, and they do not sum to one.",
        ),
        author.misconception(
            "weights transposed",
            old="V @ weights",
            new="V @ weights.swapaxes(2, 3)",
            step="weighting of the values",
            feedback="The weights meet the values the wrong way round, and if there are not as many queries as keys they do "
            "not fit at all. In the product, the size that disappears must be the number of keys: that is what a weighted sum "
            "of values runs over.",
        ),
        author.misconception(
            "keys weighted instead of values",
            old="V @ weights",
            new="K @ weights",
            step="weighting of the values",
            feedback="Your outputs are weighted sums of the *keys*. Keys only serve to be compared with queries; what a token "
            "hands on is its value. See what stands in front of the softmax in the equation of section 4.",
        ),
        author.misconception(
            "outputs transposed",
            old="return outputs",
            new="return outputs.swapaxes(2, 3)",
            step="weighting of the values",
            feedback="Each of your heads lies on its side: one token per row. Here each token is a column, in the outputs too. Is "
            "there a transpose too many at the end, or one missing?",
        ),
        author.misconception(
            "weights returned",
            old="return outputs",
            new="return weights",
            step="weighting of the values",
            feedback="You return the attention weights, a number for each pair of a key and a query. They are a step on the "
            "way: the result is what comes out when the values are summed with these weights.",
        ),
        author.misconception(
            "weights of the first head for all",
            function=lambda Q, K, V: (
                V @ softmax_keys(K.transpose(0, 1, 3, 2) @ Q / np.sqrt(Q.shape[2]))[:, :1]
            ),
            step=["softmax over the keys"],
            feedback="All heads use the weights of the first one. Each head has queries and keys of its own, and so weights of its "
            "own: no index should be taken from the axis of the heads.",
        ),
        author.misconception(
            "np.dot for the scores",
            old="K.transpose(0, 1, 3, 2) @ Q",
            new="np.dot(K.transpose(0, 1, 3, 2), Q)",
            step="dot products of keys and queries",
            feedback="The product `np.dot` of arrays with four axes is not what `@` gives: it combines every matrix of the first with every matrix "
            "of the second, each sentence with all others, so that six axes come out. Read the beginning of section 4: which product goes "
            "through the heads side by side?",
        ),
        author.misconception(
            "np.dot everywhere",
            edits=[
                ("K.transpose(0, 1, 3, 2) @ Q", "np.dot(K.transpose(0, 1, 3, 2), Q)"),
                ("V @ weights", "np.dot(V, weights)"),
            ],
            step=["dot products of keys and queries", "weighting of the values"],
            feedback="The product `np.dot` of arrays with four axes is not what `@` gives: it combines every matrix of the first with every matrix "
            "of the second, each sentence with all others, so that six axes come out. Read the beginning of section 4: which product goes "
            "through the heads side by side?",
        ),
        author.misconception(
            "multiplied by the scale",
            old=" / np.sqrt(Q.shape[2])",
            new=" * np.sqrt(Q.shape[2])",
            step="scaling",
            feedback=(
                "You multiply with the root, where it should divide: large scores become even larger, and nearly "
                "all of the attention goes to one key. See which side of the fraction it stands on in the "
                "equation of section 4."
            ),
        ),
        author.misconception(
            "scale of this notebook",
            old="np.sqrt(Q.shape[2])",
            new="np.sqrt(2)",
            step="scaling",
            feedback=(
                "You divide by the root of 2, which is right for the heads of this notebook, and for no others. "
                "The number of entries of a query follows from the shape of what the function is given."
            ),
        ),
    ],
    equivalents=[
        author.equivalent(
            "Q.shape[2] -> Q.shape[-2]",
            "K.transpose(0, 1, 3, 2) -> K.transpose(0, 1, 3, -2)",
            reason=FOUR_AXES,
        ),
        author.equivalent("Q.shape -> K.shape", reason="queries and keys have the same number of entries"),
    ],
)


# %%
def inputs(B, D, N, H, spread=0.7):
    """Return a function that draws all arguments for B sentences of N tokens and H heads."""

    def draw(rng):
        omegas = [spread * rng.normal(size=(D, D)) for _ in range(3)]
        betas = [rng.normal(size=(D, 1)) for _ in range(3)]
        return (
            rng.normal(size=(B, D, N)),
            H,
            *omegas,
            *betas,
            rng.normal(size=(D, D)),
            rng.normal(size=(D, 1)),
        )

    return draw


def equivariant(attention, X, H, *parameters):
    """Whether shuffling the tokens shuffles the outputs in the same way."""
    order = np.roll(np.arange(X.shape[2]), 2)
    return np.allclose(attention(X[:, :, order], H, *parameters), attention(X, H, *parameters)[:, :, order])


def sentence_by_sentence(attention, X, H, *parameters):
    """Whether each sentence gives the same alone as among others."""
    return np.allclose(attention(X[1:2], H, *parameters), attention(X, H, *parameters)[1:2])


PARAMETERS = (omega_v, omega_q, omega_k, beta_v, beta_q, beta_k, omega_c, beta_c)
KEY_BIAS = (
    "the bias of the keys adds the same number to all scores of a query, and softmax takes it away again"
)
PROJECTION = "queries, keys and values"
SPLITTING = "splitting and merging"
COMBINING = "combining the heads"


PARTS = {"q": ("Q", "queries"), "k": ("K", "keys"), "v": ("V", "values")}


def mixed_up_letters(tokens, step, where, ending=""):
    """Return misconceptions about letters that were left behind when a line was copied.

    `tokens` are what queries, keys and values are made of, by letter; names get the `ending`.
    """
    return [
        *(
            author.misconception(
                f"matrix of the {PARTS[other][1]} for the {what}{ending}",
                old=f"omega_{letter} @ {tokens[letter]}",
                new=f"omega_{other} @ {tokens[letter]}",
                step=step,
                feedback=f"Your {what} are made with the matrix of the {PARTS[other][1]}. One letter is wrong in your line for "
                f"{variable}: it is easily left behind when lines are copied. Compare it with {where}, name by name.",
            )
            for letter, other in ("qk", "kq", "vk", "vq")
            for variable, what in [PARTS[letter]]
        ),
        *(
            author.misconception(
                f"bias of the {PARTS[other][1]} for the {what}{ending}",
                old=f"+ beta_{letter}",
                new=f"+ beta_{other}",
                step=step,
                feedback=f"Your {what} have the matrix that they should have, and the bias of the {PARTS[other][1]}. The last letter "
                f"of your line for {variable} was not changed, or one bias is used for everything: compare it with {where}.",
            )
            for letter, other in ("qk", "qv", "vk", "vq")
            for variable, what in [PARTS[letter]]
        ),
        author.misconception(
            f"biases subtracted{ending}",
            edits=[(f"+ beta_{letter}", f"- beta_{letter}") for letter in "qkv"],
            step=step,
            feedback="The biases have the wrong sign: they are subtracted from the products. Each of queries, keys and values is "
            f"a sum of two terms. Look at the sign between them, and compare it with {where}.",
        ),
    ]


author.question(
    "multihead_attention",
    hints=[
        "You have written all parts already. In which order are they needed, and what does each want as its input?",
        """
        Follow the three steps in section 5. A matrix in front of `X` is multiplied with each sentence, and a bias of one column is
        added to all tokens of all sentences: neither needs a loop. The last matrix comes after the merging, and its bias comes
        last of all.
        """,
        """
        Two sentences of 5 tokens with 6 dimensions, and three heads:

            X                  (2, 6, 5)
            queries            (2, 6, 5)
            queries, split     (2, 3, 2, 5)
            outputs of heads   (2, 3, 2, 5)
            merged             (2, 6, 5)
            result             (2, 6, 5)

        Print the shapes of yours: the first that differs shows where to look.
        """,
    ],
    sizes=sizes_of_columns,
    steps=[
        author.step(PROJECTION, 1.5),
        author.step(SPLITTING, 1.5),
        author.step(COMBINING, 1.5),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="X is (B, D, N), the matrices are (D, D) and the biases (D, 1); the heads are (B, H, D/H, N), merged they are "
    "(B, D, N), and so is the result.",
    cases=[
        author.case("the notebook's sentences", hidden=False, args=(X, H, *PARAMETERS)),
        author.case("other sentences", hidden=True, args=inputs(4, 6, 5, 3)),
        author.case("the same sizes, two heads", hidden=True, args=inputs(4, 6, 5, 2)),
        author.case("twelve dimensions, four heads", hidden=True, args=inputs(2, 12, 7, 4, spread=0.4)),
        author.case("a single head", hidden=True, args=inputs(3, 4, 6, 1)),
        author.case("as many heads as dimensions", hidden=True, args=inputs(2, 5, 3, 5)),
        author.case("as many of everything", hidden=True, args=inputs(4, 4, 4, 2)),
    ],
    properties=[
        author.property(
            "shuffled tokens give shuffled outputs",
            hidden=True,
            args=inputs(4, 6, 5, 3),
            holds=equivariant,
            feedback="If the tokens are shuffled, your outputs are not shuffled in the same way: an output must depend on its own "
            "query and on all keys and values, whatever their order.",
        ),
        author.property(
            "a sentence gives the same alone",
            hidden=True,
            args=inputs(4, 6, 5, 3),
            holds=sentence_by_sentence,
            feedback="A sentence gives something else alone than among others: numbers of different sentences are mixed up.",
            steps=[SPLITTING],
        ),
    ],
    misconceptions=[
        author.misconception(
            "output projection forgotten",
            old="omega_c @ all_heads + beta_c",
            new="all_heads",
            step=COMBINING,
            feedback="Your result is the merged heads, one above the other. But nothing mixes them yet: that is what the last two "
            "arguments of the function are for, a matrix and a bias.",
        ),
        author.misconception(
            "matrix of the output forgotten",
            old="omega_c @ all_heads",
            new="all_heads",
            step=COMBINING,
            feedback="You add the last bias to the merged heads, but nothing mixes them: the last matrix is not used. It is "
            "multiplied with the merged heads first: see step 3 in section 5.",
        ),
        author.misconception(
            "bias of the output forgotten",
            old=" + beta_c",
            new="",
            step=COMBINING,
            feedback="The last bias is missing: all columns of all sentences differ from the right ones by the same vector. See "
            "step 3 in section 5.",
        ),
        author.misconception(
            "bias added before the last matrix",
            old="omega_c @ all_heads + beta_c",
            new="omega_c @ (all_heads + beta_c)",
            step=COMBINING,
            feedback="You add the last bias to the heads and multiply both with the matrix. The bias comes after the product: see "
            "step 3 in section 5, and look at your parentheses.",
        ),
        author.misconception(
            "last matrix transposed",
            old="omega_c @ all_heads",
            new="omega_c.T @ all_heads",
            step=COMBINING,
            feedback="The last matrix is turned: its rows and columns have changed places. That happens with a transpose too many, "
            "or if it is multiplied from the right to heads that have one token per row. Here tokens are columns, and the matrix "
            "stands to their left as it is.",
        ),
        author.misconception(
            "biases forgotten",
            edits=[(" + beta_q", ""), (" + beta_k", ""), (" + beta_v", "")],
            step=PROJECTION,
            feedback="Your result is what comes out if the biases of queries, keys and values are zero. Each of them is a product "
            "*plus* a column that is added to every token: see step 1 in section 5.",
        ),
        author.misconception(
            "bias of the values forgotten",
            old=" + beta_v",
            new="",
            step=PROJECTION,
            feedback="The bias of the values is missing: all columns of your output differ from the right ones by the same vector, "
            "since weights that sum to one hand a constant on unchanged. Compare your line for V with step 1 in section 5.",
        ),
        author.misconception(
            "bias of the queries forgotten",
            old=" + beta_q",
            new="",
            step=PROJECTION,
            feedback="Your result is what comes out without the bias of the queries. Unlike that of the keys, it changes the "
            "weights. Compare your line for Q with step 1 in section 5.",
        ),
        author.misconception(
            "matrices of queries, keys and values transposed",
            edits=[(f"omega_{letter} @ X", f"omega_{letter}.T @ X") for letter in "qkv"],
            step=PROJECTION,
            feedback="The matrices of queries, keys and values are turned: that is what comes of tokens in rows that are "
            "multiplied with a matrix from the right. Here tokens are columns, and each matrix stands to their left as it is.",
        ),
        author.misconception(
            "queries and keys swapped",
            edits=[
                ("omega_q @ X + beta_q", "omega_k @ X + beta_k"),
                ("omega_k @ X + beta_k", "omega_q @ X + beta_q"),
            ],
            step=PROJECTION,
            feedback="Queries and keys have changed places: tokens are found by what they look for, and search for what they "
            "offer. Look at which matrix and which bias each of them is made of, and in which order you hand them on.",
        ),
        author.misconception(
            "values from the matrix of the keys",
            old="omega_v @ X + beta_v",
            new="omega_k @ X + beta_k",
            step=PROJECTION,
            feedback="Your values are the keys: matrix and bias of the keys are used for both. Compare the letters in your lines "
            "with those in step 1 of section 5.",
        ),
        author.misconception(
            "a single head whatever H is",
            edits=[(f" + beta_{letter}, H)", f" + beta_{letter}, 1)") for letter in "qkv"],
            step=SPLITTING,
            feedback="Your result is that of one large head: queries, keys and values are not split, or into one part only. Then "
            "each token has a single set of weights, and the scale is another one. Step 2 in section 5 splits all three of them "
            "into H heads.",
        ),
        author.misconception(
            "heads not split but interleaved",
            edits=[
                (
                    "Q = split_heads(omega_q @ X + beta_q, H)",
                    "Q = split_heads(omega_q @ X + beta_q, X.shape[1] // H).swapaxes(1, 2)",
                ),
                (
                    "K = split_heads(omega_k @ X + beta_k, H)",
                    "K = split_heads(omega_k @ X + beta_k, X.shape[1] // H).swapaxes(1, 2)",
                ),
                (
                    "V = split_heads(omega_v @ X + beta_v, H)",
                    "V = split_heads(omega_v @ X + beta_v, X.shape[1] // H).swapaxes(1, 2)",
                ),
            ],
            step=SPLITTING,
            feedback="Each head gets every H-th row, dealt out like cards, instead of D/H rows that stand together. The shapes are "
            "right, so nothing stops you. Split as in section 1, with the function that you wrote there.",
        ),
        author.misconception(
            "as many heads as a head has rows",
            edits=[(f" + beta_{letter}, H)", f" + beta_{letter}, X.shape[1] // H)") for letter in "qkv"],
            step=SPLITTING,
            feedback="You split into D/H heads of H rows each, instead of H heads of D/H rows. The two numbers are easily mixed up. "
            "Which of them is the second argument of your function from section 1?",
        ),
        author.misconception(
            "merged heads interleaved",
            old="merge_heads(attend(Q, K, V))",
            new="merge_heads(attend(Q, K, V).swapaxes(1, 2))",
            step=SPLITTING,
            feedback=(
                "Your heads are merged in turn: the first rows of all heads, then the second rows of all. They "
                "should stand one below the other, as in section 2."
            ),
        ),
        author.misconception(
            "queries, keys and values handed on in another order",
            old="attend(Q, K, V)",
            new="attend(V, Q, K)",
            step=PROJECTION,
            feedback=(
                "Queries, keys and values are handed on to the attention in another order than it takes them: "
                "values where queries belong, and so on. Compare your call with the first line of the function "
                "in section 4."
            ),
        ),
        author.misconception(
            "keys and values handed on in exchanged places",
            old="attend(Q, K, V)",
            new="attend(Q, V, K)",
            step=PROJECTION,
            feedback="Keys and values have changed places on their way to the attention: the queries are compared with the "
            "values, and the keys are added up. Both have the same shape, so nothing stops you. Compare your call with the first "
            "line of the function in section 4.",
        ),
        author.misconception(
            "tokens added to the result",
            old="return X_prime",
            new="return X + X_prime",
            step=COMBINING,
            feedback="Your result has the tokens added to it. Such a residual connection comes after the attention in a "
            "transformer, but it is no part of this function: see the last step in section 5.",
        ),
        author.misconception(
            "result transposed",
            old="return X_prime",
            new="return X_prime.swapaxes(1, 2)",
            step=COMBINING,
            feedback="Each matrix of your result lies on its side: one token per row, shape (B, N, D). Here each token is a column, "
            "in the inputs and in the outputs.",
        ),
        author.misconception(
            "first sentence only",
            old="return X_prime",
            new="return X_prime[0]",
            step=SPLITTING,
            feedback="Your result is the matrix of the first sentence alone. All B sentences should be in it, on the first axis. Is "
            "there an index too many?",
        ),
        author.misconception(
            "three heads whatever H is",
            edits=[(f" + beta_{letter}, H)", f" + beta_{letter}, 3)") for letter in "qkv"],
            step=SPLITTING,
            feedback="You split into three heads, as many as this notebook has, whatever the function is told. The number of heads is its "
            "second argument: use it wherever something is split.",
        ),
        author.misconception(
            "tokens split instead of projected",
            edits=[
                ("split_heads(omega_q @ X + beta_q, H)", "split_heads(X, H)"),
                ("split_heads(omega_k @ X + beta_k, H)", "split_heads(X, H)"),
                ("split_heads(omega_v @ X + beta_v, H)", "split_heads(X, H)"),
            ],
            step=PROJECTION,
            feedback=(
                "The tokens themselves are split into heads, and serve as queries, keys and values; the matrices "
                "and biases of these are not used. Each of the three is a product with a matrix of its own, plus "
                "a bias: see step 1 in section 5."
            ),
        ),
        author.misconception(
            "heads taken in reversed order",
            old="attend(Q, K, V)",
            new="attend(Q, K, V)[:, ::-1]",
            step=SPLITTING,
            feedback=(
                "Your heads are merged in reversed order: the last one is on top. The columns of the last matrix "
                "expect head 0 first. Check how you go through the heads."
            ),
        ),
        author.misconception(
            "all but the first sentence lost",
            old="return X_prime",
            new="return X_prime[:1]",
            step=SPLITTING,
            feedback=(
                "Your result has only one sentence in it, the first. Its shape should be that of X, with all B "
                "sentences on the first axis. Is there an index or a slice too many?"
            ),
        ),
        author.misconception(
            "values with the bias of the keys",
            old="omega_v @ X + beta_v",
            new="omega_v @ X + beta_k",
            step=PROJECTION,
            feedback=(
                "The values are made with their own matrix and the bias of the keys. All biases have the same "
                "shape, so nothing stops you. Compare the letters in your line for V with step 1 in section 5."
            ),
        ),
        author.misconception(
            "matrices of queries and keys swapped",
            edits=[("omega_q @ X", "omega_k @ X"), ("omega_k @ X", "omega_q @ X")],
            step=PROJECTION,
            feedback=(
                "The matrices of queries and keys have changed places, and their biases have not. They have the "
                "same shapes, so nothing stops you. Hold the letters of your two lines against step 1 in section "
                "5."
            ),
        ),
        *mixed_up_letters(dict.fromkeys("qkv", "X"), PROJECTION, "step 1 in section 5"),
        author.misconception(
            "each head made of its own rows of the tokens",
            edits=[
                (
                    f"omega_{letter} @ X",
                    f"(omega_{letter} * np.kron(np.eye(H), np.ones((X.shape[1] // H, X.shape[1] // H)))) @ X",
                )
                for letter in "qkv"
            ],
            step=PROJECTION,
            feedback="Each of your heads sees only its own D/H rows of the tokens: they are split before they are multiplied, so "
            "that most numbers of the matrices are never used. Step 1 in section 5 comes before step 2: a head is a part of the "
            "queries, keys and values, each of which is made of all of a token.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "omega_k @ X + beta_k -> omega_k @ X - beta_k",
            "omega_k @ X + beta_k -> omega_k @ X",
            "omega_k @ X + beta_k -> omega_k @ X + beta_q",
            reason=KEY_BIAS,
        ),
    ],
)

# %%
author.question(
    "split_rows",
    hints=[
        "After the first step the last axis is cut into two. Which axes have to change places then?",
        """
        Section 6 names the shape in between. NumPy's `transpose` takes the new order of the axes: say for each axis of the result
        at which place it stood before, counting from zero.
        """,
        """
        One sentence of two tokens with four numbers each, and two heads:

            token 0  1 2 3 4       head 0  1 2       head 1  3 4
            token 1  5 6 7 8               5 6               7 8

        Each head has a part of *every* token. A reshape alone would give head 0 the rows 1 2 and 3 4: all of token 0.
        """,
    ],
    sizes=lambda Y, H: {"B": Y.shape[0], "N": Y.shape[1], "D": Y.shape[2], "H": H},
    steps=[
        author.step("the last axis cut into heads", 0.75),
        author.step("heads before tokens", 0.75),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="Y is (B, N, D), cut it is (B, N, H, D/H), and the result is (B, H, N, D/H).",
    cases=[
        author.case("numbered rows", hidden=False, args=(numbered_rows, H)),
        author.case("another draw", hidden=True, args=for_heads(3, 4, 5, 6)),
        author.case("four heads", hidden=True, args=for_heads(4, 2, 7, 12)),
        author.case("as many of everything", hidden=True, args=for_heads(3, 3, 3, 9)),
        author.case("a single head", hidden=True, args=for_heads(1, 2, 3, 4)),
        author.case("heads of a single number", hidden=True, args=for_heads(5, 3, 2, 5)),
    ],
    misconceptions=[
        author.misconception(
            "split by a reshape alone",
            old="Y.reshape(B, N, H, D // H).transpose(0, 2, 1, 3)",
            new="Y.reshape(B, H, N, D // H)",
            step="heads before tokens",
            feedback="Your result has the right shape and the wrong numbers in it: it was reached by a reshape alone, which moves "
            "nothing. So head 0 has pieces of the first tokens only, instead of a piece of each. Section 6 says what has to come "
            "after the cut.",
        ),
        author.misconception(
            "cut, but not turned",
            old=".transpose(0, 2, 1, 3)",
            new="",
            step="heads before tokens",
            feedback=(
                "You cut the last axis, and stop there: the result has the shape (B, N, H, D/H), the tokens "
                "before the heads. These two axes still have to change places, so that each head has a matrix of "
                "its own."
            ),
        ),
        author.misconception(
            "numbers of a row dealt out in turn",
            old="Y.reshape(B, N, H, D // H).transpose(0, 2, 1, 3)",
            new="Y.reshape(B, N, D // H, H).transpose(0, 3, 1, 2)",
            step="the last axis cut into heads",
            feedback="Each head gets every H-th number of a token, dealt out like cards, instead of D/H numbers that stand together. "
            "When an axis is cut into two, the first of the new ones counts the groups: in which order did you name them?",
        ),
        author.misconception(
            "tokens in the columns of each head",
            old=".transpose(0, 2, 1, 3)",
            new=".transpose(0, 2, 3, 1)",
            step="heads before tokens",
            feedback=(
                "Each of your heads lies on its side: one token per column, shape (B, H, D/H, N), as in the "
                "first sections. Here tokens are rows, in the heads too: only two of the four axes should change "
                "places."
            ),
        ),
        author.misconception(
            "heads before the sentences",
            old=".transpose(0, 2, 1, 3)",
            new=".transpose(2, 0, 1, 3)",
            step="heads before tokens",
            feedback="Your first axis counts the heads and the second one the sentences, as a list of parts does. The sentences "
            "should stay on the first axis, and the heads come second.",
        ),
        author.misconception(
            "H and D/H swapped",
            old="Y.reshape(B, N, H, D // H)",
            new="Y.reshape(B, N, D // H, H)",
            step="the last axis cut into heads",
            feedback="You cut each row into D/H groups of H numbers, instead of H groups of D/H numbers, so that there are D/H heads "
            "in your result. Which of the two comes first when the last axis is cut?",
        ),
        author.misconception(
            "always three heads of rows",
            old="Y.reshape(B, N, H, D // H)",
            new="Y.reshape(B, N, 3, D // 3)",
            step="the last axis cut into heads",
            feedback="You split into three heads, as many as this notebook has, however many are asked for. The number of heads is the second argument of the "
            "function, and the size of each follows from it.",
        ),
        author.misconception(
            "rows split as columns are",
            function=lambda Y, H: Y.reshape(Y.shape[0], H, -1, Y.shape[2]),
            step=["the last axis cut into heads", "heads before tokens"],
            feedback="You cut the axis of the tokens, as section 1 cut the second axis. But here the second axis counts the tokens, "
            "and the rows of a matrix are whole tokens. It is the last axis, of D numbers, that is cut.",
        ),
        author.misconception(
            "turned before the cut",
            function=lambda Y, H: Y.transpose(0, 2, 1).reshape(Y.shape[0], H, Y.shape[1], -1),
            step=["the last axis cut into heads", "heads before tokens"],
            feedback="You turn the matrices first and then force the shape upon them. But a reshape moves nothing, so tokens and "
            "numbers get mixed up. First the last axis is cut into two, and only then do axes change places.",
        ),
        author.misconception(
            "size of a head of rows with a decimal point",
            old="D // H",
            new="D / H",
            step=["the last axis cut into heads", "heads before tokens"],
            feedback="The size of a head is D divided by H, and a single `/` gives a number with a decimal point, even if it is a whole one. "
            "NumPy takes no such number for the length of an axis. Python has another division, whose result is an integer.",
        ),
        author.misconception(
            "sentences and heads of rows exchanged",
            old=".transpose(0, 2, 1, 3)",
            new=".transpose(2, 1, 0, 3)",
            step="heads before tokens",
            feedback=(
                "After the cut, your heads change places with the sentences instead of with the tokens, so that "
                "your first axis counts heads. Which two axes have to change places?"
            ),
        ),
    ],
    equivalents=[
        author.equivalent(
            "Y.reshape(B, N, H, D // H).transpose(0, 2, 1, 3) -> Y.reshape(B, N, H, D // H).transpose(0, -2, 1, 3)",
            reason=FOUR_AXES,
        ),
    ],
)

# %%
author.question(
    "merge_rows",
    hints=[
        "Which two axes must stand side by side, before they can become one?",
        "Section 7 undoes section 6, so the same two steps are needed, the other one first. In the result, each row is a token.",
        """
        One sentence, two heads, two tokens:

            head 0  1 2       head 1  3 4       token 0  1 2 3 4
                    5 6               7 8       token 1  5 6 7 8

        A reshape alone would make the first row 1 2 5 6: two tokens of head 0.
        """,
    ],
    sizes=lambda heads: {
        "B": heads.shape[0],
        "H": heads.shape[1],
        "N": heads.shape[2],
        "D": heads.shape[1] * heads.shape[3],
    },
    steps=[
        author.step("tokens before heads", 0.75),
        author.step("the heads side by side in a row", 0.75),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The heads are (B, H, N, D/H), turned they are (B, N, H, D/H), and the result is (B, N, D).",
    cases=[
        author.case("numbered heads of rows", hidden=False, args=(numbered_row_heads,)),
        author.case("another draw", hidden=True, args=array(4, 3, 5, 2)),
        author.case("four heads", hidden=True, args=array(2, 4, 7, 3)),
        author.case("as many of everything", hidden=True, args=array(3, 3, 3, 3)),
        author.case("a single head", hidden=True, args=array(2, 1, 3, 4)),
        author.case("heads of a single number", hidden=True, args=array(3, 5, 2, 1)),
    ],
    misconceptions=[
        author.misconception(
            "merged by a reshape alone",
            old=".transpose(0, 2, 1, 3)",
            new="",
            step="tokens before heads",
            feedback="Your result has the right shape and the wrong numbers in it: it was reached by a reshape alone, which moves "
            "nothing. So the first rows hold several tokens of head 0, instead of one token of all heads. Which axes have to "
            "change places first?",
        ),
        author.misconception(
            "heads interleaved in a row",
            old=".transpose(0, 2, 1, 3)",
            new=".transpose(0, 2, 3, 1)",
            step="the heads side by side in a row",
            feedback="In each row your heads are interleaved: the first numbers of all heads, then the second numbers of all. They "
            "should stand side by side, each as it is. Look at the order of the axes before the last two become one.",
        ),
        author.misconception(
            "heads of rows added up",
            old="heads.transpose(0, 2, 1, 3).reshape(B, N, H * size)",
            new="heads.sum(axis=1)",
            step="the heads side by side in a row",
            feedback="You add the heads, so that what each has found is lost in a sum, and a row has only D/H numbers. They should "
            "be kept, side by side in the row of their token.",
        ),
        author.misconception(
            "tokens turned into columns",
            old="return merged",
            new="return merged.swapaxes(1, 2)",
            step="tokens before heads",
            feedback="Your result has one token per column, shape (B, D, N), as in the first sections. Here tokens are rows, before "
            "and after: the result is to be (B, N, D).",
        ),
        author.misconception(
            "heads below each other",
            old="heads.transpose(0, 2, 1, 3).reshape(B, N, H * size)",
            new="heads.reshape(B, H * N, size)",
            step="tokens before heads",
            feedback="Your heads stand one below the other, so that each sentence seems to have H times as many tokens. A token is "
            "one row here, and what the heads say of it belongs side by side into that row.",
        ),
        author.misconception(
            "only the first head of rows",
            old="heads.transpose(0, 2, 1, 3).reshape(B, N, H * size)",
            new="heads[:, 0]",
            step="the heads side by side in a row",
            feedback="Your result is the first head alone. All H heads should be in it, side by side, so that each row has D "
            "numbers.",
        ),
        author.misconception(
            "turned, but not merged",
            old=".reshape(B, N, H * size)",
            new="",
            step="the heads side by side in a row",
            feedback="You brought the tokens before the heads, and stop there: the result still has four axes. The last two, heads "
            "and numbers, have to become one, of D numbers.",
        ),
        author.misconception(
            "heads of rows in reversed order",
            old="heads.transpose(0, 2, 1, 3)",
            new="heads[:, ::-1].transpose(0, 2, 1, 3)",
            step="the heads side by side in a row",
            feedback="The heads are side by side, but in reversed order: the last one comes first. The columns of the next matrix "
            "expect head 0 first. Check how you go through the heads.",
        ),
        author.misconception(
            "other axes turned",
            old=".transpose(0, 2, 1, 3)",
            new=".transpose(0, 1, 3, 2)",
            step="tokens before heads",
            feedback="The shape is right, but the wrong axes changed places before the reshape: tokens and numbers instead of heads "
            "and tokens. It is the axes of heads and numbers that have to stand side by side at the end.",
        ),
        author.misconception(
            "turned rightly, then forced into columns",
            old=".reshape(B, N, H * size)",
            new=".reshape(B, H * size, N)",
            step="the heads side by side in a row",
            feedback=(
                "After the transpose you give the result the shape (B, D, N) of columns. A reshape moves "
                "nothing, so the rows of tokens are broken up in it. The tokens are on the second axis already, "
                "and should stay there."
            ),
        ),
    ],
    equivalents=[
        author.equivalent(
            "heads.transpose(0, 2, 1, 3) -> heads.transpose(0, -2, 1, 3)",
            reason=FOUR_AXES,
        ),
    ],
)
