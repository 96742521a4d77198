"""Tablets and phones that keep visits of their own: what they last said, and whether they may be used."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from checker.store.connection import Row, Store


def find(store: Store, uuid: UUID) -> Row | None:
    """The device with this id."""
    return store.row("SELECT * FROM device WHERE uuid = :uuid", {"uuid": uuid.bytes})


def get(store: Store, device_id: int) -> Row | None:
    """The device with this key."""
    return store.row("SELECT * FROM device WHERE id = :id", {"id": device_id})


def uuid_of(device: Row) -> UUID:
    """The id by which a device is named in tokens and exported files."""
    return UUID(bytes=device["uuid"])


def find_by_token(store: Store, token_hash: bytes) -> Row | None:
    """The device whose cookie holds the token with this hash; revoked ones, too."""
    return store.row("SELECT * FROM device WHERE token_hash = :hash", {"hash": token_hash})


LIST = """
SELECT device.*, person.name AS person FROM device LEFT JOIN person ON person.id = device.person_id
ORDER BY device.revoked_at IS NOT NULL, device.last_seen DESC, device.id DESC
"""


def list_all(store: Store) -> list[Row]:
    """Every device with who signed in on it last; the one seen last first, revoked ones at the end."""
    return store.rows(LIST)


def add(store: Store, row: Mapping[str, object]) -> int:
    """Remember a device; inside `write()`."""
    return store.add("device", row)


def change(store: Store, device_id: int, row: Mapping[str, object]) -> None:
    """Remember what is new about a device; inside `write()`."""
    store.change("device", device_id, row)


RECEIVED = "UPDATE device SET unsent = max(0, unsent - 1), last_seen = max(last_seen, :at) WHERE id = :id"


def note_received(store: Store, device_id: int, *, at: int) -> None:
    """One visit less waits on the device; inside `write()`."""
    store.db.execute(RECEIVED, {"id": device_id, "at": at})
