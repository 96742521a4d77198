"""Who may do what: one table. Which rows a person sees is decided in the lookups of `store/`."""

from __future__ import annotations

from checker.store.people import Person

ROLES = ("shopper", "reviewer", "manager", "employee", "leadership", "admin")

MAY: dict[str, frozenset[str]] = {
    "shopper": frozenset(
        {
            "assignment.answer",  # accept or decline one's own
            "visit.send",  # draft, send, photos, answers to a query: one's own
        }
    ),
    "reviewer": frozenset(
        {
            "branch.read",
            "visit.read",
            "visit.review",  # approve, return, void, exclude, restore
            "visit.correct",
            "quote.release",  # a shopper's words for reports
            "employee.read",
            "employee.name",  # names, where others see codes
            "shopper.know",  # who the shopper was
        }
    ),
    "manager": frozenset(
        {
            "branch.read",
            "visit.read",
            "visit.reply",
            "employee.read",
            "employee.name",
            "employee.coach",  # notes between this manager and the employee
            "employee.praise",
            "action.plan",
            "branch.plan",  # actions of a branch; who reads the network plans in regions and for all
            "report.read",
            "report.release",  # close a month: write the foreword, ask for decisions, release
        }
    ),
    "employee": frozenset(
        {
            "own.read",  # own progress, own visits, own notes
            "visit.reply",
        }
    ),
    "leadership": frozenset(
        {
            "network.read",
            "branch.read",
            "visit.read",
            "action.plan",
            "report.read",
            "report.release",
        }
    ),
    "admin": frozenset(
        {
            "network.read",
            "branch.read",
            "visit.read",
            "visit.review",
            "visit.correct",
            "quote.release",
            "employee.read",
            "employee.name",
            "shopper.know",
            "action.plan",
            "branch.plan",
            "report.read",
            "report.release",
            "report.redraw",  # what was sent, with the names of today
            "assignment.plan",
            "branch.change",
            "employee.change",
            "person.change",
            "checklist.publish",
            "target.change",
            "programme.change",
            "data.import",
            "data.export",
            "device.change",  # tablets: revoke, restore, take what they export
            "token.issue",
            "setting.change",
            "trail.read",
        }
    ),
}

HOMES = {
    "shopper": "/",
    "reviewer": "/review",
    "manager": "/branches",
    "employee": "/me",
    "leadership": "/network",
    "admin": "/admin/",
}

SCOPED = {"manager", "leadership"}
"""Roles that look at branches and regions named for them."""


def may(person: Person | None, act: str) -> bool:
    """Whether the person's role allows the act; nobody may do an act that is not in the table."""
    return person is not None and act in MAY[person.role]


def home_for(person: Person) -> str:
    """The path of the page a person starts on."""
    return HOMES[person.role]
