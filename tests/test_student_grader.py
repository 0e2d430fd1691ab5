"""What runs in a student's notebook: its set-up cell, checks, hints and export, in Jupyter, on Colab and as a script."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from autograder import check_page, heat_maps, kit, set_up
from autograder.check_page import SIGNS, Page, see
from autograder.judge import Judge
from autograder.master import Master
from autograder.model import OwnTest
from autograder.submission import Submission, read_submission

pytestmark = pytest.mark.filterwarnings("ignore")  # Otter's own, and those of wrong answers

NAME = "multihead_attention"
HINTS = ("Sum what?", "Look at the *denominator* of `softmax_cols`.", "For (0, 0): 1/2 and 1/2.")


@pytest.fixture(scope="session")
def content(masters: dict[str, Master]) -> bytes:
    """The notebook as students get it, with hints."""
    return notebook_of(masters[NAME])


def notebook_of(loaded: Master, *, counted: bool = False) -> bytes:
    first, *others = loaded.assignment.questions
    asked = (replace(first, hints=HINTS), *(replace(each, hints=()) for each in others))
    notebook = json.loads(
        kit.student_notebook(replace(loaded, assignment=replace(loaded.assignment, questions=asked)))
    )
    notebook["metadata"]["true_values"]["count_hints"] = counted
    return json.dumps(notebook).encode()


def first_cell(content: bytes) -> str:
    """Return the code cell of a notebook that finds its grader."""
    sources = ("".join(cell["source"]) for cell in json.loads(content)["cells"])
    return next(source for source in sources if "find_grader" in source)


class Desk:
    """A folder with the notebook in it, and what a script with the notebook's cells defines."""

    def __init__(self, folder: Path, content: bytes, filename: str = f"{NAME}.ipynb") -> None:
        self.folder, self.path, self.first = folder, folder / filename, first_cell(content)
        self.path.write_bytes(content)
        self.env: dict[str, Any] = {"__name__": "__main__", "np": np}
        self.start()

    def start(self) -> None:
        """Run the notebook's first cell."""
        self.run(self.first)

    def run(self, source: str) -> None:
        exec(source, self.env)

    def check(self, question: str = "softmax_cols") -> Any:
        return self.env["grader"].check(question, self.env)


@pytest.fixture
def desk(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, content)


def words(page: Any) -> str:
    """Return what a page says, as a text: the same as what it says as HTML, but for pictures and numbers."""
    shown = re.sub(r"<details.*?</details>|<img[^>]*>", "", page._repr_html_(), flags=re.DOTALL)
    said = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", shown)).split())
    plain = re.sub(r"(yours|expected):\n( +\[.*\n)+", "", repr(page) + "\n")
    squeezed = re.sub(r"[\s`*]+", "", said)
    assert squeezed == re.sub(r"[\s`*]+", "", plain)
    return " ".join(plain.split())


# ---------------------------------------------------------------- what a check says

SOFTMAX = """
def softmax_cols(data_in):
    exp_values = np.exp(data_in - data_in.max(axis=0))
    denom = exp_values.sum(axis=0)
    weights = exp_values / denom
    return weights
"""
CASES = {
    "right": (
        SOFTMAX,
        "✓ softmax_cols: right on what is public",
        "Hidden cases, with other numbers and sizes, are run",
    ),
    "missing": ("", "○ softmax_cols: not there yet", "Try next: Run the cell that defines `softmax_cols`."),
    "blank": (
        "def softmax_cols(data_in):\n    exp_values = ...\n    denom = ...\n    weights = ...\n    return weights",
        "○ softmax_cols: not attempted",
        "Try next: Replace each `...` by your own code, run its cell",
    ),
    "none": (
        SOFTMAX.replace("return weights", "pass"),
        "✗ softmax_cols: not right yet",
        "is None: does the function end without a `return`? Try next: Let `softmax_cols` end with a `return`",
    ),
    "shape": (
        SOFTMAX.replace("return weights", "return weights[:, :5]"),
        "has shape (6, 5), expected (6, 6).",
        "Try next: Print the shape of each array on the way",
    ),
    "exception": (
        SOFTMAX.replace("exp_values / denom", "exp_values / denom[:, 1:]"),
        "It stops with IndexError: too many indices for array",
        "Try next: ",
    ),
    "sizes": (
        SOFTMAX.replace("exp_values / denom", "exp_values @ np.ones((5, 5))"),
        "It stops with ValueError: matmul",
        "Try next: Print the `.shape` of each array in",
    ),
    "named": (
        SOFTMAX.replace("/ denom", ""),
        "Your result holds exponentials, but not yet weights",
        "differs in 36 of 36 numbers, most at [",
    ),
    "unexplained": (
        SOFTMAX.replace("/ denom", "/ denom + data_in[::-1] ** 3 / 7"),
        "differs in 36 of 36 numbers, most at [",
        "Try next: Call `softmax_cols` with a few small numbers, compute each step by hand, and compare.",
    ),
    "no numbers": (
        SOFTMAX.replace("return weights", "return 'abc'"),
        "is a str that cannot be read as numbers.",
        "Try next: Print it, its `type`",
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_check_says_what_is_and_what_to_do(
    desk: Desk, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, *expected = CASES[kind]
    desk.run(source)
    page = desk.check()
    said = words(page)
    for text in expected:
        assert text in said, said
    assert said.count("Try next: ") == (kind != "right")
    assert ("Tried: `softmax_cols(data_in)` with `data_in` of shape (6, 6)." in said) == (
        kind not in ("missing", "blank")
    )
    assert ('Stuck? `grader.hint("softmax_cols", 1)` opens hint 1 of 3.' in said) == (kind != "right")
    assert "passed" not in said.lower()
    assert capsys.readouterr().out == f"{page}\n"


def test_a_half_filled_function_says_what_is_left(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jupyter keeps the source of cells; here, a file does."""
    (tmp_path / "mine.py").write_text(
        SOFTMAX.replace("exp_values.sum(axis=0)", "...").replace("exp_values / denom", "...")
    )
    monkeypatch.syspath_prepend(tmp_path)
    desk.run("import mine; mine.np = np; softmax_cols = mine.softmax_cols")
    said = words(desk.check())
    assert said.startswith("○ softmax_cols: not finished")
    assert "2 of 3 blanks are still there: `denom = ...`, `weights = ...`." in said
    assert "Try next: Fill in `denom = ...`, run its cell" in said


def test_the_line_that_raises_is_told(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "cell.py"
    path.write_text(SOFTMAX.replace("exp_values / denom", "exp_values @ np.ones((5, 5))"))
    exec(compile(path.read_text(), str(path), "exec"), desk.env)
    said = words(desk.check())
    assert "(in the line `weights = exp_values @ np.ones((5, 5))`)" in said
    assert (
        "Print the `.shape` of each array in `weights = exp_values @ np.ones((5, 5))`, right before it"
        in said
    )


def test_an_earlier_question_comes_first(desk: Desk) -> None:
    desk.run(SOFTMAX.replace("/ denom", "/ denom + data_in[::-1] ** 3 / 7"))
    assert desk.check().kind == "wrong"
    desk.run("X_prime = np.ones((8, 6)) * np.arange(6)")
    assert "Try next: Mend `softmax_cols` first: this may follow from it." in words(desk.check("X_prime"))


def test_a_mistake_that_follows_is_told_only_while_the_earlier_one_is_there(
    desk: Desk, masters: dict[str, Master]
) -> None:
    """What follows from a mistake in one question can follow from another one in the next, too."""
    (head,) = (cell for cell in kit.solved_cells(masters[NAME]) if "def multihead" in cell)
    desk.run(SOFTMAX.replace("axis=0", "axis=1, keepdims=True"))
    desk.run(head)
    said = words(desk.check("multihead_scaled_self_attention"))
    assert "Your result is one that follows from a mistake in `softmax_cols`. The result of" in said
    assert "Try next: Mend `softmax_cols` first" in said
    desk.run(SOFTMAX)
    assert desk.check("multihead_scaled_self_attention").kind == "right"
    desk.run(head.replace(" @ weights", " @ weights.T"))
    said = words(desk.check("multihead_scaled_self_attention"))
    assert "The attention weights meet the values the wrong way round" in said
    assert "softmax_cols" not in said


def test_an_unknown_question_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.check("softmax") is None
    assert (
        "There is no question `softmax`. There are: `softmax_cols`, `multihead_scaled_"
        in capsys.readouterr().out
    )


HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e</pre></div>" + "x" * 10_000


@pytest.mark.parametrize(
    "source",
    [
        "def softmax_cols(data_in):\n    raise ValueError(HOSTILE)",
        "def softmax_cols(data_in):\n    return type(HOSTILE, (), {})()",
        "def softmax_cols(data_in):\n    return [HOSTILE] * 6",
        "E = type('<script>E', (Exception,), {})\ndef softmax_cols(data_in):\n    raise E",
        "class A(np.ndarray):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return self * 0\n"
        "def softmax_cols(data_in):\n    return data_in.view(A)",
        "softmax_cols = HOSTILE",
    ],
)
def test_what_a_student_wrote_cannot_act_on_the_page(desk: Desk, source: str) -> None:
    desk.env["HOSTILE"] = HOSTILE
    desk.run(source)
    page = desk.check()
    shown, plain = page._repr_html_(), repr(page)
    assert page.kind == "wrong"
    for bad in ("<script", "\x1b", "\u202e", "</pre></div>x", "x" * 500):
        assert bad not in shown
        assert bad[0] == "<" or bad not in plain
    tags = re.findall(r"</?(\w+)", shown)
    assert set(tags) <= {"div", "p", "strong", "em", "code", "img", "details", "summary", "pre"}


def test_several_cases_are_told_one_by_one(
    masters: dict[str, Master], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = Desk.__new__(Desk)
    desk.env = {"__name__": "__main__", "np": np}
    (tmp_path / "self_attention.ipynb").write_bytes(kit.student_notebook(masters["self_attention"]))
    desk.run(kit.set_up_cell(masters["self_attention"]))
    right = {
        case.variable: case.expected
        for case in masters["self_attention"].assignment.questions[0].values
        if not case.hidden
    }
    desk.env |= right
    assert words(desk.check("queries_keys_values")).startswith("✓")
    desk.env["all_values"] = [each + np.arange(4.0).reshape(4, 1) for each in right["all_values"]]
    said = words(desk.check("queries_keys_values"))
    assert "Case “values of the notebook's tokens”." in said
    assert "`all_values` differs in 9 of 12 numbers, most in row 3 of item 0: " in said
    assert "Right so far: queries of the notebook's tokens; keys of the notebook's tokens." in said
    desk.env["all_keys"] = [...] * 3
    del desk.env["all_queries"], desk.env["all_values"]
    said = words(desk.check("queries_keys_values"))
    assert said.startswith("○ queries_keys_values: not there yet")
    assert "`all_queries` is not there." in said
    assert "`all_keys` is still `...`." in said


@pytest.mark.parametrize("message", ["Columns, please.", ""])
def test_an_instructors_own_test_is_told_without_clutter(
    masters: dict[str, Master], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    own = OwnTest(
        name="the sums",
        hidden=False,
        steps=(),
        parameters=("softmax_cols",),
        function=len,
        source=f"@test_case(name='the sums', hidden=False, failure_message={message or None!r})\n"
        "def own_test(softmax_cols):\n    assert softmax_cols(np.eye(2)).shape == (3, 3), 'not three'",
    )
    assignment = masters[NAME].assignment
    first, *others = assignment.questions
    asked = replace(assignment, questions=(replace(first, tests=(own,)), *others))
    desk = Desk(tmp_path, kit.student_notebook(replace(masters[NAME], assignment=asked)))
    desk.run(SOFTMAX)
    said = words(desk.check())
    told = f"{message} assert softmax_cols(np.eye(2)).shape == (3, 3), 'not three': AssertionError: not three"
    assert f"Case “the sums”. {told.strip()} Right so far: six rows, six columns. Try next: Call your" in said


# ---------------------------------------------------------------- pictures


def test_the_picture_is_told_in_words(desk: Desk) -> None:
    desk.run(SOFTMAX.replace("return weights", "weights[2] += 1\n    return weights"))
    shown = desk.check()._repr_html_()
    (image,) = re.findall(r'<img src="data:image/png;base64,([^"]+)" alt="([^"]+)"', shown)
    assert len(image[0]) < 30_000
    assert html.unescape(image[1]).startswith(
        "Heat maps of your result, the expected one, and their difference, of shape (6, 6): 6 of 36 numbers differ, "
        "all in row 2; outlined is the largest difference, at [2, "
    )


def test_without_matplotlib_there_is_no_picture(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    desk.run(SOFTMAX.replace("/ denom", ""))
    shown = desk.check()._repr_html_()
    assert "<img" not in shown
    assert "differs in 36 of 36 numbers" in shown


def test_large_arrays_are_not_drawn(desk: Desk) -> None:
    desk.run("def softmax_cols(data_in):\n    return np.ones((3000, 3000))")
    page = desk.check()
    assert "<img" not in page._repr_html_()
    assert "has shape (3000, 3000), expected (6, 6)." in words(page)


@pytest.mark.parametrize(
    ("yours", "expected"),
    [
        (np.full((6, 6), np.nan), np.eye(6)),
        (np.array([[np.inf, -np.inf, 1e300]]), np.ones((1, 3))),
        (np.zeros((2, 3)), np.zeros((2, 3)) + 1e-9),
        (np.ones((40, 3)), np.ones((40, 3)) * 2),
        (np.ones((2, 5)), np.ones((5, 2))),
        (np.arange(12.0).reshape(3, 4) * 1e7, np.ones((3, 4))),
    ],
)
def test_everything_can_be_drawn(yours: Any, expected: Any) -> None:
    assert heat_maps.picture(yours, expected).startswith(b"\x89PNG")


def test_a_students_figures_are_not_touched(desk: Desk) -> None:
    from matplotlib import pyplot

    figure = pyplot.figure()
    mpl.rcParams["figure.facecolor"] = "black"
    desk.run(SOFTMAX.replace("/ denom", ""))
    assert "<img" in desk.check()._repr_html_()
    assert pyplot.get_fignums() == [figure.number]
    pyplot.close(figure)
    mpl.rcdefaults()


def luminance(colour: Any) -> float:
    parts = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: Any, other: Any) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough_in_light_and_dark() -> None:
    """Text has no colour of its own but in pictures, which have a ground of their own; marks are seen on both."""
    for background in ("#ffffff", "#111111", "#1e1e1e"):
        for _, _, colour in SIGNS.values():
            assert contrast(colour, background) >= 3, (colour, background)
    assert contrast(heat_maps.INK, heat_maps.PAPER) >= 7
    for name in ("RdBu_r", "PuOr_r"):
        for level in np.linspace(-1, 1, 201):
            ground = mpl.colormaps[name]((level + 1) / 2)
            assert contrast(heat_maps.ink(ground), ground) >= 4.5, (name, level)


def test_nothing_on_the_page_has_a_colour_that_another_theme_hides(desk: Desk) -> None:
    desk.run(SOFTMAX.replace("/ denom", ""))
    shown = re.sub(r'src="[^"]*"', "", desk.check()._repr_html_())
    assert re.findall(r"#[0-9a-f]{3,6}\b|color|background", shown) == [SIGNS["wrong"][2]]


def test_arguments_of_several_lengths_are_shown() -> None:
    case = {"name": "counts", "arguments": {"texts": [[1, 2, 3], [4, 5]]}, "function": len, "vector": False}
    wrong = {
        "answer": None,
        "fitting": None,
        "expected": np.ones(2),
        "problem": "is None",
        "rtol": 0,
        "atol": 1,
    }
    seen = see({**case, **wrong}, "two texts")
    page = Page("counts", [("two texts", seen)])
    assert "`counts(texts)` with `texts`, a list of 2" in seen.tried
    assert "[1, 2, 3]" in page._repr_html_()
    assert "a list of 2" in repr(page)


# ---------------------------------------------------------------- hints


def test_hints_open_one_at_a_time(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    hint = desk.env["grader"].hint

    def told(*arguments: Any) -> str:
        hint(*arguments)
        return capsys.readouterr().out

    assert 'Open the one before first: `grader.hint("softmax_cols", 1)`.' in told("softmax_cols", 2)
    first = told("softmax_cols")
    assert HINTS[0] in first
    assert '`grader.hint("softmax_cols", 2)` opens the next.' in first
    assert told("softmax_cols") == told("softmax_cols", 1) == first
    second = told("softmax_cols", 2)
    assert HINTS[1] in second
    assert told("softmax_cols") == told("softmax_cols", 2) == second
    assert "opens hint 3 of 3." in repr(desk.check())
    capsys.readouterr()
    assert told("softmax_cols", 3).endswith(f"{HINTS[2]}\n")
    assert "Stuck?" not in repr(desk.check())
    capsys.readouterr()
    for wrong in (0, -1, 4, "1", 10**30):
        assert "has hints 1 to 3." in told("softmax_cols", wrong)
    assert "There are no hints for `X_prime`." in told("X_prime")
    assert "There are no hints for `no such`." in told("no such")


def test_counted_hints_say_so_before_the_first_one_opens(
    masters: dict[str, Master],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path, notebook_of(masters[NAME], counted=True))
    assert "opens hint 1 of 3: it is counted." in " ".join(repr(desk.check()).split())
    capsys.readouterr()
    for _ in range(2):
        desk.env["grader"].hint("softmax_cols")
        told = " ".join(capsys.readouterr().out.split())
        assert told.startswith("How many hints you open is counted")
        assert HINTS[0] not in told
    desk.env["grader"].hint("softmax_cols", 1)
    assert HINTS[0] in capsys.readouterr().out
    desk.env["grader"].hint("softmax_cols")
    assert HINTS[0] in capsys.readouterr().out


def test_hints_are_not_read_by_accident(content: bytes) -> None:
    for text in HINTS:
        assert text.encode() not in content


# ---------------------------------------------------------------- where the notebook is


def test_a_renamed_copy_works(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, masters: dict[str, Master]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "self_attention.ipynb").write_bytes(kit.student_notebook(masters["self_attention"]))
    (tmp_path / "broken.ipynb").write_text('{"true_values"')
    desk = Desk(tmp_path, content, f"{NAME} (1).ipynb")
    desk.run(SOFTMAX)
    assert desk.check().kind == "right"
    desk.env["grader"].export()
    (zipped,) = tmp_path.glob("*.zip")
    assert read_submission(zipped, "me", assignment=NAME).cells
    desk.path.rename(tmp_path / "mine.ipynb")
    assert desk.check().kind == "right"
    (tmp_path / "mine.ipynb").unlink()
    assert desk.check().kind == "right"


def test_the_notebook_that_is_open_is_packed(
    desk: Desk, content: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(desk.path, "copy.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(desk.folder / "copy.ipynb"))
    desk.start()
    desk.env["grader"].export()
    assert re.search(
        r"Hand in `copy_.*zip`: it holds `copy\.ipynb` as last\s+saved\.", capsys.readouterr().out
    )


def test_of_two_copies_the_one_that_holds_what_was_run_is_packed(
    desk: Desk, content: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = json.loads(content)
    notebook["cells"].append({"cell_type": "code", "source": SOFTMAX, "metadata": {}, "outputs": []})
    (desk.folder / "copy (1).ipynb").write_text(json.dumps(notebook))
    history = types.SimpleNamespace(input_hist_raw=["", SOFTMAX])
    shell = types.SimpleNamespace(history_manager=history, user_ns={}, transform_cell=lambda source: source)
    module = desk.env["grader"].check.__globals__
    monkeypatch.setitem(module, "get_ipython", lambda: shell)
    shown: list[dict[str, str]] = []
    monkeypatch.setitem(module, "publish_display_data", lambda data, _: shown.append(data))
    desk.env["grader"].export()
    assert "it holds `copy (1).ipynb` as last saved" in shown[-1]["text/plain"]
    history.input_hist_raw.append(SOFTMAX + "\n# changed since")
    desk.env["grader"].export()
    assert f"What is saved in `{NAME}.ipynb` is not what you have run" in shown[-1]["text/plain"]


def test_a_file_name_is_no_html(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, str]] = []
    module = desk.env["grader"].check.__globals__
    monkeypatch.setitem(module, "get_ipython", lambda: object())
    monkeypatch.setitem(module, "publish_display_data", lambda data, _: shown.append(data))
    desk.env["grader"]._say("Here.", 'a" onclick="x&y.zip')
    assert (
        'href="a%22%20onclick%3D%22x%26y.zip" download="a&quot; onclick=&quot;x&amp;y.zip"'
        in shown[0]["text/html"]
    )


@pytest.mark.parametrize("part", ["checks", "tests"])
def test_nothing_is_run_that_is_not_of_the_notebook_handed_out(
    desk: Desk, content: bytes, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither from a file that lies beside it and is called like it, nor from one that Jupyter names."""
    evil = "import pathlib; pathlib.Path('ran').write_text('')\n"
    notebook = json.loads(content)
    if part == "checks":
        notebook["metadata"]["true_values"]["checks"] = evil + notebook["metadata"]["true_values"]["checks"]
    else:
        notebook["metadata"]["otter"]["tests"] = {
            name: evil + source for name, source in notebook["metadata"]["otter"]["tests"].items()
        }
    desk.path.rename("mine.ipynb")
    (desk.folder / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    monkeypatch.setenv("JPY_SESSION_NAME", str(desk.folder / f"{NAME}.ipynb"))
    desk.start()
    desk.run(SOFTMAX)
    assert desk.check().kind == "right"
    assert not Path("ran").exists()
    Path("mine.ipynb").unlink()
    desk.start()
    desk.run("grader.check('softmax_cols')")
    assert not Path("ran").exists()


@pytest.mark.parametrize("damage", ["gone", "stripped", "not JSON"])
def test_without_the_notebook_each_check_says_what_to_do(
    desk: Desk, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if damage == "gone":
        desk.path.unlink()
    else:
        desk.path.write_text("{" if damage == "not JSON" else json.dumps({"cells": [], "metadata": {}}))
    desk.start()
    for call in ("check('softmax_cols')", "check_all()", "hint('softmax_cols', 1)", "export()"):
        desk.run(f"grader.{call}")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{NAME}.ipynb is not in this folder, or has lost its checks: download it again."] * 4


def test_without_otter_it_says_what_to_install(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "otter", None)
    desk.start()
    desk.check()
    assert capsys.readouterr().out.count("%pip install -q otter-grader") == 2


def test_other_tests_beside_it_do_no_harm(desk: Desk) -> None:
    (desk.folder / "tests").mkdir()
    desk.run(SOFTMAX)
    assert desk.check().kind == "right"


def test_a_folder_that_cannot_be_written_to_does_no_harm(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from otter.check.logs import LogEntry

    def refuse(*_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(LogEntry, "flush_to_file", refuse)
    desk.start()
    desk.run(SOFTMAX)
    assert desk.check().kind == "right"


def test_plain_otter_works_too(desk: Desk) -> None:
    from otter import Notebook

    desk.run(SOFTMAX.replace("/ denom", ""))
    told = Notebook(desk.path.name).check("softmax_cols", desk.env).summary()
    assert "the result of `softmax_cols` is wrong, most at [" in told
    desk.run(SOFTMAX)
    told = Notebook(desk.path.name).check("softmax_cols", desk.env).summary()
    assert "Hidden cases, with other numbers and sizes, are run when you hand in." in told


def test_in_stock_otters_grading_it_is_as_otter_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from otter import Notebook

    monkeypatch.setattr(Notebook, "_grading_mode", True)
    desk.run(SOFTMAX)
    assert desk.check().passed_all
    desk.env["grader"].export()
    assert capsys.readouterr().out == ""
    assert not list(desk.folder.glob("*.zip"))


def test_it_works_on_colab(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There, the notebook is no file, and Otter takes tests from files alone."""
    import IPython
    import otter.check.utils

    monkeypatch.chdir(tmp_path)
    shown: list[dict[str, str]] = []
    shell = type("Shell", (), {"__str__": lambda _: "<google.colab._shell.Shell>", "user_ns": {}})()
    message = types.SimpleNamespace(blocking_request=lambda *_, **__: {"ipynb": json.loads(content)})
    for name in ("google", "google.colab", "google.colab._message"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["google.colab"]._message = message  # type: ignore[attr-defined]
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr(otter.check.utils, "get_ipython", lambda: shell)
    monkeypatch.setattr(IPython.display, "publish_display_data", lambda data, _: shown.append(data))
    env: dict[str, Any] = {"__name__": "__main__", "np": np}
    exec(first_cell(content) + SOFTMAX, env)
    assert env["grader"].check("softmax_cols", env).kind == "right"
    assert env["grader"].check("X_prime", env).kind == "missing"
    env["grader"].export()
    assert shown[-1]["text/plain"] == "Choose File > Download > Download .ipynb, and hand in that file."
    assert not list(tmp_path.glob("*.zip"))
    plain = otter.Notebook(f"{NAME}.ipynb").check("softmax_cols", env)
    assert plain.passed_all


# ---------------------------------------------------------------- as a script


def script(loaded: Master, solved: bool) -> str:
    """Return the notebook as Jupyter exports it as a Python file."""
    cells = [
        "".join(cell["source"])
        for cell in json.loads(kit.student_notebook(loaded))["cells"]
        if cell["cell_type"] == "code"
    ]
    if solved:
        blanks = dict(zip(kit.student_cells(loaded), kit.solved_cells(loaded), strict=True))
        cells = [blanks.get(cell, cell) for cell in cells]
    return "#!/usr/bin/env python\n# coding: utf-8\n" + "".join(f"\n# In[ ]:\n\n\n{cell}\n" for cell in cells)


@pytest.mark.parametrize("solved", [True, False])
def test_a_script_prints_what_the_notebook_shows(
    masters: dict[str, Master], content: bytes, tmp_path: Path, solved: bool
) -> None:
    (tmp_path / f"{NAME}.ipynb").write_bytes(content)
    (tmp_path / f"{NAME}.py").write_text(script(masters[NAME], solved))
    done = subprocess.run(
        [sys.executable, f"{NAME}.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    heading = "✓ {}: right on what is public" if solved else "○ {}: not attempted"
    for question in masters[NAME].assignment.questions:
        assert done.stdout.count(heading.format(question.name)) == 1, done.stdout
    assert done.stdout.count("Hand in `") == 1


def test_a_script_alone_says_what_is_missing(masters: dict[str, Master], tmp_path: Path) -> None:
    (tmp_path / "alone.py").write_text(script(masters[NAME], True))
    done = subprocess.run(
        [sys.executable, "alone.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(f"{NAME}.ipynb is not in this folder") == 4


# ---------------------------------------------------------------- in Jupyter


def test_in_jupyter_hints_are_marked_and_what_is_not_saved_is_told(content: bytes, tmp_path: Path) -> None:
    notebook: Any = nbformat.reads(content.decode(), as_version=4)
    new = nbformat.v4.new_code_cell
    cells = [
        first_cell(content),
        SOFTMAX,
        'grader.hint("softmax_cols", 1)',
        "grader.export()",
        "x = softmax_cols(1, 2)",
    ]
    notebook.cells = [new(source) for source in ("import numpy as np", *cells)]
    nbformat.write(notebook, tmp_path / f"{NAME}.ipynb")
    notebook.cells[2].source += "\n# changed since"
    notebook.cells[2].source = notebook.cells[2].source.replace("axis=0", "axis=-2")
    client = NotebookClient(
        notebook, resources={"metadata": {"path": str(tmp_path)}}, allow_errors=True, timeout=120
    )
    client.execute()
    (hint,) = notebook.cells[3].outputs
    assert hint.metadata == {"true_values": {"hint": ["softmax_cols", 1]}}
    assert HINTS[0] in hint.data["text/markdown"]
    (told,) = notebook.cells[4].outputs
    assert f"What is saved in `{NAME}.ipynb` is not what you have run. Save" in told.data["text/plain"]
    assert not list(tmp_path.glob("*.zip"))
    nbformat.write(notebook, tmp_path / f"{NAME}.ipynb")
    notebook.cells[3].source = 'grader.hint("softmax_cols", 2)'
    client = NotebookClient(
        notebook, resources={"metadata": {"path": str(tmp_path)}}, allow_errors=True, timeout=120
    )
    client.execute()
    assert HINTS[1] in notebook.cells[3].outputs[0].data["text/markdown"]
    assert "Hand in `" in notebook.cells[4].outputs[0].data["text/plain"]


# ---------------------------------------------------------------- while it is graded


@pytest.mark.parametrize(
    "edit",
    [lambda cell: cell, lambda cell: cell.replace("\n\n\n", "\nlost = 1\n\n", 1)],
    ids=["as given", "edited"],
)
def test_the_set_up_cell_changes_no_result(
    judges: dict[str, Judge], masters: dict[str, Master], tmp_path: Path, edit: Callable[[str], str]
) -> None:
    loaded = masters[NAME]
    wrong = [cell.replace("axis=0", "axis=1") for cell in kit.solved_cells(loaded)]
    calls = [
        'grader.check("softmax_cols")',
        'grader.hint("softmax_cols", 1)',
        "grader.export()",
        "grader.check_all()",
    ]
    path = tmp_path / "me.py"
    path.write_text("\n# %%\n".join([edit(kit.set_up_cell(loaded)), *wrong, *calls]))
    result = judges[NAME].judge(read_submission(path, "me", assignment=NAME))
    plain = judges[NAME].judge(Submission(name="me", cells=tuple(wrong)))
    same = (plain.verdicts, plain.remarks, plain.concerns)
    assert (result.verdicts, result.remarks, result.concerns) == same
    assert (result.printed == plain.printed) == ("lost = 1" not in path.read_text())


def test_what_follows_the_set_up_in_its_cell_keeps_its_line(content: bytes) -> None:
    source = f"x = 1\n{first_cell(content)}\ny = 2"
    found = set_up.left_out(source)
    assert found.split("\n")[-1] == source.split("\n")[-1]
    assert found.count("\n") == source.count("\n")
    assert "exec" not in found
    other_version = source.replace("download it again", "ask for it")
    assert set_up.left_out(other_version) == found
    for added in ("import numpy as np\n", "def softmax(x):\n    return x\n"):
        mixed = source.replace("import types\n", f"import types\n{added}")
        assert set_up.left_out(mixed) == mixed
    lines = "# Run this cell first: it\n" + "import json\n" * 200_000
    assert set_up.left_out(f"{lines}find_grader") == f"{lines}find_grader"


def test_the_source_needs_nothing_of_this_package(content: bytes) -> None:
    source = json.loads(content)["metadata"]["true_values"]["checks"]
    assert source == kit.checks()
    assert "autograder" not in source
    assert all(f"def {name}" in source for name in ("start", "see", "picture", "named"))
    assert check_page.HIDDEN_REMAIN in source
