"""Drafts: what a shopper has typed so far, kept on the server until it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from checker.store.connection import Row, Store

FIND = "SELECT * FROM draft WHERE uuid = :uuid"


def find(store: Store, uuid: UUID) -> Row | None:
    """The draft's own row, whoever asks, also of one that was sent or discarded; a shopper has `find_for`."""
    return store.row(FIND, {"uuid": uuid.bytes})


FIND_FOR = FIND + " AND shopper_id = :shopper AND discarded_at IS NULL"


def find_for(store: Store, uuid: UUID, *, shopper_id: int) -> Row | None:
    """The draft's own row, when it is this shopper's; `body` as a dict."""
    return _read(store.row(FIND_FOR, {"uuid": uuid.bytes, "shopper": shopper_id}))


COLUMNS = """
SELECT draft.*, branch.code AS branch, branch.name AS branch_name, branch.zone,
    checklist.code AS checklist, checklist_version.version, programme.code AS programme,
    assignment.uuid AS assignment_uuid,
    EXISTS (SELECT 1 FROM visit WHERE visit.uuid = draft.uuid) AS was_sent
FROM draft
JOIN branch ON branch.id = draft.branch_id
JOIN checklist_version ON checklist_version.id = draft.version_id
JOIN checklist ON checklist.id = checklist_version.checklist_id
JOIN programme ON programme.id = draft.programme_id
LEFT JOIN assignment ON assignment.id = draft.assignment_id
"""
WHOLE_FOR = (
    COLUMNS + "WHERE draft.uuid = :uuid AND draft.shopper_id = :shopper AND draft.discarded_at IS NULL"
)


def find_whole_for(store: Store, uuid: UUID, *, shopper_id: int) -> Row | None:
    """The same with what it names, for pages; `was_sent`: there is a visit of its id."""
    return _read(store.row(WHOLE_FOR, {"uuid": uuid.bytes, "shopper": shopper_id}))


def _read(row: Row | None) -> Row | None:
    return None if row is None else {**row, "body": json.loads(row["body"])}


def list_for(store: Store, *, shopper_id: int) -> list[Row]:
    """A shopper's unsent drafts, last saved first; `body` as a dict."""
    rows = store.rows(
        COLUMNS
        + "WHERE draft.shopper_id = :shopper AND draft.sent_at IS NULL AND draft.discarded_at IS NULL "
        "ORDER BY draft.saved_at DESC",
        {"shopper": shopper_id},
    )
    return [{**row, "body": json.loads(row["body"])} for row in rows]


def find_open_for_assignment(store: Store, assignment_id: int) -> Row | None:
    """The unsent draft that was begun for this assignment."""
    return store.row(
        COLUMNS
        + "WHERE draft.assignment_id = :assignment AND draft.sent_at IS NULL AND draft.discarded_at IS NULL",
        {"assignment": assignment_id},
    )


ADD = """
INSERT INTO draft (uuid, shopper_id, assignment_id, version_id, branch_id, programme_id, body, created_at,
    saved_at)
VALUES (:uuid, :shopper_id, :assignment_id, :version_id, :branch_id, :programme_id, :body, :created_at,
    :saved_at)
ON CONFLICT (uuid) DO NOTHING RETURNING id
"""


def add(store: Store, row: Mapping[str, object]) -> int | None:
    """Begin a draft; None when its UUID is taken. Inside `write()`."""
    found = store.value(ADD, row)
    return None if found is None else int(found)


def save(
    store: Store, draft_id: int, *, body: Mapping[str, Any], device: str, sequence: int, at: int
) -> None:
    """Replace what is typed; inside `write()`."""
    store.change(
        "draft", draft_id, {"body": json.dumps(body), "device": device, "sequence": sequence, "saved_at": at}
    )


def keep_copy(
    store: Store, draft_id: int, *, body: Mapping[str, Any], device: str, base_sequence: int, at: int
) -> None:
    """Keep what another device had typed on an older base; inside `write()`."""
    store.add(
        "draft_copy",
        {
            "draft_id": draft_id,
            "device": device,
            "base_sequence": base_sequence,
            "body": json.dumps(body),
            "kept_at": at,
        },
    )


def change_copy(store: Store, copy_id: int, *, body: Mapping[str, Any], at: int) -> None:
    """Replace what a copy says; inside `write()`."""
    store.change("draft_copy", copy_id, {"body": json.dumps(body), "kept_at": at})


def list_copies(store: Store, draft_id: int) -> list[Row]:
    """The copies kept beside a draft, oldest first; `body` as a dict."""
    rows = store.rows("SELECT * FROM draft_copy WHERE draft_id = :draft ORDER BY id", {"draft": draft_id})
    return [{**row, "body": json.loads(row["body"])} for row in rows]


def mark_sent(store: Store, uuid: UUID, *, shopper_id: int | None, at: int) -> None:
    """The shopper's draft has become a visit; inside `write()`."""
    store.db.execute(
        "UPDATE draft SET sent_at = :at WHERE uuid = :uuid AND shopper_id = :shopper",
        {"uuid": uuid.bytes, "shopper": shopper_id, "at": at},
    )


def discard(store: Store, draft_id: int, *, at: int) -> None:
    """The shopper threw the draft away; it stays for an administrator to bring back."""
    store.change("draft", draft_id, {"discarded_at": at})
