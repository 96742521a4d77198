"""Every roll-up and tally is counted anew from the visits."""

from __future__ import annotations

from datetime import datetime

from checker.store import tallies, trail
from checker.store.connection import Store


def rebuild_figures(store: Store, *, now: datetime) -> int:
    """Count everything again in one transaction; returns how many visits count. Nothing can be sent
    meanwhile, so senders wait (a few seconds per 50,000 visits of 27 items).
    """
    with store.write():
        visits = tallies.rebuild(store)
        trail.add(
            store, person_id=None, act="figures.rebuild", at=int(now.timestamp()), details={"visits": visits}
        )
    return visits
