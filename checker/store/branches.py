"""Regions and branches."""

from __future__ import annotations

from checker.store.connection import Row, Store

FIND = """
SELECT branch.*, region.code AS region, region.name AS region_name FROM branch
JOIN region ON region.id = branch.region_id WHERE branch.code = :code
"""


def find(store: Store, code: str) -> Row | None:
    """The branch with this code, whoever asks; pages use `find_for`."""
    return store.row(FIND, {"code": code})


def find_for(store: Store, code: str, *, person_id: int) -> Row | None:
    """The branch, when this person may look into it."""
    return store.row(
        FIND + " AND EXISTS (SELECT 1 FROM sight WHERE sight.person_id = :person AND sight.branch_id = branch.id)",
        {"code": code, "person": person_id},
    )


LIST = """
SELECT branch.*, region.code AS region, region.name AS region_name FROM branch
JOIN region ON region.id = branch.region_id
JOIN sight ON sight.branch_id = branch.id AND sight.person_id = :person
ORDER BY branch.name, branch.code
"""


def list_for(store: Store, *, person_id: int) -> list[Row]:
    """Every branch this person may look into, by name."""
    return store.rows(LIST, {"person": person_id})
