"""Actions on pages: planned, changed, closed and opened again, and by whom."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from flask import Flask

from checker.store import plans
from checker.store.connection import Row, Store
from tests import people
from tests.browsing import Browser, Clock, signed_in_as
from tests.making_store import POOR
from tests.web.sent import aim, send, words

PAGE = "/branches/B001"
NEW = f"{PAGE}/new-action"
ENTRY = {
    "what": "Say hello at the door.",
    "owner": "Shift lead",
    "due_on": "2026-10-30",
    "measured_by": "Visits greeted in time",
    "standard": "greeting_time",
}


@pytest.fixture
def as_reg(app: Flask, store: Store) -> Browser:
    """Reg's browser; he leads the region R1 alone."""
    return signed_in_as(
        app, people.someone(store, "reg@example.org", "Reg Rock", "leadership", regions=["R1"])
    )


@pytest.fixture(autouse=True)
def visited(store: Store) -> None:
    send(store)


def planned(browser: Browser, page: str = PAGE, **changes: str) -> UUID:
    answer = browser.post(f"{page}/new-action", data={**ENTRY, **changes})
    assert answer.status_code == 303, answer.text
    found = re.findall(r"/actions/([0-9a-f-]{36})", browser.get(page).text)
    assert found
    return UUID(found[-1])


def stored(store: Store, uuid: UUID) -> Row:
    row = plans.find(store, uuid)
    assert row is not None
    return row


def section(browser: Browser, page: str = PAGE) -> str:
    """What the section of actions says, without its form."""
    html = browser.get(page).text
    start = html.index('<section class="card" id="actions"')
    html = html[start : html.index("</section>", start)]
    return words(re.sub(r"<details.*?</details>", "", html, flags=re.S))


# --- planning ----------------------------------------------------------------------------------------------


def test_without_an_action_the_page_says_so(as_mara: Browser):
    assert "No action is open." in section(as_mara)


def test_a_manager_plans_at_the_branch_and_comes_back_to_it(as_mara: Browser):
    answer = as_mara.post(f"{NEW}?month=2026-10&checklist=shop&evil=1", data=ENTRY)
    assert answer.location == f"{PAGE}?month=2026-10&checklist=shop#actions"
    assert "The action is planned." in as_mara.get(PAGE).text
    said = section(as_mara)
    for typed in ("Say hello at the door.", "Shift lead", "30 Oct 2026", "Visits greeted in time"):
        assert typed in said
    assert "About: How long until the greeting?" in said
    assert "overdue" not in said


@pytest.mark.parametrize("page", ["/network", "/regions/R1"])
def test_leadership_plans_for_the_network_and_in_regions(as_lee: Browser, page: str):
    planned(as_lee, page)
    assert "Say hello at the door." in section(as_lee, page)


def test_the_network_s_page_tells_where_and_how_many_at_branches(as_ada: Browser, as_lee: Browser):
    planned(as_ada, "/network", what="Ours")
    planned(as_ada, "/regions/R1", what="Theirs")
    planned(as_ada, PAGE, what="At the branch")
    said = section(as_lee, "/network")
    assert re.search(r"Ours .*Network", said)
    assert re.search(r"Theirs .*North", said)
    assert "At the branch" not in said
    assert "Actions of branches, on their own pages: 1 open, 0 closed lately." in said


def test_what_was_typed_stays_when_it_is_refused(as_mara: Browser, store: Store):
    answer = as_mara.post(NEW, data={**ENTRY, "what": "", "due_on": "2026-10-01", "owner": "The <b>team</b>"})
    assert answer.status_code == 422
    said = words(answer.text)
    assert "Nothing was stored." in said
    assert "Say what will be done." in said
    assert "This day lies in the past. Give one from 2026-10-15 on." in said
    assert 'value="The &lt;b&gt;team&lt;/b&gt;"' in answer.text
    assert 'value="2026-10-01"' in answer.text
    assert '<option selected value="greeting_time">' in answer.text
    assert store.value("SELECT count(*) FROM action") == 0


def test_a_standard_nobody_asks_is_refused_beside_its_field(as_mara: Browser):
    answer = as_mara.post(NEW, data={**ENTRY, "standard": "<script>"})
    assert answer.status_code == 422
    assert "“&lt;script&gt;” is no standard of a checklist in use." in answer.text
    assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_the_form_without_an_address_s_checklist_offers_every_standard(as_mara: Browser):
    assert '<optgroup label="Shop">' in as_mara.get(NEW).text
    assert "<optgroup" not in as_mara.get(f"{NEW}?checklist=shop").text


def test_the_hint_asks_for_no_employee_s_name(as_mara: Browser, as_lee: Browser):
    for browser, page in ((as_mara, NEW), (as_lee, "/network/new-action")):
        assert "name no employee" in browser.get(page).text


# --- a standard below its target ---------------------------------------------------------------------------


def test_beside_a_standard_below_target_one_plans_an_action_about_it(store: Store, as_mara: Browser):
    aim(store, "smile", 900_000)
    send(store, 8, answers=POOR)
    page = as_mara.get(PAGE).text
    assert "Plan an action about:" in words(page)
    link = re.search(r'href="(/branches/B001/new-action\?[^"]*standard=smile)"', page)
    assert link
    form = as_mara.get(link[1].replace("&amp;", "&")).text
    assert '<option selected value="smile">' in form
    assert 'value="Share of visits that meet the standard"' in form
    assert '<textarea id="what" name="what" rows="2">\r\n</textarea>' in form, "what to do is for people"


def test_no_standard_is_offered_that_is_not_below_its_target(store: Store, as_mara: Browser):
    send(store, 8)
    aim(store, "smile", 900_000)
    assert "Plan an action about:" not in as_mara.get(PAGE).text


def test_an_address_with_a_standard_that_is_none_opens_the_empty_form(as_mara: Browser):
    page = as_mara.get(f"{NEW}?standard=none")
    assert page.status_code == 200
    assert "Share of visits that meet" not in page.text


# --- one action --------------------------------------------------------------------------------------------


def test_an_action_is_changed_on_its_own_page(as_mara: Browser, store: Store):
    uuid = planned(as_mara)
    page = as_mara.get(f"/actions/{uuid}").text
    assert "Say hello at the door.</textarea>" in page
    assert 'value="2026-10-30"' in page
    answer = as_mara.post(f"/actions/{uuid}?month=2026-10", data={**ENTRY, "owner": "Branch manager"})
    assert answer.location == f"{PAGE}?month=2026-10#actions"
    assert stored(store, uuid)["owner"] == "Branch manager"


def test_a_change_that_is_refused_keeps_what_was_typed(as_mara: Browser, store: Store):
    uuid = planned(as_mara)
    answer = as_mara.post(f"/actions/{uuid}", data={**ENTRY, "owner": "", "what": "Something else"})
    assert answer.status_code == 422
    assert "Something else</textarea>" in answer.text
    assert "Say who sees to it" in answer.text
    assert stored(store, uuid)["what"] == "Say hello at the door."


def later(app: Flask, store: Store, clock: Clock, days: int) -> Browser:
    """Mara signed in again so many days later."""
    clock.pass_by(days=days)
    return signed_in_as(app, people.mara(store))


def test_overdue_is_said_in_words(app: Flask, store: Store, as_mara: Browser, clock: Clock):
    uuid = planned(as_mara)
    assert "overdue" not in section(later(app, store, clock, 15))
    after = later(app, store, clock, 1)
    assert "overdue" in section(after, f"{PAGE}?month=2026-10")
    assert "overdue" in words(after.get(f"/actions/{uuid}").text)


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_it_is_closed_with_its_outcome_and_opened_again(as_mara: Browser, store: Store, state: str):
    uuid = planned(as_mara)
    answer = as_mara.post(f"/actions/{uuid}/close", data={"state": state, "outcome": "7 of 8 in time."})
    assert answer.location == f"{PAGE}#actions"
    said = section(as_mara)
    assert "No action is open." in said
    assert f"{state} 15 Oct 2026 7 of 8 in time." in said
    page = as_mara.get(f"/actions/{uuid}").text
    assert "7 of 8 in time." in page
    assert "<textarea" not in page
    answer = as_mara.post(f"/actions/{uuid}/reopen")
    assert answer.location == f"/actions/{uuid}"
    assert "7 of 8 in time.</textarea>" in as_mara.get(answer.location).text
    assert stored(store, uuid)["state"] == "open"


def test_closing_asks_for_an_outcome_and_keeps_the_choice(as_mara: Browser, store: Store):
    uuid = planned(as_mara)
    answer = as_mara.post(f"/actions/{uuid}/close", data={"state": "dropped", "outcome": " "})
    assert answer.status_code == 422
    assert "Say what came of it" in answer.text
    assert '<option selected value="dropped">' in answer.text
    assert "Say hello at the door.</textarea>" in answer.text
    assert stored(store, uuid)["state"] == "open"


def test_a_button_pressed_twice_plans_one_action(
    as_mara: Browser, as_ada: Browser, store: Store, clock: Clock
):
    def actions() -> int:
        return int(store.value("SELECT count(*) FROM action"))

    for browser, changes, there in (
        (as_mara, {}, 1),
        (as_mara, {}, 1),
        (as_mara, {"standard": ""}, 2),
        (as_ada, {}, 3),  # somebody else meant it too
    ):
        browser.post(f"{PAGE}/new-action", data={**ENTRY, **changes})
        assert actions() == there
    clock.pass_by(minutes=2)
    as_mara.post(f"{PAGE}/new-action", data=ENTRY)
    assert actions() == 4


def test_who_is_second_to_close_or_change_it_is_told(as_mara: Browser, as_ada: Browser):
    uuid = planned(as_mara)
    closing = {"state": "done", "outcome": "Met."}
    assert as_ada.post(f"/actions/{uuid}/close", data=closing).status_code == 303
    again = as_mara.post(f"/actions/{uuid}/close", data={"state": "dropped", "outcome": "Not met."})
    assert (again.status_code, "This action is closed already." in again.text) == (409, True)
    assert "Not met.</textarea>" in again.text
    change = as_mara.post(f"/actions/{uuid}", data={**ENTRY, "what": "Greet by name."})
    assert (change.status_code, "Open it again before you change it." in change.text) == (409, True)
    assert "Greet by name.</textarea>" in change.text
    assert as_mara.post(f"/actions/{uuid}/reopen").status_code == 303
    assert as_mara.post(f"/actions/{uuid}/reopen").status_code == 303
    assert "This action is open already." in as_mara.get(PAGE).text


# --- whose it is -------------------------------------------------------------------------------------------


def test_a_stranger_finds_no_action_and_no_form(store: Store, as_mara: Browser, as_bo: Browser):
    uuid = planned(as_mara)
    assert as_bo.get(NEW).status_code == as_bo.post(NEW, data=ENTRY).status_code == 404
    assert as_bo.get(f"/actions/{uuid}").status_code == 404
    for path, data in (
        (f"/actions/{uuid}", ENTRY),
        (f"/actions/{uuid}/close", {}),
        (f"/actions/{uuid}/reopen", {}),
    ):
        assert as_bo.post(path, data=data).status_code == 404
    assert as_mara.get(f"/actions/{uuid4()}").status_code == 404
    assert store.value("SELECT count(*) FROM action") == 1


def test_who_may_only_look_at_a_branch_reads_its_actions(as_mara: Browser, as_lee: Browser, as_rea: Browser):
    """A branch's plan is its manager's; leadership and reviewers read it."""
    uuid = planned(as_mara)
    for browser in (as_lee, as_rea):
        assert "Say hello at the door." in section(browser)
        assert "new-action" not in browser.get(PAGE).text
        assert browser.post(NEW, data=ENTRY).status_code == 404
        assert browser.get(f"/actions/{uuid}").status_code == 404


def test_who_leads_a_region_plans_in_it_alone(as_reg: Browser, as_lee: Browser):
    planned(as_reg, "/regions/R1")
    whole = planned(as_lee, "/network")
    for page in ("/regions/R2", "/network"):
        assert as_reg.get(f"{page}/new-action").status_code == 404
        assert as_reg.post(f"{page}/new-action", data=ENTRY).status_code == 404
    assert as_reg.get(f"/actions/{whole}").status_code == 404


def test_a_manager_of_a_whole_region_plans_at_its_branches_alone(app: Flask, store: Store, as_lee: Browser):
    """Sight of a region is not its page: managers have none."""
    mia = people.someone(store, "mia@example.org", "Mia May", "manager", regions=["R1"])
    browser = signed_in_as(app, mia)
    uuid = planned(as_lee, "/regions/R1")
    assert browser.get("/regions/R1/new-action").status_code == 404
    assert browser.get(f"/actions/{uuid}").status_code == 404
    planned(browser, PAGE)


def test_an_old_month_tells_what_has_been_closed_since(
    app: Flask, store: Store, as_mara: Browser, clock: Clock
):
    uuid = planned(as_mara)
    after = later(app, store, clock, 60)
    after.post(f"/actions/{uuid}/close", data={"state": "done", "outcome": "Met."})
    said = section(after, f"{PAGE}?month=2026-10")
    assert "closed on 14 Dec 2026" in said
    assert "overdue" not in said
    assert "Say hello" not in section(after, f"{PAGE}?month=2026-08")
