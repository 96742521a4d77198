"""Which language a page speaks."""

from __future__ import annotations

from flask import Flask

from checker.config import LANGUAGES
from checker.store.connection import Store
from checker.web.language import NAMES, choose, spoken
from tests import people


def test_every_language_has_a_name_of_its_own():
    assert set(NAMES) == set(LANGUAGES)


def test_english_is_always_spoken():
    assert spoken()[0] == "en"


def test_the_browser_chooses_among_what_we_have(app: Flask):
    app.extensions["checker.languages"] = ["en", "fi"]
    for asked, given in (("fi-FI,en;q=0.5", "fi"), ("sv,fi;q=0.3", "fi"), ("xx", "en"), ("", "en")):
        with app.test_request_context(headers={"Accept-Language": asked}):
            assert choose() == given, asked


def test_the_persons_choice_counts_before_the_browsers(app: Flask, store: Store):
    from dataclasses import replace

    from flask import g

    app.extensions["checker.languages"] = ["en", "fi", "de"]
    with app.test_request_context(headers={"Accept-Language": "de"}):
        g.person = replace(people.sam(store), language="fi")
        assert choose() == "fi"
