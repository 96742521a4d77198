"""A copy of the database that is verified before it counts."""

from __future__ import annotations

from pathlib import Path

from pysqlite3 import dbapi2 as sqlite3

from checker.problem import Problem
from checker.store.connection import Store


def copy_database(store: Store, destination: Path) -> None:
    """Copy the open database to `destination` while others write; the copy is checked, then takes its name.

    All pages in one step: in small steps a busy database starts the copy over again and again. Raises Problem
    "backup.damaged" when the copy does not pass, and leaves nothing behind.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    unfinished = destination.with_name(destination.name + ".part")
    unfinished.unlink(missing_ok=True)
    copy = sqlite3.connect(str(unfinished))
    try:
        store.db.conn.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
        found = [row[0] for row in copy.execute("PRAGMA integrity_check")] + list(
            copy.execute("PRAGMA foreign_key_check")
        )
    finally:
        copy.close()
    if found != ["ok"]:
        unfinished.unlink()
        raise Problem(
            "backup.damaged", 500, "The copy is damaged (%(found)s); nothing was kept.", {"found": str(found[:3])}
        )
    unfinished.replace(destination)
