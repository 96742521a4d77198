"""Signing in and out, setting a password by a link, one's own account."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from checker.access import home_for
from checker.actions.disable_person import disable_person
from checker.actions.invite_person import invite_person
from checker.actions.issue_token import issue_token
from checker.store import people as people_store
from checker.store import settings
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, Clock, signed_in_as

NEW = "seven grey pebbles"


def sign_in(client: Browser, email: str, password: str = people.PASSWORD, **fields: str) -> TestResponse:
    return client.post("/login", data={"email": email, "password": password, **fields})


def who(client: Browser) -> str | None:
    person = client.get("/session").get_json()["person"]
    return None if person is None else person["name"]


# --- signing in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", people.CAST)
def test_everybody_signs_in_and_begins_on_a_page_of_their_own(store: Store, client: Browser, name: str):
    person = people.CAST[name](store)
    answer = sign_in(client, person.email.upper())
    assert (answer.status_code, answer.location) == (303, home_for(person))
    assert who(client) == person.name
    assert person.name in client.get("/account").text


def test_the_sign_in_leads_back_to_where_one_wanted_to_be(store: Store, client: Browser):
    people.mara(store)
    asked = client.get("/account?tab=1")
    assert asked.location == "/login?next=%2Faccount%3Ftab%3D1"
    page = client.get(asked.location).text
    assert 'value="/account?tab=1"' in page
    assert sign_in(client, "mara@example.org", next="/account?tab=1").location == "/account?tab=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "///evil.example",
        "evil",
        "/ok\x00",
        "//[::1",
    ],
)
def test_the_sign_in_leads_nowhere_else(store: Store, client: Browser, target: str):
    people.mara(store)
    assert sign_in(client, "mara@example.org", next=target).location == "/branches"
    assert client.get("/login", query_string={"next": target}).location == "/branches"


def test_unknown_disabled_and_wrong_get_the_same_answer(store: Store, client: Browser, now):
    people.sam(store)
    people.ada(store)
    disable_person(store, person_id=people.mara(store).id, by=None, now=now)
    without = people.lee(store)
    with store.write():
        store.change("person", without.id, {"password_hash": None})
    answers = [
        sign_in(client, "sam@example.org", "a wrong password"),
        sign_in(client, "nobody@example.org"),
        sign_in(client, "mara@example.org"),
        sign_in(client, "lee@example.org"),
    ]
    bodies = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert len(bodies) == 1
    assert {answer.status_code for answer in answers} == {422}
    assert who(client) is None


def test_every_refusal_costs_a_password_check(app: Flask, store: Store, client: Browser, monkeypatch):
    people.sam(store)
    passwords = app.extensions["checker.passwords"]
    checked = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        passwords, "_hasher", type("Counting", (), {"verify": lambda _, *a: checked.append(a) or real(*a)})()
    )
    sign_in(client, "sam@example.org", "a wrong password")
    sign_in(client, "nobody@example.org", "a wrong password")
    assert [stored.rsplit("$", 2)[0] for stored, _ in checked] == ["$argon2id$v=19$m=8,t=1,p=1"] * 2


def test_an_empty_form_is_asked_for_again(client: Browser):
    answer = sign_in(client, "", "")
    assert answer.status_code == 422
    assert "Type your e-mail address." in answer.text


def test_who_is_signed_in_already_goes_on(as_mara: Browser):
    assert as_mara.get("/login").location == "/branches"


def test_a_hash_made_at_another_cost_is_renewed_at_the_sign_in(store: Store, client: Browser, instance):
    from checker.config import Settings
    from checker.passwords import Passwords

    sam = people.sam(store)
    old = Passwords(Settings(instance=instance, password_memory_kib=16, password_passes=2)).hash(
        people.PASSWORD
    )
    with store.write():
        store.change("person", sam.id, {"password_hash": old})
    assert sign_in(client, sam.email).status_code == 303
    assert people_store.find(store, sam.id)["password_hash"] != old
    assert sign_in(client, sam.email).status_code == 303


def test_a_demonstration_says_who_can_be_tried(store: Store, client: Browser):
    assert "demonstration" not in client.get("/login").text
    login = {"role": "manager", "email": "m@example.org", "password": "shown to all"}
    with store.write():
        settings.put(store, "demo_logins", [login])
    page = client.get("/login").text
    assert "m@example.org" in page and "shown to all" in page


# --- how often ------------------------------------------------------------------------------------------


def test_an_account_is_tried_ten_times_in_a_quarter_of_an_hour(store: Store, client: Browser, clock: Clock):
    people.sam(store)
    for _ in range(10):
        assert sign_in(client, "sam@example.org", "a wrong password").status_code == 422
    late = sign_in(client, "SAM@example.org ")
    assert late.status_code == 429
    assert late.headers["Retry-After"] == "900"
    assert "Wait 15 minutes" in late.text
    people.mara(store)
    assert sign_in(client, "mara@example.org").status_code == 303, "another account is not kept waiting"
    clock.pass_by(minutes=15, seconds=1)
    assert sign_in(client, "sam@example.org").status_code == 303, "nobody is locked out for good"


def test_an_address_is_counted_too(store: Store, client: Browser):
    for n in range(100):
        assert sign_in(client, f"guess{n}@example.org").status_code == 422
    assert sign_in(client, "guess100@example.org").status_code == 429


def test_tries_are_counted_for_all_workers_together(instance, app: Flask, store: Store, client: Browser):
    from checker import create_app

    other = create_app(instance, TESTING=True, CLOCK=app.config["CLOCK"], **people.CHEAP)
    there = Browser(other, other.response_class, use_cookies=True)
    for n in range(10):
        assert sign_in((client, there)[n % 2], "sam@example.org", "a wrong password").status_code == 422
    assert sign_in(client, "sam@example.org").status_code == 429
    assert sign_in(there, "sam@example.org").status_code == 429
    other.extensions["checker.stores"].close()


def test_the_counts_hold_no_address(store: Store, client: Browser):
    sign_in(client, "sam@example.org", "a wrong password")
    keys = [row["key"] for row in store.rows("SELECT key FROM rate_limit")]
    assert keys and not any("sam" in key for key in keys)


# --- one-time links -------------------------------------------------------------------------------------


@pytest.fixture
def link(store: Store, now) -> str:
    return invite_person(store, person_id=people.sam(store).id, days=7, by=None, now=now)


def set_by(client: Browser, link: str, password: str = NEW, again: str | None = None) -> TestResponse:
    return client.post(link, data={"password": password, "again": again or password})


def test_a_link_sets_a_password_once(store: Store, client: Browser, link: str):
    assert "Sam Shore" in client.get(link).text
    assert set_by(client, link).location == "/login"
    assert "Your password is set" in client.get("/login").text
    assert set_by(client, link, "another long password").status_code == 404
    assert client.get(link).status_code == 404
    assert sign_in(client, "sam@example.org", people.PASSWORD).status_code == 422
    assert sign_in(client, "sam@example.org", NEW).status_code == 303


def test_looking_at_a_link_does_not_use_it_up(client: Browser, link: str):
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert set_by(client, link).status_code == 303


def test_a_refused_password_leaves_the_link_working(client: Browser, link: str):
    short = set_by(client, link, "short")
    assert short.status_code == 422 and "at least 12 characters" in short.text
    assert set_by(client, link, NEW, again="something else").status_code == 422
    assert set_by(client, link).status_code == 303


def test_a_link_runs_out(client: Browser, link: str, clock: Clock):
    clock.pass_by(days=7)
    assert client.get(link).status_code == 404
    assert set_by(client, link).status_code == 404


def test_a_new_link_ends_the_old_one(store: Store, client: Browser, link: str, now):
    newer = invite_person(store, person_id=people.sam(store).id, days=7, by=None, now=now)
    assert client.get(link).status_code == 404
    assert client.get(newer).status_code == 200


def test_a_disabled_person_has_no_link(store: Store, client: Browser, link: str, now):
    disable_person(store, person_id=people.sam(store).id, by=None, now=now)
    assert client.get(link).status_code == 404


def test_a_link_ends_the_sessions_of_the_old_password(store: Store, app: Flask, as_sam: Browser, link: str):
    assert who(as_sam) == "Sam Shore"
    set_by(Browser(app, app.response_class, use_cookies=True), link)
    assert who(as_sam) is None


def test_the_files_hold_no_link_no_session_and_no_key(
    instance, store: Store, as_sam: Browser, link: str, now
):
    key = issue_token(
        store,
        name="till",
        person_id=people.ada(store).id,
        scopes=["visits:write"],
        by=people.ada(store).id,
        now=now,
    )
    cookie = as_sam.get_cookie("checker").value.split(".")[0]
    stored = b"".join(file.read_bytes() for file in instance.iterdir())
    assert b"Sam Shore" in stored
    for secret in (link.rsplit("/", 1)[1], key, cookie):
        assert secret.encode() not in stored


# --- one's own account ----------------------------------------------------------------------------------


def test_name_and_language_are_ones_own(store: Store, as_sam: Browser):
    answer = as_sam.post("/account", data={"name": "  Sam   Shoreline ", "language": "en"})
    assert answer.location == "/account"
    assert people.sam(store).name == "Sam Shoreline"
    bad = as_sam.post("/account", data={"name": "", "language": "xx"})
    assert bad.status_code == 422
    assert people.sam(store).name == "Sam Shoreline"


def test_a_form_changes_nothing_it_does_not_show(store: Store, as_sam: Browser):
    as_sam.post("/account", data={"name": "Sam", "language": "en", "role": "admin", "email": "x@example.org"})
    assert (people.sam(store).role, people.sam(store).email) == ("shopper", "sam@example.org")


def test_a_new_password_ends_every_other_session(app: Flask, store: Store, as_sam: Browser):
    elsewhere = signed_in_as(app, people.sam(store))
    before = as_sam.get_cookie("checker").value
    form = {"old": people.PASSWORD, "password": NEW, "again": NEW}
    assert as_sam.post("/account/password", data=form).location == "/account"
    assert who(elsewhere) is None
    assert who(as_sam) == "Sam Shore"
    as_sam.set_cookie("checker", before, domain="localhost")
    assert who(as_sam) is None, "the session got a new token"


def test_a_new_password_needs_the_old_one(store: Store, as_sam: Browser):
    form = {"old": "a wrong password", "password": NEW, "again": NEW}
    answer = as_sam.post("/account/password", data=form)
    assert answer.status_code == 422 and "not your present password" in answer.text
    assert people_store.find(store, people.sam(store).id)["password_hash"] == people.password_hash()


def test_the_old_password_is_not_guessed_on_an_open_tablet(as_sam: Browser):
    form = {"old": "a wrong password", "password": NEW, "again": NEW}
    answers = [as_sam.post("/account/password", data=form).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_devices_are_listed_and_signed_out(app: Flask, store: Store, as_sam: Browser):
    phone = signed_in_as(
        app, people.sam(store), agent="Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36"
    )
    page = as_sam.get("/account").text
    assert "Chrome, Android" in page and "This device" in page
    path = re.search(r'action="(/account/sessions/[0-9a-f]{64}/end)"', page).group(1)
    assert as_sam.post(path).location == "/account"
    assert who(phone) is None and who(as_sam) == "Sam Shore"
    assert as_sam.post(path).status_code == 404


def test_nobody_signs_somebody_elses_device_out(app: Flask, store: Store, as_sam: Browser, as_bo: Browser):
    signed_in_as(app, people.sam(store))
    path = re.search(r'action="(/account/sessions/[0-9a-f]{64}/end)"', as_sam.get("/account").text).group(1)
    assert as_bo.post(path).status_code == 404
    assert len(re.findall("Sign out there", as_sam.get("/account").text)) == 1
    assert as_bo.post("/account/sessions/zz/end").status_code == 404


def test_pages_speak_the_persons_language_not_the_browsers(store: Store, as_sam: Browser):
    assert '<html lang="en">' in as_sam.get("/account", headers={"Accept-Language": "fi"}).text


def test_the_own_account_needs_a_sign_in(client: Browser):
    for method, path in (("GET", "/account"), ("POST", "/account"), ("POST", "/account/password")):
        assert client.open(path, method=method).location.startswith("/login")


# --- for a script that signs in -----------------------------------------------------------------------------


def test_a_script_hears_who_has_signed_in_and_where_to_go(client: Browser, store: Store):
    people.sam(store)
    fields = {"email": "sam@example.org", "password": people.PASSWORD, "next": "/visits/x"}
    answer = client.post("/login", data=fields, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    said = {"name": "Sam Shore", "role": "shopper", "language": "en"}
    assert answer.get_json() == {"next": "/visits/x", "person": said}
    assert client.get("/session").get_json()["person"] == said
    elsewhere = {**fields, "next": "//evil.example"}
    assert (
        client.post("/login", data=elsewhere, headers={"Accept": "application/json"}).get_json()["next"]
        == "/"
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"email": "sam@example.org", "password": "wrong"}, "sign_in.refused"),
        ({"email": "nobody@example.org", "password": people.PASSWORD}, "sign_in.refused"),
        ({"email": "", "password": ""}, "sign_in.incomplete"),
    ],
)
def test_a_script_hears_why_not(client: Browser, store: Store, fields: dict[str, str], code: str):
    people.sam(store)
    answer = client.post("/login", data=fields, headers={"Accept": "application/json"})
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert client.get("/session").get_json()["person"] is None


def test_a_form_and_no_json_signs_in(client: Browser, store: Store):
    """Tries are counted by the account that the form names."""
    people.sam(store)
    answer = client.post("/login", json={"email": "sam@example.org", "password": people.PASSWORD})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "sign_in.incomplete")
