"""A kill matrix as a picture: mutants from top to bottom, cases from left to right, survivors marked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from autograder.model import Question
from autograder.mutation import Fate, KillMatrix, Trial, count
from autograder.replacements import KINDS
from autograder.trials import Case

Columns = Sequence[tuple[Question, Case]]

_COLUMN, _ROW = 0.19, 0.06
"""Inches, as all lengths here."""
_LINE = 0.14
"""The least distance of two lines of text."""
_LEFT, _RIGHT, _BOTTOM, _GAP = 1.25, 2.4, 0.3, 0.62
_HEAD, _CHARACTER, _SLOPE = 1.0, 0.047, 55
_MAX_TEXT = 41

_COLOURS = {"hidden": "#1d6a86", "public": "#9fcbd9", "survived": "#e8ecef"}
_FATES = {Fate.SURVIVOR: "#c4122f", Fate.EQUIVALENT: "#a86a10"}
_WORDS = {Fate.KILLED: "killed", Fate.EQUIVALENT: "equivalent", Fate.SURVIVOR: "surviving"}
_INK, _FAINT, _PUBLIC = "#20303a", "#7a8a94", "#3f8ba5"


def kill_picture(matrix: KillMatrix, kind: str = "svg") -> bytes:
    """Return the picture as a file, the same each time."""
    import matplotlib  # takes longer to load than all else that `verify` needs
    from matplotlib.figure import Figure

    style: Any = {
        "svg.hashsalt": "true values",
        "svg.fonttype": "none",
        "font.family": "DejaVu Sans",
        "font.size": 7.5,
        "text.color": _INK,
    }
    with matplotlib.rc_context(style):
        questions = [question for question in matrix.assignment.questions if matrix.of(question)]
        places = _places(matrix.columns)
        across = places[-1] + 1.0
        heights = [_height(matrix.of(question)) for question in questions]
        longest = max(len(_name(case)) for _, case in matrix.columns)
        top = _HEAD + longest * _CHARACTER
        marked = [len(_change(trial)) for trial in matrix.trials if trial.fate is not Fate.KILLED]
        width = _LEFT + _COLUMN * across + max(_RIGHT, 0.4 + 0.058 * max(marked, default=0))
        height = top + sum(heights) + _GAP * (len(heights) - 1) + _BOTTOM
        figure = Figure(figsize=(width, height))
        bottom = height - top + _GAP
        for position, (question, tall) in enumerate(zip(questions, heights, strict=True)):
            bottom -= tall + _GAP
            box = (_LEFT / width, bottom / height, _COLUMN * across / width, tall / height)
            axes = figure.add_axes(box)
            found = _in_order(matrix.of(question))
            axes.set_xlim(0, across)
            axes.set_ylim(len(found), 0)
            axes.set_axis_off()
            inch = len(found) / tall
            _cells(axes, found, matrix.columns, places)
            _kinds(axes, found, inch)
            _marked(axes, found, inch, across)
            axes.text(0, -0.19 * inch, question.name, fontsize=10, fontweight="bold")
            axes.text(across + 1.05, -0.19 * inch, _told(found), color=_FAINT)
            _cases(axes, matrix.columns, places, inch, names=position == 0)
        _heading(figure, matrix, width, height)
        content = io.BytesIO()
        figure.savefig(content, format=kind, metadata={"Date": None} if kind == "svg" else {}, dpi=150)
    return content.getvalue()


def _in_order(found: Sequence[Trial]) -> tuple[Trial, ...]:
    return tuple(sorted(found, key=lambda trial: (KINDS.index(trial.mutant.kind), trial.mutant.line)))


def _told(found: tuple[Trial, ...]) -> str:
    fates = [f"{count(found, fate)} {word}" for fate, word in _WORDS.items() if count(found, fate)]
    return f"{len(found)} mutants: {', '.join(fates)}"


def _name(case: Case) -> str:
    return case.name if case.hidden else f"{case.name} (public)"


def _places(columns: Columns) -> list[float]:
    """Return where each column begins: before each question's first, there is room for its name."""
    return [
        at + 1.1 * len({question.name for question, _ in columns[: at + 1]}) for at in range(len(columns))
    ]


def _height(found: Sequence[Trial]) -> float:
    """Return how tall a question's panel is: enough for its rows, and for the text beside them."""
    kinds = len({trial.mutant.kind for trial in found})
    marked = sum(trial.fate is not Fate.KILLED for trial in found)
    return max(_ROW * len(found), _LINE * kinds, _LINE * marked)


def _cells(axes: Any, found: Sequence[Trial], columns: Columns, places: Sequence[float]) -> None:
    """Draw a cell for each mutant and case: one path a colour, equal neighbours in one piece."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners: dict[str, list[tuple[float, float]]] = {colour: [] for colour in _COLOURS}
    for (question, case), x in zip(columns, places, strict=True):
        row = 0
        for said, run in groupby(_said(trial, question, case) for trial in found):
            end = row + len(list(run))
            if said:
                corners[said] += [(x, row), (x + 0.92, row), (x + 0.92, end), (x, end), (x, row)]
            row = end
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    for colour, points in corners.items():
        if points:
            path = Path(points, codes * (len(points) // 5))
            axes.add_patch(PathPatch(path, facecolor=_COLOURS[colour], edgecolor="none"))
    axes.hlines(range(1, len(found)), 0, places[-1] + 1, color="white", linewidth=0.5)


def _said(trial: Trial, question: Question, case: Case) -> str:
    killed = trial.killed_by.get((question.name, case.name))
    if killed is None:
        return ""
    return ("hidden" if case.hidden else "public") if killed else "survived"


def _kinds(axes: Any, found: Sequence[Trial], inch: float) -> None:
    """Write the kinds of mutation at the left, each beside its rows."""
    kinds = [trial.mutant.kind for trial in found]
    spans = [(kind, kinds.index(kind), kinds.count(kind)) for kind in dict.fromkeys(kinds)]
    wanted = [first + number / 2 for _, first, number in spans]
    line = {"color": _FAINT, "clip_on": False, "solid_capstyle": "butt"}
    for (kind, first, number), at in zip(spans, _spread(wanted, _LINE * inch, len(found)), strict=True):
        axes.plot([0.3, 0.3], [first + 0.12, first + number - 0.12], lw=1.6, **line)
        axes.plot([0.3, -0.2], [first + number / 2, at], lw=0.5, **line)
        axes.text(-0.35, at, f"{kind}  {number}", ha="right", va="center")


def _marked(axes: Any, found: Sequence[Trial], inch: float, across: float) -> None:
    """Mark what no hidden case has killed by a line through its row, with the change at the right."""
    marked = [(at, trial) for at, trial in enumerate(found) if trial.fate is not Fate.KILLED]
    places = _spread([at + 0.5 for at, _ in marked], _LINE * inch, len(found))
    for (row, trial), at in zip(marked, places, strict=True):
        line = {"color": _FATES[trial.fate], "clip_on": False}
        axes.plot([0.6, across], [row + 0.5, row + 0.5], lw=0.9, alpha=0.6, **line)
        axes.plot([across, across + 0.4, across + 0.9], [row + 0.5, row + 0.5, at], lw=0.6, **line)
        weight = "bold" if trial.fate is Fate.SURVIVOR else "normal"
        axes.text(
            across + 1.05,
            at,
            _change(trial),
            va="center",
            color=line["color"],
            fontweight=weight,
            fontsize=6.8,
        )


def _change(trial: Trial) -> str:
    return f"line {trial.mutant.line}:  {_cut(trial.mutant.old)}  →  {_cut(trial.mutant.new)}"


def _cut(text: str) -> str:
    """Return text without the middle of a long one, and without what Matplotlib takes for formulas."""
    half = _MAX_TEXT // 2 - 1
    short = text if len(text) <= _MAX_TEXT else f"{text[:half]} … {text[-half:]}"
    return short.replace("$", r"\$")


def _spread(wanted: Sequence[float], gap: float, end: float) -> list[float]:
    """Return places near those wanted, in the same order, that keep a distance."""
    places: list[float] = []
    for at in wanted:
        places.append(max(at, places[-1] + gap) if places else max(at, gap / 2))
    limit = end - gap / 2
    for position in range(len(places) - 1, -1, -1):
        places[position] = min(places[position], limit)
        limit = places[position] - gap
    return places


def _cases(axes: Any, columns: Columns, places: Sequence[float], inch: float, *, names: bool) -> None:
    """Number the columns above a panel; above the first one, write their names, and the questions' too."""
    slope = {"rotation": _SLOPE, "rotation_mode": "anchor", "va": "center"}
    above, seen = -0.42 * inch, set()
    for number, ((question, case), x) in enumerate(zip(columns, places, strict=True), start=1):
        colour = _INK if case.hidden else _PUBLIC
        axes.text(x + 0.46, -0.05 * inch, number, ha="center", color=_FAINT, fontsize=5.2)
        if names:
            axes.text(x + 0.46, above, _name(case), color=colour, fontsize=7, **slope)
            if question.name not in seen:
                axes.text(x - 0.62, above, question.name, fontweight="bold", fontsize=7, **slope)
                seen.add(question.name)


def _heading(figure: Any, matrix: KillMatrix, width: float, height: float) -> None:
    from matplotlib.patches import Patch

    title = f"{matrix.assignment.title}, {_told(matrix.trials)}"
    figure.text(0.25 / width, 1 - 0.36 / height, title, fontsize=13, fontweight="bold")
    marks = {
        "a hidden case kills the mutant": _COLOURS["hidden"],
        "a public case does": _COLOURS["public"],
        "it survives the case": _COLOURS["survived"],
        "equivalent, with a reason": _FATES[Fate.EQUIVALENT],
        "no hidden case kills it": _FATES[Fate.SURVIVOR],
    }
    figure.legend(
        handles=[Patch(facecolor=colour, label=label) for label, colour in marks.items()],
        loc="upper right",
        bbox_to_anchor=(1 - 0.2 / width, 1 - 0.5 / height),
        frameon=False,
        fontsize=7.5,
        handlelength=1.1,
        handleheight=0.9,
    )
