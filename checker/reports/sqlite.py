"""Tables as a SQLite database of its own, for questions in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from checker.reports.json import plain
from checker.summaries.table import Kind, Table

TYPES: dict[Kind, type] = {
    Kind.TEXT: str,
    Kind.WHOLE: int,
    Kind.NUMBER: float,
    Kind.FLAG: int,
    Kind.DAY: str,
    Kind.MOMENT: str,
}


def write(tables: Sequence[Table], destination: Path) -> int:
    """Write the tables into a fresh database; returns the number of all rows. Flags are 0 and 1."""
    database = Database(destination)
    try:
        # Nobody reads the file before it is whole, so there is nothing to keep safe on the way.
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):
            database.execute(f"PRAGMA {pragma}")
        return sum(_write(table, database) for table in tables)
    finally:
        database.close()


def _write(table: Table, database: Database) -> int:
    made: Any = database[table.name]
    columns = {column.name: TYPES[column.kind] for column in table.columns}
    parents = [(column, parent) for column, parent in table.parents.items() if database[parent].exists()]
    made.create(columns, pk=table.key or None, strict=True, foreign_keys=parents)
    # Before the rows: an index made afterwards sorts all of them in memory.
    for column in ("month", "branch", *(column for column, _parent in parents)):
        if column in columns and (column,) != table.key:
            made.create_index([column])
    made.insert_all(_rows(table), batch_size=1000)
    return int(made.count)


def _rows(table: Table) -> Iterator[dict[str, object]]:
    names = [column.name for column in table.columns]
    for row in table.rows:
        yield dict(zip(names, (plain(value) for value in row), strict=True))
