"""The instructor's report: a class as one HTML file that needs no network and runs nothing that others wrote.

Three things keep it so: Jinja2 escapes all texts, sections of students are made of inert JSON as text, and a
Content Security Policy lets run only the one script, and apply only the one style, whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import jinja2
from markupsafe import Markup

from autograder.entries import Entry
from autograder.feedback import number
from autograder.model import Assignment, Status
from autograder.report.page_attention import SAID, Need, attention
from autograder.report.page_data import compact, page_data, title
from autograder.report.page_statistics import Bar, counted, histogram, items, losses, mistaken, spread
from autograder.report.page_text import identifier, inert_json, name, shown, with_code

MAX_PAIRS = 200
_NONE = "\N{EN DASH}"
_MARK = 'document.documentElement.classList.add("js")'
_FOLDER = files("autograder.report") / "page"
_STATUSES = (Status.PASSED, Status.FAILED, Status.ERROR, Status.NOT_ATTEMPTED)
_CHART_WIDTH, _CHART_BASE, _CHART_HEIGHT, _CHART_TOP = 800, 240, 268, 30


class Lead(Protocol):
    """A pair of similar submissions, by their names; `similarity` is from 0 to 1."""

    @property
    def first(self) -> str:
        """One of them."""

    @property
    def second(self) -> str:
        """The other."""

    @property
    def similarity(self) -> float:
        """How alike they are."""

    @property
    def reason(self) -> str:
        """Why somebody should look at them."""


def page_html(
    assignment: Assignment,
    entries: Iterable[Entry],
    *,
    pairs: Sequence[Lead] = (),
    faults: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return the content of report.html: the same bytes for the same class.

    Args:
        assignment: what was asked: its public cases' expected values are shown, its hidden ones never.
        entries: the class, in the order in which it is listed.
        pairs: similar submissions, the strongest lead first.
        faults: the names of files that were not graded, and what went wrong.
    """
    entries = compact(entries)
    names = [title(entry) for entry in entries]
    points = [entry.points for entry in entries]
    calls = attention(entries)
    needs = Counter([Need.FAULT] * len(faults) + [call.need for call in calls])
    bars = histogram(points, assignment.possible) if entries else []
    style, script = (_inlined(name) for name in ("report.css", "report.js"))
    asked = items(assignment, entries)
    text = _template().render(
        title=name(assignment.title or assignment.name),
        policy=_policy(style, _MARK, script),
        style=Markup(style),  # noqa: S704  (a file of ours)
        mark=Markup(_MARK),  # noqa: S704  (ours too)
        script=Markup(script),  # noqa: S704  (a file of ours)
        data=inert_json(page_data(assignment, entries)),
        figures=_figures(assignment, entries, len(faults)),
        bars=bars,
        chart=_chart(bars),
        items=asked,
        hinted=any(item.hints for item in asked),
        statuses=_STATUSES,
        mistaken=mistaken(assignment, entries),
        losses=losses(entries),
        calls=calls,
        needs=[(need, needs[need]) for need in Need if need in needs],
        said=SAID,
        faults=faults,
        pairs=pairs[:MAX_PAIRS],
        places={entry.result.submission: place for place, entry in enumerate(entries)},
        names=names,
        points=points,
        rows=[_row(assignment, entry) for entry in entries],
        by_hand=any(entry.overrides for entry in entries),
    )
    return text.encode()


def _figures(assignment: Assignment, entries: Sequence[Entry], faults: int) -> list[tuple[str, str]]:
    points = [entry.points for entry in entries]
    statuses = Counter(entry.result.status for entry in entries)
    figures = [("submissions", str(len(entries))), ("possible points", number(assignment.possible))]
    if points:
        figures += [
            ("mean", f"{statistics.fmean(points):.2f}"),
            ("median", number(statistics.median(points))),
        ]
    deviation = spread(points)
    if deviation is not None:
        figures.append(("standard deviation", f"{deviation:.2f}"))
    figures += [(status.value, str(statuses[status])) for status in _STATUSES]
    unreadable = sum(entry.result.unreadable for entry in entries)
    figures += [("not readable", str(unreadable))] if unreadable else []
    return figures + ([("not graded", str(faults))] if faults else [])


def _row(assignment: Assignment, entry: Entry) -> dict[str, Any]:
    """Return what the table of students says of one."""
    found = {verdict.question: counted(entry, verdict) for verdict in entry.result.verdicts}
    judged = [found.get(question.name) for question in assignment.questions]
    told = [name for verdict in entry.result.verdicts for name in verdict.misconceptions]
    return {
        "points": entry.points,
        "by_hand": bool(entry.overrides),
        "status": entry.result.status.value,
        "questions": [(each[1].value, number(each[0])) if each else ("", _NONE) for each in judged],
        "mistakes": shown(", ".join(dict.fromkeys(told)), 400),
        "submission": name(entry.result.submission),
    }


def _chart(bars: Sequence[Bar]) -> dict[str, Any]:
    """Return where the bars of a histogram are drawn, and what stands beside them."""
    most = max((bar.count for bar in bars), default=0) or 1
    wide = _CHART_WIDTH / max(1, len(bars))
    drawn = []
    for place, bar in enumerate(bars):
        height = (_CHART_BASE - _CHART_TOP) * bar.count / most
        drawn.append(
            {
                "title": f"{bar.count} from {number(bar.low)} to {number(bar.high)} points",
                "x": f"{place * wide + 1:.1f}",
                "middle": f"{(place + 0.5) * wide:.1f}",
                "width": f"{wide - 2:.1f}",
                "y": round(_CHART_BASE - height, 1),
                "height": f"{height:.1f}",
                "label": str(bar.count) if bar.count else "",
            }
        )
    every = max(1, -(-len(bars) // 8))
    ticks = [
        {"x": f"{place * wide:.1f}", "label": number(bar.low), "anchor": "middle" if place else "start"}
        for place, bar in enumerate(bars)
        if place % every == 0
    ]
    if bars:
        ticks = ticks[:-1] if len(bars) % every else ticks
        ticks.append({"x": str(_CHART_WIDTH), "label": number(bars[-1].high), "anchor": "end"})
    return {
        "width": _CHART_WIDTH,
        "height": _CHART_HEIGHT,
        "base": _CHART_BASE,
        "bars": drawn,
        "ticks": ticks,
    }


def _policy(style: str, *scripts: str) -> str:
    allowed = " ".join(f"'{_hash(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _inlined(name: str) -> str:
    """Return a file that becomes a part of the page: as one that can stand in it."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    assert "</script" not in text.lower()
    assert "</style" not in text.lower()
    return text


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {
        "code": with_code,
        "identifier": identifier,
        "name": name,
        "points": number,
        "ratio": _ratio,
        "shown": shown,
    }
    return environment.from_string((_FOLDER / "report.html.j2").read_text(encoding="utf-8"))


def _ratio(value: float | None) -> str:
    return _NONE if value is None else f"{value:.2f}"
