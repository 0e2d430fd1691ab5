"""Answers to the newer assignments, right and wrong, written from the student notebooks alone.

A module for each assignment, called as it is, with

- `RIGHT`: right notebooks by their style: code by question. What they leave out is as the master has it. A style in
  `LOSES` loses the minor steps that are listed there, by question, and nothing else.
- `WRONG`: wrong answers, each with the names that a teacher would give to the mistake. Without names it is one that
  nobody foresaw: it must lose points, and nothing more is asked.

`tests/test_answers.py` holds them against the judge.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A wrong answer to a question, and the names of misconceptions that tell what is wrong with it."""

    question: str
    says: str
    code: str
    names: frozenset[str]


def wrong(question: str, says: str, code: str, *names: str) -> Wrong:
    """Return a wrong answer: `says` tells in a few words what the student did."""
    return Wrong(question=question, says=says, code=code, names=frozenset(names))


def modules() -> dict[str, ModuleType]:
    """Return the answers to each assignment that has some, by its name."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}") for name in sorted(names)}
