"""Checklist files that were uploaded and are not published yet."""

from __future__ import annotations

from checker.store.connection import Row, Store

COLUMNS = """
SELECT checklist_draft.*, person.name AS person FROM checklist_draft
JOIN person ON person.id = checklist_draft.uploaded_by
"""


def add(store: Store, *, name: str, source: str, by: int, at: int) -> int:
    """Keep a draft and return its key; inside `write()`."""
    return store.add(
        "checklist_draft", {"name": name, "source": source, "uploaded_at": at, "uploaded_by": by}
    )


def change(store: Store, draft_id: int, *, name: str, source: str, by: int, at: int) -> bool:
    """Put another text in place; False when there is no such draft. Inside `write()`."""
    if find(store, draft_id) is None:
        return False
    store.change(
        "checklist_draft",
        draft_id,
        {"name": name, "source": source, "uploaded_at": at, "uploaded_by": by},
    )
    return True


def find(store: Store, draft_id: int) -> Row | None:
    """The draft with the name of the `person` who uploaded it."""
    return store.row(COLUMNS + "WHERE checklist_draft.id = :id", {"id": draft_id})


def list_all(store: Store) -> list[Row]:
    """Every draft, the newest first."""
    return store.rows(COLUMNS + "ORDER BY checklist_draft.uploaded_at DESC, checklist_draft.id DESC")


def remove(store: Store, draft_id: int) -> bool:
    """Take a draft away; False when there is none. Inside `write()`."""
    cursor = store.db.execute("DELETE FROM checklist_draft WHERE id = :id", {"id": draft_id})
    return bool(cursor.rowcount)
