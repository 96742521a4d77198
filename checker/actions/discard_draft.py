"""A shopper throws a draft away; it leaves their list, and stays for an administrator to bring back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import drafts, trail
from checker.store.connection import Store


def discard_draft(store: Store, uuid: UUID, *, shopper_id: int, now: datetime) -> None:
    """Discard one's own draft. Raises Problem "not_found", "draft.sent" (409) when it has become a visit."""
    at = int(now.timestamp())
    with store.write():
        held = drafts.find_for(store, uuid, shopper_id=shopper_id)
        if held is None:
            raise not_found(N_("There is no such visit, or it is not yours."))
        if held["sent_at"] is not None:
            raise Problem(
                "draft.sent", 409, N_("This visit was sent already, so it cannot change here any more.")
            )
        drafts.discard(store, held["id"], at=at)
        trail.add(store, person_id=shopper_id, act="draft.discard", thing=str(uuid), at=at)
