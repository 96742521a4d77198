"""Many reports at once: ordered, followed, stopped and fetched on pages."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from pypdf import PdfReader

from checker.jobs.orders import Workshop, folder_of, work_off
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.conftest import NOW
from tests.web.sent import OCTOBER, send, words

CHOSEN = {
    "month": OCTOBER,
    "scope": "all",
    "series": "shop-mystery_shopping",
    "language": "en",
    "audience": "leadership",
}


@pytest.fixture
def as_reg(app: Flask, store: Store) -> Browser:
    """Reg's browser; he leads the region R1 alone."""
    reg = people.someone(store, "reg@example.org", "Reg Rock", "leadership", regions=["R1"])
    return signed_in_as(app, reg)


@pytest.fixture
def filled(store: Store) -> Store:
    send(store, 2)
    send(store, 1, branch="B003")
    return store


def put_in(browser: Browser, **changes: str) -> str:
    answer = browser.post("/reports", data={**CHOSEN, **changes})
    assert answer.status_code == 303, words(answer.text)
    return str(answer.location)


def work(store: Store) -> None:
    work_off(store, Workshop(store.path.parent, 1, clock=lambda: NOW))


def test_an_order_is_followed_and_its_files_are_fetched(filled: Store, as_lee: Browser) -> None:
    path = put_in(as_lee)
    page = as_lee.get(path).text
    assert "It begins in a moment." in page
    assert 'data-follow="open"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    work(filled)
    page = as_lee.get(path).text
    assert "6 of 6 reports are made." in words(page)
    assert 'data-follow="over"' in page
    assert "refresh" not in page
    with ZipFile(BytesIO(as_lee.get(f"{path}/reports.zip").data)) as whole:
        assert whole.testzip() is None
        assert len(whole.namelist()) == 6
        assert PdfReader(BytesIO(whole.read("network-2026-10-shop.pdf"))).pages
    (harbour,) = re.findall(r'href="([^"]+)">Harbour · B001', page)
    assert as_lee.get(harbour).data.startswith(b"%PDF")
    assert "Everything: network, regions and branches" in words(as_lee.get("/reports").text)


def test_an_order_is_its_person_s_alone(filled: Store, as_lee: Browser, as_ada: Browser) -> None:
    path = put_in(as_lee)
    work(filled)
    for address in (path, f"{path}/reports.zip", f"{path}/network-2026-10-shop.pdf"):
        assert as_ada.get(address).status_code == 404
    for step in ("stop", "resume"):
        assert as_ada.post(f"{path}/{step}").status_code == 404


def test_whoever_leads_a_region_orders_that_region(filled: Store, as_reg: Browser) -> None:
    page = words(as_reg.get("/reports").text)
    assert "All branches of North" in page
    assert "All branches of South" not in page
    path = put_in(as_reg)
    work(filled)
    with ZipFile(BytesIO(as_reg.get(f"{path}/reports.zip").data)) as whole:
        assert sorted(whole.namelist()) == [
            "branch-B001-2026-10-shop.pdf",
            "branch-B002-2026-10-shop.pdf",
            "region-R1-2026-10-shop.pdf",
        ]


def test_who_may_no_longer_look_there_no_longer_gets_the_file(filled: Store, as_reg: Browser) -> None:
    path = put_in(as_reg)
    work(filled)
    with filled.write():
        filled.db.execute("UPDATE person_scope SET region_id = (SELECT id FROM region WHERE code = 'R2')")
    assert as_reg.get(f"{path}/region-R1-2026-10-shop.pdf").status_code == 404
    assert as_reg.get(f"{path}/reports.zip").status_code == 404
    assert "Nothing was made." in as_reg.get(path).text


def test_a_manager_s_copies_have_names(filled: Store, as_mara: Browser) -> None:
    send(filled, 1, employees={"served_by": {"code": "E0001"}})
    path = put_in(as_mara, scope="branches", audience="manager")
    work(filled)
    copy = as_mara.get(f"{path}/branch-B001-2026-10-shop-manager.pdf")
    assert "Eve Alder" in "".join(page.extract_text() for page in PdfReader(BytesIO(copy.data)).pages)


def test_who_leads_now_does_not_get_the_copies_they_had_as_a_manager(filled: Store, as_mara: Browser) -> None:
    path = put_in(as_mara, scope="branches", audience="manager")
    work(filled)
    with filled.write():
        filled.db.execute("UPDATE person SET role = 'leadership' WHERE email = 'mara@example.org'")
    assert as_mara.get(path).status_code == 404


def test_a_waiting_order_is_stopped_and_goes_on(filled: Store, as_lee: Browser) -> None:
    path = put_in(as_lee)
    assert as_lee.post(f"{path}/stop").status_code == 303
    work(filled)
    page = words(as_lee.get(path).text)
    assert "stopped" in page
    assert "Nothing was made." in page
    assert as_lee.post(f"{path}/resume").status_code == 303
    work(filled)
    assert "6 of 6 reports are made." in words(as_lee.get(path).text)
    assert as_lee.post(f"{path}/stop").status_code == 409


def test_what_could_not_be_made_is_named_with_its_reason(filled: Store, as_lee: Browser) -> None:
    with filled.write():
        filled.db.execute("UPDATE branch SET zone = 'Nowhere/Land' WHERE code = 'B001'")
    path = put_in(as_lee, scope="branches")
    work(filled)
    page = words(as_lee.get(path).text)
    assert "2 of 3 reports are made." in page
    assert "branch-B001-2026-10-shop.pdf There is no time zone “Nowhere/Land”" in page
    assert "1 could not be made" in words(as_lee.get("/reports").text)


def test_files_that_are_gone_are_not_offered(filled: Store, as_lee: Browser, instance: Path) -> None:
    path = put_in(as_lee, scope="branches")
    work(filled)
    uuid = filled.value("SELECT uuid FROM report_order")
    for file in folder_of(instance, uuid).glob("*.pdf"):
        file.unlink()
    assert "Nothing was made." in as_lee.get(path).text
    assert as_lee.get(f"{path}/reports.zip").status_code == 404


def test_many_are_not_offered_to_who_has_one_branch(filled: Store, as_bo: Browser) -> None:
    assert "All branches" not in as_bo.get("/reports").text


def test_staff_rooms_sheets_of_many_branches_name_nobody(filled: Store, as_lee: Browser) -> None:
    send(filled, 5, employees={"served_by": {"code": "E0001"}})
    path = put_in(as_lee, scope="branches", audience="meeting")
    work(filled)
    assert "the staff room, without anybody" in words(as_lee.get(path).text)
    with ZipFile(BytesIO(as_lee.get(f"{path}/reports.zip").data)) as whole:
        assert sorted(whole.namelist()) == [f"branch-B00{n}-2026-10-shop-meeting.pdf" for n in (1, 2, 3)]
        sheet = PdfReader(BytesIO(whole.read("branch-B001-2026-10-shop-meeting.pdf")))
    said = "".join(page.extract_text() for page in sheet.pages)
    assert "What was met, strengths first" in said
    for secret in ("Eve Alder", "E0001", "Sam Shore", "12 Oct"):
        assert secret not in said
