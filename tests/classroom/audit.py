"""Hold what the grader said of a class against what was put into it.

    python -m tests.classroom.audit DIR GRADES

prints what differs: a mistake that was not named, a right answer that lost points, an attack or a broken file that
earned some, a file without a result.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from autograder import inbox

Truth = dict[str, str]
SHOWN = 12


def audited(folder: Path, grades: Path) -> Iterator[tuple[str, Truth, str]]:
    """Yield what differs, for each submission that counts: the kind of difference, its row of truth, and details."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truths = [row for row in csv.DictReader(file) if row["counts"] == "yes"]
    submissions = folder / "submissions"
    if not submissions.is_dir():
        submissions = folder / "submissions.zip"
    with inbox.received([submissions]) as received:
        names = {file.found_at.partition(f"{submissions}/")[2]: file.name for file in received.files}
    for truth in truths:
        path = grades / "results" / f"{names.get(truth['file'])}.json"
        if not path.is_file():
            yield "no result", truth, ""
            continue
        for what, details in differences(truth, json.loads(path.read_bytes())):
            yield what, truth, details


def differences(truth: Truth, result: Any) -> Iterator[tuple[str, str]]:
    """Yield in what a result in the form of `results.json` differs from a row of truth."""
    score, possible = result["score"], sum(test.get("max_score", 0) for test in result["tests"])
    if truth["points"] and abs(score - float(truth["points"])) > 1e-9:
        yield (
            f"{truth['kind']}: {'more' if score > float(truth['points']) else 'fewer'} points",
            f"{score:g}, not {truth['points']}",
        )
    if truth["kind"] in ("mistakes", "other_mistake", "raises") and score >= possible:
        yield f"{truth['kind']}: full points", ""
    made = set(filter(None, truth["misconceptions"].split(";")))
    named = {
        name for test in result["tests"] for name in test.get("extra_data", {}).get("misconceptions", ())
    }
    for name in sorted(made - named):
        yield f"one of {len(made)} not named", f"{name} (named: {'; '.join(sorted(named)) or 'none'})"
    if truth["kind"] in ("right", "mistakes") and len(named) > len(made):
        yield "more named than made", "; ".join(sorted(named - made))


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, path_type=Path))
@click.argument("grades", metavar="GRADES", type=click.Path(exists=True, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Show all, not some of each.")
def main(folder: Path, grades: Path, everything: bool) -> None:
    """Print what the grader said otherwise than the truth of the class in DIR."""
    found: dict[str, list[str]] = defaultdict(list)
    kinds: Counter[str] = Counter()
    for what, truth, details in audited(folder, grades):
        kinds[what] += 1
        found[what].append(f"{truth['file']!r}: {details} [{truth['misconceptions'] or truth['note']}]"[:260])
    for what, count in sorted(kinds.items()):
        click.echo(f"{what}: {count}")
        for line in found[what] if everything else found[what][:SHOWN]:
            click.echo(f"    {line}")


if __name__ == "__main__":
    main()
