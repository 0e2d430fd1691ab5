"""What naming mistakes costs, beside a baseline in the same run: `python tests/benchmarks/bench_explain.py`.

Arguments are the assignments of this course to look at; by default, all. The baseline is the same
master without its misconceptions. Loading is timed in fresh processes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from autograder import bundle, kit, master
from autograder.explain import Explainer, Explanation
from autograder.fingerprints import Told
from autograder.judge import Judge
from autograder.model import Mistakes, Question
from autograder.recognition import told_by
from autograder.sandbox import Sandbox
from autograder.submission import Submission
from autograder.tabulate import tabulated

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 9
_LOADS = """
import sys, time
from pathlib import Path
from autograder import author, master
import numpy
if "without" in sys.argv:
    question = author.question
    author.question = lambda *names, **said: question(*names, **{**said, "misconceptions": ()})
started = time.process_time()
if sys.argv[1] == "course":
    import jupytext
    started = time.process_time()
    master.load(sys.argv[3], Path(sys.argv[2]))
else:
    master.read_packed(Path(sys.argv[2]))
print(1000 * (time.process_time() - started))
"""


def without_mistakes(loaded: master.Master) -> master.Master:
    questions = tuple(replace(each, misconceptions=()) for each in loaded.assignment.questions)
    return replace(loaded, assignment=replace(loaded.assignment, questions=questions))


def milliseconds(do: Callable[..., object], *arguments: object) -> float:
    started = time.process_time()
    do(*arguments)
    return 1000 * (time.process_time() - started)


def in_processes(*arguments: object, cache: Path | None = None) -> float:
    """Return the median of what a fresh process says."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)} if cache else dict(os.environ)
    command = [sys.executable, "-c", _LOADS, *map(str, arguments)]
    told = [
        float(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]
    return statistics.median(told)


def ratio(what: str, this: float, baseline: float) -> None:
    print(f"  {what:62}{this:8.1f} ms  {this / baseline:6.2f} of {baseline:.1f} ms")


def loading(loaded: master.Master) -> None:
    name = loaded.assignment.name
    with tempfile.TemporaryDirectory() as folder:
        zipped, nowhere = Path(folder) / "zip", Path(folder) / "file"
        nowhere.write_text("")
        zipfile.ZipFile(BytesIO(bundle.autograder_zip(loaded))).extractall(zipped)
        baseline = in_processes("course", ROOT, name, "without")
        ratio("load the course's master, before misconceptions were tried",
              in_processes("course", ROOT, name, cache=nowhere), baseline)  # fmt: skip
        ratio("load it later", in_processes("course", ROOT, name), baseline)
        baseline = in_processes("zip", zipped, "without")
        ratio("load the packed master", in_processes("zip", zipped), baseline)


def judging(loaded: master.Master) -> None:
    """Judge misconceptions as submissions, with and without their names known: the judge's own CPU.

    What is added is partly the diagnosis itself, partly that wrong answers are asked more.
    """
    edited = [each for each in loaded.assignment.misconceptions if each.edits][::4]
    submissions = [Submission(name=each.id, cells=tuple(loaded.variants.sources((each,)))) for each in edited]
    with Sandbox() as sandbox:
        plain = without_mistakes(loaded)
        judges = [Judge(each.assignment, sandbox, kit.student_cells(loaded)) for each in (plain, loaded)]
        for judge in judges:
            judge.judge(Submission(name="right", cells=tuple(kit.solved_cells(loaded))))
            judge.judge(Submission(name="template", cells=tuple(kit.student_cells(loaded))))
        for what in ("", ", seen before"):
            base, whole, diagnosing = [], [], []
            for submission in submissions:
                base.append(milliseconds(judges[0].judge, submission))
                with diagnosed() as spent:
                    whole.append(milliseconds(judges[1].judge, submission))
                diagnosing.append(sum(spent))
            ratio(f"judge a wrong submission{what}", statistics.median(whole), statistics.median(base))
            told = f"median {statistics.median(diagnosing):.1f} ms, most {max(diagnosing):.1f} ms"
            print(f"    of which diagnosing: {told} (first {diagnosing[0]:.1f})")


@contextmanager
def diagnosed() -> Iterator[list[float]]:
    """Give a list of how long each diagnosis takes, in milliseconds."""
    spent: list[float] = []
    originals = {name: getattr(Explainer, name) for name in ("sets", "accounts_for")}

    def timed(original: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*arguments: Any) -> Any:
            started = time.process_time()
            try:
                return original(*arguments)
            finally:
                spent.append(1000 * (time.process_time() - started))

        return asked

    for name, original in originals.items():
        setattr(Explainer, name, timed(original))
    try:
        yield spent
    finally:
        for name, original in originals.items():
            setattr(Explainer, name, original)


def explaining(loaded: master.Master) -> None:
    explainer, earlier = Explainer(loaded.assignment), dict[str, Explanation | None]()
    for question in loaded.assignment.questions:
        answers = unrelated(question)
        cold = milliseconds(explainer.sets, question, answers, {})
        warm = statistics.median(milliseconds(explainer.sets, question, answers, {}) for _ in range(20))
        told = [told_by((each,), question, explainer) for each in question.misconceptions]
        wrong = [each for each in told if any(answer.wrong for answer in each)]
        explained = [milliseconds(explainer.sets, question, each, {}) for each in wrong]
        carried = milliseconds(explainer.sets, question, answers, earlier) if earlier else 0.0
        print(
            f"  {question.name}: {len(question.misconceptions)} misconceptions; explained in "
            f"{statistics.median(explained or [0]):.2f} ms, unexplained in {warm:.2f}, the first time {cold:.1f}, "
            f"with three mistakes before it {carried:.1f}"
        )
        if question.misconceptions:
            alone: Sequence[Mistakes] = [(each,) for each in question.misconceptions[:3]]
            earlier[question.name] = Explanation(question=question.name, alternatives=tuple(alone))


def unrelated(question: Question) -> list[Told]:
    rng = np.random.default_rng(0)
    return [
        Told(value=rng.normal(size=np.shape(case.expected))) for case in question.values or question.cases
    ]


def main() -> None:
    for name in sys.argv[1:] or master.master_names(ROOT):
        loaded = master.load(name, ROOT)
        started = time.perf_counter()
        sizes = [len(content) for content in tabulated(loaded).values()]
        seconds = time.perf_counter() - started
        print(f"{name}: {sum(sizes) // 1000} kB of fingerprints, there in {seconds:.2f} s")
        loading(loaded)
        judging(loaded)
        explaining(loaded)


if __name__ == "__main__":
    main()
