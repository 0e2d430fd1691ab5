# %% [markdown]
# # Mixing

# %% tags=["given"]
import numpy as np

D, N = 4, 3
np.random.seed(5)
X = np.random.normal(size=(D, N))
omega = np.random.normal(size=(D, D))


# %% question="softmax_cols"
def softmax_cols(scores):
    shifted = scores - np.max(scores, axis=0)  # SOLUTION
    exponentials = np.exp(shifted)  # SOLUTION
    sums = np.sum(exponentials, axis=0, keepdims=True)  # SOLUTION
    return exponentials / sums  # SOLUTION


# %% question="mix"
def mix(X, omega):
    values = omega @ X  # SOLUTION
    # BEGIN SOLUTION
    scores = X.T @ X
    scaled = scores / np.sqrt(X.shape[0])
    # END SOLUTION
    weights = softmax_cols(scaled)  # SOLUTION
    return values @ weights  # SOLUTION


# %% question="mixed"
mixed = mix(X, omega)  # SOLUTION
sums = np.sum(mixed, axis=0)  # SOLUTION

# %%
from autograder import author

author.assignment("Mixing", environment=["numpy>=2.0,<2.4"])

LOOK = "Look at the sizes and the direction of what you compute in this line, and at what the text above asks for."

# %%
author.question(
    "softmax_cols",
    sizes=lambda scores: {"N": scores.shape[1]},
    steps=[
        author.step("exponentials", 1),
        author.step("normalisation", 2),
        author.step("stable for large scores", 0.5, minor=True),
        author.arguments_only(0.5),
    ],
    cases=[
        author.case("own", hidden=False, args=lambda rng: (rng.normal(size=(3, 3)),)),
        author.case("other", hidden=True, args=lambda rng: (rng.normal(size=(3, 3)),)),
        author.case("wide", hidden=True, args=lambda rng: (rng.normal(size=(4, 5)),)),
        author.case(
            "large",
            hidden=True,
            args=lambda rng: (rng.normal(size=(3, 3)) + np.array([[2000.0], [0.0], [-2000.0]]),),
            steps=["stable for large scores"],
        ),
    ],
    properties=[
        author.property(
            "columns sum to 1",
            hidden=True,
            args=lambda rng: (rng.normal(size=(3, 3)),),
            holds=lambda softmax, scores: np.allclose(softmax(scores).sum(axis=0), 1),
            feedback="The columns do not sum to 1.",
        )
    ],
    misconceptions=[
        author.misconception(
            "softmax over the rows",
            edits=[("np.max(scores, axis=0)", "np.max(scores, axis=1, keepdims=True)"),
                   ("np.sum(exponentials, axis=0", "np.sum(exponentials, axis=1")],
            step="normalisation",
            feedback=f"Your weights sum to one along each row, and not along each column. {LOOK}",
        ),
        author.misconception(
            "softmax over everything",
            old="np.sum(exponentials, axis=0, keepdims=True)",
            new="np.sum(exponentials)",
            step="normalisation",
            feedback=f"All of your weights together sum to one, and not those of each column. {LOOK}",
        ),
        author.misconception(
            "powers of two",
            old="np.exp(shifted)",
            new="np.exp2(shifted)",
            step="exponentials",
            feedback=f"Your exponentials grow too slowly: they are powers of two instead of e. {LOOK}",
        ),
        author.misconception(
            "no maximum subtracted",
            old="scores - np.max(scores, axis=0)",
            new="scores",
            step="stable for large scores",
            feedback=f"For large scores your exponentials are infinite, and a quotient of infinities is no number. {LOOK}",
        ),
    ],
)  # fmt: skip

# %%
author.question(
    "mix",
    sizes=lambda X, omega: {"D": X.shape[0], "N": X.shape[1]},
    steps=[
        author.step("values", 1),
        author.step("scores", 1),
        author.step("scaling", 2),
        author.step("weighting", 2),
        author.arguments_only(0.5),
    ],
    cases=[
        author.case("own", hidden=False, args=(X, omega)),
        author.case(
            "other", hidden=True, args=lambda rng: (rng.normal(size=(4, 3)), rng.normal(size=(4, 4)))
        ),
        author.case("wide", hidden=True, args=lambda rng: (rng.normal(size=(3, 5)), rng.normal(size=(3, 3)))),
    ],
    misconceptions=[
        author.misconception(
            "weights transposed",
            old="values @ weights",
            new="values @ weights.T",
            step="weighting",
            feedback=f"Each output mixes the values with the weights that the others give to its token. {LOOK}",
        ),
        author.misconception(
            "no scaling",
            old="scores / np.sqrt(X.shape[0])",
            new="scores",
            step="scaling",
            feedback=f"Your scores go into the softmax as they are, so that they are too large. {LOOK}",
        ),
        author.misconception(
            "scaled by the number of tokens",
            old="np.sqrt(X.shape[0])",
            new="np.sqrt(X.shape[1])",
            step="scaling",
            feedback=f"You divide by the root of the number of tokens, which is another one. {LOOK}",
        ),
        author.misconception(
            "omega transposed",
            old="omega @ X",
            new="omega.T @ X",
            step="values",
            feedback=f"Your values are computed with the matrix turned on its side, rows for columns. {LOOK}",
        ),
        author.misconception(
            "attention over dimensions",
            old="X.T @ X",
            new="X @ X.T",
            step="scores",
            feedback=f"Your scores compare dimensions with each other instead of tokens with tokens. {LOOK}",
        ),
        author.misconception(
            "result transposed",
            function=lambda X, omega: mix(X, omega).T,
            step="weighting",
            feedback=f"Your result has one row for each token where it should have one column. {LOOK}",
        ),
        author.misconception(
            "tokens returned",
            old="return values @ weights",
            new="return X",
            step=["scores", "scaling"],
            feedback=f"Your result is what came in: the tokens, as if nothing had been mixed at all. {LOOK}",
        ),
        author.misconception(
            "all tokens weighted alike",
            old="values @ weights",
            new="values @ (0 * weights + 1 / X.shape[1])",
            step=["scores", "scaling"],
            feedback=f"All of your outputs are the same: each is the mean of all values, unweighted. {LOOK}",
        ),
        author.misconception(
            "weights and weights transposed",
            old="values @ weights",
            new="values @ (weights + 0).T",
            step="values",
            feedback=f"This is the first mistake under another name, and it costs a cheaper step. {LOOK}",
        ),
    ],
)

# %%
OTHER = author.data("other", lambda rng: {"X": rng.normal(size=(4, 3)), "omega": rng.normal(size=(4, 4))})
author.question(
    "mixed",
    steps=[author.step("the result", 2), author.step("the sums", 1)],
    cases=[
        author.case("own", hidden=False, variable="mixed", decimals=3, steps=["the result"]),
        author.case("other", hidden=True, variable="mixed", data=OTHER, steps=["the result"]),
        author.case("own sums", hidden=False, variable="sums", steps=["the sums"]),
        author.case("other sums", hidden=True, variable="sums", data=OTHER, steps=["the sums"]),
    ],
    misconceptions=[
        author.misconception(
            "matrix transposed in the call",
            old="mix(X, omega)",
            new="mix(X, omega.T)",
            step="the result",
            feedback=f"Your call hands over the matrix turned on its side, rows for columns. {LOOK}",
        ),
        author.misconception(
            "sums over the rows",
            old="np.sum(mixed, axis=0)",
            new="np.sum(mixed, axis=1)",
            step="the sums",
            feedback=f"You add up the numbers of each row instead of those of each column. {LOOK}",
        ),
    ],
)
