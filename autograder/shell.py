"""The IPython shell that runs cells while grading: it shows nothing, and starts programs only if it may."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Sequence
from typing import Any

from autograder.running import is_plain, transformers


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
            if is_plain(raw_cell) and transformers(self) == usual:
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

    usual: list[list[Any]] = []
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config, displayhook_class=Silent, display_pub_class=Nowhere)
    usual[:] = transformers(shell)
    installers = ("pip", "conda", "mamba", "uv")
    for magic in installers if programs else (*installers, "system", "sx", "bash", "sh", "script"):
        for kind in ("line", "cell"):
            shell.magics_manager.register_function(_no_program, magic_kind=kind, magic_name=magic)
    return shell


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
    del shell.user_ns["np"]  # `shell.reset` collects garbage, which takes longer than all of the above
    shell.last_execution_result = None
    return shell
