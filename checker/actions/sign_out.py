"""A person signs out, here or on another device."""

from __future__ import annotations

from datetime import datetime

from checker.store import sessions, trail
from checker.store.connection import Store


def end_session(store: Store, session_hash: bytes, *, person_id: int, now: datetime) -> bool:
    """End one of this person's sessions; False when it is not theirs or over already."""
    with store.write():
        ended = sessions.end(store, session_hash, person_id=person_id)
        if ended:
            trail.add(store, person_id=person_id, act="session.end", at=int(now.timestamp()))
    return ended
