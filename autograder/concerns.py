"""What a person should look at in a submission: what went wrong as it ran, and its wrong answers as numbers.

Nothing of a hidden case is kept but what kind of problem it had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from autograder.compare import Difference, accept, as_array
from autograder.finding import Finding
from autograder.functions import UNSTEADY
from autograder.model import Case, Concern, ConcernKind, Numbers, Problem, ProblemKind, Question

MAX_NUMBERS = 2_500
"""How many numbers of a wrong answer are kept: a picture of more shows nothing."""

_MODULES = frozenset(
    (
        *("socket", "urllib", "requests", "http", "subprocess", "multiprocessing", "threading", "signal"),
        *("pty", "ctypes", "mmap", "gc", "inspect", "pickle", "shutil"),
    )
)
_WORDS = (
    *("_getframe", "__subclasses__", "__globals__", "/proc/", "/dev/", "autograder", "results.json"),
    *(
        "os.system",
        "os.popen",
        "os.fork",
        "os.exec",
        "os.spawn",
        "os.kill",
        "os.environ",
        "os.chmod",
        "os.utime",
    ),
    *("os.dup", "os.walk", "os.listdir", "os.remove", "os.unlink"),
)
_IMPORTING = frozenset(("import", "__import__", "import_module"))
_LONGEST_LINE = 1_000


def concerns(
    problems: Sequence[Problem], findings: Iterable[Finding], sources: Sequence[str]
) -> tuple[Concern, ...]:
    """Return what a person should look at in a notebook as a whole.

    Args:
        problems: what went wrong while its cells ran.
        findings: what its cases showed.
        sources: its code cells.
    """
    found = [
        Concern(kind=ConcernKind(problem.kind.value), cell=problem.cell)
        for problem in problems
        if problem.kind is not ProblemKind.EXCEPTION
    ]
    for problem in (*problems, *(finding.problem for finding in findings)):
        if problem is not None and "PermissionError" in (problem.type, *problem.bases):
            found.append(Concern(kind=ConcernKind.FORBIDDEN, cell=problem.cell))
    for index, source in enumerate(sources, start=1):
        if _reaches_out(source):
            found.append(Concern(kind=ConcernKind.REACHES_OUT, cell=index))
    return tuple(dict.fromkeys(found))


def _reaches_out(source: str) -> bool:
    """Return whether code mentions what no exercise needs. The time it takes grows with its length alone."""
    if any(word in source for word in _WORDS):
        return True
    if not any(module in source for module in _MODULES):
        return False
    lines = (line[:_LONGEST_LINE].partition("#")[0] for line in source.splitlines())
    return any(_IMPORTING & words and _MODULES & words for words in map(_words, lines))


def _words(line: str) -> set[str]:
    return set(re.findall(r"\w+", line))


def is_unsteady(finding: Finding) -> bool:
    """Return whether the answer was another one when the same input came again."""
    return any(UNSTEADY in text for text in (finding.said, *finding.remarks))


def numbers_of(finding: Finding, question: Question) -> Numbers | None:
    """Return a wrong answer to a public case as it was judged, or None if it is no array or too large."""
    case, answer = finding.case, finding.answer
    if not isinstance(case, Case) or case.hidden or finding.difference is None or answer is None:
        return None
    wanted = as_array(case.expected)
    taken = None if wanted is None else accept(answer.value, wanted, vector=question.vector)
    found = as_array(answer.value) if taken is None or isinstance(taken, Difference) else taken.value
    return None if found is None else numbers(found)


def numbers(value: object) -> Numbers | None:
    """Return an array, or a list of arrays of one shape, as plain data; None if it is neither, or large."""
    array = as_array(value)
    if array is None or array.dtype.kind == "c" or not 0 < array.size <= MAX_NUMBERS:
        return None
    with np.errstate(all="ignore"):
        values = array.astype(float).reshape(-1).tolist()
    return Numbers(shape=array.shape, values=tuple(float(f"{each:.6g}") for each in values))
