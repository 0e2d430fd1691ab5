"""Hints as an author writes them: what is refused, and what those of this course say is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import master
from autograder.errors import AuthoringError

GOOD = """\
# %% tags=["given"]
number = 3

# %% question="double"
def double(x):
    return 2 * x  # SOLUTION

# %% question="doubled"
doubled = double(number)  # SOLUTION

# %%
from autograder import author

author.assignment("Doubling", count_hints=COUNT)
STEPS = [author.step("doubling", 2)]
author.question(
    "double",
    steps=STEPS,
    cases=[
        author.case("one", hidden=False, args=(1.0,)),
        author.case("random", hidden=True, args=lambda rng: (rng.normal(),)),
    ],
    hints=HINTS,
)
author.question(
    "doubled",
    steps=STEPS,
    cases=[
        author.case("three", hidden=False, variable="doubled"),
        author.case("four", hidden=True, variable="doubled", data=author.data("other", lambda rng: {"number": 4})),
    ],
)
"""
FIRST = "How often does a number go into its double?"
SECOND = """
        The equation stands in section 1:

            y = x + x

        For $x = 4$ that is `8`.
        """


def load(course: Path, hints: object, count: bool = False) -> master.Master:
    text = GOOD.replace("HINTS", repr(hints)).replace("COUNT", repr(count))
    (course / "solutions" / "doubling.py").write_text(text)
    return master.load("doubling", course)


def test_hints_keep_their_order_and_lose_their_indentation(course: Path) -> None:
    assignment = load(course, [FIRST, SECOND], count=True).assignment
    assert assignment.questions[0].hints == (
        FIRST,
        "The equation stands in section 1:\n\n    y = x + x\n\nFor $x = 4$ that is `8`.",
    )
    assert assignment.questions[1].hints == ()
    assert assignment.count_hints


def test_without_a_word_nothing_is_counted(course: Path) -> None:
    assert not load(course, [FIRST]).assignment.count_hints


LINE = GOOD.splitlines().index("author.question(") + 1


@pytest.mark.parametrize(
    ("hints", "message"),
    [
        (FIRST, "the `hints` of question `double` are no list of texts"),
        ([FIRST, 3], "the `hints` of question `double` are no list of texts"),
        ([""], "hint 1 of question `double` has 0 words, not 5 to 120"),
        ([FIRST, "Think it over."], "hint 2 of question `double` has 3 words, not 5 to 120"),
        (["word " * 121], "hint 1 of question `double` has 121 words"),
        ([f"{FIRST} {number}" for number in range(6)], "question `double` has 6 hints, more than 5"),
        ([FIRST, SECOND, f"{FIRST} "], "hint 3 of question `double` says the same as one before it"),
        ([FIRST, "What you need is to return 2*x, and no more."], "contains the solution `return2*x`"),
        (
            [FIRST, "The next question is about `double( number )`, by the way."],
            "hint 2 of question `double` contains the solution `double(number)`",
        ),
    ],
)
def test_hints_that_cannot_be_meant_are_refused(course: Path, hints: object, message: str) -> None:
    with pytest.raises(AuthoringError) as error:
        load(course, hints)
    assert message in str(error.value)
    assert f"solutions/doubling.py:{LINE}" in str(error.value)


def test_hints_are_not_counted_where_there_are_none(course: Path) -> None:
    with pytest.raises(AuthoringError, match="counts hints, and no question has any"):
        load(course, [], count=True)


def test_a_short_expression_is_a_solution_too(masters: dict[str, master.Master], course: Path) -> None:
    text = masters["multihead_attention"].path.read_text()
    told = text.replace(
        'author.question(\n    "softmax_cols",',
        'author.question(\n    "softmax_cols", hints=["Try `V @ weights` here, and look."],',
    )
    assert told != text
    (course / "solutions" / "told.py").write_text(told)
    with pytest.raises(AuthoringError, match="contains the solution `V@weights`"):
        master.load("told", course)
