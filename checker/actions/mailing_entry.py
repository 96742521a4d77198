"""What adding and changing a mailing have in common: is what was entered sound, and may they have it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checker.problem import not_found
from checker.standards.answers import clean_text
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.faults import N_, Fault, Refused
from checker.standards.sending import is_zone
from checker.store import branches, checklists, people, programmes, regions
from checker.store.connection import Row, Store

MOST = 200
"""Recipients of a mailing: each gets a message of their own."""

NAME = 120

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
"""What every mail server takes; nothing that could end a line or begin another address."""

AUDIENCES = ("leadership", "manager", "meeting")
"""Whose eyes the copy is for; the last is the staff room's sheet, which is of one branch and tells nobody."""


@dataclass(frozen=True, slots=True)
class MailingEntry:
    """A mailing as it was entered; region, branch and checklist by code, without a place the network."""

    name: str
    recipients: str
    """Addresses, with blanks, commas or new lines between."""
    day: int | None
    hour: int | None
    zone: str
    language: str
    audience: str = "leadership"
    region: str | None = None
    branch: str | None = None
    checklist: str | None = None
    attach: bool = True


def addresses(typed: str) -> list[str]:
    """The addresses in what was typed, each once, whatever its capitals."""
    found = {one.lower(): one for one in re.split(r"[\s,;]+", typed) if one}
    return list(found.values())


def checked(store: Store, entry: MailingEntry, languages: tuple[str, ...]) -> tuple[Row, list[str]]:
    """The row to store and the recipients. Raises Refused with every fault, at the name of its field."""
    faults: list[Fault] = []
    name = " ".join(clean_text(entry.name).split())
    if not 1 <= len(name) <= NAME:
        text = N_("Give it a name of at most %(most)s letters.")
        faults.append(Fault("mailing.name", "name", text, {"most": NAME}))
    if entry.day is None or not 1 <= entry.day <= 31:
        faults.append(Fault("mailing.day", "day", N_("Give a day of the month, 1 to 31.")))
    if entry.hour is None or not 0 <= entry.hour <= 23:
        faults.append(Fault("mailing.hour", "hour", N_("Give an hour, 0 to 23.")))
    if not is_zone(entry.zone):
        text = N_("There is no time zone “%(zone)s”; name one such as Europe/Helsinki.")
        faults.append(Fault("mailing.zone", "zone", text, {"zone": entry.zone}))
    if entry.language not in languages:
        faults.append(Fault("mailing.language", "language", N_("Choose one from the list.")))
    place, found = _place(store, entry)
    faults += found
    emails = addresses(entry.recipients)
    faults += _recipient_faults(store, entry, emails)
    if faults:
        raise Refused(faults)
    programme = programmes.find(store, DEFAULT_PROGRAMME)
    if programme is None:
        raise not_found(N_("There is no such programme."))
    row = {
        "programme_id": programme["id"],
        "name": name,
        **place,
        "audience": entry.audience,
        "language": entry.language,
        "day": entry.day,
        "hour": entry.hour,
        "zone": entry.zone,
        "attach": int(entry.attach),
    }
    return row, emails


def _place(store: Store, entry: MailingEntry) -> tuple[Row, list[Fault]]:
    faults = []
    if entry.region and entry.branch:
        faults.append(Fault("mailing.scope", "branch", N_("Choose a region or a branch, not both.")))
    region = regions.find(store, entry.region) if entry.region else None
    branch = branches.find(store, entry.branch) if entry.branch else None
    version = checklists.current(store, entry.checklist) if entry.checklist else None
    for field, given, found in (
        ("region", entry.region, region),
        ("branch", entry.branch, branch),
        ("checklist", entry.checklist, version),
    ):
        if given and found is None:
            text = N_("“%(code)s” does not exist. Choose one of the list.")
            faults.append(Fault(f"mailing.{field}", field, text, {"code": given}))
    return {
        "region_id": region["id"] if region else None,
        "branch_id": branch["id"] if branch else None,
        "checklist_id": version.checklist_id if version else None,
    }, faults


def _recipient_faults(store: Store, entry: MailingEntry, emails: list[str]) -> list[Fault]:
    """What speaks against the recipients; it is looked at again before each mail."""
    faults = []
    if not 1 <= len(emails) <= MOST:
        text = N_("Give from 1 to %(most)s addresses.")
        faults.append(Fault("mailing.recipients", "recipients", text, {"most": MOST}))
    for email in emails:
        if not EMAIL.fullmatch(email) or len(email) > 254:
            text = N_("“%(email)s” is no e-mail address such as name@example.org.")
            faults.append(Fault("mailing.email", "recipients", text, {"email": email}))
    if entry.audience not in AUDIENCES:
        faults.append(Fault("mailing.audience", "audience", N_("Choose one from the list.")))
    elif entry.audience == "manager" and not entry.branch:
        text = N_("A copy with names is of one branch: choose it, or send the copy for leadership.")
        faults.append(Fault("mailing.audience", "audience", text))
    elif entry.audience == "meeting" and not entry.branch:
        text = N_("A sheet for the staff room is of one branch: choose it, or send the copy for leadership.")
        faults.append(Fault("mailing.audience", "audience", text))
    elif entry.audience == "manager":
        for email in emails:
            if not may_have_names(store, email, entry.branch or ""):
                text = N_("%(email)s may not see this branch’s names. Send the copy for leadership.")
                faults.append(Fault("mailing.names", "recipients", text, {"email": email}))
    return faults


def may_have_names(store: Store, email: str, branch: str) -> bool:
    """Whether somebody is known by this address who is shown this branch's employees by name."""
    person = people.find_by_email(store, email)
    return (
        person is not None
        and person["disabled_at"] is None
        and person["role"] in ("manager", "admin")
        and branches.find_for(store, branch, person_id=person["id"]) is not None
    )
