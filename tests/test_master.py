"""A master that cannot be meant as it stands is refused, with what, where and what next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder import author, kit, master
from autograder.errors import AuthoringError, CourseError

GOOD = """\
# %% [markdown]
# # Doubling

# %% tags=["given"]
number = 3

# %% question="double"
def double(x):
    return 2 * x  # SOLUTION

# %%
from autograder import author
author.assignment("Doubling")
PUBLIC = author.case("one", hidden=False, args=(1.0,))
HIDDEN = author.case("random", hidden=True, args=lambda rng: (rng.normal(),))
STEPS = [author.step("doubling", 2)]
"""
QUESTION = 'author.question("double", steps=STEPS, cases=[PUBLIC, HIDDEN])\n'


def load(course: Path, text: str) -> master.Master:
    (course / "solutions" / "doubling.py").write_text(text)
    return master.load("doubling", course)


def test_a_master_is_loaded(course: Path) -> None:
    loaded = load(course, GOOD + QUESTION)
    (question,) = loaded.assignment.questions
    assert (loaded.assignment.title, loaded.assignment.possible) == ("Doubling", 2)
    assert [cell.role for cell in loaded.cells] == ["text", "given", "question", "private"]
    assert [cell.line for cell in loaded.cells] == [2, 5, 8, 12]
    public, hidden = question.cases
    assert public.expected == 2
    assert hidden.expected == 2 * hidden.arguments[0]
    assert public.steps == ("doubling",)


def test_a_text_for_authors_is_neither_run_nor_shown(course: Path) -> None:
    note = '# %% [markdown] tags=["private"]\n# This is `no code`, and it is not the students\' business.\n\n'
    loaded = load(course, note + GOOD + QUESTION)
    assert [cell.role for cell in loaded.cells] == ["text", "given", "question", "private"]
    assert b"business" not in kit.student_notebook(loaded)


def test_a_function_may_have_to_return_what_is_printed(course: Path) -> None:
    public = 'author.case("one", hidden=False, args=(1.2345,), expected=author.printed("2.47", decimals=2))'
    loaded = load(course, GOOD.replace('author.case("one", hidden=False, args=(1.0,))', public) + QUESTION)
    case = loaded.assignment.questions[0].cases[0]
    assert (case.expected, case.tolerance.decimals) == (2.47, 2)
    drawn = public.replace("(1.2345,)", "lambda rng: (1.2345,)")
    with pytest.raises(AuthoringError, match="printed values for data that the notebook does not show"):
        load(course, GOOD + drawn)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3.14", 3.14),
        ("[1. 2.]", [1, 2]),
        ("[1, 2,\n 3]", [1, 2, 3]),
        ("[[1 2]]", [[1, 2]]),
        (" [ [1 2]\n[3 4", [[1, 2], [3, 4]]),
        ("1 2\n3 4", [[1, 2], [3, 4]]),
        ("1e-3", 0.001),
    ],
)
def test_printed_values_have_the_shape_that_their_brackets_say(text: str, values: object) -> None:
    printed = author.printed(text, decimals=0).values
    assert printed.shape == np.shape(values)
    assert printed.tolist() == values


def test_redrawn_values_are_of_the_same_kinds_and_shapes() -> None:
    values = {
        "matrix": np.array([[1.0, -2.0, 0.5]]),
        "positive": np.array([0.1, 0.2]),
        "zeros": np.zeros((2, 1)),
        "whole": np.arange(20),
        "list": [np.ones((2, 1)), (0.5, "text", None)],
        "N": 3,
        "flag": True,
    }
    drawn = author.redrawn(np.random.default_rng(0), values)
    assert drawn["matrix"].shape == (1, 3)
    assert not np.isclose(drawn["matrix"], values["matrix"]).any()
    assert (drawn["positive"] > 0).all()
    assert (drawn["zeros"] != 0).all()
    assert sorted(drawn["whole"]) == list(range(20))
    assert list(drawn["whole"]) != list(range(20))
    first, (number, text, nothing) = drawn["list"]
    assert first.shape == (2, 1)
    assert number != 0.5
    assert (type(number), text, nothing) == (float, "text", None)
    assert (drawn["N"], drawn["flag"]) == (3, True)


def test_what_other_data_break_is_told_by_line(course: Path) -> None:
    text = """\
# %% tags=["given"]
import numpy as np
a = 1.0; X = np.ones((2, 3))
b = 2.0

# %% question="y"
Z = X.T  # SOLUTION
y = X @ np.ones((3, 2))  # SOLUTION

# %%
from autograder import author
author.assignment("Lines")
OTHER = author.data("wide", lambda rng: {"a": 1.0, "b": 1.0, "Z": 0.0, "X": np.ones((2, 4))})
author.question("y", steps=[author.step("y", 1)], cases=[
    author.case("own", hidden=False, variable="y"),
    author.case("wide", hidden=True, variable="y", data=OTHER),
])
"""
    with pytest.raises(
        AuthoringError,
        match=r"^solutions/doubling.py:8: with other data, `wide`: the master stops with ValueError",
    ):
        load(course, text)


def test_the_same_name_draws_the_same_inputs(course: Path) -> None:
    first, second = (load(course, GOOD + QUESTION).assignment.questions[0].cases[1] for _ in range(2))
    assert first.arguments == second.arguments


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (GOOD, 0, "there is no question"),
        (GOOD + QUESTION + 'author.assignment("Again")', 0, "`author.assignment` is called 2 times"),
        (GOOD + QUESTION + QUESTION, 0, "there are two questions `double`"),
        (GOOD + QUESTION.replace('"double"', '"triple"'), 17, "question `triple` has no cell"),
        (GOOD + QUESTION + '# %% question="half"\ndef half(x):\n    return x / 2  # SOLUTION\n', 19, "no `author.question` describes"),
        (GOOD + QUESTION.replace("PUBLIC", 'author.case("f", hidden=False, args=(abs,))'), 17, "case `f` of question `double` passes a function: it cannot be sent"),
        (GOOD + QUESTION.replace("PUBLIC, ", ""), 17, "question `double` has no public case"),
        (GOOD + QUESTION.replace(", HIDDEN", ""), 17, "question `double` has no hidden case"),
        (GOOD + QUESTION.replace("HIDDEN", "HIDDEN, PUBLIC"), 17, "two cases or properties `one`"),
        (GOOD + QUESTION.replace("STEPS", "STEPS * 2"), 17, "has two steps `doubling`"),
        (GOOD + QUESTION.replace("STEPS", "[author.arguments_only(1)]"), 17, "no step that is not minor"),
        (
            GOOD + QUESTION.replace("STEPS", 'STEPS + [author.step("more", 1, minor=True)]'),
            17,
            "nothing can cost step `more`",
        ),
        (GOOD + QUESTION.replace("HIDDEN", 'HIDDEN, author.case("v", hidden=True, variable="number")'), 17, "asks for variables and a function"),
        (GOOD + QUESTION.replace("HIDDEN", 'HIDDEN, author.case("x", hidden=True, args=(1,), steps=["no"])'), 17, "costs step `no`, which it has not"),
        (GOOD + QUESTION.replace("HIDDEN", 'HIDDEN, author.case("x", hidden=True, args=("a", "b"))'), 17, "case `x` of question `double` stops with TypeError"),
        (GOOD + 'author.case("x", hidden=True)', 17, "neither or both of `args` and `variable`"),
        (GOOD + 'author.case("x", hidden=True, args=lambda rng: 3)', 17, "`args` of case `x` is a int"),
        (GOOD + 'author.step("x", 0)', 17, "the points of step `x` must be a number above 0"),
        (GOOD + 'author.printed("[[1 2] [3]\\n 4]", decimals=1)', 17, "the printed values are no matrix"),
        (
            GOOD + 'author.case("x", hidden=True, variable="number", data=author.data("d", lambda rng: {}), expected=author.printed("1", decimals=1))',
            17,
            "printed values for data that the notebook does not show",
        ),
        (GOOD + QUESTION.replace("PUBLIC, HIDDEN", 'author.case("a", hidden=False, variable="gone"), author.case("b", hidden=True, variable="gone", data=author.data("d", lambda rng: {"number": 4}))'), 17, "the master defines no variable `gone`"),
        (GOOD.replace("def double", "def twice") + QUESTION, 17, "the master defines no function `double`"),
        (GOOD + 'author.question("double", steps=STEPS, cases=[author.case("a", hidden=False, variable="number"), author.case("b", hidden=True, variable="number")])', 17, "hidden case `b` looks at a variable without other data"),
        (GOOD + 'author.question("double", steps=STEPS, cases=[author.case("a", hidden=False, variable="number"), author.case("b", hidden=True, variable="number", data=author.data("d", lambda rng: {"numbr": 4}))])', 17, "the master defines no variable `numbr`"),
        (GOOD.replace("number = 3", "number = dict()") + 'author.question("double", steps=STEPS, cases=[author.case("a", hidden=False, variable="number"), author.case("b", hidden=True, variable="number", data=author.data("d", lambda rng: {"number": 4}))])', 17, "the variable `number` is a dict, not numbers"),
        (GOOD + QUESTION.replace("STEPS", "STEPS + [author.arguments_only(1)]"), 17, "has a step for leaning on globals, and no `sizes`"),
        (GOOD + QUESTION.replace("HIDDEN]", "HIDDEN], sizes=lambda a, b: {}"), 17, "`sizes` of question `double` stops with TypeError"),
        (GOOD + QUESTION.replace("STEPS", 'STEPS + [author.step("more", 1)]').replace("PUBLIC, HIDDEN", 'author.case("p", hidden=False, args=(1,), steps=["doubling"]), author.case("h", hidden=True, args=(1,), steps=["doubling"])'), 17, "nothing can cost step `more`"),
        (GOOD + "1 / 0", 17, "the master stops with ZeroDivisionError"),
        (GOOD + "\ndef f(:", 18, "not valid Python"),
        (GOOD.replace('tags=["given"]', 'tags=["givn"]'), 5, "`givn`, which means nothing"),
        (GOOD.replace('tags=["given"]', 'points="3"'), 5, "`points`, which means nothing"),
        (GOOD.replace('tags=["given"]', 'tags=["given", "private"]'), 5, "both given and private"),
        (GOOD.replace('tags=["given"]', 'tags=["show"]'), 5, "a `show` cell must be given too"),
        (GOOD.replace('tags=["given"]', 'tags=["given"] question="double"'), 5, "has tags too"),
        (GOOD.replace("[markdown]", '[markdown] question="double"'), 2, "a text cell belongs to no question"),
        (GOOD.replace("number = 3", "number = 3  # SOLUTION"), 5, "stands in a given cell"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(course: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(AuthoringError, match=message) as caught:
        load(course, text)
    assert caught.value.where == (f"solutions/doubling.py:{line}" if line else "solutions/doubling.py")


WHOLE = """
WRONG = author.case("pair", hidden=True, args=("a", "b"))
MISSING = author.case("v", hidden=True, variable="numbr", data=author.data("d", lambda rng: {"number": 4}))
NOTHING = author.case("nothing", hidden=True, args=(float("nan"),))
STEPLESS = author.case("x", hidden=True, args=(1,), steps=["no"])
OWN = author.case("own", hidden=False, variable="number")
FEEDBACK = "Your result is not twice the number, and so on. " * 3
"""


@pytest.mark.parametrize(
    ("text", "line", "what", "advice"),
    [
        (WHOLE + QUESTION.replace("HIDDEN", "HIDDEN, WRONG"), "WRONG = ", "case `pair` of question `double` stops with TypeError", "called with the `args` of the case"),
        (WHOLE + QUESTION.replace("PUBLIC, HIDDEN", "OWN, MISSING"), "MISSING = ", "no variable `numbr`, which case `v` looks at", "Is it `number`?"),
        (WHOLE + QUESTION.replace("HIDDEN", "HIDDEN, NOTHING"), "NOTHING = ", "answer to case `nothing` is nothing but NaN", "no 0/0, and no overflow"),
        (WHOLE + QUESTION.replace("HIDDEN", "HIDDEN, STEPLESS"), "STEPLESS = ", "costs step `no`", "Its steps are: `doubling`"),
        (QUESTION.replace('"double"', '"duoble"'), "author.question", "question `duoble` has no cell", "Is it `double`? Else mark its cell"),
        ("import nosuchmodule", "import nosuchmodule", "ModuleNotFoundError", "Install what has `nosuchmodule` beside this package"),
        ('author.assignment(\n    "Again",\n    environment=["numpy",\n    "torch=>2"])', '    "torch=>2"', "holds what is no requirement", "as pip does"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_own_line_with_what_to_do(
    course: Path, text: str, line: str, what: str, advice: str
) -> None:
    with pytest.raises(AuthoringError) as caught:
        load(course, GOOD + text)
    number = next(n for n, each in enumerate((GOOD + text).split("\n"), start=1) if each.startswith(line))
    assert caught.value.where == f"solutions/doubling.py:{number}"
    assert what in caught.value.what
    assert advice in caught.value.next_step


@pytest.mark.parametrize(
    "text", ["", "# %% [markdown]\n# # Nothing\n", GOOD.replace("author.assignment", "(str)")]
)
def test_a_master_that_says_nothing_is_told_how(course: Path, text: str) -> None:
    with pytest.raises(AuthoringError, match="`author.assignment` is not called") as caught:
        load(course, text)
    assert 'author.assignment("Its title")' in caught.value.next_step
    assert "`autograder new NAME`" in caught.value.next_step


def test_two_data_of_one_name_are_refused(course: Path) -> None:
    variables = """
def other(seed):
    return author.data("other", lambda rng: {"number": seed})
author.question("double", steps=STEPS, cases=[
    author.case("a", hidden=False, variable="number"),
    author.case("b", hidden=True, variable="number", data=other(1)),
    author.case("c", hidden=True, variable="number", data=other(2)),
])
"""
    with pytest.raises(AuthoringError, match="two `author.data` are called `other`"):
        load(course, GOOD + variables)


def test_the_assignments_of_a_course_are_named(course: Path) -> None:
    with pytest.raises(CourseError, match="there is no assignment `gone`"):
        master.load("gone", course)
    with pytest.raises(CourseError, match="is in no course"):
        master.find_course(Path("/"))
    assert master.find_course(course / "solutions") == course.resolve()


def test_printed_matrices_are_read() -> None:
    printed = author.printed("[[-1.5  2.25]\n [ 3.   -4.125]]", decimals=3)
    assert np.array_equal(printed.values, [[-1.5, 2.25], [3, -4.125]])


def test_a_master_runs_as_a_plain_notebook(course: Path) -> None:
    """Without a listener the vocabulary only checks."""
    exec(GOOD + QUESTION, {"__name__": "__main__"})


@pytest.mark.parametrize("name", master.master_names(Path(__file__).parent.parent))
def test_this_repositorys_masters_have_prose_and_questions(
    name: str, masters: dict[str, master.Master]
) -> None:
    loaded = masters[name]
    text = " ".join(cell.source for cell in loaded.cells if cell.role == "text")
    assert "Understanding Deep Learning" in text
    assert loaded.assignment.possible == 20
    assert all(
        any(step.minor for step in question.steps)
        for question in loaded.assignment.questions
        if question.cases
    )
