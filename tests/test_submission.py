"""Files as students hand them in: what can be read is read, what cannot is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder import submission
from autograder.errors import SubmissionError
from autograder.submission import read_submission


def code(source: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source}


@pytest.mark.parametrize(
    "notebook",
    [
        {"cells": [code("x = 1")]},
        {"nbformat": 4, "cells": [code(["x =", " 1"])]},
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": None,
            "cells": [{**code("x = 1"), "id": 3, "outputs": None}],
        },
        {
            "nbformat": "?",
            "cells": ["odd", None, {"cell_type": "markdown", "source": "# text"}, {}, code(3), code("x = 1")],
        },
        {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1", "outputs": []}]}]},
    ],
)
def test_notebooks_need_little(tmp_path: Path, notebook: Any) -> None:
    path = tmp_path / "ada.ipynb"
    path.write_text(json.dumps(notebook))
    read = read_submission(path)
    assert (read.name, read.cells) == ("ada", ("x = 1",))


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "ada.ipynb"
    path.write_text(json.dumps({"cells": [code("x = 'ä'")]}, ensure_ascii=False), encoding="utf-8-sig")
    assert read_submission(path).cells == ("x = 'ä'",)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("x = 1\n\ny = 2\n", 1),
        ("# %%\nx = 1\n# %% [markdown]\n# text\n# %%\ny = 2\n", 2),
        (
            "#!/usr/bin/env python\n# coding: utf-8\n\n# # Title\n\n# In[1]:\n\nx = 1\n\n# In[ ]:\n\ny = 2\n",
            3,
        ),
    ],
)
def test_scripts_are_split_where_they_say_so(tmp_path: Path, text: str, cells: int) -> None:
    path = tmp_path / "ada.py"
    path.write_text(text)
    read = read_submission(path).cells
    assert len(read) == cells
    namespace: dict[str, Any] = {}
    exec("\n".join(read), namespace)
    assert (namespace["x"], namespace["y"]) == (1, 2)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ipynb", b"", "the file is empty"),
        ("a.ipynb", b'{"cells": [', "not valid JSON: .* at line 1"),
        ("a.ipynb", b"[1]", "not a notebook"),
        ("a.ipynb", b'{"cells": 3}', "not a notebook"),
        ("a.ipynb", b"[" * 100_000, "not a notebook that can be read"),
        ("a.ipynb", b"\xff\xfe\x00", "not text in UTF-8"),
        ("a.ipynb", b'{"worksheets": [{"cells": [3]}]}', "old format cannot be upgraded"),
        ("a.py", b"\xff", "not text in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SubmissionError, match=message) as caught:
        read_submission(path)
    assert caught.value.where == name


def test_a_file_may_be_gone_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="there is no such file"):
        read_submission(tmp_path / "gone.ipynb")
    with pytest.raises(SubmissionError, match="there is no such file"):
        read_submission(tmp_path)


def test_a_file_may_be_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n" * 100)
    monkeypatch.setattr(submission, "MAX_CODE", 100)
    with pytest.raises(SubmissionError, match="of code"):
        read_submission(path)
    monkeypatch.setattr(submission, "MAX_BYTES", 100)
    with pytest.raises(SubmissionError, match="the file is larger than"):
        read_submission(path)
