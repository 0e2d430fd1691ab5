"""What the exceptions of NumPy and Python complain about, in words that say where to look.

Each has a pattern for its type and message, what is said of it, and whether shapes are what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from autograder.usage import is_numpys

Say = Callable[[re.Match[str]], str]


def _product(first: str, second: str) -> str:
    return (
        f"In that product, each row of the first matrix has {first} numbers, and each column of the second "
        f"has {second}: is one of them transposed, or do they stand in the wrong order?"
    )


def _tuple(text: str) -> str:
    """Return a shape as Python writes it, from the digits and commas of a message."""
    sizes = [size for size in text.split(",") if size.strip()]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def _numbers_in(text: str) -> int:
    product = 1
    for size in text.split(",")[:16]:
        product *= int(size[:9] or 1)
    return product


def _ends_at(size: str) -> str:
    return "it has none" if int(size[:9]) == 0 else f"they are numbered from 0 to {int(size[:9]) - 1}"


def _always(text: str) -> Say:
    return lambda _: text


_LIST = _always(
    "That is a Python list, not an array: `np.array` makes an array of a list of numbers, and the "
    "functions that join arrays make one of a list of arrays."
)
_NONE = _always(
    "One of the things on that line is `None`: what a function gives that ends without `return`, or a "
    "method that changes a list in place."
)
_AXES = _always(
    "A sum, a maximum or an index takes an axis away, unless `keepdims=True` or a slice keeps it."
)

_COMPUTED = _always(
    "A list cannot be computed with as a whole: turn it into an array, or go through it item by item."
)


def _names(text: str) -> str:
    names = [f"`{name}`" for name in re.findall(r"'(\w{1,60})'", text)[:6]]
    return listed(names) or "an argument"


def listed(texts: Sequence[str]) -> str:
    """Return texts as a sentence names them: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def _definition(name: str) -> str:
    return f"what NumPy says about `{name}`" if is_numpys(name) else "its `def` line"


COMPLAINTS: tuple[tuple[str, Say, bool], ...] = (
    (
        r"(?:TypeError|AttributeError): .*ellipsis",
        _always("A blank is still open: somewhere a `...` stands where your code belongs."),
        False,
    ),
    (r"ValueError: matmul: .*\(size (\d+) is different from (\d+)\)", lambda m: _product(m[2], m[1]), True),
    (
        r"ValueError: matmul: Input operand \d does not have enough dimensions",
        _always("A matrix product `@` takes arrays, and one of the two is a single number: `*` multiplies by "
                "it."),
        True,
    ),
    (
        r"ValueError: shapes \([\d,]+\) and \([\d,]+\) not aligned: (\d+) \(dim \d+\) != (\d+) \(dim",
        lambda m: _product(m[1], m[2]),
        True,
    ),
    (
        r"ValueError: operands could not be broadcast together with shapes \(([\d,]*)\) \(([\d,]*)\)",
        lambda m: (
            f"Arrays of the shapes {_tuple(m[1])} and {_tuple(m[2])} are combined entry by entry, "
            "which cannot be: is a matrix product meant, or is one of them transposed?"
        ),
        True,
    ),
    (
        r"ValueError: non-broadcastable output operand with shape \(([\d,]*)\) doesn't match the "
        r"broadcast shape "
        r"\(([\d,]*)\)",
        lambda m: (
            f"An array of shape {_tuple(m[1])} is changed in place, and the result has shape "
            f"{_tuple(m[2])}: it does not fit in there."
        ),
        True,
    ),
    (
        r"ValueError: could not broadcast input array from shape \(([\d,]*)\) into shape \(([\d,]*)\)",
        lambda m: (
            f"What is put into the array has shape {_tuple(m[1])}, and the place where it goes has shape "
            f"{_tuple(m[2])}: a single index takes its axis away, and a slice keeps it."
        ),
        True,
    ),
    (
        r"ValueError: (?:einsum: )?operands? (?:\d+ )?(?:could not be broadcast|has a mismatch)",
        _always("A letter of `np.einsum` stands for axes of different lengths: write down the shape of each "
                "operand below its letters."),
        True,
    ),
    (
        r"ValueError: einstein sum subscripts string contains too many subscripts|"
        r"ValueError: operand has more dimensions than subscripts",
        _always("`np.einsum` needs as many letters for an operand as that has axes."),
        True,
    ),
    (
        r"ValueError: all the input array dimensions except for the concatenation axis must match exactly, "
        r"but along dimension (\d+), the array at index (\d+) has size (\d+) and the array at index "
        r"(\d+) has size (\d+)",
        lambda m: (
            f"Arrays that are joined must agree in all other axes, and along axis {m[1]} one has size "
            f"{m[3]} and another {m[5]}: are they joined along the other axis?"
        ),
        True,
    ),
    (
        r"ValueError: all the input arrays must have same number of dimensions",
        _always("Arrays that are joined must have the same number of axes."),
        True,
    ),
    (
        r"ValueError: all input arrays must have the same shape",
        _always("Arrays that are stacked on a new axis must all have the same shape."),
        True,
    ),
    (r"ValueError: need at least one array to", _always("The list of what is joined is empty."), False),
    (
        r"ValueError: zero-dimensional arrays cannot be concatenated",
        _always("Single numbers cannot be joined: join arrays, all of them in one list or tuple."),
        False,
    ),
    (
        r"ValueError: cannot reshape array of size (\d+) into shape \(([\d,]+)\)",
        lambda m: (
            f"The array has {m[1]} numbers, and the shape {_tuple(m[2])} has place for "
            f"{_numbers_in(m[2])}: the product of the sizes must be the same."
        ),
        True,
    ),
    (
        r"ValueError: setting an array element with a sequence\. The requested array has an inhomogeneous",
        _always("An array is made of things of different shapes: all that goes into one must have the same."),
        True,
    ),
    (
        r"ValueError: setting an array element with a sequence",
        _always("A whole array is put where a single number goes."),
        True,
    ),
    (
        r"IndexError: index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        lambda m: f"Axis {m[2]} has {m[3]} places, and {_ends_at(m[3])}: {m[1]} is none of them.",
        True,
    ),
    (
        r"IndexError: list index out of range",
        _always("The list is shorter than that, and its first item has the number 0: is it filled as far as "
                "this?"),
        False,
    ),
    (
        r"IndexError: too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
        lambda m: f"The array has {m[1]} axes, and {m[2]} indices are given. {_AXES(m)}",
        True,
    ),
    (
        r"(?:AxisError|numpy.*AxisError): axis (-?\d+) is out of bounds for array of dimension (\d+)",
        lambda m: f"The array has {m[2]} axes, counted from 0, so that there is no axis {m[1]}. {_AXES(m)}",
        True,
    ),
    (
        r"ValueError: axes don't match array",
        _always("A transposition must name each axis of the array once."),
        True,
    ),
    (
        r"ValueError: The truth value of an array with more than one element is ambiguous",
        _always("A condition is about a whole array, and some of its numbers may fulfil it while others do "
                "not: is one number meant, or `np.where` or a maximum along an axis, which look at each?"),
        True,
    ),
    (
        r"TypeError: ((?:v|h|d|column_)stack)\(\) takes 1 positional argument but (\d+) were given",
        lambda m: (
            f"`np.{m[1]}` takes one list or tuple of all the arrays, and here {m[2]} things are handed over "
            "one by one."
        ),
        False,
    ),
    (
        r"TypeError: (?:\w+\.)*(\w{1,60})\(\) missing \d+ required [\w-]+ arguments?: (.*)",
        lambda m: (
            f"In that call of `{m[1]}`, nothing is given for {_names(m[2])}: compare it with "
            f"{_definition(m[1])}."
        ),
        False,
    ),
    (
        r"TypeError: (?:\w+\.)*(\w{1,60})\(\) got an unexpected keyword argument '(\w{1,60})'",
        lambda m: f"`{m[1]}` has no argument called `{m[2]}`: compare that call with {_definition(m[1])}.",
        False,
    ),
    (
        r"TypeError: (?:\w+\.)*(\w{1,60})\(\) got multiple values for argument '(\w{1,60})'",
        lambda m: (
            f"In that call, `{m[1]}` gets `{m[2]}` twice, by its place and by its name: compare it with "
            f"{_definition(m[1])}."
        ),
        False,
    ),
    (
        r"TypeError: (?:\w+\.)*(\w{1,60})\(\) (?:takes|missing|got)",
        lambda m: (
            f"Compare that call of `{m[1]}` with {_definition(m[1])}: which arguments, and in which order?"
        ),
        False,
    ),
    (
        r"TypeError: only integer scalar arrays can be converted",
        _always("An array stands where a whole number is needed: in `range`, as an index of a list, or as an "
                "axis."),
        False,
    ),
    (
        r"TypeError: Cannot interpret '\d+' as a data type",
        _always("All sizes of an array belong into one tuple; the second argument is the kind of numbers."),
        False,
    ),
    (
        r"ValueError: (?:not enough|too many) values to unpack \(expected (\d+)",
        lambda m: (
            f"There are {m[1]} names on the left of `=`, and another number of values on the right. "
            "The shape of an array has one size for each of its axes."
        ),
        True,
    ),
    (
        r"AttributeError: 'NoneType' object|TypeError: .*'NoneType'",
        _NONE,
        False,
    ),
    (
        r"TypeError: can only concatenate list",
        _always("With a list, `+` puts another list at its end: to compute with its numbers, turn it into an "
                "array or go through it item by item."),
        False,
    ),
    (
        r"TypeError: (?:unsupported operand|bad operand) type.*'list'|TypeError: can't multiply sequence",
        _COMPUTED,
        False,
    ),
    (
        r"TypeError: (?:unsupported operand|bad operand) type.*'tuple'",
        _always("A tuple, such as a shape, cannot be computed with as a whole: is one of its items meant?"),
        False,
    ),
    (
        r"TypeError: must be real number, not (?:list|tuple)",
        _always("The functions of `math` take one number, and this is a list: NumPy has functions of the "
                "same names that take arrays, entry by entry."),
        False,
    ),
    (
        r"AttributeError: 'list' object has no attribute|TypeError: list indices must be integers",
        _LIST,
        False,
    ),
)  # fmt: skip
