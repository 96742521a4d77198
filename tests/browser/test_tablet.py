"""The shopper's whole day on a tablet, in a real browser, before a real server that is really stopped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from checker.actions.revoke_device import revoke_device
from checker.store import devices, drafts
from tests import people
from tests.browser.conftest import OpenTablet
from tests.browser.forms import question, tap
from tests.browser.modules import DUMP
from tests.browser.site import Site
from tests.browser.tablets import (
    arrived,
    begin,
    body,
    fill,
    kept,
    modules_of,
    new_page,
    ready,
    review,
    send,
    sign_in,
    until,
)

pytestmark = pytest.mark.browser

BRIEFING = "Ask for green tea, and pay in cash."
SAM, SUE = "sam@example.org", "sue@example.org"


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
    expect(page.locator("[name='answers.first_words']")).to_be_focused()


def test_what_was_written_before_going_in_is_read_once_more(open_tablet: OpenTablet):
    page = open_tablet()
    begin(page)
    page.locator("#visit .briefing > summary").click()
    page.fill("[name='context.expectations_before']", "A short queue")
    page.locator("#visit .briefing").get_by_label("No", exact=True).check()
    fill(page)
    kept(page)
    review(page)
    before = page.locator("section.card").first
    expect(before.get_by_role("heading")).to_have_text("Before you go in")
    expect(before.locator(".read dd:first-of-type")).to_have_text(["A short queue", "No"])
    before.locator("a").first.click()
    expect(page.locator("[name='context.expectations_before']")).to_be_focused()  # it was folded away


def test_the_list_strikes_nothing_out_that_is_not_kept(open_tablet: OpenTablet):
    page = open_tablet()
    visit = begin(page)
    page.get_by_role("button", name="Discreet screen").click()
    page.get_by_role("button", name="Open the list").click()
    lines = page.locator(".groceries button")
    lines.nth(0).click()
    expect(lines.nth(0)).to_have_class("bought")
    kept(page)
    other = page.context.new_page()
    other.goto(f"/visits/{visit}")
    expect(page.locator("form#visit")).to_have_js_property("inert", True)  # the other tab has it now
    lines.nth(1).click()
    expect(page.locator(".groceries")).to_have_count(0)
    expect(page.get_by_role("button", name="Go on here")).to_be_visible()
    expect(other.locator(".scripted form#visit [name=events]")).to_have_value(
        re.compile(r"start\b(?!.*stop)")
    )

    other.get_by_role("button", name="Discreet screen").click()
    other.get_by_role("button", name="Open the list").click()
    page.goto("/")
    page.locator("#own summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/login")
    other.locator(".groceries button").nth(1).click()
    expect(other.locator(".groceries")).to_have_count(0)
    expect(other.get_by_role("heading", name="Open", exact=True)).to_be_visible()


def test_a_form_that_another_tab_took_over_shows_why_it_is_dead(open_tablet: OpenTablet):
    page = open_tablet()
    visit = begin(page)
    question(page, "picture").scroll_into_view_if_needed()
    page.context.new_page().goto(f"/visits/{visit}")
    expect(page.get_by_role("button", name="Go on here")).to_be_in_viewport()


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


def silence(page: Page) -> None:
    """From here on nothing is tried, and what was being tried is over: each try waits for the one before."""
    page.evaluate(HOLD, 10)
    modules_of(page).run("await queue.flush({ force: true })")


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
    silence(page)
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
    silence(page)
    page.evaluate(WATCHED)
    page.locator(f"#unsent li a[href*='{visits[-1]}']").focus()
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


def test_what_is_begun_stands_by_its_day_and_its_branch(open_tablet: OpenTablet, shop: Site):
    """A visit's id tells its day alone, so the letters after it put lines in no order."""
    page = open_tablet()
    shop.stop()
    names = modules_of(page).run(
        """const { branches, checklists } = await vault.get("day", "day");
        const [one, other] = [...branches].sort((a, b) => a.name.localeCompare(b.name));
        const [{ id: checklist, version }] = checklists;
        const days = [["0199e000-0000", one], ["0199e000-0000", other], ["0199f000-0000", one]];
        for (const [n, [day, { code }]] of days.entries()) {
          const id = `${day}-7${9 - n}00-8000-00000000000${n}`;
          const begin = { branch: code, checklist, version };
          await vault.put("draft", id, { id, begin, typed: {}, begun: false });
        }
        return [one.name, other.name, one.name];"""
    )
    page.goto("/")
    of_this_test = page.locator("#drafts li").filter(has=page.locator("a[href*='/0199']"))
    expect(of_this_test.locator("b")).to_have_text(names)


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
    kept_here(page)
    page.goto(f"/visits/{visit}/review")
    read = page.locator("[data-answer=wait]")
    expect(read).to_contain_text("17,3 s")
    expect(page.locator("[data-answer=f-visited_at]")).to_contain_text("14.10.2026")
    page.goto(f"/visits/{visit}")
    page.wait_for_selector(".scripted form#visit")
    question(page, "wait").locator("details.typed summary").click()
    page.fill("[name='answers.wait.seconds']", "1:05")
    expect(question(page, "wait").locator("[data-shown]")).to_contain_text("65 s")  # what will be stored
    kept_here(page)
    page.goto(f"/visits/{visit}/review")
    expect(read).to_contain_text("65 s")


def kept_here(page: Page) -> None:
    """Wait, in whatever language, until what is typed is on the device."""
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"\d\d:\d\d$"))


def begin_in(page: Page) -> UUID:
    """Begin a visit in whatever language."""
    page.select_option("#branch", "B001")
    page.select_option("#checklist", "every_kind")
    page.locator("form[data-do=another] button").click()
    page.wait_for_selector(".scripted form#visit")
    return UUID(page.url.rsplit("/", 1)[1])


def test_a_network_that_takes_everything_and_answers_nothing_is_none(open_tablet: OpenTablet):
    page = open_tablet()
    page.add_init_script("AbortSignal.timeout = ((real) => () => real(200))(AbortSignal.timeout)")
    page.route("**/tablet/day", lambda _route: None)
    page.reload()
    ready(page)


def test_trouble_stays_in_view_until_it_is_over(open_tablet: OpenTablet):
    page = open_tablet()
    modules = modules_of(page)
    standing = page.locator("#standing")
    modules.run("database.trouble('full'); database.say({ type: 'changed' }); await queue.state();")
    expect(standing).to_contain_text("This device is full.")
    modules.run("database.trouble(null);")
    expect(standing).to_have_text("")


# --- one tablet, several shoppers ----------------------------------------------------------------------


def leave(page: Page) -> None:
    page.locator("#own > summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
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
    page.wait_for_url("**/receipt")  # where a visit leads that is not in the open vault
    expect(page.locator("main")).not_to_contain_text("crooked")
    until(page, lambda: arrived(shop, sent), "it needed somebody, though it is sealed")
    assert len(arrived(shop, sent)) == 1
    leave(page)
    sign_in(page, SAM)
    page.goto(f"/visits/{draft}")
    expect(page.locator("[name='answers.true_words.note']")).to_have_value("His tie was crooked")


def test_a_tab_that_was_left_open_does_nothing_in_the_name_of_the_next(open_tablet: OpenTablet, shop: Site):
    """It was at work on a visit that the server does not have when somebody signed out in another tab."""
    page = open_tablet()
    shop.stop()
    draft = begin(page)
    tap(page, "hello", "No")
    kept(page)
    other = new_page(page.context, [])
    other.goto("/")
    leave(other)
    expect(page.get_by_role("heading", name="Open")).to_be_visible()
    assert "Sam Shore" not in page.content()
    shop.start()
    sign_in(other, SUE)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.fill("[name=email]", SAM)
    page.fill("[name=secret]", people.PASSWORD)
    with page.expect_response("**/draft") as saved:
        page.get_by_role("button", name="Open").click()  # while Sue is signed in at the server
    assert saved.value.status == 401
    expect(page.locator("input[name='answers.hello'][value=no]")).to_be_checked()
    expect(other.get_by_role("heading", name="Open")).to_be_visible()  # Sue's day is not for Sam either
    assert "Sue" not in other.content()
    store = shop.store()
    assert drafts.find(store, draft) is None, "what Sam typed became a visit of Sue's"
    store.close()


def test_a_shopper_whose_address_was_corrected_finds_what_the_server_does_not_have(
    open_tablet: OpenTablet, shop: Site
):
    page = open_tablet(SUE)
    shop.stop()
    draft = begin(page)
    tap(page, "hello", "No")
    kept(page)
    leave(page)
    rename(shop, SUE, "susan@example.org")
    shop.start()
    sign_in(page, "susan@example.org")
    expect(page.locator(f"#drafts a[href='/visits/{draft}']")).to_be_visible()
    rename(shop, "susan@example.org", SUE)


def rename(shop: Site, old: str, new: str) -> None:
    store = shop.store()
    with store.write():
        store.db.execute("UPDATE person SET email = :new WHERE email = :old", {"old": old, "new": new})
    store.close()


def test_a_sign_in_whose_reply_was_lost_opens_nobody_elses_vault(open_tablet: OpenTablet, shop: Site):
    """Sam's session is over, his vault is not; Sue signs in, in the end as without scripts."""
    page = open_tablet()
    end_sessions(shop)
    page.goto("/login")
    lost: list[Route] = []

    def lose_the_first(route: Route) -> None:
        lost.append(route)
        if len(lost) == 1:
            route.abort()
        else:
            route.continue_()

    page.context.route("**/login", lose_the_first)
    page.fill("[name=email]", SUE)
    page.fill("[name=password]", people.PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/")
    expect(page.locator("header")).to_contain_text("Sue")
    assert len(lost) == 2 and "Sam Shore" not in page.content()


def test_who_signs_in_on_a_revoked_tablet_is_told_so(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    device = modules_of(page).run("return (await vault.get('day', 'day')).device")
    leave(page)
    store = shop.store()
    ada, held = people.ada(store), devices.find(store, UUID(device))
    assert held is not None
    revoke_device(store, device_id=held["id"], by=ada.id, now=datetime.now(UTC))
    store.close()
    for _ in range(2):  # the form still works: somebody of the office may sign in here
        page.fill("[name=email]", SAM)
        page.fill("[name=password]", people.PASSWORD)
        with page.expect_response("**/session"):
            page.click("main form button")
        expect(page.get_by_role("alert")).to_have_text(
            "Your administrator has revoked this tablet. Ask for it to be restored, or use another."
        )
    page.fill("[name=email]", "ada@example.org")
    page.fill("[name=password]", people.PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/admin**")


def served(html: str) -> Callable[[Route], None]:
    """Answers whatever is asked with a page."""
    return lambda route: route.fulfill(body=html, content_type="text/html")


def test_another_site_signs_nobody_out(open_tablet: OpenTablet, shop: Site):
    """The server refuses a form of another site, and the worker takes it for no sign-out either."""
    page = open_tablet()
    for policy in ("no-referrer", "unsafe-url"):
        other = f"http://elsewhere.example/{policy}"
        html = f"""<!doctype html><meta name="referrer" content="{policy}">
          <form method="post" action="{shop.url}/logout"><button>Win</button></form>"""
        page.route(other, served(html))
        page.goto(other)
        with page.expect_navigation(url="**/logout"):
            page.get_by_role("button", name="Win").click()
    page.goto("/")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_who_signs_out_on_a_page_of_the_server_leaves_nothing_open(open_tablet: OpenTablet, shop: Site):
    page = open_tablet()
    page.goto("/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/login")
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/account")
    page.wait_for_url("**/login**")
    assert "Sam Shore" not in page.evaluate(DUMP)
    sign_in(page, SAM)
    page.goto("/account")
    shop.stop()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Open")).to_be_visible()
    shop.start()
    page.goto("/account")
    page.wait_for_url("**/login**")


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
    assert page.locator("[name=pin]").evaluate("(input) => input.validity.valueMissing"), "none was set"
    page.fill("[name=pin]", "4711")
    page.get_by_role("button", name="Set the PIN").click()
    expect(page.locator("[data-slot=pin]")).to_contain_text("The PIN is set")
    end_sessions(shop)  # weeks have passed
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


def end_sessions(shop: Site) -> None:
    store = shop.store()
    with store.write():
        store.db.execute("DELETE FROM session")
    store.close()


def test_a_second_tap_on_open_is_no_second_wrong_pin(open_tablet: OpenTablet):
    """A slow tablet takes a second over each, and after five wrong ones there is no PIN."""
    page = open_tablet()
    modules = modules_of(page)
    modules.run("await vault.setPin(given, '4711'); await vault.lock();", people.PASSWORD)
    expect(page.get_by_role("heading", name="Open")).to_be_visible()
    page.fill("[name=secret]", "4712")
    page.evaluate("for (let n = 0; n < 6; n += 1) document.querySelector('[data-do=open]').requestSubmit()")
    expect(page.locator("[data-slot=wrong]")).to_have_text("That is not right. Try again.")
    page.fill("[name=secret]", "4711")
    page.get_by_role("button", name="Open").click()
    ready(page)


def test_a_lock_and_a_sign_out_that_fail_say_so(open_tablet: OpenTablet):
    page = open_tablet()
    page.locator("#own > summary").click()
    expect(page.locator("[data-slot=storage]")).to_contain_text("MB")
    page.evaluate(STOP_STORING)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.locator("[data-slot=storage]")).to_contain_text("could not be shown. Reload it.")
    page.evaluate("sessionStorage.removeItem('broken')")
    modules_of(page).run("await vault.lock()")
    page.evaluate("sessionStorage.setItem('broken', 'yes')")
    page.fill("[name=secret]", people.PASSWORD)
    page.get_by_role("button", name="Open").click()
    expect(page.locator("[data-slot=wrong]")).to_contain_text("could not be shown. Reload it.")


STOP_STORING = """() => {
  sessionStorage.setItem("broken", "yes");
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...said) {
    if (sessionStorage.getItem("broken")) throw new DOMException("broken for the test", "UnknownError");
    return put.apply(this, said);
  };
}"""


def test_a_visit_begun_while_nothing_can_be_stored_is_found_again(open_tablet: OpenTablet):
    """All is in the spare copy, and the page says so: what is begun stands on Today all the same."""
    page = open_tablet()
    page.context.add_init_script(f"({STOP_STORING})()")
    page.reload()
    ready(page)
    assigned = page.locator(".assignment").count()
    page.locator(".assignment [data-do=begin]:visible").first.click()
    page.wait_for_selector(".scripted form#visit")
    visit = page.url.rsplit("/", 1)[1]
    page.goto("/")
    expect(page.locator(f".assignment a[href='/visits/{visit}']")).to_be_visible()
    expect(page.locator(".assignment")).to_have_count(assigned)


def test_a_visit_sent_while_nothing_can_be_stored_waits(open_tablet: OpenTablet, shop: Site):
    """What is typed into it after Send would be lost, so it is no draft any more."""
    page = open_tablet()
    visit = begin(page)
    fill(page)
    kept(page)
    review(page)
    shop.stop()
    page.context.add_init_script(f"({STOP_STORING})()")
    page.evaluate(STOP_STORING)
    page.locator("[data-do=send]").click()
    page.wait_for_url("**/receipt")
    expect(page.get_by_role("heading", name="Done. It goes by itself.")).to_be_visible()
    page.goto("/")
    expect(page.locator(f"#unsent a[href='/visits/{visit}/receipt']")).to_be_visible()
    expect(page.locator(f"#drafts a[href='/visits/{visit}']")).to_have_count(0)


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
