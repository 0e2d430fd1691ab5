"""Solutions are taken out whole, and a doubtful mark stops everything."""

from __future__ import annotations

import pytest

from autograder.blanks import like_marks, refuse_marks, solution_statements, strip, unmarked
from autograder.errors import AuthoringError


@pytest.mark.parametrize(
    ("solved", "blank"),
    [
        ("x = 1 + 2  # SOLUTION", "x = ..."),
        ("a = b = 1  # SOLUTION", "a = b = ..."),
        ("x: int = 3  # SOLUTION", "x: int = ..."),
        ("x += secret  # SOLUTION", "x = ..."),
        ("print(secret)  # SOLUTION", "..."),
        ("x = (1 +\n     secret)  # SOLUTION", "x = ..."),
        ("x = f(  # SOLUTION\n    secret,\n)", "x = ..."),
        ("y = 1\nx = secret  # SOLUTION NO PROMPT", "y = 1"),
        ("def f(x):\n    return x + 1  # SOLUTION", "def f(x):\n    return ..."),
        (
            "def f(x):\n    # BEGIN SOLUTION\n    y = x\n    return y\n    # END SOLUTION",
            "def f(x):\n    ...",
        ),
        ("x = 1\n# BEGIN SOLUTION NO PROMPT\ny = 2\n# END SOLUTION\nz = 3", "x = 1\nz = 3"),
        (
            'def f(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n    """ # BEGIN PROMPT\n'
            '    # think of shapes\n    return None\n    """; # END PROMPT',
            "def f(x):\n    # think of shapes\n    return None",
        ),
        ("text = '# not a mark'\nx = 1  # SOLUTION", "text = '# not a mark'\nx = ..."),
    ],
)
def test_what_students_get(solved: str, blank: str) -> None:
    assert strip(solved) == blank


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1", "a question's cell has no blank"),
        ("x = 1  # SOLUTON\ny = 2  # SOLUTION", "`# SOLUTON` is not a mark that is known"),
        ("x = 1  # solution", "`# solution` is not a mark"),
        ("x = 1  #SOLUTION", "`#SOLUTION` is not a mark"),
        ("x = 1  # SOLUTION: see the book", "is not a mark"),
        ("# BEGIN SOLUTION\nx = 1", "`# BEGIN SOLUTION` has no end"),
        ("x = 1  # SOLUTION\n# END SOLUTION", "`# END SOLUTION` has no beginning"),
        ("# BEGIN SOLUTION\nx = 1  # SOLUTION\n# END SOLUTION", "stands inside"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION", "stands inside"),
        ("# BEGIN SOLUTION\nx = 1\n# END PROMPT\n# END SOLUTION", "`# END PROMPT` has no beginning"),
        ("for i in range(3):  # SOLUTION\n    print(i)", "must end one simple statement"),
        ("x = 1; y = 2  # SOLUTION", "must end one simple statement"),
        ("if x: y = secret  # SOLUTION", "must end one simple statement"),
        ("def f():\n    # BEGIN SOLUTION NO PROMPT\n    return 1\n    # END SOLUTION", "not valid Python"),
        ("x = '# SOLUTION'\ny = 1  # SOLUTION", "stands where it is no comment"),
        ("x = (1  # SOLUTION", "not valid Python"),
    ],
)
def test_a_doubtful_mark_is_refused(source: str, message: str) -> None:
    with pytest.raises(AuthoringError, match=message):
        strip(source, "solutions/x.py", 10)


@pytest.mark.parametrize(
    "comment",
    [
        "# SOLUTION", "# SOLUTON", "# SOLTUION", "# SLOUTION", "# SOLUTIO", "# SOLUTIONS", "# Soultion", "# solution", "#solution", "## Solution",
        "# solution no promt", "# SOLUTION: see the book", "# solution of exercise 3", "# Solutions", "# solution()", "# SOLUT", "# S0LUTION",
        "# BEGIN SOLUTON", "# begin solution", "# BEGN SOLUTION", "# BEGIN_SOLUTION", "# BEGINSOLUTION", "# beginsolution", "# Start of the solution",
        "# END SOULTION", "# end of the solution", "#END SOLUTION", "# END SOLUTION NO PROMPT", "# ENDSOLUTION", "# finish solution", "# ---- solution ----",
        "# BEGIN PROMT", "# begin prompt", "# END PROMPTS", "# PROMPT", "# NO PROMPT", "# no prompt", "# prompt", "# the prompt", "# prompt the user",
        "# the solution", "# your solution:", "# This is the solution.", "# sample solution", "# => the correct solution", "# Q1 solution", "# Instructor's solution", "# TODO: solution", "# Exercise 3: the solution",
        "# half the rows  # solution", "# type: ignore # SOLUTON", "# half the rows SOLUTION", "# keep this SOLUTON here", "# x [BEGIN SOLUTION]",
    ],
)  # fmt: skip
def test_what_may_be_a_mistyped_mark_is_refused(comment: str) -> None:
    source = f"x = 1  {comment}\ny = 2  # SOLUTION"
    if comment == "# SOLUTION":
        assert strip(source) == "x = ...\ny = ..."
        return
    with pytest.raises(AuthoringError, match="is not a mark that is known"):
        strip(source)
    with pytest.raises(AuthoringError, match="is not a mark that is known"):
        refuse_marks(f"x = 1  {comment}", "solutions/x.py", 1)
    assert like_marks(source) == [(1, comment)]


@pytest.mark.parametrize(
    "comment",
    [
        "# TODO: compute its largest absolute value", "# The normalised batch, no absolute value", "# ABSOLUTE VALUE", "# absolutely positive",
        "# the solution of the equation", "# Compare with the solution of the equation.", "# a resolution of 0.1", "# RESOLUTION", "# Resolution of the grid",
        "# convolution", "# Evolution of the loss", "# dilution of the dye", "# ask for a prompt first", "# encode the prompt, then the answer", "# promote to float",
        "# a promising direction", "# selection and position", "# this function is the best", "# start with the first column", "# end of the loop",
        "# numbers that solve it", "# plot the solution", "# how a solution of this equation begins",
    ],
)  # fmt: skip
def test_a_sentence_is_no_mark(comment: str) -> None:
    source = f"x = 1  {comment}\n{comment}\ny = 2  # SOLUTION"
    assert strip(source) == f"x = 1  {comment}\n{comment}\ny = ..."
    refuse_marks(f"x = 1  {comment}", "solutions/x.py", 1)
    assert like_marks(source) == []


def test_the_error_names_the_line_of_the_master() -> None:
    with pytest.raises(AuthoringError) as caught:
        strip("y = 2  # SOLUTION\n\nx = 1  # SOLUTON", "solutions/x.py", 10)
    assert caught.value.where == "solutions/x.py:12"


@pytest.mark.parametrize(
    ("source", "line", "advice"),
    [
        ("y = 1\n# BEGIN SOLUTION\nx = 1", 11, "Write `# END SOLUTION` below its last line"),
        ("# BEGIN SOLUTION\nx = 1\ny = 2  # SOLUTION", 12, "The block of line 10 has no end above it"),
        (
            '# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n""" # BEGIN PROMPT\nx = ...\n"""',
            13,
            'Write `"""; # END PROMPT` below',
        ),
    ],
)
def test_a_block_without_an_end_is_told_by_its_line(source: str, line: int, advice: str) -> None:
    with pytest.raises(AuthoringError) as caught:
        strip(source, "solutions/x.py", 10)
    assert caught.value.where == f"solutions/x.py:{line}"
    assert advice in caught.value.next_step


def test_a_given_cell_may_have_no_mark() -> None:
    refuse_marks("x = 1  # the first number", "solutions/x.py", 1)
    with pytest.raises(AuthoringError, match="stands in a given cell"):
        refuse_marks("x = 1  # SOLUTION", "solutions/x.py", 1)


def test_solutions_are_known_by_statement_and_by_expression() -> None:
    taken = solution_statements("def f(a, b):\n    c = a @ b.T + a.sum()  # SOLUTION\n    return c")
    assert taken == ["a@b.T+a.sum()", "c=a@b.T+a.sum()"]


def test_what_follows_a_prompt_is_part_of_the_solved_cell() -> None:
    block = '# BEGIN SOLUTION\n{0} = 1\n# END SOLUTION\n""" # BEGIN PROMPT\n{0} = ...\n"""; # END PROMPT\n'
    source = block.format("a") + "b = a\n" + block.format("c") + "d = c"
    assert unmarked(source) == "a = 1\nb = a\nc = 1\nd = c"
    assert strip(source) == "a = ...\nb = a\nc = ...\nd = c"
