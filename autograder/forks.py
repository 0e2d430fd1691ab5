"""Try a master's mutants in a process of its own, each in a fork that is killed if it hangs.

A master is trusted, and so is a mutant of it as far as malice goes: what is met here are accidents.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder import master
from autograder.model import Question
from autograder.mutants import SEEN, mutants_of
from autograder.trials import Case, Notebook, cases_of, using_questions

REFERENCE_SECONDS = 600.0
PATIENCE = 2.0
"""How many seconds a mutant may always take, of the processor's time."""
SLOWER = 20
"""How many times longer than the reference it may take before it counts as hanging."""
IDLE = 10
"""How many times longer than that it may take of wall time: the machine may be busy."""

Outcome = tuple[str, str, bool]
"""A question, one of its cases, and whether that found something wrong."""


def command(module: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return how one of our modules is run in a process of its own, and its environment."""
    # forks of one thread only: a BLAS that starts more would leave them, and their locks, behind
    single = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    paths = [str(Path(__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, **single, "MPLBACKEND": "Agg", "PYTHONPATH": os.pathsep.join(paths)}
    return [sys.executable, "-P", "-m", module, *arguments], environment


def main() -> None:
    """Read a packed master; write a line of JSON for each question's reference, then for each mutant.

    Each line is a list of outcomes, of which what was not asked is no part, and whether a mutant that no
    hidden case has noticed transposes what has no more than one dimension. The arguments are the patience,
    and the question that alone is tried, if one.
    """
    patience, only = float(sys.argv[1]), sys.argv[2]
    output, sys.stdout = sys.stdout, sys.stderr
    loaded = master.unpack(sys.stdin.buffer.read())
    namespace = master.Reruns(loaded.cells, f"solutions/{loaded.path.name}").as_it_is()
    using = using_questions(loaded)
    list(Notebook(loaded, namespace).ask(_order(loaded.assignment.questions, hidden_only=False)))
    gc.collect()
    gc.freeze()  # forks find all loaded, compiled and used once, and a collector that touches nothing
    seconds = {}
    hidden = {
        (each.name, case.name)
        for each in loaded.assignment.questions
        for case in cases_of(each)
        if case.hidden
    }

    def tell(outcomes: Sequence[Outcome], *, flat: bool = False) -> None:
        output.write(json.dumps([outcomes, flat]) + "\n")
        output.flush()

    for name, questions in using.items():
        if only not in ("", name):
            continue
        place = next((at, cell.source) for at, cell in enumerate(loaded.cells) if cell.question == name)
        started = time.monotonic()
        tell(_tried(loaded, namespace, questions, place, REFERENCE_SECONDS))
        seconds[name] = max(patience, SLOWER * (time.monotonic() - started))
    for mutant in mutants_of(loaded.cells):
        if only not in ("", mutant.question):
            continue
        questions, allowed = using[mutant.question], seconds[mutant.question]
        outcomes = _tried(loaded, namespace, questions, (mutant.cell, mutant.source), allowed)
        survives = not any(wrong for name, case, wrong in outcomes if (name, case) in hidden)
        watched = (mutant.cell, mutant.seen)
        tell(
            outcomes,
            flat=survives and bool(mutant.seen) and _flat(loaded, namespace, questions, watched, allowed),
        )


def _order(questions: Sequence[Question], *, hidden_only: bool) -> list[tuple[Question, Case]]:
    """Return what is asked: functions before variables, since these need the notebook to be run again."""
    return [
        (question, case)
        for question in sorted(questions, key=lambda question: bool(question.values))
        for case in cases_of(question)
        if case.hidden or not hidden_only
    ]


def _tried(
    loaded: master.Master,
    namespace: dict[str, Any],
    questions: Sequence[Question],
    place: tuple[int, str],
    seconds: float,
) -> list[Outcome]:
    """Return the outcomes with other source in one cell.

    The case that it hangs in, or does not survive, is no right answer, and the last one asked; but
    if that is a public case, the hidden ones are asked alone.
    """
    outcomes: list[Outcome] = []
    for hidden_only in (False, True):
        asked = _order(questions, hidden_only=hidden_only)
        told, ended = _forked(loaded, namespace, asked, place, seconds)
        found = [*told, *([] if ended else [True])][: len(asked)]
        outcomes += [
            (question.name, case.name, wrong) for (question, case), wrong in zip(asked, found, strict=False)
        ]
        if ended or any(case.hidden for _, case in asked[: len(found)]):
            break
    return outcomes


def _forked(
    loaded: master.Master,
    namespace: dict[str, Any],
    asked: Sequence[tuple[Question, Case]],
    place: tuple[int, str],
    seconds: float,
) -> tuple[list[bool], bool]:
    """Return what a fork tells in some seconds, and whether it came to its end."""

    def told() -> Iterator[bool]:
        notebook = Notebook(loaded, namespace)
        notebook.replace(*place)
        yield from notebook.ask(asked)

    return _in_fork(told, seconds, loaded.assignment.limits.memory_bytes)


def _flat(
    loaded: master.Master,
    namespace: dict[str, Any],
    questions: Sequence[Question],
    place: tuple[int, str],
    seconds: float,
) -> bool:
    """Return whether all values that are seen are arrays of one dimension, or none: their own transposes."""

    def told() -> Iterator[bool]:
        seen = set[int]()

        def see(value: Any) -> Any:
            seen.add(getattr(value, "ndim", 2))
            return value

        setattr(builtins, SEEN, see)
        notebook = Notebook(loaded, namespace)
        notebook.replace(*place)
        list(notebook.ask(_order(questions, hidden_only=False)))
        yield bool(seen) and max(seen) <= 1

    return _in_fork(told, seconds, loaded.assignment.limits.memory_bytes) == ([True], True)


def _in_fork(
    told: Callable[[], Iterator[bool]], seconds: float, memory_bytes: int
) -> tuple[list[bool], bool]:
    """Return what is told in a fork, in some seconds, and whether it came to its end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.close(reading)
            _limit(seconds, memory_bytes)
            for each in told():
                os.write(writing, b"1" if each else b"0")
            os._exit(0)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as written:
        answers = [byte == ord("1") for byte in written.read()]
    _, status = os.waitpid(child, 0)
    return answers, status == 0


def _limit(seconds: float, memory_bytes: int) -> None:
    """Let this process run some seconds, whatever it is doing, use so much memory, and print nowhere."""
    for timer, number, limit in (
        (signal.ITIMER_PROF, signal.SIGPROF, seconds),
        (signal.ITIMER_REAL, signal.SIGALRM, IDLE * seconds),
    ):
        signal.signal(number, signal.SIG_DFL)
        signal.setitimer(timer, limit)
    for what, amount in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0)):
        _, most = resource.getrlimit(what)
        allowed = amount if most == resource.RLIM_INFINITY else min(amount, most)
        resource.setrlimit(what, (allowed, most))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)


if __name__ == "__main__":
    main()
