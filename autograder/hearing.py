"""Ask one submission all the questions, and note what each case showed."""

from __future__ import annotations

from autograder.finding import Finding, Log
from autograder.functions import Asking
from autograder.model import Assignment
from autograder.reruns import Reruns
from autograder.sandbox import Sandbox
from autograder.session import Session
from autograder.variables import Looking


def hear(
    assignment: Assignment, sandbox: Sandbox, session: Session
) -> tuple[dict[str, list[Finding]], dict[str, str]]:
    """Return, by question, what its cases and properties showed, and a digest of the answers.

    Variables are looked at before any function is called, which may change them; and all that is
    public is asked before anything hidden, so that no text that is shown can hold a hidden input.
    What the notebook has to be run again for comes last: if its time is used up, no more than that is lost.
    """
    with Reruns(sandbox, session.sources, assignment.limits, session.clock) as reruns:
        logs = {question.name: Log() for question in assignment.questions}
        hearings = {
            question.name: (Looking if question.values else Asking)(
                question, session, reruns, logs[question.name]
            )
            for question in sorted(assignment.questions, key=lambda question: not question.values)
        }
        for hearing in hearings.values():
            hearing.ask_public()
        found = {name: hearings[name].ask_hidden() for name in reversed(hearings)}
    return found, {name: log.digest.hexdigest() for name, log in logs.items()}
