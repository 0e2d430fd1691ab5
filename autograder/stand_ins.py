"""What a test of an author's own is given for a student's names: plain values, and functions that ask.

No object of a student's ever gets here: what has no plain value can be called, and nothing else.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np

from autograder import wire
from autograder.model import Problem, ProblemKind


class Notebook(Protocol):
    """A notebook that has run, and answers: the reference's own, or a student's in a worker."""

    def value(self, name: str) -> Any:
        """Return a variable as plain data, or a `Function`.

        Raises:
            KeyError: if the notebook does not define it.
        """

    def call(self, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """Return what a function answers, as plain data."""


class StudentError(Exception):
    """A student's code raised: caught by a test as what was raised, if that is a builtin exception."""

    def __init__(self, problem: Problem, asked: str) -> None:
        self.problem = problem
        self.asked = asked
        self.args = (problem.message,)

    def __str__(self) -> str:
        return self.problem.message


class Stopped(BaseException):
    """A student's code hung, or ended its process: no answer, so a test's `except` is not for it."""

    def __init__(self, problem: Problem, asked: str) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.asked = asked


class NoValue(BaseException):
    """A test has looked into something that has no plain value; nothing that it calls swallows that."""


_SWALLOWED = (StopIteration, StopAsyncIteration, ExceptionGroup)
"""What ends a loop without a trace, as in `map(function, inputs)`; and what needs more than a message."""


def raised(problem: Problem, asked: str) -> BaseException:
    """Return what a test is to see of a problem: a student's ValueError is a ValueError."""
    if problem.kind is not ProblemKind.EXCEPTION:
        return Stopped(problem, asked)
    for name in (problem.type, *problem.bases):
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, _SWALLOWED):
            made: type[StudentError] = type(kind.__name__, (StudentError, kind), {})
            return made(problem, asked)
    return StudentError(problem, asked)


class Unseen:
    """Something that has no plain value. It equals nothing and differs from nothing: asked, it raises."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, what: str) -> None:
        self._what = what

    def __repr__(self) -> str:
        return f"<{self._what}>"

    def _refuse(self, *_: object, **__: object) -> Any:
        raise NoValue(f"`{self._what}` cannot be looked into")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what Python and NumPy look for of their own accord
            raise AttributeError(name)
        self._refuse()

    __eq__ = __ne__ = __bool__ = __array__ = _refuse


class Function(Unseen):
    """A function of a notebook: called, it asks the notebook."""

    def __init__(self, notebook: Notebook, name: str) -> None:
        super().__init__("function")
        self._notebook = notebook
        self.__name__ = name

    def __bool__(self) -> bool:  # type: ignore[override]
        return True

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Return what the notebook's function answers."""
        return self._notebook.call(self.__name__, arguments, keywords)


class Names(Mapping[str, Any]):
    """All names of a notebook, each looked up when it is asked for: what `env` is."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def __getitem__(self, name: str) -> Any:
        return self._notebook.value(name)

    def __iter__(self) -> Iterator[str]:
        raise TypeError("the names of a notebook cannot be listed: ask for one")

    def __len__(self) -> int:
        raise TypeError("the names of a notebook cannot be counted: ask for one")


def run(function: Callable[..., Any], parameters: tuple[str, ...], notebook: Notebook) -> None:
    """Run a test as Otter does: it passes unless it raises."""
    names = Names(notebook)
    with np.errstate(all="ignore"):
        function(**{name: names if name == "env" else names.get(name) for name in parameters})


def seen(value: Any) -> Any:
    """Return a value that has crossed as a test is to see it: single numbers as numbers."""
    if isinstance(value, wire.Opaque):
        return Unseen(value.what)
    if isinstance(value, list):
        return [seen(item) for item in value]
    if isinstance(value, tuple):
        return tuple(seen(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == object:
        items = np.empty(value.size, dtype=object)
        for index, item in enumerate(value.reshape(-1)):
            items[index] = seen(item)
        return items.reshape(value.shape)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return value[()]
    return value


def size_of(value: Any) -> int:
    """Return how many numbers or characters a value has."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return int(value.size)
    if isinstance(value, list | tuple | np.ndarray):
        return sum(map(size_of, value.reshape(-1) if isinstance(value, np.ndarray) else value))
    return len(value) if isinstance(value, str) else 1
