"""Figures read: a branch's and an employee's from their visits, a region's and the network's from roll-ups.

Both ways give rows of the same shape (`tallies.FIGURES` for scores, item × bin × met for standards), so that
one assembly serves every page.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.store.connection import Row, Store
from checker.store.tallies import BIN, BRANCH, NETWORK, REGION

SCORES = """
    count(visit.compliance) AS compliance_n,
    ifnull(sum(visit.compliance), 0) AS compliance_sum,
    ifnull(sum(visit.compliance * visit.compliance), 0) AS compliance_squares,
    count(visit.experience) AS experience_n,
    ifnull(sum(visit.experience), 0) AS experience_sum,
    ifnull(sum(visit.experience * visit.experience), 0) AS experience_squares
"""

SUMMED = "compliance_n, compliance_sum, compliance_squares, experience_n, experience_sum, experience_squares"
_SUMMED = ", ".join(f"sum({name})" for name in SUMMED.split(", "))

SUMS = f"""
    count(*) AS visits,
    {SCORES},
    ifnull(sum(visit.service_level = 'low'), 0) AS low,
    ifnull(sum(visit.service_level = 'standard'), 0) AS standard,
    ifnull(sum(visit.service_level = 'wow'), 0) AS wow,
    sum(visit.flagged) AS flagged
"""

# `until` None sees everything; otherwise a visit exists from the moment it was revealed.
REVEALED = "(:until IS NULL OR visit.revealed_at <= :until)"

# --- a branch, from its visits -----------------------------------------------------------------------------

BRANCH_MONTHS = f"""
SELECT visit.month, {SUMS} FROM visit
WHERE visit.branch_id = :branch AND visit.month BETWEEN :first AND :last AND visit.series_id = :series
AND visit.counted AND {REVEALED}
GROUP BY visit.month
"""  # noqa: S608  # every name is ours


def branch_months(
    store: Store, *, series_id: int, branch_id: int, first: int, last: int, until: int | None
) -> dict[int, Row]:
    """Month -> the sums of the branch's counted visits that may be seen; months without any are absent."""
    rows = store.rows(
        BRANCH_MONTHS,
        {"series": series_id, "branch": branch_id, "first": first, "last": last, "until": until},
    )
    return {row["month"]: row for row in rows}


BRANCH_TALLY = f"""
SELECT visit.month, answer.item_id, {BIN} AS bin, ifnull(answer.met, -1) AS met, count(*) AS n
FROM visit
CROSS JOIN answer ON answer.visit_id = visit.id
CROSS JOIN item ON item.id = answer.item_id
WHERE visit.branch_id = :branch AND visit.month IN (:month, :before) AND visit.series_id = :series
AND visit.counted AND {REVEALED}
GROUP BY visit.month, answer.item_id, bin, ifnull(answer.met, -1)
"""  # noqa: S608


def branch_tally(
    store: Store, *, series_id: int, branch_id: int, months: tuple[int, int], until: int | None
) -> list[Row]:
    """The branch's answers of two months (this, the one before), counted as `tally` counts: month, item_id,
    bin, met, n.
    """
    month, before = months
    return store.rows(
        BRANCH_TALLY,
        {"series": series_id, "branch": branch_id, "month": month, "before": before, "until": until},
    )


UNFINISHED_AT_BRANCH = f"""
SELECT visit.outcome, count(*) AS n FROM visit
WHERE visit.branch_id = :branch AND visit.month = :month AND visit.series_id = :series
AND visit.outcome <> 'completed' AND visit.practice = 0 AND visit.subject = 'own' AND visit.state <> 'void'
AND {REVEALED}
GROUP BY visit.outcome
"""  # noqa: S608


def unfinished_at_branch(
    store: Store, *, series_id: int, branch_id: int, month: int, until: int | None
) -> dict[str, int]:
    """Outcome -> visits of the month that were not completed."""
    rows = store.rows(
        UNFINISHED_AT_BRANCH, {"series": series_id, "branch": branch_id, "month": month, "until": until}
    )
    return {row["outcome"]: row["n"] for row in rows}


# --- who served at a branch --------------------------------------------------------------------------------

# An employee of two roles is one visit: the score stands beside the first role.
BRANCH_EMPLOYEES = f"""
SELECT employee_id, month, count(*) AS visits, min(visited_at) AS first, max(visited_at) AS last,
    count(compliance) AS compliance_n,
    ifnull(sum(compliance), 0) AS compliance_sum,
    ifnull(sum(compliance * compliance), 0) AS compliance_squares,
    count(experience) AS experience_n,
    ifnull(sum(experience), 0) AS experience_sum,
    ifnull(sum(experience * experience), 0) AS experience_squares
FROM (
    SELECT visit_employee.employee_id, visit.month, visit.visited_at,
        max(visit_employee.compliance) AS compliance, max(visit_employee.experience) AS experience
    FROM visit CROSS JOIN visit_employee ON visit_employee.visit_id = visit.id
    WHERE visit.branch_id = :branch AND visit.month BETWEEN :first AND :last AND visit.series_id = :series
    AND visit.counted AND visit_employee.employee_id IS NOT NULL AND {REVEALED}
    GROUP BY visit.id, visit_employee.employee_id
)
GROUP BY employee_id, month
"""  # noqa: S608


def branch_employees(
    store: Store, *, series_id: int, branch_id: int, first: int, last: int, until: int | None
) -> list[Row]:
    """One row per employee and month: the sums of their scores at the branch, first and last visit."""
    return store.rows(
        BRANCH_EMPLOYEES,
        {"series": series_id, "branch": branch_id, "first": first, "last": last, "until": until},
    )


# A visit of which nothing is known has one row without a role.
BRANCH_SERVED = f"""
SELECT visit.id, visit.month, visit_employee.role, employee.code,
    max(visit_employee.compliance) OVER same IS NOT NULL AS compliance,
    max(visit_employee.experience) OVER same IS NOT NULL AS experience
FROM visit LEFT JOIN visit_employee ON visit_employee.visit_id = visit.id
LEFT JOIN employee ON employee.id = visit_employee.employee_id
WHERE visit.branch_id = :branch AND visit.month BETWEEN :first AND :last AND visit.series_id = :series
AND visit.counted AND {REVEALED}
WINDOW same AS (PARTITION BY visit.id, visit_employee.employee_id)
"""  # noqa: S608


def branch_served(
    store: Store, *, series_id: int, branch_id: int, first: int, last: int, until: int | None
) -> list[Row]:
    """One row per visit and role: who served (code, None: nobody knows), in which month, and on which axes
    they have a score.
    """
    return store.rows(
        BRANCH_SERVED,
        {"series": series_id, "branch": branch_id, "first": first, "last": last, "until": until},
    )


# --- an employee, from their visits ------------------------------------------------------------------------

# `person` None is the employee, or the house; a manager sees the visits at the branches in sight.
EMPLOYEE_VISITS = f"""
SELECT visit.id, visit.branch_id, visit.version_id, visit.month, visit.visited_at, visit.counted, branch.zone,
    max(visit_employee.compliance) AS compliance, max(visit_employee.experience) AS experience
FROM visit_employee CROSS JOIN visit ON visit.id = visit_employee.visit_id
CROSS JOIN branch ON branch.id = visit.branch_id
WHERE visit_employee.employee_id = :employee AND visit.month BETWEEN :first AND :last
AND visit.series_id = :series AND visit.practice = 0 AND visit.subject = 'own' AND {REVEALED}
AND (:person IS NULL
    OR EXISTS (SELECT 1 FROM sight WHERE sight.person_id = :person AND sight.branch_id = visit.branch_id))
GROUP BY visit.id
ORDER BY visit.visited_at, visit.id
"""  # noqa: S608


def employee_visits(
    store: Store,
    *,
    series_id: int,
    employee_id: int,
    first: int,
    last: int,
    until: int | None,
    person_id: int | None,
) -> list[Row]:
    """The visits an employee served in, with the employee's own scores; oldest first."""
    return store.rows(
        EMPLOYEE_VISITS,
        {
            "series": series_id,
            "employee": employee_id,
            "first": first,
            "last": last,
            "until": until,
            "person": person_id,
        },
    )


EMPLOYEE_TALLY = f"""
SELECT visit.version_id, visit_employee.role, answer.item_id, {BIN} AS bin, ifnull(answer.met, -1) AS met,
    count(*) AS n
FROM json_each(:visits) AS wanted
CROSS JOIN visit ON visit.id = wanted.value
CROSS JOIN visit_employee ON visit_employee.visit_id = visit.id AND visit_employee.employee_id = :employee
CROSS JOIN answer ON answer.visit_id = visit.id
CROSS JOIN item ON item.id = answer.item_id
GROUP BY visit.version_id, visit_employee.role, answer.item_id, bin, ifnull(answer.met, -1)
"""  # noqa: S608


def employee_tally(store: Store, *, employee_id: int, visit_ids: Iterable[int]) -> list[Row]:
    """The answers of these visits beside each role the employee held in them: version_id, role, item_id, bin,
    met, n.
    """
    return store.rows(EMPLOYEE_TALLY, {"employee": employee_id, "visits": json_list(visit_ids)})


# --- the network and its regions, from roll-ups ------------------------------------------------------------

ROLLUPS = """
SELECT * FROM rollup
WHERE scope = :scope AND series_id = :series AND month BETWEEN :first AND :last AND scope_id = :id
"""


def rollups(store: Store, *, series_id: int, region_id: int | None, first: int, last: int) -> dict[int, Row]:
    """Month -> the sums of a region, or with None of the network; months without visits are absent."""
    scope = NETWORK if region_id is None else REGION
    rows = store.rows(
        ROLLUPS,
        {"scope": scope, "series": series_id, "first": first, "last": last, "id": region_id or 0},
    )
    return {row["month"]: row for row in rows}


REGION_ROLLUPS = """
SELECT * FROM rollup WHERE scope = :scope AND series_id = :series AND month = :month
"""


def region_rollups(store: Store, *, series_id: int, month: int) -> dict[int, Row]:
    """Region key -> the sums of a month."""
    rows = store.rows(REGION_ROLLUPS, {"scope": REGION, "series": series_id, "month": month})
    return {row["scope_id"]: row for row in rows}


# Plain tuples: a large network has ten thousand of them a month.
BRANCH_ROLLUPS = """
SELECT rollup.scope_id, branch.region_id, compliance_n, compliance_sum, compliance_squares,
    experience_n, experience_sum, experience_squares
FROM rollup JOIN branch ON branch.id = rollup.scope_id
WHERE rollup.scope = :scope AND rollup.series_id = :series AND rollup.month = :month
"""

# The regions whose branches of today have other sums in a month than they had themselves.
CHANGED_REGIONS = f"""
SELECT DISTINCT region_id FROM (
    SELECT branch.region_id, {_SUMMED} FROM rollup JOIN branch ON branch.id = rollup.scope_id
    WHERE rollup.scope = :scope AND series_id = :series AND month = :month GROUP BY branch.region_id
    EXCEPT SELECT scope_id, {SUMMED} FROM rollup
    WHERE scope = :region AND series_id = :series AND month = :month
)
"""  # noqa: S608

# Of branches in these regions today; a branch is found by its visits' own region, whatever month it moved in.
MOVED = f"""
SELECT visit.branch_id, visit.region_id, {SCORES}
FROM json_each(:regions) AS wanted
CROSS JOIN branch ON branch.region_id = wanted.value
CROSS JOIN visit ON visit.branch_id = branch.id AND visit.month = :month
WHERE visit.series_id = :series AND visit.counted
GROUP BY visit.branch_id, visit.region_id
"""  # noqa: S608

BranchSums = tuple[int, int, int, int, int, int, int, int]
"""Branch key, key of its visits' region, then n, sum and sum of squares of Compliance and of Experience."""


def branch_rollups(store: Store, *, series_id: int, month: int) -> list[BranchSums]:
    """The sums of every branch with visits in the month, by key; of one that moved within it by region too.

    Old months keep their region: where those of today do not add up to the regions' own sums, a branch has
    moved since, and its visits are asked.
    """
    asked = {"series": series_id, "month": month, "scope": BRANCH, "region": REGION}
    rows: list[BranchSums] = store.db.execute(BRANCH_ROLLUPS, asked).fetchall()
    changed = [region for (region,) in store.db.execute(CHANGED_REGIONS, asked)]
    if not changed:
        return rows
    moved: list[BranchSums] = store.db.execute(MOVED, {**asked, "regions": json_list(changed)}).fetchall()
    return sorted([*(row for row in rows if row[1] not in changed), *moved])


TALLY = """
SELECT month, item_id, bin, met, n FROM tally
WHERE series_id = :series AND month = :month AND region_id = :region
"""


def tally(store: Store, *, series_id: int, region_id: int | None, month: int) -> list[Row]:
    """The answers of a month in a region, or with None in the network: month, item_id, bin, met, n."""
    return store.rows(TALLY, {"series": series_id, "month": month, "region": region_id or 0})


MET = """
SELECT item_id, sum(n * (met = 1)) AS met, sum(n * (met >= 0)) AS asked FROM tally
WHERE series_id = :series AND month = :month AND region_id = :region
GROUP BY item_id
"""


def met_by_item(store: Store, *, series_id: int, region_id: int | None, month: int) -> list[Row]:
    """Per item how often it was met and asked in the month."""
    return store.rows(MET, {"series": series_id, "month": month, "region": region_id or 0})


UNFINISHED = """
SELECT outcome, count(*) AS n FROM visit
WHERE series_id = :series AND month = :month AND (:region IS NULL OR region_id = :region)
AND outcome <> 'completed' AND practice = 0 AND subject = 'own' AND state <> 'void'
GROUP BY outcome
"""


def unfinished(store: Store, *, series_id: int, region_id: int | None, month: int) -> dict[str, int]:
    """Outcome -> visits of the month that were not completed; read from an index of those visits alone."""
    rows = store.rows(UNFINISHED, {"series": series_id, "month": month, "region": region_id})
    return {row["outcome"]: row["n"] for row in rows}


# From the branches, for each has its visits of a month by index. Elsewhere a void visit is told first.
LEFT_OUT = """
SELECT CASE WHEN visit.practice THEN 'practice' WHEN visit.subject <> 'own' THEN 'competitor'
    WHEN visit.state = 'void' THEN 'void' WHEN visit.excluded THEN 'excluded' ELSE 'waiting' END AS reason,
    count(*) AS n
FROM branch CROSS JOIN visit ON visit.branch_id = branch.id AND visit.month = :month
WHERE visit.series_id = :series AND NOT visit.counted AND visit.outcome = 'completed'
AND (:region IS NULL OR visit.region_id = :region)
GROUP BY reason
"""


def left_out(store: Store, *, series_id: int, region_id: int | None, month: int) -> dict[str, int]:
    """Why -> how many completed visits of the month do not count."""
    rows = store.rows(LEFT_OUT, {"series": series_id, "month": month, "region": region_id})
    return {row["reason"]: row["n"] for row in rows}


# --- for all of them ---------------------------------------------------------------------------------------


LAST_RECEIVED = "SELECT received_at FROM visit ORDER BY id DESC LIMIT 1"
# Of the newest visits alone, for all would be read: they are approved in another order than they came in.
LAST_REVEALED = """
SELECT max(revealed_at) FROM (
    SELECT revealed_at FROM visit WHERE revealed_at <= :until ORDER BY id DESC LIMIT 500
)
"""


def data_until(store: Store, until: int | None = None) -> int | None:
    """How far every figure reaches (seconds): to when the last visit came in.

    For who sees what was revealed by `until`: to when the last such visit was revealed. The minute at which a
    visit comes in would tell a branch that a shopper has just been there.
    """
    found = store.value(LAST_RECEIVED) if until is None else store.value(LAST_REVEALED, {"until": until})
    return None if found is None else int(found)


def json_list(keys: Iterable[int]) -> str:
    """Integer keys as one parameter, for `json_each`."""
    return "[" + ",".join(map(str, keys)) + "]"
