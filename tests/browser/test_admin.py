"""An administrator's work in a real browser: publishing a checklist, planning a visit, importing a sheet."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checker.actions.add_mailing import add_mailing
from checker.actions.mailing_entry import MailingEntry
from checker.actions.send_mail import try_mailing
from tests import people
from tests.browser.axe import look
from tests.browser.conftest import OpenPage
from tests.browser.site import PHONE, TABLET, Site

pytestmark = pytest.mark.browser

ADA = "ada@example.org"
DESKTOP = {"width": 1280, "height": 800}
SMALL = {"width": 320, "height": 640}

STALL = """\
id: {id}
version: 1
title: {{en: "Market stall", fi: "Torikoju"}}
languages: [en, fi]
sections:
  - id: all
    title: {{en: "Everything", fi: "Kaikki"}}
    items:
      - {{id: hello, type: yes_no_na, {points}: 2, axis: standard, level: employee,
         text: {{en: "Somebody said hello.", fi: "Joku tervehti."}}}}
      - {{id: how, type: text, when: {{hello: "yes"}},
         text: {{en: "In which words?", fi: "Millä sanoilla?"}}}}
"""


def day(ahead: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


def notice(page: Page) -> str:
    return page.locator("main [role=status]").first.inner_text()


def test_a_checklist_is_put_right_looked_at_published_and_given_to_a_shopper(
    open_page: OpenPage, site: Site, tmp_path: Path
):
    page = open_page(ADA, viewport=DESKTOP)
    page.goto("/admin/checklists")
    page.get_by_role("link", name="Add a checklist").click()
    file = tmp_path / "stall.yaml"
    file.write_text(STALL.format(id="stall", points="point"), encoding="utf-8")
    page.get_by_label("A file from your computer").set_input_files(file)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 9")
    expect(page.get_by_role("alert")).to_contain_text("Did you mean “points”?")
    text = page.get_by_label("Or its text")
    text.fill(text.input_value().replace("point: 2", "points: 2"))
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="A draft, without faults")).to_be_visible()
    preview = page.locator("fieldset.preview")
    expect(preview.get_by_role("radio", name="Yes").first).to_be_disabled()
    expect(preview).to_contain_text("In which words?")
    page.get_by_role("link", name="Suomi").click()
    expect(page.locator("fieldset.preview")).to_contain_text("Joku tervehti.")
    page.get_by_role("button", name="Publish version 1").click()
    assert "Version 1 is published" in notice(page)

    page.goto("/admin/new-assignment")
    page.get_by_label("Branch").select_option("B001")
    page.get_by_label("Checklist").select_option("stall")
    page.get_by_label("Shopper").select_option("sam@example.org")
    page.get_by_label("Visit to").fill(day(-3))
    page.get_by_label("Briefing").fill("The stall with the red roof.")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("The last day for the visit lies before the first.")).to_be_visible()
    assert page.get_by_label("Briefing").input_value() == "The stall with the red roof."
    described = page.get_by_label("Visit to").get_attribute("aria-describedby")
    assert described is not None
    assert page.locator(f"#{described}").is_visible()
    page.get_by_label("Visit to").fill(day(10))
    page.get_by_role("button", name="Plan it").click()
    assert "The assignment is planned" in notice(page)

    shopper = open_page()
    expect(shopper.get_by_text("The stall with the red roof.")).to_have_count(1)


def test_a_sheet_is_looked_at_imported_and_taken_back_without_scripts(open_page: OpenPage, tmp_path: Path):
    page = open_page(ADA, java_script_enabled=False, viewport=TABLET)
    file = tmp_path / "branches.csv"
    file.write_text(
        "code,name,region,zone\nX1,Corner,R1,Europe/Berlin\nX2,Kiosk,R1,Nowhere\n", encoding="utf-8"
    )
    page.goto("/admin/imports/branches")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Nothing is stored yet.")).to_be_visible()
    expect(page.get_by_text("There is no time zone “Nowhere”")).to_be_visible()
    page.get_by_role("button", name="Import one row").click()
    expect(page.get_by_role("heading", name="branches.csv is imported")).to_be_visible()
    page.get_by_role("link", name="This import, and how to take it back").click()
    page.get_by_role("button", name="Look at what taking it back would remove").click()
    expect(page.get_by_role("heading", name="Taking it back would remove one thing")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="One thing was taken back")).to_be_visible()


def test_a_link_and_a_key_are_shown_once(open_page: OpenPage):
    page = open_page(ADA, viewport=DESKTOP)
    page.goto("/admin/new-user")
    page.get_by_label("Name", exact=True).fill("Nia New")
    page.get_by_label("E-mail address").fill("nia@example.org")
    page.get_by_role("button", name="Add and make a link").click()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/welcome/[\w-]+", page.locator("#link").input_value())
    page.goto("/admin/tokens")
    page.get_by_label("For which program").fill("Tills")
    page.get_by_label("Read branches").check()
    page.get_by_role("button", name="Issue").click()
    key = page.locator("#key").input_value()
    page.get_by_role("link", name="I have copied it").click()
    assert key not in page.content()


PAGES = (
    "/admin/",
    "/admin/programme",
    "/admin/targets",
    "/admin/branches",
    "/admin/branches/B001",
    "/admin/regions",
    "/admin/employees/E0001",
    "/admin/users",
    "/admin/users/1",
    "/admin/assignments",
    "/admin/new-assignment",
    "/admin/checklists",
    "/admin/checklists/store_visit",
    "/admin/checklists/store_visit/2",
    "/admin/new-checklist?like=every_kind",
    "/admin/imports",
    "/admin/imports/users",
    "/admin/imports/visits",
    "/admin/exports",
    "/admin/mailings",
    "/admin/mails",
    "/admin/tokens",
    "/admin/trail",
)

NAMELESS = """() => [...document.querySelectorAll(
    'input:not([type=hidden]), select, textarea, button, a, summary')]
    .filter(one => one.checkVisibility() && !(one.labels && [...one.labels].some(l => l.textContent.trim()))
        && !one.textContent.trim() && !one.getAttribute('aria-label'))
    .map(one => one.outerHTML)"""
TWICE = """() => [...document.querySelectorAll('[id]')].map(one => one.id)
    .filter((id, place, ids) => ids.indexOf(id) !== place)"""
SMALL_TARGETS = """() => [...document.querySelectorAll(
    '.work a.button, .work button, .work select, .side a')]
    .filter(one => one.checkVisibility()
        && one.getBoundingClientRect().height < 40).map(one => one.outerHTML)"""


def test_every_page_fits_names_its_controls_and_has_one_heading(open_page: OpenPage):
    page = open_page(ADA)
    for path in PAGES:
        page.goto(path)
        for size in (DESKTOP, TABLET, PHONE, SMALL):
            page.set_viewport_size(size)
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (path, size)
            if size in (DESKTOP, SMALL):
                assert page.locator("h1").count() == 1, path
                assert page.evaluate(NAMELESS) == [], path
                assert page.evaluate(TWICE) == [], path
                assert page.evaluate(SMALL_TARGETS) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(open_page: OpenPage, scheme: str):
    page = open_page(ADA, viewport=DESKTOP, color_scheme=scheme)
    for path in ("/admin/", "/admin/targets", "/admin/users", "/admin/users/1", "/admin/new-checklist"):
        page.goto(path)
        faint = page.evaluate(CONTRAST)
        assert faint == [], (path, faint[:5])


def test_mailings_are_for_everybody(open_page: OpenPage, site: Site):
    store = site.store()
    ada = people.ada(store).id
    entry = MailingEntry("Board", "boss@example.org", 2, 8, "Europe/Helsinki", "en")
    now = datetime.now(UTC)
    key = add_mailing(store, entry, by=ada, now=now)
    try_mailing(store, key, ADA, by=ada, now=now)
    store.close()
    page = open_page(ADA, viewport=DESKTOP)
    for path in ("/admin/mailings", f"/admin/mailings/{key}", "/admin/mails"):
        page.goto(path)
        for scheme in ("light", "dark"):
            found = look(page, scheme)
            assert (found.wrong, found.undecided) == ((), ()), (path, scheme)


CONTRAST = """() => {
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const [r, g, b, a] = parts(getComputedStyle(at).backgroundColor);
      if (a === undefined || a > 0.99) return [r, g, b];
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('main *')]
    .filter(one => one.checkVisibility() && !one.closest('[disabled], .hidden')
        && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .map(one => {
      const [a, b] = [light(parts(getComputedStyle(one).color)), light(behind(one))];
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), one.textContent.trim().slice(0, 40)];
    })
    .filter(([ratio]) => ratio < 4.5);
}"""
