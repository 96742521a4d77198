"""An export leaves a line in the trail: what left, how much of it, and whether with names."""

from __future__ import annotations

from datetime import datetime

from checker.store import trail
from checker.store.connection import Store


def note_export(store: Store, *, what: str, rows: int, names: bool, by: int | None, now: datetime) -> None:
    """Remember that `rows` rows of `what` (visits, answers, scores, month) were handed out."""
    with store.write():
        details = {"rows": rows, "names": names}
        trail.add(
            store, person_id=by, act="data.export", thing=what, at=int(now.timestamp()), details=details
        )
