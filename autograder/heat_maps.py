"""A wrong answer beside the expected one: as a small picture, and in words that say the same.

The source of all here goes into students' notebooks: see `hint_reader`. It draws nothing where
Matplotlib is missing, and touches no figure of a student's.
"""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np

LARGEST = 40
"""How many rows and columns are drawn."""
WRITTEN = 10
"""Up to how many rows and columns numbers are written into the cells."""
INK, PAPER = "#1f1f1f", "#f6f6f4"


def as_matrix(value: Any, *, listed: bool) -> Any:
    """Return numbers as a matrix: a vector is a row. If a list is wanted, each of the `listed` is a column.

    Raises:
        ValueError: if it cannot be one.
        TypeError: the same.
    """
    array = np.asarray(value, dtype=float)
    if listed:
        return array.reshape(len(value), -1).T
    return array if array.ndim == 2 else array.reshape(1, max(array.shape, default=1))


def short(number: float, limit: float) -> str:
    """Return a number in a few characters, beside others of which `limit` is the largest."""
    if not np.isfinite(number) or 0.05 <= limit < 1e4 or number == 0:
        size = abs(number)
        text = f"{number:.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}"
        return "0.00" if text == "-0.00" else text
    return re.sub(r"e([+-])0*(?=\d)", lambda found: "e" + found[1].strip("+"), f"{number:.0e}")


def in_words(yours: Any, expected: Any, wrong: Any) -> str:
    """Return what the picture shows, for who does not see it.

    `wrong` marks the entries that differ; it is None if the shapes do.
    """
    if wrong is None:
        return f"Heat maps of your result, of shape {yours.shape}, and of the expected one, {expected.shape}."
    places = (("row", wrong.any(axis=1)), ("column", wrong.any(axis=0)))
    all_in = [
        f", all in {name} {', '.join(map(str, np.flatnonzero(hit)))}" for name, hit in places if not hit.all()
    ]
    row, column = worst(yours, expected)
    return (
        f"Heat maps of your result, the expected one, and their difference, of shape {yours.shape}: "
        f"{wrong.sum()} of {wrong.size} numbers differ{''.join(all_in[:1])}; outlined is "
        f"the largest difference, at [{row}, {column}]: {yours[row, column]:.6g}, "
        f"expected {expected[row, column]:.6g}."
    )


def worst(yours: Any, expected: Any) -> tuple[int, int]:
    """Return the row and column where two matrices differ most; what is no number differs more."""
    apart = np.abs(np.where(yours == expected, 0, yours - expected))
    row, column = np.unravel_index(np.argmax(np.nan_to_num(apart, nan=np.inf)), apart.shape)
    return int(row), int(column)


def picture(yours: Any, expected: Any) -> bytes:
    """Return both matrices as heat maps on one scale, and their difference on its own, as PNG.

    It is empty where Matplotlib is missing. Where the shapes differ, there is no difference.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from PIL import Image  # Matplotlib needs it
    except ImportError:
        return b""
    limit = largest(yours) or 1.0
    if largest(expected):  # one number that is far off leaves the others their colours
        limit = max(largest(expected), min(limit, 2 * largest(expected)))
    panels = [("yours", yours, "RdBu_r", limit), ("expected", expected, "RdBu_r", limit)]
    if yours.shape == expected.shape:
        apart = yours - expected
        panels.append(("yours - expected", apart, "PuOr_r", largest(apart) or 1.0))
    rows, columns = (max(each) for each in zip(yours.shape, expected.shape))
    cell = 0.45 if max(rows, columns) <= WRITTEN else 3.4 / max(rows, columns)
    size = (len(panels) * (max(columns * cell, 1) + 0.45), max(rows * cell, 0.4) + 0.6)
    figure = Figure(figsize=size, facecolor=PAPER)
    canvas = FigureCanvasAgg(figure)
    for axes, (title, matrix, colours, limit) in zip(figure.subplots(1, len(panels)), panels):
        image = axes.imshow(matrix, cmap=colours, vmin=-limit, vmax=limit)
        axes.set_facecolor("#c8c8c8")  # seen where there is no number
        axes.set_title(title, color=INK, fontsize=9)
        axes.tick_params(colors=INK, labelsize=7, length=2)
        for axis, count in ((axes.xaxis, matrix.shape[1]), (axes.yaxis, matrix.shape[0])):
            axis.set_ticks(range(0, count, 1 if count <= WRITTEN else 5))
        if max(matrix.shape) <= WRITTEN:
            _write(axes, image, matrix)
        else:
            bar = figure.colorbar(image, ax=axes, shrink=0.8)
            bar.ax.tick_params(colors=INK, labelsize=7, length=2)
        if yours.shape == expected.shape:
            _outline(axes, *worst(yours, expected))
    file = io.BytesIO()
    canvas.print_figure(file, format="png", dpi=110, facecolor=PAPER, bbox_inches="tight", pad_inches=0.1)
    small = io.BytesIO()  # a notebook keeps what it shows
    Image.open(file).convert("RGB").quantize(128).save(small, format="png", optimize=True)
    return small.getvalue()


def largest(matrix: Any) -> float:
    """Return the size of the largest number of a matrix, or 0 if it has none."""
    sizes = np.abs(matrix[np.isfinite(matrix)])
    return float(sizes.max()) if sizes.size else 0.0


def ink(colour: Any) -> str:
    """Return black or white, whichever is read better on a colour."""
    linear = [part / 12.92 if part < 0.04 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return "black" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18 else "white"


def _write(axes: Any, image: Any, matrix: Any) -> None:
    for (row, column), number in np.ndenumerate(matrix):
        text = short(number, largest(matrix))
        colour = ink(image.cmap(image.norm(number))) if np.isfinite(number) else "black"
        axes.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)


def _outline(axes: Any, row: int, column: int) -> None:
    from matplotlib.patches import Rectangle

    corner = column - 0.5, row - 0.5
    for colour, width in (("white", 4.0), (INK, 2.0)):
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=colour, linewidth=width, zorder=3))
