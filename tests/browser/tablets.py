"""A tablet that is really switched off: a browser over a profile of its own, and a server that is killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, Playwright

from tests import people
from tests.browser.conftest import CHROMIUM, FLAGS, PATIENCE_S, TABLET, Site, free_port, is_mistake
from tests.browser.test_tablet import SAM, SUE, new_page, sign_in
from tests.web.shopping import assign, publish, publish_shipped

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


def make_shop(folder: Path, empty_database: Path, assignments: int = 1) -> Site:
    """A server, not started, with the cast, a second shopper, both checklists and some work for Sam."""
    shutil.copy(empty_database, folder / "checker.sqlite")
    made = Site(folder, free_port())
    store = made.store()
    cast = {name: person(store) for name, person in people.CAST.items()}
    people.someone(store, SUE, "Sue", "shopper")
    publish(store)
    version = publish_shipped(store)
    for _ in range(assignments):
        assign(store, cast["sam"], version)
    store.close()
    return made


def kill(site: Site) -> None:
    """End the server and its workers at once, as when the power fails."""
    assert site.running is not None
    first = site.running.pid
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    for pid in (first, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.running.wait(timeout=PATIENCE_S)
    site.running = None


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
    store = site.store()
    try:
        sql = """SELECT v.uuid, lower(hex(r.hash)) AS hash
                 FROM visit v JOIN visit_revision r ON r.visit_id = v.id"""
        found: dict[str, list[str]] = {}
        for row in store.rows(sql, {}):
            found.setdefault(str(UUID(bytes=row["uuid"])), []).append(row["hash"])
        return found
    finally:
        store.close()


def photos(site: Site) -> dict[str, list[str]]:
    """The photos of each visit that have arrived, by the hash under which they were sent."""
    store = site.store()
    try:
        sql = """SELECT v.uuid, lower(hex(p.sent_hash)) AS hash FROM photo p JOIN visit v ON v.id = p.visit_id
                 WHERE p.received_at IS NOT NULL"""
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
