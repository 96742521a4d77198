"""A person is admitted; they set a password themselves, by a one-time link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from checker.actions.admitting import read_entry
from checker.store import people, trail
from checker.store.connection import Store


def add_person(
    store: Store,
    *,
    email: str,
    name: str,
    role: str,
    branches: Iterable[str] = (),
    regions: Iterable[str] = (),
    language: str = "en",
    employee: str | None = None,
    batch_id: int | None = None,
    by: int | None,
    now: datetime,
) -> int:
    """Add a person and return the key.

    `branches`, `regions` and `employee` are codes; `batch_id` is the import they came with. Raises Refused
    with every fault, the place being the field's name.
    """
    at = int(now.timestamp())
    with store.write():
        entry = read_entry(
            store,
            email=email,
            name=name,
            role=role,
            branches=branches,
            regions=regions,
            language=language,
            employee=employee,
        )
        person_id = store.add("person", {**entry.row(), "created_at": at, "batch_id": batch_id})
        people.set_scopes(store, person_id, branch_ids=entry.branch_ids, region_ids=entry.region_ids)
        trail.add(
            store,
            person_id=by,
            act="person.add",
            thing=f"person {person_id}",
            at=at,
            details={"role": entry.role},
        )
    return person_id
