"""A person is signed out everywhere: a tablet was lost, or a password seen by somebody else."""

from __future__ import annotations

from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import people, sessions, trail
from checker.store.connection import Store


def end_sessions(store: Store, *, person_id: int, by: int | None, now: datetime) -> None:
    """End every session of a person; their password stays. Raises Problem "not_found"."""
    with store.write():
        if people.find(store, person_id) is None:
            raise not_found(N_("There is no such person."))
        sessions.end_all(store, person_id)
        thing = f"person {person_id}"
        trail.add(store, person_id=by, act="person.sign_out", thing=thing, at=int(now.timestamp()))
