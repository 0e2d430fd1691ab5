"""The gradebook of a class: results, what they rest on, what they replaced, and points given by hand.

Every change is one transaction: whoever is killed, and when, each result is there whole or not at all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from autograder.basis import Basis, last_flaw
from autograder.entries import Entry, Override, Student
from autograder.errors import GradebookError
from autograder.rows_of_gradebook import (
    INSERT,
    REPLACE,
    UPDATE,
    Graded,
    Run,
    Standing,
    clean,
    decoded,
    encoded,
    standing_of,
    student_of,
    told,
)
from autograder.tables_of_gradebook import ABOUT, OVERRIDES, REPLACED, RESULTS, RUNS, check, connected
from autograder.wire import plain

FILE = "gradebook.db"
"""How a gradebook is called that lies beside its results."""
AT_ONCE = 200
"""How many results are in memory at a time."""
MAX_TOLD = 100


class Gradebook:
    """A gradebook in a database; a context manager.

    Results are read a few hundred at a time, in the order of the submissions' names.
    """

    def __init__(self, url: str | URL, where: str, assignment: str | None = None) -> None:
        """Open a gradebook; where there is none, and the assignment is given, make it.

        Args:
            url: the database's address, as SQLAlchemy writes it.
            where: how it is called in errors.
            assignment: whose gradebook it must be; None takes any.

        Raises:
            GradebookError: if it cannot be opened, or is not a gradebook that is meant.
        """
        self._where = where
        self._engine = connected(url)
        self._runs: dict[int, Run] = {}
        try:
            with self._transaction() as connection:
                check(connection, where, assignment)
                names = select(ABOUT.c.value).where(ABOUT.c.name == "assignment")
                self.assignment = str(connection.execute(names).scalar_one())
        except BaseException:
            self._engine.dispose()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
            raise GradebookError(
                f"the gradebook's database fails: {said}",
                where=self._where,
                next_step="Is it a database that you may write to, that can be reached and is not full?",
            ) from None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say so where rows are not as this program writes them: the database may be a stranger's."""
        try:
            yield
        except (msgspec.MsgspecError, ValueError, TypeError, KeyError) as error:
            raise GradebookError(
                f"the gradebook holds something that cannot be read: {plain(str(error), MAX_TOLD)}",
                where=self._where,
                next_step="It is damaged, or was not made by this program: take a copy of before, or grade "
                "into another folder.",
            ) from None

    # ---------------------------------------------------------------- runs

    @property
    def basis(self) -> Basis:
        """What the last run rests on: with the questions' names and possible points."""
        runs = self.runs()
        return runs[-1].basis if runs else Basis(assignment=self.assignment)

    def runs(self) -> list[Run]:
        """Return all times that the class was graded, the first one first."""
        with self._transaction() as connection:
            rows = connection.execute(select(RUNS).order_by(RUNS.c.id)).all()
        for row in rows:
            known = self._runs.get(row.id)
            with self._reading():
                self._runs[row.id] = Run(
                    id=row.id,
                    started=row.started,
                    finished=row.finished or "",
                    again=row.again,
                    basis=known.basis if known else msgspec.convert(json.loads(row.basis), Basis),
                )
        return [self._runs[row.id] for row in rows]

    def begin(self, basis: Basis, *, again: bool = False) -> Run:
        """Return the run that grades now: the last one, if it was stopped and is the same, or a new one."""
        if last := self.stopped(basis, again=again):
            return last
        text = json.dumps(msgspec.to_builtins(basis))
        with self._transaction() as connection:
            connection.execute(insert(RUNS).values(started=_now(), again=again, basis=text))
        return self.runs()[-1]

    def stopped(self, basis: Basis, *, again: bool = False) -> Run | None:
        """Return the last run if it did not come to its end, and would be the same now."""
        last = next(reversed(self.runs()), None)
        same = last is not None and (last.basis, last.again) == (basis, again)
        return last if last is not None and same and not last.finished else None

    def finish(self, run: Run) -> None:
        """Note that a run has come to its end."""
        with self._transaction() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(finished=_now()))

    # ---------------------------------------------------------------- results

    def record(self, entry: Entry, run: Run) -> None:
        """Keep a result; what it replaces goes to what was there before. Overrides stay as they are."""
        name = entry.result.submission
        values = {
            "key": name,
            "run": run.id,
            "flaw": last_flaw(entry.result),
            "unreadable": entry.result.unreadable,
            "content": encoded(replace(entry.result, printed="")),
            "printed": json.dumps(entry.result.printed),
            **told(entry.file, entry.digest, entry.student, entry.submitted),
        }
        with self._transaction() as connection:
            connection.execute(REPLACE, {"key": name, "by": run.id})
            if not connection.execute(UPDATE, values).rowcount:
                connection.execute(INSERT, values)

    def note(self, name: str, file: str, digest: str, student: Student, submitted: str) -> None:
        """Note where the file of a submission is now, and what its source tells of it."""
        values = told(file, digest, student, submitted)
        with self._transaction() as connection:
            connection.execute(update(RESULTS).where(RESULTS.c.submission == name).values(values))

    def remove(self, name: str, run: Run) -> None:
        """Take a submission out; its result goes to what was there before, and its overrides stay."""
        with self._transaction() as connection:
            connection.execute(REPLACE, {"key": name, "by": run.id})
            connection.execute(delete(RESULTS).where(RESULTS.c.submission == name))

    def names(self) -> list[str]:
        """Return the names of all submissions, sorted."""
        with self._transaction() as connection, self._reading():
            return sorted(connection.execute(select(RESULTS.c.submission)).scalars())

    def standings(self) -> dict[str, Standing]:
        """Return what there is, by submission."""
        columns = (column for column in RESULTS.c if column.name not in ("content", "printed"))
        runs = {run.id for run in self.runs()}
        with self._transaction() as connection:
            found = {row.submission: standing_of(row) for row in connection.execute(select(*columns))}
        with self._reading():
            if missing := sorted({standing.run for standing in found.values()} - runs):
                raise KeyError(f"there is no run {missing[0]}")
        return found

    def entries(self) -> Iterator[Entry]:
        """Yield all submissions with their results and overrides, by name."""
        for graded in self.graded():
            yield graded.entry

    def entry(self, name: str) -> Entry | None:
        """Return one submission."""
        return next((graded.entry for graded in self._read([name], self._overrides())), None)

    def graded(self) -> Iterator[Graded]:
        """Yield the same as `entries`, each with the run that graded it."""
        yield from self._read(self.names(), self._overrides())

    def _read(self, names: Sequence[str], overrides: Mapping[str, tuple[Override, ...]]) -> Iterator[Graded]:
        runs = {run.id: run for run in self.runs()}
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            with self._transaction() as connection:
                rows = connection.execute(select(RESULTS).where(RESULTS.c.submission.in_(some))).all()
            for row in sorted(rows, key=lambda row: str(row.submission)):
                with self._reading():
                    result = replace(decoded(row.content), printed=json.loads(row.printed))
                    entry = Entry(
                        file=row.file,
                        digest=row.digest,
                        result=result,
                        student=student_of(row),
                        submitted=row.submitted,
                        overrides=overrides.get(row.submission, ()),
                    )
                    graded = Graded(entry=entry, run=runs[row.run])
                yield graded

    def graded_at(self, run: int) -> Iterator[Graded]:
        """Yield what stood when a run had ended, by name; without what was printed, and without students."""
        runs = {each.id: each for each in self.runs()}
        overrides = self._overrides(run)
        was = REPLACED.c.run <= run, REPLACED.c.replaced_in > run
        with self._transaction() as connection:
            now = select(RESULTS.c.submission).where(RESULTS.c.run <= run)
            then = select(REPLACED.c.submission).where(*was)
            found_then = {*connection.execute(now).scalars(), *connection.execute(then).scalars()}
        with self._reading():
            names = sorted(found_then)
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            found: dict[str, Any] = {}
            for table, conditions in ((REPLACED, was), (RESULTS, (RESULTS.c.run <= run,))):
                chosen = select(table).where(table.c.submission.in_(some), *conditions).order_by(table.c.run)
                with self._transaction() as connection:
                    found |= {row.submission: row for row in connection.execute(chosen)}
            for name in some:
                row = found[name]
                standing = overrides.get(name, ())
                with self._reading():
                    result = decoded(row.content)
                    entry = Entry(file=row.file, digest=row.digest, result=result, overrides=standing)
                    graded = Graded(entry=entry, run=runs[row.run])
                yield graded

    # ---------------------------------------------------------------- overrides

    def override(self, name: str, override: Override) -> None:
        """Give points by hand, in the place of those that were given so before."""
        with self._transaction() as connection:
            after = _take_back(connection, name, override.question)
            connection.execute(
                insert(OVERRIDES).values(
                    submission=name,
                    question=override.question,
                    points=override.points,
                    reason=clean(override.reason),
                    made=_now(),
                    made_after=after,
                )
            )

    def take_back(self, name: str, question: str = "") -> None:
        """Take back what was given by hand for a question, or for all (`""`)."""
        with self._transaction() as connection:
            _take_back(connection, name, question)

    def overrides(self) -> dict[str, tuple[Override, ...]]:
        """Return what was given by hand, by submission, also of those that are not there any more."""
        return self._overrides()

    def _overrides(self, run: int | None = None) -> dict[str, tuple[Override, ...]]:
        """Return what is given by hand now, or was when a run had ended."""
        valid: list[ColumnElement[bool]] = [OVERRIDES.c.removed_after.is_(None)]
        if run is not None:
            later = or_(OVERRIDES.c.removed_after.is_(None), OVERRIDES.c.removed_after >= run)
            valid = [OVERRIDES.c.made_after < run, later]
        found: dict[str, dict[str, Override]] = {}
        with self._transaction() as connection, self._reading():
            for row in connection.execute(select(OVERRIDES).where(*valid).order_by(OVERRIDES.c.id)):
                said = {"points": row.points, "reason": row.reason, "question": row.question}
                given = msgspec.convert(said, Override)
                if not math.isfinite(given.points):
                    raise ValueError(f"{given.points} points were given by hand")
                found.setdefault(row.submission, {})[row.question] = given
            return {name: tuple(given.values()) for name, given in sorted(found.items())}


@contextmanager
def opened(folder: Path, url: str | None = None) -> Iterator[Gradebook]:
    """Give the gradebook of a folder that a class was graded into, to read, or to override.

    Args:
        folder: where `grade` has written.
        url: the database's address, if the gradebook does not lie in the folder.

    Raises:
        GradebookError: if there is none.
    """
    if url is None and not (folder / FILE).is_file():
        raise GradebookError(
            f"there is no gradebook in `{folder}`",
            next_step="Name a folder that `autograder grade NAME PATH... -o DIR` has written to; if its "
            "gradebook lies elsewhere, name that with --gradebook.",
        )
    with Gradebook(*address(folder, url)) as gradebook:
        yield gradebook


def address(folder: Path, url: str | None = None) -> tuple[str | URL, str]:
    """Return the address of a folder's gradebook, and how it is called in errors: without a password."""
    if url is None:  # not as a text: in the name of a folder, `?` and `%` are letters
        return URL.create("sqlite", database=str((folder / FILE).absolute())), str(folder / FILE)
    return url, url.rsplit("@", 1)[-1]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _take_back(connection: Connection, name: str, question: str) -> int:
    """Take back an override; return the last run, after which it is."""
    last = connection.execute(select(func.max(RUNS.c.id))).scalar() or 0
    connection.execute(
        update(OVERRIDES)
        .where(
            OVERRIDES.c.submission == name,
            OVERRIDES.c.question == question,
            OVERRIDES.c.removed_after.is_(None),
        )
        .values(removed_after=last)
    )
    return int(last)
