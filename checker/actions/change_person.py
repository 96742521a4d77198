"""What is known about a person is changed; what they may see follows with their next click."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from checker.actions.admitting import read_entry
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import mailings, people, trail
from checker.store.connection import Store


def change_person(
    store: Store,
    *,
    person_id: int,
    email: str,
    name: str,
    role: str,
    branches: Iterable[str] = (),
    regions: Iterable[str] = (),
    language: str = "en",
    employee: str | None = None,
    by: int | None,
    now: datetime,
) -> None:
    """Put these values in place of the stored ones; `branches`, `regions` and `employee` are codes.

    Raises Refused with every fault, Problem "person.last_admin" (409) when nobody could administer any more.
    """
    at = int(now.timestamp())
    with store.write():
        held = people.find(store, person_id)
        if held is None:
            raise not_found(N_("There is no such person."))
        entry = read_entry(
            store,
            email=email,
            name=name,
            role=role,
            branches=branches,
            regions=regions,
            language=language,
            employee=employee,
            person_id=person_id,
        )
        if held["role"] == "admin" and entry.role != "admin":
            keep_an_admin(store, besides=person_id)
        if held["email"] != entry.email:
            mailings.follow(store, old=held["email"], new=entry.email)
        scopes_before = people.scopes(store, person_id)
        store.change("person", person_id, entry.row())
        people.set_scopes(store, person_id, branch_ids=entry.branch_ids, region_ids=entry.region_ids)
        changed = sorted(column for column, value in entry.row().items() if held[column] != value)
        if people.scopes(store, person_id) != scopes_before:
            changed.append("scopes")
        trail.add(
            store,
            person_id=by,
            act="person.change",
            thing=f"person {person_id}",
            at=at,
            details={"changed": changed},
        )


def keep_an_admin(store: Store, *, besides: int) -> None:
    """Refuse when nobody else could administer."""
    if not people.count_admins(store, besides=besides):
        text = N_("This is the only administrator. Make somebody else an administrator first.")
        raise Problem("person.last_admin", 409, text)
