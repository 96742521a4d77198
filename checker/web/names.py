"""What methods, states, decisions and notes are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import gettext

from checker.reports import claims
from checker.standards.faults import N_
from checker.summaries.values import VisitLine
from checker.web.format import figure
from checker.web.language import language
from checker.words import words_for

METHODS: Mapping[str, str] = {
    "mystery_shopping": N_("Mystery shopping"),
    "observation": N_("Observation"),
    "self_check": N_("Self-check"),
}

STATES: Mapping[str, str] = {
    "sent": N_("sent"),
    "approved": N_("approved"),
    "returned": N_("sent back to the shopper"),
    "void": N_("void"),
}

EVENTS: Mapping[str, str] = {
    "approve": N_("Approved"),
    "return": N_("Sent back to the shopper"),
    "revise": N_("Corrected"),
    "void": N_("Declared void"),
    "restore": N_("Brought back"),
    "exclude": N_("Left out of figures"),
    "include": N_("Taken into figures again"),
}

LEVELS: Mapping[str, str] = {"low": N_("low"), "standard": N_("standard"), "wow": N_("wow")}

ADJUSTMENTS: Mapping[str, str] = {
    "weights": N_("Weights of the sections"),
    "bonus": N_("Bonus"),
    "bonus_cap": N_("Bonus stops at 100 %"),
    "critical_cap": N_("Cap, because a critical question was not met"),
}

CONTEXT: Mapping[str, str] = {
    "scenario": N_("Scenario"),
    "planned_purchase": N_("Planned purchase"),
    "expectations_before": N_("Expectations before"),
    "first_visit": N_("First visit here"),
    "purchase_made": N_("Bought something"),
    "busy": N_("Busy"),
    "customers_waiting": N_("Customers waiting"),
    "emotion_after": N_("Feeling afterwards"),
    "announced_reply_minutes": N_("Announced time to the reply, minutes"),
}
"""What the circumstances of a visit are called by those who read it."""

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
    add(part, "part")
    add(note_words, "note_words")
    add(flags, "visit_flags")


def _named(names: Mapping[str, str]) -> Any:
    def name(code: str) -> str:
        return str(gettext(names[code])) if code in names else code

    return name


def part(share: float) -> str:
    """A part of a score in points, finer than a score is shown, so that the parts can be added up: "4.55"."""
    exact = (Decimal(repr(share)) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return ("−" if exact < 0 else "") + figure(abs(exact), "0.00")


def note_words(note: Any) -> str:
    """What a reviewer's note says; one we have no words for says its code and details."""
    if note.code in NOTES:
        return str(gettext(NOTES[note.code], **note.details))
    return " ".join([note.code, *(f"{key}={value}" for key, value in note.details.items())])


def flags(line: VisitLine) -> list[tuple[str, str]]:
    """What sets a visit apart in a list: (kind of mark, words)."""
    found = []
    if line.state == "void":
        found.append(("bad", gettext("void")))
    if line.excluded:
        found.append(("open", gettext("left out of figures")))
    if line.practice:
        found.append(("open", gettext("practice")))
    if line.state == "returned":
        found.append(("late", gettext("being clarified")))
    if line.flagged:
        found.append(("flag", gettext("critical finding")))
    plain = line.state != "void" and not line.excluded and not line.practice
    if plain and line.outcome == "completed" and not line.counted:
        found.append(("open", gettext("not in figures")))
    return found
