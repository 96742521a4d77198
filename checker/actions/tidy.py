"""What has to be put in order once a day: assignments that are over, files that belong to no photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from checker.actions.expire_assignments import expire_assignments
from checker.actions.sweep_photos import Swept, sweep_photos
from checker.store import settings
from checker.store.connection import Store

DAILY = timedelta(days=1)
NAME = "tidied_at"


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was put in order."""

    expired: int
    swept: Swept


def tidy(store: Store, *, grace_days: int, now: datetime, when_due: bool = False) -> Tidied | None:
    """Put in order now; `grace_days` as `expire_assignments` takes it.

    `when_due`: only when a day has passed since the last time, else None; so many may ask and one does it.
    """
    with store.write():
        if when_due and not _is_due(store, now):
            return None
        settings.put(store, NAME, int(now.timestamp()))
        expired = expire_assignments(store, grace_days=grace_days, now=now)
    return Tidied(expired, sweep_photos(store, now=now))


def _is_due(store: Store, now: datetime) -> bool:
    """Also when the clock was set back since."""
    last = settings.get(store, NAME)
    return last is None or not 0 <= now.timestamp() - last < DAILY.total_seconds()
