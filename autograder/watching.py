"""What holds of a master that is being written: the cheap first, the rest where an edit has touched it."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from autograder import blanks, build, kit, master, mutation, parts
from autograder.basis import GIVEN, Basis, digest_of
from autograder.errors import AuthoringError, CourseError, GraderError
from autograder.judge import Judge
from autograder.master import Master
from autograder.model import Question
from autograder.mutants import given_changes, mutants_of
from autograder.mutation import KillMatrix, Trial, kill_matrix
from autograder.recognition import recognised, wrongly_judged
from autograder.remarks import overlapping
from autograder.sandbox import Sandbox
from autograder.tables import kept_as
from autograder.tabulate import tabulated
from autograder.trials import using_questions
from autograder.verify import ALONE, LEAKS, MUTANTS, TOLD, cheap_checks

LOADS = "it loads: its cells run, and its cases are answered"
SOUND = "its misconceptions and hints can be meant as they stand"
BUILT = "the zip for graders is built"
JUDGED = 2
"""How many of the cheap checks judge a submission: the first ones."""
MAX_KEPT = 500
_OF_QUESTION = re.compile(r"question `(\w+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a claim stands: whether it holds, as far as is known.

    Attributes:
        claim: what should hold.
        problems: what speaks against it, each with the line of the master.
        progress: what is being tried, if that is not over.
        tried: whether it was looked at; it is not if something before it does not hold.
        remarks: what is worth knowing, and no fault.
    """

    claim: str
    problems: tuple[str, ...] = ()
    progress: str = ""
    tried: bool = True
    remarks: tuple[str, ...] = ()


Tell = Callable[[Standing], None]


@dataclass(slots=True)
class Kept:
    """What was found out before, under digests of what it depends on; the oldest goes first."""

    trials: dict[str, tuple[Trial, ...]] = field(default_factory=dict)
    problems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tables: dict[str, bytes] = field(default_factory=dict)

    def forget(self) -> None:
        """Keep no more than there is room for."""
        for known in (self.trials, self.problems, self.tables):
            for key in list(known)[:-MAX_KEPT]:
                del known[key]


class Watched:
    """An assignment whose master is looked at again and again, in one process with one sandbox."""

    def __init__(
        self,
        name: str,
        course: Path,
        python: Path | None = None,
        *,
        sandboxed: bool = True,
        whole: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """Prepare to look at it.

        Args:
            name: the assignment.
            course: its course.
            python: the Python that runs notebooks.
            sandboxed: whether notebooks are sealed off.
            whole: around what must not be left half done: what passes between judge and sandbox.
        """
        self._name = name
        self._whole = whole
        self._course = course
        self._python = python
        self._sandboxed = sandboxed
        self._sandbox: tuple[bool, Sandbox] | None = None
        self._kept = Kept()

    def look(self, tell: Tell) -> None:
        """Look at the master as it stands now: tell how each claim stands, at once, and build what holds.

        Raises:
            SandboxError: if notebooks cannot be run here.
        """
        claim = LOADS
        tell(Standing(claim=LOADS, progress="running its cells"))
        try:

            def waiting(what: str, seconds: float) -> None:
                tell(Standing(claim=claim, progress=f"running {what}, for {seconds:.0f} s"))

            loaded = master.load(self._name, self._course, trying=False, waiting=waiting)
            tell(Standing(claim=LOADS))
            checks = self._looked_at(loaded, tell)
            sound = all([*itertools.islice(checks, JUDGED)])
            claim = SOUND
            tell(Standing(claim=SOUND, progress="trying them"))
            master.tried(loaded, waiting=waiting)  # what it keeps is that all was tried
            tell(Standing(claim=SOUND))
            sound = all([sound, *checks])
            self._in_depth(loaded, tell, sound=sound)
        except (AuthoringError, CourseError) as error:
            tell(Standing(claim=claim, problems=(self._with_source(error),)))
        self._kept.forget()

    def close(self) -> None:
        """End the sandbox."""
        if self._sandbox is not None:
            self._sandbox[1].close()

    def _looked_at(self, loaded: Master, tell: Tell) -> Iterator[bool]:
        """Tell what is soon found out, and yield whether it holds, one after the other.

        The student's notebook is written when no solution is in it.
        """
        sandbox = self._sandbox_for(programs=loaded.assignment.programs)
        judge = Judge(loaded.assignment, sandbox, kit.student_cells(loaded))
        checks = cheap_checks(loaded, self._course, judge)
        for number in itertools.count():
            with self._whole() if number < JUDGED else nullcontext():
                check = next(checks, None)
            if check is None:
                return
            problems = tuple(_placed(problem, loaded) for problem in check.problems)
            tell(
                Standing(claim=check.claim, problems=problems, tried=not check.skipped, remarks=check.remarks)
            )
            if check.claim == LEAKS and not problems:
                build.write_notebook(loaded, self._course)
            yield not problems

    def _sandbox_for(self, *, programs: bool) -> Sandbox:
        if self._sandbox is not None and self._sandbox[0] != programs:
            self.close()
            self._sandbox = None
        if self._sandbox is None:
            started = Sandbox(
                self._python,
                hidden=[self._course / "solutions"],
                programs=programs,
                sandboxed=self._sandboxed,
            )
            with self._whole():
                self._sandbox = (programs, started.__enter__())
        return self._sandbox[1]

    def _with_source(self, error: GraderError) -> str:
        """Return an error, and the line of the master that it is about."""
        line = int(found[1]) if (found := re.search(r":(\d+)$", error.where)) else 0
        path = self._course / "solutions" / f"{self._name}.py"
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.is_file() else []
        if not 0 < line <= len(lines) or not lines[line - 1].strip():
            return str(error)
        first, _, following = str(error).partition("\n")
        return "\n".join(filter(None, [first, f"{line:6} | {lines[line - 1].rstrip()}", following]))

    # ------------------------------------------------------------ what takes long

    def _in_depth(self, loaded: Master, tell: Tell, *, sound: bool) -> None:
        """Tell what takes long to find out, question by question: those that were edited first."""
        claims = [TOLD, ALONE] if loaded.assignment.misconceptions else []
        claims += [MUTANTS, BUILT]
        for position, claim in enumerate(claims):
            if not sound:
                tell(Standing(claim=claim, tried=False))
                continue
            tell(Standing(claim=claim, progress="..."))
            try:
                problems = self._problems(claim, loaded, tell)
            except AuthoringError as error:
                problems = (self._with_source(error),)
            remarks = tuple(overlapping(loaded)) if claim == TOLD else ()
            tell(Standing(claim=claim, problems=problems, remarks=remarks))
            sound = not problems or position == len(claims) - 1

    def _problems(self, claim: str, loaded: Master, tell: Tell) -> tuple[str, ...]:
        def advance(what: str, done: int, total: int) -> None:
            tell(Standing(claim=claim, progress=f"{what}: {done} of {total}"))

        touched = _Touched(loaded)
        if claim == BUILT:
            list(build.build(loaded, self._course, advance))
            return ()
        if claim == TOLD:
            self._tables(loaded, touched, advance)
        found: list[str] = []
        questions = loaded.assignment.questions
        known = {each.name: touched.key(claim, each.name) for each in questions}
        remembered = self._kept.trials if claim == MUTANTS else self._kept.problems
        trials: list[Trial] = []
        for question in sorted(questions, key=lambda each: known[each.name] in remembered):
            key = known[question.name]
            if claim == MUTANTS:
                trials += self._trials(loaded, question, key, advance)
                continue
            if not question.misconceptions:
                continue
            if key not in self._kept.problems:
                tried = partial(advance, f"mistakes in `{question.name}`")
                self._kept.problems[key] = self._misjudged(claim, loaded, question, tried)
            found += self._kept.problems[key]
        if claim == MUTANTS:
            given = given_changes(loaded.cells)
            matrix = KillMatrix(assignment=loaded.assignment, trials=tuple(trials), given=given)
            found += mutation.problems(matrix, f"solutions/{loaded.path.name}")
        return tuple(_placed(problem, loaded) for problem in found)

    def _misjudged(
        self, claim: str, loaded: Master, question: Question, advance: Callable[[int, int], None]
    ) -> tuple[str, ...]:
        if claim == TOLD:
            return recognised(loaded.assignment, advance, question=question.name)[1]
        sandbox = self._sandbox_for(programs=loaded.assignment.programs)
        judge = Judge(loaded.assignment, sandbox, kit.student_cells(loaded))
        with self._whole():
            return tuple(wrongly_judged(loaded, judge, advance, question=question.name))

    def _tables(self, loaded: Master, touched: _Touched, advance: Callable[[str, int, int], None]) -> None:
        """Have the fingerprints of all questions, those that are not touched from before."""
        kept = loaded.assignment.kept
        assert kept is not None
        asked = [each.name for each in loaded.assignment.questions if each.misconceptions]
        for name in asked:
            known = self._kept.tables.get(touched.key(TOLD, name))
            if known is not None and kept.get(kept_as(name)) is None:
                kept.put(kept_as(name), known)
        for name, content in zip(asked, tabulated(loaded, advance).values(), strict=True):
            self._kept.tables[touched.key(TOLD, name)] = content

    def _trials(
        self, loaded: Master, question: Question, key: str, advance: Callable[[str, int, int], None]
    ) -> Iterator[Trial]:
        """Yield what became of a question's mutants, which are tried once, whatever their lines."""
        if key not in self._kept.trials:
            tried = partial(advance, f"mutants of `{question.name}`")
            self._kept.trials[key] = kill_matrix(loaded, tried, question=question.name).trials
        mutants = [each for each in mutants_of(loaded.cells) if each.question == question.name]
        for trial, mutant in zip(self._kept.trials[key], mutants, strict=True):
            yield replace(trial, mutant=mutant)


class _Touched:
    """Digests of what each claim about a question depends on: with the same one, it stands as it did."""

    def __init__(self, loaded: Master) -> None:
        self._basis: Basis = parts.basis_of(loaded.assignment, loaded.cells, {}, sandboxed=True)
        self._questions = [each.name for each in loaded.assignment.questions]
        self._left = {
            each.name: [
                ast.unparse(ast.parse(blanks.strip(cell.source)))
                for cell in loaded.cells
                if cell.question == each.name
            ]
            for each in loaded.assignment.questions
        }
        self._equivalents = {each.name: repr(each.equivalents) for each in loaded.assignment.questions}
        self._users = {
            name: {each.name for each in questions} for name, questions in using_questions(loaded).items()
        }

    def key(self, claim: str, name: str) -> str:
        """Return the digest for a claim about a question."""
        basis = self._basis
        if claim == MUTANTS:
            users = self._users[name]
            reached = [each for each in self._questions if each in users or self._users[each] & users]
            explaining = [self._equivalents[name], *self._left[name]]
        else:
            before = self._questions[: self._questions.index(name) + 1]
            reached = self._questions if claim == ALONE else before
            explaining = [basis.explaining[each] for each in before]
        judging = [basis.judging[each] for each in (GIVEN, *reached)]
        return digest_of([claim, name, basis.points, *judging, *explaining])


def _placed(problem: str, loaded: Master) -> str:
    """Return a problem that names a question with the line of its first cell before it."""
    where = f"solutions/{loaded.path.name}"
    found = _OF_QUESTION.match(problem)
    lines = [cell.line for cell in loaded.cells if found is not None and cell.question == found[1]]
    return f"{where}:{lines[0]}: {problem}" if lines else problem
