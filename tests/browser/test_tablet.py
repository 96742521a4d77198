"""The shopper's whole day on a tablet, in a real browser, before a real server that is really stopped."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checker.actions.review_visit import review_visit
from checker.store import visits
from tests import people
from tests.browser.conftest import PATIENCE_S, PHONE, TABLET, Site, free_port, is_mistake
from tests.browser.modules import DUMP
from tests.browser.test_visit import fill_all, question, tap
from tests.picturing import picture
from tests.web.shopping import assign, publish, publish_shipped, stored_body

pytestmark = pytest.mark.browser

BRIEFING = "Ask for green tea, and pay in cash."
SAM, SUE = "sam@example.org", "sue@example.org"


@pytest.fixture(autouse=True)
def real_waits() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Site]:
    """A server of our own, because it is stopped and started; Sam has an assignment, Sue is a shopper too."""
    instance = tmp_path_factory.mktemp("shop")
    shutil.copy(empty_database, instance / "checker.sqlite")
    made = Site(instance, free_port())
    store = made.store()
    cast = {name: person(store) for name, person in people.CAST.items()}
    people.someone(store, SUE, "Sue", "shopper")
    publish(store)
    version = publish_shipped(store)
    for _ in range(4):
        assign(store, cast["sam"], version, briefing=BRIEFING, **this_week())
    store.close()
    made.start()
    yield made
    made.stop()


def this_week() -> dict[str, str]:
    """An assignment's days, by the real clock that the server goes by."""
    today = datetime.now(UTC).date()
    days = {"visit_from": -3, "visit_to": 3, "report_by": 5}
    return {name: (today + timedelta(days=n)).isoformat() for name, n in days.items()}


OpenTablet = Callable[..., Page]


@pytest.fixture
def open_tablet(chromium: Browser, shop: Site) -> Iterator[OpenTablet]:
    """Opens a tablet on which a shopper has signed in and everything is ready for a time without network."""
    contexts: list[BrowserContext] = []
    mistakes: list[str] = []

    def open_(email: str = SAM, **options: Any) -> Page:
        context = chromium.new_context(
            **{"base_url": shop.url, "viewport": TABLET, "timezone_id": "America/Lima", **options}
        )
        contexts.append(context)
        context.on("console", lambda message: mistakes.append(message.text) if is_mistake(message) else None)
        page = new_page(context, mistakes)
        sign_in(page, email)
        return page

    if not shop.answers():
        shop.start()
    yield open_
    for context in contexts:
        context.close()
    assert mistakes == []


def new_page(context: BrowserContext, mistakes: list[str]) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    return page


def sign_in(page: Page, email: str, password: str = people.PASSWORD) -> None:
    page.goto("/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("main form button")
    ready(page)


def ready(page: Page) -> None:
    page.wait_for_selector("[data-ready=true]")


def begin(page: Page, checklist: str = "every_kind", branch: str = "B001") -> UUID:
    page.goto("/")
    page.select_option("#branch", branch)
    page.select_option("#checklist", checklist)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_selector(".scripted form#visit")
    return UUID(page.url.rsplit("/", 1)[1])


def fill(page: Page, words: str = "Good day") -> None:
    """Answer all that `every_kind` asks."""
    fill_all(page)
    page.fill("[name='answers.first_words']", words)


def kept(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("On this device")


def review(page: Page) -> None:
    page.get_by_role("button", name="Read it once more and send").click()
    page.wait_for_url("**/review")
    page.wait_for_selector("[data-do=send]", state="attached")


def send(page: Page) -> None:
    review(page)
    page.locator("[data-do=send]").click()
    page.wait_for_url("**/receipt")


def arrived(shop: Site, visit: UUID) -> list[Any]:
    store = shop.store()
    try:
        return list(store.db.query("SELECT * FROM visit WHERE uuid = :uuid", {"uuid": visit.bytes}))
    finally:
        store.close()


def body(shop: Site, visit: UUID) -> dict[str, Any]:
    store = shop.store()
    try:
        return stored_body(store, visit)
    finally:
        store.close()


# --- without network -----------------------------------------------------------------------------------


def test_a_visit_filled_without_a_server_arrives_once_and_without_a_tap(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    context = page.context
    shop.stop()
    visit = begin(page)
    fill(page)
    kept(page)
    send(page)
    expect(page.get_by_role("heading", name="Done. It goes by itself.")).to_be_visible()
    expect(page.locator("#standing")).to_have_text("1 visit unsent")
    page.close()
    shop.start()
    page = context.new_page()
    page.goto(f"/visits/{visit}/receipt")
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    expect(page.locator("#standing")).to_be_empty()
    assert len(arrived(shop, visit)) == 1
    said = body(shop, visit)
    assert said["answers"]["first_words"] == "Good day"
    assert said["answers"]["window"] == "1.75"
    assert "Good day" not in page.evaluate(DUMP)


def test_the_day_is_there_on_a_cold_start_without_a_server(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    context = page.context
    page.close()
    shop.stop()
    page = context.new_page()
    page.goto("/")
    card = page.locator(".assignment").first
    card.get_by_text("Scenario and briefing").click()
    expect(card.get_by_text(BRIEFING)).to_be_visible()
    card.get_by_role("button", name="Begin the visit").click()
    page.wait_for_selector(".scripted form#visit")
    visit = UUID(page.url.rsplit("/", 1)[1])
    page.get_by_role("button", name="Nobody served me").click()
    kept(page)
    page.reload()
    expect(page.locator("input[name='answers.greeting_time'][value=never]")).to_be_checked()
    shop.start()
    page.goto("/")
    expect(page.get_by_role("link", name="Go on")).to_be_visible()
    page.wait_for_selector("[data-ready=true]")
    store = shop.store()
    held = store.db.query("SELECT assignment_id FROM draft WHERE uuid = :uuid", {"uuid": visit.bytes})
    assert [row["assignment_id"] is not None for row in held] == [True]  # the office knows that it is begun
    store.close()


def test_an_unfinished_visit_takes_three_taps_without_a_server(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    shop.stop()
    visit = begin(page)
    page.locator("[data-now=visited_at]").click()
    kept(page)
    page.get_by_role("link", name="I could not make this visit").click()
    page.get_by_label("I was refused service or asked to leave").click()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/receipt")
    shop.start()
    page.reload()
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    said = body(shop, visit)
    assert (said["outcome"], said["reason"]) == ("refused", "I was refused service or asked to leave")


def test_what_is_missing_is_said_without_a_server(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    shop.stop()
    begin(page)
    page.fill("[name='visited_at.date']", "2026-10-14")
    tap(page, "hello", "Yes")
    page.fill("[name='answers.window']", "9")
    kept(page)
    review(page)
    expect(page.locator("[data-do=send]")).to_be_hidden()
    missing = page.get_by_role("alert").first
    expect(missing).to_contain_text("Give both the date and the time.")
    expect(missing).to_contain_text("Still to be answered:")
    expect(missing.get_by_role("listitem").filter(has_text="Points for the shop window")).to_contain_text(
        "2.5"
    )
    missing.get_by_role("link", name="What were the first words?").click()
    page.wait_for_selector(".scripted form#visit")
    expect(question(page, "first_words")).to_be_in_viewport()


# --- nothing moves under whoever reads -----------------------------------------------------------------

WATCHED = """() => {
  window.moves = 0;
  const count = (found) => { window.moves += found.length; };
  const how = { subtree: true, childList: true, characterData: true };
  for (const place of ["main", "standing", "told"]) {
    new MutationObserver(count).observe(document.getElementById(place), how);
  }
}"""

NOTHING = """async () => {
  const channel = new BroadcastChannel("checker");
  for (const type of ["changed", "later", "contact", "changed"]) channel.postMessage({ type });
  await new Promise((done) => setTimeout(done, 700));
  channel.close();
  return window.moves;
}"""
"""Messages after which all stands as before; how often the page changed."""


HOLD = """async (minutes) => {
  const db = await new Promise((done) => {
    indexedDB.open("checker").onsuccess = ({ target }) => done(target.result);
  });
  const store = db.transaction("meta", "readwrite").objectStore("meta");
  await new Promise((done) => { store.put(Date.now() + minutes * 60_000, "hold").onsuccess = done; });
  db.close();
}"""
"""As if the server had asked for so many minutes of silence: nothing is tried meanwhile."""


def focused(page: Page) -> str | None:
    return page.evaluate("document.activeElement.getAttribute('href')")


def test_a_receipt_stays_in_place_until_it_stands_otherwise(open_tablet: OpenTablet, shop: Site):
    """A screen reader keeps its place, and hears what has changed."""
    page = open_tablet()
    shop.stop()
    begin(page)
    fill(page)
    kept(page)
    send(page)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Done. It goes by itself.")
    page.evaluate(HOLD, 10)
    page.wait_for_timeout(3000)  # until the tries that were under way have come to nothing
    page.get_by_role("link", name="To Today").focus()
    page.evaluate(WATCHED)
    assert page.evaluate(NOTHING) == 0
    first = heading.element_handle()
    shop.start()
    page.evaluate(HOLD, 0)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#told")).to_have_text("Received. Thank you. It has arrived.")
    expect(heading).to_have_text("Received. Thank you.")
    expect(page.locator("[data-slot=hash]")).not_to_be_empty()
    assert first.evaluate("(h1) => h1.isConnected")
    assert focused(page) == "/"
    page.evaluate("document.getElementById('told').textContent = ''")
    page.reload()
    expect(heading).to_have_text("Received. Thank you.")
    expect(page.locator("#told")).to_be_empty()  # it was so when the page was opened


def test_today_stays_in_place_while_other_lines_change(open_tablet: OpenTablet, shop: Site):
    """Whoever goes through it by Tab, or writes why they decline, is not thrown out by a visit on its way."""
    page = open_tablet()
    shop.stop()
    visits = []
    for _ in range(2):
        visits.append(begin(page))
        fill(page)
        kept(page)
        send(page)
    page.goto("/")
    page.wait_for_selector("[data-ready]:not([data-ready=null])")
    page.evaluate(HOLD, 10)
    page.wait_for_timeout(3000)
    page.evaluate(WATCHED)
    page.locator("#unsent li a").last.focus()
    assert page.evaluate(NOTHING) == 0
    sending = """(visit) => {
      const channel = new BroadcastChannel("checker");
      channel.postMessage({ type: "sending", visit });
      channel.close();
    }"""
    for visit in visits:  # its own line changes, and another
        page.evaluate(sending, str(visit))
        expect(page.locator(f"#unsent li:has([href*='{visit}'])")).to_contain_text("On its way.")
        assert str(visits[-1]) in str(focused(page))
    page.locator("#unsent li a").first.focus()
    card = page.locator(".assignment:has([data-slot=declining]:not([hidden]))").first
    card.get_by_text("Decline").first.click()
    card.locator("[name=reason]").fill("I am ill")
    shop.start()
    page.evaluate(HOLD, 0)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#unsent")).to_be_hidden()
    expect(card.locator("[name=reason]")).to_have_value("I am ill")
    expect(card.locator("[name=reason]")).to_be_focused()


def test_days_and_numbers_are_written_by_the_customs_of_the_language(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    page.locator("#own > summary").click()
    page.locator("[data-do=language]").select_option("fi")
    page.wait_for_selector("html[lang=fi].scripted")
    ready(page)
    visit = begin_in(page)
    page.fill("[name='visited_at.date']", "2026-10-14")
    page.fill("[name='visited_at.time']", "14:05")
    question(page, "wait").locator("details.typed summary").click()
    page.fill("[name='answers.wait.seconds']", "17.3")
    expect(question(page, "wait").locator("[data-shown]")).to_contain_text("17,3 s")
    page.wait_for_timeout(500)
    page.goto(f"/visits/{visit}/review")
    read = page.locator("[data-answer=wait]")
    expect(read).to_contain_text("17,3 s")
    expect(page.locator("[data-answer=f-visited_at]")).to_contain_text("14.10.2026")
    page.goto(f"/visits/{visit}")
    page.wait_for_selector(".scripted form#visit")
    question(page, "wait").locator("details.typed summary").click()
    page.fill("[name='answers.wait.seconds']", "1:05")
    expect(question(page, "wait").locator("[data-shown]")).to_contain_text("1:05 s")


def begin_in(page: Page) -> UUID:
    """Begin a visit in whatever language."""
    page.select_option("#branch", "B001")
    page.select_option("#checklist", "every_kind")
    page.locator("form[data-do=another] button").click()
    page.wait_for_selector(".scripted form#visit")
    return UUID(page.url.rsplit("/", 1)[1])


# --- one tablet, several shoppers ----------------------------------------------------------------------


def leave(page: Page) -> None:
    page.locator("#own > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")


def test_the_next_shopper_can_read_nothing_of_the_last(open_tablet: OpenTablet, shop: Site):
    """C10: signed out without network, so that the server could not help."""
    page = open_tablet()
    shop.stop()
    draft = begin(page)
    question(page, "true_words").get_by_text("Note", exact=True).click()
    page.fill("[name='answers.true_words.note']", "His tie was crooked")
    kept(page)
    sent = begin(page)
    fill(page, "Unheard of words")
    send(page)
    leave(page)
    expect(page.get_by_role("heading", name="Open")).to_be_visible()
    for secret in ("crooked", "Unheard of", BRIEFING, "Sam Shore", SAM):
        assert secret not in page.evaluate(DUMP)
    shop.start()
    sign_in(page, SUE)
    expect(page.locator("#own > summary")).to_have_text("Sue")
    for secret in ("crooked", "Unheard of", BRIEFING, "Sam Shore", SAM):
        assert secret not in page.evaluate(DUMP)
    page.goto(f"/visits/{draft}")
    expect(page.locator("main")).not_to_contain_text("crooked")
    for _ in range(100):
        if arrived(shop, sent):
            break
        page.wait_for_timeout(100)
    assert len(arrived(shop, sent)) == 1  # sealed, so it needed nobody
    leave(page)
    sign_in(page, SAM)
    page.goto(f"/visits/{draft}")
    expect(page.locator("[name='answers.true_words.note']")).to_have_value("His tie was crooked")


def test_after_signing_out_offline_the_server_shows_nothing_of_the_last(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    shop.stop()
    leave(page)
    shop.start()
    page.goto("/")
    page.wait_for_url("**/login**")
    page.goto("/account")
    page.wait_for_url("**/login**")


def test_a_locked_tablet_opens_with_the_pin_and_signs_in_by_itself(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    visit = begin(page)
    tap(page, "hello", "No")
    kept(page)
    page.on("dialog", lambda dialog: dialog.accept(people.PASSWORD))
    page.locator("#own > summary").click()
    page.fill("[name=pin]", "4711")
    page.get_by_role("button", name="Set the PIN").click()
    expect(page.locator("[data-slot=pin]")).to_contain_text("The PIN is set")
    store = shop.store()
    with store.write():
        store.db.execute("DELETE FROM session")  # weeks have passed
    store.close()
    page.evaluate(LATER)
    page.reload()
    expect(page.get_by_role("heading", name="Open")).to_be_visible()
    page.fill("[name=secret]", "4712")
    page.get_by_role("button", name="Open").click()
    expect(page.locator("[data-slot=wrong]")).to_have_text("That is not right. Try again.")
    page.fill("[name=secret]", "4711")
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector(".scripted form#visit")
    expect(page.locator("input[name='answers.hello'][value=no]")).to_be_checked()
    page.goto("/")
    ready(page)
    expect(page.get_by_text("You are signed out at the server")).to_have_count(0)
    expect(page.locator(f"#drafts a[href='/visits/{visit}']")).to_be_visible()


LATER = """async () => {
  const db = await new Promise((done) => {
    indexedDB.open("checker").onsuccess = ({ target }) => done(target.result);
  });
  const store = db.transaction("meta", "readwrite").objectStore("meta");
  const open = await new Promise((done) => { store.get("open").onsuccess = (e) => done(e.target.result); });
  await new Promise((done) => { store.put({ ...open, until: Date.now() - 1 }, "open").onsuccess = done; });
  db.close();
}"""
"""As if the tablet had lain idle for longer than it may."""


# --- what comes back, and what changes meanwhile -------------------------------------------------------


@pytest.fixture
def stop_recording(shop: Site) -> Iterator[Callable[[], None]]:
    """The office stops recording who served; after the test it records it again."""

    def record(attribution: str) -> None:
        store = shop.store()
        with store.write():
            store.db.execute("UPDATE programme SET attribution = :a", {"a": attribution})
        store.close()

    yield lambda: record("none")
    record("named")


def test_what_the_server_refuses_is_said_at_its_question(
    open_tablet: OpenTablet, shop: Site, stop_recording: Callable[[], None]
):
    """The office stops recording who served while the tablet is away: nothing typed is lost."""
    page = open_tablet()
    shop.stop()
    visit = begin(page)
    fill(page)
    page.fill("[name='employees.served_by.described']", "Green scarf")
    kept(page)
    send(page)
    stop_recording()
    shop.start()
    page.reload()
    expect(page.get_by_role("heading", name="Needs attention")).to_be_visible()
    page.goto("/")
    card = page.locator("#attention article")
    expect(card).to_contain_text("This programme does not record who served; leave the employees out.")
    card.get_by_role("link", name="Put it right").click()
    page.wait_for_selector(".scripted form#visit")
    expect(page.locator("[name='answers.first_words']")).to_have_value("Good day")
    expect(page.locator(".served")).to_have_count(0)  # it is not asked any more
    send(page)
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    assert len(arrived(shop, visit)) == 1


def test_a_form_is_drawn_anew_when_the_office_asks_otherwise(
    open_tablet: OpenTablet, shop: Site, stop_recording: Callable[[], None]
):
    """Whoever is at a visit before the tablet has heard of it is not asked what the server would refuse."""
    page = open_tablet()
    shop.stop()
    visit = begin(page)
    fill(page)
    page.fill("[name='employees.served_by.described']", "Green scarf")
    kept(page)
    stop_recording()
    shop.start()
    loads: list[Page] = []
    page.on("domcontentloaded", lambda page: loads.append(page))
    page.reload()
    page.wait_for_selector(".scripted form#visit:not(:has(.served))")
    expect(page.locator("[name='answers.first_words']")).to_have_value("Good day")
    page.fill("[name='answers.first_words']", "Good evening")
    kept(page)
    saved_at_server(shop, visit, "Good evening")
    assert len(loads) == 2, "once"


def test_a_query_of_the_office_is_answered_from_the_tablet(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    visit = begin(page)
    fill(page)
    kept(page)
    send(page)
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    send_back(shop, visit, "How much was it?")
    page.goto("/")
    card = page.locator("#returned article")
    expect(card).to_contain_text("How much was it?")
    card.get_by_role("button", name="Look at it and answer").click()
    page.wait_for_selector(".scripted form#visit")
    expect(page.get_by_text("How much was it?")).to_be_visible()
    expect(page.locator("[name='answers.first_words']")).to_have_value("Good day")
    shop.stop()
    page.fill("[name='answers.first_words']", "Good evening")
    kept(page)
    review(page)
    page.locator("[data-do=send]").click()
    expect(page.locator("[data-slot=wrong]")).to_have_text("Say why the visit is corrected.")
    page.fill("#reason", "It was evening.")
    page.locator("[data-do=send]").click()
    page.wait_for_url("**/receipt")
    shop.start()
    page.reload()
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    assert body(shop, visit)["answers"]["first_words"] == "Good evening"
    assert body(shop, visit)["reason"] == "It was evening."


def test_a_photo_taken_away_in_a_correction_is_gone_from_it(open_tablet: OpenTablet, shop: Site):
    """As from the server's form: the list of the form is what counts."""
    page = open_tablet()
    visit = begin(page)
    fill(page)
    files = [picture(colour=colour) for colour in ((200, 30, 30), (30, 30, 200))]
    for n, file in enumerate(files):
        given = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": file}
        page.locator("#q-picture [data-take=gallery]").set_input_files([given])  # type: ignore[list-item]
        page.get_by_role("button", name="Use the photo").click()
        expect(page.locator("#q-picture .photos li")).to_have_count(n + 1)
    kept(page)
    send(page)
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    before = body(shop, visit)["photos"]
    assert len(before) == 2
    send_back(shop, visit, "One shows a face.")
    page.goto("/")
    page.locator("#returned article").get_by_role("button", name="Look at it and answer").click()
    page.wait_for_selector(".scripted form#visit")
    page.get_by_role("button", name="Remove: Photo 1").click()
    kept(page)
    review(page)
    page.fill("#reason", "It is gone.")
    page.locator("[data-do=send]").click()
    page.wait_for_url("**/receipt")
    for _ in range(100):
        if body(shop, visit).get("reason") == "It is gone.":
            break
        page.wait_for_timeout(100)
    assert body(shop, visit)["photos"] == before[1:]


def send_back(shop: Site, visit: UUID, reason: str) -> None:
    """The office asks the shopper something about a visit."""
    store = shop.store()
    rea = people.rea(store)
    row = visits.find_for(store, visit, person_id=rea.id, now=int(time.time()))
    review_visit(store, row, decision="return", reason=reason, by=rea.id, now=datetime.now(UTC))
    store.close()


def test_a_visit_begun_on_a_phone_goes_on_on_the_tablet(open_tablet: OpenTablet, shop: Site):
    phone = open_tablet(viewport=PHONE)
    visit = begin(phone)
    tap(phone, "hello", "No")
    kept(phone)
    saved_at_server(shop, visit, "answers.hello")
    tablet = open_tablet()
    tablet.goto(f"/visits/{visit}")
    tablet.wait_for_selector(".scripted form#visit")
    expect(tablet.locator("input[name='answers.hello'][value=no]")).to_be_checked()
    shop.stop()
    tap(tablet, "paid", "By card")
    kept(tablet)
    tablet.goto("about:blank")  # or else each would save by itself, and the faster one first
    tap(phone, "paid", "In cash")
    kept(phone)
    shop.start()
    phone.reload()
    saved_at_server(shop, visit, "answers.paid")
    tablet.goto(f"/visits/{visit}")
    conflict = tablet.get_by_role("alert").filter(has_text="Another device has saved this visit since.")
    expect(conflict).to_be_visible()
    conflict.get_by_role("button", name="Go on with the other version").click()
    expect(tablet.locator("input[name='answers.paid'][value=cash]")).to_be_checked()
    tablet.get_by_role("link", name="Compare").click()
    expect(tablet.locator("table")).to_contain_text("By card")


def saved_at_server(shop: Site, visit: UUID, name: str) -> None:
    """Wait until the server's draft has the input."""
    for _ in range(100):
        store = shop.store()
        found = store.db.execute("SELECT body FROM draft WHERE uuid = :u", {"u": visit.bytes}).fetchone()
        store.close()
        if found and name in found[0]:
            return
        time.sleep(0.1)
    raise AssertionError(f"{name} was not saved at the server")


def throw_away(page: Page) -> None:
    page.get_by_text("Throw this draft away").click()
    page.get_by_role("button", name="Throw it away").click()
    page.wait_for_url(lambda url: "/visits/" not in url)


def test_a_draft_thrown_away_without_a_server_stays_away(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    page.locator(".assignment").last.get_by_role("button", name="Begin the visit").click()
    page.wait_for_selector(".scripted form#visit")
    visit = UUID(page.url.rsplit("/", 1)[1])
    page.get_by_role("button", name="Nobody served me").click()
    kept(page)
    saved_at_server(shop, visit, "answers.greeting_time")
    page.goto("/")
    ready(page)
    link = f"a[href='/visits/{visit}']"
    expect(page.locator(link)).to_be_visible()
    shop.stop()
    page.goto(f"/visits/{visit}")
    page.wait_for_selector(".scripted form#visit")
    throw_away(page)
    expect(page.locator(".assignment").first).to_be_visible()
    expect(page.locator(link)).to_have_count(0)
    page.close()
    page = page.context.new_page()
    shop.start()
    page.goto("/")
    ready(page)
    expect(page.locator(".assignment").first).to_be_visible()
    expect(page.locator(link)).to_have_count(0)
    assert thrown(shop, visit)
    assert "discard" not in page.evaluate(BOXES, str(visit))


def test_a_draft_thrown_away_here_and_changed_elsewhere_comes_back_and_is_said(
    open_tablet: OpenTablet, shop: Site
):
    phone, tablet = open_tablet(viewport=PHONE), open_tablet()
    visit = begin(phone)
    tap(phone, "hello", "No")
    kept(phone)
    saved_at_server(shop, visit, "answers.hello")
    tablet.goto(f"/visits/{visit}")
    tablet.wait_for_selector(".scripted form#visit")
    shop.stop()
    throw_away(tablet)
    shop.start()
    tap(phone, "paid", "In cash")
    kept(phone)
    saved_at_server(shop, visit, "answers.paid")
    tablet.goto("/")
    notice = tablet.locator("[data-slot=notices]")
    expect(notice).to_contain_text(
        "another device has saved this visit since you threw it away here, so it is kept."
    )
    expect(tablet.locator(f"#drafts a[href='/visits/{visit}']")).to_be_visible()
    assert not thrown(shop, visit)
    notice.get_by_role("button", name="I have read this").click()
    expect(notice).to_be_empty()
    tablet.goto(f"/visits/{visit}")
    expect(tablet.locator("input[name='answers.paid'][value=cash]")).to_be_checked()
    throw_away(tablet)
    ready(tablet)
    expect(tablet.locator(f"a[href='/visits/{visit}']")).to_have_count(0)
    assert thrown(shop, visit)


def thrown(shop: Site, visit: UUID) -> bool:
    store = shop.store()
    try:
        sql = "SELECT count(*) FROM draft WHERE uuid = :u AND discarded_at IS NOT NULL"
        return bool(store.value(sql, {"u": visit.bytes}))
    finally:
        store.close()


# --- photos --------------------------------------------------------------------------------------------


def test_a_photo_taken_without_network_follows_its_visit(open_tablet: OpenTablet, shop: Site, tmp_path: Path):
    camera = tmp_path / "camera.jpg"
    camera.write_bytes(noisy_jpeg(3000, 2000))
    page = open_tablet()
    before = photo_files(shop)
    shop.stop()
    visit = begin(page, "store_visit")
    page.locator("[data-now=visited_at]").click()
    page.get_by_role("button", name="Nobody served me").click()
    for item in page.locator("[data-item][data-required]:not([hidden])").all():
        if not item.locator("input:checked").count():
            item.locator("label:has(input[type=radio])").first.click()
    item = page.locator("[data-type=photo]").get_attribute("data-item")
    page.locator("[data-type=photo] [data-take=gallery]").set_input_files(camera)
    page.get_by_role("button", name="Use the photo").click()
    expect(page.locator("[data-type=photo] .photos img")).to_be_visible()
    kept(page)
    review(page)
    expect(page.locator(f"[data-answer={item}] img")).to_be_visible()
    page.locator("[data-do=send]").click()
    page.wait_for_url("**/receipt")
    shop.start()
    page.reload()
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    [listed] = body(shop, visit)["photos"]
    files: set[Path] = set()
    for _ in range(100):
        files = photo_files(shop) - before
        if files:
            break
        time.sleep(0.1)
    [file] = files
    store = shop.store()
    sql = "SELECT hex(stored_hash) AS stored FROM photo WHERE hex(sent_hash) = :sent"
    [row] = store.db.query(sql, {"sent": listed["sha256"].upper()})
    store.close()
    assert row["stored"].lower() == sha256(file.read_bytes()).hexdigest() == file.stem
    with Image.open(file) as stored:
        assert (stored.size, stored.getexif()) == ((1600, 1067), {})
    expect(page.get_by_text("It has arrived.", exact=True)).to_be_visible()
    assert page.evaluate(BOXES, str(visit)) == []  # nothing of it is left on the device


def photo_files(shop: Site) -> set[Path]:
    return set((shop.instance / "photos").glob("??/*.jpg"))


def noisy_jpeg(width: int, height: int) -> bytes:
    """A photo as large as a camera's, with a place in it."""
    noise = Image.frombytes(
        "RGB", (width // 8, height // 8), random.Random(7).randbytes(width * height * 3 // 64)
    )
    exif = Image.Exif()
    exif[0x010F] = "Some camera"
    out = BytesIO()
    noise.resize((width, height)).save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


BOXES = """async (visit) => {
  const db = await new Promise((done) => {
    indexedDB.open("checker").onsuccess = ({ target }) => done(target.result);
  });
  const store = db.transaction("boxes").objectStore("boxes");
  const keys = await new Promise((done) => {
    store.getAllKeys().onsuccess = ({ target }) => done(target.result);
  });
  db.close();
  return keys.filter(([, , id]) => id.startsWith(visit)).map(([, kind]) => kind);
}"""
"""What kinds of things the vaults of a device hold of a visit."""
