"""The grades of a class, person by person: submissions matched with a roster, and what does not match."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.entries import NOBODY, Entry, Student
from autograder.feedback import number
from autograder.layouts import platform_of
from autograder.roster import Person, Roster

_LETTERS = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th", "ð": "d"}
)
_APOSTROPHES = frozenset("'`\u2019\u2018\u00b4\u02bc\u02b9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What a submission has got, without what is not exported; overrides are counted in.

    `questions` are the points by question, and `hints` how many were opened of those of which that is
    counted; `override` says what was given by hand, and why; `platform`
    is the one whose number the student's id is, `canvas` or `moodle`, if it is one's.
    """

    submission: str
    student: Student
    submitted: str
    status: str
    points: float
    possible: float
    questions: Mapping[str, float]
    misconceptions: tuple[str, ...]
    override: str
    feedback: str
    hints: Mapping[str, int] = field(default_factory=dict)
    platform: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A person, and their grade if there is one."""

    person: Person
    grade: Grade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """The grades of an assignment, ready to be written.

    Attributes:
        assignment: its name.
        title: what students read.
        questions: their names and possible points.
        lines: a person each: in the order of the roster if there is one.
        roster: the roster.
        missing: what a person without a submission gets: nothing, or 0 points.
    """

    assignment: str
    title: str
    questions: tuple[tuple[str, float], ...]
    lines: tuple[Line, ...]
    roster: Roster | None = None
    missing: float | None = None

    @property
    def possible(self) -> float:
        """The points that a full submission earns."""
        return sum(points for _, points in self.questions)

    def points(self, line: Line) -> str:
        """Return the points of a person, as a cell."""
        if line.grade is not None:
            return number(line.grade.points)
        return number(self.missing) if self.missing is not None else ""


def grade_of(entry: Entry) -> Grade:
    """Return what is exported of a submission."""
    result = entry.result
    questions = entry.questions
    feedback = [
        f"{verdict.question}: {number(questions[verdict.question])} of {number(verdict.possible)} points\n"
        f"{verdict.feedback}"
        for verdict in result.verdicts
    ]
    by_hand = [f"{each.question or 'all'} {number(each.points)}: {each.reason}" for each in entry.overrides]
    return Grade(
        submission=result.submission,
        student=entry.student,
        submitted=entry.submitted,
        status=result.status.value,
        points=entry.points,
        possible=result.possible,
        questions=questions,
        misconceptions=tuple(
            dict.fromkeys(each for verdict in result.verdicts for each in verdict.misconceptions)
        ),
        hints=result.hints,
        override="; ".join(by_hand),
        platform=platform_of(entry.file),
        feedback="\n\n".join([*result.remarks, *feedback, *(f"By hand: {each}" for each in by_hand)]),
    )


# ---------------------------------------------------------------- matching


def without_roster(grades: Iterable[Grade]) -> list[Line]:
    """Return a line for each member of each submission, as their sources call them.

    A student of whom nothing is known has the submission's name as id.
    """
    lines = []
    for grade in grades:
        for member in grade.student.members:
            ident = member.id or (grade.submission if grade.student == NOBODY else "")
            person = Person(ids=(ident,) if ident else (), name=member.name, email=member.email)
            lines.append(Line(person=person, grade=grade))
    return lines


def singles(lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """Return the lines of people who are there once, and in words who is there more often."""
    of_person: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        of_person[_known_as(line.person)].append(line)
    problems = []
    for theirs in of_person.values():
        if len(theirs) > 1:
            called = theirs[0].person.called
            several = ", ".join(f"`{line.grade.submission}`" for line in theirs if line.grade)
            problems.append(f"{called} has {len(theirs)} submissions: {several}")
    return [line for line in lines if len(of_person[_known_as(line.person)]) == 1], problems


def _known_as(person: Person) -> str:
    return person.id or person.called


def matched(grades: Iterable[Grade], roster: Roster) -> tuple[list[Line], list[str]]:
    """Return a line for each person of a roster, and in words what could not be matched.

    A student is looked for by id, then by e-mail, then by name. Who is found twice, by nothing, or by
    one of these as one person and by another as another, is matched with nobody; and so are two
    submissions of one person.
    """
    index = _Index.of(roster.people)
    found: dict[int, list[Grade]] = defaultdict(list)
    problems = []
    for grade in grades:
        for member in grade.student.members:
            person, problem = index.person(member, grade.submission)
            if person is None:
                problems.append(problem)
            else:
                found[person].append(grade)
    for person, of_person in found.items():
        if len(of_person) > 1:
            several = ", ".join(f"`{grade.submission}`" for grade in of_person)
            problems.append(f"{roster.people[person].called} has {len(of_person)} submissions: {several}")
    lines = [
        Line(person=person, grade=found[place][0] if len(found.get(place, ())) == 1 else None)
        for place, person in enumerate(roster.people)
    ]
    return lines, problems


@dataclass(frozen=True, slots=True)
class _Index:
    """The people of a roster by what they are known by, as their places."""

    people: Sequence[Person]
    ids: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    emails: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    names: tuple[dict[str, set[int]], ...] = field(
        default_factory=lambda: (defaultdict(set), defaultdict(set), defaultdict(set))
    )

    @classmethod
    def of(cls, people: Sequence[Person]) -> _Index:
        index = cls(people)
        for place, person in enumerate(people):
            for ident in person.ids:
                index.ids[_folded(ident)].add(place)
            if person.email:
                index.emails[_folded(person.email)].add(place)
            first, last = person.names
            keys = (_words(person.name), _words(_plain(person.name)), _squeezed(last + first))
            for key, known in zip(keys, index.names, strict=True):
                if key:
                    known[key].add(place)
        return index

    def person(self, student: Student, submission: str) -> tuple[int | None, str]:
        """Return the place of a student, or None and why."""
        if not (student.id or student.name or student.email):
            student = replace(student, id=submission, name=submission.replace("_", " "), email=submission)
        called = f"`{submission}`" + (f" ({student.name or student.id or student.email})")
        found = [
            (what, places)
            for what, places in (
                ("id", self.ids.get(_folded(student.id), set())),
                ("e-mail", self._addressed(student.email) or self._addressed(student.id)),
                ("name", self._named(student.name)),
            )
            if places
        ]
        if not found:
            return None, f"{called} is not in the roster"
        first, places = found[0]
        for what, others in found[1:]:
            if not places & others:
                one, two = self.people[min(places)].called, self.people[min(others)].called
                return None, f"{called} is {one} by {first}, but {two} by {what}"
            places = places & others
        if len(places) > 1:
            listed = ", ".join(self.people[place].called for place in sorted(places)[:4])
            return None, f"{called} matches {len(places)} people by {first}: {listed}"
        return min(places), ""

    def _addressed(self, email: str) -> set[int]:
        return self.emails.get(_folded(email), set())

    def _named(self, name: str) -> set[int]:
        """Return who is called so: as it is spelled; else without accents; else without spaces."""
        keys = (_words(name), _words(_plain(name)), _squeezed(name))
        return next((known[key] for key, known in zip(keys, self.names, strict=True) if key in known), set())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _words(text: str) -> str:
    """Return the words of a name in any order: apostrophes are no letters, and hyphens are spaces."""
    folded = "".join(char for char in _folded(text) if char not in _APOSTROPHES)
    letters = (char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in folded)
    return " ".join(sorted("".join(letters).split()))


def _plain(text: str) -> str:
    """Return a name without accents."""
    apart = unicodedata.normalize("NFKD", _folded(text)).translate(_LETTERS)
    return "".join(char for char in apart if unicodedata.category(char) != "Mn")


def _squeezed(name: str) -> str:
    """Return a name as Canvas calls files: with nothing in it but letters and digits."""
    return "".join(filter(str.isalnum, _plain(name)))
