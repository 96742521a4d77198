"""A copy of the database that is verified before it counts."""

from __future__ import annotations

from pathlib import Path

from pysqlite3 import dbapi2 as sqlite3

from checker.problem import Problem
from checker.standards.faults import N_
from checker.store.connection import Store, check_version


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
            "backup.damaged",
            500,
            N_("The copy is damaged (%(found)s); nothing was kept. Check the disk."),
            {"found": str(found[:3])},
        )
    unfinished.replace(destination)


def check_database(path: Path) -> int:
    """Check a database that nobody has open, page by page and row by row; how many visits it holds.

    Raises Problem "backup.damaged" when it cannot be trusted, "store.newer" when a newer Checker wrote it.
    """
    store = None
    try:
        store = Store(path)
        found = [str(row[0]) for row in store.db.execute("PRAGMA integrity_check")]
        found += [f"{row[0]} {row[1]}" for row in store.db.execute("PRAGMA foreign_key_check")]
        if found != ["ok"]:
            raise _damaged(path, "; ".join(found[1:] or found))
        try:
            check_version(store)
        except Problem as problem:
            if problem.code != "store.outdated":  # `init` brings an older one up to date
                raise
        return int(store.value("SELECT count(*) FROM visit"))
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from error
    finally:
        if store is not None:
            store.close()


def _damaged(path: Path, problem: str) -> Problem:
    text = N_("The database %(name)s in this backup is damaged (%(problem)s). Take another backup.")
    return Problem("backup.damaged", 400, text, {"name": path.name, "problem": problem[:200]})


def require_unused(path: Path) -> None:
    """Raise Problem "store.in_use" when another program has the database open; folds its log into it.

    A damaged database passes: it is about to be replaced.
    """
    connection = sqlite3.connect(str(path), timeout=0.5)
    try:
        # Only the last connection can leave the write-ahead log.
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        text = N_("Another program has the database open. Stop Checker, then try again.")
        raise Problem("store.in_use", 409, text) from error
    except sqlite3.DatabaseError:
        pass
    finally:
        connection.close()
