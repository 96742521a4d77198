"""A sent visit is corrected: a new revision with author and reason beside the old, scored anew (SC-12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from checker.actions import judging
from checker.actions.judging import Judged, Way
from checker.actions.submit_visit import Receipt
from checker.problem import Problem
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import Review, ReviewStep, next_review
from checker.store import revisions, tallies, trail, visits
from checker.store.connection import Row, Store


def correct_visit(
    store: Store, visit: Row, body: Mapping[str, Any], *, by: int, now: datetime, way: Way = Way.FORM
) -> Receipt:
    """Append a revision to a visit the person may see and change; the same one again gives the same receipt.

    `body` is the whole visit as it should read, with `revises` (the hash of the revision it replaces) and
    `reason`.
    A visit that stays with its branch stays in the region that branch was in. Raises Refused, and Problem
    "visit.revised_meanwhile" (409) unless `revises` is the current one.
    """
    judged = judging.judge(store, body, way=way, now=now)
    _require_same_visit(visit, judged)
    at, parts = int(now.timestamp()), judging.parts_of(judged)
    with store.write():
        current = visits.get(store, visit["id"])
        known = revisions.moment_of(store, current["id"], judged.manifest_hash)
        if known is not None:
            received = datetime.fromtimestamp(known, UTC)
            return Receipt(UUID(judged.sent.id), judged.manifest_hash, received, False, judged.score)
        if current["hash"] != judged.sent.revises:
            raise Problem(
                "visit.revised_meanwhile",
                409,
                N_("This visit was corrected meanwhile. Look at it again and repeat what still needs it."),
                {"current": current["hash"]},
            )
        state = next_review(Review(current["state"]), ReviewStep.REVISE)
        n = current["revision"] + 1
        row = {
            "series_id": judging.series_of(store, judged),
            **judging.place_and_time(judged, state=state, excluded=bool(current["excluded"])),
            **judging.figures(judged.score),
            "revision": n,
        }
        if row["branch_id"] == current["branch_id"]:
            row["region_id"] = current["region_id"]
        with tallies.changing(store, current["id"]):
            store.change("visit", current["id"], row)
            visits.clear(store, current["id"])
            judging.store_parts(store, current["id"], judged, parts, at=at)
        revisions.add(
            store,
            current["id"],
            n,
            parts.body,
            manifest_hash=judged.manifest_hash,
            author_id=by,
            reason=judged.sent.reason,
            at=at,
        )
        visits.add_event(
            store, current["id"], kind=ReviewStep.REVISE, person_id=by, reason=judged.sent.reason, at=at
        )
        trail.add(
            store, person_id=by, act="visit.correct", thing=judged.sent.id, at=at, details={"revision": n}
        )
    return Receipt(UUID(judged.sent.id), judged.manifest_hash, now, True, judged.score)


def _require_same_visit(visit: Row, judged: Judged) -> None:
    faults = []
    if UUID(judged.sent.id).bytes != visit["uuid"]:
        faults.append(
            Fault("revision.other_visit", "id", N_("A correction carries the id of the visit it corrects."))
        )
    if judged.version.id != visit["version_id"]:
        text = N_("A visit keeps the version of the checklist it was filled on: %(checklist)s %(version)s.")
        details = {"checklist": visit["checklist"], "version": visit["version"]}
        faults.append(Fault("revision.other_version", "version", text, details))
    if judged.sent.revises is None:
        faults.append(
            Fault("revision.revises_missing", "revises", N_("Say which revision this replaces, by its hash."))
        )
    if faults:
        raise Refused(faults)
