"""`autograder watch`: what is told after a save, by line; what is not told anew; how it ends."""

from __future__ import annotations

import contextlib
import io
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder import master, skeleton, tabulate, watch_process, watching
from autograder.cli import main
from autograder.verify import ALONE, LEAKS, MUTANTS, TOLD
from autograder.watch_process import Looker
from autograder.watch_screen import Screen
from autograder.watching import BUILT, LOADS, SOUND, Standing, Watched

WAIT = 120
"""After how many seconds a test gives up: never how long anything may take."""
NAME = "units"
REFERENCE = "the reference gets full points"


@pytest.fixture
def path(course: Path) -> Path:
    """Return a master."""
    (course / "solutions" / f"{NAME}.py").write_text(skeleton.skeleton(NAME, "Units"))
    return course / "solutions" / f"{NAME}.py"


@pytest.fixture
def look(path: Path) -> Iterator[Callable[[], dict[str, Standing]]]:
    """Look at the master as it stands, and return what is known then, in the same process."""
    watched = Watched(NAME, path.parent.parent)

    def at_it() -> dict[str, Standing]:
        found: dict[str, Standing] = {}
        watched.look(lambda standing: found.update({standing.claim: standing}))
        return found

    yield at_it
    watched.close()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new))


# ---------------------------------------------------------------- what is found


def test_all_holds_of_the_skeleton_and_it_is_built(
    look: Callable[[], dict[str, Standing]], path: Path
) -> None:
    found = look()
    assert not [each for each in found.values() if each.problems or each.progress or not each.tried]
    assert {LOADS, REFERENCE, SOUND, LEAKS, TOLD, ALONE, MUTANTS, BUILT} <= set(found)
    course = path.parent.parent
    assert (course / "assignments" / NAME / f"{NAME}.ipynb").is_file()
    assert (course / "dist" / f"{NAME}-autograder.zip").is_file()
    assert CliRunner().invoke(main, ["build", "--check", "--course", str(course)]).exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "claim", "line", "says"),
    [
        ("import numpy as np\n", "import numpy as\n", LOADS, "import numpy as", "not valid Python"),
        ("np.random.seed(1)\n", "np.random.sed(1)\n", LOADS, "np.random.sed(1)", "the master stops with AttributeError"),
        ("np.random.normal(size=(3, 4))\n", "np.ones((2, 4))\n", LOADS, "measurements = np.array", "the master stops with ValueError"),
        ('new="variances"', 'new="np.sqrt(variances)"', SOUND, "        author.misconception(", "changes the answer of no case"),
        ("How many means does a matrix of three rows have?", "`centred / deviations`", SOUND, '        "Both steps', "contains the solution"),
    ],
)  # fmt: skip
def test_an_error_is_told_with_its_line(
    old: str,
    new: str,
    claim: str,
    line: str,
    says: str,
    look: Callable[[], dict[str, Standing]],
    path: Path,
) -> None:
    edit(path, old, new)
    (problem,) = look()[claim].problems
    where, _, said = problem.partition(": ")
    number = int(where.removeprefix(f"solutions/{NAME}.py:"))
    found = path.read_text().split("\n")[number - 1]
    assert found.startswith(line)
    assert says in said
    assert f"{number:6} | {found}" in problem


def test_a_wrong_reference_is_told_at_its_question_and_the_rest_is_not_tried(
    look: Callable[[], dict[str, Standing]], path: Path
) -> None:
    edit(path, "holds=lambda standardise, X: np", "holds=lambda standardise, X: not np")
    found = look()
    (problem,) = found[REFERENCE].problems
    line = path.read_text().split("\n").index('# %% question="standardise"') + 2
    assert problem.startswith(f"solutions/{NAME}.py:{line}: question `standardise`")
    assert not any(found[claim].tried for claim in (TOLD, ALONE, MUTANTS, BUILT))


def test_what_keeps_the_zip_from_being_built_is_told_there(
    look: Callable[[], dict[str, Standing]], path: Path
) -> None:
    edit(path, 'environment=["numpy>=2.0,<2.4"]', 'environment=["numpy>=2.0,<2.4", "nosuchpackage >= 3"]')
    found = look()
    (problem,) = found[BUILT].problems
    line = path.read_text()[: path.read_text().index('"nosuchpackage')].count("\n") + 1
    assert problem.startswith(f"solutions/{NAME}.py:{line}: `{NAME}` needs `nosuchpackage>=3`")
    assert not any(standing.problems for claim, standing in found.items() if claim != BUILT)


def test_a_save_while_it_looks_is_for_the_next_look(path: Path) -> None:
    text = path.read_text()
    watched = Watched(NAME, path.parent.parent)
    found: dict[str, Standing] = {}

    def tell(standing: Standing) -> None:
        if not standing.progress:
            path.write_text("import numpy as\n")
        found[standing.claim] = standing

    path.write_text(text.replace("seed(1)", "seed(2)"))  # never looked at before
    try:
        watched.look(tell)
    finally:
        watched.close()
    assert {REFERENCE, SOUND, LEAKS} <= set(found)
    assert not [problem for each in found.values() for problem in each.problems]


def test_a_notebook_that_tells_a_solution_is_not_written(
    look: Callable[[], dict[str, Standing]], path: Path
) -> None:
    edit(path, "# ## Apply it", "# ## Apply it\n# As in `centred / deviations`.")
    assert "students can read" in look()[LEAKS].problems[0]
    assert not (path.parent.parent / "assignments").exists()


def test_only_what_an_edit_touches_is_tried_again(
    look: Callable[[], dict[str, Standing]], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[str, str]] = []

    def counted(kind: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, question: str = "", **options: object) -> object:
            tried.append((kind, question))
            return function(*arguments, question=question, **options)

        return call

    for kind in ("kill_matrix", "recognised", "wrongly_judged"):
        monkeypatch.setattr(watching, kind, counted(kind, getattr(watching, kind)))
    look()
    mistakes = [("recognised", "standardise"), ("wrongly_judged", "standardise")]
    assert tried == [*mistakes, ("kill_matrix", "standardise"), ("kill_matrix", "standardised")]
    tried.clear()
    edit(path, "# ## Apply it", "# ## Apply it to the measurements")
    look()
    assert not tried, "a text touches nothing"
    edit(path, '"one deviation for all rows"', '"a single deviation for all rows"')
    look()
    assert tried == mistakes
    tried.clear()
    edit(path, "print(standardised)", "print(standardised + 1)")
    look()
    assert tried == [mistakes[1], ("kill_matrix", "standardise"), ("kill_matrix", "standardised")]


def test_a_mark_that_is_taken_off_leaves_fewer_mutants(
    look: Callable[[], dict[str, Standing]], path: Path
) -> None:
    assert look()[MUTANTS].tried
    line = next(line for line in path.read_text().split("\n") if line.endswith("# SOLUTION"))
    edit(path, line, line.removesuffix("  # SOLUTION"))
    found = look()[MUTANTS]
    assert (found.tried, found.problems) == (True, ())


def test_survivors_are_told_by_the_lines_where_they_are_now_as_verify_tells_them(
    look: Callable[[], dict[str, Standing]], path: Path
) -> None:
    edit(
        path,
        'author.case("more rows", hidden=True, args=lambda rng: (100 * rng.normal(size=(6, 5)) - 30,)),\n',
        "",
    )
    edit(
        path,
        "hidden=True, args=lambda rng: (2 + rng.normal(size=(3, 4)),)",
        "hidden=True, args=lambda rng: (np.eye(4),)",
    )
    edit(path, "deviations = np.sqrt(variances)\n", "deviations = np.sqrt(variances) + 0\n")
    before = look()[MUTANTS].problems
    assert before
    assert all("survives" in problem or "hidden case" in problem for problem in before)
    edit(path, "# ## Apply it", "# ## Apply it\n#\n# To measurements.")
    edit(path, "np.random.seed(1)\n", "np.random.seed(1)\n\n\n")
    after = look()[MUTANTS].problems
    assert after != before
    verified = CliRunner().invoke(main, ["verify", "--course", str(path.parent.parent)]).output
    assert all(problem.split("\n")[0] in verified for problem in after)


# ---------------------------------------------------------------- the process that looks


@pytest.fixture
def heard() -> queue.Queue[tuple[int, Standing | str]]:
    return queue.Queue()


@pytest.fixture
def looker(path: Path, heard: queue.Queue[tuple[int, Standing | str]]) -> Iterator[Looker]:
    made = Looker(NAME, path.parent.parent, None, sandboxed=True, hear=lambda *said: heard.put(said))
    yield made
    made.close()


def until(
    heard: queue.Queue[tuple[int, Standing | str]], looker: Looker, number: int, claim: str
) -> Standing:
    """Return the first verdict on a claim in the look of a number."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        with contextlib.suppress(queue.Empty):
            found, said = heard.get(timeout=0.2)
            if found == number and isinstance(said, Standing) and said.claim == claim and not said.progress:
                return said
        looker.insist()
    raise AssertionError(f"nothing was heard of look {number}")


def until_there(path: Path) -> None:
    end = time.monotonic() + WAIT
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_master_that_hangs_is_dropped_when_it_is_saved_again(
    looker: Looker, heard: queue.Queue[tuple[int, Standing | str]], path: Path
) -> None:
    inside = path.parent / "inside"
    edit(
        path, "np.random.seed(1)\n", f"np.random.seed(1)\nopen({str(inside)!r}, 'w')\nwhile True:\n    pass\n"
    )
    looker.look(1)
    assert heard.get(timeout=WAIT) == (1, Standing(claim=LOADS, progress="running its cells"))
    until_there(inside)
    process = looker._process
    edit(path, f"open({str(inside)!r}, 'w')\nwhile True:\n    pass\n", "")
    looker.look(2)
    assert not until(heard, looker, 2, REFERENCE).problems
    assert looker._process is process


def never_ending(inside: Path) -> str:
    """Return code that writes a file, and then lets nothing end it."""
    forever = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n"
    return f"open({str(inside)!r}, 'w')\n{forever}"


def test_one_that_nobody_waits_for_ends_whatever_it_is_at(path: Path) -> None:
    """Even if `watch` was killed, and the master never ends."""
    inside = path.parent / "inside"
    edit(path, "np.random.seed(1)\n", f"np.random.seed(1)\n{never_ending(inside)}")
    arguments = [path.stem, str(path.parent.parent), "", "sandboxed"]
    with subprocess.Popen(
        [sys.executable, "-m", "autograder.watch_process", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write("1\n")
        process.stdin.flush()
        until_there(inside)
        process.stdin.close()
        try:
            assert process.wait(WAIT) != 0
        finally:
            process.kill()


def test_one_that_cannot_be_dropped_is_killed(
    looker: Looker,
    heard: queue.Queue[tuple[int, Standing | str]],
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch_process, "PATIENCE", 0.5)
    inside = path.parent / "inside"
    endless = never_ending(inside)
    edit(path, "np.random.seed(1)\n", f"np.random.seed(1)\n{endless}")
    looker.look(1)
    until_there(inside)
    process = looker._process
    assert process is not None
    edit(path, endless, "")
    looker.look(2)
    time.sleep(0.6)
    looker.insist()
    assert process.poll() is not None
    monkeypatch.setattr(watch_process, "PATIENCE", float(WAIT))
    assert not until(heard, looker, 2, REFERENCE).problems


@pytest.mark.parametrize("pause", [0.03, 0.15, 0.4, 0.8, 1.5])
def test_a_look_may_be_dropped_at_any_time(
    pause: float, looker: Looker, heard: queue.Queue[tuple[int, Standing | str]]
) -> None:
    """Whatever it was at: loading, judging, or waiting for other processes."""
    for number in range(1, 5):
        looker.look(number)
        until(heard, looker, number, LOADS)
        time.sleep(pause)
    looker.look(5)
    for claim in (REFERENCE, LEAKS, ALONE, MUTANTS, BUILT):
        assert not until(heard, looker, 5, claim).problems


def test_a_process_that_has_died_is_told_and_replaced(
    looker: Looker, heard: queue.Queue[tuple[int, Standing | str]], path: Path
) -> None:
    looker.look(1)
    until(heard, looker, 1, LOADS)
    assert looker._process is not None
    os.killpg(looker._process.pid, signal.SIGKILL)
    end = time.monotonic() + WAIT
    while not isinstance(said := heard.get(timeout=WAIT)[1], str):
        assert time.monotonic() < end
    assert "has ended" in said
    looker.look(2)
    assert not until(heard, looker, 2, REFERENCE).problems


def test_processes_that_look_at_mistakes_end_with_who_waits_for_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(path.parent / "cache"))  # where nothing is known of it yet
    loaded = master.load(NAME, path.parent.parent)
    endless = [sys.executable, "-c", "import time; time.sleep(3600)"]
    monkeypatch.setattr(tabulate.forks, "command", lambda *_: (endless, dict(os.environ)))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        with pytest.raises(KeyboardInterrupt):
            tabulate.tabulated(loaded)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---------------------------------------------------------------- the command


class Watching:
    """The command, run as an author does."""

    def __init__(self, course: Path) -> None:
        code = "import sys; from autograder.cli import main; sys.argv[0] = 'autograder'; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", code, "watch", NAME, "--course", str(course)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self.reading = threading.Thread(target=self._read, daemon=True)
        self.reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self._lines.put(line.rstrip("\n"))

    def until(self, start: str) -> str:
        """Return the next line that starts so."""
        while not (line := self._lines.get(timeout=WAIT)).startswith(start):
            pass
        return line

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in listed.split()]


@pytest.fixture
def command(path: Path) -> Iterator[Watching]:
    started = Watching(path.parent.parent)
    yield started
    started.process.kill()
    started.process.wait()
    started.reading.join()


def test_saves_are_heard_however_an_editor_writes(command: Watching, path: Path) -> None:
    text = path.read_text()
    command.until(f"yes  {REFERENCE}")
    beside = path.with_suffix(".swp")
    beside.write_text(text.replace("np.random.seed(1)", "np.random.seed("))
    beside.replace(path)
    assert command.until("no ") == f"no   {LOADS}"
    assert f"solutions/{NAME}.py:" in command.until("     solutions")
    path.write_text(text)
    command.until(f"yes  {REFERENCE}")
    path.rename(path.with_suffix(".bak"))
    path.write_text(text.replace("np.sqrt(variances)\n", "variances\n"))
    command.until("no ")
    path.write_text(text)
    command.until(f"yes  {BUILT}")


def test_ctrl_c_ends_it_and_all_that_it_started(command: Watching) -> None:
    command.until(f"yes  {REFERENCE}")
    children = command.children()
    assert children
    command.process.send_signal(signal.SIGINT)
    assert command.process.wait(WAIT) == 0
    for child in children:
        stat = Path(f"/proc/{child}/stat")
        assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_name_that_is_not_there_is_told(course: Path) -> None:
    done = CliRunner().invoke(main, ["watch", "nothing", "--course", str(course)])
    assert done.exit_code == 2
    assert "`autograder new nothing` begins one" in done.output


# ---------------------------------------------------------------- the screen


def shown(*standings: Standing, height: int = 24, twice: bool = False) -> str:
    console = Console(file=io.StringIO(), force_terminal=True, width=80, height=height, color_system=None)
    screen = Screen(console, "solutions/units.py")
    screen._live = None
    screen._console = Console(file=io.StringIO(), width=80, height=height)
    screen.begin(1)
    for standing in standings:
        screen.found(1, standing)
    if twice:
        screen.begin(2)
        screen.found(1, Standing(claim="out of date"))
    console.print(screen._rendered())
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_screen_shows_what_is_known_and_what_is_being_tried() -> None:
    found = (
        Standing(claim="a"),
        Standing(claim="b", problems=("solutions/units.py:7: wrong",)),
        Standing(claim="c", progress="mutants: 3 of 9"),
        Standing(claim="d", tried=False),
    )
    text = shown(*found)
    for line in (
        "✓ a",
        "✗ b",
        "… c (mutants: 3 of 9)",
        "- d (not tried: see above)",
        "solutions/units.py:7: wrong",
    ):
        assert line in text
    again = shown(*found, twice=True)
    assert "· a" in again
    assert "out of date" not in again


def test_remarks_stand_below_the_problems() -> None:
    """They are no fault."""
    text = shown(Standing(claim="a", remarks=("edits overlap",)), Standing(claim="b", problems=("wrong",)))
    assert "✓ a" in text
    assert text.index("wrong") < text.index("remark: edits overlap")


def test_a_low_screen_shows_the_first_problems_and_how_many_there_are() -> None:
    text = shown(Standing(claim="a", problems=tuple(f"problem {n}" for n in range(30))), height=16)
    assert "problem 0" in text
    assert "problem 29" not in text
    assert "more: `autograder verify` shows all" in text
    assert len(text.splitlines()) <= 16
