"""The organisation's look on pages: its accent as a style sheet, its logo in the header.

Shoppers' pages have none of it: whoever glances at a tablet in a shop should not see whose it is.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import Flask, Response, g

from checker.access import may
from checker.colours import BLACK, WHITE, mixed, readable_on
from checker.problem import not_found
from checker.standards.faults import N_
from checker.summaries.look import look
from checker.summaries.values import Look
from checker.web.store import current_store

DARK, DARKEST = "#19222B", "#08202F"
"""What text stands on where a page is dark, and the text on what is filled with the accent there; as in
app.css."""

FOR_EVER = "public, max-age=31536000, immutable"
"""The address changes with what is behind it."""


def init_app(app: Flask) -> None:
    """Add the two routes, and `look` for templates: None where pages stay as they are."""

    @app.get("/look/<wanted>/accent.css")
    def look_sheet(wanted: str) -> Response:
        return _kept(style_sheet(_wanted(wanted).accent).encode(), "text/css")

    @app.get("/look/<wanted>/logo.png")
    def look_logo(wanted: str) -> Response:
        logo = _wanted(wanted).logo
        if logo is None:
            raise not_found(N_("There is no logo."))
        return _kept(logo, "image/png")

    @app.context_processor
    def header() -> dict[str, Any]:
        person = g.get("person")
        if person is None or may(person, "visit.send"):
            return {"look": None}
        held = look(current_store())
        return {
            "look": {
                "name": held.organisation,
                "sheet": f"/look/{mark_of(held)}/accent.css" if held.accent != Look().accent else "",
                "logo": f"/look/{mark_of(held)}/logo.png" if held.logo else "",
            }
        }


def style_sheet(accent: str) -> str:
    """The variables of app.css that follow the accent, by day, by night and on paper."""
    light = {
        "accent": accent,
        "on-accent": WHITE,
        "accent-deep": mixed(accent, BLACK, 0.75),
        "range": mixed(accent, WHITE, 0.4),
        "band": mixed(accent, WHITE, 0.14),
    }
    night = readable_on(accent, DARK, WHITE)
    dark = {
        "accent": night,
        "on-accent": DARKEST,
        "accent-deep": mixed(night, WHITE, 0.7),
        "range": mixed(night, DARK, 0.5),
        "band": mixed(night, DARK, 0.25),
    }
    return (
        f"{_rule(light)}\n@media (prefers-color-scheme: dark) {{ {_rule(dark)} }}\n"
        f"@media print {{ {_rule({**light, 'on-accent': BLACK})} }}\n"
    )


def _rule(values: dict[str, str]) -> str:
    return ":root { " + " ".join(f"--{name}: {value};" for name, value in values.items()) + " }"


def _wanted(mark: str) -> Look:
    held = look(current_store())
    if mark != mark_of(held):
        raise not_found(N_("The organisation looks different by now. Load the page again."))
    return held


def mark_of(held: Look) -> str:
    """Twelve hex digits that change with what the two addresses answer."""
    return sha256(style_sheet(held.accent).encode() + (held.logo or b"")).hexdigest()[:12]


def _kept(content: bytes, kind: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    return response
