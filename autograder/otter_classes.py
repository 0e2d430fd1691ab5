"""Stand-ins for Otter's modules, only while a master is executed or Otter's results are pickled.

Importing Otter itself takes a second, and it need not be installed: what a master says must mean
the same either way.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from autograder.errors import AuthoringError

ARGUMENTS = ("name", "points", "hidden", "success_message", "failure_message")
"""What Otter's `test_case` takes, in its order."""


class test_case:  # noqa: N801
    """Otter's decorator: a function that raises where the student's notebook is not as it should be.

    A parameter called `env` is given all names of the notebook; any other, what the notebook
    defines under its name, or None.
    """

    def __init__(
        self,
        name: str | None = None,
        points: float | None = None,
        hidden: bool = False,
        success_message: str | None = None,
        failure_message: str | None = None,
        **unknown: Any,
    ) -> None:
        for argument in unknown:
            raise AuthoringError(
                f"`test_case` has no argument `{argument}`",
                next_step=f"Its arguments are: {', '.join(f'`{known}`' for known in ARGUMENTS)}.",
            )
        self.name = name
        self.points = points
        self.hidden = hidden
        self.success_message = success_message
        self.failure_message = failure_message
        self.test_func: Callable[..., Any] = lambda: None

    def __call__(self, test_func: Callable[..., Any]) -> test_case:
        """Take the function that this decorates."""
        self.test_func = test_func
        return self

    def call_func(self, global_environment: Mapping[str, Any]) -> None:
        """Run the test on what a notebook defines."""
        names = inspect.signature(self.test_func).parameters
        self.test_func(
            **{name: global_environment if name == "env" else global_environment.get(name) for name in names}
        )


_FOR_MASTERS = {"otter.test_files": {"test_case": test_case}}


@contextmanager
def otter_names(content: Mapping[str, Mapping[str, Any]] = _FOR_MASTERS) -> Iterator[None]:
    """Let Otter be modules with this content, by name; afterwards all is as it was."""
    before = _take_out()
    otter = ModuleType("otter")
    otter.__path__ = []
    sys.modules["otter"] = otter
    for name, names in content.items():
        module = ModuleType(name)
        vars(module).update(names)
        sys.modules[name] = module
        if name == "otter.test_files":
            vars(otter).update(test_files=module)
    try:
        yield
    finally:
        _take_out()
        sys.modules.update(before)


def _take_out() -> dict[str, ModuleType]:
    """Take Otter and all that is in it out of the loaded modules; return it."""
    names = [name for name in sys.modules if name == "otter" or name.startswith("otter.")]
    return {name: sys.modules.pop(name) for name in names}
