"""A person decides about a sent visit: approves it, sends it back, voids it, leaves it out, or brings it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from checker.problem import Problem
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import counted, next_visit_state
from checker.store import trail, visits
from checker.store.connection import Row, Store

NEEDS_REASON = {"void", "returned", "excluded"}


def review_visit(store: Store, visit: Row, *, decision: str, reason: str, by: int, now: datetime) -> None:
    """Carry out a decision ("approved", "returned", "void", "excluded", "restored") about a visit the person may see.

    Every figure follows in the same transaction. Raises Refused when a reason is missing or the visit's state does not
    allow the step, Problem "visit.changed" when somebody decided meanwhile.
    """
    reason = reason.strip()
    if decision in NEEDS_REASON and not reason:
        raise Refused([Fault("visit.reason_missing", "reason", N_("Say why; the reason stays with the visit."))])
    at = int(now.timestamp())
    with store.write():
        current = visits.get(store, visit["id"])
        if current["state"] != visit["state"]:
            raise Problem("visit.changed", 409, N_("Somebody decided about this visit meanwhile. Look at it again."))
        state = next_visit_state(current["state"], decision)
        row: dict[str, object] = {"state": state, "counted": int(still_counted(current, state=state))}
        if state == "approved" and current["revealed_at"] is None:
            row["revealed_at"] = at
        visits.change(store, current["id"], row)
        visits.add_event(store, current["id"], kind=decision, person_id=by, reason=reason, at=at)
        trail.add(store, person_id=by, act=f"visit.{decision}", thing=str(UUID(bytes=current["uuid"])), at=at)


def still_counted(visit: Row, *, state: str, notice_given_on: str | None = None, review: bool | None = None) -> bool:
    """Whether a stored visit enters figures in `state`; the programme's settings unless others are given."""
    local = datetime.fromtimestamp(visit["visited_at"], ZoneInfo(visit["zone"]))
    return counted(
        outcome=visit["outcome"],
        state=state,
        practice=bool(visit["practice"]),
        subject=visit["subject"],
        visited_on=local.date().isoformat(),
        notice_given_on=visit["notice_given_on"] if review is None else notice_given_on,
        review_required=bool(visit["review"]) if review is None else review,
    )

