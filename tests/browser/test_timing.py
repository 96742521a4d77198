"""Times that shoppers trust: an even clock, one tap per event, taps taken back and given afterwards."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, begin_visit
from tests.browser.forms import question
from tests.browser.site import PHONE, Site
from tests.browser.test_visit import BUSY_S, NAMELESS, SMALL, draft, saved
from tests.web.shopping import EVERY_KIND, publish, publish_shipped

pytestmark = pytest.mark.browser

NOON = datetime(2026, 10, 14, 9, 5, 0, tzinfo=UTC)
"""12:05 at the branch."""


def module(page: Page, name: str) -> str:
    """The address of one of our modules."""
    own = "document.querySelector('script[src*=\"/s/\"]').src"
    return str(page.evaluate(f"(name) => {own}.replace(/[^/]+$/, name)", name))


def events(page: Page) -> list[dict[str, Any]]:
    return list(json.loads(page.locator("form#visit [name=events]").input_value() or "[]"))


def seconds(page: Page, item: str = "greeting_time") -> str:
    return page.locator(f"[name='answers.{item}.seconds']").input_value()


def row(page: Page, event: str) -> Any:
    return page.locator(f"[data-event={event}]")


def earlier(page: Page, event: str, ago: str) -> None:
    """Say that an event was some time ago."""
    row(page, event).locator("summary").click()
    row(page, event).get_by_role("button", name=re.compile(f"^{ago}")).click()


# --- the clock ---

CLOCK = """async (address) => {
  const { Clock, iso } = await import(address);
  let wall = 1_000_000, even = 0;
  const clock = new Clock({ wall: () => wall, even: () => even });
  const said = {};
  const pass = (ms) => { wall += ms; even += ms; };
  pass(1000); said.ran = clock.now();
  wall += 3_600_000; said.set_forward = clock.now();
  wall -= 7_200_000; said.set_back = clock.now();
  clock.woke(); said.woke_with_a_clock_set_back = clock.now();
  wall = clock.now(); wall += 60_000; said.asleep = clock.now();
  clock.woke(); said.woke = clock.now();
  pass(500); said.went_on = clock.now();
  said.unknown = clock.known;
  clock.learn(new Date(clock.now() - 4000).toISOString(), clock.now() - 100, clock.now() + 300);
  said.ahead = clock.ahead;
  clock.learn("nonsense", 0, 0); said.still_ahead = clock.ahead;
  const at = Date.UTC(2026, 9, 14, 9, 5, 3, 250);
  said.iso = ["Europe/Helsinki", "America/St_Johns", "UTC"].map((zone) => iso(at, zone));
  said.whole = iso(at - 250, "Asia/Kathmandu");
  return said;
}"""


def test_only_sleep_moves_the_clock_and_only_forward(open_page: OpenPage):
    page = open_page()
    begin_visit(page)
    assert page.evaluate(CLOCK, module(page, "clock.js")) == {
        "ran": 1_001_000,
        "set_forward": 1_001_000,
        "set_back": 1_001_000,
        "woke_with_a_clock_set_back": 1_001_000,
        "asleep": 1_001_000,
        "woke": 1_061_000,
        "went_on": 1_061_500,
        "unknown": {"ahead_ms": None, "checked_at": None},
        "ahead": 4_100,
        "still_ahead": 4_100,
        "iso": [
            "2026-10-14T12:05:03.250000+03:00",
            "2026-10-14T06:35:03.250000-02:30",
            "2026-10-14T09:05:03.250000+00:00",
        ],
        "whole": "2026-10-14T14:50:03+05:45",
    }


# --- one tap per event ---


def test_two_taps_on_the_bar_measure_the_greeting(open_page: OpenPage, site: Site):
    page = open_page(viewport=PHONE)
    page.clock.install(time=NOON)
    visit = begin_visit(page, "store_visit")
    bar = page.locator("[data-running]")
    expect(bar).to_have_text("Came in")
    page.clock.pause_at(NOON + timedelta(seconds=30))
    bar.dblclick()  # a trembling finger is one tap
    page.clock.resume()
    expect(bar).to_have_text(re.compile(r"^Was greeted 0:0\d$"))
    assert [event["event"] for event in events(page)] == ["entered"]
    page.clock.fast_forward(14_000)
    page.reload()
    page.wait_for_selector(".scripted form#visit")
    expect(bar).to_have_text(re.compile(r"^Was greeted 0:1\d$"))
    bar.click()
    expect(bar).to_have_text("Paid")
    assert 14 <= float(seconds(page)) < 14 + BUSY_S
    asked = question(page, "greeting_time")
    expect(asked.locator("[data-shown]")).to_have_text(f"{seconds(page)} s measured")
    expect(asked.locator("[data-start]")).to_be_hidden()
    saved(page)
    kept = draft(site, visit)
    assert kept["visited_at.time"] == ["12:05"]
    assert kept["answers.greeting_time.tapped"] == kept["answers.greeting_time.seconds"]
    begun, ended = (datetime.fromisoformat(event["at"]) for event in json.loads(kept["events"][0]))
    assert begun.utcoffset() == timedelta(hours=3)
    assert (ended - begun).total_seconds() == pytest.approx(float(seconds(page)), abs=0.1)


def test_a_clock_that_is_set_meanwhile_changes_no_time(open_page: OpenPage):
    """The even clock of a real browser beside a wall clock that is set an hour on and two hours back."""
    page = open_page()
    begin_visit(page, "store_visit")
    bar = page.locator("[data-running]")
    bar.click()
    page.evaluate("const real = Date.now; Date.now = () => real() + 3_600_000")
    page.wait_for_timeout(1_500)
    page.evaluate("const real2 = Date.now; Date.now = () => real2() - 7_200_000")
    bar.click()
    assert 1.4 <= float(seconds(page)) < 1.5 + BUSY_S


def test_the_last_tap_is_taken_back_and_with_it_what_it_said(open_page: OpenPage):
    page = open_page()
    begin_visit(page, "store_visit")
    bar = page.locator("[data-running]")
    bar.click()
    page.wait_for_timeout(500)
    bar.click()
    assert seconds(page)
    page.get_by_role("button", name="Times", exact=True).click()
    undo = page.locator("[data-do=undo]")
    expect(undo).to_have_text(re.compile(r"^Undo: Was greeted, \d\d:\d\d:\d\d$"))
    undo.click()
    assert seconds(page) == ""
    expect(page.locator("[name='answers.greeting_time'][value=time]")).not_to_be_checked()
    expect(bar).to_contain_text("Was greeted")
    undo.click()
    assert events(page) == []
    expect(page.locator("[name='visited_at.time']")).to_have_value("")
    expect(undo).to_be_hidden()


def test_a_tap_taken_back_leaves_the_beginning_that_another_told(open_page: OpenPage):
    page = open_page()
    page.clock.install(time=NOON)
    begin_visit(page, "store_visit")
    began = page.locator("[name='visited_at.time']")
    page.locator("[data-running]").click()
    page.clock.fast_forward(5_000)
    page.locator("[data-running]").click()
    expect(began).to_have_value("12:05")
    page.get_by_role("button", name="Times", exact=True).click()
    page.locator("[data-do=undo]").click()
    assert [event["event"] for event in events(page)] == ["entered"]
    expect(began).to_have_value("12:05")


def test_the_keyboard_goes_on_beside_what_is_hidden(open_page: OpenPage):
    page = open_page()
    begin_visit(page)
    asked = question(page, "wait")
    begin = asked.locator("[data-start]")
    asked.get_by_label("It did not happen").check()
    asked.get_by_role("button", name="Clear").press("Enter")
    expect(begin).to_be_focused()
    begin.press("Enter")
    asked.get_by_role("button", name="Do not measure").press("Enter")
    expect(begin).to_be_focused()
    page.get_by_role("button", name="Times", exact=True).click()
    page.locator("[data-watch=wait] button").press("Enter")
    page.locator("[data-do=undo]").press("Enter")
    expect(page.locator("[data-times]")).to_be_focused()


def test_what_was_forgotten_is_given_afterwards_as_an_estimate(open_page: OpenPage, site: Site):
    page = open_page()
    visit = begin_visit(page, "store_visit")
    page.get_by_role("button", name="Times", exact=True).click()
    earlier(page, "entered", "1 min ago")
    expect(row(page, "entered").locator("[data-at]")).to_have_text(re.compile("^about "))
    row(page, "greeted").locator("summary").click()
    row(page, "greeted").get_by_label("Seconds ago").fill("35")
    row(page, "greeted").get_by_label("Seconds ago").press("Enter")
    assert [event.get("estimated") for event in events(page)] == [True, True]
    assert 25 <= float(seconds(page)) < 25 + BUSY_S
    shown = question(page, "greeting_time").locator("[data-shown]")
    expect(shown).to_have_text(f"{seconds(page)} s, estimated")
    saved(page)
    assert "answers.greeting_time.tapped" not in draft(site, visit)

    row(page, "greeted").locator("[data-do=tap]").click()  # it was tapped: a second tap corrects, with a word
    earlier_open = row(page, "greeted").locator("details")
    expect(earlier_open).to_have_attribute("open", "")
    row(page, "greeted").locator("[data-do=back]").click()
    assert seconds(page) == ""
    page.keyboard.press("Escape")
    expect(page.locator("#times")).to_be_hidden()
    expect(page.locator("[data-times]")).to_be_focused()


def test_what_never_happened_is_passed_over(open_page: OpenPage):
    page = open_page()
    begin_visit(page, "store_visit")
    page.locator("[data-running]").click()
    question(page, "greeting_time").get_by_label("It did not happen").click()
    expect(page.locator("[data-running]")).to_have_text("Paid")


def test_a_typed_time_wins_until_the_taps_are_asked_for(open_page: OpenPage):
    page = open_page()
    begin_visit(page, "store_visit")
    bar = page.locator("[data-running]")
    bar.click()
    page.wait_for_timeout(500)
    bar.click()
    measured = seconds(page)
    asked = question(page, "greeting_time")
    asked.get_by_text("Type the seconds").click()
    page.fill("[name='answers.greeting_time.seconds']", "25")
    expect(asked.locator("[data-shown]")).to_have_text("25 s, estimated")
    page.wait_for_timeout(500)
    bar.click()  # another event leaves it alone
    assert seconds(page) == "25"
    asked.get_by_role("button", name=f"Use the taps: {measured} s").click()
    assert seconds(page) == measured
    expect(asked.locator("[data-shown]")).to_have_text(f"{measured} s measured")


def test_attempts_to_call_are_listed_and_removed(open_page: OpenPage, site: Site):
    store = site.store()
    publish_shipped(store, "phone_call")
    store.close()
    page = open_page(viewport=PHONE)
    begin_visit(page, "phone_call")
    page.get_by_role("button", name="Times", exact=True).click()
    for name in ("Line busy", "No answer", "On hold"):
        page.locator("#times").get_by_role("button", name=name, exact=True).click()
    attempts = page.locator("[data-attempts] li")
    expect(attempts).to_have_count(3)
    expect(attempts.nth(1)).to_contain_text("No answer")
    expect(page.locator("[name='visited_at.time']")).to_have_value("")  # nobody was spoken to yet
    attempts.first.get_by_role("button").click()
    assert [event["event"] for event in events(page)] == ["call.no_answer", "call.hold"]


def test_several_times_run_at_once(open_page: OpenPage, site: Site):
    number = "{id: warmth, type: number, min: -20, max: 60, required: false,"
    time = "{id: till, type: duration, target_s: 60, limit_s: 90, points: 1, axis: standard, level: branch,"
    assert number in EVERY_KIND
    store = site.store()
    publish(store, EVERY_KIND.replace("id: every_kind", "id: two_times").replace(number, time))
    store.close()
    page = open_page()
    begin_visit(page, "two_times")
    question(page, "wait").locator("[data-start]").click()
    page.get_by_role("button", name="Times", exact=True).click()
    page.locator("[data-watch=till] button").click()
    for item in ("wait", "till"):
        expect(page.locator(f"[data-watch={item}] [data-at]")).to_contain_text("Stop 0:0")
    page.wait_for_timeout(500)
    page.locator("[data-watch=wait] button").click()
    expect(page.locator("[data-watch=wait] [data-at]")).to_have_text(f"{seconds(page, 'wait')} s measured")
    expect(page.locator("[data-watch=till] [data-at]")).to_contain_text("Stop 0:0")
    assert seconds(page, "till") == ""
    page.reload()
    expect(page.locator("[data-running]")).to_contain_text("Stop 0:0")
    page.locator("[data-running]").click()
    assert float(seconds(page, "till")) >= float(seconds(page, "wait"))


@pytest.mark.parametrize("width", [320, 390, 820])
def test_the_panel_fits_and_can_be_hit(open_page: OpenPage, width: int):
    page = open_page(viewport={"width": width, "height": 800})
    begin_visit(page, "store_visit")
    page.locator("[data-running]").click()
    page.get_by_role("button", name="Times", exact=True).click()
    row(page, "entered").locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL, 48) == []
    assert page.evaluate(NAMELESS) == []
