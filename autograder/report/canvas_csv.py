"""Grades as Canvas imports them: a row a student, a column for the assignment, what is possible above."""

from __future__ import annotations

import re

from autograder.feedback import number
from autograder.grades import Class, Line
from autograder.report.sheets import key_cell, table, text_cell
from autograder.roster import Roster

_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def canvas_csv(graded: Class, column: str = "") -> bytes:
    """Return the gradebook to import.

    With a roster that is Canvas's own export, all its rows and columns stay as they are but the
    assignment's; a person without a submission keeps what is there. `column` is how that is called.
    """
    roster = graded.roster
    column = column or column_of(graded)
    if roster is not None and roster.platform == "canvas":
        return _filled(graded, roster, column)
    rows = [[*_COLUMNS, column], ["    Points Possible", "", "", "", "", number(graded.possible)]]
    by_number = any(_number(line) in line.person.ids for line in graded.lines)
    rows += [[*_who(line, by_number=by_number), "", graded.points(line)] for line in graded.lines]
    return table(rows)


def column_of(graded: Class) -> str:
    """Return the column of a Canvas roster that is called as the assignment, by its name or its title.

    Canvas writes its own number behind the name. If there is none, or more than one, return the
    assignment's name.
    """
    columns = graded.roster.columns if graded.roster is not None else ()
    known = {_bare(graded.assignment), _bare(graded.title)}
    found = [column for column in columns if re.search(r" \(\d+\)$", column) and _bare(column) in known]
    return found[0] if len(found) == 1 else graded.assignment


def points_possible(roster: Roster, column: str) -> str:
    """Return what Canvas says is possible in a column, if it does."""
    if column in roster.columns:
        for row in range(len(roster.rows)):
            if roster.cell(row, "Student").strip().casefold() == "points possible":
                return roster.cell(row, column).strip()
    return ""


def no_id(line: Line) -> bool:
    """Return whether Canvas could not know whose a line of ours is."""
    return not (_number(line) or (line.person.row >= 0 and line.person.ids))


def _bare(name: str) -> str:
    return " ".join(re.sub(r" \(\d+\)$", "", name).casefold().replace("_", " ").split())


def _number(line: Line) -> str:
    """Return the number that Canvas knows a student by, from the name of a file that it gave out."""
    return line.grade.student.id if line.grade and line.grade.platform == "canvas" else ""


def _who(line: Line, *, by_number: bool) -> list[str]:
    """Return the columns that say who it is; ids of a roster are Canvas's numbers, or the university's."""
    first, last = line.person.names
    name = text_cell(f"{last}, {first}" if first and last else line.person.name or line.person.id)
    ids = (*line.person.ids, "", "")
    if by_number:
        return [name, key_cell(_number(line) or ids[0]), "", ""]
    return [name, _number(line), key_cell(ids[0]), key_cell(ids[1] or line.person.email)]


def _filled(graded: Class, roster: Roster, column: str) -> bytes:
    columns = [*roster.columns] + ([] if column in roster.columns else [column])
    place = columns.index(column)
    rows = [[*row, *[""] * (len(columns) - len(row))] for row in roster.rows]
    for row in rows:
        is_total = row[columns.index("Student")].strip().casefold() == "points possible"
        if is_total and column not in roster.columns:
            row[place] = number(graded.possible)
    for line in graded.lines:
        row = rows[line.person.row]
        row[place] = graded.points(line) or row[place]
    first = columns.index("Student")
    for row in rows:
        row[:] = [text_cell(cell) if at == first else key_cell(cell) for at, cell in enumerate(row)]
    return table([columns, *rows], marked=roster.marked, delimiter=roster.delimiter)
