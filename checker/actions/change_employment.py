"""An employment ends, or was entered wrongly and is put right."""

from __future__ import annotations

from datetime import datetime

from checker.actions.employee_entry import read_period
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import employments, trail
from checker.store.connection import Store


def change_employment(
    store: Store,
    *,
    employment_id: int,
    branch: str,
    from_on: str | None,
    to_on: str | None,
    by: int | None,
    now: datetime,
) -> bool:
    """Put branch and days in place of the stored ones; False when they are the same.

    Visits keep the employees they named; whether somebody was employed is noted when a visit arrives, and not
    asked again. Raises Refused; the places are "branch", "from" and "to".
    """
    with store.write():
        held = employments.get(store, employment_id)
        if held is None:
            raise not_found(N_("There is no such employment."))
        period = read_period(
            store,
            employee_id=held["employee_id"],
            branch=branch,
            from_on=from_on,
            to_on=to_on,
            besides=employment_id,
        )
        changed = sorted(column for column, value in period.row().items() if held[column] != value)
        if changed:
            store.change("employment", employment_id, period.row())
            trail.add(
                store,
                person_id=by,
                act="employment.change",
                thing=f"employee {held['employee']} at {branch}",
                at=int(now.timestamp()),
                details={"changed": changed},
            )
    return bool(changed)
