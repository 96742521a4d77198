"""An employee is renamed, retired, or brought back."""

from __future__ import annotations

from datetime import datetime

from checker.actions.branch_entry import name_faults, tidy
from checker.problem import not_found
from checker.standards.faults import N_, Refused
from checker.store import employees, trail
from checker.store.connection import Store


def change_employee(
    store: Store, *, code: str, name: str, retired: bool = False, by: int | None, now: datetime
) -> bool:
    """Put a name in place, and whether shoppers may still choose this person; False when nothing changed.

    Past visits keep the employee. Raises Refused.
    """
    at = int(now.timestamp())
    with store.write():
        held = employees.find(store, code)
        if held is None:
            raise not_found(N_("There is no such employee."))
        if faults := list(name_faults(name, "name")):
            raise Refused(faults)
        fresh = {"name": tidy(name), "retired_at": (held["retired_at"] or at) if retired else None}
        changed = sorted(column for column, value in fresh.items() if held[column] != value)
        if changed:
            store.change("employee", held["id"], fresh)
            details = {"changed": changed}
            trail.add(
                store, person_id=by, act="employee.change", thing=f"employee {code}", at=at, details=details
            )
    return bool(changed)
