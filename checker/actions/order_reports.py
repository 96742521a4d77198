"""Somebody orders many reports; they are made beside the server."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from checker.problem import Problem
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.store import orders, trail
from checker.store.connection import Store

MOST_OPEN = 5
"""Orders of one person that are not over; who wants more can wait for those, or stop them."""


def order_reports(
    store: Store,
    *,
    month: Month,
    series_id: int,
    scope: str,
    language: str,
    audience: str,
    by: int,
    now: datetime,
) -> UUID:
    """Keep the order and give its id. `scope` is "all", "branches" or "branches:<code of a region>".

    The caller has looked whether the person may have these reports; it is looked at again for each when it is
    made and when it is fetched. Raises Problem "order.many" (409).
    """
    with store.write():
        require_room(store, by=by)
        uuid = UUID(bytes=uuid7().bytes)
        wanted = {"month": int(month), "series_id": series_id, "scope": scope}
        copy = {"language": language, "audience": audience}
        row = {"uuid": uuid.bytes, "person_id": by, "ordered_at": int(now.timestamp())}
        store.add("report_order", {**row, **wanted, **copy})
        trail.add(
            store,
            person_id=by,
            act="report.order",
            thing=str(uuid),
            at=int(now.timestamp()),
            details={"month": str(month), "scope": scope, "audience": audience},
        )
    return uuid


def require_room(store: Store, *, by: int) -> None:
    """Raise Problem "order.many" (409) when a person has as many orders that are not over as they may."""
    if orders.count_open(store, person_id=by) >= MOST_OPEN:
        text = N_("%(most)s of your orders are not over yet. Wait for one, or stop it, then order again.")
        raise Problem("order.many", 409, text, {"most": MOST_OPEN})
