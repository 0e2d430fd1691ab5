"""A kill matrix as a table: a row a mutant, a column a case."""

from __future__ import annotations

import csv
import io

from autograder.mutation import KillMatrix

_SAID = {True: "killed", False: "survived", None: ""}


def mutants_csv(matrix: KillMatrix) -> bytes:
    """Return the table; a case has `killed`, `survived`, or nothing where the mutant was not asked."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = matrix.columns
    names = [
        f"{question.name}: {case.name}{'' if case.hidden else ' (public)'}" for question, case in columns
    ]
    writer.writerow(["question", "line", "kind", "old", "new", *names, "status", "reason"])
    for trial in matrix.trials:
        mutant = trial.mutant
        cells = [_SAID[trial.killed_by.get((question.name, case.name))] for question, case in columns]
        writer.writerow(
            [
                mutant.question,
                mutant.line,
                mutant.kind,
                mutant.old,
                mutant.new,
                *cells,
                trial.fate.value,
                trial.reason,
            ]
        )
    return text.getvalue().encode()
