"""What planning and changing assignments have in common: can this shopper be asked to make this visit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Required, TypedDict, Unpack

from checker.actions.branch_entry import read_day
from checker.standards.answers import LONGEST_TEXT, clean_text
from checker.standards.body import DEFAULT_PROGRAMME, Purpose
from checker.standards.faults import N_, Fault, Refused
from checker.store import branches, checklists, people, programmes
from checker.store.checklists import Version
from checker.store.connection import Row, Store

CURRENCY = re.compile(r"[A-Z]{3}")
MOST_CENTS = 100_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An assignment as somebody entered it, found sound; days are ISO text, amounts hundredths or None."""

    programme_id: int
    branch_id: int
    checklist_id: int
    shopper_id: int
    visit_from: str
    visit_to: str
    report_by: str
    purpose: str
    scenario: str
    briefing: str
    fee_cents: int | None
    expenses_cents: int | None
    currency: str | None

    def row(self) -> dict[str, object]:
        """The columns of `assignment` that are entered."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


class Asked(TypedDict, total=False):
    """What is entered about an assignment: `shopper` an e-mail address, `branch`, `checklist`, `programme`
    codes.

    Days are ISO text, amounts hundredths. The first six are needed; the purpose is planned unless said
    otherwise.
    """

    shopper: Required[str]
    branch: Required[str]
    checklist: Required[str]
    visit_from: Required[str | None]
    visit_to: Required[str | None]
    report_by: Required[str | None]
    purpose: str
    scenario: str
    briefing: str
    fee_cents: int | None
    expenses_cents: int | None
    currency: str | None
    programme: str


def read_entry(store: Store, **asked: Unpack[Asked]) -> Entry:
    """Read what was entered.

    Raises Refused with every fault, the place being the field's name ("fee" and "expenses" for the amounts).
    """
    faults: list[Fault] = []
    person = _shopper(store, asked["shopper"], faults)
    place = branches.find(store, asked["branch"])
    if place is None:
        text = N_("There is no branch “%(code)s”.") if asked["branch"] else N_("Say which branch.")
        faults.append(_unknown("branch", text, asked["branch"]))
    version = _checklist(store, asked["checklist"], faults)
    programme = asked.get("programme", DEFAULT_PROGRAMME)
    plan = programmes.find(store, programme)
    if plan is None:
        faults.append(_unknown("programme", N_("There is no programme “%(code)s”."), programme))
    days = _days(asked["visit_from"], asked["visit_to"], asked["report_by"], faults)
    purpose = asked.get("purpose", Purpose.PLANNED.value)
    if purpose not in set(Purpose):
        text = N_("There is no purpose “%(code)s”. Choose one of: %(words)s.")
        details = {"code": purpose, "words": ", ".join(Purpose)}
        faults.append(Fault("assignment.purpose", "purpose", text, details))
    words = {
        "scenario": clean_text(asked.get("scenario", "")),
        "briefing": clean_text(asked.get("briefing", "")),
    }
    for field, text in words.items():
        if len(text) > LONGEST_TEXT:
            sentence = N_("This text has %(length)s characters; shorten it to %(longest)s.")
            size = {"length": len(text), "longest": LONGEST_TEXT}
            faults.append(Fault("assignment.too_long", field, sentence, size))
    fee, expenses = asked.get("fee_cents"), asked.get("expenses_cents")
    currency = _currency(fee, expenses, asked.get("currency"), faults)
    if faults or person is None or place is None or version is None or plan is None:
        raise Refused(faults)
    return Entry(
        programme_id=plan["id"],
        branch_id=place["id"],
        checklist_id=version.checklist_id,
        shopper_id=person["id"],
        visit_from=days[0],
        visit_to=days[1],
        report_by=days[2],
        purpose=purpose,
        scenario=words["scenario"],
        briefing=words["briefing"],
        fee_cents=fee,
        expenses_cents=expenses,
        currency=currency,
    )


def _unknown(place: str, text: str, code: str) -> Fault:
    return Fault(f"assignment.{place}", place, text, {"code": code})


def _shopper(store: Store, email: str, faults: list[Fault]) -> Row | None:
    person = people.find_by_email(store, email.strip())
    if person is None:
        text = N_("Nobody here has the address “%(code)s”. Add the shopper first.")
        text = text if email.strip() else N_("Say which shopper, by the e-mail address.")
        faults.append(_unknown("shopper", text, email))
    elif person["role"] != "shopper":
        faults.append(_unknown("shopper", N_("“%(code)s” is no shopper. Choose somebody who is."), email))
    elif person["disabled_at"] is not None:
        text = N_("“%(code)s” cannot sign in any more. Choose another shopper.")
        faults.append(_unknown("shopper", text, email))
    return person


def _checklist(store: Store, code: str, faults: list[Fault]) -> Version | None:
    version = checklists.current(store, code)
    if version is None:
        text = N_("There is no checklist “%(code)s”. `checklist list` shows them.")
        text = text if code else N_("Say which checklist.")
        faults.append(_unknown("checklist", text, code))
    elif version not in checklists.list_current(store):
        text = N_("The checklist “%(code)s” is retired. Choose another one, or bring it back.")
        faults.append(_unknown("checklist", text, code))
    return version


def _days(
    visit_from: str | None, visit_to: str | None, report_by: str | None, faults: list[Fault]
) -> tuple[str, str, str]:
    days: list[date | None] = []
    for place, given in (("visit_from", visit_from), ("visit_to", visit_to), ("report_by", report_by)):
        day, wrong = read_day(given, place)
        if not given:
            wrong = [Fault("assignment.day_missing", place, N_("Give this day, as in 2026-10-01."))]
        faults += wrong
        days.append(day)
    first, last, due = days
    if first and last and last < first:
        text = N_("The last day for the visit lies before the first. Correct one of the two.")
        faults.append(Fault("assignment.backwards", "visit_to", text))
    if last and due and due < last:
        text = N_("The report is due before the last day for the visit. Correct one of the two.")
        faults.append(Fault("assignment.due_early", "report_by", text))
    iso = [day.isoformat() if day else "" for day in days]
    return iso[0], iso[1], iso[2]


def _currency(fee: int | None, expenses: int | None, currency: str | None, faults: list[Fault]) -> str | None:
    for place, cents in (("fee", fee), ("expenses", expenses)):
        if cents is not None and not 0 <= cents <= MOST_CENTS:
            text = N_("Give an amount from 0 to %(most)s.")
            faults.append(Fault("assignment.amount", place, text, {"most": MOST_CENTS // 100}))
    code = (currency or "").strip().upper()
    if fee is None and expenses is None:
        return None
    if not CURRENCY.fullmatch(code):
        text = N_("Say which currency, by its three letters, such as EUR.")
        faults.append(Fault("assignment.currency", "currency", text))
    return code
