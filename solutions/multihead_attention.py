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
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too: take
# all that a function needs from its arguments, and leave these as they are: change copies.

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
def sums_of(softmax_cols, scores):
    """Over what the weights sum to 1 instead of over the columns."""
    weights = softmax_cols(scores)
    advice = "each entry has to be divided by the sum over its own column."
    if np.allclose(weights.sum(axis=1), 1):
        return (
            f"Your weights sum to 1 over each row, that is over the queries, and not over the keys: {advice}"
        )
    if np.isclose(weights.sum(), 1):
        return f"All of your weights together sum to 1, and not those of each column: {advice}"
    return f"The columns of your result do not sum to 1: {advice}"


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
    hints=[
        r"""
        How many different denominators does a matrix with six columns need: one, six or thirty-six? And when you
        go down a column, from entry to entry, which of the two indices changes and which stays the same?
        """,
        r"""
        In the formula of section 1, the sum below the line runs over $m'$, which counts the rows. The column $n$
        is the same above and below the line: a column keeps to itself.

        In NumPy, `axis` names the index that *disappears* in a sum or a maximum. One number for each column is
        left, in a row, and NumPy uses that row for every row of a matrix by itself. What you take away from the
        scores before the exponential is also one number for each column: the one that leaves nothing above zero
        in it.
        """,
        r"""
        Three rows and two columns:

            scores            1      0
                              3      0
                              2      5
            largest           3      5
            less the largest  -2     -5
                              0      -5
                              -1     0
            exponentials      0.135  0.007
                              1      0.007
                              0.368  1
            sums              1.503  1.013
            weights           0.090  0.007
                              0.665  0.007
                              0.245  0.987

        Two columns, so two maxima and two sums. Each column of the weights sums to 1. Its rows do not, and they
        need not: they hold what different queries think of the same key.
        """,
    ],
    equation="The result has the shape of the scores, and each sum over a column is one number for that column.",
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
            feedback=sums_of,
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
    misconceptions=[
        author.misconception(
            "maximum not subtracted",
            old=" - np.max(data_in, axis=0)",
            new="",
            step="stable for large scores",
            feedback="Large scores turn your weights into `nan`, however right they are for moderate ones. The "
            "exponential of 710 is too large for a floating-point number, and for very negative scores all "
            "exponentials are 0, so that you divide 0 by 0. The text of section 1 tells what may be "
            "subtracted from a column before the exponential is taken.",
        ),
        author.misconception(
            "one maximum for the whole matrix",
            old="np.max(data_in, axis=0)",
            new="np.max(data_in)",
            step="stable for large scores",
            feedback="You subtract the largest entry of the whole matrix from all columns. If one column has "
            "much smaller scores than another, all its exponentials become 0, and 0 divided by 0 is `nan`. "
            "Each column has to be compared with a number of its own: look at how you take the maximum.",
        ),
        author.misconception(
            "softmax over the rows",
            edits=[
                ("softmax_cols(data_in):", "softmax_cols(data_in):\n    data_in = data_in.T"),
                ("return weights", "return weights.T"),
            ],
            step="normalisation of each column",
            feedback="In your result every row sums to one, but it is the columns that should. In NumPy, "
            "`axis` is the direction along which a sum runs, the one that disappears: going down a column "
            "means that the row number changes. Which axis is that, the first or the second?",
        ),
        author.misconception(
            "softmax over the rows, nothing subtracted",
            function=lambda data_in: np.exp(data_in) / np.sum(np.exp(data_in), axis=1, keepdims=True),
            step=["normalisation of each column", "stable for large scores"],
            feedback="In your result every row sums to one, but it is the columns that should. In NumPy, `axis` is "
            "the direction along which a sum runs, the one that disappears: going down a column means that the row "
            "number changes. Besides, large scores end in `nan`, since nothing is subtracted before the "
            "exponential is taken.",
        ),
        author.misconception(
            "sums of rows used for columns",
            old="np.sum(exp_values, axis=0)",
            new="np.sum(exp_values, axis=1)",
            step="normalisation of each column",
            feedback="You divide the columns by the sums of the *rows*: the sum runs along the wrong axis, "
            "and NumPy then spreads these numbers over the columns, which nobody notices as long as the "
            "matrix is square. With five rows and seven columns it stops with an error. Think about which "
            "index has to disappear in the sum.",
        ),
        author.misconception(
            "sums over rows, kept as a column",
            old="np.sum(exp_values, axis=0)",
            new="np.sum(exp_values, axis=1, keepdims=True)",
            step="normalisation of each column",
            feedback="Each entry is divided by the sum over its row, so that entries of different columns "
            "compete with each other. A column holds the scores of one query, and it is those that have to "
            "share a weight of one. Look at the axis of the sum: the maximum is not the trouble.",
        ),
        author.misconception(
            "maximum over the rows",
            old="np.max(data_in, axis=0)",
            new="np.max(data_in, axis=1, keepdims=True)",
            step="exponentials",
            feedback="The number that you subtract before taking exponentials differs from entry to entry "
            "within a column: it is the maximum of the row. Subtracting leaves the result as it is only if "
            "all entries of one column lose the same number. Look at the axis along which you take the "
            "maximum.",
        ),
        author.misconception(
            "maxima of rows subtracted from columns",
            old="np.max(data_in, axis=0)",
            new="np.max(data_in, axis=1)",
            step="stable for large scores",
            feedback="You take the maximum of every *row* and subtract it from the column with the same "
            "number. For a square matrix of moderate scores that does no harm, since each column loses one "
            "number. But it is not the column's own maximum, so large scores still overflow, and a matrix "
            "that is not square stops with an error.",
        ),
        author.misconception(
            "smallest score subtracted",
            old="np.max(data_in, axis=0)",
            new="np.min(data_in, axis=0)",
            step="stable for large scores",
            feedback="You subtract the smallest score of each column. Then nothing below zero is left, but "
            "the large scores become even larger, and their exponentials infinite. What does harm are large "
            "exponents, not small ones: which number of the column makes sure that nothing above zero is "
            "left?",
        ),
        author.misconception(
            "mean of the scores subtracted",
            old="np.max(data_in, axis=0)",
            new="np.mean(data_in, axis=0)",
            step="stable for large scores",
            feedback="You subtract the mean of each column. That brings the scores nearer to zero, but some "
            "of them stay far above it, and their exponentials are infinite. It must be a number that leaves "
            "no score of its column above zero.",
        ),
        author.misconception(
            "softmax over the whole matrix",
            old="np.sum(exp_values, axis=0)",
            new="np.sum(exp_values)",
            step="normalisation of each column",
            feedback="All entries of your result together sum to one, but each column on its own should. A "
            "sum without `axis` adds up everything there is in the matrix, so that the columns share one "
            "denominator. How many denominators do you need for six columns?",
        ),
        author.misconception(
            "not normalised",
            old=" / denom",
            new="",
            step="normalisation of each column",
            feedback="Your result holds exponentials, but not yet weights: its columns do not sum to one. "
            "The fraction in the formula of section 1 has a denominator, which turns the exponentials of a "
            "column into shares of a whole. (Dividing by the largest exponential does not do it either.)",
        ),
        author.misconception(
            "mean instead of sum",
            old="np.sum(exp_values, axis=0)",
            new="np.mean(exp_values, axis=0)",
            step="normalisation of each column",
            feedback="Each of your columns sums to the number of its rows, not to one: you have divided by "
            "the mean of its exponentials. A mean is already a sum divided by how many there are, and this "
            "division should not be there.",
        ),
        author.misconception(
            "divided by the number of rows",
            old=" / denom",
            new=" / len(data_in)",
            step="normalisation of each column",
            feedback="You divide the exponentials by how many there are in a column. This gives their "
            "average size, but no shares: the columns sum to one only if you divide by all that the "
            "exponentials of that column amount to. Look at the denominator in the formula.",
        ),
        author.misconception(
            "running sums as denominators",
            old="np.sum(exp_values, axis=0)",
            new="np.cumsum(exp_values, axis=0)",
            step="normalisation of each column",
            feedback="The last row of your result is right, and the rows above it are too large: the first "
            "holds nothing but ones. You divide by a sum that is still growing. All exponentials of a column "
            "have to be added up before the first of them is divided; look at where your loop divides.",
        ),
        author.misconception(
            "last row left out of the sum",
            old="np.sum(exp_values, axis=0)",
            new="np.sum(exp_values[:-1], axis=0)",
            step="normalisation of each column",
            feedback="Your columns sum to more than one, because the exponential of the last row is missing "
            "in the denominator. A `range` ends before the number that it is given, and so does a slice: "
            "check where your sum over a column stops.",
        ),
        author.misconception(
            "first row left out of the sum",
            old="np.sum(exp_values, axis=0)",
            new="np.sum(exp_values[1:], axis=0)",
            step="normalisation of each column",
            feedback="Your columns sum to more than one, because the exponential of the first row is missing "
            "in the denominator. Rows are counted from 0 in Python: check where your sum over a column "
            "begins.",
        ),
        author.misconception(
            "own entry left out of the sum",
            old=" / denom",
            new=" / (denom - exp_values)",
            step="normalisation of each column",
            feedback="You divide each exponential by the sum of the *other* ones in its column, which gives "
            "odds: one to three, say, instead of a quarter. In a share the whole includes the part itself. "
            "Look at what m' runs over in the denominator of the formula.",
        ),
        author.misconception(
            "one added to the denominator",
            old=" / denom",
            new=" / (1 + denom)",
            step="normalisation of each column",
            feedback="Your columns sum to less than one, as if there were one more entry that nobody sees: "
            "there is a 1 too many in the denominator. If it was to guard against a division by zero, it is "
            "not needed: exponentials are positive, and the largest is not small once the maximum is "
            "subtracted.",
        ),
        author.misconception(
            "maximum subtracted in the numerator only",
            old="np.sum(exp_values, axis=0)",
            new="np.sum(np.exp(data_in), axis=0)",
            step="normalisation of each column",
            feedback="The maximum is subtracted in the numerator, but the denominator uses the scores as "
            "they came. A fraction keeps its value only if both of its parts are changed by the same factor. "
            "Your columns do not sum to one: compare which scores go into the two parts.",
        ),
        author.misconception(
            "maximum subtracted in the denominator only",
            edits=[
                (" - np.max(data_in, axis=0)", ""),
                ("np.sum(exp_values, axis=0)", "np.sum(np.exp(data_in - np.max(data_in, axis=0)), axis=0)"),
            ],
            step="exponentials",
            feedback="The denominator has the maximum subtracted from its scores, and the numerator does "
            "not. So your weights are too large or too small by a factor that differs from column to column. "
            "Both parts of the fraction need the same shifted scores: look at which exponentials stand above "
            "the line.",
        ),
        author.misconception(
            "maximum subtracted after the exponential",
            old="np.exp(data_in - np.max(data_in, axis=0))",
            new="np.exp(data_in) - np.max(data_in, axis=0)",
            step=("exponentials", "stable for large scores"),
            feedback="You take the exponentials first and subtract the largest score of each column from these. Then some of your "
            "weights are negative, and large scores still give `nan`. Subtracting changes nothing only if it is done "
            "to the scores: where does the bracket of your exponential end?",
        ),
        author.misconception(
            "largest exponential subtracted",
            old="np.exp(data_in - np.max(data_in, axis=0))",
            new="np.exp(data_in) - np.exp(np.max(data_in, axis=0))",
            step=("exponentials", "stable for large scores"),
            feedback="The largest exponential of each column is subtracted from all of that column, so that the largest score gets "
            "the weight 0, and large ones still give `nan`. Subtracting changes nothing only if it is done to the "
            "scores, before their exponentials are taken. In which order do your lines do the two?",
        ),
        author.misconception(
            "largest exponential subtracted from the scores",
            old=" - np.max(data_in, axis=0)",
            new=" - np.exp(np.max(data_in, axis=0))",
            step="stable for large scores",
            feedback="What you subtract from the scores is the largest of their exponentials. For large scores that "
            "is infinite, and for scores far below zero it is 0 and of no help: the weights become `nan` in both "
            "cases. The number to subtract is one of the scores themselves. Which one?",
        ),
        author.misconception(
            "scores divided by their maximum",
            old="data_in - np.max(data_in, axis=0)",
            new="data_in / np.max(data_in, axis=0)",
            step="exponentials",
            feedback="You divide the scores by the maximum of their column, where it should be subtracted. A "
            "softmax does not mind if scores are shifted, but it does if they are stretched or squeezed: "
            "their differences change, and with them the weights. With a negative maximum even the order is "
            "turned round.",
        ),
        author.misconception(
            "scores instead of exponentials",
            old="np.exp(data_in - np.max(data_in, axis=0))",
            new="data_in",
            step="exponentials",
            feedback="The scores themselves are divided by their sum, so there are negative weights, and "
            "very large ones where the scores of a column nearly cancel. The exponential is what makes every "
            "score positive before shares are formed: you have passed over the first of the three steps.",
        ),
        author.misconception(
            "shifted scores instead of exponentials",
            old="np.exp(",
            new="(",
            step="exponentials",
            feedback="The maximum is subtracted, but the exponential is missing. So the largest score of "
            "every column gets the weight 0, and the smallest score the largest weight. Look at the first of "
            "the three lines: what has to be done with the scores once they are shifted?",
        ),
        author.misconception(
            "negative exponents",
            old="np.exp(",
            new="1 / np.exp(",
            step="exponentials",
            feedback="Your weights are turned round: the largest score of a column has the smallest weight. "
            "The sign of the exponent is wrong; perhaps the score is subtracted from the maximum, where it "
            "should be the other way about. A larger score has to give a larger weight.",
        ),
        author.misconception(
            "powers of two",
            old="np.exp(",
            new="np.exp2(",
            step="exponentials",
            feedback="Your columns sum to one, but the weights are too even: you have used powers of 2, and "
            "not of Euler's number e. The exponential function of the formula has a base of about 2.718.",
        ),
        author.misconception(
            "powers of ten",
            old="np.exp(",
            new="10.0 ** (",
            step="exponentials",
            feedback="Your columns sum to one, but the large scores get too much: you have used powers of "
            "10, and not of Euler's number e. The exponential function has a base of its own, about 2.718, "
            "and in NumPy a name of its own.",
        ),
        author.misconception(
            "sigmoid instead of softmax",
            edits=[(" - np.max(data_in, axis=0)", ""), (" / denom", " / (1 + exp_values)")],
            step="normalisation of each column",
            feedback="You have computed the sigmoid of each score. It brings every number between 0 and 1, "
            "but on its own: it does not know of the other scores of its column, and so the columns do not "
            "sum to one. A softmax compares an exponential with those of its whole column.",
        ),
        author.misconception(
            "logarithm of the softmax",
            old="return weights",
            new="return np.log(weights)",
            step="normalisation of each column",
            feedback="Your result has negative numbers: it is the logarithm of the softmax. That is what a "
            "loss function likes to work with, but attention needs the weights themselves, which are "
            "positive and sum to one. Is there a logarithm at the end that was not asked for?",
        ),
        author.misconception(
            "softmax applied twice",
            old="return weights",
            new="return np.exp(weights) / np.sum(np.exp(weights), axis=0)",
            step="normalisation of each column",
            feedback="Your columns sum to one, but all weights of a column are nearly equal. This is what "
            "happens if a softmax is applied to the result of a softmax: its inputs then lie between 0 and 1 "
            "and hardly differ. Look for an exponential, or a call, that comes once too often.",
        ),
        author.misconception(
            "softmax returned transposed",
            old="exp_values / denom",
            new="(exp_values / denom).T",
            step="normalisation of each column",
            feedback="Your result lies on its side: what should be a column of your result is "
            "a row. Somewhere a matrix is transposed and not turned back, perhaps because you worked through "
            "the columns in a loop and collected them as rows.",
        ),
        author.misconception(
            "only the first column filled",
            old="return weights",
            new="return np.where(np.arange(weights.shape[1]) == 0, weights, 0)",
            step="normalisation of each column",
            feedback="All columns of your result but the first are zero. If you fill the "
            "columns in a loop, it ends after the first round: check how far the `return` is indented, since "
            "it leaves the function and the loop with it.",
        ),
        author.misconception(
            "only the first column returned",
            old="return weights",
            new="return weights[:, :1]",
            step="normalisation of each column",
            feedback="Your result has a single column, the first. The function "
            "returns before it has come to the others: check how far the `return` is indented, since it ends "
            "the loop it stands in, whatever is left to do.",
        ),
        author.misconception(
            "softmax of zeros returned",
            old="return weights",
            new="return np.zeros_like(weights)",
            step="normalisation of each column",
            feedback="Your function returns nothing but zeros, of the right shape. Often the result was "
            "computed, but under another name, or in a copy, and what is returned is still the matrix that "
            "was prepared in the beginning. Follow the name after `return` upwards: where does it get its "
            "values?",
        ),
        author.misconception(
            "one softmax for the whole matrix",
            edits=[
                ("np.max(data_in, axis=0)", "np.max(data_in)"),
                ("np.sum(exp_values, axis=0)", "np.sum(exp_values)"),
            ],
            step="normalisation of each column",
            feedback="The whole matrix went through one softmax: all its entries together sum to one, and not "
            "those of each column. Maximum and sum without `axis` are taken over everything there is. A column "
            "holds the scores of one query, and every query has a weight of one of its own.",
        ),
        author.misconception(
            "axis 1 for maximum and sum",
            edits=[
                ("np.max(data_in, axis=0)", "np.max(data_in, axis=1)"),
                ("np.sum(exp_values, axis=0)", "np.sum(exp_values, axis=1)"),
            ],
            step="normalisation of each column",
            feedback="Maximum and sum are taken over each row, and NumPy then applies the numbers of the rows "
            "to the columns, which goes unnoticed as long as the matrix is square. Neither rows nor columns of "
            "your result sum to one. Ask which index a sum over a column runs through, and which axis that is.",
        ),
        author.misconception(
            "sums of columns used for rows",
            old="exp_values / denom",
            new="(exp_values.T / denom).T",
            step="normalisation of each column",
            feedback="The sums over the columns are right, but then each *row* is divided by one of them. The matrix is "
            "turned, or the sums are made a column, before the division, which goes unnoticed as long as it is "
            "square. Your columns do not sum to one: which number belongs to which column?",
        ),
        author.misconception(
            "matrix transposed before the softmax",
            old="softmax_cols(data_in):",
            new="softmax_cols(data_in):\n    data_in = data_in.T",
            step="normalisation of each column",
            feedback="Your result is the softmax of the transposed matrix: its columns do sum to one, but what "
            "stands in them are the rows of the input. A transpose somewhere was not wanted, or a softmax over "
            "the rows was collected as columns. Compare the largest entry of a column before and after.",
        ),
        author.misconception(
            "exponentials returned",
            function=lambda data_in: np.exp(data_in),
            step="normalisation of each column",
            feedback="Your result is the exponential of each score and nothing else: the columns do not sum to "
            "one. A fraction has a denominator too, which turns the exponentials of a column into shares of a "
            "whole. See whether the sum that you compute is ever used.",
        ),
        author.misconception(
            "divided by the largest exponential",
            function=lambda data_in: np.exp(data_in) / np.max(np.exp(data_in), axis=0),
            step="normalisation of each column",
            feedback="The largest entry of every column of your result is one: you have divided by the largest "
            "exponential. Weights are shares of a whole, and the whole is all exponentials of the column added "
            "up. The maximum has another task, before the exponentials are taken.",
        ),
        author.misconception(
            "exponents with a minus",
            old="data_in - np.max(data_in, axis=0)",
            new="np.min(data_in, axis=0) - data_in",
            step="exponentials",
            feedback="Your weights are turned round: the largest score of a column has the smallest weight, since "
            "the scores go into the exponential with a minus in front. A larger score has to give a larger "
            "weight. Look at what is subtracted from what.",
        ),
        author.misconception(
            "sum of the scores as denominator",
            function=lambda data_in: np.exp(data_in) / np.sum(data_in, axis=0),
            step="normalisation of each column",
            feedback="In your fraction there are exponentials above the line and the bare scores below it, so the "
            "columns do not sum to one, and some weights are negative. What is added up has to be the same as "
            "what is divided. Look at what your sum is taken of.",
        ),
        author.misconception(
            "sum of the scores below shifted exponentials",
            old="np.sum(exp_values, axis=0)",
            new="np.sum(data_in, axis=0)",
            step="normalisation of each column",
            feedback="The exponentials of the shifted scores are divided by the sum of the scores as they came, so "
            "the columns do not sum to one, and some weights are negative. What is added up has to be the same "
            "as what is divided. Look at what your sum is taken of.",
        ),
        author.misconception(
            "exponential of the sum",
            function=lambda data_in: np.exp(data_in) / np.exp(np.sum(data_in, axis=0)),
            step="normalisation of each column",
            feedback="You divide by the exponential of the sum of the scores, where the sum of the exponentials "
            "was meant. These are very different numbers, and your columns do not sum to one. Which of the two "
            "is done first, below the line of the formula?",
        ),
        author.misconception(
            "sigmoid of each score",
            old="exp_values / denom",
            new="1 / (1 + np.exp(-data_in))",
            step="normalisation of each column",
            feedback="You have computed the sigmoid of each score. It brings every number between 0 and 1, but "
            "knows nothing of the other scores of its column, and so the columns do not sum to one. A softmax "
            "compares an exponential with those of its whole column.",
        ),
        author.misconception(
            "log-softmax returned",
            edits=[
                ("np.exp(", "("),
                ("np.sum(exp_values", "np.sum(np.exp(exp_values)"),
                ("exp_values / denom", "exp_values - np.log(denom)"),
            ],
            step="normalisation of each column",
            feedback="Your result has negative numbers: you subtract the logarithm of the sum from the scores, "
            "which gives the logarithm of the softmax. A loss function likes that, but attention needs the "
            "weights themselves, which are positive and sum to one in each column.",
        ),
        author.misconception(
            "scores between minimum and maximum",
            old="exp_values / denom",
            new="(data_in - data_in.min(axis=0)) / (data_in.max(axis=0) - data_in.min(axis=0))",
            step="exponentials",
            feedback="In every column of your result the smallest score has become 0 and the largest 1: you have "
            "stretched the scores between minimum and maximum. No exponential is taken of them, and the columns "
            "do not sum to one. Go through the three lines of the function again.",
        ),
        author.misconception(
            "only the largest score counts",
            old="exp_values / denom",
            new="(data_in == data_in.max(axis=0)).astype(float)",
            step=["exponentials", "normalisation of each column"],
            feedback="In every column the largest score has weight one and all others have none. A softmax is "
            "softer, as its name says: the largest gets most of the weight, and the others get something too. "
            "You have chosen where shares should be formed.",
        ),
        author.misconception(
            "equal weights",
            old="exp_values / denom",
            new="np.ones(data_in.shape) / len(data_in)",
            step=["exponentials", "normalisation of each column"],
            feedback="All your weights are equal: one divided by the number of rows. They do not depend on the "
            "scores at all. Perhaps they were prepared as equal shares or as ones and never replaced, or the "
            "exponential is taken of something that is the same everywhere.",
        ),
        author.misconception(
            "weights cut off to whole numbers",
            old="return weights",
            new="return np.floor(weights)",
            step="normalisation of each column",
            feedback="Your result has nothing but zeros and ones in it, because the weights were cut off to whole "
            "numbers: by `int`, by an array of whole numbers that they were stored in, or by a division with "
            "`//`. Weights are fractions, and have to stay so.",
        ),
        author.misconception(
            "scores returned",
            old="return weights",
            new="return data_in",
            step="exponentials",
            feedback="Your function returns the scores as they came in. Often the weights were computed, but under "
            "another name than the one that is returned. Look at the name after `return`, and at where it gets "
            "its values.",
        ),
        author.misconception(
            "sums returned",
            old="return weights",
            new="return denom",
            step="normalisation of each column",
            feedback="Your function returns one number for each column: the sum that was to be divided by. What "
            "was asked for has the shape of the input, one weight for each score. Look at the name after "
            "`return`, and at whether the division is done.",
        ),
        author.misconception(
            "shifted exponentials summed up and returned",
            old="return weights",
            new="return exp_values.sum()",
            step="normalisation of each column",
            feedback="Your function returns a single number, the sum of all exponentials. What was asked for has "
            "the shape of the input, one weight for each score. Look at the name after `return`, and at whether "
            "the division is done.",
        ),
        author.misconception(
            "sum goes on over the columns",
            old="exp_values / denom",
            new="exp_values / np.cumsum(denom)",
            step="normalisation of each column",
            feedback="The first column of your result is right, and the columns after it sum to less than one. "
            "The sum is not set back: it goes on growing from column to column. Look at where it "
            "gets the value zero, before the loop or inside it.",
        ),
        author.misconception(
            "last column's sum for all columns",
            old="exp_values / denom",
            new="np.exp(data_in - data_in[:, -1].max()) / np.exp(data_in[:, -1] - data_in[:, -1].max()).sum()",
            step="normalisation of each column",
            feedback="Only the last column of your result sums to one, since all columns are divided by *its* sum. "
            "A variable of a loop keeps its last value when the loop is over. The division has to happen while "
            "the sum is still that of the column in question.",
        ),
        author.misconception(
            "last column's sum for all columns, nothing subtracted",
            function=lambda data_in: np.exp(data_in) / np.exp(data_in[:, -1]).sum(),
            step="normalisation of each column",
            feedback="Only the last column of your result sums to one, since all columns are divided by *its* sum. "
            "A variable of a loop keeps its last value when the loop is over. Every column needs the sum of its "
            "own exponentials.",
        ),
        author.misconception(
            "first column returned as a vector",
            old="return weights",
            new="return weights[:, 0]",
            step="normalisation of each column",
            feedback="You return the weights of the first column alone. The function gets a "
            "matrix and has to treat all its columns: either a `return` stands inside the loop over them, or one "
            "column was picked by an index.",
        ),
        author.misconception(
            "last column returned as a vector",
            old="return weights",
            new="return weights[:, -1]",
            step="normalisation of each column",
            feedback="You return the weights of the last column alone. In a loop over the columns, "
            "each round overwrites what the one before has left. The result needs room for all columns: look at "
            "what you assign to inside the loop.",
        ),
        author.misconception(
            "fraction upside down",
            old="exp_values / denom",
            new="denom / exp_values",
            step="normalisation of each column",
            feedback="All your weights are larger than one: the fraction stands on its head, the sum of the column over "
            "the exponential. A share is a part divided by the whole. Look at which of the two is above the line "
            "in the formula.",
        ),
        author.misconception(
            "softmax over columns, then divided by rows",
            function=lambda data_in: softmax_cols(data_in) / softmax_cols(data_in).sum(axis=1, keepdims=True),
            step="normalisation of each column",
            feedback="The columns summed to one, and then you divided the rows by their sums as well. After that "
            "the columns are no shares any more. Only one of the two directions is asked for: each query's "
            "weights for all keys, which is a column.",
        ),
        *(
            author.misconception(
                f"{number} added to the sum",
                old=" / denom",
                new=f" / (denom + {number})",
                step="normalisation of each column",
                feedback=f"Your columns sum to a little less than one, because {number} is added in the "
                "denominator. To guard against a division by zero it is not needed: exponentials are positive, "
                "and once the maximum is subtracted the largest of them is one. What is not needed should not "
                "change the result.",
            )
            for number in ("0.001", "0.0001", "0.00001", "0.01")
        ),
        author.misconception(
            "tiny number in place of the maximum",
            function=lambda data_in: np.exp(data_in) / (np.exp(data_in).sum(axis=0) + 1e-9),
            step="stable for large scores",
            feedback="A tiny number in the denominator keeps you from dividing 0 by 0. But it does not help where "
            "exponentials become infinite, and where all are 0 it gives a column of zeros, which does not sum "
            "to one. The text of section 1 says what takes care of both.",
        ),
        *(
            author.misconception(
                f"scores {what} before the softmax",
                old="np.exp(",
                new=f"({base}) ** (",
                step="exponentials",
                feedback=f"The scores are {what} before the exponential is taken, so that your weights are too "
                f"{effect}. The softmax of this section takes the scores as they are: whatever they have to be "
                "divided by is done by whoever calls it. Look at what stands inside the exponential.",
            )
            for what, base, effect in (
                ("halved", "np.exp(1 / 2)", "even"),
                ("doubled", "np.exp(2)", "extreme"),
                ("scaled", "np.exp(1 / np.sqrt(len(data_in)))", "even"),
            )
        ),
        author.misconception(
            "scores divided by their absolute sum",
            old="exp_values / denom",
            new="data_in / np.sum(np.abs(data_in), axis=0)",
            step="exponentials",
            feedback="You divide the scores by the sum of their absolute values. That keeps them small, but the "
            "negative ones stay negative, and the columns do not sum to one. The exponential is what makes "
            "every score positive before shares are formed.",
        ),
        author.misconception(
            "sum taken anew after each division",
            old="weights = exp_values / denom",
            new="weights = exp_values.copy()\n"
            "    for m in range(len(weights)):\n"
            "        weights[m] = weights[m] / np.sum(weights, axis=0)",
            step="normalisation of each column",
            feedback="Only the first row of your result is right. In your loop the exponentials are overwritten by "
            "weights, and the next ones are divided by a sum in which those already stand. Add up each column "
            "once, before the loop, and keep the result.",
        ),
        author.misconception(
            "columns counted by the rows",
            old="weights = exp_values / denom",
            new="weights = np.zeros(exp_values.shape)\n"
            "    for n in range(len(weights)):\n"
            "        weights[:, n] = (exp_values / denom)[:, n]",
            step="depends only on its arguments",
            feedback="Your loop goes over as many columns as the matrix has *rows*. In a square matrix that makes no "
            "difference; in a wide one the last columns are not filled, and in a high one there is no such column. "
            "Which entry of `shape` counts the columns?",
        ),
        author.misconception(
            "divided by the length of the column",
            old="np.sum(exp_values, axis=0)",
            new="np.linalg.norm(exp_values, axis=0)",
            step="normalisation of each column",
            feedback="Each column of your result is a vector of length one: it is the *squares* of its entries "
            "that sum to one. You have divided by a norm. In the formula the exponentials are added up as they "
            "are.",
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


def not_shuffled(attention, X, *parameters):
    """What becomes of the outputs instead if the tokens are shuffled."""
    order = np.roll(np.arange(X.shape[1]), 2)
    before, after = attention(X, *parameters), attention(X[:, order], *parameters)
    if np.allclose(after, before):
        return "If the tokens are shuffled, your outputs stay as they are: do they depend on the tokens that are given?"
    return (
        "If the tokens are shuffled, your outputs are not shuffled in the same way: an output must depend on its own "
        "query and on all keys and values, whatever their order."
    )


PARAMETERS = {
    "omega_v1": omega_v1, "omega_q1": omega_q1, "omega_k1": omega_k1,
    "beta_v1": beta_v1, "beta_q1": beta_q1, "beta_k1": beta_k1,
    "omega_v2": omega_v2, "omega_q2": omega_q2, "omega_k2": omega_k2,
    "beta_v2": beta_v2, "beta_q2": beta_q2, "beta_k2": beta_k2,
    "omega_c": omega_c,
}  # fmt: skip
OTHER_SIZES = ["scaling", "depends only on its arguments"]
WEIGHTS = ["dot products of keys and queries", "scaling", "softmax over the keys"]
KEY_BIAS = (
    "the bias of the keys adds the same number to all scores of a query, and softmax takes it away again"
)

# %%
author.question(
    "multihead_scaled_self_attention",
    given=[
        author.given(
            "Q = omega_q @ X + beta_q",
            "K = omega_k @ X + beta_k",
            "V = omega_v @ X + beta_v",
            "dot_products = K.T @ Q",
            reason="the notebook before this one asks for them; who writes the function anew makes mistakes in them",
        )
    ],
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
    hints=[
        r"""
        You have five short lines to write, and each takes what the one before has made. Say what a *column* of
        each matrix is before you write its line: of the dot products, the scores, the weights, the head, the
        result. It always belongs to one token, as the columns of `X` do. Then print the shape of each: with 8
        dimensions, 6 tokens and 2 heads, what should it be?
        """,
        r"""
        Read $\mathbf{Sa}_h[\mathbf{X}]$ in section 2 from the inside out. The dot products are there already.
        They are divided by a *square root*, inside the brackets: that of the number of entries of one query of
        *this head*, which is a number of rows, and smaller than $D$. The softmax is your function of section 1,
        and works on columns. The values stand on the *left* of the weights.

        After the loop comes the last equation: the square brackets put one matrix *below* the other, so that
        $D/H$ rows and $D/H$ rows make $D$ rows, and $\boldsymbol\Omega_c$ stands on the left of them.
        """,
        r"""
        One head whose queries have 4 entries, and two tokens. Of values and output, only the first row is shown:

            dot products  2      4
                          0      0
            scores        1      2
                          0      0
            weights       0.731  0.881
                          0.269  0.119
            values        10     20
            head          12.69  11.19

        The scale is 2, the root of 4. Each column of the weights sums to 1. Output 0 is 0.731 times 10 plus 0.269
        times 20: with column 0 of the weights, not with row 0. A second head gives 4 rows more, below these; all
        8 rows are then multiplied from the left by an (8, 8) matrix.
        """,
    ],
    equation="In the equations of a head, the queries, keys and values are (D/H, N), the weights are (N, N) with a "
    "column for each query, and the output is (D/H, N); the outputs of the heads below each other are (D, N).",
    cases=[
        author.case("the notebook's tokens", hidden=False, args=(X, *PARAMETERS.values())),
        author.case("other tokens", hidden=True, args=inputs(8, 6)),
        author.case("tokens with large scores", hidden=True, args=inputs(8, 6, spread=1.0)),
        author.case("tokens with negative scores", hidden=True, args=all_negative(8, 6)),
        author.case("another number of tokens", hidden=True, args=inputs(8, 5), steps=OTHER_SIZES),
        author.case("more dimensions, more tokens", hidden=True, args=inputs(10, 7), steps=OTHER_SIZES),
        author.case(
            "many dimensions, few tokens", hidden=True, args=inputs(20, 3, spread=0.4), steps=OTHER_SIZES
        ),
    ],
    properties=[
        author.property(
            "shuffled tokens give shuffled outputs",
            hidden=True,
            args=inputs(8, 6),
            holds=equivariant,
            feedback=not_shuffled,
        )
    ],
    misconceptions=[
        # Orientation. Dot products, softmax, weights: each the other way round, and any two make the third wrong;
        # all three together are right again.
        author.misconception(
            "weights transposed",
            old=" @ weights",
            new=" @ weights.T",
            step="weighting of the values",
            feedback="The attention weights meet the values the wrong way round: output "
            "n is summed with the weights that all queries give to token n, instead of those that query n "
            "gives to all tokens. If your weights have one row per query, the matrix must be turned before "
            "it stands to the right of the values, which are columns; with one column per query, it must "
            "not. Do rows or columns of yours sum to one?",
        ),
        author.misconception(
            "softmax over the queries",
            old="softmax_cols(scores)",
            new="softmax_cols(scores.T).T",
            step="softmax over the keys",
            feedback="Your softmax runs in the wrong direction: the weights with which all queries look at "
            "one key sum to one. But each query has to share out a weight of one among the *keys*. Write "
            "down which letter the rows and the columns of your scores belong to, and then along which of "
            "them your softmax adds up.",
        ),
        author.misconception(
            "dot products the other way round",
            old="K.T @ Q",
            new="Q.T @ K",
            step="dot products of keys and queries",
            feedback="Your matrix of dot products lies on its side: column n belongs to key n and row m to "
            "query m, while softmax and weighting treat the columns as queries. So token n is found by what "
            "it offers, not by what it looks for. Check which of the two factors is transposed. (It looks "
            "the same if queries and keys are swapped from the start.)",
        ),
        author.misconception(
            "result transposed",
            old="return X_prime",
            new="return X_prime.T",
            step="output projection",
            feedback="The result lies on its side: one token per row, of shape "
            "(N, D). Everything here has one token per column, the inputs and the outputs, so that a next "
            "layer can go on with them. Is there a transpose too many at the end, or one missing?",
        ),
        author.misconception(
            "attention over the features",
            edits=[("K.T @ Q", "K @ Q.T"), ("head = V", "head = V.T"), ("append(head)", "append(head.T)")],
            step="dot products of keys and queries",
            feedback="Your attention matrix has as many rows as a head has dimensions, and not as many as "
            "there are tokens: dimensions attend to dimensions. In a dot product of a key and a query the "
            "sum runs over their entries, so in the product of the two matrices D/H has to be the size that "
            "disappears, and N the one that stays, twice.",
        ),
        # The most common of the others: sets of two and three mistakes are looked for in this order
        author.misconception(
            "not scaled",
            old=" / np.sqrt(Q.shape[0])",
            new="",
            step="scaling",
            feedback="Your weights are too extreme: nearly all of the attention goes to one token. That is "
            "what comes out without the scaling. Dot products of long vectors are large, and of large scores "
            "the softmax makes almost a yes or no. Look at the denominator inside the softmax in the "
            "equation of a head.",
        ),
        author.misconception(
            "scaled by the size of the tokens",
            old="np.sqrt(Q.shape[0])",
            new="np.sqrt(X.shape[0])",
            step="scaling",
            feedback="Your dot products are divided by the square root of D, the size of a whole token. But "
            "each of them is a sum of only as many products as one head's query has entries, and their "
            "spread grows with that number. So your scores are too small, and the attention too even. Which "
            "of the two sizes does the first of the four remarks in section 2 name?",
        ),
        author.misconception(
            "omega_c forgotten",
            old="omega_c @ all_heads",
            new="all_heads",
            step="output projection",
            feedback="Your result is the two heads, one above the other. But nothing "
            "mixes them yet: that is what the last argument of the function is for, a D by D matrix, and you "
            "have not used it.",
        ),
        author.misconception(
            "omega_c transposed",
            old="omega_c @ all_heads",
            new="omega_c.T @ all_heads",
            step="output projection",
            feedback="The last matrix is turned: its rows and columns have changed "
            "places. That happens with a transpose too many, or if it is multiplied from the right to heads "
            "that have one token per row. Here tokens are columns, and the matrix stands to their left as it "
            "is.",
        ),
        author.misconception(
            "biases forgotten",
            edits=[(" + beta_q", ""), (" + beta_k", ""), (" + beta_v", "")],
            step="queries, keys and values",
            feedback="Your result is what comes out if all biases are zero. Each of queries, keys and values "
            "is a product *plus* a column that is added to every token. In the equations of section 2 it is "
            "the term with the letter beta; the function gets three of them per head.",
        ),
        author.misconception(
            "bias of the values forgotten",
            old=" + beta_v",
            new="",
            step="queries, keys and values",
            feedback="The bias of the values is missing. In each head, every column of your output differs "
            "from the right one by the same vector, since weights that sum to one hand a constant on "
            "unchanged. Compare your line for V with its equation in section 2.",
        ),
        author.misconception(
            "heads in reversed order",
            old="np.vstack(heads)",
            new="np.vstack(heads[::-1])",
            step="concatenation of the heads",
            feedback="The two heads are not joined: the second one lies on top of the first. The columns of the "
            "last matrix belong to rows in a certain order, so its first half now meets the wrong head. "
            "Check in which order you hand the two outputs over to be stacked.",
        ),
        author.misconception(
            "root of the scale forgotten",
            old="np.sqrt(Q.shape[0])",
            new="Q.shape[0]",
            step="scaling",
            feedback="You divide by the right size, but by all of it. It is the *variance* of a dot product "
            "that grows with the number of entries, and scores are divided by a standard deviation. "
            "(Dividing queries and keys one by one, each by the full scale, has the same effect.) Something "
            "has to be done with that number first.",
        ),
        author.misconception(
            "scaled by two",
            old="np.sqrt(Q.shape[0])",
            new="2",
            step="scaling",
            feedback="You divide the dot products by 2. In this notebook that is the square root of a head's "
            "4 dimensions, so your printed result is right; with heads of 5 or 7 dimensions it is not. The "
            "scale has to follow from the shape of what the function is given.",
        ),
        author.misconception(
            "divided after the softmax",
            edits=[(" / np.sqrt(Q.shape[0])", ""), ("head = V", "head = 1 / np.sqrt(Q.shape[0]) * V")],
            step="scaling",
            feedback="You divide by the right number, but after the softmax. There it makes the weights "
            "smaller, so that they do not sum to one any more, and does nothing against the extreme scores "
            "it was meant for. In the equation, is the fraction inside or outside the square brackets?",
        ),
        author.misconception(
            "weights over the whole matrix",
            old="softmax_cols(scores)",
            new="(np.exp(scores - np.max(scores)) / np.sum(np.exp(scores - np.max(scores))))",
            step="softmax over the keys",
            feedback="All entries of your attention matrix together sum to one, so a token gets only a small "
            "part of what it asks for. Every query has a weight of one to share out on its own. Look at the "
            "sum inside your softmax: does it run along one axis, or over everything?",
        ),
        author.misconception(
            "scores used as weights",
            old="softmax_cols(scores)",
            new="scores",
            step="softmax over the keys",
            feedback="The scores themselves weight the values: there is no softmax in between, or its result "
            "is not used. So there are negative weights, and they do not sum to one. Check that the line "
            "after your scores works with the softmax of them, and that the next one uses its result.",
        ),
        author.misconception(
            "first head twice",
            old="(omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2)",
            new="(omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1)",
            step="queries, keys and values",
            feedback="Both halves of your stacked matrix are the first head. Either the second head is "
            "computed with the parameters of head 1, or head 1 was put in twice when the two were joined. "
            "Read the lines of the second head and look at the number at the end of each name.",
        ),
        author.misconception(
            "keys and values swapped",
            edits=[
                ("omega_k @", "omega_v @"),
                (" + beta_k", " + beta_v"),
                ("omega_v @", "omega_k @"),
                (" + beta_v", " + beta_k"),
            ],
            step="queries, keys and values",
            feedback="Keys and values have changed places: queries are compared with the values, and the "
            "keys are summed up. Check two things: the letters in the lines that compute K and V, and the "
            "order of the arguments. In this function the values come first, then queries, then keys.",
        ),
        author.misconception(
            "rows of the heads alternate",
            old="np.vstack(heads)",
            new="np.hstack(heads).reshape(X.shape)",
            step="concatenation of the heads",
            feedback="The rows of the two heads alternate: first row of head 1, first row of head 2, and so "
            "on. That happens if the heads are put side by side and then reshaped, since `reshape` cuts up "
            "the rows one after another. All rows of head 1 should come before those of head 2.",
        ),
        author.misconception(
            "columns divided by sums of rows",
            old="softmax_cols(scores)",
            new="(np.exp(scores) / np.sum(np.exp(scores), axis=1))",
            step="softmax over the keys",
            feedback="In your softmax the exponentials are added up along the rows, but what you divide by "
            "these sums are the columns. The matrix of scores is square, so NumPy lets it pass. Neither rows "
            "nor columns of your weights sum to one; decide on one of the two and check it by adding up.",
        ),
        author.misconception(
            "rows divided by sums of columns",
            old="softmax_cols(scores)",
            new="(np.exp(scores) / np.sum(np.exp(scores), axis=0)[:, np.newaxis])",
            step="softmax over the keys",
            feedback="In your softmax the exponentials are added up for each query, but what you divide by these sums "
            "are the scores of a *key*. The matrix of scores is square, so NumPy lets it pass. Neither rows nor "
            "columns of your weights sum to one; check it by adding up.",
        ),
        author.misconception(
            "exponentials used as weights",
            old="softmax_cols(scores)",
            new="np.exp(scores)",
            step="softmax over the keys",
            feedback="You weight the values with the exponentials of the scores, but these are not yet "
            "shares: for each query, they have to be divided by their sum. That is why your outputs are so "
            "large. A softmax has a numerator and a denominator.",
        ),
        author.misconception(
            "features attend to features, keys first",
            edits=[("K.T @ Q", "K @ Q.T"), ("V @ weights", "weights @ V")],
            step="dot products of keys and queries",
            feedback="Your attention matrix has as many rows as a head has dimensions, and not as many as there are "
            "tokens: dimensions attend to dimensions, and tokens do not see each other at all. In the product of "
            "keys and queries, D/H has to be the size that disappears. Which of the two is transposed?",
        ),
        author.misconception(
            "features attend to features, queries first",
            edits=[("K.T @ Q", "Q @ K.T"), ("V @ weights", "weights @ V")],
            step="dot products of keys and queries",
            feedback="This is the formula for tokens that are *rows*, with queries first and values last, but here "
            "tokens are columns. So dimensions attend to dimensions, and tokens do not see each other at all. "
            "Your attention matrix should be N by N: see which size disappears in the product.",
        ),
        author.misconception(
            "features attend to features, values first",
            edits=[("K.T @ Q", "Q @ K.T"), ("V @ weights", "weights.T @ V")],
            step="dot products of keys and queries",
            feedback="Your attention matrix has as many rows as a head has dimensions, and not as many as there are "
            "tokens: dimensions attend to dimensions, and tokens do not see each other at all. In the product of "
            "queries and keys, D/H has to be the size that disappears. Which of the two is transposed?",
        ),
        # Scaling
        author.misconception(
            "scaled by the number of heads",
            old="np.sqrt(Q.shape[0])",
            new="np.sqrt(2)",
            step="scaling",
            feedback="You divide by the square root of 2, the number of heads. What makes dot products large "
            "is the length of the vectors that are multiplied, and not how many heads there are. Count the "
            "products that are summed up in one entry of the matrix of dot products.",
        ),
        author.misconception(
            "scaled by the number of tokens",
            old="Q.shape[0]",
            new="Q.shape[1]",
            step="scaling",
            feedback="You divide by the square root of the number of tokens. A longer sentence has more dot "
            "products, but not larger ones: each is a sum over the entries of one key and one query. You "
            "have taken the second number of a shape where the first was meant; N counts columns here.",
        ),
        author.misconception(
            "divided by the number of tokens",
            old="np.sqrt(Q.shape[0])",
            new="Q.shape[1]",
            step="scaling",
            feedback="Your dot products are divided by N, the number of tokens, so the attention becomes "
            "more even the longer the sentence is. Neither the size nor the root is as it should be: the "
            "standard deviation of a dot product depends on how many entries its two vectors have.",
        ),
        author.misconception(
            "divided by the size of the tokens",
            old="np.sqrt(Q.shape[0])",
            new="X.shape[0]",
            step="scaling",
            feedback="You divide by D, or by twice the size of a head's queries, which is the same. It is not the size "
            "itself that is divided by, and not that of the tokens. A power `** 1 / 2` without brackets gives that, "
            "too: the power is taken first, with the exponent 1. Read the first of the four remarks in section "
            "2 again.",
        ),
        author.misconception(
            "multiplied by the scale",
            old=" / np.sqrt(Q.shape[0])",
            new=" * np.sqrt(Q.shape[0])",
            step="scaling",
            feedback="You have the right scale, but it makes the dot products larger instead of smaller: you "
            "multiply by it, or you divide by its inverse (a negative exponent does that). Scores should be "
            "brought back to a spread of about one before the softmax sees them.",
        ),
        author.misconception(
            "scale rounded down",
            old="np.sqrt(Q.shape[0])",
            new="int(np.sqrt(Q.shape[0]))",
            step="scaling",
            feedback="Your scale is a whole number. For the 4 dimensions of this notebook's heads that makes "
            "no difference, but the square root of 5 or 10 has digits after the point, which are lost by "
            "`int` or by a division with `//`. Nothing has to be rounded here.",
        ),
        author.misconception(
            "root taken twice",
            old="np.sqrt(Q.shape[0])",
            new="np.sqrt(np.sqrt(Q.shape[0]))",
            step="scaling",
            feedback="You divide by the fourth root of a head's size: either a root is taken of a root, or "
            "only one of queries and keys was scaled, by a factor that was meant for both. So the scores "
            "stay too large. Follow the scale from where you define it to where it is used.",
        ),
        # Softmax
        author.misconception(
            "scores divided by their sum",
            old="softmax_cols(scores)",
            new="(scores / np.sum(scores, axis=0))",
            step=["scaling", "softmax over the keys"],
            feedback="For each query you divide the scores by their sum. They then sum to one, but some are "
            "negative, and where a sum is near zero they are huge. Before scores can be turned into shares "
            "they have to be made positive, which is what the exponential in the softmax does.",
        ),
        author.misconception(
            "attention softmax applied twice",
            old="softmax_cols(scores)",
            new="softmax_cols(softmax_cols(scores))",
            step="softmax over the keys",
            feedback="Your outputs are all close to the plain mean of the values, because the attention "
            "weights hardly differ. That is what a second softmax does: it is given weights, which lie "
            "between 0 and 1, and flattens them. Look for two calls, one inside a helper perhaps.",
        ),
        author.misconception(
            "softmax of the negative scores",
            old="softmax_cols(scores)",
            new="softmax_cols(-scores)",
            step="softmax over the keys",
            feedback="Your heads pay most attention where keys and queries match the *least*: the sign of "
            "the scores is turned round before the exponential is taken. A large dot product has to lead to "
            "a large weight. Look for a minus that should not be there.",
        ),
        author.misconception(
            "logarithms of the weights",
            old="softmax_cols(scores)",
            new="np.log(softmax_cols(scores))",
            step="softmax over the keys",
            feedback="The values are weighted with logarithms of the attention weights, which are all "
            "negative. A log-softmax belongs into a loss function. For a weighted sum you need the weights "
            "themselves, positive and with the sum one.",
        ),
        author.misconception(
            "one maximal token only",
            old="softmax_cols(scores)",
            new="(scores == np.max(scores, axis=0)).astype(float)",
            step=["scaling", "softmax over the keys"],
            feedback="Each of your outputs is the value of a single token, the one with the largest score. A "
            "softmax is softer, as its name says: the best match gets most of the weight, and the others get "
            "something as well. You have chosen where you should have mixed.",
        ),
        author.misconception(
            "same weight for every token",
            old="softmax_cols(scores)",
            new="np.full(scores.shape, 1 / len(scores))",
            step=WEIGHTS,
            feedback="In each head all outputs are equal: the plain mean of the values. The weights do not "
            "depend on the scores at all. If they were prepared as equal shares, or as ones, see whether the "
            "softmax ever gets to replace them.",
        ),
        author.misconception(
            "keys reshaped instead of transposed",
            old="K.T @ Q",
            new="K.reshape(K.shape[::-1]) @ Q",
            step="dot products of keys and queries",
            feedback="Your keys were brought into the shape of rows by `reshape`, but that does not turn a "
            "matrix: it reads the numbers row by row and cuts them into rows of another length. So each of "
            "your new rows is a mixture of several keys. To exchange rows and columns is another operation.",
        ),
        author.misconception(
            "distances instead of dot products",
            old="K.T @ Q",
            new="-np.sum((K[:, :, np.newaxis] - Q[:, np.newaxis, :]) ** 2, axis=0)",
            step="dot products of keys and queries",
            feedback="Your scores are distances between keys and queries, with a minus in front. That "
            "measures how alike two vectors are, too, but the equation uses their dot product, which also "
            "counts how *long* a key is.",
        ),
        author.misconception(
            "cosines instead of dot products",
            old="K.T @ Q",
            new="(K / np.linalg.norm(K, axis=0)).T @ (Q / np.linalg.norm(Q, axis=0))",
            step="dot products of keys and queries",
            feedback="Your scores are cosines: keys and queries were divided by their own lengths before "
            "they were multiplied. In the equation they keep their lengths, and the only thing that is "
            "divided by is one number, the same for all tokens.",
        ),
        # Values and their sum
        author.misconception(
            "keys weighted instead of values",
            edits=[("omega_v @", "omega_k @"), (" + beta_v", " + beta_k")],
            step="weighting of the values",
            feedback="It is the keys that you sum up with the attention weights. Keys "
            "have done their part once the scores are there; what tokens hand over are their values. Check "
            "the letter in the last product of each head, and in the line that computes the values.",
        ),
        author.misconception(
            "queries weighted instead of values",
            edits=[("omega_v @", "omega_q @"), (" + beta_v", " + beta_q")],
            step="weighting of the values",
            feedback="It is the queries that you sum up with the attention weights: what "
            "tokens look for, and not what they have to give. The right matrix has a name with another "
            "letter; check the last product of each head, and the line that computes it.",
        ),
        author.misconception(
            "one sum over all dimensions",
            old="head = V",
            new="head = np.ones((len(V), 1)) * np.sum(V, axis=0)",
            step="weighting of the values",
            feedback="Within each head, all rows of your output are equal. The weighted values were added up "
            "over the tokens, as they should be, but over their dimensions too: that is what `np.sum` does "
            "when it is given no `axis`. The sum runs over tokens; the D/H entries of a value stay apart.",
        ),
        author.misconception(
            "last token left out",
            old="V @ weights",
            new="V[:, :-1] @ weights[:-1]",
            step="weighting of the values",
            feedback="In every weighted sum the last token is missing. It has its share of the weights, but "
            "its value is never added. A `range` ends before the number that it is given: check the end of "
            "your loop over the tokens.",
        ),
        author.misconception(
            "first token left out",
            old="V @ weights",
            new="V[:, 1:] @ weights[1:]",
            step="weighting of the values",
            feedback="In every weighted sum the first token is missing: the sum starts with the second "
            "value. Tokens are numbered from 1 in the equations and from 0 in Python, so check the beginning "
            "of your loop.",
        ),
        author.misconception(
            "mean of the weighted values",
            old="head = V",
            new="head = 1 / X.shape[1] * V",
            step="weighting of the values",
            feedback="Your outputs are too small by the number of tokens: you take the mean of the weighted "
            "values, where their sum was asked for. The weights already sum to one, so they have done the "
            "averaging; nothing is left to be divided.",
        ),
        author.misconception(
            "same output for all tokens",
            old=" @ weights",
            new=" @ weights[:, [-1] * X.shape[1]]",
            step="weighting of the values",
            feedback="All columns of your result are equal: they are what the last token should get. Every "
            "output needs the weights of its own query. If you loop over tokens, look for an index that does "
            "not change inside the loop, for example one left over from a loop before.",
        ),
        author.misconception(
            "only the first output filled",
            old=" @ weights",
            new=" @ weights * (np.arange(X.shape[1]) == 0)",
            step="weighting of the values",
            feedback="Only the first column of your result is computed, and the others are zero. A loop over "
            "the tokens ends after its first round: a `return` or `break` stands inside it, one step too far "
            "to the right.",
        ),
        author.misconception(
            "own value only",
            old=" @ weights",
            new="",
            step=[*WEIGHTS, "weighting of the values"],
            feedback="Each head hands on the values as they are, and each token gets nothing but its own: "
            "the attention weights do not come into it. Output n should be a sum of *all* values. Look at "
            "the last product of each head, and at the indices if you sum in a loop.",
        ),
        author.misconception(
            "result reshaped instead of transposed",
            old="return X_prime",
            new="return X_prime.T.reshape(X.shape)",
            step="output projection",
            feedback="Your outputs have one token per row, but then `reshape` has made a (D, N) matrix "
            "of them, which mixes the tokens: it keeps the numbers in their order and only cuts the rows at "
            "other places. Turning rows into columns needs another operation, or a join that puts columns "
            "side by side.",
        ),
        author.misconception(
            "one attention from the scores of both heads",
            edits=[
                ("heads = []", "heads, values, maps = [], [], []"),
                (
                    "heads.append(head)",
                    "heads.append(head)\n        values.append(V)\n        maps.append(scores)",
                ),
                ("np.vstack(heads)", "np.vstack(values) @ softmax_cols(maps[0] + maps[1])"),
            ],
            step="softmax over the keys",
            feedback="The scores of both heads have been added up before the softmax, so that there is one "
            "attention for both. The point of two heads is that each looks at the tokens in its own way: "
            "each has its own scores, its own softmax, and its own weighted sum.",
        ),
        author.misconception(
            "attention averaged over the heads",
            edits=[
                ("heads = []", "heads, values, maps = [], [], []"),
                (
                    "heads.append(head)",
                    "heads.append(head)\n        values.append(V)\n        maps.append(weights)",
                ),
                ("np.vstack(heads)", "np.vstack(values) @ (maps[0] + maps[1]) / 2"),
            ],
            step="weighting of the values",
            feedback="Both heads use the same weights, the mean of those of the two. That undoes what two "
            "heads are for: one might look at one token and the other at another. The values of each head "
            "are weighted with the attention of that head alone.",
        ),
        author.misconception(
            "tokens added to the result",
            old="return X_prime",
            new="return X_prime + X",
            step="output projection",
            feedback="The tokens themselves are added to your result. In a "
            "transformer such a residual connection comes after the attention; it is not part of it and was "
            "not asked for here. See what the last equation of section 2 ends with.",
        ),
        # Putting the heads together
        author.misconception(
            "heads reshaped before turning",
            old="np.vstack(heads)",
            new="np.hstack([each.T for each in heads]).reshape(X.shape)",
            step="concatenation of the heads",
            feedback="The heads were put together with one token per row, in an array of shape (N, D), and "
            "then brought to (D, N) by `reshape`. But that keeps the numbers in their order and cuts them "
            "into rows of another length, so tokens are mixed up. To make rows into columns is another "
            "operation.",
        ),
        author.misconception(
            "heads along the tokens",
            old="np.vstack(heads)",
            new="np.vstack([each.T for each in heads]).reshape(X.shape[::-1]).T",
            step="concatenation of the heads",
            feedback="The heads, one token per row, were joined along the tokens, to 2N short rows, and "
            "reshaped to N long ones. So a long row consists of two *different* tokens of the same head, "
            "where it should hold the same token's outputs of both heads. Along which axis does a token get "
            "longer?",
        ),
        author.misconception(
            "heads along the tokens, not turned",
            old="np.vstack(heads)",
            new="np.vstack([each.T for each in heads]).reshape(X.shape)",
            step="concatenation of the heads",
            feedback="You join the heads with one token per row, 2N rows in all, and let `reshape` make a "
            "(D, N) matrix of them. The shape is the right one, but entries of tokens and heads end up "
            "anywhere: `reshape` neither transposes nor knows what belongs together. Work with columns from "
            "the start, and no reshaping is needed.",
        ),
        author.misconception(
            "heads added up",
            old="np.vstack(heads)",
            new="np.tile(heads[0] + heads[1], (2, 1))",
            step="concatenation of the heads",
            feedback="The two heads are added before they meet the last matrix, so it cannot tell any more "
            "which head said what. They should keep rows of their own: two matrices of shape (D/H, N), one "
            "below the other, give one of shape (D, N).",
        ),
        author.misconception(
            "heads added up, never combined",
            edits=[("np.vstack(heads)", "heads[0] + heads[1]"), ("omega_c @ all_heads", "all_heads")],
            step="concatenation of the heads",
            feedback="Your result is the sum of the two heads, and so it has only half as many rows as the "
            "tokens. The heads should be stacked, which gives each its own rows, and what combines them is "
            "the matrix that the function gets as its last argument.",
        ),
        author.misconception(
            "heads side by side",
            edits=[("np.vstack(heads)", "np.hstack(heads)"), ("omega_c @ all_heads", "all_heads")],
            step="concatenation of the heads",
            feedback="Your result has half as many rows as it should have and twice as many columns: the "
            "heads stand side by side, as if there were twice as many tokens. Put one on top of the other, "
            "and the last matrix, which is D by D, will fit as well.",
        ),
        author.misconception(
            "only the first head",
            old="np.vstack(heads)",
            new="np.vstack([heads[0], 0 * heads[1]])",
            step="concatenation of the heads",
            feedback="Only the first head reaches your result: the lower half of the stacked matrix is zero, "
            "or only the left half of the last matrix is used. Check that the output of the second head is "
            "computed *and* stored where the two are put together.",
        ),
        author.misconception(
            "only the second head",
            old="np.vstack(heads)",
            new="np.vstack([0 * heads[0], heads[1]])",
            step="concatenation of the heads",
            feedback="Only the second head reaches your result. The output of the first is zero or has been "
            "lost: perhaps a new list or a new matrix is made for every head, where one should be made "
            "before the loop.",
        ),
        author.misconception(
            "first head returned",
            old="return X_prime",
            new="return heads[0]",
            step=["concatenation of the heads", "output projection"],
            feedback="What you return is the output of the first head alone, of shape (D/H, N). The function "
            "ends too early, or returns the wrong name: the second head, the stacking of both, and the last "
            "matrix are still to come. Is a `return` inside the loop over the heads?",
        ),
        author.misconception(
            "second head returned",
            old="return X_prime",
            new="return heads[1]",
            step=["concatenation of the heads", "output projection"],
            feedback="What you return is the output of the second head alone, of shape (D/H, N). Look at the "
            "name after `return`, and at whether the second head has overwritten the first: both have to be "
            "kept, stacked and combined.",
        ),
        # The last matrix
        author.misconception(
            "omega_c applied block by block",
            old="omega_c @ all_heads",
            new="np.vstack([omega_c[: len(head), : len(head)] @ heads[0], omega_c[len(head) :, len(head) :] @ heads[1]])",
            step="output projection",
            feedback="Each head is multiplied with one quarter of the last matrix only, and the two quarters "
            "that would bring one head into the rows of the other are not used. So the heads are not "
            "combined. Stack them first, and multiply the whole matrix with the whole stack.",
        ),
        author.misconception(
            "attention weights returned",
            old="return X_prime",
            new="return weights",
            step=["weighting of the values", "concatenation of the heads", "output projection"],
            feedback="You return the attention weights of the last head, an N by N matrix that says who "
            "looks at whom. What was asked for comes after it: the values, weighted, of both heads, stacked "
            "and combined. Check the name after `return`.",
        ),
        author.misconception(
            "zeros returned",
            old="return X_prime",
            new="return np.zeros_like(X_prime)",
            step="output projection",
            feedback="Your function returns a matrix of zeros. It is of the right shape, so it was probably "
            "prepared for the result and then never filled, or the result went into a variable with another "
            "name. Follow the name after `return` back to where it gets its values.",
        ),
        # Queries, keys and values
        author.misconception(
            "bias of the queries forgotten",
            old=" + beta_q",
            new="",
            step="queries, keys and values",
            feedback="The bias of the queries is missing. Nothing else depends on it, but the scores are "
            "computed from queries that are the bare product of matrix and tokens. Compare your line for Q "
            "with its equation in section 2, in both heads.",
        ),
        author.misconception(
            "queries and values swapped",
            edits=[
                ("omega_q @", "omega_v @"),
                (" + beta_q", " + beta_v"),
                ("omega_v @", "omega_q @"),
                (" + beta_v", " + beta_q"),
            ],
            step="queries, keys and values",
            feedback="Queries and values have changed places: the values are compared with the keys, and the "
            "queries are what you sum up. If you pass the parameters on to a helper, check their order: this "
            "function takes those of the values first, and of the queries second.",
        ),
        author.misconception(
            "parameters in the order q, k, v",
            edits=[
                ("omega_q @", "omega_v @"),
                (" + beta_q", " + beta_v"),
                ("omega_k @", "omega_q @"),
                (" + beta_k", " + beta_q"),
                ("omega_v @", "omega_k @"),
                (" + beta_v", " + beta_k"),
            ],
            step="queries, keys and values",
            feedback="Each set of parameters has ended up one place further on: queries are computed with "
            "those of the values, keys with those of the queries, values with those of the keys. It looks as "
            "if they were read in the order query, key, value. In the function's first line they come in "
            "another one.",
        ),
        author.misconception(
            "keys computed as the queries",
            edits=[("omega_k @", "omega_q @"), (" + beta_k", " + beta_q")],
            step="queries, keys and values",
            feedback="Your queries are compared with queries: every token looks for others that search for "
            "the same as itself. Perhaps a line was copied and one letter left as it was, so that K is "
            "computed with the parameters of Q; or Q stands twice in the matrix of dot products.",
        ),
        author.misconception(
            "queries computed as the keys",
            edits=[("omega_q @", "omega_k @"), (" + beta_q", " + beta_k")],
            step="queries, keys and values",
            feedback="Your keys are compared with keys: the token's own question plays no part. Perhaps a "
            "line was copied and one letter left as it was, so that Q is computed with the parameters of K; "
            "or K stands twice in the matrix of dot products.",
        ),
        author.misconception(
            "keys computed as the values",
            edits=[("omega_k @", "omega_v @"), (" + beta_k", " + beta_v")],
            step="queries, keys and values",
            feedback="Your queries are compared with the values, which then are summed up as well, and the "
            "keys are not used at all. Look for a letter v where there should be a k: in the line that "
            "computes the keys, or in the dot products.",
        ),
        author.misconception(
            "queries computed as the values",
            edits=[("omega_q @", "omega_v @"), (" + beta_q", " + beta_v")],
            step="queries, keys and values",
            feedback="Your keys are compared with the values of the tokens, and nobody's query is used. Look "
            "for a letter v where there should be a q: in the line that computes the queries, or in the dot "
            "products.",
        ),
        # One letter, or a number at its end, left as it was when the second head was made from the first
        author.misconception(
            "second head twice",
            old="(omega_v1, omega_q1, omega_k1, beta_v1, beta_q1, beta_k1)",
            new="(omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2)",
            step="queries, keys and values",
            feedback="Both halves of your stacked matrix are the second head. If the two heads use the same "
            "names for what they compute, the second overwrites what the first has left: the output of each "
            "head has to be kept before the next begins.",
        ),
        author.misconception(
            "weights of head 1 for both heads",
            edits=[
                ("omega_q2, ", "omega_q1, "),
                ("omega_k2, ", "omega_k1, "),
                ("beta_q2, ", "beta_q1, "),
                ("beta_k2)", "beta_k1)"),
            ],
            step="weighting of the values",
            feedback="The second head sums its own values, but with the attention weights of the *first* "
            "head. So both look at the same tokens, and a second head is of little use. Look at the number "
            "at the end of the weights where head 2 is weighted, and of the scores from which they come.",
        ),
        author.misconception(
            "weights of head 2 for both heads",
            edits=[
                ("omega_q1, ", "omega_q2, "),
                ("omega_k1, ", "omega_k2, "),
                ("beta_q1, ", "beta_q2, "),
                ("beta_k1)", "beta_k2)"),
            ],
            step="weighting of the values",
            feedback="The first head sums its own values, but with the attention weights of the *second* "
            "head. Perhaps both heads' weights have the same name, and when the values are summed up it "
            "means the last that was computed. Each head needs its own, at the time when it is used.",
        ),
        author.misconception(
            "values of head 1 in both heads",
            edits=[("omega_v2, ", "omega_v1, "), ("beta_v2, ", "beta_v1, ")],
            step="queries, keys and values",
            feedback="The second head has its own attention weights, but the values that it sums up are "
            "those of the first head. One number at the end of a name was left as it was: look at where V of "
            "the second head is computed, and where it is used.",
        ),
        author.misconception(
            "values of head 2 in both heads",
            edits=[("omega_v1, ", "omega_v2, "), ("beta_v1, ", "beta_v2, ")],
            step="queries, keys and values",
            feedback="The first head has its own attention weights, but the values that it sums up are those "
            "of the second head. Look at the number at the end of V in the first head, or at whether V has "
            "been overwritten before head 1 uses it.",
        ),
        author.misconception(
            "values exchanged between the heads",
            edits=[
                ("omega_v1, ", "omega_v2, "),
                ("beta_v1, ", "beta_v2, "),
                ("omega_v2, ", "omega_v1, "),
                ("beta_v2, ", "beta_v1, "),
            ],
            step="queries, keys and values",
            feedback="Each head sums up the values of the other one: the weights of head 1 meet the values "
            "of head 2, and the weights of head 2 those of head 1. What belongs to one head has to stay "
            "together; compare the numbers at the end of the names in each product.",
        ),
        *(
            author.misconception(
                f"{what} exchanged between the heads",
                edits=[
                    (f"{kind}_{letter}{number}, ", f"{kind}_{letter}{3 - number}, ")
                    for number in (1, 2)
                    for kind in kinds
                ],
                step="queries, keys and values",
                feedback=f"Each head works with the {what} of the other one, so the queries of one head are compared with "
                "the keys of the other. What belongs to one head has to stay together: compare the numbers at the "
                "end of the names in each product.",
            )
            for letter, what, kinds in (("q", "queries", ("omega", "beta")), ("k", "keys", ("omega",)))
        ),
        author.misconception(
            "queries of head 1 in both heads",
            edits=[("omega_q2, ", "omega_q1, "), ("beta_q2, ", "beta_q1, ")],
            step="queries, keys and values",
            feedback="In the second head, the keys are its own, but the queries belong to head 1: both heads "
            "ask the same question. Look for a 1 that should be a 2 where Q of the second head is computed, "
            "and in the dot products of the second head.",
        ),
        author.misconception(
            "keys of head 1 in both heads",
            edits=[("omega_k2, ", "omega_k1, "), ("beta_k2)", "beta_k1)")],
            step="queries, keys and values",
            feedback="In the second head, the queries are its own, but they are compared with the keys of "
            "head 1. Look for a 1 that should be a 2 where K of the second head is computed, and in the dot "
            "products of the second head.",
        ),
        author.misconception(
            "queries of head 2 in both heads",
            edits=[("omega_q1, ", "omega_q2, "), ("beta_q1, ", "beta_q2, ")],
            step="queries, keys and values",
            feedback="The first head asks the question of the second: its keys are its own, its queries are "
            "not. Look for a 2 that should be a 1 in the lines of the first head, or a Q that was "
            "overwritten before it was used.",
        ),
        author.misconception(
            "keys of head 2 in both heads",
            edits=[("omega_k1, ", "omega_k2, "), ("beta_k1)", "beta_k2)")],
            step="queries, keys and values",
            feedback="The first head compares its queries with the keys of the second. Look for a 2 that "
            "should be a 1 in the lines of the first head, or a K that was overwritten before it was used.",
        ),
        *(
            author.misconception(
                f"{name}1 in the second head",
                old=f"{name}2, ",
                new=f"{name}1, ",
                step="queries, keys and values",
                feedback=f"One of the six parameters of the second head is not its own: `{name}1` is used "
                f"where `{name}2` was meant. That happens when the lines of head 1 are copied and the "
                f"numbers are changed by hand. Read the line in which head 2 computes its {what}.",
            )
            for name, what in (
                ("omega_v", "values"),
                ("omega_q", "queries"),
                ("beta_v", "values"),
                ("beta_q", "queries"),
            )
        ),
        # One letter too few changed, in both heads
        *(
            author.misconception(
                f"{kind}_{wrong} for the {what}",
                old=f" + beta_{right}" if kind == "beta" else f"omega_{right} @",
                new=f" + beta_{wrong}" if kind == "beta" else f"omega_{wrong} @",
                step="queries, keys and values",
                feedback=f"In both heads the {what} are computed with `{kind}_{wrong}`, which belongs to the "
                f"{others}. A line was copied, and one letter left as it was. "
                f"Read the line that makes the {what}, letter by letter, against its equation in section 2.",
            )
            for kind in ("omega", "beta")
            for right, what, wrong, others in (
                ("q", "queries", "k", "keys"),
                ("v", "values", "k", "keys"),
                ("v", "values", "q", "queries"),
                ("q", "queries", "v", "values"),
            )
        ),
        *(
            author.misconception(
                name,
                edits=[(f" + beta_{letter}", change.format(letter)) for letter in "qkv"],
                step="queries, keys and values",
                feedback=feedback,
            )
            for name, change, feedback in (
                (
                    "biases subtracted",
                    " - beta_{}",
                    "Your result is what comes out if all biases have the other sign: they are subtracted. In the "
                    "equations of section 2 each bias is added to the product of matrix and tokens. Look at the "
                    "signs in the lines that compute queries, keys and values.",
                ),
                (
                    "biases added twice",
                    " + 2 * beta_{}",
                    "Your result is what comes out if all biases are twice as large. Perhaps they are added once "
                    "where the products are computed and once more later, or a loop adds them again. Each bias "
                    "belongs into its sum once.",
                ),
                (
                    "biases summed to a number",
                    " + np.sum(beta_{})",
                    "Each bias was added up to a single number, which then went into all entries alike. A bias is "
                    "a column with one number for every dimension of the head; it is added to each token's column "
                    "as it is. Look for a sum, or a product with ones, that adds over the wrong axis.",
                ),
                (
                    "only the first number of the biases",
                    " + beta_{}[0]",
                    "Only the first number of each bias is used, and it is added to all entries. A bias is a column "
                    "with one number for every dimension of the head. Look for an index that stays 0 where it "
                    "should go through the rows.",
                ),
            )
        ),
        # More of the softmax
        *(
            author.misconception(
                name, old="softmax_cols(scores)", new=new, step="softmax over the keys", feedback=feedback
            )
            for name, new, feedback in (
                (
                    "shifted exponentials used as weights",
                    "np.exp(scores - np.max(scores, axis=0))",
                    "The largest attention weight of every query is exactly one. The maximum was subtracted and the "
                    "exponential taken, but these numbers are not yet shares: for each query, they have to be "
                    "divided by their sum. A softmax has a numerator and a denominator.",
                ),
                (
                    "later tokens masked",
                    "softmax_cols(np.where(np.triu(np.ones(scores.shape)) == 1, scores, -1e9))",
                    "Your tokens look only at themselves and at those before them: the scores of later ones are "
                    "masked. A model that writes text needs that, but here it was not asked for, and every query "
                    "attends to all keys. Look for a triangle of zeros in your weights.",
                ),
                (
                    "earlier tokens masked",
                    "softmax_cols(np.where(np.tril(np.ones(scores.shape)) == 1, scores, -1e9))",
                    "Your tokens look only at themselves and at those after them: the scores of earlier ones are "
                    "masked. No mask was asked for here: every query attends to all keys. Look for a triangle of "
                    "zeros in your weights.",
                ),
                (
                    "mean of the exponentials as denominator",
                    "softmax_cols(scores) * len(scores)",
                    "For each query your weights sum to the number of tokens, not to one: the exponentials were "
                    "divided by their mean. A mean is already a sum divided by how many there are, and this "
                    "division should not be there.",
                ),
                (
                    "sigmoids used as weights",
                    "1 / (1 + np.exp(-scores))",
                    "Each attention weight is the sigmoid of its score. It lies between 0 and 1, but knows nothing "
                    "of the other tokens, so that the weights of a query do not sum to one. In a softmax the keys "
                    "compete with each other.",
                ),
                (
                    "powers of two in the attention",
                    "softmax_cols(np.log(2) * scores)",
                    "Your weights sum to one, but they are too even: in your softmax there are powers of 2, and not "
                    "of Euler's number e. The exponential function has a base of about 2.718, and in NumPy a name "
                    "of its own.",
                ),
                (
                    "powers of ten in the attention",
                    "softmax_cols(np.log(10) * scores)",
                    "Your weights sum to one, but they are too extreme: in your softmax there are powers of 10, and "
                    "not of Euler's number e. The exponential function has a base of about 2.718, and in NumPy a "
                    "name of its own.",
                ),
                (
                    "softmax over the keys, then over the queries",
                    "softmax_cols(softmax_cols(scores).T).T",
                    "There are two softmaxes in your heads, the second in the other direction. It is given weights "
                    "that lie between 0 and 1, so it makes them nearly even, and the weights with which one query "
                    "attends to all keys do not sum to one any more. One softmax is all that is asked for.",
                ),
                (
                    "softmax over the queries, then over the keys",
                    "softmax_cols(softmax_cols(scores.T).T)",
                    "There are two softmaxes in your heads, and the first runs over the queries. The second gets "
                    "weights that lie between 0 and 1, so it makes them nearly even. One softmax is all that is "
                    "asked for: that over the keys.",
                ),
                (
                    "maximum of each key subtracted",
                    "softmax_cols(scores - np.max(scores, axis=1, keepdims=True))",
                    "Before the exponential you subtract the largest score of each *key*. A softmax stays what it is "
                    "only if all scores of one query lose the same number. Look at the axis along which the "
                    "maximum is taken, and at that of the sum: they have to be the same.",
                ),
            )
        ),
        # More of the scaling
        *(
            author.misconception(
                name, old=" / np.sqrt(Q.shape[0])", new=new, step="scaling", feedback=feedback
            )
            for name, new, feedback in (
                (
                    "divided by half the size of a head",
                    " / (Q.shape[0] / 2)",
                    "You divide by half the size of a head's queries, or a quarter of D. For this notebook's 4 dimensions that is the "
                    "same as the root, so your printed result is right; for 5 or 10 dimensions it is not. Half and "
                    "square root are two things.",
                ),
                (
                    "divided by half the size of a head, rounded down",
                    " / (Q.shape[0] // 2)",
                    "You divide by half the size of a head's queries, as a whole number. For this notebook's 4 "
                    "dimensions that is the same as the root, so your printed result is right; for 5 or 10 "
                    "dimensions it is not. Half and square root are two things.",
                ),
                (
                    "root of the size of the tokens, divided by the heads",
                    " / (np.sqrt(X.shape[0]) / 2)",
                    "You take the root of D and divide it by the number of heads. It is the size of one head's query "
                    "that belongs under the root: first divide, then take the root. So your scores are too large.",
                ),
                (
                    "scaled before and after the softmax",
                    " / np.sqrt(Q.shape[0])\n        V = V / np.sqrt(Q.shape[0])",
                    "Your scores are scaled as they should be, but the division is done once more after the softmax. "
                    "So your weights, which should sum to one for each query, have all become smaller by the same "
                    "factor. Look for a second root below the softmax.",
                ),
                (
                    "scores cut off to whole numbers",
                    " // np.sqrt(Q.shape[0])",
                    "Your scores are whole numbers: a division with `//` cuts off what comes after the point. That "
                    "makes unequal matches equal, and the softmax cannot tell them apart. Which of the two "
                    "operators divides without rounding?",
                ),
                (
                    "scale squared",
                    " / Q.shape[0] ** 2",
                    "You divide by the *square* of a head's size, where its square root was meant, so your scores "
                    "are close to zero and every token attends to all others nearly alike. Look at the exponent, "
                    "or at the name of the function.",
                ),
                (
                    "scaled by a logarithm",
                    " / np.log(Q.shape[0])",
                    "You divide by the logarithm of a head's size. The spread of a dot product does not grow like a "
                    "logarithm, but like another function of the number of products that are added. Look at the "
                    "denominator in the equation of a head.",
                ),
                (
                    "scaled by the spread of the dot products",
                    " / np.std(dot_products)",
                    "You divide the dot products by their own standard deviation. That brings them to the spread that "
                    "the scaling aims at, but the equation uses a fixed number, which follows from the size of a "
                    "head's queries alone and not from the tokens.",
                ),
                (
                    "divided by the length of all queries",
                    " / np.linalg.norm(Q)",
                    "You divide by a norm of the queries, which is a root of a sum of squares: it depends on the numbers "
                    "in them, and on how many tokens there are. The equation has the root of a size: of how many "
                    "numbers one query of a head consists.",
                ),
                *(
                    (
                        f"scaled by half the number of tokens{rounded}",
                        f" / np.sqrt({half})",
                        "Under your root is half the number of tokens. `X.shape` gives D first and N second; with the two "
                        "exchanged, N is halved where D is meant. A dot product is not larger when there are more "
                        "tokens: what is the size of a head's queries?",
                    )
                    for rounded, half in (("", "X.shape[1] / 2"), (", rounded down", "X.shape[1] // 2"))
                ),
                (
                    "root of the size less one",
                    " / np.sqrt(Q.shape[0] - 1)",
                    "Under your root there is one too few: the size of a head's queries, less one. That looks like a "
                    "degree of freedom from statistics, or like an index that starts at 0. The equation has the full "
                    "number of entries.",
                ),
            )
        ),
        *(
            author.misconception(
                name, old="dot_products / np.sqrt(Q.shape[0])", new=new, step="scaling", feedback=feedback
            )
            for name, new, feedback in (
                (
                    "root of the dot products",
                    "np.sqrt(dot_products)",
                    "You take the square root of the dot products themselves. Many of them are negative, and the root of "
                    "those is `nan`, which spreads over the whole result. In the equation, the root is taken of one "
                    "number only: what is it that stands under it?",
                ),
                (
                    "root of the whole fraction",
                    "np.sqrt(dot_products / Q.shape[0])",
                    "Your square root is over the whole fraction, dot products included. Many of them are negative, and "
                    "the root of those is `nan`, which spreads over the whole result. In the equation only the "
                    "denominator is under the root: look at your brackets.",
                ),
            )
        ),
        # More of dot products, weighting, heads and omega_c
        author.misconception(
            "weights and values entry by entry",
            old="V @ weights",
            new="V * weights",
            step="weighting of the values",
            feedback="Values and attention weights are combined entry by entry, which is what `*` does, so their "
            "shapes would have to be the same. An output is a sum over all tokens, each value with its weight: "
            "that is a product of matrices. Which operator is it?",
        ),
        author.misconception(
            "omega_c and heads entry by entry",
            old="omega_c @ all_heads",
            new="omega_c * all_heads",
            step="output projection",
            feedback="The last matrix and the heads are combined entry by entry, which is what `*` does. Their "
            "shapes, (D, D) and (D, N), do not even fit unless N is D. Every entry of the result is a sum over "
            "a row of the matrix: that is a product of matrices. Which operator is it?",
        ),
        author.misconception(
            "keys and queries entry by entry",
            edits=[("K.T @ Q", "K * Q"), ("V @ weights", "V * weights")],
            step="dot products of keys and queries",
            feedback="Keys and queries are multiplied entry by entry, and so are weights and values. So each token "
            "meets only itself. With `*` nothing is added up; what is needed is the product of matrices, in "
            "which every key meets every query.",
        ),
        author.misconception(
            "last value for all tokens",
            old="V @ weights",
            new="V[:, [-1] * X.shape[1]] @ weights",
            step=[*WEIGHTS, "weighting of the values"],
            feedback="In every weighted sum it is always the value of the *last* token that is added, whatever its "
            "weight is the weight of. A variable of an earlier loop keeps its last value: look at the index of the "
            "values inside your sum.",
        ),
        *(
            author.misconception(
                name, old="V @ weights", new=new, step="weighting of the values", feedback=feedback
            )
            for name, new, feedback in (
                (
                    "first token's output for all tokens",
                    "V @ weights[:, [0] * X.shape[1]]",
                    "All columns of your result are equal: they are what the first token should get. Every output "
                    "needs the weights of its own query. If you loop over tokens, look for an index that stays 0 "
                    "while the loop goes on.",
                ),
                (
                    "only the last weighted value",
                    "V[:, -1:] * weights[-1:]",
                    "Each of your outputs is the last value times its weight: what was computed for the tokens before "
                    "is lost. Inside the loop the result is overwritten by each round, where it should grow. Look at "
                    "the sign with which you assign.",
                ),
                (
                    "only the first weighted value",
                    "V[:, :1] * weights[:1]",
                    "Each of your outputs is the first value times its weight: the other tokens never come in. The "
                    "loop over the tokens ends after its first round. Look at how far the line below it is "
                    "indented.",
                ),
                (
                    "values reshaped instead of transposed",
                    "(weights.T @ V.reshape(X.shape[1], -1)).T",
                    "Your values were brought into the shape of rows by `reshape`, but that does not turn a matrix: it "
                    "reads the numbers row by row and cuts them into rows of another length. So each of your new "
                    "rows is a mixture of several values. To exchange rows and columns is another operation.",
                ),
                (
                    "weighted twice",
                    "V @ weights @ weights",
                    "The values are multiplied by the attention weights twice, as if there were two layers with the "
                    "same weights. After the first product each head is done. Look for a product that is repeated, "
                    "or for a result that goes through the same line again.",
                ),
            )
        ),
        author.misconception(
            "softmax after the weighting",
            edits=[("softmax_cols(scores)", "scores"), ("V @ weights", "softmax_cols(V @ weights)")],
            step="softmax over the keys",
            feedback="Your softmax is taken of the weighted values, and the values are weighted with bare scores. So "
            "each head puts out positive numbers that sum to one. It is the *scores* that have to become weights, "
            "before any value is multiplied. In the equation, what stands inside the square brackets?",
        ),
        author.misconception(
            "scores of later tokens set to zero",
            old="softmax_cols(scores)",
            new="softmax_cols(np.triu(scores))",
            step="softmax over the keys",
            feedback="Part of your scores are zero before the softmax: a mask, or a loop that does not reach all pairs. A "
            "score of zero still has a weight, for its exponential is 1. Here nothing is to be masked, and every pair "
            "of tokens has a score.",
        ),
        author.misconception(
            "negative scores set to zero",
            old="softmax_cols(scores)",
            new="np.maximum(scores, 0)",
            step="softmax over the keys",
            feedback="Your weights are the scores, with zero in place of the negative ones. They are positive, but they "
            "do not sum to one. The function of section 1 makes weights of scores: use it.",
        ),
        author.misconception(
            "each head sees one half of the tokens' entries",
            edits=[
                (
                    f"omega_{letter} @ X",
                    f"np.split(omega_{letter}, 2, axis=1)[len(heads)] @ np.split(X, 2)[len(heads)]",
                )
                for letter in "qkv"
            ],
            step="queries, keys and values",
            feedback="You cut the tokens in two, and each head works with one half of their entries. It is not the "
            "tokens that are divided among the heads: each head sees them whole, and its own matrices, which "
            "have half as many rows, make smaller queries, keys and values of them.",
        ),
        author.misconception(
            "softmax of the result",
            old="return X_prime",
            new="return softmax_cols(X_prime)",
            step="output projection",
            feedback="Each column of your result is positive and sums to one: a softmax was taken at the very end. The "
            "heads were combined as they should be, and that is where the function ends. A softmax belongs to the "
            "scores of each head, and nowhere else.",
        ),
        author.misconception(
            "divided by the root of the tokens' size after the softmax",
            edits=[(" / np.sqrt(Q.shape[0])", ""), ("head = V", "head = 1 / np.sqrt(X.shape[0]) * V")],
            step="scaling",
            feedback="You divide by the root of D, the size of a whole token, and you do it after the softmax. There it "
            "makes the weights smaller, so that they do not sum to one any more, and does nothing against extreme "
            "scores. Read the first of the four remarks in section 2, and see where the fraction stands.",
        ),
        *(
            author.misconception(
                f"{what} added to each head",
                old="V @ weights",
                new=f"V @ weights + {letter}",
                step="weighting of the values",
                feedback=f"In each head the {what} are added to the weighted values. Adding something back is what a "
                "residual connection does, but it comes after the attention, with the tokens, and was not asked for "
                "here. See where the equation of a head ends.",
            )
            for what, letter in (("queries", "Q"), ("values", "V"))
        ),
        author.misconception(
            "tokens added before omega_c",
            old="omega_c @ all_heads",
            new="omega_c @ (all_heads + X)",
            step="output projection",
            feedback="The tokens are added to the stacked heads before the last matrix is multiplied. In a transformer "
            "such a residual connection comes after the attention; it is not part of it and was not asked for "
            "here. See what the last equation of section 2 multiplies.",
        ),
        *(
            author.misconception(
                name,
                old="np.vstack(heads)",
                new=f"np.stack(heads).transpose{axes}.reshape(X.shape)",
                step="concatenation of the heads",
                feedback=f"The heads were stacked in a third dimension, and when `reshape` made a matrix of it, {mixed}. "
                "It reads the numbers along the last axis first, and does not know what belongs together. Heads that "
                "are matrices with one column per token need no third dimension: one is put below the other.",
            )
            for name, axes, mixed in (
                (
                    "entries of the heads alternate in each row",
                    "(1, 2, 0)",
                    "the entries of the two heads came to stand next to each other",
                ),
                (
                    "tokens first, heads last, reshaped",
                    "(2, 1, 0)",
                    "entries of tokens and heads were mixed up",
                ),
            )
        ),
        author.misconception(
            "one half of omega_c for both heads",
            old="np.vstack(heads)",
            new="np.vstack([heads[0] + heads[1], 0 * heads[1]])",
            step="output projection",
            feedback="Both heads are multiplied by the left half of the last matrix, and the right half is not used. "
            "Its first columns belong to the rows of head 1, and those after them to the rows of head 2. Look at "
            "the second of your two slices.",
        ),
        author.misconception(
            "heads averaged, never combined",
            edits=[("np.vstack(heads)", "(heads[0] + heads[1]) / 2"), ("omega_c @ all_heads", "all_heads")],
            step="concatenation of the heads",
            feedback="Your result is the mean of the two heads, and so it has only half as many rows as the tokens. The "
            "heads should be stacked, which gives each its own rows, and what combines them is the matrix that the "
            "function gets as its last argument.",
        ),
        author.misconception(
            "heads averaged",
            old="np.vstack(heads)",
            new="np.tile((heads[0] + heads[1]) / 2, (2, 1))",
            step="concatenation of the heads",
            feedback="The mean of the two heads stands in both halves of your matrix, so nothing can tell any more "
            "which head said what. They should keep rows of their own: two matrices of shape (D/H, N), one below "
            "the other, give one of shape (D, N).",
        ),
        author.misconception(
            "one large head",
            edits=[
                ("heads = []", "heads, values, maps = [], [], []"),
                (
                    "heads.append(head)",
                    "heads.append(head)\n        values.append(V)\n        maps.append(scores)",
                ),
                ("np.vstack(heads)", "np.vstack(values) @ softmax_cols((maps[0] + maps[1]) / np.sqrt(2))"),
            ],
            step="dot products of keys and queries",
            feedback="Queries, keys and values of both heads were stacked before the dot products, so you have one "
            "large head of size D with a single attention. Each head has to compare its own keys and queries "
            "and to weight its own values; only the outputs are stacked.",
        ),
        author.misconception(
            "one softmax for both heads",
            edits=[
                ("heads = []", "heads, values, maps = [], [], []"),
                (
                    "heads.append(head)",
                    "heads.append(head)\n        values.append(V)\n        maps.append(scores)",
                ),
                (
                    "np.vstack(heads)",
                    "np.vstack([value @ weights for value, weights in zip(values, "
                    "np.split(softmax_cols(np.vstack(maps)), 2))])",
                ),
            ],
            step="softmax over the keys",
            feedback="The scores of both heads went into one softmax, so the heads compete for attention: what one "
            "gives to a token is taken from the other. Each head shares out a weight of one by itself. Stack the "
            "heads later, not their scores.",
        ),
        author.misconception(
            "rows multiplied by omega_c",
            old="omega_c @ all_heads",
            new="all_heads.T @ omega_c",
            step="output projection",
            feedback="At the end you follow the convention for tokens that are rows: they "
            "stand to the left of the last matrix, and the result has one token per row. Here tokens are columns "
            "from beginning to end, and matrices are multiplied to their left.",
        ),
        author.misconception(
            "omega_c applied twice",
            old="omega_c @ all_heads",
            new="omega_c @ (omega_c @ all_heads)",
            step="output projection",
            feedback="The last matrix was multiplied twice, and once is enough; look "
            "for a second one, perhaps in the line with the `return`.",
        ),
        author.misconception(
            "only the diagonal of omega_c",
            old="omega_c @ all_heads",
            new="np.diag(omega_c)[:, np.newaxis] * all_heads",
            step="output projection",
            feedback="Only the diagonal of the last matrix is used: each row of the stacked heads is multiplied by "
            "one number, and no row gets anything of the others. So the heads are not combined. A product of "
            "matrices adds over all rows; one entry by entry does not.",
        ),
        author.misconception(
            "only the first row filled",
            old="return X_prime",
            new="return X_prime * (np.arange(len(X)) == 0)[:, np.newaxis]",
            step="output projection",
            feedback="All rows of your result but the first are zero. A loop over the rows ends after "
            "its first round: a `return` or `break` stands inside it, one step too far to the right.",
        ),
        author.misconception(
            "omegas of head 1 for both",
            edits=[("omega_v2, ", "omega_v1, "), ("omega_q2, ", "omega_q1, "), ("omega_k2, ", "omega_k1, ")],
            step="queries, keys and values",
            feedback="The second head has biases of its own, but the three matrices of head 1. Its lines were copied "
            "from the first head, and the numbers changed in the biases only. Look at the end of each name in the "
            "lines for head 2.",
        ),
        author.misconception(
            "omegas of head 2 for both",
            edits=[("omega_v1, ", "omega_v2, "), ("omega_q1, ", "omega_q2, "), ("omega_k1, ", "omega_k2, ")],
            step="queries, keys and values",
            feedback="The first head has biases of its own, but the three matrices of head 2. Look at the number at the "
            "end of each name in the lines for head 1, and at whether a name is used again before its value has "
            "been used.",
        ),
        author.misconception(
            "biases of head 1 for both",
            edits=[("beta_v2, ", "beta_v1, "), ("beta_q2, ", "beta_q1, "), ("beta_k2)", "beta_k1)")],
            step="queries, keys and values",
            feedback="The second head has matrices of its own, but the biases of head 1. Its lines were copied from "
            "the first head, and the numbers changed in the matrices only. Look at the end of each name in the "
            "lines for head 2.",
        ),
        author.misconception(
            "biases of head 2 for both",
            edits=[("beta_v1, ", "beta_v2, "), ("beta_q1, ", "beta_q2, "), ("beta_k1)", "beta_k2)")],
            step="queries, keys and values",
            feedback="The first head has matrices of its own, but the biases of head 2. Look at the number at the end "
            "of each name in the lines for head 1, and at whether a name is used again before its value has been "
            "used.",
        ),
        # What was done in one head and not in the other
        *(
            author.misconception(
                f"{name} in head {number} only",
                old=old,
                new=new.format("heads" if number == 2 else "not heads"),
                step=step,
                feedback=f"In head {number} alone, not in head {3 - number}: {feedback} Compare the lines "
                "of the two heads: apart from the numbers at the end of the names they should be the same.",
            )
            for name, old, new, step, feedback in (
                (
                    "weights transposed",
                    " @ weights",
                    " @ (weights.T if {} else weights)",
                    "weighting of the values",
                    "there the attention weights meet the values the wrong way round.",
                ),
                (
                    "softmax over the queries",
                    "softmax_cols(scores)",
                    "(softmax_cols(scores.T).T if {} else softmax_cols(scores))",
                    "softmax over the keys",
                    "there the softmax runs over the queries, where it should run over the keys.",
                ),
                (
                    "dot products the other way round",
                    "K.T @ Q",
                    "(Q.T @ K if {} else K.T @ Q)",
                    "dot products of keys and queries",
                    "there queries and keys have changed places in the dot products.",
                ),
                (
                    "not scaled",
                    " / np.sqrt(Q.shape[0])",
                    " / (1 if {} else np.sqrt(Q.shape[0]))",
                    "scaling",
                    "there the dot products go into the softmax as they are, and are not scaled.",
                ),
                (
                    "scores used as weights",
                    "softmax_cols(scores)",
                    "(scores if {} else softmax_cols(scores))",
                    "softmax over the keys",
                    "there the scores themselves weight the values, and no softmax is taken.",
                ),
                (
                    "scaled by the size of the tokens",
                    "np.sqrt(Q.shape[0])",
                    "np.sqrt((X if {} else Q).shape[0])",
                    "scaling",
                    "there the size under the root is that of a whole token.",
                ),
            )
            for number in (2, 1)
        ),
        *(
            author.misconception(
                f"{name}2 in the first head",
                old=f"{name}1, ",
                new=f"{name}2, ",
                step="queries, keys and values",
                feedback=f"One of the six parameters of the first head is not its own: `{name}2` is used where "
                f"`{name}1` was meant. Read the line in which head 1 computes its {what}, and look at the numbers "
                "at the end of the names.",
            )
            for name, what in (
                ("omega_v", "values"),
                ("omega_q", "queries"),
                ("beta_v", "values"),
                ("beta_q", "queries"),
            )
        ),
        *(
            author.misconception(
                f"{kind}_{wrong}{number} for the {what} of head {number}",
                old=f"{kind}_{right}{number}, ",
                new=f"{kind}_{wrong}{number}, ",
                step="queries, keys and values",
                feedback=f"In head {number} the {what} are computed with `{kind}_{wrong}{number}`: one letter was left as "
                f"it was when a line was copied. Read the line that makes the {what} of "
                f"head {number}, letter by letter.",
            )
            for kind, right, what, wrong in (
                ("omega", "v", "values", "q"),
                ("omega", "v", "values", "k"),
                ("omega", "q", "queries", "k"),
                ("omega", "q", "queries", "v"),
                ("omega", "k", "keys", "q"),
                ("omega", "k", "keys", "v"),
                ("beta", "v", "values", "q"),
                ("beta", "v", "values", "k"),
                ("beta", "q", "queries", "k"),
                ("beta", "q", "queries", "v"),
            )
            for number in (2, 1)
        ),
        author.misconception(
            "tokens split instead of projected",
            edits=[
                (
                    f"omega_{letter} @ X + beta_{letter}",
                    f"(X[len(omega_{letter}) :] if heads else X[: len(omega_{letter})])",
                )
                for letter in "qkv"
            ],
            step="queries, keys and values",
            feedback="Each head takes a half of the rows of the tokens as its queries, keys and values, all three the "
            "same. But each of them is a product of a matrix with *whole* tokens, plus a bias. See the first "
            "equations of section 2: the parameters that they need are arguments of the function.",
        ),
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
    hints=[
        r"""
        There is nothing new to compute: your function does all of it. It only has to be called, with what this
        notebook defines. How many arguments does it take, and in which order?
        """,
        r"""
        The first line of your function is the list to follow: the tokens first, then six parameters of head 1,
        then the same six of head 2, and last of all the matrix that combines the heads. Within a head, the
        matrices come before the biases, and both begin with those of the *values*. This notebook's variables have
        the same names.

        NumPy cannot warn you of a swap, since the parameters of queries, keys and values have the same shapes. So
        compare name by name, and check the 1 or 2 at the end of each.
        """,
        r"""
        A small function with the same trap:

            def less(a, b):
                return a - b

            less(5, 3)      # is 2
            less(3, 5)      # is -2
            less(b=3, a=5)  # is 2

        It is the *place* of an argument that counts, whatever it is called outside: there is no error for 5 and 3
        in the wrong places, only another result. If you write the names, as in the last line, the order does not
        matter any more, and a missing one is easy to see.
        """,
    ],
    cases=[
        author.case("the true values", hidden=False, variable="X_prime", expected=TRUE_VALUES),
        author.case("other tokens", hidden=True, variable="X_prime", data=OTHER_NUMBERS, decimals=3),
    ],
    misconceptions=[
        author.misconception(
            "head 1 passed twice",
            edits=[
                (f"    {name}2,", f"    {name}1,")
                for name in ("omega_v", "omega_q", "omega_k", "beta_v", "beta_q", "beta_k")
            ],
            step="the result for the notebook's tokens",
            feedback="`X_prime` is what your function gives if both heads get the parameters of head 1. In "
            "the call, look at the numbers at the end of the names: there should be six with a 1, and then "
            "six with a 2.",
        ),
        author.misconception(
            "heads passed in reversed order",
            edits=[
                (f"    {name}{number},", f"    {name}{3 - number},")
                for name in ("omega_v", "omega_q", "omega_k", "beta_v", "beta_q", "beta_k")
                for number in (1, 2)
            ],
            step="the result for the notebook's tokens",
            feedback="`X_prime` is what comes out if the two heads change places in the call: head 2 is "
            "passed first. The last matrix expects the outputs of head 1 in the upper rows. Compare the "
            "order of your arguments with the first line of the function.",
        ),
        author.misconception(
            "arguments in the order q, k, v",
            edits=[
                (f"    {kind}_{letter}{number},", f"    {kind}_{other}{number},")
                for kind in ("omega", "beta")
                for letter, other in (("v", "q"), ("q", "k"), ("k", "v"))
                for number in (1, 2)
            ],
            step="the result for the notebook's tokens",
            feedback="`X_prime` is what comes out if parameters are passed in the order query, key, value. "
            "The function takes them in another order, which its first line tells, and it cannot see that it "
            "got the wrong ones, since they have the same shapes.",
        ),
        author.misconception(
            "keys and values swapped in the call",
            edits=[
                (f"    {kind}_{letter}{number},", f"    {kind}_{other}{number},")
                for kind in ("omega", "beta")
                for letter, other in (("v", "k"), ("k", "v"))
                for number in (1, 2)
            ],
            step="the result for the notebook's tokens",
            feedback="In the call, the parameters of keys and values have changed places. Both have the same "
            "shapes, so there is no error, but the wrong things are compared and summed up. Hold the order "
            "of your arguments against the first line of the function.",
        ),
        author.misconception(
            "queries and keys swapped in the call",
            edits=[
                (f"    {kind}_{letter}{number},", f"    {kind}_{other}{number},")
                for kind in ("omega", "beta")
                for letter, other in (("q", "k"), ("k", "q"))
                for number in (1, 2)
            ],
            step="the result for the notebook's tokens",
            feedback="In the call, the parameters of queries and keys have changed places, so that tokens "
            "are found by what they look for and search for what they offer. Hold the order of your "
            "arguments against the first line of the function.",
        ),
        author.misconception(
            "the true values transposed",
            old="omega_c,\n)",
            new="omega_c,\n).T",
            step="the result for the notebook's tokens",
            feedback="`X_prime` lies on its side: its shape is (N, D). The true "
            "values have one token in each column. Look at what happens to the result after your function "
            "has returned it.",
        ),
        author.misconception(
            "matrices in the order q, k, v",
            edits=[
                (f"    omega_{letter}{number},", f"    omega_{other}{number},")
                for letter, other in (("v", "q"), ("q", "k"), ("k", "v"))
                for number in (1, 2)
            ],
            step="the result for the notebook's tokens",
            feedback="In the call, the matrices are passed in the order query, key, value, while the biases stand "
            "in the right one. The function cannot see that it got the wrong matrices, since they have the same "
            "shapes. Hold the order of your arguments against its first line.",
        ),
        author.misconception(
            "omega_c transposed in the call",
            old="omega_c,\n)",
            new="omega_c.T,\n)",
            step="the result for the notebook's tokens",
            feedback="`X_prime` is what comes out if the last matrix is transposed before it is passed on. It is "
            "square, so nothing stops you. The function takes it as it is: look at the last argument of the call.",
        ),
        author.misconception(
            "tokens added to the function's result",
            old="omega_c,\n)",
            new="omega_c,\n)\nX_prime = X + X_prime",
            step="the result for the notebook's tokens",
            feedback="`X_prime` is the result of your function with the tokens added to it. Such a residual "
            "connection comes after the attention in a transformer, but the true values are those without it. "
            "Look at what happens to the result once your function has returned it.",
        ),
        author.misconception(
            "function applied twice",
            old="omega_c,\n)",
            new="omega_c,\n)\nX_prime = multihead_scaled_self_attention(X_prime, omega_v1, omega_q1, omega_k1, "
            "beta_v1, beta_q1, beta_k1, omega_v2, omega_q2, omega_k2, beta_v2, beta_q2, beta_k2, omega_c)",
            step="the result for the notebook's tokens",
            feedback="`X_prime` is what comes out if your function is applied to its own result, as if there were "
            "two layers. Perhaps you overwrote the tokens, or ran a cell twice. Restart the notebook and look at "
            "the first argument of the call.",
        ),
        author.misconception(
            "tokens as the result",
            old="omega_c,\n)",
            new="omega_c,\n)\nX_prime = X",
            step="the result for the notebook's tokens",
            feedback="`X_prime` is the matrix of the tokens itself: your function was not applied to it, or what it "
            "returned was put somewhere else. Look at the last line that gives `X_prime` a value.",
        ),
        author.misconception(
            "result rounded",
            old="omega_c,\n)",
            new="omega_c,\n).round(2)",
            step="the result for the notebook's tokens",
            feedback="`X_prime` has the right numbers, rounded to two decimals. The notebook prints three, but it "
            "keeps all digits, and so should you: later computations need them. Look for a rounding after the "
            "call.",
        ),
        *(
            author.misconception(
                f"{name}{number} passed to both heads",
                old=f"    {name}{3 - number},",
                new=f"    {name}{number},",
                step="the result for the notebook's tokens",
                feedback=f"In the call, `{name}{number}` is passed twice, once where `{name}{3 - number}` belongs. That "
                "happens when a line is copied and the numbers are changed by hand. Go through the arguments: six "
                "of them end with a 1, and then six with a 2.",
            )
            for number in (1, 2)
            for name in ("omega_v", "omega_q", "omega_k", "beta_v", "beta_q")
        ),
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
