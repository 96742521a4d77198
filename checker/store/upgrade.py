"""A database is made, or brought up to date after a verified copy of it was put aside."""

from __future__ import annotations

from pathlib import Path

from checker.store.backup import copy_database
from checker.store.connection import Store, check_version, connected
from checker.store.migrations import migrations


def create_or_migrate(path: Path, backup_dir: Path) -> list[str]:
    """Make the database or bring it up to date; returns the names of the migrations applied.

    A database that holds something is first copied to `backup_dir` and the copy verified. Raises Problem
    "store.newer" for one that a newer Checker wrote.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    store = Store(path)
    try:
        pending = [migration.name for migration in migrations.pending(store.db)]
        if not pending:
            check_version(store)
            return []
        if not fresh and migrations.applied(store.db):
            copy_database(store, backup_dir / f"{path.stem}-before-{pending[-1]}.sqlite")
        with store.in_line():
            writer = connected(path)
            migrations.apply(writer)
            writer.close()
    finally:
        store.close()
    return pending
