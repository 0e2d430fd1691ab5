"""An author's own tests: what they see of a notebook, what they cost, and what they tell."""

from __future__ import annotations

import builtins
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import kit, master, stand_ins, wire
from autograder.errors import AuthoringError
from autograder.judge import Judge
from autograder.model import Limits, Problem, ProblemKind, Result, Status, Verdict
from autograder.otter_classes import otter_names
from autograder.otter_files import own_tests, public_tests
from autograder.remote import _problem
from autograder.report.results_json import results_json
from autograder.sandbox import Sandbox
from autograder.submission import Submission
from autograder.verify import verify

MASTER = """\
# %% tags=["given"]
import numpy as np
matrix = np.arange(6.0).reshape(2, 3)
N = 3

# %% question="double"
def double(X, times=2):
    result = times * X  # SOLUTION
    return result

# %% question="root"
def root(x):
    if x < 0:
        raise ValueError("negative")  # SOLUTION
    return np.sqrt(x)  # SOLUTION

# %% question="doubled"
doubled = double(matrix)  # SOLUTION

# %%
from autograder import author
from otter.test_files import test_case

SECRET = 31.5

author.assignment("Doubling", cell_seconds=2, call_seconds=1)
author.question(
    "double",
    sizes=lambda X, times=2: {"N": X.shape[1]},
    steps=[author.step("doubling", 2), author.step("shapes", 1), author.arguments_only(0.5),
           author.arguments_unchanged(0.5)],
    cases=[
        author.case("the matrix", hidden=False, args=(matrix,)),
        author.case("another", hidden=True, args=lambda rng: (rng.normal(size=(2, 3)),)),
    ],
    tests=DOUBLE,
)
author.question(
    "root",
    steps=[author.step("root", 2)],
    cases=[author.case("4", hidden=False, args=(4.0,)), author.case("9", hidden=True, args=(9.0,))],
    tests=ROOT,
)
OTHER = author.data("another matrix", lambda rng: {"matrix": rng.normal(size=(2, 3))})
author.question(
    "doubled",
    steps=[author.step("value", 1)],
    cases=[
        author.case("the matrix", hidden=False, variable="doubled"),
        author.case("another", hidden=True, variable="doubled", data=OTHER),
    ],
    tests=DOUBLED,
)
"""
DOUBLE = "def double(X, times=2):\n    return times * X"
ROOT = "def root(x):\n    if x < 0: raise ValueError('negative')\n    return np.sqrt(x)"
GIVEN = "import numpy as np\nmatrix = np.arange(6.0).reshape(2, 3)\nN = 3"
DOUBLED = "doubled = double(matrix)"

SHAPE = """
@test_case(name="a single column", hidden=False, failure_message="One column, too.")
def test_shape(double):
    assert double(np.ones((4, 1))).shape == (4, 1)
"""
HIDDEN = """
@test_case(name="the secret", hidden=True, failure_message="Think of large numbers.")
def test_secret(double):
    assert double(np.array([[SECRET]])).item() == 2 * SECRET, f"SECRET is {SECRET}"
"""
POINTS = """
@test_case(points=0.5)
def test_times(env):
    assert np.array_equal(env["double"](np.ones((1, 1)), times=3), [[3]])
"""
RAISES = """
@test_case(name="negative numbers", hidden=HIDES)
def test_negative(root):
    try:
        root(-1.0)
    except ValueError as error:
        assert "negative" in str(error)
    else:
        raise AssertionError("it takes -1")
"""
VALUES = """
@test_case(name="even", success_message="All are even.")
def test_even(doubled, matrix, env):
    assert np.all(doubled % 2 == 0)
    assert "N" in env and "nothing" not in env
    assert env.get("nothing") is None and env["N"] == 3 and type(env["N"]) is int
"""


def text(*tests: str, double: str = "[]", root: str = "[]", doubled: str = "[]") -> str:
    """Return the master with tests in its private cell, and lists of them for its questions."""
    lists = {"DOUBLED": doubled, "DOUBLE": double, "ROOT": root}
    start, end = MASTER.split("SECRET = 31.5\n")
    for name, value in lists.items():
        end = end.replace(f"tests={name}", f"tests={value}")
    return start + "SECRET = 31.5\n" + "".join(tests) + end


def load(course: Path, content: str) -> master.Master:
    (course / "solutions" / "doubling.py").write_text(content)
    return master.load("doubling", course)


JudgeWith = Callable[..., Verdict]


@pytest.fixture
def judge_with(course: Path, sandbox: Sandbox) -> JudgeWith:
    """Judge cells with a master's tests; return what became of a question."""

    def judge(question: str, cells: list[str], content: str) -> Verdict:
        return verdicts(cells, content)[question]

    def verdicts(cells: list[str], content: str) -> dict[str, Verdict]:
        loaded = load(course, content)
        limits = Limits(cell_seconds=2, call_seconds=1, total_seconds=30)
        judged = Judge(replace(loaded.assignment, limits=limits), sandbox, kit.student_cells(loaded))
        result: Result = judged.judge(Submission(name="test", cells=tuple(cells)))
        assert results_json(result)
        return {verdict.question: verdict for verdict in result.verdicts}

    return judge


def lost(found: Verdict) -> list[str]:
    return [step.name for step in found.steps if step.points < step.possible]


def status_of(found: Verdict, case: str) -> Status:
    return next(each.status for each in found.cases if each.name == case)


# ---------------------------------------------------------------- what passes, and what it costs


def test_the_reference_passes_all_kinds_of_tests(course: Path) -> None:
    content = text(
        SHAPE, HIDDEN, POINTS, RAISES.replace("HIDES", "True"), VALUES,
        double='[test_shape, author.test(test_secret, steps=["shapes"]), test_times]',
        root="[test_negative]", doubled="[test_even]",
    )  # fmt: skip
    loaded = load(course, content)
    assert [question.possible for question in loaded.assignment.questions] == [4.5, 2, 1]
    first = loaded.assignment.questions[0]
    assert [test.name for test in first.tests] == ["a single column", "the secret", "double - 3"]
    assert [test.steps for test in first.tests] == [("doubling", "shapes"), ("shapes",), ("double - 3",)]
    for check in verify("doubling", course):
        if "up to date" not in check.claim:
            assert check.problems == (), check


@pytest.mark.parametrize(
    ("function", "gone"),
    [
        (DOUBLE, []),
        ("def double(X, times=2):\n    return (times * X).tolist() if X.shape == (1, 1) else times * X", ["shapes"]),
        ("def double(X):\n    return 2 * X", ["double - 3"]),
        ("def double(X, times=2):\n    return np.broadcast_to(times * X, (len(X), 3))", ["doubling", "shapes", "depends only on its arguments", "leaves its arguments unchanged", "double - 3"]),
        ("def double(X, times=2):\n    return (times * X)[:, :N]  if X.shape[1] > 1 else np.zeros((len(X), N - 0)) + times * X", ["depends only on its arguments"]),
        ("def double(X, times=2):\n    X *= times\n    return X", ["leaves its arguments unchanged"]),
    ],
    ids=["right", "lists", "no times", "three columns", "leans", "changes"],
)  # fmt: skip
def test_a_failed_test_costs_its_steps(judge_with: JudgeWith, function: str, gone: list[str]) -> None:
    content = text(
        SHAPE, HIDDEN, POINTS, double='[test_shape, author.test(test_secret, steps=["shapes"]), test_times]'
    )
    if "broadcast" not in function:
        content = content.replace("SECRET]]))", "SECRET]]))[:1]")
    found = judge_with("double", [GIVEN, function], content)
    assert lost(found) == gone, found.feedback


def test_a_test_of_points_alone_leaves_the_question_passed(judge_with: JudgeWith) -> None:
    content = text(POINTS, double="[test_times]")
    found = judge_with("double", [GIVEN, "def double(X):\n    return 2 * X"], content)
    assert (found.status, found.points, found.possible) == (Status.PASSED, 4, 4.5)
    assert (
        'The test "double - 1" fails: `double` raises `TypeError: double() got an unexpected keyword'
        in found.feedback
    )


def test_a_test_worth_nothing_costs_nothing(judge_with: JudgeWith) -> None:
    content = text(POINTS.replace("0.5", "0"), double="[test_times]")
    found = judge_with("double", [GIVEN, "def double(X):\n    return 2 * X"], content)
    assert (found.points, found.possible) == (4, 4)
    assert status_of(found, "double - 1") is Status.ERROR


def test_variables_are_tested(judge_with: JudgeWith) -> None:
    content = text(VALUES, doubled="[test_even]")
    found = judge_with("doubled", [GIVEN, DOUBLE, DOUBLED], content)
    assert (found.status, found.feedback) == (Status.PASSED, "Right.\nAll are even.")
    found = judge_with("doubled", [GIVEN, DOUBLE, DOUBLED, "del N"], content)
    assert "The test \"even\" fails: `'N' in env and 'nothing' not in env` does not hold." in found.feedback


# ---------------------------------------------------------------- exceptions


@pytest.mark.parametrize(
    ("raise_it", "passes"),
    [
        ("raise ValueError('negative')", True),
        ("raise type('Mine', (ValueError,), {})('negative')", True),
        ("raise type('Mine', (Exception,), {})('negative')", False),
        ("raise AssertionError('negative')", False),
        ("raise KeyError('negative')", False),
        ("raise SystemExit('negative')", False),
        ("raise ValueError('other')", False),
        ("return 0", False),
        ("while True: pass", False),
        ("import os; os._exit(0)", False),
    ],
)
@pytest.mark.parametrize("hidden", [False, True])
def test_an_exception_can_be_asked_for(
    judge_with: JudgeWith, raise_it: str, passes: bool, hidden: bool
) -> None:
    function = f"def root(x):\n    if x < 0:\n        {raise_it}\n    return np.sqrt(x)"
    content = text(RAISES.replace("HIDES", str(hidden)), root="[test_negative]")
    found = judge_with("root", [GIVEN, function], content)
    assert (found.points == 2) is passes, found.feedback
    assert status_of(found, "4") is Status.PASSED
    assert not hidden or "negative'" not in found.feedback
    if "while" in raise_it:
        assert "`root` gave no answer within 1 seconds" in found.feedback


def test_a_test_that_swallows_everything_does_not_swallow_a_hang(judge_with: JudgeWith) -> None:
    swallow = """
@test_case(name="never raises", hidden=True)
def test_negative(root):
    try:
        root(-1.0)
        root(-2.0)
    except:
        pass
"""
    function = "def root(x):\n    if x < 0:\n        while True: pass\n    return np.sqrt(x)"
    found = judge_with(
        "root",
        [GIVEN, function],
        text(swallow, root="[test_negative]"),
    )
    assert found.points == 0
    assert status_of(found, "never raises") is Status.ERROR


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, kind in vars(builtins).items()
        if isinstance(kind, type) and issubclass(kind, BaseException)
    ),
)
def test_every_builtin_exception_is_seen_as_what_it_is(name: str) -> None:
    error = stand_ins.raised(Problem(kind=ProblemKind.EXCEPTION, type=name, message="m"), "f")
    assert str(error) == "m"
    assert isinstance(error, stand_ins.StudentError)
    kind = getattr(builtins, name)
    known = issubclass(kind, Exception) and not issubclass(kind, stand_ins._SWALLOWED)
    assert isinstance(error, kind) is known or kind in (Exception, BaseException)


@pytest.mark.parametrize("bases", ["ValueError", [1], {"a": 1}, ["x" * 999] * 99])
def test_what_a_worker_tells_of_bases_is_checked(bases: Any) -> None:
    problem, _ = _problem({"type": "E", "message": "m", "bases": bases})
    assert all(isinstance(base, str) and len(base) <= 100 for base in problem.bases)
    assert len(problem.bases) <= 10
    assert not isinstance(stand_ins.raised(problem, "f"), ValueError)


# ---------------------------------------------------------------- hostile answers


@pytest.mark.parametrize(
    "answer",
    [
        "type('L', (), {'__eq__': lambda s, o: True, 'shape': (4, 1), '__bool__': lambda s: True})()",
        "type('L', (np.ndarray,), {'shape': property(lambda s: (4, 1))})((1, 1))",
        "{'shape': (4, 1)}",
        "None",
        "...",
        "lambda: 1",
        "np.zeros((4, 10**5))",
        "[np.zeros((1, 1))] * 4",
        "(np.zeros((4, 1)), {})",
    ],
)
def test_a_lying_object_answers_nothing(judge_with: JudgeWith, answer: str) -> None:
    both = """
@test_case(name="twice", hidden=False)
def test_shape(double):
    first, second = double(np.ones((4, 1))), double(np.ones((4, 1)))
    assert (first == second) is not None
    assert first.shape == (4, 1)
"""
    function = f"def double(X, times=2):\n    return ({answer}) if X.shape == (4, 1) else times * X"
    found = judge_with("double", [GIVEN, function], text(both, double="[test_shape]"))
    assert found.points == 0, found.feedback
    assert status_of(found, "the matrix") is Status.PASSED
    assert status_of(found, "twice") in (Status.FAILED, Status.ERROR)


@pytest.mark.parametrize("kind", ["StopIteration", "KeyError", "type('S', (StopIteration,), {})"])
def test_an_exception_ends_no_loop_of_a_test(judge_with: JudgeWith, kind: str) -> None:
    loop = """
@test_case(name="all of them", hidden=True)
def test_all(root):
    for answer, wanted in zip(map(root, [1.0, 16.0]), [1.0, 4.0]):
        assert answer == wanted
"""
    function = f"def root(x):\n    if x in (1, 16):\n        raise {kind}\n    return np.sqrt(x)"
    found = judge_with("root", [GIVEN, function], text(loop, root="[test_all]"))
    assert (found.points, status_of(found, "all of them")) == (0, Status.ERROR)


def test_a_variable_that_cannot_be_read_is_not_taken_for_none(judge_with: JudgeWith) -> None:
    none = """
@test_case(name="none")
def test_none(double, env):
    assert env.get("nothing") is None
"""
    odd = """
class Odd:
    def __array__(self, *_, **__):
        raise KeyError("nothing")
nothing = Odd()
"""
    found = judge_with("double", [GIVEN, DOUBLE, odd], text(none, double="[test_none]"))
    assert 'The test "none" fails: `nothing` raises `KeyError' in found.feedback


def test_an_unseen_value_neither_equals_nor_differs() -> None:
    unseen = stand_ins.seen(
        [wire.Opaque("dict"), np.array(3.0), (1, np.array([wire.Opaque("x")], dtype=object))]
    )
    assert isinstance(unseen[1], np.float64)
    for thing in (unseen[0], unseen[2][1][0]):
        for ask in (
            lambda x: x == x, lambda x: x != x, bool, len, list, np.asarray, hash,
            lambda x: x + np.ones(2), lambda x: np.ones(2) == x, lambda x: wire.pack({}, [x]),
        ):  # fmt: skip
            with pytest.raises((TypeError, stand_ins.NoValue)):
                ask(thing)
        for ask in (lambda x: np.array_equal(x, x), lambda x: np.array_equal([x], [x]), lambda x: x in [1]):
            with pytest.raises(stand_ins.NoValue):
                ask(thing)


def test_a_function_that_is_not_there_is_not_tested(judge_with: JudgeWith) -> None:
    content = text(SHAPE, double="[test_shape]")
    found = judge_with("double", [GIVEN], content)
    assert (found.status, found.points) == (Status.NOT_ATTEMPTED, 0)
    assert status_of(found, "a single column") is Status.NOT_ATTEMPTED


def test_a_function_that_was_given_up_is_not_asked_again(judge_with: JudgeWith) -> None:
    """Neither by a test of its own question, nor by those of others: each would wait for it once more."""
    other = """
@test_case(name="both", hidden=True)
def test_both(double, root):
    assert double(np.ones((1, 1))) == 2 * root(1.0)
"""
    alone = """
@test_case(name="alone", hidden=True)
def test_alone(root):
    assert root(1.0) == 1
"""
    content = text(SHAPE, other, alone, double="[test_shape]", root="[test_both, test_alone]")
    begin = time.monotonic()
    cells = [GIVEN, "import time\ndef double(X):\n    time.sleep(100)", ROOT]
    found = judge_with("root", cells, content)
    assert time.monotonic() - begin < 8
    assert "Your answer would be right if `double` were" in found.feedback
    assert status_of(found, "alone") is Status.PASSED


def test_who_hangs_in_another_questions_test_is_still_asked_for_its_own(judge_with: JudgeWith) -> None:
    other = """
@test_case(name="both")
def test_both(double, root):
    assert double(np.ones((1, 1))) == 2 * root(1.0)

@test_case(name="both again")
def test_again(double, root):
    assert double(np.ones((1, 1))) == 2 * root(1.0)
"""
    cells = [GIVEN, "def double(X, times=2):\n    while X.size == 1: pass\n    return times * X", ROOT]
    content = text(other, root="[test_both, test_again]")
    assert judge_with("double", cells, content).points == 4
    assert judge_with("root", cells, content).points == 0


def test_what_a_test_has_stopped_costs_the_tests_after_it(judge_with: JudgeWith) -> None:
    content = text(POINTS.replace(")", ", hidden=True)", 1), HIDDEN, double="[test_times, test_secret]")
    function = "def double(X, times=2):\n    while X.size == 1: pass\n    return times * X"
    found = judge_with("double", [GIVEN, function], content)
    assert found.points == 0
    assert status_of(found, "the secret") is Status.NOT_ATTEMPTED


# ---------------------------------------------------------------- what is told


@pytest.mark.parametrize(
    "leak",
    [
        "raise ValueError(str(X))",
        "raise AssertionError(str(X))",
        "raise type('E' + str(X), (Exception,), {})(str(X))",
        "return str(X)",
        "return X",
        "return {str(X): 1}",
        "return type('T' + str(X), (), {})()",
    ],
)
def test_a_hidden_test_tells_its_name_and_message_alone(judge_with: JudgeWith, leak: str) -> None:
    function = f"def double(X, times=2):\n    if X.size == 1:\n        {leak}\n    return times * X"
    found = judge_with("double", [GIVEN, function], text(HIDDEN, double="[test_secret]"))
    assert found.points == 0
    assert found.feedback == ('Not right yet.\nThe hidden test "the secret" fails: Think of large numbers.')
    assert "31" not in repr(found)


def test_a_hidden_test_without_a_message_says_that_it_fails(judge_with: JudgeWith) -> None:
    hidden = HIDDEN.replace(', failure_message="Think of large numbers."', "")
    function = "def double(X, times=2):\n    return times * X - (X.size == 1)"
    found = judge_with("double", [GIVEN, function], text(hidden, double="[test_secret]"))
    assert found.feedback == 'Not right yet.\nThe hidden test "the secret" fails: It does not pass.'


@pytest.mark.parametrize(
    ("function", "told"),
    [
        ("return np.ones((4, 2))", "One column, too. `double(np.ones((4, 1))).shape == (4, 1)` does not hold."),
        ("return 3", "One column, too. It stops with `AttributeError: 'int' object has no attribute 'shape'`."),
        ("return print", "One column, too. It cannot be judged: `builtin_function_or_method` cannot be looked into."),
        ("raise KeyError('\\x1b[31m' + 'x' * 9999)", "`double` raises `KeyError: '\\x1b[31mxxx"),
        ("return double()", "`double` raises `TypeError: double() missing 1 required positional argument: 'X'` (code cell 2, line 3)"),
    ],
)  # fmt: skip
def test_a_public_test_tells_why(judge_with: JudgeWith, function: str, told: str) -> None:
    cell = f"def double(X, times=2):\n    if X.shape == (4, 1):\n        {function}\n    return times * X"
    found = judge_with("double", [GIVEN, cell], text(SHAPE, double="[test_shape]"))
    assert f'The test "a single column" fails: {told}' in found.feedback
    assert len(found.feedback) < 1000


def test_an_assertions_own_text_is_told_and_what_is_not_there(judge_with: JudgeWith) -> None:
    public = HIDDEN.replace("True", "False").replace("SECRET", "2").replace('f"2 is {2}"', '"a\\nb."')
    public += """
@test_case(name="needs root")
def test_root(double, root):
    assert root(double(2.0)) == 2

@test_case(name="needs it, too")
def test_env(env):
    assert env["root"](4.0) == 2
"""
    function = "def double(X, times=2):\n    return times * X - (np.size(X) == 1)"
    found = judge_with("double", [GIVEN, function], text(public, double="[test_secret, test_root, test_env]"))
    assert "fails: Think of large numbers. (a b)" in found.feedback
    assert 'The test "needs root" fails: `root` is not there.' in found.feedback
    assert 'The test "needs it, too" fails: `root` is not there.' in found.feedback


def test_only_the_first_tests_are_told(judge_with: JudgeWith) -> None:
    tests = "".join(
        f"@author.test_case(name='t{n}')\ndef test_{n}(double):\n    assert double(1.0) == 2\n"
        for n in range(7)
    )
    names = ", ".join(f"test_{n}" for n in range(7))
    cell = "def double(X, times=2):\n    return times * X if np.size(X) > 1 else 0.0"
    found = judge_with("double", [GIVEN, cell], text(tests, double=f"[{names}]"))
    assert found.feedback.count(" fails: ") == 4
    assert "3 more tests fail." in found.feedback


# ---------------------------------------------------------------- in the student's notebook


@pytest.mark.filterwarnings("ignore")  # Otter's own
def test_public_tests_stand_in_the_notebook_and_hidden_ones_do_not(course: Path) -> None:
    from otter.test_files import ExceptionTestFile

    content = text(SHAPE, HIDDEN, POINTS, double="[test_shape, test_secret, test_times]")
    loaded = load(course, content)
    question = loaded.assignment.questions[0]
    assert own_tests(question)[0] == (
        "\n\n@test_case(name='a single column', hidden=False, success_message=None, "
        "failure_message='One column, too.')\n"
        "def own_test_1(double):\n    assert double(np.ones((4, 1))).shape == (4, 1)\n"
    )
    notebook = json.loads(kit.student_notebook(loaded))
    source = notebook["metadata"]["otter"]["tests"]["double"]
    assert source == public_tests(question)
    assert "secret" not in json.dumps(notebook).lower()
    file = ExceptionTestFile.from_string(source)
    env: dict[str, Any] = {"np": np, "double": lambda x, times=2: times * x}
    file.run(env)
    assert [result.passed for result in file.test_case_results] == [True] * 3
    env["double"] = lambda x: (2 * x)[:, :2]
    file.run(env)
    assert [result.passed for result in file.test_case_results] == [False, True, False]


# ---------------------------------------------------------------- Otter's names


@pytest.mark.filterwarnings("ignore")  # Otter's own
def test_masters_see_the_stand_in_and_nobody_else_does() -> None:
    import otter.test_files

    real = sys.modules["otter.test_files"]
    with otter_names():
        from otter.test_files import test_case

        assert test_case is not otter.test_files.test_case or sys.modules["otter.test_files"] is not real
        assert test_case.__module__ == "autograder.otter_classes"
    assert sys.modules["otter.test_files"] is real


def test_a_master_is_loaded_without_otter(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "otter"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [str(course)])
    load(course, text(SHAPE, double="[test_shape]"))
    assert not [name for name in sys.modules if name.split(".")[0] == "otter"]


@pytest.mark.filterwarnings("ignore")  # Otter's own
def test_a_test_made_by_otter_itself_is_accepted(course: Path) -> None:
    import otter.test_files

    made = "import sys\ntest_case = sys.modules['true_otter'].test_case\n"
    sys.modules["true_otter"] = otter.test_files
    try:
        loaded = load(course, text(made, SHAPE, double="[test_shape]"))
    finally:
        del sys.modules["true_otter"]
    assert loaded.assignment.questions[0].tests[0].source == (
        load(course, text(SHAPE, double="[test_shape]")).assignment.questions[0].tests[0].source
    )


def test_the_stand_in_runs_as_otters_own_does() -> None:
    with otter_names():
        from otter.test_files import test_case
    seen: list[Any] = []

    @test_case(name="n")
    def own(a: Any, b: Any, env: Any) -> None:
        seen.extend([a, b, env])

    own.call_func({"a": 1})
    assert seen == [1, None, {"a": 1}]


# ---------------------------------------------------------------- what cannot be meant


def a_test(body: str, head: str = "(name='t', hidden=True)", parameters: str = "double") -> str:
    return f"@test_case{head}\ndef test_x({parameters}):\n    {body}\n"


@pytest.mark.parametrize(
    ("tests", "listed", "message"),
    [
        (a_test("assert double(1) == 3"), "test_x", "test `t` of question `double` fails on the reference: AssertionError\n"),
        (a_test("raise KeyError('what')"), "test_x", "fails on the reference: KeyError: 'what'"),
        (a_test("double({})"), "test_x", "test `t` hands `double` a dict, which cannot be sent"),
        (a_test("double(double)"), "test_x", "fails on the reference: `function` cannot be looked into"),
        (a_test("try: double({})\n    except Exception: pass"), "test_x", "test `t` hands `double` a dict, which cannot be sent"),
        (a_test("double('a', times='b')"), "test_x", "fails on the reference: TypeError: can't multiply sequence"),
        (a_test("pass", parameters="duoble"), "test_x", "test `t` asks for `duoble`, which the notebook does not define"),
        (a_test("pass", parameters="SECRET"), "test_x", "test `t` asks for `SECRET`, which the notebook does not define"),
        (a_test("pass", parameters="double, n=1"), "test_x", "the parameter `n=1` of test `t` is more than a name"),
        (a_test("pass", parameters="*double"), "test_x", "the parameter `\\*double` of test `t` is more than a name"),
        (a_test("list(env)", parameters="env"), "test_x", "TypeError: the names of a notebook cannot be listed"),
        (a_test("len(env)", parameters="env"), "test_x", "TypeError: the names of a notebook cannot be counted"),
        (a_test("pass"), "test_x, test_x", "test `t` of question `double` has the same name as a test"),
        (a_test("pass", "(name='the matrix')"), "test_x", "test `the matrix` of question `double` has the same name as a case"),
        (a_test("pass", "(name='shapes', points=1)"), "test_x", "has the same name as a step"),
        (a_test("pass"), "author.test(test_x, steps=['gone'])", "`t` of question `double` costs step `gone`, which it has not"),
        (a_test("pass", "(points=1)"), "author.test(test_x, steps=['shapes'])", "test `test_x` has both `points` and `steps`"),
        (a_test("pass", "(points=-1)"), "test_x", "the points of test `test_x` must be a number, not `-1`"),
        (a_test("pass", "(points=True)"), "test_x", "the points of test `test_x` must be a number, not `True`"),
        (a_test("pass", "(name=3)"), "test_x", "`name` of test `3` is no text"),
        (a_test("pass", "(failure=3)"), "test_x", "`test_case` has no argument `failure`"),
        (a_test("pass", ""), "test_x", "`@test_case` of `test_x` has no brackets"),
        ("test_x = test_case(name='t')(len)\n", "test_x", "test `t` decorates a builtin_function_or_method, not a function"),
        ("def test_x(double):\n    pass\n", "test_x", "`test_x` is no test"),
        ("", "3", "`3` is no test"),
        (a_test("assert SECRET", "(name='t')"), "test_x", "the public test `t` uses `SECRET`, which is not there in a student's notebook"),
        (a_test("[matrix for _ in 'a']", "(name='t')"), "test_x", "the public test `t` uses `matrix`"),
        (a_test("pass", "(name='t')", "double: Sequence"), "test_x", "the public test `t` uses `Sequence`"),
        (a_test("import nbformat", "(name='t')"), "test_x", "the public test `t` uses `nbformat`"),
        (a_test("from . import a", "(name='t')"), "test_x", "the public test `t` uses `.`"),
        ("test_x = test_case(name='t')(lambda double: None)\n", "test_x", "the public test `t` cannot be copied for students"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(course: Path, tests: str, listed: str, message: str) -> None:
    prefix = "from collections.abc import Sequence\n" if "Sequence" in tests else ""
    with pytest.raises(AuthoringError, match=message) as caught:
        load(course, text(prefix, tests, double=f"[{listed}]"))
    assert caught.value.where.startswith("solutions/doubling.py:")
    assert int(caught.value.where.split(":")[1]) >= 25


def test_a_public_test_may_import_and_has_its_comments(course: Path) -> None:
    tests = """
if True:
    @test_case(
        name="t",
    )
    def  test_x(double):
        import math
        # Half a turn
        def inner(x):
            return x + math.pi
        assert all(double(np.ones((1, 1))) < inner(n) for n in range(3))
"""
    (test,) = load(course, text(tests, double="[test_x]")).assignment.questions[0].tests
    assert test.source.splitlines()[1:4] == [
        "def own_test_1(double):",
        "    import math",
        "    # Half a turn",
    ]


MINOR = """
        author.case("wide", hidden=True, args=lambda rng: (rng.normal(size=(1, 9)),), steps=["wide"]),
    ],
    properties=[
        author.property("square, too", hidden=True, args=lambda rng: (rng.normal(size=(3, 3)),), feedback="Not square.",
                        holds=lambda double, X: np.allclose(double(X), 2 * X)),
    ],
"""


@pytest.mark.parametrize(
    "stop", ["pass", "__import__('os')._exit(0)", "while True: pass", "raise ValueError"]
)
@pytest.mark.parametrize("wrong_for", ["(1, 1)", "(3, 3)"], ids=["test", "property"])
def test_nobody_escapes_a_test_or_a_property_by_stopping_in_a_cheap_case(
    judge_with: JudgeWith, stop: str, wrong_for: str
) -> None:
    content = text(HIDDEN, double="[test_secret]")
    content = content.replace(
        'steps=[author.step("doubling", 2),',
        'steps=[author.step("doubling", 2), author.step("wide", 0.5, minor=True),',
    )
    head, rest = content.split("size=(2, 3)),)),\n    ],\n", 1)
    function = f"def double(X, times=2):\n    if X.shape == {wrong_for}: return X\n    if X.shape == (1, 9): {stop}\n    return 2 * X"
    assert judge_with("double", [GIVEN, function], f"{head}size=(2, 3)),)),{MINOR}{rest}").points == 0
