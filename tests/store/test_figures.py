"""Figures are read by index: a branch's page does not grow with the network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.store import figures, tallies, visits
from tests.making_store import GOOD, Shop
from tests.making_store import shop as made


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with made(tmp_path) as it:
        yield it


PARAMETERS: dict[str, Any] = {
    "series": 1,
    "branch": 1,
    "region": None,
    "employee": 1,
    "person": None,
    "month": 202610,
    "before": 202609,
    "first": 202510,
    "last": 202610,
    "until": None,
    "scope": 0,
    "id": 0,
    "visits": "[1]",
}


@pytest.mark.parametrize(
    "query",
    [
        figures.BRANCH_MONTHS,
        figures.BRANCH_TALLY,
        figures.BRANCH_EMPLOYEES,
        figures.UNFINISHED_AT_BRANCH,
        figures.EMPLOYEE_VISITS,
        figures.EMPLOYEE_TALLY,
        figures.ROLLUPS,
        figures.REGION_ROLLUPS,
        figures.BRANCH_ROLLUPS,
        figures.TALLY,
        figures.MET,
        figures.UNFINISHED,
        visits.LINES_AT_BRANCH,
        visits.LINES_BY_KEY,
        visits.SERVED,
    ],
)
def test_no_query_walks_through_a_table(shop: Shop, query: str) -> None:
    shop.send()
    used = {name: value for name, value in PARAMETERS.items() if f":{name}" in query}
    plan = [row["detail"] for row in shop.store.rows("EXPLAIN QUERY PLAN " + query, used)]
    scans = [
        step for step in plan if step.startswith("SCAN ") and not step.startswith(("SCAN wanted", "SCAN ("))
    ]
    assert scans == []


def test_a_month_is_read_by_branch_and_month(shop: Shop) -> None:
    plan = shop.store.rows("EXPLAIN QUERY PLAN " + figures.BRANCH_MONTHS, PARAMETERS | {"x": 0})
    assert "visit_branch (branch_id=? AND month>? AND month<?)" in plan[0]["detail"]


def test_unfinished_visits_have_an_index_of_their_own(shop: Shop) -> None:
    plan = shop.store.rows("EXPLAIN QUERY PLAN " + figures.UNFINISHED, PARAMETERS)
    assert "INDEX visit_unfinished (series_id=? AND month=?)" in plan[0]["detail"]


def test_a_branchs_answers_are_counted_as_the_tally_counts(shop: Shop) -> None:
    for seconds in (3, "25.9", 600, "600.5", 601, 9000, "never"):
        shop.send(answers={**GOOD, "greeting_time": seconds, "tidy": "na"})
    own = figures.branch_tally(
        shop.store, series_id=1, branch_id=shop.branches["B1"], months=(202610, 202609), until=None
    )
    network = figures.tally(shop.store, series_id=1, region_id=None, month=202610)
    assert sorted(map(str, own)) == sorted(map(str, network))


def test_a_branchs_sums_are_what_its_roll_up_holds(shop: Shop) -> None:
    for level in ("low", "wow", None):
        shop.send(service_level=level)
    shop.send(practice=True)
    own = figures.branch_months(
        shop.store, series_id=1, branch_id=shop.branches["B1"], first=202610, last=202610, until=None
    )[202610]
    kept = shop.store.row("SELECT * FROM rollup WHERE scope = 2")
    assert kept is not None
    assert {name: own[name] for name in tallies.FIGURES} == {name: kept[name] for name in tallies.FIGURES}


def test_nothing_received_yet(shop: Shop) -> None:
    assert figures.data_until(shop.store) is None
