"""The smallest set of an author's misconceptions that explains all answers to a question.

It uses nothing that a submission says but its answers, and of earlier questions only what their
own answers were explained by: an answer that nothing explains carries nothing forward.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder import wire
from autograder.compare import judged_of
from autograder.finding import Finding
from autograder.fingerprints import MAX_TOGETHER, Told
from autograder.model import (
    Assignment,
    CallCase,
    Case,
    Data,
    Misconception,
    Mistakes,
    OwnTest,
    Property,
    Question,
    ValueCase,
)
from autograder.outcomes import NOTHING, called, outcome_of
from autograder.tables import Table, kept_as, shows_something
from autograder.variants import quietly

MAX_OF_VARIABLES = 2
"""For variables, the whole notebook is run for each set of mistakes."""
MAX_BASES = 12
MAX_ALTERNATIVES = 3
MAX_EXPLAINED = 1000
"""How many answers are remembered with what explains them: many students make the same mistake."""

Resized = Callable[[int], list[Finding]]
"""The findings of all cases, each asked in a notebook with its own sizes, seen in one of several ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why the answers to a question are what they are.

    `alternatives` are the smallest sets of mistakes that explain them, the one that costs least
    first: each of them gives the same answers. `leaned` says that they do with the sizes of each case.
    Unless it is `proven`, the answers are exceptions, zeros or the like, which anything could give: they
    show nothing of the other steps.
    """

    question: str
    alternatives: tuple[Mistakes, ...]
    leaned: bool = False
    proven: bool = True

    @property
    def mistakes(self) -> Mistakes:
        """The set that costs least."""
        return self.alternatives[0]

    @property
    def steps(self) -> frozenset[str]:
        """The steps of its question that are lost: a mistake of an earlier question costs nothing here."""
        return frozenset(
            step for each in self.mistakes if each.question == self.question for step in each.steps
        )

    @property
    def inherited(self) -> tuple[str, ...]:
        """The earlier questions whose mistakes it shares."""
        names = (each.question for each in self.mistakes if each.question != self.question)
        return tuple(dict.fromkeys(names))

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of all mistakes that it may be."""
        return tuple(dict.fromkeys(each.id for mistakes in self.alternatives for each in mistakes))


def leans(found: Iterable[Finding], explanation: Explanation | None) -> bool:
    """Return whether a function was seen to take its sizes from the notebook."""
    return any(each.leaned for each in found) or (explanation is not None and explanation.leaned)


Earlier = Mapping[str, Explanation | None]
"""By question, in their order, what explains the answers that are wrong; None if nothing does."""


class Explainer:
    """Explains answers of one assignment; safe to use from many threads.

    What its variants make of the cases is computed when it is first needed, and kept.
    """

    def __init__(self, assignment: Assignment) -> None:
        self.active = bool(assignment.misconceptions)
        self._assignment = assignment
        self._questions = {question.name: question for question in assignment.questions}
        self._lock = threading.RLock()
        self._tables: dict[str, Table] = {}
        self._explained: dict[bytes, tuple[Mistakes, ...]] = {}
        self._accounted: dict[tuple[Mistakes, str, str], bool] = {}

    def explain(
        self, question: Question, found: Sequence[Finding], earlier: Earlier, resized: Resized | None = None
    ) -> Explanation | None:
        """Return what explains the answers to the cases of a question, if some are wrong.

        Args:
            question: a function or variables.
            found: what its cases showed.
            earlier: what was wrong before it.
            resized: asks the cases again with their sizes, for a function that takes them from the notebook.
        """
        answers = _told(found, question)
        if not self.active or answers is None:
            return None
        sets = self.sets(question, answers, earlier)
        leaned = None
        if not sets or len(sets[0]) > 1:  # a size of the notebook looks like a mistake of its own
            leaned = self._leaned(question, answers, earlier, resized, fewer_than=len(sets[0]) if sets else 0)
        return leaned or (_explanation(question, sets, answers) if sets else None)

    def _leaned(
        self,
        question: Question,
        answers: Sequence[Told],
        earlier: Earlier,
        resized: Resized | None,
        *,
        fewer_than: int,
    ) -> Explanation | None:
        """Return what explains a function that takes its sizes from the notebook, with fewer mistakes."""
        for way in range(min((len(case.sizes) for case in question.cases), default=0) if resized else 0):
            assert resized is not None
            own = [told if _has_own_sizes(question, way, case) else None
                   for told, case in zip(answers, question.cases, strict=True)]  # fmt: skip
            if None not in own or not _is_smaller(self.sets(question, own, earlier), fewer_than):
                continue
            again = _told(resized(way), question)
            sets = () if again is None else self.sets(question, again, earlier)
            if _is_smaller(sets, fewer_than):
                return _explanation(question, sets, again or answers, leaned=True)
        return None

    def sets(
        self, question: Question, answers: Sequence[Told | None], earlier: Earlier
    ) -> tuple[Mistakes, ...]:
        """Return the smallest sets of mistakes whose outcomes are the answers, the cheapest first.

        Variables follow from earlier answers only where these are explained. Answers that show nothing,
        as exceptions do, have too many causes to look for more than one.
        """
        key = _key(question, answers, earlier)
        with self._lock:
            if key not in self._explained:
                if len(self._explained) >= MAX_EXPLAINED:
                    self._explained.clear()
                self._explained[key] = self._sets(question, answers, earlier)
            return self._explained[key]

    def _sets(
        self, question: Question, answers: Sequence[Told | None], earlier: Earlier
    ) -> tuple[Mistakes, ...]:
        together = MAX_OF_VARIABLES if question.values else MAX_TOGETHER
        if not shows_something(answers, question.values or question.cases):
            together = 1
        suspected = [name for name, each in earlier.items() if each is None and not question.values]
        found = self.table(question).smallest(answers, together, _bases(earlier.values()), suspected)
        return _cheapest_first(found, question) if found else ()

    def tables(self) -> dict[str, bytes]:
        """Return the fingerprints of all questions, by the name under which they are kept."""
        with self._lock:
            return {
                kept_as(question.name): self.table(question).fingerprints().to_bytes()
                for question in (self._assignment.questions if self.active else ())
            }

    def table(self, question: Question) -> Table:
        """Return the table of a question, with the mistakes of those before it that it may use."""
        if question.name not in self._tables:
            before = itertools.takewhile(lambda each: each.name != question.name, self._assignment.questions)
            used = (each for each in before if question.values or not each.values)
            earlier = tuple(mistake for each in used for mistake in each.misconceptions)
            make = self._of_variables if question.values else self._of_function
            kept = self._assignment.kept
            self._tables[question.name] = Table(question, earlier, functools.partial(make, question), kept)
        return self._tables[question.name]

    def _of_function(self, question: Question, mistakes: Mistakes) -> Callable[[Case], Any]:
        """Return what gives the outcome of a call of a function with mistakes."""
        function = question.variant(mistakes) if question.variant else None
        return lambda case: called(function, case.arguments) if isinstance(case, CallCase) else NOTHING

    def _of_variables(self, question: Question, mistakes: Mistakes) -> Callable[[Case], Any]:
        """Return what gives the outcome of a variable of a notebook with mistakes, run once for each data."""
        known: dict[str | None, Mapping[str, Any]] = {}

        def outcome(case: Case) -> Any:
            if isinstance(case, CallCase):
                return NOTHING
            name = case.data.name if case.data else None
            if name not in known:
                known[name] = self._rerun(question, mistakes, case.data)
            return outcome_of(known[name].get(case.variable, NOTHING))

        return outcome

    def _rerun(self, question: Question, mistakes: Mistakes, data: Data | None) -> Mapping[str, Any]:
        assert self._assignment.rerun is not None
        return self._assignment.rerun(mistakes, data, question.name)

    def accounts_for(self, explanation: Explanation, case: Property | OwnTest) -> bool:
        """Return whether a property or a test fails for the explanation's mistakes too."""
        key = (explanation.mistakes, explanation.question, case.name)
        with self._lock, quietly():
            if key not in self._accounted:
                self._accounted[key] = self._fails(explanation, case)
            return self._accounted[key]

    def _fails(self, explanation: Explanation, case: Property | OwnTest) -> bool:
        try:
            if isinstance(case, Property):
                variant = self._questions[explanation.question].variant
                function = variant(explanation.mistakes) if variant else None
                return function is None or not case.holds(function, *case.arguments)
            defined = self._rerun(self._assignment.questions[-1], explanation.mistakes, None)
            case.function(
                **{name: defined if name == "env" else defined.get(name) for name in case.parameters}
            )
        except Exception:
            return True
        return False


def _told(found: Sequence[Finding], question: Question) -> list[Told] | None:
    """Return the answers to all cases of a question, or None if one is not told, or none is wrong."""
    answers = []
    by_case = {finding.case.name: finding for finding in found}
    for case in question.values or question.cases:
        finding = by_case.get(case.name)
        answer = finding.answer if finding else None
        if finding is None or finding.said or answer is None:
            return None
        problem = answer.problem if answer.found else answer.problem or finding.problem
        if not answer.found and problem is None:
            return None
        # with other seeds, a right answer is another number than with other data
        value = case.expected if finding.right and isinstance(case, ValueCase) else answer.value
        value = judged_of(value, case.expected, vector=question.vector)
        answers.append(Told(value=value, problem=problem, wrong=not finding.right))
    return answers if any(told.wrong for told in answers) else None


def _key(question: Question, answers: Sequence[Told | None], earlier: Earlier) -> bytes:
    """Return a digest that is the same for the same answers to a question after the same mistakes."""
    digest = hashlib.sha256(question.name.encode())
    for told in answers:
        problem = told and told.problem and (told.problem.kind, told.problem.type, told.problem.bases)
        said = told and told.problem and told.problem.message
        digest.update(repr((told is None or told.wrong, told is None, problem, said)).encode())
        digest.update(b"" if told is None else wire.pack({}, [told.value]))
    for name, each in earlier.items():
        sets = each and [[mistake.id for mistake in mistakes] for mistakes in each.alternatives]
        digest.update(repr((name, sets)).encode())
    return digest.digest()


def _is_smaller(sets: Sequence[Mistakes], size: int) -> bool:
    return bool(sets) and (not size or len(sets[0]) < size)


def _has_own_sizes(question: Question, way: int, case: CallCase) -> bool:
    """Return whether a case has the sizes of the notebook, which are those of the first public one."""
    first = next(each for each in question.cases if not each.hidden)
    return not case.hidden or case.sizes[way] == first.sizes[way]


def _explanation(
    question: Question, sets: tuple[Mistakes, ...], answers: Sequence[Told], *, leaned: bool = False
) -> Explanation:
    proven = shows_something(answers, question.values or question.cases)
    return Explanation(question=question.name, alternatives=sets, leaned=leaned, proven=proven)


def _bases(explanations: Iterable[Explanation | None]) -> list[Mistakes]:
    """Return the sets of earlier mistakes that may be at work here too: all, some or none of them."""
    bases: list[dict[Misconception, None]] = [{}]
    for explanation in explanations:
        alternatives = explanation.alternatives[:MAX_ALTERNATIVES] if explanation else ()
        bases += [{**base, **dict.fromkeys(each)} for base in bases for each in alternatives]
    return list(dict.fromkeys(tuple(base) for base in bases))[:MAX_BASES]


def _cheapest_first(found: Iterable[Mistakes], question: Question) -> tuple[Mistakes, ...]:
    points = {step.name: step.points for step in question.steps}

    def loss(mistakes: Mistakes) -> float:
        own = [each for each in mistakes if each.question == question.name]
        return sum(points[step] for step in {step for each in own for step in each.steps})

    unique = {frozenset(mistakes): mistakes for mistakes in found}
    fewest = min(len(mistakes) for mistakes in unique.values())
    return tuple(sorted((each for each in unique.values() if len(each) == fewest), key=loss))
