"""Cells, run as Jupyter does: by IPython, or, where that makes no difference, in one piece.

IPython takes a cell apart twice, and compiles each of its statements by itself. For most cells that
takes longer than they run.
"""

from __future__ import annotations

import ast
import re
import types
import warnings
from collections.abc import Sequence
from typing import Any

_MAY_BE_SPECIAL = re.compile(r"\A\s|\?|^[ \t]+$|^\s*(?:[%!,;/]|>>>|\.\.\.|In\b)|=\s*[%!]", re.MULTILINE)


def is_plain(source: str) -> bool:
    """Return whether a cell has surely nothing in it that IPython reads in its own way.

    To find that out, IPython takes the cell apart and together again, which takes longer than most
    cells run. What it does to a single line depends on names that the notebook has defined.
    """
    return len(source.splitlines()) > 1 and not _MAY_BE_SPECIAL.search(source)


def transformers(shell: Any) -> list[list[Any]]:
    """Return copies of the lists of what rewrites cells: a notebook may add to them."""
    manager = shell.input_transformer_manager
    lists = (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)
    return [list(each) for each in (*lists, shell.input_transformers_post)]


_IN_PIECES = re.compile(r"a(?:wait|sync)|__future__|is(?<!\wis)(?!\w)(?! (?:not )?None\b)")
"""What shows whether the statements of a cell were compiled one by one, as IPython does it."""


class Runner:
    """Runs cells in a shell as Jupyter does, and plain ones in less time than IPython takes."""

    def __init__(self, shell: Any) -> None:
        """Take over a shell that no notebook has changed yet."""
        self._shell = shell
        self._habits = _habits(shell)
        self._codes: dict[tuple[str, str, bool], list[Any]] = {}

    def run(self, source: str, *, displayed: bool = True) -> BaseException | None:
        """Run a cell; return what it raised.

        Args:
            source: the cell.
            displayed: whether it is kept, as `_`, what the last line's value is.
        """
        if _habits(self._shell) == self._habits:
            codes = self._compiled_once(source, displayed=displayed)
            if codes is not None:
                return _run_codes(self._shell, codes)
        result = self._shell.run_cell(source, store_history=False)
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        return error

    def _compiled_once(self, source: str, *, displayed: bool) -> list[Any] | None:
        """Return a plain cell's code, None for others: a notebook that is run once more is compiled once."""
        key = self._shell.compile.get_code_name(source, source, 0), source, displayed
        codes = self._codes.get(key)
        if codes is None and is_plain(source) and not _IN_PIECES.search(source):
            codes = _compiled(self._shell, source, displayed=displayed)
            if codes is not None:
                self._codes[key] = codes
        return codes


def _habits(shell: Any) -> list[Any]:
    """Return what of a shell decides how it runs a plain cell: a notebook may change it."""
    return [
        transformers(shell),
        list(shell.ast_transformers),
        shell.ast_node_interactivity,
        shell.compile.flags,
        [list(shell.events.callbacks[event]) for event in ("pre_run_cell", "post_run_cell")],
    ]


def _compiled(shell: Any, source: str, *, displayed: bool) -> list[Any] | None:
    """Return a plain cell's code: if it is `displayed`, that of its last statement stands alone.

    It is None for a cell that cannot be compiled: IPython may run a part of it, and tells what is wrong.
    """
    source = source if source.endswith("\n") else source + "\n"
    name = shell.compile.cache(source, shell.execution_count, raw_code=source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # warnings are for IPython to show, once
            if not displayed:
                return [compile(source, name, "exec", dont_inherit=True)]
            tree = shell.compile.ast_parse(source, filename=name)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            codes = [compile(tree, name, "exec", dont_inherit=True)] if tree.body else []
            if last is not None:
                codes.append(compile(ast.Interactive([last]), name, "single", dont_inherit=True))
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError, Warning):
        return None
    return codes


def _run_codes(shell: Any, codes: Sequence[Any]) -> BaseException | None:
    """Run a cell's code between the events that IPython has for it; return what it raised."""
    raised = types.SimpleNamespace(error_in_exec=None)
    shell.events.trigger("pre_execute")
    try:
        with shell.builtin_trap, shell.display_trap:
            for code in codes:
                running = shell.run_code(code, raised)
                try:
                    running.send(None)
                except StopIteration as done:
                    if done.value:
                        break
    finally:
        shell.events.trigger("post_execute")
    error: BaseException | None = raised.error_in_exec
    return error
