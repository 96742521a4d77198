"""A person takes back what was released of a visit; reports made from now on do not quote it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import checklists, quotes, trail
from checker.store.connection import Row, Store


def withdraw_quote(store: Store, visit: Row, *, item: str, by: int, now: datetime) -> None:
    """Take back what is released on one question of a visit the person may see.

    Raises Problem "not_found" when nothing is.
    """
    at = int(now.timestamp())
    with store.write():
        item_id = checklists.get(store, visit["version_id"]).item_ids.get(item, 0)
        if not quotes.withdraw(store, visit["id"], item_id, by=by, at=at):
            raise not_found(N_("Nothing is released on this question."))
        thing = str(UUID(bytes=visit["uuid"]))
        trail.add(store, person_id=by, act="quote.withdraw", thing=thing, at=at, details={"item": item})
