"""An employment that never was is taken away."""

from __future__ import annotations

from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import employments, trail
from checker.store.connection import Store


def remove_employment(store: Store, *, employment_id: int, by: int | None, now: datetime) -> None:
    """Take away an employment that never was; one that is over gets a last day instead."""
    with store.write():
        held = employments.get(store, employment_id)
        if held is None:
            raise not_found(N_("There is no such employment."))
        employments.remove(store, employment_id)
        thing = f"employee {held['employee']} at {held['branch']}"
        trail.add(store, person_id=by, act="employment.remove", thing=thing, at=int(now.timestamp()))
