"""Sealed visits arrive, with or without their shopper; the receipt is answered after the commit alone."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify

from checker.actions.take_sealed import take_sealed_visit
from checker.web.bodies import read_bytes
from checker.web.clock import in_ms, now
from checker.web.security import without_form_token
from checker.web.store import current_store
from checker.web.tablet.room import bp, seal_key, secret

LARGEST = 2 * 1024 * 1024
"""Bytes of a sealed visit; one with a note to every answer has a tenth of it."""


@bp.post("/visits/<uuid:uuid>")
@without_form_token  # the token inside the seal is the proof
def take(uuid: UUID) -> tuple[Response, int]:
    """Take a visit, or a correction, as it was sealed at Send; nobody needs to be signed in.

    → 201 `{id, manifest_hash, received_at}`; 200 and the same receipt when it was here already.
    """
    sealed = read_bytes(LARGEST)
    receipt = take_sealed_visit(current_store(), seal_key(), uuid, sealed, secret=secret(), now=now())
    said = {
        "id": str(receipt.id),
        "manifest_hash": receipt.manifest_hash,
        "received_at": in_ms(receipt.received_at.replace(microsecond=0)),
    }
    return jsonify(said), 201 if receipt.fresh else 200
