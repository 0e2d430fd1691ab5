"""Each layer of the sandbox stops what it is there for, and what it stops succeeds without it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import doctor, folders, landlock, layers, syscalls
from autograder.attempts import ATTEMPTS
from autograder.cli import main
from autograder.errors import SandboxError
from autograder.layers import Layer
from autograder.model import Limits
from autograder.sandbox import Sandbox

HERE = frozenset(Layer) - frozenset(layers.lacking())
ROOT = os.geteuid() == 0


def broken_into(*off: Layer) -> set[str]:
    """Return what succeeds with some layers switched off."""
    with doctor.marked(), Sandbox(wanted=[layer for layer in Layer if layer not in off]) as sandbox:
        return {attempt.what for attempt in doctor.break_in(sandbox)}


def test_with_all_layers_nothing_succeeds() -> None:
    """But for what needs root to be stopped."""
    assert broken_into() <= {attempt.what for attempt in ATTEMPTS if HERE.isdisjoint(attempt.stopped_by)}


@pytest.mark.parametrize(
    ("layer", "succeeds"),
    [
        (Layer.USER, {"be the user who grades"}),
        (Layer.SECCOMP, {"open a TCP connection", "send a UDP packet", "start a process", "trace a process",
                         "reach a service of this machine", "share memory with another worker"}),
        (Layer.LIMITS, {"take more memory than it may", "write a file without end",
                        "open files without end", "leave a core dump"}),
        (Layer.PARENT, {"outlive its parent"}),
        (Layer.DESCRIPTORS, {"use a file that another has opened"}),
        (Layer.ENVIRONMENT, {"read your environment variables"}),
    ],
)  # fmt: skip
def test_without_a_layer_what_it_stops_succeeds(layer: Layer, succeeds: set[str]) -> None:
    if layer not in HERE:
        pytest.skip(f"{layer}: {layers.lacking()[layer]}")
    stopped_alone = {attempt.what for attempt in ATTEMPTS if layer in attempt.stopped_by}
    assert succeeds <= stopped_alone
    assert succeeds <= broken_into(layer)


def test_without_landlock_other_folders_can_be_written_to() -> None:
    """The user alone keeps files closed, but not folders that are open to everybody."""
    if not {Layer.USER, Layer.LANDLOCK} <= HERE:
        pytest.skip("needs root and Landlock")
    if not landlock.python_is_for_all():
        with pytest.raises(SandboxError, match="lies where only root can read"), Sandbox(wanted=NO_LANDLOCK):
            pass
        return
    succeeded = broken_into(Layer.LANDLOCK)
    assert "leave a file in /tmp" in succeeded
    assert succeeded.isdisjoint({"read a file of yours", "change a file of yours", "list a folder of yours"})


NO_LANDLOCK = [layer for layer in Layer if layer is not Layer.LANDLOCK]


def test_without_privileges_given_up_no_other_layer_can_be_put_on() -> None:
    off = [layer for layer in Layer if layer is not Layer.PRIVILEGES]
    with (
        Sandbox(wanted=off) as sandbox,
        pytest.raises(SandboxError, match="does not hold"),
        sandbox.worker(Limits()),
    ):
        pass


def test_every_layer_but_the_spare_one_is_attacked() -> None:
    attacked = {layer for attempt in ATTEMPTS for layer in attempt.stopped_by}
    assert attacked == set(Layer)


# ---------------------------------------------------------------- failing closed


def test_without_a_wall_around_files_nothing_runs() -> None:
    off = [layer for layer in Layer if layer not in layers.FILE_LAYERS]
    with pytest.raises(SandboxError, match=r"cannot be kept from your files .*landlock: switched off"):
        Sandbox(wanted=off)


def test_without_libseccomp_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    with pytest.raises(SandboxError, match=r"cannot be sealed off.*(?s:.)*apt-get install libseccomp2"):
        Sandbox()


def test_elsewhere_than_on_linux_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match=r"on Linux only(?s:.)*otter grade"):
        Sandbox()


def test_a_readable_secret_stops_everything() -> None:
    """Python's own folder is readable: nothing can be hidden there."""
    with (
        pytest.raises(SandboxError, match=r"could read .*os\.py"),
        Sandbox(hidden=[Path(os.__file__)]) as sandbox,
        sandbox.worker(Limits()),
    ):
        pass


def test_what_a_worker_can_read_after_all_is_noticed() -> None:
    with (
        Sandbox(hidden=[Path("/dev/null")]) as sandbox,
        pytest.raises(SandboxError, match="could read `/dev/null`"),
        sandbox.worker(Limits()),
    ):
        pass


@pytest.mark.skipif(ROOT, reason="root has layers of its own")
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_bubblewrap_takes_the_place_of_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "landlock_abi", lambda: 0)
    with doctor.marked(), Sandbox() as sandbox:
        assert Layer.BUBBLEWRAP in sandbox.layers
        assert {attempt.what for attempt in doctor.break_in(sandbox)} <= {"be the user who grades"}
        with sandbox.worker(Limits()) as one, sandbox.worker(Limits()) as other:
            assert one.ask("run", seconds=5, cell=1, source="open('a', 'w').write('x')").problem is None
            listed = "import os\nnames = os.listdir(), os.listdir('..')"
            assert other.ask("run", seconds=5, cell=1, source=listed).problem is None
            assert other.ask("get", seconds=5, name="names").values[0][0] == []
            source = "import glob\nfound = [open(name).read() for name in glob.glob('../*/a')]"
            other.ask("run", seconds=5, cell=1, source=source)
            assert other.ask("get", seconds=5, name="found").values == [[]]


def test_the_command_refuses_and_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(layers, "lacking", lambda: dict.fromkeys(layers.FILE_LAYERS, "not on this machine"))
    folder = Path(__file__).parent / "submissions" / "multihead_attention" / "right"
    command = ["grade", "multihead_attention", str(folder), "-o", str(tmp_path / "out")]
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 1
    assert "--no-sandbox" in refused.output
    assert not (tmp_path / "out").exists()
    done = CliRunner().invoke(main, [*command, "--no-sandbox"])
    assert done.exit_code == 0
    assert "notebooks run unprotected" in done.output
    (result,) = (tmp_path / "out" / "results").iterdir()
    assert '"sandbox": "off"' in result.read_text()


def test_doctor_tells_each_layer() -> None:
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 0, done.output
    assert "notebooks are sealed off" in done.output
    for layer in Layer:
        assert f"{'holds' if layer in HERE else 'not here'}" in done.output
        assert layer in done.output


def test_doctor_shouts_when_a_layer_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = doctor.Finding(layer=Layer.SECCOMP, tried=3, broken=("open a TCP connection",))
    monkeypatch.setattr("autograder.cli.examine", lambda _: [broken])
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    assert "a notebook can open a TCP connection" in done.output
    assert "must be mended before you grade" in done.output


def test_an_open_network_is_noticed_by_the_worker_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls, "ALLOWED", [*syscalls.ALLOWED, "socket"])
    with (
        Sandbox() as sandbox,
        pytest.raises(SandboxError, match="a worker can reach the network"),
        sandbox.worker(Limits()),
    ):
        pass


# ---------------------------------------------------------------- what a worker may still do


@pytest.mark.parametrize(
    "source",
    [
        "import shutil\nopen('a', 'w').write('x')\nshutil.copy('a', 'b')\nshutil.copy2('a', 'c')",
        "import tempfile\nwith tempfile.TemporaryDirectory(dir='.') as folder: open(folder + '/a', 'w')",
        "import numpy as np\nnp.save('a.npy', np.ones(3))\nassert np.load('a.npy').sum() == 3",
        "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.savefig('a.png')",
        "import threading\nt = threading.Thread(target=print)\nt.start()\nt.join()",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as p: list(p.map(str, range(9)))",
        "import statistics, decimal, sqlite3, csv, zoneinfo\nsqlite3.connect('a.db').execute('create table t (a)')",
        "import os, getpass\nos.cpu_count()\ngetpass.getuser()\nos.path.expanduser('~')",
        "import time, random\ntime.sleep(0.01)\nrandom.random()",
        "import logging\nlogging.warning('x')",
    ],
)  # fmt: skip
def test_a_worker_may_do_what_notebooks_do(sandbox: Sandbox, source: str) -> None:
    with sandbox.worker(Limits()) as worker:
        reply = worker.ask("run", seconds=20, cell=1, source=source)
        assert reply.problem is None


def test_programs_run_where_an_assignment_lets_them() -> None:
    source = (
        "import subprocess\nsaid = subprocess.run(['echo', 'hello'], capture_output=True, text=True).stdout"
    )
    with Sandbox(programs=True) as sandbox, sandbox.worker(Limits()) as worker:
        assert worker.ask("run", seconds=20, cell=1, source=source).problem is None
        assert worker.ask("get", seconds=5, name="said").values == ["hello\n"]
        assert worker.ask("run", seconds=20, cell=1, source="!echo from a shell").problem is None
        assert "from a shell" in worker.printed.text
        source = "import subprocess\nchild = subprocess.Popen(['sleep', '60'], start_new_session=False).pid"
        assert worker.ask("run", seconds=20, cell=1, source=source).problem is None
        child = worker.ask("get", seconds=5, name="child").values[0]
        assert Path(f"/proc/{child}").exists()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{child}").exists()


def test_what_is_printed_is_kept_up_to_a_limit(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits()) as worker:
        source = "import os\nprint('first \\x1b[31m')\nos.write(2, b'second')\nprint('x' * 10**6)"
        assert worker.ask("run", seconds=5, cell=1, source=source).problem is None
        text = worker.printed.text
    assert "first \N{REPLACEMENT CHARACTER}[31m" in text
    assert "second" in text
    assert len(text) < 21_000
    assert text.endswith("more bytes were cut]\n")


def test_a_worker_that_fills_the_disk_is_stopped(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_BYTES", 2**20)
    source = "n = 0\nwhile True:\n    open(str(n), 'wb').write(bytes(10**6))\n    n += 1\n    import time; time.sleep(0.05)"
    with sandbox.worker(Limits()) as worker:
        reply = worker.ask("run", seconds=20, cell=1, source=source)
        assert reply.gone
        assert reply.problem is not None
        assert "MB of files" in reply.problem.message


def test_a_trickle_of_an_answer_does_not_hide_what_is_written(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "MAX_BYTES", 2**20)
    source = """
import os, struct, threading, time
os.write(3, struct.pack(">II", 8, 60 * 2**20))
def trickle():
    while True:
        os.write(3, b" ")
threading.Thread(target=trickle, daemon=True).start()
open("large", "wb").write(bytes(3 * 10**6))
time.sleep(10)
"""
    with sandbox.worker(Limits()) as worker:
        reply = worker.ask("run", seconds=8, cell=1, source=source)
        assert reply.problem is not None
        assert "MB of files" in reply.problem.message


def test_a_worker_that_uses_up_its_processor_time_is_not_taken_for_killed(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits(total_seconds=0.5)) as worker:
        reply = worker.ask("run", seconds=20, cell=1, source="while True: pass")
        assert reply.gone
        assert not reply.killed


@pytest.mark.skipif(ROOT, reason="root can look into every folder")
def test_a_folder_that_hides_its_files_is_refused(sandbox: Sandbox) -> None:
    source = "import os, time\nos.mkdir('closed', 0o300)\ntime.sleep(5)"
    with sandbox.worker(Limits()) as worker:
        reply = worker.ask("run", seconds=8, cell=1, source=source)
        assert reply.problem is not None
        assert "cannot be looked into" in reply.problem.message


def test_folders_are_removed_whatever_is_in_them(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "look_at", lambda _: None)
    source = """
import os
os.mkdir("closed", 0o300)
open("closed/file", "w")
os.mkdir("empty", 0)
os.symlink("/", "root")
for _ in range(1500):
    os.mkdir("d")
    os.chdir("d")
"""
    with sandbox.worker(Limits()) as worker:
        assert worker.ask("run", seconds=20, cell=1, source=source).problem is None
        left = worker._folder
        assert left.is_dir()
    assert not left.exists()


def test_a_worker_dies_with_its_parent() -> None:
    with Sandbox() as sandbox, sandbox.worker(Limits()) as worker:
        assert sandbox._parents[()].process is not None
        pid = worker._process.pid
        os.kill(sandbox._parents[()].process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                    break
            except OSError:
                break
            time.sleep(0.01)
        else:
            pytest.fail("it lives on")


def test_users_are_drawn_from_those_that_exist() -> None:
    first, count = layers.ids("uid")
    assert first >= 1000
    if ROOT:
        assert count >= 1000
        drawn = {layers.draw_id(()) for _ in range(20)}
        assert all(first <= each < first + count for each in drawn)
        assert len(drawn) > 1


def test_left_folders_are_swept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(folders, "_SETTLED_SECONDS", -1)
    held = folders.Root(open_to_all=False)
    left = tmp_path / f"{folders.PREFIX}left"
    left.mkdir()
    (left / ".judge").touch()
    folders.sweep()
    assert held.path.exists()
    assert not left.exists()
    held.remove()
    shutil.rmtree(tmp_path)


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="a kernel without scores")
def test_a_worker_goes_before_its_judge_when_memory_runs_out(sandbox: Sandbox) -> None:
    own = Path("/proc/self/oom_score_adj").read_text()
    with sandbox.worker(Limits()) as worker:
        assert Path(f"/proc/{worker._process.pid}/oom_score_adj").read_text() == "1000\n"
    assert Path("/proc/self/oom_score_adj").read_text() == own
