"""API keys, the trail and exports on administrators' pages."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest

from checker.store.connection import Store
from tests import people
from tests.browsing import Browser
from tests.web.administering import count, faults, refused, row, ticked
from tests.web.sent import send, words

KEY = {"name": "Till export", "expires_on": "2027-10-15"}

# --- keys ---------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_works_and_is_revoked(as_ada: Browser, store: Store, client: Browser):
    data = {**KEY, "person": str(people.ada(store).id), "scopes": ["branches:read"]}
    issued = as_ada.post("/admin/tokens", data=data)
    assert issued.status_code == 200
    key = re.search(r'<textarea id="key"[^>]*>([^<]+)</textarea>', issued.text)[1]  # type: ignore[index]
    page = as_ada.get("/admin/tokens").text
    assert key not in page
    assert "Till export" in page
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/branches", headers=headers).status_code == 200
    assert client.get("/api/v1/employees", headers=headers).status_code == 403
    token = row(store, "api_token")["id"]
    assert as_ada.post(f"/admin/tokens/{token}/revoke").status_code == 303
    assert client.get("/api/v1/branches", headers=headers).status_code == 401
    assert as_ada.post(f"/admin/tokens/{token}/revoke").status_code == 404
    assert "revoked" in as_ada.get("/admin/tokens").text


def test_a_key_that_cannot_be_is_refused_with_what_was_typed(as_ada: Browser, store: Store):
    ada = str(people.ada(store).id)
    typed = {"name": "Till", "expires_on": "2026-10-01", "person": ada}
    answer = as_ada.post("/admin/tokens", data={**typed, "scopes": ["visits:read"]})
    refused(answer, typed=typed, saying="This day is over")
    assert ticked(answer.text, "scopes") == {"visits:read"}
    answer = as_ada.post("/admin/tokens", data={**KEY, "name": "", "person": ada, "scopes": []})
    refused(answer, typed={"name": ""}, saying="Name the program")
    assert any("Choose at least one thing" in one for one in faults(answer.text))
    answer = as_ada.post("/admin/tokens", data={**KEY, "person": "999", "scopes": ["visits:read"]})
    assert any("one of the people" in one for one in faults(answer.text))
    assert (
        as_ada.post("/admin/tokens", data={**KEY, "person": ada, "scopes": ["everything"]}).status_code == 422
    )
    assert count(store, "api_token") == 0


# --- the trail ----------------------------------------------------------------------------------------------


def test_the_trail_tells_who_did_what_and_is_filtered(as_ada: Browser, store: Store):
    as_ada.post("/admin/regions", data={"code": "R3", "name": "East"})
    as_ada.post(
        "/admin/branches/B001", data={"name": "Harbour Gate", "region": "R3", "zone": "Europe/Helsinki"}
    )
    page = words(as_ada.get("/admin/trail").text)
    assert "Ada Ash added a region region R3" in page
    assert "Ada Ash changed a branch changed: name, region_id branch B001" in page
    only = words(as_ada.get("/admin/trail?noun=region").text)
    assert "added a region" in only
    assert "changed a branch" not in only
    assert "There is no such line." in as_ada.get("/admin/trail?last=2026-10-14&noun=region").text
    assert "added a region" in as_ada.get("/admin/trail?first=2026-10-15&noun=region").text
    mara = people.mara(store)
    assert "added a region" not in words(as_ada.get(f"/admin/trail?person={mara.id}").text)
    assert as_ada.get("/admin/trail?person=x&before=-1&first=x&noun=nothing").status_code == 200


def test_the_trail_is_turned_page_by_page(as_ada: Browser, store: Store):
    with store.write():
        for n in range(150):
            store.add("trail", {"at": 1_790_000_000 + n, "act": "branch.add", "thing": f"branch X{n:03}"})
    page = as_ada.get("/admin/trail?noun=branch").text
    assert ("X149" in page, "X050" in page, "X049" in page) == (True, True, False)
    older = re.search(r'href="(/admin/trail\?[^"]*before=\d+[^"]*)"', page)[1].replace("&amp;", "&")  # type: ignore[index]
    assert "X049" in as_ada.get(older).text
    assert "Older lines" not in as_ada.get(older).text


def test_every_act_in_the_trail_has_words():
    from pathlib import Path

    from checker.web.admin.trail import ACTS, NOUNS

    actions = Path(__file__).parents[2] / "checker" / "actions"
    said = {
        act
        for file in actions.glob("*.py")
        for act in re.findall(r'act="([a-z_.]+)"', file.read_text("utf-8"))
    }
    assert said - set(ACTS) == set()
    assert {act.split(".")[0] for act in ACTS} - set(NOUNS) <= {"visits"}


# --- exports ------------------------------------------------------------------------------------------------

EXPORT = {"what": "visits", "format": "csv", "month": "", "region": "", "branch": ""}


def test_visits_are_exported_without_names_unless_they_are_asked_for(as_ada: Browser, store: Store):
    send(store, 2, employees={"served_by": {"code": "E0001"}})
    answer = as_ada.post("/admin/exports", data=EXPORT)
    assert answer.headers["Content-Disposition"] == "attachment; filename=visits.csv"
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [line["employees"] for line in lines] == ["E0001", "E0001"]
    assert "Eve Alder" not in answer.text
    named = as_ada.post("/admin/exports", data={**EXPORT, "names": "y"})
    assert "Eve Alder" in named.data.decode()
    details = [
        json.loads(one["details"])
        for one in store.rows("SELECT details FROM trail WHERE act = 'data.export'")
    ]
    assert details == [{"rows": 2, "names": False}, {"rows": 2, "names": True}]


@pytest.mark.parametrize("what", ["visits", "answers", "scores"])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_every_table_comes_in_every_format(as_ada: Browser, store: Store, what: str, kind: str, instance):
    send(store)
    answer = as_ada.post("/admin/exports", data={**EXPORT, "what": what, "format": kind, "month": "2026-10"})
    assert answer.status_code == 200
    assert f"filename={what}-2026-10.{kind}" in answer.headers["Content-Disposition"]
    if kind == "json":
        assert json.loads(answer.data)
    elif kind == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(answer.data)).active.max_row > 1
    assert list((instance / "uploads").iterdir()) == []  # nothing stays behind


def test_an_export_that_cannot_be_is_refused_with_what_was_typed(as_ada: Browser, store: Store):
    typed = {**EXPORT, "month": "2026-99"}
    refused(as_ada.post("/admin/exports", data=typed), typed=typed, saying="2026-99")
    answer = as_ada.post(
        "/admin/exports", data={**EXPORT, "branch": "B404", "what": "everything", "format": "exe"}
    )
    assert (answer.status_code, len(faults(answer.text))) == (422, 3)
    assert store.value("SELECT count(*) FROM trail WHERE act = 'data.export'") == 0


@pytest.mark.parametrize("person", ["99999999999999999999", "٣", "-1", ""])
def test_nobody_has_such_a_key(as_ada: Browser, person: str):
    answer = as_ada.post("/admin/tokens", data={**KEY, "person": person, "scopes": ["visits:read"]})
    assert (answer.status_code, faults(answer.text)) == (422, ["Choose one of the people offered."])


def test_a_key_may_last_to_the_end_of_the_calendar(as_ada: Browser, store: Store):
    data = {"name": "Long", "person": str(people.ada(store).id), "scopes": ["visits:read"]}
    assert as_ada.post("/admin/tokens", data={**data, "expires_on": "9999-12-31"}).status_code == 200
