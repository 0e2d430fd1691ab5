"""Hints as an author writes them: what is refused, and what those of this course say is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import blanks, master
from autograder.errors import AuthoringError
from autograder.model import Data, Question
from autograder.verify import verify

from .conftest import ROOT

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
    line = LINE + 7 * ("the solution" in message)  # of the hint, or of its question
    assert f"solutions/doubling.py:{line}" in str(error.value)


def test_hints_are_not_counted_where_there_are_none(course: Path) -> None:
    with pytest.raises(AuthoringError, match="counts hints, and no question has any"):
        load(course, [], count=True)


def test_a_short_expression_is_a_solution_too(masters: dict[str, master.Master], course: Path) -> None:
    text = masters["multihead_attention"].path.read_text()
    told = text.replace("How many different denominators", "Try `V @ weights` here: how many denominators")
    assert told != text
    (course / "solutions" / "told.py").write_text(told)
    with pytest.raises(AuthoringError, match="contains the solution `V@weights`"):
        master.load("told", course)


# ---------------------------------------------------------------- what is verified before students see them


TRIPLING = (ROOT / "tests" / "course" / "solutions" / "tripling.py").read_text()
STEPS = 'steps=[author.step("tripling", 2'
CLAIM = "no hint is open in the untouched notebook"


def claims(course: Path, *edits: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what speaks against each quick claim of a master with hints, by claim."""
    text = TRIPLING.replace(STEPS, f"hints=[{FIRST!r}], {STEPS}")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (course / "solutions" / "tripling.py").write_text(text)
    return {check.claim: check.problems for check in verify("tripling", course) if not check.skipped}


def test_an_open_hint_in_the_untouched_notebook_is_a_fault(course: Path) -> None:
    assert claims(course)[CLAIM] == ()
    given = "import numpy as np\n"
    called = f"{given}\ngrader = type('', (), {{'hint': print}})()\ngrader.hint('triple', 1)\n"
    assert claims(course, (given, called))[CLAIM] == (
        "hint 1 of `triple` is: take the call, or the output, out of the master",
    )


def test_a_master_without_hints_has_no_fault(course: Path) -> None:
    assert CLAIM not in claims(course, (f"hints=[{FIRST!r}], ", ""))


def test_a_solution_is_found_however_it_is_bracketed(course: Path) -> None:
    load(course, ["doubled = (double((number)))  # and that is all"])
    claim = "no line of a solution is in what students get"
    (problems,) = (check.problems for check in verify("doubling", course) if check.claim == claim)
    assert "students can read `doubled=double(number)` in hint 1 of `double`" in " ".join(problems)


# ---------------------------------------------------------------- the hints of this course


def questions(masters: dict[str, master.Master]) -> list[Question]:
    found = [question for each in masters.values() for question in each.assignment.questions]
    return [question for question in found if question.hints]


def test_every_question_has_three(masters: dict[str, master.Master]) -> None:
    for name, loaded in masters.items():
        assert {len(question.hints) for question in loaded.assignment.questions} == {3}, name


def test_they_are_short_in_the_beginning(masters: dict[str, master.Master]) -> None:
    """A nudge is read in a few seconds; the last hint is an example, in a table, in a sentence or as code."""
    for question in questions(masters):
        nudge, *_, example = question.hints
        assert len(nudge.split()) <= 75
        entries = re.findall(r"\d+|(?<!\S)[T.](?!\S)", example)  # numbers, or truth values
        assert len(entries) >= 5, question.name


def test_no_hint_writes_a_product_as_code(masters: dict[str, master.Master]) -> None:
    for question in questions(masters):
        for hint in question.hints:
            assert "@" not in blanks.normalised(hint)


def table(question: str, masters: dict[str, master.Master]) -> dict[str, list[list[str]]]:
    """Return the numbers of a worked example as they are written, by what stands before them."""
    (example,) = (each.hints[2] for each in questions(masters) if each.name == question)
    rows: dict[str, list[list[str]]] = {}
    label = ""
    for line in re.findall(r"^    (.*)$", example, re.MULTILINE):
        found = re.fullmatch(r"(.*?)((?:\s+-?[\d.]+)+)", line)
        assert found is not None, line
        label = found[1].strip() or label
        rows.setdefault(label, []).append(found[2].split())
    return rows


def numbers(rows: list[list[str]]) -> Any:
    return np.array(rows, dtype=float)


def assert_written(rows: list[list[str]], expected: Any) -> None:
    """Every number is the expected one, to the last digit that is written."""
    expected = np.asarray(expected, dtype=float).reshape(np.shape(rows))
    for written, value in zip(np.ravel(rows), np.ravel(expected), strict=True):
        decimals = len(written.partition(".")[2])
        assert abs(float(written) - value) <= 0.5 * 10.0**-decimals + 1e-9, (written, value)


def reference(name: str, question: str, masters: dict[str, master.Master]) -> Any:
    return masters[name].variants.function(question, ())


def rerun(question: str, values: dict[str, Any], masters: dict[str, master.Master]) -> Any:
    rerun = masters["self_attention"].assignment.rerun
    assert rerun is not None
    return rerun((), Data(name=f"an example for {question}", values=values), question)


def test_the_example_of_queries(masters: dict[str, master.Master]) -> None:
    rows = table("queries_keys_values", masters)
    matrix, token, bias = (numbers(rows[name]) for name in ("matrix", "token", "bias"))
    assert_written(rows["product"], matrix @ token)
    values = {"all_x": [token], "omega_q": matrix, "beta_q": bias, "omega_k": matrix, "beta_k": bias}
    made = rerun("queries_keys_values", {**values, "omega_v": matrix, "beta_v": bias}, masters)
    assert_written(rows["query"], made["all_queries"][0])


def test_the_example_of_softmax(masters: dict[str, master.Master]) -> None:
    rows = table("softmax", masters)
    scores = numbers(rows["scores"])
    assert_written(rows["less the largest"], scores - 4)
    exponentials = np.exp(scores - 4)
    assert_written(rows["exponentials"], exponentials)
    assert_written(rows["their sum"], exponentials.sum())
    assert_written(rows["weights"], reference("self_attention", "softmax", masters)(list(scores[0])))
    assert_written([["2.718", "7.389", "54.598"]], np.exp(scores))
    text = next(each.hints[2] for each in questions(masters) if each.name == "softmax")
    assert "2.718, 7.389 and 54.598, each 54.598 times as large" in text.replace("\n", " ")
    given = [cell.source for cell in masters["self_attention"].cells if cell.role == "given"]
    assert "print(softmax([1.0, 2.0, 4.0]))" in given
    assert scores.tolist() == [[1.0, 2.0, 4.0]]


def test_the_example_of_one_output(masters: dict[str, master.Master]) -> None:
    rows = table("all_x_prime", masters)
    query, *keys = (numbers(rows[name]).T for name in ("query", "first key", "second key"))
    values = [numbers(rows[name]).T for name in ("first value", "second value")]
    scores = [(key.T @ query).item() for key in keys]
    assert_written(rows["dot products"], scores)
    assert_written(rows["weights"], reference("self_attention", "softmax", masters)(scores))
    given = {"N": 2, "all_queries": [query, query], "all_keys": keys, "all_values": values}
    assert_written(rows["output"], rerun("all_x_prime", given, masters)["all_x_prime"][0].T)


def attention(name: str, q: Any, k: Any, v: Any, masters: dict[str, master.Master]) -> Any:
    """Return what the reference makes of tokens with these queries, keys and values."""
    tokens = np.eye(q.shape[1])
    tokens = np.vstack([tokens, np.zeros((len(q) - len(tokens), len(tokens)))])
    zero = np.zeros((len(q), 1))
    omegas = [np.hstack([each, np.zeros((len(q), len(q) - q.shape[1]))]) for each in (v, q, k)]
    return reference("self_attention", name, masters)(tokens, *omegas, zero, zero, zero)


def test_the_example_of_matrices(masters: dict[str, master.Master]) -> None:
    rows = table("self_attention", masters)
    q, k, v = (numbers(rows[name]) for name in ("Q", "K", "V"))
    softmax = reference("multihead_attention", "softmax_cols", masters)
    assert_written(rows["dot products"], k.T @ q)
    assert_written(rows["weights"], softmax(k.T @ q))
    assert_written(rows["result"], attention("self_attention", q, k, v, masters))


def test_the_example_of_scaling(masters: dict[str, master.Master]) -> None:
    rows = table("scaled_dot_product_self_attention", masters)
    scores = numbers(rows["dot products"])
    assert_written(rows["scale"], np.sqrt(4))
    assert_written(rows["scaled"], scores / 2)
    q, k = np.zeros((4, 3)), np.zeros((4, 3))
    q[0], k[0] = 1, scores
    values = np.vstack([np.eye(3), np.zeros(3)])
    scaled = attention("scaled_dot_product_self_attention", q, k, values, masters)
    plain = attention("self_attention", q, k, values, masters)
    assert_written(rows["weights"], scaled[:3, 0])
    assert_written(rows["without scaling"], plain[:3, 0])


def test_the_example_of_columns(masters: dict[str, master.Master]) -> None:
    rows = table("softmax_cols", masters)
    scores = numbers(rows["scores"])
    assert_written(rows["largest"], scores.max(axis=0))
    assert_written(rows["less the largest"], scores - scores.max(axis=0))
    exponentials = np.exp(scores - scores.max(axis=0))
    assert_written(rows["exponentials"], exponentials)
    assert_written(rows["sums"], exponentials.sum(axis=0))
    weights = reference("multihead_attention", "softmax_cols", masters)(scores)
    assert_written(rows["weights"], weights)
    assert not np.isclose(weights.sum(axis=1), 1).any()


def test_the_example_of_a_head(masters: dict[str, master.Master]) -> None:
    rows = table("multihead_scaled_self_attention", masters)
    dots, value = numbers(rows["dot products"]), numbers(rows["values"])
    weights = reference("multihead_attention", "softmax_cols", masters)(dots / np.sqrt(4))
    assert_written(rows["scores"], dots / np.sqrt(4))
    assert_written(rows["weights"], weights)
    zero, bias, tokens = np.zeros((4, 8)), np.zeros((4, 1)), np.eye(8)[:, :2]
    omega_q, omega_k, omega_v = zero.copy(), zero.copy(), zero.copy()
    omega_q[:2, :2] = dots
    omega_k[:2, :2] = np.eye(2)
    omega_v[:1, :2] = value
    parameters = (omega_v, omega_q, omega_k, bias, bias, bias, zero, zero, zero, bias, bias, bias)
    made = reference("multihead_attention", "multihead_scaled_self_attention", masters)(
        tokens, *parameters, np.eye(8)
    )
    assert_written(rows["head"], made[0])


def test_the_example_of_a_call(masters: dict[str, master.Master]) -> None:
    (example,) = (each.hints[2] for each in questions(masters) if each.name == "X_prime")
    code = "\n".join(re.findall(r"^    (.*)$", example, re.MULTILINE))
    code = re.sub(r"^(less\(.*\)) +# is (-?\d+)$", r"assert \1 == \2", code, flags=re.MULTILINE)
    assert code.count("assert") == 3
    exec(code, {})
