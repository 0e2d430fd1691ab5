"""How long a diagnosis takes, beside judging: `python tests/benchmarks/bench_explain.py [ASSIGNMENT]`.

Without an assignment, on the miniature master of the tests.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np

from autograder import kit, master
from autograder.explain import Explainer
from autograder.judge import Judge
from autograder.model import Question
from autograder.recognition import told_by
from autograder.sandbox import Sandbox
from autograder.submission import Submission
from autograder.tables import Told

TESTS = Path(__file__).resolve().parent.parent


def unrelated(question: Question) -> list[Told]:
    rng = np.random.default_rng(0)
    return [
        Told(value=rng.normal(size=np.shape(case.expected))) for case in question.values or question.cases
    ]


def milliseconds(explainer: Explainer, question: Question, answers: list[Told]) -> float:
    started = time.perf_counter()
    explainer.sets(question, answers, {})
    return 1000 * (time.perf_counter() - started)


def judging(loaded: master.Master) -> float:
    """Return how long a right submission takes, in milliseconds."""
    with Sandbox() as sandbox:
        judge = Judge(loaded.assignment, sandbox, kit.student_cells(loaded))
        times = []
        for _ in range(8):
            started = time.perf_counter()
            judge.judge(Submission(name="right", cells=tuple(kit.solved_cells(loaded))))
            times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def main() -> None:
    named = sys.argv[1:]
    loaded = master.load(named[0], TESTS.parent) if named else master.load("mixing", TESTS / "course")
    whole = judging(loaded)
    print(f"judging a right submission: {whole:.1f} ms")
    explainer = Explainer(loaded.assignment)
    for question in loaded.assignment.questions:
        cold = milliseconds(explainer, question, unrelated(question))
        warm = statistics.median(milliseconds(explainer, question, unrelated(question)) for _ in range(20))
        explained = []
        for mistake in question.misconceptions:
            answers = told_by((mistake,), question, explainer)
            milliseconds(explainer, question, answers)
            explained.append(milliseconds(explainer, question, answers))
        if explained:
            print(
                f"{question.name}: {len(explained)} misconceptions; explained {statistics.median(explained):.2f} ms "
                f"(most {max(explained):.2f}), {statistics.median(explained) / whole:.3f} of judging; unexplained "
                f"{warm:.2f} ms, the first time {cold:.0f} ms"
            )


if __name__ == "__main__":
    main()
