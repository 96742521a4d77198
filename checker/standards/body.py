"""A visit as it is sent: the envelope around the answers, read with every fault, written back, and hashed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from checker.standards import fields
from checker.standards.canonical import digest
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import Checklist, Photo

DEFAULT_PROGRAMME = "main"
MOST_ROLES = 20
MOST_PHOTOS = 200
MOST_ANSWERS = 500
MOST_EVENTS = 500

ATTEMPTS = ("call.busy", "call.menu", "call.hold", "call.no_answer")
"""Events of every checklist: what became of a call before somebody answered."""


class Method(StrEnum):
    """How the branch was looked at; each method has figures of its own."""

    MYSTERY_SHOPPING = "mystery_shopping"
    OBSERVATION = "observation"
    SELF_CHECK = "self_check"


class Channel(StrEnum):
    """Where the contact took place."""

    STORE = "store"
    ONLINE = "online"
    PHONE = "phone"


class Subject(StrEnum):
    """Whose branch it was."""

    OWN = "own"
    COMPETITOR = "competitor"


class Purpose(StrEnum):
    """Why the visit was made."""

    PLANNED = "planned"
    REVISIT = "revisit"
    PAIRED = "paired"
    EXTRA = "extra"


class Outcome(StrEnum):
    """How the visit ended; all but `completed` need a reason and are not scored (SC-06)."""

    COMPLETED = "completed"
    CLOSED = "closed"
    REFUSED = "refused"
    RECOGNISED = "recognised"
    UNSAFE = "unsafe"
    OTHER = "other"


class ServiceLevel(StrEnum):
    """How the shopper felt the service: less than, as, or more than expected; never points (SC-15)."""

    LOW = "low"
    STANDARD = "standard"
    WOW = "wow"


@dataclass(frozen=True, slots=True)
class ServedBy:
    """Who played a role: a `code` of the list of employees, or a person `described` in words."""

    code: str = ""
    described: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device said it was: degrees as text, and within how many metres, None when not said."""

    lat: str
    lon: str
    accuracy_m: int | None = None


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """A photo that belongs to `item` and is sent on its own; its SHA-256 as the client computed it.

    `taken_at` and `place` are kept only where the item asks for them.
    """

    item: str
    sha256: str
    taken_at: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, when it was tapped; `estimated` when the moment was given afterwards.

    `event` is one of the checklist's, the `.start` or `.stop` of one of its durations, or one of `ATTEMPTS`.
    Events are never scored. They tell the hour, so only the office sees them (design §1).
    """

    event: str
    at: datetime
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """How far the device's clock was ahead of ours when they were last compared, and when that was."""

    ahead_ms: int | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A visit as sent. The defaults here are those of the body: what is left out, or null, reads as these.

    `employees`: role -> who, None for somebody unknown. `context`: the keys of `CONTEXT` that were said.
    `answers` are as sent; `read_answers` reads them with their checklist. `reason` tells why the visit was
    not completed or, with `revises` (the manifest hash of the revision it replaces), why it is corrected.
    """

    id: str
    checklist: str
    version: int
    branch: str
    visited_at: datetime
    programme: str = DEFAULT_PROGRAMME
    employees: Mapping[str, ServedBy | None] = field(default_factory=dict)
    assignment: str | None = None
    method: Method = Method.MYSTERY_SHOPPING
    channel: Channel = Channel.STORE
    subject: Subject = Subject.OWN
    purpose: Purpose = Purpose.PLANNED
    practice: bool = False
    outcome: Outcome = Outcome.COMPLETED
    reason: str = ""
    service_level: ServiceLevel | None = None
    context: Mapping[str, str | int | bool] = field(default_factory=dict)
    photos: tuple[SentPhoto, ...] = ()
    answers: Mapping[str, object] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    clock: Clock | None = None
    revises: str | None = None


def read_envelope(data: object) -> Sent:
    """Read a body of `POST /api/v1/visits` or of a revision. Raises `Refused` with every fault and its place.

    The answers are only checked to be JSON that can be hashed; their meaning needs the checklist.
    """
    if not isinstance(data, Mapping):
        raise Refused([Fault("body.shape", "", N_("Send the visit as one JSON object."))])
    body = fields.Fields(data)
    body.refuse_unknown(Sent.__dataclass_fields__)
    sent = Sent(
        id=body.required("id", fields.uuid, ""),
        programme=body.optional("programme", fields.code, DEFAULT_PROGRAMME),
        checklist=body.required("checklist", fields.code, ""),
        version=body.required("version", fields.ordinal, 0),
        branch=body.required("branch", fields.code, ""),
        employees=body.entries("employees", _served_by, MOST_ROLES),
        assignment=body.optional("assignment", fields.uuid, None),
        method=body.optional("method", fields.one_of(Method), Method.MYSTERY_SHOPPING),
        channel=body.optional("channel", fields.one_of(Channel), Channel.STORE),
        subject=body.optional("subject", fields.one_of(Subject), Subject.OWN),
        purpose=body.optional("purpose", fields.one_of(Purpose), Purpose.PLANNED),
        practice=body.optional("practice", fields.flag, False),
        outcome=body.optional("outcome", fields.one_of(Outcome), Outcome.COMPLETED),
        reason=body.optional("reason", fields.words, ""),
        visited_at=body.required("visited_at", fields.moment, datetime.min),
        service_level=body.optional("service_level", fields.one_of(ServiceLevel), None),
        context=_said(body.known_entries("context", CONTEXT)),
        photos=body.sequence("photos", _photo, MOST_PHOTOS),
        answers=body.as_sent("answers", MOST_ANSWERS),
        events=body.sequence("events", _event, MOST_EVENTS),
        clock=body.optional("clock", _clock, None),
        revises=body.optional("revises", fields.sha256, None),
    )
    for fault in _disagreements(sent):
        body.refuse(fault)
    if body.faults:
        raise Refused(body.faults)
    return sent


def to_body(sent: Sent) -> dict[str, object]:
    """The body that says `sent`, every default spoken; reading it again gives the same value.

    What came later than the first visits is left out where it says nothing, so that their hashes stay.
    """
    body: dict[str, object] = {
        "id": sent.id,
        "programme": sent.programme,
        "checklist": sent.checklist,
        "version": sent.version,
        "branch": sent.branch,
        "employees": {role: _who(served_by) for role, served_by in sent.employees.items()},
        "assignment": sent.assignment,
        "method": sent.method.value,
        "channel": sent.channel.value,
        "subject": sent.subject.value,
        "purpose": sent.purpose.value,
        "practice": sent.practice,
        "outcome": sent.outcome.value,
        "visited_at": sent.visited_at.isoformat(),
        "service_level": sent.service_level.value if sent.service_level else None,
        "context": dict(sent.context),
        "photos": [_plain_photo(photo) for photo in sent.photos],
        "answers": dict(sent.answers),
    }
    if sent.events:
        body["events"] = [_plain_event(event) for event in sent.events]
    if sent.clock:
        body["clock"] = {"ahead_ms": sent.clock.ahead_ms, "checked_at": _iso(sent.clock.checked_at)}
    if sent.reason:
        body["reason"] = sent.reason
    if sent.revises:
        body["revises"] = sent.revises
    return body


def manifest_hash(body: Mapping[str, object]) -> str:
    """SHA-256 of the canonical JSON of the whole body, 64 hexadecimal digits: what a receipt repeats."""
    return digest(body)


def misfits(sent: Sent, checklist: Checklist) -> list[Fault]:
    """What in the envelope does not fit its checklist: roles and events it does not name, photos of items it
    does not have, and what those do not keep.
    """
    roles = {role.id for role in checklist.roles}
    faults = [
        Fault(
            "body.unknown_role",
            f"employees.{role}",
            N_("This checklist has no such role; it has: %(roles)s."),
            {"roles": ", ".join(sorted(roles))},
        )
        for role in sent.employees
        if role not in roles
    ]
    text = N_("This checklist has no such item; name the item the photo belongs to.")
    faults += [
        Fault("body.unknown_item", f"photos.{index}.item", text)
        for index, photo in enumerate(sent.photos)
        if photo.item not in checklist.item
    ]
    return [*faults, *_photo_misfits(sent, checklist), *_event_misfits(sent, checklist)]


def _photo_misfits(sent: Sent, checklist: Checklist) -> Iterator[Fault]:
    found: Counter[str] = Counter()
    for index, photo in enumerate(sent.photos):
        item = checklist.item.get(photo.item)
        rule = item.rule if item else None
        if not isinstance(rule, Photo):
            continue  # a picture beside an answer of another type is as good as a note
        for key, said in (("time", photo.taken_at), ("place", photo.place)):
            if said is not None and key not in rule.keep:
                place = f"photos.{index}.{'taken_at' if key == 'time' else key}"
                text = N_("This item keeps no %(key)s of its photos; leave it out.")
                yield Fault("body.not_kept", place, text, {"key": key})
        found[photo.item] += 1
        if found[photo.item] == rule.most + 1:
            text = N_("This item takes at most %(most)s photos; take the others away.")
            yield Fault("body.too_many_photos", photo.item, text, {"most": rule.most})


def _event_misfits(sent: Sent, checklist: Checklist) -> Iterator[Fault]:
    text = N_("This checklist has no such event; leave it out.")
    known = checklist.event_ids.union(ATTEMPTS)
    for index, event in enumerate(sent.events):
        if event.event not in known:
            yield Fault("body.unknown_event", f"events.{index}.event", text)


def _disagreements(sent: Sent) -> list[Fault]:
    """What no single field shows: a reason that is missing, a photo that is listed twice."""
    faults = []
    if sent.revises and not sent.reason:
        faults.append(Fault("body.reason_missing", "reason", N_("Say why the visit is corrected.")))
    elif sent.outcome is not Outcome.COMPLETED and not sent.reason:
        faults.append(Fault("body.reason_missing", "reason", N_("Say why the visit was not completed.")))
    if len({(photo.item, photo.sha256) for photo in sent.photos}) != len(sent.photos):
        faults.append(Fault("body.twice", "photos", N_("List each photo of an item once.")))
    return faults


def _served_by(given: object, place: str) -> ServedBy | None:
    if given is None:
        return None
    if not isinstance(given, Mapping) or list(given) not in (["code"], ["described"]):
        text = N_('Send {"code": …}, {"described": …}, or null when it is not known who it was.')
        raise fields.refusal("body.employee", place, text)
    if "code" in given:
        return ServedBy(code=fields.code(given["code"], f"{place}.code"))
    described = fields.words(given["described"], f"{place}.described")
    if not described:
        text = N_("Describe the person, or send null when it is not known who it was.")
        raise fields.refusal("body.employee", f"{place}.described", text)
    return ServedBy(described=described)


def _who(served_by: ServedBy | None) -> dict[str, str] | None:
    if served_by is None:
        return None
    return {"code": served_by.code} if served_by.code else {"described": served_by.described}


def _photo(given: object, place: str) -> SentPhoto:
    text = N_(
        'Send {"item": …, "sha256": …} for each photo, with “taken_at” and “place” where they are kept.'
    )
    readers = {"item": fields.code, "sha256": fields.sha256, "taken_at": fields.moment, "place": _where}
    found = fields.group(given, place, "body.photo", text, readers, optional=("taken_at", "place"))
    return SentPhoto(**found)


def _where(given: object, place: str) -> Place:
    text = N_('Send {"lat": "60.1699", "lon": "24.9384", "accuracy_m": 12}: degrees as text, metres.')
    readers = {"lat": _degrees(90), "lon": _degrees(180), "accuracy_m": fields.count}
    return Place(**fields.group(given, place, "body.place", text, readers, optional=("accuracy_m",)))


def _degrees(most: int) -> Callable[[object, str], str]:
    def read(given: object, place: str) -> str:
        if not isinstance(given, str) or not _DEGREES.fullmatch(given) or abs(float(given)) > most:
            text = N_('Send degrees from −%(most)s to %(most)s as text, such as "24.9384".')
            raise fields.refusal("body.degrees", place, text, most=most)
        return given

    return read


def _event(given: object, place: str) -> Event:
    text = N_('Send {"event": …, "at": …} for each event, and "estimated": true where it was not tapped.')
    readers = {"event": _event_id, "at": fields.moment, "estimated": fields.flag}
    return Event(**fields.group(given, place, "body.event", text, readers, optional=("estimated",)))


def _event_id(given: object, place: str) -> str:
    if not isinstance(given, str) or not _EVENT.fullmatch(given):
        text = N_("Send the id of an event, such as entered or greeting_time.start.")
        raise fields.refusal("body.event_id", place, text)
    return given


def _clock(given: object, place: str) -> Clock:
    text = N_('Send {"ahead_ms": …, "checked_at": …}; null when the clocks were never compared.')
    readers = {"ahead_ms": _milliseconds, "checked_at": fields.moment}
    return Clock(**fields.group(given, place, "body.clock", text, readers, optional=tuple(readers)))


def _milliseconds(given: object, place: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise fields.refusal("body.milliseconds", place, N_("Send whole milliseconds."))
    return given


def _plain_photo(photo: SentPhoto) -> dict[str, object]:
    said: dict[str, object] = {"item": photo.item, "sha256": photo.sha256}
    if photo.taken_at:
        said["taken_at"] = photo.taken_at.isoformat()
    if photo.place:
        where = photo.place
        said["place"] = {"lat": where.lat, "lon": where.lon, "accuracy_m": where.accuracy_m}
    return said


def _plain_event(event: Event) -> dict[str, object]:
    said: dict[str, object] = {"event": event.event, "at": event.at.isoformat()}
    return {**said, "estimated": True} if event.estimated else said


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,7})?")
_EVENT = re.compile(r"[a-z][a-z0-9_]{0,59}(\.[a-z_]{1,20})?")


def _said(context: Mapping[str, str | int | bool]) -> dict[str, str | int | bool]:
    """Without the texts in which nothing was written."""
    return {key: value for key, value in context.items() if value != ""}


CONTEXT: Mapping[str, Callable[[object, str], str | int | bool]] = {
    "scenario": fields.words,
    "planned_purchase": fields.words,
    "expectations_before": fields.words,
    "first_visit": fields.flag,
    "purchase_made": fields.flag,
    "busy": fields.flag,
    "customers_waiting": fields.count,
    "emotion_after": fields.words,
    "announced_reply_minutes": fields.count,
}
"""What may be said of the circumstances, and how each is read: words, yes or no, or a whole number from 0."""
