"""An edition is released: from then on its words, its figures and its files stay as they were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from checker.actions.edition_entry import find_draft, release_faults, require, today
from checker.store import editions, trail
from checker.store.connection import Store


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file of an edition as it was drawn: a hash of the names in it, and the version that drew it."""

    language: str
    audience: str
    content: bytes
    names: bytes
    program: str

    def row(self, edition_id: int, at: int) -> dict[str, object]:
        """Its row in `edition_file`."""
        return {
            "edition_id": edition_id,
            "language": self.language,
            "audience": self.audience,
            "content": self.content,
            "hash": sha256(self.content).digest(),
            "names": self.names,
            "program": self.program,
            "made_at": at,
        }


def release_edition(
    store: Store,
    uuid: UUID,
    *,
    changes: int,
    snapshot: bytes,
    format: int,
    latest: tuple[int, int],
    files: Sequence[Drawn],
    by: int | None,
    now: datetime,
) -> None:
    """Release the draft that was changed `changes` times, with the snapshot of its figures (JSON, of a
    format), the keys of the newest visit and event in it, and the files drawn from it.

    Raises Refused for what a decision still lacks (places as in `change_edition`), Problem like `find_draft`.
    """
    at = int(now.timestamp())
    with store.write():
        draft = find_draft(store, uuid, changes=changes)
        require(release_faults(draft["decisions"], today(now)))
        row = {
            "format": format,
            "last_visit": latest[0],
            "last_event": latest[1],
            "released_at": at,
            "released_by": by,
        }
        editions.keep_snapshot(store, draft["id"], snapshot, sha256(snapshot).digest(), row)
        for one in files:
            editions.add_file(store, one.row(draft["id"], at))
        details = {"n": draft["n"], "files": len(files)}
        trail.add(store, person_id=by, act="edition.release", thing=str(uuid), at=at, details=details)
