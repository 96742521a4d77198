"""Tablets on administrators' pages: listed, revoked, restored; files that they exported are taken."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from checker.actions.disable_person import disable_person
from checker.store import drafts, visits
from checker.store.connection import Store
from tests import people, picturing, sealed
from tests.browsing import Browser, Clock
from tests.making_store import publish
from tests.web import shopping
from tests.web.sent import words
from tests.web.tableting import Tablet, body, tablet_of


@pytest.fixture
def tablet(app: Flask, store: Store) -> Tablet:
    """Sam's."""
    people.sam(store)
    publish(store)
    return tablet_of(app, people.sam(store))


# --- the list -----------------------------------------------------------------------------------------------


def test_a_tablet_is_listed_with_what_it_last_said(as_ada: Browser, tablet: Tablet, app: Flask):
    tablet.contact(unsent=3, drafts=1)
    page = words(as_ada.get("/admin/devices").text)
    for said in ("#1 Chrome, Android", "Sam Shore", "15 Oct 2026, 09:30", "abc123", "older"):
        assert said in page, said
    tablet.contact(version=app.extensions["checker.assets"])
    assert "older" not in words(as_ada.get("/admin/devices").text)
    assert "There is no such tablet." in as_ada.get("/admin/devices?q=sid").text
    assert "Sam Shore" in as_ada.get("/admin/devices?q=sam+android").text


def test_what_is_missing_or_silent_is_pointed_out(
    as_ada: Browser, tablet: Tablet, clock: Clock, app: Flask, store: Store
):
    tablet.contact(unsent=2)
    tablet.contact(born="second", drafts=1)
    page = words(as_ada.get("/admin/devices").text)
    assert "2 visits missing" in page and "not heard of for a week" not in page
    with store.write():
        store.db.execute("UPDATE device SET last_seen = last_seen - 8 * 24 * 3600")
    assert "not heard of for a week" in as_ada.get("/admin/devices").text


def test_it_is_revoked_forgets_and_is_restored(as_ada: Browser, tablet: Tablet, store: Store):
    assert as_ada.post("/admin/devices/1/revoke").status_code == 303
    assert as_ada.post("/admin/devices/1/revoke").status_code == 303
    page = words(as_ada.get("/admin/devices").text)
    assert "The tablet is revoked." in page and "Restore #1" in page
    assert store.value("SELECT revocations FROM device") == 1
    assert "Clear-Site-Data" in tablet.contact().headers
    assert "forgotten everything" in as_ada.get("/admin/devices").text
    assert as_ada.post("/admin/devices/1/restore").status_code == 303
    assert not tablet.contact().get_json()["revoked"]
    assert as_ada.post("/admin/devices/9/revoke").status_code == 404
    trail = words(as_ada.get("/admin/trail?noun=device").text)
    for said in ("signed in on a new tablet", "revoked a tablet", "let a tablet be used again"):
        assert said in trail


# --- an exported file ---------------------------------------------------------------------------------------


def exported(**sections: Any) -> bytes:
    head = {"format": "checker-unsent/1", "device": "x", "made_at": "2026-10-15T09:30:00.000Z"}
    return json.dumps({**head, "visits": [], "photos": [], "drafts": [], **sections}).encode()


def visit_entry(tablet: Tablet, said: dict[str, Any]) -> dict[str, str]:
    content = b64encode(tablet.seal(said)).decode()
    return {"id": said["id"], "hash": "0" * 64, "sealed": content}


def draft_entry(tablet: Tablet, uuid: UUID, typed: Any, begin: Any = None, **said: Any) -> dict[str, str]:
    secret, held = str(tablet.browser.application.secret_key), tablet.day["upload"]
    upload = sealed.upload(secret, UUID(held["device"]), int(held["person"]), uuid)
    content = {"upload": {**upload, **said}, "draft": {"id": str(uuid), "begin": begin, "typed": typed}}
    closed = sealed.seal(tablet.spki, json.dumps(content).encode(), f"draft {uuid}")
    return {"id": str(uuid), "sealed": b64encode(closed).decode()}


def hand_in(browser: Browser, file: bytes) -> Any:
    data = {"file": (BytesIO(file), "unsent.json")}
    return browser.post("/admin/unsent", data=data, content_type="multipart/form-data")


def test_visits_are_their_shoppers_and_taken_once(
    as_ada: Browser, tablet: Tablet, store: Store, clock: Clock
):
    disable_person(store, person_id=people.sam(store).id, by=None, now=clock())
    bodies = [body() for _ in range(3)]
    file = exported(visits=[visit_entry(tablet, said) for said in bodies])
    page = words(hand_in(as_ada, file).text)
    assert "taken 3 entries" in page and "refused 0 entries" in page
    row = visits.find(store, UUID(bodies[0]["id"]))
    assert row is not None and row["shopper_id"] == people.sam(store).id
    notes = [note["code"] for note in visits.list_review_notes(store, row["id"])]
    assert notes == ["shopper.disabled"]
    page = words(hand_in(as_ada, file).text)
    assert "taken 0 entries" in page and "here already 3 entries" in page
    assert visits.count(store) == 3
    assert "took what a tablet had not sent" in words(as_ada.get("/admin/trail?noun=data").text)


def test_each_refusal_has_its_place_and_words_and_holds_up_no_other(
    as_ada: Browser, tablet: Tablet, store: Store
):
    wrong, right, torn = body(branch="B999"), body(), body()
    entries = [
        visit_entry(tablet, wrong),
        visit_entry(tablet, right),
        {**visit_entry(tablet, torn), "sealed": b64encode(os.urandom(500)).decode()},
        {**visit_entry(tablet, torn), "sealed": "§"},
        {**visit_entry(tablet, torn), "id": "x"},
        {},
        None,
        7,
    ]
    photo = {"visit": right["id"], "sha256": "0" * 64, "sealed": "AAAA"}
    photos = [photo, {**photo, "sha256": "x"}, []]
    answer = hand_in(as_ada, exported(visits=entries, photos=photos, drafts=["x"]))
    assert answer.status_code == 200
    page = words(answer.text)
    assert "taken 1 entry" in page and "refused 11 entries" in page
    assert "visits.0 Visit" in page and "branch: There is no branch “B999”." in page
    assert "visits.2 Visit" in page and "cannot be read" in page
    assert "lists no such photo" in page
    assert "Keep the file" in page
    assert visits.count(store) == 1


def test_a_photo_is_kept_with_its_visit(as_ada: Browser, tablet: Tablet, store: Store):
    shopping.publish(store)
    picture = picturing.picture()
    hashed = sha256(picture).hexdigest()
    said = body(
        checklist="every_kind",
        photos=[{"item": "picture", "sha256": hashed}],
        **{name: value for name, value in shopping.SAID.items() if name != "visited_at"},
    )
    closed = sealed.seal(tablet.spki, picture, f"photo {said['id']} {hashed}")
    photo = {"visit": said["id"], "sha256": hashed, "sealed": b64encode(closed).decode()}
    file = exported(photos=[photo], visits=[visit_entry(tablet, said)])
    assert "taken 2 entries" in words(hand_in(as_ada, file).text)
    assert store.value("SELECT count(*) FROM photo WHERE stored_hash IS NOT NULL") == 1
    assert "here already 2 entries" in words(hand_in(as_ada, file).text)


BEGIN = {"assignment": None, "branch": "B001", "checklist": "shop", "version": 1, "practice": False}


def test_a_draft_becomes_its_shoppers(as_ada: Browser, tablet: Tablet, store: Store):
    uuid, typed = uuid4(), {"answers.tidy": ["yes"]}
    file = exported(drafts=[draft_entry(tablet, uuid, typed, BEGIN)])
    assert "taken 1 entry" in words(hand_in(as_ada, file).text)
    assert shopping.typed_in(store, uuid) == typed
    assert tablet.browser.get(f"/visits/{uuid}").status_code == 200
    assert "here already 1 entry" in words(hand_in(as_ada, file).text)


def test_a_draft_beside_another_is_a_copy_once(as_ada: Browser, tablet: Tablet, store: Store):
    uuid = shopping.begin(tablet.browser, checklist="shop")
    tablet.browser.put(
        f"/visits/{uuid}/draft", json={"device": "phone", "base": 0, "typed": {"answers.tidy": ["no"]}}
    )
    for typed in ({"answers.tidy": ["yes"]}, {"answers.tidy": ["n/a"]}):
        file = exported(drafts=[draft_entry(tablet, uuid, typed)])
        assert "taken 1 entry" in words(hand_in(as_ada, file).text)
        assert "here already 1 entry" in words(hand_in(as_ada, file).text)
    held = drafts.find(store, uuid)
    assert held is not None
    copies = [copy["body"]["typed"] for copy in drafts.list_copies(store, held["id"])]
    assert copies == [{"answers.tidy": ["yes"]}, {"answers.tidy": ["n/a"]}]
    assert shopping.typed_in(store, uuid) == {"answers.tidy": ["no"]}


@pytest.mark.parametrize(
    ("typed", "begin", "said", "why"),
    [
        ({"a": "b"}, BEGIN, {}, "This entry is broken."),
        ({}, None, {}, "Say of the visit that is begun"),
        ({}, {**BEGIN, "branch": "B9"}, {}, "There is no branch “B9”."),
        ({}, BEGIN, {"token": "0" * 64}, "does not show who sent it"),
        ({"a": ["x" * 300_001]}, BEGIN, {}, "too much text"),
    ],
    ids=["typed", "begin", "branch", "token", "large"],
)
def test_a_draft_is_refused_with_words(
    as_ada: Browser, tablet: Tablet, typed: Any, begin: Any, said: dict[str, str], why: str
):
    file = exported(drafts=[draft_entry(tablet, uuid4(), typed, begin, **said)])
    page = words(hand_in(as_ada, file).text)
    assert "refused 1 entry" in page and why in page


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        json.dumps({"format": "checker-unsent/2"}).encode(),
        exported(visits={}),
        exported(visits=[1] * 20_001),
    ],
    ids=["empty", "cut", "list", "bytes", "deep", "format", "section", "many"],
)
def test_what_is_no_such_file_is_refused_whole(as_ada: Browser, file: bytes):
    answer = hand_in(as_ada, file)
    assert answer.status_code == 422 and "no file that a tablet has exported" in answer.text


def test_no_file_is_asked_for(as_ada: Browser):
    answer = as_ada.post("/admin/unsent", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422 and "Choose a file." in answer.text
    assert "It held nothing." in hand_in(as_ada, exported()).text


def test_the_file_may_be_larger_than_other_uploads(as_ada: Browser, app: Flask):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    large = exported(made_at="x" * 5000)
    assert hand_in(as_ada, large).status_code == 200
    data: dict[str, Any] = {"sheet": (BytesIO(large), "b.csv")}
    answer = as_ada.post("/admin/imports/branches", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
