"""A region is renamed, retired, or brought back."""

from __future__ import annotations

from datetime import datetime

from checker.actions.branch_entry import name_faults, tidy
from checker.problem import not_found
from checker.standards.faults import N_, Fault, Refused
from checker.store import regions, trail
from checker.store.connection import Store


def change_region(
    store: Store, *, code: str, name: str, retired: bool = False, by: int | None, now: datetime
) -> bool:
    """Put a name in place and say whether the region is in use; False when nothing changed.

    Raises Refused: a region with open branches cannot retire, for they would belong nowhere.
    """
    at = int(now.timestamp())
    with store.write():
        held = regions.find(store, code)
        if held is None:
            raise not_found(N_("There is no such region."))
        faults = list(name_faults(name, "name"))
        if retired and held["retired_at"] is None and regions.count_open(store, held["id"]):
            text = N_("Branches still belong to this region. Move them to another one first.")
            faults.append(Fault("region.in_use", "retired", text))
        if faults:
            raise Refused(faults)
        retired_at = (held["retired_at"] or at) if retired else None
        fresh = {"name": tidy(name), "retired_at": retired_at}
        changed = sorted(column for column, value in fresh.items() if held[column] != value)
        if changed:
            store.change("region", held["id"], fresh)
            details = {"changed": changed}
            trail.add(
                store, person_id=by, act="region.change", thing=f"region {code}", at=at, details=details
            )
    return bool(changed)
