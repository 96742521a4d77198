"""Somebody lets an order go on that was stopped or could not be finished."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.actions.find_order import find_order
from checker.actions.order_reports import require_room
from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import trail
from checker.store.connection import Store


def resume_order(store: Store, uuid: UUID, *, by: int, now: datetime) -> None:
    """Put one's own order in line again; what is made already and still the same is left alone.

    Raises Problem "not_found", "order.open" (409) while it is not over, and "order.many" (409).
    """
    with store.write():
        order = find_order(store, uuid, by=by)
        if order["state"] in ("waiting", "running"):
            raise Problem("order.open", 409, N_("This order is not over yet; it goes on by itself."))
        require_room(store, by=by)
        at = int(now.timestamp())
        fresh = {"begun": 0, "ended_at": None, "stop_asked_at": None}
        store.change("report_order", order["id"], {"state": "waiting", **fresh})
        trail.add(store, person_id=by, act="report.resume", thing=str(uuid), at=at)
