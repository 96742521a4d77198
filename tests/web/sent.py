"""Visits that were sent, for tests of the pages that read them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from checker.actions.submit_visit import Sender, Way, submit_visit
from checker.standards.month import Month
from checker.store import checklists, programmes, targets
from checker.store.connection import Store
from tests import people
from tests.conftest import NOW
from tests.making_store import GOOD, publish

OCTOBER, SEPTEMBER = "2026-10", "2026-09"


def send(
    store: Store, count: int = 1, *, received: datetime = NOW - timedelta(days=2), **changes: Any
) -> UUID:
    """Send visits to B001, made three days before `NOW` and revealed by then; gives the last one's id."""
    sam = people.sam(store).id
    if checklists.current(store, "shop") is None:
        publish(store)
    for _ in range(count):
        body = {
            "id": str(uuid4()),
            "checklist": "shop",
            "version": 1,
            "branch": "B001",
            "visited_at": (NOW - timedelta(days=3)).isoformat(),
            "answers": dict(GOOD),
            **changes,
        }
        receipt = submit_visit(store, body, sender=Sender(Way.API, sam, sam), now=received)
    return receipt.id


def aim(store: Store, measure: str, share: int, **scope: Any) -> None:
    """Set a target in millionths from 2020 on."""
    programme = programmes.find(store, "main")
    assert programme is not None
    with store.write():
        targets.put(
            store,
            programme_id=programme["id"],
            measure=measure,
            share=share,
            valid_from=Month(2020, 1),
            **scope,
        )


def words(html: str) -> str:
    """What a page says, without its marks, blanks and line ends made one blank; drawings are left out."""
    html = re.sub(r"<svg.*?</svg>|<head>.*?</head>", " ", html, flags=re.S)
    return re.sub(r"[\s\u00a0]+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))
