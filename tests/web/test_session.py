"""Sessions: planted ones are worthless, ended ones die at once, idle ones run out, looking writes nothing."""

from __future__ import annotations

import pytest
from flask import Flask, Response, g, jsonify
from itsdangerous import TimestampSigner

from checker.access import MAY
from checker.actions.change_person import change_person
from checker.actions.disable_person import disable_person, enable_person
from checker.store.connection import Store
from checker.web.session import signed_in
from tests import people
from tests.browsing import Browser, Clock, signed_in_as

HTTPS = "https://localhost"


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with two pages more: one for who may review, one for who is signed in."""

    @app.route("/test/review", methods=["GET", "POST"])
    @signed_in("visit.review")
    def for_reviewers() -> Response:
        return jsonify(role=g.person.role)

    @app.route("/test/anybody", methods=["GET", "POST"])
    @signed_in()
    def for_anybody() -> Response:
        return jsonify(role=g.person.role)

    return app


def living(client: Browser) -> bool:
    return client.get("/session").get_json()["person"] is not None


def sign_in(client: Browser, name: str = "sam", **kwargs: str):
    return client.post("/login", data={"email": f"{name}@example.org", "password": people.PASSWORD}, **kwargs)


def test_a_planted_cookie_does_not_become_a_session(
    app: Flask, store: Store, client: Browser, as_bo: Browser
):
    people.sam(store)
    planted = as_bo.get_cookie("checker").value
    client.set_cookie("checker", planted, domain="localhost")
    sign_in(client)
    assert client.get_cookie("checker").value != planted
    assert client.get("/session").get_json()["person"]["name"] == "Sam Shore"
    assert not living(as_bo), "the session this device had before is over, whoever's it was"


def test_the_token_changes_with_every_sign_in(store: Store, client: Browser):
    people.sam(store)
    tokens = set()
    for _ in range(3):
        sign_in(client)
        tokens.add(client.get_cookie("checker").value)
        client.post("/logout")
    assert len(tokens) == 3


def test_the_form_token_changes_with_the_sign_in(store: Store, client: Browser):
    people.sam(store)
    client.get("/session")
    before = client.get_cookie("checker-form").value
    sign_in(client)
    assert client.get("/session").get_json()["csrf_token"]
    assert client.get_cookie("checker-form").value != before


def test_signing_out_ends_the_session_for_good(as_sam: Browser):
    kept = as_sam.get_cookie("checker").value
    assert as_sam.post("/logout").location == "/login"
    assert as_sam.get_cookie("checker") is None
    as_sam.set_cookie("checker", kept, domain="localhost")
    assert not living(as_sam)


def test_a_disabled_person_is_out_with_the_next_click(store: Store, as_sam: Browser, now):
    disable_person(store, person_id=people.sam(store).id, by=None, now=now)
    assert as_sam.get("/test/anybody").location.startswith("/login")
    enable_person(store, person_id=people.sam(store).id, by=None, now=now)
    assert not living(as_sam), "enabling again revives no old session"


def test_a_person_disabled_behind_our_back_is_out_too(store: Store, as_sam: Browser):
    with store.write():
        store.change("person", people.sam(store).id, {"disabled_at": 1})
    assert not living(as_sam)


def test_a_new_role_counts_from_the_next_click(store: Store, as_rea: Browser, now):
    assert as_rea.get("/test/review").get_json() == {"role": "reviewer"}
    rea = people.rea(store)
    change_person(store, person_id=rea.id, email=rea.email, name=rea.name, role="shopper", by=None, now=now)
    assert as_rea.get("/test/review").status_code == 404
    assert as_rea.get("/test/anybody").get_json() == {"role": "shopper"}


def test_what_is_not_for_a_role_does_not_exist_for_it(app: Flask, store: Store):
    for name, person in people.CAST.items():
        client = signed_in_as(app, person(store))
        allowed = "visit.review" in MAY[person(store).role]
        assert client.get("/test/review").status_code == (200 if allowed else 404), name


def test_without_a_session_a_person_is_led_and_a_script_is_told(client: Browser):
    assert client.get("/test/review?a=1").location == "/login?next=%2Ftest%2Freview%3Fa%3D1"
    assert client.post("/test/review").location == "/login"
    for told in (
        client.get("/test/review", headers={"Accept": "application/json"}),
        client.post("/test/review", json={}),
    ):
        assert told.status_code == 401
        assert told.mimetype == "application/problem+json"
        assert told.get_json()["code"] == "session.over"


def test_an_idle_session_runs_out(app: Flask, store: Store, clock: Clock):
    mara, sam = signed_in_as(app, people.mara(store)), signed_in_as(app, people.sam(store))
    clock.pass_by(minutes=121)
    assert not living(mara)
    assert living(sam), "a tablet waits longer between visits"
    clock.pass_by(hours=12, minutes=1)
    assert not living(sam)


WORDS = "Open the second till from four o’clock on."
FORM = {"what": WORDS, "owner": "Branch team", "due_on": "2026-11-12", "measured_by": "Waiting time"}
OURS = {"Origin": "http://localhost"}


def test_what_was_written_when_the_session_ran_out_is_shown_again(as_mara: Browser, clock: Clock):
    clock.pass_by(minutes=121)
    answer = as_mara.post("/branches/B001/new-action", data=FORM, headers=OURS)
    assert answer.status_code == 401
    assert "Your session is over, so nothing was stored." in answer.text
    assert f">{WORDS}</textarea>" in answer.text
    short = as_mara.post("/branches/B001/new-action", data={**FORM, "what": "Greet."}, headers=OURS)
    assert short.location == "/login"
    assert "Your session is over, so nothing was stored." in as_mara.get("/login").text


def test_what_was_written_on_a_form_of_an_earlier_session_is_shown_again(as_mara: Browser):
    data = {**FORM, "csrf_token": "of yesterday"}
    answer = as_mara.post("/branches/B001/new-action", data=data, headers=OURS)
    assert (answer.status_code, f">{WORDS}</textarea>" in answer.text) == (400, True)
    for headers in ({}, {"Origin": "https://evil.example"}):
        assert WORDS not in as_mara.post("/branches/B001/new-action", data=data, headers=headers).text


def test_no_password_is_shown_again(as_mara: Browser):
    data = {"current": "nine quiet lamps", "password": WORDS, "again": WORDS, "csrf_token": "of yesterday"}
    assert WORDS not in as_mara.post("/account/password", data=data, headers=OURS).text


def test_a_used_session_goes_on_until_its_last_hour(as_mara: Browser, clock: Clock):
    for _ in range(23):
        clock.pass_by(hours=1)
        assert living(as_mara)
    clock.pass_by(hours=1)
    assert not living(as_mara)


def test_an_old_copy_of_the_cookie_dies_while_the_session_lives(app: Flask, as_mara: Browser, clock: Clock):
    copied = as_mara.get_cookie("checker").value
    for _ in range(3):
        clock.pass_by(hours=1)
        assert living(as_mara)
    thief = Browser(app, app.response_class, use_cookies=True)
    thief.set_cookie("checker", copied, domain="localhost")
    assert not living(thief)


def test_the_cookie_is_renewed_now_and_then_only(as_mara: Browser, clock: Clock):
    assert "Set-Cookie" not in as_mara.get("/test/anybody").headers
    clock.pass_by(minutes=5)
    assert as_mara.get("/test/anybody").headers["Set-Cookie"].startswith("checker=")


def test_a_cookie_nobody_here_signed_is_worth_nothing(
    app: Flask, store: Store, client: Browser, as_sam: Browser
):
    token = as_sam.get_cookie("checker").value.split(".")[0]
    for value in (
        token,
        "",
        "....",
        TimestampSigner("another key", salt="checker session").sign(token).decode(),
    ):
        client.set_cookie("checker", value, domain="localhost")
        assert not living(client)


def test_looking_writes_nothing(store: Store, as_mara: Browser, clock: Clock):
    before = store.value("PRAGMA data_version")
    for minutes in (1, 10, 30, 60):
        clock.pass_by(minutes=minutes)
        for path in ("/session", "/account", "/test/anybody", "/login", "/healthz", "/nothing"):
            as_mara.get(path)
    assert store.value("PRAGMA data_version") == before


def test_sending_is_noted_every_ten_minutes(store: Store, as_mara: Browser, clock: Clock):
    def seen() -> int:
        return store.value("SELECT max(seen_at) FROM session")

    first = seen()
    clock.pass_by(minutes=9)
    as_mara.post("/test/anybody")
    assert seen() == first
    clock.pass_by(minutes=1)
    as_mara.post("/test/anybody")
    assert seen() == first + 600


def test_over_https_the_cookies_are_bound_to_this_host(app: Flask, store: Store, client: Browser):
    people.sam(store)
    answer = sign_in(client, base_url=HTTPS)
    assert answer.status_code == 303
    cookies = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert "Secure" in cookies["__Host-checker"]
    for line in cookies.values():
        assert "HttpOnly" in line and "Path=/" in line and "SameSite=Lax" in line and "Domain" not in line


def test_over_http_on_this_machine_the_cookie_works_too(store: Store, client: Browser):
    people.sam(store)
    cookie = sign_in(client).headers["Set-Cookie"]
    assert cookie.startswith("checker=") and "HttpOnly" in cookie and "Secure" not in cookie


def test_over_sessions_are_forgotten(store: Store, client: Browser, clock: Clock):
    people.sam(store)
    sign_in(client)
    clock.pass_by(days=15)
    sign_in(client)
    assert store.value("SELECT count(*) FROM session") == 1
