"""An action is closed, done or dropped, with what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.actions.action_entry import LONGEST, find_action, today_at, words_faults
from checker.problem import Problem
from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault, Refused
from checker.store import trail
from checker.store.connection import Store

ENDS = ("done", "dropped")


def close_action(
    store: Store, uuid: UUID, *, state: str, outcome: str, by: int | None, now: datetime
) -> None:
    """Close an open action today, on the calendar of its branch: `state` "done" or "dropped".

    Raises Refused with every fault, Problem "action.closed" (409) when it is closed already, "not_found".
    """
    with store.write():
        held = find_action(store, uuid)
        if held["state"] != "open":
            raise Problem("action.closed", 409, N_("This action is closed already."))
        said = clean_text(outcome)
        faults = words_faults(
            said, "outcome", LONGEST, N_("Say what came of it, even if it is not what you hoped for.")
        )
        if state not in ENDS:
            faults.append(Fault("action.state", "state", N_("Say whether it was done or dropped.")))
        if faults:
            raise Refused(faults)
        closed_on = today_at(held["zone"], now).isoformat()
        store.change("action", held["id"], {"state": state, "outcome": said, "closed_on": closed_on})
        trail.add(
            store,
            person_id=by,
            act="action.close",
            thing=str(uuid),
            at=int(now.timestamp()),
            details={"state": state},
        )
