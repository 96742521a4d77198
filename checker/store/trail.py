"""The trail: who did what to which thing, when; appended, never changed, without answers or names."""

from __future__ import annotations

import json
from collections.abc import Mapping

from checker.store.connection import Row, Store


def add(
    store: Store,
    *,
    person_id: int | None,
    act: str,
    thing: str = "",
    at: int,
    details: Mapping[str, object] | None = None,
) -> None:
    """Append one line; inside the `write()` of the act itself."""
    store.add(
        "trail",
        {
            "at": at,
            "person_id": person_id,
            "act": act,
            "thing": thing,
            "details": json.dumps(dict(details)) if details else "{}",
        },
    )


def newest(store: Store, limit: int = 200) -> list[Row]:
    """The newest lines with the person's name."""
    return store.rows(
        "SELECT trail.at, trail.act, trail.thing, trail.details, person.name AS person FROM trail "
        "LEFT JOIN person ON person.id = trail.person_id ORDER BY trail.id DESC LIMIT :limit",
        {"limit": limit},
    )


PAGE = """
SELECT trail.id, trail.at, trail.act, trail.thing, trail.details, person.name AS person FROM trail
LEFT JOIN person ON person.id = trail.person_id
WHERE (:before IS NULL OR trail.id < :before)
AND (:person IS NULL OR trail.person_id = :person)
AND (:noun IS NULL OR trail.act LIKE :noun || '.%')
AND (:first IS NULL OR trail.at >= :first) AND (:last IS NULL OR trail.at <= :last)
ORDER BY trail.id DESC LIMIT :limit
"""


def page(
    store: Store,
    *,
    noun: str | None = None,
    person_id: int | None = None,
    first: int | None = None,
    last: int | None = None,
    before: int | None = None,
    limit: int,
) -> list[Row]:
    """Lines before the line `before`, the newest first: acts on one noun ("branch"), of one person, from
    the moment `first` to `last` (seconds since 1970).
    """
    parameters = {
        "noun": noun,
        "person": person_id,
        "first": first,
        "last": last,
        "before": before,
        "limit": limit,
    }
    return store.rows(PAGE, parameters)
