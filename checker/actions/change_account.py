"""A person changes their own name or language."""

from __future__ import annotations

from datetime import datetime

from checker.config import LANGUAGES
from checker.standards.faults import N_, Fault, Refused
from checker.store import trail
from checker.store.connection import Store


def change_account(store: Store, *, person_id: int, name: str, language: str, now: datetime) -> None:
    """Put a new name and language in place. Raises Refused."""
    name = " ".join(name.split())
    faults = []
    if not name or len(name) > 200:
        faults.append(Fault("person.name", "name", N_("Give a name of at most 200 characters.")))
    if language not in LANGUAGES:
        faults.append(Fault("person.language", "language", N_("Choose one of the languages offered.")))
    if faults:
        raise Refused(faults)
    with store.write():
        store.change("person", person_id, {"name": name, "language": language})
        trail.add(
            store,
            person_id=person_id,
            act="account.change",
            thing=f"person {person_id}",
            at=int(now.timestamp()),
        )
