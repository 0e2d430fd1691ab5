"""What `bench_class.py` found: kept as JSON, shown as a table and a picture in README."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "tests" / "readme" / "throughput.json"
PICTURE = KEPT.with_suffix(".svg")
README = ROOT / "README.md"
MARKER = "<!-- throughput -->"
OURS = "autograder grade"
CALLED = {
    "floor": "a bare fork: no sandbox, no judging",
    OURS: "**`autograder grade`**, all layers of the sandbox",
    "nbgrader autograde": "`nbgrader autograde`, one batch",
    "otter run": "`otter run`",
}
GREY, BLUE = "#808080", "#3b82c4"  # readable on white and on black


def keep(part: str, figures: Any, cores: int) -> None:
    """Keep one part of the figures, and write table and picture anew."""
    found = kept()
    found[part] = figures
    found["cores"], found[f"{part} on"] = cores, date.today().isoformat()
    KEPT.write_text(json.dumps(found, indent=1) + "\n")
    README.write_text(with_table(README.read_text(), table(found)))
    draw(found, PICTURE)


def kept() -> dict[str, Any]:
    """Return all figures that were kept."""
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def show() -> None:
    """Print the tables, and how far from the targets we are."""
    found = kept()
    print(f"\n{table(found)}\n")
    compared = found.get("compared", {})
    for name, target in (("otter run", 200), ("nbgrader autograde", 60)):
        if compared:
            ours = compared[OURS]
            ratios = [compared[name][what] / ours[what] for what in ("cpu", "core")]
            print(
                f"{name}: {ratios[0]:.0f} x ours in CPU, {ratios[1]:.0f} x in occupied cores (target: {target})"
            )
    if compared:
        ratios = [compared[OURS][what] / compared["floor"][what] for what in ("cpu", "core")]
        print(f"ours: {ratios[0]:.2f} x the floor in CPU, {ratios[1]:.2f} x in occupied cores (target: 2.5)")


def table(found: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    parts = []
    if compared := found.get("compared"):
        rows = ["| | submissions a second and core | CPU each | time |", "|---|--:|--:|--:|"]
        ours = compared[OURS]["core"]
        for name, called in CALLED.items():
            each = compared[name]
            ratio = "1" if name == OURS else _times(each["core"] / ours)
            rows.append(f"| {called} | {1 / each['core']:.3g} | {_seconds(each['cpu'])} | {ratio} |")
        parts.append("\n".join(rows))
    if growth := found.get("growth"):
        head = "| submissions | " + " | ".join(f"{row['count']:,}" for row in growth) + " |"
        times = "| time | " + " | ".join(_minutes(row["wall"] * row["count"]) for row in growth) + " |"
        memory = "| memory, all processes | " + " | ".join(f"{row['memory']:.0f} MB" for row in growth) + " |"
        parts.append("\n".join([head, "|---|" + "--:|" * len(growth), times, memory]))
    return "\n\n".join(parts)


def with_table(text: str, shown: str) -> str:
    """Return a text with the table between its two markers.

    Raises:
        ValueError: if it does not have two.
    """
    before, _, after = text.split(MARKER)
    return f"{before}{MARKER}\n\n{shown}\n\n{MARKER}{after}"


def draw(found: dict[str, Any], path: Path) -> None:
    """Write the picture: throughput beside the others', and growth."""
    parts = [part for part in ("compared", "growth") if part in found]
    with mpl.rc_context({
        "svg.fonttype": "none", "svg.hashsalt": "throughput", "font.family": "sans-serif", "font.size": 9,
        "text.color": GREY, "axes.labelcolor": GREY, "xtick.color": GREY, "ytick.color": GREY, "axes.edgecolor": GREY,
        "axes.spines.top": False, "axes.spines.right": False,
    }):  # fmt: skip
        figure = Figure(figsize=(4 * len(parts), 2.4), layout="constrained")
        for part, axes in zip(parts, figure.subplots(1, len(parts), squeeze=False)[0], strict=True):
            (_bars if part == "compared" else _lines)(axes, found[part])
        figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
    text = path.read_text()
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n")


def _bars(axes: Any, compared: dict[str, Any]) -> None:
    names = list(reversed(CALLED))
    rates = [1 / compared[name]["core"] for name in names]
    bars = axes.barh(names, rates, color=[BLUE if name == OURS else GREY for name in names])
    axes.bar_label(bars, [f"{rate:.3g}" for rate in rates], padding=3, color=GREY)
    axes.set_xscale("log")
    axes.set_xlim(right=max(rates) * 4)
    axes.set_title("submissions a second and core", fontsize=9)


def _lines(axes: Any, growth: list[dict[str, Any]]) -> None:
    counts = [row["count"] for row in growth]
    axes.loglog(counts, [row["wall"] * row["count"] for row in growth], "o-", color=BLUE, label="seconds")
    axes.loglog(counts, [row["memory"] for row in growth], "s--", color=GREY, label="MB, all processes")
    axes.set_title("a class of ... submissions", fontsize=9)
    axes.set_xticks(counts, [f"{count:,}" for count in counts])
    axes.minorticks_off()
    axes.legend(frameon=False, labelcolor=GREY)


def _times(ratio: float) -> str:
    return f"{ratio:.0f} x" if ratio >= 10 else f"{ratio:.2f} x"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
