"""A student in real JupyterLab, in a real Chromium: from the notebook as it is handed out to full points."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Locator, Page

from autograder.master import Master

from . import a_student
from .conftest import needs_chromium

SHOTS = os.environ.get("TRUE_VALUES_SHOTS", "")
"""A folder for pictures of what a student sees, for a person to look at."""

pytestmark = [
    pytest.mark.slow,
    needs_chromium,
    pytest.mark.skipif(
        importlib.util.find_spec("jupyterlab") is None, reason="needs JupyterLab: pip install -e '.[test]'"
    ),
]

WIDTH, NARROW, HEIGHT = 1280, 390, 900
NAME = "multihead_attention"
QUESTIONS = ("softmax_cols", "multihead_scaled_self_attention", "X_prime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A JupyterLab that runs, and the folder that it shows."""

    address: str
    token: str
    folder: Path


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start JupyterLab as a student has it, but with settings of its own, and end it by its id."""
    folder, home = tmp_path_factory.mktemp("student"), tmp_path_factory.mktemp("home")
    (home / "config" / "labconfig").mkdir(parents=True)
    (home / "config" / "labconfig" / "page_config.json").write_text(
        json.dumps({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}})
    )
    own = {
        f"JUPYTER{name}_DIR": str(home / name.strip("_").lower())
        for name in ("_CONFIG", "_DATA", "_RUNTIME", "LAB_SETTINGS", "LAB_WORKSPACES")
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex()
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
    ]
    environment = {**os.environ, **own, "HOME": str(home), "JUPYTER_TOKEN": token}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env=environment, stdout=log, stderr=log
        )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert process.poll() is None, (home / "log").read_text()[-3000:]
            try:
                urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Lab(address=address, token=token, folder=folder)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Notebook:
    """A notebook in JupyterLab, used by mouse and keyboard."""

    def __init__(self, page: Page, lab: Lab, name: str) -> None:
        self.page = page
        page.set_default_timeout(60_000)
        count = len(json.loads((lab.folder / name).read_text())["cells"])
        page.goto(f"{lab.address}/lab/tree/{name}?token={lab.token}")
        page.wait_for_function(
            "count => document.querySelectorAll('.jp-Notebook-cell').length === count", arg=count
        )
        page.locator("#jp-main-statusbar", has_text="| Idle").wait_for()

    def menu(self, *path: str) -> None:
        """Choose from the menu bar."""
        first, *more = path
        self.page.locator(".lm-MenuBar-item", has_text=first).click()
        for text in more:
            label = re.compile(f"^{re.escape(text)}\N{HORIZONTAL ELLIPSIS}?$")
            self.page.locator(".lm-Menu-itemLabel:visible", has_text=label).click()

    def prompts(self) -> list[str]:
        return [
            text.strip() for text in self.page.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
        ]

    def run_all(self, *, restart: bool = False) -> None:
        """Run all cells, in a new kernel if so asked, and wait for the last."""
        before = self.prompts()[-1]
        self.menu("Run", "Restart Kernel and Run All Cells" if restart else "Run All Cells")
        if restart:
            self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.wait_for_the_last(before)

    def run(self, source: str) -> None:
        """Run the last cell, which begins with this source, by the keyboard."""
        before = self.prompts()[-1]
        self.cell(source).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        self.wait_for_the_last(before)

    def wait_for_the_last(self, before: str) -> None:
        """Wait until all cells have run, and the last has another number than `before`."""
        self.page.wait_for_function(
            """before => {
                const texts = Array.from(document.querySelectorAll(".jp-CodeCell .jp-InputPrompt"), (each) =>
                    each.textContent.trim());
                return texts.every((text) => /^\\[\\d+\\]:$/.test(text)) && texts.at(-1) !== before;
            }""",
            arg=before,
        )

    def cell(self, source: str) -> Locator:
        """Return the code cell that begins with this source."""
        start = re.compile(rf"^\s*{re.escape(source)}")
        return self.page.locator(".jp-CodeCell").filter(
            has=self.page.locator(".cm-line:first-child", has_text=start)
        )

    def shown(self, source: str) -> str:
        """Return what the cell that begins with this source shows, in view as a student has it."""
        output = self.cell(source).locator(".jp-OutputArea").first
        output.scroll_into_view_if_needed()
        self.page.wait_for_function("shown => shown.innerText.trim()", arg=output.element_handle())
        return output.inner_text()

    def check(self, question: str) -> str:
        return self.shown(f'grader.check("{question}")')

    def type_at_the_end(self, cell: str, line: str, text: str, *, instead_of: int = 0) -> None:
        """Type at the end of a line, after so many characters were deleted there."""
        found = self.cell(cell).locator(".cm-line", has_text=re.compile(rf"^\s*{re.escape(line)}\s*$"))
        found.click()
        self.page.keyboard.press("End")
        for _ in range(instead_of):
            self.page.keyboard.press("Backspace")
        self.page.keyboard.type(text)

    def fill(self, given: str, solved: str) -> None:
        """Type what is missing in a cell."""
        for blank in a_student.blanks(given, solved):
            self.type_at_the_end(
                given.splitlines()[0], blank.line, blank.filled.removeprefix(blank.line[:-3]), instead_of=3
            )

    def save(self) -> None:
        """Save with the keyboard, and wait until the file is written."""
        with self.page.expect_response(
            lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url
        ):
            self.page.keyboard.press("Control+s")

    def download(self, ask: Callable[[], None], path: Path) -> None:
        """Keep what is downloaded, in this tab or in another, once it was asked for."""
        found = list[Download]()

        def watch(page: Page) -> None:
            page.on("download", lambda download: found.append(download))

        watch(self.page)
        self.page.context.on("page", watch)
        ask()
        for _ in range(600):
            if found:
                break
            self.page.wait_for_timeout(100)
        found[0].save_as(path)

    def tracebacks(self) -> list[str]:
        kinds = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
        return self.page.locator(kinds).all_text_contents()

    def cut_off(self, question: str) -> list[str]:
        """Return what of a check is cut off on a narrow screen, such as a tablet's or half of a laptop's."""
        self.page.keyboard.press("Control+b")  # the list of files goes, and comes back below
        self.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        output = self.cell(f'grader.check("{question}")').locator(".jp-OutputArea").first
        output.scroll_into_view_if_needed()
        self.page.wait_for_timeout(500)
        cut: list[str] = output.evaluate(
            """output => Array.from(output.querySelectorAll("code, p, img, summary")).filter((each) =>
                each.getBoundingClientRect().right > output.getBoundingClientRect().right + 1
            ).map((each) => each.textContent || each.alt)"""
        )
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        self.page.keyboard.press("Control+b")
        return cut

    def picture(self, name: str, question: str) -> None:
        """Keep what a student sees of a check, in light, dark, and on a narrow screen, if so asked."""
        if not SHOTS:
            return
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        for theme in ("Dark", "Light"):
            self.menu("Settings", "Theme", f"JupyterLab {theme}")
            self.page.wait_for_timeout(1000)
            for width in (NARROW, WIDTH):
                self.page.set_viewport_size({"width": width, "height": HEIGHT})
                self.page.keyboard.press("Control+b")  # the list of files goes, or comes back
                self.page.wait_for_timeout(500)
                self.cell(f'grader.check("{question}")').scroll_into_view_if_needed()
                self.page.screenshot(path=folder / f"{name}-{theme.lower()}-{width}.png")


@pytest.fixture
def notebook(lab: Lab, browser: Browser) -> Iterator[Notebook]:
    """Open the notebook as it is handed out."""
    built = a_student.ROOT / "assignments" / NAME / f"{NAME}.ipynb"
    shutil.copy(built, lab.folder)
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    yield Notebook(context.new_page(), lab, built.name)
    context.close()


def test_from_the_notebook_to_full_points(
    notebook: Notebook, lab: Lab, masters: dict[str, Master], tmp_path: Path
) -> None:
    loaded = masters[NAME]
    cells = dict(zip(QUESTIONS, a_student.question_cells(loaded).items(), strict=True))

    notebook.run_all()
    assert notebook.tracebacks() == []
    for question in QUESTIONS:
        assert a_student.NOT_ATTEMPTED.search(notebook.check(question))
    notebook.picture("untouched", QUESTIONS[1])

    for question in QUESTIONS[:2]:
        given, solved = cells[question]
        notebook.fill(given, solved.replace(a_student.RIGHT_LINE, a_student.WRONG_LINE))
    notebook.run_all()
    assert a_student.PASSED.search(notebook.check(QUESTIONS[0]))
    assert a_student.feedback_of(loaded, a_student.MISTAKE) in notebook.check(QUESTIONS[1])
    assert a_student.NOT_ATTEMPTED.search(notebook.check(QUESTIONS[2]))
    assert notebook.tracebacks() == []
    heat_maps = notebook.cell(f'grader.check("{QUESTIONS[1]}")').locator("img")
    assert "Heat maps" in (heat_maps.get_attribute("alt") or "")
    assert heat_maps.evaluate("picture => picture.complete && picture.naturalWidth > 0")
    assert notebook.cut_off(QUESTIONS[1]) == []
    notebook.picture("wrong", QUESTIONS[1])

    notebook.type_at_the_end(f"def {QUESTIONS[1]}", a_student.WRONG_LINE, "", instead_of=len(".T"))
    notebook.fill(*cells[QUESTIONS[2]])
    notebook.run_all(restart=True)
    for question in QUESTIONS:
        assert a_student.PASSED.search(notebook.check(question))
    notebook.picture("right", QUESTIONS[1])
    assert a_student.UNSAVED.search(notebook.shown("grader.export"))

    notebook.save()
    notebook.run("grader.export")
    assert not a_student.UNSAVED.search(notebook.shown("grader.export"))
    handed_in = tmp_path / "handed_in"
    notebook.download(notebook.cell("grader.export").locator("a[download]").click, handed_in / "zipped.zip")
    notebook.download(
        lambda: notebook.menu("File", "Save and Export Notebook As", "Executable Script"),
        handed_in / "script.py",
    )
    rows = a_student.graded(NAME, handed_in, tmp_path / "grades")
    assert {name: (row["points"], row["possible"]) for name, row in rows.items()} == {
        "zipped": ("20", "20"),
        "script": ("20", "20"),
    }
