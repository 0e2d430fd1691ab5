"""The content's own linter: what must hold for a master before a student sees its notebook."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import blanks, cells, hints, kit, master
from autograder.build import out_of_date
from autograder.errors import AuthoringError
from autograder.judge import Judge
from autograder.model import Result, Status
from autograder.mutation import KillMatrix, kill_matrix, problems
from autograder.recognition import recognised, wrongly_judged
from autograder.sandbox import Sandbox
from autograder.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that must hold for an assignment, what speaks against it, and how it was found out."""

    assignment: str
    claim: str
    problems: tuple[str, ...]
    matrix: KillMatrix | None = None


def verify(
    name: str,
    course: Path,
    python: Path | None = None,
    *,
    sandboxed: bool = True,
    advance: Callable[[int, int], None] | None = None,
) -> Iterator[Check]:
    """Yield each check of an assignment as it is made; the mutants are tried if all else holds.

    Args:
        name: the assignment.
        course: the course that it belongs to.
        python: the Python that runs notebooks.
        sandboxed: whether notebooks are sealed off.
        advance: told how many mutants were tried, and of how many.

    Raises:
        GraderError: if the master cannot be loaded, or notebooks cannot be run.
    """
    loaded = master.load(name, course)
    sound = True
    for check in _checks(loaded, course, python, sandboxed=sandboxed):
        sound = sound and not check.problems
        yield check
    if sound:
        yield _mutants(loaded, advance)


def _checks(loaded: master.Master, course: Path, python: Path | None, *, sandboxed: bool) -> Iterator[Check]:
    name = loaded.assignment.name
    hidden, programs = [course / "solutions"], loaded.assignment.programs
    with Sandbox(python, hidden=hidden, programs=programs, sandboxed=sandboxed) as sandbox:
        judge = Judge(loaded.assignment, sandbox, kit.student_cells(loaded))
        solved = judge.judge(Submission(name="reference", cells=tuple(kit.solved_cells(loaded))))
        yield Check(assignment=name, claim="the reference gets full points", problems=_not_full(solved))
        untouched = judge.judge(Submission(name="template", cells=tuple(kit.student_cells(loaded))))
        yield Check(
            assignment=name,
            claim="the untouched notebook gets no points, as not attempted",
            problems=_attempted(untouched),
        )
        if loaded.assignment.misconceptions:
            yield Check(
                assignment=name,
                claim="each misconception, handed in, loses its step alone and is told in its own words",
                problems=tuple(wrongly_judged(loaded, judge)),
            )
    if loaded.assignment.misconceptions:
        shares, missed = recognised(loaded.assignment)
        claim = "each misconception, and each pair that gives another answer, is diagnosed as itself"
        yield Check(assignment=name, claim=f"{claim} ({shares})", problems=missed)
    yield Check(
        assignment=name,
        claim="no line of a solution is in what students get",
        problems=tuple(leaks(loaded)),
    )
    yield Check(
        assignment=name,
        claim="assignments/ is up to date",
        problems=tuple(out_of_date(loaded, course)),
    )


def _mutants(loaded: master.Master, advance: Callable[[int, int], None] | None) -> Check:
    claim = "every mutant of the reference is killed by a hidden case, or equivalent for a reason"
    name = loaded.assignment.name
    try:
        matrix = kill_matrix(loaded, advance)
    except AuthoringError as error:
        return Check(assignment=name, claim=claim, problems=(str(error),))
    found = tuple(problems(matrix, f"solutions/{loaded.path.name}"))
    return Check(assignment=name, claim=claim, problems=found, matrix=matrix)


def _not_full(result: Result) -> tuple[str, ...]:
    lost = [
        f"question `{verdict.question}`: {verdict.feedback}"
        for verdict in result.verdicts
        if verdict.points != verdict.possible or verdict.status is not Status.PASSED
    ]
    return (*lost, *result.remarks)


def _attempted(result: Result) -> tuple[str, ...]:
    return tuple(
        f"question `{verdict.question}` is {verdict.status} ({verdict.points:g} points): {verdict.feedback}"
        for verdict in result.verdicts
        if verdict.points or verdict.status is not Status.NOT_ATTEMPTED
    )


def leaks(loaded: master.Master) -> Iterator[str]:
    """Yield each solution that stands in the student's notebook, its metadata and packed hints included."""
    notebook = json.loads(kit.student_notebook(loaded))
    places = {f"cell {n}": "".join(cell["source"]) for n, cell in enumerate(notebook["cells"], start=1)}
    tests = notebook["metadata"]["otter"]["tests"]
    places |= {f"the public checks of `{name}`": source for name, source in tests.items()}
    places |= {f"the hints of `{name}`": "\n".join(hints.texts_in(source)) for name, source in tests.items()}
    readable = {place: _readable(text) for place, text in places.items()}
    for cell in loaded.cells:
        if cell.role == "question":
            for statement in blanks.solution_statements(cell.source):
                for place in (place for place, text in readable.items() if statement in text):
                    what = f"students can read `{statement}` in {place} (spaces left out)"
                    yield f"question `{cell.question}`: {what}: use other names there, or hide it"


def _readable(text: str) -> str:
    """Return a text without spaces, also as Python writes it; a signature is no call."""
    return blanks.normalised(re.sub(r"\bdef\s+\w+", "def", "\n".join([text, *_unparsed([text])])))


def _unparsed(texts: list[str]) -> Iterator[str]:
    """Yield code as Python writes it, so that other quotes or brackets do not hide anything."""
    for text in texts:
        tree = cells.parse(text)
        if tree is not None:
            yield ast.unparse(tree)
