"""Programmes: name, settings, the date on which staff were told."""

from __future__ import annotations

from checker.store.connection import Row, Store


def find(store: Store, code: str) -> Row | None:
    """The programme with this code."""
    return store.row("SELECT * FROM programme WHERE code = :code", {"code": code})


def list_all(store: Store) -> list[Row]:
    """Every programme, by name."""
    return store.rows("SELECT * FROM programme ORDER BY name")
