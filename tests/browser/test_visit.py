"""The visit's form in a real browser: taps, stopwatches, drafts, a server that goes away, no script."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import OpenPage, begin_visit
from tests.browser.forms import fill_all, question, tap
from tests.browser.site import PHONE, TABLET, Site
from tests.web.shopping import stored_body, typed_in

pytestmark = pytest.mark.browser

CASES = Path(__file__).parents[1] / "cases" / "when.json"
HEARTBEAT = datetime(2026, 10, 14, 9, 5, 0, tzinfo=UTC)
"""12:05 at the branch, 04:05 where the device thinks it is."""
TRIED_AGAIN_MS = 30_000
"""After so long without success a save is tried once more, at the latest."""
BUSY_S = 5
"""By so much a busy machine may be late with a tap; how exact times are, test_timing.py says."""


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("Saved")


def draft(site: Site, visit: UUID) -> dict[str, list[str]]:
    store = site.store()
    try:
        return typed_in(store, visit)
    finally:
        store.close()


def sent(site: Site, visit: UUID) -> dict[str, Any]:
    store = site.store()
    try:
        return stored_body(store, visit)
    finally:
        store.close()


def tenths(time: timedelta) -> str:
    """Seconds as a stopwatch shows them: cut off after one decimal."""
    return f"{time // timedelta(milliseconds=100) / 10:g}"


# --- the same rule in two languages ---


def test_the_script_reads_when_as_the_server_does(open_page: OpenPage):
    """SC-11: every shared case, in the browser's own JavaScript."""
    page = open_page()
    begin_visit(page)
    address = page.evaluate(
        "document.querySelector('script[type=module]').src.replace(/visit\\.js$/, 'when.js')"
    )
    cases = json.loads(CASES.read_text("utf-8"))["cases"]
    found = page.evaluate(
        "async ([address, cases]) => { const { asked } = await import(address);"
        " return cases.map((c) => [...asked(c.items, c.answers, c.context)]); }",
        [address, cases],
    )
    assert {case["name"]: shown for case, shown in zip(cases, found, strict=True)} == {
        case["name"]: case["asked"] for case in cases
    }


# --- one tap per answer ---


def test_every_answer_is_saved_by_its_tap_alone(open_page: OpenPage, site: Site):
    page = open_page()
    visit = begin_visit(page)
    tap(page, "hello", "No")
    tap(page, "paid", "By card")
    saved(page)
    assert draft(site, visit) == {"answers.hello": ["no"], "answers.paid": ["card"]}
    page.reload()
    expect(page.locator("input[name='answers.hello'][value=no]")).to_be_checked()
    expect(page.locator("[data-progress]")).to_have_text("2 of 11")


def test_a_reload_right_after_a_tap_loses_nothing(open_page: OpenPage, site: Site):
    """The save may still be on its way when the page comes back: the tab itself remembers."""
    page = open_page()
    visit = begin_visit(page)
    words = ["Yes", "No"]
    for n in range(12):
        tap(page, "hello", words[n % 2])
        page.reload()
        expect(page.locator(f"input[name='answers.hello'][value={words[n % 2].lower()}]")).to_be_checked()
    saved(page)
    assert draft(site, visit)["answers.hello"] == ["no"]
    expect(page.get_by_text("Another version of this visit is kept")).to_have_count(0)


def test_the_counter_counts_by_taps(open_page: OpenPage):
    page = open_page()
    begin_visit(page)
    more = question(page, "yeses").locator("[data-more]")
    for expected in ("1", "2", "3", "3"):
        more.click()
        expect(page.locator("input[name='answers.yeses']:checked")).to_have_value(expected)


def test_questions_come_and_go_with_the_answers(open_page: OpenPage):
    """SC-11, live."""
    page = open_page()
    begin_visit(page)
    expect(question(page, "first_words")).to_be_hidden()
    tap(page, "hello", "Yes")
    expect(question(page, "first_words")).to_be_visible()
    expect(page.locator("[data-progress]")).to_have_text("1 of 12")
    tap(page, "hello", "No")
    expect(question(page, "first_words")).to_be_hidden()
    page.locator("#f-context\\.busy").get_by_label("Yes").click()
    expect(question(page, "queue")).to_be_visible()


def test_the_next_open_question_is_one_tap_away(open_page: OpenPage):
    page = open_page(viewport=PHONE)
    begin_visit(page)
    tap(page, "hello", "No")
    page.locator("[data-next]").click()
    expect(question(page, "wait")).to_be_in_viewport()
    tap(page, "wait", "It did not happen")
    page.locator("[data-next]").click()
    expect(question(page, "true_words")).to_be_in_viewport()


@pytest.mark.parametrize(("across", "text"), [(True, "100%"), (False, "200%")])
def test_what_is_asked_can_be_read_where_the_way_leads(open_page: OpenPage, across: bool, text: str):
    """A phone held across, and one with text of twice the size: no question begins above the screen."""
    width, height = PHONE["width"], PHONE["height"]
    page = open_page(viewport={"width": height, "height": width} if across else PHONE)
    begin_visit(page, "store_visit")
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", text)
    bar = page.locator("#bar").bounding_box()
    assert bar and bar["height"] <= page.viewport_size["height"] / 3  # type: ignore[index]
    way = page.locator("[data-next]")
    way.evaluate("(link) => { link.textContent = 'Następne bez odpowiedzi'; }")  # the longest of the five
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for _ in range(12):
        way.click()
        asked = page.locator("[data-item]:focus-within > legend").bounding_box()
        assert asked and 0 <= asked["y"] < bar["y"], asked


def test_none_of_these_and_the_others_exclude_each_other(open_page: OpenPage, site: Site):
    page = open_page()
    visit = begin_visit(page)
    tap(page, "seen", "The floor")
    tap(page, "seen", "None of these")
    saved(page)
    assert draft(site, visit) == {"answers.seen": ["none/"]}
    tap(page, "seen", "The light")
    expect(page.locator("input[name='answers.seen'][value='none/']")).not_to_be_checked()


def test_an_answer_is_cleared_on_the_page(open_page: OpenPage, site: Site):
    page = open_page()
    visit = begin_visit(page)
    tap(page, "hello", "No")
    tap(page, "paid", "In cash")
    question(page, "hello").locator(".clear").click()
    expect(question(page, "hello").locator(".clear")).to_be_hidden()
    saved(page)
    assert draft(site, visit) == {"answers.paid": ["cash"]}


# --- times ---


def test_the_stopwatch_outlives_a_reload(open_page: OpenPage, site: Site):
    page = open_page()
    page.clock.set_fixed_time(HEARTBEAT)
    visit = begin_visit(page)
    button = question(page, "wait").locator("[data-start]")
    button.click()
    expect(button).to_contain_text("Stop 0:0")

    page.clock.set_fixed_time(HEARTBEAT + timedelta(seconds=65.49))
    page.reload()
    expect(button).to_contain_text("Stop 1:0")
    expect(page.locator("[data-running]")).to_contain_text("Stop 1:0")
    button.click()
    shown = question(page, "wait").locator("[data-shown]")
    expect(shown).to_have_text(re.compile(r"^6\d(\.\d)? s measured$"))
    expect(button).to_contain_text("Measure again")

    saved(page)
    kept = draft(site, visit)
    events = json.loads(kept.pop("events")[0])
    assert [event["event"] for event in events] == ["wait.start", "wait.stop"]
    begun, ended = (datetime.fromisoformat(event["at"]) for event in events)
    seconds = tenths(ended - begun)
    assert abs(float(seconds) - 65.49) < BUSY_S
    kept.pop("clock")
    assert kept == {
        "visited_at.date": ["2026-10-14"],
        "visited_at.time": ["12:05"],  # the branch's clock; the first stopwatch began the contact
        "answers.wait": ["time"],
        "answers.wait.seconds": [seconds],
        "answers.wait.tapped": [seconds],
    }
    page.reload()
    expect(question(page, "wait").locator("[data-shown]")).to_have_text(f"{seconds} s measured")


def test_times_tell_by_how_much_the_clock_is_ahead_of_the_server(open_page: OpenPage, site: Site):
    page = open_page()
    page.add_init_script("const real = Date.now; Date.now = () => real.call(Date) + 90_000;")
    visit = begin_visit(page)
    question(page, "wait").locator("[data-start]").click()
    saved(page)
    clock = json.loads(draft(site, visit)["clock"][0])
    assert abs(clock["ahead_ms"] - 90_000) < BUSY_S * 1000
    assert abs(datetime.fromisoformat(clock["checked_at"]) - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_bar_starts_and_stops_the_first_open_time_from_anywhere(open_page: OpenPage):
    page = open_page(viewport=PHONE)
    page.clock.set_fixed_time(HEARTBEAT)
    begin_visit(page)
    page.locator("#afterwards").scroll_into_view_if_needed()
    running = page.locator("[data-running]")
    expect(running).to_have_text("Stopwatch")
    running.click()
    expect(running).to_contain_text("Stop 0:0")
    page.clock.fast_forward(18_000)
    expect(running).to_have_text(re.compile(r"Stop 0:(1[89]|2\d)"))
    running.click()
    expect(running).to_be_hidden()
    assert 18 <= float(page.locator("[name='answers.wait.seconds']").input_value()) < 18 + BUSY_S


def test_measuring_again_keeps_the_first_time_until_the_second_is_there(open_page: OpenPage):
    page = open_page()
    page.clock.set_fixed_time(HEARTBEAT)
    begin_visit(page)
    button = question(page, "wait").locator("[data-start]")
    button.click()
    page.clock.fast_forward(9_000)
    button.click()
    first = page.locator("[name='answers.wait.seconds']").input_value()
    assert 9 <= float(first) < 9 + BUSY_S
    button.click()
    expect(page.locator("[name='answers.wait.seconds']")).to_have_value(first)
    question(page, "wait").get_by_role("button", name="Do not measure").click()
    expect(page.locator("[name='answers.wait.seconds']")).to_have_value(first)
    expect(button).to_contain_text("Measure again")


def test_typed_seconds_are_an_estimate(open_page: OpenPage, site: Site):
    """SC-03"""
    page = open_page()
    visit = begin_visit(page)
    fill_all(page)
    question(page, "wait").get_by_text("Type the seconds").click()
    page.fill("[name='answers.wait.seconds']", "25")
    expect(question(page, "wait").locator("[data-shown]")).to_have_text("25 s, estimated")
    page.get_by_role("button", name="Read it once more and send").click()
    expect(page.locator(".read", has_text="Time to the greeting")).to_contain_text("25 s, estimated")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt")
    assert sent(site, visit)["answers"]["wait"] == {"value": 25, "estimated": True}


# --- from the first tap to the receipt ---


def test_a_visit_is_filled_reviewed_and_sent(open_page: OpenPage, site: Site):
    page = open_page(viewport=PHONE)
    visit = begin_visit(page)
    page.select_option("[name='employees.served_by']", "E0001")
    fill_all(page)
    expect(page.locator("[data-left]")).to_have_text("nothing left")
    page.locator("#f-service_level").get_by_label("WOW").click()
    page.get_by_role("button", name="Read it once more and send").click()
    page.wait_for_url("**/review")
    page.get_by_role("button", name="Send").dblclick()
    page.wait_for_url("**/receipt")
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    body = sent(site, visit)
    assert body["answers"]["window"] == "1.75"
    assert body["employees"] == {"served_by": {"code": "E0001"}}
    assert body["service_level"] == "wow"

    page.go_back()
    page.wait_for_url("**/receipt")
    page.goto(f"/visits/{visit}")
    page.wait_for_url("**/receipt")


def test_what_is_missing_is_listed_and_leads_there(open_page: OpenPage):
    page = open_page()
    begin_visit(page)
    tap(page, "hello", "No")
    page.get_by_role("button", name="Read it once more and send").click()
    faults = page.locator("#faults")
    expect(faults).to_be_focused()
    expect(faults.locator("li")).to_have_count(8)
    faults.get_by_role("link", name="How did you pay?").click()
    expect(question(page, "paid")).to_be_in_viewport()
    expect(page.locator("input[name='answers.hello'][value=no]")).to_be_checked()


def test_a_closed_shop_takes_three_taps(open_page: OpenPage, site: Site):
    page = open_page(viewport=PHONE)
    visit = begin_visit(page)
    page.get_by_role("link", name="I could not make this visit").click()
    page.get_by_label("It was closed during its opening hours").click()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt")
    body = sent(site, visit)
    assert (body["outcome"], body["reason"]) == ("closed", "It was closed during its opening hours")


def test_nobody_served_me_is_one_tap_and_one_tap_back(open_page: OpenPage, site: Site):
    page = open_page()
    visit = begin_visit(page)
    tap(page, "yeses", "1")
    page.get_by_role("button", name="Nobody served me").click()
    expect(page.locator("[data-filled]")).to_contain_text("3 answers were filled in.")
    saved(page)
    assert draft(site, visit) == {
        "answers.hello": ["no"],
        "answers.wait": ["never"],
        "answers.true_words": ["n/a"],
        "answers.yeses": ["1"],
    }
    tap(page, "true_words", "Yes")
    tap(page, "paid", "In cash")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Nobody served me")).to_be_focused()
    saved(page)
    assert draft(site, visit) == {  # what was answered since is the shopper's own
        "answers.yeses": ["1"],
        "answers.true_words": ["yes"],
        "answers.paid": ["cash"],
    }


def test_enter_in_a_field_saves_and_does_nothing_else(open_page: OpenPage, site: Site):
    page = open_page()
    visit = begin_visit(page)
    page.fill("[name='employees.served_by.described']", "badge: Anna")
    page.press("[name='employees.served_by.described']", "Enter")
    saved(page)
    assert draft(site, visit) == {"employees.served_by.described": ["badge: Anna"]}
    assert page.url.endswith(str(visit))


# --- a bad day ---


def test_without_a_connection_nothing_is_lost_and_it_is_said(open_page: OpenPage, site: Site):
    page = open_page()
    page.clock.install()
    visit = begin_visit(page)
    page.route("**/draft", lambda route: route.fulfill(status=200, body="<title>Welcome"))
    tap(page, "hello", "No")
    expect(page.locator("[data-saved]")).to_contain_text("No connection")  # a portal's answer is none of ours
    page.unroute("**/draft")
    site.stop()
    try:
        tap(page, "paid", "In cash")
        page.get_by_role("button", name="Read it once more and send").click()
        expect(page.locator("input[name='answers.paid'][value=cash]")).to_be_checked()
    finally:
        site.start()
    page.clock.fast_forward(TRIED_AGAIN_MS)
    saved(page)
    assert draft(site, visit) == {"answers.hello": ["no"], "answers.paid": ["cash"]}


def test_two_tabs_keep_both_versions_and_one_goes_on(open_page: OpenPage, site: Site):
    page = open_page()
    visit = begin_visit(page)
    other = page.context.new_page()
    other.goto(f"/visits/{visit}")
    tap(page, "hello", "No")
    saved(page)
    tap(other, "hello", "Yes")
    expect(other.locator("[data-saved]")).to_contain_text("Both versions are kept")
    assert draft(site, visit) == {"answers.hello": ["no"]}
    other.get_by_role("button", name="Go on with what is on this page").click()
    saved(other)
    assert draft(site, visit) == {"answers.hello": ["yes"]}
    page.reload()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("cell", name="No")).to_be_visible()


def test_a_session_that_is_over_swallows_nothing(open_page: OpenPage, site: Site):
    page = open_page()
    visit = begin_visit(page)
    page.context.clear_cookies()
    tap(page, "hello", "No")
    expect(page.locator("[data-saved]")).to_contain_text("You are signed out")
    page.get_by_role("button", name="Read it once more and send").click()
    expect(page.locator("input[name='answers.hello'][value=no]")).to_be_checked()
    page.get_by_role("link", name="sign in again").click()
    page.fill("[name=email]", "sam@example.org")
    page.fill("[name=password]", people.PASSWORD)
    page.click("main form button")
    expect(page.locator("input[name='answers.hello'][value=no]")).to_be_checked()
    saved(page)
    assert draft(site, visit) == {"answers.hello": ["no"]}


def test_signing_in_again_in_another_tab_is_enough(open_page: OpenPage, site: Site):
    page = open_page()
    page.clock.install()
    visit = begin_visit(page)
    page.context.clear_cookies()
    tap(page, "hello", "No")
    expect(page.locator("[data-saved]")).to_contain_text("You are signed out")
    other = page.context.new_page()
    other.goto("/login")
    other.fill("[name=email]", "sam@example.org")
    other.fill("[name=password]", people.PASSWORD)
    other.click("main form button")
    other.wait_for_url(lambda url: "/login" not in url)
    page.clock.fast_forward(TRIED_AGAIN_MS)
    saved(page)
    assert draft(site, visit) == {"answers.hello": ["no"]}


# --- without a script ---


def test_the_whole_way_without_a_script(open_page: OpenPage, site: Site):
    page = open_page(java_script_enabled=False)
    visit = begin_visit(page, scripted=False)
    for item in ("first_words", "queue"):
        expect(question(page, item)).to_be_visible()  # nothing could show it later
    expect(page.locator("[data-start]").first).to_be_hidden()
    expect(page.locator("[data-now]").first).to_be_hidden()
    page.fill("[name='visited_at.date']", (datetime.now(UTC) - timedelta(days=1)).date().isoformat())
    page.fill("[name='visited_at.time']", "14:05")
    tap(page, "hello", "Yes")
    page.fill("textarea[name='answers.first_words']", "Good day")
    page.get_by_role("button", name="Nobody served me").click()
    expect(page.locator("input[name='answers.hello'][value=yes]")).to_be_checked()
    expect(page.locator("input[name='answers.wait'][value=never]")).to_be_checked()
    question(page, "wait").get_by_text("Type the seconds").click()
    page.fill("[name='answers.wait.seconds']", "25")
    tap(page, "wait", "Time in seconds")
    tap(page, "yeses", "2")
    question(page, "felt").locator("label").nth(3).click()
    tap(page, "paid", "In cash")
    tap(page, "seen", "The floor")
    page.get_by_role("button", name="Save", exact=True).last.click()
    assert draft(site, visit)["answers.wait.seconds"] == ["25"]
    page.get_by_role("button", name="Read it once more and send").click()
    expect(page.locator("#faults li")).to_have_count(1)
    page.locator("#faults a").click()
    page.fill("[name='answers.window']", "2")
    page.get_by_role("button", name="Read it once more and send").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    body = sent(site, visit)
    assert body["answers"]["wait"] == {"value": 25, "estimated": True}
    assert body["answers"]["window"] == 2


# --- comfort ---

PAGES = ("/", "form", "form with faults", "unfinished", "review")


def visit_pages(page: Page) -> Any:
    """Each page a shopper meets, one after the other."""
    visit = begin_visit(page, "store_visit")
    tap(page, "greeted", "Yes")
    saved(page)
    yield "form"
    page.get_by_role("button", name="Read it once more and send").click()
    page.wait_for_selector("#faults")
    yield "form with faults"
    page.goto(f"/visits/{visit}/unfinished")
    yield "unfinished"
    page.goto(f"/visits/{visit}/review")
    yield "review"
    page.goto("/")
    yield "today"


SMALL = """(least) => {
  const kinds = 'a, button, select, summary, textarea, input:not([type=hidden])';
  const inline = (e) => e.matches('a') && getComputedStyle(e).display === 'inline';
  return [...document.querySelectorAll('main *')]
    .filter((e) => e.matches(kinds) && e.checkVisibility() && !e.closest('.hidden') && !inline(e))
    .map((e) => [e, (e.closest('.answers > label, label.inline') ?? e).getBoundingClientRect()])
    .filter(([, r]) => r.height > 0 && (r.height < least || r.width < least))
    .map(([e, r]) => `${e.tagName} ${e.name} ${e.textContent.trim().slice(0, 30)} ${r.width}x${r.height}`);
}"""

SMALL_ANSWERS = """() => [...document.querySelectorAll('.answers > label > span')]
  .filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect())
  .filter((r) => r.height > 0 && (r.height < 56 || r.width < 48)).length"""

NAMELESS = """() => {
  const all = (kinds) => [...document.querySelectorAll(kinds)];
  const named = (e) => e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim();
  const ids = all('[id]').map((e) => e.id);
  const said = (e, what) => e.getAttribute(`aria-${what}`) ?? '';
  const described = (e) => `${said(e, 'describedby')} ${said(e, 'labelledby')}`;
  return [
    ...all('input:not([type=hidden]), select, textarea, button, a[href]')
      .filter((e) => !named(e)).map((e) => e.outerHTML),
    ...all('fieldset').filter((e) => !e.querySelector(':scope > legend')).map((e) => `${e.id} has no legend`),
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id} is there twice`),
    ...all('[aria-describedby], [aria-labelledby]').flatMap((e) => described(e).trim().split(/\\s+/))
      .filter((id) => !document.getElementById(id)).map((id) => `${id} describes and is not there`),
  ];
}"""


def test_every_page_fits_every_width_and_everything_can_be_hit(open_page: OpenPage):
    page = open_page()
    for name in visit_pages(page):
        for width in (1280, 820, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert page.evaluate(SMALL, 48) == [], (name, width)
            assert page.evaluate(SMALL_ANSWERS) == 0, (name, width)
        page.set_viewport_size(TABLET)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= TABLET["width"], name
        page.evaluate("document.documentElement.style.fontSize = ''")


def test_every_control_has_a_name_and_every_group_a_legend(open_page: OpenPage):
    page = open_page()
    for name in visit_pages(page):
        assert page.evaluate(NAMELESS) == [], name
    begin_visit(page)
    assert page.evaluate(NAMELESS) == []


def test_a_checklist_of_thirty_items_is_a_small_page(open_page: OpenPage):
    """Budgets of the next step already: 40 KB with everything cold, 20 KB of script, 10 KB of style."""
    page = open_page()
    kept: dict[str, bytes] = {}
    page.on("response", lambda answer: kept.setdefault(answer.url, answer.body()) if answer.ok else None)
    begin_visit(page, "store_visit")
    kept.clear()
    page.reload()
    page.wait_for_load_state("networkidle")
    sizes = {re.sub(r".*/", "", url): len(gzip.compress(body, 9)) for url, body in kept.items()}
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) <= 20_000, sizes
    assert sum(size for name, size in sizes.items() if name.endswith(".css")) <= 10_000, sizes
    assert sum(sizes.values()) <= 40_000, sizes
