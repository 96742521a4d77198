"""What comes back to a tablet and what changes while it is away: refusals, queries, other devices, photos."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from checker.actions.correct_visit import correct_visit
from checker.actions.review_visit import review_visit
from checker.store import visits
from tests import people
from tests.browser.conftest import OpenTablet
from tests.browser.forms import tap
from tests.browser.site import PHONE, Site
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
    until,
)
from tests.picturing import picture

pytestmark = pytest.mark.browser


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
    saved_at_server(page, shop, visit, "Good evening")
    assert len(loads) == 2, "once"


def arrive(page: Page) -> UUID:
    """Fill a visit and send it; the server has it."""
    visit = begin(page)
    fill(page)
    kept(page)
    send(page)
    expect(page.get_by_role("heading", name="Received. Thank you.")).to_be_visible()
    return visit


def test_a_query_of_the_office_is_answered_from_the_tablet(open_tablet: OpenTablet, shop: Site):
    """The office has corrected the visit first, so it is not what this tablet's receipt is of."""
    page = open_tablet()
    visit = arrive(page)
    correct(shop, visit, "It was a bad day.", service_level="low")
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
    until(page, lambda: body(shop, visit).get("reason") == "It is gone.", "the correction did not arrive")
    assert body(shop, visit)["photos"] == before[1:]


def correct(shop: Site, visit: UUID, reason: str, **changes: str) -> None:
    """The office corrects a visit."""
    store = shop.store()
    rea = people.rea(store)
    row = visits.find_for(store, visit, person_id=rea.id, now=int(time.time()))
    assert row is not None
    said = {**body(shop, visit), **changes, "revises": row["hash"], "reason": reason}
    correct_visit(store, row, said, by=rea.id, now=datetime.now(UTC))
    store.close()


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
    saved_at_server(phone, shop, visit, "answers.hello")
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
    saved_at_server(phone, shop, visit, "answers.paid")
    tablet.goto(f"/visits/{visit}")
    conflict = tablet.get_by_role("alert").filter(has_text="Another device has saved this visit since.")
    expect(conflict).to_be_visible()
    conflict.get_by_role("button", name="Go on with the other version").click()
    expect(tablet.locator("input[name='answers.paid'][value=cash]")).to_be_checked()
    tablet.get_by_role("link", name="Compare").click()
    expect(tablet.locator("table")).to_contain_text("By card")


def test_a_draft_goes_to_the_server_by_itself_once_there_is_one(open_tablet: OpenTablet, shop: Site):
    """No tap, no event: the timer alone. The phone may be flat by the time the tablet is asked."""
    page = open_tablet()
    visit = begin(page)
    shop.stop()
    page.clock.install()
    with page.expect_event("requestfailed"):
        tap(page, "hello", "No")
        page.clock.fast_forward("00:02")
    shop.start()
    page.clock.fast_forward("00:31")
    saved_at_server(page, shop, visit, "answers.hello")


def test_somebody_elses_answer_is_no_save(open_tablet: OpenTablet, shop: Site):
    """200 and a page, as proxies and portals answer; what is typed is newer than what the server has."""
    page = open_tablet()
    visit = begin(page)
    tap(page, "hello", "No")
    saved_at_server(page, shop, visit, "answers.hello")
    page.context.route("**/draft", lambda route: route.fulfill(status=200, body="<title>Welcome"))
    with page.expect_response("**/draft"):
        tap(page, "paid", "In cash")
    page.goto("/")
    ready(page)
    page.context.unroute("**/draft")
    page.reload()
    ready(page)
    saved_at_server(page, shop, visit, "answers.paid")
    typed = modules_of(page).run("return (await vault.get('draft', given)).typed", str(visit))
    assert typed["answers.paid"] == ["cash"]


def test_what_is_typed_in_one_tab_outlives_what_another_saves_at_the_server(
    open_tablet: OpenTablet, shop: Site
):
    page = open_tablet()
    shop.stop()
    visit = begin(page)
    tap(page, "hello", "No")
    kept(page)
    shop.start()
    page.route("**/draft", lambda route: route.abort())
    today = new_page(page.context, [])
    held: list[Route] = []
    today.route("**/draft", lambda route: held.append(route))
    today.goto("/")
    until(today, lambda: held, "Today saves no draft")
    tap(page, "paid", "In cash")
    kept(page)
    page.close()
    held[0].continue_()
    ready(today)
    typed = modules_of(today).run("return (await vault.get('draft', given)).typed", str(visit))
    assert typed["answers.paid"] == ["cash"]


def saved_at_server(page: Page, shop: Site, visit: UUID, said: str) -> None:
    """Wait until the server's draft says something."""

    def saved() -> bool:
        store = shop.store()
        found = store.db.execute("SELECT body FROM draft WHERE uuid = :u", {"u": visit.bytes}).fetchone()
        store.close()
        return found is not None and said in found[0]

    until(page, saved, f"{said} was not saved at the server")


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
    saved_at_server(page, shop, visit, "answers.greeting_time")
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
    saved_at_server(phone, shop, visit, "answers.hello")
    tablet.goto(f"/visits/{visit}")
    tablet.wait_for_selector(".scripted form#visit")
    shop.stop()
    throw_away(tablet)
    tablet.goto("about:blank")  # or else it would tell the server before the phone has saved
    shop.start()
    tap(phone, "paid", "In cash")
    kept(phone)
    saved_at_server(phone, shop, visit, "answers.paid")
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
    expect(page.get_by_text("It has arrived.", exact=True)).to_be_visible()  # with all that belongs to it
    [listed] = body(shop, visit)["photos"]
    [file] = photo_files(shop) - before
    store = shop.store()
    sql = "SELECT hex(stored_hash) AS stored FROM photo WHERE hex(sent_hash) = :sent"
    [row] = store.db.query(sql, {"sent": listed["sha256"].upper()})
    store.close()
    assert row["stored"].lower() == sha256(file.read_bytes()).hexdigest() == file.stem
    with Image.open(file) as stored:
        assert (stored.size, stored.getexif()) == ((1600, 1067), {})
    assert page.evaluate(BOXES, str(visit)) == []  # nothing of it is left on the device


def test_a_photo_that_needs_attention_says_of_which_branch(open_tablet: OpenTablet, shop: Site):
    """The draft is gone by then, with what was known of its branch."""
    page = open_tablet()
    visit = arrive(page)
    left = """const [{ owner }] = await stored("receipts");
    const photo = { visit: given, sha256: "0".repeat(64), owner, sealed: new Uint8Array(9), size: 9 };
    await database.act("photos", "readwrite", (tx) => tx.store.put(photo));"""
    modules_of(page).run(left, str(visit))
    page.goto("/")
    card = page.locator("#attention article")
    expect(card.get_by_role("heading")).to_have_text("Harbour")
    expect(card.get_by_role("link")).to_be_hidden()


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
