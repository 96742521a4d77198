"""A branch is added to its region."""

from __future__ import annotations

from datetime import datetime

from checker.actions.branch_entry import code_faults, read_entry
from checker.standards.faults import N_, Fault, Refused
from checker.store import branches, trail
from checker.store.connection import Store


def add_branch(
    store: Store,
    *,
    code: str,
    name: str,
    region: str,
    zone: str,
    format: str = "",
    group: str = "",
    opened_on: str | None = None,
    closed_on: str | None = None,
    batch_id: int | None = None,
    by: int | None,
    now: datetime,
) -> int:
    """Add a branch and return its key.

    `region` is a code, `zone` an IANA name such as Europe/Helsinki, days are ISO text. Visits name the branch
    by its code, so that never changes. Raises Refused with every fault, the place being the field's name.
    """
    with store.write():
        faults = code_faults(code)
        if not faults and branches.find(store, code) is not None:
            text = N_("There is a branch “%(code)s” already. Choose another code.")
            faults.append(Fault("branch.taken", "code", text, {"code": code}))
        try:
            entry = read_entry(
                store,
                name=name,
                region=region,
                zone=zone,
                format=format,
                group=group,
                opened_on=opened_on,
                closed_on=closed_on,
            )
        except Refused as refused:
            raise Refused([*faults, *refused.faults]) from None
        if faults:
            raise Refused(faults)
        key = store.add("branch", {"code": code, **entry.row(), "batch_id": batch_id})
        if batch_id is None:  # an import is one line in the trail, not thousands
            trail.add(store, person_id=by, act="branch.add", thing=f"branch {code}", at=int(now.timestamp()))
    return key
