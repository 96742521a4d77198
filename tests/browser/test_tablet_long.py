"""Tablets over long days: many visits, tabs and browsers and servers killed, builds that change, every page.

Short by default; `--long` runs it in full (docs/benchmarks.md).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect
from uuid6 import uuid7

from checker.config import LANGUAGES
from checker.store import checklists
from checker.store.people import find_by_email, person_of
from tests.browser.axe import look
from tests.browser.conftest import OpenTablet
from tests.browser.forms import question, tap
from tests.browser.modules import body_of
from tests.browser.site import PHONE, TABLET, Site
from tests.browser.tablets import (
    EMPTY,
    HELD,
    SAM,
    SUE,
    Tablet,
    begin,
    body,
    fill,
    hashes,
    kept,
    kill,
    modules_of,
    photos,
    ready,
    review,
    send,
    sign_in,
    until,
)
from tests.browser.test_worker import CACHES, UPDATE, LaterBuild, builds
from tests.picturing import picture
from tests.web.shopping import EVERY_KIND, assign, publish

pytestmark = pytest.mark.browser

TRANSLATIONS = Path(__file__).parents[2] / "checker" / "translations"
GOES = "dispatchEvent(new Event('online'))"
"""As when the network is back: nobody waits for the timer."""

IN_TIME_MS = 300
"""So soon after its tap an answer is kept, whatever happens to the tab."""
SOON = "(ms) => new Promise((done) => setTimeout(done, ms))"
"""By the page's own clock, which a slow machine holds up as it holds up the page."""


@pytest.fixture
def tablet(playwright_: Playwright, chromium: Browser, shop: Site, tmp_path: Path) -> Iterator[Tablet]:
    """A tablet whose browser may be killed."""
    made = Tablet(playwright_, shop, tmp_path / "profile")
    yield made
    made.close()
    assert made.mistakes == []


def take_photo(page: Page, number: int, item: str = "picture") -> None:
    file = picture(640, 480, noise=True, quality=60 + number % 30)
    page.locator(f"#q-{item} [data-take=gallery]").set_input_files(
        [{"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": file}]
    )
    page.get_by_role("button", name="Use the photo").click()
    expect(page.locator(f"#q-{item} .photos img")).to_be_visible()


# --- a long day without network ------------------------------------------------------------------------


def test_a_long_day_without_a_server_loses_nothing(
    tablet: Tablet, shop: Site, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
):
    """C1: tabs are killed in the middle of a visit, and the browser too; then all of it goes by itself."""
    long = request.config.getoption("--long")
    number, tab_dies, browser_dies = (200, 10, 50) if long else (6, 3, 4)
    page = tablet.sign_in()
    before = set(hashes(shop))
    shop.stop()
    sent: dict[str, str] = {}
    with_photo: set[str] = set()
    deaths = {"tabs": 0, "browsers": 0}
    began = time.monotonic()
    for n in range(1, number + 1):
        visit = begin(page)
        words = f"Good day, number {n}"
        fill(page, words)
        if n % 3 == 0:
            take_photo(page, n)
            with_photo.add(str(visit))
        kept(page)
        dies = n % browser_dies == 0 or n % tab_dies == 0
        if dies:
            tap(page, "paid", "By card")
            page.evaluate(SOON, IN_TIME_MS)  # and not for a word of the page that it is kept
        if n % browser_dies == 0:
            tablet.kill()
            deaths["browsers"] += 1
        elif n % tab_dies == 0:
            page.close()  # without a word to the page
            deaths["tabs"] += 1
        if dies:
            page = tablet.open(f"/visits/{visit}")
            page.wait_for_selector(".scripted form#visit")
            expect(page.locator("[name='answers.first_words']")).to_have_value(words)
            expect(page.locator("input[name='answers.paid'][value=card]")).to_be_checked()
        send(page)
        sent[str(visit)] = words
    expect(page.locator("#standing")).to_have_text(f"{number} visits unsent")
    filled = time.monotonic() - began
    page.close()
    tablet.kill()  # the night
    shop.start()
    began = time.monotonic()
    page = tablet.open()
    until(page, lambda: set(sent) <= set(hashes(shop)), "not all visits arrived", 60 + number)
    listed = {visit: [photo["sha256"] for photo in body(shop, UUID(visit))["photos"]] for visit in with_photo}
    until(page, lambda: set(photos(shop)) >= with_photo, "not all photos arrived", 60 + number)
    expect(page.locator("#standing")).to_be_empty()
    synced = time.monotonic() - began

    arrived = {visit: found for visit, found in hashes(shop).items() if visit not in before}
    assert set(arrived) == set(sent), "nothing else came"
    assert all(len(found) == 1 for found in arrived.values()), "each once"
    for visit, words in sent.items():
        assert body(shop, UUID(visit))["answers"]["first_words"] == words
    assert all(len(found) == 1 for found in listed.values())
    assert {visit: found for visit, found in photos(shop).items() if visit in with_photo} == listed
    until(page, lambda: page.evaluate(HELD) == EMPTY, "something is left on the device")
    said = f"{number} visits, {len(with_photo)} photos, {deaths}: filled {filled:.0f} s, sent {synced:.1f} s"
    record_property("figures", said)
    print(said)


def test_a_server_killed_while_visits_come_has_each_once(
    open_tablet: OpenTablet, shop: Site, request: pytest.FixtureRequest
):
    """SIGKILL in the middle of what comes: a receipt may be lost after the visit was stored."""
    number, kills = (60, 20) if request.config.getoption("--long") else (12, 3)
    page = open_tablet()
    kill(shop)
    waiting = [body_of(str(uuid7())) for _ in range(number)]
    queue(page, waiting)
    ids = {one["id"] for one in waiting}
    for _ in range(kills):
        there = len(ids & set(hashes(shop)))
        shop.start()
        page.evaluate(GOES)
        until(page, lambda there=there: len(ids & set(hashes(shop))) > there or there == number, "none came")
        kill(shop)
    shop.start()
    page.evaluate(GOES)
    until(page, lambda: ids <= set(hashes(shop)), "not all visits arrived")
    until(page, lambda: page.evaluate(HELD) == EMPTY, "something is left on the device")
    assert {len(found) for visit, found in hashes(shop).items() if visit in ids} == {1}


def queue(page: Page, bodies: list[dict[str, Any]]) -> None:
    """Send was tapped for each."""
    modules_of(page).run(
        """const { upload } = await vault.get("day", "day");
        for (const body of given) await queue.enqueue({ visit: body.id, body, upload });""",
        bodies,
    )


# --- one visit, whatever is tapped ---------------------------------------------------------------------


def test_a_double_tap_on_send_and_the_way_back_make_one_visit(open_tablet: OpenTablet, shop: Site):
    """C9, through the pages: the form of what was sent does not come back as if nothing had happened."""
    page = open_tablet()
    kill(shop)
    visit = begin(page)
    fill(page)
    kept(page)
    review(page)
    page.locator("[data-do=send]").dblclick(no_wait_after=True)
    expect(page.get_by_role("heading", name="Done. It goes by itself.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Done. It goes by itself.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Done. It goes by itself.")).to_be_visible()
    expect(page.locator("form#visit")).to_have_count(0)
    page.goto(f"/visits/{visit}/review")
    expect(page.get_by_role("heading", name="Done. It goes by itself.")).to_be_visible()
    assert page.evaluate(HELD)["queue"] == [str(visit)]
    shop.start()
    page.evaluate(GOES)
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    page.goto(f"/visits/{visit}")
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    assert len(hashes(shop)[str(visit)]) == 1


def test_two_tabs_that_send_make_one_visit(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    visit = begin(page)
    fill(page)
    kept(page)
    kill(shop)
    review(page)
    other = page.context.new_page()
    other.goto(f"/visits/{visit}/review")
    other.wait_for_selector("[data-do=send]", state="attached")
    for tab in (page, other):
        tab.locator("[data-do=send]").click(no_wait_after=True)
    for tab in (page, other):
        tab.wait_for_url("**/receipt")
    assert page.evaluate(HELD)["queue"] == [str(visit)]
    shop.start()
    for tab in (page, other):
        tab.evaluate(GOES)
        expect(tab.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    assert len(hashes(shop)[str(visit)]) == 1


# --- two builds ----------------------------------------------------------------------------------------

LOADED = """() => [...new Set(performance.getEntriesByType("resource")
  .map(({ name }) => /[/]s[/]([0-9a-f]{12})[/]/.exec(name)?.[1]).filter(Boolean))]"""
"""The builds whose files a page has loaded."""


@pytest.fixture
def later_build(shop: Site, tmp_path: Path) -> Iterator[LaterBuild]:
    made = LaterBuild(shop, tmp_path / "later")
    yield made
    made.stop()


def test_a_later_build_takes_over_on_the_button_alone(
    open_tablet: OpenTablet, shop: Site, later_build: LaterBuild, request: pytest.FixtureRequest
):
    """C7 and C8: with what waits, three drafts and two tabs open; the checklist is republished meanwhile."""
    page = open_tablet()
    old = str(page.locator("body").get_attribute("data-build"))
    kill(shop)
    waiting = [body_of(str(uuid7())) for _ in range(20 if request.config.getoption("--long") else 5)]
    queue(page, waiting)
    drafts = []
    for n in range(3):
        drafts.append(begin(page))
        fill(page, f"Draft {n}")
        kept(page)
    today = page.context.new_page()
    today.goto("/")
    store = shop.store()
    publish(store, EVERY_KIND.replace("version: 1", "version: 2").replace("Did somebody say", "Did they say"))
    store.close()
    later_build.start()
    assert today.evaluate(UPDATE) == "installed"
    offer = today.get_by_role("button", name="Change to it now")
    expect(offer).to_be_visible()
    expect(page.get_by_role("button", name="Change to it now")).to_be_visible()
    today.reload()
    assert today.locator("body").get_attribute("data-build") == old, "it waits until somebody says so"
    assert today.evaluate(LOADED) == [old]
    question(page, "true_words").get_by_text("Note", exact=True).click()
    page.fill("[name='answers.true_words.note']", "Typed at the last moment")
    later_build.stop()  # from here on without a server: what was begun before is finished with the new build
    offer.click()
    for tab in (today, page):
        tab.wait_for_function(
            "(old) => document.body?.dataset.build && document.body.dataset.build !== old", arg=old
        )
    new = str(today.locator("body").get_attribute("data-build"))
    page.wait_for_selector(".scripted form#visit")
    expect(page.locator("[name='answers.true_words.note']")).to_have_value("Typed at the last moment")
    for tab in (today, page):
        assert tab.evaluate(LOADED) == [new]
    assert builds(today) == [new]
    assert {name.split()[-1] for name in today.evaluate(CACHES)} == {new}
    for n, visit in enumerate(drafts):
        page.goto(f"/visits/{visit}")
        page.wait_for_selector(".scripted form#visit")
        expect(page.locator("[name='answers.first_words']")).to_have_value(f"Draft {n}")
        expect(question(page, "hello").locator("legend")).to_contain_text("Did somebody say hello?")
        send(page)
    later_build.start()
    page.evaluate(GOES)
    sent = {*map(str, drafts), *(one["id"] for one in waiting)}
    until(page, lambda: sent <= set(hashes(shop)), "something was lost")
    assert [body(shop, visit)["version"] for visit in drafts] == [1, 1, 1]
    assert {len(hashes(shop)[visit]) for visit in sent} == {1}
    until(page, lambda: page.evaluate(HELD) == EMPTY, "something is left on the device")
    page.goto("/")
    ready(page)
    begin(page)
    expect(question(page, "hello").locator("legend")).to_contain_text("Did they say hello?")


# --- times ---------------------------------------------------------------------------------------------


def seconds(page: Page, item: str) -> float:
    return float(page.locator(f"[name='answers.{item}.seconds']").input_value())


Moment = tuple[float, float]
"""Not before the first and not after the second: a machine may be slow with a tap."""


def tapped(button: Locator) -> Moment:
    """Tap, and say when."""
    before = time.monotonic()
    button.click()
    return before, time.monotonic()


def between(began: Moment, measured: float, ended: Moment) -> bool:
    """Whether so many seconds, give or take one, may have passed."""
    return ended[0] - began[1] - 1 <= measured <= ended[1] - began[0] + 1


def test_times_run_on_while_tabs_and_browsers_die(tablet: Tablet, shop: Site):
    """Within a second, by events and by a plain stopwatch; without a server."""
    page = tablet.sign_in()
    kill(shop)
    plain = begin(page, "every_kind")
    plain_began = tapped(question(page, "wait").locator("[data-start]"))
    kept(page)
    visit = begin(page, "store_visit")
    bar = page.locator("[data-running]")
    expect(bar).to_have_text("Came in")
    began = tapped(bar)
    kept(page)
    page.reload()
    expect(bar).to_have_text(re.compile(r"^Was greeted \d+:\d\d$"))
    tablet.kill()
    page = tablet.open(f"/visits/{visit}")
    bar = page.locator("[data-running]")
    expect(bar).to_have_text(re.compile(r"^Was greeted \d+:\d\d$"))
    ended = tapped(bar)
    assert between(began, seconds(page, "greeting_time"), ended)
    kept(page)
    page.close()
    page = tablet.open(f"/visits/{plain}")
    plain_ended = tapped(question(page, "wait").locator("[data-start]"))
    assert between(plain_began, seconds(page, "wait"), plain_ended)
    expect(question(page, "wait").locator("[data-shown]")).to_contain_text("measured")


# --- every page, for everybody -------------------------------------------------------------------------

SMALL = """(least) => {
  const kinds = 'a, button, select, summary, textarea, input:not([type=hidden])';
  const inline = (e) => e.matches('a') && getComputedStyle(e).display === 'inline';
  return [...document.querySelectorAll('main *, dialog *, header *')]
    .filter((e) => e.matches(kinds) && e.checkVisibility() && !e.closest('.hidden') && !inline(e))
    .map((e) => [e, (e.closest('.answers > label, label.inline, label.file') ?? e).getBoundingClientRect()])
    .filter(([, r]) => r.height > 0 && (r.height < least || r.width < least))
    .map(([e, r]) => `${e.tagName} ${e.name} ${e.textContent.trim().slice(0, 30)} ${r.width}x${r.height}`);
}"""


def shown_pages(page: Page, shop: Site) -> Iterator[str]:
    """Every page of the shell, one after the other; Sue has nothing to do yet."""
    page.goto("/")
    ready(page)
    yield "empty today"
    begin(page, "store_visit")
    page.locator("[data-running]").click()
    kept(page)
    yield "form"
    page.get_by_role("button", name="Times", exact=True).click()
    page.locator("[data-event=entered] summary").click()
    yield "times"
    review(page)
    yield "review with faults"
    page.goto(page.url.replace("/review", "/unfinished"))
    page.wait_for_selector("[name=why]")
    yield "unfinished"
    begin(page)
    fill(page)
    file = picture(640, 480, noise=True)
    page.locator("#q-picture [data-take=gallery]").set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": file}]
    )
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "photo editor"
    page.get_by_role("button", name="Blur by squares").click()
    yield "squares"
    page.get_by_role("button", name="Use the photo").click()
    expect(page.locator("#q-picture .photos img")).to_be_visible()
    kept(page)
    review(page)
    expect(page.locator("main img")).to_be_visible()
    yield "review"
    page.locator("[data-do=send]").click()
    page.wait_for_url("**/receipt")
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    yield "receipt"
    store = shop.store()
    sue, version = find_by_email(store, SUE), checklists.current(store, "store_visit")
    assert sue is not None and version is not None
    assign(store, person_of(sue), version, briefing="Pay in cash.")
    store.close()
    page.goto("/")
    expect(page.locator(".assignment")).to_be_visible()
    ready(page)
    page.get_by_text("Scenario and briefing").click()
    page.get_by_text("Decline").first.click()
    yield "today"
    page.locator("#own > summary").click()
    yield "account"
    modules_of(page).run("await vault.lock()")
    page.goto("/")
    page.wait_for_selector("#secret")
    yield "locked"


COVERED = re.compile(r"(account|form|times): color-contrast .*(overlap|obscured)")
"""What axe cannot decide by itself and we have looked at: text under the bar, the panel or the menu (in the
same colours on pages where nothing covers it), and the menu's own hints, in a card's colours as elsewhere."""


def test_every_page_is_for_everybody(open_tablet: OpenTablet, shop: Site):
    """axe-core at two widths in light and dark; nothing wider than 320 px; everything large enough to hit."""
    page = open_tablet(SUE)
    wrong: list[str] = []
    undecided: set[str] = set()
    for name in shown_pages(page, shop):
        for viewport in (PHONE, TABLET):
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            for scheme in ("light", "dark"):
                found = look(page, scheme)
                at = f"{name} {viewport['width']} {scheme}"
                wrong.extend(f"{at}: {line}" for line in found.wrong)
                undecided.update(f"{name}: {line}" for line in found.undecided)
            wrong.extend(f"{at}: {small}" for small in page.evaluate(SMALL, 48))
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wrong.append(f"{name}: wider than 320 px")
        page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    assert not wrong, "\n".join(sorted(set(wrong)))
    left = sorted(line for line in undecided if not COVERED.match(line))
    assert not left, "\n".join(left)


# --- who is signed in, and what the browser cleared ------------------------------------------------------


def test_a_session_that_is_over_keeps_drafts_and_the_queue_goes(open_tablet: OpenTablet, shop: Site):
    """C4: weeks offline; the cookies are gone too, so the tablet cannot sign in again by itself."""
    page = open_tablet()
    kill(shop)
    draft = begin(page)
    tap(page, "hello", "No")
    kept(page)
    sent = begin(page)
    fill(page)
    kept(page)
    send(page)
    store = shop.store()
    with store.write():
        store.db.execute("DELETE FROM session")
    store.close()
    page.context.clear_cookies()
    shop.start()
    page.goto("/")
    until(page, lambda: str(sent) in hashes(shop), "it needed a session")
    notice = page.locator("[data-slot=notices]")
    expect(notice).to_contain_text("You are signed out at the server.")
    expect(page.locator(f"#drafts a[href='/visits/{draft}']")).to_be_visible()
    notice.get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/login**")
    sign_in(page, SAM)
    expect(page.locator("[data-slot=notices]")).to_be_empty()
    page.goto(f"/visits/{draft}")
    expect(page.locator("input[name='answers.hello'][value=no]")).to_be_checked()
    assert len(hashes(shop)[str(sent)]) == 1


def test_what_the_browser_cleared_is_said_at_the_next_sign_in(open_tablet: OpenTablet, shop: Site):
    """C6: the server took no visit but heard how many wait; then everything but the cookies is gone."""
    page = open_tablet()
    kill(shop)
    queue(page, [body_of(str(uuid7()), branch="B999") for _ in range(2)])  # what the server refuses stays
    shop.start()
    page.evaluate(GOES)
    expect(page.locator("#standing")).to_contain_text("something needs attention")
    until(page, lambda: unsent_of(shop) == 2, "the server does not know")
    tools = page.context.new_cdp_session(page)
    page.goto("about:blank")
    store = shop.store()
    with store.write():
        store.db.execute(
            "DELETE FROM session"
        )  # or else they would still be signed in, on the server's own pages
    store.close()
    kinds = "indexeddb,local_storage,cache_storage,service_workers"
    tools.send("Storage.clearDataForOrigin", {"origin": shop.url, "storageTypes": kinds})
    sign_in(page, SAM)
    notice = page.locator("[data-slot=notices]")
    expect(notice).to_contain_text("2 visits that waited here were lost")
    page.reload()
    expect(notice).to_contain_text("2 visits that waited here were lost")
    server = modules_of(page).run("return database.read('meta', 'server')")
    assert abs(server["ahead_ms"]) < 60_000, "the clock's error is known from the sign-in on"
    notice.get_by_role("button", name="I have read this").click()
    expect(notice).to_be_empty()
    page.reload()
    ready(page)
    expect(notice).to_be_empty()


def unsent_of(shop: Site) -> int:
    """How many visits wait on the tablet that was heard last, as it said."""
    store = shop.store()
    try:
        return int(store.value("SELECT unsent FROM device ORDER BY last_seen DESC, id DESC LIMIT 1", {}))
    finally:
        store.close()


# --- five languages ------------------------------------------------------------------------------------


def in_(language: str) -> NullTranslations:
    """The catalogue of a language; English where there is none."""
    return translation("messages", TRANSLATIONS, [language], fallback=True)


def test_the_shell_the_form_and_the_review_speak_every_language(open_tablet: OpenTablet, shop: Site):
    """A visit begun in English goes on in every other language."""
    page = open_tablet()
    visit = begin(page, "store_visit")
    greeted = ("Was greeted", "Tervehdittiin", "Begrüßt", "Powitanie", "Întâmpinare")
    for language, event in reversed(list(zip(LANGUAGES, greeted, strict=True))):
        said = in_(language).gettext
        page.goto("/")
        page.locator("#own > summary").click()
        page.locator("[data-do=language]").select_option(language)
        page.wait_for_selector(f"html[lang={language}].scripted")
        ready(page)
        expect(page.locator("h1")).to_have_text(said("Today"))
        page.goto(f"/visits/{visit}")
        page.wait_for_selector(".scripted form#visit")
        assert page.locator("html").get_attribute("lang") == language
        expect(page.locator("[data-event=greeted] b")).to_have_text(event)
        expect(page.locator("[data-slot=unfinished]")).to_have_text(said("I could not make this visit"))
        page.goto(f"/visits/{visit}/review")
        expect(page.locator("h1")).to_have_text(said("Read it once more"))
        expect(page.locator("[data-slot=answers]")).to_contain_text(said("not answered"))
