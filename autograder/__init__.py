"""True Values: an autograder for numerical notebooks.

>>> from autograder import grade
>>> result = grade("multihead_attention", "ada.ipynb")  # doctest: +SKIP
>>> result.points, result.possible  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.grading import grade
    from autograder.model import Result, Status, Verdict

__all__ = ["Result", "Status", "Verdict", "grade"]


def __getattr__(name: str) -> Any:
    """Load the public names when they are asked for: a master needs `author` alone."""
    if name == "grade":
        from autograder.grading import grade

        return grade
    if name in __all__:
        from autograder import model

        return getattr(model, name)
    raise AttributeError(f"module `autograder` has no attribute `{name}`")
