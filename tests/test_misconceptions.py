"""Misconceptions that cannot be meant as they stand, and how edits compose."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from autograder import master
from autograder.errors import AuthoringError
from autograder.explain import Explainer
from autograder.hints import _hints
from autograder.recognition import recognised
from autograder.variants import Variants

from .conftest import ROOT

MIXING = (ROOT / "tests" / "course" / "solutions" / "mixing.py").read_text()


def load(course: Path, *edits: tuple[str, str]) -> master.Master:
    text = MIXING
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (course / "solutions" / "mixing.py").write_text(text)
    return master.load("mixing", course)


NO_SCALING = 'old="scores / np.sqrt(X.shape[0])",\n            new="scores",'
LONG = "words " * 81
FEEDBACK = 'feedback=f"Your scores go into the softmax as they are, so that they are too large. {LOOK}"'


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            (NO_SCALING, NO_SCALING.replace("[0]", "[7]")),
            "`scores / np.sqrt(X.shape[7])` of misconception `no scaling` of question `mix` stands 0 times",
        ),
        (
            (NO_SCALING, 'old="scores",\n            new="X",'),
            "`scores` of misconception `no scaling` of question `mix` stands 2 times in the question's cells",
        ),
        ((NO_SCALING, 'old="",\n            new="X",'), "stands 0 times"),
        (
            (NO_SCALING, NO_SCALING.replace('new="scores"', 'new="scores ("')),
            "leaves nothing to judge: its edited code does not run",
        ),
        ((NO_SCALING, 'old="def mix(",\n            new="def mixed_up(",'), "leaves nothing to judge"),
        (
            (NO_SCALING, NO_SCALING.replace('new="scores"', 'new="1 * scores / np.sqrt(len(X))"')),
            "misconception `no scaling` of question `mix` changes the answer of no case",
        ),
        ((NO_SCALING, "function=lambda X, omega: mix(X, omega),"), "changes the answer of no case"),
        (
            (
                NO_SCALING,
                'edits=[("values = omega", "values = 1 + omega"), ("omega @ X", "omega.T @ X")],',
            ),
            "two edits of misconception `no scaling` of question `mix` overlap, one of them to `values = 1 + omega`",
        ),
        (
            ('step="scaling",\n            feedback=f"Your scores', 'step="size",\n            feedback=f"Your scores'),
            "costs step `size`, and the question has none of that name",
        ),
        (('"scaled by the number of tokens"', '"powers of two"'), "two misconceptions are called `powers of two`, in questions `softmax_cols` and `mix`"),
        (('step=["scores", "scaling"]', "step=[]"), "misconception `tokens returned` of question `mix` costs no step"),
        ((FEEDBACK, 'feedback="Too short."'), "has 2 words, not 20 to 80"),
        ((FEEDBACK, f'feedback="{LONG}"'), "has 81 words, not 20 to 80"),
        (
            (FEEDBACK, FEEDBACK.replace("{LOOK}", "Write scaled=scores /np.sqrt(X.shape[0]). {LOOK}")),
            "contains the solution `scaled=scores/np.sqrt(X.shape[0])`",
        ),
        ((NO_SCALING, NO_SCALING + ' function=print,'), "misconception `no scaling` is not said in one way"),
        ((NO_SCALING, 'old="scores",'), "is not said in one way"),
        ((NO_SCALING, ""), "is not said in one way"),
        (
            ('old="mix(X, omega)",\n            new="mix(X, omega.T)",', "function=print,"),
            "misconception `matrix transposed in the call` of question `mixed` is a function, and the question asks for variables",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(course: Path, edit: tuple[str, str], message: str) -> None:
    with pytest.raises(AuthoringError) as raised:
        load(course, edit)
    told = raised.value
    assert message in told.what
    assert told.where.startswith("solutions/mixing.py:") or "two misconceptions" in message
    assert told.next_step or "overlap" in message or "no step" in message


def test_edits_of_other_places_compose_and_those_of_one_place_do_not(course: Path) -> None:
    loaded = load(course)
    mix = next(question for question in loaded.assignment.questions if question.name == "mix")
    named = {each.id: each for each in mix.misconceptions}
    assert mix.variant is not None
    case = mix.cases[0]
    both = mix.variant((named["no scaling"], named["omega transposed"]))
    assert both is not None
    tokens, omega = case.arguments
    weights = loaded.assignment.questions[0].variant(())(tokens.T @ tokens)  # type: ignore[misc]
    assert both(tokens, omega) == pytest.approx(omega.T @ tokens @ weights)
    assert mix.variant((named["no scaling"], named["scaled by the number of tokens"])) is None
    turned = mix.variant((named["omega transposed"], named["result transposed"]))
    assert turned is not None
    assert turned(tokens, omega) == pytest.approx(mix.variant((named["omega transposed"],))(tokens, omega).T)


def test_a_rare_one_is_looked_for_by_itself_only(course: Path) -> None:
    def levels(loaded: master.Master, question: str) -> dict[str, list[tuple[str, ...]]]:
        asked = next(each for each in loaded.assignment.questions if each.name == question)
        table = Explainer(loaded.assignment).table(asked)
        fingerprints = table.fingerprints()
        return {
            level: [tuple(each.id for each in table._mistakes(row)) for row in fingerprints.all_of(level)]
            for level in fingerprints.levels
        }

    def where(found: dict[str, list[tuple[str, ...]]], name: str) -> set[str]:
        return {level for level, sets in found.items() if any(name in each for each in sets)}

    everywhere = {"own 1", "own 2", "own 3", "earlier and own"}
    assert where(levels(load(course), "mix"), "no scaling") == everywhere
    assert where(levels(load(course), "mix"), "powers of two") == {"earlier", "earlier and own"}
    rare = load(course, (NO_SCALING, f"{NO_SCALING}\n            rare=True,"))
    assert where(levels(rare, "mix"), "no scaling") == {"own 1"}
    assert where(levels(rare, "mix"), "omega transposed") == everywhere
    assert recognised(rare.assignment, question="mix")[1] == ()
    name = '"powers of two",'
    earlier = load(course, (name, f"{name}\n            rare=True,"))
    assert where(levels(earlier, "softmax_cols"), "powers of two") == {"own 1"}
    assert where(levels(earlier, "mix"), "powers of two") == {"earlier"}
    shown = [each.mistakes for each in _hints(earlier.assignment.questions[0], earlier.assignment)]
    assert [len(each) for each in shown if any(one.rare for one in each)] == [1]


def test_a_solution_is_matched_without_its_marks(course: Path) -> None:
    """Blocks and lines with marks: an edit may span them."""
    old = "scaled = scores / np.sqrt(X.shape[0])\\n    weights = softmax_cols(scaled)"
    loaded = load(course, (NO_SCALING, f'old="{old}",\n            new="weights = softmax_cols(scores)",'))
    mistake = next(each for each in loaded.assignment.misconceptions if each.id == "no scaling")
    assert "    scores = X.T @ X\n    weights = softmax_cols(scores)\n" in "\n".join(
        loaded.variants.sources((mistake,))
    )


def test_a_variant_prints_and_draws_nothing(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np

    loaded = load(
        course, ("mixed = mix(X, omega)  # SOLUTION", "mixed = mix(X, omega)  # SOLUTION\nprint(mixed)")
    )
    state = np.random.get_state()[1].tolist()  # type: ignore[union-attr,index]
    assert loaded.assignment.rerun is not None
    loaded.assignment.rerun(loaded.assignment.misconceptions[:1], None, "mixed")
    assert np.random.get_state()[1].tolist() == state  # type: ignore[union-attr,index]
    assert capsys.readouterr().out == ""


def test_threads_that_run_a_master_again_draw_its_own_numbers() -> None:
    source = "import time, numpy as np\nnp.random.seed(3)\ntime.sleep(0.02)\nnumber = np.random.normal()"
    variants = Variants([("number", source)], {})
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: variants.rerun((), None, "number")["number"], range(4)))
    assert drawn == [np.random.RandomState(3).normal()] * 4


def test_what_a_master_with_a_mistake_warns_of_is_not_heard() -> None:
    source = "import warnings\nwarnings.warn('old')\ndef f():\n    return 1"
    variants = Variants([("f", source)], {})
    variants.asks_for(frozenset(["f"]))
    function = variants.function("f", ())
    assert function is not None
    assert function() == 1
    assert "f" in variants.rerun((), None, "f")


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def test_where_an_edit_fits_is_told(course: Path) -> None:
    """The lines of the master, marks and all."""
    with pytest.raises(AuthoringError) as several:
        load(course, (NO_SCALING, 'old="scores",\n            new="X",'))
    lines = [line_of(MIXING, piece) for piece in ("scores = X", "scaled = scores / np.sqrt")]
    assert several.value.next_step.startswith(f"It stands on lines {lines[0]}, {lines[1]}. Copy it")
    with pytest.raises(AuthoringError) as none:
        load(course, (NO_SCALING, NO_SCALING.replace("scores / np.sqrt(X", "scores / numpy.sqrt(X")))
    like = f"Line {lines[1]} is most like it: `scaled = scores / np.sqrt(X.shape[0])`. Copy it"
    assert none.value.next_step.startswith(like)


def test_of_two_that_have_one_name_the_second_is_told(course: Path) -> None:
    with pytest.raises(AuthoringError) as raised:
        load(course, ('"scaled by the number of tokens"', '"powers of two"'))
    second = line_of(MIXING, '"scaled by the number of tokens"') - 1
    assert raised.value.where == f"solutions/mixing.py:{second}"
    first = line_of(MIXING, '"powers of two"') - 1
    assert raised.value.next_step.startswith(f"The other one is on line {first}.")
