"""The draft of an edition is thrown away; what was released stays for good."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.actions.edition_entry import find_draft
from checker.store import editions, trail
from checker.store.connection import Store


def discard_edition(store: Store, uuid: UUID, *, changes: int, by: int | None, now: datetime) -> None:
    """Throw the draft away. Raises Problem like `find_draft`."""
    with store.write():
        draft = find_draft(store, uuid, changes=changes)
        editions.remove(store, draft["id"])
        trail.add(store, person_id=by, act="edition.discard", thing=str(uuid), at=int(now.timestamp()))
