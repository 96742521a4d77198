"""Visits read page by page for export: short readers only, so the write-ahead log never has to wait for
one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checker.store import revisions, visits
from checker.store.connection import Row, Store

PAGE = 500
"""Visits read at once."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which visits: of a month (202610), of these branches, of these regions (codes); nothing said means
    all.

    With a person, only those that this person may see at `now` (seconds); `revealed`, only those that their
    branches may see then, whoever asks.
    """

    month: int | None = None
    branches: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    person_id: int | None = None
    now: int = 0
    revealed: bool = False

    def parameters(self) -> dict[str, object]:
        """The values the queries ask for."""
        return {
            "month": self.month,
            "branches": json.dumps(self.branches) if self.branches else None,
            "regions": json.dumps(self.regions) if self.regions else None,
            "person": self.person_id,
            "now": self.now,
            "revealed": int(self.revealed),
        }


WHICH = f"""
(:month IS NULL OR visit.month = :month)
AND (:branches IS NULL OR branch.code IN (SELECT value FROM json_each(:branches)))
AND (:regions IS NULL OR region.code IN (SELECT value FROM json_each(:regions)))
AND (:person IS NULL OR EXISTS {visits.VISIBLE})
AND (NOT :revealed OR (visit.revealed_at <= :now AND NOT visit.practice))
"""  # noqa: S608  # every name is ours

VISITS = f"""
SELECT visit.*, branch.code AS branch, branch.name AS branch_name, branch.zone, region.code AS region,
    programme.code AS programme, programme.attribution, checklist.code AS checklist,
    checklist_version.version, checklist_version.dictionary, series.method, person.email AS shopper,
    visit_revision.body
FROM visit
JOIN branch ON branch.id = visit.branch_id
JOIN region ON region.id = visit.region_id
JOIN series ON series.id = visit.series_id
JOIN programme ON programme.id = series.programme_id
JOIN checklist_version ON checklist_version.id = visit.version_id
JOIN checklist ON checklist.id = checklist_version.checklist_id
JOIN visit_revision ON visit_revision.visit_id = visit.id AND visit_revision.n = visit.revision
LEFT JOIN person ON person.id = visit.shopper_id
WHERE visit.id > :after AND {WHICH}
ORDER BY visit.id LIMIT {PAGE}
"""  # noqa: S608  # every name is ours

COUNT = f"""
SELECT count(*) FROM visit
JOIN branch ON branch.id = visit.branch_id
JOIN region ON region.id = visit.region_id
WHERE {WHICH}
"""  # noqa: S608

SERVED = """
SELECT visit_employee.visit_id, visit_employee.role, visit_employee.described, employee.code, employee.name
FROM visit_employee LEFT JOIN employee ON employee.id = visit_employee.employee_id
WHERE visit_employee.visit_id IN (SELECT value FROM json_each(:visits))
ORDER BY visit_employee.visit_id, visit_employee.role
"""


def pages(store: Store, wanted: Wanted) -> Iterator[list[Row]]:
    """Every visit that is wanted, in the order of receipt, a page at a time.

    Each row has the columns of `visit`, codes in place of keys, `body` (the current revision as it was
    sent) and `served` (rows of role, code, name, described). A visit that is changed while pages are read
    is there once, as it was or as it is.
    """
    after = 0
    while True:
        with store.reading():
            rows = store.rows(VISITS, {**wanted.parameters(), "after": after})
            served = _served(store, [row["id"] for row in rows])
        if not rows:
            return
        after = rows[-1]["id"]
        for row in rows:
            row["body"] = _body(row)
            row["served"] = served.get(row["id"], [])
        yield rows


def count(store: Store, wanted: Wanted) -> int:
    """How many visits are wanted."""
    return int(store.value(COUNT, wanted.parameters()))


def _served(store: Store, visit_ids: Sequence[int]) -> dict[int, list[Row]]:
    served: dict[int, list[Row]] = {}
    for row in store.rows(SERVED, {"visits": json.dumps(visit_ids)}):
        served.setdefault(row["visit_id"], []).append(row)
    return served


def _body(row: Row) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(revisions.unpack(row["body"], row["dictionary"]))
    return body
