"""Users on administrators' pages: added with a link shown once, changed, signed out, disabled."""

from __future__ import annotations

import re

from flask import Flask

from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.web.administering import count, faults, refused, row, ticked, values

PERSON = {"email": "new@example.org", "name": "Nia New", "role": "manager", "language": "fi", "employee": ""}


def link_on(page: str) -> str:
    found = re.search(r"http://localhost(/welcome/[\w-]+)", page)
    assert found is not None, page
    return found[1]


def test_a_person_is_added_and_sets_a_password_with_the_link_shown_once(
    as_ada: Browser, store: Store, client: Browser
):
    answer = as_ada.post("/admin/new-user", data={**PERSON, "branches": ["B001", "B003"]})
    assert answer.status_code == 200
    path = link_on(answer.text)
    key = row(store, "person", email="new@example.org")["id"]
    page = as_ada.get(f"/admin/users/{key}").text
    assert path not in page
    assert "No password is set yet." in page
    assert ticked(page, "branches") == {"B001", "B003"}
    assert {name: values(page)[name] for name in PERSON} == PERSON
    assert "no password yet" in as_ada.get("/admin/users?show=waiting").text
    done = client.post(path, data={"password": "seven grey pebbles", "again": "seven grey pebbles"})
    assert done.status_code == 303
    assert "A password is set." in as_ada.get(f"/admin/users/{key}").text


def test_a_person_who_cannot_be_is_refused_with_every_fault_and_what_was_typed(as_ada: Browser, store: Store):
    typed = {**PERSON, "email": "ada@example.org", "name": "", "employee": "E7"}
    answer = as_ada.post("/admin/new-user", data={**typed, "regions": ["R1"], "branches": ["B001", "B404"]})
    refused(answer, typed=typed, saying="is taken already")
    said = " ".join(faults(answer.text))
    for words in ("Give a name", "There is no branch “B404”", "There is no employee “E7”"):
        assert words in said
    assert ticked(answer.text, "regions") == {"R1"}
    assert "B001" in ticked(answer.text, "branches")
    before = count(store, "person")
    answer = as_ada.post("/admin/new-user", data={**PERSON, "role": "owner", "language": "xx"})
    assert answer.status_code == 422
    assert "There is no role “owner”" in " ".join(faults(answer.text))
    assert count(store, "person") == before


def test_what_somebody_may_see_is_changed(as_ada: Browser, store: Store):
    mara = people.mara(store)
    data = {
        "email": "mara@example.org",
        "name": "Mara M.",
        "role": "manager",
        "language": "en",
        "regions": ["R2"],
    }
    assert as_ada.post(f"/admin/users/{mara.id}", data=data).status_code == 303
    page = as_ada.get(f"/admin/users/{mara.id}").text
    assert (ticked(page, "regions"), ticked(page, "branches")) == ({"R2"}, set())
    answer = as_ada.post(f"/admin/users/{mara.id}", data={**data, "regions": []})
    refused(answer, typed={"name": "Mara M."}, saying="Name at least one branch or region")
    assert ticked(as_ada.get(f"/admin/users/{mara.id}").text, "regions") == {"R2"}


def test_the_last_administrator_stays_one(as_ada: Browser, store: Store):
    ada = people.ada(store)
    data = {"email": ada.email, "name": ada.name, "role": "reviewer", "language": "en"}
    refused(
        as_ada.post(f"/admin/users/{ada.id}", data=data),
        typed={"role": "reviewer"},
        saying="only administrator",
    )
    as_ada.post(f"/admin/users/{ada.id}/disable")
    assert "only administrator" in as_ada.get(f"/admin/users/{ada.id}").text
    assert row(store, "person", id=ada.id)["disabled_at"] is None


def test_somebody_is_disabled_and_let_in_again(as_ada: Browser, as_mara: Browser, store: Store):
    mara = people.mara(store)
    assert as_mara.get("/account").status_code == 200
    as_ada.post(f"/admin/users/{mara.id}/disable")
    assert as_mara.get("/account").status_code == 303
    assert "mara@example.org" not in as_ada.get("/admin/users").text
    assert "Mara Moor" in as_ada.get("/admin/users?show=disabled").text
    as_ada.post(f"/admin/users/{mara.id}/enable")
    assert row(store, "person", id=mara.id)["disabled_at"] is None


def test_somebody_is_signed_out_everywhere(as_ada: Browser, store: Store, app: Flask):
    sam = people.sam(store)
    tablet, phone = signed_in_as(app, sam), signed_in_as(app, sam)
    assert "Signed in on 2 devices." in as_ada.get(f"/admin/users/{sam.id}").text
    as_ada.post(f"/admin/users/{sam.id}/sign-out")
    assert (tablet.get("/account").status_code, phone.get("/account").status_code) == (303, 303)
    assert row(store, "trail", act="person.sign_out")["thing"] == f"person {sam.id}"


def test_a_new_link_ends_the_one_before(as_ada: Browser, store: Store, client: Browser):
    sam = people.sam(store)
    first = link_on(as_ada.post(f"/admin/users/{sam.id}/link").text)
    second = link_on(as_ada.post(f"/admin/users/{sam.id}/link").text)
    assert client.get(first).status_code != 200
    assert client.get(second).status_code == 200


def test_users_are_found_by_role_and_words(as_ada: Browser, store: Store):
    for one in people.CAST.values():
        one(store)
    assert "mara@example.org" in as_ada.get("/admin/users?role=manager").text
    assert "sam@example.org" not in as_ada.get("/admin/users?role=manager").text
    assert "bo@example.org" in as_ada.get("/admin/users?q=b003").text
    assert "Nobody is found." in as_ada.get("/admin/users?q=zzz").text
