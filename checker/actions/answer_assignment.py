"""A shopper accepts or declines an assignment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.problem import not_found
from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import Assignment, AssignmentStep, next_state
from checker.store import assignments, trail
from checker.store.connection import Store


def answer_assignment(
    store: Store, uuid: UUID, *, shopper_id: int, step: AssignmentStep, reason: str = "", now: datetime
) -> None:
    """Take `step` (accept or decline) with one's own assignment; the same answer twice changes nothing.

    Raises Problem "not_found", Refused when a decline has no reason or the step is not possible any more.
    """
    reason = clean_text(reason)
    if step is AssignmentStep.DECLINE and not reason:
        raise Refused(
            [Fault("assignment.reason_missing", "reason", N_("Say why, so that somebody else can be asked."))]
        )
    at = int(now.timestamp())
    with store.write():
        held = assignments.find_for(store, uuid, shopper_id=shopper_id)
        if held is None:
            raise not_found(N_("There is no such assignment."))
        answered = Assignment.ACCEPTED if step is AssignmentStep.ACCEPT else Assignment.DECLINED
        if held["state"] == answered:
            return
        state = next_state(Assignment(held["state"]), step)
        assignments.set_state(store, held["id"], state=state, reason=reason, at=at)
        trail.add(store, person_id=shopper_id, act=f"assignment.{step}", thing=str(uuid), at=at)
