"""Functions with the right signature and the right shapes that compute something unrelated: no mistake explains them."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .answers import called, function_of, inputs, outputs
from .entries import ARGUMENTS, MULTI_ARGUMENTS, SELF_ARGUMENTS
from .wrong import WRONG, straight_on

Shape = tuple[str, ...]

_SIZES = {
    "n": "len(z)",
    "M": "data_in.shape[0]",
    "C": "data_in.shape[1]",
    "D": "X.shape[0]",
    "N": "X.shape[1]",
    "h": "len(beta_q1)",
}


def _shape_of(name: str, size: str) -> Shape:
    if name == "X":
        return ("D", "N")
    if name == "omega_c":
        return ("D", "D")
    return (size, "D") if name.startswith("omega") else (size, "1")


SIGNATURES: dict[str, tuple[dict[str, Shape], Shape]] = {
    "softmax": ({"z": ("n",)}, ("n",)),
    "softmax_cols": ({"data_in": ("M", "C")}, ("M", "C")),
    "self_attention": ({name: _shape_of(name, "D") for name in SELF_ARGUMENTS}, ("D", "N")),
    "scaled_dot_product_self_attention": (
        {name: _shape_of(name, "D") for name in SELF_ARGUMENTS},
        ("D", "N"),
    ),
    "multihead_scaled_self_attention": ({name: _shape_of(name, "h") for name in MULTI_ARGUMENTS}, ("D", "N")),
}
"""By question, the shapes of what a function can use, and of what it returns; sizes are letters."""

_FOREIGN = (
    "np.sin({})",
    "np.cos({})",
    "np.arctan({})",
    "np.floor({})",
    "np.sign({})",
    "np.round({})",
    "np.cbrt({})",
    "np.exp(-np.abs({}))",
    "np.log1p(np.abs({}))",
    "np.sinc({})",
    "np.abs({})",
    "np.tanh({})",
)
_BINARY = (
    "({} + {})",
    "({} - {})",
    "({} * {})",
    "np.maximum({}, {})",
    "np.minimum({}, {})",
    "np.hypot({}, {})",
    "np.arctan2({}, {})",
    "({} / (1 + np.abs({})))",
    "np.fmod({}, 1.5 + np.abs({}))",
    "np.where({} > 0.25, 0.5, {})",
)


class _Writer:
    """Writes random expressions of a shape; `names` are the arrays at hand, by name."""

    def __init__(self, chance: random.Random, names: dict[str, Shape]) -> None:
        self._chance = chance
        self.names = dict(names)
        self._letters = sorted({size for shape in names.values() for size in shape} - {"1"})

    def expression(self, shape: Shape, depth: int) -> str:
        """Return an expression of a shape, as deep as `depth`."""
        if depth <= 0:
            return self._leaf(shape)
        kinds = [self._unary, self._moved, self._binary, self._stretched, self._reduced]
        if len(shape) == 2:
            kinds += [self._product, self._product, self._turned]
        return self._chance.choice(kinds)(shape, depth - 1)

    def foreign(self, shape: Shape, depth: int) -> str:
        """Return an expression in which something happens that has no place in an attention."""
        return self._chance.choice([self._unary, self._moved, self._mixed])(shape, depth)

    def _leaf(self, shape: Shape) -> str:
        fitting = [name for name, its in self.names.items() if its == shape]
        if fitting and self._chance.random() < 0.85:
            return self._chance.choice(fitting)
        size = self._size(shape)
        number = self._chance.randrange(10_000)
        return self._chance.choice(
            [
                f"np.random.default_rng({number}).normal(size={size})",
                f"np.random.default_rng({number}).uniform(-2, 2, size={size})",
                f"np.full({size}, {number / 1000 - 5})",
                f"(np.arange(np.prod({size})).reshape({size}) / {1 + number % 17})",
            ]
        )

    def _size(self, shape: Shape) -> str:
        sizes = [_SIZES.get(size, size) for size in shape]
        return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"

    def _unary(self, shape: Shape, depth: int) -> str:
        return self._chance.choice(_FOREIGN).format(self.expression(shape, depth))

    def _moved(self, shape: Shape, depth: int) -> str:
        inner, axis = self.expression(shape, depth), self._chance.randrange(len(shape))
        number = self._chance.randrange(1, 1000)
        return self._chance.choice(
            [
                f"np.roll({inner}, {1 + number % 3}, axis={axis})",
                f"np.flip({inner}, axis={axis})",
                f"np.sort({inner}, axis={axis})",
                f"np.cumsum({inner}, axis={axis})",
                f"np.random.default_rng({number}).permutation({inner}, axis={axis})",
                f"(np.argsort({inner}, axis={axis}) * {number / 250})",
                f"np.gradient(np.vstack([{inner}] * 2), axis=0)[: {_SIZES.get(shape[0], shape[0])}]"
                if len(shape) == 2
                else f"np.gradient({inner})",
            ]
        )

    def _mixed(self, shape: Shape, depth: int) -> str:
        own = f"np.random.default_rng({self._chance.randrange(10_000)}).normal(size={self._size(shape)})"
        return self._chance.choice(_BINARY).format(self.expression(shape, depth), own)

    def _binary(self, shape: Shape, depth: int) -> str:
        return self._chance.choice(_BINARY).format(
            self.expression(shape, depth), self.expression(shape, depth - 1)
        )

    def _stretched(self, shape: Shape, depth: int) -> str:
        factor, shift = self._chance.uniform(-3, 3), self._chance.uniform(-2, 2)
        return f"({factor:.2f} * {self.expression(shape, depth)} + {shift:.2f})"

    def _reduced(self, shape: Shape, depth: int) -> str:
        reduce = self._chance.choice(["mean", "max", "min", "std"])
        axis = self._chance.choice([None, *range(len(shape))])
        reduced = f"np.{reduce}({self.expression(shape, depth)}, axis={axis}, keepdims=True)"
        return self._chance.choice(_BINARY[:6]).format(self.expression(shape, depth - 1), reduced)

    def _product(self, shape: Shape, depth: int) -> str:
        inner = self._chance.choice(self._letters)
        left, right = self.expression((shape[0], inner), depth), self.expression((inner, shape[1]), depth - 1)
        return f"({left} @ {right})"

    def _turned(self, shape: Shape, depth: int) -> str:
        return f"({self.expression(shape[::-1], depth)}).T"


def _source(question: str, chance: random.Random) -> str:
    names, shape = SIGNATURES[question]
    writer = _Writer(chance, names)
    lines = [f"def {question}({', '.join(ARGUMENTS[question])}):"]
    if question == "softmax":
        lines.append("    z = np.array(items_in, dtype=float).ravel()")
    for number in range(chance.randrange(3)):
        its = chance.choice([*names.values(), shape])
        lines.append(f"    part_{number} = {writer.expression(its, chance.randint(1, 3))}")
        writer.names[f"part_{number}"] = its
    lines.append(f"    return {writer.foreign(shape, chance.randint(1, 4))}")
    return "\n".join(lines) + "\n"


def random_functions(question: str, count: int = 10_000, seed: int = 0) -> Iterator[str]:
    """Yield the source of `count` functions for a question, the same ones for the same seed.

    Each gives finite numbers of the right shape for inputs of all sizes, other numbers than all before
    it, than the right answer, and than every wrong answer of the corpus.
    """
    chance = random.Random(f"{question} {seed}")
    given = inputs(question)
    shapes, known = _known(question)
    seen: set[bytes] = set()
    while len(seen) < count:
        source = _source(question, chance)
        found = _numbers([called(function_of(question, source), *each) for each in given], shapes)
        if found is None or np.abs(found).max() > 1e9:
            continue
        digest = np.char.mod("%.6g", found + 0.0).tobytes()
        if digest in seen or (np.abs(known - found) <= 1e-3 * (np.abs(known) + 0.1)).all(axis=1).any():
            continue
        seen.add(digest)
        yield source


def random_lines(count: int, seed: int = 0) -> Iterator[dict[str, str]]:
    """Yield `count` times one to three expressions for a token's `query`, `key` and `value`, the same ones
    for the same seed: each is a column made of the token, here `X`, the three matrices and the three biases."""
    chance = random.Random(f"lines {seed}")
    shapes = {
        f"{name}_{letter}": shape
        for name, shape in (("omega", ("D", "D")), ("beta", ("D", "1")))
        for letter in "qkv"
    }
    for _ in range(count):
        writer = _Writer(chance, {"X": ("D", "1"), **shapes})
        parts = chance.sample(["query", "key", "value"], chance.choice([1, 1, 2, 3]))
        yield {part: writer.foreign(("D", "1"), chance.randint(1, 4)) for part in parts}


@functools.cache
def _known(question: str) -> tuple[list[tuple[int, ...]], NDArray[Any]]:
    """Return the shapes of a right answer, and the numbers that it and the wrong ones give, one a row."""
    codes = [straight_on(question), *(wrong.code for wrong in WRONG if wrong.question == question)]
    shapes = [each.shape for each in outputs(question, codes[0])]
    found = (_numbers(outputs(question, code), shapes) for code in codes)
    return shapes, np.array([numbers for numbers in found if numbers is not None])


def _numbers(found: list[Any], shapes: list[tuple[int, ...]]) -> NDArray[Any] | None:
    """Return arrays as one vector, or None if one is not finite, or not of its shape."""
    if any(isinstance(each, str) or each.shape != shape for each, shape in zip(found, shapes, strict=True)):
        return None
    numbers = np.concatenate([each.ravel() for each in found])
    return numbers if np.isfinite(numbers).all() else None
