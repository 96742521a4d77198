"""A device reports what it holds and hears how it stands; its people sign in again, or get their key back."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from flask import Response, current_app, g, jsonify, request
from flask_babel import gettext

from checker.access import home_for, may
from checker.actions.note_contact import Report, note_contact
from checker.actions.recover_vault import recover_vault
from checker.actions.sign_in_again import check_renewal
from checker.problem import Problem
from checker.standards.faults import N_
from checker.web.clock import in_ms, now
from checker.web.limits import limit_of, limiter
from checker.web.security import without_form_token
from checker.web.session import device_token, drop_session, me, signed_in, start_session
from checker.web.store import current_store
from checker.web.tablet.room import (
    PROTOCOL,
    REVOKED,
    bp,
    read_object,
    seal_key,
    secret,
    set_device_cookie,
)

LONGEST_WORD = 64
MOST = 1_000_000


@bp.post("/contact")
@without_form_token
def contact() -> Response:
    """Note `{version, born, unsent, drafts, missing}`, and say the time, the key, and how the device stands.

    → `{time, protocol, build, device, known, revoked, detail, missing, signed_in, key: {id, spki}}`.
    `missing` in the request is how many of the missing visits the device has told its shopper; it hears of
    them until then. `detail`: what a shopper is told whose tablet is revoked.
    """
    report = _read_report()
    shopper = g.person if may(g.person, "visit.send") else None
    known = note_contact(
        current_store(),
        report,
        token=device_token(),
        shopper_id=None if shopper is None else shopper.id,
        session=None if shopper is None else g.session["token_hash"],
        now=now(),
    )
    keys = seal_key()
    response = jsonify(
        time=in_ms(now()),
        protocol=PROTOCOL,
        build=current_app.extensions["checker.assets"],
        device=None if known.device is None else str(UUID(bytes=known.device["uuid"])),
        known=known.device is not None,
        revoked=known.revoked,
        detail=gettext(REVOKED) if known.revoked else None,
        missing=0 if known.device is None else known.device["missing"],
        signed_in=shopper is not None and not known.revoked,
        key={"id": keys.id, "spki": b64encode(keys.spki).decode()},
    )
    token = known.token or device_token()
    if token is not None and known.device is not None:
        set_device_cookie(response, token)
    if known.revoked and shopper is not None:
        drop_session(response)
    if known.forget:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    g.session = None  # a device that reports by itself keeps nobody signed in
    return response


def _read_report() -> Report:
    """What the device says of itself. Raises Problem "tablet.report" (422)."""
    said = read_object()
    words = [said.get("version"), said.get("born")]
    counts = [said.get("unsent"), said.get("drafts"), said.get("missing", 0)]
    if not all(
        isinstance(word, str) and word.isprintable() and len(word) <= LONGEST_WORD for word in words
    ) or not all(type(count) is int and 0 <= count <= MOST for count in counts):
        text = N_("Send version, born (both text), and unsent and drafts (how many).")
        raise Problem("tablet.report", 422, text)
    protocol = request.headers.get("Checker-Protocol", "")
    return Report(
        agent=request.user_agent.string,
        build=str(said["version"]),
        born=str(said["born"]),
        protocol=int(protocol[:9]) if protocol.isascii() and protocol.isdigit() else PROTOCOL,
        unsent=said["unsent"],
        drafts=said["drafts"],
        told=said.get("missing", 0),
    )


def renewal_tried() -> str:
    """Stands for the device whose people try to sign in again, in the counts."""
    return f"renewal {device_token() or request.remote_addr}"


def is_refused(response: Response) -> bool:
    """Whether a try failed: those who take turns on one tablet sign in again all day."""
    return response.status_code != 200


@bp.post("/session")
@without_form_token  # the renewal token is the proof
@limiter.limit(lambda: limit_of("tries_per_address"), deduct_when=is_refused)
@limiter.limit(lambda: limit_of("tries_per_account"), key_func=renewal_tried, deduct_when=is_refused)
def sign_in_again() -> Response:
    """Begin a session with `{token}`, which a PIN has opened on the device. → `{next, person}`."""
    token = read_object().get("token")
    person = check_renewal(
        current_store(),
        token if isinstance(token, str) else "",
        device_token=device_token(),
        secret=secret(),
    )
    said = {"name": person.name, "role": person.role, "language": person.language}
    response = jsonify(next=home_for(person), person=said)
    start_session(person, response)
    return response


@bp.post("/recover")
@signed_in("visit.send")
def recover() -> Response:
    """Open `{escrow}`, the key of one's vault as it was sealed when the password was another. → `{key}`."""
    escrow = read_object().get("escrow")
    sealed = escrow if isinstance(escrow, str) else ""
    return jsonify(key=recover_vault(current_store(), seal_key(), sealed, person_id=me().id, now=now()))
