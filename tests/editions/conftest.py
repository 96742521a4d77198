"""A month at Harbour and the other branches that can be closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from checker.actions.begin_edition import begin_edition
from checker.editions.closing import release
from checker.standards.month import Month
from checker.store import editions
from checker.store.connection import Row
from tests.making_store import GOOD, POOR, Shop
from tests.making_store import shop as made

CLOSED = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)

ASKED = (
    ("Someone stands at the door from ten to six.", "Branch managers", "2026-11-20"),
    ("Repeat the training on the three questions.", "Academy", "2026-12-01"),
)


@dataclass
class Closing:
    """The small network with eleven visits in October, and what one does to close it."""

    shop: Shop

    def send(self, day: int, branch: str = "B1", *, now: datetime | None = None, **more: Any) -> UUID:
        """A visit on a day of October, received the day after unless `now` is given."""
        visited = datetime(2026, 10, day, 11, 0, tzinfo=UTC)
        receipt = self.shop.send(
            branch=branch,
            visited_at=visited.isoformat(),
            now=now or visited + timedelta(days=1),
            **more,
        )
        return receipt.id

    def begin(
        self, *, month: Month = OCTOBER, now: datetime = CLOSED, foreword: str = "", **place: str
    ) -> UUID:
        """A draft with two decisions, of a branch or region by code, else of the network."""
        return begin_edition(
            self.shop.store,
            series_id=self.shop.series_id,
            month=month,
            foreword=foreword or "October was the month of the new greeting.",
            decisions=ASKED,
            by=self.shop.people["lee"],
            now=now,
            **place,
        )

    def close(self, *languages: str, now: datetime = CLOSED, **place: str) -> Row:
        """A released edition."""
        uuid = self.begin(now=now, **place)
        by = self.shop.people["lee"]
        release(self.shop.store, uuid, changes=0, languages=languages or ("en",), by=by, now=now)
        return self.edition(uuid)

    def edition(self, uuid: UUID) -> Row:
        """The edition as it is stored."""
        row = editions.find(self.shop.store, uuid)
        assert row is not None
        return row


@pytest.fixture
def closing(tmp_path: Path) -> Iterator[Closing]:
    """Evelina (E1) and Ed (E2) at Harbour, seven visits well and poor, one by a badge; four elsewhere."""
    with made(tmp_path) as shop:
        it = Closing(shop)
        with shop.store.write():
            shop.store.change("employee", shop.employees["E1"], {"name": "Evelina Alder"})
        for day in range(2, 9):
            served = {"served_by": {"code": "E1" if day % 2 else "E2"}}
            it.send(day, employees=served, answers=dict(GOOD if day % 3 else POOR))
        it.send(9, employees={"served_by": {"described": "badge: Annunziata"}})
        for day, branch in ((3, "B2"), (4, "B2"), (5, "B3"), (6, "B3")):
            it.send(day, branch)
        yield it
