"""What is kept between processes: it makes a difference to time, and to nothing else."""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from autograder import bundle, kit, master, misconceptions, tables
from autograder.build import warnings
from autograder.explain import Explainer
from autograder.fingerprints import Fingerprints
from autograder.model import Mistakes
from autograder.recognition import told_by
from autograder.sandbox import Sandbox
from autograder.session import Session
from autograder.store import MADE_BY, Store, cached
from autograder.tabulate import tabulated

from .conftest import QUICK, ROOT

COURSE = ROOT / "tests" / "course"
PACKAGE = ROOT / "autograder"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "true-values"


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of what was computed, by name, and which misconceptions were tried."""
    done: list[str] = []
    taken, differ = tables.Table._taken, misconceptions._differ

    def noted(table: tables.Table) -> Fingerprints:
        done.append(table._name)
        return taken(table)

    def tried(*arguments: object, **options: object) -> bool | None:
        done.append("tried")
        return differ(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(tables.Table, "_taken", noted)
    monkeypatch.setattr(misconceptions, "_differ", tried)
    return done


def explained(loaded: master.Master) -> list[tuple[Mistakes, ...]]:
    """Return what explains the answers of each pair of mistakes of `mix`, and what is unlike them."""
    explainer = Explainer(loaded.assignment)
    question = loaded.assignment.questions[1]
    pairs = list(tables.combinations(question.misconceptions, 2))
    told = [told_by(pair, question, explainer) for pair in pairs]
    return [explainer.sets(question, answers, {}) for answers in told if any(each.wrong for each in answers)]


def names(found: list[tuple[Mistakes, ...]]) -> list[list[list[str]]]:
    return [[[each.id for each in mistakes] for mistakes in sets] for sets in found]


def test_a_second_process_computes_nothing(computed: list[str]) -> None:
    first = names(explained(master.load("mixing", COURSE)))
    assert computed == ["tried"] * 15 + ["mix"]
    computed.clear()
    assert names(explained(master.load("mixing", COURSE))) == first
    assert computed == []
    assert any(len(sets) > 1 for sets in first)


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def of_another_name(path: Path) -> None:
    path.write_bytes((path.parent / "softmax_cols.fingerprints").read_bytes())


@pytest.mark.parametrize("damage", [damaged, cut, emptied, a_folder, of_another_name])
def test_what_is_damaged_is_computed_again(
    damage: Callable[[Path], None], cache: Path, computed: list[str]
) -> None:
    loaded = master.load("mixing", COURSE)
    tabulated(loaded)
    right = names(explained(loaded))
    assert computed == ["tried"] * 15
    (path,) = cache.rglob("mix.fingerprints")
    damage(path)
    assert names(explained(master.load("mixing", COURSE))) == right
    assert computed == [*["tried"] * 15, "mix"]


def test_another_master_numpy_or_code_has_a_store_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(content: bytes = b"master") -> Store:
        return Store(tmp_path, content, writable=True)

    store().put("thing", b"content")
    assert store().get("thing") == b"content"
    assert store(b"other").get("thing") is None
    monkeypatch.setattr("numpy.__version__", "9.9.9")
    assert store().get("thing") is None
    monkeypatch.undo()
    monkeypatch.setattr("autograder.store._sources", lambda: b"other code")
    assert store().get("thing") is None


def test_the_code_that_it_depends_on_is_known() -> None:
    """All that fingerprints and loading a master go through, as their imports say, and who asks for them."""
    needed, pending = set[str](), ["tables", "master"]
    while pending:
        name = pending.pop()
        if name not in needed and name != "files":
            needed.add(name)
            for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text())):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
                    module = (node.module or "").removeprefix("autograder").removeprefix(".")
                    pending += [module] if module else [alias.name for alias in node.names]
    assert sorted({*needed, "explain"}) == sorted(MADE_BY)


def explained_apart(_: int) -> list[list[list[str]]]:
    return names(explained(master.load("mixing", COURSE)))


def test_two_processes_at_once(cache: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as processes:
        one, *others = processes.map(explained_apart, range(3))
    assert all(other == one for other in others)
    assert sorted(path.name for path in cache.rglob("*") if path.is_file()) == ["mix.fingerprints", "tried"]


@pytest.mark.parametrize("where", ["a file", "no home", "open to all", "above it open to all", "a link"])
def test_a_cache_that_cannot_be_used_is_done_without(
    where: str, tmp_path: Path, cache: Path, computed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "a file":
        cache.parent.write_text("")
    elif where == "no home":
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setattr(Path, "home", no_home)
    elif where == "a link":
        (tmp_path / "others").mkdir(mode=0o700)
        cache.parent.mkdir()
        cache.symlink_to(tmp_path / "others")
    else:
        explained(master.load("mixing", COURSE))
        (folder,) = cache.iterdir()
        (folder if where == "open to all" else cache).chmod(0o777)
        computed.clear()
    for _ in range(2):
        explained(master.load("mixing", COURSE))
    assert computed == 2 * [*["tried"] * 15, "mix"]


def no_home() -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_only_so_many_masters_are_kept(cache: Path) -> None:
    for number in range(30):
        cached("small", str(number).encode()).put("thing", b"content")
    assert len(list(cache.iterdir())) == 24
    assert cached("small", b"29").get("thing") == b"content"


def test_nothing_else_is_removed(cache: Path) -> None:
    """A link or a careless variable may lead to a folder with other things in it."""
    cache.mkdir(mode=0o700, parents=True)
    others = {"precious", "thesis-2026", "small-0123456789abcdef"}
    for name in others:
        (cache / name).mkdir()
    for number in range(30):
        cached("small", str(number).encode()).put("thing", b"content")
    assert others <= {path.name for path in cache.iterdir()}
    assert len(list(cache.iterdir())) == 24 + len(others)


def test_a_relative_cache_folder_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    cached("small", b"").put("thing", b"content")
    assert list((tmp_path / "home" / ".cache" / "true-values").iterdir())


def test_a_notebook_cannot_write_or_read_it(cache: Path, sandbox: Sandbox) -> None:
    tabulated(master.load("mixing", COURSE))
    (path,) = cache.rglob("mix.fingerprints")
    before = path.read_bytes()
    source = f"""
import os
done = []
for try_it in (lambda: open({str(path)!r}, "rb").read(), lambda: open({str(path)!r}, "wb").write(b""),
               lambda: open({str(path.parent)!r} + "/other", "w"), lambda: os.unlink({str(path)!r})):
    try:
        try_it()
        done.append(1.0)
    except OSError:
        done.append(0.0)
"""
    with Session(sandbox, (source,), QUICK) as session:
        assert session.value("done").value == [0.0] * 4
    assert path.read_bytes() == before
    assert sorted(each.name for each in path.parent.iterdir()) == [
        *(f"{name}.fingerprints" for name in ("mix", "mixed", "softmax_cols")),
        "tried",
    ]


def test_what_takes_long_tells_how_much_is_done() -> None:
    loaded = master.load("mixing", COURSE)
    told: list[tuple[str, int, int]] = []
    assert loaded.assignment.kept is not None
    loaded.assignment.kept.advance = lambda *each: told.append(each)
    explained(loaded)
    assert (told[0][1], told[-1][1]) == (0, told[-1][2])
    assert len(told) > 2
    told.clear()
    tabulated(loaded, lambda *each: told.append(each))
    assert told == [(told[0][0], done, 2) for done in range(3)]  # one question's are there
    told.clear()
    tabulated(loaded, lambda *each: told.append(each))
    assert told == []


# ---------------------------------------------------------------- the zip for graders


def unzipped(content: bytes, folder: Path, *, without: str = "") -> master.Master:
    archive = zipfile.ZipFile(io.BytesIO(content))
    kept = [name for name in archive.namelist() if not without or not name.endswith(without)]
    archive.extractall(folder, kept)
    return master.read_packed(folder)


def test_a_container_computes_nothing(tmp_path: Path, computed: list[str]) -> None:
    loaded = master.load("mixing", COURSE)
    content = bundle.autograder_zip(loaded)
    computed.clear()
    found = names(explained(unzipped(content, tmp_path / "zip")))
    assert computed == []
    assert found == names(explained(loaded))


def test_a_zip_without_them_works(tmp_path: Path, cache: Path, computed: list[str]) -> None:
    loaded = master.load("mixing", COURSE)
    content = bundle.autograder_zip(loaded)
    right = names(explained(loaded))
    computed.clear()
    before = sorted(cache.rglob("*"))
    old = unzipped(content, tmp_path / "zip", without=".fingerprints")
    assert names(explained(old)) == right
    assert computed == ["mix"]
    assert sorted(cache.rglob("*")) == before
    assert not list((tmp_path / "zip").rglob("*.fingerprints"))


def test_building_anew_gives_the_same_bytes(cache: Path) -> None:
    first = bundle.autograder_zip(master.load("mixing", COURSE))
    for path in cache.rglob("*.fingerprints"):
        path.unlink()
    assert bundle.autograder_zip(master.load("mixing", COURSE)) == first


def test_with_another_numpy_than_in_the_container_they_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded = master.load("mixing", COURSE)
    assert warnings(loaded) == []
    monkeypatch.setattr("numpy.__version__", "2.0.0")
    (said,) = warnings(loaded)
    assert said.startswith("the zip of `mixing` pins another NumPy than 2.0.0, which runs here")
    archive = zipfile.ZipFile(io.BytesIO(bundle.autograder_zip(loaded)))
    assert not [name for name in archive.namelist() if name.endswith(".fingerprints")]


def test_what_students_get_has_nothing_of_it() -> None:
    assert b"fingerprints" not in kit.student_notebook(master.load("mixing", COURSE))
