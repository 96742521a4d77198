"""The draft of a month's report is begun: the first edition, or the next one after corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from checker.actions.action_entry import today_at
from checker.actions.edition_entry import Entered, read_decisions, read_foreword, require
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.store import branches, editions, regions, series, trail
from checker.store.connection import Store


def begin_edition(
    store: Store,
    *,
    series_id: int,
    month: Month,
    region: str | None = None,
    branch: str | None = None,
    foreword: str = "",
    decisions: Sequence[Entered] = (),
    by: int | None,
    now: datetime,
) -> UUID:
    """Begin the next edition of a branch's or a region's month (by code), else of the network's, and return
    its id; where a draft of it is begun already, that one's.

    Raises Problem "edition.not_over" while the month runs, on the calendar of the branch or else by UTC,
    "not_found" for a series or place that is not there, and Refused with every fault of the words.
    """
    said, faults = read_foreword(foreword)
    held, wrong = read_decisions(decisions)
    require([*faults, *wrong])
    at = int(now.timestamp())
    with store.write():
        place = branches.find(store, branch) if branch else None
        area = regions.find(store, region) if region else None
        if series.find(store, series_id) is None or (branch and place is None) or (region and area is None):
            raise not_found(N_("There is no such place to report on."))
        if month >= Month.of(today_at(place["zone"] if place else None, now)):
            text = N_("%(month)s is not over yet. Close it when its visits are in.")
            raise Problem("edition.not_over", 409, text, {"month": str(month)})
        region_id = area["id"] if area else None
        branch_id = place["id"] if place else None
        last = editions.last(
            store, series_id=series_id, month=int(month), region_id=region_id, branch_id=branch_id
        )
        if last is not None and last["released_at"] is None:
            return UUID(bytes=last["uuid"])
        uuid = UUID(int=uuid7().int)
        row = {
            "uuid": uuid.bytes,
            "series_id": series_id,
            "month": int(month),
            "region_id": region_id,
            "branch_id": branch_id,
            "n": last["n"] + 1 if last else 1,
            "foreword": said,
            "decisions": held,
            "begun_at": at,
            "begun_by": by,
        }
        store.add("edition", row)
        details = {"scope": branch or region or "network", "month": str(month)}
        trail.add(store, person_id=by, act="edition.begin", thing=str(uuid), at=at, details=details)
    return uuid
