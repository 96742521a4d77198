"""The actions around a month: what came of the last ones, what is being done, and that nothing is stale."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from checker.actions.close_action import close_action
from checker.actions.plan_action import plan_action
from checker.standards.month import Month
from checker.summaries.branch import branch_month
from checker.summaries.network import network_month
from checker.summaries.values import Plan
from tests.making_store import NOW, OCTOBER, Shop


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def planned(shop: Shop, what: str, due: str, now: datetime, **place: Any) -> UUID:
    return plan_action(
        shop.store,
        what=what,
        owner="Shift lead",
        due_on=due,
        measured_by="Visits",
        by=None,
        now=now,
        **(place or {"branch": "B1"}),
    )


def close(shop: Shop, uuid: UUID, now: datetime, state: str = "done") -> None:
    close_action(shop.store, uuid, state=state, outcome="It worked.", by=None, now=now)


@pytest.fixture
def visited(shop: Shop) -> Shop:
    shop.send()
    return shop


def of_branch(shop: Shop, month: Month = OCTOBER, who: str = "mara", now: datetime = NOW) -> Plan:
    return branch_month(
        shop.store,
        branch_code="B1",
        month=month,
        series_id=shop.series_id,
        person_id=shop.people[who],
        now=now,
    ).plan


def of_network(shop: Shop, region: str | None = None, who: str = "lee") -> Plan:
    return network_month(
        shop.store,
        series_id=shop.series_id,
        month=OCTOBER,
        region_code=region,
        person_id=shop.people[who],
        now=NOW,
    ).plan


def said(plan: Plan) -> tuple[list[str], list[str]]:
    return [line.what for line in plan.settled], [line.what for line in plan.current]


def test_what_was_closed_or_due_lately_is_settled_and_what_is_open_is_current(visited: Shop):
    for what, due, closed in (
        ("long over", "2026-08-20", at(2026, 8, 20)),
        ("closed before", "2026-09-20", at(2026, 9, 25)),
        ("closed now", "2026-10-25", at(2026, 10, 15)),
        ("due before, closed early", "2026-09-30", at(2026, 8, 30)),
    ):
        close(visited, planned(visited, what, due, at(2026, 8, 1)), closed)
    planned(visited, "still open", "2026-09-10", at(2026, 8, 1))
    planned(visited, "new", "2026-11-30", NOW)
    assert said(of_branch(visited)) == (
        ["still open", "closed before", "due before, closed early", "closed now"],
        ["still open", "new"],
    )


def test_a_month_is_discussed_in_the_next_one(visited: Shop):
    """What is planned or closed in November because of October stands beside October; later things do not."""
    now = at(2026, 12, 20)
    close(visited, planned(visited, "closed in november", "2026-11-20", NOW), at(2026, 11, 12))
    close(visited, planned(visited, "closed in december", "2026-12-20", NOW), at(2026, 12, 12))
    planned(visited, "planned in november", "2026-12-31", at(2026, 11, 30))
    planned(visited, "planned in december", "2026-12-31", at(2026, 12, 1))
    assert said(of_branch(visited, now=now)) == (
        ["closed in november"],
        ["closed in december", "planned in november"],
    )


def test_overdue_is_before_today_at_the_branch(visited: Shop):
    planned(visited, "late", "2026-10-19", at(2026, 10, 1))
    planned(visited, "today", "2026-10-20", at(2026, 10, 1))
    close(visited, planned(visited, "closed", "2026-10-02", at(2026, 10, 1)), at(2026, 10, 10))
    night = datetime(2026, 10, 20, 22, 30, tzinfo=UTC)  # the 21st in Helsinki
    assert [line.overdue for line in of_branch(visited).current] == [True, False]
    assert [line.overdue for line in of_branch(visited, now=night).current] == [True, True]
    assert not any(line.overdue for line in of_branch(visited).settled)


def test_a_standard_is_told_in_its_words(visited: Shop):
    plan_action(
        visited.store,
        branch="B1",
        what="Smile",
        owner="All",
        due_on="2026-11-01",
        measured_by="Visits",
        standard="smile",
        by=None,
        now=NOW,
    )
    (line,) = of_branch(visited).current
    assert line.standard == "smile"
    assert line.about is not None
    assert line.about["en"] == "The employee smiled."


def test_a_network_tells_its_own_and_its_regions_actions_and_how_many_branches_have(visited: Shop):
    planned(visited, "all", "2026-11-01", NOW, branch=None)
    planned(visited, "north", "2026-11-02", NOW, region="north")
    planned(visited, "south", "2026-11-03", NOW, region="south")
    planned(visited, "B1", "2026-11-04", NOW)
    close(visited, planned(visited, "B1 too", "2026-11-04", NOW), NOW)
    planned(visited, "B3", "2026-11-05", NOW, branch="B3")
    network = of_network(visited)
    assert said(network) == ([], ["all", "north", "south"])
    assert [line.place and line.place.code for line in network.current] == [None, "north", "south"]
    assert (network.open_at_branches, network.closed_at_branches) == (2, 1)
    north = of_network(visited, "north", "lena")
    assert said(north) == ([], ["north"])
    assert (north.open_at_branches, north.closed_at_branches) == (1, 1)
    assert said(of_branch(visited)) == (["B1 too"], ["B1"])


def test_a_kept_summary_tells_of_an_action_planned_since(visited: Shop):
    assert said(of_network(visited)) == ([], [])
    uuid = planned(visited, "all", "2026-11-01", NOW, branch=None)
    assert said(of_network(visited)) == ([], ["all"])
    close(visited, uuid, NOW)
    assert said(of_network(visited)) == (["all"], [])
