# %% [markdown]
# # Tripling

# %% tags=["given"]
import numpy as np

np.random.seed(1)
matrix = np.random.normal(size=(2, 3))


# %% question="triple"
def triple(X):
    result = 3 * X  # SOLUTION
    return result


# %% question="shift"
def shift(X):
    return X + 7  # SOLUTION


# %%
from autograder import author

author.assignment("Tripling", environment=["numpy>=2.0,<2.4"])
LOOK = "Look at the operator in this line and at what the text above asks for, entry by entry, and no more."


def squared(X):
    return X**2


# %%
author.question(
    "triple",
    steps=[author.step("tripling", 2, hint="What is three times a number?")],
    cases=[
        author.case("own", hidden=False, args=(matrix,)),
        author.case("other", hidden=True, args=lambda rng: (rng.normal(size=(4, 5)),)),
    ],
    misconceptions=[
        author.misconception(
            "added instead of multiplied",
            old="3 * X",
            new="3 + X",
            step="tripling",
            feedback=f"Your result is larger by the same amount everywhere, so something is added. {LOOK}",
        ),
        author.misconception(
            "squared", function=squared, step="tripling", feedback=f"Your result is the square of X. {LOOK}"
        ),
    ],
)
author.question(
    "shift",
    steps=[author.step("shifting", 3)],
    cases=[
        author.case("own", hidden=False, args=(matrix,)),
        author.case("other", hidden=True, args=lambda rng: (rng.normal(size=(4, 5)),)),
    ],
    misconceptions=[
        author.misconception(
            "subtracted",
            old="X + 7",
            new="X - 7",
            step="shifting",
            feedback=f"Your result is smaller by the same amount everywhere, so it is subtracted. {LOOK}",
        )
    ],
    equivalents=[],
)
