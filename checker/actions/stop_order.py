"""Somebody stops an order of reports; what is made stays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.actions.find_order import find_order
from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import trail
from checker.store.connection import Store


def stop_order(store: Store, uuid: UUID, *, by: int, now: datetime) -> None:
    """Stop one's own order: at once while it waits, else after the reports that are being made.

    Raises Problem "not_found", and "order.over" (409) when there is nothing to stop.
    """
    with store.write():
        order = find_order(store, uuid, by=by)
        at = int(now.timestamp())
        if order["state"] == "waiting":
            store.change("report_order", order["id"], {"state": "stopped", "ended_at": at})
        elif order["state"] == "running":
            store.change("report_order", order["id"], {"stop_asked_at": at})
        else:
            raise Problem("order.over", 409, N_("This order is over; there is nothing to stop."))
        trail.add(store, person_id=by, act="report.stop", thing=str(uuid), at=at)
