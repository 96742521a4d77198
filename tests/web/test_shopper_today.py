"""Today: assignments are answered, visits begun, and everybody else led elsewhere."""

from __future__ import annotations

import re
from uuid import RFC_4122, UUID

import pytest
from flask import Flask
from uuid6 import uuid7

from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, Clock, signed_in_as
from tests.web.shopping import assign, begin, fill, publish, send


def state(store: Store, assignment: UUID) -> tuple[str, str]:
    row = store.row(
        "SELECT state, state_reason FROM assignment WHERE uuid = :uuid", {"uuid": assignment.bytes}
    )
    assert row is not None
    return row["state"], row["state_reason"]


@pytest.fixture
def ned(store: Store):
    """Ned shops too; what is Sam's is not his."""
    return people.someone(store, "ned@example.org", "Ned North", "shopper")


def test_an_assignment_shows_its_window_its_scenario_and_its_briefing(as_sam: Browser, store: Store):
    assign(store, people.sam(store), publish(store), state="planned")
    page = as_sam.get("/").text
    for words in ("Harbour", "Every kind of question", "10 Oct 2026", "20 Oct 2026", "22 Oct 2026"):
        assert words in page
    assert "You look for a present." in page
    assert "Come in by the main door." in page
    assert "Accept" in page


def test_a_shopper_accepts_and_begins(as_sam: Browser, store: Store):
    assignment = assign(store, people.sam(store), publish(store), state="planned")
    assert as_sam.post(f"/assignments/{assignment}/accept").status_code == 303
    assert state(store, assignment) == ("accepted", "")
    assert "Begin the visit" in as_sam.get("/").text
    visit = begin(as_sam, assignment=str(assignment))
    page = as_sam.get(f"/visits/{visit}").text
    assert "Harbour" in page
    assert "You look for a present." in page
    assert "Go on" in as_sam.get("/").text


def test_declining_needs_a_reason_and_keeps_what_was_typed(as_sam: Browser, store: Store):
    assignment = assign(store, people.sam(store), publish(store))
    answer = as_sam.post(f"/assignments/{assignment}/decline", data={"reason": "  "})
    assert answer.status_code == 422
    assert "somebody else can be asked" in answer.text
    assert state(store, assignment)[0] == "accepted"
    assert as_sam.post(f"/assignments/{assignment}/decline", data={"reason": "I am ill."}).status_code == 303
    assert state(store, assignment) == ("declined", "I am ill.")
    assert "Harbour" not in as_sam.get("/").text.split("Another visit")[0]


def test_the_same_answer_twice_changes_nothing_and_another_one_is_refused(as_sam: Browser, store: Store):
    assignment = assign(store, people.sam(store), publish(store))
    as_sam.post(f"/assignments/{assignment}/decline", data={"reason": "I am ill."})
    assert as_sam.post(f"/assignments/{assignment}/decline", data={"reason": "Again"}).status_code == 303
    assert state(store, assignment) == ("declined", "I am ill.")
    other = as_sam.post(f"/assignments/{assignment}/accept")
    assert (other.status_code, "that is no longer possible" in other.text) == (422, True)
    assert state(store, assignment)[0] == "declined"


def test_the_assignment_of_another_does_not_exist(app: Flask, as_sam: Browser, store: Store, ned):
    assignment = assign(store, ned, publish(store))
    assert "Harbour" not in as_sam.get("/").text.split("Another visit")[0]
    assert as_sam.post(f"/assignments/{assignment}/accept").status_code == 404
    assert as_sam.post(f"/assignments/{assignment}/decline", data={"reason": "No"}).status_code == 404
    assert as_sam.post("/visits", data={"assignment": str(assignment)}).status_code == 404
    assert as_sam.post("/visits", data={"assignment": "nonsense"}).status_code == 404
    assert store.value("SELECT count(*) FROM draft") == 0
    assert begin(signed_in_as(app, ned), assignment=str(assignment))


def test_beginning_an_assignment_accepts_it_and_twice_leads_to_one_draft(as_sam: Browser, store: Store):
    assignment = assign(store, people.sam(store), publish(store), state="planned")
    first = begin(as_sam, assignment=str(assignment), id=str(uuid7()))
    assert begin(as_sam, assignment=str(assignment), id=str(uuid7())) == first
    assert state(store, assignment)[0] == "accepted"
    assert store.value("SELECT count(*) FROM draft") == 1


@pytest.mark.parametrize("over", ["declined", "expired", "cancelled", "done"])
def test_an_assignment_that_is_over_is_not_begun(as_sam: Browser, store: Store, over: str):
    assignment = assign(store, people.sam(store), publish(store), state=over)
    answer = as_sam.post("/visits", data={"assignment": str(assignment)})
    assert answer.status_code == 409
    assert "begin another one" in answer.text


def test_a_visit_of_ones_own_choice(as_sam: Browser, store: Store):
    publish(store)
    page = as_sam.get("/").text
    assert "Old Town · B003" in page
    assert "Every kind of question" in page
    visit = begin(as_sam, branch="B003")
    assert visit.version == 7
    page = as_sam.get("/").text
    assert "Begun, not sent" in page
    assert f"/visits/{visit}" in page


def test_a_visits_id_tells_its_day_and_no_hour(as_sam: Browser, store: Store, clock: Clock):
    """The branch reads the id in the visit's address; it may know the day alone (design §1)."""
    publish(store)
    day = clock().replace(hour=0, minute=0, second=0, microsecond=0)
    offered = re.findall(r'name="id" value="([^"]+)"', as_sam.get("/").text)
    for ident in (begin(as_sam, branch="B003"), *map(UUID, offered)):
        assert (ident.version, ident.variant) == (7, RFC_4122)
        assert ident.int >> 80 == 1000 * day.timestamp()


def test_pressing_the_button_twice_begins_one_visit(as_sam: Browser, store: Store):
    publish(store)
    uuid = str(uuid7())
    assert begin(as_sam, id=uuid) == begin(as_sam, id=uuid) == UUID(uuid)
    assert store.value("SELECT count(*) FROM draft") == 1


def test_an_id_of_somebody_elses_is_refused(app: Flask, as_sam: Browser, store: Store, ned):
    publish(store)
    theirs = begin(signed_in_as(app, ned))
    answer = as_sam.post("/visits", data={"branch": "B001", "checklist": "every_kind", "id": str(theirs)})
    assert answer.status_code == 409
    assert store.value("SELECT count(*) FROM draft") == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"branch": "B999", "checklist": "every_kind"}, "no open branch"),
        ({"branch": "B001", "checklist": "nothing"}, "no checklist"),
        ({"branch": "", "checklist": ""}, "Choose one from the list"),
    ],
)
def test_what_cannot_be_begun_is_said_at_its_field(as_sam: Browser, store: Store, fields, words):
    publish(store)
    answer = as_sam.post("/visits", data={**fields, "practice": "on"})
    assert answer.status_code == 422
    assert words in answer.text
    assert '<input type="checkbox" name="practice" checked>' in answer.text
    assert store.value("SELECT count(*) FROM draft") == 0


def test_a_closed_branch_and_a_retired_checklist_are_not_offered(as_sam: Browser, store: Store):
    publish(store)
    with store.write():
        store.db.execute("UPDATE branch SET closed_on = '2026-10-01' WHERE code = 'B002'")
        store.db.execute("UPDATE checklist SET retired_at = 1")
    page = as_sam.get("/").text
    assert "Harbour" in page
    assert "Station" not in page
    assert "Every kind" not in page
    answer = as_sam.post("/visits", data={"branch": "B002", "checklist": "every_kind"})
    assert answer.status_code == 422


def test_a_late_report_is_marked(as_sam: Browser, store: Store):
    version = publish(store)
    assign(store, people.sam(store), version)
    assert "The report is late" not in as_sam.get("/").text
    assign(store, people.sam(store), version, visit_to="2026-10-12", report_by="2026-10-14")
    assert "The report is late" in as_sam.get("/").text


def test_what_was_sent_is_listed_without_a_score(as_sam: Browser, store: Store):
    publish(store)
    visit = begin(as_sam)
    fill(as_sam, visit)
    send(as_sam, visit)
    page = as_sam.get("/").text
    assert f"/visits/{visit}/receipt" in page
    assert "Begun, not sent" not in page
    assert "%" not in page.split('<h2 id="sent">')[1]


@pytest.mark.parametrize(("name", "home"), [("mara", "/branches"), ("lee", "/network"), ("ada", "/admin/")])
def test_others_are_led_to_their_own_first_page(app: Flask, store: Store, name: str, home: str):
    browser = signed_in_as(app, people.CAST[name](store))
    assert browser.get("/").location == home
    assert browser.post("/visits", data={"branch": "B001"}).status_code == 404


def test_nobody_signed_in_is_led_to_the_sign_in(client: Browser):
    assert client.get("/").location.startswith("/login")


def test_a_post_without_its_token_is_refused(as_sam: Browser, store: Store):
    publish(store)
    answer = as_sam.post(
        "/visits", data={"branch": "B001", "checklist": "every_kind"}, headers={"X-CSRFToken": "wrong"}
    )
    assert answer.status_code == 400
    assert store.value("SELECT count(*) FROM draft") == 0


def test_a_draft_is_thrown_away_and_stays_for_an_administrator(as_sam: Browser, store: Store):
    publish(store)
    visit = begin(as_sam)
    assert as_sam.post(f"/visits/{visit}/discard").status_code == 303
    assert "Begun, not sent" not in as_sam.get("/").text
    assert as_sam.get(f"/visits/{visit}").status_code == 404
    assert store.value("SELECT count(*) FROM draft WHERE discarded_at IS NOT NULL") == 1


def test_what_another_device_saved_since_is_not_thrown_away(as_sam: Browser, store: Store):
    """A tablet threw it away without network, from what it knew then."""
    publish(store)
    visit = begin(as_sam)
    said = {"device": "phone", "base": 0, "turn": 1, "typed": {"answers.hello": ["no"]}}
    assert as_sam.put(f"/visits/{visit}/draft", json=said).status_code == 200
    answer = as_sam.post(f"/visits/{visit}/discard", json={"device": "tablet", "base": 0})
    assert (answer.status_code, answer.json["code"]) == (409, "draft.conflict")
    assert store.value("SELECT count(*) FROM draft WHERE discarded_at IS NOT NULL") == 0
    for shape in ({}, {"device": "tablet"}, {"device": 1, "base": 1}, {"device": "tablet", "base": "1"}, []):
        assert as_sam.post(f"/visits/{visit}/discard", json=shape).status_code == 422
    held = {"device": "tablet", "base": 1}  # it knows what the phone saved
    answer = as_sam.post(f"/visits/{visit}/discard", json=held)
    assert (answer.status_code, answer.json) == (200, {})
    assert store.value("SELECT count(*) FROM draft WHERE discarded_at IS NOT NULL") == 1
    assert as_sam.post(f"/visits/{visit}/discard", json=held).status_code == 404


def test_a_device_throws_away_what_it_saved_last_itself(as_sam: Browser, store: Store):
    """Its own last save was stored, but the reply was lost, so it knows an older sequence."""
    publish(store)
    visit = begin(as_sam)
    said = {"device": "tablet", "base": 0, "turn": 1, "typed": {"answers.hello": ["no"]}}
    assert as_sam.put(f"/visits/{visit}/draft", json=said).status_code == 200
    assert as_sam.post(f"/visits/{visit}/discard", json={"device": "tablet", "base": 0}).status_code == 200
    assert store.value("SELECT count(*) FROM draft WHERE discarded_at IS NOT NULL") == 1
