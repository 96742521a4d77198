"""A person gets a link with which to set a password, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import invitations, people, trail
from checker.store.connection import Store
from checker.tokens import fresh_token


def invite_person(store: Store, *, person_id: int, days: int, by: int | None, now: datetime) -> str:
    """Make a link that works for `days` days and return its path, "/welcome/…"; earlier links stop working.

    Only the hash is stored: the path is shown now or never.
    """
    token, hashed = fresh_token()
    at = int(now.timestamp())
    with store.write():
        held = people.find(store, person_id)
        if held is None or held["disabled_at"] is not None:
            raise not_found(N_("There is no such person."))
        invitations.add(
            store,
            token_hash=hashed,
            person_id=person_id,
            at=at,
            expires_at=int((now + timedelta(days=days)).timestamp()),
        )
        trail.add(store, person_id=by, act="person.invite", thing=f"person {person_id}", at=at)
    return f"/welcome/{token}"
