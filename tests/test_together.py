"""What is asked for together, and a notebook that is run once more beside its first run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from autograder import ahead, kit, master, remote, wire
from autograder.judge import Judge
from autograder.model import Limits, ProblemKind, Status
from autograder.sandbox import Sandbox
from autograder.session import Given, Request, Session
from autograder.submission import Submission

from .conftest import ROOT

LIMITS = Limits(cell_seconds=2, call_seconds=0.5, total_seconds=10)
FUNCTION = """
import os, signal, sys, time
n = 0
def f(x):
    global n
    n += 1
    {}
    return x
"""
"""A function that returns what it is given, and may do something else in its n-th call."""
CALLS = wire.packed([[float(number)] for number in range(5)])
FIVE = [Request(operation="call", name="f")] * 5


def told(sandbox: Sandbox, body: str, limits: Limits = LIMITS) -> list[Any]:
    """Return what five calls together give: numbers, or kinds of problems."""
    with Session(sandbox, [FUNCTION.format(body)], limits) as session:
        answers = session.several(FIVE, CALLS)
        return [each.problem.kind if each.problem else each.value for each in answers]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("pass", [0, 1, 2, 3, 4]),
        ("if n == 3: raise ValueError(n)", [0, 1, ProblemKind.EXCEPTION, 3, 4]),
        ("if n == 3: sys.exit()", [0, 1, ProblemKind.EXCEPTION, 3, 4]),
        ("if n == 3: time.sleep(9)", [0, 1, ProblemKind.TIMEOUT]),
        ("signal.signal(2, signal.SIG_IGN); time.sleep(9 * (n == 3))", []),
        ("if n == 3: os._exit(0)", []),
    ],
    ids=["right", "raises", "exits", "hangs", "cannot be interrupted", "ends its process"],
)
def test_calls_together(sandbox: Sandbox, body: str, expected: list[Any]) -> None:
    assert told(sandbox, body) == expected


def test_a_function_that_goes_on_after_the_interrupt_has_not_answered_in_time(sandbox: Sandbox) -> None:
    """One by one, it would have been too late."""
    body = "\n    ".join(["try: time.sleep(9 * (n == 3))", "except KeyboardInterrupt: pass"])
    assert told(sandbox, body) == []


def test_calls_together_take_no_longer_than_the_notebook_may(sandbox: Sandbox) -> None:
    began = time.monotonic()
    found = told(sandbox, "time.sleep(0.4)", replace(LIMITS, total_seconds=1))
    assert time.monotonic() - began < 1.8
    assert 1 <= len(found) < 5
    assert found == list(range(len(found)))


def test_large_answers_are_not_kept_together(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MAX_TOGETHER", 2000)
    assert told(sandbox, "if n == 3: return [x] * 500") == []
    assert told(sandbox, "pass") == [0, 1, 2, 3, 4]


def test_what_has_no_room_together_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = [np.zeros(100), np.zeros(100)]
    assert wire.packed(arrays).is_whole
    assert wire.packed(['["opaque", ']).is_whole
    monkeypatch.setattr(wire, "MAX_BODY", 1000)
    assert not wire.packed(arrays).is_whole


@pytest.mark.parametrize(("seconds", "beside"), [(0, True), (1.1, False)])
def test_a_slow_notebook_is_not_run_beside_its_first_run(
    sandbox: Sandbox, seconds: float, *, beside: bool
) -> None:
    """It would cost time that the notebook needs for a run of its own."""
    source = f"import time\ntime.sleep({seconds})\na = 1\nb = a + 1\nf = abs"
    with Session(sandbox, [source], LIMITS) as session:
        session.value("b")
        found = session.second_run([source], Given(values={"a": 5}), ["b"])
    assert {name: answer.value for name, answer in found.items()} == ({"b": 6} if beside else {})


GOES_ON = "while True:\n    try: time.sleep(9)\n    except BaseException: pass"
CELLS = [
    ("pass", None),
    ("1 / 0", ProblemKind.EXCEPTION),
    ("while True: pass", ProblemKind.TIMEOUT),
    (GOES_ON, ProblemKind.TIMEOUT),
    ("os._exit(0)", ProblemKind.DIED),
]


@pytest.mark.parametrize(
    ("source", "kind"), CELLS, ids=["right", "raises", "hangs", "cannot be interrupted", "ends its process"]
)
def test_cells_together_are_as_cells_one_by_one(
    sandbox: Sandbox, source: str, kind: ProblemKind | None
) -> None:
    """The cell in which something goes wrong is known, and only what is wrong is left out."""
    cells = ["import os, time\na = 1\nprint(a)", "", f"b = 2\n{source}\nd = 4", "c = 3\nprint(c)"]
    seen = []
    for one_by_one in (False, True):
        session = Session(sandbox, cells, LIMITS)
        session._one_by_one = one_by_one
        with session:
            found = [session.value(name) for name in ("a", "b", "c", "d")]
            problems = [(noted.problem.kind, noted.problem.cell) for noted in session.problems]
            seen.append(([(each.found, each.value) for each in found], problems, session.printed))
    assert seen[0] == seen[1]
    values, problems, printed = seen[0]
    assert [values[0], values[2]] == [(True, 1), (True, 3)]
    assert problems == ([(kind, 3)] if kind else [])
    assert printed == "1\n3\n"


@pytest.fixture(scope="module")
def loaded() -> master.Master:
    return master.load("multihead_attention", ROOT)


@pytest.fixture(scope="module")
def judge(loaded: master.Master, sandbox: Sandbox) -> Judge:
    return Judge(loaded.assignment, sandbox, kit.student_cells(loaded))


@dataclass
class Counted:
    """How many workers were forked, and what they were asked: one by one, and together."""

    forks: int = 0
    alone: list[str] = field(default_factory=list)
    together: list[int] = field(default_factory=list)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    count = Counted()
    worker, ask, several = Sandbox.worker, remote.Worker.ask, remote.Worker.ask_several

    def forked(self: Any, *rest: Any, **named: Any) -> Any:
        count.forks += 1
        return worker(self, *rest, **named)

    def asked(self: Any, operation: str, *rest: Any, **named: Any) -> Any:
        count.alone.append(operation)
        return ask(self, operation, *rest, **named)

    def asked_several(self: Any, each: Any, *rest: Any, **named: Any) -> Any:
        count.together.append(len(each))
        return several(self, each, *rest, **named)

    monkeypatch.setattr(Sandbox, "worker", forked)
    monkeypatch.setattr(remote.Worker, "ask", asked)
    monkeypatch.setattr(remote.Worker, "ask_several", asked_several)
    return count


def judged(judge: Judge, cells: Sequence[str]) -> dict[str, tuple[Status, tuple[str, ...]]]:
    result = judge.judge(Submission(name="test", cells=tuple(cells)))
    return {each.question: (each.status, each.misconceptions) for each in result.verdicts}


def test_a_right_notebook_takes_one_fork_and_few_messages(
    loaded: master.Master, judge: Judge, counted: Counted
) -> None:
    """Cells; all that is public; what is hidden of each function, with what its properties will ask."""
    verdicts = judged(judge, kit.solved_cells(loaded))
    assert all(status is Status.PASSED for status, _ in verdicts.values())
    functions = sum(not question.values for question in loaded.assignment.questions)
    assert counted.forks == 1
    assert counted.alone == ["second"]
    assert len(counted.together) == 2 + functions


MISTAKE = ("V @ weights", "V @ weights.T")
SPOILS = "if hasattr(np, 'ran'):\n    X_prime = X_prime + 7\nnp.ran = True"


def test_a_mistake_is_seen_in_a_variable_too_without_another_fork(
    loaded: master.Master, judge: Judge, counted: Counted
) -> None:
    verdicts = judged(judge, [cell.replace(*MISTAKE) for cell in kit.solved_cells(loaded)])
    assert [bool(names) for _, names in verdicts.values()] == [False, True, True]
    assert counted.forks == 1


def test_a_first_run_that_spoils_the_next_one_costs_nothing(
    loaded: master.Master, judge: Judge, counted: Counted
) -> None:
    """What nothing explains beside the first run is looked at in a process of its own."""
    wrong = [cell.replace(*MISTAKE) for cell in kit.solved_cells(loaded)]
    assert judged(judge, [*wrong, SPOILS]) == judged(judge, wrong)
    assert counted.forks == 2 + 1


def test_what_a_property_asks_is_told_from_everything_else(loaded: master.Master) -> None:
    """What it asks of the reference is asked ahead; a function that it asks otherwise is asked then."""
    for question in loaded.assignment.questions:
        if question.values:
            continue
        together = ahead.hidden(question, [], question.forms[0])
        keys = [about for _, about in together.about if isinstance(about, bytes)]
        assert len(keys) == len(set(keys)) > 0
        given = question.properties[0].arguments
        asked: list[bytes] = []

        def function(*arguments: Any, question: Any = question, asked: list[bytes] = asked) -> Any:
            asked.append(ahead.call_key(question.forms[0].make(*arguments)))
            return question.variant(())(*arguments)

        question.properties[0].holds(function, *given)
        assert set(asked) <= set(keys)
        assert ahead.call_key((*given, 1)) not in keys


def test_what_has_no_room_in_one_message_is_asked_one_by_one(
    loaded: master.Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = loaded.assignment.questions[0]
    monkeypatch.setattr(ahead, "_known", {})
    monkeypatch.setattr(wire, "MAX_BODY", 100)
    assert ahead.hidden(question, [], question.forms[0]).requests == ()
