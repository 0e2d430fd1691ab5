"""The fingerprints of all questions of a master, those that are not kept taken in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from autograder import forks, master
from autograder.errors import SandboxError
from autograder.explain import Explainer
from autograder.model import Question


def tabulated(loaded: master.Master, advance: Callable[[int, int], None] | None = None) -> dict[str, bytes]:
    """Return the fingerprints of each question that has misconceptions, as they are kept.

    Args:
        loaded: the master; what was not kept of it, is from now on.
        advance: told how many questions of those that were not kept are done, and of how many.

    Raises:
        SandboxError: if a process ends before it is done.
    """
    kept = loaded.assignment.kept
    assert kept is not None
    asked = [question for question in loaded.assignment.questions if question.misconceptions]
    missing = [question for question in asked if kept.get(question.name) is None]
    packed = master.pack(loaded)
    missing.sort(key=lambda question: -len(question.misconceptions))  # the longest first
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        started = {threads.submit(_taken_apart, packed, question): question for question in missing}
        for done, future in enumerate(as_completed(started)):
            if advance is not None:
                advance(done, len(missing))
            kept.put(started[future].name, future.result())
    if advance is not None and missing:
        advance(len(missing), len(missing))
    return {question.name: kept.get(question.name) or b"" for question in asked}


def _taken_apart(packed: bytes, question: Question) -> bytes:
    command, environment = forks.command(__name__, question.name)
    process = subprocess.run(command, input=packed, env=environment, capture_output=True, check=False)
    if process.returncode:
        last = process.stderr.decode(errors="replace").strip().split("\n")[-1]
        raise SandboxError(f"the process that looks at the mistakes of `{question.name}` has ended: {last}")
    return process.stdout


def main() -> None:
    """Read a packed master, and write the fingerprints of a question, whose name is the argument."""
    output, sys.stdout = sys.stdout, sys.stderr
    assignment = master.unpack(sys.stdin.buffer.read()).assignment
    question = next(question for question in assignment.questions if question.name == sys.argv[1])
    output.buffer.write(Explainer(assignment).table(question).fingerprints().to_bytes())


if __name__ == "__main__":
    main()
