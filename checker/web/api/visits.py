"""Visits: sent, corrected, listed, looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from checker.access import may
from checker.actions import judging
from checker.actions.correct_visit import correct_visit
from checker.actions.judging import Way
from checker.actions.keep_photo import keep_photo
from checker.actions.send_correction import send_correction
from checker.actions.submit_visit import Receipt, Sender, submit_visit
from checker.problem import Problem, not_found
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import Review
from checker.standards.month import Month
from checker.store import visits
from checker.store.connection import Row
from checker.store.people import Person
from checker.summaries.visit import visit_sheet
from checker.summaries.visit_page import page_line, visit_page
from checker.web.api import wire
from checker.web.api.door import caller, has
from checker.web.api.operations import PICTURE, Answer, bp, operation
from checker.web.api.parameters import AFTER, BRANCH, CHECKLIST, LIMIT, MONTH, REGION, SINCE
from checker.web.clock import now
from checker.web.store import current_store


@operation(
    "POST",
    "/visits",
    scope="visits:write",
    body="Visit",
    answers={201: "Receipt", 200: "Receipt"},
    refuses=(409,),
)
def send_visit(body: Any) -> Answer:
    """Send a visit; the same again gives the same receipt with status 200."""
    person = caller().person
    sends = may(person, "visit.send")
    if not sends and not may(person, "data.import"):
        raise Problem("token.role", 403, N_("This key stands for somebody who sends no visits."))
    if isinstance(body, dict) and body.get("revises") is not None:
        text = N_("This belongs to a correction: send it to /api/v1/visits/<id>/revisions.")
        raise Refused([Fault("visit.revises", "revises", text)])
    sender = Sender(Way.API, person_id=person.id, shopper_id=person.id if sends else None)
    return _receipt(submit_visit(current_store(), body, sender=sender, now=now()))


@operation(
    "POST",
    "/visits/<uuid:id>/revisions",
    scope="visits:write",
    body="Revision",
    answers={201: "Receipt", 200: "Receipt"},
    refuses=(404, 409),
)
def send_revision(id: UUID, body: Any) -> Answer:
    """Correct a visit: send the whole of it as it should read, the hash of what it replaces, and why."""
    person = caller().person
    visit = _find(id)
    if may(person, "visit.correct"):
        return _receipt(correct_visit(current_store(), visit, body, by=person.id, now=now()))
    _require_query(person, visit, body)
    return _receipt(send_correction(current_store(), visit, body, by=person.id, now=now()))


def _require_query(person: Person, visit: Row, body: Any) -> None:
    """A shopper corrects a visit that a reviewer has sent back; a receipt that got lost is given again."""
    if not may(person, "visit.send"):
        raise Problem("token.role", 403, N_("This key stands for somebody who corrects no visits."))
    if visit["state"] != Review.RETURNED and judging.read(body).manifest_hash != visit["hash"]:
        text = N_("This visit was not sent back; only a reviewer can change it.")
        raise Problem("visit.not_returned", 409, text)


@operation(
    "PUT",
    "/visits/<uuid:id>/photos/<sha256:sha256>",
    scope="visits:write",
    body=PICTURE,
    answers={201: "PhotoReceipt", 200: "PhotoReceipt"},
    refuses=(404,),
)
def send_photo(id: UUID, sha256: str, body: bytes) -> Answer:
    """Send a photo that a visit lists; the same again gives the same receipt with status 200."""
    person = caller().person
    _find(id)
    if not any(may(person, act) for act in ("visit.send", "visit.correct", "data.import")):
        raise Problem("token.role", 403, N_("This key stands for somebody who sends no photos."))
    receipt = keep_photo(current_store(), id, sha256, body, by=person.id, now=now())
    return wire.photo_receipt(receipt), 201 if receipt.fresh else 200


def _receipt(receipt: Receipt) -> Answer:
    said = wire.receipt(receipt, scores=has("scores:read"))
    return said, 201 if receipt.fresh else 200, {"Location": f"{bp.url_prefix}/visits/{receipt.id}"}


@operation(
    "GET",
    "/visits",
    scope="visits:read",
    query=(MONTH, BRANCH, REGION, CHECKLIST, SINCE, AFTER, LIMIT),
    answers={200: "VisitPage"},
)
def list_visits(
    month: Month | None,
    branch: str | None,
    region: str | None,
    checklist: str | None,
    since: datetime | None,
    after: UUID | None,
    limit: int,
) -> Answer:
    """List visits in the order in which they came, page by page."""
    given = {"branch": branch, "region": region, "checklist": checklist}
    shown = visit_page(
        current_store(),
        person_id=caller().person.id,
        now=now(),
        limit=limit,
        after=after,
        since=since,
        month=month,
        codes={name: code for name, code in given.items() if code is not None},
    )
    return wire.page(shown, scores=has("scores:read")), 200


@operation("GET", "/visits/<uuid:id>", scope="visits:read", answers={200: "VisitWhole"}, refuses=(404,))
def show_visit(id: UUID) -> Answer:
    """Show one visit with its answers and, with scores:read, what each was worth."""
    row = _find(id)
    sheet = visit_sheet(current_store(), id, person_id=caller().person.id, now=now(), audience="leadership")
    return wire.visit(page_line(row), sheet, scores=has("scores:read")), 200


def _find(id: UUID) -> Row:
    row = visits.find_for(current_store(), id, person_id=caller().person.id, now=int(now().timestamp()))
    if row is None:
        raise not_found(N_("There is no such visit among those you may see."))
    return row
