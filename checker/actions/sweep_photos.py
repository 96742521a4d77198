"""Files that belong to no photo go: what a kill left between file and row, and what never came whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from checker.store import photo_files, photos
from checker.store.connection import Store

NOBODYS = timedelta(hours=24)
UNFINISHED = timedelta(days=7)
"""How old such files become; a tablet may be a week without network in the middle of a photo."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files went."""

    nobodys: int
    unfinished: int


def sweep_photos(store: Store, *, now: datetime) -> Swept:
    """Take away the files that no photo names. A photo that arrives meanwhile keeps its own."""
    gone = 0
    for hashes in photo_files.stored_before(store, (now - NOBODYS).timestamp()):
        if not photos.unnamed(store, hashes):
            continue
        with store.write():  # no row is written meanwhile; who comes after looks whether the file is there
            for stored_hash in photos.unnamed(store, hashes):
                photo_files.remove(store, stored_hash)
                gone += 1
    unfinished = photo_files.remove_unfinished_before(store, (now - UNFINISHED).timestamp())
    return Swept(gone, unfinished)
