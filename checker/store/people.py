"""People who sign in: who they are, their role, and the branches and regions named for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checker.store.connection import Row, Store


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in."""

    id: int
    email: str
    name: str
    role: str
    language: str
    employee_id: int | None


COLUMNS = "person.id, person.email, person.name, person.role, person.language, person.employee_id"


def person_of(row: Row) -> Person:
    """The person in a row that holds `COLUMNS`."""
    return Person(**{name: row[name] for name in ("id", "email", "name", "role", "language", "employee_id")})


def find(store: Store, person_id: int) -> Row | None:
    """Everything stored about a person, with the employee's code; `password_hash` is among it."""
    return store.row(WHOLE + "WHERE person.id = :id", {"id": person_id})


def find_by_email(store: Store, email: str) -> Row | None:
    """The same by e-mail address, whatever its capitals."""
    return store.row(WHOLE + "WHERE person.email = :email", {"email": email})


def find_by_employee(store: Store, employee_id: int) -> Row | None:
    """The person with the role employee who sees this employee's progress, while they may sign in."""
    where = "WHERE person.employee_id = :id AND person.role = 'employee' AND person.disabled_at IS NULL"
    return store.row(WHOLE + where, {"id": employee_id})


WHOLE = """
SELECT person.*, employee.code AS employee FROM person LEFT JOIN employee ON employee.id = person.employee_id
"""


def list_all(store: Store, *, role: str | None = None) -> list[Row]:
    """Everybody, or one role, by name, with `branches` and `regions` (codes, sorted, blanks between)."""
    return store.rows(LIST, {"role": role})


LIST = """
SELECT person.id, person.email, person.name, person.role, person.language, person.employee_id,
person.created_at,
    person.disabled_at, person.password_hash IS NOT NULL AS has_password, employee.code AS employee,
    ifnull((SELECT group_concat(code, ' ') FROM (
        SELECT branch.code FROM person_scope JOIN branch ON branch.id = person_scope.branch_id
        WHERE person_scope.person_id = person.id ORDER BY branch.code)), '') AS branches,
    ifnull((SELECT group_concat(code, ' ') FROM (
        SELECT region.code FROM person_scope JOIN region ON region.id = person_scope.region_id
        WHERE person_scope.person_id = person.id ORDER BY region.code)), '') AS regions
FROM person LEFT JOIN employee ON employee.id = person.employee_id
WHERE :role IS NULL OR person.role = :role
ORDER BY person.name, person.email
"""


def scopes(store: Store, person_id: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of the branches and of the regions named for a person, each sorted."""
    rows = store.rows(SCOPES, {"person": person_id})
    return (
        tuple(row["branch"] for row in rows if row["branch"] is not None),
        tuple(row["region"] for row in rows if row["region"] is not None),
    )


SCOPES = """
SELECT branch.code AS branch, region.code AS region FROM person_scope
LEFT JOIN branch ON branch.id = person_scope.branch_id
LEFT JOIN region ON region.id = person_scope.region_id
WHERE person_scope.person_id = :person ORDER BY branch.code, region.code
"""


def set_scopes(store: Store, person_id: int, *, branch_ids: Iterable[int], region_ids: Iterable[int]) -> None:
    """Name these branches and regions for the person, in place of earlier ones; inside `write()`."""
    store.db.execute("DELETE FROM person_scope WHERE person_id = :person", {"person": person_id})
    for branch_id in branch_ids:
        store.add("person_scope", {"person_id": person_id, "branch_id": branch_id})
    for region_id in region_ids:
        store.add("person_scope", {"person_id": person_id, "region_id": region_id})


def region_key(store: Store, code: str) -> int | None:
    """The key of the region with this code."""
    found = store.value("SELECT id FROM region WHERE code = :code", {"code": code})
    return None if found is None else int(found)


def count_admins(store: Store, *, besides: int) -> int:
    """How many people other than this one can administer."""
    return int(
        store.value(
            "SELECT count(*) FROM person WHERE role = 'admin' AND disabled_at IS NULL AND id <> :besides",
            {"besides": besides},
        )
    )
