"""Actions: what somebody set out to improve at a branch, in a region or in the network."""

from __future__ import annotations

from uuid import UUID

from checker.store.branches import place_seen
from checker.store.connection import Row, Store

COLUMNS = """
SELECT action.*, programme.code AS programme, branch.code AS branch, branch.name AS branch_name, branch.zone,
    region.code AS region, region.name AS region_name,
    (SELECT home.code FROM region AS home WHERE home.id = branch.region_id) AS branch_region
FROM action
JOIN programme ON programme.id = action.programme_id
LEFT JOIN branch ON branch.id = action.branch_id
LEFT JOIN region ON region.id = action.region_id
"""

FIND = f"{COLUMNS} WHERE action.uuid = :uuid"


def find(store: Store, uuid: UUID) -> Row | None:
    """The action, whoever asks; pages use `find_for`. `branch` and `region` are codes, None where it is not
    of one; `branch_region` is the region in which its branch lies today.
    """
    return store.row(FIND, {"uuid": uuid.bytes})


# An action is seen by who may look into the whole of its place.
SEEN = place_seen("action")

FIND_FOR = f"{FIND} AND {SEEN}"


def find_for(store: Store, uuid: UUID, *, person_id: int) -> Row | None:
    """The action, when this person may look into the whole of its place."""
    return store.row(FIND_FOR, {"uuid": uuid.bytes, "person": person_id})


# What is open, or was closed or due lately; those due first first.
AROUND = """
AND action.programme_id = (SELECT id FROM programme WHERE code = :programme)
    AND action.created_at < :made_before
AND (action.state = 'open' OR action.closed_on >= :first OR action.due_on BETWEEN :first AND :last)
ORDER BY action.due_on, action.id
"""

AT_BRANCH = f"{COLUMNS} WHERE action.branch_id = :branch {AROUND}"
IN_REGION = f"{COLUMNS} WHERE action.region_id = :region {AROUND}"
IN_NETWORK = f"{COLUMNS} WHERE action.branch_id IS NULL {AROUND}"


def list_around(
    store: Store,
    *,
    programme: str,
    branch_id: int | None = None,
    region_id: int | None = None,
    made_before: int,
    first: str,
    last: str,
) -> list[Row]:
    """The actions of a branch, of a region, or of the network and its regions, those due first first.

    Planned before `made_before` (seconds), and open, closed from `first` on, or due from `first` to `last`
    (days as ISO text).
    """
    query = IN_NETWORK if branch_id is None else AT_BRANCH
    return store.rows(
        query if region_id is None else IN_REGION,
        {
            "programme": programme,
            "branch": branch_id,
            "region": region_id,
            "made_before": made_before,
            "first": first,
            "last": last,
        },
    )


AT_BRANCHES = """
SELECT count(*) FILTER (WHERE action.closed_on IS NULL OR action.closed_on > :until) AS open,
    count(*) FILTER (WHERE action.closed_on BETWEEN :first AND :until) AS closed
FROM action JOIN branch ON branch.id = action.branch_id
WHERE action.programme_id = (SELECT id FROM programme WHERE code = :programme)
    AND action.created_at < :made_before
    AND (:region IS NULL OR branch.region_id = :region)
"""


def count_at_branches(
    store: Store,
    *,
    programme: str,
    region_id: int | None,
    made_before: int,
    first: str,
    until: str,
) -> tuple[int, int]:
    """How many actions of branches (of a region) were open at the end of the day `until`, and how many were
    closed from `first` to `until`.
    """
    row = store.row(
        AT_BRANCHES,
        {
            "programme": programme,
            "region": region_id,
            "made_before": made_before,
            "first": first,
            "until": until,
        },
    )
    return (row["open"], row["closed"]) if row else (0, 0)


LIST_FOR = f"""
{COLUMNS} WHERE {SEEN}
AND (:branch IS NULL OR branch.code = :branch)
AND (:region IS NULL OR :region IN (region.code, branch_region))
AND (:state IS NULL OR action.state = :state)
AND (:first IS NULL OR action.due_on BETWEEN :first AND :last)
AND (:after IS NULL OR action.id > :after)
ORDER BY action.id LIMIT :limit
"""


def list_for(
    store: Store,
    *,
    person_id: int,
    limit: int,
    branch: str | None = None,
    region: str | None = None,
    state: str | None = None,
    due: tuple[str, str] | None = None,
    after: int | None = None,
) -> list[Row]:
    """The first `limit` actions whose whole place this person may look into, in the order in which they were
    planned: of a branch, of a region and its branches (by code), in a state, due between two days (ISO text).

    `after`: only those planned after the action with this key.
    """
    first, last = due or (None, None)
    return store.rows(
        LIST_FOR,
        {
            "person": person_id,
            "limit": limit,
            "branch": branch,
            "region": region,
            "state": state,
            "first": first,
            "last": last,
            "after": after,
        },
    )
