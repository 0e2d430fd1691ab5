"""A class: who hands in what, and how often."""

from __future__ import annotations

import csv
import io
import itertools
import random
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from . import answers, copies, trouble
from .answers import Work
from .layouts import Handed, moments, write
from .notebooks import Template, template_of
from .people import people

Maker = Callable[[Template, str, random.Random], Work]

KINDS: dict[str, float] = {
    "right": 0.326,
    "one mistake": 0.29,
    "two mistakes": 0.12,
    "three mistakes": 0.04,
    "other mistake": 0.03,
    "unfinished": 0.06,
    "raising": 0.025,
    "raising markup": 0.005,
    "ending": 0.01,
    "loud": 0.01,
    "markup": 0.01,
    "attacking": 0.02,
    "broken": 0.02,
    "hanging": 0.004,
    "identical copy": 0.01,
    "disguised copy": 0.02,
}
"""Of a class, how many hand in what; the rest is right."""

AGAIN = 0.05
"""How many hand in twice, where a platform's download shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A submission, what it is, and the number in the class of the one it was copied from."""

    handed: Handed
    work: Work
    source: int | None = None


def make_class(
    size: int,
    seed: int,
    *,
    assignment: str = "multihead_attention",
    layout: str = "plain",
    calm: bool = False,
    shares: Mapping[str, float] = KINDS,
) -> list[Submitted]:
    """Return a class of `size` students, drawn with a seed; their files have no paths yet.

    Args:
        size: how many students.
        seed: what to draw with.
        assignment: a name of this repository.
        layout: only some show earlier submissions of the same student.
        calm: whether to leave out all that hangs, or takes seconds to be stopped.
        shares: how many hand in what, as in `KINDS`.
    """
    template = template_of(assignment)
    rng = random.Random(f"{assignment} {size} {seed} {calm}")
    persons = people(rng, size)
    times = moments(rng, size)
    kinds = _kinds(size, shares, calm=calm)
    rng.shuffle(kinds)
    makers = _makers(rng, calm=calm)
    works: dict[int, tuple[Work, int | None]] = {}
    for index, kind in enumerate(kinds):
        if kind in makers:
            works[index] = (makers[kind](template, persons[index].name, rng), None)
    sources = [index for index, (work, _) in works.items() if work.kind in ("right", "mistakes")]
    for index, kind in enumerate(kinds):
        if kind not in makers:
            source = rng.choice(sources)
            original = works[source][0]
            made = (
                copies.identical(original)
                if kind == "identical copy"
                else copies.disguised(template, persons[index].name, original, rng)
            )
            works[index] = (made, source)
    submitted = [
        Submitted(
            handed=Handed(person=persons[index], submitted=times[index], content=works[index][0].content),
            work=works[index][0],
            source=works[index][1],
        )
        for index in range(size)
    ]
    if layout in ("gradescope", "canvas"):
        submitted += _earlier(template, submitted, rng)
    return submitted


def _kinds(size: int, shares: Mapping[str, float], *, calm: bool) -> list[str]:
    """Return as many kinds as there are students, the frequent ones first cut down to whole numbers."""
    wanted = {kind: share * size for kind, share in shares.items() if not (calm and kind == "hanging")}
    kinds = [kind for kind, share in wanted.items() for _ in range(int(share))]
    rest = sorted(wanted, key=lambda kind: int(wanted[kind]) - wanted[kind])
    kinds += rest[: max(0, min(size - len(kinds), round(sum(wanted.values())) - len(kinds)))]
    kinds += ["right"] * (size - len(kinds))
    return kinds[:size]


class Deck:
    """Things to draw from: each comes once before any comes again."""

    def __init__(self, cards: Iterable[str], rng: random.Random) -> None:
        """Shuffle them."""
        shuffled = list(cards)
        rng.shuffle(shuffled)
        self._cards = itertools.cycle(shuffled)

    def makes(self, maker: Callable[..., Work]) -> Maker:
        """Return a maker that takes the next card each time."""
        return lambda template, name, rng: maker(template, name, rng, next(self._cards))


def _makers(rng: random.Random, *, calm: bool) -> dict[str, Maker]:
    return {
        "right": answers.right,
        "one mistake": partial(answers.wrong, size=1),
        "two mistakes": partial(answers.wrong, size=2),
        "three mistakes": partial(answers.wrong, size=3),
        "other mistake": answers.elsewise,
        "unfinished": answers.unfinished,
        "raising": Deck(trouble.RAISES, rng).makes(trouble.raising),
        "raising markup": Deck(trouble.MARKUP, rng).makes(trouble.raising_markup),
        "ending": Deck(trouble.ENDS, rng).makes(trouble.ending),
        "loud": Deck(trouble.LOUD, rng).makes(trouble.loud),
        "markup": Deck(trouble.MARKUP, rng).makes(trouble.marked_up),
        "attacking": Deck(trouble.attacks(calm=calm), rng).makes(trouble.attacking),
        "broken": Deck(trouble.BROKEN, rng).makes(trouble.broken),
        "hanging": Deck([*trouble.HANGS, trouble.IN_A_CALL], rng).makes(trouble.hanging),
    }


def _earlier(template: Template, submitted: list[Submitted], rng: random.Random) -> list[Submitted]:
    """Return what some students had handed in before."""
    found = []
    for each in rng.sample(submitted, round(AGAIN * len(submitted))):
        person = each.handed.person
        work = answers.unfinished(template, person.name, rng)
        before = each.handed.submitted - timedelta(seconds=rng.randrange(60, 90_000))
        handed = Handed(person=person, submitted=before, content=work.content, counts=False)
        each.handed.attempt = 1
        found.append(Submitted(handed=handed, work=work))
    return found


def write_class(
    folder: Path,
    submitted: list[Submitted],
    *,
    layout: str = "plain",
    assignment: str = "multihead_attention",
    zipped: bool = False,
    seed: int = 0,
) -> Path:
    """Write a class, its roster and its truth below a folder; return the path of the submissions."""
    submissions = folder / "submissions"
    if submissions.exists():
        shutil.rmtree(submissions)
    handed = [each.handed for each in submitted]
    write(handed, layout, submissions, assignment, random.Random(seed))
    (folder / "truth.csv").write_bytes(_truth(submitted))
    (folder / "roster.csv").write_bytes(_roster(submitted))
    if not zipped:
        return submissions
    packed = folder / "submissions.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(submissions.rglob("*")):
            if path.is_file():
                name = path.relative_to(submissions).as_posix()
                archive.writestr(
                    zipfile.ZipInfo(name, (2024, 11, 23, 0, 0, 0)), path.read_bytes(), zipfile.ZIP_DEFLATED
                )
    shutil.rmtree(submissions)
    return packed


def _truth(submitted: list[Submitted]) -> bytes:
    rows: list[list[object]] = [
        ["file", "counts", "id", "login", "name", "email", "submitted", "kind", "misconceptions", "points",
         "copied_from", "note"],
    ]  # fmt: skip
    for each in submitted:
        handed, work, person = each.handed, each.work, each.handed.person
        rows.append([
            handed.path, "yes" if handed.counts else "no", person.id, person.login, person.name, person.email,
            handed.submitted.isoformat(), work.kind, ";".join(work.misconceptions),
            "" if work.points is None else work.points,
            "" if each.source is None else submitted[each.source].handed.path, work.note,
        ])  # fmt: skip
    return _csv(rows)


def _roster(submitted: list[Submitted]) -> bytes:
    people = sorted({each.handed.person for each in submitted}, key=lambda person: person.id)
    return _csv([["id", "login", "name", "email"], *([p.id, p.login, p.name, p.email] for p in people)])


def _csv(rows: list[list[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")
