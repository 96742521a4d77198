"""A shopper throws a draft away; it leaves their list, and stays for an administrator to bring back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import drafts, trail
from checker.store.connection import Store


def discard_draft(
    store: Store,
    uuid: UUID,
    *,
    shopper_id: int,
    device: str = "",
    base: int | None = None,
    now: datetime,
) -> None:
    """Discard one's own draft.

    `base` is the sequence that `device` knew when it was thrown away there, perhaps without network and long
    ago: what another device has saved since is not thrown away with it. Raises Problem "not_found",
    "draft.sent" (409) when it has become a visit, "draft.conflict" (409) when another device saved since.
    """
    at = int(now.timestamp())
    with store.write():
        held = drafts.find_for(store, uuid, shopper_id=shopper_id)
        if held is None:
            raise not_found(N_("There is no such visit, or it is not yours."))
        if held["sent_at"] is not None:
            raise Problem(
                "draft.sent", 409, N_("This visit was sent already, so it cannot change here any more.")
            )
        if base is not None and held["sequence"] != base and held["device"] != device:
            text = N_("Another device has saved this visit since it was thrown away here, so it is kept.")
            raise Problem("draft.conflict", 409, text, {"sequence": held["sequence"]})
        drafts.discard(store, held["id"], at=at)
        trail.add(store, person_id=shopper_id, act="draft.discard", thing=str(uuid), at=at)
