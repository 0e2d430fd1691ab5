"""Ask a submission for the variables of a question: as they are, and after a run with other data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder import wire
from autograder.finding import Finding, Log, is_blank, judged, kept
from autograder.model import Assignment, Data, Question, ValueCase
from autograder.reruns import Reruns
from autograder.session import Answer, Session

UNMOVED = "stays as it was when the notebook draws other numbers. Is it typed in?"


class Looking:
    """The variables of one question of one submission."""

    def __init__(
        self,
        question: Question,
        session: Session,
        reruns: Reruns,
        log: Log,
        followed: Mapping[str, Sequence[str]],
    ) -> None:
        """Prepare to look; `followed` are the variables, of all questions, that are looked at after a run
        with other data, by the name of the data."""
        self._question = question
        self._session = session
        self._reruns = reruns
        self._log = log
        self._followed = followed
        self._ahead: dict[str, Answer] = {}
        self._own: dict[str, Answer] = {}
        self._found: list[Finding] = []
        self._beside_only = False

    def take(self, name: str, answer: Answer) -> None:
        """Take a variable that was asked for ahead, together with others."""
        self._ahead[name] = answer

    def ask_public(self) -> None:
        """Look at the variables as they are."""
        for name in self._question.names:
            answer = self._ahead.pop(name, None) or self._session.value(name)
            self._own[name] = self._log.add(answer)
        for case in self._question.values:
            if case.data is None:
                self._found.append(_as_it_is(case, self._question, self._own[case.variable], self._session))

    @property
    def found(self) -> list[Finding]:
        """What the cases have shown so far."""
        return list(self._found)

    def _looked_at(self) -> list[tuple[ValueCase, Finding]]:
        own = [case for case in self._question.values if case.data is None]
        return list(zip(own, self._found, strict=True))

    def ask_hidden(self, *, follows: bool = False) -> list[Finding]:
        """Look at them after a run with other data, unless they are wrong already; return all findings.

        Where it may show what they follow from, wrong ones are looked at too, and not judged.
        """
        wrong = {case.variable for case, finding in self._looked_at() if not finding.right}
        blank = {name for name, answer in self._own.items() if is_blank(answer.value)}
        for case in self._question.values:
            if case.data is None:
                continue
            if case.variable in wrong:
                follows = follows and case.variable not in blank
                self._found.append(self._unjudged(case, case.data) if follows else _unasked(case))
            else:
                own = self._own[case.variable]
                beside = self._beside(case, case.data)
                self._found.append(
                    beside or _with_other_data(case, self._question, case.data, own, self._reruns)
                )
        return self._found

    def _beside(self, case: ValueCase, data: Data) -> Finding | None:
        """Return what is right already in the process of the first run."""
        answer = self._found_beside(case, data)
        finding = judged(case, self._question, answer) if answer is not None else None
        return finding if finding is not None and finding.right else None

    def _found_beside(self, case: ValueCase, data: Data) -> Answer | None:
        variables = self._followed[data.name]
        return self._reruns.beside(data.name, data.values, variables).get(case.variable)

    def _unjudged(self, case: ValueCase, data: Data) -> Finding:
        """Return what a wrong variable is with other data: in the process of the first run, if it is there.

        It earns nothing by itself and is never shown: it can only be what the author's mistakes make of these
        data, which only a process that was given them can tell. If nothing explains it, see `look_anew`.
        """
        answer = self._found_beside(case, data)
        if answer is None:
            return _unjudged(case, self._reruns.with_data(data.name, data.values))
        self._beside_only = True
        return Finding(case=case, skipped=True, answer=kept(answer, case.expected))

    def look_anew(self) -> bool:
        """Look again, in a process of its own, at what was only seen beside the first run, which may have
        spoilt it; return whether there was something."""
        if not self._beside_only:
            return False
        for index, finding in enumerate(self._found):
            case = finding.case
            if isinstance(case, ValueCase) and case.data is not None and finding.answer and finding.skipped:
                session = self._reruns.with_data(case.data.name, case.data.values)
                self._found[index] = _unjudged(case, session)
        return True


def followed(assignment: Assignment) -> dict[str, list[str]]:
    """Return the variables that are looked at after a run with other data, by the name of the data."""
    variables: dict[str, list[str]] = {}
    for question in assignment.questions:
        for case in question.values:
            if case.data is not None:
                variables.setdefault(case.data.name, []).append(case.variable)
    return variables


def _unasked(case: ValueCase) -> Finding:
    return Finding(case=case, skipped=True)


def _unjudged(case: ValueCase, session: Session) -> Finding:
    answer = session.value(case.variable)
    if not answer.found:
        answer = replace(answer, problem=session.problem_with(case.variable))
    return Finding(case=case, skipped=True, answer=kept(answer, case.expected))


def _as_it_is(case: ValueCase, question: Question, answer: Answer, session: Session) -> Finding:
    finding = judged(case, question, answer)
    if finding.right or finding.problem is not None:
        return finding
    return replace(finding, problem=session.problem_with(case.variable), blank=is_blank(answer.value))


def _with_other_data(case: ValueCase, question: Question, data: Data, own: Answer, reruns: Reruns) -> Finding:
    """Replace the data where the notebook makes them; if it does so in a way not seen, its seeds."""
    replaced = reruns.with_data(data.name, data.values).value(case.variable)
    finding = judged(case, question, replaced)
    unseen = _same(replaced, own) or not reruns.makes(data.values)
    if finding.right or not unseen:
        return finding
    reseeded = reruns.reseeded().value(case.variable)
    again = judged(case, question, reseeded, case.reseeded)
    if again.right:
        return again
    if _same(replaced, own) and _same(reseeded, own):
        return Finding(case=case, said=UNMOVED)
    return again if _same(replaced, own) else finding


def _same(one: Answer, other: Answer) -> bool:
    if not one.found or one.problem is not None:
        return False
    return wire.pack({}, [one.value]) == wire.pack({}, [other.value])
