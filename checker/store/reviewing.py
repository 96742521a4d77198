"""Visits as reviewers list them: by what was decided, the newest first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from checker.store.connection import Row, Store
from checker.store.photos import LATE_S
from checker.store.visits import LINES

MORE = """branch.zone, branch.code AS branch, branch.name AS branch_name, visit.received_at,
    person.name AS shopper,"""
COLUMNS = LINES.replace("branch.zone,", MORE, 1)

# Few visits are ever sent back, void or left out: the decisions name them, and the rest is not read.
DECIDED = "visit.id IN (SELECT visit_id FROM visit_event WHERE kind = :kind)"

SHOWN = {
    "sent": "visit.state = 'sent'",
    "noted": "visit.state = 'sent' AND visit.id IN (SELECT visit_id FROM review_note)",
    "photos": "visit.state <> 'void' AND visit.received_at < :late "
    "AND visit.id IN (SELECT visit_id FROM photo WHERE stored_hash IS NULL)",
    "returned": f"visit.state = 'returned' AND {DECIDED}",
    "approved": f"visit.state = 'approved' AND {DECIDED}",
    "excluded": f"visit.excluded AND {DECIDED}",
    "void": f"visit.state = 'void' AND {DECIDED}",
}
"""What a list can show -> the condition of its visits."""

KINDS = {"returned": "return", "approved": "approve", "excluded": "exclude", "void": "void"}


def list_visits(store: Store, *, show: str, now: int, limit: int, offset: int) -> list[Row]:
    """Visits as lines with branch, branch_name, received_at and shopper; `show` is a key of `SHOWN`."""
    lines = COLUMNS.format(source="visit LEFT JOIN person ON person.id = visit.shopper_id")
    sql = f"{lines} WHERE {SHOWN[show]} ORDER BY visit.id DESC LIMIT :limit OFFSET :offset"
    given = {"kind": KINDS.get(show), "late": now - LATE_S, "limit": limit, "offset": offset}
    return store.rows(sql, given)


NOTES = """
SELECT review_note.visit_id, review_note.code, review_note.details, review_note.at
FROM json_each(:visits) AS wanted CROSS JOIN review_note ON review_note.visit_id = wanted.value
ORDER BY review_note.id
"""


def list_notes(store: Store, visit_ids: Iterable[int]) -> list[Row]:
    """The notes for reviewers of these visits, `details` as a dict, oldest first."""
    rows = store.rows(NOTES, {"visits": json.dumps(list(visit_ids))})
    return [{**row, "details": json.loads(row["details"])} for row in rows]


NEXT = "SELECT uuid FROM visit WHERE state = 'sent' AND id < :id ORDER BY id DESC LIMIT 1"


def next_sent(store: Store, visit_id: int) -> UUID | None:
    """The visit that waits next in the list after this one."""
    found = store.value(NEXT, {"id": visit_id})
    return None if found is None else UUID(bytes=found)
