"""The sandbox's tests, run again as an ordinary user and in a default Docker container."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
TESTS = [
    "tests/test_attacks.py",
    "tests/test_layers.py",
    "tests/test_sandbox.py",
    "tests/test_submissions.py",
]
NOBODY = 65534
IMAGE = os.environ.get("TRUE_VALUES_TEST_IMAGE", "true-values-test:bookworm")


def everybodys_python() -> str:
    """Return a Python that every user, and a Debian container, has too."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("there is no /usr/bin/python3")
    return python


@pytest.fixture(scope="module")
def everybodys() -> Iterator[Path]:
    """Give a folder that every user may read, with a copy of the repository and a virtual environment."""
    folder = Path(tempfile.mkdtemp(prefix="everybodys-"))
    folder.chmod(0o755)
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                target = folder / "repository" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)
        subprocess.run([everybodys_python(), "-m", "venv", folder / "venv"], check=True)
        packages = ["-e", ".", "pytest>=8.2", "pytest-xdist>=3.6", "hypothesis>=6.100"]
        subprocess.run(
            [folder / "venv" / "bin" / "pip", "install", "-q", *packages],
            cwd=folder / "repository",
            check=True,
        )
        subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def command(folder: Path) -> list[str]:
    return [
        str(folder / "venv" / "bin" / "python"),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-n",
        "0",
        *TESTS,
    ]


def check(done: subprocess.CompletedProcess[str]) -> None:
    """Check that all tests passed, and that there were many."""
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed.group(1)) > 150


def test_as_an_ordinary_user(everybodys: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user: the tests ran as an ordinary one already")
    home = Path(tempfile.mkdtemp(prefix="nobody-"))
    os.chown(home, NOBODY, NOBODY)
    try:
        done = subprocess.run(
            command(everybodys), cwd=everybodys / "repository", capture_output=True, text=True, check=False,
            user=NOBODY, group=NOBODY, extra_groups=[],
            env={"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    finally:
        shutil.rmtree(home)
    check(done)


def test_in_a_default_container(everybodys: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        pytest.skip("there is no Docker engine")
    if subprocess.run([docker, "image", "inspect", IMAGE], capture_output=True, check=False).returncode:
        pytest.skip(f"there is no image {IMAGE}: .ci/docker makes it")
    done = subprocess.run(
        [
            docker, "run", "--rm", "--volume", f"{everybodys}:{everybodys}", "--workdir", everybodys / "repository",
            "--env", "PYTHONDONTWRITEBYTECODE=1", IMAGE, *command(everybodys),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    check(done)
