"""On a tablet that knows them, people sign in again with their PIN, which opens their renewal token there."""

from __future__ import annotations

from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import devices, people
from checker.store.connection import Row, Store
from checker.store.people import Person, person_of
from checker.tokens import read_renewal, renewal_token, same, token_hash


def check_renewal(store: Store, token: str, *, device_token: str | None, secret: str) -> Person:
    """Who the renewal token names, when it was given to them on this very device and still counts.

    Raises Problem "tablet.sign_in" (401): their password is asked for.
    """
    device = devices.find_by_token(store, token_hash(device_token)) if device_token else None
    named = read_renewal(token)
    if device is None or device["revoked_at"] is not None or named is None:
        raise _refused()
    person = people.find(store, named[1])
    if person is None or person["disabled_at"] is not None or person["role"] != "shopper":
        raise _refused()
    if not same(renewal_for(device, person, secret=secret), token):
        raise _refused()
    return person_of(person)


def renewal_for(device: Row, person: Row, *, secret: str) -> str:
    """The token a person signs in with again on this device; `person` as `people.find` gives them."""
    return renewal_token(
        secret,
        devices.uuid_of(device),
        revocations=device["revocations"],
        person_id=person["id"],
        password_hash=person["password_hash"],
    )


def _refused() -> Problem:
    return Problem("tablet.sign_in", 401, N_("This tablet does not know you any more. Use your password."))
