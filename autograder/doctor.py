"""Which layers of the sandbox hold on this machine: told by trying to break each one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder import confine
from autograder.attempts import ATTEMPTS, Attempt
from autograder.layers import Layer, lacking
from autograder.model import Limits, ProblemKind
from autograder.remote import Worker
from autograder.sandbox import Sandbox

MARK = "TRUE_VALUES_DOCTOR"
_LIMITS = Limits(memory_bytes=2 * 2**30)

_REFUSALS = ("PermissionError", "OSError", "FileNotFoundError", "BlockingIOError", "MemoryError")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A layer: the reason why this machine has it not, or the attempts that it did not stop."""

    layer: Layer
    missing: str = ""
    tried: int = 0
    broken: tuple[str, ...] = ()


def examine(python: Path | None = None) -> list[Finding]:
    """Try to break each layer of this machine, and return what was found.

    Raises:
        SandboxError: if the layers are not enough to run a notebook.
    """
    reasons = lacking()
    with marked(), Sandbox(python) as sandbox:
        succeeded = break_in(sandbox)
    findings = []
    for layer in Layer:
        relevant = [attempt for attempt in ATTEMPTS if layer in attempt.stopped_by]
        broken = tuple(attempt.what for attempt in relevant if attempt in succeeded)
        if layer in sandbox.layers:
            findings.append(Finding(layer=layer, tried=len(relevant), broken=broken))
        else:
            findings.append(Finding(layer=layer, missing=reasons.get(layer, "switched off")))
    return findings


def break_in(sandbox: Sandbox, attempts: Sequence[Attempt] = ATTEMPTS) -> list[Attempt]:
    """Return the attempts that succeed."""
    with _targets() as names, sandbox.worker(_LIMITS) as worker:
        worker.ask("given", list(names.values()), seconds=5, name="target", keys=list(names))
        return [attempt for attempt in attempts if _succeeds(worker, attempt.source)]


def _succeeds(worker: Worker, source: str) -> bool:
    reply = worker.ask("run", seconds=10, cell=1, source=source)
    if reply.problem is None:
        return True
    return reply.problem.kind is not ProblemKind.EXCEPTION or reply.problem.type not in _REFUSALS


@contextmanager
def marked() -> Iterator[None]:
    """Set an environment variable that no worker must see; to be done before the sandbox starts."""
    os.environ[MARK] = "seen"
    try:
        yield
    finally:
        del os.environ[MARK]


@contextmanager
def _targets() -> Iterator[dict[str, object]]:
    """Make what is to be reached: files that only we may read, or everybody."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        secret, everybodys = Path(folder, "secret"), Path(folder, "open")
        for path in (secret, everybodys):
            path.write_text("secret\n")
        secret.chmod(0o600)
        everybodys.chmod(0o644)
        Path(folder).chmod(0o711)
        yield {
            "secret": str(secret),
            "folder": folder,
            "user": os.getuid(),
            "open": str(everybodys),
            "judge": os.getpid(),
            "memory": _LIMITS.memory_bytes,
            "file": confine.MAX_FILE_BYTES,
            "files": confine.MAX_OPEN_FILES,
            "mark": MARK,
        }
