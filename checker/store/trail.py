"""The trail: who did what to which thing, when; appended, never changed, without answers or names."""

from __future__ import annotations

import json
from collections.abc import Mapping

from checker.store.connection import Row, Store


def add(
    store: Store, *, person_id: int | None, act: str, thing: str = "", at: int, details: Mapping[str, object] | None = None
) -> None:
    """Append one line; inside the `write()` of the act itself."""
    store.add(
        "trail",
        {"at": at, "person_id": person_id, "act": act, "thing": thing, "details": json.dumps(dict(details or {}))},
    )


def newest(store: Store, limit: int = 200) -> list[Row]:
    """The newest lines with the person's name."""
    return store.rows(
        "SELECT trail.at, trail.act, trail.thing, trail.details, person.name AS person FROM trail "
        "LEFT JOIN person ON person.id = trail.person_id ORDER BY trail.id DESC LIMIT :limit",
        {"limit": limit},
    )
