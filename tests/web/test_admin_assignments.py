"""Assignments on administrators' pages: planned, found, changed, cancelled."""

from __future__ import annotations

from uuid import UUID

import pytest

from checker.store.connection import Store
from tests import people
from tests.browsing import Browser
from tests.web import shopping
from tests.web.administering import count, faults, refused, row, values

ASKED = {
    "branch": "B001",
    "checklist": "every_kind",
    "shopper": "sam@example.org",
    "visit_from": "2026-10-20",
    "visit_to": "2026-10-30",
    "report_by": "2026-11-01",
    "purpose": "planned",
    "scenario": "A gift for a child of six.",
    "briefing": "Park behind the house.\nCome in by the main door.",
    "fee": "25,50",
    "expenses": "",
    "currency": "eur",
}


@pytest.fixture(autouse=True)
def _ready(store: Store) -> None:
    shopping.publish(store)
    people.sam(store)


def plan(browser: Browser, **changes: str) -> str:
    """Plan an assignment; the path of its page."""
    answer = browser.post("/admin/new-assignment", data={**ASKED, **changes})
    assert answer.status_code == 303, faults(answer.text)
    return str(answer.location)


def test_a_planned_assignment_is_the_shoppers_at_once(as_ada: Browser, as_sam: Browser, store: Store):
    path = plan(as_ada)
    held = values(as_ada.get(path).text)
    assert {name: held[name] for name in ASKED} == {**ASKED, "fee": "25.50", "currency": "EUR"}
    assert "A gift for a child of six." in as_sam.get("/").text
    assert row(store, "assignment", fee_cents=2550)["state"] == "planned"


def test_a_button_pressed_twice_plans_one_assignment(as_ada: Browser, store: Store):
    path = plan(as_ada)
    assert plan(as_ada) == path
    assert plan(as_ada, scenario="Another one.") != path
    assert count(store, "assignment") == 2


def test_what_cannot_be_planned_is_refused_with_every_fault_and_what_was_typed(as_ada: Browser, store: Store):
    typed = {
        **ASKED,
        "visit_to": "2026-10-10",
        "shopper": "",
        "report_by": "",
        "scenario": "Kept <b>words</b>",
    }
    answer = as_ada.post("/admin/new-assignment", data=typed)
    refused(answer, typed=typed, saying="lies before the first")
    said = " ".join(faults(answer.text))
    for words in ("Say which shopper", "Give this day"):
        assert words in said
    assert "<b>words" not in answer.text
    refused(
        as_ada.post("/admin/new-assignment", data={**ASKED, "fee": "about 20", "expenses": "1.234"}),
        typed={"fee": "about 20", "expenses": "1.234", "briefing": ASKED["briefing"]},
        saying="“about 20” is no amount",
    )
    refused(
        as_ada.post("/admin/new-assignment", data={**ASKED, "currency": ""}),
        typed={"fee": "25,50"},
        saying="Say which currency",
    )
    assert count(store, "assignment") == 0


def test_an_assignment_is_changed_and_goes_to_another_shopper(as_ada: Browser, store: Store):
    path = plan(as_ada)
    people.someone(store, "tess@example.org", "Tess Tarn", "shopper")
    assert as_ada.post(path, data={**ASKED, "shopper": "tess@example.org"}).status_code == 303
    assert "Tess Tarn" in as_ada.get(path).text
    refused(
        as_ada.post(path, data={**ASKED, "report_by": "2026-10-21"}),
        typed={"report_by": "2026-10-21"},
        saying="due before the last day",
    )
    assert row(store, "assignment", report_by="2026-11-01")["state"] == "planned"


def test_an_assignment_is_cancelled_once_and_cannot_change_then(as_ada: Browser, store: Store):
    path = plan(as_ada)
    as_ada.post(f"{path}/cancel", data={"reason": "The shop is being rebuilt."})
    page = as_ada.get(path).text
    assert "The shop is being rebuilt." in page
    assert '<fieldset class="field" disabled>' in page
    refused(
        as_ada.post(path, data={**ASKED, "scenario": "Other"}),
        typed={"scenario": "Other"},
        saying="cannot change",
    )
    as_ada.post(f"{path}/cancel")
    assert "that is no longer possible" in as_ada.get(path).text
    assert path.rpartition("/")[2] not in as_ada.get("/admin/assignments").text
    assert path.rpartition("/")[2] in as_ada.get("/admin/assignments?show=cancelled").text


def test_another_one_like_it_is_filled_in(as_ada: Browser):
    path = plan(as_ada)
    held = values(as_ada.get(f"/admin/new-assignment?like={path.rpartition('/')[2]}").text)
    assert (held["scenario"], held["branch"]) == (ASKED["scenario"], "B001")
    assert as_ada.get("/admin/new-assignment?like=nothing").status_code == 200


def test_the_list_is_filtered_by_state_month_shopper_and_branch(as_ada: Browser, store: Store):
    ids = {
        "october": plan(as_ada).rpartition("/")[2],
        "december": plan(
            as_ada, visit_from="2026-12-01", visit_to="2026-12-05", report_by="2026-12-06", branch="B003"
        ).rpartition("/")[2],
    }

    def found(query: str) -> set[str]:
        page = as_ada.get(f"/admin/assignments?{query}").text
        return {name for name, uuid in ids.items() if uuid in page}

    assert found("") == {"october", "december"}
    assert found("month=2026-10") == {"october"}
    assert found("month=2026-11") == set()
    assert found("branch=B003") == {"december"}
    assert found("shopper=sam@example.org") == {"october", "december"}
    assert found("show=done") == set()
    with store.write():
        store.db.execute(
            "UPDATE assignment SET state = 'done' WHERE uuid = :u", {"u": UUID(ids["october"]).bytes}
        )
    assert (found("show=done"), found("show=open"), found("show=all&month=x")) == (
        {"october"},
        {"december"},
        {"october", "december"},
    )


def test_an_overdue_assignment_says_so(as_ada: Browser):
    plan(as_ada, visit_from="2026-10-01", visit_to="2026-10-10", report_by="2026-10-15")
    assert "overdue" not in as_ada.get("/admin/assignments").text  # today is the last day
    plan(as_ada, visit_from="2026-10-01", visit_to="2026-10-10", report_by="2026-10-14")
    assert as_ada.get("/admin/assignments").text.count("overdue, planned") == 1
    assert "One assignment is overdue" in as_ada.get("/admin/").text
