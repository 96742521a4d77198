"""A file is added to a released edition: the same figures in another language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from checker.actions.release_edition import Drawn
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import editions, trail
from checker.store.connection import Store


def keep_edition_file(
    store: Store, uuid: UUID, *, files: Sequence[Drawn], by: int | None, now: datetime
) -> None:
    """Keep files drawn from a released edition's snapshot; what is kept already stays as it is.

    Raises Problem "not_found" for an edition that is not there or not released.
    """
    at = int(now.timestamp())
    with store.write():
        held = editions.find(store, uuid)
        if held is None or held["released_at"] is None:
            raise not_found(N_("There is no such edition."))
        kept = {(row["language"], row["audience"]) for row in editions.files(store, held["id"])}
        added = [one for one in files if (one.language, one.audience) not in kept]
        for one in added:
            editions.add_file(store, one.row(held["id"], at))
        if added:
            details = {"language": added[0].language, "files": len(added)}
            trail.add(store, person_id=by, act="edition.add", thing=str(uuid), at=at, details=details)
