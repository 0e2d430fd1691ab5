"""What an author is told that is no fault: lines given away, edits that overlap; and what excuses a leak."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import build, master, skeleton
from autograder.cli import main
from autograder.errors import AuthoringError
from autograder.remarks import edited_though_given, overlapping
from autograder.verify import leaks

TEXT = """\
# %% [markdown]
# # Spread

# %% tags=["given"]
import numpy as np

# %% question="spread"
def spread(X):
    mean = np.mean(X)  # SOLUTION
    # BEGIN SOLUTION
    square = np.mean((X - mean) ** 2)
    # END SOLUTION
    \"\"\" # BEGIN PROMPT
    square = ...
    \"\"\"; # END PROMPT
    result = np.sqrt(square + 0.5)  # SOLUTION
    return result

# %%
from autograder import author
author.assignment("Spread", environment=["numpy"])
FEEDBACK = "Your result is not what is asked for. " + "Look at the numbers once more, " * 4
def wrong(name, old, new):
    return author.misconception(name, old=old, new=new, step="all", feedback=FEEDBACK)
author.question(
    "spread",
    steps=[author.step("all", 1)],
    cases=[
        author.case("own", hidden=False, args=(np.arange(4.0),)),
        author.case("other", hidden=True, args=lambda rng: (rng.normal(size=5),)),
    ],
    misconceptions=[
        wrong("median", "np.mean(X)", "np.median(X)"),
        wrong("nothing added", "np.sqrt(square + 0.5)", "np.sqrt(square)"),
        wrong("no root", "np.sqrt(square + 0.5)", "(square + 0.5)"),
        wrong("result negative", "return result", "return -result"),
    ],
    given=[],
)
"""
MARK = "  # SOLUTION"


def load(course: Path, *edits: tuple[str, str]) -> master.Master:
    text = TEXT
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (course / "solutions" / "spread.py").write_text(text)
    return master.load("spread", course)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("    mean = np.mean(X)", ["median"]),
        ("    result = np.sqrt(square + 0.5)", ["nothing added", "no root"]),
    ],
)
def test_a_mark_that_is_missing_is_told(line: str, names: list[str], course: Path) -> None:
    """What does not compute anything, as `return result`, is given in most notebooks."""
    assert list(edited_though_given(load(course))) == []
    loaded = load(course, (f"{line}{MARK}", line))
    number = 9 if "mean" in line else 16
    (told,) = edited_though_given(loaded)
    assert told.startswith(f"solutions/spread.py:{number}: students are given `{line.strip()}`")
    where = {name: TEXT[: TEXT.index(f'wrong("{name}"')].count("\n") + 1 for name in names}
    assert (
        f"which is all that misconceptions edit: {', '.join(f'`{name}` (line {where[name]})' for name in names)}\n"
        in told
    )
    run = CliRunner().invoke(main, ["build", "--course", str(course)])
    assert f"spread.py:{number}: students are given" in run.output
    excuse = f"given=[author.given({line.strip()!r}, reason='so')]"
    assert list(edited_though_given(load(course, (f"{line}{MARK}", line), ("given=[]", excuse)))) == []


def test_pairs_that_overlap_are_told(course: Path) -> None:
    (told,) = overlapping(load(course))
    assert told.startswith("1 pair of misconceptions edits the same piece")
    assert "`nothing added` and `no root`" in told
    narrow = ('"np.sqrt(square + 0.5)", "np.sqrt(square)"', '"square + 0.5", "square"')
    root = ('"np.sqrt(square + 0.5)", "(square + 0.5)"', '"np.sqrt", ""')
    assert list(overlapping(load(course, narrow, root))) == []


def test_pairs_that_change_the_same_words_are_not_told(course: Path) -> None:
    both = ('"np.sqrt(square + 0.5)", "(square + 0.5)"', '"square + 0.5", "square + 0.25"')
    assert list(overlapping(load(course, both))) == []


def test_what_students_may_read_is_no_leak(course: Path) -> None:
    import_ = (
        "import numpy as np\n",
        "import numpy as np\n\ndef other(square):\n    return np.sqrt(square+0.5)\n",
    )
    (told,) = leaks(load(course, import_))
    assert "students can read `np.sqrt(square+0.5)` in cell" in told
    assert told.endswith('given=[author.given("np.sqrt(square+0.5)", reason="...")]')
    excuse = ("given=[]", 'given=[author.given("np.sqrt( square + 0.5 )", reason="as in the book")]')
    assert list(leaks(load(course, import_, excuse))) == []
    hinted = ("given=[]", 'hints=["Look at np.sqrt(square + 0.5) in the text."], given=[]')
    with pytest.raises(AuthoringError, match="hint 1 of question `spread` contains the solution"):
        load(course, hinted)
    both = ("given=[]", f"{hinted[1].removesuffix('given=[]')} {excuse[1]}")
    assert list(leaks(load(course, both))) == []


def test_what_is_given_is_a_part_of_the_question(course: Path) -> None:
    with pytest.raises(
        AuthoringError, match="`np.sqrt\\(cube\\)`, which `author.given` names, is no part"
    ) as caught:
        load(course, ("given=[]", 'given=[author.given("np.sqrt(cube)", reason="so")]'))
    assert caught.value.where == "solutions/spread.py:38"
    with pytest.raises(AuthoringError, match="has no line, or no reason"):
        load(course, ("given=[]", 'given=[author.given("np.mean(X)", reason=" ")]'))


def test_packed_data_is_left_out_of_what_differs(course: Path) -> None:
    text = skeleton.skeleton("units", "Units")
    path = course / "solutions" / "units.py"
    path.write_text(text)
    list(build.build(master.load("units", course), course))
    path.write_text(text.replace("you subtract the mean", "you take away the mean"))
    assert build.out_of_date(master.load("units", course), course) == [
        "assignments/units/units.ipynb is out of date: run `autograder build units`\n    packed data differs"
    ]
    path.write_text(
        text.replace("you subtract the mean", "you take away the mean").replace("# # Units", "# # Lengths")
    )
    (problem,) = build.out_of_date(master.load("units", course), course)
    assert '    +    "# Lengths' in problem
    assert "packed data differs" in problem
    assert max(map(len, problem.split("\n"))) < 110
