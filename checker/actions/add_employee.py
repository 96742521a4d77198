"""An employee is added: a code, and the name that their own branch reads."""

from __future__ import annotations

from datetime import datetime

from checker.actions.branch_entry import code_faults, name_faults, tidy
from checker.standards.faults import N_, Fault, Refused
from checker.store import employees, trail
from checker.store.connection import Store


def add_employee(
    store: Store, *, code: str, name: str, batch_id: int | None = None, by: int | None, now: datetime
) -> int:
    """Add an employee and return the key. Raises Refused with every fault, the place being the field."""
    with store.write():
        faults = [*code_faults(code), *name_faults(name, "name")]
        if employees.find(store, code) is not None:
            text = N_("There is an employee “%(code)s” already. Choose another code.")
            faults.append(Fault("employee.taken", "code", text, {"code": code}))
        if faults:
            raise Refused(faults)
        key = store.add("employee", {"code": code, "name": tidy(name), "batch_id": batch_id})
        if batch_id is None:  # an import is one line in the trail, not thousands
            at = int(now.timestamp())
            trail.add(store, person_id=by, act="employee.add", thing=f"employee {code}", at=at)
    return key
