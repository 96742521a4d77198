"""A checklist version is published: frozen, hashed, never changed again (SC-12)."""

from __future__ import annotations

from datetime import datetime

from checker.problem import Problem
from checker.standards.canonical import digest
from checker.standards.faults import N_
from checker.standards.model import Checklist
from checker.store import checklists, trail
from checker.store.checklists import Version
from checker.store.connection import Store


def publish_checklist(store: Store, checklist: Checklist, *, by: int | None, now: datetime) -> Version:
    """Publish a version. The same content again changes nothing; other content under its number is refused.

    Raises Problem "checklist.other_content" (409) or "checklist.older" (409).
    """
    at = int(now.timestamp())
    with store.write():
        held = checklists.find(store, checklist.id, checklist.version)
        if held is not None:
            _require_same(held, checklist)
            return held
        _require_newest(store, checklist)
        version_id = checklists.add_version(store, checklist, by=by, at=at)
        thing = f"{checklist.id} {checklist.version}"
        trail.add(store, person_id=by, act="checklist.publish", thing=thing, at=at)
    return checklists.get(store, version_id)


def _require_same(held: Version, checklist: Checklist) -> None:
    if held.hash.hex() != digest(checklist.definition):
        raise Problem(
            "checklist.other_content",
            409,
            N_(
                "Version %(version)s of “%(code)s” is published with other content. Visits rest on it, so it "
                "cannot change: give this file the next version number."
            ),
            {"code": checklist.id, "version": checklist.version},
        )


def _require_newest(store: Store, checklist: Checklist) -> None:
    newest = checklists.current(store, checklist.id)
    if newest is not None and newest.checklist.version > checklist.version:
        raise Problem(
            "checklist.older",
            409,
            N_("“%(code)s” is already at version %(newest)s; give this file a higher number than that."),
            {"code": checklist.id, "newest": newest.checklist.version},
        )
