"""What beginning, changing and releasing an edition share: is what was entered sound, and which is meant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from checker.actions.action_entry import LONGEST, LONGEST_OWNER
from checker.actions.branch_entry import read_day, tidy
from checker.problem import Problem, not_found
from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault, Refused
from checker.store import editions
from checker.store.connection import Row, Store

LONGEST_WORDS = LONGEST
"""Letters of a decision and of its measure, as of an action."""

MOST = 3
"""Decisions of an edition: more are not taken in a month."""

LONGEST_FOREWORD = 600
"""Letters: with more of them the decisions would not stand on page one any more."""

Entered = tuple[str, str, str, str]
"""A decision as typed: what, how it is measured, owner, and the day it is due as ISO text; without a word it
is none.
"""


def read_foreword(foreword: str) -> tuple[str, list[Fault]]:
    """The foreword, and what speaks against it."""
    said = clean_text(foreword)
    if len(said) <= LONGEST_FOREWORD:
        return said, []
    text = N_("This text has %(length)s characters; shorten it to %(longest)s.")
    details = {"length": len(said), "longest": LONGEST_FOREWORD}
    return said, [Fault("edition.too_long", "foreword", text, details)]


def read_decisions(entered: Sequence[Entered]) -> tuple[str, list[Fault]]:
    """The decisions as they are stored, and what speaks against them; a fault's place is "owner_2"."""
    faults: list[Fault] = []
    kept = []
    for number, (what, measured_by, owner, due_on) in enumerate(entered[:MOST], start=1):
        said, measure, who = clean_text(what), clean_text(measured_by), tidy(owner)
        due, wrong = read_day(due_on.strip(), f"due_on_{number}")
        faults += wrong
        for words, field, longest in (
            (said, "what", LONGEST_WORDS),
            (measure, "measured_by", LONGEST_WORDS),
            (who, "owner", LONGEST_OWNER),
        ):
            if len(words) > longest:
                text = N_("This text has %(length)s characters; shorten it to %(longest)s.")
                details = {"length": len(words), "longest": longest}
                faults.append(Fault("edition.too_long", f"{field}_{number}", text, details))
        if not said and (measure or who or due or wrong):
            text = N_("Say what is to be done, or leave the other fields of it empty too.")
            faults.append(Fault("edition.what_missing", f"what_{number}", text))
        if said:
            day = due.isoformat() if due else None
            kept.append({"what": said, "measured_by": measure, "owner": who, "due_on": day})
    return json.dumps(kept, ensure_ascii=False), faults


def release_faults(decisions: str, today: date) -> list[Fault]:
    """What a draft still lacks: each decision has an owner and a day that is not over."""
    held = json.loads(decisions)
    faults = []
    if not held:
        text = N_("Ask for one decision at least: a report that asks for nothing changes nothing.")
        faults.append(Fault("edition.no_decision", "what_1", text))
    for number, one in enumerate(held, start=1):
        if not one["owner"]:
            text = N_("Say who sees to it: a function, a team, or a name.")
            faults.append(Fault("edition.owner_missing", f"owner_{number}", text))
        if not one["due_on"]:
            text = N_("Give the day by which it is done.")
            faults.append(Fault("edition.day_missing", f"due_on_{number}", text))
        elif one["due_on"] < today.isoformat():
            text = N_("This day lies in the past. Give one from %(today)s on.")
            faults.append(Fault("edition.past", f"due_on_{number}", text, {"today": today.isoformat()}))
    return faults


def find_draft(store: Store, uuid: UUID, *, changes: int) -> Row:
    """The draft as it was shown, `changes` times changed.

    Raises Problem "not_found", "edition.released" when it is none any more, and "edition.changed" when
    somebody changed it meanwhile.
    """
    held = editions.find(store, uuid)
    if held is None:
        raise not_found(N_("There is no such edition."))
    if held["released_at"] is not None:
        text = N_("This edition is released and stays as it was sent. Begin another one.")
        raise Problem("edition.released", 409, text)
    if held["changes"] != changes:
        text = N_(
            "Somebody changed this draft meanwhile. Look at it in another window; when you save again, yours "
            "takes its place."
        )
        raise Problem("edition.changed", 409, text)
    return held


def today(now: datetime) -> date:
    """The day an edition is released on, by UTC."""
    return now.astimezone(UTC).date()


def require(faults: Sequence[Fault]) -> None:
    """Raise Refused when there are faults."""
    if faults:
        raise Refused(list(faults))
