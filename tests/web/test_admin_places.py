"""Regions, branches, employees and employments on administrators' pages."""

from __future__ import annotations

from checker.store.connection import Store
from tests.browsing import Browser
from tests.web.administering import count, faults, refused, row, values

BRANCH = {
    "code": "B004",
    "name": "Köln Ehrenfeld",
    "region": "R1",
    "zone": "Europe/Berlin",
    "format": "kiosk",
    "group": "",
    "opened_on": "2026-11-01",
    "closed_on": "",
}

# --- regions ------------------------------------------------------------------------------------------------


def test_a_region_is_added_renamed_retired_and_brought_back(as_ada: Browser, store: Store):
    assert as_ada.post("/admin/regions", data={"code": "R3", "name": "East"}).status_code == 303
    assert "The region East is added." in as_ada.get("/admin/regions").text
    as_ada.post("/admin/regions/R3", data={"name": "Far East", "retired": "y"})
    assert row(store, "region", code="R3")["name"] == "Far East"
    assert row(store, "region", code="R3")["retired_at"] is not None
    as_ada.post("/admin/regions/R3", data={"name": "Far East"})
    assert row(store, "region", code="R3")["retired_at"] is None


def test_a_region_that_cannot_be_is_refused_with_what_was_typed(as_ada: Browser, store: Store):
    answer = as_ada.post("/admin/regions", data={"code": "R1", "name": ""})
    refused(answer, typed={"code": "R1", "name": ""}, saying="There is a region “R1” already")
    assert any("Give a name" in words for words in faults(answer.text))
    answer = as_ada.post("/admin/regions/R1", data={"name": "Anew", "retired": "y"})
    refused(answer, typed={"name": "Anew"}, saying="Branches still belong to this region")
    assert row(store, "region", code="R1")["name"] == "North"


# --- branches -----------------------------------------------------------------------------------------------


def test_a_branch_is_added_found_changed_and_closed(as_ada: Browser, store: Store):
    assert values(as_ada.get("/admin/new-branch").text)["zone"] == "Europe/Helsinki"  # that of most
    assert as_ada.post("/admin/new-branch", data=BRANCH).status_code == 303
    assert "Köln Ehrenfeld" in as_ada.get("/admin/branches?q=koln+kiosk").text
    assert "Köln Ehrenfeld" not in as_ada.get("/admin/branches?q=koln+nothing").text
    page = as_ada.get("/admin/branches/B004").text
    assert {name: values(page).get(name) for name in BRANCH if name != "code"} == {
        name: value for name, value in BRANCH.items() if name != "code"
    }
    as_ada.post(
        "/admin/branches/B004", data={**BRANCH, "name": "Köln", "opened_on": "", "closed_on": "2026-10-01"}
    )
    assert row(store, "branch", code="B004")["closed_on"] == "2026-10-01"
    assert "B004" not in as_ada.get("/admin/branches").text
    assert "B004" in as_ada.get("/admin/branches?show=closed").text
    assert "B001" not in as_ada.get("/admin/branches?show=closed").text
    assert "B001" not in as_ada.get("/admin/branches?region=R2").text


def test_a_branch_that_cannot_be_is_refused_with_every_fault_and_what_was_typed(
    as_ada: Browser, store: Store
):
    typed = {**BRANCH, "code": "B001", "zone": "Europe/Helsinky", "closed_on": "2026-10-01", "name": " "}
    answer = as_ada.post("/admin/new-branch", data=typed)
    refused(answer, typed=typed, saying="Did you mean Europe/Helsinki?")
    said = " ".join(faults(answer.text))
    assert "There is a branch “B001” already" in said
    assert "before it opens" in said
    assert "Give a name" in said
    assert count(store, "branch") == 3
    answer = as_ada.post(
        "/admin/branches/B001", data={"name": "X"}
    )  # a browser sends every field; others may not
    assert answer.status_code == 422
    assert row(store, "branch", code="B001")["name"] == "Harbour"


def test_a_code_with_a_slash_has_a_page_too(as_ada: Browser):
    as_ada.post("/admin/new-branch", data={**BRANCH, "code": "B/4 ä"})
    assert "Köln Ehrenfeld" in as_ada.get("/admin/branches/B/4 ä").text


def test_a_long_list_is_turned_page_by_page(as_ada: Browser, store: Store):
    region = row(store, "region", code="R1")["id"]
    with store.write():
        for n in range(230):
            store.add(
                "branch", {"code": f"C{n:03}", "name": f"Corner {n:03}", "region_id": region, "zone": "UTC"}
            )
    page = as_ada.get("/admin/branches?q=corner").text
    assert page.count('<th scope="row">') == 100
    assert "1 to 100 of 230" in page
    assert "/admin/branches?q=corner&amp;page=2" in page
    last = as_ada.get("/admin/branches?q=corner&page=3").text
    assert (last.count('<th scope="row">'), "201 to 230 of 230" in last) == (30, True)
    assert 'rel="next"' not in last
    assert as_ada.get("/admin/branches?q=corner&page=99").text.count('<th scope="row">') == 30
    assert as_ada.get("/admin/branches?page=x").status_code == 200


# --- employees ----------------------------------------------------------------------------------------------


def test_an_employee_is_added_employed_moved_and_retired(as_ada: Browser, store: Store):
    answer = as_ada.post("/admin/new-employee", data={"code": "E9", "name": "Ella Elm"})
    assert answer.location == "/admin/employees/E9#employments"
    first = {"employee": "E9", "branch": "B001", "from_on": "2026-01-01", "to_on": ""}
    assert as_ada.post("/admin/employments", data=first).status_code == 303
    key = store.value("SELECT max(id) FROM employment")
    held = values(as_ada.get(f"/admin/employments/{key}").text)
    assert (held["branch"], held["from_on"], held["to_on"]) == ("B001", "2026-01-01", "")
    as_ada.post(f"/admin/employments/{key}", data={**first, "to_on": "2026-06-30"})
    as_ada.post("/admin/employments", data={**first, "branch": "B002", "from_on": "2026-07-01"})
    page = as_ada.get("/admin/employees/E9").text
    assert "1 Jan 2026 to 30 Jun 2026" in page
    assert "since 1 Jul 2026" in page
    assert "B002" in as_ada.get("/admin/employees?q=ella").text
    as_ada.post("/admin/employees/E9", data={"name": "Ella Elm", "retired": "y"})
    assert "<td>E9</td>" not in as_ada.get("/admin/employees").text
    assert "<td>E9</td>" in as_ada.get("/admin/employees?show=retired").text
    as_ada.post(f"/admin/employments/{key}/remove")
    assert store.value("SELECT count(*) FROM employment WHERE id = :id", {"id": key}) == 0


def test_employees_and_employments_that_cannot_be_are_refused(as_ada: Browser, store: Store):
    answer = as_ada.post("/admin/new-employee", data={"code": "E0001", "name": "Twin"})
    refused(answer, typed={"code": "E0001", "name": "Twin"}, saying="There is an employee “E0001” already")
    answer = as_ada.post("/admin/employees/E0001", data={"name": ""})
    refused(answer, typed={"name": ""}, saying="Give a name")
    typed = {"branch": "B001", "from_on": "2026-05-01", "to_on": "2026-04-01"}
    answer = as_ada.post("/admin/employments", data={**typed, "employee": "E0003"})
    refused(answer, typed=typed, saying="lies before the first")
    answer = as_ada.post("/admin/employments/1", data={**typed, "branch": "", "from_on": "never"})
    refused(answer, typed={"from_on": "never"}, saying="“never” is no date")
    overlapping = {"employee": "E0001", "branch": "B001", "from_on": "2025-01-01", "to_on": ""}
    assert "employed there already" in as_ada.post("/admin/employments", data=overlapping).text
    assert count(store, "employment") == 3


def test_a_name_cannot_break_a_page(as_ada: Browser):
    as_ada.post("/admin/new-employee", data={"code": "E9", "name": "<script>alert(1)</script>"})
    page = as_ada.get("/admin/employees").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
