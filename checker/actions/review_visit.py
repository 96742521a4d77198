"""A person decides about a sent visit: approves it, sends it back, voids it, brings it back, or leaves it
out of figures.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.actions.judging import is_counted
from checker.problem import Problem
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import Review, ReviewStep, next_review
from checker.store import trail, visits
from checker.store.connection import Row, Store

NEEDS_REASON = {"void", "return", "exclude"}
DECISIONS = ("approve", "return", "void", "restore", "exclude", "include")


def review_visit(store: Store, visit: Row, *, decision: str, reason: str, by: int, now: datetime) -> None:
    """Carry out one of `DECISIONS` about a visit the person may see; every figure follows in the same
    transaction.

    Raises Refused when a reason is missing or the visit's state does not allow the step, Problem
    "visit.changed" when
    somebody decided about it or corrected it meanwhile.
    """
    reason = reason.strip()
    if decision in NEEDS_REASON and not reason:
        raise Refused(
            [Fault("visit.reason_missing", "reason", N_("Say why; the reason stays with the visit."))]
        )
    at = int(now.timestamp())
    with store.write():
        current = visits.get(store, visit["id"])
        if (current["state"], current["excluded"]) != (visit["state"], visit["excluded"]):
            raise Problem(
                "visit.changed", 409, N_("Somebody decided about this visit meanwhile. Look at it again.")
            )
        if current["revision"] != visit["revision"]:
            raise Problem("visit.changed", 409, N_("This visit was corrected meanwhile. Look at it again."))
        decided = {**current, **_decided(current, decision)}
        if decided["state"] == Review.APPROVED and current["revealed_at"] is None:
            decided["revealed_at"] = at
        decided["counted"] = int(is_counted(decided, current, current["zone"]))
        columns = ("state", "excluded", "revealed_at", "counted")
        visits.change(store, current["id"], {column: decided[column] for column in columns})
        visits.add_event(store, current["id"], kind=decision, person_id=by, reason=reason, at=at)
        trail.add(store, person_id=by, act=f"visit.{decision}", thing=str(UUID(bytes=current["uuid"])), at=at)


def _decided(visit: Row, decision: str) -> Row:
    if decision in ("exclude", "include"):
        return {"excluded": int(decision == "exclude")}
    return {"state": next_review(Review(visit["state"]), ReviewStep(decision)).value}
