"""`grader` in a student's notebook: Otter's own, with feedback in our words, hints in stages, a plain export.

The source of all here goes into students' notebooks: see `hint_reader`. Their first cell calls `start`.
"""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import symtable
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.check_page import Page, Seen, cut, paragraph, plain_text, see
from autograder.hint_reader import unpacked

try:
    from IPython import get_ipython
    from IPython.display import publish_display_data
    from otter import Notebook
    from otter.test_files import ExceptionTestFile

    MISSING = ""
except ImportError as error:
    Notebook, MISSING = object, str(error)  # type: ignore[misc, unused-ignore]

INSTALL = """\
Otter is missing ({}). Write this into a new cell and run it, then run the first one again:
%pip install -q otter-grader"""


def start(notebook: dict[str, Any], name: str) -> Any:
    """Return what checks the notebook of an assignment, or what says on each check why it cannot.

    Args:
        notebook: the notebook's content.
        name: the assignment.
    """
    if MISSING:
        print(INSTALL.format(MISSING))
        return Lost(INSTALL.format(MISSING))
    if "google.colab" in str(get_ipython()):  # there, the notebook is no file, and Otter wants files
        Path(f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        Path("tests").mkdir(exist_ok=True)
        for question, source in notebook["metadata"]["otter"]["tests"].items():
            Path("tests", f"{question}.py").write_text(source, encoding="utf-8")
        return Grader(notebook, f"{name}.ipynb", "tests")
    return Grader(notebook, paths_of(name, notebook["metadata"]["otter"]["tests"])[0], "")


def paths_of(name: str, tests: dict[str, str]) -> list[str]:
    """Return which files here may be the notebook that runs: first what Jupyter, VS Code or its name say.

    A file with other `tests` is not: they would be run.
    """
    found = [path for path in Path().glob("*.ipynb") if _tests_in(path, name) == tests]
    shell = get_ipython()
    open_now = shell.user_ns.get("__vsc_ipynb_file__", "") if shell else ""
    likely = [Path(open_now or os.environ.get("JPY_SESSION_NAME", "")).name, f"{name}.ipynb"]
    found.sort(
        key=lambda path: (likely.index(path.name) if path.name in likely else 2, -path.stat().st_mtime)
    )
    return [*map(str, found)] or [f"{name}.ipynb"]


def _tests_in(path: Path, name: str) -> Any:
    """Return the tests in a notebook of an assignment, or None if it is of no such."""
    with suppress(Exception):  # a file may hold anything
        text = path.read_text("utf-8")
        metadata = json.loads(text)["metadata"] if '"true_values"' in text else {}
        if metadata["true_values"]["assignment"] == name:
            return metadata["otter"]["tests"]
    return None


class Lost:
    """Stands in for what cannot be had, and says why."""

    def __init__(self, why: str) -> None:
        self._why = why

    def check(self, *_: Any, **__: Any) -> None:
        """Say why."""
        print(self._why)

    check_all = hint = export = check


class Grader(Notebook):  # type: ignore[misc, unused-ignore]
    """Checks a notebook, opens its hints and packs it."""

    def __init__(self, notebook: dict[str, Any], path: str, tests: str) -> None:
        self._about: dict[str, Any] = notebook["metadata"]["true_values"]
        self._path = path
        self._opened = set(_opened(notebook))
        self._tests: dict[str, str] = notebook["metadata"]["otter"]["tests"]
        self._questions: list[str] = [each["name"] for each in self._about["questions"]]
        super().__init__(path, tests_dir=tests)

    def check(self, question: str, global_env: dict[str, Any] | None = None) -> Any:
        """Run a question's public cases on what the notebook defines, and return what is to be seen of it."""
        frame: Any = inspect.currentframe()
        env = frame.f_back.f_globals if global_env is None else global_env
        if question not in self._questions:
            return self._say(
                f"There is no question `{cut(question, 80)}`. There are: {_names(self._questions)}."
            )
        self._find()
        file = super().check(question, env) if Path(self._path).is_file() else self._run(question, env)
        if type(self)._grading_mode:
            return file
        earlier = "" if file.passed_all else self._earlier(question, env)
        page = Page(question, list(self._seen(question, file, earlier)), self._stuck(question))
        if get_ipython() is None and not hasattr(sys, "ps1"):
            print(page)
        return page

    def _find(self) -> None:
        """See to it that the notebook's file is known: it may have been renamed since."""
        if not Path(self._path).is_file():
            self._path = self._notebook = self._paths()[0]

    def _paths(self) -> list[str]:
        return paths_of(self._about["assignment"], self._tests)

    def check_all(self) -> Any:
        """Check all questions, one after the other."""
        frame: Any = inspect.currentframe()
        for question in self._questions:
            page = self.check(question, frame.f_back.f_globals)
            if get_ipython() is not None:
                _show({"text/plain": repr(page), "text/html": page._repr_html_()})

    def _seen(self, question: str, file: Any, earlier: str) -> Any:
        """Yield title and outcome of each case: ours note down what they tried, others do not."""
        blanks = self._about["questions"][self._questions.index(question)]["blanks"]
        mistakes = self._about["mistakes"].get(question, "")
        for number, result in enumerate(file.test_case_results):
            case = result.test_case
            title = case.name[len(question) + 2 :] if case.name.startswith(f"{question}: ") else case.name
            tried = case.body.test_func.__globals__.get("tried", [])
            if number < len(tried):
                yield title, see(tried[number], title, mistakes, blanks, earlier)
            elif result.passed:
                yield title, Seen("right")
            else:
                yield title, _own(case, result.message)

    def _earlier(self, question: str, env: dict[str, Any]) -> str:
        """Return the first question before this one that is not right, or an empty text."""
        for each in self._questions[: self._questions.index(question)]:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                if not self._run(each, env).passed_all:
                    return each
        return ""

    def _run(self, question: str, env: dict[str, Any]) -> Any:
        """Return a question's test file after it has run, past Otter's log."""
        file = ExceptionTestFile.from_string(self._tests[question])
        file.run(env)
        return file

    def _stuck(self, question: str) -> str:
        hints = self._hints(question)
        number = sum((question, each) in self._opened for each in range(1, len(hints) + 1)) + 1
        if number > len(hints):
            return ""
        counted = ": it is counted" if self._about.get("count_hints") else ""
        return f'Stuck? `grader.hint("{question}", {number})` opens hint {number} of {len(hints)}{counted}.'

    def _hints(self, question: str) -> list[str]:
        packed = self._about.get("hints", {}).get(question)
        return list(unpacked(packed)) if packed else []

    def hint(self, question: str, number: int | None = None) -> None:
        """Open a hint of a question, if those before it are open. The same call opens the same again.

        Without a number, it opens the first, or shows the last that is open and says how to open the next.
        """
        hints = self._hints(question)
        if not hints:
            return self._say(f"There are no hints for `{cut(question, 80)}`.")
        last = max((each for name, each in self._opened if name == question), default=0)
        if number is None and not last and self._about.get("count_hints"):
            return self._say(
                "How many hints you open is counted: your instructor sees it with what you hand in. "
                f'`grader.hint("{question}", 1)` opens the first of {len(hints)}.'
            )
        number = max(last, 1) if number is None else number
        if number not in range(1, len(hints) + 1):
            return self._say(f"`{question}` has hints 1 to {len(hints)}.")
        number = int(number)
        if number > last + 1:
            return self._say(f'Open the one before first: `grader.hint("{question}", {last + 1})`.')
        self._opened.add((question, number))
        text = f"**Hint {number} of {len(hints)} for `{question}`**\n\n{hints[number - 1]}"
        if number < len(hints):
            text += f'\n\n`grader.hint("{question}", {number + 1})` opens the next.'
        return _show(
            {"text/plain": text, "text/markdown": text}, {"true_values": {"hint": [question, number]}}
        )

    def export(self, nb_path: str | None = None, export_path: str | None = None, **options: Any) -> None:
        """Pack the notebook into a zip file to hand in, as Otter does, without a PDF unless `pdf` is true."""
        if type(self)._grading_mode:
            return None
        if "google.colab" in str(get_ipython()):
            return self._say("Choose File > Download > Download .ipynb, and hand in that file.")
        self._find()
        paths = [Path(path) for path in ([nb_path] if nb_path else [self._path, *self._paths()])]
        path = next((path for path in paths if path.is_file() and not self._is_unsaved(path)), paths[0])
        if not path.is_file():
            return self._say(
                f"`{path}` is not in this folder: save the notebook under this name, then try again."
            )
        if self._is_unsaved(path):
            return self._say(
                f"What is saved in `{path}` is not what you have run. Save the notebook (Ctrl+S, or Cmd+S), "
                "then run this cell again: it packs what is saved. Or hand in the notebook itself."
            )
        zipped = export_path or f"{path.stem}_{datetime.now():%Y_%m_%dT%H_%M_%S_%f}.zip"
        super().export(str(path), zipped, **{"pdf": False, "display_link": False, **options})
        return self._say(f"Hand in `{zipped}`: it holds `{path}` as last saved.", zipped)

    def _is_unsaved(self, path: Path) -> bool:
        """Return whether the cell that has last defined what is asked for is not in the notebook's file."""
        shell = get_ipython()
        if shell is None:
            return False
        cells = json.loads(path.read_text("utf-8")).get("cells", [])
        saved = {"".join(cell.get("source", "")).strip() for cell in cells}
        asked = {name for each in self._about["questions"] for name in each["defines"]}
        last: dict[str, str] = {}
        for source in shell.history_manager.input_hist_raw:
            last.update(dict.fromkeys(asked & _defined(shell.transform_cell(source)), source.strip()))
        return not saved.issuperset(last.values())

    def _say(self, text: str, link: str = "") -> None:
        shown = paragraph(text)
        if link:
            name, address = escape(link), escape(quote(link))
            shown += f'<p><a href="{address}" download="{name}" target="_blank">Download it</a></p>'
        _show({"text/plain": plain_text(text), "text/html": shown})

    def _log_event(self, *arguments: Any, **keywords: Any) -> None:
        with suppress(OSError):  # in a folder that cannot be written to
            super()._log_event(*arguments, **keywords)


def _own(case: Any, message: str) -> Seen:
    """Return what became of a test that an instructor wrote and that has failed."""
    error = re.sub(r"(?s)\A.*?Error at line \d+ in test [^\n]*\n( *[^\n]*)\n", r"\1: ", message or "")
    todo = "Call your function as this test does, in a new cell, and look at what it returns."
    return Seen("wrong", told=cut(case.failure_message or ""), said=cut(error.strip()), todo=todo)


def _opened(notebook: dict[str, Any]) -> Any:
    """Yield each hint that is open in a notebook as it was saved."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            with suppress(AttributeError, KeyError, TypeError, ValueError):  # most outputs are others
                question, number = output["metadata"]["true_values"]["hint"]
                yield str(question), int(number)


def _show(data: dict[str, str], metadata: dict[str, Any] | None = None) -> None:
    if get_ipython() is None:
        print(data["text/plain"])
    else:
        publish_display_data(data, metadata or {})  # type: ignore[no-untyped-call]


def _defined(source: str) -> set[str]:
    """Return what a cell defines."""
    with suppress(SyntaxError, ValueError):
        symbols = symtable.symtable(source, "<cell>", "exec").get_symbols()
        return {symbol.get_name() for symbol in symbols if symbol.is_assigned()}
    return set()


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
