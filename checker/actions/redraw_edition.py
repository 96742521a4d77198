"""Files of an edition are drawn again because a name was changed: the old bytes go, and it is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from checker.actions.release_edition import Drawn
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import editions, trail
from checker.store.connection import Store


def redraw_edition(
    store: Store, uuid: UUID, *, files: Sequence[Drawn], by: int | None, now: datetime
) -> None:
    """Put files drawn anew in place of the kept ones; the hash of what was sent stays beside them.

    Raises Problem "not_found" for an edition or a file that is not there.
    """
    at = int(now.timestamp())
    with store.write():
        held = editions.find(store, uuid)
        if held is None:
            raise not_found(N_("There is no such edition."))
        for one in files:
            file = editions.find_file(store, held["id"], language=one.language, audience=one.audience)
            if file is None:
                raise not_found(N_("There is no such file of this edition."))
            row = {
                "content": one.content,
                "hash": sha256(one.content).digest(),
                "names": one.names,
                "program": one.program,
                "redrawn_at": at,
            }
            store.change("edition_file", file["id"], row)
        details = {"files": len(files)}
        trail.add(store, person_id=by, act="edition.redraw", thing=str(uuid), at=at, details=details)
