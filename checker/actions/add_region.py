"""A region is added: branches belong to one."""

from __future__ import annotations

from datetime import datetime

from checker.actions.branch_entry import code_faults, name_faults, tidy
from checker.standards.faults import N_, Fault, Refused
from checker.store import regions, trail
from checker.store.connection import Store


def add_region(
    store: Store, *, code: str, name: str, batch_id: int | None = None, by: int | None, now: datetime
) -> int:
    """Add a region and return its key. Raises Refused with every fault, the place being the field's name."""
    with store.write():
        faults = [*code_faults(code), *name_faults(name, "name")]
        if regions.find(store, code) is not None:
            text = N_("There is a region “%(code)s” already. Choose another code.")
            faults.append(Fault("region.taken", "code", text, {"code": code}))
        if faults:
            raise Refused(faults)
        key = store.add("region", {"code": code, "name": tidy(name), "batch_id": batch_id})
        if batch_id is None:  # an import is one line in the trail, not thousands
            trail.add(store, person_id=by, act="region.add", thing=f"region {code}", at=int(now.timestamp()))
    return key
