"""The code's own rules: linted, typed, layered; documents that agree with the commands."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main

from . import vocabulary

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGE = ROOT / "autograder"


def tool(*command: str) -> None:
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff() -> None:
    tool("ruff", "check", ".")


def test_ruff_format() -> None:
    tool("ruff", "format", "--check", "autograder", "tests")


def test_mypy() -> None:
    tool("mypy")


def layers() -> list[str]:
    """Return the package's modules in the order of CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    block = text.split("<!-- layers -->")[1]
    return re.findall(r"^\| `([\w/]+)`", block, re.MULTILINE)


def modules() -> dict[str, Path]:
    paths = [path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    return {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in paths}


def test_every_module_has_its_place() -> None:
    assert sorted(layers()) == sorted(modules())


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_imports_only_from_lines_above_it(module: str) -> None:
    order = layers()
    for node in ast.walk(ast.parse(modules()[module].read_text())):
        imported = []
        if isinstance(node, ast.ImportFrom) and node.module == "autograder":
            imported = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder."):
            imported = [(node.module or "").removeprefix("autograder.").replace(".", "/")]
        for name in imported:
            assert order.index(name) < order.index(module), f"{module} imports {name}"


def test_a_worker_loads_little_of_ours() -> None:
    """What a worker holds can be read by a student's code: nothing that judges is in it."""
    ours = ["files", "wire", "link", "landlock", "confine", "running", "shell", "worker", "exercise"]
    assert ast.literal_eval(re.search(r"^OURS = (.*)$", (PACKAGE / "warm.py").read_text(), re.M)[1]) == tuple(
        ours
    )  # type: ignore[index]
    for position, name in enumerate(ours):
        for line in re.findall(r"^from autograder.*$", (PACKAGE / f"{name}.py").read_text(), re.MULTILINE):
            imported = re.findall(
                r"\w+", line.replace("from autograder import", "").replace("from autograder.", "")
            )[0]
            assert imported in ours[:position], f"{name}: {line}"
    assert "from autograder" not in (PACKAGE / "warm.py").read_text()


@pytest.mark.parametrize("module", sorted(modules()))
def test_every_public_thing_says_what_it_is(module: str) -> None:
    tree = ast.parse(modules()[module].read_text())
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{module}.{node.name}"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_readme_shows_the_commands_help(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"], prog_name="autograder", terminal_width=100).output
    readme = (ROOT / "README.md").read_text()
    assert shown.strip() in readme, f"README.md should contain:\n{shown}"


def test_contributing_lists_the_words_of_a_master_as_their_docstrings_have_them() -> None:
    text = vocabulary.DOCUMENT.read_text()
    assert vocabulary.written(text) == text, "run `python -m tests.vocabulary`, and read what differs"


def test_documents_name_no_machine_and_no_registry() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    hosts = ["pypi" + ".org", "python" + "hosted", "pytorch" + ".org", "--index" + "-url", "/wo" + "rk/"]
    for name in filter(None, tracked):
        path = ROOT / name
        if path.is_file():
            text = path.read_bytes()
            assert not [host for host in hosts if host.encode() in text], name


def test_the_top_level_is_as_agreed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    top = {name.split("/")[0] for name in tracked if name and not name.startswith(".")}
    assert top <= {
        "assignments",
        "solutions",
        "autograder",
        "tests",
        "README.md",
        "pyproject.toml",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
    }
