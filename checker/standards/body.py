"""A visit as it is sent: the envelope around the answers, read with every fault, written back, and hashed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from checker.standards import fields
from checker.standards.canonical import digest
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import Checklist

DEFAULT_PROGRAMME = "main"
MOST_ROLES = 20
MOST_PHOTOS = 200
MOST_ANSWERS = 500


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
class SentPhoto:
    """A photo that belongs to `item` and is sent on its own; its SHA-256 as the client computed it."""

    item: str
    sha256: str


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
        answers=body.entries("answers", _as_sent, MOST_ANSWERS),
        revises=body.optional("revises", fields.sha256, None),
    )
    for fault in _disagreements(sent):
        body.refuse(fault)
    if body.faults:
        raise Refused(body.faults)
    return sent


def to_body(sent: Sent) -> dict[str, object]:
    """The body that says `sent`, every default spoken; reading it again gives the same value."""
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
        "photos": [{"item": photo.item, "sha256": photo.sha256} for photo in sent.photos],
        "answers": dict(sent.answers),
    }
    if sent.reason:
        body["reason"] = sent.reason
    if sent.revises:
        body["revises"] = sent.revises
    return body


def manifest_hash(body: Mapping[str, object]) -> str:
    """SHA-256 of the canonical JSON of the whole body, 64 hexadecimal digits: what a receipt repeats."""
    return digest(body)


def misfits(sent: Sent, checklist: Checklist) -> list[Fault]:
    """What in the envelope does not fit its checklist: roles it does not name, photos of items it does not
    have.
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
    return faults


def _disagreements(sent: Sent) -> list[Fault]:
    """What no single field shows: a reason that is missing, a photo that is listed twice."""
    faults = []
    if sent.revises and not sent.reason:
        faults.append(Fault("body.reason_missing", "reason", N_("Say why the visit is corrected.")))
    elif sent.outcome is not Outcome.COMPLETED and not sent.reason:
        faults.append(Fault("body.reason_missing", "reason", N_("Say why the visit was not completed.")))
    if len(set(sent.photos)) != len(sent.photos):
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
    if not isinstance(given, Mapping) or set(given) != {"item", "sha256"}:
        raise fields.refusal("body.photo", place, N_('Send {"item": …, "sha256": …} for each photo.'))
    sha256 = fields.sha256(given["sha256"], f"{place}.sha256")
    return SentPhoto(fields.code(given["item"], f"{place}.item"), sha256)


def _as_sent(given: object, place: str) -> object:
    return given


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
