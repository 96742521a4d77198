"""An action is planned: what will be done, who sees to it, by when, and how one will see that it worked."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack
from uuid import UUID

from uuid6 import uuid7

from checker.actions.action_entry import Asked, read_entry, today_at
from checker.problem import not_found
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.faults import N_
from checker.store import branches, programmes, regions, trail
from checker.store.connection import Store


def plan_action(
    store: Store,
    *,
    branch: str | None = None,
    region: str | None = None,
    programme: str = DEFAULT_PROGRAMME,
    by: int | None,
    now: datetime,
    **asked: Unpack[Asked],
) -> UUID:
    """Plan an action of a branch or a region (by code), else of the network, and return its id.

    The same once more from the same person within a minute is the same action.

    Raises Refused with every fault, the place being the field's name; Problem "not_found" for a place that
    is not there.
    """
    at = int(now.timestamp())
    uuid = UUID(int=uuid7().int)
    with store.write():
        plan = programmes.find(store, programme)
        place = branches.find(store, branch) if branch else None
        area = regions.find(store, region) if region else None
        if plan is None or (branch and place is None) or (region and area is None):
            raise not_found(N_("There is no such place to plan an action for."))
        entry = read_entry(store, today=today_at(place["zone"] if place else None, now), **asked)
        row = {
            "programme_id": plan["id"],
            "branch_id": place["id"] if place else None,
            "region_id": area["id"] if area else None,
            "state": "open",
            **entry.row(),
        }
        if (same := store.added_lately("action", row, by=by, at=at)) is not None:
            return UUID(bytes=same["uuid"])
        store.add("action", {**row, "uuid": uuid.bytes, "created_at": at, "created_by": by})
        details = {"scope": branch or region or "network"}
        trail.add(store, person_id=by, act="action.plan", thing=str(uuid), at=at, details=details)
    return uuid
