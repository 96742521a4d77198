"""Roll-ups and tallies: what every visit adds to, kept in its transaction, and proved by recounting.

One rule, three uses. `ROLLUPS` and `TALLIES` say what one counted visit adds to each figure; `apply` adds or
takes away one visit, `rebuild` adds them all, `differences` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checker.standards.model import Duration
from checker.store.connection import Row, Store

NETWORK, REGION, BRANCH, EMPLOYEE = 0, 1, 2, 3
"""The scopes of a roll-up."""

OVER = 601
"""The bin of durations beyond 600 seconds, or beyond the limit of a standard that allows more."""
NEVER_BIN = -1
NA_BIN = -2

FIGURES = (
    "visits",
    "compliance_n",
    "compliance_sum",
    "compliance_squares",
    "experience_n",
    "experience_sum",
    "experience_squares",
    "low",
    "standard",
    "wow",
    "flagged",
)


def over(rule: Duration) -> int:
    """The bin of durations that are not told apart: above ten minutes, and too late for any tolerance."""
    return max(OVER, rule.limit_s + max(rule.tapped_tolerance_s, rule.estimated_tolerance_s) + 1)


# An employee who held two roles in one visit is one visit: the score stands beside the first role.
ROLLUPS = """
SELECT place.scope, visit.series_id, visit.month, place.scope_id, 1 AS visits,
    place.compliance IS NOT NULL AS compliance_n,
    ifnull(place.compliance, 0) AS compliance_sum,
    ifnull(place.compliance * place.compliance, 0) AS compliance_squares,
    place.experience IS NOT NULL AS experience_n,
    ifnull(place.experience, 0) AS experience_sum,
    ifnull(place.experience * place.experience, 0) AS experience_squares,
    ifnull(visit.service_level = 'low', 0) AS low,
    ifnull(visit.service_level = 'standard', 0) AS standard,
    ifnull(visit.service_level = 'wow', 0) AS wow,
    visit.flagged
FROM visit JOIN (
    SELECT id AS visit_id, 0 AS scope, 0 AS scope_id, compliance, experience FROM visit WHERE {which}
    UNION ALL
    SELECT id, 1, region_id, compliance, experience FROM visit WHERE {which}
    UNION ALL
    SELECT id, 2, branch_id, compliance, experience FROM visit WHERE {which}
    UNION ALL
    SELECT visit_id, 3, employee_id, max(compliance), max(experience) FROM visit_employee
    WHERE employee_id IS NOT NULL AND {which_employee} GROUP BY visit_id, employee_id
) AS place ON place.visit_id = visit.id
WHERE visit.counted
"""

BIN = """CASE
        WHEN answer.value IS NULL THEN -2
        WHEN item.timed AND answer.value >= 0 THEN min(answer.value / 1000, max(item.timed, 601))
        ELSE answer.value
    END"""

TALLIES = f"""
SELECT visit.series_id, visit.month, visit.region_id, answer.item_id, {BIN} AS bin,
    ifnull(answer.met, -1) AS met, 1 AS n
FROM visit
CROSS JOIN answer ON answer.visit_id = visit.id
CROSS JOIN item ON item.id = answer.item_id
WHERE visit.counted AND {{which}}
"""  # noqa: S608  # every name is ours

# What adds to a region adds to the network, region 0, as well.
NETWORK_TOO = """
SELECT series_id, month, regional * region_id AS region_id, item_id, bin, met, n
FROM ({source}) CROSS JOIN (SELECT 0 AS regional UNION ALL SELECT 1)
"""

ONE = {"which": "id = :visit", "which_employee": "visit_id = :visit"}
ALL = {"which": "1", "which_employee": "1"}

KEYS = {
    "rollup": ("scope", "series_id", "month", "scope_id"),
    "tally": ("series_id", "month", "region_id", "item_id", "bin", "met"),
}
VALUES: dict[str, tuple[str, ...]] = {"rollup": FIGURES, "tally": ("n",)}


def _adding(table: str, source: str) -> str:
    """An upsert that adds `:sign` times what `source` gives to `table`."""
    keys, values = ", ".join(KEYS[table]), VALUES[table]
    return f"""
INSERT INTO {table} ({keys}, {", ".join(values)})
SELECT {keys}, {", ".join(f":sign * {value}" for value in values)} FROM ({source}) WHERE true
ON CONFLICT ({keys}) DO UPDATE SET {", ".join(f"{value} = {value} + excluded.{value}" for value in values)}
"""  # noqa: S608  # every name is ours


def _summing(table: str, source: str) -> str:
    """What `table` ought to hold."""
    keys = ", ".join(KEYS[table])
    sums = ", ".join(f"sum({value}) AS {value}" for value in VALUES[table])
    return f"SELECT {keys}, {sums} FROM ({source}) GROUP BY {keys}"  # noqa: S608


def _emptied(table: str, source: str) -> str:
    """Take away the rows of `source` that count nothing any more."""
    keys = ", ".join(KEYS[table])
    return f"DELETE FROM {table} WHERE {VALUES[table][0]} = 0 AND ({keys}) IN (SELECT {keys} FROM ({source}))"  # noqa: S608


SOURCES = {
    "rollup": ROLLUPS.format(**ONE),
    "tally": NETWORK_TOO.format(source=TALLIES.format(which="visit.id = :visit")),
}
ADDING = [_adding(table, source) for table, source in SOURCES.items()]
TAKING = ADDING + [_emptied(table, source) for table, source in SOURCES.items()]
COUNT_CHANGE = """
INSERT INTO change_count (series_id, month, n) SELECT series_id, month, 1 FROM visit WHERE id = :visit
ON CONFLICT (series_id, month) DO UPDATE SET n = n + 1
"""
WANTED = {
    "rollup": _summing("rollup", ROLLUPS.format(**ALL)),
    # Regions are summed before the network is, which sorts a hundredth of the rows.
    "tally": _summing("tally", NETWORK_TOO.format(source=_summing("tally", TALLIES.format(which="1")))),
}


def apply(store: Store, visit_id: int, sign: int) -> None:
    """Add (+1) or take away (-1) one visit in every roll-up and tally; a visit that does not count adds
    nothing.
    """
    parameters = {"visit": visit_id, "sign": sign}
    for statement in ADDING if sign > 0 else TAKING:
        store.db.execute(statement, parameters)
    store.db.execute(COUNT_CHANGE, {"visit": visit_id})


@contextmanager
def changing(store: Store, visit_id: int) -> Iterator[None]:
    """Around any change of a stored visit: taken out of the figures as it was, put back as it is."""
    apply(store, visit_id, -1)
    yield
    apply(store, visit_id, +1)


def rebuild(store: Store) -> int:
    """Throw every roll-up and tally away and count all visits again; returns how many visits count."""
    with store.write():
        for table, wanted in WANTED.items():
            store.db.execute(f"DELETE FROM {table}")  # noqa: S608
            columns = ", ".join((*KEYS[table], *VALUES[table]))
            store.db.execute(f"INSERT INTO {table} ({columns}) {wanted}")  # noqa: S608
        # Every count grows, those of months that have lost their last visit too.
        store.db.execute("UPDATE change_count SET n = n + 1")
        store.db.execute(
            "INSERT INTO change_count (series_id, month, n) SELECT DISTINCT series_id, month, 1 FROM rollup "
            "WHERE true ON CONFLICT DO NOTHING"
        )
    return int(store.value("SELECT count(*) FROM visit WHERE counted"))


def differences(store: Store) -> list[Row]:
    """Every roll-up and tally that is not what a recount gives: table, row, side "stored" or "recounted"."""
    found: list[Row] = []
    for table, wanted in WANTED.items():
        columns = ", ".join((*KEYS[table], *VALUES[table]))
        held = f"SELECT {columns} FROM {table}"  # noqa: S608
        recounted = f"SELECT {columns} FROM ({wanted})"  # noqa: S608
        for label, first, second in (("stored", held, recounted), ("recounted", recounted, held)):
            rows = store.rows(f"{first} EXCEPT {second}")
            found += [{"table": table, "side": label, **row} for row in rows]
    return found


def change_counts(store: Store, series_id: int) -> dict[int, int]:
    """Month -> a number that grows with every change of the series' figures in it; 0 -> the same for what
    every figure is read with (branches, regions, targets, programmes, checklists).
    """
    rows = store.rows(
        "SELECT month, n FROM change_count WHERE series_id = :series OR series_id = 0", {"series": series_id}
    )
    return {row["month"]: row["n"] for row in rows}


def change_count(store: Store) -> int:
    """A number that grows with every change of any figure."""
    return int(store.value("SELECT sum(n) FROM change_count"))
