"""What notebooks of an assignment run with: as the master asks for it, as it is, and as containers pin it."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from autograder.errors import AuthoringError
from autograder.model import Assignment

_OURS = Path(__file__).with_name("requirements.txt")
_PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def requirements(assignment: Assignment) -> list[Requirement]:
    """Return what notebooks of an assignment run with.

    Raises:
        AuthoringError: if the master says it in a way that pip would not understand.
    """
    return [check(text, f"solutions/{assignment.name}.py") for text in assignment.environment]


def check(text: str, place: str) -> Requirement:
    """Return a requirement that stands in a place of a master.

    Raises:
        AuthoringError: if pip would not understand it.
    """
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise AuthoringError(
            f"the environment holds what is no requirement: {str(error).split(chr(10))[0]} in `{text}`",
            where=place,
            next_step='Write requirements as pip does: "numpy>=2.0,<2.4".',
        ) from None


def mismatches(assignment: Assignment, versions: Mapping[str, str]) -> list[str]:
    """Return a line for each requirement that the versions which notebooks run with do not meet."""
    lines = []
    for wanted in requirements(assignment):
        version = versions.get(wanted.name, "")
        if not version:
            lines.append(f"`{wanted}` is what the assignment asks for, and it is not installed")
        elif not wanted.specifier.contains(version, prereleases=True):
            lines.append(f"`{wanted}` is what the assignment asks for; notebooks run with {version}")
    return lines


def pinned(assignment: Assignment) -> str:
    """Return a requirements.txt for containers: our own pins, and what the assignment asks for beyond them.

    pip adds nothing to it: what a requirement needs in turn is pinned too, to what is installed here.

    Raises:
        AuthoringError: if a requirement is of a kind, or asks for a version, that cannot be pinned.
    """
    lines = _OURS.read_text(encoding="utf-8").splitlines()
    own = {key(pin): pin for pin in map(Requirement, filter(None, map(_without_comment, lines)))}
    more: dict[str, Requirement] = {}
    for wanted in requirements(assignment):
        _add(wanted, own, more, assignment)
    kept = [line for line in lines if _key_of(line) not in more]
    if more:
        kept += ["", "# what the assignment asks for", *(str(more[name]) for name in sorted(more))]
    return "\n".join(kept) + "\n"


def key(requirement: Requirement) -> str:
    """Return the name of a package in the one way in which names are compared."""
    return canonicalize_name(requirement.name)


def _without_comment(line: str) -> str:
    return line.split("#")[0].strip()


def _key_of(line: str) -> str:
    text = _without_comment(line)
    return key(Requirement(text)) if text else ""


def _add(
    wanted: Requirement, own: Mapping[str, Requirement], more: dict[str, Requirement], assignment: Assignment
) -> None:
    """Pin a requirement, and what it needs in turn, unless it is pinned already to what it asks for."""
    if wanted.extras or wanted.url or wanted.marker:
        raise _cannot(wanted, assignment, "with an extra, an address or a condition", "Name the packages.")
    name = key(wanted)
    pin = more.get(name, own.get(name))
    if pin is not None and all(wanted.specifier.contains(each.version) for each in pin.specifier):
        return
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        version = ""
    if not version or not wanted.specifier.contains(version, prereleases=True):
        have = f"{version} is" if version else "none is"
        install = f"Install it where you run `autograder build`: pip install '{wanted}'."
        raise _cannot(wanted, assignment, f"and {have} installed here", install)
    more[name] = Requirement(f"{name}=={version}")
    for need in map(Requirement, importlib.metadata.requires(name) or []):
        if _holds(need) and not need.url:
            _add(Requirement(f"{need.name}{need.specifier}"), own, more, assignment)


def _holds(need: Requirement) -> bool:
    """Return whether something is needed in a container: here, or with another Python if we have it too."""
    if need.marker is None or need.marker.evaluate({"extra": ""}):
        return True
    linux = {"extra": "", "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    anywhere = any(
        need.marker.evaluate({**linux, "python_version": python, "python_full_version": f"{python}.0"})
        for python in _PYTHONS
    )
    try:
        return anywhere and bool(importlib.metadata.version(need.name))
    except importlib.metadata.PackageNotFoundError:
        return False


def _cannot(wanted: Requirement, assignment: Assignment, why: str, next_step: str) -> AuthoringError:
    return AuthoringError(
        f"`{assignment.name}` needs `{wanted}`, {why}: its version cannot be pinned",
        where=f"solutions/{assignment.name}.py",
        next_step=next_step,
    )
