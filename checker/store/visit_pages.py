"""Visits page by page, in the order in which they came: for programs that read them all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from checker.store import branches, visits
from checker.store.connection import Row, Store

FILTERS = {
    "month": "visit.month = :month",
    "branch": "visit.branch_id = (SELECT branch.id FROM branch WHERE branch.code = :branch)",
    "region": "visit.region_id = (SELECT region.id FROM region WHERE region.code = :region)",
    "checklist": "visit.series_id IN (SELECT series.id FROM series "
    "JOIN checklist ON checklist.id = series.checklist_id WHERE checklist.code = :checklist)",
    # A visit is news when it comes in, when it is revealed, and when it is corrected, reviewed or voided.
    "since": "(visit.received_at >= :since OR visit.revealed_at BETWEEN :since AND :now "
    "OR EXISTS (SELECT 1 FROM visit_event "
    "WHERE visit_event.visit_id = visit.id AND visit_event.at >= :since))",
    "after": "visit.id > :after",
}
"""What a page may be narrowed to, by name."""

# Only to find the few visits of these people by an index; who sees what is for `visits.VISIBLE` alone to say.
AT_THEIR_BRANCHES = "visit.branch_id IN (SELECT sight.branch_id FROM sight WHERE sight.person_id = :person)"
NARROWED = {
    "shopper": "visit.shopper_id = :person",
    "manager": AT_THEIR_BRANCHES,
    "leadership": AT_THEIR_BRANCHES,
    "employee": "visit.id IN (SELECT visit_employee.visit_id FROM person "
    "JOIN visit_employee ON visit_employee.employee_id = person.employee_id WHERE person.id = :person)",
}


def list_keys(
    store: Store, *, person_id: int, role: str, now: int, limit: int, filters: Mapping[str, object]
) -> list[int]:
    """The keys of the first `limit` visits that fit every filter and that this person may see now.

    `filters` has names of `FILTERS`: month (202610), branch, region, checklist (codes), since (seconds),
    after (a visit's key).
    """
    clauses = [FILTERS[name] for name in filters]
    if role in NARROWED and not branches.sees_network(store, person_id=person_id):
        clauses.append(NARROWED[role])
    where = " AND ".join([*clauses, f"EXISTS {visits.VISIBLE}"])
    rows = store.rows(
        f"SELECT visit.id FROM visit WHERE {where} ORDER BY visit.id LIMIT :limit",  # noqa: S608  # parts are ours
        {**filters, "person": person_id, "now": now, "limit": limit},
    )
    return [row["id"] for row in rows]


BY_KEY = f"""
{visits.COLUMNS}
WHERE visit.id IN (SELECT value FROM json_each(:visits)) ORDER BY visit.id
"""  # noqa: S608  # every name is ours


def list_by_key(store: Store, visit_ids: Iterable[int]) -> list[Row]:
    """These visits as `visits.find_for` gives them, in the order in which they came."""
    return store.rows(BY_KEY, {"visits": json.dumps(list(visit_ids))})
