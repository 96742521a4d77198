"""What a tablet sealed at Send is opened and taken, whoever brings it: the token inside says who made it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from checker.actions import judging
from checker.actions.judging import Note, Way
from checker.actions.send_correction import send_correction
from checker.actions.submit_visit import Receipt, Sender, submit_visit
from checker.problem import Problem, not_found
from checker.sealing import SealKey, open_sealed
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import Review
from checker.store import devices, people, revisions, visits
from checker.store.connection import Row, Store
from checker.tokens import KEY, same, upload_key, visit_token


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who made what was sealed, and on which device; None where a restored backup does not know it."""

    person: Row
    device: Row | None

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reviewer should know: the visit was made all the same, so it is taken."""
        found: list[Note] = []
        if self.person["disabled_at"] is not None or self.person["role"] != "shopper":
            found.append(("shopper.disabled", {}))
        if self.device is not None and self.device["revoked_at"] is not None:
            found.append(("device.revoked", {}))
        return tuple(found)


def take_sealed_visit(
    store: Store, keys: SealKey, visit: UUID, sealed: bytes, *, secret: str, now: datetime
) -> Receipt:
    """Open a visit or a correction and store it, once, however late it comes.

    Raises Problem "tablet.other_key" (409), "tablet.unreadable" (422), "tablet.token" (403), and what
    `submit_visit` and `send_correction` raise.
    """
    content = read_content(open_sealed(keys, sealed, f"visit {visit}"))
    uploader = prove(store, content, visit, secret=secret)
    body = _body(content, visit)
    if body.get("revises") is not None:
        receipt = _correct(store, uploader, visit, body, now)
    else:
        person = uploader.person["id"]
        sender = Sender(Way.TABLET, person_id=person, shopper_id=person, notes=uploader.notes)
        receipt = submit_visit(store, body, sender=sender, now=now)
    if receipt.fresh and uploader.device is not None:
        with store.write():
            devices.note_received(store, uploader.device["id"], at=int(now.timestamp()))
    return receipt


def prove(store: Store, content: Mapping[str, Any], visit: UUID, *, secret: str) -> Uploader:
    """Who sealed this. Raises Problem "tablet.token" (403) unless the token is this visit's."""
    upload = content.get("upload")
    said = upload if isinstance(upload, dict) else {}
    device, person, token = (str(said.get(name)) for name in ("device", "person", "token"))
    try:
        uuid = UUID(device)
    except ValueError as error:
        raise _no_token() from error
    if not KEY.fullmatch(person) or not same(
        visit_token(upload_key(secret, uuid, int(person)), visit), token
    ):
        raise _no_token()
    row = people.find(store, int(person))
    if row is None:
        raise _no_token()
    return Uploader(row, devices.find(store, uuid))


def read_content(opened: bytes) -> dict[str, Any]:
    """The JSON object that was sealed. Raises Problem "tablet.unreadable" (422)."""
    content = read_json(opened)
    if not isinstance(content, dict):
        raise _not_ours()
    return content


def read_json(text: str | bytes) -> Any:
    """What JSON in UTF-8 says. Raises Problem "tablet.unreadable" (422)."""
    try:
        return json.loads(text if isinstance(text, str) else text.decode())
    except (ValueError, RecursionError) as error:
        raise _not_ours() from error


def _body(content: Mapping[str, Any], visit: UUID) -> dict[str, Any]:
    """The visit's body, which is about this visit."""
    text = content.get("body")
    body = read_json(text) if isinstance(text, str) else None
    if not isinstance(body, dict):
        raise _not_ours()
    if body.get("id") != str(visit):
        words = N_("This visit was sent under another id than its own.")
        raise Refused([Fault("visit.other_id", "id", words)])
    return body


def _correct(store: Store, uploader: Uploader, uuid: UUID, body: Mapping[str, Any], now: datetime) -> Receipt:
    """Store the answer to a reviewer's query; a receipt that got lost is given again."""
    visit = visits.find(store, uuid)
    if visit is None or visit["shopper_id"] != uploader.person["id"]:
        raise not_found(N_("There is no such visit, or it is not yours."))
    known = revisions.moment_of(store, visit["id"], judging.read(body).manifest_hash)
    if visit["state"] != Review.RETURNED and known is None:
        text = N_("This visit was not sent back; only a reviewer can change it.")
        raise Problem("visit.not_returned", 409, text)
    by, notes = uploader.person["id"], uploader.notes
    return send_correction(store, visit, body, by=by, now=now, way=Way.TABLET, notes=notes)


def _no_token() -> Problem:
    text = N_(
        "This does not show who sent it from which tablet, so it was not taken. "
        "Sign in on the tablet and send it again, or hand its file to your administrator."
    )
    return Problem("tablet.token", 403, text)


def _not_ours() -> Problem:
    text = N_("This was opened, but it is no visit of Checker. Send it again from the tablet.")
    return Problem("tablet.unreadable", 422, text)
