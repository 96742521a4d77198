"""Which photos a visit lists, and which of them have arrived."""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from checker.store.connection import Row, Store

LATE_S = 7 * 24 * 3600
"""A photo that has not come so long after its visit is missing (design §10)."""

ADD = """
INSERT INTO photo (visit_id, item_id, sent_hash, stored_hash, received_at)
SELECT :visit, :item, :sent, max(here.stored_hash), max(here.received_at)
FROM (SELECT stored_hash, received_at FROM photo WHERE visit_id = :visit AND sent_hash = :sent) AS here
WHERE true ON CONFLICT DO NOTHING
"""


def add(store: Store, visit_id: int, photos: Iterable[tuple[int, str]]) -> None:
    """Expect these photos, (item key, SHA-256 as sent) each; they arrive on their own (design §10).

    One that the visit listed before is not asked for again, also under another item.
    """
    for item_id, sent_hash in photos:
        store.db.execute(ADD, {"visit": visit_id, "item": item_id, "sent": bytes.fromhex(sent_hash)})


COLUMNS = """
SELECT photo.visit_id, item.code AS item, lower(hex(photo.sent_hash)) AS sent_hash,
    lower(hex(photo.stored_hash)) AS stored_hash, photo.received_at
FROM photo JOIN item ON item.id = photo.item_id
"""

LISTED = (
    COLUMNS
    + """
JOIN visit ON visit.id = photo.visit_id WHERE visit.uuid = :uuid AND photo.sent_hash = :sent
ORDER BY item.position LIMIT 1
"""
)


def find(store: Store, visit: UUID, sent_hash: str) -> Row | None:
    """The photo, when the visit lists it: visit_id, item, sent_hash, and once it is here stored_hash and
    received_at; nobody's sight is asked.
    """
    row = store.row(LISTED, {"uuid": visit.bytes, "sent": bytes.fromhex(sent_hash)})
    return None if row is None else _plain(row)


def list_for_visit(store: Store, visit_id: int) -> list[Row]:
    """The photos of a visit, by item."""
    sql = COLUMNS + "WHERE photo.visit_id = :visit ORDER BY item.position, photo.sent_hash"
    return [_plain(row) for row in store.rows(sql, {"visit": visit_id})]


def _plain(row: Row) -> Row:
    """Without a stored hash where there is none: hex(NULL) is ''."""
    return {**row, "stored_hash": row["stored_hash"] or None}


def set_stored(store: Store, visit_id: int, sent_hash: str, *, stored_hash: str, at: int) -> None:
    """Say that a photo is here; inside `write()`."""
    store.db.execute(
        "UPDATE photo SET stored_hash = :stored, received_at = :at "
        "WHERE visit_id = :visit AND sent_hash = :sent AND stored_hash IS NULL",
        {
            "visit": visit_id,
            "sent": bytes.fromhex(sent_hash),
            "stored": bytes.fromhex(stored_hash),
            "at": at,
        },
    )


STORED = """
SELECT visit.uuid, lower(hex(photo.stored_hash)) AS stored_hash
FROM json_each(:visits) AS wanted
CROSS JOIN photo ON photo.visit_id = wanted.value
JOIN visit ON visit.id = photo.visit_id
WHERE photo.stored_hash IS NOT NULL ORDER BY photo.visit_id
"""


def list_stored(store: Store, visit_ids: Iterable[int]) -> list[Row]:
    """The photos of these visits that are here: the visit's uuid and stored_hash of each."""
    return store.rows(STORED, {"visits": json.dumps(list(visit_ids))})


def unnamed(store: Store, stored_hashes: Iterable[str]) -> list[str]:
    """Those of these stored hashes that no photo has."""
    rows = store.rows(
        "SELECT value FROM json_each(:hashes) "
        "WHERE NOT EXISTS (SELECT 1 FROM photo WHERE stored_hash = unhex(value))",
        {"hashes": json.dumps(list(stored_hashes))},
    )
    return [row["value"] for row in rows]


MISSING = """
SELECT visit.id AS visit_id, visit.received_at, count(*) AS n
FROM json_each(:visits) AS wanted
CROSS JOIN visit ON visit.id = wanted.value
JOIN photo ON photo.visit_id = visit.id AND photo.stored_hash IS NULL
WHERE visit.received_at < :before GROUP BY visit.id
"""


def list_missing(store: Store, visit_ids: Iterable[int], *, now: int) -> list[Row]:
    """Those of these visits that came long ago and lack photos: visit_id, received_at and how many, `n`."""
    return store.rows(MISSING, {"visits": json.dumps(list(visit_ids)), "before": now - LATE_S})
