"""Workers are started, interrupted, killed and cleaned up after, whatever a cell does."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import SandboxError
from autograder.model import Limits, ProblemKind
from autograder.remote import Worker
from autograder.sandbox import Sandbox
from autograder.session import Given, Session


def run(worker: Worker, source: str, seconds: float = 5) -> str:
    reply = worker.ask("run", seconds=seconds, cell=1, source=source)
    if reply.problem is None:
        return ""
    kind = reply.problem.type if reply.problem.kind is ProblemKind.EXCEPTION else reply.problem.kind.value
    return f"{kind} gone" if reply.gone else kind


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("x = 1", ""),
        ("1 / 0", "ZeroDivisionError"),
        ("x = = 1", "SyntaxError"),
        ("exit()", ""),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("input('name?')", "EOFError"),
        ("x = await __import__('asyncio').sleep(0, 3)\nassert x == 3", ""),
        ("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()", ""),
        ("%%time\nx = 1", ""),
        ("%pip install numpy\n!rm -rf /\nfiles = !ls", ""),
        ("%%bash\nls", ""),
        ("display(3)\nget_ipython().run_line_magic('pip', 'list')", ""),
        ("import otter\ngrader = otter.Notebook('x.ipynb')\ngrader.check('q1')\ngrader.export(pdf=False)", ""),
        ("from otter import Notebook\nNotebook().check_all()", ""),
        ("print('x' * 50_000_000)\nimport sys\nsys.stderr.write('y' * 50_000_000)", ""),
        ("import numpy as np\nnp.ones(10 * 2**30 // 8)", "MemoryError"),
        ("def f():\n    f()\nf()", "RecursionError"),
        ("import os\nos._exit(0)", "died gone"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "PermissionError"),
        ("import ctypes\nctypes.string_at(0)", "died gone"),
        ("while True: pass", "timeout"),
        ("import time\ntime.sleep(100)", "timeout"),
        ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "timeout gone"),
    ],
)  # fmt: skip
def test_a_cell_may_do_anything(sandbox: Sandbox, source: str, problem: str) -> None:
    slow = problem.startswith("timeout")
    with sandbox.worker(Limits()) as worker:
        assert run(worker, source, seconds=0.3 if slow else 10) == problem
        if "gone" not in problem:
            assert run(worker, "still_here = True") == ""


def test_a_worker_takes_and_gives_values(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits()) as worker:
        run(worker, "import numpy as np\nN = 10\ndef f(a, b):\n    a += 1\n    return a * N, b")
        reply = worker.ask("call", [np.array([1.0, 2.0]), 3], seconds=5, name="f")
        assert [part.tolist() if isinstance(part, np.ndarray) else part for part in reply.values[0]] == [
            [20.0, 30.0],
            3,
        ]
        assert reply.head["changed"] == [0]
        assert worker.ask("get", seconds=5, name="N").values == [10]
        assert worker.ask("get", seconds=5, name="D").head["found"] is False


def test_each_worker_is_fresh(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits()) as worker:
        run(worker, "import numpy\nnumpy.seen = 1\nopen('left', 'w').write('x')")
    with sandbox.worker(Limits()) as worker:
        assert run(worker, "import numpy, os\nassert not hasattr(numpy, 'seen') and os.listdir() == []") == ""


def test_random_numbers_are_the_same_in_every_worker(sandbox: Sandbox) -> None:
    drawn = []
    for _ in range(2):
        with sandbox.worker(Limits()) as worker:
            run(worker, "import numpy as np, random\nx = [np.random.normal(), random.random(), hash('a')]")
            drawn.append(worker.ask("get", seconds=5, name="x").values)
    assert drawn[0] == drawn[1]


def test_a_worker_has_nothing_of_ours(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits()) as worker:
        check = """
import os, sys
assert not [name for name in sys.modules if name.startswith("autograder")], sys.modules
assert not any("solutions" in os.listdir(path) for path in sys.path if os.path.isdir(path)), sys.path
assert set(os.environ) <= {"PATH", "HOME", "IPYTHONDIR", "MPLCONFIGDIR", "MPLBACKEND", "LANG", "LC_CTYPE",
    "PYTHONHASHSEED", "COLUMNS", "LINES", "USER", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK"}, set(os.environ)
"""
        assert run(worker, check) == ""


def alive(pid: int) -> bool:
    """Return whether a process runs; one that only waits to be reaped by a stranger does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_nothing_is_left_of_a_worker() -> None:
    with Sandbox(programs=True) as sandbox, sandbox.worker(Limits()) as worker:
        run(
            worker,
            "import os\nchild = os.fork()\nif child == 0:\n    import time\n    time.sleep(60)\nfolder = os.getcwd()",
        )
        child = worker.ask("get", seconds=5, name="child").values[0]
        folder = Path(worker.ask("get", seconds=5, name="folder").values[0])
        assert alive(child)
        assert folder.is_dir()
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(child)
    assert not folder.exists()


def test_a_killed_parent_is_replaced() -> None:
    with Sandbox() as sandbox:
        with sandbox.worker(Limits()) as worker:
            run(worker, "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
        with sandbox.worker(Limits()) as worker:
            assert run(worker, "x = 1") == ""


def test_a_worker_that_killed_its_parent_dies_too() -> None:
    with Sandbox() as sandbox, sandbox.worker(Limits()) as worker:
        cell = """
import os, signal
me = os.getpid()
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.kill(os.getppid(), signal.SIGKILL)
"""
        run(worker, cell)
        pid = worker.ask("get", seconds=5, name="me").values[0]
        assert alive(pid)
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(pid)


def test_forged_replies_are_an_error_of_their_question(sandbox: Sandbox) -> None:
    forge = """
import gc, socket
link = next(thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2)
link.sendall({frame!r})
"""
    for frame in (b"\0" * 8, b"\xff" * 16, b"\0\0\0\x02\0\0\0\0{}"):
        with sandbox.worker(Limits()) as worker:
            reply = worker.ask("run", seconds=5, cell=1, source=forge.format(frame=frame))
            assert reply.gone
            assert reply.problem is not None
            assert reply.problem.kind is ProblemKind.REPLY


def test_an_answer_to_another_question_is_refused(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits()) as worker:
        forge = """
import gc, socket, json, struct
link = next(thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2)
text = json.dumps({"head": {"re": 99}, "values": [], "notes": []}).encode()
link.sendall(struct.pack(">II", len(text), 0) + text)
"""
        reply = worker.ask("run", seconds=5, cell=1, source=forge)
        assert reply.problem is not None
        assert (reply.problem.kind, reply.problem.message) == (
            ProblemKind.REPLY,
            "it answered something that was not asked",
        )


def test_a_python_that_cannot_run_notebooks_is_named(tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho no numpy here >&2\nexit 1\n")
    fake.chmod(0o755)
    with pytest.raises(SandboxError, match="cannot run notebooks: no numpy here"), Sandbox(fake):
        pass
    with (
        pytest.raises(SandboxError, match="It needs numpy, ipython and matplotlib"),
        Sandbox(tmp_path / "gone"),
    ):
        pass


def test_versions_are_told() -> None:
    with Sandbox(packages=["numpy", "no-such-package"]) as sandbox:
        assert sandbox.versions == {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "no-such-package": "",
        }


# ---------------------------------------------------------------- sessions

QUICK = Limits(cell_seconds=0.5, call_seconds=0.5, total_seconds=10)


def test_what_follows_an_error_is_run(sandbox: Sandbox) -> None:
    source = "a = 1\nb = a / 0\nc = a + 1\nd = gone\ne = c + 1"
    with Session(sandbox, [source, "f = e + 1"], QUICK) as session:
        assert session.value("f").value == 4
        assert not session.value("b").found
        told = [(noted.problem.type, noted.problem.line, sorted(noted.names)) for noted in session.problems]
        assert told == [("ZeroDivisionError", 2, ["b"]), ("NameError", 4, ["d"])]


def test_a_loop_in_a_cell_costs_its_statement_only(sandbox: Sandbox) -> None:
    with Session(sandbox, ["a = 1\nwhile True: pass\nb = 2"], QUICK) as session:
        assert session.value("b").value == 2
        assert session.sources == ("a = 1\n#\nb = 2",)


def test_a_cell_that_kills_is_left_out(sandbox: Sandbox) -> None:
    sources = ["a = 1", "import os\nos._exit(1)", "b = a + 1"]
    with Session(sandbox, sources, QUICK) as session:
        assert session.value("b").value == 2
        assert [noted.problem.cell for noted in session.problems] == [2]


def test_a_function_that_kills_is_called_once_and_the_rest_goes_on(sandbox: Sandbox) -> None:
    sources = [
        "import os\ndef f():\n    os._exit(1)\ndef g():\n    while True:\n        pass\ndef h():\n    return 3"
    ]
    with Session(sandbox, sources, QUICK) as session:
        assert session.call("f", []).problem is not None
        assert session.call("h", []).value == 3
        answer = session.call("g", [])
        assert answer.problem is not None
        assert answer.problem.kind is ProblemKind.TIMEOUT
        assert session.call("h", []).value == 3


def test_a_notebook_that_always_kills_comes_to_an_end(sandbox: Sandbox) -> None:
    sources = ["import os\nos._exit(1)"] * 20 + ["a = 1"]
    with Session(sandbox, sources, QUICK) as session:
        answer = session.value("a")
        assert answer.problem is not None
        assert answer.problem.kind is ProblemKind.TIMEOUT


def test_the_time_in_all_is_limited(sandbox: Sandbox) -> None:
    limits = Limits(cell_seconds=0.4, call_seconds=0.4, total_seconds=1)
    started = time.monotonic()
    with Session(sandbox, ["while True: pass"] * 50, limits) as session:
        answer = session.value("a")
    assert answer.problem is not None
    assert "in all" in answer.problem.message
    assert time.monotonic() - started < 5


def test_a_notebook_is_run_with_other_data(sandbox: Sandbox) -> None:
    sources = ["X = 1\ngone\nY = X + 1", "Z = Y * X"]
    with Session(sandbox, sources, QUICK, Given(values={"X": 5})) as session:
        assert session.value("Z").value == 30


def test_an_interrupt_between_cells_is_no_error(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits()) as worker:
        os.kill(worker._process.pid, signal.SIGINT)
        assert run(worker, "x = 1") == ""
