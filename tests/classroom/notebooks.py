"""The student's notebook, filled in: from the sources of its cells to the bytes of an `.ipynb` file."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from autograder import kit, master
from autograder.model import Mistakes

ROOT = Path(__file__).resolve().parents[2]

Cells = list[tuple[str, str]]
"""Code cells: the question that each answers, or none, and its source."""

LOCALS: dict[str, dict[str, tuple[str, ...]]] = {
    "multihead_attention": {
        "exp_values": ("exps", "e", "numerator", "exp_z"),
        "denom": ("total", "col_sums", "norm", "bottom"),
        "weights": ("attn", "alpha", "attention", "w"),
        "dot_products": ("dots", "qk", "raw", "products"),
        "scores": ("scaled", "s", "logits", "similarity"),
        "heads": ("outputs", "outs", "head_list", "parts"),
        "head": ("out", "sa", "head_out", "one_head"),
        "all_heads": ("stacked", "concat", "multi", "together"),
        "Q": ("queries", "q"),
        "K": ("keys", "k"),
        "V": ("values", "v"),
    },
    "self_attention": {
        "exponentials": ("exps", "e", "numerator"),
        "items_out": ("out", "result", "probs"),
        "all_km_qn": ("dots", "products", "km_qn"),
        "dot_products": ("scores", "raw", "qk"),
        "scaled_dot_products": ("scaled", "logits", "s"),
        "Q": ("queries", "q_mat"),
        "K": ("keys", "k_mat"),
        "V": ("values", "v_mat"),
    },
}
"""What students call the variables of the template that are theirs to rename."""


class Template:
    """An assignment as students get it, and its solution, to make mistakes in."""

    def __init__(self, name: str) -> None:
        """Read an assignment of this repository."""
        self.name = name
        self.master = master.load(name, ROOT)
        self.assignment = self.master.assignment
        self.questions = [question.name for question in self.assignment.questions]
        self._text = (ROOT / "assignments" / name / f"{name}.ipynb").read_text()

    @cached_property
    def untouched(self) -> Cells:
        """The cells as they are handed out."""
        questions = [cell.question for cell in self.master.variants.cells]
        return list(zip(questions, kit.student_cells(self.master), strict=True))

    def solved(self, mistakes: Mistakes = ()) -> Cells:
        """Return the cells with the reference's answers, and with mistakes in them."""
        questions = [cell.question for cell in self.master.variants.cells]
        return list(zip(questions, self.master.variants.sources(mistakes), strict=True))

    def notebook(
        self, cells: Cells, *, name: str = "", metadata: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return a notebook with the template's text and checks around these cells.

        Cells beyond those of the template come after the last of them.
        """
        notebook: dict[str, Any] = json.loads(self._text)
        left = list(cells)
        filled = []
        places = sum(map(_is_answer, notebook["cells"]))
        for cell in notebook["cells"]:
            if not _is_answer(cell):
                filled.append(cell)
                continue
            places -= 1
            question, source = left.pop(0) if left else ("", "")
            filled.append({**cell, "source": lines(source)})
            while left and (
                not places or (question and left[0][0] == question)
            ):  # an answer in several cells
                filled.append(code_cell(left.pop(0)[1]))
        if name:
            filled.insert(1, {"cell_type": "markdown", "metadata": {}, "source": lines(f"Name: {name}")})
        notebook["cells"] = filled
        notebook["metadata"].update(metadata or {})
        number = 1
        for index, cell in enumerate(filled):
            cell["id"] = f"cell-{index}"
            if cell["cell_type"] == "code":
                cell["execution_count"], number = number, number + 1
        return notebook


@cache
def template_of(name: str) -> Template:
    """Return an assignment of this repository, read once."""
    return Template(name)


def _is_answer(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and "grader" not in "".join(cell["source"])


def code_cell(source: str, outputs: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return a code cell as it stands in a file."""
    return {
        "cell_type": "code", "execution_count": None, "metadata": {}, "outputs": list(outputs), "source": lines(source),
    }  # fmt: skip


def lines(source: str) -> list[str]:
    """Return a text as notebooks store it."""
    return source.splitlines(keepends=True)


def as_bytes(notebook: Mapping[str, Any]) -> bytes:
    """Return the file that Jupyter would write."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


# ---------------------------------------------------------------- styles


def in_own_style(cells: Cells, name: str, rng: random.Random) -> Cells:
    """Return the same answers as another student would write them: other names, `np.matmul`, fewer comments, prints."""
    renamed = {old: rng.choice((old, *new)) for old, new in LOCALS[name].items()}
    matmul, bare, noisy = rng.random() < 0.2, rng.random() < 0.3, rng.random() < 0.15
    styled = []
    for question, source in cells:
        if not question or not _can_be_styled(source):
            styled.append((question, source))
            continue
        for old, new in renamed.items():
            source = _renamed(source, old, new)
        if bare:
            source = re.sub(r"^\s*#.*\n", "", source, flags=re.MULTILINE)
        if matmul:
            source = ast.unparse(_WithMatmul().visit(ast.parse(source)))
        if noisy:
            source = re.sub(
                r"^( +)return (\w+)$", r"\1print(np.shape(\2))\n\1return \2", source, flags=re.MULTILINE
            )
        styled.append((question, source))
    return styled


def _can_be_styled(source: str) -> bool:
    try:
        return bool(ast.parse(source).body)
    except SyntaxError:
        return False


def _renamed(source: str, old: str, new: str) -> str:
    """Rename a variable, unless the new name is taken or the old one is a keyword somewhere."""
    if old == new or re.search(rf"\b{new}\b|\b{old}=", source):
        return source
    return re.sub(rf"(?<![.\w]){old}\b", new, source)


class _WithMatmul(ast.NodeTransformer):
    """`np.matmul(A, B)` for `A @ B`."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.MatMult):
            return node
        function = ast.parse("np.matmul", mode="eval").body
        return ast.copy_location(ast.Call(function, [node.left, node.right], []), node)
