"""A target that was set by mistake is taken away."""

from __future__ import annotations

from datetime import datetime

from checker.store import targets, trail
from checker.store.connection import Store


def remove_target(store: Store, *, target_id: int, by: int | None, now: datetime) -> None:
    """Take a target away as if it had never been set; to end one, set another from a later month on."""
    with store.write():
        targets.remove(store, target_id)
        thing = f"target {target_id}"
        trail.add(store, person_id=by, act="target.remove", thing=thing, at=int(now.timestamp()))
