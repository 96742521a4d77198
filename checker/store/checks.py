"""What the engine itself can say about the file and the references in it."""

from __future__ import annotations

from checker.store.connection import Row, Store

MOST = 100
"""The engine stops telling after so many faults."""


def file_faults(store: Store) -> list[str]:
    """What SQLite's integrity check finds, in its words; empty when the file is whole."""
    rows = store.rows(f"PRAGMA integrity_check({MOST})")
    return [text for row in rows for text in row.values() if text != "ok"]


def dangling(store: Store) -> list[Row]:
    """References to rows that are not there: table, rowid, parent."""
    return store.rows("PRAGMA foreign_key_check")[:MOST]
