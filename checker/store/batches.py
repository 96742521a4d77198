"""Batches: what came with one import, and what of it nothing else rests on."""

from __future__ import annotations

from checker.store.connection import Row, Store


def add(store: Store, *, kind: str, file_name: str, by: int | None, at: int) -> int:
    """Begin a batch; inside `write()`."""
    return store.add("batch", {"kind": kind, "file_name": file_name, "person_id": by, "at": at})


def finish(store: Store, batch_id: int, *, taken: int, refused: int) -> None:
    """Say how many rows were taken and refused; inside `write()`."""
    store.change("batch", batch_id, {"taken": taken, "refused": refused})


COLUMNS = "SELECT batch.*, person.name AS person FROM batch LEFT JOIN person ON person.id = batch.person_id "


def find(store: Store, batch_id: int) -> Row | None:
    """The batch with this number."""
    return store.row(COLUMNS + "WHERE batch.id = :id", {"id": batch_id})


def list_all(store: Store) -> list[Row]:
    """Every batch, the newest first: id, kind, file_name, taken, refused, person (name), at, undone_at."""
    return store.rows(COLUMNS + "ORDER BY batch.id DESC")
