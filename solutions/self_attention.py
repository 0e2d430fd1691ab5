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
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too: take
# all that a function needs from its arguments, and leave these as they are: change copies.

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
def projection_misconceptions(name, part, letter):
    """Return the mistakes that can be made with the queries, with the keys or with the values."""
    omega, beta = f"omega_{letter}", f"beta_{letter}"
    parts = {"q": "queries", "k": "keys", "v": "values"}
    others = [(other, parts[other]) for other in parts if other != letter]
    return [
        author.misconception(
            f"bias of each {name} forgotten",
            old=f" + {beta}",
            new="",
            step=part,
            feedback=f"Your {part} are all off by the same column of numbers: the bias is missing. In the "
            f"equation each {name} is a sum of two terms, and the second one, the beta, is added to every "
            "token's product.",
        ),
        author.misconception(
            f"matrix of each {name} transposed",
            old=f"{omega} @",
            new=f"{omega}.T @",
            step=part,
            feedback=f"The matrix of the {part} is turned: its rows and columns have changed places. Tokens "
            "are columns here, and the matrix stands to their left as it is. A transpose too many does "
            "this, and so does writing the token first, as a row.",
        ),
        author.misconception(
            f"{part} multiplied entry by entry",
            old=f"{omega} @ x",
            new=f"{omega} * x",
            step=part,
            feedback=f"Each {name} should be a column of D numbers, and yours is a D by D matrix: `*` "
            "multiplies entry by entry, and NumPy repeats the token for every column of the matrix. The "
            "product of a matrix and a vector, which sums along the rows, is another operator.",
        ),
        author.misconception(
            f"bias of the {part} added as a row",
            old=f"+ {beta}",
            new=f"+ {beta}.T",
            step=part,
            feedback=f"Each {name} should be a column of D numbers, and yours is a D by D matrix. A column "
            "plus a row is a whole table in NumPy: every entry of the one with every entry of the other. "
            f"Print the shapes of the product and of the bias in your line for the {part}.",
        ),
        author.misconception(
            f"{part} flattened before adding the bias",
            edits=[(f"{omega} @ x", f"np.ravel({omega} @ x)")],
            step=part,
            feedback=f"Each {name} has become a D by D matrix. The product has shape `(D,)`, which NumPy "
            "takes for a row, and the bias is a column, so that every entry meets every other. Keep the "
            f"tokens as columns of shape `(D, 1)`, without flattening, and the {part} will be columns as "
            "well.",
        ),
        author.misconception(
            f"{part} as rows, bias as a column",
            old=f"{omega} @ x",
            new=f"x.T @ {omega}",
            step=part,
            feedback=f"Each {name} is a D by D matrix: you make the token a row, multiply it with the matrix "
            "from the left, and add the bias, which is a column. Row and column together fill a table. "
            "Leave the token as it is; in the equation it stands to the right of the matrix.",
        ),
        author.misconception(
            f"bias added to the token for the {part}",
            old=f"x + {beta}",
            new=f"(x + {beta})",
            step=part,
            feedback=f"In your {part}, the bias is added to the token first, and the sum is then multiplied "
            "with the matrix. But the bias belongs to what comes out of the product. Look at your brackets, "
            "and at what the equation does first.",
        ),
        author.misconception(
            f"{part} of the last token only",
            old=f"{omega} @ x",
            new=f"{omega} @ all_x[-1]",
            step=part,
            feedback=f"All your {part} are equal: they are those of the last token. The loop gives you a "
            f"token in each round, but your line for the {name} uses one that does not change with it, "
            "perhaps through an index that an earlier loop has left behind.",
        ),
        author.misconception(
            f"{part} of the first token only",
            old=f"{omega} @ x",
            new=f"{omega} @ all_x[0]",
            step=part,
            feedback=f"All your {part} are equal: they are those of the first token. In your line for the "
            f"{name} stands a token with a fixed number, where it should be the one that the loop has come "
            "to.",
        ),
        author.misconception(
            f"only one of the {part} kept",
            old=f"all_{part}.append({name})",
            new=f"all_{part}[:] = [{name}]",
            step=part,
            feedback=f"Your list of {part} has one item, that of the last token. The others were computed, "
            f"but not kept: either the list is filled after the loop, when only the last {name} is left, or "
            "it is made anew in every round. What is to happen for each token has to be indented as the "
            "body of the loop.",
        ),
        author.misconception(
            f"{part} are the tokens",
            edits=[(f"{omega} @ x + {beta}", "x")],
            step=part,
            feedback=f"Your {part} are the tokens themselves: nothing has been done to them. Each part that "
            f"a token plays has a matrix and a bias of its own, which turn the token into a {name}; neither "
            "of them is used in what you put into the list.",
        ),
        *(
            author.misconception(
                f"each {name} computed as the {other_part}",
                edits=[(f"{omega} @", f"omega_{other} @"), (f"+ {beta}", f"+ beta_{other}")],
                step=part,
                feedback=f"What your list of {part} holds are the {other_part}. A line that is copied from "
                "another one has to be changed in every place: matrix, bias and the name on its left. Or "
                "the right numbers were put into the wrong list: look at the end of the loop as well.",
            )
            for other, other_part in others
        ),
        *(
            author.misconception(
                f"{part} with the matrix of the {other_part}",
                old=f"{omega} @",
                new=f"omega_{other} @",
                step=part,
                feedback=f"Your {part} have their own bias, but the matrix of the {other_part}. One letter "
                f"was left as it was, perhaps when a line was copied: read the line in which the {name} is "
                "computed from left to right, and look at the letter at the end of each name.",
            )
            for other, other_part in others
        ),
        *(
            author.misconception(
                f"{part} with the bias of the {other_part}",
                old=f"+ {beta}",
                new=f"+ beta_{other}",
                step=part,
                feedback=f"Your {part} have their own matrix, but the bias of the {other_part}, so all of "
                "them are off by the same vector. Look at the letter at the end of the second term in your "
                f"line for the {name}.",
            )
            for other, other_part in others
        ),
    ]


PARTS = (("query", "queries", "q"), ("key", "keys", "k"), ("value", "values", "v"))
ALL_PARTS = tuple(part for _, part, _ in PARTS)


def misconceptions_of_all_parts():
    """Return the mistakes that are made in the same way with queries, keys and values."""
    return [
        author.misconception(
            "no bias added to any part",
            edits=[(f" + beta_{letter}", "") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="Queries, keys and values are all off, each by the same column of numbers for all tokens: "
            "no bias is added. In each of the three equations there are two terms, and the beta is "
            "one of them.",
        ),
        author.misconception(
            "all matrices transposed",
            edits=[(f"omega_{letter} @", f"omega_{letter}.T @") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="All three matrices are turned: their rows and columns have changed places. That comes "
            "out if the tokens are written first, as rows, or if a transpose is added to make shapes "
            "fit. Here tokens are columns, and each matrix stands to the left of its token, as it is.",
        ),
        author.misconception(
            "all biases subtracted",
            edits=[(f"+ beta_{letter}", f"- beta_{letter}") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="In queries, keys and values the bias has the wrong sign: it is subtracted. All your "
            "numbers are off by twice a bias. See which sign stands between the two terms of the "
            "equations.",
        ),
        author.misconception(
            "all biases added twice",
            edits=[(f"+ beta_{letter}", f"+ 2 * beta_{letter}") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="All your numbers are off by one bias: each of the three is added twice. Is one added "
            "where the product is computed, and once more where the result goes into the list?",
        ),
        author.misconception(
            "all products entry by entry",
            edits=[(f"omega_{letter} @ x", f"omega_{letter} * x") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="Each query, key and value should be a column of D numbers, and yours is a D by D matrix: "
            "`*` multiplies entry by entry, and NumPy repeats the token for every column of the "
            "matrix. The product of a matrix and a vector, which sums along the rows, is another "
            "operator.",
        ),
        author.misconception(
            "all biases added as rows",
            edits=[(f"+ beta_{letter}", f"+ beta_{letter}.T") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="Each query, key and value should be a column of D numbers, and yours is a D by D matrix. "
            "A column and a row have been added, and in NumPy that is a whole table: every entry of "
            "the one with every entry of the other. Print the shapes of the product and of the bias: "
            "both should be `(D, 1)`.",
        ),
        author.misconception(
            "all products flattened before adding the bias",
            edits=[(f"omega_{letter} @ x", f"np.ravel(omega_{letter} @ x)") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="Each query, key and value has become a D by D matrix. The product has shape `(D,)`, "
            "which NumPy takes for a row, and the bias is a column, so that every entry meets every "
            "other. Keep the tokens as columns of shape `(D, 1)`, without flattening.",
        ),
        author.misconception(
            "all parts as rows, biases as columns",
            edits=[(f"omega_{letter} @ x", f"x.T @ omega_{letter}") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="Each query, key and value is a D by D matrix: you make the token a row, and add the "
            "bias, which is a column. Row and column together fill a table. Leave the token as it is; "
            "in the equations it stands to the right of the matrix.",
        ),
        author.misconception(
            "biases added to the tokens for all parts",
            edits=[(f"x + beta_{letter}", f"(x + beta_{letter})") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="In all three lines the bias is added to the token first, and the sum is then multiplied "
            "with the matrix. But the bias belongs to what comes out of the product. Look at your "
            "brackets, and at what the equations do first.",
        ),
        author.misconception(
            "all parts of the last token only",
            edits=[(f"omega_{letter} @ x", f"omega_{letter} @ all_x[-1]") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="All your queries are equal, and so are keys and values: they are those of the last "
            "token. The token that you use does not change with the loop. Perhaps its name, or its "
            "index, was left over from an earlier loop.",
        ),
        author.misconception(
            "all parts of the first token only",
            edits=[(f"omega_{letter} @ x", f"omega_{letter} @ all_x[0]") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="All your queries are equal, and so are keys and values: they are those of the first "
            "token. In your three lines stands a token with a fixed number, where it should be the "
            "one that the loop has come to.",
        ),
        author.misconception(
            "only the last token in all lists",
            edits=[
                (f"all_{part}.append({name})", f"all_{part}[:] = [{name}]") for name, part, letter in PARTS
            ],
            step=ALL_PARTS,
            feedback="Your three lists have one item each, that of the last token. The others were computed, "
            "but not kept: the lists are filled after the loop, or made anew in every round. What is "
            "to happen for each token has to be indented as the body of the loop.",
        ),
        author.misconception(
            "only the first token in all lists",
            edits=[
                (f"all_{part}.append({name})", f"all_{part}.extend([{name}][len(all_{part}) :])")
                for name, part, letter in PARTS
            ],
            step=ALL_PARTS,
            feedback="Your three lists have one item each, that of the first token. The loop over the tokens "
            "is left after one round, or there is none: look for a `break`, and for a token with a "
            "fixed number.",
        ),
        author.misconception(
            "tokens in all three lists",
            edits=[(f"omega_{letter} @ x + beta_{letter}", "x") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="Queries, keys and values are all the tokens themselves: nothing has been done to them. "
            "Each part that a token plays has a matrix and a bias of its own, and none of the six is "
            "used. What goes into the lists is to be computed first.",
        ),
        author.misconception(
            "entries instead of columns in the lists",
            edits=[(f"all_{part}.append", f"all_{part}.extend") for name, part, letter in PARTS],
            step=ALL_PARTS,
            feedback="Your lists are too long: they hold the single entries of the vectors, and not one column "
            "for each token. `+=` and `extend` take a thing apart and add its pieces to a list. To "
            "add it as one item there is another method.",
        ),
        author.misconception(
            "tokens in reversed order",
            edits=[("for x in all_x:", "for x in all_x[::-1]:")],
            step=ALL_PARTS,
            feedback="All three lists are in the wrong order: the first item belongs to the last token. Either "
            "the loop runs backwards, or what is computed is put in front of the list instead of "
            "behind it.",
        ),
        author.misconception(
            "keys and values in each other's list",
            edits=[
                ("all_keys.append(key)", "all_keys.append(value)"),
                ("all_values.append(value)", "all_values.append(key)"),
            ],
            step=("keys", "values"),
            feedback="All vectors are right, but keys and values have changed places: each stands in the list "
            "of the other. Look at the end of the loop, and at the letters in the lines that compute "
            "the two.",
        ),
        author.misconception(
            "queries and keys in each other's list",
            edits=[
                ("all_queries.append(query)", "all_queries.append(key)"),
                ("all_keys.append(key)", "all_keys.append(query)"),
            ],
            step=("queries", "keys"),
            feedback="All vectors are right, but queries and keys have changed places: each stands in the list "
            "of the other. Look at the end of the loop, and at the letters in the lines that compute "
            "the two.",
        ),
        author.misconception(
            "queries and values in each other's list",
            edits=[
                ("all_queries.append(query)", "all_queries.append(value)"),
                ("all_values.append(value)", "all_values.append(query)"),
            ],
            step=("queries", "values"),
            feedback="All vectors are right, but queries and values have changed places: each stands in the "
            "list of the other. Look at the end of the loop, and at the letters in the lines that "
            "compute the two.",
        ),
        author.misconception(
            "queries in all three lists",
            edits=[
                ("all_keys.append(key)", "all_keys.append(query)"),
                ("all_values.append(value)", "all_values.append(query)"),
            ],
            step=("keys", "values"),
            feedback="All three of your lists hold the queries. A line that is copied has to be changed in "
            "every place: matrix, bias, and the name on its left. Or keys and values are computed, "
            "but do not get into their lists: look at the end of the loop as well.",
        ),
        author.misconception(
            "keys made of queries, values of keys",
            edits=[("omega_k @ x", "omega_k @ query"), ("omega_v @ x", "omega_v @ key")],
            step=ALL_PARTS,
            feedback="Your queries are right, but the keys are made of the queries, and the values of the "
            "keys. The three do not follow one another: each is made of the token. Look at what "
            "stands behind the matrix in each line, and whether a variable is overwritten in between.",
        ),
        author.misconception(
            "keys and values made of queries",
            edits=[("omega_k @ x", "omega_k @ query"), ("omega_v @ x", "omega_v @ query")],
            step=ALL_PARTS,
            feedback="Your queries are right, but keys and values are made of the queries, and not of the "
            "tokens. Perhaps a variable with the token in it was overwritten by the first line. Look "
            "at what stands behind the matrix in each of the three.",
        ),
        author.misconception(
            "same list for all three",
            edits=[
                ("all_keys = []", "all_keys = all_queries"),
                ("all_values = []", "all_values = all_queries"),
            ],
            step=ALL_PARTS,
            feedback="Your three lists are one and the same: it has queries, keys and values of all tokens, "
            "one after the other. With several `=` in one line, all names belong to one list. Each "
            "name needs a list of its own, made by a pair of brackets of its own.",
        ),
        author.misconception(
            "lists one place off",
            edits=[
                ("all_queries.append(query)", "all_queries.append(key)"),
                ("all_keys.append(key)", "all_keys.append(value)"),
                ("all_values.append(value)", "all_values.append(query)"),
            ],
            step=ALL_PARTS,
            feedback="All vectors are right, but each is in the wrong list: the keys stand among the queries, "
            "the values among the keys, and the queries among the values. Look at the letters in your "
            "three lines, or at the end of the loop.",
        ),
        author.misconception(
            "all tokens at once in every round",
            edits=[(f"omega_{letter} @ x", f"omega_{letter} @ np.array(all_x)") for letter in "qkv"],
            step=ALL_PARTS,
            feedback="Each item of your lists holds the vectors of all tokens, where it should hold one. The loop "
            "gives you a single token in each round, and you use the list of all of them instead: look "
            "at what the matrices are multiplied with.",
        ),
        author.misconception(
            "lists one place off, the other way",
            edits=[
                ("all_queries.append(query)", "all_queries.append(value)"),
                ("all_keys.append(key)", "all_keys.append(query)"),
                ("all_values.append(value)", "all_values.append(key)"),
            ],
            step=ALL_PARTS,
            feedback="All vectors are right, but each is in the wrong list: the values stand among the "
            "queries, the queries among the keys, and the keys among the values. Parameters that are "
            "taken in the order v, q, k where q, k, v is meant do this; look at the letters in your "
            "three lines.",
        ),
    ]


# %%
author.question(
    "queries_keys_values",
    vector=True,
    steps=[author.step("queries", 1), author.step("keys", 1), author.step("values", 1)],
    hints=[
        r"""
        Queries, keys and values all come about in the same way, from the same token. What differs is only which
        parameters take part. Six of them are defined in the cell above this section: in the three lines, each is
        used once.
        """,
        r"""
        Read the first equation of section 1 from right to left: a matrix $\boldsymbol\Omega_q$ meets the token
        $\mathbf{x}_n$, and the bias $\boldsymbol\beta_q$ is added to what comes out. The first of these is a
        *matrix product*, a row of the matrix times the column, summed up; it is not a product entry by entry.
        Inside the loop, the token is called `x`. What comes out has the shape `(D, 1)`, like the token: print the
        shape of your first query.
        """,
        r"""
        A token with two entries, and a matrix and a bias that fit it:

            matrix    1   2
                      0   3
            token     1
                     -1
            product  -1
                     -3
            bias      5
                      1
            query     4
                     -2

        The first entry of the product is the first row of the matrix times the token: 1 times 1, plus 2 times -1.
        The query has the shape (2, 1), as the token has. If you get a square matrix instead, you have multiplied
        entry by entry.
        """,
    ],
    cases=[
        author.case(
            f"{part} of {whose}", hidden=data is not None, variable=f"all_{part}", data=data, steps=[part]
        )
        for part in ("queries", "keys", "values")
        for whose, data in (("the notebook's tokens", None), ("other tokens", OTHER_NUMBERS))
    ],
    misconceptions=[
        *(mistake for part in PARTS for mistake in projection_misconceptions(*part)),
        *misconceptions_of_all_parts(),
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
    hints=[
        r"""
        The scores can be negative, and the weights must not be; the weights have to sum to one, and the scores
        need not. Two things are to be done, then, one after the other: first make every score a positive number,
        then make shares of a whole out of these numbers. Which part of the formula does which?
        """,
        r"""
        The formula of section 2 is a fraction. Above the line stands the exponential of *one* score, below it the
        sum of the exponentials of *all* scores: a single number, the same for the whole list. So all exponentials
        come first, then their sum, then the division.

        Before that, take one and the same number away from every score. It must leave no score above zero, for
        then no exponential is above one, and one of them should become zero, so that the sum is not zero. Which
        of the scores is that number?
        """,
        r"""
        The scores are those of the cell below your function:

            scores            1      2      4
            less the largest  -3     -2     0
            exponentials      0.050  0.135  1
            their sum         1.185
            weights           0.042  0.114  0.844

        Each weight is its exponential divided by 1.185; together they make 1. Without taking the 4 away, the
        exponentials are 2.718, 7.389 and 54.598, each 54.598 times as large, and so is their sum: the weights are
        the same.
        """,
    ],
    equation="The result has as many numbers as there are scores; the sum of all exponentials is a single number.",
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
            feedback=lambda softmax, items: (
                f"Your weights sum to {'more' if softmax(items).sum() > 1 else 'less'} than "
                "1: each exponential has to be divided by the sum of all of them."
            ),
        ),
        author.property(
            "the same for shifted scores",
            hidden=True,
            args=lambda rng: (list(rng.normal(size=3)),),
            holds=lambda softmax, items: np.allclose(softmax([item + 2 for item in items]), softmax(items)),
            feedback="Your weights change if the same number is added to all scores: those of softmax do not.",
        ),
    ],
    misconceptions=[
        author.misconception(
            "no maximum subtracted",
            old=" - np.max(items_in)",
            new="",
            step="stable for large scores",
            feedback="Your weights are right for scores of moderate size, and `nan` for large ones: the "
            "exponential of 710 is too large for a floating-point number. For scores far below zero all "
            "exponentials are 0, and 0 divided by 0 is `nan` as well. Read the last paragraph of section 2: "
            "what keeps the exponentials small, and changes nothing?",
        ),
        author.misconception(
            "smallest score or the mean subtracted",
            old="np.max(items_in)",
            new="np.min(items_in)",
            step="stable for large scores",
            feedback="You do subtract a number from all scores, but one that leaves some of them large, the "
            "smallest score or the mean perhaps. Their exponentials are infinite, and the weights become "
            "`nan`. After the subtraction no score should be above zero: which number does that?",
        ),
        author.misconception(
            "maximum of the absolute values subtracted",
            old="np.max(items_in)",
            new="np.max(np.abs(items_in))",
            step="stable for large scores",
            feedback="You subtract the largest of the scores' absolute values. If all scores are far below "
            "zero, that is a positive number, which pushes them down even further, until all exponentials "
            "are 0 and their quotient is `nan`. What you subtract should keep its sign.",
        ),
        author.misconception(
            "exponentials not divided",
            old=" / np.sum(exponentials)",
            new="",
            step="normalisation",
            feedback="These are exponentials, but not weights yet: they do not sum to one. The formula is a "
            "fraction, and you return its numerator. (If you divided by the largest of them, this is the "
            "same: it makes the largest 1.) What does each have to be divided by, so that all together are a "
            "whole?",
        ),
        author.misconception(
            "mean of the exponentials instead of their sum",
            old="np.sum(exponentials)",
            new="np.mean(exponentials)",
            step="normalisation",
            feedback="Your weights sum to N, the number of scores, and not to one. You divide by the mean of "
            "the exponentials, and a mean has already been divided by how many there are. Look at what the "
            "formula has below the line.",
        ),
        author.misconception(
            "divided by the number of scores",
            old="np.sum(exponentials)",
            new="len(exponentials)",
            step="normalisation",
            feedback="Each exponential is divided by the number of scores. That is always the same number, "
            "whatever the scores are, and so your weights do not sum to one. For shares of a whole, the "
            "denominator has to be the whole: all exponentials together.",
        ),
        author.misconception(
            "divided by the sum of the scores",
            old="np.sum(exponentials)",
            new="np.sum(items_in)",
            step="normalisation",
            feedback="In the numerator there are exponentials, and in the denominator there are the scores "
            "themselves. The two do not fit together: the weights do not sum to one, and are even negative "
            "where the scores' sum is. Look at what stands behind the sum sign in the formula.",
        ),
        author.misconception(
            "running sum as the denominator",
            old="np.sum(exponentials)",
            new="np.cumsum(exponentials)",
            step="normalisation",
            feedback="The last of your weights is right, and the first is 1, whatever its score. You divide "
            "by a sum that is not finished: it grows in the same loop. First add up all exponentials, and "
            "begin to divide when that is done.",
        ),
        author.misconception(
            "last score left out of the sum",
            old="np.sum(exponentials)",
            new="np.sum(exponentials[:-1])",
            step="normalisation",
            feedback="The denominator lacks the exponential of the last score, so your weights sum to more "
            "than one. A `range` and a slice end *before* the number that they are given: check where your "
            "sum stops.",
        ),
        author.misconception(
            "first score left out of the sum",
            old="np.sum(exponentials)",
            new="np.sum(exponentials[1:])",
            step="normalisation",
            feedback="The denominator lacks the exponential of the first score, so your weights sum to more "
            "than one. Python counts from 0: check where the loop or the slice of your sum begins.",
        ),
        author.misconception(
            "own score left out of the sum",
            old="np.sum(exponentials)",
            new="(np.sum(exponentials) - exponentials)",
            step="normalisation",
            feedback="Each exponential is divided by the sum of all *others*. So your weights are odds and "
            "not shares: for two equal scores you get 1 and 1, instead of a half each. In the formula, the "
            "index of the sum runs over all scores, the one in the numerator included.",
        ),
        author.misconception(
            "one added to the sum",
            old="np.sum(exponentials)",
            new="(1 + np.sum(exponentials))",
            step="normalisation",
            feedback="Your weights sum to less than one, because the denominator has a 1 too much. Does your "
            "sum start at 1 instead of 0? Or is it meant to guard against a division by zero? The sum of "
            "exponentials is never zero, once the maximum is subtracted.",
        ),
        author.misconception(
            "maximum only in the numerator",
            old="np.sum(exponentials)",
            new="np.sum(np.exp(np.array(items_in)))",
            step="normalisation",
            feedback="You subtract the maximum above the line of the fraction and not below it. So all "
            "weights are changed by one factor, and do not sum to one. A number that is subtracted cancels "
            "only if it is subtracted from every score, wherever it stands.",
        ),
        author.misconception(
            "maximum only in the denominator",
            edits=[
                (" - np.max(items_in)", ""),
                ("np.sum(exponentials)", "np.sum(np.exp(np.array(items_in) - np.max(items_in)))"),
            ],
            step="exponentials",
            feedback="You subtract the maximum below the line of the fraction and not above it, so the "
            "weights are too large or too small by one factor. It cancels only if the same shifted scores "
            "are used in both places: compute them once, and work with them from there on.",
        ),
        author.misconception(
            "maximum subtracted after the exponential",
            old="np.exp(np.array(items_in) - np.max(items_in))",
            new="np.exp(np.array(items_in)) - np.max(items_in)",
            step=("exponentials", "stable for large scores"),
            feedback="You take the exponentials first and subtract the largest score from these. Then some of your "
            "weights are negative, and large scores still give `nan`. Subtracting changes nothing only if it is done "
            "to the scores: where does the bracket of your exponential end?",
        ),
        author.misconception(
            "largest exponential subtracted",
            old="np.exp(np.array(items_in) - np.max(items_in))",
            new="np.exp(np.array(items_in)) - np.exp(np.max(items_in))",
            step=("exponentials", "stable for large scores"),
            feedback="The largest of the exponentials is subtracted from all of them, so that the largest score gets "
            "the weight 0, and large ones still give `nan`. Subtracting changes nothing only if it is done to the "
            "scores, before their exponentials are taken. In which order do your lines do the two?",
        ),
        author.misconception(
            "largest exponential subtracted from the scores",
            old=" - np.max(items_in)",
            new=" - np.exp(np.max(items_in))",
            step="stable for large scores",
            feedback="What you subtract from the scores is the largest of their exponentials. For large scores that "
            "is infinite, and for scores far below zero it is 0 and of no help: the weights become `nan` in both "
            "cases. The number to subtract is one of the scores themselves. Which one?",
        ),
        author.misconception(
            "scores divided by the maximum",
            old="np.array(items_in) - np.max(items_in)",
            new="np.array(items_in) / np.max(items_in)",
            step="exponentials",
            feedback="You divide the scores by the largest of them, and what was meant is a difference. "
            "Softmax stays as it is if all scores are shifted, but not if they are squeezed together: then "
            "the weights become more even. If the largest score is negative, even their order is reversed.",
        ),
        author.misconception(
            "scores divided by their own sum",
            old="np.exp(np.array(items_in) - np.max(items_in))",
            new="np.array(items_in)",
            step="exponentials",
            feedback="You divide each score by the sum of the scores. That gives shares as long as all are "
            "positive, but scores may be negative, and then so are your weights. In the formula, something "
            "is done to every score first which makes it positive, and that step is missing.",
        ),
        author.misconception(
            "absolute values instead of exponentials",
            old="np.exp(np.array(items_in) - np.max(items_in))",
            new="np.abs(np.array(items_in))",
            step="exponentials",
            feedback="You make the scores positive by taking their absolute values. Then a score of -7 gets "
            "more weight than one of 2, though it says that a token does *not* matter. The exponential makes "
            "numbers positive as well, but keeps their order.",
        ),
        author.misconception(
            "shifted scores without exponentials",
            old="= np.exp(",
            new="= (",
            step="exponentials",
            feedback="The scores are shifted and divided by their sum, but the exponential is missing in "
            "between. So the largest score gets the weight 0, and for equal scores you even divide 0 by 0. "
            "What does the formula do to a score before anything is divided?",
        ),
        author.misconception(
            "minus in the exponent",
            old="= np.exp(",
            new="= 1 / np.exp(",
            step="exponentials",
            feedback="Your weights are in the wrong order: the smallest score has the largest weight. There "
            "is a minus in the exponent that should not be there; perhaps you subtract the scores from the "
            "maximum, instead of the maximum from the scores.",
        ),
        author.misconception(
            "two as the base",
            old="= np.exp(",
            new="= np.exp2(",
            step="exponentials",
            feedback="Your weights sum to one and are in the right order, but they are too even. They come "
            "from powers of 2, while exp is the power of Euler's number e, about 2.718.",
        ),
        author.misconception(
            "ten as the base",
            old="= np.exp(",
            new="= 10.0 ** (",
            step="exponentials",
            feedback="Your weights sum to one and are in the right order, but the largest score gets too "
            "much. They come from powers of 10, while exp is the power of Euler's number e, about 2.718.",
        ),
        author.misconception(
            "sigmoid of each score",
            edits=[(" - np.max(items_in)", ""), ("np.sum(exponentials)", "(1 + exponentials)")],
            step="normalisation",
            feedback="You have computed the sigmoid of each score, which is a number between 0 and 1 as "
            "well, but knows nothing of the other scores. Weights have to sum to one: if one score grows, "
            "the weights of all others have to shrink.",
        ),
        author.misconception(
            "scores brought between 0 and 1",
            function=lambda items: (np.ravel(items) - np.min(items)) / (np.max(items) - np.min(items)),
            step="exponentials",
            feedback="Your largest weight is always 1 and your smallest always 0: you stretch the scores so "
            "that they fill the range between 0 and 1. That looks like weights, but they do not sum to one, "
            "and the exponential is missing. The formula in section 2 needs neither the smallest score nor a "
            "range.",
        ),
        author.misconception(
            "logarithm returned",
            old="return items_out",
            new="return np.log(items_out)",
            step="normalisation",
            feedback="Your result is the logarithm of the weights, and so none of it is positive. The "
            "weights themselves were asked for, which sum to one. Is there a logarithm at the end, or did "
            "you take the formula of a log-softmax, which subtracts where softmax divides?",
        ),
        author.misconception(
            "softmax of the softmax",
            old="return items_out",
            new="return np.exp(items_out) / np.sum(np.exp(items_out))",
            step="normalisation",
            feedback="Your weights sum to one, but they are far too even. They come out if the softmax is "
            "taken of weights that are a softmax already: these lie between 0 and 1, so that their "
            "exponentials hardly differ. One exponential and one division are enough.",
        ),
        author.misconception(
            "only the first weight returned",
            old="return items_out",
            new="return items_out[:1]",
            step="normalisation",
            feedback="You return one weight, that of the first score, and it is right. The function ends in "
            "the first round of its loop: a `return` that is indented like the body of the loop is carried "
            "out at once. It should stand where the loop is over.",
        ),
        author.misconception(
            "zeros instead of weights",
            old="return items_out",
            new="return np.zeros(len(items_in))",
            step="normalisation",
            feedback="Your function returns zeros, as many as there are scores. They look like a list that "
            "was prepared for the weights and never filled; perhaps the weights were computed under another "
            "name. Which variable do you return, and where does it get its values?",
        ),
        author.misconception(
            "minus in the exponent, no maximum subtracted",
            edits=[(" - np.max(items_in)", ""), ("= np.exp(", "= 1 / np.exp(")],
            step=("exponentials", "stable for large scores"),
            feedback="Your weights are in the wrong order: the smallest score has the largest weight. There is "
            "a minus in front of the scores that the formula does not have. And no maximum is "
            "subtracted, so that large scores give `nan`.",
        ),
        author.misconception(
            "divided by the largest, no maximum subtracted",
            edits=[(" - np.max(items_in)", ""), ("np.sum(exponentials)", "np.max(exponentials)")],
            step=("normalisation", "stable for large scores"),
            feedback="Your largest weight is 1, and all together are more than one: each exponential is "
            "divided by the largest of them. What has to stand below the line is the sum over all. "
            "And for large scores you get `nan`, as the exponentials themselves are infinite.",
        ),
        author.misconception(
            "logarithm of softmax",
            function=lambda items: np.ravel(items) - np.log(np.sum(np.exp(np.ravel(items)))),
            step=("normalisation", "stable for large scores"),
            feedback="Your result is the score minus the logarithm of the sum: that is the logarithm of a "
            "weight, and none of it is positive. The weights themselves were asked for, which sum to "
            "one: where the formula divides, you subtract. For large scores it is infinite, too.",
        ),
        author.misconception(
            "logarithm of softmax, maximum subtracted",
            function=lambda items: (
                np.ravel(items) - np.max(items) - np.log(np.sum(np.exp(np.ravel(items) - np.max(items))))
            ),
            step="normalisation",
            feedback="You return shifted scores minus the logarithm of a sum: that is the logarithm of the "
            "weights, and none of it is positive. The weights themselves were asked for, which sum to "
            "one. Where the formula has a division, you subtract.",
        ),
        author.misconception(
            "sigmoid of each score, without infinities",
            function=lambda items: 1 / (1 + np.exp(-np.ravel(items))),
            step="normalisation",
            feedback="You have computed the sigmoid of each score: a number between 0 and 1, but one that "
            "knows nothing of the other scores. Weights have to sum to one: if one score grows, the "
            "weights of all others have to shrink. What stands below the line in the formula runs "
            "over all scores.",
        ),
        author.misconception(
            "scores divided by the sum of their magnitudes",
            edits=[
                ("np.exp(np.array(items_in) - np.max(items_in))", "np.array(items_in)"),
                ("np.sum(exponentials)", "np.sum(np.abs(items_in))"),
            ],
            step="exponentials",
            feedback="You divide the scores by the sum of their absolute values. The results can be negative, "
            "and do not sum to one. What makes every score positive, and large scores much more so, "
            "is the exponential; it is missing above the line and below it.",
        ),
        author.misconception(
            "exponential of the sum",
            old="np.sum(exponentials)",
            new="np.exp(np.sum(items_in))",
            step="normalisation",
            feedback="Below the line you have the exponential of the sum of the scores, where the formula has "
            "the sum of their exponentials. The two are not the same: the first is a product of all "
            "exponentials. In which order come the sum sign and the exponential there?",
        ),
        author.misconception(
            "exponential of the sum of shifted scores",
            old="np.sum(exponentials)",
            new="np.exp(np.sum(np.array(items_in) - np.max(items_in)))",
            step="normalisation",
            feedback="Below the line you have the exponential of the sum of the shifted scores, where the "
            "formula has the sum of their exponentials. The first is a product, and often tiny, so "
            "that your weights do not sum to one. Which of the two comes first in the formula, sum or "
            "exponential?",
        ),
        author.misconception(
            "divided by the root of the sum of squares",
            old="np.sum(exponentials)",
            new="np.linalg.norm(exponentials)",
            step="normalisation",
            feedback="You divide the exponentials by their length as a vector: the squares of your weights sum "
            "to one, and not the weights themselves. A norm, or the root of a sum of squares, makes "
            "unit vectors. For shares of a whole, what does each have to be divided by?",
        ),
        author.misconception(
            "scores squared",
            old="np.array(items_in) - np.max(items_in)",
            new="np.array(items_in) ** 2",
            step=("exponentials", "stable for large scores"),
            feedback="Your exponents are the squares of the scores. So a score of -3 gets as much weight as "
            "one of 3, though it says that a token does not matter. The formula takes the exponential "
            "of each score as it is. And nothing keeps the exponentials of large scores finite.",
        ),
        author.misconception(
            "shifted scores squared",
            old="np.array(items_in) - np.max(items_in)",
            new="(np.array(items_in) - np.max(items_in)) ** 2",
            step="exponentials",
            feedback="Your exponents are the squares of the shifted scores, so that the score farthest from "
            "the largest gets the most weight: the order is reversed. The formula takes the "
            "exponential of each score, and nothing is squared in it.",
        ),
        author.misconception(
            "magnitudes of the scores",
            old="np.array(items_in) - np.max(items_in)",
            new="np.abs(items_in)",
            step=("exponentials", "stable for large scores"),
            feedback="Your exponents are the absolute values of the scores. So a score of -3 gets as much "
            "weight as one of 3, though it says that a token does not matter. Negative scores need no "
            "care: their exponentials are positive, and small. And large scores still give `nan`.",
        ),
        author.misconception(
            "scores standardised",
            old="np.array(items_in) - np.max(items_in)",
            new="(np.array(items_in) - np.mean(items_in)) / np.std(items_in)",
            step="exponentials",
            feedback="You subtract the mean from the scores and divide by their standard deviation, before the "
            "exponentials. Subtracting does no harm, but dividing changes the weights, and equal "
            "scores give `nan`. The formula takes the exponential of the scores themselves; only a "
            "shift leaves its result as it is.",
        ),
        author.misconception(
            "scores divided by two",
            old="= np.exp(",
            new="= np.exp(0.5) ** (",
            step="exponentials",
            feedback="Your weights sum to one and are in the right order, but they are too even: the scores "
            "are divided by two before the exponential is taken. Softmax has no such factor. Some "
            "books call it a temperature; here it is left out, and where scores are to be scaled, "
            "that happens outside of this function.",
        ),
        author.misconception(
            "scores doubled",
            old="= np.exp(",
            new="= np.exp(2.0) ** (",
            step="exponentials",
            feedback="Your weights sum to one and are in the right order, but they are too extreme: the scores "
            "are doubled before the exponential is taken. Softmax has no such factor. Some books call "
            "it a temperature; here it is left out, and where scores are to be scaled, that happens "
            "outside of this function.",
        ),
        author.misconception(
            "scores divided by their number",
            old="= np.exp(",
            new="= np.exp(1 / len(items_in)) ** (",
            step="exponentials",
            feedback="Your weights sum to one and are in the right order, but they are too even: the scores "
            "are divided by their number before the exponential is taken. Softmax has no such factor. "
            "Some books call it a temperature; here it is left out, and where scores are to be "
            "scaled, that happens outside of this function.",
        ),
        author.misconception(
            "scores divided by the root of their number",
            old="= np.exp(",
            new="= np.exp(1 / np.sqrt(len(items_in))) ** (",
            step="exponentials",
            feedback="Your weights sum to one and are in the right order, but they are too even: the scores "
            "are divided by the root of their number before the exponential is taken. Softmax has no "
            "such factor. Some books call it a temperature; here it is left out, and where scores are "
            "to be scaled, that happens outside of this function.",
        ),
        author.misconception(
            "weights divided by their number",
            old="return items_out",
            new="return items_out / len(items_in)",
            step="normalisation",
            feedback="Your weights are too small by a factor of N, the number of scores: they sum to 1/N. "
            "After the division by the sum of the exponentials they are complete, and there is no "
            "mean to be taken any more. Look for a second division, or for a mean.",
        ),
        author.misconception(
            "exponentials of the last score for all",
            old="= exponentials /",
            new="= exponentials[-1] * np.ones(len(exponentials)) /",
            step="normalisation",
            feedback="All your weights are equal: each is that of the last score. Above the line stands the "
            "same number every time, a loop variable perhaps that has kept its last value after its "
            "loop. What you divide has to change with the weight that you compute.",
        ),
        author.misconception(
            "exponentials of the first score for all",
            old="= exponentials /",
            new="= exponentials[0] * np.ones(len(exponentials)) /",
            step="normalisation",
            feedback="All your weights are equal: each is that of the first score. Above the line stands the "
            "same number every time: look for a fixed 0, or for a variable that does not change in "
            "your loop.",
        ),
        author.misconception(
            "all weights equal",
            old="return items_out",
            new="return np.full(len(items_in), 1 / len(items_in))",
            step=("exponentials", "normalisation"),
            feedback="All your weights are equal, whatever the scores are: one divided by their number. Scores "
            "do not get into your result at all. Look at what stands above the line of your fraction "
            "and below it: both have to be made of the exponentials of the scores.",
        ),
        author.misconception(
            "all the weight to the largest score",
            function=lambda items: (np.ravel(items) == np.max(items)).astype(float),
            step=("exponentials", "normalisation"),
            feedback="The largest score gets the weight 1, and all others get 0. That is a maximum, and a hard "
            "one; the *soft* one gives every score a share, and larger scores a larger one. Your "
            "result lacks the exponentials and their sum.",
        ),
        author.misconception(
            "all the weight to the first of the largest scores",
            function=lambda items: np.eye(len(items))[np.argmax(items)],
            step=("exponentials", "normalisation"),
            feedback="The largest score gets the weight 1, and all others get 0, also those that are just as "
            "large. That is a hard maximum; the *soft* one gives every score a share. Your result "
            "lacks the exponentials and their sum.",
        ),
        author.misconception(
            "scores returned unchanged",
            old="return items_out",
            new="return np.array(items_in, dtype=float)",
            step="exponentials",
            feedback="Your function gives back the scores as they came in. The weights may have been computed, "
            "but it is not they that you return: see which name stands behind `return`, and where it "
            "gets its numbers.",
        ),
        author.misconception(
            "shifted scores returned",
            old="return items_out",
            new="return np.array(items_in) - np.max(items_in)",
            step="exponentials",
            feedback="Your function returns the scores minus the largest of them. That is the first step "
            "towards weights, and a good one; the exponentials and the division are missing, or their "
            "results are not what is returned. See which name stands behind `return`.",
        ),
        author.misconception(
            "sum of the exponentials returned",
            old="return items_out",
            new="return np.sum(exponentials)",
            step="normalisation",
            feedback="You return one number, the sum of the exponentials. It is the denominator of the "
            "formula; the result should have as many numbers as there are scores, each exponential "
            "divided by it. See which name stands behind `return`.",
        ),
        author.misconception(
            "only the last weight returned",
            old="return items_out",
            new="return items_out[-1:]",
            step="normalisation",
            feedback="You return one weight, that of the last score, and it is right. The others have been "
            "computed and overwritten: in each round of the loop, what you find has to be kept, as "
            "one more item of a list.",
        ),
        author.misconception(
            "one weight for each pair",
            function=lambda items: np.exp(np.ravel(items)) / np.exp(np.ravel(items))[:, np.newaxis],
            step=("normalisation", "stable for large scores"),
            feedback="Your result is a whole table: each exponential divided by each of the others. Below the "
            "line of the formula there is one number, the sum of them all. Look at the shapes of what "
            "you divide: a row and a column give a table in NumPy.",
        ),
        author.misconception(
            "0.00001 added to the sum",
            old="np.sum(exponentials)",
            new="(np.sum(exponentials) + 0.00001)",
            step="normalisation",
            feedback="Your weights sum to a little less than one: 0.00001 is added to the denominator, as a "
            "guard against dividing by zero. The sum of exponentials is never zero, once the maximum "
            "is subtracted. So nothing needs to be added; here it makes your weights wrong in the "
            "last digits that count.",
        ),
        author.misconception(
            "0.0001 added to the sum",
            old="np.sum(exponentials)",
            new="(np.sum(exponentials) + 0.0001)",
            step="normalisation",
            feedback="Your weights sum to a little less than one: 0.0001 is added to the denominator, as a "
            "guard against dividing by zero. The sum of exponentials is never zero, once the maximum "
            "is subtracted. So nothing needs to be added; here it makes your weights wrong in the "
            "last digits that count.",
        ),
        author.misconception(
            "0.001 added to the sum",
            old="np.sum(exponentials)",
            new="(np.sum(exponentials) + 0.001)",
            step="normalisation",
            feedback="Your weights sum to a little less than one: 0.001 is added to the denominator, as a "
            "guard against dividing by zero. The sum of exponentials is never zero, once the maximum "
            "is subtracted. So nothing needs to be added; here it makes your weights wrong in the "
            "last digits that count.",
        ),
        author.misconception(
            "0.01 added to the sum",
            old="np.sum(exponentials)",
            new="(np.sum(exponentials) + 0.01)",
            step="normalisation",
            feedback="Your weights sum to a little less than one: 0.01 is added to the denominator, as a guard "
            "against dividing by zero. The sum of exponentials is never zero, once the maximum is "
            "subtracted. So nothing needs to be added; here it makes your weights wrong in the last "
            "digits that count.",
        ),
        author.misconception(
            "0.1 added to the sum",
            old="np.sum(exponentials)",
            new="(np.sum(exponentials) + 0.1)",
            step="normalisation",
            feedback="Your weights sum to a little less than one: 0.1 is added to the denominator, as a guard "
            "against dividing by zero. The sum of exponentials is never zero, once the maximum is "
            "subtracted. So nothing needs to be added; here it makes your weights wrong in the last "
            "digits that count.",
        ),
        author.misconception(
            "weights rounded to 2 decimals",
            old="return items_out",
            new="return np.round(items_out, 2)",
            step="normalisation",
            feedback="Your weights are rounded to 2 decimals, so that they need not sum to one, and small ones "
            "become 0. What comes after goes on computing with them, and the error grows. Round "
            "numbers when you print them, and return them as they are.",
        ),
        author.misconception(
            "weights rounded to 3 decimals",
            old="return items_out",
            new="return np.round(items_out, 3)",
            step="normalisation",
            feedback="Your weights are rounded to 3 decimals, so that they need not sum to one, and small ones "
            "become 0. What comes after goes on computing with them, and the error grows. Round "
            "numbers when you print them, and return them as they are.",
        ),
        author.misconception(
            "weights rounded to 4 decimals",
            old="return items_out",
            new="return np.round(items_out, 4)",
            step="normalisation",
            feedback="Your weights are rounded to 4 decimals, so that they need not sum to one, and small ones "
            "become 0. What comes after goes on computing with them, and the error grows. Round "
            "numbers when you print them, and return them as they are.",
        ),
        author.misconception(
            "weights sorted",
            old="return items_out",
            new="return np.sort(items_out)",
            step="normalisation",
            feedback="Your weights are sorted from the smallest to the largest. Each "
            "weight belongs to the score at its own place; sorted, they get lost to other tokens. "
            "Look for `sort` or `sorted` and leave the order as it came in.",
        ),
        author.misconception(
            "sum taken anew after each division",
            old="items_out = exponentials / np.sum(exponentials)",
            new="items_out = np.array(exponentials)\n"
            "    for m in range(len(items_out)):\n"
            "        items_out[m] /= np.sum(items_out)",
            step="normalisation",
            feedback="Only your first weight is right. In your loop each exponential is overwritten by its weight, and "
            "the next one is divided by a sum in which that weight already stands. Add up the exponentials "
            "once, before the loop, and keep the result.",
        ),
        author.misconception(
            "each exponential divided by itself",
            old="np.sum(exponentials)",
            new="exponentials",
            step="normalisation",
            feedback="All your weights are 1, whatever the scores: each exponential is divided by itself. A total "
            "that is set to zero inside the loop never holds more than one of them. Add up all exponentials "
            "before you divide.",
        ),
        author.misconception(
            "each exponential divided by itself, no maximum subtracted",
            edits=[(" - np.max(items_in)", ""), ("np.sum(exponentials)", "exponentials")],
            step=("normalisation", "stable for large scores"),
            feedback="All your weights are 1: each exponential is divided by itself, and where it is infinite, by "
            "infinity. A total that is set to zero inside the loop never holds more than one of them. Add up all "
            "exponentials before you divide, and subtract the largest score first.",
        ),
        *(
            author.misconception(
                f"{number} in place of e",
                old="= np.exp(",
                new=f"= {number} ** (",
                step="exponentials",
                feedback=f"Your weights are right to a few digits only: they are powers of {number}, which is the "
                "beginning of Euler's number e. Its digits go on, and the error grows with the scores. NumPy "
                "has a function for the exponential; use that.",
            )
            for number in ("2.7", "2.71", "2.718", "2.7183", "2.71828")
        ),
        author.misconception(
            "weights in reversed order",
            old="return items_out",
            new="return items_out[::-1]",
            step="normalisation",
            feedback="The first score has got the last weight, and the "
            "last score the first: the order is reversed. Look at how the list is filled, at its "
            "front or at its end, and in which direction your loop runs.",
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
WEIGHTS_OF_A_TOKEN = ("dot products of keys and query", "softmax over the keys")

author.question(
    "all_x_prime",
    given=[
        author.given(
            "attention = softmax(all_km_qn)",
            reason="the question before asks for the softmax; who writes the loop anew makes mistakes in it",
        )
    ],
    vector=True,
    steps=[
        author.step("dot products of keys and query", 1),
        author.step("softmax over the keys", 1),
        author.step("sum of weighted values", 2),
    ],
    hints=[
        r"""
        Follow a single token, `n = 0`, and count. It has one query. There are $N$ keys to compare it with, so
        there are $N$ scores, and $N$ weights; and there are $N$ values, of which *one* output is mixed. So one
        index stands still during a round of the loop, while another runs over all tokens. Which is which, in each
        of your two lines?
        """,
        r"""
        In the equation of section 3, $n$ is the token that asks: $\mathbf{q}_n$ is the same in all dot products
        of a round. $m$ is the token that answers: it runs over all the keys inside the softmax, and over all the
        values in the sum. A weight and the value that it is multiplied with belong to the same $m$.

        What is summed up are column vectors, each times a number. So the output is a column vector of shape `(D,
        1)` as well: not a number, and not a matrix. And the first line makes plain numbers: see the last sentence
        of the section.
        """,
        r"""
        Two tokens with two entries each; the columns are written as rows here:

            query         1      2
            first key     3      0
            second key    0      1
            dot products  3      2
            weights       0.731  0.269
            first value   2      0
            second value  0      10
            output        1.462  2.689

        The first dot product is 1 times 3 plus 2 times 0. The output is 0.731 times the first value plus 0.269
        times the second, entry by entry. With another query, the keys and values would be the same, and the
        weights would not.
        """,
    ],
    cases=[
        author.case("the notebook's tokens", hidden=False, variable="all_x_prime"),
        author.case("other tokens", hidden=True, variable="all_x_prime", data=OTHER_NUMBERS),
    ],
    misconceptions=[
        # Which query with which keys
        author.misconception(
            "one key with all queries",
            edits=[
                ("key.T @ all_queries[n]", "all_keys[n].T @ query"),
                ("for key in all_keys", "for query in all_queries"),
            ],
            step="dot products of keys and query",
            feedback="For output n you compare the *key* of token n with all queries. So a token attends to "
            "those who look for it, instead of those it looks for. In the equation the index n belongs to "
            "the query, which stays the same in the whole row of dot products, and the keys change.",
        ),
        author.misconception(
            "weights that other tokens give to this one",
            old="attention = softmax(all_km_qn)",
            new="attention = [softmax([(key.T @ query).item() for key in all_keys])[n] for query in all_queries]",
            step="sum of weighted values",
            feedback="The wrong weights are picked for each output: for output n "
            "you take the weight that every query gives to token n, where it should be the weights that "
            "query n gives to every token. If you keep all weights in a table, you are reading a row instead "
            "of a column, or the other way about.",
        ),
        author.misconception(
            "softmax over all queries for each key",
            old="attention = softmax(all_km_qn)",
            new="attention = [softmax([(key.T @ query).item() for query in all_queries])[n] for key in all_keys]",
            step="softmax over the keys",
            feedback="You let the *queries* share a weight of one for each key, and the weights that output "
            "n then gets need not sum to one. The softmax of one output is over the dot products of its "
            "query with all keys; see which index changes inside the brackets of the equation.",
        ),
        author.misconception(
            "first token's query for all",
            old="all_queries[n]",
            new="all_queries[0]",
            step="dot products of keys and query",
            feedback="All your outputs are equal: the query is that of the first "
            "token in every round. Each token has a question of its own, so the index of the query has to "
            "move with the loop.",
        ),
        author.misconception(
            "last token's query for all",
            old="all_queries[n]",
            new="all_queries[-1]",
            step="dot products of keys and query",
            feedback="All your outputs are equal, and only the last one is right: either the query of the last token "
            "is used in every round, by a variable or an index that an earlier loop has left behind. Or your list "
            "holds one and the same array N times, which is changed in place in every round: make a new one for "
            "each token.",
        ),
        author.misconception(
            "queries compared with queries",
            old="for key in all_keys",
            new="for key in all_queries",
            step="dot products of keys and query",
            feedback="Each query is compared with all queries, and no key is used. Tokens should find others "
            "by what these have to *offer*. You loop over the wrong list when you form the dot products.",
        ),
        author.misconception(
            "keys compared with keys",
            old="all_queries[n]",
            new="all_keys[n]",
            step="dot products of keys and query",
            feedback="You compare keys with keys, and no query is used. What token n *looks for* should "
            "decide to whom it attends. Look at the factor with the index n in your dot products: from which "
            "list does it come?",
        ),
        author.misconception(
            "queries compared with values",
            old="for key in all_keys",
            new="for key in all_values",
            step="dot products of keys and query",
            feedback="Each query is compared with the values. These come into play later, when they are "
            "summed up; to find out how much they matter, a query is compared with the tokens' keys. You "
            "loop over the wrong list when you form the dot products.",
        ),
        author.misconception(
            "tokens compared with the queries",
            old="for key in all_keys",
            new="for key in all_x",
            step="dot products of keys and query",
            feedback="Each query is compared with the tokens themselves. Before that, tokens are turned into "
            "keys, which you have computed in section 1 and do not use here. Look at the list that you loop "
            "over when you form the dot products.",
        ),
        author.misconception(
            "products of entries not summed",
            old="(key.T @ all_queries[n]).item()",
            new="key * all_queries[n]",
            step="dot products of keys and query",
            feedback="`*` multiplies key and query entry by entry, which gives D numbers, and a dot product "
            "is *one*: their sum. With yours, each entry of an output has weights of its own, which do not "
            "sum to one. Print what you hand to the softmax: it should be a list of N numbers.",
        ),
        author.misconception(
            "outer products instead of dot products",
            old="(key.T @ all_queries[n]).item()",
            new="key @ all_queries[n].T",
            step="dot products of keys and query",
            feedback="A column times a row is a whole D by D table, while a row times a column is one "
            "number, the dot product. You have transposed the other one of the two. Print the shape of what "
            "you hand to the softmax: a list of N numbers is what it should be.",
        ),
        author.misconception(
            "own value for every weight",
            edits=[("attention[m] * all_values[m]", "attention[m] * all_values[n]")],
            step=(*WEIGHTS_OF_A_TOKEN, "sum of weighted values"),
            feedback="Each of your outputs is the token's own value: nothing of the other tokens gets into "
            "it. The sum runs over m, and with m the weight *and* the value have to change. (The same comes "
            "out if the only dot product is that of a query with its own key.)",
        ),
        author.misconception(
            "own weight for all values",
            old="attention[m]",
            new="attention[n]",
            step="sum of weighted values",
            feedback="All values of an output get the same weight, that of token n for itself. In the sum, "
            "two things change with m: the weight and the value. In yours only the value does. Look at the "
            "index of the attention.",
        ),
        # Softmax and scores
        author.misconception(
            "scaled by the root of D",
            old="softmax(all_km_qn)",
            new="softmax(np.array(all_km_qn) / np.sqrt(D))",
            step="dot products of keys and query",
            feedback="You divide the dot products by the square root of D. That is a good idea, but it comes "
            "in section 5 only: here the equation has plain dot products, and the true values below are made "
            "with those.",
        ),
        author.misconception(
            "dot products divided by D",
            old="softmax(all_km_qn)",
            new="softmax(np.array(all_km_qn) / D)",
            step="dot products of keys and query",
            feedback="Your dot products are divided by D, as if they were means of D products. A dot product "
            "is the plain sum of them, and in this section nothing is scaled.",
        ),
        author.misconception(
            "dot products used as weights",
            old="softmax(all_km_qn)",
            new="all_km_qn",
            step="softmax over the keys",
            feedback="The values are weighted with the dot products as they are. These can be negative and "
            "do not sum to one; they are scores, and it is your softmax that turns them into weights. Call "
            "it, and go on with what it returns.",
        ),
        author.misconception(
            "dot products divided by their sum",
            old="softmax(all_km_qn)",
            new="np.array(all_km_qn) / np.sum(all_km_qn)",
            step="softmax over the keys",
            feedback="The dot products are divided by their sum, without exponentials. They sum to one then, "
            "but some are negative, so that values are subtracted. Use the softmax from section 2, which "
            "makes them positive first.",
        ),
        author.misconception(
            "exponentials of the dot products as weights",
            old="softmax(all_km_qn)",
            new="np.exp(all_km_qn)",
            step="softmax over the keys",
            feedback="Your outputs are huge: the values are weighted with exponentials that nothing has been "
            "divided by. Weights have to sum to one for each output. Your softmax from section 2 does both "
            "steps.",
        ),
        author.misconception(
            "softmax taken twice",
            old="softmax(all_km_qn)",
            new="softmax(softmax(all_km_qn))",
            step="softmax over the keys",
            feedback="The softmax was applied to weights that have been through it before, so that they come "
            "out nearly equal, and your outputs are almost the mean of all values. The line that computes "
            "the attention is there already: give it dot products, not weights.",
        ),
        author.misconception(
            "softmax of negative dot products",
            old="softmax(all_km_qn)",
            new="softmax(-np.array(all_km_qn))",
            step="dot products of keys and query",
            feedback="Each token attends most to those that fit its query worst: your scores have the wrong "
            "sign. A large dot product means that key and query point in the same direction, and should lead "
            "to a large weight.",
        ),
        author.misconception(
            "same weight for all tokens",
            old="softmax(all_km_qn)",
            new="np.full(N, 1 / N)",
            step=WEIGHTS_OF_A_TOKEN,
            feedback="All your outputs are equal: they are the plain mean of the values. All weights of a token are "
            "equal: perhaps its N dot products are all made with one and the same key, that of the token itself. "
            "Or the softmax does not get all N of them at once, or its results are not what you sum with.",
        ),
        author.misconception(
            "only the best match",
            old="softmax(all_km_qn)",
            new="(np.array(all_km_qn) == np.max(all_km_qn)).astype(float)",
            step="softmax over the keys",
            feedback="Each output is the value of one token only, the one with the largest dot product. "
            "Softmax comes close to that when one score is far ahead, but the others should get their small "
            "shares too. Did you pick a maximum instead of summing up?",
        ),
        # The sum
        author.misconception(
            "keys summed instead of values",
            old="attention[m] * all_values[m]",
            new="attention[m] * all_keys[m]",
            step="sum of weighted values",
            feedback="With your weights you sum up the keys instead of the values. Keys are there to be found "
            "by; what a token hands over to those who find it is its value. Look at the list in your "
            "weighted sum.",
        ),
        author.misconception(
            "queries summed instead of values",
            old="attention[m] * all_values[m]",
            new="attention[m] * all_queries[m]",
            step="sum of weighted values",
            feedback="With your weights you sum up the queries with them. A query says what a "
            "token is looking for, and is used up once the dot products are formed. Look at the list in your "
            "weighted sum.",
        ),
        author.misconception(
            "tokens summed instead of values",
            old="attention[m] * all_values[m]",
            new="attention[m] * all_x[m]",
            step="sum of weighted values",
            feedback="With your weights you sum up the tokens themselves. What a token hands over "
            "is its value, which was computed from it in section 1. Look at the list in your weighted sum.",
        ),
        author.misconception(
            "values summed without weights",
            old="attention[m] * all_values[m]",
            new="all_values[m]",
            step=(*WEIGHTS_OF_A_TOKEN, "sum of weighted values"),
            feedback="All your outputs are equal: they are the sum of all values, and none of them is "
            "weighted. The attention is computed and printed, but it does not get into the sum. In the "
            "equation, what stands in front of each value?",
        ),
        author.misconception(
            "last token forgotten",
            old="for m in range(N))",
            new="for m in range(N - 1))",
            step="sum of weighted values",
            feedback="The last token never gets into your sums: its weight is there, but its value is not "
            "added. `range` ends before the number that it is given, so it needs no minus one.",
        ),
        author.misconception(
            "first token forgotten",
            old="for m in range(N))",
            new="for m in range(1, N))",
            step="sum of weighted values",
            feedback="The first token never gets into your sums: they begin with the second value. In the "
            "equation m starts at 1, and in Python the first item of a list has the number 0.",
        ),
        author.misconception(
            "only the last term of the sum",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="attention[N - 1] * all_values[N - 1]",
            step="sum of weighted values",
            feedback="Each output is the last weighted value alone. Your loop over m computes all terms, but "
            "each of them replaces the one before, where it should be added to it. With what do you begin, "
            "and what does the line in the loop do to it?",
        ),
        author.misconception(
            "only the first term of the sum",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="attention[0] * all_values[0]",
            step="sum of weighted values",
            feedback="Each output is the first weighted value alone: the sum ends after one term. If you sum "
            "in a loop, look for something that leaves it early, or for an index that is fixed to 0.",
        ),
        author.misconception(
            "mean instead of a sum",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="sum(attention[m] * all_values[m] for m in range(N)) / N",
            step="sum of weighted values",
            feedback="Your outputs are too small by a factor of N: you take the mean of the weighted values. "
            "The weights sum to one, so the sum of the weighted values is already an average, and need not "
            "be divided again.",
        ),
        author.misconception(
            "sum over all numbers",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="np.sum([attention[m] * all_values[m] for m in range(N)])",
            step="sum of weighted values",
            feedback="Each of your outputs is a single number, where it should be a column of D numbers. "
            "`np.sum` adds up everything it is given, unless an `axis` tells it where to stop: over tokens "
            "it should sum, but not over the entries of a value.",
        ),
        author.misconception(
            "one number for all dimensions",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="np.zeros((D, 1)) + np.sum([attention[m] * all_values[m] for m in range(N)])",
            step="sum of weighted values",
            feedback="The D numbers of each output are all equal. In your sum the entries of the values have "
            "been added up too, to one number, which NumPy then repeats. `np.sum` without `axis` does this. "
            "Only the tokens are to be summed over.",
        ),
        author.misconception(
            "all weights times each value",
            old="attention[m] * all_values[m]",
            new="np.array(attention) * all_values[m]",
            step="sum of weighted values",
            feedback="Each of your outputs is a D by N table, where it should be one column. In every term "
            "of the sum, all N weights are multiplied with the value, and not only the one that belongs to "
            "it. Which index is missing?",
        ),
        # The list
        author.misconception(
            "sum not started anew",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.append(x_prime + sum(all_x_prime[-1:]))",
            step="sum of weighted values",
            feedback="The second of your outputs holds the first one too, and so on. The sum "
            "goes on from one token to the next: the place where it is set to zero is outside the loop over "
            "n, and runs only once.",
        ),
        author.misconception(
            "one array for all outputs",
            edits=[
                ("all_x_prime = []", "all_x_prime = []\ntotal = np.zeros((D, 1))"),
                ("all_x_prime.append(x_prime)", "total += x_prime\n    all_x_prime.append(total)"),
            ],
            step="sum of weighted values",
            feedback="All items of your list are equal, and each is the sum of all outputs. They are one and "
            "the same array: it is made before the loop, and `+=` changes it in place, also where it is "
            "already in the list. Make a new array of zeros for each token.",
        ),
        author.misconception(
            "only the last output kept",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime[:] = [x_prime]",
            step="sum of weighted values",
            feedback="Your list has one item, the output of the last token. The others were computed and "
            "lost: the list is either made anew in every round, or filled only after the loop. Look at how "
            "far these lines are indented.",
        ),
        author.misconception(
            "only the first output kept",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime += [x_prime] * (n == 0)",
            step="sum of weighted values",
            feedback="Your list has one item, the output of the first token. The loop over the tokens ends "
            "after one round, or the line that fills the list is carried out in the first round only. Is "
            "there a `break` in it?",
        ),
        author.misconception(
            "zeros in the list",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.append(np.zeros((D, 1)))",
            step="sum of weighted values",
            feedback="All your outputs are zero. They have the right shape, so it seems that a column of "
            "zeros was prepared for each sum, and that nothing was added to it, or that the sum went into a "
            "variable of another name.",
        ),
        author.misconception(
            "weighted values not summed",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="np.hstack([attention[m] * all_values[m] for m in range(N)])",
            step="sum of weighted values",
            feedback="Each of your outputs is a table: the N weighted values, side by side as columns. They "
            "are the right terms, but an output is their *sum*, one column of D numbers. Add them up "
            "over the tokens, and not over the entries of a value.",
        ),
        author.misconception(
            "weighted values left as a list",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="[attention[m] * all_values[m] for m in range(N)]",
            step="sum of weighted values",
            feedback="Each of your outputs is a list of N columns: the weighted values, one for each token. "
            "They are the right terms, but an output is their *sum*, one column of D numbers. What "
            "adds up the items of a list?",
        ),
        author.misconception(
            "weighted values appended in the loop over m",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.extend(attention[m] * all_values[m] for m in range(N))",
            step="sum of weighted values",
            feedback="Your list has N times N items: every weighted value on its own. For each token n there "
            "should be one item, the sum of its N terms. What is put into the list has to be complete "
            "before, and that line belongs behind the inner loop.",
        ),
        author.misconception(
            "unfinished sums appended",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.extend(sum(attention[j] * all_values[j] for j in range(m + 1)) for m in range(N))",
            step="sum of weighted values",
            feedback="Your list has N times N items: each sum is put into it after every single term, and not "
            "when it is complete. The line that appends is indented as the body of the inner loop; it "
            "belongs to the outer one.",
        ),
        author.misconception(
            "outputs appended N times",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.extend([x_prime] * N)",
            step="sum of weighted values",
            feedback="Your list has N times N items, each output N times. The sums are right, but the line "
            "that puts them into the list is carried out in every round of the inner loop. Look at "
            "how far it is indented.",
        ),
        author.misconception(
            "weights in the list instead of outputs",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.append(attention)",
            step="sum of weighted values",
            feedback="Your list holds the attention weights of each token: N numbers that sum to one. They say "
            "how much of each value is taken; the output is what comes out when the values are mixed "
            "in these shares, a column of D numbers. Look at what you append.",
        ),
        author.misconception(
            "dot products in the list instead of outputs",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.append(all_km_qn)",
            step=("softmax over the keys", "sum of weighted values"),
            feedback="Your list holds the dot products of each token: N scores. There are two more steps to an "
            "output, the softmax of the scores and the weighted sum of the values. See which name you "
            "append.",
        ),
        author.misconception(
            "outputs in reversed order",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.insert(0, x_prime)",
            step="sum of weighted values",
            feedback="Your list of outputs is in the wrong order: the first item is the "
            "output of the last token. Either the loop over n runs backwards, or each output is put "
            "in front of the list instead of behind it.",
        ),
        author.misconception(
            "only the first entries multiplied",
            old="(key.T @ all_queries[n]).item()",
            new="(key[0] * all_queries[n][0]).item()",
            step="dot products of keys and query",
            feedback="Your scores are products of the *first* entries of key and query. That happens if a "
            "column is multiplied with a row, which gives a D by D table, and its first number is "
            "taken; or if there is a fixed 0 as an index. A dot product adds up the products of all D "
            "entries.",
        ),
        author.misconception(
            "key and query added",
            old="(key.T @ all_queries[n]).item()",
            new="np.sum(key + all_queries[n])",
            step="dot products of keys and query",
            feedback="Your scores are sums of all entries of key and query: the two are added. In a dot "
            "product the entries are *multiplied*, one by one, and the products are added up. Added, "
            "the query gives the same number to all scores, which softmax takes away, so that it has "
            "no effect.",
        ),
        author.misconception(
            "negative distances as scores",
            old="(key.T @ all_queries[n]).item()",
            new="-np.sum((key - all_queries[n]) ** 2)",
            step="dot products of keys and query",
            feedback="Your scores are negative squared distances between key and query. They are large where "
            "the two are alike, as dot products are, but they do not reward a long key, and dot "
            "products do. The equation asks for the latter.",
        ),
        author.misconception(
            "cosines as scores",
            old="(key.T @ all_queries[n]).item()",
            new="(key.T @ all_queries[n]).item() / np.linalg.norm(key) / np.linalg.norm(all_queries[n])",
            step="dot products of keys and query",
            feedback="Your scores are cosines: key and query are divided by their lengths. So no score is "
            "larger than one, and the weights are nearly even. The equation has plain dot products of "
            "keys and queries as they are.",
        ),
        author.misconception(
            "keys compared with the tokens",
            old="all_queries[n]",
            new="all_x[n]",
            step="dot products of keys and query",
            feedback="You compare the keys with the tokens themselves. Before that, tokens are turned into "
            "queries, which you have computed in section 1 and do not use here. Look at the factor "
            "with the index n in your dot products.",
        ),
        author.misconception(
            "keys compared with the values",
            old="all_queries[n]",
            new="all_values[n]",
            step="dot products of keys and query",
            feedback="You compare the keys with the *value* of token n. What decides whom it attends to is its "
            "query; the values come into play later, when they are summed up. Look at the factor with "
            "the index n in your dot products.",
        ),
        author.misconception(
            "dot products divided by N",
            old="softmax(all_km_qn)",
            new="softmax(np.array(all_km_qn) / N)",
            step="dot products of keys and query",
            feedback="Your dot products are divided by N, the number of tokens, as if they were a mean. A dot "
            "product is a plain sum over the entries of two vectors, and in this section nothing is "
            "scaled before the softmax.",
        ),
        author.misconception(
            "dot products divided by the root of N",
            old="softmax(all_km_qn)",
            new="softmax(np.array(all_km_qn) / np.sqrt(N))",
            step="dot products of keys and query",
            feedback="Your dot products are divided by the square root of the number of tokens. Scaling is the "
            "task of section 5, and it is by another number; here the equation has plain dot "
            "products, and the true values below are made with those.",
        ),
        author.misconception(
            "softmax over all pairs",
            old="softmax(all_km_qn)",
            new="np.exp(all_km_qn) / sum(np.exp((key.T @ query).item()) for key in all_keys for query in all_queries)",
            step="softmax over the keys",
            feedback="The weights of *all* outputs together sum to one; those of each output on its own "
            "should. The exponentials are divided by a sum over all pairs of tokens. For output n, "
            "only the N dot products with query n go into the softmax.",
        ),
        author.misconception(
            "sum ends at the own token",
            old="for m in range(N))",
            new="for m in range(n + 1))",
            step="sum of weighted values",
            feedback="In all outputs but the last, the later tokens are missing: the sum over "
            "m ends at n. In the equation it runs over all tokens, for each output. Look at the range "
            "of your inner loop.",
        ),
        author.misconception(
            "later tokens left out of the softmax",
            old="softmax(all_km_qn)",
            new="np.append(softmax(all_km_qn[: n + 1]), np.zeros(N - n - 1))",
            step="softmax over the keys",
            feedback="Each of your tokens attends to itself and to those before it, and never to a later one. "
            "Models that write texts are masked like that, but not this one: its softmax is over the "
            "dot products with all N keys. Look at the range of your inner loop.",
        ),
        author.misconception(
            "own value with its own weight only",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="attention[n] * all_values[n]",
            step="sum of weighted values",
            feedback="Each of your outputs is the token's own value, times the weight for itself, and nothing "
            "else. Nothing is summed: n is the token that you compute, and a second index has to go over all "
            "tokens.",
        ),
        author.misconception(
            "list of values reshaped instead of transposed",
            old="sum(attention[m] * all_values[m] for m in range(N))",
            new="(np.array(all_values).reshape(D, N) @ attention).reshape(D, 1)",
            step="sum of weighted values",
            feedback="Your matrix of values has the right shape and the wrong order: `reshape` fills it row by "
            "row with one token after the other, so no column is the value of one token. Vectors that are to be "
            "columns have to be joined as such, or turned by a transposition.",
        ),
        *(
            author.misconception(
                f"values {where}",
                old="all_values[m]",
                new=f"all_values[{index}]",
                step="sum of weighted values",
                feedback=f"Your weights are right, but each meets the value of another token: the values are taken {where}. "
                "Weight m belongs to value m, and Python counts both from 0. Look at the index of the values in "
                "your sum.",
            )
            for where, index in (("one place too early", "m - 1"), ("in reversed order", "N - 1 - m"))
        ),
        author.misconception(
            "each key with its own query",
            old="(key.T @ all_queries[n]).item() for key in all_keys",
            new="(key.T @ query).item() for key, query in zip(all_keys, all_queries)",
            step="dot products of keys and query",
            feedback="All your outputs are equal. You multiply each key with the query of the same token, so your "
            "scores do not depend on n. Output n needs the query of token n, with every key: only one of the two "
            "indices may change.",
        ),
        author.misconception(
            "scores of earlier tokens kept",
            old="softmax(all_km_qn)",
            new="softmax([(key.T @ query).item() for query in all_queries[: n + 1] for key in all_keys])",
            step="dot products of keys and query",
            feedback="Only your first output is right. Your list of dot products is not emptied: for the second token "
            "it holds those of the first as well, so that it becomes longer and longer. Make a new list for "
            "each token, inside the outer loop.",
        ),
        author.misconception(
            "last token left out of softmax and sum",
            edits=[
                ("softmax(all_km_qn)", "softmax(all_km_qn[:-1])"),
                ("for m in range(N))", "for m in range(N - 1))"),
            ],
            step=("softmax over the keys", "sum of weighted values"),
            feedback="The last token plays no part: it gets no weight, and its value is not added. `range` ends before "
            "the number that it is given, so there is nothing to subtract from N: look at your loops over m.",
        ),
        author.misconception(
            "tokens compared instead of keys and queries",
            old="(key.T @ all_queries[n]).item() for key in all_keys",
            new="(x.T @ all_x[n]).item() for x in all_x",
            step="dot products of keys and query",
            feedback="You compare the tokens themselves, as they came in. In the equation it is a key that meets a "
            "query; you computed both in section 1, in two lists of their own, and your scores do not depend on "
            "them.",
        ),
        author.misconception(
            "own token left out",
            old="for m in range(N))",
            new="for m in range(N) if m != n)",
            step="sum of weighted values",
            feedback="In each of your sums the token's own value is missing, though it has a weight. A token "
            "attends to all tokens, and it is one of them. Look for a condition in your sum that "
            "leaves out the case that m is n.",
        ),
        author.misconception(
            "last value for all",
            old="attention[m] * all_values[m]",
            new="attention[m] * all_values[-1]",
            step=(*WEIGHTS_OF_A_TOKEN, "sum of weighted values"),
            feedback="All your outputs are equal: they are the value of the last token. The weights change in "
            "your sum, but the value does not, and as weights sum to one, it comes out unchanged. "
            "Which variable do you multiply with, and does it change with m?",
        ),
        author.misconception(
            "first value for all",
            old="attention[m] * all_values[m]",
            new="attention[m] * all_values[0]",
            step=(*WEIGHTS_OF_A_TOKEN, "sum of weighted values"),
            feedback="All your outputs are equal: they are the value of the first token. The weights change in "
            "your sum, but the value does not, and as weights sum to one, it comes out unchanged. "
            "Look for a fixed 0 in it.",
        ),
        author.misconception(
            "tokens added to the outputs",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.append(x_prime + all_x[n])",
            step="sum of weighted values",
            feedback="To each output the token itself is added. A transformer does add its inputs to "
            "what the attention gives, but later, and outside of it. With what does your sum begin? "
            "It should be zeros.",
        ),
        author.misconception(
            "values added to the outputs",
            old="all_x_prime.append(x_prime)",
            new="all_x_prime.append(x_prime + all_values[n])",
            step="sum of weighted values",
            feedback="To each output the token's own value is added, which is in the sum already, "
            "with its weight. With what does your sum begin? It should be zeros.",
        ),
        author.misconception(
            "weights and values added",
            old="attention[m] * all_values[m]",
            new="(attention[m] + all_values[m])",
            step=(*WEIGHTS_OF_A_TOKEN, "sum of weighted values"),
            feedback="All your outputs are equal: weights and values are added, where they should be "
            "multiplied. The weights sum to one, so each output is the sum of all values plus one. "
            "What stands between weight and value in the equation is a product.",
        ),
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


EQUATION = (
    "In the equation, the queries, keys and values are (D, N), the weights are (N, N) with a column for each query, "
    "and the result is (D, N)."
)
EQUIVARIANT = author.property(
    "shuffled tokens give shuffled outputs",
    hidden=True,
    args=inputs(4, 3),
    holds=equivariant,
    feedback=not_shuffled,
)
KEY_BIAS = author.equivalent(
    "omega_k @ X + beta_k -> omega_k @ X - beta_k",
    "omega_k @ X + beta_k -> omega_k @ X",
    "omega_k @ X + beta_k -> omega_k @ X + beta_q",
    reason="the bias of the keys adds the same number to all scores of a query, and softmax takes it away again",
)


WEIGHTS = ("dot products of keys and queries", "scaling", "softmax over the keys")


# %%
def rare_mistakes(mistake, scores, softmax):
    """Return mistakes of both functions that are rarely made, or rarely together with others.

    Args:
        mistake: makes one of a name, edits, a step and its feedback.
        scores: the variable that the softmax is applied to.
        softmax: the code of this.
    """
    root = "queries, keys and values"
    return [
        mistake(
            "attention over the features, weights turned",
            [("K.T @ Q", "K @ Q.T"), ("V @ attention", "attention @ V")],
            "dot products of keys and queries",
            "Your attention matrix has shape (D, D): dimensions attend to each other, and not tokens. "
            "(Its weights also meet the values the other way round.) A dot product of a key and a "
            "query sums over their D entries, so D has to be the inner size of that product, and N "
            "the outer one.",
        ),
        mistake(
            "attention over the features, queries first",
            [("K.T @ Q", "Q @ K.T"), ("V @ attention", "attention @ V")],
            "dot products of keys and queries",
            "You multiply queries with transposed keys, as for tokens in rows. Here tokens are "
            "columns, and the result has shape (D, D): dimensions attend to each other, and not "
            "tokens. N should be the outer size of that product. Print the shape of your matrix.",
        ),
        mistake(
            "attention over the features, queries first and weights turned",
            [("K.T @ Q", "Q @ K.T"), ("V @ attention", "attention.T @ V")],
            "dot products of keys and queries",
            "You multiply queries with transposed keys, as for tokens in rows. Here tokens are "
            "columns, and the result has shape (D, D): dimensions attend to each other, and not "
            "tokens. N should be the outer size of that product, and of your attention matrix.",
        ),
        mistake(
            "keys and queries multiplied entry by entry",
            [("K.T @ Q", "K * Q"), ("V @ attention", "V * attention")],
            "dot products of keys and queries",
            "`*` multiplies matrices entry by entry, and you use it for keys and queries and for the "
            "values. So no token gets anything of another one. A dot product sums over the entries of "
            "a key and a query, and an output sums over all tokens: both are matrix products.",
        ),
        mistake(
            "weights and values multiplied entry by entry",
            [("V @ attention", "V * attention")],
            "weighting of the values",
            "Values and attention weights are combined entry by entry, which is what `*` does, so their shapes "
            "would have to be the same. An output is a sum over all tokens, each value with its weight, and "
            "that is a product of matrices. Which operator is it?",
        ),
        mistake(
            "matrices and tokens multiplied entry by entry",
            [(f"omega_{letter} @ X", f"omega_{letter} * X") for letter in "qkv"],
            root,
            "The weight matrices and the tokens are combined entry by entry, which is what `*` does. Their "
            "shapes, (D, D) and (D, N), do not even fit unless N is D. Every entry of a query is a sum "
            "over a row of the matrix: that is a product of matrices. Which operator is it?",
        ),
        mistake(
            "biases along the tokens",
            [(f"+ beta_{letter}", f"+ np.ravel(beta_{letter})") for letter in "qkv"],
            root,
            "The biases are added as rows, along the tokens: NumPy takes an array of shape (D,) for a row. "
            "Each number of a bias belongs to one dimension, which is a row of your matrix. As columns "
            "of shape (D, 1), as they come in, the biases are repeated for every token.",
        ),
        mistake(
            "own dot products only",
            [("K.T @ Q", "np.sum(K * Q, axis=0)"), ("V @ attention", "V * attention")],
            "dot products of keys and queries",
            "You have one dot product per token, that of its query with its own key, and one weight. "
            "So each output is the token's own value, made smaller. Every query has to be compared "
            "with *every* key, which gives N times N numbers.",
        ),
        mistake(
            "largest exponential instead of the sum",
            [(softmax, f"np.exp({scores} - np.max({scores}, axis=0))")],
            "softmax over the keys",
            "In each column of your attention matrix the largest weight is 1, and together they are "
            "more than that: the maximum was subtracted, but the exponentials were not divided by "
            "their sum, or they were divided by the largest. Add up one of your columns.",
        ),
        mistake(
            "softmax divided by the mean",
            [(softmax, f"{softmax} * len({scores})")],
            "softmax over the keys",
            "Your outputs are too large by a factor of N, the number of tokens: the exponentials are "
            "divided by their mean, and not by their sum. So the weights of one query sum to N. Look "
            "at the denominator of your softmax.",
        ),
        mistake(
            "softmax with base two",
            [(softmax, f"softmax_cols(np.log(2) * {scores})")],
            "softmax over the keys",
            "Your weights sum to one and are in the right order, but they are too even. They come "
            "from powers of 2, while the exponential is a power of Euler's number e, about 2.718. "
            "Look at what is done to the scores before they are divided by their sum.",
        ),
        mistake(
            "softmax with base ten",
            [(softmax, f"softmax_cols(np.log(10) * {scores})")],
            "softmax over the keys",
            "Your weights sum to one and are in the right order, but they are too extreme. They come "
            "from powers of 10, while the exponential is a power of Euler's number e, about 2.718. "
            "Look at what is done to the scores before they are divided by their sum.",
        ),
        mistake(
            "sigmoid instead of softmax",
            [(softmax, f"1 / (1 + np.exp(-{scores}))")],
            "softmax over the keys",
            "Each of your weights is the sigmoid of one score. They lie between 0 and 1, but those of "
            "one query do not sum to one, because no score knows of the others. Where are the "
            "exponentials divided by their sum?",
        ),
        mistake(
            "maximum of each key subtracted",
            [(softmax, f"softmax_cols({scores} - np.max({scores}, axis=1, keepdims=True))")],
            "softmax over the keys",
            "The maximum that you subtract from the dot products is that of each *row*, over the "
            "queries. For one query, another number is then subtracted from each of its scores, and "
            "that changes its weights. Subtracting is harmless only if it is the same number for all "
            "scores that are compared.",
        ),
        mistake(
            "softmax over both axes",
            [(softmax, f"softmax_cols({softmax}.T).T")],
            "softmax over the keys",
            "The softmax was applied twice: to the columns, and then to the rows of what came out. So "
            "the weights of one query no longer sum to one, and are nearly equal. Only the keys of "
            "each query compete; which axis is that?",
        ),
        mistake(
            "every weight is one",
            [(softmax, f"np.ones({scores}.shape)")],
            WEIGHTS,
            "All your outputs are equal: they are the plain sum of all values, each with the weight "
            "1. A softmax that is given a single score always answers 1. It needs all scores of a "
            "query at once. Or are the weights not used in your sum?",
        ),
        mistake(
            "later tokens masked",
            [(softmax, f"softmax_cols(np.where(np.triu(np.ones({scores}.shape)) == 1, {scores}, -np.inf))")],
            "softmax over the keys",
            "No token attends to a later one: you have masked them, or your inner loop ends at the "
            "token itself. Models that write texts do that, but here every token sees all tokens. Is "
            "there a mask, or a range that depends on the outer loop?",
        ),
        mistake(
            "earlier tokens masked",
            [(softmax, f"softmax_cols(np.where(np.tril(np.ones({scores}.shape)) == 1, {scores}, -np.inf))")],
            "softmax over the keys",
            "No token attends to an earlier one: you have masked them, or your inner loop begins at "
            "the token itself. Here every token sees all tokens, whatever their order. Is there a "
            "mask, or a range that depends on the outer loop?",
        ),
        mistake(
            "later tokens masked after the softmax",
            [("V @ attention", "V @ np.triu(attention)")],
            "softmax over the keys",
            "The weights of later tokens are set to zero after the softmax: what is left of them does "
            "not sum to one, and no token sees those that come after it. Here nothing is to be "
            "masked: every token sees all tokens. Look for a mask, or for a sum that ends too early.",
        ),
        mistake(
            "own token masked",
            [(softmax, f"softmax_cols(np.where(np.eye(len({scores})) == 1, -np.inf, {scores}))")],
            "softmax over the keys",
            "No token attends to itself: its own key is left out, by a mask or by a condition in your "
            "loop. But a token is one of all tokens, and the sum in the equation runs over it as "
            "well.",
        ),
        mistake(
            "absolute values of the scores",
            [(softmax, f"softmax_cols(np.abs({scores}))")],
            "softmax over the keys",
            "Your softmax gets the absolute values of the scores. So a token whose key points away "
            "from the query gets as much weight as one that fits it well. A negative score says "
            "something: it should lead to a small weight.",
        ),
        mistake(
            "scores squared before the softmax",
            [(softmax, f"softmax_cols({scores} ** 2)")],
            "softmax over the keys",
            "Your softmax gets the squares of the scores. So a token whose key points away from the "
            "query gets as much weight as one that fits it well. There is no square in the equation; "
            "the scores go in as they are.",
        ),
        mistake(
            "last value for all tokens",
            [("V @ attention", "V[:, [-1] * X.shape[1]] @ attention")],
            (*WEIGHTS, "weighting of the values"),
            "All columns of your result are equal: they are the value of the last token. The weights "
            "change in your sum, but the value does not, and as weights sum to one, it comes out "
            "unchanged. Which index belongs to the value, and is it that of your loop?",
        ),
        mistake(
            "first value for all tokens",
            [("V @ attention", "V[:, [0] * X.shape[1]] @ attention")],
            (*WEIGHTS, "weighting of the values"),
            "All columns of your result are equal: they are the value of the first token. The weights "
            "change in your sum, but the value does not, and as weights sum to one, it comes out "
            "unchanged. Look for a fixed 0 in your sum.",
        ),
        mistake(
            "only the last weighted value",
            [("V @ attention", "V[:, -1:] @ attention[-1:]")],
            "weighting of the values",
            "Each output is the last weighted value alone. Your loop computes all terms, but each of "
            "them replaces the one before, where it should be added to it. With what does your sum "
            "begin, and what does the line in the loop do to it?",
        ),
        mistake(
            "only the first weighted value",
            [("V @ attention", "V[:, :1] @ attention[:1]")],
            "weighting of the values",
            "Each output is the first weighted value alone: the sum ends after one term. Look for "
            "something that leaves your inner loop early, or for an index that is fixed to 0.",
        ),
        mistake(
            "own weighted value only",
            [("V @ attention", "V * np.diag(attention)")],
            "weighting of the values",
            "Each output is the token's own value times its own weight, and nothing of the other "
            "tokens is added. An output is a sum over *all* tokens. In your sum weight and value "
            "should both run over them while the output stays the same.",
        ),
        mistake(
            "outputs added up from token to token",
            [("V @ attention", "V @ np.cumsum(attention, axis=1)")],
            "weighting of the values",
            "The second of your columns holds the first one too, and so on. The sum goes "
            "on from one token to the next: the place where it is set to zero is outside the loop "
            "over the outputs, and is reached only once.",
        ),
        mistake(
            "sum of all outputs in every column",
            [("V @ attention", "V @ np.sum(attention, axis=1, keepdims=True) @ np.ones((1, X.shape[1]))")],
            "weighting of the values",
            "All columns of your result are equal, and each is the sum of all outputs. Is one array, "
            "made before the loop, changed in place and used for every token? Or does the index of "
            "the column not move with the loop?",
        ),
        mistake(
            "values reshaped instead of transposed",
            [("V @ attention", "(attention.T @ V.reshape(X.shape[::-1])).T")],
            "weighting of the values",
            "To make rows of your values you have used `reshape`. It keeps the numbers in the order "
            "in which they stand, and cuts them into rows of another length; so none of the new rows "
            "is one token's value. Turning a matrix is something else than giving it another shape.",
        ),
        mistake(
            "attention applied twice",
            [(" @ attention", " @ attention @ attention")],
            "weighting of the values",
            "The values are mixed, and what comes out is mixed once more with the same weights. In "
            "the equation the attention matrix stands once. Look whether a variable of the values is "
            "overwritten by the result and used again.",
        ),
        mistake(
            "weights times scores",
            [("V @ attention", f"{scores} @ attention")],
            "weighting of the values",
            "Your result has shape (N, N): the weights are multiplied with the dot products that they "
            "were made of. The dot products have done their work then; what is to be mixed are the "
            "values. Look at the letter on the left of your last product.",
        ),
        mistake(
            "scores returned",
            [("return X_prime", f"return {scores}")],
            ("softmax over the keys", "weighting of the values"),
            "You return the dot products, a matrix of shape (N, N). Two more steps are missing, or "
            "their results are not what you return: the softmax that makes weights of them, and the "
            "product in which values are mixed. See which name follows `return`.",
        ),
        mistake(
            "queries added to the result",
            [("return X_prime", "return X_prime + Q")],
            "weighting of the values",
            "Your result is the attention plus the queries. Nothing is added to the weighted sum in "
            "the equation. Transformers add their *inputs* to what the attention gives, but outside "
            "of it. With what does your sum begin? It should be zeros.",
        ),
        mistake(
            "values added to the result",
            [("return X_prime", "return X_prime + V")],
            "weighting of the values",
            "Your result is the attention plus the values. Nothing is added to the weighted sum in "
            "the equation. Transformers add their *inputs* to what the attention gives, but outside "
            "of it. With what does your sum begin? It should be zeros.",
        ),
        mistake(
            "queries returned",
            [("return X_prime", "return Q")],
            (root, *WEIGHTS, "weighting of the values"),
            "Your result is the matrix of queries. Attention begins with them, but what is to be "
            "returned is the mixture of the values that comes out at its end. See which name follows "
            "`return`, and whether it has been overwritten.",
        ),
        mistake(
            "keys returned",
            [("return X_prime", "return K")],
            (root, *WEIGHTS, "weighting of the values"),
            "Your result is the matrix of keys. Attention begins with them, but what is to be "
            "returned is the mixture of the values that comes out at its end. See which name follows "
            "`return`, and whether it has been overwritten.",
        ),
        mistake(
            "result summed over the dimensions",
            [("return X_prime", "return np.sum(X_prime, axis=0)")],
            "weighting of the values",
            "Your result has one number per token: the entries of each output have been added up. An "
            "output is a column of D numbers. You may sum over the tokens, whose values are mixed, "
            "but not over the dimensions; look at the axis of your sum.",
        ),
        mistake(
            "tokens compared with tokens",
            [("omega_q @ X + beta_q", "X"), ("omega_k @ X + beta_k", "X")],
            root,
            "You compare the tokens with each other as they came in, and mix the values with that. "
            "Tokens should be turned into queries and keys first, by a matrix and a bias each; your "
            "result depends on none of these four. Look at what your dot products are made of.",
        ),
        mistake(
            "parameters in the order k, v, q",
            [(f"omega_{letter} @", f"omega_{other} @") for letter, other in ("qk", "kv", "vq")]
            + [(f"+ beta_{letter}", f"+ beta_{other}") for letter, other in ("qk", "kv", "vq")],
            root,
            "All parameters are one place off: the queries are made with those of the keys, the keys "
            "with those of the values, and the values with those of the queries. In the function's "
            "first line the order is values, queries, keys; compare it with yours, letter by letter.",
        ),
        mistake(
            "biases subtracted",
            [(f"+ beta_{letter}", f"- beta_{letter}") for letter in "qkv"],
            root,
            "The biases have the wrong sign: they are subtracted from the products. In the equations "
            "of section 4 each of the three lines is a sum of two terms. Look at the sign between "
            "them.",
        ),
        mistake(
            "bias of the queries subtracted",
            [("+ beta_q", "- beta_q")],
            root,
            "The bias of the queries has the wrong sign: it is subtracted from the product. So the "
            "dot products are formed with other queries than they should be. Hold your line for Q "
            "against its equation in section 4, sign by sign.",
        ),
        mistake(
            "bias of the values subtracted",
            [("+ beta_v", "- beta_v")],
            root,
            "The bias of the values has the wrong sign: it is subtracted from the product, and all "
            "columns of your result are off by the same vector. Hold your line for V against its "
            "equation in section 4, sign by sign.",
        ),
        mistake(
            "biases added twice",
            [(f"+ beta_{letter}", f"+ 2 * beta_{letter}") for letter in "qkv"],
            root,
            "Each of the three biases is added twice. Is it added once in the line where the product "
            "is computed, and once more further down, or in a helper function?",
        ),
        mistake(
            "bias of the values added twice",
            [("+ beta_v", "+ 2 * beta_v")],
            root,
            "All columns of your result are off by the same vector: the bias of the values is in it "
            "twice. Weights that sum to one pass it on, so it need not be added to the result once "
            "more. Look at your line for V and at your last one.",
        ),
        mistake(
            "each part made of the one before",
            [
                ("omega_k @ X", "omega_k @ (omega_q @ X + beta_q)"),
                ("omega_v @ X", "omega_v @ (omega_k @ (omega_q @ X + beta_q) + beta_k)"),
            ],
            root,
            "Your queries are right, but the keys are made of the queries, and the values of the keys. Each of the "
            "three is made of the tokens. If you put a result into `X`, the tokens are lost for the "
            "lines that follow: use another name.",
        ),
        *(
            mistake(
                f"rows compared instead of columns{order}",
                [
                    (
                        "K.T @ Q",
                        f"np.array([[{product} for n in range(X.shape[1])] for m in range(X.shape[1])])",
                    )
                ],
                "dot products of keys and queries",
                "Your dot products are those of rows of keys and queries: `Q[n]` is row n, one dimension of all "
                "tokens, and not token n. Tokens are columns here. With more tokens than dimensions "
                "there are not even enough rows. Where does the index of the token belong?",
            )
            for order, product in (("", "K[m] @ Q[n]"), (", queries first", "Q[m] @ K[n]"))
        ),
        *(
            mistake(
                f"attention over the features, result in rows{order}",
                [("K.T @ Q", product), ("V @ attention", "V.T @ attention")],
                "dot products of keys and queries",
                "Your attention matrix has shape (D, D): dimensions attend to each other, and not tokens. Then "
                "the values had to be turned to fit, so your result has one row per token. N should be the "
                "outer size of the product of keys and queries.",
            )
            for order, product in (("", "K @ Q.T"), (", queries first", "Q @ K.T"))
        ),
        mistake(
            "products with rows reshaped",
            [(f"omega_{letter} @ X", f"(X.T @ omega_{letter}.T).reshape(X.shape)") for letter in "qkv"],
            root,
            "You compute queries, keys and values with one token per row, and then use `reshape` to get "
            "columns. It keeps the numbers in their order and cuts them anew, so the tokens get mixed up. Turning "
            "a matrix is something else than giving it another shape.",
        ),
        mistake(
            "softmax after the weighting",
            [(softmax, scores), ("X_prime = V @ attention", "X_prime = softmax_cols(V @ attention)")],
            "softmax over the keys",
            "Your softmax is taken of the weighted values, and the values are weighted with bare dot products. So "
            "each output has positive numbers that sum to one. Which of the two has to be turned into weights, and "
            "before what?",
        ),
        mistake(
            "dot products of later tokens set to zero",
            [(softmax, f"softmax_cols(np.triu({scores}))")],
            "softmax over the keys",
            "Part of your dot products are zero before the softmax: a mask, or a loop that does not reach all "
            "pairs. A score of zero still has a weight, for its exponential is 1. Here nothing is to be masked, and "
            "every pair of tokens has a dot product.",
        ),
        mistake(
            "weights divided by the sums of their rows",
            [(softmax, f"softmax_cols({scores}) / softmax_cols({scores}).sum(axis=1, keepdims=True)")],
            "softmax over the keys",
            "After the softmax your weights are divided once more, so that the rows sum to one; the "
            "columns do not any more. Each query has a column, and the softmax has seen to that already. "
            "What do you need the second division for?",
        ),
        mistake(
            "biases summed to a number",
            [(f"+ beta_{letter}", f"+ np.sum(beta_{letter})") for letter in "qkv"],
            root,
            "Each bias is added as a single number, the sum of its entries, to everything. A bias is "
            "a column of D numbers, one for each dimension; NumPy repeats it for every token. Look "
            "for a sum, or for a product with a row of ones that is on the wrong side.",
        ),
        mistake(
            "only the first entry of the biases",
            [(f"+ beta_{letter}", f"+ beta_{letter}[0]") for letter in "qkv"],
            root,
            "Only the first number of each bias is added, to all dimensions. An index of 0, or of a "
            "loop that does not move, picks it out. A bias has one number for each dimension; look at "
            "how you address its entries.",
        ),
        mistake(
            "biases added to the tokens",
            [(f"X + beta_{letter}", f"(X + beta_{letter})") for letter in "qkv"],
            root,
            "In all three lines the bias is added to the tokens before they are multiplied with the "
            "matrix. So it goes through the matrix as well, which it should not: it is added to the "
            "product. Look at your brackets.",
        ),
    ]


# %%
def attention_misconceptions(scores, prefix, note, scaling, orientation):
    """Return the mistakes that both functions have in common.

    Args:
        scores: the variable that the softmax is applied to.
        prefix: what their names begin with, so that no two of the assignment are called the same.
        note: what their feedback ends with.
        scaling: those of the scaling.
        orientation: what a student of this section has to be told of the dot products.
    """
    softmax, root, scaled = f"softmax_cols({scores})", "queries, keys and values", bool(prefix)
    parts = {"q": ("Q", "queries"), "k": ("K", "keys"), "v": ("V", "values")}

    def mistake(name, edits, step, feedback):
        steps = [step] if isinstance(step, str) else [each for each in step if scaled or each != "scaling"]
        return author.misconception(f"{prefix}{name}", edits=edits, step=steps, feedback=f"{feedback}{note}")

    return [
        # Orientation. Dot products, softmax, weights: each the other way round, and any two make the third wrong;
        # all three together are right again.
        mistake(
            "softmax over the queries",
            [(softmax, f"softmax_cols({scores}.T).T")],
            "softmax over the keys",
            "Your softmax runs in the wrong direction: the weights that all queries give to one key sum to "
            "one, where those that one query gives to all keys should. Write beside your matrix of dot "
            "products which letter its rows and its columns belong to. Then ask along which of the two your "
            "softmax adds up.",
        ),
        mistake(
            "weights transposed",
            [(" @ attention", " @ attention.T")],
            "weighting of the values",
            "The attention weights meet the values the wrong way round: output n is "
            "made with the weights that all tokens give to token n, and not with those that token n gives. "
            "If each *row* of your attention matrix sums to one, it has to be turned before values in "
            "columns are multiplied with it; if each column does, it must not be turned.",
        ),
        mistake(
            "dot products the other way round",
            [("K.T @ Q", "Q.T @ K")],
            "dot products of keys and queries",
            "Your matrix of dot products lies on its side: column n belongs to key n, while the steps "
            "after it take the columns for queries. So a token attends to those who look for it. "
            f"{orientation} Which of the two factors is transposed? (Swapped queries and keys look the "
            "same.)",
        ),
        mistake(
            "result transposed",
            [("return X_prime", "return X_prime.T")],
            "weighting of the values",
            "Your result lies on its side: the matrix has shape (N, D), one output per "
            "row. Tokens are columns here, outputs as well as inputs. Look at the last product: a transpose "
            "is missing there, or there is one too many.",
        ),
        mistake(
            "attention over the features",
            [
                ("K.T @ Q", "K @ Q.T"),
                ("X_prime = V", "X_prime = V.T"),
                ("return X_prime", "return X_prime.T"),
            ],
            "dot products of keys and queries",
            "Your attention matrix has shape (D, D): it is the dimensions that attend to each other, and "
            "not the tokens. A dot product of a key and a query sums over their D entries, so D has to be "
            "the inner size of the product, the one that disappears, and N the outer one. Print the shape "
            "of your matrix.",
        ),
        mistake(
            "matrices as for tokens in rows",
            [(f"omega_{letter} @", f"omega_{letter}.T @") for letter in "qkv"],
            root,
            "Your three matrices are applied as if the tokens were rows, standing to the left of them. That "
            "turns the matrices: their rows and columns change places. In this notebook tokens are columns, "
            "and a matrix stands to the left of what it is applied to, without being transposed.",
        ),
        *scaling,
        # Softmax
        mistake(
            "softmax over the whole matrix",
            [
                (
                    softmax,
                    f"(np.exp({scores} - np.max({scores})) / np.sum(np.exp({scores} - np.max({scores}))))",
                )
            ],
            "softmax over the keys",
            "All entries of your attention matrix together sum to one; each column on its own should. If "
            "the softmax of a list is given a whole matrix, it divides by the sum over everything. It has "
            "to be called for one query at a time, which is what the given `softmax_cols` does.",
        ),
        mistake(
            "columns divided by sums of rows",
            [
                (
                    softmax,
                    f"(np.exp({scores} - np.max({scores})) / np.sum(np.exp({scores} - np.max({scores})), axis=1))",
                )
            ],
            "softmax over the keys",
            "Your exponentials are added up along the rows, but the sums divide the columns. The matrix is "
            "square, so NumPy sees nothing odd in it, yet neither rows nor columns of your attention matrix "
            "sum to one. Add up a few of your weights to see it, then look at the axis of your sum.",
        ),
        mistake(
            "scores used as weights",
            [(softmax, scores)],
            "softmax over the keys",
            "The dot products weight the values as they are: there is no softmax in between, or its result "
            "is not used further down. Some of these weights are negative, and they do not sum to one. "
            "Follow the attention matrix from where it is made to the last product.",
        ),
        mistake(
            "exponentials used as weights",
            [(softmax, f"np.exp({scores})")],
            "softmax over the keys",
            "Your outputs are far too large: the exponentials of the dot products weight the values, and "
            "nothing was divided by their sum. For each query, weights have to sum to one. Your function "
            "from section 2 does both steps.",
        ),
        mistake(
            "scores divided by their sum",
            [(softmax, f"({scores} / np.sum({scores}, axis=0))")],
            ("scaling", "softmax over the keys"),
            "In each column the dot products are divided by their sum, without exponentials. These weights "
            "sum to one, but some are negative, and where a sum is near zero they explode. Softmax makes "
            "the scores positive first.",
        ),
        mistake(
            "softmax applied twice",
            [(softmax, f"softmax_cols({softmax})")],
            "softmax over the keys",
            "Your outputs are all near the mean of the values, as the weights hardly differ: they have gone "
            "through the softmax twice. The second time it is given numbers between 0 and 1, of which it "
            "makes almost equal ones. Look for a second call.",
        ),
        mistake(
            "softmax of the negative scores",
            [(softmax, f"softmax_cols(-{scores})")],
            "softmax over the keys",
            "Tokens attend most to those that fit their query least: there is a minus in front of the dot "
            "products. Large dot products should give large weights. Look at the signs, in your softmax as "
            "well.",
        ),
        mistake(
            "logarithm of the weights",
            [(softmax, f"np.log({softmax})")],
            "softmax over the keys",
            "The values are weighted with the logarithms of the attention weights, all of them negative. "
            "Logarithms of a softmax are for loss functions; a weighted sum needs the weights. Look for a "
            "logarithm, or for a subtraction where softmax has a division.",
        ),
        mistake(
            "only the largest score",
            [(softmax, f"({scores} == np.max({scores}, axis=0)).astype(float)")],
            ("scaling", "softmax over the keys"),
            "Each output is the value of one single token, the one with the largest dot product. That is a "
            "choice; attention is a mixture, in which the other tokens have their shares, be they small. "
            "The step from scores to weights has lost the softmax.",
        ),
        mistake(
            "same weight for every token",
            [(softmax, f"np.full({scores}.shape, 1 / len({scores}))")],
            WEIGHTS,
            "All your outputs are equal: they are the mean of the values, in which every token has the same "
            "weight. So the dot products do not have any effect. Perhaps they are all one number, because `np.sum` "
            "without an axis adds up everything, or an attention matrix that was prepared in advance is never "
            "filled.",
        ),
        mistake(
            "keys reshaped instead of transposed",
            [("K.T @ Q", "K.reshape(K.shape[::-1]) @ Q")],
            "dot products of keys and queries",
            "To make rows of your keys you have used `reshape`. It keeps the numbers in the order in which "
            "they stand, row by row, and cuts them into rows of another length; so none of the new rows is "
            "one token's key. Turning a matrix is something else than giving it another shape.",
        ),
        mistake(
            "distances instead of dot products",
            [("K.T @ Q", "(-np.sum((K[:, :, np.newaxis] - Q[:, np.newaxis, :]) ** 2, axis=0))")],
            "dot products of keys and queries",
            "Your scores are negative distances between keys and queries. They are large where the two are "
            "alike, as dot products are, but they do not reward a long key, and dot products do. The "
            "equation asks for the latter.",
        ),
        mistake(
            "cosines instead of dot products",
            [("K.T @ Q", "(K / np.linalg.norm(K, axis=0)).T @ (Q / np.linalg.norm(Q, axis=0))")],
            "dot products of keys and queries",
            "Your scores are cosines: you have divided keys and queries by their lengths first. So no score "
            "is larger than one, and the attention is nearly even. The dot products of the equation are "
            "those of keys and queries as they are.",
        ),
        # Values and their sum
        mistake(
            "keys weighted instead of values",
            [("omega_v @", "omega_k @"), ("+ beta_v", "+ beta_k")],
            "weighting of the values",
            "What you mix with your weights are the keys. A key is what a token is "
            "found by; its value is what it gives. Look at the letter in the last product, and in the line "
            "that computes the values.",
        ),
        mistake(
            "queries weighted instead of values",
            [("omega_v @", "omega_q @"), ("+ beta_v", "+ beta_q")],
            "weighting of the values",
            "What you mix with your weights are the queries, that is, what tokens look "
            "for instead of what they have. Look at the letter in the last product, and in the line that "
            "computes the values.",
        ),
        mistake(
            "tokens weighted instead of values",
            [("omega_v @ X + beta_v", "X")],
            "weighting of the values",
            "What you mix with your weights are the tokens as they came in. They should "
            "be turned into values first, by a matrix and a bias of their own, which your result does not "
            "depend on at all.",
        ),
        mistake(
            "one sum over all dimensions",
            [("X_prime = V", "X_prime = np.ones((len(V), 1)) * np.sum(V, axis=0)")],
            "weighting of the values",
            "All rows of your result are equal. The weighted values were summed over the tokens, and then "
            "over their D entries too, so that one number per token is left, which fills a column. `np.sum` "
            "without `axis` adds up everything it gets.",
        ),
        mistake(
            "last token left out",
            [("V @ attention", "V[:, :-1] @ attention[:-1]")],
            "weighting of the values",
            "The last token is missing in all your outputs: it has a weight, but its value is not added. A "
            "`range` ends before the number it is given, and so does a slice; look at where your sum ends.",
        ),
        mistake(
            "first token left out",
            [("V @ attention", "V[:, 1:] @ attention[1:]")],
            "weighting of the values",
            "The first token is missing in all your outputs: your sum over the tokens begins with the "
            "second. Columns are counted from 0 in NumPy, unlike in the equation; look at where your sum "
            "begins.",
        ),
        mistake(
            "only three tokens in the sum",
            [("V @ attention", "V[:, :3] @ attention[:3]")],
            "depends only on its arguments",
            "With three tokens your function is right, with more it leaves out those that come after the "
            "third: the number of this notebook's tokens has been typed in, as a 3 or as a sum of three "
            "terms. How many there are has to follow from the shape of the first argument.",
        ),
        mistake(
            "mean of the weighted values",
            [("X_prime = V", "X_prime = 1 / X.shape[1] * V")],
            "weighting of the values",
            "Your outputs are too small by the factor N: you take the mean of the weighted values, not "
            "their sum. The weights have done the averaging already, for they sum to one.",
        ),
        mistake(
            "last query for all tokens",
            [(" @ attention", " @ attention[:, [-1] * X.shape[1]]")],
            "weighting of the values",
            "All columns of your result are equal: every output is made with "
            "the query of the last token. Look for an index that stays the same while your loop goes on, "
            "such as one that is left from another loop, or a query that is not chosen anew.",
        ),
        mistake(
            "first query for all tokens",
            [(" @ attention", " @ attention[:, [0] * X.shape[1]]")],
            "weighting of the values",
            "All columns of your result are equal: every output is made with "
            "the query of the first token. Somewhere stands a fixed 0 where the number of the output should "
            "stand.",
        ),
        mistake(
            "only the first output filled",
            [(" @ attention", " @ attention * (np.arange(X.shape[1]) == 0)")],
            "weighting of the values",
            "All columns of your result but the first are zero. Your loop over the tokens "
            "is left in its first round: a `return` or a `break` is indented too far.",
        ),
        mistake(
            "only the first output returned",
            [(" @ attention", " @ attention[:, :1]")],
            "weighting of the values",
            "Your result is a single column, the output of the first token. But there "
            "should be one column for every token: the function returns while its loop is still in the "
            "first round. Look at how far your `return` is indented.",
        ),
        mistake(
            "only the last output returned",
            [(" @ attention", " @ attention[:, -1:]")],
            "weighting of the values",
            "Your result is a single column, the output of the last token. The outputs of "
            "the others have been computed and overwritten: what a loop finds has to be kept in each round, "
            "as a column of a matrix or as an item of a list.",
        ),
        mistake(
            "sum of all outputs",
            [(" @ attention", " @ np.sum(attention, axis=1, keepdims=True)")],
            "weighting of the values",
            "Your result is a single column: the outputs of all tokens, added up. Each token should have a "
            "column of its own. Over the keys you have to sum, but not over the queries; look at what your "
            "loop adds to, and whether it is made anew for every output.",
        ),
        mistake(
            "own value only",
            [(" @ attention", "")],
            (*WEIGHTS, "weighting of the values"),
            "Your result is the matrix of values: each token gets its own value and nothing of the others. "
            "The attention is computed, or not, but it is not used. Output n is a sum over all tokens; look "
            "at your last product, or at the index of the value if you sum in a loop.",
        ),
        mistake(
            "outputs one below the other",
            [("return X_prime", "return X_prime.T.reshape(-1, 1)")],
            "weighting of the values",
            "Your result is one long column: the outputs of all tokens, one below the other. They are "
            "right, but they belong side by side, as the columns of a matrix. NumPy has two functions that "
            "stack arrays, one for each direction.",
        ),
        mistake(
            "outputs as a list of columns",
            [("return X_prime", "return X_prime.T[:, :, np.newaxis]")],
            "weighting of the values",
            "You return the outputs as a list, or an array of three dimensions, with one column for each "
            "token. What is asked for is one matrix of shape (D, N): put the "
            "columns side by side.",
        ),
        mistake(
            "outputs reshaped instead of turned",
            [("return X_prime", "return X_prime.T.reshape(X.shape)")],
            "weighting of the values",
            "Your outputs are right as long as each is a row. Then `reshape` makes a (D, N) matrix of the "
            "rows, and that mixes the tokens: it only cuts the same sequence of numbers at other places. "
            "Rows become columns by another operation.",
        ),
        mistake(
            "tokens added to the result",
            [("return X_prime", "return X_prime + X")],
            "weighting of the values",
            "Your result is the attention plus the tokens themselves. A transformer does add its inputs to "
            "what the attention gives, but later, and outside of it; the equation of this section has no "
            "such term.",
        ),
        mistake(
            "attention returned",
            [("return X_prime", "return attention")],
            "weighting of the values",
            "You return the attention weights, a matrix of shape (N, N). They tell how much tokens matter "
            "to each other, but not yet what comes of it: the values have to be mixed with them. See which "
            "name follows `return`.",
        ),
        mistake(
            "zeros returned",
            [("return X_prime", "return np.zeros_like(X_prime)")],
            "weighting of the values",
            "Your function returns zeros. The matrix was prepared, in the right shape, but the result has "
            "never been put into it, or it went into a variable with another name. Follow the name behind "
            "`return` upwards.",
        ),
        # Queries, keys and values
        mistake(
            "tokens instead of queries",
            [("omega_q @ X + beta_q", "X")],
            root,
            "You compare the tokens themselves with the keys: they have not been turned into queries. The "
            "matrix and the bias of the queries are arguments of the function, and your result does not "
            "depend on them. Look at your line for Q and at what you use it for.",
        ),
        mistake(
            "tokens instead of keys",
            [("omega_k @ X + beta_k", "X")],
            root,
            "You compare the queries with the tokens themselves, which have not been turned into keys. "
            "Whatever the matrix of the keys is, your result stays the same. Look at your line for K and at "
            "what you use it for.",
        ),
        mistake(
            "tokens for all three parts",
            [(f"omega_{letter} @ X + beta_{letter}", "X") for letter in "qkv"],
            root,
            "Your result uses the tokens as queries, as keys and as values, and none of the six parameters. "
            "So a token looks for those like itself. For each of the three parts the tokens have to be "
            "transformed first; the equations stand at the beginning of section 4.",
        ),
        mistake(
            "biases forgotten",
            [(" + beta_q", ""), (" + beta_k", ""), (" + beta_v", "")],
            root,
            "Your result is what comes out without any bias. Queries, keys and values are each a product of "
            "a matrix and the tokens, and then a column is added to all tokens: the term with the letter "
            "beta in the equations, for which the function has three arguments.",
        ),
        mistake(
            "bias of the queries forgotten",
            [(" + beta_q", "")],
            root,
            "The bias of the queries is missing. So the dot products are formed with other queries than "
            "they should be. Hold your line for Q against its equation in "
            "section 4.",
        ),
        mistake(
            "bias of the values forgotten",
            [(" + beta_v", "")],
            root,
            "All columns of your result are off by the same vector: the bias of the values is missing. "
            "Weights that sum to one pass it on unchanged. Hold your line for V against its equation in "
            "section 4.",
        ),
        *(
            mistake(
                f"bias of the {what} added to the tokens",
                [(f"X + beta_{letter}", f"(X + beta_{letter})")],
                root,
                f"For the {what}, the bias is added to the tokens before they are multiplied with the "
                "matrix. So it goes through the matrix as well, which it should not: it is added to the "
                f"product. Look at the brackets in your line for {variable}.",
            )
            for letter, (variable, what) in (("q", parts["q"]), ("v", parts["v"]))
        ),
        *(
            mistake(
                f"matrix of the {what} transposed",
                [(f"omega_{letter} @", f"omega_{letter}.T @")],
                root,
                "In one of the three lines the matrix is turned, and not in the others: it is the one for "
                f"the {what}. Its rows and columns have changed places. Compare your line for {variable} "
                "with its equation; there is no transpose in it.",
            )
            for letter, (variable, what) in parts.items()
        ),
        mistake(
            "keys and values swapped",
            [
                ("omega_k @", "omega_v @"),
                ("+ beta_k", "+ beta_v"),
                ("omega_v @", "omega_k @"),
                ("+ beta_v", "+ beta_k"),
            ],
            root,
            "Keys and values have changed places: queries are compared with the values, and the keys are "
            "mixed. Look at the letters in the lines for K and V, at the last product, and at the order of "
            "the arguments: values, queries, keys.",
        ),
        mistake(
            "queries and values swapped",
            [
                ("omega_q @", "omega_v @"),
                ("+ beta_q", "+ beta_v"),
                ("omega_v @", "omega_q @"),
                ("+ beta_v", "+ beta_q"),
            ],
            root,
            "Queries and values have changed places: the values are compared with the keys, and the queries "
            "are mixed. The arguments come in the order values, queries, keys, which is not that of the "
            "equations; look at what you do with the first two.",
        ),
        mistake(
            "parameters in the order q, k, v",
            [
                (f"omega_{letter} @", f"omega_{other} @")
                for letter, other in (("q", "v"), ("k", "q"), ("v", "k"))
            ]
            + [
                (f"+ beta_{letter}", f"+ beta_{other}")
                for letter, other in (("q", "v"), ("k", "q"), ("v", "k"))
            ],
            root,
            "All parameters are one place off: the queries are made with those of the values, the keys with "
            "those of the queries, and the values with those of the keys. You seem to have taken them in "
            "the order query, key, value; in the function's first line the values come first.",
        ),
        *(
            mistake(
                f"{what} computed as the {other_what}",
                [(f"omega_{letter} @", f"omega_{other} @"), (f"+ beta_{letter}", f"+ beta_{other}")],
                root,
                f"What you use as {what} are the {other_what}: {consequence}. Perhaps a line was copied and "
                f"one letter in it left unchanged, so that {variable} is computed with the parameters of "
                f"{other_variable}. Or {other_variable} stands in the dot products where {variable} should.",
            )
            for letter, other, consequence in (
                ("k", "q", "tokens look for others that ask the same"),
                ("q", "k", "tokens look for others that offer the same"),
                ("k", "v", "queries are compared with what tokens give, not with what they offer"),
                ("q", "v", "what a token gives decides whom it attends to"),
            )
            for (variable, what), (other_variable, other_what) in ((parts[letter], parts[other]),)
        ),
        *(
            mistake(
                f"matrix of the {other_what} for the {what}",
                [(f"omega_{letter} @", f"omega_{other} @")],
                root,
                f"Your {what} have the bias that they should have, and the matrix of the {other_what}. One "
                f"letter is wrong in your line for {variable}: it is easily left behind when lines are "
                "copied. Read it again, name by name.",
            )
            for letter, other in ("qk", "qv", "vk", "vq")
            for (variable, what), other_what in ((parts[letter], parts[other][1]),)
        ),
        *(
            mistake(
                f"bias of the {other_what} for the {what}",
                [(f"+ beta_{letter}", f"+ beta_{other}")],
                root,
                f"Your {what} have the matrix that they should have, and the bias of the {other_what}. The "
                f"letter at the end of the second term in your line for {variable} was not changed, or one "
                "bias is used for everything.",
            )
            for letter, other in ("qk", "qv", "vk", "vq")
            for (variable, what), other_what in ((parts[letter], parts[other][1]),)
        ),
        *rare_mistakes(mistake, scores, softmax),
    ]


# %%
OTHER_DIVISIONS = [
    author.misconception(
        "result divided by the root of D",
        edits=[("X_prime = V", "X_prime = 1 / np.sqrt(len(V)) * V")],
        step="weighting of the values",
        feedback="Your result is too small by a factor that depends on D: something is divided by its "
        "square root after the softmax, or the values are. The weights of one query have to sum "
        "to one, and nothing is divided any more. Look at your last product, and at the line for "
        "V.",
    ),
    author.misconception(
        "divided by N where nothing is to be scaled",
        edits=[("K.T @ Q", "K.T @ Q / X.shape[1]")],
        step="dot products of keys and queries",
        feedback="You divide the dot products by N, the number of tokens. A dot product is a sum over the "
        "entries of two vectors, not a mean over tokens, and in this section nothing is divided "
        "before the softmax.",
    ),
    author.misconception(
        "scaled by the root of N where nothing is to be scaled",
        edits=[("K.T @ Q", "K.T @ Q / np.sqrt(X.shape[1])")],
        step="dot products of keys and queries",
        feedback="You divide the dot products by the square root of the number of tokens. Scaling is the "
        "task of section 5, and by another number; here the softmax gets the dot products as they "
        "are.",
    ),
    author.misconception(
        "multiplied by the scale where nothing is to be scaled",
        edits=[("K.T @ Q", "K.T @ Q * np.sqrt(len(Q))")],
        step="dot products of keys and queries",
        feedback="You multiply the dot products by the square root of D. Here the softmax gets the dot "
        "products as they are; in section 5 they are scaled, but so that they become smaller.",
    ),
    author.misconception(
        "divided by four where nothing is to be scaled",
        edits=[("K.T @ Q", "K.T @ Q / 4")],
        step="dot products of keys and queries",
        feedback="You divide the dot products by 4, which is this notebook's D. A dot product is the plain "
        "sum of D products, and nothing is divided before the softmax in this section.",
    ),
    author.misconception(
        "scaled by a fourth root where nothing is to be scaled",
        edits=[("K.T @ Q", "K.T @ Q / len(Q) ** 0.25")],
        step="dot products of keys and queries",
        feedback="You divide the dot products by the fourth root of D; perhaps queries or keys have been "
        "scaled. Scaling is the task of section 5. Here the softmax gets the dot products as they "
        "are.",
    ),
]
OTHER_SCALES = [
    author.misconception(
        "scaled before and after the softmax",
        edits=[("X_prime = V", "X_prime = 1 / np.sqrt(K.shape[0]) * V")],
        step="scaling",
        feedback="The dot products are scaled as they should be, and then something is divided by the "
        "scale once more: the weights, the values or the result. After the softmax weights sum to "
        "one, and have to stay like that. In the equation there is one fraction; where does it "
        "stand?",
    ),
    author.misconception(
        "scaled by half the size",
        edits=[("np.sqrt(K.shape[0])", "(K.shape[0] / 2)")],
        step="scaling",
        feedback="You divide by half the number of entries of a query. For this notebook's 4 that is 2, "
        "the right number, but for no other size. `** 1 / 2` and `* 0.5` look like a square root "
        "and are not: powers come before divisions. Try your scale with 9 entries: it should be "
        "3.",
    ),
    author.misconception(
        "scaled by half the size, rounded down",
        edits=[("np.sqrt(K.shape[0])", "(K.shape[0] // 2)")],
        step="scaling",
        feedback="You divide by half the number of entries of a query, as `// 2` makes it. For this "
        "notebook's 4 that is 2, the right number, but for no other size. Half of a number is not "
        "its square root: try your scale with 9 entries, for which it should be 3.",
    ),
    author.misconception(
        "divided by the size and by two",
        edits=[("np.sqrt(K.shape[0])", "K.shape[0] / 2")],
        step="scaling",
        feedback="You divide by D, and then by 2 as well. It looks like a power of one half, but without "
        "brackets the power is taken first, with the exponent 1, and what comes behind is divided "
        "by 2. Print the number you divide by: for this notebook it should be 2.",
    ),
    author.misconception(
        "divided by the square of the size",
        edits=[("np.sqrt(K.shape[0])", "K.shape[0] ** 2")],
        step="scaling",
        feedback="You divide by the square of the number of entries of a query, where its square root was "
        "meant. So all your scores are nearly zero, and the attention is almost the mean of all "
        "values. Look at the exponent, or at the name of the function.",
    ),
    author.misconception(
        "scores cut to whole numbers",
        edits=[("K.T @ Q / ", "K.T @ Q // ")],
        step="scaling",
        feedback="Your scaled dot products are whole numbers: `//` divides and then cuts off all digits "
        "after the point. So scores that differ a little become equal. The other sign of division "
        "keeps the digits.",
    ),
    author.misconception(
        "scaled by a logarithm",
        edits=[("np.sqrt(K.shape[0])", "np.log(K.shape[0])")],
        step="scaling",
        feedback="You divide by the logarithm of the number of entries of a query. In the equation of "
        "section 5 there is a root. For the tokens of this notebook the number to divide by is 2; "
        "print yours.",
    ),
    author.misconception(
        "scaled by the standard deviation of the scores",
        edits=[("np.sqrt(K.shape[0])", "np.std(K.T @ Q)")],
        step="scaling",
        feedback="You divide the dot products by *their own* standard deviation, computed from the matrix. "
        "The text speaks of a standard deviation too, but of what one would expect if entries "
        "have variance one: it depends on the number of entries of a query only. Your scale "
        "depends on all tokens.",
    ),
    author.misconception(
        "root of the dot products",
        edits=[("K.T @ Q / np.sqrt(K.shape[0])", "np.sqrt(K.T @ Q)")],
        step="scaling",
        feedback="You take the square root of the dot products themselves. Many of them are negative, and the "
        "root of those is `nan`, which spreads over the whole column. In the equation, the root is taken of "
        "one number only: what is it that stands under it?",
    ),
    author.misconception(
        "root of the whole fraction",
        edits=[("K.T @ Q / np.sqrt(K.shape[0])", "np.sqrt(K.T @ Q / K.shape[0])")],
        step="scaling",
        feedback="Your square root is over the whole fraction, dot products included. Many of them are "
        "negative, and the root of those is `nan`, which spreads over the whole column. In the equation only "
        "the denominator is under the root: look at your brackets.",
    ),
    author.misconception(
        "divided by the length of all queries",
        edits=[("np.sqrt(K.shape[0])", "np.linalg.norm(Q)")],
        step="scaling",
        feedback="You divide by a norm of the queries, which is a root of a sum of squares: it depends on the "
        "numbers in them, and on how many tokens there are. The equation has the root of a size: "
        "of how many numbers one query consists.",
    ),
    author.misconception(
        "scaled by the root of the size minus one",
        edits=[("np.sqrt(K.shape[0])", "np.sqrt(K.shape[0] - 1)")],
        step="scaling",
        feedback="You take the square root of one less than the number of entries of a query. Perhaps an "
        "index was counted from 0, or you thought of a variance. In the equation stands the "
        "number of entries itself.",
    ),
    author.misconception(
        "scaled by the root of all entries",
        edits=[("np.sqrt(K.shape[0])", "np.sqrt(K.size)")],
        step="scaling",
        feedback="You divide by the square root of the number of *all* entries of the matrix, which is D "
        "times N. How many tokens there are has nothing to do with how large one dot product is. "
        "Which of the two numbers in the shape of your queries is needed, and which is not?",
    ),
    author.misconception(
        "scaled by three",
        edits=[("np.sqrt(K.shape[0])", "3")],
        step="scaling",
        feedback="You divide by 3. That is the number of this notebook's tokens, which has nothing to do "
        "with how large a dot product is. And the function is to work for other sizes: let it "
        "find out from its arguments how many entries a query has.",
    ),
    author.misconception(
        "scaled by the root of three",
        edits=[("np.sqrt(K.shape[0])", "np.sqrt(3)")],
        step="scaling",
        feedback="You divide by the square root of 3. That is the number of this notebook's tokens, which "
        "has nothing to do with how large a dot product is. And the function is to work for other "
        "sizes: let it find out from its arguments how many entries a query has.",
    ),
    author.misconception(
        "divided by four",
        edits=[("np.sqrt(K.shape[0])", "4")],
        step="scaling",
        feedback="You divide by 4, which is this notebook's D. The root is missing, and the number is "
        "typed in, where the function should find out from its arguments how many entries a query "
        "has.",
    ),
    author.misconception(
        "multiplied by the size",
        edits=[(" / np.sqrt(K.shape[0])", " * K.shape[0]")],
        step="scaling",
        feedback="You multiply the dot products by the number of entries of a query. They should become "
        "smaller, not larger, and by its square root. Your weights are more extreme than those "
        "without any scaling, which the section was to cure.",
    ),
    author.misconception(
        "multiplied after the softmax",
        edits=[(" / np.sqrt(K.shape[0])", ""), ("X_prime = V", "X_prime = np.sqrt(K.shape[0]) * V")],
        step="scaling",
        feedback="You multiply by the scale, and you do it after the softmax. So the weights are as "
        "extreme as before, and your result is too large. In the equation, does the fraction "
        "stand inside the square brackets or outside, and what is it that is divided?",
    ),
]

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
    hints=[
        r"""
        Ask of each matrix what a *column* of it is. The columns of `X` are tokens. So the columns of queries,
        keys, values and of the result belong to tokens too, one each, and a column of the attention matrix has
        the weights for one output. Write the answer beside each line before you write the line.
        """,
        r"""
        Once you have queries, keys and values, read the last equation of section 4 from the inside out. In
        $\mathbf{K}^T\mathbf{Q}$, row $m$ comes from key $m$ and column $n$ from query $n$: column $n$ is the list
        of numbers that your loop has made for token $n$. `softmax_cols` makes weights of each such column on its
        own.

        The values stand on the *left* of these weights: column $n$ of the result is a sum of columns of
        $\mathbf{V}$, with the weights in column $n$. Nothing has to be turned on the way. And the result for `X`
        has to agree with your loop's, column by column.
        """,
        r"""
        Two tokens; each column is one token's:

            Q             1      0
                          0      2
            K             1      0
                          1      0
            dot products  1      2
                          0      0
            weights       0.731  0.881
                          0.269  0.119
            V             10     0
                          0      20
            result        7.311  8.808
                          5.379  2.384

        The 2 in the dot products is key 0 with query 1: row 0, column 1. Each *column* of the weights sums to 1,
        and the rows do not. The first column of the result is 0.731 times the first column of V plus 0.269 times
        the second.
        """,
    ],
    equation=EQUATION,
    cases=attention_cases(["depends only on its arguments"]),
    properties=[EQUIVARIANT],
    misconceptions=attention_misconceptions(
        "dot_products",
        "",
        "",
        [
            author.misconception(
                "scaled where nothing is to be scaled",
                edits=[("K.T @ Q", "K.T @ Q / np.sqrt(len(Q))")],
                step="dot products of keys and queries",
                feedback="You divide the dot products by the square root of D. That makes a good attention, "
                "but it is the task of section 5; here they go into the softmax as they are, so that the "
                "result can be compared with that of your loop.",
            ),
            author.misconception(
                "divided by D where nothing is to be scaled",
                edits=[("K.T @ Q", "K.T @ Q / len(Q)")],
                step="dot products of keys and queries",
                feedback="You divide the dot products by D. A dot product is the sum of D products, not "
                "their mean, and scaling is a matter of section 5 (where it will be another number). In this "
                "section nothing is divided before the softmax.",
            ),
            author.misconception(
                "scaled by two where nothing is to be scaled",
                edits=[("K.T @ Q", "K.T @ Q / 2")],
                step="dot products of keys and queries",
                feedback="You divide the dot products by 2, which is the square root of this notebook's D. "
                "Scaling is the task of section 5, and the number should then come from a shape. Here the "
                "softmax gets the dot products as they are.",
            ),
        ],
        "Row and column of this matrix each have their letter in the text of section 4.",
    )
    + OTHER_DIVISIONS,
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
    hints=[
        r"""
        Only one thing is added to your function of section 4, in one place. A dot product is a sum of products:
        of how many? That number decides how large it tends to be, and the number of tokens has no part in it.
        """,
        r"""
        In the equation of section 5, the fraction stands *inside* the square brackets. So the division comes
        after the dot products and before the softmax: dividing the weights afterwards is something else, for then
        they do not sum to one.

        Below the line stands a square root, that of $D_q$: how many entries one query has. The queries are the
        columns of $\mathbf{Q}$, so their entries lie below each other, and one of the two numbers in its shape
        says how many there are. Take it from there: a number that you type in is right for this notebook only.
        """,
        r"""
        One query and three keys, all with four entries; so the scale is the square root of 4:

            dot products     4      0      2
            scale            2
            scaled           2      0      1
            weights          0.665  0.090  0.245
            without scaling  0.867  0.016  0.117

        The order is the same with and without, but scaled weights are less extreme: every token still has a say.
        With 3 tokens or with 30, the scale would be 2. With nine entries in a query it would be 3.
        """,
    ],
    equation=EQUATION,
    cases=attention_cases(["scaling", "depends only on its arguments"]),
    properties=[EQUIVARIANT],
    misconceptions=attention_misconceptions(
        "scaled_dot_products",
        "scaled: ",
        " If your `self_attention` is built in the same way, look there too.",
        [
            author.misconception(
                "not scaled",
                old=" / np.sqrt(K.shape[0])",
                new="",
                step="scaling",
                feedback="Your result is that of the section before: the dot products are not scaled, or the "
                "scaled ones are not used. Look at what your softmax is given, and at the fraction in the "
                "equation of section 5.",
            ),
            author.misconception(
                "scaled by the number of tokens",
                old="K.shape[0]",
                new="K.shape[1]",
                step="scaling",
                feedback="You divide by the square root of the number of *tokens*. More tokens mean more dot "
                "products, but not larger ones: each is a sum over the entries of one key and one query. "
                "Which of the two numbers in the shape of your queries is it?",
            ),
            author.misconception(
                "divided by the number of tokens",
                old="np.sqrt(K.shape[0])",
                new="K.shape[1]",
                step="scaling",
                feedback="You divide the dot products by N. The number of tokens has nothing to do with how "
                "large one dot product is. What makes it large is the length of the two vectors, and it is "
                "not that number itself that you need, but something you get from it.",
            ),
            author.misconception(
                "root of the scale forgotten",
                old="np.sqrt(K.shape[0])",
                new="K.shape[0]",
                step="scaling",
                feedback="You divide by the number of entries of a query, where its square root was meant; or you divide "
                "both queries and keys by the root, which comes to the same. If entries have variance one, "
                "that number is the *variance* of the dot product, and its spread is the standard deviation. Your "
                "attention has become too even.",
            ),
            author.misconception(
                "multiplied by the scale",
                old=" / np.sqrt(K.shape[0])",
                new=" * np.sqrt(K.shape[0])",
                step="scaling",
                feedback="Your dot products have become larger by the scale, not smaller. You multiply where "
                "you should divide, or divide by a power with a negative exponent. Your weights are even "
                "more extreme than those without scaling, which the section was to cure.",
            ),
            author.misconception(
                "divided after the softmax",
                edits=[
                    (" / np.sqrt(K.shape[0])", ""),
                    ("X_prime = V", "X_prime = 1 / np.sqrt(K.shape[0]) * V"),
                ],
                step="scaling",
                feedback="The scale is the right one, but it comes too late: you divide after the softmax. "
                "The weights are then as extreme as before and do not even sum to one. In the equation, is "
                "the fraction inside or outside the square brackets?",
            ),
            author.misconception(
                "scaled by two",
                old="np.sqrt(K.shape[0])",
                new="2",
                step="scaling",
                feedback="You divide by 2. For this notebook's tokens of 4 numbers that is right, but the "
                "function is to work with tokens of any size. Let it find out from its arguments how many "
                "entries a query has.",
            ),
            author.misconception(
                "scale rounded down",
                old="np.sqrt(K.shape[0])",
                new="int(np.sqrt(K.shape[0]))",
                step="scaling",
                feedback="Your scale is a whole number, as `int` or `//` make it. The square root of this "
                "notebook's D is one already, so nothing is lost here; for tokens of 5 or 13 numbers "
                "something is. Leave the digits after the point where they are.",
            ),
            author.misconception(
                "root taken twice",
                old="np.sqrt(K.shape[0])",
                new="np.sqrt(np.sqrt(K.shape[0]))",
                step="scaling",
                feedback="Your scale is a fourth root: the square root was taken of something that was a "
                "root already, or only one of queries and keys has been scaled, with a factor meant for "
                "both. Print the number that you divide by; for the tokens of this notebook it should be 2.",
            ),
        ],
        "Scaling changes nothing about which letter belongs to rows and which to columns.",
    )
    + OTHER_SCALES,
    equivalents=[
        KEY_BIAS,
        author.equivalent(
            "K.shape -> V.shape",
            "K.shape -> Q.shape",
            reason="queries, keys and values have the same shape",
        ),
    ],
)
