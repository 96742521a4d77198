"""An employee begins at a branch."""

from __future__ import annotations

from datetime import datetime

from checker.actions.employee_entry import read_period
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import employees, trail
from checker.store.connection import Store


def add_employment(
    store: Store,
    *,
    employee: str,
    branch: str,
    from_on: str | None,
    to_on: str | None = None,
    batch_id: int | None = None,
    by: int | None,
    now: datetime,
) -> int:
    """Employ somebody at a branch from a day to a last day (None: until further notice); returns the key.

    `employee` and `branch` are codes. An employee may work at several branches at once, and moves by ending
    one employment and beginning another. Raises Refused; the places are "branch", "from" and "to".
    """
    with store.write():
        held = employees.find(store, employee)
        if held is None:
            raise not_found(N_("There is no such employee."))
        period = read_period(store, employee_id=held["id"], branch=branch, from_on=from_on, to_on=to_on)
        key = store.add("employment", {"employee_id": held["id"], **period.row(), "batch_id": batch_id})
        if batch_id is None:  # an import is one line in the trail, not thousands
            thing = f"employee {employee} at {branch}"
            trail.add(store, person_id=by, act="employment.add", thing=thing, at=int(now.timestamp()))
    return key
