"""Editions: months closed by a person, with the bytes that were sent."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from checker.store import checklists
from checker.store.branches import place_seen
from checker.store.checklists import Version
from checker.store.connection import Row, Store

COLUMNS = """
SELECT edition.id, edition.uuid, edition.series_id, edition.month, edition.n, edition.changes,
    edition.foreword, edition.decisions, edition.released_at, edition.region_id, edition.branch_id,
    edition.last_visit, edition.last_event,
    branch.code AS branch, branch.name AS branch_name, branch.zone,
    region.code AS region, region.name AS region_name,
    checklist.code AS checklist, series.method, person.name AS released_by
FROM edition
JOIN series ON series.id = edition.series_id
JOIN checklist ON checklist.id = series.checklist_id
LEFT JOIN branch ON branch.id = edition.branch_id
LEFT JOIN region ON region.id = edition.region_id
LEFT JOIN person ON person.id = edition.released_by
"""

FIND = f"{COLUMNS} WHERE edition.uuid = :uuid"


def find(store: Store, uuid: UUID) -> Row | None:
    """The edition, whoever asks; pages use `find_for`. `branch` and `region` are codes, None where it is not
    of one; `decisions` is JSON.
    """
    return store.row(FIND, {"uuid": uuid.bytes})


# An edition is seen by who may look into the whole of its place.
SEEN = place_seen("edition")

FIND_FOR = f"{FIND} AND {SEEN}"


def find_for(store: Store, uuid: UUID, *, person_id: int) -> Row | None:
    """The edition, when this person may look into the whole of its place."""
    return store.row(FIND_FOR, {"uuid": uuid.bytes, "person": person_id})


LIST_FOR = f"""
{COLUMNS} WHERE {SEEN} AND (:month IS NULL OR edition.month = :month)
ORDER BY edition.month DESC, edition.branch_id IS NOT NULL, edition.region_id IS NOT NULL,
    region.name, branch.name, checklist.code, edition.n DESC
LIMIT :limit
"""


def list_for(store: Store, *, person_id: int, month: int | None = None, limit: int) -> list[Row]:
    """Editions this person may look at: the newest month first; network, regions, branches; newest first."""
    return store.rows(LIST_FOR, {"person": person_id, "month": month, "limit": limit})


# Editions of one report, and of one month of it.
OF_REPORT = """
WHERE edition.series_id = :series AND edition.month = :month
    AND ifnull(edition.region_id, 0) = ifnull(:region, 0)
    AND ifnull(edition.branch_id, 0) = ifnull(:branch, 0)
"""

NEWEST = f"""
{COLUMNS} {OF_REPORT} AND edition.released_at IS NOT NULL AND edition.n < :before
ORDER BY edition.n DESC LIMIT 1
"""

BEYOND = 2**31
"""More than an edition's number can be."""


def newest_released(
    store: Store,
    *,
    series_id: int,
    month: int,
    region_id: int | None,
    branch_id: int | None,
    before: int = BEYOND,
) -> Row | None:
    """The newest released edition of a report, or the newest one before edition `before`."""
    where = {"series": series_id, "month": month, "region": region_id, "branch": branch_id}
    return store.row(NEWEST, {**where, "before": before})


NEWEST_OF = f"""
{COLUMNS} WHERE edition.series_id = :series AND edition.month = :month AND edition.released_at IS NOT NULL
AND ifnull(edition.region_id, 0) = ifnull((SELECT id FROM region WHERE code = :region), 0)
AND ifnull(edition.branch_id, 0) = ifnull((SELECT id FROM branch WHERE code = :branch), 0)
ORDER BY edition.n DESC LIMIT 1
"""  # noqa: S608  # every name is ours


def newest_of(
    store: Store, *, series_id: int, month: int, region: str | None, branch: str | None
) -> Row | None:
    """The newest released edition of a report, its region or branch by code."""
    where = {"series": series_id, "month": month, "region": region, "branch": branch}
    return store.row(NEWEST_OF, where)


LAST = f"""
SELECT edition.n, edition.uuid, edition.released_at FROM edition {OF_REPORT}
ORDER BY edition.n DESC LIMIT 1
"""  # noqa: S608


def last(
    store: Store, *, series_id: int, month: int, region_id: int | None, branch_id: int | None
) -> Row | None:
    """The edition of a report with the highest number, a draft too: n, uuid, released_at."""
    return store.row(LAST, {"series": series_id, "month": month, "region": region_id, "branch": branch_id})


def remove(store: Store, edition_id: int) -> None:
    """Take a draft away; inside `write()`."""
    store.db.execute("DELETE FROM edition WHERE id = :id AND released_at IS NULL", {"id": edition_id})


# --- what was released -------------------------------------------------------------------------------------


def snapshot(store: Store, edition_id: int) -> tuple[bytes, bytes]:
    """The snapshot of a released edition and the hash it had when it was stored; what cannot be unpacked any
    more is given as nothing, which has another hash.
    """
    row = store.row("SELECT snapshot, hash FROM edition WHERE id = :id", {"id": edition_id})
    if row is None or row["snapshot"] is None:
        raise LookupError(f"no released edition {edition_id}")
    try:
        return zlib.decompress(row["snapshot"]), row["hash"]
    except zlib.error:
        return b"", row["hash"]


def keep_snapshot(
    store: Store, edition_id: int, content: bytes, content_hash: bytes, row: Mapping[str, object]
) -> None:
    """Store a release: its snapshot and the other columns that go with it; inside `write()`."""
    held = {**row, "snapshot": zlib.compress(content, 9), "hash": content_hash}
    store.change("edition", edition_id, held)


FILES = """
SELECT language, audience, length(content) AS size, lower(hex(hash)) AS hash,
    lower(hex(sent_hash)) AS sent_hash, names, program, made_at, redrawn_at
FROM edition_file WHERE edition_id = :id ORDER BY audience, language
"""


RELEASED = "SELECT id, uuid FROM edition WHERE released_at IS NOT NULL ORDER BY id"


def list_released(store: Store) -> list[Row]:
    """Every released edition: id, uuid."""
    return store.rows(RELEASED)


def files(store: Store, edition_id: int) -> list[Row]:
    """What an edition's files are, without their bytes."""
    return store.rows(FILES, {"id": edition_id})


FILE = """
SELECT id, language, audience, content, names, program, lower(hex(hash)) AS hash,
    lower(hex(sent_hash)) AS sent_hash
FROM edition_file
WHERE edition_id = :id AND language = :language AND audience = :audience
"""


def find_file(store: Store, edition_id: int, *, language: str, audience: str) -> Row | None:
    """A file of an edition with its bytes."""
    return store.row(FILE, {"id": edition_id, "language": language, "audience": audience})


def add_file(store: Store, row: Mapping[str, object]) -> int:
    """Keep a file as it is sent: edition_id, language, audience, content, hash, names, program, made_at.
    Inside `write()`.
    """
    return store.add("edition_file", {**row, "sent_hash": row["hash"]})


def published(store: Store) -> list[Version]:
    """Every version of every checklist ever published: a snapshot names what it was made with."""
    rows = store.rows("SELECT id FROM checklist_version ORDER BY id")
    return [checklists.get(store, row["id"]) for row in rows]


# --- what changed since ------------------------------------------------------------------------------------

LATEST = """
SELECT (SELECT ifnull(max(id), 0) FROM visit) AS last_visit,
    (SELECT ifnull(max(id), 0) FROM visit_event) AS last_event
"""


def latest(store: Store) -> tuple[int, int]:
    """The keys of the newest visit and of the newest event: what has a higher one came later."""
    row = store.row(LATEST) or {}
    return row["last_visit"], row["last_event"]


def lower_latest(store: Store) -> None:
    """Let no edition say that its newest visit has a higher key than any there is: keys of visits that were
    taken away are given again, and what gets them came later. Inside `write()`.
    """
    last_visit, _ = latest(store)
    store.db.execute("UPDATE edition SET last_visit = :last WHERE last_visit > :last", {"last": last_visit})


# Of a branch a visit exists from the moment it was revealed; the figures of regions and the network have
# it at once. The first decision after the release tells whether a visit counted in it.
CHANGES = """
SELECT
    count(*) FILTER (WHERE counted AND later) AS arrived,
    count(*) FILTER (WHERE counted AND NOT later AND first IN ('include', 'restore', 'approve')) AS taken_in,
    count(*) FILTER (WHERE NOT counted AND NOT later AND first IN ('exclude', 'void')) AS left_out,
    count(*) FILTER (WHERE counted AND NOT later AND revised) AS corrected
FROM (
    SELECT visit.counted,
        visit.id > :last_visit OR (:branch IS NOT NULL AND visit.revealed_at > :released_at) AS later,
        (SELECT kind FROM visit_event WHERE visit_event.visit_id = visit.id AND visit_event.id > :last_event
            AND (kind IN ('include', 'exclude', 'void', 'restore') OR (kind = 'approve' AND programme.review))
            ORDER BY visit_event.id LIMIT 1) AS first,
        EXISTS (SELECT 1 FROM visit_event WHERE visit_event.visit_id = visit.id
            AND visit_event.id > :last_event AND kind = 'revise') AS revised
    FROM visit
    JOIN series ON series.id = visit.series_id JOIN programme ON programme.id = series.programme_id
    WHERE visit.id IN ({touched})
        AND visit.series_id = :series AND visit.month = :month AND visit.outcome = 'completed'
        AND (:region IS NULL OR visit.region_id = :region)
        AND (:branch IS NULL OR (visit.branch_id = :branch AND visit.revealed_at <= :now))
)
"""

# Only what was touched is looked at: of a network's month few visits are.
TOUCHED = """
    SELECT id FROM visit WHERE id > :last_visit
    UNION SELECT visit_id FROM visit_event WHERE id > :last_event
    UNION SELECT id FROM visit WHERE :branch IS NOT NULL AND branch_id = :branch AND month = :month
"""


def changes(store: Store, edition: Mapping[str, object], *, now: int) -> Row:
    """How many visits came late, count again, count no more, or were corrected since a release."""
    found = store.row(
        CHANGES.format(touched=TOUCHED),
        {
            "series": edition["series_id"],
            "month": edition["month"],
            "region": edition["region_id"],
            "branch": edition["branch_id"],
            "last_visit": edition["last_visit"],
            "last_event": edition["last_event"],
            "released_at": edition["released_at"],
            "now": now,
        },
    )
    return found or {}


# --- people as keys ----------------------------------------------------------------------------------------

NAMES = """
SELECT code, name FROM employee WHERE code IN (SELECT value FROM json_each(:codes))
"""


def names_of(store: Store, codes: Sequence[str]) -> dict[str, str]:
    """Code -> name, of the employees there are."""
    rows = store.rows(NAMES, {"codes": json.dumps(list(codes))})
    return {row["code"]: row["name"] for row in rows}


SERVED = """
SELECT lower(hex(visit.uuid)) AS visit, visit_employee.role, employee.code, visit_employee.described
FROM visit JOIN visit_employee ON visit_employee.visit_id = visit.id
LEFT JOIN employee ON employee.id = visit_employee.employee_id
WHERE visit.uuid IN (SELECT unhex(value) FROM json_each(:visits))
ORDER BY visit.id, visit_employee.role
"""


def served_in(store: Store, visits: Sequence[UUID]) -> list[Row]:
    """Who served in these visits, one row per visit (hexadecimal) and role: a code, or words."""
    return store.rows(SERVED, {"visits": json.dumps([one.hex for one in visits])})
