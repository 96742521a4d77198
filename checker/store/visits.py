"""Visits: stored whole, found only by those who may see them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from uuid import UUID

from checker.store import tallies
from checker.store.answers import Coded
from checker.store.connection import Row, Store

INSERT = """
INSERT INTO visit (uuid, series_id, version_id, branch_id, region_id, month, visited_at, received_at,
    revealed_at, shopper_id, assignment_id, channel, subject, purpose, practice, outcome, service_level,
    state, excluded, counted, revision, scorer, compliance, experience, flagged, batch_id)
VALUES (:uuid, :series_id, :version_id, :branch_id, :region_id, :month, :visited_at, :received_at,
    :revealed_at, :shopper_id, :assignment_id, :channel, :subject, :purpose, :practice, :outcome,
    :service_level, :state, :excluded, :counted, 1, :scorer, :compliance, :experience, :flagged, :batch_id)
ON CONFLICT (uuid) DO NOTHING RETURNING id
"""


def add(store: Store, row: Row) -> int | None:
    """Insert a visit; None when its UUID is taken. Inside `write()`."""
    found = store.db.execute(INSERT, row).fetchone()
    return None if found is None else int(found[0])


def clear(store: Store, visit_id: int) -> None:
    """Take away the answers and employees of a visit, before those of another revision are stored."""
    for table in ("answer", "visit_employee"):
        store.db.execute(f"DELETE FROM {table} WHERE visit_id = :visit", {"visit": visit_id})  # noqa: S608


def add_answers(store: Store, visit_id: int, answers: Iterable[tuple[int, Coded]]) -> None:
    """Store the answers of a visit, (item key, (value, met)) each; in one statement, because after every
    one a thread waits for its turn to run, and all writers with it."""
    rows = [(item_id, *coded) for item_id, coded in sorted(answers)]
    if rows:
        store.db.execute(_adding_answers(len(rows)), (visit_id, *chain.from_iterable(rows)))


@cache
def _adding_answers(n: int) -> str:
    """The statement for so many answers of one visit."""
    return f"INSERT INTO answer (visit_id, item_id, value, met) VALUES {', '.join(['(?1, ?, ?, ?)'] * n)}"  # noqa: S608


def add_employees(store: Store, visit_id: int, employees: Iterable[Mapping[str, object]]) -> None:
    """Store who served, one row per role (role, employee_id, described, compliance, experience)."""
    for row in employees:
        store.add("visit_employee", {"visit_id": visit_id, **row})


ADD_NOTE = """
INSERT INTO review_note (visit_id, code, details, at) SELECT :visit, :code, :details, :at
WHERE NOT EXISTS (SELECT 1 FROM review_note WHERE visit_id = :visit AND code = :code AND details = :details)
"""


def add_review_note(store: Store, visit_id: int, code: str, details: Mapping[str, object], at: int) -> None:
    """Remember something a reviewer should look at, once; it never blocks and never scores."""
    store.db.execute(
        ADD_NOTE, {"visit": visit_id, "code": code, "details": json.dumps(details, sort_keys=True), "at": at}
    )


def list_review_notes(store: Store, visit_id: int) -> list[Row]:
    """The notes for a reviewer, `details` as a dict, oldest first."""
    rows = store.rows(
        "SELECT code, details, at FROM review_note WHERE visit_id = :visit ORDER BY id", {"visit": visit_id}
    )
    return [{**row, "details": json.loads(row["details"])} for row in rows]


def add_conflict(
    store: Store, visit_id: int, *, body: str, manifest_hash: str, sender_id: int | None, at: int
) -> None:
    """Keep another body that came under a taken id; the same one twice is kept once."""
    store.db.execute(
        "INSERT INTO visit_conflict (visit_id, body, hash, sender_id, received_at) "
        "VALUES (:visit, :body, :hash, :sender, :at) ON CONFLICT DO NOTHING",
        {
            "visit": visit_id,
            "body": body,
            "hash": bytes.fromhex(manifest_hash),
            "sender": sender_id,
            "at": at,
        },
    )


def list_conflicts(store: Store, visit_id: int) -> list[Row]:
    """The other bodies that came under a visit's id, `body` read, in the order in which they came."""
    rows = store.rows(
        "SELECT body, received_at FROM visit_conflict WHERE visit_id = :visit ORDER BY id",
        {"visit": visit_id},
    )
    return [{**row, "body": json.loads(row["body"])} for row in rows]


RECEIVED = """
SELECT visit.id, visit.uuid, visit.shopper_id, visit.batch_id, visit.received_at,
    lower(hex(visit_revision.hash)) AS hash
FROM visit JOIN visit_revision ON visit_revision.visit_id = visit.id AND visit_revision.n = 1
WHERE visit.uuid = :uuid
"""


def find_received(store: Store, uuid: UUID) -> Row | None:
    """What a receipt says of a visit as first sent: id, hash, received_at, shopper_id; nobody's sight is
    asked.
    """
    return store.row(RECEIVED, {"uuid": uuid.bytes})


COLUMNS = """
SELECT visit.*, branch.code AS branch, branch.name AS branch_name, branch.zone, region.code AS region,
    checklist.code AS checklist, checklist_version.version, series.method, programme.code AS programme,
    programme.attribution, programme.review, programme.notice_given_on,
    lower(hex(visit_revision.hash)) AS hash
FROM visit
JOIN branch ON branch.id = visit.branch_id
JOIN region ON region.id = visit.region_id
JOIN series ON series.id = visit.series_id
JOIN checklist ON checklist.id = series.checklist_id
JOIN checklist_version ON checklist_version.id = visit.version_id
JOIN programme ON programme.id = series.programme_id
JOIN visit_revision ON visit_revision.visit_id = visit.id AND visit_revision.n = visit.revision
"""

# Shoppers see what they sent, reviewers and admins all; employees see where they served and the branch's
# people their branch, once it is revealed. A person whose access is taken away is in none of these.
VISIBLE = """
(SELECT 1 FROM person AS viewer WHERE viewer.id = :person AND viewer.disabled_at IS NULL AND (
    (viewer.role = 'shopper' AND visit.shopper_id = viewer.id)
    OR (viewer.role IN ('admin', 'reviewer'))
    OR (visit.revealed_at <= :now AND NOT visit.practice AND viewer.role IN ('manager', 'leadership')
        AND EXISTS (SELECT 1 FROM sight
                    WHERE sight.person_id = viewer.id AND sight.branch_id = visit.branch_id))
    OR (visit.revealed_at <= :now AND NOT visit.practice AND viewer.role = 'employee'
        AND EXISTS (SELECT 1 FROM visit_employee WHERE visit_employee.visit_id = visit.id
                    AND visit_employee.employee_id = viewer.employee_id))
))
"""

FIND = COLUMNS + "WHERE visit.uuid = :uuid"
FIND_VISIBLE = COLUMNS + f"WHERE visit.uuid = :uuid AND EXISTS {VISIBLE}"
GET = COLUMNS + "WHERE visit.id = :id"


def find_for(store: Store, uuid: UUID, *, person_id: int, now: int) -> Row | None:
    """The visit, when this person may see it now; else None."""
    return store.row(FIND_VISIBLE, {"uuid": uuid.bytes, "person": person_id, "now": now})


def find(store: Store, uuid: UUID) -> Row | None:
    """The visit, whoever asks; pages use `find_for`."""
    return store.row(FIND, {"uuid": uuid.bytes})


def get(store: Store, visit_id: int) -> Row:
    """The visit with this key. Raises LookupError."""
    row = store.row(GET, {"id": visit_id})
    if row is None:
        raise LookupError(f"no visit {visit_id}")
    return row


def keys_after(store: Store, after: int, limit: int) -> list[int]:
    """The keys of the next visits, in the order they came; for walking through all of them in short reads."""
    rows = store.rows(
        "SELECT id FROM visit WHERE id > :after ORDER BY id LIMIT :limit", {"after": after, "limit": limit}
    )
    return [row["id"] for row in rows]


def count(store: Store) -> int:
    """How many visits there are."""
    return int(store.value("SELECT count(*) FROM visit"))


def set_scorer(store: Store, visit_ids: Iterable[int], scorer: int) -> None:
    """Say that these visits are scored by this scorer; inside `write()`."""
    store.db.execute(
        "UPDATE visit SET scorer = :scorer WHERE scorer <> :scorer "
        "AND id IN (SELECT value FROM json_each(:visits))",
        {"scorer": scorer, "visits": json.dumps(list(visit_ids))},
    )


def list_answers(store: Store, visit_id: int) -> dict[int, Coded]:
    """Item key -> (value, met) as stored."""
    rows = store.rows("SELECT item_id, value, met FROM answer WHERE visit_id = :visit", {"visit": visit_id})
    return {row["item_id"]: (row["value"], row["met"]) for row in rows}


EMPLOYEES = """
SELECT role, employee_id, described, compliance, experience, employee.code, employee.name
FROM visit_employee LEFT JOIN employee ON employee.id = visit_employee.employee_id
WHERE visit_id = :visit
"""


def list_employees(store: Store, visit_id: int) -> list[Row]:
    """Who served in a visit, one row per role."""
    return store.rows(EMPLOYEES, {"visit": visit_id})


LINES = """
SELECT visit.id, visit.uuid, visit.visited_at, visit.channel, visit.outcome, visit.state, visit.counted,
    visit.practice, visit.excluded, visit.compliance, visit.experience, visit.flagged, visit.service_level,
    branch.zone, checklist.code AS checklist, checklist_version.version, series.method
FROM {source}
JOIN branch ON branch.id = visit.branch_id
JOIN series ON series.id = visit.series_id
JOIN checklist_version ON checklist_version.id = visit.version_id
JOIN checklist ON checklist.id = checklist_version.checklist_id
"""

LINES_AT_BRANCH = (
    LINES.format(source="visit")
    + """
WHERE visit.branch_id = :branch AND visit.month = :month AND visit.series_id = :series
AND visit.practice = 0 AND visit.subject = 'own' AND (:until IS NULL OR visit.revealed_at <= :until)
ORDER BY visit.visited_at DESC, visit.id DESC
"""
)


def list_at_branch(
    store: Store, *, branch_id: int, series_id: int, month: int, until: int | None
) -> list[Row]:
    """A branch's visits of a month that were revealed by `until` (None: all), newest first; practice visits
    and those of competitors are not the branch's.
    """
    return store.rows(
        LINES_AT_BRANCH, {"branch": branch_id, "series": series_id, "month": month, "until": until}
    )


LINES_BY_KEY = (
    LINES.format(source="json_each(:visits) AS wanted CROSS JOIN visit ON visit.id = wanted.value")
    + "ORDER BY visit.visited_at DESC, visit.id DESC"
)


def list_by_key(store: Store, visit_ids: Iterable[int]) -> list[Row]:
    """These visits as lines, newest first; the caller has asked who may see them."""
    return store.rows(LINES_BY_KEY, {"visits": json.dumps(list(visit_ids))})


SERVED = """
SELECT visit_employee.visit_id, visit_employee.employee_id, visit_employee.described,
    employee.code, employee.name
FROM json_each(:visits) AS wanted
CROSS JOIN visit_employee ON visit_employee.visit_id = wanted.value
LEFT JOIN employee ON employee.id = visit_employee.employee_id
ORDER BY visit_employee.visit_id, visit_employee.role
"""


def list_served(store: Store, visit_ids: Iterable[int]) -> list[Row]:
    """Who served in these visits, one row per visit and role."""
    return store.rows(SERVED, {"visits": json.dumps(list(visit_ids))})


def list_events(store: Store, visit_id: int) -> list[Row]:
    """What people did with the sent visit: kind, who, reason, when; oldest first."""
    return store.rows(
        "SELECT visit_event.kind, visit_event.reason, visit_event.at, person.name AS person "
        "FROM visit_event LEFT JOIN person ON person.id = visit_event.person_id "
        "WHERE visit_id = :visit ORDER BY visit_event.id",
        {"visit": visit_id},
    )


SENT_BY = """
SELECT visit.uuid, visit.visited_at, visit.received_at, visit.state, visit.practice, visit.version_id,
    branch.code AS branch, branch.name AS branch_name, branch.zone,
    (SELECT count(*) FROM photo WHERE photo.visit_id = visit.id AND photo.received_at IS NULL)
        AS photos_missing,
    ifnull((SELECT reason FROM visit_event WHERE visit_event.visit_id = visit.id AND kind = 'return'
        ORDER BY visit_event.id DESC LIMIT 1), '') AS query
FROM visit JOIN branch ON branch.id = visit.branch_id
WHERE visit.shopper_id = :shopper
ORDER BY visit.state <> 'returned', visit.id DESC LIMIT :limit
"""


def list_sent_by(store: Store, *, shopper_id: int, limit: int) -> list[Row]:
    """What a shopper sent, newest first, those that came back before all others."""
    return store.rows(SENT_BY, {"shopper": shopper_id, "limit": limit})


def add_event(store: Store, visit_id: int, *, kind: str, person_id: int | None, reason: str, at: int) -> None:
    """Note what a person did with a visit."""
    store.add(
        "visit_event",
        {"visit_id": visit_id, "kind": kind, "person_id": person_id, "reason": reason, "at": at},
    )


def change(store: Store, visit_id: int, row: Mapping[str, object]) -> None:
    """Change columns of a stored visit and every figure it is part of; inside `write()`."""
    with tallies.changing(store, visit_id):
        store.change("visit", visit_id, row)
