"""What shoppers wrote and a person released for reports."""

from __future__ import annotations

from checker.standards.quoting import names_in
from checker.store.connection import Row, Store

OF_VISIT = """
SELECT quote.id, item.code AS item, quote.text, quote.released_at, person.name AS person
FROM quote
JOIN visit ON visit.id = quote.visit_id AND visit.revision = quote.revision
JOIN item ON item.id = quote.item_id
LEFT JOIN person ON person.id = quote.released_by
WHERE quote.visit_id = :visit AND quote.withdrawn_at IS NULL
"""


def list_of_visit(store: Store, visit_id: int) -> dict[str, Row]:
    """Item code -> what is released of the visit's current revision: id, text, released_at, person."""
    return {row["item"]: row for row in store.rows(OF_VISIT, {"visit": visit_id})}


def withdraw(store: Store, visit_id: int, item_id: int, *, by: int | None, at: int) -> int:
    """Take back what is released on an item of a visit, and say how much that was; inside `write()`."""
    cursor = store.db.execute(
        "UPDATE quote SET withdrawn_at = :at, withdrawn_by = :by "
        "WHERE visit_id = :visit AND item_id = :item AND withdrawn_at IS NULL",
        {"visit": visit_id, "item": item_id, "by": by, "at": at},
    )
    return int(cursor.rowcount)


# A corrected visit has another revision, a void one does not count: its quotes are gone with that.
OF_MONTH = """
SELECT quote.text, quote.item_id, answer.met, visit.visited_at, visit.channel,
    branch.code AS branch, branch.name AS branch_name, branch.zone, region.code AS region
FROM quote
CROSS JOIN visit ON visit.id = quote.visit_id AND visit.revision = quote.revision
JOIN answer ON answer.visit_id = quote.visit_id AND answer.item_id = quote.item_id
JOIN branch ON branch.id = visit.branch_id
JOIN region ON region.id = branch.region_id
WHERE quote.series_id = :series AND quote.month = :month AND quote.withdrawn_at IS NULL
AND visit.counted AND answer.met IS NOT NULL
AND (:branch IS NULL OR visit.branch_id = :branch) AND (:region IS NULL OR visit.region_id = :region)
AND (:until IS NULL OR visit.revealed_at <= :until)
ORDER BY visit.visited_at, branch.code, quote.id
"""


def list_of_month(
    store: Store,
    *,
    series_id: int,
    month: int,
    branch_id: int | None = None,
    region_id: int | None = None,
    until: int | None,
) -> list[Row]:
    """What is released of the counted visits of a month, of a branch, a region or all: text, item_id, met,
    visited_at, channel and the branch; the earliest visit first.

    `until` None sees everything; otherwise a visit exists from the moment it was revealed.
    """
    return store.rows(
        OF_MONTH,
        {
            "series": series_id,
            "month": month,
            "branch": branch_id,
            "region": region_id,
            "until": until,
        },
    )


# Whoever ever worked there, whoever served in this visit, who looks after the branch or its whole region, and
# who wrote it.
NAMES = """
SELECT employee.name FROM employee WHERE employee.id IN (
    SELECT employee_id FROM employment WHERE branch_id = :branch
    UNION SELECT employee_id FROM visit_employee WHERE visit_id = :visit AND employee_id IS NOT NULL)
UNION SELECT employee.code FROM employee WHERE employee.id IN (
    SELECT employee_id FROM employment WHERE branch_id = :branch
    UNION SELECT employee_id FROM visit_employee WHERE visit_id = :visit AND employee_id IS NOT NULL)
UNION SELECT person.name FROM person JOIN person_scope ON person_scope.person_id = person.id
WHERE person_scope.branch_id = :branch
    OR person_scope.region_id = (SELECT region_id FROM branch WHERE id = :branch)
UNION SELECT person.name FROM person JOIN visit ON visit.shopper_id = person.id WHERE visit.id = :visit
"""

DESCRIBED = "SELECT described FROM visit_employee WHERE visit_id = :visit AND described IS NOT NULL"


def names_around(store: Store, *, visit_id: int, branch_id: int) -> list[str]:
    """The names, and of employees the codes too, that nothing released of the visit may hold; where somebody
    was described, what may be a name in that.
    """
    given = {"visit": visit_id, "branch": branch_id}
    names = {row["name"] for row in store.rows(NAMES, given)}
    for row in store.rows(DESCRIBED, {"visit": visit_id}):
        names |= set(names_in(row["described"]))
    return sorted(names)


EMPLOYED = """
SELECT count(DISTINCT employment.employee_id) FROM employment
JOIN branch ON branch.id = employment.branch_id
WHERE (:branch IS NULL OR branch.id = :branch) AND (:region IS NULL OR branch.region_id = :region)
AND employment.from_on <= :last AND (employment.to_on IS NULL OR employment.to_on >= :first)
"""


def count_employed(
    store: Store, *, branch_id: int | None = None, region_id: int | None = None, first: str, last: str
) -> int:
    """How many people were employed at a branch, in a region or at all, on a day from `first` to `last`."""
    given = {"branch": branch_id, "region": region_id, "first": first, "last": last}
    return int(store.value(EMPLOYED, given))
