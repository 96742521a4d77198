"""A person signs in on a device."""

from __future__ import annotations

from datetime import datetime, timedelta

from checker.passwords import Passwords
from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import people, sessions, trail
from checker.store.connection import Store
from checker.store.people import Person, person_of
from checker.tokens import fresh_token, token_hash


def check_password(store: Store, *, email: str, password: str, passwords: Passwords) -> Person:
    """Who this is.

    An unknown address, a disabled person and a wrong password get the same answer in the same time.

    Raises Problem "sign_in.refused" (422).
    """
    held = people.find_by_email(store, email.strip())
    stored = None if held is None or held["disabled_at"] is not None else held["password_hash"]
    fits = passwords.fits(password, stored)
    if held is None or not fits:
        text = N_("E-mail address and password do not fit together. Check both and try again.")
        raise Problem("sign_in.refused", 422, text)
    if passwords.outdated(held["password_hash"]):
        hashed = passwords.hash(password)
        with store.write():
            store.change("person", held["id"], {"password_hash": hashed})
    return person_of(held)


def begin_session(
    store: Store, person: Person, *, hours: int, agent: str, now: datetime, in_place_of: str | None = None
) -> str:
    """Begin a session and return its token, for the cookie.

    Always a new token, so that one planted before the sign-in is worth nothing; `in_place_of` is the token
    this device had until now, whoever's, and ends.
    """
    token, hashed = fresh_token()
    at = int(now.timestamp())
    with store.write():
        if in_place_of is not None:
            sessions.end(store, token_hash(in_place_of))
        sessions.add(
            store,
            token_hash=hashed,
            person_id=person.id,
            at=at,
            expires_at=int((now + timedelta(hours=hours)).timestamp()),
            agent=agent[:200],
        )
        trail.add(store, person_id=person.id, act="session.begin", at=at)
    return token
