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
# # Positional encoding
#
# Self-attention does not know where a token stands. Shuffle the tokens, and its outputs are shuffled in the same way
# and are otherwise the same: *"dog bites man"* is *"man bites dog"*. So a transformer has to be told the positions.
#
# In this notebook you build the two ways of telling them that are used most. The first **adds** a vector that depends
# on the position to each token. The second, called **rotary**, **turns** the queries and keys by angles that depend on
# the position, and so makes attention see how far two tokens are apart. The notation is that of chapter 12 of
# S. J. D. Prince, *Understanding Deep Learning* (MIT Press, 2023); the text and the code are our own.
#
# **How to work.** Wherever you see `...`, replace it by your own code. Then run the cell, and the cell with
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too: take
# sizes from the arguments, not from `D` and `N` of this notebook, and leave the arguments as they are: change copies.

# %% [markdown]
# ## The inputs
#
# There are $N$ tokens of $D$ numbers each, side by side as the columns of a matrix $\mathbf{X}$ of shape $(D, N)$.
# Positions count from 0: the first token is at position 0, the last at $N-1$. The tokens are random, but the same for
# everybody.

# %% tags=["given"]
import numpy as np

# Number of dimensions of each token, and number of tokens
D = 8
N = 6

# The tokens, one in each column
np.random.seed(3)
X = np.random.normal(size=(D, N))

np.set_printoptions(precision=3, suppress=True)
print(X)

# %% [markdown]
# ## 1. A clock with many hands
#
# One number could tell the position, but it would grow with the length of the text. A clock does better: it tells the
# time by hands that turn at different speeds, and each of them stays within its circle. Here the rows of a token are
# taken in pairs, rows 0 and 1, rows 2 and 3, and so on. Pair $i = 0, 1, 2, \ldots$ is a hand that turns by the angle
#
# $$
# \omega_i = \frac{1}{10000^{2i/D}}
# $$
#
# from each position to the next. So the first hand turns by 1 (in radians), and each hand more slowly than the one
# before it. Return all of these frequencies as a vector, one for each pair. If $D$ is odd, the last row has no partner
# and is a pair of its own: $D = 8$ has 4 frequencies, and so has $D = 7$.


# %% question="frequencies"
def frequencies(D):
    # The number i of each pair
    i = np.arange((D + 1) // 2)  # SOLUTION

    # The frequency of each pair
    omega = 1 / 10000 ** (2 * i / D)  # SOLUTION
    return omega


# %% [markdown]
# With 8 dimensions, each hand should be ten times slower than the one before:

# %% tags=["given", "show"]
print("Your answer:", frequencies(8))
print("True values: [1.    0.1   0.01  0.001]")

# %% [markdown]
# ## 2. The sinusoidal encoding
#
# A hand that has turned by an angle points to (sine, cosine) of that angle. The encoding $\mathbf{P}$ of shape $(D, N)$
# holds these numbers for each pair of rows and each position $n = 0, \ldots, N-1$: sines in the even rows, cosines in
# the odd rows,
#
# $$
# P_{2i,\,n} = \sin(\omega_i\, n) \qquad\qquad P_{2i+1,\,n} = \cos(\omega_i\, n).
# $$
#
# Rows $2i$ and $2i+1$ share one frequency, and column $n$ belongs to position $n$. If $D$ is odd, the last row is a
# sine. Use your `frequencies`.


# %% question="sinusoidal"
def sinusoidal(D, N):
    omega = frequencies(D)

    # The angle of each pair of rows at each position
    angles = omega[:, None] * np.arange(N)  # SOLUTION

    # Sines and cosines, shape (D, N): start with zeros, then fill the rows
    P = np.zeros((D, N))  # SOLUTION
    # BEGIN SOLUTION NO PROMPT
    P[::2] = np.sin(angles)
    P[1::2] = np.cos(angles[: D // 2])
    # END SOLUTION
    return P


# %% tags=["given", "show"]
print("Your answer:")
print(sinusoidal(D, N))
print("\nTrue values:")
print("[[ 0.     0.841  0.909  0.141 -0.757 -0.959]")
print(" [ 1.     0.54  -0.416 -0.99  -0.654  0.284]")
print(" [ 0.     0.1    0.199  0.296  0.389  0.479]")
print(" [ 1.     0.995  0.98   0.955  0.921  0.878]")
print(" [ 0.     0.01   0.02   0.03   0.04   0.05 ]")
print(" [ 1.     1.     1.     1.     0.999  0.999]")
print(" [ 0.     0.001  0.002  0.003  0.004  0.005]")
print(" [ 1.     1.     1.     1.     1.     1.   ]]")

# %% [markdown]
# And this is how 20 dimensions look at 70 positions, the darker the larger: the upper rows tell neighbours apart, the
# lower ones tell roughly in which part of the text a token is.

# %% tags=["given", "show"]
picture = sinusoidal(20, 70)
for row in [] if picture is ... else picture:
    print("".join(" .:-=+*#%@"[int(4.999 * (number + 1))] for number in row))

# %% [markdown]
# ## 3. Tokens with positions
#
# The encoding is added to the tokens. These are usually learned as rather small numbers, so they are made larger first,
# or the positions would drown them. As in the paper that introduced transformers, they are multiplied by the square
# root of their number of dimensions; the encoding is **not**:
#
# $$
# \mathbf{X}_{\text{pos}} = \sqrt{D}\;\mathbf{X} + \mathbf{P}
# $$


# %% question="add_positions"
def add_positions(X):
    D, N = X.shape

    # The tokens, scaled, and their positions, shape (D, N)
    X_pos = np.sqrt(D) * X + sinusoidal(D, N)  # SOLUTION
    return X_pos


# %% tags=["given", "show"]
print("Your answer:")
print(add_positions(X))
print("\nTrue values:")
print("[[ 5.059  2.076  1.182 -5.13  -1.541 -1.962]")
print(" [ 0.766 -1.233 -0.54  -2.34  -4.37   2.786]")
print(" [ 2.493  4.935  0.34  -0.849 -1.153 -3.895]")
print(" [ 3.779 -2.119 -2.372  0.374  5.125  1.547]")
print(" [-2.896 -2.007  1.788 -0.424 -2.135 -0.601]")
print(" [ 3.107  6.589 -2.519 -0.772 -1.274 -5.843]")
print(" [-2.613 -2.895  3.181 -0.37  -4.587  1.834]")
print(" [-0.008 -3.93  -0.688 -0.665 -1.472  1.084]]")

# %% [markdown]
# ## 4. A step of k positions
#
# Why sines *and* cosines? Because a hand at position $n + k$ is the hand at position $n$, turned by the angle
# $k\,\omega_i$, whatever $n$ is. So a step of $k$ positions is one matrix, the same at each position:
#
# $$
# \mathbf{P}_{n+k} = \mathbf{R}_k\,\mathbf{P}_n
# \qquad\text{with blocks}\qquad
# \begin{bmatrix} \cos(k\,\omega_i) & \sin(k\,\omega_i) \\ -\sin(k\,\omega_i) & \cos(k\,\omega_i) \end{bmatrix}
# $$
#
# for the rows and columns $2i$ and $2i+1$, and zeros everywhere else. (To see it, write out
# $\sin(\omega_i n + \omega_i k)$ and $\cos(\omega_i n + \omega_i k)$ with the addition theorems.) A network can
# therefore learn with a single matrix to look *three tokens back*. From here on, $D$ is even.


# %% question="shift_matrix"
def shift_matrix(D, k):
    # Zeros, shape (D, D), and then a block of shape (2, 2) for each pair of rows
    R = np.zeros((D, D))  # SOLUTION
    # BEGIN SOLUTION NO PROMPT
    for i, omega in enumerate(frequencies(D)):
        c, s = np.cos(k * omega), np.sin(k * omega)
        R[2 * i, 2 * i], R[2 * i, 2 * i + 1] = c, s
        R[2 * i + 1, 2 * i], R[2 * i + 1, 2 * i + 1] = -s, c
    # END SOLUTION
    return R


# %% [markdown]
# The encoding two positions later, read from a longer encoding and made with your matrix: both should be the same.

# %% tags=["given", "show"]
P = sinusoidal(D, N + 2)
print("Read:")
print(P if P is ... else np.asarray(P)[:, 2:])
print("\nMade with your matrix:")
R = shift_matrix(D, 2)
print(R if R is ... else R @ sinusoidal(D, N))

# %% [markdown]
# ## 5. Rotary encoding: turn instead of add
#
# A rotary encoding adds nothing to the token. It takes each pair of rows of a vector as a point in the plane, and turns
# this point by an angle that grows with the position $p$ of the token. In the pair of rows $2i$ and $2i+1$,
#
# $$
# \begin{bmatrix} x'_{2i} \\ x'_{2i+1} \end{bmatrix} =
# \begin{bmatrix} \cos(p\,\omega_i) & -\sin(p\,\omega_i) \\ \sin(p\,\omega_i) & \cos(p\,\omega_i) \end{bmatrix}
# \begin{bmatrix} x_{2i} \\ x_{2i+1} \end{bmatrix}
# $$
#
# Write a function that does that to each column of a matrix of shape $(D, N)$. The positions come with it, as a vector
# of $N$ numbers: column $n$ is at position `positions[n]`, and these need not be 0, 1, 2, ... . The pairs are
# **neighbouring** rows. (Some implementations pair row $i$ with row $i + D/2$ instead.)


# %% question="rotate"
def rotate(X, positions):
    # The angle of each pair of rows in each column
    angles = frequencies(X.shape[0])[:, None] * positions  # SOLUTION

    # The two rows of all pairs, turned, shape (D, N): start with zeros, then fill the rows
    X_rotated = np.zeros(X.shape)  # SOLUTION
    # BEGIN SOLUTION NO PROMPT
    x, y = X[::2], X[1::2]
    X_rotated[::2] = np.cos(angles) * x - np.sin(angles) * y
    X_rotated[1::2] = np.sin(angles) * x + np.cos(angles) * y
    # END SOLUTION
    return X_rotated


# %% [markdown]
# A rotation keeps the length of each column, so the two lines of lengths should be the same. And the dot product of two
# rotated vectors depends only on how far apart their positions are, since turning both of them by the same angle changes
# nothing between them: here are two tokens at three places each, with the same distance between them.

# %% tags=["given", "show"]
rotated = rotate(X, np.arange(N))
print("Lengths before:", np.linalg.norm(X, axis=0))
print("Lengths after: ", rotated if rotated is ... else np.linalg.norm(rotated, axis=0))
for distance in [] if rotated is ... else [1, 4]:
    a, b = X[:, [0, 0, 0]], X[:, [1, 1, 1]]
    start = np.array([0, 5, 90])
    products = np.sum(np.multiply(rotate(a, start), rotate(b, start + distance)), axis=0)
    print(f"Dot products at a distance of {distance}:", products)

# %% [markdown]
# ## 6. Self-attention with rotary positions
#
# Now put it into self-attention. What is turned are the **queries and keys**, after they have been computed, since it is
# their dot products that should know about positions. The values are what tokens hand over, and stay as they are:
#
# $$
# \mathbf{Q} = \operatorname{rotate}[\boldsymbol\Omega_q\mathbf{X}] \qquad
# \mathbf{K} = \operatorname{rotate}[\boldsymbol\Omega_k\mathbf{X}] \qquad
# \mathbf{V} = \boldsymbol\Omega_v\mathbf{X} \qquad
# \mathbf{X}' = \mathbf{V}\cdot\operatorname{Softmax}\left[\frac{\mathbf{K}^T\mathbf{Q}}{\sqrt{D_q}}\right]
# $$
#
# $D_q$ is the number of rows of $\mathbf{Q}$. In $\mathbf{K}^T\mathbf{Q}$, row $m$ belongs to key $m$ and column $n$ to
# query $n$, and the softmax is that of each column. You wrote it in the notebooks before; here it is given, with the
# weights, which a network would learn.


# %% tags=["given"]
def softmax_cols(data_in):
    """Return the softmax of each column: positive numbers that sum to 1."""
    exponentials = np.exp(data_in - np.max(data_in, axis=0))
    return exponentials / np.sum(exponentials, axis=0)


np.random.seed(0)
omega_q = np.random.normal(size=(D, D))
omega_k = np.random.normal(size=(D, D))
omega_v = np.random.normal(size=(D, D))


# %% question="rotary_self_attention"
def rotary_self_attention(X, positions, omega_q, omega_k, omega_v):
    # Queries, keys and values, with what the positions do to them
    Q = rotate(omega_q @ X, positions)  # SOLUTION
    K = rotate(omega_k @ X, positions)  # SOLUTION
    V = omega_v @ X  # SOLUTION

    # The attention weights, shape (N, N)
    weights = softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))  # SOLUTION

    # The values, weighted, shape (D, N)
    X_prime = V @ weights  # SOLUTION
    return X_prime


# %% tags=["given", "show"]
print("Your answer:")
print(rotary_self_attention(X, np.arange(N), omega_q, omega_k, omega_v))
print("\nTrue values:")
print("[[-1.856 -1.791  1.489  1.126  0.975 -1.775]")
print(" [ 2.916  2.824 -1.446 -1.852 -1.782 -0.447]")
print(" [-5.233 -5.124  0.659  3.09   2.836 -1.851]")
print(" [-0.243 -0.187  2.138  1.127  1.156  1.656]")
print(" [ 6.357  6.241  0.698 -2.017 -2.026 -2.055]")
print(" [-0.484 -0.47   0.383 -0.76  -0.747 -0.499]")
print(" [ 1.354  1.441  5.171  3.308  3.249  2.165]")
print(" [ 3.766  3.767  3.764 -4.309 -4.294 -3.905]]")

# %% [markdown]
# Is the order seen now? If two tokens are swapped that are both at position 0, their outputs are swapped, and nothing
# else changes. If they are at positions 0 and 1, the outputs of all tokens change. But if all positions are 1000 larger,
# no output does: the text may begin anywhere.


# %% tags=["given", "show"]
def outputs(order, positions):
    """Return your outputs for the tokens in another order, put back into the first one."""
    results = rotary_self_attention(X[:, order], positions, omega_q, omega_k, omega_v)
    return np.asarray(results)[:, np.argsort(order)]


here, swapped = [0, 1, 2, 3, 4, 5], [1, 0, 2, 3, 4, 5]
nowhere, in_a_row = np.zeros(N), np.arange(N)
if rotary_self_attention(X, in_a_row, omega_q, omega_k, omega_v) is not ...:
    first, second = outputs(here, nowhere), outputs(here, in_a_row)
    print("The largest change of a number, if")
    print(f"two tokens at position 0 are swapped: {abs(outputs(swapped, nowhere) - first).max():.3f}")
    print(f"the tokens at 0 and 1 are swapped:    {abs(outputs(swapped, in_a_row) - second).max():.3f}")
    print(f"all positions are 1000 larger:        {abs(outputs(here, in_a_row + 1000) - second).max():.3f}")

# %% [markdown]
# ## To think about
#
# * The slowest hand of $D = 8$ needs about 6283 positions for one turn. What happens to texts that are longer? What if
#   there were only the fastest hand?
# * In section 4 the matrix turns the pair (sine, cosine), in section 5 the pair $(x_{2i}, x_{2i+1})$. Why do their signs
#   differ?
# * What would be lost if the values were turned too? Would the outputs still depend on distances only?

# %% [markdown] tags=["private"]
# # How it is judged

# %%
from autograder import author

author.assignment("Positional encoding", environment=["numpy>=2.0,<2.4", "matplotlib>=3.8"])

ODD_HINT = "With an odd number of rows, the last one has no partner: how many rows hold sines then, and how many cosines?"


def near(one, other):
    """Whether two arrays are the same, in single precision too."""
    return np.allclose(one, other, rtol=1e-3, atol=1e-3)


# %%
author.question(
    "frequencies",
    hints=[
        "Start with the numbers of the pairs, 0, 1, 2 and so on. How many pairs are there for 8 rows, how many for 7? "
        "NumPy computes a formula for all of them at once if they are in an array.",
        "In the equation of section 1, the exponent is twice the number of the pair, divided by the number of all rows. "
        "Then 10000 is raised to it, and the result is what 1 is divided by.",
        "For 6 rows there are three pairs, 0, 1 and 2. Their exponents are 0, 2/6 and 4/6. 10000 to these powers is 1, "
        "21.544 and 464.159, and so the frequencies are 1, 0.0464 and 0.00215.",
    ],
    vector=True,
    sizes=lambda D: {"D": D},
    steps=[
        author.step("a frequency for each pair", 1),
        author.step("base and exponent", 1),
        author.step("the last row of an odd number", 0.25, minor=True, hint=ODD_HINT),
        author.arguments_only(0.25),
    ],
    equation="There is one frequency for each pair of rows: a vector of 4 numbers for D = 8, and also for D = 7.",
    cases=[
        author.case("8 rows", hidden=False, args=(8,)),
        author.case("6 rows", hidden=True, args=(6,)),
        author.case("20 rows", hidden=True, args=(20,)),
        author.case("2 rows", hidden=True, args=(2,)),
        author.case("7 rows", hidden=True, args=(7,), steps=["the last row of an odd number"]),
    ],
    properties=[
        author.property(
            "each is slower than the one before, by the same factor",
            hidden=True,
            args=(12,),
            holds=lambda frequencies, D: near(
                np.ravel(frequencies(D))[1:] / np.ravel(frequencies(D))[:-1], 1 / 10000 ** (2 / D)
            ),
            feedback="From each pair to the next, the frequency should fall by the same factor, and by the one that the equation has.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "np.arange((D + 1) // 2) -> np.arange((D + 1) // 2).T",
            "1 / 10000 ** (2 * i / D) -> (1 / 10000 ** (2 * i / D)).T",
            "return omega -> return omega.T",
            reason="these have one dimension, so there is nothing to transpose",
        )
    ],
    misconceptions=[
        author.misconception(
            "2 missing in the exponent",
            old="2 * i / D",
            new="i / D",
            step="base and exponent",
            feedback="Your frequencies fall too slowly: the last of them is about 0.01, and not near 0.0001. Each "
            "exponent is only half of what it should be. If `i` counts pairs, and not rows, it has to be doubled: the "
            "exponent in the equation has a 2.",
        ),
        author.misconception(
            "exponent doubled twice",
            old="2 * i",
            new="4 * i",
            step="base and exponent",
            feedback="Your frequencies fall twice as fast as they should: your second one is what the third should be. "
            "That happens if `i` already runs over the even rows 0, 2, 4, ... and is doubled once more in the exponent, "
            "or if you divide by the number of pairs instead of rows.",
        ),
        author.misconception(
            "divided by the number of pairs",
            old="2 * i / D",
            new="2 * i / len(i)",
            step="base and exponent",
            feedback="Your frequencies fall about twice as fast as they should: your second one is near to what the third "
            "should be. Twice the number of a pair is divided by how many *rows* there are, and you divide by how many "
            "pairs.",
        ),
        author.misconception(
            "upside down",
            old="1 / 10000",
            new="10000",
            step="base and exponent",
            feedback="Your numbers grow from pair to pair, from 1 up to nearly 10000. These are how many positions a hand "
            "needs to turn by 1, and not by how much it turns from one position to the next: the frequency is 1 divided "
            "by it. Look at where the power stands in the fraction.",
        ),
        author.misconception(
            "another base",
            old="10000",
            new="1000",
            step="base and exponent",
            feedback="Your frequencies fall by equal factors, but not fast enough: they belong to a base of 1000. The base "
            "in the equation of section 1 has one zero more. Count them.",
        ),
        author.misconception(
            "brackets around the exponent forgotten",
            old="10000 ** (2 * i / D)",
            new="10000 ** 2 * i / D",
            step="base and exponent",
            feedback="Your first number is 0 and the others are tiny: only the 2 is taken for the exponent, and what comes "
            "after it is multiplied and divided from left to right. A power binds more strongly than a product in Python, "
            "so the whole exponent needs brackets.",
        ),
        author.misconception(
            "pairs counted from 1",
            old="np.arange(",
            new="1 + np.arange(",
            step="base and exponent",
            feedback="Your first frequency is what the second should be: the first hand of the clock is missing. The "
            "pairs are numbered from 0, and for pair 0 the exponent is 0, so that its frequency is exactly 1.",
        ),
        author.misconception(
            "one frequency for each row",
            old="np.arange((D + 1) // 2)",
            new="np.arange(D)",
            step="a frequency for each pair",
            feedback="You return as many numbers as there are rows, but the two rows of a pair share one frequency. So "
            "there are half as many. Your first numbers are those that are asked for; how far may `i` count?",
        ),
        author.misconception(
            "each frequency twice",
            function=lambda D: np.repeat(frequencies(D), 2)[:D],
            step="a frequency for each pair",
            feedback="Each of your frequencies is there twice, once for the sine and once for the cosine. Here they are "
            "wanted once for each pair; that two rows use the same one comes in section 2.",
        ),
        author.misconception(
            "row number as exponent",
            function=lambda D: 1 / 10000 ** (np.arange(D) / D),
            step=["a frequency for each pair", "base and exponent"],
            feedback="You give a frequency of its own to each row: every second one of your numbers is asked for, the "
            "others belong to rows that are the second of a pair. These share the frequency of the first, so there are "
            "only half as many, one for each pair.",
        ),
        author.misconception(
            "last row of an odd number forgotten",
            old="(D + 1) // 2",
            new="D // 2",
            step="the last row of an odd number",
            feedback="With an odd number of rows one frequency is missing in your result, the last. The row without a "
            "partner needs an angle too: seven rows have four sines and three cosines, so four frequencies. Which way "
            "does your division round?",
        ),
        author.misconception(
            "exponent as a whole number",
            old="2 * i / D",
            new="2 * i // D",
            step="base and exponent",
            feedback="All your frequencies are 1. Twice the number of a pair is always less than the number of rows, so a "
            "division without remainder gives 0, and anything to the power of 0 is 1. The exponent is a fraction "
            "between 0 and 1.",
        ),
        author.misconception(
            "slowest hand at 1/10000",
            old="2 * i / D",
            new="i / max(len(i) - 1, 1)",
            step="base and exponent",
            feedback="Your first frequency is 1 and the last exactly 0.0001: you spread the exponents so that the last "
            "one is 1. Some programs do that. In the equation here the exponents end before 1, since twice the number of "
            "a pair is divided by all rows.",
        ),
        author.misconception(
            "full turns",
            old="1 / 10000",
            new="2 * np.pi / 10000",
            step="base and exponent",
            feedback="Your frequencies are too large by a factor of two pi, so that the first hand makes a full turn "
            "from one position to the next, and ends where it was. The angles are in radians, and there is no pi in the "
            "equation of section 1.",
        ),
        author.misconception(
            "odd exponents",
            old="2 * i / D",
            new="(2 * i + 1) / D",
            step="base and exponent",
            feedback="Your frequencies lie between those that are asked for, and the first is not 1. They would be those "
            "of the odd rows, if these had their own. But the rows of a pair share one frequency, and its exponent has "
            "the number of the even row.",
        ),
        author.misconception(
            "multiplied instead of raised to a power",
            old="10000 **",
            new="10000 *",
            step="base and exponent",
            feedback="Your numbers grow by equal steps, when they should fall by equal factors. The 10000 is raised to "
            "the power of the exponent and not multiplied with it: in Python, a power has two stars.",
        ),
        author.misconception(
            "logarithm to base 10",
            function=lambda D: np.exp(-2 * np.arange((D + 1) // 2) / D * np.log10(10000)),
            step="base and exponent",
            feedback="Your frequencies fall far too slowly, down to about 0.05. To write a power with the exponential "
            "function is a good way, but it needs the natural logarithm of 10000, which is 9.21. The logarithm to base 10 "
            "is only 4.",
        ),
        author.misconception(
            "base of 100000",
            function=lambda D: 100_000 ** (-2 * np.arange((D + 1) // 2) / D),
            step="base and exponent",
            feedback="Your frequencies are the powers of another base: 100000 stands where the equation of section 1 has 10000. So the "
            "hands become slower too fast, or too slowly.",
            rare=True,
        ),
        author.misconception(
            "base of e",
            function=lambda D: np.e ** (-2 * np.arange((D + 1) // 2) / D),
            step="base and exponent",
            feedback="Your frequencies are the powers of another base: e stands where the equation of section 1 has 10000. So the "
            "hands become slower too fast, or too slowly.",
            rare=True,
        ),
        author.misconception(
            "one frequency too many",
            function=lambda D: 1 / 10000 ** (2 * np.arange((D + 1) // 2 + 1) / D),
            step="a frequency for each pair",
            feedback="Your vector has one frequency more than there are pairs of rows. The pairs are numbered from 0: with 8 rows they "
            "are 0, 1, 2 and 3. Where should your counting end?",
            rare=True,
        ),
        author.misconception(
            "one frequency too few",
            function=lambda D: frequencies(D)[:-1],
            step="a frequency for each pair",
            feedback="Your vector has one frequency less than there are pairs of rows. The pairs are numbered from 0: with 8 rows they "
            "are 0, 1, 2 and 3. Where should your counting end?",
            rare=True,
        ),
        author.misconception(
            "slowest hand first",
            function=lambda D: frequencies(D)[::-1],
            step="a frequency for each pair",
            feedback="Your frequencies stand in the opposite order: the slowest hand comes first. Pair 0 is the fastest one, which "
            "turns by 1 from each position to the next. Look at how you count.",
            rare=True,
        ),
        author.misconception(
            "wavelengths instead of frequencies",
            function=lambda D: 2 * np.pi / frequencies(D),
            step="base and exponent",
            feedback="Your numbers say after how many positions each hand is back where it was. The frequency is the angle by which it "
            "turns from one position to the next, as the equation of section 1 has it.",
            rare=True,
        ),
        author.misconception(
            "divided by one less than the rows",
            function=lambda D: 1 / 10000 ** (2 * np.arange((D + 1) // 2) / (D - 1)),
            step="base and exponent",
            feedback="Your first frequency is right and the others are too small: the exponent is divided by one less than there are "
            "rows. The equation of section 1 divides by D itself.",
            rare=True,
        ),
        author.misconception(
            "evenly spaced frequencies",
            function=lambda D: np.linspace(1, 1e-4, (D + 1) // 2),
            step="base and exponent",
            feedback="From one of your frequencies to the next, the same is subtracted. Each hand should be slower than the one before "
            "by the same *factor*: the number of the pair stands in an exponent.",
            rare=True,
        ),
        author.misconception(
            "exponents of the frequencies",
            function=lambda D: 2 * np.arange((D + 1) // 2) / D,
            step="base and exponent",
            feedback="Your numbers are exponents, from 0 to nearly 1. In the equation of section 1, 10000 is raised to them, and 1 is "
            "divided by the result. Two steps are missing.",
            rare=True,
        ),
        author.misconception(
            "negative frequencies",
            function=lambda D: -frequencies(D),
            step="base and exponent",
            feedback="Your frequencies have a minus: the hands turn backwards. A minus in an exponent makes a fraction; before the "
            "power it changes the sign. The equation of section 1 has no negative numbers.",
            rare=True,
        ),
    ],
)


# %%
def overlapping(D, N):
    """The encoding with pairs of rows that begin one row after the other."""
    P = np.zeros((D, N))
    for i, row in enumerate(frequencies(D)[: D // 2, None] * np.arange(N)):
        P[i], P[i + 1] = np.sin(row), np.cos(row)
    return P


def in_pairs(angles, D):
    """Sines and cosines of angles, in pairs of rows."""
    return np.array([(np.cos if j % 2 else np.sin)(angles[j // 2]) for j in range(D)])


author.question(
    "sinusoidal",
    hints=[
        "Make the table of all angles first: a row for each frequency, a column for each position. Sines and cosines of "
        "the whole table are then one call each. Where do their rows belong in the result?",
        "The two equations of section 2 have the same angle, frequency times position, and positions start at 0. The first "
        "fills rows 0, 2, 4, ..., the second rows 1, 3, 5, ... A slice with a step selects such rows.",
        "For 4 rows the frequencies are 1 and 0.01. At position 2, the angles are 2 and 0.02. So that column is sin(2) = "
        "0.909, cos(2) = -0.416, sin(0.02) = 0.02, cos(0.02) = 0.9998, from top to bottom.",
    ],
    sizes=lambda D, N: {"D": D, "N": N},
    steps=[
        author.step("angles", 1),
        author.step("sines and cosines", 1),
        author.step("rows in pairs", 1),
        author.step("the last row of an odd number", 0.5, minor=True, hint=ODD_HINT),
        author.arguments_only(0.25),
    ],
    equation="The angles are one for each pair of rows and each position, for 8 rows and 6 positions (4, 6); sines and "
    "cosines together are (D, N), a column for each position.",
    cases=[
        author.case("8 rows, 6 positions", hidden=False, args=(8, 6)),
        author.case("6 rows, 11 positions", hidden=True, args=(6, 11)),
        author.case("10 rows, 3 positions", hidden=True, args=(10, 3)),
        author.case("7 rows, 5 positions", hidden=True, args=(7, 5), steps=["the last row of an odd number"]),
        author.case("3 rows, 4 positions", hidden=True, args=(3, 4), steps=["the last row of an odd number"]),
    ],
    properties=[
        author.property(
            "products depend only on the distance",
            hidden=True,
            args=(12, 9),
            holds=lambda sinusoidal, D, N: all(
                np.ptp(np.diag(sinusoidal(D, N).T @ sinusoidal(D, N), k)) < 1e-3 for k in range(N)
            ),
            feedback="The dot product of two columns should depend only on how far apart their positions are: that needs "
            "a sine and a cosine of the same angle in each pair of rows.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "frequencies(D) -> frequencies(D).T",
            reason="the frequencies have one dimension, so there is nothing to transpose",
        ),
        author.equivalent(
            "np.zeros((D, N)) -> np.ones((D, N))",
            reason="all rows are filled: it does not matter with what the array starts",
        ),
    ],
    misconceptions=[
        author.misconception(
            "sines and cosines swapped",
            edits=[("np.sin(angles)", "np.cos(angles)"), ("np.cos(angles[", "np.sin(angles[")],
            step="sines and cosines",
            feedback="Your even rows hold the cosines and your odd rows the sines: in column 0, where all angles are 0, "
            "your first row is 1 and not 0. Look again which of the two equations is for the rows 2i.",
        ),
        author.misconception(
            "sines above, cosines below",
            edits=[("P[::2]", "P[: (D + 1) // 2]"), ("P[1::2]", "P[(D + 1) // 2 :]")],
            step="rows in pairs",
            feedback="All sines stand in the upper half of your result and all cosines in the lower half. The numbers are "
            "those that are asked for, in another order: each sine should have its cosine right below it, so that rows 2i "
            "and 2i + 1 are a pair. A slice can take every second row.",
        ),
        author.misconception(
            "positions from 1",
            old="np.arange(N)",
            new="np.arange(1, N + 1)",
            step="angles",
            feedback="Your first column is what the second should be: you count positions from 1. The first token is at "
            "position 0, where all angles are 0, the sines 0 and the cosines 1.",
        ),
        author.misconception(
            "encoding returned transposed",
            old="return P",
            new="return P.T",
            step="rows in pairs",
            feedback="Your result has a row for each position, and the numbers in it run from left to right. Here a "
            "token is a column, so a position is one too: the shape is (D, N), like that of the tokens it will be added "
            "to. Many programs and books have it the other way.",
        ),
        author.misconception(
            "positions divided by frequencies",
            old="omega[:, None]",
            new="1 / omega[:, None]",
            step="angles",
            feedback="Rows 0 and 1 come out as expected, but further down your hands turn faster and faster, when they "
            "should become slower. You divide the positions by the frequencies. A frequency is the angle from one "
            "position to the next; what do you do with it to get the angle at position n?",
        ),
        author.misconception(
            "sines in all rows",
            old="np.cos(angles[",
            new="np.sin(angles[",
            step="sines and cosines",
            feedback="Both rows of each pair hold the same sines, so that half of your result says nothing new. The odd "
            "rows are for the cosines: with a sine alone, a hand that goes up cannot be told from one that goes down.",
        ),
        author.misconception(
            "odd rows left empty",
            old="P[1::2] = np.cos(angles[: D // 2])",
            new="P[1::2] = 0",
            step="sines and cosines",
            feedback="The odd rows of your result are still zeros: only the sines have been written. Each pair of rows holds the "
            "sines *and* the cosines of the same angles, one below the other.",
        ),
        author.misconception(
            "pairs of rows that overlap",
            function=overlapping,
            step="rows in pairs",
            feedback="Your pairs begin in rows 0, 1, 2, ..., so that each writes over the cosines of the one before, and the "
            "lower rows stay empty. Pair i has two rows: where does the second pair begin, where the third?",
        ),
        author.misconception(
            "cosines in all rows",
            old="np.sin(angles)",
            new="np.cos(angles)",
            step="sines and cosines",
            feedback="Both rows of each pair hold the same cosines, so that half of your result says nothing new. The "
            "even rows are for the sines: look at the first of the two equations in section 2.",
        ),
        author.misconception(
            "a frequency of its own for each row",
            function=lambda D, N: np.array(
                [(np.cos if j % 2 else np.sin)(np.arange(N) / 10000 ** (j / D)) for j in range(D)]
            ),
            step=["angles", "rows in pairs"],
            feedback="Your sines agree, but your cosines belong to other angles: each odd row has a slower hand than the "
            "row above it. The exponent has the number of the *pair*, doubled: rows 2i and 2i + 1 both have 2i in it, "
            "and so are sine and cosine of one and the same angle.",
        ),
        author.misconception(
            "row number doubled in the exponent",
            function=lambda D, N: np.array(
                [(np.cos if j % 2 else np.sin)(np.arange(N) / 10000 ** (2 * j / D)) for j in range(D)]
            ),
            step=["angles", "rows in pairs"],
            feedback="Your hands become slower much too fast from row to row: each row has a frequency of its own, with "
            "twice the number of the *row* in the exponent. The i in the equation counts pairs. Rows 2i and 2i + 1 share "
            "frequency number i.",
        ),
        author.misconception(
            "cosines of the next pair",
            function=lambda D, N: np.array(
                [
                    (np.cos if j % 2 else np.sin)(np.arange(N) / 10000 ** (2 * ((j + 1) // 2) / D))
                    for j in range(D)
                ]
            ),
            step="rows in pairs",
            feedback="Your sines agree, but each cosine has the frequency of the next pair: already row 1 turns too "
            "slowly. A cosine stands below the sine of the *same* angle. Which number of the pair do you compute from an "
            "odd row number?",
        ),
        author.misconception(
            "angles in degrees",
            old="angles = omega",
            new="angles = np.pi / 180 * omega",
            step="angles",
            feedback="All your angles are too small, by a factor of about 57: you have turned them from degrees into "
            "radians. But they are radians already, and NumPy's sine and cosine want radians.",
        ),
        author.misconception(
            "angles as full turns",
            old="angles = omega",
            new="angles = 2 * np.pi * omega",
            step="angles",
            feedback="Your first hand makes a full turn from each position to the next, so that rows 0 and 1 hold "
            "nothing but zeros and ones. A factor of two pi has come into the angles. The equation multiplies frequency "
            "and position, and that is all.",
        ),
        author.misconception(
            "positions as shares of the length",
            old="np.arange(N)",
            new="np.arange(N) / N",
            step="angles",
            feedback="In your result a position is a share of the whole length: the same position gets another column in "
            "a longer text. Positions are the whole numbers 0, 1, 2, ..., whatever N is, so that a step to the next token "
            "is always the same angle.",
        ),
        author.misconception(
            "even and odd positions",
            function=lambda D, N: np.array(
                [
                    [(np.cos if n % 2 else np.sin)(n / 10000 ** (2 * (j // 2) / D)) for n in range(N)]
                    for j in range(D)
                ]
            ),
            step="rows in pairs",
            feedback="Your result has sines in the even *columns* and cosines in the odd ones. Which of the two it is "
            "should depend on the row, and not on the position: the columns are positions, and each of them has sines and "
            "cosines of its angles.",
        ),
        author.misconception(
            "frequencies repeated in blocks",
            function=lambda D, N: np.array(
                [
                    (np.cos if j % 2 else np.sin)(np.arange(N) * np.tile(frequencies(D), 2)[j])
                    for j in range(D)
                ]
            ),
            step="rows in pairs",
            feedback="Sines and cosines alternate in your rows, but not with the frequencies that belong there: these run "
            "through all pairs in the upper half and start again in the lower half. Each frequency has to be there for "
            "two rows that stand next to each other.",
        ),
        author.misconception(
            "last row of an odd number left empty",
            old="P[::2] = np.sin(angles)",
            new="P[0 : D - 1 : 2] = np.sin(angles[: D // 2])",
            step="the last row of an odd number",
            feedback="With an odd number of rows, your last row holds only zeros. The row without a partner is an even "
            "one, so it should have the sines of the slowest hand. Your sines end where the cosines do, which is one row "
            "too early.",
        ),
        author.misconception(
            "as many cosines as sines",
            old="angles[: D // 2]",
            new="angles",
            step="the last row of an odd number",
            feedback="With an odd number of rows your function stops with an error: there are more angles than odd rows. "
            "Of seven rows, 0, 2, 4 and 6 are for sines, but only 1, 3 and 5 for cosines. Leave out what has no row.",
        ),
        author.misconception(
            "only the first pair filled",
            function=lambda D, N: np.vstack([sinusoidal(D, N)[:2], np.zeros((max(D - 2, 0), N))]),
            step=["rows in pairs"],
            feedback="Your first two rows are as they should be, and all others are zero. If you fill the rows in a loop, "
            "look at how often it runs: perhaps it ends in the first round, because `return` is indented too far.",
        ),
        author.misconception(
            "positions in the opposite order",
            function=lambda D, N: sinusoidal(D, N)[:, ::-1],
            step="angles",
            feedback="Your columns stand in the opposite order: the first one belongs to the last position. Column n belongs to "
            "position n, and positions count from 0 upwards.",
            rare=True,
        ),
        author.misconception(
            "sines with a minus",
            function=lambda D, N: sinusoidal(D, N) * np.where(np.arange(D) % 2, 1, -1)[:, None],
            step="sines and cosines",
            feedback="Your even rows have the wrong sign: the sines are negative where they should be positive. At position 1 the "
            "first hand has turned by 1, whose sine is 0.841. Look for a minus in the angle, or before the sine.",
            rare=True,
        ),
        author.misconception(
            "cosines with a minus",
            function=lambda D, N: sinusoidal(D, N) * np.where(np.arange(D) % 2, -1, 1)[:, None],
            step="sines and cosines",
            feedback="Your odd rows have the wrong sign: at position 0, where no hand has turned, they are -1. The cosine of 0 is 1. "
            "Look for a minus in the second equation of section 2.",
            rare=True,
        ),
        author.misconception(
            "the same in all columns",
            function=lambda D, N: np.repeat(sinusoidal(D, 2)[:, 1:], N, axis=1),
            step="angles",
            feedback="All of your columns are the same: the position plays no part in your angles. An angle is the frequency of the "
            "pair, *times* the number of the position.",
            rare=True,
        ),
        author.misconception(
            "frequencies and positions added",
            function=lambda D, N: in_pairs(frequencies(D)[:, None] + np.arange(N), D),
            step="angles",
            feedback="Your angles are sums of a frequency and a position, so that all hands turn equally fast. In the equations of "
            "section 2 they stand side by side: a product.",
            rare=True,
        ),
        author.misconception(
            "powers of the frequencies",
            function=lambda D, N: in_pairs(frequencies(D)[:, None] ** np.arange(N), D),
            step="angles",
            feedback="Your angles are powers: each frequency is raised to the number of the position, so that the hands come to a "
            "rest. In the equations of section 2 the two are multiplied.",
            rare=True,
        ),
        author.misconception(
            "without the first position",
            function=lambda D, N: sinusoidal(D, N)[:, 1:],
            step="angles",
            feedback="Your encoding lacks the first column, that of position 0, and so has a column too few. There are N positions, "
            "and they are counted from 0. Where does your counting begin?",
            rare=True,
        ),
        author.misconception(
            "without the last position",
            function=lambda D, N: sinusoidal(D, N)[:, :-1],
            step="angles",
            feedback="Your encoding lacks the last column and so has one too few. There are N positions: 0, 1 and so on up to N - 1, "
            "which has to be counted too. Look at where your counting ends.",
            rare=True,
        ),
        author.misconception(
            "one position too many",
            function=lambda D, N: sinusoidal(D, N + 1),
            step="angles",
            feedback="Your encoding has a column too many: that of position N. There are N positions, and since they are counted from "
            "0, the last is N - 1. Look at where your counting ends.",
            rare=True,
        ),
        author.misconception(
            "rows and positions exchanged",
            function=lambda D, N: sinusoidal(N, D),
            step=["angles", "rows in pairs"],
            feedback="Rows and columns have exchanged their roles: your result has a row for each position, and its pairs are made of "
            "columns. D is the number of rows, of which there are D/2 pairs.",
            rare=True,
        ),
        author.misconception(
            "pairs of positions",
            function=lambda D, N: sinusoidal(N, D).T,
            step=["angles", "rows in pairs"],
            feedback="Your frequencies belong to pairs of columns, and your angles grow from row to row. It is the other way round: "
            "the rows come in pairs, each with a frequency, and a column belongs to a position.",
            rare=True,
        ),
        author.misconception(
            "sines and cosines added",
            function=lambda D, N: np.array(
                [np.sin(a) + np.cos(a) for a in np.repeat(frequencies(D), 2)[:D, None] * np.arange(N)]
            ),
            step="sines and cosines",
            feedback="In each row of yours the sine and the cosine of an angle are added. They stand in rows of their own: the sine in "
            "the even row of a pair, the cosine in the odd one.",
            rare=True,
        ),
        author.misconception(
            "angles instead of sines and cosines",
            function=lambda D, N: np.repeat(frequencies(D), 2)[:D, None] * np.arange(N),
            step="sines and cosines",
            feedback="Your result has the angles themselves, two rows for each pair, so that the numbers grow with the position. A "
            "clock stays within its circle: take sine and cosine of each angle.",
            rare=True,
        ),
    ],
)

# %%
author.question(
    "add_positions",
    hints=[
        "Two things of the same shape are added, entry by entry, and only one of them is multiplied by something before. You have "
        "written the function for the other one already.",
        "Read the equation of section 3 from left to right: which letter stands right beside the root? The encoding is "
        "what your function of section 2 returns for the numbers of rows and columns of the tokens.",
        "Say there are 2 rows, and the first token is (3, 5). The root of 2 is 1.414, so it becomes (4.243, 7.071). At "
        "position 0 the encoding is (0, 1), and the sum is (4.243, 8.071).",
    ],
    sizes=lambda X: {"D": X.shape[0], "N": X.shape[1]},
    steps=[
        author.step("scaled tokens", 1),
        author.step("sum with the encoding", 1),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The tokens and the encoding are both (D, N), and so is their sum; the root is that of the number of rows.",
    cases=[
        author.case("the notebook's tokens", hidden=False, args=(X,)),
        author.case("other tokens", hidden=True, args=lambda rng: (rng.normal(size=(8, 6)),)),
        author.case(
            "12 rows, 5 tokens",
            hidden=True,
            args=lambda rng: (rng.normal(size=(12, 5)),),
        ),
        author.case("6 rows, 10 tokens", hidden=True, args=lambda rng: (3 + rng.normal(size=(6, 10)),)),
    ],
    properties=[
        author.property(
            "equal tokens become different",
            hidden=True,
            args=lambda rng: (np.repeat(rng.normal(size=(6, 1)), 5, axis=1),),
            holds=lambda add_positions, X: np.ptp(add_positions(X), axis=1).max() > 0.1,
            feedback="The same token at two positions should not give the same column: that is what the encoding is for.",
        ),
    ],
    misconceptions=[
        author.misconception(
            "tokens not scaled",
            old="np.sqrt(D) * ",
            new="",
            step="scaled tokens",
            feedback="Your tokens are added as they are. In the equation of section 3 a root stands before them, which "
            "makes them larger, so that the encoding, whose numbers go up to 1, does not cover them.",
        ),
        author.misconception(
            "tokens times D",
            old="np.sqrt(D)",
            new="D",
            step="scaled tokens",
            feedback="Your tokens are multiplied by their number of dimensions itself. That makes them too large for the "
            "encoding to matter beside them. Between the D and the tokens there is a sign in the equation that you have "
            "passed over.",
        ),
        author.misconception(
            "tokens divided by the root",
            old="np.sqrt(D)",
            new="1 / np.sqrt(D)",
            step="scaled tokens",
            feedback="Your tokens become smaller instead of larger: you divide them by the root. That is what is done with "
            "the scores of an attention. Here it is the other way: the tokens have to stand out against the encoding.",
        ),
        author.misconception(
            "encoding scaled too",
            old="np.sqrt(D) * X + sinusoidal(D, N)",
            new="np.sqrt(D) * (X + sinusoidal(D, N))",
            step="scaled tokens",
            feedback="The encoding in your sum is too large: the root multiplies both tokens and encoding. It belongs to "
            "the tokens alone. Look at what a bracket holds, or at what is scaled before and after the addition.",
        ),
        author.misconception(
            "encoding scaled instead of the tokens",
            old="np.sqrt(D) * X + sinusoidal(D, N)",
            new="X + np.sqrt(D) * sinusoidal(D, N)",
            step="scaled tokens",
            feedback="You multiply the encoding by the root and leave the tokens as they are. In the equation it is the "
            "tokens that are made larger: as it is now, the positions drown them.",
        ),
        author.misconception(
            "root of the number of tokens",
            old="np.sqrt(D)",
            new="np.sqrt(N)",
            step="scaled tokens",
            feedback="You scale by the root of how many tokens there are. A longer text would then have larger tokens. "
            "The root is that of the numbers in *one* token, the rows of the matrix. Which entry of the shape is that?",
        ),
        author.misconception(
            "multiplied by the encoding",
            old="X + sinusoidal",
            new="X * sinusoidal",
            step="sum with the encoding",
            feedback="You multiply the tokens by the encoding, entry by entry. Where the encoding is 0, as in the even rows "
            "of the first position, nothing of the token is left. It should be added, so that the token stays in the sum.",
        ),
        author.misconception(
            "subtracted",
            old="X + sinusoidal",
            new="X - sinusoidal",
            step="sum with the encoding",
            feedback="In your result the encoding has been taken away from the tokens. A network could learn to live with "
            "that, but it is not what the equation says: look at the sign between the two terms.",
        ),
        author.misconception(
            "encoding below the tokens",
            function=lambda X: np.vstack([np.sqrt(len(X)) * X, sinusoidal(*X.shape)]),
            step="sum with the encoding",
            feedback="Your result has twice as many rows as the tokens: the encoding stands below them. It has the same "
            "shape as the tokens so that it can be added to them, entry by entry, and the result keeps this shape too.",
        ),
        author.misconception(
            "positions along the rows",
            old="sinusoidal(D, N)",
            new="sinusoidal(N, D).T",
            step="sum with the encoding",
            feedback="Your encoding runs the wrong way: it takes the rows for positions and the columns for dimensions, and "
            "has then been transposed to fit. A token is a column here. Which of the two sizes does your function of "
            "section 2 want first?",
        ),
        author.misconception(
            "tokens without encoding",
            old=" + sinusoidal(D, N)",
            new="",
            step="sum with the encoding",
            feedback="Your result holds the scaled tokens and nothing of their positions: the same token gives the same "
            "column wherever it stands. The second term of the equation is missing.",
        ),
        author.misconception(
            "encoding alone",
            function=lambda X: sinusoidal(*X.shape),
            step=["scaled tokens", "sum with the encoding"],
            feedback="Your result is the same for all tokens: it is the encoding alone. The function should tell the "
            "tokens together with their positions, so they have to be part of the sum.",
        ),
        author.misconception(
            "first position for all",
            old="sinusoidal(D, N)",
            new="sinusoidal(D, N)[:, :1]",
            step="sum with the encoding",
            feedback="You add the same column to all tokens, the one of position 0. So they cannot be told apart by their "
            "positions. Column n of the encoding belongs to token n: the two matrices have the same shape.",
        ),
        author.misconception(
            "encoding one position late",
            old="sinusoidal(D, N)",
            new="sinusoidal(D, N + 1)[:, 1:]",
            step="sum with the encoding",
            feedback="Each token gets the encoding of the next position: your first token is told that it is the second. "
            "Positions count from 0, as the columns of a matrix do in NumPy.",
        ),
        author.misconception(
            "root added",
            function=lambda X: np.sqrt(len(X)) + X + sinusoidal(*X.shape),
            step="scaled tokens",
            feedback="The root of D is added to your tokens. In the equation of section 3 it stands right before the letter of the "
            "tokens, with no sign between them: it is a factor.",
            rare=True,
        ),
        author.misconception(
            "encoding divided by the root",
            function=lambda X: np.sqrt(len(X)) * X + sinusoidal(*X.shape) / np.sqrt(len(X)),
            step="scaled tokens",
            feedback="You divide the encoding by the root of D, and the tokens are multiplied by it. The equation of section 3 has one "
            "root, before the tokens, and the encoding as it is.",
            rare=True,
        ),
        author.misconception(
            "encoding divided, tokens as they are",
            function=lambda X: X + sinusoidal(*X.shape) / np.sqrt(len(X)),
            step="scaled tokens",
            feedback="Your tokens stay as they are, and the encoding is divided by the root of D. That has the same proportions, and "
            "another size. In section 3 the tokens are made larger.",
            rare=True,
        ),
        author.misconception(
            "half of the sum",
            function=lambda X: (np.sqrt(len(X)) * X + sinusoidal(*X.shape)) / 2,
            step="sum with the encoding",
            feedback="All of your result is half as large as it should be: a mean of tokens and encoding was taken. The equation of "
            "section 3 has a sum of the two. Nothing is divided.",
            rare=True,
        ),
        author.misconception(
            "encoding twice",
            function=lambda X: np.sqrt(len(X)) * X + 2 * sinusoidal(*X.shape),
            step="sum with the encoding",
            feedback="The encoding is contained twice in your result. In the equation of section 3 it is added once; look at what your "
            "function calls, and how often.",
            rare=True,
        ),
        author.misconception(
            "sum transposed",
            function=lambda X: add_positions(X).T,
            step="sum with the encoding",
            feedback="Your result has a row for each token: it is transposed. Tokens are columns here, with positions as without them, "
            "so that the shape is (D, N).",
            rare=True,
        ),
        author.misconception(
            "encoding in the opposite order",
            function=lambda X: np.sqrt(len(X)) * X + sinusoidal(*X.shape)[:, ::-1],
            step="sum with the encoding",
            feedback="You add the encoding of the last position to the first token, and the other way round. Column n of the tokens is "
            "at position n, as column n of the encoding is.",
            rare=True,
        ),
        author.misconception(
            "root of the number of all numbers",
            function=lambda X: np.sqrt(X.size) * X + sinusoidal(*X.shape),
            step="scaled tokens",
            feedback="Your tokens are multiplied by the root of how many numbers the whole matrix has. The root in section 3 is that "
            "of D, the number of rows alone.",
            rare=True,
        ),
        author.misconception(
            "sum divided by the root",
            function=lambda X: (X + sinusoidal(*X.shape)) / np.sqrt(len(X)),
            step="scaled tokens",
            feedback="All of your result is too small by a factor, D for the tokens and its root for the encoding: the sum of both is "
            "divided by the root. In section 3 the tokens are multiplied by it, and nothing is divided.",
            rare=True,
        ),
        author.misconception(
            "tokens once more",
            function=lambda X: (np.sqrt(len(X)) + 1) * X + sinusoidal(*X.shape),
            step="scaled tokens",
            feedback="Your result contains the tokens once too often: they are added as they are, beside those that are scaled. The "
            "equation of section 3 has them once, with the root.",
            rare=True,
        ),
        author.misconception(
            "numbers of the positions added",
            function=lambda X: np.sqrt(len(X)) * X + np.arange(X.shape[1]),
            step="sum with the encoding",
            feedback="You add the number of its position to each token, or a multiple of it. What is added in section 3 is the "
            "encoding: the sines and cosines of your function of section 2.",
            rare=True,
        ),
    ],
)


# %%
def with_blocks(D, rows, block):
    """Return a (D, D) matrix of zeros with a block for each pair: `rows(i)` and columns, `block(omega)`."""
    R = np.zeros((D, D))
    for i, omega in enumerate(frequencies(D)):
        R[np.ix_(rows(i), rows(i))] = block(omega)
    return R


def turn(angle):
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


author.question(
    "shift_matrix",
    hints=[
        "The matrix is full of zeros, but for small blocks of two rows and two columns along the diagonal. Which rows and "
        "columns belong to pair number 0, which to pair number 1?",
        "In the block of section 4 all four entries have the same angle: the number of steps times the frequency of this "
        "pair. Only one of the four has a minus; look where.",
        "For 4 rows and 3 steps, the angles are 3 and 0.03. The block in rows and columns 0 and 1 has cos(3) = -0.99 on its "
        "diagonal, sin(3) = 0.141 above it and -0.141 below. The one in rows and columns 2 and 3 has 1.0, 0.03 and -0.03.",
    ],
    sizes=lambda D, *_: {"D": D},
    steps=[
        author.step("angles of a step", 1),
        author.step("blocks on the diagonal", 1),
        author.step("cosines and sines of a block", 1),
        author.arguments_only(0.25),
    ],
    equation="The matrix is (D, D), with a block of shape (2, 2) for each pair of rows; times a column of D numbers it "
    "gives a column of D numbers.",
    cases=[
        author.case("8 rows, 2 positions further", hidden=False, args=(8, 2)),
        author.case("6 rows, 5 positions further", hidden=True, args=(6, 5)),
        author.case("10 rows, 3 positions back", hidden=True, args=(10, -3)),
        author.case("4 rows, no step", hidden=True, args=(4, 0)),
        author.case("12 rows, 40 positions further", hidden=True, args=(12, 40)),
    ],
    properties=[
        author.property(
            "turns the encoding into the one k positions later",
            hidden=True,
            args=(14, 4),
            holds=lambda shift_matrix, D, k: near(
                shift_matrix(D, k) @ sinusoidal(D, 9), sinusoidal(D, 9 + k)[:, k:]
            ),
            feedback="Your matrix times the encoding should be the encoding k positions later, at each position.",
        ),
        author.property(
            "two steps are one",
            hidden=True,
            args=(10,),
            holds=lambda shift_matrix, D: near(shift_matrix(D, 3) @ shift_matrix(D, 4), shift_matrix(D, 7)),
            feedback="A step of 3 and then one of 4 should be a step of 7: angles add up.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "np.zeros((D, D)) -> np.zeros((D, D)).T",
            reason="a square matrix of zeros is its own transpose",
        )
    ],
    misconceptions=[
        author.misconception(
            "nothing moved",
            function=lambda D, k: np.eye(D),
            step=["angles of a step", "cosines and sines of a block"],
            feedback="Your matrix is the identity: it leaves each column as it is, however many steps it should go. Each pair of "
            "rows has a block of cosines and sines of its own angle.",
        ),
        author.misconception(
            "steps the other way",
            edits=[("= c, s\n", "= c, -s\n"), ("= -s, c\n", "= s, c\n")],
            step="cosines and sines of a block",
            feedback="Your matrix steps the wrong way: times the encoding, it gives the one k positions *earlier*. The minus "
            "stands before the other sine: a pair here is (sine, cosine), in this order, so the rotation is not the one "
            "that you may know for (x, y). Compare the block in section 4.",
        ),
        author.misconception(
            "no minus",
            old="= -s, c\n",
            new="= s, c\n",
            step="cosines and sines of a block",
            feedback="Both sines of your blocks have a plus, so a block is no rotation: the length of a pair is not kept. "
            "The cosine of a sum of angles is a *difference* of two products; one of the two sines needs a minus.",
        ),
        author.misconception(
            "two minuses",
            old="= c, s\n",
            new="= c, -s\n",
            step="cosines and sines of a block",
            feedback="Both sines of your blocks have a minus, so a block is no rotation: the length of a pair is not kept. "
            "The sine of a sum of angles is a *sum* of two products, so in the first row of a block both terms have a "
            "plus.",
        ),
        author.misconception(
            "sine and cosine exchanged in the block",
            old="c, s = np.cos",
            new="s, c = np.cos",
            step="cosines and sines of a block",
            feedback="Your blocks have the sines on the diagonal and the cosines beside it. A step of no position at all "
            "should change nothing: it has the angle 0, and its matrix must be the identity. Which of the two functions is "
            "1 at angle 0?",
        ),
        author.misconception(
            "one position, whatever k is",
            function=lambda D, k: shift_matrix(D, 1),
            step="angles of a step",
            feedback="Your matrix goes one position further, whatever is asked for. The angle by which a pair has to be "
            "turned grows with the number of steps: where does k come into your angles?",
        ),
        author.misconception(
            "k times one step",
            function=lambda D, k: k * shift_matrix(D, 1),
            step="angles of a step",
            feedback="You take the matrix for one position and multiply it by k. That makes the pairs longer instead of "
            "turning them further. It is the *angle* that is k times as large, inside of the cosine and the sine.",
        ),
        author.misconception(
            "entries to the power of k",
            function=lambda D, k: shift_matrix(D, 1) ** float(k),
            step="angles of a step",
            feedback="You raise each *entry* of the matrix for one position to the power of k. To apply a matrix k times is "
            "something else: a product of k matrices. It is easier to turn by k times the angle at once.",
        ),
        author.misconception(
            "pairs of distant rows",
            function=lambda D, k: with_blocks(D, lambda i: [i, i + D // 2], lambda omega: turn(k * omega)),
            step="blocks on the diagonal",
            feedback="Your matrix pairs each row of the upper half with one of the lower half. That would fit an encoding "
            "with all sines above all cosines. Here the sine of a pair stands in row 2i and its cosine in the row below, "
            "so the blocks stand on the diagonal.",
        ),
        author.misconception(
            "same angle for all pairs",
            old="enumerate(frequencies(D))",
            new="enumerate(np.ones(D // 2))",
            step="angles of a step",
            feedback="All your blocks are the same: each pair is turned by the angle of the first. But every pair has a "
            "frequency of its own, and the lower ones turn much more slowly.",
        ),
        author.misconception(
            "number of the pair as its frequency",
            old="enumerate(frequencies(D))",
            new="enumerate(np.arange(D // 2))",
            step="angles of a step",
            feedback="Your first block is an identity, and the blocks below turn further and further: the angle is k times the "
            "*number* of the pair. It should be k times its frequency, which your function of section 1 tells.",
        ),
        author.misconception(
            "divided by the frequency",
            old="enumerate(frequencies(D))",
            new="enumerate(1 / frequencies(D))",
            step="angles of a step",
            feedback="Your first block is as expected, and the angles of the others are far too large. You divide k by the "
            "frequency of the pair. The frequency says by how much a hand turns from one position to the next; k "
            "positions are k times as much.",
        ),
        author.misconception(
            "no sines in the blocks",
            old=", np.sin(k * omega)",
            new=", 0 * omega",
            step="cosines and sines of a block",
            feedback="Your matrix has cosines on its diagonal and nothing beside it. So the sines are made from sines alone, "
            "but the sine of a sum of two angles needs the cosine too: the other two entries of a block are not zero.",
        ),
        author.misconception(
            "ones on the diagonal",
            old="c, s = np.cos(k * omega)",
            new="c, s = 1",
            step="cosines and sines of a block",
            feedback="Your matrix has ones on its diagonal, whatever the number of steps. In a block, the two entries on the "
            "diagonal have an angle in them as the other two have: a matrix that starts as an identity still has to be "
            "filled there.",
        ),
        author.misconception(
            "blocks that overlap",
            function=lambda D, k: with_blocks(D, lambda i: [i, i + 1], lambda omega: turn(k * omega)),
            step="blocks on the diagonal",
            feedback="Your blocks begin in rows 0, 1, 2, ..., so that each covers a part of the one before, and the lower "
            "rows stay empty. A block has two rows: where does the second block begin, where the third?",
        ),
        author.misconception(
            "only the first block",
            function=lambda D, k: with_blocks(
                D, lambda i: [2 * i, 2 * i + 1], lambda omega: turn(k * omega) * (omega == 1)
            ),
            step="blocks on the diagonal",
            feedback="Only the rows and columns 0 and 1 of your matrix are filled. Each pair of rows has a block. If you "
            "fill them in a loop, look at how often it runs, and whether `return` is indented too far.",
        ),
        author.misconception(
            "last block missing",
            old="enumerate(frequencies(D))",
            new="enumerate(frequencies(D)[:-1])",
            step="blocks on the diagonal",
            feedback="The last two rows and columns of your matrix are empty, and the rest is right: a block is missing at the "
            "end. There are as many blocks as pairs of rows. Look at where your loop stops.",
        ),
        author.misconception(
            "ones around the blocks",
            old="np.zeros((D, D))",
            new="np.ones((D, D))",
            step="blocks on the diagonal",
            feedback="Your blocks are right, but around them stand ones, which add all other rows to each pair. A pair is made "
            "from its own two rows alone: everywhere else the matrix has to be zero.",
        ),
        author.misconception(
            "columns moved",
            function=lambda D, k: np.roll(np.eye(D), k, axis=1),
            step=["angles of a step", "blocks on the diagonal", "cosines and sines of a block"],
            feedback="Your matrix moves whole rows up or down: it is made of zeros and ones. But what is to be moved is "
            "the position, that is, from column to column of the encoding, and there each pair of rows *turns*. The "
            "matrix holds cosines and sines.",
        ),
        author.misconception(
            "frequencies and steps added",
            function=lambda D, k: with_blocks(D, lambda i: [2 * i, 2 * i + 1], lambda omega: turn(k + omega)),
            step="angles of a step",
            feedback="Your angles are sums of k and a frequency. In the block of section 4 they stand side by side: a step of k "
            "positions turns a hand by k *times* its frequency.",
            rare=True,
        ),
        author.misconception(
            "frequencies to the power of the steps",
            function=lambda D, k: with_blocks(
                D, lambda i: [2 * i, 2 * i + 1], lambda omega: turn(omega ** float(k))
            ),
            step="angles of a step",
            feedback="Your angles are powers of the frequencies. In the block of section 4 the frequency is multiplied by k: twice as "
            "many steps turn a hand twice as far.",
            rare=True,
        ),
        author.misconception(
            "minus before the cosines",
            function=lambda D, k: with_blocks(
                D, lambda i: [2 * i, 2 * i + 1], lambda omega: turn(k * omega) * [[-1, 1], [1, -1]]
            ),
            step="cosines and sines of a block",
            feedback="The diagonal of your matrix has the wrong sign: for a step of 0 it should be 1 everywhere. In the block of "
            "section 4 one of the four entries has a minus: a sine.",
            rare=True,
        ),
        author.misconception(
            "one cosine with a minus",
            function=lambda D, k: with_blocks(
                D, lambda i: [2 * i, 2 * i + 1], lambda omega: turn(k * omega) * [[1, 1], [1, -1]]
            ),
            step="cosines and sines of a block",
            feedback="In each of your blocks, the lower cosine has a minus, so that a step of 0 would turn a sign. In the block of "
            "section 4 one of the four entries has a minus: a sine.",
            rare=True,
        ),
        author.misconception(
            "angles of a step in degrees",
            function=lambda D, k: with_blocks(
                D, lambda i: [2 * i, 2 * i + 1], lambda omega: turn(np.radians(k * omega))
            ),
            step="angles of a step",
            feedback="Your angles are converted between degrees and radians, so that the hands turn far too little. The frequencies "
            "are in radians already, as NumPy's sine and cosine take them.",
            rare=True,
        ),
        author.misconception(
            "steps as full turns",
            function=lambda D, k: with_blocks(
                D, lambda i: [2 * i, 2 * i + 1], lambda omega: turn(2 * np.pi * k * omega)
            ),
            step="angles of a step",
            feedback="Your angles have a factor of two pi, so that the first hand comes back with each step. The frequencies of "
            "section 1 are angles already: nothing is multiplied but the steps.",
            rare=True,
        ),
        author.misconception(
            "one step too many",
            function=lambda D, k: shift_matrix(D, k + 1),
            step="angles of a step",
            feedback="Your matrix makes one step more than it should: for k = 0 it should change nothing. The angle in the block of "
            "section 4 is k times the frequency.",
            rare=True,
        ),
        author.misconception(
            "one step too few",
            function=lambda D, k: shift_matrix(D, k - 1),
            step="angles of a step",
            feedback="Your matrix makes one step less than it should: for k = 0 it should change nothing. The angle in the block of "
            "section 4 is k times the frequency.",
            rare=True,
        ),
        author.misconception(
            "always forwards",
            function=lambda D, k: shift_matrix(D, abs(k)),
            step="angles of a step",
            feedback="Steps back come out as steps forward in your matrix: the sign of k is lost. A negative k turns the hands "
            "backwards; sine and cosine take it as it is.",
            rare=True,
        ),
        author.misconception(
            "identity added",
            function=lambda D, k: shift_matrix(D, k) + np.eye(D),
            step="blocks on the diagonal",
            feedback="The diagonal of your matrix is larger by 1: the blocks are added to a matrix that has ones there. Around the "
            "blocks are zeros, and in them nothing but cosines and sines.",
            rare=True,
        ),
        author.misconception(
            "identity where the sines are forgotten",
            function=lambda D, k: np.block(
                [[shift_matrix(D, k)[:2, :2], np.zeros((2, D - 2))], [np.zeros((D - 2, 2)), np.eye(D - 2)]]
            ),
            step="blocks on the diagonal",
            feedback="Your matrix has ones outside of its blocks, on the diagonal of the last pairs: not all blocks are filled. There "
            "is one block for each pair of rows, down to the last.",
            rare=True,
        ),
        author.misconception(
            "blocks from the last to the first",
            function=lambda D, k: shift_matrix(D, k)[::-1, ::-1].T,
            step="blocks on the diagonal",
            feedback="Your blocks stand in the opposite order along the diagonal: that of the fastest hand comes last. Rows and "
            "columns 0 and 1 belong to pair 0. Look at how you count.",
            rare=True,
        ),
    ],
)


# %%
def turned_by(X, positions, omega):
    """Return X with an angle for each row of `omega`, shape (rows, 1): of each pair, or one row of it."""
    a = np.repeat(omega, 2, axis=0)[-len(X) :] * positions if len(omega) < len(X) else omega * positions
    other = np.empty(X.shape)
    other[::2], other[1::2] = -X[1::2], X[::2]
    return np.cos(a) * X + np.sin(a) * other


def vectors(D, N, positions):
    return lambda rng: (rng.normal(size=(D, N)), np.array(positions))


def distances_only(rotate, X, positions):
    """Whether dot products stay the same if all positions are larger by the same."""
    here, there = rotate(X, positions), rotate(X, positions + 9)
    return near(here.T @ here, there.T @ there)


def of_products(rotate, X, positions):
    """What becomes of dot products if all positions are larger by the same."""
    if not near(np.linalg.norm(rotate(X, positions), axis=0), np.linalg.norm(X, axis=0)):
        return (
            "The dot products of your columns change if all positions grow by the same: your columns are not turned, for "
            "their lengths change too."
        )
    return (
        "The dot products of your columns change if all positions grow by the same: the columns keep their lengths, but "
        "are not turned by angles that grow evenly with the position."
    )


def half_way(X, angles):
    """Rows combined with those half of the rows away."""
    other = np.vstack([-X[len(X) // 2 :], X[: len(X) // 2]])
    return np.cos(angles) * X + np.sin(angles) * other


def with_the_row_above(X, positions):
    """Return tokens turned together with what `np.roll` puts beside them."""
    angles = np.repeat(frequencies(X.shape[0])[:, None] * positions, 2, axis=0)[: X.shape[0]]
    signs = np.where(np.arange(X.shape[0]) % 2, 1, -1)[:, None]
    return X * np.cos(angles) + signs * np.roll(X, 1, axis=0) * np.sin(angles)


def overwritten(X, positions):
    """Upper rows that are computed from lower rows which have been turned."""
    angles, turned = frequencies(len(X))[:, None] * positions, X.copy()
    turned[1::2] = np.sin(angles) * turned[::2] + np.cos(angles) * turned[1::2]
    turned[::2] = np.cos(angles) * turned[::2] - np.sin(angles) * turned[1::2]
    return turned


author.question(
    "rotate",
    hints=[
        "A column is a list of points in the plane: its rows 0 and 1 are the first, its rows 2 and 3 the second. All of "
        "them turn, each by an angle of its own. You have seen a table of such angles in section 2.",
        "Multiply out the matrix product of section 5: the new upper row and the new lower row are each a sum of two "
        "terms, and both need the upper and the lower row as they were before.",
        "Take a column (3, 4) of two rows at position 2. The angle is 2, its cosine -0.416, its sine 0.909. The upper row "
        "becomes 3 * (-0.416) - 4 * 0.909 = -4.886, the lower row 3 * 0.909 + 4 * (-0.416) = 1.063. The length is still 5.",
    ],
    sizes=lambda X, positions: {"D": X.shape[0], "N": X.shape[1]},
    steps=[
        author.step("angles of the positions", 1),
        author.step("pairs of rows", 1),
        author.step("rotation of a pair", 1.5),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="X and the result are (D, N), positions is a vector of N numbers, and there are D/2 frequencies: the angles "
    "are (D/2, N), one for each pair of rows and each column.",
    cases=[
        author.case("the notebook's tokens at 0, 1, 2, ...", hidden=False, args=(X, np.arange(N))),
        author.case("the notebook's tokens elsewhere", hidden=False, args=(X, np.array([4, 0, 9, 2, 2, 30]))),
        author.case("other tokens", hidden=True, args=vectors(8, 6, [7, 0, 1, 3, 50, 2])),
        author.case("12 rows, 5 tokens", hidden=True, args=vectors(12, 5, [3, 1, 20, 0, 4])),
        author.case("6 rows, 9 tokens", hidden=True, args=vectors(6, 9, [2, 3, 4, 5, 6, 7, 8, 9, 10])),
    ],
    properties=[
        author.property(
            "lengths are kept",
            hidden=True,
            args=vectors(10, 4, [0, 6, 2, 11]),
            holds=lambda rotate, X, positions: near(
                np.linalg.norm(rotate(X, positions), axis=0), np.linalg.norm(X, axis=0)
            ),
            feedback="A rotation should keep the length of each column, but the lengths of your columns change.",
        ),
        author.property(
            "products depend only on distances",
            hidden=True,
            args=vectors(10, 4, [0, 6, 2, 11]),
            holds=distances_only,
            feedback=of_products,
        ),
        author.property(
            "nothing is turned at position 0",
            hidden=True,
            args=vectors(10, 4, [0, 0, 0, 0]),
            holds=lambda rotate, X, positions: near(rotate(X, positions), X),
            feedback="At position 0 all angles are 0, so a column there should stay as it is.",
        ),
    ],
    equivalents=[
        author.equivalent(
            "np.zeros(X.shape) -> np.ones(X.shape)",
            reason="all rows are filled: it does not matter with what the array starts",
        )
    ],
    misconceptions=[
        author.misconception(
            "angles cut into another shape",
            old="frequencies(X.shape[0])[:, None] * positions",
            new="np.reshape(np.outer(positions, frequencies(X.shape[0])), (-1, len(positions)))",
            step="angles of the positions",
            rare=True,
            feedback="Your angles have the right shape and stand at the wrong places: a product with one position per row was "
            "made, and a reshape cuts its rows instead of turning them. Frequencies belong to rows and positions to columns.",
        ),
        author.misconception(
            "partner taken from the row above",
            function=with_the_row_above,
            step="pairs of rows",
            rare=True,
            feedback="The second row of each pair is right, and the first is mixed with the row above it, which belongs to another "
            "pair. Two rows that are turned together need each other: shifting all rows by one finds the partner of only half "
            "of them.",
        ),
        author.misconception(
            "turned backwards",
            edits=[("* x - np.sin", "* x + np.sin"), ("np.sin(angles) * x +", "-np.sin(angles) * x +")],
            step="rotation of a pair",
            feedback="Your pairs are turned by the right angles, but the other way round. The matrix of section 5 has its "
            "minus in the first row; the one of section 4, which is for pairs of sine and cosine, has it in the second. "
            "(Used for queries and keys alike, both would give the same attention.)",
        ),
        author.misconception(
            "plus in both rows",
            old="* x - np.sin",
            new="* x + np.sin",
            step="rotation of a pair",
            feedback="Both of your new rows are sums, so that the pair is no longer turned: its length changes. In the "
            "matrix of section 5 one of the two sines has a minus. Which row is it in?",
        ),
        author.misconception(
            "minus in both rows",
            old="np.sin(angles) * x +",
            new="-np.sin(angles) * x +",
            step="rotation of a pair",
            feedback="In both of your new rows the sine has a minus, so that the pair is no longer turned: its length "
            "changes. In the matrix of section 5 only one of the two sines has a minus. Which row is it in?",
        ),
        author.misconception(
            "minus before the cosine",
            old="* x + np.cos",
            new="* x - np.cos",
            step="rotation of a pair",
            feedback="Your odd rows have a minus before the cosine. So at position 0, where nothing should be turned, they "
            "change their sign: the pair is mirrored. The only minus in the matrix of section 5 stands before a sine.",
        ),
        author.misconception(
            "first row overwritten too early",
            old="np.sin(angles) * x +",
            new="np.sin(angles) * X_rotated[::2] +",
            step="rotation of a pair",
            feedback="Your even rows are as expected, but the odd rows are computed from even rows that have been turned "
            "already. Both new rows need both old ones. Keep the old rows under names of their own (a slice of an array "
            "is no copy: it changes with it), or write to another array.",
        ),
        author.misconception(
            "distant rows paired",
            edits=[
                ("X[::2], X[1::2]", "X[: len(X) // 2], X[len(X) // 2 :]"),
                ("X_rotated[::2]", "X_rotated[: len(X) // 2]"),
                ("X_rotated[1::2]", "X_rotated[len(X) // 2 :]"),
            ],
            step="pairs of rows",
            feedback="You pair each row of the upper half with one of the lower half and turn these. Several well-known "
            "programs do that, but here the pairs are neighbours: row 0 with row 1, row 2 with row 3. A slice with a "
            "step takes all the upper rows of the pairs at once.",
        ),
        author.misconception(
            "turned rows not put back between each other",
            edits=[
                ("X_rotated[::2]", "X_rotated[: len(X) // 2]"),
                ("X_rotated[1::2]", "X_rotated[len(X) // 2 :]"),
            ],
            step="pairs of rows",
            feedback="Your pairs are turned, but all their upper rows stand above all their lower rows in the result. "
            "Each row has to go back to where it came from: rows 0, 2, 4, ... and rows 1, 3, 5, ... alternate.",
        ),
        author.misconception(
            "given positions not used",
            old="* positions",
            new="* np.arange(X.shape[1])",
            step="angles of the positions",
            feedback="You turn the columns as if they were at positions 0, 1, 2, ..., whatever positions are given. As long "
            "as these are the same, nobody notices. A token may stand anywhere: column n is at the position that the "
            "second argument says.",
        ),
        author.misconception(
            "positions one too large",
            old="* positions",
            new="* (positions + 1)",
            step="angles of the positions",
            feedback="Each of your columns is turned one position too far: a token at position 0 should not be turned at "
            "all. The positions that are given are the ones to use, without an addition.",
        ),
        author.misconception(
            "all at the first position",
            old="* positions",
            new="* positions[0]",
            step="angles of the positions",
            feedback="All of your columns are turned by the same angles, those of the first position. Each column has a "
            "position of its own: the angles are a table with a row for each pair and a column for each token.",
        ),
        author.misconception(
            "all at the last position",
            old="* positions",
            new="* positions[-1]",
            step="angles of the positions",
            feedback="All of your columns are turned by the same angles, those of the last position. If a loop over the "
            "positions fills the whole matrix each time, only its last round is left. Column n is turned by its own "
            "position alone.",
        ),
        author.misconception(
            "sine and cosine exchanged",
            old="angles = frequencies",
            new="angles = np.pi / 2 - frequencies",
            step="rotation of a pair",
            feedback="The cosines and sines in your rotation have changed places. At position 0 all angles are 0 and the "
            "column should stay as it is; yours does not. Which of the two is 1 at angle 0, and where does it stand in the "
            "matrix of section 5?",
        ),
        author.misconception(
            "positions divided by the frequencies",
            old="frequencies(X.shape[0])",
            new="1 / frequencies(X.shape[0])",
            step="angles of the positions",
            feedback="Rows 0 and 1 of your result are as expected, but the lower pairs turn much too fast: you divide the "
            "positions by the frequencies. A frequency is the angle from one position to the next. The lower the rows, the "
            "smaller the angles should be.",
        ),
        author.misconception(
            "same angle for all rows",
            old="[:, None]",
            new="[:1, None]",
            step="angles of the positions",
            feedback="All your pairs of rows turn by the angle of the first one. Each pair has a frequency of its own, and "
            "the lower ones turn more slowly, as the hands of a clock do.",
        ),
        author.misconception(
            "encoding added instead",
            function=lambda X, positions: X + sinusoidal(len(X), max(positions) + 1)[:, positions],
            step=["pairs of rows", "rotation of a pair"],
            feedback="You add the sinusoidal encoding to the columns. That is the other way to tell positions, from the "
            "first half of this notebook. The rotary one adds nothing: it multiplies each pair of rows by a matrix of "
            "shape (2, 2).",
        ),
        author.misconception(
            "rows exchanged in the lower row",
            old="np.sin(angles) * x + np.cos(angles) * y",
            new="np.cos(angles) * x + np.sin(angles) * y",
            step="rotation of a pair",
            feedback="The even rows of your result are right, the odd ones are not: the sine and the cosine in them belong to the "
            "other row of the pair. A token at position 0 should stay as it is. Multiply out the second row of the matrix "
            "once more.",
        ),
        author.misconception(
            "each row with itself",
            edits=[
                ("np.sin(angles) * y", "np.sin(angles) * x"),
                ("np.sin(angles) * x +", "np.sin(angles) * y +"),
            ],
            step="rotation of a pair",
            feedback="Each of your new rows is made from the same row alone: its cosine part and its sine part both hold "
            "the row itself. In a rotation, the part with the sine comes from the *partner* of the row.",
        ),
        author.misconception(
            "rows of a pair exchanged",
            edits=[("X_rotated[::2] =", "X_rotated[1::2] ="), ("X_rotated[1::2] =", "X_rotated[::2] =")],
            step="pairs of rows",
            feedback="Your result has the two rows of each pair exchanged: what belongs into the even rows stands in the "
            "odd ones. At position 0 the column should stay as it is. In which order do the rows stand in the equation of "
            "section 5, and in yours?",
        ),
        author.misconception(
            "no sines",
            edits=[(" - np.sin(angles) * y", ""), ("np.sin(angles) * x + ", "")],
            step="rotation of a pair",
            feedback="You multiply the rows by cosines, and the sines are missing. That shrinks the columns instead of "
            "turning them. Each new row is a sum of two terms: one with the cosine, and one with the sine and the partner "
            "of the row.",
        ),
        author.misconception(
            "an angle for each row",
            function=lambda X, positions: turned_by(
                X, positions, 1 / 10000 ** (np.arange(len(X))[:, None] / len(X))
            ),
            step="angles of the positions",
            feedback="The two rows of a pair are turned by different angles in your result, for each row has a frequency "
            "of its own. Then it is no rotation any more, and lengths change. The rows 2i and 2i + 1 share frequency "
            "number i.",
        ),
        author.misconception(
            "only the first pair turned",
            function=lambda X, positions: np.vstack([rotate(X, positions)[:2], X[2:]]),
            step="pairs of rows",
            feedback="Rows 0 and 1 are turned, and all others stay as they were. Each pair of rows has to be turned, with "
            "its own angle. If you do it in a loop over the pairs, look at where it starts, where it ends, and how far "
            "`return` is indented.",
        ),
        author.misconception(
            "rotated tokens transposed",
            old="return X_rotated",
            new="return X_rotated.T",
            step="pairs of rows",
            feedback="Your result has a row for each token. Here a token is a column, in the result as in the argument: "
            "both have the shape (D, N). Many programs have it the other way.",
        ),
        author.misconception(
            "lower row overwritten too early",
            function=overwritten,
            step="rotation of a pair",
            feedback="Your lower rows are turned first, and your upper rows are then computed from the new lower ones. Both need the "
            "rows as they were: keep them before you change anything.",
            rare=True,
        ),
        author.misconception(
            "frequencies and positions summed",
            function=lambda X, positions: turned_by(X, 1, frequencies(len(X))[:, None] + positions),
            step="angles of the positions",
            feedback="Your angles are sums of a frequency and a position, so that nothing stays in place at position 0. In the matrix "
            "of section 5 they stand side by side: a product.",
            rare=True,
        ),
        author.misconception(
            "rotation in degrees",
            function=lambda X, positions: rotate(X, np.radians(positions)),
            step="angles of the positions",
            feedback="Your angles are converted between degrees and radians, so that the points turn far too little. The frequencies "
            "are in radians already, as NumPy's sine and cosine take them.",
            rare=True,
        ),
        author.misconception(
            "rotation in full turns",
            function=lambda X, positions: rotate(X, 2 * np.pi * positions),
            step="angles of the positions",
            feedback="Your angles have a factor of two pi, so that the first pair of rows comes back at each position. The frequencies "
            "of section 1 are angles already: only the position is multiplied.",
            rare=True,
        ),
        author.misconception(
            "lower rows as they were",
            function=lambda X, positions: np.where(np.arange(len(X))[:, None] % 2, X, rotate(X, positions)),
            step="rotation of a pair",
            feedback="Only the upper row of each pair is turned in your result; the lower rows are as they were. A point has two "
            "coordinates, and both change: the matrix of section 5 has two rows.",
            rare=True,
        ),
        author.misconception(
            "upper rows as they were",
            function=lambda X, positions: np.where(np.arange(len(X))[:, None] % 2, rotate(X, positions), X),
            step="rotation of a pair",
            feedback="Only the lower row of each pair is turned in your result; the upper rows are as they were. A point has two "
            "coordinates, and both change: the matrix of section 5 has two rows.",
            rare=True,
        ),
        author.misconception(
            "lower rows left empty",
            function=lambda X, positions: np.where(np.arange(len(X))[:, None] % 2, 0, rotate(X, positions)),
            step="rotation of a pair",
            feedback="Every second row of your result is 0: only the upper row of each pair is filled. A point has two coordinates: "
            "the matrix of section 5 has two rows. Each needs a line.",
            rare=True,
        ),
        author.misconception(
            "no cosines",
            function=lambda X, positions: (rotate(X, positions) - rotate(X, -positions)) / 2,
            step="rotation of a pair",
            feedback="Your rows are made of the sines alone, so that all points come out as 0 at position 0. Each new coordinate is a "
            "sum of two terms, one of them with a cosine.",
            rare=True,
        ),
        author.misconception(
            "neighbouring angles, distant partners",
            function=lambda X, positions: half_way(X, np.repeat(frequencies(len(X)), 2)[:, None] * positions),
            step="pairs of rows",
            feedback="The angles of your rows belong to neighbouring pairs, but what each row is combined with is half of the rows "
            "away. So no pair is turned as a whole. Here the partners are neighbours.",
            rare=True,
        ),
        author.misconception(
            "neighbouring partners, distant angles",
            function=lambda X, positions: turned_by(X, positions, np.tile(frequencies(len(X)), 2)[:, None]),
            step="pairs of rows",
            feedback="Your rows are combined with their neighbours, but the angles of the two are different: they repeat after half of "
            "the rows. Both rows of a pair turn by the same angle.",
            rare=True,
        ),
        author.misconception(
            "turned tokens added",
            function=lambda X, positions: X + rotate(X, positions),
            step="rotation of a pair",
            feedback="Your result is the sum of the tokens and the turned tokens. A rotary encoding adds nothing: what comes out is "
            "the turned token alone, as long as it was.",
            rare=True,
        ),
        author.misconception(
            "tokens of the rotation scaled",
            function=lambda X, positions: np.sqrt(len(X)) * rotate(X, positions),
            step="rotation of a pair",
            feedback="Your columns are longer than they were, by the root of D. That factor belongs to the sum of section 3. A "
            "rotation keeps the length of each column.",
            rare=True,
        ),
        author.misconception(
            "multiplied by the encoding's sines and cosines",
            function=lambda X, positions: X * sinusoidal(len(X), int(max(positions)) + 1)[:, positions],
            step=["pairs of rows", "rotation of a pair"],
            feedback="You multiply the tokens by sines and cosines, row by row, and no row meets its partner. In section 5 each new "
            "row is a sum of two terms, from both rows of a pair.",
            rare=True,
        ),
        author.misconception(
            "positions from the first one on",
            function=lambda X, positions: rotate(X, positions - positions[0]),
            step="angles of the positions",
            feedback="You subtract the first position from all of them, so that the first token is never turned. The angle of a column "
            "grows with the position that is given for it.",
            rare=True,
        ),
    ],
)


# %%
def inputs(D, D_q, D_v, positions):
    """Return a function that draws tokens at these positions, and weights of these sizes."""

    def draw(rng):
        N = len(positions)
        weights = [rng.normal(size=(rows, D)) for rows in (D_q, D_q, D_v)]
        return (rng.normal(size=(D, N)), np.array(positions), *weights)

    return draw


def with_sinusoids(X, positions, omega_q, omega_k, omega_v):
    """Attention of tokens to which the encoding was added: no rotary one."""
    X = X + sinusoidal(len(X), int(max(positions)) + 1)[:, positions]
    return rotary_self_attention(X, 0 * positions, omega_q, omega_k, omega_v)


def weights_of(X, positions, omega_q, omega_k):
    """Return the attention weights."""
    Q, K = rotate(omega_q @ X, positions), rotate(omega_k @ X, positions)
    return softmax_cols(K.T @ Q / np.sqrt(len(Q)))


def queries_backwards(X, positions, omega_q, omega_k, omega_v):
    """Attention whose queries are turned the other way."""
    Q, K = rotate(omega_q @ X, -positions), rotate(omega_k @ X, positions)
    return omega_v @ X @ softmax_cols(K.T @ Q / np.sqrt(len(Q)))


def other_keys(X, positions, omega_q, omega_k, omega_v):
    """Attention whose keys are at 0, 1, 2, ..."""
    Q, K = rotate(omega_q @ X, positions), rotate(omega_k @ X, np.arange(X.shape[1]))
    return omega_v @ X @ softmax_cols(K.T @ Q / np.sqrt(len(Q)))


def over_all(X, positions, omega_q, omega_k, omega_v):
    """Attention whose weights sum to 1 all together."""
    Q, K = rotate(omega_q @ X, positions), rotate(omega_k @ X, positions)
    powers = np.exp(K.T @ Q / np.sqrt(len(Q)))
    return omega_v @ X @ (powers / powers.sum())


def masked(X, positions, omega_q, omega_k, omega_v):
    """Attention that does not look ahead."""
    Q, K = rotate(omega_q @ X, positions), rotate(omega_k @ X, positions)
    scores = K.T @ Q / np.sqrt(len(Q))
    return omega_v @ X @ softmax_cols(np.where(np.tri(len(scores)).T, scores, -np.inf))


author.question(
    "rotary_self_attention",
    hints=[
        "It is the scaled self-attention that you know, with one thing more. Which of the queries, the keys and the values "
        "are turned, and when: before or after the weights have been applied to the tokens?",
        "In the equations of section 6, the turning stands outside of the product with the weights, twice, and both times "
        "with the positions that the function is given. In the product of keys and queries, the columns belong to queries.",
        "Two tokens with queries and keys (1, 0) at positions 0 and 2: the turned ones are (1, 0) and (-0.416, 0.909). Their "
        "products are 1 for a token with itself and -0.416 with the other. Divided by the root of 2: 0.707 and -0.294. "
        "The softmax gives 0.731 to the token itself and 0.269 to the other.",
    ],
    sizes=lambda X, positions, *_: {"D": X.shape[0], "N": X.shape[1]},
    steps=[
        author.step("queries and keys turned", 1.5),
        author.step("values not turned", 0.5),
        author.step("scores", 0.5),
        author.step("softmax over the keys", 0.5),
        author.step("weighting of the values", 0.5),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="X is (D, N); queries and keys have D_q rows and N columns; the weights are (N, N), a column for each query; "
    "the values and the result have as many rows as omega_v and N columns.",
    cases=[
        author.case(
            "the notebook's tokens at 0, 1, 2, ...",
            hidden=False,
            args=(X, np.arange(N), omega_q, omega_k, omega_v),
        ),
        author.case("other tokens, elsewhere", hidden=True, args=inputs(8, 8, 8, [3, 0, 1, 12, 7, 4])),
        author.case("12 rows, 5 tokens", hidden=True, args=inputs(12, 12, 12, [5, 6, 7, 8, 9])),
        author.case(
            "fewer rows in queries and keys", hidden=True, args=inputs(10, 6, 4, [0, 1, 2, 3, 4, 5, 6])
        ),
    ],
    properties=[
        author.property(
            "only distances count",
            hidden=True,
            args=inputs(6, 6, 6, [0, 1, 2, 3]),
            holds=lambda attention, X, positions, *weights: near(
                attention(X, positions, *weights), attention(X, positions + 20, *weights)
            ),
            steps=["queries and keys turned", "values not turned"],
            feedback="If all positions grow by the same, your outputs change. They should depend only on how far tokens are "
            "apart: what is turned, and by which positions?",
        ),
        author.property(
            "tokens and positions may be shuffled together",
            hidden=True,
            args=inputs(6, 6, 6, [0, 1, 2, 3]),
            holds=lambda attention, X, positions, *weights: near(
                attention(X[:, [2, 0, 3, 1]], positions[[2, 0, 3, 1]], *weights),
                attention(X, positions, *weights)[:, [2, 0, 3, 1]],
            ),
            steps=["queries and keys turned"],
            feedback="If the tokens are shuffled together with their positions, your outputs are not shuffled in the same "
            "way: each token has to keep the position that was given with it.",
        ),
    ],
    equivalents=[
        author.equivalent("Q.shape -> K.shape", reason="queries and keys have the same number of rows"),
    ],
    misconceptions=[
        author.misconception(
            "values turned too",
            old="V = omega_v @ X",
            new="V = rotate(omega_v @ X, positions)",
            step="values not turned",
            feedback="You turn the values as well. The positions should decide how much tokens attend to each other, and "
            "that is the business of queries and keys. What is handed over must not depend on where the text begins: if "
            "all positions grow by the same, your outputs change.",
        ),
        author.misconception(
            "keys not turned",
            old="rotate(omega_k @ X, positions)",
            new="omega_k @ X",
            step="queries and keys turned",
            feedback="You turn the queries, but not the keys. So the scores depend on the position of the query alone, and "
            "not on how far it is from the key. Only if both are turned, each by its own position, is what remains "
            "between them the distance.",
        ),
        author.misconception(
            "queries not turned",
            old="rotate(omega_q @ X, positions)",
            new="omega_q @ X",
            step="queries and keys turned",
            feedback="You turn the keys, but not the queries. So the scores depend on the position of the key alone, and "
            "not on how far it is from the query. Only if both are turned, each by its own position, is what remains "
            "between them the distance.",
        ),
        author.misconception(
            "nothing turned",
            edits=[
                ("rotate(omega_k @ X, positions)", "omega_k @ X"),
                ("rotate(omega_q @ X, positions)", "omega_q @ X"),
            ],
            step="queries and keys turned",
            feedback="The positions play no part in your result: it is self-attention as it was before. Your function of "
            "section 5 has to be applied to two of the three matrices that are computed from the tokens. Look at the "
            "equations of section 6.",
        ),
        author.misconception(
            "tokens turned before the weights",
            edits=[
                ("rotate(omega_q @ X, positions)", "omega_q @ rotate(X, positions)"),
                ("rotate(omega_k @ X, positions)", "omega_k @ rotate(X, positions)"),
            ],
            step="queries and keys turned",
            feedback="You turn the tokens first and compute queries and keys from what has been turned. The weights mix "
            "the rows, and then the dot products no longer depend on distances. It is the queries and keys themselves "
            "that have to be turned.",
        ),
        author.misconception(
            "all from turned tokens",
            edits=[
                ("rotate(omega_q @ X, positions)", "omega_q @ rotate(X, positions)"),
                ("rotate(omega_k @ X, positions)", "omega_k @ rotate(X, positions)"),
                ("V = omega_v @ X", "V = omega_v @ rotate(X, positions)"),
            ],
            step=["queries and keys turned", "values not turned"],
            feedback="You turn the tokens once, at the start, and compute everything from that. So the values are turned "
            "too, and the dot products do not depend on distances, for the weights mix the rows that have been turned. "
            "Compute queries and keys first, then turn these two.",
        ),
        author.misconception(
            "keys turned the other way",
            old="rotate(omega_k @ X, positions)",
            new="rotate(omega_k @ X, -positions)",
            step="queries and keys turned",
            feedback="Queries and keys are turned in opposite directions, so that the angle between them is that of the "
            "*sum* of their positions. The distance is what should count: turn both in the same direction.",
        ),
        author.misconception(
            "own positions instead of the given ones",
            edits=[
                ("rotate(omega_q @ X, positions)", "rotate(omega_q @ X, np.arange(X.shape[1]))"),
                ("rotate(omega_k @ X, positions)", "rotate(omega_k @ X, np.arange(X.shape[1]))"),
            ],
            step="queries and keys turned",
            feedback="You turn by positions 0, 1, 2, ..., whatever is given. As long as tokens stand side by side, nobody "
            "notices, since only distances count. With gaps between them your outputs are others: use the positions that "
            "come with the tokens.",
        ),
        author.misconception(
            "scores not scaled",
            old=" / np.sqrt(Q.shape[0])",
            new="",
            step="scores",
            feedback="The dot products go into the softmax as they are, so that nearly all weight falls on one token. In "
            "the equation they are divided by a root before.",
        ),
        author.misconception(
            "scaled by the number of tokens",
            old="Q.shape[0]",
            new="Q.shape[1]",
            step="scores",
            feedback="Your scores are divided by the root of the number of tokens. The dot product is a sum over the "
            "entries of one query, so it is *their* number that makes it large, however long the text is. Which entry of "
            "the shape counts the rows?",
        ),
        author.misconception(
            "scaled by the rows of the tokens",
            old="Q.shape[0]",
            new="X.shape[0]",
            step="scores",
            feedback="Your scores are divided by the root of the number of rows of the tokens. As long as queries have as "
            "many rows, that is the same. But they may have fewer, and it is the entries of a query that the dot product "
            "sums up.",
        ),
        author.misconception(
            "scaled after the softmax",
            old="softmax_cols(K.T @ Q / np.sqrt(Q.shape[0]))",
            new="softmax_cols(K.T @ Q) / np.sqrt(Q.shape[0])",
            step="scores",
            feedback="You divide by the root after the softmax. So the weights of a query no longer sum to one, and the softmax has "
            "seen the large dot products. In the equation, the fraction stands *within* the brackets of the softmax.",
        ),
        author.misconception(
            "root forgotten",
            old="np.sqrt(Q.shape[0])",
            new="Q.shape[0]",
            step="scores",
            feedback="Your scores are divided by the number of rows itself, and become so small that all tokens get nearly "
            "the same weight. In the equation a root stands over that number.",
        ),
        author.misconception(
            "scores transposed",
            old="K.T @ Q",
            new="Q.T @ K",
            step="scores",
            feedback="In your scores, rows belong to queries and columns to keys: it is as if queries and keys had changed "
            "their parts. The softmax then runs over the queries of one key. In the equation, the keys stand on the left.",
        ),
        author.misconception(
            "softmax over the queries",
            edits=[("K.T @ Q", "Q.T @ K"), ("V @ weights", "V @ weights.T")],
            step="softmax over the keys",
            feedback="Your weights sum to one for each *key*, over all queries. It is one query that shares out its "
            "attention over all keys: its weights, a column of the matrix, have to sum to one. The function that is "
            "given works on columns.",
        ),
        author.misconception(
            "weights transposed",
            old="V @ weights",
            new="V @ weights.T",
            step="weighting of the values",
            feedback="The values meet the weights the wrong way round: output n is summed with the weights that all "
            "queries give to token n, instead of those that query n gives to all tokens. Look at which axis of the weights "
            "belongs to the keys.",
        ),
        author.misconception(
            "no softmax",
            old="softmax_cols(",
            new="(",
            step="softmax over the keys",
            feedback="The scores themselves weight the values: they can be negative and large, and do not sum to one. "
            "The function for that is given, above yours.",
        ),
        author.misconception(
            "keys weighted instead of values",
            old="V @ weights",
            new="K @ weights",
            step="weighting of the values",
            feedback="Your result is a weighted sum of the keys. These only serve to find out how much attention each token "
            "gets; what is handed over are the values.",
        ),
        author.misconception(
            "values made as keys",
            old="V = omega_v @ X",
            new="V = omega_k @ X",
            step="weighting of the values",
            feedback="Your values are computed with the weights of the keys, as happens when a line is copied. There are three "
            "matrices of weights: the values have their own, and one of the three is unused in your function.",
        ),
        author.misconception(
            "tokens weighted instead of values",
            old="V @ weights",
            new="X @ weights",
            step="weighting of the values",
            feedback="Your result is a weighted sum of the tokens as they came in. What tokens hand over are their values: these are "
            "computed from the tokens first, with weights of their own.",
        ),
        author.misconception(
            "exponentials without their sum",
            old="softmax_cols(",
            new="np.exp(",
            step="softmax over the keys",
            feedback="Your weights are the exponentials of the scores, and do not sum to one: each column of your result is too "
            "large by a factor of its own. The softmax divides the exponentials by their sum; it is given above.",
        ),
        author.misconception(
            "outputs transposed",
            old="return X_prime",
            new="return X_prime.T",
            step="weighting of the values",
            feedback="Your result is right, and transposed: it has a row for each token. In this course, tokens are columns, in "
            "the result as in the argument.",
        ),
        author.misconception(
            "outputs turned",
            old="return X_prime",
            new="return rotate(X_prime, positions)",
            step="values not turned",
            feedback="You turn the outputs of the attention by the positions. The turning belongs before the dot products, "
            "since it is these that should know about distances. What comes out at the end stays as it is.",
        ),
        author.misconception(
            "tokens added to the outputs",
            function=lambda X, *others: X + rotary_self_attention(X, *others),
            step="weighting of the values",
            feedback="Your result is the output of the attention, and the tokens added to it. Such a residual connection "
            "comes in a transformer, but around the attention, not in it. Here the weighted values alone are asked for.",
        ),
        author.misconception(
            "sinusoids added to the tokens",
            function=with_sinusoids,
            step=["queries and keys turned", "values not turned"],
            feedback="You add the sinusoidal encoding to the tokens and leave queries and keys as they are. That is the "
            "first way to tell positions. Here it is the second that is asked for: nothing is added, and queries and keys "
            "are turned.",
        ),
        author.misconception(
            "values made as queries",
            function=lambda X, positions, omega_q, omega_k, omega_v: rotary_self_attention(
                X, positions, omega_q, omega_k, omega_q
            ),
            step="weighting of the values",
            feedback="Your values are computed with the weights of the queries, and those of the values are not used. Each of the "
            "three has a matrix of its own, with the same index as in section 6.",
            rare=True,
        ),
        author.misconception(
            "keys made as queries",
            function=lambda X, positions, omega_q, omega_k, omega_v: rotary_self_attention(
                X, positions, omega_q, omega_q, omega_v
            ),
            step="scores",
            feedback="Your keys are computed with the weights of the queries, so that each token attends to those that are like it. "
            "The weights of the keys are not used: look at the indices.",
            rare=True,
        ),
        author.misconception(
            "queries made as keys",
            function=lambda X, positions, omega_q, omega_k, omega_v: rotary_self_attention(
                X, positions, omega_k, omega_k, omega_v
            ),
            step="scores",
            feedback="Your queries are computed with the weights of the keys, so that each token attends to those that are like it. "
            "The weights of the queries are not used: look at the indices.",
            rare=True,
        ),
        author.misconception(
            "turned twice",
            function=lambda X, positions, omega_q, omega_k, omega_v: rotary_self_attention(
                X, 2 * positions, omega_q, omega_k, omega_v
            ),
            step="queries and keys turned",
            feedback="Your queries and keys are turned twice as far as they should be: by their positions, and once more. Each of them "
            "goes through `rotate` once, with the positions as they are given.",
            rare=True,
        ),
        author.misconception(
            "queries turned the other way",
            function=queries_backwards,
            step="queries and keys turned",
            feedback="Your queries are turned backwards and your keys forwards, so that their products depend on the sum of the "
            "positions. Both are turned by their own positions, the same way.",
            rare=True,
        ),
        author.misconception(
            "both turned the other way",
            function=lambda X, positions, omega_q, omega_k, omega_v: rotary_self_attention(
                X, -positions, omega_q, omega_k, omega_v
            ),
            step="queries and keys turned",
            feedback="Your queries and keys are both turned backwards. Only distances count, but a key before a query now looks like "
            "one behind it. The positions go into `rotate` as they are given.",
            rare=True,
        ),
        author.misconception(
            "multiplied by the root in the scores",
            function=lambda X, positions, omega_q, omega_k, omega_v: rotary_self_attention(
                X, positions, len(omega_q) * omega_q, omega_k, omega_v
            ),
            step="scores",
            feedback="Your scores are multiplied by the root, so that nearly all of the attention goes to one key. In the equation of "
            "section 6 it stands below the fraction line.",
            rare=True,
        ),
        author.misconception(
            "softmax over the whole table",
            function=over_all,
            step="softmax over the keys",
            feedback="All of your weights together sum to 1, so that the outputs are far too small. The softmax of section 6 is that "
            "of each column: the weights of each query sum to 1.",
            rare=True,
        ),
        author.misconception(
            "later tokens masked",
            function=masked,
            step="scores",
            feedback="Your tokens do not attend to those behind them: a causal mask has been put in. That belongs to models that "
            "predict the next token. In section 6 all tokens attend to all.",
            rare=True,
        ),
        author.misconception(
            "attention weights returned",
            function=lambda X, positions, omega_q, omega_k, omega_v: weights_of(
                X, positions, omega_q, omega_k
            ),
            step="weighting of the values",
            feedback="You return the attention weights, of shape (N, N). They say how much each token takes from each; what it takes "
            "are the values, and the last step of section 6 puts these together.",
            rare=True,
        ),
        author.misconception(
            "weights of the tokens transposed",
            function=lambda X, positions, omega_q, omega_k, omega_v: rotary_self_attention(
                X, positions, omega_q.T, omega_k.T, omega_v.T
            ),
            step=["queries and keys turned", "scores"],
            feedback="Your queries, keys and values are computed with transposed weights: where these are not square, the product "
            "cannot even be made. In section 6 the matrices are multiplied as they are, from the left.",
            rare=True,
        ),
        author.misconception(
            "positions ignored in the keys",
            function=other_keys,
            step="queries and keys turned",
            feedback="Your keys are turned by 0, 1, 2 and so on, whatever positions are given, while the queries are turned by those. "
            "Both need the positions that the function is given, which may be any numbers.",
            rare=True,
        ),
    ],
)
