"""Checklists and their published, frozen versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from checker.standards.canonical import canonical, digest
from checker.standards.model import Checklist, Duration, Item
from checker.standards.parse import read_definition
from checker.store.connection import Row, Store
from checker.store.tallies import over


@dataclass(frozen=True, slots=True)
class Version:
    """A published version as the other rooms use it. `item_ids` maps item code -> integer key."""

    id: int
    checklist_id: int
    checklist: Checklist
    hash: bytes
    dictionary: bytes
    item_ids: Mapping[str, int]


FIND = """
SELECT checklist_version.id FROM checklist_version
JOIN checklist ON checklist.id = checklist_version.checklist_id
WHERE checklist.code = :code AND checklist_version.version = :version
"""


def find(store: Store, code: str, version: int) -> Version | None:
    """The published version `version` of the checklist `code`; any version ever published is found."""
    key = store.value(FIND, {"code": code, "version": version})
    return None if key is None else get(store, int(key))


CURRENT = """
SELECT checklist_version.id FROM checklist_version
JOIN checklist ON checklist.id = checklist_version.checklist_id
WHERE checklist.code = :code ORDER BY checklist_version.version DESC LIMIT 1
"""


def current(store: Store, code: str) -> Version | None:
    """The newest published version of the checklist `code`."""
    key = store.value(CURRENT, {"code": code})
    return None if key is None else get(store, int(key))


GET = "SELECT id, checklist_id, definition, hash, dictionary FROM checklist_version WHERE id = :id"
ITEMS = "SELECT code, id FROM item WHERE version_id = :id ORDER BY position"


def get(store: Store, version_id: int) -> Version:
    """The version with this integer key; it never changes, so an open store reads it once."""
    held = store.frozen.get(("version", version_id))
    if isinstance(held, Version):
        return held
    row = store.row(GET, {"id": version_id})
    if row is None:
        raise LookupError(f"no checklist version {version_id}")
    items = {item["code"]: item["id"] for item in store.rows(ITEMS, {"id": version_id})}
    checklist = read_definition(json.loads(row["definition"]))
    version = Version(row["id"], row["checklist_id"], checklist, row["hash"], row["dictionary"], items)
    store.frozen["version", version_id] = version
    return version


EVERY = "SELECT id FROM checklist_version WHERE checklist_id = :checklist ORDER BY version"


def list_of(store: Store, checklist_id: int) -> list[Version]:
    """Every published version of one checklist, oldest first."""
    return [get(store, row["id"]) for row in store.rows(EVERY, {"checklist": checklist_id})]


LIST = """
SELECT checklist.code, checklist.retired_at, checklist_version.id AS version_id, checklist_version.version,
    checklist_version.published_at, person.name AS publisher, hex(checklist_version.hash) AS hash,
    ifnull(made.visits, 0) AS visits
FROM checklist JOIN checklist_version ON checklist_version.checklist_id = checklist.id
LEFT JOIN person ON person.id = checklist_version.published_by
LEFT JOIN (SELECT version_id, count(*) AS visits FROM visit GROUP BY version_id) AS made
    ON made.version_id = checklist_version.id
ORDER BY checklist.code, checklist_version.version DESC
"""


def list_versions(store: Store) -> list[Row]:
    """Every published version with the number of its visits, newest first within a checklist."""
    return store.rows(LIST)


IN_USE = """
SELECT max(checklist_version.id) AS id FROM checklist_version
JOIN checklist ON checklist.id = checklist_version.checklist_id
WHERE checklist.retired_at IS NULL GROUP BY checklist.id ORDER BY checklist.code
"""


def list_current(store: Store) -> list[Version]:
    """The newest version of every checklist that is not retired, by code."""
    return [get(store, row["id"]) for row in store.rows(IN_USE)]


def standards_in_use(store: Store, language: str | None = None) -> dict[str, tuple[Item, Checklist]]:
    """Standard -> the item that stands for it and its checklist, over the checklists that are not retired.

    The first item of each that has words in `language`, else the first of all.
    """
    found: dict[str, tuple[Item, Checklist]] = {}
    for version in list_current(store):
        for item in version.checklist.items:
            if item.scored:
                standard = item.standard or item.id
                held = found.get(standard)
                if held is None or (language in item.text and language not in held[0].text):
                    found[standard] = (item, version.checklist)
    return found


def add_version(store: Store, checklist: Checklist, *, by: int | None, at: int) -> int:
    """Freeze a version: its definition, its hash, one row per item. Returns the version's key; inside
    `write()`.
    """
    held = store.value("SELECT id FROM checklist WHERE code = :code", {"code": checklist.id})
    checklist_id = held or store.add("checklist", {"code": checklist.id})
    version_id = store.add(
        "checklist_version",
        {
            "checklist_id": checklist_id,
            "version": checklist.version,
            "definition": canonical(checklist.definition).decode(),
            "hash": bytes.fromhex(digest(checklist.definition)),
            "dictionary": _dictionary(checklist),
            "published_at": at,
            "published_by": by,
        },
    )
    for position, item in enumerate(checklist.items):
        store.add(
            "item",
            {
                "version_id": version_id,
                "position": position,
                "code": item.id,
                "standard": item.standard or item.id,
                "type": item.type,
                "timed": over(item.rule) if isinstance(item.rule, Duration) else 0,
            },
        )
    return version_id


def retire(store: Store, code: str, at: int | None) -> None:
    """Take a checklist out of use (or, with None, back into use); its visits and figures stay."""
    store.db.execute("UPDATE checklist SET retired_at = :at WHERE code = :code", {"code": code, "at": at})


def _dictionary(checklist: Checklist) -> bytes:
    """What the bodies of this version's visits have in common: the frame and every item's usual answers."""
    usual: dict[str, object] = {
        item.id: {"estimated": True, "note": "", "value": "yes"} for item in checklist.items
    }
    answers = [{item.id: word for item in checklist.items} for word in ("na", "no", "yes")]
    frame = {
        "answers": answers,
        "assignment": None,
        "branch": "B",
        "channel": checklist.channel,
        "checklist": checklist.id,
        "context": {"busy": False, "first_visit": True, "purchase_made": False, "scenario": ""},
        "employees": {role.id: {"code": "E"} for role in checklist.roles},
        "id": "0",
        "method": "mystery_shopping",
        "outcome": "completed",
        "photos": [],
        "practice": False,
        "programme": "main",
        "purpose": "planned",
        "reason": "",
        "service_level": "standard",
        "subject": "own",
        "version": checklist.version,
        "visited_at": "2026-01-01T00:00:00+00:00",
    }
    return canonical(usual) + canonical(frame)
