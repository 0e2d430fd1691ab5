"""The parts of a master as digests: what is judged by, question by question, and what only explains mistakes.

What cannot be attributed counts as judging: an edit may then touch more results than it has to, never fewer.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.metadata
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder import blanks, master
from autograder.basis import GIVEN, Basis, digest_of
from autograder.master import Cell
from autograder.model import Assignment, Question

DECIDE_NOTHING = frozenset(
    {
        "attempts",
        "basis",
        "build",
        "bundle",
        "changes",
        "choosing",
        "class_report",
        "class_run",
        "console",
        "container",
        "describing",
        "differences",
        "doctor",
        "entries",
        "gradebook",
        "grades",
        "importing",
        "inbox",
        "layout_gradescope",
        "layouts",
        "leads",
        "mutants",
        "mutation",
        "outbox",
        "overrides",
        "parts",
        "piles",
        "placeholders",
        "plain_cells",
        "printed_values",
        "progress",
        "rarity",
        "recognition",
        "regrading",
        "remarks",
        "replacements",
        "roster",
        "rows_of_gradebook",
        "similar",
        "skeleton",
        "stopping",
        "tables_of_gradebook",
        "telling",
        "traces",
        "trees",
        "trials",
        "verify",
        "watch_process",
        "watch_screen",
        "watching",
        "written_calls",
    }
)
"""The modules that have no part in any result, beside `cli...` and `report/...`: all others have."""
EXPLAINS = {"author.question": ("misconceptions", "equation"), "author.step": ("hint",)}
"""The arguments that only a wrong answer meets, by what they are arguments of."""
IRRELEVANT = {
    "author.question": ("equivalents", "hints", "given"),
    "author.assignment": ("environment", "leaderboard", "rate_limit"),
}
"""Those that no result depends on: `verify` and other doors read them."""


def basis_of(
    assignment: Assignment, cells: Sequence[Cell], versions: Mapping[str, str], *, sandboxed: bool
) -> Basis:
    """Return what results rest on that are judged now.

    Args:
        assignment: as its master describes it.
        cells: the master's cells.
        versions: what notebooks are run with, by package.
        sandboxed: whether notebooks are sealed off.
    """
    judging, explaining = _sources(cells, [question.name for question in assignment.questions])
    for question in assignment.questions:
        judging[question.name] += list(_values(question))
        if assignment.count_hints:
            judging[question.name].append(f"{len(question.hints)} hints")
    return Basis(
        assignment=assignment.name,
        title=assignment.title,
        questions=tuple((question.name, question.possible) for question in assignment.questions),
        points=digest_of(
            f"{question.name}\0{step.name}\0{step.points}"
            for question in assignment.questions
            for step in question.steps
        ),
        judging={name: digest_of(parts) for name, parts in judging.items()},
        explaining={name: digest_of(parts) for name, parts in explaining.items()},
        runtime={
            "grader": f"{importlib.metadata.version('true-values')} ({our_digest()})",
            "judge": f"Python {platform.python_version()} with NumPy {np.__version__}",
            **versions,
            "sandbox": "on" if sandboxed else "off",
        },
    )


def read_basis(
    assignment: Assignment, course: Path, versions: Mapping[str, str], *, sandboxed: bool
) -> Basis:
    """Return the same for an assignment of a course, whose master is read again."""
    path = course / "solutions" / f"{assignment.name}.py"
    cells = master.read_cells(path.read_text(encoding="utf-8"), f"solutions/{path.name}")
    return basis_of(assignment, cells, versions, sandboxed=sandboxed)


@functools.cache
def our_digest() -> str:
    """Return the digest of the modules that have a part in results, as 8 hexadecimal digits."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.glob("*.py")):
        if path.stem not in DECIDE_NOTHING and not path.stem.startswith("cli"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:8]


# ---------------------------------------------------------------- the code of a master, question by question


def _sources(
    cells: Sequence[Cell], questions: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return what judges and what explains, by question: code without comments and formatting."""
    judging: dict[str, list[str]] = {name: [] for name in (GIVEN, *questions)}
    explaining: dict[str, list[str]] = {name: [] for name in questions}
    private: list[ast.stmt] = []
    for cell in cells:
        if cell.role == "question":
            stripped = blanks.strip(cell.source, "", cell.line)  # what is blank decides what was attempted
            judging[cell.question] += [ast.dump(ast.parse(source)) for source in (cell.source, stripped)]
        elif cell.role == "given":
            judging[GIVEN].append(f"{cell.show} {ast.dump(ast.parse(cell.source))}")
        elif cell.role == "private":
            private += ast.parse(cell.source).body
    described = [(_described(statement), statement) for statement in private]
    used = {  # by owner, the names that it uses; a name of what explains stands with a mark
        (name, kind): set[str]() for name in (GIVEN, *questions) for kind in ("judging", "explaining")
    }
    helpers: list[ast.stmt] = []
    for name, statement in described:
        owner = name if name in judging else GIVEN
        if owner == GIVEN and _helper_names(statement):
            helpers.append(statement)
            continue
        taken: list[ast.expr] = []
        statement = _without(statement, taken)
        judging[owner].append(ast.dump(statement))
        used[owner, "judging"] |= _names(statement)
        if owner != GIVEN:
            explaining[owner] += [ast.dump(each) for each in taken]
            used[owner, "explaining"] |= {name for each in taken for name in _names(each)}
        else:
            judging[GIVEN] += [ast.dump(each) for each in taken]
    _share_out(helpers, used, judging, explaining)
    return judging, explaining


def _share_out(
    helpers: Sequence[ast.stmt],
    used: Mapping[tuple[str, str], set[str]],
    judging: dict[str, list[str]],
    explaining: dict[str, list[str]],
) -> None:
    """Add each private helper to what uses it: to what only explains, if nothing else does."""
    reached = {owner: _reached(names, helpers) for owner, names in used.items()}
    for helper in helpers:
        own = _helper_names(helper)
        owners = [owner for owner, names in reached.items() if own & names]
        judges = sorted({name for name, kind in owners if kind == "judging"})
        explains = [name for name, kind in owners if kind == "explaining"]
        dumped = ast.dump(helper)
        if explains and not judges and isinstance(helper, ast.FunctionDef) and not helper.decorator_list:
            for name in explains:
                explaining[name].append(dumped)
        else:
            judging[judges[0] if len(judges) == 1 else GIVEN].append(dumped)


def _reached(names: set[str], helpers: Sequence[ast.stmt]) -> set[str]:
    """Return the names, and all that helpers use that define one of them, and so on."""
    reached, pending = set(names), list(helpers)
    while found := [helper for helper in pending if _helper_names(helper) & reached]:
        pending = [helper for helper in pending if helper not in found]
        reached.update(*map(_names, found))
    return reached


def _helper_names(statement: ast.stmt) -> set[str]:
    """Return the names that a statement defines, if it does no more than that."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Assign):
        names = {target.id for target in statement.targets if isinstance(target, ast.Name)}
        return names if len(names) == len(statement.targets) else set()
    return set()


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _described(statement: ast.stmt) -> str:
    """Return the question that a statement describes, or nothing."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "author.question":
        return GIVEN
    first = [*call.args[:1], *(each.value for each in call.keywords if each.arg == "name")]
    name = first[0].value if first and isinstance(first[0], ast.Constant) else None
    return name if isinstance(name, str) else GIVEN


def _without(statement: ast.stmt, taken: list[ast.expr]) -> ast.stmt:
    """Return a statement without the arguments that only explain, which are added to `taken`."""

    class Taking(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            name = ast.unparse(node.func) if isinstance(node.func, ast.Attribute) else ""
            out = EXPLAINS.get(name, ())
            taken.extend(each.value for each in node.keywords if each.arg in out)
            out += IRRELEVANT.get(name, ())
            node.keywords = [each for each in node.keywords if each.arg not in out]
            return self.generic_visit(node)

    return ast.fix_missing_locations(Taking().visit(statement))  # type: ignore[no-any-return]


# ---------------------------------------------------------------- what its cases are, whatever made them


def _values(question: Question) -> Iterator[str]:
    """Yield what a question's cases ask and expect: a master may have read it from elsewhere."""
    for case in question.cases:
        yield _text((case.name, case.hidden, case.steps, case.expected, case.arguments, case.sizes))
    for value in question.values:
        yield _text((value.name, value.hidden, value.steps, value.expected, value.reseeded))
        if value.data is not None:
            yield _text((value.data.name, value.data.values))
    for each in question.properties:
        yield _text((each.name, each.hidden, each.steps, each.arguments, each.sizes))
    for test in question.tests:
        said = (test.success_message, test.failure_message, sorted(test.assertions.values()))
        yield _text((test.name, test.hidden, test.steps, said))


def _text(value: Any) -> str:
    """Return a value as a text: numbers to 12 digits, of what is neither numbers nor texts the type."""
    if isinstance(value, np.ndarray | np.generic) and np.asarray(value).dtype.kind in "biufc":
        array = np.asarray(value)
        return f"{array.dtype}{array.shape}{_text(array.ravel().tolist())}"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_text(key)}:{_text(each)}' for key, each in value.items())}}}"
    if isinstance(value, set | frozenset):
        return f"set({','.join(sorted(map(_text, value)))})"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({','.join(map(_text, value))})"
    if isinstance(value, float | complex):
        return f"{value:.12g}"
    if isinstance(value, str | bytes | bool | int | None):
        return repr(value)
    return type(value).__name__
