"""The content's own linter: what must hold for a master before a student sees its notebook."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath

from autograder import blanks, cells, hints, kit, master
from autograder.build import out_of_date
from autograder.errors import AuthoringError
from autograder.judge import Judge
from autograder.model import Result, Status
from autograder.mutation import KillMatrix, kill_matrix, problems
from autograder.opened_hints import told
from autograder.patience import Waiting
from autograder.recognition import recognised, wrongly_judged
from autograder.remarks import edited_though_given, overlapping
from autograder.sandbox import Sandbox
from autograder.submission import Submission, submission_in
from autograder.tabulate import Advance, tabulated

LEAKS = "no line of a solution is in what students get"
TOLD = "each misconception, and each pair that gives another answer, is diagnosed as itself"
ALONE = "each misconception, handed in, loses its step alone and is told in its own words"
MUTANTS = "every mutant of the reference is killed by a hidden case, or equivalent for a reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that must hold for an assignment, what speaks against it, and how it was found out.

    One that is `skipped` was not looked at, because something else does not hold. What it `remarks` is no
    fault.
    """

    assignment: str
    claim: str
    problems: tuple[str, ...]
    skipped: bool = False
    remarks: tuple[str, ...] = ()
    matrix: KillMatrix | None = None


def verify(
    name: str,
    course: Path,
    python: Path | None = None,
    *,
    sandboxed: bool = True,
    advance: Advance = lambda *_: None,
    waiting: Waiting = lambda *_: None,
) -> Iterator[Check]:
    """Yield each check of an assignment as it is made: what takes long if what does not holds.

    Args:
        name: the assignment.
        course: the course that it belongs to.
        python: the Python that runs notebooks.
        sandboxed: whether notebooks are sealed off.
        advance: told what is tried, how many of them are done, and of how many.
        waiting: told which code of the master takes long, and for how many seconds.

    Raises:
        GraderError: if the master cannot be loaded, or notebooks cannot be run.
    """
    loaded = master.load(name, course, waiting=waiting)
    hidden, programs = [course / "solutions"], loaded.assignment.programs
    with Sandbox(python, hidden=hidden, programs=programs, sandboxed=sandboxed) as sandbox:
        judge = Judge(loaded.assignment, sandbox, kit.student_cells(loaded))
        sound = True
        for check in cheap_checks(loaded, course, judge):
            sound = sound and not check.problems
            yield check
        for claim, made in _long(loaded, judge, advance):
            check = made() if sound else Check(assignment=name, claim=claim, problems=(), skipped=True)
            sound = sound and not check.problems
            yield check


def cheap_checks(loaded: master.Master, course: Path, judge: Judge) -> Iterator[Check]:
    """Yield what is soon found out, the soonest first; before `LEAKS`, the student's notebook is made."""
    name = loaded.assignment.name
    solved = judge.judge(Submission(name="reference", cells=tuple(kit.solved_cells(loaded))))
    yield Check(assignment=name, claim="the reference gets full points", problems=_not_full(solved))
    untouched = judge.judge(Submission(name="template", cells=tuple(kit.student_cells(loaded))))
    yield Check(
        assignment=name,
        claim="the untouched notebook gets no points, as not attempted",
        problems=_attempted(untouched),
    )
    found = tuple(leaks(loaded))
    yield Check(assignment=name, claim=LEAKS, problems=found, remarks=tuple(edited_though_given(loaded)))
    if any(question.hints for question in loaded.assignment.questions):
        yield Check(
            assignment=name,
            claim="no hint is open in the untouched notebook",
            problems=tuple(
                f"hint {number} of `{question}` is: take the call, or the output, out of the master"
                for question, number in told(
                    submission_in(kit.student_notebook(loaded), PurePath("template.ipynb"), "template")
                )
            ),
        )
    yield Check(
        assignment=name,
        claim="assignments/ is up to date",
        problems=() if found else tuple(out_of_date(loaded, course)),
        skipped=bool(found),
    )


def _long(loaded: master.Master, judge: Judge, advance: Advance) -> Iterator[tuple[str, Callable[[], Check]]]:
    """Yield what takes long to prove, and how it is proved: each is asked for if all before it holds."""
    name = loaded.assignment.name

    def diagnosed() -> Check:
        tabulated(loaded, advance)
        shares, missed = recognised(loaded.assignment, partial(advance, "mistakes together"))
        remarks = tuple(overlapping(loaded))
        return Check(assignment=name, claim=f"{TOLD} ({shares})", problems=missed, remarks=remarks)

    def handed_in() -> Check:
        problems = tuple(wrongly_judged(loaded, judge, partial(advance, "misconceptions")))
        return Check(assignment=name, claim=ALONE, problems=problems)

    if loaded.assignment.misconceptions:
        yield TOLD, diagnosed
        yield ALONE, handed_in
    yield MUTANTS, lambda: _mutants(loaded, partial(advance, "mutants"))


def _mutants(loaded: master.Master, advance: Callable[[int, int], None]) -> Check:
    name = loaded.assignment.name
    try:
        matrix = kill_matrix(loaded, advance)
    except AuthoringError as error:
        return Check(assignment=name, claim=MUTANTS, problems=(str(error),))
    found = tuple(problems(matrix, f"solutions/{loaded.path.name}"))
    return Check(assignment=name, claim=MUTANTS, problems=found, matrix=matrix)


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
    """Yield each solution that stands in what students read: the notebook, its hints, an equation."""
    where, assignment = f"solutions/{loaded.path.name}", loaded.assignment
    notebook = json.loads(kit.student_notebook(loaded))
    places = {f"cell {n}": "".join(cell["source"]) for n, cell in enumerate(notebook["cells"], start=1)}
    tests = notebook["metadata"]["otter"]["tests"]
    places |= {f"the public checks of `{name}`": source for name, source in tests.items()}
    places |= {f"the equation of `{each.name}`": each.equation for each in assignment.questions}
    for name, packed in notebook["metadata"]["true_values"]["mistakes"].items():
        places[f"the mistakes of `{name}`"] = "\n".join(hints.texts_in(packed))
    hinted = {
        f"hint {number} of `{each.name}`": hint
        for each in assignment.questions
        for number, hint in enumerate(each.hints, start=1)
    }
    readable = {place: _readable(text) for place, text in (places | hinted).items()}
    found = [
        (cell.question, statement, place)
        for cell in loaded.cells
        if cell.role == "question"
        for statement in blanks.solution_statements(cell.source)
        if not any(statement in each.pieces for each in loaded.given.get(cell.question, ()))
        for place, text in readable.items()
        if statement in text
    ]
    feedback = {each.id: _readable(each.feedback) for each in assignment.misconceptions}
    blamed: dict[str, None] = {}
    for question, statement, place in found:
        at_fault = [name for name, text in feedback.items() if statement in text]
        what = f"students can read `{statement}` in {place} (spaces left out)"
        if place in hinted:
            line = master.said_at(loaded.cells, hinted[place]) or _first_line(loaded, question)
            yield f"{where}:{line}: question `{question}`: {what}: show it with other numbers and names"
        elif not place.startswith("the mistakes of") or not at_fault:
            told = f"question `{question}`: {what}: use other names there, or hide it"
            yield told + (_excuse(statement) if (question, statement, place) == found[-1] else "")
        else:
            for name in at_fault:
                line = loaded.lines.get(name) or _first_line(loaded, question)
                if name not in blamed:
                    yield (
                        f"{where}:{line}: the feedback of misconception `{name}` contains `{statement}`, of "
                        f"the solution of `{question}` (without spaces): say where to look, not what to write"
                    )
            blamed |= dict.fromkeys(at_fault)


def _excuse(statement: str) -> str:
    quoted = json.dumps(statement)
    return (
        "\n  If students may read it, say so in the question, with the line as it stands there:\n"
        f'  given=[author.given({quoted}, reason="...")]'
    )


def _first_line(loaded: master.Master, question: str) -> int:
    return next(cell.line for cell in loaded.cells if cell.question == question)


def _readable(text: str) -> str:
    """Return a text without spaces, also as Python writes it; a signature is no call."""
    return blanks.normalised(re.sub(r"\bdef\s+\w+", "def", "\n".join([text, *_unparsed([text])])))


def _unparsed(texts: list[str]) -> Iterator[str]:
    """Yield code as Python writes it, so that other quotes or brackets do not hide anything."""
    for text in texts:
        tree = cells.parse(text)
        if tree is not None:
            yield ast.unparse(tree)
