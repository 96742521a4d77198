"""What the process that makes reports notes about an order, from its beginning to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from checker.standards.faults import N_
from checker.store import orders
from checker.store.connection import Row, Store

TRIES = 3
"""Beginnings: whoever works on it is ended by force; then the order itself may be what does it."""

Left = tuple[str, str, Mapping[str, object]]
"""A file that could not be made, the msgid that says why, and what stands in its gaps."""

ENDED_OFTEN = N_("The process making these reports was ended %(tries)s times. What is made can be fetched.")


def begin_order(store: Store, order: Row, *, now: datetime) -> bool:
    """Note that it is worked on; False when that was tried too often, and the order is given up, and when it
    was stopped since it was looked at.
    """
    with store.write():
        if not orders.is_open(store, order["id"]):
            return False
        orders.forget_failures(store, order["id"])
        if order["begun"] >= TRIES:
            orders.add_failure(store, order["id"], "", ENDED_OFTEN, {"tries": TRIES})
            _end(store, order["id"], "failed", now)
            return False
        store.change(
            "report_order", order["id"], {"state": "running", "begun": order["begun"] + 1, "made": 0}
        )
        return True


def note_progress(store: Store, order_id: int, *, total: int, made: int, left: Sequence[Left]) -> bool:
    """Note how far it has come, with what could not be made since; False when it is asked to stop."""
    with store.write():
        store.change("report_order", order_id, {"total": total, "made": made})
        for file, text, details in left:
            orders.add_failure(store, order_id, file, text, details)
        return not orders.stop_asked(store, order_id)


def end_order(
    store: Store, order_id: int, state: Literal["done", "stopped", "failed"], *, now: datetime
) -> None:
    """Note that it is over."""
    with store.write():
        _end(store, order_id, state, now)


def put_back(store: Store, order: Row) -> None:
    """Let it wait again, because the server stops; that does not count as a try."""
    with store.write():
        store.change("report_order", order["id"], {"state": "waiting", "begun": order["begun"]})


def _end(store: Store, order_id: int, state: str, now: datetime) -> None:
    store.change("report_order", order_id, {"state": state, "ended_at": int(now.timestamp())})
