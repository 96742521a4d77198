"""A shopper answers a reviewer's query: the returned visit is corrected, and its draft is done with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from checker.actions.correct_visit import correct_visit
from checker.actions.submit_visit import Receipt
from checker.store import drafts
from checker.store.connection import Row, Store


def send_correction(store: Store, visit: Row, body: Mapping[str, Any], *, by: int, now: datetime) -> Receipt:
    """Correct one's own returned visit from its open draft; raises what `correct_visit` raises."""
    with store.write():
        receipt = correct_visit(store, visit, body, by=by, now=now)
        drafts.mark_sent(store, UUID(bytes=visit["uuid"]), at=int(now.timestamp()))
    return receipt
