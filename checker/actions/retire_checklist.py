"""A checklist goes out of use, or comes back; its versions, visits and figures stay."""

from __future__ import annotations

from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import checklists, trail
from checker.store.connection import Store


def retire_checklist(store: Store, code: str, *, retired: bool = True, by: int | None, now: datetime) -> bool:
    """Say whether new assignments may use the checklist; False when nothing changed.

    Visits that are on their way are still received. Raises Problem "not_found".
    """
    at = int(now.timestamp())
    with store.write():
        version = checklists.current(store, code)
        if version is None:
            raise not_found(N_("There is no such checklist."))
        if retired != (version in checklists.list_current(store)):
            return False
        checklists.retire(store, code, at if retired else None)
        act = "checklist.retire" if retired else "checklist.restore"
        trail.add(store, person_id=by, act=act, thing=code, at=at)
    return True
