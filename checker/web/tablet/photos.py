"""Sealed photos arrive in pieces, after their visit and with or without their shopper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Response, jsonify, request

from checker.actions.keep_photo import PhotoReceipt, find_photo, keep_sealed_photo, receipt_of
from checker.pictures import MOST_BYTES
from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import photo_files
from checker.web.clock import now
from checker.web.problems import answer
from checker.web.security import without_form_token
from checker.web.store import current_store
from checker.web.tablet.room import bp, seal_key

LARGEST = MOST_BYTES + 1024
"""Bytes of a sealed photo."""

PIECE = 64 * 1024
"""So much is put on the disk at once: when the connection is cut, what came until then stays."""

Answer = Response | tuple[Response, int]


@bp.get("/visits/<uuid:uuid>/photos/<sha256:sent_hash>")
def photo_state(uuid: UUID, sent_hash: str) -> Answer:
    """How much of a photo is here: `{received}`, or its receipt with `complete` true."""
    held = receipt_of(find_photo(current_store(), uuid, sent_hash))
    if held is not None:
        return jsonify(_told(held))
    return jsonify(received=photo_files.received(current_store(), uuid, sent_hash))


@bp.put("/visits/<uuid:uuid>/photos/<sha256:sent_hash>")
@without_form_token  # only what the visit lists is taken, and only sealed
def take_photo(uuid: UUID, sent_hash: str) -> Answer:
    """Take a piece that begins at `offset` of a sealed photo of `of` bytes.

    → 200 `{received}` while there is more to come; then 201 and the receipt, 200 when it was here already. A
    piece may overlap what came before; one that would leave a gap is refused with 409 and `received`. What
    cannot be opened in the end is let go, so that the photo can be sent once more from its start.
    """
    store = current_store()
    held = receipt_of(find_photo(store, uuid, sent_hash))
    if held is not None:
        return jsonify(_told(held))
    offset, total = _place()
    for piece in _pieces():
        if offset + len(piece) > total:
            raise Problem("photo.length", 400, N_("This is more than the photo has by its length."))
        here = photo_files.receive(store, uuid, sent_hash, offset, piece)
        if here < offset:
            return _gap(here)
        offset += len(piece)
    photo_files.settle(store, uuid, sent_hash)
    if here < total:
        return jsonify(received=here)
    return _keep(uuid, sent_hash)


def _place() -> tuple[int, int]:
    """`offset` and `of`. Raises Problem "photo.place" (400), "body.too_large" (413)."""
    said = [request.args.get(name, "") for name in ("offset", "of")]
    if not all(words.isascii() and words.isdigit() and len(words) < 12 for words in said):
        words = N_("Say where the piece begins (offset) and how long the whole is (of), in bytes.")
        raise Problem("photo.place", 400, words)
    offset, total = int(said[0]), int(said[1])
    if total > LARGEST:
        words = N_("This is too large; send at most %(kib)s KiB at once.")
        raise Problem("body.too_large", 413, words, {"kib": LARGEST // 1024})
    return offset, total


def _pieces() -> Iterator[bytes]:
    """What is sent, as it comes; an empty one at least, which asks to go on with what is here."""
    yield b""
    while piece := request.stream.read(PIECE):
        yield piece


def _gap(here: int) -> Answer:
    text = N_("A piece before this one is missing. Go on at byte %(received)s.")
    response = answer(Problem("photo.offset", 409, text, {"received": here}))
    response.set_data(jsonify({**response.get_json(), "received": here}).data)
    return response


def _keep(uuid: UUID, sent_hash: str) -> Answer:
    store = current_store()
    sealed = photo_files.read_received(store, uuid, sent_hash)
    try:
        receipt = keep_sealed_photo(store, seal_key(), uuid, sent_hash, sealed, now=now())
    except Problem as problem:
        if problem.status < 500:  # it stays of no use; what the disk or the database refused is tried again
            photo_files.let_go(store, uuid, sent_hash)
        raise
    photo_files.let_go(store, uuid, sent_hash)
    return jsonify(_told(receipt)), 201 if receipt.fresh else 200


def _told(receipt: PhotoReceipt) -> dict[str, Any]:
    """The receipt, with the day alone: whoever knows of a photo may ask, and the branch never learns the hour
    (design §1).
    """
    return {
        "complete": True,
        "item": receipt.item,
        "sha256": receipt.sha256,
        "stored_sha256": receipt.stored_sha256,
        "received_at": f"{receipt.received_at:%Y-%m-%d}",
    }
