"""The tables of a gradebook, and whether a database has them: SQL that SQLite and PostgreSQL both speak."""

from __future__ import annotations

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from autograder.errors import GradebookError

VERSION = "1"
"""The version of these tables: a change of them that older programs would misread makes it another one."""

_METADATA = MetaData()
_NAME = String(200)
_TIME = String(40)

ABOUT = Table("true_values", _METADATA, Column("name", String(40), primary_key=True), Column("value", Text))
"""What the database is: the `version` of its tables, and the `assignment` that it is of."""
RUNS = Table(
    "runs",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("started", _TIME, nullable=False),
    Column("finished", _TIME),
    Column("again", Boolean, nullable=False),
    Column("basis", Text, nullable=False),
)
"""Each time that a class was graded, and on what basis."""
RESULTS = Table(
    "results",
    _METADATA,
    Column("submission", _NAME, primary_key=True),
    Column("run", Integer, nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("student_id", Text, nullable=False),
    Column("student_name", Text, nullable=False),
    Column("student_email", Text, nullable=False),
    Column("submitted", _TIME, nullable=False),
    Column("flaw", Integer, nullable=False),
    Column("unreadable", Boolean, nullable=False),
    Column("content", Text, nullable=False),
    Column("printed", Text, nullable=False),
)
"""The submissions and their results: as JSON, apart from what was printed."""
REPLACED = Table(
    "replaced",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("submission", _NAME, nullable=False, index=True),
    Column("run", Integer, nullable=False),
    Column("replaced_in", Integer, nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", Text, nullable=False),
)
"""The results that were there before: graded in a run, until another one."""
OVERRIDES = Table(
    "overrides",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("submission", _NAME, nullable=False, index=True),
    Column("question", _NAME, nullable=False),
    Column("points", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", _TIME, nullable=False),
    Column("made_after", Integer, nullable=False),
    Column("removed_after", Integer),
)
"""Points given by hand, with the runs after which they were given, and taken back."""


def connected(url: str | URL) -> Engine:
    """Return the database of an address, which is connected to when it is used.

    Raises:
        GradebookError: if it is no address, or what speaks to such a database is not installed.
    """
    try:
        parsed = make_url(url)
        engine = create_engine(parsed, connect_args={"timeout": 30} if _is_sqlite(parsed.drivername) else {})
    except (ArgumentError, NoSuchModuleError):
        raise GradebookError(
            f"`{url}` is no address of a database",
            next_step="Write it as SQLAlchemy does: postgresql+psycopg://USER@HOST/DATABASE.",
        ) from None
    except ImportError as error:
        raise GradebookError(
            f"`{parsed.drivername}` needs a module that is not installed: {error.name}",
            next_step="Install it beside this package; for PostgreSQL: pip install 'psycopg[binary]'.",
        ) from None
    if _is_sqlite(engine.url.drivername):
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _is_sqlite(driver: str) -> bool:
    return driver.split("+")[0] == "sqlite"


def _prepare_sqlite(connection: object, _: object) -> None:
    """With a log of what is written ahead, each result is a transaction that survives a kill, and cheap."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def check(connection: Connection, where: str, assignment: str | None) -> None:
    """Make the tables, where a database is empty and the assignment is known.

    Raises:
        GradebookError: if the database is not a gradebook, a newer one, or one of another assignment.
    """
    there = set(inspect(connection).get_table_names())
    if ABOUT.name not in there and there:
        raise GradebookError(
            f"this database is no gradebook: it has a table `{min(there)}`, and none called `{ABOUT.name}`",
            where=where,
            next_step="A gradebook needs a database of its own: name another one.",
        )
    if ABOUT.name not in there and assignment is None:
        raise GradebookError(
            "this database is empty", where=where, next_step="Grade into it first, with `autograder grade`."
        )
    if ABOUT.name not in there:
        ABOUT.create(connection)
    rows = connection.execute(select(ABOUT.c.name, ABOUT.c.value)).all()
    told = {str(name): str(value) for name, value in rows}
    if not told and assignment is not None:  # it is new, or whoever made it was killed
        _METADATA.create_all(connection)
        about = {"version": VERSION, "assignment": assignment}
        connection.execute(insert(ABOUT), [{"name": name, "value": value} for name, value in about.items()])
        told = about
    if told.get("version") != VERSION:
        raise GradebookError(
            f"this gradebook has version {told.get('version', 'none')} of its tables; "
            f"this program knows version {VERSION}",
            where=where,
            next_step="Use the version of True Values that made it, or a newer one.",
        )
    if assignment is not None and told["assignment"] != assignment:
        raise GradebookError(
            f"this gradebook is of the assignment `{told['assignment']}`, not of `{assignment}`",
            where=where,
            next_step="Each assignment has a gradebook of its own: name another folder or database.",
        )
