"""`autograder import`: from a notebook in the style of a book to the draft of a master, and what is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import master
from autograder.cli import main
from autograder.errors import AuthoringError
from autograder.importing import Draft, draft_of
from autograder.model import Assignment, CallCase, Question, ValueCase

NOTEBOOKS = Path(__file__).with_name("imports")
SOLVED = {
    "shallow_network": {
        "activation = np.zeros_like(preactivation);": "activation = np.maximum(preactivation, 0)",
        "pre_1 = np.zeros_like(x)\n  pre_2 = np.zeros_like(x)": "pre_1 = theta_10 + theta_11 * x\n  pre_2 = None",
        "w_act_1 = np.zeros_like(x)": "w_act_1 = phi_1 * act_1",
    },
    "likelihood": {
        "prob = np.zeros_like(y)": "prob = np.exp(-(y-mu)**2 / (2*sigma**2)) / np.sqrt(2*math.pi*sigma**2)",
        "likelihood = 0\n": "likelihood = np.prod(normal_distribution(y_train, mu, sigma))\n",
        "nll = 1.0": "nll = -np.log(compute_likelihood(y_train, mu, sigma))",
        "raise NotImplementedError\n": "return np.sum(mu**2)\n",
    },
    "tokens": {
        "value = np.ones_like(x)": "value = omega @ x + beta",
        "V = np.zeros((D,N))": "V = np.hstack(all_values)",
        "items_out = items_in.copy()": "items_out = np.exp(items_in) / np.sum(np.exp(items_in))",
    },
}
"""How an author solves each draft."""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def imported(notebook: Path, course: Path, *options: str) -> Result:
    done = run("import", notebook, "--course", course, *options)
    assert done.exit_code == 0, done.output
    return done


def loaded(name: str, course: Path, *, solved: bool = True) -> Assignment:
    imported(NOTEBOOKS / f"{name}.ipynb", course)
    path = course / "solutions" / f"{name}.py"
    text = path.read_text()
    for placeholder, solution in SOLVED[name].items() if solved else ():
        assert text.count(placeholder) == 1, placeholder
        text = text.replace(placeholder, solution)
    path.write_text(text)
    return master.load(name, course).assignment


def question(assignment: Assignment, name: str) -> Question:
    return next(each for each in assignment.questions if each.name == name)


def public_value(assignment: Assignment, name: str) -> ValueCase:
    return next(case for case in question(assignment, name).values if not case.hidden)


def public_call(assignment: Assignment, name: str) -> CallCase:
    return next(case for case in question(assignment, name).cases if not case.hidden)


@pytest.mark.parametrize("name", sorted(SOLVED))
def test_a_draft_that_is_solved_can_be_graded(name: str, course: Path) -> None:
    """The printed true values are those of the solution; what is left as it was gets no points."""
    loaded(name, course)
    assert run("build", "--course", course).exit_code == 0
    lines = [
        line for line in run("verify", "--course", course).output.splitlines() if line[:3] in ("yes", "no ")
    ]
    assert [line[:3] for line in lines[:4]] == ["yes"] * 4, lines
    assert (
        "every mutant of the reference is killed" in lines[-1]
    )  # or not: these cases are the author's to add


@pytest.mark.parametrize("name", ["shallow_network", "tokens"])
def test_a_draft_loads_and_verify_says_what_is_not_solved(name: str, course: Path) -> None:
    loaded(name, course, solved=False)
    assert run("build", "--course", course).exit_code == 0
    output = run("verify", "--course", course).output
    assert f"no   {name}: the reference gets full points" in output


def test_what_keeps_a_draft_from_loading_is_told_by_line(course: Path) -> None:
    with pytest.raises(AuthoringError, match=r"solutions/likelihood.py:\d+: .*NotImplementedError"):
        loaded("likelihood", course, solved=False)


def test_a_value_as_format_argument(course: Path) -> None:
    assignment = loaded("likelihood", course)
    case = public_call(assignment, "normal_distribution")
    assert case.arguments == (1, -1, 2.3)
    assert (case.expected, case.tolerance.decimals) == (0.119, 3)
    likelihood = public_call(assignment, "compute_likelihood")
    assert (likelihood.expected, likelihood.tolerance.decimals) == (5.471197517, 9)


def test_a_scalar_beside_its_true_value(course: Path) -> None:
    case = public_value(loaded("likelihood", course), "nll")
    assert (case.variable, case.expected, case.tolerance.decimals) == ("nll", -1.699, 3)


def test_a_matrix_over_several_prints_the_true_one_first(course: Path) -> None:
    case = public_value(loaded("tokens", course), "V")
    assert case.expected.tolist()[0] == [0.743, -0.623, 1.922]
    assert (case.expected.shape, case.tolerance.decimals) == ((4, 3), 3)


def test_an_unbalanced_bracket_is_mended_and_told(course: Path) -> None:
    output = imported(NOTEBOOKS / "shallow_network.ipynb", course).output
    assert (
        "cell 7, line 7: the brackets of the true value do not match: read as `[0.3 -0.2 -0.3 -0.3]`"
        in output
    )
    case = public_value(master.load("shallow_network", course).assignment, "shallow_1_1_3")
    assert case.variable == "y", "the function is given a function, which cannot be handed over"
    assert case.expected.tolist() == [0.3, -0.2, -0.3, -0.3]


def test_what_cannot_be_taken_over_is_told_by_cell_and_line(course: Path) -> None:
    output = imported(NOTEBOOKS / "tokens.ipynb", course).output
    assert "cell 8, line 1: not valid Python ('(' was never closed): the cell is kept as a note" in output
    text = (course / "solutions" / "tokens.py").read_text()
    assert "#     def broken(x:\n" in text
    lines = {f"solutions/tokens.py:{n}": line for n, line in enumerate(text.splitlines(), start=1)}
    told = [line.strip() for line in output.splitlines() if line.startswith("  ") and "tokens.py:" in line]
    assert len(told) == 6
    for line in told:
        where, _, what = line.partition(": ")
        assert what in lines["solutions" + where.rpartition("solutions")[2]]


def test_steps_are_what_the_comments_ask_for(course: Path) -> None:
    names = [step.name for step in question(loaded("likelihood", course), "normal_distribution").steps]
    assert names == ["write in the equation for the normal distribution", "leaves its arguments unchanged"]


@pytest.mark.parametrize(
    ("comment", "step"),
    [
        (
            "TODO Replace the lines below to compute the three initial lines\n(figure 3.3a-c) from the theta "
            "parameters.  These are the preactivations",
            "compute the three initial lines (figure 3.3a-c) from the theta parameters",
        ),
        (
            "TODO write code to implement the ReLU and compute the activation at the\nhidden unit from the "
            "preactivation\nThis should work on every element",
            "implement the ReLU and compute the activation at the hidden unit",
        ),
        (
            "TODO Replace the line below to compute the sum of squared\ndifferences between the real values of y and "
            "the predicted values from the model f[x_i,phi]\n(see figure 2.2 of the book)",
            "compute the sum of squared differences",
        ),
        (
            "TODO Replace the code below to weight the activations using phi1, phi2 and phi3\nTo create the equivalent",
            "weight the activations using phi1, phi2 and phi3",
        ),
        (
            "TODO -- Compute the derivatives of the output with respect\nto the intermediate computations h_k and f_k "
            "(i.e, run the backward pass)\nI've done the first two for you.  You replace the code below:",
            "compute the derivatives of the output",
        ),
        ("TODO -- compute the weighted sum of the neighbours of x[i]", "compute the weighted sum of the neighbours of x[i]"),
        ("TODO: Compute a weighted sum according to it\n(equation 12.3)\nReplace this line", "compute a weighted sum according to it (equation 12.3)"),
        ("TODO: the sum (of all\nReplace this line", "the sum"),
        ("TODO\nReplace this line", "`x`"),
        ("TODO: all of y) and z", "`x`"),
        ("TODO: " + "endless " * 20, "`x`"),
    ],
)  # fmt: skip
def test_a_step_is_a_whole_phrase_or_the_variables_name(comment: str, step: str) -> None:
    lines = "\n".join(f"# {line}" for line in comment.split("\n"))
    found = draft(f"{lines}\nx = 0\n\ny = 0")
    name = found.text.partition('author.step("')[2].partition('", 1)')[0]
    assert len(name) <= 80
    assert name == step


def test_steps_without_a_task_are_called_as_what_they_set() -> None:
    found = draft(
        "def f(x):\n  # TODO\n  # Replace these two lines\n  a = 0\n  b = 0\n  c = a + b\n  d = ...\n  return c"
    )
    assert 'author.step("`a`, `b`", 1),\n        author.step("`d`", 1),' in found.text


def test_a_solved_blank_stays_solved(course: Path) -> None:
    imported(NOTEBOOKS / "solved.ipynb", course)
    text = (course / "solutions" / "solved.py").read_text()
    assert "total = np.sum(scaled ** 2)  # SOLUTION\n" in text
    assignment = master.load("solved", course).assignment
    assert public_value(assignment, "total").expected == 81.804


# ---------------------------------------------------------------- in small


def draft(*cells: str) -> Draft:
    return draft_of([("code", cell) for cell in cells], "small")


def blanks(source: str) -> str:
    """Return the cells of a draft without what is said of them."""
    return draft(source).text.split("# %%\nfrom autograder")[0]


@pytest.mark.parametrize(
    "source",
    [
        "x = ...",
        "# TODO: compute x\nx = 0",
        "x = 0  # TODO",
        "# Replace this line with your code\nx = np.zeros(3)",
        "# BEGIN TODO\nx = 1\n# END TODO",
        "### YOUR CODE HERE\nraise NotImplementedError()\nx = 1",
        "x =  # your code here",
        "x = ????",
        "x = <your code>",
        "x = ____",
        "def x(a):\n  # TODO: write the body",
        "def x(a):\n    pass",
        'def x(a):\n    """Doubles."""\n    ...',
        "def x(a):\n    return None  # TODO",
        "### BEGIN SOLUTION\nx = 2 + 3\n### END SOLUTION",
        "x = 2 + 3  # SOLUTION",
    ],
)
def test_what_is_a_blank(source: str) -> None:
    found = draft("import numpy as np", source)
    assert found.questions == ("x",)
    assert "SOLUTION" in found.text


@pytest.mark.parametrize(
    "source",
    [
        "x = 3",
        "# Replace the missing values by zeros\nx = np.nan_to_num(y)",
        "try:\n    import torch\nexcept ImportError:\n    pass",
        "class Odd(Exception):\n    pass",
        "# Fill in the matrix row by row\nfor i in range(3):\n    x[i] = i",
        "y = x[..., 0]",
    ],
)
def test_what_is_none(source: str) -> None:
    found = draft(source, "y_ = ...")
    assert found.questions == ("y_",)
    with pytest.raises(AuthoringError, match="has no blank that could be seen"):
        draft(source)


@pytest.mark.parametrize(
    ("comment", "count"),
    [
        ("Replace this line", 1),
        ("Replace these two lines", 2),
        ("TODO Replace the lines below", 3),
        ("TODO", 3),
        ("Replace the next 2 lines", 2),
    ],
)
def test_how_many_lines_are_replaced(comment: str, count: int) -> None:
    text = blanks(f"# {comment}\na = 0\nb = 0\nc = 0\nd = a + b")
    inside = text.split("# BEGIN SOLUTION\n")[1].split("# END SOLUTION")[0]
    assert len(inside.splitlines()) == 1 + count
    assert "d = a + b" in text.split("# END PROMPT")[1]


@pytest.mark.parametrize(
    "prints",
    [
        'print("Your value is", x)\nprint("True value is 3.14")',
        'print("True value is 3.14")\nprint("Your value is", x)',
        'print("Correct answer = %3.2f, Your answer = %3.2f" % (3.14, x))',
        'print("Your answer = {0:.2f}, correct answer = {1:.2f}".format(x, 3.14))',
        'print(f"Yours: {x:.2f} (should be {3.14159:.2f})")',
        'print("x_calculated:", x)\nprint("x_true: 3.14")',
        'print("Your value:")\nprint(x)\nprint("True value:")\nprint(3.14)',
        'true_x = 3.14\nprint("x:", np.round(x, 2), "expected:", true_x)',
        'print("Your value: " + str(x) + " True value: " + str(3.14))',
    ],
)
def test_yours_and_true_in_either_order(prints: str) -> None:
    found = draft("import numpy as np", f"# TODO\nx = 0.0\n\n{prints}")
    assert 'expected=author.printed("3.14", decimals=2)' in found.text, found.text
    assert not found.remarks


@pytest.mark.parametrize(
    ("prints", "told"),
    [
        (
            'print("True value: 3.14")',
            "a true value is printed, and nothing of a student's beside it: left out",
        ),
        ('print("Yours:", x, "true:", np.exp(1))', "the true value is computed: `np.exp(1)`"),
        (
            'print("Your:", x)\nprint("True: [[1 2]")\nprint("[3]]")',
            "the rows of the true value are not equally long",
        ),
        (
            'print("Your:", z, "true: 2.5")',
            "the true value of `z` is in no case, for no question asks for it",
        ),
    ],
)
def test_a_true_value_that_is_in_no_case_is_told(prints: str, told: str) -> None:
    found = draft(f"z = 1\n# TODO\nx = 0\n\n{prints}")
    assert any(told in remark.what for remark in found.remarks), found.remarks
    assert "author.printed" not in found.text


MATRIX = 'print("True values:")\nprint("[[1. 2.]")\nprint(" [3. 4.]")'


@pytest.mark.parametrize("last", ['print(" [5. 6.]]")', 'print(" [5. 6.]")'])
@pytest.mark.parametrize("between", [[], [("markdown", "Compare.")]])
def test_a_true_value_in_the_next_cell(last: str, between: list[tuple[str, str]]) -> None:
    cells = [
        ("code", "import numpy as np\nX = np.ones((3, 2))\ndef f(X):\n  return ..."),
        ("code", "Y = f(X)\nprint(X)\nprint(Y)"),
        *between,
        ("code", f"{MATRIX}\n{last}"),
    ]
    found = draft_of(cells, "small")
    assert "args=(X,)" in found.text
    assert "[[1. 2.]\n" in found.text.partition("author.printed(")[2]
    assert [remark.what.partition(":")[0] for remark in found.remarks] == (
        [] if last.endswith(']]")') else ["the brackets of the true value do not match"]
    )


@pytest.mark.parametrize(
    "cells",
    [
        ["# TODO\nx = 0", "print(x)", "z = 1", f"{MATRIX}"],
        ["# TODO\nx = 0\nprint(x)", f"{MATRIX}\nprint(other)\nprint('your', x)"],
        ["# TODO\nx = 0", MATRIX],
        ["# TODO\nx = 0\nprint(x)", f"y = 2 * x\n{MATRIX}"],
    ],
)
def test_a_true_value_further_away_is_in_no_case_and_told(cells: list[str]) -> None:
    found = draft(*cells)
    assert "[[1. 2.]" not in found.text.partition("author.question")[2]
    assert any(
        what.startswith(
            "a true value is printed, and nothing of a student's beside it: left out; the brackets"
        )
        for what in (remark.what for remark in found.remarks)
    )


def test_a_value_below_its_true_one_is_the_students() -> None:
    source = '# TODO: find it\nbig = ...\nprint("True value: 2.431")\nprint(big)'
    found = draft(source, "print('Your list:', [big])")
    assert 'expected=author.printed("2.431", decimals=3)' in found.text
    assert not found.remarks


@pytest.mark.parametrize(
    ("cells", "unseen"),
    [
        (["# Replace these lines\na = 0\nb = 0\nc = 0\nprint('Your', a, 'true 1.0')"], ["b", "c"]),
        (["qs = []\nvs = []\nfor x in xs:\n  # TODO\n  q = 1\n  v = 1\n\n  qs.append(q)\n  vs.append(v)"], ["qs"]),
        (["# Replace these lines\na = 0\nc = 0\nprint('Your', a, 'true 1.0')", "c = a + 1", "print(c)", "print('True: 2.0')"], ["c"]),
        (["# TODO\na = 0\nb = a + 1\nprint('Your', a, 'true', 1.0)\nprint('Your', b, 'true', 2.0)"], []),
        (["# TODO\nx = 0"], []),
    ],
)  # fmt: skip
def test_a_blank_that_no_case_looks_at_is_told(cells: list[str], unseen: list[str]) -> None:
    told = [what for _, what in draft(*cells).to_do if "no case looks at" in what]
    assert told == [f"no case looks at `{name}`, which is left blank too" for name in unseen]


def test_a_function_whose_value_is_checked_is_the_blank_of_a_notebook_without_any() -> None:
    found = draft(
        'def f(x):\n    """Return it."""\n    y = x + 1\n    return y\n\nz = f(2.0)\nprint("Yours:", z, "true: 3.0")'
    )
    assert found.questions == ("f",)
    assert (
        '"""Return it."""\n    # BEGIN SOLUTION\n    y = x + 1\n    return y\n    # END SOLUTION'
        in found.text
    )
    assert "args=(2.0,)" in found.text


def test_what_reads_like_a_mark_or_a_cell_is_changed_and_told() -> None:
    found = draft(
        "a = 1  # the solution\n# %% a cell\n%matplotlib inline\nb = !ls\n# !pip install x",
        "x = ...",
        "%%bash\nls",
    )
    assert [(remark.cell, remark.line) for remark in found.remarks] == [
        (1, 1),
        (1, 2),
        (1, 3),
        (1, 4),
        (1, 5),
        (3, 1),
    ]
    assert "the solution" not in found.text
    assert [cell.role for cell in master.read_cells(found.text, "draft")] == [
        "given",
        "question",
        "private",
        "private",
    ]


def test_a_task_about_absolute_values_stays() -> None:
    found = draft("x = np.ones(3)", "# TODO: compute its largest absolute value\n# Replace this line\ny = 0")
    assert "# TODO: compute its largest absolute value\n" in found.text
    assert found.remarks == ()


def test_what_calls_another_grader_is_left_out() -> None:
    found = draft(
        "# Set up\nimport otter\ngrader = otter.Notebook('a.ipynb')", "x = ...", 'grader.check("q1")'
    )
    assert [remark.cell for remark in found.remarks] == [1, 3]
    assert "otter" not in found.text


@pytest.mark.parametrize(
    "body",
    [
        "# TODO: the result\n  return x  # Replace this line",
        "# TODO: the result\n  # Replace this line\n  return x",
        "return x + 0  # Replace this line",
        "# Replace these two lines\n  y = 0\n  return x",
    ],
)
@pytest.mark.parametrize("outer", ["def f(x):\n  ", "class F:\n def f(self, x):\n  "])
def test_a_line_to_be_replaced_is_no_solution(body: str, outer: str) -> None:
    found = draft(outer + body)
    assert any(what.startswith("solve this blank") for _, what in found.to_do)
    assert "return ..." in found.text.split("BEGIN PROMPT")[1].split("END PROMPT")[0]


def test_a_solution_below_a_line_to_be_replaced_stays_one() -> None:
    found = draft("# TODO: the sum\n# Replace this line\ny = x.sum()")
    assert "y = x.sum()  # SOLUTION" in found.text


NET = "def relu(a):\n  return a.clip(0.0)\n\ndef net(x, act, phi=1.0):\n  # TODO\n  y = 0\n  return y, x"


@pytest.mark.parametrize(
    ("call", "variables"),
    [
        ("y = net(x, relu)", ["y"]),
        ("y, z = net(x, relu)", ["y"]),
        ("y, z = net(x, relu)\nprint('Yours', z, 'true [1. 2.]')", ["z"]),
        ("y, z = \\\n  net(x, act=relu)", ["y"]),
        ("f = np.sin\ny = net(x, [f, relu])", ["y"]),
        ("f = lambda a: a\ny = net(x, f)", ["y"]),
    ],
)
def test_a_function_among_the_arguments_is_in_no_case(call: str, variables: list[str], course: Path) -> None:
    path = notebook_at(
        course / "net.ipynb",
        ("code", "import numpy as np\nx = np.array([1.0, 2.0])"),
        ("code", NET if "y, z" in call else NET.replace("return y, x", "return y")),
        ("code", call),
    )
    imported(path, course)
    asked = question(master.load("net", course).assignment, "net")
    assert [case.variable for case in asked.values if not case.hidden] == variables
    assert not asked.cases


@pytest.mark.parametrize("call", ["print(net(x, relu))", "print('Yours', net(x, relu)[0], 'true 1.0')"])
def test_a_function_among_the_arguments_is_told_where_no_variable_is_set(call: str) -> None:
    found = draft("import numpy as np\nx = np.array([1.0, 2.0])", NET, call)
    assert any("`net` is passed a function, which no case can do" in what for _, what in found.to_do)
    assert "relu)" not in found.text.partition("author.question")[2]


def test_what_only_colab_or_a_person_can_do_is_left_out(course: Path) -> None:
    path = notebook_at(
        course / "colab.ipynb",
        ("code", "import math\nfrom google.colab import (\n  drive, files)\nimport os"),
        ("code", "é = 'é'; drive.mount('/content'); b = 2  # mounted\nup = files.upload()"),
        ("code", "try:\n  from google.colab import auth\nexcept ImportError:\n  pass\nname = input('Name?')"),
        ("code", "def ask():\n  return input()\n\nx = 0  # TODO"),
    )
    output = imported(path, course).output
    assert [line.strip()[:60] for line in output.splitlines() if line.startswith("  cell")] == [
        "cell 1, line 2: `from google.colab import drive, files` is l",
        "cell 2, line 1: `drive.mount('/content')` is left out: it ne",
        "cell 2, line 2: `up = files.upload()` is left out: it needs ",
        "cell 3, line 5: `name = input('Name?')` is left out: nobody ",
    ]
    assert "a notebook is graded, and `name` is not set" in output
    text = (course / "solutions" / "colab.py").read_text()
    assert "é = 'é'; pass; b = 2  # mounted\n" in text
    assert "import math\n\n\nimport os\n" in text
    master.load("colab", course)


def test_a_magic_around_a_cell_leaves_its_exercise() -> None:
    found = draft("%%time\n# TODO: w\n# Replace this line\nw = None")
    assert found.questions == ("w",)
    assert [remark.what for remark in found.remarks] == ["`%%time` is left out: a master is plain Python"]


@pytest.mark.parametrize(
    ("said", "given_lines"),
    [
        ("I've done the first two for you.", 2),
        ("The first one is yours.", 0),
        ("We have already written the first line", 1),
        ("I did the first three", 3),
        ("Given the first two, it is easy", 0),
        ("I wrote the first four", 0),
    ],
)
def test_lines_that_are_done_are_no_blank(said: str, given_lines: int) -> None:
    text = blanks(f"# TODO: compute them\n# {said}\na = 2 * y\nb = 3 * y\nc = 4 * y\nd = 0")
    before = text.partition("# BEGIN SOLUTION")[0]
    assert [name for name in "abcd" if f"\n{name} = " in before] == [*"abcd"[:given_lines]]


def test_the_environment_names_what_a_notebook_imports() -> None:
    found = draft(
        "import torch.nn as nn, os\nimport matplotlib.pyplot as plt\nfrom sklearn import svm", "x = ..."
    )
    assert 'environment=["numpy>=2.0,<2.4", "matplotlib>=3.8", "scikit-learn", "torch"]' in found.text
    assert any("versions of `scikit-learn`, `torch` students have" in what for _, what in found.to_do)
    assert not any("versions of" in what for _, what in draft("import os, numpy", "x = ...").to_do)


@pytest.mark.parametrize(
    ("source", "doubt"),
    [
        (
            "# TODO -- create a model with two layers\nm = None",
            "if `m` is none of these, ask for what it computes",
        ),
        ("net = ...\ny = net(2.0)", "if `net` is none of these, ask for what it computes"),
        ("lr = 0.1 # TODO try other values", "`lr` may be no question, but values that students try"),
        ("# TODO: compute the sum\ny = 0", ""),
        ("# TODO: compute the value of each country\ny = 0", ""),
    ],
)
def test_a_doubtful_question_is_told(source: str, doubt: str) -> None:
    told = [
        what for _, what in draft(source).to_do if "ask for what it computes" in what or "may be no" in what
    ]
    assert len(told) == bool(doubt)
    assert doubt in "".join(told)


def test_hidden_inputs_are_drawn_where_the_notebook_draws_its_own() -> None:
    found = draft("import numpy as np\ndef f(a, b):\n    return ...", "y = f(b=2.0, a=np.random.randn(3))")
    assert "args=lambda rng: (rng.standard_normal(3), 2.0)" in found.text


# ---------------------------------------------------------------- hostile and broken notebooks


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"{", "not valid JSON"),
        (b"[]", "it has no list of `cells`"),
        (b'{"cells": 3}', "it has no list of `cells`"),
        (b"[" * 100_000, "not"),
        (b'{"cells": [{"cell_type": "code", "source": 3}, 7, {"cell_type": "code"}]}', "no blank that could be seen"),
        (json.dumps({"cells": [{"cell_type": "code", "source": "x = " + "(" * 5000}]}).encode(), "no blank"),
        (json.dumps({"cells": [{"cell_type": "code", "source": "x = ..." + "\n#" * 200_000}]}).encode(), "300 kB"),
        (json.dumps({"cells": [{"cell_type": "code", "source": "x = ...\nprint(" + "'1' + " * 900 + "x)"}]}).encode(), "nested too deeply"),
    ],
)  # fmt: skip
def test_a_notebook_that_cannot_be_read_is_refused(content: bytes, says: str, course: Path) -> None:
    path = course / "odd.ipynb"
    path.write_bytes(content)
    done = run("import", path, "--course", course)
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())
    assert "hand in" not in done.output
    assert not list((course / "solutions").iterdir())


def test_what_keeps_a_notebook_from_being_read_is_told_with_what_to_do(course: Path) -> None:
    broken = notebook_at(
        course / "broken.ipynb", ("code", "x = 1"), ("code", "def f(x):\n  # TODO\n  return yy(\n")
    )
    output = " ".join(run("import", broken, "--course", course).output.split())
    assert "cell 2, line 3 is not valid Python ('(' was never closed)" in output
    assert "Correct the cell" in output
    gone = run("import", course / "gone.ipynb", "--course", course).output
    assert "there is no such file" in gone
    assert "save it" not in gone
    assert "it is a folder" in run("import", course, "--course", course).output
    (course / "cut.ipynb").write_text('{"cells": ["a')
    assert (
        "string starting at line 1, column" in run("import", course / "cut.ipynb", "--course", course).output
    )


def test_only_a_notebook_that_is_there_is_imported_over_nothing(course: Path) -> None:
    assert "there is no such file" in run("import", course / "gone.ipynb", "--course", course).output
    (course / "text.py").write_text("x = ...")
    assert "only a notebook (.ipynb)" in run("import", course / "text.py", "--course", course).output
    imported(NOTEBOOKS / "tokens.ipynb", course, "--name", "mine")
    before = (course / "solutions" / "mine.py").read_bytes()
    done = run("import", NOTEBOOKS / "likelihood.ipynb", "--name", "mine", "--course", course)
    assert done.exit_code == 2
    assert "there is a `solutions/mine.py` already" in done.output
    assert (course / "solutions" / "mine.py").read_bytes() == before


def test_nothing_of_a_notebook_is_run(course: Path) -> None:
    path = course / "evil.ipynb"
    source = f"open({str(course / 'made')!r}, 'w')\nx = ...\n" + "9" * 3000 + " ** 9999999"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": source}]}))
    imported(path, course)
    assert not (course / "made").exists()


LINE_ENDS = ["\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


def notebook_at(path: Path, *cells: tuple[str, str]) -> Path:
    sources = [{"cell_type": kind, "source": source} for kind, source in cells]
    path.write_text(json.dumps({"cells": sources}))
    return path


@pytest.mark.parametrize("end", LINE_ENDS)
def test_no_line_end_makes_a_cell_of_a_text(end: str, course: Path) -> None:
    """`build` runs the code of a draft, which must be none that stands in a text, a comment or a print."""
    evil = f"{end}# %%{end}open({str(course / 'made')!r}, 'w')  # {end}"
    path = notebook_at(
        course / "evil.ipynb",
        ("markdown", f"# Title{evil}"),
        ("code", f"# %%{evil}".replace("\r", "\u2028")),
        ("code", f"def f(x):\n    # TODO: what is asked{evil}".replace("\r", "\x0c") + "\n    return ..."),
        ("code", f"print('true: [1 2]{evil!r}', f(3))\nprint({f'true: [3 {evil}4]'!r})"),
        ("code", f"x = ({evil}".replace("\r", "\x85")),
    )
    imported(path, course)
    written = (course / "solutions" / "evil.py").read_bytes().decode()
    assert not {*written} & {*LINE_ENDS}
    run("build", "--course", course)
    assert not (course / "made").exists()


def test_a_printed_value_that_would_be_code_is_none(course: Path) -> None:
    value = 'true: [1 2]") + open("made", "w") + str("'
    found = draft("def f(x):\n    return ...", f"print({value!r}, 'yours', f(1.0))")
    assert 'expected=author.printed("[1 2]", decimals=0)' in found.text
    found = draft("def f(x):\n    return ...", "print('true: [1 ... 2]', 'yours', f(1.0))")
    assert "author.printed" not in found.text
    assert "the true value is not written in numbers alone" in found.remarks[0].what


def test_a_draft_whose_cells_would_be_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.importing.text_lines", lambda *_: ["# Title\r# %%\rimport os"])
    with pytest.raises(AuthoringError, match="would make other cells in a master"):
        draft_of([("markdown", "a"), ("code", "x = ...")], "small")
    with pytest.raises(AuthoringError, match="would make other cells in a master"):
        draft_of([("markdown", "a"), ("code", "x = ..."), ("code", "# BEGIN SOLUTION")], "small")


def test_what_is_told_steers_no_terminal_and_what_is_no_text_is_replaced(course: Path) -> None:
    path = notebook_at(
        course / "odd.ipynb",
        ("markdown", "# \ud800 T\x1b]0;x\x07"),
        ("code", "%magic \x1b[2J \x9b31m"),
        ("code", "def f(x):\n    # TODO: \x1b[31m twice\n    return ..."),
    )
    output = imported(path, course).output
    assert output.replace("\n", "").isprintable()
    assert "cell 1, line 1: characters that no text has are replaced" in output
    assert "cell 2, line 1: `%magic \ufffd[2J \ufffd31m` is left out" in output
    assert (course / "solutions" / "odd.py").read_text().replace("\n", "").isprintable()


def test_import_says_that_given_cells_will_run_unprotected(course: Path) -> None:
    output = imported(NOTEBOOKS / "likelihood.ipynb", course).output
    assert "run the notebook's given cells unprotected on this machine" in output


PIECES = st.sampled_from(
    [
        "x = ...\n", "# TODO: a\n", "def f(a):\n", "    return 0\n", "  # Replace these two lines\n", "y = f(x)\n", "\n", "    pass\n",
        'print("true", 3.5)\n', "print('yours', y)\n", 'print("%d %s" % (1, x))\n', "# BEGIN TODO\n", "# END TODO\n", "'''\n", '"""\n',
        "# %% [markdown]\n", "for i in x:\n", "    y.append(i)\n", "%magic\n", "print('[[1 2]')\n", "class A:\n", "\\\n", "# SOLUTION\n",
        "x = 1  # SOLUTION\n", "# the prompt\n", "if x:\n", "\t# your code here\n", "print('{} {z!r:>9} true'.format(1, z=x))\n", "print(f'{x:{y}} true 1e5')\n",
        "%%time\n", "from google.colab import drive\n", "drive.mount(x); y = 2\n", "x = input()\n", "\r# %%\r", "\u2028# %%", "\x0c", "\ud800",
        "# I've done the first two\n", "print(y)\n", "y, z = f(f)\n", "print('[3 4]]')\n", "return x  # Replace this line\n", "x['\"\"\"'] = 0\n",
    ]
)  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["code", "code", "markdown", "raw"]), st.lists(PIECES, max_size=8).map("".join)
        ),
        max_size=4,
    )
)
def test_any_notebook_becomes_a_draft_that_can_be_read_or_is_refused(cells: list[tuple[str, str]]) -> None:
    try:
        found = draft_of(cells, "any")
    except AuthoringError:
        return
    read = master.read_cells(found.text, "draft")
    told = {line for line, _ in found.to_do}
    assert {cell.question for cell in read if cell.question} == set(found.questions) or told
