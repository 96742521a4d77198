"""Actions through the API: of which places, narrowed how, page by page, and what of them is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from checker.actions.close_action import close_action
from checker.actions.plan_action import plan_action
from checker.store.connection import Store
from tests.browsing import Clock
from tests.conftest import NOW
from tests.web.asking import Program, faults_of

AsProgram = Callable[..., Program]


@pytest.fixture
def plan(as_program: AsProgram, store: Store) -> Callable[..., UUID]:
    """Plans actions; `shop` is published and the network is there."""

    def plan_(what: str = "Smile.", due_on: str = "2026-11-01", **place: Any) -> UUID:
        asked = {"owner": "Shift lead", "measured_by": "Visits", **place}
        return plan_action(store, what=what, due_on=due_on, by=None, now=NOW, **asked)

    return plan_


def listed(program: Program, **query: str) -> list[str]:
    """What each action on the page says will be done, in its order."""
    answer = program.get("/actions", **query)
    assert answer.status_code == 200, answer.text
    return [one["what"] for one in answer.get_json()["actions"]]


def test_an_action_is_told_whole_and_without_who_planned_it(
    as_program: AsProgram, store: Store, plan: Callable[..., UUID]
):
    uuid = plan(branch="B001", standard="smile")
    close_action(store, uuid, state="done", outcome="They smile.", by=None, now=NOW)
    assert as_program("mara", "actions:read").get("/actions").get_json() == {
        "actions": [
            {
                "id": str(uuid),
                "programme": "main",
                "branch": "B001",
                "region": "R1",
                "standard": "smile",
                "what": "Smile.",
                "owner": "Shift lead",
                "due_on": "2026-11-01",
                "measured_by": "Visits",
                "state": "done",
                "overdue": False,
                "outcome": "They smile.",
                "closed_on": "2026-10-15",
            }
        ],
        "next": None,
    }


def test_places_months_and_states_narrow_the_list(
    as_program: AsProgram, store: Store, plan: Callable[..., UUID], clock: Clock
):
    plan("branch", branch="B001")
    plan("other branch", branch="B003", due_on="2026-10-31")
    plan("region", region="R1", due_on="2026-11-30")
    plan("network", due_on="2026-12-01")
    done = plan("done", branch="B001")
    close_action(store, done, state="done", outcome="Well.", by=None, now=NOW)
    lee = as_program("lee")
    assert listed(lee) == ["branch", "other branch", "region", "network", "done"]
    assert listed(lee, branch="B001") == ["branch", "done"]
    assert listed(lee, region="R1") == ["branch", "region", "done"]  # with its branches, as lists of visits
    assert listed(lee, region="R2") == ["other branch"]
    assert listed(lee, month="2026-11") == ["branch", "region", "done"]
    assert listed(lee, state="done") == ["done"]
    assert listed(lee, branch="B001", month="2026-11", state="open") == ["branch"]
    assert listed(lee, branch="B999") == listed(lee, region="R9") == listed(lee, state="dropped") == []
    for days, late in ((16, set()), (1, {"other branch"})):
        clock.pass_by(days=days)
        shown = lee.get("/actions").get_json()["actions"]
        assert {one["what"] for one in shown if one["overdue"]} == late


def test_a_filter_shows_nothing_that_is_out_of_sight(as_program: AsProgram, plan: Callable[..., UUID]):
    plan("branch", branch="B003")
    plan("region", region="R1")
    plan("network")
    mara = as_program("mara")
    assert listed(mara, branch="B003") == listed(mara, region="R1") == listed(mara) == []


def test_pages_follow_each_other_until_nothing_is_left(as_program: AsProgram, plan: Callable[..., UUID]):
    for name in "abcde":
        plan(name, branch="B001")
        plan("not Mara's", branch="B003")
    mara, found, query = as_program("mara"), [], {"limit": "2"}
    for _ in range(3):
        page = mara.get("/actions", **query).get_json()
        found.append("".join(one["what"] for one in page["actions"]))
        query["after"] = page["next"]
    assert (found, page["next"]) == (["ab", "cd", "e"], None)


def test_what_cannot_be_asked_is_refused_with_its_place(as_program: AsProgram, plan: Callable[..., UUID]):
    mara, theirs = as_program("mara"), plan(branch="B003")
    for after in (theirs, uuid4()):
        assert faults_of(mara.get("/actions", after=str(after))) == {("after", "page.after")}
    wrong = mara.get("/actions", after="1", limit="0", month="2026-13", state="late", checklist="shop")
    assert {place for place, _ in faults_of(wrong)} == {"after", "limit", "month", "state", "checklist"}
