"""The IPython shell that runs cells while grading: it shows nothing, and starts programs only if it may."""

from __future__ import annotations

import ast
import importlib
import re
import sys
import types
import warnings
from collections.abc import Sequence
from typing import Any


def make_shell(*, programs: bool) -> Any:
    """Return an IPython shell that shows nothing, keeps no history and, by default, starts no program.

    With `programs`, `!ls` and `%%bash` do what they do in Jupyter; nothing installs packages.
    """
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Silent(DisplayHook):
        def __call__(self, result: Any = None) -> None:
            if result is not None and self.shell is not None:
                self.shell.user_ns["_"] = result

    class Nowhere(DisplayPublisher):
        def publish(self, *_: Any, **__: Any) -> None:
            pass

    class Shell(InteractiveShell):
        def showtraceback(self, *_: Any, **__: Any) -> None:
            pass

        def showsyntaxerror(self, *_: Any, **__: Any) -> None:
            pass

        def system(self, cmd: str, *arguments: Any, **options: Any) -> None:
            run: Any = super().system_raw if programs else _no_program
            run(cmd)

        def getoutput(self, cmd: str, *arguments: Any, **options: Any) -> Any:
            run: Any = super().getoutput
            return run(cmd, *arguments, **options) if programs else _no_program(cmd)

        def transform_cell(self, raw_cell: str) -> str:
            if _is_plain(raw_cell) and _transformers(self) == usual:
                return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"
            return str(super().transform_cell(raw_cell))  # type: ignore[no-untyped-call]

        def should_run_async(self, raw_cell: str, **options: Any) -> bool:
            may_wait = "await" in raw_cell or "async" in raw_cell
            return may_wait and bool(super().should_run_async(raw_cell, **options))

        def enable_matplotlib(self, gui: Any = None) -> tuple[str, str]:
            return "agg", "agg"

        def enable_gui(self, gui: Any = None) -> None:
            pass

        def ask_exit(self) -> None:
            pass

        def run(self, source: str) -> BaseException | None:
            """Run a cell as Jupyter does; return what it raised."""
            if _is_plain(source) and _is_whole(source) and _habits(self) == habits:
                codes = _compiled(self, source)
                if codes is not None:
                    return _run_codes(self, codes)
            result = self.run_cell(source, store_history=False)
            error: BaseException | None = result.error_before_exec or result.error_in_exec
            return error

    usual: list[list[Any]] = []
    habits: list[Any] = []
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config, displayhook_class=Silent, display_pub_class=Nowhere)
    usual[:] = _transformers(shell)
    habits[:] = _habits(shell)
    installers = ("pip", "conda", "mamba", "uv")
    for magic in installers if programs else (*installers, "system", "sx", "bash", "sh", "script"):
        for kind in ("line", "cell"):
            shell.magics_manager.register_function(_no_program, magic_kind=kind, magic_name=magic)
    return shell


_MAY_BE_SPECIAL = re.compile(r"\A\s|\?|^[ \t]+$|^\s*(?:[%!,;/]|>>>|\.\.\.|In\b)|=\s*[%!]", re.MULTILINE)


def _is_plain(source: str) -> bool:
    """Return whether a cell has surely nothing in it that IPython reads in its own way.

    To find that out, IPython takes the cell apart and together again, which takes longer than most
    cells run. What it does to a single line depends on names that the notebook has defined.
    """
    return len(source.splitlines()) > 1 and not _MAY_BE_SPECIAL.search(source)


def _transformers(shell: Any) -> list[list[Any]]:
    """Return copies of the lists of what rewrites cells: a notebook may add to them."""
    manager = shell.input_transformer_manager
    lists = (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)
    return [list(each) for each in (*lists, shell.input_transformers_post)]


# ---------------------------------------------------------------- plain cells, run in one piece

_IN_PIECES = re.compile(r"\b(?:await|async|__future__)\b|\bis\b(?! (?:not )?None\b)")
"""What tells whether the statements of a cell were compiled one by one, as IPython does it."""


def _is_whole(source: str) -> bool:
    """Return whether a cell does the same when it is compiled in one piece."""
    return not _IN_PIECES.search(source)


def _habits(shell: Any) -> list[Any]:
    """Return what of a shell decides how it runs a plain cell: a notebook may change it."""
    return [
        _transformers(shell),
        list(shell.ast_transformers),
        shell.ast_node_interactivity,
        shell.compile.flags,
        [list(shell.events.callbacks[event]) for event in ("pre_run_cell", "post_run_cell")],
    ]


def _compiled(shell: Any, source: str) -> list[Any] | None:
    """Return a plain cell's code, and that of its last statement if its value is displayed.

    It is None for a cell that cannot be compiled: IPython may run a part of it, and tells what is wrong.
    """
    source = source if source.endswith("\n") else source + "\n"
    name = shell.compile.cache(source, shell.execution_count, raw_code=source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # warnings are for IPython to show, once
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


def _no_program(line: str, _cell: str = "") -> None:
    print(f"not run while grading: {line}")


class _Anything:
    """Stands in for Otter in a student's notebook: every call is taken, nothing is checked."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, *_: Any, **__: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything()


def stand_in() -> None:
    """Make what belongs to a student's own machine importable: Otter, whose checks have no say here,
    and Colab's module for its files."""
    for name, content in (
        ("otter", {"Notebook": _Anything}),
        ("google", {"__path__": []}),
        ("google.colab", {"drive": _Anything(), "files": _Anything(), "output": _Anything()}),
    ):
        module = types.ModuleType(name, "Stands in for another while a notebook is graded.")
        module.__dict__.update(content)
        sys.modules[name] = module


_FIRST_CELL = "import numpy as np\nnp.random.seed(0)\nnp.zeros((2, 2)) @ np.zeros((2, 2))\n"


def load_libraries(preload: Sequence[str] = (), *, programs: bool = False) -> Any:
    """Return the shell, with NumPy and the modules of `preload` loaded.

    A first cell is run, so that no fork has to warm up; nothing of it is left.
    """
    for name in ("numpy", *preload):
        importlib.import_module(name)
    stand_in()
    shell = make_shell(programs=programs)
    shell.run_cell(_FIRST_CELL, store_history=False)
    shell.run(_FIRST_CELL)
    del shell.user_ns["np"]  # `shell.reset` collects garbage, which takes longer than all of the above
    shell.last_execution_result = None
    return shell
