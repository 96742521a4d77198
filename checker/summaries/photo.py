"""Which pictures of a visit a person may see, and which are still to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from checker.problem import not_found
from checker.standards.body import read_envelope
from checker.standards.faults import N_
from checker.store import photos, revisions, visits
from checker.store.connection import Row, Store
from checker.summaries.lines import moment
from checker.summaries.values import PhotoLine, ReviewNote
from checker.summaries.viewer import find_viewer


def stored_photo(store: Store, uuid: UUID, sent_hash: str, *, person_id: int, now: datetime) -> str:
    """The stored hash of a photo that this person may see now.

    The office sees every photo that a visit ever listed, everybody else those of its current revision: a
    picture that a correction took out is out. Raises Problem "not_found".
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now)
        visit = visits.find_for(store, uuid, person_id=person_id, now=int(now.timestamp()))
        held = None if visit is None else photos.find(store, uuid, sent_hash)
        if visit is None or held is None or held["stored_hash"] is None:
            raise _no_photo()
        if not viewer.office and sent_hash not in _listed_now(store, visit):
            raise _no_photo()
        return str(held["stored_hash"])


def _no_photo() -> Exception:
    return not_found(N_("There is no such photo among those you may see."))


def _listed_now(store: Store, visit: Row) -> set[str]:
    sent = read_envelope(revisions.get(store, visit["id"], visit["revision"]))
    return {photo.sha256 for photo in sent.photos}


def photo_lines(
    store: Store, visit_id: int, listed: set[tuple[str, str]]
) -> dict[str, tuple[PhotoLine, ...]]:
    """Item id -> the photos that the current revision lists for it, (item id, hash) each."""
    found: dict[str, tuple[PhotoLine, ...]] = {}
    for row in photos.list_for_visit(store, visit_id):
        if (row["item"], row["sent_hash"]) in listed:
            line = PhotoLine(row["sent_hash"], row["stored_hash"] is not None)
            found[row["item"]] = (*found.get(row["item"], ()), line)
    return found


def late_notes(store: Store, visit_ids: Iterable[int], *, now: datetime) -> dict[int, ReviewNote]:
    """Visit -> a note for the reviewer, where photos have not come for a week (design §10)."""
    rows = photos.list_missing(store, visit_ids, now=int(now.timestamp()))
    late = timedelta(seconds=photos.LATE_S)
    return {
        row["visit_id"]: ReviewNote("photo.late", {"n": row["n"]}, moment(row["received_at"]) + late)
        for row in rows
    }
