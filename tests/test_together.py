"""Calls that are asked for together, and a notebook that is run once more beside its first run."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import remote, wire
from autograder.model import Limits, ProblemKind
from autograder.sandbox import Sandbox
from autograder.session import Given, Request, Session

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
