"""Answers against references: from what a submission's cases showed to its `Result`."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from autograder import carried, cells, detect, feedback, naming, reasons
from autograder.concerns import concerns, is_unsteady, numbers_of
from autograder.errors import SubmissionError
from autograder.explain import Explainer, Explanation, leans
from autograder.finding import Finding, without_kinds
from autograder.hearing import Heard, hear
from autograder.losses import loses_by_leaning, loses_main, lost_steps, paid, unpaid
from autograder.model import (
    Assignment,
    CaseVerdict,
    OwnTest,
    Question,
    Result,
    Status,
    Verdict,
)
from autograder.opened_hints import opened, with_hints
from autograder.own_helpers import with_own_helpers
from autograder.sandbox import Sandbox
from autograder.session import Session
from autograder.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """How a question is judged: by what its cases showed, as it is or with `earlier` questions replaced.

    It leans on the notebook's sizes `through` earlier ones if it does not with these replaced.
    """

    found: list[Finding]
    explanation: Explanation | None = None
    earlier: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    untouched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a judge is made of, as plain data: another process makes the same one of it.

    `master` is as `master.pack` gives it, `hidden` and `preload` are as `Sandbox` takes them.
    """

    master: bytes
    python: Path | None
    hidden: tuple[Path, ...]
    preload: tuple[str, ...]
    sandboxed: bool


class Judge:
    """Judges submissions of one assignment; safe to use from many threads."""

    def __init__(
        self,
        assignment: Assignment,
        sandbox: Sandbox,
        template: Sequence[str],
        recipe: Recipe | None = None,
    ) -> None:
        """Prepare to judge.

        Args:
            assignment: what is asked, with the reference's answers.
            sandbox: where notebooks are run.
            template: the code cells of the notebook that students get: a question on which a
                submission behaves exactly like it was not attempted.
            recipe: what this judge is made of, if another process may make one too.
        """
        self.assignment = assignment
        self.recipe = recipe
        self._sandbox = sandbox
        self._template = tuple(template)
        self._explainer = Explainer(assignment)
        self._template_digests: Mapping[str, str] | None = None
        self._lock = threading.Lock()

    @property
    def versions(self) -> Mapping[str, str]:
        """What notebooks are run with: versions by package, empty where one is not installed."""
        return self._sandbox.versions

    @property
    def sandboxed(self) -> bool:
        """Whether notebooks are sealed off."""
        return self._sandbox.sandboxed

    def tables(self) -> Mapping[str, bytes]:
        """Return what mistakes lead to, by the names under which it is kept, computed now if it is not."""
        return self._explainer.tables()

    def rest(self) -> None:
        """Give up the memory that it takes to run notebooks, until the next one is judged."""
        self._sandbox.rest()

    def judge(self, submission: Submission) -> Result:
        """Return the result of a submission: whatever its code does, there is one."""
        submission = replace(submission, cells=with_own_helpers(submission.cells, self._template))
        with Session(self._sandbox, submission.cells, self.assignment.limits) as session:
            heard = hear(
                self.assignment,
                self._sandbox,
                session,
                self._explainer,
                digested=self._untouched_functions(submission.cells),
            )
            problems = [noted.problem for noted in session.problems]
            remarks = feedback.notebook_remarks(problems, submission.cells)
            views = self._views(heard, submission, session)
            printed = session.printed
        verdicts = [
            self._verdict(question, views[question.name], submission)
            for question in self.assignment.questions
        ]
        return Result(
            assignment=self.assignment.name,
            submission=submission.name,
            verdicts=with_hints(verdicts, self.assignment, opened(self.assignment, submission)),
            remarks=remarks,
            environment=dict(self._sandbox.versions),
            sandboxed=self._sandbox.sandboxed,
            printed=printed,
            concerns=concerns(problems, chain.from_iterable(heard.found.values()), submission.cells),
        )

    def refused(self, name: str, error: SubmissionError) -> Result:
        """Return the result of a file that is no submission: no points, and the reason."""
        said = f"{error.what[:1].upper()}{error.what[1:]}."
        said = f"{said} {error.next_step}".strip()
        return Result(
            assignment=self.assignment.name,
            submission=name,
            verdicts=tuple(
                Verdict(
                    question=question.name,
                    status=Status.ERROR,
                    steps=unpaid(question, "the submission could not be read"),
                    cases=(),
                    feedback="The submission could not be read.",
                )
                for question in self.assignment.questions
            ),
            remarks=(said,),
            environment=dict(self._sandbox.versions),
            sandboxed=self._sandbox.sandboxed,
            unreadable=True,
        )

    def _views(self, heard: Heard, submission: Submission, session: Session) -> Mapping[str, _View]:
        """Return how each question is seen: where it loses points and earlier ones are wrong, as it is or
        with these replaced, whichever counts more.

        Those that lose a minor step alone, such as stability, are replaced where nothing explains an answer,
        or it loses no more itself.
        """
        views: dict[str, _View] = {}
        wrong: list[Question] = []
        leaning: list[Question] = []
        slight: list[Question] = []
        counted: set[str] = set()

        def with_replaced(question: Question, earlier: Sequence[Question]) -> carried.Again:
            return carried.again(
                question, earlier, self.assignment, self._sandbox, session, submission.cells, self._explainer
            )

        for question in self.assignment.questions:
            found = heard.found[question.name]
            view = _View(found=found, explanation=heard.explanations.get(question.name))
            if not loses_main(question, minor := self._lost_steps(question, found, None)):
                if minor and slight:
                    again = with_replaced(question, slight)
                    view = self._better(question, view, again, submission, free=False)
                if leaning and self._pays_for_leaning(question, view):
                    view = _leaning_itself(view, with_replaced(question, leaning))
                is_wrong = any(finding.remarks for finding in found)
            elif self._is_untouched(question, found, submission, heard.digests.get(question.name)):
                view, is_wrong = _View(found=found, untouched=True), False
            else:
                view = self._without_hiding(question, view)
                lost = self._lost_steps(question, found, view.explanation)
                free = view.explanation is not None and not counted.issuperset(view.explanation.inherited)
                unexplained = slight if view.explanation is None else []
                before = [each for each in self.assignment.questions if each in wrong or each in unexplained]
                if before and (free or loses_main(question, lost)):
                    again = with_replaced(question, before)
                    view = self._better(question, view, again, submission, free=free)
                is_wrong = loses_main(question, self._lost_steps(question, view.found, view.explanation))
            lost = self._lost_steps(question, view.found, view.explanation)
            leaning += [question] if not view.untouched and loses_by_leaning(question, lost) else []
            wrong += [question] if is_wrong or question in leaning else []
            slight += [question] if lost and not view.untouched and question not in wrong else []
            views[question.name] = view
            counted |= {question.name} if self._loss(question, view) else set()
        return views

    def _without_hiding(self, question: Question, view: _View) -> _View:
        """Return a question as its own mistakes explain it, if the same answers would be free as what follows
        from earlier ones: who computes what is asked keeps the points with the earlier questions replaced."""
        if view.explanation is None or not view.explanation.inherited:
            return view
        own = self._explainer.explain(question, view.found, {})
        if own is None:
            return view
        hiding = replace(view, explanation=own)
        return hiding if self._loss(question, hiding) > self._loss(question, view) else view

    def _pays_for_leaning(self, question: Question, view: _View) -> bool:
        lost = self._lost_steps(question, view.found, view.explanation)
        return leans(view.found, view.explanation) and loses_by_leaning(question, lost)

    def _better(
        self, question: Question, view: _View, again: carried.Again, submission: Submission, *, free: bool
    ) -> _View:
        """Return the view that loses less; of two that lose the same, the one that says more.

        An explanation by mistakes that cost nothing where they were made is `free`, and says less.
        """
        replaced = _View(found=again.found, explanation=again.explanation, earlier=again.earlier)
        before, after = (self._loss(question, each) for each in (view, replaced))
        if after != before or free:
            return replaced if after <= before else view
        if view.explanation is not None or replaced.explanation is not None:
            return replaced if view.explanation is None else view
        looks = (
            detect.detected(question, each.found, submission.cells, carried=bool(each.earlier))
            for each in (view, replaced)
        )
        seen, seen_then = (look is not None for look in looks)
        return replaced if seen_then and not seen else view

    def _loss(self, question: Question, view: _View) -> float:
        lost = self._lost_steps(question, view.found, view.explanation)
        return sum(step.points for step in question.steps if step.name in lost)

    def _verdict(self, question: Question, view: _View, submission: Submission) -> Verdict:
        found, explanation = view.found, view.explanation
        lost = self._lost_steps(question, found, explanation)
        if view.untouched:
            status = Status.NOT_ATTEMPTED
        elif not loses_main(question, lost):
            status = Status.PASSED
        elif explanation is None and all(finding.problem for finding in _asked(found)):
            status = Status.ERROR
        else:
            status = Status.FAILED
        if explanation is not None and detect.one_of_several(question, found):
            explanation = None  # it explains the item that was judged, and another one is right
        look = None
        if explanation is None:
            look = detect.detected(question, found, submission.cells, carried=bool(view.earlier))
        beside = look or detect.complaint(question, found, submission.cells)
        shown = without_kinds(found)
        steps = reasons.stated(
            paid(question, lost), question, found, submission.cells, status, explanation, look
        )
        named = [naming.replaced(view.earlier, right=status is Status.PASSED)] if view.earlier else []
        named += [naming.leaning_through(view.through)] if view.through else []
        named += naming.explained(explanation) if explanation is not None else []
        named += [beside.text] if beside is not None else []
        return Verdict(
            question=question.name,
            status=status,
            steps=steps,
            cases=tuple(
                _case_verdict(each, finding, question, submission.cells)
                for each, finding in zip(shown, found, strict=True)
            ),
            feedback=feedback.question_text(
                question,
                shown,
                status,
                steps,
                submission.cells,
                named,
                explanation,
                carried=bool(view.earlier),
            ),
            remarks=tuple(dict.fromkeys(remark for finding in found for remark in finding.remarks)),
            misconceptions=explanation.ids if explanation else (),
        )

    def _lost_steps(
        self, question: Question, found: list[Finding], explanation: Explanation | None
    ) -> set[str]:
        return lost_steps(
            question, found, explanation, self._explainer, partial_credit=self.assignment.partial_credit
        )

    def _is_untouched(
        self, question: Question, found: list[Finding], submission: Submission, digest: str | None
    ) -> bool:
        """Return whether nothing was done: not there, left blank, or the template's code and behaviour."""
        if all(finding.missing and finding.problem is None for finding in _asked(found)):
            return True
        if cells.left_open(submission.cells, self._template, question.names):
            return True
        if digest is None:
            return False
        return _all_blank(found) or digest == self._template_digest(question.name)

    def _untouched_functions(self, sources: Sequence[str]) -> list[str]:
        """Return the functions whose code is the template's: how they answer tells whether that was meant."""
        return [
            question.name
            for question in self.assignment.questions
            if not question.values and cells.same_definition(sources, self._template, question.name)
        ]

    def _template_digest(self, question: str) -> str:
        """Return the digest of how the untouched template answers a question."""
        with self._lock:
            if self._template_digests is None:
                with Session(self._sandbox, self._template, self.assignment.limits) as session:
                    names = [question.name for question in self.assignment.questions]
                    heard = hear(self.assignment, self._sandbox, session, digested=names)
                    self._template_digests = heard.digests
        return self._template_digests[question]


def _leaning_itself(view: _View, again: carried.Again) -> _View:
    """Return how a right function is seen that leans on sizes, perhaps only through those it calls.

    `again` is what it showed with these replaced. Its answers, and what is said of them, stay as they are.
    """
    leaned = {finding.case.name for finding in view.found if finding.leaned}
    right = all(finding.right for finding in again.found if finding.case.name in leaned)
    if not right or leans(again.found, again.explanation):
        return view
    return replace(
        view,
        found=[replace(finding, leaned=False) for finding in view.found],
        explanation=view.explanation and replace(view.explanation, leaned=False),
        through=again.earlier,
    )


def _asked(found: list[Finding]) -> list[Finding]:
    """Return what was asked and shows what became of a question: a test can pass where no answer is."""
    return [finding for finding in found if not finding.skipped and not isinstance(finding.case, OwnTest)]


def _all_blank(found: list[Finding]) -> bool:
    return all(finding.blank for finding in _asked(found))


def _case_verdict(
    finding: Finding, whole: Finding, question: Question, sources: Sequence[str]
) -> CaseVerdict:
    """Return what became of a case: as students may see it, with what an instructor sees of the `whole`."""
    if finding.right:
        status = Status.PASSED
    elif finding.skipped or finding.blank or (finding.missing and finding.problem is None):
        status = Status.NOT_ATTEMPTED
    else:
        status = Status.ERROR if finding.problem else Status.FAILED
    return CaseVerdict(
        name=finding.case.name,
        hidden=finding.case.hidden,
        status=status,
        said=feedback.said(finding, sources),
        problem=finding.problem.kind if finding.problem else None,
        unsteady=is_unsteady(whole),
        answer=numbers_of(whole, question),
    )
