"""A table into a file, in the format that the file's name ends with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from checker.problem import Problem
from checker.reports import csv, json, sqlite, xlsx
from checker.standards.faults import N_
from checker.summaries.table import Table

WRITERS: Mapping[str, Callable[[Table, Path], int]] = {
    ".csv": csv.write,
    ".xlsx": xlsx.write,
    ".json": json.write,
    ".sqlite": sqlite.write,
}


def require_format(destination: Path) -> None:
    """Raise Problem "export.format" unless the name ends with one of the formats."""
    if destination.suffix.lower() not in WRITERS:
        text = N_("The file's name must end with one of: %(formats)s.")
        raise Problem("export.format", 400, text, {"formats": ", ".join(WRITERS)})


def write(table: Table, destination: Path) -> int:
    """Write the table and return the number of its rows; the file takes its name once it is whole.

    Raises Problem "export.format", and "export.unwritable" when the place cannot be written to.
    """
    require_format(destination)
    unfinished = destination.with_name(f".{destination.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)  # what leaves is about people: its owner decides who else may read it
        count = WRITERS[destination.suffix.lower()](table, unfinished)
        unfinished.replace(destination)
    except OSError as error:
        text = N_("%(path)s cannot be written (%(problem)s).")
        details = {"path": destination, "problem": error.strerror or str(error)}
        raise Problem("export.unwritable", 500, text, details) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count
