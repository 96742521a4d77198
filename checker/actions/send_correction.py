"""A shopper answers a reviewer's query: the returned visit is corrected, and its draft is done with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from checker.actions.correct_visit import correct_visit
from checker.actions.judging import Note, Way
from checker.actions.submit_visit import Receipt
from checker.store import drafts, visits
from checker.store.connection import Row, Store


def send_correction(
    store: Store,
    visit: Row,
    body: Mapping[str, Any],
    *,
    by: int,
    now: datetime,
    way: Way = Way.FORM,
    notes: tuple[Note, ...] = (),
) -> Receipt:
    """Correct one's own returned visit from its open draft; raises what `correct_visit` raises.

    `notes` are what a reviewer should know of the sender.
    """
    at = int(now.timestamp())
    with store.write():
        receipt = correct_visit(store, visit, body, by=by, now=now, way=way)
        if not receipt.fresh:
            return receipt  # what lies open by now is for a later query
        drafts.mark_sent(store, UUID(bytes=visit["uuid"]), shopper_id=by, at=at)
        for code, details in notes:
            visits.add_review_note(store, visit["id"], code, details, at)
    return receipt
