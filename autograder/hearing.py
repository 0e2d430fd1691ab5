"""Ask one submission all the questions, and note what each case showed."""

from __future__ import annotations

from autograder.finding import Finding, Log, stopped
from autograder.functions import Asking
from autograder.model import Assignment, Problem
from autograder.reruns import Reruns
from autograder.sandbox import Sandbox
from autograder.session import Session
from autograder.testing import Testing
from autograder.variables import Looking


def hear(
    assignment: Assignment, sandbox: Sandbox, session: Session
) -> tuple[dict[str, list[Finding]], dict[str, str]]:
    """Return, by question, what its cases, properties and tests showed, and a digest of the answers.

    Variables are looked at before any function is called, which may change them; and all that is
    public is asked before anything hidden, so that no text that is shown can hold a hidden input.
    What the notebook has to be run again for comes last: if its time is used up, no more than that is lost.
    """
    gone: dict[str, Problem] = {}
    with Reruns(sandbox, session.sources, assignment.limits, session.clock) as reruns:
        logs = {question.name: Log() for question in assignment.questions}
        testing = {
            question.name: Testing(question, session, reruns, gone) for question in assignment.questions
        }
        hearings: dict[str, Looking | Asking] = {
            question.name: Looking(question, session, reruns, logs[question.name])
            if question.values
            else Asking(question, session, reruns, logs[question.name], gone)
            for question in sorted(assignment.questions, key=lambda question: not question.values)
        }
        for hearing in hearings.values():
            hearing.ask_public()
        for name, hearing in hearings.items():
            _note_stopped(gone, name, hearing.found)
        for name, hearing in hearings.items():
            testing[name].ask_public(hearing.found)
        found = {name: hearings[name].ask_hidden() for name in reversed(hearings)}
        for name, findings in found.items():
            _note_stopped(gone, name, findings)
        for name, findings in found.items():
            findings += testing[name].ask_hidden(findings)
    return found, {name: log.digest.hexdigest() for name, log in logs.items()}


def _note_stopped(gone: dict[str, Problem], name: str, findings: list[Finding]) -> None:
    """Note why a question was given up, if it was: its function is not to be called again."""
    for finding in findings:
        if finding.problem is not None and stopped(finding):
            gone.setdefault(name, finding.problem)
