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
# # Masked attention and cross-attention
#
# In self-attention every token looks at every other. That is not always what we want:
#
# * A model that predicts the next word must not see it. While it learns, all words of a text are processed at once,
#   and each may look only at itself and at what stands **before** it.
# * Sentences have different lengths, matrices have one. Short sentences are filled up with **padding**, and nobody
#   should pay attention to it.
#
# In both cases a *mask* says which attention is allowed. Then there is a third kind of attention, in which the queries
# come from one sentence and the keys and values from another, as in translation: **cross-attention**.
#
# In this notebook you build all three in NumPy. The notation is that of chapter 12 of S. J. D. Prince,
# *Understanding Deep Learning* (MIT Press, 2023); the text and the code are our own.
#
# **How to work.** Wherever you see `...`, replace it by your own code. Then run the cell, and the cell with
# `grader.check` below it. A check uses a few public inputs; when you hand in, your code is tried on others too: take
# all that a function needs from its arguments, and leave these as they are: change copies.

# %% [markdown]
# ## The inputs
#
# A sentence is a list of words, and each word has a number, its *token*. Number 0 is no word: it is the padding.
#
# The English sentence has $M=7$ tokens, the last two of which are padding. The French one has $N=5$ tokens. It is the
# one that is being written, word by word, and is padded in front, so that its newest word is always the last.

# %% tags=["given"]
import numpy as np

# The number that stands for padding
PAD = 0

# "the cat is sleeping now", padded at the end, and "le chat dort", padded in front
tokens_english = np.array([3, 8, 5, 9, 2, PAD, PAD])
tokens_french = np.array([PAD, PAD, 4, 7, 6])

# Number of tokens of each, number of dimensions of a token, and of a query or key
M = 7
N = 5
D = 6
D_q = 3

# The tokens as vectors, one in each column: shapes (D, M) and (D, N)
np.random.seed(3)
X_english = np.random.normal(size=(D, M))
X_french = np.random.normal(size=(D, N))

# Weights and biases for values, queries and keys
omega_v = np.random.normal(size=(D, D))
omega_q = np.random.normal(size=(D_q, D))
omega_k = np.random.normal(size=(D_q, D))
beta_v = np.random.normal(size=(D, 1))
beta_q = np.random.normal(size=(D_q, 1))
beta_k = np.random.normal(size=(D_q, 1))

np.set_printoptions(precision=3, suppress=True)

# %% [markdown]
# ## 1. The causal mask
#
# All matrices of this notebook have one **key per row** and one **query per column**. A mask is a matrix of `True` and
# `False` of that form: the entry in row $m$ and column $n$ says whether query $n$ may look at key $m$.
#
# Write a function that returns the mask of shape $(N, N)$ in which each of $N$ tokens may look at itself and at all
# tokens before it, and at none that comes later:
#
# $$
# a_{mn} = \begin{cases} \text{True} & \text{if } m \le n \\ \text{False} & \text{otherwise} \end{cases}
# $$
#
# So the first column has a single `True`, and the last column has nothing else.


# %% question="causal_mask"
def causal_mask(N):
    # Which keys (rows) each query (column) may look at, shape (N, N)
    mask = np.triu(np.ones((N, N), dtype=bool))  # SOLUTION
    return mask


# %% tags=["given", "show"]
print(causal_mask(4))

# %% [markdown]
# ## 2. The padding mask
#
# No query may look at a key that is padding. Given the tokens of the *keys*, a vector of length $M$, and the number
# $N$ of queries, return the mask of shape $(M, N)$: row $m$ is all `True` if key $m$ is a word, and all `False` if it
# is padding.
#
# It does not matter where the padding stands, and whether a *query* is padding does not matter either: nobody will
# use what comes out for it.


# %% question="padding_mask"
def padding_mask(tokens, N):
    # Which of the M keys are words
    is_word = tokens != PAD  # SOLUTION

    # The same for each of the N queries, shape (M, N)
    mask = np.outer(is_word, np.ones(N, dtype=bool))  # SOLUTION
    return mask


# %% tags=["given", "show"]
print(padding_mask(tokens_english, 3))

# %% [markdown]
# ## 3. Softmax with a mask
#
# The weights of a query are the softmax of its scores, but only over the keys that it may look at. All others get a
# weight of exactly zero:
#
# $$
# w_{mn} = \begin{cases}
# \dfrac{\exp(s_{mn})}{\sum_{m' \text{ allowed for } n} \exp(s_{m'n})} & \text{if } a_{mn} \\[1ex]
# 0 & \text{otherwise}
# \end{cases}
# $$
#
# Three things to watch:
#
# * Since $\exp(-\infty) = 0$, a score of `-np.inf` is a key that does not exist. A score of zero is not: $\exp(0) = 1$.
# * As always, something is subtracted from each column before the exponential is taken, so that large scores do no
#   harm. Take the largest score that is **allowed**: a forbidden one may be larger by thousands.
# * A query may have **no key at all** that it is allowed to look at. Then there is nothing to share out: all of its
#   weights are zero, and none is `nan`. ($-\infty - (-\infty)$ and $0/0$ are `nan`.)


# %% question="masked_softmax"
def masked_softmax(scores, allowed):
    # The scores, with minus infinity in place of those that are not allowed
    masked_scores = np.where(allowed, scores, -np.inf)  # SOLUTION

    # The largest of them in each column, and 0 for a column in which nothing is allowed
    largest = np.max(masked_scores, axis=0)  # SOLUTION
    largest = np.where(np.isfinite(largest), largest, 0)  # SOLUTION NO PROMPT

    # The exponentials
    exp_values = np.exp(masked_scores - largest)  # SOLUTION

    # Their sum over each column, which is 0 for a column in which nothing is allowed
    denom = np.sum(exp_values, axis=0)  # SOLUTION

    # The weights: each column sums to one, or is zero
    weights = exp_values / np.where(denom > 0, denom, 1)  # SOLUTION
    return weights


# %% [markdown]
# Try it: the third query may look at nothing, so its column must be zero.

# %% tags=["given"]
# Scores of M keys and N queries, and a mask
np.random.seed(1)
some_scores = np.random.normal(size=(M, N))
some_mask = np.random.uniform(size=(M, N)) < 0.5
some_mask[:, 2] = False

# %% tags=["given", "show"]
print(masked_softmax(some_scores, some_mask))

# %% [markdown]
# ## 4. Masked attention
#
# Now the mask finds its place in scaled dot-product attention. There are $N$ queries and $M$ keys and values, and
# these two numbers may differ: $\mathbf{Q}$ has the shape $(D_q, N)$, $\mathbf{K}$ the shape $(D_q, M)$ and
# $\mathbf{V}$ the shape $(D_v, M)$. The mask $\mathbf{A}$ has the shape $(M, N)$, like the scores:
#
# $$
# \mathbf{Attention}[\mathbf{Q}, \mathbf{K}, \mathbf{V}, \mathbf{A}] =
# \mathbf{V}\cdot\operatorname{MaskedSoftmax}\left[\frac{\mathbf{K}^T\mathbf{Q}}{\sqrt{D_q}},\, \mathbf{A}\right]
# $$
#
# The result has a column for each query, so its shape is $(D_v, N)$.


# %% question="masked_attention"
def masked_attention(Q, K, V, allowed):
    # The scaled scores, shape (M, N): row m belongs to key m, column n to query n
    scores = K.T @ Q / np.sqrt(Q.shape[0])  # SOLUTION

    # The attention weights, shape (M, N)
    weights = masked_softmax(scores, allowed)  # SOLUTION

    # The weighted values, shape (D_v, N)
    outputs = V @ weights  # SOLUTION
    return outputs


# %% [markdown]
# Try it with the same mask:

# %% tags=["given"]
some_queries = np.random.normal(size=(D_q, N))
some_keys = np.random.normal(size=(D_q, M))
some_values = np.random.normal(size=(D, M))

# %% tags=["given", "show"]
print(masked_attention(some_queries, some_keys, some_values, some_mask))

# %% [markdown]
# ## 5. Causal self-attention
#
# In self-attention, queries, keys and values all come from the same tokens,
#
# $$
# \mathbf{Q} = \boldsymbol\beta_{q}\mathbf{1}^T + \boldsymbol\Omega_{q}\mathbf{X} \qquad
# \mathbf{K} = \boldsymbol\beta_{k}\mathbf{1}^T + \boldsymbol\Omega_{k}\mathbf{X} \qquad
# \mathbf{V} = \boldsymbol\beta_{v}\mathbf{1}^T + \boldsymbol\Omega_{v}\mathbf{X},
# $$
#
# where $\mathbf{X}$ has the shape $(D, N)$. The sentence may be padded, and each token may look only at **words** that
# are **not later** than itself: at what both masks allow. The function gets the vectors `X` and the tokens that they
# stand for. It has to work for other sizes too, so take these from the shapes of the arguments.


# %% question="causal_self_attention"
def causal_self_attention(X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    # Queries, keys and values
    Q = omega_q @ X + beta_q  # SOLUTION
    K = omega_k @ X + beta_k  # SOLUTION
    V = omega_v @ X + beta_v  # SOLUTION

    # Which keys each query may look at, shape (N, N)
    allowed = causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])  # SOLUTION

    # The outputs, shape (D, N)
    X_prime = masked_attention(Q, K, V, allowed)  # SOLUTION
    return X_prime


# %% [markdown]
# The first two French tokens are padding and may look at nothing, so their columns are zero. The third may look only
# at itself.

# %% tags=["given", "show"]
print(causal_self_attention(X_french, tokens_french, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k))

# %% [markdown]
# ## 6. Cross-attention
#
# In translation, each French token asks, and the English sentence answers. So the **queries** come from one matrix,
# $\mathbf{X}_q$ of shape $(D, N)$, and the **keys and values** from another, $\mathbf{X}_{kv}$ of shape $(D, M)$:
#
# $$
# \mathbf{Q} = \boldsymbol\beta_{q}\mathbf{1}^T + \boldsymbol\Omega_{q}\mathbf{X}_q \qquad
# \mathbf{K} = \boldsymbol\beta_{k}\mathbf{1}^T + \boldsymbol\Omega_{k}\mathbf{X}_{kv} \qquad
# \mathbf{V} = \boldsymbol\beta_{v}\mathbf{1}^T + \boldsymbol\Omega_{v}\mathbf{X}_{kv}
# $$
#
# The English sentence is there as a whole, so nothing has to be causal. But it may be padded: `tokens_kv` are the $M$
# tokens of the keys and values.


# %% question="cross_attention"
def cross_attention(X_q, X_kv, tokens_kv, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k):
    # Queries, keys and values: which of them come from where?
    Q = omega_q @ X_q + beta_q  # SOLUTION
    K = omega_k @ X_kv + beta_k  # SOLUTION
    V = omega_v @ X_kv + beta_v  # SOLUTION

    # Which keys each query may look at, shape (M, N)
    allowed = padding_mask(tokens_kv, X_q.shape[1])  # SOLUTION

    # The outputs, shape (D, N)
    X_prime = masked_attention(Q, K, V, allowed)  # SOLUTION
    return X_prime


# %% tags=["given", "show"]
print(cross_attention(X_french, X_english, tokens_english, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k))

# %% [markdown]
# ## To think about
#
# * If a sentence is padded at the end, and attention is causal: which of its outputs does the padding mask change?
#   Does anybody use them?
# * A popular trick is to add $-10^9$ to forbidden scores instead of $-\infty$. What does it give for a query that may
#   look at nothing?
# * With a causal mask, why can all words of a text be used for training at once?

# %% [markdown] tags=["private"]
# # How it is judged

# %%
from autograder import author

author.assignment("Masked attention and cross-attention", environment=["numpy>=2.0,<2.4", "matplotlib>=3.8"])

# %%
author.question(
    "causal_mask",
    hints=[
        "A query is a column here. How many entries of the first column may be True, and how many of the last one?",
        """
        Read the inequality in section 1 aloud: the number $m$ of the row is at most the number $n$ of the column.
        So what lies *below* the main diagonal is forbidden, and the diagonal itself is allowed.

        NumPy can make a matrix of ones, and it can keep one of the two triangles of a matrix.
        """,
        """
        Three tokens, with T for True and a dot for False:

                   query 0  query 1  query 2
            key 0  T        T        T
            key 1  .        T        T
            key 2  .        .        T

        Token 0 has nobody to look at but itself. Token 2, the last one, may look at everybody.
        """,
    ],
    sizes=lambda N: {"N": N},
    steps=[
        author.step("nothing later, everything earlier", 1),
        author.step("the token itself", 0.75),
        author.arguments_only(0.25),
    ],
    equation="The mask is (N, N), with a row for each key and a column for each query.",
    cases=[
        author.case("four tokens", hidden=False, args=(4,)),
        author.case("a single token", hidden=True, args=(1,)),
        author.case("seven tokens", hidden=True, args=(7,)),
        author.case("twelve tokens", hidden=True, args=(12,)),
    ],
    misconceptions=[
        author.misconception(
            "the other triangle",
            old="np.triu(",
            new="np.tril(",
            step="nothing later, everything earlier",
            feedback="Your mask lets every query look at itself and at what comes later, and hides all that came "
            "before. Pictures of causal masks often show the lower triangle, but there the queries are the rows. In this "
            "notebook they are the columns: what must the first column look like?",
        ),
        author.misconception(
            "the token itself hidden",
            old="dtype=bool))",
            new="dtype=bool), k=1)",
            step="the token itself",
            feedback="The diagonal of your mask is False, so no token may look at itself, and the first one has nothing "
            "to look at. That happens with a triangle that starts one place too far, or with a mask that marks what is "
            "*forbidden* to queries in the rows. Compare the inequality in section 1.",
        ),
        author.misconception(
            "one later token allowed",
            old="dtype=bool))",
            new="dtype=bool), k=-1)",
            step="the token itself",
            feedback="Each query may look one token too far: at the one that comes just after it. For a model that "
            "predicts the next word, this is the answer. Your triangle starts one diagonal too far from where it should: "
            "see which entries the inequality in section 1 allows.",
        ),
        author.misconception(
            "mask says what is forbidden",
            old="np.triu(np.ones((N, N), dtype=bool))",
            new="np.tril(np.ones((N, N), dtype=bool), k=-1)",
            step="nothing later, everything earlier",
            feedback="Your mask is the exact opposite: it is True where attention is forbidden, and False where it is "
            "allowed. Some libraries mean it that way. In this notebook True says that query n may look at key m: read "
            "the first paragraph of section 1 again.",
        ),
        author.misconception(
            "everything allowed",
            old="np.triu(np.ones((N, N), dtype=bool))",
            new="np.ones((N, N), dtype=bool)",
            step="nothing later, everything earlier",
            feedback="Your mask is True everywhere, so it forbids nothing: the first token may look at the last one. A "
            "causal mask keeps only one triangle of that matrix, with the diagonal. Is there a step between the matrix "
            "of ones and what you return?",
        ),
        author.misconception(
            "nothing but the token itself",
            old="np.triu(np.ones((N, N), dtype=bool))",
            new="np.eye(N)",
            step="nothing later, everything earlier",
            feedback="Your mask allows each token to look at itself and at nothing else: only the diagonal is True. But "
            "what comes before a token may be seen too. In the last column of the mask, everything should be True.",
        ),
        author.misconception(
            "mask to be added to the scores",
            old="np.triu(np.ones((N, N), dtype=bool))",
            new="np.where(np.triu(np.ones((N, N), dtype=bool)), 0.0, -np.inf)",
            step=["nothing later, everything earlier", "the token itself"],
            feedback=(
                "Your mask holds zeros and minus infinity, to be added to the scores. That is a usual form, but "
                "here a mask says True or False: see section 1. As truth values, minus infinity would count as "
                "True and 0 as False."
            ),
        ),
        author.misconception(
            "mask to be added, other triangle",
            function=lambda N: np.where(np.tril(np.ones((N, N), dtype=bool)), 0.0, -np.inf),
            step=["nothing later, everything earlier", "the token itself"],
            feedback="Your mask holds zeros and minus infinity, to be added to scores whose rows are queries. Here a mask "
            "says True or False, and its columns are the queries: read the first paragraph of section 1, and write down "
            "the first column before you look for a function that makes it.",
        ),
        author.misconception(
            "large negative numbers in the mask",
            function=lambda N: np.where(np.triu(np.ones((N, N), dtype=bool)), 0.0, -1e9),
            step=["nothing later, everything earlier", "the token itself"],
            feedback="Your mask holds zeros and very negative numbers, to be added to the scores. But here a mask says "
            "True or False: see section 1. What is to be done with the scores is left to the softmax of section 3.",
        ),
        author.misconception(
            "all but the token itself",
            function=lambda N: ~np.eye(N, dtype=bool),
            step=["nothing later, everything earlier", "the token itself"],
            feedback="Your mask hides only the diagonal: each token may look at all others, later ones too, and not at "
            "itself. It should be the other way: itself yes, later ones no. Look at the inequality in section 1.",
        ),
        author.misconception(
            "triangle over the other diagonal",
            function=lambda N: np.fliplr(np.tril(np.ones((N, N), dtype=bool))),
            step=["nothing later, everything earlier", "the token itself"],
            feedback="Your triangle lies along the other diagonal, from the lower left to the upper right, as if one of "
            "the two orders were reversed. Tokens are counted from the left and from the top: entry [0, 0] is the first "
            "token looking at itself, and so on down the main diagonal.",
        ),
        author.misconception(
            "only the token before",
            function=lambda N: np.eye(N, dtype=bool) | np.eye(N, k=1, dtype=bool),
            step=["nothing later, everything earlier"],
            feedback="Each of your queries may look at itself and at the one token just before it. But *all* earlier "
            "tokens may be seen, however far back they are: the last column of the mask should be True from top to "
            "bottom.",
        ),
    ],
)

# %%
ROWS = "Each row of the mask belongs to a key and each column to a query"

author.question(
    "padding_mask",
    hints=[
        "Answer the question for a single query first: which of the M keys are words? Do other queries get another answer?",
        """
        Section 2 says that a *row* is all True or all False. A comparison of a whole vector with one number gives a
        vector of truth values, one for each key. It has to stand as a column, N times side by side.
        """,
        """
        The tokens 5, 0, 3 and two queries, with T for True and a dot for False:

                         query 0  query 1
            key 0 (5)    T        T
            key 1 (0)    .        .
            key 2 (3)    T        T

        Three keys and two queries make three rows and two columns.
        """,
    ],
    sizes=lambda tokens, N: {"N": N, "M": len(tokens)},
    steps=[
        author.step("which keys are words", 1),
        author.step("the same for every query", 0.75),
        author.arguments_only(0.25),
    ],
    equation="There are M tokens, and the mask is (M, N), with a row for each key and a column for each query.",
    cases=[
        author.case("the English sentence, three queries", hidden=False, args=(tokens_english, 3)),
        author.case("padding at the end", hidden=True, args=(np.array([4, 2, 9, 1, 0, 0]), 4)),
        author.case("padding in front", hidden=True, args=(np.array([0, 0, 0, 7, 1]), 8)),
        author.case(
            "padding in front, in between and at the end", hidden=True, args=(np.array([0, 3, 0, 6, 2, 0]), 2)
        ),
        author.case("as many queries as keys", hidden=True, args=(np.array([5, 5, 1, 0]), 4)),
        author.case("no padding", hidden=True, args=(np.array([2, 1, 12]), 5)),
    ],
    misconceptions=[
        author.misconception(
            "words and padding swapped",
            old="tokens != PAD",
            new="tokens == PAD",
            step="which keys are words",
            feedback="Your mask is True for the padding and False for the words: queries would look at nothing but "
            "padding. Here True means that a key may be looked at. Check the comparison that you make with the tokens.",
        ),
        author.misconception(
            "queries in the rows",
            old="np.outer(is_word, np.ones(N, dtype=bool))",
            new="np.outer(np.ones(N, dtype=bool), is_word)",
            step="the same for every query",
            feedback=f"Your mask lies on its side: its columns are the keys, and its shape is (N, M). {ROWS}, so that it "
            "fits on the scores, which have the shape (M, N). Whether a key is a word has to be constant along a row.",
        ),
        author.misconception(
            "no entry for each query",
            old="mask = np.outer(is_word, np.ones(N, dtype=bool))",
            new="mask = is_word",
            step="the same for every query",
            feedback="You return one truth value for each key, a vector of length M. They are the right question to ask, "
            f"but a mask is a matrix. {ROWS}, and all N queries get the same column.",
        ),
        author.misconception(
            "a single column",
            old="np.outer(is_word, np.ones(N, dtype=bool))",
            new="is_word[:, np.newaxis]",
            step="the same for every query",
            feedback="You return a single column of shape (M, 1). NumPy would spread it over the scores by itself, but "
            "what is asked for is the whole mask of shape (M, N): repeat that column for each of the N queries.",
        ),
        author.misconception(
            "as many queries as keys taken",
            old="np.ones(N, dtype=bool)",
            new="np.ones(len(tokens), dtype=bool)",
            step="the same for every query",
            feedback="Your mask is square: it has as many columns as there are keys. But the number of queries is "
            "another one, and the function is given it as its second argument. The mask needs a column for each query.",
        ),
        author.misconception(
            "padding hidden as a query too",
            old="np.ones(N, dtype=bool)",
            new="is_word",
            step="the same for every query",
            feedback="You forbid padding as a key and as a query, in a square mask. The tokens that you are given are those "
            "of the keys; of the queries you know only how many there are. What comes out for a query that is padding is "
            "nobody's concern.",
        ),
        author.misconception(
            "padding expected at the end",
            old="tokens != PAD",
            new="np.arange(len(tokens)) < np.sum(tokens != PAD)",
            step="which keys are words",
            feedback="Your mask is right if all padding stands at the end. You seem to count the words and allow so many "
            "keys from the first on. But a sentence can be padded in front too, as the French one is: ask each token "
            "whether it is padding.",
        ),
        author.misconception(
            "all keys allowed",
            old="tokens != PAD",
            new="tokens == tokens",
            step="which keys are words",
            feedback="Your mask is True everywhere, so that the padding is looked at too. Its shape is the one that is "
            "asked for; what is missing is the comparison of each token with the number that stands for padding.",
        ),
        author.misconception(
            "mask of padding to be added to the scores",
            old="np.outer(is_word, np.ones(N, dtype=bool))",
            new="np.where(np.outer(is_word, np.ones(N, dtype=bool)), 0.0, -np.inf)",
            step=["which keys are words", "the same for every query"],
            feedback="Your mask holds zeros and minus infinity, to be added to the scores. That is a usual form, but here "
            "a mask says True or False, where True means that a key may be looked at: see the first paragraph of "
            "section 1.",
        ),
        author.misconception(
            "tokens instead of truth values",
            old="is_word = tokens != PAD",
            new="is_word = np.array(tokens)",
            step="which keys are words",
            feedback="Your mask holds the numbers of the tokens themselves, repeated. The padding is zero there, which "
            "counts as False, but the words are whatever numbers they have, and not True. Compare each token with the "
            "number of the padding.",
        ),
        author.misconception(
            "truth values in the wrong order",
            function=lambda tokens, N: np.tile(tokens != PAD, N).reshape(len(tokens), N),
            step=["which keys are words", "the same for every query"],
            feedback="Your mask has the right shape and the right number of True, but they run along the rows from one "
            "to the next, so that columns differ from each other. That is what a reshape does with a repeated vector. "
            "Each column should be the same: whether each key is a word.",
        ),
        author.misconception(
            "only the first padding hidden",
            function=lambda tokens, N: np.outer(
                np.arange(len(tokens)) != (list(tokens).index(PAD) if PAD in tokens else -1), np.ones(N)
            ),
            step=["which keys are words"],
            feedback="Your mask hides one key only: the first padding that there is. A sentence can have several, and all "
            "have to be hidden. A comparison of the whole vector with the number of the padding finds them all at once.",
        ),
        author.misconception(
            "truth values along the columns",
            old="np.outer(is_word, np.ones(N, dtype=bool))",
            new="is_word & np.ones((len(tokens), N), dtype=bool)",
            step="the same for every query",
            feedback=(
                "Each column of your mask has the truth value of the key with the same number, and if there are "
                "not as many queries as keys, it does not fit at all. NumPy lays a vector beside the last axis "
                "of a matrix. The truth values of the keys have to stand in a column."
            ),
        ),
        author.misconception(
            "everything hidden from the first padding on",
            function=lambda tokens, N: np.outer(np.cumsum(tokens == PAD) == 0, np.ones(N)),
            step="which keys are words",
            feedback=(
                "Your mask hides everything from the first padding on. That is right only if all padding stands "
                "at the end; with padding in front, nothing is left. Ask each token by itself whether it is "
                "padding."
            ),
        ),
        author.misconception(
            "length taken from the first padding",
            function=lambda tokens, N: np.outer(
                np.arange(len(tokens)) < np.argmax(tokens == PAD), np.ones(N)
            ),
            step="which keys are words",
            feedback=(
                "You take the place of the first padding for the length of the sentence, and hide all that "
                "follows. With padding in front nothing is left, and without any padding the place that is found "
                "is 0. Ask each token by itself whether it is padding."
            ),
        ),
    ],
    equivalents=[
        author.equivalent(
            "tokens != PAD -> (tokens != PAD).T",
            reason="the tokens are a vector, so there is nothing to transpose",
        ),
    ],
)


# %%
def random_mask(rng, M, N):
    """Return a mask in which each query may look at some keys, at least one."""
    mask = rng.uniform(size=(M, N)) < 0.6
    mask[rng.integers(M, size=N), np.arange(N)] = True
    return mask


def scores_and_mask(M, N, spread=1.0, hidden=()):
    """Return a function that draws scores and a mask in which the queries in `hidden` may look at nothing."""

    def draw(rng):
        mask = random_mask(rng, M, N)
        mask[:, list(hidden)] = False
        return (spread * rng.normal(size=(M, N)), mask)

    return draw


def forbidden_large(rng):
    scores, mask = scores_and_mask(7, 5)(rng)
    return (np.where(mask, scores, scores + 3000), mask)


def times_minus_infinity(scores, allowed):
    """Return a softmax in which forbidden scores are multiplied by minus infinity."""
    multiplied = scores * np.where(allowed, 1, -np.inf)
    exp_values = np.exp(multiplied - np.max(multiplied, axis=0))
    return exp_values / np.sum(exp_values, axis=0)


def ignores_forbidden(masked_softmax, scores, allowed):
    """Whether other scores at forbidden places change nothing."""
    other = np.where(allowed, scores, 5 - 2 * scores)
    return np.allclose(masked_softmax(other, allowed), masked_softmax(scores, allowed))


def shared_out(masked_softmax, scores, allowed):
    """Whether the weights of each query that may look at something sum to one."""
    return np.allclose(masked_softmax(scores, allowed).sum(axis=0), allowed.any(axis=0))


author.question(
    "masked_softmax",
    hints=[
        "At which moment must a forbidden key vanish: before the exponentials are added up, or after the division?",
        """
        The three remarks in section 3 go with three of your lines: what to put in place of a forbidden score, which
        maximum to subtract, and what to do where nothing is allowed. NumPy has a function that takes a number from one
        of two places, as a condition says.

        In the last line nothing may be divided by zero. If all numerators of a column are zero, which denominator
        leaves them so?
        """,
        """
        Three keys and two queries, the second of which may look at nothing:

            scores             1      0
                               2      5
                               9      3
            allowed            T      .
                               T      .
                               .      .
            scores, masked     1      -inf
                               2      -inf
                               -inf   -inf
            largest            2      0
            exponentials       0.368  0
                               1      0
                               0      0
            sums               1.368  0
            weights            0.269  0
                               0.731  0
                               0      0

        The 9 is the largest score of its column, but it is not allowed, so it plays no part at all.
        """,
    ],
    sizes=lambda scores, allowed: {"M": scores.shape[0], "N": scores.shape[1]},
    steps=[
        author.step("no weight for what is not allowed", 1.5),
        author.step("weights of each query sum to one", 1),
        author.step("zeros where nothing is allowed", 1),
        author.step(
            "stable for large scores",
            0.5,
            minor=True,
            hint="The exponential of a large number is infinite, and those of very small ones are all 0. What can be "
            "subtracted from the scores of a column without changing its weights, and must it be an allowed score?",
        ),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="Scores, mask and weights all have the shape (M, N), and each sum over the keys is one number for a column.",
    cases=[
        author.case("seven keys, five queries", hidden=False, args=(some_scores, some_mask)),
        author.case("other scores", hidden=True, args=scores_and_mask(7, 5, hidden=[1])),
        author.case("as many queries as keys", hidden=True, args=scores_and_mask(5, 5, hidden=[0, 3])),
        author.case("every query may look at something", hidden=True, args=scores_and_mask(4, 3, spread=2)),
        author.case(
            "everything is allowed",
            hidden=True,
            args=lambda rng: (rng.normal(size=(3, 6)), np.ones((3, 6), dtype=bool)),
        ),
        author.case(
            "False everywhere",
            hidden=True,
            args=lambda rng: (rng.normal(size=(4, 3)), np.zeros((4, 3), dtype=bool)),
        ),
        author.case(
            "negative scores",
            hidden=True,
            args=lambda rng: (-1 - 5 * rng.uniform(size=(6, 4)), random_mask(rng, 6, 4)),
        ),
        author.case(
            "scores of some thousands",
            hidden=True,
            args=scores_and_mask(7, 5, spread=5000),
            steps=["stable for large scores"],
        ),
        author.case(
            "columns of very different size",
            hidden=True,
            args=lambda rng: (rng.normal(size=(7, 5)) + np.linspace(-3000, 3000, 5), random_mask(rng, 7, 5)),
            steps=["stable for large scores"],
        ),
        author.case(
            "forbidden scores larger by thousands",
            hidden=True,
            args=forbidden_large,
            steps=["stable for large scores"],
        ),
    ],
    properties=[
        author.property(
            "forbidden scores change nothing",
            hidden=True,
            args=scores_and_mask(7, 5),
            holds=ignores_forbidden,
            feedback="If only scores that are not allowed are changed, your weights change: something of them is still in "
            "a numerator, or in a sum.",
            steps=["no weight for what is not allowed"],
        ),
        author.property(
            "the weights of each query sum to one",
            hidden=True,
            args=scores_and_mask(7, 5),
            holds=shared_out,
            feedback="The weights with which a query looks at its allowed keys do not sum to one: each has to be divided by "
            "the sum over the allowed keys of its own column.",
            steps=["weights of each query sum to one"],
        ),
    ],
    misconceptions=[
        author.misconception(
            "mask ignored",
            edits=[
                ("np.where(allowed, scores, -np.inf)", "scores"),
                ("np.where(np.isfinite(largest), largest, 0)", "largest"),
            ],
            step="no weight for what is not allowed",
            feedback="Your weights are those of a softmax without a mask: every key gets something, whether it is allowed "
            "or not. Perhaps a masked copy of the scores is made and then not used, or the mask is used at the wrong "
            "end. Which line should see minus infinity?",
        ),
        author.misconception(
            "masked after the softmax",
            edits=[
                ("np.where(allowed, scores, -np.inf)", "scores"),
                ("return weights", "return weights * allowed"),
            ],
            step="weights of each query sum to one",
            feedback="Forbidden keys have a weight of zero, but what is left does not sum to one: they were still counted in "
            "the sum that you divide by, and their share is simply lost. The mask has to act before the exponentials are "
            "added up, not after the division.",
        ),
        author.misconception(
            "zero in place of forbidden scores",
            old="scores, -np.inf)",
            new="scores, 0)",
            step="no weight for what is not allowed",
            feedback="Forbidden scores become zero in your code (or nearly: check the sign of an exponent). But the "
            "exponential of zero is one, so these keys still get a weight, often a large one. Read the first of the three "
            "remarks in section 3: which score makes a key vanish?",
        ),
        author.misconception(
            "forbidden scores only somewhat smaller",
            old="scores, -np.inf)",
            new="scores, -10)",
            step="no weight for what is not allowed",
            feedback="Forbidden scores become -10, so that their weights are small, but not zero. If all other scores are "
            "negative as well, that is a serious competitor. Only one score makes the exponential vanish whatever the "
            "others are: see the first of the three remarks in section 3.",
        ),
        author.misconception(
            "mask used the wrong way round",
            old="def masked_softmax(scores, allowed):",
            new="def masked_softmax(scores, allowed):\n    allowed = ~allowed",
            step="no weight for what is not allowed",
            feedback="Your softmax looks at exactly the keys that are *not* allowed, and the allowed ones get zero. In this "
            "notebook True means that attention is allowed. See which of your two branches belongs to True.",
        ),
        author.misconception(
            "nan where nothing is allowed",
            edits=[
                ("np.where(np.isfinite(largest), largest, 0)", "largest"),
                ("np.where(denom > 0, denom, 1)", "denom"),
            ],
            step="zeros where nothing is allowed",
            feedback="A query that may look at nothing gets `nan` from you: minus infinity minus minus infinity, or zero "
            "divided by zero. One such column makes everything that is computed from it `nan` as well. Such a query has "
            "nothing to share out: see the last remark in section 3.",
        ),
        author.misconception(
            "equal weights where nothing is allowed",
            old="scores, -np.inf)",
            new="scores, -1e100)",
            step="zeros where nothing is allowed",
            feedback="A query that may look at nothing gives all keys the same weight in your result. That is what a very "
            "negative but finite number in place of minus infinity leads to: the largest score is as low as all others, "
            "and is subtracted. Its weights should all be zero.",
        ),
        author.misconception(
            "as if unmasked where nothing is allowed",
            old="np.where(allowed, scores, -np.inf)",
            new="scores + np.where(allowed | ~np.any(allowed, axis=0), 0, -np.inf)",
            step="zeros where nothing is allowed",
            feedback="A query that may look at nothing gets weights as if there were no mask. That is what adding a large "
            "negative number to the scores leads to: all of its scores fall by the same amount, which softmax takes away "
            "again. Its weights should all be zero.",
        ),
        author.misconception(
            "softmax over the queries",
            edits=[
                (
                    "def masked_softmax(scores, allowed):",
                    "def masked_softmax(scores, allowed):\n    scores, allowed = scores.T, allowed.T",
                ),
                ("return weights", "return weights.T"),
            ],
            step="weights of each query sum to one",
            feedback="Your weights sum to one over each row, that is over all queries that look at one key. But each query, "
            "which is a column, has a weight of one to share out. In NumPy `axis` is the direction that disappears in a "
            "sum: which one is it here?",
        ),
        author.misconception(
            "one sum for the whole matrix",
            edits=[
                ("np.sum(exp_values, axis=0)", "np.sum(exp_values)"),
                ("np.max(masked_scores, axis=0)", "np.max(masked_scores)"),
            ],
            step="weights of each query sum to one",
            feedback="All weights of your result together sum to one, so each query gets only a part of what it has to share "
            "out. Every column has a sum of its own. Did you name the axis along which to add?",
        ),
        author.misconception(
            "not divided by the sum",
            old="exp_values / np.where(denom > 0, denom, 1)",
            new="exp_values",
            step="weights of each query sum to one",
            feedback="You return the exponentials themselves: the largest in each column is one, but they do not sum to one. "
            "What is missing is the division by the sum of the column, with care for columns whose sum is zero.",
        ),
        author.misconception(
            "no maximum subtracted",
            old=" - largest",
            new="",
            step="stable for large scores",
            feedback=(
                "Scores of thousands turn your weights into `nan` or zero: the exponential of 710 is too large "
                "for a floating-point number, and that of -750 is zero. Something has to be subtracted from each "
                "column first: see the second remark in section 3."
            ),
        ),
        author.misconception(
            "maximum of forbidden scores subtracted",
            old="np.max(masked_scores, axis=0)",
            new="np.max(scores, axis=0)",
            step="stable for large scores",
            feedback="You subtract the largest score of the column, whether it is allowed or not. If a forbidden one is larger "
            "by thousands, all exponentials of the others become zero, and so do all weights (or 0/0). See the second "
            "remark in section 3, and its emphasis.",
        ),
        author.misconception(
            "one maximum for all queries",
            old="np.max(masked_scores, axis=0)",
            new="np.max(masked_scores)",
            step="stable for large scores",
            feedback="You subtract the largest score of the whole matrix from all columns. If the scores of one query are "
            "smaller than those of another by thousands, all its exponentials become zero. Each column has to be compared "
            "with a maximum of its own.",
        ),
        author.misconception(
            "one maximum of all scores",
            old="np.max(masked_scores, axis=0)",
            new="np.max(scores)",
            step="stable for large scores",
            feedback="You subtract one number from all columns: the largest score of the whole matrix, and that whether it is "
            "allowed or not. If the allowed scores of a query are smaller by thousands, all its exponentials become zero. "
            "Each column needs a maximum of its own, of what is allowed there.",
        ),
        author.misconception(
            "one maximum for all queries, nan without any key",
            edits=[
                ("np.max(masked_scores, axis=0)", "np.max(masked_scores)"),
                ("np.where(np.isfinite(largest), largest, 0)", "largest"),
            ],
            step=["zeros where nothing is allowed", "stable for large scores"],
            feedback="You subtract the largest score of the whole matrix from all columns. If no query may look at "
            "anything, that is minus infinity, and all your weights are `nan`; and where queries differ by thousands, all "
            "exponentials of some become zero. Each column needs a maximum of its own, and a number where it has none.",
        ),
        author.misconception(
            "mask transposed",
            old="np.where(allowed,",
            new="np.where(allowed.T,",
            step="no weight for what is not allowed",
            feedback="The mask is turned before it meets the scores, so that query and key change places in it, and if there "
            "are not as many of both it does not fit at all. Mask and scores have the same form: a key in each row, and a "
            "query in each column.",
        ),
        author.misconception(
            "hidden keys taken from the result",
            function=lambda scores, allowed: np.where(allowed, scores, 0),
            step=[
                "weights of each query sum to one",
                "no weight for what is not allowed",
                "zeros where nothing is allowed",
                "stable for large scores",
            ],
            feedback="Your result holds the scores themselves, with zeros at what is not allowed. They are no weights yet: "
            "there is no exponential and no division by a sum. Use the masked scores in a softmax.",
        ),
        author.misconception(
            "scores multiplied by minus infinity",
            function=times_minus_infinity,
            step=["no weight for what is not allowed", "weights of each query sum to one"],
            feedback="You multiply forbidden scores by minus infinity. A negative score then becomes plus infinity, which is the "
            "opposite of hidden, and `nan` after the softmax. Minus infinity has to stand in place of a forbidden score, whatever "
            "its sign was.",
        ),
        author.misconception(
            "nan for forbidden keys",
            function=lambda scores, allowed: np.where(allowed, masked_softmax(scores, allowed), np.nan),
            step=["no weight for what is not allowed", "zeros where nothing is allowed"],
            feedback=(
                "The weights of forbidden keys are `nan` in your result: you leave them out of the sums, and "
                "they stay in the result. Everything that is computed from it will be `nan` as well. Their "
                "weight should be zero."
            ),
        ),
        author.misconception(
            "zeros before and after the softmax",
            edits=[
                ("np.where(allowed, scores, -np.inf)", "np.where(allowed, scores, 0)"),
                ("return weights", "return weights * allowed"),
            ],
            step="weights of each query sum to one",
            feedback=(
                "You set forbidden scores to zero before the softmax and forbidden weights to zero after it. In "
                "between, each forbidden key counts in the sum, for the exponential of zero is one, so that the "
                "rest does not sum to one. Make the forbidden keys vanish before anything is added up."
            ),
        ),
        author.misconception(
            "one sum for all queries",
            old="np.sum(exp_values, axis=0)",
            new="np.sum(exp_values)",
            step="weights of each query sum to one",
            feedback=(
                "Each column has its own maximum, but all are divided by one sum, that of the whole matrix. So "
                "each query gets only a part of what it has to share out. Did you name the axis along which to "
                "add?"
            ),
        ),
        author.misconception(
            "one sum for all queries, nan without any key",
            edits=[
                ("np.sum(exp_values, axis=0)", "np.sum(exp_values)"),
                ("np.where(denom > 0, denom, 1)", "denom"),
            ],
            step=["weights of each query sum to one", "zeros where nothing is allowed"],
            feedback=(
                "All columns are divided by one sum, that of the whole matrix, so each query gets only a part of what it "
                "has to share out. And if no query may look at anything, you divide zero by zero. Each column has a sum of "
                "its own, and some of these are zero."
            ),
        ),
        author.misconception(
            "one added to the sum",
            old="np.where(denom > 0, denom, 1)",
            new="(denom + 1)",
            step="weights of each query sum to one",
            feedback=(
                "The weights of each query sum to less than one, for one is added to what you divide by. That "
                "makes a division by zero impossible, but it changes all other weights as well. Only a sum that "
                "is zero needs another number in its place."
            ),
        ),
    ],
    equivalents=[
        author.equivalent(
            "np.where(np.isfinite(largest), largest, 0) -> np.where(np.isfinite(largest), largest, 1)",
            "np.where(np.isfinite(largest), largest, 0) -> np.where(np.isfinite(largest), largest, -1)",
            "np.where(denom > 0, denom, 1) -> np.where(denom > 0, denom, 2)",
            "np.where(denom > 0, denom, 1) -> np.where(denom > 0, denom, -1)",
            reason="where nothing is allowed all exponentials are zero, whatever is subtracted before or divided by then",
        ),
        author.equivalent(
            "denom > 0 -> denom > 1",
            "denom > 0 -> exp_values > 0",
            reason="the largest exponential is 1, so a sum is 0 or at least 1; what is 0 itself may be divided by 1",
        ),
        author.equivalent(
            "np.isfinite(largest) -> np.isfinite(masked_scores)",
            reason="where a score is allowed its column's largest is subtracted; elsewhere minus infinity stays what it is",
        ),
        author.equivalent(
            "np.max(masked_scores, axis=0) -> np.max(masked_scores, axis=0).T",
            "np.where(np.isfinite(largest), largest, 0) -> np.where(np.isfinite(largest), largest, 0).T",
            "np.sum(exp_values, axis=0) -> np.sum(exp_values, axis=0).T",
            reason="one number for each column has one dimension, so there is nothing to transpose",
        ),
    ],
)


# %%
def heads(D_q, D_v, N, M, spread=1.0, hidden=()):
    """Return a function that draws queries, keys, values and a mask."""

    def draw(rng):
        mask = random_mask(rng, M, N)
        mask[:, list(hidden)] = False
        return (
            spread * rng.normal(size=(D_q, N)),
            spread * rng.normal(size=(D_q, M)),
            rng.normal(size=(D_v, M)),
            mask,
        )

    return draw


def shuffled_keys(masked_attention, Q, K, V, allowed):
    """Whether keys, values and rows of the mask in another order change nothing."""
    order = np.roll(np.arange(K.shape[1]), 2)
    return np.allclose(
        masked_attention(Q, K[:, order], V[:, order], allowed[order]), masked_attention(Q, K, V, allowed)
    )


author.question(
    "masked_attention",
    hints=[
        "Write the shape beside each factor: the scores need a row for each key and a column for each query.",
        r"""
        Read the equation of section 4 from the inside out: the fraction, the masked softmax, and the product with the
        values. $D_q$ is the number of entries of one query: with one query per *column*, which of the two numbers in
        the shape of `Q` is that? The values stand on the *left* of the weights.
        """,
        """
        One query of four entries, and three keys, the last of which is forbidden. Of the values, one row is shown:

            dot products  2      6      10
            scores        1      3      5
            allowed       T      T      .
            weights       0.119  0.881  0
            values        10     20     70
            output        18.81

        The scores and weights are written in a row here to save space; in your matrices they are a column.
        """,
    ],
    sizes=lambda Q, K, V, allowed: {"D_q": Q.shape[0], "N": Q.shape[1], "M": K.shape[1], "D": V.shape[0]},
    steps=[
        author.step("dot products of keys and queries", 1),
        author.step("scaling", 1),
        author.step("softmax with the mask", 1),
        author.step("weighting of the values", 1),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The queries are (D_q, N), the keys (D_q, M), the values (D_v, M), the scores, the mask and the weights (M, N), "
    "and the result is (D_v, N).",
    cases=[
        author.case(
            "five queries, seven keys", hidden=False, args=(some_queries, some_keys, some_values, some_mask)
        ),
        author.case("another draw", hidden=True, args=heads(3, 6, 5, 7, hidden=[1])),
        author.case("larger scores", hidden=True, args=heads(3, 6, 5, 7, spread=1.5)),
        author.case("fewer queries and keys", hidden=True, args=heads(5, 2, 3, 4)),
        author.case("as many queries as keys", hidden=True, args=heads(3, 6, 5, 5, hidden=[4])),
        author.case("more queries than keys", hidden=True, args=heads(7, 3, 8, 2)),
        author.case("as many of everything", hidden=True, args=heads(5, 5, 5, 5, hidden=[2])),
    ],
    properties=[
        author.property(
            "the order of the keys does not matter",
            hidden=True,
            args=heads(3, 6, 5, 7),
            holds=shuffled_keys,
            feedback="If keys, values and the rows of the mask are shuffled in the same way, your outputs change: they must "
            "depend on which keys there are, not on their order.",
        ),
    ],
    misconceptions=[
        author.misconception(
            "mask not used",
            old="masked_softmax(scores, allowed)",
            new="masked_softmax(scores, np.ones_like(allowed))",
            step="softmax with the mask",
            feedback="Your outputs are those of attention without a mask: forbidden keys contribute too. The function gets "
            "the mask as its last argument. Where should it be handed on?",
        ),
        author.misconception(
            "not scaled",
            old=" / np.sqrt(Q.shape[0])",
            new="",
            step="scaling",
            feedback="Your weights are too extreme: nearly all of the attention goes to one key. That is what comes out "
            "without the scaling. Look at the denominator inside the square brackets of the equation in section 4.",
        ),
        author.misconception(
            "root of the scale forgotten",
            old="np.sqrt(Q.shape[0])",
            new="Q.shape[0]",
            step="scaling",
            feedback="You divide by the right size, but by all of it, so that the attention is too even. It is the *variance* "
            "of a dot product that grows with the number of entries, and scores are divided by a standard deviation. "
            "Something has to be done with that number first.",
        ),
        author.misconception(
            "scaled by the size of the values",
            old="np.sqrt(Q.shape[0])",
            new="np.sqrt(V.shape[0])",
            step="scaling",
            feedback="Your dot products are divided by the square root of the size of a *value*. But each of them is a sum of "
            "as many products as a query has entries, and their spread grows with that number. The values play no part in "
            "them: which size does the equation name?",
        ),
        author.misconception(
            "scaled by the number of keys",
            old="np.sqrt(Q.shape[0])",
            new="np.sqrt(K.shape[1])",
            step="scaling",
            feedback="Your dot products are divided by the square root of the number of keys, M. With one token per column, "
            "the second number of a shape counts tokens and the first one their entries. Which of them is meant by D with "
            "an index q?",
        ),
        author.misconception(
            "scaled by the number of queries",
            old="np.sqrt(Q.shape[0])",
            new="np.sqrt(Q.shape[1])",
            step="scaling",
            feedback="Your dot products are divided by the square root of the number of queries, N. With one token per "
            "column, the second number of a shape counts tokens and the first one their entries. Which of them is meant "
            "by D with an index q?",
        ),
        author.misconception(
            "scaled after the softmax",
            edits=[(" / np.sqrt(Q.shape[0])", ""), ("outputs = V", "outputs = 1 / np.sqrt(Q.shape[0]) * V")],
            step="scaling",
            feedback="You divide by the right number, but after the softmax. There it makes the weights smaller, so that they "
            "do not sum to one any more, and does nothing against extreme scores. In the equation of section 4, is the "
            "fraction inside or outside the square brackets?",
        ),
        author.misconception(
            "mask handed on the wrong way round",
            old="masked_softmax(scores, allowed)",
            new="masked_softmax(scores, ~allowed)",
            step="softmax with the mask",
            feedback="Your outputs attend to exactly the keys that are *not* allowed. The mask that the function gets says "
            "True where attention is allowed, and so does the one that the masked softmax expects: nothing has to be turned "
            "round in between.",
        ),
        author.misconception(
            "softmax over the queries in attention",
            old="masked_softmax(scores, allowed)",
            new="masked_softmax(scores.T, allowed.T).T",
            step="softmax with the mask",
            feedback="Your softmax runs in the wrong direction: the weights with which all queries look at one key sum to "
            "one. But each query has to share out a weight of one among the *keys*. Write down which letter rows and "
            "columns of your scores belong to.",
        ),
        author.misconception(
            "dot products the other way round",
            old="K.T @ Q",
            new="Q.T @ K",
            step="dot products of keys and queries",
            feedback="Your matrix of dot products lies on its side: it has a row for each query and a column for each key. "
            "If there are not as many of both, it does not fit on the mask, and if there are, key and query have changed "
            "roles. Which of the two factors has to be transposed?",
        ),
        author.misconception(
            "weights transposed",
            old="V @ weights",
            new="V @ weights.T",
            step="weighting of the values",
            feedback="The weights meet the values the wrong way round, and if there are not as many queries as keys they do "
            "not fit at all. In the product, the size that disappears must be M, the number of keys: that is what a "
            "weighted sum of values runs over.",
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
            new="return outputs.T",
            step="weighting of the values",
            feedback="The result lies on its side: one query per row, of shape (N, D_v). Everything here has one token per "
            "column, the outputs too. Is there a transpose too many at the end, or one missing?",
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
            "scores weighted the values",
            old="masked_softmax(scores, allowed)",
            new="np.where(allowed, scores, 0)",
            step="softmax with the mask",
            feedback="The scores themselves weight the values, with zeros where nothing is allowed: there is no softmax in "
            "between. So there are negative weights, and they do not sum to one. You have written a function for that in "
            "section 3.",
        ),
        author.misconception(
            "equal weights in attention where nothing is allowed",
            old="masked_softmax(scores, allowed)",
            new="masked_softmax(np.where(allowed, scores, -1e100), np.ones_like(allowed))",
            step="softmax with the mask",
            feedback="A query that may look at nothing gets the mean of all values from you, instead of zeros. That comes of a very "
            "negative but finite number in place of forbidden scores. The masked softmax of section 3 knows what to do with such "
            "queries: use it here.",
        ),
        author.misconception(
            "forbidden scores zero in attention",
            old="masked_softmax(scores, allowed)",
            new="masked_softmax(np.where(allowed, scores, 0), np.ones_like(allowed))",
            step="softmax with the mask",
            feedback="You set forbidden scores to zero and use a softmax without a mask. But the exponential of zero is one, so forbidden "
            "keys still get a weight. The masked softmax of section 3 makes them vanish: use it here.",
        ),
        author.misconception(
            "weights masked after the softmax",
            old="masked_softmax(scores, allowed)",
            new="masked_softmax(scores, np.ones_like(allowed)) * allowed",
            step="softmax with the mask",
            feedback="You use a softmax without a mask and set the weights of forbidden keys to zero afterwards. What is left does not sum to "
            "one any more: their share is lost. The masked softmax of section 3 gets the mask itself: use it here.",
        ),
        author.misconception(
            "multiplied by the scale",
            old=" / np.sqrt(Q.shape[0])",
            new=" * np.sqrt(Q.shape[0])",
            step="scaling",
            feedback=(
                "You multiply with the root, where it should divide: large scores become even larger, and nearly "
                "all of the attention goes to one key. See which side of the fraction it stands on in the "
                "equation of section 4."
            ),
        ),
        author.misconception(
            "scale of this notebook",
            old="np.sqrt(Q.shape[0])",
            new="np.sqrt(3)",
            step="scaling",
            feedback=(
                "You divide by the root of 3, which is right for the queries of this notebook, and for no "
                "others. The number of entries of a query follows from the shape of what the function is given."
            ),
        ),
        author.misconception(
            "nan in attention where nothing is allowed",
            old="masked_softmax(scores, allowed)",
            new="(masked_softmax(scores, allowed) / np.any(allowed, axis=0))",
            step="softmax with the mask",
            feedback=(
                "A query that may look at nothing gets `nan` from you: zero divided by zero, or minus infinity "
                "minus itself, in a softmax that does not know of such queries. The one that you wrote in "
                "section 3 gives zeros there: use it here."
            ),
        ),
    ],
    equivalents=[
        author.equivalent(
            "Q.shape -> K.shape",
            reason="queries and keys have the same number of rows",
        ),
    ],
)


# %%
def parameters(rng, D, D_q, spread=0.7):
    """Return omega_v, omega_q, omega_k, beta_v, beta_q and beta_k."""
    omegas = [spread * rng.normal(size=(rows, D)) for rows in (D, D_q, D_q)]
    return [*omegas, *(rng.normal(size=(rows, 1)) for rows in (D, D_q, D_q))]


def sentence(D, D_q, tokens):
    """Return a function that draws the arguments for a sentence with these tokens."""
    return lambda rng: (rng.normal(size=(D, len(tokens))), np.array(tokens), *parameters(rng, D, D_q))


def sees_no_later(attention, X, tokens, *parameters):
    """Whether another last token leaves the outputs of all earlier ones as they are."""
    other = X.copy()
    other[:, -1] = 1 - X[:, -1]
    return np.allclose(
        attention(other, tokens, *parameters)[:, :-1], attention(X, tokens, *parameters)[:, :-1]
    )


def sees_no_padding(attention, X, tokens, *parameters):
    """Whether other vectors in the places of padding leave the outputs of the words as they are."""
    words = tokens != PAD
    other = np.where(words, X, 1 - X)
    return np.allclose(
        attention(other, tokens, *parameters)[:, words], attention(X, tokens, *parameters)[:, words]
    )


PARAMETERS = (omega_v, omega_q, omega_k, beta_v, beta_q, beta_k)
KEY_BIAS = (
    "the bias of the keys adds the same number to all scores of a query, and softmax takes it away again"
)
TWO_AXES = "tokens are a matrix, whose second axis is its last"
PROJECTION = "queries, keys and values"


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
    "causal_self_attention",
    hints=[
        "You have written all parts already: two masks, and attention with a mask. What does a key need to be seen: one of "
        "the masks, or both?",
        """
        The three equations in section 5 are three lines that differ only in their letters; the biases are columns, which
        NumPy adds to every token. Both masks have to be as large as there are tokens: with one token per column, which
        number in the shape of `X` is that?
        """,
        """
        Three tokens, the first of which is padding, with T for True and a dot for False:

            causal   padding   both
            T T T    . . .     . . .
            . T T    T T T     . T T
            . . T    T T T     . . T

        Query 0 is padding, and may look at nothing. Query 1 sees itself, query 2 sees two words.
        """,
    ],
    sizes=lambda X, tokens, *parameters: {
        "D": X.shape[0],
        "N": X.shape[1],
        "M": X.shape[1],
        "D_q": parameters[1].shape[0],
    },
    steps=[
        author.step(PROJECTION, 1),
        author.step("no attention to later tokens", 1),
        author.step("no attention to padding", 1),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="The tokens are (D, N), queries and keys are (D_q, N), values (D, N), both masks (N, N), and the result is (D, N).",
    cases=[
        author.case("the French sentence", hidden=False, args=(X_french, tokens_french, *PARAMETERS)),
        author.case("a sentence without padding", hidden=True, args=sentence(6, 3, [3, 1, 7, 2, 2])),
        author.case("a sentence padded in front", hidden=True, args=sentence(6, 3, [0, 4, 9, 1, 5])),
        author.case("a sentence padded at the end", hidden=True, args=sentence(4, 5, [6, 2, 8, 5, 0, 0, 0])),
        author.case("padding between sentences", hidden=True, args=sentence(7, 2, [1, 0, 4, 4, 0, 3, 2, 5])),
        author.case("as many tokens as dimensions", hidden=True, args=sentence(4, 4, [0, 3, 2, 8])),
    ],
    properties=[
        author.property(
            "a later token changes no earlier output",
            hidden=True,
            args=sentence(6, 3, [3, 1, 7, 2, 4]),
            holds=sees_no_later,
            feedback="If only the last token is changed, outputs of earlier ones change: they look at it, though it comes later.",
            steps=["no attention to later tokens"],
        ),
        author.property(
            "what stands for padding changes no output of a word",
            hidden=True,
            args=sentence(6, 3, [0, 1, 0, 2, 4]),
            holds=sees_no_padding,
            feedback="If only the vectors that stand for padding are changed, outputs of words change: they look at it.",
            steps=["no attention to padding"],
        ),
    ],
    misconceptions=[
        author.misconception(
            "padding not hidden",
            old=" & padding_mask(tokens, X.shape[1])",
            new="",
            step="no attention to padding",
            feedback="Your words look at padding too: only later tokens are hidden from them. The function gets the tokens "
            "as its second argument, and section 2 has a mask for them. Both masks have to hold at once.",
        ),
        author.misconception(
            "later tokens not hidden",
            old="causal_mask(X.shape[1]) & ",
            new="",
            step="no attention to later tokens",
            feedback="Your tokens look at words that come later: only the padding is hidden from them. This attention is to "
            "be causal as well, so the mask of section 1 is needed too, and both have to hold at once.",
        ),
        author.misconception(
            "no mask at all",
            old="causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])",
            new="np.ones((X.shape[1], X.shape[1]), dtype=bool)",
            step=["no attention to later tokens", "no attention to padding"],
            feedback="Your outputs are those of self-attention without any mask: tokens look at padding, and at words that "
            "come later. Sections 1 and 2 have a mask against each of these. Combine them, and hand the result on.",
        ),
        author.misconception(
            "what one of the masks allows",
            old=" & ",
            new=" | ",
            step=["no attention to later tokens", "no attention to padding"],
            feedback="A key is seen in your attention if *one* of the two masks allows it: later words, since they are no "
            "padding, and padding, if it comes earlier. It should be seen only if both allow it. (Adding two masks "
            "has the same effect.)",
        ),
        author.misconception(
            "padding hidden as a query",
            old="padding_mask(tokens, X.shape[1])",
            new="padding_mask(tokens, X.shape[1]).T",
            step="no attention to padding",
            feedback="You hide padding as a *query*: its outputs are zero, but words still look at it. The padding mask is "
            "turned: its rows have to be the keys. That it is square here hides the mistake from NumPy, but not from the "
            "words.",
        ),
        author.misconception(
            "padding hidden as key and query",
            old=" & padding_mask(tokens, X.shape[1])",
            new=" & padding_mask(tokens, X.shape[1]) & padding_mask(tokens, X.shape[1]).T",
            step="no attention to padding",
            feedback="Padding is hidden as a key, which is right, and as a query too, so that all outputs of padding are zero. "
            "Only keys are asked for: a query that is padding may look at earlier words like any other, and nobody uses "
            "what comes out.",
        ),
        author.misconception(
            "causal mask turned",
            old="causal_mask(X.shape[1])",
            new="causal_mask(X.shape[1]).T",
            step="no attention to later tokens",
            feedback="Your tokens look at themselves and at what comes *later*: the causal mask is turned before it is used. "
            "Columns are queries, in the mask as in the scores, so it can be taken as it is.",
        ),
        author.misconception(
            "biases forgotten",
            edits=[(" + beta_q", ""), (" + beta_k", ""), (" + beta_v", "")],
            step=PROJECTION,
            feedback="Your result is what comes out if all biases are zero. Each of queries, keys and values is a product "
            "*plus* a column that is added to every token. In the equations of section 5 it is the term with the letter "
            "beta.",
        ),
        author.misconception(
            "bias of the values forgotten",
            old=" + beta_v",
            new="",
            step=PROJECTION,
            feedback="The bias of the values is missing: the columns of all queries that may look at something differ from "
            "the right ones by the same vector. Compare your line for V with its equation in section 5.",
        ),
        author.misconception(
            "bias of the queries forgotten",
            old=" + beta_q",
            new="",
            step=PROJECTION,
            feedback="Your result is what comes out without the bias of the queries. Unlike that of the keys, it changes the "
            "scores. Compare your line for Q with its equation in section 5.",
        ),
        author.misconception(
            "queries and keys swapped",
            edits=[
                ("Q = omega_q @ X + beta_q", "Q = omega_k @ X + beta_k"),
                ("K = omega_k @ X + beta_k", "K = omega_q @ X + beta_q"),
            ],
            step=PROJECTION,
            feedback="Queries and keys have changed places: tokens are found by what they look for, and search for what they "
            "offer. Look at which matrix and which bias each of them is made of, and in which order you hand them on.",
        ),
        author.misconception(
            "result transposed",
            old="return X_prime",
            new="return X_prime.T",
            step=PROJECTION,
            feedback="The result lies on its side: one token per row, of shape (N, D). Everything here has one token per "
            "column, the inputs and the outputs. Is there a transpose too many at the end?",
        ),
        author.misconception(
            "tokens instead of values",
            old="masked_attention(Q, K, V, allowed)",
            new="masked_attention(Q, K, X, allowed)",
            step=PROJECTION,
            feedback="The vectors of the tokens themselves are weighted, instead of the values that are made of them. Check "
            "what you hand on as the third of the four: there is an equation for it in section 5.",
        ),
        author.misconception(
            "matrix of the values transposed",
            old="omega_v @ X",
            new="omega_v.T @ X",
            step=PROJECTION,
            feedback="The values are made with their matrix turned. It is square, so nothing stops you. Tokens are columns "
            "here, and a matrix stands to their left as it is: see the equations in section 5.",
        ),
        author.misconception(
            "tokens added to the result",
            old="return X_prime",
            new="return X + X_prime",
            step=PROJECTION,
            feedback="Your result has the vectors of the tokens added to it. Such a residual connection comes after the "
            "attention in a transformer, but it is no part of this function: see what it is to return.",
        ),
        author.misconception(
            "causal mask inverted",
            function=lambda X, tokens, omega_v, omega_q, omega_k, beta_v, beta_q, beta_k: masked_attention(
                omega_q @ X + beta_q,
                omega_k @ X + beta_k,
                omega_v @ X + beta_v,
                ~np.triu(np.ones((X.shape[1], X.shape[1]), dtype=bool))
                & np.outer(tokens != PAD, np.ones(X.shape[1], dtype=bool)),
            ),
            step=["no attention to later tokens"],
            feedback="Your tokens look at nothing but what comes *later*: the causal mask is turned into its opposite before "
            "it is used. It says True where attention is allowed, so it can be taken as it is.",
        ),
        author.misconception(
            "masks of numbers combined",
            old="causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])",
            new="1.0 * causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])",
            step=["no attention to later tokens", "no attention to padding"],
            feedback="Python's `&` wants truth values on both sides, and one of your masks holds numbers with a decimal point. They pass for "
            "True and False in sections 1 and 2, but not here. Which of the two masks is made of ones, and how can NumPy be told that "
            "they are truth values?",
        ),
        author.misconception(
            "masks combined with a word",
            old="causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])",
            new="causal_mask(X.shape[1]) and padding_mask(tokens, X.shape[1])",
            step=["no attention to later tokens", "no attention to padding"],
            feedback="Python's word `and` asks whether a whole matrix is True, which cannot be said of one that is True in some places. The "
            "masks have to be combined entry by entry: NumPy has an operator and a function for that.",
        ),
        author.misconception(
            "vectors of padding set to zero",
            function=lambda X, tokens, *parameters: causal_self_attention(
                X * (tokens != PAD), np.ones_like(tokens), *parameters
            ),
            step=["no attention to padding"],
            feedback="You set the vectors of the padding to zero, but words still look at them: with a bias their keys and values are not "
            "zero, and a score of zero counts like any other. Hide padding with a mask: section 2 has one.",
        ),
        author.misconception(
            "padding thrown out",
            function=lambda X, tokens, *parameters: causal_self_attention(
                X[:, tokens != PAD], tokens[tokens != PAD], *parameters
            ),
            step=["no attention to padding"],
            feedback="You throw the padding out of the sentence, so that the result has fewer columns than there are tokens. The outputs of "
            "the words are not wrong by it, but each column should stay at its place: hide the padding with a mask instead.",
        ),
        author.misconception(
            "tokens in place of queries, keys and values",
            function=lambda X, tokens, *parameters: masked_attention(
                X, X, X, causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])
            ),
            step=[PROJECTION],
            feedback="The vectors of the tokens themselves are used as queries, keys and values; the matrices and biases that the function "
            "gets are not used at all. Each of the three is made by a matrix and a bias of its own: see the equations in section 5.",
        ),
        author.misconception(
            "masks turned round",
            old="masked_attention(Q, K, V, allowed)",
            new="masked_attention(Q, K, V, ~allowed)",
            step=["no attention to later tokens", "no attention to padding"],
            feedback=(
                "Your tokens look at exactly what they should not: the mask is turned into its opposite before "
                "it is handed on. True means that attention is allowed, in both masks and in the attention of "
                "section 4, so nothing has to be turned round."
            ),
        ),
        author.misconception(
            "masks as large as a token",
            old="causal_mask(X.shape[1]) & padding_mask(tokens, X.shape[1])",
            new="causal_mask(X.shape[0]) & padding_mask(tokens, X.shape[0])",
            step=["no attention to later tokens", "no attention to padding"],
            feedback=(
                "Your masks have as many rows and columns as a token has entries, D, and not as many as there "
                "are tokens. With one token per column, the tokens are counted by the second number of the shape "
                "of X."
            ),
        ),
        author.misconception(
            "matrices of queries and keys swapped",
            edits=[("omega_q @ X", "omega_k @ X"), ("omega_k @ X", "omega_q @ X")],
            step=PROJECTION,
            feedback=(
                "The matrices of queries and keys have changed places, and their biases have not. They have the "
                "same shapes, so nothing stops you. Hold the letters of your two lines against the equations in "
                "section 5."
            ),
        ),
        *mixed_up_letters(dict.fromkeys("qkv", "X"), PROJECTION, "its equation in section 5"),
    ],
    equivalents=[
        author.equivalent(
            "omega_k @ X + beta_k -> omega_k @ X - beta_k",
            "omega_k @ X + beta_k -> omega_k @ X",
            "omega_k @ X + beta_k -> omega_k @ X + beta_q",
            reason=KEY_BIAS,
        ),
        author.equivalent(
            "causal_mask(X.shape[1]) -> causal_mask(X.shape[-1])",
            "padding_mask(tokens, X.shape[1]) -> padding_mask(tokens, X.shape[-1])",
            reason=TWO_AXES,
        ),
    ],
)


# %%
def two_sentences(D, D_q, N, tokens):
    """Return a function that draws the arguments for N queries and a sentence with these tokens."""
    return lambda rng: (
        rng.normal(size=(D, N)),
        rng.normal(size=(D, len(tokens))),
        np.array(tokens),
        *parameters(rng, D, D_q),
    )


def shuffled_sentence(attention, X_q, X_kv, tokens_kv, *parameters):
    """Whether the tokens of keys and values in another order change nothing."""
    order = np.roll(np.arange(len(tokens_kv)), 2)
    return np.allclose(
        attention(X_q, X_kv[:, order], tokens_kv[order], *parameters),
        attention(X_q, X_kv, tokens_kv, *parameters),
    )


def shuffled_queries(attention, X_q, *others):
    """Whether shuffling the queries shuffles the outputs in the same way."""
    order = np.roll(np.arange(X_q.shape[1]), 2)
    return np.allclose(attention(X_q[:, order], *others), attention(X_q, *others)[:, order])


author.question(
    "cross_attention",
    hints=[
        "Who asks, and who answers? Only one of the three matrices is made of the tokens that ask.",
        r"""
        Look at the subscripts of $\mathbf{X}$ in the three equations of section 6. The mask has a row for each token of
        the keys and a column for each query; it comes from the function of section 2 alone, for nothing is causal here.
        """,
        """
        Two French tokens ask and three English ones answer, with 6 dimensions and queries of 3 entries:

            Q        (3, 2)
            K        (3, 3)
            V        (6, 3)
            mask     (3, 2)
            weights  (3, 2)
            result   (6, 2)

        There is one column for each French token in the end, as there is in the beginning.
        """,
    ],
    sizes=lambda X_q, X_kv, tokens_kv, *parameters: {
        "D": X_q.shape[0],
        "N": X_q.shape[1],
        "M": X_kv.shape[1],
        "D_q": parameters[1].shape[0],
    },
    steps=[
        author.step("who asks, and who answers", 1.5),
        author.step("matrices and biases", 0.5),
        author.step("the mask of the keys", 1),
        author.arguments_only(0.25),
        author.arguments_unchanged(0.25),
    ],
    equation="X_q is (D, N) and X_kv (D, M); queries are (D_q, N), keys (D_q, M), values (D, M), the mask and the weights "
    "(M, N), and the result is (D, N).",
    cases=[
        author.case(
            "French queries, English keys",
            hidden=False,
            args=(X_french, X_english, tokens_english, *PARAMETERS),
        ),
        author.case("other sentences", hidden=True, args=two_sentences(6, 3, 5, [3, 1, 7, 2, 2, 0, 0])),
        author.case("more queries than keys", hidden=True, args=two_sentences(4, 5, 8, [0, 9, 1])),
        author.case("as many queries as keys", hidden=True, args=two_sentences(7, 2, 4, [2, 0, 6, 1])),
        author.case("no padding", hidden=True, args=two_sentences(6, 3, 2, [4, 4, 1, 8, 3])),
        author.case("nothing but padding", hidden=True, args=two_sentences(6, 3, 5, [0, 0, 0])),
        author.case("as many of everything", hidden=True, args=two_sentences(4, 4, 4, [3, 5, 0, 6])),
    ],
    properties=[
        author.property(
            "the order of the keys does not matter",
            hidden=True,
            args=two_sentences(6, 3, 5, [3, 1, 0, 2]),
            holds=shuffled_sentence,
            feedback="If the sentence that answers is shuffled, your outputs change: each should depend on its own query and "
            "on all keys and values, whatever their order.",
            steps=["who asks, and who answers", "the mask of the keys"],
        ),
        author.property(
            "shuffled queries give shuffled outputs",
            hidden=True,
            args=two_sentences(6, 3, 5, [3, 1, 0, 2]),
            holds=shuffled_queries,
            feedback="If the tokens that ask are shuffled, your outputs are not shuffled in the same way: each output should "
            "depend on its own query only.",
            steps=["who asks, and who answers", "the mask of the keys"],
        ),
    ],
    misconceptions=[
        author.misconception(
            "queries and keys from the wrong sentences",
            edits=[
                ("omega_q @ X_q", "omega_q @ X_kv"),
                ("omega_k @ X_kv", "omega_k @ X_q"),
                ("omega_v @ X_kv", "omega_v @ X_q"),
            ],
            step="who asks, and who answers",
            feedback="The two sentences have changed roles: the one that should answer asks. Your attention has a column for "
            "each token of the keys' sentence. See the subscripts in the equations of section 6, and the order of the "
            "arguments.",
        ),
        author.misconception(
            "values from those who ask",
            old="omega_v @ X_kv",
            new="omega_v @ X_q",
            step="who asks, and who answers",
            feedback="The values are made of the tokens that ask. Then there is not one for each key, so the sizes do not fit, "
            "or, where they happen to fit, nothing of the other sentence is handed on. Keys and values belong together: "
            "see the subscripts in section 6.",
        ),
        author.misconception(
            "keys from those who ask",
            old="omega_k @ X_kv",
            new="omega_k @ X_q",
            step="who asks, and who answers",
            feedback="The keys are made of the tokens that ask, so the scores compare this sentence with itself. Their number "
            "then is not that of the values and of the mask. Keys and values belong together: see the subscripts in "
            "section 6.",
        ),
        author.misconception(
            "self-attention of those who answer",
            old="omega_q @ X_q",
            new="omega_q @ X_kv",
            step="who asks, and who answers",
            feedback="Queries, keys and values all come from the sentence that should only answer: this is self-attention, "
            "and the first argument is not asked at all. The result needs a column for each token that asks. Which of the "
            "three comes from there?",
        ),
        author.misconception(
            "self-attention of those who ask",
            edits=[("omega_k @ X_kv", "omega_k @ X_q"), ("omega_v @ X_kv", "omega_v @ X_q")],
            step="who asks, and who answers",
            feedback="Queries, keys and values all come from the tokens that ask: this is self-attention, and the other "
            "sentence is not used at all. The keys and values should come from there: see the subscripts in section 6.",
        ),
        author.misconception(
            "padding of the keys not hidden",
            old="padding_mask(tokens_kv, X_q.shape[1])",
            new="np.ones((X_kv.shape[1], X_q.shape[1]), dtype=bool)",
            step="the mask of the keys",
            feedback="Your queries look at the padding of the other sentence too. The function gets the tokens of the keys as "
            "its third argument, and you have a mask for them from section 2.",
        ),
        author.misconception(
            "cross-attention made causal",
            old="padding_mask(tokens_kv, X_q.shape[1])",
            new="padding_mask(tokens_kv, X_q.shape[1]) & np.triu(np.ones((X_kv.shape[1], X_q.shape[1]), dtype=bool))",
            step="the mask of the keys",
            feedback="Your queries may look only at keys that do not stand further back in their own sentence. But the other "
            "sentence is there as a whole, and the places of the two have nothing to do with each other: read the end of "
            "section 6.",
        ),
        author.misconception(
            "causal mask instead of padding",
            old="padding_mask(tokens_kv, X_q.shape[1])",
            new="np.triu(np.ones((X_kv.shape[1], X_q.shape[1]), dtype=bool))",
            step="the mask of the keys",
            feedback="You use a causal mask, and none against padding. In cross-attention it is the other way round: the other "
            "sentence is there as a whole, so nothing is later, but it may be padded. Read the end of section 6.",
        ),
        author.misconception(
            "mask as wide as the keys",
            old="padding_mask(tokens_kv, X_q.shape[1])",
            new="padding_mask(tokens_kv, X_kv.shape[1])",
            step="the mask of the keys",
            feedback="Your mask has a column for each *key*, so that it fits on the scores only if there are as many queries. "
            "Its second size has to be the number of those who ask. From which of the two matrices can it be taken?",
        ),
        author.misconception(
            "mask turned",
            old="padding_mask(tokens_kv, X_q.shape[1])",
            new="padding_mask(tokens_kv, X_q.shape[1]).T",
            step="the mask of the keys",
            feedback="The mask lies on its side: it has a row for each query and a column for each key, and does not fit on "
            "the scores unless there are as many of both. The mask of section 2 can be used as it is.",
        ),
        author.misconception(
            "only padding looked at",
            old="padding_mask(tokens_kv, X_q.shape[1])",
            new="~padding_mask(tokens_kv, X_q.shape[1])",
            step="the mask of the keys",
            feedback="Your queries look at nothing but the padding of the other sentence: the mask is turned into its "
            "opposite. True means that a key may be looked at, and masked attention expects it that way.",
        ),
        author.misconception(
            "all biases forgotten",
            edits=[(" + beta_q", ""), (" + beta_k", ""), (" + beta_v", "")],
            step="matrices and biases",
            feedback="Your result is what comes out if all biases are zero. Each of queries, keys and values is a product "
            "*plus* a column that is added to every token. In the equations of section 6 it is the term with the letter "
            "beta.",
        ),
        author.misconception(
            "bias of the values left out",
            old=" + beta_v",
            new="",
            step="matrices and biases",
            feedback="The bias of the values is missing: all columns of your output differ from the right ones by the same "
            "vector, since weights that sum to one hand a constant on unchanged. Compare your line for V with its equation.",
        ),
        author.misconception(
            "queries from the matrix of the keys",
            edits=[
                ("omega_q @ X_q + beta_q", "omega_k @ X_q + beta_k"),
                ("omega_k @ X_kv + beta_k", "omega_q @ X_kv + beta_q"),
            ],
            step="matrices and biases",
            feedback=(
                "The queries are made with the matrix and bias of the keys, and the keys with those of the "
                "queries. They have the same shapes, so nothing stops you. Hold the letters of your two lines "
                "against the equations."
            ),
        ),
        author.misconception(
            "outputs of cross-attention transposed",
            old="return X_prime",
            new="return X_prime.T",
            step="who asks, and who answers",
            feedback="The result lies on its side: one query per row, of shape (N, D). Everything here has one token per "
            "column, the outputs too. Is there a transpose too many at the end?",
        ),
        author.misconception(
            "causal self-attention of those who answer",
            function=lambda X_q, X_kv, tokens_kv, *parameters: causal_self_attention(
                X_kv, tokens_kv, *parameters
            ),
            step=["who asks, and who answers", "the mask of the keys"],
            feedback="You apply the function of section 5 to the sentence that should only answer: it attends to itself, and "
            "causally at that. The first argument is not used at all. Here queries come from one sentence, keys and values "
            "from the other, and nothing is causal.",
        ),
        author.misconception(
            "queries added to the result",
            old="return X_prime",
            new="return X_q + X_prime",
            step="who asks, and who answers",
            feedback="Your result has the vectors of those who ask added to it. Such a residual connection comes after the "
            "attention in a transformer, but it is no part of this function: see what it is to return.",
        ),
        author.misconception(
            "mask as wide as a token",
            old="padding_mask(tokens_kv, X_q.shape[1])",
            new="padding_mask(tokens_kv, X_q.shape[0])",
            step="the mask of the keys",
            feedback=(
                "Your mask has as many columns as a token has entries, D, instead of one for each query. With "
                "one token per column, the tokens are counted by the second number of a shape, the first one "
                "counts their entries."
            ),
        ),
        *mixed_up_letters(
            {"q": "X_q", "k": "X_kv", "v": "X_kv"},
            "matrices and biases",
            "its equation",
            " in cross-attention",
        ),
    ],
    equivalents=[
        author.equivalent(
            "omega_k @ X_kv + beta_k -> omega_k @ X_kv - beta_k",
            "omega_k @ X_kv + beta_k -> omega_k @ X_kv",
            "omega_k @ X_kv + beta_k -> omega_k @ X_kv + beta_q",
            reason=KEY_BIAS,
        ),
        author.equivalent("X_q.shape[1] -> X_q.shape[-1]", reason=TWO_AXES),
    ],
)
