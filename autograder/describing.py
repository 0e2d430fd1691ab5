"""What an imported master says of its questions: steps from comments, cases from calls and true values."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograder import cells
from autograder.placeholders import Blank
from autograder.printed_values import Check, names_in
from autograder.written_calls import all_calls, global_names, in_order, is_call_of, passes_function

TODO = "TODO of the author"
"""What the comments begin with that tell an author what is missing."""
MAX_STEP = 80
MAX_MADE = 4
"""How many variables the name of a step lists."""
_PART_ENDS = re.compile(
    r"[,;:]\s|\s(?:and|or|from|with|between|using|which|where|so|such|as|at|for|by|according|because|but|if|when)\s"
)
_IMPORTED_ANYWAY = frozenset(["numpy", "mpl_toolkits", "IPython", "ipywidgets", "google", "otter"])
_PACKAGES = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
}
"""What packages are called on PyPI whose modules have other names."""
_NO_NUMBERS = re.compile(
    r"\b(?:models?|networks?|nets?|layers?|modules?|optimi[sz]ers?|data ?sets?|(?:data ?)?loaders?)\b",
    re.IGNORECASE,
)
_TO_BE_TRIED = re.compile(
    r"\b(?:try|play|experiment|vary|tweak|tune|change\s+(?:this|it|the\s+values?))\b", re.IGNORECASE
)


@dataclass(slots=True)
class Asked:
    """A question of a notebook: of a function with these parameters, or of a variable."""

    name: str
    cell: int
    function: tuple[str, ...] | None = None
    variables: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    """What the statements with blanks make."""
    blanks: list[Blank] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Public:
    """A call of a function in the notebook, and what it prints as its true value."""

    arguments: tuple[ast.expr, ...]
    check: Check | None


Remarks = list[tuple[int, int, str]]


def parameters(tree: ast.Module, name: str) -> tuple[str, ...]:
    """Return the names of a function's parameters."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            return tuple(each.arg for each in (*statement.args.posonlyargs, *statement.args.args))
    return ()


def assigned(name: str, trees: Sequence[ast.Module]) -> ast.expr | None:
    """Return what a variable is last set to by a statement of its own, at the top of a cell."""
    found = None
    for tree in trees:
        for statement in tree.body:
            if isinstance(statement, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == name for target in statement.targets
            ):
                found = statement.value
    return found


def variable_asked(
    tree: ast.Module,
    blanks: Sequence[Blank],
    cell: int,
    first: int,
    last: int,
    checks: Sequence[Check],
    asked: Mapping[str, Asked],
    trees: Mapping[int, ast.Module],
) -> Asked:
    """Return the question of a cell whose blanks are in no function.

    It asks for what the cell makes and a true value is printed for; else for what the statements with
    blanks make last.
    """
    statements = [each for each in tree.body if first <= each.lineno <= last]
    blank = [
        each
        for each in statements
        if any(
            each.lineno <= max(one.first, one.last) and one.first <= (each.end_lineno or 0) + 1
            for one in blanks
        )
        or not blanks
    ]
    later = statements[statements.index(blank[0]) :] if blank else statements
    made = [name for each in later for name in _made(each)]
    checked = [
        name
        for check in checks
        if check.yours is not None
        for name in made
        if name in names_in(check.yours) and not _made_anew(name, cell, check.cell, trees)
    ]
    of_blanks = tuple(dict.fromkeys(name for each in blank for name in _made(each)))
    variables = tuple(dict.fromkeys(checked)) or of_blanks[-1:]
    variables = variables or tuple(made[-1:])
    name = variables[0] if variables else f"cell_{cell}"
    known = [each.cell for each in asked.values() if each.name == name]
    if known and known != [cell]:
        name = f"{name}_{cell}"
    return Asked(name=name, cell=cell, variables=variables, made=of_blanks)


def _made_anew(name: str, cell: int, until: int, trees: Mapping[int, ast.Module]) -> bool:
    """Return whether a cell after one, and up to another, makes a variable of the same name."""
    return any(
        cell < number <= until and any(name in _made(each) for each in tree.body)
        for number, tree in trees.items()
    )


def _made(statement: ast.stmt) -> list[str]:
    """Return the names that a statement makes or fills, less what a loop only needs while it runs."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return []
    names = cells.created_by(statement)
    if isinstance(statement, ast.For | ast.While):
        filled = {
            node.func.value.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("append", "extend")
            and isinstance(node.func.value, ast.Name)
        }
        filled |= {
            node.value.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
        }
        stores = {
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        names = {name for name in names if name in filled - stores} or names
        if isinstance(statement, ast.For):
            names -= {node.id for node in ast.walk(statement.target) if isinstance(node, ast.Name)}
    places = {
        node.id: (node.lineno, node.col_offset) for node in ast.walk(statement) if isinstance(node, ast.Name)
    }
    return sorted(names, key=lambda name: places.get(name, (0, 0)))


# ---------------------------------------------------------------- the private cells


def described(
    title: str, asked: Mapping[str, Asked], checks: Sequence[Check], trees: Sequence[ast.Module]
) -> tuple[str, Remarks]:
    """Return the private cells of a master, and which true values they do not hold: cell, line, why."""
    remarks: Remarks = []
    loaded = {name.split(".")[0] for tree in trees for name, _ in cells.imported(tree)}
    loaded -= {*sys.stdlib_module_names, *_IMPORTED_ANYWAY}
    others = sorted(_PACKAGES.get(name, name) for name in loaded - {"matplotlib"})
    environment = ["numpy>=2.0,<2.4", *(["matplotlib>=3.8"] if "matplotlib" in loaded else []), *others]
    named = ", ".join(f"`{name}`" for name in others)
    parts = [
        "# %%\nfrom autograder import author\n",
        *(
            [f"# {TODO}: say which versions of {named} students have, and install them here"]
            if others
            else []
        ),
        f"author.assignment({_text(title)}, environment={json.dumps(environment)})\n",
    ]
    taken: set[int] = set()
    for each in asked.values():
        if each.function is not None and (variables := _instead(each, checks, trees)):
            each.function, each.variables = None, variables
    looked_at = {name for each in asked.values() for name in each.variables}
    data = _drawn(asked, trees)
    if any(each.function is None for each in asked.values()):
        parts.append(_data(data))
    for each in asked.values():
        if each.function is None:
            unseen = [name for name in each.made if name not in looked_at]
            parts.append(_variables(each, unseen, checks, trees, taken))
        else:
            parts.append(_function(each, checks, trees, taken))
    for position, check in enumerate(checks):
        if position not in taken:
            remarks.append((check.cell, check.line, _not_taken(check)))
        elif check.problem:
            remarks.append((check.cell, check.line, check.problem))
    return "\n".join(parts), remarks


def _not_taken(check: Check) -> str:
    if check.yours is None:
        what = "a true value is printed, and nothing of a student's beside it: left out"
        return f"{what}; {check.problem}" if check.problem else what
    what = f"the true value of `{ast.unparse(check.yours)[:60]}` is in no case, for no question asks for it"
    return f"{what}: {check.problem}" if check.problem else what


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _steps(question: Asked) -> list[str]:
    """Return a name for each step: what the comment over a blank asks for."""
    names: list[str] = []
    for number, blank in enumerate(question.blanks, start=1):
        name = _shortened(" ".join(blank.asked.split()))
        if not name and len(question.blanks) > 1:
            name = ", ".join(f"`{each}`" for each in blank.makes[:MAX_MADE]) or f"blank {number}"
        name = name or f"`{question.name}`"
        names.append(f"{name} ({number})" if name in names else name)
    return names or [f"`{question.name}`"]


def _shortened(task: str) -> str:
    """Return what is asked for, no longer than a step's name: cut where a part of it ends, or nothing."""
    if len(task) <= MAX_STEP:
        return task
    task = re.sub(r"\s*\([^()]*\)", "", task)
    if len(task) <= MAX_STEP:
        return task
    cuts = [found.start() for found in _PART_ENDS.finditer(task) if 0 < found.start() <= MAX_STEP]
    for cut in reversed(cuts):
        part = re.sub(r"\s+between\b(?!.*\band\b).*$", "", task[:cut])
        if len(part.split()) > 1 and all(
            part.count(one) == part.count(other) for one, other in ("()", "[]", "{}")
        ):
            return part
    return ""


def _question(question: Asked, cases: Sequence[str], minor: Sequence[str] = ()) -> str:
    steps = [f"author.step({_text(name)}, 1)" for name in _steps(question)]
    inside = [
        f"    {_text(question.name)},",
        "    steps=[",
        *(f"        {step}," for step in (*steps, *minor)),
        "    ],",
        "    cases=[",
        *(f"        {line}" for case in cases for line in case.split("\n")),
        "    ],",
    ]
    return "\n".join(["# %%", "author.question(", *inside, ")", ""])


def _expected(check: Check) -> str:
    lines = check.text.split("\n")
    if len(lines) == 1:
        return f'author.printed("{lines[0]}", decimals={check.decimals})'
    return "author.printed(\n" + "\n".join(
        ['    """', *(f"    {line}" for line in lines), '    """,', f"    decimals={check.decimals},", ")"]
    )


def _case(*arguments: str) -> str:
    inside = [line for argument in arguments for line in (argument + ",").split("\n")]
    return "\n".join(["author.case(", *(f"    {line}" for line in inside), "),"])


def _comments(text: str) -> list[str]:
    return [f"# {line}".rstrip() for line in text.split("\n")]


# ---------------------------------------------------------------- variables


def _doubts(question: Asked, trees: Sequence[ast.Module]) -> Iterator[str]:
    """Yield what is to be asked of a question of variables that may be no numbers, or no question."""
    asked = " ".join(blank.asked for blank in question.blanks)
    called = {
        node.func.id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    for name in question.variables:
        words = f"{name.replace('_', ' ')} {asked}"
        if name in called or (len(question.variables) == 1 and _NO_NUMBERS.search(words)):
            told = f"a case compares numbers, texts and arrays: if `{name}` is none of these"
            yield f"# {TODO}: {told}, ask for what it computes"
    if any(_TO_BE_TRIED.match(blank.asked) for blank in question.blanks):
        told = f"`{question.name}` may be no question, but values that students try"
        yield f"# {TODO}: {told}: if so, make its cell given"


def _variables(
    question: Asked,
    unseen: Sequence[str],
    checks: Sequence[Check],
    trees: Sequence[ast.Module],
    taken: set[int],
) -> str:
    cases = [f"# {TODO}: no case looks at `{name}`, which is left blank too" for name in unseen]
    cases += _doubts(question, trees)
    variables = question.variables or ("TODO",)
    if not question.variables:
        cases.append(f"# {TODO}: the variable that the cell asks for, in the place of `TODO`")
    for name in variables:
        shown = "the notebook's data" if len(variables) == 1 else f"`{name}` on the notebook's data"
        arguments = [_text(shown), "hidden=False", f"variable={_text(name)}"]
        for position, check in enumerate(checks):
            if (
                check.yours is None
                or position in taken
                or name not in names_in(check.yours)
                or not check.text
            ):
                continue
            if isinstance(check.yours, ast.Name) and not any("expected" in each for each in arguments):
                arguments.append(f"expected={_expected(check)}")
            else:
                printed = ast.unparse(check.yours)
                cases += [
                    f"# {TODO}: no case holds the true value of `{printed}`, which stands below",
                    *_comments(check.text),
                ]
            taken.add(position)
        cases.append(_case(*arguments))
    for name in variables:
        shown = "other numbers" if len(variables) == 1 else f"`{name}` on other numbers"
        cases.append(_case(_text(shown), "hidden=True", f"variable={_text(name)}", "data=OTHER_NUMBERS"))
    return _question(question, cases)


def _drawn(asked: Mapping[str, Asked], trees: Sequence[ast.Module]) -> list[str]:
    """Return the variables that a notebook draws or types in as numbers, and that no question asks for."""
    made: dict[str, int] = {}
    found: list[str] = []
    wanted = {name for each in asked.values() for name in each.variables}
    for tree in trees:
        for statement in tree.body:
            names = set(_made(statement))
            draws = ".random." in ast.unparse(statement) or "rng." in ast.unparse(statement)
            value = getattr(statement, "value", None)
            typed = isinstance(statement, ast.Assign) and value is not None and _is_data(value)
            for name in sorted(names):
                made[name] = made.get(name, 0) + 1
                if (draws or typed) and not isinstance(statement, ast.Expr):
                    found.append(name)
    fills = {name for name, count in made.items() if count <= 2}
    return [name for name in dict.fromkeys(found) if name in fills and name not in wanted]


def _is_data(value: ast.expr) -> bool:
    """Return whether numbers are typed in that are no size: a fraction, an array."""
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    if isinstance(value, ast.Constant):
        return isinstance(value.value, float)
    numbers = [
        each
        for each in ast.walk(value)
        if isinstance(each, ast.Constant) and isinstance(each.value, int | float)
    ]
    is_array = (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in ("array", "asarray")
    )
    return is_array and len(numbers) > 1


def _data(names: Sequence[str]) -> str:
    told = f"# {TODO}: check that these are what the answers depend on, and that they may be any numbers"
    if not names:
        told = f"# {TODO}: name what the answers depend on: no given cell draws it, or types it in"
    inside = ", ".join(f"{_text(name)}: {name}" for name in names)
    drawn = f"lambda rng: author.redrawn(rng, {{{inside}}})"
    return f'{told}\nOTHER_NUMBERS = author.data(\n    "other numbers", {drawn}\n)\n'


# ---------------------------------------------------------------- functions


def _function(question: Asked, checks: Sequence[Check], trees: Sequence[ast.Module], taken: set[int]) -> str:
    assert question.function is not None
    public = list(_public(question, checks, trees, taken))
    cases: list[str] = []
    for number, each in enumerate(public, start=1):
        name = "the notebook's call" if number == 1 else f"the notebook's call {number}"
        drawn = "np.random." in _tuple(each.arguments)
        args = f"args={_tuple(each.arguments)}"
        if drawn:
            args = f"args=lambda rng: {_by_rng(_tuple(each.arguments))}"
        arguments = [_text(name), "hidden=False", args]
        if each.check is not None and not drawn:
            arguments.append(f"expected={_expected(each.check)}")
        cases.append(_case(*arguments))
    if not public:
        guessed = ", ".join("rng.normal(size=(3, 4))" for _ in question.function)
        told = f"arguments: the notebook calls `{question.name}` nowhere that could be read"
        if any(passes_function(call, trees) for call in all_calls(question.name, trees)):
            told = (
                f"arguments: `{question.name}` is passed a function, which no case can do; set a variable to "
            )
            told += "what it returns, and ask for that"
        cases.append(f"# {TODO}: {told}")
        args = f"args=lambda rng: ({guessed},)" if guessed else "args=()"
        cases += [_case('"an input"', "hidden=False", args), _case('"another input"', "hidden=True", args)]
    else:
        first = _tuple(public[0].arguments)
        again = f"author.redrawn(rng, {first})" if public[0].arguments else "()"
        if "np.random." in first:
            again = _by_rng(first)
        cases.append(_case('"other numbers"', "hidden=True", f"args=lambda rng: {again}"))
    cases.append(f"# {TODO}: a hidden case with other sizes, all different, where sizes may differ")
    return _question(question, cases, ["author.arguments_unchanged(0.5)"])


def _tuple(arguments: Sequence[ast.expr]) -> str:
    written = ", ".join(ast.unparse(argument) for argument in arguments)
    return f"({written},)" if len(arguments) == 1 else f"({written})"


def _by_rng(code: str) -> str:
    """Return code that draws from a generator called `rng`, as far as names go."""
    known = {"randn(": "standard_normal(", "random_sample(": "random(", "randint(": "integers("}
    return re.sub(r"\bnp\.random\.(\w+\()", lambda found: f"rng.{known.get(found[1], found[1])}", code)


def _public(
    question: Asked, checks: Sequence[Check], trees: Sequence[ast.Module], taken: set[int]
) -> Iterator[_Public]:
    """Yield the calls of a function with a printed true value; without one, the first call of all."""
    known = global_names(trees)
    checked = False
    for position, check in enumerate(checks):
        value = check.yours
        if isinstance(value, ast.Name):
            value = assigned(value.id, trees)
        if not (isinstance(value, ast.Call) and is_call_of(value, question.name)) or position in taken:
            continue
        if passes_function(value, trees):
            continue
        arguments = in_order(value, question.function or ())
        if arguments is not None and check.text and all(names_in(each) <= known for each in arguments):
            taken.add(position)
            checked = True
            yield _Public(arguments=arguments, check=check)
    if checked:
        return
    for call in all_calls(question.name, trees):
        arguments = None if passes_function(call, trees) else in_order(call, question.function or ())
        if arguments is not None and all(names_in(each) <= known for each in arguments):
            yield _Public(arguments=arguments, check=None)
            return


def _instead(question: Asked, checks: Sequence[Check], trees: Sequence[ast.Module]) -> tuple[str, ...]:
    """Return the variables to ask for instead of a function that takes functions: none can be sent.

    Of several that a call sets at once, these are those with a true value, and the first without any.
    """
    calls = all_calls(question.name, trees)
    if not calls or not all(passes_function(call, trees) for call in calls):
        return ()
    for tree in trees:
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if call in calls:
                    return (name,)
                case ast.Assign(targets=[ast.Tuple(elts=elements)], value=ast.Call() as call) if (
                    call in calls
                ):
                    names = [each.id for each in elements if isinstance(each, ast.Name)]
                    checked = [name for name in names if any(_is_of(check, name) for check in checks)]
                    return tuple(checked or names[:1])
    return ()


def _is_of(check: Check, name: str) -> bool:
    return isinstance(check.yours, ast.Name) and check.yours.id == name
