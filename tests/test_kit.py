"""What students get: a valid notebook without solutions, whose checks work with NumPy and Otter alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from autograder import kit, master
from autograder.compare import compare
from autograder.model import CallCase, Question, Step, Tolerance
from autograder.otter_files import public_tests
from autograder.verify import leaks

from .conftest import ROOT

NAMES = master.master_names(ROOT)


@pytest.fixture(params=NAMES)
def loaded(request: pytest.FixtureRequest, masters: dict[str, master.Master]) -> master.Master:
    return masters[request.param]


def test_it_is_a_valid_notebook(loaded: master.Master) -> None:
    content = kit.student_notebook(loaded)
    notebook = nbformat.reads(content.decode(), as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert all(
        not cell.outputs and cell.execution_count is None
        for cell in notebook.cells
        if cell.cell_type == "code"
    )


def test_building_twice_gives_the_same_bytes(loaded: master.Master) -> None:
    again = master.load(loaded.assignment.name, loaded.path.parent.parent)
    assert kit.student_notebook(loaded) == kit.student_notebook(again)


def test_an_edit_keeps_the_ids_of_other_cells(masters: dict[str, master.Master], course: Path) -> None:
    path = masters["self_attention"].path
    text = path.read_text().replace("# ## The inputs", "# New.\n\n# %% [markdown]\n# ## The inputs")
    (course / "solutions" / "self_attention.py").write_text(text)
    edited = json.loads(kit.student_notebook(master.load("self_attention", course)))
    original = json.loads(kit.student_notebook(masters["self_attention"]))
    assert {cell["id"] for cell in original["cells"]} - {cell["id"] for cell in edited["cells"]} == set()


def test_no_solution_and_nothing_private_leaves(loaded: master.Master) -> None:
    text = kit.student_notebook(loaded).decode()
    assert list(leaks(loaded)) == []
    assert "SOLUTION" not in text
    assert "author" not in text
    assert "hidden=True" not in text
    for question in loaded.assignment.questions:
        for case in (*question.cases, *question.values):
            if case.hidden:
                assert case.name not in text.replace("the notebook's", "")


def test_a_leak_is_found(masters: dict[str, master.Master], course: Path) -> None:
    text = masters["self_attention"].path.read_text()
    given = (
        '# %% tags=["given"]\ndef other(omega_q, x, beta_q):\n    return (omega_q @ x\n      + beta_q)\n\n'
    )
    (course / "solutions" / "self_attention.py").write_text(
        text.replace("# %% [markdown]\n# ## 2.", given + "# %% [markdown]\n# ## 2.")
    )
    assert list(leaks(master.load("self_attention", course))) == [
        "question `queries_keys_values`: students can read `omega_q@x+beta_q` in cell 10 (spaces left out): use other "
        "names there, or hide it\n  If students may read it, say so in the question, with the line as it stands there:\n"
        '  given=[author.given("omega_q@x+beta_q", reason="...")]'
    ]


def executed(loaded: master.Master, folder: Path, cells: dict[str, str]) -> Any:
    """Return the student's notebook after it was run in a real Jupyter kernel, with blanks filled."""
    name = loaded.assignment.name
    notebook: Any = nbformat.reads(kit.student_notebook(loaded).decode(), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for blank, code in cells.items():
                cell.source = cell.source.replace(blank, code)
    nbformat.write(notebook, folder / f"{name}.ipynb")
    client = NotebookClient(
        notebook, resources={"metadata": {"path": str(folder)}}, allow_errors=True, timeout=120
    )
    client.execute()
    return notebook


def shown(notebook: Any, source: str, kind: str = "text/plain") -> str:
    """Return what the cell with this source shows."""
    (cell,) = (cell for cell in notebook.cells if cell.source == source)
    texts = []
    for output in cell.outputs:
        assert output.output_type != "error", output
        texts += [output.text] if "text" in output else [str(output.data[kind])]
    return " ".join(" ".join(texts).split())


@pytest.mark.filterwarnings("ignore")
def test_the_checks_work_in_jupyter(loaded: master.Master, tmp_path: Path) -> None:
    """Untouched, the checks say what to do; filled in from the master, they pass and say what remains."""
    untouched = executed(loaded, tmp_path, {})
    assert not [
        output
        for cell in untouched.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    for question in loaded.assignment.questions:
        for kind in ("text/plain", "text/html"):
            text = shown(untouched, f'grader.check("{question.name}")', kind)
            assert ": not attempted" in text, text
            assert "Replace each" in text
    solved = {
        kit._for_students(cell, loaded): cell.source for cell in loaded.cells if cell.role == "question"
    }
    filled = executed(loaded, tmp_path, solved)
    for question in loaded.assignment.questions:
        for kind in ("text/plain", "text/html"):
            text = shown(filled, f'grader.check("{question.name}")', kind)
            assert ": right on what is public" in text, text
            assert "Hidden cases, with other numbers and sizes" in text
            assert "passed" not in text


@pytest.mark.filterwarnings("ignore")
def test_the_checks_tell_what_is_wrong(masters: dict[str, master.Master], tmp_path: Path) -> None:
    wrong = {
        "exp_values = ...": "exp_values = data_in * 2",
        "denom = ...": "denom = 1",
        "weights = ...\n    return": "weights = exp_values / denom\n    return",
    }
    notebook = executed(masters["multihead_attention"], tmp_path, wrong)
    text = shown(notebook, 'grader.check("softmax_cols")')
    assert "differs in 36 of 36 numbers, most at [1, 0]: 12, expected 0.63604." in text, text


@pytest.mark.filterwarnings("ignore")
def test_the_checks_name_the_mistake_first(masters: dict[str, master.Master], tmp_path: Path) -> None:
    loaded = masters["multihead_attention"]
    wrong = {
        kit._for_students(cell, loaded): cell.source.replace(" @ weights", " @ weights.T")
        for cell in loaded.cells
        if cell.role == "question"
    }
    notebook = executed(loaded, tmp_path, {**wrong, "grader.export()": "grader.check_all()"})
    mistake = next(each for each in loaded.assignment.misconceptions if each.id == "weights transposed")
    first = mistake.feedback.split(": ")[0]
    for source in ('grader.check("multihead_scaled_self_attention")', "grader.check_all()"):
        text = shown(notebook, source)
        told = text[text.index("multihead_scaled_self_attention: not right yet") :]
        assert told.index(first) < told.index("differs in 48 of 48") < told.index("Try next: "), text
    text = shown(notebook, 'grader.check("X_prime")')
    assert "Your result is one that follows from a mistake in `multihead_scaled_self_attention`. " in text
    assert "Try next: Mend `multihead_scaled_self_attention` first: this may follow from it." in text


A = np.array([[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]])
ANSWERS = [
    (A, True),
    (A.tolist(), True),
    (A.astype(np.float32), True),
    (A.astype(object), True),
    ((A, np.eye(3)), True),
    ([np.eye(3), A], True),
    (A * (1 + 1e-8), True),
    ((A + 1, A), False),
    (A * 1.001, False),
    (A.T, False),
    (A + 0j, False),
    (A * np.nan, False),
    (None, False),
    (..., False),
    ("A", False),
    ([], False),
    (1.0, False),
    ({"A": 1}, False),
]


@pytest.mark.parametrize("number", range(len(ANSWERS)))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_check_and_the_judge_agree(number: int) -> None:
    """What `grader.check` accepts in a notebook is what the judge accepts, and the other way round."""
    answer, right = ANSWERS[number]
    step = Step(name="all", points=1)
    case = CallCase(
        name="a", hidden=False, steps=("all",), arguments=(), sizes=(), expected=A, tolerance=Tolerance()
    )
    source = public_tests(Question(name="f", steps=(step,), cases=(case,)))
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    told = namespace["difference"](answer, A, rtol=1e-6, atol=1e-8)
    assert (told == "") is right, told
    assert (compare(answer, A, Tolerance())[0] is None) is right
