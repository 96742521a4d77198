"""A photo arrives, on its own and after its visit: looked at, written anew, kept, and only then receipted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from checker import pictures
from checker.problem import Problem
from checker.sealing import SealKey, open_sealed
from checker.standards.faults import N_
from checker.store import photo_files, photos, trail
from checker.store.connection import Row, Store


@dataclass(frozen=True, slots=True)
class PhotoReceipt:
    """What the sender gets back once the picture is on the disk and its row is committed.

    `sha256` is the picture's as sent, `stored_sha256` the one we keep. `fresh` is False when it was here.
    """

    item: str
    sha256: str
    stored_sha256: str
    received_at: datetime
    fresh: bool


def find_photo(store: Store, visit: UUID, sent_hash: str) -> Row:
    """The photo, when the visit lists it. Raises Problem "photo.unlisted" (404)."""
    row = photos.find(store, visit, sent_hash)
    if row is None:
        text = N_("There is no such visit, or it lists no such photo. Send the visit first.")
        raise Problem("photo.unlisted", 404, text)
    return row


def receipt_of(row: Row, *, fresh: bool = False) -> PhotoReceipt | None:
    """The receipt of a photo that is here; None while it is not."""
    if row["stored_hash"] is None:
        return None
    received_at = datetime.fromtimestamp(row["received_at"], UTC)
    return PhotoReceipt(row["item"], row["sent_hash"], row["stored_hash"], received_at, fresh)


def keep_photo(
    store: Store, visit: UUID, sent_hash: str, picture: bytes, *, by: int | None, now: datetime
) -> PhotoReceipt:
    """Keep a picture that the visit lists by its SHA-256; the same one again gives the same receipt.

    What is stored is drawn anew (`checker.pictures`). Its file is on the disk before the row names it, so a
    kill in between leaves a file that nobody asks for, and never a row without its file. `by` is None for a
    tablet, which sends it without its person. Raises Problem "photo.unlisted" (404), "photo.other_hash",
    "photo.not_image", "photo.too_large" (422), and "store.full" (507).
    """
    held = receipt_of(find_photo(store, visit, sent_hash))
    if held is not None:
        return held
    if sha256(picture).hexdigest() != sent_hash:
        text = N_("This is not the picture that the visit lists; its SHA-256 is another. Send it whole.")
        raise Problem("photo.other_hash", 422, text)
    return _keep(store, visit, sent_hash, pictures.cleaned(picture), by, now)


def keep_sealed_photo(
    store: Store, keys: SealKey, visit: UUID, sent_hash: str, sealed: bytes, *, now: datetime
) -> PhotoReceipt:
    """Keep a picture that a tablet sealed to us; as `keep_photo` does, and nobody has to be signed in.

    Raises also "photo.unreadable" (422) and "tablet.other_key" (409).
    """
    held = receipt_of(find_photo(store, visit, sent_hash))
    if held is not None:
        return held
    try:
        picture = open_sealed(keys, sealed, f"photo {visit} {sent_hash}")
    except Problem as problem:
        if problem.status != 422:
            raise
        raise Problem("photo.unreadable", 422, problem.text) from problem
    return keep_photo(store, visit, sent_hash, picture, by=None, now=now)


def _keep(
    store: Store, visit: UUID, sent_hash: str, ours: bytes, by: int | None, now: datetime
) -> PhotoReceipt:
    stored_hash = photo_files.write(store, ours)
    at = int(now.timestamp())
    with store.write():
        row = find_photo(store, visit, sent_hash)
        fresh = row["stored_hash"] is None
        if fresh:
            if not photo_files.is_there(store, stored_hash):  # swept as nobody's, a moment ago
                photo_files.write(store, ours)
            photos.set_stored(store, row["visit_id"], sent_hash, stored_hash=stored_hash, at=at)
            trail.add(store, person_id=by, act="visit.photo", thing=str(visit), at=at)
            row = find_photo(store, visit, sent_hash)
        receipt = receipt_of(row, fresh=fresh)
    if receipt is None:
        raise LookupError(f"the photo of visit {visit} was stored a moment ago")
    return receipt
