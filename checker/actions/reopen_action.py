"""A closed action is opened again: it was closed by mistake, or there is more to do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.actions.action_entry import find_action
from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import trail
from checker.store.connection import Store


def reopen_action(store: Store, uuid: UUID, *, by: int | None, now: datetime) -> None:
    """Open a closed action; its outcome is kept for whoever closes it next.

    Raises Problem "action.open" (409) when it is open, "not_found".
    """
    with store.write():
        held = find_action(store, uuid)
        if held["state"] == "open":
            raise Problem("action.open", 409, N_("This action is open already."))
        store.change("action", held["id"], {"state": "open", "closed_on": None})
        trail.add(store, person_id=by, act="action.reopen", thing=str(uuid), at=int(now.timestamp()))
