"""What a shopper taps in a visit's form, on the server's page and on the tablet's."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page


def question(page: Page, item: str) -> Any:
    return page.locator(f"#q-{item}")


def tap(page: Page, item: str, word: str) -> None:
    """Tap an answer."""
    question(page, item).get_by_label(word, exact=True).click()


def fill_all(page: Page) -> None:
    page.locator("[data-now=visited_at]").click()
    tap(page, "hello", "Yes")
    page.fill("#q-first_words textarea[name='answers.first_words']", "Good day")
    tap(page, "wait", "It did not happen")
    tap(page, "true_words", "Not applicable")
    tap(page, "yeses", "2")
    question(page, "felt").locator("label").nth(3).click()
    tap(page, "paid", "In cash")
    tap(page, "seen", "The floor")
    page.fill("#q-window input[name='answers.window']", "1,75")
