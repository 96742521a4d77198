"""The file in which work for the process beside the server waits: opened with the engine that is safe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite3

from checker.store.connection import BUSY_MS, require_safe_engine

IntegrityError = sqlite3.IntegrityError
OperationalError = sqlite3.OperationalError


def connect_queue(path: Path) -> Any:
    """A connection for several threads, which their owner lets in one by one. The library that uses it begins
    and ends its transactions. Refuses an engine that can lose rows, as the database does.
    """
    require_safe_engine()
    connection = sqlite3.connect(
        str(path), timeout=BUSY_MS / 1000, check_same_thread=False, isolation_level=None
    )
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
