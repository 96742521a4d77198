"""A person may not sign in any more, or may again."""

from __future__ import annotations

from datetime import datetime

from checker.actions.change_person import keep_an_admin
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import people, sessions, trail
from checker.store.connection import Store


def disable_person(store: Store, *, person_id: int, by: int | None, now: datetime) -> None:
    """Disable a person and end their sessions; their past visits and notes stay as they are.

    Raises Problem "person.last_admin" (409) when nobody could administer any more.
    """
    at = int(now.timestamp())
    with store.write():
        held = people.find(store, person_id)
        if held is None:
            raise not_found(N_("There is no such person."))
        if held["disabled_at"] is not None:
            return
        if held["role"] == "admin":
            keep_an_admin(store, besides=person_id)
        store.change("person", person_id, {"disabled_at": at})
        sessions.end_all(store, person_id)
        trail.add(store, person_id=by, act="person.disable", thing=f"person {person_id}", at=at)


def enable_person(store: Store, *, person_id: int, by: int | None, now: datetime) -> None:
    """Let a disabled person sign in again, with the password they had."""
    with store.write():
        held = people.find(store, person_id)
        if held is None:
            raise not_found(N_("There is no such person."))
        if held["disabled_at"] is None:
            return
        store.change("person", person_id, {"disabled_at": None})
        trail.add(
            store, person_id=by, act="person.enable", thing=f"person {person_id}", at=int(now.timestamp())
        )
