"""The sandboxed child: runs cells and answers calls, for a judge that believes nothing it says.

Started by path, never imported by the judge: a warm parent loads the libraries once and forks one
worker for each submission. It loads nothing of ours but `wire`, and holds no reference, no test
and no input before it is asked. Once a cell has run, everything in here belongs to the student.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import io
import os
import resource
import signal
import socket
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder import wire
else:  # by path: the course's folder must not become importable, as `import autograder` could make it
    _spec = importlib.util.spec_from_file_location("wire", Path(__file__).with_name("wire.py"))
    wire = importlib.util.module_from_spec(_spec)
    sys.modules["wire"] = wire
    _spec.loader.exec_module(wire)
    del sys.modules["wire"]

MAX_MESSAGE = 500
MAX_FILE_BYTES = 64 * 2**20


class _Output(io.TextIOBase):
    """Takes what a notebook prints and keeps none of it: 200 MB of prints cost no memory."""

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


class _Interrupts:
    """Turns an interrupt into `KeyboardInterrupt`, but only while a student's code is running."""

    def __init__(self) -> None:
        self.student_runs = False
        signal.signal(signal.SIGINT, self._interrupted)

    def _interrupted(self, *_: Any) -> None:
        if self.student_runs:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def allowed(self) -> Any:
        self.student_runs = True
        try:
            yield
        finally:
            self.student_runs = False


# ---------------------------------------------------------------- the shell that runs cells


def make_shell() -> Any:
    """Return an IPython shell that shows nothing, keeps no history and starts no program."""
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

        def system(self, cmd: str, *_: Any, **__: Any) -> None:
            print(f"not run while grading: {cmd}")

        getoutput = system

        def enable_matplotlib(self, gui: Any = None) -> tuple[str, str]:
            return "agg", "agg"

        def enable_gui(self, gui: Any = None) -> None:
            pass

        def ask_exit(self) -> None:
            pass

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config, displayhook_class=Silent, display_pub_class=Nowhere)
    for magic in ("pip", "conda", "mamba", "uv", "system", "sx", "bash", "sh", "script"):
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


def load_libraries() -> Any:
    """Load what notebooks import, once, and run a first cell so that no fork has to warm up."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot
    import numpy  # noqa: F401

    stand_in()
    shell = make_shell()
    shell.run_cell("import numpy as np\nnp.random.seed(0)\nnp.zeros((2, 2)) @ np.zeros((2, 2))\n")
    shell.reset(new_session=True)
    return shell


# ---------------------------------------------------------------- answering the judge


class Worker:
    """One submission's process: keeps the notebook's namespace and does what the judge asks."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.cell = 0
        self.functions: dict[str, Any] = {}
        self.interrupts = _Interrupts()
        shell.compile.get_code_name = lambda *_: f"<cell {self.cell}>"

    def serve(self, connection: socket.socket) -> None:
        """Answer until the judge hangs up."""
        actions = {"run": self.run, "get": self.get, "call": self.call, "given": self.given}
        while True:
            try:
                request = wire.receive(connection)
            except wire.Disconnected:
                return
            try:
                head, values = actions[request.head["op"]](request.head, request.values)
                frame = wire.pack({**head, "re": request.head["id"]}, values)
            except BaseException as error:  # an answer that cannot even be described, e.g. no memory left
                frame = wire.pack({"problem": self.describe(error), "re": request.head["id"]})
            connection.settimeout(None)
            connection.sendall(frame)

    def run(self, head: dict[str, Any], _: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Run a cell as Jupyter does."""
        self.cell = head["cell"]
        try:
            with self.interrupts.allowed():
                result = self.shell.run_cell(head["source"], store_history=False)
        except KeyboardInterrupt as interrupt:
            return {"problem": self.describe(interrupt)}, []
        finally:
            self.close_figures()
            self._keep_functions()
        error = result.error_before_exec or result.error_in_exec
        return {"problem": self.describe(error) if error is not None else None}, []

    def get(self, head: dict[str, Any], _: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Return a variable of the notebook."""
        name = head["name"]
        if name not in self.shell.user_ns:
            return {"found": False}, []
        return {"found": True}, [self.shell.user_ns[name]]

    def given(self, head: dict[str, Any], values: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Take the data with which the notebook is to be run."""
        self.shell.user_ns[head["name"]] = dict(zip(head["keys"], values, strict=True))
        return {}, []

    def call(self, head: dict[str, Any], arguments: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Call a function of the notebook."""
        if head["name"] not in self.shell.user_ns:
            return {"found": False}, []
        before = [wire.pack({}, [argument]) for argument in arguments]
        try:
            with self.interrupts.allowed():
                value = self._function(head["name"])(*arguments)
        except BaseException as error:
            return {"found": True, "problem": self.describe(error)}, []
        finally:
            self.close_figures()
        after = [wire.pack({}, [argument]) for argument in arguments]
        changed = [index for index, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        return {"found": True, "changed": changed}, [value]

    def _function(self, name: str) -> Any:
        """Return a function of the notebook, also where a variable has taken its name later."""
        found = self.shell.user_ns[name]
        return found if callable(found) else self.functions.get(name, found)

    def _keep_functions(self) -> None:
        for name, value in self.shell.user_ns.items():
            if isinstance(value, types.FunctionType):
                self.functions[name] = value

    def close_figures(self) -> None:
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            with contextlib.suppress(Exception):
                pyplot.close("all")

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Return an exception as plain data: its type, its message, and where in the notebook it arose."""
        kind = type(error)
        try:
            message = str(error)[:MAX_MESSAGE]
        except BaseException:
            message = ""
        found: dict[str, Any] = {
            "type": kind.__name__[:100],
            "message": message,
        }
        if isinstance(error, SyntaxError):
            place = self._place(error)
            if place["cell"]:  # raised while it ran, e.g. by `eval`
                return {**found, **place}
            return {**found, "message": str(error.msg), "cell": self.cell, "line": error.lineno or 0}
        return {**found, **self._place(error)}

    def _place(self, error: BaseException) -> dict[str, Any]:
        """Return the innermost line of the notebook, and the cell's own line that led to it."""
        place: dict[str, Any] = {"cell": 0, "line": 0, "outer": 0}
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name.startswith("<cell ") and name[6:-1].isdigit():
                place["cell"], place["line"] = int(name[6:-1]), trace.tb_lineno
                place["outer"] = place["outer"] or trace.tb_lineno
            trace = trace.tb_next
        return place


# ---------------------------------------------------------------- processes


def _limit(memory_bytes: int) -> None:
    for what, amount in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MAX_FILE_BYTES),
        (resource.RLIMIT_AS, memory_bytes),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit on addresses
            resource.setrlimit(what, (amount, amount))


def _become_worker(connection: socket.socket, head: dict[str, Any], shell: Any) -> None:
    os.setsid()
    os.chdir(head["folder"])
    os.environ["HOME"] = head["folder"]
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    _limit(head["memory"])
    sys.path.insert(0, "")
    import random

    import numpy

    random.seed(0)
    numpy.random.seed(0)
    with contextlib.redirect_stdout(_Output()), contextlib.redirect_stderr(_Output()):
        Worker(shell).serve(connection)


def _fork(control: socket.socket, head: dict[str, Any], shell: Any) -> int:
    """Fork a worker that answers on the socket the judge has sent along; return its process id."""
    _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    with socket.socket(fileno=descriptors[0]) as connection:
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            control.close()
            _become_worker(connection, head, shell)
            status = 0
        finally:
            os._exit(status)


def _end(pid: int) -> None:
    """Kill a worker with all that it started in its own session, and reap it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _versions(packages: list[str]) -> dict[str, str]:
    """Return the version of Python and of each package, empty where it is not installed."""
    versions = {"python": sys.version.split()[0]}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = ""
    return versions


def main() -> None:
    """Be the warm parent: fork workers and end them as the judge asks, until it hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    for descriptor in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the judge, which then hangs up
    try:
        shell = load_libraries()
    except Exception as error:
        wire.send(control, {"ready": False, "error": f"{type(error).__name__}: {error}"})
        return
    wire.send(control, {"ready": True, "versions": _versions(sys.argv[2:])})
    workers: set[int] = set()
    try:
        while True:
            head = wire.receive(control).head
            if head["op"] == "fork":
                workers.add(pid := _fork(control, head, shell))
                wire.send(control, {"pid": pid})
            else:
                _end(head["pid"])
                workers.discard(head["pid"])
                wire.send(control, {"ended": head["pid"]})
    except wire.Disconnected:
        for pid in workers:
            _end(pid)


if __name__ == "__main__":
    main()
