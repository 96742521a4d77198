"""One open database: the engine checked, its safety switched on, and the only way to write to it."""

from __future__ import annotations

import fcntl
import os
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite3
from sqlite_utils import Database

from checker.problem import Problem
from checker.standards.faults import N_
from checker.store.migrations import migrations

Row = dict[str, Any]

WRITE_TRIES = 6
BUSY_MS = 5_000


def engine_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the WAL-reset fix: 3.51.3 and newer, or 3.50.7 and 3.44.6 of the older lines.

    Source: https://www.sqlite.org/wal.html#the_wal_reset_bug — engines without it can lose committed visits.
    """
    if version >= (3, 51, 3):
        return True
    return any(version[:2] == line and version[2] >= patch for line, patch in (((3, 50), 7), ((3, 44), 6)))


def require_safe_engine(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> None:
    """Raise Problem "store.unsafe_engine" when the engine can lose committed rows."""
    if not engine_is_safe(version):
        raise Problem(
            "store.unsafe_engine",
            500,
            N_(
                "The SQLite engine %(version)s can lose committed visits. Install the pinned requirements, "
                "which bring a repaired engine with pysqlite3, and start again."
            ),
            {"version": ".".join(map(str, version))},
        )


def connected(path: Path) -> Database:
    """A connection with every safety switched on; transactions begin and end where the code says so."""
    connection = sqlite3.connect(
        str(path), isolation_level=None, timeout=BUSY_MS / 1000, cached_statements=512
    )
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_MS}",
        "cache_size = -65536",
        "trusted_schema = OFF",
        "secure_delete = ON",
        "journal_size_limit = 67108864",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return Database(connection)


def disk_is_full() -> Problem:
    """The refusal for a transaction that found no room."""
    text = N_("The server's disk is full. Nothing was stored; tell your administrator, and send again later.")
    return Problem("store.full", 507, text)


class Store:
    """An open database for one thread of one process.

    Reading: `rows`, `row`, `value`. Writing: only inside `write()`; the connection refuses writes
    everywhere else, so
    a page that is only looked at cannot change anything.
    """

    def __init__(self, path: Path) -> None:
        require_safe_engine()
        self.path = path
        self._reader = connected(path)
        self._writer: Database | None = None
        self.db = self._reader
        """The connection in use: the one for reading, or inside `write()` the one for writing."""
        self.frozen: dict[tuple[str | int, ...], object] = {}
        """What never changes once it is stored (published versions, keys of series), kept as first read."""
        self._lock_path = path.with_name(path.name + ".lock")
        self._line: int | None = None
        self._reader.execute("PRAGMA query_only = ON")

    def close(self) -> None:
        """Close the connections; the store is not used afterwards."""
        self._reader.close()
        if self._writer is not None:
            self._writer.close()
        if self._line is not None:
            os.close(self._line)

    # --- reading --------------------------------------------------------------------------------------------

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Every row the query finds, as dicts."""
        cursor = self.db.execute(sql, dict(parameters or {}))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, parameters: Mapping[str, object] | None = None) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Mapping[str, object] | None = None) -> Any:
        """The first column of the first row, or None."""
        found = self.db.execute(sql, dict(parameters or {})).fetchone()
        return found[0] if found else None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let several queries see one moment. Short readers only: a long one keeps the write-ahead log
        growing.
        """
        self.db.execute("BEGIN")
        try:
            yield
        finally:
            self.db.execute("ROLLBACK")

    # --- writing --------------------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[Store]:
        """One durable transaction: all of it is stored when the block ends, or nothing.

        A file lock queues writers fairly (SQLite's own waiting starves some for seconds); BEGIN IMMEDIATE
        takes the
        write lock at once, because a deferred BEGIN that reads first fails under load without waiting.
        Nested use joins
        the outer transaction. Raises Problem "store.busy" (503) when the lock cannot be had,
        "store.full" (507) when the disk has no room.
        """
        if self.db is self._writer:
            try:
                with self.db.atomic():
                    yield self
            except BaseException:
                self.frozen.clear()  # it may hold what was just taken back
                raise
            return
        with self.in_line():
            self.db = self._begun()
            try:
                yield self
                self.db.execute("COMMIT")
            except BaseException as error:
                if self.db.conn.in_transaction:
                    self.db.execute("ROLLBACK")
                self.frozen.clear()
                if isinstance(error, sqlite3.OperationalError) and "disk is full" in str(error):
                    raise disk_is_full() from error
                raise
            finally:
                self.db = self._reader

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """Wait for one's turn to write, among all processes."""
        if self._line is None:
            self._line = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._line, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._line, fcntl.LOCK_UN)

    def _begun(self) -> Database:
        """The connection for writing, its transaction begun.

        A connection of its own, because switching one between reading only and writing would throw away every
        statement it has prepared, which cost more than all the rows of a visit.
        """
        if self._writer is None:
            self._writer = connected(self.path)
        for attempt in range(WRITE_TRIES):
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) and "busy" not in str(error):
                    raise
                # Other programs (a backup, sqlite3 on the command line) do not stand in our line.
                time.sleep(random.uniform(0.005, 0.05) * (attempt + 1))  # noqa: S311
            else:
                return self._writer
        raise Problem(
            "store.busy", 503, N_("The database is busy. Nothing was stored; please send again in a moment.")
        )

    def add(self, table: str, row: Mapping[str, object]) -> int:
        """Insert one row and return its integer key. `table` and the column names are ours, never a
        person's.
        """
        cursor = self.db.execute(_inserting(table, tuple(row)), dict(row))
        return int(cursor.lastrowid or 0)

    def added_lately(self, table: str, row: Mapping[str, object], *, by: int | None, at: int) -> Row | None:
        """The same row, added by the same person not a minute before `at`: a button was pressed twice.
        Commands, which are nobody, press none.

        `table` and the column names are ours, never a person's.
        """
        if by is None:
            return None
        same = " AND ".join(f"{name} IS :{name}" for name in row)
        query = f"SELECT * FROM {table} WHERE created_by = :by AND created_at > :at - 60 AND {same}"  # noqa: S608
        return self.row(query, {**row, "by": by, "at": at})

    def change(self, table: str, key: int, row: Mapping[str, object]) -> None:
        """Update the row with this integer key. `table` and the column names are ours, never a person's."""
        settings = ", ".join(f"{name} = :{name}" for name in row)
        self.db.execute(f"UPDATE {table} SET {settings} WHERE id = :id", {**row, "id": key})  # noqa: S608


@cache
def _inserting(table: str, columns: tuple[str, ...]) -> str:
    """The statement for a row of these columns, of which the program knows few."""
    values = ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608


def open_store(path: Path) -> Store:
    """Open an existing, current database.

    Raises Problem "store.missing" when there is none, "store.outdated" when it needs `init`, "store.newer"
    when a newer
    Checker wrote it.
    """
    if not path.exists():
        raise Problem(
            "store.missing",
            500,
            N_("There is no database at %(path)s. Run `python -m checker init` first."),
            {"path": path},
        )
    store = Store(path)
    check_version(store)
    return store


def check_version(store: Store) -> None:
    """Refuse a database that an older or a newer Checker left behind (see `open_store`)."""
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    applied = {migration.name for migration in migrations.applied(store.db)}
    if applied - known:
        raise Problem(
            "store.newer",
            500,
            N_(
                "This database was written by a newer Checker (%(names)s). Install that version, or restore "
                "an older backup."
            ),
            {"names": ", ".join(sorted(applied - known))},
        )
    if known - applied:
        raise Problem(
            "store.outdated",
            500,
            N_("This database needs an update. Run `python -m checker init`; it makes a backup first."),
        )
