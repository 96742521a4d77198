"""A month at Harbour and the other branches that can be closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from checker.actions.begin_edition import begin_edition
from checker.editions.closing import release
from checker.standards.month import Month
from checker.store import editions
from checker.store.connection import Row
from tests.making_store import Shop

CLOSED = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)

ASKED = (
    ("Someone stands at the door from ten to six.", "share greeted in time", "Branch managers", "2026-11-20"),
    ("Repeat the training on the three questions.", "", "Academy", "2026-12-01"),
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
