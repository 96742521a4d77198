"""Employments: who was employed where, from which day to which."""

from __future__ import annotations

from checker.store.connection import Row, Store

COLUMNS = """
SELECT employment.*, branch.code AS branch, branch.name AS branch_name, employee.code AS employee
FROM employment
JOIN branch ON branch.id = employment.branch_id
JOIN employee ON employee.id = employment.employee_id
"""


def get(store: Store, employment_id: int) -> Row | None:
    """The employment with this key, with the codes of its `employee` and `branch`."""
    return store.row(COLUMNS + "WHERE employment.id = :id", {"id": employment_id})


def list_of(store: Store, employee_id: int) -> list[Row]:
    """An employee's employments, the first one first."""
    return store.rows(
        COLUMNS + "WHERE employment.employee_id = :employee ORDER BY employment.from_on, branch.code",
        {"employee": employee_id},
    )


OVERLAPPING = """
SELECT from_on, to_on FROM employment
WHERE employee_id = :employee AND branch_id = :branch AND id <> :besides
    AND from_on <= ifnull(:to_on, '9999') AND ifnull(to_on, '9999') >= :from_on
"""


def find_overlapping(
    store: Store, *, employee_id: int, branch_id: int, from_on: str, to_on: str | None, besides: int = 0
) -> Row | None:
    """Another employment of the same person at the same branch that shares a day with these."""
    return store.row(
        OVERLAPPING,
        {
            "employee": employee_id,
            "branch": branch_id,
            "from_on": from_on,
            "to_on": to_on,
            "besides": besides,
        },
    )


LIST = """
SELECT employee.*,
    ifnull((SELECT group_concat(code, ' ') FROM (
        SELECT branch.code FROM employment JOIN branch ON branch.id = employment.branch_id
        WHERE employment.employee_id = employee.id AND (employment.to_on IS NULL OR employment.to_on >= :day)
        ORDER BY branch.code)), '') AS branches
FROM employee ORDER BY employee.code
"""


def list_employees(store: Store, *, day: str) -> list[Row]:
    """Every employee by code, with the codes of their `branches` from `day` on, blanks between."""
    return store.rows(LIST, {"day": day})


def remove(store: Store, employment_id: int) -> None:
    """Take one employment away; inside `write()`."""
    store.db.execute("DELETE FROM employment WHERE id = :id", {"id": employment_id})
