"""The list for the shop: it says nothing to others, and every line of it records something."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, begin_visit
from tests.browser.forms import tap
from tests.browser.site import PHONE, Site
from tests.browser.test_visit import draft
from tests.web.shopping import EVERY_KIND, publish

pytestmark = pytest.mark.browser

WORDS_OF_THE_TRADE = re.compile(
    r"shopper|visit|mystery|check|came in|greeted|paid|went out|harbour", re.IGNORECASE
)
HOLD_MS = 1_000
AT_THE_TILL = """
      - {id: till_wait, type: duration, target_s: 20, limit_s: 30, points: 1, axis: standard, level: branch,
         text: {en: "At the till", fi: "Kassalla"}}
"""
NOON = datetime(2026, 10, 14, 9, 5, tzinfo=UTC)


def open_list(page: Page, checklist: str = "store_visit") -> Any:
    """Begin a visit and open its list, past what is told first."""
    visit = begin_visit(page, checklist)
    page.get_by_role("button", name="Discreet screen").click()
    page.get_by_role("button", name="Open the list").click()
    expect(page.locator(".groceries")).to_be_visible()
    return visit


def lines(page: Page) -> Any:
    return page.locator(".groceries button")


def events(page: Page) -> list[str]:
    said = page.locator("form#visit [name=events]").input_value() or "[]"
    return [event["event"] for event in json.loads(said)]


def form_is_back(page: Page, title: str) -> None:
    expect(page.locator(".groceries")).to_have_count(0)
    expect(page.locator("#bar")).to_be_visible()
    assert page.title() == title
    expect(page.locator("[data-discreet]")).to_be_focused()


def test_what_a_line_stands_for_is_told_before(open_page: OpenPage):
    page = open_page(viewport=PHONE)
    begin_visit(page, "store_visit")
    page.get_by_role("button", name="Discreet screen").click()
    told = page.get_by_role("dialog", name="What the lines stand for")
    expect(told).to_be_visible()  # the screen is fetched when it is asked for
    meanings = told.locator("li").all_inner_texts()
    assert [text.split(" = ")[1] for text in meanings[:4]] == ["Came in", "Was greeted", "Paid", "Went out"]
    page.get_by_role("button", name="Not now").click()
    expect(page.locator("[data-discreet]")).to_be_focused()
    page.get_by_role("button", name="Discreet screen").click()
    page.get_by_role("button", name="Open the list").click()
    assert lines(page).all_inner_texts() == [text.split(" = ")[0] for text in meanings]


def test_it_reads_as_a_shopping_list_and_nothing_else(open_page: OpenPage):
    page = open_page(viewport=PHONE)
    open_list(page)
    shown = page.evaluate("document.body.innerText")
    assert not WORDS_OF_THE_TRADE.search(shown), shown
    assert page.title() == "Shopping list"
    expect(page.locator("#bar")).to_be_hidden()
    expect(page.get_by_role("heading")).to_have_count(1)
    texts = lines(page).all_inner_texts()
    assert len(set(texts)) == len(texts)
    for box in (lines(page).nth(n).bounding_box() for n in range(len(texts))):
        assert box and box["height"] >= 72 and box["width"] == PHONE["width"]


def test_a_line_records_strikes_out_and_is_taken_back(open_page: OpenPage, site: Site):
    page = open_page(viewport=PHONE)
    page.clock.install(time=NOON)
    visit = open_list(page)
    page.clock.pause_at(NOON + timedelta(minutes=1))  # from here on nothing but the test lets time pass
    page.evaluate("void (navigator.vibrate = () => { window.felt = (window.felt ?? 0) + 1; })")
    first, second = lines(page).nth(0), lines(page).nth(1)
    first.click()
    first.click()  # a trembling finger
    expect(first).to_have_class("bought")
    assert events(page) == ["entered"]
    page.clock.fast_forward(1_000)
    second.click()
    assert events(page) == ["entered", "greeted"]
    page.clock.fast_forward(1_000)
    second.click()
    expect(second).not_to_have_class("bought")
    assert events(page) == ["entered"]
    page.clock.fast_forward(1_000)
    second.click()
    assert page.evaluate("window.felt") == 4
    page.keyboard.press("Escape")
    kept = page.locator("[name='answers.greeting_time.seconds']").input_value()
    assert float(kept) == 3
    page.clock.resume()
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    assert draft(site, visit)["answers.greeting_time.seconds"] == [kept]


def test_three_ways_lead_back(open_page: OpenPage):
    page = open_page(viewport=PHONE)
    page.clock.install(time=NOON)
    begin_visit(page, "store_visit")
    title = page.title()

    def open_again() -> Any:
        page.get_by_role("button", name="Discreet screen").click()
        told = page.get_by_role("button", name="Open the list")
        heading = page.locator(".groceries h1")
        expect(told.or_(heading)).to_be_visible()
        if told.count():
            told.click()
        return heading.bounding_box()

    box = open_again()
    page.mouse.move(box["x"] + 60, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 65, box["y"] + 200, steps=8)
    form_is_back(page, title)
    page.mouse.up()

    box = open_again()  # it is told once in a visit
    page.mouse.move(box["x"] + 60, box["y"] + 20)
    page.clock.pause_at(NOON + timedelta(minutes=1))
    page.mouse.down()
    page.clock.run_for(HOLD_MS - 1)
    expect(page.locator(".groceries")).to_be_visible()
    page.clock.run_for(1)
    form_is_back(page, title)
    page.mouse.up()
    page.clock.resume()

    open_again()
    page.keyboard.press("Escape")
    form_is_back(page, title)


def test_a_reload_in_the_shop_shows_the_list_again(open_page: OpenPage):
    page = open_page(viewport=PHONE)
    page.clock.install(time=NOON)
    open_list(page)
    lines(page).nth(0).click()
    before = lines(page).all_inner_texts()
    page.reload()
    expect(page.locator(".groceries")).to_be_visible()
    assert lines(page).all_inner_texts() == before
    expect(lines(page).nth(0)).to_have_class("bought")
    assert page.title() == "Shopping list"
    page.clock.fast_forward(1_000)
    lines(page).nth(0).click()  # it was a mistake, also after the reload
    assert events(page) == []


def test_a_line_stays_what_it_stood_for_when_a_question_comes(open_page: OpenPage, site: Site):
    source = EVERY_KIND.replace("id: every_kind", "id: comes")
    source = source.replace("{id: wait,", '{id: wait, when: {hello: "yes"},')
    store = site.store()
    publish(store, source + AT_THE_TILL)
    store.close()
    page = open_page(viewport=PHONE)
    open_list(page, "comes")
    before = lines(page).all_inner_texts()
    page.keyboard.press("Escape")
    tap(page, "hello", "Yes")
    page.get_by_role("button", name="Discreet screen").click()
    expect(lines(page)).to_have_text(before)
    lines(page).nth(2).click()
    assert events(page) == ["till_wait.start"]


def test_a_checklist_without_events_has_its_stopwatches_on_the_list(open_page: OpenPage):
    page = open_page(viewport=PHONE)
    open_list(page, "every_kind")
    expect(lines(page)).to_have_count(2)
    lines(page).nth(0).click()
    page.wait_for_timeout(300)
    lines(page).nth(1).click()
    assert events(page) == ["wait.start", "wait.stop"]
    assert float(page.locator("[name='answers.wait.seconds']").input_value()) >= 0.3
