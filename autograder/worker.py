"""The sandboxed child: runs cells and answers calls, for a judge that believes nothing it says.

Loaded by path, never imported by the judge. It loads nothing of ours but `wire`, `link` and
`running`, and holds no reference, no test and no input before it is asked. Once a cell has run,
everything in here belongs to the student.
"""

from __future__ import annotations

import builtins
import contextlib
import random
import signal
import sys
import time
import types
from typing import Any

import numpy as np

from autograder import wire
from autograder.link import Disconnected, Link
from autograder.running import Runner

MAX_MESSAGE = 500
MAX_BASES = 10
MAX_SHAPES = 64
MAX_UNSENT = 2**20
QUICK_SECONDS = 0.05


class _Interrupts:
    """Turns an interrupt into `KeyboardInterrupt`, but only while a student's code is running."""

    def __init__(self) -> None:
        self.student_runs = False
        self._missed = False
        signal.signal(signal.SIGINT, self._interrupted)

    def _interrupted(self, *_: Any) -> None:
        self._missed = True
        if self.student_runs:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def allowed(self) -> Any:
        self.student_runs = True
        try:
            yield
        finally:
            self.student_runs = False

    @contextlib.contextmanager
    def held(self) -> Any:
        """Put one off that comes in the middle of a message."""
        self.student_runs = self._missed = False
        yield
        self.student_runs = True
        if self._missed:
            raise KeyboardInterrupt


def _flush() -> None:
    """Send what was printed on its way before the answer is."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()


def _as_it_is(value: Any) -> Any:
    """Return what tells whether a value has changed since."""
    if type(value) is np.ndarray and value.dtype != object:
        return value.shape, value.dtype, value.tobytes()
    return wire.pack({}, [value])


def _shapes(frame: Any) -> list[list[Any]]:
    """Return the names and shapes of the arrays and numbers that a frame's code has names for."""
    code, told = frame.f_code, []
    for name in dict.fromkeys((*code.co_varnames, *code.co_freevars, *code.co_cellvars, *code.co_names)):
        value = frame.f_locals.get(name, frame.f_globals.get(name))
        if isinstance(value, np.ndarray):
            told.append([name, list(np.ndarray.shape.__get__(value))])
        elif type(value) in (int, float, np.float64):
            told.append([name, []])
    return told[:MAX_SHAPES]


class Worker:
    """One submission's process: keeps the notebook's namespace and does what the judge asks."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.runner = Runner(shell)
        self.cell = 0
        self.functions: dict[str, Any] = {}
        self.link: Link
        self.number = 0
        self.interrupts = _Interrupts()
        self.stopped = False
        self.unsent = bytearray()
        self.fresh = dict(shell.user_ns)
        self.seed = np.random.seed
        shell.compile.get_code_name = lambda *_: f"<cell {self.cell}>"

    def serve(self, link: Link) -> None:
        """Answer until the judge hangs up."""
        self.link = link
        with contextlib.suppress(Disconnected):
            while True:
                self.serve_once()

    def serve_once(self) -> None:
        """Answer the next message.

        Raises:
            Disconnected: if the judge hangs up.
        """
        request = self.link.receive()
        if request.head["op"] == "several":
            self._answer_several(request)
        else:
            self.link.send_frame(self.answer(request))

    def answer(self, request: wire.Message, *, last: bool = False) -> bytes:
        """Return the frame that answers a request; nothing else of the answer is kept.

        It says whether it is the `last` one of several: that, or one after which the rest is not answered.
        """
        action = getattr(self, request.head["op"])
        self.number = request.head["id"]
        self.stopped = False
        try:
            head, values = action(request.head, request.values)
            told = {**head, "re": request.head["id"], "last": last or self.stopped}
            frame = wire.pack(told, values)
        except BaseException as error:  # an answer that cannot even be described, e.g. no memory left
            told = {"re": request.head["id"], "last": last or self.stopped}
            frame = wire.pack({"problem": self.describe(error), **told})
        _flush()
        return frame

    def _answer_several(self, request: wire.Message) -> None:
        """Answer one request after the other, up to a call that is interrupted, or a cell that raises.

        Quick answers go off together: a message each way costs more than most calls.
        """
        each, sent = request.head["each"], time.monotonic()
        for number, head in enumerate(each, start=1):
            values = list(request.values[number - 1]) if request.values else []
            message = wire.Message(head=head, values=values, notes=[])
            self.unsent += self.answer(message, last=number == len(each))
            if time.monotonic() - sent > QUICK_SECONDS or len(self.unsent) > MAX_UNSENT:
                self._send_unsent()
                sent = time.monotonic()
            if self.stopped:
                break
        self._send_unsent()

    def _send_unsent(self) -> None:
        if self.unsent:
            self.link.send_frame(bytes(self.unsent))
            self.unsent.clear()

    def run(self, head: dict[str, Any], _: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Run a cell as Jupyter does."""
        self.cell = head["cell"]
        try:
            with self.interrupts.allowed():
                error = self.runner.run(head["source"], displayed=head.get("displayed", True))
        except KeyboardInterrupt as interrupt:
            error = interrupt
        finally:
            self.close_figures()
            self._keep_functions()
        self.stopped = error is not None
        return {"problem": self.describe(error) if error is not None else None}, []

    def get(self, head: dict[str, Any], _: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Return a variable of the notebook."""
        name = head["name"]
        if name not in self.shell.user_ns:
            return {"found": False}, []
        return {"found": True}, [self.shell.user_ns[name]]

    def given(self, head: dict[str, Any], values: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Take what the notebook is to be run with: data, and functions that the judge answers."""
        functions = {name: self._asking(name) for name in head.get("functions", ())}
        self.shell.user_ns[head["name"]] = functions | dict(zip(head["keys"], values, strict=True))
        return {}, []

    def second(self, head: dict[str, Any], values: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Run a notebook beside the first one, in a namespace of its own, and return variables of it.

        A statement that raises ends it. The first one's namespace is back afterwards.
        """
        shell, first = self.shell, (self.shell.user_module, self.shell.user_ns, self.functions)
        module = types.ModuleType("__main__")
        module.__dict__.update(self.fresh)
        try:
            shell.user_module, shell.user_ns, self.functions = module, module.__dict__, {}
            sys.modules["__main__"] = module
            self.given(head, values)
            random.seed(0)
            self.seed(0)
            for cell, source in enumerate(head["sources"], start=1):
                told, _ = self.run({**head, "cell": cell, "source": source}, [])
                if told["problem"] is not None:
                    return told, []
            found = [name for name in head["wanted"] if name in shell.user_ns]
            return {"found": found}, [shell.user_ns[name] for name in found]
        finally:
            shell.user_module, shell.user_ns, self.functions = first
            sys.modules["__main__"] = shell.user_module

    def _asking(self, name: str) -> Any:
        """Return a function that asks the judge what a right one would return."""

        def function(*arguments: Any, **keywords: Any) -> Any:
            head = {"asks": name, "re": self.number, "keywords": list(keywords)}
            with self.interrupts.held():
                self._send_unsent()
                self.link.send(head, [*arguments, *keywords.values()])
                answer = self.link.receive()
            if "raises" in answer.head:
                raise getattr(builtins, answer.head["raises"], ValueError)(answer.head["message"])
            return answer.values[0]

        return function

    def call(self, head: dict[str, Any], arguments: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Call a function of the notebook."""
        if head["name"] not in self.shell.user_ns:
            return {"found": False}, []
        before = [_as_it_is(argument) for argument in arguments]
        keywords = head.get("keywords", [])
        first = len(arguments) - len(keywords)
        named = dict(zip(keywords, arguments[first:], strict=True))
        try:
            with self.interrupts.allowed():
                value = self._function(head["name"])(*arguments[:first], **named)
        except BaseException as error:
            self.stopped = isinstance(error, KeyboardInterrupt)
            return {"found": True, "problem": self.describe(error)}, []
        finally:
            self.close_figures()
        after = [_as_it_is(argument) for argument in arguments]
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
            "bases": [base.__name__[:100] for base in kind.__mro__[1:MAX_BASES]],
            "message": message,
        }
        if isinstance(error, SyntaxError):
            place = self._place(error)
            if place["cell"]:  # raised while it ran, e.g. by `eval`
                return {**found, **place}
            return {**found, "message": str(error.msg), "cell": self.cell, "line": error.lineno or 0}
        return {**found, **self._place(error)}

    def _place(self, error: BaseException) -> dict[str, Any]:
        """Return the innermost line of the notebook, its shapes, and the cell's own line that led there."""
        place: dict[str, Any] = {"cell": 0, "line": 0, "outer": 0}
        frame, trace = None, error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name.startswith("<cell ") and name[6:-1].isdigit():
                place["cell"], place["line"] = int(name[6:-1]), trace.tb_lineno
                frame = trace.tb_frame
                place["outer"] = place["outer"] or trace.tb_lineno
            trace = trace.tb_next
        with contextlib.suppress(BaseException):
            place["shapes"] = _shapes(frame)
        return place
