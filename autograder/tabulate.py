"""The fingerprints of all questions of a master, those that are not kept taken in processes of their own."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from autograder import forks, master
from autograder.errors import SandboxError
from autograder.explain import Explainer
from autograder.model import Question
from autograder.tables import kept_as

Advance = Callable[[str, int, int], None]
WHAT = "mistakes, question by question"


def tabulated(loaded: master.Master, advance: Advance = lambda *_: None) -> dict[str, bytes]:
    """Return the fingerprints of each question that has misconceptions, by the names they are kept under.

    Args:
        loaded: the master; what was not kept of it, is from now on.
        advance: told what is computed, how many questions are done, and of how many.

    Raises:
        SandboxError: if a process ends before it is done.
    """
    kept = loaded.assignment.kept
    assert kept is not None
    asked = [question for question in loaded.assignment.questions if question.misconceptions]
    missing = [question for question in asked if kept.get(kept_as(question.name)) is None]
    packed = master.pack(loaded)
    counts = [len(question.misconceptions) for question in asked]
    until = dict(zip([question.name for question in asked], itertools.accumulate(counts), strict=True))
    missing.sort(key=lambda each: -len(each.misconceptions) * until[each.name])  # the longest first
    running: list[subprocess.Popen[bytes]] = []
    if missing:
        advance(WHAT, 0, len(missing))
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        started = {threads.submit(_taken_apart, packed, question, running): question for question in missing}
        try:
            for done, future in enumerate(as_completed(started), 1):
                kept.put(kept_as(started[future].name), future.result())
                advance(WHAT, done, len(missing))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            for process in running:
                process.kill()
            raise
    return {name: kept.get(name) or b"" for name in (kept_as(question.name) for question in asked)}


def _taken_apart(packed: bytes, question: Question, running: list[subprocess.Popen[bytes]]) -> bytes:
    command, environment = forks.command(__name__, question.name)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as process:
        running.append(process)
        output, errors = process.communicate(packed)
    if process.returncode:
        last = errors.decode(errors="replace").strip().split("\n")[-1]
        raise SandboxError(f"the process that looks at the mistakes of `{question.name}` has ended: {last}")
    return output


def main() -> None:
    """Read a packed master, and write the fingerprints of a question, whose name is the argument."""
    output, sys.stdout = sys.stdout, sys.stderr
    assignment = master.unpack(sys.stdin.buffer.read()).assignment
    question = next(question for question in assignment.questions if question.name == sys.argv[1])
    output.buffer.write(Explainer(assignment).table(question).fingerprints().to_bytes())


if __name__ == "__main__":
    main()
