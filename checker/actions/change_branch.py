"""What is known about a branch is changed; its past visits keep the region and the month they had."""

from __future__ import annotations

from datetime import datetime

from checker.actions.branch_entry import read_entry
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import branches, trail
from checker.store.connection import Store


def change_branch(
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
    by: int | None,
    now: datetime,
) -> bool:
    """Put these values in place of the stored ones; False when they are the same.

    A branch retires by its `closed_on`. Raises Refused with every fault, the place being the field's name.
    """
    with store.write():
        held = branches.find(store, code)
        if held is None:
            raise not_found(N_("There is no such branch."))
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
        changed = sorted(column for column, value in entry.row().items() if held[column] != value)
        if changed:
            store.change("branch", held["id"], entry.row())
            trail.add(
                store,
                person_id=by,
                act="branch.change",
                thing=f"branch {code}",
                at=int(now.timestamp()),
                details={"changed": changed},
            )
    return bool(changed)
