"""Actions: planned, changed, closed with what came of them, opened again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from checker.actions.change_action import change_action
from checker.actions.close_action import close_action
from checker.actions.plan_action import plan_action
from checker.actions.reopen_action import reopen_action
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.store import plans
from checker.store.connection import Row
from tests.making_store import NOW, Shop

WHAT = {
    "what": "Greet everybody at the door within 20 seconds.",
    "owner": "Shift lead",
    "due_on": "2026-11-15",
    "measured_by": "Share of visits greeted in time",
    "standard": "greeting_time",
}


def planned(shop: Shop, **changes: Any) -> UUID:
    asked: dict[str, Any] = {"branch": "B1", "by": shop.people["mara"], "now": NOW, **WHAT, **changes}
    return plan_action(shop.store, **asked)


def stored(shop: Shop, uuid: UUID) -> Row:
    row = plans.find(shop.store, uuid)
    assert row is not None
    return row


def trail_of(shop: Shop, uuid: UUID) -> list[tuple[str, dict[str, Any]]]:
    rows = shop.store.rows("SELECT act, details FROM trail WHERE thing = :id ORDER BY id", {"id": str(uuid)})
    return [(row["act"], json.loads(row["details"])) for row in rows]


def faults(refused: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(fault.place, fault.code) for fault in refused.value.faults}


def test_what_was_planned_is_kept_as_typed(shop: Shop):
    row = stored(shop, planned(shop))
    assert {name: row[name] for name in WHAT} == WHAT
    assert (row["branch"], row["region"], row["state"], row["closed_on"]) == ("B1", None, "open", None)


def test_a_region_and_the_network_have_actions_too(shop: Shop):
    region = stored(shop, planned(shop, branch=None, region="north"))
    network = stored(shop, planned(shop, branch=None))
    assert (region["branch"], region["region"]) == (None, "north")
    assert (network["branch"], network["region"]) == (None, None)


@pytest.mark.parametrize("place", [{"branch": "B9"}, {"branch": None, "region": "mars"}])
def test_a_place_that_is_not_there_has_none(shop: Shop, place: dict[str, Any]):
    with pytest.raises(Problem) as problem:
        planned(shop, **place)
    assert problem.value.status == 404


def test_every_fault_is_named_at_once(shop: Shop):
    with pytest.raises(Refused) as refused:
        planned(shop, what=" ", owner="\n", due_on="", measured_by="", standard="luck")
    assert faults(refused) == {
        ("what", "action.missing"),
        ("owner", "action.missing"),
        ("due_on", "action.day_missing"),
        ("measured_by", "action.missing"),
        ("standard", "action.standard"),
    }
    assert shop.store.value("SELECT count(*) FROM action") == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"what": "x" * 501}, ("what", "action.too_long")),
        ({"owner": "x" * 121}, ("owner", "action.too_long")),
        ({"measured_by": "x" * 501}, ("measured_by", "action.too_long")),
        ({"due_on": "15.11.2026"}, ("due_on", "day.shape")),
        ({"due_on": "2026-10-19"}, ("due_on", "action.past")),
        ({"due_on": "2206-11-15"}, ("due_on", "action.far")),
        ({"standard": "remark"}, ("standard", "action.standard")),
    ],
)
def test_what_cannot_be_meant_is_refused(shop: Shop, given: dict[str, Any], code: tuple[str, str]):
    with pytest.raises(Refused) as refused:
        planned(shop, **given)
    assert faults(refused) == {code}


def test_today_is_the_branch_s_own_day(shop: Shop):
    late = datetime(2026, 10, 20, 22, 30, tzinfo=UTC)  # the 21st in Helsinki
    with pytest.raises(Refused):
        planned(shop, due_on="2026-10-20", now=late)
    assert planned(shop, branch=None, due_on="2026-10-20", now=late)


def test_a_change_is_told_by_the_names_of_what_changed(shop: Shop):
    uuid = planned(shop)
    changed = {**WHAT, "owner": "Branch manager", "due_on": "2026-11-30"}
    assert change_action(shop.store, uuid, by=shop.people["mara"], now=NOW, **changed)
    assert not change_action(shop.store, uuid, by=shop.people["mara"], now=NOW, **changed)
    assert stored(shop, uuid)["owner"] == "Branch manager"
    assert trail_of(shop, uuid) == [
        ("action.plan", {"scope": "B1"}),
        ("action.change", {"changed": ["due_on", "owner"]}),
    ]


def test_what_an_action_holds_already_is_no_fault(shop: Shop):
    """Its day has passed and its standard is asked no more, and somebody mends the owner."""
    uuid = planned(shop)
    with shop.store.write():
        shop.store.change("action", stored(shop, uuid)["id"], {"standard": "gone"})
    later = NOW + timedelta(days=90)
    kept = {**WHAT, "standard": "gone", "owner": "Somebody else"}
    assert change_action(shop.store, uuid, by=None, now=later, **kept)
    with pytest.raises(Refused) as refused:
        change_action(shop.store, uuid, by=None, now=later, **{**kept, "due_on": "2026-11-16"})
    assert faults(refused) == {("due_on", "action.past")}


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_it_is_closed_with_what_came_of_it(shop: Shop, state: str):
    uuid = planned(shop)
    at = NOW + timedelta(days=20)
    close_action(shop.store, uuid, state=state, outcome=" 18 of 20 in time. ", by=None, now=at)
    row = stored(shop, uuid)
    assert (row["state"], row["outcome"], row["closed_on"]) == (state, "18 of 20 in time.", "2026-11-09")
    assert trail_of(shop, uuid)[-1] == ("action.close", {"state": state})


def test_closing_needs_an_outcome_and_an_end(shop: Shop):
    uuid = planned(shop)
    with pytest.raises(Refused) as refused:
        close_action(shop.store, uuid, state="open", outcome="  ", by=None, now=NOW)
    assert faults(refused) == {("outcome", "action.missing"), ("state", "action.state")}
    assert stored(shop, uuid)["state"] == "open"


def test_a_closed_action_changes_only_after_it_was_opened_again(shop: Shop):
    uuid = planned(shop)
    close_action(shop.store, uuid, state="done", outcome="Met.", by=None, now=NOW)
    for act in (
        lambda: change_action(shop.store, uuid, by=None, now=NOW, **WHAT),
        lambda: close_action(shop.store, uuid, state="dropped", outcome="No.", by=None, now=NOW),
    ):
        with pytest.raises(Problem) as problem:
            act()
        assert problem.value.status == 409
    reopen_action(shop.store, uuid, by=None, now=NOW)
    row = stored(shop, uuid)
    assert (row["state"], row["closed_on"], row["outcome"]) == ("open", None, "Met.")
    assert trail_of(shop, uuid)[-1] == ("action.reopen", {})
    with pytest.raises(Problem) as problem:
        reopen_action(shop.store, uuid, by=None, now=NOW)
    assert problem.value.status == 409


def test_what_is_not_there_is_not_found(shop: Shop):
    for act in (
        lambda: change_action(shop.store, uuid4(), by=None, now=NOW, **WHAT),
        lambda: close_action(shop.store, uuid4(), state="done", outcome="x", by=None, now=NOW),
        lambda: reopen_action(shop.store, uuid4(), by=None, now=NOW),
    ):
        with pytest.raises(Problem) as problem:
            act()
        assert problem.value.status == 404
