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


FIND_FOR = f"""
{FIND} AND EXISTS (SELECT 1 FROM sight WHERE sight.person_id = :person AND sight.branch_id = branch.id)
"""  # noqa: S608  # every name is ours


def find_for(store: Store, code: str, *, person_id: int) -> Row | None:
    """The branch, when this person may look into it."""
    return store.row(
        FIND_FOR,
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


FIND_REGION = "SELECT id, code, name FROM region WHERE code = :code"


def find_region(store: Store, code: str) -> Row | None:
    """The region with this code, whoever asks; pages use `find_region_for`."""
    return store.row(FIND_REGION, {"code": code})


# Who sees the whole network: the office, and leadership for whom no branch or region is named.
NETWORK_SEEN = """
(SELECT 1 FROM person WHERE person.id = :person AND person.disabled_at IS NULL
 AND (person.role IN ('admin', 'reviewer') OR (person.role = 'leadership'
      AND NOT EXISTS (SELECT 1 FROM person_scope WHERE person_scope.person_id = person.id))))
"""

# Whether this person may look into the whole of `region`.
REGION_SEEN = f"""
(EXISTS {NETWORK_SEEN}
    OR EXISTS (SELECT 1 FROM person JOIN person_scope ON person_scope.person_id = person.id
        WHERE person.id = :person AND person.disabled_at IS NULL AND person.role IN ('manager', 'leadership')
        AND person_scope.region_id = region.id))
"""  # noqa: S608  # every name is ours


def place_seen(table: str) -> str:
    """SQL for whether this person may look into the whole of the place that a row of `table` is of.

    The row has branch_id, region_id, or neither of them where it is of the network; `region` is joined to it.
    """
    return f"""
(EXISTS (SELECT 1 FROM sight WHERE sight.person_id = :person AND sight.branch_id = {table}.branch_id)
    OR ({table}.region_id IS NOT NULL AND {REGION_SEEN})
    OR ({table}.branch_id IS NULL AND {table}.region_id IS NULL AND EXISTS {NETWORK_SEEN}))
"""  # noqa: S608  # every name is ours


FIND_REGION_FOR = f"{FIND_REGION} AND {REGION_SEEN}"


def find_region_for(store: Store, code: str, *, person_id: int) -> Row | None:
    """The region, when this person may look into the whole of it."""
    return store.row(FIND_REGION_FOR, {"code": code, "person": person_id})


def sees_network(store: Store, *, person_id: int) -> bool:
    """Whether this person may look into every branch."""
    return bool(store.value(f"SELECT EXISTS {NETWORK_SEEN}", {"person": person_id}))  # noqa: S608


REGIONS = "SELECT id, code, name FROM region WHERE retired_at IS NULL ORDER BY name, code"


def list_regions(store: Store) -> list[Row]:
    """Every region in use, by name."""
    return store.rows(REGIONS)


OPEN = """
SELECT branch.id, branch.code, branch.name, branch.zone, region.code AS region, branch.region_id,
    (branch.opened_on IS NULL OR branch.opened_on <= :last)
        AND (branch.closed_on IS NULL OR branch.closed_on >= :first) AS open
FROM branch JOIN region ON region.id = branch.region_id
WHERE :region IS NULL OR branch.region_id = :region
ORDER BY branch.name, branch.code
"""


def list_between(store: Store, *, region_id: int | None, first: str, last: str) -> list[Row]:
    """Every branch (of a region), by name; `open`: whether it was so on a day from `first` to `last`."""
    return store.rows(OPEN, {"region": region_id, "first": first, "last": last})
