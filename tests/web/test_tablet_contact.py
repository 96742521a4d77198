"""A device reports and hears how it stands: known, missing something, revoked; its people sign in again."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from checker.actions.disable_person import disable_person
from checker.actions.revoke_device import restore_device, revoke_device
from checker.actions.set_password import set_password
from checker.sealing import seal_key
from checker.store import devices
from checker.store.connection import Row, Store
from tests import people, sealed
from tests.browsing import Browser, Clock, signed_in_as
from tests.making_store import publish
from tests.web.tableting import REPORT, Tablet, tablet_of


@pytest.fixture
def tablet(app: Flask, store: Store) -> Tablet:
    """Sam's."""
    people.sam(store)
    publish(store)
    return tablet_of(app, people.sam(store))


def device(store: Store) -> Row:
    rows = devices.list_all(store)
    assert len(rows) == 1
    return rows[0]


def cookies(browser: Browser) -> dict[str, str]:
    return {key[-1]: cookie.value for key, cookie in browser._cookies.items()}  # type: ignore[attr-defined]


def code(answer: Any) -> str:
    assert answer.mimetype == "application/problem+json", answer.text
    return f"{answer.status_code} {answer.get_json()['code']}"


def revoke(store: Store, clock: Clock) -> None:
    revoke_device(store, device_id=device(store)["id"], by=people.ada(store).id, now=clock())


def restore(store: Store, clock: Clock) -> None:
    restore_device(store, device_id=device(store)["id"], by=people.ada(store).id, now=clock())


def test_nobody_on_an_unknown_device_hears_the_time_and_the_key(
    client: Browser, app: Flask, store: Store, instance: Path
):
    answer = client.post("/tablet/contact", json=REPORT, headers={"X-CSRFToken": "none"})
    keys = seal_key(instance)
    assert answer.get_json() == {
        "time": "2026-10-15T09:30:00.000Z",
        "protocol": 1,
        "build": app.extensions["checker.assets"],
        "device": None,
        "known": False,
        "revoked": False,
        "detail": None,
        "missing": 0,
        "signed_in": False,
        "key": {"id": keys.id, "spki": b64encode(keys.spki).decode()},
    }
    assert devices.list_all(store) == [] and "checker-device" not in cookies(client)


def test_a_shopper_makes_a_device_known(as_sam: Browser, store: Store):
    answer = as_sam.post("/tablet/contact", json={**REPORT, "drafts": 2}, headers={"Checker-Protocol": "1"})
    said, held = answer.get_json(), device(store)
    assert (said["known"], said["signed_in"], said["device"]) == (True, True, str(devices.uuid_of(held)))
    assert (held["person"], held["drafts"], held["build"], held["protocol"]) == ("Sam Shore", 2, "abc123", 1)
    again = as_sam.post("/tablet/contact", json=REPORT)
    assert again.get_json()["device"] == said["device"] and len(devices.list_all(store)) == 1


def test_office_people_make_no_device_known(as_ada: Browser, store: Store):
    said = as_ada.post("/tablet/contact", json=REPORT).get_json()
    assert (said["known"], said["signed_in"]) == (False, False)
    assert devices.list_all(store) == []


def test_the_cookie_is_for_this_host_and_for_no_script(tablet: Tablet):
    lines = tablet.contact().headers.getlist("Set-Cookie")
    line = next(line for line in lines if line.startswith("checker-device="))
    assert "HttpOnly" in line and "SameSite=Strict" in line and "Max-Age=34560000" in line
    assert "Path=/" in line and "Domain" not in line
    browser = tablet.browser
    base = "https://localhost"
    browser.set_cookie("__Host-checker-device", "x", domain="localhost", secure=True)
    lines = browser.post("/tablet/contact", json=REPORT, base_url=base).headers.getlist("Set-Cookie")
    assert all("Secure" in line for line in lines if "checker-device" in line)


def test_reporting_keeps_nobody_signed_in(tablet: Tablet, clock: Clock):
    """A tablet in a drawer reports by itself; twelve hours after the last tap its session is over."""
    for _ in range(30):
        clock.pass_by(minutes=30)
        said = tablet.contact().get_json()
        tablet.browser.get("/tablet/day")
    assert not said["signed_in"] and said["known"]
    assert code(tablet.browser.get("/tablet/day")) == "401 session.over"


def test_the_same_report_again_is_not_written_down(tablet: Tablet, store: Store, clock: Clock):
    before = device(store)["last_seen"]
    clock.pass_by(minutes=2)
    tablet.contact()
    assert device(store)["last_seen"] == before
    tablet.contact(unsent=1)
    assert device(store)["last_seen"] == before + 120
    clock.pass_by(minutes=5)
    tablet.contact(unsent=1)
    assert device(store)["last_seen"] == before + 420


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "x",
        {"version": 1},
        {"born": "x" * 65},
        {"born": "\ud800"},
        {"unsent": -1},
        {"unsent": True},
        {"drafts": 10**9},
        {"missing": "1"},
    ],
    ids=ascii,
)
def test_another_shape_is_refused(tablet: Tablet, store: Store, said: Any):
    answer = tablet.browser.post(
        "/tablet/contact", json={**REPORT, **said} if isinstance(said, dict) else said
    )
    assert code(answer) == "422 tablet.report"


def test_after_a_new_password_a_tablet_asks_for_it_at_once(tablet: Tablet):
    """What it keeps opens with the password that was typed on its sign-in page last, and with no other."""
    said = {"old": people.PASSWORD, "password": "eleven green doors", "again": "eleven green doors"}
    answer = tablet.browser.post("/account/password", data=said)
    assert (answer.status_code, answer.location) == (303, "/login")
    assert "checker" not in cookies(tablet.browser)
    assert "Your password is set. Sign in with it." in tablet.browser.get("/login").text


# --- what is missing ----------------------------------------------------------------------------------------


def test_a_store_that_was_emptied_misses_what_was_unsent(tablet: Tablet, store: Store):
    tablet.contact(unsent=3)
    assert tablet.contact(born="second").get_json()["missing"] == 3
    assert tablet.contact(born="second").get_json()["missing"] == 3, "the reply may have been lost"
    assert tablet.contact(born="second", missing=3).get_json()["missing"] == 0
    assert device(store)["missing"] == 0


def test_nothing_is_missing_where_nothing_was_unsent(tablet: Tablet):
    tablet.contact(unsent=0, drafts=2)
    assert tablet.contact(born="second").get_json()["missing"] == 0


def test_what_is_missing_adds_up_until_it_is_told(tablet: Tablet):
    tablet.contact(unsent=1)
    tablet.contact(born="second", unsent=2)
    assert tablet.contact(born="third", missing=0).get_json()["missing"] == 3


# --- revoked ------------------------------------------------------------------------------------------------


def test_a_revoked_device_is_told_to_forget_and_its_session_ends(tablet: Tablet, store: Store, clock: Clock):
    revoke(store, clock)
    answer = tablet.contact()
    said = answer.get_json()
    assert (said["known"], said["revoked"], said["signed_in"]) == (True, True, False)
    assert said["detail"].startswith("Your administrator has revoked this tablet.")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert device(store)["wiped_at"] == int(clock().timestamp())
    assert "checker" not in cookies(tablet.browser)
    assert tablet.browser.get("/", headers={"Accept": "text/html"}).location.startswith("/login")


def test_an_administrator_who_revokes_the_device_in_hand_stays_signed_in(
    as_ada: Browser, tablet: Tablet, store: Store, clock: Clock
):
    as_ada.set_cookie("checker-device", cookies(tablet.browser)["checker-device"], domain="localhost")
    revoke(store, clock)
    assert as_ada.post("/tablet/contact", json=REPORT).get_json()["revoked"]
    assert as_ada.get("/admin/devices").status_code == 200


def test_what_waits_on_a_revoked_device_is_sent_first(tablet: Tablet, store: Store, clock: Clock):
    """It is sealed, so nobody reads it there; forgetting it would lose visits that were made."""
    revoke(store, clock)
    answer = tablet.contact(unsent=1)
    assert answer.get_json()["revoked"] and "Clear-Site-Data" not in answer.headers
    assert device(store)["wiped_at"] is None
    assert "Clear-Site-Data" in tablet.contact().headers


def test_what_a_revoked_device_still_has_is_not_missing(tablet: Tablet, store: Store, clock: Clock):
    """It forgets whose it was, and so is born anew, as often as it is told; what is sealed stays in it."""
    tablet.contact(unsent=3)
    revoke(store, clock)
    for born in ("second", "third"):
        assert tablet.contact(unsent=3, born=born).get_json()["missing"] == 0
    assert tablet.contact(unsent=1, born="fourth").get_json()["missing"] == 2, "the browser cleared its store"


def test_a_revoked_device_gets_no_day_and_no_session(tablet: Tablet, app: Flask, store: Store, clock: Clock):
    revoke(store, clock)
    assert code(tablet.browser.get("/tablet/day")) == "403 tablet.revoked"
    assert code(renew(tablet)) == "401 tablet.sign_in"


def test_a_restored_device_starts_anew(tablet: Tablet, app: Flask, store: Store, clock: Clock):
    tablet.contact(unsent=1)
    revoke(store, clock)
    tablet.contact()
    restore(store, clock)
    said = tablet.contact(born="second").get_json()
    assert (said["known"], said["revoked"], said["missing"]) == (True, False, 0)
    assert device(store)["wiped_at"] is None
    assert code(renew(tablet)) == "401 tablet.sign_in", "a token of before stays dead"
    tablet.contact(born="second", unsent=1)
    assert tablet.contact(born="third").get_json()["missing"] == 1


# --- signing in again ---------------------------------------------------------------------------------------


def renew(tablet: Tablet, token: Any = None) -> Any:
    token = tablet.day["renewal"] if token is None else token
    return tablet.browser.post("/tablet/session", json={"token": token}, headers={"X-CSRFToken": "none"})


def test_a_session_begins_again_with_the_token(tablet: Tablet, clock: Clock):
    clock.pass_by(days=60)
    assert code(tablet.browser.get("/tablet/day")) == "401 session.over"
    answer = renew(tablet)
    assert answer.get_json() == {
        "next": "/",
        "person": {"name": "Sam Shore", "role": "shopper", "language": "en"},
    }
    assert tablet.browser.get("/tablet/day").status_code == 200


@pytest.mark.parametrize(
    "token",
    ["", "x", 7, None, ["x"], "\ud800", "a" * 5000],
    ids=lambda token: str(token)[:9].encode("ascii", "replace").decode(),
)
def test_another_token_begins_nothing(tablet: Tablet, token: Any):
    answer = tablet.browser.post("/tablet/session", json={"token": token}, headers={"X-CSRFToken": "none"})
    assert code(answer) == "401 tablet.sign_in"


def test_a_token_with_another_person_in_it_begins_nothing(tablet: Tablet, store: Store):
    device_, _person, proof = tablet.day["renewal"].split(".")
    sid = people.someone(store, "sid@example.org", "Sid Stone", "shopper")
    assert code(renew(tablet, f"{device_}.{sid.id}.{proof}")) == "401 tablet.sign_in"


def test_a_token_is_good_on_its_own_device_alone(tablet: Tablet, app: Flask, store: Store, client: Browser):
    other = tablet_of(app, people.someone(store, "sid@example.org", "Sid Stone", "shopper"))
    assert code(renew(other, tablet.day["renewal"])) == "401 tablet.sign_in"
    assert code(renew(Tablet(client), tablet.day["renewal"])) == "401 tablet.sign_in"


def test_a_token_dies_with_the_password(tablet: Tablet, store: Store, clock: Clock):
    set_password(
        store,
        person_id=people.sam(store).id,
        password="eight loud horns",
        passwords=people.passwords(),
        by=None,
        now=clock(),
    )
    assert code(renew(tablet)) == "401 tablet.sign_in"


def test_a_token_dies_with_the_person(tablet: Tablet, store: Store, clock: Clock):
    disable_person(store, person_id=people.sam(store).id, by=None, now=clock())
    assert code(renew(tablet)) == "401 tablet.sign_in"


def test_whoever_shops_no_more_signs_in_with_their_password(tablet: Tablet, store: Store):
    with store.write():
        store.db.execute("UPDATE person SET role = 'leadership' WHERE email = 'sam@example.org'")
    assert code(renew(tablet)) == "401 tablet.sign_in"


def test_trying_tokens_is_slowed_down(tablet: Tablet):
    answers = [renew(tablet, "x").status_code for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2


def test_taking_turns_is_not(tablet: Tablet):
    assert {renew(tablet).status_code for _ in range(15)} == {200}


# --- the key of a vault -------------------------------------------------------------------------------------


def recover(tablet: Tablet, content: bytes, about: str = "vault key", **rest: Any) -> Any:
    escrow = b64encode(sealed.seal(tablet.spki, content, about)).decode()
    return tablet.browser.post("/tablet/recover", json={"escrow": escrow}, **rest)


def test_the_key_comes_back_to_its_owner(tablet: Tablet, store: Store):
    person = tablet.day["upload"]["person"]
    answer = recover(tablet, json.dumps({"person": person, "key": "c2VjcmV0"}).encode())
    assert (answer.status_code, answer.get_json()) == (200, {"key": "c2VjcmV0"})
    assert store.value("SELECT count(*) FROM trail WHERE act = 'device.recover'") == 1


def test_the_key_comes_to_nobody_else(tablet: Tablet, app: Flask, store: Store):
    sid = people.someone(store, "sid@example.org", "Sid Stone", "shopper")
    content = json.dumps({"person": str(sid.id), "key": "c2VjcmV0"}).encode()
    assert code(recover(tablet, content)) == "403 tablet.not_yours"
    assert code(recover(tablet, b"{}")) == "403 tablet.not_yours"
    assert code(recover(tablet, b"[]")) == "422 tablet.unreadable"
    assert code(recover(tablet, content, about="visit x")) == "422 tablet.unreadable"
    assert code(recover(tablet, content, headers={"X-CSRFToken": "none"})) == "400 request.form_expired"
    assert code(tablet.browser.post("/tablet/recover", json={"escrow": "§"})) == "422 tablet.unreadable"
    assert code(tablet.browser.post("/tablet/recover", json={"escrow": 1})) == "422 tablet.unreadable"


# --- the day ------------------------------------------------------------------------------------------------


def test_a_device_that_never_reported_gets_no_day(as_sam: Browser):
    assert code(as_sam.get("/tablet/day")) == "403 tablet.unknown"


def test_the_day_says_with_what_visits_are_sent(tablet: Tablet, store: Store):
    day = tablet.day
    assert day["device"] == day["upload"]["device"] == str(devices.uuid_of(device(store)))
    assert day["upload"]["person"] == str(people.sam(store).id)
    assert len(b64decode(day["upload"]["key"])) == 32
    assert day["person"] == {"name": "Sam Shore", "language": "en"}
    assert day["idle_minutes"] == 720
    assert datetime.fromisoformat(day["time"]) == datetime.fromisoformat("2026-10-15T09:30:00Z")


def test_two_people_of_one_tablet_have_keys_of_their_own(tablet: Tablet, app: Flask, store: Store):
    sid = signed_in_as(app, people.someone(store, "sid@example.org", "Sid Stone", "shopper"))
    sid.set_cookie("checker-device", cookies(tablet.browser)["checker-device"], domain="localhost")
    other = Tablet(sid)
    other.fetch()
    assert other.day["device"] == tablet.day["device"]
    assert other.day["upload"]["key"] != tablet.day["upload"]["key"]
    assert other.day["renewal"] != tablet.day["renewal"]
    assert device(store)["person"] == "Sid Stone"
