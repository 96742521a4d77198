"""What planning and changing actions have in common: is what was entered sound, and which action is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Required, TypedDict, Unpack
from uuid import UUID

from checker.actions.branch_entry import read_day, tidy
from checker.problem import not_found
from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault, Refused
from checker.standards.month import day_of
from checker.store import checklists, plans
from checker.store.connection import Row, Store

LONGEST = 500
"""Letters of what is to be done, of its measure and of its outcome: they stand in a table on paper."""

LONGEST_OWNER = 120
FARTHEST = timedelta(days=5 * 366)
"""What is due later than that is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An action as somebody entered it, found sound; `due_on` is ISO text."""

    what: str
    owner: str
    due_on: str
    measured_by: str
    standard: str | None

    def row(self) -> dict[str, object]:
        """The columns of `action` that are entered."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


class Asked(TypedDict, total=False):
    """What is entered about an action: words, the day it is due as ISO text, and the id of the standard it is
    about, if it is about one.
    """

    what: Required[str]
    owner: Required[str]
    due_on: Required[str | None]
    measured_by: Required[str]
    standard: str | None


def read_entry(store: Store, *, today: date, held: Row | None = None, **asked: Unpack[Asked]) -> Entry:
    """Read what was entered; what an action `held` already is taken as it is.

    Raises Refused with every fault, the place being the field's name.
    """
    faults: list[Fault] = []
    what, measured_by = clean_text(asked["what"]), clean_text(asked["measured_by"])
    owner = tidy(asked["owner"])
    for field, said, longest, missing in (
        ("what", what, LONGEST, N_("Say what will be done.")),
        ("owner", owner, LONGEST_OWNER, N_("Say who sees to it: a function or a team.")),
        ("measured_by", measured_by, LONGEST, N_("Say how you will see whether it worked.")),
    ):
        faults += words_faults(said, field, longest, missing)
    due, wrong = _due(asked["due_on"], today, held)
    faults += wrong
    standard = (asked.get("standard") or "").strip() or None
    known = standard is None or standard in checklists.standards_in_use(store)
    if not known and not (held and held["standard"] == standard):
        text = N_("“%(standard)s” is no standard of a checklist in use. Choose one of the list, or none.")
        faults.append(Fault("action.standard", "standard", text, {"standard": standard}))
    if faults or due is None:
        raise Refused(faults)
    return Entry(what, owner, due.isoformat(), measured_by, standard)


def words_faults(said: str, place: str, longest: int, missing: str) -> list[Fault]:
    """What speaks against words that must be there and may have so many letters; `missing` asks for them."""
    if not said:
        return [Fault("action.missing", place, missing)]
    if len(said) > longest:
        text = N_("This text has %(length)s characters; shorten it to %(longest)s.")
        return [Fault("action.too_long", place, text, {"length": len(said), "longest": longest})]
    return []


def _due(given: str | None, today: date, held: Row | None) -> tuple[date | None, list[Fault]]:
    due, faults = read_day(given, "due_on")
    if not given:
        faults = [Fault("action.day_missing", "due_on", N_("Give the day by which it is done."))]
    if due is None or (held and held["due_on"] == due.isoformat()):
        return due, faults
    if due < today:
        text = N_("This day lies in the past. Give one from %(today)s on.")
        faults = [Fault("action.past", "due_on", text, {"today": today.isoformat()})]
    elif due > today + FARTHEST:
        text = N_("This day is more than five years away. Check the year.")
        faults = [Fault("action.far", "due_on", text)]
    return due, faults


def find_action(store: Store, uuid: UUID) -> Row:
    """The action. Raises Problem "not_found"."""
    held = plans.find(store, uuid)
    if held is None:
        raise not_found(N_("There is no such action."))
    return held


def today_at(zone: str | None, now: datetime) -> date:
    """The day it is at a branch; by UTC where an action is of no branch."""
    return day_of(now, zone) if zone else now.astimezone(UTC).date()
