"""The administrators' blueprint, its places, and what their forms are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, current_app, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from checker.access import may
from checker.config import Settings
from checker.standards.faults import N_
from checker.web.clock import now
from checker.web.entries import (
    ChoiceField,
    choice_field,
    day_field,
    flag_field,
    lines_field,
    refused,
    show_faults,
    ticks_field,
    words_field,
)
from checker.web.session import me

__all__ = [
    "KEY",
    "Answer",
    "ChoiceField",
    "Place",
    "bp",
    "choice_field",
    "day_field",
    "day_or_none",
    "flag_field",
    "key_of",
    "lines_field",
    "refused",
    "settings",
    "show_faults",
    "ticks_field",
    "today",
    "whole_link",
    "words_field",
]

bp = Blueprint("admin", __name__, url_prefix="/admin")

Answer = str | AnyResponse | tuple[str, int]

KEY = "<int(max=9223372036854775807):key>"
"""The part of a route that is a key in the database; larger numbers are nobody's."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the menu at the side: who may, where it leads, what it is called."""

    act: str
    path: str
    words: str
    also: tuple[str, ...] = ()
    """How the addresses of further pages of this place begin."""


PLACES = (
    Place("person.change", "/admin/", N_("Overview")),
    Place("programme.change", "/admin/programme", N_("Programme")),
    Place("target.change", "/admin/targets", N_("Targets")),
    Place("branch.change", "/admin/branches", N_("Branches"), ("/admin/new-branch",)),
    Place("branch.change", "/admin/regions", N_("Regions")),
    Place("employee.change", "/admin/employees", N_("Employees"), ("/admin/new-employee",)),
    Place("person.change", "/admin/users", N_("Users"), ("/admin/new-user",)),
    Place("assignment.plan", "/admin/assignments", N_("Assignments"), ("/admin/new-assignment",)),
    Place(
        "checklist.publish",
        "/admin/checklists",
        N_("Checklists"),
        ("/admin/new-checklist", "/admin/checklist-drafts"),
    ),
    Place("device.change", "/admin/devices", N_("Tablets"), ("/admin/unsent",)),
    Place("setting.change", "/admin/mailings", N_("Mailings"), ("/admin/mails",)),
    Place("data.import", "/admin/imports", N_("Imports")),
    Place("data.export", "/admin/exports", N_("Exports")),
    Place("token.issue", "/admin/tokens", N_("API keys")),
    Place("trail.read", "/admin/trail", N_("Trail")),
)


@bp.context_processor
def side_menu() -> dict[str, Any]:
    """Give the templates of this room `places` and the settings' time zone."""
    return {
        "places": [
            {"path": place.path, "words": gettext(place.words), "here": _is_here(place)}
            for place in PLACES
            if may(me(), place.act)
        ],
        "zone": settings().zone,
    }


def _is_here(place: Place) -> bool:
    if place.path == "/admin/":
        return request.path == place.path
    return request.path == place.path or request.path.startswith((place.path + "/", *place.also))


def settings() -> Settings:
    """The settings of this application."""
    held: Settings = current_app.extensions["checker.settings"]
    return held


def whole_link(path: str) -> str:
    """A link to copy: under the public address or, as long as none is set, the one used just now."""
    return (settings().public_url or request.host_url).rstrip("/") + path


def today() -> date:
    """The day it is by UTC; where a branch's own day counts, the action asks for it."""
    return now().date()


def key_of(typed: str) -> int | None:
    """The key that was typed or chosen, if it can be one."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None


def day_or_none(typed: str | None) -> str | None:
    """A day as actions take it."""
    return (typed or "").strip() or None
