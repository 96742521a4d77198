"""A real Chromium in front of a real server over an instance of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from checker.store.connection import Store, open_store
from tests import people
from tests.web.shopping import publish, publish_shipped

CHROMIUM = Path("/usr/bin/chromium")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}

PATIENCE_S = 30
"""How long a server may take to answer; a busy machine is no fault of the page."""


@dataclass
class Site:
    """A running server; `stop` and `start` are what happens to it in a shop's cellar."""

    instance: Path
    port: int
    running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.running = subprocess.Popen(
            [sys.executable, "-m", "checker", "serve", "--port", str(self.port), "--workers", "1"],
            env={**os.environ, **self.settings},
            stdout=subprocess.DEVNULL,
        )
        give_up = time.monotonic() + PATIENCE_S
        while not self.answers():
            assert self.running.poll() is None, "the server ended before it answered"
            assert time.monotonic() < give_up, "the server does not answer"
            time.sleep(0.1)

    @property
    def settings(self) -> dict[str, str]:
        cheap = {f"CHECKER_{name.upper()}": str(value) for name, value in people.CHEAP.items()}
        return {
            **cheap,
            "CHECKER_INSTANCE": str(self.instance),
            "CHECKER_TRIES_PER_ACCOUNT": "1000 per minute",
            "CHECKER_TRIES_PER_ADDRESS": "1000 per minute",
        }

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Stop it, as a power cut would: at once."""
        if self.running is not None:
            self.running.send_signal(signal.SIGTERM)
            self.running.wait(timeout=PATIENCE_S)
            self.running = None

    def store(self) -> Store:
        """Its database, for looking and for making things ready; to be closed."""
        return open_store(self.instance / "checker.sqlite")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Site]:
    """The server with the cast, `every_kind` and `store_visit`; each test begins a visit of its own."""
    instance = tmp_path_factory.mktemp("site")
    shutil.copy(empty_database, instance / "checker.sqlite")
    made = Site(instance, free_port())
    store = made.store()
    for person in people.CAST.values():
        person(store)
    publish(store)
    publish_shipped(store)
    store.close()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright_: Playwright) -> Iterator[Browser]:
    """The distribution's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"There is no {CHROMIUM}: sudo apt-get install chromium")
    browser = playwright_.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield browser
    browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[OpenPage]:
    """Opens a page of the server in a browser of its own, in which a person is signed in (Sam, usually).

    A mistake in a script, or something the content policy forbids, fails the test.
    """
    contexts: list[BrowserContext] = []
    mistakes: list[str] = []

    def open_(email: str = "sam@example.org", **options: Any) -> Page:
        usual = {
            "base_url": site.url,
            "viewport": TABLET,
            "timezone_id": "America/Lima",
            "service_workers": "block",  # the server's own pages; test_tablet.py has the tablet's
        }
        context = chromium.new_context(**{**usual, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda message: mistakes.append(message.text) if is_mistake(message) else None)
        page.goto("/login")
        page.fill("[name=email]", email)
        page.fill("[name=password]", people.PASSWORD)
        page.click("main form button")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert mistakes == []


def is_mistake(message: Any) -> bool:
    """Refused requests are what tests provoke; everything else that is printed as an error is ours."""
    return message.type == "error" and "Failed to load resource" not in message.text


def begin_visit(
    page: Page, checklist: str = "every_kind", branch: str = "B001", *, scripted: bool = True
) -> UUID:
    """Begin a visit of one's own choice, by hand; with scripts, wait until the form lives."""
    page.goto("/")
    page.select_option("#branch", branch)
    page.select_option("#checklist", checklist)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_selector(".scripted form#visit" if scripted else "form#visit")
    return UUID(page.url.rsplit("/", 1)[1])
