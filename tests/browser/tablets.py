"""A tablet that is really switched off: a browser over a profile of its own, and a server that is killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests import people
from tests.browser.forms import fill_all
from tests.browser.modules import Modules
from tests.browser.site import CHROMIUM, FLAGS, PATIENCE_S, TABLET, Site, is_mistake
from tests.serving import free_port
from tests.web.shopping import assign, publish, publish_shipped, stored_body

BRIEFING = "Ask for green tea, and pay in cash."
SAM, SUE = "sam@example.org", "sue@example.org"

HELD = """async () => {
  const db = await new Promise((done) => {
    indexedDB.open("checker").onsuccess = ({ target }) => done(target.result);
  });
  const keys = (store) => new Promise((done) => {
    db.transaction(store).objectStore(store).getAllKeys().onsuccess = ({ target }) => done(target.result);
  });
  const kinds = (await keys("boxes")).map(([, kind]) => kind).filter((kind) => kind !== "day").sort();
  const found = { boxes: kinds, queue: (await keys("queue")).sort(), photos: (await keys("photos")).length };
  db.close();
  return { ...found, spare: Object.keys(localStorage) };
}"""
"""What a device holds: kinds of things in vaults, visits that wait, how many photos do, spare copies."""

EMPTY: dict[str, Any] = {"boxes": [], "queue": [], "photos": 0, "spare": []}


def make_shop(folder: Path, empty_database: Path, assignments: int = 4) -> Site:
    """A server, not started, with the cast, a second shopper, both checklists and work for Sam this week."""
    shutil.copy(empty_database, folder / "checker.sqlite")
    made = Site(folder, free_port())
    store = made.store()
    cast = {name: person(store) for name, person in people.CAST.items()}
    people.someone(store, SUE, "Sue", "shopper")
    publish(store)
    version = publish_shipped(store)
    for _ in range(assignments):
        assign(store, cast["sam"], version, briefing=BRIEFING, **this_week())
    store.close()
    return made


def this_week() -> dict[str, str]:
    """An assignment's days, by the real clock that the server goes by."""
    today = datetime.now(UTC).date()
    days = {"visit_from": -3, "visit_to": 3, "report_by": 5}
    return {name: (today + timedelta(days=n)).isoformat() for name, n in days.items()}


def kill(site: Site) -> None:
    """End the server and its workers at once, as when the power fails."""
    assert site.running is not None
    first = site.running.pid
    assert first is not None
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    for pid in (first, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.running.join(PATIENCE_S)
    site.running = None


# --- what a shopper does ---


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


def modules_of(page: Page) -> Modules:
    """The modules of a page of the shell."""
    return Modules(page, f"/s/{page.locator('body').get_attribute('data-build')}")


# --- a browser that is killed ---


@dataclass
class Tablet:
    """A browser over a profile that stays when the browser is killed."""

    playwright: Playwright
    site: Site
    profile: Path
    mistakes: list[str] = field(default_factory=list)
    context: BrowserContext | None = None

    def open(self, path: str = "/") -> Page:
        """A page at an address, in the running browser or in a new one over the same profile."""
        if self.context is None:
            self.context = self.playwright.chromium.launch_persistent_context(
                self.profile,
                executable_path=str(CHROMIUM),
                args=FLAGS,
                base_url=self.site.url,
                viewport=TABLET,  # type: ignore[arg-type]
                timezone_id="America/Lima",
            )
            self.context.on(
                "console", lambda said: self.mistakes.append(said.text) if is_mistake(said) else None
            )
        page = new_page(self.context, self.mistakes)
        page.goto(path)
        return page

    def sign_in(self, email: str = SAM) -> Page:
        page = self.open("/login")
        sign_in(page, email)
        return page

    def kill(self) -> None:
        """End every process of this browser at once."""
        mine = f"--user-data-dir={self.profile}"
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mine in (folder / "cmdline").read_text(errors="replace").split("\0"):
                    os.kill(int(folder.name), signal.SIGKILL)
        self.close()

    def close(self) -> None:
        if self.context is not None:
            with contextlib.suppress(Exception):  # it may be dead already
                self.context.close()
        self.context = None


def hashes(site: Site) -> dict[str, list[str]]:
    """Each visit that the server has: the hash of each of its revisions."""
    return by_visit(
        site,
        """SELECT v.uuid, lower(hex(r.hash)) AS hash
           FROM visit v JOIN visit_revision r ON r.visit_id = v.id""",
    )


def photos(site: Site) -> dict[str, list[str]]:
    """The photos of each visit that have arrived, by the hash under which they were sent."""
    return by_visit(
        site,
        """SELECT v.uuid, lower(hex(p.sent_hash)) AS hash FROM photo p JOIN visit v ON v.id = p.visit_id
           WHERE p.received_at IS NOT NULL""",
    )


def by_visit(site: Site, sql: str) -> dict[str, list[str]]:
    store = site.store()
    try:
        found: dict[str, list[str]] = {}
        for row in store.rows(sql, {}):
            found.setdefault(str(UUID(bytes=row["uuid"])), []).append(row["hash"])
        return found
    finally:
        store.close()


def until(page: Page, held: Any, what: str, patience_s: float = 3 * PATIENCE_S) -> None:
    """Wait until `held()` is true; the page goes on meanwhile."""
    give_up = time.monotonic() + patience_s
    while not held():
        assert time.monotonic() < give_up, what
        page.wait_for_timeout(50)
