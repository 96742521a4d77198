"""What stands in the header for whom: the pages a person's role opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from flask_babel import gettext

from checker.access import MAY, may
from checker.standards.faults import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the menu: who may, where it leads, what it is called."""

    act: str
    path: str
    words: str


ENTRIES = (
    Entry("visit.send", "/", N_("Today")),
    Entry("own.read", "/me", N_("My progress")),
    Entry("network.read", "/network", N_("Network")),
    Entry("branch.read", "/branches", N_("Branches")),
    Entry("visit.review", "/review", N_("Review")),
    Entry("report.read", "/reports", N_("Reports")),
    Entry("person.change", "/admin/", N_("Administration")),
)

ROLE_NAMES = {
    "shopper": N_("Shopper"),
    "reviewer": N_("Reviewer"),
    "manager": N_("Branch manager"),
    "employee": N_("Employee"),
    "leadership": N_("Leadership"),
    "admin": N_("Administrator"),
}


def init_app(app: Flask) -> None:
    """Give templates `menu`, `me` (the person or None) and `may(act)`."""
    assert set(ROLE_NAMES) == set(MAY)  # noqa: S101 - a role without a name would show as a bare word

    @app.context_processor
    def header() -> dict[str, Any]:
        person = g.get("person")
        return {
            "me": person,
            "may": lambda act: may(person, act),
            "menu": [
                {"path": entry.path, "words": gettext(entry.words), "here": is_here(entry.path)}
                for entry in ENTRIES
                if may(person, entry.act)
            ],
        }

    @app.template_filter("role_name")
    def role_name(role: str) -> str:
        return str(gettext(ROLE_NAMES[role]))


def is_here(path: str) -> bool:
    """Whether the page being shown belongs to this place."""
    if path == "/":
        return request.path == "/"
    return request.path == path or request.path.startswith(path.rstrip("/") + "/")
