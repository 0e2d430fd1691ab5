"""Gradescope's export of submissions: a folder each, and `submission_metadata.yml` that says whose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from autograder.entries import Student, together
from autograder.layouts import Handed, Reading, called, gradable, in_utc, key_of, student, two_names
from autograder.trees import Tree

METADATA = "submission_metadata.yml"
MAX_METADATA = 400 * 2**20
"""It holds all results of all submissions, of which we read nothing."""
_FOLDER = re.compile(r"(submission_(\d+))/(.+)", re.DOTALL)
_WANTED = (b":submitters:", b":created_at:")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # texts, lists and mappings, whatever its tags say


def is_gradescope(paths: Sequence[str]) -> bool:
    """Return whether files lie as in an export from Gradescope."""
    in_folders = [path for path in paths if _FOLDER.fullmatch(path)]
    return METADATA in paths or 2 * len(in_folders) > len(paths)


def read_gradescope(tree: Tree, paths: Sequence[str], where: str) -> Reading:
    """Read `submission_ID/...` and `submission_metadata.yml`, which lie in the folder `where` of a tree."""
    told, warnings = _metadata(tree, paths, where)
    handed, others = [], []
    found: dict[str, str] = {}
    for path in paths:
        match = _FOLDER.fullmatch(path)
        if not match:
            others += [path] if path != METADATA else []
            continue
        folder, number, _ = match.groups()
        people, submitted = told.get(folder, ((), ""))
        person = together(people)
        name = " + ".join(filter(None, map(called, people))) or folder
        found.setdefault(folder, name)
        if not gradable(path):
            others.append(path)
            continue
        handed.append(
            Handed(
                path=path,
                key=_key(folder, told),
                name=name,
                student=person,
                submitted=submitted,
                order=(submitted, int(number[:18])),
                part=folder,
            )
        )
    unknown = sorted(folder for folder in found if folder not in told)
    if told and unknown:
        warnings.append(f"{METADATA} does not say whose these are: {', '.join(unknown[:5])}")
    names = {folder: " + ".join(filter(None, map(called, people))) for folder, (people, _) in told.items()}
    keys = {each.key for each in handed}
    graded = {each.path.split("/")[0] for each in handed}
    empty = [
        names.get(folder) or folder
        for folder in {**told, **found}
        if folder not in graded and _key(folder, told) not in keys
    ]
    return Reading(handed=handed, others=others, empty=empty, warnings=warnings + two_names(handed))


_Told = dict[str, tuple[tuple[Student, ...], str]]


def _key(folder: str, told: _Told) -> str:
    person = together(told[folder][0]) if folder in told else student()
    return key_of(person) if person.id or person.email else folder  # a name alone is not one person's


def _metadata(tree: Tree, paths: Sequence[str], where: str) -> tuple[_Told, list[str]]:
    """Return who handed in each folder, and when; and what to know of it."""
    if METADATA not in paths:
        return {}, [f"there is no {METADATA} beside the folders, so nobody knows whose the submissions are"]
    content = tree.head(f"{where}{METADATA}", MAX_METADATA + 1)
    if len(content) > MAX_METADATA:
        return {}, [f"{METADATA} is too large to be read: nobody knows whose the submissions are"]
    for part in (b"\n".join(_wanted_lines(content)), content):
        try:
            loaded = yaml.load(part, _LOADER)  # noqa: S506
        except (yaml.YAMLError, ValueError, RecursionError):
            continue
        if isinstance(loaded, dict):
            return {str(folder): _submission(each) for folder, each in loaded.items()}, []
    return {}, [f"{METADATA} cannot be read: nobody knows whose the submissions are"]


def _wanted_lines(content: bytes) -> Iterator[bytes]:
    """Yield the lines of people and times: the results, a hundred times as long, are indented further."""
    wanted = True
    for line in content.splitlines():
        if line.strip() and not line.startswith(b" "):  # an empty line may be one that a student has printed
            wanted = True
        elif line[2:3] == b":" and line.startswith(b"  "):
            wanted = line.strip().startswith(_WANTED)
        if wanted:
            yield line


def _submission(told: Any) -> tuple[tuple[Student, ...], str]:
    if not isinstance(told, dict):
        return (), ""
    people = told.get(":submitters")
    created = told.get(":created_at")
    return (
        tuple(
            _person(each) for each in (people if isinstance(people, list) else []) if isinstance(each, dict)
        ),
        in_utc(created) if isinstance(created, str) else "",
    )


def _person(told: Mapping[Any, Any]) -> Student:
    name, sid, email = (
        value if isinstance(value := told.get(key), str) else "" for key in (":name", ":sid", ":email")
    )
    return student(sid or email, name, email)
