"""What a notebook's prints hold against each other: a student's value, and the true one beside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_LABELS = re.compile(
    r"(?<![a-z])(?:(?P<true>true|correct|expected|should|reference|right\s+answer|ground\s+truth)"
    r"|(?P<yours>yours?|you|calculated|computed|estimated?|result))(?![a-z])",
    re.IGNORECASE,
)
_NUMBER = r"[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?|nan|inf)"
_NUMBERS = re.compile(rf"(?<![\w.]){_NUMBER}(?![\w.])", re.IGNORECASE)
_BLOCK = re.compile(
    rf"(?<![\w.\[])[\[(\s]*{_NUMBER}(?:[\s,\[\]()]+{_NUMBER})*[\])\s]*(?=$|[^\w\])])", re.IGNORECASE
)
_ONLY_NUMBERS = re.compile(
    rf"[\s\[\](),;]*(?:{_NUMBER}(?:[\s\[\](),;]+{_NUMBER})*[\s\[\](),;]*)?", re.IGNORECASE
)
_SPEC = re.compile(r"%(?:\((?P<name>\w+)\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z%]")
_FIELD = re.compile(r"\{(?P<field>[^{}:!]*)(?:![rsa])?(?::(?P<spec>[^{}]*))?\}")
MAX_TEXT = 4000
MAX_DECIMALS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A true value that a notebook prints, and what of the student's stands beside it.

    Attributes:
        cell: the number of the cell that prints the true value.
        line: its line there.
        yours: what is printed beside it; None if nothing is.
        text: the true value as it is printed; empty if it is no number.
        decimals: how many digits after the point it is printed to.
        problem: what is odd about it; may be empty.
    """

    cell: int
    line: int
    yours: ast.expr | None
    text: str
    decimals: int
    problem: str = ""


@dataclass(slots=True)
class _Seen:
    """Something printed: of the student's, or true, or of whom is not said (`kind` is empty)."""

    kind: str
    cell: int
    line: int
    value: ast.expr | None = None
    text: str = ""


def checks_of(cells: Sequence[tuple[int, ast.Module]]) -> list[Check]:
    """Return the true values that a notebook prints, in their order.

    Args:
        cells: the number and the syntax tree of each code cell.
    """
    literals = _literals(cells)
    seen: list[_Seen] = []
    for number, tree in cells:
        seen += _of_cell(number, tree, literals)
    before = {
        number: previous
        for (previous, _), (number, tree) in pairwise(cells)
        if all(isinstance(each, ast.Expr) for each in tree.body)  # it computes nothing itself
    }
    return list(_paired(seen, before))


def _literals(cells: Sequence[tuple[int, ast.Module]]) -> dict[str, ast.expr]:
    """Return the variables that are typed in as numbers, and nothing else."""
    found: dict[str, ast.expr] = {}
    for _, tree in cells:
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Assign)
                and len(node.targets) == 1
                and isinstance(node.targets[0], ast.Name)
            ):
                name = node.targets[0].id
                found[name] = ast.Constant(value=None) if name in found else node.value
    return {name: value for name, value in found.items() if _typed_in(value)}


def _typed_in(value: ast.expr) -> str:
    """Return numbers that are written out, as text: `0.5`, `[1, 2]`, `np.array([[1.5]])`."""
    match value:
        case ast.Call(func=ast.Attribute(attr="array" | "asarray" | "matrix"), args=[inner, *_]):
            return _typed_in(inner)
        case ast.Constant(value=bool()):
            return ""
        case ast.Constant(value=int() | float()) | ast.UnaryOp(operand=ast.Constant(value=int() | float())):
            return ast.unparse(value)
        case ast.List(elts=elements) | ast.Tuple(elts=elements) if elements and all(map(_typed_in, elements)):
            of_rows = isinstance(elements[0], ast.List | ast.Tuple)
            return f"[{(',' + chr(10) + ' ' if of_rows else ', ').join(map(_typed_in, elements))}]"
    return ""


# ---------------------------------------------------------------- what is printed


def _of_cell(number: int, tree: ast.Module, literals: Mapping[str, ast.expr]) -> Iterator[_Seen]:
    kind = ""
    open_block: _Seen | None = None  # a matrix whose rows are printed one by one
    for call in _prints(tree):
        told = False
        pieces = [piece for argument in call.args for piece in _pieces(argument)]
        for piece in pieces:
            if isinstance(piece, str):
                if open_block is not None and _ONLY_NUMBERS.fullmatch(piece):
                    open_block.text += f"\n{piece}"
                    continue
                for label, text in _labelled(piece):
                    kind = label or kind
                    open_block = None
                    if kind == "true" and (block := _numbers_after(text, label)):
                        open_block = _Seen(kind=kind, cell=number, line=call.lineno, text=block)
                        yield open_block
                continue
            typed = literals.get(piece.id) if isinstance(piece, ast.Name) else piece
            text = _typed_in(typed) if typed is not None else ""
            if kind == "true" and text:
                if open_block is not None:
                    open_block.text += f" {text}"
                else:
                    open_block = _Seen(kind=kind, cell=number, line=call.lineno, text=text)
                    yield open_block
            elif not isinstance(piece, ast.Constant):
                kind = "" if open_block is not None else kind  # the true value was told in full
                open_block = None
                yield _Seen(kind=kind, cell=number, line=call.lineno, value=piece)
                told = True
            told = told or open_block is not None
        if told:
            kind = ""


def _prints(tree: ast.AST) -> list[ast.Call]:
    """Return the calls of `print` that are not in a function, in their order."""
    found: list[ast.Call] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            found.append(node)
        else:
            found += _prints(node)
    return found


def _pieces(node: ast.expr) -> list[str | ast.expr]:
    """Return what is printed as texts and values, numbers that are formatted as the texts they become."""
    match node:
        case ast.Constant(value=str(text)):
            return [text[:MAX_TEXT]]
        case ast.JoinedStr(values=parts):
            return [piece for part in parts for piece in _pieces(part)]
        case ast.FormattedValue(value=value, format_spec=spec):
            return [_formatted(value, _spec_of(spec), "{:%s}")]
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _is_text(left) or _is_text(right):
            return [*_pieces(left), *_pieces(right)]
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right):
            return _percent(text, right)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return _braces(text, node)
        case ast.Call(func=ast.Name(id="str" | "repr" | "round" | "float"), args=[value, *_]):
            return _pieces(value)
        case ast.Call(func=ast.Attribute(attr="round" | "around" | "array2string"), args=[value, *_]):
            return _pieces(value)
    return [node]


def _spec_of(spec: ast.expr | None) -> str:
    parts = spec.values if isinstance(spec, ast.JoinedStr) else []
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def _is_text(node: ast.expr) -> bool:
    return any(
        isinstance(each, ast.JoinedStr)
        or (isinstance(each, ast.Constant) and isinstance(each.value, str))
        or (isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "str")
        for each in ast.walk(node)
    )


def _percent(text: str, right: ast.expr) -> list[str | ast.expr]:
    values = list(right.elts) if isinstance(right, ast.Tuple) else [right]
    found: list[str | ast.expr] = []
    position = 0
    for spec in _SPEC.finditer(text):
        found.append(text[position : spec.start()])
        position = spec.end()
        if spec.group() != "%%" and values:
            found.append(_formatted(values.pop(0), spec.group(), "%s"))
    return [piece for piece in (*found, text[position:]) if piece != ""]


def _braces(text: str, call: ast.Call) -> list[str | ast.expr]:
    values = list(call.args)
    named = {each.arg: each.value for each in call.keywords}
    found: list[str | ast.expr] = []
    position, count = 0, 0
    for field in _FIELD.finditer(text):
        found.append(text[position : field.start()])
        position = field.end()
        name = field["field"]
        at = count if not name else int(name) if name.isdecimal() and len(name) < 4 else -1
        count += not name
        value = values[at] if 0 <= at < len(values) else named.get(name)
        if value is not None:
            found.append(_formatted(value, field["spec"] or "", "{:%s}"))
    return [piece for piece in (*found, text[position:]) if piece != ""]


def _formatted(value: ast.expr, spec: str, around: str) -> str | ast.expr:
    """Return a number that is written out as it is printed; what is computed, as it is."""
    if not isinstance(value, ast.Constant | ast.UnaryOp):
        return value
    try:
        number = ast.literal_eval(value)
    except ValueError:
        return value
    if isinstance(number, str):
        return number
    if any(int(digits) > 30 for digits in re.findall(r"\d{1,9}", spec)):
        return str(number)  # nobody prints that wide
    form = around % spec
    try:
        return form % number if around == "%s" else form.format(number)
    except (TypeError, ValueError, OverflowError):
        return str(number)


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text: whose value the part announces, if it says so, and the part."""
    marks = list(_LABELS.finditer(text))
    if not marks:
        yield "", text
        return
    if text[: marks[0].start()].strip():
        yield "", text[: marks[0].start()]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        part = text[mark.end() : following.start() if following else len(text)]
        yield "true" if mark["true"] else "yours", part


def _numbers_after(text: str, label: str) -> str:
    """Return the numbers of a text: after its colon if a label stands before them, and all if not."""
    if not label:
        return text if _ONLY_NUMBERS.fullmatch(text) and _NUMBERS.search(text) else ""
    text = (
        re.sub(r"^[^:=\[]*?(?:[:=]|\b(?:is|are|be)\b)", "", text, count=1)
        if re.search(r"[:=]|\b(is|are|be)\b", text)
        else text
    )
    if "[" in text and (first := _NUMBERS.search(text)):
        start = text.find("[")
        if start < first.start():
            return text[start:]
    block = _BLOCK.search(text)
    return block.group().strip() if block else ""


# ---------------------------------------------------------------- what stands beside what


def _paired(seen: Sequence[_Seen], cell_before: Mapping[int, int]) -> Iterator[Check]:
    position = 0
    while position < len(seen):
        one = seen[position]
        other = seen[position + 1] if position + 1 < len(seen) else None
        pair = {
            each.kind: each
            for each in (one, other)
            if each is not None and (each.kind == "true") == bool(each.text)
        }
        beside = other is not None and (
            one.cell == other.cell or _in_the_cell_before(seen, position, cell_before)
        )
        mine = pair.get("yours") or (pair.get("") if beside else None)
        if other is not None and "true" in pair and mine is not None:
            if mine.kind == "" and _followed_by_yours(seen, position, mine):
                mine = None
            else:
                yield _check(pair["true"], mine.value)
                position += 2
                continue
        if one.kind == "true":
            yield _check(one, None)
        position += 1


def _in_the_cell_before(seen: Sequence[_Seen], position: int, cell_before: Mapping[int, int]) -> bool:
    """Return whether a value is what a cell prints last, and the next cell prints the true one alone."""
    one, true, *more = seen[position : position + 3]
    alone = not more or more[0].cell != true.cell or bool(more[0].text)
    return bool(true.text) and not one.text and cell_before.get(true.cell) == one.cell and alone


def _followed_by_yours(seen: Sequence[_Seen], position: int, mine: _Seen) -> bool:
    """Return whether a value without a label stands between a true value and the student's."""
    after = seen[position + 2] if position + 2 < len(seen) else None
    if after is None or after.cell != mine.cell:
        return False
    return after.kind == "yours" and seen[position + 1] is mine


def _check(true: _Seen, yours: ast.expr | None) -> Check:
    whole = re.sub(r"[();]", " ", true.text[:MAX_TEXT])
    if not _ONLY_NUMBERS.fullmatch(whole):  # words after a matrix
        whole = whole[: whole.rfind("]") + 1]
    if true.text and not (_ONLY_NUMBERS.fullmatch(whole) and _NUMBERS.search(whole)):
        return Check(
            cell=true.cell, line=true.line, yours=yours, text="", decimals=0,
            problem="the true value is not written in numbers alone",
        )  # fmt: skip
    text = "\n".join(line.strip() for line in whole.splitlines() if line.strip())
    text = re.sub(r"\n\[", "\n [", text)
    problem = (
        "" if true.text else f"the true value is computed: `{ast.unparse(true.value)}`" if true.value else ""
    )
    if text.count("[") != text.count("]"):
        text = _balanced(text)
        problem = f"the brackets of the true value do not match: read as `{' '.join(text.split())[:60]}`"
    rows = [_NUMBERS.findall(line) for line in text.splitlines()]
    if text.startswith("[[") and len({len(row) for row in rows if row}) > 1:
        return Check(
            cell=true.cell, line=true.line, yours=yours, text="", decimals=0,
            problem="the rows of the true value are not equally long",
        )  # fmt: skip
    numbers = [number for row in rows for number in row]
    return Check(
        cell=true.cell,
        line=true.line,
        yours=yours,
        text=text if numbers else "",
        decimals=_decimals(numbers),
        problem=problem,
    )


def _balanced(text: str) -> str:
    """Return a matrix with the brackets that it should have: a row a line."""
    rows = [" ".join(re.sub(r"[\[\]]", " ", line).split()) for line in text.splitlines()]
    rows = [row for row in rows if row]
    if len(rows) == 1 and not text.startswith("[["):
        return f"[{rows[0]}]"
    return "[" + "\n ".join(f"[{row}]" for row in rows) + "]"


def _decimals(numbers: Sequence[str]) -> int:
    """Return to how many decimals numbers are printed: NumPy leaves out zeros at the end of plain ones."""
    plain, scientific = [], []
    for number in numbers:
        mantissa, _, exponent = number.lower().partition("e")
        digits = len(mantissa.partition(".")[2])
        if exponent:
            scientific.append(digits - int(exponent))
        elif mantissa.lstrip("+-")[:1] not in ("n", "i"):
            plain.append(digits)
    return min(MAX_DECIMALS, max(0, min(scientific) if scientific else max(plain, default=0)))


def names_in(node: ast.AST) -> set[str]:
    """Return the names that an expression reads, but for those that it binds itself."""
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    bound = {each.id for each in names if not isinstance(each.ctx, ast.Load)}
    bound |= {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    return {each.id for each in names} - bound
