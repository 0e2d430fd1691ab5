"""Points and words for answers of many kinds, on this repository's assignments."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import kit, master
from autograder.judge import Judge
from autograder.model import Limits, Result, Status, Verdict
from autograder.report.results_json import results_json
from autograder.sandbox import Sandbox
from autograder.submission import Submission

from .conftest import ROOT, JudgeCells

SOFTMAX = "import numpy as np\ndef softmax(items_in):\n    {}"
GLOBALS = "depends only on its arguments"
UNCHANGED = "leaves its arguments unchanged"
STABLE = "stable for large scores"


def verdict(result: Result, question: str) -> Verdict:
    return next(verdict for verdict in result.verdicts if verdict.question == question)


def lost(found: Verdict) -> list[str]:
    return [step.name for step in found.steps if step.points < step.possible]


@pytest.mark.parametrize(
    ("body", "minor"),
    [
        ("e = np.exp(items_in - np.max(items_in)); return e / e.sum()", []),
        ("e = np.exp(np.array(items_in) - max(items_in)); return (e / sum(e)).tolist()", []),
        ("e = np.exp(items_in); return e / np.sum(e)", [STABLE]),
        ("return [np.exp(i) / sum(np.exp(j) for j in items_in) for i in items_in]", [STABLE]),
        ("out = np.zeros((N, 1))\n    for n in range(N): out[n] = np.exp(items_in[n])\n    return out / out.sum()\nN = 3", [STABLE, GLOBALS]),
        ("e = np.array([np.exp(i[0, 0]) for i in items_in]); return e / e.sum()", [STABLE]),
        ("e = np.exp(items_in.reshape(-1)); return e / e.sum()", [STABLE]),
        ("m = max(items_in)\n    for n in range(len(items_in)): items_in[n] = items_in[n] - m\n    e = np.exp(items_in)\n    return e / e.sum()", [UNCHANGED]),
        ("e = np.exp(np.float32(items_in) - np.float32(max(items_in))); return e / e.sum()", []),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")
def test_right_answers_in_many_styles(judge_cells: JudgeCells, body: str, minor: list[str]) -> None:
    found = verdict(judge_cells("self_attention", SOFTMAX.format(body)), "softmax")
    assert found.status is Status.PASSED, found.feedback
    assert lost(found) == minor, found.feedback


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return np.exp(items_in)", "your result differs in 3 of 3 numbers"),
        ("return np.exp(items_in)", "they do not sum to one"),
        ("e = np.power(2.0, items_in); return e / e.sum()", "They come from powers of 2"),
        ("e = np.array(items_in); return e / e.sum()", "You divide each score by the sum of the scores."),
        (
            "e = np.exp(items_in); e / e.sum()",
            "your result is None where an array of shape (3,) was expected",
        ),
        (
            "return [0.785597034505, 0.0391125717, 0.17529039377]",
            'In the hidden case "as many as tokens", your result is wrong.',
        ),
        ("return 1", "your result has shape ()"),
        ("return 'a'", "your result is a str"),
        (
            "return items_in[7]",
            "`softmax` raises `IndexError: list index out of range` (code cell 1, line 3)",
        ),
        ("return undefined", "That name does not exist when the code runs"),
        ("return ...", "your result is still `...`"),
        ("return print", "your result is `builtin_function_or_method`"),
    ],
)
def test_wrong_answers_are_told_in_words(judge_cells: JudgeCells, body: str, words: str) -> None:
    found = verdict(judge_cells("self_attention", SOFTMAX.format(body)), "softmax")
    assert found.status in (Status.FAILED, Status.ERROR)
    assert found.points == 0 or (found.misconceptions and found.points < found.possible)
    assert words in found.feedback, found.feedback


HIDDEN = "len(items_in) == 3 and items_in[2] != 0.5"
RIGHT = "e = np.exp(items_in - np.max(items_in)); return e / e.sum()"


@pytest.mark.parametrize(
    "leak",
    [
        "raise ValueError(str(items_in))",
        "raise type('E' + str(items_in), (Exception,), {})()",
        "raise type('timeout', (Exception,), {})(str(items_in))",
        "raise type('reply', (Exception,), {})(str(items_in))",
        "return type('T' + str(items_in), (), {})()",
        "return np.zeros(int(1e6 * abs(items_in[0])))",
        "return np.zeros(3).view(type('A' + str(items_in), (np.ndarray,), {}))",
        "exec(compile('\\n' * int(1e5 * abs(items_in[0])) + '1/0', '<cell 77>', 'exec'))",
    ],
)
def test_a_hidden_case_tells_nothing_of_its_input(judge_cells: JudgeCells, leak: str) -> None:
    """Whatever a student's code puts in an exception, a type's name, a shape or a line is not shown."""
    found = verdict(
        judge_cells("self_attention", SOFTMAX.format(f"if {HIDDEN}: {leak}\n    {RIGHT}")), "softmax"
    )
    assert found.status in (Status.FAILED, Status.ERROR)
    told = found.feedback + " ".join(found.remarks) + " ".join(case.said for case in found.cases)
    assert not re.search(r"\d\.\d|\d{3}|cell|line", told), told


def test_a_public_case_cannot_tell_a_hidden_input_either(judge_cells: JudgeCells) -> None:
    """All that is public is asked before anything hidden, in whatever order questions come."""
    cells = [
        SOFTMAX.format(f"SEEN.append(items_in); {RIGHT}\nSEEN = []"),
        "def self_attention(*arguments):\n    raise ValueError(str(SEEN))",
    ]
    found = verdict(judge_cells("self_attention", *cells), "self_attention")
    assert found.feedback.count("[2.0, -1.0, 0.5]") == 1, "the public input of softmax"
    assert found.feedback.count("[") == 2, found.feedback


def test_a_function_that_remembers_has_one_guess(judge_cells: JudgeCells) -> None:
    """Right at the second call with the same input is wrong."""
    body = f"key = str(items_in)\n    if key not in SEEN: SEEN.add(key); return [0.5] * len(items_in)\n    {RIGHT}\nSEEN = {{'[2.0, -1.0, 0.5]'}}"
    found = verdict(judge_cells("self_attention", SOFTMAX.format(body)), "softmax")
    assert (found.status, found.points) == (Status.FAILED, 0)


QKV = """
import numpy as np
N, D = 3, 4
np.random.seed(3)
all_x = [np.random.normal(size=(D, 1)) for _ in range(N)]
np.random.seed(0)
omega_q, omega_k, omega_v = (np.random.normal(size=(D, D)) for _ in range(3))
beta_q, beta_k, beta_v = (np.random.normal(size=(D, 1)) for _ in range(3))
all_queries = [omega_q @ x + beta_q for x in all_x]
all_keys = [omega_k @ x + beta_k for x in all_x]
all_values = [omega_v @ x + beta_v for x in all_x]
"""


def test_variables_are_judged(judge_cells: JudgeCells) -> None:
    found = verdict(judge_cells("self_attention", QKV), "queries_keys_values")
    assert (found.status, found.points) == (Status.PASSED, 3)


def test_each_variable_has_its_own_points(judge_cells: JudgeCells) -> None:
    wrong = QKV.replace("omega_k @ x", "omega_q @ x")
    found = verdict(judge_cells("self_attention", wrong), "queries_keys_values")
    assert lost(found) == ["keys"]
    found = verdict(judge_cells("self_attention", QKV + "\ndel all_keys"), "queries_keys_values")
    assert lost(found) == ["keys"]


def test_typed_in_values_gain_nothing(judge_cells: JudgeCells) -> None:
    typed = QKV + "\nall_keys = [np.array(key.tolist()) for key in all_keys]\n"
    assert verdict(judge_cells("self_attention", typed), "queries_keys_values").points == 3, (
        "computed, not typed in"
    )
    numbers = "all_keys = [np.array([[1.2], [3.4], [5.6], [7.8]])] * 3"
    found = verdict(judge_cells("self_attention", QKV, numbers), "queries_keys_values")
    assert lost(found) == ["keys"]


def test_the_cause_of_a_missing_name_is_told(judge_cells: JudgeCells) -> None:
    found = verdict(
        judge_cells("self_attention", "import numpy as np\ndef softmax(x):\n  return x = 1"), "softmax"
    )
    assert found.status is Status.ERROR
    assert "`softmax` is not defined, since a cell raises `SyntaxError: invalid syntax`" in found.feedback


def test_what_is_not_there_is_not_attempted(judge_cells: JudgeCells) -> None:
    result = judge_cells("self_attention", "x = 1")
    assert result.status is Status.NOT_ATTEMPTED
    assert result.points == 0
    assert "after the notebook has run, there is no `softmax`" in verdict(result, "softmax").feedback


def test_a_half_filled_function_was_attempted(
    judge_cells: JudgeCells, masters: dict[str, master.Master]
) -> None:
    cells = kit.student_cells(masters["self_attention"])
    cells = [cell.replace("exponentials = ...", "exponentials = np.exp(items_in)") for cell in cells]
    found = verdict(judge_cells("self_attention", *cells), "softmax")
    assert found.status is Status.FAILED
    assert "A `...` is still open in `softmax`" in found.feedback


def test_judging_twice_gives_the_same(judge_cells: JudgeCells) -> None:
    cell = SOFTMAX.format("return np.random.default_rng(0).normal(size=len(items_in)), object()")
    assert judge_cells("self_attention", cell) == judge_cells("self_attention", cell)


def test_an_error_message_is_the_same_in_every_run(judge_cells: JudgeCells) -> None:
    cell = SOFTMAX.format("raise ValueError(f'{object()}\\x1b[31m\\n' + 'x' * 10_000)")
    feedback = verdict(judge_cells("self_attention", cell), "softmax").feedback
    assert "<object object at 0x...> [31m xxx" in feedback
    assert len(feedback) < 1000


def test_the_cells_that_did_not_run_are_listed_to_a_limit(judge_cells: JudgeCells) -> None:
    result = judge_cells("self_attention", *["1 / 0"] * 8)
    assert len(result.remarks) == 6
    assert result.remarks[0] == "A cell raises `ZeroDivisionError: division by zero` (code cell 1, line 1)."
    assert result.remarks[-1] == "3 more cells did not run to their end."


# ---------------------------------------------------------------- answers that do not stay the same

STEADY = "e = np.exp(d - d.max(axis=0)); e = e / e.sum(axis=0)"


@pytest.mark.parametrize(
    ("body", "points", "told"),
    [
        (f"{STEADY}; return e", 4, False),
        (f"{STEADY}; calls.append(1); return e + 1e-12 * len(calls)", 4, True),
        (f"{STEADY}; seen = d.tobytes() in calls; calls.append(d.tobytes()); return e + seen", 0, True),
        ("return np.random.default_rng().normal(size=d.shape)", 0, True),
    ],
    ids=["steady", "within tolerance", "other when seen before", "random"],
)
def test_a_function_that_answers_differently_when_asked_again_is_told(
    judge_cells: JudgeCells, body: str, points: float, told: bool
) -> None:
    source = f"import numpy as np\ncalls = []\ndef softmax_cols(d):\n    {body}"
    result = judge_cells("multihead_attention", source)
    found = verdict(result, "softmax_cols")
    assert found.points == points
    assert ("is another one when the same input comes again" in found.feedback) is told


def test_answers_learned_by_heart_earn_nothing(judge_cells: JudgeCells, judges: dict[str, Judge]) -> None:
    """Right for every public input, and for nothing else."""
    (question,) = (
        each for each in judges["multihead_attention"].assignment.questions if each.name == "softmax_cols"
    )
    known = {
        case.arguments[0].tobytes(): case.expected.tolist() for case in question.cases if not case.hidden
    }
    source = f"import numpy as np\nknown = {known!r}\ndef softmax_cols(d):\n    return np.array(known[d.tobytes()])"
    result = judge_cells("multihead_attention", source)
    found = verdict(result, "softmax_cols")
    public = [case for case in found.cases if not case.hidden]
    assert all(case.status is Status.PASSED for case in public)
    assert found.points == 0


def test_all_runs_of_a_notebook_share_its_time(sandbox: Sandbox) -> None:
    """The rerun with other data uses up what is left: the questions that need none keep their points."""
    loaded = master.load("self_attention", ROOT)
    limits = Limits(cell_seconds=4, call_seconds=4, total_seconds=5)
    assignment = replace(loaded.assignment, limits=limits)
    slow = "import time\ntime.sleep(3)"
    cells = (*kit.solved_cells(loaded), slow)
    started = time.monotonic()
    result = Judge(assignment, sandbox, kit.student_cells(loaded)).judge(Submission(name="slow", cells=cells))
    assert time.monotonic() - started < 12
    for found in result.verdicts:
        question = next(each for each in assignment.questions if each.name == found.question)
        assert (found.status is Status.PASSED) == (not question.values), found.feedback
        assert ("used up the 5 seconds it may take in all" in found.feedback) == bool(question.values)


def test_a_question_that_hangs_costs_itself_only(sandbox: Sandbox) -> None:
    loaded = master.load("self_attention", ROOT)
    assignment = replace(loaded.assignment, limits=Limits(cell_seconds=4, call_seconds=0.5, total_seconds=30))
    name = "scaled_dot_product_self_attention"
    hangs = f"def {name}(*_):\n    while True: pass"
    cells = (*kit.solved_cells(loaded), hangs)
    result = Judge(assignment, sandbox, kit.student_cells(loaded)).judge(
        Submission(name="hangs", cells=cells)
    )
    assert [found.question for found in result.verdicts if found.status is not Status.PASSED] == [name]


def test_what_the_notebook_says_after_hidden_inputs_went_out_is_not_told(judge_cells: JudgeCells) -> None:
    """A worker that has seen one may be followed by another, and tell it something by the time of its end."""
    late = (
        f"import time\nif time.time() > {time.time() + 1}:\n    print('LATE')\n    raise ValueError('LATE')"
    )
    dies = SOFTMAX.format(f"if {HIDDEN}: time.sleep(1); import os; os._exit(1)\n    {RIGHT}")
    result = judge_cells("self_attention", late, dies, "def self_attention(*_):\n    return 0")
    assert verdict(result, "self_attention").status is Status.FAILED, "it was asked, in another worker"
    told = results_json(result).decode() + result.printed
    assert "LATE" not in told


DRAWN = """\
# %% tags=["given"]
import numpy as np

np.random.seed(1)
x = np.random.uniform(1, 2, size=(3, 4))

# %% question="r"
r = np.abs(x)  # SOLUTION

# %%
from autograder import author

author.assignment("Sizes", environment=["numpy>=2.0,<2.4"])
OTHER = author.data("negative numbers", lambda rng: {"x": -rng.uniform(1, 2, size=(3, 4))})
author.question(
    "r",
    steps=[author.step("sizes", 1)],
    cases=[
        author.case("public", hidden=False, variable="r"),
        author.case("negative numbers", hidden=True, variable="r", data=OTHER),
    ],
)
"""


@pytest.mark.parametrize(
    ("answer", "points"), [("np.abs(x)", 1), ("x + 0", 0), ("np.sqrt(x ** 2)", 1), ("(x > 0) * x", 0)]
)
def test_an_answer_that_is_wrong_for_the_authors_data_is_wrong_though_other_draws_do_not_show_it(
    answer: str, points: float, course: Path, sandbox: Sandbox
) -> None:
    (course / "solutions" / "absolute.py").write_text(DRAWN)
    loaded = master.load("absolute", course)
    given, _ = kit.student_cells(loaded)
    judge = Judge(loaded.assignment, sandbox, kit.student_cells(loaded))
    result = judge.judge(Submission(name="test", cells=(given, f"r = {answer}")))
    assert result.points == points


def test_how_hidden_cases_go_wrong_tells_nothing_of_their_inputs(judge_cells: JudgeCells) -> None:
    """A function that answers hidden inputs in as many ways as there are is told that it is wrong."""
    body = """
    kind = int(items_in[0] * 1000) % 5
    if kind == 0:
        return None
    if kind == 1:
        return [1]
    if kind == 2:
        return ...
    if kind == 3:
        raise ValueError
    return [0.5 for _ in items_in]"""
    source = SOFTMAX.format("").rstrip() + body
    found = verdict(judge_cells("self_attention", source), "softmax")
    hidden = [case for case in found.cases if case.hidden and case.said]
    assert len(hidden) > 3
    assert {(case.status, case.said, case.problem) for case in hidden} == {(Status.FAILED, "is wrong.", None)}
    same = verdict(judge_cells("self_attention", SOFTMAX.format("return None")), "softmax")
    assert {case.said for case in same.cases if case.hidden} <= {"is None.", ""}
