"""What methods, states, decisions and notes are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from checker.reports import claims, naming
from checker.reports.naming import ADJUSTMENTS, CONTEXT, EVENTS, METHODS
from checker.standards.faults import N_
from checker.summaries.values import VisitLine
from checker.web.language import language
from checker.words import words_for

STATES: Mapping[str, str] = {
    "sent": N_("sent"),
    "approved": N_("approved"),
    "returned": N_("sent back to the shopper"),
    "void": N_("void"),
}

LEVELS: Mapping[str, str] = {"low": N_("low"), "standard": N_("standard"), "wow": N_("wow")}

NOTES: Mapping[str, str] = {
    "employee.not_employed": N_("%(code)s was not employed at this branch on that day."),
    "photo.missing": N_("The checklist asks for a photo (%(item)s), and the form takes none."),
    "photo.late": N_("Photos that have not come for a week: %(n)s."),
    "visit.other_content": N_("The same visit also came with other content; both are kept."),
    "visit.clock_ahead": N_(
        "The device's clock was ahead: the visit began %(seconds)s seconds after it was received."
    ),
    "device.clock_ahead": N_(
        "The device's clock was %(seconds)s seconds ahead when it was last compared; "
        "its times are late by as much."
    ),
    "device.clock_behind": N_(
        "The device's clock was %(seconds)s seconds behind when it was last compared; "
        "its times are early by as much."
    ),
    "device.revoked": N_("It came from a tablet that was revoked."),
    "shopper.disabled": N_("Whoever sent it could not sign in as a shopper any more."),
    "assignment.over": N_("Its assignment was over by then: done, declined, expired or cancelled."),
    "assignment.not_theirs": N_("It named an assignment that the shopper does not have; it is kept without."),
    "assignment.other": N_(
        "It named an assignment for the branch %(branch)s and the checklist %(checklist)s; "
        "it is kept without."
    ),
}
"""Words for reviewers' notes, by their code; their details fill the placeholders."""


def init_filters(add: Any) -> None:
    """Give templates the names as filters; `add` is a blueprint's or an application's way to add one."""
    for name, names in (
        ("method_name", METHODS),
        ("state_name", STATES),
        ("event_name", EVENTS),
        ("level_name", LEVELS),
        ("adjustment_name", ADJUSTMENTS),
        ("context_name", CONTEXT),
    ):
        add(_named(names), name)
    add(lambda outcome: claims.outcome_name(outcome, words_for(language())), "outcome_name")
    add(lambda channel: claims.channel_name(channel, words_for(language())), "channel_name")
    add(lambda share: words_for(language()).part(share), "part")
    add(note_words, "note_words")
    add(flags, "visit_flags")


def _named(names: Mapping[str, str]) -> Any:
    def name(code: str) -> str:
        return str(gettext(names[code])) if code in names else code

    return name


def note_words(note: Any) -> str:
    """What a reviewer's note says; one we have no words for says its code and details."""
    if note.code in NOTES:
        return str(gettext(NOTES[note.code], **note.details))
    return " ".join([note.code, *(f"{key}={value}" for key, value in note.details.items())])


def flags(line: VisitLine) -> list[tuple[str, str]]:
    """What sets a visit apart in a list: (kind of mark, words)."""
    return naming.flags(line, words_for(language()))
