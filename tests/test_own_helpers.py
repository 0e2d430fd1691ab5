"""A student's helper keeps its name, whatever a cell that was given makes of it."""

from __future__ import annotations

from autograder.judge import Judge
from autograder.master import Master
from autograder.model import Status
from autograder.own_helpers import with_own_helpers
from autograder.submission import Submission

LOOP = "for step in range(3):\n    print(step)"
TEMPLATE = ("import numpy as np", "def f(x):\n    ...", LOOP, "rate = 2")
HELPED = "def step(x):\n    return x + 1\n\n\ndef f(x):\n    return step(x)"


def ran(sources: tuple[str, ...]) -> dict[str, object]:
    names: dict[str, object] = {}
    for source in sources:
        exec(source, names)
    return names


def test_a_function_is_there_again_when_a_given_cell_took_its_name() -> None:
    helped = (TEMPLATE[0], HELPED, *TEMPLATE[2:])
    assert not callable(ran(helped)["step"])
    kept = with_own_helpers(helped, TEMPLATE)
    assert [new.startswith(old) for old, new in zip(helped, kept, strict=False)] == [True] * 4
    assert ran(kept)["f"](1) == 2  # type: ignore[operator]


def test_a_lambda_and_an_indented_copy_of_the_given_cell_count_too() -> None:
    helped = ("rate = lambda x: x", HELPED, f"\n{TEMPLATE[3]}\n")
    assert ran(with_own_helpers(helped, TEMPLATE))["rate"](7) == 7  # type: ignore[operator]


def test_what_students_do_themselves_stays() -> None:
    for sources in (
        (TEMPLATE[0], HELPED.replace("step", "own"), *TEMPLATE[2:]),  # no given cell takes it
        (TEMPLATE[0], HELPED, "step = 4"),  # the student took it
        (LOOP, HELPED, "rate = 2"),  # it came before
        (HELPED, LOOP, HELPED),  # it was made again
        ("step = (", LOOP),
        (),
    ):
        assert with_own_helpers(sources, TEMPLATE) == sources


def test_a_function_that_was_never_made_is_not_missed() -> None:
    assert ran(with_own_helpers((f"if False:\n    pass\n{HELPED}", LOOP), TEMPLATE))["f"](1) == 2  # type: ignore[operator]
    kept = with_own_helpers((HELPED, LOOP), TEMPLATE)
    assert ran(("", *kept[1:]))["step"] == 2


def test_a_right_answer_with_such_a_helper_gets_its_points(
    masters: dict[str, Master], judges: dict[str, Judge]
) -> None:
    name, question = "backpropagation", "hidden_gradient"
    helped = """
def step(A):
    return np.where(A > 0, 1.0, 0.0)


def hidden_gradient(d_F, omega_2, A):
    return np.multiply(np.dot(omega_2.T, d_F), step(A))
"""
    asked = [cell for cell in masters[name].cells if cell.role in ("given", "question")]
    assert any("for step in" in cell.source for cell in asked if cell.role == "given")
    sources = [helped if cell.question == question else cell.source for cell in asked]
    result = judges[name].judge(Submission(name="helped", cells=tuple(sources)))
    assert result.status is Status.PASSED
