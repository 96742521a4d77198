"""Imports on administrators' pages: looked at first, taken as they were looked at, and taken back."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from checker.actions.undo_import import undo_import
from checker.sheets.mapping import read_map
from checker.standards.parse import read_yaml
from checker.store import checklists
from checker.store.connection import Store
from checker.web.admin.sheets import visit_headings, visit_map
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.making_store import publish
from tests.web import shopping
from tests.web.administering import count, faults, figures, hand_in, pending, row
from tests.web.sent import words

BRANCHES = """\
code,name,region,region_name,zone
B001,Harbour,R1,North,Europe/Helsinki
B002,Main Station,R1,North,Europe/Helsinki
B004,Köln,R3,West,Europe/Berlin
B005,Nowhere,R3,West,Europe/Nowhere
"""

SHOP_VISITS = """\
visit,branch,date,time,outcome,reason,service_level,employee_served_by,tidy,greeting_time,smile,three_yes,welcome_felt,try_out,remark
A1,B001,2026-09-02,10:15,,,wow,E0001,yes,12,yes,3,5,no,fine
A2,B001,2026-09-03,,closed,The door was locked,,,,,,,,,
A3,B003,2026-09-04,,,,,,no,never,no,0,1,no,
A4,B999,2026-09-05,,,,,,yes,12,yes,3,5,no,
"""


def state(store: Store) -> list[int]:
    """How much there is of everything an import may touch."""
    tables = ("region", "branch", "employee", "employment", "person", "assignment", "visit", "batch", "trail")
    return [count(store, table) for table in tables]


# --- dry run, then the import -------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_happen_and_stores_nothing(as_ada: Browser, store: Store):
    before = state(store)
    answer = hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv")
    assert answer.status_code == 200
    assert figures(answer.text) == {"new": 1, "changed": 1, "unchanged": 1, "refused": 1}
    said = words(answer.text)
    assert "Nothing is stored yet." in said
    assert "5 zone There is no time zone “Europe/Nowhere”" in said
    assert "Import 2 rows" in said
    assert state(store) == before
    assert row(store, "branch", code="B002")["name"] == "Station"


def test_the_very_file_that_was_looked_at_is_imported_once(as_ada: Browser, store: Store):
    key = pending(hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv").text)
    done = as_ada.post(f"/admin/imports/pending/{key}")
    assert figures(done.text) == {"new": 1, "changed": 1, "unchanged": 1, "refused": 1}
    assert "branches.csv is imported" in words(done.text)
    assert row(store, "branch", code="B004")["name"] == "Köln"
    assert row(store, "branch", code="B002")["name"] == "Main Station"
    assert row(store, "batch")["file_name"] == "branches.csv"
    again = as_ada.post(f"/admin/imports/pending/{key}")
    assert (again.status_code, count(store, "batch")) == (409, 1)
    assert "is imported already" in words(again.text)
    assert "nothing was stored" not in words(again.text)  # a second tap brings this page, and rows are stored


def test_an_import_is_taken_back_and_what_it_changed_stays(as_ada: Browser, store: Store):
    key = pending(hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv").text)
    as_ada.post(f"/admin/imports/pending/{key}")
    batch = row(store, "batch")["id"]
    page = words(as_ada.get(f"/admin/imports/batches/{batch}").text)
    assert "one branch one region Only what this import added" in page
    before = state(store)
    looked_at = words(as_ada.post(f"/admin/imports/batches/{batch}/look").text)
    assert "Taking it back would remove 2 things" in looked_at
    assert state(store) == before
    done = as_ada.post(f"/admin/imports/batches/{batch}/undo")
    assert "2 things were taken back" in words(done.text)
    assert store.value("SELECT count(*) FROM branch WHERE code = 'B004'") == 0
    assert row(store, "branch", code="B002")["name"] == "Main Station"
    assert "taken back" in as_ada.get("/admin/imports").text
    assert as_ada.post(f"/admin/imports/batches/{batch}/undo").status_code == 409


def test_what_something_rests_on_stays_and_is_named(as_ada: Browser, store: Store):
    key = pending(hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv").text)
    as_ada.post(f"/admin/imports/pending/{key}")
    employed = {"employee": "E0001", "branch": "B004", "from_on": "2026-10-01", "to_on": ""}
    assert as_ada.post("/admin/employments", data=employed).status_code == 303
    batch = row(store, "batch")["id"]
    looked_at = words(as_ada.post(f"/admin/imports/batches/{batch}/look").text)
    assert "Taking it back would remove 0 things" in looked_at
    assert "Branch B004 : Employees work or worked there (1 employments)." in looked_at
    done = words(as_ada.post(f"/admin/imports/batches/{batch}/undo").text)
    assert "Branch B004 : Employees work or worked there (1 employments)." in done
    assert row(store, "branch", code="B004")["name"] == "Köln"


def test_a_workbook_is_read_too(as_ada: Browser, store: Store):
    book = openpyxl.Workbook()
    for line in csv.reader(io.StringIO(BRANCHES)):
        book.active.append(line)
    stream = io.BytesIO()
    book.save(stream)
    answer = hand_in(as_ada, "/admin/imports/branches", stream.getvalue(), "branches.xlsx")
    assert figures(answer.text) == {"new": 1, "changed": 1, "unchanged": 1, "refused": 1}


def test_the_refused_rows_can_be_downloaded(as_ada: Browser):
    key = pending(hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv").text)
    found = as_ada.get(f"/admin/imports/pending/{key}/refused.csv")
    lines = list(csv.reader(io.StringIO(found.data.decode("utf-8-sig"))))
    assert lines[0] == ["row", "column", "reason"]
    assert lines[1][:2] == ["5", "zone"]
    assert as_ada.get(f"/admin/imports/pending/{key}/about.csv").status_code == 404


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "name", "saying"),
    [
        (b"", "x.csv", "The file is empty"),
        (b"nonsense\n1\n", "x.csv", "There is no column “nonsense”"),
        ("code,name\nB1,Äiti\n".encode("latin-1"), "x.csv", "not UTF-8"),
        (b"PK\x03\x04broken", "x.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0old", "x.xls", "old .xls"),
        (b'code,name\n"B1,x\n', "x.csv", "stray quote"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    as_ada: Browser, store: Store, instance: Path, source: bytes, name: str, saying: str
):
    before = state(store)
    answer = hand_in(as_ada, "/admin/imports/branches", source, name)
    assert answer.status_code == 422
    assert any(saying in one for one in faults(answer.text)), faults(answer.text)
    assert state(store) == before
    assert not any((instance / "uploads").glob("*"))


def test_no_file_is_refused(as_ada: Browser):
    answer = as_ada.post("/admin/imports/branches", data={})
    assert (answer.status_code, faults(answer.text)) == (422, ["Choose a file."])


def test_a_file_larger_than_allowed_is_refused(as_ada: Browser, store: Store):
    token = as_ada.get("/session").get_json()["csrf_token"]
    answer = as_ada.post(
        "/admin/imports/branches",
        data=b"x" * (17 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": token},
    )
    assert (answer.status_code, "too large" in answer.text) == (413, True)


def test_a_name_of_a_file_is_a_name_only(as_ada: Browser, store: Store, instance: Path):
    name = "../../..\\evil/<b>name</b>.csv"
    answer = hand_in(as_ada, "/admin/imports/branches", BRANCHES, name)
    assert "<b>name" not in answer.text
    key = pending(answer.text)
    folder = instance / "uploads" / key
    assert {file.name for file in folder.iterdir()} == {
        "about.json",
        "sheet",
        "map",
        "refused.csv",
        "differences.csv",
    }
    assert (instance / "uploads").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("key", ["../../checker.sqlite", "0" * 32, "x", "..%2f.."])
def test_a_key_that_is_none_leads_nowhere(as_ada: Browser, key: str):
    assert as_ada.post(f"/admin/imports/pending/{key}").status_code in (404, 405)
    assert as_ada.get(f"/admin/imports/pending/{key}/refused.csv").status_code == 404


def test_the_file_of_another_administrator_is_not_found(as_ada: Browser, app: Flask, store: Store):
    key = pending(hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv").text)
    ole = signed_in_as(app, people.someone(store, "ole@example.org", "Ole Oak", "admin"))
    assert ole.post(f"/admin/imports/pending/{key}").status_code == 404
    assert ole.get(f"/admin/imports/pending/{key}/refused.csv").status_code == 404
    assert count(store, "batch") == 0


def test_a_file_is_kept_for_two_hours_and_no_longer(as_ada: Browser, store: Store, clock, instance: Path):
    key = pending(hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv").text)
    for _ in range(3):
        clock.pass_by(minutes=41)
        as_ada.get("/admin/")  # the session stays alive
    assert as_ada.post(f"/admin/imports/pending/{key}").status_code == 404
    assert (instance / "uploads" / key).exists()
    hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv")
    assert not (instance / "uploads" / key).exists()


def test_a_file_is_thrown_away(as_ada: Browser, store: Store):
    key = pending(hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv").text)
    assert as_ada.post(f"/admin/imports/pending/{key}/discard").location == "/admin/imports/branches"
    gone = as_ada.post(f"/admin/imports/pending/{key}")
    assert (gone.status_code, "nothing was stored" in words(gone.text)) == (404, True)
    assert count(store, "batch") == 0


# --- the other kinds ----------------------------------------------------------------------------------------


def test_users_get_links_that_are_shown_once(as_ada: Browser, store: Store, client: Browser):
    sheet = (
        "email,name,role,branches\nnia@example.org,Nia New,manager,B001;B002\nada@example.org,Ada Ash,admin,"
    )
    looked_at = hand_in(as_ada, "/admin/imports/users", sheet, "users.csv")
    assert "/welcome/" not in looked_at.text
    done = as_ada.post(f"/admin/imports/pending/{pending(looked_at.text)}")
    links = re.findall(r"http://localhost(/welcome/[\w-]+)", done.text)
    assert len(links) == 1
    assert client.get(links[0]).status_code == 200


def test_employees_and_assignments_come_from_sheets(as_ada: Browser, store: Store):
    shopping.publish(store)
    people.sam(store)
    employees = (
        "code,name,branch,from,to\nE7,Elsa Elm,B001,2026-01-01,\nE7,Elsa Elm,B002,2026-05-01,2026-04-01\n"
    )
    key = pending(hand_in(as_ada, "/admin/imports/employees", employees, "e.csv").text)
    assert figures(as_ada.post(f"/admin/imports/pending/{key}").text)["refused"] == 1
    assert row(store, "employee", code="E7")["name"] == "Elsa Elm"
    asked = (
        "shopper,branch,checklist,visit_from,visit_to,report_by\n"
        "sam@example.org,B001,every_kind,2026-11-02,2026-11-09,2026-11-10\n"
    )
    key = pending(hand_in(as_ada, "/admin/imports/assignments", asked, "a.csv").text)
    assert figures(as_ada.post(f"/admin/imports/pending/{key}").text)["new"] == 1
    assert count(store, "assignment") == 1


@pytest.mark.parametrize("kind", ["branches", "employees", "users"])
def test_what_is_stored_now_handed_in_again_changes_nothing(as_ada: Browser, store: Store, kind: str):
    for one in people.CAST.values():
        one(store)
    present = as_ada.get(f"/admin/imports/{kind}/present.csv").data
    found = figures(hand_in(as_ada, f"/admin/imports/{kind}", present, "x.csv").text)
    assert (found["new"], found["changed"], found["refused"]) == (0, 0, 0)
    assert found["unchanged"] >= 3


@pytest.mark.parametrize("kind", ["branches", "employees", "users", "assignments"])
def test_an_empty_sheet_has_the_columns_that_are_explained(as_ada: Browser, kind: str):
    template = as_ada.get(f"/admin/imports/{kind}/template.csv").data
    assert template.startswith(b"\xef\xbb\xbf")
    page = as_ada.get(f"/admin/imports/{kind}").text
    for name in template.decode("utf-8-sig").strip().split(","):
        assert f"<code>{name}</code>" in page
    assert figures(hand_in(as_ada, f"/admin/imports/{kind}", template, "x.csv").text)["new"] == 0


# --- visits -------------------------------------------------------------------------------------------------


def test_visits_come_with_a_map_and_their_scores_are_computed_anew(as_ada: Browser, store: Store):
    publish(store)
    map_source = as_ada.get("/admin/imports/visits/map.yaml?checklist=shop").data
    before = state(store)
    looked_at = hand_in(
        as_ada,
        "/admin/imports/visits",
        SHOP_VISITS,
        "visits.csv",
        checklist="shop",
        map=(io.BytesIO(map_source), "map.yaml"),
    )
    assert figures(looked_at.text) == {"new": 3, "changed": 0, "unchanged": 0, "refused": 1}, faults(
        looked_at.text
    )
    assert state(store) == before
    done = as_ada.post(f"/admin/imports/pending/{pending(looked_at.text)}")
    assert figures(done.text)["new"] == 3
    assert [one["compliance"] for one in store.rows("SELECT compliance FROM visit ORDER BY id")] == [
        1_000_000,
        None,
        0,
    ]
    batch = row(store, "batch")["id"]
    page = words(as_ada.get(f"/admin/imports/batches/{batch}").text)
    assert "3 visits with every answer" in page
    looked_at = words(as_ada.post(f"/admin/imports/batches/{batch}/look").text)
    assert "The visits leave every figure and report." in looked_at
    assert (count(store, "visit"), store.value("SELECT sum(visits) FROM rollup WHERE scope = 0")) == (3, 2)
    as_ada.post(f"/admin/imports/batches/{batch}/undo")
    assert count(store, "visit") == 0


def test_published_figures_that_are_not_ours_are_listed_and_downloaded(as_ada: Browser, store: Store):
    publish(store)
    sheet = "\n".join(
        line + ("," + extra if line else "")
        for line, extra in zip(SHOP_VISITS.splitlines(), ("final", "100", "", "25", "100"), strict=True)
    )
    map_source = (
        as_ada.get("/admin/imports/visits/map.yaml?checklist=shop").text + "published:\n  standard: final\n"
    )
    data = {"checklist": "shop", "map": (io.BytesIO(map_source.encode()), "map.yaml")}
    looked_at = hand_in(as_ada, "/admin/imports/visits", sheet, "visits.csv", **data)
    said = words(looked_at.text)
    assert "standard 2 1 1" in said  # compared, agree, differ
    assert "A3 B003 standard 25 0.00" in said
    assert "One visit was not completed" in said
    found = as_ada.get(f"/admin/imports/pending/{pending(looked_at.text)}/differences.csv").data.decode(
        "utf-8-sig"
    )
    assert list(csv.reader(io.StringIO(found)))[1] == ["4", "A3", "B003", "standard", "25", "0.0000"]


def test_a_map_or_checklist_that_cannot_be_is_refused_beside_its_field(as_ada: Browser, store: Store):
    publish(store)
    data = {
        "checklist": "shop",
        "map": (io.BytesIO(b"external_id: visit\nitems: {nothing: x}\n"), "map.yaml"),
    }
    answer = hand_in(as_ada, "/admin/imports/visits", SHOP_VISITS, "visits.csv", **data)
    said = faults(answer.text)
    assert answer.status_code == 422
    assert any("map.yaml:" in one and "nothing" in one for one in said)
    assert 'value="shop" selected' in answer.text or 'selected value="shop"' in answer.text
    nothing = as_ada.post("/admin/imports/visits", data={"checklist": "x"})
    assert faults(nothing.text) == ["Choose the visits’ checklist.", "Choose a file.", "Choose a file."]


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[2] / "checklists").glob("*.yaml")), ids=lambda file: file.stem
)
def test_our_map_fits_our_sheet_for_every_shipped_checklist(file: Path):
    checklist = read_yaml(file.read_bytes(), file.name)
    sheet_map = read_map(visit_map(checklist), "map.yaml", checklist)
    headings = visit_headings(checklist)
    assert set(sheet_map.places) == set(headings)
    assert len(set(headings)) == len(headings)


def test_an_undo_by_command_is_seen_on_the_page(as_ada: Browser, store: Store, now):
    key = pending(hand_in(as_ada, "/admin/imports/branches", BRANCHES, "branches.csv").text)
    as_ada.post(f"/admin/imports/pending/{key}")
    undo_import(store, row(store, "batch")["id"], by=None, now=now)
    assert "taken back" in as_ada.get("/admin/imports").text
    assert checklists.list_current(store) == []
