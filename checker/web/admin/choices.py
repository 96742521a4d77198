"""What the selects of administrators' forms offer: branches, regions, shoppers, checklists."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from checker.store import branches, checklists, people, regions
from checker.store.connection import Row, Store
from checker.web.admin.room import today
from checker.web.session import me
from checker.web.texts import said_plainly

Choice = tuple[str, str]


def branch_choices(store: Store, *, besides: str = "") -> dict[str, list[Choice]]:
    """Branches that are not closed, under their regions, and `besides` whatever it is."""
    day = today().isoformat()
    rows = [
        row
        for row in branches.list_for(store, person_id=me().id)
        if not row["closed_on"] or row["closed_on"] >= day or row["code"] == besides
    ]
    rows.sort(key=lambda row: (row["region_name"].casefold(), row["region"], row["name"].casefold()))
    return {
        name: [(row["code"], _named(row)) for row in group]
        for (_, name), group in groupby(rows, key=lambda row: (row["region"], row["region_name"]))
    }


def region_choices(store: Store, *, besides: str = "") -> list[Choice]:
    """Regions in use, and `besides` whatever it is."""
    return [
        (row["code"], _named(row))
        for row in regions.list_all(store)
        if row["retired_at"] is None or row["code"] == besides
    ]


def shopper_choices(store: Store, *, besides: str = "") -> list[Choice]:
    """Shoppers who can sign in, by address, and `besides` whoever it is."""
    return [
        (row["email"], f"{row['name']} ({row['email']})")
        for row in people.list_all(store, role="shopper")
        if row["disabled_at"] is None or row["email"] == besides
    ]


def checklist_choices(store: Store, *, besides: str = "") -> list[Choice]:
    """Checklists in use by their titles, and `besides` whatever it is."""
    versions = checklists.list_current(store)
    codes = {version.checklist.id for version in versions}
    if besides and besides not in codes and (held := checklists.current(store, besides)):
        versions = [*versions, held]
    found = [(version.checklist.id, title_of(version.checklist)) for version in versions]
    return sorted(found, key=lambda choice: choice[1].casefold())


def title_of(checklist: Any) -> str:
    """A checklist's title in the person's language, with its id."""
    return f"{said_plainly(checklist.title, checklist.languages)} ({checklist.id})"


def _named(row: Row) -> str:
    return f"{row['name']} ({row['code']})"
