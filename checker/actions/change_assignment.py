"""An assignment that is still to be done gets other days, another shopper, or other words."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack
from uuid import UUID

from checker.actions.assignment_entry import Asked, read_entry
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import assignments, trail
from checker.store.connection import Store

OPEN = ("planned", "accepted")


def change_assignment(
    store: Store, uuid: UUID, *, by: int | None, now: datetime, **asked: Unpack[Asked]
) -> bool:
    """Put these values in place of the stored ones; False when they are the same.

    Another shopper has not accepted yet, so the assignment is planned again. Raises Refused with every
    fault, and Problem "assignment.over" (409) when it is done, declined, expired or cancelled.
    """
    at = int(now.timestamp())
    with store.write():
        held = assignments.find(store, uuid)
        if held is None:
            raise not_found(N_("There is no such assignment."))
        row = read_entry(store, **asked).row()
        changed = sorted(column for column, value in row.items() if held[column] != value)
        if not changed:
            return False
        if held["state"] not in OPEN:
            text = N_("This assignment is %(state)s and cannot change any more. Plan a new one.")
            raise Problem("assignment.over", 409, text, {"state": held["state"]})
        if "shopper_id" in changed:
            row |= {"state": "planned", "state_at": at}
        store.change("assignment", held["id"], row)
        details = {"changed": changed}
        trail.add(store, person_id=by, act="assignment.change", thing=str(uuid), at=at, details=details)
    return True
