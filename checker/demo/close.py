"""The month before the one that runs is closed in the demo, as leadership does it on a page."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from checker.actions.begin_edition import begin_edition
from checker.demo.words import Wording
from checker.editions.closing import release
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.month import Month
from checker.store import people, series
from checker.store.connection import Store

DAY = 2
"""On which day of the next month the report is released."""

DECISIONS = (("names", 20), ("breaks", 12), ("replies", 30))
"""Actions of `words/` that it asks for, and in how many days."""

LEADERSHIP = "leadership@demo.example"


def close_last_month(store: Store, wording: Wording, *, checklist: str, language: str, now: datetime) -> None:
    """Release the network's report of the last full month, of visits on one checklist; outside `write()`."""
    running = Month.of(now.date())
    at = min(now, datetime.combine(running.first + timedelta(days=DAY - 1), time(8), UTC))
    person = people.find_by_email(store, LEADERSHIP)
    by = person["id"] if person else None
    shops = next(
        one["id"]
        for one in series.list_for(store, DEFAULT_PROGRAMME)
        if (one["checklist"], one["method"]) == (checklist, "mystery_shopping")
    )
    asked = []
    for name, days in DECISIONS:
        said = wording.actions[name]
        due = (now.date() + timedelta(days=days)).isoformat()
        asked.append((said["what"], said["measured_by"], said["owner"], due))
    uuid = begin_edition(
        store,
        series_id=shops,
        month=running.previous(),
        foreword=wording.foreword,
        decisions=asked,
        by=by,
        now=at,
    )
    release(store, uuid, changes=0, languages=[language], by=by, now=at)
