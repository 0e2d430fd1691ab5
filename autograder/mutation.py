"""The kill matrix of a master: which case catches which mutant, and which mutants nothing hidden catches."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from autograder import forks, master
from autograder.errors import AuthoringError, SandboxError
from autograder.model import Assignment, Question
from autograder.mutants import Mutant, given_changes, mutants_of
from autograder.trials import Case, cases_of

FLAT = "what has one dimension, or none, is its own transpose"


class Fate(StrEnum):
    """What became of a mutant: `equivalent` is a survivor whose master says why, or that is `FLAT`."""

    KILLED = "killed"
    SURVIVOR = "survivor"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A mutant, and whether each case that it was asked killed it, by question and case.

    `killed_elsewhere` says that a hidden case of another question did.
    """

    mutant: Mutant
    killed_by: Mapping[tuple[str, str], bool]
    killed_elsewhere: bool
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KillMatrix:
    """All mutants of an assignment, by question and line; `given` are those of lines that students get."""

    assignment: Assignment
    trials: tuple[Trial, ...]
    given: frozenset[tuple[str, str]] = frozenset()

    def of(self, question: Question) -> tuple[Trial, ...]:
        """Return the trials of a question's own mutants."""
        return tuple(trial for trial in self.trials if trial.mutant.question == question.name)

    @property
    def columns(self) -> list[tuple[Question, Case]]:
        """All cases, properties and tests, by question; public ones first."""
        return [(each, case) for each in self.assignment.questions for case in cases_of(each)]


def count(found: tuple[Trial, ...], fate: Fate) -> int:
    """Return how many mutants met a fate."""
    return sum(trial.fate is fate for trial in found)


def kill_matrix(
    loaded: master.Master,
    advance: Callable[[int, int], None] | None = None,
    *,
    patience: float = forks.PATIENCE,
    question: str = "",
) -> KillMatrix:
    """Return what became of each mutant of a master, or of one question.

    Args:
        loaded: the master.
        advance: told after each mutant how many were tried, and of how many.
        patience: how many seconds a mutant may always take before it counts as hanging.
        question: the one whose mutants are tried; by default all are.

    Raises:
        AuthoringError: if the reference itself does not answer twice in the same way.
        SandboxError: if the process that tries them ends before it is done.
    """
    mutants = [each for each in mutants_of(loaded.cells) if question in ("", each.question)]
    questions = loaded.assignment.questions
    hidden = {(each.name, case.name) for each in questions for case in cases_of(each) if case.hidden}
    reasons = {
        (asked.name, each.change): each.reason
        for asked in questions
        for each in reversed(asked.equivalents)  # of two for one change, the first counts
    }
    found: list[Trial] = []
    references = [each for each in questions if question in ("", each.name)]
    told = _told(loaded, patience, question)
    for position, (outcomes, flat) in enumerate(told, start=-len(references)):
        if position < 0:
            _check_reference(references[position], outcomes, loaded)
            continue
        mutant = mutants[position]
        reason = reasons.get((mutant.question, mutant.change), FLAT if flat else "")
        found.append(_trial(mutant, outcomes, hidden, reason))
        if advance is not None:
            advance(len(found), len(mutants))
    if len(found) != len(mutants):
        raise SandboxError(f"{len(mutants) - len(found)} of {len(mutants)} mutants were not tried")
    given = given_changes(loaded.cells)
    return KillMatrix(assignment=loaded.assignment, trials=tuple(found), given=given)


def _told(
    loaded: master.Master, patience: float, question: str
) -> Iterator[tuple[list[forks.Outcome], bool]]:
    """Yield what the process of `forks` tells: of each question's reference, then of each mutant."""
    command, environment = forks.command(forks.__name__, str(patience), question)
    with tempfile.TemporaryFile() as packed, tempfile.TemporaryFile() as told:
        packed.write(master.pack(loaded))
        packed.seek(0)
        with subprocess.Popen(
            command, stdin=packed, stdout=subprocess.PIPE, stderr=told, env=environment
        ) as process:
            try:
                assert process.stdout is not None
                for line in process.stdout:
                    outcomes, flat = json.loads(line)
                    yield [(question, case, killed) for question, case, killed in outcomes], flat
                if process.wait():
                    told.seek(0)
                    last = told.read().decode(errors="replace").strip().split("\n")[-1]
                    raise SandboxError(f"the process that tries the mutants has ended: {last}")
            finally:
                process.kill()


def _check_reference(question: Question, outcomes: list[forks.Outcome], loaded: master.Master) -> None:
    for asked, case, wrong in outcomes:
        if wrong:
            raise AuthoringError(
                f"the reference of question `{question.name}` is wrong for `{case}` of `{asked}` when it is "
                "asked once more",
                where=f"solutions/{loaded.path.name}",
                next_step="A master's cells and functions must do the same each time they are run.",
            )


def _trial(mutant: Mutant, outcomes: list[forks.Outcome], hidden: set[tuple[str, str]], reason: str) -> Trial:
    """Return what became of a mutant, given the hidden cases and why its master calls it equivalent."""
    killers = [question for question, case, killed in outcomes if killed and (question, case) in hidden]
    fate = Fate.KILLED if killers else Fate.EQUIVALENT if reason else Fate.SURVIVOR
    return Trial(
        mutant=mutant,
        killed_by={(question, case): killed for question, case, killed in outcomes},
        killed_elsewhere=any(question != mutant.question for question in killers),
        fate=fate,
        reason=reason if fate is Fate.EQUIVALENT else "",
    )


# ---------------------------------------------------------------- what speaks against a master


def problems(matrix: KillMatrix, where: str) -> Iterator[str]:
    """Yield each survivor that is not justified, and each justification that is out of date.

    The last survivor comes with what to do. One that needs no justification any more may keep it.
    """
    survivors = [trial for trial in matrix.trials if trial.fate is Fate.SURVIVOR]
    for trial in survivors:
        yield _survived(trial, where) + (f"\n{_advice(survivors)}" if trial is survivors[-1] else "")
    for question in matrix.assignment.questions:
        fates = {trial.mutant.change: trial for trial in matrix.of(question)}
        justified = {trial.mutant.change for trial in matrix.of(question) if trial.fate is Fate.EQUIVALENT}
        for each in question.equivalents:
            if each.change not in justified and (question.name, each.change) not in matrix.given:
                yield _out_of_date(question.name, each.change, fates.get(each.change), where)


def _survived(trial: Trial, where: str) -> str:
    mutant = trial.mutant
    public = [case for (_, case), killed in trial.killed_by.items() if killed]
    noticed = f", only the public `{public[0]}`" if public else ""
    return (
        f"{where}:{mutant.line}: `{mutant.change}` survives: no hidden case of `{mutant.question}` "
        f"notices it{noticed}"
    )


def _advice(survivors: list[Trial]) -> str:
    one = len(survivors) == 1
    change = json.dumps(survivors[-1].mutant.change)
    what = (
        "Add a hidden case that does; or, if it is"
        if one
        else "Add hidden cases that do; or, of each that is"
    )
    return (
        f"  {what} right for all inputs, say so in the question:\n"
        f'  equivalents=[author.equivalent({change}, reason="...")]'
    )


def _out_of_date(question: str, change: str, trial: Trial | None, where: str) -> str:
    if trial is None:
        told = "there is no such mutant"
    else:
        killers = [f"`{case}`" for (_, case), killed in trial.killed_by.items() if killed]
        told = f"it is killed by {', '.join(killers)}"
    return (
        f"{where}: the equivalent `{change}` of question `{question}` is out of date: {told}\n"
        "  Take it out, or write the change as it is printed for a survivor."
    )
