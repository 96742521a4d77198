"""A visit arrives: checked, scored, stored durably with every figure it changes, and only then receipted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from checker.actions import judging
from checker.actions.judging import Body, Judged, Note, Parts, Way
from checker.problem import Problem
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import Score
from checker.store import assignments, drafts, revisions, tallies, trail, visits
from checker.store.connection import Row, Store


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands a visit in, and how. `shopper_id` is the visit's shopper (None: not known, as in imports)."""

    way: Way
    person_id: int | None = None
    shopper_id: int | None = None
    batch_id: int | None = None
    notes: tuple[Note, ...] = ()
    """What a reviewer should know of the sender."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets back, and only after the commit. `fresh` is False when the visit was here
    already.
    """

    id: UUID
    manifest_hash: str
    received_at: datetime
    fresh: bool
    score: Score | None = None


def submit_visit(store: Store, body: Mapping[str, Any], *, sender: Sender, now: datetime) -> Receipt:
    """Store a visit once.

    `body` is the whole of design §9. The same id and content again gives the same receipt, also where it
    would be refused by now: a tablet that never saw its receipt must be able to let go. The same id with
    other
    content is kept beside it and refused. Raises Refused (422, every fault) and Problem
    "visit.other_content" (409).
    """
    read = judging.read(body)
    id = UUID(read.sent.id)
    if visits.find_received(store, id) is None:
        judged = _from(sender, judging.judge_read(store, read, way=sender.way, now=now))
        if keep(store, judged, sender=sender, now=now):
            return Receipt(id, judged.manifest_hash, now, True, judged.score)
    return _here_already(store, id, read, sender=sender, now=now)


def _here_already(store: Store, id: UUID, body: Body, *, sender: Sender, now: datetime) -> Receipt:
    """The receipt again; or both bodies kept, and refused."""
    with store.write():
        held = visits.find_received(store, id)
        if held is None:  # visits are never removed
            raise LookupError(f"visit {id} was here a moment ago")
        if held["hash"] == body.manifest_hash:
            received = datetime.fromtimestamp(held["received_at"], UTC)
            return Receipt(id, body.manifest_hash, received, False, judging.score_again(store, body.sent))
        visits.add_conflict(
            store,
            held["id"],
            body=body.canonical.decode(),
            manifest_hash=body.manifest_hash,
            sender_id=sender.person_id,
            at=int(now.timestamp()),
        )
        visits.add_review_note(store, held["id"], "visit.other_content", {}, int(now.timestamp()))
    raise Problem(
        "visit.other_content",
        409,
        N_(
            "A visit with this id is here already and says something else. Both are kept; "
            "a reviewer will look at them. To change a sent visit, send a correction."
        ),
        {"id": str(id), "received_hash": held["hash"]},
    )


def _from(sender: Sender, judged: Judged) -> Judged:
    """The visit with what a reviewer should know of its sender; another's assignment is refused, or noted."""
    judged = replace(judged, notes=(*judged.notes, *sender.notes))
    assignment = judged.assignment
    if assignment is None or sender.shopper_id in (None, assignment["shopper_id"]):
        return judged
    if sender.way is Way.TABLET:
        kept = [note for note in judged.notes if note[0] != "assignment.over"]
        return replace(judged, assignment=None, notes=(*kept, judging.NOT_THEIRS))
    text = N_("There is no such assignment; send the visit without it.")
    raise Refused([Fault("assignment.unknown", "assignment", text)])


def keep(store: Store, judged: Judged, *, sender: Sender, now: datetime) -> bool:
    """Store a judged visit and every figure it changes, durably; False when its id is taken."""
    row, parts = _row(judged, sender, now), judging.parts_of(judged)
    with store.write():
        visit_id = visits.add(store, {**row, "series_id": judging.series_of(store, judged)})
        if visit_id is not None:
            _store(store, visit_id, judged, parts, sender, now)
    return visit_id is not None


def _row(judged: Judged, sender: Sender, now: datetime) -> Row:
    return {
        "uuid": UUID(judged.sent.id).bytes,
        "received_at": int(now.timestamp()),
        "revealed_at": judging.revealed_at(judged, now),
        "shopper_id": sender.shopper_id,
        "assignment_id": judged.assignment["id"] if judged.assignment else None,
        "batch_id": sender.batch_id,
        **judging.place_and_time(judged),
        **judging.figures(judged.score),
    }


def _store(store: Store, visit_id: int, judged: Judged, parts: Parts, sender: Sender, now: datetime) -> None:
    at = int(now.timestamp())
    judging.store_parts(store, visit_id, judged, parts, at=at)
    revisions.add(
        store,
        visit_id,
        1,
        parts.body,
        manifest_hash=judged.manifest_hash,
        author_id=sender.person_id,
        reason=None,
        at=at,
    )
    if judged.assignment is not None:
        assignments.set_state(store, judged.assignment["id"], state="done", reason="", at=at)
    if sender.way in (Way.FORM, Way.TABLET):
        drafts.mark_sent(store, UUID(judged.sent.id), shopper_id=sender.shopper_id, at=at)
    if sender.way is not Way.IMPORT:  # an import is one line in the trail, not thousands
        trail.add(store, person_id=sender.person_id, act="visit.submit", thing=judged.sent.id, at=at)
    tallies.apply(store, visit_id, +1)
