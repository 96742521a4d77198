"""Which language a page speaks: the person's, else the browser's, among those we have; a report's its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel import Locale, negotiate_locale
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale, refresh

from checker.config import LANGUAGES, Settings

TRANSLATIONS = Path(__file__).parent.parent / "translations"

NAMES = {"en": "English", "fi": "Suomi", "de": "Deutsch", "pl": "Polski", "ro": "Română"}
"""Each language in its own words, for a person who looks for theirs."""


def spoken() -> list[str]:
    """The languages pages exist in: English, as they are written, and those with a compiled translation."""
    return [
        code
        for code in LANGUAGES
        if code == "en" or (TRANSLATIONS / code / "LC_MESSAGES" / "messages.mo").exists()
    ]


def init_app(app: Flask, settings: Settings) -> None:
    """Install Flask-Babel with our way of choosing."""
    app.config["BABEL_DEFAULT_LOCALE"] = settings.language
    app.config["BABEL_DEFAULT_TIMEZONE"] = settings.zone
    app.extensions["checker.languages"] = spoken()
    Babel(app, locale_selector=choose, default_translation_directories=str(TRANSLATIONS))

    @app.context_processor
    def words() -> dict[str, Any]:
        return {"language": language(), "language_names": NAMES}


def choose() -> str:
    """The language of this request."""
    settings: Settings = current_app.extensions["checker.settings"]
    if not has_request_context():
        return settings.language
    if "spoken" in g:
        return str(g.spoken)
    person = g.get("person")
    if person is not None and request.blueprint != "tablet":  # which speaks as the tablet does just now
        return str(person.language)
    wanted = list(request.accept_languages.values())
    return negotiate_locale(wanted, current_app.extensions["checker.languages"], sep="-") or settings.language


def speak(code: str) -> None:
    """Answer this request in another language than the person's own: a report is read in its own."""
    g.spoken = code
    refresh()


def language() -> str:
    """The code of the language being spoken ("en"), for `lang` attributes and for texts of checklists."""
    locale: Locale | None = get_locale()
    return "en" if locale is None else str(locale.language)
