"""Mailings on pages: added, changed, tried, ended; and the log of what went."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from checker import create_app
from checker.actions.send_mail import UNKNOWN, note_due, note_ended
from checker.store import mailings
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, Clock, signed_in_as
from tests.web.sent import send, words

GIVEN = {
    "name": "Board",
    "recipients": "boss@example.org",
    "day": "31",
    "hour": "8",
    "zone": "Europe/Helsinki",
    "language": "en",
    "audience": "leadership",
    "attach": "y",
}


@pytest.fixture
def mailing_app(instance: Path, store: Store, clock: Clock) -> Iterator[Flask]:
    """The application with a mail server in its settings, at which nobody is."""
    server = {"smtp_host": "127.0.0.1", "smtp_port": 1, "mail_from": "reports@example.org"}
    made = create_app(instance, TESTING=True, CLOCK=clock, **people.CHEAP, **server)
    made.test_client_class = Browser
    yield made
    made.extensions["checker.stores"].close()


def add(browser: Browser, **changes: str) -> None:
    answer = browser.post("/admin/mailings", data={**GIVEN, **changes})
    assert answer.status_code == 303, words(answer.text)


def test_a_mailing_is_added_changed_and_ended(store: Store, as_ada: Browser) -> None:
    send(store, 1)
    assert "No report goes out by mail yet." in as_ada.get("/admin/mailings").text
    add(as_ada)
    page = words(as_ada.get("/admin/mailings").text)
    assert "Board" in page
    assert "2026-10-31 08:00 Europe/Helsinki" in page
    (row,) = mailings.list_all(store)
    path = f"/admin/mailings/{row['id']}"
    assert 'value="31"' in as_ada.get(path).text
    assert as_ada.post(path, data={**GIVEN, "day": "1", "branch": "B001"}).status_code == 303
    (row,) = mailings.list_all(store)
    assert (row["day"], row["branch"]) == (1, "B001")
    assert as_ada.post(f"{path}/retire").status_code == 303
    assert "ended" in words(as_ada.get("/admin/mailings").text)
    assert as_ada.post(f"{path}/retire").status_code == 409


def test_a_button_pressed_twice_adds_one_mailing(store: Store, as_ada: Browser) -> None:
    for changes, there in (({}, 1), ({}, 1), ({"recipients": "other@example.org"}, 2), ({"hour": "9"}, 3)):
        add(as_ada, **changes)
        assert store.value("SELECT count(*) FROM mailing") == there


def test_a_mailing_of_what_is_closed_does_not_become_the_network_s(store: Store, as_ada: Browser) -> None:
    """Its place was no option, so a word corrected on its page sent everything to its recipients."""
    send(store, 1)
    add(as_ada, branch="B001", checklist="shop")
    add(as_ada, region="R1")
    with store.write():
        store.db.execute("UPDATE branch SET closed_on = '2026-01-31' WHERE code = 'B001'")
        store.db.execute("UPDATE region SET retired_at = 1 WHERE code = 'R1'")
        store.db.execute("UPDATE checklist SET retired_at = 1 WHERE code = 'shop'")
    pages = [as_ada.get(f"/admin/mailings/{row['id']}").text for row in mailings.list_all(store)]
    for code in ("B001", "R1", "shop"):
        assert any(re.search(f'<option selected value="{code}"', page) for page in pages), code


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(store: Store, as_ada: Browser) -> None:
    answer = as_ada.post("/admin/mailings", data={**GIVEN, "recipients": "nobody here", "hour": "25"})
    assert answer.status_code == 422
    assert "“nobody” is no e-mail address" in answer.text
    assert "Give an hour, 0 to 23." in answer.text
    assert "nobody here" in answer.text
    assert mailings.list_all(store) == []


def test_names_are_not_sent_to_who_may_not_see_them(store: Store, network: Store, as_ada: Browser) -> None:
    wrong = {**GIVEN, "branch": "B001", "audience": "manager"}
    answer = as_ada.post("/admin/mailings", data=wrong)
    assert answer.status_code == 422
    assert "boss@example.org may not see this branch’s names." in answer.text


def test_the_staff_room_s_sheet_can_be_sent(store: Store, network: Store, as_ada: Browser) -> None:
    assert "the staff room, without anybody" in words(as_ada.get("/admin/mailings").text)
    answer = as_ada.post("/admin/mailings", data={**GIVEN, "audience": "meeting"})
    assert answer.status_code == 422
    assert "A sheet for the staff room is of one branch" in answer.text
    add(as_ada, audience="meeting", branch="B001")
    (row,) = mailings.list_all(store)
    assert (row["audience"], row["branch"]) == ("meeting", "B001")
    add(as_ada, audience="leadership", branch="B001")
    page = words(as_ada.get("/admin/mailings").text)
    assert "Harbour the staff room, without anybody 1" in page
    assert "Harbour leadership, with codes 1" in page


def test_without_a_mail_server_the_page_says_so(store: Store, as_ada: Browser) -> None:
    add(as_ada)
    page = as_ada.get("/admin/mailings").text
    assert "smtp_host and mail_from are empty" in page
    (row,) = mailings.list_all(store)
    assert as_ada.post(f"/admin/mailings/{row['id']}/try").status_code == 503
    assert mailings.log(store, limit=9) == []


def test_a_test_goes_to_who_asks(mailing_app: Flask, store: Store) -> None:
    ada = signed_in_as(mailing_app, people.ada(store))
    add(ada)
    (row,) = mailings.list_all(store)
    assert ada.post(f"/admin/mailings/{row['id']}/try").status_code == 303
    (mail,) = mailings.log(store, limit=9)
    assert (mail["email"], mail["trial"], mail["state"]) == ("ada@example.org", 1, "waiting")
    page = words(ada.get(f"/admin/mailings/{row['id']}").text)
    assert "A test is on its way to ada@example.org." in page
    assert "ada@example.org test September 2026 waits" in page


def test_the_log_says_what_went_and_sends_again_what_did_not(
    store: Store, as_ada: Browser, clock: Clock
) -> None:
    add(as_ada)
    clock.pass_by(days=20)
    assert note_due(store, now=clock()) == 1
    (mail,) = mailings.log(store, limit=9)
    as_ada = signed_in_as(as_ada.application, people.ada(store))
    assert as_ada.post(f"/admin/mails/{mail['id']}/again").status_code == 409
    note_ended(store, mail["id"], "unknown", UNKNOWN, {}, said="lost", now=clock())
    page = words(as_ada.get("/admin/mails").text)
    assert "boss@example.org September 2026" in page
    assert "perhaps sent" in page
    assert "it may have arrived" in page
    assert as_ada.post(f"/admin/mails/{mail['id']}/again").status_code == 303
    (mail,) = mailings.log(store, limit=9)
    assert mail["state"] == "waiting"


@pytest.mark.parametrize("who", ["as_lee", "as_mara", "as_rea", "as_sam"])
def test_nobody_else_has_these_pages(request: pytest.FixtureRequest, who: str) -> None:
    browser: Browser = request.getfixturevalue(who)
    for path in ("/admin/mailings", "/admin/mails"):
        assert browser.get(path).status_code == 404
