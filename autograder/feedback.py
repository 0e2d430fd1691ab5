"""From what was found to the sentences that a student reads.

Nothing of a hidden case is told but its name: no numbers, no shapes, no text of an exception, for
a student's code could have put the hidden input into it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder import cells, shapes
from autograder.explain import Explanation, leans
from autograder.finding import Finding, stopped
from autograder.model import (
    Detects,
    OwnTest,
    Problem,
    ProblemKind,
    Property,
    Question,
    Status,
    StepVerdict,
    ValueCase,
)
from autograder.usage import ONLY

MAX_CASES_TOLD = 4
MAX_PROBLEMS_TOLD = 5

_CONVERTED = r"TypeError: only (0-dimensional|length-1|size-1) arrays can be converted"
_ONE_NUMBER = (
    "The functions of `math` take one number, and this is an array. NumPy has functions of the same names, "
    "such as `np.exp` and `np.sqrt`, that take arrays, entry by entry."
)
_HINTS: tuple[tuple[str, str], ...] = (
    (
        _CONVERTED,
        "Since NumPy 2.4, `float(a)` and `int(a)` refuse an array of shape (1, 1) or (1,), which older "
        "versions converted: take the number out first, e.g. with `a.item()` or `a[0, 0]`.",
    ),
    (
        r"EOFError",
        "Nobody is there to answer `input()` while a notebook is graded: set the value in the code.",
    ),
    (
        r"ImportError: cannot import name '(\w{1,60})' from '([\w.]{1,60})'",
        r"`\2` has nothing called `\1` here: is it spelled so, or one of another package?",
    ),
    (
        r"ModuleNotFoundError|ImportError",
        f"{ONLY[:1].upper()}{ONLY[1:]}: do without other packages.",
    ),
    (r"MemoryError", "It asked for more memory than a notebook may use: is one of the shapes far too large?"),
    (
        r"PermissionError|BlockingIOError",
        "While it is graded, a notebook has no network, starts no programs, and reads and writes files only "
        "in the folder that it runs in.",
    ),
    (r"RecursionError", "A function calls itself without end."),
    (
        r"NameError: name .* is not defined",
        "That name does not exist when the code runs: is it spelled as where it is defined, and does that "
        "cell run before?",
    ),
    (
        r"AttributeError: module 'numpy' has no attribute '(\w{1,60})'",
        r"The NumPy that grades has nothing called `\1`: is it a function of another package or of your "
        r"notebook, or one that only other versions of NumPy have?",
    ),
    (
        r"ValueError: can only convert an array of size 1",
        "`.item()` takes the number out of an array that holds a single one: what is the shape of this one, "
        "and is it the product that you mean?",
    ),
    (
        r"TypeError: .* object is not callable",
        "A variable has taken a function's name, or round brackets stand where square ones or a `*` belong.",
    ),
)


def problem_text(problem: Problem, sources: Sequence[str], *, hidden: bool = False) -> str:
    """Return what happened, where, and what may be the cause.

    Of a hidden case neither the place nor the type of an exception is told: a student's code could
    choose both by the hidden input.
    """
    where = "" if hidden else shapes.place(problem)
    match problem.kind:
        case ProblemKind.TIMEOUT:
            return f"gave {problem.message}{where}. Is there a loop that never ends?"
        case ProblemKind.DIED:
            return f"ended the process that ran it, by `os._exit` or a crash{where}."
        case ProblemKind.LIMIT:
            return f"was stopped: {problem.message}{where}."
        case ProblemKind.REPLY:
            return f"gave no answer that can be read: {problem.message}."
    if hidden:
        return "raises an exception."
    told = f"{problem.type}: {problem.message}"
    if shapes.explained(problem, sources):
        hint = ""  # it is said of the question as a whole, and need not be said twice
    elif re.match(_CONVERTED, told) and cells.calls_math(sources, problem.cell, problem.line):
        hint = _ONE_NUMBER
    else:
        matches = ((re.match(pattern, told), hint) for pattern, hint in _HINTS)
        hint = next((match.expand(hint) for match, hint in matches if match), "")
    return f"raises `{told}`{where}. {hint}".strip()


def said(finding: Finding, sources: Sequence[str]) -> str:
    """Return what became of a case, as the rest of a sentence that begins with the answer's name."""
    hidden = finding.case.hidden
    if finding.right or finding.skipped:
        return ""
    if isinstance(finding.case, OwnTest):
        return _test_said(finding, sources)
    if finding.problem is not None:
        return problem_text(finding.problem, sources, hidden=hidden)
    if finding.said:
        return finding.said
    if finding.missing:
        return "is not there."
    if finding.difference is None:
        return ""
    return f"{finding.difference.brief if hidden else finding.difference.text}."


def _test_said(finding: Finding, sources: Sequence[str]) -> str:
    """Return what a test that fails says: a hidden one, only what its author has it say."""
    if finding.problem is None or (finding.case.hidden and not stopped(finding)):
        return finding.said or "It does not pass."
    told = problem_text(finding.problem, sources, hidden=finding.case.hidden)
    return f"`{finding.asked}` {told} {finding.said}".rstrip()


def number(points: float) -> str:
    """Return points as people write them: `3`, `0.25`."""
    return f"{round(points, 6):g}"


def points_text(steps: Sequence[StepVerdict]) -> str:
    """Return the points of all steps in one line, with the reasons for those that are lost."""
    return "; ".join(
        f"{step.name} {number(step.points)}/{number(step.possible)}{f' ({step.reason})' * bool(step.reason)}"
        for step in steps
    )


def question_text(
    question: Question,
    found: Sequence[Finding],
    status: Status,
    steps: Sequence[StepVerdict],
    sources: Sequence[str],
    named: Sequence[str] = (),
    explanation: Explanation | None = None,
    *,
    carried: bool = False,
) -> str:
    """Return what a student reads about one question: what is wrong, where, and what to do next.

    Args:
        question: the question.
        found: what its cases showed.
        status: what became of it.
        steps: its points.
        sources: the submission's code cells.
        named: which mistake it is, or what the answers look like.
        explanation: the misconceptions that explain the answers.
        carried: whether the answers of earlier questions were replaced.
    """
    if status is Status.NOT_ATTEMPTED:
        return _not_attempted(question, found)
    complete = all(step.points == step.possible for step in steps)
    lines = [_HEADLINES[status] if status is not Status.PASSED or not complete else "Right."]
    follows = status is Status.PASSED and complete and (explanation is not None or carried)
    if follows:
        lines = ["Right, given what went before."]
    lines += named
    lines += (
        _wrong_cases(question, found, sources, explained=explanation is not None)
        if not follows
        else _tests(found, sources)
    )
    lines += _habits(question, found, sources, explanation)
    lines += dict.fromkeys(remark for finding in found for remark in finding.remarks)
    if status is Status.PASSED:
        lost = {step.name for step in steps if step.points < step.possible}
        lost -= explanation.steps if explanation is not None else set()
        lines += [step.hint for step in question.steps if step.hint and step.name in lost]
    definition = cells.definition_of(sources, question.name)
    if status is not Status.PASSED and definition is not None and cells.has_open_blank(definition):
        lines.append(f"A `...` is still open in `{question.name}`: fill it in.")
    if not complete and any(step.points for step in steps):
        lines.append(f"Points: {points_text(steps)}.")
    return "\n".join(lines)


_HEADLINES = {
    Status.PASSED: "Right, with a reservation.",
    Status.FAILED: "Not right yet.",
    Status.ERROR: "It gives no answer, so that no step of it can be seen.",
}


def _not_attempted(question: Question, found: Sequence[Finding]) -> str:
    names = ", ".join(f"`{name}`" for name in question.names)
    if all(finding.missing for finding in found if not finding.skipped):
        return f"Not attempted: after the notebook has run, there is no {names}."
    return f"Not attempted: fill in what is left open (`...`) for {names}."


def _wrong_cases(
    question: Question, found: Sequence[Finding], sources: Sequence[str], *, explained: bool
) -> list[str]:
    """Return a line for each of the first wrong public cases, or, if these are right, hidden ones.

    Of answers that are explained, one is enough.
    """
    apart = (Property, OwnTest)
    wrong = [finding for finding in found if said(finding, sources) and not isinstance(finding.case, apart)]
    public = [finding for finding in wrong if not finding.case.hidden]
    told = (public or wrong)[:MAX_CASES_TOLD]
    lines = [_case_line(question, finding, sources) for finding in told]
    if explained:
        return list(
            dict.fromkeys(
                [_case_line(question, finding, sources) for finding in told[:1]] + _tests(found, sources)
            )
        )
    more = len(wrong) - len(told)
    if more and public:
        lines.append(f"{more} hidden {'case is' if more == 1 else 'cases are'} wrong too.")
    elif more:
        lines.append(f"{more} more hidden {'case is' if more == 1 else 'cases are'} wrong.")
    lines += [finding.said for finding in found if isinstance(finding.case, Property) and finding.said]
    return list(dict.fromkeys(filter(None, [*lines, *_tests(found, sources)])))


def _tests(found: Sequence[Finding], sources: Sequence[str]) -> list[str]:
    """Return a line for each of the first tests that fail, and what passed public ones have to say."""
    tests = [(finding, finding.case) for finding in found if isinstance(finding.case, OwnTest)]
    failed = [(finding, test) for finding, test in tests if said(finding, sources)]
    lines = [
        f'The {"hidden test" if test.hidden else "test"} "{test.name}" fails: {said(finding, sources)}'
        for finding, test in failed[:MAX_CASES_TOLD]
    ]
    more = len(failed) - len(lines)
    lines += [f"{more} more {'test fails' if more == 1 else 'tests fail'}."] if more > 0 else []
    return lines + [test.success_message for finding, test in tests if finding.right and not test.hidden]


def _case_line(question: Question, finding: Finding, sources: Sequence[str]) -> str:
    kind = "the hidden case" if finding.case.hidden else "the case"
    where = f'In {kind} "{finding.case.name}"'
    name = finding.case.variable if isinstance(finding.case, ValueCase) else question.name
    if finding.problem is not None and finding.missing:
        return f"`{name}` is not defined, since a cell {said(finding, sources)}"
    if finding.problem is not None and isinstance(finding.case, ValueCase):
        return f"{where}, the cell for `{name}` {said(finding, sources)}"
    named = finding.problem is not None or finding.missing or isinstance(finding.case, ValueCase)
    return f"{where}, {f'`{name}`' if named else 'your result'} {said(finding, sources)}"


def _only_sizes_are_wrong(question: Question, found: Sequence[Finding]) -> bool:
    watched = {step.name for step in question.steps if step.detects is Detects.GLOBALS}
    wrong = [finding for finding in found if not finding.right and not finding.skipped]
    return bool(wrong) and all(watched & set(finding.case.steps) for finding in wrong)


def sizes_read(question: Question, found: Sequence[Finding], sources: Sequence[str]) -> str:
    """Return the names of the notebook's sizes that a function reads."""
    sizes = {name for finding in found for each in getattr(finding.case, "sizes", ()) for name in each}
    return ", ".join(f"`{name}`" for name in cells.globals_read(sources, question.name, sizes)) or "sizes"


def _habits(
    question: Question, found: Sequence[Finding], sources: Sequence[str], explanation: Explanation | None
) -> list[str]:
    """Return a line for leaning on globals and one for changing arguments, where they were seen."""
    lines = []
    if leans(found, explanation):
        lines.append(
            f"It takes {sizes_read(question, found, sources)} from the notebook instead of from its "
            "arguments, so it fails for inputs of another size: take sizes from the shapes of the arguments. "
            "All else was judged as if it did."
        )
    elif explanation is None and _only_sizes_are_wrong(question, found):
        lines.append(
            "It is right for the sizes of the notebook and wrong for others: is a size typed in as a number, "
            "or a number computed from one?"
        )
    if any(finding.changed for finding in found):
        lines.append(
            "It changes its arguments in place: whoever calls it finds other data afterwards. Work on a copy."
        )
    return lines


def notebook_remarks(problems: Sequence[Problem], sources: Sequence[str]) -> tuple[str, ...]:
    """Return a line for each of the first cells that did not run to their end."""
    lines = [
        f"A cell {problem_text(problem, sources)} {shapes.explained(problem, sources)}".rstrip()
        for problem in problems[:MAX_PROBLEMS_TOLD]
    ]
    more = len(problems) - MAX_PROBLEMS_TOLD
    return tuple([*lines, f"{more} more cells did not run to their end."] if more > 0 else lines)
