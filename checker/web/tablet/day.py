"""The day of the shopper who is signed in, for their tablet to keep."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, cast

from flask import Response, current_app, g, jsonify

from checker.actions.sign_in_again import renewal_for
from checker.config import Settings
from checker.store import devices, people
from checker.store.connection import Row
from checker.summaries.tablet_day import tablet_day
from checker.summaries.values import FormLine, SentLine, TabletAssignment, TabletDraft
from checker.tokens import upload_key
from checker.web.clock import in_ms, now
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.web.tablet.room import bp, known_device, secret


@bp.get("/day")
@signed_in("visit.send")
def day() -> Response:
    """All that a vault keeps: what to do, what is begun, and with what visits are filled and sent."""
    store, person, device = current_store(), me(), known_device()
    settings: Settings = current_app.extensions["checker.settings"]
    shown = tablet_day(store, person_id=person.id, now=now())
    key = upload_key(secret(), devices.uuid_of(device), person.id)
    row = cast(Row, people.find(store, person.id))
    g.session = None  # a device that asks by itself keeps nobody signed in
    return jsonify(
        time=in_ms(now()),
        person={"name": person.name, "language": person.language},
        idle_minutes=settings.shopper_idle_minutes,
        device=str(devices.uuid_of(device)),
        upload={
            "device": str(devices.uuid_of(device)),
            "person": str(person.id),
            "key": b64encode(key).decode(),
        },
        renewal=renewal_for(device, row, secret=secret()),
        assignments=[_assignment(one) for one in shown.assignments],
        branches=[{"code": one.code, "name": one.name, "zone": one.zone} for one in shown.branches],
        employees={branch: list(codes) for branch, codes in shown.employees.items()},
        checklists=[_form(one, person.language) for one in shown.forms],
        drafts=[_draft(one) for one in shown.drafts],
        returned=[{**_sent(line), "query": line.query} for line in shown.returned],
        sent=[{**_sent(line), "practice": line.practice} for line in shown.sent],
    )


def _assignment(one: TabletAssignment) -> dict[str, Any]:
    line = one.line
    return {
        "id": str(line.uuid),
        "branch": line.branch.code,
        "checklist": line.checklist,
        "version": one.version,
        "purpose": one.purpose,
        "state": line.state,
        "visit_from": line.visit_from.isoformat(),
        "visit_to": line.visit_to.isoformat(),
        "report_by": line.report_by.isoformat(),
        "scenario": one.scenario,
        "briefing": one.briefing,
        "overdue": line.overdue,
        "draft": str(line.draft) if line.draft else None,
    }


def _form(one: FormLine, language: str) -> dict[str, Any]:
    served = "named" if one.named else "none"
    return {
        "id": one.checklist,
        "version": one.version,
        "title": dict(one.title),
        "channel": one.channel,
        "named": one.named,
        "form": f"/tablet/forms/{language}/{one.checklist}/{one.version}/{served}",
    }


def _draft(one: TabletDraft) -> dict[str, Any]:
    line = one.line
    return {
        "id": str(line.uuid),
        "sequence": one.sequence,
        "assignment": str(line.assignment) if line.assignment else None,
        "branch": line.branch.code,
        "checklist": line.checklist,
        "version": one.version,
        "practice": one.practice,
        "typed": one.typed,
        "saved_at": in_ms(line.saved_at),
        "copies": one.copies,
        "revises": one.revises,
        "sent": one.sent,
        "query": one.query,
    }


def _sent(line: SentLine) -> dict[str, Any]:
    return {
        "id": str(line.uuid),
        "branch": line.branch.code,
        "title": dict(line.title),
        "day": line.day.isoformat(),
    }
