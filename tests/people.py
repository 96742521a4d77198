"""The cast: a person per role, and Bo, who belongs elsewhere. Each function finds or adds the person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from checker.actions.add_person import add_person
from checker.config import Settings
from checker.passwords import Passwords
from checker.store import people
from checker.store.connection import Store
from checker.store.people import Person, person_of
from tests import network

PASSWORD = "nine quiet lamps"

CHEAP = {"password_memory_kib": 8, "password_passes": 1}
"""Settings for password checks that take no time; their strength is tested on its own."""

ADMITTED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@cache
def passwords() -> Passwords:
    """The cheap way to keep passwords, made once."""
    return Passwords(Settings(instance=Path(), **CHEAP))


@cache
def password_hash() -> str:
    """The hash of everybody's password."""
    return passwords().hash(PASSWORD)


def ada(store: Store) -> Person:
    """Ada administers."""
    return someone(store, "ada@example.org", "Ada Ash", "admin")


def sam(store: Store) -> Person:
    """Sam shops."""
    return someone(store, "sam@example.org", "Sam Shore", "shopper")


def mara(store: Store) -> Person:
    """Mara manages Harbour and Station."""
    return someone(store, "mara@example.org", "Mara Moor", "manager", branches=["B001", "B002"])


def lee(store: Store) -> Person:
    """Lee leads the whole network."""
    return someone(store, "lee@example.org", "Lee Lake", "leadership")


def rea(store: Store) -> Person:
    """Rea reviews."""
    return someone(store, "rea@example.org", "Rea Reed", "reviewer")


def eve(store: Store) -> Person:
    """Eve is employee E0001 at Harbour."""
    return someone(store, "eve@example.org", "Eve Alder", "employee", employee="E0001")


def bo(store: Store) -> Person:
    """Bo manages Old Town, in another region."""
    return someone(store, "bo@example.org", "Bo Brook", "manager", branches=["B003"])


CAST = {"ada": ada, "sam": sam, "mara": mara, "lee": lee, "rea": rea, "eve": eve, "bo": bo}


def someone(
    store: Store,
    email: str,
    name: str,
    role: str,
    *,
    branches: Iterable[str] = (),
    regions: Iterable[str] = (),
    employee: str | None = None,
) -> Person:
    """The person with this address, added with the usual password when there is none yet."""
    network.build(store)
    if people.find_by_email(store, email) is None:
        with store.write():
            person_id = add_person(
                store,
                email=email,
                name=name,
                role=role,
                branches=branches,
                regions=regions,
                employee=employee,
                by=None,
                now=ADMITTED,
            )
            store.change("person", person_id, {"password_hash": password_hash()})
    row = people.find_by_email(store, email)
    assert row is not None
    return person_of(row)
