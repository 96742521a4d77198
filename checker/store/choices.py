"""Which series there are figures of, and until when: what a reader may choose between."""

from __future__ import annotations

from checker.store.connection import Row, Store
from checker.store.tallies import BRANCH, EMPLOYEE, NETWORK, REGION

__all__ = [
    "BRANCH",
    "EMPLOYEE",
    "NETWORK",
    "REGION",
    "last_month_at_branch",
    "last_month_of_employee",
    "list_for",
]

# The network's rows are few and name the months; the scope's own are then found by key, however many.
LIST = """
SELECT every.series_id, checklist.code AS checklist, series.method,
    min(own.month) AS earliest, max(own.month) AS latest, sum(own.visits) AS visits
FROM rollup AS every
CROSS JOIN rollup AS own ON own.scope = :scope AND own.series_id = every.series_id
    AND own.month = every.month AND own.scope_id = :id
JOIN series ON series.id = every.series_id
JOIN checklist ON checklist.id = series.checklist_id
WHERE every.scope = 0 AND every.scope_id = 0 AND every.month <= :last
GROUP BY every.series_id
"""


def list_for(store: Store, *, scope: int, scope_id: int, last: int) -> list[Row]:
    """Every series with counted visits of the scope up to the month `last`: series_id, checklist, method,
    earliest and latest month, visits.
    """
    return store.rows(LIST, {"scope": scope, "id": scope_id, "last": last})


AT_BRANCH = """
SELECT month FROM visit
WHERE branch_id = :branch AND month <= :last AND series_id = :series AND counted AND revealed_at <= :until
ORDER BY month DESC LIMIT 1
"""


def last_month_at_branch(
    store: Store, *, branch_id: int, series_id: int, last: int, until: int
) -> int | None:
    """The last month, up to `last`, with a counted visit that was revealed to the branch by `until`."""
    parameters = {"branch": branch_id, "series": series_id, "last": last, "until": until}
    found = store.value(AT_BRANCH, parameters)
    return None if found is None else int(found)


OF_EMPLOYEE = """
SELECT max(visit.month) FROM visit_employee CROSS JOIN visit ON visit.id = visit_employee.visit_id
WHERE visit_employee.employee_id = :employee AND visit.month <= :last AND visit.series_id = :series
AND visit.counted AND visit.revealed_at <= :until
"""


def last_month_of_employee(
    store: Store, *, employee_id: int, series_id: int, last: int, until: int
) -> int | None:
    """The last month, up to `last`, with a counted and revealed visit the employee served in."""
    parameters = {"employee": employee_id, "series": series_id, "last": last, "until": until}
    found = store.value(OF_EMPLOYEE, parameters)
    return None if found is None else int(found)
