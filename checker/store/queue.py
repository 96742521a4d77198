"""The file in which work for the process beside the server waits: opened with the engine that is safe."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite3

from checker.store.connection import BUSY_MS, require_safe_engine

DatabaseError = sqlite3.DatabaseError
IntegrityError = sqlite3.IntegrityError
OperationalError = sqlite3.OperationalError

log = logging.getLogger(__name__)


def connect_queue(path: Path) -> Any:
    """A connection for several threads, which their owner lets in one by one. The library that uses it begins
    and ends its transactions. Refuses an engine that can lose rows, as the database does.

    A file that is none, or is damaged, is begun anew: what waits stands in the database too.
    """
    require_safe_engine()
    try:
        return _connected(path)
    except OperationalError:  # busy, or no room: the file is sound
        raise
    except DatabaseError:
        log.exception("%s is damaged and is begun anew", path)
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        return _connected(path)


def _connected(path: Path) -> Any:
    connection = sqlite3.connect(
        str(path), timeout=BUSY_MS / 1000, check_same_thread=False, isolation_level=None
    )
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        connection.close()
        raise DatabaseError(found)
    return connection
