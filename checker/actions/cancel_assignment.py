"""An assignment is cancelled; a visit that was already made is still received."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.problem import not_found
from checker.standards.answers import clean_text
from checker.standards.faults import N_
from checker.standards.life import Assignment, AssignmentStep, next_state
from checker.store import assignments, trail
from checker.store.connection import Store


def cancel_assignment(store: Store, uuid: UUID, *, reason: str = "", by: int | None, now: datetime) -> None:
    """Cancel a planned or accepted assignment. Raises Refused when it is over already."""
    at = int(now.timestamp())
    with store.write():
        held = assignments.find(store, uuid)
        if held is None:
            raise not_found(N_("There is no such assignment."))
        state = next_state(Assignment(held["state"]), AssignmentStep.CANCEL)
        assignments.set_state(store, held["id"], state=state, reason=clean_text(reason), at=at)
        trail.add(store, person_id=by, act="assignment.cancel", thing=str(uuid), at=at)
