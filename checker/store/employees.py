"""Employees and where they were employed when."""

from __future__ import annotations

import json
from collections.abc import Iterable

from checker.store.connection import Row, Store


def find(store: Store, code: str) -> Row | None:
    """The employee with this code, whoever asks."""
    return store.row("SELECT * FROM employee WHERE code = :code", {"code": code})


EMPLOYED = """
SELECT 1 FROM employment WHERE employee_id = :employee AND branch_id = :branch
AND from_on <= :day AND (to_on IS NULL OR to_on >= :day)
"""


def employed_at(store: Store, *, employee_id: int, branch_id: int, day: str) -> bool:
    """Whether the employee was employed at the branch on that day (ISO date, branch time)."""
    return store.value(EMPLOYED, {"employee": employee_id, "branch": branch_id, "day": day}) is not None


AT_BRANCH = """
SELECT DISTINCT employee.* FROM employee JOIN employment ON employment.employee_id = employee.id
WHERE employment.branch_id = :branch AND employment.from_on <= :day
AND (employment.to_on IS NULL OR employment.to_on >= :day) AND employee.retired_at IS NULL
ORDER BY employee.code
"""


def list_at_branch(store: Store, *, branch_id: int, day: str) -> list[Row]:
    """Who is employed at the branch on that day, by code."""
    return store.rows(AT_BRANCH, {"branch": branch_id, "day": day})


BETWEEN = """
SELECT DISTINCT branch.code AS branch, employee.code FROM employment
JOIN employee ON employee.id = employment.employee_id JOIN branch ON branch.id = employment.branch_id
WHERE employment.from_on <= :last AND (employment.to_on IS NULL OR employment.to_on >= :first)
AND employee.retired_at IS NULL ORDER BY branch.code, employee.code
"""


def list_between(store: Store, *, first: str, last: str) -> list[Row]:
    """Who is employed where on a day from `first` to `last`: branch and code, by both."""
    return store.rows(BETWEEN, {"first": first, "last": last})


SERVED_OR_EMPLOYED = """
SELECT employee.id, employee.code, employee.name FROM employee
WHERE employee.id IN (SELECT value FROM json_each(:served))
OR employee.id IN (SELECT employee_id FROM employment WHERE branch_id = :branch AND from_on <= :day
    AND (to_on IS NULL OR to_on >= :day))
ORDER BY employee.code
"""


def list_of_month(store: Store, *, branch_id: int, day: str, served: Iterable[int]) -> list[Row]:
    """Those employed at the branch on that day and those who served there (keys), by code: id, code, name."""
    return store.rows(
        SERVED_OR_EMPLOYED, {"branch": branch_id, "day": day, "served": json.dumps(sorted(served))}
    )


FIND_AT = """
SELECT employee.* FROM employee WHERE employee.code = :code AND EXISTS (
    SELECT 1 FROM employment
    JOIN sight ON sight.branch_id = employment.branch_id AND sight.person_id = :person
    WHERE employment.employee_id = employee.id)
"""


def find_for(store: Store, code: str, *, person_id: int) -> Row | None:
    """The employee, when this person looks into a branch where they are or were employed."""
    return store.row(FIND_AT, {"code": code, "person": person_id})
