"""The command: `python -m tests.classroom DIR --size 1000 --seed 1 --layout gradescope`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from . import make_class, write_class
from .layouts import LAYOUTS


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--size", type=click.IntRange(min=1), default=1000, show_default=True, help="How many students."
)
@click.option("--seed", default=1, show_default=True)
@click.option("--layout", type=click.Choice(LAYOUTS), default="plain", show_default=True)
@click.option("--assignment", default="multihead_attention", show_default=True)
@click.option("--calm", is_flag=True, help="Nothing that hangs, or takes seconds to be stopped.")
@click.option("--zip", "zipped", is_flag=True, help="One zip file in place of the folder.")
def main(folder: Path, size: int, seed: int, layout: str, assignment: str, calm: bool, zipped: bool) -> None:
    """Write a class below DIR: submissions, roster.csv and truth.csv."""
    submitted = make_class(size, seed, assignment=assignment, layout=layout, calm=calm)
    where = write_class(folder, submitted, layout=layout, assignment=assignment, zipped=zipped, seed=seed)
    counted = Counter(each.work.kind for each in submitted)
    click.echo(
        f"{where}: {len(submitted)} files: " + ", ".join(f"{n} {kind}" for kind, n in counted.most_common())
    )


if __name__ == "__main__":
    main()
