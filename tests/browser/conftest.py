"""A real Chromium in front of a real server over an instance of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests import people
from tests.browser.site import CHROMIUM, FLAGS, PATIENCE_S, TABLET, Site, is_mistake
from tests.browser.tablets import SAM, make_shop, new_page, sign_in
from tests.serving import free_port
from tests.web.shopping import publish, publish_shipped


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
    expect.set_options(timeout=PATIENCE_S * 1000)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright_: Playwright) -> Iterator[Browser]:
    """The distribution's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"There is no {CHROMIUM}: sudo apt-get install chromium-headless-shell")
    browser = playwright_.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield browser
    browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def sessions() -> dict[str, list[Any]]:
    """The cookies of whoever has signed in on the site's own pages, by e-mail address."""
    return {}


@pytest.fixture
def open_page(chromium: Browser, site: Site, sessions: dict[str, list[Any]]) -> Iterator[OpenPage]:
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
        if email not in sessions:
            sign_in(page, email)
            sessions[email] = context.cookies()
        context.add_cookies(sessions[email])
        page.goto("/")
        return page

    def sign_in(page: Page, email: str) -> None:
        page.goto("/login")
        page.fill("[name=email]", email)
        page.fill("[name=password]", people.PASSWORD)
        page.click("main form button")
        page.wait_for_url(lambda url: "/login" not in url)

    yield open_
    for context in contexts:
        context.close()
    assert mistakes == []


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


# --- a tablet ---


@pytest.fixture(scope="module")
def held_shop(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Site]:
    """A server for the tests of one file, because it is stopped and started; Sam has assignments."""
    made = make_shop(tmp_path_factory.mktemp("shop"), empty_database)
    yield made
    made.stop()


@pytest.fixture
def shop(held_shop: Site) -> Site:
    """A server of our own, which runs when a test begins."""
    if not held_shop.answers():
        held_shop.start()
    return held_shop


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

    yield open_
    for context in contexts:
        context.close()
    assert mistakes == []
