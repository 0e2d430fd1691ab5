"""The kill matrix says of a mutant what the judge says of it as a submission."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder import kit, master
from autograder.judge import Judge
from autograder.mutation import Fate, kill_matrix
from autograder.submission import Submission

ONE_IN = 5


@pytest.mark.slow
@pytest.mark.parametrize("name", ["multihead_attention", "self_attention"])
def test_mutants_are_judged_as_the_matrix_says(
    name: str, masters: dict[str, master.Master], judges: dict[str, Judge]
) -> None:
    loaded = masters[name]
    trials = kill_matrix(loaded).trials
    chosen = [trial for at, trial in enumerate(trials) if at % ONE_IN == 0 or trial.fate is not Fate.KILLED]
    for trial in chosen:
        mutant = trial.mutant
        changed = list(loaded.cells)
        changed[mutant.cell] = replace(changed[mutant.cell], source=mutant.source)
        cells = tuple(kit.solved_cells(replace(loaded, cells=tuple(changed))))
        result = judges[name].judge(Submission(name="mutant", cells=cells))
        noticed = result.points < result.possible
        own = any(killed for (question, _), killed in trial.killed_by.items() if question == mutant.question)
        if not own and any(trial.killed_by.values()) and not noticed:
            continue  # right by itself, as a vector that lies; the later answer counts with the reference's
        assert noticed is any(trial.killed_by.values()), (mutant.line, mutant.change)
