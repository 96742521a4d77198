"""What measuring the tablet needs: Checker behind a real gunicorn, a shopper, a slow network."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from benchmarks.submissions import NOW, fill_places, read_checklist
from benchmarks.submissions_http import server
from checker.actions.add_person import add_person
from checker.actions.publish_checklist import publish_checklist
from checker.actions.set_password import set_password
from checker.config import load
from checker.passwords import Passwords
from checker.store.connection import open_store
from checker.store.upgrade import create_or_migrate
from tests.serving import free_port

ROOT = Path(__file__).parent.parent
CHROMIUM = "/usr/bin/chromium"
PHONE = {"viewport": {"width": 412, "height": 915}, "has_touch": True, "is_mobile": True}
EMAIL = "shopper@example.org"
PASSWORD = "a quiet walk through town"
KB = 1000
"""Bytes. The stricter of the two that are called so."""

SLOWER = 4
"""How many times slower than here the page's processor is."""

NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
"""1.6 Mbit/s down, and 150 ms until an answer begins."""

LIVES = '() => document.querySelector(".scripted form#visit #bar [data-next]")?.onclick'
"""Whether the form can be tapped: its script has bound what it binds when all else is. `.scripted form#visit`
alone is there a little earlier."""

WATCH = """
{
  const lives = %s;
  const watching = new MutationObserver(() => {
    if (!lives()) return;
    window.livesAt = performance.now(); // since the page was asked for
    watching.disconnect();
  });
  watching.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """A running server."""

    url: str
    folder: Path

    def size(self, url: str, cookies: str) -> int:
        """How many bytes an address's answer has, as it is served to who takes gzip."""
        headers = {"Accept-Encoding": "gzip", "Cookie": cookies, "Sec-Fetch-Site": "none"}
        asked = urllib.request.Request(url, headers=headers)  # noqa: S310
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310
            return len(answer.read())


@contextmanager
def shop(folder: Path, source: Path = ROOT) -> Iterator[Shop]:
    """Checker, with the shipped store visit of 30 items, 40 branches and a shopper; `source` is the folder
    its code is in.
    """
    instance = folder / "instance"
    create_or_migrate(instance / "checker.sqlite", folder)
    store = open_store(instance / "checker.sqlite")
    publish_checklist(store, read_checklist(), by=None, now=NOW)
    fill_places(store)
    admin = add_person(
        store, email="admin@example.org", name="Ada", role="admin", language="en", by=None, now=NOW
    )
    person = add_person(
        store, email=EMAIL, name="Sam Shore", role="shopper", language="en", by=admin, now=NOW
    )
    passwords = Passwords(load(instance))
    set_password(store, person_id=person, password=PASSWORD, passwords=passwords, by=admin, now=NOW)
    store.close()
    port = free_port()
    variables = {"CHECKER_INSTANCE": str(instance), "CHECKER_TRIES_PER_ADDRESS": "1000 per minute"}
    with server([sys.executable, "-m", "gunicorn"], "checker:create_app()", port, variables, source):
        yield Shop(f"http://127.0.0.1:{port}", folder)


def sign_in(page: Page, *, tablet: bool) -> None:
    """As the shopper; on a tablet, wait until the device is ready to work without network."""
    page.goto("/login")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url(lambda url: "/login" not in url)
    if tablet:
        page.wait_for_selector("[data-ready=true]")


def begin(page: Page) -> str:
    """Begin a visit; returns its path once the form lives."""
    page.goto("/")
    page.select_option("#branch", "B000")
    page.select_option("#checklist", read_checklist().id)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_function(LIVES)
    return urlsplit(page.url).path


def device(browser: Browser, where: Shop, *, tablet: bool, **options: Any) -> tuple[BrowserContext, Page]:
    """A browser of its own in which the shopper is signed in: with the service worker, or (not `tablet`)
    without.
    """
    workers = "allow" if tablet else "block"
    context = browser.new_context(base_url=where.url, service_workers=workers, **PHONE, **options)
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, tablet=tablet)
    return context, page


def cookies(context: BrowserContext) -> str:
    """As a request carries them."""
    return "; ".join(f"{held['name']}={held['value']}" for held in context.cookies())


def slow(page: Page, *, network: bool = True) -> CDPSession:
    """Make the page's processor, and its network, slower."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    if network:
        session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def packed(*files: Path) -> float:
    """KB of these files, each compressed as hard as gzip can."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / KB


def late_commits(folder: Path) -> Path:
    """A copy of the code in which the vault's write does not ask for its end at once, as it was in the
    prototype.
    """
    shutil.copytree(ROOT / "checker", folder / "checker", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "checklists", folder / "checklists")
    file = folder / "checker/web/static/database.js"
    source = file.read_text("utf-8")
    asked = ", all, { whole: true });"
    assert source.count(asked) == 1, "the vault's write is not what this benchmark knows"
    file.write_text(source.replace(asked, ", all);"), "utf-8")
    return folder


def run(*command: str | Path, folder: Path, **variables: str) -> str:
    """What a program printed; its last words are told when it fails."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {(done.stderr or done.stdout)[-600:]}")
    return done.stdout
