"""Assignments: who is asked to visit which branch, when, with which checklist."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

from checker.store.connection import Row, Store

COLUMNS = """
SELECT assignment.*, branch.code AS branch, branch.name AS branch_name, branch.zone,
    checklist.code AS checklist, programme.code AS programme, person.name AS shopper, person.email AS
    shopper_email
FROM assignment
JOIN branch ON branch.id = assignment.branch_id
JOIN checklist ON checklist.id = assignment.checklist_id
JOIN programme ON programme.id = assignment.programme_id
JOIN person ON person.id = assignment.shopper_id
"""


def find(store: Store, uuid: UUID) -> Row | None:
    """The assignment, whoever asks; a shopper's pages use `find_for`."""
    return store.row(COLUMNS + "WHERE assignment.uuid = :uuid", {"uuid": uuid.bytes})


def find_for(store: Store, uuid: UUID, *, shopper_id: int) -> Row | None:
    """The assignment, when it is this shopper's."""
    return store.row(
        COLUMNS + "WHERE assignment.uuid = :uuid AND assignment.shopper_id = :shopper",
        {"uuid": uuid.bytes, "shopper": shopper_id},
    )


def list_for(store: Store, *, shopper_id: int) -> list[Row]:
    """A shopper's assignments that still ask for something, the most urgent first."""
    return store.rows(
        COLUMNS + "WHERE assignment.shopper_id = :shopper AND assignment.state IN ('planned', 'accepted') "
        "ORDER BY assignment.report_by, assignment.id",
        {"shopper": shopper_id},
    )


def open_before(store: Store, day: str) -> list[Row]:
    """Key, id, state, last day for the report and time zone of what is still to be done, due before a day."""
    return store.rows(
        "SELECT assignment.id, assignment.uuid, assignment.state, assignment.report_by, branch.zone "
        "FROM assignment JOIN branch ON branch.id = assignment.branch_id "
        "WHERE assignment.state IN ('planned', 'accepted') AND assignment.report_by < :day "
        "ORDER BY assignment.id",
        {"day": day},
    )


def set_state(store: Store, assignment_id: int, *, state: str, reason: str, at: int) -> None:
    """Move an assignment to another state; inside `write()`."""
    store.change("assignment", assignment_id, {"state": state, "state_reason": reason, "state_at": at})


SAME = (
    COLUMNS
    + """
WHERE assignment.shopper_id = :shopper AND assignment.branch_id = :branch AND assignment.checklist_id =
:checklist
    AND assignment.visit_from = :visit_from ORDER BY assignment.id DESC LIMIT 1
"""
)


def find_same(
    store: Store, *, shopper_id: int, branch_id: int, checklist_id: int, visit_from: str
) -> Row | None:
    """The newest assignment of this shopper to this branch, with this checklist, from this day on."""
    return store.row(
        SAME,
        {"shopper": shopper_id, "branch": branch_id, "checklist": checklist_id, "visit_from": visit_from},
    )


def list_all(store: Store, *, state: str | None = None, limit: int = 1000) -> list[Row]:
    """The newest assignments, those to be done soonest first within a day; optionally of one state."""
    return store.rows(
        COLUMNS + "WHERE :state IS NULL OR assignment.state = :state "
        "ORDER BY assignment.visit_from DESC, assignment.report_by, assignment.id LIMIT :limit",
        {"state": state, "limit": limit},
    )


SEARCH = f"""
SELECT count(*) OVER () AS total, found.*,
    (SELECT uuid FROM visit WHERE assignment_id = found.id ORDER BY id LIMIT 1) AS visit_uuid
FROM ({COLUMNS}
    WHERE (:states IS NULL OR assignment.state IN (SELECT value FROM json_each(:states)))
    AND (:first IS NULL OR assignment.visit_to >= :first)
    AND (:last IS NULL OR assignment.visit_from <= :last)
    AND (:shopper IS NULL OR assignment.shopper_id = :shopper)
    AND (:branch IS NULL OR branch.code = :branch)) AS found
ORDER BY found.visit_from DESC, found.report_by, found.id LIMIT :limit OFFSET :offset
"""  # noqa: S608  # every name is ours


def search(
    store: Store,
    *,
    states: Collection[str] = (),
    first: str | None = None,
    last: str | None = None,
    shopper_id: int | None = None,
    branch: str | None = None,
    limit: int,
    offset: int = 0,
) -> list[Row]:
    """Assignments whose days touch `first` to `last`, of some states, a shopper, a branch; the newest first.

    Each row has `total` (how many there are in all) and `visit_uuid` (of the visit made for it).
    """
    parameters = {
        "states": json.dumps(sorted(states)) if states else None,
        "first": first,
        "last": last,
        "shopper": shopper_id,
        "branch": branch,
        "limit": limit,
        "offset": offset,
    }
    return store.rows(SEARCH, parameters)
