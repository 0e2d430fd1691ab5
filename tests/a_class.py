"""Made-up classes for the tests of the report: friendly ones, and ones that attack whoever reads of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.entries import Entry, Override, Student
from autograder.model import (
    Assignment,
    CallCase,
    CaseVerdict,
    Misconception,
    Numbers,
    ProblemKind,
    Question,
    Result,
    Status,
    Step,
    StepVerdict,
    Tolerance,
    Verdict,
)

EXPECTED = np.array([[1.0, -2.0], [0.5, 4.0]])
SECRET = 987654.25
"""An expected value of a hidden case: it must stand nowhere."""


def _case(name: str, *, hidden: bool) -> CallCase:
    return CallCase(
        name=name,
        hidden=hidden,
        steps=("main",),
        arguments=(),
        sizes=(),
        expected=np.full((2, 2), SECRET) if hidden else EXPECTED,
        tolerance=Tolerance(),
    )


def _question(name: str) -> Question:
    return Question(
        name=name,
        steps=(Step(name="main", points=3), Step(name="minor", points=1, minor=True)),
        cases=(_case("public", hidden=False), _case("hidden", hidden=True)),
        misconceptions=(
            Misconception(id=f"{name} turned", question=name, steps=("main",), feedback="It is `X.T` here."),
        ),
        hints=("Which way does it lie?", "Look at its shape."),
    )


ASSIGNMENT = Assignment(
    name="made_up", title="Made up", questions=(_question("first"), _question("second"), _question("third"))
)


def verdict(
    question: str, status: Status, *, mistake: str = "", feedback: str = "", text: str = ""
) -> Verdict:
    """Return a verdict; a wrong one has a wrong public answer, and `text` wherever a text may stand."""
    right = status is Status.PASSED
    answer = None if right else Numbers(shape=(2, 2), values=(1.0, float("nan"), float("-inf"), 4.5))
    return Verdict(
        question=question,
        status=status,
        steps=(
            StepVerdict(
                name="main", points=3.0 * right, possible=3.0, reason="" if right else text or "wrong"
            ),
            StepVerdict(
                name="minor", points=1.0 * right, possible=1.0, reason="" if right else text or "wrong"
            ),
        ),
        cases=(
            CaseVerdict(name="public", hidden=False, status=status, said=text, answer=answer),
            CaseVerdict(name="hidden", hidden=True, status=status),
        ),
        feedback=feedback or text or "Right.",
        remarks=(text,) if text else (),
        misconceptions=(mistake,) if mistake else (),
        hints=0 if right else 2,
    )


def entry(
    name: str,
    statuses: Sequence[Status],
    *,
    student: Student | None = None,
    overrides: tuple[Override, ...] = (),
    mistake: str = "",
    text: str = "",
    unreadable: bool = False,
) -> Entry:
    """Return a submission with a status for each question."""
    verdicts = tuple(
        verdict(each.name, status, mistake=mistake if status is Status.FAILED else "", text=text)
        for each, status in zip(ASSIGNMENT.questions, statuses, strict=True)
    )
    result = Result(
        assignment="made_up",
        submission=name,
        verdicts=verdicts,
        remarks=(text,) if text else (),
        unreadable=unreadable,
    )
    return Entry(
        file=f"{name}.ipynb",
        digest="0" * 64,
        result=result,
        student=student or Student(name=name.title()),
        overrides=overrides,
    )


P, F, E, N = Status.PASSED, Status.FAILED, Status.ERROR, Status.NOT_ATTEMPTED

CLASS = (
    entry("ada", (P, P, P)),
    entry("bob", (P, F, P), mistake="second turned"),
    entry("cem", (F, F, N), overrides=(Override(points=4, question="first", reason="was ill"),)),
    entry("dee", (P, P, F), mistake="third turned"),
    entry("eve", (E, E, E)),
    entry("fay", (N, N, N), unreadable=True),
)

ATTACKS = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 2</script>",
    "<!--<script>",
    "]]><img src=x onerror='window.ran = 3'>",
    '"><svg onload="window.ran = 4">',
    "' onmouseover='window.ran = 5",
    "{{ 7 * 191 }}{% raw %}${window.ran = 6}",
    "javascript:window.ran=7",
    "<a href='javascript:window.ran=8'>ada</a>",
    "<iframe src='http://attacker.invalid/'></iframe><link rel=stylesheet href='//attacker.invalid/x.css'>",
    "<meta http-equiv=refresh content='0;url=http://attacker.invalid/'><base href='http://attacker.invalid/'>",
    "<style>@import url(http://attacker.invalid/y.css); * { display: none }</style>",
    "&lt;script&gt;window.ran = 9&lt;/script&gt;",
    "line\u2028separator\u2029and\u0085next",
    "\u202egnihtemos\u2066 \u200f",
    "nul\x00 bell\x07 escape\x1b[31m half\ud800 delete\x7f",
    "`<b>code</b>` and ``",
    "=HYPERLINK('http://attacker.invalid/')|[a](javascript:window.ran=10)",
    "z" + "\u0351" * 300,
    "long" * 20_000,
    "__proto__",
    "",
    " ",
)


def hostile(question: str = "first") -> list[Entry]:
    """Return a class of attackers: each text as a name, a reason, a feedback, everywhere."""
    return [
        entry(
            f"{place}{text}",
            (F, E, P),
            student=Student(id=text, name=text, email=text),
            overrides=(Override(points=1, question=question, reason=text),),
            mistake=text,
            text=text,
        )
        for place, text in enumerate(ATTACKS)
    ]


STOPPED = CaseVerdict(name="public", hidden=False, status=Status.ERROR, problem=ProblemKind.TIMEOUT)
