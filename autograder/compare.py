"""An answer against the expected value: `Difference | None`, so there is nothing to forget to assert.

What a reasonable teacher would accept is accepted, with a remark:

- a Python list, a tuple of numbers, an object array of numbers or an `np.matrix` for an array;
- a tuple such as `(X_prime, attention)` where one array was asked: the first item with the
  expected shape is judged, and nothing else of it;
- where the question asks for a vector, any of the shapes (n,), (n, 1), (1, n), (n, 1, 1);
- `float32`, compared as exactly as single precision allows.

Not accepted: complex numbers, text, `None`, half precision, NaN where a number is expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder import wire
from autograder.model import Tolerance

SINGLE_RTOL = 1e-4
MAX_ITEMS_OF_TUPLE = 8
MAX_NUMBERS = 2_000_000
"""Of a list: as an array, each may take sixteen bytes, however small it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How an answer differs from the expected value.

    Attributes:
        kind: `kind`, `length`, `shape`, `dtype`, `nonfinite` or `values`; in this order looked for.
        text: in words, with numbers of the expected value: for public cases only.
        brief: in words that tell nothing of the input or the expected value.
    """

    kind: str
    text: str
    brief: str

    @property
    def comparable(self) -> bool:
        """Whether it is an array of the right shape: only its numbers are wrong."""
        return self.kind in ("nonfinite", "values")


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer as an array (or a list of arrays), and what was remarkable about its form."""

    value: Any
    remarks: tuple[str, ...]


def compare(
    answer: Any, expected: Any, tolerance: Tolerance, *, vector: bool = False
) -> tuple[Difference | None, tuple[str, ...]]:
    """Return how `answer` differs from `expected`, if it does, and remarks on its form.

    `expected` is an array, or a list of arrays of which each is compared on its own. `vector`
    says that the shape of a one-dimensional thing does not matter.
    """
    if isinstance(expected, list):
        return _compare_lists(answer, expected, tolerance, vector)
    wanted = np.asarray(expected, dtype=float)
    taken = accept(answer, wanted, vector=vector)
    if isinstance(taken, Difference):
        return taken, ()
    return _compare_arrays(taken.value, wanted, tolerance), taken.remarks


def _compare_lists(
    answer: Any, expected: list[Any], tolerance: Tolerance, vector: bool
) -> tuple[Difference | None, tuple[str, ...]]:
    if not is_sequence(answer):
        return _wrong_kind(answer, f"a list of {len(expected)} arrays"), ()
    remarks: list[str] = []
    if isinstance(answer, np.ndarray) and answer.ndim == 2 and len(answer) != len(expected):
        answer = answer.T
        remarks.append("It is a matrix, not a list: its columns were judged.")
    if len(answer) != len(expected):
        text = f"has {len(answer)} items, expected {len(expected)}"
        return Difference(kind="length", text=text, brief="has another number of items than expected"), ()
    for index, (item, wanted) in enumerate(zip(answer, expected, strict=True)):
        difference, noted = compare(item, wanted, tolerance, vector=vector)
        remarks += [remark for remark in noted if remark not in remarks]
        if difference is not None:
            where = f"is wrong in item {index}: it"
            text, brief = f"{where} {difference.text}", f"{where} {difference.brief}"
            return Difference(kind=difference.kind, text=text, brief=brief), tuple(remarks)
    return None, tuple(remarks)


def is_sequence(answer: Any) -> bool:
    """Return whether an answer has items."""
    return isinstance(answer, list | tuple) or (isinstance(answer, np.ndarray) and answer.ndim > 0)


# ---------------------------------------------------------------- accepting the form


def accept(answer: Any, wanted: NDArray[Any], *, vector: bool = False) -> Accepted | Difference:
    """Return the answer as an array that can be compared with `wanted`, or why it is none."""
    whole = as_array(answer)
    if whole is not None and _fits(whole, wanted, vector):
        return _shaped(whole, wanted, ())
    part = part_of(answer, wanted, vector=vector)
    if part is not None:
        remark = "It is a tuple of several values: the first that has the right shape was judged."
        return _shaped(np.asarray(as_array(answer[part])), wanted, (remark,))
    if whole is None:
        return _wrong_kind(answer, _describe(wanted))
    if whole.dtype.kind == "c":
        return Difference(kind="dtype", text="holds complex numbers", brief="holds complex numbers")
    text = f"has shape {whole.shape}, expected {wanted.shape}"
    return Difference(kind="shape", text=text, brief="has the wrong shape")


def part_of(answer: Any, wanted: NDArray[Any], *, vector: bool = False) -> int | None:
    """Return which item of a tuple is judged: the first with the shape of `wanted`, if it has not itself."""
    whole = as_array(answer)
    if whole is not None and _fits(whole, wanted, vector):
        return None
    if isinstance(answer, list | tuple) and 2 <= len(answer) <= MAX_ITEMS_OF_TUPLE:
        for index, item in enumerate(answer):
            part = as_array(item) if isinstance(item, np.ndarray | list) else None
            if part is not None and part.size > 1 and _fits(part, wanted, vector):
                return index
    return None


def judged_of(answer: Any, expected: Any, *, vector: bool = False) -> Any:
    """Return what of an answer `compare` looks at: of a tuple of several values, the one that is judged.

    Where a list of arrays is expected, all of it is: items of several values are a mistake of their own.
    """
    if isinstance(expected, list):
        return answer
    part = part_of(answer, np.asarray(expected, dtype=float), vector=vector)
    return answer if part is None else answer[part]


def as_array(answer: Any) -> NDArray[Any] | None:
    """Return a numeric array with the answer's content, or None if it has none.

    Text is no number, wherever it stands: nothing is converted that would have to be parsed.
    """
    if not _is_numeric(answer) or _count(answer) > MAX_NUMBERS:
        return None
    try:
        array = np.asarray(answer)
        if array.dtype == object:
            array = _from_objects(array)
    except (TypeError, ValueError, OverflowError, MemoryError):
        return None
    return array if array.dtype.kind in "biufc" and array.ndim <= wire.MAX_DIMENSIONS else None


def as_asked(answer: Any, expected: Any) -> NDArray[Any] | list[NDArray[Any]] | None:
    """Return an answer as an array, or as a list of arrays where one is expected; None if it is neither."""
    if not isinstance(expected, list):
        return as_array(answer)
    items = [as_array(item) for item in answer] if is_sequence(answer) else []
    arrays = [item for item in items if item is not None]
    return arrays if arrays and len(arrays) == len(items) else None


def _count(value: Any) -> int:
    """Return how many numbers there are in a list or tuple; an array is one already, and counts for none."""
    if not isinstance(value, list | tuple):
        return 0
    return sum(item.size if isinstance(item, np.ndarray) else 1 + _count(item) for item in value)


def _is_numeric(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_numeric, value))
    if isinstance(value, np.ndarray):
        return value.dtype != object or all(map(_is_numeric, value.reshape(-1).tolist()))
    return isinstance(value, bool | int | float | complex)


def _from_objects(array: NDArray[Any]) -> NDArray[Any]:
    """Return an object array whose items are numbers, or arrays of one shape, as a plain one."""
    parts: list[NDArray[Any]] = []
    for item in array.reshape(-1).tolist():
        part = np.asarray(float(item)) if isinstance(item, int) else as_array(item)
        if part is None or (parts and part.shape != parts[0].shape):
            raise ValueError("the items are of different kinds")
        parts.append(part)
    return np.array(parts).reshape(array.shape + (parts[0].shape if parts else ()))


def _fits(array: NDArray[Any], wanted: NDArray[Any], vector: bool) -> bool:
    if array.dtype.kind == "c":
        return False
    if array.shape == wanted.shape:
        return True
    if not vector and wanted.ndim:
        return False
    longest = max(array.shape, default=1)
    return array.size == wanted.size == longest


def _shaped(array: NDArray[Any], wanted: NDArray[Any], remarks: tuple[str, ...]) -> Accepted:
    if array.shape != wanted.shape:
        remarks += ("It has another shape than was asked for: its content was judged.",)
    if array.dtype == np.float32:
        remarks += ("It is float32: it was compared to single precision.",)
    return Accepted(array.reshape(wanted.shape), remarks)


def _wrong_kind(answer: Any, wanted: str) -> Difference:
    if answer is None:
        text = f"is None where {wanted} was expected"
        return Difference(kind="kind", text=text, brief="is None")
    if answer is Ellipsis:
        return Difference(kind="kind", text="is still `...`", brief="is still `...`")
    if isinstance(answer, wire.Opaque):
        text = f"is `{answer.what}` where {wanted} was expected"
        return Difference(kind="kind", text=text, brief="is nothing that can be read as numbers")
    what = f"a {type(answer).__name__}"
    if isinstance(answer, list | tuple):
        what += " whose items do not form an array of numbers"
    return Difference(kind="kind", text=f"is {what} where {wanted} was expected", brief=f"is {what}")


def _describe(wanted: NDArray[Any]) -> str:
    return "a number" if wanted.ndim == 0 else f"an array of shape {wanted.shape}"


# ---------------------------------------------------------------- comparing the content


def _compare_arrays(answer: NDArray[Any], wanted: NDArray[Any], tolerance: Tolerance) -> Difference | None:
    with np.errstate(over="ignore"):
        found = answer.astype(float)
    if answer.dtype == np.float16:
        text = "is in half precision (float16), which is too coarse"
        return Difference(kind="dtype", text=text, brief=text)
    finite = np.isfinite(wanted)
    if not (finite & np.isfinite(found)).all():
        odd = _differing_nonfinite(found, wanted)
        if odd is not None:
            return odd
    error = np.zeros_like(wanted)
    with np.errstate(over="ignore"):
        error[finite] = np.abs(found[finite] - wanted[finite])
    wrong = error > _allowed(wanted, finite, tolerance, single=answer.dtype == np.float32)
    if not wrong.any():
        return None
    worst = np.unravel_index(int(np.argmax(np.where(wrong, error, 0))), wanted.shape)
    where = f" at {_index(worst)}" if wanted.ndim else ""
    text = (
        f"differs in {int(wrong.sum())} of {wanted.size} numbers, most{where}: "
        f"{found[worst]:.6g}, expected {wanted[worst]:.6g}"
    )
    return Difference(kind="values", text=text, brief="has wrong values")


def _allowed(
    wanted: NDArray[Any], finite: NDArray[Any], tolerance: Tolerance, *, single: bool
) -> NDArray[Any] | float:
    """Return the largest error of each entry: relative to it, and a hundredth of that to the largest."""
    if tolerance.decimals is not None:
        return 0.5 * 10.0**-tolerance.decimals * (1 + 1e-6) + (1e-6 if single else 1e-12)
    rtol = max(tolerance.rtol, SINGLE_RTOL) if single else tolerance.rtol
    magnitude = np.where(finite, np.abs(wanted), 0.0)
    return rtol * magnitude + 0.01 * rtol * float(magnitude.max(initial=0.0))


def _differing_nonfinite(found: NDArray[Any], wanted: NDArray[Any]) -> Difference | None:
    for name, test in (("NaN", np.isnan), ("infinity", np.isinf)):
        extra = int((test(found) & ~test(wanted)).sum())
        if extra:
            text = f"has {name} in {extra} of {found.size} places"
            return Difference(kind="nonfinite", text=text, brief=f"has {name} where a number was expected")
    special = ~np.isfinite(wanted)
    if not np.array_equal(found[special], wanted[special], equal_nan=True):
        text = "is finite, or infinite of the other sign, where NaN or infinity was expected"
        return Difference(kind="nonfinite", text=text, brief="has wrong values")
    return None


def _index(position: Sequence[Any]) -> str:
    return "[" + ", ".join(str(int(part)) for part in position) + "]"
