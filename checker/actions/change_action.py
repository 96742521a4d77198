"""An open action gets other words, another owner, another day or another measure."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack
from uuid import UUID

from checker.actions.action_entry import Asked, find_action, read_entry, today_at
from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import trail
from checker.store.connection import Store


def change_action(store: Store, uuid: UUID, *, by: int | None, now: datetime, **asked: Unpack[Asked]) -> bool:
    """Put these values in place of the stored ones; False when they are the same.

    Raises Refused with every fault, Problem "action.closed" (409) when it is closed, "not_found".
    """
    with store.write():
        held = find_action(store, uuid)
        if held["state"] != "open":
            text = N_("This action is closed. Open it again before you change it.")
            raise Problem("action.closed", 409, text)
        row = read_entry(store, today=today_at(held["zone"], now), held=held, **asked).row()
        changed = sorted(column for column, value in row.items() if held[column] != value)
        if not changed:
            return False
        store.change("action", held["id"], row)
        trail.add(
            store,
            person_id=by,
            act="action.change",
            thing=str(uuid),
            at=int(now.timestamp()),
            details={"changed": changed},
        )
    return True
