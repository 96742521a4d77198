"""What changed in a month since an edition of its report was released: figures as sent and today's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from checker.editions.reading import read_snapshot, read_summary
from checker.editions.snapshot import Summary
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.store import editions
from checker.store.connection import Row, Store
from checker.summaries.values import Correction, Moved


def since_released(store: Store, edition: Row, *, now: datetime, today: Summary | None = None) -> Correction:
    """Compare a released edition with the figures of its month as they are now.

    `today` spares reading what the caller has read already.
    """
    sent = read_snapshot(store, edition).summary
    today = today or read_summary(store, edition, audience="leadership", now=now)
    counts = editions.changes(store, edition, now=int(now.timestamp()))
    return Correction(
        month=Month.from_int(edition["month"]),
        n=edition["n"],
        released_on=datetime.fromtimestamp(edition["released_at"], UTC).date(),
        arrived=counts["arrived"],
        taken_in=counts["taken_in"],
        left_out=counts["left_out"],
        corrected=counts["corrected"],
        moved=tuple(moved(sent, today)),
    )


def moved(sent: Summary, today: Summary) -> Iterator[Moved]:
    """Axes whose visits or shown score changed, and standards whose shown share did; smaller differences are
    none that anybody read.
    """
    for axis in Axis:
        then, now = sent.axes[axis], today.axes[axis]
        if then.n != now.n or shown(then.mean) != shown(now.mean):
            yield Moved(axis, None, then.n, then.mean, now.n, now.mean)
    before = {one.standard: one for one in sent.standards}
    for standard in today.standards:
        held = before.get(standard.standard)
        asked, share = (held.asked, held.share) if held else (0, None)
        if shown(share) != shown(standard.share):
            yield Moved(standard.item.axis, standard.item, asked, share, standard.asked, standard.share)


def shown(share: float | None) -> Decimal | None:
    """A share as reports write it: one decimal of a percent, half up (SC-01)."""
    if share is None:
        return None
    return (Decimal(repr(float(share))) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
