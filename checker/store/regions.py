"""Regions as administrators see them: every one, with what belongs to it."""

from __future__ import annotations

from checker.store.connection import Row, Store


def find(store: Store, code: str) -> Row | None:
    """The region with this code, retired or not."""
    return store.row("SELECT * FROM region WHERE code = :code", {"code": code})


LIST = """
SELECT region.*, count(branch.id) AS branches,
    count(branch.id) FILTER (WHERE branch.closed_on IS NULL) AS open
FROM region LEFT JOIN branch ON branch.region_id = region.id
GROUP BY region.id ORDER BY region.name, region.code
"""


def list_all(store: Store) -> list[Row]:
    """Every region by name, with the number of its `branches` and how many of them are `open`."""
    return store.rows(LIST)


def count_open(store: Store, region_id: int) -> int:
    """How many branches of the region have no last day."""
    query = "SELECT count(*) FROM branch WHERE region_id = :region AND closed_on IS NULL"
    return int(store.value(query, {"region": region_id}))
