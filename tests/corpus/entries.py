"""What an answer of the corpus is, and the notebook around it: given cells, and right answers to what comes before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SELF = "self_attention"
MULTI = "multihead_attention"

STABLE = "stable for large scores"
GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"

SELF_ARGUMENTS = ("X", "omega_v", "omega_q", "omega_k", "beta_v", "beta_q", "beta_k")
MULTI_ARGUMENTS = (
    "X",
    *(f"{kind}_{part}1" for kind in ("omega", "beta") for part in "vqk"),
    *(f"{kind}_{part}2" for kind in ("omega", "beta") for part in "vqk"),
    "omega_c",
)

IMPORT = "import numpy as np"
TOKENS = """
N = 3
D = 4
np.random.seed(3)
all_x = []
for n in range(N):
    all_x.append(np.random.normal(size=(D, 1)))
"""
WEIGHTS = """
np.random.seed(0)
omega_q = np.random.normal(size=(D, D))
omega_k = np.random.normal(size=(D, D))
omega_v = np.random.normal(size=(D, D))
beta_q = np.random.normal(size=(D, 1))
beta_k = np.random.normal(size=(D, 1))
beta_v = np.random.normal(size=(D, 1))
"""
QUERIES_KEYS_VALUES = """
all_queries = [omega_q @ x + beta_q for x in all_x]
all_keys = [omega_k @ x + beta_k for x in all_x]
all_values = [omega_v @ x + beta_v for x in all_x]
"""
SOFTMAX = """
def softmax(items_in):
    shifted = np.array(items_in, dtype=float)
    shifted = shifted - shifted.max()
    return np.exp(shifted) / np.exp(shifted).sum()
"""
GIVEN_COLUMNS = """
def softmax_cols(data_in):
    return np.apply_along_axis(softmax, 0, data_in)
"""
MATRIX = """
N = 6
D = 8
np.random.seed(3)
X = np.random.normal(size=(D, N))
"""
HEADS = """
H = 2
H_D = D // H
np.random.seed(0)
omega_q1 = np.random.normal(size=(H_D, D))
omega_k1 = np.random.normal(size=(H_D, D))
omega_v1 = np.random.normal(size=(H_D, D))
beta_q1 = np.random.normal(size=(H_D, 1))
beta_k1 = np.random.normal(size=(H_D, 1))
beta_v1 = np.random.normal(size=(H_D, 1))
omega_q2 = np.random.normal(size=(H_D, D))
omega_k2 = np.random.normal(size=(H_D, D))
omega_v2 = np.random.normal(size=(H_D, D))
beta_q2 = np.random.normal(size=(H_D, 1))
beta_k2 = np.random.normal(size=(H_D, 1))
beta_v2 = np.random.normal(size=(H_D, 1))
omega_c = np.random.normal(size=(D, D))
"""
SOFTMAX_COLS = """
def softmax_cols(data_in):
    shifted = data_in - data_in.max(axis=0)
    return np.exp(shifted) / np.exp(shifted).sum(axis=0)
"""
TWO_HEADS = f"""
def multihead_scaled_self_attention({", ".join(MULTI_ARGUMENTS)}):
    first = omega_v1 @ X + beta_v1
    first = first @ softmax_cols((omega_k1 @ X + beta_k1).T @ (omega_q1 @ X + beta_q1) / len(beta_q1) ** 0.5)
    second = omega_v2 @ X + beta_v2
    second = second @ softmax_cols((omega_k2 @ X + beta_k2).T @ (omega_q2 @ X + beta_q2) / len(beta_q2) ** 0.5)
    return omega_c @ np.vstack([first, second])
"""

BEFORE: dict[str, tuple[str, ...]] = {
    "queries_keys_values": (IMPORT + TOKENS, WEIGHTS),
    "softmax": (IMPORT + "\nN = 3\nD = 4",),
    "all_x_prime": (IMPORT + TOKENS, WEIGHTS, QUERIES_KEYS_VALUES, SOFTMAX),
    "self_attention": (IMPORT + TOKENS, WEIGHTS, SOFTMAX, GIVEN_COLUMNS),
    "scaled_dot_product_self_attention": (IMPORT + TOKENS, WEIGHTS, SOFTMAX, GIVEN_COLUMNS),
    "softmax_cols": (IMPORT + "\nN = 6\nD = 8\nH = 2\nH_D = D // H",),
    "multihead_scaled_self_attention": (IMPORT + MATRIX, HEADS, SOFTMAX_COLS),
    "X_prime": (IMPORT + MATRIX, HEADS, SOFTMAX_COLS, TWO_HEADS),
}
"""The cells of a notebook that come before the answer to a question."""

ASSIGNMENTS = {
    question: MULTI if question in ("softmax_cols", "multihead_scaled_self_attention", "X_prime") else SELF
    for question in BEFORE
}

ARGUMENTS = {
    "softmax": ("items_in",),
    "softmax_cols": ("data_in",),
    "self_attention": SELF_ARGUMENTS,
    "scaled_dot_product_self_attention": SELF_ARGUMENTS,
    "multihead_scaled_self_attention": MULTI_ARGUMENTS,
}
"""What each function that is asked for is called with, in this order."""

VARIABLES = {
    "queries_keys_values": ("all_queries", "all_keys", "all_values"),
    "all_x_prime": ("all_x_prime",),
    "X_prime": ("X_prime",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right answer.

    Attributes:
        name: what is particular about it.
        question: the question that it answers.
        code: the answer; in several cells, separated by a line `# %%`.
        passed: whether the question passes.
        loses: the steps that it loses, all of them minor, and nothing else.
        whole: whether `code` is a whole notebook, and not what follows after the given cells.
        why: why it is right or loses what it loses, where that is not plain.
        disagrees: what today's judge says instead, and why that is wrong; empty where it agrees.
    """

    name: str
    question: str
    code: str
    passed: bool = True
    loses: frozenset[str] = frozenset()
    whole: bool = False
    why: str = ""
    disagrees: str = ""

    @property
    def assignment(self) -> str:
        """The name of the assignment."""
        return ASSIGNMENTS[self.question]

    @property
    def cells(self) -> tuple[str, ...]:
        """The code cells of a notebook with this answer in it."""
        return (() if self.whole else BEFORE[self.question]) + cells_of(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A wrong answer.

    Attributes:
        mistake: the slug of the mistake, with its form after a colon if it has several.
        question: the question that it answers.
        style: how it is coded.
        code: the answer, one cell.
        says: the mistake in plain words.
        labels: all slugs that name it rightly, its own among them.
        steps: the steps, by their names in the master, of which it should lose one.
        runs: whether it gives numbers for all inputs: some raise, or need as many tokens as dimensions.
        disagrees: as in `Right`.
    """

    mistake: str
    question: str
    style: str
    code: str
    says: str
    labels: frozenset[str]
    steps: frozenset[str]
    runs: bool = True
    disagrees: str = ""

    @property
    def name(self) -> str:
        """What it is called in a test."""
        return f"{self.question}/{self.mistake}/{self.style}"

    @property
    def assignment(self) -> str:
        """The name of the assignment."""
        return ASSIGNMENTS[self.question]

    @property
    def cells(self) -> tuple[str, ...]:
        """The code cells of a notebook with this answer in it."""
        return BEFORE[self.question] + cells_of(self.code)


def cells_of(code: str) -> tuple[str, ...]:
    """Return the cells of a text in which they are separated by lines `# %%`."""
    return tuple(cell.strip("\n") for cell in code.split("# %%\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A mistake, and how it looks in each style of coding.

    Attributes:
        slug: its name, with its form after a colon if it has several.
        says: the mistake in plain words.
        step: the step that it belongs to, by its name in the master.
        codes: by style, the whole answer or what is replaced in the right one: pairs of old and new text.
        runs: as in `Wrong`.
        disagrees: what today's judge says instead of one style of it, by style.
    """

    slug: str
    says: str
    step: str
    codes: Mapping[str, str | tuple[tuple[str, str], ...]]
    runs: bool = True
    disagrees: Mapping[str, str] = field(default_factory=dict)


def edited(code: str, *pairs: tuple[str, str]) -> str:
    """Return code in which every old text has been replaced by the new one; each must be there."""
    for old, new in pairs:
        if old not in code:
            raise ValueError(f"there is no {old!r} in:\n{code}")
        code = code.replace(old, new)
    return code


def in_cells(*sources: str) -> str:
    """Return the text of which `cells_of` returns these cells."""
    return "# %%\n".join(source.strip("\n") + "\n" for source in sources)
