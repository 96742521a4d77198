"""Tables into a file, in the format that the file's name ends with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from checker.problem import Problem
from checker.reports import csv, json, sqlite, xlsx
from checker.standards.faults import N_
from checker.summaries.table import Table

WRITERS: Mapping[str, Callable[[Table, Path], int]] = {
    ".csv": csv.write,
    ".xlsx": lambda table, path: xlsx.write([table], path),
    ".json": json.write,
    ".sqlite": lambda table, path: sqlite.write([table], path),
}
"""How one table is written."""

BOOKS: Mapping[str, Callable[[Sequence[Table], Path], int]] = {
    ".xlsx": xlsx.write,
    ".zip": csv.write_zip,
    ".sqlite": sqlite.write,
}
"""How several tables are written to one file; a ZIP has a CSV for each."""


def require_format(destination: Path, among: Mapping[str, object] = WRITERS) -> None:
    """Raise Problem "export.format" unless the name ends with one of the formats."""
    if destination.suffix.lower() not in among:
        text = N_("The file's name must end with one of: %(formats)s.")
        raise Problem("export.format", 400, text, {"formats": ", ".join(among)})


def write(table: Table, destination: Path) -> int:
    """Write the table and return the number of its rows; the file takes its name once it is whole.

    Raises Problem "export.format", and "export.unwritable" when the place cannot be written to.
    """
    require_format(destination)
    writer = WRITERS[destination.suffix.lower()]
    return _whole(destination, lambda path: writer(table, path))


def write_book(tables: Sequence[Table], destination: Path) -> int:
    """Write several tables to one file and return the number of all rows; raises as `write` does."""
    require_format(destination, BOOKS)
    writer = BOOKS[destination.suffix.lower()]
    return _whole(destination, lambda path: writer(tables, path))


def _whole(destination: Path, write_to: Callable[[Path], int]) -> int:
    """Have it written beside its place, and move it there."""
    unfinished = destination.with_name(f".{destination.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)  # what leaves is about people: its owner decides who else may read it
        count = write_to(unfinished)
        unfinished.replace(destination)
    except OSError as error:
        text = N_("%(path)s cannot be written (%(problem)s).")
        details = {"path": destination, "problem": error.strerror or str(error)}
        raise Problem("export.unwritable", 500, text, details) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count
