"""Series: programme × checklist × method, the unit within which visits may be averaged."""

from __future__ import annotations

from checker.store.connection import Row, Store

KEY = """
SELECT id FROM series WHERE programme_id = :programme_id AND checklist_id = :checklist_id AND method = :method
"""


def key_for(store: Store, *, programme_id: int, checklist_id: int, method: str) -> int:
    """The series' key, made on first use; inside `write()`. It never changes, so a store reads it once."""
    known = ("series", programme_id, checklist_id, method)
    key = store.frozen.get(known)
    if not isinstance(key, int):
        names = {"programme_id": programme_id, "checklist_id": checklist_id, "method": method}
        found = store.value(KEY, names)
        key = store.frozen[known] = store.add("series", names) if found is None else int(found)
    return key


FIND = """
SELECT series.id, series.method, series.checklist_id, series.programme_id, programme.code AS programme,
    programme.attribution
FROM series JOIN programme ON programme.id = series.programme_id WHERE series.id = :id
"""


def find(store: Store, series_id: int) -> Row | None:
    """The series with this key and its programme's attribution of employees."""
    return store.row(FIND, {"id": series_id})


LIST = """
SELECT series.id, series.method, programme.code AS programme, checklist.code AS checklist,
    checklist.id AS checklist_id
FROM series
JOIN programme ON programme.id = series.programme_id
JOIN checklist ON checklist.id = series.checklist_id
WHERE programme.code = :programme
ORDER BY checklist.code, series.method
"""


def list_for(store: Store, programme: str) -> list[Row]:
    """Every series of a programme that has had a visit."""
    return store.rows(LIST, {"programme": programme})
