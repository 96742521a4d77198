"""A shopper is asked to visit a branch within some days, with a checklist, a scenario and a briefing."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack
from uuid import UUID

from uuid6 import uuid7

from checker.actions.assignment_entry import Asked, read_entry
from checker.store import trail
from checker.store.connection import Store


def plan_assignment(
    store: Store, *, batch_id: int | None = None, by: int | None, now: datetime, **asked: Unpack[Asked]
) -> UUID:
    """Plan an assignment and return its id; the shopper accepts or declines it.

    The same once more from the same person within a minute is the same assignment, except in an import, which
    knows its rows by itself.

    Raises Refused with every fault, the place being the field's name.
    """
    at = int(now.timestamp())
    uuid = UUID(int=uuid7().int)
    with store.write():
        entry = read_entry(store, **asked)
        row = {"uuid": uuid.bytes, "state": "planned", "state_at": at, "created_at": at, "created_by": by}
        if batch_id is None:
            said = {**entry.row(), "state": "planned"}
            if (same := store.added_lately("assignment", said, by=by, at=at)) is not None:
                return UUID(bytes=same["uuid"])
        store.add("assignment", {**row, **entry.row(), "batch_id": batch_id})
        if batch_id is None:  # an import is one line in the trail, not thousands
            trail.add(store, person_id=by, act="assignment.plan", thing=str(uuid), at=at)
    return uuid
